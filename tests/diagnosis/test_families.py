"""Every mistake changes the gradient, except where the algebra says that it is the same."""

from collections import Counter

import numpy as np
import pytest

from course_utils.diagnosis.families import equivalent, jacobian, mutants, same
from course_utils.diagnosis.trace import Edit, Trace, at, backward
from course_utils.oracles import numerical_gradient
from tests.diagnosis import fixtures

TRACES = {
    "chain": fixtures.chain,
    "fork": fixtures.fork,
    "diamond": fixtures.diamond,
    "tanh": fixtures.net,
    "relu": lambda: fixtures.net("relu"),
    "sigmoid, L2": lambda: fixtures.net("sigmoid", lam=0.1),
    "logits of a sigmoid, L2": lambda: fixtures.net("tanh", lam=0.1, squash="sigmoid"),
    "skip": fixtures.skip,
}
LINEAR = "a constant times a value has the same derivative everywhere"
SUM = "a sum passes its upstream on unchanged"
SEED = "the upstream is 1 there"
TREE = "no value but a parameter is used twice, so every order is topological"
SHORT = "the gradients are shorter than the clipping norm"
EQUIVALENT = {
    "chain": {"clipping left on": SHORT, "value in place of derivative at v": "exp is its own"},
    "fork": {"clipping left on": SHORT, "depth first": TREE},
    "diamond": {
        "merge: upstream passed on unchanged at b toward a": SUM,
        "merge: upstream passed on unchanged at c toward b": SUM,
    },
    "tanh": {"derivative at another value at L_weighted, at L_weighted": LINEAR},
    "relu": {
        "derivative at another value at L_weighted, at L_weighted": LINEAR,
        "derivative squared at A1": "0 and 1 are their own squares",
        "derivative at another value at A1, at A1": "z > 0 where relu(z) > 0: never to be flagged",
    },
    "sigmoid, L2": {
        "clipping left on": SHORT,
        "upstream ignored at L_weighted": SEED,
        "depth first": TREE,
        "derivative at another value at L_weighted, at L_weighted": LINEAR,
        "derivative at another value at L_weighted, at R": LINEAR,
        "derivative at another value at L_weighted, at total": LINEAR,
        "merge: upstream passed on unchanged at total toward L_weighted": SUM,
        "merge: upstream passed on unchanged at total toward R": SUM,
    },
    "logits of a sigmoid, L2": {
        "upstream ignored at L_weighted": SEED,
        "depth first": TREE,
        "derivative at another value at L_weighted, at L_weighted": LINEAR,
        "derivative at another value at L_weighted, at R": LINEAR,
        "derivative at another value at L_weighted, at total": LINEAR,
        "merge: upstream passed on unchanged at total toward L_weighted": SUM,
        "merge: upstream passed on unchanged at total toward R": SUM,
    },
    "skip": {
        "merge: upstream passed on unchanged at S toward A2": SUM,
        "merge: upstream passed on unchanged at S toward H1": SUM,
    },
}


def rerun(trace, values):
    """Return the output of a trace with some of its values replaced."""
    now = {}
    for node in trace.nodes.values():
        given = values.get(node.name, node.value)
        now[node.name] = node.compute(*(now[p] for p in node.parents)) if node.parents else given
    return float(now[trace.output])


