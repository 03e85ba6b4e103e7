"""How a wrong answer is told: one sentence, a small table, and where to look."""


class Mismatch(AssertionError):
    """Raised when a learner's value is not what it should be.

    sentence: what is wrong, naming the quantity first ("dw: ...").
    rows: (where, yours, true) triples for a small table, largest error first; may be empty.
    look: where to look, or "".
    mistake: the key of the mistake that explains it and its place; "unknown" where one was looked
    for and nothing fits, "" where nobody looked. steps: what is read about the mistake, in place of
    `look`; as many of them are shown as `shown` says. hint: how an unexplained value differs.
    `str()` of it is the whole message in plain text; a notebook shows it in place of a traceback.
    """

    def __init__(self, sentence, rows=(), look="", mistake=""):
        super().__init__(sentence)
        self.sentence, self.rows, self.look = sentence, tuple(rows), look
        self.mistake, self.steps, self.shown, self.hint = mistake, (), 1, ""

    def __str__(self):
        return "\n\n".join(filter(None, [self.sentence, self.details()]))

    def details(self):
        """Return all but the sentence in plain text, "" where there is no more."""
        return "\n\n".join(filter(None, [self._aligned_table(), *self.advice()]))

    def advice(self):
        """Return what is said below the table: about the mistake, or where to look."""
        return list(self.steps[: self.shown]) or [" ".join(filter(None, [self.hint, self.look]))]

    def table(self):
        """Return the rows as lists of strings, the headings first; [] where there are none."""
        if not self.rows:
            return []
        first = "largest error first" if len(self.rows) > 1 else ""
        cells = [[where, *_told_apart(a, b), _ratio(a, b)] for where, a, b in self.rows]
        return [[first, "yours", "true", "yours / true"], *cells]

    def _aligned_table(self):
        cells = self.table()
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        return "\n".join(
            "  " + "   ".join(c.rjust(n) for c, n in zip(row, widths, strict=True)) for row in cells
        )

    def _render_traceback_(self):
        # IPython prints these lines and no traceback; ipykernel calls this twice.
        return [f"{type(self).__name__}: {self}"]


class NotWritten(Mismatch):
    """Raised when an exercise is still as it was shipped."""


def _told_apart(a, b):
    """Return both numbers with eight digits, or with as many as show that they differ."""
    for digits in range(8, 18):
        shown = f"{a:.{digits}g}", f"{b:.{digits}g}"
        if shown[0] != shown[1] or a == b:
            break
    return shown


def _ratio(yours, true):
    """Return the ratio with six digits, or with as many as show that it is not 1."""
    return _told_apart_from_one(yours / true + 0) if true else "-"


def _told_apart_from_one(ratio):
    for digits in range(6, 18):
        shown = f"{ratio:.{digits}g}"
        if shown != "1" or ratio == 1:
            break
    return shown
