"""Losses from logits, and penalties on weights. A loss says what it is by about."""

import numpy as np

from course_utils.diagnosis.trace import Edit, at


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


SQUASH = {"softmax": softmax, "sigmoid": sigmoid}


def fused(trace):
    """Mistakes with a loss that holds its own softmax or sigmoid: squash="softmax"."""
    for node in trace.of_kind("loss"):
        squash = SQUASH.get(node.about.get("squash"))
        if squash is None:
            continue
        # p: what the squashing gives, y: the targets, d: the true slope, c: the mean's constant.
        changes = {
            "loss: extra derivative of the squashing": lambda p, y, d, c: d * p * (1 - p),
            "loss: targets forgotten": lambda p, y, d, c: c * p,
            "loss: slope with respect to the probability": lambda p, y, d, c: -c * y / p,
            "loss: correct class only": lambda p, y, d, c: d * y,
            "loss: wrong classes only": lambda p, y, d, c: d * (1 - y),
        }
        for family, change in changes.items():
            yield Edit(family, node.name, at((node.name, 0), _fused(squash, change)))


def penalties(trace):
    """A penalty omitted or doubled."""
    for node in trace.of_kind("penalty"):
        yield Edit(
            "penalty omitted", node.name, at(node.name, lambda t, n, i, g: 0 * t.pull_back(n, i, g))
        )
        yield Edit(
            "penalty doubled", node.name, at(node.name, lambda t, n, i, g: 2 * t.pull_back(n, i, g))
        )
        yield Edit(
            "penalty halved", node.name, at(node.name, lambda t, n, i, g: t.pull_back(n, i, g) / 2)
        )
        for i, weight in enumerate(node.parents):
            if len(node.parents) > 1:
                yield Edit("penalty omitted", weight, at((node.name, i), _nothing))


def penalty_on_biases(trace):
    """A penalty that is meant for weights is put on the biases as well."""
    for node in trace.of_kind("penalty"):
        for layer in trace.of_kind("affine"):
            W, b = layer.parents[1:]
            if W in node.parents:
                index = node.parents.index(W)
                yield Edit("penalty on a bias", b, total=_also_on(trace, node, index, b))


def _fused(squash, change):
    def link(trace, node, index, upstream):
        p, y = squash(trace.value(node.parents[0])), trace.value(node.parents[1])
        constant = upstream / len(p) if node.about.get("mean") else upstream
        return change(p, y, trace.pull_back(node, index, upstream), constant)

    return link


def _nothing(trace, node, index, upstream):
    return 0 * trace.pull_back(node, index, upstream)


def _also_on(trace, node, index, bias):
    """The penalty's own slope, by what it is on a weight of the bias's value."""

    def total(name, gradient):
        if name != bias:
            return gradient
        values = [trace.value(p) for p in node.parents]
        b = trace.value(bias)
        values[index] = np.broadcast_to(b, (1, b.size))
        return gradient + trace.pull_back(node, index, np.asarray(1.0), values)[0]

    return total


ALL = [fused, penalties, penalty_on_biases]
