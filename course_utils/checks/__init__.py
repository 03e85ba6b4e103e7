"""The learner's derivative against an oracle's."""

import re

import numpy as np

from course_utils import oracles
from course_utils.checks.compare import SkippedEntry, compare, place_of, tolerance_of
from course_utils.checks.explain import explained
from course_utils.checks.guard import as_array, as_number, call, name_of
from course_utils.checks.mismatch import Mismatch, NotWritten

EPS = np.finfo(float).eps
FEW = 256  # up to so many entries, each one is compared
MANY = 4096  # above so many entries, no mistake is looked for: it would take too long

__all__ = [
    "Mismatch",
    "NotWritten",
    "SkippedEntry",
    "call",
    "check_avoids",
    "check_backward",
    "check_derivative",
    "check_equal",
    "check_gradient",
    "check_jacobian",
    "check_value",
    "check_visited",
    "part",
]


def check_derivative(f, df, x, *, name=None, rtol=1e-12, look="", case=None):
    """Return quietly if `df` is the derivative of `f` at `x`; raise a Mismatch if it is not.

    f: function of one number. df: the claimed derivative, a function of one number.
    x: a point, or a list of points that are tried one by one; `df` gets a float each time.
    name: what the message calls it; by default df's own name. look: a sentence to end with.
    A point at which f has a kink is skipped, with a SkippedEntry.
    case: what the diagnosis tries in place of df, one of `course_utils.checks.cases`.

    >>> check_derivative(lambda x: x**2, lambda x: 2 * x, [1.0, 3.0])
    """
    name = name or name_of(df, "your derivative")
    points = [float(point) for point in np.atleast_1d(x)]
    places = [f"x = {point:g}" for point in points]
    yours = np.array(
        [
            as_number(_same_twice(df, point, name), f"{name} at {place}")
            for point, place in zip(points, places, strict=True)
        ]
    )
    truths = [_truth(oracles.true_derivative, f, point) for point in points]
    true = np.array([truth.value for truth in truths])
    error = np.array([truth.error for truth in truths])
    kinks = {i: truth.kinks[0] for i, truth in enumerate(truths) if truth.kinks}
    floor = np.array([EPS * abs(float(f(point))) for point in points])
    try:
        compare(
            yours,
            true,
            name=name,
            error=error + floor,
            rtol=rtol,
            points=places,
            kinks=kinks,
            look=look,
        )
    except Mismatch as mismatch:
        raise explained(mismatch, case or _case_of_derivative(f, df, points)) from None


def check_gradient(f, gradient, x, *, name=None, rtol=1e-12, look="", case=None):
    """Return quietly if `gradient` is the gradient of `f` at `x`; raise a Mismatch if it is not.

    f: function of an array of x's shape that returns one number.
    gradient: the claimed gradient: a function of x, or the values themselves, of x's shape.
    x: array of any shape, or a number. Of an array with more than 256 entries, slopes along two
    directions are compared first, and the wrong entries are looked for only if those differ.
    name, look, kinks, case: as in check_derivative.

    >>> check_gradient(lambda w: (w**2).sum(), lambda w: 2 * w, np.array([1.0, 2.0]))
    """
    name = name or name_of(gradient, "your gradient")
    x = np.asarray(x, float)
    given = gradient
    if callable(gradient):
        gradient = _same_twice(gradient, x if x.ndim else float(x), name)
    try:
        yours = as_array(gradient, x.shape, name)
        if x.size > FEW:
            _check_along_directions(f, yours, x, name, rtol, look)
            return
        truth = _truth(oracles.true_gradient, f, x)
        kinks = {kink.entry: kink for kink in truth.kinks}
        error = truth.error + EPS * abs(float(f(x.copy())))
        compare(yours, truth.value, name=name, error=error, rtol=rtol, kinks=kinks, look=look)
    except Mismatch as mismatch:
        raise explained(mismatch, case or _case_of_gradient(f, given, x, name)) from None


