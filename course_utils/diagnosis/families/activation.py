"""Mistakes with the derivatives of activations. A node says which it is by act="tanh"."""

import numpy as np

from course_utils.diagnosis.trace import Edit, at

# An activation's derivative as learners write it, in z, with mistakes. The right ones are found by
# the oracle; these are what is written in their place.
WRITTEN = {
    "sigmoid": {
        "formula in a fed with z": lambda z, a: z * (1 - z),
        "of another activation": lambda z, a: 1 - a**2,
        "1 - a only": lambda z, a: 1 - a,
        "a only": lambda z, a: a,
        "plus for minus": lambda z, a: a * (1 + a),
    },
    "tanh": {
        "formula in a fed with z": lambda z, a: 1 - z**2,
        "of another activation": lambda z, a: a * (1 - a),
        "square forgotten": lambda z, a: 1 - a,
        "plus for minus": lambda z, a: 1 + a**2,
    },
    "relu": {
        ">= on the output": lambda z, a: (a >= 0).astype(float),
        "value in place of mask": lambda z, a: a,
        "leaky slope": lambda z, a: np.where(z > 0, 1.0, 0.01),
        "mask the wrong way round": lambda z, a: (z <= 0).astype(float),
    },
}


def written(trace):
    """The derivative of an activation is written down wrongly."""
    for node in trace.of_kind("elementwise"):
        for what, slope in WRITTEN.get(node.about.get("act"), {}).items():
            yield Edit(f"activation: {what}", node.name, at(node.name, _with(slope)))


def mask_of_gradient(trace):
    """ReLU's mask is taken from the gradient in place of the pre-activation."""
    for node in _acts(trace, "relu"):
        yield Edit(
            "activation: mask of the gradient",
            node.name,
            at(node.name, lambda t, n, i, g: g * (g > 0)),
        )


def averaged(trace):
    """The derivative of an activation is averaged over the batch."""
    for node in trace.of_kind("elementwise"):
        if node.value.ndim == 2:
            yield Edit("activation: derivative averaged", node.name, at(node.name, _averaged))


def _acts(trace, *kinds):
    return [n for n in trace.of_kind("elementwise") if n.about.get("act") in kinds]


def _with(slope):
    def change(trace, node, index, upstream):
        return upstream * slope(trace.value(node.parents[0]), trace.value(node.name))

    return change


def _averaged(trace, node, index, upstream):
    local = trace.pull_back(node, index, np.ones_like(upstream))
    return upstream * local.mean(axis=0)


ALL = [written, mask_of_gradient, averaged]
