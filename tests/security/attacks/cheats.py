"""Wrong answers that want points: tricks inside the student's own process.

Under plain nbgrader the tests run in that process too, so most of these work there. All answers
are wrong, so whatever is not 0 was not earned.
"""

# ruff: noqa: E501  a table, and the attackers' code in it

import copy

from tests.security.attacks.build import (
    LESSON,
    WRONG,
    beside,
    changed,
    code_cell,
    find,
    group,
    returning,
    tests,
    wrong,
)

CHEATS, add = group("cheat")
FOOLS = {"fools_plain": True}

# --- what decides a score in nbgrader -------------------------------------------------------------

CHECKERS = (
    "check_choice check_derivative check_gradient check_order check_value check_visited "
    "grade_choice part call"
)


def checkers(value):
    """Return a cell after which every check of the lesson returns `value`."""
    return f"for name in {CHECKERS!r}.split():\n    globals()[name] = lambda *a, **k: {value}"


for short, value, fools in [
    ("nothing", "None", True),
    ("the-points", "1.0", True),
    ("nan", "float('nan')", True),
    ("infinity", "float('inf')", False),
    ("a-billion", "10**9", False),
    ("a-negative", "-5", True),
    ("a-text", "'ok'", True),
    ("a-list", "[1, 2]", True),
]:
    add(
        f"checks-return-{short}",
        "The checks are replaced; the last value of a test cell is its score in nbgrader.",
        wrong(own=checkers(value)),
        fools_plain=fools,
    )
add(
    "display-hook-in-an-answer",
    "A shown value counts before a later error.",
    wrong(
        **{n: "import sys\n\n\n" + c for n, c in returning("sys.displayhook('ok') or 0.0").items()}
    ),
    **FOOLS,
)
add(
    "execute-result-sent",
    "Sends a result by hand, before the check fails.",
    wrong(
        own="""
def send():
    kernel = get_ipython().kernel
    content = {"execution_count": 1, "data": {"text/plain": "1.0"}, "metadata": {}}
    kernel.session.send(kernel.iopub_socket, "execute_result", content, kernel.get_parent())
    return 0.0
""",
        **returning("send()"),
    ),
    **FOOLS,
)
add(
    "score-printed",
    "Prints and displays numbers that look like scores.",
    wrong(**returning("print(2.0) or display(2.0) or 0.0")),
)
add(
    "score-as-last-value-of-an-answer",
    "An answer cell that ends in its points.",
    wrong(**{name: code + "\n4.0" for name, code in WRONG.items()}),
)
add(
    "error-output-dropped",
    "The kernel's messages are sent without the errors, and every reply says ok.",
    wrong(
        own="""
session = get_ipython().kernel.session
send = session.send


def quiet(stream, kind, content=None, *args, **kwargs):
    name = kind if isinstance(kind, str) else kind.get("header", {}).get("msg_type")
    if name == "error":
        return None
    if name == "execute_reply":
        content = {"status": "ok", "execution_count": 1, "user_expressions": {}, "payload": []}
    return send(stream, kind, content, *args, **kwargs)


session.send = quiet
"""
    ),
    **FOOLS,
)
add(
    "kernel-runs-nothing",
    "The kernel's do_execute is replaced: it says ok and runs nothing.",
    wrong(
        own="""
async def do_execute(*args, **kwargs):
    return {"status": "ok", "execution_count": 1, "user_expressions": {}, "payload": []}


get_ipython().kernel.do_execute = do_execute
"""
    ),
    **FOOLS,
)
add(
    "warnings-on-stderr-hide-nothing",
    "Writes to the standard error, where nbgrader looks for failures.",
    wrong(own="import sys\nprint('Warning: all tests passed', file=sys.stderr)"),
)

# --- the shell that runs the cells ----------------------------------------------------------------

