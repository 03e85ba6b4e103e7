# %% [markdown]
# Lesson 1: answers for the tests of the diagnosis, wrong and right. None of them is handed out.

# %% wrong="inner derivative of the logarithm missing" of="chain_four" mistake="In ln(cos x) the inner derivative -sin x is missing; the other three have theirs." outputs="log" source="autodiff/autodiff#396"
def chain_four(x):
    first = np.cos(x**3) * 3 * x**2
    second = 1 / np.cos(x)
    third = np.exp(-(x**2) / 2) * -x
    fourth = 10 * (1 + x**2) ** 9 * 2 * x
    return first, second, third, fourth

# %% wrong="exponent comes down twice" of="chain_four" mistake="In (1 + x^2)^10 the exponent 10 is multiplied in twice." outputs="power" source="haydnv/tinychain#160"
def power_slope(u, n):
    return n * u ** (n - 1)

def chain_four(x):
    return (
        np.cos(x**3) * power_slope(x, 3),
        -np.tan(x),
        -x * np.exp(-0.5 * x**2),
        10 * power_slope(1 + x**2, 10) * power_slope(x, 2),
    )

# %% wrong="outer slope at the inner slope" of="chain_four" mistake="In sin(x^3) the cosine is taken at the inner derivative 3x^2, not at the inner value x^3." outputs="sin"
def chain_four(x):
    du = 3 * x**2
    return np.cos(du) * du, -np.sin(x) / np.cos(x), -x * np.exp(-x * x / 2), 20 * x * (1 + x * x) ** 9

# %% wrong="minus of the exponent lost" of="chain_four" mistake="In exp(-x^2/2) the inner derivative is taken as x; the minus is lost." outputs="exp"
def chain_four(x):
    u = x**3
    v = np.cos(x)
    w = -(x**2) / 2
    t = 1 + x**2
    return [np.cos(u) * 3 * x**2, 1 / v * -np.sin(x), np.exp(w) * x, 10 * t**9 * 2 * x]

# %% wrong="one differentiated to one" of="chain_four" mistake="In (1 + x^2)^10 the inner derivative is taken as 1 + 2x: the constant 1 contributes 0." outputs="power"
def chain_four(x):
    inner = 1 + x**2
    d_inner = 1 + 2 * x
    return (
        3 * x**2 * np.cos(x**3),
        -np.tan(x),
        -x * np.exp(-(x**2) / 2),
        10 * inner**9 * d_inner,
    )

# %% wrong="fraction of the logarithm upside down" of="chain_four" mistake="The slope of ln u is u'/u, and in the second entry the fraction stands upside down." outputs="log"
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

# %% wrong="first link counted twice" of="compose_derivative" mistake="The slope of the first link is in the product twice: once as the start, once in the loop." outputs="derivative"
def compose_derivative(fs, dfs, x):
    slope = dfs[0](x) if dfs else 1.0
    for f, df in zip(fs, dfs):
        slope = slope * df(x)
        x = f(x)
    return slope

# %% wrong="first link skipped" of="compose_derivative" mistake="The loop starts at the second link, so the slope of the first one is missing." outputs="derivative"
def compose_derivative(fs, dfs, x):
    value, slope = x, 1.0
    for i in range(1, len(fs)):
        value = fs[i - 1](value)
        slope *= dfs[i](value)
    return slope

# %% wrong="all slopes at the end of the chain" of="compose_derivative" mistake="Every slope is taken at the final value of the chain, in place of the value that enters its link." outputs="derivative"
def compose_derivative(fs, dfs, x):
    end = compose(fs, x)
    slope = 1.0
    for df in dfs:
        slope *= df(end)
    return slope

# %% wrong="slope of the last link only" of="compose_derivative" mistake="The slope is replaced at each link where it should be multiplied, so only the last link is left." outputs="derivative"
def compose_derivative(fs, dfs, x):
    slope = 1.0
    for f, df in zip(fs, dfs):
        slope = df(x)
        x = f(x)
    return slope

# %% wrong="slope passed on as the value" of="compose_derivative" mistake="What enters the next link is the slope of this one, in place of its value." outputs="derivative"
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

# %% wrong="exp differentiated as a power" of="fork_derivative" mistake="The slope of w = e^(-x) is formed by the rule for powers, x^n; the path through w in q is wrong." outputs="dq" source="tenstorrent/tt-metal#52144"
def fork_derivative(x):
    u, v, w = x**3, np.cos(x), np.exp(-x)
    du, dv = 3 * x**2, -np.sin(x)
    dw = -x * np.exp(-x - 1)
    return du * v + u * dv, du * v * w + u * dv * w + u * v * dw

