"""The figures of lesson 2, moved."""

import re

import numpy as np
import pytest

from course_utils.figures.contour import contour
from course_utils.figures.shape_board import shape_board
from course_utils.figures.unit_square import unit_square
from tests.browser.alone import draw, faults
from tests.figures.examples import FIGURES


def said(page):
    return page.get_by_role("status").inner_text()


def trait(page, name):
    return page.evaluate(f"window.sent.at(-1).{name}")


def drag(page, picture, start, end):
    """Drag within a picture, from and to a place given in parts of its width and height."""
    box = picture.bounding_box()
    places = [(box["x"] + a * box["width"], box["y"] + b * box["height"]) for a, b in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1])
    page.mouse.up()


def bowl(x, y):
    return x**2 + y**2


def test_turning_the_direction_changes_the_slope_that_is_read_out(blank):
    draw(blank, contour(bowl, "x² + y²", x=1.2, y=0.5, angle=89))
    blank.get_by_role("slider", name="direction", exact=True).focus()
    blank.keyboard.press("ArrowRight")
    assert "(2.4, 1) · (0, 1) = 1, the slope." in said(blank)
    assert trait(blank, "angle") == 90
    assert "at 22.6°: 2.6, the gradient's length." in said(blank)
    blank.get_by_role("slider", name="direction", exact=True).fill("23")
    assert "You are there." in said(blank)
    blank.get_by_role("slider", name="direction", exact=True).fill("113")
    assert "You walk along a contour line." in said(blank)


def test_arrow_keys_move_the_point_by_one_step_of_the_grid(blank):
    draw(blank, contour(bowl, "x² + y²", x=1.2, y=0.5))
    blank.get_by_role("slider", name="y", exact=True).focus()
    blank.keyboard.press("ArrowRight")
    assert said(blank).startswith("At (1.2, 0.6): ")
    assert trait(blank, "y") == pytest.approx(0.6)


def test_dragging_in_the_map_puts_the_point_under_the_mouse(blank):
    draw(blank, contour(bowl, "x² + y²", x=1.2, y=0.5))
    # The plot stands between 58 and 326 of 340 across, and between 12 and 280 of 322 down.
    middle = ((58 + 134) / 340, (12 + 134) / 322)
    right = ((58 + 134 + 67) / 340, (12 + 134) / 322)
    drag(blank, blank.locator("svg.gbh-plot").first, middle, right)
    assert said(blank).startswith("At (1.5, 0): ")
    assert (trait(blank, "x"), trait(blank, "y")) == (1.5, 0)
    drag(blank, blank.locator("svg.gbh-plot").first, middle, (0.99, 0.01))
    assert said(blank).startswith("At (1.8, 1.8): ")


def test_a_hidden_gradient_is_not_told_before_it_is_shown(blank):
    draw(blank, contour(bowl, "x² + y²", x=1.2, y=0.5, angle=0, shown=False))
    assert "the slope is 2.4." in said(blank) and "2.6" not in said(blank)
    assert blank.get_by_text("its share along the direction").is_hidden()
    blank.get_by_label("show the gradient").check()
    assert "2.6, the gradient's length" in said(blank)


def test_at_the_bottom_of_the_bowl_every_slope_is_0(blank):
    draw(blank, contour(bowl, "x² + y²", x=0, y=0))
    assert said(blank).endswith("the gradient is (0, 0), so the slope is 0 in every direction.")


def points(page, css):
    text = page.locator(css).get_attribute("points")
    return np.array([[float(v) for v in pair.split(",")] for pair in text.split()])


def square(p):
    return np.array([p[0] ** 2 - p[1] ** 2, 2 * p[0] * p[1]])


def test_the_square_and_the_area_of_its_image_are_told_at_each_size(blank):
    draw(blank, unit_square(square, "z²", x=0.5, y=0.25, size=1.0))
    assert "J = [[1, −0.5], [0.5, 1]], determinant 1.25:" in said(blank)
    # The integral of the determinant 4 (x² + y²) over the square, divided by its area.
    assert "of size 1 has 6.917 times" in said(blank)
    blank.get_by_role("slider", name="size of the square").focus()
    blank.keyboard.press("Home")
    assert trait(blank, "size") == 0.125
    area = 4 * ((0.625**3 - 0.5**3) + (0.375**3 - 0.25**3)) / 3 / 0.125
    assert f"of size 0.125 has {area:.4g} times" in said(blank)


@pytest.mark.parametrize("size", [0.125, 0.25, 0.375, 1.0])
def test_the_area_within_a_curved_border_is_true_to_the_digits_shown(blank, size):
    draw(blank, unit_square(lambda p: np.exp(p), "(eˣ, eʸ)", x=0.5, y=-0.5, size=size))
    true = np.diff(np.exp([0.5, 0.5 + size])) * np.diff(np.exp([-0.5, -0.5 + size])) / size**2
    told = re.search(r"has ([\d.]+) times", said(blank))[1]
    assert float(told) == pytest.approx(float(true[0]), rel=6e-4)
    assert len(told) <= 5


