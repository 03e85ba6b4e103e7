"""The only file that imports nbgrader: its configuration, its steps and its gradebook."""

import json
import logging
import math
import os
import re
import sys
import warnings
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace

import nbformat
from markupsafe import Markup
from nbconvert.exporters import Exporter, NotebookExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    InvalidEntry,
    MissingEntry,
    Notebook,
    SourceCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    DeduplicateIds,
    GetGrades,
    LimitOutput,
    LockCells,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
    SaveCells,
)
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, parse_utc
from sqlalchemy import Boolean, bindparam, case, create_engine, event, insert, select, update
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SAWarning
from traitlets import default
from traitlets.config import Config

from course_utils.instructor import autograded
from course_utils.instructor.cleaning import markdown, shortened
from course_utils.instructor.feedback import Standing, feedback_page
from course_utils.instructor.layout import Course, CourseError
from course_utils.instructor.lesson import BEGIN_SOLUTION, END_SOLUTION
from course_utils.instructor.reconcile import Ungradable, grade_id, read_submission, reconcile
from course_utils.instructor.shown import Shown, about

TIMEOUT = 30
PATIENCE = 30  # seconds that we wait for a gradebook that another program keeps locked
ANSWER = 10  # seconds that we wait for the server of a database
COURSE_ID = "gradients-by-hand"
FLAGGED = ("ungradable", "tampered", "needs review")  # scores may be there, a person must look


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


class ReadSubmission(NotebookExporter):
    """Read what was handed in; in place of what cannot be read stands the empty notebook.

    nbgrader calls it twice for a submission, before and after Reconcile has done its work.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._refused = {}  # reasons by student

    def from_filename(self, filename, resources=None, **kwargs):
        about = resources["nbgrader"]
        student, course = about["student"], _course_of(self)
        path = Path(filename).absolute()
        if path.is_relative_to(course.work / "submitted"):
            _drop_links(path.parent, course.autograded(about["assignment"], student).parent)
            try:
                return super().from_filename(filename, resources, **kwargs)
            except Ungradable as error:
                self._refused[student] = str(error)
        if reason := self._refused.get(student):
            about["refused"] = reason
            release = nbformat.read(course.release(about["assignment"]), as_version=4)
            return self.from_notebook_node(release, resources, **kwargs)
        return super().from_filename(filename, resources, **kwargs)

    def from_file(self, file_stream, resources=None, **kwargs):
        path = Path(file_stream.name)
        if any(place.is_symlink() for place in (path, *list(path.parents)[:2])):
            raise Ungradable("the notebook is a link to another file")
        text = json.dumps(read_submission(file_stream.buffer.read()), ensure_ascii=False)
        # A lone surrogate, which JSON can hold and UTF-8 cannot, becomes a question mark.
        text = text.encode("utf-8", "replace").decode()
        try:
            notebook = nbformat.reads(text, as_version=4)
        except Exception as error:
            kind = type(error).__name__
            raise Ungradable(f"the notebook is damaged: it cannot be read ({kind})") from error
        return self.from_notebook_node(notebook, resources, **kwargs)


def _drop_links(submission, copied):
    """Remove what nbgrader has copied through links in a submission: it may be anybody's file."""
    for where, _, files in os.walk(submission):
        for path in (Path(where, name) for name in files):
            if path.is_symlink():
                (copied / path.relative_to(submission)).unlink(missing_ok=True)


class Examine(NbGraderPreprocessor):
    """Have a submission examined, where nbgrader would run its tests among the student's code."""

    def preprocess(self, notebook, resources):
        about = resources["nbgrader"]
        if reason := about.get("refused"):
            examined = _ungradable(notebook, reason)
        else:
            examined = _examine(_course_of(self), about["assignment"], notebook)
        for note in examined.notes:
            self.log.warning(note)
        about["examined"] = examined
        return autograded.noticed(examined.notebook, examined.status, examined.reason), resources


def _ungradable(notebook, reason):
    return SimpleNamespace(
        notebook=notebook, scores={}, status="ungradable", reason=reason, notes=()
    )


def _examine(course, lesson, notebook):
    """Return the Examined of a submission whose notebook has been reconciled."""
    from course_utils.instructor.examiner import examine

    return examine(nbformat.read(course.source(lesson), as_version=4), notebook)


