"""Which mistake explains a wrong numerical derivative: by what it gives for a large step.

With a step of a third the central difference of a cubic map is far from the slope, and every other
formula is far from both. So formulas are told apart by their values, and by where f is called.
"""

import numpy as np

from course_utils.diagnosis.scalars import Found

H = 0.3


def from_case(case):
    """Return the Found explanation of a Difference case, or None: one formula for all maps."""
    tries = _of_complex if case.kind == "complex" else _of_real
    with np.errstate(all="ignore"):
        names = tries(case)
    if not names:
        return None
    first, *rest = min(names, key=_cost).split("+")
    also = Found(f"difference-{rest[0]}") if rest else None
    return Found(f"difference-{first}", also=also)


def _cost(name):
    parts = name.split("+")
    return len(parts), sum(map(_ORDER.index, parts))


class _Trial:
    """What the learner's function gives on one map, and the places at which it has called f."""

    def __init__(self, case, number, step=H):
        self.f, self.x, self.w = _map(case.kind, number)
        self.moves = []

        def watched(p):
            self.moves.append(np.array(p) - self.x)
            return self.f(p)

        arguments = [] if self.w is None else [self.w.copy()]
        arguments += [] if case.kind == "complex" or step is None else [step]
        x = self.x.copy() if np.ndim(self.x) else self.x
        self.yours = np.asarray(case.learner(watched, x, *arguments))
        if self.yours.dtype.kind not in "iufc":
            raise TypeError("no numbers came back")

    def fits(self, formulas, rtol=1e-7):
        return {name for name, guess in formulas if _same(self.yours, guess, rtol)}


def _of_real(case):
    """Return the names of the formulas that fit, () if there are none."""
    try:
        trials = [_Trial(case, number) for number in range(2)]
        names = _common(trials, lambda t: _formulas(case.kind, t.f, t.x, t.w))
        if not names:
            names = _of_own_step(case.kind, trials)
        if names == {"nothing-moved"} and _on_both_sides(trials[0].moves):
            return {"flat"}
        if "right" not in names:
            return names
        return _of_dtype(case) or (_of_shape_and_size(case) if case.kind == "gradient" else ())
    except Exception:
        return ()


def _on_both_sides(moves):
    """Whether f was called at two points with x in their middle."""
    return any(np.abs(a + b).max() < 1e-9 < np.abs(a).max() for a in moves for b in moves)


def _common(trials, formulas, rtol=1e-7):
    return set.intersection(*(t.fits(formulas(t), rtol) for t in trials))


def _of_own_step(kind, trials):
    """A formula whose step is not the one that was handed over: the calls show it."""
    step = max(np.abs(move).max(initial=0) for move in trials[0].moves)
    if trials[0].w is not None and kind != "vjp":
        step /= np.abs(trials[0].w).max()
    if abs(step - H) < 1e-9 or step > 0.2:
        return ()
    step = step if step > 1e-7 else 1e-5  # below, only the slope itself can be told from noise
    names = _common(trials, lambda t: _formulas(kind, t.f, t.x, t.w, step), rtol=1e-6)
    if "right" in names:
        return {"own-step"}
    return {f"own-step+{name}" for name in names if "+" not in name}


def _of_dtype(case):
    """A right formula that cuts fractions off at whole numbers, before the step or after it."""
    trial = _Trial(case, 2)
    right = _formulas(case.kind, trial.f, trial.x.astype(float), trial.w)[0][1]
    if trial.yours.shape != np.shape(right) or _same(trial.yours, right, 1e-7):
        return ()
    moved = any((np.asarray(move) % 1).any() for move in trial.moves)
    return {"whole-results" if moved else "whole-numbers"}


def _of_shape_and_size(case):
    """A gradient that is right for vectors: what of a table, and of a step of its own choice?"""
    trial = _Trial(case, 3)
    each = _Trial(case, 4, step=None)
    if trial.yours.shape == trial.x.shape:
        names = trial.fits(_of_table(trial.f, trial.x))
        if names and "right" not in names:
            return names
    steps = np.max(np.abs(each.moves), axis=0)
    if not steps[each.x == 0].all():
        return {"no-step-at-zero"}
    if np.ptp(steps) <= 0.01 * steps.max():
        larger = np.max(np.abs(_Trial(case, 5, step=None).moves), axis=0)
        return {"step-of-the-largest" if larger.max() > 10 * steps.max() else "one-step-for-all"}
    return ()


