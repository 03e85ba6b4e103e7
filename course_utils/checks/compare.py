"""The learner's numbers beside the true ones: are they equal, and if not, how do they differ?"""

import warnings

import numpy as np

from course_utils.checks.mismatch import Mismatch

ROWS = 5


class SkippedEntry(UserWarning):
    """Says that an entry was skipped: the function has two slopes there, or none to be found."""


def compare(
    yours, true, *, name, error=0.0, rtol=1e-12, points=None, kinks=None, count=None, look=""
):
    """Return quietly if `yours` equals `true`; otherwise raise a Mismatch that says how it differs.

    yours, true: arrays of one shape. error: the uncertainty of `true`, a number or an array.
    rtol: relative tolerance, widened for a learner who works in a shorter dtype than float64.
    points: what the entries are called in the table; by default their index.
    kinks: `{flat index: kink}` of entries to be skipped, with a SkippedEntry.
    count: (wrong, all) where `yours` holds only a part of the entries.
    """
    yours, true = np.asarray(yours), np.asarray(true, float)
    whole_numbers = yours.ndim > 0 and points is None and yours.dtype.kind in "iu"
    rtol, yours = tolerance_of(yours, rtol), yours.astype(float)
    wrong = np.abs(yours - true) > rtol * np.abs(true) + 10 * np.asarray(error)
    known = np.isfinite(true + error)
    where = "points" if points and points[0].startswith("x = ") else "entries"
    places = points or [place_of(i) for i in np.ndindex(true.shape)]
    yours, true, wrong = yours.ravel(), true.ravel(), wrong.ravel()
    skipped = {
        i: f"sits on a kink (left slope {kink.left:.6g}, right slope {kink.right:.6g}): skipped. "
        "Any slope between is right."
        for i, kink in (kinks or {}).items()
    }
    for i in np.flatnonzero(~known.ravel()):
        skipped.setdefault(i, "has a slope that values of the function do not tell: skipped.")
    for i, reason in skipped.items():
        wrong[i] = False
        warnings.warn(f"{name}: entry {places[i] or 1} {reason}", SkippedEntry, stacklevel=3)
    if not wrong.any():
        return
    order, mistake = np.argsort(-np.abs(yours - true), kind="stable"), ""
    rows = [(places[i], yours[i], true[i]) for i in order if wrong[i]][:ROWS]
    if whole_numbers and (np.abs(yours - true) < 1).all():
        sentence = (
            "has whole numbers (dtype int), so fractions were cut off: "
            "use x = np.asarray(x, float)."
        )
        mistake = "whole-numbers"
    elif count:
        sentence = f"is wrong in {count[0]} of {count[1]} entries."
    else:
        live = np.isin(np.arange(yours.size), list(skipped), invert=True)
        sentence = _difference(yours[live], true[live], wrong[live], where, rtol)
    raise Mismatch(f"{name}: {sentence}", rows, look, mistake)


def tolerance_of(yours, rtol):
    """Return `rtol`, or what the learner's dtype allows where that is more; float32's at most."""
    dtype = np.asarray(yours).dtype
    if dtype.kind != "f":
        return rtol
    return max(rtol, 64 * float(min(np.finfo(dtype).eps, np.finfo(np.float32).eps)))


def place_of(index):
    """Return an index as it is shown: "[2, 0]", and "" for a number."""
    return "[" + ", ".join(str(int(i)) for i in index) + "]" if len(index) else ""


def _difference(yours, true, wrong, where, rtol):
    if (np.abs(yours - true) < 5e-5 * np.abs(true))[wrong].all():  # a ratio that is shown as 1
        return _how_far_off(yours, true, wrong, where, rtol)
    whole = _how_they_differ(yours, true)
    if yours.size == 1:
        return f"{whole}."
    if whole:
        return f"{whole}, {'in every entry' if where == 'entries' else 'at every point'}."
    return f"is wrong {'in' if where == 'entries' else 'at'} {wrong.sum()} of {wrong.size} {where}."


def _how_far_off(yours, true, wrong, where, rtol):
    """Say how large the relative difference is; 2e-09 is not seen in a ratio."""
    off = np.abs(yours - true)[wrong] / np.abs(true)[wrong]
    upto = "" if f"{off.min():.0e}" == f"{off.max():.0e}" else "up to "
    sentence = f"differs from the true value by {upto}{off.max():.0e} of its size"
    in_or_at = "in" if where == "entries" else "at"
    if yours.size > 1 and wrong[true != 0].all():
        sentence += f", {in_or_at} every {'entry' if where == 'entries' else 'point'}"
    elif yours.size > 1:
        sentence += f", {in_or_at} {wrong.sum()} of {wrong.size} {where}"
    if rtol > 1e-7:  # so a difference is asked for, or a short dtype came back
        return f"{sentence}."
    return (
        f"{sentence}: is this a difference quotient, or a rounded number, where the formula "
        "is asked?"
    )


def _how_they_differ(yours, true):
    """Name the one relation that holds for all entries, or return ""."""
    from fractions import Fraction

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
