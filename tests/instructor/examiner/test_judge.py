"""The judge and a candidate: tests that are ordinary Python run as if there were one process."""

import pytest

from course_utils.instructor.examiner.dialogue import WITHHELD, Gone

PASSES = [], 1.0, False


def verdict(judge, *lines, points=1):
    outputs, score, _, late = judge.test("\n".join(lines), points)
    return outputs, score, late


def error_of(outputs):
    (error,) = (output for output in outputs if output["output_type"] == "error")
    return f"{error['ename']}: {error['evalue']}"


def test_arrays_in_and_out(pair):
    judge = pair("def f(x, W):\n    return x @ W, {'s': x.sum()}")
    told = verdict(
        judge,
        "import numpy as np",
        "y, cache = f(np.ones((2, 3)), np.eye(3))",
        "assert y.shape == (2, 3) and type(y) is np.ndarray",
        "assert cache == {'s': 6.0} and type(cache['s']) is np.float64",
    )
    assert told == PASSES


def test_a_function_that_takes_a_function(pair):
    judge = pair("def slope(f, x, h=1e-5):\n    return (f(x + h) - f(x - h)) / (2 * h)")
    told = verdict(
        judge,
        "seen = []",
        "def f(x):",
        "    seen.append(x)",
        "    return x**2",
        "assert abs(slope(f, 3.0) - 6) < 1e-8 and abs(slope(f, x=1.0, h=1e-3) - 2) < 1e-8",
        "assert len(seen) == 4 and all(type(x) is float for x in seen)",
    )
    assert told == PASSES


def test_what_is_changed_in_place_is_seen_at_every_crossing(pair):
    judge = pair(
        "def slopes(f, W, h=1e-5):\n"
        "    g = W * 0\n"
        "    for i in range(W.size):\n"
        "        old = W.flat[i]\n"
        "        W.flat[i] = old + h; up = f(W)\n"
        "        W.flat[i] = old - h; down = f(None)\n"
        "        W.flat[i] = old\n"
        "        g.flat[i] = (up - down) / (2 * h)\n"
        "    return g\n"
        "def spoil(x): x += 1\n"
        "def same(x): return x\n"
        "def grow(d): d['b'] = 1; d['l'].append(2)\n"
    )
    told = verdict(
        judge,
        "import numpy as np",
        "W = np.arange(6.0).reshape(2, 3)",
        "before = W.tobytes()",
        "g = slopes(lambda _: float((W**2).sum()), W)",
        "assert np.allclose(g, 2 * W) and W.tobytes() == before",
        "x = np.zeros(2)",
        "spoil(x)",
        "assert x.tolist() == [1, 1] and same(x) is x",
        "d = {'l': [1]}",
        "grow(d)",
        "assert d == {'l': [1, 2], 'b': 1}",
    )
    assert told == PASSES


CLASS = """
class Value:
    def __init__(self, data, parents=()):
        self.data, self.parents, self.grad = data, tuple(parents), 0.0
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other))
    __radd__ = __add__
    def __repr__(self):
        return f"Value({self.data})"
    def double(self):
        return self + self
def order(v):
    return [*{id(p): p for p in v.parents}.values(), v]
"""


def test_a_class_as_an_answer(pair):
    judge = pair(
        CLASS.replace(
            "    __radd__ = __add__\n", "    def __radd__(self, o):\n        return self + o\n"
        )
    )
    told = verdict(
        judge,
        "a = Value(2.0)",
        "b = a + 3 + a.double()",
        "assert isinstance(b, Value) and type(b) is Value and b.data == 9.0",
        "assert (1 + a).data == 3.0 and repr(a) == 'Value(2.0)'",
        "inner = b.parents[0]",
        "assert inner.parents[0] is a and len({a, b, inner}) == 3",
        "a.grad = 5.0",
        "a.grad += 1",
        "assert a.grad == 6.0 and not hasattr(a, 'nothing')",
        "assert order(b)[-1] is b",
    )
    assert told == PASSES


