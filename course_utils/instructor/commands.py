"""The lecturer's commands: parse, call, exit code; nothing else."""

import functools
import importlib.util
import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

# What the commands need comes with the [instructor] extra, so it is imported when they run.
Lesson = Annotated[str | None, typer.Argument(help="A lesson, as 01_chain_rule; all if left out.")]
Work = Annotated[
    Path | None,
    typer.Option("--class", help="The class's folder; build/ if left out."),
]


def register(app):
    """Add the lecturer's commands to the typer app of the `course` command."""
    for command in (build, verify, grade, feedback, report, demo, doctor):
        app.command(rich_help_panel="For lecturers")(_guarded(command))


def _guarded(command):
    @functools.wraps(command)
    def run(*args, **kwargs):
        if (
            importlib.util.find_spec("nbgrader") is None
            or importlib.util.find_spec("jupytext") is None
        ):
            _stop(
                f"course {command.__name__}: this needs what only lecturers install. "
                "Run: pip install 'gradients-by-hand[instructor]'"
            )
        # jsonschema would compile the grammar of internationalised addresses, for more than a
        # second, and no notebook is checked with it. None is Python's sign for "not installed".
        sys.modules.setdefault("rfc3987_syntax", None)
        from course_utils.instructor.layout import CourseError

        try:
            return command(*args, **kwargs)
        except CourseError as error:
            _stop(str(error))

    return run


def _stop(message):
    typer.secho(message, fg="red", err=True)
    raise typer.Exit(1)


def build(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail if anything is out of date.")
    ] = False,
    work: Work = None,
):
    """Make the student notebooks, and the solved ones, from the texts in solutions/."""
    from course_utils.instructor import release
    from course_utils.instructor.layout import Course
    from course_utils.instructor.lesson import read_lesson

    course = Course.find(work=work)
    if check:
        late = list(release.stale(course, [read_lesson(path) for path in course.texts]))
        for path, why in late:
            print(f"{path.relative_to(course.root)}: {why}")
        if late:
            _stop("Out of date. Run: course build")
        print("Everything is up to date.")
        return
    with _steps() as step:
        changed = release.build(course, progress=step)
    for path in changed:
        print(f"wrote {path.relative_to(course.root)}")
    print(f"{len(course.texts)} texts, {len(changed)} notebooks changed.")


def verify():
    """Prove that solutions pass, exercises fail as shipped, and no answer gets out."""
    from course_utils.instructor import verify as verifying
    from course_utils.instructor.layout import Course

    with _steps() as step:
        verdict = verifying.verify(Course.find(), progress=step)
    for fault in verdict.faults:
        print(fault)
    if verdict.faults:
        _stop(f"{len(verdict.faults)} faults.")
    print(
        f"{verdict.exercises} exercises with {verdict.test_cells} test cells and "
        f"{verdict.points} points: all fail as shipped, with 'not written yet' and nothing else, "
        f"and all pass when solved. No answer in {verdict.files_searched} files of notebooks, "
        "wheel and sdist. All notebooks are up to date."
    )


def grade(
    lesson: Lesson = None,
    work: Work = None,
    again: Annotated[
        bool, typer.Option("--again", help="Grade also what has not changed since last time.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", help="How many at a time; one for each processor.", min=1),
    ] = None,
    timeout: Annotated[int, typer.Option(help="Seconds that one cell may run.", min=1)] = 30,
    figures: Annotated[
        str,
        typer.Option(help="all, or answers: without those of cells that no student has touched."),
    ] = "all",
    weak_sandbox: Annotated[
        bool,
        typer.Option("--weak-sandbox", help="Grade without what `course doctor` says is missing."),
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Examine on the workers of this Dask scheduler, as tcp://host:8786."),
    ] = None,
):
    """Grade what is in submitted/STUDENT/LESSON/: every submission by itself."""
    from collections import Counter

    from course_utils.instructor import grading

    for course, name in _chosen(lesson, work, "submitted"):
        start = time.perf_counter()
        with _bar(f"grading {name}", len(grading.students(course, name))) as step:
            results = grading.grade(
                course,
                name,
                again=again,
                jobs=jobs,
                timeout=timeout,
                figures=figures,
                weak_sandbox=weak_sandbox,
                scheduler=scheduler,
                progress=lambda r: step(r.student),
                tell=lambda text: print(text, file=sys.stderr),  # above the bar
            )
        counts = Counter(result.status for result in results.values())
        told = ", ".join(f"{n} {status}" for status, n in sorted(counts.items()))
        print(f"{name}: {told}, in {time.perf_counter() - start:.0f} s")
        for result in results.values():
            if result.status != "graded":
                print(f"  {result.student}: {result.status}: {result.reason}")


