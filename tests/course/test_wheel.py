"""What a student gets: the built wheel in a clean environment, without extras."""

import json
import subprocess
import sys
import venv
import zipfile

import pytest


@pytest.fixture(scope="module")
def wheel(course, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=course.root,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def student(course, wheel, tmp_path_factory):
    """An environment with the wheel and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("student")
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    pins = course.root / "constraints.txt"
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "-c", pins, wheel], check=True, capture_output=True
    )
    return folder


def run(student, *command):
    return subprocess.run(
        [student / "env" / "bin" / command[0], *command[1:]],
        cwd=student,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_package_can_be_imported_and_checks(student):
    code = (
        "import numpy as np, course_utils as c; print(c.__file__); "
        "c.check_derivative(np.sin, np.cos, 1.0)"
    )
    done = run(student, "python", "-c", code)
    assert done.returncode == 0, done.stderr
    assert str(student) in done.stdout


def test_the_notebooks_are_inside_and_the_solutions_are_not(wheel, course):
    names = zipfile.ZipFile(wheel).namelist()
    for path in course.notebooks.glob("*.ipynb"):
        assert f"course_utils/notebooks/{path.name}" in names
    assert not [name for name in names if "solutions" in name or "variants/" in name]


def test_a_working_copy_is_laid_out_from_the_wheel(student, course):
    assert run(student, "python", "-c", LAY_OUT).returncode == 0
    laid_out = {path.name for path in (student / "work").glob("*.ipynb")}
    assert laid_out == {path.name for path in course.notebooks.glob("*.ipynb")}


LAY_OUT = "from course_utils import lab; lab.lay_out('work')"
RUN = """
import json, pathlib
for path in sorted(pathlib.Path("work").glob("*.ipynb")):
    names = {"__name__": "__main__"}
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        about = cell["metadata"]
        expected = "raises-exception" in about.get("tags", [])  # tests, and errors on show
        if cell["cell_type"] == "code" and not expected:
            exec("".join(cell["source"]), names)
    print(path.stem)
"""


def test_every_lesson_runs_as_shipped_with_what_the_wheel_brings(student, course):
    done = run(student, "python", "-c", LAY_OUT + RUN)
    assert done.returncode == 0, done.stderr
    assert [name for name in course.lessons() if name not in done.stdout.split()] == []


def test_a_figure_to_move_brings_its_module_along(student):
    code = (
        "import numpy as np; from course_utils.figures.secant import secant; "
        "print(len(secant(np.square, 'x²')._repr_mimebundle_()[0]['image/svg+xml']))"
    )
    assert int(run(student, "python", "-c", code).stdout) > 1000


def test_the_progress_is_shown_without_extras(student):
    run(student, "python", "-c", LAY_OUT)
    done = run(student, "course", "progress", "work")
    assert "The chain rule" in done.stdout


def test_the_settings_are_where_jupyterlab_looks(student):
    share = student / "env" / "share" / "jupyter" / "lab" / "settings" / "overrides.d"
    settings = json.loads((share / "gradients-by-hand.json").read_text())
    assert settings["@jupyter-widgets/jupyterlab-manager:plugin"]["saveState"] is True


def test_grading_says_that_it_needs_the_extra(student):
    done = run(student, "course", "grade")
    assert done.returncode == 1
    assert "pip install 'gradients-by-hand[instructor]'" in done.stderr


def test_the_command_knows_its_version(student):
    assert run(student, "course", "--version").stdout == "course 0.1.0\n"