def check_jacobian(f, J, x, *, name=None, rtol=1e-12, look="", case=None):
    """Return quietly if `J` is the Jacobian of `f` at `x`; raise a Mismatch if it is not.

    f: function of an array (n,) that returns an array (m,). J: the claimed Jacobian, shape (m, n):
    a function of x, or the values. x: array (n,). name, look, kinks, case: as in check_derivative.

    >>> check_jacobian(lambda x: x**2, lambda x: np.diag(2 * x), np.array([1.0, 2.0]))
    """
    name = name or name_of(J, "your Jacobian")
    x = np.asarray(x, float)
    given = J
    if callable(J):
        J = _same_twice(J, x, name)
    try:
        truth = _truth(oracles.true_jacobian, f, x)
        n = truth.value.shape[1]
        yours = as_array(J, truth.value.shape, name)
        kinks = {kink.output * n + kink.entry: kink for kink in truth.kinks}
        error = truth.error + EPS * np.abs(np.asarray(f(x.copy()), float)).max(initial=0)
        if yours.shape[0] == n and _is_transposed(yours, truth.value, error, rtol):
            raise Mismatch(
                f"{name}: is the transposed Jacobian: row i belongs to output i.", look=look
            )
        compare(yours, truth.value, name=name, error=error, rtol=rtol, kinks=kinks, look=look)
    except Mismatch as mismatch:
        raise explained(mismatch, case or _case_of_jacobian(f, given, x)) from None


def check_backward(f, backward, inputs, *, names=None, rtol=1e-12, seed=0, look="", case=None):
    """Return quietly if `backward` gives the gradients of `f` toward all inputs.

    f: the forward pass, called as f(*inputs), or f(inputs) where inputs is a dict.
    backward: called with the same and, where f returns an array, with a random upstream gradient
    of that array's shape as the last argument. It returns a gradient for each input, in order, or
    a dict with the keys of `inputs`.
    inputs: a list or dict of arrays. names: of the gradients; by default "d" and the key or number.
    Every entry of every gradient is checked, and it is tried that the upstream is used.
    case: as in check_derivative; by default the same with other sizes.

    >>> X, W = np.ones((2, 3)), np.ones((3, 2))
    >>> check_backward(lambda X, W: X @ W, lambda X, W, dY: (dY @ W.T, X.T @ dY), [X, W])
    """
    keys, values, pack = _parcel(inputs)
    names = names or [f"d{key}" for key in keys]
    rng = np.random.default_rng(seed)
    shape = np.shape(f(*pack([v.copy() for v in values])))
    upstreams = [rng.normal(size=shape) for _ in range(2)] if shape else [None]
    try:
        found = [_call_backward(backward, pack, keys, values, u, names) for u in upstreams]
    except Mismatch as mismatch:
        case = case or _case_of_backward(f, backward, inputs, upstreams, names)
        raise explained(mismatch, _where_shapes_fit(mismatch, case)) from mismatch.__cause__
    wrong = {}
    for i, (name, value) in enumerate(zip(names, values, strict=True)):

        def along(v, i=i):
            y = f(*pack([*values[:i], v, *values[i + 1 :]]))
            return np.sum(upstreams[0] * y) if shape else y

        try:
            _check_values(along, found[0][i], value, name, rtol)
        except Mismatch as mismatch:
            wrong[name] = mismatch
    if not wrong:
        return
    first = next(iter(wrong.values()))
    sentence = first.sentence
    if shape and all(_equal(a, b) for a, b in zip(*found, strict=True)):
        sentence = f"{', '.join(names)}: do not depend on the upstream gradient: is it used?"
    others = [name for name in names if name not in wrong]
    also = [name for name in wrong if name != next(iter(wrong))]
    more = f"Also wrong: {', '.join(also)}." if also else ""
    sentence = " ".join(filter(None, [sentence, more]))
    case = case or _case_of_backward(f, backward, inputs, upstreams, names)
    mismatch = explained(Mismatch(sentence, first.rows, look, first.mistake), case)
    if others and "right." not in mismatch.hint:
        mismatch.look = f"{', '.join(others)}: right. {look}".strip()
    raise mismatch from None


