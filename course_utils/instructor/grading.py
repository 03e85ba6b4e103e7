"""Grade a batch: every submission by itself, each with a status and a reason."""

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, replace
from functools import cache

import nbformat

from course_utils.instructor import bridge, handed_in
from course_utils.instructor.examiner import Examiner, sandbox
from course_utils.instructor.layout import CourseError
from course_utils.instructor.lesson import read_lesson
from course_utils.instructor.reconcile import Ungradable, grade_id
from course_utils.instructor.report import ClassReport, Example, Row

LONGEST = 128  # name of a student, which PostgreSQL counts and SQLite does not


@dataclass(frozen=True)
class Result:
    """What became of one submission.

    status: graded, partial (some cells could not run), needs review, tampered or ungradable.
    reason: why, where it is not graded. notes: repairs of the notebook. seconds: what it took.
    sha256: of what was submitted. mistakes: of each test cell that failed, as in Examined.
    """

    student: str
    status: str
    reason: str
    notes: tuple
    seconds: float
    sha256: str
    mistakes: dict = field(default_factory=dict)


def students(course, lesson):
    """Return the names of the students who handed in something for a lesson, sorted."""
    folder = course.submitted(lesson, "any").parents[2]
    if not folder.is_dir():
        return []
    return sorted(p.name for p in folder.iterdir() if (p / lesson).is_dir())


def grade(
    course,
    lesson,
    *,
    again=False,
    jobs=None,
    timeout=30,
    figures="all",
    weak_sandbox=False,
    scheduler=None,
    progress=lambda result: None,
    tell=lambda text: None,
):
    """Grade every submission of `lesson` and return the Results by student.

    A submission whose file has not changed since it was graded is left alone, unless `again`.
    jobs: how many at a time; by default one for each processor, and with a scheduler as many as
    its workers take. timeout: seconds for one cell.
    figures: "all", or "answers" to leave those out that no student has touched.
    weak_sandbox: grade also where this system lacks a part of the sandbox.
    scheduler: the address of a Dask scheduler, on whose workers is examined; None for this machine.
    progress: called with each Result as it is known, with its old one if it was left alone.
    tell: called with a sentence where the lecturer has to wait for something.
    Raises CourseError where there is nothing to grade, or nothing to grade it safely with.
    """
    names = _ready(course, lesson, weak_sandbox or scheduler)
    source = nbformat.read(course.source(lesson), as_version=4)
    results, todo = read_results(course, lesson), {}
    for student in names:
        digest = _digest(course, lesson, student)
        old = results.get(student)
        if again or old is None or old.sha256 != digest:
            todo[student] = digest
        else:
            progress(old)
    if scheduler:
        cluster = _cluster()
        examining = cluster(scheduler, jobs, timeout, figures, weak_sandbox, tell)
    else:
        examining = Examiner(jobs or os.cpu_count() or 1, timeout, figures=figures)
    with (
        examining as examiner,
        bridge.Recorder(course, lesson) as recorder,
        ThreadPoolExecutor(examiner.jobs) as pool,
    ):
        futures = {
            pool.submit(_examine, course, lesson, student, source, examiner): student
            for student in todo
        }
        try:
            for future in as_completed(futures):
                student = futures.pop(future)
                result = _record(recorder, student, todo[student], *future.result())
                results[student] = result
                _write_results(course, lesson, results)
                progress(result)
        except BaseException:
            pool.shutdown(cancel_futures=True, wait=False)
            if scheduler:
                examiner.close()  # its threads would wait for workers
            raise
    return {student: results[student] for student in names}


def _ready(course, lesson, weak_sandbox):
    """Return the students to grade, having seen that it can be done."""
    course.lesson_text(lesson)
    if not course.release(lesson).is_file():
        raise CourseError(f"{lesson}: has not been built in {course.work}. Run: course build")
    names = students(course, lesson)
    if not names:
        place = course.submitted(lesson, "STUDENT")
        raise CourseError(f"{lesson}: no submissions. Put each one at {place}")
    if not weak_sandbox and (told := sandbox.missing()):
        raise CourseError(
            f"this system does not grant the whole sandbox ({told}). See: course doctor. "
            "To grade nevertheless: course grade --weak-sandbox"
        )
    return names


