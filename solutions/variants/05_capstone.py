# ---
# jupyter:
#   course: {}
# ---

# %% [markdown]
# Answers to the capstone as learners write them: right ones in other styles, and wrong ones. The tests
# accept every right one and reject every wrong one; the sample class is made from them.

# %% right="loop_over_layers" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    inputs = {3: cache["S"], 2: cache["A1"], 1: np.asarray(X)}
    grads = {}
    d = {3: (softmax(cache["Z3"]) - Y) / Y.shape[0]}
    dS = d[3].dot(params["W3"].T)
    d[2] = np.where(cache["Z2"] > 0, dS, 0.0)
    d[1] = np.where(cache["Z1"] > 0, dS + d[2].dot(params["W2"].T), 0.0)
    for i in (3, 2, 1):
        grads[f"W{i}"] = inputs[i].T.dot(d[i]) + lam * params[f"W{i}"]
        grads[f"b{i}"] = np.sum(d[i], 0)
    return grads

# %% right="sums_over_samples" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    grads = {k: np.zeros_like(v) for k, v in params.items()}
    m = len(Y)
    for i in range(m):
        z = cache["Z3"][i]
        p = np.exp(z - z.max())
        p = p / p.sum()
        dz3 = (p - Y[i]) / m
        grads["W3"] += np.outer(cache["S"][i], dz3)
        grads["b3"] += dz3
        ds = params["W3"] @ dz3
        dz2 = ds * (cache["A2"][i] > 0)
        grads["W2"] += np.outer(cache["A1"][i], dz2)
        grads["b2"] += dz2
        da1 = ds + params["W2"] @ dz2
        dz1 = da1 * (cache["A1"][i] > 0)
        grads["W1"] += np.outer(X[i], dz1)
        grads["b1"] += dz1
    for k in ("W1", "W2", "W3"):
        grads[k] += lam * params[k]
    return grads

# %% right="einsum_and_extra_keys" of="deep_backward"
def relu_slope(z):
    return np.heaviside(z, 0.0)

def deep_backward(params, X, Y, lam, cache):
    P = softmax(cache["Z3"])
    P[np.arange(len(P)), Y.argmax(1)] -= 1
    dZ3 = P / len(P)
    g = {"S": np.einsum("mk,hk->mh", dZ3, params["W3"])}
    g["A1"] = g["S"].copy()
    dZ2 = g["S"] * relu_slope(cache["Z2"])
    g["A1"] += np.einsum("mj,hj->mh", dZ2, params["W2"])
    dZ1 = g["A1"] * relu_slope(cache["Z1"])
    for name, A, dZ in (("1", X, dZ1), ("2", cache["A1"], dZ2), ("3", cache["S"], dZ3)):
        g["W" + name] = np.einsum("md,mh->dh", A, dZ) + lam * params["W" + name]
        g["b" + name] = np.ones(len(X)) @ dZ
    return g

# %% wrong="skip forgotten" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dA1 = dZ2 @ params["W2"].T
    dZ1 = dA1 * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1 + lam * params["W1"], "b1": dZ1.sum(axis=0),
            "W2": cache["A1"].T @ dZ2 + lam * params["W2"], "b2": dZ2.sum(axis=0),
            "W3": cache["S"].T @ dZ3 + lam * params["W3"], "b3": dZ3.sum(axis=0)}

# %% wrong="only the skip" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dA1 = dS
    dZ2 = dS * (cache["Z2"] > 0)
    dZ1 = dA1 * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1 + lam * params["W1"], "b1": dZ1.sum(axis=0),
            "W2": cache["A1"].T @ dZ2 + lam * params["W2"], "b2": dZ2.sum(axis=0),
            "W3": cache["S"].T @ dZ3 + lam * params["W3"], "b3": dZ3.sum(axis=0)}

# %% wrong="skip routed through the activation" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dA1 = dZ2 + dZ2 @ params["W2"].T
    dZ1 = dA1 * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1 + lam * params["W1"], "b1": dZ1.sum(axis=0),
            "W2": cache["A1"].T @ dZ2 + lam * params["W2"], "b2": dZ2.sum(axis=0),
            "W3": cache["S"].T @ dZ3 + lam * params["W3"], "b3": dZ3.sum(axis=0)}

# %% wrong="1/m missing" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    dZ3 = softmax(cache["Z3"]) - Y
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1 + lam * params["W1"], "b1": dZ1.sum(axis=0),
            "W2": cache["A1"].T @ dZ2 + lam * params["W2"], "b2": dZ2.sum(axis=0),
            "W3": cache["S"].T @ dZ3 + lam * params["W3"], "b3": dZ3.sum(axis=0)}

