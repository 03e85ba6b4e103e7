"""Derivatives by reverse mode: every operation is recorded, and the gradient goes back along them.

An ordinary numpy function runs on Variables unchanged; each operation on them leaves a Variable
that remembers its arguments. The number it gets when it is made is all the order that the way back
needs: what comes later never feeds what came earlier. So nothing recurses, however long the chain.

    value, slope = value_and_grad(loss)(weights)

`grad`, `jacobian`, `vjp` (u J), `jvp` (J v) and `hvp` (H v) are made from the same pass, and may be
nested to any order. What an operation does to a gradient, and what happens at a kink, is told in
`tape_rules`. A plain array that a function has used must not be changed afterwards: the tape keeps
the array, not a copy.
"""

import itertools
import operator

import numpy as np

from course_utils.oracles import tape_rules
from course_utils.oracles.refusal import ask
from course_utils.oracles.tape_rules import (
    FUNCTIONS,
    PLAIN,
    RULES,
    log_softmax,
    logsumexp,
    softmax,
)

__all__ = [
    "Variable",
    "grad",
    "gradients",
    "hvp",
    "jacobian",
    "jvp",
    "log_softmax",
    "logsumexp",
    "softmax",
    "value_and_grad",
    "vjp",
]

_number = itertools.count().__next__
_SEQUENCES = {list, tuple}


class Variable:
    """An array or a float that remembers how it came about.

    value: the array or float. args, raw: what it was computed from, as given and as plain values.
    rules: one for each of args. index: its place in the order of creation.
    """

    __slots__ = ("args", "index", "raw", "rules", "value")

    def __init__(self, value, rules=(), args=(), raw=()):
        self.value = value
        self.rules = rules
        self.args = args
        self.raw = raw
        self.index = _number()

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        rules = RULES.get(ufunc)
        if kwargs or method != "__call__" or (rules is None and ufunc not in PLAIN):
            given = "".join(f", {name}=" for name in kwargs)
            call = "" if method == "__call__" else f".{method}"
            raise TypeError(f"the tape has no rule for np.{ufunc.__name__}{call}(...{given})")
        if not _SEQUENCES.isdisjoint(map(type, inputs)):
            inputs = [np.asarray(a) if type(a) in _SEQUENCES else a for a in inputs]
        raw = [a.value if type(a) is Variable else a for a in inputs]
        value = ufunc(*raw)
        if rules is None:
            return value
        if type(value) is np.float64 and not any(hasattr(a, "dtype") for a in raw):
            value = float(
                value
            )  # float32 arrays stay float32 beside a float, not beside np.float64
        return Variable(value, rules, inputs, raw)

    def __array_function__(self, function, types, args, kwargs):
        if function in RULES:
            return _record(function, *args)
        if function in FUNCTIONS:
            return FUNCTIONS[function](*args, **kwargs)
        if function in PLAIN:
            return function(*map(_plain, args), **{k: _plain(a) for k, a in kwargs.items()})
        name = f"{function.__module__}.{function.__name__}".replace("numpy", "np", 1)
        raise TypeError(f"the tape has no rule for {name}")

    def __array__(self, dtype=None, copy=None):
        raise TypeError(
            "a Variable cannot become a plain array, it would lose its gradient: "
            "leave out np.array and np.asarray, and join parts by np.stack or np.concatenate"
        )

    def __float__(self):
        raise TypeError(
            "a Variable cannot become a plain number, it would lose its gradient: "
            "leave out float() and int(), and use np.exp for math.exp"
        )

    __int__ = __index__ = __complex__ = __float__

    def __setitem__(self, key, value):
        raise TypeError("a Variable cannot be changed in place: use np.where or np.concatenate")

    def __getattr__(self, name):
        raise AttributeError(f"the tape does not know .{name} of an array")

    def __repr__(self):
        return f"Variable({self.value!r})"

    def __format__(self, spec):
        return format(self.value, spec)

    def __bool__(self):
        return bool(self.value)

    def __len__(self):
        return len(self.value)

    def __iter__(self):
        return (self[i] for i in range(len(self.value)))

    def __neg__(self):
        return Variable(-self.value, RULES[np.negative], (self,), (self.value,))

    def __pos__(self):
        return self

    def __abs__(self):
        return np.absolute(self)

    def __getitem__(self, key):
        return _record(tape_rules.taken, self, key)

    shape = property(lambda self: np.shape(self.value))
    ndim = property(lambda self: np.ndim(self.value))
    size = property(lambda self: np.size(self.value))
    dtype = property(lambda self: np.result_type(self.value))
    T = property(lambda self: _record(tape_rules.transposed, self, None))

    sum, mean, var, std = tape_rules.sum, tape_rules.mean, tape_rules.var, tape_rules.std
    max, min, dot, clip = tape_rules.max, tape_rules.min, tape_rules.dot, tape_rules.clip
    ravel = flatten = tape_rules.ravel
    squeeze, swapaxes = tape_rules.squeeze, tape_rules.swapaxes

    def reshape(self, *shape):
        return _record(tape_rules.reshaped, self, shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes):
        axes = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None
        return _record(tape_rules.transposed, self, axes)

    def astype(self, dtype):
        if not np.issubdtype(dtype, np.floating):
            return self.value.astype(dtype)  # whole numbers and truth values have no slope
        return _record(tape_rules.cast, self, dtype)

    def argmax(self, axis=None):
        return np.argmax(self.value, axis)

    def argmin(self, axis=None):
        return np.argmin(self.value, axis)

    def copy(self):
        return self  # nothing can change it


