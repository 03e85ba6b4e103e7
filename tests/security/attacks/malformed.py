"""Files that are no notebook any more, and notebooks that have lost or gained something.

All of them hold right answers where they can be read at all: what is repaired earns full points.
"""

import copy
import io
import os
import tarfile
import zipfile
from pathlib import Path

import nbformat

from tests.security.attacks.build import (
    FULL,
    LESSON,
    MARK,
    POINTS,
    WRONG,
    beside,
    changed,
    code_cell,
    course,
    dump,
    find,
    group,
    right,
    tests,
    wrong,
)

MALFORMED, add = group("malformed")
REPAIRED = "graded/needs review"
EITHER = "graded/needs review/ungradable"
REFUSED = {"status": "ungradable", "score": None, "compiles": False, "valid": False}
VANISHING = POINTS - 2  # without vanishing_product


def raw(data):
    return lambda release: data


def edited(edit):
    """Return the make of the right notebook's bytes after `edit`."""
    return lambda release: edit(right()(release))


def with_metadata(name, **changes):
    """Return the make of a notebook with changed nbgrader metadata of one cell."""

    def change(made):
        find(made, name).metadata.nbgrader.update(changes)

    return changed(change)


# --- no notebook ----------------------------------------------------------------------------------

HTML = f"<!DOCTYPE html>\n<html><title>Log in</title><script>{MARK}()</script></html>"
add("empty-file", "An upload that failed.", raw(b""), **REFUSED)
add("blank-file", "Nothing but white space.", raw(b" \r\n\t\n"), **REFUSED)
add("html-page", "The log-in page was saved in its place.", raw(HTML.encode()), **REFUSED)
add(
    "html-page-after-a-mark",
    "A web page that starts with a byte-order mark.",
    raw(b"\xef\xbb\xbf\n" + HTML.encode()),
    **REFUSED,
)
add("python-script", "A .py file under the notebook's name.", raw(b"print('hello')\n"), **REFUSED)
add("zip-as-notebook", "An archive under the notebook's name.", lambda r: _zip("a.txt"), **REFUSED)
add("half-file", "Cut off in the middle.", edited(lambda d: d[: len(d) // 2]), **REFUSED)
add("nearly-whole-file", "Cut off three bytes early.", edited(lambda d: d[:-4]), **REFUSED)
add("zeros", "A file of NUL bytes, as a full disk leaves it.", raw(b"\0" * 4096), **REFUSED)
add(
    "zeros-at-the-end",
    "A whole notebook, and NULs up to the end of the block.",
    edited(lambda d: d + b"\0" * 512),
    EITHER,
    FULL,
    compiles=False,
    valid=False,
)
add(
    "byte-order-mark",
    "A byte-order mark in front, from an editor on Windows.",
    edited(lambda d: b"\xef\xbb\xbf" + d),
    "graded",
    FULL,
    valid=False,
)
add(
    "utf-16",
    "Saved as UTF-16.",
    edited(lambda d: d.decode().encode("utf-16")),
    EITHER,
    FULL,
    compiles=False,
    valid=False,
)
add(
    "latin-1-byte",
    "One byte that is no UTF-8.",
    edited(lambda d: d.replace(b"A neural network", b"A neural n\xe9twork", 1)),
    EITHER,
    FULL,
    compiles=False,
    valid=False,
)
add(
    "windows-line-ends",
    "Line ends of Windows.",
    edited(lambda d: d.replace(b"\n", b"\r\n")),
    "graded",
    FULL,
)
for short, text in [
    ("json-list", b"[]"),
    ("json-null", b"null"),
    ("json-text", b'"a notebook"'),
    ("cells-null", b'{"cells": null, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'),
    ("cells-object", b'{"cells": {}, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'),
    ("cells-missing", b'{"metadata": {}, "nbformat": 4, "nbformat_minor": 5}'),
    ("cell-null", b'{"cells": [null], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'),
    ("cell-list", b'{"cells": [[]], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'),
    (
        "cell-of-no-type",
        b'{"cells": [{"metadata": {}, "source": ""}], "metadata": {}, "nbformat": 4}',
    ),
    (
        "cell-type-a-list",
        b'{"cells": [{"cell_type": ["code"], "metadata": {}, "source": ""}], "nbformat": 4}',
    ),
    (
        "cell-without-text",
        b'{"cells": [{"cell_type": "code", "metadata": {}}], "metadata": {}, "nbformat": 4}',
    ),
    (
        "cell-text-a-number",
        b'{"cells": [{"cell_type": "code", "metadata": {}, "source": 5}], "nbformat": 4}',
    ),
    (
        "cell-metadata-a-list",
        b'{"cells": [{"cell_type": "code", "metadata": [], "source": ""}], "nbformat": 4}',
    ),
    ("deep-lists", b"[" * 200_000),
    (
        "deep-metadata",
        b'{"cells": [], "nbformat": 4, "metadata": ' + b'{"a":' * 200_000 + b"1" + b"}" * 200_001,
    ),
    ("deep-text", b"[" * 200_000 + b'"a"' + b"]" * 200_000),
]:
    add(short, "JSON, but no notebook.", raw(text), **REFUSED)
add(
    "merge-conflict",
    "The marks of a merge that git could not make.",
    edited(lambda d: d.replace(b'"cells": [', b'"cells": [\n<<<<<<< HEAD\n', 1)),
    **REFUSED,
)
add(
    "something-after-the-end",
    "Two saves, one after the other.",
    edited(lambda d: d + d),
    EITHER,
    FULL,
    compiles=False,
    valid=False,
)


def _big(release):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("x" * 60_000_000)])
    return dump(made)


add("sixty-megabytes", "A notebook of 60 MB.", _big, **REFUSED)


# --- a notebook of another kind -------------------------------------------------------------------


def format_of(number):
    def change(made):
        made["nbformat"] = number

    return changed(change)


def format_3(release):
    """The same notebook as IPython 3 wrote it."""
    cells = [
        {"cell_type": "code", "input": c.source, "language": "python", "outputs": []}
        for c in release.cells
        if c.cell_type == "code"
    ]
    old = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0}
    return dump({**old, "worksheets": [{"cells": cells}]})


