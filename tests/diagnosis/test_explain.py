"""How a diagnosis is told, and what keeps it from doing harm."""

import time

import numpy as np
import pytest

from course_utils import Mismatch, check_backward, check_derivative, check_gradient
from course_utils.checks import cases, explain, notebook
from course_utils.diagnosis import catalogue

rng = np.random.default_rng(0)
X, W, b = rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)


def told(check, *args, **kwargs):
    with pytest.raises(Mismatch) as caught:
        check(*args, **kwargs)
    return caught.value


def of_layer(backward):
    layer = lambda X, W, b: np.tanh(X @ W + b)
    return told(check_backward, layer, backward, [X, W, b], names=["dX", "dW", "db"])


def no_slope(X, W, b, dY):
    return dY @ W.T, X.T @ dY, dY.sum(axis=0)


def test_the_message_names_the_link_beside_what_it_said_before():
    mismatch = told(check_derivative, lambda x: np.sin(x**3), lambda x: np.cos(x**3), [0.6, 1.2])
    text = str(mismatch)
    assert text.startswith("your derivative: is wrong at 2 of 2 points.")
    assert "yours / true" in text
    assert "the slope of the inner function x**3 is missing as a factor" in text
    assert mismatch.mistake == "inner-derivative-missing@sin(x**3)"


def test_a_missing_slope_of_an_activation_is_named_from_the_values_alone():
    assert of_layer(no_slope).mistake == "activation-derivative-missing@tanh"


def test_what_is_right_tells_how_far_the_way_back_is_right():
    def backward(X, W, b, dY):
        dZ = dY * (1 - np.tanh(X @ W + b) ** 2)
        return dZ @ W.T, X.T @ dZ, dZ.mean(axis=0)

    mismatch = of_layer(backward)
    assert mismatch.mistake == "bias-averaged@b"
    assert "dX and dW are right." in mismatch.steps[0]


@pytest.mark.parametrize("start", [0, 1])
def test_what_is_seen_on_other_inputs_is_told_as_such(start):
    def odd(x):  # right in its first entry only
        return np.append(2 * x[:1], np.sin(x[1:] * 7) + x[1:] ** 4)

    def probe(number):
        x = np.arange(4.0) + number + start
        return cases.Probe(lambda x, w: (x**2).sum() + 3 * w, {"x": x, "w": 1.0}, {}, {
            "x": odd(x), "w": 3.0,
        })  # fmt: skip

    x = np.arange(4.0)
    case = cases.Gradients(probe)
    mismatch = told(check_gradient, lambda x: (x**2).sum(), odd(x), x, name="dx", case=case)
    assert mismatch.mistake == "unknown"
    assert str(mismatch).endswith(["dw is right.", "Tried on other inputs: dw is right."][start])
    assert ("Tried" in str(mismatch)) == bool(start)


def test_one_step_is_shown_and_the_next_ones_wait():
    mismatch = of_layer(no_slope)
    assert len(mismatch.steps) == 3
    assert mismatch.steps[1] not in str(mismatch)
    mismatch.shown = 3
    assert mismatch.steps[2] in str(mismatch)


def test_a_notebook_shows_one_step_more_each_time_the_same_mistake_comes_back(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    monkeypatch.setattr(notebook, "_ASKED", {})

    class Shell:
        def _showtraceback(self, *args):
            pass

    for _ in range(4):
        notebook._show(Shell(), Mismatch, of_layer(no_slope), None)
    counts = [sum(step in s["text/plain"] for step in of_layer(no_slope).steps) for s in shown]
    assert counts == [1, 2, 3, 3]


def test_the_lessons_own_advice_stays_where_nothing_is_named():
    odd = lambda x: x**5 + np.cos(7 * x)
    mismatch = told(check_derivative, lambda x: np.sin(x**3), odd, [0.6, 1.2], look="Look there.")
    assert mismatch.mistake == "unknown"
    assert str(mismatch).endswith("Look there.")


def test_a_diagnosis_that_raises_breaks_no_check():
    def broken(number):
        raise RuntimeError

    mismatch = told(
        check_gradient, lambda w: (w**2).sum(), np.ones(2), np.ones(2),
        name="dw", case=cases.Gradients(broken),
    )  # fmt: skip
    assert str(mismatch).startswith("dw: is 1/2 times the true value")
    assert mismatch.steps == ()


def test_a_diagnosis_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(explain, "SECONDS", 0.2)
    start = time.monotonic()
    mismatch = told(
        check_gradient, lambda w: (w**2).sum(), np.ones(2), np.ones(2),
        name="dw", case=cases.Gradients(lambda number: time.sleep(5)),
    )  # fmt: skip
    assert time.monotonic() - start < 2
    assert mismatch.mistake == "unknown"


def test_a_learner_who_prints_prints_nothing_more(capsys):
    def chatty(x):
        print("here")
        return 2.0 * x

    told(check_derivative, lambda x: x**3, chatty, [1.0, 2.0])
    assert capsys.readouterr().out.count("here") == 4  # each point twice, by the check itself


def test_two_mistakes_at_once_are_both_told():
    def backward(X, W, b, dY):
        dZ = dY * (1 - np.tanh(X @ W + b))
        return dZ @ W.T, X.T @ dZ, dZ.sum()

    def both(X, W, b, dY):
        dX, dW, db = backward(X, W, b, dY)
        return dX, dW, np.full(b.shape, db)

    mistake = of_layer(both).mistake
    assert set(mistake.partition("@")[0].split("+")) == {
        "activation-square-forgotten",
        "bias-summed-over-everything",
    }


def test_a_right_answer_in_a_wrong_check_is_not_named():
    true = lambda X, W, b, dY: (
        (dY * (1 - np.tanh(X @ W + b) ** 2)) @ W.T,
        X.T @ (dY * (1 - np.tanh(X @ W + b) ** 2)),
        (dY * (1 - np.tanh(X @ W + b) ** 2)).sum(axis=0),
    )
    check_backward(lambda X, W, b: np.tanh(X @ W + b), true, [X, W, b])


def test_numbers_that_no_mistake_explains_stay_unnamed():
    noise = np.random.default_rng(7)
    fixed = [noise.normal(size=a.shape) for a in (X, W, b)]
    mismatch = of_layer(lambda X, W, b, dY: fixed if X.shape == (5, 4) else (X, W, b))
    assert mismatch.mistake == "unknown"


@pytest.mark.parametrize("key", catalogue.ENTRIES)
def test_every_text_is_complete_and_calm(key):
    group, link, refutation, look = catalogue.ENTRIES[key]
    rule, shape = catalogue.GROUPS[group]
    for text in (link, refutation, look, rule, shape):
        assert text
        assert "!" not in text
    assert link.endswith((".", "}"))


@pytest.mark.parametrize("linear", [lambda x: 7, lambda x: 7 * x], ids=["right", "kept too"])
def test_exponents_that_are_kept_are_no_factors_of_a_chain(linear):
    f = lambda x: 3 * x**4 - 2 * x**2 + 7 * x - 1
    df = lambda x: 12 * x**4 - 4 * x**2 + linear(x)
    assert told(check_derivative, f, df, [-1.5, 0.5, 2.0]).mistake == "exponent-kept@every power"
