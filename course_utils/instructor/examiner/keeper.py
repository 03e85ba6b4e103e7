"""The process that stays outside a sandbox: it ends what is inside, and dies with its parent."""

import contextlib
import os
import select
import shutil
import signal

from course_utils.instructor.examiner import linux, private_root
from course_utils.instructor.examiner.layers import close_all_but

_SIGNALS = {signal.SIGTERM, getattr(signal, "SIGCHLD", signal.SIGTERM)}
_WATCH = 0.2  # seconds between two looks at a scratch folder whose size nothing limits


def end(keeper, patience=2.0):
    """End a confined process by its keeper's id; return `(exit code, usage)` of both and of all.

    A keeper that is killed instead leaves its scratch folder, and where there are no namespaces
    also what the locked process has started. patience: seconds until that is done nevertheless.
    usage: as `os.wait4` gives it, with what the locked process used.
    """
    watch = os.pidfd_open(keeper)
    try:
        os.kill(keeper, signal.SIGTERM)
        if not select.select([watch], [], [], patience)[0]:
            os.kill(keeper, signal.SIGKILL)
    finally:
        os.close(watch)
    _, status, usage = os.wait4(keeper, 0)
    return os.waitstatus_to_exitcode(status), usage


def leave_keeper(parent, scratch, most):
    """Fork, and stay behind as keeper; return in the new process only, with its lifeline.

    parent: the process with which the keeper dies. scratch: a folder that it watches (`most`
    bytes) and removes; None where nothing is left behind.
    """
    lifeline, held = os.pipe()
    # What a terminal sends is for its parent; the keeper heeds SIGTERM, by which that ends it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    inner = os.fork()
    if inner:
        _keep(inner, parent, held, scratch, most)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    os.close(held)
    os.setpgid(0, 0)
    return lifeline


def die_with_keeper(lifeline):
    """Have the kernel kill this process when its keeper ends. A change of user undoes that."""
    linux.prctl(linux.DEATH_SIGNAL, signal.SIGKILL)
    os.set_blocking(lifeline, False)
    with contextlib.suppress(BlockingIOError):
        os.read(lifeline, 1)  # the end of the pipe: the keeper is gone already
        os._exit(1)
    os.close(lifeline)


def _keep(inner, parent, held, scratch, most):
    """Wait for the inner process, end all that is left of it, and exit as it did."""
    code = 1
    try:
        close_all_but({held})
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        linux.prctl(linux.DEATH_SIGNAL, signal.SIGTERM)
        linux.prctl(linux.DUMPABLE, 0)
        linux.prctl(linux.SUBREAPER, 1)
        if os.getppid() == parent:
            _wait(inner, scratch, most)
        code = _end_all(inner)
        if scratch:
            _remove(scratch)
    finally:
        os._exit(code)


def _wait(inner, scratch, most):
    """Return when the inner process has ended or should: told so, or scratch is full."""
    while not os.waitid(os.P_PID, inner, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        if scratch and _used(scratch) > most:
            return
        got = signal.sigtimedwait(_SIGNALS, _WATCH if scratch else 3600)
        if got and got.si_signo == signal.SIGTERM:
            return


def _end_all(inner):
    """Kill the inner process and what it left; return its exit code, 128 + n for signal n."""
    # Not reaped yet, so its number, and its group's, cannot be another's.
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError):
            kill(inner, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1])
    while left := _children():
        for child in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return code if code >= 0 else 128 - code


def _children():
    """Return the processes that lost their parent and came to this one."""
    with contextlib.suppress(OSError):  # in a private root no /proc, and nothing left either
        return [*map(int, linux.read_proc(f"task/{os.getpid()}/children").split())]
    return []


def _used(scratch):
    """Return the bytes in a folder; endless where it cannot be read or holds too many files."""
    used, files, folders = 0, 0, [scratch]
    while folders:
        try:
            for entry in os.scandir(folders.pop()):
                files += 1
                used += entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                if files > private_root.MOST_FILES:
                    return float("inf")
        except FileNotFoundError:
            continue  # gone since it was listed
        except OSError:
            return float("inf")
    return used


def _remove(scratch):
    for folder, names, _ in os.walk(scratch):
        for path in (os.path.join(folder, name) for name in names):
            if not os.path.islink(path):
                os.chmod(path, 0o700)
    shutil.rmtree(scratch, ignore_errors=True)
