"""The sample class on a Dask cluster: the same verdicts, also where workers die or are not fit."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import distributed
import pytest

from course_utils.instructor import cluster, grading, release, sample_class
from course_utils.instructor.layout import CourseError
from tests.course.conftest import outcome, wait_for

LESSON = "01_chain_rule"
HERE = ("--host", "127.0.0.1", "--no-dashboard")
ONE_DEATH = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}  # is pardoned, a second is not


@contextlib.contextmanager
def dask(*command, **environment):
    """Run a command of Dask for the time of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *command],
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def running_scheduler(folder):
    """Run a scheduler on a free port, and give its address."""
    told = folder / "scheduler.json"
    with dask("scheduler", *HERE, "--port", "0", "--scheduler-file", str(told), **ONE_DEATH):
        wait_for(told.is_file)
        yield json.loads(told.read_text())["address"]


@pytest.fixture(scope="module")
def workers(tmp_path_factory):
    """A client of a scheduler with two worker processes, which are started again when they die."""
    folder = tmp_path_factory.mktemp("dask")
    two = ["--nworkers", "2", "--nthreads", "1", "--local-directory", str(folder)]
    with (
        running_scheduler(folder) as there,
        dask("worker", there, *HERE, *two),
        distributed.Client(there, set_as_default=False) as client,
    ):
        client.wait_for_workers(2, timeout=60)
        yield client


@pytest.fixture(scope="module")
def handed_in(course, tmp_path_factory):
    """The sample class, not yet graded."""
    here = course.at(tmp_path_factory.mktemp("handed_in") / "class")
    release.build(here, execute=False)
    sample_class.make_class(here, LESSON)
    return here


@pytest.fixture(scope="module")
def graded(handed_in, tmp_path_factory):
    """The sample class, graded on this machine."""
    here = copied(handed_in, tmp_path_factory.mktemp("graded"))
    grading.grade(here, LESSON, jobs=2, timeout=3)
    return here


@pytest.fixture
def few(handed_in, tmp_path):
    """A function that returns a copy of the class with these students alone."""

    def copy(*students):
        here = copied(handed_in, tmp_path)
        for student in grading.students(here, LESSON):
            if student not in students:
                shutil.rmtree(here.work / "submitted" / student)
        return here

    return copy


def copied(course, folder):
    shutil.copytree(course.work, folder / "class")
    return course.at(folder / "class")


def address(client):
    return client.scheduler.address


def examining(client):
    """Return the ids of the worker processes that examine something now."""

    def look(dask_worker):
        return os.getpid() if dask_worker.state.executing else None

    return [pid for pid in client.run(look, on_error="ignore").values() if pid]


def test_a_cluster_gives_what_this_machine_gives(workers, handed_in, graded, tmp_path):
    here = copied(handed_in, tmp_path)
    grading.grade(here, LESSON, timeout=3, scheduler=address(workers))
    assert outcome(here, LESSON) == outcome(graded, LESSON)
    before = outcome(here, LESSON), here.results(LESSON).read_bytes()
    grading.grade(here, LESSON, timeout=3, scheduler=address(workers))
    assert (outcome(here, LESSON), here.results(LESSON).read_bytes()) == before


def test_what_a_dead_worker_had_is_examined_elsewhere(workers, few, graded):
    names = "student-01", "student-06", "student-11"
    here = few(*names)
    before = set(workers.run(os.getpid).values())
    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(grading.grade, here, LESSON, timeout=3, scheduler=address(workers))
        os.kill(wait_for(lambda: examining(workers))[0], signal.SIGKILL)
        going.result()
    wait_for(lambda: set(workers.run(os.getpid, on_error="ignore").values()) != before)
    scores, results = outcome(here, LESSON)
    for name in names:
        assert (scores[name], results[name]) == tuple(x[name] for x in outcome(graded, LESSON))


def test_one_that_kills_its_workers_stops_no_other(workers, few, graded):
    here = few("student-01", "student-11")
    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(grading.grade, here, LESSON, timeout=30, scheduler=address(workers))
        wait_for(lambda: "student-01" in grading.read_results(here, LESSON))
        while not going.done():
            for pid in examining(workers):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.1)
        results = going.result()
    assert results["student-11"].status == "ungradable"
    assert results["student-11"].reason == "4 workers died while they examined it"
    assert outcome(here, LESSON)[0]["student-01"] == outcome(graded, LESSON)[0]["student-01"]
    assert set(outcome(here, LESSON)[0]["student-11"].values()) == {None}


def test_a_worker_with_another_version_is_refused(workers, few, monkeypatch):
    monkeypatch.setattr(cluster, "version", lambda: "0.0.1 (another)")
    workers.wait_for_workers(2)
    with pytest.raises(CourseError, match=r"has version \d.*on every worker: 0\.0\.1 \(another\)"):
        grading.grade(few("student-01"), LESSON, scheduler=address(workers))


def test_a_worker_without_the_whole_sandbox_is_refused(workers, few):
    def lack(reason):
        from course_utils.instructor import cluster

        cluster._missing = lambda: reason

    here = few("student-01")
    workers.wait_for_workers(2)
    workers.run(lack, "seccomp: not here")
    try:
        with pytest.raises(CourseError, match=r"does not grant.*seccomp: not here.*--weak-sandbox"):
            grading.grade(here, LESSON, scheduler=address(workers))
        assert grading.read_results(here, LESSON) == {}
        results = grading.grade(here, LESSON, scheduler=address(workers), weak_sandbox=True)
        assert results["student-01"].status == "graded"
    finally:
        workers.run(lack, "")


def test_no_scheduler_is_told(few, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        there = f"tcp://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(CourseError, match=f"{there}: no Dask scheduler answers there"):
            grading.grade(few("student-01"), LESSON, scheduler=there)


def test_what_is_no_address_is_told(few):
    with pytest.raises(CourseError, match="nonsense: no Dask scheduler answers there"):
        grading.grade(few("student-01"), LESSON, scheduler="nonsense")


def test_without_workers_the_lecturer_is_told_and_can_leave(few, monkeypatch, tmp_path):
    monkeypatch.setattr(cluster, "LOOK", 0.2)

    class Enough(Exception):
        pass

    def leave(text):
        raise Enough(text)

    with running_scheduler(tmp_path) as there, pytest.raises(Enough, match=f"{there}: has no work"):
        grading.grade(few("student-01", "student-06"), LESSON, scheduler=there, tell=leave)


def test_a_scheduler_that_ends_is_told(few, monkeypatch, tmp_path):
    monkeypatch.setattr(cluster, "LOOK", 0.2)
    with contextlib.ExitStack() as scheduler:
        there = scheduler.enter_context(running_scheduler(tmp_path))
        with pytest.raises(CourseError, match=f"{there}: the scheduler has gone"):
            grading.grade(
                few("student-01"), LESSON, scheduler=there, tell=lambda text: scheduler.close()
            )


def test_without_dask_the_cure_is_named(few, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "course_utils.instructor.cluster")
    with pytest.raises(CourseError, match=r"pip install 'gradients-by-hand\[cluster\]'"):
        grading.grade(few("student-01"), LESSON, scheduler="tcp://127.0.0.1:8786")
