"""Facts about functions that are only called: their noise, and when they are unfit."""

import numpy as np
import pytest

from course_utils.oracles.blackbox import (
    EPS,
    BlackBox,
    ChangesItsInput,
    NotDeterministic,
    NotFinite,
)

X = np.array([0.7, -1.1, 2.3])


def test_a_function_that_changes_its_input_is_unfit():
    def greedy(x):
        x *= 2
        return x.sum()

    before = X.tobytes()
    with pytest.raises(ChangesItsInput, match="changes its input number 1 in place"):
        BlackBox(greedy, X)
    assert X.tobytes() == before


def test_a_change_in_the_second_call_is_seen_too():
    calls = []

    def late(x):
        calls.append(1)
        if len(calls) == 2:
            x[0] = 0
        return x.sum()

    with pytest.raises(ChangesItsInput):
        BlackBox(late, X)


def test_a_random_function_is_unfit():
    rng = np.random.default_rng(0)
    with pytest.raises(NotDeterministic, match="two calls with the same input differ by") as caught:
        BlackBox(lambda x: x.sum() + rng.normal(), X)
    assert 0 < caught.value.gap < 10


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_point_without_a_finite_value_is_told(value):
    with pytest.raises(NotFinite, match="is nan or inf at this point"):
        BlackBox(lambda x: x.sum() * value, X)


def test_values_that_are_no_real_numbers_are_told():
    with pytest.raises(TypeError, match="complex128, needed real numbers"):
        BlackBox(lambda x: x * 1j, X)


@pytest.mark.parametrize(
    ("f", "noise"),
    [
        (lambda x: np.sum(np.sin(x)), EPS),
        (lambda x: np.sum(np.sin(x)) + 1e8, 1.5e-8),
        (lambda x: np.float32(np.sum(np.sin(x)) + 4), 2.4e-7),
        (lambda x: np.sum(np.sin(x.astype(np.float32))), 1e-7),
        (lambda x: np.round(np.sum(np.sin(x)), 9), 3e-10),
        (lambda x: np.sum(np.sin(x)) + 1e-6 * np.sin(1e13 * x[0]), 7e-7),
    ],
)
def test_the_noise_is_found_within_a_factor_of_5(f, noise):
    assert noise / 5 < BlackBox(f, X).noise[0] < noise * 5


def test_curvature_is_not_taken_for_noise():
    x = 1e6 + X  # one step of the coarsest grid is a radian here
    assert BlackBox(lambda x: np.sum(np.sin(x)), x).noise[0] < 1e-9


def test_a_kink_beside_x_is_not_taken_for_noise():
    assert BlackBox(lambda x: np.abs(x[0] - 0.7), X).noise[0] < 1e-15


def test_outside_of_its_domain_a_function_is_nan():
    import math

    box = BlackBox(lambda x: math.log(x[0]), X)
    assert np.isnan(box.at(0, -1.0)[0])
    assert box.at(0, 1.0)[0] == 0.0