def _cluster():
    """Return the class Cluster, which needs more than other grading does."""
    try:
        from course_utils.instructor.cluster import Cluster
    except ModuleNotFoundError as error:
        raise CourseError(
            f"--scheduler: {error.name} is not installed. "
            "Run: pip install 'gradients-by-hand[cluster]'"
        ) from error
    return Cluster


def _digest(course, lesson, student):
    """Return what tells whether a submission has changed."""
    digest = hashlib.sha256()
    folder = course.submitted(lesson, student).parent
    for path in sorted([*folder.glob("*.ipynb"), *folder.glob("*.zip")]):
        digest.update(path.name.encode("utf-8", "surrogateescape") + b"\0")
        if not path.is_symlink() and path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _examine(course, lesson, student, source, examiner):
    """Return what an Examiner says of the bytes that a student has handed in."""
    try:
        data, found = handed_in.read(course.submitted(lesson, student).parent, lesson)
    except Ungradable as error:
        return None, str(error), (), 0.0
    except Exception as error:  # whatever one submission does, the others are graded
        told = f"{type(error).__name__}: {error}"[:300]
        return None, f"the submission cannot be read: {told}", (), 0.0
    return examiner.examine_bytes(source, data, found)


def _record(recorder, student, digest, examined, reason, notes, seconds):
    """Enter what became of one submission in the gradebook, and return its Result."""
    if not can_be_held(student):
        reason = (
            f"the name of its folder is not text or has more than {LONGEST} characters, so the "
            "gradebook cannot hold it; rename it"
        )
        return Result(student, "ungradable", reason, (), seconds, digest)
    if examined is None:
        more, status = recorder.record_ungradable(student, reason), "ungradable"
    else:
        more, status = recorder.record(student, examined), examined.status
    mistakes = examined.mistakes if examined else {}
    return Result(student, status, reason, (*notes, *more), seconds, digest, mistakes)


def can_be_held(name):
    """Return whether the gradebook can hold the name of a folder."""
    return name.encode("utf-8", "replace").decode() == name and len(name) <= LONGEST


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
        scored = result.status in ("ungradable", "tampered") and None not in cells.values()
        rows.append(
            Row(
                student,
                "graded" if scored else result.status,
                f"by hand: {result.reason}" if scored else result.reason,
                result.notes,
                cells,
                result.seconds,
                result.mistakes,
            )
        )
    exercises = {name: dict(e.points) for name, e in text.exercises.items()}
    quiz = tuple(name for name, e in text.exercises.items() if e.quiz)
    report = ClassReport(lesson, text.title, exercises, quiz, tuple(rows))
    return replace(report, examples=_examples(course, report))


def _examples(course, report):
    """Return an Example of each mistake of a class, from any one of those who made it."""
    submitted = {
        name: result.sha256 for name, result in read_results(course, report.lesson).items()
    }
    rows = sorted(report.rows, key=lambda row: submitted[row.student])  # in no order of names
    read = cache(lambda student: _graded_cells(course.autograded(report.lesson, student)))
    examples = {}
    for exercise, key, _ in report.mistakes:
        row = next(row for row in rows if report.mistake(row, exercise) == key)
        cells = read(row.student)
        failed = (
            cell
            for cell in report.exercises[exercise]
            if row.mistakes.get(cell, "-").partition("@")[0] == key
        )
        outputs = cells[name].outputs if (name := next(failed)) in cells else []
        errors = [output for output in outputs if output.output_type == "error"]
        if exercise in cells and errors:
            label, code = submitted[row.student][:6], cells[exercise].source
            examples[exercise, key] = Example(label, code, errors[0].evalue)
    return examples


def _graded_cells(path):
    """Return the code cells of a graded notebook by the names that nbgrader knows; {} for none."""
    if not path.is_file():
        return {}
    cells = nbformat.read(path, as_version=4).cells
    return {name: cell for cell in cells if cell.cell_type == "code" and (name := grade_id(cell))}
