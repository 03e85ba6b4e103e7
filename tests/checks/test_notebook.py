"""A Mismatch in a running kernel: one sentence as the error, a table below it, no traceback."""

import nbformat
import pytest
from nbclient import NotebookClient

from course_utils import Mismatch
from course_utils.checks.notebook import as_block, as_html

CELLS = [
    "import numpy as np\nfrom course_utils import check_derivative, check_gradient, check_value",
    "check_derivative(np.sin, lambda x: 2 * np.cos(x), [0.5, 1.0], name='dy')",
    "check_value(None, 1.0, name='dz')",
    "1 / 0",
]


@pytest.fixture(scope="module")
def outputs():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    client = NotebookClient(notebook, allow_errors=True, extra_arguments=["--log-level=ERROR"])
    return [cell.outputs for cell in client.execute().cells]


def test_the_error_is_the_sentence_alone(outputs):
    error = outputs[1][0]
    assert error.output_type == "error"
    assert error.ename == "Mismatch"
    assert error.traceback == ["Mismatch: dy: is 2 times the true value, at every point."]


def test_the_table_stands_below_as_html_and_as_text(outputs):
    (table,) = outputs[1][1:]
    assert table.output_type == "display_data"
    assert table.data["text/html"].count("<tr>") == 3
    assert "yours / true" in table.data["text/plain"]


def test_a_message_without_a_table_is_one_output(outputs):
    assert [o.output_type for o in outputs[2]] == ["error"]


def test_other_errors_are_left_alone(outputs):
    (error,) = outputs[3]
    assert error.ename == "ZeroDivisionError"
    assert len(error.traceback) > 1


def test_a_name_with_markup_is_inert():
    page = as_html(Mismatch("x", [("<b>[0]</b>", 1.0, 2.0)], look="<script>alert(1)</script>"))
    assert "<b>" not in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_mistake_without_a_table_has_a_block_and_a_bare_sentence_has_none():
    named = Mismatch("dy: is wrong")
    assert as_block(named) == {}
    named.steps = ("The factor is missing.", "The rule.")
    assert "The factor is missing." in as_block(named)["text/html"]
    assert "The rule." not in as_block(named)["text/plain"]
