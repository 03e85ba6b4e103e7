"""The gradebook in a real PostgreSQL: the same as in SQLite, twice, killed, and by nbgrader."""

import contextlib
import os
import random
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from nbgrader.apps import NbGraderAPI
from sqlalchemy.engine import make_url
from traitlets.config import Config

from course_utils.instructor import bridge, commands, grading, release, report, sample_class
from course_utils.instructor.layout import Course, CourseError
from tests.course.conftest import outcome, wait_for

LESSON = "01_chain_rule"
OTHER = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
# Without the server that Debian would start at once.
INSTALL = """
apt-get update && apt-get install -y --no-install-recommends postgresql-common &&
sed -i 's/^#*create_main_cluster.*/create_main_cluster = false/' \
  /etc/postgresql-common/createcluster.conf &&
apt-get install -y --no-install-recommends postgresql
"""


def binaries():
    """Return the folder of PostgreSQL's programs: this machine's own, or else installed now."""
    for install in (None, INSTALL):
        if install and os.geteuid() == 0:
            subprocess.run(["sh", "-c", install], check=False)
        found = [Path(path).resolve() for path in filter(None, [shutil.which("initdb")])]
        found += sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if found:
            return found[-1].parent
    raise RuntimeError("no PostgreSQL was found. Install it: apt-get install postgresql")


