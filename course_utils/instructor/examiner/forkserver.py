"""A small warm process that forks a candidate and a judge for each submission.

It has imported what notebooks import, has one thread, and never holds a secret: what a judge must
know is sent to it after the fork.
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
import warnings

import msgpack

from course_utils.instructor.examiner import sandbox
from course_utils.instructor.examiner.protocol import Channel, pair

STARTED = "from course_utils.instructor.examiner.forkserver import main; main({})"
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


class Forkserver:
    """The main process's side: starts the warm process and asks it for pairs."""

    def __init__(self):
        ours, theirs = socket.socketpair()
        self.lock = threading.Lock()
        self.sock = ours
        command = [sys.executable, "-I", "-c", STARTED.format(theirs.fileno())]
        with theirs:
            self.process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=_environment(),
                cwd="/",
            )
        self.channel = Channel(ours)
        self.channel.receive()  # it is warm

    def fork(self, slot, settings):
        """Return `(control, pids)`: a Channel to a new judge, and its and its candidate's ids."""
        ours, theirs = pair()
        with contextlib.ExitStack() as unless_forked, self.lock, theirs.sock:
            unless_forked.callback(ours.close)
            request = msgpack.packb(["fork", slot, settings])
            socket.send_fds(self.sock, [request], [theirs.fileno()])
            _, *pids = self.channel.receive()
            unless_forked.pop_all()
        return ours, pids

    def warm(self, cells):
        """Run cells that every student has, so that what they draw and import is ready."""
        with self.lock:
            self.sock.send(msgpack.packb(["warm"]))
            self.channel.receive()
            self.channel.send(["cells", cells])
            self.channel.receive()

    def end(self, pids):
        """End both processes; return exit code, seconds of computing and bytes at most of each."""
        with self.lock:
            self.sock.send(msgpack.packb(["end", *pids]))
            _, *used = self.channel.receive()
        return used

    def has_ended(self, within=0):
        """Return whether it has ended, or does so within some seconds."""
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self):
        self.channel.close()
        self.process.wait()


def _environment():
    """Return a clean environment; what says where Python finds its modules is kept."""
    kept = {
        name: os.environ[name] for name in ("PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ
    }
    return {**ENVIRONMENT, **kept}


def main(fd):
    """Be the warm process; returns when the main process has gone."""
    sock = socket.socket(fileno=fd)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process decides
    warm_up()
    sandbox.grants()  # found out once, before the first fork
    channel = Channel(sock)
    channel.send(["warm"])
    living = set()
    while True:
        select.select([sock], [], [])
        request, fds, _, _ = socket.recv_fds(sock, 65_536, 1)
        if not request:
            break
        what, *parts = msgpack.unpackb(request)
        if what == "fork":
            pids = _fork_pair(sock, fds[0], *parts)
            os.close(fds[0])
            living.add(pids)
            channel.send(["forked", *pids])
        elif what == "warm":
            channel.send(["ready"])
            _, cells = channel.receive()
            warm_up_with(cells)
            channel.send(["warm"])
        else:
            judge_pid, candidate_pid = parts
            channel.send(["ended", _end(judge_pid), _used(*sandbox.end(candidate_pid))])
            living.remove((judge_pid, candidate_pid))
    for judge_pid, candidate_pid in living:
        _end(judge_pid)
        sandbox.end(candidate_pid)


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
    import matplotlib as mpl
    import matplotlib.pyplot as plt
    import numpy as np

    from course_utils.instructor.examiner import judge
    from course_utils.instructor.examiner.shell import Shell, Sink, Stream

    shell = Shell.instance()
    out, err = Stream(shell, "stdout"), Stream(shell, "stderr")
    with (
        mpl.rc_context(),
        np.errstate(),
        np.printoptions(),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        for cell in cells:
            shell.sink = Sink()
            shell.run_cell(cell, store_history=False)
            with contextlib.suppress(SyntaxError):  # a magic
                judge.parsed(cell)
    plt.close("all")
    shell.sink = Sink()
    shell.reset()
    gc.collect()
    gc.freeze()


def _fork_pair(server, control, slot, settings):
    """Fork a candidate and its judge; return the ids of the judge and the candidate."""
    from course_utils.instructor.examiner import candidate, judge

    ours, theirs = socket.socketpair()
    candidate_pid = os.fork()
    if candidate_pid == 0:
        try:
            for other in (server, ours):
                other.close()
            os.close(control)
            sandbox.confine(
                sandbox.Limits(**settings["limits"]),
                slot=slot,
                keep_fds=(theirs.fileno(),),
                without=frozenset(settings["without"]),
            )
            candidate.serve(theirs)
        finally:
            os._exit(1)
    theirs.close()
    judge_pid = os.fork()
    if judge_pid == 0:
        try:
            server.close()
            sandbox.bound_judge()
            judge.serve(Channel(socket.socket(fileno=control)), Channel(ours))
        finally:
            os._exit(0)
    ours.close()
    return judge_pid, candidate_pid


def _end(pid):
    """End a judge; return its exit code, seconds of computing and bytes at most."""
    os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    return _used(os.waitstatus_to_exitcode(status), usage)


def _used(code, usage):
    return [code, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024]