def feedback(lesson: Lesson = None, work: Work = None):
    """Write a feedback page for every graded submission."""
    from course_utils.instructor import bridge, grading

    for course, name in _chosen(lesson, work, "results"):
        results = grading.read_results(course, name)
        students = [student for student in sorted(results) if grading.can_be_held(student)]
        with _bar(f"feedback on {name}", len(students)) as step:
            for student in students:
                bridge.write_feedback(course, name, student)
                step(student)
        print(f"{name}: {len(students)} pages, such as {course.feedback(name, students[0])}")


def report(lesson: Lesson = None, work: Work = None):
    """Show how the class did, and write it as a CSV file and a page."""
    from rich.console import Console

    from course_utils.instructor import grading
    from course_utils.instructor import report as reporting

    for course, name in _chosen(lesson, work, "results"):
        class_report = grading.class_report(course, name)
        Console().print(reporting.terminal_table(class_report))
        for line in reporting.summary_lines(class_report):
            print(line)
        if table := reporting.mistakes_table(class_report):
            Console().print(table)
        for path in reporting.write(class_report, course.work / "reports" / name).values():
            print(f"wrote {path}")


def demo(
    lesson: Annotated[str, typer.Argument(help="The lesson that is handed in.")] = "01_chain_rule",
    folder: Annotated[Path, typer.Option(help="Where the sample class is made.")] = Path(
        "build/demo"
    ),
):
    """Make a sample class of twelve, grade it, and write feedback and report."""
    os.environ.pop("COURSE_GRADEBOOK", None)  # that one is for a real class
    from course_utils.instructor import release, sample_class
    from course_utils.instructor.layout import Course

    course = Course.find(work=folder)
    course.lesson_text(lesson)  # says so where there is no such lesson
    sample_class.clear(course.work)
    with _steps() as step:
        release.build(course, execute=False, progress=step)
    for student, what in sample_class.make_class(course, lesson).items():
        print(f"  {student}: {what}")
    grade(lesson, course.work, timeout=10)
    feedback(lesson, course.work)
    report(lesson, course.work)
    print("\nThe same class in formgrader:  COURSE_WORK=build/demo make formgrader")
    print("The course as a student:       make lab")


def doctor():
    """Say which layers of the sandbox this system grants, and what mends the others."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from course_utils.instructor.examiner import sandbox

    table = Table("layer", "", "a student's code", show_lines=True)
    for grant in sandbox.grants():
        if grant.granted:
            table.add_row(grant.name, "[green]granted[/]", sandbox.LAYERS[grant.name])
        else:
            why = Text(f"{grant.reason}\ncure: {grant.cure}")
            table.add_row(grant.name, "[red]refused[/]", why)
    Console().print(table)
    refused = [grant.name for grant in sandbox.grants() if not grant.granted]
    if refused:
        print(f"Grading does not run with the full set. Missing: {', '.join(refused)}.")
        raise typer.Exit(1)
    print("Grading runs with the full set.")


def _chosen(lesson, work, folder):
    """Return `(course, lesson)` for the named lesson, or all with something in `folder`."""
    from course_utils.instructor.layout import Course, CourseError

    course = Course.find(work=work)
    if lesson:
        course.lesson_text(lesson)
        if folder == "results" and not course.results(lesson).is_file():
            raise CourseError(f"{lesson}: nothing has been graded. Run: course grade {lesson}")
        return [(course, lesson)]
    there = {
        "submitted": lambda name: any(course.work.glob(f"submitted/*/{name}")),
        "results": lambda name: course.results(name).is_file(),
    }[folder]
    found = [(course, name) for name in course.lessons() if there(name)]
    if not found and folder == "submitted":
        place = course.submitted("LESSON", "STUDENT")
        raise CourseError(f"no submissions. Put each one at {place}")
    if not found:
        raise CourseError(f"{course.work}: nothing has been graded. Run: course grade")
    return found


def _steps():
    """Return a context whose value is called with the name of each step; a spinner shows it."""
    from contextlib import contextmanager

    from rich.console import Console

    @contextmanager
    def spinner():
        with Console(stderr=True).status("") as status:
            yield lambda what: status.update(what)

    return spinner()


def _bar(what, total):
    """Return a context whose value is called with a name after each of `total` pieces of work."""
    from contextlib import contextmanager

    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    @contextmanager
    def bar():
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[last]}", markup=False),
        )
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task(what, total=total, last="")
            yield lambda name: progress.update(task, advance=1, last=name)

    return bar()
