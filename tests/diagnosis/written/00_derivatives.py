# %% [markdown]
# Lesson 0: answers for the tests of the diagnosis, wrong and right. None of them is handed out.

# %% wrong="exponent lowered by two" of="f_prime" key="exponent-lowered-twice" mistake="The term 3x^4 lost two from its exponent: its slope is 12x^3, not 12x^2." outputs="derivative"
def f_prime(x):
    x = np.asarray(x, float)
    quartic = 12 * x**2
    square = -4 * x
    return quartic + square + 7

# %% wrong="new exponent as the factor" of="f_prime" key="exponent-lowered-in-front" mistake="The factor that comes down is the new exponent, n - 1, in place of the old one, n." outputs="derivative"
def f_prime(x):
    x = np.asarray(x, float)
    total = np.zeros_like(x)
    for coefficient, n in [(3, 4), (-2, 2)]:
        total = total + coefficient * (n - 1) * x ** (n - 1)
    return total + 7

# %% wrong="slope of 7x lost" of="f_prime" key="term-missing" mistake="The linear term 7x is differentiated to 0; its slope is 7." outputs="derivative"
def f_prime(x):
    x = np.asarray(x, float)
    return 4 * 3 * x**3 - 2 * 2 * x + 0 - 0

# %% wrong="differentiated twice" of="f_prime" key="second-derivative" mistake="This is the second derivative: the function was differentiated once too often." outputs="derivative"
def f_prime(x):
    x = np.asarray(x, float)
    second = np.polyder([3, 0, -2, 7, -1], 2)
    return np.polyval(second, x)

# %% wrong="coefficients in rising order" of="f_prime" key="coefficients-reversed" mistake="The coefficients are in rising order, and polyval takes the one of the highest power first." outputs="derivative"
def f_prime(x):
    x = np.asarray(x, float)
    slopes = [7, -4, 0, 12]  # of 1, x, x^2, x^3
    return np.polyval(slopes, x)

# %% right="polynomial object" of="f_prime"
def f_prime(x):
    f = np.polynomial.Polynomial([-1, 7, -2, 0, 3])
    return f.deriv()(np.asarray(x, float))

# %% right="sum over the terms" of="f_prime"
terms = {4: 3, 2: -2, 1: 7, 0: -1}  # exponent: coefficient

def f_prime(x):
    x = np.asarray(x, float)
    return sum(n * c * x ** (n - 1) for n, c in terms.items() if n > 0)

# %% wrong="root differentiated as a square" of="g_prime" key="derivative-of-inverse" mistake="The root is differentiated as if it were x^2: its slope is 1 / (2 sqrt x), not 2x." outputs="derivative" source="swiftlang/swift#23124"
def g_prime(x):
    x = np.asarray(x, float)
    root, growth = np.sqrt(x), np.exp(x)
    d_root, d_growth = 2 * x, np.exp(x)
    return d_root * growth + root * d_growth

# %% wrong="slope of the root in both terms" of="g_prime" key="slope-for-value" mistake="In the second term of the product rule the slope of the root stands where the root itself stays as it is." outputs="derivative"
def g_prime(x):
    x = np.asarray(x, float)
    du = 0.5 * x**-0.5
    v = dv = np.exp(x)
    return du * v + du * dv

# %% wrong="exp lost in the second term" of="g_prime" key="outer-derivative-missing" mistake="In the second term of the product rule the factor e^x is missing." outputs="derivative"
def g_prime(x):
    x = np.asarray(x, float)
    first = np.exp(x) / (2 * np.sqrt(x))
    second = np.sqrt(x)
    return first + second

# %% wrong="slope of exp multiplied by x" of="g_prime" key="inner-value-times" mistake="The slope of e^x is given an inner derivative x; it is e^x alone." outputs="derivative"
def g_prime(x):
    x = np.asarray(x, float)
    u, du = np.sqrt(x), 1 / (2 * np.sqrt(x))
    v, dv = np.exp(x), x * np.exp(x)
    return du * v + u * dv

