"""Facts about what the checks are told: value, error, kinks, and the method that found them."""

import math

import numpy as np
import pytest
import sympy
from hypothesis import given

from course_utils import Mismatch, check_derivative, check_gradient
from course_utils.oracles import (
    ChangesItsInput,
    NotDeterministic,
    hvp,
    jacobian,
    jvp,
    true_derivative,
    true_gradient,
    vjp,
)
from tests.oracles.expressions import expressions
from tests.oracles.hard_functions import HARD, worst_error
from tests.oracles.student_functions import STUDENT

X = np.array([[0.3, -1.2], [2.0, 0.7]])


def is_silently_wrong(truth, exact):
    """Return whether an entry is wrong by more than 1e-6 and by more than its error admits."""
    allowed = np.maximum(truth.error, 1e-6 * np.abs(exact))
    return bool(np.any(np.abs(truth.value - exact) > allowed))


def test_eleven_of_the_twelve_hard_functions_are_known_to_a_millionth():
    worst = {
        case.name: worst_error(true_gradient(case.f, case.x).value, case.gradient) for case in HARD
    }
    assert sum(error < 1e-6 for error in worst.values()) >= 11, worst


def test_there_are_31_functions_of_learners():
    assert len(HARD) == 12
    assert len({case.name for case in STUDENT}) == 31


@pytest.mark.parametrize("case", HARD + STUDENT, ids=lambda case: case.name)
def test_no_function_is_silently_wrong(case):
    assert not is_silently_wrong(true_gradient(case.f, case.x), case.gradient)


@pytest.mark.parametrize("case", STUDENT, ids=lambda case: case.name)
def test_every_learners_function_is_known_to_a_millionth(case):
    assert worst_error(true_gradient(case.f, case.x).value, case.gradient) < 1e-6


@given(expressions())
def test_a_smooth_expression_is_known_to_rounding(case):
    f, x = case
    truth = true_gradient(f, x)
    assert truth.kinks == ()
    assert np.all(truth.error <= 1e-9 * np.max(np.abs(truth.value)) + 1e-9)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("exp(-x**2 / 2) * sin(3 * x)", 0.7),
        ("log(cosh(x)) / x", 1.3),
        ("(1 + x**2)**10", -0.4),
        ("atan(exp(x)) + sqrt(x)", 2.5),
        ("x**x", 1.7),
    ],
)
def test_a_closed_form_agrees_with_sympy(text, point):
    x = sympy.Symbol("x")
    expression = sympy.sympify(text, {"x": x})
    exact = float(expression.diff(x).evalf(30, subs={x: sympy.Float(str(point), 30)}))
    truth = true_derivative(sympy.lambdify(x, expression, "numpy"), point)
    assert truth.value == pytest.approx(exact, rel=1e-13)
    assert truth.method == "complex step"


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (np.conj, 1.0, 1.0),
        (np.abs, -2.0, -1.0),
        (lambda x: float(x) ** 2, 3.0, 6.0),
        (lambda x: np.maximum(x, 0.0), 0.5, 1.0),
        (lambda x: np.sqrt(np.real(x * np.conj(x))), 2.0, 1.0),
        (math.sin, 0.0, 1.0),
        (lambda x: x**3, 2, 12.0),
        (lambda x: x, 5, 1.0),
        (lambda x: 7.0, 5, 0.0),
    ],
)
def test_the_true_derivative_is_right_where_the_complex_step_may_fail(f, x, slope):
    truth = true_derivative(f, x)
    assert isinstance(truth.value, float)
    assert truth.value == pytest.approx(slope, abs=1e-9)
    assert truth.error < 1e-8


def test_the_true_gradient_has_the_shape_of_x():
    truth = true_gradient(lambda w: np.sum(np.sin(w) * w), X)
    assert truth.value == pytest.approx(np.cos(X) * X + np.sin(X), rel=1e-14)
    assert truth.error.shape == X.shape


def test_whole_numbers_are_taken_as_floats():
    assert true_gradient(lambda w: (w**3).sum(), [1, 2]).value.tolist() == [3.0, 12.0]


@pytest.mark.parametrize("n", [3, 300])
def test_a_kink_is_reported_whatever_the_size(n):
    x = np.linspace(1, 2, n)
    x[1] = 0
    truth = true_gradient(lambda w: np.sum(np.maximum(w, 0.0) ** 2 + np.abs(w)), x)
    assert [kink.entry for kink in truth.kinks] == [1]
    assert truth.kinks[0].left == pytest.approx(-1, abs=1e-9)
    assert truth.kinks[0].right == pytest.approx(1, abs=1e-9)
    assert truth.value[1] == pytest.approx(0, abs=1e-9)


