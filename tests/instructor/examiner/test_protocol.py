"""Frames: what is sent arrives, and what is no message is refused without harm."""

import socket
import struct
import threading
import time

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.instructor.examiner import protocol
from course_utils.instructor.examiner.protocol import (
    Channel,
    Closed,
    Late,
    ProtocolError,
    TooLarge,
    pair,
)


@pytest.fixture
def ends():
    """Return a function that gives two connected channels, which are closed at the end."""
    made = []

    def connected():
        made.extend(pair())
        return made[-2:]

    yield connected
    for channel in made:
        channel.close()


scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False)
messages = st.lists(
    st.recursive(scalars | st.text() | st.binary(), st.lists, max_leaves=30), min_size=1
)


@given(messages)
def test_what_is_sent_arrives(message):
    ours, theirs = pair()
    ours.send(message)
    assert theirs.receive() == message
    ours.close()
    theirs.close()


def test_two_messages_in_one_packet_arrive_as_two(ends):
    ours, theirs = ends()
    ours.send(["one"])
    ours.send(["two"])
    assert [theirs.receive(), theirs.receive()] == [["one"], ["two"]]


def test_a_large_message_arrives_in_pieces(ends):
    ours, theirs = ends()
    sender = threading.Thread(target=ours.send, args=(["big", b"x" * 5_000_000],))
    sender.start()
    assert len(theirs.receive()[1]) == 5_000_000
    sender.join()


def test_too_large_a_message_is_not_sent(ends):
    ours, theirs = ends()
    with pytest.raises(TooLarge, match="at most"):
        ours.send([b"x" * (protocol.LARGEST + 1)])
    ours.send(["after"])
    assert theirs.receive() == ["after"]


def test_the_end_of_the_other_side_is_told(ends):
    ours, theirs = ends()
    ours.close()
    with pytest.raises(Closed):
        theirs.receive()
    with pytest.raises(Closed):
        theirs.send(["x"])


def test_nothing_in_time_is_late_and_so_is_a_slow_drip(ends):
    ours, theirs = ends()
    with pytest.raises(Late):
        theirs.receive(time.monotonic() + 0.05)

    def drip():
        for byte in struct.pack("!I", 100) + b"\x90" * 20:
            ours.sock.send(bytes([byte]))
            time.sleep(0.03)

    dripping = threading.Thread(target=drip)
    dripping.start()
    with pytest.raises(Late):
        theirs.receive(time.monotonic() + 0.4)
    dripping.join()


def test_nobody_who_reads_is_late(ends):
    ours, _theirs = ends()
    with pytest.raises(Late):
        ours.send([b"x" * 20_000_000], time.monotonic() + 0.05)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xc1",
        b"not msgpack at all",
        msgpack.packb({"a": 1}),
        msgpack.packb([{"a": 1}]),
        msgpack.packb([]),
        msgpack.packb(7),
        msgpack.packb([msgpack.ExtType(5, b"x")]),
        msgpack.packb([msgpack.Timestamp(1)]),
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 100_000,
        msgpack.packb([1]) + b"more",
    ],
)
def test_what_is_no_message_is_refused(ends, body):
    ours, theirs = ends()
    ours.sock.sendall(struct.pack("!I", len(body)) + body)
    with pytest.raises(ProtocolError):
        theirs.receive()


def test_an_announced_size_is_believed_only_as_bytes_come(ends):
    ours, theirs = ends()
    ours.sock.sendall(struct.pack("!I", 2**32 - 1))
    with pytest.raises(ProtocolError, match="frame"):
        theirs.receive()
    ours, theirs = ends()
    ours.sock.sendall(struct.pack("!I", protocol.LARGEST))
    with pytest.raises(Late):
        theirs.receive(time.monotonic() + 0.05)


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_message_or_refused(data):
    ours, theirs = (Channel(s) for s in socket.socketpair())
    ours.sock.sendall(data)
    ours.close()
    try:
        while True:
            assert isinstance(theirs.receive(time.monotonic() + 5), list)
    except ProtocolError:
        pass
    theirs.close()
