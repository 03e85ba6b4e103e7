"""A product is a fork: the contributions of its two paths are stacked to its slope."""

import numpy as np
import traitlets

from course_utils.figures.base import MovingFigure
from course_utils.figures.sample import grid, link, on_grid, sample, slopes
from course_utils.figures.static import BLUE, RED, new_figure

PARABOLA = (lambda x: x**2, "u = x²")
WAVE = (np.sin, "v = sin x")


class ForkPaths(MovingFigure):
    """See `fork_paths`. Moved by the learner: x, and guess, the slope that is predicted.

    guess is None until it is given, and guess_x is the x for which it was given.
    """

    x = traitlets.Float().tag(sync=True)
    guess = traitlets.Float(None, allow_none=True).tag(sync=True)
    guess_x = traitlets.Float(None, allow_none=True).tag(sync=True)

    def _here(self):
        """Return the contributions of both paths and the slope of p at x."""
        i = int(np.argmin(np.abs(np.array(self.data["xs"]) - self.x)))
        return tuple(self.data[name][i] for name in ("through_u", "through_v", "total"))

    def still(self):
        figure, axis = new_figure()
        xs, (a, b, total) = self.data["xs"], self._here()
        shown = self.guess is not None
        axis.plot(xs, self.data["through_u"], "--", label="path through u")
        axis.plot(xs, self.data["through_v"], ":", label="path through v")
        # Before a prediction both bars stand on 0; then the second one is put on the first.
        wide = (xs[-1] - xs[0]) / 50
        axis.bar(self.x - wide / 2, a, wide, color=BLUE)
        axis.bar(self.x + wide / 2, b, wide, bottom=a if shown else 0, color=RED, hatch="//")
        if shown:
            axis.plot(xs, self.data["total"], color="black", label="slope of p, measured")
            axis.plot(self.x, total, "o", color="black", ms=7)
        axis.axhline(0, color="black", lw=0.8)
        axis.set(xlabel="x", ylabel="contribution to dp/dx", ylim=self.data["limits"])
        axis.legend()
        return figure

    def alt(self):
        a, b, total = self._here()
        end = "The slope of p is hidden until it is predicted."
        if self.guess is not None:
            end = f"Stacked they reach {total:.4g}, the slope of p that was measured."
        return (
            f"The contributions of two paths to the slope of p = u v, with "
            f"{' and '.join(self.data['labels'])}. At x = {self.x:g} the path through u brings "
            f"{a:.4g} and the path through v brings {b:.4g}. {end}"
        )


def fork_paths(u=PARABOLA, v=WAVE, *, x=2.5, low=0.0, high=3.4):
    """Return a figure of the two paths from x to p = u v: the learner moves x and predicts dp/dx.

    u, v: pairs (function of one number, label such as "u = x²"); the labels begin with u and v.
    x, low, high: where x stands, and the range that is shown.
    Raises ValueError where a function has no values or a kink in the range.

    >>> fork_paths(x=1.0).alt().split(". ")[1]
    'At x = 1 the path through u brings 1.683 and the path through v brings 0.5403'
    """
    xs = grid(low, high)
    values, rates, labels = [], [], []
    for pair, name in ((u, "u"), (v, "v")):
        f, letter, label = link(pair, name)
        if letter != name:
            raise ValueError(f'the label "{label}" has to begin with "{name} ="')
        values.append(sample(f, xs, label))
        rates.append(_smooth(slopes(f, xs, label), xs, label))
        labels.append(label)
    through_u, through_v = values[1] * rates[0], values[0] * rates[1]
    # Measured from values of p alone, so that the sum is seen to be true.
    total = _smooth(slopes(lambda t: u[0](t) * v[0](t), xs, "p = u v"), xs, "p = u v")
    shown = np.concatenate([through_u, through_v, total, [0.0]])
    room = 0.06 * np.ptp(shown) or 1.0
    data = {
        "xs": xs.tolist(),
        "labels": labels,
        "u": values[0].tolist(),
        "v": values[1].tolist(),
        "du": rates[0].tolist(),
        "dv": rates[1].tolist(),
        "through_u": through_u.tolist(),
        "through_v": through_v.tolist(),
        "total": total.tolist(),
        "limits": [shown.min() - room, shown.max() + room],
    }
    return ForkPaths(title="Over all paths, the contributions add", data=data, x=on_grid(xs, x))


def _smooth(found, xs, label):
    if None in found:
        at = xs[found.index(None)]
        raise ValueError(f"{label} has a kink at x = {at:g}: choose low and high beside it")
    return np.array(found)
