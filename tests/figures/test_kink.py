"""Near a kink at distance d < h the central difference is off by half the jump times 1 - d/h."""

import pytest

from course_utils.figures.kink import kink
from course_utils.oracles import numerical_derivative


@pytest.mark.parametrize(("kind", "jump"), [("ReLU", 1), ("abs", 2)])
@pytest.mark.parametrize("x", [-0.45, -0.1, 0.05, 0.2, 0.45])
def test_the_error_is_half_the_jump_times_1_minus_d_over_h(kind, jump, x):
    figure = kink(kind, x=x, h=0.5)
    assert figure._error(x) == pytest.approx(jump / 2 * (1 - abs(x) / 0.5))


def test_there_is_no_error_where_the_kink_is_no_closer_than_the_step():
    assert kink(x=0.5, h=0.5)._error(0.5) == 0
    assert kink("abs", x=-0.9, h=0.5)._error(-0.9) == 0


def test_the_difference_is_that_of_the_course():
    figure = kink(x=0.2, h=0.5)
    assert figure._numeric(0.2) == pytest.approx(
        numerical_derivative(lambda x: x * (x > 0), 0.2, 0.5)
    )


def test_on_the_kink_the_slope_is_0_by_convention_and_the_difference_a_half():
    assert "It gives 0.5, the slope is 0; the error is 0.5." in kink(x=0.0).alt()


def test_a_move_in_the_browser_reaches_the_description():
    figure = kink(x=0.7, h=0.5)
    move = {"method": "update", "state": {"x": 0.25, "kind": "abs"}, "buffer_paths": []}
    figure._handle_msg({"content": {"data": move}, "buffers": []})
    assert figure.alt().endswith("It gives 0.5, the slope is 1; the error is 0.5.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"kind": "tanh"}, "kind is 'tanh': choose one of ReLU, abs"),
        ({"x": 3.0}, "x = 3 is outside"),
        ({"h": 0.0}, "h = 0 is outside"),
    ],
)
def test_arguments_that_make_no_figure_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        kink(**arguments)
