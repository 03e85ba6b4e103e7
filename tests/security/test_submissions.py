"""Bad submissions earn nothing, harm nobody, see nothing and stay inert."""

import ast
import base64
import csv
import html
import io
import os
import re
import subprocess
import sys
import warnings
from html.parser import HTMLParser

import nbformat
import numpy as np
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from rich.console import Console

from course_utils.instructor import bridge, grading, report
from course_utils.instructor.lesson import hidden_lines, read_lesson
from tests.security.attacks.build import LESSON, MARK, POINTS, THROUGH, course
from tests.security.conftest import SECONDS, new_class, put, totals
from tests.security.submissions import ATTACKS, HONEST, SUBMISSIONS, student_of

MOST_BYTES = 5_000_000  # of an autograded notebook or a page
by_name = pytest.mark.parametrize("submission", SUBMISSIONS, ids=lambda one: one.name)


def those(what):
    chosen = [one for one in SUBMISSIONS if what(one)]
    return pytest.mark.parametrize("submission", chosen, ids=lambda one: one.name)


# --- the table itself; needs no examiner ----------------------------------------------------------


def test_there_is_one_of_each_name():
    assert len({one.name for one in SUBMISSIONS}) == len(SUBMISSIONS)
    assert len({student_of(one) for one in SUBMISSIONS}) == len(SUBMISSIONS)
    assert [one.name for one in SUBMISSIONS if not re.fullmatch(r"[a-z0-9-]+", one.name)] == []


def test_every_submission_has_a_known_status():
    assert {status for one in SUBMISSIONS for status in one.statuses} <= set(report.STATUSES)


def test_cheats_earn_nothing():
    cheats = [one for one in ATTACKS if one.group in ("cheat", "lie", "wire")]
    earns = {one.name for one in cheats if one.score not in (0, None)}
    own = {"complex-step-of-its-own", "forward-difference-as-float32", "waits-for-its-own-call"}
    letters = {"letter-equal-to-all", "letter-that-looks-up-the-key"}  # which hold an A
    assert earns == own | letters


