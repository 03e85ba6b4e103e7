"""The whole batch of bad submissions, graded once, in a class folder with secrets in it."""

import inspect
import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest

from course_utils.instructor import bridge, grading, release
from course_utils.instructor.layout import CourseError
from course_utils.instructor.lesson import read_lesson
from tests.security.attacks.build import LESSON, MARK, course, dump, right_answers
from tests.security.submissions import HONEST, SUBMISSIONS, student_of

SECONDS = 3  # for a cell: nothing honest here takes one
JOBS = 4  # more than processors: most of what is bad waits for its time to be up


@dataclass
class Batch:
    """A graded class: results and totals by student, and what the attacks were after.

    secrets: by the place that each was put into. pages: feedback by student, or the error.
    calls: what reached the listener. touched: files of the class folder that grading must not
    change, and were changed. left: processes and files that outlived the batch.
    """

    course: object
    results: dict
    totals: dict
    secrets: dict = field(default_factory=dict)
    pages: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    touched: list = field(default_factory=list)
    left: list = field(default_factory=list)
    seconds: float = 0.0

    def outcome(self, submission):
        """Return `(status, total)` of a submission."""
        student = student_of(submission)
        result = self.results.get(student)
        return (result.status if result else "not graded"), self.totals.get(student)

    def page(self, submission):
        """Return the feedback page; "" where there is none and the submission is ungradable."""
        page = self.pages[submission.name]
        if not isinstance(page, str):
            assert self.outcome(submission)[0] == "ungradable", page
            return ""
        return page

    def outputs(self, submission):
        """Return all that the cells of an autograded notebook put out, as one text."""
        path = self.course.autograded(LESSON, student_of(submission))
        if not path.is_file():
            return ""
        cells = nbformat.read(path, as_version=4).cells
        return "\n".join(str(c.get("outputs", "")) for c in cells)


@pytest.fixture(scope="session")
def shipped():
    """The student notebook of lesson 1."""
    return nbformat.read(course().notebooks / f"{LESSON}.ipynb", as_version=4)


def new_class(folder):
    """Return a course whose class folder holds source and release of lesson 1, and nothing else."""
    here = course().at(folder)
    release.student_notebook(here, read_lesson(here.lesson_text(LESSON)))
    return here


def put(here, submission, shipped, words, make=None):
    """Write one submission into its place."""
    folder = here.submitted(LESSON, student_of(submission)).parent
    folder.mkdir(parents=True)
    make = make or submission.make
    if submission.files:
        make(shipped, folder)
    else:
        (folder / f"{LESSON}.ipynb").write_bytes(make(shipped))
    for path in sorted(folder.glob("*.ipynb")):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            for word, value in words.items():
                data = data.replace(f"@{word}@".encode(), value.encode())
            path.write_bytes(data)


def grade(here):
    if "jobs" not in inspect.signature(grading.grade).parameters:
        pytest.skip("needs the examiner: these submissions must not run outside a sandbox")
    with warnings.catch_warnings():  # as outside of pytest, where a warning is no error
        warnings.simplefilter("ignore")
        return grading.grade(here, LESSON, jobs=JOBS, timeout=SECONDS)


def totals(here):
    """Return `{student: total}`; None where no test cell has a score."""
    found = {}
    for student, cells in bridge.scores(here, LESSON).items():
        known = [score for score in cells.values() if score is not None]
        found[student] = sum(known) if known else None
    return found


def class_secrets():
    places = ["file", "home", "environment", "gradebook", "victim", "kernel"]
    return {place: f"secret-{secrets.token_hex(16)}" for place in places}


def plant(here, home, hidden):
    """Put the secrets where a class has them."""
    (here.work / "secret.txt").write_text(hidden["file"])
    (home / ".ssh").mkdir()
    (home / ".ssh" / "id_ed25519").write_text(hidden["home"])
    kernels = home / ".local" / "share" / "jupyter" / "runtime"
    kernels.mkdir(parents=True)
    (kernels / "kernel-1.json").write_text(f'{{"key": "{hidden["kernel"]}"}}')


def plant_in_gradebook(here, secret):
    with sqlite3.connect(here.work / "gradebook.db") as book:
        book.execute("insert into student (id, first_name) values ('nobody', ?)", [secret])
    book.close()


@contextmanager
def listener(folder):
    """Listen on every kind of socket; yield the port and the list of those who called."""
    calls, socks = [], []
    for family, kind, place in [
        (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
        (socket.AF_INET, socket.SOCK_DGRAM, None),
        (socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "socket")),
        (socket.AF_UNIX, socket.SOCK_STREAM, None),
    ]:
        one = socket.socket(family, kind)
        port = socks[0].getsockname()[1] if socks else 0
        one.bind(place or (("127.0.0.1", port) if family == socket.AF_INET else f"\0{MARK}-{port}"))
        one.settimeout(0.2)
        if kind == socket.SOCK_STREAM:
            one.listen()
        socks.append(one)
    done = threading.Event()

    def wait(one):
        while not done.is_set():
            try:
                if one.type == socket.SOCK_STREAM:
                    caller, _ = one.accept()
                    caller.close()
                else:
                    one.recv(100)
                calls.append(f"{one.family.name} {one.type.name}")
            except TimeoutError:
                continue

    threads = [threading.Thread(target=wait, args=(one,)) for one in socks]
    for thread in threads:
        thread.start()
    try:
        yield socks[0].getsockname()[1], calls
    finally:
        done.set()
        for thread in threads:
            thread.join()
        for one in socks:
            one.close()