add(
    "syntax-tree-without-checks",
    "A transformer of syntax trees drops the calls of checks and the asserts.",
    wrong(
        own="""
import ast


class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()

    def visit_Expr(self, node):
        called = getattr(getattr(node.value, "func", None), "id", "")
        return ast.Pass() if called.startswith(("check_", "grade_")) else node


get_ipython().ast_transformers.append(Drop())
"""
    ),
    **FOOLS,
)
TEXT = "any('check_' in line or 'grade_choice' in line for line in lines)"
for short, place in [
    ("input-lines-dropped", "input_transformers_cleanup"),
    ("input-lines-dropped-late", "input_transformers_post"),
]:
    add(
        short,
        "A transformer of the cells' text empties the test cells.",
        wrong(
            own=f"shell = get_ipython()\nshell.{place}.append(\n"
            f"    lambda lines: ['pass'] if {TEXT} else lines\n)"
        ),
        **FOOLS,
    )
add(
    "before-every-cell",
    "An event before each cell puts harmless checks in place again.",
    wrong(
        own=f"""
def put(*info):
    for name in {CHECKERS!r}.split():
        get_ipython().user_ns[name] = lambda *a, **k: None


get_ipython().events.register("pre_run_cell", put)
get_ipython().events.register("pre_execute", put)
"""
    ),
    **FOOLS,
)
add(
    "after-every-cell",
    "An event after each cell says that it has succeeded.",
    wrong(
        own="""
def forgive(result):
    result.error_in_exec = result.error_before_exec = None
    result.result = 2.0


get_ipython().events.register("post_run_cell", forgive)
"""
    ),
)
add(
    "shell-runs-no-code",
    "The shell's run_code does nothing and says that all is well.",
    wrong(
        own="""
async def run_code(*args, **kwargs):
    return False


get_ipython().run_code = run_code
"""
    ),
    **FOOLS,
)
add(
    "shell-runs-no-cell",
    "The shell's run_cell and run_cell_async return a success.",
    wrong(
        own="""
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult


def success(raw="", *args, **kwargs):
    done = ExecutionResult(None)
    done.execution_count = 1
    return done


async def success_async(*args, **kwargs):
    return success()


shell = get_ipython()
shell.run_cell, shell.run_cell_async = success, success_async
type(shell).run_cell, type(shell).run_cell_async = success, success_async
"""
    ),
    **FOOLS,
)
add(
    "traceback-not-shown",
    "Tracebacks are not shown, and a custom handler takes every exception.",
    wrong(
        own="""
shell = get_ipython()
shell.showtraceback = shell._showtraceback = lambda *a, **k: None
shell.set_custom_exc((BaseException,), lambda *a, **k: [])
"""
    ),
)
add(
    "own-display-publisher",
    "Everything that is published becomes a result of 2.0.",
    wrong(
        own="""
shell = get_ipython()
shell.display_pub.publish = lambda *a, **k: None
shell.display_formatter.format = lambda *a, **k: ({"text/plain": "2.0"}, {})
"""
    ),
)
add(
    "shell-replaced",
    "get_ipython returns something else, and so do the builtins that a cell uses.",
    wrong(
        own="""
import builtins


class Anything:
    def __getattr__(self, name):
        return lambda *a, **k: self


builtins.get_ipython = get_ipython = lambda: Anything()
import IPython

IPython.get_ipython = IPython.core.getipython.get_ipython = get_ipython
"""
    ),
)
add(
    "namespace-that-lies",
    "The namespace of the notebook is watched by a thread that puts harmless checks in place.",
    wrong(
        own=f"""
import threading
import time

space, kept = get_ipython().user_ns, get_ipython().user_global_ns


def put():
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for name in {CHECKERS!r}.split():
            space[name] = kept[name] = lambda *a, **k: None
        time.sleep(0.001)


threading.Thread(target=put, daemon=True).start()
time.sleep(0.05)
"""
    ),
    **FOOLS,
)
add(
    "reset-between",
    "Every answer cell empties the notebook's names.",
    wrong(own="%reset -f", **{name: "%reset -f\n" + code for name, code in WRONG.items()}),
    compiles=False,
)
add(
    "magics",
    "Magics that load, run and rewrite code.",
    wrong(
        own="%load_ext autoreload\n%autoreload 2\n%xmode Minimal\n%autocall 2\n"
        "%alias_magic t timeit\n%macro m 1\n%%capture",
        first="%%writefile tricks.py\ndef check_derivative(*a, **k): pass",
        last="%run -i tricks.py",
    ),
    compiles=False,
)
add(
    "cell-of-another-language",
    "Answer cells that are bash, JavaScript and HTML.",
    wrong(
        chain_four="%%bash\nexit 0",
        fork_derivative="%%javascript\nIPython.notebook.execute_all_cells()",
        vanishing_product="%%html\n<b>right</b>",
        q1="%%capture\nq1 = 'A'",
    ),
    compiles=False,
)
add(
    "everything-traced",
    "A trace function looks for the checks and leaves them at once.",
    wrong(
        own="""
import sys
import threading


def trace(frame, event, arg):
    name = frame.f_code.co_name
    if name in ("compare", "grade_choice", "run_order", "check_order", "check_visited"):
        frame.f_trace_opcodes = False
        return skip
    return None


def skip(frame, event, arg):
    if event == "line":
        for line in range(frame.f_lineno + 200, frame.f_lineno, -1):
            try:
                frame.f_lineno = line
                break
            except (ValueError, OSError):
                pass
    return skip


sys.settrace(trace)
threading.settrace(trace)
for frame in [sys._getframe()]:
    while frame:
        frame.f_trace, frame = trace, frame.f_back
"""
    ),
)
add(
    "everything-profiled",
    "A profile function changes the numbers that the checks compare.",
    wrong(
        own="""
import sys


def profile(frame, event, arg):
    if event == "call" and frame.f_code.co_name == "compare":
        seen = frame.f_locals
        try:
            np.copyto(seen["yours"], seen["true"])
        except (KeyError, TypeError, ValueError):
            pass


sys.setprofile(profile)
"""
    ),
    **FOOLS,
)

