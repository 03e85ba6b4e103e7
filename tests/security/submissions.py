"""Every bad submission that grading must stand, and some honest ones for the same batch.

The tables are in `attacks`, one module a kind: what a `Submission` says of itself is told in
`attacks.build`. Whoever finds a new trick adds a line there; nothing else needs to change.
"""

from tests.security.attacks.abuse import ABUSE
from tests.security.attacks.boundary import BOMBS, LIES, WIRE
from tests.security.attacks.build import Submission
from tests.security.attacks.cheats import CHEATS
from tests.security.attacks.honest import HONEST
from tests.security.attacks.injection import INJECTION
from tests.security.attacks.leaks import LEAKS
from tests.security.attacks.malformed import MALFORMED

__all__ = ["ATTACKS", "HONEST", "SUBMISSIONS", "Submission", "student_of"]

ATTACKS = [*MALFORMED, *ABUSE, *CHEATS, *LIES, *BOMBS, *WIRE, *LEAKS, *INJECTION]


def _mixed():
    """Return all submissions, an honest one after every few attacks."""
    every = -(-len(ATTACKS) // len(HONEST))
    mixed = list(ATTACKS)
    for number, one in enumerate(HONEST):
        mixed.insert(number * (every + 1), one)
    return mixed


SUBMISSIONS = _mixed()
_NUMBERS = {one.name: number for number, one in enumerate(SUBMISSIONS)}


def student_of(submission):
    """Return the name of the student who hands it in; a batch goes in the order of these names."""
    return submission.student or f"{_NUMBERS[submission.name]:03}-{submission.name}"