def other_lesson(release):
    return (course().notebooks / "00_derivatives.ipynb").read_bytes()


add("format-3", "A notebook of format 3.", format_3, **REFUSED)
add("format-5", "A notebook of a format to come.", format_of(5), **REFUSED)
add("format-text", "The format is a text.", format_of("4"), EITHER, FULL, valid=False)
add("format-list", "The format is a list.", format_of([4]), **REFUSED)
add(
    "format-minor-99",
    "Written by a JupyterLab to come.",
    changed(lambda made: made.update(nbformat_minor=99)),
    REPAIRED,
    FULL,
)
add(
    "format-minor-2",
    "Says that it is older than cell ids, and has them.",
    changed(lambda made: made.update(nbformat_minor=2)),
    REPAIRED,
    FULL,
)
add(
    "other-lesson",
    "The notebook of lesson 0, handed in for lesson 1.",
    other_lesson,
    "ungradable/needs review",
    0,
)
add(
    "unknown-kernel",
    "A kernel that is not there.",
    changed(
        lambda made: made.metadata.update(
            kernelspec={"display_name": "Julia", "language": "julia", "name": "julia-1.10"}
        )
    ),
    "graded",
    FULL,
)
add(
    "no-notebook-metadata",
    "The notebook's metadata is gone.",
    changed(lambda made: made.pop("metadata") and None),
    REPAIRED,
    FULL,
    valid=False,
)
add(
    "notebook-metadata-a-list",
    "The notebook's metadata is a list.",
    changed(lambda made: made.update(metadata=[1])),
    EITHER,
    FULL,
    valid=False,
)

# --- numbers, texts and names that a reader may stumble over --------------------------------------


def cell_metadata(text):
    """Return the make of a notebook with `text` as JSON in a cell's metadata."""
    return edited(lambda d: d.replace(b'"metadata": {}', b'"metadata": {"a": ' + text + b"}", 1))