@by_name
def test_it_is_well_made(submission, shipped, tmp_path):
    if submission.files:
        folder = tmp_path / "submitted" / "student" / LESSON
        folder.mkdir(parents=True)
        submission.make(shipped, folder)
        path = folder / f"{LESSON}.ipynb"
        if not path.is_file() or path.is_symlink():
            return
        data = path.read_bytes()
    else:
        data = submission.make(shipped)
    assert isinstance(data, bytes)
    if not submission.valid:
        return
    made = nbformat.reads(data.decode(), as_version=4)
    for cell in made.cells if submission.compiles else ():
        if cell.cell_type == "code":
            code = TransformerManager().transform_cell(cell.source)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(code, cell.id, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


# --- the batch ------------------------------------------------------------------------------------


@by_name
def test_it_gets_the_right_status_and_score(submission, batch):
    status, total = batch.outcome(submission)
    reason = getattr(batch.results.get(student_of(submission)), "reason", "")
    assert submission.is_right(status, total), (
        f"{status} {total}, needed {submission.expected}: {submission.what} {reason}"
    )


@by_name
def test_nothing_works_that_must_not(submission, batch):
    found = [line for line in batch.outputs(submission).split("\\n") if THROUGH in line]
    assert found == []


def test_honest_students_get_the_same_alone(batch, honest_alone):
    alone = {one.name: honest_alone.outcome(one) for one in HONEST}
    assert alone == {one.name: batch.outcome(one) for one in HONEST}
    assert [name for name, (status, _) in alone.items() if status != "graded"] == []


def test_nobody_is_missing(batch):
    assert sorted(batch.results) == sorted(student_of(one) for one in SUBMISSIONS)


def test_every_status_but_graded_has_a_reason(batch):
    assert [s for s, r in batch.results.items() if r.status != "graded" and not r.reason] == []


def test_nobody_called_home(batch):
    assert batch.calls == []


def test_nothing_was_changed_that_is_not_theirs(batch):
    assert batch.touched == []


def test_nothing_outlives_the_batch(batch):
    assert batch.left == []


def test_what_is_kept_stays_small(batch):
    large = {}
    for folder in ("autograded", "feedback"):
        for path in (batch.course.work / folder).rglob("*"):
            if path.is_file() and path.stat().st_size > MOST_BYTES:
                large[str(path)] = path.stat().st_size
    assert large == {}


def test_no_link_is_carried_on(batch):
    folders = [batch.course.work / name for name in ("autograded", "feedback")]
    assert [p for folder in folders for p in folder.rglob("*") if p.is_symlink()] == []


def test_the_table(batch, capsys):
    lines = [f"{'name':42} {'group':10} {'expected':34} got"]
    right = 0
    for one in SUBMISSIONS:
        status, total = batch.outcome(one)
        good = one.is_right(status, total)
        right += good
        score = "-" if total is None else f"{total:g}"
        mark = "" if good else "  <-- wrong"
        lines.append(f"{one.name:42} {one.group:10} {one.expected:34} {status} {score}{mark}")
    lines.append(f"{right} of {len(SUBMISSIONS)} as they must be; {batch.seconds:.0f} s")
    with capsys.disabled():
        print("\n" + "\n".join(lines))


# --- what must not be seen ------------------------------------------------------------------------


def hidden_inputs():
    """Return the numbers that hidden tests alone pass to answers, written in full."""
    points = [np.random.default_rng(seed).uniform(0.1, 1.5, 6) for seed in (11, 12, 13, 14)]
    points += [np.random.default_rng(seed).uniform(-2, 2, 6) for seed in (31, 32)]
    return {repr(float(x)) for x in np.concatenate(points)}


def hidden_tests():
    """Return the longer lines of hidden tests that stand nowhere in what students are given."""
    lesson = read_lesson(course().lesson_text(LESSON)).notebook
    shown = "\n".join(visible(cell.source) for cell in lesson.cells)
    lines = {line for cell, line in hidden_lines(lesson) if cell.startswith("check-")}
    return {line for line in lines if len(line) > 30 and line not in shown}


def visible(source):
    return re.sub(r"### BEGIN HIDDEN.*?### END HIDDEN TESTS", "", source, flags=re.DOTALL)


def plain(page):
    """Return the text of a page, without its tags."""
    return html.unescape(re.sub(r"<[^>]*>", "", page))


@those(lambda one: one.secret)
def test_it_sees_no_secret(submission, batch):
    page, outputs = batch.page(submission), batch.outputs(submission)
    found = [
        place
        for place, secret in batch.secrets.items()
        for form in (secret, base64.b64encode(secret.encode()).decode()[:32])
        if form in page or form in outputs
    ]
    folders = [
        p(LESSON, student_of(submission)).parent
        for p in (batch.course.autograded, batch.course.feedback)
    ]
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        found += [f"{path.name}: {p}" for p, s in batch.secrets.items() if s.encode() in data]
    assert found == []


@those(lambda one: one.secret)
def test_it_sees_no_hidden_test(submission, batch):
    text, outputs = plain(batch.page(submission)), batch.outputs(submission)
    assert [line for line in hidden_tests() if line in text or line in outputs] == []
    assert [number for number in hidden_inputs() if number in text or number in outputs] == []


# --- what must be inert ---------------------------------------------------------------------------


class Live(HTMLParser):
    """Collects what of a page acts by itself or when clicked, and holds the attackers' mark."""

    ACTS = ("script", "iframe", "frame", "object", "embed", "applet", "base", "meta")
    ACTS += ("link", "form", "style", "template")
    OPAQUE = ("script", "style")

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.inside, self.found = "", []

    def handle_starttag(self, tag, attrs):
        self.inside = tag if tag in self.OPAQUE else ""
        for name, value in attrs:
            value = re.sub(r"[\s\0]", "", value or "").lower()
            scheme = value.startswith(("javascript:", "vbscript:", "data:text", "data:application"))
            loads = name == "style" and "url(" in value
            if MARK in value and (tag in self.ACTS or name.startswith("on") or scheme or loads):
                self.found.append(f"<{tag} {name}={value[:80]}>")
            if name == "srcdoc" and MARK in value:
                self.found.append(f"<{tag} srcdoc>")

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside and MARK in data:
            self.found.append(f"<{self.inside}>{data.strip()[:80]}")


def live(page):
    found = []
    # Where scripts run, what stands in <noscript> is no markup.
    for text in (page, re.sub(r"<noscript[^>]*>.*?</noscript>", "", page, flags=re.S | re.I)):
        parser = Live()
        parser.feed(f"{text}</script></style>")
        parser.close()
        found += parser.found
    return found


def test_the_parser_sees_what_is_live():
    from tests.security.attacks.injection import LIVE

    assert [text for text in LIVE if not live(text)] == []


@those(lambda one: one.inert)
def test_its_page_is_inert(submission, batch):
    page = batch.page(submission)
    assert live(page) == []
    assert "\x1b" not in page


def test_the_reports_are_inert(batch, tmp_path):
    whole = grading.class_report(batch.course, LESSON)
    paths = report.write(whole, tmp_path)
    for name in ("report.csv", "mistakes.csv"):
        rows = list(csv.reader(io.StringIO(paths[name].read_text("utf-8"))))
        assert len(rows) == 1 + len(SUBMISSIONS) or name == "mistakes.csv"
        assert {len(row) for row in rows} == {len(rows[0])}
        texts = [text for row in rows for text in row[:3]]
        assert [text for text in texts if re.match(r"[\t\r\n]|\s*[=+\-@]", text)] == []
    page = paths["report.html"].read_text("utf-8")
    assert 'id="mistakes"' in page and "<details>" in page
    assert live(page) == []


def test_the_terminal_is_left_alone(batch):
    whole = grading.class_report(batch.course, LESSON)
    file = io.StringIO()
    console = Console(file=file, width=200, color_system=None)
    console.print(report.terminal_table(whole), report.mistakes_table(whole))
    text = file.getvalue() + "\n".join(report.summary_lines(whole))
    assert re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) == []


