"""Every figure to move, in its lesson in a real JupyterLab: moved, readable, there again later."""

import nbformat
import pytest
from playwright.sync_api import expect

from course_utils.instructor.layout import Course
from tests.browser.jupyter import cell, faults, open_notebook, run_all, set_theme

COURSE = Course.find(__file__)


def figures(lesson):
    """Return the ids of the cells of a lesson that show a figure to move."""
    solved = nbformat.read(COURSE.executed / f"{lesson}.ipynb", as_version=4)
    return [
        c.id
        for c in solved.cells
        if any("image/svg+xml" in o.get("data", {}) for o in c.get("outputs", []))
    ]


LESSONS = {lesson: found for lesson in COURSE.lessons() if (found := figures(lesson))}


def figure_of(page, name):
    return cell(page, name).locator(".jp-OutputArea .gbh").first


def move(page, figure, act):
    """Do something to the first control of a figure, and wait until its line says another thing."""
    said = figure.locator(".gbh-said")
    before = said.inner_text()
    ranges = figure.locator("input[type=range]:visible:not(:disabled)")
    buttons = figure.locator("button:visible:not(:disabled):not([aria-disabled=true])")
    others = buttons if buttons.count() else figure.locator("select")
    act(ranges.first if ranges.count() else others.last)
    expect(said).not_to_have_text(before)


def by_keyboard(control):
    tag = control.evaluate("node => node.tagName")
    if tag == "INPUT":
        control.press("Home" if control.evaluate("n => n.value > n.min") else "End")
    else:
        control.press("ArrowUp" if tag == "SELECT" else "Enter")


def by_mouse(control):
    if control.evaluate("node => node.tagName") == "INPUT":
        box = control.bounding_box()
        control.click(position={"x": 0.7 * box["width"], "y": box["height"] / 2})
    elif control.evaluate("node => node.tagName") == "SELECT":
        control.select_option(index=0)  # the list itself is drawn by the system, not by the page
    else:
        control.click()


def test_all_fourteen_figures_have_their_place():
    used = "".join(
        c.source
        for lesson in LESSONS
        for c in nbformat.read(COURSE.notebooks / f"{lesson}.ipynb", as_version=4).cells
    )
    names = {p.stem for p in (COURSE.root / "course_utils/figures").glob("*.js")}
    names -= {"shared", "self_check"}
    assert len(names) == 14
    assert {name for name in names if f"course_utils.figures.{name} import" not in used} == set()


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_figures_of_a_lesson_are_moved_by_keyboard_and_by_mouse(page, lesson):
    open_notebook(page, f"{lesson}.ipynb")
    run_all(page)
    for name in LESSONS[lesson]:
        figure = figure_of(page, name)
        expect(figure.locator(".gbh-said")).not_to_be_empty()
        move(page, figure, by_keyboard)
        assert (
            page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCell.model.id")
            == name
        )
        move(page, figure, by_mouse)
        assert (name, faults(page, figure_of(page, name))) == (name, [])
    set_theme(page, "JupyterLab Dark")
    for name in LESSONS[lesson]:
        assert (name, faults(page, figure_of(page, name))) == (name, [])


def test_a_figure_is_there_again_when_a_saved_notebook_is_reopened(page, server):
    open_notebook(page, "01_chain_rule.ipynb")
    run_all(page)
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    open_notebook(page, "start.ipynb")
    key = {"Authorization": f"token {server.token}"}
    for session in page.request.get("/api/sessions").json():
        page.request.delete(f"/api/sessions/{session['id']}", headers=key)
    open_notebook(page, "01_chain_rule.ipynb")
    for name in LESSONS["01_chain_rule"]:
        shown = cell(page, name).locator(".jp-OutputArea")
        expect(shown.locator(".gbh-plot, svg[role=img]").first).to_be_visible()
        assert "not found" not in shown.inner_text()