add(
    "number-of-5000-digits",
    "A number that Python's JSON reader refuses with an error of its own.",
    cell_metadata(b"9" * 5000),
    EITHER,
    FULL,
    valid=False,
)
add("nan-in-metadata", "NaN, which is no JSON.", cell_metadata(b"[NaN, -Infinity]"), EITHER, FULL)
add(
    "deep-cell-metadata",
    "900 levels: deep, and not too deep for the JSON reader.",
    cell_metadata(b'{"a":' * 900 + b"1" + b"}" * 900),
    EITHER,
    FULL,
    valid=False,
)
add(
    "lone-surrogate",
    "Half a character in the text and in a cell of code.",
    edited(
        lambda d: d.replace(b"A neural network", b"A \\ud800 neural network", 1).replace(
            b"Return four numbers", b"Return \\udfff four numbers", 1
        )
    ),
    "graded",
    FULL,
    compiles=False,
    valid=False,
)
add(
    "nul-in-code",
    "An escaped NUL in a cell of code.",
    right(own="x = 1 \0"),
    REPAIRED,
    FULL,
    compiles=False,
)
add(
    "text-in-lines",
    "Every text is a list of lines, as on disk.",
    changed(lambda made: [c.update(source=c.source.splitlines(True)) for c in made.cells] and made),
    "graded",
    FULL,
    valid=False,
)
add(
    "text-in-numbers",
    "A text is a list with a number in it.",
    changed(lambda made: made.cells[0].update(source=["# Lesson", 1])),
    EITHER,
    FULL,
    compiles=False,
    valid=False,
)
add(
    "outputs-null",
    "Outputs that are no list.",
    changed(lambda made: find(made, "chain_four").update(outputs=None)),
    REPAIRED,
    FULL,
    valid=False,
)
add(
    "outputs-damaged",
    "Outputs of no known type.",
    changed(
        lambda made: find(made, "check_chain_four_sin").update(
            outputs=[{"output_type": "hologram"}, 7, None, {"data": "text"}]
        )
    ),
    REPAIRED,
    FULL,
    valid=False,
)
add(
    "stored-outputs-that-pass",
    "Wrong answers with stored outputs that look passed, scores too.",
    changed(
        lambda made: (
            [
                c.update(
                    execution_count=3,
                    outputs=[nbformat.v4.new_output("execute_result", {"text/plain": "2.0"})],
                )
                for c in tests(made)
            ]
            and made
        ),
        answers=WRONG,
    ),
    "graded",
    0,
)


# --- cells lost, doubled, renamed -----------------------------------------------------------------


def twin(name, source=None):
    """Return the make of a notebook in which a cell stands twice, the copy first if it differs."""

    def change(made):
        cell = find(made, name)
        other = copy.deepcopy(cell)
        other.id = f"{cell.id}-copy"
        place = made.cells.index(cell)
        if source is not None:
            other.source = source
            made.cells.insert(place, other)
        else:
            made.cells.insert(place + 1, other)

    return change


def without(*names):
    def change(made):
        made.cells = [
            c for c in made.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in names
        ]

    return change


def unnamed(made, ids=True):
    for i, cell in enumerate(made.cells):
        cell.metadata.pop("nbgrader", None)
        if ids:
            cell.id = f"cell-{i}"


def renamed(name, other):
    return with_metadata(name, grade_id=other)


def swap(one, other):
    def change(made):
        a, b = find(made, one), find(made, other)
        a.metadata.nbgrader, b.metadata.nbgrader = b.metadata.nbgrader, a.metadata.nbgrader

    return change


def turned(name, kind):
    def change(made):
        cell = find(made, name)
        cell["cell_type"] = kind
        cell.pop("outputs")
        cell.pop("execution_count")

    return change


def moved(made):
    cell = find(made, "check_vanishing_product")
    made.cells.remove(cell)
    made.cells.insert(1, cell)


def marked(**changes):
    def change(made):
        for cell in made.cells:
            if "nbgrader" in cell.metadata:
                cell.metadata.nbgrader.update(changes)

    return change


