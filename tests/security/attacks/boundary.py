"""Values and bytes that cross from the student's process to the one that decides.

The first table gives wrong answers and values that lie about what they are. The second gives values
that are too large or too deep, in one exercise: the rest is right and must be graded. The third
attacks what joins the two processes.
"""

# ruff: noqa: E501  a table, and the attackers' code in it

from tests.security.attacks.abuse import ANYHOW, NO_CHAINS, NO_VANISHING, SAID
from tests.security.attacks.build import POINTS, WRONG, group, returning, right, wrong

LIES, add = group("lie")
FOOLS = {"fools_plain": True}


def lie(short, what, value, prelude="", own=None, status="graded", score=0, **more):
    """Add a submission in which every function returns `value`."""
    add(short, what, wrong(own=own, **returning(value, prelude)), status, score, **more)


OPERATORS = "add radd sub rsub mul rmul truediv rtruediv pow rpow mod neg pos abs matmul floordiv"
lie(
    "equal-to-everything",
    "An object that is equal to, and the result of a computation with, everything.",
    "Right()",
    own=f"""
class Right:
    def __eq__(self, other):
        return True

    def __lt__(self, other):
        return True

    __le__ = __gt__ = __ge__ = __contains__ = __eq__
    __bool__ = lambda self: True
    __hash__ = lambda self: 0
    __float__ = lambda self: 0.0
    __int__ = __index__ = __len__ = lambda self: 0
    __getitem__ = __call__ = __getattr__ = lambda self, *a, **k: self


for name in {OPERATORS!r}.split():
    setattr(Right, f"__{{name}}__", lambda self, *a: self)
""",
)
lie(
    "array-that-compares-as-it-likes",
    "A subclass of ndarray whose comparisons are false and whose differences are zero.",
    "np.zeros(np.shape(x)).view(Kind)",
    own="""
class Kind(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        plain = [np.asarray(i) for i in inputs]
        return 0 * getattr(ufunc, method)(*plain, **kwargs)

    def __array_function__(self, f, types, args, kwargs):
        return np.zeros(1)

    __gt__ = __lt__ = __ne__ = lambda self, other: np.zeros(self.shape, bool)
    any = lambda self, *a, **k: np.False_
""",
)
HUNT = """
import sys


def slope(f, x):
    x = np.asarray(x, float)
    found = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape, complex)
        step[i] = 1e-30j
        found[i] = np.imag(f(x + step if x.ndim else complex(x, 1e-30))) / 1e-30
    return found


def truth(x):
    frame = sys._getframe(1)
    while frame:
        seen, name = frame.f_locals, frame.f_code.co_name
        if name == "check_derivative":
            return slope(seen["f"], x)
        if name == "check_gradient":
            return slope(seen["f"], seen["x"])
        if name == "check_value":
            return seen["true"]
        frame = frame.f_back
    return 0.0
"""
lie(
    "array-made-when-it-is-looked-at",
    "An object whose __array__ takes the function from the caller's frames and differentiates it.",
    "Lazy(x)",
    own=HUNT
    + """

class Lazy:
    def __init__(self, x):
        self.x = x

    def __array__(self, dtype=None, copy=None):
        return np.array(truth(self.x), dtype)
""",
    **FOOLS,
)
lie(
    "frames-searched",
    "The answer takes the function from the frames of its callers and differentiates it.",
    "truth(x)",
    own=HUNT,
    **FOOLS,
)
lie(
    "frames-searched-for-numbers",
    "The answer returns the first number or array of the right shape in its callers' frames.",
    "number(np.shape(x))",
    own="""
import sys


def number(shape):
    frame = sys._getframe(2)
    while frame:
        for value in frame.f_locals.values():
            for part in value.values() if isinstance(value, dict) else [value]:
                if isinstance(part, (float, np.ndarray)) and np.shape(part) == shape:
                    return part
        frame = frame.f_back
    return np.zeros(shape)
""",
)
lie(
    "everything-in-memory-searched",
    "The answer looks through all objects for arrays of the right shape and functions of the tests.",
    "number(np.shape(x))",
    own="""
import gc


def number(shape):
    for value in gc.get_objects()[-20000:]:
        if type(value) is dict:
            for key in ("true", "expected", "truth", "key"):
                if key in value and np.shape(value[key]) == shape:
                    return value[key]
    return np.zeros(shape)
""",
)
lie(
    "float-that-computes-as-it-likes",
    "A subclass of float whose arithmetic gives what is needed.",
    "Kind(0.0)",
    own=f"""
class Kind(float):
    __eq__ = __le__ = __ge__ = lambda self, other: True
    __lt__ = __gt__ = __ne__ = lambda self, other: False
    __hash__ = float.__hash__
    __array_priority__ = 1e9
    __array_ufunc__ = None


for name in {OPERATORS!r}.split():
    setattr(Kind, f"__{{name}}__", lambda self, *a: self)
""",
)
lie(
    "scalar-that-computes-as-it-likes",
    "A subclass of numpy's float64 whose arithmetic gives what is needed.",
    "Kind(0.0)",
    own=f"""
class Kind(np.float64):
    __array_priority__ = 1e9
    __lt__ = __gt__ = lambda self, other: np.False_
    shape = property(lambda self: Any())
    dtype = property(lambda self: np.dtype(float))


class Any(tuple):
    __eq__ = lambda self, other: True
    __hash__ = tuple.__hash__


for name in {OPERATORS!r}.split():
    setattr(Kind, f"__{{name}}__", lambda self, *a: self)
""",
)
lie(
    "another-class-by-name",
    "An object that says it is a float, or an array.",
    "Kind()",
    own="""
class Kind:
    __class__ = property(lambda self: [np.ndarray, float][len(calls) % 2])
    shape, ndim, size, nbytes, dtype, itemsize = (), 0, 1, 8, np.dtype(float), 8
    __float__ = lambda self: calls.append(0) or 0.0
    __array_interface__ = {"shape": (), "typestr": "<f8", "data": (0, False), "version": 3}
    tobytes = lambda self, *a: b"\\0" * 8
    tolist = item = lambda self, *a: self


calls = []
""",
)
lie(
    "array-that-lies-about-its-shape",
    "A subclass of ndarray with another shape, dtype and size than it has.",
    "np.zeros(1000).view(Kind)",
    own="""
class Kind(np.ndarray):
    shape, ndim, size, nbytes, itemsize = (), 0, 1, 8, 8
    dtype = np.dtype(bool)
    strides = (-8,)

    def tobytes(self, *args):
        return b"\\xff" * 1024

    __reduce__ = __reduce_ex__ = lambda self, *a: (print, ("unpickled",))
""",
)
lie(
    "array-without-memory",
    "An array that looks into memory which is not its own.",
    "view(x)",
    own="""
from numpy.lib.stride_tricks import as_strided


def view(x):
    return as_strided(np.zeros(1), shape=(max(1, np.size(x)),), strides=(2**40,))
""",
    status="graded/partial",
)
for short, value in [
    ("objects", "np.array([None, 0.0, [1]], object)"),
    ("records", "np.zeros(2, [('a', 'f8'), ('b', 'O')])"),
    ("texts", "np.array(['0.0', 'x' * 10])"),
    ("dates", "np.datetime64('2000-01-01')"),
    ("voids", "np.void(b'12345678')"),
    ("long-doubles", "np.longdouble(0)"),
    ("complex", "0j"),
    ("masked", "np.ma.masked_all(np.shape(x))"),
    ("matrices", "np.asmatrix(np.zeros(2))"),
    ("other-byte-order", "np.zeros(np.shape(x), '>f8')"),
    ("booleans", "np.zeros(np.shape(x), bool)"),
    ("memory-views", "memoryview(bytearray(8)).cast('d')"),
    ("nan", "np.full(np.shape(x), np.nan)"),
    ("infinities", "np.full(np.shape(x), np.inf)"),
    ("decimals", "__import__('decimal').Decimal('NaN')"),
    ("fractions", "__import__('fractions').Fraction(1, 3)"),
    ("ranges", "range(4)"),
    ("sets", "{0.0}"),
    ("generators", "(0.0 for _ in range(4))"),
    ("functions", "lambda *a: 0.0"),
    ("classes", "type('A', (float,), {})"),
    ("modules", "np"),
    ("ellipses", "..."),
    ("none", "None"),
    ("not-implemented", "NotImplemented"),
    ("frames", "__import__('sys')._getframe()"),
    ("sockets", "__import__('socket').socketpair()[0]"),
    ("files", "open('/dev/null')"),
    ("coroutines", "__import__('asyncio').sleep(0)"),
    ("shells", "get_ipython()"),
    ("exceptions", "ValueError('0.0')"),
    ("code", "compile('0.0', 'a', 'eval')"),
]:
    lie(f"returns-{short}", f"Functions that return {short.replace('-', ' ')}.", value)
