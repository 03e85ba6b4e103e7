"""Five ways to know a derivative, none of which uses another, say the same."""

import numpy as np
import pytest
from hypothesis import given, settings

from course_utils.oracles import dual, numerical_gradient, richardson, tape
from course_utils.oracles.blackbox import BlackBox
from course_utils.oracles.complex_step import complex_step_jacobian
from tests.oracles.expressions import expressions

ORACLES = {
    "tape": (tape.grad, 1e-12),
    "dual numbers": (dual.gradient, 1e-12),
    "Richardson": (lambda f, x: richardson.estimate(BlackBox(f, x)).slope[0], 1e-9),
    "central differences": (numerical_gradient, 1e-4),  # they err by h**2 f''' / 6
}


@pytest.mark.parametrize("name", ORACLES)
@given(case=expressions())
@settings(deadline=None)
def test_an_oracle_agrees_with_the_complex_step(name, case):
    oracle, accuracy = ORACLES[name]
    f, x = case
    exact = complex_step_jacobian(f, x)[0]
    assert np.abs(oracle(f, x) - exact).max() <= accuracy * (1 + np.abs(exact).max())
