"""Examine on the workers of a Dask cluster: what crosses, and what a worker is asked first."""

import hashlib
import subprocess
import sys
import threading
from concurrent.futures import CancelledError, wait
from functools import cache, lru_cache
from pathlib import Path

import distributed
import nbformat

import course_utils
from course_utils.instructor.examiner import examination
from course_utils.instructor.layout import CourseError

PATIENCE = 10  # seconds until a scheduler has to answer
LOOK = 5  # seconds without a result, after which we look whether there is a worker
FEWEST = 32  # that are on their way at a time: more workers may come


class Cluster:
    """Examines submissions on the workers of a Dask scheduler; stands in for an Examiner.

    Each is examined in a process of some worker, by the Examiner that the process keeps. Where
    that worker dies, Dask has it examined by another one.

    address: of the scheduler, as tcp://host:8786. jobs: how many are on their way at a time.
    seconds, figures: as an Examiner takes them. weak_sandbox: take also workers whose system lacks
    a part of the sandbox. tell: called with a sentence where there is no worker.
    Raises CourseError where no scheduler answers, and where a worker is not fit.
    """

    def __init__(self, address, jobs, seconds, figures, weak_sandbox, tell):
        self.address, self.jobs, self.tell = address, jobs, tell
        self.how = {"seconds": seconds, "figures": figures}
        self.needed = version(), weak_sandbox
        self.alone, self.looking, self.idle = threading.Lock(), threading.Lock(), False

    def __enter__(self):
        try:
            self.client = distributed.Client(
                self.address, timeout=PATIENCE, set_as_default=False, name="course"
            )
        except (OSError, ValueError, ImportError) as error:
            raise CourseError(
                f"{self.address}: no Dask scheduler answers there ({error}). Start one, or mend "
                "the address: docs/large-classes.md"
            ) from error
        self.jobs = self.jobs or max(FEWEST, 2 * sum(self.client.nthreads().values()))
        self.executor = self.client.get_executor(pure=False)
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        """Leave the cluster; what is still being examined there is given up."""
        self.client.close()

    def examine_bytes(self, source, data, notes=()):
        """Return what Examiner.examine_bytes returns."""
        task = _examine, nbformat.writes(source), data, notes, self.how, self.needed
        try:
            return self._result(task)
        except distributed.KilledWorker:
            # It need not be this one's doing: others were on the same workers.
            try:
                with self.alone:
                    return self._result(task)
            except distributed.KilledWorker as error:
                times = 2 * (error.allowed_failures + 1)
                return None, f"{times} workers died while they examined it", (), 0.0

    def _result(self, task):
        future = self.executor.submit(*task)
        while not wait([future], LOOK).done:
            self._look()
        try:
            return future.result()
        except CancelledError as error:
            raise CourseError(
                f"{self.address}: the scheduler has gone. What was recorded is kept: start it "
                "again, and run the same command"
            ) from error
        except (CourseError, distributed.KilledWorker):
            raise
        except Exception as error:
            raise CourseError(
                f"{self.address}: a worker there cannot examine ({type(error).__name__}: {error}). "
                f"{_CURE} {self.needed[0]}"
            ) from error

    def _look(self):
        """Tell, once each time, that no worker is there."""
        with self.looking:
            before, self.idle = self.idle, not self.client.nthreads()
            if self.idle and not before:
                self.tell(f"{self.address}: has no workers; waiting for one")


_CURE = "Install the same version of the course on every worker:"


def _examine(source, data, notes, how, needed):
    """Be a worker: return what its Examiner makes of a submission. Raises CourseError if unfit."""
    worker = distributed.get_worker()
    wanted, weak_sandbox = needed
    if version() != wanted:
        raise CourseError(
            f"{worker.address}: this worker has version {version()} of the course. {_CURE} {wanted}"
        )
    if not weak_sandbox and (told := _missing()):
        raise CourseError(
            f"{worker.address}: the system of this worker does not grant the whole sandbox "
            f"({told}). Run there: course doctor. "
            "To grade nevertheless: course grade --weak-sandbox"
        )
    examiner = examination.kept(jobs=worker.state.nthreads, **how)
    return examiner.examine_bytes(_read(source), data, notes)


@cache
def version():
    """Return the version of the course and a digest of its code: a checkout may be changed."""
    digest = hashlib.sha256()
    for path in sorted(Path(course_utils.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return f"{course_utils.__version__} ({digest.hexdigest()[:8]})"


@cache
def _missing():
    """Return sandbox.missing(), found out in a process of one thread, as its trials want it."""
    asked = "from course_utils.instructor.examiner import sandbox; print(sandbox.missing())"
    command = [sys.executable, "-I", "-c", asked]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


@lru_cache(4)
def _read(source):
    return nbformat.reads(source, as_version=4)
