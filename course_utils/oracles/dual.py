"""Forward mode: every value carries its derivative along one direction.

A Dual stands in for an array in ordinary numpy code. numpy asks it what a ufunc or a function
means (`__array_ufunc__`, `__array_function__`), and each answer is one line of calculus below.
"""

from functools import partialmethod

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from course_utils.oracles.refusal import ask


class Dual(NDArrayOperatorsMixin):
    """An array `value` and its derivative `tangent` along one direction, of the same shape.

    Comparisons and `argsort`-like questions are answered by the value alone. Where the tangent
    would be lost (`float(x)`, `math.sin(x)`, `np.zeros(3)[0] = x`) a TypeError says so.
    """

    def __init__(self, value, tangent):
        ask()
        self.value = np.asarray(value, float)
        self.tangent = np.asarray(tangent, float)
        if self.tangent.shape != self.value.shape:
            self.tangent = np.broadcast_to(self.tangent, self.value.shape).copy()

    shape = property(lambda self: self.value.shape)
    ndim = property(lambda self: self.value.ndim)
    size = property(lambda self: self.value.size)
    dtype = property(lambda self: self.value.dtype)
    T = property(lambda self: np.transpose(self))

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        name = ufunc.__name__
        if method == "reduce" and name in REDUCTIONS:
            result = REDUCTIONS[name](*inputs, **{"axis": 0} | options)
        elif method != "__call__" or options:
            raise TypeError(f"np.{name}.{method} with {options or 'these arguments'}: {UNKNOWN}")
        elif name in LEVEL:
            result = ufunc(*map(_value, inputs))
        elif name in ("matmul", "vecdot"):
            result = _bilinear(ufunc, *inputs)
        elif name in PARTIALS:
            result = _chain(ufunc, PARTIALS[name], inputs)
        else:
            raise TypeError(f"np.{name}: {UNKNOWN}")
        return result if out is None else _store(result, *out)

    def __array_function__(self, function, types, args, options):
        if function not in FUNCTIONS:
            raise TypeError(f"np.{function.__name__}: {UNKNOWN}")
        return FUNCTIONS[function](*args, **options)

    def __getitem__(self, index):
        return Dual(self.value[index], self.tangent[index])

    def __setitem__(self, index, new):
        self.value[index], self.tangent[index] = _value(new), _tangent(new)

    def __len__(self):
        return len(self.value)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __bool__(self):
        return bool(self.value)

    def _refuse(self, *args, **options):
        raise TypeError(
            "a dual number cannot become a plain number or array: its derivative would be lost "
            "(float(), math.*, np.array([...]), or an entry of a plain array was set to it)"
        )

    __float__ = __int__ = __complex__ = __index__ = __array__ = _refuse

    def copy(self):
        """Return a Dual that shares no memory with this one."""
        return Dual(self.value.copy(), self.tangent.copy())

    def astype(self, dtype, **options):
        """Return a copy for float64, and refuse every other dtype."""
        return self.copy() if np.dtype(dtype) == np.dtype(float) else self._refuse()

    def reshape(self, *shape, **options):
        """Return np.reshape of it; the shape may come as one tuple or as numbers."""
        shape = shape[0] if len(shape) == 1 else shape
        return np.reshape(self, shape, **options)

    def transpose(self, *axes):
        """Return np.transpose of it; the axes may come as one tuple or as numbers."""
        return np.transpose(self, (axes[0] if len(axes) == 1 else axes) or None)


def _value(a):
    return a.value if isinstance(a, Dual) else a


def _tangent(a):
    return a.tangent if isinstance(a, Dual) else np.zeros_like(np.asarray(a, float))


def _store(result, target):
    """Write `result` into the Dual `target`, as `x += y` and `out=` do, and return it."""
    if not isinstance(target, Dual):
        result._refuse()
    target[...] = result
    return target


def _chain(ufunc, partials, inputs):
    """Return ufunc(inputs): its tangent sums partial derivative times tangent (the chain rule)."""
    values = [np.asarray(_value(a), float) for a in inputs]
    y = ufunc(*values)
    tangent = np.zeros(np.shape(y))
    for a, partial in zip(inputs, partials, strict=True):
        if isinstance(a, Dual):
            # An entry without tangent contributes nothing, even where the slope is infinite.
            with np.errstate(all="ignore"):
                part = partial(y, *values) * a.tangent
            tangent = tangent + np.where(a.tangent == 0, 0.0, part)
    return Dual(y, tangent)


