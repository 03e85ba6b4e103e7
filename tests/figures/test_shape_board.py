"""The shape board says whether shapes fit, and holds no answer."""

import json

import pytest

from course_utils.figures.shape_board import TASKS, shape_board

# By the chain rule, from the solutions of the exercises: known to this test only.
RIGHT = {
    "input of a linear layer": ["dY", "W.T"],
    "weights of a linear layer": ["X.T", "dY"],
    "chain of three Jacobians": ["Jf", "Jg", "Jh"],
    "first weights of two linear layers": ["X.T", "dY", "W.T"],
    "two square Jacobians": ["Jf", "Jg"],
}


@pytest.mark.parametrize("task", RIGHT)
def test_the_right_product_fits_each_task(task):
    assert shape_board(task=task, placed=RIGHT[task]).fits()


def test_every_task_is_known_to_the_test_above():
    assert {task["name"] for task in TASKS} == set(RIGHT)


@pytest.mark.parametrize("placed", [["W", "dY"], ["dY", "W"], ["dY"], ["W.T", "dY"], []])
def test_products_of_another_shape_do_not_fit(placed):
    assert not shape_board(placed=placed).fits()


def test_a_wrong_product_may_fit_where_shapes_do_not_decide():
    assert shape_board(task="two square Jacobians", placed=["Jg", "Jf"]).fits()
    assert shape_board(task="first weights of two linear layers", placed=["V"]).fits()


@pytest.mark.parametrize("task", RIGHT)
def test_neither_the_page_nor_the_order_of_the_factors_tells_the_answer(task):
    board = shape_board(task=task)
    sent = json.dumps(board.data) + str(board._esm)
    assert " @ ".join(RIGHT[task]) not in sent and json.dumps(RIGHT[task]) not in sent
    names = next(t for t in TASKS if t["name"] == task)["factors"]
    if task != "two square Jacobians":  # its right order is one of two
        assert list(names) != [name.removesuffix(".T") for name in RIGHT[task]]


def test_a_move_in_the_browser_is_a_plain_list_that_a_quiz_can_take():
    board = shape_board()
    move = {"method": "update", "state": {"placed": ["dY", "W.T"]}, "buffer_paths": []}
    board._handle_msg({"content": {"data": move}, "buffers": []})
    assert board.placed == ["dY", "W.T"]
    assert board.alt().endswith("Placed is dY @ W.T, (m, K) times (K, D): the shapes fit it.")


def test_factors_of_another_task_are_left_out():
    board = shape_board(placed=["dY", "W.T"])
    board.task = "weights of a linear layer"
    assert "Placed is dY, (m, K)" in board.alt() and not board.fits()


OWN = {"name": "own", "given": "..", "wanted": "G", "shape": "ab", "factors": {"A": "ab"}}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"tasks": [{"name": "own", "given": ".."}]}, "task 'own' has no factors, shape, wanted"),
        ({"tasks": []}, "at least one task"),
        ({"tasks": [OWN, OWN]}, "a name of its own"),
        ({"tasks": [OWN | {"factors": {"A": "abc"}}]}, "A has shape .* two dimensions"),
        ({"tasks": [OWN | {"factors": {}}]}, "one to five factors"),
        ({"task": "db"}, "task is 'db': choose one of input of a linear layer"),
        ({"placed": ["V"]}, "'V' is no factor of this task; known: W, dY"),
    ],
)
def test_arguments_that_make_no_board_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        shape_board(**arguments)