def test_an_object_has_no_operators_but_the_sources(pair):
    liar = (
        "class Liar(Value):\n"
        "    def __sub__(self, o): return self\n"
        "    def __lt__(self, o): return True\n"
        "    def __eq__(self, o): return True\n"
        "    def __float__(self): return 1.0\n"
        "    def __abs__(self): return 0.0\n"
        "    def __bool__(self): return True\n"
        "    def __array__(self, *a, **k): return __import__('numpy').ones(1)\n"
        "    __hash__ = None\n"
        "def f(x): return Liar(x)\n"
    )
    judge = pair(CLASS, liar, answers=[CLASS, "def f(x): return x"])
    for line in (
        "assert abs(f(1.0) - 1.0) < 1e-9",
        "assert f(1.0) == 1.0",
        "assert f(1.0)",
        "import numpy as np; np.testing.assert_allclose(f(1.0), 1.0)",
        "from course_utils import check_value; check_value(f(1.0), 1.0, name='f')",
        "assert float(f(1.0)) == 1.0",
    ):
        _, score, _ = verdict(judge, line)
        assert score == 0, line


def test_the_students_exception_comes_with_its_line(pair):
    judge = pair(
        "def f(x):\n    y = 1\n    return g(x)\n\ndef g(x):\n    raise ValueError('too small')",
        "class Own(ValueError): pass\ndef h(): raise Own('mine')",
    )
    outputs, score, _ = verdict(judge, "f(1)")
    assert score == 0 and error_of(outputs) == "ValueError: too small"
    assert outputs[0]["traceback"][1:] == [
        "  in f, line 3 of your cell",
        "  in g, line 6 of your cell",
    ]
    told = verdict(
        judge,
        "try:",
        "    h()",
        "except ValueError as error:",
        "    assert type(error).__name__ == 'Own' and str(error) == 'mine'",
        "else:",
        "    raise AssertionError('no error')",
    )
    assert told == PASSES


@pytest.mark.parametrize(
    "thrown",
    ["SystemExit(0)", "KeyboardInterrupt()", "GeneratorExit()", "BaseException('x')"],
)
def test_what_ends_a_process_is_an_error_like_any_other(pair, thrown):
    judge = pair(f"def f(x): raise {thrown}")
    outputs, score, _ = verdict(judge, "try:\n    f(1)\nexcept Exception:\n    raise")
    assert score == 0 and error_of(outputs).startswith(thrown.partition("(")[0])
    assert verdict(judge, "assert True") == PASSES


def test_an_exception_of_a_callback_comes_back_as_itself(pair):
    judge = pair(
        "def f(g):\n    return g()",
        "def h(g):\n    try:\n        g()\n    except ZeroDivisionError as e: return str(e)",
    )
    told = verdict(
        judge,
        "class Own(KeyError): pass",
        "error = Own('a')",
        "def g():",
        "    raise error",
        "try:",
        "    f(g)",
        "except Own as caught:",
        "    assert caught is error",
        "assert h(lambda: 1 / 0) == 'division by zero'",
    )
    assert told == PASSES


def test_warnings_cross_and_cost_nothing(pair):
    judge = pair("import numpy as np\ndef f(x):\n    return np.exp(np.asarray(x))")
    assert verdict(judge, "assert f(1e4) > 1e300") == PASSES
    told = verdict(
        judge,
        "import warnings, pytest",
        "with warnings.catch_warnings():",
        "    warnings.simplefilter('error')",
        "    with pytest.raises(RuntimeWarning, match='overflow'):",
        "        f(1e4)",
        "import numpy as np",
        "with np.errstate(all='raise'), pytest.raises(FloatingPointError):",
        "    f(1e4)",
    )
    assert told == PASSES


def test_a_generator_draws_on(pair):
    judge = pair("def f(rng):\n    return rng.normal(size=2)")
    told = verdict(
        judge,
        "import numpy as np",
        "rng, twin = np.random.default_rng(3), np.random.default_rng(3)",
        "assert np.array_equal(f(rng), twin.normal(size=2))",
        "assert rng.normal() == twin.normal()",
    )
    assert told == PASSES


def test_output_of_a_call_is_shown_in_visible_parts_only(pair):
    judge = pair("def f(x):\n    print('x is', x)\n    return x")
    outputs, score, _ = verdict(
        judge,
        "f(1)",
        "### BEGIN HIDDEN TESTS",
        "f(4711)",
        "### END HIDDEN TESTS",
        "f(2)",
    )
    assert score == 1
    assert outputs == [{"output_type": "stream", "name": "stdout", "text": "x is 1\nx is 2\n"}]
    told = verdict(
        judge,
        "import contextlib, io",
        "out = io.StringIO()",
        "### BEGIN HIDDEN TESTS",
        "with contextlib.redirect_stdout(out):",
        "    f(3)",
        "assert out.getvalue() == 'x is 3\\n'",
        "### END HIDDEN TESTS",
    )
    assert told == PASSES


