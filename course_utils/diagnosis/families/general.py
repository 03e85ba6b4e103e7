"""Mistakes on traces that were read off the tape: at any operation, whatever the exercise is.

These stand beside FAMILIES, which the lessons draw planted bugs from and which stay as they are.
"""

from dataclasses import replace

import numpy as np

from course_utils.diagnosis.autotrace import ACTIVATIONS, fitted, softmax
from course_utils.diagnosis.trace import Edit, at


def paths(trace):
    """A contribution is missing, has the wrong sign, or starts from 1."""
    for node, index, parent in _edges(trace):
        if "penalty" in (node.kind, trace.nodes[parent].kind):
            continue
        w = {"node": node.name, "parent": parent}
        if _is_one_of_many(trace, node, index):
            yield Edit(
                "path missing", f"{node.name} toward {parent}",
                at((node.name, index), lambda t, n, i, g: 0 * t.pull_back(n, i, g)),
                words=w, cost=0.9 if len(trace.consumers(parent)) > 1 else 1.2,
            )  # fmt: skip
            yield Edit(
                "upstream ignored", f"{node.name} toward {parent}",
                at((node.name, index), lambda t, n, i, g: t.pull_back(n, i, 0 * g + 1.0)),
                words=w, cost=1.5,
            )  # fmt: skip
        yield Edit(
            "sign of a link", f"{node.name} toward {parent}",
            at((node.name, index), lambda t, n, i, g: -t.pull_back(n, i, g)), words=w,
            cost=0.95 if _lowers(node, index) else 1.5,
        )  # fmt: skip
        for c, name in ((2.0, "factor 2 at a link"), (0.5, "factor 1/2 at a link")):
            yield Edit(
                name, f"{node.name} toward {parent}",
                at((node.name, index), lambda t, n, i, g, c=c: c * t.pull_back(n, i, g)),
                words=w, cost=1.9,
            )  # fmt: skip


def statistics(trace):
    """Means and what is made of them are taken for constants."""
    means = [n.name for n in trace.nodes.values() if "mean_of" in n.about]
    roots = [
        n.name for n in trace.nodes.values()
        if n.about.get("op") in ("sqrt", "power") and n.name not in means
        and any(m in _before(trace, n.name) for m in means)
    ]  # fmt: skip

    def without(names):
        def link(t, node, i, g):
            contribution = t.pull_back(node, i, g)
            return 0 * contribution if node.name in names else contribution

        return link

    if len(means) > 1:
        yield Edit(
            "statistics as constants", "all of them", without(means),
            words={"node": "mean and deviation"}, cost=0.8,
        )  # fmt: skip
    for name in [*means, *roots]:
        yield Edit("statistic as constant", name, without([name]), words={"node": name}, cost=0.9)
    for name in means:
        node = trace.nodes[name]
        n = node.about["mean_of"]
        yield Edit(
            "1/m of a mean missing", name,
            at(name, lambda t, k, i, g, n=n: n * t.pull_back(k, i, g)), words={"node": name},
        )  # fmt: skip
        yield Edit(
            "1/m of a mean twice", name,
            at(name, lambda t, k, i, g, n=n: t.pull_back(k, i, g) / n), words={"node": name},
        )  # fmt: skip
        yield Edit(
            "variance divided by m - 1", name,
            forward=_other(name, lambda y, x, n=n: y * n / (n - 1), True),
            words={"node": name}, cost=1.2,
        )  # fmt: skip


def products(trace):
    """At a product the other factor is missing, or another value stands there."""
    for node, index, parent in _edges(trace):
        op = node.about.get("op")
        if node.about.get("rules") is None or op not in ("multiply", "divide"):
            continue
        other = _operand(trace, node, index)
        w = {"node": node.name, "parent": parent, "other": other}
        is_top = op == "multiply" or node.about["slots"][index] == 0
        if is_top:
            constant = other.replace(".", "").replace("-", "").replace("e", "").isdigit()
            yield Edit(
                "constant factor lost" if constant else "factor missing",
                f"{node.name} toward {parent}",
                at((node.name, index), lambda t, n, i, g: _like(t, n, i, g)), words=w, cost=0.9,
            )  # fmt: skip
        if op == "multiply":
            for name, value in _values_like(trace, node.value.shape):
                if name not in (other, node.name):
                    yield Edit(
                        "another factor", f"{node.name} toward {parent}, with {name}",
                        at((node.name, index), lambda t, n, i, g, v=value: fitted(
                            g * t.value(v), t.value(n.parents[i]))),
                        words={**w, "wrong": name}, cost=1.6,
                    )  # fmt: skip
        if len(node.parents) == 1 and is_top:
            yield Edit(
                "factor inverted", f"{node.name} toward {parent}",
                at((node.name, index), lambda t, n, i, g: _inverted(t, n, i, g)),
                words=w, cost=0.95,
            )  # fmt: skip
        if op == "multiply" and len(node.parents) == 2:
            yield Edit(
                "factor lost everywhere", f"{node.name} toward {parent}",
                at((node.name, index), lambda t, n, i, g: _like(t, n, i, g)),
                forward=_other(node.name, lambda y, *v, i=index: v[i] + 0 * y, True),
                words=w, cost=1.3,
            )  # fmt: skip
        if op == "divide" and not is_top:
            yield Edit(
                "square of the divisor missing", f"{node.name} toward {parent}",
                at((node.name, index), lambda t, n, i, g: (
                    t.pull_back(n, i, g) * t.value(n.parents[i]))),
                words=w, cost=0.95,
            )  # fmt: skip


def held_fixed(trace):
    """A partial derivative: other variables move too, or terms without its variable are kept."""
    pairs = [
        n.name for n in trace.nodes.values()
        if n.about.get("op") == "multiply" and len(n.parents) == 2
        and all(trace.needs_gradient(p) for p in n.parents)
    ]  # fmt: skip

    def slope(t, name):
        node = t.nodes[name]
        return t.pull_back(node, 0, np.ones_like(node.value)) if node.parents else 1.0

    def link(t, n, i, g):
        return g * slope(t, n.parents[1 - i]) if n.name in pairs else t.pull_back(n, i, g)

    factors = [trace.nodes[p] for n in pairs for p in trace.nodes[n].parents]
    if factors and all(len(node.parents) < 2 for node in factors):
        yield Edit("all factors differentiated", "", link, cost=1.2)
    top = trace.nodes[trace.output]
    if top.about.get("op") != "add" or top.value.ndim:
        return
    without = {
        name: sum(
            float(trace.value(p)) for p in top.parents if name not in {p, *_before(trace, p)}
        ) for name in trace.params
    }  # fmt: skip
    if any(without.values()):
        yield Edit("terms without it kept", "", total=lambda name, g: g + without[name], cost=1.2)
    for one, rest in without.items():
        if rest:
            yield Edit(
                "terms without it kept", one,
                total=lambda name, g, one=one, c=rest: g + c if name == one else g, cost=1.2,
            )  # fmt: skip