def _bilinear(product, a, b, **options):
    value = product(_value(a), _value(b), **options)
    left = product(_tangent(a), _value(b), **options)
    return Dual(value, left + product(_value(a), _tangent(b), **options))


UNKNOWN = "no derivative rule in forward mode; write it with functions that have one"

# Ufuncs whose result is locally constant, so that it has no tangent.
LEVEL = {
    "equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "isnan", "isfinite",
    "isinf", "signbit", "logical_not", "logical_and", "logical_or", "logical_xor", "sign",
    "floor", "ceil", "trunc", "rint",
}  # fmt: skip


def _power_by_exponent(y, a, b):
    return y * np.log(np.where(a > 0, a, 1.0))


# Partial derivatives by each input, from the result y and the inputs.
PARTIALS = {
    "positive": [lambda y, a: 1.0],
    "negative": [lambda y, a: -1.0],
    "add": [lambda y, a, b: 1.0, lambda y, a, b: 1.0],
    "subtract": [lambda y, a, b: 1.0, lambda y, a, b: -1.0],
    "multiply": [lambda y, a, b: b, lambda y, a, b: a],
    "divide": [lambda y, a, b: 1 / b, lambda y, a, b: -y / b],
    "remainder": [lambda y, a, b: 1.0, lambda y, a, b: -np.floor(a / b)],
    "power": [
        lambda y, a, b: np.where(b == 0, 0.0, b * a ** np.where(b == 0, 1.0, b - 1)),
        _power_by_exponent,
    ],
    "square": [lambda y, a: 2 * a],
    "sqrt": [lambda y, a: 0.5 / y],
    "cbrt": [lambda y, a: 1 / (3 * y**2)],
    "reciprocal": [lambda y, a: -(y**2)],
    "exp": [lambda y, a: y],
    "exp2": [lambda y, a: y * np.log(2)],
    "expm1": [lambda y, a: np.exp(a)],
    "log": [lambda y, a: 1 / a],
    "log2": [lambda y, a: 1 / (a * np.log(2))],
    "log10": [lambda y, a: 1 / (a * np.log(10))],
    "log1p": [lambda y, a: 1 / (1 + a)],
    "sin": [lambda y, a: np.cos(a)],
    "cos": [lambda y, a: -np.sin(a)],
    "tan": [lambda y, a: 1 + y**2],
    "arcsin": [lambda y, a: 1 / np.sqrt(1 - a**2)],
    "arccos": [lambda y, a: -1 / np.sqrt(1 - a**2)],
    "arctan": [lambda y, a: 1 / (1 + a**2)],
    "sinh": [lambda y, a: np.cosh(a)],
    "cosh": [lambda y, a: np.sinh(a)],
    "tanh": [lambda y, a: 1 - y**2],
    "arctan2": [lambda y, a, b: b / (a**2 + b**2), lambda y, a, b: -a / (a**2 + b**2)],
    "hypot": [lambda y, a, b: a / y, lambda y, a, b: b / y],
    "logaddexp": [lambda y, a, b: np.exp(a - y), lambda y, a, b: np.exp(b - y)],
    "absolute": [lambda y, a: np.sign(a)],
    "fabs": [lambda y, a: np.sign(a)],
    "conjugate": [lambda y, a: 1.0],
    # Where both are equal each gets half, the middle of the slopes on both sides.
    "maximum": [
        lambda y, a, b: (a > b) + 0.5 * (a == b),
        lambda y, a, b: (b > a) + 0.5 * (a == b),
    ],
    "minimum": [
        lambda y, a, b: (a < b) + 0.5 * (a == b),
        lambda y, a, b: (b < a) + 0.5 * (a == b),
    ],
}


def _linear(function):
    """Return the rule of a function that only moves, repeats or adds entries."""

    def rule(a, *args, **options):
        if not isinstance(a, Dual | list | tuple):
            raise TypeError(f"np.{function.__name__} of a plain array: {UNKNOWN}")
        if isinstance(a, list | tuple):
            return Dual(
                function([_value(b) for b in a], *args, **options),
                function([_tangent(b) for b in a], *args, **options),
            )
        return Dual(function(a.value, *args, **options), function(a.tangent, *args, **options))

    return rule


