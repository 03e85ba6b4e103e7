"""Attacks on how the examiner itself is made: shared numbers, replies, alarms, names, sizes.

The first table tries one answer against one test, with no sandbox around it. The second hands in
whole notebooks. In the last part a candidate that is all lies talks to the judge.
"""

import copy
import json
import socket
import threading
import time

import msgpack
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils.instructor.examiner import Examiner
from course_utils.instructor.examiner.dialogue import Gone
from course_utils.instructor.examiner.judge import MOST_SHOWN, Judge, _packed
from course_utils.instructor.examiner.protocol import Channel
from course_utils.instructor.reconcile import Ungradable, as_node, read_submission, reconcile
from tests.instructor.examiner.conftest import pair, source  # noqa: F401

ME = """
import gc
from course_utils.instructor.examiner.candidate import Candidate
def me():
    return next(o for o in gc.get_objects() if type(o) is Candidate)
def send(*message):
    c = me()
    c.channel.send([c.nonce, *message])
"""
CHECKS = "from course_utils import call, check_value"
BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
SECRET = "4711.25"  # stands for a hidden input


def hidden(line):
    return f"{CHECKS}\n{BEGIN}\n{line}\n{END}"


def reply(part):
    """Return an answer that forges the reply to its own call."""
    return f"{ME}\ndef f(x):\n    send('value', {part}, [], '', [], [])\n    return 1.0"


