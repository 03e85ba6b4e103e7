"""One example of every figure to move, as the lessons use it."""

import numpy as np

from course_utils.figures.activations import activations
from course_utils.figures.fork_paths import fork_paths
from course_utils.figures.gradient_flow import gradient_flow
from course_utils.figures.graph_stepper import graph_stepper
from course_utils.figures.number_lines import number_lines
from course_utils.figures.secant import secant
from course_utils.figures.step_size import step_size
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
    "fork_paths": fork_paths,
    "number_lines": lambda: number_lines(
        [(lambda x: 2 * x + 1, "u = 2x + 1"), (lambda u: u**2, "y = u²")]
    ),
    "secant": lambda: secant(np.square, "x²", x=1.0, h=0.5),
    "step_size": step_size,
    "vanishing": vanishing,
    "gradient_flow": gradient_flow,
    "graph_stepper": lambda: graph_stepper(*first_graph()),
    "xor_training": xor_training,
}
