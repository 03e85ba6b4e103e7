# %% wrong="polynomial list without the 0 for x^3" of="f_prime" lesson="00_derivatives" place="the whole result: it is the derivative of 3x^3 - 2x^2 + 7x - 1" truth="The coefficient list has no entry for the missing power x^3, so numpy takes it for a polynomial of degree 3."
def f_prime(x):
    """Return the derivative of 3x^4 - 2x^2 + 7x - 1 at x. x: a number or (n,). Result: alike."""
    x = np.asarray(x, float)
    coefficients = [3, -2, 7, -1]
    slopes = np.polyder(coefficients)
    return np.polyval(slopes, x)


# %% wrong="power stays as it was" of="f_prime" lesson="00_derivatives" place="every term: the exponent is one too large" truth="The factor n comes down, but the exponent is left at n where it must become n - 1."
def f_prime(x):
    x = np.asarray(x, float)
    total = 0 * x
    for factor, power in [(3, 4), (-2, 2), (7, 1)]:
        total = total + factor * power * x ** power
    return total


# %% wrong="power rule used on e^x" of="g_prime" lesson="00_derivatives" place="the derivative of the second factor, e^x" truth="The power rule is for x in the base; the derivative of e^x is e^x and not x e^(x - 1)."
def g_prime(x):
    """Return the derivative of sqrt(x) exp(x) at x > 0. x: a number or (n,). Result: alike."""
    x = np.asarray(x, float)
    u, v = np.sqrt(x), np.exp(x)
    du = 1 / (2 * np.sqrt(x))
    dv = x * np.exp(x - 1)
    return du * v + u * dv


# %% wrong="factors differentiated one by one" of="g_prime" lesson="00_derivatives" place="the last line, where both parts are put together" truth="A product is not differentiated factor by factor: the rule has two terms, u'v and uv', which are added."
def g_prime(x):
    x = np.asarray(x, float)
    slope_of_root = 0.5 * x**-0.5
    slope_of_exp = np.exp(x)
    return slope_of_root * slope_of_exp


# %% wrong="(x - 1)^2 multiplied out as x^2 - 1" of="h_prime" lesson="00_derivatives" place="the denominator" truth="The quotient rule is right, but (x - 1)^2 is x^2 - 2x + 1 and not x^2 - 1."
def h_prime(x):
    """Return the derivative of (x^2 + 1)/(x - 1) at x != 1. x: a number or (n,). Result: alike."""
    x = np.asarray(x, float)
    top = x**2 - 2 * x - 1  # multiplied out on paper
    bottom = x**2 - 1
    return top / bottom


# %% wrong="minus of 1/v lost" of="h_prime" lesson="00_derivatives" place="the second term, where 1/(x - 1) is differentiated" truth="The derivative of (x - 1)^-1 is minus (x - 1)^-2; the exponent -1 that comes down was lost."
def h_prime(x):
    x = np.asarray(x, float)
    # as a product: (x^2 + 1) times (x - 1)^-1
    first = 2 * x * (x - 1) ** -1
    second = (x**2 + 1) * (x - 1) ** -2
    return first + second


# %% wrong="y replaced by the upper half" of="ellipse_slope" lesson="00_derivatives" place="all points of the lower half: the sign" truth="The y of the point is thrown away and the height of the upper half is used, so points of the lower half get the slope of the other half."
def ellipse_slope(x, y):
    """Return the slope dy/dx, a number, of x^2/4 + y^2/9 = 1 at its point (x, y), y != 0."""
    height = 3 * np.sqrt(1 - x**2 / 4)
    return -9 * x / (4 * height)


# %% wrong="coefficients upside down" of="ellipse_slope" lesson="00_derivatives" place="the constant in front of x/y" truth="From x/2 + 2y y'/9 = 0 comes y' = -9x/(4y); here 4 and 9 have changed places when it was solved for y'."
def ellipse_slope(x, y):
    a2, b2 = 4, 9
    return -(a2 * x) / (b2 * y)


# %% wrong="slopes stored in an array of whole numbers" of="activation_derivative" lesson="00_derivatives" place="sigmoid and tanh of whole numbers: the slopes become 0" truth="zeros_like copies the type of z, so for whole numbers the slopes are cut off to whole numbers when they are written in."
def activation_derivative(z, kind):
    z = np.asarray(z)
    slope = np.zeros_like(z)
    if kind == "relu":
        slope[z > 0] = 1
    elif kind == "tanh":
        slope[...] = 1 - np.tanh(z) ** 2
    else:
        e = np.exp(-np.abs(z))
        slope[...] = e / (1 + e) ** 2
    return slope


# %% wrong="slope taken at the activation" of="activation_derivative" lesson="00_derivatives" place="sigmoid and tanh: the place where the slope is taken" truth="The activation is computed first and its slope is then taken at that result, but the slope belongs at the pre-activation z."
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


# %% wrong="sign function as the slope of relu" of="activation_derivative" lesson="00_derivatives" place="relu for negative z: -1 in place of 0" truth="The sign of z is -1 left of 0, but relu is flat there, so its slope is 0."
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "relu":
        return np.sign(z)
    t = np.tanh(z if kind == "tanh" else z / 2)
    return (1 - t**2) if kind == "tanh" else (1 - t**2) / 4


# %% wrong="inner derivative put into the cosine" of="chain_four" lesson="01_chain_rule" place="the first of the four, sin(x^3)" truth="The inner derivative 3x^2 is put inside the cosine; the cosine must be taken at x^3 and then multiplied by 3x^2."
def chain_four(x):
    """Return four numbers: the derivatives of sin(x^3), ln(cos x), exp(-x^2/2), (1 + x^2)^10."""
    a = np.cos(3 * x**2)
    b = -np.tan(x)
    c = -x * np.exp(-(x**2) / 2)
    d = 20 * x * (1 + x**2) ** 9
    return a, b, c, d


# %% wrong="constant differentiated to 1" of="chain_four" lesson="01_chain_rule" place="the last of the four, the inner derivative of (1 + x^2)^10" truth="The derivative of 1 + x^2 is 2x; the constant 1 has the derivative 0 and not 1."
def chain_four(x):
    pairs = [  # (outer at the inner value, inner at x)
        (np.cos(x**3), 3 * x**2),
        (1 / np.cos(x), -np.sin(x)),
        (np.exp(-(x**2) / 2), -x),
        (10 * (1 + x**2) ** 9, 1 + 2 * x),
    ]
    return [outer * inner for outer, inner in pairs]


# %% wrong="both minus signs lost" of="chain_four" lesson="01_chain_rule" place="the second and the third of the four: the sign" truth="Two mistakes: the derivative of cos is -sin, and the inner derivative of exp(-x^2/2) is -x; both minus signs are missing."
def chain_four(x):
    u = x**3
    d1 = np.cos(u) * 3 * x * x
    d2 = np.sin(x) / np.cos(x)
    d3 = np.exp(-0.5 * x * x) * x
    d4 = 10 * (1 + x * x) ** 9 * 2 * x
    return (d1, d2, d3, d4)


# %% wrong="slope at what leaves the link" of="compose_derivative" lesson="01_chain_rule" place="every factor: it is taken one value too late" truth="x is moved on before the slope is asked for, so each slope is taken at the output of its link and not at the value that enters it."
def compose_derivative(fs, dfs, x):
    """Return the derivative at the number x of applying fs[0], then fs[1], ..."""
    slope = 1
    for f, df in zip(fs, dfs):
        x = f(x)
        slope *= df(x)
    return slope


# %% wrong="recursion ends with x" of="compose_derivative" lesson="01_chain_rule" place="the empty chain, and with it a factor in every chain" truth="The recursion ends by returning the value x, but the derivative of an empty chain is 1; the product gets the chain's last value as one more factor."
def compose_derivative(fs, dfs, x):
    if len(fs) == 0:
        return x
    return dfs[0](x) * compose_derivative(fs[1:], dfs[1:], fs[0](x))


# %% wrong="backward loop stops before link 0" of="compose_derivative" lesson="01_chain_rule" place="the factor of the first link, fs[0], is missing" truth="range(n - 1, 0, -1) stops at 1, so the slope of link 0 never becomes a factor."
def compose_derivative(fs, dfs, x):
    values = [x]
    for f in fs:
        values.append(f(values[-1]))
    d = 1.0
    for i in range(len(fs) - 1, 0, -1):
        d = d * dfs[i](values[i])
    return d


# %% wrong="list applied from its end" of="compose_derivative" lesson="01_chain_rule" place="the order of the links, and with it every place" truth="The functions are applied last one first, as in the notation f(g(x)); here fs[0] comes first."
def compose_derivative(fs, dfs, x):
    """Return the derivative at the number x of applying fs[0], then fs[1], ..."""
    order = range(len(fs) - 1, -1, -1)
    factors = []
    for i in order:
        factors.append(dfs[i](x))
        x = fs[i](x)
    return np.prod(factors)


# %% wrong="third path left out" of="fork_derivative" lesson="01_chain_rule" place="the second number, dq/dx: the path through w" truth="w = exp(-x) also depends on x; dp times w holds it fixed, and the path through w is missing."
def fork_derivative(x):
    u, du = x**3, 3 * x**2
    v, dv = np.cos(x), -np.sin(x)
    w, dw = np.exp(-x), -np.exp(-x)
    dp = du * v + u * dv
    dq = dp * w
    return dp, dq


# %% wrong="cosine differentiated without its minus" of="fork_derivative" lesson="01_chain_rule" place="both numbers: the path through v" truth="The derivative of cos x is -sin x; the minus sign is missing."
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


# %% wrong="sigmoid applied twice in the slope" of="neuron_gradients" lesson="01_chain_rule" place="da/dz, so dw and db" truth="The slope of the sigmoid is taken at the activation a, which is already a sigmoid; it belongs at the pre-activation z."
def neuron_gradients(w, b, x, y):
    z = np.dot(w, x) + b
    a = sigmoid(z)
    slope = sigmoid(a) * (1 - sigmoid(a))
    dz = 2 * (a - y) * slope
    return dz * x, dz


# %% wrong="weights where the inputs belong" of="neuron_gradients" lesson="01_chain_rule" place="dw only" truth="The derivative of w[i] x[i] toward w[i] is x[i]; here it is multiplied by w[i], which would be the gradient toward the input."
def neuron_gradients(w, b, x, y):
    """Return (dw, db) of neuron_loss. w, x: shape (D,). b, y: numbers. dw: (D,). db: a number."""
    a = sigmoid(sum(wi * xi for wi, xi in zip(w, x)) + b)
    db = 2 * (a - y) * a * (1 - a)
    dw = np.zeros(len(w))
    for i in range(len(w)):
        dw[i] = db * w[i]
    return dw, db


