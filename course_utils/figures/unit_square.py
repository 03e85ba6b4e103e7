"""A small square and its image: near a point a function is its Jacobian."""

import numpy as np
import traitlets

from course_utils.figures.base import MovingFigure
from course_utils.figures.static import BLUE, GREEN, RED, new_figure

STEPS = 32  # of the range in which the point moves
MOST = 16  # steps of the largest square


class UnitSquare(MovingFigure):
    """See `unit_square`. Moved by the learner: x and y of the square's corner, and its size."""

    x = traitlets.Float().tag(sync=True)
    y = traitlets.Float().tag(sync=True)
    size = traitlets.Float().tag(sync=True)

    def _here(self):
        """Return the indices of the corner and the number of steps that the square is wide."""
        low, step = self.data["low"], self.data["step"]
        i, j = (int(np.clip(round((v - low) / step), 0, STEPS)) for v in (self.x, self.y))
        return i, j, int(np.clip(2 * round(self.size / step / 2), 2, MOST))

    def _jacobian(self):
        i, j, _ = self._here()
        return np.array(self.data["J"])[:, :, j, i]

    def _border(self):
        """Return the image of the square's border, each point as (f(p) - f(corner)) / size."""
        i, j, k = self._here()
        rows, columns = border(i, j, k)
        u, v = (np.array(self.data[name]) for name in ("u", "v"))
        size = k * self.data["step"]
        return np.array([(w[rows, columns] - w[j, i]) / size for w in (u, v)])

    def still(self):
        figure, (left, right) = new_figure(2, width=7.0, height=3.6)
        i, j, k = self._here()
        low, step = self.data["low"], self.data["step"]
        corner, size = (low + i * step, low + j * step), k * step
        x, y = (corner[n] + size * np.array(side) for n, side in enumerate(_SQUARE))
        left.fill(x, y, fc=BLUE, alpha=0.18)
        left.plot(x, y, color=BLUE)
        right.fill(*self._border(), fc=BLUE, alpha=0.18)
        right.plot(*self._border(), color=BLUE, label="image of the square")
        J = self._jacobian()
        right.plot(*(J @ np.array(_SQUARE)), ":", color="black", label="parallelogram of J")
        for n, (color, style) in enumerate(((RED, "-"), (GREEN, "--"))):
            _arrow(left, corner, np.array(corner) + size * np.eye(2)[n], color, style)
            _arrow(right, (0, 0), J[:, n], color, style)
        left.plot(*corner, "o", color="black", ms=6)
        left.set(xlim=self.data["view"], ylim=self.data["view"], aspect="equal")
        left.set(xlabel="x", ylabel="y", title="the square")
        reach = self.data["reach"]
        right.set(xlim=reach[0], ylim=reach[1], aspect="equal")
        right.set(title=f"its image, divided by {size:g}", xlabel="first value, from the corner's")
        right.set_ylabel("second value, from the corner's")
        right.legend(fontsize=8)
        return figure

    def alt(self):
        i, j, k = self._here()
        low, step = self.data["low"], self.data["step"]
        border, J = self._border(), self._jacobian()
        u, v = border
        area = np.sum(u[:-1] * v[1:] - u[1:] * v[:-1]) / 2
        return (
            f"A square of size {k * step:g} at ({low + i * step:g}, {low + j * step:g}), and its "
            f"image under {self.data['label']} beside the parallelogram of the Jacobian "
            f"[[{J[0, 0]:.4g}, {J[0, 1]:.4g}], [{J[1, 0]:.4g}, {J[1, 1]:.4g}]]. The determinant is "
            f"{np.linalg.det(J) + 0.0:.4g}; the image has about {area:.2g} times the square's area."
        )


