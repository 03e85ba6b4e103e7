"""A central difference beside a kink: half of it may lie on the other side."""

import numpy as np
import traitlets

from course_utils.figures.base import MovingFigure
from course_utils.figures.static import BLUE, GREY, RED, new_figure

REACH = 1.0  # x moves from -REACH to REACH
VIEW = 2.1  # more is shown, so that both samples are always seen
STEP = 0.05
# What is known of each function: its slopes left of 0, at 0 by convention, and right of 0.
SLOPES = {"ReLU": (0.0, 0.0, 1.0), "abs": (-1.0, 0.0, 1.0)}


class Kink(MovingFigure):
    """See `kink`. Moved by the learner: x, h and the function."""

    x = traitlets.Float().tag(sync=True)
    h = traitlets.Float().tag(sync=True)
    kind = traitlets.Enum(list(SLOPES), "ReLU").tag(sync=True)

    def _f(self, x):
        left, _, right = SLOPES[self.kind]
        return np.where(np.asarray(x) > 0, right * x, left * x)

    def _slope(self, x):
        left, at, right = SLOPES[self.kind]
        return np.select([x > 1e-9, x < -1e-9], [right, left], at)

    def _numeric(self, x):
        return (self._f(x + self.h) - self._f(x - self.h)) / (2 * self.h)

    def _error(self, x):
        return np.round(np.abs(self._numeric(x) - self._slope(x)), 12)

    def still(self):
        figure, (top, bottom) = new_figure(1, 2, height=4.8)
        xs = np.linspace(-VIEW, VIEW, 840)  # an even number, so that 0 itself is not among them
        ends = np.array([self.x - self.h, self.x + self.h])
        top.plot(xs, self._f(xs), color=BLUE, label=self.kind)
        top.plot(ends, self._f(ends), "--s", color=RED, ms=6, label="secant of the two samples")
        top.plot(self.x, self._f(self.x), "o", color="black", ms=7)
        top.set(xlim=(-VIEW, VIEW), ylabel=f"{self.kind}(x)")
        top.legend(loc="upper center")
        bottom.axvspan(-self.h, self.h, color=GREY, alpha=0.15)
        bottom.plot(xs, self._error(xs), color=RED)
        bottom.plot(self.x, self._error(self.x), "o", color="black", ms=7)
        bottom.set(xlim=(-VIEW, VIEW), ylim=(-0.05, 1.1), xlabel="x")
        bottom.set_ylabel("error of the difference")
        return figure

    def alt(self):
        return (
            f"{self.kind} near its kink at 0, with a central difference at x = {self.x:g}, "
            f"h = {self.h:g}. It gives {self._numeric(self.x) + 0.0:.4g}, the slope is "
            f"{self._slope(self.x):g}; the error is {self._error(self.x):.4g}."
        )


def kink(kind="ReLU", *, x=0.7, h=0.5):
    """Return a figure of a central difference near a kink; the learner moves x, h and the function.

    kind: "ReLU" or "abs". x: from -1 to 1. h: from 0.1 to 1. Both stand on steps of 0.05.

    >>> kink(x=0.2, h=0.5).alt().split(". ")[1]
    'It gives 0.7, the slope is 1; the error is 0.3.'
    """
    if kind not in SLOPES:
        raise ValueError(f"kind is {kind!r}: choose one of {', '.join(SLOPES)}")
    for name, value, low, high in (("x", x, -REACH, REACH), ("h", h, 0.1, 1.0)):
        if not low <= value <= high:
            raise ValueError(f"{name} = {value:g} is outside of {low:g} to {high:g}")
    x, h = (round(round(value / STEP) * STEP, 9) for value in (x, h))
    data = {
        "reach": REACH,
        "view": VIEW,
        "step": STEP,
        "slopes": {name: list(s) for name, s in SLOPES.items()},
    }
    return Kink(title="A kink within the step", data=data, x=x, h=h, kind=kind)
