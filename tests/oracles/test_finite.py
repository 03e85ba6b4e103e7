"""Facts about derivatives that are found from function values."""

import numpy as np
import pytest

from course_utils.oracles import numerical_derivative, numerical_gradient


def test_halving_h_quarters_the_central_error():
    errors = [abs(numerical_derivative(np.sin, 1.0, h) - np.cos(1.0)) for h in (0.1, 0.05)]
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.01)


def test_a_parabola_has_no_truncation_error():
    assert numerical_derivative(lambda x: x**2, 3.0, h=0.5) == 6.0


def test_whole_numbers_are_not_cut_off():
    assert numerical_derivative(lambda x: x**3, 2) == pytest.approx(12)
    assert numerical_gradient(lambda w: (w**2).sum(), np.array([1, 2, 3])) == pytest.approx(
        [2, 4, 6]
    )


def test_an_array_is_differentiated_entry_by_entry():
    x = np.linspace(-2, 2, 7)
    assert numerical_derivative(np.tanh, x) == pytest.approx(1 - np.tanh(x) ** 2)


def test_the_gradient_leaves_its_argument_as_it_is():
    x = np.array([[0.1, 0.2], [0.3, 0.4]])
    before = x.tobytes()

    def greedy(w):
        w *= 2
        return w.sum()

    numerical_gradient(greedy, x)
    assert x.tobytes() == before


def test_the_gradient_has_the_shape_of_its_argument():
    assert numerical_gradient(np.sum, np.ones((2, 1, 3))).shape == (2, 1, 3)


def test_the_step_grows_with_the_argument():
    assert numerical_derivative(np.log, 1e8) == pytest.approx(1e-8)
