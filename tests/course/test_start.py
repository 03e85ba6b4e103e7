"""The map in the start notebook says what the lessons say of themselves."""

import re

import nbformat
import pytest

from course_utils.instructor.layout import Course
from course_utils.instructor.lesson import read_lesson

COURSE = Course.find(__file__)
MAP = {
    m["file"]: m
    for m in re.finditer(
        r"\| \[(?P<number>\d)\. (?P<title>.+?)\]\((?P<file>\w+)\.ipynb\) \| .+ "
        r"\| (?P<minutes>\d+) \| (?P<points>\d+) \|",
        nbformat.read(COURSE.notebooks / "start.ipynb", as_version=4).cells[0].source,
    )
}


def test_the_map_has_every_lesson_in_order():
    assert list(MAP) == COURSE.lessons()


@pytest.mark.parametrize("name", COURSE.lessons())
def test_title_time_and_points_are_the_lessons_own(name):
    lesson, row = read_lesson(COURSE.lesson_text(name)), MAP[name]
    assert (row["title"], int(row["minutes"]), int(row["points"])) == (
        lesson.title,
        lesson.minutes,
        lesson.points,
    )
    assert name.startswith(f"0{row['number']}_")


@pytest.mark.parametrize("name", COURSE.lessons())
def test_a_lesson_tells_time_points_and_objectives_at_its_top(name):
    top = nbformat.read(COURSE.notebooks / f"{name}.ipynb", as_version=4).cells[0].source
    lesson = read_lesson(COURSE.lesson_text(name))
    assert top.startswith(f"# Lesson {int(name[:2])}: {lesson.title}\n")
    assert f"**Time:** about {lesson.minutes} minutes. **Points:** {lesson.points}." in top
    assert f"{len(lesson.objectives)}. {lesson.objectives[-1]}" in top