# %% wrong="root differentiated twice" of="g_prime" key="differentiated-twice" mistake="Where the slope of the root belongs stands its second derivative, -x^(-3/2) / 4." outputs="derivative"
def g_prime(x):
    x = np.asarray(x, float)
    return -0.25 * x**-1.5 * np.exp(x) + np.sqrt(x) * np.exp(x)

# %% right="logarithmic derivative" of="g_prime"
def g_prime(x):
    x = np.asarray(x, float)
    g = np.exp(x + np.log(x) / 2)
    return g * (1 + 0.5 / x)

# %% right="quotient by the root" of="g_prime"
def g_prime(x):
    x = np.asarray(x, float)
    # sqrt(x) e^x = x e^x / sqrt(x)
    top, bottom = x * np.exp(x), np.sqrt(x)
    d_top, d_bottom = (1 + x) * np.exp(x), 1 / (2 * np.sqrt(x))
    return (d_top * bottom - top * d_bottom) / x

# %% wrong="slope of the denominator is x" of="h_prime" key="part-not-differentiated" mistake="The slope of the denominator x - 1 is taken as x; it is 1." outputs="derivative"
def h_prime(x):
    x = np.asarray(x, float)
    u, du = x**2 + 1, 2 * x
    v, dv = x - 1, x
    return (du * v - u * dv) / v**2

# %% wrong="remainder of the long division" of="h_prime" key="other-function" mistake="The long division leaves the remainder 1 in place of 2: x^2 + 1 is (x - 1)(x + 1) + 2." outputs="derivative"
def h_prime(x):
    x = np.asarray(x, float)
    # x + 1 + 1 / (x - 1), term by term
    return 1 + 0 - 1 / (x - 1) ** 2

# %% wrong="sign of the remainder's slope" of="h_prime" key="exponent-not-multiplied" mistake="The slope of 2 / (x - 1) has the wrong sign: it falls, so its slope is -2 / (x - 1)^2." outputs="derivative"
def h_prime(x):
    x = np.asarray(x, float)
    return 1 + 2 * (x - 1.0) ** -2

# %% wrong="one differentiated to one" of="h_prime" key="constant-kept" mistake="In the slope of the numerator x^2 + 1 the constant 1 is kept; it contributes 0." outputs="derivative"
def h_prime(x):
    x = np.asarray(x, float)
    return ((2 * x + 1) * (x - 1) - (x**2 + 1)) / (x - 1) ** 2

# %% wrong="denominator missing in the first term" of="h_prime" key="quotient-factor-missing" mistake="In the quotient rule the slope of the numerator is not multiplied by the denominator." outputs="derivative"
def h_prime(x):
    x = np.asarray(x, float)
    u, v = x * x + 1, x - 1
    du, dv = 2 * x, 1.0
    return (du - u * dv) / (v * v)

# %% right="logarithmic derivative" of="h_prime"
def h_prime(x):
    x = np.asarray(x, float)
    h = (x**2 + 1) / (x - 1)
    return h * (2 * x / (x**2 + 1) - 1 / (x - 1))

# %% right="multiplied out" of="h_prime"
def h_prime(x):
    t = np.asarray(x, float) - 1.0
    return (t * t - 2) / (t * t)

# %% wrong="half axes in place of their squares" of="ellipse_slope" key="implicit-coefficients-roots" mistake="The numbers 9 and 4 of the equation were turned into 3 and 2: the half axes stand where their squares belong." outputs="slope"
def ellipse_slope(x, y):
    a, b = 2, 3
    return -(b * x) / (a * y)

# %% wrong="factor 2 of y squared missing" of="ellipse_slope" key="implicit-factor-two" mistake="y^2 / 9 is differentiated to y y' / 9: the factor 2 of the square is missing, while x^2 has it." outputs="slope"
def ellipse_slope(x, y):
    d_first = 2 * x / 4
    d_second = y / 9
    return -d_first / d_second

# %% wrong="right side differentiated to 1" of="ellipse_slope" key="implicit-constant-kept" mistake="The right side 1 of the equation is kept; the slope of a constant is 0." outputs="slope"
def ellipse_slope(x, y):
    # x/2 + 2 y y'/9 = 1
    return (1 - x / 2) / (2 * y / 9)

