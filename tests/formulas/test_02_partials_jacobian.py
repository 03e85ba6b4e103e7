"""What lesson 2 states, proved by sympy: (what is displayed, left side, right side)."""

import pytest
import sympy as sp

from tests.formulas.displayed import displayed

TEXT = displayed("02_partials_jacobian")
x, y, z, h, t, c, lr = sp.symbols("x y z h t c lr", real=True)
x1, x2, u1, u2, u3 = sp.symbols("x1 x2 u1 u2 u3", real=True)
m, D, K = 2, 3, 2  # of the linear layer; small, and not all equal


def matrix(name, rows, columns):
    return sp.Matrix(rows, columns, lambda i, j: sp.Symbol(f"{name}_{i}{j}", real=True))


def vector(name, size):
    """Return a row of symbols, as what has the shape (size,)."""
    return matrix(name, 1, size)


def gradient(s, variable):
    """Return ds/dv for each entry v of a matrix of symbols, in its shape."""
    return variable.applyfunc(lambda v: sp.diff(s, v))


def dot(a, b):
    return sum(p * q for p, q in zip(a, b, strict=True))


logits, u = vector("z", 3), vector("u", 3)
exponentials = logits.applyfunc(sp.exp)
S = sum(exponentials)
p = exponentials / S
softmax_jacobian = sp.Matrix(3, 3, lambda i, j: sp.diff(p[i], logits[j]))

X, W, b, dY = matrix("X", m, D), matrix("W", D, K), vector("b", K), matrix("G", m, K)
Y = X * W + sp.ones(m, 1) * b
L = dot(dY, Y)  # the loss with dL/dY = dY

g, v = vector("g", 3), vector("v", 3)
in_plane = sp.Matrix([x1**2 + x2, x1 * x2])
inner = sp.Matrix([x1 * x2, sp.sin(x1), x2**2])
outer = sp.Matrix([u1 + u2 * u3, u1**2])
at_inner = dict(zip([u1, u2, u3], inner, strict=True))
tanh_of = sp.Matrix([sp.tanh(a) for a in v])
worked = x * y**2 + sp.sin(y * z)

