"""The secant becomes the tangent as its step shrinks."""

import numpy as np
import traitlets

from course_utils.figures.base import MovingFigure
from course_utils.figures.static import new_figure

POINTS = 401  # of the curve; the sliders stand on them, so that every slope shown is exact


class Secant(MovingFigure):
    """See `secant`. Moved by the learner: x, h and scheme."""

    x = traitlets.Float().tag(sync=True)
    h = traitlets.Float().tag(sync=True)
    scheme = traitlets.Enum(["forward", "central"], "forward").tag(sync=True)

    def _ends(self):
        """Return the two points between which the secant is drawn, both in the picture."""
        left = self.x - self.h if self.scheme == "central" else self.x
        low, high = self.data["xs"][0], self.data["xs"][-1]
        return max(low, left), min(high, self.x + self.h)

    def _slope(self):
        xs, ys = self.data["xs"], self.data["ys"]
        left, right = (np.interp(end, xs, ys) for end in self._ends())
        return float((right - left) / (self._ends()[1] - self._ends()[0]))

    def still(self):
        figure, axis = new_figure()
        xs, ys = (np.array(self.data[name]) for name in ("xs", "ys"))
        y = np.interp(self.x, xs, ys)
        ends = np.array(self._ends())
        axis.plot(xs, ys, label=self.data["label"])
        slope, start = self._slope(), np.interp(ends[0], xs, ys)
        axis.plot(xs, start + slope * (xs - ends[0]), "--", label=f"secant, slope {slope:.4g}")
        axis.plot(ends, np.interp(ends, xs, ys), "s", color="black", ms=5)
        axis.plot(self.x, y, "o", color="black", ms=7)
        axis.set(xlabel="x", ylim=self.data["limits"], xlim=(xs[0], xs[-1]))
        axis.legend()
        return figure

    def alt(self):
        true = np.interp(self.x, self.data["xs"], self.data["slopes"])
        return (
            f"The curve {self.data['label']} with a {self.scheme} secant at x = {self.x:g}, "
            f"h = {self.h:g}. The slope of the secant is {self._slope():.4g}, that of the curve is "
            f"{true:.4g}."
        )


def secant(f, label, *, x=1.0, h=1.0, low=-1.0, high=3.0):
    """Return a figure of the curve f with a secant: the learner moves the point x and the step h.

    f: function of an array. label: how the curve is called. low, high: the range that is shown.
    x, h: at the start; both are moved to the grid of 401 points on which the figure stands.

    >>> secant(np.square, "x²", x=1.0, h=0.5).alt().split(". ")[1][:40]
    'The slope of the secant is 2.5, that of '
    """
    from course_utils.oracles import numerical_derivative

    xs = np.round(np.linspace(low, high, POINTS), 10)
    step = (high - low) / (POINTS - 1)
    x = float(xs[np.abs(xs - x).argmin()])
    h = float(np.round(max(1, round(h / step)) * step, 10))
    ys = np.asarray(f(xs), float)
    room = 0.1 * np.ptp(ys)
    data = {
        "xs": xs.tolist(),
        "ys": ys.tolist(),
        "slopes": numerical_derivative(f, xs).tolist(),
        "label": label,
        "limits": [ys.min() - room, ys.max() + room],
        "most": (high - low) / 2,
    }
    return Secant(title="The secant becomes the tangent", data=data, x=x, h=h)