# %% wrong="biases averaged" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1 + lam * params["W1"], "b1": dZ1.mean(axis=0),
            "W2": cache["A1"].T @ dZ2 + lam * params["W2"], "b2": dZ2.mean(axis=0),
            "W3": cache["S"].T @ dZ3 + lam * params["W3"], "b3": dZ3.mean(axis=0)}

# %% wrong="W2 not transposed" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dZ1 = (dS + dZ2 @ params["W2"]) * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1 + lam * params["W1"], "b1": dZ1.sum(axis=0),
            "W2": cache["A1"].T @ dZ2 + lam * params["W2"], "b2": dZ2.sum(axis=0),
            "W3": cache["S"].T @ dZ3 + lam * params["W3"], "b3": dZ3.sum(axis=0)}

# %% wrong="dW2 transposed" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1 + lam * params["W1"], "b1": dZ1.sum(axis=0),
            "W2": dZ2.T @ cache["A1"] + lam * params["W2"], "b2": dZ2.sum(axis=0),
            "W3": cache["S"].T @ dZ3 + lam * params["W3"], "b3": dZ3.sum(axis=0)}

# %% wrong="dW3 with A2 in place of S" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1 + lam * params["W1"], "b1": dZ1.sum(axis=0),
            "W2": cache["A1"].T @ dZ2 + lam * params["W2"], "b2": dZ2.sum(axis=0),
            "W3": cache["A2"].T @ dZ3 + lam * params["W3"], "b3": dZ3.sum(axis=0)}

# %% wrong="mask >= on the activation" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["A2"] >= 0)
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["A1"] >= 0)
    return {"W1": X.T @ dZ1 + lam * params["W1"], "b1": dZ1.sum(axis=0),
            "W2": cache["A1"].T @ dZ2 + lam * params["W2"], "b2": dZ2.sum(axis=0),
            "W3": cache["S"].T @ dZ3 + lam * params["W3"], "b3": dZ3.sum(axis=0)}

# %% wrong="penalty on the biases too" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    grads = {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0),
             "W2": cache["A1"].T @ dZ2, "b2": dZ2.sum(axis=0),
             "W3": cache["S"].T @ dZ3, "b3": dZ3.sum(axis=0)}
    return {name: g + lam * params[name] for name, g in grads.items()}

# %% wrong="penalty doubled" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1 + 2 * lam * params["W1"], "b1": dZ1.sum(axis=0),
            "W2": cache["A1"].T @ dZ2 + 2 * lam * params["W2"], "b2": dZ2.sum(axis=0),
            "W3": cache["S"].T @ dZ3 + 2 * lam * params["W3"], "b3": dZ3.sum(axis=0)}

# %% wrong="penalty forgotten" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0),
            "W2": cache["A1"].T @ dZ2, "b2": dZ2.sum(axis=0),
            "W3": cache["S"].T @ dZ3, "b3": dZ3.sum(axis=0)}

# %% wrong="changes the cache in place" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = cache["Z3"]
    dZ3[:] = (softmax(dZ3) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1 + lam * params["W1"], "b1": dZ1.sum(axis=0),
            "W2": cache["A1"].T @ dZ2 + lam * params["W2"], "b2": dZ2.sum(axis=0),
            "W3": cache["S"].T @ dZ3 + lam * params["W3"], "b3": dZ3.sum(axis=0)}

# %% wrong="overwrites dS" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS
    dZ2[cache["Z2"] <= 0] = 0
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1 + lam * params["W1"], "b1": dZ1.sum(axis=0),
            "W2": cache["A1"].T @ dZ2 + lam * params["W2"], "b2": dZ2.sum(axis=0),
            "W3": cache["S"].T @ dZ3 + lam * params["W3"], "b3": dZ3.sum(axis=0)}

# %% wrong="keys called dW and db" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    return {"dW1": X.T @ dZ1 + lam * params["W1"], "db1": dZ1.sum(axis=0),
            "dW2": cache["A1"].T @ dZ2 + lam * params["W2"], "db2": dZ2.sum(axis=0),
            "dW3": cache["S"].T @ dZ3 + lam * params["W3"], "db3": dZ3.sum(axis=0)}

# %% wrong="bias not summed" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1 + lam * params["W1"], "b1": dZ1,
            "W2": cache["A1"].T @ dZ2 + lam * params["W2"], "b2": dZ2,
            "W3": cache["S"].T @ dZ3 + lam * params["W3"], "b3": dZ3}

