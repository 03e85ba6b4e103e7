"""What is wrong with a checker: by its verdicts where the usual mistakes give different ones.

A checker says how far off a gradient is, whether it is right, or where a kink is. It is tried on
inputs whose answer is known; numbers are compared with what usual formulas give, verdicts tell what
passes that should not. So a name says what was seen, whatever the code is.
"""

import re
from functools import cached_property

import numpy as np

from course_utils.diagnosis.scalars import Found


def from_case(case):
    """Return the Found explanation of a Checker case, or None."""
    search = {
        "best_h": _best_step,
        "relative_error": _relative,
        "direction_check": _direction,
        "kink_guard": lambda learner: _Guard(learner).fault(),
        "grad_check": lambda learner: _Names(learner, case.about).fault(),
        "is_right": lambda learner: _Judge(learner, case.about).fault(),
    }
    try:
        with np.errstate(all="ignore"):
            key, *rest = (search[case.kind](case.learner) or "").split("+")
    except Exception:
        return None
    return Found(key, also=Found(rest[0]) if rest else None) if key else None


def _same(yours, guess):
    yours, guess = np.asarray(yours, float), np.asarray(guess, float)
    return bool((np.abs(yours - guess) <= 1e-6 * np.abs(guess)).all())


def _best_step(best_h):
    """The step is a product of powers: logarithms give the exponents and the constant."""
    rng = np.random.default_rng(1061)
    numbers = np.exp(rng.uniform([-36, -2, -2], [-14, 4, 4], size=(9, 3)))
    steps = np.array([best_h(*map(float, each)) for each in numbers])
    if np.ptp(steps) == 0:
        return "best-h-fixed"
    if np.ptp(np.log10(steps) - np.round(np.log10(steps))) < 1e-9:
        return "best-h-of-a-grid"
    table = np.column_stack([np.ones(9), np.log(numbers)])
    (constant, *powers), left, *_ = np.linalg.lstsq(table, np.log(steps), rcond=None)
    if not left.sum() < 1e-9:
        return None
    thirds, cube = np.round(3 * np.array(powers), 4), np.exp(3 * constant)
    if thirds.tolist() == [1, 1, -1]:
        if not _same(cube, 3):
            return "best-h-constant"
        signs = [best_h(1e-12, -2.0, 5.0), best_h(1e-12, 2.0, -5.0)]
        return None if _same(signs, best_h(1e-12, 2.0, 5.0)) else "best-h-signs"
    if thirds.tolist() == [3, 3, -3] and _same(cube, 1):
        return "best-h-precedence"
    for name, other in [("eps-left-out", [0, 1, -1]), ("f-left-out", [1, 0, -1]),
                        ("f3-left-out", [1, 1, 0]), ("upside-down", [1, -1, 1]),
                        ("the-error", [2, 2, 1])]:  # fmt: skip
        if thirds.tolist() == other:
            return f"best-h-{name}"
    return "best-h-root" if _same(thirds / thirds[0], [1, 1, -1]) else None


def _relative(relative_error):
    rng = np.random.default_rng(1062)
    pairs = [rng.normal(size=(2, *shape)) for shape in ((4,), (5,), (2, 3), (3, 2))]
    yours = np.array([relative_error(*pair.copy()) for pair in pairs], float)
    fits = {}
    for (how, size), (top, above), (under, below) in (
        (n, a, b) for n in _NORMS for a in _ABOVE for b in _BELOW
    ):
        guess = [above(size, *p) / below(size, *p) for p in pairs]
        if _same(yours, guess):
            fits.setdefault("+".join(filter(None, (how, top, under))), None)
    if fits and "" not in fits:
        return min(fits, key=lambda name: name.count("+"))  # of equal ones the first is commoner
    if not fits:
        return None
    for factor in (1e-9, 1e9):
        if not _same(relative_error(*(factor * pairs[0])), yours[0]):
            return "relative-not-at-all-scales"
    if relative_error(np.zeros(3), np.ones(3)) == 0 or relative_error(np.ones(3), np.zeros(3)) == 0:
        return "relative-zero-if-one-is"
    return None


def _length(a):
    return np.sqrt((a * a).sum())


