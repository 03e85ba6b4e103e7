"""Mistakes that other courses make and print: this one neither makes nor accepts them."""

import ast
import re
import warnings
from pathlib import Path

import jupytext
import nbformat
import numpy as np
import pytest
import sympy as sp

from course_utils import Mismatch, check_derivative
from course_utils.instructor.layout import Course
from course_utils.instructor.lesson import read_lesson, visible_source
from course_utils.instructor.rehearsal import rehearse

COURSE = Course.find(__file__)
LESSONS = COURSE.lessons()


def notebook(lesson):
    return nbformat.read(COURSE.executed / f"{lesson}.ipynb", as_version=4)


def text(lesson):
    """Return all Markdown of a lesson, in one line."""
    cells = (c.source for c in notebook(lesson).cells if c.cell_type == "markdown")
    return " ".join(" ".join(cells).split())


def printed(lesson):
    """Return all that the cells of a solved lesson print."""
    cells = (c for c in notebook(lesson).cells if c.cell_type == "code")
    return "\n".join(o.get("text", "") for c in cells for o in c.outputs)


def trees(lesson):
    return [ast.parse(c.source) for c in notebook(lesson).cells if c.cell_type == "code"]


def numbers_in(lesson):
    return set(re.findall(r"\d*\.\d+(?:e[-+]\d+)?", text(lesson) + printed(lesson)))


def rejected_by(lesson, exercise, code):
    """Return what the test cells of an exercise say of an answer; empty if they accept it."""
    source = read_lesson(COURSE.lesson_text(lesson)).notebook
    outcomes = rehearse(source, {exercise: code}, only=[exercise])
    return [str(o.error) for o in outcomes if o.error and not o.raises]


WRONG = {
    cell.metadata.wrong: (cell.metadata.lesson, cell.metadata.of, cell.source)
    for cell in jupytext.read(Path(__file__).parent / "old_mistakes.py", fmt="py:percent").cells
    if cell.cell_type == "code"
}


@pytest.mark.parametrize("what", WRONG)
def test_what_other_courses_accept_is_rejected(what):
    assert rejected_by(*WRONG[what])


def test_the_missing_sum_over_the_batch_is_named():
    said = rejected_by(*WRONG["the bias gradient of a batch is not summed"])
    assert any("sum over the batch (axis=0)" in sentence for sentence in said)


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_test_cell_checks_something_in_view_of_the_learner(lesson):
    for cell in read_lesson(COURSE.lesson_text(lesson)).notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            assert re.search(
                r"\b(check_|must_)\w+\(|\braise Mismatch\(|\bcall\(", visible_source(cell)
            ), cell.id


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_sigmoid_or_softmax_of_a_thousand_warns_of_nothing(lesson):
    for tree in trees(lesson):
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and re.fullmatch(
                r"(stable_)?sigmoid|softmax", node.name
            ):
                names = {"np": np}
                exec(ast.unparse(node), names)
                z = np.array([[-1000.0, 0.0, 1000.0]])
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    assert np.isfinite(names[node.name](z)).all()


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_string_has_a_backslash_that_python_reads_as_something_else(lesson):
    for tree in trees(lesson):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.search(r"[\x00-\x09\x0b-\x1f]", node.value), node.value
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", text(lesson))


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_number_of_a_training_run_is_copied(lesson):
    assert not numbers_in(lesson) & {"0.7182", "0.2847", "0.0521", "0.0184", "0.0098"}


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_false_sentence_is_repeated(lesson):
    said = text(lesson).lower()
    assert "independently at each layer" not in said
    assert "gradient accumulation in deep" not in said
    assert "errors should be" not in said


def test_a_central_difference_is_not_claimed_to_be_exact_to_ten_places():
    h = 1e-5
    rows = [(lambda x: (2 * x + 1) ** 2, lambda x: 4 * (2 * x + 1), (0, 1, -0.5, 2.5))]
    rows += [(lambda x: np.sin(x**2), lambda x: np.cos(x**2) * 2 * x, (0.5, 1, 2))]
    errors = [abs((f(x + h) - f(x - h)) / (2 * h) - df(x)) for f, df, at in rows for x in at]
    assert sum(error > 1e-10 for error in errors) == 3
    assert "1e-10" not in printed("01_chain_rule") + text("01_chain_rule")


def test_a_slope_that_is_off_by_a_hundred_millionth_is_rejected():
    with pytest.raises(Mismatch):
        check_derivative(
            lambda x: (1 + x**2) ** 10, lambda x: 20 * x * (1 + x**2) ** 9 * (1 + 1e-8), 1.0
        )


def test_a_chain_of_three_links_is_not_called_a_function_of_three_variables():
    assert "It has three links, not three variables." in text("01_chain_rule")


def test_the_best_step_of_the_worked_example_is_the_one_of_the_theory():
    x = sp.symbols("x", positive=True)
    f = x * sp.log(x + sp.exp(-x))
    value, third = (float(g.subs(x, 1.5)) for g in (f, sp.diff(f, x, 3)))
    h = (3 * np.finfo(float).eps * abs(value) / abs(third)) ** (1 / 3)
    assert f"{h:.1e}" == "1.1e-05"
    assert "1.1e-05" in printed("04_gradient_checking")


def test_whole_numbers_in_a_gradient_are_shown_for_what_they_give():
    assert "[ 49999 150000 249999]" in printed("04_gradient_checking")


def test_a_training_curve_starts_where_there_is_something_to_learn():
    shown = printed("03_backprop")
    assert "4.7e-06" in shown  # the start that is already fitted, shown as a warning


def test_learning_of_xor_is_counted_over_many_seeds():
    assert re.search(r"of 200", printed("03_backprop"))


def test_the_bound_on_the_sine_is_proved():
    assert r"|\sin a - \sin b|" in text("00_derivatives")
    assert r"\cos c" in text("00_derivatives")


def test_the_gradient_is_called_the_direction_of_steepest_ascent():
    assert "steepest ascent" in text("02_partials_jacobian")
