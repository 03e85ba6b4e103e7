"""Data sets and starting weights are what they say."""

import numpy as np
import pytest

from course_utils import nn


def rng():
    return np.random.default_rng(0)


def test_xor_is_one_where_exactly_one_input_is():
    X, Y = nn.xor()
    assert np.array_equal(Y.ravel(), X.sum(axis=1) == 1)


def test_a_generator_in_the_same_state_gives_the_same_data():
    for make in (nn.two_moons, nn.digits):
        (X, Y), (again, labels) = make(rng(), 30), make(rng(), 30)
        assert np.array_equal(X, again) and np.array_equal(Y, labels)


def test_without_noise_each_moon_lies_on_its_half_circle():
    X, Y = nn.two_moons(rng(), 50, noise=0.0)
    centre = np.where(Y == 0, [0.0, 0.0], [1.0, 0.5])
    assert np.linalg.norm(X - centre, axis=1) == pytest.approx(1)


def test_without_noise_a_digit_is_drawn_in_black_and_white():
    X, labels = nn.digits(rng(), 100, noise=0.0)
    assert set(np.unique(X)) == {0.0, 1.0}
    ink = {label: set(X[labels == label].sum(axis=1)) for label in range(10)}
    assert all(len(amounts) == 1 for amounts in ink.values())


def test_the_ten_digits_are_told_apart_by_their_nearest_picture():
    clean, known = nn.digits(rng(), 2000, noise=0.0)
    noisy, labels = nn.digits(np.random.default_rng(1), 100)
    nearest = ((noisy[:, None] - clean) ** 2).sum(axis=2).argmin(axis=1)
    assert (known[nearest] == labels).mean() > 0.95


def test_one_hot_puts_one_1_in_each_row():
    assert nn.one_hot([2, 0], 3).tolist() == [[0, 0, 1], [1, 0, 0]]


def test_starting_weights_have_the_variance_of_their_scheme():
    assert nn.he_normal(rng(), 400, 300).var() == pytest.approx(2 / 400, rel=0.02)
    assert nn.glorot_normal(rng(), 400, 300).var() == pytest.approx(2 / 700, rel=0.02)