def _on_value(function):
    return lambda *args, **options: function(*map(_value, args), **options)


def _sum(a, axis=None, dtype=None, out=None, **options):
    return _linear(np.sum)(a, axis=axis, **options)


def _extreme(extreme):
    def rule(a, axis=None, out=None, keepdims=False, **options):
        best = extreme(a.value, axis=axis, keepdims=True, **options)
        hits = a.value == best
        tangent = np.sum(a.tangent * hits, axis=axis, keepdims=True) / np.sum(
            hits, axis=axis, keepdims=True
        )
        found = Dual(best, tangent)
        return found if keepdims else np.reshape(found, np.sum(a.value, axis=axis).shape)

    return rule


def _prod(a, axis=None, keepdims=False, **options):
    if axis is None:
        found = _prod(a.reshape(-1), 0)
        return found.reshape((1,) * a.ndim) if keepdims else found
    rows = np.moveaxis(a, axis, 0)
    product = rows[0]
    for row in list(rows)[1:]:
        product = product * row
    return np.expand_dims(product, axis) if keepdims else product


def _cumprod(a, axis=None):
    rows = list(np.moveaxis(a.reshape(-1) if axis is None else a, axis or 0, 0))
    for k in range(1, len(rows)):
        rows[k] = rows[k - 1] * rows[k]
    return np.moveaxis(np.stack(rows), 0, axis or 0)


def _var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    away = a - np.mean(a, axis=axis, keepdims=True)
    total = np.sum(away**2, axis=axis, keepdims=keepdims)
    return total / (a.size / max(total.size, 1) - ddof)


def _std(a, **options):
    return np.sqrt(_var(a, **options))


def _norm(a, ord=None, axis=None, keepdims=False):
    if ord not in (None, 1, 2, np.inf, "fro") or (
        ord in (1, 2, np.inf) and axis is None and a.ndim > 1
    ):
        raise TypeError(f"np.linalg.norm with ord={ord!r}: {UNKNOWN}")
    if ord == 1:
        return np.sum(np.abs(a), axis=axis, keepdims=keepdims)
    if ord == np.inf:
        return np.max(np.abs(a), axis=axis, keepdims=keepdims)
    return np.sqrt(np.sum(a**2, axis=axis, keepdims=keepdims))


def _where(condition, *choices):
    condition = _value(condition)
    if not choices:
        return np.where(condition)
    return Dual(
        np.where(condition, *map(_value, choices)), np.where(condition, *map(_tangent, choices))
    )


def _clip(a, a_min=None, a_max=None, **options):
    a = a if a_min is None else np.maximum(a, a_min)
    return a if a_max is None else np.minimum(a, a_max)


def _sort(a, axis=-1, **options):
    order = np.argsort(a.value, axis=axis, kind="stable")
    return Dual(*(np.take_along_axis(b, order, axis) for b in (a.value, a.tangent)))


def _multilinear_einsum(subscripts, *arrays, **options):
    values = [_value(a) for a in arrays]
    tangent = sum(
        np.einsum(subscripts, *values[:k], a.tangent, *values[k + 1 :], **options)
        for k, a in enumerate(arrays)
        if isinstance(a, Dual)
    )
    return Dual(np.einsum(subscripts, *values, **options), tangent)


def _product(product):
    return lambda a, b, **options: _bilinear(product, a, b, **options)


def _inverse(a):
    inverse = np.linalg.inv(a.value)
    return Dual(inverse, -inverse @ a.tangent @ inverse)


def _solve(a, b):
    x = np.linalg.solve(_value(a), _value(b))
    return Dual(x, np.linalg.solve(_value(a), _tangent(b) - _tangent(a) @ x))


