"""What the tape knows: how a gradient goes back through each operation.

For `out = f(x, y, ...)` there is a rule for every argument, `rule(g, out, x, y, ...)`: it takes the
gradient `g` with respect to `out` and returns what it contributes to that argument; None stands
for an argument without a slope, such as an axis. What an elementwise rule returns may still have
the shape of `out`: the tape sums it back to the shape of the argument.

Rules are written with operators and numpy functions only, so that one and the same rule runs on
arrays for the first order and on Variables for the higher orders. A rule may return `g` itself,
but never another of its arguments, since gradients are handed to the caller.

At a kink the slope is the mean of the two sides, which is also what central differences see:
abs has 0, maximum and minimum 1/2 for each of two equal arguments, max and min share equally among
their ties. A function that is flat between its jumps (sign, floor, comparisons, argmax) gives a
plain array.
"""

import functools
from math import log

import numpy as np

RULES = {
    np.add: (lambda g, out, x, y: g, lambda g, out, x, y: g),
    np.subtract: (lambda g, out, x, y: g, lambda g, out, x, y: -g),
    np.multiply: (lambda g, out, x, y: g * y, lambda g, out, x, y: g * x),
    np.divide: (lambda g, out, x, y: g / y, lambda g, out, x, y: -g * out / y),
    # Where y = 0 the power stays 0 instead of -1: the slope is then 0 at x = 0 too, not 0 * inf.
    np.power: (
        lambda g, out, x, y: g * (y * x ** (y - (y != 0))),
        lambda g, out, x, y: g * out * np.log(np.where(x == 0, 1, x)),
    ),
    np.maximum: (
        lambda g, out, x, y: g * _above(x, y),
        lambda g, out, x, y: g * _above(y, x),
    ),
    np.minimum: (
        lambda g, out, x, y: g * _above(y, x),
        lambda g, out, x, y: g * _above(x, y),
    ),
    np.logaddexp: (
        lambda g, out, x, y: g * np.exp(x - out),
        lambda g, out, x, y: g * np.exp(y - out),
    ),
    np.hypot: (lambda g, out, x, y: g * x / out, lambda g, out, x, y: g * y / out),
    np.arctan2: (
        lambda g, out, x, y: g * y / (x * x + y * y),
        lambda g, out, x, y: -g * x / (x * x + y * y),
    ),
    np.positive: (lambda g, out, x: g,),
    np.negative: (lambda g, out, x: -g,),
    np.absolute: (lambda g, out, x: g * np.sign(x),),
    np.fabs: (lambda g, out, x: g * np.sign(x),),
    np.square: (lambda g, out, x: g * (2 * x),),
    np.sqrt: (lambda g, out, x: g / (2 * out),),
    np.cbrt: (lambda g, out, x: g / (3 * out * out),),
    np.reciprocal: (lambda g, out, x: -g * out * out,),
    np.exp: (lambda g, out, x: g * out,),
    np.exp2: (lambda g, out, x: g * out * log(2),),
    np.expm1: (lambda g, out, x: g * np.exp(x),),
    np.log: (lambda g, out, x: g / x,),
    np.log2: (lambda g, out, x: g / (x * log(2)),),
    np.log10: (lambda g, out, x: g / (x * log(10)),),
    np.log1p: (lambda g, out, x: g / (1 + x),),
    np.sin: (lambda g, out, x: g * np.cos(x),),
    np.cos: (lambda g, out, x: -g * np.sin(x),),
    np.tan: (lambda g, out, x: g * (1 + out * out),),
    np.arcsin: (lambda g, out, x: g / np.sqrt(1 - x * x),),
    np.arccos: (lambda g, out, x: -g / np.sqrt(1 - x * x),),
    np.arctan: (lambda g, out, x: g / (1 + x * x),),
    np.sinh: (lambda g, out, x: g * np.cosh(x),),
    np.cosh: (lambda g, out, x: g * np.sinh(x),),
    np.tanh: (lambda g, out, x: g * (1 - out * out),),
    np.arcsinh: (lambda g, out, x: g / np.sqrt(x * x + 1),),
    np.arccosh: (lambda g, out, x: g / np.sqrt(x * x - 1),),
    np.arctanh: (lambda g, out, x: g / (1 - x * x),),
}
PLAIN = {
    *(np.sign, np.floor, np.ceil, np.trunc, np.rint, np.floor_divide, np.heaviside, np.signbit),
    *(np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal),
    *(np.isfinite, np.isinf, np.isnan, np.logical_and, np.logical_or, np.logical_not),
    *(np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.empty_like, np.full_like),
    *(np.argmax, np.argmin, np.argsort, np.round, np.around, np.count_nonzero, np.nonzero),
    *(np.isclose, np.allclose, np.array_equal, np.any, np.all, np.result_type, np.iscomplexobj),
}
FUNCTIONS = {}  # numpy's functions, with the arguments that the tape takes, told in those above


