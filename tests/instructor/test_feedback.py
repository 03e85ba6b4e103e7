"""The feedback page: nothing in it runs, loads, tells a hidden test, or is endless."""

import base64
import itertools
import re
import threading
import time
from html.parser import HTMLParser

import nbformat
import pytest
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from course_utils.checks.mismatch import Mismatch
from course_utils.checks.notebook import as_html
from course_utils.instructor import autograded, cleaning, formulas
from course_utils.instructor.feedback import Standing, feedback_page
from course_utils.instructor.layout import Course
from tests.instructor.injections import (
    CASES,
    EVERYTHING,
    METADATA,
    PNG,
    SCRIPT,
    answer,
    code,
    error,
    grade_cell,
    markdown,
    notebook,
    prints,
    raises,
    shows,
)

COURSE = Course.find(__file__)
PAGE_TAGS = {"html", "head", "meta", "title", "style", "body", "main", "section", "header"}
PAGE_ATTRIBUTES = {"class", "id", "aria-labelledby", "role", "open", "charset", "lang", "name"}
PAGE_ATTRIBUTES |= {"content", "http-equiv", "rel", "scope", "tabindex", "aria-label"}


class Elements(HTMLParser):
    """Collects `(tag, attributes)` of a page, and the text between."""

    def __init__(self, page):
        super().__init__()
        self.found, self.text, self.odd = [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.text.append("" if tag in ("span", "b", "i", "em") else " ")
        self.found.append((tag, dict(attributes)))
        if len(dict(attributes)) != len(attributes):
            self.odd.append(f"{tag}: an attribute twice")

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        self.odd.append(f"a comment: {data}")

    def handle_pi(self, data):
        self.odd.append(f"an instruction: {data}")

    def unknown_decl(self, data):
        self.odd.append(f"a declaration: {data}")


def page_of(*cells, standing=None, lesson="01_chain_rule", student="student-01", **metadata):
    return feedback_page(notebook(*cells, **metadata), lesson, student, standing)


def text_of(page):
    """Return the words that a reader sees."""
    body = page[page.index("<body>") :]
    return re.sub(r"\s+", " ", "".join(Elements(body).text))


def alive(page):
    """Return every element and attribute of a page that could run or load, or is not expected."""
    elements = Elements(page)
    faults = list(elements.odd)
    for tag, attributes in elements.found:
        if tag not in cleaning.TAGS | formulas.TAGS | PAGE_TAGS:
            faults.append(f"<{tag}>")
        for name, value in attributes.items():
            if not _is_dead(tag, name, value or ""):
                faults.append(f"<{tag} {name}={value}>")
    counts = [sum(tag == t for t, _ in elements.found) for tag in ("style", "title", "body")]
    if counts != [1, 1, 1] or sum(t == "meta" for t, _ in elements.found) != 5:
        faults.append("elements of the page itself stand in it twice")
    return faults


def _is_dead(tag, name, value):
    if name == "style":
        is_formula = tag in formulas.TAGS and formulas.ATTRIBUTES["style"].fullmatch(value)
        return value in cleaning.STYLES or bool(is_formula)
    if name == "href":
        return tag == "a" and bool(re.match(r"#e\d|https?:|mailto:|[\w.%]+\Z", value))
    if name == "src":
        return bool(
            tag == "img" and re.match(r"data:image/(png|jpeg|svg\+xml);base64,[\w+/=]*\Z", value)
        )
    if name == "http-equiv":
        return value == "Content-Security-Policy"
    return (
        name in PAGE_ATTRIBUTES
        or name in cleaning.ATTRIBUTES.get(tag, ())
        or (tag in formulas.TAGS and name in formulas.ATTRIBUTES)
        or name in ("title", "lang")
    )


# Nothing runs


@pytest.mark.parametrize("name", CASES)
def test_nothing_in_the_page_can_run(name):
    assert alive(page_of(*CASES[name])) == []


@pytest.mark.parametrize("name", CASES)
def test_nothing_in_an_exercise_can_run(name):
    known = [{**cell, "metadata": {"nbgrader": {"grade_id": "f", "solution": True}}} for cell in
             CASES[name][:1]]  # fmt: skip
    assert alive(page_of(*known, *CASES[name], grade_cell("check_f", "check()"))) == []


def test_no_name_can_run():
    page = page_of(
        *(markdown("### x"), answer("f"), grade_cell("check_f", "check()")),
        standing=Standing("partial", EVERYTHING, (EVERYTHING,)),
        lesson=EVERYTHING,
        student=EVERYTHING,
        **METADATA,
    )
    assert alive(page) == []
    assert "<script" not in page


def test_metadata_of_the_notebook_is_not_in_the_page():
    assert "ran.example" not in page_of(markdown("x"), **METADATA)


def test_the_test_itself_finds_what_is_alive():
    page = page_of(markdown("x"))
    assert alive(page) == []
    for bad in (SCRIPT, "<p onclick=x>", "<a href='javascript:x'>", "<img src=x>", "<!-- x -->",
                "<iframe>", "<p style='color:red'>", "<math href=x>", "<style>"):  # fmt: skip
        assert alive(page.replace("<main>", f"<main>{bad}")) != []


def test_the_page_has_a_second_wall():
    (policy,) = [
        attributes["content"]
        for tag, attributes in Elements(page_of(markdown("x"))).found
        if attributes.get("http-equiv")
    ]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline';")
    assert "script-src" not in policy


def test_links_lead_out_without_this_page():
    page = page_of(markdown("[a](https://x.example) [b](start.ipynb) [c](mailto:a@x.example)"))
    links = [a for tag, a in Elements(page).found if tag == "a"]
    assert [a["href"] for a in links] == ["https://x.example", "start.ipynb", "mailto:a@x.example"]
    assert all("noopener" in a["rel"] for a in links)


def test_what_lessons_need_is_kept():
    source = "**b** `c` <details><summary>s</summary>\n\nd\n\n</details>\n\n|a|b|\n|:-|-:|\n|1|2|"
    page = page_of(markdown(source))
    tags = {tag for tag, _ in Elements(page).found}
    assert {"strong", "code", "details", "summary", "table", "th", "td"} <= tags
    assert 'style="text-align:right"' in page


def test_pictures_are_kept_with_their_descriptions():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
    drawn = f'<img src="data:image/png;base64,{PNG}" alt="drawn">'
    cells = [shows(svg=svg, plain="[Figure: a <b>]"), shows(png=PNG), shows(html=drawn)]
    attached = markdown("![at](attachment:a.png)", attachments={"a.png": {"image/png": PNG}})
    page = page_of(*cells, attached)
    assert [a["alt"] for tag, a in Elements(page).found if tag == "img"] == [
        *("a <b>", "A picture that this cell drew. It has no description.", "drawn", "at")
    ]
    assert f'src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"' in page


def test_a_mime_type_that_cannot_be_shown_gives_way_to_its_text():
    page = page_of(shows(latex="$x$", plain="the text"), shows(html=SCRIPT, plain="also"))
    assert "the text" in text_of(page) and "also" in text_of(page)


# What cannot be seen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07a\x1b]8;;http://x\x1b\\b\x1b]8;;\x1b\\", "ab"),
        ("10 %\r50 %\r100 %\n", "100 %"),
        ("a\x08b\x00\x07", "a␈b␀␇"),
        ("a\u202eb\u2066\u200b", "a\\u202eb\\u2066\\u200b"),
        ("\ud800", "\\ud800"),
        ("\x1b[38;2;1;2;3mx \x9b1my", "x y"),
        ("\x1b]0;never closed\nnext", "␛]0;never closed next"),
    ],
)
def test_terminal_codes_are_dropped_and_the_rest_is_made_visible(text, shown):
    assert f" {shown} " in text_of(page_of(prints(text))).replace("Code f() ", " ") + " "