_NORMS = [
    ("", _length),
    ("relative-largest-entries", lambda a: np.abs(a).max()),
    ("relative-sums-of-sizes", lambda a: np.abs(a).sum()),
    ("relative-squares", lambda a: (a * a).sum()),
    ("relative-spectral-norm", lambda a: np.linalg.norm(a, 2)),
]
_ABOVE = [
    ("", lambda size, a, n: size(a - n)),
    ("relative-sum-above", lambda size, a, n: size(a + n)),
    ("relative-sizes-above", lambda size, a, n: abs(size(a) - size(n))),
    ("relative-signs-lost", lambda size, a, n: size(np.abs(a) - np.abs(n))),
]
_BELOW = [
    ("", lambda size, a, n: size(a) + size(n)),
    ("relative-nothing-below", lambda size, a, n: 1),
    ("relative-one-below", lambda size, a, n: size(n)),
    ("relative-one-below", lambda size, a, n: size(a)),
    ("relative-larger-below", lambda size, a, n: max(size(a), size(n))),
    ("relative-larger-below", lambda size, a, n: min(size(a), size(n))),
    ("relative-mean-below", lambda size, a, n: (size(a) + size(n)) / 2),
    ("relative-product-below", lambda size, a, n: size(a) * size(n)),
    ("relative-product-below", lambda size, a, n: np.sqrt(size(a) * size(n))),
    ("relative-norm-of-sum-below", lambda size, a, n: size(a + n)),
    ("relative-root-of-squares-below", lambda size, a, n: np.hypot(size(a), size(n))),
]


def _direction(direction_check):
    """The points at which f is called show the direction; the result, what was made of it."""
    x, weights = np.array([0.7, -1.2, 0.4, 2.0]), np.array([1.5, -0.8, 2.2, 0.6])
    true = 2 * weights * x
    claimed = true * [1.3, 0.8, 1.1, 0.5] + [0.3, 0.2, -0.4, 0.1]
    fits = None
    for seed in range(4):
        places = []

        def f(p, places=places):
            places.append(np.array(p))
            return (weights * np.square(p)).sum()

        rng = np.random.default_rng(seed)
        yours = float(direction_check(f, claimed.copy(), x.copy(), rng))
        moves = [p - x for p in places]
        away = [move for move in moves if move.any()]
        moves = away if len(away) > 1 else moves
        if len(moves) > 4:
            return None
        first, last = moves[0], moves[-1]
        if len(moves) < 2 or not np.ptp(moves, axis=0).any():
            names = {"direction-nothing-moved"}
        else:
            way = first - last
            slope = f(x + first) - f(x + last)
            drawn = np.linalg.norm(np.random.default_rng(seed).normal(size=x.shape))
            h = np.linalg.norm(way) / 2 / drawn
            one_sided = np.abs(first + last).max() > 1e-9
            guesses = _directions(claimed, way, slope, drawn, h, one_sided)
            names = {name for name, guess in guesses if np.isclose(yours, guess, 1e-6, 1e-9)}
        fits = names if fits is None else fits & names
    if not fits or "" in fits:
        return None
    return next(name for name in _DIRECTIONS if name in fits)


_DIRECTIONS = [
    *(
        "direction-nothing-moved",
        "direction-one-sided",
        "direction-not-halved",
        "direction-step-halved",
    ),
    *("direction-not-divided", "direction-unit-on-one-side", "direction-signed"),
    *("direction-relative-to-one", "direction-absolute", "direction-mean-below"),
    *("direction-signs-lost", "direction-signs-turned", "direction-norms-multiplied"),
    *("direction-sum-below", "direction-squares"),
]


def _directions(g, way, s, length, h, one_sided):
    """Yield (name, result); p and s are the slopes along the way between both points."""
    p = g @ way
    relative = lambda p, s: abs(p - s) / (abs(p) + abs(s))
    yield "direction-one-sided" if one_sided else "", relative(p, s)
    for name, k in [("not-halved", 2), ("step-halved", 1 / 2), ("not-divided", 2 * h),
                    ("not-divided", h), ("unit-on-one-side", length), ("signs-turned", -1),
                    ("unit-on-one-side", 1 / length)]:  # fmt: skip
        yield f"direction-{name}", relative(p, k * s)
    off = abs(p - s)
    yield "direction-signed", (p - s) / (abs(p) + abs(s))
    yield "direction-signed", (s - p) / (abs(p) + abs(s))
    for size in (abs(s), abs(p), max(abs(p), abs(s))):
        yield "direction-relative-to-one", off / size
    yield "direction-absolute", off / (2 * h)
    yield "direction-absolute", off / np.linalg.norm(way)
    yield "direction-mean-below", 2 * relative(p, s)
    yield "direction-signs-lost", relative(abs(p), abs(s))
    yield "direction-sum-below", off / abs(p + s)
    yield "direction-squares", off**2 / (p * p + s * s)
    yield "direction-norms-multiplied", relative(np.linalg.norm(g * way), s)
    yield "direction-norms-multiplied", relative(np.linalg.norm(g) * np.linalg.norm(way), s)