def operation(*rules):
    """Make a function of positional arguments an operation with these rules.

    As with numpy's own functions, an argument with `__array_function__` takes the call over.
    """

    def decorate(compute):
        @functools.wraps(compute)
        def call(*args):
            for a in args:
                if hasattr(type(a), "__array_function__") and not isinstance(a, np.ndarray):
                    return a.__array_function__(call, (type(a),), args, {})
            return compute(*args)

        RULES[call] = rules
        return call

    return decorate


def known(*functions):
    """Let a function on Variables stand for these functions of numpy."""

    def decorate(function):
        FUNCTIONS.update(dict.fromkeys(functions, function))
        return function

    return decorate


def _above(x, y):
    """Return 1 where x > y, 1/2 where x = y, 0 elsewhere; as truth values if none are equal."""
    above, ties = np.greater(x, y), np.equal(x, y)
    if not np.count_nonzero(ties):  # the usual case, three times as fast
        return above
    return np.where(ties, 0.5, above).astype(np.result_type(x, y))


# Products.


def _matmul_left(g, out, x, y):
    if y.ndim == 1:
        return g[..., None] * y if x.ndim > 1 else g * y
    if x.ndim == 1:
        return (g[..., None, :] @ y.swapaxes(-1, -2))[..., 0, :]
    return g @ y.swapaxes(-1, -2)


def _matmul_right(g, out, x, y):
    if x.ndim == 1:
        return x[:, None] * g[..., None, :] if y.ndim > 1 else g * x
    if y.ndim == 1:
        return (x.swapaxes(-1, -2) @ g[..., None])[..., 0]
    return x.swapaxes(-1, -2) @ g


RULES[np.matmul] = (_matmul_left, _matmul_right)


@known(np.dot)
def dot(x, y):
    if np.ndim(x) == 0 or np.ndim(y) == 0:
        return x * y
    if np.ndim(y) > 2:
        raise TypeError("the tape has no rule for np.dot of arrays with three axes: use @")
    return x @ y


@known(np.outer)
def outer(x, y):
    return np.reshape(x, (-1, 1)) * np.reshape(y, (1, -1))


def _einsum_rule(i):
    def rule(g, out, subscripts, *operands):
        inputs, output = subscripts.split("->")
        inputs = inputs.split(",")
        others = [output, *inputs[:i], *inputs[i + 1 :]]
        kept = "".join(s for s in inputs[i] if s in "".join(others))
        arrays = g, *operands[:i], *operands[i + 1 :]
        part = contract(",".join(others) + "->" + kept, *arrays)
        # A letter that stands here alone was summed: the same slope along its whole axis.
        sizes = np.shape(operands[i])
        part = part[tuple(slice(None) if s in kept else None for s in inputs[i])]
        return np.broadcast_to(part, sizes)

    return rule


@operation(lambda n: (None, *map(_einsum_rule, range(n - 1))))
def contract(subscripts, *operands):
    return np.einsum(subscripts, *operands, optimize=len(operands) > 2)


@known(np.einsum)
def einsum(subscripts, *operands, optimize=True):
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    if "." in inputs or any(len(set(s)) < len(s) for s in inputs.split(",")):
        raise TypeError(f"the tape has no rule for np.einsum with {subscripts!r}")
    if not arrow:
        output = "".join(s for s in sorted(set(inputs) - {","}) if inputs.count(s) == 1)
    return contract(f"{inputs}->{output}", *operands)


