"""What a bad submission is, and how one is built from the student notebook of lesson 1."""

import copy
import functools
import json
from collections.abc import Callable
from dataclasses import dataclass

import nbformat

from course_utils.instructor import sample_class
from course_utils.instructor.layout import Course
from course_utils.instructor.lesson import read_lesson
from course_utils.instructor.reconcile import grade_id
from course_utils.instructor.variants import read_variants

LESSON = "01_chain_rule"
POINTS = 28
FULL = "full"
MARK = "attack31337"  # must never be live in a page, nor alive as a process
THROUGH = "GOT-THROUGH"  # what an attack prints where something worked that must not
NO_SCORE = ("ungradable", "tampered")

SETUP = "given_setup"
TESTS = "check_"
WRONG = {
    "chain_four": "def chain_four(x):\n    return 0.0, 0.0, 0.0, 0.0",
    "line_order": 'line_order = ["C", "G", "E", "A", "B"]',
    "compose_derivative": "def compose_derivative(fs, dfs, x):\n    return 7.0",
    "fork_derivative": "def fork_derivative(x):\n    return 0.0, 0.0",
    "neuron_gradients": "def neuron_gradients(w, b, x, y):\n    return np.zeros_like(w), 0.0",
    "vanishing_product": "def vanishing_product(z, n, kind):\n    return 7.0",
    **{f"q{i}": f'q{i} = "{letter}"' for i, letter in enumerate("AAABAAAB", 1)},
}


@dataclass(frozen=True)
class Submission:
    """One submission and what must become of it.

    name: short, kebab-case. group: of the tables in this folder. what: one sentence, what it tries.
    make: from the student notebook to the bytes of the .ipynb; with `files`, a function of the
    notebook and the folder submitted/STUDENT/LESSON, which it fills.
    status: the right one, or a set where each of several is right.
    score: the total where the status has one; FULL, or a tuple where each of several is right.
    fools_plain: plain nbgrader gives it points that it has not earned.
    student: the name of the student's folder, where that is the attack.
    earlier: a first attempt, graded before this one.
    compiles: whether every code cell is Python that compiles. valid: whether it is a notebook.
    secret: looks for what it must not see. inert: its feedback and its lines in the reports are
    looked at, too.

    In the text of a submission, @WORK@, @ROOT@, @HOME@ and @PORT@ stand for the class folder, the
    checkout, the grader's home and a port on which somebody listens: a grader must hold against
    those who know where everything is.
    """

    name: str
    group: str
    what: str
    make: Callable
    status: str | frozenset
    score: float | str | tuple | None
    fools_plain: bool = False
    student: str | None = None
    earlier: Callable | None = None
    files: bool = False
    compiles: bool = True
    valid: bool = True
    secret: bool = False
    inert: bool = False

    @property
    def statuses(self):
        return {self.status} if isinstance(self.status, str) else set(self.status)

    def is_right(self, status, total):
        """Return whether a status and a total (None: no score) are what this one must get."""
        if status not in self.statuses:
            return False
        if status in NO_SCORE:
            return total is None
        allowed = self.score if isinstance(self.score, tuple) else (self.score,)
        return total in [POINTS if score == FULL else score for score in allowed]

    @property
    def expected(self):
        """What must become of it, in a few words."""
        return f"{'/'.join(sorted(self.statuses))} {self.score}"


def group(name, **common):
    """Return a table and the function that adds a submission to it."""
    table = []

    def add(short, what, make, status="graded", score=0, **more):
        if isinstance(status, str) and "/" in status:
            status = frozenset(status.split("/"))
        table.append(Submission(short, name, what, make, status, score, **{**common, **more}))

    return table, add


@functools.cache
def course():
    return Course.find(__file__)


@functools.cache
def right_answers():
    """Return `{name: code}` of the answers in the lesson's text."""
    shipped = nbformat.read(course().notebooks / f"{LESSON}.ipynb", as_version=4)
    source = read_lesson(course().lesson_text(LESSON)).notebook
    solved = sample_class.solved(shipped, source)
    return {n: c.source for c in solved.cells if (n := grade_id(c)) in WRONG}


@functools.cache
def variants():
    """Return `{(exercise, name): code}` of the answers as learners write them."""
    return {(v.exercise, v.name): v.code for v in read_variants(course(), LESSON)}


def notebook(release, answers, own=None, first=None, last=None, whole=False):
    """Return a copy of `release` with these answers and cells of the student's own.

    own: after the first locked cell, with the imports. first, last: before and after all others.
    whole: keep demonstrations, figures and texts, which no test needs; a batch is faster without.
    """
    made = copy.deepcopy(release)
    if not whole:
        made.cells = [made.cells[0], *(c for c in made.cells if grade_id(c))]
    for cell in made.cells:
        if grade_id(cell) in answers:
            cell.source = answers[grade_id(cell)]
    if own is not None:
        place = 1 + next(i for i, c in enumerate(made.cells) if grade_id(c) == SETUP)
        made.cells.insert(place, code_cell(own, "own"))
    if first is not None:
        made.cells.insert(0, code_cell(first, "first"))
    if last is not None:
        made.cells.append(code_cell(last, "last"))
    return made


def code_cell(source, name):
    return nbformat.v4.new_code_cell(source.strip("\n"), id=f"own-{name}")


def dump(made):
    """Return the bytes of a notebook; no check is made that it is one."""
    return (json.dumps(made, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def right(own=None, first=None, last=None, whole=False, **answers):
    """Return the make of a notebook with right answers, except for those given."""
    cells = {"own": own, "first": first, "last": last, "whole": whole}
    return lambda release: dump(notebook(release, right_answers() | answers, **cells))


def wrong(own=None, first=None, last=None, **answers):
    """Return the make of a notebook with wrong answers, except for those given."""
    return lambda release: dump(notebook(release, WRONG | answers, own, first, last))


def changed(change, answers=None):
    """Return the make of a notebook with right answers, by default, that `change` has edited."""

    def make(release):
        made = notebook(release, right_answers() if answers is None else answers)
        return dump(change(made) or made)

    return make


def find(made, name):
    """Return the cell of a notebook with this grade_id."""
    return next(cell for cell in made.cells if grade_id(cell) == name)


def tests(made):
    """Return the test cells of a notebook."""
    return [cell for cell in made.cells if (grade_id(cell) or "").startswith(TESTS)]


def returning(value, prelude=""):
    """Return wrong answers in which every function returns `value`, an expression.

    In it `x` is the function's number or array. prelude: code that goes before each function.
    """
    head = prelude.strip("\n") + "\n\n\n" if prelude else ""
    codes = {
        "chain_four": f"def chain_four(x):\n    return tuple({value} for _ in range(4))",
        "compose_derivative": f"def compose_derivative(fs, dfs, x):\n    return {value}",
        "fork_derivative": f"def fork_derivative(x):\n    return tuple({value} for _ in range(2))",
        "neuron_gradients": "def neuron_gradients(w, b, x, y):\n"
        f"    return tuple({value} for x in (w, b))",
        "vanishing_product": f"def vanishing_product(z, n, kind):\n    x = z\n    return {value}",
    }
    return {name: head + code for name, code in codes.items()}


def beside(fill, answers=None, **cells):
    """Return the make of a folder: the notebook, and what `fill` puts beside it."""

    def make(release, folder):
        made = notebook(release, right_answers() if answers is None else answers, **cells)
        (folder / f"{LESSON}.ipynb").write_bytes(dump(made))
        fill(folder)

    return make
