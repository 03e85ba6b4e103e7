import json
import os

import pytest

from course_utils import lab
from course_utils.lab import Change, LabError, lay_out


@pytest.fixture
def release(tmp_path, monkeypatch):
    """Return a function that makes a release of the course the installed one."""

    def install(version, **notebooks):
        folder = tmp_path / f"release-{version}"
        folder.mkdir()
        for name, content in notebooks.items():
            (folder / f"{name}.ipynb").write_text(content)
        monkeypatch.setattr(lab, "shipped_notebooks", lambda: folder)
        monkeypatch.setattr(lab, "__version__", version)

    return install


@pytest.fixture
def work(tmp_path):
    return tmp_path / "work"


def contents(folder):
    return {path.name: path.read_text() for path in folder.glob("*.ipynb")}


def test_the_first_run_copies_every_notebook(release, work):
    release("0.1.0", start="S", chain="C")
    assert lay_out(work) == [Change("copied", "chain.ipynb"), Change("copied", "start.ipynb")]
    assert contents(work) == {"chain.ipynb": "C", "start.ipynb": "S"}


def test_a_second_run_changes_nothing(release, work):
    release("0.1.0", chain="C")
    lay_out(work)
    assert lay_out(work) == []
    assert contents(work) == {"chain.ipynb": "C"}


def test_a_deleted_notebook_comes_back(release, work):
    release("0.1.0", chain="C")
    lay_out(work)
    (work / "chain.ipynb").unlink()
    assert lay_out(work) == [Change("copied", "chain.ipynb")]


def test_work_is_never_overwritten(release, work):
    release("0.1.0", chain="C")
    lay_out(work)
    (work / "chain.ipynb").write_text("mine")
    assert lay_out(work) == []
    release("0.2.0", chain="C2")
    assert lay_out(work) == [Change("added", "chain-0.2.0.ipynb")]
    assert contents(work) == {"chain.ipynb": "mine", "chain-0.2.0.ipynb": "C2"}


def test_an_untouched_notebook_is_updated_in_place(release, work):
    release("0.1.0", chain="C")
    lay_out(work)
    release("0.2.0", chain="C2")
    assert lay_out(work) == [Change("updated", "chain.ipynb")]
    assert contents(work) == {"chain.ipynb": "C2"}


def test_a_notebook_that_did_not_change_between_releases_is_left_alone(release, work):
    release("0.1.0", chain="C")
    lay_out(work)
    (work / "chain.ipynb").write_text("mine")
    release("0.2.0", chain="C")
    assert lay_out(work) == []
    assert contents(work) == {"chain.ipynb": "mine"}


def test_a_new_release_is_added_once(release, work):
    release("0.1.0", chain="C")
    lay_out(work)
    (work / "chain.ipynb").write_text("mine")
    release("0.2.0", chain="C2")
    lay_out(work)
    (work / "chain-0.2.0.ipynb").unlink()
    assert lay_out(work) == []
    assert contents(work) == {"chain.ipynb": "mine"}


def test_work_in_an_added_notebook_is_never_overwritten(release, work):
    release("0.1.0", chain="C")
    lay_out(work)
    (work / "chain.ipynb").write_text("mine")
    (work / "chain-0.2.0.ipynb").write_text("mine too")
    release("0.2.0", chain="C2")
    assert lay_out(work) == [Change("added", "chain-0.2.0-2.ipynb")]
    assert contents(work) == {
        "chain.ipynb": "mine",
        "chain-0.2.0.ipynb": "mine too",
        "chain-0.2.0-2.ipynb": "C2",
    }


def test_a_notebook_put_back_to_an_earlier_release_is_updated(release, work):
    release("0.1.0", chain="C")
    lay_out(work)
    (work / "chain.ipynb").write_text("mine")
    release("0.2.0", chain="C2")
    lay_out(work)
    (work / "chain.ipynb").write_text("C")
    release("0.3.0", chain="C3")
    assert lay_out(work) == [Change("updated", "chain.ipynb")]


def test_files_that_were_there_before_the_course_are_kept(release, work):
    work.mkdir()
    (work / "chain.ipynb").write_text("mine")
    release("0.1.0", chain="C")
    assert lay_out(work) == [Change("added", "chain-0.1.0.ipynb")]
    assert contents(work) == {"chain.ipynb": "mine", "chain-0.1.0.ipynb": "C"}


@pytest.mark.parametrize(
    "damage",
    [b"", b'{"shipped": {"chain', b"[]", b"3", b'{"shipped": {"chain.ipynb": 7}}', b"\xff\x00"],
)
def test_a_damaged_manifest_loses_nothing(release, work, damage):
    release("0.1.0", chain="C", start="S")
    lay_out(work)
    (work / "chain.ipynb").write_text("mine")
    (work / lab.MANIFEST).write_bytes(damage)
    release("0.2.0", chain="C2", start="S2")
    lay_out(work)
    assert contents(work) == {
        "chain.ipynb": "mine",
        "chain-0.2.0.ipynb": "C2",
        "start.ipynb": "S",
        "start-0.2.0.ipynb": "S2",
    }
    assert lay_out(work) == []


def test_the_manifest_names_the_version(release, work):
    release("0.1.0", chain="C")
    lay_out(work)
    assert json.loads((work / lab.MANIFEST).read_text())["version"] == "0.1.0"


def test_a_broken_write_leaves_the_file_as_it_was(release, work, monkeypatch):
    release("0.1.0", chain="C")
    lay_out(work)
    before = sorted(path.name for path in work.iterdir())
    release("0.2.0", chain="C2")

    def fail(*args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(LabError, match="No space left"):
        patch.setattr(os, "replace", fail)
        lay_out(work)
    assert contents(work) == {"chain.ipynb": "C"}
    assert sorted(path.name for path in work.iterdir()) == before
    assert lay_out(work) == [Change("updated", "chain.ipynb")]


def test_a_folder_that_is_a_file_is_named(release, tmp_path):
    release("0.1.0", chain="C")
    path = tmp_path / "taken"
    path.write_text("")
    with pytest.raises(LabError, match="taken: is a file"):
        lay_out(path)
    with pytest.raises(LabError, match="taken.inside: cannot be written"):
        lay_out(path / "inside")


def test_missing_notebooks_are_told_with_their_cure(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "__file__", str(tmp_path / "course_utils" / "lab" / "__init__.py"))
    with pytest.raises(LabError, match="pip install"):
        lab.shipped_notebooks()


def test_the_installed_notebooks_come_before_a_folder_beside_the_package(tmp_path, monkeypatch):
    package = tmp_path / "course_utils"
    monkeypatch.setattr(lab, "__file__", str(package / "lab" / "__init__.py"))
    for folder in (tmp_path / "notebooks", package / "notebooks"):
        folder.mkdir(parents=True)
        (folder / "start.ipynb").write_text("")
    assert lab.shipped_notebooks() == package / "notebooks"


def test_the_first_page_is_the_start_notebook_where_there_is_one(release, work):
    release("0.1.0", chain="C")
    lay_out(work)
    assert not [part for part in lab.lab_command(work) if "default_url" in part]
    release("0.2.0", start="S")
    lay_out(work)
    assert "--LabApp.default_url=/lab/tree/start.ipynb" in lab.lab_command(work)
