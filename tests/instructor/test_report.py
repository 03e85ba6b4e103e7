import csv
import io
import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from course_utils.instructor import report as report_module
from course_utils.instructor.report import (
    STATUSES,
    ClassReport,
    Example,
    Row,
    csv_text,
    histogram,
    html_page,
    mistakes_csv,
    mistakes_table,
    summary_lines,
    terminal_table,
    write,
)

EXERCISES = {
    "chain_four": {"check_chain_four": 2.0, "check_chain_four_log": 2.0},
    "fork_derivative": {"check_fork_derivative": 3.0},
    "q1": {"check_q1": 1.0},
    "q2": {"check_q2": 1.0},
}
CELLS = [cell for cells in EXERCISES.values() for cell in cells]
FULL = {cell: most for cells in EXERCISES.values() for cell, most in cells.items()}
WRITTEN = ["mistakes.csv", "report.csv", "report.html"]
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def row(student="student-01", status="graded", reason="", notes=(), scores=FULL):
    return Row(student, status, reason, notes, scores, 1.0)


def class_of(*rows, exercises=EXERCISES):
    return ClassReport("01_chain_rule", "The chain rule", exercises, ("q1", "q2"), rows)


def many(n):
    scores = [{cell: float((i + j) % 2) for j, cell in enumerate(CELLS)} for i in range(n)]
    return class_of(*[row(f"student-{i:03}", scores=s) for i, s in enumerate(scores, 1)])


def lines_of_csv(report):
    return list(csv.DictReader(io.StringIO(csv_text(report), newline="")))


def shown(report, width=120):
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    console.print(terminal_table(report))
    return console.file.getvalue()