# %% wrong="prints in place of returning" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    print({"W1": X.T @ dZ1 + lam * params["W1"], "b1": dZ1.sum(axis=0),
           "W2": cache["A1"].T @ dZ2 + lam * params["W2"], "b2": dZ2.sum(axis=0),
           "W3": cache["S"].T @ dZ3 + lam * params["W3"], "b3": dZ3.sum(axis=0)})

# %% wrong="a tuple in place of a dict" of="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dZ1 = (dS + dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    return (X.T @ dZ1 + lam * params["W1"], dZ1.sum(axis=0), cache["A1"].T @ dZ2 + lam * params["W2"],
            dZ2.sum(axis=0), cache["S"].T @ dZ3 + lam * params["W3"], dZ3.sum(axis=0))

# %% right="central_difference_and_two_steps" of="is_right"
def central(loss, params, name, i, h):
    def at(step):
        moved = {k: v.copy() for k, v in params.items()}
        moved[name][i] += step
        return loss(moved)
    here = loss(params)
    right, left = at(h), at(-h)
    return (right - left) / (2 * h), (right - here) / h, (here - left) / h

def is_right(loss, params, grads):
    if any(name not in grads for name in params):
        return False
    floor = 1e3 * np.finfo(float).eps * abs(loss(params)) / 1e-5
    for name, x in params.items():
        g = np.array(grads[name], dtype=float)
        if g.shape != x.shape:
            return False
        if np.isnan(g).any():
            return False
        numeric, kink = np.zeros(x.shape), np.zeros(x.shape, bool)
        jumps = np.zeros(x.shape)
        for i in np.ndindex(*x.shape):
            numeric[i], right, left = central(loss, params, name, i, 1e-5)
            jumps[i] = abs(right - left)
        largest = max(abs(numeric).max(), abs(g).max())
        kink = jumps > 2e-3 * largest + floor
        errors = abs(numeric - g)[~kink]
        if errors.size and errors.max() > 1e-3 * largest + floor:
            return False
    return True

# %% right="one_vector_relative_error_norm" of="is_right"
def is_right(loss, params, grads):
    names = sorted(params)
    if sorted(grads) != names or any(np.shape(grads[n]) != params[n].shape for n in names):
        return False

    def value(name, index, step):
        p = dict(params)
        p[name] = params[name].astype(float)
        p[name].flat[index] = p[name].flat[index] + step
        return float(loss(p))

    here, h = float(loss(params)), 2e-6
    for n in names:
        a = np.ravel(grads[n]).astype(float)
        if not np.all(np.isfinite(a)):
            return False
        plus = np.array([value(n, i, h) for i in range(a.size)])
        minus = np.array([value(n, i, -h) for i in range(a.size)])
        slope = (plus - minus) / (2 * h)
        bend = np.abs(plus - 2 * here + minus) / h
        size = max(np.linalg.norm(a), np.linalg.norm(slope))
        noise = 20 * np.finfo(float).eps * abs(here) / h
        smooth = bend <= 1e-3 * size + noise
        wrong = np.linalg.norm((a - slope)[smooth])
        if wrong > 5e-4 * size + noise * np.sqrt(a.size):
            return False
    return True

# %% right="nearest_of_the_three_slopes" of="is_right"
class Checker:
    def __init__(self, loss, params):
        self.loss, self.params, self.here = loss, params, loss(params)

    def slopes(self, name, index, h=1e-6):
        x = self.params[name]
        results = []
        for step in (h, -h):
            moved = np.array(x)
            moved[index] += step
            results.append((self.loss({**self.params, name: moved}) - self.here) / step)
        return results + [sum(results) / 2]

def is_right(loss, params, grads):
    checker = Checker(loss, params)
    if set(params) - set(grads):
        return np.False_
    verdict = True
    for name in params:
        g = np.asarray(grads[name])
        if g.shape != params[name].shape:
            return np.bool_(False)
        table = np.array([checker.slopes(name, i) for i in np.ndindex(g.shape)]).T
        error = np.abs(table - g.ravel()).min(axis=0)
        allowed = 2e-5 * np.abs(table).max() + 1e-8 * abs(checker.here)
        verdict = verdict and bool((error <= allowed).all())
    return np.bool_(verdict)

