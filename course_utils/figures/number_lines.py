"""Linked number lines: a small interval is carried along a chain, and widened by each slope."""

import numpy as np
import traitlets

from course_utils.figures.base import MovingFigure
from course_utils.figures.sample import grid, link, on_grid, sample, slopes
from course_utils.figures.static import BLUE, new_figure

MOST = 6  # number lines below each other that still fit a screen


class NumberLines(MovingFigure):
    """See `number_lines`. Moved by the learner: x and width."""

    x = traitlets.Float().tag(sync=True)
    width = traitlets.Float().tag(sync=True)

    def _here(self):
        """Return by line: the value, where the ends of the first interval go, and all it covers."""
        lines = np.array(self.data["values"])
        i = int(np.argmin(np.abs(lines[0] - self.x)))
        k = round(self.width / 2 / (lines[0][1] - lines[0][0]))
        carried = lines[:, max(0, i - k) : i + k + 1]
        covered = np.stack([carried.min(axis=1), carried.max(axis=1)], axis=1)
        return lines[:, i], carried[:, [0, -1]], covered

    def _slopes(self):
        i = int(np.argmin(np.abs(np.array(self.data["values"][0]) - self.x)))
        return [s[i] for s in self.data["slopes"]]

    def still(self):
        from matplotlib.patches import ConnectionPatch

        (values, ends, covered), slopes = self._here(), self._slopes()
        figure, axes = new_figure(rows=len(values), height=1.05 * len(values) + 0.3)
        half = self.width * self.data["ratio"] / 2
        for axis, name, value, pair in zip(axes, self.data["names"], values, covered, strict=True):
            axis.set(xlim=(value - half, value + half), ylim=(-1, 1), yticks=[])
            axis.grid(visible=False)
            axis.spines["left"].set_visible(False)
            axis.spines["bottom"].set_position("center")
            axis.plot(pair, [0, 0], lw=8, solid_capstyle="butt", alpha=0.8, color=BLUE)
            words = f"{name} = {value:.4g}, width {np.ptp(pair):.4g}"
            axis.set_title(words, loc="left", fontsize=10.5)
        for j, label in enumerate(self.data["labels"]):
            axes[j + 1].set_title(f"{label}, slope {_told(slopes[j])}", loc="right", fontsize=10.5)
            for k in (0, 1):
                place = [
                    (np.clip(e[k], v - half, v + half), 0)
                    for e, v in zip(ends[j : j + 2], values[j : j + 2], strict=True)
                ]
                figure.add_artist(
                    ConnectionPatch(*place, "data", axesA=axes[j], axesB=axes[j + 1], ls="--")
                )
        return figure

    def alt(self):
        (values, _, covered), slopes = self._here(), self._slopes()
        names = self.data["names"]
        at = ", ".join(f"{n} = {v:.4g}" for n, v in zip(names, values, strict=True))
        told = " · ".join(map(_told, slopes))
        product = _told(None if None in slopes else float(np.prod(slopes)))
        width = np.ptp(covered[-1])
        return (
            f"{len(values)} number lines below each other, at {at}. An interval around "
            f"{names[0]} of width {self.width:g} has the width {width:.4g} on the last line. The "
            f"local slopes are {told}; their product is {product}."
        )


def _told(slope):
    return "not defined" if slope is None else f"{slope:.4g}"


def number_lines(links, *, x=1.0, width=None, low=0.0, high=2.0, start="x"):
    """Return a figure of linked number lines: the learner moves x and the width of an interval.

    links: list of pairs (function of one number, label such as "u = 2x + 1"), at most 5, the first
    one first. x: where the interval stands. low, high: the range in which all of it stays. width:
    of the interval, about a tenth of the range by default. start: the name of the first line.
    Raises ValueError where a link has no values for all x of the range.

    >>> chain = [(lambda x: 2 * x + 1, "u = 2x + 1"), (lambda u: u**2, "y = u²")]
    >>> number_lines(chain, x=1.0, low=0, high=2).alt().split(". ")[2]
    'The local slopes are 2 · 6; their product is 12.'
    """
    links = [link(pair, f"link {i + 1}") for i, pair in enumerate(links)]
    if not 1 <= len(links) < MOST:
        raise ValueError(f"{len(links)} links: give a list of 1 to {MOST - 1}")
    xs = grid(low, high)
    values, local = [xs], []
    for f, _, label in links:
        local.append(slopes(f, values[-1], label))
        values.append(sample(f, values[-1], label))
    step = xs[1] - xs[0]
    widths = [2 * k * step for k in range(1, len(xs) // 10 + 1)]
    inner = xs[len(widths) : len(xs) - len(widths)]
    width = (
        2 * step * max(1, len(widths) // 2)
        if width is None
        else on_grid(np.array(widths), width, "width")
    )
    data = {
        "names": [start, *(letter for _, letter, _ in links)],
        "labels": [label for _, _, label in links],
        "values": [v.tolist() for v in values],
        "slopes": local,
        "widths": np.round(widths, 12).tolist(),
        "xs": inner.tolist(),
        "ratio": _ratio(values, len(widths)),
    }
    title = "Along a chain, the rates multiply"
    return NumberLines(title=title, data=data, x=on_grid(inner, x), width=round(width, 12))


def _ratio(values, k):
    """Return how many widths of the first interval a line shows: so that most intervals fit."""
    wide = [np.abs(v[2 * k :] - v[: -2 * k]) / (values[0][2 * k] - values[0][0]) for v in values]
    return float(np.clip(1.2 * np.quantile(np.max(wide, axis=0), 0.75), 4, 20))
