"""`course verify` proves the course, and fails where something is broken."""

import pytest

from course_utils.instructor import release
from course_utils.instructor.lesson import BEGIN_HIDDEN, END_HIDDEN, read_lesson
from course_utils.instructor.verify import verify


def edit(course, path, old, new):
    text = (course.root / path).read_text("utf-8")
    assert text.count(old) == 1
    (course.root / path).write_text(text.replace(old, new), "utf-8")


def test_the_course_is_as_it_should_be(course):
    verdict = verify(course)
    assert verdict.faults == []
    assert (verdict.exercises, verdict.points) == (87, 182)


def test_a_broken_solution_is_named(copy):
    edit(copy, "solutions/01_chain_rule.py", "    slope = 1.0\n", "    slope = 2.0\n")
    faults = verify(copy).faults
    assert any(
        fault.startswith(
            "solutions/01_chain_rule.py: check_compose_derivative_short: the solution does not pass"
        )
        and "Mend the answer or its test, then run: course build" in fault
        for fault in faults
    )


def test_a_stale_notebook_is_named_with_the_cure(copy):
    edit(copy, "solutions/01_chain_rule.py", "# ## 4. Forks add", "# ## 4. Forks are added")
    faults = verify(copy).faults
    assert "notebooks/01_chain_rule.ipynb: is not what its text gives. Run: course build" in faults
    assert any(fault.startswith("solutions/executed/01_chain_rule.ipynb") for fault in faults)


def test_a_hidden_test_in_a_student_notebook_is_found(copy):
    line = "for size in (1, 2, 5):"
    edit(
        copy,
        "notebooks/01_chain_rule.ipynb",
        '"dw = part(neuron_gradients, 0, of=2)(*example.values())\\n"',
        f'"dw = part(neuron_gradients, 0, of=2)(*example.values())\\n",\n    "{line}\\n"',
    )
    leaks = [fault for fault in verify(copy).faults if repr(line) in fault]
    assert any(fault.startswith("01_chain_rule.ipynb: holds a line of") for fault in leaks)
    assert any(".whl/course_utils/notebooks/01_chain_rule.ipynb" in fault for fault in leaks)
    assert any(".tar.gz/" in fault for fault in leaks)


def test_an_answer_in_the_package_is_found(copy):
    edit(
        copy,
        "course_utils/__init__.py",
        '__version__ = "0.1.0"',
        '__version__ = "0.1.0"\n\n\ndef answer(w, b, x, y):\n    dz = 2 * (a - y) * a * (1 - a)',
    )
    assert any(
        ".whl/course_utils/__init__.py: holds a line of 01_chain_rule, neuron-gradients" in fault
        for fault in verify(copy).faults
    )


def test_solutions_in_the_sdist_are_found(copy):
    edit(copy, "pyproject.toml", '["course_utils", "notebooks",', '["course_utils", "solutions",')
    edit(copy, "pyproject.toml", '"CHANGELOG.md",', '"CHANGELOG.md", "notebooks",')
    assert any("solutions/01_chain_rule.py: holds" in fault for fault in verify(copy).faults)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (' hints="line_order"', "", "line_order: has no hints"),
        ('exercise="line_order" objective=3', 'exercise="line_order" objective=9', "is 9; needed"),
    ],
)
def test_what_an_exercise_lacks_is_named(copy, old, new, fault):
    edit(copy, "solutions/01_chain_rule.py", old, new)
    assert any(fault in found for found in verify(copy).faults)


def test_a_test_cell_without_hidden_tests_is_named(copy):
    path = copy.root / "solutions/01_chain_rule.py"
    text = path.read_text("utf-8")
    start = text.index(BEGIN_HIDDEN, text.index('check="line_order"'))
    end = text.index(END_HIDDEN, start) + len(END_HIDDEN)
    path.write_text(text[:start] + text[end:], "utf-8")
    assert any("check_line_order: has no hidden tests" in f for f in verify(copy).faults)


def test_a_second_build_changes_nothing(copy):
    before = {p: p.read_bytes() for p in copy.notebooks.glob("*.ipynb")}
    assert release.build(copy) == []
    for path in copy.notebooks.glob("*.ipynb"):
        path.unlink()
    release.build(copy)
    assert {p: p.read_bytes() for p in copy.notebooks.glob("*.ipynb")} == before


def test_a_cell_of_two_kinds_is_refused_with_its_place(copy):
    edit(copy, "solutions/01_chain_rule.py", '# %% given="lines"', '# %% given="lines" answer="x"')
    with pytest.raises(Exception, match="a cell is one thing, not given and answer"):
        read_lesson(copy.lesson_text("01_chain_rule"))