def powers(trace):
    """The power rule with the exponent kept, or not multiplied."""
    for node in trace.nodes.values():
        op = node.about.get("op")
        if node.about.get("rules") is None or op not in ("power", "square", "sqrt"):
            continue
        if not trace.needs_gradient(node.parents[0]) or len(node.parents) > 1:
            continue
        n = {"square": 2.0, "sqrt": 0.5}.get(op) or node.about["args"][1]
        changes = {
            "exponent kept": lambda x, n=n: n * x**n,
            "exponent not multiplied": lambda x, n=n: x ** (n - 1),
            "inner derivative only": lambda x, n=n: n + 0 * x,
            "exponent lowered twice": lambda x, n=n: n * x ** (n - 2),
            "exponent lowered in front": lambda x, n=n: (n - 1) * x ** (n - 1),
        }
        for family, slope in changes.items():
            yield Edit(
                family, node.name,
                at(node.name, lambda t, k, i, g, d=slope: g * d(t.value(k.parents[0]))),
                words={"node": node.name, "n": f"{n:g}"}, cost=1.6 if "lowered" in family else 1.0,
            )  # fmt: skip
        if n == 2:
            yield from _of_square(trace, node)


def _of_square(trace, node):
    """The square of a difference: a 2 on one term only, or the gradient of another loss."""
    base = trace.nodes[node.parents[0]]
    if base.about.get("op") not in ("add", "subtract"):
        return
    first = base.parents[0]
    w = {"node": node.name, "n": "2"}
    for what, slope in (
        ("the first", lambda x, t: x + t),
        ("the other", lambda x, t: 2 * x - t),
    ):
        yield Edit(
            "exponent on one term", f"{node.name}, {what}",
            at(node.name, lambda t, n, i, g, d=slope: g * d(t.value(n.parents[0]), t.value(first))),
            words=w, cost=1.4,
        )  # fmt: skip
    for squashed in base.parents:
        if trace.nodes[squashed].about.get("act") == "sigmoid":

            def link(t, n, i, g, squashed=squashed):
                if n.name == node.name:
                    return g * t.value(base.name)
                return g if n.name == squashed else t.pull_back(n, i, g)

            yield Edit("loss: as with cross-entropy", node.name, link, words=w, cost=0.9)


def broadcasts(trace):
    """An operand that was broadcast gets its gradient without the sum, or with another one."""
    for node, index, parent in _edges(trace):
        shape = np.shape(trace.value(parent))
        if node.about.get("rules") is None or node.about.get("op") not in _BROADCAST:
            continue
        full = np.shape(node.value)
        if shape == full:
            continue
        ahead = len(full) - len(shape)
        added = tuple(range(ahead))
        stretched = tuple(ahead + k for k, n in enumerate(shape) if n == 1 != full[ahead + k])
        ways = {("", what): w for what, w in _reductions(added + stretched, shape).items()}
        # Rows are samples, as with a bias; what was copied in another way, or along more axes, is
        # told as copies.
        kind = "bias" if ahead == 1 and len(full) < 3 and not stretched else "copies"
        if kind == "copies":
            ways |= _of_copies(added, stretched, shape)
        for (where, what), reduce in ways.items():

            def change(t, n, i, g, reduce=reduce):
                part = t.unfitted(n, i, g)
                return reduce(np.broadcast_to(part, np.broadcast_shapes(part.shape, g.shape)))

            yield Edit(
                f"{kind}: {what}", f"{node.name} toward {parent}{where}",
                at((node.name, index), change),
                words={
                    "node": node.name, "parent": parent, "along": where.replace(",", " along the"),
                }, cost=1.0,
            )  # fmt: skip


_BROADCAST = ("add", "subtract", "multiply", "divide")


def _reductions(axes, shape):
    def kept(reduce):
        return lambda g: reduce(g).reshape(shape)

    sums = {
        "not summed over the batch": lambda g: g,
        "averaged over the batch": kept(lambda g: g.mean(axis=axes)),
        "summed over everything": lambda g: np.full(shape, g.sum()),
        "first sample only": kept(lambda g: _taken(g, axes, 0)),
        "last sample only": kept(lambda g: _taken(g, axes, -1)),
        "largest in place of sum": kept(lambda g: g.max(axis=axes)),
    }
    sums["summed over the wrong axis"] = lambda g: g.sum(axis=-1)
    return sums


def _of_copies(added, stretched, shape):
    """Along the added axes, or the stretched ones, or both, copies are not put together rightly."""

    def first(g, axes):
        return g[tuple(slice(1) if k in axes else slice(None) for k in range(g.ndim))]

    ways = {
        "averaged over the batch": lambda g, axes: g.mean(axis=axes, keepdims=True),
        "largest in place of sum": lambda g, axes: g.max(axis=axes, keepdims=True),
        "first sample only": first,
        "last sample only": lambda g, axes: np.flip(first(np.flip(g, axes), axes), axes),
        "first one repeated": lambda g, axes: (
            first(g, axes) * np.prod([g.shape[k] for k in axes], dtype=int)
        ),
    }
    some = {"": added + stretched}
    if added and stretched:
        some |= {", added axes": added, ", stretched axes": stretched}
    found = {("", "cut by a reshape"): lambda g: g.reshape(-1, *shape).sum(axis=0)}
    for where, axes in some.items():
        for what, way in ways.items():
            found[where, what] = lambda g, axes=axes, way=way: (
                way(g, axes).sum(axis=tuple({*added, *stretched} - {*axes})).reshape(shape)
            )
    return found


def _taken(g, axes, place):
    return g[tuple(place if k in axes else slice(None) for k in range(g.ndim))]


