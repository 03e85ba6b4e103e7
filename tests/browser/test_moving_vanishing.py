"""The vanishing product, moved."""

import itertools

import pytest

from course_utils.figures.vanishing import vanishing
from tests.browser.alone import draw


def said(page):
    return page.get_by_role("status").inner_text()


def test_an_arrow_key_adds_a_factor(blank):
    draw(blank, vanishing(n=19))
    blank.get_by_role("slider", name="activations n").focus()
    blank.keyboard.press("ArrowRight")
    assert said(blank) == (
        "Slope σ′(2) = 0.105. Product of 20: 2.65e−20. Added to 1 in float32, it changes nothing, "
        "as from n = 8 on."
    )
    assert blank.evaluate("window.sent.at(-1).n") == 20


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"n": 11, "z": 0.0}, "Product of 11: 2.38e−7. Added to 1 in float32, it still counts."),
        ({"n": 12, "z": 0.0}, "it changes nothing, as from n = 12 on."),
        ({"n": 80, "z": 0.0}, "In float32 it is 0, from n = 75 on."),
        ({"n": 80, "z": 1.0, "kind": "relu"}, "Product of 80: 1. Added to 1 in float32, it still"),
        ({"n": 3, "z": -1.0, "kind": "relu"}, "Product of 3: 0. Nothing comes through."),
        ({"n": 1, "z": 0.0, "kind": "tanh"}, "Slope tanh′(0) = 1. One factor: 1."),
    ],
)
def test_the_line_says_what_float32_makes_of_the_product(blank, state, told):
    draw(blank, vanishing(**state))
    assert told in said(blank)


def test_on_the_logarithmic_axis_every_factor_takes_the_same_step(blank):
    draw(blank, vanishing(n=20, z=0.0))
    points = blank.locator("polyline.gbh-1").last.get_attribute("points").split()
    heights = [float(p.split(",")[1]) for p in points]
    steps = [b - a for a, b in itertools.pairwise(heights)]
    assert len(points) == 20
    assert max(steps) - min(steps) < 0.03


def test_a_product_of_0_has_no_point_but_words(blank):
    draw(blank, vanishing(z=1.0, kind="relu"))
    assert blank.locator("circle.gbh-0").is_visible()
    blank.evaluate("window.model.set('z', 0)")
    assert not blank.locator("circle.gbh-0").is_visible()
    assert blank.get_by_text("product 0: no place on a logarithmic axis").is_visible()


def test_a_product_below_the_axes_is_told_at_their_edge(blank):
    draw(blank, vanishing(n=80, z=5.0))
    assert not blank.locator("circle.gbh-0").is_visible()
    box = blank.get_by_text("↓ far below").bounding_box()
    edges = blank.locator(".gbh-plot").bounding_box()
    assert box["x"] + box["width"] < edges["x"] + edges["width"]


def test_n_follows_the_mouse_and_the_kind_is_chosen(blank):
    draw(blank, vanishing())
    box = blank.locator(".gbh-plot").bounding_box()
    blank.mouse.click(box["x"] + (70 + 476 * 40 / 81) * box["width"] / 560, box["y"] + 80)
    assert blank.evaluate("window.sent.at(-1).n") == 40
    blank.get_by_role("combobox").select_option("tanh")
    assert said(blank).startswith("Slope tanh′(2) = 0.07065. Product of 40: ")
