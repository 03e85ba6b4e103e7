"""The examiner accepts every right answer of the lessons' tests and rejects every wrong one."""

import copy
from concurrent.futures import ThreadPoolExecutor

import pytest

from course_utils.instructor.examiner import Examiner
from course_utils.instructor.layout import Course
from course_utils.instructor.lesson import read_lesson
from course_utils.instructor.reconcile import grade_id
from course_utils.instructor.rehearsal import needed_cells
from course_utils.instructor.variants import read_variants

LESSONS = Course.find(__file__).lessons()
JOBS = 2


@pytest.fixture(scope="module")
def examiner():
    with Examiner(JOBS, seconds=30) as examiner:
        yield examiner


@pytest.mark.parametrize("lesson", LESSONS)
def test_right_answers_are_accepted_and_wrong_ones_rejected(course, examiner, lesson):
    source = read_lesson(course.lesson_text(lesson)).notebook
    variants = [v for v in read_variants(course, lesson) if not v.endless]

    def rejected(variant):
        asked = needed_cells(source, [variant.exercise])
        answered = copy.deepcopy(asked)
        for cell in answered.cells:
            cell.source = variant.code if grade_id(cell) == variant.exercise else cell.source
        examined = examiner.examine(asked, answered)
        return examined.status, [name for name, score in examined.scores.items() if not score]

    with ThreadPoolExecutor(JOBS) as pool:
        found = dict(zip(variants, pool.map(rejected, variants), strict=True))
    odd = {v.name: told for v, told in found.items() if v.right == bool(told[1])}
    assert not odd
    assert {status for status, _ in found.values()} == {"graded"}
    print(f"{lesson}: {sum(v.right for v in variants)} right accepted, "
          f"{sum(not v.right for v in variants)} wrong rejected")  # fmt: skip
