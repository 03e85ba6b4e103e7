"""The sandbox of a candidate: what this system grants, and how a process locks itself in.

    os.fork() in the warm forkserver -> confine() in the child -> the student's code

Each layer alone stops most of what a student's code could do; together they leave it Python, its
libraries, an empty folder and the descriptors that it was given. The order matters: what needs
rights comes first, and seccomp, after which almost nothing can be asked of the system, last.
"""

import os
import signal
import socket
import stat
import sys
import tempfile

from course_utils.instructor.examiner import landlock, layers, linux, private_root, seccomp
from course_utils.instructor.examiner.grants import LAYERS, Grant, grants, missing
from course_utils.instructor.examiner.keeper import die_with_keeper, end, leave_keeper
from course_utils.instructor.examiner.layers import SLOTS, Limits, free_slot

__all__ = [
    "LAYERS",
    "SLOTS",
    "Grant",
    "Limits",
    "SandboxError",
    "bound_judge",
    "confine",
    "end",
    "free_slot",
    "grants",
    "hide",
    "missing",
]


class SandboxError(Exception):
    """This process could not be confined, so no student's code may run in it."""


def confine(limits=None, slot=0, keep_fds=(), without=()):
    """Lock this process in with every layer that is granted, and return in the locked process.

    Call it in a freshly forked child that has one thread. It forks once more: the child itself
    stays outside as keeper and never returns. The keeper dies with its parent, ends all that the
    locked process leaves, and exits as that did (128 + n where signal n ended it). `end(pid)` with
    the keeper's id ends both.

    Afterwards the working folder and HOME are a fresh folder, the environment is clean, and of
    all descriptors only `keep_fds` (pipes and stream sockets) and 0, 1, 2 on /dev/null are open.
    slot: 0 to SLOTS - 1; candidates that run at the same time have different ones. without: names
    of layers to leave out, for tests.

    Raises SandboxError, in either process. No student's code may run in it then.
    """
    on = {grant.name for grant in grants() if grant.granted} - set(without)
    if "namespaces" not in on:
        on.discard("private root")
    try:
        _confine(limits or Limits(), slot, tuple(keep_fds), on)
    except (OSError, ValueError, seccomp.SeccompError) as error:
        raise SandboxError(f"the sandbox could not be set up: {error}") from error


def hide():
    """Let no process of the same user look into this one, nor into what it forks from now on.

    Where the machine's memory runs out, the kernel ends these first. Elsewhere than on Linux
    nothing happens.
    """
    if sys.platform == "linux":
        layers.go_first_when_memory_ends()
        linux.prctl(linux.DUMPABLE, 0)


def bound_judge(memory=2 << 30):
    """Bound the process that decides, which reads what candidates send.

    It dies with its parent, and it has `memory` bytes of address space above what it has now.
    Call `hide` in its parent. Elsewhere than on Linux nothing happens.
    """
    if sys.platform != "linux":
        return
    parent = os.getppid()
    linux.prctl(linux.DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    layers.bound(AS=layers.memory_in_use() + memory, CORE=0)


def _confine(limits, slot, keep, on):
    if not 0 <= slot < SLOTS:
        raise ValueError(f"slot {slot}: there are slots 0 to {SLOTS - 1}")
    _refuse_doors(keep)
    parent, memory = os.getppid(), layers.memory_in_use()
    change = os.geteuid() == 0 and "own user" in on
    user = layers.FIRST_USER + slot if change else os.geteuid()
    others = layers.other_tasks(user, own_count="namespaces" in on)
    os.umask(0o022)
    if "namespaces" in on:
        layers.enter_namespaces()
    private = "private root" in on
    scratch = private_root.SCRATCH if private else _folder_for(user)
    layers.silence({*keep})
    lifeline = leave_keeper(parent, None if private else scratch, limits.scratch_bytes)

    layers.close_all_but({*keep, lifeline})
    layers.go_first_when_memory_ends()
    if private:
        private_root.enter(limits.scratch_bytes, user)
    os.chdir(scratch)
    layers.clean_environment(scratch)
    if "limits" in on:
        layers.set_limits(limits, memory, others)
    if "landlock" in on:
        paths = private_root.readable(), private_root.devices(), scratch
        with landlock.rules(*paths) as rules:
            rules.restrict()
    if "own user" in on:
        # Landlock and seccomp leave this capability nothing but a Python in a closed folder.
        closed = change and not private and {"landlock", "seccomp"} <= on and layers.is_closed()
        layers.become(user, linux.READ_ANY_FILE if closed else 0)
    die_with_keeper(lifeline)
    linux.prctl(linux.NO_NEW_PRIVILEGES, 1)
    linux.prctl(linux.DUMPABLE, 0)
    if "seccomp" in on:
        if not private:
            linux.filter_calls(seccomp.shared_system_program(os.getpid()))
        linux.filter_calls(seccomp.candidate_program())


def _folder_for(user):
    folder = tempfile.mkdtemp(prefix="candidate-")
    os.chown(folder, user, -1)
    return folder


def _refuse_doors(descriptors):
    """Refuse descriptors that lead out: folders, and sockets that can be given an address."""
    for fd in descriptors:
        mode = os.fstat(fd).st_mode
        if stat.S_ISSOCK(mode):
            with socket.socket(fileno=os.dup(fd)) as end_point:
                fine = end_point.type == socket.SOCK_STREAM
        else:
            fine = stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)
        if not fine:
            raise ValueError(f"descriptor {fd} is neither a pipe nor a stream socket")
