"""Gradients with many entries: checked along directions, and the wrong entries found."""

from itertools import pairwise

import numpy as np
import pytest

from course_utils import Mismatch, check_gradient
from course_utils.checks import locate
from course_utils.oracles import tape

SIZES = [(90, 100), (100,), (100, 10), (10,)]  # a net of two layers with 10,110 parameters
SPLITS = np.cumsum([int(np.prod(s)) for s in SIZES])[:-1]


def net(seed):
    """Return `(loss, gradient, point)` of a small tanh net on a batch of 16."""
    rng = np.random.default_rng(seed)
    X, Y = rng.normal(size=(16, 90)), np.eye(10)[rng.integers(10, size=16)]

    def loss(p, np=np):
        W1, b1, W2, b2 = (part.reshape(shape) for part, shape in zip(pieces(p), SIZES, strict=True))
        Z = np.tanh(X @ W1 + b1) @ W2 + b2
        return (np.log(np.exp(Z).sum(axis=1)) - (Z * Y).sum(axis=1)).sum() / 16

    p = rng.normal(size=sum(int(np.prod(s)) for s in SIZES)) / 10
    return loss, tape.grad(loss, p), p


def pieces(p):
    edges = [0, *SPLITS, p.size]
    return [p[a:b] for a, b in pairwise(edges)]


def caught(loss, gradient, point):
    try:
        check_gradient(loss, gradient, point, name="dp")
    except Mismatch as mismatch:
        return str(mismatch)
    return ""


def plus(gradient, i, change):
    wrong = gradient.copy()
    wrong[i] = change(wrong[i])
    return wrong


CASES = {
    "one entry + 1e-4": lambda g, i: plus(g, i, lambda v: v + 1e-4),
    "one entry + 1%": lambda g, i: plus(g, i, lambda v: 1.01 * v),
    "one entry 0": lambda g, i: plus(g, i, lambda v: 0.0),
    "one sign": lambda g, i: plus(g, i, lambda v: -v),
    "all x 1.001": lambda g, i: 1.001 * g,
}


@pytest.mark.parametrize("seed", range(5))
def test_a_right_gradient_is_never_flagged(seed):
    assert caught(*net(seed)) == ""


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seed", range(5))
def test_every_wrong_one_is(case, seed):
    loss, gradient, point = net(seed)
    bias = 9000 + seed  # an entry of b1
    assert caught(loss, CASES[case](gradient, bias), point)


def test_one_wrong_entry_is_named():
    loss, gradient, point = net(0)
    message = caught(loss, plus(gradient, 4321, lambda v: v + 1e-4), point)
    assert message.startswith("dp: is wrong in 1 of 10110 entries.")
    assert "[4321]" in message


@pytest.fixture(scope="module")
def long():
    """A sum with 100,000 parameters: (f, gradient, point)."""
    rng = np.random.default_rng(0)
    a, x = rng.normal(size=(2, 100_000))
    return lambda w: np.sum(np.sin(a * w) + w**2), a * np.cos(a * x) + 2 * x, x


def test_ten_wrong_entries_of_100000_are_found_in_150_evaluations(long):
    f, gradient, x = long
    for seed in range(5):
        chosen = np.random.default_rng(seed).choice(x.size, 10, replace=False)
        wrong = gradient.copy()
        wrong[chosen] *= 1.01
        line = locate.Line(f, x)
        found = locate.wrong_entries(line, wrong, rtol=1e-9)
        assert {i for i, _ in found} == set(chosen.tolist())
        assert line.evaluations <= 150
        for i, true in found:
            assert true == pytest.approx(gradient[i], rel=1e-6)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda g: 2 * g, "dw: is 2 times the true value, in every entry."),
        (lambda g: -g, "dw: has the wrong sign, in every entry."),
        (lambda g: 0 * g, "dw: is 0 where the true value is not, in every entry."),
        (lambda g: np.where(g > 0, g, 2 * g), "dw: is wrong in many of 100000 entries."),
        (lambda g: np.roll(g, 1), "dw: is wrong in many of 100000 entries."),
    ],
)
def test_a_mistake_in_all_entries_is_named_as_such(long, change, sentence):
    f, gradient, x = long
    with pytest.raises(Mismatch) as caught:
        check_gradient(f, change(gradient), x, name="dw")
    assert str(caught.value).splitlines()[0] == sentence


@pytest.mark.parametrize("shape", [(300,), (20, 30), (5, 10, 11)])
def test_a_function_without_a_complex_step_is_checked_too(shape):
    rng = np.random.default_rng(0)
    x = rng.normal(size=shape)

    def f(w):
        return np.abs(w).sum() + np.maximum(w, 0.0).sum() * 3

    gradient = np.sign(x) + 3 * (x > 0)
    check_gradient(f, gradient, x, name="dw")
    wrong = gradient.copy()
    wrong[(0,) * len(shape)] += 0.5
    with pytest.raises(Mismatch, match=r"dw: is wrong in 1 of \d+ entries"):
        check_gradient(f, wrong, x, name="dw")


def test_a_learner_in_float32_passes(long):
    f, gradient, x = long
    check_gradient(f, gradient.astype(np.float32), x, name="dw")