PICKLE = f"""
class Bomb:
    def __reduce__(self):
        code = "import course_utils.checks as c; c.compare = lambda *a, **k: None"
        return exec, (code + "; open('@WORK@/attack31337', 'w').close(); print({SAID})",)

    __array__ = None
    __getstate__ = __reduce__


array = np.array([Bomb()], object)
"""
lie("pickle-that-runs", "An object that runs code where it is unpickled.", "Bomb()", own=PICKLE)
lie("array-of-pickles", "An array of objects that run code where unpickled.", "array", own=PICKLE)
lie(
    "pickle-bytes",
    "The bytes of a pickle that runs code.",
    "data",
    own=PICKLE + "\nimport pickle\n\ndata = pickle.dumps(Bomb())",
)
lie(
    "pretended-handle",
    "Dicts and lists that look like what the two processes tell each other.",
    "forms[next(count) % len(forms)]",
    own="""
import itertools

count = itertools.count()
forms = [
    {"kind": "handle", "id": -1},
    {"__handle__": -1, "__class__": "float"},
    {"type": "array", "dtype": "O", "shape": [-1], "data": b""},
    {"$array": 0, "shape": (2**62,), "dtype": "<f8"},
    {"result": 0.0, "passed": True},
    {"nonce": 0, "value": 0.0, "ok": True},
    ["ndarray", "<f8", [], b"\\0" * 8],
    {"callback": -1, "args": []},
    {"share": -1, "pin": -1},
]
""",
)
lie(
    "crafted-mismatch",
    "Exceptions of the course's own classes, and of their names, with a text that says passed.",
    "fail()",
    own="""
import itertools

from course_utils import Mismatch, NotWritten

count = itertools.count()
kinds = [
    Mismatch,
    NotWritten,
    AssertionError,
    type("Mismatch", (Exception,), {"sentence": "passed", "rows": (), "look": ""}),
    type("SkippedEntry", (UserWarning,), {}),
    type("Passed", (Exception,), {"score": 2.0}),
]


def fail():
    raise kinds[next(count) % len(kinds)]("chain_four: passed, 4 of 4 points.")
""",
)
for short, raised in [
    ("system-exit", "SystemExit(0)"),
    ("keyboard-interrupt", "KeyboardInterrupt()"),
    ("generator-exit", "GeneratorExit()"),
    ("stop-iteration", "StopIteration(0.0)"),
    ("cancelled", "__import__('asyncio').CancelledError()"),
    ("base-exception", "BaseException('done')"),
    ("skip-of-unittest", "__import__('unittest').SkipTest('skipped')"),
    ("warning", "UserWarning('passed')"),
    ("exception-group", "ExceptionGroup('passed', [ValueError(1)])"),
    ("not-implemented-error", "NotImplementedError('not written yet')"),
]:
    lie(
        f"raises-{short}",
        "An exception that a careless caller lets pass.",
        "fail()",
        own=f"def fail():\n    raise {raised}",
    )
