# %% wrong="constant of the sum kept" of="f_prime" lesson="00_derivatives" key="constant-kept" verdict="right" mistake="The constant term -1 is carried over into the derivative instead of vanishing, so every slope is 1 too small." outputs="all"
def f_prime(x):
    x = np.asarray(x, float)
    # coefficients from the highest power down, each times its power; the constant has no x to derive
    c = [3 * 4, 0, -2 * 2, 7 - 1]
    return np.polyval(c, x)

# %% wrong="power rule on e^x" of="g_prime" lesson="00_derivatives" key="power-rule-on-exp" verdict="right" mistake="The product rule is right, but e^x is differentiated by the power rule, as x e^(x-1)." outputs="all"
def g_prime(x):
    x = np.asarray(x, float)
    u = np.sqrt(x)
    v = np.exp(x)
    du = 1 / (2 * np.sqrt(x))
    dv = x * np.exp(x - 1)      # n x^(n-1)
    return du * v + u * dv

# %% wrong="bracket lost after the minus" of="h_prime" lesson="00_derivatives" key="quotient-brackets-of-term" verdict="right" mistake="In the numerator only x^2 is subtracted, the +1 of x^2 + 1 keeps its plus sign as the brackets are missing." outputs="all"
def h_prime(x):
    x = np.asarray(x, float)
    top = 2 * x * (x - 1) - x**2 + 1
    return top / (x - 1) ** 2

# %% wrong="only the upper half" of="ellipse_slope" lesson="00_derivatives" key="implicit-one-half" verdict="right" mistake="The equation is solved for y with the positive root only, so on the lower half the sign of the slope is wrong." outputs="points with y < 0"
def ellipse_slope(x, y):
    # y = 3 sqrt(1 - x^2/4), so
    root = np.sqrt(1 - x**2 / 4)
    return 3 * (-x / 2) / (2 * root)

# %% wrong="the axes swapped" of="ellipse_slope" lesson="00_derivatives" key="implicit-coefficients-exchanged" verdict="right" mistake="The denominators 4 and 9 end up on the wrong sides of the fraction: -4x/(9y) is returned for -9x/(4y)." outputs="all"
def ellipse_slope(x, y):
    # 2x/4 + 2y/9 * y' = 0
    a2, b2 = 4, 9
    return -(a2 * x) / (b2 * y)

# %% wrong="z taken for the activation" of="activation_derivative" lesson="00_derivatives" key="activation-formula-fed-with-z" verdict="right" mistake="The slopes of sigmoid and tanh are computed as if z were already the activation, z(1 - z) and 1 - z^2." outputs="sigmoid and tanh"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    table = {
        "sigmoid": lambda s: s * (1 - s),
        "tanh": lambda t: 1 - t**2,
        "relu": lambda r: np.where(r > 0, 1.0, 0.0),
    }
    return table[kind](z)

# %% wrong="outer slope at the inner slope" of="chain_four" lesson="01_chain_rule" key="inner-differentiated-inside" verdict="right" mistake="The outer derivative is taken at the inner derivative, f'(g'(x)), and there is no product of two factors." outputs="all"
def chain_four(x):
    # first derive the inside, then put it into the derivative of the outside
    d1 = np.cos(3 * x**2)
    d2 = 1 / (-np.sin(x))
    d3 = np.exp(-x)
    d4 = 10 * (2 * x) ** 9
    return d1, d2, d3, d4

# %% wrong="half lost in the exponent" of="chain_four" lesson="01_chain_rule" key="constant-factor-lost" verdict="right" mistake="In the third chain the inner derivative of -x^2/2 is written -2x, the one half is lost; the other three are right." outputs="third"
def chain_four(x):
    a = 3 * x**2 * np.cos(x**3)
    b = -np.tan(x)
    c = -2 * x * np.exp(-(x**2) / 2)
    d = 20 * x * (1 + x**2) ** 9
    return a, b, c, d