def test_beyond_the_border_of_the_domain_nothing_is_claimed():
    truth = true_gradient(lambda x: float(np.sum(x.real**1.5)), np.array([0.0, 1.0]))
    assert np.isnan(truth.value[0]) and truth.error[0] == np.inf
    assert truth.value[1] == pytest.approx(1.5, rel=1e-9)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("kind", ["relu", "abs", "tanh", "Huber"])
def test_a_net_of_any_scale_is_known_within_its_error(kind, seed):
    rng = np.random.default_rng(seed)
    scale, n, width = 10.0 ** rng.integers(-3, 4), rng.integers(1, 9), rng.integers(1, 30)
    W, b, w = rng.normal(size=(width, n)) / scale, rng.normal(size=width), rng.normal(size=width)
    x = scale * rng.normal(size=n)
    act, slope = {
        "relu": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0)),
        "abs": (np.abs, np.sign),
        "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
        "Huber": (
            lambda z: np.where(np.abs(z) < 1, z**2 / 2, np.abs(z) - 0.5),
            lambda z: np.clip(z, -1, 1),
        ),
    }[kind]
    z = W @ x + b
    exact = 2 * (w @ act(z)) * (W.T @ (w * slope(z))) + np.cos(x)
    truth = true_gradient(lambda x: (w @ act(W @ x + b)) ** 2 + np.sum(np.sin(x)), x)
    assert not truth.kinks
    assert not is_silently_wrong(truth, exact)


def test_a_vector_has_no_gradient():
    with pytest.raises(ValueError, match="3 values: only one number has a gradient"):
        true_gradient(lambda x: x, np.ones(3))


@pytest.mark.parametrize("f", [lambda x: np.tanh(X @ x), lambda x: np.tanh(X @ x.real)])
def test_products_with_the_jacobian_agree_with_it(f):
    x, v, u = np.array([0.4, -0.8]), np.array([1.0, 3.0]), np.array([-2.0, 0.5])
    J = (1 - np.tanh(X @ x) ** 2)[:, None] * X
    assert jacobian(f, x) == pytest.approx(J, rel=1e-10)
    assert jvp(f, x, v) == pytest.approx(J @ v, rel=1e-10)
    assert vjp(f, x, u) == pytest.approx(u @ J, rel=1e-10)


def test_a_jacobian_of_arrays_flattens_both_sides():
    J = jacobian(lambda x: x.T * 2, X)
    assert J.shape == (4, 4)
    assert J.tolist() == (2 * np.eye(4)[[0, 2, 1, 3]]).tolist()


def test_the_identity_gives_no_view_of_the_private_copy():
    assert jacobian(lambda x: x, [1.0, 2.0]).tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert jacobian(lambda x: x.real, [1.0, 2.0]) == pytest.approx(np.eye(2), abs=1e-9)


@pytest.mark.parametrize("f", [lambda x: np.sum(x**4), lambda x: float(np.sum(x**4))])
def test_a_hessian_product_is_the_slope_of_the_gradient(f):
    v = np.array([[1.0, 0.0], [2.0, -1.0]])
    assert hvp(f, X, v) == pytest.approx(12 * X**2 * v, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("oracle", [true_gradient, jacobian])
def test_the_callers_array_is_never_changed(oracle):
    x = np.array([1.0, 2.0, 3.0])
    before = x.tobytes()
    oracle(lambda w: float(np.sum(w**2)), x)
    with pytest.raises(ChangesItsInput):
        oracle(lambda w: np.add(w, 1, out=w).sum(), x)
    assert x.tobytes() == before


def test_a_change_that_only_a_moved_point_shows_is_reported():
    def sly(w):
        if w[0] != 1:
            w[1] = 7
        return float(w.sum())

    with pytest.raises(ChangesItsInput):
        true_gradient(sly, np.array([1.0, 2.0]))


def test_a_check_tells_a_function_that_is_unfit():
    rng = np.random.default_rng(0)

    def dropout(x):
        return np.sum(x) * rng.random()

    def greedy(x):
        x += 1
        return x.sum()

    with pytest.raises(NotDeterministic):
        true_gradient(dropout, np.ones(2))
    with pytest.raises(Mismatch, match="^dropout: two calls with the same input differ by"):
        check_derivative(dropout, lambda x: 1.0, 2.0)
    with pytest.raises(Mismatch, match="^greedy: changes its input number 1 in place"):
        check_gradient(greedy, np.ones(2), np.ones(2))
