"""Is a long gradient right, and if not, where is it wrong: by slopes along directions.

The slope of f along v is the gradient times v, and costs one evaluation of f, however many entries
there are. If it is not what the claimed gradient gives, half of the entries at a time tell where.
"""

from dataclasses import dataclass, field

import numpy as np

from course_utils import oracles
from course_utils.oracles import complex_step_derivative

EPS = np.finfo(float).eps
MOST = 25  # more wrong entries than these are no matter of single entries
PROBE = 1e-5


@dataclass
class Line:
    """Slopes of f at x along directions, and how many evaluations they have cost.

    exact: whether a complex step can be trusted, which a central difference along a random
    direction decides; without it every slope is extrapolated from real values.
    directions: one or two, with `known`, the (slope, error) along each.
    """

    f: object
    x: np.ndarray
    exact: bool = False
    evaluations: int = 0
    directions: list = field(default_factory=list)
    known: list = field(default_factory=list)

    def __post_init__(self):
        rng = np.random.default_rng(0)
        scale = np.maximum(1.0, np.abs(self.x)) / np.sqrt(self.x.size)
        # Along a Gaussian direction no two errors cancel.
        gaussian = scale * rng.standard_normal(self.x.shape)
        exact = self._confirmed_complex_step(gaussian)
        if exact is not None:
            self.exact, self.directions, self.known = True, [gaussian], [self._with_error(exact)]
            return
        # An entry of little weight could hide behind the error of a difference; signs weigh alike.
        signs = scale * (rng.integers(0, 2, self.x.shape) * 2.0 - 1.0)
        self.directions = [gaussian, signs]
        self.known = [self.slope(v) for v in self.directions]

    def slope(self, v):
        """Return `(slope, error)` of f along v."""
        along = self._along(v)
        if self.exact:
            return self._with_error(complex_step_derivative(along, 0.0))
        truth = oracles.true_derivative(along, 0.0)
        return truth.value, truth.error

    def _along(self, v):
        def along(t):
            self.evaluations += 1
            return self.f(self.x + t * v)

        return along

    def _with_error(self, slope):
        return slope, 8 * EPS * abs(slope)

    def _confirmed_complex_step(self, v):
        """Return the complex step's slope along v, or None where a difference contradicts it."""
        along = self._along(v)
        try:
            with np.errstate(all="raise"):
                exact = complex_step_derivative(along, 0.0)
        except Exception:  # a function that is made for real numbers may fail in any way
            return None
        right, left = float(along(PROBE)), float(along(-PROBE))
        floor = 1e-6 * abs(exact) + 64 * EPS * (abs(right) + abs(left)) / PROBE
        return exact if abs(exact - (right - left) / (2 * PROBE)) <= floor else None


def gaps(line, claimed, rtol):
    """Return `(gap, tolerance)` along each of the line's directions.

    The gap is what the claimed gradient's slope exceeds the true one by.
    """
    return [
        _gap(claimed * v, *known, rtol)
        for v, known in zip(line.directions, line.known, strict=True)
    ]


def _gap(terms, slope, error, rtol):
    size = np.abs(terms).sum()
    tolerance = rtol * size / np.sqrt(terms.size) + 64 * EPS * size
    return float(terms.sum() - slope), float(tolerance + 10 * error)


def wrong_entries(line, claimed, rtol, most=MOST):
    """Return `[(flat index, true value)]` of the entries that are wrong, at most `most` + 1.

    Halves of a part that is wrong are tried until single entries are left; of two halves only one
    is measured, since the other is the rest. Cost: one slope a split.
    """
    y, weights, found = claimed.reshape(-1), line.directions[0].reshape(-1), []
    slope, error = line.known[0]
    parts = [(0, y.size, float(y @ weights - slope), error)]
    while parts and len(found) <= most:
        low, high, gap, error = parts.pop()
        terms = np.abs(y[low:high] * weights[low:high])
        if abs(gap) <= rtol * terms.max() + 256 * EPS * terms.sum() + 10 * error:
            continue
        if high - low == 1:
            found.append((low, float(y[low] - gap / weights[low])))
            continue
        middle = (low + high) // 2
        only = np.zeros(y.size)
        only[low:middle] = weights[low:middle]
        slope, its_error = line.slope(only.reshape(line.x.shape))
        part = float(y[low:middle] @ weights[low:middle] - slope)
        parts += [(middle, high, gap - part, error + its_error), (low, middle, part, its_error)]
    return found


def some_entries(line, claimed, count=8):
    """Return `[(flat index, true value)]` of the largest claimed entries and of random ones."""
    y = claimed.reshape(-1)
    chosen = np.argsort(-np.abs(y))[: count // 2].tolist()
    chosen += np.random.default_rng(1).choice(y.size, count // 2, replace=False).tolist()
    sampled = []
    for i in dict.fromkeys(chosen):
        unit = np.zeros(y.size)
        unit[i] = 1.0
        sampled.append((i, line.slope(unit.reshape(line.x.shape))[0]))
    return sampled


def is_one_factor(line, claimed, some, true, rtol):
    """Return whether the claimed gradient is the true one times one factor, in every entry.

    some, true: entries of both that are known; the rest is tried along the line's directions.
    """
    if not claimed.any():
        return True
    if not some.any() or not true.all():
        return False
    ratios = some / true
    if np.ptp(ratios) > 1e-6 * abs(ratios[0]):
        return False
    mended = gaps(line, claimed / ratios[0], max(rtol, 1e-7))
    return all(abs(gap) <= tolerance for gap, tolerance in mended)
