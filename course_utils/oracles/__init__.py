"""How a derivative is known without being told: from function values alone."""

from typing import NamedTuple

import numpy as np

from course_utils.oracles import complex_step, richardson
from course_utils.oracles.blackbox import (
    EPS,
    BlackBox,
    ChangesItsInput,
    NotDeterministic,
    NotFinite,
    Unfit,
)
from course_utils.oracles.complex_step import complex_step_derivative
from course_utils.oracles.finite import numerical_derivative, numerical_gradient
from course_utils.oracles.memory import remember, remembered
from course_utils.oracles.refusal import Refused, refused
from course_utils.oracles.richardson import Kink

__all__ = [
    "ChangesItsInput",
    "Kink",
    "NotDeterministic",
    "NotFinite",
    "Refused",
    "Truth",
    "Unfit",
    "complex_step_derivative",
    "hvp",
    "jacobian",
    "jvp",
    "numerical_derivative",
    "numerical_gradient",
    "refused",
    "remember",
    "true_derivative",
    "true_gradient",
    "true_jacobian",
    "vjp",
]

FEW = 64  # up to so many entries, each one is measured in two ways


class Truth(NamedTuple):
    """A derivative, and how well it is known.

    value, error: arrays of x's shape, or floats where x is a number.
    kinks: a tuple of Kink, one for each entry whose left and right slope differ; there `value` is
       their mean and `error` half of their difference.
    method: "complex step" or "Richardson". noise: the standard deviation of the noise in f.
    """

    value: np.ndarray | float
    error: np.ndarray | float
    kinks: tuple
    method: str
    noise: float


@remembered
def true_gradient(f, x):
    """Return the Truth about the gradient at `x` of a function that returns one number.

    The complex step is used where differences of f confirm it, Richardson extrapolation elsewhere.
    An entry beyond the border of f's domain is nan, with the error inf.
    Raises ChangesItsInput, NotDeterministic or NotFinite, whose texts are sentences about f.

    >>> true_gradient(lambda w: (w**2).sum(), [1, 2, 3]).value.tolist()
    [2.0, 4.0, 6.0]
    """
    box = BlackBox(f, x)
    if box.m != 1:
        raise ValueError(f"f returned {box.m} values: only one number has a gradient")
    found, method = _best(box, every_entry=box.n <= FEW)
    value, error = (a.reshape(box.x.shape) for a in (found.slope, found.error))
    return Truth(value, error, tuple(found.kinks), method, float(box.noise[0]))


@remembered
def true_derivative(f, x):
    """Return the Truth about the slope of `f` at the number `x`; its value is a float.

    >>> true_derivative(abs, -2).value
    -1.0
    """
    truth = true_gradient(f, float(x))
    return Truth(float(truth.value), float(truth.error), truth.kinks, truth.method, truth.noise)


@remembered
def true_jacobian(f, x):
    """Return the Truth about the Jacobian at `x` of f with m values; value and error are (m, n).

    >>> true_jacobian(lambda x: x**2, [1.0, 2.0]).value.tolist()
    [[2.0, 0.0], [0.0, 4.0]]
    """
    box = BlackBox(f, x)
    found, method = _best(box, every_entry=box.n <= FEW)
    noise = float(np.max(box.noise, initial=0))
    return Truth(found.slope, found.error, tuple(found.kinks), method, noise)


@remembered
def jacobian(f, x):
    """Return the Jacobian at `x` of f with m values, shape (m, n): both sides are flattened.

    >>> jacobian(lambda x: np.array([x[0] * x[1], x[1]]), [2.0, 3.0]).tolist()
    [[3.0, 2.0], [0.0, 1.0]]
    """
    found, _ = _best(BlackBox(f, x), every_entry=False)
    return found.slope


@remembered
def jvp(f, x, v):
    """Return J v, the derivative of f at `x` along `v`, in the shape of f(x).

    >>> jvp(lambda x: x**2, [1.0, 2.0], [1.0, 10.0]).tolist()
    [2.0, 40.0]
    """
    x, v = np.array(x, float), np.asarray(v, float)
    shape = np.shape(f(x.copy()[()]))
    return jacobian(lambda t: f((x + t * v)[()]), 0.0).reshape(shape)


@remembered
def vjp(f, x, u):
    """Return u J, the gradient at `x` of the sum of u * f(x), in x's shape.

    u: weights of f's values (the cotangent), of the shape of f(x).

    >>> vjp(lambda x: x**2, [1.0, 2.0], [1.0, 10.0]).tolist()
    [2.0, 40.0]
    """
    u = np.asarray(u, float)
    return true_gradient(lambda x: np.sum(u * f(x)), x).value


@remembered
def hvp(f, x, v):
    """Return H v, the derivative along `v` of the gradient of a scalar-valued f, in x's shape.

    One of the two derivatives is always a difference: expect a relative error of 1e-10, and of
    1e-7 where the complex step cannot be used for the other one.

    >>> hvp(lambda x: (x**3).sum(), [1.0, 2.0], [1.0, 10.0]).round(9).tolist()
    [6.0, 120.0]
    """
    x, v = np.array(x, float), np.asarray(v, float)
    gradient = _gradient_near(f, x)
    line = BlackBox(lambda t: gradient(x + t * v), 0.0)
    return richardson.estimate(line).slope.reshape(x.shape)


def _gradient_near(f, x):
    """Return the gradient of `f` as a function, with the method that suits f at `x`."""
    if complex_step.is_sound(BlackBox(f, x)):
        return lambda y: complex_step.complex_step_jacobian(f, y).reshape(x.shape)
    return lambda y: richardson.estimate(BlackBox(f, y)).slope.reshape(x.shape)


def _best(box, every_entry):
    """Return (Estimate, method) of a BlackBox: the complex step where it is confirmed.

    every_entry: confirm it for each entry, not only along a few directions.
    """
    measured = richardson.estimate(box) if every_entry else None
    if measured is not None or complex_step.is_sound(box):
        exact = _complex_or_none(box)
        if exact is not None and (measured is None or complex_step.agree(exact, measured)):
            return richardson.Estimate(exact, _rounding(box, exact), []), "complex step"
    return measured or richardson.estimate(box), "Richardson"


def _rounding(box, slope):
    """Return the rounding error of exact formulas for `slope` (m, n): relatively that of f."""
    relative = box.noise / np.maximum(np.abs(box.value), np.finfo(float).tiny)
    relative = np.clip(relative, EPS, 1e-10)  # a value near 0 says nothing of its gradient
    # A sum of large terms that cancel is as uncertain as the terms are.
    terms = np.max(np.abs(slope) * box.scale, axis=1, initial=0, keepdims=True) / box.scale
    return 4 * relative[:, None] * np.maximum(np.abs(slope), terms)


def _complex_or_none(box):
    try:
        slope = complex_step.complex_step_jacobian(box.f, box.x)
    except Exception:  # whatever a function does with complex numbers, it may do
        return None
    return slope if slope.shape == (box.m, box.n) and np.isfinite(slope).all() else None