def matmuls(trace):
    """A matrix product's gradient with a transpose, a factor or rows wrong."""
    for node in trace.nodes.values():
        if node.kind == "affine":
            yield from _of_affine(trace, node)
        elif node.about.get("op") == "matmul" and node.about.get("rules") is not None:
            for index, parent in enumerate(node.parents):
                if trace.needs_gradient(parent):
                    yield from _of_matmul(trace, node, index, parent)


def _of_affine(trace, node):
    X, W, b = node.parents
    if trace.needs_gradient(X):
        yield from _way_back(trace, node, 0, W)
    if trace.needs_gradient(W):
        yield from _weights(trace, node, 1, X, W)
    if np.ndim(trace.value(X)) == 2:
        yield Edit(
            "bias: from the weights", b,
            at((node.name, 2), lambda t, n, i, g: (t.value(X).T @ g).sum(axis=0)),
            words={"node": node.name, "parent": b, "other": W}, cost=1.2,
        )  # fmt: skip


def _of_matmul(trace, node, index, parent):
    slot = node.about["slots"][index]
    args = node.about["args"]
    other = node.parents[1 - index] if len(node.parents) == 2 else None
    other = other or trace._constants.get(id(args[1 - slot]), "")
    if other not in trace.nodes:
        return
    if np.ndim(trace.value(parent)) == 2 and slot == 1:
        yield from _weights(trace, node, index, other, parent)
    elif slot == 0 and np.ndim(trace.value(other)) == 2:
        yield from _way_back(trace, node, index, other)
    else:
        w = {"node": node.name, "parent": parent, "other": other}
        yield Edit(
            "factor missing", f"{node.name} toward {parent}",
            at((node.name, index), lambda t, n, i, g: g + 0 * t.value(n.parents[i])),
            words=w, cost=0.9,
        )  # fmt: skip
        for name, _ in _values_like(trace, np.shape(trace.value(parent))):
            if name != other:
                yield Edit(
                    "another factor", f"{node.name} toward {parent}, with {name}",
                    at((node.name, index), lambda t, n, i, g, v=name: g * t.value(v)),
                    words={**w, "wrong": name}, cost=1.2,
                )  # fmt: skip


_USUAL = ("W not transposed on the way back", "W skipped on the way back")


def _way_back(trace, node, index, W):
    """On the way back to the layer's input."""
    w = {"node": node.name, "parent": node.parents[index], "other": W}
    value = lambda t: t.value(W)
    changes = {
        "W not transposed on the way back": lambda t, g: g @ value(t),
        "W transposed by a reshape": lambda t, g: g @ value(t).reshape(value(t).shape[::-1]),
        "W skipped on the way back": lambda t, g: (
            g.sum(axis=-1, keepdims=True) + np.zeros(value(t).shape[0])
        ),
        "W averaged on the way back": lambda t, g: g @ np.full(value(t).T.shape, value(t).mean()),
        "W in absolute size": lambda t, g: g @ np.abs(value(t)).T,
        "W inverted on the way back": lambda t, g: g @ np.linalg.pinv(value(t)),
        "outputs averaged on the way back": lambda t, g: g @ value(t).T / value(t).shape[1],
    }
    for family, change in changes.items():
        yield Edit(
            family, node.name, at((node.name, index), lambda t, n, i, g, c=change: c(t, g)),
            words=w, cost=1.0 + (family not in _USUAL),
        )  # fmt: skip
    for name in trace.nodes:
        if name != W and np.shape(trace.value(name)) == np.shape(trace.value(W)):
            yield Edit(
                "another W on the way back", f"{node.name}, with {name}",
                at((node.name, index), lambda t, n, i, g, v=name: g @ t.value(v).T),
                words={**w, "wrong": name}, cost=1.3,
            )  # fmt: skip
    for rate in (1.0, 0.5, 0.05, 0.001):
        yield Edit(
            "W updated before the backward pass", f"{node.name}, lr {rate}",
            at((node.name, index), _updated(W, rate)), words=w, cost=2.0,
        )  # fmt: skip


def _updated(W, rate):
    def change(trace, node, index, upstream):
        values = [trace.value(p) for p in node.parents]
        k = node.parents.index(W)
        values[k] = values[k] - rate * trace.pull_back(node, k, upstream)
        return trace.pull_back(node, index, upstream, values)

    return change


def _weights(trace, node, index, X, W):
    """The gradient of the weights."""
    w = {"node": node.name, "parent": W, "other": X}
    outer = lambda x, g: x.T @ g if x.ndim == 2 else np.outer(x, g)
    yield Edit(
        "dW transposed", W, at((node.name, index), lambda t, n, i, g: outer(t.value(X), g).T),
        words=w,
    )  # fmt: skip
    yield Edit(
        "dW transposed by a reshape", W,
        at((node.name, index), lambda t, n, i, g: outer(t.value(X), g).T.reshape(
            t.value(W).shape)), words=w, cost=1.4,
    )  # fmt: skip
    yield Edit(
        "factor missing", f"{node.name} toward {W}",
        at((node.name, index), lambda t, n, i, g: outer(np.ones_like(t.value(X)), g)),
        words=w, cost=1.1,
    )  # fmt: skip
    shape = np.shape(trace.value(X))
    for name, _ in _values_like(trace, shape):
        if name != X:
            yield Edit(
                "dW with another input", f"{W}, with {name}",
                at((node.name, index), lambda t, n, i, g, v=name: outer(t.value(v), g)),
                words={**w, "wrong": name}, cost=1.2,
            )  # fmt: skip
    if len(shape) == 2:
        rows = {
            "dW: outer product of means, times m": lambda x, g: (
                len(x) * np.outer(x.mean(0), g.mean(0))
            ),
            "dW: rows in reverse order": lambda x, g: x[::-1].T @ g,
            "dW: absolute input": lambda x, g: np.abs(x).T @ g,
        }
        for family, change in rows.items():
            yield Edit(
                family, W,
                at((node.name, index), lambda t, n, i, g, c=change: c(t.value(X), g)),
                words=w, cost=1.3,
            )  # fmt: skip


def before_activation(trace):
    """A gradient is made from what reaches an activation, not from what leaves it backward."""
    for act in trace.of_kind("elementwise"):
        source = trace.nodes[act.parents[0]]
        if source.kind not in ("affine", "merge") or "act" not in act.about:
            continue
        for index, parent in enumerate(source.parents):
            if not trace.needs_gradient(parent):
                continue
            behind = [p for p in trace.params if p == parent or p in _before(trace, parent)]
            for family, mix in (
                ("before the activation", lambda far, near: far),
                ("activation both ways", lambda far, near: far + near),
            ):
                yield Edit(
                    family, f"{parent}, before {act.name}",
                    link=_skipping(act.name, source.name, index, mix),
                    words={"node": act.name, "parent": behind[0] if len(behind) == 1 else parent},
                    cost=1.1 if family == "before the activation" else 2.0,
                )  # fmt: skip


