"""What a learner may hand in, and what the checks say: each test plays the learner."""

import numpy as np
import pytest

from course_utils import (
    Mismatch,
    NotWritten,
    call,
    check_derivative,
    check_equal,
    check_gradient,
    check_value,
    check_visited,
    part,
)
from course_utils.checks import guard

SHAPE = np.zeros((2, 3))


def said(check, *args, **options):
    with pytest.raises(Mismatch) as caught:
        check(*args, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("value", "true", "message"),
    [
        (np.array([[1, np.nan, 1], [np.nan] * 2 + [1]]), SHAPE, "dx: 3 of 6 entries are nan (first at (0, 1)): 0/0, log of a negative number or inf - inf."),
        (float("nan"), 1.0, "dx: is nan: 0/0, log of a negative number or inf - inf."),
        (np.array([1.0, np.inf]), np.ones(2), "dx: 1 of 2 entries are inf (first at 1): a division by 0, log of 0 or an overflow."),
        (None, SHAPE, "dx: is None: is the return missing?"),
        (..., SHAPE, "dx: is still ...: replace it by your code."),
        (np.zeros((3, 2)), SHAPE, "dx: shape (3, 2), needed (2, 3): it looks transposed."),
        (np.zeros((4, 3)), np.zeros(3), "dx: shape (4, 3), needed (3,): sum over the batch (axis=0)."),
        (np.zeros((3, 3)), np.zeros(3), "dx: shape (3, 3), needed (3,): did numpy broadcast a column (n, 1) with a row (n,)? Give both the same shape."),
        (0.0, np.zeros(3), "dx: shape (), needed (3,): one number came back where one per entry is needed."),
        (np.zeros(2), 0.0, "dx: is an array of shape (2,), needed one number."),
        ([[1, 2], [3]], SHAPE, "dx: all rows must have the same length."),
        ((0.0, np.zeros(3)), np.zeros(3), "dx: is a tuple of 2 values with shapes (), (3,); return one array of shape (3,)."),
        ((0.0, 1.0), 0.0, "dx: is a tuple of 2 values with shapes (), (); return one number."),
        (np.zeros((2, 3)) > 0, SHAPE, "dx: is True/False values: convert with (z > 0).astype(float)."),
        (True, 0.0, "dx: is True, needed a number."),
        ("0", 0.0, "dx: is a str, needed a number."),
        (1j, 0.0, "dx: has complex numbers: a derivative here is real."),
        (np.cos, 0.0, "dx: is a function, needed a number: are the parentheses of a call missing?"),
        (object(), 0.0, "dx: is an object, not numbers."),
    ],
)  # fmt: skip
def test_what_is_no_number_is_named(value, true, message):
    assert said(check_value, value, true, name="dx") == message


def test_an_error_below_atol_is_none():
    check_value([1e-200, 0.5], [0, 0.5], name="s", atol=1e-16)
    check_value([0, 0.5], [1e-200, 0.5], name="s", atol=1e-16)
    assert said(check_value, [1e-13, 0.5], [0, 0.5], name="s", atol=1e-16).startswith(
        "s: is wrong in 1 of 2 entries."
    )
    assert said(check_value, None, [0, 0.5], name="s", atol=1e-16) == (
        "s: is None: is the return missing?"
    )


@pytest.mark.parametrize(
    ("value", "true"),
    [
        ([1, 2, 3], np.array([1.0, 2.0, 3.0])),
        (np.array([[1.0], [2.0]]), np.array([1.0, 2.0])),
        (np.array([[1.0, 2.0]]), np.array([1.0, 2.0])),
        (np.array([2.5]), 2.5),
        (np.array([[2.5]]), 2.5),
        (np.float32(0.1), 0.1),
        (np.array([0.1, 0.3], np.float32), np.array([0.1, 0.3])),
        (3, 3.0),
        (np.zeros(0), np.zeros(0)),
        ((1.0, 2.0), np.array([1.0, 2.0])),
    ],
)
def test_another_form_of_the_right_answer_is_accepted(value, true):
    check_value(value, true, name="dx")


