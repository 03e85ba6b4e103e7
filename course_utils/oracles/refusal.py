"""While a graded answer runs, no oracle answers: what the exercise asks for is to be derived.

Nothing refuses by itself. Grading says so around each call of a student's function.
"""

import contextlib

_refusing = False


class Refused(RuntimeError):
    """Raised by an oracle that is asked from within a graded answer."""


@contextlib.contextmanager
def refused():
    """Let every oracle refuse in what runs inside."""
    global _refusing
    before, _refusing = _refusing, True
    try:
        yield
    finally:
        _refusing = before


def ask():
    """Raise Refused where oracles are refused; every oracle calls this first."""
    if _refusing:
        raise Refused("the course's own derivatives cannot be called from a graded answer")
