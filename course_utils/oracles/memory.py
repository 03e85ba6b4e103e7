"""Truths that were found before, for those who ask for the same ones again and again.

Grading a class asks for each derivative once for every student. A truth is given again where
nothing that it depends on can differ: the code of the function, what it reads, and the point.
Where that cannot be told, as for a function that asks another process, it is found anew.

Nothing is remembered by itself; `remember` begins it for this process.
"""

import copy
import functools
import sys
import types

import numpy as np

from course_utils.oracles.refusal import ask

_truths = None
_LIGHT = (type(None), bool, int, str, bytes)
_NUMBERS = "biufcSU"
_ITSELF = (types.ModuleType, np.ufunc, type(np.mean))


class _Unknown(Exception):
    """What a value does cannot be told from what it holds."""


def remember():
    """Remember what the oracles find, from now on, in this process and in those that it forks."""
    global _truths
    _truths = {} if _truths is None else _truths


def remembered(oracle):
    """Let an oracle give again what it has found; its arguments are a function and values."""

    @functools.wraps(oracle)
    def given(*args, **named):
        global _truths
        if _truths is None:
            return oracle(*args, **named)
        ask()
        key = _key(oracle, args, named)
        if key in _truths:
            return copy.deepcopy(_truths[key])
        truths, _truths = _truths, None  # those that it asks for on the way are no use alone
        try:
            found = oracle(*args, **named)
        finally:
            _truths = truths
        keeps_something = key != _key(oracle, args, named)
        if key is not None and not keeps_something:
            _truths[key] = copy.deepcopy(found)
        return found

    return given


def _key(oracle, args, named):
    try:
        return oracle, _told((args, named), {})
    except (_Unknown, RecursionError):
        return None


def _told(value, seen):
    """Return something hashable that is the same only for values that do the same.

    seen: the functions met so far, with their numbers. Raises _Unknown.
    """
    kind = type(value)
    if kind in _LIGHT:
        return kind, value
    if kind in (float, complex):
        return kind, repr(value)  # tells -0.0 from 0.0
    if kind in (tuple, list):
        return kind, *(_told(item, seen) for item in value)
    if kind is dict:
        return kind, *(_told(pair, seen) for pair in value.items())
    if kind is np.ndarray and value.dtype.kind in _NUMBERS:
        return value.dtype.str, value.shape, value.strides, value.tobytes()
    if issubclass(kind, np.generic) and value.dtype.kind in _NUMBERS:
        return kind, value.dtype.str, value.tobytes()
    if kind is types.FunctionType and not _is_importable(value):
        return _told_function(value, seen)
    if kind is types.BuiltinFunctionType:
        of = value.__self__
        known = of is None or isinstance(of, types.ModuleType)
    else:
        known = isinstance(value, _ITSELF) or _is_importable(value)
    if not known:
        raise _Unknown
    return kind, value


def _told_function(function, seen):
    if id(function) in seen:
        return "again", seen[id(function)]
    seen[id(function)] = len(seen)
    try:
        held = [cell.cell_contents for cell in function.__closure__ or ()]
    except ValueError:  # a name that has no value yet
        raise _Unknown from None
    names, around = _names(function.__code__), function.__globals__
    if "random" in names:  # numpy's or Python's, which keep a state of their own
        raise _Unknown
    read = {name: around[name] for name in names if name in around}
    parts = function.__defaults__, function.__kwdefaults__, function.__dict__, held, read
    return function.__code__, _told(parts, seen)


@functools.cache
def _names(code):
    """Return the names that a piece of code may look up, those of functions inside included."""
    inner = [_names(part) for part in code.co_consts if isinstance(part, types.CodeType)]
    return tuple(dict.fromkeys([*code.co_names, *(name for names in inner for name in names)]))


def _is_importable(value):
    """Return whether it is the function or class that its module has under its name."""
    if not isinstance(value, types.FunctionType | type):
        return False
    module = sys.modules.get(value.__module__)
    return getattr(module, value.__qualname__, None) is value
