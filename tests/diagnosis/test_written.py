"""The written answers are what they say, and each wrong one is told by its own mistake's name."""

import functools
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import jupytext
import pytest

from course_utils.checks import Mismatch
from course_utils.instructor.layout import Course
from course_utils.instructor.lesson import read_lesson
from course_utils.instructor.rehearsal import rehearse
from course_utils.instructor.variants import read_variants
from tests.diagnosis.learners import TOLD

COURSE = Course.find(__file__)
FOLDER = Path(__file__).parent / "written"
LESSONS = sorted(path.stem for path in FOLDER.glob("[0-9]*.py"))

# What can be wrong with a value; the rest of the exercises asks for words, numbers or orders.
EXERCISES = {
    "00_derivatives": "f_prime g_prime h_prime ellipse_slope activation_derivative",
    "01_chain_rule": "chain_four compose_derivative fork_derivative neuron_gradients "
    "vanishing_product",
    "02_partials_jacobian": "partials_xyz descent_step jacobian_central jvp vjp hvp "
    "softmax_jacobian softmax_vjp linear_backward unbroadcast",
    "03_backprop": "Value topo_sort backward bce_from_logits softmax_ce tanh_net_gradients "
    "mlp_backward skip_backward batchnorm_backward train_xor",
    "04_gradient_checking": "best_h numeric_grad relative_error complex_step kink_guard "
    "direction_check grad_check",
    "05_capstone": "deep_backward is_right fixed_backward",
}
SHAPE = re.compile(r": shape \(|is an array of shape|one number came back")
VALUE = re.compile(
    r"times the true value|wrong sign|is wrong (at|in) |differs from the true value by"
    r"|is 0 where the true value is not|is not 0 where the true value is|needed between"
    r"|: is \[.*\], needed \[|transposed Jacobian|(accepted|rejected) \d+ of \d+"
)
ORDER = re.compile(r"comes before its parent")  # topo_sort returns no values to be compared


@dataclass(frozen=True)
class Answer:
    """One written answer. mistake: as a tutor would say it; source: the public report, or "".

    key: of the mistake that its first message names, read beside the answer; "" where a guard or
    the check's own words say it, "unknown" where nothing fits.
    """

    lesson: str
    name: str
    exercise: str
    right: bool
    code: str
    mistake: str = ""
    outputs: str = ""
    mistakes: int = 1
    source: str = ""
    key: str | None = None


def read_written(lesson):
    """Return the Answers in `written/<lesson>.py`, in order."""
    answers = []
    for cell in jupytext.read(FOLDER / f"{lesson}.py", fmt="py:percent").cells:
        if cell.cell_type == "code":
            about = cell.metadata
            answers.append(
                Answer(
                    lesson,
                    name=about["right"] if "right" in about else about["wrong"],
                    exercise=about["of"],
                    right="right" in about,
                    code=cell.source,
                    mistake=about.get("mistake", ""),
                    outputs=about.get("outputs", ""),
                    mistakes=int(about.get("mistakes", 1)),
                    source=about.get("source", ""),
                    key=about.get("key"),
                )
            )
    return answers


WRITTEN = {lesson: read_written(lesson) for lesson in LESSONS}
EVERY = [answer for answers in WRITTEN.values() for answer in answers]
WRONG, RIGHT = [a for a in EVERY if not a.right], [a for a in EVERY if a.right]


@functools.cache
def notebook(lesson):
    return read_lesson(COURSE.lesson_text(lesson)).notebook


@functools.cache
def rejections(answer):
    """Return the errors with which the tests of its exercise reject an answer."""
    answers = {"given_popular": "", answer.exercise: answer.code}  # a table that no test needs
    tried = rehearse(notebook(answer.lesson), answers, only=[answer.exercise])
    return [outcome.error for outcome in tried if not outcome.as_meant]