# %% wrong="factor 3 of the cube missing" of="fork_derivative" mistake="The slope of u = x^3 is taken as x^2: the factor 3 is missing on the path through u." outputs="dp, dq"
def fork_derivative(x):
    u, du = x**3, x**2
    v, dv = np.cos(x), -np.sin(x)
    w, dw = np.exp(-x), -np.exp(-x)
    dp = du * v + dv * u
    dq = du * v * w + dv * u * w + dw * u * v
    return dp, dq

# %% wrong="v missing on the first path of q" of="fork_derivative" mistake="In q, the path through u lacks the factor v; dp is right." outputs="dq"
def fork_derivative(x):
    u, v, w = x**3, np.cos(x), np.exp(-x)
    du, dv, dw = 3 * x**2, -np.sin(x), -w
    through_u = du * w
    through_v = u * dv * w
    through_w = u * v * dw
    return du * v + u * dv, through_u + through_v + through_w

# %% wrong="slope of p where p belongs" of="fork_derivative" mistake="With q = p w, the second term of the product rule has dp in place of p." outputs="dq"
def fork_derivative(x):
    w, dw = np.exp(-x), -np.exp(-x)
    dp = 3 * x**2 * np.cos(x) - x**3 * np.sin(x)
    dq = dp * w + dp * dw
    return dp, dq

# %% wrong="slope of cos at the cube" of="fork_derivative" mistake="The slope of v = cos x is taken at u = x^3 in place of x, so the path through v is wrong in both." outputs="dp, dq"
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

# %% wrong="bias counted once for each input" of="neuron_gradients" mistake="db is summed over the inputs: the bias enters z once, not once for each x." outputs="db"
def neuron_gradients(w, b, x, y):
    a = sigmoid(np.dot(w, x) + b)
    delta = 2 * (a - y) * a * (1 - a)
    dw = delta * x
    db = np.sum(delta * np.ones_like(x))
    return dw, db

# %% wrong="square of the error opened wrongly" of="neuron_gradients" mistake="The slope of (a - y)^2 is taken as 2a - y: the factor 2 belongs to y too." outputs="dw, db"
def neuron_gradients(w, b, x, y):
    z = w @ x + b
    a = sigmoid(z)
    dL_da = 2 * a - y
    da_dz = a * (1 - a)
    return dL_da * da_dz * x, dL_da * da_dz

# %% wrong="slope of sigmoid from the error" of="neuron_gradients" mistake="The slope a (1 - a) is formed with the error a - y in place of the activation a." outputs="dw, db"
def neuron_gradients(w, b, x, y):
    e = sigmoid(w @ x + b) - y
    dz = 2 * e * e * (1 - e)
    return x * dz, dz

# %% wrong="slope of sigmoid only in db" of="neuron_gradients" mistake="In dw the slope of the sigmoid is missing; db has it." outputs="dw"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    error = 2 * (a - y)
    dw = error * x
    db = error * a * (1 - a)
    return dw, db

# %% wrong="neighbour's input" of="neuron_gradients" mistake="Each entry of dw is multiplied by the input before it: the index is off by one." outputs="dw"
def neuron_gradients(w, b, x, y):
    a = sigmoid(sum(wi * xi for wi, xi in zip(w, x)) + b)
    shared = 2 * (a - y) * a * (1 - a)
    dw = np.zeros(len(w))
    for i in range(len(w)):
        dw[i] = shared * x[i - 1]
    return dw, shared

# %% wrong="gradient of cross-entropy" of="neuron_gradients" mistakes="2" mistake="dz is taken as a - y, which belongs to cross-entropy: here the factor 2 and the slope of the sigmoid are both missing." outputs="dw, db"
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

# %% wrong="depth inside the slope" of="vanishing_product" mistake="One slope is taken at n z: the depth belongs outside, as the exponent of the slope at z." outputs="sigmoid, tanh"
def vanishing_product(z, n, kind):
    if n == 0:
        return 1.0
    at = n * z
    if kind == "sigmoid":
        return sigmoid(at) * (1 - sigmoid(at))
    if kind == "tanh":
        return 1 - np.tanh(at) ** 2
    return 1.0 if at > 0 else 0.0

# %% wrong="hyperbolic cosine not squared" of="vanishing_product" mistake="The slope of tanh is taken as 1 / cosh z: the square is missing." outputs="tanh"
def vanishing_product(z, n, kind):
    slopes = {
        "sigmoid": sigmoid(z) * sigmoid(-z),
        "tanh": 1 / np.cosh(z),
        "relu": float(z > 0),
    }
    return slopes[kind] ** n

# %% wrong="one factor too few" of="vanishing_product" mistake="The loop runs from 1 to n - 1, so the product has one slope too few." outputs="sigmoid, tanh, relu"
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

# %% wrong="relu's value as its slope" of="vanishing_product" mistake="For relu the slope is taken as z where z > 0; it is 1." outputs="relu"
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
