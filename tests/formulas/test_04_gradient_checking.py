"""What lesson 4 states, proved by sympy or recomputed: its formulas and its eight tables."""

import nbformat
import numpy as np
import pytest
import sympy as sp

from course_utils.diagnosis.detection import _output, detection, net
from course_utils.diagnosis.trace import backward
from tests.formulas.displayed import COURSE, displayed

TEXT = displayed("04_gradient_checking")
FOUND = detection()
x, f, f1, f2, f3, J, a, n = sp.symbols("x f f1 f2 f3 J a n", real=True)
h, d, eps, size, third = sp.symbols("h d epsilon size third", positive=True)
Right, Left = f + h * f1 + h**2 / 2 * f2, f - h * f1 + h**2 / 2 * f2  # Taylor, to second order
F = x * sp.log(x + sp.exp(-x))
E = eps * size / h + h**2 * third / 6


def gap(step, distance):
    """Return the gap of J max(x - d, 0) at 0, for a step above the distance."""
    return J * (step - distance) / step


PROVED = [
    (r"$f'(x) + \frac h2 f''(x) + \dots$", (Right - f) / h, f1 + h / 2 * f2),
    (r"$f'(x) - \frac h2 f''(x) + \dots$", (f - Left) / h, f1 - h / 2 * f2),
    (r"= f'(x) + \frac{h^2}{6}\cdot\frac{f'''(\xi) + f'''(\eta)}{2}",
     ((Right + h**3 / 6 * f3) - (Left - h**3 / 6 * J)) / (2 * h), f1 + h**2 / 6 * (f3 + J) / 2),
    (r"f'(x) = \ln(x + e^{-x}) + x \cdot \frac{1 - e^{-x}}{x + e^{-x}}",
     sp.diff(F, x), sp.log(x + sp.exp(-x)) + x * (1 - sp.exp(-x)) / (x + sp.exp(-x))),
    (r"\frac{\varepsilon |f| + \varepsilon |f|}{2h} = \frac{\varepsilon |f|}{h}",
     (eps * size + eps * size) / (2 * h), eps * size / h),
    (r"E'(h) = -\frac{\varepsilon |f|}{h^2} + \frac{h |f'''|}{3}",
     sp.diff(E, h), -eps * size / h**2 + h * third / 3),
    (r"$E''(h) = 2\varepsilon|f|/h^3 + |f'''|/3$",
     sp.diff(E, h, 2), 2 * eps * size / h**3 + third / 3),
    (r"\left(\frac{3\,\varepsilon\,|f|}{|f'''|}\right)^{1/3}",
     sp.solve(sp.diff(E, h), h)[0], (3 * eps * size / third) ** sp.Rational(1, 3)),
    (r"$h = 2\sqrt{\varepsilon |f| / |f''|}$",
     sp.solve(sp.diff(2 * eps * size / h + h * third / 2, h), h)[0],
     2 * sp.sqrt(eps * size / third)),
    (r"$((1 + h)^2 - (1 - h)^2)/(2h) = 4h/(2h) = 2$", ((1 + h) ** 2 - (1 - h) ** 2) / (2 * h), 2),
    (r"\frac{\operatorname{Im} f(x + ih)}{h} = f'(x) - \frac{h^2}{6} f'''(x) + \dots",
     sp.im(sp.expand(f + sp.I * h * f1 + (sp.I * h) ** 2 / 2 * f2 + (sp.I * h) ** 3 / 6 * f3)) / h,
     f1 - h**2 / 6 * f3),
    (r"1 - \frac{h + d}{2h} = \frac12\left(1 - \frac dh\right)",
     1 - (h + d) / (2 * h), (1 - d / h) / 2),
    (r"the gap is $h f''(x)$", (Right - f) / h - (f - Left) / h, h * f2),
    (r"the gap is $J\,(1 - d/h)$", gap(h, d), J * (1 - d / h)),
    (r"$J\,(1 - \frac{d}{4h})$ | $J\,(1 - \frac{d}{2h})$ | from 1 to 1.5",
     (gap(4 * h, d) / gap(2 * h, d)).subs(d, h), sp.Rational(3, 2)),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "left", "right"), PROVED, ids=[row[0] for row in PROVED])
