"""A function of one number as an expression, whose differentiation may hold mistakes.

The expression is read off the tape at many points at once. Its derivative is found forward: each
part gives its value and its slope, by the rule for that part. A mistake is another rule for one
part, or for all parts of a kind.
"""

from copy import copy
from dataclasses import dataclass, field, replace

import numpy as np

from course_utils.diagnosis.record import Ref, Untraceable, record

FUNCTIONS = {
    "sin": (np.sin, np.cos),
    "cos": (np.cos, lambda u: -np.sin(u)),
    "tan": (np.tan, lambda u: 1 / np.cos(u) ** 2),
    "exp": (np.exp, np.exp),
    "log": (np.log, lambda u: 1 / u),
    "log1p": (np.log1p, lambda u: 1 / (1 + u)),
    "tanh": (np.tanh, lambda u: 1 - np.tanh(u) ** 2),
    "sinh": (np.sinh, np.cosh),
    "cosh": (np.cosh, np.sinh),
    "arctan": (np.arctan, lambda u: 1 / (1 + u * u)),
    "absolute": (np.abs, np.sign),
    "sigmoid": (
        lambda u: 0.5 * (1 + np.tanh(u / 2)),
        lambda u: 0.25 * (1 - np.tanh(u / 2) ** 2),
    ),
    "relu": (lambda u: np.maximum(u, 0), lambda u: (u > 0) * 1.0),
}
RECOGNISED = ("sigmoid", "relu", "tanh")


@dataclass
class Part:
    """A part of an expression.

    kind: "x", "constant", "sum", "scale", "product", "quotient", "power" or "function".
    parts: the indices of what it is made of. number: the constant added, the factor, the exponent.
    signs: of the terms of a sum. name: of a function.
    """

    kind: str
    parts: tuple = ()
    number: float = 0.0
    signs: tuple = ()
    name: str = ""
    text: str = ""
    value: object = field(default=None, repr=False)