class _Guard:
    """A learner's kink_guard, asked about one entry in the middle of two smooth ones."""

    H = 1e-5

    def __init__(self, learner):
        self.learner = learner
        h, jump = self.H, lambda t: np.abs(t)
        asked = {
            "at": (jump, 0.7, 0), "right": (jump, 0.7, 0.9), "left": (jump, 0.7, -0.9),
            "down": (lambda t: -np.abs(t), 0.7, 0), "zero": (jump, 0.0, 0),
            "tiny": (lambda t: 1e-6 * np.abs(t), 0.7, 0), "far": (jump, 0.7, 20),
            "weak": (lambda t: t + 0.05 * np.maximum(t, 0), 0.7, 0),
            "strong": (lambda t: 1e4 * (t + 1) ** 2, 0.7, 0),
            "downward": (lambda t: -20 * (t + 1) ** 2, 0.7, 0),
        }  # fmt: skip
        found = {name: self._ask(*about, h) for name, about in asked.items()}
        self.says = {name: bool(answer[1]) for name, answer in found.items()}
        self.beside = [bool(answer[0] or answer[2]) for answer in found.values()]
        flat = lambda p: 1000 + p @ np.array([3.0, -2.0, 0.7])
        places = np.arange(1, 31).reshape(10, 3) / 7
        self.says["straight"] = any(np.any(learner(flat, p.copy(), h)) for p in places)

    def _ask(self, bend, place, away, h):
        size = 1e-6 if abs(bend(1.0)) < 1e-3 else 1
        others = lambda p: size * (p[0] ** 2 + 0.5 * p[2] ** 2)
        f = lambda p: others(p) + bend(p[1] - place - away * h)
        found = np.asarray(self.learner(f, np.array([0.3, place, -0.6]), h))
        if found.shape != (3,):
            raise ValueError("not an answer for each entry")
        return found

    def fault(self):
        """Return the key of the first thing that is wrong."""
        says, kinks = self.says, ("at", "right", "left", "down", "zero", "tiny", "weak")
        smooth = ("strong", "downward", "straight", "far")
        found, curved = [says[k] for k in kinks], says["strong"] or says["downward"]
        cases = [
            ("everywhere", all(says.values()) and all(self.beside)),
            ("swapped", not any(found) and curved),
            ("one-side", says["right"] != says["left"]),
            ("finds-nothing", not any(found)),
            ("one-for-all", all(self.beside[:3]) and not (says["strong"] or says["downward"])),
            ("asks-for-zero", says["zero"] and not says["at"]),
            ("signed-gap", says["at"] != says["down"]),
            ("size-of-the-gap", curved and not says["tiny"]),
            ("curvature", curved or any(self.beside)),
            ("no-noise-floor", says["straight"]),
            ("too-near", says["at"] and not says["right"]),
            ("floor-too-high", not says["tiny"]),
            ("weak-kinks", not says["weak"]),
            ("too-far", any(says[k] for k in smooth)),
        ]
        return next((f"guard-{name}" for name, shows in cases if shows), None)


# A word of the check: the right gradient of the same sort.
_MEANT = {
    "pre-activation": "kink", "b1 = 0": "kink", "kink": "kink", "dead": "dead",
    "noise": "faint", "zero gradient": "noisy", "loss is": "big", "1e-6": "tiny",
}  # fmt: skip
# A word of the check: the wrong gradient with the same fault.
_SORTS = {
    "missing": "missing", "has no": "missing", "of no": "missing", "shape": "shape",
    "transposed": "shape", "nan": "nan", "inf": "inf", "kink": "beside",
}  # fmt: skip


