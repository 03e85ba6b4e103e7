"""Twelve functions that make differences fail, with their exact gradients.

Shared by the tests and by the benchmark, so that both speak of the same twelve.
"""

from typing import NamedTuple

import numpy as np


class Case(NamedTuple):
    """A function of an array that returns one number, a point, and its gradient there."""

    name: str
    f: object
    x: np.ndarray
    gradient: np.ndarray


def worst_error(found, exact):
    """Return the largest relative error; an entry that is 0 is compared with the largest one."""
    found, exact = np.asarray(found, float), np.asarray(exact, float)
    size = np.where(exact == 0, np.max(np.abs(exact)), np.abs(exact))
    error = np.abs(found - exact) / size
    return float(np.max(np.where(np.isfinite(error), error, np.inf)))


X = np.array([0.4, -1.3, 0.7, 1.9, -0.6])
A = np.array([[0.5, -1.0, 0.3, 0.2, 0.8], [1.1, 0.4, -0.7, 0.6, -0.2], [-0.3, 0.9, 0.5, -1.2, 0.1]])


def tanh_loss(x):
    return np.sum(np.tanh(A @ x) ** 2)


def tanh_loss_gradient(x):
    t = np.tanh(A @ x)
    return A.T @ (2 * t * (1 - t**2))


def far_out(x):
    return np.sum(np.sin(x) * np.cos(x / 3))


def far_out_gradient(x):
    return np.cos(x) * np.cos(x / 3) - np.sin(x) * np.sin(x / 3) / 3


def entropy(x):
    return np.sum(x * np.log(x)) + np.log(x[0] * x[1])


def entropy_gradient(x):
    return np.log(x) + 1 + np.array([1 / x[0], 1 / x[1], 0, 0])


UNITS = np.array([1e-6, 1e6, 1.0, 1e-3, 1e5])


def in_many_units(x):
    return np.sum(np.exp(-((x / UNITS) ** 2))) + np.sum(x / UNITS) ** 2


def in_many_units_gradient(x):
    z = x / UNITS
    return (-2 * z * np.exp(-(z**2)) + 2 * np.sum(z)) / UNITS


def relu_layer(x):
    return np.sum(np.maximum(x, 0.0) * (2.0 + np.arange(5))) + np.sum(x**2)


def relu_layer_gradient(x):
    return (x > 0) * (2.0 + np.arange(5)) + 2 * x


def noisy(x):
    return tanh_loss(x) + 1e-9 * np.sin(1e13 * np.sum(x))


def in_float32(x):
    x, a = x.astype(np.float32), A.astype(np.float32)
    return np.sum(np.tanh(a @ x) ** 2)


def in_float32_gradient(x):
    a = A.astype(np.float32).astype(float)
    t = np.tanh(a @ x)
    return a.T @ (2 * t * (1 - t**2))


def beside_a_pole(x):
    return np.sum(1 / (x - 1)) + np.sum(x)


def in_real_buffers(x):
    out = np.zeros(5)
    for i in range(5):
        out[i] = np.exp(x[i]) * x[i - 1]
    return float(out.sum())


def in_real_buffers_gradient(x):
    return np.exp(x) * np.roll(x, 1) + np.roll(np.exp(x), -1)


def in_polar(x):
    r = np.linalg.norm(x)
    return r**3 + np.abs(x).sum()


def in_polar_gradient(x):
    return 3 * np.linalg.norm(x) * x + np.sign(x)


CLOSE = 1 + np.array([1e-4, -2e-4, 3e-5, 0.5, -1e-3])
FAR = 1e6 + np.array([0.1, 0.9, 2.3, 3.1])
TINY = np.array([1e-6, 3e-6, 2e-6, 0.5])
BENT = np.array([1e-9, -1e-8, 1e-6, -1e-4, 3e-7])
MIXED = UNITS * np.array([0.7, 1.2, -0.4, 0.9, 1.5])

HARD = [
    Case("smooth", tanh_loss, X, tanh_loss_gradient(X)),
    Case("x about 1e6", far_out, FAR, far_out_gradient(FAR)),
    Case("log at 1e-6", entropy, TINY, entropy_gradient(TINY)),
    Case("units from 1e-6 to 1e6", in_many_units, MIXED, in_many_units_gradient(MIXED)),
    Case("beside ReLU kinks", relu_layer, BENT, relu_layer_gradient(BENT)),
    Case("noise of 1e-9", noisy, X, tanh_loss_gradient(X)),
    Case("computed in float32", in_float32, X, in_float32_gradient(X)),
    Case("an offset of 1e8", lambda x: 1e8 + tanh_loss(x), X, tanh_loss_gradient(X)),
    Case("beside a pole", beside_a_pole, CLOSE, 1 - 1 / (CLOSE - 1) ** 2),
    Case("a real buffer", in_real_buffers, X, in_real_buffers_gradient(X)),
    Case("norm and abs", in_polar, X, in_polar_gradient(X)),
    Case("fast waves", lambda x: np.sum(np.sin(1e3 * x)), X, 1e3 * np.cos(1e3 * X)),
]
