"""Every lesson in a real JupyterLab: solved, as shipped, and with answers typed in."""

import shutil

import pytest
from playwright.sync_api import expect

from course_utils import progress
from course_utils.instructor.layout import Course
from tests.browser.jupyter import (
    cell,
    faults,
    open_notebook,
    output_text,
    replace_source,
    run_all,
    run_cell,
    set_theme,
    wait_until_open,
)

COURSE = Course.find(__file__)
LESSONS = COURSE.lessons()
CELLS = "window.jupyterapp.shell.currentWidget.content.widgets"


def errors(page):
    """Return `{grade_id or cell id: first line}` of every cell that shows an error."""
    return page.evaluate(
        f"""() => Object.fromEntries({CELLS}
            .filter(cell => cell.model.type === "code")
            .map(cell => [
                cell.model.getMetadata("nbgrader")?.grade_id ?? cell.model.id,
                cell.model.outputs.toJSON().find(output => output.output_type === "error"),
            ])
            .filter(([name, error]) => error)
            .map(([name, error]) => [name, `${{error.ename}}: ${{error.evalue}}`]))"""
    )


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_solved_lesson_runs_from_top_to_bottom(server, page, lesson):
    name = f"{lesson}-solved.ipynb"
    shutil.copy(COURSE.executed / f"{lesson}.ipynb", server.folder / name)
    open_notebook(page, name)
    run_all(page)
    assert errors(page) == {}


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_as_shipped_says_of_every_exercise_that_it_is_not_written(server, page, lesson):
    open_notebook(page, f"{lesson}.ipynb")
    run_all(page)
    found = errors(page)
    assert found
    assert all(name.startswith("check_") for name in found)
    assert all("not written yet" in said for said in found.values())


def test_a_wrong_answer_is_explained_and_a_right_one_passes(server, page):
    open_notebook(page, "01_chain_rule.ipynb")
    run_cell(page, "given_setup")
    head = "def fork_derivative(x):\n    u, v, w = x**3, np.cos(x), np.exp(-x)\n"
    head += "    du, dv, dw = 3 * x**2, -np.sin(x), -np.exp(-x)\n"

    wrong = head + "    return du * dv, du * v * w + u * dv * w + u * v * dw"
    replace_source(page, "fork_derivative", wrong)
    run_cell(page, "fork_derivative")
    run_cell(page, "check_fork_derivative_two_paths")
    shown = output_text(page, "check_fork_derivative_two_paths")
    assert shown.startswith("Mismatch: fork_derivative, value 1 of 2: is wrong at 2 of 2 points.")
    assert "Traceback" not in shown
    table = cell(page, "check_fork_derivative_two_paths").locator(".jp-OutputArea table")
    assert table.locator("tbody tr").count() == 2
    assert table.locator("caption").inner_text() == "Your values beside the true ones"
    block = cell(page, "check_fork_derivative_two_paths").locator("[role=note]")
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        set_theme(page, theme)
        assert faults(page, block) == []

    right = wrong.replace("du * dv,", "du * v + u * dv,")
    replace_source(page, "fork_derivative", right)
    run_cell(page, "fork_derivative")
    for test in ("check_fork_derivative_two_paths", "check_fork_derivative_three_paths"):
        run_cell(page, test)
        assert output_text(page, test) == "Passed."


CHAIN = """def chain_four(x):
    return np.cos(x) * 3 * x**2, 1 / x * -np.sin(x), np.exp(-x) * -x, 10 * x**9 * 2 * x"""
LINEAR = """def linear_backward(X, W, b, dY):
    dX = dY @ W.T
    dW = X.T @ dY
    db = dY.mean(axis=0)
    return dX, dW, db"""
MLP = """def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, Z2, P = (cache[name] for name in ("Z1", "A1", "Z2", "P"))
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ params["W2"].T
    dW1 = X.T @ dA1 + lam * params["W1"]
    dW2 = A1.T @ dZ2 + lam * params["W2"]
    return {"W1": dW1, "b1": dA1.sum(axis=0), "W2": dW2, "b2": dZ2.sum(axis=0)}"""