def _skipping(act, source, index, mix):
    seen = {}

    def link(trace, node, i, upstream):
        if node.name == act:
            seen["g"] = upstream
        if node.name == source and i == index and "g" in seen:
            return trace.pull_back(node, i, mix(seen["g"], upstream))
        return trace.pull_back(node, i, upstream)

    return link


def softmaxes(trace):
    """The Jacobian of softmax, row by row, with a piece of it lost."""
    for node in trace.nodes.values():
        if not node.about.get("softmax"):
            continue
        mean = lambda p, g: (g * p).sum(axis=-1, keepdims=True)
        changes = {
            "softmax: diagonal only": (0.9, lambda p, g, z: g * p * (1 - p)),
            "softmax: average not subtracted": (1.0, lambda p, g, z: p * g),
            "softmax: p missing in the average": (
                1.0, lambda p, g, z: p * (g - g.sum(axis=-1, keepdims=True))),
            "softmax: plain average": (
                1.1, lambda p, g, z: p * (g - g.mean(axis=-1, keepdims=True))),
            "softmax: average over the whole batch": (0.9, lambda p, g, z: p * (g - (g * p).sum())),
            "softmax: average over the wrong axis": (
                1.0, lambda p, g, z: p * (g - (g * p).sum(axis=0))),
            "softmax: average added": (1.1, lambda p, g, z: p * (g + mean(p, g))),
            "softmax: p missing in front": (1.1, lambda p, g, z: g - mean(p, g)),
            "softmax: p missing on the average": (1.2, lambda p, g, z: p * g - mean(p, g)),
            "softmax: p missing on the first term": (1.2, lambda p, g, z: g - p * mean(p, g)),
            "softmax: logits for probabilities": (
                1.0, lambda p, g, z: z * (g - (g * z).sum(axis=-1, keepdims=True))),
            "softmax: as after cross-entropy": (0.9, lambda p, g, z: p - g),
            "softmax: derivative missing": (1.1, lambda p, g, z: g),
            "softmax: off the diagonal only": (1.2, lambda p, g, z: -p * (mean(p, g) - g * p)),
            "softmax: first term missing": (1.1, lambda p, g, z: -p * mean(p, g)),
            "softmax: own part twice": (1.1, lambda p, g, z: p * (g - g * p - mean(p, g))),
            "softmax: average divided again": (
                1.2, lambda p, g, z: p * (g - mean(p, g) / p.shape[-1])),
            "softmax: p alone on the diagonal": (
                1.1, lambda p, g, z: p * (g - mean(p, g) + g * p)),
            "softmax: p spread over the table": (
                1.2, lambda p, g, z: p * (g.sum(axis=-1, keepdims=True) - mean(p, g))),
            "softmax: p spread over columns": (1.3, lambda p, g, z: mean(p, g) * (1 - p)),
            "softmax: slope of the logarithm": (
                0.9, lambda p, g, z: g - p * g.sum(axis=-1, keepdims=True)),
            "softmax: inner product for table": (
                1.0, lambda p, g, z: p * g - mean(p, p) * g.sum(axis=-1, keepdims=True)),
            "softmax: rows added up": (
                1.0, lambda p, g, z: g * (p - p * p.sum(axis=-1, keepdims=True))),
            "softmax: sum not squared": (
                1.0, lambda p, g, z: p * (g - mean(p, g)) * np.exp(z).sum(-1, keepdims=True)),
            "softmax: shifted sum not squared": (
                1.0, lambda p, g, z: p * (g - mean(p, g)) / p.max(axis=-1, keepdims=True)),
            "softmax: p squared": (1.4, lambda p, g, z: g * p - p * p * g.sum(-1, keepdims=True)),
        }  # fmt: skip
        for family, (cost, change) in changes.items():
            yield Edit(
                family, node.name,
                at(node.name, lambda t, n, i, g, c=change: c(t.value(n.name), g,
                   t.value(n.parents[0]))), words={"node": node.name}, cost=cost,
            )  # fmt: skip
        for family, cost, other in (
            ("softmax over the whole batch", 1.0, lambda z: np.exp(z - z.max())
             / np.exp(z - z.max()).sum()),
            ("softmax over the wrong axis", 1.0, lambda z: softmax(z.T).T),
            ("softmax not normalised", 1.2, lambda z: np.exp(z)),
            ("shifted softmax not normalised", 1.2, lambda z: np.exp(z - z.max(-1, keepdims=True))),
            ("softmax taken twice", 1.2, lambda z: softmax(softmax(z))),
        ):  # fmt: skip
            if trace.value(node.name).ndim < 2 and family.startswith("softmax over"):
                continue
            # The formula p (g - mean) is right, p is not.
            yield Edit(
                family, node.name,
                at(node.name, lambda t, n, i, g, o=other: _with_shares(
                    o(t.value(n.parents[0])), g)),
                words={"node": node.name}, cost=cost,
            )  # fmt: skip
        if trace.value(node.name).ndim < 2:
            continue
        wrong = lambda z: softmax(z.T).T
        yield Edit(
            "softmax over the wrong axis", node.name,
            at(node.name, lambda t, n, i, g: wrong(t.value(n.parents[0])) * (
                g - (g * wrong(t.value(n.parents[0]))).sum(axis=0))),
            words={"node": node.name}, cost=1.05,
        )  # fmt: skip


def _with_shares(p, g):
    return p * (g - (g * p).sum(axis=-1, keepdims=True))