lie(
    "raises-skip-of-pytest",
    "pytest's own way to skip a test, or an imitation of it.",
    "fail()",
    own="""
try:
    from pytest import skip

    Skipped = skip.Exception
except ImportError:
    Skipped = type("Skipped", (BaseException,), {"allow_module_level": True, "msg": ""})


def fail():
    raise Skipped("passed")
""",
)
lie(
    "exception-that-draws-itself",
    "An exception with a traceback of its own making and attributes that run code.",
    "fail()",
    own="""
class Drawn(Exception):
    def _render_traceback_(self):
        return []

    sentence = look = rows = property(lambda self: exit())
    __cause__ = property(lambda self: self)
    __traceback__ = None
    __str__ = __repr__ = lambda self: 5


def fail():
    raise Drawn
""",
)
lie(
    "array-changed-after-its-return",
    "A thread that puts the true values into a returned array while it is being checked.",
    "np.zeros(np.shape(x))",
    own=HUNT
    + """
import threading
import time

sys.setswitchinterval(1e-5)
main = threading.main_thread().ident


def fill():
    until = time.monotonic() + 60
    while time.monotonic() < until:
        frame = sys._current_frames().get(main)
        while frame:
            if frame.f_code.co_name == "check_gradient":
                seen = frame.f_locals
                if isinstance(seen.get("gradient"), np.ndarray):
                    seen["gradient"][...] = slope(seen["f"], seen["x"])
            frame = frame.f_back
        time.sleep(1e-5)


threading.Thread(target=fill, daemon=True).start()
""",
    **FOOLS,
)
lie(
    "list-changed-after-its-return",
    "A thread that keeps changing the returned list.",
    "given()",
    own="""
import itertools
import threading
import time


class Ever(list):
    def __getitem__(self, index):
        return next(count) * 0.0

    __len__ = lambda self: 4


count = itertools.count()
kept = Ever([0.0])


def given():
    return kept


def change():
    until = time.monotonic() + 60
    while time.monotonic() < until:
        kept[:] = [0.0] * (next(count) % 5)
        time.sleep(1e-4)


threading.Thread(target=change, daemon=True).start()
""",
)

