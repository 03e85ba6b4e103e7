"""Facts about the complex step, and about when it is trusted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.oracles import complex_step_derivative, true_derivative, true_gradient


@given(st.floats(-2, 2))
def test_it_is_exact_to_rounding(x):
    f = lambda t: np.exp(np.sin(t)) * t**3
    exact = np.exp(np.sin(x)) * (np.cos(x) * x**3 + 3 * x**2)
    assert complex_step_derivative(f, x) == pytest.approx(exact, rel=1e-13, abs=1e-15)


def test_a_function_that_drops_the_complex_part_is_told():
    with pytest.raises(TypeError, match="real value for a complex argument"):
        complex_step_derivative(lambda x: np.abs(x), 1.0)


def test_it_is_silently_wrong_where_a_comparison_stands():
    assert complex_step_derivative(lambda z: np.conj(z), 1.0) == -1.0


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (np.conj, 1.0, 1.0),
        (np.abs, -2.0, -1.0),
        (lambda x: float(x) ** 2, 3.0, 6.0),
        (lambda x: np.maximum(x, 0.0), 0.5, 1.0),
        (lambda x: np.sqrt(np.real(x * np.conj(x))), 2.0, 1.0),
    ],
)
def test_the_true_derivative_is_right_where_the_complex_step_fails(f, x, slope):
    found, error = true_derivative(f, x)
    assert found == pytest.approx(slope, abs=1e-9)
    assert error < 1e-8


def test_the_true_gradient_is_exact_for_a_smooth_function():
    x = np.array([[0.3, -1.2], [2.0, 0.7]])
    gradient, _ = true_gradient(lambda w: np.sum(np.sin(w) * w), x)
    assert gradient == pytest.approx(np.cos(x) * x + np.sin(x), rel=1e-14)