# %% wrong="coordinates exchanged in the fraction" of="ellipse_slope" key="implicit-coordinates-exchanged" mistake="x and y have changed places in the result: the slope is -9x / (4y)." outputs="slope"
def ellipse_slope(x, y):
    return -9 / 4 * y / (x + 0.0)

# %% right="explicit half by the sign of y" of="ellipse_slope"
def ellipse_slope(x, y):
    half = np.sign(y)
    return half * -3 * (x / 4) / np.sqrt(1 - x**2 / 4)

# %% right="gradient turned by a right angle" of="ellipse_slope"
def ellipse_slope(x, y):
    normal = complex(x / 4, y / 9)
    tangent = normal * 1j
    return tangent.imag / tangent.real

# %% wrong="tanh is its own slope" of="activation_derivative" key="not-differentiated" mistake="For tanh the function itself is returned; its slope is 1 - tanh^2." outputs="tanh" source="andersbll/nnet#4"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "sigmoid":
        s = stable_sigmoid(z)
        return s * (1 - s)
    if kind == "tanh":
        small = np.exp(-2 * np.abs(z))
        return np.sign(z) * (1 - small) / (1 + small)
    return 1.0 * (z > 0)

# %% wrong="bracket of the sigmoid's slope turned round" of="activation_derivative" key="wrong-sign" mistake="The slope of the sigmoid is computed as s (s - 1), so its sign is wrong everywhere." outputs="sigmoid"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "sigmoid":
        s = stable_sigmoid(z)
        return s * (s - 1)
    elif kind == "tanh":
        t = np.tanh(z)
        return 1 - t * t
    else:
        return np.where(z > 0, 1.0, 0.0)

# %% wrong="square around the bracket" of="activation_derivative" key="activation-square-misplaced" mistake="For tanh the square is taken of 1 - tanh, in place of tanh alone." outputs="tanh"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    slopes = {
        "sigmoid": lambda: stable_sigmoid(z) * stable_sigmoid(-z),
        "tanh": lambda: (1 - np.tanh(z)) ** 2,
        "relu": lambda: np.heaviside(z, 0.0),
    }
    return slopes[kind]()

# %% wrong="sign as the slope of relu" of="activation_derivative" key="activation-slope-negative" mistake="For relu the sign of z is returned: left of 0 the slope is 0, not -1." outputs="relu"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "relu":
        return np.sign(z)
    if kind == "tanh":
        return 1 - np.tanh(z) ** 2
    s = stable_sigmoid(z)
    return s - s * s

# %% wrong="inner half missing" of="activation_derivative" key="constant-factor" mistake="The sigmoid is written as (1 + tanh(z/2))/2, and the inner derivative 1/2 of z/2 is missing in its slope." outputs="sigmoid"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "sigmoid":
        t = np.tanh(z / 2)
        return 0.5 * (1 - t**2)
    if kind == "tanh":
        t = np.tanh(z)
        return 1 - t**2
    return (z > 0).astype(float)

# %% right="exponentials of logarithms" of="activation_derivative"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "relu":
        return (np.sign(z) + 1) // 2
    if kind == "tanh":
        return 4 * activation_derivative(2 * z, "sigmoid")
    return np.exp(-np.logaddexp(0, z) - np.logaddexp(0, -z))

# %% right="entry by entry with math" of="activation_derivative"
import math

def one_slope(t, kind):
    if kind == "sigmoid":
        e = math.exp(-abs(t))
        return e / (1 + e) / (1 + e)
    if kind == "tanh":
        return 1 - math.tanh(t) ** 2
    return 1.0 if t > 0 else 0.0

def activation_derivative(z, kind):
    z = np.array(z, dtype=float)
    return np.array([one_slope(t, kind) for t in z.ravel()]).reshape(z.shape)

# %% wrong="polynomial list without the 0 for x^3" of="f_prime" key="other-function" mistake="The coefficient list has no entry for the missing power x^3, so numpy takes it for a polynomial of degree 3." outputs="the whole result: it is the derivative of 3x^3 - 2x^2 + 7x - 1"
def f_prime(x):
    """Return the derivative of 3x^4 - 2x^2 + 7x - 1 at x. x: a number or (n,). Result: alike."""
    x = np.asarray(x, float)
    coefficients = [3, -2, 7, -1]
    slopes = np.polyder(coefficients)
    return np.polyval(slopes, x)