# --- the oracles of the course, and differences of one's own --------------------------------------

INNER = {
    "sin": "lambda t: np.sin(t**3)",
    "log": "lambda t: np.log(np.cos(t))",
    "exp": "lambda t: np.exp(-(t**2) / 2)",
    "power": "lambda t: (1 + t**2) ** 10",
    "two": "lambda t: t**3 * np.cos(t)",
    "three": "lambda t: t**3 * np.cos(t) * np.exp(-t)",
}


def derived(derivative, prelude="", wrap="{}"):
    """Return answers that differentiate by `derivative(f, x)`, an expression, nothing by hand."""
    D = wrap.format(derivative)

    def of(*names):
        return ", ".join(f"D({INNER[name]}, x)" for name in names)

    head = f"{prelude}\n\n\ndef D(f, x):\n    return {D}\n\n\n"
    return {
        "chain_four": f"{head}def chain_four(x):\n    return {of('sin', 'log', 'exp', 'power')}",
        "fork_derivative": f"def fork_derivative(x):\n    return {of('two', 'three')}",
        "compose_derivative": "def compose_derivative(fs, dfs, x):\n"
        "    return D(lambda t: compose(fs, t), x)",
        "neuron_gradients": "def neuron_gradients(w, b, x, y):\n    unit = np.eye(len(w))\n"
        "    dw = [D(lambda t: neuron_loss(w + (t - 0.0) * e, b, x, y), 0.0) for e in unit]\n"
        "    return np.array(dw), D(lambda t: neuron_loss(w, t, x, y), b)",
        "vanishing_product": "def vanishing_product(z, n, kind):\n"
        "    phi = {'sigmoid': sigmoid, 'tanh': np.tanh, 'relu': lambda t: t * (np.real(z) > 0)}\n"
        "    return D(phi[kind], z) ** n",
    }


OWN_POINTS = POINTS - 8 - 1 - 1  # no quiz, no lines; compose_derivative never calls the slopes
for short, call, prelude in [
    ("difference", "numerical_derivative(f, x)", ""),
    (
        "difference-by-module",
        "o.numerical_derivative(f, x)",
        "from course_utils import oracles as o",
    ),
    (
        "difference-by-other-name",
        "d(f, x)",
        "import importlib\nd = importlib.import_module('course_utils.oracles.finite').numerical_derivative",
    ),
    ("gradient", "float(numerical_gradient(f, np.array(x)))", ""),
    (
        "complex-step",
        "complex_step_derivative(f, x)",
        "from course_utils import complex_step_derivative",
    ),
    ("truth", "true_derivative(f, x).value", "from course_utils.oracles import true_derivative"),
    (
        "check",
        "seen(f, x)",
        "import course_utils.checks as c\n\n\ndef seen(f, x):\n    try:\n"
        "        c.check_derivative(f, lambda t: 1e9, x)\n    except c.Mismatch as error:\n"
        "        return float(error.rows[0][2])",
    ),
]:
    add(
        f"oracle-{short}",
        "The course's own oracle, or its check, is called inside the answers.",
        wrong(**derived(call, prelude)),
        **FOOLS,
    )
