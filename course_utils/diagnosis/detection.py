"""Which planted mistakes a gradient check sees, and how that depends on its fixture.

A fixture is what a gradient is checked on: the net, the data, the upstream. Nothing here holds a
gradient formula: the mistakes are edits of the tape's backward pass, and they are compared with
central differences, as in a learner's own check.
"""

import numpy as np

from course_utils.diagnosis.families import FAMILIES, mutants
from course_utils.diagnosis.families.loss import softmax
from course_utils.diagnosis.trace import Edit, Trace, at, backward
from course_utils.oracles import numerical_gradient, tape

# The good fixture, and five that differ from it in one thing each.
FIXTURES = {
    "good fixture": {},
    "one sample (m = 1)": {"m": 1},
    "all biases zero": {"bias": 0.0},
    "upstream 1": {"upstream": 1.0},
    "no L2 term (lam = 0)": {"lam": 0.0},
    "parameters of size 1e-4": {"size": 1e-4},
}
# What is planted: one place for each kind of mistake. The names are those of
# `diagnosis.families` and of `faint`; beside them the words for the learner.
PLANTED = {
    "wrong sign at W1": "wrong sign in dW1",
    "factor 2 too many at W2": "factor 2 too many in dW2",
    "1/m missing": "1/m missing",
    "mean over all entries": "mean over all entries",
    "upstream ignored at L": "upstream of the loss ignored",
    "upstream ignored at Z2": "upstream of layer 2 ignored",
    "clipping left on": "gradient clipping left on",
    "not reset: second call": "gradients not reset",
    "left at 0 at b1": "db1 left at 0",
    "activation: >= on the output at A1": "ReLU mask: a >= 0",
    "activation: leaky slope at A1": "slope of a leaky ReLU",
    "activation: mask of the gradient at A1": "ReLU mask of the gradient",
    "activation: derivative averaged at A1": "ReLU mask averaged",
    "bias: averaged over the batch at b1": "db1 averaged, not summed",
    "bias: last sample only at b2": "db2 of the last sample only",
    "bias: before the activation at b1": "db1 before the activation",
    "dW with another input at W2, with Z1": "dW2 from Z1, not A1",
    "dW: rows permuted at W1": "dW1 with rows permuted",
    "dW: a sample dropped at W1": "dW1 without one sample",
    "dW: outer product of means at W2": "dW2 from means",
    "W updated before the backward pass at Z2, lr 0.01": "W2 updated too early (lr 0.01)",
    "loss: correct class only at L": "loss: correct class only",
    "penalty omitted at R": "L2 term omitted",
    "penalty on a bias at b1": "L2 term on b1 too",
    "loss: slope of log(p + 1e-8) at L": "slope of log(p + 1e-8)",
    "gradients rounded to float32": "rounded to float32",
}
TINY = np.finfo(float).tiny  # so that 0 beside 0 is no error


def net(*, m=7, bias=1.0, upstream=1.7, lam=1e-4, size=1.0, seed=9):
    """Return the Trace of a two-layer ReLU net with softmax cross-entropy; D = 5, H = 4, K = 3.

    m: samples. size: what all parameters are multiplied by, and `bias` the biases besides.
    upstream: what the mean loss is multiplied by. lam: of the L2 term on the weights.
    """
    rng = np.random.default_rng(seed)
    D, H, K = 5, 4, 3
    X = rng.normal(size=(7, D))[:m]
    W1, b1 = size * rng.normal(size=(D, H)), size * bias * rng.normal(size=H)
    W2, b2 = size * rng.normal(size=(H, K)), size * bias * rng.normal(size=K)
    Y = np.eye(K)[rng.integers(K, size=7)][:m]
    t = Trace()
    Z1 = t.affine("Z1", t.given("X", X), t.param("W1", W1), t.param("b1", b1))
    A1 = t.elementwise("A1", lambda z: z * (z > 0), Z1, act="relu")
    Z2 = t.affine("Z2", A1, t.param("W2", W2), t.param("b2", b2))
    L = t.loss("L", _cross_entropy, Z2, t.given("Y", Y), mean=True, squash="softmax")
    t.elementwise("L_weighted", lambda L: upstream * L, L)
    R = t.penalty("R", lambda V, W: lam / 2 * ((V**2).sum() + (W**2).sum()), "W1", "W2")
    t.merge("total", lambda L, R: L + R, "L_weighted", R)
    return t


def detection(fixtures=FIXTURES, planted=PLANTED):
    """Return `{fixture: {"bugs": words, "errors": array (n,), "noise": number}}`.

    fixtures: `{name: arguments of net}`. planted: `{name of a mistake: words for the learner}`.
    errors: for each mistake the relative error that a gradient check finds, the largest over the
    parameters; inf where a gradient has a wrong shape. noise: the same for right code.
    A check with a tolerance below an error catches the mistake; with one below `noise` it rejects
    right code.

    >>> found = detection()["good fixture"]
    >>> len(found["bugs"]) == len(found["errors"]), found["noise"] < 1e-9
    (True, True)
    """
    return {name: _detect(net(**how), planted) for name, how in fixtures.items()}


def faint(trace):
    """Mistakes so small that only a tight tolerance sees them."""
    yield Edit("loss: slope of log(p + 1e-8)", "L", at(("L", 0), _with_epsilon))
    yield Edit("gradients rounded to float32", "", total=lambda name, g: np.float64(np.float32(g)))


def _with_epsilon(trace, node, index, upstream):
    Z, Y = (trace.value(parent) for parent in node.parents)
    p = (softmax(Z) * Y).sum(axis=1, keepdims=True)
    return trace.pull_back(node, index, upstream) * p / (p + 1e-8)


def _detect(trace, planted):
    numeric = {name: _numeric(trace, name) for name in trace.params}
    true = backward(trace)
    found = {mutant.name: mutant.gradients for mutant in mutants(trace, [*FAMILIES, faint])}
    # A mistake that cannot even be made on this fixture leaves the right gradient.
    errors = [_error(found.get(name, true), numeric) for name in planted]
    return {
        "bugs": list(planted.values()),
        "errors": np.array(errors),
        "noise": _error(true, numeric),
    }


def _error(gradients, numeric):
    return max(_relative(gradients[name], numeric[name]) for name in numeric)


def _relative(a, n):
    """Return ||a - n|| / (||a|| + ||n||), or inf where the shapes differ."""
    if np.shape(a) != np.shape(n):
        return float("inf")
    return float(np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n) + TINY))


def _numeric(trace, name):
    return numerical_gradient(lambda v: _output(trace, name, v), trace.value(name))


def _output(trace, name, value):
    """Return the output of a trace with the value called `name` replaced."""
    now = {}
    for node in trace.nodes.values():
        parents = (now[parent] for parent in node.parents)
        now[node.name] = node.compute(*parents) if node.parents else node.value
        if node.name == name:
            now[name] = value
    return float(now[trace.output])


def _cross_entropy(Z, Y):
    return (tape.logsumexp(Z, axis=1) - (Z * Y).sum(axis=1)).sum() / len(Y)