def test_control_characters_of_a_source_are_made_visible():
    page = page_of(code("x = 'a\u202eb\x07'"), markdown("a\u202eb\x00"))
    assert "a\\u202eb␇" in text_of(page) and "a\\u202eb␀" in text_of(page)


def test_the_page_can_always_be_written():
    page_of(markdown("\ud800"), prints("\udfff"), student="\ud800", lesson="\udc80").encode()


# Size


def test_a_line_of_50_mb_is_cut_and_said():
    page = page_of(prints("a" * 50_000_000))
    assert len(page) < 50_000
    assert "[49,980,000 characters are left out here]" in text_of(page)


def test_a_million_lines_are_cut_and_said():
    text = "".join(f"line {i}\n" for i in range(1_000_000))
    page = page_of(prints(text))
    assert len(page) < 50_000
    assert "line 0 " in text_of(page) and "line 999999" in text_of(page)
    assert re.search(r"\[[\d,]+ characters in 999,600 lines are left out here\]", text_of(page))


def test_a_million_pieces_of_output_are_one():
    pieces = [{"output_type": "stream", "name": "stdout", "text": "x\n"}] * 1_000_000
    assert len(page_of(code("f()", *pieces))) < 50_000


PLACES = {
    "error": lambda text: raises("E", text),
    "message": lambda text: raises("Mismatch", text),
    "code": code,
    "prose": markdown,
    "plain": lambda text: shows(plain=text, png="x"),
    "html": lambda text: shows(html=text),
    "markdown": lambda text: shows(markdown=text),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("unit", ["a", "<b>", "[", "\\", "$x$", "a\n", "\x1b[", "\r", "`"])
def test_nothing_long_makes_a_long_page(place, unit):
    start = time.perf_counter()
    page = page_of(PLACES[place](unit * (3_000_000 // len(unit))))
    assert len(page) < 600_000
    assert time.perf_counter() - start < 20  # not a measure: that it comes to an end


def test_tags_that_a_browser_opens_again_and_again_are_shown_as_text():
    bomb = "<p>" + "".join(f"<b id={i}>" for i in range(3000)) + "<p>x" * 3000
    assert len(page_of(shows(html=bomb, plain="the text"), markdown(bomb))) < 150_000


def test_a_picture_that_is_too_large_is_told():
    large = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(2_000_000)).decode()
    page = page_of(shows(png=large), shows(html=f'<img src="data:image/png;base64,{large}">'))
    assert len(page) < 50_000
    assert "A picture is left out: it is larger than 2 MB." in text_of(page)
    assert "only PNG, JPEG and SVG up to 2 MB" in text_of(page)


def test_a_small_file_with_more_pixels_than_a_browser_has_room_for_is_left_out():
    raw = bytearray(base64.b64decode(PNG))
    raw[16:24] = b"\x00\x01\x00\x00" * 2
    assert "65536 x 65536 pixels" in text_of(page_of(shows(png=base64.b64encode(raw).decode())))


def test_many_outputs_are_counted_and_left_out():
    outputs = shows(plain="x")["outputs"] * 1000
    assert "970 more outputs are left out." in text_of(page_of(code("f()", *outputs)))


def test_the_whole_page_has_a_largest_size_and_the_verdicts_stay():
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(1_900_000)).decode()
    cells = [shows(png=picture) for _ in range(30)] + [prints("a" * 20_000) for _ in range(999)]
    last = [answer("f"), grade_cell("check_f", "check()", error("Mismatch", "f: is wrong."))]
    page = page_of(*cells, *last)
    assert len(page) < 20_000_000
    assert "the page would be too long" in text_of(page)
    assert "f: is wrong." in text_of(page)


def test_the_students_own_cells_are_at_most_a_thousand():
    page = page_of(*[code(f"own_{i}") for i in range(3000)], answer("f", "mine"))
    assert "own_999" in page and "own_1000" not in page and "mine" in page


# Hidden tests

HIDDEN = """assert f(1) == 2
### BEGIN HIDDEN TESTS
secret_inputs = [3.14, 2.71]
assert f(secret_inputs[0]) == 6.28, f"twice of {secret_inputs[0]}"
### END HIDDEN TESTS
assert f(2) == 4"""
MINE = "def f(x):\n  return x"


def trace(name, *frames):
    """Return a traceback as IPython writes it, in colours; frames: (cell number, line, text)."""
    red, green, end = "\x1b[31m", "\x1b[38;5;28m", "\x1b[39;00m"
    lines = [f"{red}---------{end}", f"{red}{name}{end}    Traceback (most recent call last)"]
    for count, number, text in frames:
        lines.append(
            f"{green}Cell{end} {red}In[{count}]{end}{red}, line {number}{end}\n"
            f"      {number - 1} # above\n{green}----> {end}{green}{number}{end} "
            f"{red}{text[:3]}{end}{text[3:]}\n      {number + 1} # below"
        )
    return [*lines, f"{red}{name}{end}: "]


def said_of(ename, evalue="", line=4, frames=(), source=HIDDEN, outputs=()):
    """Return the words of a page on one exercise; line: of the test cell, where it failed."""
    text = source.split("\n")[line - 1] if 0 < line <= source.count("\n") + 1 else "x"
    told = trace(ename, (2, line, text), *frames)
    failed = [error(ename, evalue, *told)] if ename else []
    return text_of(page_of(answer("f", MINE), grade_cell("check_f", source, *outputs, *failed)))


def test_the_source_of_a_hidden_test_is_not_shown():
    said = said_of("AssertionError")
    assert "secret" not in said and "HIDDEN" not in said
    assert "assert f(1) == 2 assert f(2) == 4" in said
    assert "The visible part of this test" in said


def test_a_hidden_region_that_is_not_closed_hides_all_that_follows():
    assert "secret" not in said_of(None, source=HIDDEN.replace("### END HIDDEN TESTS", ""))


def test_a_plain_assert_of_a_hidden_test_is_told_without_its_source():
    assert "A check that is not shown does not hold." in said_of("AssertionError")


def test_the_message_of_a_hidden_assert_is_the_checks_own_and_shown():
    assert "twice of pi" in said_of("AssertionError", "twice of pi")


def test_an_error_in_a_hidden_test_tells_its_name_and_the_students_line():
    said = said_of("ValueError", "bad input 3.14", frames=[(1, 2, "  return x")])
    assert "ValueError, in a check that is not shown." in said
    assert "3.14" not in said
    assert "In line 2 of your answer: return x" in said


def test_an_error_in_the_visible_part_is_quoted():
    said = said_of("AssertionError", line=1)
    assert "A check does not hold. In line 1 of this cell: assert f(1) == 2" in said


def test_an_error_that_cannot_be_placed_is_taken_for_one_of_a_hidden_test():
    told = error("E", "3.14", *trace("E", (1, 2, "  return x")))
    cells = [answer("f", MINE), grade_cell("check_f", HIDDEN, told)]
    assert "E, in a check that is not shown." in text_of(page_of(*cells))
    assert "3.14" not in text_of(page_of(*cells))


def test_a_line_is_found_by_its_text_where_the_numbers_of_cells_are_others():
    told = error("ValueError", "no", *trace("ValueError", (2, 1, "own()"), (9, 2, "  return x")))
    page = page_of(answer("f", MINE), code("y = 1", count=2), code("own()", told, count=5))
    assert "ValueError: no In line 1 of this cell: own() In line 2 of your answer: return x" in (
        text_of(page)
    )


def test_a_line_that_is_nowhere_is_not_quoted():
    told = error("ValueError", "no", *trace("ValueError", (2, 1, "elsewhere()")))
    assert "In line" not in text_of(page_of(code("y = 1", told, count=2)))


def test_an_endless_recursion_is_told_in_a_few_words():
    told = error("RecursionError", "too deep", *trace("R", *[(1, 2, "  return x")] * 3000))
    assert "In line 2 of this cell: return x" in text_of(page_of(answer("f", MINE, told)))


def test_an_error_is_told_as_the_examiner_wrote_it():
    told = error("ValueError", "too short", "ValueError: too short", "  in f, line 2 of your cell")
    cells = [answer("f"), grade_cell("check_f", HIDDEN, told)]
    assert "ValueError: too short In line 2 of your cell, in f" in text_of(page_of(*cells))


@pytest.mark.parametrize(
    ("ename", "evalue", "said"),
    [
        ("Stopped", "this cell was stopped: its process ended", "This cell was stopped: its pro"),
        ("TimeLimit", "the check ran too long", "The check ran too long."),
        ("TimeLimit", "ran longer than 10 s", "It ran longer than 10 s and was stopped."),
        ("AssertionError", "", "A check does not hold."),
    ],
)
def test_the_examiners_sentences_are_shown(ename, evalue, said):
    cells = [answer("f"), grade_cell("check_f", HIDDEN, error(ename, evalue, evalue))]
    assert said in text_of(page_of(*cells))
    assert ename not in text_of(page_of(*cells))


def test_a_line_below_hidden_ones_is_counted_as_the_student_sees_it():
    assert "In line 2 of this cell: assert f(2) == 4" in said_of("AssertionError", line=6)


def test_a_traceback_never_enters_the_page():
    for line in range(-1, 9):
        for name in ("AssertionError", "NameError", "Mismatch", "Made up"):
            assert "secret" not in said_of(name, line=line)


def test_text_that_comes_after_a_hidden_test_is_left_out():
    # An answer may have kept what the hidden test called it with.
    before, after = prints("seen: [1]"), prints("seen: [1, 4711]")
    page = page_of(answer("f"), before, grade_cell("check_f", HIDDEN), after, raises("E", "4711"))
    assert "seen: [1]" in text_of(page) and "4711" not in page


def test_a_hidden_line_that_the_students_code_prints_or_raises_is_replaced():
    leak = "secret_inputs = [3.14, 2.71]"
    cells = [prints(f"found: {leak}"), shows(html=f"<i>{leak}</i>"), shows(plain=leak),
             shows(markdown=leak), raises("E", leak), shows(svg=f"<svg><text>{leak}</text></svg>"),
             prints("secret_\x1b[31minputs\x1b[0m = [3.14, 2.71]")]  # fmt: skip
    page = page_of(answer("f"), *cells, grade_cell("check_f", HIDDEN, error("E", leak)))
    assert "secret" not in page
    assert "found: [a line of a test that is not shown]" in text_of(page)


def test_what_is_printed_during_a_hidden_test_is_withheld():
    stream = prints("called with 3.14")["outputs"]
    assert "called with" not in said_of(None, outputs=stream)
    assert "called with" in said_of(None, outputs=stream, source="f(1)")


def test_the_explanation_of_a_quiz_is_shown():
    source = '### BEGIN HIDDEN TESTS\ngrade_choice("q1", q1, "A", A="")\n### END HIDDEN TESTS'
    stream = prints("q1: A is right. Because.\n")["outputs"]
    assert "q1: A is right. Because." in said_of(None, outputs=stream, source=source)


def test_a_mismatch_shows_its_sentence_once_and_its_table():
    mismatch = Mismatch("dw: is wrong.", [("[0]", 1.0, 2.0)], "Look at the sign.")
    data = {"text/html": as_html(mismatch), "text/plain": mismatch.details()}
    block = {"output_type": "display_data", "data": data, "metadata": {}}
    failed = error("Mismatch", str(mismatch), "Mismatch: dw: is wrong.")
    page = page_of(answer("f"), grade_cell("check_f", HIDDEN, failed, block))
    assert text_of(page).count("dw: is wrong.") == 1
    assert text_of(page).count("Your values beside the true ones") == 1
    assert 'role="note" style="margin' in page
    alone = text_of(page_of(answer("f"), grade_cell("check_f", HIDDEN, failed)))
    assert "yours" in alone and alone.count("Look at the sign.") == 1


def test_a_cell_that_ran_too_long_says_so_once():
    said = said_of("KeyboardInterrupt", outputs=[error("CellTimeoutError")])
    assert said.count("It ran longer than allowed and was stopped.") == 1


def test_folders_of_this_machine_are_not_told():
    page = page_of(prints("/home/lovelace/.venv/lib/x.py:3: RuntimeWarning: overflow", "stderr"))
    assert "x.py:3: RuntimeWarning: overflow" in text_of(page)
    assert "lovelace" not in page


# What a student sees

LESSON = (
    markdown("# Lesson 1: Chains\n\nIntro"),
    markdown("## 1. Rates\n\nText"),
    code("own = 1"),
    markdown("### Exercise: twice\n\nWrite `f`."),
    answer("f", "def f(x): return 2 * x", comment="Well *done*."),
    markdown("A hint"),
    grade_cell("check_f_small", "assert f(1) == 2", score=1.0, points=1),
    code("between = 1"),
    grade_cell("check_f_large", "assert f(9) == 18", error("Mismatch", "f: no."), points=2),
    markdown("## 2. More"),
    markdown("### Question 1\n\nWhat?"),
    answer("q1", 'q1 = "A"'),
    grade_cell("check_q1", "check_choice()", score=None, points=1),
)


def sections(page):
    return re.findall(r'<section class="exercise".*?</section>', page, re.DOTALL)


def test_each_exercise_shows_its_text_answer_tests_verdicts_and_points():
    first, second = sections(page_of(*LESSON))
    said = re.sub(r"\s+", " ", "".join(Elements(first).text))
    for part in ("Exercise: twice partly passed 1 of 3 points", "Write f.", "return 2 * x",
                 "A hint", "check_f_small passed 1 of 1 point", "between = 1", "Well done.",
                 "check_f_large not passed 0 of 2 points f: no."):  # fmt: skip
        assert part in said
    assert "no score yet – of 1 point" in re.sub(r"\s+", " ", "".join(Elements(second).text))
    assert "own = 1" not in first + second


def test_the_table_at_the_top_links_to_every_exercise():
    page = page_of(*LESSON)
    table = page[page.index("<table") : page.index("</table>")]
    assert re.findall(r'href="#(e\d)">([^<]*)<', table) == [
        *(("e1", "Exercise: twice"), ("e2", "Question 1"))
    ]
    said = text_of(f"<body>{table}")
    assert "Exercise: twice partly passed 1 of 3" in said
    assert "Question 1 no score yet – of 1" in said
    assert "1 of 4 points, as far as there is a score" in text_of(page)


def test_the_rest_of_the_lesson_is_folded_by_its_headings():
    folded = re.findall(r'<details class="aside">\s*<summary>([^<]*)<', page_of(*LESSON))
    assert folded == ["Lesson 1: Chains", "1. Rates", "2. More"]


def test_a_test_whose_answer_was_deleted_does_not_count_for_another():
    page = page_of(answer("f"), grade_cell("check_f", "x", score=1.0), grade_cell("check_g", "x"))
    first, second = sections(page)
    assert "1 of 1 point" in first and "0 of 1 point" in second


def test_a_test_that_was_moved_stays_with_its_answer():
    page = page_of(answer("f"), answer("g"), grade_cell("check_f", "x"), grade_cell("check_g", "x"))
    assert ["check_f" in section for section in sections(page)] == [True, False]


def test_names_that_begin_alike_are_told_apart():
    page = page_of(answer("f"), answer("f_prime"), grade_cell("check_f_prime", "x"))
    assert ["check_f_prime" in section for section in sections(page)] == [False, True]


def test_no_score_is_not_a_score_of_0():
    said = text_of(page_of(*LESSON[:5], grade_cell("check_f", "x", score=None)))
    assert "No score yet, of 1 point" in said
    assert "This could not be run. A person will look at it." in said
    assert "0 of" not in said


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("partial", "A part of this submission could not be run. Reason: too slow. A person"),
        ("tampered", "The grading of this submission was stopped. Reason: too slow."),
        ("needs review", "graded, and raised a question. Reason: too slow."),
        ("ungradable", "could not be graded. Reason: too slow. It has no score; that is not a"),
    ],
)
def test_the_status_stands_first(status, said):
    page = page_of(*LESSON, standing=Standing(status, "too slow."))
    assert said in text_of(page)
    assert page.index("Reason:") < page.index("<table")


