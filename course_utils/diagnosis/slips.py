"""What goes wrong when an expression is differentiated: other rules for one part of it.

Each slip has the key of a misconception, and rules for the parts it concerns. Nothing here holds an
answer: what a slip gives is computed from the expression.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from course_utils.diagnosis.expression import (
    FUNCTIONS,
    local,
    right_rule,
    terms_of_product,
    value_of,
)


@dataclass(frozen=True)
class Slip:
    """key: of the misconception. part: index. rules: as for Expression.slopes. words: for the text.

    cost: the smaller, the more common; of slips that give the same, the smallest is told.
    """

    key: str
    part: int
    rules: dict = field(repr=False)
    words: dict = field(default_factory=dict)
    cost: float = 1.0
    variant: str = ""

    @property
    def place(self):
        return self.words.get("part", "")


# The derivatives that learners write for a function, beside the ones made by a general rule.
WRITTEN = {
    "exp": {
        "power rule": lambda u: u * np.exp(u - 1),
        "exp(u - 1)": lambda u: np.exp(u - 1),
    },
    "log": {
        "u": lambda u: u,
        "1 / log u": lambda u: 1 / np.log(u),
        "1 / u**2": lambda u: 1 / u**2,
    },
    "tan": {"1 / cos": lambda u: 1 / np.cos(u), "-1 / sin**2": lambda u: -1 / np.sin(u) ** 2},
    "tanh": {
        "square forgotten": lambda u: 1 - np.tanh(u),
        "formula fed with the input": lambda u: 1 - u**2,
        "plus for minus": lambda u: 1 + np.tanh(u) ** 2,
        "of the sigmoid": lambda u: np.tanh(u) * (1 - np.tanh(u)),
        "minus one more": lambda u: np.tanh(u) ** 2 - 1,
        "square only": lambda u: np.tanh(u) ** 2,
        "1 / cosh": lambda u: 1 / np.cosh(u),
        "squared once more": lambda u: (1 - np.tanh(u) ** 2) ** 2,
        "square around the bracket": lambda u: (1 - np.tanh(u)) ** 2,
        "of the sigmoid, right": lambda u: 0.25 * (1 - np.tanh(u / 2) ** 2),
    },
    "sigmoid": {
        "formula fed with the input": lambda u: u * (1 - u),
        "square for product": lambda u: 1 - _s(u) ** 2,
        "1 - s only": lambda u: 1 - _s(u),
        "plus for minus": lambda u: _s(u) * (1 + _s(u)),
        "s squared": lambda u: _s(u) ** 2,
        "of tanh": lambda u: 1 - np.tanh(u) ** 2,
        "(1 - s) squared": lambda u: (1 - _s(u)) ** 2,
        "s (s - 1)": lambda u: _s(u) * (_s(u) - 1),
        "exp / (1 + exp)": lambda u: np.exp(-u) / (1 + np.exp(-u)),
        "minus sign of exp(-u)": lambda u: -np.exp(-u) / (1 + np.exp(-u)) ** 2,
    },
    "relu": {
        "1 everywhere": lambda u: 1.0 + 0 * u,
        "mask the wrong way round": lambda u: (u <= 0) * 1.0,
        "sign": lambda u: np.sign(u),
        "leaky slope": lambda u: np.where(u > 0, 1.0, 0.01),
        "input": lambda u: u,
        "leaky slope 0.1": lambda u: np.where(u > 0, 1.0, 0.1),
    },
}
KEY_WRITTEN = {
    "formula fed with the input": "activation-formula-fed-with-z",
    "square forgotten": "activation-square-forgotten",
    "power rule": "power-rule-on-exp",
    "of the sigmoid": "activation-of-another-kind",
    "of tanh": "activation-of-another-kind",
    "square for product": "activation-of-another-kind",
    "of the sigmoid, right": "activation-of-another-kind",
    "leaky slope": "activation-leaky-slope",
    "leaky slope 0.1": "activation-leaky-slope",
    "mask the wrong way round": "activation-mask-reversed",
    "1 everywhere": "activation-derivative-missing",
    "square around the bracket": "activation-square-misplaced",
    "1 / cosh": "activation-square-forgotten",
    "sign": "activation-slope-negative",
    "minus one more": "sign-of-derivative",
    "s (s - 1)": "sign-of-derivative",
    "minus sign of exp(-u)": "sign-of-derivative",
    "-1 / sin**2": "derivative-written-wrongly",
}
INVERSE = {  # the slopes of the inverse functions
    "exp": lambda u: 1 / u,
    "log": np.exp,
    "tan": lambda u: 1 / (1 + u**2),
    "arctan": lambda u: 1 / np.cos(u) ** 2,
}
# Keys that concern one part only: in all parts at once, something else is meant.
_ALONE = ("reciprocal", "slope-upside-down", "sign-of-derivative", "differentiated-twice")
ACTIVATIONS = ("sigmoid", "tanh", "relu")


def _s(u):
    return 0.5 * (1 + np.tanh(u / 2))


def slips(e):
    """Yield every Slip of an Expression: of one part, and of all parts where it fits several."""
    found = []
    for i, part in enumerate(e.parts):
        if part.kind != "x":
            found += [*_of_any(e, i, part), *_OF_KIND[part.kind](e, i, part)]
            found += _of_forward(e, i, part)
    yield from found
    groups = {}
    for slip in found:
        groups.setdefault((slip.key, slip.variant), []).append(slip)
    for (key, variant), group in groups.items():
        if key not in _ALONE:
            yield from _of_several(key, variant, group)
            # x itself is a power, too, of which a learner may have thought or not.
            if proper := [slip for slip in group if slip.words.get("n") != "1"]:
                yield from _of_several(key, variant, proper) if proper != group else ()


_OF_SEVERAL = {"f": "the function", "u": "what enters it"}


def _of_several(key, variant, group):
    """Yield the Slip of all parts at once to which those of a group belong."""
    rules = {}
    for slip in group:
        rules |= slip.rules
    if len(rules) > 1:
        every = "every power" if key.startswith("exponent") else "every link"
        words = {**group[0].words, "part": every, "several": True}
        words |= {k: v for k, v in _OF_SEVERAL.items() if k in words}
        cost = 0.3 + min(slip.cost for slip in group)
        yield Slip(key, group[0].part, rules, words, cost, variant)


def _rule(slope):
    """Make a rule of a function of (part, values, slopes, x) that gives the slope alone."""
    return lambda part, values, slopes, x: (
        value_of(part, values, x),
        np.broadcast_to(slope(part, values, slopes, x), x.shape),
    )


def _slip(key, i, slope, cost=1.0, variant="", **words):
    return Slip(key, i, {i: _rule(slope)}, words, cost, variant or key)


def _of_any(e, i, part):
    words = {"part": part.text, "f": _name(part)}
    whole = i == len(e.parts) - 1
    yield _slip(
        "not-differentiated" if whole else "part-not-differentiated",
        i, lambda p, v, s, x: value_of(p, v, x), 1.2 if whole else 1.8, **words,
    )  # fmt: skip
    if not whole:
        yield _slip("part-taken-as-constant", i, lambda p, v, s, x: 0 * x, 2.0, **words)


def _of_link(e, i, part):
    """Slips of a link: a function, a power or a factor, with one inner value."""
    (j,) = part.parts
    inner = e.parts[j]
    w = {"part": part.text, "f": _name(part), "u": inner.text}
    act = part.name in ACTIVATIONS

    def at(value):
        return local(part, value)

    if inner.kind != "x":
        yield _slip("inner-derivative-missing", i, lambda p, v, s, x: at(v[j]), 1.0, **w)
        yield _slip("outer-at-x", i, lambda p, v, s, x: at(x) * s[j], 1.0, **w, at="x")
        yield _slip("inner-differentiated-inside", i, lambda p, v, s, x: at(s[j]), 1.3, **w)
        yield _slip(
            "inner-differentiated-inside", i, lambda p, v, s, x: at(s[j]) * s[j], 1.4,
            "and as a factor", **w,
        )  # fmt: skip
        yield _slip("only-inside-differentiated", i, lambda p, v, s, x: value_of(p, s, x), 1.8, **w)
        yield _slip("sum-for-product", i, lambda p, v, s, x: at(v[j]) + s[j], 1.0, **w)
        yield _slip("quotient-for-product", i, lambda p, v, s, x: at(v[j]) / s[j], 2.5, **w)
        yield _slip("difference-for-product", i, lambda p, v, s, x: at(v[j]) - s[j], 2.8, **w)
        yield _slip("inner-derivative-twice", i, lambda p, v, s, x: at(v[j]) * s[j] ** 2, 2.0, **w)
        yield _slip("inner-value-for-derivative", i, lambda p, v, s, x: at(v[j]) * v[j], 1.6, **w)
        yield _slip(
            "value-for-derivative", i, lambda p, v, s, x: value_of(p, v, x) * s[j], 1.4, **w
        )
        yield _slip("slope-upside-down", i, lambda p, v, s, x: 1 / (at(v[j]) * s[j]), 2.6, **w)
        yield from _of_inner_value(e, i, part, at, w)
        yield from _of_lost_sign(e, i, part, at, w)
    if part.kind != "scale":
        for k, other in enumerate(e.parts[1:-1], 1):
            if k not in (i, j) and other.kind != "scale":
                yield _slip(
                    "outer-at-other", i, lambda p, v, s, x, u=other.value: at(u) * s[j], 2.2,
                    f"at {k}", **w, at=other.text,
                )  # fmt: skip
        yield _slip(
            "activation-derivative-missing" if act else "outer-derivative-missing",
            i, lambda p, v, s, x: s[j], 1.1, "outer", **w,
        )  # fmt: skip
        yield _slip(
            "activation-derivative-at-output" if act else "outer-at-output",
            i, lambda p, v, s, x: at(value_of(p, v, x)) * s[j], 1.5, "at output", **w,
        )  # fmt: skip
        yield _slip("derivative-squared", i, lambda p, v, s, x: at(v[j]) ** 2 * s[j], 2.4, **w)
        yield _slip(
            "value-times", i, lambda p, v, s, x: at(v[j]) * s[j] * value_of(p, v, x), 2.5, **w
        )
        yield _slip("inner-value-times", i, lambda p, v, s, x: at(v[j]) * v[j] * s[j], 2.4, **w)
        yield _slip("reciprocal", i, lambda p, v, s, x: s[j] / at(v[j]), 3.0, **w)
        # The sign of a slope is doubtful where the function falls.
        falls = part.name == "cos" or part.number < 0
        doubt = 1.0 if falls else 1.7 if part.kind == "function" else 2.2
        yield _slip("sign-of-derivative", i, lambda p, v, s, x: -at(v[j]) * s[j], doubt, **w)


def _of_inner_value(e, i, part, at, w):
    """The outer derivative taken at the inner value with a piece of it lost."""
    (j,) = part.parts
    inner = e.parts[j]
    if inner.kind == "sum" and inner.number:
        yield _slip(
            "outer-at-other", i, lambda p, v, s, x: at(v[j] - inner.number) * s[j], 1.9,
            "constant lost", **w, at=f"{inner.text} without its constant",
        )  # fmt: skip
    if inner.kind == "scale":
        yield _slip(
            "outer-at-other", i, lambda p, v, s, x: at(v[j] / inner.number) * s[j], 1.9,
            "factor lost", **w, at=e.parts[inner.parts[0]].text,
        )  # fmt: skip


def _of_lost_sign(e, i, part, at, w):
    """The outer derivative taken at the inner value without its minus sign."""
    (j,) = part.parts
    inner = e.parts[j]
    if inner.kind == "scale" and inner.number < 0:
        yield _slip(
            "outer-at-other", i, lambda p, v, s, x: at(-v[j]) * s[j], 1.8, "sign lost",
            **w, at=f"{inner.text} without its sign",
        )  # fmt: skip


def _of_function(e, i, part):
    yield from _of_link(e, i, part)
    (j,) = part.parts
    w = {"part": part.text, "f": part.name, "u": e.parts[j].text}
    for what, slope in WRITTEN.get(part.name, {}).items():
        key = KEY_WRITTEN.get(what, "derivative-written-wrongly")
        cost = 0.9 if key == "activation-formula-fed-with-z" else 1.2
        yield _slip(key, i, lambda p, v, s, x, d=slope: d(v[j]) * s[j], cost, what, **w, what=what)
        if what == "power rule" and e.parts[j].kind != "x":
            yield _slip(key, i, lambda p, v, s, x, d=slope: d(v[j]), 1.6, "alone", **w)
    if part.name in INVERSE:
        yield _slip(
            "derivative-of-inverse", i, lambda p, v, s, x: INVERSE[p.name](v[j]) * s[j], 1.5, **w
        )
    if part.name not in ("relu", "absolute"):
        step = 1e-30  # along the imaginary axis, where nothing cancels
        yield _slip(
            "differentiated-twice", i,
            lambda p, v, s, x: local(p, v[j] + 1j * step).imag / step * s[j], 1.6, **w,
        )  # fmt: skip


def _of_power(e, i, part):
    yield from _of_link(e, i, part)
    (j,) = part.parts
    n = part.number
    w = {"part": part.text, "f": _name(part), "u": e.parts[j].text, "n": f"{n:g}"}
    changes = {
        "exponent-kept": (0.8, lambda u: n * u**n),
        "exponent-not-multiplied": (0.8, lambda u: u ** (n - 1)),
        "exponent-lowered-in-front": (1.6, lambda u: (n - 1) * u ** (n - 1)),
        "exponent-lowered-twice": (1.6, lambda u: n * u ** (n - 2)),
        "exponent-raised": (1.5, lambda u: n * u ** (n + 1)),
        "integrated": (1.7, lambda u: u ** (n + 1) / (n + 1) if n != -1 else np.log(np.abs(u))),
        "exponential-rule": (1.8, lambda u: u**n * np.log(np.abs(u))),
        "derivative-of-inverse": (1.5, lambda u: u ** (1 / n - 1) / n),
        "differentiated-twice": (1.7, lambda u: n * (n - 1) * u ** (n - 2)),
        "value-lost-in-power-rule": (1.75, lambda u: n + 0 * u),
    }
    for key, (cost, d) in changes.items():
        yield _slip(key, i, lambda p, v, s, x, d=d: d(v[j]) * s[j], cost, **w)
    if abs(n) > 2:  # of a square, any constant 2 would do
        yield _slip("exponent-twice", i, lambda p, v, s, x: n * local(p, v[j]) * s[j], 2.0, **w)
    inner = e.parts[j]
    if inner.kind == "sum":
        if n == 2:
            for k, term in enumerate(_terms(e, inner)):
                yield _slip(
                    "exponent-on-one-term", i,
                    lambda p, v, s, x, t=term: (v[j] + t) * s[j], 1.5, f"term {k}", **w,
                )  # fmt: skip
        if len(inner.parts) > 1:
            yield _slip(
                "power-term-by-term", i,
                lambda p, v, s, x: sum(
                    sign * local(p, v[k]) * s[k]
                    for sign, k in zip(inner.signs, inner.parts, strict=True)
                ), 1.8, **w,
            )  # fmt: skip
    yield _slip("integrated", i, lambda p, v, s, x: v[j] ** (n + 1) / (n + 1), 1.9, "alone", **w)


def _terms(e, part):
    """Return the values of the terms of a sum, each with its sign."""
    terms = [s * e.parts[p].value for s, p in zip(part.signs, part.parts, strict=True)]
    return [*terms, *([part.number] if part.number else [])]


def _of_scale(e, i, part):
    yield from _of_link(e, i, part)
    (j,) = part.parts
    c = part.number
    w = {"part": part.text, "f": "the factor", "u": e.parts[j].text, "c": f"{c:g}"}
    if c == -1:
        yield _slip("minus-sign-lost", i, lambda p, v, s, x: s[j], 1.0, **w)
        return
    yield _slip("constant-factor-lost", i, lambda p, v, s, x: s[j], 1.2, **w)
    if c < 0:
        yield _slip("constant-factor-lost", i, lambda p, v, s, x: -s[j], 1.25, "sign kept", **w)
        yield _slip("minus-sign-lost", i, lambda p, v, s, x: -c * s[j], 1.1, **w)
    if e.parts[j].kind == "x" and c != -1:
        # x itself is a power too, with the exponent 1.
        yield _slip("exponent-kept", i, lambda p, v, s, x: c * v[j], 1.9, **w, n="1")
    yield _slip("constant-factor-squared", i, lambda p, v, s, x: c * c * s[j], 2.2, **w)
    yield _slip("constant-factor-inverted", i, lambda p, v, s, x: s[j] / c, 2.0, **w)


def _of_sum(e, i, part):
    w = {"part": part.text, "f": "the sum"}
    right = lambda s: [sign * s[p] for sign, p in zip(part.signs, part.parts, strict=True)]
    if part.number:
        cost = 1.0 if i == len(e.parts) - 1 else 1.3
        yield _slip("constant-kept", i, lambda p, v, s, x: sum(right(s)) + p.number, cost, **w)
    for k, p in enumerate(part.parts):
        if e.parts[p].kind == "x":
            yield _slip(
                "part-not-differentiated", i,
                lambda p, v, s, x, sign=part.signs[k]: sum(right(s)) + sign * (x - 1), 1.8,
                part=f"x in {part.text}",
            )  # fmt: skip
    if len(part.parts) < 2:
        return
    for k, p in enumerate(part.parts):
        term = {**w, "term": e.parts[p].text}
        yield _slip(
            "term-missing", i,
            lambda p, v, s, x, k=k: sum(right(s)[:k] + right(s)[k + 1 :]), 1.2, f"term {k}", **term,
        )  # fmt: skip
        yield _slip(
            "sign-of-term", i, lambda p, v, s, x, k=k: sum(right(s)) - 2 * right(s)[k], 1.1,
            f"sign {k}", **term,
        )  # fmt: skip
        if len(part.parts) > 2:
            yield _slip(
                "one-term-only", i, lambda p, v, s, x, k=k: right(s)[k] + 0 * x, 1.6,
                f"only {k}", **term,
            )  # fmt: skip


def _of_product(e, i, part):
    w = {"part": part.text, "f": "the product"}
    terms = terms_of_product
    n = len(part.parts)
    yield _slip(
        "product-factor-by-factor", i,
        lambda p, v, s, x: np.prod([s[k] for k in p.parts], axis=0), 0.9, **w,
    )  # fmt: skip
    yield _slip("other-factors-missing", i, lambda p, v, s, x: sum(s[k] for k in p.parts), 1.1, **w)
    yield _slip("paths-multiplied", i, lambda p, v, s, x: np.prod(terms(p, v, s), axis=0), 2.0, **w)
    if n == 2:
        a, b = part.parts
        yield _slip(
            "slopes-beside-their-own", i, lambda p, v, s, x: s[a] * v[a] + s[b] * v[b], 1.3, **w
        )
        for above, below in ((a, b), (b, a)):
            yield _slip(
                "product-as-quotient", i,
                lambda p, v, s, x, u=above, q=below: (s[u] * v[q] - v[u] * s[q]) / v[q] ** 2, 1.5,
                f"over {below}", **w,
            )  # fmt: skip
    yield _slip("paths-averaged", i, lambda p, v, s, x: sum(terms(p, v, s)) / n, 2.0, **w)
    # With a cosine among the factors the sign may be that of its slope: then it is told as a
    # path's.
    falls = any("cos" in e.parts[k].text or e.parts[k].text[:1] == "-" for k in part.parts)
    yield _slip(
        "difference-of-paths", i,
        lambda p, v, s, x: terms(p, v, s)[0] - sum(terms(p, v, s)[1:]), 1.4 if falls else 0.95, **w,
    )  # fmt: skip
    for k in range(n):
        through = {**w, "through": e.parts[part.parts[k]].text}
        yield _slip(
            "one-path-only", i, lambda p, v, s, x, k=k: terms(p, v, s)[k], 1.0, f"only {k}",
            **through,
        )  # fmt: skip
        yield _slip(
            "sign-of-path", i, lambda p, v, s, x, k=k: sum(terms(p, v, s)) - 2 * terms(p, v, s)[k],
            0.98, f"sign {k}", **through,
        )  # fmt: skip
        yield _slip(
            "path-twice", i, lambda p, v, s, x, k=k: sum(terms(p, v, s)) + terms(p, v, s)[k], 1.3,
            f"twice {k}", **through,
        )  # fmt: skip
        yield _slip(
            "slope-missing-on-path", i,
            lambda p, v, s, x, k=k: sum(terms(p, v, s)) - terms(p, v, s)[k] + _others(p, v, k), 1.7,
            f"slope {k}", **through,
        )  # fmt: skip
        yield _slip(
            "factor-missing-on-paths", i,
            lambda p, v, s, x, k=k: sum(
                t if m == k else t / v[p.parts[k]] for m, t in enumerate(terms(p, v, s))
            ), 1.2, f"without {k}", **through,
        )  # fmt: skip
        yield _slip(
            "other-factors-missing-on-path", i,
            lambda p, v, s, x, k=k: sum(terms(p, v, s)) - terms(p, v, s)[k] + s[p.parts[k]], 1.6,
            f"bare {k}", **through,
        )  # fmt: skip
        for m in range(n):
            if m != k:
                yield _slip(
                    "slope-for-value", i,
                    lambda p, v, s, x, k=k, m=m: sum(terms(p, v, s)) - terms(p, v, s)[k]
                    + terms(p, v, s)[k] / v[p.parts[m]] * s[p.parts[m]], 1.4,
                    f"{m} on path {k}", **through, other=e.parts[part.parts[m]].text,
                )  # fmt: skip
        if n > 2:
            yield _slip(
                "path-missing", i, lambda p, v, s, x, k=k: sum(terms(p, v, s)) - terms(p, v, s)[k],
                0.9, f"missing {k}", **through,
            )  # fmt: skip
            for m in range(n):
                if m != k:
                    yield _slip(
                        "factor-missing-on-path", i,
                        lambda p, v, s, x, k=k, m=m: sum(terms(p, v, s))
                        - terms(p, v, s)[k] + terms(p, v, s)[k] / v[p.parts[m]], 1.5,
                        f"path {k} without {m}", **through, factor=e.parts[part.parts[m]].text,
                    )  # fmt: skip


def _others(part, values, k):
    out = 1.0
    for p in part.parts:
        out = out * values[p]
    return out


def _of_quotient(e, i, part):
    a, b = part.parts
    w = {"part": part.text, "f": "the quotient", "u": e.parts[a].text, "v": e.parts[b].text}
    changes = {
        "quotient-terms-exchanged": (0.8, lambda u, v, du, dv: (u * dv - du * v) / v**2),
        "quotient-denominator-not-squared": (0.9, lambda u, v, du, dv: (du * v - u * dv) / v),
        "quotient-denominator-missing": (1.0, lambda u, v, du, dv: du * v - u * dv),
        "quotient-slope-over-slope": (0.9, lambda u, v, du, dv: du / dv),
        "quotient-plus-for-minus": (0.9, lambda u, v, du, dv: (du * v + u * dv) / v**2),
        "quotient-as-product": (1.5, lambda u, v, du, dv: du * v + u * dv),
        "quotient-denominator-constant": (0.95, lambda u, v, du, dv: du / v),
        "quotient-numerator-constant": (1.1, lambda u, v, du, dv: -u * dv / v**2),
        "quotient-brackets-of-numerator": (1.2, lambda u, v, du, dv: du * v - u * dv / v**2),
        "quotient-factor-missing": (1.3, lambda u, v, du, dv: (du - u * dv) / v**2),
        "quotient-slope-missing": (1.3, lambda u, v, du, dv: (du * v - dv) / v**2),
        "quotient-wrong-square": (1.4, lambda u, v, du, dv: (du * v - u * dv) / dv**2),
        "quotient-square-of-numerator": (1.4, lambda u, v, du, dv: (du * v - u * dv) / u**2),
        "quotient-slopes-multiplied": (1.6, lambda u, v, du, dv: du * dv),
        "quotient-slopes-over-square": (1.6, lambda u, v, du, dv: du * dv / v**2),
        "quotient-denominator-cubed": (1.8, lambda u, v, du, dv: (du * v - u * dv) / v**3),
        "quotient-sum-of-terms": (1.8, lambda u, v, du, dv: du / v - u / dv),
    }
    for key, (cost, slope) in changes.items():
        yield _slip(key, i, lambda p, v, s, x, f=slope: f(v[a], v[b], s[a], s[b]), cost, **w)
    for side, text in ((a, "second"), (b, "first")):
        q = e.parts[side]
        if q.kind == "sum":
            yield _slip(
                "quotient-brackets-of-term", i,
                lambda p, v, s, x, side=side: _unbracketed(e, p, v, s, side), 1.0, text, **w,
                term=text,
            )  # fmt: skip

    if e.parts[b].kind == "sum":
        terms = _terms(e, e.parts[b])
        for sign in (-1, 1):  # (x - 1)**2 becomes x**2 - 1, or x**2 + 1
            squared = sum(t**2 * (sign if np.max(t) < 0 else 1) for t in terms)
            yield _slip(
                "power-term-by-term", i,
                lambda p, v, s, x, q=squared: (s[a] * v[b] - v[a] * s[b]) / q, 1.2,
                f"sign {sign}", **{**w, "u": w["v"]},
            )  # fmt: skip


def _unbracketed(e, part, values, slopes, side):
    """The quotient rule with the brackets of a sum left out: only its first term is multiplied."""
    a, b = part.parts
    q = e.parts[side]
    first, factor = q.signs[0] * values[q.parts[0]], slopes[b] if side == a else slopes[a]
    rest = values[side] - first
    if side == a:  # du v - first dv + rest
        return (slopes[a] * values[b] - first * factor + rest) / values[b] ** 2
    return (factor * first + rest - values[a] * slopes[b]) / values[b] ** 2


def _of_forward(e, i, part):
    """Another function is differentiated: the rules are right, the part is not."""
    w = {"part": part.text, "f": _name(part)}

    def other(changed, cost, variant, **more):
        rule = lambda p, v, s, x: right_rule(changed, v, s, x)
        return Slip("other-function", i, {i: rule}, {**w, **more}, cost, f"forward {variant}")

    if part.kind == "sum":
        if part.number:
            yield other(replace(part, number=0.0), 2.4, "no constant", what="its constant is lost")
            yield other(
                replace(part, number=-part.number), 2.4, "sign of constant",
                what="its constant has the other sign",
            )  # fmt: skip
        for k, p in enumerate(part.parts):
            signs = tuple(-t if m == k else t for m, t in enumerate(part.signs))
            if len(part.parts) > 1 or part.number:
                yield other(
                    replace(part, signs=signs), 2.4, f"sign {k}",
                    what=f"its term {e.parts[p].text} has the other sign",
                )  # fmt: skip
    if part.kind == "power":
        for n in {part.number + 1, part.number - 1, -part.number} - {0.0}:
            yield other(
                replace(part, number=n), 2.6, f"power {n - part.number:g}",
                what="its exponent is another",
            )  # fmt: skip
    if part.kind == "scale":
        for c in {1.0, -part.number, 1 / part.number}:
            if c != part.number:
                yield other(
                    replace(part, number=c), 2.5, f"scale {c == 1} {c < 0}",
                    what="its factor is lost or changed",
                )  # fmt: skip
    if part.kind == "function":
        for name in ("sin", "cos", "exp", "tanh", "sigmoid"):
            if name != part.name:
                yield other(
                    replace(part, name=name), 2.6, f"function {name}",
                    what=f"{name} stands in its place",
                )  # fmt: skip
    if part.kind == "quotient":
        yield other(
            replace(part, parts=part.parts[::-1]), 2.4, "upside down", what="it is upside down"
        )


def _constant(e, i, part):
    return ()


_OF_KIND = {
    "function": _of_function,
    "power": _of_power,
    "scale": _of_scale,
    "sum": _of_sum,
    "product": _of_product,
    "quotient": _of_quotient,
}


def _name(part):
    if part.kind == "function":
        return part.name
    if part.kind == "power":
        return "the root" if part.number == 0.5 else "the power"
    return {"scale": "the factor"}.get(part.kind, f"the {part.kind}")


assert set(ACTIVATIONS) <= set(FUNCTIONS)
