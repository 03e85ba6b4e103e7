"""The tape: one training step of a small net, and long chains of single numbers.

Run with one BLAS thread, as `make bench` does: with two, a step of 1 ms takes up to 30.
"""

import ctypes
import gc
import itertools
import time

import numpy as np

from course_utils.oracles.tape import grad, log_softmax, value_and_grad
from tests.benchmarks import Row, alternate

SIZES, BATCH, RATE = (784, 128, 64, 10), 64, 0.1
STEPS = 10  # in a row, as in training; after a single one of another library the caches are cold
LINKS = 100_000


KINDS = [(np.float64, "tanh"), (np.float64, "relu"), (np.float32, "tanh"), (np.float32, "relu")]


def rows():
    """Yield the Rows of this module.

    First the step beside the one by hand, which tells what the recording costs, before the threads
    and the caches of other libraries are about; then beside these.
    """
    _keep_memory()
    for kind in KINDS:
        limits = {"by hand": 1.15 if kind[0] is np.float64 else 1.30}
        yield _step(kind, {"by hand": _by_hand}, limits)
    for kind in KINDS:
        peers = {"torch": _torch, "jax jit": _jax, "autograd": _autograd}
        yield _step(kind, peers, {"torch": 0.85, "autograd": 0.6})
    yield _chain()
    yield _long_chain()


def _keep_memory():
    """Let freed memory stay with the process.

    Otherwise it depends on the layout of the heap who gives his arrays back to the system and pays
    for new pages at every step, and ratios lie anywhere between 0.6 and 1.6.
    """
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return  # another system than Linux with glibc
    trim_threshold, mmap_threshold = -1, -3
    mallopt(trim_threshold, 2**30)
    mallopt(mmap_threshold, 2**30)


def _step(kind, peers, limits):
    runs = {"ours": _ours(*kind)}
    for name, make in peers.items():
        try:
            runs[name] = make(*kind)
        except ImportError:
            continue
    gc.collect()
    gc.freeze()  # what the imports of the peers left behind is nobody's to look through
    blocks = {name: _in_a_row(run) for name, run in runs.items()}
    times = {name: seconds * 1e3 / STEPS for name, seconds in alternate(blocks, 50).items()}
    dtype, activation = kind
    installed = [name for name in limits if name in times]
    return Row(
        f"training step, {activation} net, {np.dtype(dtype).name}",
        "ms",
        times["ours"],
        {name: times.get(name) for name in peers},
        ", ".join(f"at most {limit:.2f} times {name}" for name, limit in limits.items()),
        all(times["ours"] <= limits[n] * times[n] for n in installed) if installed else None,
    )


def _in_a_row(run):
    def block():
        for _ in range(STEPS):
            run()

    return block