# %% wrong="bias treated as its own input" of="neuron_gradients" lesson="01_chain_rule" place="db only" truth="z has the slope 1 toward b; the bias is not multiplied by anything, so its own value is no factor of db."
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    dL_da = 2 * (a - y)
    da_dz = a * (1 - a)
    dz_dw = x
    dz_db = b
    return dL_da * da_dz * dz_dw, dL_da * da_dz * dz_db


# %% wrong="tanh slope for a sigmoid" of="neuron_gradients" lesson="01_chain_rule" place="da/dz, so dw and db" truth="1 - a^2 is the slope of tanh written with its value; the activation here is a sigmoid, whose slope is a (1 - a)."
def neuron_gradients(w, b, x, y):
    a = sigmoid(w @ x + b)
    delta = (a - y) * 2
    delta *= 1 - a**2
    return delta * x, delta


# %% wrong="target in the slope of the sigmoid" of="neuron_gradients" lesson="01_chain_rule" place="da/dz, so dw and db" truth="The slope of the sigmoid is made from the target y; it is a (1 - a) with the neuron's own output a."
def neuron_gradients(w, b, x, y):
    a = sigmoid(np.sum(w * x) + b)
    error = a - y
    delta = 2 * error * y * (1 - y)
    dw = [delta * xi for xi in x]
    return np.array(dw), delta


# %% wrong="only one factor raised to n" of="vanishing_product" lesson="01_chain_rule" place="the sigmoid for every n but 1" truth="The power binds tighter than the product, so only 1 - s is raised to n and s stands there once."
def vanishing_product(z, n, kind):
    """Return phi'(z) to the power n; kind is "sigmoid", "tanh" or "relu"."""
    if kind == "sigmoid":
        s = sigmoid(z)
        return s * (1 - s) ** n
    if kind == "tanh":
        return (1 - np.tanh(z) ** 2) ** n
    return float(z > 0) ** n


# %% wrong="one factor too many" of="vanishing_product" lesson="01_chain_rule" place="all kinds: the power is n + 1" truth="The product starts with the slope itself and then takes n more, so there are n + 1 factors; it must start with 1."
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


# %% wrong="constant factor y dropped" of="partials_xyz" lesson="02_partials_jacobian" place="the third number, toward z" truth="y is held fixed in y z^3, but a constant factor stays: the slope toward z is 3 y z^2."
def partials_xyz(x, y, z):
    """Return three numbers: the partial derivatives of x^2 y + y z^3 toward x, y and z."""
    df_dx = 2 * x * y
    df_dy = x**2 + z**3
    df_dz = 3 * z**2
    return df_dx, df_dy, df_dz


# %% wrong="second use of y overlooked" of="partials_xyz" lesson="02_partials_jacobian" place="the second number, toward y: one term is missing" truth="y stands in both terms, so the slope toward y has two contributions, and z^3 is missing."
def partials_xyz(x, y, z):
    return (2 * x * y, x * x, y * 3 * z * z)


# %% wrong="gradient divided by its length" of="descent_step" lesson="02_partials_jacobian" place="both numbers: the length of the step" truth="The gradient is scaled to length 1, so every step has the length lr; the step is lr times the gradient as it is."
def descent_step(x, y, lr):
    """Return two numbers: the point (x, y) after one descent step on x^2 + y^2."""
    p = np.array([x, y], float)
    g = 2 * p
    g = g / np.linalg.norm(g)
    p = p - lr * g
    return p[0], p[1]


# %% wrong="copied line still says x" of="descent_step" lesson="02_partials_jacobian" place="the second number" truth="The line for y was copied from the line for x and still takes the slope toward x, which has already moved besides."
def descent_step(x, y, lr):
    x = x - lr * 2 * x
    y = y - lr * 2 * x
    return x, y


# %% wrong="value of f in place of its gradient" of="descent_step" lesson="02_partials_jacobian" place="both numbers" truth="The value x^2 + y^2 is subtracted from both coordinates; a step needs the partial derivatives 2x and 2y."
def descent_step(x, y, lr):
    f = x**2 + y**2
    return x - lr * f, y - lr * f


# %% wrong="a row for each input" of="jacobian_central" lesson="02_partials_jacobian" place="the whole table: it is transposed" truth="The differences of input j are put into row j, so the table has a row for each input; here a row belongs to an output."
def jacobian_central(f, x, h=1e-5):
    """Return the Jacobian (m, n) of f at x by central differences. x: shape (n,)."""
    x = np.asarray(x, float)
    rows = []
    for e in np.eye(len(x)):
        difference = np.subtract(f(x + h * e), f(x - h * e)) / (2 * h)
        rows.append(np.atleast_1d(difference))
    return np.array(rows)


# %% wrong="steps of h/2 to each side" of="jacobian_central" lesson="02_partials_jacobian" place="every entry: the two points of each difference" truth="The points are x + h/2 and x - h/2, divided by h: a central difference, but with half of the step that h stands for."
def jacobian_central(f, x, h=1e-5):
    x = np.array(x, float)
    n = x.size
    columns = [None] * n
    for j in range(n):
        step = np.zeros(n)
        step[j] = h / 2
        right = np.atleast_1d(np.asarray(f(x + step), float))
        left = np.atleast_1d(np.asarray(f(x - step), float))
        columns[j] = (right - left) / (2 * step[j])
    return np.stack(columns, axis=1)


# %% wrong="copies of whole numbers are moved" of="jacobian_central" lesson="02_partials_jacobian" place="all entries where x holds whole numbers" truth="A copy of an array of whole numbers cannot hold x + h, so the step is cut off; the copy must be of type float."
def jacobian_central(f, x, h=1e-5):
    """Return the Jacobian (m, n) of f at x by central differences. x: shape (n,)."""
    columns = []
    for j in range(len(x)):
        plus, minus = np.array(x), np.array(x)
        plus[j] += h
        minus[j] -= h
        columns.append((np.atleast_1d(f(plus)) - np.atleast_1d(f(minus))) / (2 * h))
    return np.column_stack(columns)


# %% wrong="moved entry is not put back" of="jacobian_central" lesson="02_partials_jacobian" place="all columns after the first" truth="One working copy is used for all inputs, and after an input has been moved it stays at x - h while the next column is measured."
def jacobian_central(f, x, h=1e-5):
    work = np.array(x, dtype=float)
    J = None
    for j in range(len(work)):
        old = work[j]
        work[j] = old + h
        up = np.atleast_1d(f(work.copy()))
        work[j] = old - h
        down = np.atleast_1d(f(work.copy()))
        if J is None:
            J = np.zeros((len(up), len(work)))
        J[:, j] = (up - down) / (2 * h)
    return J


# %% wrong="divided by the length of v" of="jvp" lesson="02_partials_jacobian" place="the whole result: too small by the factor |v|" truth="J v is the rate along v itself, so one divides by 2h only; dividing by the length of v as well gives the slope per unit of distance."
def jvp(f, x, v, h=1e-5):
    """Return J v, of shape (m,), with two evaluations of f. x, v: shape (n,)."""
    x, v = np.asarray(x, float), np.asarray(v, float)
    ahead, behind = f(x + h * v), f(x - h * v)
    return (ahead - behind) / (2 * h * np.linalg.norm(v))


# %% wrong="brackets around 2h missing" of="jvp" lesson="02_partials_jacobian" place="the whole result: the division at the end" truth="Python reads / 2 * h as (... / 2) * h, so the difference is multiplied by h and not divided by it."
def jvp(f, x, v, h=1e-5):
    x = np.array(x, dtype=float)
    v = np.array(v, dtype=float)
    return (f(x + v * h) - f(x - v * h)) / 2 * h


# %% wrong="upstream u is not used" of="vjp" lesson="02_partials_jacobian" place="the sum over the outputs: the weights u are missing" truth="The differences of all outputs are added up with weight 1; each output must be weighted with its u before the sum."
def vjp(f, x, u, h=1e-5):
    """Return u J, of shape (n,), by central differences. x: shape (n,). u: shape (m,)."""
    x, u = np.asarray(x, float), np.asarray(u, float)
    result = np.zeros(len(x))
    for j in range(len(x)):
        e = np.zeros(len(x))
        e[j] = h
        slopes = (f(x + e) - f(x - e)) / (2 * h)
        result[j] = np.sum(slopes)
    return result


# %% wrong="all inputs moved at once" of="vjp" lesson="02_partials_jacobian" place="every entry: all hold one number, the sum of the right ones" truth="x + h moves all inputs together, so every entry is the sum of the whole gradient; only input j may move for entry j."
def vjp(f, x, u, h=1e-5):
    x = np.array(x, float)
    score = lambda p: np.dot(u, f(p))
    out = []
    for j in range(x.size):
        step = h
        out.append((score(x + step) - score(x - step)) / (2 * h))
    return np.array(out)


# %% wrong="divided by h squared" of="hvp" lesson="02_partials_jacobian" place="the whole result: the division at the end" truth="h squared belongs to a second difference of the function itself; here gradients are subtracted, so it is a first difference and is divided by 2h."
def hvp(grad, x, v, h=1e-5):
    """Return H v, of shape (n,), with two evaluations of grad. x, v: shape (n,)."""
    x = np.asarray(x, float)
    v = np.asarray(v, float)
    g_plus = grad(x + h * v)
    g_minus = grad(x - h * v)
    return (g_plus - g_minus) / h**2


# %% wrong="v multiplied in afterwards, entry by entry" of="hvp" lesson="02_partials_jacobian" place="the direction of the step, so every entry of H v" truth="x is moved along (1, ..., 1) and the result multiplied by v entry by entry; H v is a matrix times a vector, and x must be moved along v."
def hvp(grad, x, v, h=1e-5):
    x, v = np.array(x, float), np.array(v, float)
    change = grad(x + h) - grad(x - h)
    return change / (2 * h) * v


# %% wrong="inner product in place of the outer one" of="softmax_jacobian" lesson="02_partials_jacobian" place="all entries: the table of products p_i p_j" truth="p @ p.T of two arrays (K,) is one number, the sum of squares; the table of all products is np.outer(p, p)."
def softmax_jacobian(z):
    """Return the Jacobian (K, K) of softmax at z, without overflow. z: shape (K,)."""
    z = np.asarray(z, float)
    p = np.exp(z - z.max())
    p = p / p.sum()
    return np.diag(p) - p @ p.T


# %% wrong="factor p_i left out" of="softmax_jacobian" lesson="02_partials_jacobian" place="every row i: it lacks the factor p_i" truth="delta_ij - p_j is the slope of ln p_i; for p_i itself it must still be multiplied by p_i."
def softmax_jacobian(z):
    z = np.array(z, dtype=float)
    e = np.exp(z - np.max(z))
    p = e / np.sum(e)
    K = len(p)
    J = np.zeros((K, K))
    for i in range(K):
        for j in range(K):
            delta = 1 if i == j else 0
            J[i, j] = (delta - p[j])
    return J