# (name, what it tries, the answer, tests); each test must give nothing, or end in Gone.
NOTHING_WON = [
    (
        "stop-iteration",
        "StopIteration ends the test's own loop before anything is compared.",
        "def f(x):\n    raise StopIteration",
        ["assert all(map(lambda x: f(x) == 9, [1, 2]))"],
    ),
    (
        "stop-iteration-of-an-own-kind",
        "The same with an exception of its own kind, from a function of the name __next__.",
        "class Enough(StopIteration): pass\ndef __next__(x):\n    raise Enough\nf = __next__",
        ["for y in map(f, [1, 2]):\n    assert y == 9"],
    ),
    (
        "array-of-an-earlier-test",
        "Changes an array that it was given in an earlier test, on which a later one counts.",
        "kept = []\ndef f(x):\n    kept.append(x)\n    kept[0][...] = 0\n    return x * 0",
        [
            "import numpy as np\nT = np.array([1.0, 2.0])\nf(T + 1)\nf(T)\nraise ValueError",
            "y = f(np.ones(2))\nassert (y == T).all()",
        ],
    ),
    (
        "read-only-array",
        "Writes to an array that is read-only in the test, by forged changes.",
        f"{ME}\ndef f(x):\n    send('value', 0.0, [[2, bytes(16)]], '', [], [])\n    return 1",
        [
            "import numpy as np\nT = np.array([1.0, 2.0])\nT.flags.writeable = False\n"
            "assert f(T) == T.sum()"
        ],
    ),
    (
        "number-of-another-array",
        "Answers with the number of an array that it was given instead of a value.",
        reply("['r', 2]"),
        ["import numpy as np\nx = np.arange(3.0)\nassert (f(x) == 2 * x).all()"],
    ),
    (
        "numbers-that-cannot-be",
        "Shares an array under the judge's own next number.",
        reply("['a', 4, '<f8', [1], 'C', bytes(8), True]"),
        ["import numpy as np\nassert f(np.ones(1)) == 3"],
    ),
    (
        "names-not-asked",
        "Answers a look-up with names that nobody asked for, such as the check itself.",
        f"{ME}\nc = me()\n"
        "c._do_names = lambda *a, **k: ['names', [['check_value', ['u', 'sum']], ['f', 1.0]]]\n"
        "def f(x): return 1",
        [f"{CHECKS}\ncheck_value(f, 2.0, name='f')"],
    ),
    (
        "class-named-like-attributes",
        "A class and objects named like what the judge uses, with attributes named so, too.",
        "class V:\n"
        "    def __init__(self, x):\n"
        "        self.__dict__.update({'_stands_for': 5, '__class__': 5, 'data': 0.0})\n"
        "    def __sub__(self, o): return 0.0\n"
        "V.__name__ = '__class__'\n"
        "def f(x): return V(x)",
        ["assert f(1.0).data == 1.0", "assert abs(f(1.0) - 5.0) < 1e-9"],
    ),
    (
        "exception-named-like-ours",
        "Raises exceptions that are named like the judge's own.",
        "def f(x):\n    raise type(x, (Exception,), {})('x')",
        ["f('Gone')", "f('Overrun')", "f('TooSlow')", "f('NotWritten')", "f('Mismatch')"],
    ),
    (
        "exception-that-is-a-warning",
        "Raises a warning, which a filter may ignore.",
        "def f(x):\n    raise DeprecationWarning('x')",
        ["assert f(1.0) == 2.0"],
    ),
    (
        "warning-that-is-an-error",
        "Warns in categories that are none, by forged replies.",
        f"{ME}\ndef f(x):\n"
        "    said = [['Exception', 'a'], ['open', 'b'], ['\\udc80', 'c'], ['Warning', ['d']]]\n"
        "    send('value', 1.0, [], '', said, [])\n    return 1",
        ["assert f(1.0) == 2.0"],
    ),
    (
        "hostile-signature",
        "A signature whose parameters are no names.",
        "import inspect\n"
        "def f(x): return 1.0\n"
        "f.__signature__ = inspect.Signature("
        "[inspect.Parameter('x' * 10_000, inspect.Parameter.KEYWORD_ONLY)])",
        ["import inspect\nassert f(1.0) == 2.0", "inspect.signature(f)\nassert f(1.0) == 2.0"],
    ),
    (
        "hostile-keywords",
        "Calls the test's function with keywords that are no names.",
        "def f(g):\n    return g(**{'': 1, 'a b': 2, '\\udc80': 3, '__class__': 4})",
        ["assert f(lambda **k: 1.0) == 2.0"],
    ),
    (
        "callback-of-an-earlier-test",
        "Calls, in a later test, a function that it kept from an earlier one.",
        "kept = []\ndef f(g):\n    kept.append(g)\n    return kept[0](1)",
        ["f(lambda x: 5)\nraise ValueError", "assert f(lambda x: 7) == 5"],
    ),
    (
        "callbacks-in-callbacks",
        "Calls back without end, so that the judge's stack overflows.",
        "def f(g):\n    return g()",
        ["def g():\n    return f(g)\nassert f(g) == 1", "assert f(lambda: 1) == 2"],
    ),
    (
        "callback-that-answers-too-much",
        "Has the test's function return more than a frame holds.",
        "import numpy as np\ndef f(g):\n    return g(np.zeros(1_900_000))",
        ["assert f(lambda x: (x + 1, x + 2, x + 3)) == 1", "assert f(lambda x: 1) == 2"],
    ),
    (
        "callback-with-a-lost-number",
        "Passes something that nobody holds any more to a test's function.",
        f"{ME}\ndef f(g, x):\n"
        "    c = me()\n"
        "    c.channel.send([c.nonce, 'callback', 1, [['r', 2]], [], []])\n"
        "    return c.serve(until=1)[0] == 'value'",
        ["import numpy as np\nf(lambda x: 1, np.ones(2))\nassert f(lambda x: 1, 0) == 5"],
    ),
    (
        "range-without-end",
        "A range that takes all memory when a check makes an array of it.",
        "def f(x): return range(10**15)",
        [f"{CHECKS}\ncheck_value(f(1.0), 2.0, name='f')"],
    ),
    (
        "bytes-as-truth",
        "An array of truth values whose bytes are neither 0 nor 1.",
        "import numpy as np\ndef f(x): return np.frombuffer(b'\\2\\3', 'u1').view(bool)",
        ["assert f(1.0).view('u1').max() > 1"],
    ),
    (
        "unnormal-long-doubles",
        "Long doubles that are neither finite nor nan to the processor.",
        "import numpy as np\n"
        "def f(x): return np.frombuffer(bytes([1, *[0] * 8, 64, *[0] * 6]), np.longdouble)[0]",
        [f"{CHECKS}\ncheck_value(f(1.0), 2.0, name='f')"],
    ),
    (
        "returned-names-of-the-judge",
        "Answers with names of numpy and of builtins that are called in the judge.",
        reply("['u', 'save']"),
        ["assert f(1.0)(2.0) == 4.0"],
    ),
    *[
        (
            f"damaged-{number}",
            "A value that has the wrong form.",
            reply(part),
            ["try:\n    f(1)\nexcept (LookupError, OverflowError): pass\nelse: 1 / 0"],
        )
        for number, part in enumerate(
            (
                "['F']",
                "['F', 99]",
                "['g', 0, ['1', '2', 2**63, 5]]",
                "['o', 1]",
                "['u', '\\udc80']",
                "['\\udc80']",
                "['T', '__build_class__']",
                "['D', 5]",
                "['k', 1]",
                "['n', 'x']",
                "['I', '_' * 9]",
                "['s', ['l', 0]]",
                "['d', 0, 1]",
                "['a', 0, '>U1', [1], 'C', 4]",
            )
        )
    ],
    (
        "empty-answer",
        "An answer with nothing but the right nonce.",
        f"{ME}\nclass V:\n    def __getattr__(self, n):\n        send()\n        return 1\n"
        "def f(x): return V()",
        ["v = f(1)\ntry:\n    v.data\nexcept LookupError: pass\nelse: 1 / 0"],
    ),
    (
        "error-of-ours-without-number",
        "Says that it raises one of the judge's exceptions, but not which.",
        f"{ME}\ndef f(x):\n    send('raised', ['ours'], [], '', [], [])\n    return 1",
        ["try:\n    f(1)\nexcept LookupError: pass\nelse: 1 / 0"],
    ),
    (
        "generator-state-too-large",
        "A change of a random generator that does not fit.",
        f"{ME}\ndef f(x):\n    send('value', 1, [[2, ['1', '2', 2**63, 5]]], '', [], [])\n"
        "    return 1",
        [
            "import numpy as np\nr = np.random.default_rng(0)\n"
            "try:\n    f(r)\nexcept OverflowError: pass\nelse: 1 / 0"
        ],
    ),
]