add(
    "doubled-test",
    "A test cell was copied, so its name stands twice.",
    changed(twin("check_chain_four_sin")),
    REPAIRED,
    FULL,
)
add(
    "doubled-given",
    "The cell with the imports was copied.",
    changed(twin("given_neuron")),
    REPAIRED,
    FULL,
)
add(
    "doubled-answer",
    "An answer cell was copied.",
    changed(twin("chain_four")),
    REPAIRED,
    FULL,
)
add(
    "deleted-test",
    "A test cell is gone.",
    changed(without("check_chain_four_sin")),
    REPAIRED,
    FULL,
)
add(
    "deleted-tests",
    "All test cells are gone.",
    changed(lambda made: without(*[c.metadata.nbgrader.grade_id for c in tests(made)])(made)),
    REPAIRED,
    FULL,
)
add(
    "deleted-answer",
    "An answer cell is gone.",
    changed(without("vanishing_product")),
    REPAIRED,
    VANISHING,
)
add(
    "deleted-imports",
    "The locked cell with the imports is gone.",
    changed(without("given_setup")),
    REPAIRED,
    FULL,
)
add(
    "deleted-tests-after-a-better-attempt",
    "A first attempt earned all; the second deletes the tests to keep its grade.",
    changed(
        lambda made: without(*[c.metadata.nbgrader.grade_id for c in tests(made)])(made),
        answers=WRONG,
    ),
    REPAIRED,
    0,
    earlier=right(),
)
add(
    "names-stripped",
    "Another program has dropped nbgrader's metadata, not the cell ids.",
    changed(lambda made: unnamed(made, ids=False)),
    REPAIRED,
    FULL,
)
add(
    "names-and-ids-stripped",
    "Another program has dropped nbgrader's metadata and the cell ids.",
    changed(unnamed),
    "needs review",
    FULL,
)
add(
    "no-ids",
    "Cells without ids, as in a notebook of format 4.4.",
    changed(lambda made: [c.pop("id") for c in made.cells] and made.update(nbformat_minor=4)),
    REPAIRED,
    FULL,
    valid=False,
)
add(
    "ids-doubled",
    "All cells have one and the same id.",
    changed(lambda made: [c.update(id="cell") for c in made.cells] and made),
    REPAIRED,
    FULL,
    valid=False,
)
add(
    "ids-odd",
    "Cell ids with signs that no id may have.",
    changed(
        lambda made: (
            [c.update(id=f'"><b onclick={MARK}()>../{i}') for i, c in enumerate(made.cells)]
            and made
        )
    ),
    REPAIRED,
    FULL,
    valid=False,
    inert=True,
)
add(
    "test-turned-markdown",
    "A test cell has become text.",
    changed(turned("check_vanishing_product", "markdown")),
    REPAIRED,
    FULL,
)
add(
    "test-turned-raw",
    "A test cell has become raw.",
    changed(turned("check_vanishing_product", "raw")),
    REPAIRED,
    FULL,
)
add(
    "answer-turned-markdown",
    "An answer cell has become text.",
    changed(turned("vanishing_product", "markdown")),
    REPAIRED,
    (VANISHING, FULL),
)
for number in (1, 2, 4, 99, "3", None):
    add(
        f"schema-version-{number}".lower() if number != "3" else "schema-version-text",
        "The version of nbgrader's metadata is another one.",
        changed(marked(schema_version=number)),
        REPAIRED,
        FULL,
    )
add(
    "renamed-test",
    "A test cell has another name.",
    renamed("check_chain_four_sin", "check_chain_four_sine"),
    REPAIRED,
    FULL,
)
add(
    "renamed-answer",
    "An answer cell has another name.",
    renamed("chain_four", "chain_4"),
    REPAIRED,
    FULL,
)
add(
    "swapped-tests",
    "Two test cells have changed their names.",
    changed(swap("check_chain_four_sin", "check_vanishing_product")),
    REPAIRED,
    (VANISHING, FULL),
)
add(
    "moved-test",
    "A test cell stands before its answer.",
    changed(moved),
    REPAIRED,
    (VANISHING, FULL),
)
for short, value in [
    ("list", ["check_q1"]),
    ("number", 17),
    ("null", None),
    ("object", {"a": 1}),
    ("empty", ""),
    ("odd", f"../../<b onclick={MARK}()>"),
]:
    add(
        f"name-{short}",
        "A cell's name is no name.",
        renamed("check_q1", value),
        REPAIRED,
        FULL,
        inert=short == "odd",
    )
for short, value in [("text", "check_q1"), ("list", [1]), ("null", None), ("empty", {})]:
    add(
        f"nbgrader-metadata-{short}",
        "nbgrader's metadata of a cell is no object.",
        changed(lambda made, value=value: find(made, "check_q1").metadata.update(nbgrader=value)),
        REPAIRED,
        FULL,
    )
add(
    "five-thousand-cells",
    "Very many empty cells.",
    changed(lambda made: made.cells.extend(code_cell("", f"empty-{i}") for i in range(5000))),
    REPAIRED,
    FULL,
)


# --- the folder -----------------------------------------------------------------------------------


def _zip(*names, size=10):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"0" * size)
    return file.getvalue()


def _tar(*members):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, kind, link in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, link
            archive.addfile(member)
    return file.getvalue()


def only(name, content):
    """Return the make of a folder with one file."""
    return lambda release, folder: (folder / name).write_bytes(
        content(release) if callable(content) else content
    )


def fill(name, data):
    return lambda folder: (folder / name).write_bytes(data)


