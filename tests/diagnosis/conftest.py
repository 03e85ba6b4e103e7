"""A busy machine must not change what a diagnosis finds."""

import pytest

from course_utils import diagnosis
from course_utils.checks import explain


@pytest.fixture(autouse=True, scope="session")
def unhurried():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diagnosis, "SECONDS", 20)
        patch.setattr(explain, "SECONDS", 30)
        yield
