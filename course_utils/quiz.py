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

    given: dict of the names that the lines start from.
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
    if result not in names:
        raise Mismatch(f"{name}: no line of yours computes {result!r}.")
    return names[result]