@pytest.mark.parametrize(
    ("df", "sentence"),
    [
        (lambda x: -np.cos(x), "dy: has the wrong sign, at every point."),
        (lambda x: 0.0, "dy: is 0 where the true value is not, at every point."),
        (lambda x: 2 * np.cos(x), "dy: is 2 times the true value, at every point."),
        (lambda x: np.cos(x) / 2, "dy: is 1/2 times the true value, at every point."),
        (lambda x: 0.37 * np.cos(x), "dy: is 37/100 times the true value, at every point."),
        (lambda x: np.cos(x) if x < 1 else 0.0, "dy: is wrong at 1 of 2 points."),
    ],
)
def test_how_a_derivative_differs_is_said_first(df, sentence):
    expected = sentence.replace("37/100", "0.37")
    assert said(check_derivative, np.sin, df, [0.5, 1.5], name="dy").splitlines()[0] == expected


@pytest.mark.parametrize(
    ("factors", "rtol", "sentence"),
    [
        ([1 + 2e-9, 1 + 2e-9], 1e-12, "dw: differs from the true value by 2e-09 of its size, in every entry: is this a difference quotient, or a rounded number, where the formula is asked?"),
        ([1 - 3e-6, 1 + 2e-9], 1e-12, "dw: differs from the true value by up to 3e-06 of its size, in every entry: is this a difference quotient, or a rounded number, where the formula is asked?"),
        ([1, 1 + 2e-9], 1e-12, "dw: differs from the true value by 2e-09 of its size, in 1 of 2 entries: is this a difference quotient, or a rounded number, where the formula is asked?"),
        ([1 + 1e-5, 1 + 1e-5], 1e-6, "dw: differs from the true value by 1e-05 of its size, in every entry."),
        ([1.001, 1.001], 1e-12, "dw: is 1.001 times the true value, in every entry."),
    ],
)  # fmt: skip
def test_what_is_nearly_right_is_not_called_1_times_the_truth(factors, rtol, sentence):
    true = np.array([0.25, -3.0])
    assert said(check_value, true * factors, true, name="dw", rtol=rtol).splitlines()[0] == sentence


def test_a_number_that_is_nearly_right_is_shown_with_the_digits_that_differ():
    message = said(check_value, 0.25 * (1 + 2e-9), 0.25, name="dw", rtol=1e-12)
    assert message.startswith("dw: differs from the true value by 2e-09 of its size: is this a")
    assert message.splitlines()[-1].split() == ["0.2500000005", "0.25", "1.000000002"]


def test_the_table_shows_yours_true_and_ratio_largest_error_first():
    lines = said(
        check_gradient, lambda w: (w**2).sum(), lambda w: 3 * w, np.array([1.0, 4.0]), name="dw"
    ).splitlines()
    assert [line.split() for line in lines[2:5]] == [
        ["largest", "error", "first", "yours", "true", "yours", "/", "true"],
        ["[1]", "12", "8", "1.5"],
        ["[0]", "3", "2", "1.5"],
    ]


def test_whole_numbers_are_told():
    def slope(w):
        found = np.zeros_like(np.arange(3))
        found[:] = np.cos(w)
        return found

    x = np.array([0.3, 1.0, 4.0])
    message = said(check_gradient, lambda w: np.sin(w).sum(), slope, x, name="dx")
    assert message.startswith(
        "dx: has whole numbers (dtype int), so fractions were cut off: use x = np.asarray(x, float)."
    )


def test_whole_numbers_are_accepted_where_they_are_right():
    check_gradient(lambda w: 3 * w.sum(), np.array([3, 3]), np.ones(2))


def test_a_stub_is_not_written_yet():
    def stub(x):
        raise NotImplementedError("not written yet")

    with pytest.raises(NotWritten, match="^stub: not written yet"):
        check_derivative(np.sin, stub, 1.0)


def test_an_exception_is_told_with_its_line_and_the_shapes():
    def dw(x, y):
        return x @ y

    message = said(call, dw, np.zeros((4, 3)), np.zeros((2, 5)))
    assert message.startswith("dw: stopped with ValueError (line ")
    assert message.endswith("; the inputs have shapes (4, 3), (2, 5).")


def test_an_undefined_name_is_named():
    message = (
        "your derivative: the name 'w1' does not exist here: a typo, or a cell you have not run?"
    )
    assert said(check_derivative, np.sin, lambda x: w1 * x, 1.0) == message  # noqa: F821


def test_a_variable_without_a_value_is_named():
    def slope(kind):
        if kind == "tanh":
            found = 1.0
        return found

    assert said(call, slope, "ReLU").startswith("slope: the variable 'found' got no value")


