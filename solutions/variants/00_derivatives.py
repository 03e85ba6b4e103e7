# ---
# jupyter:
#   course: {}
# ---

# %% [markdown]
# Answers to lesson 0 as learners write them: right ones in other styles, and wrong ones. The tests
# accept every right one and reject every wrong one; the sample class is made from them.

# %% right="horner" of="f_prime"
def f_prime(x):
    x = np.array(x, dtype=float)
    return (12 * x * x - 4) * x + 7

# %% right="list comprehension" of="f_prime"
def f_prime(x):
    if np.ndim(x) == 0:
        return float(12 * x**3 - 4 * x + 7)
    return [12 * float(t) ** 3 - 4 * float(t) + 7 for t in x]

# %% right="warns about 0/0" of="f_prime"
def f_prime(x):
    x = np.asarray(x, float)
    return np.where(x == 0, 7.0, (12 * x**4 - 4 * x**2 + 7 * x) / x)

# %% wrong="constant kept" of="f_prime"
def f_prime(x):
    x = np.asarray(x, float)
    return 12 * x**3 - 4 * x + 7 - 1

# %% wrong="exponent not lowered" of="f_prime"
def f_prime(x):
    x = np.asarray(x, float)
    return 12 * x**4 - 4 * x**2 + 7 * x

# %% wrong="exponents not multiplied" of="f_prime"
def f_prime(x):
    x = np.asarray(x, float)
    return 3 * x**3 - 2 * x + 7

# %% wrong="linear term kept" of="f_prime"
def f_prime(x):
    x = np.asarray(x, float)
    return 12 * x**3 - 4 * x + 7 * x

# %% wrong="sign of the square term" of="f_prime"
def f_prime(x):
    x = np.asarray(x, float)
    return 12 * x**3 + 4 * x + 7

# %% wrong="prints in place of returning" of="f_prime"
def f_prime(x):
    x = np.asarray(x, float)
    print(12 * x**3 - 4 * x + 7)

# %% wrong="caret in place of power" of="f_prime"
def f_prime(x):
    x = np.asarray(x, float)
    return 12 * x^3 - 4 * x + 7

# %% wrong="antiderivative" of="f_prime"
def f_prime(x):
    x = np.asarray(x, float)
    return 3 / 5 * x**5 - 2 / 3 * x**3 + 7 / 2 * x**2 - x

# %% wrong="sum over the array" of="f_prime"
def f_prime(x):
    x = np.asarray(x, float)
    return np.sum(12 * x**3 - 4 * x + 7)

# %% right="common factor" of="g_prime"
def g_prime(x):
    x = np.asarray(x, float)
    return np.exp(x) * (1 + 2 * x) / (2 * np.sqrt(x))

# %% right="named parts and powers" of="g_prime"
def g_prime(x):
    x = np.asarray(x, float)
    u, v = x**0.5, np.exp(x)
    du, dv = 0.5 * x**-0.5, v
    return du * v + u * dv

# %% wrong="factor by factor" of="g_prime"
def g_prime(x):
    x = np.asarray(x, float)
    return 1 / (2 * np.sqrt(x)) * np.exp(x)

# %% wrong="minus of the quotient rule" of="g_prime"
def g_prime(x):
    x = np.asarray(x, float)
    return np.exp(x) / (2 * np.sqrt(x)) - np.sqrt(x) * np.exp(x)

# %% wrong="half forgotten in the root" of="g_prime"
def g_prime(x):
    x = np.asarray(x, float)
    return np.exp(x) / np.sqrt(x) + np.sqrt(x) * np.exp(x)

# %% wrong="bracket of the denominator missing" of="g_prime"
def g_prime(x):
    x = np.asarray(x, float)
    return 1 / 2 * np.sqrt(x) * np.exp(x) + np.sqrt(x) * np.exp(x)

# %% wrong="exp differentiated as a power" of="g_prime"
def g_prime(x):
    x = np.asarray(x, float)
    return np.exp(x) / (2 * np.sqrt(x)) + np.sqrt(x) * x * np.exp(x - 1)

