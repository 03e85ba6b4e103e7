"""The wrong and right answers of `solutions/variants`, and what their checks say of them."""

import time
import warnings
from dataclasses import dataclass
from functools import cache

from course_utils import checks
from course_utils.instructor.layout import Course
from course_utils.instructor.lesson import read_lesson
from course_utils.instructor.rehearsal import rehearse
from course_utils.instructor.variants import read_variants

COURSE = Course.find(__file__)
# What a guard tells by itself: what came back is no gradient at all.
TOLD = (
    *("stopped:", "shape", "none-returned", "number-of-values", "input-changed", "numpy-warns"),
    *("whole-numbers", "truth-values", "nan-or-inf", "tuple-returned", "wrong-kind-returned"),
    *("complex-numbers", "key-missing", "undefined-name", "ragged-rows", "not-numbers", "too-slow"),
    *("random-result", "function-returned", "ellipsis", "variable-without-value"),
)
# Exercises whose answer is no derivative, no gradient, no loss and no verdict on one.
OTHER = {
    *("stable_sigmoid", "mvt_points", "classify_critical", "lipschitz_constant", "jacobian_shapes"),
    *("topo_sort", "train_xor", "named_bugs", "bug_ratios"),
}


@dataclass(frozen=True)
class Verdict:
    """What the checks say of one answer: keys without places, each once; and the messages."""

    lesson: str
    exercise: str
    name: str
    right: bool
    keys: tuple
    messages: tuple

    @property
    def label(self):
        return f"{self.exercise}: {self.name}"


@cache
def verdicts():
    """Return (Verdicts of all answers in scope, seconds of each diagnosis)."""
    seconds, found = [], []
    before = checks.explained

    def timed(mismatch, case):
        start = time.monotonic()
        told = before(mismatch, case)
        if case is not None:
            seconds.append(time.monotonic() - start)
        return told

    checks.explained = timed
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for lesson in COURSE.lessons():
                found += _of_lesson(lesson)
    finally:
        checks.explained = before
    return found, seconds


@cache
def errors_of(lesson, variant):
    """Return what the checks of its exercise raise for an answer; known once for all tests."""
    notebook = read_lesson(COURSE.lesson_text(lesson)).notebook
    outcomes = rehearse(notebook, {variant.exercise: variant.code}, only=[variant.exercise])
    return [outcome.error for outcome in outcomes if not outcome.as_meant]


def _of_lesson(lesson):
    for v in read_variants(COURSE, lesson):
        if v.endless or v.exercise in OTHER:
            continue
        errors = errors_of(lesson, v)
        keys = [key for e in errors for key in _keys(getattr(e, "mistake", ""))]
        yield Verdict(
            lesson, v.exercise, v.name, v.right, tuple(dict.fromkeys(keys)), tuple(map(str, errors))
        )


def _keys(mistake):
    """Return the key or keys of a mistake without its place."""
    return [mistake.partition("@")[0]] if mistake else []
