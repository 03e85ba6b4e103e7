"""Derivatives from function values alone."""

import numpy as np

from course_utils.oracles.refusal import ask

EPS = np.finfo(float).eps


def step_size(x):
    """The step for a central difference at `x`: it balances truncation against rounding.

    The truncation error grows like h**2 and the rounding error like eps / h; their sum is
    smallest near the cube root of eps, scaled to x.
    """
    return EPS ** (1 / 3) * np.maximum(1.0, np.abs(x))


def numerical_derivative(f, x, h=None):
    """Return the central difference (f(x + h) - f(x - h)) / (2 h).

    f: function of a number, or of an array and then applied entry by entry.
    x: number or array; whole numbers are taken as floats.
    h: step; by default about 6e-6 * max(1, |x|).
    Returns a float for a number, and an array of x's shape for an array.

    >>> round(numerical_derivative(lambda x: x**2, 3), 6)
    6.0
    """
    ask()
    x = np.asarray(x, float)
    h = step_size(x) if h is None else h
    right, left = x + h, x - h  # the steps that were really taken, after rounding
    slope = (np.asarray(f(right[()]), float) - f(left[()])) / (right - left)
    return slope[()] if np.ndim(slope) else float(slope)


def numerical_gradient(f, x, h=None):
    """Return the gradient of `f` at `x` by central differences, one entry at a time.

    f: function of an array of x's shape that returns one number; it gets a copy of x.
    x: array of any shape; whole numbers are taken as floats; x is left as it is.
    Returns an array of x's shape.

    >>> numerical_gradient(lambda w: (w**2).sum(), [1, 2, 3]).round(6).tolist()
    [2.0, 4.0, 6.0]
    """
    ask()
    x = np.asarray(x, float)
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        gradient[i] = numerical_derivative(lambda t, i=i: f(_with_entry(x, i, t)), x[i], h)
    return gradient


def _with_entry(x, i, value):
    moved = x.copy()
    moved[i] = value
    return moved
