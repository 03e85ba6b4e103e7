"""The figure of the error against the step."""

import math

import numpy as np
import pytest

from course_utils.figures.step_size import STEPS, step_size

EXP = (np.exp, np.exp, "eˣ")
NAME = "x ln(x + e⁻ˣ)"
HS = np.array(STEPS)


def curve(figure, scheme, dtype="float64", label=None):
    return figure.data["curves"][label or figure.function][dtype][scheme]


def errors(figure, scheme, dtype="float64"):
    return np.array(curve(figure, scheme, dtype)["errors"], float)


def test_steps_are_ten_a_decade_and_exactly_what_is_shown():
    assert len(STEPS) == 161 and (STEPS[0], STEPS[-1]) == (1e-16, 1.0)
    assert all(float(f"{h:.1e}") == h for h in STEPS)
    assert np.allclose(np.diff(np.log10(HS)), 0.1, atol=0.02)


@pytest.mark.parametrize(("scheme", "power"), [("forward", 1), ("central", 2), ("complex", 2)])
def test_where_truncation_prevails_the_error_falls_with_the_order_of_the_scheme(scheme, power):
    found = errors(step_size(EXP, x=1.0), scheme)
    wide = (HS >= 1e-3) & (HS <= 1e-1)
    assert np.polyfit(np.log(HS[wide]), np.log(found[wide]), 1)[0] == pytest.approx(power, abs=0.02)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("scheme", ["forward", "central"])
def test_the_theory_bounds_the_computed_error_but_for_the_rounding_of_x(scheme, dtype):
    figure = step_size(EXP, x=1.0)
    found, known = errors(figure, scheme, dtype), curve(figure, scheme, dtype)
    bound = np.array(known["truncation"]) + np.array(known["rounding"])
    small = HS < 0.1
    assert (found <= 2 * bound)[small].all()


def test_the_best_step_is_that_of_the_closed_form():
    x = 1.5
    f, h = x * math.log(x + math.exp(-x)), 1e-3
    slope = lambda t: math.log(t + math.exp(-t)) + t * (1 - math.exp(-t)) / (t + math.exp(-t))
    third = (slope(x + h) - 2 * slope(x) + slope(x - h)) / h**2
    for dtype in ("float64", "float32"):
        eps = float(np.finfo(dtype).eps)
        best = curve(step_size(), "central", dtype)["best"]
        assert best == pytest.approx((3 * eps * f / abs(third)) ** (1 / 3), rel=0.05)


def test_at_the_best_step_the_error_is_nearly_the_least():
    for dtype in ("float64", "float32"):
        figure = step_size()
        best = curve(figure, "central", dtype)["best"]
        found = errors(figure, "central", dtype)
        near = np.abs(np.log10(HS / best)) < 0.3
        assert found[near].min() <= 10 * max(np.median(np.sort(found)[:5]), 1e-300)


def test_float32_is_computed_in_float32():
    found = step_size(EXP, x=1.0).data["curves"]["eˣ"]["float32"]["central"]["errors"]
    h, x = np.float32(1e-2), np.float32(1)
    by_hand = (np.exp(x + h) - np.exp(x - h)) / (2 * h)
    assert by_hand.dtype == np.float32
    assert found[STEPS.index(1e-2)] == pytest.approx(abs(float(by_hand) - math.e), rel=0.1)


def test_a_step_that_is_lost_in_x_gives_the_whole_slope_as_error():
    assert errors(step_size(EXP, x=1.0), "central", "float32")[0] == pytest.approx(math.e, rel=1e-2)


def test_the_complex_step_needs_no_balance():
    figure = step_size(EXP, x=1.0)
    assert (errors(figure, "complex")[HS < 1e-9] < 1e-15).all()
    assert curve(figure, "complex")["best"] is None


def test_a_parabola_has_no_truncation_in_the_central_scheme_and_so_no_best_step():
    figure = step_size((np.square, lambda x: 2 * x, "x²"))
    assert max(curve(figure, "central")["truncation"]) == 0
    assert curve(figure, "central")["best"] is None
    assert curve(figure, "forward")["best"] == pytest.approx(
        2 * math.sqrt(2.2e-16 * 1.125), rel=0.1
    )


def test_a_function_that_drops_the_complex_part_has_no_complex_step():
    figure = step_size((np.abs, np.sign, "|x|"))
    assert curve(figure, "complex") is None
    figure.scheme = "complex"
    assert figure.alt().endswith("does not exist: the function takes no complex numbers.")


def test_a_derivative_that_is_not_true_is_known_and_a_true_one_is_not_suspected():
    assert step_size((np.square, lambda x: x, "x²")).data["untrue"] == ["x²"]
    assert step_size().data["untrue"] == []


def test_a_step_out_of_the_domain_leaves_a_gap():
    found = errors(step_size((np.log, lambda x: 1 / x, "ln x"), x=0.5), "central")
    assert np.isnan(found[-1]) and np.isfinite(found[HS < 0.4]).all()


def test_a_move_in_the_browser_is_seen_in_the_words():
    figure = step_size(x=1.5)
    state = {"function": "eˣ", "scheme": "forward", "dtype": "float32", "h": 1e-7}
    move = {"method": "update", "state": state, "buffer_paths": []}
    figure._handle_msg({"content": {"data": move}, "buffers": []})
    assert figure.alt().startswith(
        "The error of the forward difference of eˣ at x = 1.5 in float32 against the step h"
    )
    assert "At h = 1e-07 it is" in figure.alt()


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ({"functions": []}, r"no functions: give triples \(f, df, label\)"),
        ({"functions": [np.sin]}, r"give \(f, df, label\)"),
        ({"functions": [(np.sin, 3, "sin x")]}, r"give \(f, df, label\)"),
        ({"functions": (np.log, np.exp, "ln x"), "x": -1}, "ln x has no finite value at x = -1"),
        ({"functions": (math.sin, math.cos, "sin x")}, "use np.sin, not math.sin"),
        (
            {"functions": (lambda x: np.float64(2) * x, lambda x: 2.0, "2x")},
            "2x returns float64 for float32: use plain Python numbers",
        ),
        ({"h": 2.0}, "h = 2: choose a step from 1e-16 to 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_cure(bad, told):
    with pytest.raises(ValueError, match=told):
        step_size(**bad)
