"""What a candidate may do with files, by Landlock: rules that no later step can lift."""

import os

try:
    import landlockpy
except ImportError:  # a student's installation, or not Linux
    landlockpy = None

CURE = (
    "a kernel of 5.13 or later with landlock in its list of security modules "
    "(boot parameter lsm=landlock,...)"
)


def version():
    """Return the version of the kernel's Landlock, 0 where there is none."""
    return landlockpy.abi_version() if landlockpy else 0


def why_not():
    """Return `(reason, cure)` where Landlock cannot be had, else None."""
    if landlockpy is None:
        return "landlockpy is not installed", "pip install 'gradients-by-hand[instructor]'"
    if not version():
        return "the kernel has no Landlock, or it is switched off", CURE
    return None


def rules(readable, devices, scratch):
    """Return rules that allow to read `readable`, to use `devices` and to fill `scratch`.

    Their `restrict()` binds this process. Nothing may be executed then, no TCP port used, and,
    where the kernel knows it, no abstract socket outside reached and no process outside signalled.
    """
    access = landlockpy.AccessFS
    read = access.READ_FILE | access.READ_DIR
    fill = ~(access.EXECUTE | access.MAKE_CHAR | access.MAKE_BLOCK | access.MAKE_SOCK)
    everyone = landlockpy.Scope.ABSTRACT_UNIX_SOCKET | landlockpy.Scope.SIGNAL
    allowed = landlockpy.Ruleset(scoped=everyone)
    for path in readable:
        allowed.allow_path(path, read if os.path.isdir(path) else access.READ_FILE)
    for path in devices:
        allowed.allow_path(path, access.READ_FILE | access.WRITE_FILE)
    allowed.allow_path(scratch, fill)
    return allowed
