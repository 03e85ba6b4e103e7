"""Honest submissions: right ones in several styles, and wrong ones of a known score.

Every score was computed by hand from the mistakes: a mistake costs the test cells that look at it.
"""

from tests.security.attacks.build import (
    FULL,
    POINTS,
    dump,
    group,
    notebook,
    right,
    right_answers,
    variants,
)

HONEST, add = group("honest")


def with_variants(**chosen):
    """Return the make of a notebook: the answers by variants' names, right ones elsewhere."""

    def make(release):
        codes = {name: variants()[name, variant] for name, variant in chosen.items()}
        return dump(notebook(release, right_answers() | codes, whole=True))

    return make


def only(*names):
    """Return the make of a notebook in which only these exercises are written."""
    return lambda release: dump(
        notebook(release, {n: right_answers()[n] for n in names}, whole=True)
    )


LOST = {
    "chain_four, outer derivative at x": 4,
    "chain_four, exponent kept": 1,
    "compose_derivative, product starts at 0": 4,
    "fork_derivative, third path forgotten": 2,
    "neuron_gradients, input x missing": 2,
    "neuron_gradients, db forgotten": 2,
    "neuron_gradients, factor 2 missing": 4,
    "vanishing_product, relu slope at 0 is 1": 2,
    "line_order, adds along the chain": 1,
}


def mistakes(**chosen):
    lost = sum(LOST[f"{name}, {variant}"] for name, variant in chosen.items())
    return with_variants(**chosen), "graded", POINTS - lost


NOISY = """
import sys
import warnings


def chain_four(x):
    warnings.warn("look out")
    print("x is", x)
    print("x is", x, file=sys.stderr)
    np.float64(1) / np.float64(0)
    first, second = np.cos(x**3) * 3 * x**2, -np.tan(x)
    return first, second, -x * np.exp(-(x**2) / 2), 20 * x * (1 + x**2) ** 9
"""
HELPERS = """
import math

import matplotlib.pyplot as plt


def double(t):
    return 2 * t


print(double(math.pi))
plt.plot([1, 2], [3, 4]);
"""
SLOPE = """
class Slope:
    def __init__(self, kind):
        self.kind = kind

    def at(self, z):
        if self.kind == "relu":
            return 1.0 if z > 0 else 0.0
        a = sigmoid(z) if self.kind == "sigmoid" else np.tanh(z)
        return a * (1 - a) if self.kind == "sigmoid" else 1 - a**2


def vanishing_product(z, n, kind):
    return Slope(kind).at(z) ** n
"""
add("as-in-the-solutions", "All right.", right(whole=True), "graded", FULL)
add(
    "all-in-another-style",
    "All right, with math, lists, recursion and loops.",
    with_variants(
        chain_four="math_module",
        compose_derivative="recursion_from_the_front",
        fork_derivative="product_rule_spelled_out",
        neuron_gradients="loops_and_lists",
        vanishing_product="loop",
        line_order="as_a_string",
    ),
    "graded",
    FULL,
)
add(
    "all-in-arrays",
    "All right, with arrays, columns and helpers; one answer warns.",
    with_variants(
        chain_four="array",
        compose_derivative="numpy_product",
        fork_derivative="accumulates_over_paths",
        neuron_gradients="column_and_array_of_one",
        vanishing_product="warns about 0/0",
    ),
    "graded",
    FULL,
)
add(
    "warns-everywhere",
    "All right, with warnings, prints and text on the standard error in every call.",
    right(
        whole=True,
        chain_four=NOISY,
    ),
    "graded",
    FULL,
)
add(
    "one-mistake",
    "One exponent is wrong.",
    *mistakes(chain_four="exponent kept"),
)
add(
    "half-of-the-mistakes",
    "Four exercises have a mistake that costs part of them.",
    *mistakes(
        chain_four="exponent kept",
        fork_derivative="third path forgotten",
        neuron_gradients="input x missing",
        vanishing_product="relu slope at 0 is 1",
    ),
)
add(
    "every-exercise-wrong",
    "Every exercise is wrong, the quiz is right.",
    *mistakes(
        chain_four="outer derivative at x",
        compose_derivative="product starts at 0",
        fork_derivative="third path forgotten",
        neuron_gradients="factor 2 missing",
        vanishing_product="relu slope at 0 is 1",
        line_order="adds along the chain",
    ),
)
add("nothing-written", "As handed out.", lambda release: dump(release), "graded", 0)
add(
    "first-half-written",
    "The first exercises, and two questions.",
    only("chain_four", "line_order", "q1", "q8"),
    "graded",
    4 + 1 + 2,
)
add(
    "helpers-in-own-cells",
    "All right, with helpers, figures and experiments in cells of the student's own.",
    right(
        whole=True,
        own=HELPERS,
        vanishing_product=SLOPE,
        last="1 / 0",
    ),
    "graded",
    FULL,
)
add(
    "a-cell-that-stops",
    "An answer that does not compile costs its own points only.",
    right(whole=True, fork_derivative="def fork_derivative(x)\n    return x"),
    "graded",
    POINTS - 4,
    compiles=False,
)
add(
    "wrong-quiz",
    "The exercises are right, the quiz is half wrong.",
    right(
        whole=True,
        q1='q1 = "A"',
        q2='q2 = "b"',
        q3="q3 = None",
        q4='q4 = "E"',
        q5='q5 = " c "',
        q6="q6 = 3",
    ),
    "graded",
    POINTS - 4,
)
