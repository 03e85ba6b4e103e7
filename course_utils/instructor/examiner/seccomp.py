"""Which system calls a candidate may make: what Python, numpy and drawing need, no more.

libseccomp turns the list into a filter. A call that is not listed answers "not implemented", so
that a newer C library falls back to an older call; one that people would try answers "not
permitted".
"""

import ctypes
import errno
import os
import platform
from functools import cache

CURE = "apt install libseccomp2 (Fedora: dnf install libseccomp)"
PROCESSORS = ("x86_64", "aarch64", "riscv64")

_ALLOWED = """
    read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek sendfile
    copy_file_range close close_range dup dup2 dup3 pipe pipe2 flock fsync fdatasync fallocate
    fadvise64 stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 readlink
    readlinkat getdents getdents64 getcwd chdir fchdir mkdir mkdirat rmdir unlink unlinkat rename
    renameat renameat2 link linkat symlink symlinkat truncate ftruncate chmod fchmod fchmodat
    fchmodat2 umask utime utimes utimensat futimesat getxattr lgetxattr fgetxattr listxattr
    llistxattr flistxattr creat

    mmap munmap mprotect mremap madvise brk msync mincore membarrier

    fork vfork exit exit_group wait4 waitid restart_syscall getpid gettid getppid getpgid getpgrp
    getsid getuid geteuid getgid getegid getresuid getresgid getgroups set_tid_address
    set_robust_list rseq futex futex_waitv futex_wait futex_wake sched_yield sched_getaffinity
    sched_getparam sched_getscheduler sched_get_priority_min sched_get_priority_max getpriority
    getrlimit setrlimit getrusage times sysinfo uname getcpu arch_prctl capget getrandom

    kill tgkill tkill rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend
    rt_sigtimedwait sigaltstack pause alarm setitimer getitimer timer_create timer_settime
    timer_gettime timer_getoverrun timer_delete timerfd_create timerfd_settime timerfd_gettime
    nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time signalfd4 eventfd
    eventfd2 poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait
    epoll_pwait epoll_pwait2

    recvfrom recvmsg sendto sendmsg shutdown getsockopt getsockname getpeername
"""

_NOT_PERMITTED = """
    execve execveat ptrace process_vm_readv process_vm_writev setsid setpgid socket connect bind
    listen accept accept4 mount umount2 pivot_root chroot unshare setns bpf keyctl
    add_key request_key perf_event_open io_uring_setup userfaultfd mknod mknodat chown fchown
    lchown fchownat setxattr lsetxattr fsetxattr removexattr setuid setgid setreuid setregid
    setresuid setresgid setgroups capset sethostname setdomainname clock_settime settimeofday
    clock_adjtime adjtimex personality setpriority sched_setscheduler sched_setaffinity
    name_to_handle_at open_by_handle_at rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open
    pidfd_send_signal pidfd_getfd shmget msgget semget mq_open
"""

# Changes of any file of the same user, by its path, that Landlock does not know, or not at first.
_MODES = ("chmod", "fchmod", "fchmodat", "fchmodat2")
_TIMES_AND_SIZE = ("utime", "utimes", "utimensat", "futimesat", "truncate")

_KILL_PROCESS, _ALLOW, _PRETEND = 0x80000000, 0x7FFF0000, 0x00050000  # what answers a call
_MISSING, _DENY = _PRETEND | errno.ENOSYS, _PRETEND | errno.EPERM
_DIFFERS, _EQUAL, _MASKED = 1, 4, 7  # libseccomp's comparisons
_BAD_ARCHITECTURE, _OPTIMIZE = 2, 8  # its attributes

_ACCESS, _TRUNCATE, _TMPFILE = os.O_RDONLY | os.O_WRONLY | os.O_RDWR, 0o1000, 0o20000000
# New namespaces, and a child whose parent would be the keeper.
_CLONE_FLAGS = 0x7E02_0000 | 0x8000 | 0x2000

