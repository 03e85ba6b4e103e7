"""Text that would act where a lecturer or a student reads it: pages, tables, terminals.

The answers are right, so that nothing but the text is odd. MARK stands in everything that must not
be live.
"""

# ruff: noqa: E501  a table, and the attackers' code in it

import nbformat

from tests.security.attacks.build import (
    FULL,
    LESSON,
    MARK,
    POINTS,
    beside,
    changed,
    find,
    group,
    right,
)

INJECTION, add = group("injection", inert=True)
REPAIRED = "graded/needs review"
EITHER = "graded/needs review/ungradable"
JS = f"{MARK}()"
LIVE = [
    f"<script>{JS}</script>",
    f"<ScRiPt src=//{MARK}.example/x.js></sCrIpT>",
    f"<script>{JS}",
    f"<img src=x onerror={JS}>",
    f'<img src="x" ONERROR="{JS}"/>',
    f"<svg onload={JS}><script>{JS}</script><a xlink:href='javascript:{JS}'>x</a></svg>",
    f"<svg><animate onbegin={JS} attributeName=x></svg>",
    f"<math><mtext><mglyph><style><img src=x onerror={JS}></style></mglyph></mtext></math>",
    f'<iframe src="javascript:{JS}"></iframe>',
    f"<iframe srcdoc='&lt;script&gt;{JS}&lt;/script&gt;'></iframe>",
    f'<object data="data:text/html,<script>{JS}</script>"></object>',
    f'<embed src="https://{MARK}.example/">',
    f'<a href="javascript:{JS}">score</a>',
    f'<a href="jAvA\tscript:{JS}">score</a>',
    f'<a href="&#106;avascript:{JS}">score</a>',
    f'<a href="data:text/html,<script>{JS}</script>">score</a>',
    f'<form action="https://{MARK}.example/"><input name=q autofocus onfocus={JS}></form>',
    f'<meta http-equiv="refresh" content="0;url=https://{MARK}.example/">',
    f'<base href="https://{MARK}.example/">',
    f'<link rel="stylesheet" href="https://{MARK}.example/x.css">',
    f"<style>@import 'https://{MARK}.example/x.css'; body {{ display: none }}</style>",
    f'<div style="position:fixed;inset:0;background:url(https://{MARK}.example/)">28 / 28</div>',
    f"<details open ontoggle={JS}><summary>x</summary></details>",
    f"<video><source onerror={JS}></video>",
    f"</pre></div></body></html><script>{JS}</script>",
    f"--><script>{JS}</script><!--",
    f"]]><script>{JS}</script>",
    f"<noscript><p title='</noscript><img src=x onerror={JS}>'>",
    f"<template><script>{JS}</script></template>",
    f"<b onmouseover={JS} style=animation-name:x onanimationstart={JS}>x</b>",
]
ALL = "\n\n".join(LIVE)


def text_cell(text, **more):
    cell = nbformat.v4.new_markdown_cell(text, id="own-text")
    cell.update(more)
    return changed(lambda made: made.cells.insert(1, cell))


def shown(*data):
    """Return the make of a notebook that displays these bundles."""
    lines = [f"display({bundle!r}, raw=True)" for bundle in data]
    return right(own="\n".join(lines))


def stored(*data):
    """Return the make of a notebook that holds these bundles as outputs of an answer cell."""

    def change(made):
        find(made, "chain_four")["outputs"] = [
            nbformat.v4.new_output("display_data", bundle) for bundle in data
        ]

    return changed(change)


def bundles():
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' onload='{JS}'><script>{JS}</script></svg>"
    yield {"text/html": ALL, "text/plain": ALL}
    yield {"image/svg+xml": svg, "text/plain": f'[Figure: "><script>{JS}</script>]'}
    yield {"application/javascript": JS, "text/plain": "x"}
    yield {"text/markdown": ALL}
    yield {"text/latex": f"$$\\href{{javascript:{JS}}}{{x}} \\unicode{{x3c}}$$ {LIVE[0]}"}
    yield {"image/png": f'"><script>{JS}</script>', "text/plain": "x"}
    yield {"application/vnd.jupyter.widget-view+json": {"model_id": f'"><script>{JS}</script>'}}
    yield {"application/json": {"a": f"</script><script>{JS}</script>"}}
    yield {f"text/x<script>{JS}</script>": "x"}
    yield {"text/html": [f"<script>{JS}", "</script>"]}


add("live-text", "Scripts and their relatives in a text.", text_cell(ALL), "graded", FULL)
for number, text in enumerate([LIVE[2], LIVE[24], LIVE[25], LIVE[27]]):
    add(f"live-text-{number}", "One of them, by itself.", text_cell(text), "graded", FULL)
