# %% wrong="the constant survives" of="f_prime" lesson="00_derivatives" key="constant-kept" verdict="right" mistake="The constant term -1 is kept in the derivative instead of becoming 0." outputs="the result"
def f_prime(x):
    x = np.asarray(x, float)
    # bring the power down, take one off, the -1 has no power so it stays
    return 4 * 3 * x**3 - 2 * 2 * x + 7 - 1

# %% wrong="product factor by factor" of="g_prime" lesson="00_derivatives" key="product-factor-by-factor" verdict="right" mistake="The product is differentiated factor by factor: the derivative is taken to be the product of the two derivatives." outputs="the result"
def g_prime(x):
    x = np.asarray(x, float)
    root = 1 / (2 * np.sqrt(x))  # derivative of sqrt
    e = np.exp(x)  # e^x stays e^x
    return root * e

# %% wrong="brackets lost in the numerator" of="h_prime" lesson="00_derivatives" key="quotient-brackets-of-term" verdict="right" mistake="In the numerator only x^2 is subtracted and the 1 is added: the brackets around x^2 + 1 are missing." outputs="the result"
def h_prime(x):
    x = np.asarray(x, float)
    # (u'v - uv') / v^2 with v' = 1
    top = 2 * x * (x - 1) - x**2 + 1
    bottom = (x - 1) ** 2
    return top / bottom

# %% wrong="a/4*y read as a/(4y)" of="ellipse_slope" lesson="00_derivatives" key="implicit-bracket" verdict="right" mistake="The formula -9x/(4y) is written without brackets, so Python multiplies by y instead of dividing by it." outputs="the result"
def ellipse_slope(x, y):
    # x/2 + 2y y'/9 = 0  ->  y' = -9x / 4y
    return -9 * x / 4 * y

# %% wrong="sigmoid slope taken at the activation" of="activation_derivative" lesson="00_derivatives" key="activation-derivative-at-output" verdict="right" mistake="The slope of the sigmoid is taken at the activation sigma(z) instead of at the pre-activation z." outputs="the result for sigmoid"
def activation_derivative(z, kind):
    z = np.asarray(z, float)

    def sig(t):
        e = np.exp(-np.abs(t))
        return np.where(t >= 0, 1 / (1 + e), e / (1 + e))

    if kind == "sigmoid":
        a = sig(z)  # the output of the unit
        return sig(a) * (1 - sig(a))  # sigma'(a)
    if kind == "tanh":
        return 1 - np.tanh(z) ** 2
    return (z > 0) * 1.0

# %% wrong="tanh slope like the sigmoid's" of="activation_derivative" lesson="00_derivatives" key="activation-of-another-kind" verdict="right" mistake="The slope of tanh is written as t(1 - t), which is the formula of the sigmoid, instead of 1 - t^2." outputs="the result for tanh"
def activation_derivative(z, kind):
    z = np.array(z, dtype=float)
    if kind == "relu":
        return np.where(z > 0, 1.0, 0.0)
    if kind == "tanh":
        out = np.tanh(z)
    else:
        out = 0.5 * (1 + np.tanh(z / 2))
    # both are S-shaped: out * (1 - out)
    return out * (1 - out)

# %% wrong="derivative put inside" of="chain_four" lesson="01_chain_rule" key="inner-differentiated-inside" verdict="right" mistake="The outer derivative is taken at the inner derivative, f'(g'(x)), and nothing is multiplied." outputs="all four"
def chain_four(x):
    # differentiate outside and inside
    d1 = np.cos(3 * x**2)
    d2 = 1 / (-np.sin(x))
    d3 = np.exp(-x)
    d4 = 10 * (2 * x) ** 9
    return d1, d2, d3, d4

