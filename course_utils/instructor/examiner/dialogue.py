"""The judge's talk with a candidate: questions, callbacks, and what to think of the answers.

Every byte that comes is looked at as if the student had made it. What no honest candidate sends
raises Gone, which no test can catch.
"""

import ast
import builtins
import contextlib
import math
import re
import secrets
import signal
import sys
import time
import warnings
import weakref

import numpy as np

from course_utils.checks import explain
from course_utils.checks.guard import TooSlow
from course_utils.instructor.examiner import stand_ins
from course_utils.instructor.examiner.protocol import GRACE, Closed, Late, ProtocolError, TooLarge
from course_utils.instructor.examiner.stand_ins import about_of
from course_utils.instructor.examiner.values import (
    MOST_KEYS_IN_ALL,
    NOTHING,
    CannotCross,
    Values,
    pairs,
    sized,
)

MOST_TEXT = 20_000
MOST_SAID = 100  # warnings of one call
DEEPEST_CALLS = 50  # callbacks within callbacks; each takes some of Python's own stack
WITHHELD = "(what it says is withheld: it came up in a hidden test)"
ALARMS = {signal.SIGALRM, signal.SIGVTALRM}
_NUMPY_WARNS = re.compile(
    r"(divide by zero|overflow|underflow|invalid value) encountered in (?:scalar )?(\w+)"
)
_DEFAULT_ERRSTATE = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}


class Gone(BaseException):
    """The candidate has ended, or must be ended. Not an Exception: no test may catch it.

    tampered: whether it sent what no honest candidate sends.
    """

    def __init__(self, reason, *, tampered=False):
        super().__init__(reason)
        self.reason, self.tampered = reason, tampered