class SaveScores(SaveAutoGrades):
    """Enter the examiner's scores, where nbgrader would guess them from the outputs."""

    def _add_score(self, cell, resources):
        name, examined = cell.metadata.nbgrader.grade_id, resources["nbgrader"]["examined"]
        grade = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = _finite(examined.scores.get(name))
        if grade.auto_score is None and is_solution(cell) and examined.status != "ungradable":
            grade.auto_score, _ = determine_grade(cell)  # 0 where nothing was written
        grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
        if examined.status in FLAGGED:
            grade.notebook.flagged = True
        self.gradebook.db.commit()


def _finite(score):
    """Return a score as the gradebook can hold it; one that is no number is for a person."""
    return float(score) if score is not None and math.isfinite(score) else None


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
        empty = grade.auto_score is None and grade.manual_score is None
        cell.metadata.nbgrader["score"] = None if empty else float(grade.score)
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


def configure(config, work, timeout=TIMEOUT, *, plain=False, database=None):
    """Fill nbgrader's `config` for the class folder `work`; also what nbgrader_config.py calls.

    database: as in Course.
    plain: run submissions as nbgrader does, students' code and tests in one kernel, and let it
    guess the scores from the outputs; for comparisons. timeout: seconds for a cell there.
    """
    config.CourseDirectory.root = str(work)
    config.CourseDirectory.course_id = COURSE_ID
    work = Path(work).absolute()
    config.CourseDirectory.db_url = Course(work, work, database).gradebook
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
    if plain:
        config.Execute.timeout = timeout
        config.Execute.extra_arguments = [
            "--HistoryManager.hist_file=:memory:",
            "--log-level=ERROR",
        ]
        # nbgrader gives 0 to a test cell with anything on stderr; a warning is no wrong answer.
        config.IgnorePattern.enabled = True
        config.IgnorePattern.pattern = "."
    else:
        config.Autograde.exporter_class = ReadSubmission
        config.Autograde.autograde_preprocessors = [
            Examine,
            LimitOutput,
            SaveScores,
            AssignLatePenalties,
            CheckCellMetadata,
        ]
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


@event.listens_for(Engine, "do_connect")
def _be_patient(dialect, _, __, options):
    # nbgrader opens its engines itself. With SQLite they would give up a locked gradebook after
    # 5 s, and the whole batch with it; with PostgreSQL they would wait without end.
    if dialect.name == "sqlite":
        options.setdefault("timeout", PATIENCE)
    elif dialect.name == "postgresql":
        options.setdefault("connect_timeout", ANSWER)
        options.setdefault("options", f"-c lock_timeout={round(1000 * PATIENCE)}")


@contextmanager
def _gradebook(course):
    """Open the gradebook. Raises CourseError where it is missing, locked or of another version."""
    _reach(course)
    if not course.database and not (path := course.work / "gradebook.db").is_file():
        raise CourseError(f"{path}: there is no gradebook. Run: course build")
    with _told(course):
        with _own_commands():
            gradebook = Gradebook(course.gradebook, COURSE_ID)
        with gradebook:
            yield gradebook


def _reach(course):
    """See that a gradebook elsewhere can be used. Raises CourseError where it cannot."""
    if not course.database:
        return
    try:
        if "@" in (make_url(course.gradebook).host or ""):
            raise ArgumentError("an @ of the password was taken for its end")
        with _told(course):
            engine = create_engine(course.gradebook)
            engine.connect().close()
            engine.dispose()
    except ModuleNotFoundError as error:
        raise CourseError(
            f"COURSE_GRADEBOOK: {error.name} is not installed. "
            "Run: pip install 'gradients-by-hand[postgresql]'"
        ) from error
    except (ArgumentError, ValueError):  # what it says could hold a part of the password
        raise CourseError(
            "COURSE_GRADEBOOK: is no address of a database; needed one such as "
            "postgresql+psycopg://user@host/name. In a password write %40 for @ and %3A for a colon"
        ) from None


def _named(course):
    """Return what the gradebook is called before a person, who is shown no password."""
    if not course.database:
        return str(course.work / "gradebook.db")
    return make_url(course.database).set(query={}).render_as_string(hide_password=True)