PROVED = [
    (r"= (2x,\, 2y), \qquad \nabla f(3, 4) = (6, 8)",
     gradient(x**2 + y**2, sp.Matrix([x, y])), sp.Matrix([2 * x, 2 * y])),
    (r"| a constant | $y^2$ |", sp.diff(worked, x), y**2),
    (r"| $2xy + z\cos(yz)$ |", sp.diff(worked, y), 2 * x * y + z * sp.cos(y * z)),
    (r"| $y\cos(yz)$ |", sp.diff(worked, z), y * sp.cos(y * z)),
    (r"f(x + tv)\Big|_{t=0} = \sum_{j=1}^{n} \frac{\partial f}{\partial x_j}\, v_j",
     sp.diff(worked.subs({x: x + t * v[0], y: y + t * v[1], z: z + t * v[2]}, simultaneous=True), t)
     .subs(t, 0), dot(gradient(worked, sp.Matrix([x, y, z])), v)),
    (r"|g|^2 - 2\,(g \cdot v)^2 + (g \cdot v)^2",
     dot(g - dot(g, v) * v, g - dot(g, v) * v),
     dot(g, g) - 2 * dot(g, v) ** 2 + dot(g, v) ** 2 * dot(v, v)),
    (r"$(3 - 0.1 \cdot 6,\; 4 - 0.1 \cdot 8) = (2.4, 3.2)$",
     sp.Matrix([x - lr * 2 * x, y - lr * 2 * y]).subs({x: 3, y: 4, lr: sp.Rational(1, 10)}),
     sp.Matrix([sp.Rational(12, 5), sp.Rational(16, 5)])),
    (r"At $(1.5, 0.5)$ it is $(3, 4)$",
     gradient(x**2 + 4 * y**2, sp.Matrix([x, y])).subs({x: sp.S(3) / 2, y: sp.S(1) / 2}),
     sp.Matrix([3, 4])),
    (r"the value changes by about $-\text{lr}\,|\nabla f|^2$",
     worked.subs({w: w - lr * worked.diff(w) for w in (x, y, z)}, simultaneous=True).diff(lr)
     .subs(lr, 0), -sum(sp.diff(worked, w) ** 2 for w in (x, y, z))),
    (r"J = \begin{pmatrix} 2x_1 & 1 \\ x_2 & x_1 \end{pmatrix}",
     in_plane.jacobian([x1, x2]), sp.Matrix([[2 * x1, 1], [x2, x1]])),
    (r"\text{at } (1, 2): \quad \begin{pmatrix} 2 & 1 \\ 2 & 1 \end{pmatrix}",
     in_plane.jacobian([x1, x2]).subs({x1: 1, x2: 2}), sp.Matrix([[2, 1], [2, 1]])),
    (r"$J = \begin{pmatrix} 4 & 1 \\ 1 & 2 \end{pmatrix}$",
     in_plane.jacobian([x1, x2]).subs({x1: 2, x2: 1}), sp.Matrix([[4, 1], [1, 2]])),
    (r"\frac{(x_1 + h)^2 - x_1^2}{h} = 2x_1 + h", ((x1 + h) ** 2 - x1**2) / h, 2 * x1 + h),
    (r"\frac{(x_1 + h)^2 - (x_1 - h)^2}{2h} = 2x_1",
     ((x1 + h) ** 2 - (x1 - h) ** 2) / (2 * h), 2 * x1),
    (r"J_{f \circ g}(x) = J_f(u)\; J_g(x)",
     outer.subs(at_inner).jacobian([x1, x2]),
     outer.jacobian([u1, u2, u3]).subs(at_inner) * inner.jacobian([x1, x2])),
    (r"| $\tanh'(x) \odot v$ | $u \odot \tanh'(x)$ |",
     u * tanh_of.jacobian(v),
     sp.Matrix([[u[i] * (1 - sp.tanh(v[i]) ** 2) for i in range(3)]])),
    (r"| $J_{ij} = W_{ji}$, so $J = W^{\mathsf T}$: $(m, n)$ | $vW$ | $uW^{\mathsf T}$ |",
     (v * W).T.jacobian(v), W.T),
    (r"u \cdot (Jv) = (uJ) \cdot v",
     dot(vector("c", D), matrix("J", D, 3) * v.T), dot(vector("c", D) * matrix("J", D, 3), v)),
    (r"H = \begin{pmatrix} 2y & 2x \\ 2x & 0 \end{pmatrix}",
     sp.hessian(x**2 * y, [x, y]), sp.Matrix([[2 * y, 2 * x], [2 * x, 0]])),
    (r"\begin{pmatrix} 1 \\ 1 \end{pmatrix} = \begin{pmatrix} 6 \\ 2 \end{pmatrix}",
     sp.hessian(x**2 * y, [x, y]).subs({x: 1, y: 2}) * sp.Matrix([1, 1]), sp.Matrix([6, 2])),
    (r"\frac{e^{z_i} S - e^{z_i} e^{z_i}}{S^2}",
     sp.diff(p[0], logits[0]), (exponentials[0] * S - exponentials[0] ** 2) / S**2),
    (r"= p_i - p_i^2", sp.diff(p[0], logits[0]), p[0] - p[0] ** 2),
    (r"\frac{0 \cdot S - e^{z_i} e^{z_j}}{S^2} = -p_i\, p_j",
     sp.diff(p[0], logits[1]), -p[0] * p[1]),
    (r"J = \operatorname{diag}(p) - p\, p^{\mathsf T}", softmax_jacobian, sp.diag(*p) - p.T * p),
    (r"\frac{e^{-c}\, e^{z_i}}{e^{-c} \sum_l e^{z_l}} = p_i",
     exponentials.applyfunc(lambda e: e * sp.exp(-c)) / sum(e * sp.exp(-c) for e in exponentials),
     p),
    (r"uJ = p \odot (u - u \cdot p)",
     u * softmax_jacobian, p.multiply_elementwise(u - dot(u, p) * sp.ones(1, 3))),
    (r"dW = X^{\mathsf T}\, dY", gradient(L, W), X.T * dY),
    (r"dX = dY\, W^{\mathsf T}", gradient(L, X), dY * W.T),
    (r"db_k = \sum_{i=1}^{m} dY_{ik}", gradient(L, b), sp.ones(1, m) * dY),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "left", "right"), PROVED, ids=[row[0] for row in PROVED])
def test_a_displayed_formula_is_true(shown, left, right):
    assert shown in TEXT
    difference = sp.Matrix([left - right])
    assert difference.applyfunc(sp.simplify) == sp.zeros(*difference.shape)


def test_each_row_and_each_column_of_the_softmax_jacobian_adds_up_to_zero():
    ones = sp.ones(3, 1)
    assert (softmax_jacobian * ones).applyfunc(sp.simplify) == sp.zeros(3, 1)
    assert (ones.T * softmax_jacobian).applyfunc(sp.simplify) == sp.zeros(1, 3)


def test_the_gradient_of_the_product_that_broadcasts_is_summed_over_the_samples():
    scale, dS = vector("c", D), matrix("S", m, D)
    product = X.multiply_elementwise(sp.ones(m, 1) * scale)
    assert r"$dS \odot X$ of shape $(m, D)$" in TEXT
    assert gradient(dot(dS, product), scale) == sp.ones(1, m) * dS.multiply_elementwise(X)
