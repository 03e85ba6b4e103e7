"""The error against the step, moved."""

import math

import numpy as np
import pytest

from course_utils.figures.step_size import step_size
from tests.browser.alone import draw


def said(page):
    return page.get_by_role("status").inner_text()


def test_an_arrow_key_takes_the_next_step_and_its_error_is_told(blank):
    draw(blank, step_size(h=1.3e-3))
    blank.get_by_role("slider", name="step h").focus()
    blank.keyboard.press("ArrowLeft")
    assert said(blank) == (
        "Central, float64, x = 1.5, h = 1e−3: error 6.7e−8. Truncation prevails: h is large. "
        "Theory’s best h: 1.1e−5."
    )
    assert blank.evaluate("window.sent.at(-1).h") == 1e-3


def test_scheme_and_numbers_and_function_are_chosen(blank):
    draw(blank, step_size())
    blank.get_by_label("scheme").select_option("forward")
    assert said(blank).startswith("Forward, float64, x = 1.5, h = 1e−3: error ")
    blank.get_by_label("numbers").select_option("float32")
    assert said(blank).startswith("Forward, float32")
    before = said(blank)
    blank.get_by_label("function").select_option("eˣ")
    assert said(blank) != before
    sent = blank.evaluate("window.sent.at(-1)")
    assert (sent["scheme"], sent["dtype"], sent["function"]) == ("forward", "float32", "eˣ")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"h": 1e-8}, "Rounding prevails: h is small."),
        ({"h": 1e-16}, "x + h is rounded to x, so the difference is 0."),
        ({"h": 1e-16, "scheme": "complex"}, "all that float64 can tell. Nothing is subtracted"),
        ({"h": 1.0, "scheme": "complex"}, "Truncation prevails: h is large."),
        ({"h": 1e-8, "dtype": "float32"}, "x + h is rounded to x"),
    ],
)
def test_the_line_says_what_prevails(blank, state, told):
    figure = step_size()
    for name, value in state.items():
        setattr(figure, name, value)
    draw(blank, figure)
    assert told in said(blank)


def test_the_mark_and_the_dot_stand_where_their_steps_are(blank):
    figure = step_size(h=1e-4)
    draw(blank, figure)
    best = figure.data["curves"][figure.function]["float64"]["central"]["best"]
    points = blank.locator("polyline.gbh-4").get_attribute("points").split()
    place = lambda h: 70 + 476 * (math.log10(h) + 16) / 16
    assert float(points[0].split(",")[0]) == pytest.approx(place(best), abs=0.01)
    assert float(blank.locator("circle").get_attribute("cx")) == pytest.approx(place(1e-4))


def test_without_truncation_there_is_no_mark_and_its_legend_is_gone(blank):
    draw(blank, step_size((np.square, lambda x: 2 * x, "x²")))
    assert not blank.get_by_text("theory’s best h").is_visible()
    assert not blank.get_by_text("theory: truncation").is_visible()
    assert "best" not in said(blank)
    assert blank.get_by_label("function").count() == 0


def test_a_derivative_that_is_not_true_is_told(blank):
    draw(blank, step_size((np.square, lambda x: x, "x²")))
    assert said(blank).endswith("the derivative that was given is not true.")


def test_a_function_without_a_complex_step_says_so(blank):
    draw(blank, step_size((np.abs, np.sign, "|x|")))
    blank.get_by_label("scheme").select_option("complex")
    assert blank.get_by_text("This function has no complex step.").is_visible()
    assert "no value, since |x| does not take complex numbers" in said(blank)
    assert not blank.locator("circle").is_visible()


def test_a_step_out_of_the_domain_has_no_value_and_no_dot(blank):
    draw(blank, step_size((np.log, lambda x: 1 / x, "ln x"), x=0.5, h=1.0))
    assert "h = 1: no finite value." in said(blank)
    assert not blank.locator("circle").is_visible()


def test_the_step_follows_the_mouse(blank):
    draw(blank, step_size())
    box = blank.locator(".gbh-plot").first.bounding_box()
    blank.mouse.click(box["x"] + (70 + 238) * box["width"] / 560, box["y"] + 60)
    assert blank.evaluate("window.sent.at(-1).h") == 1e-8
