"""Gradients by Hand: what the lessons use."""

import sys

from course_utils.checks import (
    Mismatch,
    NotWritten,
    call,
    check_avoids,
    check_backward,
    check_derivative,
    check_equal,
    check_gradient,
    check_jacobian,
    check_value,
    check_visited,
    notebook,
    part,
)
from course_utils.oracles import (
    complex_step_derivative,
    numerical_derivative,
    numerical_gradient,
)
from course_utils.quiz import (
    check_choice,
    check_choices,
    check_order,
    grade_choice,
    grade_choices,
    run_order,
    self_check,
)

notebook.install()
if "IPython" in sys.modules:  # elsewhere nothing is kept, and an import costs a tenth of numpy's
    from course_utils import progress

    progress.install()

__version__ = "0.1.0"


def __getattr__(name):
    if name != "show_progress":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from course_utils.progress import show_progress

    return show_progress


__all__ = [
    "Mismatch",
    "NotWritten",
    "call",
    "check_avoids",
    "check_backward",
    "check_choice",
    "check_choices",
    "check_derivative",
    "check_equal",
    "check_gradient",
    "check_jacobian",
    "check_order",
    "check_value",
    "check_visited",
    "complex_step_derivative",
    "grade_choice",
    "grade_choices",
    "numerical_derivative",
    "numerical_gradient",
    "part",
    "run_order",
    "self_check",
    "show_progress",
]