NOTHING = {"status": "ungradable", "score": None, "files": True}
NAMED = "graded/needs review/ungradable"
add("empty-folder", "A folder with nothing in it.", lambda release, folder: None, **NOTHING)
add(
    "other-file-name",
    "The notebook has another name.",
    only("homework (1).ipynb", right()),
    NAMED,
    FULL,
    files=True,
)
add(
    "two-notebooks",
    "A copy with wrong answers beside the notebook.",
    lambda release, folder: (
        only(f"{LESSON}.ipynb", right())(release, folder),
        only(f"{LESSON}-Copy1.ipynb", wrong())(release, folder),
    ),
    REPAIRED,
    FULL,
    files=True,
)
add(
    "notebook-in-a-folder",
    "The notebook lies one folder further down.",
    lambda release, folder: (
        (folder / "Lesson 1").mkdir(),
        only(f"Lesson 1/{LESSON}.ipynb", right())(release, folder),
    ),
    NAMED,
    FULL,
    files=True,
)
add(
    "a-folder-in-its-place",
    "A folder has the notebook's name.",
    lambda release, folder: (folder / f"{LESSON}.ipynb").mkdir(),
    **NOTHING,
)
for short, text in [
    ("words", b"yesterday evening"),
    ("empty", b""),
    ("binary", b"\xff\xfe\0\0"),
    ("year-0", b"0000-00-00 00:00:00 UTC"),
    ("year-99999", b"99999-01-01 00:00:00.000 +9999"),
]:
    add(
        f"timestamp-{short}",
        "timestamp.txt holds no time.",
        beside(fill("timestamp.txt", text)),
        "graded",
        FULL,
        files=True,
    )
add(
    "zip-in-its-place",
    "An archive in place of the notebook.",
    only("submission.zip", lambda release: _zip(f"{LESSON}.ipynb")),
    **NOTHING,
)
add(
    "zip-bomb",
    "An archive that unpacks to 300 MB.",
    only("submission.zip", lambda release: _zip("a.ipynb", size=3 * 10**8)),
    **NOTHING,
)
add(
    "zip-bomb-beside",
    "The notebook, and an archive that unpacks to 300 MB.",
    beside(lambda folder: (folder / "data.zip").write_bytes(_zip("a", size=3 * 10**8))),
    EITHER,
    FULL,
    files=True,
)
add(
    "zip-climbs-out",
    "An archive with members above its folder and at absolute paths.",
    only("submission.zip", lambda release: _zip(f"../../../{MARK}", f"/tmp/{MARK}")),
    **NOTHING,
)
add(
    "tar-climbs-out",
    "An archive with members above its folder, links and a device.",
    only(
        "submission.tar.gz",
        _tar(
            (f"../../../{MARK}", tarfile.REGTYPE, ""),
            ("out", tarfile.SYMTYPE, "/tmp"),
            (f"out/{MARK}", tarfile.REGTYPE, ""),
            ("passwd", tarfile.LNKTYPE, "/etc/passwd"),
            ("null", tarfile.CHRTYPE, ""),
        ),
    ),
    **NOTHING,
)
add(
    "pipe",
    "The notebook is a named pipe: reading it never ends.",
    lambda release, folder: os.mkfifo(folder / f"{LESSON}.ipynb"),
    **NOTHING,
)
add(
    "pipe-beside",
    "A named pipe beside the notebook.",
    beside(lambda folder: os.mkfifo(folder / "data.csv")),
    EITHER,
    FULL,
    files=True,
)
add(
    "link-to-zeros",
    "The notebook is a link to /dev/zero: reading it fills the memory.",
    lambda release, folder: (folder / f"{LESSON}.ipynb").symlink_to("/dev/zero"),
    **NOTHING,
)
add(
    "link-to-itself",
    "The notebook is a link to itself.",
    lambda release, folder: (folder / f"{LESSON}.ipynb").symlink_to(f"{LESSON}.ipynb"),
    **NOTHING,
)
add(
    "link-to-nowhere",
    "The notebook is a link to nothing.",
    lambda release, folder: (folder / f"{LESSON}.ipynb").symlink_to("gone.ipynb"),
    **NOTHING,
)
add(
    "folder-in-circles",
    "A link to the folder above, beside the notebook.",
    beside(lambda folder: (folder / "again").symlink_to(Path(".."), target_is_directory=True)),
    EITHER,
    FULL,
    files=True,
)
