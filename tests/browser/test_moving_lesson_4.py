"""The figures of lesson 4, moved."""

import numpy as np
import pytest

from course_utils.figures.kink import kink
from course_utils.figures.tolerance_map import tolerance_map
from tests.browser.alone import draw


def said(page):
    return page.get_by_role("status").inner_text()


def trait(page, name):
    return page.evaluate(f"window.sent.at(-1).{name}")


def test_the_error_appears_once_the_kink_lies_within_the_step(blank):
    draw(blank, kink(x=0.55, h=0.5))
    assert "error 0." in said(blank) and "both samples lie on one straight piece" in said(blank)
    blank.get_by_role("slider", name="x", exact=True).focus()
    for _ in range(7):
        blank.keyboard.press("ArrowLeft")
    assert trait(blank, "x") == pytest.approx(0.2)
    assert said(blank) == (
        "Samples at −0.3 and 0.7: central difference 0.7, true slope 1, error 0.3 = "
        "0.5 · (1 − d/h), since the kink is d = 0.2 away, closer than the step h = 0.5."
    )


def test_a_shorter_step_makes_the_error_vanish(blank):
    draw(blank, kink(x=0.2, h=0.3))
    assert "error 0.1667 = " in said(blank)
    blank.get_by_role("slider", name="step h").focus()
    for _ in range(2):
        blank.keyboard.press("ArrowLeft")
    assert "error 0. The kink is 0.2 away, not closer than the step 0.2" in said(blank)


def test_on_the_kink_itself_the_difference_is_the_mean_of_both_slopes(blank):
    draw(blank, kink(x=0, h=0.5))
    assert "central difference 0.5, true slope 0 by convention, error 0.5." in said(blank)
    blank.get_by_role("combobox", name="function").select_option("abs")
    assert "central difference 0, true slope 0 by convention, error 0." in said(blank)


def test_the_samples_are_drawn_on_the_curve_at_both_ends_of_the_step(blank):
    draw(blank, kink(x=0.2, h=0.5))
    rects = blank.locator("svg.gbh-plot").first.locator("rect.gbh-dot")
    at = [[float(rects.nth(n).get_attribute(name)) + 5 for name in "xy"] for n in (0, 1)]
    scale = (560 - 14 - 58) / 4.2
    assert at[0][0] == pytest.approx(58 + (2.1 - 0.3) * scale)
    assert at[1][0] == pytest.approx(58 + (2.1 + 0.7) * scale)
    assert at[0][1] - at[1][1] == pytest.approx(0.7 * (230 - 42 - 12) / 2.5)


def test_dragging_moves_x_and_stops_at_the_end(blank):
    draw(blank, kink(x=0.2, h=0.5))
    box = blank.locator("svg.gbh-plot").first.bounding_box()
    scale, y = box["width"] / 560, box["y"] + 60
    blank.mouse.move(box["x"] + (58 + 244) * scale, y)
    blank.mouse.down()
    assert "Samples at −0.5 and 0.5" in said(blank)
    blank.mouse.move(box["x"] + 550 * scale, y)
    blank.mouse.up()
    assert "Samples at 0.5 and 1.5" in said(blank)
    assert trait(blank, "x") == 1


BUGS = ["sign", "leaky", "m"]
FIXTURES = {
    "good": {"bugs": BUGS, "errors": np.array([1.0, 3e-3, 0.7]), "noise": 2e-9},
    "one sample": {"bugs": BUGS, "errors": np.array([1.0, 3e-3, 1e-12]), "noise": 1e-12},
    "tiny": {"bugs": BUGS, "errors": np.array([np.inf, 3e-3, 0.7]), "noise": 2e-3},
}


def test_the_right_arrow_key_tightens_the_tolerance_and_fewer_bugs_survive(blank):
    draw(blank, tolerance_map(FIXTURES))
    assert said(blank) == (
        "Tolerance 1e-1, good: 1 of 3 bugs survive (leaky). "
        "Right code has an error of 2e-9 and is accepted."
    )
    blank.get_by_role("slider", name="tolerance").focus()
    for _ in range(2):
        blank.keyboard.press("ArrowRight")
    assert trait(blank, "exponent") == -3
    assert "Tolerance 1e-3, good: 0 of 3 bugs survive." in said(blank)
    assert blank.get_by_role("slider", name="tolerance").get_attribute("aria-valuetext") == "1e-3"


def test_too_tight_a_tolerance_rejects_right_code(blank):
    draw(blank, tolerance_map(FIXTURES, exponent=-9))
    assert said(blank).endswith("and is rejected too: a false alarm.")


def test_a_poor_fixture_hides_a_bug_at_every_tolerance(blank):
    draw(blank, tolerance_map(FIXTURES, exponent=-5))
    blank.get_by_role("combobox", name="fixture").select_option("one sample")
    assert "1 of 3 bugs survive (m)." in said(blank)
    assert blank.locator("svg.gbh-plot rect.gbh-survives").count() == 2 + 10


def test_the_cells_tell_caught_survives_and_false_alarm_apart(blank):
    draw(blank, tolerance_map(FIXTURES, fixture="tiny"))
    kinds = ("caught", "survives", "alarm", "void", "accepted")
    cells = {k: blank.locator(f"svg.gbh-plot rect.gbh-{k}").count() for k in kinds}
    assert cells == {"caught": 4, "survives": 2, "alarm": 8, "void": 24, "accepted": 2}


def test_the_outline_stands_on_the_column_of_the_tolerance(blank):
    draw(blank, tolerance_map(FIXTURES, exponent=-4))
    outline = blank.locator("svg.gbh-plot rect.gbh-outline")
    column = blank.locator("svg.gbh-plot text").filter(has_text="1e-4")
    left = float(outline.get_attribute("x"))
    middle = float(column.get_attribute("x"))
    assert left < middle < left + float(outline.get_attribute("width"))
