"""The figure of the vanishing product."""

import numpy as np
import pytest

from course_utils.figures.vanishing import vanishing

DATA = vanishing().data
ZS = np.array(DATA["zs"])


def at(z):
    return int(np.argmin(np.abs(ZS - z)))


def test_the_products_are_the_powers_of_the_slope():
    for kind, slopes in DATA["slopes"].items():
        powers = np.array(slopes)[:, None] ** np.arange(1, 81)
        assert np.allclose(DATA["products"][kind], powers, rtol=6e-4, atol=0)


@pytest.mark.parametrize(
    ("n", "told"), [(1, "0.105"), (5, "1.28e-05"), (10, "1.63e-10"), (20, "2.65e-20")]
)
def test_the_words_tell_the_product_for_the_sigmoid_at_2(n, told):
    assert f"For n = {n} it is {told};" in vanishing(n=n).alt()


@pytest.mark.parametrize(("kind", "z"), [("sigmoid", 0), ("sigmoid", 2), ("tanh", 1)])
def test_float32_itself_says_where_a_product_no_longer_counts(kind, z):
    i = at(z)
    slope, product, still, zero = np.float32(DATA["slopes"][kind][i]), np.float32(1), None, None
    for n in range(1, 81):
        product = product * slope
        if still is None and np.float32(1) + product == np.float32(1):
            still = n
        if zero is None and product == 0:
            zero = n
    assert (DATA["still"][kind][i], DATA["zero"][kind][i]) == (still, zero)


def test_a_quarter_to_the_12_no_longer_raises_1_since_it_is_2_to_the_minus_24():
    assert DATA["still"]["sigmoid"][at(0)] == 12
    assert DATA["raises"] == 2.0**-24


def test_relu_keeps_all_or_nothing():
    assert (DATA["zero"]["relu"][at(1)], DATA["still"]["relu"][at(1)]) == (None, None)
    assert DATA["zero"]["relu"][at(0)] == DATA["zero"]["relu"][at(-1)] == 1


def test_a_move_in_the_browser_is_seen_in_the_words():
    figure = vanishing()
    state = {"n": 12, "z": 0.0, "kind": "sigmoid"}
    move = {"method": "update", "state": state, "buffer_paths": []}
    figure._handle_msg({"content": {"data": move}, "buffers": []})
    assert "sigmoid at z = 0 against n, on a logarithmic axis. For n = 12 it is 5.96e-08;" in (
        figure.alt()
    )


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ({"n": 0}, "n = 0: give a whole number from 1 to 80"),
        ({"n": 2.5}, "n = 2.5: give a whole number"),
        ({"z": 9}, "z = 9 is outside: choose it from -5 to 5"),
        ({"kind": "gelu"}, "kind is 'gelu': choose one of"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_cure(bad, told):
    with pytest.raises(ValueError, match=told):
        vanishing(**bad)
