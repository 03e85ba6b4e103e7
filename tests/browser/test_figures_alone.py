"""Every figure by itself: drawn by its own module, moved by keyboard, readable, in both themes."""

import pytest

from tests.browser.alone import draw, draw_also, faults
from tests.figures.examples import FIGURES


@pytest.mark.parametrize("light", [True, False], ids=["light", "dark"])
@pytest.mark.parametrize("name", FIGURES)
def test_nobody_is_shut_out(blank, name, light):
    draw(blank, FIGURES[name](), light=light)
    assert faults(blank) == []


@pytest.mark.parametrize("name", FIGURES)
def test_every_control_is_reached_by_the_tab_key_and_has_a_name(blank, name):
    draw(blank, FIGURES[name]())
    controls = blank.locator("#here :is(input, select, button):not(:disabled)")
    for i in range(controls.count()):
        blank.keyboard.press("Tab")
        assert controls.nth(i).evaluate("node => node === document.activeElement")


@pytest.mark.parametrize("name", FIGURES)
def test_two_figures_of_a_kind_on_one_page_share_no_id(blank, name):
    draw(blank, FIGURES[name]())
    draw_also(blank, FIGURES[name]())
    ids = blank.evaluate("() => [...document.querySelectorAll('[id]')].map(node => node.id)")
    assert len(set(ids)) == len(ids)
