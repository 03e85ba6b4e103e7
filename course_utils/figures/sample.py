"""A function of the learner's own on a grid, so that the browser can move along it."""

import math

import numpy as np

from course_utils.oracles import numerical_derivative

KINK = 1e-3  # two slopes this far apart, for their size, are two and not one
SIDE = 6e-6  # the step of a difference to one side


def grid(low, high, steps=200):
    """Return the multiples of a round step from low to high: about so many, as an array.

    Raises ValueError where low is not below high.

    >>> grid(0, 1, steps=10).tolist()
    [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"low = {low} and high = {high}: low has to be below high")
    rough = (high - low) / steps
    power = 10.0 ** math.floor(math.log10(rough) + 1e-9)
    step = min((k * power for k in (1, 2, 5, 10)), key=lambda s: abs(s - rough))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return np.round(np.arange(first, last + 1) * step, 12)


def on_grid(points, value, name="x"):
    """Return the grid point next to a value; raises ValueError where it lies beside the grid."""
    if not points[0] - 1e-9 <= value <= points[-1] + 1e-9:
        raise ValueError(
            f"{name} = {value:g} is outside: choose it from {points[0]:g} to {points[-1]:g}"
        )
    return float(points[np.argmin(np.abs(points - value))])


def sample(f, points, name):
    """Return f at each point, an array. f: function of one number. name: what messages call it.

    Raises ValueError where f cannot be called or gives anything but finite numbers.
    """
    if not callable(f):
        raise ValueError(f"{name} is {f!r}: give the function itself, such as np.sin")
    with np.errstate(all="ignore"):
        return np.array([_value(f, point, name) for point in points])


def _value(f, point, name):
    try:
        value = np.asarray(f(point))
    except (ValueError, ZeroDivisionError, OverflowError) as error:  # math's way to say "no value"
        raise ValueError(f"{name} has no value at {point:g} ({error}): {CURE}") from error
    if value.size != 1 or value.dtype.kind not in "fiub":
        raise ValueError(f"{name} returns {value!r} for one number: return one real number")
    if not np.isfinite(value).all():
        raise ValueError(f"{name} has no finite value at {point:g}: {CURE}")
    return float(value.reshape(()))


CURE = "choose low and high where it is defined"


def slopes(f, points, name):
    """Return the slope of f at each point, a list with None where f has a kink.

    f: function of one number that has values at all points. Slopes are told to about 8 decimals.
    Raises ValueError where f has no values beside a point.
    """
    found = []
    for point in points:
        with np.errstate(all="ignore"):
            step = SIDE * max(1.0, abs(point))
            left, here, right = sample(f, (point - step, point, point + step), name)
            slope = numerical_derivative(lambda t: _value(f, t, name), point)
        jump = abs(right - 2 * here + left) / step
        kink = jump > KINK * max(1.0, abs(slope))
        found.append(None if kink else round(slope, 8) + 0.0)
    return found


def link(pair, name):
    """Return a link's `(function, letter, label)` from the pair (function, "u = 2x + 1").

    Raises ValueError where the pair is something else.
    """
    try:
        f, label = pair
        letter = label.partition("=")[0].strip()
    except (TypeError, ValueError, AttributeError):
        letter = label = ""
    if not letter or "=" not in label or len(label) > 20 or len(letter) > 3:
        raise ValueError(
            f'{name} is {pair!r}: give a pair such as (np.sin, "u = sin x"), with at most 20 '
            "characters, of which at most 3 are the name before the sign ="
        )
    return f, letter, label
