# Makes the plain `nbgrader` command, formgrader and Validate work on the course's folders.
# COURSE_WORK names another class folder, such as build/demo, and COURSE_GRADEBOOK a database.
# COURSE_PLAIN=1 grades as nbgrader does by itself, for comparisons.
import os
from pathlib import Path

from course_utils.instructor.bridge import configure

configure(
    get_config(),  # noqa: F821
    Path(__file__).parent / os.environ.get("COURSE_WORK", "build"),
    database=os.environ.get("COURSE_GRADEBOOK"),
    plain=os.environ.get("COURSE_PLAIN") == "1",
)
