"""Activations above, and their slopes below."""

import numpy as np
import traitlets

from course_utils.figures.base import MovingFigure
from course_utils.figures.sample import grid, on_grid
from course_utils.figures.static import RED, new_figure
from course_utils.oracles import complex_step_derivative

# Their slopes are measured by the complex step; ReLU's at 0 then comes out as 0, our convention.
ACTIVATIONS = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.where(np.real(z) > 0, z, 0),
}
LIMITS = {"sigmoid": [-0.2, 1.2], "tanh": [-1.4, 1.4], "relu": [-1.0, 5.0]}


def slope_of(kind, z):
    """Return the slope of an activation at z; `kind` is one of ACTIVATIONS."""
    return complex_step_derivative(ACTIVATIONS[kind], z)


def known(kind):
    """Return kind; raises ValueError where it is none of ACTIVATIONS."""
    if kind not in ACTIVATIONS:
        raise ValueError(f"kind is {kind!r}: choose one of {', '.join(map(repr, ACTIVATIONS))}")
    return kind


class Activations(MovingFigure):
    """See `activations`. Moved by the learner: z and kind."""

    z = traitlets.Float().tag(sync=True)
    kind = traitlets.Enum(list(ACTIVATIONS), "sigmoid").tag(sync=True)

    def _here(self):
        """Return the value and the slope at z."""
        curve = self.data["curves"][self.kind]
        return tuple(float(np.interp(self.z, self.data["zs"], curve[k])) for k in ("y", "slope"))

    def still(self):
        figure, axes = new_figure(rows=2, height=4.6)
        zs, (value, slope) = np.array(self.data["zs"]), self._here()
        curve = {name: np.array(ys) for name, ys in self.data["curves"][self.kind].items()}
        axes[0].plot(zs, curve["y"], label=self.kind)
        reach = self.z + np.array([-1.5, 1.5])
        label = f"tangent at z = {self.z:g}, slope {slope:.4g}"
        axes[0].plot(reach, value + slope * (reach - self.z), "--", label=label)
        axes[0].plot(self.z, value, "o", color="black", ms=7)
        axes[0].set(ylim=self.data["limits"][self.kind])
        # Where the slope jumps there is no line between its two values.
        jump = np.abs(np.diff(curve["slope"], prepend=curve["slope"][0])) > 0.5
        broken = np.where(jump, np.nan, curve["slope"])
        axes[1].plot(zs, broken, color=RED, label="its slope")
        axes[1].plot(self.z, slope, "o", color="black", ms=7)
        axes[1].set(xlabel="z", ylim=(-0.1, 1.15))
        for axis in axes:
            axis.set_xlim(zs[0], zs[-1])
            axis.legend(loc="upper left")
        return figure

    def alt(self):
        value, slope = self._here()
        return (
            f"The curve of {self.kind} above, with its tangent at z = {self.z:g}, and the curve of "
            f"its slope below. There {self.kind} is {value:.4g} and its slope is {slope:.4g}."
        )


def activations(*, z=2.0, kind="sigmoid"):
    """Return a figure of an activation and of its slope: the learner moves z and chooses kind.

    z: pre-activation from -5 to 5. kind: "sigmoid", "tanh" or "relu"; relu has slope 0 at z = 0.
    Raises ValueError for any other z or kind.

    >>> activations(z=2.0, kind="tanh").alt().split(". ")[1]
    'There tanh is 0.964 and its slope is 0.07065.'
    """
    zs = grid(-5, 5)
    curves = {
        name: {"y": f(zs).tolist(), "slope": slope_of(name, zs).tolist()}
        for name, f in ACTIVATIONS.items()
    }
    data = {"zs": zs.tolist(), "curves": curves, "limits": LIMITS}
    title = "An activation and its slope"
    return Activations(title=title, data=data, z=on_grid(zs, z, "z"), kind=known(kind))
