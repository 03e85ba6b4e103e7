"""All gradients, or those of one parameter, wrong by a constant."""

from course_utils.diagnosis.trace import Edit, at


def sign(trace):
    """The whole gradient, or that of one parameter, has the wrong sign."""
    yield Edit("wrong sign", "", total=lambda name, g: -g)
    yield from _of_one(trace, "wrong sign", lambda g: -g)


def factor_two(trace):
    """A factor 2 of a square forgotten, or one too many."""
    for family, c in (("factor 2 too many", 2.0), ("factor 2 missing", 0.5)):
        yield Edit(family, "", total=lambda name, g, c=c: c * g)
        yield from _of_one(trace, family, lambda g, c=c: c * g)


def batch_size(trace):
    """1/m of a mean over the batch missing, or there twice."""
    m = rows(trace)
    if m > 1:
        yield Edit("1/m missing", "", total=lambda name, g: m * g)
        yield Edit("1/m twice", "", total=lambda name, g: g / m)
        yield from _of_one(trace, "1/m missing", lambda g: m * g)
        yield from _of_one(trace, "1/m twice", lambda g: g / m)


def all_entries(trace):
    """The mean taken over all entries of the output, where it is over the rows."""
    for node in trace.of_kind("loss"):
        shape = trace.value(node.parents[0]).shape
        if len(shape) == 2 and shape[1] > 1:
            yield Edit("mean over all entries", "", total=lambda n, g, K=shape[1]: g / K)


def upstream(trace):
    """The gradient from beyond a node is ignored: every backward pass starts from 1 there."""
    for node in trace.of_kind("elementwise", "affine", "loss", "merge"):
        if node.name != trace.output:
            yield Edit("upstream ignored", node.name, at(node.name, _from_ones))


def clipped(trace):
    """Gradient clipping left on: every gradient is shortened to norm 1."""

    def shorten(name, g):
        norm = float((g**2).sum()) ** 0.5
        return g / norm if norm > 1 else g

    yield Edit("clipping left on", "", total=shorten)


def stale(trace):
    """Gradients of earlier calls are still there, and the new ones are added to them."""
    yield Edit("not reset: second call", "", total=lambda name, g: 2 * g)
    yield Edit("not reset: third call", "", total=lambda name, g: 3 * g)


def zero(trace):
    """A gradient is never computed and stays 0."""
    yield from _of_one(trace, "left at 0", lambda g: 0 * g)


def _of_one(trace, family, change):
    if len(trace.params) > 1:
        for p in trace.params:
            yield Edit(family, p, total=lambda name, g, p=p: change(g) if name == p else g)


def _from_ones(trace, node, index, upstream):
    return trace.pull_back(node, index, 0 * upstream + 1.0)


def rows(trace):
    """Return the number of samples: the rows of the first data or prediction with two axes."""
    for node in trace.nodes.values():
        if node.kind != "param" and node.value.ndim == 2:
            return len(node.value)
    return 1


ALL = [sign, factor_two, batch_size, all_entries, upstream, clipped, stale, zero]