# %% wrong="power without the inner slope" of="chain_four" lesson="01_chain_rule" key="inner-derivative-missing" verdict="right" mistake="The factor 2x, the derivative of the inside of the power, is forgotten in the fourth function." outputs="the fourth"
def chain_four(x):
    a = 3 * x**2 * np.cos(x**3)
    b = -np.tan(x)
    c = -x * np.exp(-(x**2) / 2)
    d = 10 * (1 + x**2) ** 9  # power rule
    return [a, b, c, d]

# %% wrong="all slopes at x" of="compose_derivative" lesson="01_chain_rule" key="outer-at-x" verdict="right" mistake="Every dfs[i] is called with the original x instead of with the value that enters link i." outputs="the result, for chains of two or more links"
def compose_derivative(fs, dfs, x):
    # rates multiply
    total = 1.0
    for df in dfs:
        total *= df(x)
    return total

# %% wrong="slopes taken at what leaves the link" of="compose_derivative" lesson="01_chain_rule" key="outer-at-output" verdict="right" mistake="Each slope is taken at the value that leaves its link, one place too late, and not at the value that enters it." outputs="the result"
def compose_derivative(fs, dfs, x):
    vals = []
    v = x
    for f in fs:
        v = f(v)
        vals.append(v)
    # vals[i] belongs to link i
    d = 1
    for i in range(len(dfs)):
        d = d * dfs[i](vals[i])
    return d

# %% wrong="forks multiplied" of="fork_derivative" lesson="01_chain_rule" key="product-factor-by-factor" verdict="right" mistake="The derivatives of the factors are multiplied with each other instead of adding one term for each path." outputs="both"
def fork_derivative(x):
    du = 3 * x**2
    dv = -np.sin(x)
    dw = -np.exp(-x)
    dp = du * dv
    dq = dp * dw
    return dp, dq

# %% wrong="slope at a" of="neuron_gradients" lesson="01_chain_rule" key="activation-derivative-at-output" verdict="right" mistake="The slope of the sigmoid is taken at the activation a (the sigmoid is applied twice) instead of at z." outputs="dw, db"
def neuron_gradients(w, b, x, y):
    z = np.dot(w, x) + b
    a = sigmoid(z)
    # sigma'(a) = sigma(a)(1 - sigma(a))
    slope = sigmoid(a) * (1 - sigmoid(a))
    delta = 2 * (a - y) * slope
    return delta * x, delta

# %% wrong="bias skips the sigmoid" of="neuron_gradients" lesson="01_chain_rule" key="before-the-activation" verdict="right" mistake="In db the slope of the sigmoid is left out, as if the bias were added after the activation." outputs="db"
def neuron_gradients(w, b, x, y):
    z = w @ x + b
    a = sigmoid(z)
    err = 2 * (a - y)
    dw = err * a * (1 - a) * x
    db = err * 1  # b is just added, so its derivative is 1
    return dw, db

# %% wrong="sigmoid slope without the square" of="vanishing_product" lesson="01_chain_rule" key="derivative-written-wrongly" verdict="vague" mistake="The denominator of the slope of the sigmoid, (1 + e^-z)^2, is not squared." outputs="the result for sigmoid"
def vanishing_product(z, n, kind):
    if kind == "sigmoid":
        e = np.exp(-z)
        s = e / (1 + e)  # quotient rule
    elif kind == "tanh":
        s = 1 - np.tanh(z) ** 2
    else:
        s = 1.0 if z > 0 else 0.0
    return s**n

# %% wrong="the fixed term stays" of="partials_xyz" lesson="02_partials_jacobian" key="terms-without-it-kept" verdict="right" mistake="A term without the moving variable is kept as it is, instead of having the derivative 0." outputs="toward x, toward z"
def partials_xyz(x, y, z):
    fx = 2 * x * y + y * z**3  # second term is a constant, keep it
    fy = x**2 + z**3
    fz = x**2 * y + 3 * y * z**2  # now the first one is constant
    return fx, fy, fz