add(
    "links-in-markdown",
    "Markdown's own links and pictures with a script as address.",
    text_cell(
        f"[a](javascript:{JS}) [b](<javascript:{JS}>) ![c](javascript:{JS}) <javascript:{JS}>\n\n"
        f'[d]: javascript:{JS}\n[d] [e](data:text/html,<script>{JS}</script>) [f](x "><script>{JS}</script>)\n\n'
        f'![g](x"onerror="{JS}) [h](vbscript:{JS}) ```{JS}``` `<script>{JS}</script>`\n\n'
        f'```html"><script>{JS}</script>\n<script>{JS}</script>\n```'
    ),
    "graded",
    FULL,
)
add(
    "formulas",
    "MathJax commands that load, link and write.",
    text_cell(
        f"$$\\href{{javascript:{JS}}}{{x}} \\require{{html}} \\cssId{{{MARK}}}{{x}} "
        f"\\style{{background:url(https://{MARK}.example)}}{{x}}$$\n\n"
        f"$x < script > {JS} </script> <script>{JS}</script>$"
    ),
    "graded",
    FULL,
)
add(
    "attachments",
    "A picture attached to a text: SVG with a script, and a type that is none.",
    text_cell(
        "![a](attachment:a.svg) ![b](attachment:b.png)",
        attachments={
            "a.svg": {"image/svg+xml": f"<svg onload='{JS}'><script>{JS}</script></svg>"},
            "b.png": {f'image/png"><script>{JS}</script>': "AAAA"},
        },
    ),
    "graded",
    FULL,
)
add(
    "raw-cells",
    "Raw cells that ask to be put into a page as they are.",
    changed(
        lambda made: made.cells.extend(
            nbformat.v4.new_raw_cell(ALL, id=f"own-raw-{i}", metadata={key: kind})
            for i, (key, kind) in enumerate(
                [("raw_mimetype", "text/html"), ("format", "text/html"), ("raw_mimetype", "")]
            )
        )
    ),
    "graded",
    FULL,
)
add("live-outputs", "Outputs of every kind with scripts.", shown(*bundles()), "graded", FULL)
add("live-html-output", "HTML with scripts.", shown({"text/html": ALL}), "graded", FULL)
add("live-stored-outputs", "Scripts in stored outputs.", stored(*bundles()), REPAIRED, FULL)
add(
    "live-printed",
    "Scripts in printed text, in a value and in a warning.",
    right(
        own=f"import sys, warnings\nprint({ALL!r})\nprint({ALL!r}, file=sys.stderr)\n"
        f"warnings.warn({LIVE[0]!r})\n{ALL!r}"
    ),
    "graded",
    FULL,
)
add(
    "live-errors",
    "Scripts in the name and the text of an exception, in cells and in calls.",
    right(
        own=f"raise type({LIVE[0]!r}, (Exception,), {{}})({ALL!r})",
        last=f"class E(Exception):\n    def _render_traceback_(self):\n        return [{ALL!r}]\n\n\nraise E",
        vanishing_product="def vanishing_product(z, n, kind):\n"
        f"    raise type({LIVE[3]!r}, (Exception,), {{}})({ALL!r})",
    ),
    "graded",
    POINTS - 2,
)
add(
    "live-names",
    "Scripts in the names that messages quote: of functions, types, texts and answers.",
    right(
        vanishing_product="def vanishing_product(z, n, kind):\n"
        f"    return type({LIVE[3]!r}, (), {{}})()\n\n\nvanishing_product.__name__ = {LIVE[0]!r}\n"
        f"vanishing_product.__qualname__ = {LIVE[3]!r}",
        q1=f"q1 = {LIVE[3]!r}",
        line_order=f"line_order = [{LIVE[0]!r}, {LIVE[3]!r}, 'C', 'G', 'E']",
    ),
    "graded",
    POINTS - 4,
)
add(
    "live-code",
    "Scripts in the text of code, as comments and as names.",
    right(own=f"# {' '.join(LIVE)}\ns = {ALL!r}\n0</script>" + f"<script>{JS}</script>"),
    "graded",
    FULL,
    compiles=False,
)
add(
    "live-metadata",
    "Scripts in the notebook's title, authors, kernel, language and widget state.",
    changed(
        lambda made: made.metadata.update(
            title=f"</title><script>{JS}</script>",
            authors=[{"name": f"<script>{JS}</script>"}],
            kernelspec={
                "display_name": f"<script>{JS}</script>",
                "language": f'"><script>{JS}</script>',
                "name": "../../../" + MARK,
            },
            language_info={
                "name": f'python"><script>{JS}</script>',
                "pygments_lexer": f"../{MARK}",
                "codemirror_mode": {"name": f"</script><script>{JS}</script>"},
                "file_extension": f"/../../{MARK}",
                "mimetype": f'"><script>{JS}</script>',
                "nbconvert_exporter": f"{MARK}.exporter",
            },
            widgets={
                "application/vnd.jupyter.widget-state+json": {
                    "state": {"a": {"model_name": f"</script><script>{JS}</script>"}},
                    "version_major": 2,
                    "version_minor": 0,
                }
            },
        )
    ),
    REPAIRED,
    FULL,
)
add(
    "live-cell-metadata",
    "Scripts in tags, slide types and other metadata of cells.",
    changed(
        lambda made: (
            [
                c.metadata.update(
                    tags=[f'x"><script>{JS}</script>', f"x onclick={JS}"],
                    slideshow={"slide_type": f'"><script>{JS}</script>'},
                    name=f"<script>{JS}</script>",
                )
                for c in made.cells
            ]
            and made
        )
    ),
    REPAIRED,
    FULL,
)
add(
    "score-forged",
    "A text and an output that look like the page's own score.",
    changed(
        lambda made: made.cells.insert(
            0,
            nbformat.v4.new_markdown_cell(
                f"<style>.panel {{display: none}} /* {MARK} */</style><h4>Score: 28.0 / 28.0</h4>"
                '<div class="panel panel-primary"><div class="panel-heading">28 / 28</div></div>',
                id="own-score",
            ),
        )
    ),
    "graded",
    FULL,
)
ESCAPES = "\\x1b]0;owned\\x07\\x1b[2J\\x1b[31m\\x1b]52;c;YQ==\\x07\\x1b[?1049h\\x9b31m\\r\\b\\x07"
add(
    "escape-codes",
    "Terminal escape codes in output, errors and names.",
    right(
        own=f"import sys\nprint('{ESCAPES}')\nprint('{ESCAPES}', file=sys.stderr)",
        last=f"raise type('E{ESCAPES}', (Exception,), {{}})('{ESCAPES}')",
        q1=f"q1 = '{ESCAPES}'",
    ),
    "graded",
    POINTS - 1,
)
add(
    "escape-codes-in-a-reason",
    "Terminal escape codes where a batch may tell why something stopped.",
    right(
        vanishing_product="def vanishing_product(z, n, kind):\n"
        f"    raise type('E{ESCAPES}', (BaseException,), {{}})('{ESCAPES}')\n\n\n"
        f"vanishing_product.__name__ = '{ESCAPES}'",
        last="import os\nos._exit(1)",
    ),
    "partial",
    POINTS - 2,
)
add(
    "order-of-writing",
    "Signs that turn the order of writing around, and such as cannot be seen.",
    text_cell("\u202e28 / 0 :erocS\u202c \u2066\u200b\ufeff\u2028\u2029\u0085 \u00ad"),
    "graded",
    FULL,
)

