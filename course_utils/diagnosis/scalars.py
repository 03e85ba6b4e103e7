"""Which slip explains a wrong derivative of a function of one number?"""

import time
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import numpy as np

from course_utils.diagnosis.expression import Expression, local, value_of
from course_utils.diagnosis.slips import slips
from course_utils.oracles import tape

RTOL = 1e-7
FRESH = 7
RARE = 2.45  # the cost of a slip beside which another form of the function is likelier


class Found:
    """An explanation: keys of one or two mistakes, with what the text needs."""

    def __init__(self, key, place="", words=None, also=None):
        self.key, self.place, self.words, self.also = key, place, words or {}, also

    def __repr__(self):
        more = f" + {self.also!r}" if self.also else ""
        return f"{self.key}@{self.place}{more}"


def explain_derivative(f, df, points, deadline, links=False):
    """Return the Found explanation of df, a wrong derivative of f at the points, or None.

    df: function of a float; it may raise. It is also called at points between the given ones.
    """
    with np.errstate(all="ignore"):
        x, y = _samples(f, df, points)
        if len(x) < 3:
            return None
        e = Expression(f, x)
        return _explain(e, y, f, df, deadline, links)


def _samples(f, df, points):
    points = np.unique(np.asarray(points, float))
    rng = np.random.default_rng(12345)
    low, high = points.min(), points.max()
    if low == high:
        low, high = low - 0.1 * max(abs(low), 1e-3), high + 0.1 * max(abs(high), 1e-3)
    fresh = low + (high - low) * rng.uniform(size=FRESH)
    xs, ys = [], []
    for x in [*points[:4], *fresh]:
        try:
            y = np.asarray(df(float(x)), float).reshape(())
            if np.isfinite(y) and np.isfinite(float(f(float(x)))):
                xs.append(float(x))
                ys.append(float(y))
        except Exception:
            continue
    return np.array(xs), np.array(ys)


def close(y, p, rtol=RTOL):
    """Return whether p is y, to a small part of their largest entries and of their own size."""
    if not np.isfinite(p).all():
        return False
    size = np.maximum(np.abs(y), np.abs(p))
    return bool((np.abs(y - p) <= rtol * size + 1e-12 * size.max(initial=0)).all())


# Where the slopes of the links are given, only how they are put together can be wrong.
LINKS = {
    *("inner-derivative-missing", "outer-derivative-missing", "outer-at-x", "outer-at-output"),
    *("outer-at-other", "inner-differentiated-inside", "sum-for-product", "not-differentiated"),
    *("difference-for-product", "quotient-for-product", "derivative-squared", "inner-value-times"),
    *("activation-derivative-missing", "activation-derivative-at-output", "value-for-derivative"),
    *("value-times", "inner-derivative-twice", "inner-value-for-derivative"),
}


def _of_whole_chain(e, y, true):
    """Mistakes of a whole chain: parts of it dropped or added, or its links in reverse order."""
    chain = all(len(p.parts) <= 1 for p in e.parts)
    if not chain:
        return None
    values, slopes = [e.x], [np.ones_like(e.x)]
    for part in e.parts[1:]:
        values.append(value_of(part, values, e.x))
        slopes.append(_slope_of(part, values[part.parts[0]]) * slopes[part.parts[0]])
    for i in range(1, len(e.parts) - 1):
        outer = true / slopes[i]
        words = {"part": e.parts[-1].text, "u": e.parts[i].text}
        if close(y, outer):
            return Found("inner-derivative-missing", e.parts[i].text, words)
        if close(y, outer + slopes[i]):
            return Found("sum-for-product", e.parts[i].text, {"part": e.parts[i].text})
        if close(y, slopes[i]):
            return Found("outer-part-missing", e.parts[i].text, words)
    if len(e.parts) < 3:
        return None
    at_end = np.prod([_slope_of(part, values[-1]) for part in e.parts[1:]], axis=0)
    handed_on = [e.x]
    for part in e.parts[1:]:
        handed_on.append(_slope_of(part, handed_on[-1]))
    value, reverse = e.x, np.ones_like(e.x)
    for part in e.parts[:0:-1]:
        reverse = reverse * _slope_of(part, value)
        value = value_of(replace(part, parts=(0,)), [value], e.x)
    guesses = {
        "outer-at-end": at_end,
        "slopes-handed-on": np.prod(handed_on[1:], axis=0),
        "chain-reversed": reverse,
    }
    for key, slope in guesses.items():
        if close(y, slope) and not close(slope, true):
            return Found(key, "", {"part": e.parts[-1].text})
    return None


