"""A Trace read off the tape: an ordinary forward function becomes named nodes.

What was recorded operation by operation is put together to what a learner thinks in: an affine
layer,
an activation, a softmax, a loss from logits, a penalty. Such pieces are recognised by their values,
so it does not matter how they are written.
"""

from dataclasses import replace

import numpy as np

from course_utils.diagnosis.record import Ref, record
from course_utils.diagnosis.trace import Node, Trace
from course_utils.oracles.tape import _fitted

ACTIVATIONS = {
    "sigmoid": lambda z: 0.5 * (1 + np.tanh(z / 2)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
}


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


class AutoTrace(Trace):
    """The Trace of f(*values), whose last node is the output.

    wanted: dict of the arrays whose gradients are asked for; data: dict of the others.
    upstream: the gradient that reaches an array-valued output; by default 1 for a number.
    apart: whether operations stay as they are, and none are put together.
    """

    def __init__(self, f, wanted, data=None, upstream=None, apart=False):
        super().__init__()
        inputs = {**wanted, **(data or {})}
        self.steps, constants = record(f, inputs)
        self.upstream = 1.0 if upstream is None else np.asarray(upstream, float)
        self._wanted = list(wanted)
        self._constants = constants
        self._need, self._uses = {}, {}
        _Builder(self, inputs).build(apart)
        for name, node in self.nodes.items():
            self._need[name] = node.kind == "param" or any(self._need[p] for p in node.parents)
            for i, p in enumerate(node.parents):
                self._uses.setdefault(p, []).append((node, i))
        self._cache = {}

    def needs_gradient(self, name):
        return self._need[name]

    def unfitted(self, node, index, upstream):
        """Return the contribution before it is summed over what was broadcast, or None."""
        rules = node.about.get("rules")
        if rules is None:
            return None
        args, slots = list(node.about["args"]), node.about["slots"]
        for slot, parent in zip(slots, node.parents, strict=True):
            args[slot] = self.value(parent)
        part = rules[slots[index]](np.asarray(upstream)[()], node.value, *args)
        return np.asarray(part, float)

    def rerun(self, changes):
        """Return the trace of another forward pass: changes is a dict of nodes by name."""
        other = AutoTrace.__new__(AutoTrace)
        other.__dict__.update(self.__dict__)
        other.nodes, other._cache = {}, {}
        for name, node in self.nodes.items():
            node = changes.get(name, node)
            if node.parents:
                value = node.compute(*(other.nodes[p].value for p in node.parents))
                node = replace(node, value=np.asarray(value, float))
            other.nodes[name] = node
        return other

    def consumers(self, name):
        return self._uses.get(name, [])

    def pull_back(self, node, index, upstream, values=None):
        """As of a Trace; an upstream that has lost or kept an axis by mistake goes through too."""
        key = None
        if values is None:
            upstream = np.asarray(upstream)
            key = (node.name, index, upstream.shape, upstream.tobytes())
            if key in self._cache:
                return self._cache[key]
        values = list(values or (self.value(p) for p in node.parents))
        rules = node.about.get("rules")
        if rules is not None:
            args, slots = list(node.about["args"]), node.about["slots"]
            for slot, value in zip(slots, values, strict=True):
                args[slot] = value
            out = node.about["function"](*args) if key is None else node.value
            part = rules[slots[index]](np.asarray(upstream)[()], out, *args)
            odd = np.shape(upstream) != np.shape(node.value)  # an axis was kept by mistake
            found = np.asarray(part if odd else fitted(part, values[index]))
        elif "mean_of" in node.about and np.shape(upstream) != np.shape(node.value):
            shape = np.broadcast_shapes(np.shape(upstream), np.shape(values[index]))
            found = np.broadcast_to(upstream / node.about["mean_of"], shape)
        else:
            if "pull" in node.about:
                node = replace(node, compute=node.about["pull"])
            found = super().pull_back(node, index, upstream, values)
        if key is not None:
            if len(self._cache) > 4000:
                self._cache.clear()
            self._cache[key] = found
        return found


def fitted(part, value):
    part, value = np.asarray(part, float), np.asarray(value, float)
    if part.ndim < value.ndim:
        return np.broadcast_to(part, value.shape)
    try:
        return _fitted(part, value)
    except ValueError:
        return part  # a shape that no right gradient has


class _Builder:
    """Puts steps together to nodes."""

    def __init__(self, trace, inputs):
        self.trace, self.inputs = trace, inputs
        self.steps = trace.steps
        self.used = {}
        for step in self.steps:
            for i in step.refs:
                self.used.setdefault(i, []).append(step.index)
        self.before = []
        for step in self.steps:
            above = set()
            for i in step.refs:
                above |= self.before[i] | {i}
            self.before.append(above)
        self.made = {}  # index of a step -> (kind, indices of its parents, about)
        self.hidden = set()
        self.names = {}

    def build(self, apart):
        last = self.steps[-1].index
        if not apart:
            self._losses()
            self._affine()
            self._penalties()
            self._activations()
        self._means()
        for step in self.steps:
            if step.op == "leaf":
                self._leaf(step)
            elif step.index not in self.hidden or step.index == last:
                self._node(step)

    def _free(self, top, bottoms):
        """Return the steps strictly between bottoms and top, or None if one is used elsewhere."""
        between, todo = set(), [top]
        while todo:
            for i in self.steps[todo.pop()].refs:
                if i not in bottoms and i not in between:
                    if self.steps[i].op == "leaf":
                        return None
                    between.add(i)
                    todo.append(i)
        inside = between | {top}
        for i in between:
            if any(user not in inside for user in self.used[i]) or i in self.hidden:
                return None
        return between

    def _make(self, top, parents, kind, **about):
        between = self._free(top, set(parents))
        if between is None or top in self.hidden:
            return False
        self.hidden |= between
        self.made[top] = (kind, tuple(parents), about)
        return True

    def _losses(self):
        for step in reversed(self.steps):
            if np.ndim(step.value) or step.op == "leaf":
                continue
            for squash in ("softmax", "sigmoid"):
                if self._loss(step, squash):
                    return

    def _loss(self, step, squash):
        above = sorted(self.before[step.index])
        targets = [i for i in above if self.steps[i].op == "leaf"]
        for z in above:
            Z = np.asarray(self.steps[z].value)
            if not Z.ndim or (squash == "softmax" and Z.ndim < 2):
                continue
            for y in targets:
                Y = np.asarray(self.steps[y].value)
                if y == z or Y.shape != Z.shape or (Y < 0).any() or (Y > 1).any():
                    continue
                if squash == "softmax":
                    base = -(Y * np.log(softmax(Z))).sum()
                else:
                    base = (np.logaddexp(0, Z) - Y * Z).sum()
                ratio = float(step.value) / base if base else 0.0
                for mean, c in ((False, 1.0), (True, 1 / len(Z)), (False, 1 / Z.size)):
                    if abs(ratio - c) < 1e-12:
                        return self._make(step.index, (z, y), "loss", mean=mean, squash=squash)
        return False

    def _affine(self):
        for step in self.steps:
            if step.op != "add" or step.index in self.hidden:
                continue
            refs = [a.index if type(a) is Ref else None for a in step.args]
            for m, b in (refs, refs[::-1]):
                if m is None or b is None or self.steps[m].op != "matmul":
                    continue
                product = self.steps[m]
                bias = self.steps[b]
                if (
                    len(product.refs) == 2
                    and bias.op == "leaf"
                    and np.ndim(bias.value) < max(np.ndim(product.value), 1)
                ):
                    X, W = product.refs
                    if self.steps[X].op == "leaf" and self.steps[W].op != "leaf":
                        X, W = W, X  # v @ h + c: the parameter is the one that is given
                    if np.ndim(product.value) and tuple(product.refs) == (X, W):
                        self._make(step.index, (X, W, b), "affine")

    def _activations(self):
        for step in self.steps:
            if step.op == "leaf" or step.index in self.hidden or step.index in self.made:
                continue
            value = np.asarray(step.value)
            if (
                step.op == "maximum"
                and len(step.refs) == 1
                and 0 in [a for a in step.args if isinstance(a, int | float)]
            ):
                self._make(step.index, tuple(step.refs), "elementwise", act="relu")
                continue
            for i in sorted(self.before[step.index]):
                inner = np.asarray(self.steps[i].value)
                if inner.shape != value.shape:
                    continue
                act = _which(value, inner)
                if act == "softmax":
                    made = self._make(step.index, (i,), "merge", softmax=True)
                elif act:
                    made = self._make(step.index, (i,), "elementwise", act=act)
                else:
                    continue
                if made:
                    break

    def _means(self):
        """A sum that is divided by how many were added is a mean."""
        for step in self.steps:
            if step.op != "divide" or step.index in self.hidden or step.index in self.made:
                continue
            if len(step.refs) != 1 or type(step.args[0]) is not Ref:
                continue
            inner = self.steps[step.refs[0]]
            if inner.op == "total" and np.ndim(step.args[1]) == 0:
                (x,) = inner.refs
                n = np.size(self.steps[x].value) / max(np.size(inner.value), 1)
                if n > 1 and float(step.args[1]) == n:
                    self._make(step.index, (x,), "merge", mean_of=int(n), label="mean")

    def _penalties(self):
        """A sum of squares of parameters alone, beside what depends on data too."""
        leaves = lambda i: {k for k in self.before[i] if self.steps[k].op == "leaf"}
        for step in reversed(self.steps[:-1]):
            if np.ndim(step.value) or step.op == "leaf" or step.index in self.hidden:
                continue
            mine = sorted(leaves(step.index))
            squares = [float((np.asarray(self.steps[i].value) ** 2).sum()) for i in mine]
            names = list(self.inputs)
            if any(names[i] not in self.trace._wanted for i in mine) or not sum(squares):
                continue
            if not any(np.ndim(self.steps[i].value) for i in mine):
                continue  # the square of a number is a term like any other
            ratio = float(step.value) / sum(squares)
            between = self._free_below(step.index)
            if between is None or not ratio > 0:
                continue
            parents = tuple(mine)
            compute = self._composite(sorted(between | {step.index}), step.index, parents)
            bent = [
                np.cos(7.0 * np.arange(np.size(self.steps[i].value))).reshape(
                    np.shape(self.steps[i].value)
                )
                for i in mine
            ]
            again = ratio * sum(float((v**2).sum()) for v in bent)
            if abs(float(compute(*bent)) - again) > 1e-9 * again:
                continue
            users = self.used.get(step.index, [])
            if any(leaves(u) - set(mine) for u in users) or any(
                np.ndim(self.steps[u].value) == 0 and self.steps[u].op == "add" for u in users
            ):
                self.hidden |= between
                self.made[step.index] = ("penalty", parents, {"lam": 2 * ratio})

    def _free_below(self, top):
        between = {i for i in self.before[top] if self.steps[i].op != "leaf"}
        inside = between | {top}
        if any(user not in inside for i in between for user in self.used[i]):
            return None
        return between

    def _leaf(self, step):
        name = list(self.inputs)[step.index]
        self.names[step.index] = name
        enter = self.trace.param if name in self.trace._wanted else self.trace.given
        enter(name, step.value)

    def _node(self, step):
        kind, parents, about = self.made.get(step.index, (None, None, {}))
        if kind is None:
            kind, parents, about = self._plain(step)
        names = [self.names[p] for p in parents]
        about = {**about, "op": step.op}
        if "rules" not in about:
            between = sorted(self._between(step.index, set(parents)))
            compute = self._composite(between, step.index, parents)
        else:
            args, slots, function = about["args"], about["slots"], about["function"]
            compute = _call(function, args, slots)
        name = self._name(step)
        self.names[step.index] = name
        value = np.asarray(step.value, float)
        node = Node(name, kind, tuple(names), compute, value, about)
        about["text"] = name if name == step.name else self._text(node, about)
        self.trace.nodes[name] = node

    def _text(self, node, about):
        """Say what an unnamed value is, by the values it is made of."""
        parts = [self.trace.nodes[p].about.get("text", p) for p in node.parents]
        if node.kind == "affine":
            text = f"{parts[0]} @ {parts[1]} + {parts[2]}"
        elif "act" in about:
            text = f"{about['act']}({parts[0]})"
        elif about.get("softmax"):
            text = f"softmax({parts[0]})"
        elif about.get("op") == "taken" and isinstance(about["args"][1], int):
            text = f"{parts[0]}[{about['args'][1]}]"
        elif about.get("op") in _SIGNS and "args" in about:
            args, rest = [], iter(parts)
            for a in about["args"]:
                args.append(next(rest) if a is None else self._constant_text(a))
            sign = _SIGNS[about["op"]]
            args = [f"({a})" if " " in a and sign not in ("+", "-") else a for a in args]
            text = f" {sign} ".join(args) if sign != "**" else "**".join(args)
        else:
            label = about.get("label") or _PLAIN_WORDS.get(about.get("op"), about.get("op"))
            text = f"the {label} of {parts[0]}"
        return text if len(text) <= 44 else f"the {_PLAIN_WORDS.get(about.get('op'), 'value')}"

    def _constant_text(self, a):
        if isinstance(a, np.ndarray) and a.ndim:
            return self.trace._constants.get(id(a), "a constant")
        return f"{float(a):g}"

    def _between(self, top, bottoms):
        between, todo = {top}, [top]
        while todo:
            for i in self.steps[todo.pop()].refs:
                if i not in bottoms and i not in between:
                    between.add(i)
                    todo.append(i)
        return between

    def _plain(self, step):
        slots = [k for k, a in enumerate(step.args) if type(a) is Ref]
        args = []
        for a in step.args:
            if type(a) is not Ref and isinstance(a, np.ndarray) and a.dtype.kind == "f" and a.ndim:
                self._constant(a)
            args.append(None if type(a) is Ref else a)
        parents = tuple(step.refs)
        about = {
            "rules": step.rules, "args": args, "slots": slots,
            "function": step.function,
        }  # fmt: skip
        one = len(parents) == 1 and np.shape(step.value) == np.shape(self.steps[parents[0]].value)
        spread = one and step.op in _ENTRYWISE
        return ("elementwise" if spread else "merge"), parents, about

    def _constant(self, array):
        """Let a plain array of the forward pass be known by its name."""
        name = self.trace._constants.get(id(array))
        if name and name not in self.trace.nodes:
            self.trace.given(name, array)

    def _name(self, step):
        name = step.name
        taken = self.trace.nodes
        if not name or name in taken or name in self.inputs:
            kind = self.made.get(step.index, (None,))[0]
            about = self.made.get(step.index, (0, 0, {}))[2]
            name = {"affine": "pre-activation", "loss": "loss", "penalty": "penalty"}.get(kind)
            name = name or about.get("act") or about.get("label") or step.op
            name = "softmax" if about.get("softmax") else _PLAIN_WORDS.get(name, name)
            stem, k = name, 2
            while name in taken:
                name, k = f"{stem} {k}", k + 1
        return name

    def _composite(self, between, top, parents):
        order, steps = between, self.steps

        def compute(*values):
            now = dict(zip(parents, values, strict=True))
            for i in order:
                step = steps[i]
                args = [now[a.index] if type(a) is Ref else a for a in step.args]
                now[i] = step.function(*args)
            return now[top]

        return compute


_SIGNS = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**", "matmul": "@",
}  # fmt: skip
_PLAIN_WORDS = {
    "add": "sum", "subtract": "difference", "multiply": "product", "divide": "quotient",
    "matmul": "matrix product", "total": "total", "largest": "largest entry",
}  # fmt: skip
_ENTRYWISE = {
    *("add", "subtract", "multiply", "divide", "power", "negative", "exp", "log", "log1p", "tanh"),
    *("sin", "cos", "sqrt", "square", "maximum", "minimum", "absolute", "reciprocal", "positive"),
}


def _call(function, args, slots):
    def compute(*values):
        full = list(args)
        for slot, value in zip(slots, values, strict=True):
            full[slot] = value
        return function(*full)

    return compute


def _which(value, inner):
    if value.size < 3:
        near = {n: f(inner) for n, f in ACTIVATIONS.items() if n != "relu"}
    else:
        near = {n: f(inner) for n, f in ACTIVATIONS.items()}
        if not ((inner > 0).any() and (inner < 0).any()):
            near.pop("relu")
        if value.ndim and value.shape[-1] > 1:
            near["softmax"] = softmax(inner)
    for name, guess in near.items():
        if np.allclose(value, guess, rtol=1e-12, atol=1e-15):
            return name
    return ""
