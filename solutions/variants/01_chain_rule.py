# ---
# jupyter:
#   course: {}
# ---

# %% [markdown]
# Answers to lesson 1 as learners write them: right ones in other styles, and wrong ones. The tests
# accept every right one and reject every wrong one; the sample class is made from them.

# %% right="math_module" of="chain_four"
import math

def chain_four(x):
    u = x ** 3
    first = math.cos(u) * (3 * x * x)
    second = 1 / math.cos(x) * -math.sin(x)
    third = math.exp(-x * x / 2) * (-x)
    fourth = 10 * math.pow(1 + x * x, 9) * (2 * x)
    return [first, second, third, fourth]

# %% right="array" of="chain_four"
def chain_four(x):
    outer = np.array([np.cos(x**3), 1 / np.cos(x), np.exp(-(x**2) / 2), 10 * (1 + x**2) ** 9])
    inner = np.array([3 * x**2, -np.sin(x), -x, 2 * x])
    return outer * inner

# %% right="tangent_and_float32" of="chain_four"
def chain_four(x):
    x = np.float64(x)
    return np.float64(np.cos(x**3) * 3 * x**2), -np.tan(x), -x * np.exp(-0.5 * x * x), 20 * x * (x * x + 1) ** 9

# %% right="helper_functions" of="chain_four"
def chain_rule(outer_slope, inner, inner_slope):
    return lambda x: outer_slope(inner(x)) * inner_slope(x)

pieces = [
    chain_rule(np.cos, lambda x: x**3, lambda x: 3 * x**2),
    chain_rule(lambda u: 1 / u, np.cos, lambda x: -np.sin(x)),
    chain_rule(np.exp, lambda x: -(x**2) / 2, lambda x: -x),
    chain_rule(lambda u: 10 * u**9, lambda x: 1 + x**2, lambda x: 2 * x),
]

def chain_four(x):
    return tuple(piece(x) for piece in pieces)

# %% wrong="outer derivative at x" of="chain_four"
def chain_four(x):
    return (
        np.cos(x) * 3 * x**2,
        1 / x * -np.sin(x),
        np.exp(x) * -x,
        10 * x**9 * 2 * x,
    )

# %% wrong="inner derivative missing" of="chain_four"
def chain_four(x):
    return np.cos(x**3), 1 / np.cos(x), np.exp(-(x**2) / 2), 10 * (1 + x**2) ** 9

# %% wrong="sum in place of product" of="chain_four"
def chain_four(x):
    return (
        np.cos(x**3) + 3 * x**2,
        1 / np.cos(x) - np.sin(x),
        np.exp(-(x**2) / 2) - x,
        10 * (1 + x**2) ** 9 + 2 * x,
    )

# %% wrong="sign of the derivative of cos" of="chain_four"
def chain_four(x):
    return np.cos(x**3) * 3 * x**2, np.tan(x), np.exp(-(x**2) / 2) * -x, 10 * (1 + x**2) ** 9 * 2 * x

# %% wrong="exponent kept" of="chain_four"
def chain_four(x):
    return np.cos(x**3) * 3 * x**2, -np.tan(x), np.exp(-(x**2) / 2) * -x, 10 * (1 + x**2) ** 10 * 2 * x

# %% wrong="factor 2 of the square missing" of="chain_four"
def chain_four(x):
    return np.cos(x**3) * 3 * x**2, -np.tan(x), np.exp(-(x**2) / 2) * -x / 2, 10 * (1 + x**2) ** 9 * 2 * x

# %% wrong="functions in place of derivatives" of="chain_four"
def chain_four(x):
    return np.sin(x**3), np.log(np.cos(x)), np.exp(-(x**2) / 2), (1 + x**2) ** 10

# %% wrong="two values swapped" of="chain_four"
def chain_four(x):
    return np.cos(x**3) * 3 * x**2, np.exp(-(x**2) / 2) * -x, -np.tan(x), 10 * (1 + x**2) ** 9 * 2 * x

# %% wrong="three values" of="chain_four"
def chain_four(x):
    return np.cos(x**3) * 3 * x**2, -np.tan(x), np.exp(-(x**2) / 2) * -x

# %% wrong="prints in place of returning" of="chain_four"
def chain_four(x):
    print(np.cos(x**3) * 3 * x**2, -np.tan(x), -x * np.exp(-(x**2) / 2), 20 * x * (1 + x**2) ** 9)

# %% wrong="inner function differentiated inside" of="chain_four"
def chain_four(x):
    return np.cos(3 * x**2), 1 / -np.sin(x), np.exp(-x), 10 * (2 * x) ** 9

