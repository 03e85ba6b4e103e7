"""Which mistake explains a wrong value of a forward pass, such as a loss?"""

from dataclasses import replace

import numpy as np

from course_utils.diagnosis.autotrace import AutoTrace, softmax
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
        trace = AutoTrace(case.f, inputs, apart=True)
        losses = {name: (name, value, {}) for name, value in _losses(AutoTrace(case.f, inputs))}
        fits = {n for n, value, _ in [*_changes(trace), *losses.values()] if _same(yours, value)}
        names = fits if names is None else names & fits
        if not names:
            return None
    if ("right", "") in names:
        return None
    (key, place), words = next(
        (n, words) for n, _, words in [*_changes(trace), *losses.values()] if n in names
    )
    words = {"trace": trace, "node": place.partition(", ")[0], "outputs": ["the value"], **words}
    return Found(key, place, words)


def _same(y, p):
    if y.dtype.kind not in "iuf" or np.shape(y) != np.shape(p):
        return False
    return bool(np.allclose(y, p, rtol=1e-9, atol=1e-14))


def _changes(trace):
    """Yield `((key, place), value, words)` for each change of the forward pass that makes sense."""
    out = trace.nodes[trace.output]
    y = out.value
    yield ("right", ""), y, {}
    m = next((n.value.shape[0] for n in trace.nodes.values() if n.value.ndim), 1)
    K = next((n.value.shape[1] for n in trace.nodes.values() if n.value.ndim == 2), 1)
    factors = {"value-sign": -1.0}
    if m > 1:
        factors |= {"value-sum-for-mean": m, "value-mean-twice": 1 / m}
    if K > 1:
        factors["value-mean-over-all-entries"] = 1 / K
    factors |= {"value-factor-two": 2.0, "value-factor-half": 0.5}
    if any(n.about.get("op") in _LOGARITHMS for n in trace.nodes.values()):
        factors |= {"value-logarithm-of-another-base": 1 / np.log(2)}
    for key, c in factors.items():
        yield (key, ""), c * y, {}
    yield ("value-logarithm-of-another-base", "10"), y / np.log(10), {}
    for name, node in trace.nodes.items():
        for key, part, change in _of_node(node) if node.parents else _of_targets(trace, node):
            if node.parents:
                compute = lambda *v, node=node, change=change: change(node.compute(*v), *v)
                other = replace(node, compute=compute)
            else:
                other = replace(node, value=change)
            try:
                value = trace.rerun({name: other}).nodes[trace.output].value
            except (ValueError, IndexError, TypeError):
                continue
            yield (key, f"{name}, {part}" if part else name), value, {"term": _text(trace, part)}


_LOGARITHMS = ("log", "log1p")


def _losses(trace):
    """Yield `((key, place), value)` for another loss of the same logits and targets."""
    for node in trace.of_kind("loss"):
        z, y = (trace.value(p) for p in node.parents)
        if node.about["squash"] == "sigmoid":
            one, zero = np.logaddexp(0, -z), np.logaddexp(0, z)
            others = {
                "answer-1-only": y * one,
                "answer-0-only": (1 - y) * zero,
                "answers-exchanged": (1 - y) * one + y * zero,
                "squared-error": (np.exp(-one) - y) ** 2,
            }
        else:
            p = softmax(z)
            others = {
                "wrong-classes-only": -(1 - y) * np.log(p),
                "softmax-over-the-wrong-axis": -y * np.log(softmax(z.T).T),
                "each-class-by-itself": -y * np.log(p) - (1 - y) * np.log(1 - p),
                "squared-error": (p - y) ** 2,
            }
        for key, losses in others.items():
            yield (f"value-{key}", ""), losses.sum() / (len(z) if node.about["mean"] else 1)


def _text(trace, name):
    if name not in trace.nodes:
        return name
    about = trace.nodes[name].about
    text = about.get("text", name)
    return f"{about.get('op')}(...)" if text.startswith("the value") else text


def _of_node(node):
    """Yield (key, the part that is meant, change of the node's value)."""
    op = node.about.get("op")
    if op in ("add", "subtract") and node.about.get("rules") is not None:
        for i, parent in enumerate(node.parents):
            sign = 1.0 if op == "add" or node.about["slots"][i] == 0 else -1.0
            yield "value-term-lost", parent, lambda y, *v, i=i, s=sign: y - s * v[i]
            yield "value-sign-of-term", parent, lambda y, *v, i=i, s=sign: y - 2 * s * v[i]
        if len(node.parents) == 1:
            yield "value-constant-lost", node.name, lambda y, x: x
    if op == "absolute":
        yield "value-absolute-forgotten", node.parents[0], lambda y, x: x
    if op == "maximum":
        yield "value-maximum-forgotten", node.parents[0], lambda y, x: x
        yield "value-minimum-for-maximum", node.parents[0], lambda y, x: np.minimum(x, 0)
    if op == "negative":
        yield "value-sign-of-term", node.parents[0], lambda y, x: x
    if op == "multiply" and len(node.parents) == 2:
        yield "value-factor-lost", node.parents[1], lambda y, a, b: a + 0 * y
        yield "value-factor-lost", node.parents[0], lambda y, a, b: b + 0 * y
    if op == "log1p":
        yield "value-constant-lost", node.name, lambda y, x: np.log(x)
    if op in _LOGARITHMS:
        for base in (2, 10):
            key = "value-logarithm-of-another-base"
            yield key, str(base), lambda y, x, base=base: y / np.log(base)
    if op in ("exp", "log", "sqrt", "power", "square"):
        yield "value-function-lost", "", lambda y, x: x
    if op == "total":
        yield "value-mean-for-sum", "", lambda y, x: y * np.size(y) / np.size(x)


def _of_targets(trace, node):
    """Yield targets that are made from the scores, where 0s and 1s are given."""
    if node.value.ndim != 2 or not np.isin(node.value, (0, 1)).all():
        return
    for other in trace.nodes.values():
        if not other.parents and other.name != node.name and other.value.shape == node.value.shape:
            likeliest = np.eye(node.value.shape[1])[other.value.argmax(axis=1)]
            yield "value-of-the-likeliest-class", "", likeliest