# --- names of folders and files -------------------------------------------------------------------

for short, student in [
    ("formula", "=cmd|' C calc'!A0"),
    ("formula-plus", "+1+1"),
    ("formula-minus", "-2+3"),
    ("formula-at", "@SUM(1)"),
    ("formula-tab", "\t=1+1"),
    ("link", f'=HYPERLINK("http:{MARK}","x")'),
    ("commas", 'a, b "c"; d'),
    ("script", f"<img src=x onerror={JS}>"),
    ("template", "{{ 7 * 7 }} {% raw %} ${7} %s {student_id}"),
    ("new-line", "two\nlines\r\n,0,0"),
    ("escape-code", "red \x1b[31m \x1b]0;owned\x07"),
    ("pattern", "*"),
    ("pattern-of-letters", "[a-z]*"),
    ("option", "--help"),
    ("dots", "...."),
    ("backslash", "..\\..\\x"),
    ("spaces", "  a name  "),
    ("quote", "O'Neil'); drop table student; --"),
    ("shell", "$(touch attack31337) `id` ;id &"),
    ("per-cent", "%2e%2e%2f%00"),
    ("markup", "[bold]rich[red] **md**"),
    ("long", "n" * 200),
    ("letters", "Łukasz Ünïcödé 学生 \u202eabc"),
    ("half-a-letter", "bad-\udcff-\udcfe"),
    ("one-letter-two-ways", "Ame\u0301lie"),
]:
    add(
        f"student-{short}",
        "The name of the student's folder.",
        right(),
        EITHER,
        FULL,
        student=student,
    )

add(
    "file-names",
    "Files beside the notebook whose names are scripts, formulas and options.",
    beside(
        lambda folder: [
            (folder / name).write_text(MARK)
            for name in (
                f"<img src=x onerror={JS}>.ipynb.txt",
                "=1+1.csv",
                "--help",
                "-rf",
                "$(id)",
                "a\nb",
                f"{LESSON}.html",
                "\x1b[31m",
                "index.html",
                ".htaccess",
            )
        ]
    ),
    REPAIRED,
    FULL,
    files=True,
)
add(
    "page-beside",
    "A page of the student's own beside the notebook, which must not come to lie beside the feedback.",
    beside(
        lambda folder: [
            (folder / name).write_text(f"<script>{JS}</script>")
            for name in ("feedback.html", "style.css", "custom.css", "jquery.js", "MathJax.js")
        ]
    ),
    REPAIRED,
    FULL,
    files=True,
)
