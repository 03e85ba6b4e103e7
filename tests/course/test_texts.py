"""The lesson texts as an author meets them."""

import difflib

import jupytext
import pytest
from jupytext.config import load_jupytext_config

from course_utils.instructor.layout import Course

TEXTS = Course.find(__file__).texts


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.stem)
def test_a_text_saved_as_a_notebook_in_jupyterlab_stays_the_same(path):
    text, config = path.read_text("utf-8"), load_jupytext_config(str(path))
    notebook = jupytext.reads(text, fmt="py:percent", config=config)
    saved = jupytext.writes(notebook, fmt="py:percent", config=config)
    assert "\n".join(difflib.unified_diff(text.splitlines(), saved.splitlines())) == ""
