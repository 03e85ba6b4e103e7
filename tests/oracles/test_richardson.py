"""Facts about extrapolated differences, their error estimates, and kinks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.oracles.blackbox import BlackBox
from course_utils.oracles.richardson import Kink, estimate, extrapolate
from tests.oracles.expressions import expressions
from tests.oracles.hard_functions import HARD
from tests.oracles.student_functions import STUDENT


def slopes(f, x):
    found = estimate(BlackBox(f, x))
    return found.slope.ravel(), found.error.ravel(), found.kinks


@given(st.floats(-3, 3), st.floats(0.1, 3))
def test_the_error_is_within_its_estimate(x, a):
    f = lambda t: np.sin(a * t) + t**2
    exact = a * np.cos(a * x) + 2 * x
    (slope,), (error,), _ = slopes(f, x)
    assert abs(slope - exact) <= error + 1e-15
    assert error < 1e-8


@given(expressions())
def test_a_smooth_expression_has_no_kink_and_a_small_error(case):
    f, x = case
    _, error, kinks = slopes(f, x)
    assert not kinks
    assert np.all(error < 1e-6)


@pytest.mark.parametrize("case", HARD + STUDENT, ids=lambda case: case.name)
def test_with_real_arithmetic_alone_no_error_exceeds_its_estimate(case):
    slope, error, kinks = slopes(case.f, case.x)
    allowed = np.maximum(4 * error, 1e-6 * np.abs(case.gradient))
    assert np.all(np.abs(slope - case.gradient) <= allowed)
    assert not kinks


@pytest.mark.parametrize(
    ("f", "left", "right"),
    [
        (np.abs, -1.0, 1.0),
        (lambda x: np.maximum(x, 0.0), 0.0, 1.0),
        (lambda x: 1e3 + np.maximum(x, 0.0) + np.sin(5 * x), 5.0, 6.0),
        (lambda x: np.exp(x) + 1e-3 * np.abs(x), 0.999, 1.001),
        (lambda x: np.where(x > 0, x**2 + x, 0.01 * x), 0.01, 1.0),
        (lambda x: np.float32(np.abs(x) + np.cos(x)), -1.0, 1.0),
    ],
)
def test_a_kink_is_reported_with_both_slopes(f, left, right):
    slope, error, kinks = slopes(f, 0.0)
    assert [kink[:2] for kink in kinks] == [(0, 0)]
    assert kinks[0].left == pytest.approx(left, abs=2e-4 if f(0.0).itemsize == 4 else 1e-8)
    assert kinks[0].right == pytest.approx(right, abs=2e-4 if f(0.0).itemsize == 4 else 1e-8)
    assert slope[0] == pytest.approx((left + right) / 2, abs=1e-4)
    assert error[0] >= abs(right - left) / 2 * (1 - 1e-3)


def test_a_kink_far_from_0_is_reported_for_its_entry_alone():
    _, _, kinks = slopes(lambda x: np.sum(np.maximum(x, 3.0)), np.array([2.0, 3.0, 4.0]))
    assert [(kink.output, kink.entry) for kink in kinks] == [(0, 1)]
    assert isinstance(kinks[0], Kink)


@pytest.mark.parametrize("distance", [1e-2, -1e-3, 1e-5, -1e-7, 1e-8])
def test_beside_a_kink_the_slope_of_its_own_side_counts(distance):
    (slope,), (error,), kinks = slopes(lambda x: np.abs(x) + x**2, distance)
    assert not kinks
    assert slope == pytest.approx(
        np.sign(distance) + 2 * distance, abs=1e-15 / abs(distance) + 1e-9
    )
    assert abs(slope - np.sign(distance) - 2 * distance) <= error


def test_a_rounded_corner_is_no_kink():
    _, _, kinks = slopes(lambda x: np.sqrt(x**2 + 1e-8), 0.0)
    assert not kinks


def test_a_jump_has_no_slope_that_is_claimed_to_be_known():
    _, (error,), kinks = slopes(lambda x: np.where(x >= 0, 1.0, 0.0), 0.0)
    assert not kinks
    assert error > 1


def test_every_output_has_its_own_slopes_and_kinks():
    found = estimate(BlackBox(lambda x: np.array([np.abs(x[0]), x[0] * x[1]]), [0.0, 2.0]))
    assert found.slope == pytest.approx(np.array([[0, 0], [2, 0]]), abs=1e-9)
    assert [kink[:2] for kink in found.kinks] == [(0, 0)]


def test_a_series_in_h_squared_is_extrapolated_to_its_limit():
    h = 0.5 ** np.arange(5)
    slope, _ = extrapolate((3 + h**2 - 2 * h**4 + h**6)[:, None], h, np.zeros(1), 2)
    assert slope[0] == pytest.approx(3, rel=1e-15)


def test_steps_over_many_periods_do_not_look_like_a_slope_of_0():
    (slope,), (error,), _ = slopes(lambda x: np.sin(x), 1e6)
    assert abs(slope - np.cos(1e6)) <= error < 1e-6
