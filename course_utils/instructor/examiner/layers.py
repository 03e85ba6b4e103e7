"""The layers of a sandbox that need no module of their own, one function for each."""

import contextlib
import os
import platform
import re
import socket
import stat
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from course_utils.instructor.examiner import linux, private_root

if sys.platform == "linux":
    import fcntl
    import resource

SLOTS = 256
FIRST_USER = 60800  # a range that no distribution gives away; each slot has one user id of it

_KEPT = ("MPLBACKEND", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
_NAMESPACES = (
    linux.NEW_MOUNTS | linux.NEW_HOST_NAME | linux.NEW_IPC | linux.NEW_PROCESSES | linux.NEW_NETWORK
)


@dataclass(frozen=True)
class Limits:
    """What a candidate may use.

    memory: bytes of address space for each process, above what it has at the start. cpu: seconds
    for each process. processes: of them and their threads at once, the first included (about, where
    others run as the same user). file_bytes: size of one file. open_files: highest descriptor.
    scratch_bytes: size of all files.
    """

    memory: int = 1 << 30
    cpu: int = 600
    processes: int = 32
    file_bytes: int = 32 << 20
    open_files: int = 64
    scratch_bytes: int = 64 << 20


@contextlib.contextmanager
def free_slot():
    """Take a slot that no grader on this machine has, for the time of the block.

    Only root's candidates are users of their own; where an ordinary user grades it is always 0.
    """
    if os.geteuid() != 0:
        yield 0
        return
    locks = _folder_of_locks()
    for slot in range(SLOTS):
        with (locks / str(slot)).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield slot
            return
    raise OSError(f"all {SLOTS} slots of this machine are in use")


def _folder_of_locks():
    """Return a folder of root's alone, with a file for each slot that was ever in use."""
    for place in ("/run", tempfile.gettempdir()):
        folder = Path(place, "gradients-by-hand")
        with contextlib.suppress(OSError):
            folder.mkdir(0o700, exist_ok=True)
            found = folder.lstat()
            if (
                found.st_uid == 0
                and stat.S_IMODE(found.st_mode) == 0o700
                and os.access(folder, os.W_OK)
            ):
                return folder
    raise OSError(f"{folder}: root can make no folder there that is its own")


def memory_in_use():
    """Return the bytes of this process's address space."""
    return int(linux.read_proc("statm").split()[0]) * resource.getpagesize()


def other_tasks(user, *, own_count):
    """Return how many tasks count towards the limit of `user` besides a candidate's.

    own_count: whether this process will be in a namespace of users, which counts by itself.
    """
    if user != os.geteuid():
        return 0
    kernel = tuple(map(int, re.findall(r"\d+", platform.release())[:2]))
    if own_count and kernel >= (5, 14):
        return 1  # the keeper
    count = 0
    for folder in os.scandir("/proc"):
        with contextlib.suppress(OSError):
            if folder.name.isdigit() and folder.stat().st_uid == user:
                count += len(os.listdir(f"{folder.path}/task"))
    return count


def enter_namespaces():
    """Share mounts, network, host name and IPC with nobody; the next child is process 1."""
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        linux.unshare(_NAMESPACES)
    else:
        linux.prctl(linux.DUMPABLE, 1)  # or the files below belong to root
        linux.unshare(_NAMESPACES | linux.NEW_USERS)
        linux.write_proc("setgroups", "deny")
        linux.write_proc("uid_map", f"{user} {user} 1")
        linux.write_proc("gid_map", f"{group} {group} 1")
    linux.mount("none", "/", flags=linux.PRIVATE | linux.WITH_SUBMOUNTS)
    socket.sethostname("candidate")


def silence(keep):
    """Lead the descriptors 0, 1 and 2 to /dev/null, but for those in `keep`."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in {0, 1, 2} - keep:
        os.dup2(null, fd)


def close_all_but(keep):
    """Close every descriptor above 2 that is not in `keep`."""
    low, most = 3, resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    for fd in sorted(fd for fd in keep if fd > 2):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, most if most > 0 else 1 << 20)


def go_first_when_memory_ends():
    """Have the kernel end this process, not another, where the machine's memory runs out."""
    with contextlib.suppress(OSError):
        linux.write_proc("oom_score_adj", "1000")


def clean_environment(scratch):
    """Replace the environment, in Python and in the C library, by a small one."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    linux.forget_environment()
    os.environ.clear()
    os.environ.update(
        kept,
        **dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR", "IPYTHONDIR"), scratch),
        USER="candidate",
        LOGNAME="candidate",
        PATH=os.defpath,
        LANG="C.UTF-8",
    )
    tempfile.tempdir = None
    sys.dont_write_bytecode = True


def set_limits(limits, memory, others):
    """Set `limits` for good. memory: bytes, others: tasks, that they come on top of."""
    bound(
        AS=memory + limits.memory,
        CPU=limits.cpu,
        NPROC=others + limits.processes,
        FSIZE=limits.file_bytes,
        NOFILE=limits.open_files,
        CORE=0,
        MEMLOCK=0,
        MSGQUEUE=0,
    )


def bound(**limits):
    """Set limits of the system, by their names without RLIMIT_, for good."""
    for name, most in limits.items():
        what = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


@cache
def is_closed():
    """Return whether something that a candidate needs lies in a folder closed to others."""
    paths = map(Path, private_root.readable().values())
    folders = {folder for path in paths for folder in path.parents}
    return not all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)


def become(user, capabilities=0):
    """Become `user`, with these capabilities and no others."""
    if os.geteuid() != user:
        linux.prctl(linux.KEEP_CAPABILITIES, 1)
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    linux.set_capabilities(capabilities)
