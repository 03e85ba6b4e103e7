"""What a confined process can and cannot do: as root and as an ordinary user, with all layers
that the system grants and where it refuses namespaces.
"""

import array
import contextlib
import ctypes
import fcntl
import json
import os
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course_utils.cli import app

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
if sys.platform == "linux":
    import resource

    from course_utils.instructor.examiner import (
        landlock,
        linux,
        private_root,
        sandbox,
        seccomp,
    )
    from tests.security.confined import (
        MB,
        NOBODY,
        SECRET,
        Confined,
        Denied,
        Failed,
        Table,
        until_closed,
    )

ROOT = Path(__file__).parents[2]
ACCOUNTS = ["root", "user"] if sys.platform == "linux" and os.geteuid() == 0 else ["user"]
SETS = {"all layers": (), "no namespaces": ("namespaces",)}


@pytest.fixture(scope="module", params=ACCOUNTS)
def account(request):
    return request.param


@pytest.fixture(scope="module", params=SETS)
def confined(request, account, places):
    return Confined(account, SETS[request.param], places["home"].parent)


@pytest.fixture(scope="module")
def places():
    """Files with a secret that everybody may read, where secrets lie."""
    import IPython
    import matplotlib.pyplot  # as the forkserver has, before it forks

    assert IPython and matplotlib
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    folders = [Path(tempfile.mkdtemp(dir=where)) for where in (build, None, None)]
    found = {"checkout": folders[0] / "gradebook.db", "tmp": folders[1] / "gradebook.db"}
    if os.geteuid() == 0:
        found["home"] = Path.home() / "secret"  # made by open_home
    else:
        folders.append(Path(tempfile.mkdtemp(dir=Path.home())))
        found["home"] = folders[-1] / "secret"
        found["home"].write_text(SECRET)
    for path in (found["checkout"], found["tmp"]):
        path.write_text(SECRET)
        path.chmod(0o666)
    for folder in folders:
        folder.chmod(0o777)
    yield found | {"servers": folders[2]}
    for folder in folders:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def victim(account):
    """A process of the same user, with a secret in its environment."""
    user = NOBODY if account == "user" and os.geteuid() == 0 else None
    process = subprocess.Popen(
        ["/bin/sleep", "600"], env={"SECRET": SECRET}, user=user, extra_groups=[] if user else None
    )
    yield process
    assert process.poll() is None, "it was killed"
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def servers(places):
    """Servers outside: TCP, UDP, a Unix socket by its path, and an abstract one."""
    path = str(places["servers"] / "socket")
    kinds = {
        "tcp": (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
        "udp": (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
        "path": (socket.AF_UNIX, socket.SOCK_STREAM, path),
        "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, f"\0course{os.getpid()}"),
        "datagram": (socket.AF_UNIX, socket.SOCK_DGRAM, path + "-datagram"),
    }
    open_sockets, addresses = [], {}
    for name, (family, kind, address) in kinds.items():
        server = socket.socket(family, kind)
        server.bind(address)
        if kind == socket.SOCK_STREAM:
            server.listen()
        addresses[name] = server.getsockname()
        open_sockets.append(server)
    for name in ("path", "datagram"):
        os.chmod(addresses[name], 0o777)
    yield Table(addresses)
    for server in open_sockets:
        server.close()


def call(name, *arguments):
    """Make a system call by its name, past Python and the C library."""
    number = seccomp._library().seccomp_syscall_resolve_name(name.encode())
    arguments = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    answer = linux.libc().syscall(ctypes.c_long(number), *arguments)
    if answer == -1:
        raise OSError(ctypes.get_errno(), name)
    return answer


# What is asked of the system, and allowed where it is not confined.


def test_the_same_user_can_read_the_secrets_outside_the_sandbox(confined, places):
    for place in ("checkout", "tmp", "home"):
        assert confined.answer(confined.free(places[place].read_text)) == SECRET, place


def test_a_layer_is_granted_or_comes_with_reason_and_cure(account, confined):
    for name, granted, reason, cure in confined.grants:
        assert name in sandbox.LAYERS
        assert granted or (reason and cure)


# What is denied.


def read_by_link(path):
    os.symlink(path, "link")
    return Path("link").read_text()


def read_by_descriptor(path):
    folder = os.open("/", os.O_PATH)
    return os.open(str(path).lstrip("/"), os.O_RDONLY, dir_fd=folder)


def read_by_thread(path):
    errors = []

    def read():
        try:
            path.read_text()
        except OSError as error:
            errors.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    raise errors[0]


FILES = Table(
    {
        "by its path": Path.read_text,
        "by a symbolic link": read_by_link,
        "by a hard link": lambda path: os.link(path, "hard"),
        "by renaming": lambda path: os.rename(path, "here"),
        "by a folder's descriptor": read_by_descriptor,
        "by dots": lambda path: Path("../" * 30 + str(path)).read_text(),
        "by a thread": read_by_thread,
        "by a system call": lambda path: call("openat", -100, os.fsencode(path), 0),
        "by another": lambda path: call("openat2", -100, os.fsencode(path), bytes(24), 24),
        "by listing its folder": lambda path: os.listdir(path.parent),
        "by truncating": lambda path: os.truncate(path, 0),
        "by a handle": lambda path: call("name_to_handle_at", -100, os.fsencode(path), 0, 0, 0),
        "by removing": Path.unlink,
        "by writing": lambda path: path.write_text("mine"),
        "by a file beside it": lambda path: path.with_name("new").write_text("mine"),
        "by a folder beside it": lambda path: path.with_name("folder").mkdir(),
        "by a lock": lambda path: fcntl.flock(os.open(path, os.O_RDONLY), fcntl.LOCK_EX),
        "by watching": lambda path: call("inotify_add_watch", call("inotify_init1", 0), path, 2),
    }
)

SYSTEM_FILES = Table(
    {
        "the solutions": lambda: os.listdir(ROOT / "solutions"),
        "a lesson": lambda: (ROOT / "solutions" / "01_chain_rule.py").read_text(),
        "the checkout": lambda: os.listdir(ROOT),
        "its tests": lambda: Path(__file__).read_text(),
        "the root folder": lambda: os.listdir("/"),
        "users": lambda: Path("/etc/passwd").read_text(),
        "passwords": lambda: Path("/etc/shadow").read_text(),
        "shared memory": lambda: Path("/dev/shm/x").write_text("x"),
        "the course": lambda: (ROOT / "course_utils" / "mine.py").write_text("x"),
        "installed packages": lambda: Path(pytest.__file__).with_name("mine.py").write_text("x"),
        "Python": lambda: Path(os.__file__).write_text("x"),
        "truncating Python": lambda: os.open(os.__file__, os.O_RDONLY | os.O_TRUNC),
        "kernel settings": lambda: Path("/proc/sys/kernel/hostname").read_text(),
        "the system's devices": lambda: os.listdir("/sys"),
        "processes": lambda: os.listdir("/proc"),
        "own memory": lambda: os.open("/proc/self/mem", os.O_RDONLY),
        "own root": lambda: os.listdir("/proc/self/root"),
        "own descriptors": lambda: os.listdir("/proc/self/fd"),
        "own keys": lambda: Path("/proc/keys").read_text(),
        "kernel memory": lambda: os.open("/dev/mem", os.O_RDONLY),
        "kernel messages": lambda: os.open("/dev/kmsg", os.O_RDONLY),
        "a disk": lambda: os.open("/dev/vda", os.O_RDONLY),
        "a terminal": lambda: os.open("/dev/tty", os.O_RDWR),
        "the terminals": lambda: os.open("/dev/ptmx", os.O_RDWR),
        "virtual machines": lambda: os.open("/dev/kvm", os.O_RDWR),
        "a node": lambda: os.mknod("node", stat.S_IFCHR | 0o666, os.makedev(1, 1)),
        "a node of a disk": lambda: os.mknod("node", stat.S_IFBLK | 0o666, os.makedev(254, 0)),
        "a queue": lambda: os.mkfifo("queue"),
        "a file without a name": lambda: os.open(".", os.O_TMPFILE | os.O_RDWR),
        "a file in memory": lambda: os.memfd_create("file"),
        "another owner": lambda: os.chown(".", 0, 0),
        "an attribute": lambda: os.setxattr(".", "user.mine", b"x"),
    }
)


def connect(address, family=socket.AF_UNIX, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as end:
        end.settimeout(2)
        end.connect(address)
        end.send(b"x")


def address_a_pair(address):
    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.sendto(b"x", address)


SOCKETS = Table(
    {
        "tcp": lambda at: connect(at["tcp"], socket.AF_INET),
        "udp": lambda at: connect(at["udp"], socket.AF_INET, socket.SOCK_DGRAM),
        "a path": lambda at: connect(at["path"]),
        "an abstract name": lambda at: connect(at["abstract"]),
        "a pair with an address": lambda at: address_a_pair(at["datagram"]),
        "a name to look up": lambda at: connect((socket.gethostbyname("localhost"), 80), 2),
        "a filter": lambda at: socket.socketpair()[0].setsockopt(1, 26, bytes(16)),
        "listening": lambda at: socket.create_server(("127.0.0.1", 0)),
        "binding": lambda at: socket.socket(socket.AF_UNIX).bind("socket"),
        "netlink": lambda at: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
        "packets": lambda at: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
        "virtual machines": lambda at: socket.socket(40, socket.SOCK_STREAM),
        "ciphers of the kernel": lambda at: socket.socket(38, socket.SOCK_SEQPACKET),
    }
)


def read_memory_of(pid):
    here = ctypes.create_string_buffer(64)
    pieces = [(ctypes.c_size_t * 2)(ctypes.addressof(here), 64) for _ in range(2)]
    return call("process_vm_readv", pid, pieces[0], 1, pieces[1], 1, 0)


PROCESSES = Table(
    {
        "its memory": lambda pid: os.open(f"/proc/{pid}/mem", os.O_RDONLY),
        "its environment": lambda pid: Path(f"/proc/{pid}/environ").read_text(),
        "its command": lambda pid: Path(f"/proc/{pid}/cmdline").read_text(),
        "its descriptors": lambda pid: os.listdir(f"/proc/{pid}/fd"),
        "its root": lambda pid: os.listdir(f"/proc/{pid}/root"),
        "copying its memory": read_memory_of,
        "tracing it": lambda pid: call("ptrace", 16, pid, 0, 0),
        "killing it": lambda pid: os.kill(pid, signal.SIGKILL),
        "stopping it": lambda pid: os.kill(pid, signal.SIGSTOP),
        "killing its thread": lambda pid: call("tgkill", pid, pid, 9),
        "killing a thread": lambda pid: call("tkill", pid, 9),
        "killing its group": lambda pid: os.killpg(os.getpgid(pid), signal.SIGWINCH),
        "queueing a signal": lambda pid: call("rt_sigqueueinfo", pid, 9, bytes(128)),
        "signals by a descriptor": lambda pid: fcntl.fcntl(0, fcntl.F_SETOWN, pid),
        "a descriptor of it": lambda pid: call("pidfd_open", pid, 0),
        "its limits": lambda pid: resource.prlimit(pid, resource.RLIMIT_CPU, (0, 0)),
        "its priority": lambda pid: os.setpriority(os.PRIO_PROCESS, pid, 19),
        "its processors": lambda pid: os.sched_setaffinity(pid, {0}),
        "comparing it": lambda pid: call("kcmp", pid, os.getpid(), 0, 0, 0),
    }
)


def in_child(action):
    """Do it in a child, which leads no group yet; raise its OSError."""
    child = os.fork()
    if not child:
        try:
            action()
        except OSError as error:
            os._exit(error.errno)
        os._exit(0)
    if number := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise OSError(number, "in a child")


SYSTEM_CALLS = Table(
    {
        "a namespace of users": lambda: linux.unshare(linux.NEW_USERS),
        "a namespace of mounts": lambda: linux.unshare(linux.NEW_MOUNTS),
        "a namespace of time": lambda: linux.unshare(linux.NEW_TIME),
        "a clone in a namespace": lambda: call("clone", linux.NEW_USERS | 17, 0, 0, 0, 0),
        "clone3": lambda: call("clone3", bytes(88), 88),
        "mount": lambda: linux.mount("none", os.getcwd(), "tmpfs"),
        "bind": lambda: linux.mount("/", os.getcwd(), flags=linux.BIND),
        "unmount": lambda: linux.unmount("/"),
        "remount": lambda: linux.mount("none", "/", flags=0x20 | linux.BIND),
        "a file system": lambda: call("fsopen", b"tmpfs", 0),
        "chroot": lambda: os.chroot("."),
        "pivot_root": lambda: linux.pivot_root(".", "."),
        "setns": lambda: call("setns", 0, 0),
        "execute": lambda: os.execv("/bin/true", ["true"]),
        "execute Python": lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),
        "execveat": lambda: call("execveat", -100, b"/bin/true", 0, 0, 0),
        "a subprocess": lambda: subprocess.run(["/bin/true"], check=False),
        "bpf": lambda: call("bpf", 0, bytes(128), 128),
        "a key": lambda: call("keyctl", 0, -3, 0),
        "a new key": lambda: call("add_key", b"user", b"x", b"x", 1, -3),
        "events of the processor": lambda: call("perf_event_open", bytes(128), 0, -1, -1, 0),
        "io_uring": lambda: call("io_uring_setup", 1, bytes(120)),
        "faults of memory": lambda: call("userfaultfd", 1),
        "a segment of memory": lambda: call("shmget", 0, 4096, 0o1600),
        "a queue of messages": lambda: call("msgget", 0, 0o1600),
        "the clock": lambda: time.clock_settime(time.CLOCK_REALTIME, time.time()),
        "the host name": lambda: socket.sethostname("mine"),
        "becoming root": lambda: os.setuid(0),
        "becoming another": lambda: os.setuid(12345),
        "groups": lambda: os.setgroups([0]),
        "a session": lambda: in_child(os.setsid),
        "a process group": lambda: in_child(lambda: os.setpgid(0, 0)),
        "a better priority": lambda: os.nice(-5),
        "outliving the keeper": lambda: linux.prctl(linux.DEATH_SIGNAL, 0),
        "being traced": lambda: call("ptrace", 0, 0, 0, 0),
        "dumping core": lambda: linux.prctl(linux.DUMPABLE, 1),
        "the layout of memory": lambda: call("personality", 0x40000),
        "typing into a terminal": lambda: fcntl.ioctl(0, 0x5412, b"x"),
        "a restart": lambda: call("reboot", 0, 0, 0, 0),
        "a module": lambda: call("init_module", 0, 0, b""),
        "a filter of calls": lambda: call("seccomp", 1, 0, bytes(16)),
    }
)


@pytest.mark.parametrize("place", ["checkout", "tmp", "home"])
@pytest.mark.parametrize("way", FILES)
def test_a_file_outside_is_out_of_reach(confined, places, place, way):
    assert confined.outcome(FILES, way, places[place]).startswith("denied")
    if place != "home":
        assert places[place].read_text() == SECRET
        assert os.listdir(places[place].parent) == [places[place].name]


def test_mode_and_times_of_a_file_outside_stay(confined, places):
    path = places["tmp"]
    before = path.stat()

    def change():
        for action in (lambda: path.chmod(0), lambda: os.utime(path, (0, 0))):
            with contextlib.suppress(OSError):
                action()

    confined(change)
    assert path.stat() == before


@pytest.mark.parametrize("what", SYSTEM_FILES)
def test_a_file_of_the_system_is_out_of_reach(confined, what):
    assert confined.outcome(SYSTEM_FILES, what).startswith("denied")


@pytest.mark.parametrize("what", SOCKETS)
def test_nothing_is_sent(confined, servers, what):
    assert confined.outcome(SOCKETS, what, servers).startswith("denied")


@pytest.mark.parametrize("what", PROCESSES)
def test_another_process_is_out_of_reach(confined, victim, what):
    assert confined.outcome(PROCESSES, what, victim.pid).startswith("denied")
    assert victim.poll() is None


@pytest.mark.parametrize("what", ["its memory", "its environment", "copying its memory"])
def test_the_grading_process_is_out_of_reach(confined, what):
    with pytest.raises(Denied):
        confined(PROCESSES[what], os.getpid())


@pytest.mark.parametrize("what", SYSTEM_CALLS)
def test_a_system_call_is_denied(confined, what):
    assert confined.outcome(SYSTEM_CALLS, what).startswith("denied")


def test_to_kill_all_kills_nobody_outside(confined, victim):
    with contextlib.suppress(Denied):
        confined(os.kill, -1, signal.SIGUSR1)
    assert victim.poll() is None


def test_the_shell_runs_nothing(confined):
    assert confined(lambda: os.system("true")) != 0


def test_a_call_of_a_32_bit_program_ends_the_process(confined):
    if os.uname().machine != "x86_64":
        return  # only there do the two live in one process
    with pytest.raises(Failed, match=str(128 + signal.SIGSYS)):
        confined(call_by_interrupt)


def call_by_interrupt():
    import mmap

    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20 (getpid); int 0x80; ret
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()


def test_limits_cannot_be_raised(confined):
    def raise_them():
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.setrlimit(resource.RLIMIT_NPROC, unlimited)

    with pytest.raises((Denied, Failed), match=r"not allowed to raise|EPERM"):
        confined(raise_them)


# What is bounded.


def test_a_fork_bomb_is_bounded(confined):
    def bomb():
        for count in range(1000):
            try:
                child = os.fork()
            except OSError:
                return count
            if not child:
                signal.pause()
        return 1000

    # Others of this user that ended meanwhile have left their places, where users are counted.
    assert 1 <= confined(bomb, processes=8) < 8 + 8


def test_threads_are_bounded(confined):
    def many():
        wait = threading.Event()
        for count in range(1000):
            try:
                threading.Thread(target=wait.wait, daemon=True).start()
            except RuntimeError:
                return count
        return 1000

    assert 1 <= confined(many, processes=8) < 8


@pytest.mark.parametrize("way", ["bytes", "array", "pieces"])
def test_a_memory_hog_gets_a_memory_error(confined, way):
    def hog():
        import numpy as np

        pieces = []
        while way == "pieces":
            pieces.append(bytearray(8 * MB))
        return len(bytearray(1 << 30)) if way == "bytes" else np.ones(1 << 27).size

    with pytest.raises(Failed, match="MemoryError"):
        confined(hog, memory=128 * MB)


def test_a_file_is_bounded(confined):
    with pytest.raises(Denied, match="EFBIG"):
        confined(lambda: Path("big").write_bytes(bytes(3 * MB)), file_bytes=2 * MB)


def test_a_sparse_file_is_bounded(confined):
    def sparse():
        Path("big").touch()
        with open("big", "r+b") as file:
            file.truncate(1 << 40)

    with pytest.raises(Denied, match="EFBIG"):
        confined(sparse)


def test_a_full_scratch_folder_stops_it(confined):
    def fill():
        for count in range(1000):
            Path(f"file{count}").write_bytes(bytes(MB))
            time.sleep(0.005)
        return "never stopped"

    with pytest.raises((Denied, Failed), match="ENOSPC|exit code 137"):
        confined(fill, scratch_bytes=4 * MB)


def test_a_scratch_folder_of_many_files_stops_it(confined, monkeypatch):
    monkeypatch.setattr(private_root, "MOST_FILES", 100)

    def fill():
        for count in range(200):
            Path(f"file{count}").touch()
        time.sleep(5)
        return "never stopped"

    with pytest.raises((Denied, Failed), match="ENOSPC|exit code 137"):
        confined(fill)


def test_open_files_are_bounded(confined):
    def many():
        return [os.open(os.devnull, os.O_RDONLY) for _ in range(1000)]

    with pytest.raises(Denied, match="EMFILE"):
        confined(many, open_files=32)


def test_processor_time_is_bounded(account, places):
    def burn():
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        while True:
            pass

    with pytest.raises(Failed, match="exit code 137"):
        Confined(account, (), places["home"].parent)(burn, cpu=1)


def test_no_core_is_dumped(confined):
    assert confined(lambda: resource.getrlimit(resource.RLIMIT_CORE)) == [0, 0]


# What is found inside.


def test_the_folder_is_empty_and_its_own(confined):
    def look():
        Path("file").write_text("mine")
        return [os.getcwd(), os.environ["HOME"], tempfile.gettempdir(), os.listdir()]

    folder, home, temporary, files = confined(look)
    assert home == temporary == folder
    assert files == ["file"]
    assert not Path(folder).exists()  # it ends with the process


OF_A_CANDIDATE = {
    *("HOME", "TMPDIR", "MPLCONFIGDIR", "IPYTHONDIR", "USER", "LOGNAME", "PATH", "LANG"),
    *("MPLBACKEND", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
}


def test_the_environment_holds_no_secret(confined, monkeypatch):
    monkeypatch.setenv("GRADEBOOK_PASSWORD", SECRET)

    environment = confined(lambda: dict(os.environ))
    assert SECRET not in environment.values()
    assert set(environment) >= {"HOME", "TMPDIR", "MPLCONFIGDIR", "LANG"}
    assert set(environment) <= OF_A_CANDIDATE
    assert confined(os.getenv, "GRADEBOOK_PASSWORD") is None


def test_the_strings_of_the_first_environment_are_overwritten():
    code = """
import ctypes, os
from course_utils.instructor.examiner import linux
strings = ctypes.POINTER(ctypes.c_void_p).in_dll(linux.libc(), "environ")
first = [strings[i] for i in range(len(os.environ))]
linux.forget_environment()
print(any(ctypes.string_at(at) for at in first))
"""
    said = subprocess.check_output(
        [sys.executable, "-c", code], env={**os.environ, "PASSWORD": SECRET}, text=True
    )
    assert said.strip() == "False"


def test_no_inherited_descriptor_is_open(confined, places):
    held = [os.open(places["tmp"], os.O_RDWR), os.open(ROOT, os.O_RDONLY)]
    held.append(fcntl.fcntl(held[0], fcntl.F_DUPFD, 500))
    try:
        open_ones = confined(lambda: [fd for fd in range(1024) if is_open(fd)])
    finally:
        for fd in held:
            os.close(fd)
    assert open_ones[:3] == [0, 1, 2] and len(open_ones) == 4


def is_open(fd):
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def test_standard_streams_lead_nowhere(confined):
    def look():
        null = os.stat(os.devnull)
        same = [os.path.samestat(os.fstat(fd), null) for fd in (0, 1, 2)]
        return [*same, os.read(0, 10).decode(), os.write(1, b"lost")]

    assert confined(look) == [True, True, True, "", 4]


@pytest.mark.parametrize("kind", ["folder", "file", "datagram"])
def test_a_descriptor_that_leads_out_is_refused(confined, tmp_path, kind):
    (tmp_path / "file").write_text("x")
    one, two = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with one, two:
        opened = {
            "folder": lambda: os.open(tmp_path, os.O_RDONLY),
            "file": lambda: os.open(tmp_path / "file", os.O_RDWR),
            "datagram": lambda: os.dup(one.fileno()),
        }[kind]()
        with pytest.raises(Failed, match="neither a pipe nor a stream socket"):
            confined(lambda: "inside", keep=[opened])
        os.close(opened)


def test_it_is_nobody_in_particular(confined):
    def look():
        return [os.getuid(), os.geteuid(), *os.getresgid(), socket.gethostname()]

    user, effective, *_, host = confined(look)
    assert user == effective != 0
    assert host == "candidate" or not confined.has("namespaces")


def test_slots_are_different_users_where_root_grades(confined):
    users = {confined(os.getuid) for _ in range(3)}
    assert len(users) == (3 if confined.account == "root" else 1)


def test_it_is_alone(confined):
    if confined.has("namespaces"):
        assert confined(lambda: [os.getpid(), os.getppid()]) == [1, 0]


# What must work.


def test_it_talks_over_a_pair_of_sockets(confined):
    ours, theirs = socket.socketpair()

    def talk(fd):
        with socket.socket(fileno=fd) as end:
            for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                end.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", 5, 0))
            heard = end.recv(100)
            end.sendmsg([b"he", b"ard "])
            end.sendall(heard)
            os.write(end.fileno(), bytes(200_000))
        return "said"

    with ours, theirs:
        started = confined.start(talk, theirs.fileno(), keep=[theirs.fileno()])
        theirs.close()
        ours.sendall(b"question")
        heard = b""
        while piece := ours.recv(65536):
            heard += piece
    assert confined.answer(started) == "said"
    assert heard.startswith(b"heard question") and len(heard) == 200_014


def test_its_end_is_seen_at_the_other_end(confined):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        started = confined.start(lambda: os._exit(3), keep=[theirs.fileno()])
        theirs.close()
        assert ours.recv(10) == b""
    assert os.waitstatus_to_exitcode(os.waitpid(started[0], 0)[1]) == 3
    os.close(started[1])


def draw():
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.plot([0, 1], [1, 0], label=r"$\frac{\partial L}{\partial w} \approx \sqrt{x^2}$")
    plt.title("Straße, ∂")
    plt.legend()
    plt.savefig("figure.png")
    plt.savefig("figure.svg")
    sizes = [Path(f"figure.{kind}").stat().st_size for kind in ("png", "svg")]
    return min(sizes)


def import_late():
    import decimal
    import sqlite3
    import xml.dom.minidom  # noqa: F401
    from concurrent.futures import ThreadPoolExecutor

    import numpy.polynomial  # noqa: F401

    import course_utils.figures.graph_stepper  # noqa: F401

    with sqlite3.connect("table.db") as table:
        table.execute("create table t (x)")
        table.execute("insert into t values (1)")
    with ThreadPoolExecutor(2) as pool:
        squares = list(pool.map(lambda x: x * x, range(3)))
    return [str(decimal.Decimal(1) / 4), squares, "ä".encode("latin-1").decode("cp1252")]


def signal_itself():
    got = []
    for number in (signal.SIGUSR1, signal.SIGALRM, signal.SIGINT):
        signal.signal(number, lambda number, frame: got.append(number))
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.raise_signal(signal.SIGINT)
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    while signal.SIGALRM not in got:
        time.sleep(0.001)
    return [int(number) for number in got]


def await_something():
    import asyncio

    async def late():
        await asyncio.sleep(0.001)
        return await asyncio.to_thread(lambda: "done")

    return asyncio.run(late())


def have_children():
    children = []
    for code in range(4):
        if not (child := os.fork()):
            os._exit(code)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def compute():
    import numpy as np

    a = np.random.default_rng(0).normal(size=(200, 200))
    x = np.linalg.solve(a, np.ones(200))
    return bool(np.allclose(a @ x, 1)) and len(os.urandom(4)) == 4 and (os.cpu_count() or 0) > 0


def use_files():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "one")
        path.write_text("text")
        path.rename(path.with_name("two"))
        shutil.move(path.with_name("two"), "three")
    return Path("three").read_text(), sorted(os.listdir())


def call_back():
    compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda a, b: 0)
    numbers = array.array("i", [3, 1, 2])
    linux.libc().qsort(ctypes.c_void_p(numbers.buffer_info()[0]), 3, 4, compare)
    return numbers.tolist()


def run_a_shell():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance(colors="nocolor")
    run = shell.run_cell("x = 6 * 7\nx", store_history=True)
    run.raise_error()
    return run.result


WORKS = {
    draw: lambda size: size > 2000,
    import_late: lambda got: got == ["0.25", [0, 1, 4], "ä"],
    signal_itself: lambda got: got == [signal.SIGUSR1, signal.SIGINT, signal.SIGALRM],
    await_something: lambda got: got == "done",
    have_children: lambda got: got == [0, 1, 2, 3],
    compute: lambda got: got is True,
    use_files: lambda got: got == ["text", ["three"]],
    call_back: lambda got: sorted(got) == [1, 2, 3],
    run_a_shell: lambda got: got == 42,
}


@pytest.mark.parametrize("what", WORKS, ids=lambda probe: probe.__name__)
def test_honest_work_is_not_disturbed(confined, what):
    assert WORKS[what](confined(what))


def test_python_in_a_closed_home_is_imported_from():
    if os.geteuid() != 0:
        return  # such a Python could not be started

    for without in SETS.values():
        heard, told = os.pipe()
        child = os.fork()
        if not child:
            try:
                sandbox.confine(keep_fds=[told], without=without)
                os.write(told, json.dumps(import_late()).encode())
            finally:
                os._exit(0)
        os.close(told)
        assert WORKS[import_late](json.loads(until_closed(heard)))
        os.waitpid(child, 0)


# How it ends.


def leave_a_daemon():
    """Fork twice, leave session and group where that is allowed, and stay."""
    if os.fork():
        return
    if os.fork():
        os._exit(0)
    for escape in (os.setsid, lambda: os.setpgid(0, 0)):
        with contextlib.suppress(OSError):
            escape()
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        time.sleep(1)


def stay():
    leave_a_daemon()
    while True:
        time.sleep(1)


@pytest.mark.parametrize("without", [(), ("seccomp",), ("landlock",)])
def test_a_daemon_does_not_survive(confined, without):
    one = Confined(confined.account, {*confined.without, *without}, confined.home, confined.grants)
    assert one(leave_a_daemon) is None  # the pipe was closed: nobody holds it


def test_the_keeper_ends_all(confined):
    keeper, heard = confined.start(stay)
    while not children_of(keeper):  # it is keeper from when there is something to keep
        time.sleep(0.01)
    code, usage = sandbox.end(keeper)
    assert code == 128 + signal.SIGKILL
    assert usage.ru_maxrss > 0
    assert until_closed(heard) == ""


def test_it_dies_with_a_killed_keeper(confined, places, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(places["servers"]))  # its folder stays behind
    keeper, heard = confined.start(lambda: time.sleep(60))
    time.sleep(0.1)
    os.kill(keeper, signal.SIGKILL)
    assert until_closed(heard) == ""
    os.waitpid(keeper, 0)


def test_it_dies_with_the_process_that_forked_it(confined):
    ready, told = os.pipe()
    forkserver = os.fork()
    if not forkserver:
        os.close(ready)
        _, heard = confined.start(stay, keep=[told])
        os.close(heard)
        time.sleep(60)
        os._exit(0)
    os.close(told)
    time.sleep(0.3)
    os.kill(forkserver, signal.SIGKILL)
    assert until_closed(ready) == ""
    os.waitpid(forkserver, 0)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT])
