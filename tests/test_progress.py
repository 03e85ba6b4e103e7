"""What a learner has passed is kept, shown, and never lost."""

import json

import pytest
from typer.testing import CliRunner

from course_utils import cli, lab, progress


@pytest.fixture
def folder(tmp_path):
    lab.lay_out(tmp_path)
    return tmp_path


def row(folder, name="01_chain_rule.ipynb"):
    return next(row for row in progress.overview(folder) if row.file == name)


def test_nothing_is_passed_at_the_start(folder):
    first = row(folder)
    assert (first.points, first.of, first.answered, first.questions) == (0, 20, 0, 8)
    assert first.title == "Lesson 1: The chain rule"
    assert first.todo == "Exercise: four chains"


def test_a_passed_test_cell_counts_its_points(folder):
    for part in ("sin", "log", "exp", "power"):
        progress.record(folder, "01_chain_rule", f"check-chain-four-{part}", passed=True)
    assert row(folder).points == 4
    assert row(folder).todo == "Exercise: put the lines in order"


def test_a_test_cell_that_fails_again_does_not_count_any_more(folder):
    progress.record(folder, "01_chain_rule", "check-line-order", passed=True)
    assert row(folder).points == 1
    progress.record(folder, "01_chain_rule", "check-line-order", passed=False)
    assert row(folder).points == 0


def test_a_question_that_is_answered_is_not_called_right(folder):
    progress.record(folder, "01_chain_rule", "check-q1", passed=True)
    assert (row(folder).answered, row(folder).points) == (1, 0)
    assert "1 of 8 questions answered" in progress.as_text([row(folder)])


def test_lessons_are_kept_apart(folder):
    progress.record(folder, "another", "check-chain-four-sin", passed=True)
    assert row(folder).points == 0


def test_a_damaged_file_is_put_aside_and_not_lost(folder):
    (folder / progress.FILE).write_text("{", "utf-8")
    progress.record(folder, "01_chain_rule", "check-q1", passed=True)
    assert (folder / "progress.unreadable.json").read_text("utf-8") == "{"
    assert list(json.loads((folder / progress.FILE).read_text("utf-8"))) == ["01_chain_rule"]


def test_a_half_saved_notebook_does_not_stop_the_map(folder):
    (folder / "02_half.ipynb").write_text('{"cells": [', "utf-8")
    assert row(folder).of == 20


def test_the_map_has_a_link_and_a_named_bar_for_each_lesson(folder):
    page = progress.as_html(progress.overview(folder))
    assert '<a href="01_chain_rule.ipynb">Lesson 1: The chain rule</a>' in page
    assert page.count("aria-label=") == page.count("<progress ") == len(progress.overview(folder))


def test_the_command_prints_the_map(folder):
    progress.record(folder, "01_chain_rule", "check-line-order", passed=True)
    said = CliRunner().invoke(cli.app, ["progress", str(folder)], env={"COLUMNS": "120"})
    assert said.exit_code == 0
    assert "1 of 20" in said.output


def test_a_folder_without_lessons_is_named(tmp_path):
    with pytest.raises(lab.LabError, match="holds no lessons. Name the folder"):
        CliRunner().invoke(
            cli.app, ["progress", str(tmp_path)], catch_exceptions=False, standalone_mode=False
        )