# %% wrong="value moved on first" of="compose_derivative" lesson="01_chain_rule" key="outer-at-output" verdict="right" mistake="The value is passed through the link before its slope is taken, so each local derivative is taken at the output of its link and not at what enters." outputs="all"
def compose_derivative(fs, dfs, x):
    d = 1.0
    for f, df in zip(fs, dfs):
        x = f(x)
        d = d * df(x)
    return d

# %% wrong="last link left out" of="compose_derivative" lesson="01_chain_rule" key="outer-derivative-missing" verdict="right" mistake="The factor of the last link is missing, as the learner starts the chain with dL/dL = 1 in its place." outputs="all chains with at least one link"
def compose_derivative(fs, dfs, x):
    values = [x]
    for f in fs:
        values.append(f(values[-1]))
    grad = 1.0  # the last one is the loss: dL/dL = 1
    for i in range(len(fs) - 2, -1, -1):
        grad *= dfs[i](values[i])
    return grad

# %% wrong="e^-x without its minus" of="fork_derivative" lesson="01_chain_rule" key="sign-of-path" verdict="right" mistake="The slope of e^(-x) is written e^(-x), so the third path of q has the wrong sign; p is right." outputs="dq"
def fork_derivative(x):
    u, v, w = x**3, np.cos(x), np.exp(-x)
    du, dv, dw = 3 * x**2, -np.sin(x), np.exp(-x)
    dp = du * v + u * dv
    dq = du * v * w + u * dv * w + u * v * dw
    return dp, dq

# %% wrong="q as dp times dw" of="fork_derivative" lesson="01_chain_rule" key="unknown" verdict="unknown" mistake="q is seen as p w, and differentiated factor by factor as dp times dw; p itself is right." outputs="dq"
def fork_derivative(x):
    dp = 3 * x**2 * np.cos(x) - x**3 * np.sin(x)
    # q = p * w, so chain rule: dp * dw
    dw = -np.exp(-x)
    return dp, dp * dw

# %% wrong="shortcut of the log loss" of="neuron_gradients" lesson="01_chain_rule" key="loss-as-with-cross-entropy" verdict="right" mistake="dz = a - y of cross-entropy is used for a squared error, so 2 and the sigmoid slope are missing." outputs="both"
def neuron_gradients(w, b, x, y):
    a = sigmoid(np.dot(w, x) + b)
    dz = a - y  # sigmoid and loss cancel nicely
    return np.array([dz * xi for xi in x]), dz

# %% wrong="db times b" of="neuron_gradients" lesson="01_chain_rule" key="result-times-its-variable" verdict="right" mistake="As dw is dz times x, the learner makes db as dz times b, but the slope of z toward b is 1; dw is right." outputs="db"
def neuron_gradients(w, b, x, y):
    z = np.dot(w, x) + b
    a = sigmoid(z)
    dz = 2 * (a - y) * a * (1 - a)
    dw = dz * x
    db = dz * b
    return dw, db

# %% wrong="value passed along the chain" of="vanishing_product" lesson="01_chain_rule" key="value-handed-on" verdict="unknown" mistake="The output of each activation is fed into the next one, so the slopes differ, while the exercise takes all of them at the same z." outputs="sigmoid and tanh for n of 2 or more"
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

# %% wrong="other term kept" of="partials_xyz" lesson="02_partials_jacobian" key="terms-without-it-kept" verdict="right" mistake="A term that does not hold the variable is kept as a constant instead of being dropped: y z^3 toward x and x^2 y toward z." outputs="toward x and toward z"
def partials_xyz(x, y, z):
    # the others are constants, so they stay as they are
    fx = 2 * x * y + y * z**3
    fy = x**2 + z**3
    fz = x**2 * y + 3 * y * z**2
    return fx, fy, fz

# %% wrong="step of length lr" of="descent_step" lesson="02_partials_jacobian" key="step-of-length-one" verdict="right" mistake="The gradient is scaled to length 1 before the step, so the step always has the length lr." outputs="both"
def descent_step(x, y, lr):
    g = np.array([2.0 * x, 2.0 * y])
    length = np.hypot(*g)
    if length > 0:
        g = g / length  # only the direction of steepest descent counts
    new = np.array([x, y]) - lr * g
    return new[0], new[1]

