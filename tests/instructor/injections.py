"""Notebooks that try to run something in a feedback page, or to load something into it."""

import base64

from nbformat import from_dict

RUN = "window.ran=1;new Image().src='https://ran.example/'"
SCRIPT = f"<script>{RUN}</script>"
IMAGE = f'<img src="https://loaded.example/" onerror="{RUN}">'
EVERYTHING = f"\"'>{SCRIPT}{IMAGE}</title></style></pre></textarea>-->{SCRIPT}"
PNG = base64.b64encode(
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99"
    b"=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
).decode()
PAGE = base64.b64encode(SCRIPT.encode()).decode()
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"'


def cell(kind, source, metadata=None, outputs=(), **more):
    found = {"cell_type": kind, "source": source, "metadata": metadata or {}, "id": "c"}
    if kind == "code":
        found |= {"outputs": list(outputs), "execution_count": 1}
    return found | more


def markdown(source, **more):
    return cell("markdown", source, **more)


def shows(**data):
    """Return a code cell whose output has the mime types `text_html` and so on."""
    mimes = {
        "html": "text/html",
        "plain": "text/plain",
        "markdown": "text/markdown",
        "latex": "text/latex",
        "svg": "image/svg+xml",
        "png": "image/png",
        "jpeg": "image/jpeg",
        "pdf": "application/pdf",
        "javascript": "application/javascript",
        "mermaid": "text/vnd.mermaid",
        "widget": "application/vnd.jupyter.widget-view+json",
    }
    bundle = {mimes[name]: text for name, text in data.items()}
    return code("show()", {"output_type": "display_data", "data": bundle, "metadata": {}})


def code(source, *outputs, metadata=None, count=1, **more):
    return cell("code", source, metadata, outputs, **more) | {"execution_count": count}


def prints(text, name="stdout"):
    return code("f()", {"output_type": "stream", "name": name, "text": text})


def raises(ename, evalue, traceback=()):
    error = {"output_type": "error", "ename": ename, "evalue": evalue}
    return code("f()", error | {"traceback": list(traceback)})


def answer(name, source="x = 1", *outputs, count=1, **about):
    known = {"grade_id": name, "solution": True, "grade": False, "locked": False, **about}
    return code(source, *outputs, metadata={"nbgrader": known}, count=count)


def grade_cell(name, source, *outputs, points=1.0, score=0.0, count=2, **metadata):
    known = {"grade_id": name, "solution": False, "grade": True, "locked": True}
    known |= {"points": points, "score": score}
    return code(source, *outputs, metadata={"nbgrader": known, **metadata}, count=count)


def error(ename, evalue="", *traceback):
    known = {"output_type": "error", "ename": ename, "evalue": evalue}
    return known | {"traceback": list(traceback)}


def notebook(*cells, **metadata):
    cells = [{**found, "id": f"c{i}"} for i, found in enumerate(cells)]
    return from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells})


