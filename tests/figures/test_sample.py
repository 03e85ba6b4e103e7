"""A learner's own functions on a grid."""

import math

import numpy as np
import pytest

from course_utils.figures.sample import grid, link, on_grid, sample, slopes


@pytest.mark.parametrize(("low", "high", "step"), [(0, 2, 0.01), (0, 3.4, 0.02), (-5, 5, 0.05)])
def test_a_grid_stands_on_multiples_of_a_round_step(low, high, step):
    points = grid(low, high)
    assert np.allclose(np.diff(points), step)
    assert np.allclose(points / step, np.round(points / step))
    assert (points[0], points[-1]) == (low, high)


def test_a_grid_does_not_leave_its_range():
    points = grid(0.013, 1.999)
    assert points[0] >= 0.013 and points[-1] <= 1.999


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 1), (0, math.inf)])
def test_a_range_must_have_a_width(low, high):
    with pytest.raises(ValueError, match="low has to be below high"):
        grid(low, high)


def test_a_start_beside_the_grid_is_refused_and_one_on_it_is_taken():
    assert on_grid(grid(0, 1, 10), 0.32) == 0.3
    with pytest.raises(ValueError, match=r"x = 1\.2 is outside: choose it from 0 to 1"):
        on_grid(grid(0, 1, 10), 1.2)


def test_functions_of_one_number_and_of_arrays_and_constants_are_taken():
    for f in (math.sin, np.sin):
        assert sample(f, [0.5], "f") == pytest.approx([math.sin(0.5)])
    assert sample(lambda x: 2, [0.0, 1.0], "f").tolist() == [2, 2]


@pytest.mark.parametrize("log", [math.log, np.log])
def test_a_function_without_a_value_is_named_with_the_place_and_the_cure(log):
    with pytest.raises(ValueError, match="y = ln u has no .*at -1.*choose low and high"):
        sample(log, [-1.0], "y = ln u")


@pytest.mark.parametrize("bad", [lambda x: "no", lambda x: [x, x], lambda x: 1j * x])
def test_anything_but_one_real_number_is_refused(bad):
    with pytest.raises(ValueError, match="return one real number"):
        sample(bad, [1.0], "f")


def test_what_is_no_function_is_refused():
    with pytest.raises(ValueError, match=r"f is 3: give the function itself"):
        sample(3, [1.0], "f")


def test_slopes_are_true_to_eight_decimals():
    points = np.linspace(-2, 2, 9)
    assert slopes(np.sin, points, "f") == pytest.approx(np.cos(points).tolist(), abs=2e-8)


def test_a_kink_has_no_slope_and_a_steep_smooth_curve_has_one():
    assert slopes(abs, [-1.0, 0.0, 1.0], "f") == [-1, None, 1]
    assert None not in slopes(np.exp, [0.0, 20.0], "f")


@pytest.mark.parametrize("pair", [np.sin, (np.sin, "sine"), (np.sin, None), (np.sin, "= 3")])
def test_a_link_without_a_named_result_is_refused(pair):
    with pytest.raises(ValueError, match='link 1 is .*"u = sin x"'):
        link(pair, "link 1")