# %% wrong="softmax treated like a sigmoid" of="softmax_jacobian" lesson="02_partials_jacobian" place="all entries off the diagonal: 0 in place of -p_i p_j" truth="p (1 - p) is only the diagonal; every probability also falls when another logit rises."
def softmax_jacobian(z):
    z = np.asarray(z, float)
    p = np.exp(z - max(z))
    p /= p.sum()
    J = np.diag(p * (1 - p))
    return J


# %% wrong="one average for the whole batch" of="softmax_vjp" lesson="02_partials_jacobian" place="all rows as soon as there are several: the number u . p" truth="The sum runs over all rows of the batch, but each row is a softmax of its own and has its own number u . p."
def softmax_vjp(Z, U):
    """Return (m, K): row i is U[i] times the Jacobian of softmax at Z[i]. Z, U: shape (m, K)."""
    Z = np.asarray(Z, float)
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return P * (U - np.sum(U * P))


# %% wrong="plain mean of u in place of the weighted one" of="softmax_vjp" lesson="02_partials_jacobian" place="what is subtracted from U in each row" truth="The number to subtract is the average of u weighted by the probabilities, the sum of u p; a plain mean over the classes is another number."
def softmax_vjp(Z, U):
    Z, U = np.array(Z, float), np.array(U, float)
    result = np.zeros_like(Z)
    for i, (z, u) in enumerate(zip(Z, U)):
        p = np.exp(z - z.max())
        p = p / p.sum()
        average = u.mean()
        result[i] = p * (u - average)
    return result


# %% wrong="einsum sums over the inputs" of="softmax_vjp" lesson="02_partials_jacobian" place="all entries: they are 0 but for rounding" truth="The einsum keeps the index of the outputs and sums each row of J, which gives 0; for u J the sum runs over the outputs j, and the index k of the inputs stays."
def softmax_vjp(Z, U):
    Z = np.asarray(Z, float)
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    J = np.einsum("ij,jk->ijk", P, np.eye(P.shape[1])) - np.einsum("ij,ik->ijk", P, P)
    return np.einsum("ij,ijk->ij", U, J)


# %% wrong="assigned in place of added up" of="linear_backward" lesson="02_partials_jacobian" place="dW only: it holds the last sample alone" truth="The loop over the samples overwrites dW each time; all samples use the same weights, so their contributions must be added."
def linear_backward(X, W, b, dY):
    """Return dX (m, D), dW (D, K) and db (K,), given dY (m, K) of Y = X W + b."""
    dX = np.zeros(X.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for i in range(len(X)):
        dX[i] = W @ dY[i]
        dW = np.outer(X[i], dY[i])
        db += dY[i]
    return dX, dW, db


# %% wrong="inverse in place of the transpose" of="linear_backward" lesson="02_partials_jacobian" place="dX only" truth="Going back through Y = X W is taken as undoing it with an inverse of W; a gradient goes back through the transpose of W."
def linear_backward(X, W, b, dY):
    back = np.linalg.pinv(W)
    dX = dY @ back
    dW = X.T @ dY
    db = dY.sum(axis=0)
    return dX, dW, db


# %% wrong="mean over the samples for the bias" of="linear_backward" lesson="02_partials_jacobian" place="db only: too small by the factor m" truth="b is added in every row, so the rows of dY are summed; a mean over the batch is already in dY if the loss has one."
def linear_backward(X, W, b, dY):
    dX = np.einsum("ik,jk->ij", dY, W)
    dW = np.einsum("ij,ik->jk", X, dY)
    db = np.einsum("ik->k", dY) / len(dY)
    return dX, dW, db


# %% wrong="result array of whole numbers" of="linear_backward" lesson="02_partials_jacobian" place="dW where W holds whole numbers: the fractions are gone" truth="zeros_like(W) has the type of W, so for whole weights the gradient is cut off to whole numbers."
def linear_backward(X, W, b, dY):
    dX, db = dY @ W.T, dY.sum(axis=0)
    dW = np.zeros_like(W)
    for j in range(W.shape[0]):
        for k in range(W.shape[1]):
            dW[j, k] = (X[:, j] * dY[:, k]).sum()
    return dX, dW, db


# %% wrong="db along the wrong axis" of="linear_backward" lesson="02_partials_jacobian" place="db only: it has an entry for each sample" truth="axis=1 adds up the outputs of each sample and leaves m numbers; the samples must be added up, along axis 0, which leaves K."
def linear_backward(X, W, b, dY):
    dX = dY @ np.transpose(W)
    dW = np.transpose(X) @ dY
    db = np.sum(dY, axis=1)
    return [dX, dW, db]


# %% wrong="stretched axes cut up by reshape" of="unbroadcast" lesson="02_partials_jacobian" place="axes that were stretched from 1" truth="The reshape into blocks of the operand's shape sums the added axes rightly, but over a stretched axis it mixes entries of different rows, since it only cuts memory into pieces."
def unbroadcast(g, shape):
    """Return the gradient of an operand of `shape` that was broadcast to the shape of g."""
    blocks = np.reshape(g, (-1,) + tuple(shape))
    return blocks.sum(axis=0)


# %% wrong="mean over the copies" of="unbroadcast" lesson="02_partials_jacobian" place="added axes only: the result is too small by the number of copies" truth="The added axes are averaged, but each copy is a path of its own and contributions are added."
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g.mean(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            g = g.sum(axis=axis, keepdims=True)
    return g


# %% wrong="one copy taken in place of all" of="unbroadcast" lesson="02_partials_jacobian" place="stretched axes: only the first copy counts" truth="Only the first entry along a stretched axis is kept; the operand was used in all of them, and their gradients must be summed."
def unbroadcast(g, shape):
    added = g.ndim - len(shape)
    g = g.sum(axis=tuple(range(added)))
    for axis in range(len(shape)):
        if shape[axis] == 1 and g.shape[axis] > 1:
            g = np.take(g, [0], axis=axis)
    return g


# %% wrong="surplus axes summed at the right end" of="unbroadcast" lesson="02_partials_jacobian" place="added axes: the shape of the result" truth="Shapes are aligned at their right ends, so the added axes are the first ones; here the last ones are summed away."
def unbroadcast(g, shape):
    g = np.asarray(g)
    while np.ndim(g) > len(shape):
        g = np.sum(g, axis=-1)
    for i, n in enumerate(shape):
        if n == 1:
            g = np.sum(g, axis=i, keepdims=True)
    return g


# %% wrong="each factor keeps its own value" of="Value" lesson="03_backprop" place="mul: the two local derivatives have changed places" truth="The slope of x y toward x is y, the other factor; here each parent gets its own value as slope."
class Value:
    """A number that remembers how it was made: data, grad, parents, op, local."""

    def __init__(self, data, parents=(), op="", local=()):
        self.data = float(data)
        self.grad = 0.0
        self.parents = tuple(parents)
        self.op = op
        self.local = tuple(local)

    def __repr__(self):
        return f"Value({self.data:g})"

    def add(self, other):
        """Return self + other, a Value with two parents."""
        return Value(self.data + other.data, (self, other), "+", (1.0, 1.0))

    def mul(self, other):
        """Return self * other, a Value with two parents."""
        local = (self.data, other.data)
        return Value(self.data * other.data, (self, other), "*", local)

    def exp(self):
        """Return e to the power self, a Value with one parent."""
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        """Return the hyperbolic tangent of self, a Value with one parent."""
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t**2,))

    def relu(self):
        """Return the larger one of 0 and self, a Value with one parent."""
        return Value(max(0.0, self.data), (self,), "relu", (float(self.data > 0),))

    # The operators are written; they call the methods above.
    def __add__(self, other):
        return self.add(as_value(other))

    def __mul__(self, other):
        return self.mul(as_value(other))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -as_value(other)

    def __radd__(self, other):
        return as_value(other) + self

    def __rmul__(self, other):
        return as_value(other) * self

    def __rsub__(self, other):
        return as_value(other) - self


def as_value(number):
    """Return a Value as it is, and a plain number as a leaf."""
    return number if isinstance(number, Value) else Value(number)


# %% wrong="tanh slope with x where t belongs" of="Value" lesson="03_backprop" place="tanh: its local derivative" truth="The slope is 1 - t^2 with t = tanh x, the result; here the number x that enters is squared."
class Value:
    """A number that remembers how it was made: data, grad, parents, op, local."""

    def __init__(self, data, parents=(), op="", local=()):
        self.data = float(data)
        self.grad = 0.0
        self.parents = tuple(parents)
        self.op = op
        self.local = tuple(local)

    def __repr__(self):
        return f"Value({self.data:g})"

    def add(self, other):
        out = self.data + other.data
        return Value(out, [self, other], "+", [1, 1])

    def mul(self, other):
        out = self.data * other.data
        return Value(out, [self, other], "*", [other.data, self.data])

    def exp(self):
        out = np.exp(self.data)
        return Value(out, [self], "exp", [out])

    def tanh(self):
        out = np.tanh(self.data)
        return Value(out, [self], "tanh", [1 - self.data ** 2])

    def relu(self):
        out = self.data if self.data > 0 else 0
        return Value(out, [self], "relu", [1 if self.data > 0 else 0])

    # The operators are written; they call the methods above.
    def __add__(self, other):
        return self.add(as_value(other))

    def __mul__(self, other):
        return self.mul(as_value(other))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -as_value(other)

    def __radd__(self, other):
        return as_value(other) + self

    def __rmul__(self, other):
        return as_value(other) * self

    def __rsub__(self, other):
        return as_value(other) - self


def as_value(number):
    """Return a Value as it is, and a plain number as a leaf."""
    return number if isinstance(number, Value) else Value(number)


# %% wrong="relu hands on its value as slope" of="Value" lesson="03_backprop" place="relu at positive numbers: its local derivative" truth="The local derivative of relu is 1 where x is positive; here the value max(0, x) itself is given."
class Value:
    """A number that remembers how it was made: data, grad, parents, op, local."""

    def __init__(self, data, parents=(), op="", local=()):
        self.data = float(data)
        self.grad = 0.0
        self.parents = tuple(parents)
        self.op = op
        self.local = tuple(local)

    def __repr__(self):
        return f"Value({self.data:g})"

    def add(self, other):
        return Value(self.data + other.data, (self, other), "+", (1, 1))

    def mul(self, other):
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        return Value(np.exp(self.data), (self,), "exp", (np.exp(self.data),))

    def tanh(self):
        return Value(np.tanh(self.data), (self,), "tanh", (1 / np.cosh(self.data) ** 2,))

    def relu(self):
        positive = max(0.0, self.data)
        return Value(positive, (self,), "relu", (positive,))

    # The operators are written; they call the methods above.
    def __add__(self, other):
        return self.add(as_value(other))

    def __mul__(self, other):
        return self.mul(as_value(other))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -as_value(other)

    def __radd__(self, other):
        return as_value(other) + self

    def __rmul__(self, other):
        return as_value(other) * self

    def __rsub__(self, other):
        return as_value(other) - self


