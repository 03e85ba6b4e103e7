# %% [markdown]
# Lesson 1: answers for the tests of the diagnosis, wrong and right. None of them is handed out.

# %% wrong="inner derivative of the logarithm missing" of="chain_four" key="inner-derivative-missing" mistake="In ln(cos x) the inner derivative -sin x is missing; the other three have theirs." outputs="log" source="autodiff/autodiff#396"
def chain_four(x):
    first = np.cos(x**3) * 3 * x**2
    second = 1 / np.cos(x)
    third = np.exp(-(x**2) / 2) * -x
    fourth = 10 * (1 + x**2) ** 9 * 2 * x
    return first, second, third, fourth

# %% wrong="exponent comes down twice" of="chain_four" key="exponent-twice" mistake="In (1 + x^2)^10 the exponent 10 is multiplied in twice." outputs="power" source="haydnv/tinychain#160"
def power_slope(u, n):
    return n * u ** (n - 1)

def chain_four(x):
    return (
        np.cos(x**3) * power_slope(x, 3),
        -np.tan(x),
        -x * np.exp(-0.5 * x**2),
        10 * power_slope(1 + x**2, 10) * power_slope(x, 2),
    )

# %% wrong="outer slope at the inner slope" of="chain_four" key="inner-differentiated-inside" mistake="In sin(x^3) the cosine is taken at the inner derivative 3x^2, not at the inner value x^3." outputs="sin"
def chain_four(x):
    du = 3 * x**2
    return np.cos(du) * du, -np.sin(x) / np.cos(x), -x * np.exp(-x * x / 2), 20 * x * (1 + x * x) ** 9

# %% wrong="minus of the exponent lost" of="chain_four" key="minus-sign-lost" mistake="In exp(-x^2/2) the inner derivative is taken as x; the minus is lost." outputs="exp"
def chain_four(x):
    u = x**3
    v = np.cos(x)
    w = -(x**2) / 2
    t = 1 + x**2
    return [np.cos(u) * 3 * x**2, 1 / v * -np.sin(x), np.exp(w) * x, 10 * t**9 * 2 * x]

# %% wrong="one differentiated to one" of="chain_four" key="constant-kept" mistake="In (1 + x^2)^10 the inner derivative is taken as 1 + 2x: the constant 1 contributes 0." outputs="power"
def chain_four(x):
    inner = 1 + x**2
    d_inner = 1 + 2 * x
    return (
        3 * x**2 * np.cos(x**3),
        -np.tan(x),
        -x * np.exp(-(x**2) / 2),
        10 * inner**9 * d_inner,
    )

# %% wrong="fraction of the logarithm upside down" of="chain_four" key="slope-upside-down" mistake="The slope of ln u is u'/u, and in the second entry the fraction stands upside down." outputs="log"
def chain_four(x):
    d_log = np.cos(x) / -np.sin(x)
    return np.cos(x**3) * 3 * x**2, d_log, np.exp(-(x**2) / 2) * -x, 10 * (1 + x**2) ** 9 * 2 * x

# %% right="complex step" of="chain_four"
def chain_four(x):
    z = complex(x, 1e-30)
    values = np.sin(z**3), np.log(np.cos(z)), np.exp(-z * z / 2), (1 + z * z) ** 10
    return np.imag(values) / 1e-30

# %% right="dual numbers" of="chain_four"
class Dual:
    def __init__(self, value, slope):
        self.value, self.slope = value, slope

    def through(self, f, df):
        return Dual(f(self.value), df(self.value) * self.slope)

def chain_four(x):
    start = Dual(float(x), 1.0)
    square = start.through(lambda u: u * u, lambda u: 2 * u)
    a = start.through(lambda u: u**3, lambda u: 3 * u * u).through(np.sin, np.cos)
    b = start.through(np.cos, lambda u: -np.sin(u)).through(np.log, lambda u: 1 / u)
    c = square.through(lambda u: -u / 2, lambda u: -0.5).through(np.exp, np.exp)
    d = square.through(lambda u: 1 + u, lambda u: 1.0).through(lambda u: u**10, lambda u: 10 * u**9)
    return a.slope, b.slope, c.slope, d.slope

# %% wrong="first link counted twice" of="compose_derivative" key="inner-derivative-twice" mistake="The slope of the first link is in the product twice: once as the start, once in the loop." outputs="derivative"
def compose_derivative(fs, dfs, x):
    slope = dfs[0](x) if dfs else 1.0
    for f, df in zip(fs, dfs):
        slope = slope * df(x)
        x = f(x)
    return slope