# %% right="skips_kinks_no_coarser_than_its_tolerance" of="is_right"
def is_right(loss, params, grads):
    here, h = loss(params), 1e-6
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape or not np.isfinite(grads[name]).all():
            return False
        left, right = np.empty_like(x), np.empty_like(x)
        for i in np.ndindex(x.shape):
            for step, s in ((-h, left), (h, right)):
                moved = x.copy()
                moved[i] += step
                s[i] = (loss({**params, name: moved}) - here) / step
        largest = np.abs([left, right]).max()
        floor = 10 * np.finfo(float).eps * abs(here) / h
        central, gap = (left + right) / 2, np.abs(right - left)
        tolerance = 1e-4 * largest + floor
        smooth = gap <= 2 * tolerance
        if (np.abs(grads[name] - central)[smooth] > tolerance).any():
            return False
    return True

# %% wrong="accepts all" of="is_right"
def is_right(loss, params, grads):
    return True

# %% wrong="rejects all" of="is_right"
def is_right(loss, params, grads):
    return False

# %% wrong="absolute threshold 1e-5" of="is_right"
def is_right(loss, params, grads):
    here = loss(params)
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape or np.isnan(grads[name]).any():
            return False
        for i in np.ndindex(x.shape):
            slopes = []
            for h in (-1e-6, 1e-6):
                moved = x.copy()
                moved[i] += h
                slopes.append((loss({**params, name: moved}) - here) / h)
            low, high = min(slopes), max(slopes)
            if grads[name][i] < low - 1e-5 or grads[name][i] > high + 1e-5:
                return False
    return True

# %% wrong="np.allclose with its own tolerances" of="is_right"
def is_right(loss, params, grads):
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape:
            return False
        n = numerical_gradient(lambda v: loss({**params, name: v}), x)
        if not np.allclose(n, grads[name]):
            return False
    return True

# %% wrong="weights only" of="is_right"
def is_right(loss, params, grads):
    here = loss(params)
    for name in ("W1", "W2"):
        x = params[name]
        if name not in grads or np.shape(grads[name]) != x.shape or np.isnan(grads[name]).any():
            return False
        sides = []
        for h in (-1e-6, 1e-6):
            s = np.zeros_like(x)
            for i in np.ndindex(x.shape):
                moved = x.copy()
                moved[i] += h
                s[i] = (loss({**params, name: moved}) - here) / h
            sides.append(s)
        slack = 1e-5 * abs(np.array(sides)).max() + 1e-8 * abs(here)
        if (grads[name] < np.min(sides, 0) - slack).any() or (grads[name] > np.max(sides, 0) + slack).any():
            return False
    return True

# %% wrong="first three entries only" of="is_right"
def is_right(loss, params, grads):
    here = loss(params)
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape or np.isnan(grads[name]).any():
            return False
        for i in list(np.ndindex(x.shape))[:3]:
            slopes = []
            for h in (-1e-6, 1e-6):
                moved = x.copy()
                moved[i] += h
                slopes.append((loss({**params, name: moved}) - here) / h)
            slack = 1e-4 * max(map(abs, slopes)) + 1e-8 * abs(here)
            if not min(slopes) - slack <= grads[name][i] <= max(slopes) + slack:
                return False
    return True

# %% wrong="one random entry, tolerance 1e-2" of="is_right"
def is_right(loss, params, grads):
    rng = np.random.default_rng(0)
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape:
            return False
        i = tuple(rng.integers(n) for n in x.shape)
        up, down = x.copy(), x.copy()
        up[i] += 1e-5
        down[i] -= 1e-5
        n = (loss({**params, name: up}) - loss({**params, name: down})) / 2e-5
        a = grads[name][i]
        if abs(a - n) > 1e-2 * max(abs(a), abs(n)) + 1e-8 * abs(loss(params)):
            return False
    return True

# %% wrong="no thought of kinks" of="is_right"
def is_right(loss, params, grads):
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape or np.isnan(grads[name]).any():
            return False
        n = numerical_gradient(lambda v: loss({**params, name: v}), x)
        floor = 1e-9 * abs(loss(params))
        if abs(n - grads[name]).max() > 1e-4 * abs(n).max() + floor:
            return False
    return True

# %% wrong="0/0 where both are zero" of="is_right"
def is_right(loss, params, grads):
    here = loss(params)
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape:
            return False
        left, right = np.zeros_like(x), np.zeros_like(x)
        for i in np.ndindex(x.shape):
            for h, s in ((-1e-6, left), (1e-6, right)):
                moved = x.copy()
                moved[i] += h
                s[i] = (loss({**params, name: moved}) - here) / h
        nearest = np.clip(grads[name], np.minimum(left, right), np.maximum(left, right))
        error = np.linalg.norm(nearest - grads[name]) / (np.linalg.norm(nearest) + np.linalg.norm(grads[name]))
        if not error < 1e-4:
            return False
    return True

