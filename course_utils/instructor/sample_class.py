"""A class of twelve to try the grading on: what students hand in, good and bad."""

import copy
import shutil

import nbformat

from course_utils.instructor.layout import CourseError
from course_utils.instructor.lesson import BEGIN_SOLUTION, END_SOLUTION, read_lesson
from course_utils.instructor.reconcile import grade_id
from course_utils.instructor.variants import read_variants

MARK = "sample-class"  # a file that says: this folder was made here and may be made anew


def clear(folder):
    """Make an empty class folder, in place of an earlier sample class if there is one.

    Raises CourseError for a folder that holds anything else: it may be a real class.
    """
    if folder.exists() and not (folder / MARK).is_file() and any(folder.iterdir()):
        raise CourseError(
            f"{folder}: is no sample class, so it is left alone. Name another folder."
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()


def make_class(course, lesson):
    """Write the twelve submissions of a lesson and return `{student: what it is}`.

    They are made from the student notebook in `notebooks/`, the solutions and their variants.
    """
    shipped = nbformat.read(course.notebooks / f"{lesson}.ipynb", as_version=4)
    source = read_lesson(course.lesson_text(lesson)).notebook
    said = {}
    for number, (what, text) in enumerate(_submissions(course, lesson, shipped, source), 1):
        student = f"student-{number:02}"
        path = course.submitted(lesson, student)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        said[student] = what
    return said


def _submissions(course, lesson, shipped, source):
    """Yield `(what it is, the file's text)` for each student in turn."""
    right_ones = _answers(source)
    variants = read_variants(course, lesson)
    names = list(dict.fromkeys(v.exercise for v in variants))
    right = {n: [v.code for v in variants if v.exercise == n and v.right] for n in names}
    wrong = {
        n: [v.code for v in variants if v.exercise == n and not v.right and not v.endless]
        for n in names
    }
    loops = {v.exercise: v.code for v in variants if v.endless == "cell"}
    endless = loops or {names[0]: f"{right_ones[names[0]]}\nwhile True:\n    pass"}
    other = right_ones | {n: codes[0] for n, codes in right.items() if codes}
    full = nbformat.writes(_filled(shipped, right_ones))

    yield "perfect, as in the solutions", full
    yield "perfect, in another style", nbformat.writes(_filled(shipped, other))
    for k in range(4):
        mistakes = {n: wrong[n][k % len(wrong[n])] for i, n in enumerate(names) if i % 2 == k % 2}
        yield "common mistakes", nbformat.writes(_filled(shipped, right_ones | mistakes))
    begun = {n: right_ones[n] for n in names[: len(names) // 2]}
    yield "unfinished", nbformat.writes(_filled(shipped, begun))
    yield "nothing written", nbformat.writes(shipped)
    yield "a test cell copied", nbformat.writes(_with_copied_test(_filled(shipped, right_ones)))
    yield "cut off in the middle", full[: len(full) // 2]
    yield (
        "an endless loop",
        nbformat.writes(_filled(shipped, right_ones | endless)),
    )
    warns = {n: codes[-1] for n, codes in right.items() if codes}
    yield "perfect, and warns", nbformat.writes(_filled(shipped, right_ones | warns))


def solved(shipped, source):
    """Return the student notebook `shipped` with the answers of nbgrader's source notebook."""
    return _filled(shipped, _answers(source))


def _answers(source):
    """Return `{name: code}` of every answer cell of a source notebook."""
    return {
        name: _without_markers(cell.source)
        for cell in source.cells
        if (name := grade_id(cell)) and cell.metadata.nbgrader.solution
    }


def _without_markers(source):
    lines = source.splitlines()
    return "\n".join(line for line in lines if line.strip() not in (BEGIN_SOLUTION, END_SOLUTION))


def _filled(shipped, answers):
    notebook = copy.deepcopy(shipped)
    for cell in notebook.cells:
        if grade_id(cell) in answers:
            cell.source = answers[grade_id(cell)]
    return notebook


def _with_copied_test(notebook):
    place = next(
        i for i, c in enumerate(notebook.cells) if c.metadata.get("nbgrader", {}).get("grade")
    )
    twin = copy.deepcopy(notebook.cells[place])
    twin.id = f"{twin.id}-copy"
    notebook.cells.insert(place + 1, twin)
    return notebook
