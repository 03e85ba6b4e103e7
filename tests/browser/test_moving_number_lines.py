"""The linked number lines, moved."""

import numpy as np
import pytest

from course_utils.figures.number_lines import number_lines
from tests.browser.alone import draw, faults

SQUARE = [(lambda x: 2 * x + 1, "u = 2x + 1"), (lambda u: u**2, "y = u²")]
FIVE = [
    (lambda x: x**2, "z = x²"),
    (np.sin, "y = sin z"),
    (lambda y: np.maximum(y, 0), "r = max(y, 0)"),
    (np.exp, "s = e^r"),
    (lambda s: 1 / s, "L = 1 / s"),
]


def said(page):
    return page.get_by_role("status").inner_text()


def widths(page):
    return [float(bar.get_attribute("width")) for bar in page.locator("rect.gbh-bar").all()]


def test_an_arrow_key_moves_x_and_the_slopes_and_their_product_follow(blank):
    draw(blank, number_lines(SQUARE, x=1.0, width=0.2))
    assert said(blank) == (
        "Slope of the chain: 2 · 6 = 12. The interval goes from width 0.2 to 2.4: 12 times as wide."
    )
    blank.get_by_role("slider", name="x", exact=True).focus()
    blank.keyboard.press("ArrowRight")
    assert said(blank).startswith("Slope of the chain: 2 · 6.04 = 12.08.")
    assert blank.evaluate("window.sent.at(-1).x") == pytest.approx(1.01)


def test_each_bar_is_wider_than_the_one_above_by_the_slope_of_the_link(blank):
    draw(blank, number_lines(SQUARE, x=1.0, width=0.2))
    x, u, y = widths(blank)
    assert u / x == pytest.approx(2, rel=1e-6)
    assert y / u == pytest.approx(6, rel=1e-6)


def test_every_line_stands_at_its_own_value(blank):
    draw(blank, number_lines(SQUARE, x=0.5))
    words = blank.locator("svg text").all_text_contents()
    assert {"x = 0.5", "u = 2", "y = 4", "du/dx = 2", "dy/du = 4"} <= set(words)


def test_a_narrower_interval_comes_closer_to_the_product(blank):
    draw(blank, number_lines(FIVE[:2], x=1.3, width=0.4, low=0, high=2))
    assert "A narrower one comes closer to the slope." in said(blank)
    slider = blank.get_by_role("slider", name="width of the interval")
    slider.focus()
    blank.keyboard.press("Home")
    assert "comes closer" not in said(blank)
    assert blank.evaluate("window.sent.at(-1).width") == pytest.approx(0.02)


def test_a_negative_slope_crosses_the_ends_of_the_interval(blank):
    draw(blank, number_lines(FIVE[:2], x=1.5, width=0.1))
    assert "Each negative slope turns the interval round." in said(blank)
    first, last = blank.locator("line.gbh-line:not(.gbh-dashed)"), blank.locator("line.gbh-dashed")
    x1, x2 = (float(first.nth(1).get_attribute(n)) for n in ("x1", "x2"))
    y1, y2 = (float(last.nth(1).get_attribute(n)) for n in ("x1", "x2"))
    assert x1 < y1 and x2 > y2


def test_at_a_kink_no_slope_is_told(blank):
    chain = [(lambda x: x - 1, "u = x − 1"), (abs, "y = |u|")]
    draw(blank, number_lines(chain, x=1.0))
    assert said(blank).startswith("A link has a kink at x = 1, so the chain has no slope here.")
    assert "no slope: a kink" in blank.locator("svg text").all_text_contents()
    blank.get_by_role("slider", name="x", exact=True).focus()
    blank.keyboard.press("ArrowLeft")
    assert said(blank).startswith("Slope of the chain: 1 · −1 = −1.")


def test_a_bar_that_does_not_fit_is_cut_off_and_says_so(blank):
    draw(blank, number_lines(SQUARE, x=1.8, width=0.2))
    assert max(widths(blank)) <= 368.001
    assert "width 3.68, cut off" in blank.locator("svg text").all_text_contents()


@pytest.mark.parametrize("x", [0.2, 1.0, 1.5, 1.8])
def test_a_chain_of_five_links_fits_and_no_words_overlap(blank, x):
    draw(blank, number_lines(FIVE, x=x, width=0.1))
    assert faults(blank) == []
    boxes = [t.bounding_box() for t in blank.locator("svg text").all() if t.text_content()]
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            apart = (
                a["x"] + a["width"] <= b["x"] + 1
                or b["x"] + b["width"] <= a["x"] + 1
                or a["y"] + a["height"] <= b["y"] + 2
                or b["y"] + b["height"] <= a["y"] + 2
            )
            assert apart
    edges = blank.locator("svg").bounding_box()
    assert all(b["x"] + b["width"] <= edges["x"] + edges["width"] for b in boxes)