# Sums and extremes over axes.


def _spread(g, axis, keepdims):
    """Put the axes of a reduction back, with length 1."""
    return g if keepdims or axis is None else np.expand_dims(g, axis)


@operation(
    lambda g, out, x, axis, keepdims: np.broadcast_to(_spread(g, axis, keepdims), np.shape(x)),
    None,
    None,
)
def total(x, axis, keepdims):
    return np.add.reduce(x, axis, keepdims=keepdims)  # np.sum without its wrapping


def _share(g, out, x, axis, keepdims):
    ties = np.equal(x, _spread(out, axis, keepdims)).astype(out.dtype)
    return _spread(g, axis, keepdims) * (ties / ties.sum(axis, keepdims=True))


@operation(_share, None, None)
def largest(x, axis, keepdims):
    return np.max(x, axis, keepdims=keepdims)


@operation(_share, None, None)
def smallest(x, axis, keepdims):
    return np.min(x, axis, keepdims=keepdims)


@operation(
    lambda g, out, x, axis, keepdims: (
        _spread(g, axis, keepdims) * np.exp(x - _spread(out, axis, keepdims))
    ),
    None,
    None,
)
def log_total_exp(x, axis, keepdims):
    top = np.max(x, axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)  # all -inf: the sum is 0, not exp(-inf + inf)
    with np.errstate(divide="ignore"):
        out = top + np.log(np.sum(np.exp(x - top), axis, keepdims=True))
    return out if keepdims else np.squeeze(out, axis)[()]


@known(np.sum)
def sum(x, axis=None, *, keepdims=False):
    return total(x, axis, keepdims)


@known(np.max, np.amax)
def max(x, axis=None, *, keepdims=False):
    return largest(x, axis, keepdims)


@known(np.min, np.amin)
def min(x, axis=None, *, keepdims=False):
    return smallest(x, axis, keepdims)


@known(np.mean)
def mean(x, axis=None, *, keepdims=False):
    out = total(x, axis, keepdims)
    return out / (np.size(x) / np.size(out))


@known(np.var)
def var(x, axis=None, *, ddof=0, keepdims=False):
    rest = x - mean(x, axis, keepdims=True)
    out = total(rest * rest, axis, keepdims)
    return out / (np.size(x) / np.size(out) - ddof)


@known(np.std)
def std(x, axis=None, *, ddof=0, keepdims=False):
    return np.sqrt(var(x, axis, ddof=ddof, keepdims=keepdims))


@known(np.linalg.norm)
def norm(x, ord=None, axis=None, keepdims=False):
    if ord is not None and (ord != 2 or isinstance(axis, tuple) or (axis is None and x.ndim > 1)):
        raise TypeError(f"the tape has no rule for np.linalg.norm with ord={ord!r} here")
    return np.sqrt(total(x * x, axis, keepdims))


def logsumexp(x, axis=None, keepdims=False):
    """Return log(sum(exp(x))) along `axis`, without overflow.

    >>> float(logsumexp(np.array([1000.0, 1000.0]))).hex() == (1000 + log(2)).hex()
    True
    """
    return log_total_exp(x, axis, keepdims)


@operation(lambda g, out, x, axis: g - np.exp(out) * g.sum(axis, keepdims=True), None)
def log_shares(x, axis):
    rest = x - np.maximum.reduce(x, axis, keepdims=True)
    return rest - np.log(np.add.reduce(np.exp(rest), axis, keepdims=True))


def log_softmax(x, axis=-1):
    """Return the logarithm of `softmax(x, axis)`, exact also where that is 0 in float64."""
    return log_shares(x, axis)


def softmax(x, axis=-1):
    """Return exp(x) divided by its sum along `axis`, without overflow."""
    return np.exp(log_softmax(x, axis))


# Shapes and places.


@operation(lambda g, out, x, shape: np.reshape(g, np.shape(x)), None)
def reshaped(x, shape):
    return np.reshape(x, shape)


