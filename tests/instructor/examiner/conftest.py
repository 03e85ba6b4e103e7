import os
import socket

import nbformat
import pytest

from course_utils.instructor.examiner import candidate, shell
from course_utils.instructor.examiner.judge import Judge
from course_utils.instructor.examiner.protocol import Channel


@pytest.fixture
def pair():
    """Return a function that starts a candidate with some cells and gives the judge of it.

    There is no sandbox around the candidate: what is tried here is the conversation.
    """
    started = []

    def start(*cells, answers=None, seconds=5):
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            shell.make_shell()
            candidate.serve(theirs)
        theirs.close()
        started.append((ours, pid))
        judge = Judge(Channel(ours), list(answers or cells), seconds)
        for number, cell in enumerate(cells):
            judge.run(f"c{number}", cell, True)
        return judge

    yield start
    for ours, pid in started:
        ours.close()
        os.waitpid(pid, 0)


@pytest.fixture
def source():
    """Return a function that makes a source notebook of `(kind, name, text)` cells."""

    def make(*cells, points=1):
        made = []
        for kind, name, text in cells:
            about = {
                "grade_id": name,
                "grade": kind == "test",
                "solution": kind == "answer",
                "locked": kind in ("test", "given"),
                "schema_version": 3,
                "task": False,
            }
            if kind == "test":
                about["points"] = points
            metadata = {} if kind == "own" else {"nbgrader": about}
            made.append(nbformat.v4.new_code_cell(text, metadata=metadata, id=name))
        return nbformat.v4.new_notebook(cells=made)

    return make
