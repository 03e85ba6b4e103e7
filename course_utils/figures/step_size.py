"""The error of a numerical derivative against its step: falling, then rising again."""

import numpy as np
import traitlets

from course_utils.figures.base import MovingFigure
from course_utils.figures.static import PURPLE, new_figure
from course_utils.oracles import numerical_derivative

# The formulas as they stand on the screen; each is computed wholly in the dtype of x.
SCHEMES = {
    "forward": lambda f, x, h: (f(x + h) - f(x)) / h,
    "central": lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h),
    "complex": lambda f, x, h: f(x + 1j * h).imag / h,
}
DTYPES = {"float64": np.float64, "float32": np.float32}
STEPS = [float(f"{10 ** (e / 10):.1e}") for e in range(-160, 1)]  # ten a decade, of two digits
FUNCTIONS = [
    (
        lambda x: x * np.log(x + np.exp(-x)),
        lambda x: np.log(x + np.exp(-x)) + x * (1 - np.exp(-x)) / (x + np.exp(-x)),
        "x ln(x + e⁻ˣ)",
    ),
    (np.exp, np.exp, "eˣ"),
    (lambda x: np.sin(10 * x), lambda x: 10 * np.cos(10 * x), "sin(10x)"),
]
LOWEST = 1e-18


class StepSize(MovingFigure):
    """See `step_size`. Moved by the learner: function (its label), scheme, dtype and h."""

    function = traitlets.Unicode().tag(sync=True)
    scheme = traitlets.Enum(list(SCHEMES), "central").tag(sync=True)
    dtype = traitlets.Enum(list(DTYPES), "float64").tag(sync=True)
    h = traitlets.Float().tag(sync=True)

    def _curve(self):
        """Return the chosen curve as sent to the browser, or None, and the place of h in it."""
        curve = self.data["curves"][self.function][self.dtype][self.scheme]
        return curve, int(np.argmin(np.abs(np.log(np.array(STEPS) / self.h))))

    def still(self):
        figure, axis = new_figure(height=3.8)
        curve, i = self._curve()
        axis.set(xscale="log", yscale="log", xlim=(STEPS[0], STEPS[-1]), ylim=self.data["limits"])
        axis.set(xlabel="step h", ylabel="error of the derivative")
        if curve is None:
            axis.text(0.5, 0.5, "no complex step", transform=axis.transAxes, ha="center")
            return figure
        errors = np.array(curve["errors"], float)  # None becomes nan: a gap
        label = f"{self.scheme}, {self.dtype}"
        axis.plot(STEPS, np.maximum(errors, self.data["limits"][0]), lw=1.5, label=label)
        axis.plot(STEPS[i], max(errors[i], self.data["limits"][0]), "o", color="black", ms=7)
        for name, style in (("truncation", "--"), ("rounding", ":")):
            ys = np.array(curve[name], float)
            axis.plot(STEPS, np.where(ys > 0, ys, np.nan), style, label=f"theory: {name}")
        if curve["best"]:
            axis.axvline(curve["best"], color=PURPLE, lw=1.2, ls="-.", label="theory's best h")
        axis.legend(fontsize=9)
        return figure

    def alt(self):
        curve, i = self._curve()
        name = f"the {self.scheme} difference" if self.scheme != "complex" else "the complex step"
        start = f"The error of {name} of {self.function} at x = {self.data['x']:g} in {self.dtype}"
        if curve is None:
            return f"{start} does not exist: the function takes no complex numbers."
        error = curve["errors"][i]
        told = "not known" if error is None else f"{error:.2g}"
        end = f" Theory's best h is {curve['best']:.2g}." if curve["best"] else ""
        here = f"At h = {STEPS[i]:.2g} it is {told}."
        return f"{start} against the step h, both axes logarithmic. {here}{end}"


def step_size(functions=FUNCTIONS, *, x=1.5, h=1e-3):
    """Return a figure of error against step: the learner moves h, chooses function, scheme, dtype.

    functions: list of triples (f, its true derivative, label), each a function of an array; or one
    such triple. A derivative that is not true shows as an error that no step brings down.
    x: the point, rounded to float32. h: the first step, from 1e-16 to 1.
    Raises ValueError where a function has no finite value at x, or leaves float32.

    >>> step_size((np.exp, np.exp, "eˣ"), x=1.0, h=1e-5).alt().split(". ")[-1]
    "Theory's best h is 8.7e-06."
    """
    if isinstance(functions, tuple) and functions and callable(functions[0]):
        functions = [functions]
    if not STEPS[0] <= h <= STEPS[-1]:
        raise ValueError(f"h = {h:g}: choose a step from 1e-16 to 1")
    x = float(np.float32(x))  # one point in both, so that only the arithmetic differs
    curves, untrue = {}, []
    for triple in functions:
        f, df, label = _triple(triple)
        with np.errstate(all="ignore"):
            curves[label] = _curves(f, df, label, x)
            slope, told = numerical_derivative(f, x), float(df(x))
        if abs(slope - told) > 1e-5 * max(abs(slope), abs(told), 1e-3):
            untrue.append(label)
    if not curves:
        raise ValueError("no functions: give triples (f, df, label)")
    drawn = [c for by in curves.values() for d in by.values() for c in d.values() if c]
    top = max(e for c in drawn for e in [*c["errors"], 1e-2] if e is not None)
    data = {
        "x": x,
        "hs": STEPS,
        "curves": curves,
        "untrue": untrue,
        "limits": [LOWEST, 10.0 ** np.ceil(np.log10(top) + 0.2)],
    }
    title = "The best step lies between truncation and rounding"
    near = min(STEPS, key=lambda s: abs(np.log(s / h)))
    return StepSize(title=title, data=data, function=next(iter(curves)), h=near)


