"""The mistakes that learners make, each as a single edit of a right backward pass.

A family is a function from a trace to the Edits that make sense on it. None of them holds an
answer: the gradients come from running the edited backward pass.
"""

from dataclasses import dataclass

import numpy as np

from course_utils.diagnosis.families import activation, batch, chain, fork, loss, matrix, scale
from course_utils.diagnosis.trace import NO_EDIT, backward

FAMILIES = [*scale.ALL, *chain.ALL, *activation.ALL, *batch.ALL, *matrix.ALL, *loss.ALL, *fork.ALL]


@dataclass(frozen=True)
class Mutant:
    """The gradients that one mistake gives: `{parameter: array}`, some perhaps of another shape."""

    name: str
    family: str
    place: str
    gradients: dict


def mutants(trace, families=FAMILIES):
    """Yield a Mutant for each mistake that can be made on a trace and can be computed there.

    An edit whose shapes do not fit would stop the learner's code with an error, so it is left out.
    """
    for family in families:
        for edit in family(trace):
            try:
                gradients = backward(trace, edit)
            except (ValueError, IndexError, TypeError):
                continue
            yield Mutant(edit.name, edit.family, edit.place, gradients)


def same(one, other, rtol=1e-6):
    """Return whether two dicts of gradients are equal, shapes included."""
    return all(_same(one[name], other[name], rtol) for name in one)


def _same(a, b, rtol):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        return False
    return bool(np.abs(a - b).max(initial=0) <= rtol * np.abs(b).max(initial=0))


def equivalent(trace, families=FAMILIES):
    """Return the names of the edits that change nothing on a trace: by the algebra or by luck."""
    true = backward(trace, NO_EDIT)
    return [mutant.name for mutant in mutants(trace, families) if same(mutant.gradients, true)]