@pytest.mark.parametrize(
    ("answer", "tests"), [row[2:] for row in NOTHING_WON], ids=[row[0] for row in NOTHING_WON]
)
def test_it_wins_nothing(pair, answer, tests):  # noqa: F811
    judge = pair(answer, answers=["def f(x): return x"], seconds=3)
    for text in tests:
        try:
            _, score, *_ = judge.test(text, 1)
        except Gone:
            return
        assert score == 0


# (name, what carries the hidden input out, the answer, the hidden test)
LEAKS = [
    (
        "name-of-an-exception",
        "The name of an exception.",
        "def f(x): raise type('x' + str(x).replace('.', '_'), (ValueError,), {})",
        "f({})",
    ),
    (
        "name-of-a-name",
        "The name in a NameError.",
        "def f(x): raise NameError(name=str(x))",
        "call(f, {})",
    ),
    (
        "name-of-a-function",
        "The name of the function that raises.",
        "def g(): raise ValueError\n"
        "def f(x):\n    g.__code__ = g.__code__.replace(co_name=f'<{x}>')\n    g()",
        "f({})",
    ),
    (
        "name-of-a-class",
        "The name of the class of what it returns.",
        "def f(x): return type('x' + str(x).replace('.', '_'), (), {})()",
        "check_value(f({}), 1, name='f')",
    ),
    (
        "text-of-a-warning",
        "A warning that a check quotes.",
        "import warnings\ndef f(x): warnings.warn(str(x), RuntimeWarning)",
        "call(f, {}, quiet=True)",
    ),
    (
        "text-that-is-no-number",
        "A text that Python quotes when it is no number.",
        "def f(x): return f'x{x}'",
        "float(f({}))",
    ),
    (
        "key-that-is-missing",
        "A key that Python quotes.",
        "def f(x): return str(x)",
        "dict()[f({})]",
    ),
    (
        "tag-of-a-value",
        "The kind of a forged value, which the reason of the status quotes.",
        f"{ME}\ndef f(x):\n    send('value', [f'z{{x}}'], [], '', [], [])\n    return 1",
        "f({})",
    ),
]


@pytest.mark.parametrize(
    ("answer", "test"), [row[2:] for row in LEAKS], ids=[row[0] for row in LEAKS]
)
def test_a_hidden_input_does_not_come_out(pair, answer, test):  # noqa: F811
    judge = pair(answer, answers=["def f(x): return x"])
    try:
        outputs, score, *_ = judge.test(hidden(test.format(SECRET)), 1)
    except Gone as gone:
        outputs, score = gone.reason, 0
    assert score == 0 and "4711" not in str(outputs)


def test_what_numpy_warns_of_is_shown_in_a_hidden_part_too(pair):  # noqa: F811
    judge = pair("import numpy as np\ndef f(x): return np.exp(np.float64(x))")
    outputs, score, *_ = judge.test(hidden("call(f, 1e5, quiet=True)"), 1)
    assert score == 0 and "overflow encountered in exp" in str(outputs)


