"""A question for practice gives away nothing before it is answered."""

import json

import pytest

from course_utils.figures import self_check
from course_utils.figures.self_check import ITEMS, SelfCheck

EXPLAINED = json.loads(ITEMS.read_text("utf-8"))


def test_every_choice_is_explained_and_exactly_one_is_right():
    for lesson, items in EXPLAINED.items():
        for number, choices in items.items():
            right = [c for c, why in choices.items() if why.startswith("Yes")]
            assert (lesson, number, len(right)) == (lesson, number, 1)
            assert all(why.startswith(("Yes", "No", "Nearly")) for why in choices.values())


def test_what_the_browser_gets_holds_no_explanation(monkeypatch):
    shown = []
    monkeypatch.setattr(self_check, "display", lambda thing, **_: shown.append(thing))
    self_check.self_check("01_chain_rule", 1)
    widget = next(thing for thing in shown if isinstance(thing, SelfCheck))
    state = json.dumps({k: str(v) for k, v in widget.get_state().items()})
    for why in EXPLAINED["01_chain_rule"]["1"].values():
        assert why not in state
    assert widget._repr_mimebundle_()[0]["text/plain"] == "[Question 1: choose A, B, C]"


def test_a_choice_is_answered_by_its_own_explanation(monkeypatch):
    said = []

    class Handle:
        def update(self, markdown):
            said.append(markdown.data)

    widgets = []

    def display(thing, display_id=None):
        widgets.append(thing)
        return Handle() if display_id else None

    monkeypatch.setattr(self_check, "display", display)
    self_check.self_check("01_chain_rule", 1)
    move = {"method": "update", "state": {"chosen": "C"}, "buffer_paths": []}
    widgets[0]._handle_msg({"content": {"data": move}, "buffers": []})
    assert said == [f"**C.** {EXPLAINED['01_chain_rule']['1']['C']}"]


def test_an_item_that_is_not_there_is_named():
    with pytest.raises(LookupError, match="01_chain_rule: has no recall item 9"):
        self_check.self_check("01_chain_rule", 9)
