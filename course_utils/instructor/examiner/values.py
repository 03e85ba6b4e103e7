"""Plain values between two processes: what may cross, how it is written, what is kept in step.

Numbers, strings, numeric arrays, and lists, tuples, sets and dicts of these cross by value.
Arrays, lists, dicts and random generators that have crossed are *shared*: each side has its own,
and at every crossing whatever one side has changed is written into the other's, so that a change
in place and `f(x) is x` are seen as in one process. What is not plain crosses as a reference that
only its owner can follow: see `Values.refer`.

Nothing here trusts what it decodes: sizes are looked at before anything is made.
"""

import math
import operator
import re
import weakref

import numpy as np

from course_utils.instructor.examiner.protocol import LARGEST, MOST_ITEMS, ProtocolError

DEEPEST = 60
MOST_KEYS = 2_000  # numbers can be chosen to collide in a dict; strings cannot
MOST_WORDS = 20_000
MOST_KEYS_IN_ALL = 20_000  # that are no words, in one message
LONGEST_KEY = 16  # entries of a tuple; comparing two that collide takes the longer
DTYPE = re.compile(r"[<>|=](b1|[iu][1248]|f(2|4|8|16)|c(8|16|32)|[SU][1-9][0-9]{0,4})")
MOST_AXES = 16
MOST_IN_AXIS = 2**40
NOTHING, ARRAYS, ALL = range(3)
_PLAIN = (type(None), bool, float, str, bytes)
_PLAIN_OF = {  # without asking the subclass
    int: int.__int__,
    float: float.__float__,
    complex: lambda z: complex(complex.real.__get__(z), complex.imag.__get__(z)),
    str: str.__str__,
    bytes: lambda b: b"".join([b]),
}


class CannotCross(TypeError):
    """A value that is not plain, or too large; the message says what it is."""