# %% wrong="array of whole numbers for the result" of="g_prime"
def g_prime(x):
    result = np.zeros_like(x)
    for i, t in enumerate(np.atleast_1d(x)):
        result[i if np.ndim(x) else ()] = np.exp(t) / (2 * np.sqrt(t)) + np.sqrt(t) * np.exp(t)
    return result

# %% wrong="a list is not made an array" of="g_prime"
def g_prime(x):
    return np.exp(x) / (2 * x**0.5) + x**0.5 * np.exp(x)

# %% wrong="only one number" of="g_prime"
import math

def g_prime(x):
    return math.exp(x) / (2 * math.sqrt(x)) + math.sqrt(x) * math.exp(x)

# %% right="divided out" of="h_prime"
def h_prime(x):
    x = np.asarray(x, float)
    return 1 - 2 / (x - 1) ** 2

# %% right="product with a negative power" of="h_prime"
def h_prime(x):
    x = np.asarray(x, float)
    return 2 * x * (x - 1) ** -1 - (x**2 + 1) * (x - 1) ** -2

# %% wrong="terms of the numerator exchanged" of="h_prime"
def h_prime(x):
    x = np.asarray(x, float)
    return ((x**2 + 1) - 2 * x * (x - 1)) / (x - 1) ** 2

# %% wrong="denominator not squared" of="h_prime"
def h_prime(x):
    x = np.asarray(x, float)
    return (2 * x * (x - 1) - (x**2 + 1)) / (x - 1)

# %% wrong="slope over slope" of="h_prime"
def h_prime(x):
    x = np.asarray(x, float)
    return 2 * x / 1

# %% wrong="plus in the numerator" of="h_prime"
def h_prime(x):
    x = np.asarray(x, float)
    return (2 * x * (x - 1) + (x**2 + 1)) / (x - 1) ** 2

# %% wrong="brackets of the second term missing" of="h_prime"
def h_prime(x):
    x = np.asarray(x, float)
    return (2 * x * (x - 1) - x**2 + 1) / (x - 1) ** 2

# %% wrong="negative power of whole numbers" of="h_prime"
def h_prime(x):
    return 2 * x * (x - 1) ** -1 - (x**2 + 1) * (x - 1) ** -2

# %% wrong="changes x in place" of="h_prime"
def h_prime(x):
    x -= 1
    return 1 - 2 / x**2

# %% wrong="remembers the visible points" of="h_prime"
def h_prime(x):
    table = {0.5: -7.0, 2.0: -1.0, 3.5: 0.68, -2: 7 / 9, 3: 0.5, 6: 0.92}
    return np.array([table.get(t, 0.0) for t in np.ravel(x)]).reshape(np.shape(x))

# %% right="solved equation step by step" of="ellipse_slope"
def ellipse_slope(x, y):
    from_x = 2 * x / 4
    factor = 2 * y / 9
    return -from_x / factor

# %% right="by the parameter" of="ellipse_slope"
def ellipse_slope(x, y):
    cos_t, sin_t = np.float64(x) / 2, np.float64(y) / 3
    return (3 * cos_t) / (-2 * sin_t)

# %% wrong="sign lost" of="ellipse_slope"
def ellipse_slope(x, y):
    return 9 * x / (4 * y)

# %% wrong="slope of x against y" of="ellipse_slope"
def ellipse_slope(x, y):
    return -4 * y / (9 * x)

# %% wrong="axes exchanged" of="ellipse_slope"
def ellipse_slope(x, y):
    return -4 * x / (9 * y)

# %% wrong="circle" of="ellipse_slope"
def ellipse_slope(x, y):
    return -x / y

# %% wrong="only the upper half" of="ellipse_slope"
def ellipse_slope(x, y):
    return -3 * x / (4 * np.sqrt(1 - x**2 / 4))

# %% wrong="y prime forgotten" of="ellipse_slope"
def ellipse_slope(x, y):
    return x / 2 + 2 * y / 9