def test_a_graded_submission_has_no_notice_but_its_repairs():
    assert "notice" not in text_of(page_of(*LESSON))
    said = text_of(page_of(*LESSON, standing=Standing("graded", "", ("q1: put back.",))))
    assert "Your notebook was repaired before it was graded: q1: put back." in said


def test_of_an_ungradable_submission_no_notebook_is_shown_but_a_persons_words():
    page = page_of(*LESSON, standing=Standing("ungradable", "cut off"))
    assert "return 2 * x" not in page and "Well <em>done</em>" in page


def test_an_ungradable_submission_with_all_scores_was_graded_by_hand():
    cells = [answer("f"), grade_cell("check_f", "x", score=1.0)]
    page = page_of(*cells, standing=Standing("ungradable", "cut off"))
    assert "could not be read and was graded by hand. Reason: cut off. 1 of 1 point" in text_of(
        page
    )


def test_points_taken_off_are_told():
    page = feedback_page(notebook(answer("f"), grade_cell("check_f", "x", score=1.0)),
                         "a", "b", penalty=0.5)  # fmt: skip
    assert "0.5 of 1 point, after 0.5 points taken off because it came late" in text_of(page)


# Formulas


def formulas_of(path):
    """Return the formulas of a notebook's text and Markdown outputs, as nbconvert finds them."""
    found = set()

    class Renderer(IPythonRenderer):
        def inline_math(self, body):
            return found.add((body, False)) or ""

        def block_math(self, body):
            return found.add((body, True)) or ""

        def latex_environment(self, name, body):
            return found.add((rf"\begin{{{name}}}{body}\end{{{name}}}", True)) or ""

    for cell in nbformat.read(path, as_version=4).cells:
        texts = [o.get("data", {}).get("text/markdown", "") for o in cell.get("outputs", [])]
        for text in [*texts, cell.source if cell.cell_type == "markdown" else ""]:
            MarkdownWithMath(Renderer(escape=False)).render(text)
    return found


