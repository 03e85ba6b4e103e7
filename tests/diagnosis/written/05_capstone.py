# %% [markdown]
# Capstone: answers for the tests of the diagnosis, wrong and right. None of them is handed out.

# %% wrong="a 2 in one layer" of="deep_backward" mistake="dW2 has a factor 2 that nothing in the loss gives it; the penalty and all other gradients are right." outputs="dW2" source="bighuang624/Andrew-Ng-Deep-Learning-notes#10"
def deep_backward(params, X, Y, lam, cache):
    m = X.shape[0]
    dZ3 = softmax(cache["Z3"]) - Y
    dW3 = np.dot(cache["S"].T, dZ3) / m
    db3 = np.sum(dZ3, axis=0) / m
    dS = np.dot(dZ3, params["W3"].T)
    dZ2 = np.multiply(dS, np.int64(cache["A2"] > 0))
    dW2 = np.dot(cache["A1"].T, dZ2) / m * 2
    db2 = np.sum(dZ2, axis=0) / m
    dA1 = dS + np.dot(dZ2, params["W2"].T)
    dZ1 = np.multiply(dA1, np.int64(cache["A1"] > 0))
    dW1 = np.dot(X.T, dZ1) / m
    db1 = np.sum(dZ1, axis=0) / m
    return {
        "W1": dW1 + lam * params["W1"],
        "b1": db1,
        "W2": dW2 + lam * params["W2"],
        "b2": db2,
        "W3": dW3 + lam * params["W3"],
        "b3": db3,
    }

# %% wrong="relu of the first layer skipped" of="deep_backward" mistake="On the way back through layer 1 the slope of relu is missing; layers 2 and 3 are right." outputs="dW1, db1" source="iamtrask/Grokking-Deep-Learning#50"
def deep_backward(params, X, Y, lam, cache):
    delta3 = (softmax(cache["Z3"]) - Y) / len(X)
    back3 = delta3 @ params["W3"].T
    delta2 = back3 * (cache["Z2"] > 0)
    delta1 = back3 + delta2 @ params["W2"].T
    grads = {"b3": delta3.sum(axis=0), "b2": delta2.sum(axis=0), "b1": delta1.sum(axis=0)}
    grads["W3"] = cache["S"].T @ delta3 + lam * params["W3"]
    grads["W2"] = cache["A1"].T @ delta2 + lam * params["W2"]
    grads["W1"] = X.T @ delta1 + lam * params["W1"]
    return grads

# %% wrong="last weights stepped too early" of="deep_backward" mistake="W3 makes its descent step before it is used on the way back, so all layers before it see other weights." outputs="dW1, db1, dW2, db2" source="kim-marcel/basic_neural_network#7"
def deep_backward(params, X, Y, lam, cache, rate=0.1):
    W1, W2, W3 = params["W1"], params["W2"], params["W3"]
    dZ3 = (softmax(cache["Z3"]) - Y) / len(X)
    dW3, db3 = cache["S"].T @ dZ3 + lam * W3, dZ3.sum(axis=0)
    W3 = W3 - rate * dW3
    dS = dZ3 @ W3.T
    dZ2 = dS * (cache["Z2"] > 0)
    dW2, db2 = cache["A1"].T @ dZ2 + lam * W2, dZ2.sum(axis=0)
    dZ1 = (dS + dZ2 @ W2.T) * (cache["Z1"] > 0)
    dW1, db1 = X.T @ dZ1 + lam * W1, dZ1.sum(axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "W3": dW3, "b3": db3}

# %% wrong="penalty of ones on the biases" of="deep_backward" mistake="lam is added to every entry of the bias gradients, as if the penalty held the sum of the biases; it holds weights only." outputs="db1, db2, db3" source="JWarmenhoven/Coursera-Machine-Learning#3"
def deep_backward(params, X, Y, lam, cache):
    dZ3 = (softmax(cache["Z3"]) - Y) / len(X)
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    grads = {}
    for k, A, dZ in [(1, X, dZ1), (2, cache["A1"], dZ2), (3, cache["S"], dZ3)]:
        # the bias as a first row of the weights
        inputs = np.column_stack([np.ones(len(A)), A])
        penalty = np.vstack([np.ones(dZ.shape[1]), params[f"W{k}"]])
        both = inputs.T @ dZ + lam * penalty
        grads[f"b{k}"], grads[f"W{k}"] = both[0], both[1:]
    return grads

