"""Code that never ends, dies, or takes all there is.

The answers are right. What is left after the abuse earns its points: a cell of the student's own
costs nothing, `vanishing_product` 2 points, `chain_four` 4. Every one has an end of its own, so
that a machine without limits outlives a run of these tests; reaching it prints THROUGH.
"""

# ruff: noqa: E501  a table, and the attackers' code in it

import nbformat

from tests.security.attacks.build import (
    FULL,
    MARK,
    POINTS,
    THROUGH,
    changed,
    code_cell,
    group,
    right,
)

ABUSE, add = group("abuse")
NO_VANISHING, NO_CHAINS = POINTS - 2, POINTS - 4
SAID = repr(THROUGH[:4]) + " + " + repr(THROUGH[4:])  # not to be found in a quoted line
ANYHOW = "graded/partial"
DIRTY = "graded/partial/tampered"


def in_call(body, prelude=""):
    """Return the make of a notebook in which a call of vanishing_product does `body`."""
    lines = "\n".join(f"    {line}" for line in body.strip("\n").splitlines())
    return right(vanishing_product=f"{prelude}\ndef vanishing_product(z, n, kind):\n{lines}")


# --- endless --------------------------------------------------------------------------------------

add(
    "endless-call",
    "A call that never returns.",
    in_call("while True:\n    pass"),
    "partial",
    NO_VANISHING,
)
add("endless-cell", "A cell that never ends.", right(own="while True:\n    pass"), "partial", FULL)
STUBBORN = """
import signal
import threading

if threading.current_thread() is threading.main_thread():
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
add(
    "endless-cell-that-hears-nothing",
    "An endless cell that ignores every signal and swallows KeyboardInterrupt.",
    right(own=STUBBORN),
    "partial",
    FULL,
)
add(
    "endless-call-that-hears-nothing",
    "An endless call that ignores every signal and swallows KeyboardInterrupt.",
    in_call(STUBBORN),
    "partial",
    NO_VANISHING,
)
add(
    "endless-in-c",
    "One sum that takes hours and looks at no signal.",
    right(own="sum(range(10**12))"),
    "partial",
    FULL,
)
add(
    "asleep",
    "A call that sleeps for a week.",
    in_call("import time\ntime.sleep(604800)"),
    "partial",
    NO_VANISHING,
)
add(
    "deadlock",
    "A lock that is asked for twice.",
    right(own="import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()"),
    "partial",
    FULL,
)
add(
    "awaits-for-ever",
    "A cell that awaits a sleep of a week.",
    right(own="import asyncio\nawait asyncio.sleep(604800)"),
    "partial",
    FULL,
)
add(
    "endless-shell-command",
    "A command of the shell that never ends.",
    right(own="!sleep 600.31337"),
    "partial/graded",
    FULL,
)
add(
    "endless-repr",
    "The last value of a cell takes for ever to be shown.",
    right(own="class A:\n    def __repr__(self):\n        while True:\n            pass\n\n\nA()"),
    "partial",
    FULL,
)
add(
    "endless-deletion",
    "An object that takes for ever to be deleted.",
    right(
        own="class A:\n    def __del__(self):\n        while True:\n            pass\n\n\na = A()\ndel a"
    ),
    "partial/graded",
    FULL,
)
add(
    "endless-exception",
    "The text of an exception takes for ever.",
    in_call(
        "raise Slow()",
        "class Slow(Exception):\n    def __str__(self):\n        while True:\n            pass\n",
    ),
    "partial/graded",
    NO_VANISHING,
)
add(
    "endless-import-of-itself",
    "Recursion without end in a call.",
    in_call("return vanishing_product(z, n, kind)"),
    "graded",
    NO_VANISHING,
)
add(
    "recursion-into-the-end-of-the-stack",
    "Recursion with the limit raised, until the process dies.",
    in_call(
        "import sys\nsys.setrecursionlimit(10**9)\nf = lambda n: [f(n + 1) for _ in [0]]\nreturn f(0)"
    ),
    ANYHOW,
    NO_VANISHING,
)
add(
    "slow-drip-in-a-cell",
    "A sign of output every tenth of a second, so that something always happens.",
    right(own="import time\nwhile True:\n    print('.', end='', flush=True)\n    time.sleep(0.1)"),
    "partial",
    FULL,
)
add(
    "slow-drip-in-a-call",
    "A sign of output every tenth of a second, during a call.",
    in_call("import time\nwhile True:\n    print('.', end='', flush=True)\n    time.sleep(0.1)"),
    "partial",
    NO_VANISHING,
)
add(
    "stopped",
    "Stops its own process, so that it neither runs nor dies.",
    right(own="import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    "partial/graded",  # the first process of a namespace takes no such signal from itself
    FULL,
)
add(
    "waits-for-a-word",
    "Asks for input, which nobody gives.",
    right(own="name = input('Your name? ')"),
    "graded",
    FULL,
)
add(
    "waits-for-a-word-in-a-call",
    "Asks for input during a call.",
    in_call("return float(input('The answer? '))"),
    "graded",
    NO_VANISHING,
)
add(
    "waits-for-a-password",
    "Asks for a password, at the terminal if there is one.",
    right(own="import getpass\ngetpass.getpass()"),
    ANYHOW,
    FULL,
)
add(
    "reads-its-input",
    "Reads the standard input to its end.",
    right(own="import os, sys\nsys.__stdin__.read()\nos.read(0, 1)"),
    ANYHOW,
    FULL,
)
add(
    "breakpoint",
    "Stops in the debugger.",
    right(own="breakpoint()\nx = 1"),
    ANYHOW,
    FULL,
)
add(
    "post-mortem",
    "Opens the debugger after every error.",
    right(own="%pdb on\n1 / 0"),
    ANYHOW,
    FULL,
)

# --- dies -----------------------------------------------------------------------------------------

# Where a sandbox is missing, these would end the machine's other work: then they only say so.
ALONE = f"""
import os

