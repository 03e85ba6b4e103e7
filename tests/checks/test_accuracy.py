"""Right derivatives pass, nearly right ones do not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils import Mismatch, check_derivative, check_gradient

PAIRS = [
    (np.sin, np.cos),
    (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    (lambda x: np.exp(-(x**2) / 2), lambda x: -x * np.exp(-(x**2) / 2)),
    (lambda x: (1 + x**2) ** 10, lambda x: 20 * x * (1 + x**2) ** 9),
    (lambda x: np.maximum(x, 0.0) * x, lambda x: 2 * x * (x > 0)),
    (lambda x: 1e-9 * np.sin(x), lambda x: 1e-9 * np.cos(x)),
]


@given(st.sampled_from(PAIRS), st.floats(0.05, 3))
def test_a_right_derivative_passes(pair, x):
    check_derivative(*pair, x)


@given(st.sampled_from(PAIRS), st.floats(0.05, 3))
def test_a_derivative_off_by_one_in_a_million_fails(pair, x):
    f, df = pair
    if abs(df(x)) > 1e-300:
        with pytest.raises(Mismatch):
            check_derivative(f, lambda t: df(t) * (1 + 1e-6), x)


def test_a_zero_gradient_at_a_small_scale_fails():
    with pytest.raises(Mismatch, match="is 0 where the true value is not"):
        check_gradient(lambda w: 1e-6 * (w**2).sum(), np.zeros(3), np.ones(3), name="dw")


def test_a_zero_gradient_passes_where_it_is_right():
    check_gradient(lambda w: 5.0, np.zeros(3), np.ones(3), name="dw")


def test_one_wrong_entry_of_many_is_found():
    x = np.linspace(1, 2, 200)
    claimed = np.cos(x)
    claimed[137] *= 1.0001
    with pytest.raises(Mismatch, match=r"is wrong in 1 of 200 entries") as caught:
        check_gradient(lambda w: np.sin(w).sum(), claimed, x, name="dw")
    assert "[137]" in str(caught.value)


def test_a_learner_in_float32_is_not_accused():
    x = np.linspace(0.1, 1, 5)
    check_gradient(lambda w: np.sin(w).sum(), np.cos(x.astype(np.float32)), x, name="dw")
