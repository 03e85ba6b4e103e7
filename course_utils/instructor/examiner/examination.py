"""Examine one submission: a job for a candidate and a judge, and what they make of it.

`Examiner` keeps a warm process; `examine` takes a source notebook and a submission, and returns
what became of it. It reads and writes no file, so it can be used by itself.
"""

import atexit
import json
import threading
import time
from dataclasses import dataclass, field

import nbformat

from course_utils.instructor.examiner import sandbox
from course_utils.instructor.examiner.forkserver import Ended, Forkserver
from course_utils.instructor.examiner.protocol import GRACE, Late, ProtocolError
from course_utils.instructor.reconcile import (
    Ungradable,
    as_node,
    grade_id,
    needs_review,
    read_submission,
    reconcile,
)

RUNS = 8  # a candidate that dies is started again without the cell that killed it
PATIENCE = 5  # no new start after so many times what one cell may take
TIMES_IN_ALL = 10  # the time of all cells, in times of one
FIGURES = ("all", "answers")


@dataclass(frozen=True)
class Examined:
    """What became of one submission.

    notebook: with outputs; its locked cells are the source's. scores: by the names of the test
    cells; None where one could not be run and a person must look. status: "graded", "partial",
    "needs review" or "tampered". reason: why, where it is not "graded". notes: sentences for the
    lecturer. mistakes: by the names of test cells that failed, the key of the mistake, as in
    Mismatch.mistake; "not-written", and "" where the test says it in words of its own.
    """

    notebook: nbformat.NotebookNode
    scores: dict
    status: str
    reason: str
    notes: tuple = ()
    mistakes: dict = field(default_factory=dict)


@dataclass
class _Run:
    """What one candidate and its judge have come to."""

    outputs: dict = field(default_factory=dict)
    scores: dict = field(default_factory=dict)
    mistakes: dict = field(default_factory=dict)
    late: list = field(default_factory=list)
    ended_at: int | None = None
    reason: str = ""
    tampered: bool = False


class Examiner:
    """Examines submissions, `jobs` at a time, each in a candidate and a judge of its own.

    seconds: that a cell may take. figures: "all", or "answers" where the figures of cells that
    the student has not touched are not drawn. without: layers of the sandbox to leave out. limits:
    of a candidate, where they are not sandbox.Limits' own.
    """

    def __init__(self, jobs=1, seconds=30, *, figures="all", without=(), limits=None):
        if figures not in FIGURES:
            raise ValueError(f"figures: is {figures!r}, needed one of {', '.join(FIGURES)}")
        self.seconds, self.figures = seconds, figures
        self.limits, self.without = limits or {}, list(without)
        self.jobs, self.turns = jobs, threading.BoundedSemaphore(jobs)
        self.forkserver, self.warm = None, set()
        self.starting = threading.Lock()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.forkserver:
            self.forkserver.close()

    def examine_bytes(self, source, data, notes=()):
        """Return `(Examined, reason, notes, seconds)` of what was handed in, as bytes.

        The Examined is None for what is ungradable. notes: of how the bytes were found.
        """
        start = time.perf_counter()
        try:
            notebook, repaired = reconcile(as_node(read_submission(data)), source)
            notes = (*notes, *repaired)
            examined = self.examine(source, notebook, notes, review=needs_review(repaired))
            reason = examined.reason
        except Ungradable as error:
            examined, reason, notes = None, str(error), ()
        except Exception as error:  # whatever one submission does, the others are graded
            told = f"{type(error).__name__}: {error}"[:300]
            examined, reason, notes = None, f"the notebook is damaged: grading it gave {told}", ()
        return examined, reason, notes, round(time.perf_counter() - start, 2)

    def examine(self, source, notebook, notes=(), *, review=False):
        """Return the Examined of a notebook that has been reconciled with its source.

        notes: of the repairs. review: whether they are such that a person should look.
        """
        cells = _cells(source, notebook, self.figures)
        answers = [c.source for c in source.cells if _is(c, "solution") and c.cell_type == "code"]
        with self.turns, sandbox.free_slot() as slot:
            try:
                run, barred = self._runs(source, slot, cells, answers)
            except Ended:  # as if it had not begun
                run, barred = self._runs(source, slot, cells, answers)
        return _examined(notebook, cells, run, barred, tuple(notes), review)

    def _warm_up(self, source):
        """Return the warm processes, which have run once what every student of a lesson runs."""
        left_out = _drawings(source) if self.figures == "answers" else ()
        cells = [cell for cell in source.cells if cell.cell_type == "code"]
        shared = tuple(c.source for c in cells if _is_shared(c) and c.source not in left_out)
        lesson = tuple((_kind(cell), cell.source) for cell in cells if _is_marked(cell))
        with self.starting:
            if self.forkserver and self.forkserver.has_ended():  # by somebody else
                self.forkserver.close()
                self.forkserver = None
            if self.forkserver is None:
                self.forkserver, self.warm = Forkserver(), set()
            if (shared, lesson) not in self.warm:
                self.forkserver.warm(shared, lesson)
                self.warm.add((shared, lesson))
            return self.forkserver

    def _runs(self, source, slot, cells, answers):
        """Return the last run, and the cells that ended those before it, with the reasons."""
        forkserver = self._warm_up(source)
        barred, begun = {}, time.monotonic()
        deadline = begun + TIMES_IN_ALL * self.seconds  # of all runs together
        for _ in range(RUNS):
            run = self._run(forkserver, slot, cells, answers, barred, deadline)
            if run.ended_at is None or run.tampered or run.ended_at in barred:
                break
            barred[run.ended_at] = run.reason
            if time.monotonic() > begun + PATIENCE * (self.seconds + GRACE):
                break
        return run, barred

    def _run(self, forkserver, slot, cells, answers, barred, deadline):
        control, pids = forkserver.fork(slot, self.limits, self.without)
        try:
            return self._follow(control, cells, answers, barred, deadline)
        finally:
            control.close()
            self.used = forkserver.end(pids)

    def _follow(self, control, cells, answers, barred, deadline):
        """Send the job and collect what the judge says of each cell."""
        run, patience = _Run(), 4 * self.seconds + 20
        job = [
            ["barred" if index in barred else cell.kind, *cell.job]
            for index, cell in enumerate(cells)
        ]
        at = 0
        try:
            control.send(["job", job, answers, self.seconds], deadline)
            while True:
                what, *parts = control.receive(min(deadline, time.monotonic() + patience))
                if what == "done":
                    return run
                at, *parts = parts
                if what == "gone":
                    run.ended_at = at
                    run.reason, run.tampered = parts
                    return run
                if what == "ran":
                    outputs, late, *verdict = parts
                    run.outputs[at] = json.loads(outputs)
                    run.late += [at] * late
                    if verdict:
                        run.scores[at], run.mistakes[at] = verdict
        except Late:
            run.reason = "checking it took too much memory or time"  # in C code, past all alarms
            if time.monotonic() > deadline:
                most = f"{TIMES_IN_ALL} x {self.seconds} s"
                run.reason = f"all of its cells together took longer than {most}"
        except ProtocolError:
            run.reason = "checking it took too much memory or time"
        run.ended_at = at
        return run


