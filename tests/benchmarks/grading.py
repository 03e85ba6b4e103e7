"""How long a lecturer waits: a class of 48 under `course grade`, beside plain nbgrader.

E is what cannot be saved: a warm process forks, runs the cells of one notebook and draws their
figures. Plain nbgrader grades a sample of the class, one after another, as it always does; its
time for the class follows from that, since each submission starts a kernel of its own.
"""

import ast
import contextlib
import io
import os
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat

from course_utils.instructor import bridge, grading, release, sample_class
from course_utils.instructor.examiner import Examiner
from course_utils.instructor.layout import Course
from tests.benchmarks import Row

LESSONS = ("01_chain_rule", "02_partials_jacobian", "03_backprop")
CLASS, ROUNDS, PLAIN_A_ROUND, JOBS = 48, 3, 4, 2


def rows():
    """Yield the Rows of this module."""
    for lesson in LESSONS:
        with tempfile.TemporaryDirectory() as folder:
            course = Course.find(work=folder)
            yield from _lesson(lesson, course)
            if lesson == LESSONS[0]:
                yield from _memory(course, lesson)


def _lesson(lesson, course):
    students = _make_class(course, lesson)
    ours, plain, fast = [], [], []
    bounded = lesson == "03_backprop"  # by the training in it
    for number in range(1 if bounded else ROUNDS):
        sample = students[number * PLAIN_A_ROUND :][:PLAIN_A_ROUND]
        plain.append(_seconds(lambda s=sample: [bridge.autograde(course, lesson, x) for x in s]))
        ours.append(_seconds(lambda: grading.grade(course, lesson, again=True, jobs=JOBS)))
        fast.append(
            _seconds(
                lambda: grading.grade(course, lesson, again=True, jobs=JOBS, figures="answers")
            )
        )
    plain = [seconds / PLAIN_A_ROUND * CLASS for seconds in plain]
    yield _row(f"class of {CLASS}, {lesson}", ours, plain, None if bounded else 10)
    yield _row(
        f"the same without untouched figures, {lesson}", fast, plain, None if bounded else 20
    )
    yield from _parts(course, lesson, students[0])


def _row(name, ours, plain, mark):
    ratio = statistics.median(p / o for p, o in zip(plain, ours, strict=True))
    told = f"{ratio:.1f} times plain" + (f"; at least {mark}" if mark else "")
    mine, theirs = statistics.median(ours), statistics.median(plain)
    return Row(name, "s", mine, {"nbgrader": theirs}, told, mark and ratio >= mark)


def _parts(course, lesson, student):
    """Yield the Rows of one submission: examining it against E, and recording it."""
    source = nbformat.read(course.source(lesson), as_version=4)
    notebook = nbformat.read(course.submitted(lesson, student), as_version=4)
    with Examiner() as examiner, _bare(notebook) as bare:
        examiner.examine(source, nbformat.from_dict(notebook))  # warm
        examining, limits, judged, ran = [], [], [], []
        for _ in range(7):
            limits.append(bare())
            copied = nbformat.from_dict(notebook)
            examining.append(_seconds(lambda n=copied: examiner.examine(source, n)))
            judged.append(examiner.used[0][1])
            ran.append(examiner.used[1][1])
        examined = examiner.examine(source, nbformat.from_dict(notebook))
    times = {"E": statistics.median(limits) * 1e3}
    ours = statistics.median(examining) * 1e3
    ratio = statistics.median(x / e for x, e in zip(examining, limits, strict=True))
    mark = f"{ratio:.2f} times E; at most 1.5"
    yield Row(f"examining one submission, {lesson}", "ms", ours, times, mark, ratio <= 1.5)
    parts = {"judge": statistics.median(judged) * 1e3, "candidate": statistics.median(ran) * 1e3}
    yield Row(f"of that, computing, {lesson}", "ms", sum(parts.values()), parts, "")
    with bridge.Recorder(course, lesson) as recorder:
        recording = [_seconds(lambda: recorder.record(student, examined)) for _ in range(15)]
    ms = statistics.median(recording) * 1e3
    yield Row(f"recording one submission, {lesson}", "ms", ms, {}, "at most 40 ms", ms <= 40)


