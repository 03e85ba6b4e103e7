"""How a lesson's text becomes cells."""

import pytest

from course_utils.instructor.layout import CourseError
from course_utils.instructor.lesson import LONG, read_lesson

HEAD = """\
# ---
# jupyter:
#   course:
#     minutes: 5
#     objectives:
#     - double a number
#     title: Doubling
# ---

# %% [markdown]
# # Lesson 9: Doubling
"""
ANSWER = """
# %% answer="double"
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
"""


def cells(tmp_path, *parts):
    path = tmp_path / "09_doubling.py"
    path.write_text(HEAD + "\n".join(parts), "utf-8")
    return {cell.id: cell for cell in read_lesson(path).notebook.cells}


def check(lines):
    body = "\n".join(f"check_value(double({i}), {2 * i}, name='double')" for i in range(lines))
    return (
        f'\n# %% check="double" points=1\n{body}\n### BEGIN HIDDEN TESTS\n1\n### END HIDDEN TESTS\n'
    )


def test_a_short_test_is_shown(tmp_path):
    cell = cells(tmp_path, ANSWER, check(LONG))["check-double"]
    assert "jupyter" not in cell.metadata
    assert cell.source.startswith("check_value(double(0)")


def test_a_long_test_is_folded_under_a_line_that_says_what_it_is(tmp_path):
    cell = cells(tmp_path, ANSWER, check(LONG + 1))["check-double"]
    assert cell.metadata.jupyter == {"source_hidden": True}
    assert cell.source.startswith("# Checks of double: run this cell;")


def test_a_cell_whose_output_changes_is_kept_out_of_the_comparison(tmp_path):
    made = cells(tmp_path, '\n# %% changes="clock"\nprint(1)\n')
    assert made["clock"].metadata.tags == ["nbval-ignore-output"]


def test_the_top_tells_time_points_and_objectives(tmp_path):
    top = cells(tmp_path, ANSWER, check(1))["lesson-9-doubling-0"].source
    assert "**Time:** about 5 minutes. **Points:** 1." in top
    assert "1. double a number" in top


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\n# %% [markdown] hints="double"\n# 1. One.\n', "1 hints; an exercise has three"),
        ('\n# %% quiz="q1" points=1 objective=1\nq1 = "B"\n', "a quiz cell is the line"),
        ('\n# %% [markdown] recall="1"\n# What?\n#\n# - This.\n', "no ' :: explanation'"),
        ('\n# %% given="a" answer="a"\n1\n', "a cell is one thing"),
    ],
)
def test_a_broken_cell_is_named_with_what_it_lacks(tmp_path, text, message):
    with pytest.raises(CourseError, match=message):
        cells(tmp_path, text)
