"""Every lesson accepts right answers in other styles and rejects wrong ones."""

import nbformat
import pytest

from course_utils.checks import guard
from course_utils.instructor.layout import Course
from course_utils.instructor.lesson import read_lesson
from course_utils.instructor.variants import failing, read_variants
from tests.diagnosis.learners import errors_of

COURSE = Course.find(__file__)
LESSONS = {name: read_lesson(COURSE.lesson_text(name)) for name in COURSE.lessons()}
VARIANTS = [
    pytest.param(name, variant, id=f"{name}-{variant.exercise}-{variant.name}".replace(" ", "_"))
    for name in LESSONS
    for variant in read_variants(COURSE, name)
    if variant.endless != "cell"  # that one falls to the grader's time limit: see test_class
]
LEAST = {
    "00_derivatives": {"right": 12, "wrong": 30},
    "01_chain_rule": {"right": 10, "wrong": 30},
    "02_partials_jacobian": {"right": 14, "wrong": 45},
    "03_backprop": {"right": 14, "wrong": 50},
    "04_gradient_checking": {"right": 12, "wrong": 40},
    "05_capstone": {"right": 6, "wrong": 20},
}


@pytest.mark.parametrize(("lesson", "variant"), VARIANTS)
def test_a_right_answer_passes_and_a_wrong_one_fails(lesson, variant, monkeypatch):
    if variant.endless:
        monkeypatch.setattr(guard, "SECONDS", 0.2)
    errors = errors_of(lesson, variant)
    assert (not errors) == variant.right, errors


@pytest.mark.parametrize("lesson", LESSONS)
def test_there_are_enough_answers_to_try(lesson):
    variants = read_variants(COURSE, lesson)
    assert sum(v.right for v in variants) >= LEAST[lesson]["right"]
    assert sum(not v.right for v in variants) >= LEAST[lesson]["wrong"]
    assert {v.exercise for v in variants} == {
        name for name, exercise in LESSONS[lesson].exercises.items() if not exercise.quiz
    }


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_visible_checks_alone_catch_nine_in_ten(lesson):
    shipped = nbformat.read(COURSE.notebooks / f"{lesson}.ipynb", as_version=4)
    wrong = [v for v in read_variants(COURSE, lesson) if not v.right and not v.endless]
    caught = [v for v in wrong if failing(shipped, v)]
    print(f"{lesson}: visible checks catch {len(caught)} of {len(wrong)} wrong answers")
    assert len(caught) >= 0.9 * len(wrong)


def test_the_whole_course_is_tried_by_hundreds_of_answers():
    every = [v for lesson in LESSONS for v in read_variants(COURSE, lesson)]
    right = sum(v.right for v in every)
    print(f"{right} right answers in other styles, {len(every) - right} wrong ones")
    assert right >= 60
    assert len(every) - right >= 200
