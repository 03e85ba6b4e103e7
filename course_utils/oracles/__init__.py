"""How a derivative is known without being told: from function values alone."""

import warnings

from course_utils.oracles.complex_step import complex_step_derivative
from course_utils.oracles.finite import (
    EPS,
    extrapolated_derivative,
    numerical_derivative,
    numerical_gradient,
)

__all__ = [
    "complex_step_derivative",
    "numerical_derivative",
    "numerical_gradient",
    "true_derivative",
    "true_gradient",
]


def true_derivative(f, x):
    """Return `(slope, error)` of `f` at the number `x`.

    The complex step is used where it agrees with an extrapolated central difference, since on a
    function with abs or comparisons it is silently wrong; elsewhere the central difference stands.
    """
    x = float(x)
    slope, error = extrapolated_derivative(f, x)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            exact = complex_step_derivative(f, x)
    except Exception:
        return slope, error
    agree = abs(exact - slope) <= 10 * error + 1e-6 * abs(slope)
    return (exact, 4 * EPS * abs(exact)) if agree else (slope, error)


def true_gradient(f, x):
    """Return `(gradient, error)`, two arrays of the shape of `x`, of a scalar-valued `f`."""
    import numpy as np

    x = np.asarray(x, float)
    gradient, error = np.empty_like(x), np.empty_like(x)

    def along(i):
        def g(t):
            moved = x.astype(np.result_type(x, t))
            moved[i] = t
            return f(moved)

        return g

    for i in np.ndindex(x.shape):
        gradient[i], error[i] = true_derivative(along(i), x[i])
    return gradient, error