MARKDOWN = {
    "a script": SCRIPT,
    "a script in a script": f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    "a script with attributes": f'<script/x type="module" async>{RUN}</script >',
    "an image that fails": IMAGE,
    "an image from elsewhere": "![x](https://loaded.example/x.png)",
    "a link": f"[x](javascript:{RUN.replace(' ', '%20')})",
    "a link in other letters": f"[x](JaVa\tScRiPt:{RUN}) [y](java&#115;cript:alert(1))",
    "a link in HTML": f'<a href="java\nscript:{RUN}" target="x" onclick="{RUN}">x</a>',
    "a link of reference": f"[x][y]\n\n[y]: javascript:{RUN.replace(' ', '')}",
    "an automatic link": "<javascript:window.ran=1> <vbscript:x> www.x.example",
    "a link to a page in it": f"[x](data:text/html;base64,{PAGE})",
    "a picture that is a page": f"![x](data:text/html;base64,{PAGE})",
    "a link to a host without a scheme": "[x](//loaded.example/) [y](\\\\\\\\loaded.example\\x)",
    "a title of a link": f"[x](https://x.example '\"onmouseover=\"{RUN}')",
    "words for a picture": f'![x" onerror="{RUN}](attachment:no)',
    "the language of code": f'```"><img/src=x/onerror={RUN.replace(" ", "")}>\nx\n```',
    "a drawing of mermaid": f"```mermaid\n</pre>{SCRIPT}\n```",
    "a formula with HTML": rf"$\text{{{SCRIPT}}}$ and $$\mathrm{{{IMAGE}}}$$",
    "a formula with a link": r"$\href{javascript:window.ran=1}{x}$ $\url{javascript:window.ran=1}$",
    "a formula with a style": r"$\style{background:url(https://loaded.example/)}{x}\class{k}{x}$",
    "a formula that is no formula": rf"$\unknown {SCRIPT}$",
    "a formula in an attribute": '<p title="\n\n$x$ " onclick="window.ran=1">',
    "code in an attribute": f"<p title='\n\n```python\n\"onclick={RUN}\n```\n\n' x>",
    "a marker in an attribute": '<p title="<bdi title=&quot;0-0&quot;></bdi>"><bdi title="0-0">',
    "a form": f'<form action="https://loaded.example/"><button formaction="javascript:{RUN}">x'
    f'</button><input autofocus onfocus="{RUN}"></form>',
    "a folded text": f'<details open ontoggle="{RUN}"><summary>x</summary></details>',
    "a table": f"| a |\n|---|\n| {SCRIPT} |",
    "a heading": f"# {EVERYTHING}",
    "a heading of an exercise": f"### {EVERYTHING}",
}
HTML = {
    "a script": SCRIPT,
    "a script of another namespace": f'<svg><script href="https://loaded.example/x">{RUN}</script>',
    "an image that fails": IMAGE,
    "an image with many sources": '<img srcset="https://loaded.example/ 2x" src="x.png">',
    "an SVG that is loaded": f'<svg onload="{RUN}"><animate onbegin="{RUN}" attributeName="x"/>',
    "an SVG with a link": f'<svg><a xlink:href="javascript:{RUN}"><text>x</text></a></svg>',
    "a frame": f'<iframe srcdoc="{SCRIPT.replace(chr(34), "")}" src="javascript:{RUN}"></iframe>',
    "an object": f'<object data="data:text/html;base64,{PAGE}"></object><embed src="x.swf">',
    "a new address": '<meta http-equiv="refresh" content="0;url=https://loaded.example/">',
    "another policy": '<meta http-equiv="Content-Security-Policy" content="default-src *">',
    "a base": '<base href="https://loaded.example/"><a href="x">x</a>',
    "a form": '<form action="https://loaded.example/"><input name="x"><button>x</button></form>',
    "a style": "<style>@import 'https://loaded.example/'; * { display: none }</style>",
    "a style that loads": '<p style="background:url(https://loaded.example/)">x</p>',
    "a style that covers the page": '<p style="position:fixed;inset:0;background:#fff">x</p>',
    "a style sheet": '<link rel="stylesheet" href="https://loaded.example/">',
    "a video": f'<video poster="https://loaded.example/" src="x" onerror="{RUN}" autoplay></video>',
    "MathML that is parsed twice": '<math><mtext><table><mglyph><style><!--</style><img title="--'
    f'&gt;&lt;img src=1 onerror={RUN}&gt;">',
    "MathML with a link": '<math><mrow href="javascript:window.ran=1">x</mrow><annotation-xml '
    f'encoding="text/html">{SCRIPT}</annotation-xml></math>',
    "SVG that is parsed twice": f'<svg></p><style><a id="</style>{IMAGE.replace(chr(34), "")}">',
    "no script": f'<noscript><p title="</noscript>{IMAGE.replace(chr(34), "")}">x</noscript>',
    "a template": f"<template>{SCRIPT}</template><slot></slot>",
    "a title and a text area": f"<title></title>{SCRIPT}<textarea></textarea>{SCRIPT}",
    "a comment": f"<!--><img src=x onerror={RUN}>--><!-- --!>{SCRIPT}<![CDATA[{SCRIPT}]]>",
    "a NUL": f"<scr\0ipt>{RUN}</scr\0ipt><img \0 src=x o\0nerror={RUN}>",
    "a tag that is not closed": f'<img src="x" onerror="{RUN}"',
    "attributes without quotes": f"<p title=`x`onclick={RUN}>x<p/onclick={RUN}>",
    "a name that scripts use": '<p id="main" name="body" class="verdict passed">x</p>',
    "a button": f'<button onclick="{RUN}" popovertarget="x">x</button><dialog open>x</dialog>',
    "a picture that is a page": f'<img src="data:text/html;base64,{PAGE}">',
    "a link that is a page": f'<a href="data:text/html;base64,{PAGE}">x</a>',
    "a frame set": "<frameset><frame src='https://loaded.example/'></frameset>",
    "the end of the page": f"</div></details></section></main></body></html>{SCRIPT}",
}
SVGS = {
    "a script": f"{SVG}><script>{RUN}</script></svg>",
    "a load": f'{SVG} onload="{RUN}"><image href="https://loaded.example/"/></svg>',
    "HTML in it": f"{SVG}><foreignObject><body>{SCRIPT}{IMAGE}</body></foreignObject></svg>",
    "an end of the attribute": f'{SVG}></svg>"><script>{RUN}</script>',
    "a style sheet": f'<?xml-stylesheet href="https://loaded.example/"?>{SVG}></svg>',
}
TEXTS = {
    "HTML": EVERYTHING,
    "a link of a terminal": "\x1b]8;;javascript:window.ran=1\x07x\x1b]8;;\x07",
    "the title of a terminal": f"\x1b]0;{SCRIPT}\x1b\\x",
    "colours around a tag": f"\x1b[31m<scr\x1b[0mipt>{RUN}</script>",
    "backspaces and NULs": f"<\x08<script\0>{RUN}",
    "a surrogate": f"\ud800{SCRIPT}",
    "a line that is turned around": f"\u202e{SCRIPT}\u2028{SCRIPT}",
}
OTHERS = {
    "JavaScript as an output": [shows(javascript=RUN, plain=SCRIPT)],
    "LaTeX as an output": [shows(latex=rf"$\href{{javascript:{RUN}}}{{x}}$")],
    "mermaid as an output": [shows(mermaid=f"</pre>{SCRIPT}")],
    "a widget": [shows(widget={"model_id": f"</script>{SCRIPT}"}, plain=SCRIPT)],
    "a PDF": [shows(pdf=PAGE)],
    "a PNG that is a page": [shows(png=PAGE), shows(png=f'"onerror="{RUN}'), shows(jpeg=SCRIPT)],
    "words for a picture": [shows(png=PNG, plain=f"[Figure: {EVERYTHING}]")],
    "Markdown as an output": [shows(markdown=f"{SCRIPT} [x](javascript:window.ran=1) $x$")],
    "an output of odd types": [
        shows(html=["<script>", 1], plain={"x": SCRIPT}, svg=7, markdown=None),
        code("f()", {"output_type": "stream", "name": SCRIPT, "text": [SCRIPT, 1]}),
        code("f()", {"output_type": SCRIPT, "data": SCRIPT}),
        code("f()", {"output_type": "error", "ename": 1, "evalue": [SCRIPT], "traceback": SCRIPT}),
    ],
    "the metadata of an output": [
        code(
            "f()",
            {
                "output_type": "display_data",
                "data": {"image/png": PNG},
                "metadata": {"image/png": {"width": f"1 onerror={RUN}", "alt": EVERYTHING}},
            },
        )
    ],
    "an error": [
        raises(SCRIPT, IMAGE, [SCRIPT, f"Cell In[1], line 1\n{IMAGE}"]),
        raises("Mismatch", f"{SCRIPT}\n\n{IMAGE}"),
    ],
    "a block as a check shows it": [
        grade_cell(
            "check_x",
            "check()",
            error("Mismatch", "x: is wrong."),
            shows(html=f'<div role="note" onclick="{RUN}">{SCRIPT}{IMAGE}</div>')["outputs"][0],
        )
    ],
    "the source of a cell": [code(EVERYTHING), cell("raw", EVERYTHING)],
    "tags and metadata of a cell": [
        code("x", metadata={"tags": [EVERYTHING], "jupyter": SCRIPT, "nbgrader": SCRIPT}),
        markdown("x", metadata={"tags": EVERYTHING, "name": EVERYTHING, "nbgrader": {"grade": 1}}),
    ],
    "the name of a test": [
        answer(EVERYTHING, comment=EVERYTHING, points=EVERYTHING),
        grade_cell(EVERYTHING, "x", points=EVERYTHING, score=EVERYTHING),
    ],
    "names of attachments": [
        markdown(f"![x]({name.replace(' ', '%20')})", attachments={name[11:]: {mime: data}})
        for name in ("attachment:a.png", f'attachment:"onerror="{RUN}"')
        for mime, data in (("text/html", PAGE), ("image/png", PAGE), ("image/png", EVERYTHING))
    ],
    "attachments that are none": [markdown("![x](attachment:a)", attachments=EVERYTHING)],
}
CASES = {
    **{f"markdown: {name}": [markdown(text)] for name, text in MARKDOWN.items()},
    **{f"html: {name}": [shows(html=text, plain="x")] for name, text in HTML.items()},
    **{f"svg: {name}": [shows(svg=text, plain="[Figure: x]")] for name, text in SVGS.items()},
    **{
        f"text: {name}": [prints(text), prints(text, "stderr"), code(text), shows(plain=text)]
        for name, text in TEXTS.items()
    },
    **OTHERS,
}
METADATA = {
    "title": EVERYTHING,
    "authors": [{"name": EVERYTHING}],
    "kernelspec": {"name": EVERYTHING, "display_name": EVERYTHING, "language": EVERYTHING},
    "language_info": {"name": EVERYTHING, "pygments_lexer": EVERYTHING, "mimetype": EVERYTHING},
    "widgets": {
        "application/vnd.jupyter.widget-state+json": {
            "state": {"x": {"model_module": f"</script>{SCRIPT}", "state": {"_esm": RUN}}}
        }
    },
}