class Expression:
    """An expression at the points x (n,): its parts in order, the whole one last."""

    def __init__(self, f, x):
        self.x = np.asarray(x, float)
        self.parts, self._known = [], {}
        steps = _steps(f, self.x)
        self._add(Part("x", text="x"), self.x)
        for step in steps:
            self._known[step.index] = self._read(step, steps)
        root = self._known[steps[-1].index]
        if not isinstance(root, int):
            raise Untraceable("constant")
        self._prune(root)

    def _add(self, part, value):
        part.value = np.broadcast_to(np.asarray(value, float), self.x.shape)
        self.parts.append(part)
        return len(self.parts) - 1

    def _read(self, step, steps):
        if step.op == "leaf":
            return 0
        for name in RECOGNISED:
            for earlier in steps[: step.index]:
                there = self._known.get(earlier.index)
                if isinstance(there, int) and _is(name, step.value, earlier.value):
                    return self._function(name, there)
        args = [self._known[a.index] if type(a) is Ref else float(a) for a in step.args]
        if not any(isinstance(a, int) for a in args):
            raise Untraceable("constant")
        return self._operation(step, args)

    def _operation(self, step, args):
        op = {"square": "power", "sqrt": "power", "reciprocal": "power"}.get(step.op, step.op)
        if step.op != op:
            args = [*args, {"square": 2.0, "sqrt": 0.5, "reciprocal": -1.0}[step.op]]
        if op in ("positive", "total"):
            return args[0]
        if op == "negative":
            return self._scale(-1.0, args[0])
        if op in ("add", "subtract"):
            return self._sum(args[0], args[1], 1 if op == "add" else -1)
        if op == "multiply":
            return self._product(*args)
        if op == "divide":
            return self._quotient(*args)
        if op == "power" and isinstance(args[0], int) and not isinstance(args[1], int):
            return self._power(*args)
        if len(args) == 1 and op in FUNCTIONS:
            return self._function(op, args[0])
        raise Untraceable(step.op)

    def _function(self, name, u):
        text = f"{name}({self.parts[u].text})"
        part = Part("function", (u,), name=name, text=text)
        return self._add(part, FUNCTIONS[name][0](self.parts[u].value))

    def _power(self, u, n):
        base = self.parts[u]
        inside = base.text if base.kind in ("x", "function") else f"({base.text})"
        text = f"sqrt({base.text})" if n == 0.5 else f"{inside}**{n:g}"
        return self._add(Part("power", (u,), number=n, text=text), base.value**n)

    def _scale(self, c, u):
        part = self.parts[u]
        if part.kind == "scale":
            c, u = c * part.number, part.parts[0]
            part = self.parts[u]
        inside = f"({part.text})" if part.kind == "sum" else part.text
        text = f"-{inside}" if c == -1 else f"{c:g}*{inside}"
        return self._add(Part("scale", (u,), number=c, text=text), c * part.value)

    def _sum(self, a, b, sign):
        terms, constant = [], 0.0
        for side, s in ((a, 1), (b, sign)):
            if not isinstance(side, int):
                constant += s * side
                continue
            part = self.parts[side]
            if part.kind == "sum":
                terms += [(s * t, p) for t, p in zip(part.signs, part.parts, strict=True)]
                constant += s * part.number
            elif part.kind == "scale" and part.number < 0:
                terms.append((-s, self._scale(-part.number, part.parts[0])))
                if part.number == -1:
                    terms[-1] = (-s, part.parts[0])
            else:
                terms.append((s, side))
        text = " ".join(
            f"{'+' if s > 0 else '-'} {self.parts[p].text}" for s, p in terms
        ).removeprefix("+ ")
        if constant:
            text += f" {'+' if constant > 0 else '-'} {abs(constant):g}"
        value = constant + sum(s * self.parts[p].value for s, p in terms)
        signs, parts = zip(*terms, strict=True)
        return self._add(Part("sum", parts, constant, signs, text=text), value)

    def _product(self, a, b):
        if not isinstance(a, int):
            return self._scale(a, b)
        if not isinstance(b, int):
            return self._scale(b, a)
        factors = []
        for side in (a, b):
            part = self.parts[side]
            factors += part.parts if part.kind == "product" else [side]
        text = " * ".join(
            f"({self.parts[p].text})" if self.parts[p].kind == "sum" else self.parts[p].text
            for p in factors
        )
        value = np.prod([self.parts[p].value for p in factors], axis=0)
        return self._add(Part("product", tuple(factors), text=text), value)

    def _quotient(self, a, b):
        if not isinstance(b, int):
            return self._scale(1 / b, a)
        if not isinstance(a, int):
            power = self._power(b, -1.0)
            return power if a == 1 else self._scale(a, power)
        u, v = self.parts[a], self.parts[b]
        text = f"({u.text}) / ({v.text})"
        return self._add(Part("quotient", (a, b), text=text), u.value / v.value)

    def _prune(self, root):
        """Keep what the root is made of, in order."""
        needed, todo = {0}, [root]
        while todo:
            i = todo.pop()
            needed.add(i)
            todo += self.parts[i].parts
        order = sorted(needed)
        place = {old: new for new, old in enumerate(order)}
        self.parts = [self.parts[i] for i in order]
        for part in self.parts:
            part.parts = tuple(place[i] for i in part.parts)

    def coefficients(self, i=-1):
        """Return a part as a np.poly1d of x, or None if it is no polynomial."""
        part = self.parts[i]
        if part.kind == "x":
            return np.poly1d([1.0, 0.0])
        inner = [self.coefficients(p) for p in part.parts]
        if any(u is None for u in inner) or sum(u.order for u in inner) > 9:
            return None
        if part.kind == "sum":
            return part.number + sum(s * u for s, u in zip(part.signs, inner, strict=True))
        if part.kind == "scale":
            return part.number * inner[0]
        if part.kind == "product":
            return np.prod(inner)
        if part.kind == "power" and part.number in range(1, 7):
            return inner[0] ** int(part.number)
        return None

    def forms(self):
        """Yield Expressions of the same function, as learners write it before they begin."""
        root = self.parts[-1]
        if root.kind != "quotient":
            if root.kind in ("product", "power") and self.coefficients():
                yield self._written(lambda e: e._polynomial(self.coefficients()))
            return
        a, b = root.parts
        yield self._written(lambda e: e._product(a, e._power(b, -1.0)))
        u, v = self.coefficients(a), self.coefficients(b)
        if u is not None and v is not None and u.order >= v.order > 0:
            whole, rest = u / v
            if not rest.order and rest[0]:  # a number
                yield self._written(
                    lambda e: e._sum(e._polynomial(whole), e._scale(rest[0], e._power(b, -1.0)), 1)
                )

    def _written(self, write):
        """Return a copy whose whole is the part that write(copy) adds."""
        other = copy(self)
        other.parts = [replace(part) for part in self.parts]
        other._prune(write(other))
        return other

    def _polynomial(self, coefficients):
        """Add a polynomial of x and return its index, or its value if it is a number."""
        total = coefficients[0]
        for n in range(1, coefficients.order + 1):
            if coefficients[n]:
                power = self._power(0, float(n)) if n > 1 else 0
                term = power if coefficients[n] == 1 else self._scale(coefficients[n], power)
                total = self._sum(term, total, 1) if total else term
        return total

    def slopes(self, mistakes=None):
        """Return `(value, slope)` of the whole at the points, with another rule for some parts.

        mistakes: dict from the index of a part to (part, values, slopes, x) -> (value, slope).
        """
        mistakes = mistakes or {}
        values, slopes = [], []
        for i, part in enumerate(self.parts):
            rule = mistakes.get(i, right_rule)
            value, slope = rule(part, values, slopes, self.x)
            values.append(value)
            slopes.append(slope)
        return values[-1], slopes[-1]


