"""The sample class, graded by nbgrader: right scores, right statuses, nobody harmed by another."""

import json
import subprocess
import sys

import nbformat
import numpy as np
import pytest

from course_utils.instructor import bridge, grading, release, report, sample_class
from course_utils.instructor.lesson import hidden_lines, read_lesson

LESSON = "01_chain_rule"
# student: (status, total of 28, test cells that fail)
EXPECTED = {
    "student-01": ("graded", 28, set()),
    "student-02": ("graded", 28, set()),
    "student-03": (
        "graded",
        18,
        {"chain_four_sin", "chain_four_log", "chain_four_exp", "chain_four_power"}
        | {"fork_derivative_two_paths", "fork_derivative_three_paths", "vanishing_product"},
    ),
    "student-04": (
        "graded",
        18,
        {"line_order", "compose_derivative_short", "compose_derivative_depth"}
        | {"compose_derivative_places", "neuron_gradients_w", "neuron_gradients_b"},
    ),
    "student-05": (
        "graded",
        18,
        {"chain_four_sin", "chain_four_log", "chain_four_exp", "chain_four_power"}
        | {"fork_derivative_two_paths", "fork_derivative_three_paths", "vanishing_product"},
    ),
    "student-06": (
        "graded",
        20,
        {"line_order", "compose_derivative_depth", "compose_derivative_places"}
        | {"neuron_gradients_w", "neuron_gradients_b"},
    ),
    "student-07": (
        "graded",
        13,
        {"line_order", "neuron_gradients_w", "neuron_gradients_b", "vanishing_product"}
        | {f"q{i}" for i in range(1, 9)},
    ),
    "student-08": ("graded", 0, None),
    "student-09": ("graded", 28, set()),
    "student-10": ("ungradable", None, None),
    "student-11": ("partial", 26, {"vanishing_product"}),
    "student-12": ("graded", 28, set()),
}


@pytest.fixture(scope="module")
def graded(course, tmp_path_factory):
    """The sample class, graded once, with its feedback."""
    here = course.at(tmp_path_factory.mktemp("class"))
    release.build(here, execute=False)
    sample_class.make_class(here, LESSON)
    grading.grade(here, LESSON, timeout=5)
    return here


def rows(graded):
    return {row.student: row for row in grading.class_report(graded, LESSON).rows}


@pytest.mark.parametrize("student", EXPECTED)
def test_the_status_is_right(graded, student):
    assert rows(graded)[student].status == EXPECTED[student][0]


@pytest.mark.parametrize("student", EXPECTED)
def test_the_score_is_right(graded, student):
    whole = grading.class_report(graded, LESSON)
    assert whole.total(rows(graded)[student]) == EXPECTED[student][1]


@pytest.mark.parametrize("student", [s for s, e in EXPECTED.items() if e[2] is not None])
def test_the_right_test_cells_fail(graded, student):
    failed = {cell for cell, score in rows(graded)[student].scores.items() if score == 0}
    assert failed == {f"check_{name}" for name in EXPECTED[student][2]}


def test_a_copied_test_cell_is_dropped_and_said(graded):
    notes = rows(graded)["student-09"].notes
    assert notes == ("check_chain_four_sin: stands more than once; the copy was dropped.",)


def test_a_cut_off_file_says_why(graded):
    reason = rows(graded)["student-10"].reason
    assert reason == "the file ends in the middle: it was cut off while saving or uploading"


def test_an_endless_loop_names_its_cell(graded):
    assert rows(graded)["student-11"].reason == "ran longer than allowed: vanishing_product"


def test_a_warning_costs_nothing(graded):
    notebook = nbformat.read(graded.submitted(LESSON, "student-12"), as_version=4)
    (code,) = [c.source for c in notebook.cells if c.get("id") == "vanishing-product"]
    names = {"np": np, "sigmoid": lambda z: 1 / (1 + np.exp(-z))}
    exec(code, names)
    with pytest.warns(RuntimeWarning, match="invalid value"):
        names["vanishing_product"](0.0, 1, "relu")
    assert rows(graded)["student-12"].scores["check_vanishing_product"] == 2


def test_the_gradebook_waits_for_a_person_where_a_file_could_not_be_read(graded):
    assert set(bridge.scores(graded, LESSON)["student-10"].values()) == {None}


def test_a_second_run_leaves_alone_what_has_not_changed(graded, monkeypatch):
    def refuse(*args):
        raise AssertionError("graded again")

    before = grading.read_results(graded, LESSON)
    monkeypatch.setattr(bridge, "autograde", refuse)
    assert grading.grade(graded, LESSON) == before


def test_feedback_holds_no_hidden_test_and_tells_the_reason(graded):
    for student in ("student-06", "student-10"):
        bridge.write_feedback(graded, LESSON, student)
    page = graded.feedback(LESSON, "student-06").read_text("utf-8")
    assert "dw: is 1/2 times the true value, in every entry." in page
    assert "q1: C is right." in page
    hidden = read_lesson(graded.lesson_text(LESSON)).notebook
    tests = {line for cell, line in hidden_lines(hidden) if cell.startswith("check-")}
    assert len(tests) > 50
    assert [line for line in tests if len(line) > 30 and line in page] == []
    assert "the file ends in the middle" in graded.feedback(LESSON, "student-10").read_text("utf-8")


def test_the_report_is_written(graded, tmp_path):
    paths = report.write(grading.class_report(graded, LESSON), tmp_path)
    assert all(path.is_file() for path in paths.values())
    assert (tmp_path / "report.csv").read_text("utf-8").count("\n") == 13


def test_the_plain_nbgrader_command_gives_the_same_scores(graded, course, tmp_path):
    here = course.at(tmp_path)
    release.build(here, execute=False)
    for student in ("student-06", "student-09"):
        path = here.submitted(LESSON, student)
        path.parent.mkdir(parents=True)
        path.write_bytes(graded.submitted(LESSON, student).read_bytes())
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", LESSON],
        cwd=course.root,
        env={**bridge.environment(), "COURSE_WORK": str(tmp_path)},
        check=True,
        capture_output=True,
    )
    ours, plain = bridge.scores(graded, LESSON), bridge.scores(here, LESSON)
    assert plain == {student: ours[student] for student in plain}
    assert len(plain) == 2


def test_results_are_plain_json(graded):
    stored = json.loads(graded.results(LESSON).read_text("utf-8"))
    assert [row["student"] for row in stored] == sorted(EXPECTED)
