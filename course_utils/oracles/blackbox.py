"""A function as an oracle sees it: one that can be called, and nothing else."""

import functools

import numpy as np

from course_utils.oracles.refusal import ask

EPS = np.finfo(float).eps
# Uneven, so that no staircase of rounded values is in step with it.
GRID = np.arange(1, 10) + 0.4 * np.sin(7.0 * np.arange(9))


class Unfit(ValueError):
    """Raised when a function has no derivative to be measured; its text says why."""


class ChangesItsInput(Unfit):
    """Raised when a function writes into the array that it is given."""

    def __init__(self):
        super().__init__("changes its input number 1 in place: work on a copy.")


class NotDeterministic(Unfit):
    """Raised when two calls with the same input give different values."""

    def __init__(self, gap):
        self.gap = gap
        super().__init__(
            f"two calls with the same input differ by {gap:.2g}: fix the seed "
            "or switch dropout off before a gradient check."
        )


class NotFinite(Unfit):
    """Raised when the value at the point itself is nan or inf."""

    def __init__(self):
        super().__init__(
            "is nan or inf at this point: 0/0, log of 0 or of a negative number, or an overflow."
        )


class BlackBox:
    """A function `f` at the point `x`, called on a private copy of `x` only.

    x: array of any shape (n entries), or a number; whole numbers are taken as floats.
    value: f(x), flattened, of shape (m,).
    scale, own: per entry, the largest step worth trying, and |x| (1 where that is next to 0).
    Raises ChangesItsInput, NotDeterministic or NotFinite where f has no derivative to measure.
    """

    def __init__(self, f, x):
        ask()
        self.f = f
        self.x = np.array(x, float)
        self.n = self.x.size
        self._moved = self.x.copy()
        self._flat = self._moved.reshape(-1)
        self.scale = np.maximum(1.0, np.abs(self.x)).reshape(-1)
        self.own = np.where(np.abs(self.x) < 1e-8, 1.0, np.abs(self.x)).reshape(-1)
        first = self._first_call()
        self.value = first.astype(float).reshape(-1)
        self.m = self.value.size
        self._compare_with(self(self._moved))

    def __call__(self, x):
        """Return f(x) as a new array of shape (m,)."""
        # [()] makes a number of an array without axes, and leaves every other array as it is.
        return np.array(self.f(x[()]), float).reshape(-1)

    def at(self, i, t):
        """Return f with entry `i` of x replaced by `t`, or nan outside of f's domain."""
        before = self._flat[i]
        self._flat[i] = t
        try:
            return self(self._moved)
        except (ArithmeticError, ValueError):
            return np.full(self.m, np.nan)
        finally:
            self._flat[i] = before

    def along(self, v):
        """Return the BlackBox of t -> f(x + t v) at t = 0."""
        box = BlackBox(lambda t: self(self.x + t * v), 0.0)
        box.noise = self.noise
        return box

    def require_unchanged(self):
        """Raise ChangesItsInput if any call so far has left a trace in the private copy."""
        if not np.array_equal(self._moved, self.x, equal_nan=True):
            raise ChangesItsInput

    def _first_call(self):
        value = np.array(self.f(self._moved[()]))
        self.require_unchanged()
        if value.dtype.kind not in "biuf":
            raise TypeError(f"f returned values of dtype {value.dtype}, needed real numbers")
        if not np.isfinite(value).all():
            raise NotFinite
        return value

    def _compare_with(self, again):
        self.require_unchanged()
        if again.shape != self.value.shape or not np.array_equal(again, self.value):
            gap = np.max(np.abs(again - self.value)) if again.shape == self.value.shape else np.nan
            raise NotDeterministic(float(gap))

    @functools.cached_property
    def noise(self):
        """The standard deviation of the rounding and other noise in f near x, shape (m,).

        What a cubic through nine points beside x leaves over is noise (the idea of Hamming's
        difference tables; Moré and Wild, SIAM J. Sci. Comput. 33 (2011)). This finds a loss that
        was computed in float32, or whose small changes drown in a large constant.
        """
        floor = EPS * np.abs(self.value) / 2
        noise = self._noise_on_grid(1e-6, moves=1)
        if not np.isfinite(noise).all():
            coarser = self._noise_on_grid(1e-4, moves=1)
            noise = np.where(np.isfinite(noise), noise, coarser)
        for spacing in (1e-8, 1e-10):
            if np.all(noise <= 64 * np.max(floor, initial=0)):
                break
            # A finer grid tells noise, which stays, from f being too curved for the coarse one,
            # which falls with the fourth power.
            finer = self._noise_on_grid(spacing, moves=5)
            curved = finer < 0.1 * noise
            noise = np.where(curved, finer, noise)
            if not curved.any():
                break
        return np.maximum(np.where(np.isfinite(noise), noise, 0), floor)

    @functools.cached_property
    def variation(self):
        """How much f changes per unit step along x's own scale, shape (m,); noise included."""
        t = 1e-5
        ends = [self._along_scale(s * t) for s in (1, -1)]
        change = np.abs(ends[0] - ends[1]) / (2 * t)
        return np.where(np.isfinite(change), change, 0)

    def _noise_on_grid(self, spacing, moves):
        """Return the noise on the quieter side of x, since a kink beside x is on one side only.

        moves: how often f has to change along the grid. On a grid finer than f's own steps it
        stands still, which says nothing of its noise; that is inf here.
        """
        sides = []
        for side in (1, -1):
            values = np.array([self._along_scale(side * spacing * t) for t in GRID])
            left_over = np.sqrt(np.sum((_no_cubic() @ values) ** 2, axis=0) / (len(GRID) - 4))
            changes = np.count_nonzero(np.diff(values, axis=0), axis=0)
            sides.append(np.where(changes >= moves, left_over, np.inf))
        return np.fmin(*sides)

    def _along_scale(self, t):
        try:
            with np.errstate(all="ignore"):
                return self(self.x + t * self._own_step)
        except (ArithmeticError, ValueError):
            return np.full(self.m, np.nan)

    @functools.cached_property
    def _own_step(self):
        # The spread between the entries keeps symmetric functions from standing still.
        spread = 1 + 0.5 * np.sin(1 + np.arange(self.n)).reshape(self.x.shape)
        return self.own.reshape(self.x.shape) * spread


@functools.cache
def _no_cubic():
    """Return the matrix that takes from nine values on GRID the cubic through them."""
    basis, _ = np.linalg.qr(np.vander(GRID / 10, 4))
    return np.eye(len(GRID)) - basis @ basis.T
