"""What lesson 3 states, proved by sympy: (what is displayed, left side, right side)."""

import ast
import math

import nbformat
import numpy as np
import pytest
import sympy as sp

from course_utils.nn import one_hot
from course_utils.oracles import tape
from tests.formulas.displayed import COURSE, displayed

TEXT = displayed("03_backprop")
x, y, z, a, b, w, v, c, h, t, s = sp.symbols("x y z a b w v c h t s", real=True)
p, m, eps, lam = sp.symbols("p m epsilon lambda", positive=True)


def sigma(z):
    return 1 / (1 + sp.exp(-z))


def bce(p, y):
    return -(y * sp.log(p) + (1 - y) * sp.log(1 - p))


PROVED = [
    (r"the local derivative toward $a$ is $z = 4$, and the one toward $z$ is $a = 5$",
     sp.Matrix([a * z]).jacobian([a, z]), sp.Matrix([[z, a]])),
    (r"| $2 + 2 = 4$ |", sp.diff(2 * (2 * a), a), 4),
    (r"- **C** $1 - t^2$", sp.diff(sp.tanh(z), z), 1 - sp.tanh(z) ** 2),
    (r"= \frac1m\cdot\frac{a - y}{a\,(1 - a)}",
     sp.diff(bce(a, y) / m, a), (a - y) / (m * a * (1 - a))),
    (r"= \frac{a - y}{m}, \qquad\text{so}\qquad dZ_2 = \frac{A_2 - Y}{m}",
     sp.diff(bce(sigma(z), y) / m, z), (sigma(z) - y) / m),
    (r"-\frac{p\,(1 - p)}{p + \varepsilon} = \frac{p}{p + \varepsilon}\,(p - 1)",
     sp.diff(-sp.log(sigma(z) + eps), z), sigma(z) / (sigma(z) + eps) * (sigma(z) - 1)),
    (r"$dP = \frac2m (P - Y)$", sp.diff((p - y) ** 2 / m, p), 2 / m * (p - y)),
    (r"$dP = -\frac1m\, Y / P$", sp.diff(-y * sp.log(p) / m, p), -y / p / m),
    (r"$dP = \frac1m\,(P - Y) / \bigl(P(1 - P)\bigr)$",
     sp.diff(bce(p, y) / m, p), (p - y) / (p * (1 - p)) / m),
    (r"$-\ln\sigma(a) = \ln(1 + e^{-a})$", -sp.log(sigma(a)), sp.log(1 + sp.exp(-a))),
    (r"$-\ln(1 - \sigma(a)) = \ln(1 + e^{a}) = a + \ln(1 + e^{-a})$",
     sp.exp(a) * (1 + sp.exp(-a)), 1 + sp.exp(a)),
    (r"= \ln(1 + e^{-a}) + (1 - y)\,a$",
     y * s + (1 - y) * (a + s), s + (1 - y) * a),
    (r"$-e^{-a}/(1 + e^{-a}) = \sigma(a) - 1$; add $1 - y$",
     sp.diff(sp.log(1 + sp.exp(-a)) + (1 - y) * a, a), sigma(a) - y),
    (r"it *adds* $\lambda W$ to $dW$", sp.diff(lam / 2 * w**2, w), lam * w),
    (r"$dZ_2 = dA_2 \odot A_2 \odot (1 - A_2)$",
     sp.diff(sigma(z), z), sigma(z) * (1 - sigma(z))),
    (r"\hat X = C / s", sp.diff(c / s, s), -c / s**2),
    (r"the root has the slope $1/(2s)$", sp.diff(sp.sqrt(p + eps), p), 1 / (2 * sp.sqrt(p + eps))),
    (r"the gradient is $3 \cdot 2x = 12$", sp.diff(3 * x**2, x).subs(x, 2), 12),
    (r"At half of that, two samples are right and two get 50 %",
     sp.Rational(2, 4) * sp.log(2), sp.log(2) / 2),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "left", "right"), PROVED, ids=[row[0] for row in PROVED])
def test_a_displayed_formula_is_true(shown, left, right):
    assert shown in TEXT
    assert sp.simplify(left - right) in (0, sp.zeros(1, 2))


def test_the_stable_loss_is_the_binary_cross_entropy_on_both_sides_of_0():
    assert r"\ell(a, y) = \max(a, 0) - a\,y + \ln\bigl(1 + e^{-|a|}\bigr)" in TEXT
    q = sp.symbols("q", positive=True)
    for logit in (q, -q):
        stable = sp.Max(logit, 0) - logit * y + sp.log(1 + sp.exp(-sp.Abs(logit)))
        # Both are linear in y, so two values of y prove all.
        for answer in (0, 1):
            gap = stable.subs(y, answer) - bce(sigma(logit), answer)
            assert sp.simplify(sp.exp(gap)) == 1


def test_softmax_and_cross_entropy_together_give_p_minus_y():
    assert r"= -y_k + p_k \sum_j y_j = p_k - y_k" in TEXT
    logits, answers = sp.symbols("z:3", real=True), sp.symbols("y:3")
    total = sum(sp.exp(logit) for logit in logits)
    loss = -sum(y * (logit - sp.log(total)) for y, logit in zip(answers, logits, strict=True))
    for k in range(3):
        claimed = sp.exp(logits[k]) / total * sum(answers) - answers[k]
        assert sp.simplify(sp.diff(loss, logits[k]) - claimed) == 0


