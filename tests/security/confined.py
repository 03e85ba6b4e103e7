"""A process in the sandbox, as tests use it: what it answers, and what it was denied."""

import errno
import io
import itertools
import json
import os
import select
import sys
import time
from pathlib import Path

from course_utils.instructor.examiner import linux, sandbox

SECRET = "the grades of all"
NOBODY = 65534
MB = 1 << 20
LIMITS = {"memory": 512 * MB, "processes": 16, "file_bytes": 8 * MB, "scratch_bytes": 16 * MB}
slots = itertools.cycle(range(sandbox.SLOTS))


class Confined:
    """Runs functions in the sandbox, each in a process of its own."""

    def __init__(self, account, without, home, grants=None):
        self.account, self.without, self.home = account, without, home
        self.grants = grants or self.answer(self.free(ask_for_grants))
        self.known = {}

    def has(self, layer):
        """Return whether the sandbox has a layer: granted, and not left out."""
        return layer not in self.without and [layer, True, "", ""] in self.grants

    def __call__(self, probe, *arguments, keep=(), **limits):
        """Return what `probe` returns in the sandbox; raise Denied for its OSError."""
        return self.answer(self.start(probe, *arguments, keep=keep, **limits))

    def outcome(self, table, probe, *arguments):
        """Return what became of a probe of a Table, whose probes all run in one sandbox."""
        if (table, arguments) not in self.known:
            self.known[table, arguments] = self(in_turn, table, arguments)
        return self.known[table, arguments][probe]

    def free(self, probe, *arguments):
        """Start `probe` as the same user, outside the sandbox."""
        return self._fork(lambda told: None, probe, arguments)

    def start(self, probe, *arguments, keep=(), **limits):
        """Start `probe` in the sandbox; return `(keeper, descriptor of its answer)`."""
        known = tuple(sandbox.Grant(*grant) for grant in self.grants)

        def lock(told):
            sandbox.grants = lambda: known  # as the forkserver would have asked before
            sandbox.confine(
                sandbox.Limits(**(LIMITS | limits)),
                slot=next(slots),
                keep_fds=[told, *keep],
                without=self.without,
            )

        return self._fork(lock, probe, arguments)

    def _fork(self, lock, probe, arguments):
        heard, told = os.pipe()
        keeper = os.fork()
        if keeper:
            os.close(told)
            next(slots)
            return keeper, heard
        try:
            become(self.account, self.home)
            lock(told)
            sys.stdout = sys.stderr = io.StringIO()  # pytest's have lost their descriptors
            answer = {"value": probe(*arguments)}
        except OSError as error:
            answer = {"denied": errno.errorcode.get(error.errno, "?")}
        except BaseException as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        finally:
            os.write(told, json.dumps(answer).encode())
            os._exit(0)

    def answer(self, started):
        keeper, heard = started
        said = until_closed(heard)
        code = os.waitstatus_to_exitcode(os.waitpid(keeper, 0)[1])
        answer = json.loads(said or "{}")
        if "value" in answer:
            return answer["value"]
        if "denied" in answer:
            raise Denied(answer["denied"])
        raise Failed(answer.get("error", f"exit code {code}"))


def in_turn(probes, arguments):
    """Return what becomes of each probe: "denied ..." for an OSError."""
    outcomes = {}
    for name, probe in probes.items():
        try:
            outcomes[name] = f"allowed {probe(*arguments)}"
        except OSError as error:
            outcomes[name] = f"denied {errno.errorcode.get(error.errno, error)}"
        except BaseException as error:
            outcomes[name] = repr(error)
    return outcomes


class Table(dict):
    """A dictionary that is itself and equals no other, so that it can be a key."""

    __hash__ = object.__hash__


class Denied(Exception):
    """The probe met an OSError."""


class Failed(Exception):
    """The probe raised something else, or died."""


def until_closed(descriptor, seconds=20):
    """Return what is written until the last process that can write is gone."""
    said, deadline = b"", time.monotonic() + seconds
    while select.select([descriptor], [], [], max(0, deadline - time.monotonic()))[0]:
        piece = os.read(descriptor, 65536)
        if not piece:
            os.close(descriptor)
            return said.decode()
        said += piece
    raise AssertionError(f"after {seconds} s a process still holds the pipe; it said {said!r}")


def become(account, home):
    """Put a readable secret in a home folder, open Python to others, and take the account."""
    if os.geteuid() != 0:
        return
    open_home(home)
    if account == "user":
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


def open_home(home):
    """Show others Python where it lies in a closed home, to this process alone."""
    prefix = Path(sys.base_prefix)
    linux.unshare(linux.NEW_MOUNTS)
    linux.mount("none", "/", flags=linux.PRIVATE | linux.WITH_SUBMOUNTS)
    inside = prefix.is_relative_to(home)
    held = os.open(prefix, os.O_PATH) if inside else None
    linux.mount("none", str(home), "tmpfs", options="mode=0755")
    (home / "secret").write_text(SECRET)
    if inside:
        prefix.mkdir(parents=True)
        linux.mount(f"/proc/self/fd/{held}", str(prefix), flags=linux.BIND | linux.WITH_SUBMOUNTS)
        os.close(held)


def ask_for_grants():
    return [[g.name, g.granted, g.reason, g.cure] for g in sandbox.grants.__wrapped__()]
