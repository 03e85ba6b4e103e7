"""The formulas of a lesson as its reader sees them."""

import nbformat

from course_utils.instructor.layout import Course

COURSE = Course.find(__file__)


def displayed(lesson):
    """Return the Markdown of a student notebook in one line, with single spaces."""
    notebook = nbformat.read(COURSE.notebooks / f"{lesson}.ipynb", as_version=4)
    cells = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return " ".join(" ".join(cells).split())
