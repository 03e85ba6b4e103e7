"""Which layers of the sandbox this system grants, each tried in a child that is thrown away."""

import contextlib
import os
import platform
import socket
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from course_utils.instructor.examiner import landlock, layers, linux, private_root, seccomp

# What a student's code meets, layer by layer.
LAYERS = {
    "namespaces": "sees no other process, no network, none of the system's mounts",
    "private root": "sees Python, its libraries, the course and an empty folder",
    "own user": "has no privileges, and a user id of its own where root grades",
    "landlock": "opens no other file, even where it could see it",
    "seccomp": "asks the system for nothing that Python and numpy do not need",
    "limits": "is bounded in memory, processor time, processes and files",
}

CONTAINER = "grade in a container: docs/grading-elsewhere.md"

# Settings by which a system refuses namespaces to ordinary users.
_SETTINGS = {
    "kernel/apparmor_restrict_unprivileged_userns": ("1", "0"),
    "kernel/unprivileged_userns_clone": ("0", "1"),
    "user/max_user_namespaces": ("0", "15000"),
}


@dataclass(frozen=True)
class Grant:
    """A layer of the sandbox, and whether this system grants it.

    reason: why not. cure: what a lecturer can do. Both are empty where it is granted.
    """

    name: str
    granted: bool
    reason: str = ""
    cure: str = ""


@cache
def grants():
    """Return a Grant for each layer, in order.

    Call it in the forkserver before its first fork: the children then know the answers.
    """
    if sys.platform != "linux":
        why = f"grading needs Linux, and this is {platform.system()}"
        return tuple(Grant(name, False, why, CONTAINER) for name in LAYERS)
    _prepare()
    refusals = {name: _refusal(name) for name in LAYERS}
    if refusals["namespaces"]:
        refusals["private root"] = ("it needs namespaces", refusals["namespaces"][1])
    return tuple(Grant(name, not why, *(why or ())) for name, why in refusals.items())


def missing():
    """Return the layers that this system refuses, each with the reason; "" for none."""
    return "; ".join(f"{grant.name}: {grant.reason}" for grant in grants() if not grant.granted)


def _prepare():
    """Find out once, for all children, what takes time to find out."""
    layers.is_closed()
    with contextlib.suppress(seccomp.SeccompError):
        seccomp.candidate_program()
    if not landlock.why_not():
        landlock.rules(private_root.readable(), private_root.devices(), os.sep).close()


def _refusal(layer):
    """Return `(reason, cure)` where a layer is refused, else None."""
    if layer == "landlock" and (why := landlock.why_not()):
        return why
    reason = _in_child(_TRIALS[layer])
    if not reason:
        return None
    if layer in ("namespaces", "private root"):
        return reason, _cure_of_namespaces()
    return reason, {"landlock": landlock.CURE, "seccomp": seccomp.CURE}.get(layer, CONTAINER)


def _cure_of_namespaces():
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        return "start the container as docs/grading-elsewhere.md says"
    if os.geteuid() == 0:
        return f"grade as an ordinary user, or {CONTAINER}"
    for setting, (refusing, granting) in _SETTINGS.items():
        path = Path("/proc/sys") / setting
        if path.exists() and path.read_text().strip() == refusing:
            return f"sudo sysctl {setting.replace('/', '.')}={granting}"
    return CONTAINER


def _in_child(trial):
    """Return what stops `trial` in a child, "" where nothing does."""
    heard, told = os.pipe()
    child = os.fork()
    if not child:
        try:
            trial()
            os.write(told, b"done")
        except BaseException as error:
            os.write(told, (getattr(error, "strerror", None) or str(error)).encode()[:4096])
        finally:
            os._exit(0)
    os.close(told)
    with os.fdopen(heard, "rb") as answer:
        said = answer.read().decode()
    os.waitpid(child, 0)
    return {"done": "", "": "the trial was killed"}.get(said, said)


def _expect(true, otherwise):
    if not true:
        raise OSError(otherwise)


def _pass_on(said):
    _expect(not said, said)


def _is_refused(action, otherwise):
    try:
        action()
    except PermissionError:
        return
    raise OSError(otherwise)


def _try_namespaces():
    layers.enter_namespaces()
    _pass_on(_in_child(lambda: _expect(os.getpid() == 1, "processes are not apart")))


def _try_private_root():
    def look():
        private_root.enter(1 << 20, os.geteuid())
        _expect(not os.path.exists("/proc"), "the former root is still seen")
        Path(private_root.SCRATCH, "file").write_text("kept")
        _expect(os.path.exists(os.__file__), "Python is not seen")

    layers.enter_namespaces()
    _pass_on(_in_child(look))


def _try_own_user():
    layers.become(layers.FIRST_USER + layers.SLOTS if os.geteuid() == 0 else os.geteuid())
    _expect(os.geteuid() != 0, "still root")


def _try_landlock():
    landlock.rules([], [], tempfile.gettempdir()).restrict()
    _is_refused(lambda: os.listdir("/"), "the root folder can still be read")


def _try_seccomp():
    linux.prctl(linux.NO_NEW_PRIVILEGES, 1)
    linux.filter_calls(seccomp.candidate_program())
    _is_refused(socket.socket, "sockets can still be opened")


def _try_limits():
    layers.set_limits(layers.Limits(), layers.memory_in_use(), 1 << 16)


_TRIALS = {
    "namespaces": _try_namespaces,
    "private root": _try_private_root,
    "own user": _try_own_user,
    "landlock": _try_landlock,
    "seccomp": _try_seccomp,
    "limits": _try_limits,
}