# %% wrong="bracket of the denominator missing" of="ellipse_slope"
def ellipse_slope(x, y):
    return -9 * x / 4 * y

# %% right="tanh" of="stable_sigmoid"
def stable_sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z)))

# %% right="masks" of="stable_sigmoid"
def stable_sigmoid(z):
    z = np.asarray(z, float)
    result = np.empty_like(z)
    positive = z >= 0
    result[positive] = 1 / (1 + np.exp(-z[positive]))
    grown = np.exp(z[~positive])
    result[~positive] = grown / (1 + grown)
    return result

# %% right="clipped" of="stable_sigmoid"
def stable_sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))

# %% right="one number at a time" of="stable_sigmoid"
import math

def one_sigmoid(t):
    if t >= 0:
        return 1 / (1 + math.exp(-t))
    return math.exp(t) / (1 + math.exp(t))

def stable_sigmoid(z):
    return np.vectorize(one_sigmoid, otypes=[float])(z)

# %% right="logaddexp" of="stable_sigmoid"
def stable_sigmoid(z):
    return np.exp(-np.logaddexp(0, -np.asarray(z, float)))

# %% wrong="plain formula" of="stable_sigmoid"
def stable_sigmoid(z):
    return 1 / (1 + np.exp(-np.asarray(z, float)))

# %% wrong="where with both branches" of="stable_sigmoid"
def stable_sigmoid(z):
    z = np.asarray(z, float)
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))

# %% wrong="absolute value for both signs" of="stable_sigmoid"
def stable_sigmoid(z):
    return 1 / (1 + np.exp(-np.abs(z)))

# %% wrong="clipped too narrowly" of="stable_sigmoid"
def stable_sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -10, 10)))

# %% wrong="clipped so that 1e-13 is left" of="stable_sigmoid"
def stable_sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -30, 30)))

# %% wrong="warning switched off" of="stable_sigmoid"
def stable_sigmoid(z):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-np.asarray(z, float)))

# %% wrong="warning filtered away" of="stable_sigmoid"
def stable_sigmoid(z):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return 1 / (1 + np.exp(-np.asarray(z, float)))

# %% wrong="a list is not made an array" of="stable_sigmoid"
def stable_sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))

# %% wrong="sign of z" of="stable_sigmoid"
def stable_sigmoid(z):
    small = np.exp(-np.abs(z))
    return np.where(np.asarray(z) < 0, 1 / (1 + small), small / (1 + small))

# %% wrong="result of whole numbers" of="stable_sigmoid"
def stable_sigmoid(z):
    z = np.asarray(z)
    result = np.zeros_like(z)
    small = np.exp(-np.abs(z))
    result[z >= 0] = (1 / (1 + small))[z >= 0]
    result[z < 0] = (small / (1 + small))[z < 0]
    return result

# %% wrong="if on an array" of="stable_sigmoid"
def stable_sigmoid(z):
    if z >= 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))

# %% wrong="python's exp with overflow" of="stable_sigmoid"
import math

def stable_sigmoid(z):
    return np.vectorize(lambda t: 1 / (1 + math.exp(-t)), otypes=[float])(z)

# %% wrong="only flat arrays" of="stable_sigmoid"
def stable_sigmoid(z):
    small = [np.exp(-abs(t)) for t in np.ravel(z)]
    values = [1 / (1 + e) if t >= 0 else e / (1 + e) for t, e in zip(np.ravel(z), small)]
    return np.array(values) if np.ndim(z) else values[0]

# %% right="table of functions" of="activation_derivative"
def activation_derivative(z, kind):
    z = np.asarray(z, dtype=float)
    s = stable_sigmoid(z)
    t = np.tanh(z)
    return {"sigmoid": s - s**2, "tanh": (1 - t) * (1 + t), "relu": (z > 0).astype(float)}[kind]

# %% right="symmetric sigmoid" of="activation_derivative"
def activation_derivative(z, kind):
    e = np.exp(-np.abs(z))
    match kind:
        case "sigmoid":
            return e / (1 + e) ** 2
        case "tanh":
            return 4 * e**2 / (1 + e**2) ** 2
        case "relu":
            return np.heaviside(z, 0)