def check_value(yours, true, *, name, rtol=1e-12, atol=0.0, look="", case=None):
    """Return quietly if `yours` equals `true`, a number or an array; raise a Mismatch if not.

    atol: an error that is none, however small `true` is; for values that may underflow.
    case: as in check_derivative.
    """
    true = np.asarray(true, float)
    try:
        yours = as_array(yours, true.shape, name)
        compare(yours, true, name=name, error=atol / 10, rtol=rtol, look=look)
    except Mismatch as mismatch:
        raise explained(mismatch, case) from None


def check_equal(yours, true, *, name, look="", case=None):
    """Return quietly if `yours` is `true`: words, truth values, shapes, or lists and dicts of them.

    A list and a tuple with the same entries are equal, and so are numpy's and Python's own types.
    case: as in check_derivative.
    """
    if yours is None:
        raise Mismatch(f"{name}: is None: is the return missing?", mistake="none-returned")
    if yours is Ellipsis:
        raise Mismatch(f"{name}: is still ...: replace it by your code.")
    if _plain(yours) != _plain(true):
        mismatch = Mismatch(f"{name}: is {_plain(yours)!r}, needed {_plain(true)!r}.", look=look)
        raise explained(mismatch, case)


def check_avoids(f, words, *, name=None, because):
    """Return quietly if the learner's function `f` itself uses none of the names `words`.

    because: the end of the sentence that tells why. A hint for honest learners, and no more: a
    name can be reached in other ways.
    """
    code = getattr(f, "__code__", None)
    # Where f stands for a function in another process, that one has told its names.
    used = getattr(f, "names_used", code.co_names if code else ())
    for word in words:
        if word in used:
            raise Mismatch(f"{name or name_of(f, 'your function')}: {word} {because}")


def check_visited(visited, place, *, name):
    """Return quietly if a link was called, and only with `place`, the number that enters it.

    visited: the list of numbers that it was called with.
    """
    if not visited:
        raise Mismatch(f"{name}: was never called.")
    for value in visited:
        if abs(as_number(value, f"{name}, its argument") - place) > 1e-9 * max(1, abs(place)):
            raise Mismatch(
                f"{name}: was called with {value:g}; what enters this link is {place:g}."
            )


def part(f, index, of, *, name=None, case=None):
    """Return the function that gives value number `index` of the `of` values that `f` returns.

    A result with another number of values is told as such. case: as in check_derivative; tried with
    square arrays where f has stopped, for there no shape is wrong.

    >>> part(lambda x: (x, x**2), 1, of=2)(3.0)
    9.0
    """
    name = name or name_of(f, "your function")

    def value(*args):
        try:
            values = call(f, *args, name=name)
        except Mismatch as mismatch:
            shown = explained(mismatch, _where_shapes_fit(mismatch, case))
            raise shown from mismatch.__cause__
        if values is None:
            raise Mismatch(f"{name}: is None: is the return missing?", mistake="none-returned")
        if not isinstance(values, tuple | list | np.ndarray) or getattr(values, "ndim", 1) == 0:
            raise Mismatch(
                f"{name}: returned one {_what(values)}, needed {of} values.",
                mistake="number-of-values",
            )
        if len(values) != of and isinstance(values, np.ndarray):
            shape = f"one array of shape {values.shape}"
            raise Mismatch(f"{name}: returned {shape}, needed {of} values.")
        if len(values) != of:
            raise Mismatch(
                f"{name}: returned {len(values)} values, needed {of}.", mistake="number-of-values"
            )
        return values[index]

    value.__name__ = f"{name}, value {index + 1} of {of}"
    value.siblings = lambda: {i + 1: part(f, i, of, name=name) for i in range(of) if i != index}
    return value


