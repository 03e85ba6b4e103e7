"""What the cells of a graded notebook showed, as pieces of a feedback page.

A hidden test never gets into a piece: not its source, not a traceback that quotes it, and not what
the student's code printed or raised while it ran, which can tell the inputs of the test.
"""

import ast
import builtins
import html
import re

from markupsafe import Markup

from course_utils.instructor import cleaning
from course_utils.instructor.cleaning import left_out, one_line, terminal, visible
from course_utils.instructor.markers import BEGIN_HIDDEN, END_HIDDEN

UNREADABLE = ("IndentationError", "SyntaxError", "TabError")
OURS = ("Mismatch", "NotWritten")  # their messages are written for the learner
EXAMINERS = "Stopped"  # a sentence of the examiner
TIMED_OUT = ("CellTimeoutError", "KeyboardInterrupt", "TimeLimit")
MOST_OUTPUTS = 30  # of one cell
MOST_TEXT = 5_000_000  # characters of the page
MOST_PICTURES = 12_000_000
LONG_ENOUGH = 12  # characters: a shorter line of a hidden test is found by chance elsewhere
MOST_FRAMES = 60  # of a traceback: the first and the last ones
HIDDEN = "[a line of a test that is not shown]"
QUIZ = re.compile(r"\bgrade_choices?\(")

NOTHING = Markup("")
_FRAME = re.compile(r"Cell In\s?\[(\d+)\], line (\d+)")
_EXAMINERS_FRAME = re.compile(r"^  in ([\w<>]{1,80}), line (\d{1,6}) of your cell$", re.MULTILINE)
_FOLDERS = re.compile(r"(?<![\w./\\:])(?:[A-Za-z]:)?(?:[/\\][^\s/\\:\"'<>]+)+[/\\](?=[^\s/\\])")
_NO_WORDS = re.compile(r"<[\w.]+ object(?: at 0x[0-9a-f]+)?>")  # of HTML that shows nothing
_SAID_TWICE = re.compile(r" \([^()]*, line \d+\)\Z")  # the place at the end of a SyntaxError


def about(cell):
    """Return the nbgrader metadata of a cell; of one without a name an empty dict."""
    found = cell.metadata.get("nbgrader")
    return found if isinstance(found, dict) and isinstance(found.get("grade_id"), str) else {}


