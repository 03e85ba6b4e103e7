"""A chain of elementwise links: a link dropped, taken at the wrong value, or not multiplied."""

import numpy as np

from course_utils.diagnosis.trace import Edit, at


def dropped(trace):
    """The local derivative of one link is missing."""
    for node in trace.of_kind("elementwise"):
        yield Edit("derivative missing", node.name, at(node.name, lambda t, n, i, g: g))


def place(trace):
    """The local derivative of a link is taken at another value of the forward pass."""
    for node in trace.of_kind("elementwise"):
        (parent,) = node.parents
        for other in trace.nodes.values():
            if other.name != parent and other.value.shape == trace.value(parent).shape:
                yield Edit(
                    "derivative at another value",
                    f"{node.name}, at {other.name}",
                    at(node.name, _at_value(other.name)),
                )


def sum_for_product(trace):
    """The local derivative of a link is added to what comes from beyond, not multiplied."""
    for node in trace.of_kind("elementwise"):
        yield Edit("sum in place of product", node.name, at(node.name, _added))


def squared(trace):
    """The local derivative of a link is there twice."""
    for node in trace.of_kind("elementwise"):
        yield Edit("derivative squared", node.name, at(node.name, _twice))


def value_for_derivative(trace):
    """A link's value stands where its derivative belongs."""
    for node in trace.of_kind("elementwise"):
        yield Edit(
            "value in place of derivative",
            node.name,
            at(node.name, lambda t, n, i, g: g * t.value(n.name)),
        )


def divided(trace):
    """What comes from beyond is divided by the local derivative."""
    for node in trace.of_kind("elementwise"):
        yield Edit("quotient in place of product", node.name, at(node.name, _divided))


def _at_value(name):
    def change(trace, node, index, upstream):
        return trace.pull_back(node, index, upstream, [trace.value(name)])

    return change


def _local(trace, node, index, upstream):
    return trace.pull_back(node, index, np.ones_like(upstream))


def _added(trace, node, index, upstream):
    return upstream + _local(trace, node, index, upstream)


def _twice(trace, node, index, upstream):
    return upstream * _local(trace, node, index, upstream) ** 2


def _divided(trace, node, index, upstream):
    local = _local(trace, node, index, upstream)
    return upstream / np.where(local == 0, np.nan, local)


ALL = [dropped, place, sum_for_product, squared, value_for_derivative, divided]