@pytest.mark.parametrize("path", sorted(COURSE.executed.glob("*.ipynb")), ids=lambda p: p.stem)
def test_every_formula_of_a_lesson_becomes_mathml(path):
    found = formulas_of(path)
    assert [tex for tex, display in found if not formulas.mathml(tex, display)] == []
    assert len(found) > 90 or path.stem == "start"


@pytest.mark.parametrize(
    ("source", "tag"),
    [("$x$", "<math>"), ("$$x$$", '<math display="block">'), (r"\(x\)", "<math>"),
     (r"\\(x\\)", "<math>"), (r"\\[x\\]", '<math display="block">'),
     (r"\begin{aligned}x\end{aligned}", '<math display="block">')],
)  # fmt: skip
def test_formulas_are_found_between_their_delimiters(source, tag):
    assert tag in page_of(markdown(f"a {source} b"))


def test_what_is_no_formula_stays_as_it_was_written():
    assert r"a $\unknown{x}$ b" in text_of(page_of(markdown(r"a $\unknown{x}$ b")))
    assert "costs $5" in text_of(page_of(markdown("costs $5")))
    assert "<math" not in page_of(markdown("`$x$`"))


NESTING = ["{", r"\sqrt{", r"\sqrt", r"\left(", "x^{", r"\text{", r"\frac", r"\begin{matrix}"]


def test_a_formula_that_is_nested_deep_ends_nothing():
    """In a thread with a stack as small as some systems give; a full one would end the process."""

    def convert():
        for unit, size in itertools.product(NESTING, (50, 100, 200, 100_000)):
            for end in ("", "x", "x" + "}" * size, "x" + r"\right)" * size):
                formulas.mathml(unit * size + end)
        done.append(True)

    done, before = [], threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=convert)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert done == [True]


@pytest.mark.parametrize("body", [r"\a\a", "{" * 50 + "#1" + "}" * 50])
def test_a_macro_is_text(body):
    tex = rf"\newcommand{{\a}}[1]{{{body}}}" + r"\a{" * 40 + "}" * 40
    assert formulas.mathml(tex) is None


def test_the_notice_in_a_notebook_stands_first_where_nothing_else_is_known():
    noticed = autograded.noticed(notebook(*LESSON), "partial", "ran too long: a_b <i>")
    page = feedback_page(noticed, "a", "b")
    assert "A part of this submission could not be run. Reason: ran too long: a_b <i>." in (
        text_of(page)
    )
    assert "Between the exercises</summary>" not in page
    known = Standing("tampered", "no")
    assert "Reason: no." in text_of(feedback_page(noticed, "a", "b", known))
