"""The student's side: a notebook's cells in an IPython shell, driven over a pipe.

It runs in the sandbox, and holds nothing that a student may not see: no test, no expected value.
Whatever it sends may come from the student's code; the judge treats it so.
"""

import builtins
import contextlib
import os
import random
import signal
import sys
import threading
import traceback
import types
import warnings

import numpy as np

from course_utils import oracles
from course_utils.figures import static
from course_utils.instructor.examiner.protocol import Channel, Closed, TooLarge
from course_utils.instructor.examiner.shell import Shell, Sink, Stream, message_of
from course_utils.instructor.examiner.values import ALL, ARRAYS, CannotCross, Values

_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)
_NUMPYS = (np.ufunc, type(np.mean), types.FunctionType, types.BuiltinFunctionType)
RING_AGAIN = 1.0  # seconds, for code that swallows the first interruption
FRAMES = 10
MOST_OWN = 50  # attributes of an object
_LIGHT = (bool, float, type(None))
WARNINGS = 20


class TimeLimit(KeyboardInterrupt):
    """Raised in the student's code when its time is up."""


class Candidate(Values):
    """Serves the judge's requests, one at a time, until the judge has gone."""

    def __init__(self, channel, shell):
        super().__init__(1, weak=False)
        self.channel, self.shell = channel, shell
        self.objects, self.object_numbers = {}, {}
        self.nonce, self.calls, self.in_talk, self.limit = b"", 0, 0, 0
        self.rang, self.armed = False, False
        self.streams = sys.stdout, sys.stderr
        self.main = threading.get_ident()

    def serve(self):
        """Answer requests; return what the judge answers to a callback of ours."""
        while True:
            with self._talking():
                self.nonce, what, *parts = self.channel.receive()
            if what == "answer":
                return parts
            nonce = self.nonce
            reply = getattr(self, f"_do_{what}")(*parts)
            with self._talking():
                try:
                    self.channel.send([nonce, *reply])
                except TooLarge as error:
                    if what == "names":
                        self.channel.send([nonce, *self._do_names(*parts, by_value=False)])
                    else:
                        told = self._raised(CannotCross(f"is too large: {error}"))
                        self.channel.send([nonce, "raised", told, [], "", [], []])

    # Requests

    def _do_run(self, cell, source, seconds, draw):
        if sys.stdout is None or sys.stderr is None:  # IPython cannot do without
            sys.stdout, sys.stderr = self.streams
        sink = self.shell.sink = Sink()
        shown = contextlib.nullcontext() if draw else static.nothing_shown()
        ok, late = False, False
        try:
            with self._alarm(seconds), shown:
                result = self.shell.run_cell(source, store_history=True, cell_id=cell)
            ok = result.success
            late = isinstance(result.error_in_exec, TimeLimit)
        except TimeLimit:  # rang outside of what IPython catches
            self._disarm()
            late = True
        except BaseException as error:
            sink.error(type(error).__name__, message_of(error), [message_of(error)])
        if late and not any(output[0] == "error" for output in sink.outputs):
            told = f"ran longer than {self.limit:.3g} s"  # it rang again while IPython told it
            sink.error("TimeLimit", told, [told])
        return ["ran", sink.message(), ok, late]

    def _do_names(self, names, gone, by_value=True):
        self._forget(gone)
        found = []
        for name in names:
            if name in self.shell.user_ns:
                value = self.shell.user_ns[name]
                try:
                    part = self.encode(value, ARRAYS) if by_value else self._refer_to(value)
                except CannotCross:
                    part = self._refer_to(value)
                found.append([name, part])
        return ["names", found]

    def _do_call(self, target, arguments, named, seconds, context, gone, changes):
        def call():
            function = self._target(target)
            args = [self.decode(part) for part in arguments]
            kwargs = {name: self.decode(part) for name, part in named}
            self.apply(changes)
            return function(*args, **kwargs)

        self._forget(gone)
        return self._answer(call, seconds, context, ARRAYS)

    def _do_get(self, number, name, seconds, gone, changes):
        """Give an attribute; where it is one of an object's own, all of its own."""
        thing = self.objects[number]
        self._forget(gone)
        self.apply(changes)
        if name in (own := _own(thing)):
            return self._answer(lambda: _Own(own), seconds, [], ALL)
        return self._answer(lambda: getattr(thing, name), seconds, [], ALL)

    def _do_set(self, number, name, part, seconds, gone, changes):
        self._forget(gone)
        value = self.decode(part)
        self.apply(changes)
        return self._answer(lambda: setattr(self.objects[number], name, value), seconds, [], ARRAYS)

    def _target(self, target):
        kind, *parts = target
        if kind == "method":  # of the type, as an operator looks it up
            number, name = parts
            thing = self.objects[number]
            return types.MethodType(getattr(type(thing), name), thing)
        return self.objects[parts[0]]

    def _answer(self, act, seconds, context, share):
        """Return the reply to a request for `act()`: its value or what it raised, and traces."""
        outer, self.shell.sink = self.shell.sink, Sink()
        talk = self.in_talk  # inside a callback, which is itself a part of a talk
        self.calls += 1
        try:
            with warnings.catch_warnings(record=True) as warned, _errstate(context):
                warnings.simplefilter("always")
                try:
                    self.in_talk = 0
                    with self._alarm(seconds), oracles.refused():
                        value, own = act(), []
                        if type(value) is _Own:
                            part = ["own", [[n, self.encode(v)] for n, v in value.of.items()]]
                        else:
                            part = ["value", self.encode(value, share)]
                            own = self._at_once(part[1])
                        changes = self.changes()
                    self.in_talk = talk
                except BaseException as error:
                    self.in_talk = talk
                    if self.calls == 1:
                        self._disarm()  # it may have rung while it was being switched off
                    part, own = ["raised", self._raised(error)], []
                    changes = self._changes_or_none()
            text = "".join(o[2] for o in self.shell.sink.message() if o[:2] == ["stream", "stdout"])
            said = [[w.category.__name__, str(w.message)[:1_000]] for w in warned[:WARNINGS]]
            return [*part, changes, text, said, own]
        finally:
            self.calls -= 1
            self.shell.sink = outer

    def _at_once(self, part):
        """Return the plain attributes of an object that is given: a test asks for them next."""
        match part:
            case ["o", number, "object", *_]:
                own = _own(self.objects[number])
                return [[name, value] for name, value in own.items() if type(value) in _LIGHT]
        return []

    def _changes_or_none(self):
        try:
            return self.changes()
        except CannotCross:
            return []

    def _raised(self, error):
        """Return an exception as a message's part: its name, its built-in base, text and lines."""
        if isinstance(error, TimeLimit):
            return ["late"]
        if token := getattr(error, "_judges", None):
            return ["ours", token]
        base = next(t for t in type(error).__mro__ if t.__module__ == "builtins")
        frames = [
            [frame.f_code.co_name, line]
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_code.co_filename in self.shell.compile._filename_map
        ]
        detail = getattr(error, "name", None)
        detail = detail if isinstance(detail, str) else ""
        name = type(error).__name__
        return ["student", name, base.__name__, message_of(error), frames[-FRAMES:], detail]

    def _forget(self, gone):
        for number in gone:
            thing = self.objects.pop(number, None)
            if thing is not None:
                self.object_numbers.pop(id(thing), None)
        self.forget(gone)

    # Callbacks

    def call_back(self, number, arguments, named):
        """Call a function of the judge's from the student's code."""
        if not self.calls or threading.get_ident() != self.main:
            raise RuntimeError("this function belongs to a check that is over")
        args = [self.encode(value, ARRAYS) for value in arguments]
        kwargs = [[name, self.encode(value, ARRAYS)] for name, value in named.items()]
        with self._talking():  # until the answer has come, or it would be taken for another's
            self.channel.send([self.nonce, "callback", number, args, kwargs, self.changes()])
            nonce = self.nonce
            kind, part, gone, changes = self.serve()
            self.nonce = nonce
        self._forget(gone)
        value = self.decode(part) if kind == "value" else None
        self.apply(changes)
        if kind == "value":
            return value
        token, name, base, text = part
        raise _judges_error(token, name, base, text)

    # What is not plain

    def refer(self, value):
        if type(value) is types.FunctionType and "_judges" in value.__dict__:
            return ["F", value._judges]
        if type(value) in _NUMPYS and getattr(np, value.__name__, None) is value:
            return ["u", value.__name__]
        if type(value) is type and getattr(builtins, value.__name__, None) is value:
            return ["T", value.__name__]
        if issubclass(type(value), np.dtype):
            return ["D", value.str]
        return self._refer_to(value)

    def _refer_to(self, value):
        number = self.object_numbers.get(id(value))
        if number is None:
            number, self.next = self.next, self.next + 2
            self.objects[number] = value
            self.object_numbers[id(value)] = number
        if issubclass(type(value), type):
            return ["o", number, "class", value.__name__, []]
        if type(value) in _FUNCTIONS:
            return ["o", number, "function", value.__name__, [_parameters(value), _names(value)]]
        of = self._refer_to(type(value))[1]
        return ["o", number, "object", type(value).__name__, [of, callable(value)]]

    def follow(self, tag, parts):
        if tag == "h":
            return self.objects[parts[0]]
        if tag == "f":
            return _stub(self, *parts)
        if tag == "u":
            return getattr(np, parts[0])
        if tag == "T":
            return getattr(builtins, parts[0])
        if tag == "D":
            return np.dtype(parts[0])
        return super().follow(tag, parts)

    # Time

    @contextlib.contextmanager
    def _alarm(self, seconds):
        """Raise TimeLimit in what runs after `seconds`, and again for as long as it goes on."""
        if self.calls > 1:  # inside a callback: the time of the outer call holds
            yield
            return
        self.limit, self.rang = seconds, False
        self.armed = True
        signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01), RING_AGAIN)
        try:
            yield
        finally:
            self._disarm()

    def _disarm(self):
        self.armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, signum, frame):
        if self.in_talk:
            self.rang = True  # a message must be whole
        elif self.armed:
            raise TimeLimit(f"ran longer than {self.limit:.3g} s")

    @contextlib.contextmanager
    def _talking(self):
        self.in_talk += 1
        try:
            yield
        finally:
            self.in_talk -= 1
        if self.rang and not self.in_talk and self.calls:
            self.rang = False
            raise TimeLimit(f"ran longer than {self.limit:.3g} s")