class _Judge:
    """A learner's verdict on gradients of a small net that are known to be right or wrong.

    about: begins with "accepted" or "rejected", what the check has found, and names the gradient.
    """

    RIGHT = ("plain", "kink", "near-kink", "other-kink", "dead", "big", "tiny")

    def __init__(self, learner, about):
        self.learner, self.about = learner, about
        self.known, self.measured = {}, 0

    def reads(self, answer):
        return bool(answer)

    def passes(self, name):
        """Return whether the learner accepts the gradient called so, or None where it stops."""
        if name not in self.known:
            loss, params, grads = self.gradients[name]
            copy = lambda values: {key: v.copy() for key, v in values.items()}

            def counted(p):
                self.measured += 1
                return loss(p)

            try:
                answer = self.learner(counted, copy(params), copy(grads))
                self.known[name] = bool(self.reads(answer))
            except Exception:
                self.known[name] = None
        return self.known[name]

    @cached_property
    def gradients(self):
        smooth, at, g = _net(np.tanh, lambda z: 1 / np.cosh(z) ** 2)
        relu, step = lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0
        bent, on_kink, k = _net(relu, step, kink=0.0)
        inside = lambda z: (z > 0) + 0.02 * (z == 0)
        _, dead, d = _net(relu, step, bias=-50)
        small = lambda p: 1e-6 * smooth(p)
        tiny = {name: 1e-6 * v for name, v in g.items()}
        of = lambda **other: (smooth, at, g | other)
        times = lambda c: of(**{name: c * v for name, v in g.items()})
        hole, endless = g["b1"].copy(), g["b1"].copy()
        hole[0], endless[0] = np.nan, np.inf
        gap = 2 * g["W1"]
        gap[0, 0] = 0
        swapped = g["W1"].copy()
        swapped.flat[[0, -1]] = swapped.flat[[-1, 0]]
        uneven = lambda p: 5 * p["W1"][0, 0] + 1e-4 * p["W1"].sum()
        straight = lambda p: sum(v.sum() for v in p.values())
        ones = {name: np.ones_like(v) for name, v in g.items()}
        slopes = {name: 0 * v for name, v in g.items()}
        slopes["W1"] = np.full((2, 5), 1e-4)
        slopes["W1"][0, 0] += 5
        return {
            "plain": of(), "rising": (lambda p: straight(p), at, ones),
            "falling": (lambda p: -straight(p), at, {name: -v for name, v in ones.items()}),
            "kink": (bent, on_kink, k), "dead": (_net(relu, step)[0], dead, d),
            "near-kink": _net(relu, step, kink=1e-7),
            "other-kink": _net(relu, step, kink=0.0, seed=118),
            "between": _net(relu, inside, kink=0.0, seed=118),
            "big": (lambda p: 1000 + smooth(p), at, g), "tiny": (small, at, tiny),
            "sign": times(-1), "double": times(2), "zero": times(0),
            "tiny-zero": (small, at, {name: 0 * v for name, v in g.items()}),
            "bias": of(b1=2 * g["b1"], b2=-g["b2"]), "weights": of(W1=2 * g["W1"], W2=-g["W2"]),
            "missing": (smooth, at, {name: v for name, v in g.items() if name != "b1"}),
            "shape": of(b1=g["b1"][:, None]), "nan": of(b1=hole), "inf": of(b1=endless),
            "gap": of(W1=gap), "exchanged": of(W1=swapped),
            "first": of(W1=_off(g["W1"], 0, 0.1)), "last": of(W1=_off(g["W1"], -1, 0.1)),
            "fine": of(W1=_off(g["W1"], 2, 0.005)), "wholly": of(W1=1.02 * g["W1"]),
            "cancel": of(W1=_off(_off(g["W1"], 1, 0.1), 3, -0.1)),
            "faint": (lambda p: 1e-3 * _noise(p), at, {name: 0 * v for name, v in g.items()}),
            "noisy": (_noise, at, {name: 0 * v for name, v in g.items()}),
            "uneven": (uneven, at, slopes | {"W1": _off(slopes["W1"], 3, 2e-5)}),
            "beside": (bent, on_kink, k | {"b1": _off(k["b1"], 2, 0.3)}),
            "alone": of(b1=_off(g["b1"], 2, 0.3)),
        }  # fmt: skip

    def fault(self):
        """Return the key of the first thing that is wrong, of the sort that the check has found."""
        ok = self.passes
        if self.about.startswith("rejected"):
            wrong = [name for name in self.RIGHT if ok(name) is False]
            if not wrong:
                return None
            if len(wrong) == len(self.RIGHT):
                return "checker-rejects-everything"
            if "plain" in wrong:
                signed = ok("falling") is False and ok("rising")
                return "checker-tolerance-signed" if signed else "checker-rejects-plain"
            about = next((sort for word, sort in _MEANT.items() if word in self.about), "")
            wrong = [name for name in wrong if name.endswith(about)]
            if not wrong:
                return None
            sort = wrong[0].rpartition("-")[2]
            if sort == "kink" and not about and not re.search("relu|kink", self.about):
                return None  # what the check found has none
            narrow = sort == "kink" and "other-kink" in wrong and ok("between")
            return "checker-narrow-at-kinks" if narrow else f"checker-rejects-{sort}"
        if all(map(ok, ("sign", "double", "zero", "first"))) and not self.measured:
            return "checker-never-measures"
        if all(map(ok, ("sign", "double", "zero", "first", "nan"))):
            return "checker-accepts-everything"
        for word, name in _SORTS.items():
            if word in self.about and ok(name) and not (name == "beside" and ok("alone")):
                return f"checker-{name}"
        for key, passed, found in self.CASES:
            if all(map(ok, passed)) and all(ok(name) is False for name in found):
                return f"checker-{key}"
        return None

    # The key, gradients that pass, gradients that do not.
    CASES = (
        ("sizes-only", ("sign", "exchanged"), ("double",)),
        ("signs-lost", ("sign",), ("double",)),
        ("direction-only", ("double",), ("sign",)),
        ("excuses-zeros", ("gap",), ("double",)),
        ("accepts-zero", ("zero",), ("double",)),
        ("tolerance-absolute", ("tiny-zero",), ("zero",)),
        ("biases-skipped", ("bias",), ("weights",)),
        ("first-entries-only", ("last",), ("first",)),
        ("single-entry", ("first", "last"), ("double",)),
        ("errors-cancel", ("cancel",), ("first",)),
        ("single-entry", ("fine",), ("wholly",)),
        ("wide", ("fine",), ("first",)),
    )