# %% wrong="forward difference, tolerance 1e-9" of="is_right"
def is_right(loss, params, grads):
    here = loss(params)
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape:
            return False
        n = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            moved = x.copy()
            moved[i] += 1e-7
            n[i] = (loss({**params, name: moved}) - here) / 1e-7
        if not np.linalg.norm(n - grads[name]) <= 1e-9 * np.linalg.norm(n):
            return False
    return True

# %% wrong="entry by entry, relative error 1e-7" of="is_right"
def is_right(loss, params, grads):
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape:
            return False
        n = numerical_gradient(lambda v: loss({**params, name: v}), x)
        error = abs(n - grads[name]) / np.maximum(abs(n) + abs(grads[name]), 1e-300)
        if not (error < 1e-7).all():
            return False
    return True

# %% wrong="one direction of all ones" of="is_right"
def is_right(loss, params, grads):
    if any(n not in grads or np.shape(grads[n]) != x.shape for n, x in params.items()):
        return False
    h = 1e-6
    here = loss(params)
    right = (loss({n: x + h for n, x in params.items()}) - here) / h
    left = (here - loss({n: x - h for n, x in params.items()})) / h
    claim = sum(np.sum(g) for g in grads.values())
    slack = 1e-4 * max(abs(left), abs(right)) + 1e-8 * abs(here)
    return bool(min(left, right) - slack <= claim <= max(left, right) + slack)

# %% wrong="cosine only" of="is_right"
def is_right(loss, params, grads):
    a, n = [], []
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape or np.isnan(grads[name]).any():
            return False
        a.append(np.ravel(grads[name]))
        n.append(numerical_gradient(lambda v: loss({**params, name: v}), x).ravel())
    a, n = np.concatenate(a), np.concatenate(n)
    return bool(a @ n > 0.9999 * np.linalg.norm(a) * np.linalg.norm(n))

# %% wrong="norms only" of="is_right"
def is_right(loss, params, grads):
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape or np.isnan(grads[name]).any():
            return False
        n = np.linalg.norm(numerical_gradient(lambda v: loss({**params, name: v}), x))
        if abs(n - np.linalg.norm(grads[name])) > 0.2 * n + 1e-8 * abs(loss(params)):
            return False
    return True

# %% wrong="tolerance of a half" of="is_right"
def is_right(loss, params, grads):
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape or np.isnan(grads[name]).any():
            return False
        n = numerical_gradient(lambda v: loss({**params, name: v}), x)
        if abs(n - grads[name]).max() > 0.5 * abs(n).max() + 1e-8 * abs(loss(params)):
            return False
    return True

# %% wrong="calls every larger error a kink" of="is_right"
def is_right(loss, params, grads):
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape or np.isnan(grads[name]).any():
            return False
        n = numerical_gradient(lambda v: loss({**params, name: v}), x)
        wrong = abs(n - grads[name]) > 1e-4 * abs(n).max() + 1e-8 * abs(loss(params))
        if wrong.mean() > 0.3:
            return False
    return True

# %% wrong="stops at a wrong shape" of="is_right"
def is_right(loss, params, grads):
    here = loss(params)
    for name, x in params.items():
        for i in np.ndindex(x.shape):
            slopes = []
            for h in (-1e-6, 1e-6):
                moved = x.copy()
                moved[i] += h
                slopes.append((loss({**params, name: moved}) - here) / h)
            slack = 1e-4 * max(map(abs, slopes)) + 1e-8 * abs(here)
            if not min(slopes) - slack <= float(grads[name][i]) <= max(slopes) + slack:
                return False
    return True

# %% wrong="a missing gradient goes unseen" of="is_right"
def is_right(loss, params, grads):
    here = loss(params)
    for name, g in grads.items():
        x = params[name]
        if np.shape(g) != x.shape or not np.isfinite(g).all():
            return False
        left, right = np.empty_like(x), np.empty_like(x)
        for i in np.ndindex(x.shape):
            for h, s in ((-1e-6, left), (1e-6, right)):
                moved = x.copy()
                moved[i] += h
                s[i] = (loss({**params, name: moved}) - here) / h
        slack = 1e-5 * np.abs([left, right]).max() + 1e-8 * abs(here)
        if (g < np.minimum(left, right) - slack).any() or (g > np.maximum(left, right) + slack).any():
            return False
    return True