try:
    alone = os.readlink("/proc/self/ns/pid") != "@PIDS@"
except OSError:
    alone = os.getuid() != 0
if not alone and os.getuid() == 0:
    print({SAID}, "signals as root, to everybody")
"""
DEATHS = {
    "os-exit": "import os\nos._exit(0)",
    "kills-itself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "segfault": "import ctypes\nctypes.string_at(0)",
    "abort": "import os\nos.abort()",
    "kills-its-group": ALONE
    + f"""
group = os.getpgid(0)
if group == os.getpid() or (alone and group):
    os.killpg(0, 9)
else:
    print({SAID}, "its group is not its own")
""",
    "becomes-another-program": "import os\nos.execv('/bin/true', ['true'])",
}
for short, code in DEATHS.items():
    ends = "partial/graded" if short.startswith(("kills", "becomes")) else "partial"
    add(f"{short}-in-a-cell", "A cell that ends its process.", right(own=code), ends, FULL)
for short in ("os-exit", "segfault"):
    add(
        f"{short}-in-a-call",
        "A call that ends its process.",
        in_call(DEATHS[short]),
        "partial",
        NO_VANISHING,
    )
add(
    "os-exit-in-every-call",
    "An answer with four test cells, each call of which ends its process.",
    right(chain_four="import os\n\n\ndef chain_four(x):\n    os._exit(0)"),
    "partial",
    NO_CHAINS,
)
add(
    "os-exit-in-the-answer-cell",
    "An answer cell that ends its process after the answer is defined.",
    right(
        vanishing_product="def vanishing_product(z, n, kind):\n    return 7.0\n\n\nimport os\nos._exit(0)"
    ),
    "partial",
    NO_VANISHING,
)
add(
    "exits-politely",
    "Cells and calls that say exit() and raise SystemExit.",
    right(
        own="import sys\nsys.exit('done')",
        last="exit()",
        first="quit()",
        vanishing_product="def vanishing_product(z, n, kind):\n    raise SystemExit(0)",
    ),
    "graded",
    NO_VANISHING,
)
add(
    "asks-the-shell-to-exit",
    "Asks the shell and the kernel to stop.",
    right(own="shell = get_ipython()\nshell.ask_exit()\nshell.kernel.do_shutdown(False)"),
    ANYHOW,
    FULL,
)
add(
    "kills-everybody",
    "Sends SIGKILL to every process that it may.",
    right(own=ALONE + "if alone:\n    os.kill(-1, 9)"),
    DIRTY,
    FULL,
)
KILLS = (
    ALONE
    + """