class _Names(_Judge):
    """The same for a list of the names that are wrong; entries are judged one by one."""

    RIGHT = (*_Judge.RIGHT, "faint", "noisy")
    CASES = (*_Judge.CASES, ("whole-array", ("uneven",), ()))

    def reads(self, answer):
        return len(answer) == 0


def _noise(p):
    """Return 1000, with the rounding errors of numbers that are ten times larger."""
    angle = np.sum(p["W1"] * np.arange(p["W1"].size).reshape(p["W1"].shape) / 7)
    return 10000 * (np.sin(angle) ** 2 + np.cos(angle) ** 2) - 9000


def _off(g, place, share):
    changed = g.copy()
    changed.flat[place] += share * np.abs(g).max()
    return changed


def _net(act, slope, kink=None, bias=0.0, seed=64):
    """Return the loss of a small net, its parameters and their gradients.

    kink: what enters the first unit for one sample, and bias: what is added to all hidden ones.
    """
    rng = np.random.default_rng(seed)
    X, Y = rng.normal(size=(6, 2)), rng.normal(size=(6, 1))
    params = {"W1": rng.normal(size=(2, 5)), "b1": rng.normal(size=5) + bias}
    params |= {"W2": rng.normal(size=(5, 1)), "b2": rng.normal(size=1)}
    if kink is not None:
        X[1], params["b1"][0] = 0, kink
        params["W2"] *= 3  # with more curvature the slope of one side errs more

    def forward(p):
        Z = X @ p["W1"] + p["b1"]
        return Z, act(Z) @ p["W2"] + p["b2"]

    # A sine bends both ways, so a slope of one side may err toward either.
    loss = lambda p: float((Y * np.sin(forward(p)[1])).sum() / len(X))
    Z, P = forward(params)
    dP = Y * np.cos(P) / len(X)
    dZ = dP @ params["W2"].T * slope(Z)
    grads = {"W1": X.T @ dZ, "b1": dZ.sum(axis=0), "W2": act(Z).T @ dP, "b2": dP.sum(axis=0)}
    return loss, params, grads
