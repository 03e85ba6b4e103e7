"""An IPython shell as a notebook knows it, without a kernel; what it shows is kept, with limits."""

import base64
import builtins
import contextlib
import functools
import gc
import io
import json
import warnings

from ipykernel.compiler import XCachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Any, Type
from traitlets.config import Config

MOST_TEXT = 200_000  # characters that one cell may print
MOST_DATA = 8_000_000  # bytes of pictures and the like that one cell may show
MOST_OUTPUTS = 1_000


class Sink:
    """The outputs of what runs at present, in short lists that the judge makes outputs from."""

    def __init__(self):
        self.outputs, self.left, self.data_left, self.clear_later = [], MOST_TEXT, MOST_DATA, False

    def text(self, name, text):
        if self.left <= 0:
            return
        text, cut = text[: self.left], len(text) > self.left
        self.left -= len(text)
        if cut:
            self.left = 0
            text += f"\n[cut: a cell may print {MOST_TEXT:,} characters]\n"
        self._begin()
        if self.outputs and self.outputs[-1][:2] == ["stream", name]:
            self.outputs[-1][2].append(text)
        else:
            self.outputs.append(["stream", name, [text]])

    def show(self, kind, data):
        data = {str(mime): _as_text(part) for mime, part in data.items()}
        self.data_left -= sum(map(len, data.values()))
        if self.data_left < 0:
            data = {"text/plain": f"[left out: a cell may show {MOST_DATA:,} bytes]"}
        self._begin()
        self.outputs.append([kind, [[mime, text] for mime, text in data.items()]])

    def error(self, name, text, lines):
        self._begin()
        self.outputs.append(["error", name, text[:10_000], [line[:10_000] for line in lines[:200]]])

    def clear(self, wait):
        self.clear_later = wait
        if not wait:
            self.outputs.clear()

    def message(self):
        """Return the outputs as a message's part."""
        return [
            ["stream", output[1], "".join(output[2])] if output[0] == "stream" else output
            for output in self.outputs[:MOST_OUTPUTS]
        ]

    def _begin(self):
        if self.clear_later:
            self.clear_later = False
            self.outputs.clear()


def _as_text(part):
    if isinstance(part, bytes):
        return base64.b64encode(part).decode()
    return part if isinstance(part, str) else json.dumps(part)


class Stream(io.TextIOBase):
    """Standard output or error, written to the sink of whatever runs."""

    encoding, errors = "utf-8", "strict"

    def __init__(self, shell, name):
        self.shell, self.name = shell, name

    def writable(self):
        return True

    def close(self):
        """Stay open: a notebook's outputs do not end with `sys.stdout.close()`."""

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.shell.sink.text(self.name, text)
        return len(text)


class Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, *args, transient=None, update=False, **kwargs):
        self.shell.sink.show("display_data", data)

    def clear_output(self, wait=False):
        self.shell.sink.clear(wait)


class Hook(DisplayHook):
    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        self.shell.sink.show("execute_result", format_dict)

    def finish_displayhook(self):
        pass


class Shell(InteractiveShell):
    """IPython as a notebook knows it, without a kernel."""

    compiler_class = Type(XCachingCompiler)
    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)
    sink = Any()

    @functools.cache  # noqa: B019  there is one shell, and it stays
    def transform_cell(self, raw_cell):
        return super().transform_cell(raw_cell)

    def _showtraceback(self, etype, evalue, stb):
        self.sink.error(etype.__name__, message_of(evalue), [str(line) for line in stb])

    def enable_gui(self, gui=None):
        pass

    def ask_exit(self):
        pass


def make_shell():
    """Return the Shell, ready for its first cell; made once, before the fork."""
    config = Config()
    config.HistoryManager.enabled = False
    shell = Shell.instance(config=config, sink=Sink())
    builtins.input = _no_input
    return shell


@contextlib.contextmanager
def forgotten():
    """Undo what cells that run inside change for all of a process, and keep the rest for good."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt
    import numpy as np

    with mpl.rc_context(), np.errstate(), np.printoptions(), warnings.catch_warnings():
        yield
    plt.close("all")
    gc.collect()
    gc.freeze()


def _no_input(prompt=""):
    raise EOFError("input() cannot be answered: a notebook is graded without a keyboard")


def message_of(error):
    try:
        return str(error)[:10_000]
    except BaseException:
        return "an exception that cannot be printed"
