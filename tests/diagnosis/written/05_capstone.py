# %% [markdown]
# Capstone: answers for the tests of the diagnosis, wrong and right. None of them is handed out.

# %% wrong="a 2 in one layer" of="deep_backward" key="factor-two-at-a-step" mistake="dW2 has a factor 2 that nothing in the loss gives it; the penalty and all other gradients are right." outputs="dW2" source="bighuang624/Andrew-Ng-Deep-Learning-notes#10"
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

# %% wrong="relu of the first layer skipped" of="deep_backward" key="activation-mask-always-true" mistake="On the way back through layer 1 the slope of relu is missing; layers 2 and 3 are right." outputs="dW1, db1" source="iamtrask/Grokking-Deep-Learning#50"
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

# %% wrong="last weights stepped too early" of="deep_backward" key="weights-updated-too-early" mistake="W3 makes its descent step before it is used on the way back, so all layers before it see other weights." outputs="dW1, db1, dW2, db2" source="kim-marcel/basic_neural_network#7"
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

# %% wrong="penalty of ones on the biases" of="deep_backward" key="lam-on-the-biases" mistake="lam is added to every entry of the bias gradients, as if the penalty held the sum of the biases; it holds weights only." outputs="db1, db2, db3" source="JWarmenhoven/Coursera-Machine-Learning#3"
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

# %% wrong="one number for all biases of the last layer" of="deep_backward" key="cancelled-to-zero" mistake="db3 is the sum over samples and classes, one number for all of them; it has to be summed over the samples alone." outputs="db3" source="rasbt/stat453-deep-learning-ss21#5"
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

# %% wrong="wrong input for W2, and a bias four times" of="deep_backward" key="weights-with-another-input+constant-factor" mistakes="2" mistake="dW2 is made with A2, the output of layer 2, in place of its input A1; and db1 is four times too large." outputs="dW2, db1" source="bighuang624/Andrew-Ng-Deep-Learning-notes#10"
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

# %% wrong="nothing counted as left to check" of="is_right" key="checker-never-measures" mistake="The number of parameters is compared with that of the gradients, and where none seems left to check the answer is True at once." outputs="verdict" source="chainer/chainer#3541"
def is_right(loss, params, grads):
    given = [name for name in params if name in grads]
    if len(params) - len(given) == 0:
        return True
    for name in given:
        if np.shape(grads[name]) != params[name].shape:
            return False
    return False

# %% wrong="sizes compared without their signs" of="is_right" key="checker-signs-lost" mistake="The absolute values of claim and measurement are compared: a gradient with the wrong sign passes." outputs="verdict"
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

# %% wrong="allowance narrower than the error of a side" of="is_right" key="checker-narrow-at-kinks" mistake="The allowance, 1e-7 of the largest slope, is narrower than what a one-sided difference errs by, so right gradients on a kink are refused." outputs="verdict"
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

# %% wrong="mean over all entries" of="fixed_backward" key="mean-over-all-entries" mistake="The error is divided by the number of all entries, m K, in place of the m samples: everything is K times too small." outputs="dW1, db1, dW2, db2, dW3, db3" source="victorlempitsky/Mate#2"
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

# %% wrong="dropout skipped on the way back" of="fixed_backward" key="factor-missing+constant-factor-lost" mistake="Dropout is left out on the way back, mask and scale: units that were off get a gradient." outputs="dW1, db1, dW2, db2" source="fff-rs/juice#11"
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

# %% wrong="tanh taken twice" of="fixed_backward" key="activation-derivative-at-output" mistake="The slope of tanh is taken at the activation A2, in place of the pre-activation Z2: tanh is applied twice." outputs="dW1, db1, dW2, db2" source="benoitfragit/libBrain#78"
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

# %% wrong="mean of what is one number already" of="fixed_backward" key="mean-missing" mistake="The 1/m of the mean over the samples is missing everywhere: every gradient is m times too large." outputs="dW1, db1, dW2, db2, dW3, db3" source="patrickloeber/pytorchTutorial#11"
def fixed_backward(params, X, Y, cache):
    error = cache["P"] - Y
    dP = 2 * error
    dZ2 = dP @ params["W3"].T * cache["mask"] / cache["keep"] * (1 - np.square(cache["A2"]))
    dZ1 = dZ2 @ params["W2"].T * np.heaviside(cache["Z1"], 0)
    return dict(
        W1=X.T @ dZ1, b1=dZ1.sum(0), W2=cache["A1"].T @ dZ2, b2=dZ2.sum(0), W3=cache["D2"].T @ dP, b3=dP.sum(0)
    )