# --- plain nbgrader, to see that the attacks are serious ------------------------------------------

FOOLING = [one for one in ATTACKS if one.fools_plain]


@pytest.fixture(scope="module")
def plain_totals(shipped, tmp_path_factory):
    """What plain nbgrader gives to the cheats that it falls for."""
    here, home = new_class(tmp_path_factory.mktemp("plain")), tmp_path_factory.mktemp("home")
    words = {"WORK": str(here.work), "ROOT": str(here.root), "HOME": str(home)}
    for one in [HONEST[0], *FOOLING]:  # one of them takes the honest one's answers
        put(here, one, shipped, words)
    about = {**bridge.environment(), "COURSE_WORK": str(here.work), "HOME": str(home)}
    about["COURSE_PLAIN"] = "1"
    about.pop("PYTHONPATH", None)  # it would come before a package beside the notebook
    subprocess.run(
        [
            sys.executable,
            "-m",
            "nbgrader",
            "autograde",
            LESSON,
            f"--ExecutePreprocessor.timeout={SECONDS * 5}",
        ],
        cwd=here.root,
        env=about,
        check=False,
        capture_output=True,
    )
    return totals(here)


# Only where PLAIN_NBGRADER=1: it runs cheats without a sandbox, as nbgrader does, for minutes.
if os.environ.get("PLAIN_NBGRADER"):

    @pytest.mark.parametrize("submission", FOOLING, ids=lambda one: one.name)
    def test_plain_nbgrader_falls_for_it(submission, plain_totals):
        assert 0 < (plain_totals.get(student_of(submission)) or 0) <= POINTS