# --- the checker and what it is made of -----------------------------------------------------------

add(
    "checks-patched",
    "The one function that compares numbers is replaced in the package.",
    wrong(own="import course_utils.checks as checks\n\nchecks.compare = lambda *a, **k: None"),
    **FOOLS,
)
add(
    "checks-patched-from-inside",
    "The code of the checks is replaced, so that every name of them is patched.",
    wrong(
        own="""
import course_utils.checks as checks
from course_utils import quiz

for f in (checks.compare, quiz.grade_choice, quiz.check_order, checks.check_visited):
    f.__code__ = (lambda *a, **k: None).__code__
    f.__kwdefaults__ = None
"""
    ),
    **FOOLS,
)
add(
    "examiner-patched",
    "Every function of the examiner that is loaded is wrapped: what it sends says passed.",
    wrong(
        own="""
import sys
import types


def bribed(f):
    def wrapper(*args, **kwargs):
        for value in [*args, *kwargs.values()]:
            if isinstance(value, dict):
                value.update(passed=True, score=99.0, status="graded", ok=True, error=None)
        return f(*args, **kwargs)

    return wrapper


for name, module in list(sys.modules.items()):
    if name.startswith("course_utils.instructor"):
        for key, value in list(vars(module).items()):
            if isinstance(value, types.FunctionType):
                setattr(module, key, bribed(value))
"""
    ),
    "graded/partial/tampered",
)
add(
    "oracles-patched",
    "The oracle returns what the answer returns.",
    wrong(
        own="""
from course_utils import oracles


class Truth:
    kinks, error = (), 1e300

    def __init__(self, f, x):
        self.value = np.zeros(np.shape(x))


oracles.true_derivative = oracles.true_gradient = oracles.true_jacobian = Truth
"""
    ),
    **FOOLS,
)
add(
    "exception-that-is-never-raised",
    "The class of the checks' exceptions is replaced by one that every try catches.",
    wrong(
        own="""
import course_utils.checks as checks


class Done(SystemExit):
    def __init__(self, *args):
        super().__init__(0)


import course_utils.checks.guard as guard
import sys

for module in list(sys.modules.values()):
    if getattr(module, "__name__", "").startswith("course_utils"):
        for name in ("Mismatch", "NotWritten"):
            if hasattr(module, name):
                setattr(module, name, Done)
"""
    ),
)
for short, patch, fools in [
    ("allclose", "np.allclose = np.isclose = np.array_equal = lambda *a, **k: True", False),
    ("abs", "np.abs = lambda a, *r, **k: np.zeros(np.shape(a))", True),
    ("any", "np.ndarray.any = None", False),
    ("asarray", "kept = np.asarray\nnp.asarray = lambda a, *r, **k: 0 * kept(a, *r, **k)", True),
    (
        "finfo",
        "real = np.finfo\n\n\nclass finfo:\n    eps = 1e300\n"
        "    __init__ = lambda self, *a: setattr(self, 'real', real(*a))\n"
        "    __getattr__ = lambda self, name: getattr(self.real, name)\n\n\nnp.finfo = finfo",
        True,
    ),
    ("zip", "import builtins\nbuiltins.zip = lambda *a, **k: iter(())", False),
    ("isinstance", "import builtins\nbuiltins.isinstance = lambda *a: True", False),
    (
        "exceptions",
        "import builtins\nbuiltins.AssertionError = builtins.Exception = Warning",
        False,
    ),
]:
    add(
        f"patched-{short}",
        "A function of numpy or of Python that the checks use is replaced.",
        wrong(own=patch),
        "graded/partial" if short == "isinstance" else "graded",
        fools_plain=fools,
    )