def _where_shapes_fit(mismatch, case):
    """Return the case with all sizes equal, if the learner's function has stopped."""
    if case is None or not mismatch.mistake.startswith("stopped"):
        return None
    from course_utils.checks.cases import Gradients

    return Gradients(lambda number: case.probe(-1) if number == 0 else None)


def _check_values(f, gradient, x, name, rtol):
    """As check_gradient, without a diagnosis: all gradients are looked at together later."""
    yours = as_array(gradient, x.shape, name)
    if x.size > FEW:
        _check_along_directions(f, yours, x, name, rtol, "")
        return
    truth = _truth(oracles.true_gradient, f, x)
    kinks = {kink.entry: kink for kink in truth.kinks}
    error = truth.error + EPS * abs(float(f(x.copy())))
    compare(yours, truth.value, name=name, error=error, rtol=rtol, kinks=kinks)


def _case_of_derivative(f, df, points):
    from course_utils.checks.cases import Derivative

    return Derivative(f, df, tuple(points), getattr(df, "siblings", dict)())


def _case_of_gradient(f, gradient, x, name):
    """Return the case of one gradient; with a function it is tried at other places too."""
    from course_utils.checks import cases

    if x.size > MANY:
        return None
    told = re.search(r"(?:^|\s)d([A-Z]\d?|[a-z]\d?|gamma|beta)\b", name)
    variable = told.group(1) if told else "x"

    def probe(number):
        if number and not callable(gradient):
            return None
        at = x if not number else _other_numbers(x, number)
        found = gradient
        if callable(gradient):
            found = call(gradient, at if at.ndim else float(at))
        return cases.Probe(f, {variable: at}, {}, {variable: found})

    return cases.Gradients(probe)


def _case_of_jacobian(f, J, x):
    from course_utils.checks import cases

    def probe(number):
        if number and not callable(J):
            return None
        at = x if not number else _other_numbers(x, number)
        found = np.asarray(call(J, at) if callable(J) else J, float)
        m = np.size(f(at.copy()))
        if found.shape != (m, at.size):
            return None
        return [
            cases.Probe(f, {"x": at}, {}, {"x": row}, upstream)
            for row, upstream in zip(found, np.eye(m), strict=True)
        ]

    return cases.Gradients(probe)


def _case_of_backward(f, backward, inputs, upstreams, names):
    from course_utils.checks import cases

    keys, values, pack = _parcel(inputs)
    if sum(v.size for v in values) > MANY:
        return None
    variables = [name.partition(",")[0].removeprefix("d") for name in names]

    def probe(number):
        if number == 0:
            return _probes(values, upstreams)
        rng = np.random.default_rng(700 + number % 10)
        equal = {n: 4 for v in values for n in v.shape if n > 1}
        for sizes in (equal,) if number < 0 else (_other_sizes(values, number), None):
            now = [_other_numbers(v, number, sizes) for v in values]
            try:
                shape = np.shape(f(*pack([v.copy() for v in now])))
                return _probes(now, [rng.normal(size=shape) if shape else None])
            except Exception:
                continue
        return None

    def _probes(now, given):
        found = [_call_backward(backward, pack, keys, now, u, names) for u in given]
        wanted = dict(zip(variables, now, strict=True))
        return [
            cases.Probe(
                lambda *v: f(*pack(v)), wanted, {}, dict(zip(variables, one, strict=True)), u
            )
            for one, u in zip(found, given, strict=True)
        ]

    return cases.Gradients(probe)


def _other_sizes(values, number):
    """Return a dict from each size to another one; different sizes stay different."""
    sizes = sorted({n for v in values for n in v.shape if n > 1})
    return {n: 3 + number + 2 * k if number < 2 else 9 - k for k, n in enumerate(sizes)}


def _other_numbers(x, number, sizes=None):
    rng = np.random.default_rng(800 + number % 10)
    shape = tuple((sizes or {}).get(n, n) for n in x.shape)
    return x.mean() + (x.std() + 0.5) * rng.normal(size=shape)