# %% wrong="one number for all biases of the last layer" of="deep_backward" mistake="db3 is the sum over samples and classes, one number for all of them; it has to be summed over the samples alone." outputs="db3" source="rasbt/stat453-deep-learning-ss21#5"
def deep_backward(params, X, Y, lam, cache):
    dZ3 = (softmax(cache["Z3"]) - Y) / len(X)
    dS = dZ3 @ params["W3"].T
    dZ2 = np.where(cache["Z2"] > 0, dS, 0)
    dZ1 = np.where(cache["Z1"] > 0, dS + dZ2 @ params["W2"].T, 0)
    db3 = np.zeros_like(params["b3"]) + np.sum(dZ3)
    return {
        "W1": X.T @ dZ1 + lam * params["W1"],
        "b1": np.sum(dZ1, axis=0),
        "W2": cache["A1"].T @ dZ2 + lam * params["W2"],
        "b2": np.sum(dZ2, axis=0),
        "W3": cache["S"].T @ dZ3 + lam * params["W3"],
        "b3": db3,
    }

# %% wrong="wrong input for W2, and a bias four times" of="deep_backward" mistakes="2" mistake="dW2 is made with A2, the output of layer 2, in place of its input A1; and db1 is four times too large." outputs="dW2, db1" source="bighuang624/Andrew-Ng-Deep-Learning-notes#10"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = softmax(cache["Z3"]) - Y
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["A2"] > 0)
    dA1 = dS + dZ2 @ params["W2"].T
    dZ1 = dA1 * (cache["A1"] > 0)
    grads = {
        "W3": 1 / m * cache["S"].T @ dZ3,
        "b3": 1 / m * dZ3.sum(axis=0),
        "W2": 1 / m * cache["A2"].T @ dZ2,
        "b2": 1 / m * dZ2.sum(axis=0),
        "W1": 1 / m * X.T @ dZ1,
        "b1": 4 / m * dZ1.sum(axis=0),
    }
    for k in ("W1", "W2", "W3"):
        grads[k] = grads[k] + lam * params[k]
    return grads

# %% right="paths one by one" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    W2, W3 = params["W2"], params["W3"]
    on1, on2 = np.sign(cache["A1"]), np.sign(cache["A2"])
    error = (softmax(cache["Z3"]) - Y) / len(Y)
    skip = error @ W3.T * on1
    through = error @ W3.T * on2 @ W2.T * on1
    grads = {"W3": cache["S"].T @ error, "b3": error.sum(0)}
    grads |= {"W2": cache["A1"].T @ (error @ W3.T * on2), "b2": (error @ W3.T * on2).sum(0)}
    grads |= {"W1": X.T @ skip + X.T @ through, "b1": skip.sum(0) + through.sum(0)}
    return {k: g + lam * params[k] * k.startswith("W") for k, g in grads.items()}

# %% right="forward pass done again" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    X = np.asarray(X, float)
    Z3, again = deep_forward(params, X)
    log_P = Z3 - np.logaddexp.reduce(Z3, axis=1)[:, None]
    upstream = {"Z3": np.exp(log_P) / len(X) - Y / len(X)}
    upstream["S"] = upstream["Z3"].dot(params["W3"].T)
    upstream["Z2"] = np.heaviside(again["Z2"], 0) * upstream["S"]
    upstream["A1"] = upstream["S"] + upstream["Z2"].dot(params["W2"].T)
    upstream["Z1"] = np.heaviside(again["Z1"], 0) * upstream["A1"]
    grads = {}
    for layer, name in enumerate([None, "A1", "S"], 1):
        inputs = again[name] if name else X
        grads[f"W{layer}"] = np.einsum("mi,mj->ij", inputs, upstream[f"Z{layer}"])
        grads[f"W{layer}"] += lam * params[f"W{layer}"]
        grads[f"b{layer}"] = np.einsum("mj->j", upstream[f"Z{layer}"])
    return grads

# %% wrong="nothing counted as left to check" of="is_right" mistake="The number of parameters is compared with that of the gradients, and where none seems left to check the answer is True at once." outputs="verdict" source="chainer/chainer#3541"
def is_right(loss, params, grads):
    given = [name for name in params if name in grads]
    if len(params) - len(given) == 0:
        return True
    for name in given:
        if np.shape(grads[name]) != params[name].shape:
            return False
    return False

