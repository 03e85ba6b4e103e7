"""How a Mismatch is shown in a notebook: its sentence, and below it a table and where to look."""

import sys

from course_utils.checks.mismatch import Mismatch, NotWritten

# Theme variables of JupyterLab; elsewhere the page's own colours stay.
BOX = (
    "margin:.3em 0 .2em;padding:.5em .9em;display:inline-block;"
    "border-left:3px solid var(--jp-error-color1,#b3261e);"
    "color:var(--jp-ui-font-color1,inherit);background:var(--jp-layout-color1,transparent)"
)
NUMBER = "text-align:right;font-family:var(--jp-code-font-family,monospace);padding:.15em .9em"


def install():
    """Let a running notebook show each Mismatch in this way; elsewhere do nothing."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and hasattr(shell, "kernel"):
        shell.set_custom_exc((Mismatch, NotWritten), _show)


_ASKED = {}  # how often each mistake was shown: asking again gives the next step


def _show(shell, etype, value, tb, tb_offset=None):
    from IPython.display import display

    if value.steps:
        asked = value.sentence.partition(":")[0], value.mistake
        _ASKED[asked] = _ASKED.get(asked, 0) + 1
        value.shown = min(_ASKED[asked], len(value.steps))
    lines = [f"{etype.__name__}: {value.sentence}"]
    shell._showtraceback(etype, value, lines)
    if block := as_block(value):
        display(block, raw=True)
    return lines


def as_block(mismatch):
    """Return what stands below the sentence of a Mismatch, by MIME type; {} where nothing does."""
    if not (mismatch.rows or any(mismatch.advice())):
        return {}
    return {"text/html": as_html(mismatch), "text/plain": mismatch.details()}


def as_html(mismatch):
    """Return the table and the last sentence of a Mismatch as an accessible block of HTML."""
    import html

    parts = []
    if mismatch.rows:
        head, *rows = mismatch.table()
        cells = "".join(f'<th scope="col" style="{NUMBER}">{html.escape(c)}</th>' for c in head[1:])
        label = html.escape(head[0] or "entry")
        parts.append(f'<thead><tr><th scope="col">{label}</th>{cells}</tr></thead><tbody>')
        for place, *numbers in rows:
            cells = "".join(f'<td style="{NUMBER}">{html.escape(n)}</td>' for n in numbers)
            parts.append(f'<tr><th scope="row">{html.escape(place or "value")}</th>{cells}</tr>')
        caption = '<caption style="text-align:left">Your values beside the true ones</caption>'
        parts = [f'<table style="margin:0">{caption}', *parts, "</tbody></table>"]
    for sentence in filter(None, mismatch.advice()):
        parts.append(f'<p style="margin:.4em 0 0;max-width:42em">{html.escape(sentence)}</p>')
    return f'<div role="note" style="{BOX}">{"".join(parts)}</div>'