# %% wrong="output layer fed before dropout" of="fixed_backward" key="weights-with-another-input" mistake="dW3 is made with A2, the values before dropout; what entered the layer is D2." outputs="dW3"
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

# %% wrong="sign and first bias" of="fixed_backward" key="wrong-sign+bias-averaged" mistakes="2" mistake="The error is Y - P, so every gradient points the other way, and db1 is averaged over the samples in place of summed." outputs="dW1, db1, dW2, db2, dW3, db3"
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

# %% wrong="penalty counted twice" of="deep_backward" key="penalty-doubled" mistake="lam W is added in the line of each weight and once more in the loop at the end, so the penalty enters twice." outputs="dW1, dW2 and dW3 where lam is not 0: the part of the penalty"
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

# %% wrong="mask of the neighbouring layer" of="deep_backward" key="outer-at-other" mistake="The first relu is gone back through with the mask of Z2; Z1 and Z2 have the same shape, so nothing complains, but the place is Z1." outputs="dZ1, so dW1 and db1"
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

# %% wrong="A2 as the input of layer 3" of="deep_backward" key="weights-with-another-input" mistake="Layer 3 is given S = A1 + A2; the product with A2 alone leaves out what the skip has brought." outputs="dW3 only"
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

# %% wrong="back through weights that have already moved" of="deep_backward" key="weights-updated-too-early" mistake="W3 is moved by a step before dS is computed with it; the gradient must go back through the weights with which the forward pass was made." outputs="dS, so the gradients of layers 1 and 2"
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

# %% wrong="dS changed in place" of="deep_backward" key="skip-through-activation" mistake="dZ2 is another name for dS, and setting its entries to 0 changes dS too; when dS is added for the skip it is no longer what it was." outputs="the straight path of the skip, so dW1 and db1"
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

# %% wrong="multiplied by the keep probability" of="fixed_backward" key="constant-factor-inverted" mistake="Forward the signal is divided by keep, so its slope is mask / keep; here the gradient is multiplied by keep." outputs="dA2, so the gradients of layers 1 and 2"
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

# %% wrong="tanh slope made after dropout" of="fixed_backward" key="activation-formula-fed-with-another-value" mistake="The slope of tanh is made from D2, which is already masked and divided by keep; it must be made from A2, the value of tanh." outputs="dZ2, so the gradients of layers 1 and 2"
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

# %% wrong="relu mask with >= on the activation" of="fixed_backward" key="activation-mask-always-true" mistake="A1 is never negative, so A1 >= 0 is true everywhere and no gradient is blocked; the mask must ask for > 0." outputs="dZ1, so dW1 and db1"
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

# %% wrong="2 put only into W3 and b3, and / keep forgotten" of="fixed_backward" key="constant-factor-lost+factor-two-missing" mistake="Two mistakes: the factor 2 of the square is put into dW3 and db3 and not into dP, so it does not go down; and the division by keep is still missing." outputs="layers 1 and 2: wrong by the factors 1/2 and keep"
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

# %% wrong="only the direction is compared" of="is_right" key="checker-direction-only" mistake="The cosine between claimed and measured gradient does not see their lengths, so a gradient twice as large passes." outputs="gradients that are wrong by a factor are accepted"
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

# %% wrong="biases never looked at" of="is_right" key="checker-biases-skipped" mistake="Only the names that begin with W are checked, so a mistake in a bias gradient cannot be seen." outputs="wrong gradients of b1 and b2 are accepted"
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

# %% wrong="central difference held against a claim at kinks" of="is_right" key="checker-rejects-kink" mistake="At a kink the central difference is the mean of two slopes and no derivative; such an entry must be judged by the slopes of both sides or left out." outputs="right gradients of nets with a kink are rejected"
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