def _slope_of(part, u):
    """Return the slope of a link at u."""
    return part.signs[0] + 0 * u if part.kind == "sum" else local(part, u)


def _of_polynomial(e, y):
    """The coefficients of a polynomial, or of its derivative, taken from the other end."""
    f = e.coefficients()
    if f is None:
        return None
    reversed_f = np.poly1d(f.coeffs[::-1]).deriv()
    if any(close(y, p(e.x)) for p in (np.poly1d(f.deriv().coeffs[::-1]), reversed_f)):
        return Found("coefficients-reversed")
    return None


def _explain(e, y, f, df, deadline, links=False):
    true = e.slopes()[1]
    if close(y, true):
        return None
    if not y.any():
        return Found("left-zero")
    ratio = _constant_ratio(y, true)
    slip, tried = _single(e, y, true, links)
    if slip and slip.cost > RARE:
        found = _of_other_form(e, y, true)
        if found:
            return found
    if slip:
        if ratio is not None and abs(ratio + 1) < RTOL and not _tells_sign(slip):
            return Found("wrong-sign")
        return Found(slip.key, slip.place, slip.words)
    whole = _of_whole_chain(e, y, true) or _of_polynomial(e, y)
    if whole:
        return whole
    if (y == y[0]).all() and len(y) > 3:
        return Found("constant-returned")
    if ratio is not None:
        return _of_ratio(ratio)
    if links:
        return None
    other = _of_other_order(e, y, f, df) or _of_other_form(e, y, true)
    return other or _pairs(e, y, tried, deadline)


def _single(e, y, true, links=False):
    """Return the most common slip that gives y, or None, and all that were tried: pairs of a slip
    and its slope."""
    tried = []
    for slip in slips(e):
        if links and slip.key not in LINKS:
            continue
        slope = e.slopes(slip.rules)[1]
        if np.isfinite(slope).all() and not close(slope, true):
            tried.append((slip, slope))
    found = [slip for slip, slope in tried if close(y, slope)]
    return min(found, key=lambda slip: slip.cost, default=None), tried


def _of_other_form(e, y, true):
    """A slip in the same function, written in another form before it is differentiated."""
    found = [(_single(form, y, true)[0], form.parts[-1].text) for form in e.forms()]
    found = [(slip, text) for slip, text in found if slip and slip.cost < RARE]
    if not found:
        return None
    slip, text = min(found, key=lambda pair: pair[0].cost)
    return Found(slip.key, slip.place, {**slip.words, "form": text})


# Slips that say where a sign was lost, if the whole derivative has the wrong one.
_SIGNS = {"minus-sign-lost", "quotient-terms-exchanged"}
# Slips that learners make beside another one. Rarer ones, in pairs, fit by chance of the algebra.
_PAIRED = {
    *("inner-derivative-missing", "outer-at-x", "inner-differentiated-inside", "sum-for-product"),
    *("exponent-kept", "exponent-not-multiplied", "minus-sign-lost", "constant-factor-lost"),
    *(
        "term-missing",
        "sign-of-term",
        "constant-kept",
        "part-not-differentiated",
        "outer-at-output",
    ),
    *("activation-square-forgotten", "activation-formula-fed-with-z", "sign-of-derivative"),
    *("activation-derivative-missing", "activation-derivative-at-output", "power-rule-on-exp"),
    *("product-factor-by-factor", "one-path-only", "other-factors-missing", "not-differentiated"),
}