numbers = {os.getppid(), 1, os.getpgid(0), os.getsid(0)} - {0, os.getpid()}
for number in numbers if alone else ():
    for signal in (0, 2, 15, 9):
        try:
            os.kill(number, signal)
        except OSError:
            pass
"""
)
add(
    "kills-its-parent",
    "Sends signals to its parent, the first process and the leader of its session.",
    right(own=KILLS),
    DIRTY,
    FULL,
)
add(
    "closes-everything",
    "Closes every descriptor but the first three.",
    right(own="import os\nos.closerange(3, 4096)"),
    DIRTY,
    FULL,
)
add(
    "closes-its-output",
    "Closes the standard output and error.",
    right(own="import os, sys\nsys.stdout.close()\nsys.stderr = None\nos.close(1)\nos.close(2)"),
    ANYHOW,
    FULL,
)
add(
    "descriptors-that-do-not-wait",
    "Makes every descriptor non-blocking.",
    right(
        own="import os\nfor fd in range(3, 256):\n    try:\n        os.set_blocking(fd, False)\n"
        "    except OSError:\n        pass"
    ),
    DIRTY,
    FULL,
)
add(
    "forks",
    "Forks, and both go on.",
    right(own="import os\npid = os.fork()"),
    DIRTY,
    FULL,
)
add(
    "forks-in-a-call",
    "Forks in a call, and both return.",
    in_call("import os\nos.fork()\nreturn 0.5"),
    DIRTY,
    NO_VANISHING,
)

# --- takes all there is ---------------------------------------------------------------------------

MEMORY = f"""
import numpy as np

held = []
for _ in range(96):
    held.append(np.ones(2**23))
held.clear()
print({SAID}, "6 GB")
"""
add("memory-in-a-cell", "A cell that takes 6 GB.", right(own=MEMORY), ANYHOW, FULL)
add("memory-in-a-call", "A call that takes 6 GB.", in_call(MEMORY), ANYHOW, NO_VANISHING)
add(
    "memory-at-once",
    "One array of a terabyte.",
    right(own=f"a = np.zeros(10**12 // 8)\na[: 2**28 : 512] = 1\nprint({SAID}, '1 TB')"),
    ANYHOW,
    FULL,
)
FORKS = f"""
import os
import time

pids = []
try:
    for _ in range(400):
        pid = os.fork()
        if pid == 0:
            time.sleep(30)
            os._exit(0)
        pids.append(pid)
    print({SAID}, "400 processes")
finally:
    for pid in pids:
        os.kill(pid, 9)
"""
add("fork-bomb", "Forks 400 times.", right(own=FORKS), ANYHOW, FULL)
FORK_TREE = """
import os
import time

first = os.getpid()
try:
    for _ in range(9):
        os.fork()
except OSError:
    pass
if os.getpid() != first:
    time.sleep(20)
    os._exit(0)
"""
add(
    "fork-tree",
    "Forks 2 to the power 9 times, parent and child alike.",
    right(own=FORK_TREE),
    DIRTY,
    FULL,
)
THREADS = f"""
import threading
import time

stop = threading.Event()
try:
    for _ in range(20_000):
        threading.Thread(target=stop.wait, args=(30,), daemon=True).start()
    print({SAID}, "20,000 threads")
finally:
    stop.set()
"""
add("thread-bomb", "Starts 20,000 threads.", right(own=THREADS), ANYHOW, FULL)
DISK = f"""
import os

block = b"x" * 2**24
names = [f"big-{{i}}" for i in range(8)]
try:
    for name in names:
        with open(name, "wb") as file:
            for _ in range(32):
                file.write(block)
    print({SAID}, "4 GB on disk")
finally:
    for name in names:
        if os.path.exists(name):
            os.remove(name)
"""
add("disk-filled", "Writes 4 GB beside itself.", right(own=DISK), ANYHOW, FULL)
FILES = """
import os
import shutil

os.makedirs("many", exist_ok=True)
for i in range(200_000):
    open(f"many/{i}", "w").close()
shutil.rmtree("many")
"""
add("many-files", "Makes 200,000 empty files.", right(own=FILES), ANYHOW, FULL)
add(
    "deep-folders",
    "Folders in folders, 3000 deep.",
    right(own="import os\nfor _ in range(3000):\n    os.mkdir('d')\n    os.chdir('d')"),
    ANYHOW,
    FULL,
)
add(
    "open-files",
    "Opens /dev/null until no descriptor is left, and keeps them.",
    right(
        own="kept = []\ntry:\n    for _ in range(200_000):\n        kept.append(open('/dev/null'))\n"
        f"    print({SAID}, '200,000 open files')\nfinally:\n    del kept[:]"
    ),
    ANYHOW,
    FULL,
)
add(
    "working-folder-gone",
    "Deletes its working folder.",
    right(
        own=f"""
