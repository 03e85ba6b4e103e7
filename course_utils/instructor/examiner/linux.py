"""The system calls of a sandbox that Python's `os` does not have.

Each one raises OSError as `os` does. The module can be imported on any system.
"""

import ctypes
import os
import platform
from functools import cache

# Namespaces, as unshare(2) and clone(2) name them by bits.
NEW_TIME, NEW_MOUNTS, NEW_HOST_NAME, NEW_IPC = 0x80, 0x20000, 0x4000000, 0x8000000
NEW_USERS, NEW_PROCESSES, NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000

NO_SET_UID, NO_DEVICES, NO_EXEC, BIND = 2, 4, 8, 0x1000  # flags of mount(2)
WITH_SUBMOUNTS, PRIVATE = 0x4000, 0x40000

# Options of prctl(2).
DEATH_SIGNAL, DUMPABLE, KEEP_CAPABILITIES, SUBREAPER, NO_NEW_PRIVILEGES = 1, 4, 8, 36, 38

READ_ANY_FILE = 1 << 2  # CAP_DAC_READ_SEARCH

_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41}  # glibc has no name for it
_MOUNT_SETATTR = 442  # nor, before 2.36, for this; the number is the same everywhere
_DETACH, _FOLDER_HERE, _RECURSIVE, _SECCOMP = 2, -100, 0x8000, 22


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]


@cache
def libc():
    """Return the C library, as ctypes sees it."""
    return ctypes.CDLL(None, use_errno=True)


def unshare(flags):
    """Leave namespaces for new ones, which are empty or copies."""
    _call("unshare", flags)


def mount(source, target, kind="none", flags=0, options=""):
    """Mount a file system, a folder (BIND), or change how a mount passes on others (PRIVATE)."""
    _call("mount", source, target, kind, ctypes.c_ulong(flags), options)


def unmount(target):
    """Take a mount and all below it out of sight."""
    _call("umount2", target, _DETACH)


def make_read_only(target, *, devices=False, submounts=True):
    """Make the mount at `target` read-only and void of set-user-id, and of device nodes."""
    attributes = 1 | 2 | (8 if devices else 4)  # a device node needs no right to execute
    wanted = (ctypes.c_uint64 * 4)(attributes, 0, 0, 0)
    depth = _RECURSIVE if submounts else 0
    _call("syscall", _MOUNT_SETATTR, _FOLDER_HERE, target, depth, wanted, ctypes.sizeof(wanted))


def pivot_root(root, former):
    """Make `root` the root folder of all processes in the namespace; the old one is `former`."""
    number = _PIVOT_ROOT.get(platform.machine())
    if number is None:
        raise OSError(f"pivot_root is not known on {platform.machine()}")
    _call("syscall", number, root, former)


def prctl(option, value):
    """Set an option of this process."""
    _call("prctl", option, *map(ctypes.c_ulong, (value, 0, 0, 0)))


def set_capabilities(mask):
    """Keep the capabilities in `mask` only; none is inherited."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)(mask, mask, 0, 0, 0, 0))


def filter_calls(program):
    """Bind this process to a filter of system calls, for good; the kernel's own format."""
    code = ctypes.create_string_buffer(program, len(program))
    length = len(program) // 8  # an instruction has 8 bytes
    filtering = ctypes.byref(_Program(length, ctypes.addressof(code)))
    _call("prctl", _SECCOMP, ctypes.c_ulong(2), filtering)


def read_proc(name):
    """Return the text of a short file of this process's folder in /proc."""
    fd = os.open(f"/proc/self/{name}", os.O_RDONLY)
    try:
        return os.read(fd, 4096).decode()
    finally:
        os.close(fd)


def write_proc(name, text):
    """Write to a file of this process's folder in /proc. `pathlib` takes ten times as long."""
    fd = os.open(f"/proc/self/{name}", os.O_WRONLY)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def forget_environment():
    """Overwrite the strings of the environment, which would stay in memory, and drop them."""
    strings = ctypes.POINTER(ctypes.c_void_p).in_dll(libc(), "environ")
    index = 0
    while strings and strings[index]:
        ctypes.memset(strings[index], 0, len(ctypes.string_at(strings[index])))
        index += 1
    _call("clearenv")


def _call(name, *arguments):
    arguments = [a.encode() if isinstance(a, str) else a for a in arguments]
    if getattr(libc(), name)(*arguments) == -1:
        error = ctypes.get_errno()
        where = next((a.decode() for a in arguments if isinstance(a, bytes)), None)
        raise OSError(error, f"{name}: {os.strerror(error)}", where)