def _constant_ratio(y, true):
    live = np.abs(true) > 1e-9 * np.abs(true).max()
    if not live.any() or not close(y[~live], 0 * y[~live]):
        return None
    ratios = y[live] / true[live]
    return float(ratios[0]) if np.ptp(ratios) <= RTOL * abs(ratios[0]) else None


def _tells_sign(slip):
    return slip.key in _SIGNS or (slip.key == "sign-of-derivative" and slip.words["f"] == "cos")


def _of_ratio(ratio):
    if abs(ratio + 1) < RTOL:
        return Found("wrong-sign")
    fraction = Fraction(ratio).limit_denominator(64)
    if abs(float(fraction) / ratio - 1) < RTOL and abs(fraction.numerator) < 1000:
        return Found("constant-factor", str(fraction), {"c": str(fraction)})
    return Found("constant-factor", f"{ratio:.6g}", {"c": f"{ratio:.6g}"})


def _of_other_order(e, y, f, df):
    """The second derivative, or an integral, in place of the first."""
    try:
        second = np.array([tape.grad(lambda t: tape.grad(f, t), x) for x in e.x])
        if close(y, second):
            return Found("second-derivative")
    except Exception:
        second = None
    try:
        h = 1e-4 * np.maximum(1, np.abs(e.x))
        slope = np.array(
            [(df(float(x + k)) - df(float(x - k))) / (2 * k) for x, k in zip(e.x, h, strict=True)]
        )
        value = e.slopes()[0]
        if close(slope, value, 1e-5):
            return Found("antiderivative")
    except Exception:
        return None
    return None


def _pairs(e, y, tried, deadline):
    """Two slips at once, or a slip and a constant factor."""
    if len(y) < 6:
        return None
    tried = [pair for pair in tried if pair[0].key in _PAIRED]
    found = []
    for slip, slope in tried:
        ratio = _constant_ratio(y, slope)
        if ratio is not None and min(abs(ratio - c) for c in (-1, 2, 0.5)) < RTOL:
            found.append((slip.cost, slip, _of_ratio(ratio)))
    if found and not any(part.kind in ("product", "quotient", "sum") for part in e.parts):
        _, slip, ratio = min(found, key=lambda triple: triple[0])
        return Found(slip.key, slip.place, slip.words, also=ratio)
    singles = [pair for pair in tried if not pair[0].words.get("several")]
    singles = sorted(singles, key=lambda pair: pair[0].cost)[:90]
    hits = []
    for (one, _), (two, _) in combinations(singles, 2):
        if one.part == two.part:
            continue
        if time.monotonic() > deadline:
            return None
        slope = e.slopes({**one.rules, **two.rules})[1]
        if np.isfinite(slope).all() and close(y, slope):
            hits.append((one, two))
    return _clearest(hits)


def _clearest(hits):
    """Return the pair to be told: twice the same mistake, or the only pair that fits; or None."""
    twice = [pair for pair in hits if pair[0].key == pair[1].key]
    hits = twice or hits
    if not hits or len({frozenset((one.key, two.key)) for one, two in hits}) > 1:
        return None
    one, two = min(hits, key=lambda pair: pair[0].cost + pair[1].cost)
    second = Found(two.key, two.place, two.words)
    return Found(one.key, one.place, one.words, also=second)


def from_case(case, deadline):
    """Return the Found explanation of a Derivative case, or None."""
    found = explain_derivative(case.f, case.df, case.points, deadline, case.links)
    if found is not None and found.also is None:
        return found
    with np.errstate(all="ignore"):
        for number, sibling in case.siblings.items():
            x, y = _samples(case.f, sibling, case.points)
            if len(x) > 3 and close(y, Expression(case.f, x).slopes()[1]):
                return Found("values-exchanged", "", {"c": str(number)})
    return found