# %% wrong="power stays as it was" of="f_prime" key="exponent-kept" mistake="The factor n comes down, but the exponent is left at n where it must become n - 1." outputs="every term: the exponent is one too large"
def f_prime(x):
    x = np.asarray(x, float)
    total = 0 * x
    for factor, power in [(3, 4), (-2, 2), (7, 1)]:
        total = total + factor * power * x ** power
    return total

# %% wrong="power rule used on e^x" of="g_prime" key="power-rule-on-exp" mistake="The power rule is for x in the base; the derivative of e^x is e^x and not x e^(x - 1)." outputs="the derivative of the second factor, e^x"
def g_prime(x):
    """Return the derivative of sqrt(x) exp(x) at x > 0. x: a number or (n,). Result: alike."""
    x = np.asarray(x, float)
    u, v = np.sqrt(x), np.exp(x)
    du = 1 / (2 * np.sqrt(x))
    dv = x * np.exp(x - 1)
    return du * v + u * dv

# %% wrong="factors differentiated one by one" of="g_prime" key="product-factor-by-factor" mistake="A product is not differentiated factor by factor: the rule has two terms, u'v and uv', which are added." outputs="the last line, where both parts are put together"
def g_prime(x):
    x = np.asarray(x, float)
    slope_of_root = 0.5 * x**-0.5
    slope_of_exp = np.exp(x)
    return slope_of_root * slope_of_exp

# %% wrong="(x - 1)^2 multiplied out as x^2 - 1" of="h_prime" key="power-term-by-term" mistake="The quotient rule is right, but (x - 1)^2 is x^2 - 2x + 1 and not x^2 - 1." outputs="the denominator"
def h_prime(x):
    """Return the derivative of (x^2 + 1)/(x - 1) at x != 1. x: a number or (n,). Result: alike."""
    x = np.asarray(x, float)
    top = x**2 - 2 * x - 1  # multiplied out on paper
    bottom = x**2 - 1
    return top / bottom

# %% wrong="minus of 1/v lost" of="h_prime" key="quotient-plus-for-minus" mistake="The derivative of (x - 1)^-1 is minus (x - 1)^-2; the exponent -1 that comes down was lost." outputs="the second term, where 1/(x - 1) is differentiated"
def h_prime(x):
    x = np.asarray(x, float)
    # as a product: (x^2 + 1) times (x - 1)^-1
    first = 2 * x * (x - 1) ** -1
    second = (x**2 + 1) * (x - 1) ** -2
    return first + second

# %% wrong="y replaced by the upper half" of="ellipse_slope" key="implicit-one-half" mistake="The y of the point is thrown away and the height of the upper half is used, so points of the lower half get the slope of the other half." outputs="all points of the lower half: the sign"
def ellipse_slope(x, y):
    """Return the slope dy/dx, a number, of x^2/4 + y^2/9 = 1 at its point (x, y), y != 0."""
    height = 3 * np.sqrt(1 - x**2 / 4)
    return -9 * x / (4 * height)

# %% wrong="coefficients upside down" of="ellipse_slope" key="implicit-coefficients-exchanged" mistake="From x/2 + 2y y'/9 = 0 comes y' = -9x/(4y); here 4 and 9 have changed places when it was solved for y'." outputs="the constant in front of x/y"
def ellipse_slope(x, y):
    a2, b2 = 4, 9
    return -(a2 * x) / (b2 * y)

# %% wrong="slope taken at the activation" of="activation_derivative" key="activation-derivative-at-output" mistake="The activation is computed first and its slope is then taken at that result, but the slope belongs at the pre-activation z." outputs="sigmoid and tanh: the place where the slope is taken"
def activation_derivative(z, kind):
    """Return phi'(z) in z's shape; kind is "sigmoid", "tanh" or "relu"."""
    z = np.asarray(z, float)

    def sig(t):
        return 0.5 * (1 + np.tanh(t / 2))

    phi = {"sigmoid": sig, "tanh": np.tanh, "relu": lambda t: np.maximum(t, 0)}
    a = phi[kind](z)
    where = a
    if kind == "sigmoid":
        return sig(where) * (1 - sig(where))
    if kind == "tanh":
        return 1 - np.tanh(where) ** 2
    return (where > 0) * 1.0