def activations(trace):
    """The derivative of another activation, or a piece of the right one."""
    formulas = {
        "of tanh, from the value": (lambda z, a: 1 - a**2, "tanh"),
        "of the sigmoid, from the value": (lambda z, a: a * (1 - a), "sigmoid"),
        "of tanh": (lambda z, a: 1 - np.tanh(z) ** 2, "tanh"),
        "of the sigmoid": (lambda z, a: 0.25 * (1 - np.tanh(z / 2) ** 2), "sigmoid"),
        "of relu": (lambda z, a: (z > 0) * 1.0, "relu"),
    }
    pieces = {
        "tanh": {
            "square of the value only": lambda z, a: a**2,
            "sign": lambda z, a: a**2 - 1,
            "square of the input": lambda z, a: 1 - z**2,
            "1 - a, squared": lambda z, a: (1 - a) ** 2,
        },
        "sigmoid": {
            "sign": lambda z, a: a * (a - 1),
            "square of the value only": lambda z, a: a**2,
            "1 - a, squared": lambda z, a: (1 - a) ** 2,
            "formula with one z": lambda z, a: z * (1 - a),
            "formula with another z": lambda z, a: a * (1 - z),
        },
        "relu": {
            "mask of the whole unit": lambda z, a: (z > 0).any(axis=0) * 1.0 + 0 * z,
            "leaky slope 0.1": lambda z, a: np.where(z > 0, 1.0, 0.1),
            "leaky slope 0.2": lambda z, a: np.where(z > 0, 1.0, 0.2),
            "sign in place of mask": lambda z, a: np.sign(z),
            "input in place of mask": lambda z, a: z,
        },
    }
    for node in trace.of_kind("elementwise"):
        act = node.about.get("act")
        if not act:
            continue
        w = {"node": node.name, "act": act}
        for what, (slope, of) in formulas.items():
            if of != act:
                yield Edit(
                    "activation: of another activation", f"{node.name}, {what}",
                    at(node.name, _slope(slope)), words={**w, "wrong": of}, cost=1.1,
                )  # fmt: skip
        for what, slope in pieces[act].items():
            key = {"sign": "sign of a link"}.get(what, f"activation: {what}")
            yield Edit(key, f"{node.name}, {what}", at(node.name, _slope(slope)), words=w, cost=1.3)


def _slope(slope):
    return lambda t, n, i, g: g * slope(t.value(n.parents[0]), t.value(n.name))


def functions(trace):
    """The rule of another function: that of powers for an exponential, and the like."""
    written = {
        "exp": {"power rule on exp": lambda x: x * np.exp(x - 1)},
        "log": {"log: not inverted": lambda x: x, "log: squared": lambda x: 1 / x**2},
        "sqrt": {"exponent kept": lambda x: np.sqrt(x) / 2},
    }
    for node in trace.nodes.values():
        if node.about.get("rules") is None or not trace.needs_gradient(node.parents[0]):
            continue
        for family, slope in written.get(node.about.get("op"), {}).items():
            yield Edit(
                family, node.name,
                at(node.name, lambda t, n, i, g, d=slope: g * d(t.value(n.parents[0]))),
                words={"node": node.name}, cost=1.2,
            )  # fmt: skip


def losses(trace):
    """The loss from logits with another constant, while what comes beside it is right."""
    for node in trace.of_kind("loss"):
        if node.about.get("squash") == "sigmoid":
            slope = lambda z: 0.25 * (1 - np.tanh(z / 2) ** 2)
            yield Edit(
                "loss: slope toward the probability", node.name,
                at((node.name, 0), lambda t, n, i, g: (
                    t.pull_back(n, i, g) / slope(t.value(n.parents[0])))),
                words={"node": node.name},
            )  # fmt: skip
        z = trace.value(node.parents[0])
        squash = node.about.get("squash")
        p = softmax(z) if squash == "softmax" else ACTIVATIONS["sigmoid"](z)
        hard = np.eye(z.shape[-1])[z.argmax(axis=-1)] if squash == "softmax" else (z > 0) * 1.0
        share = 1 / len(z) if node.about.get("mean") else 1.0
        others = {
            "loss: logits for probabilities": lambda t, n, i, g: (
                g * share * (z - t.value(n.parents[1]))
            ),
            "loss: hard decisions": lambda t, n, i, g: g * share * (hard - t.value(n.parents[1])),
        }
        if squash == "softmax":
            others["loss: extra derivative of the squashing"] = lambda t, n, i, g: (
                p * (t.pull_back(n, i, g) - (p * t.pull_back(n, i, g)).sum(axis=-1, keepdims=True))
            )
        for family, change in others.items():
            place = f"{node.name}, {family[6:]}"
            yield Edit(family, place, at((node.name, 0), change), words={"node": node.name})
        shape = trace.value(node.parents[0]).shape
        m, K = shape[0], shape[1] if len(shape) > 1 else 1
        factors = {
            "1/m of the loss missing": m,
            "1/m of the loss twice": 1 / m,
            "mean of the loss over all entries": 1 / K,
            "factor 2 too many in the loss": 2.0,
            "factor 2 missing in the loss": 0.5,
        }
        for family, c in factors.items():
            yield Edit(
                family, node.name, at(node.name, lambda t, n, i, g, c=c: c * t.pull_back(n, i, g)),
                words={"node": node.name, "c": f"{c:g}"}, cost=0.9,
            )  # fmt: skip


def penalties(trace):
    """A penalty with another factor."""
    for node in trace.of_kind("penalty"):
        m = _rows(trace)
        lam = node.about.get("lam", 1.0)
        changes = {
            "penalty divided by the batch": lambda t, n, i, g: t.pull_back(n, i, g) / m,
            "penalty times the batch": lambda t, n, i, g: t.pull_back(n, i, g) * m,
            "penalty with the wrong sign": lambda t, n, i, g: -t.pull_back(n, i, g),
            "penalty without lam": lambda t, n, i, g: t.pull_back(n, i, g) / lam,
            "penalty: square not differentiated": lambda t, n, i, g: (
                lam / 2 * t.value(n.parents[i]) ** 2
            ),
            "penalty: square for the weight": lambda t, n, i, g: lam * t.value(n.parents[i]) ** 2,
            "penalty: sign of the weight": lambda t, n, i, g: lam * np.sign(t.value(n.parents[i])),
            "penalty: lam alone": lambda t, n, i, g: lam + 0 * t.value(n.parents[i]),
            "penalty: lam squared": lambda t, n, i, g: lam * t.pull_back(n, i, g),
        }
        for family, change in changes.items():
            yield Edit(
                family, node.name, at(node.name, change), words={"node": node.name}, cost=1.2
            )
            if len(node.parents) > 1:
                for i, weight in enumerate(node.parents):
                    yield Edit(
                        family, weight, at((node.name, i), change),
                        words={"node": node.name}, cost=1.6,
                    )  # fmt: skip


