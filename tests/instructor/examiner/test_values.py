"""Plain values: they cross exactly, what is shared stays in step, and lies are refused."""

import collections
import gc
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils.instructor.examiner.protocol import ProtocolError, unpack
from course_utils.instructor.examiner.values import (
    ALL,
    ARRAYS,
    MOST_KEYS,
    NOTHING,
    CannotCross,
    Values,
)


@pytest.fixture
def sides():
    return Values(2, weak=True), Values(1, weak=False)


def cross(sides, value, share=ALL):
    import msgpack

    ours, theirs = sides
    body = msgpack.packb([ours.encode(value, share)], unicode_errors="surrogatepass")
    return theirs.decode(unpack(body)[0])


numbers = st.integers() | st.floats() | st.complex_numbers() | st.booleans()
keys = st.text() | st.integers() | st.booleans() | st.none()
plain = st.recursive(
    st.none() | numbers | st.text() | st.binary() | st.just(...),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(keys, inner)
        | st.frozensets(st.integers())
        | st.sets(st.text())
    ),
    max_leaves=20,
)


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return (a == b and math.copysign(1, a) == math.copysign(1, b)) or (a != a and b != b)
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return a == b


@given(plain)
@example(-0.0)
@example(2**70)
@example(-(2**64))
@example("\ud800")
def test_plain_values_cross_exactly(value):
    assert same(cross((Values(2, weak=True), Values(1, weak=False)), value), value)


dtypes = (
    hnp.floating_dtypes()
    | hnp.integer_dtypes()
    | hnp.unsigned_integer_dtypes()
    | hnp.complex_number_dtypes()
    | hnp.boolean_dtypes()
)


@given(dtypes.flatmap(lambda d: hnp.arrays(d, hnp.array_shapes(min_dims=0, min_side=0))))
def test_arrays_cross_with_dtype_shape_and_order(array):
    for given_ in (array, np.asfortranarray(array), array.T):
        got = cross((Values(2, weak=True), Values(1, weak=False)), given_)
        assert got.dtype == given_.dtype and got.shape == given_.shape
        assert got.tobytes() == given_.tobytes()
        assert got.flags.f_contiguous == given_.flags.f_contiguous
        assert got.flags.writeable


def test_numpy_scalars_words_and_subclasses_cross(sides):
    for value in (np.float32(0.1), np.int8(3), np.bool_(True), np.complex64(1j)):
        got = cross(sides, value)
        assert type(got) is type(value) and got == value
    assert cross(sides, np.array(["ab", "c"])).tolist() == ["ab", "c"]
    assert cross(sides, collections.OrderedDict(a=1)) == {"a": 1}
    assert cross(sides, collections.Counter("aab")) == {"a": 2, "b": 1}
    assert cross(sides, collections.defaultdict(list, a=[1])) == {"a": [1]}
    assert cross(sides, collections.namedtuple("P", "x y")(1, 2)) == (1, 2)
    assert cross(sides, slice(1, None, 2)) == slice(1, None, 2)
    assert cross(sides, range(3, 9, 2)) == range(3, 9, 2)
    assert cross(sides, NotImplemented) is NotImplemented


def test_a_subclass_is_not_asked_what_it_is(sides):
    class Liar(float):
        def __float__(self):
            return 99.0

        def __eq__(self, other):
            return True

        __hash__ = float.__hash__

    class Array(np.ndarray):
        def __eq__(self, other):
            return True

        def tobytes(self, order="C"):
            return b""

    got = cross(sides, Liar(1.5))
    assert type(got) is float and got == 1.5
    got = cross(sides, np.ones(2).view(Array))
    assert type(got) is np.ndarray and got.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (object(), "is an object"),
        (np.array([None]), "dtype object"),
        (np.zeros(20_000_000), "160,000,000 bytes"),
        (np.array(["2020-01-01"], "M8[D]"), "datetime64"),
        (dict.fromkeys(range(MOST_KEYS + 1)), "2,001 entries"),
        (set(range(MOST_KEYS + 1)), "2,001 entries"),
        (1 << 20_000, "20,001 bits"),
        (np.random.Generator(np.random.MT19937(1)), "MT19937"),
    ],
    ids=["object", "objects", "array", "date", "dict", "set", "number", "generator"],
)
def test_what_cannot_cross_is_named(sides, value, says):
    with pytest.raises(CannotCross, match=says):
        sides[0].encode(value)


def test_a_cycle_is_shared_and_a_deep_list_refused(sides):
    cycle = [1]
    cycle.append(cycle)
    got = cross(sides, cycle)
    assert got[1] is got
    deep = ()
    for _ in range(200):
        deep = (deep,)
    with pytest.raises(CannotCross, match="deep"):
        sides[0].encode(deep)


def test_identity_is_kept_both_ways(sides):
    ours, theirs = sides
    x = np.arange(3.0)
    first, second = cross(sides, (x, x))
    assert first is second
    assert ours.decode(theirs.encode(first)) is x


