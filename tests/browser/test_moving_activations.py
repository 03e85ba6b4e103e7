"""The figure of the activations, moved."""

import pytest

from course_utils.figures.activations import activations
from tests.browser.alone import draw


def said(page):
    return page.get_by_role("status").inner_text()


def ends_of(page, style):
    """Return the ends of the first line of a style, in units of length of the picture."""
    points = page.locator(f"polyline.gbh-line.{style}").first.get_attribute("points").split()
    return [tuple(map(float, points[k].split(","))) for k in (0, -1)]


def test_the_peak_of_the_sigmoids_slope_is_found_by_moving(blank):
    draw(blank, activations(z=0.1))
    assert said(blank).endswith("Largest slope that you have met: 0.2494, at z = 0.1.")
    blank.get_by_role("slider", name="z").focus()
    for _ in range(4):
        blank.keyboard.press("ArrowLeft")
    assert said(blank) == (
        "At z = −0.1: σ(z) = 0.475, slope σ′(z) = 0.2494. "
        "Largest slope that you have met: 0.25, at z = 0."
    )
    assert blank.evaluate("window.sent.at(-1).z") == -0.1


def test_the_tangent_has_the_slope_that_is_told(blank):
    draw(blank, activations(z=2.0))
    (x1, y1), (x2, y2) = ends_of(blank, "gbh-dashed")
    # 486 units of length for 10 of z, and 176 for 1.4 of the value.
    slope = ((y1 - y2) / 176 * 1.4) / ((x2 - x1) / 488 * 10)
    assert slope == pytest.approx(0.105, abs=0.001)


def test_each_activation_is_chosen_and_remembers_its_own_largest_slope(blank):
    draw(blank, activations(z=1.0))
    blank.get_by_role("combobox").select_option("tanh")
    assert said(blank).startswith("At z = 1: tanh(z) = 0.7616, slope tanh′(z) = 0.42.")
    blank.get_by_role("combobox").select_option("sigmoid")
    assert said(blank).endswith("Largest slope that you have met: 0.1966, at z = 1.")
    assert blank.evaluate("window.sent.at(-1).kind") == "sigmoid"


def test_relu_at_0_says_its_convention_and_its_slope_jumps_without_a_line(blank):
    draw(blank, activations(z=0.05, kind="relu"))
    assert "convention" not in said(blank)
    blank.get_by_role("slider", name="z").focus()
    blank.keyboard.press("ArrowLeft")
    assert "slope relu′(z) = 0. ReLU has a kink here and no slope; by convention we take 0" in (
        said(blank)
    )
    for line in blank.locator("polyline.gbh-2:not(.gbh-dashed)").all():
        heights = {p.split(",")[1] for p in line.get_attribute("points").split()}
        assert len(heights) == 1


def test_the_point_follows_the_mouse_in_either_picture(blank):
    draw(blank, activations(z=3.0))
    for k in (0, 1):
        box = blank.locator(".gbh-plot").nth(k).bounding_box()
        scale = box["width"] / 560
        blank.mouse.move(box["x"] + 100 * scale, box["y"] + 60)
        blank.mouse.down()
        blank.mouse.move(box["x"] + (58 + 244) * scale, box["y"] + 60)
        assert said(blank).startswith("At z = 0: ")
        blank.mouse.up()
        assert blank.evaluate("window.sent.at(-1).z") == 0
        blank.evaluate("window.model.set('z', 3)")
