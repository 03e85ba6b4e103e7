"""The trusted side: the locked cells and every test, with stand-ins for what the student wrote.

A test cell is ordinary Python and knows nothing of two processes. The names that an answer cell
defines are looked up at the candidate before each cell: plain values come as copies, functions and
classes as stand-ins whose calls are carried out there.
"""

import ast
import contextlib
import functools
import io
import json
import math
import signal
import time
import warnings

import numpy as np

from course_utils import oracles
from course_utils.checks import Mismatch, NotWritten
from course_utils.checks.notebook import as_block
from course_utils.figures import static
from course_utils.instructor.examiner.dialogue import MOST_TEXT, WITHHELD, Dialogue, Gone
from course_utils.instructor.examiner.shell import forgotten
from course_utils.instructor.examiner.stand_ins import THEIRS
from course_utils.instructor.markers import BEGIN_HIDDEN, END_HIDDEN

NOT_WRITTEN = "not-written"  # in place of a mistake
RING_AGAIN = 1.0  # seconds
MOST_SHOWN = 12_000_000  # bytes of outputs of one cell
MOST_IN_ALL = 48_000_000  # and of all cells
SHORT = 2.0  # seconds for a cell once two have run too long
REHEARSAL = 3.0  # seconds of computing, for all cells


class Overrun(BaseException):
    """A test's own computing has taken too long."""


