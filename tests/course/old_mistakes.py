# ---
# jupyter:
#   course: {}
# ---

# %% [markdown]
# Answers that other courses print, or that their checks accept. Ours reject every one.

# %% wrong="the bias gradient of a batch is not summed" lesson="02_partials_jacobian" of="linear_backward"
def linear_backward(X, W, b, dY):
    return dY @ W.T, X.T @ dY, dY

# %% wrong="the upstream gradient is ignored" lesson="02_partials_jacobian" of="linear_backward"
def linear_backward(X, W, b, dY):
    dY = np.ones_like(dY)
    return dY @ W.T, X.T @ dY, dY.sum(axis=0)

# %% wrong="only the shapes are right" lesson="02_partials_jacobian" of="linear_backward"
def linear_backward(X, W, b, dY):
    return np.zeros(X.shape), np.zeros(W.shape), np.zeros(b.shape)

# %% wrong="the Jacobian by forward differences" lesson="02_partials_jacobian" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    columns = [(np.atleast_1d(f(x + h * e)) - np.atleast_1d(f(x))) / h
               for e in np.eye(len(x))]
    return np.array(columns).T

# %% wrong="a Jacobian that is zero for whole numbers" lesson="02_partials_jacobian" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    columns = []
    for j in range(len(x)):
        right, left = np.array(x), np.array(x)
        right[j] += h
        left[j] -= h
        columns.append((np.atleast_1d(f(right)) - np.atleast_1d(f(left))) / (2 * h))
    return np.array(columns).T

# %% wrong="a small number inside the logarithm" lesson="03_backprop" of="bce_from_logits"
def bce_from_logits(a, y):
    p = 0.5 * (1 + np.tanh(a / 2))
    loss = -np.mean(y * np.log(p + 1e-8) + (1 - y) * np.log(1 - p + 1e-8))
    return loss, (p - y) / len(a)

# %% wrong="p - y for a loss that is a mean" lesson="03_backprop" of="softmax_ce"
def softmax_ce(Z, Y):
    R = Z - Z.max(axis=1, keepdims=True)
    log_p = R - np.log(np.exp(R).sum(axis=1, keepdims=True))
    return -(Y * log_p).sum() / len(Z), np.exp(log_p) - Y

# %% wrong="one entry of fifteen is right" lesson="03_backprop" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    h = np.tanh(x @ W + b)
    d = v @ h + c - y
    dW = np.zeros_like(W)
    dW[0, 1] = (d * v * (1 - h**2) * x[0])[1]
    return {'W': dW, 'b': 0 * b, 'v': 0 * v, 'c': 0.0, 'x': 0 * x}

# %% wrong="a ReLU mask that is always true" lesson="03_backprop" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    m = len(X)
    Z1 = X @ params['W1'] + params['b1']
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ params['W2'] + params['b2']
    E = np.exp(Z2 - Z2.max(axis=1, keepdims=True))
    dZ2 = (E / E.sum(axis=1, keepdims=True) - Y) / m
    dZ1 = dZ2 @ params['W2'].T * (A1 >= 0)
    return {'W1': X.T @ dZ1 + lam * params['W1'], 'b1': dZ1.sum(axis=0),
            'W2': A1.T @ dZ2 + lam * params['W2'], 'b2': dZ2.sum(axis=0)}

# %% wrong="a gradient in whole numbers" lesson="04_gradient_checking" of="numeric_grad"
def numeric_grad(f, x, h=None):
    h = h or 1e-5
    x = np.asarray(x)
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        right, left = x.astype(float), x.astype(float)
        right[i] += h
        left[i] -= h
        grad[i] = (f(right) - f(left)) / (2 * h)
    return grad

# %% wrong="0 divided by 0" lesson="04_gradient_checking" of="relative_error"
def relative_error(a, n):
    a, n = np.asarray(a, float), np.asarray(n, float)
    return np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n))

# %% wrong="an absolute threshold" lesson="04_gradient_checking" of="grad_check"
def grad_check(loss, params, grads):
    wrong = []
    for name in params:
        def along(v):
            return loss({**params, name: v})
        n = numeric_grad(along, params[name])
        if np.linalg.norm(n - grads[name]) >= 1e-5:
            wrong.append(name)
    return sorted(wrong)

# %% wrong="a checker that looks at weights only" lesson="04_gradient_checking" of="grad_check"
def grad_check(loss, params, grads):
    wrong = []
    for name in params:
        if params[name].ndim < 2:
            continue
        def along(v):
            return loss({**params, name: v})
        n = numeric_grad(along, params[name])
        if relative_error(grads[name], n) > 1e-6:
            wrong.append(name)
    return sorted(wrong)

# %% wrong="a checker that looks at one entry with a tolerance of 1%" lesson="05_capstone" of="is_right"
def is_right(loss, params, grads):
    rng = np.random.default_rng(0)
    for name, value in params.items():
        if np.shape(grads[name]) != value.shape:
            return False
        i = tuple(rng.integers(n) for n in value.shape)
        right, left = value.copy(), value.copy()
        right[i] += 1e-5
        left[i] -= 1e-5
        n = (loss({**params, name: right}) - loss({**params, name: left})) / 2e-5
        if abs(n - grads[name][i]) > 1e-2 * max(abs(n), abs(grads[name][i]), 1e-8):
            return False
    return True