def as_value(number):
    """Return a Value as it is, and a plain number as a leaf."""
    return number if isinstance(number, Value) else Value(number)


# %% wrong="slopes of exp and tanh from half-remembered rules" of="Value" lesson="03_backprop" place="exp and tanh: both local derivatives" truth="Two mistakes: e^x is treated by the power rule as x e^(x - 1), and tanh has got the sigmoid's slope t (1 - t)."
class Value:
    """A number that remembers how it was made: data, grad, parents, op, local."""

    def __init__(self, data, parents=(), op="", local=()):
        self.data = float(data)
        self.grad = 0.0
        self.parents = tuple(parents)
        self.op = op
        self.local = tuple(local)

    def __repr__(self):
        return f"Value({self.data:g})"

    def add(self, other):
        return Value(self.data + other.data, (self, other), "+", (1.0, 1.0))

    def mul(self, other):
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        x = self.data
        return Value(np.exp(x), (self,), "exp", (x * np.exp(x - 1),))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (t * (1 - t),))

    def relu(self):
        x = self.data
        return Value(x * (x > 0), (self,), "relu", (1.0 * (x > 0),))

    # The operators are written; they call the methods above.
    def __add__(self, other):
        return self.add(as_value(other))

    def __mul__(self, other):
        return self.mul(as_value(other))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -as_value(other)

    def __radd__(self, other):
        return as_value(other) + self

    def __rmul__(self, other):
        return as_value(other) * self

    def __rsub__(self, other):
        return as_value(other) - self


def as_value(number):
    """Return a Value as it is, and a plain number as a leaf."""
    return number if isinstance(number, Value) else Value(number)


# %% wrong="level by level from the output, then reversed" of="topo_sort" lesson="03_backprop" place="the order: a Value that has a short and a long way to the output comes too late" truth="The graph is walked level by level from the output and the list turned round; a Value that is met early on a short way then stands after one of its consumers on a longer way."
def topo_sort(output):
    """Return the list of all Values that lead to `output`, parents before what is made from them."""
    queue, order, seen = [output], [], {output}
    while queue:
        value = queue.pop(0)
        order.append(value)
        for parent in value.parents:
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)
    return order[::-1]


# %% wrong="Values told apart by their data" of="topo_sort" lesson="03_backprop" place="Values with equal data: all but one are missing" truth="The numbers are kept in the set of what has been seen, and not the Values, so a second Value with the same number is skipped."
def topo_sort(output):
    seen = set()
    order = []

    def visit(value):
        key = value.data
        if key in seen:
            return
        seen.add(key)
        for parent in value.parents:
            visit(parent)
        order.append(value)

    visit(output)
    return order


# %% wrong="list kept from the last call" of="topo_sort" lesson="03_backprop" place="every call after the first: it still holds the old Values" truth="The lists in the default arguments are made once and live on, so a second call continues with what the first one has left."
def topo_sort(output, order=[], seen=set()):
    if output not in seen:
        seen.add(output)
        for parent in output.parents:
            topo_sort(parent, order, seen)
        order.append(output)
    return order


# %% wrong="put into the list before its parents" of="topo_sort" lesson="03_backprop" place="the order: each Value stands before its parents" truth="A Value is appended before its parents are visited; it must be appended after them."
def topo_sort(output):
    """Return the list of all Values that lead to `output`, parents before what is made from them."""
    order = {}

    def walk(value):
        if value not in order:
            order[value] = len(order)
            for parent in value.parents:
                walk(parent)

    walk(output)
    return list(order)


# %% wrong="contribution overwrites the one before" of="backward" lesson="03_backprop" place="the grad of every Value that is used more than once" truth="The gradient is written with = where contributions must be added with +=, so only the last consumer counts."
def backward(output, seed=1.0):
    """Set `grad` of every Value that leads to `output` to seed times the slope toward it."""
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(output)
    for value in order:
        value.grad = 0.0
    output.grad = seed
    for value in reversed(order):
        for parent, slope in zip(value.parents, value.local):
            parent.grad = slope * value.grad


# %% wrong="grads of the last call stay" of="backward" lesson="03_backprop" place="every call after the first: old gradients are still in the sum" truth="Only the grad of the output is set at the start; the others are not put back to 0, so a second call adds to the first."
def backward(output, seed=1.0):
    order = []

    def visit(value):
        if any(value is other for other in order):
            return
        for parent in value.parents:
            visit(parent)
        order.append(value)

    visit(output)
    output.grad = seed
    for value in order[::-1]:
        for i in range(len(value.parents)):
            value.parents[i].grad += value.local[i] * value.grad


# %% wrong="double parent counted once" of="backward" lesson="03_backprop" place="the grad of a Value that is both operands of one operation" truth="A dict from parents to slopes has one place for each parent, so where the same Value is both operands one of its two arrows is lost."
def backward(output, seed=1.0):
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(output)
    gradient = {value: 0.0 for value in order}
    gradient[output] = seed
    while order:
        value = order.pop()
        value.grad = gradient[value]
        arrows = dict(zip(value.parents, value.local)).items()
        for parent, slope in arrows:
            gradient[parent] += slope * value.grad


# %% wrong="seed multiplied in at every arrow" of="backward" lesson="03_backprop" place="all grads below the output where the seed is not 1" truth="The seed is put in at the output and then once more at each arrow; it must enter once, at the output."
def backward(output, seed=1.0):
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(output)
    for value in order:
        value.grad = 0.0
    output.grad = seed
    for value in reversed(order):
        for parent, slope in zip(value.parents, value.local):
            parent.grad += seed * slope * value.grad


# %% wrong="passed on before the last contribution is in" of="backward" lesson="03_backprop" place="Values below a fork whose consumers are not equally far from the output" truth="The Values are taken from a stack as they are met, not in a topological order, so one of them passes its gradient on while a contribution is still missing."
def backward(output, seed=1.0):
    """Set `grad` of every Value that leads to `output` to seed times the slope toward it."""
    met, stack = [output], [output]
    while stack:
        value = stack.pop()
        for parent in value.parents:
            if parent not in met:
                met.append(parent)
                stack.append(parent)
    for value in met:
        value.grad = 0.0
    output.grad = seed
    todo, done = [output], set()
    while todo:
        value = todo.pop()
        done.add(value)
        for parent, slope in zip(value.parents, value.local):
            parent.grad += slope * value.grad
            if parent not in done and parent not in todo:
                todo.append(parent)


# %% wrong="1/m of the mean missing in the gradient" of="bce_from_logits" lesson="03_backprop" place="da only: too large by the factor m" truth="The loss is a mean over m samples, so each entry of its gradient carries 1/m; sigma(a) - y alone belongs to the sum."
def bce_from_logits(a, y):
    """Return (loss, da): the mean binary cross-entropy and its gradient. a, y, da: shape (m,)."""
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = np.mean(np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a))))
    da = sigmoid(a) - y
    return loss, da


# %% wrong="slope of the sigmoid multiplied in again" of="bce_from_logits" lesson="03_backprop" place="da only: the factor p (1 - p) too much" truth="In sigma(a) - y the slope of the sigmoid has already cancelled against the loss; it is multiplied in once more."
def bce_from_logits(a, y):
    a = np.asarray(a, float)
    y = np.asarray(y, float)
    m = len(a)
    losses = np.logaddexp(0, a) - a * y
    p = sigmoid(a)
    dp = (p - y) / m
    da = dp * p * (1 - p)
    return losses.sum() / m, da


# %% wrong="target minus prediction" of="bce_from_logits" lesson="03_backprop" place="da only: the sign" truth="The gradient is prediction minus target; y - sigma(a) is the direction of descent and has the wrong sign."
def bce_from_logits(a, y):
    a = np.array(a, dtype=float)
    y = np.array(y, dtype=float)
    loss, da = 0.0, np.zeros(len(a))
    for i in range(len(a)):
        loss += max(a[i], 0) - a[i] * y[i] + np.log1p(np.exp(-abs(a[i])))
        da[i] = y[i] - sigmoid(a[i])
    return loss / len(a), da / len(a)


# %% wrong="1 subtracted in whole columns" of="softmax_ce" lesson="03_backprop" place="dZ only: the entries that are not at the true class of their row" truth="P[:, labels] picks whole columns for all rows; the 1 must be subtracted in each row at its own label, P[rows, labels]."
def softmax_ce(Z, Y):
    """Return (loss, dZ): the mean cross-entropy of softmax(Z), and its gradient. Z, Y, dZ: (m, K)."""
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    m = Z.shape[0]
    labels = Y.argmax(axis=1)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(m), labels].mean()
    dZ = softmax(Z)
    dZ[:, labels] -= 1
    dZ /= m
    return loss, dZ


# %% wrong="divided by the number of entries" of="softmax_ce" lesson="03_backprop" place="dZ only: too small by the factor K" truth="The loss is a mean over the m samples, but Z.size is m K; the gradient is divided by the number of entries."
def softmax_ce(Z, Y):
    Z = np.array(Z, float)
    Y = np.array(Y, float)
    M = Z.max(axis=1, keepdims=True)
    lse = M + np.log(np.sum(np.exp(Z - M), axis=1, keepdims=True))
    loss = np.sum(Y * (lse - Z)) / len(Z)
    dZ = (np.exp(Z - lse) - Y) / Z.size
    return loss, dZ


# %% wrong="gradient at the true class only" of="softmax_ce" lesson="03_backprop" place="dZ only: 0 for all classes but the true one" truth="Only the true class stands in the loss, but its probability depends on all logits; the others have the gradient p / m and not 0."
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    Z = Z - Z.max(axis=1, keepdims=True)
    loss = -np.mean(np.sum(Y * Z, axis=1) - np.log(np.sum(np.exp(Z), axis=1)))
    P = softmax(Z)
    dZ = np.zeros(Z.shape)
    for i in range(len(Z)):
        for k in range(Z.shape[1]):
            if Y[i, k] == 1:
                dZ[i, k] = (P[i, k] - 1) / len(Z)

    return loss, dZ


# %% wrong="z in place of h for the output weights" of="tanh_net_gradients" lesson="03_backprop" place="dv only" truth="The output is v . h, so dv is the error times h, the value after tanh; here the value before it is used."
def tanh_net_gradients(W, b, v, c, x, y):
    """Return a dict: the gradients of (v . tanh(x W + b) + c - y)^2 / 2 toward W, b, v, c, x."""
    z = x @ W + b
    h = np.tanh(z)
    e = v @ h + c - y
    dz = e * v * (1 - h**2)
    return {"W": np.outer(x, dz), "b": dz, "v": e * z, "c": e, "x": W @ dz}


