import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils import lab

from .jupyter import (
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


def test_the_theme_can_be_changed_and_the_next_learner_does_not_see_it(page, notebook):
    open_notebook(page, notebook(("one", "1")))
    assert page.locator("body").get_attribute("data-jp-theme-light") == "true"
    set_theme(page, "JupyterLab Dark")
    assert page.locator("body").get_attribute("data-jp-theme-light") == "false"


def test_the_start_page_is_opened(page):
    page.goto("/")
    wait_until_open(page, lab.START)


def test_no_pop_up_is_in_the_way(page):
    open_notebook(page, lab.START)
    page.screenshot(path="/tmp/shots/start.png")
    assert page.locator(".Toastify__toast").count() == 0
    assert page.locator(".jp-Dialog").count() == 0