def _rows(trace):
    for node in trace.nodes.values():
        if node.kind == "given" and node.value.ndim == 2:
            return len(node.value)
    return 1


def outputs(trace):
    """The whole gradient of one variable, changed at the end."""
    names = trace.params
    for name in names:
        value = trace.value(name)
        size, w = value.size, {"parent": name}
        changes = {
            "left at 0": (1.0, lambda g, v: 0 * g),
            "times its variable": (1.3, lambda g, v: g * v),
            "the variable itself": (1.6, lambda g, v: v),
            "in absolute size": (1.6, lambda g, v: np.abs(g)),
        }
        if size > 1:
            changes |= {
                "last entry only": (1.3, lambda g, v: _only(g, -1)),
                "first entry only": (1.3, lambda g, v: _only(g, 0)),
                "all entries summed": (1.5, lambda g, v: np.full(g.shape, g.sum())),
                "summed to a number": (1.2, lambda g, v: np.asarray(g.sum())),
                "entries in reverse order": (1.5, lambda g, v: g[::-1]),
                "averaged over its entries": (1.6, lambda g, v: np.full(g.shape, g.mean())),
            }
        if size > 2:
            changes |= {
                "entries shifted": (1.5, lambda g, v: np.roll(g, 1, axis=0)),
                "entries shifted back": (1.5, lambda g, v: np.roll(g, -1, axis=0)),
            }
        if value.ndim == 2:
            changes |= {
                "last row only": (1.3, lambda g, v: _only(g, -1, row=True)),
                "first row only": (1.3, lambda g, v: _only(g, 0, row=True)),
                "gradient transposed": (1.5, lambda g, v: g.T),
            }
        for family, (cost, change) in changes.items():

            def total(other, g, name=name, change=change):
                return change(g, trace.value(name)) if other == name else g

            yield Edit(f"result: {family}", name, total=total, words=w, cost=cost + 0.4)
        for other in names:
            if other != name and trace.value(other).ndim:
                n = len(trace.value(other))

                def total(at, g, name=name, n=n):
                    return n * g if at == name else g

                yield Edit(
                    "result: once for each entry", f"{name}, of {other}", total=total,
                    words={**w, "wrong": other}, cost=2.0,
                )  # fmt: skip
    for i, one in enumerate(names):
        for two in names[i + 1 :]:
            yield Edit(
                "results exchanged", f"{one} and {two}",
                joint=lambda found, one=one, two=two: {**found, one: found[two], two: found[one]},
                words={"parent": one, "other": two}, cost=0.9,
            )  # fmt: skip
    if len(names) > 1:
        norm = lambda found: np.sqrt(sum(float((g**2).sum()) for g in found.values()))
        for limit in (1.0, 5.0, 0.5):
            yield Edit(
                "clipping left on", f"all together, at {limit:g}",
                joint=lambda found, limit=limit: {
                    k: g * min(1.0, limit / max(norm(found), 1e-300)) for k, g in found.items()
                }, cost=1.2,
            )  # fmt: skip


def _only(g, place, row=False):
    g = np.asarray(g)
    kept = np.zeros_like(g)
    if row:
        kept[place] = g[place]
    else:
        kept.flat[place] = g.flat[place]
    return kept


def slopes(trace):
    """The slope of an activation: misread, fed with another value, or put together wrongly."""
    feeds = {
        "tanh": lambda v: 1 - v**2, "sigmoid": lambda v: v * (1 - v), "relu": lambda v: v > 0,
    }  # fmt: skip
    for node in trace.of_kind("elementwise"):
        act, z = node.about.get("act"), trace.nodes[node.parents[0]]
        w = {"node": node.name, "act": act}
        changes = {
            "tanh": {
                "activation: cosh not squared": lambda g, z, a: g / np.cosh(z),
                "activation: brackets missing": lambda g, z, a: g - a**2,
            },
            "sigmoid": {"activation: brackets missing": lambda g, z, a: g * a - a},
            "relu": {
                f"activation: {c} where off": lambda g, z, a, c=c: np.where(z > 0, g, c)
                for c in (0.01, 0.1, 1.0)
            },
        }.get(act, {})
        for family, change in changes.items():
            yield Edit(
                family, node.name,
                at(node.name, lambda t, n, i, g, c=change: c(
                    g, t.value(n.parents[0]), t.value(n.name))), words=w, cost=1.2,
            )  # fmt: skip
        if act and z.kind == "affine":
            yield Edit(
                "activation: slope without the bias", node.name,
                at(node.name, lambda t, n, i, g, z=z: t.pull_back(
                    n, i, g, [t.value(z.name) - t.value(z.parents[2])])),
                words={**w, "parent": z.parents[2]}, cost=1.2,
            )  # fmt: skip
        for name, other in trace.nodes.items():
            alike = np.shape(other.value) == np.shape(node.value)
            if act in feeds and alike and name not in (node.name, z.name):
                yield Edit(
                    "activation: formula fed with another value", f"{node.name}, with {name}",
                    at(node.name, lambda t, n, i, g, v=name, f=feeds[act]: g * f(t.value(v))),
                    words={**w, "wrong": name}, cost=1.7 if act == "relu" else 1.2,
                )  # fmt: skip


def around_activations(trace):
    """Of the contributions that meet at an activation's value, one goes past its slope."""
    for act in trace.of_kind("elementwise"):
        users = trace.consumers(act.name)
        for user, k in users if "act" in act.about and len(users) > 1 else ():

            def link(t, n, i, g, act=act, user=user, k=k, seen={}):  # noqa: B006
                back = t.pull_back(n, i, g - seen["past"] if n.name == act.name else g)
                if (n.name, i) == (user.name, k):
                    seen["past"] = back
                return back + seen["past"] if n.name == act.name else back

            yield Edit(
                "path around the activation", f"{act.name}, from {user.name}", link,
                words={"node": act.name, "parent": user.name}, cost=1.2,
            )  # fmt: skip


def slopes_for_values(trace):
    """On the way to weights stands the slope of the activation whose value entered the layer."""
    for node, index, parent in _edges(trace):
        if node.kind != "affine" and node.about.get("op") not in ("matmul", "multiply"):
            continue
        for k, name in enumerate(node.parents):
            source = trace.nodes[name]
            if k == index or "act" not in source.about:
                continue

            def change(t, n, i, g, k=k, source=source):
                values = [t.value(p) for p in n.parents]
                values[k] = t.pull_back(source, 0, np.ones_like(source.value))
                return t.pull_back(n, i, g, values)

            yield Edit(
                "slope for input", f"{node.name} toward {parent}", at((node.name, index), change),
                words={"node": name, "parent": parent}, cost=1.3,
            )  # fmt: skip