def test_a_function_that_is_needed_and_not_written_is_named():
    def inner(x):
        raise NotImplementedError("not written yet")

    def outer(x):
        return inner(x)

    assert said(call, inner, 1.0).startswith("inner: not written yet: ")
    assert said(call, outer, 1.0).startswith("outer: needs inner, which is not written yet: ")
    assert said(call, lambda x: inner(x), 1.0, name="f").startswith("f: ")


def test_a_power_written_with_a_caret_is_told():
    assert "; in Python a power is written **)" in said(call, lambda x: x ^ 3, 2.0)
    assert "; in Python a power is written **)" in said(call, lambda x: x ^ 3, np.ones(2))


def test_a_changed_list_is_told():
    def last(values):
        return values.pop()

    message = "last: changes its input number 1 (values) in place: work on a copy."
    assert said(call, last, [1, 2]) == message


def test_a_changed_array_inside_a_dict_is_told():
    def descend(params):
        params["W"] -= 0.1

    given = {"W": np.ones(2), "b": np.zeros(1)}
    message = "descend: changes its input number 1 (params) in place: work on a copy."
    assert said(call, descend, given) == message
    assert given["W"].tolist() == [1.0, 1.0]


def test_a_warning_of_numpy_is_told_where_none_is_allowed():
    def squash(z):
        return 1 / (1 + np.exp(-z))

    def check(z):
        return call(squash, z, quiet=True)

    message = "squash: numpy warns: overflow encountered in exp; the inputs have shapes (2,)."
    assert said(check, np.array([0.0, -1000.0])) == message
    assert check(np.zeros(2)).tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("yours", "true"),
    [((2, 3), [2, 3]), (np.array([True, False]), [True, False]), ({"W": (2,)}, {"W": [2]})],
)
def test_equal_things_of_another_type_are_accepted(yours, true):
    check_equal(yours, true, name="shapes")


def test_what_is_not_equal_is_shown_beside_the_truth():
    message = "kind: is 'maximum', needed 'minimum'."
    assert said(check_equal, "maximum", "minimum", name="kind") == message
    assert "is the return missing" in said(check_equal, None, "minimum", name="kind")


def test_what_is_no_function_is_told():
    assert said(call, (1, 2), 1.0, name="pair") == "pair: is a tuple, needed a function."


def test_a_changed_input_is_told_and_the_callers_array_is_left_alone():
    x = np.array([1.0, 2.0])

    def greedy(w):
        w *= 2
        return w

    message = "greedy: changes its input number 1 (w) in place: work on a copy."
    assert said(check_gradient, lambda w: (w**2).sum(), greedy, x) == message
    assert x.tolist() == [1.0, 2.0]


def test_randomness_is_told():
    rng = np.random.default_rng(0)
    message = said(check_derivative, np.sin, lambda x: rng.normal(), 1.0, name="dy")
    assert message.startswith("dy: two calls with the same input differ by ")
    assert "fix the seed or switch dropout off" in message


def test_endless_code_is_stopped_and_told(monkeypatch):
    monkeypatch.setattr(guard, "SECONDS", 0.2)

    def spin(x):
        while True:
            try:
                x += 1
            except Exception:
                pass

    message = said(check_derivative, np.sin, spin, 1.0)
    assert message == (
        "spin: still running after 0.2 s: an endless loop, or a Python loop over every entry?"
    )


def test_endless_recursion_is_told():
    def again(x):
        return again(x)

    assert said(call, again, 1.0).startswith("again: calls itself without end")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((1.0, 2.0, 3.0), "pair: returned 3 values, needed 2."),
        (None, "pair: is None: is the return missing?"),
        (1.0, "pair: returned one number, needed 2 values."),
        (np.zeros(3), "pair: returned one array of shape (3,), needed 2 values."),
    ],
)
def test_a_wrong_number_of_values_is_told(values, message):
    assert said(part(lambda x: values, 0, of=2, name="pair"), 1.0) == message


def test_a_link_called_with_another_links_value_is_told():
    message = "dfs[1]: was called with 3; what enters this link is 9."
    assert said(check_visited, [3.0], 9.0, name="dfs[1]") == message
    assert said(check_visited, [], 9.0, name="dfs[1]") == "dfs[1]: was never called."
    check_visited([9.0, 9.0], 9.0, name="dfs[1]")


def test_a_notebook_shows_the_message_and_no_traceback():
    shown = Mismatch("dw: is wrong.", [("[0]", 1.0, 2.0)])._render_traceback_()
    assert len(shown) == 1
    assert shown[0].startswith("Mismatch: dw: is wrong.\n\n")
    assert "0.5" in shown[0]
