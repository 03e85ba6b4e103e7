"""What all figures to move have in common: their look, their controls, their still picture."""

import io
from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent
STILL = {"svg.fonttype": "none", "svg.hashsalt": "gradients-by-hand"}
# Traits that differ from one widget to the next and change nothing in the picture.
NO_LOOK = {*anywidget.AnyWidget.class_trait_names(), "_esm", "_css", "_anywidget_id"}
MOST_DRAWN = 64
_drawn = {}  # pictures by class and state: drawing takes longer than all else that a figure does


def source(module):
    """Return the ES module of a figure: what all share, and the file beside its Python module."""
    name = module.rpartition(".")[2]
    return "\n".join((HERE / f"{part}.js").read_text("utf-8") for part in ("shared", name))


class MovingFigure(anywidget.AnyWidget):
    """A figure that is drawn in the browser and moved there, by mouse or by keyboard.

    A subclass has an ES module of the same name beside it, which draws from `data` and from the
    traits that the learner moves; a method `still()` that returns a matplotlib figure of the same
    state, for pages without a kernel; and `alt()`, which says in words what is seen.
    """

    title = traitlets.Unicode().tag(sync=True)
    data = traitlets.Dict().tag(sync=True)

    def __init_subclass__(cls, **kwargs):
        if "_esm" not in cls.__dict__:  # anywidget makes a subclass of its own with both as traits
            cls._esm = source(cls.__module__)
            cls._css = (HERE / "shared.css").read_text("utf-8")
        super().__init_subclass__(**kwargs)

    def still(self):
        raise NotImplementedError

    def alt(self):
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        # Without the address that a repr has, so that two runs give the same text.
        data |= {"text/plain": f"[Figure: {self.alt()}]", "image/svg+xml": self._svg()}
        return data, metadata

    def _svg(self):
        """Return the still picture as SVG; one that was drawn before is not drawn again."""
        state = self.get_state()
        key = (
            type(self).__qualname__,
            repr([state[name] for name in sorted(state.keys() - NO_LOOK)]),
        )
        if key not in _drawn:
            while len(_drawn) >= MOST_DRAWN:
                del _drawn[next(iter(_drawn))]
            _drawn[key] = self._draw()
        return _drawn[key]

    def _draw(self):
        """Return the still picture as SVG, with its description inside."""
        import html

        import matplotlib as mpl

        out = io.StringIO()
        with mpl.rc_context(STILL):
            self.still().savefig(out, format="svg", metadata={"Date": None, "Creator": None})
        svg = out.getvalue()
        start = svg.index("<svg")
        end = svg.index(">", start)
        look = ' role="img" style="max-width:100%;background:#fff"'
        return f"{svg[start:end]}{look}><title>{html.escape(self.alt())}</title>{svg[end + 1 :]}"
