"""Run a notebook's cells in this process: fast enough to try many answers."""

import contextlib
import io
import warnings
from dataclasses import dataclass

import nbformat

from course_utils.instructor.reconcile import grade_id


@dataclass(frozen=True)
class Outcome:
    """What became of one code cell.

    cell: its id. name: its nbgrader name or None. error: the exception or None.
    raises: the name of the exception that the cell is there to show, or None.
    """

    cell: str
    name: str | None
    error: BaseException | None
    raises: str | None = None

    @property
    def as_meant(self):
        """Whether the cell ran through, or showed the error that it is there to show."""
        return (type(self.error).__name__ if self.error else None) == self.raises


def rehearse(notebook, answers=(), only=None):
    """Run the code cells of `notebook` in order, in one fresh namespace; return their Outcomes.

    answers: dict from the name of an answer cell to the code to run after it, in its place.
    only: names of exercises. Then only their tests, all answers and all locked cells run: a learner
      may have changed any other cell, so no test may need one.
    Output is thrown away, warnings too, and nothing is drawn.
    """
    answers = dict(answers)
    names = {"__name__": "__main__", "display": lambda *_, **__: None}
    outcomes = []
    for cell in needed_cells(notebook, only).cells if only else notebook.cells:
        if cell.cell_type != "code":
            continue
        name = grade_id(cell)
        code = answers.get(name, cell.source)
        error = _execute(code, cell.id, names)
        outcomes.append(Outcome(cell.id, name, error, cell.metadata.get("raises")))
    return outcomes


def needed_cells(notebook, only):
    """Return a notebook of the tests of the exercises `only`, and of what they need.

    That is every locked cell and every answer before the last of these tests.
    """
    cells = [cell for cell in notebook.cells if _is_needed(cell, grade_id(cell), only)]
    last = max(i for i, cell in enumerate(cells) if cell.metadata.nbgrader.get("grade"))
    return nbformat.NotebookNode(notebook, cells=cells[: last + 1])


def _is_needed(cell, name, only):
    if not name:
        return False
    is_test = cell.metadata.nbgrader.get("grade")
    return not is_test or any(name == f"check_{e}" or name.startswith(f"check_{e}_") for e in only)


def _execute(code, place, names):
    from course_utils.figures import static

    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
        static.nothing_shown(),
    ):
        warnings.simplefilter("ignore")
        try:
            exec(compile(code, f"<{place}>", "exec"), names)  # noqa: S102
        except Exception as error:
            return error
    return None
