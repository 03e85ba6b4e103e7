"""docs/exercises.md says what every exercise is, and the notebooks agree."""

import ast
import re

import nbformat
import pytest

from course_utils.instructor.layout import Course
from course_utils.instructor.lesson import read_lesson

COURSE = Course.find(__file__)
LESSONS = COURSE.lessons()
POINTS = {
    "00_derivatives": (10, 4),
    "01_chain_rule": (20, 8),
    "02_partials_jacobian": (27, 8),
    "03_backprop": (32, 10),
    "04_gradient_checking": (25, 8),
    "05_capstone": (30, 0),
}


def table(lesson):
    """Return `{exercise: (signature, {test cell: points}, objective)}` as the contract has it."""
    text = (COURSE.root / "docs" / "exercises.md").read_text("utf-8")
    section = text.split(f"\n## {lesson}\n")[1].split("\n## ")[0]
    rows = {}
    for line in section.splitlines():
        if line.startswith("| `"):
            signature, _, points, objective, _ = (c.strip() for c in line.strip("|").split(" | "))
            signature = signature.strip("`")
            if not signature.startswith("class "):
                signature = ast.unparse(ast.parse(signature))  # 1e-5 is 1e-05 to Python
            name = re.match(r"(?:class )?(\w+)", signature)[1]
            cells = dict(cell.split() for cell in points.split(", "))
            rows[name] = signature, {k: int(v) for k, v in cells.items()}, int(objective)
    return rows


def shipped(lesson):
    notebook = nbformat.read(COURSE.notebooks / f"{lesson}.ipynb", as_version=4)
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def signature(cell, name):
    """Return what the shipped answer cell says of `name`, as the contract writes it."""
    for node in ast.parse(cell.source).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return f"{name}({ast.unparse(node.args)})"
        if isinstance(node, ast.ClassDef) and node.name == name:
            return f"class {name}"
        if isinstance(node, ast.Assign) and node.targets[0].id == name:
            return f"{name} = {ast.unparse(node.value)}"
    return None


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_exercise_is_in_the_contract_and_nothing_else_is(lesson):
    exercises = read_lesson(COURSE.lesson_text(lesson)).exercises.values()
    assert set(table(lesson)) == {e.name for e in exercises if not e.quiz}


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_learner_finds_the_signatures_of_the_contract(lesson):
    cells = shipped(lesson)
    found = {name: signature(cells[name], name) for name in table(lesson)}
    assert found == {name: row[0] for name, row in table(lesson).items()}


@pytest.mark.parametrize("lesson", LESSONS)
def test_points_and_objectives_are_those_of_the_contract(lesson):
    exercises = read_lesson(COURSE.lesson_text(lesson)).exercises
    for name, (_, points, objective) in table(lesson).items():
        cells = {
            (cell.removeprefix(f"check_{name}").lstrip("_") or "check"): n
            for cell, n in exercises[name].points.items()
        }
        assert (name, cells, exercises[name].objective) == (name, points, objective)


@pytest.mark.parametrize("lesson", LESSONS)
def test_points_and_quiz_items_add_up(lesson):
    exercises = read_lesson(COURSE.lesson_text(lesson)).exercises.values()
    points = sum(sum(e.points.values()) for e in exercises if not e.quiz)
    assert (points, sum(e.quiz for e in exercises)) == POINTS[lesson]


def test_the_whole_course_has_144_points_and_38_quiz_items():
    assert list(POINTS) == LESSONS
    assert tuple(map(sum, zip(*POINTS.values(), strict=True))) == (144, 38)