def gradients_for_weights(trace):
    """On the way back to a layer's input stands the gradient of its weights, or what a step with it
    has made of them, the penalty's part included or not."""
    for node in trace.nodes.values():
        is_layer = node.kind == "affine" or node.about.get("op") == "matmul"
        if not is_layer or len(node.parents) < 2 or not trace.needs_gradient(node.parents[0]):
            continue
        X, W = node.parents[:2]
        if not trace.needs_gradient(W) or np.ndim(trace.value(W)) != 2:
            continue
        penalties = [(n, k) for n, k in trace.consumers(W) if n.kind == "penalty"]
        for penalised in (False, True)[: 1 + bool(penalties)]:

            def gradient(t, n, g, also=penalties if penalised else ()):
                return t.pull_back(n, 1, g) + sum(t.pull_back(p, k, np.ones(())) for p, k in also)

            def replaced(t, n, i, g, gradient=gradient):
                return t.pull_back(n, i, g, [t.value(n.parents[0]), gradient(t, n, g)] + [
                    t.value(p) for p in n.parents[2:]])  # fmt: skip

            def moved(t, n, i, g, rate, gradient=gradient):
                values = [t.value(p) for p in n.parents]
                values[1] = values[1] - rate * gradient(t, n, g)
                return t.pull_back(n, i, g, values)

            w = {"node": node.name, "parent": X, "other": W}
            place = f"{node.name}{', penalised' * penalised}"
            yield Edit(
                "dW for W on the way back", place, at((node.name, 0), replaced), words=w, cost=1.2,
            )  # fmt: skip
            for rate in (0.1, 0.01, 1.0, 0.5) if penalised else ():
                step = lambda *a, moved=moved, rate=rate: moved(*a, rate=rate)
                yield Edit(
                    "W updated before the backward pass", f"{place}, lr {rate}",
                    at((node.name, 0), step), words=w, cost=2.0,
                )  # fmt: skip


def other_targets(trace):
    """The gradient of a loss from logits with other targets, or other probabilities."""
    for node in trace.of_kind("loss"):
        z, y = (trace.value(p) for p in node.parents[:2])
        share = 1 / len(z) if node.about.get("mean") else 1.0
        if node.about.get("squash") == "softmax":
            p = softmax(z)
            changes = {
                "loss: softmax over the wrong axis": softmax(z.T).T - y,
                "loss: softmax over the whole batch": np.exp(z) / np.exp(z).sum() - y,
                "loss: softmax not normalised": np.exp(z) - y,
                "loss: predicted class as target": p - np.eye(z.shape[-1])[z.argmax(axis=-1)],
                "loss: targets of the whole batch": p - (y > 0).any(axis=0),
            }
        else:
            p = ACTIVATIONS["sigmoid"](z)
            changes = {
                "loss: probability of the other answer": 1 - p - y,
                "loss: answer 1 only": y * (p - 1),
                "loss: answer 0 only": (1 - y) * p,
            }
        changes |= {
            "loss: targets added": p + y,
            "loss: targets alone divided": p / share - y,
            "loss: probabilities alone divided": p - y / share,
        }
        for family, slope in changes.items():
            yield Edit(
                family, node.name, at((node.name, 0), lambda t, n, i, g, s=slope: g * share * s),
                words={"node": node.name},
            )  # fmt: skip


def batch_statistics(trace):
    """The way back through means divides by the width; a constant stands outside its function."""
    means = [n for n in trace.nodes.values() if "mean_of" in n.about and n.value.ndim]
    if means:
        width = {n.name: n.about["mean_of"] / n.value.shape[-1] for n in means}

        def link(t, n, i, g):
            return width.get(n.name, 1.0) * t.pull_back(n, i, g)

        place = "every mean" if len(means) > 1 else means[0].name
        yield Edit("mean by the width", place, link, words={"node": place}, cost=1.2)
    for node in trace.nodes.values():
        inner = trace.nodes[node.parents[0]] if len(node.parents) == 1 else None
        if inner is None or node.about.get("op") not in ("sqrt", "log", "exp"):
            continue
        if inner.about.get("op") != "add" or len(inner.parents) != 1:
            continue
        f = node.about["function"]
        c = next(a for a in inner.about["args"] if a is not None)
        for keep in (True, False):  # whether the slope is the usual formula in the wrong value
            yield _forward(
                "constant outside", f"{node.name}, {keep}",
                lambda y, v, f=f, c=c: f(v - c) + c, 1.2, {"c": f"{c:g}", "op": node.about["op"]},
                at_node=node.name, keep=keep,
            )  # fmt: skip


def factors_of_neighbours(trace):
    """A term's gradient has a factor that belongs to the product beside it."""
    for node, index, parent in _edges(trace):
        if node.about.get("op") != "add" or node.about.get("rules") is None:
            continue
        for beside in node.parents[:index] + node.parents[index + 1 :]:
            product = trace.nodes[beside]
            if product.about.get("op") != "multiply":
                continue
            for name in product.parents:

                def change(t, n, i, g, name=name):
                    return fitted(g * t.value(name), t.value(n.parents[i]))

                yield Edit(
                    "factor of the neighbour", f"{node.name} toward {parent}, with {name}",
                    at((node.name, index), change), words={"parent": parent, "wrong": name},
                    cost=1.2,
                )  # fmt: skip


def own_factors(trace):
    """At a product of two numbers, a factor stands where the other one belongs."""
    for node, index, parent in _edges(trace):
        if node.about.get("op") == "multiply" and len(node.parents) == 2 and not node.value.ndim:
            yield Edit(
                "another factor", f"{node.name} toward {parent}, with {parent}",
                at((node.name, index), lambda t, n, i, g: g * t.value(n.parents[i])),
                words={"parent": parent, "wrong": parent}, cost=1.2,
            )  # fmt: skip