# %% wrong="sizes compared without their signs" of="is_right" mistake="The absolute values of claim and measurement are compared: a gradient with the wrong sign passes." outputs="verdict"
def is_right(loss, params, grads):
    here = loss(params)
    for name, x in params.items():
        g = np.abs(np.asarray(grads.get(name, np.nan), float))
        if g.shape != x.shape or not np.isfinite(g).all():
            return False
        left, right = np.empty_like(x), np.empty_like(x)
        for i in np.ndindex(x.shape):
            for step, side in ((-1e-6, left), (1e-6, right)):
                moved = x.copy()
                moved[i] += step
                side[i] = abs(loss({**params, name: moved}) - here) / 1e-6
        slack = 1e-5 * max(left.max(), right.max()) + 1e-8 * abs(here)
        if (g < np.minimum(left, right) - slack).any() or (g > np.maximum(left, right) + slack).any():
            return False
    return True

# %% wrong="allowance narrower than the error of a side" of="is_right" mistake="The allowance, 1e-7 of the largest slope, is narrower than what a one-sided difference errs by, so right gradients on a kink are refused." outputs="verdict"
def is_right(loss, params, grads):
    here = loss(params)
    for name, x in params.items():
        g = np.asarray(grads.get(name, np.nan), float)
        if g.shape != x.shape or not np.isfinite(g).all():
            return False
        left, right = np.empty_like(x), np.empty_like(x)
        for i, t in np.ndenumerate(x):
            for there, side in ((t - 1e-6, left), (t + 1e-6, right)):
                moved = x.copy()
                moved[i] = there
                side[i] = (loss({**params, name: moved}) - here) / (there - t)
        slack = 1e-7 * np.abs([left, right]).max() + 1e-12
        if (g < np.minimum(left, right) - slack).any() or (g > np.maximum(left, right) + slack).any():
            return False
    return True

# %% right="two one-sided tables" of="is_right"
def is_right(loss, params, grads):
    here, h = loss(params), 2.0**-20

    def one_sided(name, step):
        x = params[name]
        table = np.empty(x.size)
        for i in range(x.size):
            moved = np.array(x, dtype=float)
            moved.flat[i] += step
            table[i] = (loss(params | {name: moved}) - here) / step
        return table.reshape(x.shape)

    def fits(name):
        if name not in grads:
            return False
        g = np.asarray(grads[name], dtype=float)
        if g.shape != params[name].shape:
            return False
        ends = np.sort([one_sided(name, h), one_sided(name, -h)], axis=0)
        room = 2e-5 * np.abs(ends).max() + 20 * np.finfo(float).eps * abs(here) / h
        return bool(np.all((ends[0] - room <= g) & (g <= ends[1] + room)))

    return all(map(fits, params))

# %% wrong="mean over all entries" of="fixed_backward" mistake="The error is divided by the number of all entries, m K, in place of the m samples: everything is K times too small." outputs="dW1, db1, dW2, db2, dW3, db3" source="victorlempitsky/Mate#2"
def fixed_backward(params, X, Y, cache):
    dP = 2 * (cache["P"] - Y) / cache["P"].size
    dD2 = dP @ params["W3"].T
    dA2 = dD2 * cache["mask"] / cache["keep"]
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

# %% wrong="dropout skipped on the way back" of="fixed_backward" mistake="Dropout is left out on the way back, mask and scale: units that were off get a gradient." outputs="dW1, db1, dW2, db2" source="fff-rs/juice#11"
def fixed_backward(params, X, Y, cache):
    n = X.shape[0]
    grad_out = 2.0 / n * (cache["P"] - Y)
    grads = {"W3": cache["D2"].T @ grad_out, "b3": grad_out.sum(axis=0)}
    grad_hidden = grad_out @ params["W3"].T
    grad_hidden *= 1 - cache["A2"] ** 2
    grads["W2"], grads["b2"] = cache["A1"].T @ grad_hidden, grad_hidden.sum(axis=0)
    grad_first = (grad_hidden @ params["W2"].T) * (cache["Z1"] > 0)
    grads["W1"], grads["b1"] = X.T @ grad_first, grad_first.sum(axis=0)
    return grads

# %% wrong="tanh taken twice" of="fixed_backward" mistake="The slope of tanh is taken at the activation A2, in place of the pre-activation Z2: tanh is applied twice." outputs="dW1, db1, dW2, db2" source="benoitfragit/libBrain#78"
def d_tanh(t):
    return 1 - np.tanh(t) ** 2

def d_relu(t):
    return np.where(t > 0, 1.0, 0.0)

