"""What others wrote, made safe to stand in a page: text, HTML, Markdown, pictures."""

import base64
import binascii
import html
import re
import secrets
import struct
from functools import lru_cache, partial

import nh3
from markupsafe import Markup, escape
from mistune import import_plugin
from nbconvert.filters.markdown_mistune import (
    IPythonRenderer,
    MarkdownWithMath,
    MathInlineParser,
)
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from course_utils.checks.mismatch import Mismatch
from course_utils.checks.notebook import as_html
from course_utils.instructor.formulas import mathml

HEAD_LINES, TAIL_LINES = 300, 100
HEAD_CHARACTERS, TAIL_CHARACTERS = 15_000, 5_000
MOST_PICTURE = 2_000_000  # bytes
MOST_PIXELS = 40_000_000  # a small PNG can unpack to more memory than a browser has
MOST_HTML = 200_000  # characters besides pictures
MOST_TAGS = 10_000
# An open <b> is made anew in every paragraph that follows: the product bounds what a parser makes.

MOST_REOPENED = 300_000

WIDE, WIDE_IN_TEXT = 50, 30  # signs of a formula that may need more than a line
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
TAGS = {
    *("abbr", "b", "bdi", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "samp"),
    *("small", "span", "strong", "sub", "sup", "u", "var", "a", "br", "img"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "div", "hr", "blockquote"),
    *("details", "summary", "figure", "figcaption", "dl", "dt", "dd", "ol", "ul", "li"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "bdi": {"title"},  # marks the place of a formula until all else is clean
    "caption": {"style"},
    "div": {"style"},
    "img": {"alt", "src", "title"},
    "ol": {"start"},
    "p": {"style"},
    "table": {"style"},
    "td": {"colspan", "rowspan", "style"},
    "th": {"colspan", "rowspan", "scope", "style"},
}
# The styles of the block that a check shows, and those of Markdown's tables; no others.
STYLES = set(re.findall(r'style="([^"]*)"', as_html(Mismatch("", [("x", 1.0, 2.0)], "look"))))
STYLES |= {f"text-align:{side}" for side in ("left", "center", "right")}

_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b\n]{0,4000}(?:\x07|\x1b\\)"  # titles, links, clipboard
    r"|\x1b[PX^_][^\x1b\n]{0,4000}\x1b\\"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, movements
    r"|\x1b[ -/]*[0-OQ-WYZ\\`-~]"
)
_NAMES = {
    **{n: chr(0x2400 + n) for n in range(0x20) if n not in (9, 10)},
    0x7F: "\u2421",
    **{
        n: f"\\u{n:04x}"
        for start, end in (
            (0x80, 0x9F),
            (0x61C, 0x61C),
            (0x200B, 0x200B),
            (0x200E, 0x200F),
            (0x2028, 0x202E),
            (0x2060, 0x206F),
            (0xD800, 0xDFFF),
            (0xFEFF, 0xFEFF),
            (0xFFFE, 0xFFFF),
        )
        for n in range(start, end + 1)
    },
    **{n: f"\\U{n:08x}" for n in range(0xE0000, 0xE0080)},
}
_DATA = re.compile(r"data:([a-z/+]{1,20});base64,([A-Za-z0-9+/=\s]*)")
_REOPENED = re.compile(
    r"<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/>]", re.IGNORECASE
)
_IMG = re.compile(r'<img(?: [a-z]+="[^"]*")*>')  # as the cleaner writes it, quotes escaped
_SCROLL = '<div class="scroll" role="group" aria-label="Table" tabindex="0">'
_SCHEME = re.compile(r"(?:https?|mailto):|[^:]*(?:[/?#]|\Z)", re.IGNORECASE)
_OTHER_HOST = re.compile(r"[/\\]{2}")  # from a file, such a link leads into the local network


def visible(text):
    r"""Return a text in which what cannot be seen, or turns the line around, is spelt out.

    >>> visible("a\x1b[2J\u202eb")
    'a␛[2J\\u202eb'
    """
    return text.replace("\r\n", "\n").translate(_NAMES)