STEP = "f(x + 1e-30j).imag / 1e-30"
add(
    "complex-step-of-its-own",
    "A complex step that the student has written: accepted, where slopes need not be called.",
    wrong(**derived(STEP)),
    "graded",
    OWN_POINTS,
)
add(
    "forward-difference",
    "A forward difference of the student's own: too rough.",
    wrong(**derived("(f(x + 1e-7) - f(x)) / 1e-7")),
    "graded",
    0,
)
add(
    "central-difference-of-its-own",
    "A central difference with the best step: still too rough.",
    wrong(**derived("(f(x + 6e-6) - f(x - 6e-6)) / 1.2e-5")),
    "graded",
    0,
)
for dtype, score in (("float16", 0), ("float32", (0, 4))):
    add(
        f"forward-difference-as-{dtype}",
        "A rough difference in a short dtype, for which the checks ask for fewer digits.",
        wrong(**derived("(f(x + 1e-7) - f(x)) / 1e-7", wrap=f"np.{dtype}({{}})")),
        "graded",
        score,
        **FOOLS,
    )

# --- too large, too deep --------------------------------------------------------------------------

BOMBS, add = group("bomb")


def bomb(short, what, value, prelude="", status=ANYHOW):
    """Add a submission in which chain_four returns `value` and the rest is right."""
    code = f"{prelude.strip()}\n\n\ndef chain_four(x):\n    return {value}"
    add(short, what, right(chain_four=code), status, NO_CHAINS)


for short, value in [
    ("gigabyte", "np.ones((4, 2**25))"),
    ("gigabyte-of-zeros", "np.zeros((4, 2**25))"),
    ("terabytes-of-one-number", "np.broadcast_to(1.0, (4, 2**38))"),
    ("exabytes-of-nothing", "np.zeros((4, 0, 2**50))"),
    ("text", "('x' * 100_000_000,) * 4"),
    ("bytes", "(bytes(100_000_000),) * 4"),
    ("list", "[0.0] * 20_000_000"),
    ("list-of-lists", "[[]] * 5_000_000"),
    ("dict", "{i: i for i in range(2_000_000)}"),
    ("integer", "(1 << 200_000_000,) * 4"),
    ("array-of-long-texts", "np.zeros(4, 'U25000000')"),
    ("array-of-many-axes", "np.zeros((1,) * 32)"),
    ("many-arrays", "[np.zeros(1) for _ in range(50_000)]"),
    ("array-of-records", "np.zeros(4, [(f'f{i}', 'f8') for i in range(20_000)])"),
]:
    bomb(f"large-{short}", "A result too large to cross.", value)
bomb(
    "deep-list",
    "A list in a list, 100,000 deep.",
    "deep",
    "deep = 0.0\nfor _ in range(100_000):\n    deep = [deep]",
)
bomb(
    "deep-and-wide",
    "Lists of one list twice, 60 deep: small here, 2 to the power 60 when copied.",
    "wide",
    "wide = 0.0\nfor _ in range(60):\n    wide = [wide, wide]",
)
bomb("list-in-itself", "A list that holds itself.", "ring", "ring = [0.0]\nring.append(ring)")
bomb(
    "dict-in-itself",
    "A dict that holds itself, as key's part and as value.",
    "ring",
    "ring = {}\nring['a'] = (ring,)\nring[(1, (2,))] = ring",
)
bomb(
    "keys-that-collide",
    "A dict whose keys all have one hash: quadratic time for whoever makes it again.",
    "table",
    "import sys\n\np = sys.hash_info.modulus\ntable = {i * p: 0.0 for i in range(1, 5000)}",
)
bomb(
    "mapping-without-end",
    "A dict and a list that always have one more item.",
    "Ever()",
    """
class Ever(dict):
    def __iter__(self):
        i = 0
        while True:
            yield (i := i + 1)

    keys = __iter__
    items = lambda self: ((i, i) for i in self)
    __len__ = lambda self: 1
""",
)
bomb(
    "tuple-without-end",
    "A tuple that never stops when iterated.",
    "Ever((0.0,) * 4)",
    "import itertools\n\n\nclass Ever(tuple):\n    __iter__ = lambda self: itertools.repeat(0.0)",
)
bomb(
    "length-that-lies",
    "A list of length 2 to the power 62, one of length -1.",
    "Long(), Short(), 0.0, 0.0",
    "class Long(list):\n    __len__ = lambda self: 2**62\n\n\n"
    "class Short(list):\n    __len__ = lambda self: -1",
)

