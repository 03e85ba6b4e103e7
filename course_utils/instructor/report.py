"""How a class did in one lesson: a table in the terminal, a CSV file, a page to read."""

import csv
import io
import math
import os
import re
import statistics
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

# Those that need a person stand first, the ones that need most at the top.
STATUSES = ("ungradable", "tampered", "needs review", "partial", "graded")
LONGEST = 400  # characters of a reason that are shown: one student must not fill the page
LARGEST = 6_000  # characters of an example
NOT_WRITTEN, UNKNOWN = "not-written", "unknown"
_UNNAMED = (UNKNOWN, "", NOT_WRITTEN)  # what says more comes first
IN_PICTURE, IN_TERMINAL = 12, 8


@dataclass(frozen=True)
class Row:
    """One submission as it was graded.

    status: one of STATUSES. reason: why it is not simply graded. notes: the repairs made before.
    scores: by test cell; None, or no entry, where there is no score. seconds: what grading took.
    mistakes: by test cell that failed, as in Examined.
    """

    student: str
    status: str
    reason: str
    notes: tuple[str, ...]
    scores: dict[str, float | None]
    seconds: float
    mistakes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self):
        if self.status not in STATUSES:
            raise ValueError(f"{self.status!r} is no status; there are {', '.join(STATUSES)}")


class Example(NamedTuple):
    """A wrong answer and what its author read, without a name. label: tells submissions apart."""

    label: str
    code: str
    said: str


class Mistake(NamedTuple):
    """A mistake in an exercise, and how many students made it. key: "" for one without a name."""

    exercise: str
    key: str
    count: int

    @property
    def words(self):
        """The key as words to be read."""
        if not self.key or self.key == UNKNOWN:
            return self.key or "told in words of the check"
        first, *more = (part.replace("-", " ").replace(":", ": ") for part in self.key.split("+"))
        return " and ".join([first, *more])


@dataclass(frozen=True)
class ClassReport:
    """One lesson and all who handed it in. Where there is no score, its numbers are None, not 0.

    exercises: `{exercise: {test cell: most points}}`. quiz: the exercises that are quiz items.
    examples: `{(exercise, key of a mistake): Example}`.
    """

    lesson: str
    title: str
    exercises: dict[str, dict[str, float]]
    quiz: tuple[str, ...]
    rows: tuple[Row, ...]
    examples: dict[tuple[str, str], Example] = field(default_factory=dict)

    @property
    def cells(self):
        """The most points by test cell, in the lesson's order."""
        return {cell: most for cells in self.exercises.values() for cell, most in cells.items()}

    def scores(self, row):
        """Return the scores that a row has in this lesson, by test cell; none if ungradable."""
        if row.status == "ungradable":
            return {}
        found = {cell: row.scores.get(cell) for cell in self.cells}
        return {cell: s for cell, s in found.items() if s is not None and math.isfinite(s)}

    def points(self, row, *names):
        """Return a row's points in the exercises `names` together, or None without any score."""
        cells = {cell for name in names for cell in self.exercises[name]}
        return _sum([score for cell, score in self.scores(row).items() if cell in cells])

    def total(self, row):
        """Return a row's points in the lesson: of a partial one, the points that are known."""
        return _sum(self.scores(row).values())

    def most(self, *names):
        """Return the most points that the exercises `names`, by default all, can bring."""
        return _sum([p for name in names or self.exercises for p in self.exercises[name].values()])

    @property
    def totals(self):
        """The totals of the rows that have one."""
        return [total for row in self.rows if (total := self.total(row)) is not None]

    @property
    def mean(self):
        """The mean of the totals."""
        return statistics.fmean(self.totals) if self.totals else None

    @property
    def median(self):
        """The median of the totals."""
        return statistics.median(self.totals) if self.totals else None

    def mean_points(self, *names):
        """Return the mean points in the exercises `names`, over the rows with a score in them."""
        points = [p for row in self.rows if (p := self.points(row, *names)) is not None]
        return statistics.fmean(points) if points else None

    def mean_share(self, *names):
        """Return `mean_points` as a share of the most points."""
        mean, most = self.mean_points(*names), self.most(*names)
        return mean / most if mean is not None and most else None

    def mistake(self, row, exercise):
        """Return the key of what a row has wrong in an exercise, or None: it fails no test there.

        Where tests fail for several reasons, it is the first one that has a name.
        """
        found = [row.mistakes[cell] for cell in self.exercises[exercise] if cell in row.mistakes]
        keys = [mistake.partition("@")[0] for mistake in found]
        return min(keys, key=lambda key: key in _UNNAMED and 1 + _UNNAMED.index(key), default=None)

    @cached_property
    def mistakes(self):
        """The Mistakes of answers that were written, the most frequent ones first."""
        found = Counter(
            (exercise, key)
            for row in self.rows
            for exercise in self.exercises
            if exercise not in self.quiz and (key := self.mistake(row, exercise)) is not None
        )
        made = [Mistake(*which, n) for which, n in found.items() if which[1] != NOT_WRITTEN]
        return sorted(made, key=lambda m: (-m.count, m.exercise, not m.key, m.key))

    def mistakes_in(self, exercise):
        """Return the Mistakes in one exercise; the unnamed ones come last."""
        made = [m for m in self.mistakes if m.exercise == exercise]
        return sorted(made, key=lambda m: m.key in _UNNAMED)

    def share_of(self, mistakes):
        """Return `mistakes` as a share of all, counted by students; None where nobody made one."""
        every = sum(m.count for m in self.mistakes)
        return sum(m.count for m in mistakes) / every if every else None

    @property
    def unknown(self):
        """The Mistakes for which an explanation was looked for, and none was found."""
        return [m for m in self.mistakes if m.key == UNKNOWN]

    @property
    def counts(self):
        """How many rows have each status; statuses that nobody has are left out."""
        found = Counter(row.status for row in self.rows)
        return {status: found[status] for status in STATUSES if found[status]}

    @property
    def for_a_person(self):
        """The rows that somebody should look at, the ungradable ones first."""
        rows = [row for row in self.rows if row.status != "graded"]
        return sorted(rows, key=lambda row: STATUSES.index(row.status))

    @property
    def graded(self):
        """The rows that nobody needs to look at."""
        return [row for row in self.rows if row.status == "graded"]