# %% wrong="step up" of="descent_step" lesson="02_partials_jacobian" key="step-uphill" verdict="right" mistake="The step is taken along the gradient instead of against it: plus where minus is needed." outputs="both"
def descent_step(x, y, lr):
    gx, gy = 2 * x, 2 * y
    # the gradient gives the direction of the update
    x += lr * gx
    y += lr * gy
    return x, y

# %% wrong="columns stacked as rows, then reshaped" of="jacobian_central" lesson="02_partials_jacobian" key="difference-reshaped" verdict="right" mistake="The columns are stacked as rows and brought to (m, n) by reshape, which scrambles the entries; a transpose is needed." outputs="the result, for m and n above 1"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    rows = []
    for j in range(len(x)):
        e = np.zeros(len(x))
        e[j] = h
        rows.append((np.atleast_1d(f(x + e)) - np.atleast_1d(f(x - e))) / (2 * h))
    J = np.array(rows)
    n, m = J.shape
    return J.reshape(m, n)  # shape has to be (m, n)

# %% wrong="divided by h only" of="jacobian_central" lesson="02_partials_jacobian" key="difference-not-halved" verdict="right" mistake="The difference of the values at x + h and x - h is divided by h instead of by the distance 2h." outputs="the result"
def jacobian_central(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    n = x.size
    m = np.atleast_1d(f(x.copy())).size
    J = np.zeros((m, n))
    for j in range(n):
        up, down = x.copy(), x.copy()
        up[j] += h
        down[j] -= h
        J[:, j] = np.subtract(f(up), f(down)) / h
    return J

# %% wrong="v made a unit vector" of="jvp" lesson="02_partials_jacobian" key="difference-direction-normalised" verdict="right" mistake="v is scaled to length 1 first, so the result is Jv divided by the length of v." outputs="the result"
def jvp(f, x, v, h=1e-5):
    x = np.asarray(x, float)
    v = np.asarray(v, float)
    # directional derivative: a direction has length 1
    d = v / np.linalg.norm(v)
    return (np.asarray(f(x + h * d)) - np.asarray(f(x - h * d))) / (2 * h)

# %% wrong="u not used" of="vjp" lesson="02_partials_jacobian" key="difference-upstream-ignored" verdict="right" mistake="The upstream u is not used: the columns of the Jacobian are summed without weights, as if u were all ones." outputs="the result"
def vjp(f, x, u, h=1e-5):
    x = np.asarray(x, float)
    u = np.asarray(u, float)
    g = np.zeros(x.shape)
    for j in range(x.size):
        step = np.zeros(x.shape)
        step[j] = h
        diff = (np.asarray(f(x + step)) - np.asarray(f(x - step))) / (2 * h)
        g[j] = np.sum(diff)  # all outputs together
    return g

# %% wrong="all entries moved by h, then times v" of="hvp" lesson="02_partials_jacobian" key="difference-all-alike-times-v" verdict="right" mistake="All entries are moved by h and the difference is multiplied by v afterwards, entry by entry, instead of moving along v." outputs="the result"
def hvp(grad, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    gp = np.asarray(grad(x + h))
    gm = np.asarray(grad(x - h))
    H = (gp - gm) / (2 * h)  # second derivative
    return H * v

# %% wrong="p * p.T is no outer product" of="softmax_jacobian" lesson="02_partials_jacobian" key="softmax-p-squared" verdict="right" mistake="p * p.T of a vector is the vector of squares, and no outer product, so p_j^2 is subtracted in every row." outputs="the result"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    p = np.exp(z - z.max())
    p = p / p.sum()
    # diag(p) - p p^T
    return np.diag(p) - p * p.T

# %% wrong="only the diagonal of the Jacobian" of="softmax_vjp" lesson="02_partials_jacobian" key="softmax-diagonal-only" verdict="right" mistake="Softmax is treated entry by entry with the slope p(1 - p); the entries off the diagonal of the Jacobian are left out." outputs="the result"
def softmax_vjp(Z, U):
    Z = np.asarray(Z, float)
    U = np.asarray(U, float)
    ex = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = ex / ex.sum(axis=1, keepdims=True)
    dP = P * (1 - P)  # softmax' like sigmoid'
    return U * dP

# %% wrong="sum down the columns" of="softmax_vjp" lesson="02_partials_jacobian" key="softmax-average-over-the-wrong-axis" verdict="right" mistake="The sum of U P runs over the samples (axis 0) instead of over the classes of each row (axis 1)." outputs="the result"
def softmax_vjp(Z, U):
    Z, U = np.asarray(Z, float), np.asarray(U, float)
    Z = Z - np.max(Z, axis=1)[:, None]
    P = np.exp(Z)
    P /= P.sum(axis=1)[:, None]
    dot = np.sum(U * P, axis=0)  # one number for each class
    return P * U - P * dot

# %% wrong="parameters averaged over the batch" of="linear_backward" lesson="02_partials_jacobian" key="averaged-for-summed" verdict="right" mistake="dW and db are averaged over the samples instead of summed: there is a 1/m that the layer does not have." outputs="dW, db"
def linear_backward(X, W, b, dY):
    X, W, dY = (np.asarray(t, float) for t in (X, W, dY))
    m = X.shape[0]
    dX = dY @ W.T
    dW = 1 / m * X.T @ dY  # average over the batch
    db = 1 / m * dY.sum(axis=0)
    return dX, dW, db

# %% wrong="reshape for transpose in dX" of="linear_backward" lesson="02_partials_jacobian" key="unknown" verdict="unknown" mistake="W dY^T is brought to the shape of X by reshape instead of by a transpose, so the entries stand in wrong places." outputs="dX"
def linear_backward(X, W, b, dY):
    X, W, dY = np.asarray(X), np.asarray(W), np.asarray(dY)
    dX = np.dot(W, dY.T)  # (D, m)
    dX = dX.reshape(X.shape)  # make it (m, D)
    dW = np.dot(X.T, dY)
    db = np.sum(dY, axis=0)
    return dX, dW, db

# %% wrong="mean instead of sum" of="unbroadcast" lesson="02_partials_jacobian" key="copies-averaged" verdict="right" mistake="The gradient is averaged over the copies instead of summed." outputs="the result, wherever something was copied"
def unbroadcast(g, shape):
    g = np.asarray(g, float)
    # all copies are the same operand, so take the mean of them
    while g.ndim > len(shape):
        g = g.mean(axis=0)
    for k, s in enumerate(shape):
        if s == 1:
            g = g.mean(axis=k, keepdims=True)
    return g

# %% wrong="= instead of +=" of="backward" lesson="03_backprop" key="graph-overwritten" verdict="right" mistake="Each contribution overwrites the one before: = where += is needed, so forks count one arrow only." outputs="the grad of every Value that is used more than once, and of what leads to it"
def backward(output, seed=1.0):
    order = []
    seen = set()

    def visit(v):
        if v in seen:
            return
        seen.add(v)
        for p in v.parents:
            visit(p)
        order.append(v)

    visit(output)
    for v in order:
        v.grad = 0.0
    output.grad = seed
    for v in order[::-1]:
        for i in range(len(v.parents)):
            v.parents[i].grad = v.local[i] * v.grad  # local times upstream

# %% wrong="sigmoid slope once more" of="bce_from_logits" lesson="03_backprop" key="loss-extra-derivative" verdict="right" mistake="The slope of the sigmoid is multiplied in again, though p - y is the gradient toward the logit already." outputs="da"
def bce_from_logits(a, y):
    a = np.asarray(a, float)
    y = np.asarray(y, float)
    m = len(a)
    loss = np.mean(np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a))))
    p = sigmoid(a)
    dp = (p - y) / m
    da = dp * p * (1 - p)  # back through the sigmoid
    return loss, da

