"""Frames between two processes, one of which is hostile: a length, then msgpack, then limits.

A message is a list of plain values. Maps and extension types are refused, so that a dict is only
ever built by `values`, which bounds its keys.
"""

import socket
import struct
import time

import msgpack

LARGEST = 32_000_000  # bytes in a frame
GRACE = 3.0  # seconds beyond its time before a candidate that does not stop is ended
MOST_ITEMS = 2_000_000  # entries in one list of a message
_HEAD = struct.Struct("!I")
_CHUNK = 1 << 18
_LOOK_UP = struct.pack("ll", 0, 200_000)  # so often a waiting side looks at the clock


class ProtocolError(Exception):
    """The bytes that came are no message: whoever sent them is not to be believed."""


class Closed(ProtocolError):
    """The other side has ended."""


class Late(Exception):
    """Nothing whole came in time."""


class TooLarge(ValueError):
    """A message is larger than a frame may be; nothing has been sent."""


class Channel:
    """One end of a stream socket that carries messages, one at a time.

    >>> ours, theirs = pair()
    >>> ours.send(["run", "x = 1", 2.5, b"raw", None])
    >>> theirs.receive()
    ['run', 'x = 1', 2.5, b'raw', None]
    >>> ours.close()
    >>> theirs.close()
    """

    def __init__(self, sock):
        self.sock, self.rest = sock, b""
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            sock.setsockopt(socket.SOL_SOCKET, option, _LOOK_UP)

    def fileno(self):
        return self.sock.fileno()

    def close(self):
        self.sock.close()

    def send(self, message, deadline=None):
        """Send a message; raises TooLarge before a byte is sent, Closed where nobody reads.

        deadline: by time.monotonic(); Late when the other side has not taken it all by then.
        """
        body = msgpack.packb(message, unicode_errors="surrogatepass")
        if len(body) > LARGEST:
            raise TooLarge(f"{len(body):,} bytes; at most {LARGEST:,} can be passed on")
        data = memoryview(_HEAD.pack(len(body)) + body)
        while data:
            data = data[self._try(self.sock.send, data, deadline) or 0 :]

    def receive(self, deadline=None):
        """Return the next message; raises Late, Closed, or ProtocolError for anything else."""
        (size,) = _HEAD.unpack(self._read(_HEAD.size, deadline))
        if size > LARGEST:
            raise ProtocolError(f"a frame of {size:,} bytes")
        return unpack(self._read(size, deadline))

    def _read(self, size, deadline):
        data, have = [self.rest], len(self.rest)
        while have < size:  # grows with what has come, not with what was announced
            part = self._try(self.sock.recv, _CHUNK, deadline)
            if part == b"":
                raise Closed("it has ended")
            data.append(part or b"")
            have += len(part or b"")
        whole = b"".join(data)
        self.rest = whole[size:]
        return whole[:size]

    def _try(self, act, argument, deadline):
        """Return what a call on the socket gives; None where it waited for a while in vain."""
        if deadline is not None and time.monotonic() > deadline:
            raise Late
        try:
            return act(argument)
        except BlockingIOError:
            return None
        except OSError as error:
            raise Closed(str(error)) from error


def unpack(body):
    """Return the message, a list, in the bytes of a frame; raises ProtocolError for all else."""
    try:
        message = msgpack.unpackb(
            body,
            raw=False,
            unicode_errors="surrogatepass",
            max_array_len=MOST_ITEMS,
            max_map_len=0,
            max_ext_len=0,
        )
    except (ValueError, msgpack.exceptions.UnpackException, MemoryError, RecursionError) as error:
        raise ProtocolError(f"not a message: {type(error).__name__}") from error
    if not isinstance(message, list) or not message:
        raise ProtocolError("not a message: no list")
    return message


def pair():
    """Return two connected Channels."""
    return tuple(Channel(s) for s in socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM))