def _plain(a):
    return a.value if type(a) is Variable else a


def _record(function, *args):
    rules = RULES[function]
    if len(rules) != len(args):
        rules = rules[0](len(args))  # an operation of any number of arguments
    raw = [a.value if type(a) is Variable else a for a in args]
    return Variable(function.__wrapped__(*raw), rules, args, raw)


def _add_operator(name, compute, ufunc):
    rules = RULES[ufunc]

    def forward(self, other):
        y = other.value if type(other) is Variable else other
        if type(y) in _SEQUENCES:
            other = y = np.asarray(y)
        x = self.value
        return Variable(compute(x, y), rules, (self, other), (x, y))

    def reflected(self, other):
        if type(other) in _SEQUENCES:
            other = np.asarray(other)
        y = self.value
        return Variable(compute(other, y), rules, (other, self), (other, y))

    setattr(Variable, f"__{name}__", forward)
    setattr(Variable, f"__r{name}__", reflected)


def _add_plain_operator(name, compute):
    setattr(Variable, name, lambda self, other: compute(self.value, _plain(other)))


# Operators compute by themselves, not by ufuncs: between two floats they are ten times as fast.
for _name, _ufunc in {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "truediv": np.divide,
    "pow": np.power,
    "matmul": np.matmul,
}.items():
    _add_operator(_name, getattr(operator, _name), _ufunc)
for _name in ("lt", "le", "gt", "ge", "eq", "ne", "floordiv"):
    _add_plain_operator(f"__{_name}__", getattr(operator, _name))


# The way back.


def _reached(output, variables):
    """Return the Variables that lead from `variables` to `output`, old to young, and whether
    something older leads there too; there are none if `output` came before all of them."""
    first = min((v.index for v in variables), default=0)
    if not variables or type(output) is not Variable or output.index < first:
        return [], type(output) is Variable
    nodes, seen, older = [output], {output.index}, False
    for node in nodes:  # which grows meanwhile
        for a in node.args:
            if type(a) is Variable and a.index not in seen:
                if a.index < first:
                    older = True
                else:
                    seen.add(a.index)
                    nodes.append(a)
    nodes.sort(key=operator.attrgetter("index"))
    return nodes, older


def _pass_back(nodes, u, variables, recorded=False):
    """Return the gradients at `variables`, given `u`, that at the youngest of `nodes`.

    nodes: from old to young; the list is used up, so that what is not needed any more is freed
      and its memory, still in the cache, used again.
    recorded: whether the pass itself is recorded, for a higher order. The rules get Variables
      then, and only what leads from `variables` to the output is followed.
    """
    ask()
    found = dict.fromkeys(v.index for v in variables)
    needed = _descendants(nodes, set(found)) if recorded else None
    pending, own = {nodes[-1].index: u} if nodes else {}, set()
    while nodes:
        node = nodes.pop()
        index = node.index
        g = pending.pop(index, None)
        if index in found:
            found[index] = g
        if g is None:
            continue
        out, args = (node, node.args) if recorded else (node.value, node.raw)
        for a, rule in zip(node.args, node.rules, strict=True):
            if type(a) is not Variable or rule is None or (recorded and a.index not in needed):
                continue
            part, i = _fitted(rule(g, out, *args), a.value), a.index
            if i not in pending:
                pending[i] = part  # perhaps someone else's array too, so it is not added to
            elif i in own:
                pending[i] += part
            else:
                pending[i] = pending[i] + part
                if type(pending[i]) is np.ndarray and not recorded:
                    own.add(i)
    return _finished([found[v.index] for v in variables], variables, u)


