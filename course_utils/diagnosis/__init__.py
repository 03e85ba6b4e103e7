"""Which mistake explains a wrong gradient."""

import time

SECONDS = 1.0


def explain(case, deadline=None, rows=()):
    """Return the Explanation of what a check found wrong, or None where nothing fits exactly.

    case: one of `course_utils.checks.cases`. deadline: of time.monotonic.
    rows: of the table that is shown.
    """
    from course_utils.diagnosis import checkers, differences, graphs, planes, scalars, values
    from course_utils.diagnosis.arrays import describe, from_case
    from course_utils.diagnosis.wording import tell

    deadline = deadline or time.monotonic() + SECONDS
    kind = type(case).__name__
    if kind == "Derivative":
        found = scalars.from_case(case, deadline)
    elif kind == "Gradients":
        found = from_case(case, deadline)
    elif kind == "Difference":
        found = differences.from_case(case)
    elif kind == "Checker":
        found = checkers.from_case(case)
    elif kind in ("Implicit", "Step", "Power"):
        found = planes.from_case(case)
    elif kind == "Graph":
        found = graphs.from_case(case)
    else:
        found = values.from_case(case, deadline)
    return tell(found) or (describe(case, rows) if kind == "Gradients" else None)
