"""How long a learner waits for a figure: from a step of its slider to the first changed frame.

In a real JupyterLab in Chromium, in one notebook, in turn with `interact` and inline matplotlib.
"""

import contextlib
import secrets
import shutil
import statistics
import tempfile
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

from course_utils import lab
from tests.benchmarks import Row
from tests.browser.conftest import _launch, environment_of, free_port, running
from tests.browser.jupyter import cell, open_notebook, run_all
from tests.figures.examples import FIGURES

STEPS, BURST = 30, 30
IN_THE_KERNEL = {"xor_training"}
A_BOARD = {"shape_board"}  # which has no steps
INTERACT = """\
%matplotlib inline
import numpy as np
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact

xs = np.linspace(-1, 3, 401)

def draw(h):  # what the figure `secant` shows
    slope = ((1 + h) ** 2 - 1) / h
    plt.figure(figsize=(6.4, 3.4))
    plt.plot(xs, xs**2, label="x²")
    plt.plot(xs, 1 + slope * (xs - 1), "--", label=f"secant, slope {slope:.4g}")
    plt.plot([1, 1 + h], [1, (1 + h) ** 2], "s", color="black", ms=5)
    plt.plot(1, 1, "o", color="black", ms=7)
    plt.xlabel("x")
    plt.ylabel("x²")
    plt.xlim(-1, 3)
    plt.ylim(-0.9, 9.9)
    plt.grid(alpha=0.3)
    plt.title("The secant becomes the tangent")
    plt.legend()
    plt.show()

interact(draw, h=FloatSlider(value=1.0, min=0.02, max=2.0, step=0.02));"""
OURS = """\
from tests.figures.examples import FIGURES
FIGURES["{name}"]()"""
# A step is an event of the slider; what is waited for is the first frame with another picture.
STEP = """async ([name, forward]) => {
    const area = document.querySelector(`[data-test-name="${name}"] .jp-OutputArea`);
    const handle = area.querySelector(".noUi-handle");
    const picture = handle ? area.querySelector(".jupyter-widgets .jp-OutputArea")
        : area.querySelector(".gbh-picture");
    const changed = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`${name}: no frame in 5 s`)), 5000);
        new MutationObserver(async (_, observer) => {
            const image = picture.querySelector("img");
            if (handle && !image) return;
            observer.disconnect();
            if (image) await image.decode();
            requestAnimationFrame(() => resolve(performance.now()));
        }).observe(picture, {
            subtree: true, childList: true, attributes: true, characterData: true,
        });
    });
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const start = performance.now();
    step(area, forward);
    return (await changed) - start;
}"""
BURSTS = """async ([name, count]) => {
    const area = document.querySelector(`[data-test-name="${name}"] .jp-OutputArea`);
    const handle = area.querySelector(".noUi-handle");
    const picture = handle ? area.querySelector(".jupyter-widgets .jp-OutputArea")
        : area.querySelector(".gbh-picture");
    let dirty = false, frames = 0, last = 0;
    const observer = new MutationObserver(() => { dirty = true; });
    observer.observe(picture, { subtree: true, childList: true, attributes: true });
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const count_frame = () => {
        if (!dirty) return;
        dirty = false;
        frames += 1;
        last = performance.now();
    };
    for (let i = 0; i < count; i++) {
        step(area, i % 2 === 0);
        await frame();
        count_frame();
    }
    const end = performance.now();
    while (performance.now() - end < 1500) { await frame(); count_frame(); }
    observer.disconnect();
    return [frames, Math.max(0, last - end)];
}"""
SETUP = """() => {
    window.step = (area, forward) => {
        const handle = area.querySelector(".noUi-handle");
        if (handle) {
            const key = forward ? "ArrowRight" : "ArrowLeft";
            const about = { key, bubbles: true, cancelable: true };
            handle.dispatchEvent(new KeyboardEvent("keydown", about));
            return;
        }
        const input = area.querySelector(".gbh input[type=range]");
        const select = area.querySelector(".gbh select");
        if (!input && select) {
            select.selectedIndex = forward ? 1 : 0;
            select.dispatchEvent(new Event("change", { bubbles: true }));
            return;
        }
        if (!input) {
            const wanted = forward ? "next" : "back";
            [...area.querySelectorAll(".gbh button")].find((b) => b.textContent === wanted).click();
            return;
        }
        const one = Number(input.step) || 1;
        const next = Number(input.value) + (forward ? one : -one);
        input.value = next > Number(input.max) ? next - 2 * one
            : next < Number(input.min) ? next + 2 * one : next;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input.dispatchEvent(new Event("change", { bubbles: true }));
    };
}"""


