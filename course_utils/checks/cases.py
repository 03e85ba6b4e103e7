"""What a check hands to the diagnosis: how to try the learner's function again.

A case is light and holds no rule; `course_utils.diagnosis` is imported only when a check has
failed.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Derivative:
    """f and df are functions of one number; points are where df was tried.

    siblings: functions of one number that return the learner's other values, by their number.
    links: whether the slopes of f's links are given to the learner, who only puts them together.
    """

    f: object
    df: object
    points: tuple
    siblings: dict = field(default_factory=dict)
    links: bool = False


@dataclass(frozen=True)
class Probe:
    """One forward pass, and the gradients that the learner found for it.

    f: called with the values of `wanted` and then those of `data`, dicts from names to arrays; it
    returns a number, or an array where `upstream` has one. found: dict from names in `wanted` to
    the learner's gradients; a name may be missing.
    """

    f: object
    wanted: dict
    data: dict
    found: dict
    upstream: object = None


@dataclass(frozen=True)
class Gradients:
    """probe: function of a number 0, 1, 2 that returns a Probe, of other sizes each time."""

    probe: object


@dataclass(frozen=True)
class Difference:
    """A learner's numerical derivative. kind: "gradient", "jacobian", "jvp", "vjp", "hvp",
    "complex".

    learner: takes (f, x, h), (f, x, v, h), (f, x, u, h) or, where complex, (f, x).
    """

    kind: str
    learner: object


@dataclass(frozen=True)
class Checker:
    """A learner's function that judges gradients. kind: its name, such as "relative_error"; learner
    takes what the exercise of this name says. about: where it says right or wrong, "accepted: " or
    "rejected: " and the words for the gradient that it has misjudged."""

    kind: str
    learner: object
    about: str = ""


@dataclass(frozen=True)
class Graph:
    """A learner's backward pass over Values. leaf(number), link(parents, weights) make Values."""

    backward: object
    leaf: object
    link: object


@dataclass(frozen=True)
class Values:
    """A learner's value of f. learner: takes what f takes. inputs: function of a number that gives
    the arguments, other ones each time. f: the forward pass, as the tape can read it."""

    f: object
    learner: object
    inputs: object


@dataclass(frozen=True)
class Implicit:
    """A learner's slope dy/dx of a curve F(x, y) = c. slope: takes x and y. points: on the curve or
    beside it, for the formula holds there too."""

    F: object
    slope: object
    points: list


@dataclass(frozen=True)
class Power:
    """A learner's product of n equal slopes of f. learner: takes x and n. points: some x."""

    f: object
    learner: object
    points: tuple


@dataclass(frozen=True)
class Step:
    """A learner's step of gradient descent on f.

    step: takes a point, a list of numbers, and a rate; it gives the new point.
    """

    f: object
    step: object