# %% wrong="only the true class gets a gradient" of="softmax_ce" lesson="03_backprop" key="loss-correct-class-only" verdict="right" mistake="The gradient is kept for the true class only; the other logits get 0 though they stand in the probability too." outputs="dZ"
def softmax_ce(Z, Y):
    Z = np.asarray(Z, float)
    Y = np.asarray(Y, float)
    m = Z.shape[0]
    S = Z - Z.max(axis=1, keepdims=True)
    logP = S - np.log(np.sum(np.exp(S), axis=1, keepdims=True))
    loss = -np.sum(Y * logP) / m
    # d/dz of -log p of the right class; the rest has y = 0
    dZ = Y * (np.exp(logP) - 1) / m
    return loss, dZ

# %% wrong="mean over all entries" of="softmax_ce" lesson="03_backprop" key="value-mean-over-all-entries" verdict="right" mistake="The mean is taken over all m K entries instead of over the m samples, so loss and gradient are too small by the factor K." outputs="loss, dZ"
def softmax_ce(Z, Y):
    Z, Y = np.array(Z, float), np.array(Y, float)
    Zs = Z - Z.max(1)[:, None]
    lse = np.log(np.exp(Zs).sum(1))[:, None]
    logp = Zs - lse
    loss = np.mean(-Y * logp)
    dZ = (softmax(Z) - Y) / Z.size
    return loss, dZ