# %% wrong="tanh taken twice in the slope" of="tanh_net_gradients" lesson="03_backprop" place="the step from dh to dz, so db, dW and dx" truth="h is tanh(z) already, so the slope is 1 - h^2; here tanh is taken once more, which is the slope at h and not at z."
def tanh_net_gradients(W, b, v, c, x, y):
    h = np.tanh(np.dot(x, W) + b)
    y_hat = np.dot(v, h) + c
    dy_hat = y_hat - y
    dh = dy_hat * v
    dz = dh * (1 - np.tanh(h) ** 2)
    grads = {}
    grads["v"] = dy_hat * h
    grads["c"] = dy_hat
    grads["b"] = dz
    grads["W"] = x[:, None] * dz[None, :]
    grads["x"] = W.dot(dz)
    return grads


# %% wrong="way to x around the activation" of="tanh_net_gradients" lesson="03_backprop" place="dx only: the slope of tanh is missing" truth="The gradient goes from h straight back through W; on the way to x it must first pass tanh, so W is multiplied with dz and not with dh."
def tanh_net_gradients(W, b, v, c, x, y):
    h = np.tanh(x @ W + b)
    dout = (v @ h + c) - y
    dh = dout * v
    dz = dh * (1 - h * h)
    dx = np.zeros(len(x))
    dW = np.zeros(W.shape)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            dW[i, j] = x[i] * dz[j]
            dx[i] += W[i, j] * dh[j]
    return dict(W=dW, b=dz, v=dout * h, c=dout, x=dx)


# %% wrong="reshape in place of a transpose" of="tanh_net_gradients" lesson="03_backprop" place="dW only: the entries stand in the wrong places" truth="The outer product is made the wrong way round and then reshaped to (D, H); reshape keeps the order of the entries, and what is needed is the transpose, np.outer(x, dz)."
def tanh_net_gradients(W, b, v, c, x, y):
    z = x @ W + b
    h = np.tanh(z)
    error = v @ h + c - y
    dz = error * v / np.cosh(z) ** 2
    dW = np.outer(dz, x).reshape(W.shape)
    return {"W": dW, "b": dz, "v": error * h, "c": error, "x": dz @ W.T}


# %% wrong="gradient of the weights where the weights belong" of="mlp_backward" lesson="03_backprop" place="dA1, so db1 and dW1" truth="On the way back through the second layer dZ2 is multiplied with dW2, the gradient; it must be the weight matrix W2 itself."
def mlp_backward(params, X, Y, lam, cache):
    """Return a dict with the keys of params: the gradients of mlp_loss(params, X, Y, lam)."""
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (cache["P"] - Y) / len(X)
    dW2 = cache["A1"].T @ dZ2
    db2 = dZ2.sum(axis=0)
    dA1 = dZ2 @ dW2.T
    dZ1 = np.where(cache["Z1"] > 0, dA1, 0)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(axis=0)
    return {"W1": dW1 + lam * W1, "b1": db1, "W2": dW2 + lam * W2, "b2": db2}


# %% wrong="relu mask by the sign of the gradient" of="mlp_backward" lesson="03_backprop" place="dZ1, so db1 and dW1" truth="Entries are set to 0 where the gradient is negative; relu lets a gradient of any sign through, and what decides is whether Z1 was positive."
def mlp_backward(params, X, Y, lam, cache):
    m = X.shape[0]
    grads = {}
    dZ = (cache["P"] - Y) / m
    grads["b2"] = np.sum(dZ, axis=0)
    grads["W2"] = np.dot(cache["A1"].T, dZ) + lam * params["W2"]
    dA = np.dot(dZ, params["W2"].T)
    dA[dA <= 0] = 0
    grads["b1"] = np.sum(dA, axis=0)
    grads["W1"] = np.dot(X.T, dA) + lam * params["W1"]
    return grads


# %% wrong="1/m a second time in the biases" of="mlp_backward" lesson="03_backprop" place="db1 and db2: too small by the factor m" truth="dZ2 holds the 1/m of the mean already; taking the mean for the biases divides by m once more, where the samples must be summed."
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    dZ2 = (P - Y) / len(X)
    dZ1 = (dZ2 @ params["W2"].T) * (Z1 > 0)
    return {
        "W1": X.T @ dZ1 + lam * params["W1"],
        "b1": dZ1.mean(axis=0),
        "W2": A1.T @ dZ2 + lam * params["W2"],
        "b2": dZ2.mean(axis=0),
    }


# %% wrong="penalty itself added to the gradient" of="mlp_backward" lesson="03_backprop" place="dW1 and dW2 where lam is not 0" truth="What is added is the term lam/2 W^2 of the loss; its derivative is lam W."
def mlp_backward(params, X, Y, lam, cache):
    """Return a dict with the keys of params: the gradients of mlp_loss(params, X, Y, lam)."""
    dZ2 = (cache["P"] - Y) / Y.shape[0]
    dZ1 = dZ2 @ params["W2"].T * (cache["A1"] > 0)
    inputs, upstream = [X, cache["A1"]], [dZ1, dZ2]
    grads = {}
    for k in (1, 2):
        W = params[f"W{k}"]
        grads[f"W{k}"] = inputs[k - 1].T @ upstream[k - 1] + lam / 2 * W**2
        grads[f"b{k}"] = np.ones(len(X)) @ upstream[k - 1]
    return grads


# %% wrong="penalty averaged, and on the biases too" of="mlp_backward" lesson="03_backprop" place="what lam adds, in all four gradients" truth="Two mistakes with the penalty: it is no mean over samples, so it has no 1/m, and the biases are not in it."
def mlp_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ2 = (cache["P"] - Y) / m
    dZ1 = (dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    grads = {
        "W1": X.T @ dZ1,
        "b1": dZ1.sum(axis=0),
        "W2": cache["A1"].T @ dZ2,
        "b2": dZ2.sum(axis=0),
    }
    for key in grads:
        grads[key] = grads[key] + lam / m * params[key]
    return grads


# %% wrong="square W not transposed" of="skip_backward" lesson="03_backprop" place="dX only: the path through tanh" truth="Back through X W the gradient is multiplied with the transpose of W; W is square, so the shapes fit without it."
def skip_backward(X, W, b, dS):
    """Return (dX, dW, db) for S = X + tanh(X W + b). X, dS: (m, D). W: (D, D). b: (D,)."""
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    dX = dS + dZ @ W
    return dX, X.T @ dZ, dZ.sum(axis=0)


# %% wrong="slope made from S" of="skip_backward" lesson="03_backprop" place="dZ, so all three gradients" truth="1 - S^2 is taken with the sum S = X + tanh(Z); the slope of tanh is made from tanh(Z) alone."
def skip_backward(X, W, b, dS):
    Z = X @ W + b
    S = X + np.tanh(Z)
    dZ = dS * (1 - S ** 2)
    dW = np.einsum("ij,ik->jk", X, dZ)
    db = np.einsum("ij->j", dZ)
    dX = dS + np.einsum("ik,jk->ij", dZ, W)
    return dX, dW, db


# %% wrong="straight path through the activation" of="skip_backward" lesson="03_backprop" place="dX only: the straight path" truth="The upstream is multiplied by the slope of tanh before it goes along the straight path as well; the straight path goes around the activation and carries dS as it is."
def skip_backward(X, W, b, dS):
    upstream = dS.copy()
    dZ = upstream * (1 - np.tanh(X @ W + b) ** 2)
    dX = dZ @ W.T
    dX += dZ
    return dX, X.T @ dZ, np.sum(dZ, axis=0)


# %% wrong="path through F left out" of="skip_backward" lesson="03_backprop" place="dX only: the path through tanh and W is missing" truth="Only the straight path is sent back to X; X also enters F, and what comes back through F must be added."
def skip_backward(X, W, b, dS):
    F = np.tanh(np.dot(X, W) + b)
    dF = dS
    dZ = dF * (1 - F * F)
    dW = np.dot(X.T, dZ)
    db = dZ.sum(0)
    dX = 1 * dS
    return [dX, dW, db]


# %% wrong="variance taken as a constant" of="batchnorm_backward" lesson="03_backprop" place="dX only: the paths through v" truth="C is also used in v, which makes s; the way back through the deviation is left out."
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    """Return (dX, dgamma, dbeta). X, dY: (m, D). gamma, beta: (D,). Means are over the rows."""
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0) + eps)
    Xhat = C / s
    dXhat = dY * gamma
    dC = dXhat / s
    dX = dC - dC.mean(axis=0)
    return dX, (dY * Xhat).sum(axis=0), dY.sum(axis=0)


# %% wrong="exponent -1/2 in the slope of 1/s" of="batchnorm_backward" lesson="03_backprop" place="dX only: the path through the variance" truth="The slope of (v + eps)^(-1/2) has the exponent -3/2; the exponent was not lowered by 1."
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    m = len(X)
    mu = X.sum(axis=0) / m
    C = X - mu
    v = (C**2).sum(axis=0) / m
    r = (v + eps) ** -0.5
    dXhat = gamma * dY
    dv = (dXhat * C).sum(axis=0) * -0.5 * (v + eps) ** -0.5
    dC = dXhat * r + 2 / m * C * dv
    dX = dC - dC.sum(axis=0) / m
    return dX, (dY * C * r).sum(axis=0), dY.sum(axis=0)


# %% wrong="mean of the column taken as a constant" of="batchnorm_backward" lesson="03_backprop" place="dX only: the paths through the mean" truth="Every X also moves the mean that is subtracted from all samples; the gradient is not centred, so those paths are missing."
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - np.mean(X, axis=0)
    s = np.sqrt(np.var(X, axis=0) + eps)
    N = C / s
    dN = dY * gamma
    ds = -np.sum(dN * C, axis=0) / s**2
    dv = ds / (2 * s)
    dC = dN / s + dv * 2 * C / X.shape[0]
    dX = dC
    return dX, np.sum(dY * N, axis=0), np.sum(dY, axis=0)


# %% wrong="gamma forgotten, and eps outside the root" of="batchnorm_backward" lesson="03_backprop" place="dX lacks gamma; dX and dgamma have another deviation" truth="Two mistakes: the gradient is not multiplied by gamma on its way to the normalised X, and eps is added to the root and not to the variance under it."
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    v = np.mean(C * C, axis=0)
    s = np.sqrt(v) + eps
    Xhat = C / s
    dXhat = dY
    dX = dXhat - Xhat * (dXhat * Xhat).mean(axis=0)
    dX = (dX - dX.mean(axis=0)) / s
    return dX, np.sum(Xhat * dY, axis=0), np.sum(dY, axis=0)


