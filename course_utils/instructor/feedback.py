"""A student's feedback page: each exercise with its answer, its tests, and what they say.

Everything in a graded notebook but its points was written by the student, or shown by the
student's code. So a text gets into the page escaped by the template, or cleaned by `Shown`.
"""

import math
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from course_utils.instructor import cleaning
from course_utils.instructor.autograded import SAID
from course_utils.instructor.cleaning import one_line
from course_utils.instructor.shown import NOTHING, Shown, about

MOST_CELLS = 1000  # besides those that nbgrader knows
_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S.*?)[ \t#]*$", re.MULTILINE)


class Standing(NamedTuple):
    """What became of a submission: its status and reason, and notes on its repairs."""

    status: str
    reason: str = ""
    notes: tuple = ()


class Text(NamedTuple):
    """Prose. label: what it is, where it is more than the lesson's text."""

    html: Markup
    label: str = ""
    comment: Markup = NOTHING
    kind: str = "text"


class Code(NamedTuple):
    """A code cell and what it showed. folded: whether its source waits to be opened."""

    source: Markup
    outputs: tuple
    label: str
    folded: bool = False
    comment: Markup = NOTHING
    kind: str = "code"


class Test(NamedTuple):
    """A test cell: its points (score is None where there is none) and what it says.

    source: its visible part. partial: whether another part is not shown. folded: whether the
    lesson folds it away.
    """

    name: str
    score: float | None
    most: float
    message: Markup = NOTHING
    source: Markup = NOTHING
    partial: bool = False
    folded: bool = False
    kind: str = "test"


@dataclass
class Exercise:
    """An answer, what leads up to it, and all its test cells."""

    name: str
    title: str
    parts: list = field(default_factory=list)
    kind: str = "exercise"

    @property
    def tests(self):
        return [part for part in self.parts if part.kind == "test"]

    @property
    def score(self):
        return _sum(test.score for test in self.tests)

    @property
    def most(self):
        return _sum(test.most for test in self.tests) or 0

    @property
    def complete(self):
        """Whether every test cell has a score."""
        return all(test.score is not None for test in self.tests)


@dataclass
class Aside:
    """What stands between exercises: the lesson's text and figures, the student's own cells."""

    title: str
    parts: list = field(default_factory=list)
    kind: str = "aside"


def feedback_page(notebook, lesson, student, standing=None, penalty=0):
    """Return the feedback on a graded notebook as one HTML file that loads and runs nothing.

    notebook: as it was graded, its hidden tests in it, and in the nbgrader metadata of its cells
    `points`, `score` (None where there is none) and `comment`. standing: a Standing; without one
    that of the notice on top of the notebook. penalty: points taken off for coming late.
    """
    noticed = _notice(notebook.cells)
    cells = _bounded(notebook.cells[1:] if noticed else notebook.cells)
    sections = _sections(cells, Shown(cells))
    exercises = [section for section in sections if section.kind == "exercise"]
    total = _sum(exercise.score for exercise in exercises)
    heading = next(filter(None, map(_heading, cells)), None)
    text = _template().render(
        title=heading[1] if heading else lesson,
        lesson=lesson,
        student=student,
        standing=standing or noticed or Standing("graded"),
        sections=sections,
        exercises=exercises,
        total=None if total is None else total - penalty,
        most=_sum(exercise.most for exercise in exercises) or 0,
        complete=all(exercise.complete for exercise in exercises),
        penalty=penalty,
    )
    # A name that came from a folder in another encoding holds lone surrogates.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _notice(cells):
    """Return the Standing that grading has written into the first cell, or None."""
    first = cells[0] if cells else None
    if first is None or not first.get("id", "notice").startswith("notice"):
        return None
    for status, said in SAID.items():
        if first.source.startswith(start := f"**{said}:** "):
            return Standing(status, re.sub(r"\\(.)", r"\1", first.source.removeprefix(start)))
    return None


def _sections(cells, shown):
    """Return the Exercises and the Asides between them, in the notebook's order."""
    sections, waiting, exercises, current = [], [], {}, None
    owners = _owners(cells)
    last = {owner: place for place, owner in owners.items()}
    for place, cell in enumerate(cells):
        owner = owners.get(place)
        if owner is None:
            if current and place < last[current.name]:
                current.parts.append(_plain(cell, shown))
            else:
                waiting.append(cell)
            continue
        if owner not in exercises:
            start = _start(waiting)
            sections += _asides(waiting[:start], shown)
            current = exercises[owner] = _exercise(owner, waiting[start:], shown)
            sections.append(current)
            waiting = []
        exercises[owner].parts += _graded(cell, shown)
    return [*sections, *_asides(waiting, shown)]


def _owners(cells):
    """Return `{place: name of its exercise}` for all answer and test cells.

    A test cell belongs to the answer that it is named after; under other names, to the answer
    above it.
    """
    answers = [about(cell)["grade_id"] for cell in cells if about(cell).get("solution")]
    owners, above = {}, None
    for place, cell in enumerate(cells):
        known = about(cell)
        if known.get("solution") or known.get("task"):
            owners[place] = above = known["grade_id"]
        elif known.get("grade"):
            name = known["grade_id"]
            fitting = [answer for answer in answers if f"{name}_".startswith(f"check_{answer}_")]
            without = name.removeprefix("check_")
            alone = without if without != name else above or name
            owners[place] = max(fitting, key=len, default=alone)
    return owners


def _start(cells):
    """Return where the text of an exercise begins among the cells before it."""
    return max((i for i, cell in enumerate(cells) if _heading(cell)), default=len(cells))


def _exercise(name, cells, shown):
    heading = _heading(cells[0]) if cells else None
    exercise = Exercise(name, heading[1] if heading else one_line(name))
    for number, cell in enumerate(cells):
        exercise.parts.append(_plain(cell, shown, heading[0] if number == 0 else ""))
    return exercise


def _asides(cells, shown):
    """Return an Aside for each section of the lesson among the cells."""
    asides = []
    for cell in cells:
        heading = _heading(cell)
        begins = heading is not None and not heading[0].startswith("###")
        if begins or not asides:
            asides.append(Aside(heading[1] if heading else "Between the exercises"))
        asides[-1].parts.append(_plain(cell, shown, heading[0] if begins else ""))
    return asides


def _plain(cell, shown, without=""):
    """Return a cell that is not graded. without: a heading that stands elsewhere."""
    if cell.cell_type != "code":
        return Text(shown.prose(cell, without))
    locked = bool(about(cell).get("locked"))
    label, folded = "Given code" if locked else "Code", locked or _is_folded(cell)
    return Code(shown.code(cell), shown.outputs(cell), label, folded)


def _graded(cell, shown):
    """Return the parts that an answer cell or a test cell becomes."""
    known = about(cell)
    name, score, most = known["grade_id"], _number(known.get("score")), known.get("points")
    most, comment = _number(most) or 0, known.get("comment")
    comment = cleaning.markdown(comment) if isinstance(comment, str) else NOTHING
    if not known.get("solution") and not known.get("task"):
        message, source = shown.message(cell), shown.code(cell)
        return [Test(name, score, most, message, source, shown.hides(cell), _is_folded(cell))]
    label = "Your answer" if known.get("solution") else "Task"
    if cell.cell_type == "code":
        part = Code(shown.code(cell), shown.outputs(cell), label, comment=comment)
    else:
        part = Text(shown.prose(cell), label, comment)
    # Such a cell has points of its own where a person marks it.
    marked = known.get("grade") or known.get("task")
    return [part, Test(name, score, most)] if marked else [part]


def _is_folded(cell):
    look = cell.metadata.get("jupyter")
    return isinstance(look, dict) and bool(look.get("source_hidden"))


def _bounded(cells):
    """Return the cells; of those that nbgrader does not know, the first MOST_CELLS."""
    kept, others = [], 0
    for cell in cells:
        others += not about(cell)
        if about(cell) or others <= MOST_CELLS:
            kept.append(cell)
    return kept


def _heading(cell):
    """Return the first heading of a Markdown cell as `(its line, its text)`, or None."""
    found = _HEADING.search(cell.source[:4000]) if cell.cell_type == "markdown" else None
    return (found[0], one_line(found[2])) if found else None


def _number(value):
    known = isinstance(value, int | float) and math.isfinite(value)
    return value if known else None


def _sum(values):
    known = [value for value in values if value is not None]
    return round(math.fsum(known), 9) if known else None


def _told(value):
    return "–" if value is None else f"{round(value, 2) + 0:.15g}"


def _count(value, noun):
    return f"{_told(value)} {noun}" if value == 1 else f"{_told(value)} {noun}s"


def _verdict(score, most, complete=True):
    """Return a verdict in words: of a score, of the most points, and of scores that are missing."""
    if score is None or not complete:
        return "no score yet" if score is None else "not all scored"
    if score >= most:
        return "passed"
    return "partly passed" if score > 0 else "not passed"


@cache
def _template():
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": _told, "line": one_line, "count": _count}
    environment.globals["verdict"] = _verdict
    return environment.get_template("feedback.html.j2")