def contents(here):
    """Return what of the class folder and the checkout grading must leave alone."""
    folders = [here.work / "source", here.work / "release", here.work / "submitted"]
    folders += [here.root / "solutions", here.root / "course_utils", here.root / "notebooks"]
    found = {}
    for folder in folders:
        for path, _, names in os.walk(folder):
            for name in names:
                file = os.path.join(path, name)
                if not name.endswith(".pyc"):
                    about = os.lstat(file)
                    found[file] = about.st_size, about.st_mtime_ns, about.st_mode
    return found


def leftovers(here, home):
    """Return processes and files of the attacks that are still there, and remove them."""
    left = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            if "31337" in line and int(folder.name) != os.getpid():
                left.append(f"process: {line}")
                os.kill(int(folder.name), 9)
        except OSError:
            continue
    for kind, option in (("shm", "-M"), ("sem", "-S"), ("msg", "-Q")):
        table = Path("/proc/sysvipc", kind)
        rows = table.read_text().splitlines() if table.is_file() else []
        if any(row.split()[0] == "31337" for row in rows):
            left.append(f"shared between processes: {kind}")
            subprocess.run(["ipcrm", option, "31337"], check=False)
    places = [here.work, here.root, here.root / "course_utils", home, Path.home(), Path.cwd()]
    places += [here.work / name for name in ("source", "submitted", "release", "autograded")]
    places += [Path(p) for p in ("/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/etc")]
    places += [Path(p) for p in {os.path.dirname(nbformat.__path__[0])}]
    start_up = ".ipython/profile_default/startup"
    places += [home / start_up, Path.home() / start_up]
    for place in set(places):
        # Students' names hold the mark too, never in front.
        for path in [*place.glob(f"{MARK}*"), *place.glob(f"00-{MARK}*")]:
            left.append(f"file: {path}")
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    return left


@pytest.fixture(scope="session")
def batch(shipped, tmp_path_factory):
    """All submissions, graded together."""
    here = new_class(tmp_path_factory.mktemp("class"))
    home, hidden = tmp_path_factory.mktemp("home"), class_secrets()
    with pytest.MonkeyPatch.context() as patch, listener(here.work) as (port, calls):
        patch.setenv("HOME", str(home))
        patch.setenv("COURSE_SECRET", hidden["environment"])
        plant(here, home, hidden)
        words = {
            "WORK": str(here.work),
            "ROOT": str(here.root),
            "HOME": str(home),
            "PORT": str(port),
            "PIDS": os.readlink("/proc/self/ns/pid"),
            "SECRET": hidden["victim"],
        }
        first = [one for one in SUBMISSIONS if one.earlier]
        for one in first:
            put(here, one, shipped, words, one.earlier)
        grade(here)
        plant_in_gradebook(here, hidden["gradebook"])
        for one in first:
            shutil.rmtree(here.submitted(LESSON, student_of(one)).parent)
        # The victim first: links lead there, and must not be what makes it.
        for one in sorted(SUBMISSIONS, key=lambda one: one.student != "victim"):
            put(here, one, shipped, words)
        before, start = contents(here), time.perf_counter()
        results = grade(here)
        made = Batch(here, results, totals(here), hidden, calls=calls)
        made.seconds = time.perf_counter() - start
        after = contents(here)
        made.touched = sorted(p for p in before.keys() | after if before.get(p) != after.get(p))
        made.left = leftovers(here, home)
        for one in SUBMISSIONS:
            if one.secret or one.inert:
                made.pages[one.name] = page(here, student_of(one))
    return made


def page(here, student):
    """Return a feedback page, or the error that stood in its way."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            bridge.write_feedback(here, LESSON, student)
        return here.feedback(LESSON, student).read_text("utf-8", "replace")
    except (CourseError, OSError) as error:
        return error


@pytest.fixture(scope="session")
def honest_alone(shipped, tmp_path_factory):
    """The honest submissions, graded with nobody else."""
    here = new_class(tmp_path_factory.mktemp("honest"))
    for one in HONEST:
        put(here, one, shipped, {})
    return Batch(here, grade(here), totals(here))


@pytest.fixture(scope="session")
def solved(shipped):
    """The bytes of the solved notebook."""
    from tests.security.attacks.build import notebook

    return dump(notebook(shipped, right_answers(), whole=True))
