"""Learners' wrong answers get the right name, or none; right answers are left alone."""

import re

import pytest

from tests.diagnosis.labels import LABELS
from tests.diagnosis.learners import TOLD, verdicts


def wrong():
    return [v for v in verdicts()[0] if not v.right]


def named(verdict):
    return [k for k in verdict.keys if k != "unknown" and not k.startswith(TOLD)]


def test_each_wrong_answer_has_a_label():
    assert {v.label for v in wrong()} == set(LABELS)


def test_no_wrong_answer_gets_another_name_than_its_own():
    found = {v.label: " ".join(named(v)) for v in wrong()}
    assert {k: v for k, v in found.items() if v != LABELS[k]} == {}


def test_most_are_named_and_few_are_unknown():
    names = [v for v in wrong() if named(v)]
    unknown = [v for v in wrong() if v.keys and not named(v) and "unknown" in v.keys]
    told = [v for v in wrong() if v not in names and v not in unknown]
    print(
        f"{len(wrong())} wrong answers: {len(names)} named, {len(told)} told by a guard or in "
        f"words of their lesson, {len(unknown)} unknown"
    )
    assert len(names) >= 340
    assert len(unknown) <= 35


def test_nobody_right_is_accused():
    right = [v for v in verdicts()[0] if v.right]
    print(f"{len(right)} right answers in other styles")
    assert len(right) >= 80
    assert [v.label for v in right if v.messages] == []


@pytest.mark.parametrize("word", ["!", "nan", "this step this step", "None", "{", "  "])
def test_no_text_is_left_unfilled(word):
    for v in wrong():
        for message in v.messages:
            last = message.split("\n\n")[-1]
            last = re.sub("(with|a) nan", "it", last)  # what a checker is to find
            if named(v) and not last.startswith("  ") and word in last:
                raise AssertionError(f"{v.label}: {last}")
