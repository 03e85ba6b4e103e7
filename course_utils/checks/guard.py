"""What came back from the learner's code: run it, and make an array of what it returned."""

import contextlib
import os
import re
import threading
import time
import warnings

import numpy as np

from course_utils.checks.mismatch import Mismatch, NotWritten

SECONDS = 10
_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class TooSlow(BaseException):
    """Raised by the alarm; not an Exception, so that the learner's own `except` lets it pass.

    seconds: that the learner's code was given.
    """

    def __init__(self, seconds):
        super().__init__(f"still running after {seconds:.3g} s")


def call(f, *args, name=None, quiet=False):
    """Return `f(*args)`; every way in which it can stop becomes a Mismatch.

    It gets copies of arrays, lists and dicts, and an argument that it has changed is told.
    quiet: a warning of numpy, such as an overflow, is a Mismatch too.
    """
    name = name or name_of(f, "your function")
    if not callable(f):
        raise Mismatch(
            f"{name}: is {_article(type(f).__name__)}, needed a function.", mistake="not-a-function"
        )
    copies = [_copy(a) for a in args]
    try:
        with alarm(SECONDS), warnings.catch_warnings():
            if quiet:
                warnings.simplefilter("error", RuntimeWarning)
            result = f(*copies)
    except NotImplementedError as error:
        stub = _raised_in(error)
        needs = f"needs {stub}, which is " if stub != getattr(f, "__name__", stub) else ""
        raise NotWritten(
            f"{name}: {needs}not written yet: replace its line raise NotImplementedError "
            "with your code."
        ) from error
    except Mismatch:
        raise
    except TooSlow as slow:
        raise Mismatch(
            f"{name}: {slow}: an endless loop, or a Python loop over every entry?",
            mistake="too-slow",
        ) from None
    except RuntimeWarning as error:
        raise Mismatch(
            f"{name}: numpy warns: {error}{_inputs(args)}.", mistake="numpy-warns"
        ) from error
    except UnboundLocalError as error:
        variable = (re.findall(r"'(\w+)'", str(error)) or ["?"])[0]
        raise Mismatch(
            f"{name}: the variable {variable!r} got no value: did no case of an if apply, "
            "or does its line come too late?",
            mistake="variable-without-value",
        ) from error
    except NameError as error:
        raise Mismatch(
            f"{name}: the name {error.name!r} does not exist here: "
            "a typo, or a cell you have not run?",
            mistake="undefined-name",
        ) from error
    except RecursionError as error:
        raise Mismatch(
            f"{name}: calls itself without end: "
            "which call is the last one, and does it stop there?",
            mistake="endless-recursion",
        ) from error
    except Exception as error:
        raise Mismatch(
            f"{name}: stopped with {_stop(error)}{_inputs(args)}.",
            mistake=f"stopped:{type(error).__name__}",
        ) from error
    for number, (given, copy) in enumerate(zip(args, copies, strict=True), 1):
        if not _is_same(given, copy):
            which = f"{number}{_parameter(f, number)}"
            raise Mismatch(
                f"{name}: changes its input number {which} in place: work on a copy.",
                mistake="input-changed",
            )
    return result


def _parameter(f, number):
    """Return " (W)" if the argument of this number has that name in the learner's function."""
    import inspect

    try:
        parameter = list(inspect.signature(f).parameters.values())[number - 1]
    except (TypeError, ValueError, IndexError):
        return ""
    return f" ({parameter.name})" if parameter.kind is parameter.POSITIONAL_OR_KEYWORD else ""


def _copy(a):
    if isinstance(a, dict):
        return {key: _copy(value) for key, value in a.items()}
    return a.copy() if isinstance(a, np.ndarray | list) else a


def _is_same(given, copy):
    if isinstance(given, dict):
        return given.keys() == copy.keys() and all(_is_same(given[k], copy[k]) for k in given)
    if isinstance(given, list):
        return len(given) == len(copy) and all(a is b for a, b in zip(given, copy, strict=True))
    return not isinstance(given, np.ndarray) or given.tobytes() == copy.tobytes()


def name_of(f, otherwise):
    """Return the name of a function, or `otherwise` where it has none."""
    name = getattr(f, "__name__", "<lambda>")
    return otherwise if name == "<lambda>" else name


def _raised_in(error):
    """Return the name of the function in which an error was raised."""
    tb = error.__traceback__
    while tb.tb_next:
        tb = tb.tb_next
    return tb.tb_frame.f_code.co_name


def _stop(error):
    """Say the exception and the learner's line: "TypeError (line 7: ...)"."""
    import traceback

    frames = [s for s in traceback.extract_tb(error.__traceback__) if _is_learners(s.filename)]
    place = f"line {frames[-1].lineno}: " if frames else ""
    xor = any(sign in str(error) for sign in ("for ^", "'bitwise_xor'"))  # of a number, an array
    power = "; in Python a power is written **" if xor else ""
    return f"{type(error).__name__} ({place}{error}{power})"


def _is_learners(filename):
    return not filename.startswith(_HERE) and "site-packages" not in filename


def _inputs(args):
    shapes = [str(a.shape) for a in args if isinstance(a, np.ndarray)]
    return f"; the inputs have shapes {', '.join(shapes)}" if shapes else ""