class _Own:
    """The attributes of an object of the student's."""

    def __init__(self, attributes):
        self.of = attributes


def _own(thing):
    """Return the attributes that an object has of its own, where they are few."""
    own = {} if isinstance(thing, type) else getattr(thing, "__dict__", {})
    return own if type(own) is dict and len(own) <= MOST_OWN else {}


def _errstate(context):
    return np.errstate(**dict(context)) if context else contextlib.nullcontext()


def _parameters(function):
    import inspect

    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [[p.name, int(p.kind), p.default is not p.empty] for p in found][:50]


def _names(function):
    code = getattr(function, "__code__", None)
    return list(code.co_names)[:200] if code else []


def _stub(candidate, number, name):
    def call_back(*args, **kwargs):
        return candidate.call_back(number, args, kwargs)

    call_back.__name__ = call_back.__qualname__ = name
    call_back._judges = number
    return call_back


def _judges_error(token, name, base, text):
    """Return an exception that stands for one that was raised in a function of the judge's."""
    kind = getattr(builtins, base, Exception)
    error = kind(text) if name == base else type(name, (kind,), {})(text)
    error._judges = token
    return error


def serve(sock):
    """Be the candidate of the judge at the other end of `sock`; returns when that has gone."""
    shell = Shell.instance()
    random.seed()
    np.random.seed()
    sys.stdout, sys.stderr = Stream(shell, "stdout"), Stream(shell, "stderr")
    candidate = Candidate(Channel(sock), shell)
    try:
        candidate.serve()
    except Closed:
        pass
    finally:
        os._exit(0)
