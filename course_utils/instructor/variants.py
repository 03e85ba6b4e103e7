"""Answers as learners write them, right and wrong: what tests and the sample class are made of."""

from dataclasses import dataclass

import jupytext

from course_utils.instructor.rehearsal import rehearse


@dataclass(frozen=True)
class Variant:
    """One answer: its name, the exercise that it answers, whether it is right, and its code.

    endless: "call" or "cell" where a call of it, or its cell, runs until it is stopped.
    """

    name: str
    exercise: str
    right: bool
    code: str
    endless: str = ""


def read_variants(course, lesson):
    """Return the Variants in `solutions/variants/<lesson>.py`, in order."""
    path = course.root / "solutions" / "variants" / f"{lesson}.py"
    variants = []
    for cell in jupytext.read(path, fmt="py:percent").cells:
        about = cell.metadata
        if cell.cell_type == "code":
            right = "right" in about
            name = about["right"] if right else about["wrong"]
            endless = about.get("endless", "")
            variants.append(Variant(name, about["of"], right, cell.source, endless))
    return variants


def failing(notebook, variant):
    """Return the names of the test cells that reject a variant of one answer of `notebook`."""
    outcomes = rehearse(notebook, {variant.exercise: variant.code}, only=[variant.exercise])
    return [o.name for o in outcomes if not o.as_meant]
