"""What stands in the gradebook and beside it: as nbgrader leaves it, and nothing twice."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.instructor import autograded, bridge
from course_utils.instructor.layout import Course, CourseError

LESSON = "01_small"
SOLUTION = "### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"


def source_cell(kind, name, text, **about):
    about = {"grade": False, "solution": False, "locked": False, "task": False, **about}
    metadata = {"nbgrader": {"grade_id": name, "schema_version": 3, **about}}
    return kind(text, metadata=metadata, id=name.replace("_", "-"))


SOURCE = new_notebook(
    metadata={"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    cells=[
        source_cell(new_code_cell, "given", "import warnings\ntwo = 2", locked=True),
        source_cell(new_code_cell, "double", f"def double(x):\n    {SOLUTION}", solution=True),
        source_cell(new_code_cell, "check_double", "double(1)\nassert double(two) == 4\n"
                    "### BEGIN HIDDEN TESTS\nassert double(21) == 42\n### END HIDDEN TESTS",
                    grade=True, points=2, locked=True),
        source_cell(new_code_cell, "check_part", "assert double(two) == 4\n0.5",
                    grade=True, points=1, locked=True),
        source_cell(new_code_cell, "check_slow", "print(double(3))", grade=True, points=1,
                    locked=True),
        source_cell(new_markdown_cell, "why", "because", grade=True, solution=True, points=3),
        source_cell(new_markdown_cell, "task", "Think.", task=True, points=1, locked=True),
    ],
)  # fmt: skip
ANSWERS = {
    "right": {"double": "def double(x):\n    return 2 * x", "why": "It doubles."},
    "wrong": {"double": "def double(x):\n    return x + 2"},
    "empty": {},
}


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A class folder with one small lesson and three submissions."""
    work = tmp_path_factory.mktemp("template")
    course = Course(work, work)
    put(course.source(LESSON), SOURCE)
    bridge.generate(course, LESSON)
    for student, answers in ANSWERS.items():
        hand_in(course, student, answers)
    put_text(course, "right", "timestamp.txt", "2024-02-03 10:00:00.5 Europe/Berlin\n")
    put_text(course, "right", "data/more.txt", "1 2 3")
    put_text(course, "right", "draft.pyc", "")
    return course


@pytest.fixture
def course(template, tmp_path):
    """A copy of it that a test may change."""
    shutil.copytree(template.work, tmp_path / "class")
    return Course(tmp_path / "class", tmp_path / "class")


@pytest.fixture(scope="module")
def by_nbgrader(template, tmp_path_factory):
    """Another copy, graded by nbgrader itself."""
    work = tmp_path_factory.mktemp("plain") / "class"
    shutil.copytree(template.work, work)
    course = Course(work, work)
    bridge.autograde(course, LESSON, "*", plain=True)
    return course


def put(path, notebook):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    nbformat.write(notebook, path)


