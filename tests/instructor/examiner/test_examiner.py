"""The examiner as a whole: a notebook in, scores, outputs and a status out."""

import copy
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from course_utils.instructor.examiner import Examiner

SHORT = {"seconds": 1.0}


@pytest.fixture(scope="module")
def examiner():
    with Examiner(**SHORT) as examiner:
        yield examiner


@pytest.fixture
def lesson(source):
    return source(
        ("given", "given_a", "import numpy as np\nA = np.arange(3.0)\nprint('given')"),
        ("answer", "double", "def double(x):\n    return 2 * x"),
        ("test", "check_double", "assert (double(A) == [0, 2, 4]).all()\nprint('fine')"),
        ("own", "own", "double(21)"),
        ("answer", "name", "name = 'ada'"),
        ("test", "check_name", "assert name == 'ada'"),
        ("test", "check_both", "assert double(name) == 'adaada'"),
    )


def examined(examiner, lesson, **changes):
    notebook = copy.deepcopy(lesson)
    for cell in notebook.cells:
        cell.source = changes.get(cell.id, cell.source)
    return examiner.examine(lesson, notebook)


def outputs(result, name):
    (cell,) = (cell for cell in result.notebook.cells if cell.id == name)
    return cell.outputs


ALL = {"check_double": 1.0, "check_name": 1.0, "check_both": 1.0}


def test_a_solved_notebook_has_full_marks_and_its_outputs(examiner, lesson):
    result = examined(examiner, lesson)
    assert (result.status, result.reason, result.scores) == ("graded", "", ALL)
    assert outputs(result, "given_a")[0].text == "given\n"
    assert outputs(result, "check_double")[0].text == "fine\n"
    assert outputs(result, "own")[0].data == {"text/plain": "42"}


def test_a_wrong_answer_fails_its_own_tests_only(examiner, lesson):
    result = examined(examiner, lesson, name="name = 'eve'")
    assert result.scores == {**ALL, "check_name": 0.0, "check_both": 0.0}
    assert result.status == "graded"
    assert outputs(result, "check_name")[0].ename == "AssertionError"


def test_a_locked_cell_is_the_sources_whatever_the_submission_says(examiner, lesson):
    result = examined(examiner, lesson, check_name="pass", given_a="A = 7", name="name = 'eve'")
    assert result.scores == {**ALL, "check_name": 0.0, "check_both": 0.0}


@pytest.mark.parametrize("end", ["import os; os._exit(3)", "import ctypes; ctypes.string_at(0)"])
def test_a_cell_that_ends_the_process_is_left_out_and_the_rest_graded(examiner, lesson, end):
    result = examined(examiner, lesson, own=end)
    assert result.scores == ALL and result.status == "partial"
    assert "a cell of the student's own: its process ended" in result.reason
    assert "was stopped" in outputs(result, "own")[0].evalue


def test_an_answer_that_ends_the_process_costs_its_tests(examiner, lesson):
    result = examined(examiner, lesson, double="import os\ndef double(x):\n    os._exit(0)")
    assert result.scores == {"check_double": 0.0, "check_name": 1.0, "check_both": 0.0}
    assert result.status == "partial" and "check_double" in result.reason


def test_an_endless_loop_costs_its_tests_only(examiner, lesson):
    result = examined(examiner, lesson, double="def double(x):\n    while True: pass")
    assert result.scores == {"check_double": 0.0, "check_name": 1.0, "check_both": 0.0}
    assert result.status == "partial"
    assert result.reason == (
        "ran longer than allowed: check_double, a cell of the student's own, check_both"
    )


def test_a_call_that_cannot_be_interrupted_is_ended(examiner, lesson):
    stubborn = (
        "import signal\n"
        "def double(x):\n"
        "    signal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
        "    while True: pass"
    )
    result = examined(examiner, lesson, double=stubborn, own="1")
    assert result.scores == {"check_double": 0.0, "check_name": 1.0, "check_both": 0.0}
    assert result.status == "partial" and "did not stop" in result.reason


def test_a_forgery_leaves_no_score(examiner, lesson):
    forge = (
        "import os\n"
        "def double(x):\n"
        "    for fd in range(3, 30):\n"
        "        try: os.write(fd, b'\\x00\\x00\\x00\\x01\\x90')\n"
        "        except OSError: pass\n"
        "    return 2 * x"
    )
    result = examined(examiner, lesson, double=forge)
    assert result.status == "tampered" and set(result.scores.values()) == {None}
    assert result.reason.startswith("check_double: its process sent")