# %% wrong="sign function as the slope of relu" of="activation_derivative" key="activation-slope-negative" mistake="The sign of z is -1 left of 0, but relu is flat there, so its slope is 0." outputs="relu for negative z: -1 in place of 0"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "relu":
        return np.sign(z)
    t = np.tanh(z if kind == "tanh" else z / 2)
    return (1 - t**2) if kind == "tanh" else (1 - t**2) / 4

# %% wrong="constant keeps its value" of="f_prime" key="constant-kept" mistake="Keeps the constant -1 in the derivative, as if a constant were carried over unchanged instead of having slope 0." outputs="result"
def f_prime(x):
    """Return the derivative of 3x^4 - 2x^2 + 7x - 1 at x. x: a number or (n,). Result: alike."""
    x = np.asarray(x, float)
    # there is no x in the last term so nothing happens to it
    return 12 * x**3 - 4 * x + 7 - 1

# %% wrong="multiplies by the new exponent" of="f_prime" key="unknown" mistake="Lowers the exponent first and then multiplies by the lowered exponent n-1 instead of by n." outputs="result"
def f_prime(x):
    x = np.asarray(x, float)
    coef = {4: 3.0, 2: -2.0, 1: 7.0}  # exponent: coefficient, the -1 drops out
    res = 0 * x
    for n, c in coef.items():
        n = n - 1  # exponent goes down by one
        res = res + c * n * x**n  # ... and comes to the front
    return res

# %% wrong="product factor by factor" of="g_prime" key="product-factor-by-factor" mistake="Differentiates the product factor by factor and multiplies the two slopes, instead of using the product rule." outputs="result"
def g_prime(x):
    """Return the derivative of sqrt(x) exp(x) at x > 0. x: a number or (n,). Result: alike."""
    x = np.asarray(x, float)
    d_sqrt = 0.5 / np.sqrt(x)
    d_exp = np.exp(x)  # e^x stays e^x
    return d_sqrt * d_exp

# %% wrong="power rule on e^x" of="g_prime" key="power-rule-on-exp" mistake="Applies the power rule to the exponential: takes x e^(x-1) for the derivative of e^x." outputs="result"
def g_prime(x):
    x = np.asarray(x, float)
    u = x ** 0.5
    du = 0.5 * x ** -0.5
    v = np.exp(x)
    dv = x * np.exp(x - 1)  # exponent to the front, then minus one
    return du * v + u * dv

# %% wrong="quotient numerator without brackets" of="h_prime" key="quotient-brackets-of-term" mistake="Subtracts x^2 + 1 without brackets in the numerator of the quotient rule, so the 1 gets the wrong sign." outputs="result"
def h_prime(x):
    """Return the derivative of (x^2 + 1)/(x - 1) at x != 1. x: a number or (n,). Result: alike."""
    x = np.asarray(x, float)
    # (u'v - uv') / v^2  with u = x^2 + 1, v = x - 1, v' = 1
    top = 2 * x * (x - 1) - x**2 + 1
    return top / (x - 1) ** 2

# %% wrong="u prime over v prime" of="h_prime" key="quotient-slope-over-slope" mistake="Divides the derivative of the numerator by the derivative of the denominator instead of using the quotient rule." outputs="result"
def h_prime(x):
    x = np.asarray(x, float)
    du = 2 * x  # top
    dv = np.ones_like(x)  # bottom, x - 1 has slope 1
    return du / dv

# %% wrong="solved for the upper half only" of="ellipse_slope" key="implicit-one-half" mistake="Solves for y with the positive root and differentiates that, so the y given is ignored and the sign is wrong on the lower half." outputs="result on the lower half"
def ellipse_slope(x, y):
    """Return the slope dy/dx, a number, of x^2/4 + y^2/9 = 1 at its point (x, y), y != 0."""
    # y = 3 sqrt(1 - x^2/4), so I don't even need y
    r = np.sqrt(1 - x**2 / 4)
    return 3 * (-x / 4) / r