def unit_square(f, label, *, low=-1.0, high=1.0, x=0.5, y=0.25, size=1.0):
    """Return a square in the plane beside its image; the learner moves it and makes it smaller.

    f: function of an array (2,) that returns two values. label: how it is called. low, high: the
    range of x and of y in which the square's lower left corner moves; f is also needed half a range
    beyond `high`. size: of the square, at most half of the range. The image is drawn from the
    corner's image and divided by the size, so it can be compared with the Jacobian's columns.
    Raises ValueError where f does not return two finite values.

    >>> figure = unit_square(lambda p: np.array([2 * p[0], p[0] + p[1]]), "(2x, x + y)")
    >>> figure.alt().split(". ")[1]
    "The determinant is 2; the image has about 2 times the square's area."
    """
    low, high = float(low), float(high)
    if not low < high:
        raise ValueError(f"low must be below high, got {low:g} and {high:g}")
    step = (high - low) / STEPS
    for name, value, least, most in (
        ("x", x, low, high),
        ("y", y, low, high),
        ("size", size, 2 * step, MOST * step),
    ):
        if not least <= value <= most:
            raise ValueError(f"{name} = {value:g} is outside of {least:g} to {most:g}")
    grid = np.round(low + step * np.arange(STEPS + MOST + 1), 12)
    u, v = _values(f, *np.meshgrid(grid, grid))
    J = _jacobians(f, *np.meshgrid(grid[: STEPS + 1], grid[: STEPS + 1]))
    J = np.where(np.abs(J) < 1e-9 * np.abs(J).max(), 0.0, J)
    data = {
        "label": label,
        "low": low,
        "step": step,
        "steps": STEPS,
        "most": MOST,
        "view": [low, float(grid[-1])],
        "u": _rounded(u),
        "v": _rounded(v),
        "J": _rounded(J),
        "reach": _reach(u, v, J, step),
    }
    title = f"A square and its image under {label}"
    figure = UnitSquare(title=title, data=data, x=float(x), y=float(y), size=float(size))
    i, j, k = figure._here()
    figure.x, figure.y, figure.size = low + i * step, low + j * step, k * step
    return figure


def border(i, j, k):
    """Return the rows and columns of a square's border on the grid, from its corner and back."""
    along, none = np.arange(k), np.zeros(k, int)
    columns = np.concatenate([along, none + k, k - along, none, [0]])
    rows = np.concatenate([none, along, none + k, k - along, [0]])
    return rows + j, columns + i


_SQUARE = ([0, 1, 1, 0, 0], [0, 0, 1, 1, 0])


def _values(f, X, Y):
    """Return the two values of f at each point, of shape (2, *X.shape); one call for each."""
    found = np.empty((2, *X.shape))
    for i in np.ndindex(X.shape):
        value = np.asarray(f(np.array([X[i], Y[i]])), float)
        if value.shape != (2,):
            raise ValueError(
                f"f must return an array of shape (2,), got shape {value.shape}: "
                "use np.array([.., ..])"
            )
        found[(slice(None), *i)] = value
    bad = ~np.isfinite(found).all(axis=0)
    if bad.any():
        i = np.unravel_index(np.argmax(bad), bad.shape)
        raise ValueError(
            f"f is nan or inf at ({X[i]:.4g}, {Y[i]:.4g}): choose low and high so that f is "
            "defined from low to half a range beyond high"
        )
    return found


def _jacobians(f, X, Y):
    """Return the Jacobian at each point, of shape (2, 2, *X.shape)."""
    from course_utils.oracles import numerical_derivative

    by_x = numerical_derivative(lambda x: _values(f, x, Y), X)
    by_y = numerical_derivative(lambda y: _values(f, X, y), Y)
    return np.stack([by_x, by_y], axis=1)


def _rounded(values):
    """Return lists of numbers, without the digits that are noise of the difference."""
    size = np.abs(values).max()
    digits = 9 - int(np.ceil(np.log10(size))) if size > 0 else 0
    return (np.round(values, digits) + 0.0).tolist()


def _reach(u, v, J, step):
    """Return the range of both axes, of one length, in which every image and its J fit."""
    ends = [[], []]
    n = STEPS + 1
    for k in (2, MOST // 2, MOST):
        for a, b in ((k, 0), (0, k), (k, k), (k // 2, k), (k, k // 2), (k // 2, 0), (0, k // 2)):
            for w, found in zip((u, v), ends, strict=True):
                found.append((w[b : b + n, a : a + n] - w[:n, :n]) / (k * step))
    for row, found in zip(J, ends, strict=True):
        found += [row[0], row[1], row[0] + row[1], 0 * row[0]]
    low, high = (np.array([pick(found) for found in ends]) for pick in (np.min, np.max))
    middle, half = (low + high) / 2, 0.54 * (high - low).max() or 1.0
    return [[float(m - half), float(m + half)] for m in middle]


def _arrow(axis, start, end, color, style):
    props = {"arrowstyle": "-|>", "color": color, "lw": 2, "ls": style, "shrinkA": 0, "shrinkB": 0}
    axis.annotate("", xy=end, xytext=start, arrowprops=props)