def test_a_crash_is_told_by_the_exit_code(confined, number):
    keeper, heard = confined.start(
        os.abort if number == signal.SIGABRT else lambda: ctypes.string_at(0)
    )
    assert until_closed(heard) == ""
    code = os.waitstatus_to_exitcode(os.waitpid(keeper, 0)[1])
    assert code in (128 + number, 128 + signal.SIGSEGV)


# One layer alone.


def only(layer, account, places):
    """Return a sandbox of one layer (and the root folder that comes with namespaces)."""
    without = set(sandbox.LAYERS) - {layer, "private root"}
    return Confined(account, without, places["home"].parent)


@pytest.mark.parametrize("layer", ["namespaces", "landlock"])
def test_either_of_two_layers_hides_files(account, places, layer):
    alone = only(layer, account, places)
    if alone.has(layer):
        with pytest.raises(Denied):
            alone(places["tmp"].read_text)


@pytest.mark.parametrize("layer", ["namespaces", "seccomp"])
def test_either_of_two_layers_hides_the_network(account, places, servers, layer):
    alone = only(layer, account, places)
    for kind in ("tcp", "udp", "an abstract name") if alone.has(layer) else ():
        assert alone.outcome(SOCKETS, kind, servers).startswith("denied")


def test_without_libseccomp_the_layer_is_refused_with_its_cure(monkeypatch):
    def missing():
        raise seccomp.SeccompError("libseccomp.so.2 is not installed")

    monkeypatch.setattr(seccomp, "candidate_program", missing)
    found = {grant.name: grant for grant in sandbox.grants.__wrapped__()}
    assert not found["seccomp"].granted
    assert found["seccomp"].reason == "libseccomp.so.2 is not installed"
    assert "apt install libseccomp2" in found["seccomp"].cure