def _of_table(f, x):
    """Return formulas for an array of two axes."""
    right = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = H
        right[i] = (f(x + e) - f(x - e)) / (2 * H)
    rows, columns = np.zeros(x.shape), np.zeros(x.shape)
    for i in range(x.shape[0]):
        e = H * (np.arange(x.shape[0]) == i)[:, None]
        rows[i] = (f(x + e) - f(x - e)) / (2 * H)
    for j in range(x.shape[1]):
        e = H * (np.arange(x.shape[1]) == j)
        columns[:, j] = (f(x + e) - f(x - e)) / (2 * H)
    mixed = right.ravel().reshape(x.shape[::-1]).T
    return [("right", right), ("row-at-once", rows), ("row-at-once", columns), ("reshaped", mixed)]


def _of_complex(case):
    """As _of_real, for a complex step; its size is the learner's own."""
    try:
        arrays, numbers = ([_Trial(case, n) for n in which] for which in ((0, 1), (6, 7, 8)))
    except Exception:
        return ()
    wrong = []
    for trials in (arrays, numbers):
        step = max(np.abs(np.imag(move)).max(initial=0) for t in trials for move in t.moves)
        if not step:
            wrong.append({"real-step"})
            continue
        sides = {np.sign(s) for t in trials for m in t.moves for s in np.ravel(np.imag(m)) if s}
        names = _together(trials, lambda t, s=step, d=sides: _complex(t.f, t.x, s, d))
        if "right" not in names:
            wrong.append(names)
        elif step > 1e-11:
            wrong.append({"complex-step-too-large"})
    if wrong:
        return set.intersection(*wrong)
    try:
        return _of_dtype(case)
    except Exception:
        return ()


def _together(trials, formulas):
    """As _common, and numbers are looked at as one array, for one number can be anything."""
    if trials[0].yours.ndim:
        return _common(trials, formulas)
    yours = np.array([t.yours for t in trials])
    columns = zip(*(formulas(t) for t in trials), strict=True)
    return {
        c[0][0] for c in columns if _same(yours, np.array([np.ravel(g)[0] for _, g in c]), 1e-7)
    }


def _same(yours, guess, rtol):
    guess = np.asarray(guess)
    if yours.shape != guess.shape or yours.size < 2:
        return False
    size = np.abs(guess).max(initial=0)
    return bool((np.abs(yours - guess) <= rtol * size + 1e-300).all())


def _map(kind, number):
    """Return (f, x, the vector beside x or None); f takes (n,) and gives what the kind needs.

    number: 0 and 1 are vectors, 2 holds whole numbers; for gradients 3 is a table, 4 and 5 have
    entries of many sizes; for complex steps 6 to 8 are numbers.
    """
    rng = np.random.default_rng(50 + number)
    if number == 3:
        C = rng.normal(size=(2, 3))
        return (lambda p: (C * p**3).sum() + p[0, 0] * p[1, 2]), rng.normal(size=(2, 3)), None
    if number in (4, 5):
        x = np.array([4e3, 0.5, 0.0, -30.0]) * (1 if number == 4 else [100, 1, 1, 1])
        return (lambda p: np.sin(p).sum()), x, None
    if number > 5:
        a, b = rng.normal(size=2)
        return (lambda p: a * p**3 + b * p), float(rng.normal()), None
    n, m = [(3, 4), (4, 2), (3, 4)][number]
    A, B = rng.normal(size=(n, m)), rng.normal(size=(n, m))
    x = 2 * rng.normal(size=n)
    if number == 2:
        x = rng.integers(1, 4, size=n)
    if kind in ("gradient", "complex"):
        return (lambda p: ((p**3) @ A + (p * p[::-1]) @ B).sum()), x, None
    if kind == "hvp":
        A = rng.normal(size=(n, n))
        return (lambda p: (p**3) @ A + p * p.sum()), x, rng.normal(size=n)
    f = lambda p: (p**3) @ A + (p * p[::-1]) @ B
    if kind == "jacobian":
        return f, x, None
    return f, x, rng.normal(size=n if kind == "jvp" else m)