# %% right="lists of lists" of="activation_derivative"
def activation_derivative(z, kind):
    if np.ndim(z):
        return [activation_derivative(part_of_z, kind) for part_of_z in z]
    if kind == "relu":
        return 1 if z > 0 else 0
    if kind == "tanh":
        return 1 - np.tanh(z) ** 2
    return (1 - np.tanh(z / 2) ** 2) / 4

# %% wrong="formula in s fed with z" of="activation_derivative"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "sigmoid":
        return z * (1 - z)
    if kind == "tanh":
        return 1 - np.tanh(z) ** 2
    return (z > 0) * 1.0

# %% wrong="slope at the activation" of="activation_derivative"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "sigmoid":
        a = 0.5 * (1 + np.tanh(0.5 * z))
        s = 0.5 * (1 + np.tanh(0.5 * a))
        return s * (1 - s)
    if kind == "tanh":
        return 1 - np.tanh(z) ** 2
    return (z > 0) * 1.0

# %% wrong="square of tanh forgotten" of="activation_derivative"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "sigmoid":
        return (1 - np.tanh(z / 2) ** 2) / 4
    if kind == "tanh":
        return 1 - np.tanh(z)
    return (z > 0) * 1.0

# %% wrong="relu slope at 0 is 1" of="activation_derivative"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "sigmoid":
        return (1 - np.tanh(z / 2) ** 2) / 4
    if kind == "tanh":
        return 1 - np.tanh(z) ** 2
    return (z >= 0) * 1.0

# %% wrong="activations in place of slopes" of="activation_derivative"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "sigmoid":
        return 0.5 * (1 + np.tanh(0.5 * z))
    if kind == "tanh":
        return np.tanh(z)
    return np.maximum(z, 0)

# %% wrong="truth values for relu" of="activation_derivative"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "sigmoid":
        return (1 - np.tanh(z / 2) ** 2) / 4
    if kind == "tanh":
        return 1 - np.tanh(z) ** 2
    return z > 0

# %% wrong="quotient form that overflows" of="activation_derivative"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "sigmoid":
        return np.exp(-z) / (1 + np.exp(-z)) ** 2
    if kind == "tanh":
        return 1 - np.tanh(z) ** 2
    return (z > 0) * 1.0

# %% wrong="cosh that overflows" of="activation_derivative"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "sigmoid":
        return (1 - np.tanh(z / 2) ** 2) / 4
    if kind == "tanh":
        return 1 / np.cosh(z) ** 2
    return (z > 0) * 1.0

# %% wrong="only the sigmoid so far" of="activation_derivative"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "sigmoid":
        return (1 - np.tanh(z / 2) ** 2) / 4

# %% wrong="relu by z over z" of="activation_derivative"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "sigmoid":
        return (1 - np.tanh(z / 2) ** 2) / 4
    if kind == "tanh":
        return 1 - np.tanh(z) ** 2
    return np.maximum(z, 0) / z

# %% wrong="relu not handled" of="activation_derivative"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "sigmoid":
        return (1 - np.tanh(z / 2) ** 2) / 4
    if kind == "tanh":
        return 1 - np.tanh(z) ** 2

# %% right="table" of="classify_critical"
def classify_critical(df, c):
    signs = int(np.sign(df(c - 0.01))), int(np.sign(df(c + 0.01)))
    return {(-1, 1): "minimum", (1, -1): "maximum"}.get(signs, "neither")

# %% right="several points on each side" of="classify_critical"
def classify_critical(df, c):
    steps = [0.02, 0.05, 0.09]
    falls_before = all(df(c - s) < 0 for s in steps)
    falls_after = all(df(c + s) < 0 for s in steps)
    if falls_before == falls_after:
        return "neither"
    return "minimum" if falls_before else "maximum"

