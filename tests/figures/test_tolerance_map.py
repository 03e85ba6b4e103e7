"""The map of tolerances: what is caught, what survives, and when right code is rejected."""

import numpy as np
import pytest

from course_utils.figures.tolerance_map import tolerance_map

GOOD = {"bugs": ["a", "b", "c"], "errors": np.array([3e-3, 1.0, np.inf]), "noise": 2e-9}
POOR = {"bugs": ["a", "b", "c"], "errors": np.array([3e-3, 1e-12, 0.5]), "noise": 1e-12}


def test_a_bug_is_caught_from_the_tolerance_on_that_lies_below_its_error():
    figure = tolerance_map({"good": GOOD})
    caught, rejected = figure._table()
    assert figure.data["bugs"] == ["c", "b", "a"]
    assert caught.sum(axis=1).tolist() == [10, 10, 8]
    assert rejected.tolist() == [False] * 8 + [True] * 2


def test_a_wrong_shape_is_sent_as_none_since_json_has_no_infinity():
    data = tolerance_map({"good": GOOD, "poor": POOR}).data
    assert data["fixtures"]["good"]["errors"] == [None, 1.0, 3e-3]
    assert data["fixtures"]["poor"]["errors"] == [0.5, 1e-12, 3e-3]


def test_a_move_in_the_browser_counts_the_survivors_of_the_new_fixture():
    figure = tolerance_map({"good": GOOD, "poor": POOR})
    assert "At the tolerance 1e-1, 1 of them survive, and right code is accepted." in figure.alt()
    move = {
        "method": "update",
        "state": {"exponent": -2, "fixture": "poor"},
        "buffer_paths": [],
    }
    figure._handle_msg({"content": {"data": move}, "buffers": []})
    assert "At the tolerance 1e-2, 2 of them survive" in figure.alt()
    figure.fixture, figure.exponent = "good", -9
    assert "0 of them survive, and right code is rejected" in figure.alt()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"fixtures": {}}, "fixtures is empty"),
        ({"fixture": "bad"}, "fixture is 'bad': choose one of good"),
        ({"exponent": -11}, "exponent is -11"),
        ({"fixtures": {"good": GOOD, "x": POOR | {"bugs": ["a"]}}}, "x: its bugs are not those"),
        ({"fixtures": {"good": GOOD | {"errors": [1.0]}}}, "good: needs one error for each bug"),
        ({"fixtures": {"good": GOOD | {"noise": np.nan}}}, "finite noise"),
    ],
)
def test_arguments_that_make_no_map_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        tolerance_map(**{"fixtures": {"good": GOOD}} | arguments)