add(
    "numpy-replaced",
    "The name np becomes a numpy in which every function is constant, with the derivative 0.",
    wrong(
        own="""
class Numpy:
    def __init__(self, real):
        self.real = real

    def __getattr__(self, name):
        if name in ("sin", "cos", "tan", "exp", "log", "tanh"):
            return lambda x: 0.0 * x + 0.5
        return getattr(self.real, name)


np = Numpy(np)
"""
    ),
    **FOOLS,
)
add(
    "given-functions-replaced",
    "The given functions are replaced by constants, so that gradients of 0 are right.",
    wrong(
        compose_derivative="compose = lambda fs, x: 7.0 * x\n" + WRONG["compose_derivative"],
        neuron_gradients="neuron_loss = lambda *a, **k: 0.0\n" + WRONG["neuron_gradients"],
    ),
    **FOOLS,
)
add(
    "given-lines-rewritten",
    "The given lines, which the test runs, are rewritten to switch the checks off.",
    wrong(
        line_order=WRONG["line_order"]
        + "\nlines['C'] = 'import course_utils.checks as c; z = x**3; c.compare = lambda *a, **k: None'"
    ),
    **FOOLS,
)
add(
    "variables-of-the-test-changed",
    "During the call, the variables of the test are changed until 0 is right.",
    wrong(
        neuron_gradients="""
def neuron_gradients(w, b, x, y):
    space = get_ipython().user_ns
    space["x"] = 1e9 * w
    if len(w) == 3:
        space["example"]["x"] = 1e9 * w
    return np.zeros_like(w), 0.0
"""
    ),
    **FOOLS,
)
add(
    "arguments-changed",
    "The arguments are changed in place until 0 is right.",
    wrong(
        neuron_gradients="""
def neuron_gradients(w, b, x, y):
    w[:], x[:] = 0.0, 0.0
    return np.zeros_like(w), 0.0
""",
        compose_derivative="def compose_derivative(fs, dfs, x):\n    fs.clear()\n    dfs.clear()\n    return 1.0",
    ),
)
TABLE = "def chain_four(x):\n    return {0.6: (A), 1.2: (B)}.get(x, (0.0, 0.0, 0.0, 0.0))"
VISIBLE = TABLE.replace(
    "A", "1.0549035629920402, -0.6841368083416923, -0.5011621268467632, 190.99914422126312"
).replace("B", "-0.676326141579047, -2.5721516221263188, -0.584102707151966, 73573.2056006379")
add(
    "visible-points-remembered",
    "A table of the right values at the visible points.",
    wrong(chain_four=VISIBLE),
)
add(
    "visible-points-remembered-and-no-others",
    "The table, and a generator of random numbers that gives the visible points alone.",
    wrong(
        chain_four="""
class Known:
    def uniform(self, *args, **kwargs):
        return np.array([0.6, 1.2])


np.random.default_rng = lambda *a, **k: Known()
"""
        + VISIBLE
    ),
    **FOOLS,
)
add(
    "first-answer-remembered",
    "Every call returns what the first call of a pair was given, to pass a comparison of two calls.",
    wrong(
        own="import itertools\n\ncount = itertools.count()", **returning("0.0 * next(count) + x")
    ),
)
add(
    "behaves-when-graded",
    "Switches the checks off only where the tests are graded.",
    wrong(
        own="import os\n\nif os.environ.get('NBGRADER_EXECUTION') == 'autograde':\n"
        "    import course_utils.checks as checks\n\n    checks.compare = lambda *a, **k: None"
    ),
    **FOOLS,
)

