"""Contour lines, the gradient, and the slope in a direction that the learner turns."""

import numpy as np
import traitlets

from course_utils.figures.base import MovingFigure
from course_utils.figures.static import BLUE, GREY, RED, new_figure

STEPS = 60  # of the range that is shown; the point stands on them, so that what is read is exact
MARGIN = 12  # of them are kept free on each side, so that the arrows have room
FINE = 81  # points a side for the contour lines
ANGLES = np.arange(-180, 181)


class Contour(MovingFigure):
    """See `contour`. Moved by the learner: x, y, angle (degrees) and whether all is shown."""

    x = traitlets.Float().tag(sync=True)
    y = traitlets.Float().tag(sync=True)
    angle = traitlets.Float().tag(sync=True)
    shown = traitlets.Bool(True).tag(sync=True)

    def _here(self):
        """Return the point that is shown and the gradient there, each an array (2,)."""
        at = np.array(self.data["at"])
        i, j = (int(np.abs(at - v).argmin()) for v in (self.x, self.y))
        gradient = [self.data[name][j][i] for name in ("gx", "gy")]
        return np.array([at[i], at[j]]), np.array(gradient)

    def _direction(self):
        angle = np.deg2rad(self.angle)
        return np.array([np.cos(angle), np.sin(angle)])

    def still(self):
        figure, (left, right) = new_figure(2, width=7.6, height=3.7)
        point, gradient = self._here()
        for line in self.data["lines"]:
            left.plot(*line, color=GREY, lw=1)
        for x, y, text in self.data["labels"]:
            left.text(x, y, text, size=8, ha="center", va="center", bbox={"fc": "w", "ec": "none"})
        _arrow(left, point, self.data["reach"] * self._direction(), RED, "--")
        if self.shown:
            _arrow(left, point, self.data["scale"] * gradient, BLUE, "-")
        left.plot(*point, "o", color="black", ms=7)
        view = self.data["view"]
        left.set(xlim=view, ylim=view, aspect="equal", xlabel="x", ylabel="y")
        if self.shown:
            right.plot(ANGLES, _slopes(gradient), color=BLUE)
        right.plot(self.angle, gradient @ self._direction(), "s", color=RED, ms=7)
        most = 1.08 * self.data["most"]
        right.set(xlim=(-180, 180), ylim=(-most, most), xticks=[-180, -90, 0, 90, 180])
        right.set(xlabel="direction (degrees)", ylabel="slope in that direction")
        return figure

    def alt(self):
        (x, y), gradient = self._here()
        slope = gradient @ self._direction()
        text = (
            f"Contour lines of {self.data['label']}, with the point ({x:g}, {y:g}) and a direction "
            f"of {self.angle:g} degrees. The slope in this direction is {slope:.4g}."
        )
        if self.shown:
            text += (
                f" The gradient is ({gradient[0]:.4g}, {gradient[1]:.4g}), of length "
                f"{np.hypot(*gradient):.4g}."
            )
        return text


def contour(f, label, *, low=-3.0, high=3.0, x=1.0, y=0.5, angle=90.0, shown=True):
    """Return contour lines of f(x, y); the learner moves a point there and turns a direction.

    f: function of two numbers that returns one. label: how it is called. low, high: the range of
    x and of y that is shown; the point moves in the middle of it. angle: of the direction, in
    degrees from the x axis. shown: whether the gradient is seen from the start; where it is not,
    the learner hunts the steepest direction first. Raises ValueError where f has no finite value.

    >>> contour(lambda x, y: x**2 + y**2, "x² + y²", x=1.2, y=0.5, angle=0.0).alt().split(". ")[1]
    'The slope in this direction is 2.4'
    """
    low, high = float(low), float(high)
    if not low < high:
        raise ValueError(f"low must be below high, got {low:g} and {high:g}")
    grid = np.round(np.linspace(low, high, STEPS + 1), 10)
    at = grid[MARGIN:-MARGIN]
    for name, value in (("x", x), ("y", y)):
        if not at[0] <= value <= at[-1]:
            raise ValueError(
                f"{name} = {value:g} is outside of {at[0]:g} to {at[-1]:g}, where the point moves: "
                "choose another point, or another low and high"
            )
    gx, gy = _gradients(f, at)
    most = float(np.hypot(gx, gy).max())
    lines, labels = _contour_lines(f, low, high, at[-1] - at[0])
    data = {
        "label": label,
        "view": [low, high],
        "at": at.tolist(),
        "gx": _rounded(gx, most),
        "gy": _rounded(gy, most),
        "most": most or 1.0,
        "scale": _scale(at, gx, gy, low, high),
        "reach": 0.19 * (high - low),
        "lines": lines,
        "labels": labels,
    }
    title = "The slope depends on the direction"
    nearest = [float(at[np.abs(at - v).argmin()]) for v in (x, y)]
    figure = Contour(title=title, data=data, x=nearest[0], y=nearest[1], shown=shown)
    figure.angle = float(angle)
    return figure


