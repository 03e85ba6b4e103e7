"""Facts about forward mode."""

import math

import numpy as np
import pytest
from hypothesis import given

from course_utils.oracles import dual, true_gradient
from tests.oracles.expressions import expressions
from tests.oracles.student_functions import STUDENT

X = np.array([[0.3, -1.2, 2.1], [0.9, 0.4, -0.7]])
V = np.array([[1.0, 0.5, -2.0], [0.1, 3.0, 1.0]])


@given(expressions())
def test_forward_mode_agrees_with_the_other_oracles(case):
    f, x = case
    truth = true_gradient(f, x)
    gradient = dual.gradient(f, x)
    size = 1 + np.max(np.abs(gradient))
    assert np.all(np.abs(gradient - truth.value) <= truth.error + 1e-12 * size)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sum(x, axis=0, keepdims=True),
        lambda x: x.mean(axis=1),
        lambda x: x.T @ x,
        lambda x: np.ones(2) @ x,
        lambda x: np.dot(x, x[0]),
        lambda x: np.outer(x[0], x[1]),
        lambda x: np.einsum("ij,kj->ik", x, x),
        lambda x: np.max(x, axis=1) * np.min(x),
        lambda x: np.sort(x, axis=0),
        lambda x: np.where(x > 0, x**2, -x),
        lambda x: np.std(x, axis=1) + np.var(x),
        lambda x: np.linalg.norm(x, axis=0),
        lambda x: np.prod(x, axis=0) + np.prod(x),
        lambda x: np.cumsum(x, axis=1) + np.cumprod(x, axis=1),
        lambda x: np.concatenate([x, 2 * x], axis=1).reshape(-1),
        lambda x: np.stack([row * 2 for row in x]),
        lambda x: np.vstack([x, np.ones((1, 3))]),
        lambda x: np.maximum(x, 0.5) - np.minimum(x, 0.1) + np.clip(x, -1, 1),
        lambda x: np.linalg.inv(x @ x.T),
        lambda x: np.linalg.solve(x @ x.T, x[:, 0]),
        lambda x: np.exp(x - x.max(axis=1, keepdims=True)),
        lambda x: np.abs(x) ** 1.5 + 2.0**x + x**3,
        lambda x: np.logaddexp(x, 0.0) + np.log1p(x**2) + np.arctan2(x, 2.0),
        lambda x: np.add.reduce(x) + np.maximum.reduce(x),
        lambda x: [x[0, 0] ** 2, 3.0, x.sum()],
    ],
)
def test_jvp_is_the_limit_of_a_difference(f):
    value, slope = dual.jvp(f, X, V)
    as_array = lambda x: np.asarray(f(x), float)
    h = 1e-5
    assert value == pytest.approx(as_array(X), rel=1e-15)
    difference = (as_array(X + h * V) - as_array(X - h * V)) / (2 * h)
    assert slope == pytest.approx(difference, rel=1e-6, abs=1e-8)


def test_changes_in_place_are_followed():
    def f(x):
        y = x * 1.0
        y *= x
        y[0] = 3 * y[1]
        y += 1
        return np.sum(y)

    assert dual.gradient(f, [2.0, 5.0]).tolist() == [0.0, 40.0]


def test_in_place_changes_leave_the_input_alone():
    x = np.array([1.0, 2.0])

    def f(w):
        w *= 3
        return np.sum(w)

    assert dual.gradient(f, x).tolist() == [3.0, 3.0]
    assert x.tolist() == [1.0, 2.0]


def test_a_view_shares_value_and_slope_with_its_array():
    def f(x):
        y = x * 1.0
        row = y[:1]
        row *= 7
        return np.sum(y)

    assert dual.gradient(f, [2.0, 5.0]).tolist() == [7.0, 1.0]


def test_a_plain_array_cannot_be_the_out_of_a_dual():
    def f(x):
        total = np.zeros(2)
        total += x
        return total

    with pytest.raises(TypeError, match="its derivative would be lost"):
        dual.jacobian(f, [1.0, 2.0])


def test_a_power_of_zero_has_a_slope():
    assert dual.gradient(lambda x: np.sum(x**2 + x**1 + x**0), np.zeros(2)).tolist() == [1.0, 1.0]


def test_the_slope_of_a_maximum_at_a_tie_is_the_middle():
    assert dual.gradient(lambda x: np.maximum(x, 0.0), 0.0) == 0.5


def test_a_constant_has_gradient_0():
    assert dual.gradient(lambda x: 5.0, np.ones((2, 2))).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("f", "words"),
    [
        (lambda x: float(x[0]), "its derivative would be lost"),
        (lambda x: math.sin(x[0]), "its derivative would be lost"),
        (lambda x: np.array([x[0], x[1]]), "its derivative would be lost"),
        (lambda x: np.sinc(x), "np.sinc: no derivative rule|lost"),
        (lambda x: np.spacing(x), "np.spacing: no derivative rule"),
        (lambda x: np.percentile(x, 50), "np.percentile: no derivative rule"),
        (lambda x: x.astype(np.float32), "its derivative would be lost"),
    ],
)
def test_what_it_cannot_follow_is_told(f, words):
    with pytest.raises(TypeError, match=words):
        dual.gradient(f, [1.0, 2.0])


def test_an_entry_of_a_plain_array_cannot_take_a_dual_number():
    def f(x):
        out = np.zeros(2)
        out[0] = x[0]
        return out

    with pytest.raises((TypeError, ValueError)):
        dual.jacobian(f, [1.0, 2.0])


@pytest.mark.parametrize("case", STUDENT, ids=lambda case: case.name)
def test_a_learners_function_is_differentiated_exactly_or_refused(case):
    try:
        gradient = dual.gradient(case.f, case.x)
    except (TypeError, ValueError, AttributeError):
        return
    assert gradient == pytest.approx(case.gradient, rel=1e-13, abs=1e-14)