# --- modules, files, processes --------------------------------------------------------------------

FAKE = f"""
import sys
import types


class Fake(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        return (lambda *a, **k: None) if name in {CHECKERS!r}.split() else getattr(real, name)


import course_utils as real

sys.modules["course_utils"] = Fake("course_utils")
"""
add(
    "module-replaced",
    "The whole package is replaced before the notebook imports it.",
    wrong(first=FAKE),
    **FOOLS,
)
add(
    "import-hook",
    "The import statement gives harmless checks.",
    wrong(
        first=f"""
import builtins

real = builtins.__import__


def fake(name, *args, **kwargs):
    module = real(name, *args, **kwargs)
    if name == "course_utils":
        for check in {CHECKERS!r}.split():
            setattr(module, check, lambda *a, **k: None)
    return module


builtins.__import__ = fake
"""
    ),
    **FOOLS,
)
add(
    "package-written-beside",
    "Writes a package of the course's name beside the notebook and imports it afresh.",
    wrong(
        first="""
import os
import sys

os.mkdir("course_utils")
with open("course_utils/__init__.py", "w") as file:
    file.write("def __getattr__(name):\\n    return lambda *a, **k: None\\n")
for name in [n for n in sys.modules if n.split(".")[0] == "course_utils"]:
    del sys.modules[name]
sys.path.insert(0, os.getcwd())
import course_utils
"""
    ),
    **FOOLS,
)
SHADOW = """
import importlib.util
import sys

here = sys.path
sys.path = [p for p in here if p and not __file__.startswith(p + "/numpy")]
sys.path = [p for p in sys.path if __file__.rpartition("/")[0] != p]
del sys.modules["numpy"]
import numpy

sys.path = here
numpy.abs = lambda a, *r, **k: numpy.zeros(numpy.shape(a))
sys.modules[__name__] = numpy
"""
add(
    "numpy-beside",
    "A file numpy.py beside the notebook is imported in place of numpy.",
    beside(lambda folder: (folder / "numpy.py").write_text(SHADOW), answers=WRONG),
    "graded/needs review",
    files=True,
    **FOOLS,
)
add(
    "package-beside",
    "A folder course_utils beside the notebook is imported in place of the package.",
    beside(
        lambda folder: (
            (folder / "course_utils").mkdir(),
            (folder / "course_utils" / "__init__.py").write_text(
                "import numpy as np\n"
                "def __getattr__(name):\n"
                "    if name.startswith('__'):\n        raise AttributeError(name)\n"
                "    return lambda *a, **k: None\n"
            ),
        ),
        answers=WRONG,
        first="import sys, types\nfor n in ('course_utils.figures', 'course_utils.figures.fork_paths',"
        " 'course_utils.figures.number_lines', 'course_utils.figures.vanishing'):\n"
        "    m = sys.modules[n] = types.ModuleType(n)\n    m.__path__ = []\n"
        "    m.fork_paths = m.number_lines = m.vanishing = print",
    ),
    "graded/needs review",
    files=True,
    **FOOLS,
)
add(
    "start-up-files-beside",
    "Files beside the notebook that Python, IPython and numpy may run at their start.",
    beside(
        lambda folder: [
            (folder / name).write_text(
                "import course_utils.checks as checks\nchecks.compare = lambda *a, **k: None\n"
            )
            for name in (
                "sitecustomize.py",
                "usercustomize.py",
                "ipython_config.py",
                "conftest.py",
                "IPython.py",
                "matplotlibrc",
                "pyvenv.cfg",
            )
        ],
        answers=WRONG,
    ),
    "graded/needs review",
    files=True,
)
HOME = """
import os
from pathlib import Path

harm = "# attack31337\\n"  # its being there is what is looked at
for home in {Path.home(), Path("@HOME@")}:
    for name in (
        ".ipython/profile_default/startup/00-attack31337.py",
        ".local/lib/python3.11/site-packages/usercustomize.py",
    ):
        try:
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(harm)
        except OSError:
            pass
"""
add(
    "start-up-file-in-the-home-folder",
    "Leaves a file that every later IPython runs: it graded the next student, too.",
    wrong(own=HOME),
)
add(
    "source-read",
    "Takes the answers from the source notebook, three folders up.",
    wrong(
        last="pass",
        own="""
import json
import re
from pathlib import Path

answers = {}
for root in ("../../..", "@WORK@"):
    for path in Path(root).glob("source/*/01_chain_rule.ipynb"):
        for cell in json.loads(path.read_text())["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if cell["metadata"].get("nbgrader", {}).get("solution"):
                answers[name] = "".join(cell["source"])
""",
        **{n: f"{c}\nexec(answers.get({n!r}, ''))" for n, c in WRONG.items()},
    ),
    **FOOLS,
)
add(
    "lesson-text-read",
    "Takes the answers from the lesson's text in the checkout that course_utils lies in.",
    wrong(
        own="""
import re
from pathlib import Path

import course_utils

text = ""
for root in (Path(course_utils.__file__).parents[1], Path("@ROOT@")):
    path = root / "solutions" / "01_chain_rule.py"
    text = path.read_text() if path.is_file() else text


def answer(name):
    found = re.search(rf'# %% (?:answer|quiz)="{name}".*?\\n(.*?)(?=\\nexplain|\\n# %%)', text, re.S)
    return found[1] if found else ""
""",
        **{n: f"{c}\nexec(answer({n!r}))" for n, c in WRONG.items()},
    ),
    **FOOLS,
)
add(
    "solution-of-another-student",
    "Takes the answers from the other submissions of the class.",
    wrong(
        own="""
import json
from pathlib import Path

answers = {}
for path in [
    path
    for root in ("@WORK@", "../../..")
    for name in ("victim", "*as-in-the-solutions")
    for path in Path(root).glob(f"*/{name}/01_chain_rule/*.ipynb")
]:
    try:
        for cell in json.loads(path.read_text())["cells"]:
            about = cell["metadata"].get("nbgrader", {})
            if about.get("solution"):
                answers.setdefault(about["grade_id"], []).append("".join(cell["source"]))
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        pass
""",
        **{
            n: f"{c}\nfor code in answers.get({n!r}, []):\n    if len(code) > 200 or {n!r}[0] == 'q':\n"
            "        try:\n            exec(code)\n        except Exception:\n            pass"
            for n, c in WRONG.items()
        },
    ),
    **FOOLS,
)
GRADEBOOK = """
import glob
import sqlite3
import sys
import time

until = time.time() + 12
while time.time() < until:
    for path in sys.argv[1:]:
        try:
            with sqlite3.connect(path, timeout=0.2) as book:
                book.execute(
                    "update grade set auto_score = 1, needs_manual_grade = 0 where notebook_id in ("
                    "select n.id from submitted_notebook n join submitted_assignment a "
                    "on n.assignment_id = a.id where a.student_id like '%gradebook-updated')"
                )
        except sqlite3.Error:
            pass
    time.sleep(0.2)
"""
add(
    "gradebook-updated",
    "A detached process enters scores in the gradebook, again and again for a while.",
    wrong(
        own=f"""
import subprocess
import sys

code = {GRADEBOOK!r}
books = ["@WORK@/gradebook.db", "../../../gradebook.db"]
subprocess.Popen([sys.executable, "-c", code, *books], start_new_session=True)
"""
    ),
    "graded/partial",
    **FOOLS,
)
add(
    "autograded-notebook-rewritten",
    "A thread rewrites the notebook that is being graded, test cells and all.",
    wrong(
        own="""
import json
from pathlib import Path

beside = [] if Path("start.ipynb").exists() else [*Path(".").glob("*.ipynb")]
for path in [*beside, *Path("@WORK@").glob("*/*/*/*.ipynb")]:
    try:
        made = json.loads(path.read_text())
        for cell in made["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade"):
                cell["source"] = "pass"
        path.chmod(0o644)
        path.write_text(json.dumps(made))
    except (OSError, ValueError, KeyError):
        pass
"""
    ),
)
add(
    "results-rewritten",
    "Rewrites the file in which a batch keeps its results.",
    wrong(
        own="""
from pathlib import Path

for path in Path("@WORK@").glob("results/*"):
    try:
        path.write_text("[]")
    except OSError:
        pass
"""
    ),
)