def test_a_library_that_cannot_be_loaded_is_an_error_of_seccomp(monkeypatch):
    def missing(name, **options):
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(seccomp.ctypes, "CDLL", missing)
    with pytest.raises(seccomp.SeccompError, match="libseccomp.so.2 is not installed"):
        seccomp._library.__wrapped__()


def test_without_landlock_the_layer_is_refused_with_its_cure(monkeypatch):
    monkeypatch.setattr(landlock, "landlockpy", None)
    assert "pip install" in landlock.why_not()[1]


def test_what_may_be_read_holds_nothing_of_the_checkout_but_the_package():
    inside = [Path(p) for p in private_root.readable() if Path(p).is_relative_to(ROOT)]
    packages = [p for p in inside if "site-packages" not in p.parts and ".venv" not in p.parts]
    assert packages == [ROOT / "course_utils"]


# The judge.


def judge(memory):
    import numpy as np

    sandbox.hide()
    sandbox.bound_judge(memory)
    with contextlib.suppress(MemoryError):
        return f"had {np.empty(1 << 25).nbytes >> 20} MB"
    return "bounded"


def test_the_judge_is_bounded_and_can_still_compute(confined):
    assert confined.answer(confined.free(judge, 128 * MB)) == "bounded"
    assert confined.answer(confined.free(judge, 512 * MB)) == "had 256 MB"


