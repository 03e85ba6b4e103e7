"""One example of every figure to move, as the lessons use it."""

import numpy as np

from course_utils.figures.activations import activations
from course_utils.figures.secant import secant

FIGURES = {
    "activations": activations,
    "secant": lambda: secant(np.square, "x²", x=1.0, h=0.5),
}