class Values:
    """Writes and reads values for one side of a conversation.

    first: the number of the first thing that this side shares; the sides count by twos.
    weak: whether a shared array is forgotten once nothing else here refers to it.
    """

    def __init__(self, first, *, weak):
        self.next, self.parity, self.weak = first, first % 2, weak
        self.shared, self.numbers, self.boxes = {}, {}, set()
        self.past = set()  # numbers of what was shared once
        self.gone = []  # those that the other side has not been told of
        self.keys_left = math.inf  # that this message may still have
        self.lost = False  # whether something that was shared may not have been read

    def encode(self, value, share=ALL):
        """Return `value` as a message's part; raises CannotCross, which says what it is.

        share: what is kept in step from now on: ALL, ARRAYS, or NOTHING that was not before.
        """
        return self._encode(value, share, 0)

    def decode(self, part):
        """Return the value in a message's part; raises ProtocolError for what is none."""
        return self._decode(part, 0)

    def changes(self):
        """Return what has been changed here, as a message's part, since things last crossed."""
        found = []
        for number in list(self.shared):
            thing, kind, before = self.shared[number]
            thing = thing() if kind == "a" and self.weak else thing
            if thing is None:
                continue
            if not _is_as(kind, thing, before):
                self.shared[number][2] = _look(kind, thing)
                content = [thing.tobytes()] if kind == "a" else self._content(kind, thing)
                found.append([number, *content])
        return found

    def apply(self, changes):
        """Write into the things here what the other side has changed."""
        if not isinstance(changes, list):
            raise ProtocolError("changes: no list")
        for change in changes:
            if type(change) is not list or not change or type(change[0]) is not int:
                raise ProtocolError("a damaged change")
            number, *content = change
            unknown = number not in self.shared
            if number in self.past or (unknown and self.lost and number % 2 != self.parity):
                continue
            if unknown:
                raise ProtocolError("a change of nothing that is shared")
            thing, kind, _ = self.shared[number]
            thing = thing() if kind == "a" and self.weak else thing
            if thing is None:
                continue
            self._write(kind, thing, content)
            self.shared[number][2] = _look(kind, thing)

    def forget(self, numbers):
        """Stop keeping these things in step."""
        for number in numbers:
            entry = self.shared.pop(number, None)
            if entry:
                self.past.add(number)
                self.boxes.discard(number)
                thing = entry[0]() if entry[1] == "a" and self.weak else entry[0]
                self.numbers.pop(id(thing), None)

    def refer(self, value):
        """Return `value`, which is not plain, as `[tag, ...]`; a side overrides this."""
        raise CannotCross(f"is {a(type(value).__name__)}")

    def follow(self, tag, parts):
        """Return what `refer` of the other side meant."""
        raise ProtocolError("a value of no known kind")

    # Writing

    def _encode(self, value, share, depth):
        kind = type(value)
        if kind in _PLAIN:
            if kind in (str, bytes) and len(value) > LARGEST // 4:
                raise CannotCross(f"is a text of {len(value):,} letters")
            return value
        if depth > DEEPEST:
            raise CannotCross("is nested too deep")
        if kind is int:
            return value if -(2**63) <= value < 2**63 else ["I", _hex(value)]
        if issubclass(kind, np.ndarray):
            return self._encode_array(value, share)
        if issubclass(kind, np.generic):
            array = np.asarray(value)
            if not DTYPE.fullmatch(array.dtype.str):
                return self.refer(value)
            return ["x", array.dtype.str, array.tobytes()]
        if issubclass(kind, list | dict | np.random.Generator):
            number = self.numbers.get(id(value))
            if number is not None:
                return ["r", number]
            tag = "l" if issubclass(kind, list) else "d" if issubclass(kind, dict) else "g"
            if share < ALL:
                return [tag, 0, *self._content(tag, value, share, depth)]
            number = self._enter(tag, value)
            return [tag, number, *self._content(tag, value, share, depth)]
        if issubclass(kind, tuple):
            return ["t", *(self._encode(item, share, depth + 1) for item in tuple.__iter__(value))]
        if issubclass(kind, set | frozenset):
            tag = "s" if issubclass(kind, set) else "z"
            items = list((set if tag == "s" else frozenset).__iter__(value))
            return [tag, *(self._encode(item, share, depth + 1) for item in _few_keys(items))]
        if kind is complex:
            return ["c", value.real, value.imag]
        if kind is slice:
            ends = value.start, value.stop, value.step
            return ["k", *(self._encode(end, share, depth + 1) for end in ends)]
        if kind is range:
            return ["n", value.start, value.stop, value.step]
        if value is Ellipsis or value is NotImplemented:
            return ["e", value is Ellipsis]
        for base, plain in _PLAIN_OF.items():  # a subclass crosses as what it holds
            if issubclass(kind, base):
                return self._encode(plain(value), share, depth)
        return self.refer(value)

    def _encode_array(self, array, share):
        number = self.numbers.get(id(array))
        if number is not None:
            return ["r", number]
        plain = array if type(array) is np.ndarray else np.ndarray.view(array, np.ndarray)
        if plain.nbytes > LARGEST // 2:
            raise CannotCross(f"is an array of {plain.nbytes:,} bytes")
        if not DTYPE.fullmatch(plain.dtype.str) or plain.ndim > MOST_AXES or _is_odd(plain):
            raise CannotCross(f"is an array of dtype {plain.dtype} with {plain.ndim} axes")
        order = "F" if plain.flags.f_contiguous and not plain.flags.c_contiguous else "C"
        number = self._enter("a", array) if share >= ARRAYS else 0
        content = plain.tobytes(order)
        writeable = plain.flags.writeable
        return ["a", number, plain.dtype.str, list(plain.shape), order, content, writeable]

    def _content(self, kind, thing, share=ALL, depth=0):
        if kind == "g":
            return [_generator_state(thing)]
        if kind == "l":
            if list.__len__(thing) >= MOST_ITEMS:
                raise CannotCross(f"is a list of {list.__len__(thing):,} entries")
            return [self._encode(item, share, depth + 1) for item in list.__iter__(thing)]
        _few_keys(list(dict.keys(thing)))
        flat = [part for pair in dict.items(thing) for part in pair]
        return [self._encode(part, share, depth + 1) for part in flat]

    def _enter(self, kind, thing, number=None):
        if number is None:
            number, self.next = self.next, self.next + 2
        held = thing
        if kind == "a" and self.weak:
            key = id(thing)

            def dead(_, number=number, key=key):
                self.shared.pop(number, None)
                self.numbers.pop(key, None)
                self.past.add(number)
                self.gone.append(number)

            held = weakref.ref(thing, dead)
        self.shared[number] = [held, kind, _look(kind, thing)]
        self.numbers[id(thing)] = number
        if kind != "a":
            self.boxes.add(number)
        return number

    # Reading

    def _decode(self, part, depth):
        if type(part) in _PLAIN or type(part) is int:
            return part
        if type(part) is not list or not part or type(part[0]) is not str:
            raise ProtocolError("a value without a tag")
        if depth > DEEPEST:
            raise ProtocolError("nested too deep")
        tag, *parts = part
        try:
            read = getattr(self, f"_read_{tag}", None) if len(tag) == 1 else None
            return read(parts, depth + 1) if read else self.follow(tag, parts)
        except (ProtocolError, CannotCross):
            raise
        except _DAMAGED as error:
            raise ProtocolError(f"a damaged value: {type(error).__name__}") from error

    def _several(self, parts, depth):
        return [self._decode(part, depth) for part in parts]

    def _take(self, kind, thing, number):
        """Enter what the other side has begun to share, under its number."""
        if type(number) is not int or number < 0 or number in self.shared or number in self.past:
            raise ProtocolError("a number that cannot be")
        if number and number % 2 == self.parity:
            raise ProtocolError("a number of ours")
        if number:
            self._enter(kind, thing, number)
        return thing

    def _read_r(self, parts, depth):
        (number,) = parts
        if type(number) is not int or number < 1:
            raise ProtocolError("a number that cannot be")
        unknown = self.lost and number % 2 != self.parity and number not in self.shared
        if number in self.past or unknown:
            raise CannotCross("is something that nobody holds any more")
        if number not in self.shared:
            raise ProtocolError("nothing is shared under this number")
        thing, kind, _ = self.shared[number]
        return thing() if kind == "a" and self.weak else thing

    def _read_a(self, parts, depth):
        number, dtype, shape, order, content, writeable = parts
        array = make_array(dtype, shape, order, content)
        self._take("a", array, number)
        array.flags.writeable = bool(writeable)
        return array

    def _read_x(self, parts, depth):
        dtype, content = parts
        return make_array(dtype, [], "C", content)[()]

    def _read_l(self, parts, depth):
        number, *items = parts
        things = self._take("l", [], number)
        self._write("l", things, items, depth)
        return things

    def _read_d(self, parts, depth):
        number, *items = parts
        things = self._take("d", {}, number)
        self._write("d", things, items, depth)
        return things

    def _read_g(self, parts, depth):
        number, state = parts
        generator = np.random.Generator(np.random.PCG64(0))
        _set_generator_state(generator, state)
        return self._take("g", generator, number)

    def _read_t(self, parts, depth):
        return tuple(self._several(parts, depth))

    def _read_s(self, parts, depth):
        return set(self._checked_keys(self._several(parts, depth)))

    def _read_z(self, parts, depth):
        return frozenset(self._checked_keys(self._several(parts, depth)))

    def _read_c(self, parts, depth):
        real, imag = parts
        return complex(float(real), float(imag))

    def _read_I(self, parts, depth):
        (text,) = parts
        if type(text) is not str or len(text) > 5_000:
            raise ProtocolError("too long a number")
        return int(text, 16)

    def _read_k(self, parts, depth):
        start, stop, step = self._several(parts, depth)
        return slice(start, stop, step)

    def _read_n(self, parts, depth):
        found = range(*(int(part) for part in parts))
        if found[MOST_ITEMS:]:
            raise CannotCross("is a range of too many numbers")
        return found

    def _read_e(self, parts, depth):
        return Ellipsis if parts == [True] else NotImplemented

    def _write(self, kind, thing, content, depth=0):
        try:
            if kind == "a":
                (data,) = content
                new = make_array(thing.dtype.str, list(thing.shape), "C", data)
                if thing.flags.writeable:
                    thing[...] = new
            elif kind == "g":
                _set_generator_state(thing, *content)
            elif kind == "l":
                list.__setitem__(thing, slice(None), self._several(content, depth))
            else:
                items = self._several(content, depth)
                keys, values = self._checked_keys(items[::2]), items[1::2]
                pairs = dict(zip(keys, values, strict=True))
                dict.clear(thing)
                dict.update(thing, pairs)
        except CannotCross:
            raise
        except _DAMAGED as error:
            raise ProtocolError("a damaged change") from error
        for number, entry in self.shared.items():
            if entry[0] is thing:
                self.shared[number][2] = _look(kind, thing)

    def _checked_keys(self, keys):
        if len(keys) > _most_keys(keys):
            raise ProtocolError(f"{len(keys):,} keys")
        others = [key for key in keys if type(key) is not str]
        self.keys_left -= len(others)
        if self.keys_left < 0 or any(_leaves(key) > LONGEST_KEY for key in others):
            raise CannotCross("has too many or too long keys that are no words")
        return keys


