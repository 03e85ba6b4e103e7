"""A real JupyterLab and a real browser: what the tests in this folder are given."""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Error, sync_playwright

from course_utils import lab

SECONDS = 60
ON_THE_MACHINE = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
INSTALL = (
    [sys.executable, "-m", "playwright", "install", "chromium"],
    ["sh", "-c", "apt-get update && apt-get install -y --no-install-recommends chromium"],
)
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


class Server(NamedTuple):
    """A running JupyterLab: its address, its token, its working copy and the user's settings."""

    url: str
    token: str
    folder: Path
    settings: Path


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Return the Server of a fresh working copy, which knows nothing of this machine's user."""
    home = tmp_path_factory.mktemp("jupyter")
    folder = home / "work"
    lab.lay_out(folder)
    # The shipped settings themselves: an editable install has a copy from when it was installed.
    overrides = home / "app" / "overrides.d"
    overrides.mkdir(parents=True)
    shutil.copy(Path(lab.__file__).with_name("settings.json"), overrides)
    port, token = free_port(), secrets.token_hex()
    command = [
        *lab.lab_command(folder, browser=False, port=port),
        "--ServerApp.port_retries=0",
        "--LabApp.expose_app_in_browser=True",
        f"--LabApp.app_settings_dir={overrides.parent}",
    ]
    settings = home / "settings"
    environment = environment_of(home, settings) | {"JUPYTER_TOKEN": token}
    environment = lab.lab_environment(environment)
    with running(command, environment, port, home / "jupyterlab.log") as url:
        yield Server(url, token, folder, settings)


@contextlib.contextmanager
def running(command, environment, port, log):
    """Run a Jupyter server within this block, and give its address once it answers."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/api/status?token={environment['JUPYTER_TOKEN']}", process, log)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def environment_of(home, settings):
    """Return an environment in which Jupyter knows nothing of this machine's user."""
    ours = ("JUPYTER", "IPYTHON", "MPL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url, process, log):
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab does not answer; its log:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser():
    """Return a headless Chromium: this machine's own, or else one that is installed now."""
    with sync_playwright() as playwright:
        browser = _launch(playwright.chromium)
        yield browser
        browser.close()


def _launch(chromium):
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    flags = [*FLAGS, "--no-sandbox"] if root else FLAGS
    tried = []
    for install in (None, *INSTALL):
        if install and (install[0] != "sh" or root):
            subprocess.run(install, check=False)
        for path in filter(None, [*map(shutil.which, ON_THE_MACHINE), chromium.executable_path]):
            try:
                return chromium.launch(executable_path=path, args=flags)
            except Error as error:
                tried.append(f"{path}: {error.message}")
    raise RuntimeError(
        "no Chromium could be started. Install one: python -m playwright install "
        "--with-deps chromium\n" + "\n".join(tried)
    )


@pytest.fixture
def page(server, browser):
    """Return a browser page that is logged in to JupyterLab, whose user has set nothing yet."""
    shutil.rmtree(server.settings, ignore_errors=True)
    with browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 900}) as user:
        user.request.get(f"/lab?token={server.token}")
        page = user.new_page()
        yield page
        page.close()
        # The same notebook would be given the same kernel again.
        key = {"Authorization": f"token {server.token}"}
        for session in user.request.get("/api/sessions").json():
            closed = user.request.delete(f"/api/sessions/{session['id']}", headers=key)
            assert closed.ok, closed.status_text


@pytest.fixture
def blank(browser):
    """Return an empty page for a figure by itself; an error in its code fails the test."""
    with browser.new_context(viewport={"width": 700, "height": 620}) as user:
        page = user.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        assert errors == []
