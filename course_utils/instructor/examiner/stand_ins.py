"""What stands in a test for a thing of the student's: functions, classes, objects, exceptions.

Each holds the number under which the candidate knows the thing, and whom to ask. An object has
only those operators that the source's class defines, so that it cannot lie through others.
"""

import ast
import builtins
import contextlib
import inspect
import sys
import types

import numpy as np

from course_utils.instructor.examiner.protocol import ProtocolError
from course_utils.instructor.examiner.values import DTYPE, a, pairs

THEIRS = "<your code>"
NEVER = (
    "__init__",
    "__new__",
    "__getattribute__",
    "__getattr__",
    "__setattr__",
    "__del__",
    "__class__",
    "__init_subclass__",
    "__reduce__",
    "__reduce_ex__",
    "__bool__",
)


class StudentError(Exception):
    """An exception of the student's whose kind is not one of Python's own."""


class Opaque:
    """Something of the student's that a test can hold and hand back, and nothing else."""

    def __bool__(self):
        raise TypeError(f"returned {a(type(self).__name__)}, which is neither true nor false")

    def __repr__(self):
        return f"<{type(self).__name__} of the student's>"


class About:
    """What a stand-in stands for: the judge, and the candidate's number."""

    def __init__(self, judge, number):
        self.judge, self.number = judge, number


def about_of(value):
    """Return the About of a stand-in; None for all else, whatever it says of itself."""
    try:
        found = object.__getattribute__(value, "_stands_for")
    except AttributeError:
        return None
    return found if type(found) is About else None


def function(judge, number, name, about):
    """Return a function that has the student's one called. about: its parameters and names used."""

    def stand_in(*args, **kwargs):
        return judge.call(["it", number], args, kwargs, name)

    stand_in.__name__ = stand_in.__qualname__ = name
    stand_in._stands_for = About(judge, number)
    stand_in.names_used = ()
    with contextlib.suppress(Exception):  # both are only ever shown
        parameters, names = about
        stand_in.names_used = tuple(word for word in names if type(word) is str)
        stand_in.__signature__ = _signature(parameters)
    return stand_in


def _signature(parameters):
    made = []
    for name, kind, optional in parameters[:50]:
        default = Ellipsis if optional else inspect.Parameter.empty
        kind = inspect._ParameterKind(kind)
        made.append(inspect.Parameter(name, kind, default=default))
    return inspect.Signature(made)


def student_class(judge, number, name, definition):
    """Return a class that stands for the student's, with the operators that the source's has."""

    class Meta(type):
        def __call__(cls, *args, **kwargs):
            return judge.call(["it", number], args, kwargs, name)

        def __getattr__(cls, attribute):
            if attribute.startswith("_"):
                raise AttributeError(attribute)
            return judge.get(cls, attribute)

    def get(self, attribute):
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return judge.get(self, attribute)

    def put(self, attribute, value):
        judge.set(self, attribute, value)

    members = {
        "__hash__": object.__hash__,
        "__getattr__": get,
        "__setattr__": put,
        "__bool__": Opaque.__bool__,
    }
    members["__repr__"] = Opaque.__repr__
    members["_stands_for"] = About(judge, number)
    for statement in definition.body if definition else ():
        if isinstance(statement, ast.FunctionDef) and _is_operator(statement.name):
            members[statement.name] = _operator(judge, statement.name)
    return Meta(name, (Opaque,), members)


def _is_operator(name):
    return name.startswith("__") and name.endswith("__") and name not in NEVER


def _operator(judge, name):
    if name in ("__repr__", "__str__", "__format__"):

        def text(self, *args):
            said = judge.call(["method", about_of(self).number, name], args, {}, name)
            return said[:200] if type(said) is str else Opaque.__repr__(self)

        return text

    def operator(self, *args):
        return judge.call(["method", about_of(self).number, name], args, {}, name)

    return operator


def student_object(judge, number, cls, name, is_callable):
    if cls is None:
        members = {}
        if is_callable:
            members["__call__"] = lambda self, *args, **kwargs: judge.call(
                ["it", number], args, kwargs, name
            )
        cls = type(name, (Opaque,), members)
    made = object.__new__(cls)
    object.__setattr__(made, "_stands_for", About(judge, number))
    return made


def known(tag, name):
    if tag == "D":
        if not DTYPE.fullmatch(name):
            raise ProtocolError("no known dtype")
        return np.dtype(name)
    found = getattr(np if tag == "u" else builtins, name, None)
    wanted = isinstance(found, np.ufunc | types.FunctionType) if tag == "u" else False
    if not wanted and not (isinstance(found, type) and not name.startswith("_")):
        raise ProtocolError("no known name")
    return found


def error_like(name, base, text, detail, frames):
    """Return an exception of this name, with a traceback that has the student's lines."""
    kind = getattr(builtins, base, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        kind = StudentError
    if name != base or kind is StudentError:
        name = name if name.isidentifier() and len(name) < 100 else "Exception"
        kind = type(name, (kind,), {})
    try:
        error = kind(_Raw(text))
    except Exception:  # such as UnicodeDecodeError, which wants five arguments
        error = type(name, (StudentError,), {})(text)
    if detail and isinstance(error, NameError):
        error.name = detail[:100]
    lines = [
        (fn[:100] if fn.isidentifier() or fn[:1] == "<" else "<function>", line)
        for fn, line in pairs(frames)[-10:]
        if type(line) is int and 0 < line < 100_000
    ]
    return _with_lines(error, lines)


class _Raw(str):
    """A text that is shown as it is, also by exceptions that show the repr of their argument."""

    __repr__ = str.__str__


def _with_lines(error, lines):
    """Return the error with a traceback through these functions of the student's cell."""
    traceback = None
    for name, line in reversed(lines):
        code = _FRAME.__code__.replace(co_name=name, co_filename=THEIRS, co_firstlineno=line)
        frame = types.FunctionType(code, {"sys": sys})()
        traceback = types.TracebackType(traceback, frame, 0, line)
    return error.with_traceback(traceback)


def _FRAME():
    return sys._getframe()