# %% wrong="remembers the visible points" of="chain_four"
def chain_four(x):
    table = {
        0.6: (1.0549035629920402, -0.6841368083416923, -0.5011621268467632, 190.99914422126312),
        1.2: (-0.676326141579047, -2.5721516221263188, -0.584102707151966, 73573.2056006379),
    }
    return table.get(x, (0.0, 0.0, 0.0, 0.0))

# %% right="forward_list_then_product" of="compose_derivative"
import math

def compose_derivative(fs, dfs, x):
    values = [x]
    for f in fs:
        values.append(f(values[-1]))
    return math.prod(df(u) for df, u in zip(dfs, values))

# %% right="recursion_from_the_front" of="compose_derivative"
def compose_derivative(fs, dfs, x):
    if not fs:
        return 1
    return dfs[0](x) * compose_derivative(fs[1:], dfs[1:], fs[0](x))

# %% right="backward_with_recomputed_values" of="compose_derivative"
def compose_derivative(fs, dfs, x):
    upstream = 1.0
    for i in reversed(range(len(fs))):
        upstream = upstream * dfs[i](compose(fs[:i], x))
    return upstream

# %% right="numpy_product" of="compose_derivative"
def compose_derivative(fs, dfs, x):
    slopes = []
    for i in range(len(fs)):
        slopes.append(dfs[i](x))
        x = fs[i](x)
    return np.prod(slopes)

# %% wrong="all derivatives at x" of="compose_derivative"
def compose_derivative(fs, dfs, x):
    product = 1.0
    for df in dfs:
        product *= df(x)
    return product

# %% wrong="derivative at the value that leaves" of="compose_derivative"
def compose_derivative(fs, dfs, x):
    product = 1.0
    for f, df in zip(fs, dfs):
        x = f(x)
        product *= df(x)
    return product

# %% wrong="sum of the slopes" of="compose_derivative"
def compose_derivative(fs, dfs, x):
    total = 0.0
    for f, df in zip(fs, dfs):
        total += df(x)
        x = f(x)
    return total

# %% wrong="only two links" of="compose_derivative"
def compose_derivative(fs, dfs, x):
    return dfs[1](fs[0](x)) * dfs[0](x)

# %% wrong="applied in reverse order" of="compose_derivative"
def compose_derivative(fs, dfs, x):
    product = 1.0
    for f, df in zip(fs[::-1], dfs[::-1]):
        product *= df(x)
        x = f(x)
    return product

# %% wrong="last link dropped" of="compose_derivative"
def compose_derivative(fs, dfs, x):
    product = 1.0
    for f, df in zip(fs[:-1], dfs[:-1]):
        product *= df(x)
        x = f(x)
    return product

# %% wrong="product starts at 0" of="compose_derivative"
def compose_derivative(fs, dfs, x):
    product = 0.0
    for f, df in zip(fs, dfs):
        product *= df(x)
        x = f(x)
    return product

# %% wrong="returns the value" of="compose_derivative"
def compose_derivative(fs, dfs, x):
    return compose(fs, x)

# %% wrong="derivatives composed" of="compose_derivative"
def compose_derivative(fs, dfs, x):
    return compose(dfs, x)

# %% wrong="central difference" of="compose_derivative"
def compose_derivative(fs, dfs, x):
    return (compose(fs, x + 1e-5) - compose(fs, x - 1e-5)) / 2e-5

# %% right="product_rule_spelled_out" of="fork_derivative"
import math

def fork_derivative(x):
    dp = 3 * x**2 * math.cos(x) - x**3 * math.sin(x)
    dq = math.exp(-x) * (3 * x**2 * math.cos(x) - x**3 * math.sin(x) - x**3 * math.cos(x))
    return [dp, dq]

# %% right="accumulates_over_paths" of="fork_derivative"
def fork_derivative(x):
    values = [x**3, np.cos(x), np.exp(-x)]
    slopes = [3 * x**2, -np.sin(x), -np.exp(-x)]
    def paths(n):
        total = 0.0
        for i in range(n):
            term = slopes[i]
            for j in range(n):
                if j != i:
                    term = term * values[j]
            total += term
        return total
    return np.array([paths(2), paths(3)])

# %% right="second_from_first" of="fork_derivative"
def fork_derivative(x):
    p, w = x**3 * np.cos(x), np.exp(-x)
    dp = 3 * x**2 * np.cos(x) - x**3 * np.sin(x)
    return dp, dp * w - p * w

# %% wrong="product of the slopes" of="fork_derivative"
def fork_derivative(x):
    return 3 * x**2 * -np.sin(x), 3 * x**2 * -np.sin(x) * -np.exp(-x)

# %% wrong="only the path through u" of="fork_derivative"
def fork_derivative(x):
    return 3 * x**2 * np.cos(x), 3 * x**2 * np.cos(x) * np.exp(-x)

