"""Grade a batch: every submission by itself, each with a status and a reason."""

import hashlib
import json
import os
import time
from dataclasses import asdict, dataclass

import nbformat

from course_utils.instructor import bridge
from course_utils.instructor.layout import CourseError
from course_utils.instructor.lesson import read_lesson
from course_utils.instructor.reconcile import Ungradable, grade_id, read_submission, reconcile
from course_utils.instructor.report import ClassReport, Row

TIMED_OUT = ("CellTimeoutError", "KeyboardInterrupt")


@dataclass(frozen=True)
class Result:
    """What became of one submission.

    status: graded, partial (some cells could not run) or ungradable. reason: why, for the last
    two. notes: repairs of the notebook. seconds: what it took. sha256: of the submitted file.
    """

    student: str
    status: str
    reason: str
    notes: tuple
    seconds: float
    sha256: str


def students(course, lesson):
    """Return the names of the students who handed in something for a lesson, sorted."""
    folder = course.submitted(lesson, "any").parents[2]
    if not folder.is_dir():
        return []
    return sorted(p.name for p in folder.iterdir() if (p / lesson).is_dir())


def grade(course, lesson, *, again=False, timeout=bridge.TIMEOUT, progress=lambda result: None):
    """Grade every submission of `lesson` and return the Results by student.

    A submission whose file has not changed since it was graded is left alone, unless `again`.
    timeout: seconds for one cell. progress: called with each Result as it is known, and for a
    submission left alone with its old one.
    Raises CourseError where there is nothing to grade.
    """
    course.lesson_text(lesson)
    if not course.release(lesson).is_file():
        raise CourseError(f"{lesson}: has not been built in {course.work}. Run: course build")
    names = students(course, lesson)
    if not names:
        place = course.submitted(lesson, "STUDENT")
        raise CourseError(f"{lesson}: no submissions. Put each one at {place}")
    results = read_results(course, lesson)
    for student in names:
        path = course.submitted(lesson, student)
        data = path.read_bytes() if path.is_file() else None
        digest = hashlib.sha256(data or b"").hexdigest()
        old = results.get(student)
        if again or old is None or old.sha256 != digest:
            results[student] = _grade_one(course, lesson, student, data, digest, timeout)
            _write_results(course, lesson, results)
        progress(results[student])
    return {student: results[student] for student in names}


def _grade_one(course, lesson, student, data, digest, timeout):
    start = time.perf_counter()
    status, reason, notes = "graded", "", ()
    try:
        if data is None:
            raise Ungradable(f"there is no file {lesson}.ipynb in the submission")
        _, notes = reconcile(
            _as_node(read_submission(data)), nbformat.read(course.source(lesson), as_version=4)
        )
        bridge.autograde(course, lesson, student, timeout)
        status, reason = _look(nbformat.read(course.autograded(lesson, student), as_version=4))
    except Ungradable as error:
        status, reason = "ungradable", str(error)
    except CourseError as error:
        status, reason = "ungradable", f"nbgrader stopped: {error}"
    if status == "ungradable":
        bridge.record_ungradable(course, lesson, student, reason)
    seconds = round(time.perf_counter() - start, 2)
    return Result(student, status, reason, tuple(notes), seconds, digest)


def _as_node(notebook):
    for cell in notebook["cells"]:
        cell.setdefault("metadata", {})
        if isinstance(cell["source"], list):
            cell["source"] = "".join(map(str, cell["source"]))
    return nbformat.from_dict(notebook)


def _look(notebook):
    """Return the status of an autograded notebook, and the cells that could not run."""
    stopped = [
        grade_id(cell) or "a cell of the student's own"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error" and output.ename in TIMED_OUT
    ]
    if not stopped:
        return "graded", ""
    return "partial", f"ran longer than allowed: {', '.join(dict.fromkeys(stopped))}"


def read_results(course, lesson):
    """Return the Results of earlier runs by student."""
    path = course.results(lesson)
    if not path.is_file():
        return {}
    rows = json.loads(path.read_text("utf-8"))
    return {row["student"]: Result(**{**row, "notes": tuple(row["notes"])}) for row in rows}


def _write_results(course, lesson, results):
    path = course.results(lesson)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [asdict(results[student]) for student in sorted(results)]
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    os.replace(fresh, path)  # a run that is stopped here leaves the old file whole


def class_report(course, lesson):
    """Return the ClassReport of a graded lesson, with the gradebook's present scores."""
    text = read_lesson(course.lesson_text(lesson))
    scores = bridge.scores(course, lesson)
    rows = []
    for student, result in sorted(read_results(course, lesson).items()):
        cells = scores.get(student, {})
        by_hand = result.status == "ungradable" and None not in cells.values()
        rows.append(
            Row(
                student,
                "graded" if by_hand else result.status,
                f"by hand: {result.reason}" if by_hand else result.reason,
                result.notes,
                cells,
                result.seconds,
            )
        )
    exercises = {name: dict(e.points) for name, e in text.exercises.items()}
    quiz = tuple(name for name, e in text.exercises.items() if e.quiz)
    return ClassReport(lesson, text.title, exercises, quiz, tuple(rows))
