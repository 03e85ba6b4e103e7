"""Feedback pages in a real browser: everything that tries to run or to load does neither."""

import re

import nbformat
import pytest

from course_utils.checks.mismatch import Mismatch
from course_utils.checks.notebook import as_html
from course_utils.instructor.feedback import Standing, feedback_page
from course_utils.instructor.layout import Course
from tests.browser.alone import faults
from tests.instructor.injections import (
    CASES,
    EVERYTHING,
    METADATA,
    RUN,
    answer,
    error,
    grade_cell,
    markdown,
    notebook,
)

COURSE = Course.find(__file__)
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def attack():
    """A page with every injection of the tests, once beside exercises and once in one."""
    cells = [cell for cells in CASES.values() for cell in cells]
    exercise = [
        markdown(f"### {EVERYTHING}"),
        answer("f", EVERYTHING, comment=EVERYTHING),
        *cells,
        grade_cell("check_f", EVERYTHING, error(EVERYTHING, EVERYTHING)),
    ]
    standing = Standing("needs review", EVERYTHING, (EVERYTHING,))
    return feedback_page(
        notebook(*cells, *exercise, **METADATA), EVERYTHING, EVERYTHING, standing, penalty=1
    )


@pytest.fixture(scope="module")
def lesson():
    """The page of a lesson, with right, wrong and open exercises."""
    path = COURSE.executed / "03_backprop.ipynb"
    graded = nbformat.read(path, as_version=4)
    tests = [cell for cell in graded.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    for number, cell in enumerate(tests):
        about = cell.metadata.nbgrader
        about.score = [about.points, 0.0, about.points / 2, None][number % 4]
        if about.score == 0:
            wrong = Mismatch("dw: is wrong.", [("[0, 1]", -0.23544324, 0.35316486)], "Look at it.")
            block = {"output_type": "display_data", "metadata": {}}
            block["data"] = {"text/html": as_html(wrong), "text/plain": wrong.details()}
            failed = error("Mismatch", str(wrong))
            cell.outputs = [nbformat.from_dict(output) for output in (failed, block)]
    standing = Standing("partial", "too slow", ("check_q1: was deleted; put back.",))
    return feedback_page(graded, "03_backprop", "student-01", standing)


class Seen:
    """What happens in a browser page: requests but the first, messages, dialogs."""

    def __init__(self, page):
        self.requests, self.blocked, self.said = [], [], []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on(
            "requestfailed", lambda request: self.blocked.append((request.url, request.failure))
        )
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda wrong: self.said.append(str(wrong)))
        page.on("dialog", lambda dialog: self.said.append(dialog.message) or dialog.dismiss())
        page.on("popup", lambda popup: self.said.append(popup.url))


@pytest.fixture
def opened(browser, tmp_path):
    """Return a function that opens a page from a file and gives `(browser page, Seen)`."""
    contexts = []

    def open_page(text, theme="light", width=1000):
        path = tmp_path / "page.html"
        path.write_text(text, "utf-8")
        user = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 800})
        contexts.append(user)
        page = user.new_page()
        seen = Seen(page)
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        page.wait_for_timeout(500)  # for what starts late, as a refresh or a picture that fails
        return page, seen

    yield open_page
    for user in contexts:
        user.close()


@pytest.mark.parametrize("walls", ["both", "cleaning alone"])
def test_nothing_runs_and_nothing_is_requested(opened, attack, walls):
    text = attack if walls == "both" else POLICY.sub("", attack)
    page, seen = opened(text)
    assert [url for url in seen.requests if not url.startswith("data:image/")] == [page.url]
    assert seen.said == []  # the security policy had nothing to refuse
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.scripts.length") == 0


def test_no_element_listens_frames_or_leads_astray(opened, attack):
    page, _ = opened(attack)
    found = page.evaluate("""() => [...document.querySelectorAll("*")].flatMap(e => [
        ...[...e.attributes].filter(a => /^on|^srcset$|^formaction$/i.test(a.name)),
        ...(e.matches("iframe, object, embed, form, base, link, input, button, video, svg") ? [e]
            : []),
        ...(e.href && !/^(https?|mailto|file):/.test(e.href) ? [e] : []),
    ]).map(found => found.outerHTML ?? found.name)""")
    assert found == []


@pytest.mark.parametrize(
    "bad",
    [
        f"<script>{RUN}</script>",
        f'<img src="https://loaded.example/" onerror="{RUN}">',
        '<link rel="stylesheet" href="https://loaded.example/">',
    ],
)
def test_the_second_wall_holds_alone(opened, bad):
    text = feedback_page(notebook(markdown("x")), "a", "b")
    page, seen = opened(text.replace("<main>", f"<main>{bad}"))
    assert page.evaluate("window.ran") is None
    assert seen.said != []
    assert seen.blocked == [(url, "csp") for url in seen.requests if url != page.url]


@pytest.mark.parametrize("theme", THEMES)
def test_everybody_can_read_the_page_of_a_lesson(opened, lesson, theme):
    page, seen = opened(lesson, theme)
    assert seen.said == []
    assert page.locator("math").count() > 300
    assert faults(page) == []


@pytest.mark.parametrize("theme", THEMES)
def test_everybody_can_read_the_page_of_an_attack(opened, attack, theme):
    page, _ = opened(attack, theme)
    assert faults(page) == []


@pytest.mark.parametrize("width", [360, 1000])
def test_no_page_is_wider_than_its_window(opened, lesson, attack, width):
    for text in (lesson, attack):
        page, _ = opened(text, width=width)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_formulas_have_the_shape_of_formulas(opened):
    page, _ = opened(
        feedback_page(notebook(markdown(r"$\frac{a}{b}$ $x^2$ $\sum_i x$ $\sqrt{y}$")), "a", "b")
    )
    boxes = page.evaluate("""() => {
        const box = (selector) => document.querySelector(selector).getBoundingClientRect();
        const [a, b] = document.querySelectorAll("mfrac > *");
        return {
            above: a.getBoundingClientRect().bottom <= b.getBoundingClientRect().top,
            raised: box("msup > :last-child").top < box("msup > :first-child").top,
            root: box("msqrt").width > box("msqrt > *").width,
        };
    }""")
    assert boxes == {"above": True, "raised": True, "root": True}