_kept, _keeping = {}, threading.Lock()


def kept(**how):
    """Return the Examiner of this kind that this process keeps for its life."""
    with _keeping:
        kind = tuple(sorted(how.items()))
        if kind not in _kept:
            _kept[kind] = Examiner(**how)
            atexit.register(_kept[kind].__exit__)
        return _kept[kind]


def examine(source, notebook, **options):
    """Return the Examined of one submission, by an Examiner that this process keeps."""
    return kept().examine(source, notebook, **options)


@dataclass(frozen=True)
class _Cell:
    """A code cell of the notebook: its place there, what it is, and what the judge is sent."""

    place: int
    kind: str
    name: str | None
    job: list


def _cells(source, notebook, figures):
    ours = {name: cell for cell in source.cells if (name := grade_id(cell))}
    plain = {cell.source for cell in source.cells if not _is(cell, "solution")}
    drawings = _drawings(source)
    cells = []
    for place, cell in enumerate(notebook.cells):
        name = grade_id(cell)
        locked = name in ours and _is(ours[name], "locked")
        if locked:
            cell.source, cell.cell_type = ours[name].source, ours[name].cell_type
        if cell.cell_type != "code":
            continue
        if figures == "answers" and not name and cell.source in drawings:
            continue  # such a cell is there for its figure alone
        test = locked and _is(ours[name], "grade")
        kind = "test" if test else "given" if locked else "student"
        points = float(ours[name].metadata.nbgrader.points) if test else 0.0
        draw = figures == "all" or cell.source not in plain
        job = [cell.get("id") or str(place), cell.source, points, draw]
        cells.append(_Cell(place, kind, name, job))
    return cells


def _is(cell, what):
    return bool(cell.metadata.get("nbgrader", {}).get(what))


def _drawings(source):
    """Return the cells that are there for their figure alone."""
    return {cell.source for cell in source.cells if cell.get("id", "").startswith("drawing-")}


def _is_shared(cell):
    return not _is(cell, "solution") and not _is(cell, "grade")


def _is_marked(cell):
    return _is(cell, "solution") or _is(cell, "locked")


def _kind(cell):
    """Return what a code cell of the source is: an answer, a test or given."""
    return "answer" if _is(cell, "solution") else "test" if _is(cell, "grade") else "given"


def _examined(notebook, cells, run, barred, notes, review):
    scores, mistakes, late, ended = {}, {}, [], []
    for index, cell in enumerate(cells):
        node = notebook.cells[cell.place]
        node.execution_count = index + 1
        outputs = run.outputs.get(index, [])
        score = run.scores.get(index)
        label = cell.name or "a cell of the student's own"
        if index in barred:
            reason = f"this cell was stopped: {barred[index]}"
            outputs = [_told(reason)]
            score = 0.0
            ended.append(f"{label}: {barred[index]}")
        elif index in run.late:
            late.append(label)
        node.outputs = [nbformat.from_dict(output) for output in outputs]
        if cell.kind == "test":
            scores[cell.name] = None if run.tampered else score
            if any(output.output_type == "error" for output in node.outputs):
                mistakes[cell.name] = run.mistakes.get(index, "")
    reasons = []
    if run.tampered:
        return Examined(notebook, scores, "tampered", f"{_label(cells, run)}: {run.reason}", notes)
    if late:
        reasons.append(f"ran longer than allowed: {', '.join(dict.fromkeys(late))}")
    if ended:
        reasons.append(f"was stopped at {'; '.join(ended)}")
    if None in scores.values():
        unrun = [name for name, score in scores.items() if score is None]
        reasons.append(f"could not be run: {', '.join(unrun)}")
    status = "partial" if reasons else "needs review" if review else "graded"
    if status == "needs review":
        reasons = ["its cells were not as JupyterLab leaves them: see the notes"]
    return Examined(notebook, scores, status, "; ".join(reasons), notes, mistakes)


def _label(cells, run):
    return cells[run.ended_at].name or "a cell of the student's own"


def _told(text):
    return {"output_type": "error", "ename": "Stopped", "evalue": text, "traceback": [text]}
