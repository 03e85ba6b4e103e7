"""Which mistake explains a wrong value of a forward pass, such as a loss?"""

from dataclasses import replace

import numpy as np

from course_utils.diagnosis.autotrace import AutoTrace
from course_utils.diagnosis.record import Untraceable
from course_utils.diagnosis.scalars import Found

PROBES = 4


def from_case(case, deadline):
    """Return the Found explanation of a Values case, or None: one change that fits all inputs."""
    with np.errstate(all="ignore"):
        try:
            return _search(case)
        except (Untraceable, ValueError, IndexError, TypeError):
            return None


def _search(case):
    names = None
    for number in range(PROBES):
        inputs = case.inputs(number)
        yours = np.asarray(case.learner(*inputs.values()))
        trace = AutoTrace(case.f, inputs)
        fits = {n for n, value in _changes(trace) if _same(yours, value)}
        names = fits if names is None else names & fits
        if not names:
            return None
    if ("right", "") in names:
        return None
    order = [name for name, _ in _changes(trace)]
    key, place = min(names, key=order.index)
    return Found(key, place, {"trace": trace, "node": place, "outputs": ["the value"]})


def _same(y, p):
    if y.dtype.kind not in "iuf" or np.shape(y) != np.shape(p):
        return False
    return bool(np.allclose(y, p, rtol=1e-9, atol=1e-14))


def _changes(trace):
    """Yield `((key, place), value)` for each change of the forward pass that makes sense."""
    out = trace.nodes[trace.output]
    y = out.value
    yield ("right", ""), y
    yield ("value-sign", ""), -y
    sizes = {}
    for node in trace.nodes.values():
        for axis, n in enumerate(node.value.shape):
            sizes.setdefault((axis, node.value.ndim), n)
    m = next((n.value.shape[0] for n in trace.nodes.values() if n.value.ndim), 1)
    K = next((n.value.shape[1] for n in trace.nodes.values() if n.value.ndim == 2), 1)
    if m > 1:
        yield ("value-sum-for-mean", ""), y * m
        yield ("value-mean-twice", ""), y / m
    if K > 1:
        yield ("value-mean-over-all-entries", ""), y / K
    yield ("value-factor-two", ""), 2 * y
    yield ("value-factor-half", ""), y / 2
    for name, node in trace.nodes.items():
        if not node.parents:
            continue
        for key, change in _of_node(node):
            compute = lambda *v, node=node, change=change: change(node.compute(*v), *v)
            try:
                other = trace.rerun({name: replace(node, compute=compute)})
            except (ValueError, IndexError, TypeError):
                continue
            yield (key, name), other.nodes[trace.output].value


def _of_node(node):
    op = node.about.get("op")
    if op in ("add", "subtract") and node.about.get("rules") is not None:
        for i in range(len(node.parents)):
            sign = 1.0 if op == "add" or node.about["slots"][i] == 0 else -1.0
            yield "value-term-lost", lambda y, *v, i=i, s=sign: y - s * v[i]
            yield "value-sign-of-term", lambda y, *v, i=i, s=sign: y - 2 * s * v[i]
        if len(node.parents) == 1:
            yield "value-constant-lost", lambda y, x: x
    if op == "absolute":
        yield "value-absolute-forgotten", lambda y, x: x
    if op == "maximum" or node.about.get("act") == "relu":
        yield "value-maximum-forgotten", lambda y, x: x
        yield "value-minimum-for-maximum", lambda y, x: np.minimum(x, 0)
    if op == "negative":
        yield "value-sign-of-term", lambda y, x: x
    if op == "multiply" and len(node.parents) == 2:
        yield "value-factor-lost", lambda y, a, b: a + 0 * y
        yield "value-factor-lost", lambda y, a, b: b + 0 * y
    if op in ("exp", "log", "sqrt", "power", "square"):
        yield "value-function-lost", lambda y, x: x
    if op == "total":
        yield "value-mean-for-sum", lambda y, x: y * np.size(y) / np.size(x)