class Page(HTMLParser):
    """A page as a browser takes it apart: its elements, and its text in one line."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(html)
        self.close()
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, name):
        return [attributes for tag, attributes in self.elements if tag == name]


# Names from other encodings come with lone surrogates, which st.text() leaves out.
hostile = st.text(st.characters()) | st.sampled_from(
    ["\udcff", SCRIPT, "=1+1", "a\r\nb", "\x1b[2J"]
)
scores = st.none() | st.floats(-1, 5) | st.sampled_from([math.nan, math.inf])
rows = st.builds(
    Row,
    hostile,
    st.sampled_from(STATUSES),
    hostile,
    st.lists(hostile, max_size=2).map(tuple),
    st.dictionaries(st.sampled_from(CELLS), scores),
    st.just(1.0),
)
reports = st.lists(rows, max_size=6).map(lambda found: class_of(*found))


# The numbers


def test_the_total_is_the_sum_of_the_scores():
    half = FULL | {"check_fork_derivative": 1.5}
    assert class_of().total(row(scores=half)) == 7.5


def test_an_ungradable_submission_has_no_total():
    assert class_of().total(row(status="ungradable", scores=FULL)) is None


def test_a_submission_without_scores_has_no_total():
    assert class_of().total(row(scores=dict.fromkeys(CELLS))) is None


def test_a_total_of_0_is_0():
    assert class_of().total(row(scores=dict.fromkeys(CELLS, 0.0))) == 0


def test_a_partial_total_counts_what_has_a_score():
    assert class_of().total(row(status="partial", scores=FULL | {"check_q1": None})) == 8


def test_a_score_that_is_not_finite_is_no_score():
    assert class_of().total(row(scores=FULL | {"check_q1": math.nan})) == 8


def test_a_score_of_a_cell_that_the_lesson_lacks_does_not_count():
    assert class_of().total(row(scores=FULL | {"check_of_last_year": 100.0})) == 9


def test_three_thirds_are_a_whole_point():
    thirds = {"check_chain_four": 0.1, "check_chain_four_log": 0.2, "check_q1": 0.7}
    assert class_of().total(row(scores=thirds)) == 1


def test_the_mean_leaves_out_those_without_a_score():
    report = class_of(row(), row(status="ungradable"), row(scores=dict.fromkeys(CELLS, 0.0)))
    assert (report.mean, report.median) == (4.5, 4.5)


def test_the_mean_share_of_an_exercise_is_over_those_with_a_score_there():
    report = class_of(row(), row(scores=FULL | {"check_q1": 0.0}), row(scores={"check_q2": 1.0}))
    assert report.mean_share("q1") == 0.5


def test_an_exercise_without_points_has_no_share():
    report = class_of(row(scores={"check_x": 0.0}), exercises={"x": {"check_x": 0.0}})
    assert replace(report, quiz=()).mean_share("x") is None


def test_statuses_are_counted_and_absent_ones_left_out():
    report = class_of(row(), row(status="partial"), row())
    assert report.counts == {"partial": 1, "graded": 2}


def test_an_unknown_status_is_refused():
    with pytest.raises(ValueError, match="'lost' is no status"):
        row(status="lost")


def test_the_ungradable_ones_come_first_of_those_that_need_a_person():
    report = class_of(*[row(status=status) for status in reversed(STATUSES)])
    assert [r.status for r in report.for_a_person] == list(STATUSES[:-1])


# The histogram


@given(reports)
def test_the_bins_add_up_to_the_number_of_those_with_a_score(report):
    assert sum(bin.count for bin in histogram(report)) == len(report.totals)


@given(st.integers(0, 400))
def test_every_whole_point_has_one_bar(most):
    report = class_of(exercises={"x": {"check_x": float(most)}})
    bounds = [[int(n) for n in bin.label.split("–")] for bin in histogram(report)]
    covered = [n for bound in bounds for n in range(bound[0], bound[-1] + 1)]
    assert covered == list(range(most + 1))
    assert len(bounds) <= 11


def test_up_to_ten_points_each_point_has_a_bar():
    assert [bin.label for bin in histogram(class_of())] == [str(n) for n in range(10)]


def test_a_total_above_the_most_counts_in_the_last_bar():
    assert histogram(class_of(row(scores=FULL | {"check_q1": 50.0})))[-1].count == 1


# The terminal


def test_the_table_has_a_column_an_exercise_and_one_for_the_quiz():
    headings = [
        str(column.header).replace("\n", "") for column in terminal_table(class_of()).columns
    ]
    expected = ["student", "chain_four", "fork_derivative", "quiz", "total", "status"]
    assert headings == expected


def test_a_missing_score_is_a_dash_in_the_table():
    line = next(
        x for x in shown(class_of(row(status="ungradable"))).splitlines() if "student-01" in x
    )
    assert line.split() == ["student-01", "–", "–", "–", "–", "ungradable"]


def test_those_that_need_a_person_stand_last_in_the_table():
    text = shown(class_of(row("student-01", "ungradable"), row("student-02")))
    assert text.index("student-02") < text.index("student-01")


def test_brackets_in_a_name_are_no_markup():
    assert "[bold]x[/]" in shown(class_of(row("[bold]x[/]")))


def test_an_escape_code_in_a_reason_is_spelt_out():
    text = summary_lines(class_of(row(status="tampered", reason="\x1b[2J\u202eabc")))[-1]
    assert r"\x1b[2J\u202eabc" in text
    assert "\x1b[2J" not in text


def test_the_summary_says_how_many_mean_median_and_statuses():
    unread = row("student-03", "ungradable", "the file is empty")
    report = class_of(row(), row(scores=FULL | {"check_q1": 0.0}), unread)
    assert summary_lines(report) == [
        "2 of 3 students with a score.",
        "Mean 8.5, median 8.5, of 9 points.",
        "1 ungradable, 2 graded.",
        "student-03: ungradable: the file is empty",
    ]


def test_the_summary_of_nobody_has_no_mean():
    assert summary_lines(class_of()) == ["0 of 0 students with a score."]


# The CSV file


def test_the_csv_has_a_column_a_test_cell():
    header = csv_text(class_of()).splitlines()[0].split(",")
    assert header == ["student", "status", "reason", "total", "max", *CELLS]


def test_a_missing_score_is_an_empty_field_and_0_is_0():
    (line,) = lines_of_csv(class_of(row(scores=FULL | {"check_q1": None, "check_q2": 0.0})))
    assert (line["check_q1"], line["check_q2"]) == ("", "0")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_a_formula_in_a_name_is_neutralised(start):
    (line,) = lines_of_csv(class_of(row(f"{start}cmd|' /C calc'!A0")))
    assert line["student"] == f"'{start}cmd|' /C calc'!A0"


def test_a_negative_score_stays_a_number():
    (line,) = lines_of_csv(class_of(row(scores={"check_q1": -0.5})))
    assert (line["total"], line["check_q1"]) == ("-0.5", "-0.5")


@given(reports)
def test_texts_survive_the_csv_but_for_the_apostrophe(report):
    for line, r in zip(lines_of_csv(report), report.rows, strict=True):
        for field, text in (("student", r.student), ("reason", r.reason)):
            assert line[field] in (text, f"'{text}")
            assert not line[field].lstrip().startswith(("=", "+", "-", "@"))


# The page


def test_the_page_is_the_same_each_time():
    assert html_page(many(12)) == html_page(many(12))


def test_a_script_in_a_name_is_inert():
    texts = row(SCRIPT, "partial", SCRIPT, (SCRIPT,)), row(SCRIPT, notes=(SCRIPT,))
    exercises = {SCRIPT: {"check": 1.0}, **EXERCISES}
    page = Page(html_page(replace(class_of(*texts, exercises=exercises), title=SCRIPT)))
    names = {name for _, attributes in page.elements for name in attributes}
    assert not page.all("script") and not page.all("img")
    assert not [name for name in names if name.startswith("on")]
    assert page.text.count(SCRIPT) == 9  # title and heading, 5 in rows, 2 as an exercise


@given(reports)
def test_no_text_of_a_student_adds_an_element(report):
    plain = replace(
        report,
        rows=tuple(
            replace(
                r,
                student="x" * len(r.student),
                reason="x" if r.reason else "",
                notes=("x",) * len(r.notes),
            )
            for r in report.rows
        ),
    )
    assert Page(html_page(report)).elements == Page(html_page(plain)).elements


def test_the_page_asks_nothing_of_the_network():
    html = html_page(many(12))
    page = Page(html)
    loading = ("src", "srcset", "data", "poster", "action", "background", "xlink:href")
    assert not [a for _, attributes in page.elements for a in attributes if a in loading]
    assert all(a["href"].startswith("#") for a in page.all("a"))
    assert not page.all("link") and not page.all("script")
    assert "url(" not in html and "@import" not in html and "//" not in html


def test_the_page_forbids_itself_to_load_or_run_anything():
    policies = [
        meta["content"] for meta in Page(html_page(class_of())).all("meta") if "http-equiv" in meta
    ]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_the_histogram_says_in_words_what_is_seen():
    page = Page(html_page(class_of(row(), row())))
    (svg,) = page.all("svg")
    assert svg["role"] == "img"
    ids = [attributes.get("id") for tag, attributes in page.elements if tag in ("title", "desc")]
    assert set(svg["aria-labelledby"].split()) <= set(ids)
    assert "Students by total, in points: 0: 0; 1: 0;" in page.text
    assert "9: 2." in page.text


def test_every_table_header_has_a_scope():
    page = Page(html_page(class_of(row(), row(status="partial"))))
    assert page.all("th")
    assert all(th["scope"] in ("col", "row", "rowgroup") for th in page.all("th"))


def test_the_page_says_its_language_and_fits_a_phone():
    page = Page(html_page(class_of()))
    assert page.all("html") == [{"lang": "en"}]
    assert "width=device-width, initial-scale=1" in [m.get("content") for m in page.all("meta")]


def test_ids_are_unique():
    page = Page(html_page(class_of(row(), row(status="partial"))))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_those_that_need_a_person_stand_before_the_graded():
    text = Page(html_page(class_of(row("student-01"), row("student-02", "ungradable")))).text
    places = ["Needs a person", "ungradable (1)", "student-02", "Graded", "student-01"]
    assert [text.rindex(place) for place in places] == sorted(text.rindex(p) for p in places)


def test_an_endless_reason_is_cut():
    assert len(html_page(class_of(row(status="partial", reason="x" * 10**6)))) < 20_000


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("text", ["ink", "quiet", "mark", "alarm"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_text_stands_out_from_its_ground(theme, text, ground):
    template = Path(report_module.__file__).with_name("report.html.j2").read_text("utf-8")
    colours = [
        dict(re.findall(r"--(\w+): (#\w{6})", part)) for part in template.split("@media")[:2]
    ]
    low, high = sorted(luminance(colours[theme][name]) for name in (text, ground))
    assert (high + 0.05) / (low + 0.05) >= 4.5


# All of it


@pytest.mark.parametrize("n", [0, 1, 800])
def test_a_class_of_any_size_has_a_report(n):
    report = many(n)
    assert len(lines_of_csv(report)) == n
    assert len(re.findall(r"student-\d{3}", Page(html_page(report)).text)) == n
    assert len(re.findall(r"student-\d{3}", shown(report))) == n


def test_a_lesson_without_exercises_has_a_report():
    report = replace(class_of(row(), exercises={}), quiz=())
    assert len(lines_of_csv(report)) == 1
    assert "No student has a score." in Page(html_page(report)).text
    assert "student-01" in shown(report)


def test_all_files_are_written(tmp_path):
    report = many(3)
    paths = write(report, tmp_path / "reports" / "01_chain_rule")
    assert paths["report.csv"].read_bytes().decode() == csv_text(report)
    assert paths["report.html"].read_bytes().decode() == html_page(report)
    assert sorted(p.name for p in paths["report.csv"].parent.iterdir()) == WRITTEN


def test_a_name_that_is_no_unicode_is_written(tmp_path):
    paths = write(class_of(row("\udcff")), tmp_path)
    assert rb"\udcff" in paths["report.csv"].read_bytes()
    assert rb"\udcff" in paths["report.html"].read_bytes()


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    old = write(many(1), tmp_path)["report.csv"].read_bytes()

    def full(self, data):
        self.touch()
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="no space"):
        write(many(2), tmp_path)
    assert (tmp_path / "report.csv").read_bytes() == old
    assert sorted(p.name for p in tmp_path.iterdir()) == WRITTEN


def wrong(student, **mistakes):
    return replace(row(student), mistakes=mistakes)


def class_with_mistakes():
    rows = [
        wrong("student-01", check_chain_four="outer-at-x@link 2"),
        wrong("student-02", check_chain_four="unknown", check_chain_four_log="outer-at-x@link 1"),
        wrong("student-03", check_chain_four="", check_chain_four_log="unknown"),
        wrong(
            "student-04", check_chain_four="not-written", check_fork_derivative="a-b+wrong-sign@"
        ),
        wrong("student-05", check_q1="unknown", check_fork_derivative=""),
        row("student-06"),
    ]
    examples = {("chain_four", "outer-at-x"): Example("abc123", SCRIPT, f"dy: {SCRIPT}\n\n  a  b")}
    return replace(class_of(*rows), examples=examples)


def test_mistakes_are_counted_by_students_and_the_first_with_a_name_tells():
    report = class_with_mistakes()
    found = [tuple(mistake) for mistake in report.mistakes]
    assert found == [
        ("chain_four", "outer-at-x", 2),
        ("chain_four", "unknown", 1),
        ("fork_derivative", "a-b+wrong-sign", 1),
        ("fork_derivative", "", 1),
    ]
    assert report.share_of(report.unknown) == 1 / 5
    assert [m.key for m in report.mistakes_in("fork_derivative")] == ["a-b+wrong-sign", ""]
    assert report.mistakes_in("fork_derivative")[0].words == "a b and wrong sign"
    assert many(3).mistakes == [] and many(3).share_of([]) is None


def test_mistakes_stand_in_the_terminal_and_in_a_file():
    report = class_with_mistakes()
    console = Console(file=io.StringIO(), width=100, color_system=None)
    console.print(mistakes_table(report))
    assert re.search(r"unknown: 20%", console.file.getvalue())
    assert re.search(r"chain_four +outer at x +2", console.file.getvalue())
    assert mistakes_table(many(2)) is None
    lines = list(csv.reader(io.StringIO(mistakes_csv(report), newline="")))
    assert lines[:2] == [["exercise", "mistake", "students"], ["chain_four", "outer-at-x", "2"]]
    assert ["fork_derivative", "other", "1"] in lines


def test_the_page_shows_mistakes_with_an_example_that_names_nobody():
    html = html_page(class_with_mistakes())
    page = Page(html)
    assert "submission abc123" in page.text
    assert "outer at x" in page.text and "20% of all" in page.text
    assert "The most frequent mistakes with a name" in page.text
    part = html[html.index('id="mistakes"') : html.index('id="graded"')]
    assert "student-0" not in part
    assert not page.all("script") and not page.all("img")
    assert 'id="mistakes"' not in html_page(many(3))
