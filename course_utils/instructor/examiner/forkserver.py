"""Two small warm processes: one forks a candidate for each submission, the other its judge.

Both have imported what notebooks import, and have one thread. The first never holds a secret. The
second is forked from it once, before any student's code has run, and is then told the lesson: it
prepares what every judge of the class needs, the tests included.
"""

import contextlib
import gc
import os
import select
import signal
import socket
import subprocess
import sys
import threading

from course_utils.instructor.examiner import sandbox
from course_utils.instructor.examiner.protocol import Channel, Closed, ProtocolError, pair

STARTED = "from course_utils.instructor.examiner.forkserver import main; main({}, {})"
# One BLAS thread: a second one would not survive the fork.
ENVIRONMENT = {
    "HOME": "/",
    "IPYTHONDIR": "/nonexistent",
    "JUPYTER_PLATFORM_DIRS": "1",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": os.defpath,
    "PYTHONHASHSEED": "random",
}


class Ended(Exception):
    """A warm process has gone, by no doing of the main process."""


class Forkserver:
    """The main process's side: starts the warm processes and asks them for pairs."""

    def __init__(self):
        (ours, theirs), (our_judges, their_judges) = socket.socketpair(), socket.socketpair()
        with theirs, their_judges:
            fds = theirs.fileno(), their_judges.fileno()
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-c", STARTED.format(*fds)],
                pass_fds=fds,
                stdin=subprocess.DEVNULL,
                env=_environment(),
                cwd="/",
            )
        self.candidates, self.judges = _Home(ours), _Home(our_judges)

    def warm(self, shared, lesson):
        """Prepare a lesson, in both at the same time.

        shared: cells that every student has; a candidate finds ready what they draw and import.
        lesson: `[kind, source]` of its cells, as `judge.rehearse` takes them.
        """
        with self.judges.warming(lesson), self.candidates.warming(shared):
            pass

    def fork(self, slot, limits, without):
        """Return `(control, pids)`: a Channel to a new judge, and its and its candidate's ids.

        slot, limits, without: as `sandbox.confine` takes them; limits by name.
        """
        ours, theirs = pair()
        asking, asked = socket.socketpair()
        with contextlib.ExitStack() as unless_forked, theirs.sock, asking, asked:
            unless_forked.callback(ours.close)
            candidate = self.candidates.fork([asked], slot, list(limits.items()), without)
            judge = self.judges.fork([theirs, asking])
            unless_forked.pop_all()
        return ours, (judge, candidate)

    def end(self, pids):
        """End both processes; return exit code, seconds of computing and bytes at most of each."""
        judge, candidate = pids
        return [self.judges.end(judge), self.candidates.end(candidate)]

    def has_ended(self):
        """Return whether one of the warm processes has gone."""
        lost = self.candidates.lost or self.judges.lost
        return lost or self.process.poll() is not None

    def close(self):
        self.judges.close()
        self.candidates.close()
        self.process.wait()


class _Home:
    """The main process's side of one warm process: one question at a time."""

    def __init__(self, sock):
        self.channel, self.lock, self.lost = Channel(sock), threading.Lock(), False
        self.close = self.channel.close

    @contextlib.contextmanager
    def warming(self, cells):
        """Prepare a lesson; done at the end of the block."""
        with self._talk():
            self.channel.send(["warm", cells])
            yield
            self.channel.receive()

    def fork(self, ends, *how):
        """Return the id of a new child that holds these descriptors."""
        with self._talk():
            self.channel.send(["fork", *how])
            self.channel.receive()  # it is ready for them
            socket.send_fds(self.channel.sock, [b"."], [end.fileno() for end in ends])
            _, pid = self.channel.receive()
        return pid

    def end(self, pid):
        with self._talk():
            self.channel.send(["end", pid])
            _, *used = self.channel.receive()
        return used

    @contextlib.contextmanager
    def _talk(self):
        with self.lock:
            try:
                yield
            except BaseException as error:
                self.lost = True  # ended, or out of step
                if isinstance(error, OSError | ProtocolError):
                    raise Ended("a warm process has ended") from error
                raise