def test_a_displayed_formula_is_true(shown, left, right):
    assert shown in TEXT
    assert sp.simplify(left - right) == 0


def test_the_ratio_of_gaps_at_a_kink_within_h_is_between_1_and_3_halves():
    ratio = sp.simplify(gap(4 * h, d) / gap(2 * h, d))
    assert ratio.subs(d, 0) == 1
    assert sp.simplify(sp.diff(ratio, d) * (2 * h - d) ** 2) == h  # it only rises


@pytest.mark.parametrize(
    ("shown", "value"),
    [("$f = 0.816$", F.subs(x, 1.5)), ("$f''' = -0.403$", sp.diff(F, x, 3).subs(x, 1.5))],
)
def test_a_number_in_the_text_is_true(shown, value):
    assert shown in TEXT
    assert f"{float(value):.3f}" in shown


def test_the_best_step_of_the_example_is_what_the_text_says():
    assert r"$h_{\text{best}} = 1.1 \cdot 10^{-5}$" in TEXT
    ratio = float(F.subs(x, 1.5) / -sp.diff(F, x, 3).subs(x, 1.5))
    assert f"{(3 * np.finfo(float).eps * ratio) ** (1 / 3):.1e}" == "1.1e-05"


def test_the_complex_steps_example_has_the_slope_that_the_lesson_compares_with():
    slope = sp.diff(sp.exp(x) / (sp.sin(x) ** 3 + sp.cos(x) ** 3), x)
    assert (
        abs(slope.subs(x, sp.Rational(3, 2)).evalf(30) - sp.Float("3.622033700716326", 30)) < 1e-15
    )


def survivors(fixture, tolerance):
    return {
        bug
        for bug, error in zip(FOUND[fixture]["bugs"], FOUND[fixture]["errors"], strict=True)
        if error < tolerance
    }


def test_what_the_text_says_of_the_planted_bugs_is_found():
    assert "plants 26 bugs" in TEXT
    assert {len(found["bugs"]) for found in FOUND.values()} == {26}
    assert "At $10^{-5}$ two bugs survive on the good fixture, and nine with one sample" in TEXT
    counts = {name: len(survivors(name, 1e-5)) for name in FOUND if "1e-4" not in name}
    assert counts.pop("good fixture") == 2
    assert counts.pop("one sample (m = 1)") == 9 > max(counts.values())
    assert "L2 term on b1 too" in survivors("all biases zero", 1e-5)
    assert "upstream of the loss ignored" in survivors("upstream 1", 1e-5)
    assert "At $10^{-1}$ seven bugs" in TEXT
    assert len(survivors("good fixture", 1e-1)) == 7
    assert "slope of a leaky ReLU" in survivors("good fixture", 1e-1)
    assert FOUND["good fixture"]["noise"] >= 1e-10
    assert FOUND["parameters of size 1e-4"]["noise"] >= 1e-3


def test_with_tiny_parameters_it_is_a_kink_that_makes_right_code_fail():
    trace = net(size=1e-4)
    step = 1e-6  # too small to reach the nearest kink: then right code is right
    moves = step * np.abs(trace.value("X")).max()
    assert moves < np.abs(trace.value("Z1")).min()
    W = trace.value("W1")
    slopes = np.zeros(W.shape)
    for i in np.ndindex(W.shape):
        e = np.zeros(W.shape)
        e[i] = step
        slopes[i] = (_output(trace, "W1", W + e) - _output(trace, "W1", W - e)) / (2 * step)
    np.testing.assert_allclose(slopes, backward(trace)["W1"], rtol=1e-3, atol=1e-9)


# What made the eight tables, item by item.