LINEAR = [
    np.sum, np.mean, np.cumsum, np.diff, np.trace, np.diag, np.diagonal, np.reshape, np.ravel,
    np.transpose, np.squeeze, np.expand_dims, np.broadcast_to, np.moveaxis, np.swapaxes, np.flip,
    np.roll, np.rot90, np.tile, np.repeat, np.take, np.concatenate, np.stack, np.vstack, np.hstack,
    np.column_stack, np.atleast_1d, np.atleast_2d, np.copy, np.pad, np.triu, np.tril, np.real,
    np.delete, np.average, np.fliplr, np.flipud, np.take_along_axis,
]  # fmt: skip
ON_VALUE = [
    np.shape, np.ndim, np.size, np.argmax, np.argmin, np.argsort, np.zeros_like, np.ones_like,
    np.full_like, np.any, np.all, np.nonzero, np.round, np.isclose, np.allclose, np.array_equal,
    np.iscomplexobj, np.isrealobj, np.count_nonzero, np.searchsorted, np.result_type,
]  # fmt: skip
FUNCTIONS = {function: _linear(function) for function in LINEAR}
FUNCTIONS |= {function: _on_value(function) for function in ON_VALUE}
FUNCTIONS |= {p: _product(p) for p in (np.dot, np.inner, np.outer, np.tensordot, np.vdot)}
FUNCTIONS |= {
    np.sum: _sum,
    np.max: _extreme(np.max),
    np.min: _extreme(np.min),
    np.prod: _prod,
    np.cumprod: _cumprod,
    np.var: _var,
    np.std: lambda a, axis=None, **options: _std(a, axis=axis, **options),
    np.linalg.norm: _norm,
    np.linalg.inv: _inverse,
    np.linalg.solve: _solve,
    np.where: _where,
    np.clip: _clip,
    np.sort: _sort,
    np.einsum: _multilinear_einsum,
    np.imag: lambda a: np.zeros_like(a.value),
    np.split: lambda a, *args, **options: [
        Dual(v, t)
        for v, t in zip(
            np.split(a.value, *args, **options), np.split(a.tangent, *args, **options), strict=True
        )
    ],
}
REDUCTIONS = {
    "add": _sum,
    "multiply": _prod,
    "maximum": FUNCTIONS[np.max],
    "minimum": FUNCTIONS[np.min],
}


def _as_method(array, function, *args, **options):
    return function(array, *args, **options)


# The methods of an array are its functions.
METHODS = [
    np.sum, np.mean, np.cumsum, np.max, np.min, np.prod, np.var, np.std, np.ravel, np.squeeze,
    np.repeat, np.take, np.clip, np.diagonal, np.trace, np.argmax, np.argmin, np.argsort, np.any,
    np.all, np.round, np.dot, np.swapaxes,
]  # fmt: skip
for _function in METHODS:
    setattr(Dual, _function.__name__, partialmethod(_as_method, _function))
Dual.flatten = lambda self: self.ravel().copy()
Dual.conj = Dual.conjugate = Dual.copy
Dual.real = property(Dual.copy)


def jvp(f, x, v):
    """Return (f(x), J v): the value and the derivative along `v`, in the shape of f(x).

    f: function of an array written with numpy. x, v: arrays of one shape. Exact to rounding.
    Raises TypeError for a function without a rule. Source: Wengert, Commun. ACM 7 (1964).

    >>> jvp(np.sin, 0.0, 2.0)
    (0.0, 2.0)
    """
    x = np.array(x, float)
    y = f(Dual(x, np.array(v, float)))
    if isinstance(y, list | tuple):
        y = np.stack(y) if any(isinstance(a, Dual) for a in y) else np.array(y, float)
    return (_plain(_value(y)), _plain(_tangent(y)))


def _plain(a):
    return np.asarray(a, float) if np.ndim(a) else float(a)


def jacobian(f, x):
    """Return the Jacobian of `f` at `x`, shape (m, n), one forward pass a column.

    >>> jacobian(lambda x: x[0] * x, [2.0, 3.0]).tolist()
    [[4.0, 0.0], [3.0, 2.0]]
    """
    x = np.array(x, float)
    columns = [np.ravel(jvp(f, x, unit.reshape(x.shape))[1]) for unit in np.eye(x.size)]
    return np.array(columns).reshape(x.size, -1).T


def gradient(f, x):
    """Return the gradient at `x` of an `f` that returns one number, in x's shape.

    >>> gradient(lambda x: np.sum(x**2), [1.0, 2.0]).tolist()
    [2.0, 4.0]
    """
    slope = jacobian(f, x)
    if len(slope) != 1 and np.size(x):
        raise ValueError(f"f returned {len(slope)} values: only one number has a gradient")
    return slope.reshape(np.shape(x))