def _values(f, X, Y):
    """Return f at each point, in X's shape. One call for each, so that any function will do."""
    values = np.vectorize(f, otypes=[float])(X, Y)
    if not np.isfinite(values).all():
        i = np.unravel_index(np.argmin(np.isfinite(values)), X.shape)
        raise ValueError(
            f"f is nan or inf at ({X[i]:.4g}, {Y[i]:.4g}): choose low and high so that f is "
            "defined everywhere between"
        )
    return values


def _gradients(f, at):
    """Return df/dx and df/dy at the points of a grid, each of shape (n, n), rows of equal y."""
    from course_utils.oracles import numerical_derivative

    X, Y = np.meshgrid(at, at)
    gx = numerical_derivative(lambda x: _values(f, x, Y), X)
    return gx, numerical_derivative(lambda y: _values(f, X, y), Y)


def _rounded(values, size):
    """Return lists of numbers, without the digits that are noise of the difference."""
    digits = 9 - int(np.ceil(np.log10(size))) if size > 0 else 0
    return (np.round(values, digits) + 0.0).tolist()


def _scale(at, gx, gy, low, high):
    """Return the factor, of two digits, at which no gradient's arrow leaves the picture."""
    X, Y = np.meshgrid(at, at)
    room = 1.0
    for V, g in ((X, gx), (Y, gy)):
        far = np.where(g > 0, high - V, V - low) * 0.97
        room = min(room, float(np.min(far / np.maximum(np.abs(g), 1e-12))))
    digits = 1 - int(np.floor(np.log10(room)))
    return float(np.floor(room * 10**digits + 1e-9) / 10**digits)


def _contour_lines(f, low, high, inner):
    """Return the lines, each as [xs, ys], and a label for levels that reach the outer frame."""
    from contourpy import contour_generator
    from matplotlib.ticker import MaxNLocator

    fine = np.linspace(low, high, FINE)
    Z = _values(f, *np.meshgrid(fine, fine))
    if np.ptp(Z) == 0:
        raise ValueError("f is constant: it has no contour lines")
    generator = contour_generator(fine, fine, Z)
    decimals = 4 - int(np.ceil(np.log10(high - low)))
    lines, labels = [], []
    for level in MaxNLocator(10).tick_values(Z.min(), Z.max()):
        pieces = [np.round(piece, decimals) for piece in generator.lines(level)]
        lines += [piece.T.tolist() for piece in pieces]
        place = _free_place(pieces, low, high, inner, labels)
        if place is not None:
            labels.append([*place, f"{round(level, 12) + 0.0:g}".replace("-", "−")])
    return lines, labels


def _free_place(pieces, low, high, inner, taken):
    """Return the point of a contour line, in the frame around the middle, that is most free."""
    span, middle = high - low, (low + high) / 2
    points = np.concatenate([np.empty((0, 2)), *pieces])
    off = np.abs(points - middle).max(axis=1)
    points = points[(off > inner / 2 + 0.04 * span) & (off < 0.46 * span)]
    if not len(points):
        return None
    others = np.array([place[:2] for place in taken]).reshape(-1, 2)
    gaps = np.linalg.norm(points[:, None] - others[None], axis=2).min(axis=1, initial=span)
    best = int(gaps.argmax())
    return points[best].tolist() if gaps[best] > 0.14 * span else None


def _slopes(gradient):
    angles = np.deg2rad(ANGLES)
    return gradient[0] * np.cos(angles) + gradient[1] * np.sin(angles)


def _arrow(axis, start, step, color, style):
    props = {"arrowstyle": "-|>", "color": color, "lw": 2, "ls": style, "shrinkA": 0, "shrinkB": 0}
    axis.annotate("", xy=start + step, xytext=start, arrowprops=props)
