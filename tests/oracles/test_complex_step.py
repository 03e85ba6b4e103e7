"""Facts about the complex step, and about when it is trusted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.oracles import complex_step_derivative
from course_utils.oracles.blackbox import BlackBox
from course_utils.oracles.complex_step import complex_step_jacobian, is_sound
from tests.oracles.student_functions import STUDENT


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


def test_a_jacobian_has_a_row_for_each_value():
    J = complex_step_jacobian(lambda x: np.array([x[0] * x[1], x[1] ** 2, x[0]]), [2.0, 3.0])
    assert J.tolist() == [[3.0, 2.0], [0.0, 6.0], [1.0, 0.0]]


def test_a_dropped_imaginary_part_is_an_error_even_where_numpy_only_warns():
    with pytest.raises(np.exceptions.ComplexWarning):
        complex_step_jacobian(lambda x: np.sum(x.astype(float)) + x[0], [1.0, 2.0])


@pytest.mark.parametrize("case", STUDENT, ids=lambda case: case.name)
def test_what_the_probe_lets_pass_is_right(case):
    if is_sound(BlackBox(case.f, case.x)):
        gradient = complex_step_jacobian(case.f, case.x).ravel()
        assert gradient == pytest.approx(case.gradient, rel=1e-14)


def test_the_probe_sees_one_false_term_among_many():
    x = np.linspace(0.5, 2, 1000)
    assert is_sound(BlackBox(lambda x: np.sum(x**2), x))
    assert not is_sound(BlackBox(lambda x: np.sum(x**2) + 1e-3 * np.abs(x[137]), x))


def test_the_probe_does_not_pass_a_function_at_a_kink():
    assert not is_sound(BlackBox(lambda x: np.sum(np.maximum(x, 0.0)), np.array([1.0, 0.0])))
