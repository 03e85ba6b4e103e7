"""nbgrader's formgrader, opened on a class that `course grade` has graded."""

import contextlib
import secrets
import shutil
import sys
import tempfile

import nbformat
import pytest

from course_utils.instructor import bridge, grading, release, sample_class
from course_utils.instructor.layout import Course
from tests.browser.conftest import environment_of, free_port, running
from tests.instructor.injections import CASES, METADATA

LESSON = "01_chain_rule"
COURSE = Course.find(__file__)


@pytest.fixture(scope="module")
def formgrader(tmp_path_factory):
    """The address and token of a JupyterLab on a class of three."""
    # Formgrader wants its course below the folder that JupyterLab shows.
    (COURSE.root / "build").mkdir(exist_ok=True)
    here = COURSE.at(tempfile.mkdtemp(prefix="formgrader-", dir=COURSE.root / "build"))
    release.build(here, execute=False)
    for student in sample_class.make_class(here, LESSON):
        if student not in ("student-01", "student-06", "student-10"):
            here.submitted(LESSON, student).unlink()
            here.submitted(LESSON, student).parent.rmdir()
    grading.grade(here, LESSON)
    add_what_would_run(here.autograded(LESSON, "student-06"))
    home, port, token = tmp_path_factory.mktemp("jupyter"), free_port(), secrets.token_hex()
    environment = environment_of(home, home / "settings") | {
        "COURSE_WORK": str(here.work),
        "JUPYTER_TOKEN": token,
        "PATH": bridge.environment()["PATH"],
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", f"--notebook-dir={COURSE.root}"]
    with running([*command, "--allow-root"], environment, port, home / "log") as url:
        yield url, token
    shutil.rmtree(here.work)


def add_what_would_run(path):
    """Add the injections to a graded notebook, as far as they make a valid one."""
    graded = nbformat.read(path, as_version=4)
    found = [cell for cells in CASES.values() for cell in cells]
    for number, cell in enumerate(found):
        cell = nbformat.from_dict({**cell, "id": f"bad-{number}", "metadata": {}})
        with contextlib.suppress(Exception):  # nbformat raises several kinds
            nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()
            graded.cells.append(cell)
    assert len(graded.cells) > 150
    graded.metadata.widgets = METADATA["widgets"]
    path.chmod(0o644)
    nbformat.write(graded, path)


@pytest.fixture
def page(formgrader, browser):
    url, token = formgrader
    with browser.new_context(base_url=url, viewport={"width": 1280, "height": 700}) as user:
        user.request.get(f"/lab?token={token}")
        yield user.new_page()


def test_formgrader_shows_the_scores_and_who_needs_a_person(page):
    page.goto(f"/formgrader/manage_submissions/{LESSON}")
    page.locator("tbody tr td a").first.wait_for()
    rows = [row.locator("td").all_inner_texts() for row in page.locator("tbody tr").all()]
    # The columns: name, student, timestamp, status, score, and three buttons.
    shown = [(row[1].strip(), row[3].strip(), row[4].strip()) for row in rows]
    assert shown == [
        ("student-01", "graded", "28 / 28"),
        ("student-06", "graded", "20 / 28"),
        ("student-10", "needs manual grading", "0 / 28"),
    ]


def test_nothing_that_a_student_wrote_runs_in_formgrader(page):
    page.goto(f"/formgrader/gradebook/{LESSON}/{LESSON}")
    links = page.locator("tbody tr td a[href*='/submissions/']")
    links.first.wait_for()
    addresses = [link.get_attribute("href") for link in links.all()]
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    shown = 0
    for address in addresses:
        page.goto(address)
        page.wait_for_timeout(1000)
        assert page.evaluate("window.ran") is None
        shown = max(shown, page.locator("#notebook-container .cell").count())
    assert shown > 150
    assert [url for url in asked if "example" in url] == []
