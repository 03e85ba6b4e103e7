"""The contour figure: gradients, slopes and contour lines are those of the function."""

import numpy as np
import pytest

from course_utils.figures.contour import contour


def bowl(x, y):
    return x**2 + x * y + 2 * y**2


def moved(figure, **state):
    move = {"method": "update", "state": state, "buffer_paths": []}
    figure._handle_msg({"content": {"data": move}, "buffers": []})
    return figure.alt()


def test_the_gradient_on_the_grid_is_that_of_the_formula():
    data = contour(bowl, "f").data
    X, Y = np.meshgrid(data["at"], data["at"])
    assert np.array(data["gx"]) == pytest.approx(2 * X + Y, abs=1e-7)
    assert np.array(data["gy"]) == pytest.approx(X + 4 * Y, abs=1e-7)
    assert data["gx"][18][18] == 0  # no noise in place of 0


def test_a_contour_line_keeps_the_value_of_the_function():
    data = contour(lambda x, y: x - 2 * y, "x − 2y").data
    for xs, ys in data["lines"]:
        values = np.array(xs) - 2 * np.array(ys)
        assert np.ptp(values) < 1e-2
    for x, y, text in data["labels"]:
        assert float(text.replace("−", "-")) == pytest.approx(x - 2 * y, abs=1e-2)


def test_no_arrow_of_the_gradient_leaves_the_picture():
    data = contour(lambda x, y: x**3 - 5 * y, "f").data
    X, Y = np.meshgrid(data["at"], data["at"])
    for V, g in ((X, data["gx"]), (Y, data["gy"])):
        tip = V + data["scale"] * np.array(g)
        assert data["view"][0] <= tip.min() and tip.max() <= data["view"][1]


def test_a_move_in_the_browser_tells_the_slope_in_the_new_direction():
    figure = contour(bowl, "f", x=1.0, y=0.5, angle=0.0)
    assert "The slope in this direction is 2.5." in figure.alt()
    assert "The slope in this direction is 3." in moved(figure, angle=90.0)
    assert "of 90 degrees" in figure.alt() and "The gradient is (2.5, 3)" in figure.alt()
    assert "gradient" not in moved(figure, shown=False)


def test_a_function_that_takes_numbers_only_will_do():
    figure = contour(lambda x, y: float(x) if x > y else float(y), "max", x=1.0, y=-1.0)
    assert "The gradient is (1, 0), of length 1" in figure.alt()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"f": lambda x, y: 1 / x if x else np.inf}, "f is nan or inf at"),
        ({"f": lambda x, y: 3.0}, "f is constant"),
        ({"x": 2.5}, "x = 2.5 is outside of -1.8 to 1.8"),
        ({"low": 1, "high": 1}, "low must be below high"),
    ],
)
def test_arguments_that_make_no_figure_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        contour(**{"f": bowl, "label": "f"} | arguments)
