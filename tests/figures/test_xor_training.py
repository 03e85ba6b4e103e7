"""XOR in training: its numbers, its task, and a learner's function in it."""

import asyncio
import time

import numpy as np
import pytest

from course_utils.figures import xor_net
from course_utils.figures import xor_training as module
from course_utils.figures.xor_training import FRAMES, LEARNED, STEPS, STUCK, xor_training
from course_utils.oracles import numerical_gradient


def by_hand(params, X, Y):
    """Return the gradients as a learner writes them."""
    Z1 = X @ params["W1"] + params["b1"]
    A1 = np.maximum(Z1, 0)
    dZ2 = (1 / (1 + np.exp(-(A1 @ params["W2"] + params["b2"]))) - Y) / len(X)
    dZ1 = dZ2 @ params["W2"].T * (Z1 > 0)
    return {"W1": X.T @ dZ1, "b1": dZ1.sum(0), "W2": A1.T @ dZ2, "b2": dZ2.sum(0)}


def final_losses(hidden, seeds, rate=1.0):
    """Return the last losses of many networks, trained side by side."""
    starts = [xor_net.start(seed, hidden) for seed in seeds]
    W1, b1, W2, b2 = (np.stack([s[name] for s in starts]) for name in ("W1", "b1", "W2", "b2"))
    b1, b2 = b1[:, None], b2[:, None]
    X, Y = xor_net.X, xor_net.Y
    for _ in range(STEPS):
        Z1 = X @ W1 + b1
        A1 = np.maximum(Z1, 0)
        dZ2 = (xor_net.sigmoid(A1 @ W2 + b2) - Y) / 4
        dZ1 = dZ2 @ W2.swapaxes(1, 2) * (Z1 > 0)
        W2, b2 = W2 - rate * A1.swapaxes(1, 2) @ dZ2, b2 - rate * dZ2.sum(1, keepdims=True)
        W1, b1 = W1 - rate * X.T @ dZ1, b1 - rate * dZ1.sum(1, keepdims=True)
    Z2 = np.maximum(X @ W1 + b1, 0) @ W2 + b2
    return np.mean(np.logaddexp(0, Z2) - Y * Z2, axis=(1, 2))


def move(figure, **state):
    """Do what the browser does when the learner moves something."""
    message = {"method": "update", "state": state, "buffer_paths": []}
    figure._handle_msg({"content": {"data": message}, "buffers": []})


async def until(condition, seconds=20):
    end = time.perf_counter() + seconds
    while not condition():
        assert time.perf_counter() < end, "it did not come to pass"
        await asyncio.sleep(0.005)


def test_the_gradients_are_those_of_differences_of_the_loss():
    params = xor_net.start(3, 4)
    params["b1"] += 0.1  # away from the kink
    found = xor_net.tape_gradients(params, xor_net.X, xor_net.Y)
    for name in params:
        numeric = numerical_gradient(
            lambda v, name=name: xor_net.loss({**params, name: v}, xor_net.X, xor_net.Y),
            params[name],
        )
        assert found[name] == pytest.approx(numeric, abs=1e-8)


def test_at_the_start_the_slope_of_relu_at_0_is_0():
    params = xor_net.start(0, 8)
    found = xor_net.tape_gradients(params, xor_net.X, xor_net.Y)
    for name, value in by_hand(params, xor_net.X, xor_net.Y).items():
        assert found[name] == pytest.approx(value, abs=1e-15)


def test_a_run_gives_the_same_losses_with_the_tape_and_with_a_learners_gradients():
    one, other = xor_training(seed=2), xor_training(by_hand, seed=2)
    assert one.run() == pytest.approx(other.run(), rel=1e-9)
    assert len(one.losses) == len(other.losses) == STEPS + 1


@pytest.mark.parametrize("hidden", [4, 8])
def test_the_stuck_seeds_are_those_that_are_listed(hidden):
    found = final_losses(hidden, range(50))
    assert tuple(np.flatnonzero(found > LEARNED)) == STUCK[str(hidden)]


def test_of_the_networks_of_two_units_few_learn():
    assert (final_losses(2, range(50)) < LEARNED).sum() == 10


@pytest.mark.parametrize("seed", [7, 8, 22, 29, 36, 40, 47])
def test_of_some_networks_of_two_units_none_stays_alive(seed):
    figure = xor_training(by_hand, seed=seed, hidden=2)
    assert figure.run() == pytest.approx(np.log(2))
    assert figure.alive == [0, 0, 0, 0]


def test_a_stuck_network_tells_on_which_samples_no_unit_is_alive():
    figure = xor_training(seed=0)
    figure.run()
    assert figure.alive == [0, 0, 4, 0]
    assert "No unit is alive on (0, 0), (0, 1) and (1, 1)" in figure.told
    assert figure.outputs[0] == figure.outputs[1] == figure.outputs[3]


def test_the_picture_is_the_output_on_a_grid_read_from_the_top_left():
    figure = xor_training(seed=1)
    figure.run()
    shades = np.frombuffer(figure._pixels, np.uint8).reshape(48, 48) / 255
    # The pixels next to the samples: a quarter of the range of 1.5 is 12 pixels on 72, 8 here.
    near = [shades[40, 8], shades[8, 8], shades[40, 40], shades[8, 40]]
    assert near == pytest.approx(figure.outputs, abs=0.06)
    assert np.frombuffer(figure._losses, "<f4") == pytest.approx(figure.losses, rel=1e-6)


def test_a_start_in_plain_python_trains_to_the_end():
    figure = xor_training(seed=1)
    move(figure, running=True)
    assert (figure.step, figure.running) == (STEPS, False)
    assert "XOR is learned" in figure.alt()