# %% wrong="last path overwrites" of="fork_derivative"
def fork_derivative(x):
    u, v, w = x**3, np.cos(x), np.exp(-x)
    dp = 3 * x**2 * v
    dp = u * -np.sin(x)
    dq = 3 * x**2 * v * w
    dq = u * -np.sin(x) * w
    dq = u * v * -w
    return dp, dq

# %% wrong="third path forgotten" of="fork_derivative"
def fork_derivative(x):
    u, v, w = x**3, np.cos(x), np.exp(-x)
    dp = 3 * x**2 * v + u * -np.sin(x)
    return dp, dp * w

# %% wrong="sign of the derivative of exp(-x)" of="fork_derivative"
def fork_derivative(x):
    u, v, w = x**3, np.cos(x), np.exp(-x)
    dp = 3 * x**2 * v + u * -np.sin(x)
    return dp, dp * w + u * v * w

# %% wrong="difference in place of sum" of="fork_derivative"
def fork_derivative(x):
    u, v, w = x**3, np.cos(x), np.exp(-x)
    return 3 * x**2 * v - u * -np.sin(x), 3 * x**2 * v * w - u * -np.sin(x) * w - u * v * w

# %% wrong="a path counted twice" of="fork_derivative"
def fork_derivative(x):
    u, v, w = x**3, np.cos(x), np.exp(-x)
    dp = 3 * x**2 * v + u * -np.sin(x)
    return dp, dp * w + u * -np.sin(x) * w - u * v * w

# %% wrong="slopes added without the other factors" of="fork_derivative"
def fork_derivative(x):
    return 3 * x**2 - np.sin(x), 3 * x**2 - np.sin(x) - np.exp(-x)

# %% wrong="factor w forgotten in the first paths" of="fork_derivative"
def fork_derivative(x):
    u, v, w = x**3, np.cos(x), np.exp(-x)
    return 3 * x**2 * v + u * -np.sin(x), 3 * x**2 * v + u * -np.sin(x) - u * v * w

# %% right="loops_and_lists" of="neuron_gradients"
import math

def neuron_gradients(w, b, x, y):
    z = b
    for i in range(len(w)):
        z += w[i] * x[i]
    a = 1 / (1 + math.exp(-z))
    shared = 2 * (a - y) * a * (1 - a)
    return [shared * xi for xi in x], shared

# %% right="derivative_as_its_own_function" of="neuron_gradients"
def sigmoid_slope(z):
    return sigmoid(z) * sigmoid(-z)

def neuron_gradients(w, b, x, y):
    z = np.dot(w, x) + b
    dL_da = 2 * (sigmoid(z) - y)
    dL_db = dL_da * sigmoid_slope(z) * 1
    dL_dw = dL_da * sigmoid_slope(z) * np.asarray(x)
    return dL_dw, dL_db

# %% right="column_and_array_of_one" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    row = np.asarray(x, float).reshape(1, -1)
    z = row @ np.asarray(w, float).reshape(-1, 1) + b
    a = sigmoid(z)
    dz = 2 * (a - y) * a * (1 - a)
    return row.T @ dz, dz.sum(axis=0)

# %% wrong="activation derivative missing" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    return 2 * (a - y) * x, 2 * (a - y)

# %% wrong="sigmoid derivative at the activation" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    dz = 2 * (a - y) * sigmoid(a) * (1 - sigmoid(a))
    return dz * x, dz

# %% wrong="formula in a fed with z" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    z = w @ x + b
    dz = 2 * (sigmoid(z) - y) * z * (1 - z)
    return dz * x, dz

# %% wrong="factor 2 missing" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    dz = (a - y) * a * (1 - a)
    return dz * x, dz

# %% wrong="sign of the error" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    dz = 2 * (y - a) * a * (1 - a)
    return dz * x, dz

# %% wrong="input x missing" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    dz = 2 * (a - y) * a * (1 - a)
    return dz * np.ones_like(w), dz

# %% wrong="w in place of x" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    dz = 2 * (a - y) * a * (1 - a)
    return dz * w, dz

# %% wrong="db multiplied by b" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    dz = 2 * (a - y) * a * (1 - a)
    return dz * x, dz * b

# %% wrong="db forgotten" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    dz = 2 * (a - y) * a * (1 - a)
    return dz * x, 0.0

# %% wrong="derivative of tanh" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    dz = 2 * (a - y) * (1 - a**2)
    return dz * x, dz

# %% wrong="bias left out of z" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x)
    dz = 2 * (a - y) * a * (1 - a)
    return dz * x, dz

# %% wrong="dw summed to a number" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    dz = 2 * (a - y) * a * (1 - a)
    return np.sum(dz * x), dz