class Bin(NamedTuple):
    """One bar of the histogram: the totals it stands for, and how many students have them."""

    label: str
    count: int


def histogram(report):
    """Return the Bins of the totals, rounded down to whole points.

    Up to 10 points each whole point has its bar, beyond that there are at most eight. Totals
    below 0 or above the most, which a hand-entered score can bring, count in the outer bars.
    """
    top = math.floor(report.most() or 0)
    width = 1 if top <= 10 else math.ceil((top + 1) / 8)
    starts = range(0, top + 1, width)
    found = Counter(int(min(max(total, 0), top) // width) for total in report.totals)
    lasts = [min(start + width - 1, top) for start in starts]
    labels = [f"{a}" if a == b else f"{a}–{b}" for a, b in zip(starts, lasts, strict=True)]
    return [Bin(label, found[i]) for i, label in enumerate(labels)]


def columns(report):
    """Return `[(heading, exercise names)]`: each exercise by itself, the quiz items as one."""
    alone = [(name, (name,)) for name in report.exercises if name not in report.quiz]
    return [*alone, ("quiz", report.quiz)] if report.quiz else alone


def terminal_table(report):
    """Return the class as a rich Table; those that need a person come last, above the prompt."""
    # Every text is a Text: rich would take brackets in a plain string for markup.
    title = Text(_visible(f"{report.lesson}: {report.title}"))
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=0)
    table.show_edge, table.show_footer = False, True
    table.add_column("student", "most points", no_wrap=True, max_width=32)
    for heading, names in columns(report):
        lines = _visible(heading).replace("_", "_\n")
        most = _number(report.most(*names))
        table.add_column(Text(lines), most, justify="right", overflow="fold")
    table.add_column("total", _number(report.most()), justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for row in [*report.graded, *reversed(report.for_a_person)]:
        points = [_number(report.points(row, *names)) for _, names in columns(report)]
        texts = [row.student, *points, _number(report.total(row)), row.status]
        table.add_row(*[Text(_visible(text)) for text in texts])
    return table


def mistakes_table(report):
    """Return the most frequent mistakes of the class as a rich Table; None for none."""
    if not report.mistakes:
        return None
    title = f"most frequent mistakes; unknown: {_percent(report.share_of(report.unknown))}"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=0, pad_edge=False)
    table.show_edge = False
    for heading, how in (("exercise", "left"), ("mistake", "left"), ("students", "right")):
        table.add_column(heading, justify=how)
    for m in report.mistakes[:IN_TERMINAL]:
        table.add_row(*[Text(_visible(text)) for text in (m.exercise, m.words, str(m.count))])
    if more := report.mistakes[IN_TERMINAL:]:
        table.add_row(f"and {len(more)} more: see the page", "", str(sum(m.count for m in more)))
    return table


def summary_lines(report):
    """Return the class in a few sentences: who has a score, mean and median, who needs a person.

    >>> row = Row("student-01", "graded", "", (), {"check_q1": 0.5}, 1.2)
    >>> report = ClassReport("01_chain_rule", "The chain rule", {"q1": {"check_q1": 1}}, (), (row,))
    >>> summary_lines(report)
    ['1 of 1 student with a score.', 'Mean 0.5, median 0.5, of 1 point.', '1 graded.']
    """
    lines = [f"{len(report.totals)} of {_count(len(report.rows), 'student')} with a score."]
    if report.totals:
        most = _count(_number(report.most()), "point")
        lines.append(f"Mean {_number(report.mean)}, median {_number(report.median)}, of {most}.")
    if report.counts:
        lines.append(", ".join(f"{n} {status}" for status, n in report.counts.items()) + ".")
    for row in report.for_a_person:
        lines.append(_visible(f"{row.student}: {row.status}: {row.reason}"))
    return lines


def csv_text(report):
    """Return the class as RFC 4180 text, a line a student, a column a test cell.

    A missing score is an empty field. A text that a spreadsheet would run as a formula gets an
    apostrophe in front; the points are numbers.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    header = ["student", "status", "reason", "total", "max", *report.cells]
    writer.writerow([_inert(text) for text in header])
    for row in report.rows:
        texts = [_inert(text) for text in (row.student, row.status, row.reason)]
        scores = [report.scores(row).get(cell) for cell in report.cells]
        numbers = [report.total(row), report.most(), *scores]
        writer.writerow(texts + [_number(n, digits=9, none="") for n in numbers])
    return file.getvalue()


def mistakes_csv(report):
    """Return the mistakes of the class as RFC 4180 text, a line a mistake in an exercise."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["exercise", "mistake", "students"])
    for mistake in report.mistakes:
        writer.writerow([_inert(mistake.exercise), _inert(mistake.key or "other"), mistake.count])
    return file.getvalue()


def html_page(report):
    """Return the class as one HTML file that loads nothing and runs nothing."""
    return _TEMPLATE.render(
        report=report,
        bins=histogram(report),
        columns=columns(report),
        pictured=[m for m in report.mistakes if m.key not in _UNNAMED][:IN_PICTURE],
    )


def write(report, folder):
    """Write report.csv, mistakes.csv and report.html into `folder`; return `{name: path}`.

    Each file is replaced as a whole: who reads meanwhile sees the old one or the new one.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "report.csv": csv_text(report),
        "mistakes.csv": mistakes_csv(report),
        "report.html": html_page(report),
    }
    return {name: _replace(folder / name, text) for name, text in texts.items()}


def _replace(path, text):
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        # A name that came from a folder in another encoding holds lone surrogates.
        part.write_bytes(text.encode("utf-8", "backslashreplace"))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _sum(values):
    """Add up, without the last digits that thirds of a point leave; None for no values."""
    return round(math.fsum(values), 9) if values else None


def _number(value, digits=2, none="–"):
    # Adding 0 makes -0.0 a plain 0.
    return none if value is None else f"{round(value, digits) + 0:.15g}"


def _percent(share):
    return f"{round(100 * share)}%"


def _count(n, noun):
    return f"{n} {noun}" if str(n) == "1" else f"{n} {noun}s"


def _inert(text):
    """Put an apostrophe before what a spreadsheet takes for a formula, also after spaces."""
    return re.sub(r"\A(?=[\t\r\n]|\s*[=+\-@＝＋－＠])", "'", text)


def _visible(text):
    """Return one short line in which what cannot be seen, as escape codes, is spelt out."""
    line = " ".join(text.split())
    line = line if len(line) <= LONGEST else f"{line[:LONGEST]} ..."
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def _visible_lines(text):
    """Return several lines, at most LARGEST letters, in which what cannot be seen is spelt out."""
    text = text if len(text) <= LARGEST else f"{text[:LARGEST]}\n..."
    return "\n".join(
        "".join(
            c if c.isprintable() else c.encode("unicode_escape").decode()
            for c in line.expandtabs(4)
        )
        for line in text.splitlines()
    )


def _template():
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": _number, "visible": _visible, "count": _count}
    environment.filters |= {"percent": _percent, "lines": _visible_lines}
    return environment.get_template("report.html.j2")


_TEMPLATE = _template()