def _environment():
    """Return a clean environment; what says where Python finds its modules is kept."""
    kept = {
        name: os.environ[name] for name in ("PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ
    }
    return {**ENVIRONMENT, **kept}


def main(*fds):
    """Be the warm processes; returns when the main process has gone."""
    from course_utils.instructor.examiner import judge

    candidates, judges = (Channel(socket.socket(fileno=fd)) for fd in fds)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process decides
    warm_up()
    sandbox.grants()  # found out once, before the first fork
    home = os.fork()
    if home == 0:
        candidates.close()
        try:
            sandbox.hide()
            _serve(judges, judge.rehearse, _be_judge, _end_judge)
        finally:
            os._exit(0)
    judges.close()
    _serve(candidates, warm_up_with, _be_candidate, sandbox.end)
    os.waitpid(home, 0)


def _serve(channel, warm, be, end):
    """Do what the main process asks, until it has gone; end then what is left.

    be: called in a new child, with its descriptors and how it should be; never returns for good.
    end: ends a child; returns its exit code and usage.
    """
    living = set()
    with contextlib.suppress(Closed):
        while True:
            what, *parts = channel.receive()
            if what == "warm":
                warm(*parts)
                channel.send(["warm"])
            elif what == "fork":
                channel.send(["ready"])
                pid = _fork(channel, be, parts)
                living.add(pid)
                channel.send(["forked", pid])
            else:
                living.remove(*parts)
                code, usage = end(*parts)
                seconds = usage.ru_utime + usage.ru_stime
                channel.send(["ended", code, seconds, usage.ru_maxrss * 1024])
    for pid in living:
        end(pid)


def _fork(channel, be, how):
    """Receive the descriptors of a child and fork it; return its id."""
    select.select([channel], [], [])
    _, fds, _, _ = socket.recv_fds(channel.sock, 1, 2)
    if not fds:
        raise Closed("it has ended")
    pid = os.fork()
    if pid == 0:
        try:
            channel.close()
            be(fds, *how)
        finally:
            os._exit(1)
    for fd in fds:
        os.close(fd)
    return pid


def _be_candidate(fds, slot, limits, without):
    from course_utils.instructor.examiner import candidate

    sandbox.confine(sandbox.Limits(**dict(limits)), slot, fds, without)
    candidate.serve(socket.socket(fileno=fds[0]))


def _be_judge(fds):
    from course_utils.instructor.examiner import judge

    sandbox.bound_judge()
    judge.serve(*(Channel(socket.socket(fileno=fd)) for fd in fds))


def _end_judge(pid):
    os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), usage


def warm_up():
    """Import and try once what notebooks use, so that no child has to."""
    import pkgutil
    from importlib import import_module

    import matplotlib.pyplot as plt

    import course_utils.figures
    import course_utils.nn
    from course_utils.instructor.examiner import candidate, judge, shell  # noqa: F401

    for package in (course_utils.figures, course_utils.nn):
        for module in pkgutil.iter_modules(package.__path__):
            import_module(f"{package.__name__}.{module.name}")
    ready = shell.make_shell()
    import matplotlib_inline.backend_inline  # noqa: F401  finds the shell

    ready.run_cell("import numpy as np\n(np.eye(2) @ np.eye(2)).sum()", store_history=False)
    figure, axes = plt.subplots()
    axes.set_title("$x^2$")
    figure.canvas.draw()
    plt.close(figure)
    ready.reset()
    gc.collect()
    gc.freeze()


def warm_up_with(cells):
    """Run cells of a lesson as it is handed out, and forget what they leave behind."""
    from course_utils.instructor.examiner.shell import Shell, Sink, Stream, forgotten

    shell = Shell.instance()
    out, err = Stream(shell, "stdout"), Stream(shell, "stderr")
    with forgotten(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        for cell in cells:
            shell.sink = Sink()
            shell.run_cell(cell, store_history=False)
        shell.sink = Sink()
        shell.reset()
