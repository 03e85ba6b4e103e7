"""A copy of the course that a test may break, the course itself, and what a run came to."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from course_utils.instructor import bridge, grading, release
from course_utils.instructor.layout import Course
from course_utils.instructor.lesson import read_lesson


@pytest.fixture(scope="session")
def course():
    return Course.find(__file__)


@pytest.fixture
def copy(course, tmp_path):
    """A copy of what git tracks of the course, with lesson 1 alone, so that a try is fast."""
    root = tmp_path / "course"
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=course.root,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    others = [lesson for lesson in course.lessons() if lesson != "01_chain_rule"]
    for name in filter(None, names):
        if (course.root / name).is_file() and Path(name).stem not in others:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(course.root / name, root / name)
    copy = Course(root, root / "build")
    copy.recalls.write_text(
        release.recalls([read_lesson(copy.lesson_text("01_chain_rule"))]), "utf-8"
    )
    return copy


def outcome(course, lesson):
    """Return what gradebook and results say of a class, by student, without times."""
    results = grading.read_results(course, lesson)
    told = {s: (r.status, r.reason, r.notes, r.sha256, r.mistakes) for s, r in results.items()}
    return bridge.scores(course, lesson), told


def wait_for(condition):
    """Return what `condition` returns once that is true."""
    until = time.monotonic() + 60
    while not (found := condition()):
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.02)
    return found
