"""Other uses of slopes: of a curve F(x, y) = c, in a step of gradient descent, in a power."""

import numpy as np

from course_utils.diagnosis.scalars import Found, close
from course_utils.oracles import tape


def from_case(case):
    """Return the Found explanation of an Implicit, a Step or a Power case, or None."""
    with np.errstate(all="ignore"):
        if hasattr(case, "learner"):
            return _power(case)
        return _slope(case) if hasattr(case, "slope") else _step(case)


def _slope(case):
    yours = np.array([float(case.slope(x, y)) for x, y in case.points])
    x, y = np.array(case.points, float).T
    Fx, Fy = np.array([tape.grad(lambda p: case.F(p[0], p[1]), np.array(p)) for p in case.points]).T
    guesses = {
        "wrong-sign": Fx / Fy,
        "implicit-upside-down": -Fy / Fx,
        "implicit-upside-down-sign": Fy / Fx,
        "implicit-sum": Fx + Fy,
        "implicit-only-toward-x": Fx,
        "implicit-only-toward-x-sign": -Fx,
        "implicit-bracket": -Fx / Fy * y**2,
        "implicit-bracket-sign": Fx / Fy * y**2,
        "implicit-product": -Fx * Fy,
        "implicit-y-forgotten": -Fx / Fy * y,
    }
    if close(yours, -Fx / Fy):
        return None
    for key, guess in guesses.items():
        if close(yours, guess):
            return Found(key.removesuffix("-sign") if key != "wrong-sign" else key)
    upper = np.sign(y) != 1
    if (upper.any() and not upper.all() and close(yours[~upper], (-Fx / Fy)[~upper])
            and close(yours[upper], (Fx / Fy)[upper])):  # fmt: skip
        return Found("implicit-one-half")
    kept = yours * Fy + Fx  # of the constant side
    if _is_one_number(kept):
        return Found("implicit-constant-kept")
    crossed = np.array([tape.grad(lambda p: case.F(p[1], p[0]), np.array(p)) for p in case.points])
    if close(yours, -crossed[:, 1] / crossed[:, 0]):
        return Found("implicit-coordinates-exchanged")
    ratio = yours / (-Fx / Fy)
    if _is_one_number(ratio):
        return Found(*_of_constant(ratio[0], Fx * y / (Fy * x)))
    return None


def _of_constant(ratio, k):
    """Return key, place and words of a wrong constant; k: the true ones, of -k x / y."""
    words = {"c": f"{ratio:.6g}"}
    if _is_one_number(k) and k[0] > 0:
        for key, c in (("exchanged", 1 / k[0] ** 2), ("roots", k[0] ** -0.5)):
            if abs(ratio - c) < 1e-9 * c:
                return f"implicit-coefficients-{key}", "", words
    two = min(abs(ratio - c) for c in (2, 0.5)) < 1e-9
    return "implicit-factor-two" if two else "implicit-coefficients", "", words


def _is_one_number(values):
    return np.ptp(values) < 1e-9 * abs(values[0])


def _power(case):
    slope = lambda x: float(tape.grad(case.f, x))
    a = np.array([float(case.f(x)) for x in case.points])
    s = np.array([slope(x) for x in case.points])
    keys = None
    for n in (2, 5, 3):
        yours = np.array([float(case.learner(x, n)) for x in case.points])
        parts = []  # of a slope that is a product or a difference of values
        for p, q in ((a, 1 - a), (1 - a, 1 + a)):
            parts += [p * q**n, p**n * q] if close(p * q, s) else []
        if close(1 - a**2, s):
            parts += [1 - a ** (2 * n), 1 - a ** (2**n)]
        handed_on, x = 1.0, np.array(case.points, float)
        for _ in range(n):
            handed_on = handed_on * np.array([slope(each) for each in x])
            x = np.array([float(case.f(each)) for each in x])
        guesses = {
            "right": [s**n],
            "value-handed-on": [handed_on],
            "product-for-power": [n * s],
            "power-left-out": [s],
            "power-inside": [np.array([slope(n * x) for x in case.points])],
            "power-of-one-part": parts,
        }
        fits = {key for key, values in guesses.items() if any(close(yours, v) for v in values)}
        keys = fits if keys is None else keys & fits
    return Found(min(keys)) if keys and "right" not in keys else None


def _step(case):
    keys = None
    for point, rate in (([1.3, -0.7], 0.2), ([-0.4, 1.9], 0.35), ([2.5, 0.6], 1.1)):
        p = np.array(point)
        yours = np.asarray(case.step(list(point), rate), float).ravel()
        g = np.asarray(tape.grad(case.f, p))
        moved = np.array([(p - rate * g)[0], p[1]])
        guesses = {
            "right": p - rate * g,
            "step-uphill": p + rate * g,
            "step-alone": -rate * g,
            "step-alone-uphill": rate * g,
            "step-half": p - rate * g / 2,
            "step-without-rate": p - g,
            "step-own-rate": p - 0.1 * g,
            "step-own-rate-small": p - 0.01 * g,
            "step-of-length-one": p - rate * g / np.linalg.norm(g),
            "step-second-from-first": p - rate * np.array([g[0], g[0]]),
            "step-second-from-new-first": p - rate * np.array([g[0], tape.grad(case.f, moved)[0]]),
            "step-first-from-second": p - rate * np.array([g[1], g[1]]),
            "step-slopes-exchanged": p - rate * g[::-1],
            "step-sum-of-slopes": p - rate * g.sum(),
            "step-value-for-slope": p - rate * case.f(p),
            "step-value-for-slope-each": p - rate * np.array([case.f(p * e) for e in np.eye(2)]),
            "step-second-uphill": p - rate * g * [1, -1],
            "step-first-uphill": p - rate * g * [-1, 1],
            "step-of-second-only": p - rate * np.array([0, g[1]]),
            "step-of-first-only": p - rate * np.array([g[0], 0]),
            "step-gradient-alone": g,
            "step-rate-divides": p - g / rate,
            "step-rate-squared": p - rate**2 * g,
            "step-new-first": p - rate * g,
            "step-exchanged": (p - rate * g)[::-1],
            "step-doubled": p - 2 * rate * g,
            "step-factor-on-point": rate * (p - g),
        }
        fits = {k for k, guess in guesses.items() if yours.shape == (2,) and close(yours, guess)}
        keys = fits if keys is None else keys & fits
    if not keys or "right" in keys:
        return None
    return Found(min(keys).removesuffix("-each"))
