"""A submitted notebook beside the source: refuse what cannot be read, repair what can be."""

import copy
import json

from course_utils.instructor.lesson import visible_source

MOST_BYTES = 20_000_000
DEEPEST = 100


class Ungradable(Exception):
    """The submission cannot be graded; the message says why, for the student and the lecturer."""


def read_submission(data):
    """Return the notebook, a dict of nbformat 4, that the bytes `data` hold.

    Raises Ungradable, with the reason, for anything that is not a notebook.
    """
    if not data.strip():
        raise Ungradable("the file is empty")
    if len(data) > MOST_BYTES:
        raise Ungradable(f"the file has {len(data):,} bytes; the most is {MOST_BYTES:,}")
    if b"\0" in data:
        raise Ungradable("the file is binary, not a notebook")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Ungradable(f"the file is not UTF-8 text (byte {error.start})") from error
    if text.lstrip()[:1] == "<":
        raise Ungradable("the file is a web page; the notebook itself was not saved")
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) - 1 or "Unterminated" in error.msg
        raise Ungradable(
            "the file ends in the middle: it was cut off while saving or uploading"
            if cut
            else f"the file is not JSON (line {error.lineno}: {error.msg})"
        ) from error
    except RecursionError as error:
        raise Ungradable("the file is nested too deep") from error
    _check_form(notebook)
    return notebook


def _check_form(notebook):
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise Ungradable("the file is JSON, but no notebook: it has no list of cells")
    if notebook.get("nbformat") != 4:
        raise Ungradable(f"the notebook has format {notebook.get('nbformat')}; format 4 is needed")
    for number, cell in enumerate(notebook["cells"], 1):
        if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
            raise Ungradable(f"cell {number} of the notebook is damaged: it has no known type")
        if not isinstance(cell.get("source"), str | list):
            raise Ungradable(f"cell {number} of the notebook is damaged: it has no text")
        if not isinstance(cell.get("metadata", {}), dict):
            raise Ungradable(f"cell {number} of the notebook is damaged: its metadata is no object")


def reconcile(notebook, source):
    """Return `(notebook, notes)`: a copy in which every cell of the source has its place again.

    notebook: the submission. source: nbgrader's source notebook. Both are notebook nodes.
    A locked cell that stands twice is kept once, a deleted one is put back, lost or changed
    nbgrader metadata is restored. The student's own cells and answers stay as they are.
    notes: a sentence for each repair.
    """
    notebook, notes = copy.deepcopy(notebook), []
    ours = {name: cell for cell in source.cells if (name := grade_id(cell))}
    _restore_lost_names(notebook, ours, notes)
    _keep_one_of_each(notebook, ours, notes)
    _put_back(notebook, ours, notes)
    for cell in notebook.cells:
        if name := grade_id(cell):
            ours_now = dict(ours[name].metadata.nbgrader)
            theirs = {k: cell.metadata.nbgrader.get(k) for k in ours_now if k != "checksum"}
            if theirs != {k: v for k, v in ours_now.items() if k != "checksum"}:
                notes.append(f"{name}: its nbgrader metadata was changed; restored.")
            cell.metadata.nbgrader = copy.deepcopy(ours[name].metadata.nbgrader)
            cell.metadata.nbgrader.setdefault("cell_type", ours[name].cell_type)
    return notebook, notes


def grade_id(cell):
    """Return the nbgrader name of a cell, or None."""
    about = cell.metadata.get("nbgrader")
    return about.get("grade_id") if isinstance(about, dict) else None


def _restore_lost_names(notebook, ours, notes):
    """Give a cell without nbgrader metadata its name back, by cell id or by its locked text."""
    by_id = {cell.id: name for name, cell in ours.items() if "id" in cell}
    by_text = {
        visible_source(cell).strip(): name
        for name, cell in ours.items()
        if cell.metadata.nbgrader.locked
    }
    present = {grade_id(cell) for cell in notebook.cells}
    for cell in notebook.cells:
        name = grade_id(cell)
        if name in ours:
            continue
        cell.metadata.pop("nbgrader", None)
        found = by_id.get(cell.get("id")) or by_text.get(cell.source.strip())
        if found and found not in present:
            cell.metadata["nbgrader"] = copy.deepcopy(ours[found].metadata.nbgrader)
            present.add(found)
            notes.append(f"{found}: its nbgrader metadata was lost; restored.")


def _keep_one_of_each(notebook, ours, notes):
    seen, kept = set(), []
    for cell in notebook.cells:
        name = grade_id(cell)
        if name in seen:
            if ours[name].metadata.nbgrader.locked:
                notes.append(f"{name}: stands more than once; the copy was dropped.")
                continue
            notes.append(f"{name}: stands more than once; the copy runs as a plain cell.")
            del cell.metadata["nbgrader"]
        seen.add(name or object())
        kept.append(cell)
    notebook.cells = kept


def _put_back(notebook, ours, notes):
    """Insert every cell of the source that is missing, after the one that comes before it."""
    names = [grade_id(cell) for cell in notebook.cells]
    before = None
    for name, cell in ours.items():
        if name not in names:
            if cell.metadata.nbgrader.locked:
                place = names.index(before) + 1 if before in names else 0
                notebook.cells.insert(place, copy.deepcopy(cell))
                names.insert(place, name)
                notes.append(f"{name}: was deleted; put back.")
            else:
                notes.append(f"{name}: the answer cell was deleted.")
                continue
        before = name
