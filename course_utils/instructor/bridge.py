"""The only file that imports nbgrader: its configuration, its steps and its gradebook."""

import logging
import os
import re
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path

import nbformat
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbconvert.preprocessors import Preprocessor
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    DeduplicateIds,
    GetGrades,
    LockCells,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveCells,
)
from nbgrader.utils import is_grade
from sqlalchemy.exc import SAWarning
from traitlets import default
from traitlets.config import Config

from course_utils.instructor.cleaning import markdown, shortened
from course_utils.instructor.feedback import Standing, feedback_page
from course_utils.instructor.layout import Course, CourseError
from course_utils.instructor.lesson import BEGIN_SOLUTION, END_SOLUTION
from course_utils.instructor.reconcile import reconcile
from course_utils.instructor.shown import Shown, about

TIMEOUT = 30


class ClearAnswers(ClearSolutions):
    """Clear answers: a function's body becomes a raise, an assignment falls back to its None."""

    def _replace_solution_region(self, cell, language):
        found = False

        def stub(match):
            nonlocal found
            found = True
            indent = match["indent"]
            lines = ["# YOUR CODE HERE", 'raise NotImplementedError("not written yet")']
            return "".join(f"{indent}{line}\n" for line in lines) if indent else ""

        pattern = rf"^(?P<indent> *){BEGIN_SOLUTION}\n.*?{END_SOLUTION}\n?"
        cell.source = re.sub(pattern, stub, cell.source, flags=re.DOTALL | re.MULTILINE).rstrip(
            "\n"
        )
        if BEGIN_SOLUTION in cell.source or END_SOLUTION in cell.source:
            raise CourseError(f"a solution marker without its partner in:\n{cell.source}")
        return found


class AllowErrors(NbGraderPreprocessor):
    """Tag the test cells of the release: as shipped they fail, and a run goes on past them."""

    def preprocess_cell(self, cell, resources, index):
        if is_grade(cell):
            cell.metadata["tags"] = ["raises-exception"]
        return cell, resources


class Reconcile(NbGraderPreprocessor):
    """Repair what a student's notebook has lost, before nbgrader looks at it."""

    def preprocess(self, notebook, resources):
        about = resources["nbgrader"]
        source = _course_of(self).source(about["assignment"])
        repaired, notes = reconcile(notebook, nbformat.read(source, as_version=4))
        for note in notes:
            self.log.warning(note)
        return repaired, resources


class Grades(GetGrades):
    """Give each test cell its points; where there is no score, nbgrader itself would say 0."""

    def _get_score(self, cell, resources):
        name = cell.metadata.nbgrader.grade_id
        try:
            grade = self.gradebook.find_grade(
                name, self.notebook_id, self.assignment_id, self.student_id
            )
        except MissingEntry:  # no cell of this lesson, whatever it calls itself
            cell.metadata.pop("nbgrader")
            return
        cell.metadata.nbgrader["score"] = _score(grade)
        cell.metadata.nbgrader["points"] = float(grade.max_score)

    def _get_comment(self, cell, resources):
        try:
            super()._get_comment(cell, resources)
        except MissingEntry:
            cell.metadata.nbgrader.pop("comment", None)


class FeedbackPage(Exporter):
    """Our feedback page in place of nbgrader's, which runs what students write."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self):
        return ".html"

    def from_notebook_node(self, nb, resources=None, **kwargs):
        graded, resources = super().from_notebook_node(nb, resources, **kwargs)
        known = resources["nbgrader"]
        lesson, student = known["assignment"], known["student"]
        standing = _standing(_course_of(self), lesson, student)
        page = feedback_page(graded, lesson, student, standing, known["late_penalty"])
        return page, resources


class Harmless(Preprocessor):
    """Clean a notebook for formgrader, where a script would have the rights of the lecturer."""

    def preprocess(self, nb, resources):
        nb.metadata = nbformat.from_dict({"language_info": {"name": "python"}})
        shown = Shown(())
        for cell in nb.cells:
            known = about(cell)
            if cell.cell_type == "markdown":
                cell.source = markdown(cell.source, cell.pop("attachments", None))
            cell.metadata = nbformat.from_dict({"nbgrader": known} if known else {})
            for output in cell.get("outputs", []):
                _harmless_output(output, shown)
        return nb, resources


def _harmless_output(output, shown):
    if output.output_type == "stream":
        output.text = shortened(output.text)
    elif output.output_type == "error":
        output.traceback = [shortened("\n".join(output.traceback))]
    else:
        output.data = nbformat.from_dict({"text/html": shown.display(output.data)})
        output.metadata = nbformat.from_dict({})


def _markdown_once(text):
    """Return Markdown as clean HTML; what `Harmless` has cleaned is returned as it is."""
    return text if isinstance(text, Markup) else markdown(text)


def _standing(course, lesson, student):
    """Return what grading noted of a submission; None where plain nbgrader has graded it."""
    from course_utils.instructor import grading  # which imports this module

    result = grading.read_results(course, lesson).get(student)
    return result and Standing(result.status, result.reason, tuple(result.notes))


def _only_pages(assignment, student, notebooks):
    """Remove what nbgrader copied beside the pages: it follows a student's links to anywhere."""
    pages = {f"{Path(notebook).stem}.html" for notebook in notebooks}
    for path in Path("feedback").glob(f"{student}/{assignment}/**/*"):
        if path.is_file() and path.name not in pages and not _is_timestamp(path):
            path.unlink()