POINTS = [
    [1.3, -0.7, 0.9], [0.8, 1.1, -0.6], [-0.9, 0.4, 1.2], [1.1, 0.6, 0.7],
    [0.6, -1.2, 0.8], [1.2, 0.3, -0.9], [-0.7, 0.9, 1.1], [0.9, -0.5, 1.3],
]  # fmt: skip
STEPS = [10.0**-k for k in range(1, 11)]


def value(w):
    """Return a polynomial, by operations that every machine rounds alike."""
    a, b, c = w
    return a * a * a - 2 * a * b + b * b * c + 0.5 * c * c * c * c + a * c


def gradient(w):
    a, b, c = w
    return np.array([3 * a * a - 2 * b + c, -2 * a + 2 * b * c, b * b + 2 * c * c * c + a])


def moved(w, i, step):
    y = np.array(w)
    y[i] += step
    return y


def central(f, w, i, h):
    return (f(moved(w, i, h)) - f(moved(w, i, -h))) / (2 * h)


def forward(f, w, i, h):
    return (f(moved(w, i, h)) - f(np.array(w))) / h


def divided_by_2_then_times_h(f, w, i, h):
    return (f(moved(w, i, h)) - f(moved(w, i, -h))) / 2 * h


def all_moved(f, w, i, h):
    return (f(np.array(w) + h) - f(np.array(w) - h)) / (2 * h)


def random_loss():
    rng = np.random.default_rng(7)
    return lambda w: value(w) * (1 + 0.01 * rng.uniform(-1, 1))


def with_kink(w):
    return value(w) + 4 * max(w[0] - (POINTS[2][0] - 3e-4), 0.0)


def in_float32(w):
    return float(value(np.asarray(w, np.float32)))


PLANTED = {  # letter, slopes, loss, claimed gradient
    1: ("E", central, random_loss(), gradient),
    2: ("C", forward, value, gradient),
    3: ("G", central, with_kink, lambda w: gradient(w) + np.array([4, 0, 0])),
    4: ("D", central, value, lambda w: 2 * gradient(w)),
    5: ("B", divided_by_2_then_times_h, value, gradient),
    6: ("A", central, value, gradient),
    7: ("H", all_moved, value, gradient),
    8: ("F", central, in_float32, gradient),
}


def shown_table(item):
    """Return (claimed, {"ratio 0": values ...}) of an item as the lesson prints them."""
    notebook = nbformat.read(COURSE.notebooks / "04_gradient_checking.ipynb", as_version=4)
    source = next(c.source for c in notebook.cells if c.id == "given-curves")
    lines = source.split('"""')[1].strip().splitlines()[5 * (item - 1) : 5 * item]
    words = lines[0].replace(",", "").split()
    assert words[:2] == ["item", f"{item}:"]
    rows = {line[2:9]: np.array(line[9:].split(), float) for line in lines[1:]}
    return [float(words[4]), float(words[8])], rows


@pytest.mark.parametrize("item", PLANTED)
def test_the_planted_bug_makes_the_table_of_its_item(item):
    _, slopes, loss, claim = PLANTED[item]
    w = POINTS[item - 1]
    claimed, rows = shown_table(item)
    right = claim(np.array(w))
    assert claimed == [float(f"{right[i]:.3g}") for i in (0, 2)]
    measured = np.array([[slopes(loss, w, i, h) for i in range(3)] for h in STEPS])
    for entry in (0, 2):
        ratio = measured[:, entry] / right[entry]
        error = np.abs(ratio - 1)
        np.testing.assert_allclose(rows[f"ratio {entry}"], ratio, rtol=6e-3)
        # Below the noise the last digits are rounding errors of rounding errors.
        np.testing.assert_allclose(rows[f"error {entry}"], error, rtol=0.06, atol=1e-10)


def test_the_key_of_the_named_bugs_is_what_was_planted():
    letters = [row[0] for row in PLANTED.values()]
    text = COURSE.lesson_text("04_gradient_checking").read_text("utf-8")
    assert f"named_bugs = {letters}".replace("'", '"') in text
    assert len(set(letters)) == 8
