"""Who may import whom, and what an import costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import course_utils

PACKAGE = Path(course_utils.__file__).parent
# `checks` import the diagnosis in one place, inside a function, when a check has failed.
LAZILY = {"checks/explain.py": {"diagnosis"}}
MAY_IMPORT = {
    "oracles": {"oracles"},
    "checks": {"checks", "oracles"},
    "diagnosis": {"diagnosis", "checks", "oracles"},
    "figures": {"figures", "oracles"},
    "nn": {"nn", "figures"},
    "quiz": {"quiz", "checks", "figures"},
    "lab": {"lab"},
    "progress": {"progress"},
}


def modules():
    return sorted(p for p in PACKAGE.rglob("*.py") if "notebooks" not in p.parts)


def imported(path):
    """Yield every module that a file imports, wherever in the file it does so."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path):
    """Return the part of the package that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_imports_only_what_it_may(path):
    own = {name for name in imported(path) if name.startswith("course_utils.")}
    rooms = {name.split(".")[1] for name in own if (PACKAGE / name.split(".")[1]).exists()}
    rooms |= {n.split(".")[1] for n in own if (PACKAGE / f"{n.split('.')[1]}.py").exists()}
    lazily = LAZILY.get(path.relative_to(PACKAGE).as_posix(), set())
    if room(path) in MAY_IMPORT:
        assert rooms <= MAY_IMPORT[room(path)] | lazily
    if room(path) not in ("instructor", "cli"):
        assert "instructor" not in rooms


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_the_bridge_imports_nbgrader(path):
    if path.name != "bridge.py":
        assert not [name for name in imported(path) if name.split(".")[0] == "nbgrader"]


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_the_cluster_imports_dask(path):
    if path.name != "cluster.py":
        assert not {"dask", "distributed"} & {name.split(".")[0] for name in imported(path)}


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_imports_the_solutions(path):
    assert not [name for name in imported(path) if name.split(".")[0] == "solutions"]


def test_importing_the_course_brings_in_nothing_heavy():
    code = "import sys, course_utils; print(*sys.modules)"
    loaded = set(subprocess.check_output([sys.executable, "-c", code], text=True).split())
    heavy = {
        "matplotlib",
        "IPython",
        "ipywidgets",
        "typer",
        "rich",
        "nbformat",
        "nbgrader",
        "scipy",
        "course_utils.diagnosis",
    }
    assert loaded & heavy == set()


def test_a_lecturers_command_compiles_no_grammar_of_addresses(tmp_path):
    code = (
        "import sys\n"
        "from course_utils.cli import app\n"
        "code = app(['grade'], standalone_mode=False)\n"
        "print(code, *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    code, *loaded = done.stdout.split()
    assert code == "1"  # there is no course in an empty folder
    assert "nbgrader" in loaded
    assert "lark" not in loaded
    assert "distributed" not in loaded