# %% right="product of signs" of="classify_critical"
def classify_critical(df, c, h=1e-3):
    before, after = df(c - h), df(c + h)
    if np.sign(before) * np.sign(after) > 0:
        return "neither"
    return "minimum" if after > before else "maximum"

# %% wrong="second-derivative test" of="classify_critical"
def classify_critical(df, c):
    second = (df(c + 1e-5) - df(c - 1e-5)) / 2e-5
    if second > 1e-8:
        return "minimum"
    if second < -1e-8:
        return "maximum"
    return "neither"

# %% wrong="minimum and maximum exchanged" of="classify_critical"
def classify_critical(df, c):
    left, right = df(c - 0.05), df(c + 0.05)
    if left > 0 > right:
        return "minimum"
    if left < 0 < right:
        return "maximum"
    return "neither"

# %% wrong="only the right side" of="classify_critical"
def classify_critical(df, c):
    if df(c + 0.05) > 0:
        return "minimum"
    return "maximum"

# %% wrong="steps too far" of="classify_critical"
def classify_critical(df, c):
    left, right = df(c - 1), df(c + 1)
    if left < 0 < right:
        return "minimum"
    if left > 0 > right:
        return "maximum"
    return "neither"

# %% wrong="tolerance for the slope" of="classify_critical"
def classify_critical(df, c):
    left, right = df(c - 0.05), df(c + 0.05)
    if left < -1e-6 and right > 1e-6:
        return "minimum"
    if left > 1e-6 and right < -1e-6:
        return "maximum"
    return "neither"

# %% wrong="words spelled otherwise" of="classify_critical"
def classify_critical(df, c):
    left, right = df(c - 0.05), df(c + 0.05)
    if left < 0 < right:
        return "Minimum"
    if left > 0 > right:
        return "Maximum"
    return "Neither"

# %% wrong="saddle in place of neither" of="classify_critical"
def classify_critical(df, c):
    left, right = df(c - 0.05), df(c + 0.05)
    if left < 0 < right:
        return "minimum"
    if left > 0 > right:
        return "maximum"
    return "saddle"

# %% wrong="compares the sizes only" of="classify_critical"
def classify_critical(df, c):
    left, right = df(c - 0.05), df(c + 0.05)
    if right > left:
        return "minimum"
    if right < left:
        return "maximum"
    return "neither"

# %% wrong="looks at the slope at c" of="classify_critical"
def classify_critical(df, c):
    if df(c) > 0:
        return "minimum"
    if df(c) < 0:
        return "maximum"
    return "neither"

# %% wrong="neither has no return" of="classify_critical"
def classify_critical(df, c):
    left, right = df(c - 0.05), df(c + 0.05)
    if left < 0 < right:
        return "minimum"
    if left > 0 > right:
        return "maximum"

# %% right="closed form" of="mvt_points"
import math

def mvt_points(a, b):
    c = math.sqrt((a * a + a * b + b * b) / 3)
    points = []
    if a < -c < b:
        points.append(-c)
    if a < c < b:
        points.append(c)
    return points

# %% right="roots of a polynomial" of="mvt_points"
def mvt_points(a, b):
    slope = ((b**3 - b) - (a**3 - a)) / (b - a)
    roots = np.sort(np.roots([3, 0, -1 - slope]).real)
    return roots[(roots > a) & (roots < b)]

# %% wrong="both roots always" of="mvt_points"
def mvt_points(a, b):
    c = np.sqrt((a * a + a * b + b * b) / 3)
    return [-c, c]

# %% wrong="only the positive root" of="mvt_points"
def mvt_points(a, b):
    c = np.sqrt((a * a + a * b + b * b) / 3)
    return [c]

# %% wrong="ends count" of="mvt_points"
def mvt_points(a, b):
    c = np.sqrt((a * a + a * b + b * b) / 3)
    return [p for p in (-c, c) if a <= p <= b]

# %% wrong="one root twice" of="mvt_points"
def mvt_points(a, b):
    c = np.sqrt((a * a + a * b + b * b) / 3)
    return [c, c] if a < -c else [p for p in (-c, c) if a < p < b]