def _leaves(key):
    """Return how many entries a key has, those of its own entries included."""
    return sum(map(_leaves, key)) + 1 if type(key) in (tuple, frozenset) else 1


_DAMAGED = ValueError, TypeError, OverflowError, LookupError, AttributeError, MemoryError


def _is_odd(array):
    return any(n > MOST_IN_AXIS for n in array.shape)


def make_array(dtype, shape, order, content):
    """Return the array of these bytes; raises ProtocolError unless all of it fits together."""
    if type(dtype) is not str or not DTYPE.fullmatch(dtype) or type(content) is not bytes:
        raise ProtocolError("an array of no known dtype")
    if type(shape) is not list or len(shape) > MOST_AXES or order not in ("C", "F"):
        raise ProtocolError("an array of no known shape")
    if any(type(n) is not int or not 0 <= n <= MOST_IN_AXIS for n in shape):
        raise ProtocolError("an array of no known shape")
    dtype = np.dtype(dtype)
    if math.prod(shape) * dtype.itemsize != len(content):
        raise ProtocolError("an array whose size is not that of its shape")
    letters = np.frombuffer(content, dtype.byteorder + "u4") if dtype.kind == "U" else ()
    if len(letters) and letters.max() > 0x10FFFF:
        raise ProtocolError("an array of no known letters")
    if dtype.kind == "b":  # a byte of 2 is true, too, and would count twice in a sum
        return (np.frombuffer(content, "u1") != 0).reshape(shape, order=order).copy(order)
    return np.frombuffer(content, dtype).reshape(shape, order=order).copy(order)