# %% wrong="a whole row is moved" of="numeric_grad" lesson="04_gradient_checking" place="arrays with two or more axes: every entry holds the sum of its row" truth="The loop runs over the first axis only, so x[i] is a whole row and all its entries are moved together."
def numeric_grad(f, x, h=None):
    """Return the gradient of f at x by central differences, in x's shape."""
    x = np.array(x, float)
    grad = np.zeros(x.shape)
    for i in range(len(x)):
        step = h if h is not None else eps ** (1 / 3) * max(1, np.abs(x[i]).max())
        plus, minus = x.copy(), x.copy()
        plus[i] += step
        minus[i] -= step
        grad[i] = (f(plus) - f(minus)) / (2 * step)
    return grad


# %% wrong="two names for one array" of="numeric_grad" lesson="04_gradient_checking" place="all entries: 0" truth="Both names stand for the same array, so the second line takes back what the first has done and f is called twice at one point."
def numeric_grad(f, x, h=None):
    x = np.asarray(x, float)
    g = np.empty(x.shape)
    for index in np.ndindex(*x.shape):
        d = h or eps ** (1 / 3) * max(1.0, abs(x[index]))
        x_plus = x_minus = x.copy()
        x_plus[index] += d
        x_minus[index] -= d
        g[index] = (f(x_plus) - f(x_minus)) / (2 * d)
    return g


# %% wrong="one step for entries of all sizes" of="numeric_grad" lesson="04_gradient_checking" place="large entries where no step is given" truth="The step is 1e-5 for every entry; next to an entry of 2e6 that is so small that the difference is mostly rounding, and the step must grow with the entry."
def numeric_grad(f, x, h=None):
    point = np.array(x, float)
    shape = point.shape
    point = point.ravel()
    if h is None:
        steps = np.full(point.size, 1e-5)
    else:
        steps = np.full(point.size, h)
    slopes = []
    for e, step in zip(np.eye(point.size), steps):
        up = f((point + e * step).reshape(shape))
        down = f((point - e * step).reshape(shape))
        slopes.append((up - down) / (2 * step))
    return np.reshape(slopes, shape)


