"""The examiner: a student's notebook and its verdict, in two processes that share nothing.

What others use is in `examination`. It is imported only when it is asked for: the warm process,
which imports its own part of this package, starts in half the time without it.
"""

_FROM_EXAMINATION = ("Examined", "Examiner", "examine")


def __getattr__(name):
    if name not in _FROM_EXAMINATION:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from course_utils.instructor.examiner import examination

    return getattr(examination, name)