# (call, arguments as (index, comparison, value[, mask])): allowed where all comparisons hold.
_ALLOWED_IF = [
    ("open", (1, _MASKED, _TMPFILE, 0)),  # a file without a name cannot be counted
    ("openat", (2, _MASKED, _TMPFILE, 0)),
    ("clone", (0, _MASKED, _CLONE_FLAGS, 0)),
    ("prlimit64", (0, _EQUAL, 0)),  # its own limits
    # A pair of streams reaches nobody else; a datagram socket can be given an address.
    ("socketpair", (0, _EQUAL, 1), (1, _MASKED, 0xFFF7F7FF, 1)),
    # SO_RCVTIMEO, SO_SNDTIMEO, by their old and new numbers.
    *(("setsockopt", (1, _EQUAL, 1), (2, _EQUAL, option)) for option in (20, 21, 66, 67)),
    # Not F_SETOWN, F_SETSIG: they send signals.
    *(("fcntl", (1, _EQUAL, command)) for command in (0, 1, 2, 3, 4, 5, 6, 7, 1030, 1032)),
    # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX.
    *(("ioctl", (1, _EQUAL, c)) for c in (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),
    # Names of threads and of memory; not PR_SET_PDEATHSIG, by which it dies with its keeper.
    *(("prctl", (0, _EQUAL, option)) for option in (15, 16, 0x53564D41)),
]


class SeccompError(Exception):
    """There is no libseccomp, or it refused; the message says which."""


class _Comparison(ctypes.Structure):
    _fields_ = [
        ("argument", ctypes.c_uint),
        ("comparison", ctypes.c_int),
        ("value", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    ]


@cache
def _library():
    if platform.machine() not in PROCESSORS:
        raise SeccompError(f"no list of system calls for {platform.machine()}")
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        raise SeccompError("libseccomp.so.2 is not installed") from None
    handle, number, count = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_uint
    library.seccomp_init.restype = handle
    for name, arguments in {
        "seccomp_init": [number],
        "seccomp_attr_set": [handle, ctypes.c_int, number],
        "seccomp_syscall_resolve_name": [ctypes.c_char_p],
        "seccomp_rule_add_array": [handle, number, ctypes.c_int, count, handle],
        "seccomp_export_bpf": [handle, ctypes.c_int],
        "seccomp_release": [handle],
    }.items():
        getattr(library, name).argtypes = arguments
    return library


class _Rules:
    """A list of rules. default: what answers a call that no rule names."""

    def __init__(self, default):
        self._handle = _library().seccomp_init(default)
        # The calls of 32-bit programs have other numbers.
        _check(_library().seccomp_attr_set(self._handle, _BAD_ARCHITECTURE, _KILL_PROCESS))

    def add(self, answer, call, *comparisons):
        """Answer `call` so where all comparisons hold."""
        number = _library().seccomp_syscall_resolve_name(call.encode())
        if number == -1:
            return  # newer than this libseccomp, so the default answers it
        array = (_Comparison * len(comparisons))(*comparisons)
        _check(
            _library().seccomp_rule_add_array(self._handle, answer, number, len(comparisons), array)
        )

    def program(self):
        """Return the rules as a program for the kernel, and let go of them."""
        _library().seccomp_attr_set(self._handle, _OPTIMIZE, 2)  # a tree, where it can
        with os.fdopen(os.memfd_create("filter"), "rb") as file:
            _check(_library().seccomp_export_bpf(self._handle, file.fileno()))
            _library().seccomp_release(self._handle)
            file.seek(0)
            return file.read()


def _check(answer):
    if answer < 0:
        raise SeccompError(f"libseccomp: {os.strerror(-answer)}")


@cache
def candidate_program():
    """Return the filter of every candidate; made once, in the process that forks them."""
    rules = _Rules(_MISSING)
    for call in _ALLOWED.split():
        rules.add(_ALLOW, call)
    for call, *comparisons in _ALLOWED_IF:
        rules.add(_ALLOW, call, *comparisons)
    for call in _NOT_PERMITTED.split():
        rules.add(_DENY, call)
    return rules.program()


def shared_system_program(pid):
    """Return a further filter for the process `pid` where it has no root folder of its own.

    There files of the same user could be changed by their path in ways that Landlock does not
    know, and other processes signalled. A mode seems to change and does not, so copying works.
    """
    rules = _Rules(_ALLOW)
    for call in ("kill", "tgkill"):
        rules.add(_DENY, call, (0, _DIFFERS, pid))
    for call in ("tkill", *_TIMES_AND_SIZE):
        rules.add(_DENY, call)
    for call in _MODES:
        rules.add(_PRETEND, call)
    for call, flags in (("open", 1), ("openat", 2)):
        # To read and to truncate: an old Landlock sees the first only.
        rules.add(_DENY, call, (flags, _MASKED, _ACCESS | _TRUNCATE, _TRUNCATE))
    return rules.program()
