"""Values that are used more than once: contributions of all paths are added."""

from course_utils.diagnosis.trace import Edit, at


def overwritten(trace):
    """A contribution overwrites the ones before it: = in place of +=."""
    for name in _forks(trace):
        yield Edit("fork: overwritten", name, join=_at(name, lambda so_far, c: c))


def first_only(trace):
    """Only the first contribution is kept."""
    for name in _forks(trace):
        yield Edit("fork: first path only", name, join=_at(name, lambda so_far, c: so_far))


def multiplied(trace):
    """Contributions are multiplied in place of added."""
    for name in _forks(trace):
        yield Edit(
            "fork: product in place of sum", name, join=_at(name, lambda so_far, c: so_far * c)
        )


def subtracted(trace):
    """Contributions are subtracted in place of added."""
    for name in _forks(trace):
        yield Edit("fork: difference in place of sum", name, join=_at(name, lambda s, c: s - c))


def counted_twice(trace):
    """One contribution is counted twice."""
    for name in _forks(trace):
        yield Edit("fork: a path twice", name, join=_at(name, lambda so_far, c: so_far + 2 * c))


def averaged(trace):
    """Contributions are averaged in place of added."""
    for name in _forks(trace):
        uses = len(trace.consumers(name))
        if uses == 2:
            yield Edit("fork: mean in place of sum", name, join=_at(name, lambda s, c: (s + c) / 2))


def depth_first(trace):
    """A node passes its gradient on each time it is reached, not once when all of it is there."""
    if _forks(trace):
        yield Edit("depth first", "", depth_first=True)


def skip_through_activation(trace):
    """A skip connection's gradient is sent through the activation that it goes around."""
    for node in trace.of_kind("merge"):
        acts = [trace.nodes[p] for p in node.parents if trace.nodes[p].kind == "elementwise"]
        for act in acts:
            for index, parent in enumerate(node.parents):
                if parent != act.name and trace.needs_gradient(parent):
                    yield Edit(
                        "skip through the activation",
                        f"{node.name}, around {act.name}",
                        at((node.name, index), _through(act)),
                    )


def other_factor(trace):
    """A meeting of paths passes its upstream on as it is: the other factors are missing."""
    for node in trace.of_kind("merge"):
        for index, parent in enumerate(node.parents):
            if trace.needs_gradient(parent):
                yield Edit(
                    "merge: upstream passed on unchanged",
                    f"{node.name} toward {parent}",
                    at((node.name, index), lambda t, n, i, g: g + 0 * t.value(n.parents[i])),
                )


def dropout(trace):
    """Dropout's scale, or its mask, is missing on the way back: keep=0.8 in the node's about."""
    for node in trace.of_kind("merge"):
        if keep := node.about.get("keep"):
            yield Edit("dropout: scale missing", node.name, at((node.name, 0), _scaled(keep)))
            yield Edit(
                "dropout: mask missing", node.name, at((node.name, 0), lambda t, n, i, g: g / keep)
            )


def _through(act):
    def change(trace, node, index, upstream):
        passed = trace.pull_back(node, index, upstream)
        return trace.pull_back(act, 0, passed)

    return change


def _scaled(keep):
    return lambda trace, node, index, upstream: keep * trace.pull_back(node, index, upstream)


def _forks(trace):
    """Return the values that are used more than once and whose gradient is needed."""
    return [n for n in trace.nodes if len(trace.consumers(n)) > 1 and trace.needs_gradient(n)]


def _at(fork, change):
    return lambda name, so_far, c: change(so_far, c) if name == fork else so_far + c


ALL = [
    overwritten,
    first_only,
    multiplied,
    subtracted,
    counted_twice,
    averaged,
    depth_first,
    skip_through_activation,
    other_factor,
    dropout,
]