# %% wrong="first link skipped" of="compose_derivative" key="inner-derivative-missing" mistake="The loop starts at the second link, so the slope of the first one is missing." outputs="derivative"
def compose_derivative(fs, dfs, x):
    value, slope = x, 1.0
    for i in range(1, len(fs)):
        value = fs[i - 1](value)
        slope *= dfs[i](value)
    return slope

# %% wrong="all slopes at the end of the chain" of="compose_derivative" key="outer-at-end" mistake="Every slope is taken at the final value of the chain, in place of the value that enters its link." outputs="derivative"
def compose_derivative(fs, dfs, x):
    end = compose(fs, x)
    slope = 1.0
    for df in dfs:
        slope *= df(end)
    return slope

# %% wrong="slope of the last link only" of="compose_derivative" key="inner-derivative-missing" mistake="The slope is replaced at each link where it should be multiplied, so only the last link is left." outputs="derivative"
def compose_derivative(fs, dfs, x):
    slope = 1.0
    for f, df in zip(fs, dfs):
        slope = df(x)
        x = f(x)
    return slope

# %% wrong="slope passed on as the value" of="compose_derivative" key="inner-differentiated-inside" mistake="What enters the next link is the slope of this one, in place of its value." outputs="derivative"
def compose_derivative(fs, dfs, x):
    slope = 1.0
    for df in dfs:
        local = df(x)
        slope *= local
        x = local
    return slope

# %% right="reduce over pairs" of="compose_derivative"
from functools import reduce

def compose_derivative(fs, dfs, x):
    def link(state, pair):
        value, slope = state
        f, df = pair
        return f(value), df(value) * slope

    return reduce(link, zip(fs, dfs), (x, 1.0))[1]

# %% right="accumulate and walk back" of="compose_derivative"
from itertools import accumulate

def compose_derivative(fs, dfs, x):
    entering = list(accumulate(fs, lambda value, f: f(value), initial=x))
    upstream = 1.0
    while dfs:
        *dfs, df = dfs
        entering.pop()
        upstream *= df(entering[-1])
    return upstream

# %% wrong="exp differentiated as a power" of="fork_derivative" key="power-rule-on-exp" mistake="The slope of w = e^(-x) is formed by the rule for powers, x^n; the path through w in q is wrong." outputs="dq" source="tenstorrent/tt-metal#52144"
def fork_derivative(x):
    u, v, w = x**3, np.cos(x), np.exp(-x)
    du, dv = 3 * x**2, -np.sin(x)
    dw = -x * np.exp(-x - 1)
    return du * v + u * dv, du * v * w + u * dv * w + u * v * dw

# %% wrong="factor 3 of the cube missing" of="fork_derivative" key="exponent-not-multiplied" mistake="The slope of u = x^3 is taken as x^2: the factor 3 is missing on the path through u." outputs="dp, dq"
def fork_derivative(x):
    u, du = x**3, x**2
    v, dv = np.cos(x), -np.sin(x)
    w, dw = np.exp(-x), -np.exp(-x)
    dp = du * v + dv * u
    dq = du * v * w + dv * u * w + dw * u * v
    return dp, dq

# %% wrong="v missing on the first path of q" of="fork_derivative" key="factor-missing-on-path" mistake="In q, the path through u lacks the factor v; dp is right." outputs="dq"
def fork_derivative(x):
    u, v, w = x**3, np.cos(x), np.exp(-x)
    du, dv, dw = 3 * x**2, -np.sin(x), -w
    through_u = du * w
    through_v = u * dv * w
    through_w = u * v * dw
    return du * v + u * dv, through_u + through_v + through_w

# %% wrong="slope of p where p belongs" of="fork_derivative" key="left-zero" mistake="With q = p w, the second term of the product rule has dp in place of p." outputs="dq"
def fork_derivative(x):
    w, dw = np.exp(-x), -np.exp(-x)
    dp = 3 * x**2 * np.cos(x) - x**3 * np.sin(x)
    dq = dp * w + dp * dw
    return dp, dq