def _is_timestamp(path):
    """Whether a file is the one by which nbgrader knows whether a page is still good."""
    return (
        path.name == "timestamp.txt"
        and path.stat().st_size < 100
        and re.fullmatch(r"[\d :.+-]+([A-Z]{3})?\s*", path.read_text("utf-8", "replace"))
    )


def _course_of(preprocessor):
    root = Path(preprocessor.config.CourseDirectory.root)
    return Course(root, root)  # only the class folders are asked for


def configure(config, work, timeout=TIMEOUT):
    """Fill nbgrader's `config` for the class folder `work`; also what nbgrader_config.py calls."""
    config.CourseDirectory.root = str(work)
    config.CourseDirectory.course_id = "gradients-by-hand"
    config.GenerateAssignment.preprocessors = [
        LockCells,
        ClearAnswers,
        ClearOutput,
        CheckCellMetadata,
        ComputeChecksums,
        SaveCells,
        ClearHiddenTests,
        ClearMarkScheme,
        AllowErrors,
        ComputeChecksums,
        CheckCellMetadata,
    ]
    config.Autograde.sanitize_preprocessors = [
        Reconcile,
        ClearOutput,
        DeduplicateIds,
        OverwriteKernelspec,
        OverwriteCells,
        CheckCellMetadata,
    ]
    config.Execute.timeout = timeout
    config.Execute.extra_arguments = ["--HistoryManager.hist_file=:memory:", "--log-level=ERROR"]
    # nbgrader gives 0 to a test cell with anything on stderr; a warning is no wrong answer.
    config.IgnorePattern.enabled = True
    config.IgnorePattern.pattern = "."
    config.GenerateFeedback.preprocessors = [Grades]
    config.GenerateFeedback.exporter_class = FeedbackPage
    config.GenerateFeedback.post_convert_hook = _only_pages
    config.HTMLExporter.preprocessors = [Harmless]  # that of formgrader
    config.HTMLExporter.filters = {"markdown2html": _markdown_once}
    return config


@contextmanager
def _quiet(log):
    """Collect nbgrader's log lines instead of printing them."""
    lines = []

    class Collect(logging.Handler):
        def emit(self, record):
            lines.append((record.levelno, record.getMessage()))

    handler, propagate = Collect(), log.propagate
    log.addHandler(handler)
    log.propagate = False
    try:
        yield lines
    finally:
        log.removeHandler(handler)
        log.propagate = propagate


def environment():
    """Return the environment in which nbgrader finds this installation's commands.

    It calls `alembic` by its bare name.
    """
    here = os.path.dirname(sys.executable)
    return {**os.environ, "PATH": os.pathsep.join([here, os.environ.get("PATH", "")])}


@contextmanager
def _own_commands():
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = environment()["PATH"]
    try:
        yield
    finally:
        os.environ["PATH"] = before


@contextmanager
def _no_sql_warnings():
    # nbgrader builds its submissions in an order that SQLAlchemy 2 warns of; nothing is lost.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield


@contextmanager
def _gradebook(course):
    with _no_sql_warnings(), Gradebook(course.gradebook) as gradebook:
        yield gradebook


def _run(converter, course, lesson, student="*", timeout=TIMEOUT):
    """Run one of nbgrader's converters; return the warnings that it logged.

    Raises CourseError with nbgrader's last error line.
    """
    api = NbGraderAPI(config=configure(Config(), course.work, timeout))
    api.coursedir.assignment_id, api.coursedir.student_id = lesson, student
    step = converter(coursedir=api.coursedir, parent=api)
    step.force = True
    with _quiet(step.log) as lines, _own_commands(), _no_sql_warnings():
        try:
            step.start()
        except Exception as error:
            said = [text for level, text in lines if level >= logging.ERROR]
            causes = [t.strip().splitlines()[-1] for t in said if "Traceback" in t]
            raise CourseError((causes or said or [str(error)])[-1]) from error
    return [text for level, text in lines if level == logging.WARNING]


def generate(course, lesson):
    """Make the student version of a source notebook, and enter the lesson in the gradebook."""
    _run(GenerateAssignment, course, lesson)
    release = course.release(lesson)
    return nbformat.read(release, as_version=4)


def autograde(course, lesson, student, timeout=TIMEOUT):
    """Run and score one submission with nbgrader; return the warnings of the repair."""
    return _run(Autograde, course, lesson, student, timeout)


def write_feedback(course, lesson, student):
    """Write the feedback page of one student."""
    _run(GenerateFeedback, course, lesson, student)


def record_ungradable(course, lesson, student, reason):
    """Enter a submission that could not be run: no score, and marked for a person to look at.

    In its place stands the notebook as it was handed out, with the reason on top, so that
    formgrader and the feedback show it.
    """
    with _gradebook(course) as gradebook:
        gradebook.update_or_create_student(student)
        submission = gradebook.update_or_create_submission(lesson, student)
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()
    notebook = nbformat.read(course.release(lesson), as_version=4)
    notice = f"**This submission could not be graded:** {reason}."
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(notice, id="notice"))
    path = course.autograded(lesson, student)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    nbformat.write(notebook, path)


def scores(course, lesson):
    """Return `{student: {grade_id: score}}`; a score is None where there is none."""
    with _gradebook(course) as gradebook:
        try:
            submissions = gradebook.assignment_submissions(lesson)
        except MissingEntry:
            return {}
        return {
            submission.student.id: {
                grade.name: _score(grade)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in submissions
        }


def _score(grade):
    if grade.auto_score is None and grade.manual_score is None:
        return None
    return float(grade.score)
