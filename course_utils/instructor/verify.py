"""Proof that texts, notebooks and packages agree, and that nothing of an answer gets out."""

import ast
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from course_utils.checks import NotWritten
from course_utils.instructor import release
from course_utils.instructor.layout import CourseError
from course_utils.instructor.lesson import (
    BEGIN_HIDDEN,
    BEGIN_SOLUTION,
    hidden_lines,
    read_lesson,
    visible_source,
)
from course_utils.instructor.rehearsal import rehearse

SHORTEST = 8  # shorter lines of an answer ("x = 1") stand in honest text too


@dataclass
class Verdict:
    """What was proved, and what is wrong. faults: sentences that name a file and the cure."""

    exercises: int = 0
    test_cells: int = 0
    points: int = 0
    files_searched: int = 0
    faults: list = field(default_factory=list)


def verify(course, *, progress=lambda what: None):
    """Return the Verdict on a course; nothing of the course is changed."""
    verdict, lessons = Verdict(), []
    for path in course.texts:
        progress(f"reading {path.name}")
        try:
            lessons.append(read_lesson(path))
        except CourseError as error:
            verdict.faults.append(str(error))
    for lesson in lessons:
        text = f"solutions/{lesson.name}.py"
        progress(f"solving {lesson.name}")
        verdict.faults += [f"{text}: {fault}" for fault in _incomplete(lesson)]
        verdict.faults += [f"{text}: {fault}" for fault in _tests_for_one_process(lesson)]
        verdict.faults += [f"{text}: {fault}" for fault in _solution_fails(lesson)]
        progress(f"trying {lesson.name} as shipped")
        verdict.faults += _shipped_faults(course, lesson)
        verdict.exercises += len(lesson.exercises)
        verdict.test_cells += sum(len(e.points) for e in lesson.exercises.values())
        verdict.points += lesson.points
    progress("comparing the notebooks with their texts")
    verdict.faults += [
        f"{path.relative_to(course.root)}: {why}. Run: course build"
        for path, why in release.stale(course, lessons)
    ]
    progress("searching the notebooks and packages for answers")
    secrets = _secrets(lessons)
    with tempfile.TemporaryDirectory() as folder:
        files = {p.name: p.read_text("utf-8") for p in sorted(course.notebooks.glob("*.ipynb"))}
        files |= _packages(course, Path(folder))
        verdict.files_searched = len(files)
        verdict.faults += _leaks(files, secrets)
    return verdict


def _incomplete(lesson):
    """Yield what an exercise of a lesson lacks."""
    tests = {c.metadata.nbgrader.grade_id: c for c in lesson.notebook.cells if _is_test(c)}
    for exercise in lesson.exercises.values():
        name = exercise.name
        if not exercise.points:
            yield f'{name}: has no test cell with points. Add: # %% check="{name}" points=1'
        if not exercise.hints and not exercise.quiz:
            yield f'{name}: has no hints. Add: # %% [markdown] hints="{name}"'
        if exercise.objective not in range(1, len(lesson.objectives) + 1):
            yield (
                f"{name}: its objective is {exercise.objective}; "
                f"needed one of 1 to {len(lesson.objectives)}, as objective=1"
            )
        if sum(exercise.points.values()) >= 4 and len(exercise.points) < 2:
            yield f'{name}: 4 points or more in one test cell. Split it, with part="..."'
        for test in exercise.points:
            if BEGIN_HIDDEN not in tests[test].source:
                yield f"{test}: has no hidden tests. Add the markers {BEGIN_HIDDEN} ..."
            elif not visible_source(tests[test]).strip():
                yield f"{test}: shows the learner nothing. Add a visible check before the markers"


# What a test can ask of a student's function only in the student's own process.
ONE_PROCESS = {
    "__closure__": "look at the inside of a function",
    "__code__": "look at the inside of a function",
    "__globals__": "look at the inside of a function",
    "getsource": "look at the inside of a function",
    "may_share_memory": "see whether two arrays share memory",
    "patch": "replace what a function calls",
    "seed": "seed the random numbers of the student's process; pass a default_rng(seed)",
    "shares_memory": "see whether two arrays share memory",
}