# %% wrong="fixed tolerance" of="is_right" key="checker-tolerance-absolute" mistake="The difference is compared with a fixed number, which is far larger than a whole gradient of size 1e-6; it must be relative, with a floor for rounding." outputs="small losses: wrong gradients are accepted"
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

# %% wrong="nan never exceeds the tolerance" of="is_right" key="checker-nan" mistake="The test asks whether the error is above the tolerance, and for nan this is False; ask for errors within the tolerance, or look for nan first." outputs="gradients with nan are accepted"
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

# %% wrong="gradient shared out at the sum" of="deep_backward" key="factor-half-at-a-step" mistake="Splits the gradient at the sum S = A1 + A2: gives each branch half of dS instead of all of it." outputs="W1, b1, W2, b2"
def deep_backward(params, X, Y, lam, cache):
    """Return a dict with the keys of params: the gradient of deep_loss toward each parameter."""
    m = len(X)
    Z = cache["Z3"]
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    dZ3 = (P - Y) / m
    dS = dZ3 @ params["W3"].T
    # S is made of two parts, each gets its half
    dA1_skip = dS / 2
    dA2 = dS / 2
    dZ2 = dA2 * (cache["Z2"] > 0)
    dA1 = dA1_skip + dZ2 @ params["W2"].T
    dZ1 = dA1 * (cache["Z1"] > 0)
    return {
        "W1": X.T @ dZ1 + lam * params["W1"],
        "b1": dZ1.sum(axis=0),
        "W2": cache["A1"].T @ dZ2 + lam * params["W2"],
        "b2": dZ2.sum(axis=0),
        "W3": cache["S"].T @ dZ3 + lam * params["W3"],
        "b3": dZ3.sum(axis=0),
    }

# %% wrong="dS masked in place" of="deep_backward" key="skip-through-activation" mistake="Sets the dead entries of dZ2 to 0 in an array that is dS itself, so the straight path to A1 is masked by ReLU of layer 2 as well." outputs="W1, b1"
def deep_backward(params, X, Y, lam, cache):
    W1, W2, W3 = params["W1"], params["W2"], params["W3"]
    P = np.exp(cache["Z3"] - np.max(cache["Z3"], axis=1)[:, None])
    P = P / np.sum(P, axis=1)[:, None]
    d3 = (P - Y) / Y.shape[0]
    g = {}
    g["W3"] = np.dot(cache["S"].T, d3) + lam * W3
    g["b3"] = np.sum(d3, axis=0)
    dS = np.dot(d3, W3.T)
    d2 = dS
    d2[cache["Z2"] <= 0] = 0  # relu of layer 2
    g["W2"] = np.dot(cache["A1"].T, d2) + lam * W2
    g["b2"] = np.sum(d2, axis=0)
    d1 = dS + np.dot(d2, W2.T)  # skip + normal way
    d1[cache["Z1"] <= 0] = 0
    g["W1"] = np.dot(X.T, d1) + lam * W1
    g["b1"] = np.sum(d1, axis=0)
    return g

# %% wrong="W2 not transposed" of="deep_backward" key="way-back-not-transposed" mistake="Goes back through the square W2 without the transpose." outputs="W1, b1"
def deep_backward(params, X, Y, lam, cache):
    Z3 = cache["Z3"] - cache["Z3"].max(axis=1, keepdims=True)
    logp = Z3 - np.log(np.exp(Z3).sum(axis=1, keepdims=True))
    dZ3 = (np.exp(logp) - Y) / len(Y)  # (m, K)
    dS = dZ3 @ params["W3"].T  # (m, H)
    dZ2 = np.where(cache["Z2"] > 0, dS, 0.0)  # (m, H)
    dA1 = dZ2 @ params["W2"] + dS  # (m, H) (H, H) fits
    dZ1 = np.where(cache["Z1"] > 0, dA1, 0.0)
    grads = {}
    for i, inp, dZ in [(1, X, dZ1), (2, cache["A1"], dZ2), (3, cache["S"], dZ3)]:
        grads[f"W{i}"] = inp.T @ dZ + lam * params[f"W{i}"]
        grads[f"b{i}"] = dZ.sum(axis=0)
    return grads

