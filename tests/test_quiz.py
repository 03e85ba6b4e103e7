"""Quiz answers: their form is told at once, their truth in the feedback."""

import pytest

from course_utils import (
    Mismatch,
    NotWritten,
    check_choice,
    check_choices,
    check_order,
    grade_choice,
    grade_choices,
    run_order,
)

LINES = {"A": "u = x + 1", "B": "y = u * u", "C": "y = u + v"}


def test_an_open_question_is_not_written_yet():
    with pytest.raises(NotWritten, match="^q1: not written yet"):
        check_choice("q1", None, "ABC")


@pytest.mark.parametrize("answer", ["A", "b", " C "])
def test_a_letter_in_any_case_is_accepted(answer):
    check_choice("q1", answer, "ABC")


@pytest.mark.parametrize("answer", ["E", "AB", "", 1, ["A"]])
def test_what_is_no_choice_is_told(answer):
    with pytest.raises(Mismatch, match="q1: is .*; needed one"):
        check_choice("q1", answer, "ABC")


def test_a_wrong_choice_is_explained_and_the_key_is_not_told():
    with pytest.raises(Mismatch) as caught:
        grade_choice("q1", "a", "B", A="You may think so.", B="Because.")
    assert str(caught.value) == "q1: A is not right. You may think so."


def test_a_right_choice_is_explained_too(capsys):
    grade_choice("q1", "b", "B", A="You may think so.", B="Because.")
    assert capsys.readouterr().out == "q1: B is right. Because.\n"


def test_a_list_of_choices_is_told_by_item():
    check_choices("bugs", ["A", "c"], "ABC", 2)
    with pytest.raises(NotWritten):
        check_choices("bugs", None, "ABC", 2)
    with pytest.raises(Mismatch, match="has 1 letters, needed 2"):
        check_choices("bugs", "A", "ABC", 2)
    with pytest.raises(Mismatch, match="bugs, item 2: is 'D'"):
        check_choices("bugs", "AD", "ABC", 2)


def test_every_wrong_item_is_explained(capsys):
    why = {1: "First.", 2: "Second.", 3: "Third."}
    grade_choices("bugs", "ab", {1: "A", 2: "B"}, why)
    assert capsys.readouterr().out.count("is right") == 2
    with pytest.raises(Mismatch) as caught:
        grade_choices("bugs", "bac", {1: "A", 2: "B", 3: "C"}, why)
    assert str(caught.value) == (
        "bugs: item 1: B is not right. First. item 2: A is not right. Second."
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (["A", "A"], "line A is used twice"),
        (["A", "Z"], "'Z' is none of the lines A, B, C"),
        (["B", "A"], "line B needs 'u' before any line has made it"),
        (["A"], "no line of yours computes 'y'"),
        (3, "needed a list of letters"),
    ],
)
def test_an_order_that_cannot_run_is_told(answer, message):
    with pytest.raises(Mismatch, match=message):
        check_order("order", answer, LINES, {"x": 2}, "y")


def test_an_order_that_runs_gives_its_result():
    assert run_order("order", "AB", LINES, {"x": 2}, "y") == 9
    assert run_order("order", ["a", "b"], LINES, {"x": 2}, "y") == 9


def test_a_line_that_stops_is_told_by_its_letter():
    with pytest.raises(Mismatch, match="order: line A stopped with TypeError: can only"):
        check_order("order", "AB", LINES, {"x": "two"}, "y")