def _triple(triple):
    try:
        f, df, label = triple
    except (TypeError, ValueError):
        f = df = label = None
    if not (callable(f) and callable(df) and isinstance(label, str) and 0 < len(label) <= 30):
        raise ValueError(
            f'{triple!r}: give (f, df, label), such as (np.sin, np.cos, "sin x"), with a label of '
            "at most 30 characters"
        )
    return f, df, label


def _curves(f, df, label, x):
    """Return the curves of one function by dtype and scheme."""
    true = _number(df, x, f"the derivative of {label}")
    sizes = {
        "f": abs(_number(f, x, label)),
        "f1": abs(true),
        "f2": abs(numerical_derivative(df, x)),
        "f3": abs(_second(df, x)),
    }
    return {
        dtype: {scheme: _errors(f, label, x, true, sizes, dtype, scheme) for scheme in SCHEMES}
        for dtype in DTYPES
    }


def _number(f, x, label):
    try:
        value = np.asarray(f(np.float64(x)), float)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise ValueError(f"{label} fails at x = {x:g}: {error}") from error
    if value.size != 1 or not np.isfinite(value).all():
        raise ValueError(f"{label} has no finite value at x = {x:g}: choose another x")
    return float(value.reshape(()))


def _second(f, x, h=1e-3):
    """Return the second difference of f, known to about six digits, or 0 where it is nothing."""
    terms = [f(x + h), -2 * f(x), f(x - h)]
    second = sum(terms) / h**2
    noise = 1e-8 * max(map(abs, terms))  # what rounding makes of it, generously
    return float(second) if abs(second) > noise else 0.0


def _errors(f, label, x, true, sizes, dtype, scheme):
    """Return one curve with its theory; None where the function has no complex step."""
    kind = DTYPES[dtype]
    xs, hs = np.full(len(STEPS), x, kind), np.array(STEPS, kind)
    try:
        found = SCHEMES[scheme](f, xs, hs)
    except (TypeError, ValueError) as error:
        if scheme == "complex":
            return None
        raise ValueError(f"{label} takes no array ({error}): use np.sin, not math.sin") from error
    found = np.broadcast_to(found, hs.shape)
    if found.dtype != kind:
        raise ValueError(
            f"{label} returns {found.dtype} for {dtype}: use plain Python numbers in it, such as "
            "float(np.sqrt(2))"
        )
    if scheme == "complex" and not np.iscomplexobj(f(xs + 1j * hs)):
        return None  # as np.abs does
    errors = np.abs(found.astype(float) - true)
    truncation, rounding = _theory(scheme, sizes, np.finfo(kind).eps)
    return {
        "errors": [float(f"{e:.3g}") if np.isfinite(e) else None for e in errors],
        "truncation": [float(f"{t:.3g}") for t in truncation(np.array(STEPS))],
        "rounding": [float(f"{r:.3g}") for r in rounding(np.array(STEPS))],
        "best": _best(truncation, rounding) if scheme != "complex" else None,
        # Smaller errors than this are not known: the true value is a float64 itself.
        "known": float(np.finfo(float).eps * abs(true)),
    }


def _theory(scheme, sizes, eps):
    """Return the errors of truncation and of rounding that theory expects, as functions of h."""
    if scheme == "forward":
        return (lambda h: sizes["f2"] * h / 2), (lambda h: 2 * eps * sizes["f"] / h)
    if scheme == "central":
        return (lambda h: sizes["f3"] * h**2 / 6), (lambda h: eps * sizes["f"] / h)
    return (lambda h: sizes["f3"] * h**2 / 6), (lambda h: eps * sizes["f1"] + 0 * h)


def _best(truncation, rounding):
    """Return the step at which the sum of both errors is least, or None where it has no minimum."""
    hs = np.logspace(-12, 2, 14001)
    total = truncation(hs) + rounding(hs)
    i = int(total.argmin())
    return float(f"{hs[i]:.2g}") if 0 < i < len(hs) - 1 else None