# --- callbacks: a function of the test, called by the answer --------------------------------------


def callback(short, what, body, status=ANYHOW, score=POINTS - 5, prelude=""):
    """Add a submission in which compose_derivative does `body`; the rest is right."""
    lines = "\n".join(f"    {line}" for line in body.strip("\n").splitlines())
    code = f"{prelude}\ndef compose_derivative(fs, dfs, x):\n{lines}"
    add(short, what, right(compose_derivative=code), status, score)


for short, value in [
    ("a-gigabyte", "np.ones(2**27)"),
    ("terabytes-of-one-number", "np.broadcast_to(1.0, (2**40,))"),
    ("a-huge-integer", "1 << 100_000_000"),
    ("a-huge-text", "'x' * 100_000_000"),
    ("a-huge-list", "[0.0] * 10_000_000"),
    ("a-deep-list", "deep"),
    ("an-object", "object()"),
    ("itself", "compose_derivative"),
    ("the-callback", "(fs + [float])[0]"),
    ("the-shell", "get_ipython()"),
    ("code", "'__import__(\"os\")._exit(0)'"),
    ("nan", "float('nan')"),
]:
    callback(
        f"callback-with-{short}",
        "The test's own function is called with something that it cannot take.",
        f"for f in fs + dfs:\n    f({value})\nreturn 1.0",
        prelude="deep = 0.0\nfor _ in range(50_000):\n    deep = [deep]\n\n",
    )
callback(
    "callback-with-growing-numbers",
    "The square of a whole number, squared again and again: it is the test that computes.",
    "u = 3\nfor _ in range(64):\n    for f in fs:\n        u = f(u)\nreturn 1.0",
)
callback(
    "callbacks-without-end",
    "Calls the test's function for ever, so that the test never waits.",
    "while True:\n    for f in fs:\n        f(0.5)\n    if not fs:\n        return 1.0",
    status="partial",
)
callback(
    "callback-in-many-threads",
    "Calls the test's functions from twenty threads at once.",
    "import threading\n"
    "threads = [threading.Thread(target=lambda: [f(x) for f in fs]) for _ in range(20)]\n"
    "for thread in threads:\n    thread.start()\n"
    "for thread in threads:\n    thread.join()\nreturn 1.0",
    status="graded/partial/tampered",
)
callback(
    "callback-searched",
    "Looks into the test's function for the namespace of the test.",
    "for f in fs + dfs:\n"
    "    space = getattr(f, '__globals__', {})\n"
    "    for name in ('check_derivative', 'check_value', 'check_visited'):\n"
    "        if name in space and space is not globals():\n"
    "            space[name] = lambda *a, **k: None\n"
    "    for cell in getattr(f, '__closure__', None) or ():\n        cell.cell_contents = None\n"
    "    f.__code__ = (lambda *a: 0.0).__code__\nreturn 1.0",
)
add(
    "callback-kept",
    "Keeps the test's functions and calls them later, from a cell of its own.",
    right(
        compose_derivative=WRONG["compose_derivative"].replace(
            "    return", "    kept.extend(fs + dfs)\n    return"
        )
        + "\n\n\nkept = []",
        last="for f in kept:\n    try:\n        print(f(0.5))\n"
        "    except Exception as error:\n        print(type(error).__name__)",
    ),
    "graded",
    POINTS - 5,
)
add(
    "callback-given-back",
    "Returns the test's own function, and lists of it.",
    right(
        compose_derivative="def compose_derivative(fs, dfs, x):\n    return (fs + dfs + [fs])[0]"
    ),
    "graded",
    POINTS - 5,
)