_ORDER = [
    *("forward", "not-halved", "precedence", "backward", "not-divided", "all-at-once"),
    *("not-put-back", "accumulating", "own-step", "transposed", "sign", "direction-ignored"),
    *("direction-normalised", "step-missing", "gradient-times-v", "step-halved", "along-u"),
    *("rows-not-summed", "upstream-ignored", "mean-over-outputs", "upstream-on-wrong-side"),
    *("second-difference", "nothing-moved", "last-entry-only", "first-entry-only", "row-at-once"),
    *("one-side-by-two-steps", "around-another-point", "points-too-far", "points-too-near"),
    *("steps-of-another-size", "step-by-size", "step-by-size-not-divided", "step-not-divided"),
    *("reshaped", "absolute", "direction-absolute", "direction-reversed", "divided-by-length"),
    *("times-length", "times-v-again", "all-alike-times-v", "diagonal-only", "x-and-v-exchanged"),
    *("first-output-only", "last-output-only", "upstream-absolute", "upstream-normalised"),
    *("upstream-reversed", "values-added", "h-squared", "whole-numbers", "whole-results"),
    *("no-step-at-zero", "step-of-the-largest", "one-step-for-all", "real-step"),
    *("complex-not-divided", "real-part", "complex-all-at-once", "complex-not-taken-away"),
    *("complex-step-downward", "complex-sign", "complex-halved", "complex-doubled"),
    *("complex-angle", "complex-size", "complex-step-too-large", "flat", "complex-flat", "right"),
]  # fmt: skip


def _constants(h):
    """What a wrong division multiplies the result with."""
    return [
        ("not-halved", 2), ("step-halved", 1 / 2), ("not-divided", 2 * h), ("precedence", h * h),
        ("step-not-divided", h), ("sign", -1), ("h-squared", 1 / h), ("h-squared", 2 / h),
        ("h-squared", 1 / (2 * h)),
    ]  # fmt: skip


def _quotients(f, x, h):
    """Return (name, function of a direction): what is made of values of f along it."""
    at = lambda step: np.asarray(f(x + step), float)
    central = lambda v, far=1: (at(far * h * v) - at(-far * h * v)) / (2 * h)
    ahead = lambda v, far=1: (at(far * h * v) - at(0)) / h
    return [
        ("right", central),
        ("forward", ahead),
        ("backward", lambda v: -ahead(-v)),
        ("one-side-by-two-steps", lambda v: ahead(v) / 2),
        ("one-side-by-two-steps", lambda v: -ahead(-v) / 2),
        ("around-another-point", lambda v: ahead(v, 2) / 2),
        ("around-another-point", lambda v: -ahead(-v, 2) / 2),
        ("points-too-far", lambda v: central(v, 2)),
        ("points-too-near", lambda v: central(v, 1 / 2)),
        ("steps-of-another-size", lambda v: central(v, 2) / 2),
        ("steps-of-another-size", lambda v: central(v, 1 / 2) * 2),
        ("step-missing", lambda v: central(v, 1 / h)),
        ("absolute", lambda v: np.abs(central(v))),
        ("values-added", lambda v: (at(h * v) + at(-h * v)) / (2 * h)),
        ("second-difference", lambda v: (at(h * v) - 2 * at(0) + at(-h * v)) / h**2),
        ("nothing-moved", lambda v: 0 * central(v)),
    ]


def _formulas(kind, f, x, w, h=H):
    """Return (name, what it gives); the first is right. Constants come with each quotient."""
    x = np.asarray(x, float)
    if kind in ("jvp", "hvp"):
        return _with_constants(_along(kind, f, x, w, h), h)
    tables = _tables(f, x, h)
    J = tables[0][1]
    if kind == "jacobian":
        tables += [("transposed", J.T), ("reshaped", J.T.reshape(J.shape))]
    if kind != "vjp":
        return _with_constants(tables, h)
    u, last = w, np.arange(len(w))
    found = [(name, u @ table) for name, table in tables]
    found += [
        ("rows-not-summed", u[:, None] * J), ("upstream-ignored", J.sum(axis=0)),
        ("mean-over-outputs", u @ J / len(u)), ("first-output-only", u * (last == 0) @ J),
        ("last-output-only", u * (last == len(u) - 1) @ J), ("upstream-absolute", np.abs(u) @ J),
        ("upstream-normalised", u @ J / np.linalg.norm(u)), ("upstream-reversed", u[::-1] @ J),
        ("absolute", np.abs(u @ J)),
    ]  # fmt: skip
    return _with_constants(found, h)


def _with_constants(found, h):
    """Add each constant by itself, and beside each other formula."""
    right = found[0][1]
    single = [(name, c * right) for name, c in _constants(h)]
    both = [(f"{n}+{name}", c * guess) for n, guess in found[1:] for name, c in _constants(h)]
    return [*found, *single, *both]