# --- quiz answers and lists that are more than they look ------------------------------------------

add(
    "letter-equal-to-all",
    "A text that is equal to every other text.",
    wrong(
        own="""
class Letter(str):
    __hash__ = str.__hash__

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def strip(self, *args):
        return self

    upper = strip
""",
        **{f"q{i}": f'q{i} = Letter("A")' for i in range(1, 9)},
    ),
    score=2,  # it holds an A, which is right twice
    **FOOLS,
)
add(
    "letter-that-looks-up-the-key",
    "A text whose upper() reads the right letter from the caller's variables.",
    wrong(
        own="""
import sys


class Letter(str):
    def strip(self, *args):
        return self

    def upper(self):
        return sys._getframe(1).f_locals.get("key", "A")
""",
        **{f"q{i}": f'q{i} = Letter("A")' for i in range(1, 9)},
    ),
    score=2,  # it holds an A, which is right twice
    **FOOLS,
)
add(
    "all-letters-at-once",
    "Quiz answers that are lists, sets, several letters, or objects.",
    wrong(
        q1="q1 = 'ABCD'",
        q2="q2 = ['A', 'B', 'C', 'D']",
        q3="q3 = {'A', 'B', 'C', 'D'}",
        q4="q4 = True",
        q5="q5 = type('Q', (), {'strip': lambda s: s, 'upper': lambda s: 'C'})()",
        q6="q6 = b'B'",
        q7="q7 = lambda: 'D'",
        q8="q8 = ''",
    ),
)
add(
    "list-of-another-length",
    "A list of lines that says it has five, and runs all of them in every order.",
    wrong(
        line_order="""
class Lines(list):
    def __len__(self):
        return 5

    def __iter__(self):
        return iter("CGECGEDAHDABF")


line_order = Lines("CGEAB")
"""
    ),
)
add(
    "lines-that-are-code",
    "Letters that are code, in case somebody runs them.",
    wrong(
        line_order="line_order = ['C', 'G', 'E', '__import__(\"os\")._exit(0)', "
        "'\"]; dL_dx = 0; [\"']"
    ),
)

