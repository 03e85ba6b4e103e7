"""What a student has handed in: the bytes of one notebook, from whatever lies in the folder."""

import stat
import zipfile

from course_utils.instructor.reconcile import MOST_BYTES, Ungradable


def read(folder, lesson):
    """Return `(bytes, notes)` of the notebook of `lesson` in a submission's folder.

    A notebook of another name is taken if it is the only one, and one in a zip archive if there
    is no other. Links are never followed. Raises Ungradable where there is none to be read.
    """
    wanted = f"{lesson}.ipynb"
    if folder.is_symlink() or folder.parent.is_symlink() or not folder.is_dir():
        raise Ungradable("the submission is a link or no folder")
    path = folder / wanted
    if path.is_symlink():
        raise Ungradable(f"{wanted} is a link to another file, not a file")
    others = [p for p in sorted(folder.glob("*.ipynb")) if p.name != wanted and _is_file(p)]
    if _is_file(path):
        extra = ", ".join(p.name for p in others)
        return _bytes(path), [f"{extra}: was left aside; {wanted} was graded."] if extra else []
    if len(others) == 1:
        return _bytes(others[0]), [f"{others[0].name}: was graded as {wanted}."]
    if others:
        names = ", ".join(p.name for p in others)
        raise Ungradable(f"there is no file {wanted} in the submission, but {names}")
    archives = [p for p in sorted(folder.glob("*.zip")) if _is_file(p)]
    if len(archives) == 1:
        return _from_archive(archives[0], wanted)
    raise Ungradable(f"there is no file {wanted} in the submission")


def _is_file(path):
    return stat.S_ISREG(path.lstat().st_mode) if path.is_symlink() or path.exists() else False


def _bytes(path):
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise Ungradable(f"the file has {size:,} bytes; the most is {MOST_BYTES:,}")
    return path.read_bytes()


def _from_archive(path, wanted):
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            for member in members:
                if member.filename.startswith(("/", "\\")) or ".." in member.filename.split("/"):
                    raise Ungradable(f"{path.name}: names a file outside of itself")
            found = [m for m in members if m.filename.rpartition("/")[2] == wanted]
            if len(found) != 1:
                raise Ungradable(f"{path.name}: has {len(found)} files {wanted}, needed one")
            if found[0].file_size > MOST_BYTES:
                raise Ungradable(f"{path.name}: {wanted} in it has {found[0].file_size:,} bytes")
            with archive.open(found[0]) as file:
                data = file.read(MOST_BYTES + 1)  # the size that it names may be a lie
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise Ungradable(f"{path.name}: is an archive that cannot be read") from error
    if len(data) > MOST_BYTES:
        raise Ungradable(f"{path.name}: {wanted} in it is larger than it says")
    return data, [f"{path.name}: {wanted} was taken out of this archive."]