class Server:
    """A running PostgreSQL, which listens on a socket in its folder alone."""

    def __init__(self, folder, password):
        self.folder, self.password = folder, password

    def url(self, database, template="template1"):
        """Return the URL of a new database with this name, which holds what `template` does."""
        with psycopg.connect(self._at("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database} TEMPLATE {template}")
        return self._at(database).replace("postgresql:", "postgresql+psycopg:")

    def _at(self, database):
        return f"postgresql://course:{self.password}@/{database}?host={self.folder}"

    def answers(self):
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(self._at("postgres")).close()
            return True


@pytest.fixture(scope="module")
def server():
    # initdb refuses root, and another user cannot enter pytest's folders.
    folder, programs = tempfile.mkdtemp(prefix="postgresql-"), binaries()
    if OTHER:
        shutil.chown(folder, OTHER["user"])
    password, data = secrets.token_hex(), f"{folder}/data"
    options = {"cwd": folder, "stdin": subprocess.DEVNULL, **OTHER}
    with tempfile.NamedTemporaryFile("w", dir=folder) as file:
        file.write(password)
        file.flush()
        os.chmod(file.name, 0o644)
        initdb = [programs / "initdb", "--pgdata", data, "--username", "course", "--no-sync"]
        initdb += ["--auth", "scram-sha-256", "--pwfile", file.name, "--encoding", "UTF8"]
        subprocess.run(initdb, **options, stdout=subprocess.DEVNULL, check=True)
    command = [programs / "postgres", "-D", data, "-k", folder, "-h", "", "-c", "fsync=off"]
    process = subprocess.Popen(command, **options, stderr=subprocess.DEVNULL)
    try:
        server = Server(folder, password)
        wait_for(server.answers)
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # end now, whoever is connected
        process.wait()
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def graded(course, tmp_path_factory):
    """The sample class, graded into SQLite."""
    here = course.at(tmp_path_factory.mktemp("sqlite"))
    release.build(here, execute=False)
    sample_class.make_class(here, LESSON)
    grading.grade(here, LESSON, timeout=3)
    return here


@pytest.fixture(scope="module")
def built(graded, server, tmp_path_factory):
    """The same class, not yet graded, with its lessons in PostgreSQL."""
    here = graded.at(tmp_path_factory.mktemp("built"))
    here = replace(here, database=server.url("built"))
    release.build(here, execute=False)
    shutil.copytree(graded.work / "submitted", here.work / "submitted")
    return here


@pytest.fixture(scope="module")
def elsewhere(built, server, tmp_path_factory):
    """The same class, graded into PostgreSQL."""
    here = copied(built, server, tmp_path_factory.mktemp("postgresql"))
    grading.grade(here, LESSON, timeout=3)
    assert not (here.work / "gradebook.db").exists()
    return here


def copied(built, server, folder, *students):
    """Return the class in another folder and another database; with these students, or all."""
    here = built.at(folder / "class")
    shutil.copytree(built.work, here.work)
    for student in grading.students(here, LESSON):
        if students and student not in students:
            shutil.rmtree(here.work / "submitted" / student)
    database = f"copy_{secrets.token_hex(4)}"
    return replace(here, database=server.url(database, template="built"))


def rows(url):
    """Return all that the database holds."""
    found = {}
    plain = url.replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(plain) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in tables.fetchall():
            found[table] = sorted(map(repr, connection.execute(f'SELECT * FROM "{table}"')))
    assert len(found["grade"]) > 100
    return found


def test_scores_statuses_and_table_are_those_of_sqlite(graded, elsewhere):
    assert outcome(elsewhere, LESSON) == outcome(graded, LESSON)
    table, same = (
        report.csv_text(grading.class_report(here, LESSON)) for here in (elsewhere, graded)
    )
    assert table == same
    assert table.count("\n") == 13


def test_grading_and_building_again_change_nothing(elsewhere):
    before = rows(elsewhere.database)
    grading.grade(elsewhere, LESSON, timeout=3)
    release.build(elsewhere, execute=False)
    grading.grade(elsewhere, LESSON, timeout=3, again=True)
    assert rows(elsewhere.database) == before


def test_the_feedback_is_that_of_sqlite(graded, elsewhere):
    for here in (graded, elsewhere):
        bridge.write_feedback(here, LESSON, "student-06")
    page, same = (here.feedback(LESSON, "student-06") for here in (elsewhere, graded))
    assert page.read_bytes() == same.read_bytes()


def test_formgrader_is_told_the_same(graded, elsewhere):
    def asked(course):
        config = bridge.configure(Config(), course.work, database=course.database)
        api = NbGraderAPI(config=config)
        told = [api.get_assignments(), api.get_students(), api.get_submissions(LESSON)]
        told.append(api.get_student_notebook_submissions("student-10", LESSON))
        return re.sub(r"'id': '[0-9a-f]{32}'", "", repr(told))  # which is random

    assert asked(elsewhere) == asked(graded)
    assert "student-10" in asked(elsewhere)


def test_what_a_person_enters_stays(built, server, tmp_path):
    here = copied(built, server, tmp_path, "student-06")
    grading.grade(here, LESSON)
    with bridge.Gradebook(here.gradebook) as gradebook, bridge._no_sql_warnings():
        grade = gradebook.find_grade("check_line_order", LESSON, LESSON, "student-06")
        grade.manual_score, grade.extra_credit = 0.5, 0.25
        gradebook.db.commit()
        grading.grade(here, LESSON, again=True)
        gradebook.db.refresh(grade)
        assert (grade.manual_score, grade.extra_credit) == (0.5, 0.25)
        assert grade.needs_manual_grade
        assert grade.score == 0.75


def test_a_person_may_mark_while_others_are_recorded(built, server, tmp_path, monkeypatch):
    here = copied(built, server, tmp_path, "student-01", "student-06")
    grading.grade(here, LESSON)
    monkeypatch.setattr(bridge, "PATIENCE", 0.2)
    with bridge.Gradebook(here.gradebook) as gradebook, bridge._no_sql_warnings():
        grade = gradebook.find_grade("check_line_order", LESSON, LESSON, "student-06")
        grade.manual_score = 0.5
        gradebook.db.flush()  # and not yet committed
        bridge.record_ungradable(here, LESSON, "student-01", "it is late")
        gradebook.db.commit()
    scores = bridge.scores(here, LESSON)
    assert scores["student-06"]["check_line_order"] == 0.5
    assert set(scores["student-01"].values()) == {None}


def test_the_plain_nbgrader_commands_use_it(graded, built, server, tmp_path):
    here = copied(built, server, tmp_path, "student-06", "student-09")
    for step in (["autograde"], ["generate_feedback"]):
        subprocess.run(
            [sys.executable, "-m", "nbgrader", *step, LESSON],
            cwd=here.root,
            env=environment(here),
            check=True,
            capture_output=True,
        )
    scores = bridge.scores(graded, LESSON)
    assert bridge.scores(here, LESSON) == {s: scores[s] for s in ("student-06", "student-09")}
    assert here.feedback(LESSON, "student-09").is_file()


def environment(course):
    more = {"COURSE_WORK": str(course.work), "COURSE_GRADEBOOK": course.database}
    return {**bridge.environment(), **more}


def run(course, *arguments):
    """Start a command of the course."""
    command = [sys.executable, "-c", "from course_utils.cli import main; main()", *arguments]
    return subprocess.Popen(
        command,
        cwd=course.root,
        env=environment(course),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_batch_killed_in_the_middle_goes_on_where_it_was(graded, built, server, tmp_path):
    here = copied(built, server, tmp_path)
    grade = "grade", LESSON, "--timeout=3", f"--class={here.work}"
    moments = random.Random(3)
    for least in (1, 4, 8):
        with run(here, *grade) as running:
            wait_for(lambda n=least: len(grading.read_results(here, LESSON)) >= n)
            time.sleep(moments.uniform(0, 0.1))
            running.kill()
    assert len(grading.read_results(here, LESSON)) < 12
    with run(here, *grade) as last:
        said = last.stdout.read()
    assert last.returncode == 0, said
    assert outcome(here, LESSON) == outcome(graded, LESSON)


def test_a_name_that_it_cannot_hold_stops_no_other(built, server, tmp_path):
    here = copied(built, server, tmp_path, "student-01", "student-06")
    long = "x" * 129
    (here.work / "submitted" / "student-06").rename(here.work / "submitted" / long)
    results = grading.grade(here, LESSON)
    assert {r.student: r.status for r in results.values()} == {
        "student-01": "graded",
        long: "ungradable",
    }
    assert "more than 128 characters" in results[long].reason


def test_a_student_whom_another_grader_enters_is_waited_for(built, server, tmp_path):
    here = copied(built, server, tmp_path)
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    waiting += " AND datname = current_database()"
    there = here.database.replace("+psycopg", "")
    with psycopg.connect(there) as other, psycopg.connect(there, autocommit=True) as watch:
        other.execute("INSERT INTO student (id) VALUES ('student-06')")  # not yet committed
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(bridge.record_ungradable, here, LESSON, "student-06", "it is late")
            try:
                wait_for(lambda: done.done() or watch.execute(waiting).fetchone())
            finally:
                other.commit()
            done.result()
    assert set(bridge.scores(here, LESSON)["student-06"].values()) == {None}


def test_a_lock_that_stays_is_told(elsewhere, monkeypatch):
    monkeypatch.setattr(bridge, "PATIENCE", 0.2)
    before = rows(elsewhere.database)
    with psycopg.connect(elsewhere.database.replace("+psycopg", "")) as other:
        other.execute("LOCK TABLE student")
        with pytest.raises(CourseError, match="has kept the gradebook locked for 0.2 s") as told:
            bridge.record_ungradable(elsewhere, LESSON, "student-01", "it is late")
    assert rows(elsewhere.database) == before
    assert make_url(elsewhere.database).password not in str(told.value)


WRONG = {
    "no server": ("?host=", "?host=/nowhere", r"does not answer or lets nobody in.*/nowhere"),
    "wrong password": ("course:", "course:x", r"password authentication failed for user .course"),
    "wrong user": ("course:", "nobody:", r"lets nobody in.*COURSE_GRADEBOOK names the right user"),
    "no database": ("/copy", "/none", r'database "none\w+" does not exist'),
    "no such kind": ("postgresql+psycopg", "postgress", r"COURSE_GRADEBOOK: is no address"),
    "a bare @": (":", ":a@", r"In a password write %40 for @"),
    "two colons": ("@/", "@host:po:rt/", r"COURSE_GRADEBOOK: is no address"),
    "no address": ("postgresql+psycopg://", "", r"COURSE_GRADEBOOK: is no address"),
}


@pytest.mark.parametrize("command", ["build", "grade", "feedback", "report"])
@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_told_without_the_password(elsewhere, wrong, command):
    right, changed, told = WRONG[wrong]
    start, _, rest = (
        elsewhere.database.rpartition(right)
        if wrong == "a bare @"
        else (elsewhere.database.partition(right))
    )
    here = replace(elsewhere, database=start + changed + rest)
    steps = {
        "build": lambda: release.build(here, execute=False),
        "grade": lambda: grading.grade(here, LESSON, again=True),
        "feedback": lambda: bridge.write_feedback(here, LESSON, "student-01"),
        "report": lambda: grading.class_report(here, LESSON),
    }
    with pytest.raises(CourseError, match=told) as error:
        steps[command]()
    assert make_url(elsewhere.database).password[-8:] not in str(error.value)


def test_without_its_driver_the_cure_is_named(elsewhere, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(CourseError, match=r"pip install 'gradients-by-hand\[postgresql\]'"):
        bridge.scores(elsewhere, LESSON)


def test_the_sample_class_is_kept_out_of_it(elsewhere, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_GRADEBOOK", elsewhere.database)
    monkeypatch.chdir(elsewhere.root)
    found = []

    def build(course, **options):
        found.extend([course.database, Course.find().database])
        raise CourseError("enough")

    monkeypatch.setattr(release, "build", build)
    with pytest.raises(CourseError, match="enough"):
        commands.demo(folder=tmp_path / "demo")
    assert found == [None, None]