@contextmanager
def _told(course):
    """Tell the lecturer what the database says."""
    try:
        yield
    except (DBAPIError, InvalidEntry) as error:
        said = " ".join(str(error.args[0]).split())
        name = _named(course)
        if "locked" in said or "lock timeout" in said:
            raise CourseError(
                f"{name}: another program has kept the gradebook locked for {PATIENCE} s, so "
                "nothing was changed. Close what writes to it, then run the same again."
            ) from error
        if course.database and isinstance(error, OperationalError):
            raise CourseError(
                f"{name}: the database does not answer or lets nobody in: {said}. See that it "
                "runs, and that COURSE_GRADEBOOK names the right user, password and database"
            ) from error
        raise CourseError(
            f"{name}: the gradebook cannot be used: {said}. If it was made by an older nbgrader, "
            "make a copy of it and run: nbgrader db upgrade"
        ) from error


def _run(converter, course, lesson, student="*", timeout=TIMEOUT, *, plain=False):
    """Run one of nbgrader's converters; return the warnings that it logged.

    Raises CourseError with nbgrader's last error line.
    """
    _reach(course)
    config = configure(Config(), course.work, timeout, plain=plain, database=course.database)
    api = NbGraderAPI(config=config)
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


def autograde(course, lesson, student, timeout=TIMEOUT, *, plain=True):
    """Run and score one submission with nbgrader; return the warnings of the repair.

    plain: as in `configure`.
    """
    return _run(Autograde, course, lesson, student, timeout, plain=plain)


def write_feedback(course, lesson, student):
    """Write the feedback page of one student.

    By nbgrader's preprocessor and our exporter, without its search for files: a name is any name.
    Raises CourseError where the student has nothing graded.
    """
    path = course.autograded(lesson, student)
    if not path.is_file():
        raise CourseError(f"{student}: has nothing graded. Run: course grade {lesson}")
    _reach(course)
    config = configure(Config(), course.work)
    exporter = FeedbackPage(config=config)
    exporter.register_preprocessor(Grades, enabled=True)
    about = {"student": student, "assignment": lesson, "notebook": lesson}
    resources = {"nbgrader": {**about, "db_url": course.gradebook}}
    with _told(course), _no_sql_warnings():
        notebook = nbformat.read(path, as_version=4)
        page, _ = exporter.from_notebook_node(notebook, resources)
    place = course.feedback(lesson, student)
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_suffix(".new")
    fresh.write_text(page, "utf-8", errors="replace")
    os.replace(fresh, place)
    stamp = path.with_name("timestamp.txt")  # by which nbgrader knows whether a page is still good
    if stamp.is_file() and not stamp.is_symlink() and _is_timestamp(stamp):
        place.with_name(stamp.name).write_bytes(stamp.read_bytes())


