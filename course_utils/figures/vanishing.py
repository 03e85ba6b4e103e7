"""The product of many slopes, on a logarithmic axis: how fast it vanishes."""

import numpy as np
import traitlets

from course_utils.figures.activations import ACTIVATIONS, known, slope_of
from course_utils.figures.base import MovingFigure
from course_utils.figures.sample import grid, on_grid
from course_utils.figures.static import BLUE, new_figure

MOST = 80  # factors; by then the sigmoid's largest slope has left float32
RAISES = float(np.finfo(np.float32).eps) / 2  # 1 + this is rounded to 1 in float32
SMALLEST = float(np.finfo(np.float32).smallest_subnormal)


class Vanishing(MovingFigure):
    """See `vanishing`. Moved by the learner: n, z and kind."""

    n = traitlets.Int().tag(sync=True)
    z = traitlets.Float().tag(sync=True)
    kind = traitlets.Enum(list(ACTIVATIONS), "sigmoid").tag(sync=True)

    def _products(self):
        """Return the products of 1, 2, ... slopes at z."""
        i = int(np.argmin(np.abs(np.array(self.data["zs"]) - self.z)))
        return np.array(self.data["products"][self.kind][i])

    def still(self):
        figure, axis = new_figure(height=3.8)
        products, ns = self._products(), np.arange(1, MOST + 1)
        positive = products > 0
        label = f"{self.kind} at z = {self.z:g}"
        axis.semilogy(ns[positive], products[positive], ":", label=label)
        taken = positive & (ns <= self.n)
        axis.semilogy(ns[taken], products[taken], "-o", color=BLUE, ms=3)
        if products[self.n - 1] > 0:
            axis.plot(self.n, products[self.n - 1], "o", color="black", ms=7)
        for line, words, style in (
            (RAISES, "too small to raise 1 in float32", "--"),
            (SMALLEST, "smallest number of float32", "-."),
        ):
            axis.axhline(line, color="black", lw=1, ls=style)
            axis.text(MOST, line * 3, words, ha="right", va="bottom", fontsize=9)
        axis.set(xlim=(0, MOST + 1), ylim=self.data["limits"])
        axis.set(xlabel="number of activations n", ylabel="product of the slopes")
        axis.legend(loc="lower left")
        return figure

    def alt(self):
        product = self._products()[self.n - 1]
        return (
            f"The product of n equal slopes of {self.kind} at z = {self.z:g} against n, on a "
            f"logarithmic axis. For n = {self.n} it is {product:.3g}; below {RAISES:.2g} it is too "
            f"small to raise 1 in float32, and below {SMALLEST:.2g} float32 has no number for it."
        )


def vanishing(*, n=20, z=2.0, kind="sigmoid"):
    """Return a figure of the product of n slopes: the learner moves n and z and chooses kind.

    n: from 1 to 80. z: the pre-activation of all of them, from -5 to 5. kind: "sigmoid", "tanh" or
    "relu". Raises ValueError for anything else.

    >>> vanishing(n=10, z=2.0).alt().split("; ")[0][-25:]
    'For n = 10 it is 1.63e-10'
    """
    if n not in range(1, MOST + 1):
        raise ValueError(f"n = {n}: give a whole number from 1 to {MOST}")
    zs = grid(-5, 5, steps=20)
    slopes = {name: slope_of(name, zs) for name in ACTIVATIONS}
    # As float32 multiplies them, one factor after the other.
    shape = (MOST, len(zs))
    singles = {k: np.cumprod(np.full(shape, s, np.float32), axis=0) for k, s in slopes.items()}
    data = {
        "zs": zs.tolist(),
        "slopes": {kind: s.tolist() for kind, s in slopes.items()},
        "products": {
            kind: [[float(f"{v:.4g}") for v in np.cumprod(np.full(MOST, slope))] for slope in s]
            for kind, s in slopes.items()
        },
        # From how many factors on: too small to raise 1, and 0. None where that does not happen.
        "still": {kind: _first(np.float32(1) + p == 1) for kind, p in singles.items()},
        "zero": {kind: _first(p == 0) for kind, p in singles.items()},
        "raises": RAISES,
        "smallest": SMALLEST,
        "limits": [1e-52, 10.0],
    }
    title = "A product of small slopes vanishes"
    return Vanishing(title=title, data=data, n=int(n), z=on_grid(zs, z, "z"), kind=known(kind))


def _first(table):
    """Return for each column the number of its first true row, counted from 1, or None."""
    return [int(c.argmax()) + 1 if c.any() else None for c in table.T]
