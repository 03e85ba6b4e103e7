"""A root folder with Python, its libraries and the course in it, and nothing else."""

import os
import sys
import sysconfig
from functools import cache
from pathlib import Path

from course_utils.instructor.examiner import linux

SCRATCH = "/scratch"
MOST_FILES = 4096  # in it
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")

_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store")
_DATA = (
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/usr/share/fonts",
    "/usr/share/zoneinfo",
)
_FORMER = "/former"


@cache
def readable():
    """Return `{path: real path}` of all that a candidate may read.

    Of a checkout it is the package only, and of an environment inside it the libraries only.
    """
    course = Path(__file__).parents[2]
    paths = [
        *_LIBRARIES,
        *_DATA,
        f"{sys.base_prefix}/lib",
        f"{sys.base_prefix}/lib64",
        *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        *(p for p in sys.path if Path(p).name in ("site-packages", "dist-packages")),
        str(course),
    ]
    # A path may lead over a symbolic link into a folder that is not here under that name.
    real = {path: os.path.realpath(path) for path in paths if os.path.exists(path)}
    real |= {path: path for path in real.values()}
    kept = {}
    for path in sorted(real, key=len):
        if not any(Path(path).is_relative_to(folder) for folder in kept):
            kept[path] = real[path]
    return kept


def devices():
    return [path for path in DEVICES if os.path.exists(path)]


def enter(size, owner):
    """Make a private root folder the root of this namespace of mounts.

    It is read-only but for SCRATCH, which holds `size` bytes and belongs to the user id `owner`.
    """
    paths, nodes = readable(), devices()
    linux.mount("none", "/tmp", "tmpfs", linux.NO_SET_UID | linux.NO_DEVICES, "size=1m,mode=0755")
    os.mkdir(f"/tmp{_FORMER}")
    linux.pivot_root("/tmp", f"/tmp{_FORMER}")
    os.chdir("/")
    for path, real in paths.items():
        _show(path, real)
        linux.make_read_only(path)
    for path in nodes:
        _show(path, path)
        linux.make_read_only(path, devices=True)
    linux.unmount(_FORMER)
    os.rmdir(_FORMER)
    os.mkdir(SCRATCH)
    linux.make_read_only("/", submounts=False)
    inert = linux.NO_SET_UID | linux.NO_DEVICES | linux.NO_EXEC
    options = f"size={size},nr_inodes={MOST_FILES},mode=0700,uid={owner}"
    linux.mount("none", SCRATCH, "tmpfs", inert, options)


def _show(path, real):
    former = f"{_FORMER}{real}"
    if os.path.isdir(former):
        os.makedirs(path)
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    linux.mount(former, path, flags=linux.BIND | linux.WITH_SUBMOUNTS)