def test_what_an_exception_says_in_a_hidden_part_is_withheld(pair):
    judge = pair("def f(x):\n    raise ValueError(f'got {x}')")
    outputs, _, _ = verdict(judge, "### BEGIN HIDDEN TESTS", "f(4711)", "### END HIDDEN TESTS")
    assert "4711" not in str(outputs) and WITHHELD in error_of(outputs)


def test_scores_of_the_last_line(pair):
    judge = pair("x = 1")
    for line, score in [("0.5", 0.5), ("7", 2.0), ("-1", 0.0), ("None", 2.0), ("True", 2.0)]:
        assert verdict(judge, line, points=2) == ([], score, False)
    for line in ("float('nan')", "float('inf')"):
        outputs, score, _ = verdict(judge, line, points=2)
        assert score == 0 and "no finite number" in error_of(outputs)


def test_names_are_looked_up_anew_for_each_test(pair):
    judge = pair("def f(x): return 1\nq = 'A'")
    assert verdict(judge, "assert f(0) == 1 and q == 'A'") == PASSES
    judge.run("later", "def f(x): return 2\ndel q", True)
    assert verdict(judge, "assert f(0) == 2") == PASSES
    outputs, score, _ = verdict(judge, "q")
    assert score == 0 and error_of(outputs) == "NameError: name 'q' is not defined"


def test_a_given_function_reaches_the_answer_that_it_uses(pair):
    judge = pair("def f(x): return 3 * x")
    judge.prepare("def twice(x):\n    return inner(x)\ndef inner(x):\n    return 2 * f(x)")
    assert verdict(judge, "assert twice(5) == 30") == PASSES


def test_what_is_no_plain_value_is_refused_by_its_name(pair):
    judge = pair("class Foo:\n    pass\ndef f(x): return Foo()", answers=["def f(x): return x"])
    outputs, score, _ = verdict(judge, "from course_utils import *\ncheck_value(f(1), 1, name='f')")
    assert score == 0 and "Foo" in error_of(outputs)
    assert verdict(judge, "g = f(1)\nassert type(g).__name__ == 'Foo'") == PASSES


def test_a_closure_and_a_module_function_cross(pair):
    judge = pair("def make(k):\n    return lambda x: k * x\ndef use(g, x): return g(x)")
    told = verdict(
        judge,
        "import numpy as np",
        "assert make(3)(5) == 15 and use(make(2), 4) == 8",
        "assert use(np.exp, 0.0) == 1.0 and use(float, 3) == 3.0",
    )
    assert told == PASSES


def test_oracles_refuse_in_a_graded_call_only(pair):
    judge = pair(
        "from course_utils import numerical_derivative\n"
        "import math\n"
        "before = numerical_derivative(lambda x: x**2, 3.0)\n"
        "def f(x): return numerical_derivative(math.sin, x)",
    )
    assert verdict(judge, "assert abs(before - 6) < 1e-6") == PASSES
    outputs, score, _ = verdict(judge, "f(1.0)")
    assert score == 0 and error_of(outputs).startswith("Refused: the course's own")
    told = verdict(
        judge, "from course_utils import numerical_derivative as nd", "nd(lambda x: x, 1.0)"
    )
    assert told[1] == 1.0


def test_a_function_kept_from_a_check_cannot_be_called_later(pair):
    judge = pair("kept = []\ndef f(g):\n    kept.append(g)\n    return g(1)")
    assert verdict(judge, "assert f(lambda x: x) == 1") == PASSES
    outputs, late = judge.run("later", "kept[0](2)", True)
    assert "a check that is over" in error_of(outputs) and not late


def test_an_endless_call_is_stopped_and_the_next_test_runs(pair):
    judge = pair("def f(x):\n    while True: pass\ndef g(x): return x", seconds=0.3)
    outputs, score, late = verdict(judge, "f(1)")
    assert score == 0 and late and "still running" in error_of(outputs)
    assert verdict(judge, "assert g(2) == 2") == PASSES


def test_a_call_that_swallows_the_first_interruption_is_stopped(pair):
    judge = pair(
        "n = 0\n"
        "def f(x):\n"
        "    global n\n"
        "    while n < 2:\n"
        "        try:\n"
        "            while True: pass\n"
        "        except BaseException: n += 1\n"
        "    while True: pass\n",
        seconds=0.2,
    )
    _, score, late = verdict(judge, "f(1)")
    assert score == 0 and late