def test_one_submission_leaves_nothing_to_the_next(examiner, lesson):
    spoil = "import builtins, numpy as np\nbuiltins.sum = np.sum = lambda *a: 0\nnp.arange = None"
    assert examined(examiner, lesson, own=spoil).scores == ALL
    assert examined(examiner, lesson, own="print(sum([1, 2]))").scores == ALL
    assert outputs(examined(examiner, lesson, own="print(sum([1, 2]))"), "own")[0].text == "3\n"


def test_figures_of_untouched_cells_can_be_left_out(lesson, source):
    drawing = source(
        ("own", "plot", "import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])"),
        ("answer", "f", "from course_utils.figures import static\nfig, ax = static.new_figure()"),
        ("own", "shown", "static.show(fig, alt='an empty figure')"),
    )
    with Examiner(**SHORT, figures="answers") as fast:
        assert not outputs(examined(fast, drawing), "shown")
        touched = examined(fast, drawing, shown="static.show(fig, alt='my own')")
        assert "my own" in outputs(touched, "shown")[0].data["text/plain"]
    with Examiner(**SHORT) as full:
        result = examined(full, drawing)
        assert "image/png" in outputs(result, "plot")[0].data
        assert "an empty figure" in outputs(result, "shown")[0].data["text/plain"]


def judges_home(pid):
    """Return the id of the warm process that forks judges, by that of its parent."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


@pytest.mark.parametrize("home", [lambda pid: pid, judges_home], ids=["candidates", "judges"])
def test_a_warm_process_that_is_killed_is_started_again(lesson, home):
    with Examiner(**SHORT) as examiner:
        assert examined(examiner, lesson).scores == ALL
        for wait in (0.0, 0.3):
            pid = home(examiner.forkserver.process.pid)
            killing = threading.Timer(wait, os.kill, (pid, signal.SIGKILL))
            killing.start()
            slow = examined(examiner, lesson, own="import time\ntime.sleep(0.7)")
            assert (slow.status, slow.scores) == ("graded", ALL)


def test_a_truth_about_a_students_function_is_not_that_of_the_lessons(source):
    truths = source(
        ("given", "given_a", "def twice(x):\n    return double(double(x))"),
        ("answer", "double", "def double(x):\n    return 2 * x"),
        (
            "test",
            "own",
            "from course_utils import oracles\noracles.true_derivative(double, 1.0)[0]",
        ),
        ("test", "through", "oracles.true_derivative(twice, 1.0)[0]"),
        ("test", "inside", "oracles.true_gradient(lambda x: double(x), 1.0)[0].item()"),
        ("test", "known", "oracles.true_derivative(lambda x: 3 * x, 1.0)[0]"),
        points=100,
    )
    with Examiner(**SHORT) as examiner:
        for factor in (2, 3, 5):
            scores = examined(examiner, truths, double=f"def double(x):\n    return {factor} * x")
            assert list(scores.scores.values()) == [factor, factor**2, factor, 3]


def test_what_a_lesson_does_to_its_process_is_not_left_to_judges(source):
    spoiling = source(
        ("given", "given_a", "import numpy as np\nnp.set_printoptions(precision=2)\nkept = []"),
        ("answer", "double", "kept.append(1)\ndef double(x):\n    return 2 * x"),
        ("test", "print", "kept.append(2)\nprint(np.array([1 / 3]), np.geterr()['over'], kept)"),
        ("test", "raise", "np.seterr(over='raise')\nraise SystemExit"),
        ("test", "endless", "while np.pi: pass"),
        ("test", "after", "assert double(1) == 2"),
    )
    with Examiner(**SHORT) as examiner:
        result = examined(examiner, spoiling)
    assert outputs(result, "print")[0].text == "[0.33] warn [2]\n"
    assert result.scores == {"print": 1.0, "raise": 0.0, "endless": 0.0, "after": 1.0}


def test_candidates_of_two_graders_are_different_users_where_root_grades(lesson):
    slow = "import os, time\ntime.sleep(0.5)\nos.getuid()"
    with Examiner(**SHORT) as one, Examiner(**SHORT) as other, ThreadPoolExecutor(2) as both:
        results = both.map(lambda examiner: examined(examiner, lesson, own=slow), (one, other))
        users = {outputs(result, "own")[0].data["text/plain"] for result in results}
    assert len(users) == (2 if os.geteuid() == 0 else 1)


def test_an_unknown_choice_of_figures_is_named():
    with pytest.raises(ValueError, match="figures: is 'some'"):
        Examiner(figures="some")
