"""What a learner does in JupyterLab, done in a page; a cell is named by its id or its grade_id."""

from axe_playwright_python.sync_playwright import Axe

MILLISECONDS = 120_000

NOTEBOOK = "const notebook = window.jupyterapp?.shell.currentWidget?.content;"

# JupyterLab's own promise ends at the first error, also where the run goes on after it; so a last,
# empty request to the kernel tells the end. Returned: the cells that were not run.
RUN = f"""async ([command, milliseconds]) => {{
    {NOTEBOOK}
    const {{ commands, shell }} = window.jupyterapp;
    const run = async () => {{
        await commands.execute(command);
        const kernel = shell.currentWidget.sessionContext.session.kernel;
        await kernel.requestExecute({{ code: "", silent: true }}).done;
    }};
    const late = new Promise((_, reject) => setTimeout(
        () => reject(new Error(`${{command}}: not done after ${{milliseconds}} ms`)), milliseconds
    ));
    await Promise.race([run(), late]);
    return notebook.widgets
        .filter(cell => cell.model.type === "code" && cell.model.sharedModel.source.trim())
        .filter(cell => cell.model.executionCount === null)
        .map(cell => cell.model.id);
}}"""


def open_notebook(page, name):
    """Open one notebook of the working copy, alone, and wait until its kernel can be asked."""
    page.goto(f"/lab/tree/{name}?reset")
    wait_until_open(page, name)


def wait_until_open(page, name):
    """Wait until the notebook that the page opens is shown, and its kernel can be asked."""
    page.wait_for_function(
        """name => {
            const panel = window.jupyterapp?.shell.currentWidget;
            return panel?.context?.path === name && panel.context.isReady
                && panel.sessionContext?.session?.kernel?.status === "idle";
        }""",
        arg=name,
        timeout=MILLISECONDS,
    )
    page.locator("#jupyterlab-splash").wait_for(state="detached")


def run_all(page):
    """Run every cell and wait for the last; AssertionError where the run stopped before it."""
    left = page.evaluate(RUN, ["notebook:run-all-cells", MILLISECONDS])
    if left:
        errors = "\n".join(
            page.locator(".jp-OutputArea-output[data-mime-type$=stderr]").all_inner_texts()
        )
        raise AssertionError(f"the run stopped before {left[0]}:\n{errors}")


def run_cell(page, name):
    """Run one cell and wait until it is done."""
    cell(page, name)
    page.evaluate(RUN, ["notebook:run-cell", MILLISECONDS])


def cell(page, name):
    """Make a cell the active one, scroll to it, and return its Locator."""
    # JupyterLab attaches a cell to the page only when it comes near the part that is shown.
    names = page.evaluate(
        f"""async name => {{
            {NOTEBOOK}
            const names = notebook.widgets.map(
                cell => [cell.model.id, cell.model.getMetadata("nbgrader")?.grade_id]);
            const index = names.findIndex(pair => pair.includes(name));
            if (index < 0) return names.map(pair => pair[1] ?? pair[0]);
            notebook.deselectAll();
            notebook.activeCellIndex = index;
            await notebook.scrollToItem(index, "center");
            notebook.widgets[index].node.dataset.testName = name;
        }}""",
        name,
    )
    if names:
        raise LookupError(f"{name}: there is no such cell; there are: {', '.join(names)}")
    found = page.locator(f'[data-test-name="{name}"]')
    found.scroll_into_view_if_needed()
    return found


def cell_source(page, name):
    """Return what stands in a cell."""
    cell(page, name)
    return page.evaluate(
        f"() => {{ {NOTEBOOK} return notebook.activeCell.model.sharedModel.source }}"
    )


def replace_source(page, name, code):
    """Type `code` in place of what stands in a cell."""
    cell(page, name).locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(code)
    source = cell_source(page, name)
    if source != code:
        raise AssertionError(f"{name}: typed\n{code}\nand there stands\n{source}")


def output_text(page, name):
    """Return the text that a reader sees below a cell, its outputs one below the other."""
    outputs = cell(page, name).locator(".jp-OutputArea-output")
    page.wait_for_function(
        f"""name => {{
            {NOTEBOOK}
            const area = notebook.activeCell.outputArea;
            return area.node.querySelectorAll(".jp-OutputArea-output").length === area.model.length;
        }}""",
        arg=name,
    )
    return "\n".join(outputs.all_inner_texts()).strip()


def set_theme(page, name):
    """Switch to a theme, such as "JupyterLab Dark", and wait until it is there."""
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", name
    )
    page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)


def faults(page, located):
    """Return the rules of axe-core that one part of the page breaks, serious or critical ones."""
    located.evaluate("node => node.classList.add('under-test')")
    found = Axe().run(page, context=".under-test").response["violations"]
    located.evaluate("node => node.classList.remove('under-test')")
    return [v["id"] for v in found if v["impact"] in ("serious", "critical")]