class Dialogue(Values):
    """Asks one candidate, and keeps what stands for its things here.

    channel: to the candidate. definitions: `{name: ast.ClassDef or None}` of what answers define.
    deadline: by time.monotonic(), for what is asked now. hidden: whether a hidden test runs; what
    the student's code prints or says is withheld then. lates: how often its time was up.
    """

    def __init__(self, channel, definitions):
        super().__init__(2, weak=True)
        self.channel, self.definitions = channel, definitions
        self.functions, self.function_numbers, self.errors = {}, {}, {}
        self.stand_ins, self.classes = weakref.WeakValueDictionary(), {}
        self.lates, self.deadline, self.given = 0, math.inf, math.inf
        self.known = []  # stand-ins whose attributes are known until the student's code runs
        self.hidden, self.out, self.depth, self.last_function = False, None, 0, 0
        self.told = {*definitions, *vars(builtins)}  # names that a hidden test may show
        for definition in filter(None, definitions.values()):
            self.told |= {s.name for s in definition.body if isinstance(s, ast.FunctionDef)}

    def run(self, cell, source, draw):
        """Run a cell; return its outputs as the candidate tells them, and whether it was late."""
        outputs, _, late = self._request("run", cell, source, self._seconds_left(), draw)
        self.lates += bool(late)
        return outputs, bool(late)

    def look_up(self, names):
        """Return `{name: value or stand-in}` for those of the names that exist."""
        (found,) = self._request("names", names, self._let_go())
        with self._believing():
            return {name: self.decode(part) for name, part in pairs(found) if name in names}

    def end_of_cell(self):
        """Let go of what was shared, called back or raised while a test cell ran."""
        # Arrays of a test, too: or an answer could change them while a later one counts on them.
        ours = {number for number in self.shared if number % 2 == self.parity}
        self.forget(ours | self.boxes)
        self.functions.clear()
        self.function_numbers.clear()
        self.errors.clear()

    def call(self, target, arguments, named, name):
        """Call something of the candidate's; return its value or raise what it raised."""
        self._check_patience()
        before = set(self.boxes)
        try:
            args = [self.encode(value) for value in arguments]
            kwargs = [[key, self.encode(value)] for key, value in named.items()]
        except CannotCross as error:
            raise TypeError(f"the test passes what {error}; see the rules for authors") from None
        context = list(np.geterr().items())
        context = [] if dict(context) == _DEFAULT_ERRSTATE else [list(pair) for pair in context]
        seconds = self._seconds_left()
        try:
            reply = self._request(
                "call", target, args, kwargs, seconds, context, self._let_go(), self.changes()
            )
            return self._result(reply, may_stop=target[0] == "method" and name == "__next__")
        finally:
            self.forget(self.boxes - before)

    def get(self, stand_in, name):
        """Return an attribute of a stand-in."""
        about = about_of(stand_in)
        self._check_patience()
        request = ["get", about.number, name, self._seconds_left()]
        reply = self._request(*request, self._let_go(), self.changes())
        if reply[:1] == ["own"]:
            with self._believing():
                _, own, changes, *_ = sized(reply, 6)
                found = self._keep(stand_in, own)
                self.apply(changes)
            return found[name] if name in found else self._missing(stand_in, name)
        self._forget_attributes()  # a property may have changed anything
        return self._result(reply)

    def _keep(self, value, own):
        """Return the attributes that were told; a stand-in has them until student code runs."""
        found = {name: self.decode(part) for name, part in pairs(own)}
        if isinstance(value, stand_ins.Opaque):
            self.known.append(value)
            vars(value).update((k, v) for k, v in found.items() if not k.startswith("_"))
        return found

    def set(self, stand_in, name, value):
        """Set an attribute of a stand-in."""
        part = self.encode(value)
        self._forget_attributes()
        request = ["set", about_of(stand_in).number, name, part, self._seconds_left()]
        self._result(self._request(*request, self._let_go(), self.changes()))

    def _forget_attributes(self):
        """Look every attribute up anew: the student's code may have changed it."""
        for stand_in in self.known:
            about = about_of(stand_in)
            vars(stand_in).clear()
            vars(stand_in)["_stands_for"] = about
        self.known.clear()

    def _missing(self, stand_in, name):
        raise AttributeError(f"{type(stand_in).__name__!r} has no attribute {name!r}")

    def _result(self, reply, *, may_stop=False):
        with self._believing():
            kind, part, changes, text, said, own = sized(reply, 6)
            if kind not in ("value", "raised"):
                raise ProtocolError("an answer of no known kind")
            value = self.decode(part) if kind == "value" else self._student_error(part)
            self.apply(changes)
            self._print(text)
            self._keep(value, own)
            said = pairs(said)
        self._warn(said)
        if kind == "raised":
            if isinstance(value, StopIteration) and not may_stop:  # it would end a test's own loop
                raise RuntimeError("your code raised StopIteration") from None
            raise value
        return value

    @contextlib.contextmanager
    def _believing(self):
        try:
            yield
        except Closed:
            raise
        except ProtocolError as error:
            raise Gone(f"its process sent {error}", tampered=True) from None
        except BaseException:
            self.lost = True
            raise

    def _request(self, what, *parts):
        """Send a request and return the reply, having served the callbacks in between."""
        nonce = secrets.token_bytes(12)
        before, self.lost = self.lost, True  # an alarm that waits would come before it is read
        with _no_alarms():
            hard = self.deadline + GRACE if math.isfinite(self.deadline) else None
            try:
                with self._believing():
                    self.channel.send([nonce, what, *parts], hard)
                    while True:
                        reply = self.channel.receive(hard)
                        self.keys_left = MOST_KEYS_IN_ALL
                        if reply[0] != nonce:
                            raise ProtocolError("an answer to no question")
                        if reply[1:2] != ["callback"]:
                            break
                        self._answer(nonce, self._serve(reply), hard)
            except Closed:
                raise Gone("its process ended") from None
            except Late:
                raise Gone("it did not stop when its time was up") from None
        self.lost = before
        return self._kind(what, reply[1:])

    def _kind(self, what, reply):
        expected, size = {"run": ("ran", 4), "names": ("names", 2)}.get(what, (None, 0))
        if what not in ("get", "names"):
            self._forget_attributes()
        if expected is None:
            return reply
        if len(reply) != size or reply[0] != expected:
            raise Gone("its process sent an answer of no known kind", tampered=True)
        return reply[1:]

    def _serve(self, reply):
        """Carry out a callback; return the answer: a value, or what was raised."""
        self._forget_attributes()
        _, _, number, arguments, named, changes = sized(reply, 6)
        known = type(number) is int and 0 < number <= self.last_function
        if not known or type(arguments) is not list:
            raise ProtocolError("a call of no function of ours")
        args = kwargs = None
        self.depth += 1
        try:
            args = [self.decode(part) for part in arguments]
            kwargs = {name: self.decode(part) for name, part in pairs(named)}
            self.apply(changes)
            if self.depth > DEEPEST_CALLS:
                raise RecursionError("maximum recursion depth exceeded")
            with _alarms():
                value = self.functions.get(number, _over)(*args, **kwargs)
            answer = ["value", self.encode(value, NOTHING)]
        except (Gone, ProtocolError):
            raise
        except BaseException as error:  # an alarm too: the candidate must come to its end
            answer = self._raised(error)
            self.lost = True
        finally:
            self.depth -= 1
        del args, kwargs  # so that what nobody keeps is told as gone
        changes = self.changes()
        return [*answer, self._let_go(), changes]

    def _answer(self, nonce, answer, hard):
        try:
            self.channel.send([nonce, "answer", *answer], hard)
        except TooLarge as error:
            self.channel.send([nonce, "answer", *self._raised(error), answer[2], []], hard)

    def _raised(self, error):
        """Return an exception in a function of ours as the beginning of an answer."""
        token = len(self.errors) + 1
        self.errors[token] = error.with_traceback(None)
        base = next(t for t in type(error).__mro__ if t.__module__ == "builtins")
        base = base.__name__ if issubclass(base, Exception) else "Exception"
        text = "" if self.hidden else str(error)[:2_000]
        return ["raised", [token, type(error).__name__, base, text]]

    def _student_error(self, part):
        """Return the exception that stands for one at the candidate."""
        kind, *parts = part if type(part) is list and part else ["?"]
        if kind == "late":
            self.lates += not explain.busy  # what a diagnosis tries is no part of the verdict
            return TooSlow(self._told())
        if kind == "ours":
            (token,) = sized(parts, 1)
            error = self.errors.get(token) if type(token) is int else None
            if error is None:
                raise ProtocolError("an exception of no known kind")
            return error
        if kind != "student" or len(parts) != 5 or any(type(p) is not str for p in parts[:3]):
            raise ProtocolError("an exception of no known kind")
        name, base, text, frames, detail = parts
        text = WITHHELD if self.hidden and text else text[:2_000]
        if self.hidden:  # a name can carry as much as a text
            name, detail = name if name in self.told else base, detail and WITHHELD
            frames = [[fn if fn in self.told else "", line] for fn, line in pairs(frames)]
        return stand_ins.error_like(name, base, text, detail, frames)

    def _seconds_left(self):
        """Return the seconds that student code may run now: of the cell, and of `checks.call`."""
        left = self.deadline - time.monotonic()
        alarm, _ = signal.getitimer(signal.ITIMER_REAL)
        self.given = max(0.02, min(left, alarm - 0.1 if alarm else left, 3_600))
        return self.given

    def _told(self):
        """Return the seconds that were given, in a number to be read."""
        return math.ceil(self.given) if self.given > 1 else self.given

    def _check_patience(self):
        if self.deadline < time.monotonic():
            self.lates += not explain.busy
            raise TooSlow(self._told())

    def _let_go(self):
        """Return the numbers of what has ended here, for the candidate to forget."""
        gone, self.gone = self.gone, []
        return [number for number in gone if number not in self.stand_ins]

    def forget(self, numbers):
        self.gone += [number for number in numbers if number in self.shared]
        super().forget(numbers)

    def _print(self, text):
        if type(text) is not str:
            raise ProtocolError("no text")
        if text and not (self.hidden and sys.stdout is self.out):  # a test may redirect it
            sys.stdout.write(text[:MOST_TEXT])

    def _warn(self, said):
        for name, text in said[:MOST_SAID]:
            kind = vars(builtins).get(name)
            kind = kind if isinstance(kind, type) and issubclass(kind, Warning) else UserWarning
            text = text[:1_000] if type(text) is str else ""
            if self.hidden and text:
                numpys = _NUMPY_WARNS.fullmatch(text)
                text = text if numpys and hasattr(np, numpys[2]) else WITHHELD
            warnings.warn(text, kind, stacklevel=5)

    # What is not plain

    def refer(self, value):
        if (about := about_of(value)) is not None:
            return ["h", about.number]
        name = getattr(value, "__name__", None)
        if isinstance(name, str) and getattr(np, name, None) is value:
            return ["u", name]
        if isinstance(value, type) and getattr(builtins, value.__name__, None) is value:
            return ["T", value.__name__]
        if isinstance(value, np.dtype):
            return ["D", value.str]
        if callable(value):
            number = self.function_numbers.get(id(value))
            if number is None:
                number = self.last_function = self.last_function + 1
                self.functions[number], self.function_numbers[id(value)] = value, number
            return ["f", number, name if isinstance(name, str) else type(value).__name__]
        return super().refer(value)

    def follow(self, tag, parts):
        if tag == "o":
            return self._stand_in(*sized(parts, 4))
        if tag == "F":
            (number,) = parts
            if type(number) is not int or not 0 < number <= self.last_function:
                raise ProtocolError("no function of ours")
            return self.functions.get(number, _over)
        if tag in "uTD" and parts and type(parts[0]) is str:
            return stand_ins.known(tag, parts[0])
        return super().follow(tag, parts)

    def _stand_in(self, number, kind, name, more):
        if type(number) is not int or number < 1 or number % 2 == self.parity:
            raise ProtocolError("a number that cannot be")
        if (known := self.stand_ins.get(number)) is not None:
            return known
        if type(name) is not str or type(more) is not list:
            raise ProtocolError("a stand-in of no known form")
        name = name if name.isidentifier() and len(name) < 100 else "object"
        name = "object" if self.hidden and name not in self.told else name
        if kind == "function":
            made = stand_ins.function(self, number, name, more)
        elif kind == "class":
            made = stand_ins.student_class(self, number, name, self.definitions.get(name))
            self.classes[number] = made
        elif kind == "object":
            of, is_callable = sized(more, 2)
            cls = self.classes.get(of) if type(of) is int else None
            made = stand_ins.student_object(self, number, cls, name, bool(is_callable))
        else:
            raise ProtocolError("a stand-in of no known form")
        self.stand_ins[number] = made
        if kind != "class":
            weakref.finalize(made, self.gone.append, number)
        return made


def _over(*args, **kwargs):
    raise RuntimeError("this function belongs to a check that is over")


@contextlib.contextmanager
def _no_alarms():
    """Hold back the alarms of `checks.call` and of a cell while the candidate has its turn."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ALARMS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _alarms():
    """Let them come again, in a function of the test's that the candidate has called."""
    before = signal.pthread_sigmask(signal.SIG_UNBLOCK, ALARMS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