# %% wrong="changes w in place" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    dz = 2 * (a - y) * a * (1 - a)
    w -= 0.1 * dz * x
    return dz * x, dz

# %% wrong="only the last input" of="neuron_gradients"
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    dz = 2 * (a - y) * a * (1 - a)
    dw = np.zeros_like(w)
    for i in range(len(w)):
        dw = np.zeros_like(w)
        dw[i] = dz * x[i]
    return dw, dz

# %% right="loop" of="vanishing_product"
import math

def vanishing_product(z, n, kind):
    product = 1.0
    for _ in range(n):
        if kind == "sigmoid":
            product *= sigmoid(z) - sigmoid(z) ** 2
        if kind == "tanh":
            product *= 1 / math.cosh(z) ** 2
        if kind == "relu":
            product *= 1 if z > 0 else 0
    return product

# %% right="table_of_functions" of="vanishing_product"
import math

slopes = {
    "sigmoid": lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2,
    "tanh": lambda z: (1 - np.tanh(z)) * (1 + np.tanh(z)),
    "relu": lambda z: np.heaviside(z, 0),
}

def vanishing_product(z, n, kind):
    return np.prod(np.full(n, slopes[kind](z)))

# %% right="warns about 0/0" of="vanishing_product"
def vanishing_product(z, n, kind):
    z = np.float64(z)
    slope = {
        "sigmoid": sigmoid(z) * (1 - sigmoid(z)),
        "tanh": 1 - np.tanh(z) ** 2,
        "relu": np.where(z > 0, z / z, 0.0),
    }
    return slope[kind] ** n

# %% wrong="n times the slope" of="vanishing_product"
def vanishing_product(z, n, kind):
    slope = {"sigmoid": sigmoid(z) * (1 - sigmoid(z)), "tanh": 1 - np.tanh(z) ** 2, "relu": float(z > 0)}
    return n * slope[kind]

# %% wrong="activation in place of its derivative" of="vanishing_product"
def vanishing_product(z, n, kind):
    value = {"sigmoid": sigmoid(z), "tanh": np.tanh(z), "relu": max(z, 0.0)}
    return value[kind] ** n

# %% wrong="sigmoid derivative fed with its own value" of="vanishing_product"
def vanishing_product(z, n, kind):
    a = sigmoid(z)
    slope = {"sigmoid": sigmoid(a) * (1 - sigmoid(a)), "tanh": 1 - np.tanh(z) ** 2, "relu": float(z > 0)}
    return slope[kind] ** n

# %% wrong="square of tanh forgotten" of="vanishing_product"
def vanishing_product(z, n, kind):
    slope = {"sigmoid": sigmoid(z) * (1 - sigmoid(z)), "tanh": 1 - np.tanh(z), "relu": float(z > 0)}
    return slope[kind] ** n

# %% wrong="relu slope at 0 is 1" of="vanishing_product"
def vanishing_product(z, n, kind):
    slope = {"sigmoid": sigmoid(z) * (1 - sigmoid(z)), "tanh": 1 - np.tanh(z) ** 2, "relu": float(z >= 0)}
    return slope[kind] ** n

# %% wrong="one link too many" of="vanishing_product"
def vanishing_product(z, n, kind):
    slope = {"sigmoid": sigmoid(z) * (1 - sigmoid(z)), "tanh": 1 - np.tanh(z) ** 2, "relu": float(z > 0)}
    return slope[kind] ** (n + 1)

# %% wrong="always the sigmoid" of="vanishing_product"
def vanishing_product(z, n, kind):
    return (sigmoid(z) * (1 - sigmoid(z))) ** n

# %% wrong="endless loop" of="vanishing_product" endless="call"
def vanishing_product(z, n, kind):
    product = 1.0
    while n != 0:
        product *= sigmoid(z) * (1 - sigmoid(z))
    return product

# %% wrong="endless loop in the cell" of="vanishing_product" endless="cell"
def vanishing_product(z, n, kind):
    return (sigmoid(z) * (1 - sigmoid(z))) ** n

depth = 1
while vanishing_product(2.0, depth, "sigmoid") > 0:
    depth = depth

# %% right="as_a_string" of="line_order"
line_order = "CGEAF"

# %% wrong="outer derivative at x" of="line_order"
line_order = ["C", "G", "E", "D", "F"]

# %% wrong="adds along the chain" of="line_order"
line_order = ["C", "G", "E", "A", "B"]

# %% wrong="first derivative at x" of="line_order"
line_order = ["C", "G", "H", "A", "F"]

# %% wrong="uses a value before it is there" of="line_order"
line_order = ["E", "C", "G", "A", "F"]
