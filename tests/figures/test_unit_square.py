"""The square and its image: exact on the grid, and near the point the Jacobian."""

import numpy as np
import pytest

from course_utils.figures.unit_square import border, unit_square


def square(p):
    return np.array([p[0] ** 2 - p[1] ** 2, 2 * p[0] * p[1]])


def moved(figure, **state):
    move = {"method": "update", "state": state, "buffer_paths": []}
    figure._handle_msg({"content": {"data": move}, "buffers": []})
    return figure.alt()


def test_the_image_of_the_border_is_that_of_the_function():
    figure = unit_square(square, "z²", x=0.5, y=0.25, size=0.5)
    rows, columns = border(*figure._here())
    at = np.array([-1 + columns / 16, -1 + rows / 16])
    assert at.min(axis=1).tolist() == [0.5, 0.25] and at.max(axis=1).tolist() == [1.0, 0.75]
    expected = (square(at) - square(np.array([[0.5], [0.25]]))) / 0.5
    assert figure._border() == pytest.approx(expected, abs=1e-7)


def test_the_jacobian_is_that_of_the_formula_at_the_corner():
    figure = unit_square(square, "z²", x=0.5, y=0.25)
    assert figure._jacobian() == pytest.approx(np.array([[1, -0.5], [0.5, 1]]), abs=1e-8)
    assert "The determinant is 1.25; the image has about 6.9 times" in figure.alt()


def test_a_smaller_square_has_an_image_closer_to_the_parallelogram():
    figure = unit_square(square, "z²", x=0.5, y=0.25)
    gaps = []
    for size in (1.0, 0.5, 0.25):
        figure.size = size
        J, (i, j, k) = figure._jacobian(), figure._here()
        rows, columns = border(i, j, k)
        flat = J @ (np.array([columns - i, rows - j]) / k)
        gaps.append(np.abs(figure._border() - flat).max())
    assert gaps == pytest.approx([2.0, 1.0, 0.5], rel=1e-6)


def test_a_function_that_turns_the_square_over_has_a_negative_determinant():
    figure = unit_square(lambda p: p[::-1], "(y, x)")
    assert "The determinant is -1; the image has about -1 times" in figure.alt()


def test_a_move_in_the_browser_moves_the_square():
    figure = unit_square(square, "z²")
    assert "A square of size 0.25 at (0, 0)" in moved(figure, x=0.0, y=0.0, size=0.25)
    assert "The determinant is 0;" in figure.alt()


def test_every_image_lies_within_the_axes():
    figure = unit_square(lambda p: np.array([np.sin(3 * p[1]) + p[0] ** 2, p[0] * p[1]]), "f")
    low, high = np.array(figure.data["reach"]).T[:, :, None]
    across, up = np.ptp(figure.data["reach"], axis=1)
    assert across == pytest.approx(up)  # so that angles are true
    for x, y, size in [(-1, -1, 0.125), (-1, 1, 1), (1, 1, 1), (0.5, -0.25, 0.5), (1, -1, 0.25)]:
        figure.x, figure.y, figure.size = x, y, size
        points = np.hstack([figure._border(), figure._jacobian()])
        assert (points >= low).all() and (points <= high).all()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"f": lambda p: p[0]}, r"shape \(2,\), got shape \(\)"),
        ({"f": lambda p: np.array([np.nan, 1.0])}, "f is nan or inf at"),
        ({"size": 2.0}, "size = 2 is outside of 0.125 to 1"),
        ({"x": 1.5}, "x = 1.5 is outside"),
        ({"low": 2, "high": 1}, "low must be below high"),
    ],
)
def test_arguments_that_make_no_figure_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        unit_square(**{"f": square, "label": "z²"} | arguments)