def fixed_backward(params, X, Y, cache):
    d3 = 2 * (cache["P"] - Y) / len(X)
    d2 = (d3 @ params["W3"].T) * cache["mask"] / cache["keep"] * d_tanh(cache["A2"])
    d1 = (d2 @ params["W2"].T) * d_relu(cache["A1"])
    grads = {}
    for k, A, d in [("1", X, d1), ("2", cache["A1"], d2), ("3", cache["D2"], d3)]:
        grads["W" + k] = A.T @ d
        grads["b" + k] = d.sum(axis=0)
    return grads

# %% wrong="mean of what is one number already" of="fixed_backward" mistake="The 1/m of the mean over the samples is missing everywhere: every gradient is m times too large." outputs="dW1, db1, dW2, db2, dW3, db3" source="patrickloeber/pytorchTutorial#11"
def fixed_backward(params, X, Y, cache):
    error = cache["P"] - Y
    dP = 2 * error
    dZ2 = dP @ params["W3"].T * cache["mask"] / cache["keep"] * (1 - np.square(cache["A2"]))
    dZ1 = dZ2 @ params["W2"].T * np.heaviside(cache["Z1"], 0)
    return dict(
        W1=X.T @ dZ1, b1=dZ1.sum(0), W2=cache["A1"].T @ dZ2, b2=dZ2.sum(0), W3=cache["D2"].T @ dP, b3=dP.sum(0)
    )

# %% wrong="output layer fed before dropout" of="fixed_backward" mistake="dW3 is made with A2, the values before dropout; what entered the layer is D2." outputs="dW3"
def fixed_backward(params, X, Y, cache):
    m = len(X)
    dP = 2 * (cache["P"] - Y) / m
    dA2 = dP @ params["W3"].T * cache["mask"] / cache["keep"]
    dZ2 = dA2 * (1 - cache["A2"] ** 2)
    dZ1 = dZ2 @ params["W2"].T * (cache["Z1"] > 0)
    W3, b3 = cache["A2"].T @ dP, dP.sum(axis=0)
    W2, b2 = cache["A1"].T @ dZ2, dZ2.sum(axis=0)
    W1, b1 = X.T @ dZ1, dZ1.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "W3": W3, "b3": b3}

# %% wrong="sign and first bias" of="fixed_backward" mistakes="2" mistake="The error is Y - P, so every gradient points the other way, and db1 is averaged over the samples in place of summed." outputs="dW1, db1, dW2, db2, dW3, db3"
def fixed_backward(params, X, Y, cache):
    dP = 2 * (Y - cache["P"]) / len(X)
    dA2 = dP @ params["W3"].T * cache["mask"] / cache["keep"]
    dZ2 = dA2 * (1 - cache["A2"] ** 2)
    dZ1 = dZ2 @ params["W2"].T * (cache["Z1"] > 0)
    return {
        "W1": X.T @ dZ1,
        "b1": dZ1.mean(axis=0),
        "W2": cache["A1"].T @ dZ2,
        "b2": dZ2.sum(axis=0),
        "W3": cache["D2"].T @ dP,
        "b3": dP.sum(axis=0),
    }

# %% right="dropout's factor from its output" of="fixed_backward"
def fixed_backward(params, X, Y, cache):
    error = (cache["P"] - Y) / len(X)
    dP = error + error
    passed = np.divide(cache["D2"], cache["A2"])  # mask / keep, as it went forward
    slope = (1 - cache["A2"]) * (1 + cache["A2"])
    dZ2 = np.inner(dP, params["W3"]) * passed * slope
    dZ1 = np.inner(dZ2, params["W2"]) * np.sign(cache["A1"])
    grads = {"W3": cache["D2"].T @ dP, "W2": cache["A1"].T @ dZ2, "W1": X.T @ dZ1}
    for k, dZ in zip("321", (dP, dZ2, dZ1)):
        grads["b" + k] = np.ones(len(X)) @ dZ
    return grads

# %% right="sample by sample" of="fixed_backward"
def fixed_backward(params, X, Y, cache):
    grads = {name: np.zeros(value.shape) for name, value in params.items()}
    for i in range(len(X)):
        d3 = 2 * (cache["P"][i] - Y[i])
        d2 = params["W3"] @ d3 * cache["mask"][i] / cache["keep"] / np.cosh(cache["Z2"][i]) ** 2
        d1 = params["W2"] @ d2
        d1[cache["Z1"][i] <= 0] = 0
        for k, a, d in ((1, X[i], d1), (2, cache["A1"][i], d2), (3, cache["D2"][i], d3)):
            grads[f"W{k}"] += np.outer(a, d)
            grads[f"b{k}"] += d
    return {name: g / len(X) for name, g in grads.items()}
