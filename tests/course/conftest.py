"""A copy of the course that a test may break, and the course itself."""

import shutil
import subprocess

import pytest

from course_utils.instructor.layout import Course


@pytest.fixture(scope="session")
def course():
    return Course.find(__file__)


@pytest.fixture
def copy(course, tmp_path):
    """A copy of what git tracks of the course, without its history."""
    root = tmp_path / "course"
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=course.root,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    for name in filter(None, names):
        if (course.root / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(course.root / name, root / name)
    return Course(root, root / "build")