def put_text(course, student, name, text):
    path = course.submitted(LESSON, student).parent / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def hand_in(course, student, answers):
    notebook = nbformat.read(course.release(LESSON), as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    put(course.submitted(LESSON, student), notebook)


def rows(course):
    """Return what the gradebook holds of submissions, with names in place of random ids."""
    submitted = (
        "submitted_notebook n JOIN submitted_assignment a ON a.id = n.assignment_id "
        "JOIN assignment l ON l.id = a.assignment_id JOIN notebook b ON b.id = n.notebook_id"
    )
    graded = (
        f"{submitted} JOIN {{0}} g ON g.notebook_id = n.id JOIN base_cell c ON c.id = g.cell_id"
    )
    queries = {
        "students": "SELECT * FROM student",
        "submissions": f"SELECT l.name, b.name, a.student_id, a.timestamp, a.extension, n.flagged, "
        f"n.late_submission_penalty FROM {submitted}",
        "scores": "SELECT a.student_id, c.name, c.type, g.auto_score, g.manual_score, "
        f"g.extra_credit, g.needs_manual_grade FROM {graded.format('grade')}",
        "comments": "SELECT a.student_id, c.name, c.type, g.auto_comment, g.manual_comment "
        f"FROM {graded.format('comment')}",
    }
    with sqlite3.connect(course.work / "gradebook.db") as database:
        found = {name: sorted(map(repr, database.execute(q))) for name, q in queries.items()}
    database.close()
    return found


def files(course):
    """Return every file of the autograded folder with its rights and what it says."""
    folder, found = course.work / "autograded", {}
    for path in folder.rglob("*"):
        if path.is_file():
            said = path.read_bytes()
            if path.suffix == ".ipynb":
                said = nbformat.reads(said.decode(), as_version=4)
            found[str(path.relative_to(folder))] = oct(path.stat().st_mode), said
    return found


def score_rows(course, student):
    """Return `{test cell: (auto, manual, extra credit, needs a person)}`."""
    query = (
        "SELECT c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade "
        "FROM grade g JOIN base_cell c ON c.id = g.cell_id "
        "JOIN submitted_notebook n ON n.id = g.notebook_id "
        "JOIN submitted_assignment a ON a.id = n.assignment_id WHERE a.student_id = ?"
    )
    with sqlite3.connect(course.work / "gradebook.db") as database:
        found = {name: tuple(rest) for name, *rest in database.execute(query, [student])}
    database.close()
    return found


def examined(notebook, scores, status="graded", reason=""):
    return SimpleNamespace(notebook=notebook, scores=scores, status=status, reason=reason, notes=())


def as_graded(course, student):
    """Return an Examined with the outputs and scores that nbgrader has left."""
    notebook = nbformat.read(course.autograded(LESSON, student), as_version=4)
    for cell in notebook.cells:
        cell.metadata.nbgrader.pop("checksum")  # the examiner knows the source, which has none
    scores = {name: row[0] for name, row in score_rows(course, student).items() if name != "task"}
    return examined(notebook, scores)


def record(course, student, result, **more):
    with bridge.Recorder(course, LESSON) as recorder:
        return recorder.record(student, result, **more)


def marked_by_hand(course):
    """Enter, with nbgrader's own API, what a person may enter."""
    with bridge.Gradebook(course.gradebook) as gradebook, bridge._no_sql_warnings():
        grade = gradebook.find_grade("check_double", LESSON, LESSON, "right")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1.5, 0.25, False
        grade = gradebook.find_grade("why", LESSON, LESSON, "right")
        grade.manual_score, grade.needs_manual_grade = 3, False
        gradebook.find_comment("double", LESSON, LESSON, "right").manual_comment = "Nice."
        gradebook.find_submission_notebook(LESSON, LESSON, "right").flagged = True
        gradebook.db.commit()


def test_rows_and_files_are_those_of_nbgrader(course, by_nbgrader):
    for student in ANSWERS:
        assert record(course, student, as_graded(by_nbgrader, student)) == ()
    assert rows(course) == rows(by_nbgrader)
    assert files(course) == files(by_nbgrader)
    # Neither side is empty: a submission that fails, one half done, one with more files.
    assert score_rows(course, "wrong")["check_double"] == (0, None, None, 0)
    assert score_rows(course, "empty")["why"] == (0, None, None, 0)
    assert score_rows(course, "right")["why"] == (None, None, None, 1)
    assert "'2024-02-03 09:00:00.500000'" in "".join(rows(course)["submissions"])
    assert sum("No response." in row for row in rows(course)["comments"]) == 3
    assert {path.rpartition("/")[2] for path in files(course)} == {
        f"{LESSON}.ipynb",
        "timestamp.txt",
        "more.txt",
    }


def test_what_a_person_entered_survives_as_with_nbgrader(course, by_nbgrader, tmp_path):
    shutil.copytree(by_nbgrader.work, tmp_path / "plain")
    plain = Course(tmp_path / "plain", tmp_path / "plain")
    for student in ANSWERS:
        record(course, student, as_graded(by_nbgrader, student))
    for each in (course, plain):
        marked_by_hand(each)
        hand_in(each, "right", ANSWERS["wrong"])
    bridge.autograde(plain, LESSON, "right", plain=True)
    record(course, "right", as_graded(plain, "right"))
    assert rows(course) == rows(plain)
    assert score_rows(course, "right")["check_double"] == (0, 1.5, 0.25, 1)


def test_a_score_of_none_waits_for_a_person(course, by_nbgrader):
    result = as_graded(by_nbgrader, "right")
    result.scores |= {"check_slow": None, "check_part": float("nan")}
    del result.scores["check_double"]
    record(course, "right", result)
    for cell in ("check_slow", "check_part", "check_double"):
        assert score_rows(course, "right")[cell] == (None, None, None, 1)
    assert bridge.scores(course, LESSON)["right"]["check_slow"] is None


def test_a_test_that_could_not_run_again_loses_its_earlier_score(course, by_nbgrader):
    record(course, "right", as_graded(by_nbgrader, "right"))
    assert score_rows(course, "right")["check_double"][0] == 2
    record(course, "right", examined(as_graded(by_nbgrader, "right").notebook, {}))
    assert score_rows(course, "right")["check_double"] == (None, None, None, 1)


def test_recording_again_changes_nothing(course, by_nbgrader):
    result = as_graded(by_nbgrader, "right")
    record(course, "right", result)
    once = rows(course), files(course)
    record(course, "right", result)
    assert (rows(course), files(course)) == once


def test_the_examined_notebook_is_not_changed(course, by_nbgrader):
    result = as_graded(by_nbgrader, "wrong")
    result.status, result.reason = "partial", "too slow"
    before = nbformat.writes(result.notebook)
    record(course, "wrong", result)
    assert nbformat.writes(result.notebook) == before


def test_what_an_earlier_submission_left_is_gone(course, by_nbgrader):
    record(course, "right", as_graded(by_nbgrader, "right"))
    shutil.rmtree(course.submitted(LESSON, "right").parent / "data")
    put_text(course, "right", "data", "now a file")
    record(course, "right", as_graded(by_nbgrader, "right"))
    folder = course.autograded(LESSON, "right").parent
    assert sorted(os.listdir(folder)) == [f"{LESSON}.ipynb", "data", "timestamp.txt"]
    assert (folder / "data").read_text() == "now a file"


def test_links_of_a_submission_are_left_out(course, by_nbgrader, tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.txt").write_text("secret")
    folder = course.submitted(LESSON, "wrong").parent
    (folder / "a.txt").symlink_to(tmp_path / "secret" / "key.txt")
    (folder / "b").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "c.txt")
    notes = record(course, "wrong", as_graded(by_nbgrader, "wrong"))
    assert notes == tuple(
        f"{name}: is a link or no plain file, so it was left out."
        for name in ("a.txt", "b", "c.txt")
    )
    assert os.listdir(course.autograded(LESSON, "wrong").parent) == [f"{LESSON}.ipynb"]


def test_too_much_beside_a_notebook_is_left_out(course, by_nbgrader, monkeypatch):
    monkeypatch.setattr(autograded, "MOST_BYTES", 10)
    put_text(course, "wrong", "big.txt", "x" * 11)
    notes = record(course, "wrong", as_graded(by_nbgrader, "wrong"))
    assert notes == ("big.txt: was left out; the other files are more than 20 MB.",)


@pytest.mark.parametrize("text", ["", "yesterday", "9999-12-31 23:59 -1200", "2024 x y", "é" * 500])
def test_a_bad_timestamp_is_a_note_and_no_timestamp(course, by_nbgrader, text):
    record(course, "right", as_graded(by_nbgrader, "right"))
    put_text(course, "right", "timestamp.txt", text)
    (note,) = record(course, "right", as_graded(by_nbgrader, "right"))
    assert note.startswith("timestamp.txt: is no date and time")
    assert [row for row in rows(course)["submissions"] if "'right', None, None" in row]
    assert not (course.autograded(LESSON, "right").parent / "timestamp.txt").exists()


def test_a_timestamp_behind_a_link_is_not_read(course, by_nbgrader, tmp_path):
    (tmp_path / "elsewhere").write_text("2024-01-01 10:00")
    (course.submitted(LESSON, "wrong").parent / "timestamp.txt").symlink_to(tmp_path / "elsewhere")
    notes = record(course, "wrong", as_graded(by_nbgrader, "wrong"))
    assert "is no date and time" in notes[0]
    assert [row for row in rows(course)["submissions"] if "'wrong', None, None" in row]


def test_a_timestamp_can_be_given(course, by_nbgrader):
    record(
        course,
        "wrong",
        as_graded(by_nbgrader, "wrong"),
        timestamp="2024-05-06 07:08:09 America/New_York",
    )
    assert "'2024-05-06 11:08:09.000000'" in "".join(rows(course)["submissions"])


@pytest.mark.parametrize("status", ["partial", "tampered", "needs review"])
def test_a_status_stands_on_top_of_the_notebook(course, by_nbgrader, status):
    result = as_graded(by_nbgrader, "wrong")
    result.status, result.reason = status, "cell *double*\n<b>ran</b> away"
    record(course, "wrong", result)
    first, *rest = nbformat.read(course.autograded(LESSON, "wrong"), as_version=4).cells
    assert first.source == (
        f"**{autograded.SAID[status]}:** cell \\*double\\* \\<b\\>ran\\</b\\> away."
    )
    assert len(rest) == len(result.notebook.cells)
    flagged = any(", 1, None)" in row for row in rows(course)["submissions"])
    assert flagged == (status != "partial")


def test_a_status_needs_a_cell_id_that_is_free(course, by_nbgrader):
    result = as_graded(by_nbgrader, "wrong")
    result.status = "partial"
    result.notebook.cells[0].id, result.notebook.cells[1].id = "notice", "notice1"
    record(course, "wrong", result)
    nbformat.validate(nbformat.read(course.autograded(LESSON, "wrong"), as_version=4))


def test_an_ungradable_one_waits_for_a_person_and_says_why(course, by_nbgrader):
    record(course, "right", as_graded(by_nbgrader, "right"))
    marked_by_hand(course)
    bridge.record_ungradable(course, LESSON, "right", "the file is empty")
    assert score_rows(course, "right") == {
        "check_double": (None, 1.5, 0.25, 1),
        "check_part": (None, None, None, 1),
        "check_slow": (None, None, None, 1),
        "why": (None, 3, None, 1),
        "task": (None, None, None, 1),
    }
    assert not [row for row in rows(course)["comments"] if "No response." in row]
    first = nbformat.read(course.autograded(LESSON, "right"), as_version=4).cells[0]
    assert first.source == "**This submission could not be graded:** the file is empty."
    bridge.write_feedback(course, LESSON, "right")
    assert "the file is empty" in course.feedback(LESSON, "right").read_text("utf-8")


def test_a_lone_surrogate_does_not_stop_the_recorder(course, by_nbgrader):
    result = as_graded(by_nbgrader, "wrong")
    result.notebook.cells[1].source = "def double(x): return '\ud800'"
    record(course, "wrong", result)
    assert "return '?'" in course.autograded(LESSON, "wrong").read_text("utf-8")


def test_a_test_cell_that_the_gradebook_does_not_know_is_refused(course, by_nbgrader):
    result = as_graded(by_nbgrader, "wrong")
    result.scores["check_new"] = 1
    with pytest.raises(CourseError, match=r"no test cell check_new\. Run: course build"):
        record(course, "wrong", result)


def test_a_folder_name_that_is_not_text_is_refused(course, by_nbgrader):
    with pytest.raises(CourseError, match="Rename it"):
        record(course, "stud\udce9", as_graded(by_nbgrader, "wrong"))


def test_a_lesson_that_was_not_built_is_told(course):
    with (
        pytest.raises(CourseError, match=r"02_none: is not in the gradebook\. Run: course build"),
        bridge.Recorder(course, "02_none"),
    ):
        pass


def test_a_missing_gradebook_is_told_and_not_made(course):
    (course.work / "gradebook.db").unlink()
    with (
        pytest.raises(CourseError, match=r"gradebook\.db: there is no gradebook"),
        bridge.Recorder(course, LESSON),
    ):
        pass
    assert not (course.work / "gradebook.db").exists()


# Where a process may die: (whose, what, at its start or at its end).
DEATHS = [
    (autograded, "_text", "end"),
    (bridge.Recorder, "_submission", "start"),
    (bridge.Recorder, "_submission", "end"),
    (bridge.Recorder, "_enter_scores", "end"),
    (bridge.Recorder, "_enter_comments", "end"),
    (autograded.os, "replace", "start"),
    (autograded.os, "replace", "end"),
    (autograded, "copy_others", "start"),
    (autograded, "_read", "end"),
    (autograded, "copy_others", "end"),
]


@pytest.mark.parametrize("again", [False, True], ids=["first time", "second time"])
@pytest.mark.parametrize("death", DEATHS, ids=lambda death: f"{death[1]}-{death[2]}")
def test_a_process_that_dies_leaves_nothing_that_stays(course, by_nbgrader, death, again):
    whose, name, when = death
    if again:
        record(course, "right", as_graded(by_nbgrader, "wrong"))
        marked_by_hand(course)
    result = as_graded(by_nbgrader, "right")
    twin = Course(course.root, course.work.with_name("twin"))
    shutil.copytree(course.work, twin.work)
    record(twin, "right", result)
    before = rows(course)
    if (child := os.fork()) == 0:
        real = getattr(whose, name)

        def die(*args, **kwargs):
            if when == "end":
                real(*args, **kwargs)
            os._exit(9)

        setattr(whose, name, die)
        try:
            record(course, "right", result)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert rows(course) in (before, rows(twin))  # never a part of it
    record(course, "right", result)
    assert rows(course) == rows(twin)
    assert files(course) == files(twin)


def test_two_at_once_record_the_same_class(course, by_nbgrader):
    result, names = as_graded(by_nbgrader, "wrong"), [f"s{i:02}" for i in range(20)]
    children = []
    for _ in range(2):
        if (child := os.fork()) == 0:
            try:
                with bridge.Recorder(course, LESSON) as recorder:
                    for name in names:
                        recorder.record(name, result)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    assert len(rows(course)["submissions"]) == 20
    assert len(rows(course)["scores"]) == 20 * 5
    assert set(files(course)) == {f"{name}/{LESSON}/{LESSON}.ipynb" for name in names}


@pytest.fixture
def locked(course):
    """A connection that holds the gradebook's lock."""
    database = sqlite3.connect(course.work / "gradebook.db", check_same_thread=False)
    database.execute("BEGIN IMMEDIATE")
    yield database
    database.close()


def test_a_lock_that_stays_is_told_and_nothing_is_changed(course, by_nbgrader, locked, monkeypatch):
    monkeypatch.setattr(bridge, "PATIENCE", 0.2)
    before = rows(course), files(course)
    with bridge.Recorder(course, LESSON) as recorder:
        with pytest.raises(CourseError, match=r"class/gradebook\.db: another program has kept"):
            recorder.record("wrong", as_graded(by_nbgrader, "wrong"))
        assert (rows(course), files(course)) == before
        locked.rollback()
        recorder.record("wrong", as_graded(by_nbgrader, "wrong"))
    assert score_rows(course, "wrong")["check_double"] == (0, None, None, 0)


def test_a_lock_that_goes_is_waited_for(course, by_nbgrader, locked):
    timer = threading.Timer(0.5, locked.rollback)
    timer.start()
    start = time.monotonic()
    record(course, "wrong", as_graded(by_nbgrader, "wrong"))
    assert time.monotonic() - start > 0.4
    timer.join()
    assert score_rows(course, "wrong")["check_double"] == (0, None, None, 0)


def test_a_gradebook_that_nobody_may_read_is_told(course, locked, monkeypatch):
    monkeypatch.setattr(bridge, "PATIENCE", 0.2)
    locked.rollback()
    locked.execute("BEGIN EXCLUSIVE")
    with (
        pytest.raises(CourseError, match="kept the gradebook locked for 0.2 s"),
        bridge.Recorder(course, LESSON),
    ):
        pass
    with pytest.raises(CourseError, match="kept the gradebook locked for 0.2 s"):
        bridge.scores(course, LESSON)


def test_a_gradebook_of_an_older_nbgrader_is_told(course):
    with sqlite3.connect(course.work / "gradebook.db") as database:
        database.execute("ALTER TABLE notebook RENAME COLUMN kernelspec TO kernel")
    database.close()
    with (
        pytest.raises(CourseError, match=r"no such column.*run: nbgrader db upgrade"),
        bridge.Recorder(course, LESSON),
    ):
        pass


def pretend(course, lesson, notebook):
    """Stand in for the examiner: right where the text says so; a warning is shown, not counted."""
    notebook = nbformat.from_dict(notebook)
    text = next(c.source for c in notebook.cells if c.metadata.get("nbgrader", {}).get("solution"))
    if "BREAK" in text:
        raise RuntimeError("the examiner broke")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", name="stderr", text="a warning")]
    points = 1.0 if "2 * x" in text else 0.0
    scores = {"check_double": 2 * points, "check_part": points / 2, "check_slow": None}
    status = "partial" if points else "needs review"
    return SimpleNamespace(
        notebook=notebook, scores=scores, status=status, reason="it was slow", notes=("a note",)
    )


def test_nbgrader_takes_scores_and_outputs_from_the_examiner(course, monkeypatch):
    monkeypatch.setattr(bridge, "_examine", pretend)
    assert "a note" in bridge.autograde(course, LESSON, "*", plain=False)
    assert score_rows(course, "right") == {
        "check_double": (2, None, None, 0),
        "check_part": (0.5, None, None, 0),
        "check_slow": (None, None, None, 1),
        "why": (None, None, None, 1),
        "task": (None, None, None, 1),
    }
    assert score_rows(course, "empty")["why"] == (0, None, None, 0)
    notebook = nbformat.read(course.autograded(LESSON, "right"), as_version=4)
    assert notebook.cells[0].source == "**Some cells could not be run:** it was slow."
    assert notebook.cells[1].outputs[0].text == "a warning"


def test_nbgrader_and_the_recorder_leave_the_same(course, monkeypatch, tmp_path):
    monkeypatch.setattr(bridge, "_examine", pretend)
    shutil.copytree(course.work, tmp_path / "twin")
    twin = Course(tmp_path / "twin", tmp_path / "twin")
    bridge.autograde(twin, LESSON, "*", plain=False)
    for student in ANSWERS:
        path = course.submitted(LESSON, student)
        notebook, _ = bridge.reconcile(nbformat.read(path, as_version=4), SOURCE)
        for cell in notebook.cells:  # as the examiner does
            own = next(c for c in SOURCE.cells if c.id == cell.id)
            if own.metadata.nbgrader.locked:
                cell.source = own.source
        record(course, student, pretend(course, LESSON, notebook))
    assert rows(course) == rows(twin)
    assert files(course) == files(twin)


BAD = {
    "bad-1-empty": b"",
    "bad-2-html": b"<!DOCTYPE html><html></html>",
    "bad-3-cut": b'{"cells": [{"cell_type": "code"',
    "bad-4-list": b"[]",
    "bad-5-deep": b'{"cells": ' + b"[" * 200_000,
    "bad-6-nul": b"\0\0",
}


@pytest.fixture
def mixed(course, tmp_path):
    """Between right ones stand submissions with which nbgrader stops, or that it misjudges."""
    for student, data in BAD.items():
        path = course.submitted(LESSON, student)
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    release = nbformat.read(course.release(LESSON), as_version=4)
    copied = nbformat.from_dict(release)
    copied.cells.insert(3, nbformat.from_dict({**release.cells[2], "id": "copy"}))
    put(course.submitted(LESSON, "odd-1-copied"), copied)
    old = nbformat.from_dict(release)
    for cell in old.cells:
        cell.metadata.nbgrader.schema_version = 1
    put(course.submitted(LESSON, "odd-2-old-schema"), old)
    new = nbformat.from_dict(release)
    new.cells[0].metadata.nbgrader.schema_version = 99
    put(course.submitted(LESSON, "odd-3-new-schema"), new)
    mark = course.submitted(LESSON, "odd-4-byte-order-mark")
    put(mark, release)
    mark.write_bytes(b"\xef\xbb\xbf" + mark.read_bytes())
    surrogate = course.submitted(LESSON, "odd-5-surrogate")
    put(surrogate, release)
    surrogate.write_text(surrogate.read_text("utf-8").replace("YOUR CODE", "\\ud800"), "utf-8")
    link = course.submitted(LESSON, "bad-7-link")
    link.parent.mkdir(parents=True)
    link.symlink_to(course.source(LESSON))
    (tmp_path / "key.txt").write_text("secret")
    (course.submitted(LESSON, "right").parent / "key.txt").symlink_to(tmp_path / "key.txt")
    hand_in(course, "lost-1-broken", {"double": "BREAK"})
    hand_in(course, "lost-2-timestamp", ANSWERS["right"])
    put_text(course, "lost-2-timestamp", "timestamp.txt", "yesterday")
    hand_in(course, "zoe", ANSWERS["right"])
    return course


def check_mixed(course):
    for student in (*BAD, "bad-7-link"):
        assert set(score_rows(course, student).values()) == {(None, None, None, 1)}
        first = nbformat.read(course.autograded(LESSON, student), as_version=4).cells[0]
        assert first.source.startswith("**This submission could not be graded:** the ")
    for student in ("right", "zoe"):
        assert score_rows(course, student)["check_double"] == (2, None, None, 0)
    names = [path.parts[-3] for path in course.work.glob("submitted/*/*/*.ipynb")]
    for student in (name for name in names if name.startswith("odd")):
        assert score_rows(course, student)["check_double"] == (0, None, None, 0)
    # These two alone have no autograded notebook; formgrader says so.
    assert {name for name in names if not course.autograded(LESSON, name).exists()} == {
        "lost-1-broken",
        "lost-2-timestamp",
    }
    assert not [path for path in files(course) if path.endswith("key.txt")]


def test_one_bad_submission_stops_no_other(mixed, monkeypatch):
    monkeypatch.setattr(bridge, "_examine", pretend)
    with pytest.raises(CourseError):  # it names those that failed, when all are done
        bridge.autograde(mixed, LESSON, "*", plain=False)
    check_mixed(mixed)


def test_the_nbgrader_command_does_the_same(mixed):
    (mixed.work / "nbgrader_config.py").write_text(
        "import importlib.util, pathlib\n"
        "from course_utils.instructor import bridge\n"
        f"spec = importlib.util.spec_from_file_location('tests_of_bridge', {__file__!r})\n"
        "tests = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(tests)\n"
        "bridge._examine = tests.pretend\n"
        "bridge.configure(get_config(), pathlib.Path(__file__).parent)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", LESSON],
        cwd=mixed.work,
        env=bridge.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "There was an error processing assignment '01_small' for student 'lost-1" in done.stderr
    check_mixed(mixed)
