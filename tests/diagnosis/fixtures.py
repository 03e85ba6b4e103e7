"""Forward passes made by the fixture rule.

At least 5 samples, all dimensions distinct, biases not zero, an upstream that is not 1, lam 0 and
then more, weights of size 1: on a smaller fixture some mistakes change nothing.
"""

import numpy as np

from course_utils.diagnosis.trace import Trace
from course_utils.oracles import tape


def chain():
    """sin(exp(-x**2 / 2)) at one number: three links."""
    t = Trace()
    x = t.param("x", 0.7)
    u = t.elementwise("u", lambda x: -(x**2) / 2, x)
    v = t.elementwise("v", np.exp, u)
    t.elementwise("y", np.sin, v)
    return t


def fork():
    """u v w with u = x**3, v = cos x, w = exp(-x): one number used three times."""
    t = Trace()
    x = t.param("x", 0.7)
    u = t.elementwise("u", lambda x: x**3, x)
    v = t.elementwise("v", np.cos, x)
    w = t.elementwise("w", lambda x: np.exp(-x), x)
    t.merge("q", lambda u, v, w: u * v * w, u, v, w)
    return t


def diamond():
    """b = a + a, c = b + b, and a square at the end."""
    t = Trace()
    a = t.param("a", 1.5)
    b = t.merge("b", lambda p, q: p + q, a, a)
    c = t.merge("c", lambda p, q: p + q, b, b)
    t.elementwise("y", lambda c: c**2, c)
    return t


def neuron():
    """One neuron, (sigma(w x + b) - y)**2 on one sample."""
    t = Trace()
    x = t.given("x", [[1.0, 2.0, -1.5]])
    w, b = t.param("w", [[0.5], [-1.0], [0.25]]), t.param("b", [0.3])
    z = t.affine("z", x, w, b)
    a = t.elementwise("a", lambda z: 1 / (1 + np.exp(-z)), z, act="sigmoid")
    y = t.given("y", [[1.0]])
    t.loss("L", lambda a, y: ((a - y) ** 2).sum(), a, y)
    return t


def net(act="tanh", lam=0.0, squash="softmax"):
    """Two layers with a loss from logits, m = 7, D = 5, H = 4, K = 3."""
    rng = np.random.default_rng(0)
    m, D, H, K = 7, 5, 4, 3
    t = Trace()
    X = t.given("X", rng.normal(size=(m, D)))
    W1, b1 = t.param("W1", rng.normal(size=(D, H))), t.param("b1", rng.normal(size=H))
    W2, b2 = t.param("W2", rng.normal(size=(H, K))), t.param("b2", rng.normal(size=K))
    functions = {
        "tanh": np.tanh,
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "relu": lambda z: z * (z > 0),  # the strict one, with slope 0 at 0
    }
    Z1 = t.affine("Z1", X, W1, b1)
    A1 = t.elementwise("A1", functions[act], Z1, act=act)
    Z2 = t.affine("Z2", A1, W2, b2)
    Y = t.given("Y", np.eye(K)[rng.integers(K, size=m)])
    loss = t.loss("L", LOSSES[squash], Z2, Y, mean=True, squash=squash)
    weighted = t.elementwise("L_weighted", lambda L: 1.7 * L, loss)
    if lam:
        penalty = t.penalty("R", lambda *W: lam / 2 * sum((w**2).sum() for w in W), W1, W2)
        t.merge("total", lambda L, R: L + R, weighted, penalty)
    return t


def skip():
    """A layer with a skip connection around it, and a squared error."""
    rng = np.random.default_rng(1)
    m, D, K = 6, 4, 3
    t = Trace()
    X = t.given("X", rng.normal(size=(m, D)))
    W1, b1 = t.param("W1", rng.normal(size=(D, D))), t.param("b1", rng.normal(size=D))
    W2, b2 = t.param("W2", rng.normal(size=(D, D))), t.param("b2", rng.normal(size=D))
    H1 = t.affine("H1", X, W1, b1)
    Z2 = t.affine("Z2", H1, W2, b2)
    A2 = t.elementwise("A2", np.tanh, Z2, act="tanh")
    S = t.merge("S", lambda a, h: a + h, A2, H1)
    mask = t.given("mask", rng.random((m, D)) < 0.8)
    S = t.merge("drop", lambda s, mask: s * mask / 0.8, S, mask, keep=0.8)
    W3, b3 = t.param("W3", rng.normal(size=(D, K))), t.param("b3", rng.normal(size=K))
    P = t.affine("P", S, W3, b3)
    Y = t.given("Y", rng.normal(size=(m, K)))
    t.loss("L", lambda P, Y: ((P - Y) ** 2).sum() / m, P, Y, mean=True)
    return t


def _softmax_loss(Z, Y):
    return (tape.logsumexp(Z, axis=1) - (Z * Y).sum(axis=1)).sum() / len(Y)


def _sigmoid_loss(Z, Y):
    return (np.logaddexp(0.0, Z) - Z * Y).sum() / len(Y)


LOSSES = {"softmax": _softmax_loss, "sigmoid": _sigmoid_loss}