# %% wrong="slope of cos at the cube" of="fork_derivative" key="outer-at-other" mistake="The slope of v = cos x is taken at u = x^3 in place of x, so the path through v is wrong in both." outputs="dp, dq"
def fork_derivative(x):
    value = {"u": x**3, "v": np.cos(x), "w": np.exp(-x)}
    slope = {"u": 3 * x**2, "v": -np.sin(value["u"]), "w": -np.exp(-x)}
    dp = slope["u"] * value["v"] + value["u"] * slope["v"]
    dq = dp * value["w"] + value["u"] * value["v"] * slope["w"]
    return [dp, dq]

# %% right="complex step" of="fork_derivative"
def fork_derivative(x):
    h = 1e-25
    z = x + 1j * h
    p = z**3 * np.cos(z)
    return p.imag / h, (p * np.exp(-z)).imag / h

# %% right="rows of a matrix with one slope each" of="fork_derivative"
def fork_derivative(x):
    values = np.array([x**3, np.cos(x), np.exp(-x)])
    slopes = np.array([3 * x**2, -np.sin(x), -np.exp(-x)])

    def all_paths(n):
        table = np.tile(values[:n], (n, 1))
        np.fill_diagonal(table, slopes[:n])
        return table.prod(axis=1).sum()

    return all_paths(2), all_paths(3)

# %% wrong="bias counted once for each input" of="neuron_gradients" key="result-once-for-each-entry" mistake="db is summed over the inputs: the bias enters z once, not once for each x." outputs="db"
def neuron_gradients(w, b, x, y):
    a = sigmoid(np.dot(w, x) + b)
    delta = 2 * (a - y) * a * (1 - a)
    dw = delta * x
    db = np.sum(delta * np.ones_like(x))
    return dw, db

# %% wrong="square of the error opened wrongly" of="neuron_gradients" key="exponent-on-one-term" mistake="The slope of (a - y)^2 is taken as 2a - y: the factor 2 belongs to y too." outputs="dw, db"
def neuron_gradients(w, b, x, y):
    z = w @ x + b
    a = sigmoid(z)
    dL_da = 2 * a - y
    da_dz = a * (1 - a)
    return dL_da * da_dz * x, dL_da * da_dz

# %% wrong="slope of sigmoid from the error" of="neuron_gradients" key="activation-formula-fed-with-another-value" mistake="The slope a (1 - a) is formed with the error a - y in place of the activation a." outputs="dw, db"
def neuron_gradients(w, b, x, y):
    e = sigmoid(w @ x + b) - y
    dz = 2 * e * e * (1 - e)
    return x * dz, dz

# %% wrong="slope of sigmoid only in db" of="neuron_gradients" key="before-the-activation" mistake="In dw the slope of the sigmoid is missing; db has it." outputs="dw"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    error = 2 * (a - y)
    dw = error * x
    db = error * a * (1 - a)
    return dw, db

# %% wrong="neighbour's input" of="neuron_gradients" key="result-entries-shifted" mistake="Each entry of dw is multiplied by the input before it: the index is off by one." outputs="dw"
def neuron_gradients(w, b, x, y):
    a = sigmoid(sum(wi * xi for wi, xi in zip(w, x)) + b)
    shared = 2 * (a - y) * a * (1 - a)
    dw = np.zeros(len(w))
    for i in range(len(w)):
        dw[i] = shared * x[i - 1]
    return dw, shared

# %% wrong="gradient of cross-entropy" of="neuron_gradients" key="loss-as-with-cross-entropy" mistakes="2" mistake="dz is taken as a - y, which belongs to cross-entropy: here the factor 2 and the slope of the sigmoid are both missing." outputs="dw, db"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    dz = a - y
    dw = dz * x
    db = dz
    return dw, db

# %% right="hyperbolic cosine" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    half = (np.inner(w, x) + b) / 2
    db = 0.25 * (1 + np.tanh(half) - 2 * y) / np.cosh(half) ** 2
    return np.multiply(db, x), db

# %% right="complex step for each parameter" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    def loss(w, b):
        return (1 / (1 + np.exp(-(w @ x + b))) - y) ** 2

    h = 1e-20
    w = np.array(w, complex)
    dw = [loss(w + 1j * h * e, b).imag / h for e in np.eye(len(w))]
    return dw, loss(w, b + 1j * h).imag / h

# %% wrong="depth inside the slope" of="vanishing_product" key="power-inside" mistake="One slope is taken at n z: the depth belongs outside, as the exponent of the slope at z." outputs="sigmoid, tanh"
def vanishing_product(z, n, kind):
    if n == 0:
        return 1.0
    at = n * z
    if kind == "sigmoid":
        return sigmoid(at) * (1 - sigmoid(at))
    if kind == "tanh":
        return 1 - np.tanh(at) ** 2
    return 1.0 if at > 0 else 0.0