# %% wrong="entry stays moved" of="numeric_grad" lesson="04_gradient_checking" place="the points at which f is called, from the second entry on" truth="An entry goes to x + h and then to x - h, and stays there while the next entries are measured; it must be put back."
def numeric_grad(f, x, h=None):
    work = np.array(x, dtype=float)
    grad = np.zeros_like(work)
    it = np.nditer(work, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        old = work[ix]
        step = eps ** (1 / 3) * max(1, abs(old)) if h is None else h
        work[ix] = old + step
        fplus = f(work.copy())
        work[ix] = old - step
        fminus = f(work.copy())
        grad[ix] = (fplus - fminus) / (2 * step)
        it.iternext()
    return grad


# %% wrong="step in proportion to the entry, also at 0" of="numeric_grad" lesson="04_gradient_checking" place="an entry that is 0: nan" truth="The step is a multiple of the entry alone, so at an entry of 0 it is 0 and the quotient is 0/0; the step needs a lower bound."
def numeric_grad(f, x, h=None):
    x = np.array(x, dtype=float)
    out = np.zeros(x.size)
    for i, value in enumerate(x.flat):
        size = h if h is not None else eps ** (1 / 3) * np.abs(value)
        moved = [x.copy(), x.copy()]
        moved[0].flat[i] = value + size
        moved[1].flat[i] = value - size
        out[i] = np.subtract(f(moved[0]), f(moved[1])) / (2 * size)
    return out.reshape(x.shape)


# %% wrong="small number added to the denominator" of="relative_error" lesson="04_gradient_checking" place="small arrays: the result shrinks with their scale" truth="1e-8 in the denominator avoids 0/0, but at a scale of 1e-9 it is larger than the norms and the error is no longer relative."
def relative_error(a, n):
    """Return ||a - n|| / (||a|| + ||n||), a number; 0 where both are 0."""
    a = np.ravel(np.asarray(a, float))
    n = np.ravel(np.asarray(n, float))
    top = np.sqrt(np.sum((a - n) ** 2))
    bottom = np.sqrt(np.sum(a**2)) + np.sqrt(np.sum(n**2))
    return top / (bottom + 1e-8)


# %% wrong="step of a central difference" of="complex_step" lesson="04_gradient_checking" place="small slopes, from about the seventh digit" truth="The step is chosen as for differences, but nothing is subtracted here; it must be as small as 1e-20, so that the error h^2 f'''/6 disappears."
def complex_step(f, x):
    """Return the gradient of f at x, a number or an array (n,), in x's shape and exact to rounding."""
    h = 1e-8
    if np.ndim(x) == 0:
        return np.imag(f(x + 1j * h)) / h
    x = np.asarray(x)
    grad = np.zeros(x.shape)
    for i in range(len(x)):
        z = x.astype(complex)
        z[i] += 1j * h
        grad[i] = np.imag(f(z)) / h
    return grad


# %% wrong="imaginary parts not taken back" of="complex_step" lesson="04_gradient_checking" place="all entries after the first: they hold running sums" truth="The complex copy is made once and never put back, so entry i is measured while all entries before it are moved too, and their slopes are added."
def complex_step(f, x):
    h = 1e-20
    z = np.array(x, dtype=complex)
    if z.ndim == 0:
        return f(complex(x, h)).imag / h
    slopes = []
    for i in range(z.size):
        old = z[i]
        z[i] = old + 1j * h
        slopes.append(f(z).imag / h)

    return np.array(slopes)


# %% wrong="steps to both sides, divided by h" of="complex_step" lesson="04_gradient_checking" place="all results: too large by the factor 2" truth="The points x + ih and x - ih lie 2h apart, so their difference is divided by 2h; dividing by h gives twice the slope."
def complex_step(f, x):
    h = 1e-30
    quotient = lambda up, down: np.imag(f(up) - f(down)) / h
    if np.isscalar(x):
        return quotient(x + 1j * h, x - 1j * h)
    x = np.array(x, complex)
    return np.array([quotient(x + 1j * h * e, x - 1j * h * e) for e in np.eye(len(x))])


# %% wrong="gaps at h and 2h" of="kink_guard" lesson="04_gradient_checking" place="kinks near the end of the interval, at a distance of about h" truth="The gaps are compared at 2h and h, where a kink at 0.9h has nearly left the smaller step; the recipe needs 4h and 2h."
def kink_guard(f, x, h=1e-5):
    """Return n truth values: whether f has a kink within h of x, shape (n,), along each entry."""
    x = np.asarray(x, float)
    here = f(x)
    noise = 100 * eps * max(1, abs(here)) / h
    found = []
    for i in range(len(x)):

        def gap(step):
            right, left = x.copy(), x.copy()
            right[i] += step
            left[i] -= step
            return abs((f(right) - here) / step - (here - f(left)) / step)

        wide, narrow = gap(2 * h), gap(h)
        found.append(bool(narrow > noise and wide / narrow < 1.75))
    return found


# %% wrong="no noise floor" of="kink_guard" lesson="04_gradient_checking" place="functions that are nearly straight: rounding is taken for a kink" truth="The ratio of the two gaps is judged even where both are rounding errors; gaps below the noise must be left out first."
def kink_guard(f, x, h=1e-5):
    x = np.array(x, float)
    kinks = []
    for e in np.eye(x.size):
        middle = f(x)
        g = {}
        for k in (2, 4):
            s = k * h
            g[k] = abs(f(x + s * e) - 2 * middle + f(x - s * e)) / s
        floor = 0
        kinks.append(g[2] > floor and g[4] < 1.75 * g[2])
    return kinks


# %% wrong="size of the gap in place of its ratio" of="kink_guard" lesson="04_gradient_checking" place="strong curvature, taken for a kink, and kinks of small slopes, overlooked" truth="The gap is compared with a fixed number; strong curvature makes a large gap too, and what tells a kink is that the gap does not shrink with the step."
def kink_guard(f, x, h=1e-5):
    x = np.asarray(x, float)
    answer = np.zeros(len(x), dtype=bool)
    f0 = f(x)
    for i in range(len(x)):
        gaps = []
        for step in (4 * h, 2 * h):
            d = np.zeros(len(x))
            d[i] = step
            gaps.append(abs((f(x + d) - f0) / step - (f0 - f(x - d)) / step))
        answer[i] = gaps[1] > 1e-3
    return answer


# %% wrong="direction with positive entries only" of="direction_check" lesson="04_gradient_checking" place="the random direction v" truth="rng.random draws from 0 to 1, so all entries of v are positive; a normal distribution around 0 is asked for."
def direction_check(f, g, x, rng):
    """Return the relative difference of g . v and the slope of f along a random v."""
    x = np.asarray(x, float)
    v = rng.random(x.shape)
    h = 1e-5
    p = np.sum(g * v)
    s = (f(x + h * v) - f(x - h * v)) / (2 * h)
    total = abs(p) + abs(s)
    return 0.0 if total == 0 else abs(p - s) / total


# %% wrong="unit length on one side only" of="direction_check" lesson="04_gradient_checking" place="the slope s: it belongs to another vector than p" truth="The step goes along v divided by its length, but p is taken with v as it was drawn; both must use the same vector."
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v = rng.standard_normal(x.shape)
    p = np.vdot(g, v)
    unit = v / np.linalg.norm(v)
    s = (f(x + 1e-5 * unit) - f(x - 1e-5 * unit)) / 2e-5
    if p == 0 and s == 0:
        return 0
    return np.abs(p - s) / (np.abs(p) + np.abs(s))


# %% wrong="difference without its absolute value" of="direction_check" lesson="04_gradient_checking" place="the sign of the result" truth="p - s is divided as it is, so the result can be negative and a wrong gradient looks smaller than any tolerance; its absolute value is needed."
def direction_check(f, g, x, rng):
    x, g = np.asarray(x, float), np.asarray(g, float)
    h = 1e-5
    v = rng.normal(0, 1, x.shape)
    p = (g * v).sum()
    s = (f(x + h * v) - f(x - h * v)) / (2 * h)
    size = abs(p) + abs(s)
    if size == 0:
        return 0.0
    return (p - s) / size


# %% wrong="norm over the whole array" of="grad_check" lesson="04_gradient_checking" place="a small wrong entry beside large right ones is overlooked" truth="The relative error is taken with the norms of whole arrays, which the large entries rule; entries must be judged one by one."
def grad_check(loss, params, grads):
    """Return the sorted list of the names whose gradient is wrong; entries on a kink do not count."""
    h, bad = 1e-5, []
    L = loss(params)
    floor = 100 * eps * max(1, abs(L)) / h
    for name in params:
        x = np.asarray(params[name], float)
        if name not in grads or np.shape(grads[name]) != x.shape:
            bad.append(name)
            continue
        a = np.asarray(grads[name], float).ravel()
        if not np.isfinite(a).all():
            bad.append(name)
            continue
        f, flat = of_one_array(loss, params, name), x.ravel()
        n, smooth = np.zeros(flat.size), np.ones(flat.size, bool)
        for i, e in enumerate(np.eye(flat.size)):
            n[i] = (f(flat + h * e) - f(flat - h * e)) / (2 * h)
            g2, g4 = (abs(f(flat + s * e) - 2 * L + f(flat - s * e)) / s for s in (2 * h, 4 * h))
            smooth[i] = not (g2 > floor and g4 / g2 < 1.75)
        a, n = a[smooth], n[smooth]
        difference = np.linalg.norm(a - n)
        allowed = 1e-5 * (np.linalg.norm(a) + np.linalg.norm(n)) + floor * np.sqrt(a.size)
        if difference > allowed:
            bad.append(name)
    return sorted(bad)


# %% wrong="one kink excuses the whole array" of="grad_check" lesson="04_gradient_checking" place="wrong entries in an array that has a kink elsewhere" truth="As soon as one entry is on a kink the whole array is skipped; only that entry may be left out, and its neighbours are still judged."
def grad_check(loss, params, grads):
    h = 1e-5
    base = abs(loss(params))
    noise = 100 * eps * max(1.0, base) / h

    def slopes(f, x, i, step):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        middle = f(x)
        return (f(up) - middle) / step, (middle - f(down)) / step

    def on_kink(f, x, i):
        wide, narrow = (abs(np.subtract(*slopes(f, x, i, k * h))) for k in (4, 2))
        return narrow > noise and wide < 1.75 * narrow

    def entry_is_wrong(f, x, a, i):
        n = sum(slopes(f, x, i, h)) / 2
        return not abs(a[i] - n) <= 1e-5 * max(abs(a[i]), abs(n)) + noise

    wrong = set()
    for name, value in params.items():
        x = np.array(value, float).ravel()
        a = grads.get(name)
        if a is None or np.shape(a) != np.shape(value) or not np.all(np.isfinite(a)):
            wrong.add(name)
            continue
        a = np.ravel(a)
        f = of_one_array(loss, params, name)
        if any(on_kink(f, x, i) for i in range(x.size)):
            continue
        if any(entry_is_wrong(f, x, a, i) for i in range(x.size)):
            wrong.add(name)
    return sorted(wrong)


# %% wrong="nan slips through the comparison" of="grad_check" lesson="04_gradient_checking" place="gradients that hold nan or inf are called right" truth="nan > tolerance is False, and with inf both sides are infinite, so such a gradient is never reported; it must be looked for before the comparison."
def grad_check(loss, params, grads):
    h = 1e-5
    names = []
    for name in sorted(params):
        if name not in grads:
            names.append(name)
            continue
        shape = np.shape(params[name])
        a = np.array(grads[name], float)
        if a.shape != shape:
            names.append(name)
            continue
        x = np.array(params[name], float)
        for index in np.ndindex(shape):

            def f(t):
                y = x.copy()
                y[index] += t
                return loss({**params, name: y})

            f0 = f(0)
            floor = 100 * eps * max(1, abs(f0)) / h
            n = (f(h) - f(-h)) / (2 * h)
            gap2 = abs((f(2 * h) - f0) - (f0 - f(-2 * h))) / (2 * h)
            gap4 = abs((f(4 * h) - f0) - (f0 - f(-4 * h))) / (4 * h)
            if gap2 > floor and gap4 < 1.75 * gap2:
                continue
            if abs(a[index] - n) > 1e-5 * max(abs(a[index]), abs(n)) + floor:
                names.append(name)
                break
    return names


# %% wrong="loop over the names of grads" of="grad_check" lesson="04_gradient_checking" place="a parameter whose gradient is missing" truth="The loop runs over the names that grads has, so a parameter without a gradient is never looked at; it must run over params."
def grad_check(loss, params, grads):
    h = 1e-5
    L = float(loss(params))
    floor = 100 * eps * max(1, abs(L)) / h
    result = []
    for name in grads:
        f = of_one_array(loss, params, name)
        x = np.ravel(params[name]).astype(float)
        claimed = np.asarray(grads[name], float)
        fine = claimed.shape == np.shape(params[name]) and bool(np.all(np.isfinite(claimed)))
        i = 0
        while fine and i < x.size:
            e = np.zeros(x.size)
            e[i] = h
            value = {k: f(x + k * e) for k in (-4, -2, -1, 1, 2, 4)}
            numeric = (value[1] - value[-1]) / (2 * h)
            gap2 = abs(value[2] - 2 * L + value[-2]) / (2 * h)
            gap4 = abs(value[4] - 2 * L + value[-4]) / (4 * h)
            kinked = gap2 > floor and gap4 / gap2 < 1.75
            a = claimed.ravel()[i]
            if not kinked:
                fine = abs(a - numeric) <= 1e-5 * max(abs(a), abs(numeric)) + floor
            i += 1
        if not fine:
            result.append(name)
    return sorted(result)


# %% wrong="size compared in place of the shape" of="grad_check" lesson="04_gradient_checking" place="a gradient with the right numbers in another shape" truth="Both arrays are made flat and only their lengths compared, so (3, 1) passes for (3,); the shapes themselves must be equal."
def grad_check(loss, params, grads):
    """Return the sorted list of the names whose gradient is wrong; entries on a kink do not count."""
    h, wrong = 1e-5, []
    size_of_loss = max(1, abs(loss(params)))
    floor = 100 * eps * size_of_loss / h
    for name in sorted(params):
        if name not in grads:
            wrong.append(name)
            continue
        x, a = np.asarray(params[name], float), np.asarray(grads[name], float)
        same = a.size == x.size
        if not same or not np.isfinite(a).all():
            wrong.append(name)
            continue
        f, x, a = of_one_array(loss, params, name), x.ravel(), a.ravel()
        for i in range(len(x)):
            e = h * (np.arange(len(x)) == i)
            n = (f(x + e) - f(x - e)) / (2 * h)
            two = abs(f(x + 2 * e) + f(x - 2 * e) - 2 * f(x)) / (2 * h)
            four = abs(f(x + 4 * e) + f(x - 4 * e) - 2 * f(x)) / (4 * h)
            if two > floor and four < 1.75 * two:
                continue
            if abs(a[i] - n) > 1e-5 * max(abs(a[i]), abs(n)) + floor:
                wrong.append(name)
                break
    return wrong


# %% wrong="penalty counted twice" of="deep_backward" lesson="05_capstone" place="dW1, dW2 and dW3 where lam is not 0: the part of the penalty" truth="lam W is added in the line of each weight and once more in the loop at the end, so the penalty enters twice."
def deep_backward(params, X, Y, lam, cache):
    """Return a dict with the keys of params: the gradient of deep_loss toward each parameter."""
    m = len(X)
    g = {}
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    g["W3"] = cache["S"].T @ dZ3 + lam * params["W3"]
    g["b3"] = dZ3.sum(axis=0)
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    g["W2"] = cache["A1"].T @ dZ2 + lam * params["W2"]
    g["b2"] = dZ2.sum(axis=0)
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    g["W1"] = X.T @ dZ1 + lam * params["W1"]
    g["b1"] = dZ1.sum(axis=0)
    for name in g:
        if name.startswith("W"):
            g[name] = g[name] + lam * params[name]
    return g


# %% wrong="mask of the neighbouring layer" of="deep_backward" lesson="05_capstone" place="dZ1, so dW1 and db1" truth="The first relu is gone back through with the mask of Z2; Z1 and Z2 have the same shape, so nothing complains, but the place is Z1."
def deep_backward(params, X, Y, lam, cache):
    Z = [None, cache["Z1"], cache["Z2"]]
    inputs = [None, X, cache["A1"], cache["S"]]
    found = {}
    dZ = (softmax(cache["Z3"]) - Y) / Y.shape[0]
    dS = None
    for k in (3, 2, 1):
        W = params[f"W{k}"]
        found[f"W{k}"] = inputs[k].T @ dZ + lam * W
        found[f"b{k}"] = dZ.sum(axis=0)
        dA = dZ @ W.T
        if k == 3:
            dS = dA
            dZ = dS * (Z[2] > 0)
        elif k == 2:
            dZ = (dS + dA) * (Z[k] > 0)
    return found


# %% wrong="A2 as the input of layer 3" of="deep_backward" lesson="05_capstone" place="dW3 only" truth="Layer 3 is given S = A1 + A2; the product with A2 alone leaves out what the skip has brought."
def deep_backward(params, X, Y, lam, cache):
    W1, W2, W3 = (params[name] for name in ("W1", "W2", "W3"))
    dZ3 = softmax(cache["Z3"])
    dZ3 = (dZ3 - Y) / len(Y)
    dW3 = np.einsum("ih,ik->hk", cache["A2"], dZ3)
    dS = np.einsum("ik,hk->ih", dZ3, W3)
    dZ2 = np.where(cache["Z2"] > 0, dS, 0.0)
    dW2 = np.einsum("ih,ij->hj", cache["A1"], dZ2)
    dA1 = dS + np.einsum("ij,hj->ih", dZ2, W2)
    dZ1 = np.where(cache["Z1"] > 0, dA1, 0.0)
    dW1 = np.einsum("id,ih->dh", X, dZ1)
    return {
        "W1": dW1 + lam * W1,
        "b1": dZ1.sum(axis=0),
        "W2": dW2 + lam * W2,
        "b2": dZ2.sum(axis=0),
        "W3": dW3 + lam * W3,
        "b3": dZ3.sum(axis=0),
    }


# %% wrong="back through weights that have already moved" of="deep_backward" lesson="05_capstone" place="dS, so the gradients of layers 1 and 2" truth="W3 is moved by a step before dS is computed with it; the gradient must go back through the weights with which the forward pass was made."
def deep_backward(params, X, Y, lam, cache):
    weights = {name: value.copy() for name, value in params.items()}
    rate = 0.1
    g = {}
    dZ3 = (softmax(cache["Z3"]) - Y) / len(X)
    g["W3"] = cache["S"].T @ dZ3 + lam * weights["W3"]
    g["b3"] = dZ3.sum(axis=0)
    weights["W3"] -= rate * g["W3"]
    dS = dZ3 @ weights["W3"].T
    dZ2 = dS * (cache["A2"] > 0)
    g["W2"] = cache["A1"].T @ dZ2 + lam * weights["W2"]
    g["b2"] = dZ2.sum(axis=0)
    dZ1 = (dS + dZ2 @ weights["W2"].T) * (cache["A1"] > 0)
    g["W1"] = X.T @ dZ1 + lam * weights["W1"]
    g["b1"] = dZ1.sum(axis=0)
    return g


# %% wrong="dS changed in place" of="deep_backward" lesson="05_capstone" place="the straight path of the skip, so dW1 and db1" truth="dZ2 is another name for dS, and setting its entries to 0 changes dS too; when dS is added for the skip it is no longer what it was."
def deep_backward(params, X, Y, lam, cache):
    dZ3 = (softmax(cache["Z3"]) - Y) / len(X)
    dW3, db3 = cache["S"].T @ dZ3, dZ3.sum(0)
    dS = dZ3 @ params["W3"].T
    dZ2 = dS
    dZ2[cache["Z2"] <= 0] = 0
    dW2, db2 = cache["A1"].T @ dZ2, dZ2.sum(0)
    dA1 = dZ2 @ params["W2"].T + dS
    dA1[cache["Z1"] <= 0] = 0
    dW1, db1 = X.T @ dA1, dA1.sum(0)
    gradients = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "W3": dW3, "b3": db3}
    for name in ("W1", "W2", "W3"):
        gradients[name] = gradients[name] + lam * params[name]
    return gradients