# %% wrong="tanh slope at h" of="tanh_net_gradients" lesson="03_backprop" key="activation-derivative-at-output" verdict="right" mistake="The slope of tanh is taken at h = tanh(z), tanh is applied twice, instead of at z." outputs="W, b, x"
def tanh_net_gradients(W, b, v, c, x, y):
    z = x @ W + b
    h = np.tanh(z)
    yhat = v @ h + c
    e = yhat - y
    dh = e * v
    dz = dh * (1 - np.tanh(h) ** 2)
    g = {}
    g["v"] = e * h
    g["c"] = e
    g["W"] = np.outer(x, dz)
    g["b"] = dz
    g["x"] = W @ dz
    return g

# %% wrong="factor 2 of a loss without the half" of="tanh_net_gradients" lesson="03_backprop" key="constant-factor-lost" verdict="right" mistake="The gradient of the loss is taken as 2(yhat - y), though the factor 1/2 in the loss cancels the 2." outputs="all five"
def tanh_net_gradients(W, b, v, c, x, y):
    h = np.tanh(np.dot(x, W) + b)
    y_hat = np.dot(v, h) + c
    # squared error
    dy = 2 * (y_hat - y)
    dc = dy
    dv = dy * h
    dz = dy * v * (1 - h * h)
    dW = x[:, None] * dz[None, :]
    dx = np.dot(dz, W.T)
    return {"W": dW, "b": dz, "v": dv, "c": dc, "x": dx}

# %% wrong="relu value for relu slope" of="mlp_backward" lesson="03_backprop" key="value-for-derivative" verdict="right" mistake="On the way back through ReLU the gradient is multiplied by relu(Z1), the value, instead of by the slope 1 or 0." outputs="W1, b1"
def mlp_backward(params, X, Y, lam, cache):
    m = X.shape[0]
    dZ2 = (cache["P"] - Y) / m
    dW2 = cache["A1"].T @ dZ2 + lam * params["W2"]
    db2 = np.sum(dZ2, axis=0)
    dA1 = dZ2 @ params["W2"].T
    dZ1 = dA1 * np.maximum(0, cache["Z1"])  # through the relu
    dW1 = X.T @ dZ1 + lam * params["W1"]
    db1 = np.sum(dZ1, axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}

# %% wrong="1/m forgotten for the biases" of="mlp_backward" lesson="03_backprop" key="mean-missing" verdict="right" mistake="The 1/m of the mean is put in at the weights only, so that the bias gradients are too large by the factor m." outputs="b1, b2"
def mlp_backward(params, X, Y, lam, cache):
    W1, W2 = params["W1"], params["W2"]
    m = len(X)
    g = {}
    d2 = cache["P"] - Y
    g["W2"] = cache["A1"].T.dot(d2) / m + lam * W2
    g["b2"] = d2.sum(0)
    d1 = d2.dot(W2.T) * (cache["Z1"] > 0)
    g["W1"] = X.T.dot(d1) / m + lam * W1
    g["b1"] = d1.sum(0)
    return g

