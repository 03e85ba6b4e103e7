"""Where everything of a course is."""

import os
from dataclasses import dataclass
from pathlib import Path


class CourseError(Exception):
    """Something the lecturer can mend; the message names the thing and the cure."""


@dataclass(frozen=True)
class Course:
    """A checkout of the course, and the folder in which one class is graded.

    root: the checkout, with `solutions/` in it. work: nbgrader's folders and gradebook. database:
    the SQLAlchemy URL of a gradebook elsewhere; None for the one in `work`.
    """

    root: Path
    work: Path
    database: str | None = None

    @classmethod
    def find(cls, start=None, work=None):
        """Return the course that `start` (default: the present folder) lies in.

        The environment variable COURSE_GRADEBOOK may name its database.
        """
        start = Path(start or ".").resolve()
        for folder in (start, *start.parents):
            if (folder / "solutions").is_dir() and (folder / "nbgrader_config.py").is_file():
                work = Path(work).resolve() if work else folder / "build"
                return cls(folder, work, os.environ.get("COURSE_GRADEBOOK"))
        raise CourseError(
            f"{start}: no course here: there is no folder solutions/ with nbgrader_config.py "
            "beside it. Run this inside a clone of the course."
        )

    def at(self, work):
        """Return the same course with another class folder, which has the gradebook in it."""
        return Course(self.root, Path(work).resolve())

    @property
    def texts(self):
        return sorted((self.root / "solutions").glob("*.py"))

    @property
    def notebooks(self):
        return self.root / "notebooks"

    @property
    def executed(self):
        return self.root / "solutions" / "executed"

    @property
    def recalls(self):
        """The explanations of recall items, in the package."""
        return self.root / "course_utils" / "figures" / "self_check.json"

    @property
    def gradebook(self):
        return self.database or f"sqlite:///{self.work / 'gradebook.db'}"

    def source(self, lesson):
        return self.work / "source" / lesson / f"{lesson}.ipynb"

    def release(self, lesson):
        return self.work / "release" / lesson / f"{lesson}.ipynb"

    def submitted(self, lesson, student="*"):
        return self.work / "submitted" / student / lesson / f"{lesson}.ipynb"

    def autograded(self, lesson, student):
        return self.work / "autograded" / student / lesson / f"{lesson}.ipynb"

    def feedback(self, lesson, student):
        return self.work / "feedback" / student / lesson / f"{lesson}.html"

    def results(self, lesson):
        return self.work / "results" / f"{lesson}.json"

    def lessons(self):
        """Return the names of the lessons that have exercises, in order."""
        return [path.stem for path in self.texts if path.stem[:2].isdigit()]

    def lesson_text(self, lesson):
        path = self.root / "solutions" / f"{lesson}.py"
        if not path.is_file():
            known = ", ".join(self.lessons()) or "none"
            raise CourseError(f"{lesson}: there is no such lesson. The lessons are: {known}.")
        return path