def test_changes_cross_in_place(sides):
    ours, theirs = sides
    x, params, rng = np.zeros((2, 3)), {"W": np.ones(2), "n": 1}, np.random.default_rng(4)
    view = x.T[1:]
    there = cross(sides, [view, params, rng])
    there[0][...] = 7.0
    there[1]["W"] += 1
    there[1]["new"] = there[0]
    del there[1]["n"]
    drawn = there[2].normal(size=3)
    ours.apply(theirs.changes())
    assert x.tolist() == [[0, 7, 7], [0, 7, 7]]
    assert params.keys() == {"W", "new"} and params["new"] is view
    assert params["W"].tolist() == [2.0, 2.0]
    fresh = np.random.default_rng(4)
    assert np.array_equal(drawn, fresh.normal(size=3)) and rng.normal() == fresh.normal()
    params["W"][0] = -1
    theirs.apply(ours.changes())
    assert there[1]["W"].tolist() == [-1.0, 2.0]
    assert ours.changes() == theirs.changes() == []


def test_share_says_what_is_kept_in_step(sides):
    ours, theirs = sides
    x = np.zeros(2)
    array, box = cross(sides, [x, [1]], ARRAYS)
    array[0], box[0] = 1.0, 2
    assert [change[0] for change in theirs.changes()] == list(theirs.shared) == list(ours.shared)
    other = np.zeros(2)
    assert cross(sides, [other], NOTHING)[0] is not other
    assert len(ours.shared) == 1


def test_an_array_that_nobody_holds_is_let_go(sides):
    ours, theirs = sides
    x = np.zeros(2)
    there = cross(sides, x)
    (number,) = ours.shared
    del x
    gc.collect()
    assert ours.gone == [number] and not ours.shared
    there += 1
    ours.apply(theirs.changes())  # of what is gone: no matter
    theirs.forget(ours.gone)
    assert not theirs.shared and theirs.encode(there)[0] == "a"


array = ["a", 3, "<f8", [2], "C", b"\0" * 16, True]


@pytest.mark.parametrize(
    "part",
    [
        [],
        [7],
        ["?"],
        ["r", 99],
        ["r", -1],
        ["r", "1"],
        ["r", None],
        ["l", 2],
        ["l", -3],
        ["l", "1"],
        ["d", 3, "a"],
        ["d", 3, ["l", 0], 1],
        ["s", ["l", 0]],
        ["c", "a", 1],
        ["I", "zz"],
        ["I", "f" * 6_000],
        ["n", 1, 2, 0],
        ["g", 3, ["0", "0", 0, 0, 0]],
        ["x", "<f8", b"\0" * 7],
        [*array[:1], 2, *array[2:]],
        [*array[:2], "|O8", *array[3:]],
        [*array[:2], "<M8[s]", *array[3:]],
        [*array[:2], "<V8", *array[3:]],
        [*array[:2], "<f8,<f8", *array[3:]],
        [*array[:3], [3], *array[4:]],
        [*array[:3], [-2], *array[4:]],
        [*array[:3], [2**62, 4], *array[4:]],
        [*array[:3], [True, 2], *array[4:]],
        [*array[:3], [1] * 17 + [2], *array[4:]],
        [*array[:4], "K", *array[5:]],
        [*array[:5], "text", True],
        ["a", 3, "<U1", [1], "C", b"\xff\xff\xff\xff", True],
    ],
    ids=str,
)
def test_a_damaged_value_is_refused(part):
    with pytest.raises(ProtocolError):
        Values(2, weak=True).decode(part)


def test_many_keys_that_collide_are_refused():
    keys = [k * (2**61 - 1) for k in range(MOST_KEYS + 1)]
    flat = [part for key in keys for part in (["I", f"{key:x}"], None)]
    with pytest.raises(ProtocolError, match="keys"):
        Values(2, weak=True).decode(["d", 0, *flat])


def test_a_number_is_not_taken_twice():
    values = Values(2, weak=True)
    held = values.decode(array)
    with pytest.raises(ProtocolError):
        values.decode(array)
    assert held.size == 2


@pytest.mark.parametrize(
    "changes", [None, [7], [[]], [["x"]], [[5, b""]], [[3, b"short"]], [[3]], [[3, "text"]]]
)
def test_a_damaged_change_is_refused(changes):
    values = Values(2, weak=True)
    held = values.decode(array)
    with pytest.raises(ProtocolError):
        values.apply(changes)
    assert held.tolist() == [0, 0]


def test_what_must_not_be_written_is_not_written():
    values = Values(2, weak=True)
    held = values.decode([*array[:6], False])
    values.apply([[3, b"\x01" * 16]])
    assert held.tolist() == [0, 0]


parts = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats()
    | st.text(max_size=4)
    | st.binary(max_size=16)
    | st.sampled_from(["<f8", "C", "F", "|b1", "<U2", "r", "a"]),
    lambda inner: st.tuples(
        st.sampled_from("Iacdegklnorstxz") | st.text(max_size=1), st.lists(inner, max_size=6)
    ).map(lambda pair: [pair[0], *pair[1]]),
    max_leaves=12,
)


@settings(max_examples=500)
@given(parts)
def test_any_part_is_a_value_or_refused(part):
    values = Values(2, weak=True)
    try:
        values.decode(part)
        values.apply([part])
    except (ProtocolError, CannotCross):
        pass