# %% wrong="hyperbolic cosine not squared" of="vanishing_product" key="activation-square-forgotten" mistake="The slope of tanh is taken as 1 / cosh z: the square is missing." outputs="tanh"
def vanishing_product(z, n, kind):
    slopes = {
        "sigmoid": sigmoid(z) * sigmoid(-z),
        "tanh": 1 / np.cosh(z),
        "relu": float(z > 0),
    }
    return slopes[kind] ** n

# %% wrong="one factor too few" of="vanishing_product" key="activation-derivative-missing" mistake="The loop runs from 1 to n - 1, so the product has one slope too few." outputs="sigmoid, tanh, relu"
def vanishing_product(z, n, kind):
    if kind == "sigmoid":
        slope = sigmoid(z) * (1 - sigmoid(z))
    elif kind == "tanh":
        slope = 1 - np.tanh(z) ** 2
    else:
        slope = 1.0 * (z > 0)
    product = 1.0
    for _ in range(1, n):
        product *= slope
    return product

# %% wrong="relu's value as its slope" of="vanishing_product" key="not-differentiated" mistake="For relu the slope is taken as z where z > 0; it is 1." outputs="relu"
def vanishing_product(z, n, kind):
    if kind == "relu":
        slope = z if z > 0 else 0.0
    elif kind == "tanh":
        slope = (1 + np.tanh(z)) * (1 - np.tanh(z))
    else:
        s = sigmoid(z)
        slope = s - s * s
    return slope**n

