"""The figure of the linked number lines."""

import math

import numpy as np
import pytest

from course_utils.figures.number_lines import number_lines

SQUARE = [(lambda x: 2 * x + 1, "u = 2x + 1"), (lambda u: u**2, "y = u²")]
THREE = [(lambda x: x**2, "z = x²"), (np.sin, "y = sin z"), (lambda y: y**2, "L = y²")]


def test_every_line_is_the_link_of_the_line_before():
    x, z, y, end = map(np.array, number_lines(THREE, low=-1, high=2).data["values"])
    assert np.allclose([z, y, end], [x**2, np.sin(x**2), np.sin(x**2) ** 2], rtol=1e-15)


def test_every_slope_is_taken_at_the_value_that_enters_its_link():
    data = number_lines(THREE, low=-1, high=2).data
    x, z, y, _ = map(np.array, data["values"])
    assert np.allclose(data["slopes"], [2 * x, np.cos(z), 2 * y], atol=2e-8)


def test_functions_of_the_module_math_are_links_too():
    data = number_lines([(math.exp, "u = e^x"), (math.sqrt, "y = √u")], low=0, high=1, x=0.5).data
    assert np.allclose(data["values"][2], np.exp(np.array(data["values"][0]) / 2))


def test_all_of_the_interval_stays_in_the_range_at_every_x_and_width():
    data = number_lines(SQUARE, low=0, high=2).data
    half = max(data["widths"]) / 2
    assert data["xs"][0] - half >= -1e-12 and data["xs"][-1] + half <= 2 + 1e-12


def test_a_move_in_the_browser_is_seen_in_the_words():
    figure = number_lines(SQUARE, x=1.0, width=0.2)
    move = {"method": "update", "state": {"x": 0.5}, "buffer_paths": []}
    figure._handle_msg({"content": {"data": move}, "buffers": []})
    assert figure.alt().endswith(
        "at x = 0.5, u = 2, y = 4. An interval around x of width 0.2 has the width 1.6 on the last "
        "line. The local slopes are 2 · 4; their product is 8."
    )


def test_at_a_kink_neither_the_link_nor_the_chain_has_a_slope():
    chain = [(lambda x: x - 1, "u = x − 1"), (abs, "y = |u|")]
    assert (
        number_lines(chain, x=1.0)
        .alt()
        .endswith("The local slopes are 1 · not defined; their product is not defined.")
    )


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ({"links": []}, "0 links: give a list of 1 to 5"),
        ({"links": SQUARE * 3}, "6 links: give a list of 1 to 5"),
        ({"links": [np.sin]}, "link 1 is"),
        ({"links": [(np.log, "u = ln x")], "low": -1}, "u = ln x has no .*choose low and high"),
        ({"links": SQUARE, "x": 2.0}, "x = 2 is outside: choose it from 0.2 to 1.8"),
        ({"links": SQUARE, "width": 1.0}, "width = 1 is outside: choose it from 0.02 to 0.4"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_cure(bad, told):
    with pytest.raises(ValueError, match=told):
        number_lines(**bad)


def test_an_interval_that_turns_back_covers_all_that_it_passes():
    figure = number_lines([(lambda x: x**2, "u = x²")], x=0.0, low=-1, high=1, width=0.2)
    assert "has the width 0.01 on the last line" in figure.alt()
