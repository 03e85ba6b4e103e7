"""What lessons are given: data sets, starting weights, pictures of training. None is an answer."""

from course_utils.nn.data import digits, one_hot, two_moons, xor
from course_utils.nn.initial import glorot_normal, he_normal
from course_utils.nn.plots import show_digits, show_training

__all__ = [
    "digits",
    "glorot_normal",
    "he_normal",
    "one_hot",
    "show_digits",
    "show_training",
    "two_moons",
    "xor",
]
