"""Which mistake explains a wrong numerical derivative: by what it gives for a large step.

With a step of a half the central difference of a cubic map is far from the slope, and every other
formula is far from both. So formulas are told apart by their values, and by where f is called.
"""

import numpy as np

from course_utils.diagnosis.scalars import Found

H = 0.3


def from_case(case):
    """Return the Found explanation of a Difference case, or None: one "
    "formula that fits on all maps."""
    names = None
    for number in range(2):
        f, x, w = _map(case.kind, number)
        calls = []

        def watched(p, f=f, calls=calls):
            calls.append(np.array(p))
            return f(p)

        try:
            yours = np.asarray(_call(case, watched, x, w))
        except Exception:
            return None
        if yours.dtype.kind not in "iufc":
            return None
        fits = {n for n, guess in _formulas(case.kind, f, x, w).items() if _same(yours, guess)}
        names = fits if names is None else names & fits
    if names and "right" in names:
        return _of_dtype(case)
    if not names:
        return _of_own_step(case) if case.kind == "complex" else None
    return Found(f"difference-{min(names, key=_ORDER.index)}", "")


def _call(case, f, x, w):
    if case.kind == "complex":
        return case.learner(f, x.copy())
    if w is None:
        return case.learner(f, x.copy(), H)
    return case.learner(f, x.copy(), w.copy(), H)


def _of_dtype(case):
    """A right formula that cuts fractions off, or ignores the step, at whole numbers."""
    f, x, w = _map(case.kind, 2)
    try:
        yours = np.asarray(_call(case, f, x, w), float)
    except Exception:
        return None
    right = _formulas(case.kind, f, x.astype(float), w)["right"]
    if yours.shape == np.shape(right) and not _same(yours, right):
        return Found("difference-whole-numbers", "")
    return None


def _of_own_step(case):
    """A complex step whose size is the learner's own: it shows as one constant on all maps."""
    constants = {"complex-not-divided": [], "real-part": []}
    for number in range(2):
        f, x, _ = _map("complex", number)
        yours = np.asarray(_call(case, f, x, None), float)
        for name, guess in (("complex-not-divided", _complex(f, x)["right"]),
                            ("real-part", np.full(x.size, f(x)))):  # fmt: skip
            if yours.shape != guess.shape or not guess.all():
                return None
            ratios = yours / guess
            if np.ptp(ratios) <= 1e-7 * np.abs(ratios).max():
                constants[name].append(ratios[0])
    for name, (low, high) in {"complex-not-divided": (0, 1e-2), "real-part": (1e2, 1e300)}.items():
        found = constants[name]
        if len(found) == 2 and abs(found[0] / found[1] - 1) < 1e-7 and low < found[0] < high:
            return Found(f"difference-{name}", "")
    return None


def _same(yours, guess):
    guess = np.asarray(guess)
    if yours.shape != guess.shape or yours.size < 2:
        return False
    size = np.abs(guess).max(initial=0)
    return bool((np.abs(yours - guess) <= 1e-7 * size + 1e-300).all())


def _map(kind, number):
    """Return (f, x, the vector beside x or None); f takes (n,) and gives what the kind needs."""
    rng = np.random.default_rng(50 + number)
    n, m = [(3, 4), (4, 2), (3, 4)][number]
    A, B = rng.normal(size=(n, m)), rng.normal(size=(n, m))
    x = rng.normal(size=n)
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
    *("second-difference", "nothing-moved", "last-entry-only", "first-entry-only", "real-part"),
    *("complex-not-divided", "complex-all-at-once", "complex-not-taken-away", "flat", "h-squared"),
    "right",
]


def _formulas(kind, f, x, w):
    x = np.asarray(x, float)
    h = H
    if kind == "complex":
        return _complex(f, x)
    n = len(x)
    eye = np.eye(n)
    columns = lambda slope: np.stack([np.asarray(slope(e), float) for e in eye], axis=-1)
    central = lambda v, h=h: (np.asarray(f(x + h * v)) - np.asarray(f(x - h * v))) / (2 * h)
    ahead = lambda v: (np.asarray(f(x + h * v)) - np.asarray(f(x))) / h
    behind = lambda v: (np.asarray(f(x)) - np.asarray(f(x - h * v))) / h
    if kind in ("jvp", "hvp"):
        v = w
        one = np.ones(n)
        found = {
            "right": central(v), "forward": ahead(v), "backward": behind(v),
            "not-halved": 2 * central(v), "precedence": h * h * central(v),
            "not-divided": 2 * h * central(v), "sign": -central(v), "step-halved": central(v) / 2,
            "direction-ignored": central(one),
            "direction-normalised": central(v / np.linalg.norm(v)),
            "step-missing": (np.asarray(f(x + v)) - np.asarray(f(x - v))) / (2 * h),
            "second-difference": (f(x + h * v) - 2 * f(x) + f(x - h * v)) / h**2,
            "nothing-moved": 0 * central(v), "h-squared": central(v) / h,
        }  # fmt: skip
        if kind == "hvp":
            found["gradient-times-v"] = np.asarray(f(x)) * v
        return found
    J = columns(central)
    tables = {
        "right": J, "forward": columns(ahead), "backward": columns(behind), "not-halved": 2 * J,
        "precedence": h * h * J, "not-divided": 2 * h * J, "sign": -J, "step-halved": J / 2,
        "all-at-once": np.repeat(np.asarray(central(np.ones(n)))[..., None], n, axis=-1),
        "accumulating": _accumulating(f, x, h), "not-put-back": _drifting(f, x, h),
        "nothing-moved": 0 * J, "h-squared": J / h,
        "last-entry-only": J * (np.arange(n) == n - 1), "first-entry-only": J * (np.arange(n) == 0),
    }  # fmt: skip
    for own in (1e-5, 1e-6, 1e-4, 1e-7, 1e-3):
        tables["own-step"] = columns(lambda e, own=own: central(e, own))
        break
    if kind == "jacobian":
        tables["transposed"] = J.T
        return tables
    if kind == "gradient":
        return tables
    u = w
    found = {name: u @ table for name, table in tables.items()}
    found |= {
        "rows-not-summed": u[:, None] * J, "upstream-ignored": J.sum(axis=0),
        "mean-over-outputs": u @ J / len(u),
    }  # fmt: skip
    if len(u) == n:
        found |= {"upstream-on-wrong-side": J @ u, "along-u": central(u)}
    return found


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


def _complex(f, x):
    h = 1e-30
    n = len(x)
    J = np.array([np.imag(f(x + 1j * h * e)) / h for e in np.eye(n)])
    piled = np.array([np.imag(f(x + 1j * h * (np.arange(n) <= j))) / h for j in range(n)])
    return {
        "right": J,
        "real-part": np.full(n, np.real(f(x)) / h),
        "complex-not-divided": J * h,
        "complex-all-at-once": np.full(n, J.sum()),
        "complex-not-taken-away": piled,
        "last-entry-only": J * (np.arange(n) == n - 1),
        "first-entry-only": J * (np.arange(n) == 0),
        "sign": -J,
    }
