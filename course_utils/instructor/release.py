"""From text to student: lesson texts -> nbgrader source -> student notebooks, solved notebooks."""

import json
import tempfile
from pathlib import Path

import nbformat

from course_utils.instructor.layout import CourseError
from course_utils.instructor.lesson import read_lesson

SECONDS_A_CELL = 120


def build(course, *, execute=True, progress=lambda what: None):
    """Bring everything that is derived from the texts up to date; return the files that changed.

    course: the Course; its work folder gets nbgrader's source and release.
    execute: also run the solved notebooks whose text has changed.
    progress: called with a sentence before each step.
    """
    lessons = [read_lesson(path) for path in course.texts]
    # First, since the solved notebooks read it.
    changed = _write(course.recalls, recalls(lessons))
    for lesson in lessons:
        progress(f"building {lesson.name}")
        changed += _write(
            course.notebooks / f"{lesson.name}.ipynb", student_notebook(course, lesson)
        )
        solved = course.executed / f"{lesson.name}.ipynb"
        if execute and not is_executed(lesson, solved):
            progress(f"running the solved {lesson.name}")
            changed += _write(solved, dump(run_solved(lesson)))
    return changed


def student_notebook(course, lesson):
    """Return the student version of a lesson as text; also writes nbgrader's source and release."""
    if not lesson.exercises:
        return dump(lesson.notebook)
    from course_utils.instructor import bridge

    source = course.source(lesson.name)
    # nbgrader hands out every other file of this folder too: keep nothing but the notebook there.
    source.parent.mkdir(parents=True, exist_ok=True)
    for other in set(source.parent.iterdir()) - {source}:
        raise CourseError(
            f"{other}: nbgrader would hand this out with the lesson; move it elsewhere."
        )
    _write(source, dump(lesson.notebook))
    return dump(bridge.generate(course, lesson.name))


def recalls(lessons):
    """Return the explanations of all recall items, as the text of the package's file of them."""
    items = {lesson.name: lesson.recalls for lesson in lessons if lesson.recalls}
    return json.dumps(items, indent=1, ensure_ascii=False) + "\n"


def stale(course, lessons):
    """Yield the path of each derived notebook that is not what its text gives, and the reason."""
    with tempfile.TemporaryDirectory() as work:
        scratch = course.at(work)
        for lesson in lessons:
            path = course.notebooks / f"{lesson.name}.ipynb"
            if not path.is_file():
                yield path, "is missing"
            elif path.read_text("utf-8") != student_notebook(scratch, lesson):
                yield path, "is not what its text gives"
            solved = course.executed / f"{lesson.name}.ipynb"
            if not is_executed(lesson, solved):
                yield solved, "has not been run since its text changed"
    if not course.recalls.is_file() or course.recalls.read_text("utf-8") != recalls(lessons):
        yield course.recalls, "is not what the texts give"
    known = {lesson.name for lesson in lessons}
    for folder in (course.notebooks, course.executed):
        for path in sorted(folder.glob("*.ipynb")):
            if path.stem not in known:
                yield path, "has no text in solutions/"


def is_executed(lesson, path):
    """Return whether the solved notebook at `path` holds the present cells of `lesson`."""
    if not path.is_file():
        return False
    solved = nbformat.read(path, as_version=4)
    return [_inputs(cell) for cell in solved.cells] == [
        _inputs(cell) for cell in lesson.notebook.cells
    ]


def _inputs(cell):
    return cell.id, cell.cell_type, cell.source, cell.metadata.get("nbgrader")


def run_solved(lesson):
    """Return the lesson's source notebook, run from top to bottom in a fresh kernel."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.from_dict(lesson.notebook)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=SECONDS_A_CELL,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": folder}},
            extra_arguments=["--log-level=ERROR"],
        )
        try:
            client.execute()
        except CellExecutionError as error:
            raise CourseError(
                f"solutions/{lesson.name}.py: its solution does not run:\n{error}"
            ) from error
    notebook.metadata = lesson.notebook.metadata
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            # The name of a widget that lived in that kernel; without it, the picture is shown.
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    return notebook


def dump(notebook):
    """Return a notebook as text, the same for the same cells."""
    return nbformat.writes(notebook) + "\n"


def _write(path, text):
    """Write `text` where it differs from what is there; return the changed paths."""
    path = Path(path)
    if path.is_file() and path.read_text("utf-8") == text:
        return []
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")
    return [path]