def _data(dtype):
    """Return `(X, Y, weights)`: a batch, its labels one-hot, and [W, b, W, b, W, b]."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(BATCH, SIZES[0])).astype(dtype)
    Y = np.eye(SIZES[-1], dtype=dtype)[rng.integers(0, SIZES[-1], BATCH)]
    weights = []
    for n, m in itertools.pairwise(SIZES):
        weights += [(rng.normal(size=(n, m)) / np.sqrt(n)).astype(dtype), np.zeros(m, dtype)]
    return X, Y, weights


def _loss(np, log_softmax, activation):
    """Return the loss, written once for every library that speaks numpy."""

    def act(z):
        return np.tanh(z) if activation == "tanh" else np.maximum(z, 0)

    def loss(weights, X, Y):
        W1, b1, W2, b2, W3, b3 = weights
        h = act(act(X @ W1 + b1) @ W2 + b2)
        return -(Y * log_softmax(h @ W3 + b3)).sum() / BATCH

    return loss


def _ours(dtype, activation):
    X, Y, weights = _data(dtype)
    both = value_and_grad(_loss(np, log_softmax, activation))

    def step():
        _, slopes = both(weights, X, Y)
        for w, dw in zip(weights, slopes, strict=True):
            w -= RATE * dw

    return step


def _by_hand(dtype, activation):
    X, Y, weights = _data(dtype)
    W1, b1, W2, b2, W3, b3 = weights

    def act(z):
        return np.tanh(z) if activation == "tanh" else np.maximum(z, 0)

    def slope(h):  # from the activation itself: h > 0 exactly where z > 0
        return 1 - h * h if activation == "tanh" else h > 0

    def step():
        h1 = act(X @ W1 + b1)
        h2 = act(h1 @ W2 + b2)
        z = h2 @ W3 + b3
        z -= z.max(axis=1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        loss = -(Y * log_p).sum() / BATCH
        dz3 = (np.exp(log_p) - Y) / BATCH
        dz2 = dz3 @ W3.T * slope(h2)
        dz1 = dz2 @ W2.T * slope(h1)
        slopes = (X.T @ dz1, dz1.sum(0), h1.T @ dz2, dz2.sum(0), h2.T @ dz3, dz3.sum(0))
        for w, dw in zip(weights, slopes, strict=True):
            w -= RATE * dw
        return loss

    return step


def _torch(dtype, activation):
    import torch

    torch.set_num_threads(1)
    X, Y, start = _data(dtype)
    X, Y, *weights = (torch.tensor(a) for a in (X, Y, *start))
    for w in weights:
        w.requires_grad_()
    act = torch.tanh if activation == "tanh" else torch.relu

    def step():
        W1, b1, W2, b2, W3, b3 = weights
        h = act(act(X @ W1 + b1) @ W2 + b2)
        loss = -(Y * torch.log_softmax(h @ W3 + b3, 1)).sum() / BATCH
        slopes = torch.autograd.grad(loss, weights)
        with torch.no_grad():
            for w, dw in zip(weights, slopes, strict=True):
                w -= RATE * dw

    return step


def _jax(dtype, activation):
    import jax

    jax.config.update("jax_enable_x64", True)
    X, Y, start = _data(dtype)
    both = jax.value_and_grad(_loss(jax.numpy, jax.nn.log_softmax, activation))
    state = [start]

    @jax.jit
    def moved(weights):
        _, slopes = both(weights, X, Y)
        return [w - RATE * dw for w, dw in zip(weights, slopes, strict=True)]

    def step():
        state[0] = jax.block_until_ready(moved(state[0]))

    return step


def _autograd(dtype, activation):
    import autograd
    import autograd.numpy as anp

    def log_softmax(z):
        z = z - anp.max(z, axis=1, keepdims=True)
        return z - anp.log(anp.exp(z).sum(axis=1, keepdims=True))

    X, Y, weights = _data(dtype)
    both = autograd.value_and_grad(_loss(anp, log_softmax, activation))

    def step():
        _, slopes = both(weights, X, Y)
        for w, dw in zip(weights, slopes, strict=True):
            w -= RATE * dw

    return step


def _linked(links):
    def f(x):
        for _ in range(links // 2):
            x = x * 1.0000001 + 1e-9
        return x

    return f


def _chain():
    f = _linked(LINKS)
    runs = {"ours": lambda: grad(f, 0.5)}
    try:
        import torch

        def torch_chain():
            x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
            return torch.autograd.grad(f(x), x)

        runs["torch"] = torch_chain
    except ImportError:
        pass
    try:
        import autograd

        runs["autograd"] = lambda: autograd.grad(f)(0.5)
    except ImportError:
        pass
    gc.collect()
    gc.freeze()
    times = alternate(runs, 5)
    peers = {name: times.get(name) for name in ("torch", "autograd")}
    mark = "about 0.3 s"
    return Row(f"chain of {LINKS} links", "s", times["ours"], peers, mark, times["ours"] <= 0.33)


def _long_chain():
    f = _linked(10 * LINKS)
    start = time.perf_counter()
    slope = grad(f, 0.5)
    seconds = time.perf_counter() - start
    right = abs(slope / 1.0000001 ** (5 * LINKS) - 1) < 1e-9
    return Row(f"chain of {10 * LINKS} links", "s", seconds, {}, "ends, and is right", right)
