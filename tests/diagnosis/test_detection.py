"""What a gradient check sees of planted mistakes, by its fixture and its tolerance."""

import numpy as np
import pytest

from course_utils.diagnosis.detection import FIXTURES, PLANTED, detection, faint, net
from course_utils.diagnosis.families import FAMILIES, mutants


@pytest.fixture(scope="module")
def found():
    return detection()


def hidden(found, fixture, tolerance=1e-9):
    row = found[fixture]
    return {bug for bug, error in zip(row["bugs"], row["errors"], strict=True) if error < tolerance}


def test_every_planted_mistake_can_be_made_on_the_good_fixture():
    assert set(PLANTED) <= {mutant.name for mutant in mutants(net(), [*FAMILIES, faint])}


def test_the_good_fixture_hides_nothing_from_a_tight_check_and_accepts_right_code(found):
    assert hidden(found, "good fixture") == set()
    assert found["good fixture"]["noise"] < 1e-9


def test_a_check_at_a_tenth_lets_more_through_than_one_at_a_millionth(found):
    loose, tight = (hidden(found, "good fixture", tolerance) for tolerance in (1e-1, 1e-6))
    assert tight < loose
    assert "slope of a leaky ReLU" in loose - tight
    assert tight == {"slope of log(p + 1e-8)", "rounded to float32"}


@pytest.mark.parametrize(
    ("fixture", "bug"),
    [
        ("one sample (m = 1)", "1/m missing"),
        ("one sample (m = 1)", "db1 averaged, not summed"),
        ("one sample (m = 1)", "dW1 with rows permuted"),
        ("all biases zero", "L2 term on b1 too"),
        ("upstream 1", "upstream of the loss ignored"),
        ("no L2 term (lam = 0)", "L2 term omitted"),
    ],
)
def test_a_poor_fixture_hides_what_the_good_one_shows(found, fixture, bug):
    assert bug in hidden(found, fixture)
    assert bug not in hidden(found, "good fixture")


def test_tiny_parameters_make_right_code_fail(found):
    assert found["parameters of size 1e-4"]["noise"] > 1e-3


def test_a_gradient_of_a_wrong_shape_has_an_infinite_error():
    found = detection({"good": {}}, {"bias: not summed over the batch at b1": "not summed"})
    assert np.isinf(found["good"]["errors"]).all()


def test_each_fixture_differs_from_the_good_one_in_one_thing():
    assert [len(how) for how in FIXTURES.values()] == [0, 1, 1, 1, 1, 1]