# %% wrong="nan passes every comparison" of="is_right"
def is_right(loss, params, grads):
    here = loss(params)
    for name, x in params.items():
        g = grads.get(name)
        if g is None or np.shape(g) != x.shape:
            return False
        left, right = np.empty_like(x), np.empty_like(x)
        for i in np.ndindex(x.shape):
            for h, s in ((-1e-6, left), (1e-6, right)):
                moved = x.copy()
                moved[i] += h
                s[i] = (loss({**params, name: moved}) - here) / h
        slack = 1e-5 * np.abs([left, right]).max() + 1e-8 * abs(here)
        if (g < np.minimum(left, right) - slack).any() or (g > np.maximum(left, right) + slack).any():
            return False
    return True

# %% wrong="does not restore the parameters" of="is_right"
def is_right(loss, params, grads):
    here = loss(params)
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape:
            return False
        for i in np.ndindex(x.shape):
            x[i] += 1e-6
            up = loss(params)
            x[i] -= 2e-6
            down = loss(params)
            x[i] += 1e-6
            slopes = (up - here) / 1e-6, (here - down) / 1e-6
            slack = 1e-3 * max(map(abs, slopes)) + 1e-7 * abs(here)
            if not min(slopes) - slack <= grads[name][i] <= max(slopes) + slack:
                return False
    return True

# %% wrong="returns the list of wrong names" of="is_right"
def is_right(loss, params, grads):
    wrong = []
    for name, x in params.items():
        n = numerical_gradient(lambda v: loss({**params, name: v}), x)
        if np.shape(grads[name]) != x.shape or abs(n - grads[name]).max() > 1e-4 * abs(n).max() + 1e-8:
            wrong.append(name)
    return wrong

# %% wrong="prints the verdict" of="is_right"
def is_right(loss, params, grads):
    for name, x in params.items():
        n = numerical_gradient(lambda v: loss({**params, name: v}), x)
        print(name, "PASS" if np.allclose(n, grads[name]) else "FAIL")

# %% wrong="weak kinks are overlooked" of="is_right"
def is_right(loss, params, grads):
    here, h = loss(params), 1e-6
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape or not np.isfinite(grads[name]).all():
            return False
        left, right = np.empty_like(x), np.empty_like(x)
        for i in np.ndindex(x.shape):
            for step, s in ((-h, left), (h, right)):
                moved = x.copy()
                moved[i] += step
                s[i] = (loss({**params, name: moved}) - here) / step
        largest = np.abs([left, right]).max()
        floor = 10 * np.finfo(float).eps * abs(here) / h
        central, gap = (left + right) / 2, np.abs(right - left)
        smooth = gap <= 1e-2 * largest + 4 * floor
        if (np.abs(grads[name] - central)[smooth] > 1e-4 * largest + floor).any():
            return False
    return True

# %% wrong="a kink excuses the whole parameter" of="is_right"
def is_right(loss, params, grads):
    here, h = loss(params), 1e-6
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape or not np.isfinite(grads[name]).all():
            return False
        left, right = np.empty_like(x), np.empty_like(x)
        for i in np.ndindex(x.shape):
            for step, s in ((-h, left), (h, right)):
                moved = x.copy()
                moved[i] += step
                s[i] = (loss({**params, name: moved}) - here) / step
        largest = np.abs([left, right]).max()
        floor = 10 * np.finfo(float).eps * abs(here) / h
        central, gap = (left + right) / 2, np.abs(right - left)
        tolerance = 1e-4 * largest + floor
        if (gap > 2 * tolerance).any():
            continue
        if (np.abs(grads[name] - central) > tolerance).any():
            return False
    return True

# %% wrong="tolerance of a twentieth" of="is_right"
def is_right(loss, params, grads):
    here, h = loss(params), 1e-6
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape or not np.isfinite(grads[name]).all():
            return False
        left, right = np.empty_like(x), np.empty_like(x)
        for i in np.ndindex(x.shape):
            for step, s in ((-h, left), (h, right)):
                moved = x.copy()
                moved[i] += step
                s[i] = (loss({**params, name: moved}) - here) / step
        largest = np.abs([left, right]).max()
        floor = 10 * np.finfo(float).eps * abs(here) / h
        central, gap = (left + right) / 2, np.abs(right - left)
        slack = 0.05 * largest + floor
        if (grads[name] < np.minimum(left, right) - slack).any():
            return False
        if (grads[name] > np.maximum(left, right) + slack).any():
            return False
    return True