@operation(lambda g, out, x, axes: transposed(g, axes and tuple(np.argsort(axes))), None)
def transposed(x, axes):
    return np.transpose(x, axes)


@operation(lambda g, out, x, one, two: g.swapaxes(one, two), None, None)
def swapped(x, one, two):
    return np.swapaxes(x, one, two)


@operation(lambda g, out, x, shape: g, None)  # the tape sums it back
def broadcast(x, shape):
    return np.broadcast_to(x, shape)


@operation(lambda g, out, x, dtype: cast(g, np.result_type(x)), None)
def cast(x, dtype):
    return np.asarray(x, dtype)[()]


@operation(lambda g, out, x, key: scattered(g, key, np.shape(x)), None)
def taken(x, key):
    return x[key]


@operation(lambda g, out, x, key, shape: g[key], None, None)
def scattered(x, key, shape):
    """Return zeros of `shape` with `x` added at `key`."""
    out = np.zeros(shape, x.dtype)
    parts = key if isinstance(key, tuple) else (key,)
    if all(
        part is None or isinstance(part, int | np.integer | slice | type(...)) for part in parts
    ):
        out[key] = x
    else:
        np.add.at(out, key, x)  # an entry taken twice gets both contributions
    return out


@operation(
    None,
    lambda g, out, where, x, y: np.where(where, g, 0),
    lambda g, out, where, x, y: np.where(where, 0, g),
)
def chosen(where, x, y):
    return np.where(where, x, y)[()]


def _piece_rule(i):
    def rule(g, out, axis, *arrays):
        start = int(np.sum([np.shape(a)[axis] for a in arrays[:i]], dtype=int))
        piece = slice(start, start + np.shape(arrays[i])[axis])
        return g[(slice(None),) * axis + (piece,)]

    return rule


@operation(lambda n: (None, *map(_piece_rule, range(n - 1))))
def joined(axis, *arrays):
    return np.concatenate(arrays, axis)


@known(np.where)
def where(condition, x, y):
    return chosen(condition, x, y)


@known(np.concatenate)
def concatenate(arrays, axis=0):
    if axis is None:
        return joined(0, *(np.reshape(a, -1) for a in arrays))
    return joined(axis % np.ndim(arrays[0]), *arrays)


@known(np.stack)
def stack(arrays, axis=0):
    return concatenate([np.expand_dims(a, axis) for a in arrays], axis)


@known(np.vstack)
def vstack(arrays):
    return concatenate([a if np.ndim(a) > 1 else np.reshape(a, (1, -1)) for a in arrays])


@known(np.hstack)
def hstack(arrays):
    arrays = [a if np.ndim(a) else np.reshape(a, 1) for a in arrays]
    return concatenate(arrays, 0 if np.ndim(arrays[0]) == 1 else 1)


@known(np.reshape)
def reshape(x, shape):
    return reshaped(x, shape)


@known(np.ravel)
def ravel(x):
    return reshaped(x, -1)


@known(np.expand_dims)
def expand_dims(x, axis):
    return reshaped(x, np.expand_dims(np.empty_like(x), axis).shape)


@known(np.squeeze)
def squeeze(x, axis=None):
    return reshaped(x, np.squeeze(np.empty_like(x), axis).shape)


@known(np.transpose)
def transpose(x, axes=None):
    return transposed(x, axes)


@known(np.swapaxes)
def swapaxes(x, axis1, axis2):
    return swapped(x, axis1, axis2)


@known(np.roll)
def roll(x, shift, axis=None):
    if axis is None:
        return roll(ravel(x), shift, 0).reshape(x.shape)
    order = (np.arange(x.shape[axis]) - shift) % x.shape[axis]
    return swapaxes(swapaxes(x, 0, axis)[order], 0, axis)


@known(np.broadcast_to)
def broadcast_to(x, shape):
    return broadcast(x, shape)


@known(np.clip)
def clip(x, a_min=None, a_max=None):
    x = x if a_min is None else np.maximum(x, a_min)
    return x if a_max is None else np.minimum(x, a_max)