class Recorder:
    """Enter the examined submissions of one lesson in the gradebook and the autograded folder.

    The gradebook is opened once, for as long as the `with` block lasts, by one thread. What a
    person has entered there stays: scores, extra credit, comments, flags. Recording the same
    again changes nothing more, also where an earlier process died in the middle.
    Raises CourseError where the gradebook is missing, locked, or does not know the lesson.
    """

    def __init__(self, course, lesson):
        self.course, self.lesson = course, lesson

    def __enter__(self):
        with ExitStack() as stack:
            gradebook = stack.enter_context(_gradebook(self.course))
            self._database = stack.enter_context(gradebook.engine.connect())
            with self._database.begin():
                self._look_up_lesson()
            self._close = stack.pop_all()
        return self

    def __exit__(self, *error):
        return self._close.__exit__(*error)

    def _look_up_lesson(self):
        query = self._database.execute
        named = select(Notebook.id, Notebook.kernelspec, Notebook.assignment_id).join(Assignment)
        notebook = query(
            named.where(Assignment.name == self.lesson, Notebook.name == self.lesson)
        ).first()
        if notebook is None:
            raise CourseError(f"{self.lesson}: is not in the gradebook. Run: course build")
        self._assignment, self._notebook = notebook.assignment_id, notebook.id
        self._kernelspec = json.loads(notebook.kernelspec or "{}")
        cells = select(BaseCell.id, BaseCell.name, BaseCell.type)
        self._cells = query(cells.where(BaseCell.notebook_id == notebook.id)).all()
        sources = select(SourceCell.name, SourceCell.checksum)
        self._checksums = dict(query(sources.where(SourceCell.notebook_id == notebook.id)).all())

    def record(self, student, examined, timestamp=None):
        """Enter one submission; return a sentence for each thing of it that was left out.

        examined: an Examined; a score of None, or none at all, is left to a person. Any status
        but graded stands with its reason on top of the notebook.
        timestamp: when it was handed in, by default what timestamp.txt beside it says.
        Raises CourseError if the gradebook stays locked; then nothing was changed.
        """
        self._check(student, examined)
        folder = self.course.submitted(self.lesson, student).parent
        when, notes = _handed_in(folder / "timestamp.txt")
        if timestamp is not None:
            when = {"timestamp": parse_utc(timestamp)}
        path = self.course.autograded(self.lesson, student)
        notebook, unanswered = self._as_nbgrader_leaves_it(examined.notebook)
        notebook = autograded.noticed(notebook, examined.status, examined.reason)
        if examined.status == "ungradable":
            unanswered = set()  # the notebook is not the student's
        with _told(self.course), autograded.replacing(path, notebook), self._transaction():
            submission = self._submission(student, when, examined.status)
            self._enter_scores(submission, examined.scores, unanswered)
            self._enter_comments(submission, unanswered)
        skip = {"timestamp.txt"} if notes else set()
        source = self.course.source(self.lesson).parent
        return (*notes, *autograded.copy_others(path, folder, source, skip=skip))

    def record_ungradable(self, student, reason):
        """Enter a submission that could not be read: no score, and marked for a person to look at.

        In its place stands the notebook as it was handed out, with the reason on top, so that
        formgrader and the feedback show it.
        """
        notebook = nbformat.read(self.course.release(self.lesson), as_version=4)
        return self.record(student, _ungradable(notebook, reason))

    def _check(self, student, examined):
        try:
            student.encode()
        except UnicodeEncodeError:
            raise CourseError(
                f"{student!r}: the name of this folder is not text. Rename it."
            ) from None
        known = {cell.name for cell in self._cells if cell.type == "GradeCell"}
        if strange := sorted(examined.scores.keys() - known):
            raise CourseError(
                f"{self.lesson}: the gradebook has no test cell {strange[0]}. Run: course build"
            )

    def _as_nbgrader_leaves_it(self, notebook):
        """Return the notebook with the gradebook's checksums and kernel, and what is unanswered."""
        cells, unanswered = [], set()
        for cell in notebook.cells:
            name = grade_id(cell)
            if name in self._checksums:
                if is_solution(cell) and _checksum(cell) == self._checksums[name]:
                    unanswered.add(name)
                about = {**cell.metadata.nbgrader, "checksum": self._checksums[name]}
                cell = NotebookNode(cell, metadata=NotebookNode(cell.metadata, nbgrader=about))
            cells.append(cell)
        metadata = NotebookNode(notebook.metadata)
        if self._kernelspec:
            metadata.kernelspec = self._kernelspec
        return NotebookNode(notebook, cells=cells, metadata=metadata), unanswered

    @contextmanager
    def _transaction(self):
        with self._database.begin():
            if self._database.dialect.name == "sqlite":
                # The lock is waited for here, at the start, and not in the middle.
                self._database.exec_driver_sql("BEGIN IMMEDIATE")
            elif self._database.dialect.name == "postgresql":
                # One writer at a time, as there; others read, and formgrader enters its scores.
                self._database.exec_driver_sql("LOCK TABLE student IN SHARE ROW EXCLUSIVE MODE")
            yield

    def _submission(self, student, when, status):
        """Return the id of the student's submitted notebook, entered if it is new."""
        run, own = self._database.execute, SubmittedAssignment.student_id == student
        if run(select(Student.id).where(Student.id == student)).first() is None:
            run(insert(Student), {"id": student})
        ours = SubmittedAssignment.assignment_id == self._assignment
        submission = run(select(SubmittedAssignment.id).where(ours, own)).scalar()
        if submission is None:
            submission = new_uuid()
            row = {"id": submission, "assignment_id": self._assignment, "student_id": student}
            run(insert(SubmittedAssignment), {"timestamp": None, **row, **when})
        elif when:
            run(update(SubmittedAssignment).where(ours, own).values(**when))
        row = {"assignment_id": submission, "notebook_id": self._notebook}
        same = [getattr(SubmittedNotebook, name) == value for name, value in row.items()]
        notebook = run(select(SubmittedNotebook.id).where(*same)).scalar()
        if notebook is None:
            notebook = new_uuid()
            run(insert(SubmittedNotebook), {"id": notebook, **row})
        # As nbgrader does: a penalty is for its plug-in, at each grading anew.
        values = {"late_submission_penalty": None}
        if status in FLAGGED:
            values["flagged"] = True
        run(update(SubmittedNotebook).where(SubmittedNotebook.id == notebook).values(**values))
        return notebook

    def _enter_scores(self, submission, scores, unanswered):
        there = self._cells_with(Grade, submission)
        new, old = [], []
        for cell in self._cells:
            if cell.type == "SolutionCell":
                continue
            score = _finite(scores.get(cell.name))
            if score is None and cell.name in unanswered:
                score = 0.0  # as nbgrader does for what only a person can score
            if cell.id not in there:
                row = {"cell_id": cell.id, "notebook_id": submission}
                new.append({**row, "auto_score": score, "needs_manual_grade": score is None})
            elif cell.type == "GradeCell":
                old.append({"s": submission, "c": cell.id, "score": score, "open": score is None})
        self._put(Grade, new, _NEW_SCORE, old)

    def _enter_comments(self, submission, unanswered):
        there = self._cells_with(Comment, submission)
        new, old = [], []
        for cell in self._cells:
            if cell.type == "GradeCell":
                continue
            said = "No response." if cell.name in unanswered else None
            if cell.id not in there:
                row = {"cell_id": cell.id, "notebook_id": submission}
                new.append({**row, "auto_comment": said})
            else:
                old.append({"s": submission, "c": cell.id, "said": said})
        self._put(Comment, new, _NEW_COMMENT, old)

    def _cells_with(self, kind, submission):
        rows = select(kind.cell_id).where(kind.notebook_id == submission)
        return set(self._database.execute(rows).scalars())

    def _put(self, kind, new, change, old):
        if new:
            self._database.execute(insert(kind), new)
        if old:
            self._database.execute(change, old)


