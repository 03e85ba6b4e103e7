"""The mistake behind a Mismatch, looked for only when a check has failed.

The diagnosis is imported here and nowhere else in this package. It must never break a check:
whatever it raises, and when it takes too long, the message stays as it was.
"""

import contextlib
import io
import warnings

from course_utils.checks import guard
from course_utils.checks.mismatch import NotWritten

SECONDS = 1.5
busy = False  # whether a learner's function is called for a diagnosis, not for a verdict


def explained(mismatch, case):
    """Return the Mismatch, with the mistake named if one explains it.

    case: one of `cases`, or None where there is nothing to try.
    """
    if case is None or isinstance(mismatch, NotWritten) or mismatch.mistake == "whole-numbers":
        return mismatch
    global busy
    busy = True
    try:
        with (
            guard.alarm(SECONDS),
            contextlib.redirect_stdout(io.StringIO()),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore")
            from course_utils import diagnosis

            found = diagnosis.explain(case, rows=mismatch.rows)
    except (Exception, guard.TooSlow):
        found = None
    finally:
        busy = False
    if found is None:
        mismatch.mistake = mismatch.mistake or "unknown"
    elif found.steps:
        mismatch.mistake, mismatch.steps = found.mistake, found.steps
    else:
        mismatch.mistake, mismatch.hint = mismatch.mistake or "unknown", found.hint
    return mismatch