# %% wrong="4 and 9 exchanged" of="ellipse_slope" key="implicit-coefficients-exchanged" mistake="Exchanges the two denominators when solving for the slope: gets -4x/(9y) instead of -9x/(4y)." outputs="result"
def ellipse_slope(x, y):
    # 2x/4 + 2y/9 * y' = 0   ->   y' = - (4 x) / (9 y)
    return -(4.0 * x) / (9.0 * y)

# %% wrong="slope of sigmoid taken at the activation" of="activation_derivative" key="activation-derivative-at-output" mistake="Takes the slope of the sigmoid at the activation: applies the sigmoid a second time to s before forming s(1-s)." outputs="result for sigmoid"
def activation_derivative(z, kind):
    """Return phi'(z) in z's shape; kind is "sigmoid", "tanh" or "relu"."""
    z = np.asarray(z, float)

    def sig(t):
        return 0.5 + 0.5 * np.tanh(0.5 * t)

    if kind == "sigmoid":
        a = sig(z)
        # derivative = sig(a) * (1 - sig(a))
        return sig(a) * (1 - sig(a))
    if kind == "tanh":
        return 1 - np.tanh(z) ** 2
    return np.where(z > 0, 1.0, 0.0)

# %% wrong="tanh squared read as tanh of the square" of="activation_derivative" key="unknown" mistake="Reads tanh^2 z as tanh(z^2) in the slope of tanh." outputs="result for tanh"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "relu":
        d = (z > 0) * 1.0
    elif kind == "tanh":
        d = 1 - np.tanh(z**2)  # 1 - tanh^2 z
    else:
        e = np.exp(-np.abs(z))  # the bump is symmetric
        d = e / (1 + e) ** 2
    return d

# %% wrong="constant of the sum kept" of="f_prime" key="constant-kept" mistake="The constant term -1 is carried over into the derivative instead of vanishing, so every slope is 1 too small." outputs="all"
def f_prime(x):
    x = np.asarray(x, float)
    # coefficients from the highest power down, each times its power; the constant has no x to derive
    c = [3 * 4, 0, -2 * 2, 7 - 1]
    return np.polyval(c, x)

# %% wrong="power rule on e^x, in other words" of="g_prime" key="power-rule-on-exp" mistake="The product rule is right, but e^x is differentiated by the power rule, as x e^(x-1)." outputs="all"
def g_prime(x):
    x = np.asarray(x, float)
    u = np.sqrt(x)
    v = np.exp(x)
    du = 1 / (2 * np.sqrt(x))
    dv = x * np.exp(x - 1)      # n x^(n-1)
    return du * v + u * dv

# %% wrong="bracket lost after the minus" of="h_prime" key="quotient-brackets-of-term" mistake="In the numerator only x^2 is subtracted, the +1 of x^2 + 1 keeps its plus sign as the brackets are missing." outputs="all"
def h_prime(x):
    x = np.asarray(x, float)
    top = 2 * x * (x - 1) - x**2 + 1
    return top / (x - 1) ** 2

# %% wrong="only the upper half" of="ellipse_slope" key="implicit-one-half" mistake="The equation is solved for y with the positive root only, so on the lower half the sign of the slope is wrong." outputs="points with y < 0"
def ellipse_slope(x, y):
    # y = 3 sqrt(1 - x^2/4), so
    root = np.sqrt(1 - x**2 / 4)
    return 3 * (-x / 2) / (2 * root)

# %% wrong="z taken for the activation" of="activation_derivative" key="activation-formula-fed-with-z" mistake="The slopes of sigmoid and tanh are computed as if z were already the activation, z(1 - z) and 1 - z^2." outputs="sigmoid and tanh"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    table = {
        "sigmoid": lambda s: s * (1 - s),
        "tanh": lambda t: 1 - t**2,
        "relu": lambda r: np.where(r > 0, 1.0, 0.0),
    }
    return table[kind](z)