# %% wrong="multiplied by the keep probability" of="fixed_backward" lesson="05_capstone" place="dA2, so the gradients of layers 1 and 2" truth="Forward the signal is divided by keep, so its slope is mask / keep; here the gradient is multiplied by keep."
def fixed_backward(params, X, Y, cache):
    """Return a dict with the keys of params: the right gradients of audit_loss."""
    m = len(X)
    dP = 2 * (cache["P"] - Y) / m
    dD2 = dP @ params["W3"].T
    dA2 = dD2 * cache["mask"] * cache["keep"]
    dZ2 = dA2 * (1 - cache["A2"] ** 2)
    dA1 = dZ2 @ params["W2"].T
    dZ1 = dA1 * (cache["Z1"] > 0)
    return {
        "W1": X.T @ dZ1,
        "b1": dZ1.sum(axis=0),
        "W2": cache["A1"].T @ dZ2,
        "b2": dZ2.sum(axis=0),
        "W3": cache["D2"].T @ dP,
        "b3": dP.sum(axis=0),
    }


# %% wrong="tanh slope made after dropout" of="fixed_backward" lesson="05_capstone" place="dZ2, so the gradients of layers 1 and 2" truth="The slope of tanh is made from D2, which is already masked and divided by keep; it must be made from A2, the value of tanh."
def fixed_backward(params, X, Y, cache):
    dP = (cache["P"] - Y) * 2 / len(X)
    drop = cache["mask"] / cache["keep"]
    dZ2 = (dP @ params["W3"].T) * drop * (1 - cache["D2"] ** 2)
    dZ1 = (dZ2 @ params["W2"].T) * (cache["A1"] > 0)
    grads = {}
    for k, (inside, d) in enumerate([(X, dZ1), (cache["A1"], dZ2), (cache["D2"], dP)], start=1):
        grads[f"W{k}"] = np.dot(inside.T, d)
        grads[f"b{k}"] = d.sum(axis=0)
    return grads


# %% wrong="relu mask with >= on the activation" of="fixed_backward" lesson="05_capstone" place="dZ1, so dW1 and db1" truth="A1 is never negative, so A1 >= 0 is true everywhere and no gradient is blocked; the mask must ask for > 0."
def fixed_backward(params, X, Y, cache):
    m, keep = X.shape[0], cache["keep"]
    dP = 2 / m * (cache["P"] - Y)
    dD2 = np.dot(dP, params["W3"].T)
    dA2 = dD2 * cache["mask"] / keep
    dZ2 = dA2 - dA2 * cache["A2"] ** 2
    dA1 = np.dot(dZ2, params["W2"].T)
    alive = cache["A1"] >= 0
    dZ1 = np.where(alive, dA1, 0)
    dW1, dW2, dW3 = X.T @ dZ1, cache["A1"].T @ dZ2, cache["D2"].T @ dP
    db1, db2, db3 = (d.sum(axis=0) for d in (dZ1, dZ2, dP))
    return dict(W1=dW1, W2=dW2, W3=dW3, b1=db1, b2=db2, b3=db3)


# %% wrong="2 put only into W3 and b3, and / keep forgotten" of="fixed_backward" lesson="05_capstone" place="layers 1 and 2: wrong by the factors 1/2 and keep" truth="Two mistakes: the factor 2 of the square is put into dW3 and db3 and not into dP, so it does not go down; and the division by keep is still missing."
def fixed_backward(params, X, Y, cache):
    m = len(X)
    dP = (cache["P"] - Y) / m
    factor = 2
    dD2 = dP @ params["W3"].T
    dA2 = dD2 * cache["mask"]
    dZ2 = dA2 * (1 - cache["A2"] ** 2)
    dA1 = dZ2 @ params["W2"].T
    dZ1 = dA1 * (cache["A1"] > 0)
    return {
        "W1": X.T @ dZ1,
        "b1": dZ1.sum(axis=0),
        "W2": cache["A1"].T @ dZ2,
        "b2": dZ2.sum(axis=0),
        "W3": factor * (cache["D2"].T @ dP),
        "b3": factor * dP.sum(axis=0),
    }


# %% wrong="only the direction is compared" of="is_right" lesson="05_capstone" place="gradients that are wrong by a factor are accepted" truth="The cosine between claimed and measured gradient does not see their lengths, so a gradient twice as large passes."
def is_right(loss, params, grads):
    """Return True if every gradient in grads is right, else False. All three as described above."""
    h = 1e-5
    L = loss(params)
    noise = 100 * np.finfo(float).eps * abs(L) / h
    claims, measured = [], []
    for name, x in params.items():
        if name not in grads:
            return False
        a = np.asarray(grads[name])
        if a.shape != x.shape or not np.isfinite(a).all():
            return False
        for index in np.ndindex(x.shape):
            e = np.zeros(x.shape)
            e[index] = h
            at = {k: loss({**params, name: x + k * e}) for k in (-4, -2, -1, 1, 2, 4)}
            gap2 = abs(at[2] - 2 * L + at[-2]) / (2 * h)
            gap4 = abs(at[4] - 2 * L + at[-4]) / (4 * h)
            if gap2 > noise and gap4 < 1.75 * gap2:
                continue  # a kink
            claims.append(a[index])
            measured.append((at[1] - at[-1]) / (2 * h))
    a, n = np.array(claims), np.array(measured)
    if not n.any():
        return not a.any()
    cosine = a @ n / (np.linalg.norm(a) * np.linalg.norm(n) + noise**2)
    return bool(cosine > 1 - 1e-7)


# %% wrong="biases never looked at" of="is_right" lesson="05_capstone" place="wrong gradients of b1 and b2 are accepted" truth="Only the names that begin with W are checked, so a mistake in a bias gradient cannot be seen."
def is_right(loss, params, grads):
    h = 1e-5
    L = loss(params)
    floor = 100 * np.finfo(float).eps * abs(L) / h
    if any(name not in grads or np.shape(grads[name]) != params[name].shape for name in params):
        return False
    for name in [key for key in params if key.startswith("W")]:
        x, a = params[name], np.asarray(grads[name])
        left, right = np.zeros(x.shape), np.zeros(x.shape)
        for i in range(x.size):
            for side, slope in ((1, right), (-1, left)):
                y = x.copy()
                y.flat[i] += side * h
                slope.flat[i] = side * (loss(params | {name: y}) - L) / h
        margin = 1e-4 * max(np.abs(left).max(), np.abs(right).max()) + floor
        inside = (a >= np.minimum(left, right) - margin) & (a <= np.maximum(left, right) + margin)
        if not inside.all():
            return False
    return True


# %% wrong="central difference held against a claim at kinks" of="is_right" lesson="05_capstone" place="right gradients of nets with a kink are rejected" truth="At a kink the central difference is the mean of two slopes and no derivative; such an entry must be judged by the slopes of both sides or left out."
def is_right(loss, params, grads):
    h = 1e-5
    value = loss(params)
    floor = 100 * np.finfo(float).eps * abs(value) / h
    for name, x in params.items():
        a = grads.get(name)
        if a is None or np.shape(a) != np.shape(x):
            return False
        central, gap = np.zeros_like(x), np.zeros_like(x)
        for i in range(x.size):
            plus, minus = x.copy(), x.copy()
            plus.flat[i] += h
            minus.flat[i] -= h
            up, down = loss({**params, name: plus}), loss({**params, name: minus})
            central.flat[i] = (up - down) / (2 * h)
            gap.flat[i] = abs(up - 2 * value + down) / h
        allowed = 1e-4 * np.abs(central).max() + floor
        if not np.all(np.abs(a - central) <= allowed):
            return False
    return True


# %% wrong="fixed tolerance" of="is_right" lesson="05_capstone" place="small losses: wrong gradients are accepted" truth="The difference is compared with a fixed number, which is far larger than a whole gradient of size 1e-6; it must be relative, with a floor for rounding."
def is_right(loss, params, grads):
    """Return True if every gradient in grads is right, else False. All three as described above."""
    if set(grads) != set(params):
        return False
    h = 1e-5
    middle = loss(params)
    for name in params:
        x = np.array(params[name])
        claim = np.array(grads[name])
        if claim.shape != x.shape:
            return False
        pairs = []
        for index in np.ndindex(x.shape):
            old = x[index]
            x[index] = old + h
            up = loss({**params, name: x})
            x[index] = old - h
            down = loss({**params, name: x})
            x[index] = old
            pairs.append(sorted([(up - middle) / h, (middle - down) / h]))
        low, high = np.array(pairs).T
        tolerance = 1e-4
        flat = claim.ravel()
        if not ((flat >= low - tolerance) & (flat <= high + tolerance)).all():
            return False
    return True


# %% wrong="nan never exceeds the tolerance" of="is_right" lesson="05_capstone" place="gradients with nan are accepted" truth="The test asks whether the error is above the tolerance, and for nan this is False; ask for errors within the tolerance, or look for nan first."
def is_right(loss, params, grads):
    h, L = 1e-5, loss(params)
    noise = 3e-14 * abs(L) / h

    def slopes_of(name):
        x = params[name]
        for index in np.ndindex(x.shape):
            moved = np.zeros(x.shape)
            moved[index] = h
            right = (loss({**params, name: x + moved}) - L) / h
            left = (L - loss({**params, name: x - moved})) / h
            yield left, right

    for name in params:
        if name not in grads or grads[name].shape != params[name].shape:
            return False
        both = np.array(list(slopes_of(name)))
        a = grads[name].ravel()
        tol = 1e-4 * np.abs(both).max() + noise
        above, below = a - both.max(axis=1), both.min(axis=1) - a
        if (above > tol).any() or (below > tol).any():
            return False
    return True