def value_of(part, values, x):
    """Return the value of a part, given those of the parts before it."""
    if part.kind == "x":
        return x
    inner = [values[p] for p in part.parts]
    if part.kind == "sum":
        return part.number + sum(s * u for s, u in zip(part.signs, inner, strict=True))
    if part.kind == "scale":
        return part.number * inner[0]
    if part.kind == "product":
        value = inner[0]
        for u in inner[1:]:
            value = value * u
        return value
    if part.kind == "quotient":
        return inner[0] / inner[1]
    if part.kind == "power":
        return inner[0] ** part.number
    return FUNCTIONS[part.name][0](inner[0])


def local(part, u):
    """Return the slope of a scale, a power or a function toward what enters it, taken at u."""
    if part.kind == "scale":
        return part.number + 0 * u
    if part.kind == "power":
        return part.number * u ** (part.number - 1)
    return FUNCTIONS[part.name][1](u)


def right_rule(part, values, slopes, x):
    """Return the value and the slope of a part by the right rule."""
    value = value_of(part, values, x)
    if part.kind == "x":
        return value, np.ones_like(x)
    inner = [slopes[p] for p in part.parts]
    if part.kind == "sum":
        return value, sum(s * du for s, du in zip(part.signs, inner, strict=True))
    if part.kind == "product":
        return value, sum(terms_of_product(part, values, slopes))
    if part.kind == "quotient":
        u, v = (values[p] for p in part.parts)
        return value, (inner[0] * v - u * inner[1]) / v**2
    return value, local(part, values[part.parts[0]]) * inner[0]


def terms_of_product(part, values, slopes):
    """Return the terms of the product rule, one for each factor."""
    terms = []
    for i, p in enumerate(part.parts):
        term = slopes[p]
        for j, other in enumerate(part.parts):
            if j != i:
                term = term * values[other]
        terms.append(term)
    return terms


def _is(name, value, inner):
    value, inner = np.asarray(value), np.asarray(inner)
    if value.shape != inner.shape:
        return False
    with np.errstate(all="ignore"):
        return bool(np.allclose(value, FUNCTIONS[name][0](inner), rtol=1e-13, atol=1e-300)) and (
            name != "relu" or bool((inner > 0).any() and (inner < 0).any())
        )


def _steps(f, x):
    """Return the recorded steps of f at all points at once, f being asked for arrays if it can."""
    try:
        steps, _ = record(f, {"x": x})
        if np.shape(steps[-1].value) == x.shape:
            return steps
    except Untraceable:
        pass
    runs = [record(f, {"x": point})[0] for point in x]
    if any([s.op for s in run] != [s.op for s in runs[0]] for run in runs):
        raise Untraceable("f takes another way at another point")
    for together in zip(*runs, strict=True):
        together[0].value = np.array([float(step.value) for step in together])
    return runs[0]
