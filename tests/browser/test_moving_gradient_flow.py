"""The flow of the gradient, with other choices made."""

import pytest

from course_utils.figures.gradient_flow import gradient_flow
from tests.browser.alone import draw


def heights(page, kind):
    """Return where the marks of a line stand, from the first layer to the last."""
    marks = page.locator(f".gbh-plot {kind}.gbh-dot")
    return [box["y"] + box["height"] / 2 for box in (mark.bounding_box() for mark in marks.all())]


def test_the_line_says_the_ratio_and_the_verdict_with_its_limit(blank):
    draw(blank, gradient_flow())
    said = blank.get_by_role("status")
    assert "The gradient vanishes: the ratio is below 1/10." in said.inner_text()
    blank.get_by_role("combobox", name="activation").select_option("relu")
    blank.get_by_role("combobox", name="weights").select_option("large, s = 2")
    assert "The gradient explodes: the ratio is above 10." in said.inner_text()
    blank.get_by_role("combobox", name="weights").select_option("He, s = √2")
    assert "keeps its size: the ratio is between 1/10 and 10." in said.inner_text()
    assert blank.evaluate("window.sent.at(-1).init") == "he"


@pytest.mark.parametrize("depth", ["5", "30"])
def test_every_layer_has_a_mark_and_a_vanishing_gradient_rises_to_the_right(blank, depth):
    figure = gradient_flow()
    draw(blank, figure)
    blank.get_by_role("combobox", name="layers").select_option(depth)
    found = heights(blank, "rect")
    assert len(found) == len(heights(blank, "circle")) == int(depth)
    assert found == sorted(found, reverse=True)


def test_all_marks_stand_within_the_axes_at_every_choice(blank):
    draw(blank, gradient_flow())
    for activation in ("sigmoid", "tanh", "relu"):
        for init in ("small", "glorot", "he", "large"):
            blank.get_by_role("combobox", name="activation").select_option(activation)
            blank.get_by_role("combobox", name="weights").select_option(value=init)
            outside = blank.evaluate("""() => {
                const clip = document.querySelector(".gbh-plot clipPath rect");
                const [top, high] = ["y", "height"].map(name => Number(clip.getAttribute(name)));
                return [...document.querySelectorAll(".gbh-plot .gbh-dot")].filter(dot => {
                    const { y, height } = dot.getBBox();
                    return y < top - 1 || y + height > top + high + 1;
                }).length;
            }""")
            assert outside == 0, (activation, init)