@contextlib.contextmanager
def alarm(seconds):
    import signal

    # Signals reach the main thread of a Unix process only; elsewhere there is no limit.
    main = threading.current_thread() is threading.main_thread()
    if not main or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(signum, frame):
        raise TooSlow(seconds)

    before = signal.signal(signal.SIGALRM, ring)
    left, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    if 0 < left < seconds:  # an alarm around this one rings first
        signal.setitimer(signal.ITIMER_REAL, left)
    start = time.monotonic()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left:
            rest = max(left - (time.monotonic() - start), 1e-3)
            signal.setitimer(signal.ITIMER_REAL, rest)


def as_number(value, name):
    """Return `value` as a float, or raise a Mismatch that says what it is instead."""
    return float(as_array(value, (), name))


def as_array(value, shape, name):
    """Return `value` as an array of `shape`, or raise a Mismatch that says why it is not one.

    Lists, whole numbers, float32 and a column (n, 1) where (n,) is needed are accepted; the dtype
    stays, since it says what accuracy can be asked for.
    """
    _refuse_what_is_no_array(value, shape, name)
    array = _to_numeric(value, name)
    if array.shape != shape and _is_column_for(array.shape, shape):
        array = array.reshape(shape)
    if array.shape != shape:
        sentence = _shape_sentence(array.shape, shape)
        raise Mismatch(f"{name}: {sentence}", mistake=_shape_key(sentence))
    _refuse_nan(array, name)
    return array


def _refuse_what_is_no_array(value, shape, name):
    if value is None:
        raise Mismatch(f"{name}: is None: is the return missing?", mistake="none-returned")
    if value is Ellipsis:
        raise Mismatch(f"{name}: is still ...: replace it by your code.", mistake="ellipsis")
    if callable(value):
        raise Mismatch(
            f"{name}: is a function, needed {_article(_kind(shape))}: "
            "are the parentheses of a call missing?",
            mistake="function-returned",
        )
    if isinstance(value, tuple) and shape != (len(value),):
        shapes = ", ".join(str(np.shape(v)) for v in value)
        raise Mismatch(
            f"{name}: is a tuple of {len(value)} values with shapes {shapes}; "
            f"return one {_kind(shape)}.",
            mistake="tuple-returned",
        )
    if isinstance(value, str | bytes | dict | set):
        raise Mismatch(
            f"{name}: is a {type(value).__name__}, needed {_article(_kind(shape))}.",
            mistake="wrong-kind-returned",
        )


def _to_numeric(value, name):
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise Mismatch(
            f"{name}: all rows must have the same length.", mistake="ragged-rows"
        ) from error
    if array.dtype == bool and not array.ndim:
        raise Mismatch(f"{name}: is {value}, needed a number.", mistake="truth-values")
    if array.dtype == bool:
        raise Mismatch(
            f"{name}: is True/False values: convert with (z > 0).astype(float).",
            mistake="truth-values",
        )
    if array.dtype.kind == "c":
        raise Mismatch(
            f"{name}: has complex numbers: a derivative here is real.", mistake="complex-numbers"
        )
    if array.dtype.kind not in "iuf":
        raise Mismatch(
            f"{name}: is {_article(type(value).__name__)}, not numbers.", mistake="not-numbers"
        )
    return array


def _is_column_for(got, needed):
    """Return whether `got` is (n, 1) or (1, n) for (n,), or (1,) for a number."""
    return (
        len(needed) <= 1
        and tuple(n for n in got if n != 1) in (needed, ())
        and (np.prod(got, dtype=int) == np.prod(needed, dtype=int))
    )


def _shape_key(sentence):
    for sign, key in (("transposed", "transposed"), ("broadcast", "broadcast"), ("sum", "sum")):
        if sign in sentence:
            return f"shape-{key}"
    return "shape"


def _shape_sentence(got, needed):
    if not needed:
        return f"is an array of shape {got}, needed one number."
    sentence = f"shape {got}, needed {needed}"
    if len(got) == 2 and len(needed) == 2 and got == needed[::-1]:
        return f"{sentence}: it looks transposed."
    if len(needed) == 1 and got == needed * 2:
        return (
            f"{sentence}: did numpy broadcast a column (n, 1) with a row (n,)? "
            "Give both the same shape."
        )
    if len(needed) == 1 and len(got) == 2 and got[1:] == needed:
        return f"{sentence}: sum over the batch (axis=0)."
    if got == ():
        return f"{sentence}: one number came back where one per entry is needed."
    return f"{sentence}."


def _refuse_nan(array, name):
    bad = ~np.isfinite(array)
    if not bad.any():
        return
    kind = "nan" if np.isnan(array).any() else "inf"
    reason = {
        "nan": "0/0, log of a negative number or inf - inf",
        "inf": "a division by 0, log of 0 or an overflow",
    }[kind]
    if array.ndim == 0:
        raise Mismatch(f"{name}: is {kind}: {reason}.", mistake="nan-or-inf")
    first = tuple(int(i) for i in np.argwhere(bad)[0])
    where = first[0] if len(first) == 1 else first
    raise Mismatch(
        f"{name}: {bad.sum()} of {bad.size} entries are {kind} (first at {where}): {reason}.",
        mistake="nan-or-inf",
    )


def _kind(shape):
    return f"array of shape {shape}" if shape else "number"


def _article(word):
    return f"{'an' if word[0].lower() in 'aeiou' else 'a'} {word}"
