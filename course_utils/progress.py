"""What a learner has checked and passed: kept in a small file beside the notebooks.

JupyterLab tells a kernel which notebook it runs and which cell; a test cell's id starts with
`check-`. Elsewhere (in grading, in tests) nothing is kept.
"""

import contextlib
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

FILE = "progress.json"
FOLDER_HINT = "Name the folder with your notebooks: course progress FOLDER"


class Row(NamedTuple):
    """One lesson on the map.

    file, title: of the notebook. points, of: those of exercises whose checks pass, and of all.
    answered, questions: of the quiz. todo: the heading of the first exercise that is open, or "".
    """

    file: str
    title: str
    points: int
    of: int
    answered: int
    questions: int
    todo: str


def install():
    """Let a running notebook keep what its test cells say; elsewhere do nothing."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    session = os.environ.get("JPY_SESSION_NAME", "")
    if shell is None or not session.endswith(".ipynb"):
        return
    lesson = Path(session).stem

    def keep(result):
        cell = getattr(result.info, "cell_id", None) or ""
        if cell.startswith("check-"):
            with contextlib.suppress(OSError):  # a full or read-only disk must not stop a lesson
                record(Path.cwd(), lesson, cell, passed=result.success)
            if result.success:
                print("Passed.")

    shell.events.register("post_run_cell", keep)


def record(folder, lesson, cell, *, passed):
    """Note in `folder` whether a test cell of a lesson has passed."""
    known = read(folder)
    when = datetime.now(UTC).isoformat(timespec="seconds")
    known.setdefault(lesson, {})[cell] = {"passed": passed, "when": when}
    path = Path(folder) / FILE
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", "utf-8")
    os.replace(temporary, path)


def read(folder):
    """Return `{lesson: {cell: {"passed": bool, "when": ISO time}}}`.

    A file that cannot be read is put aside under another name, so that nothing is lost.
    """
    path = Path(folder) / FILE
    try:
        known = json.loads(path.read_text("utf-8"))
        return {lesson: dict(cells) for lesson, cells in known.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError, TypeError):
        path.replace(path.with_suffix(".unreadable.json"))
        return {}


def overview(folder):
    """Return a Row for each notebook in `folder` that has test cells, in order of their names."""
    known = read(folder)
    rows = []
    for path in sorted(Path(folder).glob("*.ipynb")):
        cells = _cells(path)
        if any(_points(cell) is not None for cell in cells):
            rows.append(_row(path, cells, known.get(path.stem, {})))
    return rows


def _cells(path):
    try:
        return json.loads(path.read_text("utf-8"))["cells"]
    except (ValueError, KeyError, TypeError, OSError):
        return []  # half saved: its row comes back with the next look


def _row(path, cells, known):
    earned = of = answered = questions = 0
    title, heading, todo = path.stem, "", ""
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and source.startswith("#"):
            heading = source.splitlines()[0].lstrip("# ")
            title = heading if title == path.stem else title
        points = _points(cell)
        if points is None:
            continue
        passed = known.get(cell.get("id"), {}).get("passed", False)
        if "check_choice(" in source:
            answered, questions = answered + passed, questions + 1
        else:
            earned, of = earned + points * passed, of + points
            todo = todo or ("" if passed else heading)
    return Row(path.name, title, earned, of, answered, questions, todo)


def _points(cell):
    about = cell.get("metadata", {}).get("nbgrader", {})
    return about.get("points") if about.get("grade") else None


def show_progress(folder="."):
    """Show the map of the course in a notebook: what is passed, with links to what is open."""
    from IPython.display import display

    rows = overview(folder)
    display({"text/html": as_html(rows), "text/plain": as_text(rows)}, raw=True)


def as_text(rows):
    """Return the map as lines of text."""
    if not rows:
        return "No lessons are in this folder."
    lines = []
    for row in rows:
        line = f"{row.title}: {row.points} of {row.of} points pass their checks"
        if row.questions:
            line += f", {row.answered} of {row.questions} questions answered"
        lines.append(f"{line}.{f' Next: {row.todo}.' if row.todo else ''}")
    return "\n".join(lines)


def as_html(rows):
    """Return the map as a table with a bar and a link for each lesson."""
    import html

    head = "".join(f'<th scope="col">{name}</th>' for name in ("lesson", "checks", "quiz", "next"))
    lines = []
    for row in rows:
        title, todo = html.escape(row.title), html.escape(row.todo)
        span = f'value="{row.points}" max="{row.of}"'
        bar = f'<progress {span} aria-label="{title}: points"></progress>'
        quiz = f"{row.answered} of {row.questions}" if row.questions else ""
        lines.append(
            f'<tr><th scope="row" style="text-align:left">'
            f'<a href="{html.escape(row.file)}">{title}</a></th>'
            f"<td>{bar} {row.points} of {row.of} points</td><td>{quiz}</td><td>{todo}</td></tr>"
        )
    caption = '<caption style="text-align:left">What passes its checks so far</caption>'
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
