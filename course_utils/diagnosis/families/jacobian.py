"""Mistakes in a Jacobian that is computed from values of a function."""

import numpy as np

from course_utils.oracles import tape


def mutants(f, x, h=1e-5):
    """Yield `(name, Jacobian with that mistake)` for f: (n,) -> (m,) at x, with the step h."""
    J = np.asarray(tape.jacobian(f, np.asarray(x, float)))
    m, n = J.shape
    yield "transposed", J.T
    yield "difference not halved: / h", 2 * J
    yield "/ 2 * h in place of / (2 * h)", h**2 * J
    yield "forward difference", _columns(f, x, lambda step: (f(x + step) - f(x)) / h, h)
    yield "step not taken back", _columns(f, x, _drifting(f, x, h), h)
    yield "whole numbers", np.trunc(J)
    yield "all coordinates moved at once", np.repeat(J.sum(axis=1, keepdims=True), n, axis=1)
    yield "first output only", np.broadcast_to(J[0], J.shape).copy()
    yield "outputs summed", J.sum(axis=0)
    yield "wrong sign", -J
    yield "last column only", np.where(np.arange(n) == n - 1, J, 0.0)
    if m >= n:
        yield "diagonal only", J * np.eye(m, n)


def _columns(f, x, slope, h):
    steps = h * np.eye(len(x))
    return np.stack([slope(step) for step in steps], axis=1)


def _drifting(f, x, h):
    """Return a central difference that forgets to take its steps back."""
    here = np.array(x, float)

    def slope(step):
        nonlocal here
        here = here + step
        right = f(here)
        here = here - 2 * step
        return (right - f(here)) / (2 * h)

    return slope