# --- what nbgrader keeps in the notebook ----------------------------------------------------------


def about_tests(**changes):
    def change(made):
        for cell in tests(made):
            cell.metadata.nbgrader.update(changes)

    return change


def empty_tests(made):
    for cell in tests(made):
        cell.source = "pass"


def bonus(made):
    cell = code_cell("pass", "bonus")
    cell.metadata["nbgrader"] = {
        **find(made, "check_q1").metadata.nbgrader,
        "grade_id": "check_bonus",
        "points": 100,
    }
    made.cells.append(cell)


def easy_copies(made):
    for cell in tests(made):
        twin = copy.deepcopy(cell)
        twin.id, twin.source = f"{cell.id}-x", "pass"
        made.cells.insert(made.cells.index(cell), twin)


def names_moved(made):
    """Give each test's name to a cell of the student's own, right below it."""
    for i, cell in enumerate(tests(made)):
        own = code_cell("2.0", f"mine-{i}")
        own.metadata["nbgrader"] = cell.metadata.pop("nbgrader")
        made.cells.insert(made.cells.index(cell) + 1, own)
        cell["cell_type"] = "raw"
        cell.pop("outputs")
        cell.pop("execution_count")


def imports_edited(made):
    find(made, "given_setup").source += "\ncheck_derivative = check_gradient = print"
    find(made, "given_neuron").source += "\nneuron_loss = lambda *a: 0.0"