# %% wrong="mean of the errors" of="is_right"
def is_right(loss, params, grads):
    here, h = loss(params), 1e-6
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape or not np.isfinite(grads[name]).all():
            return False
        left, right = np.empty_like(x), np.empty_like(x)
        for i in np.ndindex(x.shape):
            for step, s in ((-h, left), (h, right)):
                moved = x.copy()
                moved[i] += step
                s[i] = (loss({**params, name: moved}) - here) / step
        largest = np.abs([left, right]).max()
        floor = 10 * np.finfo(float).eps * abs(here) / h
        central, gap = (left + right) / 2, np.abs(right - left)
        nearest = np.clip(grads[name], np.minimum(left, right), np.maximum(left, right))
        if np.abs(nearest - grads[name]).mean() > 1e-3 * largest + floor:
            return False
    return True

# %% right="measured" of="bug_ratios"
bug_ratios = {}
for name in params:
    def loss_along(v, name=name):
        return audit_loss({**params, name: v}, X, Y, cache["mask"], cache["keep"])
    true = numerical_gradient(loss_along, params[name])
    r = (wrong[name] * true).sum() / (true**2).sum()
    rest = np.abs(wrong[name] - r * true).max() / np.abs(wrong[name]).max()
    bug_ratios[name] = round(float(r), 2) if rest < 1e-3 else "not one number"

# %% right="numpy_numbers_and_capitals" of="bug_ratios"
bug_ratios = dict(
    W3=np.float64(0.5), b3=np.array(0.5), W2=0.4003, b2=np.float32(0.4),
    W1="Not one number", b1="not one number ",
)

# %% wrong="true divided by planted" of="bug_ratios"
bug_ratios = {"W1": "not one number", "b1": "not one number", "W2": 2.5, "b2": 2.5, "W3": 2.0, "b3": 2.0}

# %% wrong="a mean ratio for the first layer" of="bug_ratios"
bug_ratios = {"W1": 0.45, "b1": 0.52, "W2": 0.4, "b2": 0.4, "W3": 0.5, "b3": 0.5}

# %% wrong="dropout's factor without the 2" of="bug_ratios"
bug_ratios = {"W1": "not one number", "b1": "not one number", "W2": 0.8, "b2": 0.8, "W3": 0.5, "b3": 0.5}

# %% wrong="every factor in every layer" of="bug_ratios"
bug_ratios = {"W1": 0.4, "b1": 0.4, "W2": 0.4, "b2": 0.4, "W3": 0.4, "b3": 0.4}

# %% wrong="weights only" of="bug_ratios"
bug_ratios = {"W1": "not one number", "W2": 0.4, "W3": 0.5}

# %% wrong="layer 2 guessed" of="bug_ratios"
bug_ratios = {"W1": "not one number", "b1": "not one number", "W2": 0.5, "b2": 123, "W3": 0.5, "b3": 0.5}

# %% wrong="last layer believed right" of="bug_ratios"
bug_ratios = {"W1": "not one number", "b1": "not one number", "W2": 0.8, "b2": 0.8, "W3": 1.0, "b3": 1.0}

# %% right="mask_of_the_activation_strict" of="fixed_backward"
def fixed_backward(params, X, Y, cache):
    m = len(X)
    dP = (cache["P"] - Y) * (2 / m)
    dA2 = dP @ params["W3"].T * (cache["mask"] / cache["keep"])
    dZ2 = dA2 * (1 + cache["A2"]) * (1 - cache["A2"])
    dZ1 = np.where(cache["A1"] > 0, dZ2 @ params["W2"].T, 0)
    return dict(
        W1=X.T @ dZ1, b1=dZ1.sum(0), W2=cache["A1"].T @ dZ2, b2=dZ2.sum(0), W3=cache["D2"].T @ dP, b3=dP.sum(0)
    )

# %% right="by_einsum_from_the_forward_values" of="fixed_backward"
def fixed_backward(params, X, Y, cache):
    scale = 2.0 / X.shape[0]
    d3 = scale * np.subtract(cache["P"], Y)
    d2 = np.einsum("mk,hk->mh", d3, params["W3"]) / np.cosh(cache["Z2"]) ** 2
    d2 = d2 * cache["mask"] / cache["keep"]
    d1 = np.einsum("mk,hk->mh", d2, params["W2"]) * np.heaviside(cache["Z1"], 0)
    grads = {}
    for i, A, d in ((1, X, d1), (2, cache["A1"], d2), (3, cache["D2"], d3)):
        grads[f"W{i}"], grads[f"b{i}"] = A.T @ d, d.sum(axis=0)
    return grads