def _row(kind):
    return (kind.notebook_id == bindparam("s"), kind.cell_id == bindparam("c"))


# A cell that a person has scored needs that person again, whatever the new score is.
_NEW_SCORE = (
    update(Grade)
    .where(*_row(Grade))
    .values(
        auto_score=bindparam("score"),
        needs_manual_grade=case(
            (Grade.manual_score.is_not(None), True), else_=bindparam("open", type_=Boolean)
        ),
    )
)
_NEW_COMMENT = update(Comment).where(*_row(Comment)).values(auto_comment=bindparam("said"))


def _checksum(cell):
    try:
        return compute_checksum(cell)
    except UnicodeEncodeError:  # a lone surrogate, which no cell of ours holds
        return None


def _handed_in(path):
    """Return the gradebook's values that timestamp.txt gives, and a note if it cannot be read."""
    try:
        text = autograded.read_small(path)
        if text is None:
            return {}, ()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of dateutil, for an unknown time zone
            when = parse_utc(text.strip())
    except (ValueError, TypeError, OverflowError, OSError):
        note = (
            "timestamp.txt: is no date and time, so the submission has none. formgrader cannot "
            "list the lesson until that file is mended or deleted."
        )
        return {"timestamp": None}, (note,)
    return {"timestamp": when}, ()


def record_ungradable(course, lesson, student, reason):
    """Enter one submission that could not be run; see Recorder."""
    with Recorder(course, lesson) as recorder:
        recorder.record_ungradable(student, reason)


def scores(course, lesson):
    """Return `{student: {grade_id: score}}`; a score is None where there is none."""
    found = (
        select(
            SubmittedAssignment.student_id,
            BaseCell.name,
            Grade.auto_score,
            Grade.manual_score,
            Grade.score,
        )
        .join_from(Grade, BaseCell, BaseCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == lesson)
    )
    by_student = {}
    with _gradebook(course) as gradebook:
        for student, cell, auto, manual, score in gradebook.db.execute(found):
            empty = auto is None and manual is None
            by_student.setdefault(student, {})[cell] = None if empty else float(score)
    return by_student
