"""One example of every figure to move, as the lessons use it."""

import numpy as np

from course_utils.diagnosis.detection import detection
from course_utils.figures.activations import activations
from course_utils.figures.contour import contour
from course_utils.figures.fork_paths import fork_paths
from course_utils.figures.gradient_flow import gradient_flow
from course_utils.figures.graph_stepper import graph_stepper
from course_utils.figures.kink import kink
from course_utils.figures.number_lines import number_lines
from course_utils.figures.secant import secant
from course_utils.figures.shape_board import shape_board
from course_utils.figures.step_size import step_size
from course_utils.figures.tolerance_map import tolerance_map
from course_utils.figures.unit_square import unit_square
from course_utils.figures.vanishing import vanishing
from course_utils.figures.xor_training import xor_training


class Value:
    """A number that remembers how it was made, as the one of lesson 3."""

    def __init__(self, data, parents=(), op="", local=()):
        self.data, self.grad = float(data), 0.0
        self.parents, self.op, self.local = tuple(parents), op, tuple(local)

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), "+", (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t**2,))


def first_graph():
    """Return L = (x + y) z at 2, 3, 4, and its names."""
    x, y, z = Value(2), Value(3), Value(4)
    q = x + y
    return q * z, {"x": x, "y": y, "z": z, "q": q}


def two_forks():
    """Return c = b + b with b = a + a at a = 1, and its names."""
    a = Value(1)
    b = a + a
    c = b + b
    return c, {"a": a, "b": b, "c": c}


def small_net(units=4):
    """Return the squared error of a net of tanh units, and the names of its leaves."""
    rng = np.random.default_rng(0)
    x = [Value(v) for v in rng.normal(size=2)]
    names = {"x1": x[0], "x2": x[1], "c": Value(0.3)}
    out = names["c"]
    for h in range(1, units + 1):
        w, u, b, v = (Value(v) for v in rng.normal(size=4))
        names |= {f"w{h}": w, f"u{h}": u, f"b{h}": b, f"v{h}": v}
        out = out + (x[0] * w + x[1] * u + b).tanh() * v
    error = out + Value(-1.0)
    return error * error, names


FIGURES = {
    "activations": activations,
    "contour": lambda: contour(lambda x, y: x**2 + x * y + 2 * y**2, "x² + xy + 2y²"),
    "fork_paths": fork_paths,
    "kink": lambda: kink("ReLU", x=0.7, h=0.5),
    "number_lines": lambda: number_lines(
        [(lambda x: 2 * x + 1, "u = 2x + 1"), (lambda u: u**2, "y = u²")]
    ),
    "secant": lambda: secant(np.square, "x²", x=1.0, h=0.5),
    "shape_board": lambda: shape_board(placed=["dY", "W"]),
    "step_size": step_size,
    "tolerance_map": lambda: tolerance_map(detection()),
    "unit_square": lambda: unit_square(
        lambda p: np.array([p[0] ** 2 - p[1] ** 2, 2 * p[0] * p[1]]), "(x² − y², 2xy)"
    ),
    "vanishing": vanishing,
    "gradient_flow": gradient_flow,
    "graph_stepper": lambda: graph_stepper(*first_graph()),
    "xor_training": xor_training,
}