def test_the_parallelogram_is_drawn_from_the_columns_of_the_jacobian(blank):
    draw(blank, unit_square(square, "z²", x=0.5, y=0.25))
    corner, first, both, second = points(blank, "polygon.gbh-dotted")
    scale = np.linalg.norm(first - corner) / np.hypot(1, 0.5)
    assert (first - corner) / scale == pytest.approx([1, -0.5], abs=0.01)  # y points down
    assert (second - corner) / scale == pytest.approx([-0.5, -1], abs=0.01)
    assert both - corner == pytest.approx(first + second - 2 * corner, abs=0.05)


def test_a_square_that_is_turned_over_is_said_to_be(blank):
    draw(blank, unit_square(lambda p: p[::-1], "(y, x)"))
    assert "determinant −1: areas near this point are multiplied by 1, and turned over." in said(
        blank
    )
    assert "has −1 times its (signed) area." in said(blank)


def test_dragging_moves_the_corner_of_the_square(blank):
    draw(blank, unit_square(square, "z²"))
    # Between 58 and 266 of 280 across, and 12 and 220 of 262 down, the range is -1 to 2.
    place = ((58 + 208 / 3) / 280, (12 + 208 * 2 / 3) / 262)
    drag(blank, blank.locator("svg.gbh-plot").first, (0.5, 0.5), place)
    assert said(blank).startswith("At (0, 0): ")
    assert "determinant 0: the parallelogram is flat." in said(blank)


def test_the_board_is_played_by_keyboard_alone(blank):
    draw(blank, shape_board())
    blank.get_by_role("button", name="+ W (D, K)").press("Enter")
    blank.get_by_role("button", name="+ dY (m, K)").press("Enter")
    assert said(blank) == (
        "W @ dY: (D, K) times (m, K). The inner dimensions clash between W and dY: K is not m."
    )
    chip = blank.get_by_role("button", name="W (D, K)", exact=True)
    chip.focus()
    blank.keyboard.press("ArrowRight")
    assert trait(blank, "placed") == ["dY", "W"]
    blank.keyboard.press("t")
    assert trait(blank, "placed") == ["dY", "W.T"]
    assert said(blank) == (
        "dY @ W.T: (m, K) times (K, D) gives (m, D): the shape of dX. "
        "No other product of these factors has it."
    )
    assert blank.evaluate("document.activeElement.textContent") == "Wᵀ (K, D)"
    blank.keyboard.press("Delete")
    assert trait(blank, "placed") == ["dY"]
    assert said(blank).endswith("gives (m, K), but dX has (m, D).")


def test_the_board_is_played_by_its_buttons(blank):
    draw(blank, shape_board(placed=["dY", "W"]))
    assert blank.get_by_role("button", name="transpose").is_disabled()
    blank.get_by_role("button", name="W (D, K)", exact=True).click()
    assert blank.get_by_role("button", name="move right").is_disabled()
    blank.get_by_role("button", name="transpose").click()
    blank.get_by_role("button", name="move left").click()
    assert trait(blank, "placed") == ["W.T", "dY"]
    blank.get_by_role("button", name="clear").click()
    assert said(blank) == "Wanted: dX (m, D)."


@pytest.mark.parametrize(
    ("task", "placed", "words"),
    [
        ("two square Jacobians", ["Jg", "Jf"], "11 other products fit as well."),
        ("first weights of two linear layers", ["V"], "1 other product fits as well."),
        ("chain of three Jacobians", ["Jf", "Jg", "Jh"], "No other product of these factors"),
    ],
)
def test_where_shapes_do_not_decide_the_board_says_so(blank, task, placed, words):
    draw(blank, shape_board(task=task, placed=placed))
    assert words in said(blank)


def test_a_new_task_clears_the_board(blank):
    draw(blank, shape_board(placed=["dY", "W"]))
    blank.get_by_role("combobox", name="wanted").select_option("weights of a linear layer")
    assert trait(blank, "placed") == []
    assert blank.get_by_role("button", name="+ X (m, D)").is_visible()
    assert said(blank) == "Wanted: dW (D, K)."


@pytest.mark.parametrize("light", [True, False], ids=["light", "dark"])
def test_a_chosen_factor_is_readable_and_told_by_more_than_colour(blank, light):
    draw(blank, shape_board(placed=["dY", "W.T"]), light=light)
    chip = blank.get_by_role("button", name="dY (m, K)", exact=True)
    chip.click()
    assert chip.get_attribute("aria-pressed") == "true"
    assert faults(blank) == []


@pytest.mark.parametrize("name", ["contour", "kink", "shape_board", "tolerance_map", "unit_square"])
def test_nothing_scrolls_sideways_on_a_narrow_page(blank, name):
    blank.set_viewport_size({"width": 620, "height": 620})
    draw(blank, FIGURES[name]())
    assert blank.evaluate("document.documentElement.scrollWidth") == 620
