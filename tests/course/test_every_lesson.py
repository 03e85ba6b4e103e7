"""Every lesson by nbgrader alone and by the examiner: all for a solution, nothing for no answer."""

import re

import nbformat
import pytest

from course_utils.instructor import bridge, grading, release, sample_class
from course_utils.instructor.layout import Course
from course_utils.instructor.lesson import read_lesson

LESSONS = Course.find(__file__).lessons()


@pytest.fixture(scope="module")
def here(course, tmp_path_factory):
    here = course.at(tmp_path_factory.mktemp("all"))
    release.build(here, execute=False)
    return here


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_solution_earns_every_point_and_the_empty_notebook_none(here, lesson):
    shipped = nbformat.read(here.notebooks / f"{lesson}.ipynb", as_version=4)
    written = read_lesson(here.lesson_text(lesson))
    solved = sample_class.solved(shipped, written.notebook)
    for student, notebook in (("student-01", solved), ("student-02", shipped)):
        path = here.submitted(lesson, student)
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
        bridge.autograde(here, lesson, student, timeout=60)
    plain = bridge.scores(here, lesson)
    grading.grade(here, lesson)
    assert bridge.scores(here, lesson) == plain
    report = grading.class_report(here, lesson)
    totals = {row.student: (row.status, report.total(row)) for row in report.rows}
    assert totals == {"student-01": ("graded", written.points), "student-02": ("graded", 0)}


def test_the_feedback_shows_the_pictures_of_figures_to_move(here):
    bridge.write_feedback(here, "01_chain_rule", "student-01")
    page = here.feedback("01_chain_rule", "student-01").read_text("utf-8")
    pictures = re.findall(r'<img alt="([^"]+)" src="data:image/svg', page)
    assert len(pictures) == 4
    assert any(said.startswith("The product of n equal slopes of sigmoid") for said in pictures)
    assert "jupyter-widgets-view" not in page