def _check_along_directions(f, yours, x, name, rtol, look):
    from course_utils.checks import locate

    rtol = tolerance_of(yours, rtol)
    line, yours = locate.Line(f, x), yours.astype(float)
    gaps = locate.gaps(line, yours, rtol)
    if all(abs(gap) <= tolerance for gap, tolerance in gaps):
        return
    found = locate.wrong_entries(line, yours, rtol)
    few = 0 < len(found) <= locate.MOST
    known = dict(found if few else locate.some_entries(line, yours))
    places, true = list(known), np.array(list(known.values()))
    some = yours.reshape(-1)[places]
    everywhere = not few and locate.is_one_factor(line, yours, some, true, rtol)
    compare(
        some,
        true,
        name=name,
        rtol=rtol,
        points=[place_of(np.unravel_index(i, x.shape)) for i in places],
        count=None if everywhere else (len(found) if few else "many", x.size),
        look=look,
    )
    raise Mismatch(
        f"{name}: its slope along a random direction is off by {gaps[0][0]:.3g}, in no entry "
        "that stands out.",
        look=look,
    )


def _parcel(inputs):
    """Return the keys and arrays of a list or dict, and how arrays become the arguments of f."""
    if isinstance(inputs, dict):
        keys = list(inputs)
        return (
            keys,
            [np.asarray(v, float) for v in inputs.values()],
            lambda values: [dict(zip(keys, values, strict=True))],
        )
    return list(range(1, len(inputs) + 1)), [np.asarray(v, float) for v in inputs], list


def _call_backward(backward, pack, keys, values, upstream, names):
    arguments = [*pack([v.copy() for v in values]), *([] if upstream is None else [upstream])]
    name = name_of(backward, "your backward pass")
    found = call(backward, *arguments, name=name)
    if len(keys) == 1 and not isinstance(found, tuple | list | dict):
        return [found]
    if isinstance(found, dict):
        missing = [key for key in keys if key not in found]
        if missing and keys == list(range(1, len(keys) + 1)):  # a list, so these are no names
            raise Mismatch(
                f"{name}: returned a dict, needed {len(keys)} values, in this order: "
                f"{', '.join(names)}."
            )
        if missing:
            raise Mismatch(
                f"{name}: no gradient for {', '.join(map(str, missing))}.", mistake="key-missing"
            )
        return [found[key] for key in keys]
    return [part(lambda: found, i, len(keys), name=name)() for i in range(len(keys))]


def _is_transposed(yours, true, error, rtol):
    if yours.shape != true.shape[::-1] or yours.ndim != 2:
        return False
    close = np.abs(yours.T - true) <= rtol * np.abs(true) + 10 * error
    return bool(close.all()) and not np.allclose(true, true.T)


def _plain(value):
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, dict):
        return {_plain(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def _equal(a, b):
    return np.array_equal(np.asarray(a, object), np.asarray(b, object))


def _what(value):
    return "number" if isinstance(value, int | float | np.generic) else type(value).__name__


def _truth(oracle, f, x):
    """Return what the oracle knows; a function that has no derivative to be known is told."""
    try:
        return oracle(f, x)
    except oracles.Unfit as error:
        raise Mismatch(f"{name_of(f, 'the function')}: {error}") from error


def _same_twice(f, x, name):
    """Return `f(x)`, having seen that a second call gives the same."""
    first, second = (call(f, x, name=name) for _ in range(2))
    try:
        gap = float(np.max(np.abs(np.asarray(first, float) - np.asarray(second, float))))
    except (TypeError, ValueError):
        return first  # not numbers: the guard says so
    if gap > 0:
        raise Mismatch(
            f"{name}: two calls with the same input differ by {gap:.2g}: fix the seed "
            "or switch dropout off before a gradient check.",
            mistake="random-result",
        )
    return first