def _most_keys(keys):
    return MOST_WORDS if all(type(key) is str for key in keys) else MOST_KEYS


def _few_keys(keys):
    if len(keys) > _most_keys(keys):
        raise CannotCross(f"is a dict or set of {len(keys):,} entries")
    return keys


def _look(kind, thing):
    """Return what tells, later, whether a shared thing has changed."""
    if kind == "a":
        return thing.tobytes()
    if kind == "g":
        return _generator_state(thing)
    if kind == "l":
        return tuple(list.__iter__(thing))
    return tuple(dict.keys(thing)), tuple(dict.values(thing))


def _is_as(kind, thing, before):
    """Return whether a shared thing is still as it was when `_look` gave `before`."""
    if kind == "a":
        return thing.tobytes() == before
    if kind == "g":
        return _generator_state(thing) == before
    if kind == "l":
        return _same(list.__len__(thing), list.__iter__(thing), before)
    size = dict.__len__(thing)
    keys, values = before
    return _same(size, dict.keys(thing), keys) and _same(size, dict.values(thing), values)


def _same(size, items, before):
    return size == len(before) and all(map(operator.is_, items, before))


def _generator_state(generator):
    state = generator.bit_generator.state
    if state["bit_generator"] != "PCG64":
        raise CannotCross(f"is a generator of kind {state['bit_generator']}, needed PCG64")
    inner = state["state"]
    return [_hex(inner["state"]), _hex(inner["inc"]), int(state["has_uint32"]), state["uinteger"]]


def _set_generator_state(generator, state):
    number, inc, has, spare = state
    generator.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": {"state": int(number, 16), "inc": int(inc, 16)},
        "has_uint32": int(has),
        "uinteger": int(spare),
    }


def _hex(value):
    if value.bit_length() > 16_000:
        raise CannotCross(f"is a whole number of {value.bit_length():,} bits")
    return f"{value:x}"


def a(word):
    return f"{'an' if word[:1].lower() in 'aeiou' else 'a'} {word}"


def pairs(parts):
    """Return a list of pairs whose first is a word; raises ProtocolError for anything else."""
    good = type(parts) is list and all(
        type(p) is list and len(p) == 2 and type(p[0]) is str for p in parts
    )
    if not good:
        raise ProtocolError("no pairs")
    return parts


def sized(parts, size):
    if type(parts) is not list or len(parts) != size:
        raise ProtocolError("a message of another length")
    return parts