# %% wrong="falling order" of="mvt_points"
def mvt_points(a, b):
    c = np.sqrt((a * a + a * b + b * b) / 3)
    return [p for p in (c, -c) if a < p < b]

# %% wrong="the one forgotten" of="mvt_points"
def mvt_points(a, b):
    slope = (cubic(b) - cubic(a)) / (b - a)
    c = np.sqrt(slope / 3)
    return [p for p in (-c, c) if a < p < b]

# %% wrong="square root forgotten" of="mvt_points"
def mvt_points(a, b):
    c = (a * a + a * b + b * b) / 3
    return [p for p in (-c, c) if a < p < b]

# %% wrong="midpoint" of="mvt_points"
def mvt_points(a, b):
    return [(a + b) / 2]

# %% wrong="critical points" of="mvt_points"
def mvt_points(a, b):
    c = np.sqrt(1 / 3)
    return [p for p in (-c, c) if a < p < b]

# %% wrong="not divided by the distance" of="mvt_points"
def mvt_points(a, b):
    rise = cubic(b) - cubic(a)
    c = np.sqrt((rise + 1) / 3)
    return [p for p in (-c, c) if a < p < b]

# %% wrong="always the example" of="mvt_points"
def mvt_points(a, b):
    return [-1.1547005383792515, 1.1547005383792515]

# %% right="built-in max" of="lipschitz_constant"
def lipschitz_constant(d2f, a, b):
    xs = np.linspace(a, b, 1001)
    return max(abs(value) for value in d2f(xs))

# %% right="points by hand" of="lipschitz_constant"
def lipschitz_constant(d2f, a, b):
    points = a + (b - a) * np.arange(1001) / 1000
    values = d2f(points)
    return float(max(values.max(), -values.min()))

# %% wrong="absolute value missing" of="lipschitz_constant"
def lipschitz_constant(d2f, a, b):
    return np.max(d2f(np.linspace(a, b, 1001)))

# %% wrong="size of the largest" of="lipschitz_constant"
def lipschitz_constant(d2f, a, b):
    return abs(np.max(d2f(np.linspace(a, b, 1001))))

# %% wrong="last point left out" of="lipschitz_constant"
def lipschitz_constant(d2f, a, b):
    points = np.arange(a, b, (b - a) / 1000)[:1000]
    return np.max(np.abs(d2f(points)))

# %% wrong="fifty points" of="lipschitz_constant"
def lipschitz_constant(d2f, a, b):
    return np.max(np.abs(d2f(np.linspace(a, b))))

# %% wrong="only the ends" of="lipschitz_constant"
def lipschitz_constant(d2f, a, b):
    return max(abs(d2f(a)), abs(d2f(b)))

# %% wrong="place in place of value" of="lipschitz_constant"
def lipschitz_constant(d2f, a, b):
    points = np.linspace(a, b, 1001)
    return points[np.argmax(np.abs(d2f(points)))]

# %% wrong="learning rate" of="lipschitz_constant"
def lipschitz_constant(d2f, a, b):
    return 1 / np.max(np.abs(d2f(np.linspace(a, b, 1001))))

# %% wrong="array in place of its largest entry" of="lipschitz_constant"
def lipschitz_constant(d2f, a, b):
    return np.abs(d2f(np.linspace(a, b, 1001)))

# %% wrong="size of the points" of="lipschitz_constant"
def lipschitz_constant(d2f, a, b):
    return np.max(d2f(np.abs(np.linspace(a, b, 1001))))

# %% wrong="step that never shrinks" of="classify_critical" endless="call"
def classify_critical(df, c):
    step = 1.0
    while df(c - step) != 0:
        step = step
    return "minimum"

# %% wrong="searches in the cell without end" of="classify_critical" endless="cell"
def classify_critical(df, c):
    return "minimum" if df(c + 0.05) > 0 else "maximum"

step = 1.0
while classify_critical(lambda x: x - step, step) == "minimum":
    step = step
