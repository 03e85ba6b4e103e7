"""Biases: one row of parameters for many samples, so their gradient is a sum over the batch."""

import numpy as np

from course_utils.diagnosis.trace import Edit, at

REDUCTIONS = {
    "not summed over the batch": lambda g: g,
    "summed over the wrong axis": lambda g: g.sum(axis=1),
    "summed over everything": lambda g: np.full(g.shape[1], g.sum()),
    "averaged over the batch": lambda g: g.mean(axis=0),
    "largest in place of sum": lambda g: g.max(axis=0),
    "first sample only": lambda g: g[0],
    "last sample only": lambda g: g[-1],
}


def reduction(trace):
    """A bias gradient is reduced in another way than by a sum over the rows."""
    for node in trace.of_kind("affine"):
        for what, reduce in REDUCTIONS.items():
            yield Edit(
                f"bias: {what}",
                node.parents[2],
                at((node.name, 2), lambda t, n, i, g, reduce=reduce: reduce(g)),
            )


def forgotten(trace):
    """A bias gradient is forgotten and stays 0."""
    for node in trace.of_kind("affine"):
        yield Edit(
            "bias: forgotten",
            node.parents[2],
            at((node.name, 2), lambda t, n, i, g: np.zeros_like(t.value(n.parents[2]))),
        )


def before_activation(trace):
    """A bias gradient is taken from what reaches the activation, not from what leaves it."""
    for node in trace.of_kind("elementwise"):
        source = trace.nodes[node.parents[0]]
        if source.kind == "affine":
            place = source.parents[2]
            yield Edit("bias: before the activation", place, **_captured(node.name, place))


def another_layer(trace):
    """A bias gets another layer's gradient."""
    layers = trace.of_kind("affine")
    for node in layers:
        for other in layers:
            if other is not node:
                place = f"{node.parents[2]}, from {other.parents[2]}"
                yield Edit("bias: of another layer", place, **_swapped(node, other))


def _captured(activation, bias):
    """Return the hooks that give `bias` the sum of what comes to `activation` from beyond."""
    seen = {}

    def link(trace, node, index, upstream):
        if node.name == activation:
            seen["g"] = upstream.sum(axis=0)
        return trace.pull_back(node, index, upstream)

    return {"link": link, "total": lambda name, g: seen["g"] if name == bias else g}


def _swapped(node, other):
    seen = {}

    def link(trace, current, index, upstream):
        if current.name == other.name:
            seen["g"] = upstream.sum(axis=0)
        return trace.pull_back(current, index, upstream)

    return {"link": link, "total": lambda name, g: seen["g"] if name == node.parents[2] else g}


ALL = [reduction, forgotten, before_activation, another_layer]
