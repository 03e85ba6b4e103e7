"""A batch that is killed at any moment and started again: nothing lost, nothing twice."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from course_utils.instructor import bridge, grading, release, sample_class
from tests.course.conftest import wait_for

LESSON = "01_chain_rule"
KILLS = 10


@pytest.fixture(scope="module")
def classes(course, tmp_path_factory):
    """Two class folders with the same submissions: one to disturb, and one to compare with."""
    made = []
    for name in ("disturbed", "calm"):
        here = course.at(tmp_path_factory.mktemp(name))
        release.build(here, execute=False)
        sample_class.make_class(here, LESSON)
        shutil.rmtree(here.work / "submitted" / "student-11")  # the endless loop takes its time
        made.append(here)
    return made


def start(course, *options):
    command = [sys.executable, "-c", "from course_utils.cli import main; main()"]
    return subprocess.Popen(
        [*command, "grade", LESSON, "--timeout", "3", "--class", course.work, *options],
        cwd=course.root,
        env=bridge.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def rows(course):
    """Return what the gradebook and the results say, without ids and times."""
    query = (
        "select s.student_id, c.name, g.auto_score, g.needs_manual_grade from grade g"
        " join base_cell c on c.id = g.cell_id"
        " join submitted_notebook n on n.id = g.notebook_id"
        " join submitted_assignment s on s.id = n.assignment_id order by 1, 2"
    )
    with sqlite3.connect(course.work / "gradebook.db") as gradebook:
        scores = gradebook.execute(query).fetchall()
    results = grading.read_results(course, LESSON)
    return scores, {s: (r.status, r.reason, r.notes) for s, r in results.items()}


def in_session(session):
    """Return the ids of the processes that a killed run has left."""
    left = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                if os.getsid(int(entry.name)) == session:
                    left.append(int(entry.name))
            except ProcessLookupError:
                pass
    return left


def test_a_batch_killed_ten_times_ends_as_one_that_was_not(classes):
    disturbed, calm = classes
    whole = start(calm)
    begun = time.monotonic()
    assert whole.wait(120) == 0, whole.stderr.read()
    whole.stderr.close()
    lasted = time.monotonic() - begun
    moments = random.Random(7)
    for _ in range(KILLS):
        running = start(disturbed)
        time.sleep(moments.uniform(0.2, 0.9) * lasted)
        for pid in [running.pid, *in_session(running.pid)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        running.wait()
        running.stderr.close()
    last = start(disturbed)
    assert last.wait(120) == 0, last.stderr.read()
    last.stderr.close()
    assert rows(disturbed) == rows(calm)
    assert len(rows(calm)[1]) == 11
    left = [p for p in disturbed.work.rglob("*") if p.name.startswith(f".{LESSON}.")]
    assert not left


def test_a_killed_run_leaves_no_process(classes):
    running = start(classes[1], "--again")
    wait_for(lambda: len(in_session(running.pid)) > 3)  # the warm process and a pair
    running.kill()
    running.wait()
    running.stderr.close()
    wait_for(lambda: not in_session(running.pid))
