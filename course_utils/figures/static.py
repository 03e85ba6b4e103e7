"""Still figures: matplotlib drawings in the course's look, shown with a description in words."""

import base64
import contextlib
import hashlib
import html
import io
import pickle

# Dark enough to be read as text on white; told apart also by those who see few colours.
BLUE, RED, GREEN, PURPLE, GREY = "#0b5fa5", "#b3261e", "#1b6e4b", "#7a3e9d", "#5f6368"
STYLE = {
    "axes.grid": True,
    "axes.prop_cycle": f"cycler(color={[BLUE, RED, GREEN, PURPLE, GREY]})",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.dpi": 110,
    "font.size": 10.5,
    "grid.alpha": 0.3,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "svg.hashsalt": "gradients-by-hand",
}
MOST_DRAWN = 64
_shown = True
_drawn = {}  # pictures by all that is in their figure: to draw one takes 20 times as long


def new_figure(columns=1, rows=1, *, width=6.4, height=3.4):
    """Return `(figure, axes)` in the course's look; axes is one Axes or an array of them.

    width, height: of the whole figure, in inches. Nothing is shown before `show`.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained", dpi=STYLE["figure.dpi"])
        return figure, figure.subplots(rows, columns)


def show(figure, alt):
    """Show a figure in the notebook, with `alt`, a description for those who cannot see it.

    Raises ValueError where the description is empty.
    """
    if not alt.strip():
        raise ValueError("a figure needs alt text: say in one sentence what is seen")
    if not _shown:
        return
    from IPython.display import display

    data = base64.b64encode(_png(figure)).decode()
    # As HTML, since JupyterLab takes no alt text from the metadata of an image.
    picture = (
        f'<img src="data:image/png;base64,{data}" alt="{html.escape(alt)}" '
        'style="max-width:100%;background:#fff;border-radius:4px">'
    )
    display({"text/html": picture, "text/plain": f"[Figure: {alt}]"}, raw=True)


@contextlib.contextmanager
def nothing_shown():
    """Within this block `show` draws nothing: for runs in which nobody looks."""
    global _shown
    before, _shown = _shown, False
    try:
        yield
    finally:
        _shown = before


def _png(figure):
    """Return a figure as a PNG; one with all the same in it is not drawn again."""
    import matplotlib as mpl

    key = _fingerprint(figure)
    if key not in _drawn:
        png = io.BytesIO()
        with mpl.rc_context(STYLE):
            figure.savefig(png, format="png", metadata={"Software": None})
        if key is None:
            return png.getvalue()
        while len(_drawn) >= MOST_DRAWN:
            del _drawn[next(iter(_drawn))]
        _drawn[key] = png.getvalue()
    return _drawn[key]


def _fingerprint(figure):
    """Return what tells a figure from every other one, or None for one that tells nothing."""
    from matplotlib.transforms import TransformNode

    class Pickler(pickle.Pickler):
        def reducer_override(self, value):
            if not isinstance(value, TransformNode):
                return NotImplemented
            state = dict(value.__getstate__())  # its parents stand there by their addresses
            state["_parents"] = list(state["_parents"].values())
            return type, (type(value),), state

    out = io.BytesIO()
    try:
        Pickler(out, protocol=5).dump(figure)
    except Exception:  # such as a formatter that is a function of a cell
        return None
    return hashlib.sha256(out.getvalue()).digest()
