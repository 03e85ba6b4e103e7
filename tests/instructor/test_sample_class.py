"""The sample class never takes the place of a real one."""

import pytest

from course_utils.instructor.layout import CourseError
from course_utils.instructor.sample_class import clear


def test_a_folder_with_other_work_in_it_is_left_alone(tmp_path):
    work = tmp_path / "gradebook.db"
    work.write_text("a real class")
    with pytest.raises(CourseError, match="is no sample class, so it is left alone"):
        clear(tmp_path)
    assert work.read_text() == "a real class"


def test_an_earlier_sample_class_is_made_anew(tmp_path):
    folder = tmp_path / "demo"
    clear(folder)
    (folder / "gradebook.db").write_text("old")
    clear(folder)
    assert not (folder / "gradebook.db").exists()