class Shown:
    """The sources and outputs of one notebook's cells; together they have a largest size."""

    def __init__(self, cells):
        self._lines = {id(cell): _lines(cell) for cell in cells}
        self._cells = list(cells)
        self._parts = {id(cell): _split(cell.source) for cell in cells}
        self._by_count = {
            cell.execution_count: cell
            for cell in cells
            if cell.cell_type == "code" and isinstance(cell.get("execution_count"), int)
        }
        public = "\n".join(text for text, _ in self._parts.values())
        hidden = {line.strip() for _, lines in self._parts.values() for line in lines.values()}
        self._secrets = [line for line in hidden if len(line) >= LONG_ENOUGH and line not in public]
        self._room = {"text": MOST_TEXT, "pictures": MOST_PICTURES}
        first = next((place for place, cell in enumerate(self._cells) if self.hides(cell)), None)
        self._after = set() if first is None else {id(cell) for cell in self._cells[first:]}

    def hides(self, cell):
        """Whether a cell has a part that is not shown."""
        return bool(self._parts[id(cell)][1])

    def code(self, cell):
        """Return the source of a code cell, without hidden tests."""
        return self._fit(cleaning.code(self._parts[id(cell)][0]))

    def prose(self, cell, without=""):
        """Return a Markdown cell, a raw cell as its text. without: a line that is left out."""
        source = cell.source.replace(without, "", 1) if without else cell.source
        if cell.cell_type != "markdown":
            return self._fit(cleaning.as_text(source))
        attachments = cell.get("attachments")
        return self._fit(
            cleaning.markdown(source, attachments if isinstance(attachments, dict) else {})
        )

    def outputs(self, cell):
        """Return the outputs of a cell, each as a piece of the page."""
        outputs = _read(cell)
        if id(cell) in self._after:  # the answers have seen inputs of hidden tests by then
            outputs = [told for output in outputs if (told := _without_words(cell, output))]
        shown = [self._fit(self._output(cell, output)) for output in outputs[:MOST_OUTPUTS]]
        if len(outputs) > MOST_OUTPUTS:
            shown.append(left_out(f"{len(outputs) - MOST_OUTPUTS:,} more outputs are left out."))
        return tuple(filter(None, shown))

    def message(self, cell):
        """Return what a test cell says of the answer."""
        said, block = [], NOTHING
        outputs = _read(cell)
        errors = [output for output in outputs if output["output_type"] == "error"]
        for output in errors[:MOST_OUTPUTS]:
            said.append(self._error(cell, output))
        for output in outputs if any(error["ename"] in OURS for error in errors) else []:
            if str(output.get("data", {}).get("text/html")).startswith('<div role="note"'):
                block = self._fit(self.display(output["data"]))
        if not block:
            details = [error["evalue"].partition("\n\n")[2] for error in errors[:1]]
            said += [self._text(text, "stdout") for text in details if errors[0]["ename"] in OURS]
        # The explanations of a quiz are printed by the test itself. Elsewhere what is printed
        # comes from the student's code, which hidden tests call with inputs of their own.
        text, hidden = self._parts[id(cell)]
        streams = [o for o in outputs if o["output_type"] == "stream"][:MOST_OUTPUTS]
        if QUIZ.search("\n".join([text, *hidden.values()])):
            said += [self._paragraph("".join(output["pieces"])) for output in streams]
        elif id(cell) not in self._after:
            said += [self._output(cell, output) for output in streams]
        return Markup("\n").join(filter(None, [*said, block]))

    def _fit(self, markup):
        """Return a piece of the page, or a remark where the page has no room for it."""
        kind = "pictures" if "data:image" in markup else "text"
        if len(markup) > self._room[kind]:
            return left_out("This is left out: the page would be too long.")
        self._room[kind] -= len(markup)
        return markup

    def _output(self, cell, output):
        if output["output_type"] == "stream":
            text = "".join(output["pieces"])
            if output["name"] == "stderr":
                return self._text(_FOLDERS.sub("", cleaning.shortened(text)), "stderr")
            return self._text(text, "stdout")
        if output["output_type"] == "error":
            return Markup('<div class="error">{}</div>').format(self._error(cell, output))
        return self.display(output["data"])

    def _text(self, text, label):
        text = self._without_secrets(terminal(cleaning.shortened(text))).strip("\n")
        shown = Markup('<pre class="{}">{}</pre>').format(label, text)
        return shown if text.strip() else NOTHING

    def display(self, data):
        """Return the first of an output's forms that a page can show."""
        data = {mime: text for mime, text in data.items() if isinstance(text, str)}
        said = data.get("text/plain", "")
        for mime in cleaning.PICTURES:
            if mime in data and not self._quotes_a_test(_words(data[mime])):
                alt = "A picture that this cell drew. It has no description."
                if said.startswith("[Figure: "):
                    alt = said.removeprefix("[Figure: ").removesuffix("]")
                return cleaning.picture(mime, data[mime], alt)
        for mime, clean in (
            ("text/html", cleaning.clean_html),
            ("text/markdown", cleaning.markdown),
        ):
            cleaned = clean(data[mime]) if mime in data else None
            if cleaned and self._quotes_a_test(_words(cleaned)):
                return left_out("An output that quotes a test is not shown.")
            if cleaned and ("<img" in cleaned or _words(cleaned).strip()):
                return Markup('<div class="html">{}</div>').format(cleaned)
        return NOTHING if _NO_WORDS.fullmatch(said.strip()) else self._text(said, "stdout")

    def _error(self, cell, output):
        """Return an error in a sentence or two: never its traceback, which quotes the tests."""
        ename, evalue = one_line(output["ename"], 80), output["evalue"]
        if ename in OURS:
            return self._paragraph(evalue.partition("\n\n")[0])
        if ename == EXAMINERS:
            return self._paragraph(f"{evalue[:1].upper()}{evalue[1:]}.")
        frames = self._frames(cell, output)
        here = [line for other, line in frames if other is cell]
        hidden = self._parts[id(cell)][1]
        said = _SAID_TWICE.sub("", f"{ename}: {evalue}" if evalue.strip() else ename)
        if said == "AssertionError":
            said = "A check does not hold."
        # Where a traceback does not lead through this cell, the worse is taken to be true.
        is_hidden = here[0] in hidden if here else bool(hidden and frames)
        if ename in TIMED_OUT:
            said, here, frames = _sentence_on_time(evalue.strip()), here[:1], []
        elif is_hidden and ename == "AssertionError":
            said = evalue.strip() or "A check that is not shown does not hold."
        elif is_hidden:
            said = f"{ename}, in a check that is not shown."
        quoted = self._quoted("In line {} of this cell:", cell, here)
        others = [c for c, _ in frames if c is not None and c is not cell]
        other = others[-1] if others else None
        if other is not None:
            what = "your answer" if about(other).get("solution") else "another cell"
            lines = [line for where, line in frames if where is other]
            quoted += self._quoted(f"In line {{}} of {what}:", other, lines)
        for name, number in _EXAMINERS_FRAME.findall("\n".join(map(str, output["traceback"])))[-1:]:
            where = Markup('<p class="where">In line {} of your cell, in <code>{}</code></p>')
            quoted += where.format(number, name)
        return self._paragraph(said) + quoted

    def _frames(self, cell, output):
        """Return `[(cell, line number)]` of a traceback, the outermost first.

        The numbers of cells are those of the process that ran them, which may have run others
        too. So the text of the line decides; a frame that fits no cell has None for it.
        """
        text = terminal("\n".join(map(str, output["traceback"]))[-200_000:])
        _, *parts = _FRAME.split(text)
        found = list(zip(parts[::3], parts[1::3], parts[2::3], strict=True))
        found = found if len(found) <= MOST_FRAMES else found[:1] + found[1 - MOST_FRAMES :]
        return [self._frame(cell, int(n[:9]), int(k[:9]), said) for n, k, said in found]

    def _frame(self, cell, count, number, said):
        arrow = re.search(rf"^-+> *{number} (.*)$", said, re.MULTILINE)
        line = (arrow[1] if arrow else next(iter(said.strip().splitlines()), "")).strip()
        for tried in (self._by_count.get(count), cell, *self._cells) if line else ():
            lines = self._lines[id(tried)] if tried is not None else []
            if 0 < number <= len(lines) and lines[number - 1] == line:
                return tried, number
        return None, number

    def _quoted(self, where, cell, numbers):
        """Return the last of the lines that may be shown, with its place."""
        hidden = self._parts[id(cell)][1]
        source = cell.source.split("\n")
        numbers = [n for n in numbers if n not in hidden and 0 < n <= len(source)]
        if not numbers or not source[numbers[-1] - 1].strip():
            return NOTHING
        line = self._without_secrets(one_line(source[numbers[-1] - 1], 200))
        number = numbers[-1] - sum(n < numbers[-1] for n in hidden)
        return Markup('<p class="where">{} <code>{}</code></p>').format(where.format(number), line)

    def _paragraph(self, text):
        text = self._without_secrets(terminal(text[:4000])).strip()
        return Markup('<p class="said">{}</p>').format(text[:2000]) if text else NOTHING

    def _without_secrets(self, text):
        for line in self._secrets:
            text = text.replace(line, HIDDEN)
        return text

    def _quotes_a_test(self, text):
        return any(line in text for line in self._secrets)