def test_a_start_with_a_loop_leaves_time_for_others_and_ends_at_the_last_step(monkeypatch):
    monkeypatch.setattr(module, "FRAMES", 5000)

    async def scene():
        figure, turns = xor_training(by_hand, seed=1), 0
        move(figure, running=True)
        assert figure.step == 0
        while figure.running:
            turns += 1
            await asyncio.sleep(0)
        await figure._task
        return figure, turns

    figure, turns = asyncio.run(scene())
    assert figure.step == STEPS
    assert turns > STEPS


def test_a_pause_keeps_the_state_and_a_start_goes_on_from_it():
    async def scene():
        figure = xor_training(by_hand, seed=1)
        move(figure, running=True)
        await until(lambda: figure.step > 5)
        move(figure, running=False)
        await until(figure._task.done)
        paused = figure.step
        await asyncio.sleep(5 / FRAMES)
        assert figure.step == paused
        move(figure, running=True)
        await until(lambda: figure.step > paused + 5)
        move(figure, running=False)
        return figure

    figure = asyncio.run(scene())
    again = xor_training(by_hand, seed=1)
    again.run(figure.step)
    assert figure.losses == again.losses


def test_two_starts_at_once_are_one_training():
    async def scene():
        figure = xor_training(by_hand)
        move(figure, running=True)
        first = figure._task
        await until(lambda: figure.step > 2)
        move(figure, running=False)
        move(figure, running=True)
        assert figure._task is first
        await until(lambda: figure.step > 6)
        figure.close()

    asyncio.run(scene())


def test_another_seed_or_a_reset_goes_back_and_rests():
    async def scene():
        figure = xor_training(by_hand)
        for act in (
            lambda: move(figure, seed=9),
            lambda: move(figure, hidden="4"),
            lambda: figure._handle_custom_msg("reset", []),
        ):
            move(figure, running=True)
            await until(lambda: figure.step > 3)
            act()
            await until(figure._task.done)
            assert (figure.step, figure.running, len(figure.losses)) == (0, False, 1)
        assert figure.params["W1"] == pytest.approx(xor_net.start(9, 4)["W1"])

    asyncio.run(scene())


def test_a_start_after_the_end_begins_anew():
    figure = xor_training(by_hand, seed=0)
    figure.run()
    move(figure, running=True)
    assert figure.step == STEPS
    assert len(figure.losses) == STEPS + 1


def test_closing_ends_the_task():
    async def scene():
        figure = xor_training(by_hand)
        move(figure, running=True)
        await until(lambda: figure.step > 3)
        task = figure._task
        figure.close()
        await asyncio.sleep(0.05)
        assert task.done()

    asyncio.run(scene())


def test_a_new_rate_holds_from_the_next_step_on():
    figure = xor_training(by_hand, seed=1)
    before = figure.params["W2"]
    move(figure, rate="0.1")
    figure.run(1)
    slow = figure.params["W2"] - before
    other = xor_training(by_hand, seed=1)
    other.run(1)
    assert slow * 10 == pytest.approx(other.params["W2"] - before)


def raises(params, X, Y):
    return params["W3"]


def in_place(params, X, Y):
    found = by_hand(params, X, Y)
    for value in params.values():
        value += 1000
    return found


def without_b1(params, X, Y):
    return {k: v for k, v in by_hand(params, X, Y).items() if k != "b1"}


WRONG = {
    "raises": (raises, "your function raised KeyError: 'W3'"),
    "list": (lambda *given: [1], "your gradients are a list, needed a dict"),
    "none": (lambda *given: None, "your gradients are a NoneType"),
    "missing": (without_b1, "your gradients have no key 'b1'"),
    "shape": (
        lambda *given: by_hand(*given) | {"b1": np.zeros((4, 8))},
        "your gradient of b1 has shape (4, 8), b1 has (8,)",
    ),
    "nan": (
        lambda *given: by_hand(*given) | {"b2": np.array([np.nan])},
        "gradient of b2 has an entry",
    ),
    "words": (
        lambda *given: by_hand(*given) | {"b2": "x"},
        "gradient of b2 is no array of numbers",
    ),
    "explodes": (
        lambda *given: {k: -1e200 * v for k, v in by_hand(*given).items()},
        "Stopped: ",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_learners_function_is_told_in_the_figure(case):
    function, words = WRONG[case]
    figure = xor_training(function)
    move(figure, running=True)
    assert words in figure.told
    assert not figure.running
    assert figure.step < 5
    figure._repr_mimebundle_()


def test_an_error_in_the_task_ends_it_and_is_told():
    async def scene():
        figure = xor_training(raises)
        move(figure, running=True)
        await until(figure._task.done)
        assert "Stopped: your function raised KeyError: 'W3'" in figure.told
        assert not figure.running

    asyncio.run(scene())


def test_a_function_that_changes_what_it_is_given_changes_copies():
    assert xor_training(in_place).run(50) == xor_training(by_hand).run(50)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"gradients": {}}, "gradients is no function"),
        ({"seed": 100}, "seed is 100, needed a whole number from 0 to 99"),
        ({"seed": True}, "seed is True"),
        ({"hidden": 3}, "hidden is 3, needed one of 2, 4, 8"),
        ({"rate": 0.5}, "rate is 0.5, needed one of"),
        ({"rate": "fast"}, "rate is 'fast'"),
    ],
)
def test_what_is_not_offered_is_refused(bad, message):
    with pytest.raises(ValueError, match=message):
        xor_training(**bad)
