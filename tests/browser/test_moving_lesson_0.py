"""The figures of lesson 0, moved."""

import numpy as np
import pytest

from course_utils.figures.secant import secant
from tests.browser.alone import draw


def test_an_arrow_key_moves_the_secant_and_the_line_says_its_slope(blank):
    draw(blank, secant(np.square, "x²", x=1.0, h=0.5))
    said = blank.get_by_role("status")
    assert said.inner_text().startswith("Slope of the secant 2.5. Slope of the curve 2.")
    blank.get_by_label("step h").focus()
    blank.keyboard.press("ArrowLeft")
    assert said.inner_text().startswith("Slope of the secant 2.49.")
    assert blank.evaluate("window.sent.at(-1).h") == pytest.approx(0.49)
    blank.get_by_label("difference").select_option("central")
    assert said.inner_text() == "Slope of the secant 2. Slope of the curve 2. They differ by 0."


def test_a_step_that_leaves_the_picture_is_told(blank):
    figure = secant(np.square, "x²", x=4.0, h=2.0, low=1.0, high=5.0)
    assert "The slope of the secant is 9, that of the curve is 8." in figure.alt()
    draw(blank, figure)
    assert blank.get_by_role("status").inner_text() == (
        "Slope of the secant 9. Slope of the curve 8. They differ by 1. "
        "The step is cut off at the edge of the picture."
    )