import os
import shutil

here = os.getcwd()
if any(path.startswith(here) for path in ("@ROOT@", "@WORK@", "@HOME@")):
    print({SAID}, "it works in a folder of the grader's")
else:
    os.chdir("/")
    shutil.rmtree(here, ignore_errors=True)
"""
    ),
    ANYHOW,
    FULL,
)

# --- output ---------------------------------------------------------------------------------------

add(
    "one-line-of-50-mb",
    "Prints one line of 50 MB.",
    right(own="print('x' * 50_000_000)"),
    ANYHOW,
    FULL,
)
add(
    "one-line-of-50-mb-in-calls",
    "Prints 5 MB during every call.",
    right(
        vanishing_product="def vanishing_product(z, n, kind):\n    print('x' * 5_000_000)\n    return 7.0"
    ),
    ANYHOW,
    NO_VANISHING,
)
add(
    "a-million-lines",
    "Prints a million lines, half of them to the standard error.",
    right(own="import sys\nfor i in range(500_000):\n    print(i)\n    print(i, file=sys.stderr)"),
    ANYHOW,
    FULL,
)
add(
    "output-past-python",
    "Writes 50 MB to the descriptors of the output themselves.",
    right(
        own="import os\nfor _ in range(500):\n    os.write(1, b'x' * 50_000)\n    os.write(2, b'y' * 50_000)"
    ),
    ANYHOW,
    FULL,
)
add(
    "output-of-a-child",
    "A child process writes 50 MB.",
    right(own="import subprocess\nsubprocess.run('head -c 50000000 /dev/zero', shell=True)"),
    ANYHOW,
    FULL,
)
add(
    "output-of-the-shell",
    "A shell command writes 50 MB.",
    right(own="!head -c 50000000 /dev/zero"),
    ANYHOW,
    FULL,
)
add(
    "ten-thousand-outputs",
    "Displays ten thousand things.",
    right(own="for i in range(10_000):\n    display({'text/html': f'<b>{i}</b>'}, raw=True)"),
    ANYHOW,
    FULL,
)
add(
    "html-of-50-mb",
    "Displays an HTML text of 50 MB.",
    right(own="display({'text/html': '<b>' + 'x' * 50_000_000, 'text/plain': 'x'}, raw=True)"),
    ANYHOW,
    FULL,
)
add(
    "value-of-50-mb",
    "The last value of a cell is a text of 50 MB.",
    right(own="'x' * 50_000_000"),
    ANYHOW,
    FULL,
)
add(
    "exception-of-50-mb",
    "An exception with a text of 50 MB, in a cell and in a call.",
    right(
        own="raise ValueError('x' * 50_000_000)",
        vanishing_product="def vanishing_product(z, n, kind):\n    raise ValueError('x' * 50_000_000)",
    ),
    ANYHOW,
    NO_VANISHING,
)
add(
    "exceptions-in-a-chain",
    "An exception that has 5,000 causes, and one that is its own.",
    right(
        own="error = ValueError()\nfor i in range(5000):\n    new = ValueError(i)\n"
        "    new.__cause__ = error\n    error = new\nraise error",
        last="a, b = ValueError('a'), ValueError('b')\na.__cause__, b.__cause__ = b, a\nraise a",
    ),
    ANYHOW,
    FULL,
)
add(
    "exception-with-a-long-name",
    "An exception class with a name of 5 MB.",
    in_call("raise type('E' * 5_000_000, (Exception,), {})('x')"),
    ANYHOW,
    NO_VANISHING,
)
add(
    "output-that-is-no-text",
    "Prints half characters, NULs and bytes that are no UTF-8.",
    right(
        own="import os, sys\nprint('\\ud800 \\0 \\x1b[2J \\x7f \\ufffe')\n"
        "sys.stdout.flush()\nos.write(1, b'\\xff\\xfe\\xc3')\nos.write(2, b'\\xed\\xa0\\x80')",
        last="raise ValueError('\\ud800\\0')",
    ),
    "graded",
    FULL,
    inert=True,
)
add(
    "output-of-wrong-types",
    "Displays data that no notebook may hold: numbers, sets, NaN, odd keys.",
    right(
        own="""