def _descendants(nodes, ancestors):
    """Return the indices of `ancestors` and of all that was computed from them."""
    for node in nodes:
        if any(type(a) is Variable and a.index in ancestors for a in node.args):
            ancestors.add(node.index)
    return ancestors


def _fitted(part, value):
    """Sum `part` over the axes along which `value` was broadcast; a float stays a float."""
    if type(value) is float:
        if type(part) is float:
            return part
        part = part.sum() if part.shape else part
        return part if type(part) is Variable else float(part)
    if part.shape == value.shape:
        return part
    ahead = part.ndim - value.ndim
    stretched = (ahead + k for k, n in enumerate(value.shape) if n == 1 != part.shape[ahead + k])
    axes = (*range(ahead), *stretched)
    part = np.add.reduce(part, axes) if type(part) is np.ndarray else part.sum(axes)
    return part if part.shape == value.shape else part.reshape(value.shape)


def gradients(output, variables, u=None):
    """Return the gradients of `output` with respect to `variables`, a list of arrays and floats.

    variables: any Variables, also intermediate results of the computation.
    u: what the output is weighted by; by default 1, and then the output must be one number.

    >>> x = Variable(3.0)
    >>> square = x * x
    >>> gradients(square * x, [x, square])
    [27.0, 3.0]
    """
    u = _one(output) if u is None else _weight(u, output)
    return _pass_back(_reached(output, variables)[0], u, variables)


def _pull(output, leaves, u):
    """Return the gradients at the leaves of one trace, recorded if a trace around it needs them."""
    nodes, nested = _reached(output, leaves)
    return _pass_back(nodes, u, leaves, nested)


def _finished(found, variables, u):
    """Give every gradient the type of its variable, and memory of its own."""
    given, out = {id(u)}, []
    for g, variable in zip(found, variables, strict=True):
        value = variable.value
        if g is None:
            g = np.zeros_like(value)[()] if hasattr(value, "dtype") else 0.0
        elif type(value) is not float and type(g) is not Variable:
            if g.dtype is not value.dtype:
                g = np.asarray(g, value.dtype)[()]
            # Rules may pass on `g` or a view of it, even to two arguments.
            if g.base is not None or id(g) in given:
                g = g.copy()
            given.add(id(g))
        out.append(g)
    return out


def _one(output):
    """Return 1 in the type of `output`, which must be one number."""
    value = _plain(output)
    if isinstance(value, np.floating):
        return type(value)(1)
    if isinstance(value, complex) or np.shape(value) or np.asarray(value).dtype.kind not in "biuf":
        what = f"an array of shape {np.shape(value)}" if hasattr(value, "shape") else repr(value)
        raise TypeError(f"a gradient is of one number, but f returned {what}")
    return 1.0


# The tree of arguments: an array or number, or a tuple, list or dict of such trees.


def _leaves_of(x, leaves):
    """Return `x` with a new Variable for each array or number, which are added to `leaves`."""
    if isinstance(x, dict):
        return {key: _leaves_of(part, leaves) for key, part in x.items()}
    if isinstance(x, (list, tuple)):
        return type(x)([_leaves_of(part, leaves) for part in x])
    leaves.append(_leaf(x))
    return leaves[-1]


def _leaf(x):
    if type(x) is Variable:  # of a trace around this one
        return Variable(x.value, RULES[np.positive], (x,), (x.value,))
    if type(x) is not np.ndarray or x.dtype.kind != "f" or not x.ndim:
        if isinstance(x, float | int) and not isinstance(x, np.generic):
            return Variable(float(x))
        x = np.asarray(x)
        if x.dtype.kind not in "biuf":
            raise TypeError(f"no gradient with respect to values of type {x.dtype}")
        x = (x if x.dtype.kind == "f" else x.astype(float))[()]
    return Variable(x)


def _filled(x, parts):
    """Return the tree `x` with its arrays and numbers replaced by the iterator's `parts`."""
    if isinstance(x, dict):
        return {key: _filled(part, parts) for key, part in x.items()}
    if isinstance(x, (list, tuple)):
        return type(x)([_filled(part, parts) for part in x])
    return next(parts)


def _traced(f, x, constants=()):
    leaves = []
    return f(_leaves_of(x, leaves), *constants), leaves


# Derivatives of functions.