def terminal(text):
    r"""Return what a terminal would show of a text, without colours, titles and links.

    >>> terminal("10 %\r\x1b[32m100 %\x1b[0m\n")
    '100 %\n'
    """
    lines = _ESCAPES.sub("", text).split("\n")
    return visible("\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines))


def shortened(text):
    """Return a long text with its start, its end, and between them how much was left out."""
    if len(text) <= HEAD_CHARACTERS + TAIL_CHARACTERS:
        lines = text.count("\n")
        if lines <= HEAD_LINES + TAIL_LINES:
            return text
    head = text[:HEAD_CHARACTERS]
    if head.count("\n") > HEAD_LINES:
        head = "".join(head.splitlines(keepends=True)[:HEAD_LINES])
    tail = text[max(len(head), len(text) - TAIL_CHARACTERS) :]
    if tail.count("\n") > TAIL_LINES:
        tail = "".join(tail.splitlines(keepends=True)[-TAIL_LINES:])
    characters = len(text) - len(head) - len(tail)
    lines = text.count("\n", len(head), len(text) - len(tail))
    said = f"{characters:,} characters" + (f" in {lines:,} lines" if lines > 1 else "")
    return f"{head.rstrip()}\n[{said} are left out here]\n{tail.lstrip()}"


def one_line(text, most=400):
    """Return the start of a text as one line."""
    line = " ".join(visible(text[: 4 * most]).split())
    return line if len(line) <= most else f"{line[:most]} ..."


def code(source):
    """Return Python code with its words marked up."""
    text = visible(shortened(source))
    return Markup(highlight(text, PythonLexer(), HtmlFormatter(nowrap=True)))


def left_out(sentence):
    """Return a remark on what the page does not show."""
    return Markup('<p class="left-out">{}</p>').format(sentence)


def picture(mime, data, said):
    """Return a picture as `<img>`, in which nothing can run, or a sentence in its place.

    data: the text of an SVG, the base64 text of a PNG or JPEG. said: its description.
    """
    raw = data.encode("utf-8", "replace") if mime == "image/svg+xml" else _decoded(data)
    said = visible(shortened(said))
    if fault := _fault_of_picture(mime, raw):
        return left_out(f"A picture is left out: {fault}. Its description: {said}")
    text = base64.b64encode(raw).decode()
    return Markup('<img alt="{}" src="data:{};base64,{}">').format(said, mime, text)


def _decoded(data):
    try:
        return base64.b64decode(data)
    except (binascii.Error, ValueError):
        return b""


def _fault_of_picture(mime, raw):
    """Return why bytes are no picture for a page, or ""."""
    if len(raw) > MOST_PICTURE:
        return f"it is larger than {MOST_PICTURE // 1_000_000} MB"
    if mime == "image/png" and raw.startswith(b"\x89PNG\r\n\x1a\n") and len(raw) > 24:
        width, height = struct.unpack(">II", raw[16:24])
        return "" if width * height <= MOST_PIXELS else f"it has {width} x {height} pixels"
    if mime == "image/jpeg" and raw.startswith(b"\xff\xd8\xff"):
        return ""
    if mime == "image/svg+xml" and b"<svg" in raw:
        return ""
    return "it is not a PNG, JPEG or SVG"


def clean_html(text):
    """Return HTML without anything that runs, loads or covers the page; None if it is too much."""
    cleaned = _clean(visible(text))
    return cleaned and Markup(cleaned[0]) + _remark(cleaned[1])


def _remark(count):
    if not count:
        return Markup("")
    what = "A picture is" if count == 1 else f"{count} pictures are"
    return left_out(
        f"{what} left out: only PNG, JPEG and SVG up to {MOST_PICTURE // 1_000_000} MB that stand "
        "in the notebook itself are shown."
    )


def _clean(text):
    """Return `(cleaned text, number of pictures dropped)`, or None for what is too much."""
    if len(text) > MOST_HTML and len(_DATA.sub("", text)) > MOST_HTML:
        return None
    tags = text.count("<")
    if tags > MOST_TAGS or tags * len(_REOPENED.findall(text)) > MOST_REOPENED:
        return None
    dropped = []
    cleaned = nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=partial(_kept, dropped),
        tag_attribute_values={"div": {"role": {"note"}}},
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer",
    )
    cleaned = _IMG.sub(_described, cleaned)
    # A wide table scrolls by itself, by keys too. In cleaned HTML every `<` begins a tag.
    cleaned = cleaned.replace("<table", f"{_SCROLL}<table").replace("</table>", "</table></div>")
    return cleaned, len(dropped)


def _described(found):
    """Return a cleaned `<img>` with a description, or its description where it has no picture."""
    tag = found[0]
    alt = re.search(r' alt="([^"]*)"', tag)
    if ' src="' not in tag:
        return f"[picture: {alt[1]}]" if alt and alt[1] else ""
    return tag if alt else tag.replace("<img", '<img alt="A picture without a description."', 1)