for data in (
    {"text/html": 5},
    {"text/plain": ["a", 1]},
    {"image/png": "not base64"},
    {"image/png": b"\\x89PNG"},
    {"image/svg+xml": "<svg/>"},
    {"application/json": {"a": {1, 2}}},
    {"application/json": float("nan")},
    {"application/x+json": {1: object()}},
    {"text/html\\n": "x"},
    {3: "x"},
    {},
):
    try:
        display(data, raw=True, metadata={"a": data})
    except Exception as error:
        print(type(error).__name__)
""",
        last="display({'image/svg+xml': '<svg/>'}, raw=True)",
    ),
    "graded",
    FULL,
    inert=True,
)
add(
    "output-with-deep-data",
    "Displays data of 2,000 levels.",
    right(
        own="deep = 1\nfor _ in range(2000):\n    deep = {'a': deep}\n"
        "display({'application/json': deep, 'text/plain': 'x'}, raw=True, metadata={'a': deep})"
    ),
    ANYHOW,
    FULL,
    inert=True,
)


def _markdown(text):
    def change(made):
        made.cells.append(nbformat.v4.new_markdown_cell(text, id="own-text"))

    return changed(change)


for short, text in [
    ("quotes", ">" * 20_000 + " x"),
    ("brackets", "[" * 20_000 + "](" * 20_000),
    ("lists", "\n".join(" " * i + "- x" for i in range(1000))),
    ("stars", "*a **b " * 10_000),
    ("tables", "|" + "a|" * 5_000 + "\n|" + "-|" * 5_000 + "\n" + ("|" + "b|" * 500 + "\n") * 50),
    ("html", "<div>" * 20_000),
]:
    add(
        f"markdown-of-{short}",
        "A text that takes for ever, or the whole stack, to be rendered.",
        _markdown(text),
        "graded",
        FULL,
        inert=True,
    )
add(
    "code-too-deep",
    "Code that overflows the parser or the compiler.",
    changed(
        lambda made: made.cells.extend(
            [
                code_cell("(" * 50_000 + ")" * 50_000, "brackets"),
                code_cell("x = " + "-" * 500_000 + "1", "signs"),
                code_cell("x = " + "+".join("1" * 100_000), "sum"),
                code_cell("x = " + "[" * 150 + "]" * 150, "lists"),
            ]
        )
    ),
    ANYHOW,
    FULL,
    compiles=False,
)

# --- left behind ----------------------------------------------------------------------------------

DAEMON = f"""
import os

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 4096)
        os.execv("/bin/sh", ["/bin/sh", "-c", ": {MARK}; sleep 600; :"])
    os._exit(0)
"""
add(
    "orphan",
    "A daemon that has left its session and its parent.",
    right(own=DAEMON),
    DIRTY,
    FULL,
)
add(
    "orphan-that-holds-the-output",
    "A child that lives on and keeps the output open.",
    right(own=f"import subprocess\nsubprocess.Popen(['/bin/sh', '-c', ': {MARK}; sleep 600; :'])"),
    ANYHOW,
    FULL,
)
add(
    "busy-thread",
    "A thread that never stops computing.",
    right(
        own="import threading\n\n\ndef run():\n    while True:\n        pass\n\n\n"
        "threading.Thread(target=run, daemon=True).start()"
    ),
    "graded",
    FULL,
)
add(
    "thread-that-cannot-be-left",
    "A thread that is no daemon, so that Python waits for it at its end.",
    right(
        own="import threading\nthreading.Thread(target=lambda: threading.Event().wait()).start()"
    ),
    "graded",
    FULL,
)
add(
    "end-that-never-comes",
    "Things that run at the end of the process, and never finish.",
    right(
        own="import atexit, weakref\n\n\ndef run():\n    while True:\n        pass\n\n\n"
        "atexit.register(run)\nweakref.finalize(run, run)"
    ),
    "graded",
    FULL,
)
add(
    "thread-pool",
    "An honest pool of threads.",
    right(
        own="from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(2) as pool:\n    print(list(pool.map(abs, [-1, -2])))"
    ),
    "graded",
    FULL,
)
