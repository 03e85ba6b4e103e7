# Makes the plain `nbgrader` command, formgrader and Validate work on the course's folders.
# COURSE_WORK names another class folder, such as build/demo.
import os
from pathlib import Path

from course_utils.instructor.bridge import configure

configure(get_config(), Path(__file__).parent / os.environ.get("COURSE_WORK", "build"))  # noqa: F821
