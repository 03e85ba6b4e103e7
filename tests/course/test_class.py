"""The sample class, graded by nbgrader: right scores, right statuses, nobody harmed by another."""

import html
import json
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest

from course_utils.instructor import bridge, grading, release, report, sample_class
from course_utils.instructor.lesson import hidden_lines, read_lesson, visible_source

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


@pytest.fixture(scope="module")
def pages(graded):
    """The words of every feedback page by student."""
    for student in EXPECTED:
        bridge.write_feedback(graded, LESSON, student)
    pages = {s: graded.feedback(LESSON, s).read_text("utf-8") for s in EXPECTED}
    assert not any("<script" in page or "cdn" in page for page in pages.values())
    return {s: html.unescape(re.sub(r"<[^>]*>", "", page)) for s, page in pages.items()}


def test_no_feedback_holds_a_hidden_test(graded, pages):
    source = read_lesson(graded.lesson_text(LESSON)).notebook
    shown = "\n".join(visible_source(cell) for cell in source.cells)
    hidden = {line for cell, line in hidden_lines(source) if cell.startswith("check-")}
    hidden = {line for line in hidden if len(line) > 12 and line not in shown}
    assert len(hidden) > 50
    # The explanations of a quiz stand in its hidden tests, and are shown.
    said = re.findall(r"q\d: .*", "\n".join(pages.values()))
    hidden = {line for line in hidden if not any(line[4:-3] in text for text in said)}
    assert [(s, line) for s, page in pages.items() for line in hidden if line in page] == []


def test_feedback_tells_what_is_wrong_and_who_will_look(pages):
    assert "dw: is 1/2 times the true value, in every entry." in pages["student-06"]
    assert "q1: C is right." in pages["student-06"]
    assert "chain_four: not written yet" in pages["student-08"]
    assert "Reason: the file ends in the middle" in pages["student-10"]
    assert "No score yet" in pages["student-10"]
    assert "Reason: ran longer than allowed: vanishing_product." in pages["student-11"]
    assert "and was stopped." in pages["student-11"]


def test_feedback_gives_the_gradebooks_points(graded, pages):
    for student, (_, total, _) in EXPECTED.items():
        if total is not None:
            assert f"{total} of 28 points" in pages[student]


def test_the_plain_nbgrader_command_writes_the_same_feedback(graded, course, pages):
    path = graded.feedback(LESSON, "student-06")
    ours = path.read_bytes()
    path.unlink()
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_feedback", LESSON, "--force"],
        cwd=course.root,
        env={**bridge.environment(), "COURSE_WORK": str(graded.work)},
        check=True,
        capture_output=True,
    )
    assert path.read_bytes() == ours


def test_feedback_copies_no_other_file(graded, pages, tmp_path):
    (tmp_path / "secret").write_text("of the lecturer")
    folder = graded.autograded(LESSON, "student-01").parent
    folder.chmod(0o755)
    (folder / "stolen.txt").symlink_to(tmp_path / "secret")
    (folder / "stolen.html").symlink_to(tmp_path / "secret")
    (folder / "data").mkdir()
    (folder / "data" / "timestamp.txt").symlink_to(tmp_path / "secret")
    (folder / "timestamp.txt").write_text("2026-01-02 03:04:05.678901 UTC")
    bridge.write_feedback(graded, LESSON, "student-01")
    found = graded.feedback(LESSON, "student-01").parent.rglob("*")
    assert {path.name for path in found if path.is_file()} == {f"{LESSON}.html", "timestamp.txt"}


def test_the_mistakes_of_the_class_are_counted_with_examples(graded):
    whole = grading.class_report(graded, LESSON)
    found = {(m.exercise, m.key): m.count for m in whole.mistakes}
    assert found["chain_four", "outer-at-x"] == found["chain_four", "sum-for-product"] == 1
    assert found["line_order", "sum-for-product"] == 1
    assert not any(key == "not-written" for _, key in found)  # students 7 and 8 left much open
    for which, example in whole.examples.items():
        assert which in found
        assert example.code and example.said
    named = {which for which in found if which[1]}
    assert named <= whole.examples.keys()


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