def _without_words(cell, output):
    """Return an output without what the student's code says in it; None where that is all."""
    if any(str(kind).startswith("image/") for kind in output.get("data", {})):
        return output
    if output["output_type"] != "error":
        return None
    name, said = output["ename"], output["evalue"]
    if name in UNREADABLE and (wrong := _syntax_error(cell.source)):  # found here, not told
        name, said = wrong
    elif not (name in TIMED_OUT and re.fullmatch(r"ran longer than [\d.]{1,5} s", said)):
        kind = getattr(builtins, name, None)
        known = isinstance(kind, type) and issubclass(kind, BaseException)
        name = name if known else "Exception"
        said = "what it says is left out, since hidden tests ran before this cell"
    return {**output, "ename": name, "evalue": said}


def _syntax_error(source):
    """Return `(name, text)` of the error by which a cell cannot be read as Python, or None."""
    try:
        ast.parse(source[:100_000])
    except SyntaxError as error:
        return type(error).__name__, f"{error.msg} (line {error.lineno})"
    except (ValueError, RecursionError, MemoryError):
        pass
    return None


def _split(source):
    """Return the visible text of a cell, and `{line number: line}` of its hidden tests.

    A region that is never closed goes on to the end of the cell.
    """
    visible, hidden, inside = [], {}, False
    for number, line in enumerate(source.split("\n"), 1):
        inside = inside or BEGIN_HIDDEN in line
        if inside:
            hidden[number] = line
        else:
            visible.append(line)
        inside = inside and END_HIDDEN not in line
    return "\n".join(visible).rstrip("\n"), hidden


def _lines(cell):
    """Return the lines of a cell as a traceback shows them."""
    return [line.strip() for line in visible(cell.source[:100_000]).split("\n")]


def _sentence_on_time(said):
    """Return a sentence from what a process said when its time was up."""
    if said.startswith("ran longer"):
        return f"It {said} and was stopped."
    return (
        f"{said[0].upper()}{said[1:]}." if said else "It ran longer than allowed and was stopped."
    )


def _read(cell):
    """Return the outputs of a cell in their usual form, whatever the student's code made of them.

    Pieces of one stream that follow each other are one output. An interrupt and the remark that
    it was an interrupt are one error.
    """
    outputs = []
    for output in cell.get("outputs", []):
        kind, before = output.get("output_type"), outputs[-1] if outputs else {}
        if kind == "stream":
            if before.get("output_type") != kind or before["name"] != output.get("name"):
                outputs.append({"output_type": kind, "name": output.get("name"), "pieces": []})
            outputs[-1]["pieces"].append(str(output.get("text", "")))
        elif kind == "error":
            trace = output.get("traceback", [])
            error = {key: str(output.get(key, "")) for key in ("ename", "evalue")}
            twice = before.get("ename") in TIMED_OUT and error["ename"] in TIMED_OUT
            if not twice:
                trace = list(trace) if isinstance(trace, list) else []
                outputs.append({"output_type": kind, **error, "traceback": trace})
        else:
            data = output.get("data")
            outputs.append({"output_type": kind, "data": data if isinstance(data, dict) else {}})
    return outputs


def _words(markup):
    """Return the words of HTML or SVG, without tags."""
    bare = re.sub(r"data:image/[^\"']*", "", markup)
    return html.unescape(re.sub(r"<[^>]*>", " ", bare))