def other_functions(trace):
    """The slope is that of a function which is easily taken for this one."""
    taken = {
        "exp": ("the logarithm", lambda x: 1 / x),
        "log": ("exp", np.exp),
        "sin": ("the cosine", lambda x: -np.sin(x)),
        "cos": ("the sine", np.cos),
    }
    for node in trace.of_kind("elementwise"):
        if node.about.get("op") in taken and node.about.get("rules") is not None:
            other, slope = taken[node.about["op"]]
            yield Edit(
                "slope of another function", node.name,
                at(node.name, lambda t, n, i, g, d=slope: g * d(t.value(n.parents[0]))),
                words={"node": node.name, "wrong": other}, cost=1.2,
            )  # fmt: skip


def whole_kinds(trace):
    """All biases at once: without the mean of the loss, or with a penalty of some kind; or one
    variable times a number."""
    for name in trace.params if len(trace.params) > 1 else ():
        for c in (4.0, 3.0, 0.25):
            yield Edit(
                "another constant", f"{name}, {c:g}",
                total=lambda n, g, name=name, c=c: c * g if n == name else g,
                words={"own": [f"d{name}"], "c": f"{c:g}"}, cost=1.5,
            )  # fmt: skip
    biases = [n.parents[2] for n in trace.of_kind("affine")]
    own = {"own": [f"d{b}" for b in trace.params if b in biases]}
    m = _rows(trace)

    def on_biases(change):
        return lambda name, g: change(g, trace.value(name)) if name in biases else g

    if len(biases) > 1:
        yield Edit(
            "1/m missing in the biases", "", total=on_biases(lambda g, v: m * g), words=own,
        )  # fmt: skip
    for node in trace.of_kind("penalty"):
        lam = node.about.get("lam")
        if not lam or not biases:
            continue
        for family, what, slope in (
            ("another penalty on the biases", "divided", lambda v: lam / m * v),
            ("another penalty on the biases", "halved", lambda v: lam / 2 * v),
            ("another penalty on the biases", "doubled", lambda v: 2 * lam * v),
            ("lam on the biases", "as it is", lambda v: lam + 0 * v),
        ):
            yield Edit(
                family, f"every bias, {what}", total=on_biases(lambda g, v, s=slope: g + s(v)),
                words=own, cost=1.1,
            )  # fmt: skip


def other_forward(trace):
    """Another function is differentiated: something is lost in the forward pass."""
    for node in trace.nodes.values():
        if node.kind == "affine":
            yield _forward(
                "bias left out",
                node.name,
                lambda y, X, W, b: X @ W,
                1.2,
                {"parent": node.parents[2]},
            )
        act = node.about.get("act")
        for name, f in ACTIVATIONS.items():
            if act and name != act:
                yield _forward(
                    "another activation", f"{node.name}, {name}", lambda y, z, f=f: f(z), 1.6,
                    {"wrong": name}, at_node=node.name, keep=False,
                )  # fmt: skip
        op = node.about.get("op")
        if node.about.get("rules") is None or op not in ("add", "subtract", "multiply", "divide"):
            continue
        if len(node.parents) == 1:
            yield _forward("constant lost", node.name, lambda y, x: x + 0 * y, 1.6, {})
        elif op in ("add", "subtract"):
            for i, parent in enumerate(node.parents):
                sign = 1.0 if op == "add" or i == 0 else -1.0
                yield _forward(
                    "term lost in the forward pass", f"{node.name} without {parent}",
                    lambda y, *v, i=i, s=sign: y - s * v[i], 1.6, {"parent": parent},
                    at_node=node.name,
                )  # fmt: skip
                yield _forward(
                    "sign of a term in the forward pass", f"{node.name}, {parent}",
                    lambda y, *v, i=i, s=sign: y - 2 * s * v[i], 1.8, {"parent": parent},
                    at_node=node.name,
                )  # fmt: skip


def _forward(family, place, change, cost, words, at_node=None, keep=True):
    name = at_node or place
    return Edit(
        family, place, forward=_other(name, change, keep), words={"node": name, **words}, cost=cost
    )


def _other(name, change, keep=False):
    """Return the edit of a trace in which one node's value is changed by change(value, *parents).

    keep: whether its own local derivatives stay as they were: only its value was computed wrongly.
    """

    def forward(trace):
        node = trace.nodes[name]
        compute = lambda *v: change(node.compute(*v), *v)
        if keep:
            about = {**node.about, "pull": node.compute}
        else:
            about = {k: v for k, v in node.about.items() if k not in ("rules", "args", "slots")}
        return trace.rerun({name: replace(node, compute=compute, about=about)})

    return forward


def _edges(trace):
    for node in trace.nodes.values():
        for index, parent in enumerate(node.parents):
            if trace.needs_gradient(parent):
                yield node, index, parent


def _lowers(node, index):
    """Whether the node falls where this parent rises: it is subtracted or divided by."""
    return node.about.get("op") in ("subtract", "divide") and node.about.get("slots", (0, 0))[index]


def _is_one_of_many(trace, node, index):
    """Whether leaving out this contribution leaves others: a fork, or a node with other parents."""
    live = [p for p in node.parents if trace.needs_gradient(p)]
    return len(live) > 1 or len(trace.consumers(node.parents[index])) > 1


def _before(trace, name):
    found, todo = set(), [name]
    while todo:
        for p in trace.nodes[todo.pop()].parents:
            if p not in found:
                found.add(p)
                todo.append(p)
    return found


def _operand(trace, node, index):
    """Return the name of the other operand of a product."""
    if len(node.parents) == 2:
        return node.parents[1 - index]
    slot = node.about["slots"][index]
    value = node.about["args"][1 - slot]
    if isinstance(value, np.ndarray):
        return trace._constants.get(id(value), "the constant")
    return f"{float(value):g}"


def _like(trace, node, index, g):
    return fitted(np.broadcast_to(g, node.value.shape), trace.value(node.parents[index]))


def _inverted(trace, node, index, g):
    local = trace.pull_back(node, index, np.ones_like(node.value))
    return fitted(g / np.where(local == 0, np.nan, local), trace.value(node.parents[index]))


def _values_like(trace, shape):
    for name, node in trace.nodes.items():
        if np.shape(node.value) == tuple(shape) and shape:
            yield name, name


GENERAL = [
    paths,
    statistics,
    products,
    held_fixed,
    powers,
    broadcasts,
    matmuls,
    before_activation,
    softmaxes,
    activations,
    functions,
    losses,
    penalties,
    outputs,
    other_forward,
    slopes,
    around_activations,
    slopes_for_values,
    gradients_for_weights,
    other_targets,
    batch_statistics,
    factors_of_neighbours,
    own_factors,
    other_functions,
    whole_kinds,
]
