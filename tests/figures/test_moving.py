"""What every figure to move gives to a page, with and without a kernel."""

import re

import pytest
import traitlets

from course_utils.figures import base
from tests.figures.examples import FIGURES


def bundle(figure):
    return figure._repr_mimebundle_()[0]


def test_every_figure_has_an_example():
    names = {path.stem for path in base.HERE.glob("*.js")} - {"shared", "self_check"}
    assert set(FIGURES) == names


@pytest.mark.parametrize("name", FIGURES)
def test_a_page_without_a_kernel_gets_a_picture_with_its_description(name):
    figure = FIGURES[name]()
    svg = bundle(figure)["image/svg+xml"]
    assert svg.startswith("<svg")
    assert re.search(r"<title>(.+?)</title>", svg)[1]
    assert len(figure.alt()) > 40


@pytest.mark.parametrize("name", FIGURES)
def test_two_figures_of_the_same_state_give_the_same_text_and_picture(name):
    one, other = bundle(FIGURES[name]()), bundle(FIGURES[name]())
    for kind in ("text/plain", "image/svg+xml"):
        assert one[kind] == other[kind]
    assert one["text/plain"] == f"[Figure: {FIGURES[name]().alt()}]"


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_loaded_from_elsewhere(name):
    text = str(FIGURES[name]()._esm) + str(FIGURES[name]()._css)
    assert set(re.findall(r"https?://[^\s\"']+", text)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"^\s*import\b|\bimport\(", text, re.MULTILINE)


@pytest.mark.parametrize("name", FIGURES)
def test_what_the_browser_is_sent_is_plain_json(name):
    import json

    figure = FIGURES[name]()
    state = figure.get_state([n for n in figure.keys if not n.startswith("_") and n != "layout"])
    json.dumps(
        {k: v for k, v in state.items() if not isinstance(v, memoryview | bytes)}, allow_nan=False
    )


def test_a_move_in_the_browser_reaches_python_and_the_picture():
    figure = FIGURES["secant"]()
    move = {"method": "update", "state": {"h": 0.25}, "buffer_paths": []}
    figure._handle_msg({"content": {"data": move}, "buffers": []})
    assert figure.h == 0.25
    assert "The slope of the secant is 2.25" in bundle(figure)["text/plain"]


def test_a_word_that_is_no_scheme_is_refused():
    with pytest.raises(traitlets.TraitError):
        FIGURES["secant"]().scheme = "sideways"