# %% wrong="entries not put back" of="jacobian_central" lesson="02_partials_jacobian" key="difference-accumulating" verdict="right" mistake="The moved copies are made once before the loop and no entry is put back, so column j holds the sum of the first j columns." outputs="all columns but the first"
def jacobian_central(f, x, h=1e-5):
    x = np.array(x, float)
    xp, xm = x.copy(), x.copy()
    cols = []
    for j in range(len(x)):
        xp[j] += h
        xm[j] -= h
        fp = np.atleast_1d(np.array(f(xp.copy()), float))
        fm = np.atleast_1d(np.array(f(xm.copy()), float))
        cols.append((fp - fm) / (2 * h))
    return np.stack(cols, axis=1)

# %% wrong="step scaled, divisor not" of="jacobian_central" lesson="02_partials_jacobian" key="difference-step-by-size-not-divided" verdict="wrong" mistake="Each entry moves by a step scaled with its size, but the difference is still divided by 2h, so column j is too large by 1 + |x_j|." outputs="all columns with x_j not 0"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    J = []
    for j in range(x.size):
        e = np.zeros(x.size)
        e[j] = h * (1 + abs(x[j]))  # bigger numbers need bigger steps
        J.append((np.ravel(f(x + e)) - np.ravel(f(x - e))) / (2 * h))
    return np.array(J).T