def value_and_grad(f):
    """Return the function of `(x, *constants)` that gives `(f(x, *constants), gradient in x)`.

    f: function with one number as its value, made of numpy functions and operators.
    x: array or number, or a tuple, list or dict of them; the gradient is made like x. Whole numbers
       are taken as floats, and float32 stays float32.
    Raises TypeError where f uses what the tape has no rule for, or returns no single number.

    >>> value_and_grad(lambda w: (w["a"] ** 2 * w["b"]).sum())({"a": np.array([1.0, 2.0]), "b": 3})
    (np.float64(15.0), {'a': array([ 6., 12.]), 'b': 5.0})
    """

    def value_and_gradient(x, *constants):
        output, leaves = _traced(f, x, constants)
        u = _one(output)
        nodes, nested = _reached(output, leaves)
        if not nested:
            output = output.value if nodes else output  # so that only `nodes` holds the trace
        return output, _filled(x, iter(_pass_back(nodes, u, leaves, nested)))

    return value_and_gradient


def grad(f, x):
    """Return the gradient of the scalar-valued `f` at `x`, made like x; see `value_and_grad`.

    >>> grad(lambda x: grad(np.sin, x), 0.0), grad(lambda x: np.maximum(0, x), 0.0)
    (-0.0, 0.5)
    """
    return value_and_grad(f)(x)[1]


def vjp(f, x, u):
    """Return u J, with J the Jacobian of `f` at `x`; u has the shape of f(x), the result that of x.

    >>> vjp(np.sin, np.zeros(2), np.array([1.0, 5.0]))
    array([1., 5.])
    """
    output, leaves = _traced(f, x)
    return _filled(x, iter(_pull(output, leaves, _weight(u, output))))


def jvp(f, x, v):
    """Return J v, with J the Jacobian of `f` at `x`; v is made like x, the result has f's shape.

    By two passes back: u J is linear in u, and J v is the gradient of (u J) v with respect to u.

    >>> jvp(lambda x: x[:2] * x[2], np.array([1.0, 2.0, 3.0]), np.array([0.0, 0.0, 1.0]))
    array([1., 2.])
    """
    output, leaves = _traced(f, x)
    u = Variable(np.zeros_like(_plain(output))[()])
    slopes = _pull(output, leaves, u)
    along = _inner(slopes, _parts(v, leaves))
    return _pull(along, [u], _one(along))[0]


def jacobian(f, x):
    """Return the array of shape (*f(x).shape, *x.shape) of the slopes of array-valued `f` at `x`.

    One pass forward, and one pass back for every entry of f(x).

    >>> jacobian(lambda x: x[::-1] ** 2, np.array([1.0, 2.0]))
    array([[0., 4.],
           [2., 0.]])
    """
    output, leaves = _traced(f, x)
    shape = np.shape(output)
    rows = []
    for i in np.ndindex(shape):
        u = np.zeros_like(_plain(output))
        u[i] = 1
        rows += _pull(output, leaves, u[()])
    if not rows:
        return np.zeros((*shape, *leaves[0].shape))
    return np.reshape(np.stack(rows), (*shape, *leaves[0].shape))


def hvp(f, x, v):
    """Return H v, with H the matrix of second derivatives of `f` at `x`, without forming it.

    >>> hvp(lambda x: x[0] ** 2 * x[1], np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    array([4., 2.])
    """

    def slope_along(x):
        output, leaves = _traced(f, x)
        return _inner(_pull(output, leaves, _one(output)), _parts(v, leaves))

    return grad(slope_along, x)


def _parts(v, leaves):
    parts = []
    _leaves_of(v, parts)
    if len(parts) != len(leaves):
        raise ValueError(f"v has {len(parts)} parts, but x has {len(leaves)}")
    for part, leaf in zip(parts, leaves, strict=True):
        _same_shape(part, leaf)
    return [part.args[0] if part.args else part.value for part in parts]


def _weight(u, output):
    """Return `u` in the type of `output`, whose shape it must have."""
    _same_shape(u, output)
    value = _plain(output)
    if type(u) is Variable:  # of a trace around this one
        return u
    return np.asarray(u, value.dtype)[()] if hasattr(value, "dtype") else float(u)


def _same_shape(u, value):
    if np.shape(u) != np.shape(value):
        raise ValueError(f"shape {np.shape(u)} was given where {np.shape(value)} is needed")


def _inner(ones, others):
    total = 0.0
    for one, other in zip(ones, others, strict=True):
        total = total + np.sum(one * other)
    return total
