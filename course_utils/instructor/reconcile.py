"""A submitted notebook beside the source: refuse what cannot be read, repair what can be."""

import ast
import copy
import functools
import json
import re

import nbformat

from course_utils.instructor.lesson import visible_source

MOST_BYTES = 20_000_000
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
MOST_CELLS = 10_000
MOST_ENTRIES = 200_000  # of all that is neither text nor output
MOST_PARSED = 100_000  # characters of a cell that is looked into
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
    _check_size(notebook)


def _check_size(notebook):
    if len(notebook["cells"]) > MOST_CELLS:
        raise Ungradable(f"the notebook has {len(notebook['cells']):,} cells")
    left = [(notebook.get("metadata"), 0)]
    for cell in notebook["cells"]:
        left += [(part, 0) for name, part in cell.items() if name not in ("outputs", "source")]
    entries = 0
    while left:
        part, depth = left.pop()
        if isinstance(part, dict | list):
            entries += len(part)
            if depth > DEEPEST or entries > MOST_ENTRIES:
                raise Ungradable("the notebook's metadata is too large or nested too deep")
            parts = part.values() if isinstance(part, dict) else part
            left += [(inner, depth + 1) for inner in parts]


def as_node(notebook):
    """Return what `read_submission` gave as a notebook node, with the text of each cell in one."""
    if not isinstance(notebook.get("metadata"), dict):
        notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell.setdefault("metadata", {})
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)  # made anew, whatever they were
        if not isinstance(cell.get("id", ""), str):
            del cell["id"]
        if isinstance(cell["source"], list):
            cell["source"] = "".join(map(str, cell["source"]))
        cell["source"] = cell["source"].encode("utf-8", "replace").decode()  # lone surrogates
    return nbformat.from_dict(notebook)


CHANGED = "its nbgrader metadata was changed; restored."
MATCHED = "had lost its name; it was found by what it defines."


def needs_review(notes):
    """Return whether a repair was needed that honest use of JupyterLab does not cause."""
    return any(note.endswith((CHANGED, MATCHED)) for note in notes)


def reconcile(notebook, source):
    """Return `(notebook, notes)`: a copy in which every cell of the source has its place again.

    notebook: the submission. source: nbgrader's source notebook. Both are notebook nodes.
    A locked cell that stands twice is kept once, a deleted one is put back, lost or changed
    nbgrader metadata is restored. The student's own cells and answers stay as they are.
    notes: a sentence for each repair. Raises Ungradable for the notebook of another lesson.
    """
    notebook, notes = copy.deepcopy(notebook), []
    _mend_ids(notebook)
    ours = {name: cell for cell in source.cells if (name := grade_id(cell))}
    strange = [name for cell in notebook.cells if (name := grade_id(cell)) and name not in ours]
    _restore_lost_names(notebook, ours, notes)
    if len(strange) > sum(grade_id(cell) in ours for cell in notebook.cells):
        raise Ungradable(f"the file is the notebook of another lesson: it has {strange[0]}")
    _keep_one_of_each(notebook, ours, notes)
    _put_back(notebook, ours, notes)
    for place, cell in enumerate(notebook.cells):
        if name := grade_id(cell):
            ours_now = dict(ours[name].metadata.nbgrader)
            theirs = {k: cell.metadata.nbgrader.get(k) for k in ours_now if k not in UPGRADED}
            if theirs != {k: v for k, v in ours_now.items() if k not in UPGRADED}:
                notes.append(f"{name}: {CHANGED}")
            if cell.cell_type != ours[name].cell_type:
                notes.append(f"{name}: was turned into a {cell.cell_type} cell; restored.")
                restored = copy.deepcopy(ours[name])
                restored.source = cell.source
                notebook.cells[place] = cell = restored
            cell.metadata.nbgrader = copy.deepcopy(ours[name].metadata.nbgrader)
            cell.metadata.pop("tags", None)  # one of them would have nbclient skip the cell
            cell.metadata.nbgrader.setdefault("cell_type", ours[name].cell_type)
    return notebook, notes


# What an older or newer nbgrader writes otherwise into an honest notebook.
UPGRADED = ("checksum", "schema_version", "cell_type", "task")


def _mend_ids(notebook):
    """Take away cell ids that are none or that stand twice; nbformat would refuse the notebook."""
    seen = set()
    for cell in notebook.cells:
        if (name := cell.get("id")) is not None and (name in seen or not _ID.fullmatch(name)):
            cell.id = f"cell-{len(seen)}-{len(notebook.cells)}"
        seen.add(cell.get("id"))


def grade_id(cell):
    """Return the nbgrader name of a cell, or None."""
    about = cell.metadata.get("nbgrader")
    name = about.get("grade_id") if isinstance(about, dict) else None
    return name if isinstance(name, str) else None


def _restore_lost_names(notebook, ours, notes):
    """Give a cell without nbgrader metadata its name back: by cell id, locked text, or definition.

    An answer cell that has lost its id too is known by the names that it defines, if no other
    cell without a name defines the same.
    """
    by_id = {cell.id: name for name, cell in ours.items() if "id" in cell}
    by_text = {
        visible_source(cell).strip(): name
        for name, cell in ours.items()
        if cell.metadata.nbgrader.locked
    }
    present = {grade_id(cell) for cell in notebook.cells}
    nameless = []
    for cell in notebook.cells:
        if grade_id(cell) in ours:
            continue
        cell.metadata.pop("nbgrader", None)
        found = by_id.get(cell.get("id")) or by_text.get(cell.source.strip())
        if found and found not in present:
            cell.metadata["nbgrader"] = copy.deepcopy(ours[found].metadata.nbgrader)
            present.add(found)
            notes.append(f"{found}: its nbgrader metadata was lost; restored.")
        elif cell.cell_type == "code":
            nameless.append(cell)
    for name, cell in ours.items():
        if name in present or cell.metadata.nbgrader.locked or not defined(cell.source):
            continue
        alike = [c for c in nameless if defined(c.source) >= defined(cell.source)]
        if len(alike) == 1 and grade_id(alike[0]) is None:
            alike[0].metadata["nbgrader"] = copy.deepcopy(cell.metadata.nbgrader)
            present.add(name)
            notes.append(f"{name}: {MATCHED}")


@functools.lru_cache(maxsize=MOST_CELLS)
def defined(source):
    """Return the names that a cell defines at its top; none if it is no Python, or very long."""
    if len(source) > MOST_PARSED:
        return frozenset()
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    names = set()
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Assign):
            names |= {t.id for t in statement.targets if isinstance(t, ast.Name)}
    return frozenset(names)


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
