"""A forward pass on a named tape, and its backward pass with at most one edit.

A trace knows how values are computed from one another. It holds no gradient formula: the local
derivatives come from the reverse-mode oracle. So whoever reads it learns the forward pass only.
"""

from dataclasses import dataclass, field

import numpy as np

from course_utils.oracles import tape

KINDS = ("given", "param", "elementwise", "affine", "loss", "penalty", "merge")


@dataclass(frozen=True)
class Node:
    """One named value: `value = compute(*values of the parents)`.

    kind: one of KINDS. An "elementwise" node has one parent that it maps entry by entry; "affine"
    has the parents X (m, D), W (D, K) and b (K,); "loss" the logits or predictions first and the
    targets second; "penalty" depends on weights alone; "merge" joins several paths.
    """

    name: str
    kind: str
    parents: tuple
    compute: object
    value: object
    about: dict = field(default_factory=dict)


class Trace:
    """A forward pass, node by node; the last node is the output whose gradient is asked for.

    >>> t = Trace()
    >>> x = t.param("x", 3.0)
    >>> y = t.elementwise("y", np.square, x)
    >>> float(backward(t)["x"])
    6.0
    """

    def __init__(self):
        self.nodes = {}

    def given(self, name, value):
        """Enter data, whose gradient nobody asks for; return its name."""
        return self._enter(name, "given", (), None, np.asarray(value, float))

    def param(self, name, value):
        """Enter a value whose gradient is asked for; return its name."""
        return self._enter(name, "param", (), None, np.asarray(value, float))

    def elementwise(self, name, f, parent, **about):
        """Enter f(parent), taken entry by entry. about: act="tanh" names a known activation."""
        return self._compute(name, "elementwise", f, parent, **about)

    def affine(self, name, X, W, b):
        """Enter X @ W + b."""
        return self._compute(name, "affine", lambda X, W, b: X @ W + b, X, W, b)

    def loss(self, name, f, prediction, target, **about):
        """Enter a loss. about: mean=True where it is a mean over the rows."""
        return self._compute(name, "loss", f, prediction, target, **about)

    def penalty(self, name, f, *weights):
        """Enter a function of weights alone, such as an L2 term."""
        return self._compute(name, "penalty", f, *weights)

    def merge(self, name, f, *parents, **about):
        """Enter f of several values at which paths meet, such as a sum or a product."""
        return self._compute(name, "merge", f, *parents, **about)

    def _compute(self, name, kind, f, *parents, **about):
        value = np.asarray(f(*(self.nodes[p].value for p in parents)), float)
        return self._enter(name, kind, parents, f, value, about)

    def _enter(self, name, kind, parents, compute, value, about=None):
        if name in self.nodes:
            raise ValueError(f"{name}: there is already a value of this name in the trace")
        self.nodes[name] = Node(name, kind, parents, compute, value, about or {})
        return name

    def value(self, name):
        """Return a value of the forward pass."""
        return self.nodes[name].value

    @property
    def output(self):
        """The name of the last node."""
        return next(reversed(self.nodes))

    @property
    def params(self):
        """The names of the values whose gradients are asked for."""
        return [n.name for n in self.nodes.values() if n.kind == "param"]

    def of_kind(self, *kinds):
        """Return the nodes of the given kinds, in order."""
        return [node for node in self.nodes.values() if node.kind in kinds]

    def consumers(self, name):
        """Return `(node, index)` for each node that has this value as its parent `index`."""
        return [(n, i) for n in self.nodes.values() for i, p in enumerate(n.parents) if p == name]

    def needs_gradient(self, name):
        """Return whether a parameter lies before this value, or is it."""
        node = self.nodes[name]
        return node.kind == "param" or any(self.needs_gradient(p) for p in node.parents)

    def pull_back(self, node, index, upstream, values=None):
        """Return upstream times the local derivative of `node` toward its parent `index`.

        values: taken for the parents in place of the forward pass's.
        """
        values = list(values or (self.value(p) for p in node.parents))

        def along(v):
            return node.compute(*values[:index], v, *values[index + 1 :])

        return np.asarray(tape.vjp(along, values[index], upstream))


@dataclass(frozen=True)
class Edit:
    """One mistake, as a change of the backward pass at one place.

    family, place: what is wrong and where; together they are the name of the mistake.
    link: (trace, node, index, upstream) -> contribution, in place of `trace.pull_back`, or None.
    join: (name, so far, contribution) -> sum, in place of addition, or None.
    total: (name, gradient) -> gradient of a parameter, at the end, or None.
    depth_first: whether a gradient is passed on each time that a node is reached.
    joint: (all gradients) -> all gradients, at the end, for what mixes them, or None.
    forward: (trace) -> trace of another forward pass, to be gone back through, or None.
    words, cost: what the text about it needs, and how uncommon it is.
    """

    family: str
    place: str
    link: object = None
    join: object = None
    total: object = None
    depth_first: bool = False
    joint: object = None
    forward: object = None
    words: dict = field(default_factory=dict, compare=False)
    cost: float = 1.0

    @property
    def name(self):
        return f"{self.family} at {self.place}" if self.place else self.family


NO_EDIT = Edit("none", "")


def backward(trace, edit=NO_EDIT, seed=1.0):
    """Return `{parameter: gradient}` of the trace's output, with the mistake `edit` in it.

    seed: the gradient that reaches the output from beyond it.
    """
    if edit.forward:
        trace = edit.forward(trace)
    if edit.depth_first:
        return _depth_first(trace, seed)
    link = edit.link or type(trace).pull_back
    join = edit.join or (lambda name, so_far, contribution: so_far + contribution)
    grads = {trace.output: np.asarray(seed, float)}
    for node in reversed(trace.nodes.values()):
        if node.name not in grads:
            continue
        for index, parent in enumerate(node.parents):
            if trace.needs_gradient(parent):
                contribution = link(trace, node, index, grads[node.name])
                grads[parent] = (
                    join(parent, grads[parent], contribution) if parent in grads else contribution
                )
    found = {name: grads.get(name, np.zeros_like(trace.value(name))) for name in trace.params}
    if edit.total is not None:
        found = {name: np.asarray(edit.total(name, gradient)) for name, gradient in found.items()}
    return edit.joint(found) if edit.joint else found


def _depth_first(trace, seed):
    """Return the gradients where each node passes on, at every visit, all that it has so far."""
    grads = {name: np.zeros_like(node.value) for name, node in trace.nodes.items()}

    def visit(node):
        for index, parent in enumerate(node.parents):
            if trace.needs_gradient(parent):
                grads[parent] = grads[parent] + trace.pull_back(node, index, grads[node.name])
                visit(trace.nodes[parent])

    grads[trace.output] = np.asarray(seed, float)
    visit(trace.nodes[trace.output])
    return {name: grads[name] for name in trace.params}


def at(place, change):
    """Return a link that makes `change` at one node and is right elsewhere.

    place: the name of a node, or (node, index) for one of its parents.
    change: (trace, node, index, upstream) -> contribution.
    """
    name, index = place if isinstance(place, tuple) else (place, None)

    def link(trace, node, i, upstream):
        if node.name == name and index in (None, i):
            return change(trace, node, i, upstream)
        return trace.pull_back(node, i, upstream)

    link.place, link.change = (name, index), change  # so that several can be joined to one
    return link