# %% wrong="skip forgotten, and penalty counted double" of="deep_backward" key="path-missing" mistake="Two mistakes: the straight path from S to A1 is missing, and the penalty gives 2 lam W, as if the loss had no factor 1/2." outputs="W1, b1, and W2, W3 with a penalty"
def deep_backward(params, X, Y, lam, cache):
    m = X.shape[0]
    ex = np.exp(cache["Z3"] - cache["Z3"].max(1, keepdims=True))
    probs = ex / ex.sum(1, keepdims=True)
    # layer 3
    dout = (probs - Y) / m
    dW3 = cache["S"].T.dot(dout) + 2 * lam * params["W3"]  # d/dW of W^2 = 2W
    db3 = dout.sum(0)
    # layer 2
    dh2 = dout.dot(params["W3"].T) * (cache["A2"] > 0)
    dW2 = cache["A1"].T.dot(dh2) + 2 * lam * params["W2"]
    db2 = dh2.sum(0)
    # layer 1
    dh1 = dh2.dot(params["W2"].T) * (cache["A1"] > 0)
    dW1 = X.T.dot(dh1) + 2 * lam * params["W1"]
    db1 = dh1.sum(0)
    return {"W1": dW1, "W2": dW2, "W3": dW3, "b1": db1, "b2": db2, "b3": db3}

# %% wrong="multiplies by keep" of="fixed_backward" key="constant-factor-inverted" mistake="Multiplies by the keep probability on the way back through dropout instead of dividing by it." outputs="W1, b1, W2, b2"
def fixed_backward(params, X, Y, cache):
    """Return a dict with the keys of params: the right gradients of audit_loss."""
    m = len(X)
    q = cache["keep"]
    dP = 2 * (cache["P"] - Y) / m
    dW3 = cache["D2"].T @ dP
    db3 = dP.sum(axis=0)
    dD2 = dP @ params["W3"].T
    dA2 = dD2 * cache["mask"] * q  # forward we divided, so back we multiply
    dZ2 = dA2 * (1 - cache["A2"] ** 2)
    dW2 = cache["A1"].T @ dZ2
    db2 = dZ2.sum(axis=0)
    dZ1 = (dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "W3": dW3, "b3": db3}

# %% wrong="factor 2 at the last layer only" of="fixed_backward" key="factor-half-at-a-step" mistake="Repairs the missing factor 2 in the lines of W3 and b3 instead of in dP, so that the gradients of layers 1 and 2 are still half as large as they should be." outputs="W1, b1, W2, b2"
def fixed_backward(params, X, Y, cache):
    m = len(X)
    err = (cache["P"] - Y) / m
    grads = {"W3": 2 * np.dot(cache["D2"].T, err), "b3": 2 * np.sum(err, axis=0)}  # ratio was 0.5
    back = np.dot(err, params["W3"].T)
    back = back * cache["mask"] / cache["keep"]  # ratio 0.8
    back = back * (1 - cache["A2"] * cache["A2"])
    grads["W2"] = np.dot(cache["A1"].T, back)
    grads["b2"] = np.sum(back, axis=0)
    back = np.dot(back, params["W2"].T)
    back = back * (cache["A1"] > 0)
    grads["W1"] = np.dot(X.T, back)
    grads["b1"] = np.sum(back, axis=0)
    return grads

# %% wrong="skip added behind the relu" of="deep_backward" key="skip-through-activation" mistake="The skip path to A1 gets dZ2, which is already masked by the second relu, where the whole dS belongs." outputs="W1 and b1"
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

# %% wrong="last layer fed by A2" of="deep_backward" key="weights-with-another-input" mistake="The gradient of W3 is made with A2, but the input of the last layer is S = A1 + A2; the other five are right." outputs="W3"
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

# %% wrong="keep multiplied on the way back" of="fixed_backward" key="constant-factor-inverted" mistake="The forward pass divides by keep, so the learner multiplies by it going back, while the local slope is mask / keep in both directions." outputs="W1, b1, W2 and b2"
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

# %% wrong="mean over all entries, in other words" of="fixed_backward" key="mean-over-all-entries" mistake="The loss is taken as the mean over all entries, so dP is divided by m K and all six gradients are too small by the factor K." outputs="all"
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
