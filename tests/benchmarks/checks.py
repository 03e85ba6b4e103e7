"""A whole gradient checked, and its wrong entries found, at 100,000 parameters."""

import importlib.util

import numpy as np

from course_utils import check_gradient
from course_utils.checks import locate
from course_utils.oracles import tape
from tests.benchmarks import Row, alternate

M, D, H, K = 32, 784, 125, 10
SHAPES = [(D, H), (H,), (H, K), (K,)]


def rows():
    """Yield the Rows of this module."""
    yield _check()
    yield _locate()


def data():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(M, D)), np.eye(K)[rng.integers(K, size=M)]
    return X, Y, [rng.normal(size=shape) / 20 for shape in SHAPES]


def loss_of(X, Y, numpy=np):
    """Return the loss of a two-layer tanh net as a function of its parameters."""

    def loss(W1, b1, W2, b2):
        Z = numpy.tanh(X @ W1 + b1) @ W2 + b2
        return (numpy.log(numpy.exp(Z).sum(1)) - (Z * Y).sum(1)).sum() / M

    return loss


def flat():
    """Return `(f of one array, its gradient, the array)` for the same net."""
    X, Y, params = data()
    edges = np.cumsum([0, *(p.size for p in params)])
    loss = loss_of(X, Y)

    def f(p):
        pieces = [p[a:b].reshape(s) for a, b, s in zip(edges, edges[1:], SHAPES, strict=False)]
        return loss(*pieces)

    p = np.concatenate([q.ravel() for q in params])
    return f, tape.grad(f, p), p


def _check():
    f, gradient, p = flat()
    runs = {"ours": lambda: check_gradient(f, gradient, p)}
    runs |= {name: run for name, run in _peers() if run is not None}
    times = {name: seconds * 1e3 for name, seconds in alternate(runs, 25).items()}
    peers = {name: times.get(name) for name, _ in _peers()}
    torch = peers["torch gradcheck fast"]
    holds = None if torch is None else times["ours"] <= 1.2 * torch
    mark = "at most 1.2 times torch fast"
    return Row(f"check of {p.size} parameters", "ms", times["ours"], peers, mark, holds)


def _peers():
    yield "torch gradcheck fast", _torch() if importlib.util.find_spec("torch") else None
    yield "jax check_grads", _jax() if importlib.util.find_spec("jax") else None
    yield "autograd check_grads", _autograd() if importlib.util.find_spec("autograd") else None


def _torch():
    import torch

    torch.set_num_threads(1)
    X, Y, params = data()
    X, Y = torch.tensor(X), torch.tensor(Y)
    params = [torch.tensor(p, requires_grad=True) for p in params]

    def loss(W1, b1, W2, b2):
        Z = torch.tanh(X @ W1 + b1) @ W2 + b2
        return (torch.logsumexp(Z, 1) - (Z * Y).sum(1)).sum() / M

    return lambda: torch.autograd.gradcheck(loss, params, fast_mode=True)


def _jax():
    import jax
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)
    X, Y, params = data()
    loss = jax.jit(loss_of(X, Y, jax.numpy))
    return lambda: check_grads(loss, params, order=1, modes=["rev"])


def _autograd():
    import autograd.numpy as anp
    from autograd.test_util import check_grads

    X, Y, params = data()
    return lambda: check_grads(loss_of(X, Y, anp), modes=["rev"], order=1)(*params)


def _locate():
    f, gradient, p = flat()
    wrong = gradient.copy()
    wrong[np.random.default_rng(3).choice(p.size, 10, replace=False)] += 1e-3
    used = []

    def run():
        line = locate.Line(f, p)
        assert len(locate.wrong_entries(line, wrong, 1e-9)) == 10
        used.append(line.evaluations)

    run()
    name = f"evaluations to find 10 wrong of {p.size} parameters"
    return Row(name, "evaluations", used[-1], {}, "at most 150", used[-1] <= 150)