def test_nobody_of_the_same_user_looks_into_a_judge(confined):
    if confined.account == "root":
        return  # who sees everything, and is why a candidate is another user then

    def look():
        ready, told = os.pipe()
        sandbox.hide()
        if not os.fork():
            sandbox.bound_judge()
            os.write(told, b"x")
            time.sleep(60)
        os.read(ready, 1)
        return os.open(f"/proc/{children_of(os.getpid())[0]}/mem", os.O_RDONLY)

    with pytest.raises(Denied, match="EACCES"):
        confined.answer(confined.free(look))


def children_of(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


# What a lecturer is told.


def doctor(monkeypatch, *granted):
    """Return what `course doctor` says, and its exit code."""
    known = [
        sandbox.Grant(name, True) if name in granted else sandbox.Grant(name, False, "why", "how")
        for name in sandbox.LAYERS
    ]
    monkeypatch.setattr(sandbox, "grants", lambda: known)
    result = CliRunner().invoke(app, ["doctor"])
    return result.output, result.exit_code


def test_the_doctor_is_content_with_the_full_set(monkeypatch):
    said, code = doctor(monkeypatch, *sandbox.LAYERS)
    assert said.splitlines()[-1] == "Grading runs with the full set."
    assert code == 0


def test_the_doctor_names_what_is_missing_and_its_cure(monkeypatch):
    said, code = doctor(monkeypatch, "own user", "landlock", "seccomp", "limits")
    last = said.splitlines()[-1]
    assert last == "Grading does not run with the full set. Missing: namespaces, private root."
    assert said.count("cure: how") == 2
    assert code == 1


def test_the_doctor_asks_this_system():
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == (1 if sandbox.missing() else 0)


ELSEWHERE = """
import sys
sys.modules.update(resource=None, landlockpy=None)
from course_utils.cli import app
here, sys.platform = sys.platform, "{}"
from course_utils.instructor.examiner import sandbox
sandbox.grants()
sys.platform = here  # the printer of tables would ask for Windows
app(["doctor"])
"""


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_elsewhere_the_doctor_names_the_container(system):
    code = ELSEWHERE.format(system)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert "grading needs Linux" in done.stdout
    assert "docs/grading-elsewhere.md" in done.stdout
    assert (ROOT / "docs" / "grading-elsewhere.md").is_file()
    assert "does not run with the full set" in done.stdout.splitlines()[-1]
