"""One example of every figure to move, as the lessons use it."""

import numpy as np

from course_utils.figures.activations import activations
from course_utils.figures.fork_paths import fork_paths
from course_utils.figures.number_lines import number_lines
from course_utils.figures.secant import secant
from course_utils.figures.step_size import step_size
from course_utils.figures.vanishing import vanishing

FIGURES = {
    "activations": activations,
    "fork_paths": fork_paths,
    "number_lines": lambda: number_lines(
        [(lambda x: 2 * x + 1, "u = 2x + 1"), (lambda u: u**2, "y = u²")]
    ),
    "secant": lambda: secant(np.square, "x²", x=1.0, h=0.5),
    "step_size": step_size,
    "vanishing": vanishing,
}