# %% right="squares of squares" of="vanishing_product"
def vanishing_product(z, n, kind):
    if n == 0:
        return 1.0
    if n % 2:
        slope = {
            "sigmoid": sigmoid(z) - sigmoid(z) ** 2,
            "tanh": 4 * sigmoid(2 * z) * sigmoid(-2 * z),
            "relu": 1.0 if z > 0 else 0.0,
        }[kind]
        return slope * vanishing_product(z, n - 1, kind)
    return vanishing_product(z, n // 2, kind) ** 2

# %% right="sum of logarithms" of="vanishing_product"
def vanishing_product(z, n, kind):
    if kind == "relu":
        return 1.0 if z > 0 or n == 0 else 0.0
    t = 2 * z if kind == "tanh" else z
    scale = np.log(4) if kind == "tanh" else 0.0
    return np.exp(n * (scale - np.logaddexp(0, t) - np.logaddexp(0, -t)))

# %% wrong="inner derivative put into the cosine" of="chain_four" key="inner-differentiated-inside" mistake="The inner derivative 3x^2 is put inside the cosine; the cosine must be taken at x^3 and then multiplied by 3x^2." outputs="the first of the four, sin(x^3)"
def chain_four(x):
    """Return four numbers: the derivatives of sin(x^3), ln(cos x), exp(-x^2/2), (1 + x^2)^10."""
    a = np.cos(3 * x**2)
    b = -np.tan(x)
    c = -x * np.exp(-(x**2) / 2)
    d = 20 * x * (1 + x**2) ** 9
    return a, b, c, d

# %% wrong="constant differentiated to 1" of="chain_four" key="constant-kept" mistake="The derivative of 1 + x^2 is 2x; the constant 1 has the derivative 0 and not 1." outputs="the last of the four, the inner derivative of (1 + x^2)^10"
def chain_four(x):
    pairs = [  # (outer at the inner value, inner at x)
        (np.cos(x**3), 3 * x**2),
        (1 / np.cos(x), -np.sin(x)),
        (np.exp(-(x**2) / 2), -x),
        (10 * (1 + x**2) ** 9, 1 + 2 * x),
    ]
    return [outer * inner for outer, inner in pairs]

# %% wrong="both minus signs lost" of="chain_four" key="sign-of-derivative" mistake="Two mistakes: the derivative of cos is -sin, and the inner derivative of exp(-x^2/2) is -x; both minus signs are missing." outputs="the second and the third of the four: the sign"
def chain_four(x):
    u = x**3
    d1 = np.cos(u) * 3 * x * x
    d2 = np.sin(x) / np.cos(x)
    d3 = np.exp(-0.5 * x * x) * x
    d4 = 10 * (1 + x * x) ** 9 * 2 * x
    return (d1, d2, d3, d4)

# %% wrong="slope at what leaves the link" of="compose_derivative" key="outer-at-output" mistake="x is moved on before the slope is asked for, so each slope is taken at the output of its link and not at the value that enters it." outputs="every factor: it is taken one value too late"
def compose_derivative(fs, dfs, x):
    """Return the derivative at the number x of applying fs[0], then fs[1], ..."""
    slope = 1
    for f, df in zip(fs, dfs):
        x = f(x)
        slope *= df(x)
    return slope

# %% wrong="recursion ends with x" of="compose_derivative" key="value-times" mistake="The recursion ends by returning the value x, but the derivative of an empty chain is 1; the product gets the chain's last value as one more factor." outputs="the empty chain, and with it a factor in every chain"
def compose_derivative(fs, dfs, x):
    if len(fs) == 0:
        return x
    return dfs[0](x) * compose_derivative(fs[1:], dfs[1:], fs[0](x))

# %% wrong="backward loop stops before link 0" of="compose_derivative" key="inner-derivative-missing" mistake="range(n - 1, 0, -1) stops at 1, so the slope of link 0 never becomes a factor." outputs="the factor of the first link, fs[0], is missing"
def compose_derivative(fs, dfs, x):
    values = [x]
    for f in fs:
        values.append(f(values[-1]))
    d = 1.0
    for i in range(len(fs) - 1, 0, -1):
        d = d * dfs[i](values[i])
    return d

# %% wrong="list applied from its end" of="compose_derivative" key="chain-reversed" mistake="The functions are applied last one first, as in the notation f(g(x)); here fs[0] comes first." outputs="the order of the links, and with it every place"
def compose_derivative(fs, dfs, x):
    """Return the derivative at the number x of applying fs[0], then fs[1], ..."""
    order = range(len(fs) - 1, -1, -1)
    factors = []
    for i in order:
        factors.append(dfs[i](x))
        x = fs[i](x)
    return np.prod(factors)

# %% wrong="third path left out" of="fork_derivative" key="path-missing" mistake="w = exp(-x) also depends on x; dp times w holds it fixed, and the path through w is missing." outputs="the second number, dq/dx: the path through w"
def fork_derivative(x):
    u, du = x**3, 3 * x**2
    v, dv = np.cos(x), -np.sin(x)
    w, dw = np.exp(-x), -np.exp(-x)
    dp = du * v + u * dv
    dq = dp * w
    return dp, dq

# %% wrong="cosine differentiated without its minus" of="fork_derivative" key="sign-of-path" mistake="The derivative of cos x is -sin x; the minus sign is missing." outputs="both numbers: the path through v"
def fork_derivative(x):
    """Return two numbers: dp/dx and dq/dx at the number x."""
    values = [x**3, np.cos(x), np.exp(-x)]
    slopes = [3 * x**2, np.sin(x), -np.exp(-x)]

    def product_rule(n):
        total = 0
        for i in range(n):
            term = slopes[i]
            for j in range(n):
                if j != i:
                    term = term * values[j]
            total += term
        return total

    return product_rule(2), product_rule(3)

# %% wrong="sigmoid applied twice in the slope" of="neuron_gradients" key="activation-derivative-at-output" mistake="The slope of the sigmoid is taken at the activation a, which is already a sigmoid; it belongs at the pre-activation z." outputs="da/dz, so dw and db"
def neuron_gradients(w, b, x, y):
    z = np.dot(w, x) + b
    a = sigmoid(z)
    slope = sigmoid(a) * (1 - sigmoid(a))
    dz = 2 * (a - y) * slope
    return dz * x, dz

# %% wrong="weights where the inputs belong" of="neuron_gradients" key="another-factor" mistake="The derivative of w[i] x[i] toward w[i] is x[i]; here it is multiplied by w[i], which would be the gradient toward the input." outputs="dw only"
def neuron_gradients(w, b, x, y):
    """Return (dw, db) of neuron_loss. w, x: shape (D,). b, y: numbers. dw: (D,). db: a number."""
    a = sigmoid(sum(wi * xi for wi, xi in zip(w, x)) + b)
    db = 2 * (a - y) * a * (1 - a)
    dw = np.zeros(len(w))
    for i in range(len(w)):
        dw[i] = db * w[i]
    return dw, db

# %% wrong="bias treated as its own input" of="neuron_gradients" key="result-times-its-variable" mistake="z has the slope 1 toward b; the bias is not multiplied by anything, so its own value is no factor of db." outputs="db only"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    dL_da = 2 * (a - y)
    da_dz = a * (1 - a)
    dz_dw = x
    dz_db = b
    return dL_da * da_dz * dz_dw, dL_da * da_dz * dz_db

# %% wrong="tanh slope for a sigmoid" of="neuron_gradients" key="activation-of-another-kind" mistake="1 - a^2 is the slope of tanh written with its value; the activation here is a sigmoid, whose slope is a (1 - a)." outputs="da/dz, so dw and db"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    delta = (a - y) * 2
    delta *= 1 - a**2
    return delta * x, delta

# %% wrong="target in the slope of the sigmoid" of="neuron_gradients" key="activation-formula-fed-with-another-value" mistake="The slope of the sigmoid is made from the target y; it is a (1 - a) with the neuron's own output a." outputs="da/dz, so dw and db"
def neuron_gradients(w, b, x, y):
    a = sigmoid(np.sum(w * x) + b)
    error = a - y
    delta = 2 * error * y * (1 - y)
    dw = [delta * xi for xi in x]
    return np.array(dw), delta

# %% wrong="only one factor raised to n" of="vanishing_product" key="power-of-one-part" mistake="The power binds tighter than the product, so only 1 - s is raised to n and s stands there once." outputs="the sigmoid for every n but 1"
def vanishing_product(z, n, kind):
    """Return phi'(z) to the power n; kind is "sigmoid", "tanh" or "relu"."""
    if kind == "sigmoid":
        s = sigmoid(z)
        return s * (1 - s) ** n
    if kind == "tanh":
        return (1 - np.tanh(z) ** 2) ** n
    return float(z > 0) ** n

# %% wrong="one factor too many" of="vanishing_product" key="derivative-squared" mistake="The product starts with the slope itself and then takes n more, so there are n + 1 factors; it must start with 1." outputs="all kinds: the power is n + 1"
def vanishing_product(z, n, kind):
    slopes = {
        "sigmoid": sigmoid(z) * (1 - sigmoid(z)),
        "tanh": 1 / np.cosh(z) ** 2,
        "relu": 1.0 if z > 0 else 0.0,
    }
    slope = slopes[kind]
    product = slope
    for _ in range(n):
        product *= slope
    return product

# %% wrong="inner derivative of ln(cos x) forgotten" of="chain_four" key="inner-derivative-missing" mistake="Forgets the inner derivative -sin x in ln(cos x) and returns 1/cos x." outputs="ln(cos x)"
def chain_four(x):
    """Return four numbers: the derivatives of sin(x^3), ln(cos x), exp(-x^2/2), (1 + x^2)^10."""
    d1 = np.cos(x**3) * 3 * x**2
    d2 = 1 / np.cos(x)  # ln u -> 1/u, u = cos x
    d3 = -x * np.exp(-x**2 / 2)
    d4 = 10 * (1 + x**2) ** 9 * 2 * x
    return d1, d2, d3, d4

# %% wrong="exponent to the front of e" of="chain_four" key="power-rule-on-exp" mistake="Treats exp(-x^2/2) as a power: brings the exponent to the front and lowers it by 1, instead of exp times the slope of the exponent." outputs="exp(-x^2/2)"
def chain_four(x):
    a = np.cos(x ** 3) * (3 * x ** 2)
    b = -np.sin(x) / np.cos(x)
    k = -x ** 2 / 2
    c = k * np.exp(k - 1)  # n * e^(n-1)
    u = 1 + x * x
    d = 10 * u ** 9 * (2 * x)
    return [a, b, c, d]

# %% wrong="inner derivative put inside the outer one" of="chain_four" key="inner-differentiated-inside" mistake="Puts the inner derivative into the outer derivative, f'(g'(x)), for the power: 10 (2x)^9 instead of 10 (1+x^2)^9 times 2x." outputs="(1 + x^2)^10"
def chain_four(x):
    first = 3 * x**2 * np.cos(x**3)
    second = -np.tan(x)
    third = np.exp(-0.5 * x**2) * (-x)
    # outer: 10 u^9, inner: 2x, outer taken at the inner derivative
    du = 2 * x
    fourth = 10 * du**9
    return first, second, third, fourth

# %% wrong="every slope at x" of="compose_derivative" key="outer-at-x" mistake="Takes every link's slope at the starting x instead of at the value that enters that link." outputs="result for two links or more"
def compose_derivative(fs, dfs, x):
    """Return the derivative at the number x of applying fs[0], then fs[1], ..."""
    prod = 1.0
    for df in dfs:
        prod = prod * df(x)  # rates multiply
    return prod

# %% wrong="slope taken after the link" of="compose_derivative" key="outer-at-output" mistake="Moves the value forward before taking the slope, so each slope is taken at what leaves its link instead of at what enters it." outputs="result"
def compose_derivative(fs, dfs, x):
    val = x
    d = 1.0
    for i in range(len(fs)):
        val = fs[i](val)  # forward
        d *= dfs[i](val)  # backward
    return d

# %% wrong="chain read from the outside in" of="compose_derivative" key="chain-reversed" mistake="Takes fs[0] for the outermost function and applies the list from its end, so the slopes belong to the chain in reversed order." outputs="result for two links or more"
def compose_derivative(fs, dfs, x):
    # fs[0](fs[1](fs[2](x))) : the last one is the inner one, start there
    u = x
    total = 1.0
    for f, df in zip(fs[::-1], dfs[::-1]):
        total *= df(u)
        u = f(u)
    return total

# %% wrong="slopes of the factors multiplied" of="fork_derivative" key="product-factor-by-factor" mistake="Multiplies the slopes of all factors instead of adding one term per path." outputs="p, q"
def fork_derivative(x):
    """Return two numbers: dp/dx and dq/dx at the number x."""
    du = 3 * x**2
    dv = -np.sin(x)
    dw = -np.exp(-x)
    # chain rule = multiply the derivatives
    return du * dv, du * dv * dw

# %% wrong="minus of e^(-x) lost" of="fork_derivative" key="sign-of-path" mistake="Takes e^(-x) for its own derivative, without the minus sign of the inner slope." outputs="q"
def fork_derivative(x):
    u, v, w = x**3, np.cos(x), np.exp(-x)
    du, dv = 3 * x**2, -np.sin(x)
    dw = w  # e-function is its own derivative
    dp = du * v + u * dv
    dq = dp * w + u * v * dw
    return dp, dq

# %% wrong="cross-entropy shortcut for a squared error" of="neuron_gradients" key="loss-as-with-cross-entropy" mistake="Uses the delta a - y, which belongs to sigmoid with cross-entropy, for the squared error: the factor 2 and the slope of the sigmoid are missing." outputs="dw, db"
def neuron_gradients(w, b, x, y):
    """Return (dw, db) of neuron_loss. w, x: shape (D,). b, y: numbers. dw: (D,). db: a number."""
    a = sigmoid(np.dot(w, x) + b)
    delta = a - y  # error of the neuron
    return delta * np.asarray(x), delta

# %% wrong="bias skips the sigmoid" of="neuron_gradients" key="before-the-activation" mistake="Leaves the slope of the sigmoid out of db, as if the bias were added after the activation." outputs="db"
def neuron_gradients(w, b, x, y):
    z = np.sum(w * x) + b
    a = sigmoid(z)
    dLda = 2 * (a - y)
    dw = np.zeros(len(w))
    for i in range(len(w)):
        dw[i] = dLda * a * (1 - a) * x[i]
    db = dLda * 1  # dz/db = 1 so only the loss part is left
    return dw, db

# %% wrong="dz times w" of="neuron_gradients" key="another-factor" mistake="Multiplies by the weights instead of by the inputs: takes the derivative of w x toward x, not toward w." outputs="dw"
def neuron_gradients(w, b, x, y):
    z = w @ x + b
    s = sigmoid(z)
    ds = s - s**2
    dz = (s - y) * 2 * ds
    dw = dz * w  # each weight gets its share
    db = dz
    return dw, db

# %% wrong="activation fed on to the next one" of="vanishing_product" key="value-handed-on" mistake="Sends the activation into the next activation, so the n slopes are taken at different places instead of all at z." outputs="result for sigmoid and tanh, n of 2 or more"
def vanishing_product(z, n, kind):
    """Return phi'(z) to the power n; kind is "sigmoid", "tanh" or "relu"."""
    p = 1.0
    for _ in range(n):
        if kind == "sigmoid":
            s = sigmoid(z)
            p *= s * (1 - s)
            z = s  # goes into the next layer
        elif kind == "tanh":
            t = np.tanh(z)
            p *= 1 - t**2
            z = t
        else:
            p *= 1.0 if z > 0 else 0.0
            z = max(z, 0)
    return p

# %% wrong="outer slope at the inner slope, in other words" of="chain_four" key="inner-differentiated-inside" mistake="The outer derivative is taken at the inner derivative, f'(g'(x)), and there is no product of two factors." outputs="all"
def chain_four(x):
    # first derive the inside, then put it into the derivative of the outside
    d1 = np.cos(3 * x**2)
    d2 = 1 / (-np.sin(x))
    d3 = np.exp(-x)
    d4 = 10 * (2 * x) ** 9
    return d1, d2, d3, d4

# %% wrong="half lost in the exponent" of="chain_four" key="constant-factor-lost" mistake="In the third chain the inner derivative of -x^2/2 is written -2x, the one half is lost; the other three are right." outputs="third"
def chain_four(x):
    a = 3 * x**2 * np.cos(x**3)
    b = -np.tan(x)
    c = -2 * x * np.exp(-(x**2) / 2)
    d = 20 * x * (1 + x**2) ** 9
    return a, b, c, d

# %% wrong="value moved on first" of="compose_derivative" key="outer-at-output" mistake="The value is passed through the link before its slope is taken, so each local derivative is taken at the output of its link and not at what enters." outputs="all"
def compose_derivative(fs, dfs, x):
    d = 1.0
    for f, df in zip(fs, dfs):
        x = f(x)
        d = d * df(x)
    return d

# %% wrong="last link left out" of="compose_derivative" key="outer-derivative-missing" mistake="The factor of the last link is missing, as the learner starts the chain with dL/dL = 1 in its place." outputs="all chains with at least one link"
def compose_derivative(fs, dfs, x):
    values = [x]
    for f in fs:
        values.append(f(values[-1]))
    grad = 1.0  # the last one is the loss: dL/dL = 1
    for i in range(len(fs) - 2, -1, -1):
        grad *= dfs[i](values[i])
    return grad

# %% wrong="e^-x without its minus" of="fork_derivative" key="sign-of-path" mistake="The slope of e^(-x) is written e^(-x), so the third path of q has the wrong sign; p is right." outputs="dq"
def fork_derivative(x):
    u, v, w = x**3, np.cos(x), np.exp(-x)
    du, dv, dw = 3 * x**2, -np.sin(x), np.exp(-x)
    dp = du * v + u * dv
    dq = du * v * w + u * dv * w + u * v * dw
    return dp, dq

# %% wrong="q as dp times dw" of="fork_derivative" key="unknown" mistake="q is seen as p w, and differentiated factor by factor as dp times dw; p itself is right." outputs="dq"
def fork_derivative(x):
    dp = 3 * x**2 * np.cos(x) - x**3 * np.sin(x)
    # q = p * w, so chain rule: dp * dw
    dw = -np.exp(-x)
    return dp, dp * dw

# %% wrong="shortcut of the log loss" of="neuron_gradients" key="loss-as-with-cross-entropy" mistake="dz = a - y of cross-entropy is used for a squared error, so 2 and the sigmoid slope are missing." outputs="both"
def neuron_gradients(w, b, x, y):
    a = sigmoid(np.dot(w, x) + b)
    dz = a - y  # sigmoid and loss cancel nicely
    return np.array([dz * xi for xi in x]), dz

# %% wrong="db times b" of="neuron_gradients" key="result-times-its-variable" mistake="As dw is dz times x, the learner makes db as dz times b, but the slope of z toward b is 1; dw is right." outputs="db"
def neuron_gradients(w, b, x, y):
    z = np.dot(w, x) + b
    a = sigmoid(z)
    dz = 2 * (a - y) * a * (1 - a)
    dw = dz * x
    db = dz * b
    return dw, db

# %% wrong="value passed along the chain" of="vanishing_product" key="value-handed-on" mistake="The output of each activation is fed into the next one, so the slopes differ, while the exercise takes all of them at the same z." outputs="sigmoid and tanh for n of 2 or more"
def vanishing_product(z, n, kind):
    prod = 1.0
    a = z
    for _ in range(n):
        if kind == "sigmoid":
            a = sigmoid(a)
            prod *= a * (1 - a)
        elif kind == "tanh":
            a = np.tanh(a)
            prod *= 1 - a**2
        else:
            prod *= 1.0 if a > 0 else 0.0
            a = max(0.0, a)
    return prod
