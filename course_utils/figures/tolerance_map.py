"""Which planted mistakes survive a gradient check: by its tolerance, and by its fixture."""

import numpy as np
import traitlets

from course_utils.figures.base import MovingFigure
from course_utils.figures.static import BLUE, new_figure

EXPONENTS = range(-1, -11, -1)


class ToleranceMap(MovingFigure):
    """See `tolerance_map`. Moved by the learner: exponent (of the tolerance) and fixture."""

    exponent = traitlets.Int(-1).tag(sync=True)
    fixture = traitlets.Unicode().tag(sync=True)

    def _table(self):
        """Return, by bug and tolerance, what is caught; and by tolerance, what right code gets."""
        fixture = self.data["fixtures"][self.fixture]
        errors = np.array([np.inf if e is None else e for e in fixture["errors"]])
        tolerances = 10.0 ** np.array(EXPONENTS)
        return errors[:, None] >= tolerances, fixture["noise"] >= tolerances

    def still(self):
        caught, rejected = self._table()
        bugs = self.data["bugs"]
        figure, axis = new_figure(width=7.2, height=1.1 + 0.22 * len(bugs))
        rows = np.vstack([rejected, caught])
        axis.imshow(np.where(rows, 0.45, 0.0), cmap="Blues", vmin=0, vmax=1, aspect="auto")
        for (row, column), yes in np.ndenumerate(rows):
            sign = "×" if yes else ("○" if row else "")
            axis.text(column, row, sign, ha="center", va="center", size=9)
        axis.set_xticks(range(len(EXPONENTS)), [f"1e{e}" for e in EXPONENTS])
        axis.set_yticks(range(len(rows)), ["right code", *bugs], size=8)
        axis.axvspan(-self.exponent - 1.5, -self.exponent - 0.5, fill=False, ec=BLUE, lw=2)
        axis.axhline(0.5, color="black")
        axis.grid(visible=False)
        axis.set_xlabel("tolerance   (× rejected, ○ survives)")
        axis.set_title(self.fixture)
        return figure

    def alt(self):
        caught, rejected = self._table()
        column = -self.exponent - 1
        count, alarm = int((~caught[:, column]).sum()), rejected[column]
        return (
            f"A map of {len(caught)} planted bugs and ten tolerances, on the fixture "
            f'"{self.fixture}". At the tolerance 1e{self.exponent}, {count} of them survive, and '
            f"right code is {'rejected' if alarm else 'accepted'}."
        )


def tolerance_map(fixtures, *, fixture=None, exponent=-1):
    """Return a map of which bugs survive a check; the learner moves the tolerance and the fixture.

    fixtures: `{name: {"bugs": names, "errors": array (n,), "noise": number}}`, as
    `course_utils.diagnosis.detection.detection()` returns it; the bugs are the same in each.
    errors: the relative error that a check finds for each, inf for a wrong shape. noise: that of
    right code. fixture: the one shown first. exponent: of the tolerance, from -1 to -10.
    Raises ValueError where the fixtures do not agree in their bugs.

    >>> one = {"bugs": ["sign", "leaky"], "errors": [1.0, 0.02], "noise": 1e-10}
    >>> tolerance_map({"good": one}).alt().split(". ")[1]
    'At the tolerance 1e-1, 1 of them survive, and right code is accepted.'
    """
    if not fixtures:
        raise ValueError("fixtures is empty: give at least one, see diagnosis.detection")
    first = next(iter(fixtures))
    fixture = first if fixture is None else fixture
    if fixture not in fixtures:
        raise ValueError(f"fixture is {fixture!r}: choose one of {', '.join(fixtures)}")
    if exponent not in EXPONENTS:
        raise ValueError(f"exponent is {exponent}: choose a whole number from -1 to -10")
    bugs = list(fixtures[first]["bugs"])
    for name, its in fixtures.items():
        if list(its["bugs"]) != bugs:
            raise ValueError(f"{name}: its bugs are not those of {first}; plant the same in each")
        errors = np.asarray(its["errors"], float)
        if errors.shape != (len(bugs),) or np.isnan(errors).any() or not np.isfinite(its["noise"]):
            raise ValueError(f"{name}: needs one error for each bug, and a finite noise")
    # The largest errors of the first fixture on top: what is read is a staircase.
    order = np.argsort(-np.asarray(fixtures[first]["errors"], float), kind="stable")
    data = {
        "bugs": [bugs[i] for i in order],
        "fixtures": {
            name: {"errors": _plain(its["errors"], order), "noise": float(its["noise"])}
            for name, its in fixtures.items()
        },
    }
    title = "Which bugs survive a gradient check?"
    return ToleranceMap(title=title, data=data, fixture=fixture, exponent=exponent)


def _plain(errors, order):
    """Return the errors in an order, as JSON can hold them: None for inf."""
    return [float(errors[i]) if np.isfinite(errors[i]) else None for i in order]
