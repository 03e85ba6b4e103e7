"""The folder of one graded submission, as formgrader and the feedback find it."""

import copy
import fnmatch
import json
import os
import re
import shutil
import stat
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat

# What nbgrader does not copy from a submission's folder.
IGNORED = ("*.ipynb", ".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")
MOST_BYTES = 20_000_000  # of all the other files of a submission together
READ_ONLY = 0o444  # as nbgrader leaves its files

SAID = {
    "ungradable": "This submission could not be graded",
    "partial": "Some cells could not be run",
    "tampered": "This submission disturbed its grading",
    "needs review": "A person will look at this submission",
}


def noticed(notebook, status, reason):
    """Return a copy of `notebook` with its status and the reason on top; graded ones need none."""
    notebook = copy.copy(notebook)
    if status in SAID:
        said = f"**{SAID[status]}:** {_literal(reason)}"
        cell = nbformat.v4.new_markdown_cell(said, id=_free_id(notebook, "notice"))
        if notebook.get("nbformat_minor", 0) < 5:
            del cell["id"]
        notebook.cells = [cell, *notebook.cells]
    return notebook


def _literal(reason):
    """Return a sentence that Markdown shows as it stands: it may quote what a student wrote."""
    text = re.sub(r"([\\`*_{}\[\]()#+!|<>~$&])", r"\\\1", " ".join(reason.split()))
    return f"{text.rstrip('.')}."


def _free_id(notebook, name):
    taken = {cell.get("id") for cell in notebook.cells}
    return next(i for n in range(len(taken) + 1) if (i := f"{name}{n or ''}") not in taken)


def _text(notebook):
    """Return a notebook as JSON, a line a cell; nbformat's own, a line a line, takes 4 times it."""
    cells = ",\n".join(_json(cell) for cell in notebook.cells)
    rest = _json({key: value for key, value in notebook.items() if key != "cells"})
    return f'{{"cells": [\n{cells}\n],\n{rest[1:]}\n'


_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


@contextmanager
def replacing(path, notebook):
    """Have `notebook` written before the block, and put in the place of `path` after it.

    If the block raises, or if the process dies in it, the old file stays as it was.
    """
    student = path.parents[1]
    student.mkdir(parents=True, exist_ok=True)
    # Beside the submission's folder, which is not there yet if the block fails the first time.
    mark = f".{path.stem}."
    fresh = student / f"{mark}{os.getpid()}"
    try:
        # A lone surrogate, which JSON can hold and UTF-8 cannot, becomes a question mark.
        fresh.write_bytes(_text(notebook).encode("utf-8", "replace"))
        yield
        path.parent.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):  # another run has recorded the same submission by now
            os.replace(fresh, path)
        path.chmod(READ_ONLY)
    finally:
        fresh.unlink(missing_ok=True)
    for left in student.iterdir():  # by a run that was killed
        if left.name.startswith(mark):
            left.unlink(missing_ok=True)


def copy_others(path, *sources, skip=()):
    """Make the other files of the folders `sources` those of the notebook `path`'s folder.

    What an earlier submission left there goes. A link may point at anything, so it is left out.
    skip: names that are left out without a word. Returns a sentence for each other one.
    """
    for old in path.parent.iterdir():
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old, ignore_errors=True)
        elif old != path:
            old.unlink(missing_ok=True)
    notes, room = [], MOST_BYTES
    for source in sources:
        for name, size in _files(source, notes):
            if str(name) in skip:
                continue
            room -= size
            if room < 0:
                notes.append(f"{name}: was left out; the other files are more than 20 MB.")
                continue
            place = path.parent / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.unlink(missing_ok=True)  # the source's file comes after the student's
            place.write_bytes(_read(source / name, size))
            place.chmod(READ_ONLY)
    return notes


def _files(folder, notes):
    """Yield `(name, bytes)` of every plain file below `folder`, with names relative to it."""
    if not folder.is_dir() or folder.is_symlink() or folder.parent.is_symlink():
        return
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _ignored(name))
        for name in sorted([*files, *folders]):
            path = Path(where, name)
            kind = path.lstat().st_mode
            if _ignored(name) or stat.S_ISDIR(kind):
                continue
            relative = path.relative_to(folder)
            if stat.S_ISREG(kind):
                yield relative, path.lstat().st_size
            else:
                notes.append(f"{relative}: is a link or no plain file, so it was left out.")


def _ignored(name):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in IGNORED)


def _read(path, size):
    # It may have become a link since it was looked at.
    with open(path, "rb", opener=lambda p, flags: os.open(p, flags | NO_LINKS)) as file:
        return file.read(size)


NO_LINKS = getattr(os, "O_NOFOLLOW", 0)


def read_small(path, most=200):
    """Return the text of a plain file of at most `most` bytes, or None if there is no such file.

    Raises ValueError for a file that is a link, too long or not text.
    """
    try:
        if not stat.S_ISREG(path.lstat().st_mode) or path.lstat().st_size > most:
            raise ValueError("no short plain file")
        return _read(path, most).decode()
    except FileNotFoundError:
        return None