class Judge:
    """Runs locked cells and tests against one candidate.

    channel: to the candidate. answers: the sources of the answer cells, as the lesson has them.
    seconds: that one cell may take.
    """

    def __init__(self, channel, answers, seconds):
        self.definitions = _definitions(answers)
        self.dialogue, self.seconds = Dialogue(channel, self.definitions), seconds
        self.names = _first_names()
        self.used = {}  # what each function of a locked cell reads
        self.text = ""

    def run(self, cell, source, draw):
        """Run a cell at the candidate; return its outputs and whether its time was up."""
        with self._cell_time():
            outputs, late = self.dialogue.run(cell, source, draw)
        return _outputs(outputs), late

    def prepare(self, source):
        """Run a locked cell that is no test, here; what it shows is shown by the candidate."""
        code, used = parsed(source)
        self.used |= used
        try:
            with self._cell_time(), self._quiet():
                self._look_up(used[None])
                exec(code, self.names)  # noqa: S102  the lesson's own
        except Gone:
            raise
        except BaseException:
            pass
        finally:
            self.dialogue.end_of_cell()

    def test(self, source, points):
        """Run a test cell; return outputs, score, the mistake named, and whether time was up."""
        lates = self.dialogue.lates
        self.text, outputs, score, mistake = "", [], 0.0, ""
        try:
            with self._cell_time(), self._quiet():
                value = self._run_test(source)
            score = _score(value, points)
        except Gone:
            raise
        except Overrun:
            self.dialogue.lates += 1
            outputs = [_error("TimeLimit", "the check ran too long on what your code returned")]
        except BaseException as error:
            outputs, mistake = _told(error, self.dialogue.hidden), _mistake(error)
        finally:
            self.dialogue.hidden = False
            self.dialogue.end_of_cell()
        if self.text:
            outputs.insert(0, {"output_type": "stream", "name": "stdout", "text": self.text})
        return outputs, score, mistake, self.dialogue.lates > lates

    def _run_test(self, source):
        """Run the visible and the hidden parts in order; return the value of the last line."""
        parts, read = parsed_test(source)
        self._look_up(read)
        result = None
        for hidden, code, value in parts:
            self.dialogue.hidden = hidden
            exec(code, self.names)  # noqa: S102
            result = value and eval(value, self.names)
        return result

    def _look_up(self, read):
        """Bind the names that a cell reads, itself or through given functions, anew."""
        wanted, todo = set(), list(read)
        while todo:
            name = todo.pop()
            if name not in wanted:
                wanted.add(name)
                todo += self.used.get(name, ())
        wanted = sorted(wanted & self.definitions.keys())
        for name in wanted:
            self.names.pop(name, None)
        if wanted:
            self.names.update(self.dialogue.look_up(wanted))

    @contextlib.contextmanager
    def _cell_time(self):
        """Bound the cell: by the clock for what the candidate does, by computing time here."""
        seconds = self.seconds if self.dialogue.lates < 2 else min(SHORT, self.seconds)
        self.dialogue.deadline = time.monotonic() + seconds

        with _computing_time(self.seconds):
            yield

    @contextlib.contextmanager
    def _quiet(self):
        self.dialogue.out = _Out(self)
        with (
            contextlib.redirect_stdout(self.dialogue.out),
            contextlib.redirect_stderr(io.StringIO()),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore")
            yield


@contextlib.contextmanager
def _computing_time(seconds):
    """Raise Overrun in what has computed for so long in this process."""

    def ring(signum, frame):
        raise Overrun

    signal.signal(signal.SIGVTALRM, ring)
    # Again and again: an answer can swallow what rings in a function that it calls back.
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, RING_AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


class _Out(io.TextIOBase):
    """What a test prints, and what the student's functions print while a visible part runs."""

    def __init__(self, judge):
        self.judge = judge

    def writable(self):
        return True

    def write(self, text):
        self.judge.text = (self.judge.text + text)[:MOST_TEXT]
        return len(text)


def _parts(code, lines):
    """Yield `(hidden, statements)` for the runs of visible and hidden statements of a test."""
    inside, hidden = False, set()
    for number, line in enumerate(lines, 1):
        inside = inside or BEGIN_HIDDEN in line
        if inside:
            hidden.add(number)
        inside = inside and END_HIDDEN not in line
    run = []
    for statement in code.body:
        if run and (run[-1].lineno in hidden) != (statement.lineno in hidden):
            yield run[0].lineno in hidden, run
            run = []
        run.append(statement)
    if run:
        yield run[0].lineno in hidden, run


def _score(value, points):
    """Return the score that the value of a test's last line means: a number, or full marks."""
    if type(value) not in (int, float) and not isinstance(value, np.floating | np.integer):
        return float(points)
    value = float(value)
    if not math.isfinite(value):
        raise ValueError("the test's own score is no finite number")
    return min(max(value, 0.0), float(points))


def _told(error, hidden=False):
    """Return the outputs that tell why a test failed."""
    name, text = type(error).__name__, str(error)[:10_000]
    if hidden and isinstance(error, ValueError | LookupError):  # Python's own quote the value
        text = text and WITHHELD
    if isinstance(error, Mismatch):
        outputs = [_error(name, text, [f"{name}: {error.sentence[:10_000]}"])]
        if data := as_block(error):
            outputs.append({"output_type": "display_data", "data": data, "metadata": {}})
        return outputs
    lines, traceback = [f"{name}: {text}"], error.__traceback__
    while traceback:
        code = traceback.tb_frame.f_code
        if code.co_filename == THEIRS:
            lines.append(f"  in {code.co_name}, line {traceback.tb_lineno} of your cell")
        traceback = traceback.tb_next
    return [_error(name, text, lines)]


def _mistake(error):
    """Return the key of the mistake behind a failed test, and its place; "" for none."""
    if isinstance(error, NotWritten):
        return NOT_WRITTEN
    return error.mistake[:200] if isinstance(error, Mismatch) else ""


def _error(name, text, lines=None):
    lines = lines or [f"{name}: {text}"]
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": lines}


def _outputs(found):
    """Return the outputs of a cell, made anew from what the candidate says they are."""
    outputs = []
    for part in found if type(found) is list else []:
        match part:
            case ["stream", "stdout" | "stderr" as name, str() as text]:
                outputs.append({"output_type": "stream", "name": name, "text": _sound(text)})
            case ["display_data" | "execute_result" as kind, list() as data]:
                data = {m: _sound(text) for m, text in map(_mime, data)}
                output = {"output_type": kind, "data": data, "metadata": {}}
                if kind == "execute_result":
                    output["execution_count"] = None
                outputs.append(output)
            case ["error", str() as name, str() as text, list() as lines]:
                lines = [_sound(line) for line in lines if type(line) is str]
                outputs.append(_error(_sound(name[:200]), _sound(text), lines))
            case _:
                raise Gone("its process sent an output of no known kind", tampered=True)
    return outputs


def _mime(part):
    match part:
        case [str() as mime, str() as text] if mime.isascii() and len(mime) < 100:
            return mime, text
    raise Gone("its process sent an output of no known kind", tampered=True)


def _packed(outputs, left):
    """Return outputs as JSON, at most `left` bytes of it: a note stands for what is more."""
    text = json.dumps(outputs, ensure_ascii=False).encode("utf-8", "replace").decode()
    if len(text.encode()) > min(left, MOST_SHOWN):
        note = f"[left out: a cell may show {MOST_SHOWN:,} bytes, all together {MOST_IN_ALL:,}]"
        return json.dumps([{"output_type": "stream", "name": "stdout", "text": note}])
    return text


def _sound(text):
    return text.encode("utf-8", "replace").decode("utf-8")


@functools.cache
def parsed(source):
    """Return a locked cell, compiled, and the names that it reads, by the names that it defines.

    What all of it reads stands under None.
    """
    code = ast.parse(source)
    used = {name: _read(part) for part in code.body for name in _defined(part)}
    return compile(code, "<given>", "exec"), {**used, None: _read(code)}


@functools.cache
def parsed_test(source):
    """Return the parts of a test in order, and the names that it reads.

    A part is `(hidden, code, value)`: whether it is hidden, its statements, and of the last part
    the expression that it ends with; None for none.
    """
    whole, parts = ast.parse(source), []
    for hidden, statements in _parts(whole, source.splitlines()):
        last, value = statements[-1], None
        if last is whole.body[-1] and isinstance(last, ast.Expr):
            value = compile(ast.Expression(statements.pop().value), "<test>", "eval")
        parts.append((hidden, compile(ast.Module(statements, []), "<test>", "exec"), value))
    return parts, _read(whole)


def _read(code):
    """Return the names that a piece of syntax reads."""
    return {n.id for n in ast.walk(code) if isinstance(n, ast.Name)}


def _defined(statement):
    """Return the names that a top-level statement defines."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
        targets = [statement.target]
    else:
        return []
    return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]


def _definitions(sources):
    """Return `{name: class definition or None}` of what answer cells define."""
    return {
        name: statement if isinstance(statement, ast.ClassDef) else None
        for source in sources
        for statement in ast.parse(source).body
        for name in _defined(statement)
    }


def _first_names():
    return {"__name__": "__main__", "display": _nothing, "get_ipython": _nothing}


def _nothing(*args, **kwargs):
    return None


def rehearse(cells):
    """Run a lesson with its own answers, so that judges that are forked later find things ready.

    cells: `[kind, source]`, of the kind "given", "answer" or "test". What is ready then: the tests,
    compiled, and the truths that they ask for. It computes for REHEARSAL seconds at most.
    """
    oracles.remember()
    names, nowhere = _first_names(), io.StringIO()
    for kind, source in cells:
        with contextlib.suppress(SyntaxError):
            parsed_test(source) if kind == "test" else parsed(source)
    with (
        forgotten(),
        static.nothing_shown(),
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
        contextlib.suppress(Overrun),
        _computing_time(REHEARSAL),
    ):
        warnings.simplefilter("ignore")
        for kind, source in cells:
            try:
                _rehearse(kind, source, names)
            except Overrun:
                raise
            except BaseException:  # then it is not ready, and that is all
                pass


def _rehearse(kind, source, names):
    if kind != "test":
        exec(parsed(source)[0], names)  # noqa: S102
        return
    for _, code, value in parsed_test(source)[0]:
        exec(code, names)  # noqa: S102
        value and eval(value, names)


def serve(control, channel):
    """Examine one submission: read the job from `control`, and send what comes of each cell.

    The job: `["job", cells, answers, seconds]`. A cell is `[kind, id, source, points, draw]`, of
    the kind "student", "given", "test" or "barred"; answers are the sources of the answer cells.
    Events: `["begin", index]`; `["ran", index, outputs, late]`, for a test with its score and the
    mistake in addition; `["gone", index, reason, tampered]` where the candidate has ended;
    `["done"]`.
    """
    _, cells, answers, seconds = control.receive()
    judge, left = Judge(channel, answers, seconds), MOST_IN_ALL
    with static.nothing_shown():
        for index, (kind, name, source, points, draw) in enumerate(cells):
            if kind == "barred":
                continue
            control.send(["begin", index])
            try:
                if kind == "test":
                    outputs, *more, late = judge.test(source, points)
                else:
                    more, (outputs, late) = [], judge.run(name, source, draw)
                if kind == "given":
                    judge.prepare(source)
                packed = _packed(outputs, left)
                left -= len(packed.encode())
                control.send(["ran", index, packed, late, *more])
            except Gone as gone:
                control.send(["gone", index, gone.reason, gone.tampered])
                return
    control.send(["done"])
