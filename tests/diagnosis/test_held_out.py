"""What the diagnosis made of answers that nobody who wrote it had seen.

`heldout/wrong.py` was written from the student notebooks alone, put through the checks once, and
read by somebody who knew neither the engine nor its families. `verdict`: "right", "unknown",
"vague" or "wrong". It is a measurement: nothing may be tuned on it, and a text that was wrong is
mended without changing its verdict.
"""

from collections import Counter
from pathlib import Path

import jupytext
import pytest

from course_utils.instructor.rehearsal import rehearse
from tests.diagnosis.test_written import notebook

PATH = Path(__file__).parent / "heldout" / "wrong.py"
CELLS = [c for c in jupytext.read(PATH, fmt="py:percent").cells if c.cell_type == "code"]
RIGHT = [c for c in CELLS if c.metadata["verdict"] == "right"]


def test_most_were_named_rightly():
    counts = Counter(cell.metadata["verdict"] for cell in CELLS)
    print(f"{len(CELLS)} held out: {dict(counts)}")
    assert counts["right"] >= 0.6 * len(CELLS)
    assert counts["wrong"] == 0


@pytest.mark.parametrize("cell", RIGHT, ids=lambda c: f"{c.metadata['of']}-{c.metadata['wrong']}")
def test_what_was_right_has_kept_its_name(cell):
    about = cell.metadata
    answers = {"given_popular": "", about["of"]: cell.source}
    tried = rehearse(notebook(about["lesson"]), answers, only=[about["of"]])
    errors = [outcome.error for outcome in tried if not outcome.as_meant]
    assert errors[0].mistake.partition("@")[0] == about["key"]
