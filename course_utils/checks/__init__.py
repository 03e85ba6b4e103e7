"""The learner's derivative against an oracle's."""

import numpy as np

from course_utils import oracles
from course_utils.checks.compare import compare
from course_utils.checks.guard import as_array, as_number, call, name_of
from course_utils.checks.mismatch import Mismatch, NotWritten

EPS = np.finfo(float).eps

__all__ = [
    "Mismatch",
    "NotWritten",
    "call",
    "check_derivative",
    "check_gradient",
    "check_value",
    "check_visited",
    "part",
]


def check_derivative(f, df, x, *, name=None, rtol=1e-9, look=""):
    """Return quietly if `df` is the derivative of `f` at `x`; raise a Mismatch if it is not.

    f: function of one number. df: the claimed derivative, a function of one number.
    x: a point, or a list of points that are tried one by one; `df` gets a float each time.
    name: what the message calls it; by default df's own name. look: a sentence to end with.

    >>> check_derivative(lambda x: x**2, lambda x: 2 * x, [1.0, 3.0])
    """
    name = name or name_of(df, "your derivative")
    points = [float(point) for point in np.atleast_1d(x)]
    yours = [
        as_number(_same_twice(df, point, name), f"{name} at x = {point:g}") for point in points
    ]
    known = [oracles.true_derivative(f, point) for point in points]
    true, error = map(np.array, zip(*known, strict=True))
    floor = np.array([np.finfo(float).eps * abs(float(f(point))) for point in points])
    places = [f"x = {point:g}" for point in points]
    compare(yours, true, name=name, error=error + floor, rtol=rtol, points=places, look=look)


def check_gradient(f, gradient, x, *, name=None, rtol=1e-9, look=""):
    """Return quietly if `gradient` is the gradient of `f` at `x`; raise a Mismatch if it is not.

    f: function of an array of x's shape that returns one number.
    gradient: the claimed gradient: a function of x, or the values themselves, of x's shape.
    x: array of any shape, or a number.
    name, look: as in check_derivative.

    >>> check_gradient(lambda w: (w**2).sum(), lambda w: 2 * w, np.array([1.0, 2.0]))
    """
    name = name or name_of(gradient, "your gradient")
    x = np.asarray(x, float)
    claimed = (
        _same_twice(gradient, x[()] if x.ndim else float(x), name)
        if callable(gradient)
        else gradient
    )
    yours = as_array(claimed, x.shape, name)
    true, error = oracles.true_gradient(f, x)
    floor = EPS * abs(float(f(x)))
    compare(yours, true, name=name, error=error + floor, rtol=rtol, look=look)


def check_value(yours, true, *, name, rtol=1e-9, look=""):
    """Return quietly if `yours` equals `true`, a number or an array; raise a Mismatch if not."""
    true = np.asarray(true, float)
    compare(as_array(yours, true.shape, name), true, name=name, rtol=rtol, look=look)


def check_visited(visited, place, *, name):
    """Return quietly if a link was called, and only with `place`, the number that enters it.

    visited: the list of numbers that it was called with.
    """
    if not visited:
        raise Mismatch(f"{name}: was never called.")
    for value in visited:
        if abs(as_number(value, f"{name}, its argument") - place) > 1e-9 * max(1, abs(place)):
            raise Mismatch(
                f"{name}: was called with {value:g}; what enters this link is {place:g}."
            )


def part(f, index, of, *, name=None):
    """Return the function that gives value number `index` of the `of` values that `f` returns.

    A result with another number of values is told as such.

    >>> part(lambda x: (x, x**2), 1, of=2)(3.0)
    9.0
    """
    name = name or name_of(f, "your function")

    def value(*args):
        values = call(f, *args, name=name)
        if values is None:
            raise Mismatch(f"{name}: is None: is the return missing?")
        if not isinstance(values, tuple | list | np.ndarray) or getattr(values, "ndim", 1) == 0:
            raise Mismatch(f"{name}: returned one {_what(values)}, needed {of} values.")
        if len(values) != of and isinstance(values, np.ndarray):
            shape = f"one array of shape {values.shape}"
            raise Mismatch(f"{name}: returned {shape}, needed {of} values.")
        if len(values) != of:
            raise Mismatch(f"{name}: returned {len(values)} values, needed {of}.")
        return values[index]

    value.__name__ = f"{name}, value {index + 1} of {of}"
    return value


def _what(value):
    return "number" if isinstance(value, int | float | np.generic) else type(value).__name__


def _same_twice(f, x, name):
    """Return `f(x)`, having seen that a second call gives the same."""
    first, second = (call(f, x, name=name) for _ in range(2))
    try:
        gap = float(np.max(np.abs(np.asarray(first, float) - np.asarray(second, float))))
    except (TypeError, ValueError):
        return first  # not numbers: the guard says so
    if gap > 0:
        raise Mismatch(
            f"{name}: two calls with the same input differ by {gap:.2g}: fix the seed "
            "or switch dropout off before a gradient check."
        )
    return first