def test_a_function_that_swallows_alarms_is_ended(pair):  # noqa: F811
    judge = pair(
        "def f(g):\n    while True:\n        try: g(10**9)\n        except BaseException: pass",
        seconds=0.5,
    )
    start = time.monotonic()
    with pytest.raises(Gone, match="did not stop"):
        judge.test("f(lambda n: sum(1 for _ in range(n)))", 1)
    assert time.monotonic() - start < 12


def test_an_endless_answer_in_a_given_cell_leaves_the_judge_alive(pair):  # noqa: F811
    judge = pair("def f(x):\n    while True: pass\ndef g(x): return x", seconds=0.3)
    judge.prepare("y = f(1)")
    assert judge.test("assert g(2) == 2", 1)[1] == 1


def test_keys_that_collide_do_not_take_the_judges_time(pair):  # noqa: F811
    judge = pair(
        f"{ME}\nimport itertools\n"
        "keys = [['t', *k] for k in itertools.product([-1, -2], repeat=11)][:2000]\n"
        "def f(x):\n    send('value', ['t', *[['s', *keys]] * 200], [], '', [], [])\n    return 1"
    )
    start = time.monotonic()
    assert judge.test("f(1)", 1)[1] == 0
    assert time.monotonic() - start < 8


def test_large_outputs_are_replaced_by_a_note():
    outputs = [{"output_type": "stream", "name": "stdout", "text": "\0" * (MOST_SHOWN // 4)}]
    assert len(_packed(outputs, 10**9)) < 300 and "left out" in _packed(outputs, 10**9)
    assert "left out" in _packed([{"text": "abc"}], 10)
    assert json.loads(_packed([{"text": "a\udc80é"}], 100)) == [{"text": "a?é"}]


# --- whole notebooks ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def examiner():
    with Examiner(seconds=1.5) as examiner:
        yield examiner


@pytest.fixture
def lesson(source):  # noqa: F811
    return source(
        ("given", "given_a", "import numpy as np\nA = np.arange(3.0)"),
        ("answer", "double", "def double(x):\n    return 2 * x"),
        ("test", "check_double", "assert (double(A) == [0, 2, 4]).all()"),
        ("own", "own", "1"),
        ("answer", "triple", "def triple(x):\n    return 3 * x"),
        ("test", "check_triple", "assert (triple(A) == [0, 3, 6]).all()"),
    )


ALL = {"check_double": 1.0, "check_triple": 1.0}
TRIPLE_ONLY = {"check_double": 0.0, "check_triple": 1.0}
# (name, what it tries, cells, the scores that must come of it)
NOTEBOOKS = [
    (
        "surrogates-everywhere",
        "Lone surrogates in what is printed, raised, shown and named.",
        {
            "double": "def double(x):\n    print('a\\udc80')\n    raise ValueError('b\\udc80')",
            "own": "print('\\udc80'); display({'text/plain': '\\udc80'}, raw=True); 1/0",
        },
        TRIPLE_ONLY,
    ),
    (
        "descriptors-of-other-judges",
        "Looks for more descriptors than its own.",
        {
            "double": "import os\nn = 0\nfor fd in range(3, 64):\n    try:\n        os.fstat(fd)\n"
            "        n += 1\n    except OSError: pass\n"
            "def double(x):\n    return x * (2 if n == 1 else 0)"
        },
        ALL,
    ),
    (
        "outputs-that-fill-the-grader",
        "Shows 8 MB in each of many outputs.",
        {"own": "for _ in range(9):\n    display({'text/html': '<' * 7_000_000}, raw=True)"},
        ALL,
    ),
    (
        "forged-outputs",
        "Forges 25 MB of outputs with the right nonce.",
        {"own": f"{ME}\nsend('ran', [['stream', 'stdout', chr(1) * 25_000_000]], True, False)"},
        {"check_double": None, "check_triple": None},
    ),
    (
        "alarms-of-its-own",
        "Sets alarms and timers that ring later.",
        {
            "own": "import signal\nfor s in (signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF):\n"
            "    signal.signal(s, lambda *a: None)\n"
            "signal.setitimer(signal.ITIMER_VIRTUAL, .01, .01)"
        },
        ALL,
    ),
    (
        "modules-poisoned",
        "Breaks the examiner's modules where it can reach them.",
        {
            "own": "import sys\nfor n, m in list(sys.modules.items()):\n"
            "    if n.startswith('course_utils.instructor.examiner.judge'):\n"
            "        m.__dict__.clear()"
        },
        ALL,
    ),
    (
        "given-array-changed",
        "Changes the lesson's own array in its own process.",
        {"own": "A[:] = 0"},
        ALL,
    ),
]


@pytest.mark.parametrize(
    ("cells", "scores"), [row[2:] for row in NOTEBOOKS], ids=[row[0] for row in NOTEBOOKS]
)
def test_a_notebook_gets_what_it_has_earned(examiner, lesson, cells, scores):
    notebook = copy.deepcopy(lesson)
    for cell in notebook.cells:
        cell.source = cells.get(cell.id, cell.source)
    result = examiner.examine(lesson, notebook)
    assert result.scores == scores
    said = json.dumps(result.notebook, ensure_ascii=False).encode()  # no lone surrogates
    assert len(said) < 2 * MOST_SHOWN


def test_runs_share_one_deadline(lesson):
    notebook = copy.deepcopy(lesson)
    notebook.cells[3].source = "while True:\n    try:\n        while True: pass\n    except: pass"
    notebook.cells[4].source = notebook.cells[3].source
    with Examiner(seconds=0.3) as examiner:
        start = time.monotonic()
        result = examiner.examine(lesson, notebook)
    assert result.status == "partial" and time.monotonic() - start < 12


def test_numpys_settings_of_a_lesson_stay_out_of_the_warm_process(source):  # noqa: F811
    loud = "import numpy as np\nnp.seterr(all='raise')\nnp.set_printoptions(precision=1)"
    first = source(("given", "given_a", loud))
    plain = source(
        ("own", "own", "import numpy as np\nprint(np.geterr()['over'], np.array([1/3]))")
    )
    with Examiner(seconds=2) as examiner:
        examiner.examine(first, copy.deepcopy(first))
        result = examiner.examine(plain, copy.deepcopy(plain))
    assert result.notebook.cells[0].outputs[0].text == "warn [0.33333333]\n"


def test_swapped_names_and_copied_texts_earn_nothing(examiner, lesson):
    notebook = copy.deepcopy(lesson)
    first, second = notebook.cells[2], notebook.cells[5]
    first.metadata, second.metadata = second.metadata, first.metadata
    notebook.cells[1].source = first.source  # an answer that is the text of a test
    notebook.cells[3].id = "check_double"  # an own cell with the id of a test
    made, _ = reconcile(notebook, lesson)
    assert examiner.examine(lesson, made).scores["check_double"] == 0


def submission(**cell):
    cell = {"cell_type": "code", "source": "", "metadata": {}, "outputs": [], **cell}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}


def deep(levels):
    made = []
    for _ in range(levels):
        made = [made]
    return made


@pytest.mark.parametrize(
    "made",
    [
        submission(metadata={"x": deep(300)}),
        submission(metadata={"x": [[]] * 300_000}),
        {**submission(), "cells": submission()["cells"] * 10_001},
    ],
    ids=["deep", "wide", "many cells"],
)
def test_what_would_take_the_grader_long_is_refused(made):
    with pytest.raises(Ungradable):
        read_submission(json.dumps(made).encode())


def test_a_long_cell_is_not_looked_into(lesson):
    notebook = submission(source="x = 1\n" * 1_000_000)
    notebook["cells"] *= 2
    start = time.monotonic()
    reconcile(as_node(read_submission(json.dumps(notebook).encode())), lesson)
    assert time.monotonic() - start < 5


# --- a candidate that is all lies -----------------------------------------------------------------

NUMBERS = st.integers(-3, 9) | st.sampled_from([2**40, -(2**63), 2**63 - 1])
WORDS = st.sampled_from(
    ["f", "V", "data", "", "__class__", "\udc80", "ValueError", "<f8", "C", "|b1"]
)
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, st.floats(), WORDS, st.binary(max_size=9))
TAGS = st.sampled_from([*"arxldgtszckneIuTDFo", "ours", "late", "student", "z"])
PARTS = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.builds(lambda tag, rest: [tag, *rest], TAGS, st.lists(inner, max_size=6))
    ),
    max_leaves=12,
)
VALUES = st.one_of(
    PARTS,
    st.builds(lambda n, of: ["o", n, *of], NUMBERS, st.sampled_from([
        ["class", "V", []], ["function", "f", [["x", 1, False]]], ["object", "V", [1, True]],
        ["object", "Foo", [0, True]],
    ])),
    st.builds(lambda n: ["a", n, "<f8", [2], "C", bytes(16), True], NUMBERS),
    st.builds(lambda n, items: ["l", n, *items], NUMBERS, st.lists(LEAVES, max_size=3)),
    st.just(["x", "<f8", bytes(8)]),
)  # fmt: skip
ERRORS = st.builds(
    lambda name, base, frames: ["student", name, base, "text", frames, "x"],
    WORDS,
    st.sampled_from(["ValueError", "StopIteration", "UnicodeDecodeError", "SystemExit", "x"]),
    st.lists(st.tuples(WORDS, NUMBERS).map(list) | PARTS, max_size=2),
)
CHANGES = st.lists(st.builds(lambda n, v: [n, v], NUMBERS, VALUES), max_size=2) | PARTS
SAID = st.lists(st.tuples(st.sampled_from(["RuntimeWarning", "f"]), PARTS).map(list), max_size=2)
REPLIES = st.one_of(
    st.builds(
        lambda v, c, s, w: ["value", v, c, "said", s, [["data", w]]],
        VALUES,
        CHANGES,
        SAID | PARTS,
        VALUES,
    ),
    st.builds(lambda v, own: ["value", v, [], "", [], own], VALUES, PARTS),
    st.builds(lambda e, c: ["raised", e, c, "", [], []], ERRORS | PARTS, CHANGES),
    st.builds(lambda v, c: ["own", [["data", v]], c, "", [], []], VALUES, CHANGES),
    st.builds(lambda a, b: ["names", [["f", a], ["V", b], ["np", a]]], VALUES, VALUES),
    st.builds(
        lambda n, args, named, c: ["callback", n, args, named, c],
        NUMBERS,
        st.lists(VALUES, max_size=2) | PARTS,
        st.lists(st.tuples(WORDS, VALUES).map(list), max_size=2) | PARTS,
        CHANGES,
    ),
    st.lists(PARTS, max_size=5),
)
SCRIPT = st.lists(
    st.tuples(st.sampled_from(["nonce"] * 9 + ["late", "raw"]), REPLIES), min_size=1, max_size=12
)
FIRST = ["names", [["f", ["o", 1, "function", "f", []]], ["V", ["o", 3, "class", "V", []]]]]
V = "class V:\n    def __add__(self, o): pass\n    def __repr__(self): pass"
TESTS = (
    "assert f(1.0) == 0.7182818284",
    "import numpy as np\nx = np.arange(2.0)\nassert (f(x, [1], {'a': x}) == x + 0.7182).all()",
    "v = V(1.0)\nw = v + v\nassert repr(v.data) == '0.7182'",
    "seen = []\ndef g(x):\n    seen.append(x)\n    return f(g)\nassert f(g) == 0.7182818284",
    "assert all(map(lambda x: f(x) == 0.7182, [1, 2]))",
    "from course_utils import check_gradient\nimport numpy as np\n"
    "check_gradient(lambda w: (np.sin(w) * 0.7182).sum(), f, np.array([1.0, 2.0]))",
    f"{BEGIN}\nassert f(2.0) == 0.7182818284\n{END}",
)


