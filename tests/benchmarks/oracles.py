"""How well a gradient is known, and at what price: beside scipy, numdifftools and statsmodels."""

import warnings

import numpy as np

from course_utils.oracles import jacobian, true_gradient
from tests.benchmarks import Row, alternate
from tests.oracles.hard_functions import HARD, worst_error
from tests.oracles.student_functions import STUDENT


def rows():
    """Yield the Rows of this module."""
    yield _hard_functions()
    yield from _learners_functions()
    yield from _jacobian()
    yield from _large_gradient()


def _hard_functions():
    count = {name: _count_known(find, HARD) for name, find in _gradients().items()}
    mark = "at least 11 of 12"
    name = "hard functions known to 1e-6, of 12"
    return Row(name, "functions", count.pop("ours"), count, mark, _count_ours(HARD) >= 11)


def _learners_functions():
    finds = {name: find for name, find in _gradients().items() if "complex" in name}
    right = {name: _count_known(find, STUDENT) for name, find in finds.items()}
    silent = {name: _count_silent(find) for name, find in finds.items()}
    ours = _count_ours(STUDENT)
    yield Row("learners' functions right, of 31", "functions", ours, right, "31", ours == 31)
    ours = sum(_is_silent(true_gradient(case.f, case.x), case) for case in STUDENT)
    yield Row("learners' functions silently wrong", "functions", ours, silent, "0", ours == 0)


def _jacobian():
    A = np.random.default_rng(0).normal(size=(50, 50)) / 7
    x = np.random.default_rng(1).normal(size=50)

    def f(x):
        return np.tanh(A @ x)

    exact = (1 - f(x) ** 2)[:, None] * A
    finds = {"ours": lambda: jacobian(f, x)}
    peers = _peers()
    if peers.get("scipy 3-point"):
        finds["scipy 3-point"] = lambda: peers["scipy 3-point"](f, x)
    if peers.get("numdifftools"):
        finds["numdifftools"] = lambda: peers["numdifftools jacobian"](f, x)
    names = ["scipy 3-point", "numdifftools"]
    times = {name: 1e3 * seconds for name, seconds in alternate(finds, 15).items()}
    off = {name: float(np.max(np.abs(find() - exact))) for name, find in finds.items()}
    ours = times["ours"]
    mark = "at most 2 ms"
    yield Row("Jacobian 50 x 50", "ms", ours, _of(times, names), mark, ours <= 2)
    ours = off["ours"]
    yield Row("Jacobian 50 x 50", "error", ours, _of(off, names), "at most 1e-14", ours <= 1e-14)


def _large_gradient():
    rng = np.random.default_rng(0)
    data, target = rng.normal(size=(16, 60)), rng.normal(size=16)

    def loss(w):
        hidden = np.tanh(data @ w[:9600].reshape(60, 160) + w[9600:9760])
        return np.sum((hidden @ w[9760:9920] - target) ** 2) + np.sum(w[9920:] ** 2)

    w = rng.normal(size=10_000) / 8
    W, v = w[:9600].reshape(60, 160), w[9760:9920]
    hidden = np.tanh(data @ W + w[9600:9760])
    dy = 2 * (hidden @ v - target)
    dz = np.outer(dy, v) * (1 - hidden**2)
    parts = [(data.T @ dz).ravel(), dz.sum(axis=0), hidden.T @ dy, 2 * w[9920:]]
    exact = np.concatenate(parts)

    runs = {
        "ours": lambda: true_gradient(loss, w).value,
        "in-place central loop": lambda: _central_loop(loss, w.copy()),
    }
    times = alternate(runs, 3)
    size = np.max(np.abs(exact))
    off = {name: float(np.max(np.abs(run() - exact)) / size) for name, run in runs.items()}
    name, peer = "gradient of 10,000 entries", "in-place central loop"
    holds = times["ours"] <= 3 * times[peer]
    yield Row(name, "s", times["ours"], {peer: times[peer]}, "at most 3 times the loop", holds)
    yield Row(name, "error", off["ours"], {peer: off[peer]}, "at most 1e-14", off["ours"] <= 1e-14)


def _central_loop(f, x, h=1e-5):
    gradient = np.empty_like(x)
    for i in range(x.size):
        before = x[i]
        x[i] = before + h
        right = f(x)
        x[i] = before - h
        gradient[i] = (right - f(x)) / (2 * h)
        x[i] = before
    return gradient


def _gradients():
    """Return the functions (f, x) -> gradient, by name; None for what is not installed."""
    names = [
        "scipy approx_fprime",
        "scipy 3-point",
        "scipy.differentiate",
        "numdifftools",
        "numdifftools complex",
        "statsmodels complex",
    ]
    ours = {"ours": lambda f, x: true_gradient(f, x).value}
    return ours | _of(_peers(), names)


def _of(known, names):
    return {name: known.get(name) for name in names}


def _peers():
    peers = {}
    try:
        from scipy.differentiate import derivative
        from scipy.optimize import approx_fprime
        from scipy.optimize._numdiff import approx_derivative

        peers["scipy approx_fprime"] = lambda f, x: approx_fprime(x, f)
        peers["scipy 3-point"] = lambda f, x: approx_derivative(f, x, method="3-point")
        peers["scipy.differentiate"] = lambda f, x: _entry_by_entry(derivative, f, x)
    except ImportError:
        pass
    try:
        import numdifftools

        peers["numdifftools"] = lambda f, x: numdifftools.Gradient(f)(x)
        peers["numdifftools complex"] = lambda f, x: numdifftools.Gradient(f, method="complex")(x)
        peers["numdifftools jacobian"] = lambda f, x: numdifftools.Jacobian(f)(x)
    except ImportError:
        pass
    try:
        from statsmodels.tools.numdiff import approx_fprime_cs

        peers["statsmodels complex"] = lambda f, x: approx_fprime_cs(x, f)
    except ImportError:
        pass
    return peers


def _entry_by_entry(derivative, f, x):
    def along(i):
        # It calls its function with many points at once.
        def at(t):
            moved = x.copy()
            moved[i] = t
            return float(f(moved))

        return np.vectorize(at, otypes=[float])

    return np.array([derivative(along(i), x[i]).df for i in range(len(x))])


def _found(find, case):
    """Return the gradient that `find` gives, or None where it raises."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(find(case.f, case.x.copy()), float)
    except Exception:
        return None


def _is_known(found, case):
    fits = found is not None and found.shape == case.gradient.shape
    return fits and worst_error(found, case.gradient) < 1e-6


def _count_known(find, cases):
    return find and sum(_is_known(_found(find, case), case) for case in cases)


def _count_ours(cases):
    return _count_known(_gradients()["ours"], cases)


def _count_silent(find):
    """Return how often a wrong gradient came back without an exception and without a nan."""
    if find is None:
        return None
    found = [(_found(find, case), case) for case in STUDENT]
    finite = [(g, case) for g, case in found if g is not None and np.isfinite(g).all()]
    return sum(not _is_known(g, case) for g, case in finite)


def _is_silent(truth, case):
    allowed = np.maximum(truth.error, 1e-6 * np.abs(case.gradient))
    return bool(np.any(np.abs(truth.value - case.gradient) > allowed))
