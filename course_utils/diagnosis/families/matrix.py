"""Affine layers: transposes, operands, rows and stale weights."""

import numpy as np

from course_utils.diagnosis.trace import Edit, at

LEARNING_RATES = (0.1, 0.01)


def transposed(trace):
    """A weight gradient is transposed."""
    for node in trace.of_kind("affine"):
        W = node.parents[1]
        yield Edit("dW transposed", W, at((node.name, 1), lambda *a: _right(*a).T))


def not_transposed_on_the_way_back(trace):
    """W stands in place of its transpose on the way back to the layer before."""
    for node in trace.of_kind("affine"):
        if trace.needs_gradient(node.parents[0]):
            yield Edit(
                "W not transposed on the way back",
                node.name,
                at((node.name, 0), lambda t, n, i, g: g @ t.value(n.parents[1])),
            )


def skipped(trace):
    """W is left out on the way back."""
    for node in trace.of_kind("affine"):
        if trace.needs_gradient(node.parents[0]):
            yield Edit(
                "W skipped on the way back",
                node.name,
                at((node.name, 0), lambda t, n, i, g: g + 0 * t.value(n.parents[0])),
            )


def operand(trace):
    """A weight gradient is built with another layer's input, or with an activation's argument."""
    for node in trace.of_kind("affine"):
        X = trace.value(node.parents[0])
        for other in trace.nodes.values():
            if other.name == node.parents[0] or other.kind == "param" or other.value.ndim != 2:
                continue
            if len(other.value) == len(X):
                yield Edit(
                    "dW with another input",
                    f"{node.parents[1]}, with {other.name}",
                    at((node.name, 1), _with_input(other.name)),
                )


def rows_of_the_batch(trace):
    """Samples are lost or mixed up in a weight gradient."""
    changes = {
        "dW: first sample only": lambda X, g: X[:1].T @ g[:1],
        "dW: last sample only": lambda X, g: X[-1:].T @ g[-1:],
        "dW: a sample dropped": lambda X, g: X[1:].T @ g[1:],
        "dW: the last sample dropped": lambda X, g: X[:-1].T @ g[:-1],
        "dW: rows permuted": lambda X, g: X.T @ g[::-1],
        "dW: rows shifted": lambda X, g: X.T @ np.roll(g, 1, axis=0),
        "dW: outer product of means": lambda X, g: np.outer(X.mean(axis=0), g.mean(axis=0)),
        "dW: outer product of sums": lambda X, g: np.outer(X.sum(axis=0), g.sum(axis=0)),
        "dW: mean over the batch": lambda X, g: X.T @ g / len(X),
    }
    for node in trace.of_kind("affine"):
        for family, change in changes.items():
            yield Edit(
                family,
                node.parents[1],
                at(
                    (node.name, 1),
                    lambda t, n, i, g, change=change: change(t.value(n.parents[0]), g),
                ),
            )


def updated_too_early(trace):
    """Weights are updated before the gradient has passed through them."""
    for node in trace.of_kind("affine"):
        if trace.needs_gradient(node.parents[0]):
            for rate in LEARNING_RATES:
                yield Edit(
                    "W updated before the backward pass", f"{node.name}, lr {rate}",
                    at((node.name, 0), _through_updated(rate)),
                )  # fmt: skip


def _right(trace, node, index, upstream):
    return trace.pull_back(node, index, upstream)


def _with_input(name):
    return lambda trace, node, index, upstream: trace.value(name).T @ upstream


def _through_updated(rate):
    def change(trace, node, index, upstream):
        X, W, b = (trace.value(p) for p in node.parents)
        W = W - rate * trace.pull_back(node, 1, upstream)
        return trace.pull_back(node, index, upstream, [X, W, b])

    return change


ALL = [
    transposed,
    not_transposed_on_the_way_back,
    skipped,
    operand,
    rows_of_the_batch,
    updated_too_early,
]