# %% wrong="v made a unit vector" of="jvp" lesson="02_partials_jacobian" key="difference-direction-normalised" verdict="right" mistake="v is scaled to length 1 as in a directional derivative, so the result is J v divided by the length of v." outputs="all"
def jvp(f, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    n = np.linalg.norm(v)
    if n > 0:
        v = v / n  # a direction has length 1
    plus, minus = f(x + h * v), f(x - h * v)
    return (np.asarray(plus) - np.asarray(minus)) / (2 * h)

# %% wrong="mean over the outputs" of="vjp" lesson="02_partials_jacobian" key="difference-mean-over-outputs" verdict="right" mistake="The outputs weighted with u are averaged and not summed, so u J is too small by the factor m." outputs="all"
def vjp(f, x, u, h=1e-5):
    x = np.array(x, float)
    u = np.array(u, float)
    out = np.zeros_like(x)
    for i in range(len(x)):
        xp, xm = x.copy(), x.copy()
        xp[i] += h
        xm[i] -= h
        df = (np.asarray(f(xp)) - np.asarray(f(xm))) / (2 * h)
        out[i] = np.mean(u * df)
    return out

# %% wrong="v multiplied at the end" of="hvp" lesson="02_partials_jacobian" key="difference-all-alike-times-v" verdict="right" mistake="All entries of x are moved by h alike and the difference is multiplied entry by entry with v, which is (H 1) * v and not H v." outputs="all"
def hvp(grad, x, v, h=1e-5):
    x = np.asarray(x, float)
    v = np.asarray(v, float)
    # derivative of the gradient, then times v
    d = (np.asarray(grad(x + h)) - np.asarray(grad(x - h))) / (2 * h)
    return d * v

# %% wrong="square twice on the diagonal" of="softmax_jacobian" lesson="02_partials_jacobian" key="softmax-own-part-twice" verdict="right" mistake="The diagonal p(1 - p) is added on top of -p p^T, so p^2 is subtracted twice on the diagonal." outputs="diagonal"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    e = np.exp(z - z.max())
    p = e / e.sum()
    J = -np.outer(p, p)
    J += np.diag(p * (1 - p))  # i == j
    return J

# %% wrong="Jacobian of the log" of="softmax_jacobian" lesson="02_partials_jacobian" key="softmax-slope-of-the-logarithm" verdict="right" mistake="delta_ij - p_j is returned, the Jacobian of log softmax; the factor p_i of each row is missing." outputs="all"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    p = np.exp(z - np.max(z))
    p /= np.sum(p)
    k = len(z)
    return np.array([[(1.0 if i == j else 0.0) - p[j] for j in range(k)] for i in range(k)])

# %% wrong="sum without the weights" of="softmax_vjp" lesson="02_partials_jacobian" key="softmax-p-missing-in-the-average" verdict="right" mistake="The plain sum of a row of U is subtracted where the sum weighted with P belongs." outputs="all"
def softmax_vjp(Z, U):
    Z, U = np.asarray(Z, float), np.asarray(U, float)
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return P * (U - U.sum(axis=1, keepdims=True))

# %% wrong="one sum for the whole batch" of="softmax_vjp" lesson="02_partials_jacobian" key="softmax-average-over-the-whole-batch" verdict="right" mistake="The product of U and P is summed over all rows together, so each row subtracts what belongs to the others as well." outputs="all with more than one row"
def softmax_vjp(Z, U):
    Z = np.array(Z, float)
    U = np.array(U, float)
    E = np.exp(Z - Z.max(1)[:, None])
    P = E / E.sum(1)[:, None]
    dot = np.einsum("ij,ij->", U, P)
    return P * U - P * dot

# %% wrong="last sample wins" of="linear_backward" lesson="02_partials_jacobian" key="weights-one-sample" verdict="right" mistake="In the loop over the samples dW is overwritten and not added up, so only the last sample counts in it; dX and db are right." outputs="dW"
def linear_backward(X, W, b, dY):
    dX = np.zeros(X.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for i in range(len(X)):
        dX[i] = np.dot(W, dY[i])
        dW = np.outer(X[i], dY[i])
        db += dY[i]
    return dX, dW, db

# %% wrong="mean in dW only" of="linear_backward" lesson="02_partials_jacobian" key="weights-averaged" verdict="right" mistake="dW is divided by the number of samples, though dY already holds any mean; dX and db are right." outputs="dW"
def linear_backward(X, W, b, dY):
    m = X.shape[0]
    dW = np.dot(X.T, dY) / m
    db = np.sum(dY, axis=0)
    dX = np.dot(dY, W.T)
    return dX, dW, db

# %% wrong="first copy taken" of="unbroadcast" lesson="02_partials_jacobian" key="copies-one-only" verdict="right" mistake="Along a stretched axis the gradient of the first copy is taken instead of the sum over the copies; added axes on the left are summed rightly." outputs="shapes with a stretched axis"
def unbroadcast(g, shape):
    g = np.asarray(g, float)
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for ax, n in enumerate(shape):
        if n == 1:
            g = np.take(g, [0], axis=ax)  # undo the copying: they all come from the same number
    return g

# %% wrong="sigmoid slope once more" of="bce_from_logits" lesson="03_backprop" key="loss-extra-derivative" verdict="right" mistake="p - y is already the slope toward the logit, yet it is multiplied by the sigmoid slope p(1 - p) again; the loss is right." outputs="da"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    m = len(a)
    loss = np.sum(np.logaddexp(0, a) - a * y) / m
    p = sigmoid(a)
    dp = (p - y) / m
    da = dp * p * (1 - p)  # back through the sigmoid
    return loss, da

# %% wrong="zero answers left out" of="bce_from_logits" lesson="03_backprop" key="value-answer-1-only" verdict="wrong" mistake="Only the term y ln p is used, as for classes with one-hot answers; the term (1 - y) ln(1 - p) is missing in the loss and in the gradient." outputs="both"
def bce_from_logits(a, y):
    a = np.asarray(a, float)
    y = np.asarray(y, float)
    # cross-entropy is -sum y ln p, and -ln sigmoid(a) = ln(1 + e^-a)
    loss = np.mean(y * np.logaddexp(0, -a))
    da = y * (sigmoid(a) - 1) / a.size
    return loss, da

# %% wrong="mean over the classes too" of="softmax_ce" lesson="03_backprop" key="value-mean-over-all-entries" verdict="right" mistake="np.mean averages over all m K entries, so the loss is too small by the factor K; the gradient is right." outputs="loss"
def softmax_ce(Z, Y):
    Z = np.asarray(Z, float)
    Y = np.asarray(Y, float)
    S = Z - Z.max(axis=1, keepdims=True)
    logP = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    loss = -np.mean(Y * logP)
    dZ = (softmax(Z) - Y) / len(Z)
    return loss, dZ

# %% wrong="only the right class" of="softmax_ce" lesson="03_backprop" key="loss-correct-class-only" verdict="right" mistake="The gradient is set only at the logit of the right class, P - 1, and 0 at the others, whose logits also enter the sum of softmax; the loss is right." outputs="dZ"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    m = Z.shape[0]
    k = Y.argmax(axis=1)
    rows = np.arange(m)
    top = Z.max(axis=1)
    lse = top + np.log(np.sum(np.exp(Z - top[:, None]), axis=1))
    loss = np.sum(lse - Z[rows, k]) / m
    dZ = np.zeros_like(Z)
    dZ[rows, k] = (softmax(Z)[rows, k] - 1) / m  # the others do not occur in the loss
    return loss, dZ

# %% wrong="input gradient past the tanh" of="tanh_net_gradients" lesson="03_backprop" key="activation-derivative-missing" verdict="right" mistake="The gradient of x is made from the gradient of h and not of z, so the slope of tanh is missing in it; the other four are right." outputs="x"
def tanh_net_gradients(W, b, v, c, x, y):
    h = np.tanh(x @ W + b)
    err = v @ h + c - y
    dh = err * v
    dz = dh * (1 - h * h)
    g = {}
    g["c"] = err
    g["v"] = err * h
    g["b"] = dz
    g["W"] = np.einsum("i,j->ij", x, dz)
    g["x"] = np.einsum("ij,j->i", W, dh)
    return g

# %% wrong="biases left out going forward" of="tanh_net_gradients" lesson="03_backprop" key="unknown" verdict="unknown" mistake="The forward pass is recomputed without b and c, as constants fall away in a derivative, so all values that the slopes are taken at are wrong." outputs="all"
def tanh_net_gradients(W, b, v, c, x, y):
    # b and c are constants, they drop out when we derive
    h = np.tanh(x @ W)
    delta = v @ h - y
    dz = delta * v * (1 - h**2)
    return {"W": np.outer(x, dz), "b": dz, "v": delta * h, "c": delta, "x": W @ dz}

# %% wrong="biases penalised as well" of="mlp_backward" lesson="03_backprop" key="penalty-on-bias" verdict="right" mistake="lam times the parameter is added for all four parameters, but the penalty holds only the weights." outputs="b1 and b2 for lam > 0"
def mlp_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ2 = (cache["P"] - Y) / m
    dZ1 = (dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    g = {}
    for n, (A, d) in {"1": (X, dZ1), "2": (cache["A1"], dZ2)}.items():
        g["W" + n] = A.T @ d
        g["b" + n] = d.sum(0)
    # weight decay
    return {k: g[k] + lam * params[k] for k in params}

# %% wrong="relu of the gradient" of="mlp_backward" lesson="03_backprop" key="activation-mask-of-gradient" verdict="right" mistake="On the way back relu is applied to the gradient, which cuts negative gradients off, where the mask Z1 > 0 of the forward pass belongs." outputs="W1 and b1"
def mlp_backward(params, X, Y, lam, cache):
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (cache["P"] - Y) / X.shape[0]
    dW2 = np.dot(cache["A1"].T, dZ2) + lam * W2
    db2 = np.sum(dZ2, axis=0)
    dA1 = np.dot(dZ2, W2.T)
    dZ1 = np.maximum(0, dA1)  # relu backwards
    dW1 = np.dot(X.T, dZ1) + lam * W1
    db1 = np.sum(dZ1, axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}

# %% wrong="transpose forgotten" of="skip_backward" lesson="03_backprop" key="way-back-not-transposed" verdict="right" mistake="dZ is multiplied with W in place of its transpose, which the square W lets pass; dW and db are right." outputs="dX"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    dX = dS + dZ @ W
    return dX, X.T @ dZ, dZ.sum(axis=0)

# %% wrong="tanh slope from S" of="skip_backward" lesson="03_backprop" key="activation-formula-fed-with-another-value" verdict="right" mistake="The slope of tanh is computed as 1 - S^2 from the output of the whole layer, which also holds X, and not from the tanh alone." outputs="all"
def skip_backward(X, W, b, dS):
    S = X + np.tanh(np.dot(X, W) + b)
    dZ = dS * (1 - S**2)  # tanh' = 1 - output^2
    dW = np.dot(X.T, dZ)
    db = np.ones(len(X)) @ dZ
    dX = dS + np.dot(dZ, W.T)
    return dX, dW, db

# %% wrong="variance taken as constant" of="batchnorm_backward" lesson="03_backprop" key="statistic-as-constant" verdict="right" mistake="The path through the mean is there, but the standard deviation is treated as a constant, so its path is missing in dX; dgamma and dbeta are right." outputs="dX"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    mu = X.mean(axis=0)
    C = X - mu
    s = np.sqrt((C**2).mean(axis=0) + eps)
    N = C / s
    dbeta = dY.sum(axis=0)
    dgamma = (dY * N).sum(axis=0)
    dC = dY * gamma / s
    # every x moves the mean too
    dX = dC - dC.mean(axis=0)
    return dX, dgamma, dbeta

# %% wrong="gamma against the raw input" of="batchnorm_backward" lesson="03_backprop" key="another-factor" verdict="right" mistake="dgamma sums dY times X where it should be dY times the normalised input; dX and dbeta are right." outputs="dgamma"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    m, D = X.shape
    inv = (X.var(axis=0) + eps) ** -0.5
    xhat = (X - X.mean(axis=0)) * inv
    dxhat = dY * gamma
    dX = inv / m * (m * dxhat - dxhat.sum(0) - xhat * (dxhat * xhat).sum(0))
    dgamma = np.einsum("md,md->d", dY, X)
    dbeta = np.einsum("md->d", dY)
    return dX, dgamma, dbeta

# %% wrong="whole rows moved" of="numeric_grad" lesson="04_gradient_checking" key="difference-row-at-once" verdict="right" mistake="The loop runs over the first axis only, so whole rows move at once and each entry of a row gets the sum of the slopes of its row; vectors are right." outputs="arrays with two or more axes"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    grad = np.zeros_like(x)
    for i in range(len(x)):
        step = 1e-5 * np.maximum(1, np.abs(x[i]).max()) if h is None else h
        xp, xm = x.copy(), x.copy()
        xp[i] += step
        xm[i] -= step
        grad[i] = (f(xp) - f(xm)) / (2 * step)
    return grad

# %% wrong="back to the middle only" of="numeric_grad" lesson="04_gradient_checking" key="difference-one-side-by-two-steps" verdict="right" mistake="After the step forward the entry is moved back by one h only, so the second value is f(x) itself, but the difference is divided by 2h: half the slope." outputs="all"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    grad = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        d = h if h is not None else 1e-5 * max(1.0, abs(x[idx]))
        moved = x.copy()
        moved[idx] = x[idx] + d
        up = f(moved.copy())
        moved[idx] = moved[idx] - d
        down = f(moved.copy())
        grad[idx] = (up - down) / (2 * d)
    return grad

# %% wrong="both sides, divided by h" of="complex_step" lesson="04_gradient_checking" key="difference-not-halved" verdict="right" mistake="The function is evaluated at x + ih and x - ih, whose imaginary parts differ by 2h times the slope, but the difference is divided by h." outputs="all"
def complex_step(f, x):
    h = 1e-20
    x = np.asarray(x, float)
    if x.ndim == 0:
        x = float(x)
        return (f(x + 1j * h) - f(x - 1j * h)).imag / h
    I = np.eye(len(x)) * h * 1j
    return np.array([(f(x + e) - f(x - e)).imag / h for e in I])

# %% wrong="skip added behind the relu" of="deep_backward" lesson="05_capstone" key="skip-through-activation" verdict="right" mistake="The skip path to A1 gets dZ2, which is already masked by the second relu, where the whole dS belongs." outputs="W1 and b1"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    Z3 = cache["Z3"]
    P = np.exp(Z3 - Z3.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    dZ3 = (P - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dA1 = dZ2 @ params["W2"].T + dZ2  # + skip
    dZ1 = dA1 * (cache["Z1"] > 0)
    return {
        "W3": cache["S"].T @ dZ3 + lam * params["W3"],
        "b3": dZ3.sum(axis=0),
        "W2": cache["A1"].T @ dZ2 + lam * params["W2"],
        "b2": dZ2.sum(axis=0),
        "W1": X.T @ dZ1 + lam * params["W1"],
        "b1": dZ1.sum(axis=0),
    }

# %% wrong="last layer fed by A2" of="deep_backward" lesson="05_capstone" key="weights-with-another-input" verdict="right" mistake="The gradient of W3 is made with A2, but the input of the last layer is S = A1 + A2; the other five are right." outputs="W3"
def deep_backward(params, X, Y, lam, cache):
    inputs = {3: cache["A2"], 2: cache["A1"], 1: X}
    E = np.exp(cache["Z3"] - np.max(cache["Z3"], axis=1)[:, None])
    d = {3: (E / np.sum(E, axis=1)[:, None] - Y) / Y.shape[0]}
    dS = np.dot(d[3], params["W3"].T)
    d[2] = np.where(cache["Z2"] > 0, dS, 0)
    d[1] = np.where(cache["Z1"] > 0, dS + np.dot(d[2], params["W2"].T), 0)
    out = {}
    for k in (3, 2, 1):
        out[f"W{k}"] = np.dot(inputs[k].T, d[k]) + lam * params[f"W{k}"]
        out[f"b{k}"] = np.sum(d[k], axis=0)
    return out

# %% wrong="keep multiplied on the way back" of="fixed_backward" lesson="05_capstone" key="constant-factor-inverted" verdict="right" mistake="The forward pass divides by keep, so the learner multiplies by it going back, while the local slope is mask / keep in both directions." outputs="W1, b1, W2 and b2"
def fixed_backward(params, X, Y, cache):
    m = len(X)
    dP = 2 * (cache["P"] - Y) / m
    dD2 = dP @ params["W3"].T
    dA2 = dD2 * cache["mask"] * cache["keep"]  # undo the division by keep
    dZ2 = dA2 * (1 - cache["A2"] ** 2)
    dA1 = dZ2 @ params["W2"].T
    dZ1 = dA1 * (cache["A1"] > 0)
    return {
        "W1": X.T @ dZ1,
        "b1": dZ1.sum(axis=0),
        "W2": cache["A1"].T @ dZ2,
        "b2": dZ2.sum(axis=0),
        "W3": cache["D2"].T @ dP,
        "b3": dP.sum(axis=0),
    }

# %% wrong="mean over all entries" of="fixed_backward" lesson="05_capstone" key="mean-over-all-entries" verdict="right" mistake="The loss is taken as the mean over all entries, so dP is divided by m K and all six gradients are too small by the factor K." outputs="all"
def fixed_backward(params, X, Y, cache):
    diff = cache["P"] - Y
    dP = 2 * diff / diff.size
    dZ2 = (dP @ params["W3"].T) * (cache["mask"] / cache["keep"]) * (1 - cache["A2"] ** 2)
    dZ1 = (dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    g = {}
    for n, a, d in ((1, X, dZ1), (2, cache["A1"], dZ2), (3, cache["D2"], dP)):
        g[f"W{n}"] = np.tensordot(a, d, axes=(0, 0))
        g[f"b{n}"] = d.sum(axis=0)
    return g
