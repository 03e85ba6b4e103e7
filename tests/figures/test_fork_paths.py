"""The figure of the two paths of a product."""

import numpy as np
import pytest

from course_utils.figures.fork_paths import fork_paths


def columns(figure):
    return {name: np.array(v) for name, v in figure.data.items() if name not in ("labels",)}


def test_the_paths_and_their_sum_are_the_product_rule():
    c = columns(fork_paths())
    x = c["xs"]
    assert c["through_u"] == pytest.approx(2 * x * np.sin(x), abs=1e-6)
    assert c["through_v"] == pytest.approx(x**2 * np.cos(x), abs=1e-6)
    assert c["total"] == pytest.approx(2 * x * np.sin(x) + x**2 * np.cos(x), abs=1e-6)


def test_own_functions_are_taken():
    own = ((lambda x: x**3, "u = x³"), (np.cos, "v = cos x"))
    c = columns(fork_paths(*own, x=0.7, low=-2, high=2))
    x = c["xs"]
    assert c["total"] == pytest.approx(3 * x**2 * np.cos(x) - x**3 * np.sin(x), abs=1e-6)


def test_everything_drawn_lies_within_the_limits():
    c = columns(fork_paths())
    low, high = c["limits"]
    for name in ("through_u", "through_v", "total"):
        assert low < c[name].min() and c[name].max() < high


def test_the_slope_is_told_only_after_it_was_predicted():
    figure = fork_paths(x=1.0)
    assert figure.guess is None and "2.223" not in figure.alt()
    move = {"method": "update", "state": {"guess": 2.0, "guess_x": 1.0}, "buffer_paths": []}
    figure._handle_msg({"content": {"data": move}, "buffers": []})
    assert figure.alt().endswith("Stacked they reach 2.223, the slope of p that was measured.")


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ({"v": (np.cos, "w = cos x")}, '"w = cos x" has to begin with "v ="'),
        ({"u": np.sin}, "u is"),
        ({"u": (np.log, "u = ln x")}, "u = ln x has no"),
        ({"u": (abs, "u = |x|"), "low": -1}, r"u = \|x\| has a kink at x = 0: choose low and high"),
        ({"x": 4.0}, "x = 4 is outside: choose it from 0 to 3.4"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_cure(bad, told):
    with pytest.raises(ValueError, match=told):
        fork_paths(**bad)
