"""The learner's working copy: lay it out, keep their work through updates, open JupyterLab."""

import hashlib
import itertools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from course_utils import __version__

MANIFEST = ".course.json"
START = "start.ipynb"


class LabError(Exception):
    """Something the learner can mend; the message names the thing and the cure."""


class Change(NamedTuple):
    """One thing that `lay_out` did: `what` is "copied", "updated" or "added" (beside their own)."""

    what: str
    name: str


def shipped_notebooks():
    """Return the folder with the notebooks that come with this installation of the course.

    Raises LabError where there are none.
    """
    package = Path(__file__).resolve().parents[1]
    # A wheel has them in the package; in an editable install they are beside it.
    for folder in (package / "notebooks", package.parent / "notebooks"):
        if any(folder.glob("*.ipynb")):
            return folder
    raise LabError(
        f"{package}: the notebooks are missing from this installation. Install the course again "
        "(pip install --force-reinstall gradients-by-hand), or in a clone run: course build"
    )


def lay_out(folder):
    """Bring the notebooks into `folder`, never over the learner's work; return the Changes.

    A missing notebook is copied. After an update of the course a notebook that is still as it was
    shipped is replaced; beside one that was worked on, the new one is added once, under a name
    with the version in it. Which notebooks have been shipped is remembered in `.course.json`;
    without it, every notebook that is there counts as worked on.

    Raises LabError where `folder` cannot be written.
    """
    folder = Path(folder)
    shipped = sorted(shipped_notebooks().glob("*.ipynb"))
    if folder.exists() and not folder.is_dir():
        raise LabError(f"{folder}: is a file. Name a folder: course lab FOLDER")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _read_manifest(folder / MANIFEST)
        changes = []
        for notebook in shipped:
            hashes = known.setdefault(notebook.name, set())
            changes += _bring(notebook.name, notebook.read_bytes(), folder, hashes)
        # Last, so that a run that breaks off leaves work unknown rather than taken for shipped.
        _write(folder / MANIFEST, _manifest(known))
    except OSError as error:
        raise LabError(
            f"{folder}: cannot be written ({error}). Name another folder: course lab FOLDER"
        ) from error
    return changes


def _bring(name, content, folder, known):
    """Bring one shipped notebook into `folder`; `known` holds the hashes it was shipped with."""
    path, new = folder / name, _hash(content)
    mine = _hash(path.read_bytes()) if path.exists() else None
    first_time = new not in known
    known.add(new)
    if mine is None:
        _write(path, content)
        return [Change("copied", name)]
    if mine == new:
        return []
    if mine in known:
        _write(path, content)
        return [Change("updated", name)]
    return _add_beside(path, content) if first_time else []


def _add_beside(path, content):
    for number in itertools.count(1):
        suffix = f"-{__version__}" + (f"-{number}" if number > 1 else "")
        beside = path.with_stem(path.stem + suffix)
        if not beside.exists():
            _write(beside, content)
            return [Change("added", beside.name)]
        if beside.read_bytes() == content:
            return []


def _hash(content):
    return hashlib.sha256(content).hexdigest()


def _manifest(known):
    shipped = {name: sorted(hashes) for name, hashes in sorted(known.items())}
    return json.dumps({"version": __version__, "shipped": shipped}, indent=1).encode()


def _read_manifest(path):
    """Return the hashes each notebook was shipped with; none where the manifest is damaged."""
    try:
        shipped = json.loads(path.read_bytes())["shipped"]
        return {name: set(hashes) for name, hashes in shipped.items()}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write(path, content):
    """Write `content` whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def open_lab(folder, *, browser=True, port=None):
    """Run JupyterLab with `folder` as its root until the learner stops it; return its exit code.

    It opens with `start.ipynb` where there is one. browser: open a browser window too.
    port: the port to listen on; JupyterLab takes the next free one.
    """
    command = lab_command(folder, browser=browser, port=port)
    # A terminal sends Ctrl-C to JupyterLab too, which asks there whether to stop. Elsewhere it
    # gets a session of its own, so that one interrupt does not reach it twice.
    terminal = sys.stdin is not None and sys.stdin.isatty()
    with subprocess.Popen(command, env=lab_environment(), start_new_session=not terminal) as server:
        before = signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        try:
            while True:
                try:
                    return server.wait()
                except KeyboardInterrupt:
                    if not terminal:
                        server.terminate()
        finally:
            signal.signal(signal.SIGTERM, before)


def lab_environment(environment=os.environ):
    """Return the environment in which `open_lab` runs JupyterLab.

    Where nbgrader is installed too, its panels for lecturers are off there.
    """
    ours = str(Path(__file__).resolve().parent / "config")
    before = environment.get("JUPYTER_CONFIG_PATH")
    path = os.pathsep.join(filter(None, [ours, before]))
    return {**environment, "JUPYTER_CONFIG_PATH": path}


def lab_command(folder, *, browser=True, port=None):
    """Return the command line that `open_lab` runs, as a list."""
    folder = Path(folder).resolve()
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={folder}",
    ]
    if not browser:
        command.append("--no-browser")
    if (folder / START).is_file():
        command.append(f"--LabApp.default_url=/lab/tree/{START}")
    if port is not None:
        command.append(f"--ServerApp.port={port}")
    # In a container root is the usual user, and JupyterLab would only tell them this option.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command
