"""What lesson 1 states, proved by sympy: (what is displayed, left side, right side)."""

import pytest
import sympy as sp

from tests.formulas.displayed import displayed

TEXT = displayed("01_chain_rule")
x, w, b, y, z, h = sp.symbols("x w b y z h", real=True)
P, Y, m = sp.symbols("P Y m", positive=True)


def sigma(z):
    return 1 / (1 + sp.exp(-z))


PROVED = [
    (r"= 2(2x + 1)\cdot 2 = 4(2x + 1)", sp.diff((2 * x + 1) ** 2, x), 4 * (2 * x + 1)),
    (r"$2$, and $2 \cdot 7 = 14$ | | multiply | | $14 \cdot 2 = 28$",
     sp.diff((2 * x + 3) ** 2, x).subs(x, 2), 28),
    (r"$\sin(x^2)$: the inner value is $x^2$, so the rule gives $\cos(x^2) \cdot 2x$",
     sp.diff(sp.sin(x**2), x), sp.cos(x**2) * 2 * x),
    (r"= 2y \cdot \cos z \cdot 2x",
     sp.diff(sp.sin(x**2) ** 2, x), 2 * sp.sin(x**2) * sp.cos(x**2) * 2 * x),
    (r"$2x\, e^x + x^2 e^x$",
     sp.diff(x**2 * sp.exp(x), x), 2 * x * sp.exp(x) + x**2 * sp.exp(x)),
    (r"| sigmoid $\sigma(z)$ | $\sigma(z)\,(1 - \sigma(z))$, at most $0.25$ |",
     sp.diff(sigma(z), z), sigma(z) * (1 - sigma(z))),
    (r"| $\tanh z$ | $1 - \tanh^2 z$, at most $1$ |", sp.diff(sp.tanh(z), z), 1 - sp.tanh(z) ** 2),
    (r"| $L = (a - y)^2$ | $2(a - y)$ | the activation $a$ |",
     sp.diff((z - y) ** 2, z), 2 * (z - y)),
    (r"$x_i$ with respect to $w_i$; $1$ with respect to $b$", sp.diff(w * x + b, w), x),
    (r"$\frac{2}{m}(P - Y)$", sp.diff((P - Y) ** 2 / m, P), 2 / m * (P - Y)),
    (r"(u + \Delta u)(v + \Delta v) - uv = v\,\Delta u + u\,\Delta v + \Delta u\,\Delta v",
     (x + w) * (y + z) - x * y, y * w + x * z + w * z),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "left", "right"), PROVED, ids=[row[0] for row in PROVED])
def test_a_displayed_formula_is_true(shown, left, right):
    assert shown in TEXT
    assert sp.simplify(left - right) == 0


def test_the_sigmoids_slope_is_at_most_a_quarter():
    assert (
        sp.simplify(
            sp.Rational(1, 4) - sigma(z) * (1 - sigma(z)) - (sigma(z) - sp.Rational(1, 2)) ** 2
        )
        == 0
    )