def test_the_layers_of_arrays_by_every_entry():
    assert r"dW_2 = A_1^{\mathsf T}\, dZ_2" in TEXT
    assert r"dA_1 = dZ_2\, W_2^{\mathsf T}" in TEXT
    A, W, b, G = (
        sp.Matrix(rows, columns, sp.symbols(f"{name}:{rows * columns}"))
        for name, rows, columns in [("a", 3, 2), ("w", 2, 2), ("b", 1, 2), ("g", 3, 2)]
    )
    L = sum(g * z for g, z in zip(G, A * W + sp.ones(3, 1) * b, strict=True))
    for claimed, variable in [(A.T * G, W), (G * W.T, A), (sp.ones(1, 3) * G, b)]:
        assert sp.expand(
            claimed - variable.applyfunc(lambda entry: sp.diff(L, entry))
        ).is_zero_matrix


def test_the_gradient_of_the_tanh_network_is_what_its_hint_says():
    assert r"$\partial L/\partial z = \partial L/\partial h \odot \tanh'(z)$" in TEXT
    loss = (v * sp.tanh(x * w + b) + c - y) ** 2 / 2
    error, slope = v * sp.tanh(x * w + b) + c - y, 1 - sp.tanh(x * w + b) ** 2
    assert sp.simplify(sp.diff(loss, w) - error * v * slope * x) == 0


def test_the_centring_centres_the_gradient():
    assert r"dX_k = dC_k - \frac1m \sum_i dC_i" in TEXT
    X, G = sp.symbols("x:4"), sp.symbols("g:4")
    L = sum(g * (one - sum(X) / 4) for g, one in zip(G, X, strict=True))
    assert all(sp.expand(sp.diff(L, X[k]) - G[k] + sum(G) / 4) == 0 for k in range(4))


def test_a_batch_normalisation_goes_back_in_the_order_of_the_hint():
    C, G = sp.symbols("c:3", real=True), sp.symbols("g:3")
    root = sp.sqrt(sum(one**2 for one in C) / 3 + eps)
    L = sum(g * one / root for g, one in zip(G, C, strict=True))
    ds = -sum(g * one for g, one in zip(G, C, strict=True)) / root**2
    for k in range(3):
        claimed = G[k] / root + ds / (2 * root) * 2 * C[k] / 3
        assert sp.simplify(sp.diff(L, C[k]) - claimed) == 0


def test_the_numbers_in_the_prose_are_right():
    assert r"$0.9^{50} \approx 0.005$" in TEXT
    assert r"$1.1^{50} \approx 117$" in TEXT
    assert round(0.9**50, 3) == 0.005
    assert round(1.1**50) == 117
    third = (math.log(3) / 3 + 2 / 3 * math.log(3 / 2)) * 3 / 4  # three samples share p = 1/3
    assert "At $0.48$ one sample is right and the other three share one output" in TEXT
    assert round(third, 2) == 0.48
    assert 1e6 < 1.6**30 < 2e6


def test_two_logits_of_which_one_is_0_are_as_good_as_one():
    assert r"$(1 - \sigma(z), \sigma(z))$" in TEXT
    total = 1 + sp.exp(z)
    assert sp.simplify(1 / total - (1 - sigma(z))) == 0
    assert sp.simplify(sp.exp(z) / total - sigma(z)) == 0


def cell(name):
    notebook = nbformat.read(COURSE.notebooks / "03_backprop.ipynb", as_version=4)
    return next(c.source for c in notebook.cells if c.id == name)


def test_the_stored_results_of_pytorch_are_those_of_the_tape():
    tree = ast.parse(cell("given-torch"))
    stored = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "STORED"
    )
    names = {"np": np, "one_hot": one_hot}
    functions = [n for n in ast.parse(cell("given-mlp")).body if isinstance(n, ast.FunctionDef)]
    exec(compile(ast.Module(functions, []), "given-mlp", "exec"), names)
    arguments = next(
        n for n in ast.walk(tree) if getattr(getattr(n, "func", 0), "id", "") == "an_mlp"
    )
    params, X, Y = eval(compile(ast.Expression(arguments), "given-torch", "eval"), names)

    def loss(params):
        A1 = np.maximum(X @ params["W1"] + params["b1"], 0)
        return -np.sum(Y * tape.log_softmax(A1 @ params["W2"] + params["b2"])) / len(X)

    value, gradients = tape.value_and_grad(loss)(params)
    norm = math.sqrt(sum(np.sum(g**2) for g in gradients.values()))
    assert stored["once"] == tape.grad(lambda x: 3 * x**2, 2.0)
    assert stored["twice"] == 2 * stored["once"]
    assert stored["loss"] == pytest.approx(value, abs=1e-8)
    for key, gradient in gradients.items():
        np.testing.assert_allclose(stored[key], gradient, atol=1e-8)
    assert stored["norm"] == pytest.approx(norm, abs=1e-8)
    assert stored["clipped"] == pytest.approx(norm * 0.5 / (norm + 1e-6), abs=1e-8)