def lie(sock, script):
    """Answer what the judge asks by a script; forget the nonce where it says so."""
    channel, answers = Channel(sock), iter([("nonce", FIRST), *script])
    try:
        while True:
            nonce, *_ = channel.receive(time.monotonic() + 5)
            how, message = next(answers, ("nonce", ["value", 1.0, [], "", [], []]))
            if how == "raw":
                body = msgpack.packb(message, unicode_errors="surrogatepass")[:-1]
                sock.sendall(len(body).to_bytes(4, "big") + body)
            else:
                channel.send([nonce if how == "nonce" else b"\0" * 12, *message])
    except Exception:
        pass
    finally:
        sock.close()


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(script=SCRIPT, test=st.sampled_from(TESTS))
def test_whatever_it_says_the_judge_returns_and_gives_nothing(script, test):
    ours, theirs = socket.socketpair()
    liar = threading.Thread(target=lie, args=(theirs, script), daemon=True)
    liar.start()
    judge = Judge(Channel(ours), ["def f(x): pass", V], 0.5)
    start = time.monotonic()
    try:
        outputs, score, *_ = judge.test(test, 1)
        assert score == 0
        _packed(outputs, 10**6)
    except Gone:
        pass
    finally:
        ours.close()
        liar.join(6)
    assert time.monotonic() - start < 6 and not judge.dialogue.hidden
    assert not liar.is_alive()
