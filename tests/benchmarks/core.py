"""What students wait for: the import, and a check."""

import subprocess
import sys

import numpy as np

from course_utils import check_gradient
from tests.benchmarks import Row, alternate


def rows():
    """Yield the Rows of this module."""
    yield _import()
    yield _check()


def _import():
    def run(module):
        return lambda: subprocess.run([sys.executable, "-c", f"import {module}"], check=True)

    times = alternate({"ours": run("course_utils"), "numpy": run("numpy")}, 15)
    ours, numpy = times["ours"] * 1e3, times["numpy"] * 1e3
    mark = "at most 1.15 times numpy"
    return Row("import course_utils", "ms", ours, {"numpy": numpy}, mark, ours <= 1.15 * numpy)


def _check():
    rng = np.random.default_rng(0)
    x, A = rng.normal(size=200), rng.normal(size=(50, 200))

    def loss(w):
        return (np.tanh(A @ w) ** 2).sum()

    t = np.tanh(A @ x)
    gradient = A.T @ (2 * t * (1 - t**2))
    runs = {"ours": lambda: check_gradient(loss, gradient, x)}
    try:
        from scipy.optimize import check_grad

        runs["scipy check_grad"] = lambda: check_grad(loss, lambda _: gradient, x)
    except ImportError:
        pass
    times = {name: seconds * 1e3 for name, seconds in alternate(runs, 15).items()}
    peers = {"scipy check_grad": times.get("scipy check_grad")}
    return Row("check_gradient, 200 entries", "ms", times["ours"], peers)
