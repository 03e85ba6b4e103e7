"""What the capstone states, proved by sympy: (what is displayed, left side, right side)."""

import pytest
import sympy as sp

from tests.formulas.displayed import displayed

TEXT = displayed("05_capstone")
a, w, b, r, h = sp.symbols("a w b r h", real=True)
left, right = sp.symbols("left right", real=True)
f = sp.Function("f")
p, t = sp.symbols("p:5", real=True), sp.symbols("t:5", real=True)
m, K, H = 2, 3, 4


def relu(z):
    return sp.Max(z, 0)


def skip(a, w, b):
    return a + relu(w * a + b)


def mean_cross_entropy(Z, Y):
    """The mean over the rows of -sum_k Y_k ln softmax(Z)_k."""
    rows = range(Z.rows)
    norms = [sum(sp.exp(Z[i, k]) for k in range(Z.cols)) for i in rows]
    return (
        -sum(Y[i, k] * sp.log(sp.exp(Z[i, k]) / norms[i]) for i in rows for k in range(Z.cols))
        / Z.rows
    )


best = sum(x * y for x, y in zip(p, t, strict=True)) / sum(y**2 for y in t)
left_over = sum((x - r * y) ** 2 for x, y in zip(p, t, strict=True))
half = sp.Rational(1, 2)
PROVED = [
    (r"$s = a + f(a)$ for a number $a$. What is $ds/da$?",
     sp.diff(a + f(a), a), 1 + sp.diff(f(a), a)),
    (r"\frac{ds}{da} = 1 + \mathrm{relu}'(z)\, w",
     sp.diff(a + f(w * a + b), a).doit(),
     1 + sp.diff(f(h), h).subs(h, w * a + b).doit() * w),
    (r"$b = 1$, so $z = 2 > 0$ | $1 + 1 \cdot 0.5 = 1.5$",
     sp.diff(skip(a, half, 1), a).subs(a, 2), sp.Rational(3, 2)),
    (r"$b = -3$, so $z = -2 < 0$ | $1 + 0 \cdot 0.5 = 1$",
     sp.diff(skip(a, half, -3), a).subs(a, 2), 1),
    (r"the sum of squares $\sum (p - r t)^2$ is smallest for $r = \sum p\,t \,/ \sum t^2$",
     sp.diff(left_over, r).subs(r, best), 0),
    (r"The central difference gives the mean of the two slopes",
     (right * h - left * (-h)) / (2 * h), (left + right) / 2),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "one", "other"), PROVED, ids=[row[0] for row in PROVED])
def test_a_displayed_formula_is_true(shown, one, other):
    assert shown in TEXT
    assert sp.simplify(one - other) == 0


def test_softmax_and_the_mean_cross_entropy_give_p_minus_y_over_m():
    assert "- **A** $(P - Y)/m$" in TEXT
    Z = sp.Matrix(m, K, sp.symbols(f"z:{m * K}", real=True))
    Y = sp.Matrix([[0, 1, 0], [1, 0, 0]])
    loss = mean_cross_entropy(Z, Y)
    for i in range(m):
        norm = sum(sp.exp(Z[i, k]) for k in range(K))
        for k in range(K):
            slope = (sp.exp(Z[i, k]) / norm - Y[i, k]) / m
            assert sp.simplify(sp.diff(loss, Z[i, k]) - slope) == 0


def test_a_bias_gets_the_sum_of_the_upstream_over_the_samples():
    assert "`dY.sum(axis=0)`" in TEXT
    X = sp.Matrix(m, H, sp.symbols(f"x:{m * H}"))
    W = sp.Matrix(H, K, sp.symbols(f"w:{H * K}"))
    U = sp.Matrix(m, K, sp.symbols(f"u:{m * K}"))
    bias = sp.Matrix(1, K, sp.symbols(f"b:{K}"))
    weighted = sum((X * W + sp.ones(m, 1) * bias).multiply_elementwise(U))
    for k in range(K):
        assert sp.expand(sp.diff(weighted, bias[k]) - sum(U[:, k])) == 0


def test_a_gradient_right_up_to_a_positive_factor_points_downhill():
    assert "Half a gradient points downhill too" in TEXT
    gradient = sp.Matrix(p)
    slope_along_the_step = -(gradient.T * (gradient / 2))[0]
    assert sp.expand(slope_along_the_step + sum(x**2 for x in p) / 2) == 0