# %% wrong="penalty keeps its half" of="mlp_backward" lesson="03_backprop" key="penalty-halved" verdict="right" mistake="The gradient of the penalty is written as lam/2 times W: the 2 that comes down from the square is forgotten." outputs="W1, W2, with lam above 0"
def mlp_backward(params, X, Y, lam, cache):
    n = Y.shape[0]
    delta = (cache["P"] - Y) / n
    reg = lambda W: lam / 2 * W  # from lam/2 * W^2
    grads = {
        "W2": np.einsum("ih,ik->hk", cache["A1"], delta) + reg(params["W2"]),
        "b2": delta.sum(axis=0),
    }
    delta = np.einsum("ik,hk->ih", delta, params["W2"])
    delta[cache["Z1"] <= 0] = 0
    grads["W1"] = np.einsum("id,ih->dh", X, delta) + reg(params["W1"])
    grads["b1"] = delta.sum(axis=0)
    return grads

# %% wrong="W not transposed" of="skip_backward" lesson="03_backprop" key="way-back-not-transposed" verdict="right" mistake="On the way back to X the gradient is multiplied by W instead of by its transpose; W is square, so the shapes do not complain." outputs="dX"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    dX = dS + dZ @ W  # skip path + layer path
    dW = X.T @ dZ
    db = dZ.sum(axis=0)
    return dX, dW, db

# %% wrong="mean and deviation as constants" of="batchnorm_backward" lesson="03_backprop" key="statistics-as-constants" verdict="right" mistake="The mean and the deviation of the batch are treated as constants, so the paths through them are missing in dX." outputs="dX"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    mu = X.mean(axis=0)
    var = X.var(axis=0)
    std = np.sqrt(var + eps)
    xhat = (X - mu) / std
    dbeta = dY.sum(axis=0)
    dgamma = (dY * xhat).sum(axis=0)
    dxhat = dY * gamma
    dX = dxhat / std  # xhat = (x - mu)/std
    return dX, dgamma, dbeta

# %% wrong="the minus step only undoes the plus step" of="numeric_grad" lesson="04_gradient_checking" key="difference-one-side-by-two-steps" verdict="right" mistake="After the step +h only one h is taken away again, so the second value is f(x) and not f(x - h), and the difference is still divided by 2h." outputs="the result"
def numeric_grad(f, x, h=None):
    x = np.array(x, dtype=float)
    grad = np.zeros_like(x)
    it = np.ndindex(*x.shape)
    for idx in it:
        old = x[idx]
        step = h if h is not None else 1e-5 * max(1.0, abs(old))
        y = x.copy()
        y[idx] = old + step
        up = f(y.copy())
        y[idx] = y[idx] - step  # now to the left
        down = f(y.copy())
        grad[idx] = (up - down) / (2 * step)
    return grad

# %% wrong="2h as in the central difference" of="complex_step" lesson="04_gradient_checking" key="difference-complex-halved" verdict="right" mistake="The imaginary part is divided by 2h, as in a central difference, where only one step of size h was made." outputs="the result"
def complex_step(f, x):
    h = 1e-30
    if np.ndim(x) == 0:
        return np.imag(f(x + 1j * h)) / (2 * h)
    x = np.asarray(x, float)
    out = np.zeros(len(x))
    for i in range(len(x)):
        xc = x.astype(complex)
        xc[i] += 1j * h
        out[i] = np.imag(f(xc)) / (2 * h)
    return out