@pytest.mark.parametrize("name", TRACES)
def test_the_backward_pass_without_an_edit_is_right(name):
    trace = TRACES[name]()
    for param, gradient in backward(trace).items():
        numeric = numerical_gradient(
            lambda v, param=param: rerun(trace, {param: v}), trace.value(param)
        )
        assert gradient == pytest.approx(numeric, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", TRACES)
def test_every_mistake_changes_the_gradient_but_for_those_that_the_algebra_allows(name):
    assert set(equivalent(TRACES[name]())) == set(EQUIVALENT[name])


def test_a_two_layer_softmax_net_has_at_least_the_41_mistakes():
    names = {m.name for m in mutants(fixtures.net("tanh", lam=0.1))}
    names -= set(equivalent(fixtures.net("tanh", lam=0.1)))
    print(f"{len(names)} mistakes on a two-layer softmax net")
    assert len(names) >= 41


def test_the_mistakes_on_a_net_differ_from_one_another():
    found = list(mutants(fixtures.net("tanh", lam=0.1)))
    groups = Counter()
    for one in found:
        twins = [other.name for other in found if same(one.gradients, other.gradients)]
        groups[len(twins)] += 1
    print(f"sizes of groups with equal gradients: {dict(groups)}")
    assert groups[1] >= 0.6 * len(found)


@pytest.mark.parametrize(
    ("trace", "family"),
    [
        ("tanh", "1/m missing"),
        ("tanh", "1/m twice"),
        ("tanh", "mean over all entries"),
        ("tanh", "factor 2 missing"),
        ("tanh", "wrong sign"),
        ("tanh", "upstream ignored"),
        ("tanh", "clipping left on"),
        ("tanh", "not reset: second call"),
        ("skip", "dropout: scale missing"),
        ("tanh", "bias: not summed over the batch"),
        ("tanh", "bias: summed over the wrong axis"),
        ("tanh", "bias: summed over everything"),
        ("tanh", "bias: averaged over the batch"),
        ("tanh", "bias: forgotten"),
        ("skip", "bias: of another layer"),
        ("tanh", "derivative missing"),
        ("tanh", "derivative at another value"),
        ("tanh", "activation: formula in a fed with z"),
        ("tanh", "activation: of another activation"),
        ("tanh", "activation: square forgotten"),
        ("tanh", "derivative squared"),
        ("relu", "activation: >= on the output"),
        ("relu", "activation: mask of the gradient"),
        ("relu", "activation: leaky slope"),
        ("tanh", "activation: derivative averaged"),
        ("tanh", "dW transposed"),
        ("skip", "W not transposed on the way back"),
        ("skip", "W skipped on the way back"),
        ("tanh", "dW with another input"),
        ("tanh", "dW: last sample only"),
        ("tanh", "dW: outer product of means"),
        ("tanh", "dW: rows permuted"),
        ("tanh", "dW: a sample dropped"),
        ("tanh", "W updated before the backward pass"),
        ("tanh", "loss: correct class only"),
        ("tanh", "loss: extra derivative of the squashing"),
        ("fork", "fork: overwritten"),
        ("fork", "fork: a path twice"),
        ("diamond", "depth first"),
        ("skip", "skip through the activation"),
        ("sigmoid, L2", "penalty omitted"),
        ("sigmoid, L2", "penalty doubled"),
        ("sigmoid, L2", "penalty on a bias"),
        ("chain", "derivative at another value"),
        ("chain", "derivative missing"),
        ("chain", "sum in place of product"),
        ("fork", "fork: product in place of sum"),
    ],
)
def test_each_mistake_of_the_curriculum_is_there_and_shows(trace, family):
    trace = TRACES[trace]()
    true = backward(trace)
    found = [mutant for mutant in mutants(trace) if mutant.family == family]
    assert any(not same(mutant.gradients, true) for mutant in found)


def test_depth_first_gives_6_where_4_is_right():
    t = Trace()
    a = t.param("a", 1.0)
    b = t.merge("b", lambda p, q: p + q, a, a)
    t.merge("c", lambda p, q: p + q, b, b)
    assert float(backward(t)["a"]) == 4
    assert float(backward(t, Edit("depth first", "", depth_first=True))["a"]) == 6


def test_a_small_batch_hides_mistakes():
    hidden = set(equivalent(fixtures.neuron()))
    assert {"bias: averaged over the batch at b", "dW: rows permuted at w"} <= hidden


def test_an_edit_changes_its_own_place_only():
    trace = fixtures.net()
    wrong = backward(trace, Edit("x", "A1", at("A1", lambda t, n, i, g: g)))
    true = backward(trace)
    assert not same({"W1": wrong["W1"]}, {"W1": true["W1"]})
    assert same({"W2": wrong["W2"], "b2": wrong["b2"]}, {"W2": true["W2"], "b2": true["b2"]})


def test_a_name_stands_once_in_a_trace():
    t = Trace()
    t.param("x", 1.0)
    with pytest.raises(ValueError, match="x: there is already a value of this name"):
        t.given("x", 2.0)


def test_the_mistakes_in_a_jacobian_differ_from_the_true_one():
    def f(x):
        return np.stack([x[0] ** 2 + x[1], x[0] * x[1] * x[2], np.exp(x[2]), x[1] - x[0]])

    x = np.array([1.3, 2.1, 0.4])
    true = np.array([[2.6, 1, 0], [0.84, 0.52, 2.73], [0, 0, np.exp(0.4)], [-1, 1, 0]])
    found = dict(jacobian.mutants(f, x))
    assert len(found) == 12
    for wrong in found.values():
        assert not same({"J": wrong}, {"J": true})


def test_a_function_that_no_family_has_seen_is_differentiated_by_the_oracle():
    trace = Trace()
    x = trace.param("x", 0.3)
    u = trace.elementwise("u", lambda x: x * np.sin(1 / x), x)
    trace.elementwise("y", np.exp, u)
    found = {m.name: float(m.gradients["x"]) for m in mutants(trace)}
    slope = np.sin(1 / 0.3) - np.cos(1 / 0.3) / 0.3
    assert found["derivative missing at y"] == pytest.approx(slope)
    assert found["derivative missing at u"] == pytest.approx(np.exp(0.3 * np.sin(1 / 0.3)))
