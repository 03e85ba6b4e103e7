"""docs/inventory.md says where everything is taught, and there it stands."""

import re

import nbformat
import pytest

from course_utils.instructor.layout import Course

COURSE = Course.find(__file__)
ITEMS = {"P": 7, "C": 8, "J": 6, "B": 14, "G": 7}
ROWS = [
    pytest.param(
        *(cell.strip() for cell in line.strip().strip("|").split("|")), id=line[2:5].strip()
    )
    for line in (COURSE.root / "docs" / "inventory.md").read_text("utf-8").splitlines()
    if re.match(r"\| [PCJBG]\d", line)
]


def pieces(lesson):
    """Yield the text of a solved notebook piece by piece: lines of Markdown, code, and output."""
    for cell in nbformat.read(COURSE.executed / f"{lesson}.ipynb", as_version=4).cells:
        if cell.cell_type == "markdown":
            yield from cell.source.splitlines()
            continue
        yield "\n" + cell.source
        for output in cell.outputs:
            yield "\n" + output.get("text", "") + str(output.get("data", ""))


def section(lesson, heading):
    """Return all that stands under a heading of a solved notebook."""
    level, parts = None, []
    for piece in pieces(lesson):
        title = re.match(r"(#+) (.*)", piece)
        if level and title and len(title[1]) <= level:
            break
        if title and title[2] == heading:
            level = len(title[1])
        if level:
            parts.append(piece)
    assert parts, f"{lesson} has no section {heading!r}"
    return "\n".join(parts)


@pytest.mark.parametrize(("item", "what", "lesson", "heading", "evidence"), ROWS)
def test_an_item_is_taught_where_the_table_says(item, what, lesson, heading, evidence):
    taught = section(lesson, heading)
    wanted = re.findall(r"`([^`]+)`", evidence)
    assert wanted
    assert [text for text in wanted if text not in taught] == []


def test_no_item_is_missing():
    listed = [row.id for row in ROWS]
    assert sorted(listed) == sorted(f"{k}{i}" for k, n in ITEMS.items() for i in range(1, n + 1))
