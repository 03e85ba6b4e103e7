"""A question for practice: choose, and read why the choice is right or wrong."""

import json
from pathlib import Path

import anywidget
import traitlets
from IPython.display import Markdown, display

from course_utils.figures.base import HERE, source

ITEMS = Path(__file__).with_name("self_check.json")  # made by `course build` from the lessons


class SelfCheck(anywidget.AnyWidget):
    """The choices of one item, as buttons. chosen: the letter that was chosen last, or "".

    The explanations stay in the kernel, so that neither the page nor the notebook holds one
    before its choice is made.
    """

    _esm = source("self_check")
    _css = (HERE / "shared.css").read_text("utf-8")
    number = traitlets.Int().tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        data["text/plain"] = f"[Question {self.number}: choose {', '.join(self.choices)}]"
        return data, metadata


def self_check(lesson, number):
    """Show the choices of a recall item below its question; a choice shows its explanation.

    Raises LookupError where the lesson has no such item.
    """
    try:
        explanations = json.loads(ITEMS.read_text("utf-8"))[lesson][str(number)]
    except KeyError:
        raise LookupError(
            f"{lesson}: has no recall item {number}. If you have written one, run: course build"
        ) from None
    widget = SelfCheck(number=number, choices=list(explanations))
    display(widget)
    said = display(Markdown(""), display_id=True)

    def explain(change):
        if said is not None:
            said.update(Markdown(f"**{change.new}.** {explanations[change.new]}"))

    widget.observe(explain, "chosen")
    return None
