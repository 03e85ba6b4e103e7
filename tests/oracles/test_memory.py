"""A truth is given again only where nothing that it depends on can differ."""

import math

import numpy as np
import pytest

from course_utils import oracles
from course_utils.oracles import memory


@pytest.fixture
def found(monkeypatch):
    """Remember truths during one test; return the list of those that had to be found."""
    monkeypatch.setattr(memory, "_truths", {})
    asked = []

    def best(box, every_entry, really=oracles._best):
        asked.append(box)
        return really(box, every_entry)

    monkeypatch.setattr(oracles, "_best", best)
    return asked


def scaled(by):
    return lambda x: by * x**2


def made(text, **names):
    """Return the f of a cell's text, as a notebook has it."""
    names = {"__name__": "__main__", "np": np, **names}
    exec(text, names)
    return names["f"]


CELL = compile("def g(x): return x**2\ndef f(x): return a * g(x)", "<cell>", "exec")


def test_nothing_is_remembered_by_itself(monkeypatch):
    assert memory._truths is None
    oracles.true_derivative(scaled(2), 1.0)
    assert memory._truths is None


@pytest.mark.parametrize(
    "again",
    [
        lambda: scaled(2),
        lambda: made(CELL, a=2.0),
        lambda: np.sin,
        lambda: math.exp,
        lambda: made("def f(x): return x if abs(x) < 9 else f(x / 2)"),
        lambda: made("def f(x, by={'a': [1, (2.0, np.float64(3))]}): return x * by['a'][0]"),
    ],
)
def test_the_same_function_made_anew_is_known(found, again):
    first = oracles.true_derivative(again(), 1.5)
    assert len(found) == 1 and oracles.true_derivative(again(), 1.5) == first
    assert len(found) == 1


def test_what_was_found_can_be_changed_without_harm(found):
    first = oracles.true_gradient(lambda x: (x**2).sum(), [1.0, 2.0])
    first.value[:] = 0
    f = lambda x: (x**2).sum()
    for _ in range(2):
        value = oracles.true_gradient(f, [1.0, 2.0]).value
        assert value.tolist() == [2.0, 4.0]
        value[:] = 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (scaled(2), scaled(3)),
        (scaled(2), scaled(2.0)),
        (scaled(0.0), scaled(-0.0)),
        (scaled(np.ones(1)[0]), scaled(np.float32(1))),
        (made(CELL, a=2.0), made(CELL, a=3.0)),
        (made("def f(x, n=2): return x**n"), made("def f(x, n=3): return x**n")),
        (made("def f(x): return x * 2"), made("def f(x): return x * 3")),
        (
            made("def f(x): return (lambda t: t * a)(x)", a=1.0),
            made("def f(x): return (lambda t: t * a)(x)", a=2.0),
        ),
        (made("def f(x): return x + a.b", a=np), made("def f(x): return x + a.b", a=math)),
        (np.sin, np.cos),
    ],
)
def test_functions_that_may_differ_have_different_keys(one, other):
    keys = [memory._key(oracles.true_derivative, (f, 1.5), {}) for f in (one, other)]
    assert None not in keys and keys[0] != keys[1]


def test_points_and_oracles_have_keys_of_their_own():
    point = np.arange(6.0).reshape(2, 3)
    points = [point, point.T, point.copy("F"), point.astype("f4"), point.ravel(), [0.0], 0.0]
    keys = {memory._key(oracles.jacobian, (np.sin, x), {}) for x in points}
    keys |= {memory._key(oracles.true_jacobian, (np.sin, point), {})}
    assert len(keys) == 8


class Counter:
    def __init__(self):
        self.calls = 0

    def __call__(self, x):
        self.calls += 1
        return x**2

    def method(self, x):
        return self(x)


def counting_in_a_list(counts):
    def f(x):
        counts.append(x)
        return x**2

    return f


def counting_in_itself():
    def f(x):
        f.calls += 1
        return x**2

    f.calls = 0
    return f


@pytest.mark.parametrize(
    "f",
    [
        Counter(),
        Counter().method,
        counting_in_a_list([]),
        counting_in_itself(),
        made("def f(x): return x * (rng.normal() * 0 + 1)", rng=np.random.default_rng(0)),
        made("def f(x):\n    np.random.seed(0)\n    return x * np.random.rand()"),
        made("class A: pass\na = A()\na.b = 2.0\ndef f(x): return a.b * x"),
        made("import itertools\nturn = itertools.count()\ndef f(x): return x + 0 * next(turn)"),
    ],
    ids=lambda f: getattr(f, "__name__", "object"),
)
def test_a_function_that_keeps_something_is_asked_each_time(found, f):
    for _ in range(2):
        oracles.true_derivative(f, 1.5)
    assert len(found) == 2 and not memory._truths


def test_a_refusal_holds_for_what_is_known_too(found):
    oracles.true_derivative(np.sin, 1.0)
    with oracles.refused(), pytest.raises(oracles.Refused):
        oracles.true_derivative(np.sin, 1.0)