def test_an_alarm_between_a_callback_and_its_answer_loses_neither(pair):
    judge = pair("def f(g):\n    while True: g(1.0)\ndef h(x): return x", seconds=30)
    for _ in range(15):
        judge.dialogue.lates, judge.seconds = 0, 0.1
        _, _, late = verdict(judge, "f(lambda x: x)")
        assert late
        judge.seconds = 5
        assert verdict(judge, "assert h(2.0) == 2.0")[1] == 1


def test_a_function_called_in_a_callback_is_interrupted_and_the_caller_too(pair):
    judge = pair(
        "def inner(x):\n    while True: pass\n"
        "def f(g):\n    while True:\n        try: g(1.0)\n        except Exception: pass\n"
        "def h(x): return x",
        seconds=0.3,
    )
    _, score, late = verdict(judge, "f(inner)")
    assert score == 0 and late
    _, score, late = verdict(judge, "f(lambda x: inner(x))")
    assert score == 0 and late
    judge.seconds = 5
    assert verdict(judge, "assert h(2.0) == 2.0")[1] == 1


def test_an_endless_cell_is_stopped_and_says_so(pair):
    judge = pair("x = 1", seconds=0.3)
    outputs, late = judge.run("loop", "print('begins')\nwhile True: pass", True)
    assert late and error_of(outputs) == "TimeLimit: ran longer than 0.3 s"
    assert outputs[0]["text"] == "begins\n"


def test_a_candidate_that_ends_is_gone_and_no_test_can_catch_it(pair):
    judge = pair("import os\ndef f(x): os._exit(3)")
    with pytest.raises(Gone, match="ended") as gone:
        verdict(judge, "try:\n    f(1)\nexcept Exception:\n    pass")
    assert not gone.value.tampered


def test_computing_without_end_in_the_test_itself_is_bounded(pair):
    judge = pair("def f(x): return 10**12", seconds=0.3)
    outputs, score, late = verdict(judge, "sum(1 for _ in range(f(1)))")
    assert score == 0 and late and "ran too long" in error_of(outputs)


FORGERIES = {
    "another nonce": "[b'0' * 12, 'value', 1.0, [], '', [], []]",
    "an early reply": "[c.nonce, 'value', 1.0]",
    "no list": "7",
    "a callback of nothing": "[c.nonce, 'callback', 99, [], [], []]",
    "a callback with a negative number": "[c.nonce, 'callback', -1, [], [], []]",
    "an unknown kind": "[c.nonce, 'passed', 1.0, [], '', [], []]",
    "a value that is none": "[c.nonce, 'value', ['a', 1], [], '', [], []]",
    "a change of nothing": "[c.nonce, 'value', 1.0, [[999, b'']], '', [], []]",
    "an exception of ours": "[c.nonce, 'raised', ['ours', 5], [], '', [], []]",
    "words for changes": "[c.nonce, 'value', 1.0, 'x', '', [], []]",
    "numbers for text": "[c.nonce, 'value', 1.0, [], 7, [], []]",
    "attributes that are no pairs": "[c.nonce, 'value', 1.0, [], '', [], [7]]",
}


@pytest.mark.parametrize("reply", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_reply_is_tampering(pair, reply):
    judge = pair(
        "import gc\n"
        "from course_utils.instructor.examiner.candidate import Candidate\n"
        "def f(x):\n"
        "    c = next(o for o in gc.get_objects() if type(o) is Candidate)\n"
        f"    c.channel.send({reply} if {reply} != 7 else [7])\n"
        "    return 1.0\n"
    )
    with pytest.raises(Gone) as gone:
        verdict(judge, "assert f(1) == 2.0")
        verdict(judge, "assert f(1) == 2.0")
    assert gone.value.tampered


def test_outputs_are_made_anew(pair):
    judge = pair("x = 1")
    outputs, _ = judge.run(
        "show", "from IPython.display import HTML, display\ndisplay(HTML('<b>'))\n1 + 1", True
    )
    assert [o["output_type"] for o in outputs] == ["display_data", "execute_result"]
    assert outputs[0]["data"]["text/html"] == "<b>" and outputs[1]["data"] == {"text/plain": "2"}


def test_long_output_is_cut(pair):
    judge = pair("x = 1")
    outputs, _ = judge.run("long", "print('x' * 50_000_000)", True)
    assert len(outputs[0]["text"]) < 300_000 and "[cut:" in outputs[0]["text"]