def _kept(dropped, tag, name, value):
    """Return the value of an attribute as it may stand in the page, or None."""
    if name == "style":
        return value if value in STYLES else None
    if name in ("colspan", "rowspan", "start"):
        return value if re.fullmatch(r"\d{1,2}", value) else None
    if name == "scope":
        return value if value in ("col", "row", "colgroup", "rowgroup") else None
    if name == "href":
        address = "".join(value.split())
        return value if _SCHEME.match(address) and not _OTHER_HOST.match(address) else None
    if name == "src":
        found = _DATA.fullmatch(value)
        if found and found[1] in PICTURES and not _fault_of_picture(found[1], _decoded(found[2])):
            return value
        dropped.append(value[:20])
        return None
    return value


class _Inline(MathInlineParser):
    r"""As JupyterLab, and \( \) with one backslash too."""

    SPECIFICATION = MathInlineParser.SPECIFICATION | {
        "inline_math_latex": r"(?s:(?<!\\)\\\\?\((?P<math_inline_latex>.+?)\\\\?\))",
    }


class _Renderer(IPythonRenderer):
    """Markdown to HTML that is still to be cleaned; formulas and code are put in afterwards."""

    def __init__(self, attachments):
        super().__init__(escape=False, attachments=attachments)
        self.nonce = secrets.token_hex(16)
        self.ready = []

    def keep(self, markup):
        """Return the place of a piece of HTML that needs no cleaning.

        It is an element with an attribute: within an attribute, where a piece would break out,
        its quotation marks would have been escaped.
        """
        self.ready.append(markup)
        return f'<bdi title="{self.nonce}-{len(self.ready) - 1}"></bdi>'

    def put_in(self, cleaned):
        place = re.compile(rf'<bdi title="{self.nonce}-(\d+)"></bdi>')
        text = place.sub(lambda found: self.ready[int(found[1])], cleaned)
        return re.sub(r"</math>(?=[.,;:!?)\]])", "</math>\u2060", text)  # no line begins with these

    def formula(self, tex, shown, display):
        made = mathml(tex, display)
        if made and len(re.sub(r"<[^>]*>", "", made)) > (WIDE if display else WIDE_IN_TEXT):
            made = made.replace("<math", '<math tabindex="0"', 1)  # it can be scrolled by keys
        return self.keep(made or str(Markup('<code class="tex">{}</code>').format(shown)))

    def block_math(self, body):
        return self.formula(body, f"$${body}$$", True)

    def inline_math(self, body):
        return self.formula(body, f"${body}$", False)

    def latex_environment(self, name, body):
        text = rf"\begin{{{name}}}{body}\end{{{name}}}"
        return self.formula(text, text, True)

    def heading(self, text, level, **attributes):
        return f"<h{min(level + 1, 6)}>{text}</h{min(level + 1, 6)}>\n"

    def block_code(self, code, info=None):
        words = (info or "").split()
        if words and words[0].lower() in ("python", "py", "ipython", "python3"):
            marked = highlight(code, PythonLexer(), HtmlFormatter(nowrap=True))
        else:
            marked = str(escape(code))
        return self.keep(f"<pre><code>{marked}</code></pre>")

    def block_mermaidjs(self, code):
        return self.block_code(code)

    def image(self, text, url, title=None):
        said = html.unescape(re.sub(r"<[^>]*>", "", text))
        name = url.removeprefix("attachment:")
        attached = self.attachments.get(name) if name != url else None
        for mime in PICTURES:
            data = attached.get(mime) if isinstance(attached, dict) else None
            if isinstance(data, str):
                if mime == "image/svg+xml":
                    data = _decoded(data).decode("utf-8", "replace")
                return self.keep(str(picture(mime, data, said)))
        if url.startswith("data:"):
            return f'<img alt="{escape(said)}" src="{escape(url)}">'
        return self.keep(str(Markup("[picture: {}]").format(said)))


def markdown(source, attachments=None):
    """Return Markdown as clean HTML, its formulas as MathML; of one that is too long the text."""
    if attachments:
        return _markdown(source, attachments)
    return _remembered(source)


@lru_cache(maxsize=512)
def _remembered(source):
    """Most cells of a class are the lesson's, the same in every notebook."""
    return _markdown(source, {})


def _markdown(source, attachments):
    if len(source) > HEAD_CHARACTERS + TAIL_CHARACTERS:
        return as_text(source)
    renderer = _Renderer(attachments)
    text = MarkdownWithMath(
        renderer,
        inline=_Inline(hard_wrap=False),
        plugins=[import_plugin(name) for name in ("strikethrough", "table", "url", "def_list")],
    ).render(visible(source))
    cleaned = _clean(text)
    if cleaned is None:
        return as_text(source)
    return Markup(renderer.put_in(cleaned[0])) + _remark(cleaned[1])


def as_text(text):
    """Return a text as a terminal would show it, shortened."""
    return Markup('<pre class="text">{}</pre>').format(terminal(shortened(text)))