def kind(error):
    """Return how an answer was rejected: for a "value", "shape" or "order", or otherwise."""
    if isinstance(error, Mismatch):
        for pattern, word in ((SHAPE, "shape"), (VALUE, "value"), (ORDER, "order")):
            if pattern.search(error.sentence):
                return word
    return f"other: {error}"


@pytest.mark.parametrize(
    "answer", EVERY, ids=lambda a: f"{a.lesson}-{a.exercise}-{a.name}".replace(" ", "_")
)
def test_a_wrong_answer_gives_wrong_values_and_a_right_one_passes(answer):
    errors = rejections(answer)
    if answer.right:
        assert not errors
    else:  # where several test cells reject it, the first one is read first
        assert errors
        assert kind(errors[0]) in ("value", "shape", "order")
        assert all(isinstance(e, Mismatch) and not e.__cause__ for e in errors)


def named(answer):
    """Return the key that is read first for a wrong answer; "" for what a guard tells."""
    key = rejections(answer)[0].mistake.partition("@")[0]
    return "" if key.startswith(TOLD) else key


def test_every_wrong_answer_is_told_by_its_own_name():
    found = {f"{a.exercise}: {a.name}": (named(a), a.key) for a in WRONG}
    assert {label: keys for label, keys in found.items() if keys[0] != keys[1]} == {}


def test_nearly_all_are_named():
    counts = Counter(a.key if a.key in ("", "unknown") else "named" for a in WRONG)
    public = [a for a in WRONG if a.source and a.key not in ("", "unknown")]
    print(
        f"{len(WRONG)} wrong: {counts['named']} named, {counts['']} told by a guard or in words "
        f"of the check, {counts['unknown']} unknown; {len(public)} named of public reports"
    )
    assert counts["unknown"] <= 0.05 * len(WRONG)
    assert counts["named"] >= 120 and len(public) >= 20


def test_every_exercise_with_gradients_has_a_few_answers_and_none_has_many():
    wrong = Counter((a.lesson, a.exercise) for a in WRONG)
    right = {(a.lesson, a.exercise) for a in RIGHT}
    assert {lesson: set(names.split()) for lesson, names in EXERCISES.items()} == {
        lesson: {e for name, e in wrong if name == lesson} for lesson in LESSONS
    }
    assert set(wrong) == right
    assert min(wrong.values()) >= 2
    assert max(wrong.values()) <= 20


def test_every_wrong_answer_says_what_is_wrong_and_where():
    for answer in WRONG:
        assert re.fullmatch(r"[A-Za-z0-9].{20,}\.", answer.mistake), answer.name
        assert answer.outputs, answer.name
        assert not answer.source or re.fullmatch(r"[\w.-]+/[\w.-]+#\d+", answer.source)
    names = Counter((a.exercise, a.right, a.name) for a in EVERY)
    assert max(names.values()) == 1


def test_no_answer_is_one_that_the_course_has_already():
    def bare(code):
        return re.sub(r"\s|#.*", "", code)

    known = {bare(v.code) for lesson in LESSONS for v in read_variants(COURSE, lesson)}
    codes = Counter(bare(a.code) for a in EVERY)
    assert max(codes.values()) == 1
    assert not known & set(codes)


def test_there_are_enough_of_each_sort():
    print()
    for lesson, answers in WRITTEN.items():
        right = sum(a.right for a in answers)
        print(f"{lesson:22} {len(answers) - right:3} wrong, {right:2} right")
    reported = [a for a in WRONG if a.source]
    threads = len({a.source for a in reported})
    pairs = [a for a in WRONG if a.mistakes == 2]
    shapes = [a for a in WRONG if "shape" in map(kind, rejections(a))]
    print(f"{len(WRONG)} wrong, {len(RIGHT)} right")
    print(
        f"{len(reported)} re-made from {threads} public threads, {len(pairs)} with two mistakes, "
    )
    print(f"{len(shapes)} rejected for a shape")
    assert len(WRONG) >= 130
    assert len(RIGHT) >= 45
    assert len(reported) >= 24
    assert len(pairs) <= 10
    assert len(shapes) <= 10
