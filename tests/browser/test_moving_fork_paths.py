"""The two paths of a product, moved and predicted."""

import pytest

from course_utils.figures.fork_paths import fork_paths
from tests.browser.alone import draw, faults


def said(page):
    return page.get_by_role("status").inner_text()


def predict(page, text):
    page.get_by_label("dp/dx at this x is").fill(text)
    page.keyboard.press("Enter")


def bars(page):
    """Return for each bar its upper and its lower end."""
    found = []
    for bar in page.locator("rect.gbh-bar").all():
        top, height = (float(bar.get_attribute(n)) for n in ("y", "height"))
        found.append((top, top + height))
    return found


def test_the_slope_is_hidden_until_it_is_predicted(blank):
    draw(blank, fork_paths(x=1.0))
    assert said(blank).endswith("What is the slope of p here?")
    assert "2.223" not in blank.locator("#here").inner_text()
    assert not blank.get_by_text("measured from values of p").is_visible()
    predict(blank, "2,22")
    assert said(blank).endswith(
        "Added: 2.223. Slope of p, measured: 2.223. Your prediction is right."
    )
    assert blank.evaluate("[window.sent.at(-1).guess, window.sent.at(-1).guess_x]") == [2.22, 1]
    assert blank.get_by_text("measured from values of p").is_visible()
    assert faults(blank) == []


@pytest.mark.parametrize(
    ("guess", "told"),
    [
        ("1.683", "that is one path alone"),
        ("0.909", "that is the product of the two contributions. Along a path, multiply"),
        ("1.08", "that is du/dx · dv/dx"),
        ("2.54", "that is du/dx + dv/dx"),
        ("1.142", "look at the signs"),
        ("7", "You predicted 7."),
    ],
)
def test_a_wrong_prediction_is_explained(blank, guess, told):
    draw(blank, fork_paths(x=1.0))
    predict(blank, guess)
    assert told in said(blank)
    assert "right" not in said(blank)


def test_what_is_no_number_is_not_taken(blank):
    draw(blank, fork_paths())
    predict(blank, "two")
    assert blank.get_by_label("dp/dx at this x is").get_attribute("aria-invalid") == "true"
    assert blank.evaluate("window.model.get('guess')") is None


def test_the_second_bar_is_put_on_the_first_and_reaches_the_slope(blank):
    draw(blank, fork_paths(x=1.0))
    (u_top, u_foot), (v_top, v_foot) = bars(blank)
    assert u_foot == v_foot
    size = v_foot - v_top
    predict(blank, "2")
    (_, _), (v_top, v_foot) = bars(blank)
    assert v_foot == pytest.approx(u_top)
    assert v_foot - v_top == pytest.approx(size)
    assert float(blank.locator("circle").get_attribute("cy")) == pytest.approx(v_top)


def test_a_negative_contribution_hangs_down_from_the_first(blank):
    draw(blank, fork_paths(x=2.0))
    predict(blank, "2")
    (u_top, _), (v_top, v_foot) = bars(blank)
    assert v_top == pytest.approx(u_top)
    assert float(blank.locator("circle").get_attribute("cy")) == pytest.approx(v_foot)


def test_after_the_first_prediction_x_moves_freely_and_one_can_predict_anew(blank):
    draw(blank, fork_paths(x=1.0))
    predict(blank, "2.22")
    again = blank.get_by_role("button", name="Hide the slope and predict anew")
    assert again.evaluate("node => node === document.activeElement")
    blank.get_by_role("slider", name="x").focus()
    blank.keyboard.press("ArrowRight")
    assert said(blank).startswith("At x = 1.02: ")
    assert "Slope of p, measured" in said(blank) and "prediction" not in said(blank)
    again.click()
    assert said(blank).endswith("What is the slope of p here?")
    assert blank.evaluate("window.sent.at(-1).guess") is None
    predict(blank, "0")
    assert blank.evaluate("window.sent.at(-1).guess_x") == pytest.approx(1.02)


def test_x_follows_the_mouse(blank):
    draw(blank, fork_paths(x=1.0, low=0, high=3))
    box = blank.locator(".gbh-plot").first.bounding_box()
    blank.mouse.click(box["x"] + (58 + 244) * box["width"] / 560, box["y"] + 80)
    assert blank.evaluate("window.sent.at(-1).x") == pytest.approx(1.5, abs=0.011)