def _along(kind, f, x, v, h):
    quotients = _quotients(f, x, h)
    central, length = quotients[0][1], np.linalg.norm(v)
    right = central(v)
    found = [(name, quotient(v)) for name, quotient in quotients]
    found += [
        ("direction-ignored", central(np.ones(len(x)))),
        ("direction-normalised", central(v / length)),
        ("direction-absolute", central(np.abs(v))),
        ("direction-reversed", central(v[::-1])),
        ("step-by-size-not-divided", central(v * x)),
        ("divided-by-length", right / length),
        ("divided-by-length", right / length**2),
        ("times-length", right * length),
        ("times-length", right * length**2),
        ("x-and-v-exchanged", _quotients(f, v, h)[0][1](x)),
    ]
    if kind == "hvp":
        diagonal = np.array([central(e)[i] for i, e in enumerate(np.eye(len(x)))])
        found += [
            ("gradient-times-v", np.asarray(f(x)) * v), ("times-v-again", right * v),
            ("all-alike-times-v", central(np.ones(len(x))) * v), ("diagonal-only", diagonal * v),
        ]  # fmt: skip
    return found


def _tables(f, x, h):
    """Return (name, the table of slopes with a column for each entry of x)."""
    n = len(x)
    eye, last = np.eye(n), np.arange(n)
    columns = lambda slope: np.stack([np.asarray(slope(e), float) for e in eye], axis=-1)
    quotients = _quotients(f, x, h)
    central = quotients[0][1]
    found = [(name, columns(quotient)) for name, quotient in quotients]
    J = found[0][1]
    for sizes in (np.abs(x), np.maximum(1, np.abs(x)), 1 + np.abs(x), x):
        moved = np.stack([central(s * e) for s, e in zip(sizes, eye, strict=True)], axis=-1)
        found += [("step-by-size-not-divided", moved), ("step-by-size", moved / sizes)]
    return [
        *found,
        ("all-at-once", np.repeat(np.asarray(central(np.ones(n)))[..., None], n, axis=-1)),
        ("accumulating", _accumulating(f, x, h)),
        ("not-put-back", _drifting(f, x, h)),
        ("last-entry-only", J * (last == n - 1)),
        ("first-entry-only", J * (last == 0)),
    ]


def _accumulating(f, x, h):
    """Both copies keep the steps of the entries before."""
    right, left, columns = x.copy(), x.copy(), []
    for j in range(x.size):
        right[j] += h
        left[j] -= h
        columns.append((np.asarray(f(right)) - np.asarray(f(left))) / (2 * h))
    return np.stack(columns, axis=-1)


def _drifting(f, x, h):
    """The entry stays where its second step has left it."""
    here, columns = x.copy(), []
    for j in range(x.size):
        here[j] += h
        right = np.asarray(f(here))
        here[j] -= 2 * h
        columns.append((right - np.asarray(f(here))) / (2 * h))
    return np.stack(columns, axis=-1)


def _complex(f, x, h, sides):
    """As _formulas; sides: the signs of the imaginary steps that were seen."""
    x = np.atleast_1d(np.asarray(x, float))
    n, last = len(x), np.arange(len(x))
    ahead = [np.asarray(f(x + 1j * h * e)).sum() for e in np.eye(n)]
    J = np.imag(ahead) / h
    piled = np.array([np.imag(f(x + 1j * h * (last <= j))).sum() / h for j in range(n)])
    alone = len(sides) == 1
    return [
        ("right", J),
        ("real-part", np.full(n, np.real(f(x)).sum() / h)),
        ("real-part", np.full(n, np.real(f(x)).sum())),
        ("complex-not-divided", J * h),
        ("complex-all-at-once", np.full(n, J.sum())),
        ("complex-not-taken-away", piled),
        ("last-entry-only", J * (last == n - 1)),
        ("first-entry-only", J * (last == 0)),
        ({-1: "complex-step-downward", 1: "complex-sign"}[min(sides)] if alone else "sign", -J),
        ("complex-halved" if alone else "step-halved", J / 2),
        ("complex-doubled" if alone else "not-halved", 2 * J),
        ("complex-angle", np.angle(ahead) / h),
        ("complex-size", np.abs(ahead) / h),
        ("absolute", np.abs(J)),
        ("complex-flat", 0 * J),
    ]
