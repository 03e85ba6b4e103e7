"""Thirty-one functions in the manner of learners, with exact gradients.

Most are real where a complex step needs them analytic: it then raises, or is silently wrong.
"""

import math

import numpy as np

from tests.oracles.hard_functions import Case

X = np.array([0.8, -1.7, 2.6, -0.3])
N = len(X)
C = X - X.mean()


def mean_square(x):
    return np.mean(x**2)


def sum_of_abs(x):
    return np.sum(np.abs(x))


def norm(x):
    return np.linalg.norm(x)


def norm_squared_plus_sine(x):
    return np.linalg.norm(x) ** 2 + np.sin(x[0])


def standard_deviation(x):
    return np.std(x) + np.sum(x)


def standardised(x):
    return np.sum(((x - x.mean()) / np.std(x)) ** 3)


def standardised_gradient(x):
    s, z = np.std(x), (x - x.mean()) / np.std(x)
    g = 3 * z**2
    return (g - g.mean() - z * np.mean(g * z)) / s


def built_in_float(x):
    return float(x[0]) ** 2 + x[1] * x[2]


def float_of_the_end(x):
    return float(np.sum(x**3))


def zeros_then_filled(x):
    out = np.zeros(N)
    for i in range(N):
        out[i] = x[i] ** 2
    return out.sum()


def zeros_then_slices(x):
    out = np.zeros((2, N))
    out[0] = np.sin(x)
    out[1, :2] = x[2:]
    return np.sum(out[0]) + np.sum(out[1] ** 2)


def empty_like_of_floats(x):
    out = np.empty(N, dtype=float)
    out[:] = np.exp(x)
    return out.sum() + np.sum(x)


def mask_times(x):
    return np.sum(x * (x > 0) + 0.1 * x * (x <= 0))


def mask_assigned(x):
    y = x.copy()
    y[y < 0] = 0
    return np.sum(y**2)


def relu_by_maximum(x):
    return np.sum(np.maximum(0, x) ** 2)


def leaky_by_where(x):
    return np.sum(np.where(x > 0, x**2, 0.01 * x))


def where_on_abs(x):
    a = np.abs(x)
    return np.sum(np.where(a < 1, 0.5 * x**2, a - 0.5))


def sorted_weights(x):
    return np.sort(x) @ np.arange(1.0, N + 1)


def largest_plus(x):
    return np.max(x) ** 2 + np.sum(x)


def conjugated(x):
    return np.sum(np.conj(x) * x)


def half_conjugated(x):
    return np.sum(np.conj(x)) + np.sum(x**2)


def real_part(x):
    return np.sum(x.real**2) + x[0]


def vdot_with_itself(x):
    return np.vdot(x, x) + x[0] * x[1]


def changed_copy_in_place(x):
    y = x * 1.0
    y *= 2
    y += x
    y **= 2
    return np.sum(y)


def loop_with_python_floats(x):
    total = 0.0
    for value in x.tolist():
        total += value * value * value
    return total


def math_functions(x):
    return sum(math.sin(t) * math.exp(t / 2) for t in x)


def math_with_numpy(x):
    return math.sqrt(np.sum(x**2)) + np.prod(x)


def python_integers(x):
    return sum((i + 1) * x[i] ** (i + 1) for i in range(N))


def cast_to_float64(x):
    return np.sum(x.astype(np.float64) ** 2)


def cast_to_float32(x):
    return np.sum(x.astype(np.float32).astype(np.float64)) + np.sum(x**2)


def clipped_probabilities(x):
    p = np.clip(1 / (1 + np.exp(-x)), 1e-7, 1 - 1e-7)
    return -np.sum(np.log(p))


def shifted_softmax(x):
    e = np.exp(x - np.max(np.abs(x)))
    p = e / e.sum()
    return -np.log(p[1])


def softmax(x):
    return np.exp(x) / np.exp(x).sum()


def _at(index, value):
    g = np.zeros(N)
    g[index] = value
    return g


def _product_of_others(x):
    return np.array([np.prod(np.delete(x, i)) for i in range(N)])


R = np.linalg.norm(X)
RANKS = np.argsort(np.argsort(X)) + 1.0
POWERS = np.arange(1, N + 1)

STUDENT = [
    Case("mean of squares", mean_square, X, 2 * X / N),
    Case("sum of abs", sum_of_abs, X, np.sign(X)),
    Case("norm", norm, X, X / R),
    Case("norm squared plus sine", norm_squared_plus_sine, X, 2 * X + _at(0, np.cos(X[0]))),
    Case("std plus sum", standard_deviation, X, C / (N * np.std(X)) + 1),
    Case("standardised", standardised, X, standardised_gradient(X)),
    Case("float() of an entry", built_in_float, X, np.array([2 * X[0], X[2], X[1], 0])),
    Case("float() at the end", float_of_the_end, X, 3 * X**2),
    Case("zeros, then filled", zeros_then_filled, X, 2 * X),
    Case("zeros, then slices", zeros_then_slices, X, np.cos(X) + 2 * X * [0, 0, 1, 1]),
    Case("empty of floats", empty_like_of_floats, X, np.exp(X) + 1),
    Case("mask as factor", mask_times, X, np.where(X > 0, 1.0, 0.1)),
    Case("mask assigned", mask_assigned, X, 2 * X * (X > 0)),
    Case("ReLU by maximum", relu_by_maximum, X, 2 * X * (X > 0)),
    Case("where", leaky_by_where, X, np.where(X > 0, 2 * X, 0.01)),
    Case("Huber by abs", where_on_abs, X, np.clip(X, -1, 1)),
    Case("sorted", sorted_weights, X, RANKS),
    Case("max", largest_plus, X, 1 + _at(2, 2 * X[2])),
    Case("conj times x", conjugated, X, 2 * X),
    Case("conj plus x squared", half_conjugated, X, 1 + 2 * X),
    Case("real part", real_part, X, 2 * X + _at(0, 1)),
    Case("vdot", vdot_with_itself, X, 2 * X + _at([0, 1], X[[1, 0]])),
    Case("a copy, in place", changed_copy_in_place, X, 18 * X),
    Case("loop over tolist()", loop_with_python_floats, X, 3 * X**2),
    Case("math.sin", math_functions, X, np.exp(X / 2) * (np.cos(X) + np.sin(X) / 2)),
    Case("math.sqrt of a sum", math_with_numpy, X, X / R + _product_of_others(X)),
    Case("Python integers", python_integers, X, POWERS**2 * X ** (POWERS - 1)),
    Case("cast to float64", cast_to_float64, X, 2 * X),
    Case("cast to float32 in part", cast_to_float32, X, 1 + 2 * X),
    Case("clipped sigmoid", clipped_probabilities, X, -1 / (1 + np.exp(X))),
    Case("softmax shifted by abs", shifted_softmax, X, softmax(X) - _at(1, 1)),
]