# %% wrong="nothing repaired" of="fixed_backward"
def fixed_backward(params, X, Y, cache):
    return backward_with_bugs(params, X, Y, cache)

# %% wrong="only the factor 2" of="fixed_backward"
def fixed_backward(params, X, Y, cache):
    return {name: 2 * g for name, g in backward_with_bugs(params, X, Y, cache).items()}

# %% wrong="scaled by the measured ratios" of="fixed_backward"
def fixed_backward(params, X, Y, cache):
    g = backward_with_bugs(params, X, Y, cache)
    return {"W3": g["W3"] / 0.5, "b3": g["b3"] / 0.5, "W2": g["W2"] / 0.4, "b2": g["b2"] / 0.4,
            "W1": g["W1"] / 0.4, "b1": g["b1"] / 0.4}

# %% wrong="keep fixed at 0.8" of="fixed_backward"
def fixed_backward(params, X, Y, cache):
    m = len(X)
    dP = 2 * (cache["P"] - Y) / m
    dA2 = dP @ params["W3"].T * cache["mask"] / 0.8
    dZ2 = dA2 * (1 - cache["A2"] ** 2)
    dZ1 = dZ2 @ params["W2"].T * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": cache["A1"].T @ dZ2, "b2": dZ2.sum(axis=0),
            "W3": cache["D2"].T @ dP, "b3": dP.sum(axis=0)}

# %% wrong="mask >= on the pre-activation of dropout" of="fixed_backward"
def fixed_backward(params, X, Y, cache):
    m = len(X)
    dP = 2 * (cache["P"] - Y) / m
    dA2 = dP @ params["W3"].T * cache["mask"] / cache["keep"]
    dZ2 = dA2 * (1 - cache["A2"] ** 2)
    dZ1 = dZ2 @ params["W2"].T * (cache["A1"] >= 0)
    return {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": cache["A1"].T @ dZ2, "b2": dZ2.sum(axis=0),
            "W3": cache["D2"].T @ dP, "b3": dP.sum(axis=0)}

# %% wrong="tanh' from what dropout leaves" of="fixed_backward"
def fixed_backward(params, X, Y, cache):
    m = len(X)
    dP = 2 * (cache["P"] - Y) / m
    dA2 = dP @ params["W3"].T * cache["mask"] / cache["keep"]
    dZ2 = dA2 * (1 - cache["D2"] ** 2)
    dZ1 = dZ2 @ params["W2"].T * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": cache["A1"].T @ dZ2, "b2": dZ2.sum(axis=0),
            "W3": cache["D2"].T @ dP, "b3": dP.sum(axis=0)}

# %% wrong="multiplied by keep" of="fixed_backward"
def fixed_backward(params, X, Y, cache):
    m = len(X)
    dP = 2 * (cache["P"] - Y) / m
    dA2 = dP @ params["W3"].T * cache["mask"] * cache["keep"]
    dZ2 = dA2 * (1 - cache["A2"] ** 2)
    dZ1 = dZ2 @ params["W2"].T * (cache["Z1"] > 0)
    return {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": cache["A1"].T @ dZ2, "b2": dZ2.sum(axis=0),
            "W3": cache["D2"].T @ dP, "b3": dP.sum(axis=0)}

# %% wrong="return missing" of="fixed_backward"
def fixed_backward(params, X, Y, cache):
    m = len(X)
    dP = 2 * (cache["P"] - Y) / m
    dA2 = dP @ params["W3"].T * cache["mask"] / cache["keep"]
    dZ2 = dA2 * (1 - cache["A2"] ** 2)
    dZ1 = dZ2 @ params["W2"].T * (cache["Z1"] > 0)
    grads = {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": cache["A1"].T @ dZ2, "b2": dZ2.sum(axis=0),
             "W3": cache["D2"].T @ dP, "b3": dP.sum(axis=0)}

# %% wrong="a tuple in place of a dict" of="fixed_backward"
def fixed_backward(params, X, Y, cache):
    m = len(X)
    dP = 2 * (cache["P"] - Y) / m
    dA2 = dP @ params["W3"].T * cache["mask"] / cache["keep"]
    dZ2 = dA2 * (1 - cache["A2"] ** 2)
    dZ1 = dZ2 @ params["W2"].T * (cache["Z1"] > 0)
    return (X.T @ dZ1, dZ1.sum(axis=0), cache["A1"].T @ dZ2, dZ2.sum(axis=0), cache["D2"].T @ dP, dP.sum(axis=0))
