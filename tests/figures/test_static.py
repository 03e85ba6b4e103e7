"""Still figures are shown once, with words for those who cannot see them."""

import re

import pytest
from matplotlib.figure import Figure

from course_utils.figures import new_figure, show, static


@pytest.fixture
def shown(monkeypatch):
    bundles = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: bundles.append(data))
    return bundles


def test_a_figure_carries_its_description(shown):
    figure, axis = new_figure()
    axis.plot([0, 1], [0, 1])
    show(figure, alt='a line "up"')
    assert 'alt="a line &quot;up&quot;"' in shown[0]["text/html"]
    assert shown[0]["text/plain"] == '[Figure: a line "up"]'


def test_the_same_drawing_gives_the_same_bytes(shown, monkeypatch):
    for _ in range(2):
        monkeypatch.setattr(static, "_drawn", {})
        figure, axis = new_figure()
        axis.plot([0, 1], [1, 0])
        show(figure, alt="a line")
    assert shown[0] == shown[1]
    assert re.search(r"base64,[A-Za-z0-9+/=]{1000,}", shown[0]["text/html"])


def test_a_figure_without_a_description_is_refused():
    with pytest.raises(ValueError, match="alt text"):
        show(new_figure()[0], alt=" ")


def test_nothing_is_drawn_where_nobody_looks(shown):
    with static.nothing_shown():
        show(new_figure()[0], alt="a line")
    assert shown == []


def drawing(height):
    figure, axes = static.new_figure()
    axes.plot([0, 1], [0, height], label="$x^2$")
    axes.legend()
    return figure


def test_a_figure_with_all_the_same_in_it_is_drawn_once(monkeypatch):
    drawn = []
    real = Figure.savefig
    monkeypatch.setattr(Figure, "savefig", lambda f, *a, **k: drawn.append(f) or real(f, *a, **k))
    monkeypatch.setattr(static, "_drawn", {})
    first = static._png(drawing(1.0))
    assert static._png(drawing(1.0)) == first and len(drawn) == 1
    assert static._png(drawing(1.1)) != first and len(drawn) == 2


def test_a_figure_that_holds_a_function_is_drawn_each_time(monkeypatch):
    monkeypatch.setattr(static, "_drawn", {})
    figure = drawing(1.0)
    figure.axes[0].yaxis.set_major_formatter(lambda value, place: f"{value:g}")
    assert static._png(figure).startswith(b"\x89PNG") and not static._drawn