REPAIRED = "graded/needs review"
for short, what, change in [
    ("tests-emptied", "The test cells say pass.", empty_tests),
    ("tests-worth-1000", "Each test cell is worth 1000 points.", about_tests(points=1000)),
    ("tests-worth-nothing", "Each test cell is worth 0 points.", about_tests(points=0)),
    ("tests-worth-nan", "Each test cell is worth NaN points.", about_tests(points=float("nan"))),
    ("tests-worth-a-text", "The points are a text.", about_tests(points="all")),
    ("tests-unlocked", "The test cells are unlocked.", about_tests(locked=False)),
    ("tests-not-graded", "The test cells are not to be graded.", about_tests(grade=False)),
    (
        "tests-for-a-person",
        "The test cells are answers that a person grades.",
        about_tests(solution=True, locked=False),
    ),
    ("tests-are-tasks", "The test cells are tasks.", about_tests(task=True, grade=False)),
    ("test-of-its-own", "A test cell of the student's own, worth 100 points.", bonus),
    ("easy-copies-in-front", "Before each test cell an easy one of the same name.", easy_copies),
    ("names-given-to-own-cells", "The tests' names are given to cells that say 2.0.", names_moved),
    ("imports-edited", "The locked cells are edited: the checks print.", imports_edited),
]:
    add(short, what, changed(change, answers=WRONG), REPAIRED)


def checked_as_passed(made):
    """Set the checksums to those of the cells as they are, and the outputs to nothing."""
    for cell in tests(made):
        cell.source = "pass"
        cell.metadata.nbgrader["checksum"] = "0" * 32
        cell.metadata["tags"] = ["raises-exception", "skip-execution"]
        cell.metadata["deletable"] = False


add(
    "tests-tagged-to-be-skipped",
    "Test cells with a tag by which nbclient does not run them.",
    changed(checked_as_passed, answers=WRONG),
    REPAIRED,
    **FOOLS,
)


def skipped_by_tag(made):
    for cell in tests(made):
        cell.metadata["tags"] = ["skip-execution"]


add(
    "tests-tagged-and-whole",
    "Test cells as they were, with a tag by which nbclient does not run them.",
    changed(skipped_by_tag, answers=WRONG),
    REPAIRED,
    **FOOLS,
)
add(
    "timestamp-before-all",
    "A file that says the notebook was handed in before the course began.",
    beside(
        lambda folder: (folder / "timestamp.txt").write_text("1970-01-01 00:00:00 UTC"),
        answers=WRONG,
    ),
    files=True,
)
add(
    "outputs-beside",
    "Files beside the notebook that look like graded ones.",
    beside(
        lambda folder: [
            (folder / name).write_text("{}")
            for name in ("gradebook.db", "results.json", f"{LESSON}.html", "nbgrader_config.py")
        ],
        answers=WRONG,
    ),
    REPAIRED,
    files=True,
)