def _memory(course, lesson):
    """Yield the Rows of what 500 submissions leave in memory."""
    source = nbformat.read(course.source(lesson), as_version=4)
    notebook = nbformat.read(course.submitted(lesson, "student-01"), as_version=4)
    most, sizes = [], []
    with Examiner(JOBS) as examiner, ThreadPoolExecutor(JOBS) as pool:

        def examine(_):
            examiner.examine(source, nbformat.from_dict(notebook))
            most.append(max(used[2] for used in examiner.used))

        for part in (range(50), range(450)):
            list(pool.map(examine, part))
            warm = examiner.forkserver.process.pid
            home = Path(f"/proc/{warm}/task/{warm}/children").read_text().split()
            sizes.append([_resident(pid) for pid in (os.getpid(), warm, *home)])
    peers = {"the commonest": statistics.median(most) / 2**20}
    yield Row("peak of a candidate or judge, 500 submissions", "MiB", max(most) / 2**20, peers)
    grown = sum(sizes[1]) - sum(sizes[0])
    mark = "no growth from 50 to 500 submissions: at most 16 MiB"
    holds = grown <= 16 * 2**20
    before = {"after 50": sum(sizes[0]) / 2**20}
    yield Row(
        "main and warm processes, after 500", "MiB", sum(sizes[1]) / 2**20, before, mark, holds
    )


def _resident(pid):
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@contextlib.contextmanager
def _bare(notebook):
    """Give a function that returns the seconds of E: fork, run the cells, draw the figures."""
    ask, answer = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        _serve_bare(notebook, ask[0], answer[1])
        os._exit(0)

    def measure():
        os.write(ask[1], b"x")
        return float(os.read(answer[0], 100))

    try:
        yield measure
    finally:
        os.write(ask[1], b".")
        os.waitpid(pid, 0)


def _serve_bare(notebook, asked, told):
    from course_utils.instructor.examiner import forkserver

    forkserver.warm_up()
    while os.read(asked, 1) == b"x":
        start = time.perf_counter()
        pid = os.fork()
        if pid == 0:
            _run_bare(notebook)
            os._exit(0)
        os.waitpid(pid, 0)
        os.write(told, str(time.perf_counter() - start).encode())


def _run_bare(notebook):
    import matplotlib.pyplot as plt
    from IPython.display import display

    from course_utils.instructor.examiner.shell import Shell

    shell, names = Shell.instance(), {"__name__": "__main__", "display": display}
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            with contextlib.suppress(Exception):
                code = ast.parse(cell.source)
                ends = code.body and isinstance(code.body[-1], ast.Expr)
                last = code.body.pop() if ends else None
                exec(compile(code, "<cell>", "exec"), names)
                if last is not None:
                    value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
                    if value is not None:
                        shell.display_formatter.format(value)
            for number in plt.get_fignums():
                plt.figure(number).savefig(io.BytesIO(), format="png")
            plt.close("all")


def _make_class(course, lesson):
    """Write 48 submissions, four of each kind that can be graded; return the students."""
    release.build(course, execute=False)
    sample_class.make_class(course, lesson)
    kinds = [path.read_bytes() for path in sorted(Path(course.work).glob("submitted/*/*/*.ipynb"))]
    kinds = [kinds[i] for i in (0, 1, 2, 3, 4, 5, 6, 7, 8, 11)]
    names = [f"student-{number:02}" for number in range(1, CLASS + 1)]
    for number, student in enumerate(names):
        path = course.submitted(lesson, student)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(kinds[number % len(kinds)])
    return names


def _seconds(act):
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