def rows():
    """Yield the Rows of this module."""
    names = [name for name in FIGURES if name not in A_BOARD]
    with _notebook([*names, "interact"]) as page:
        times = {name: [] for name in (*names, "interact")}
        for i in range(STEPS):
            for name, found in times.items():
                cell(page, name)
                found.append(page.evaluate(STEP, [name, i % 2 == 0]))
        medians = {name: statistics.median(found) for name, found in times.items()}
        peer = medians.pop("interact")
        for name, ours in medians.items():
            kernel = name in IN_THE_KERNEL
            mark = "at most 60 ms" if kernel else "at most 20 ms, and 6 times as fast as interact"
            holds = ours <= 60 if kernel else ours <= 20 and 6 * ours <= peer
            yield Row(f"slider to frame: {name}", "ms", ours, {"interact": peer}, mark, holds)
        yield from _bursts(page, [n for n in names if n not in IN_THE_KERNEL])


def _bursts(page, names):
    """Yield the frames shown of a burst of steps, one a frame: the figure that shows the fewest."""
    shown = {}
    for name in (*names, "interact"):
        cell(page, name)
        shown[name] = page.evaluate(BURSTS, [name, BURST])
    peer = shown.pop("interact")
    name, (frames, lag) = min(shown.items(), key=lambda item: item[1][0])
    yield Row(
        f"frames shown of a burst of {BURST}: {name}, the fewest", "", frames,
        {"interact": peer[0]}, f"{BURST}", frames >= BURST,
    )  # fmt: skip
    lag = max(lag for _, lag in shown.values())
    yield Row("longest lag after a burst", "ms", lag, {"interact": peer[1]}, "", None)


@contextlib.contextmanager
def _notebook(names):
    """Give a page with a notebook in which a cell of each name has been run."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        home = Path(home)
        folder, overrides = home / "work", home / "app" / "overrides.d"
        folder.mkdir()
        overrides.mkdir(parents=True)
        shutil.copy(Path(lab.__file__).with_name("settings.json"), overrides)
        _write(folder / "figures.ipynb", names)
        port, token = free_port(), secrets.token_hex()
        command = [
            *lab.lab_command(folder, browser=False, port=port),
            "--LabApp.expose_app_in_browser=True",
            f"--LabApp.app_settings_dir={overrides.parent}",
        ]
        environment = environment_of(home, home / "settings")
        environment |= {"JUPYTER_TOKEN": token, "PYTHONPATH": str(Path.cwd())}
        with running(command, lab.lab_environment(environment), port, home / "log") as url:
            browser = _launch(playwright.chromium)
            page = browser.new_page(base_url=url, viewport={"width": 1280, "height": 900})
            page.request.get(f"/lab?token={token}")
            open_notebook(page, "figures.ipynb")
            run_all(page)
            page.evaluate(SETUP)
            for name in names:
                wanted = ".noUi-handle" if name == "interact" else ".gbh :is(input, select, button)"
                cell(page, name).locator(wanted).first.wait_for()
            yield page
            browser.close()


def _write(path, names):
    new = nbformat.v4.new_code_cell
    sources = {name: INTERACT if name == "interact" else OURS.format(name=name) for name in names}
    cells = [new(source, id=name.replace("_", "-")) for name, source in sources.items()]
    for made, name in zip(cells, sources, strict=True):
        made.metadata["nbgrader"] = {"grade_id": name}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, path)