def _tests_for_one_process(lesson):
    """Yield each test that could not be graded where the student's code runs elsewhere."""
    answers = set(lesson.exercises)
    for cell in filter(_is_test, lesson.notebook.cells):
        name, code = cell.metadata.nbgrader.grade_id, ast.parse(cell.source)
        words = {n.attr for n in ast.walk(code) if isinstance(n, ast.Attribute)}
        words |= {n.id for n in ast.walk(code) if isinstance(n, ast.Name)} - {"patch", "seed"}
        words |= {n.value for n in ast.walk(code) if isinstance(n, ast.Constant)} & {"__code__"}
        for word in sorted(words & ONE_PROCESS.keys()):
            yield f"{name}: uses {word}; a test cannot {ONE_PROCESS[word]} (docs/examiner.md)"
        last = code.body[-1]
        if isinstance(last, ast.Expr) and _called(last.value) in answers:
            yield (
                f"{name}: ends in a call of {_called(last.value)}, whose value would be the score. "
                "Check it, or end with: None"
            )


def _called(expression):
    call = isinstance(expression, ast.Call) and isinstance(expression.func, ast.Name)
    return expression.func.id if call else None


def _solution_fails(lesson):
    """Yield each cell of the solved notebook that raises."""
    for outcome in rehearse(lesson.notebook):
        if not outcome.as_meant:
            yield (
                f"{outcome.name or outcome.cell}: the solution does not pass: "
                f"{_tell(outcome.error)}\n    Mend the answer or its test, then run: course build"
            )


def _shipped_faults(course, lesson):
    """Yield each cell of the student notebook that does not behave as shipped ones must."""
    path = course.notebooks / f"{lesson.name}.ipynb"
    if not path.is_file():
        return  # told as stale
    shown = f"notebooks/{path.name}"
    notebook = nbformat.read(path, as_version=4)
    tests = {c.id for c in notebook.cells if _is_test(c)}
    for outcome in rehearse(notebook):
        label = outcome.name or outcome.cell
        if outcome.cell not in tests and not outcome.as_meant:
            yield f"{shown}: {label}: stops as shipped: {_tell(outcome.error)}"
        elif outcome.cell in tests and outcome.error is None:
            yield f"{shown}: {label}: passes as shipped, with nothing written"
        elif outcome.cell in tests and not isinstance(outcome.error, NotWritten):
            yield (
                f"{shown}: {label}: as shipped it must say 'not written yet' "
                f"and says: {_tell(outcome.error)}"
            )


def _is_test(cell):
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def _tell(error):
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"


def _secrets(lessons):
    """Return `{line: lesson and cell}` of the lines that stand in answers and hidden tests only."""
    shown = {
        line.strip()
        for lesson in lessons
        for cell in lesson.notebook.cells
        for line in visible_source(cell).splitlines()
    }
    return {
        line: f"{lesson.name}, {cell}"
        for lesson in lessons
        for cell, line in hidden_lines(lesson.notebook)
        if len(line) >= SHORTEST and re.search(r"[=(].*\w", line) and line not in shown
    }


def _leaks(files, secrets):
    """Yield each file that holds a marker or a line that only answers and hidden tests have."""
    for name, text in files.items():
        plain = _unescaped(text) if name.endswith(".ipynb") else text
        lines = {line.strip() for line in plain.splitlines()}
        if name.endswith(".ipynb"):
            for marker in (BEGIN_SOLUTION, BEGIN_HIDDEN):
                if marker in plain:
                    yield f"{name}: still holds the marker {marker}. Run: course build"
        for line in sorted(lines & secrets.keys()):
            yield (
                f"{name}: holds a line of {secrets[line]}, which students must not see: {line!r}. "
                "Move it between the markers in the text, then run: course build"
            )


def _unescaped(text):
    """Return every string inside a notebook, one after the other."""
    notebook = nbformat.reads(text, as_version=4)
    parts = []
    for cell in notebook.cells:
        parts.append(cell.source)
        parts += [str(output) for output in cell.get("outputs", [])]
    return "\n".join(parts)


def _packages(course, folder):
    """Return `{name: text}` of all text files in a freshly built wheel and sdist."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=course.root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CourseError(f"the package does not build:\n{done.stderr.strip()}")
    files = {}
    for archive in sorted(folder.iterdir()):
        for name, data in _members(archive):
            try:
                files[f"{archive.name}/{name}"] = data.decode()
            except UnicodeDecodeError:
                continue
    return files


def _members(archive):
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            yield from ((n, wheel.read(n)) for n in wheel.namelist() if not n.endswith("/"))
    else:
        with tarfile.open(archive) as sdist:
            yield from ((m.name, sdist.extractfile(m).read()) for m in sdist if m.isfile())
