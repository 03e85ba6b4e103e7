"""The learner's numbers beside the true ones: are they equal, and if not, how do they differ?"""

from fractions import Fraction

import numpy as np

from course_utils.checks.mismatch import Mismatch

ROWS = 5


def compare(yours, true, *, name, error=0.0, rtol=1e-9, points=None, look=""):
    """Return quietly if `yours` equals `true`; otherwise raise a Mismatch that says how it differs.

    yours, true: arrays of one shape. error: the uncertainty of `true`, a number or an array.
    rtol: relative tolerance, widened for a learner who works in a shorter dtype than float64.
    points: where the entries were taken, if they are values at several points.
    """
    yours, true = np.asarray(yours), np.asarray(true, float)
    if yours.dtype.kind == "f" and yours.dtype.itemsize < 8:
        rtol = max(rtol, 64 * float(np.finfo(yours.dtype).eps))
    yours = yours.astype(float)
    wrong = np.abs(yours - true) > rtol * np.abs(true) + 10 * np.asarray(error)
    if not wrong.any():
        return
    places = [_place(i) for i in np.ndindex(true.shape)] if points is None else list(points)
    yours, true, wrong = yours.ravel(), true.ravel(), wrong.ravel()
    order = np.argsort(-np.abs(yours - true), kind="stable")
    rows = [(places[i], yours[i], true[i]) for i in order if wrong[i]][:ROWS]
    where = "entry" if points is None else "point"
    raise Mismatch(f"{name}: {_difference(yours, true, wrong, where)}", rows, look)


def _place(index):
    return "[" + ", ".join(map(str, index)) + "]" if index else ""


def _difference(yours, true, wrong, where):
    whole = _how_they_differ(yours, true)
    if yours.size == 1:
        return f"{whole}."
    if whole:
        return f"{whole}, {'in every entry' if where == 'entry' else 'at every point'}."
    where = "entries" if where == "entry" else "points"
    return f"is wrong {'in' if where == 'entries' else 'at'} {wrong.sum()} of {wrong.size} {where}."


def _how_they_differ(yours, true):
    """Name the one relation that holds for all entries, or return ""."""
    if not yours.any():
        return "is 0 where the true value is not"
    if not true.any():
        return "is not 0 where the true value is"
    live = true != 0
    if yours[~live].any():
        return ""
    ratios = yours[live] / true[live]
    ratio = float(ratios[0])
    if np.ptp(ratios) > 1e-6 * abs(ratio):
        return ""
    if abs(ratio + 1) < 1e-6:
        return "has the wrong sign"
    fraction = Fraction(ratio).limit_denominator(20)
    simple = fraction and abs(fraction) <= 100 and abs(float(fraction) / ratio - 1) < 1e-6
    return f"is {fraction if simple else f'{ratio:.4g}'} times the true value"
