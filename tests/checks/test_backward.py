"""Backward passes, Jacobians and kinks: what is compared, and what is said."""

import numpy as np
import pytest

from course_utils import (
    Mismatch,
    check_backward,
    check_derivative,
    check_gradient,
    check_jacobian,
)
from course_utils.checks import SkippedEntry

RNG = np.random.default_rng(0)
X, W, B = RNG.normal(size=(5, 4)), RNG.normal(size=(4, 3)), RNG.normal(size=3)


def linear(X, W, b):
    return X @ W + b


def right(X, W, b, dY):
    return dY @ W.T, X.T @ dY, dY.sum(axis=0)


def said(backward, f=linear, inputs=(X, W, B), **options):
    with pytest.raises(Mismatch) as caught:
        check_backward(f, backward, inputs, names=["dX", "dW", "db"], **options)
    return str(caught.value)


def test_a_right_backward_pass_is_accepted():
    check_backward(linear, right, [X, W, B])


def test_a_wrong_bias_is_named_and_the_others_are_said_to_be_right():
    message = said(lambda X, W, b, dY: (dY @ W.T, X.T @ dY, dY))
    assert message.startswith("db: shape (5, 3), needed (3,): sum over the batch (axis=0).")
    assert "dX and dW are right." in message


def test_a_backward_pass_that_ignores_its_upstream_is_told():
    def ignores(X, W, b, dY):
        return right(X, W, b, np.ones_like(dY))

    assert said(ignores).startswith("dX, dW, db: do not depend on the upstream gradient")


def test_two_wrong_gradients_are_both_named():
    message = said(lambda X, W, b, dY: (dY @ W.T, 2 * (X.T @ dY), dY.mean(axis=0)))
    assert message.startswith("dW: is 2 times the true value, in every entry.")
    assert "Also wrong: db." in message
    assert "dX is right." in message


def test_a_transposed_gradient_looks_transposed():
    message = said(lambda X, W, b, dY: (dY @ W.T, dY.T @ X, dY.sum(axis=0)))
    assert message.startswith("dW: shape (3, 4), needed (4, 3): it looks transposed.")


def test_parameters_may_come_as_a_dict():
    def loss(params):
        return ((X @ params["W"] + params["b"]) ** 2).sum()

    def gradients(params):
        dY = 2 * (X @ params["W"] + params["b"])
        return {"W": X.T @ dY, "b": dY.sum(axis=0)}

    check_backward(loss, gradients, {"W": W, "b": B})
    with pytest.raises(Mismatch, match="your backward pass: no gradient for b"):
        check_backward(loss, lambda p: {"W": gradients(p)["W"]}, {"W": W, "b": B})


def test_inputs_are_never_changed_by_a_check():
    before = [a.tobytes() for a in (X, W, B)]
    check_backward(linear, right, [X, W, B])
    assert [a.tobytes() for a in (X, W, B)] == before


def test_a_backward_pass_that_changes_its_input_is_told():
    def greedy(X, W, b, dY):
        W *= 0.9
        return right(X, W, b, dY)

    assert "changes its input number 2 (W) in place" in said(greedy)


def test_an_argument_without_a_name_is_told_by_its_number():
    def greedy(*arguments):
        arguments[1][0] += 1

    assert "changes its input number 2 in place" in said(greedy)


def test_a_dict_where_values_are_needed_is_told():
    message = said(lambda X, W, b, dY: {"dX": X, "dW": W, "db": b})
    assert message.startswith("your backward pass: returned a dict, needed 3 values, in this order")
    assert message.endswith(": dX, dW, db.")


def test_a_jacobian_is_compared_entry_by_entry():
    def f(x):
        return np.stack([x[0] ** 2 + x[1], x[0] * x[1], np.sin(x[1])])

    def J(x):
        return np.array([[2 * x[0], 1], [x[1], x[0]], [0, np.cos(x[1])]])

    x = np.array([1.0, 2.0])
    check_jacobian(f, J, x)
    with pytest.raises(Mismatch, match=r"J: shape \(2, 3\), needed \(3, 2\): it looks transposed"):
        check_jacobian(f, lambda x: J(x).T, x, name="J")


def test_a_square_jacobian_that_is_transposed_is_named_as_such():
    def f(x):
        return np.stack([x[0] ** 2 + x[1], x[0] * x[1]])

    J = np.array([[2.0, 2.0], [1.0, 1.0]])
    with pytest.raises(Mismatch, match="J: is the transposed Jacobian"):
        check_jacobian(f, J, np.array([1.0, 2.0]), name="J")


def relu(w):
    return np.maximum(w, 0.0).sum()


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
def test_an_entry_on_a_kink_is_skipped_and_told(slope):
    x = np.array([1.0, -2.0, 0.5, 0.0])
    with pytest.warns(
        SkippedEntry, match=r"entry \[3\] sits on a kink \(left slope 0, right slope 1"
    ):
        check_gradient(relu, np.array([1.0, 0.0, 1.0, slope]), x, name="dw")


@pytest.mark.filterwarnings("ignore::course_utils.checks.SkippedEntry")
def test_a_kink_does_not_hide_another_wrong_entry():
    x = np.array([1.0, -2.0, 0.5, 0.0])
    with pytest.raises(Mismatch, match="dw: is wrong in 1 of 3 entries"):
        check_gradient(relu, np.array([1.0, 0.0, 0.9, 0.0]), x, name="dw")


def test_a_derivative_at_a_kink_is_skipped_and_told():
    with pytest.warns(SkippedEntry, match="entry x = 0 sits on a kink"):
        check_derivative(np.abs, np.sign, [1.0, 0.0], name="dy")


def test_an_entry_at_the_border_of_the_domain_is_skipped_and_told():
    with pytest.warns(SkippedEntry, match="values of the function do not tell"):
        check_derivative(lambda x: x**1.5, lambda x: 1.5 * x**0.5, [0.0, 2.0], name="dy")


def test_a_function_that_changes_its_argument_is_told():
    def f(w):
        w *= 2
        return w.sum()

    with pytest.raises(Mismatch, match="f: changes its input number 1 in place"):
        check_gradient(f, np.ones(3), np.ones(3))


def test_a_random_loss_is_told():
    rng = np.random.default_rng(0)
    with pytest.raises(Mismatch, match="two calls with the same input differ"):
        check_gradient(lambda w: (w * rng.normal(size=3)).sum(), np.ones(3), np.ones(3))
