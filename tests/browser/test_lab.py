import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import expect

from course_utils import lab
from tests.browser.jupyter import (
    cell,
    cell_source,
    open_notebook,
    output_text,
    replace_source,
    run_all,
    run_cell,
    set_theme,
    wait_until_open,
)

pytestmark = pytest.mark.browser

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
ANSWER = """\
def double(x):
    if x:
        return {"twice": 2 * x}["twice"]

    return 0"""

BUTTON = """\
import threading
import ipywidgets
button = ipywidgets.Button(description="Where?")
button.on_click(lambda _: setattr(button, "description", threading.current_thread().name))
button"""
SETTINGS = "/lab/api/settings"
PLUGINS = """name => JSON.stringify(JSON.parse(
    document.getElementById("jupyter-config-data").textContent)[name])"""
NEWS = "@jupyterlab/apputils-extension/notification.jupyterlab-settings"
NOTICE = ".Toastify__toast"


@pytest.fixture
def notebook(server):
    """Return a function that writes a notebook of (name, source) cells and returns its name."""

    def write(*cells, tags=()):
        written = new_notebook(metadata=KERNEL)
        for name, source in cells:
            new = new_markdown_cell if name.startswith("text") else new_code_cell
            written.cells.append(new(source, id=f"cell-{name}", metadata={}))
            if new is new_code_cell:
                written.cells[-1].metadata = {"nbgrader": {"grade_id": name}, "tags": list(tags)}
        nbformat.write(written, server.folder / "tiny.ipynb")
        return "tiny.ipynb"

    return write


def test_a_notebook_runs_to_its_end(page, notebook):
    cells = [(f"n{i}", f"print({i} * {i})") for i in range(40)]
    open_notebook(page, notebook(("text", "# Squares\n" * 60), *cells))
    run_all(page)
    assert output_text(page, "n39") == "1521"
    assert output_text(page, "cell-n0") == "0"


def test_a_run_that_stops_is_told(page, notebook):
    open_notebook(page, notebook(("one", "1 / 0"), ("two", "2")))
    with pytest.raises(AssertionError, match="before cell-two:(.|\n)*ZeroDivisionError"):
        run_all(page)


def test_a_run_goes_on_past_an_expected_error(page, notebook):
    open_notebook(page, notebook(("one", "1 / 0"), ("two", "2"), tags=["raises-exception"]))
    run_all(page)
    assert "ZeroDivisionError" in output_text(page, "one")
    assert output_text(page, "two") == "2"


def test_a_typed_answer_gives_its_output(page, notebook):
    stub = "def double(x):\n    raise NotImplementedError"
    open_notebook(
        page, notebook(("double", stub), ("text", "# Far\n" * 80), ("check", "double(21)"))
    )
    replace_source(page, "double", ANSWER)
    assert cell_source(page, "double") == ANSWER
    run_cell(page, "double")
    run_cell(page, "check")
    assert output_text(page, "double") == ""
    assert output_text(page, "check") == "42"


def test_an_unknown_cell_is_told_with_those_that_exist(page, notebook):
    open_notebook(page, notebook(("one", "1"), ("two", "2")))
    with pytest.raises(LookupError, match="three: .* one, two"):
        cell(page, "three")


def test_the_theme_can_be_changed(page, notebook):
    open_notebook(page, notebook(("one", "1")))
    body = page.locator("body")
    expect(body).to_have_attribute("data-jp-theme-light", "true")
    set_theme(page, "JupyterLab Dark")
    expect(body).to_have_attribute("data-jp-theme-light", "false")


def test_the_start_page_is_opened(page):
    page.goto("/")
    wait_until_open(page, lab.START)


def test_jupyterlab_knows_the_shipped_settings(page):
    known = {
        s["id"]: s["schema"].get("properties")
        for s in page.request.get(SETTINGS).json()["settings"]
    }
    shipped = json.loads(Path(lab.__file__).with_name("settings.json").read_text("utf-8"))
    for plugin, values in shipped.items():
        for key, value in values.items():
            # JupyterLab takes in a misspelt key too, but has no title for it.
            assert known[plugin][key]["title"]
            assert known[plugin][key]["default"] == value


def test_no_question_about_news_is_in_the_way(page, server, notebook):
    name = notebook(("one", "1"))
    open_notebook(page, name)
    expect(page.locator(NOTICE)).to_have_count(0)
    (server.settings / NEWS).parent.mkdir(parents=True)
    (server.settings / NEWS).write_text('{"fetchNews": "none"}')  # JupyterLab's own default
    open_notebook(page, name)
    expect(page.locator(NOTICE)).to_contain_text("news")


def test_markdown_opens_as_a_page(page, server):
    (server.folder / "notes.md").write_text("# Notes")
    page.goto("/lab/tree/notes.md?reset")
    expect(page.locator(".jp-MarkdownViewer h1")).to_contain_text("Notes")


def test_a_widget_calls_the_main_thread_and_is_saved_with_the_notebook(page, server, notebook):
    name = notebook(("button", BUTTON))
    open_notebook(page, name)
    run_all(page)
    button = cell(page, "button").get_by_role("button", name="Where?")
    button.click()
    expect(cell(page, "button").locator(".jupyter-button")).to_have_text("MainThread")
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    saved = nbformat.read(server.folder / name, as_version=4)
    assert "MainThread" in str(saved.metadata.widgets)


def test_a_student_sees_nothing_for_lecturers(page, notebook):
    open_notebook(page, notebook(("one", "1 + 1")))
    assert "nbgrader" in page.evaluate(PLUGINS, "federated_extensions")
    assert page.evaluate(PLUGINS, "disabledExtensions").count("@jupyter/nbgrader") == 1
    assert page.get_by_text("Formgrader").count() == 0
    assert page.get_by_text("Validate", exact=True).count() == 0
    assert page.request.get("/formgrader").status == 404


def test_the_table_of_contents_lists_the_headings(page):
    open_notebook(page, "01_chain_rule.ipynb")
    page.evaluate("() => window.jupyterapp.commands.execute('toc:show-panel')")
    expect(page.locator(".jp-tocItem-content", has_text="4. Forks add")).to_be_visible()
