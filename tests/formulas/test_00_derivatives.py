"""What lesson 0 states, proved by sympy: (what is displayed, left side, right side)."""

import pytest
import sympy as sp

from tests.formulas.displayed import displayed

TEXT = displayed("00_derivatives")
x, y, z, h, s, c, t, d = sp.symbols("x y z h s c t d", real=True)
p, L, eta = sp.symbols("p L eta", positive=True)
n = sp.symbols("n", integer=True, positive=True)
u, v = sp.Function("u")(x), sp.Function("v")(x)
du, dv = u.diff(x), v.diff(x)
Y = sp.Function("y")(x)
U, V = sp.exp(z) - sp.exp(-z), sp.exp(z) + sp.exp(-z)
quartic = (x - 1) ** 4


def sigma(z):
    return 1 / (1 + sp.exp(-z))


def implicit(equation):
    """Return y' along the curve on which `equation` in x and Y is 0."""
    (slope,) = sp.solve(sp.diff(equation, x), Y.diff(x))
    return slope.subs(Y, y)


PROVED = [
    (r"| $x^n$ with $n = 1, 2, 3, \dots$ | $n\,x^{n-1}$ |", sp.diff(p**n, p), n * p ** (n - 1)),
    (r"| $\sqrt x$ | $\dfrac{1}{2\sqrt x}$ |", sp.diff(sp.sqrt(p), p), 1 / (2 * sp.sqrt(p))),
    (r"| $e^x$ | $e^x$ |", sp.diff(sp.exp(x), x), sp.exp(x)),
    (r"| $\ln x$ | $\dfrac1x$ |", sp.diff(sp.log(p), p), 1 / p),
    (r"| $\sin x$ | $\cos x$ |", sp.diff(sp.sin(x), x), sp.cos(x)),
    (r"| $\cos x$ | $-\sin x$ |", sp.diff(sp.cos(x), x), -sp.sin(x)),
    (r"\frac{f(3 + h) - f(3)}{h} = \frac{9 + 6h + h^2 - 9}{h} = 6 + h",
     ((3 + h) ** 2 - 9) / h, 6 + h),
    (r"the same computation gives $2x + h$, and $f'(x) = 2x$",
     ((x + h) ** 2 - x**2) / h, 2 * x + h),
    (r"\frac{(2 + h)^3 - 8}{h} = 12 + 6h + h^2", ((2 + h) ** 3 - 8) / h, 12 + 6 * h + h**2),
    (r"\frac{(2 + h)^3 - (2 - h)^3}{2h} = 12 + h^2",
     ((2 + h) ** 3 - (2 - h) ** 3) / (2 * h), 12 + h**2),
    (r"| product | $u\,v$ | $u'\,v + u\,v'$ |", sp.diff(u * v, x), du * v + u * dv),
    (r"| quotient | $\dfrac{u}{v}$, where $v \neq 0$ | $\dfrac{u'\,v - u\,v'}{v^2}$ |",
     sp.diff(u / v, x), (du * v - u * dv) / v**2),
    (r"(u + \Delta u)(v + \Delta v) - u\,v = v\,\Delta u + u\,\Delta v + \Delta u\,\Delta v",
     (x + h) * (y + d) - x * y, y * h + x * d + h * d),
    (r"\frac{u + \Delta u}{v + \Delta v} - \frac uv "
     r"= \frac{v\,\Delta u - u\,\Delta v}{v\,(v + \Delta v)}",
     (x + h) / (y + d) - x / y, (y * h - x * d) / (y * (y + d))),
    (r"\frac{d}{dx}\,y^2 = \frac{d}{dx}\,(y \cdot y) = y'\,y + y\,y' = 2y\,y'",
     sp.diff(Y**2, x), 2 * Y * Y.diff(x)),
    (r"$y' = -x/y$", implicit(x**2 + Y**2 - 25), -x / y),
    (r"at $(3, 4)$: $-0.75$; at $(3, -4)$: $0.75$",
     implicit(x**2 + Y**2 - 25).subs({x: 3, y: -4}), sp.Rational(3, 4)),
    (r"-\frac{1}{e^z} = -e^{-z}", sp.diff(sp.exp(-z), z), -sp.exp(-z)),
    (r"= \frac{e^{-z}}{(1 + e^{-z})^2} = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}}",
     sp.diff(sigma(z), z), sigma(z) * sp.exp(-z) / (1 + sp.exp(-z))),
    (r"\sigma'(z) = \sigma(z)\,\bigl(1 - \sigma(z)\bigr)",
     sp.diff(sigma(z), z), sigma(z) * (1 - sigma(z))),
    (r"s(1 - s) = \tfrac14 - \bigl(s - \tfrac12\bigr)^2",
     s * (1 - s), sp.Rational(1, 4) - (s - sp.Rational(1, 2)) ** 2),
    (r"we have $u' = v$ and $v' = u$", sp.diff(U, z) - V, sp.diff(V, z) - U),
    (r"\tanh' z = \frac{v \cdot v - u \cdot u}{v^2}",
     sp.diff(U / V, z), (V * V - U * U) / V**2),
    (r"1 - \Bigl(\frac uv\Bigr)^2 = 1 - \tanh^2 z",
     sp.diff(sp.tanh(z), z), 1 - sp.tanh(z) ** 2),
    (r"$f(x) = (x - 1)^4 = x^4 - 4x^3 + 6x^2 - 4x + 1$",
     quartic, x**4 - 4 * x**3 + 6 * x**2 - 4 * x + 1),
    (r"f'(x) = 4x^3 - 12x^2 + 12x - 4 = 4(x - 1)^3", sp.diff(quartic, x), 4 * (x - 1) ** 3),
    (r"f''(x) = 12x^2 - 24x + 12 = 12(x - 1)^2", sp.diff(quartic, x, 2), 12 * (x - 1) ** 2),
    (r"$f'(0.5) = -0.5$ and $f'(1.5) = 0.5$",
     sp.diff(quartic, x).subs(x, sp.Rational(1, 2)), -sp.Rational(1, 2)),
    (r"$f'(c) = 3c^2 - 1$", sp.diff(c**3 - c, c), 3 * c**2 - 1),
    (r"$c^2 = \frac43$, so $c = \pm\frac{2}{\sqrt3}$", 3 * (2 / sp.sqrt(3)) ** 2 - 1, 3),
    (r"g'(t) = f'(x) + L\,t - f'(x + t)",
     sp.diff(sp.sin(x) + sp.cos(x) * t + L / 2 * t**2 - sp.sin(x + t), t),
     sp.cos(x) + L * t - sp.cos(x + t)),
    (r"f(x) - \eta\,\bigl(1 - \frac{L\eta}{2}\bigr)\,f'(x)^2",
     s * (-eta * s) + L / 2 * (-eta * s) ** 2, -eta * (1 - L * eta / 2) * s**2),
    (r"One step multiplies $x$ by $1 - 2\eta$", x - eta * sp.diff(x**2, x), (1 - 2 * eta) * x),
    (r"What is the derivative of $\dfrac{x}{x + 1}$",
     sp.diff(x / (x + 1), x), 1 / (x + 1) ** 2),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "left", "right"), PROVED, ids=[row[0] for row in PROVED])
def test_a_displayed_formula_is_true(shown, left, right):
    assert shown in TEXT
    assert sp.simplify(left - right) == 0


def test_the_ends_of_the_intervals_are_as_the_exercise_says():
    assert "for $a = -1$, $b = 2$ the equation has the solutions $-1$ and $1$" in TEXT
    secant = sp.Rational((2**3 - 2) - ((-1) ** 3 + 1), 3)
    assert sp.solve(3 * c**2 - 1 - secant, c) == [-1, 1]


def test_the_ellipse_has_horizontal_tangents_where_the_lesson_says():
    assert "at the two points $(0, 3)$ and $(0, -3)$" in TEXT
    slope = implicit(x**2 / 4 + Y**2 / 9 - 1)
    assert sp.simplify(slope + 9 * x / (4 * y)) == 0
    curve = x**2 / 4 + y**2 / 9 - 1
    assert set(sp.solve([slope, curve], [x, y])) == {(0, -3), (0, 3)}
