"""Quiz answers and order-the-lines puzzles, as plain values that a notebook can hold."""

from course_utils.checks import Mismatch, NotWritten


def check_choice(name, answer, choices):
    """Return quietly if `answer` is one of the letters of the string `choices`."""
    if answer is None:
        raise NotWritten(f"{name}: not written yet: put your letter in place of None.")
    listed = ", ".join(repr(c) for c in choices)
    if not isinstance(answer, str):
        raise Mismatch(f"{name}: is {answer!r}; needed one of the letters {listed}, in quotes.")
    if answer.strip().upper() not in choices or len(answer.strip()) != 1:
        raise Mismatch(f"{name}: is {answer!r}; needed one letter of {listed}.")


def grade_choice(name, answer, key, **explanations):
    """Raise a Mismatch with the explanation of a wrong choice; print that of the right one.

    key: the right letter. explanations: one for each choice, by its letter.
    """
    chosen = answer.strip().upper()
    if chosen != key:
        raise Mismatch(f"{name}: {chosen} is not right. {explanations[chosen]}")
    print(f"{name}: {key} is right. {explanations[key]}")


def self_check(lesson, number):
    """Show buttons for the choices of a recall item; a choice shows its explanation."""
    from course_utils.figures.self_check import self_check as shown

    shown(lesson, number)


def check_choices(name, answers, choices, count):
    """Return quietly if `answers` holds `count` letters of the string `choices`, in a list."""
    if answers is None:
        raise NotWritten(f"{name}: not written yet: put your list of letters in place of None.")
    if not isinstance(answers, list | tuple | str):
        raise Mismatch(f'{name}: is {answers!r}; needed a list of letters, such as ["A", "B"].')
    if len(answers) != count:
        raise Mismatch(f"{name}: has {len(answers)} letters, needed {count}, one for each item.")
    for number, answer in enumerate(answers, 1):
        check_choice(f"{name}, item {number}", answer, choices)


def grade_choices(name, answers, key, explanations):
    """Raise a Mismatch that explains every wrong letter of `answers`; print why each is right.

    key: `{item number, from 1: the right letter}`; only these items are looked at.
    explanations: `{item number: why the right letter is right}`.
    """
    letters = _letters(answers)
    wrong = [i for i, letter in key.items() if letters[i - 1] != letter]
    if wrong:
        told = [f"item {i}: {letters[i - 1]} is not right. {explanations[i]}" for i in wrong]
        raise Mismatch(f"{name}: {' '.join(told)}")
    for i, letter in key.items():
        print(f"{name}, item {i}: {letter} is right. {explanations[i]}")


def check_order(name, answer, lines, given, result):
    """Return quietly if `answer` is a list of letters of `lines`, each once, that can be run.

    lines: dict from letter to a line of code. given, result: as in run_order. Whether the result
    is right is not looked at.
    """
    if answer is None:
        raise NotWritten(f"{name}: not written yet: put your list of letters in place of None.")
    if not isinstance(answer, list | tuple | str) or not answer:
        raise Mismatch(f'{name}: is {answer!r}; needed a list of letters, such as ["A", "B"].')
    letters = _letters(answer)
    for place, letter in enumerate(letters):
        if letter not in lines:
            raise Mismatch(f"{name}: {letter!r} is none of the lines {', '.join(lines)}.")
        if letter in letters[:place]:
            raise Mismatch(f"{name}: line {letter} is used twice; use each line at most once.")
    run_order(name, answer, lines, given, result)


def _letters(answer):
    return [str(letter).strip().upper() for letter in answer]


def run_order(name, answer, lines, given, result):
    """Run the chosen lines in their order and return what they leave in the variable `result`.

    given: dict of the names that the lines start from. A line that stops is told by its letter.
    """
    import numpy as np

    names = {"np": np, **given}
    for letter in _letters(answer):
        try:
            exec(lines[letter], names)  # noqa: S102  the lines are the lesson's own
        except NameError as error:
            raise Mismatch(
                f"{name}: line {letter} needs {error.name!r} before any line has made it."
            ) from None
        except Exception as error:
            raise Mismatch(
                f"{name}: line {letter} stopped with {type(error).__name__}: {error}."
            ) from None
    if result not in names:
        raise Mismatch(f"{name}: no line of yours computes {result!r}.")
    return names[result]