TYPICAL = {
    "chain_four": ("01_chain_rule", "setup", "sin", CHAIN, "never sees x"),
    "linear_backward": ("02_partials_jacobian", "setup linear linear_probe", "b", LINEAR, "mean"),
    "mlp_backward": (
        "03_backprop",
        "setup softmax tanh_net mlp check_mlp",
        "hidden",
        MLP,
        "dW2 and db2 are right",
    ),
}


@pytest.mark.parametrize("exercise", TYPICAL)
def test_a_typical_mistake_is_named_and_more_is_told_to_who_asks_again(server, page, exercise):
    lesson, given, part, code, said = TYPICAL[exercise]
    open_notebook(page, f"{lesson}.ipynb")
    for name in given.split():
        run_cell(page, f"given_{name}")
    replace_source(page, exercise, code)
    run_cell(page, exercise)
    test, told = f"check_{exercise}_{part}", []
    for _ in range(3):
        run_cell(page, test)
        note = cell(page, test).locator("[role=note]")
        told.append(note.locator("p").all_inner_texts())
    assert said in told[0][0]
    assert [len(paragraphs) for paragraphs in told] == [1, 2, 3]
    assert told[2][:2] == told[1]
    set_theme(page, "JupyterLab Dark")
    assert faults(page, note) == []


def test_what_passes_is_kept_and_shown_on_the_start_page(server, page):
    kept = server.folder / progress.FILE
    kept.unlink(missing_ok=True)
    open_notebook(page, "01_chain_rule.ipynb")
    run_cell(page, "given_setup")
    run_cell(page, "check_line_order")
    assert progress.read(server.folder)["01_chain_rule"]["check-line-order"]["passed"] is False
    run_cell(page, "given_lines")
    replace_source(page, "line_order", 'line_order = ["C", "G", "E", "A", "F"]')
    run_cell(page, "line_order")
    run_cell(page, "check_line_order")
    open_notebook(page, "start.ipynb")
    run_cell(page, "progress")
    assert "1 of 20 points" in output_text(page, "progress")
    cell(page, "progress").locator('a[href*="/01_chain_rule.ipynb"]').click()
    wait_until_open(page, "01_chain_rule.ipynb")


def test_a_recall_item_is_explained_once_it_is_answered_and_not_before(server, page):
    open_notebook(page, "01_chain_rule.ipynb")
    run_cell(page, "given_setup")
    run_cell(page, "recall-1-answer")
    assert "The rise is" not in page.content()
    assert "The rise is" not in (server.folder / "01_chain_rule.ipynb").read_text("utf-8")
    asked = cell(page, "recall-1-answer")
    asked.get_by_role("button", name="Choose C").press("Enter")
    expect(asked.locator(".jp-RenderedMarkdown")).to_contain_text("C. No. The rise is")
    asked.get_by_role("button", name="Choose B").click()
    expect(asked.locator(".jp-RenderedMarkdown")).to_contain_text("B. Yes. For")
    assert asked.locator("mjx-container").count() == 3
    assert faults(page, asked.locator(".gbh")) == []


def test_hints_are_folded_until_they_are_opened(page):
    open_notebook(page, "01_chain_rule.ipynb")
    first = cell(page, "hints-chain-four").locator("details").first
    assert not first.locator("p").is_visible()
    first.locator("summary").click()
    assert first.locator("p").is_visible()


def test_a_still_figure_has_its_description(page):
    open_notebook(page, "05_capstone.ipynb")
    run_cell(page, "given_setup")
    run_cell(page, "drawing-graph")
    picture = cell(page, "drawing-graph").locator(".jp-OutputArea img")
    assert len(picture.get_attribute("alt")) > 60
    assert faults(page, picture) == []