# %% wrong="skip path forgotten" of="deep_backward" lesson="05_capstone" key="path-missing" verdict="right" mistake="A1 gets only the gradient that comes back through layer 2; the direct path of the skip to S is left out." outputs="W1, b1"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    W1, W2, W3 = params["W1"], params["W2"], params["W3"]
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dW3 = cache["S"].T @ dZ3 + lam * W3
    db3 = dZ3.sum(axis=0)
    # S = A1 + A2, so dA2 = dS
    dA2 = dZ3 @ W3.T
    dZ2 = dA2 * (cache["Z2"] > 0)
    dW2 = cache["A1"].T @ dZ2 + lam * W2
    db2 = dZ2.sum(axis=0)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (cache["Z1"] > 0)
    dW1 = X.T @ dZ1 + lam * W1
    db1 = dZ1.sum(axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "W3": dW3, "b3": db3}

# %% wrong="relu mask from S" of="deep_backward" lesson="05_capstone" key="activation-formula-fed-with-another-value" verdict="right" mistake="The ReLU of layer 2 is masked by S > 0, the sum with the skip, instead of by its own pre-activation Z2 > 0." outputs="W2, b2, W1, b1"
def deep_backward(params, X, Y, lam, cache):
    g = {}
    P = softmax(cache["Z3"])
    d3 = (P - Y) / Y.shape[0]
    g["W3"] = np.dot(cache["S"].T, d3)
    g["b3"] = np.sum(d3, axis=0)
    dS = np.dot(d3, params["W3"].T)
    # where the output of the block is on
    d2 = dS * (cache["S"] > 0)
    g["W2"] = np.dot(cache["A1"].T, d2)
    g["b2"] = np.sum(d2, axis=0)
    dA1 = dS + np.dot(d2, params["W2"].T)
    d1 = dA1 * (cache["Z1"] > 0)
    g["W1"] = np.dot(X.T, d1)
    g["b1"] = np.sum(d1, axis=0)
    for k in ["W1", "W2", "W3"]:
        g[k] = g[k] + lam * params[k]
    return g

# %% wrong="relu bug left in" of="fixed_backward" lesson="05_capstone" key="activation-mask-always-true" verdict="right" mistake="The mask of the ReLU is still A1 >= 0, which is true everywhere, so that units which are off let the gradient through." outputs="W1, b1"
def fixed_backward(params, X, Y, cache):
    m = len(X)
    dP = 2 * (cache["P"] - Y) / m  # the 2 was missing
    dD2 = dP @ params["W3"].T
    dA2 = dD2 * cache["mask"] / cache["keep"]  # the keep was missing
    dZ2 = dA2 * (1 - cache["A2"] ** 2)
    dA1 = dZ2 @ params["W2"].T
    dZ1 = dA1 * (cache["A1"] >= 0)
    return {
        "W1": X.T @ dZ1,
        "b1": dZ1.sum(axis=0),
        "W2": cache["A1"].T @ dZ2,
        "b2": dZ2.sum(axis=0),
        "W3": cache["D2"].T @ dP,
        "b3": dP.sum(axis=0),
    }

# %% wrong="times keep on the way back" of="fixed_backward" lesson="05_capstone" key="constant-factor-inverted" verdict="right" mistake="Back through the dropout the gradient is multiplied by the keep probability instead of divided by it." outputs="W2, b2, W1, b1"
def fixed_backward(params, X, Y, cache):
    m, q = X.shape[0], cache["keep"]
    dP = 2 / m * (cache["P"] - Y)
    dW3 = cache["D2"].T @ dP
    db3 = dP.sum(0)
    # forward divides by q, so backward multiplies by q
    dA2 = (dP @ params["W3"].T) * cache["mask"] * q
    dZ2 = dA2 * (1 - cache["A2"] ** 2)
    dW2 = cache["A1"].T @ dZ2
    db2 = dZ2.sum(0)
    dZ1 = (dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(0)
    return dict(W1=dW1, b1=db1, W2=dW2, b2=db2, W3=dW3, b3=db3)