# --- what joins the processes ---------------------------------------------------------------------

WIRE, add = group("wire")
DIRTY = "graded/partial/tampered"
EVERY = """
import os
import stat


def every():
    for fd in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode) or stat.S_ISFIFO(os.fstat(fd).st_mode):
                yield fd
        except OSError:
            pass


def shout(data):
    for fd in every():
        try:
            os.set_blocking(fd, False)
            os.write(fd, data)
        except OSError:
            pass
        finally:
            os.set_blocking(fd, True)
"""
FRAMES = """
import itertools
import json
import struct

messages = [
    {"passed": True, "score": 2.0, "ok": True, "value": 0.0, "result": 0.0, "status": "graded"},
    {"kind": "return", "nonce": 0, "id": 1, "value": 0.0},
    ["return", 0, 0.0],
    {"type": "done", "scores": {"check_q1": 1.0}},
]
bodies = [json.dumps(m).encode() for m in messages]
try:
    import msgpack

    bodies += [msgpack.packb(m) for m in messages]
except ImportError:
    pass
frames = [
    struct.pack(form, len(body)) + body
    for body in bodies
    for form in ("<I", ">I", "<Q", ">Q", "<H", ">H")
]
"""
GARBAGE = "b'\\xff' * 64"
add(
    "garbage-to-every-descriptor-in-a-cell",
    "Writes bytes that mean nothing to whatever is open.",
    wrong(own=EVERY + f"\n\nshout({GARBAGE})"),
    "tampered",
)
add(
    "garbage-to-every-descriptor-in-a-call",
    "Writes bytes that mean nothing to whatever is open, during a call.",
    wrong(own=EVERY, **returning(f"shout({GARBAGE}) or 0.0")),
    "tampered",
)
add(
    "one-byte-too-many",
    "Writes a single NUL to whatever is open.",
    wrong(own=EVERY + "\n\nshout(b'\\0')"),
    "tampered",
)
add(
    "a-length-of-4-gb",
    "Announces a frame of four gigabytes and sends nothing of it.",
    wrong(own=EVERY + "\n\nshout(b'\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x7f')"),
    "tampered/partial",
)
add(
    "half-a-frame",
    "Announces a frame and falls asleep.",
    wrong(own=EVERY + "\n\nshout(b'\\0\\0\\0\\x40')\nimport time\ntime.sleep(600)"),
    "tampered/partial",
)
add(
    "forged-frames-in-a-cell",
    "Writes frames that say passed, in many guesses of the form.",
    wrong(own=EVERY + FRAMES + "\nfor frame in frames:\n    shout(frame)"),
    "tampered",
)
add(
    "forged-frames-in-a-call",
    "Writes frames that say passed, during a call.",
    wrong(own=EVERY + FRAMES, **returning("[shout(frame) for frame in frames] and 0.0")),
    "tampered",
)
add(
    "forged-frames-from-a-thread",
    "A thread writes frames that say passed, at any time.",
    wrong(
        own=EVERY
        + FRAMES
        + """
import threading
import time


def run():
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for frame in frames:
            shout(frame)
        time.sleep(0.01)


threading.Thread(target=run, daemon=True).start()
"""
    ),
    "tampered",
)
add(
    "forged-frames-from-a-child",
    "A forked child keeps the descriptors and writes frames that say passed.",
    wrong(
        own=EVERY
        + FRAMES
        + """
import time

if os.fork() == 0:
    for _ in range(100):
        for frame in frames:
            shout(frame)
        time.sleep(0.05)
    os._exit(0)
"""
    ),
    DIRTY,
)
add(
    "answers-sent-twice",
    "Wraps what writes to sockets, so that every frame goes out twice.",
    wrong(
        own="""
import os
import socket

kept = os.write, os.writev


class Twice(socket.socket):
    def sendall(self, data, *args):
        super().sendall(data, *args)
        super().sendall(data, *args)

    def send(self, data, *args):
        super().send(data, *args)
        return super().send(data, *args)


def write(fd, data):
    kept[0](fd, data)
    return kept[0](fd, data)


os.write = write
import gc

for thing in gc.get_objects():
    if type(thing) is socket.socket:
        thing.__class__ = Twice
"""
    ),
    DIRTY,
)
add(
    "sockets-hunted",
    "Finds every socket object in memory and reads what comes in next.",
    wrong(
        own="""
import gc
import socket
import threading

found = [t for t in gc.get_objects() if isinstance(t, socket.socket)]


def read(one):
    try:
        print(one.recv(65536, socket.MSG_PEEK))
        print(one.recv(65536))
    except OSError as error:
        print(error)


for one in found:
    threading.Thread(target=read, args=(one,), daemon=True).start()
"""
    ),
    DIRTY,
    secret=True,
)
add(
    "descriptors-read",
    "Reads from every descriptor that is open, ahead of whom it is for.",
    wrong(
        own=EVERY
        + """
import threading


def read(fd):
    try:
        print(os.read(fd, 65536))
    except OSError:
        pass


for fd in every():
    threading.Thread(target=read, args=(fd,), daemon=True).start()
"""
    ),
    DIRTY,
    secret=True,
)
add(
    "descriptors-crossed",
    "Puts a pipe, or the output, in the place of every descriptor.",
    wrong(own=EVERY + "\n\nr, w = os.pipe()\nfor fd in list(every()):\n    os.dup2(1, fd)"),
    DIRTY,
)
add(
    "descriptors-shut",
    "Shuts down every socket in both directions.",
    wrong(
        own=EVERY + "\n\nimport socket\nfor fd in every():\n    try:\n"
        "        socket.socket(fileno=os.dup(fd)).shutdown(socket.SHUT_RDWR)\n    except OSError:\n"
        "        pass"
    ),
    DIRTY,
)
add(
    "descriptors-sent-away",
    "Sends its own descriptors over the socket, a file with them.",
    wrong(
        own=EVERY
        + """
import array
import socket

file = os.open("/dev/zero", os.O_RDONLY)
for fd in every():
    try:
        one = socket.socket(fileno=os.dup(fd))
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file] * 64))]
        one.sendmsg([b"\\0"], ancillary, socket.MSG_DONTWAIT)
    except OSError:
        pass
"""
    ),
    "tampered/graded/partial",
)
add(
    "nonces-hunted",
    "Looks in all frames and objects for bytes and numbers that could be nonces, and sends them back.",
    wrong(
        own=EVERY
        + """
import sys


def hunt():
    frame, found = sys._getframe(), []
    while frame:
        for value in frame.f_locals.values():
            for part in list(value.values()) if type(value) is dict else [value]:
                if isinstance(part, (bytes, bytearray)) and 4 <= len(part) <= 64:
                    found.append(bytes(part))
                if type(part) is int and part > 2**20:
                    found.append(part.to_bytes(16, "little"))
        frame = frame.f_back
    for part in found[:50]:
        shout(part)
    return 0.0
""",
        **returning("hunt()"),
    ),
    DIRTY,
)
add(
    "loop-taken-over",
    "Goes up to the frame that serves calls and changes the functions that it uses.",
    wrong(
        own="""
import sys
import types


def own(*args, **kwargs):
    return {"passed": True, "value": 0.0}


frame = sys._getframe()
while frame:
    for name, value in list(frame.f_globals.items()):
        if isinstance(value, types.FunctionType) and value.__module__ not in ("__main__", __name__):
            if any(word in name for word in ("reply", "encode", "send", "plain", "write", "pack")):
                frame.f_globals[name] = own
    frame = frame.f_back
"""
    ),
    DIRTY,
)
add(
    "waits-for-its-own-call",
    "Two threads and a re-entrant call: the answer calls itself through the shell.",
    right(
        vanishing_product="def vanishing_product(z, n, kind):\n"
        "    get_ipython().run_cell('import time; time.sleep(0.01); q1 = \"A\"')\n    return 7.0"
    ),
    "graded/partial",
    (NO_VANISHING, NO_VANISHING - 1),
)
