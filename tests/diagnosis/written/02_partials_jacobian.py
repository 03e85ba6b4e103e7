# %% [markdown]
# Lesson 2: answers for the tests of the diagnosis, wrong and right. None of them is handed out.

# %% wrong="factor 3 of the cube missing" of="partials_xyz" mistake="The partial derivative toward z lacks the factor 3 of z^3." outputs="dz"
def partials_xyz(x, y, z):
    dx = 2 * x * y
    dy = x**2 + z**3
    dz = y * z**2
    return dx, dy, dz

# %% wrong="terms multiplied in place of added" of="partials_xyz" mistake="Toward y, the slopes x^2 and z^3 of the two terms are multiplied; they are added." outputs="dy"
def partials_xyz(x, y, z):
    return np.array([2 * x * y, x**2 * z**3, 3 * z**2 * y])

# %% wrong="y and z exchanged" of="partials_xyz" mistake="The derivatives toward y and z have changed places." outputs="dy, dz"
def partials_xyz(x, y, z):
    toward = {"x": 2 * x * y, "z": 3 * y * z**2, "y": x**2 + z**3}
    return tuple(toward.values())

# %% right="complex step" of="partials_xyz"
def partials_xyz(x, y, z):
    def f(x, y, z):
        return x**2 * y + y * z**3

    i = 1e-20j
    return f(x + i, y, z).imag / 1e-20, f(x, y + i, z).imag / 1e-20, f(x, y, z + i).imag / 1e-20

# %% wrong="rate squared" of="descent_step" mistake="The learning rate is multiplied in twice." outputs="x, y"
def descent_step(x, y, lr):
    step_x, step_y = lr * 2 * x, lr * 2 * y
    return x - lr * step_x, y - lr * step_y

# %% wrong="partials added to one number" of="descent_step" mistake="Both coordinates move by the sum 2x + 2y; each has a partial derivative of its own." outputs="x, y"
def descent_step(x, y, lr):
    slope = 2 * x + 2 * y
    return x - lr * slope, y - lr * slope

# %% wrong="y climbs" of="descent_step" mistake="The step of y goes uphill: its sign is wrong, while x descends." outputs="y"
def descent_step(x, y, lr):
    grad = [2 * x, 2 * y]
    x -= lr * grad[0]
    y += lr * grad[1]
    return x, y

# %% right="complex number" of="descent_step"
def descent_step(x, y, lr):
    point = complex(x, y)
    point -= lr * 2 * point
    return point.real, point.imag

# %% wrong="table of the inputs' type" of="jacobian_central" mistake="The table for the differences has the dtype of x: at whole numbers they are cut off to 0, and so are the slopes." outputs="J" source="oreilly-japan/deep-learning-from-scratch#51"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x)
    m = np.size(f(x.astype(float)))
    changes = np.zeros((m, x.size), dtype=x.dtype)
    for j in range(x.size):
        e = np.zeros(x.size)
        e[j] = h
        changes[:, j] = np.ravel(f(x + e)) - np.ravel(f(x - e))
    return changes / (2 * h)

# %% wrong="steps of 2h divided by 2h" of="jacobian_central" mistake="The points are 4h apart, x + 2h and x - 2h, and the difference is divided by 2h." outputs="J"
def jacobian_central(f, x, h=1e-5):
    x = np.array(x, float)
    columns = []
    for e in np.eye(len(x)):
        ahead = np.atleast_1d(f(x + 2 * h * e))
        behind = np.atleast_1d(f(x - 2 * h * e))
        columns.append((ahead - behind) / (2 * h))
    return np.array(columns).T

# %% wrong="entry left behind" of="jacobian_central" mistake="After its column an entry stays at x - h: it is not put back before the next one moves." outputs="J"
def jacobian_central(f, x, h=1e-5):
    moving = np.array(x, float)
    columns = []
    for j in range(len(moving)):
        moving[j] += h
        right = np.atleast_1d(np.asarray(f(moving.copy()), float))
        moving[j] -= 2 * h
        left = np.atleast_1d(np.asarray(f(moving.copy()), float))
        columns.append((right - left) / (2 * h))
    return np.stack(columns, axis=1)

# %% wrong="step scaled, division not" of="jacobian_central" mistake="Each entry moves by h times its own size, but the difference is divided by 2h." outputs="J"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    cols = []
    for j in range(len(x)):
        step = np.zeros_like(x)
        step[j] = h * abs(x[j])
        cols.append((np.ravel(f(x + step)) - np.ravel(f(x - step))) / (2 * h))
    return np.column_stack(cols)

# %% wrong="reshaped in place of transposed" of="jacobian_central" mistake="The slopes are collected column by column and then reshaped to (m, n), which mixes the entries: they have to be transposed." outputs="J"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    slopes = []
    for e in np.eye(len(x)):
        slopes.append((np.ravel(f(x + h * e)) - np.ravel(f(x - h * e))) / (2 * h))
    n, m = np.shape(slopes)
    return np.reshape(slopes, (m, n))

# %% right="all points first" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    steps = np.concatenate([h * np.eye(x.size), -h * np.eye(x.size)])
    values = np.array([np.reshape(f(p), -1) for p in x + steps], float)
    right, left = np.split(values, 2)
    return np.transpose(right - left) / (2 * h)

# %% right="column by column from halves" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    base = [float(t) for t in x]

    def at(j, t):
        moved = np.array(base)
        moved[j] = moved[j] + t
        out = f(moved)
        return np.array([out] if np.ndim(out) == 0 else out, dtype=float)

    columns = [0.5 * at(j, h) / h - 0.5 * at(j, -h) / h for j in range(len(base))]
    return np.vstack(columns).T

# %% wrong="direction reversed end to end" of="jvp" mistake="The entries of v are used in reverse order, so each input moves with another one's share." outputs="Jv" source="brianguenter/FastDifferentiation.jl#2"
def jvp(f, x, v, h=1e-5):
    x = np.asarray(x, float)
    v = np.asarray(v, float)
    step = h * v[::-1]
    return (f(x + step) - f(x - step)) / (2 * h)

# %% wrong="divided by the length of v" of="jvp" mistake="The result is divided by the length of v as well: that is the slope along a unit vector, not J v." outputs="Jv"
def jvp(f, x, v, h=1e-5):
    x, v = np.array(x, float), np.array(v, float)
    ahead, behind = f(x + h * v), f(x - h * v)
    distance = np.linalg.norm(2 * h * v)
    return (ahead - behind) / distance

# %% wrong="signs of v lost" of="jvp" mistake="The step uses the sizes of v's entries without their signs." outputs="Jv"
def jvp(f, x, v, h=1e-5):
    x = np.asarray(x, float)
    size = np.abs(np.asarray(v, float)) * h
    return (f(x + size) - f(x - size)) / (2 * h)

# %% right="two points in an array" of="jvp"
def jvp(f, x, v, h=1e-5):
    points = np.asarray(x, float) + np.outer([h, -h], np.asarray(v, float))
    right, left = map(f, points)
    return np.subtract(right, left) / h * 0.5

# %% wrong="one array under two names" of="vjp" mistake="Both shifted points are one and the same array, so the difference is 0 in every entry." outputs="uJ" source="JuliaDiff/FiniteDiff.jl#39"
def vjp(f, x, u, h=1e-5):
    x, u = np.asarray(x, float), np.asarray(u, float)
    row = np.zeros(len(x))
    for j in range(len(x)):
        right = x.copy()
        left = right
        right[j] += h
        left[j] -= h
        row[j] = u @ (np.asarray(f(right)) - np.asarray(f(left))) / (2 * h)
    return row

# %% wrong="first output only" of="vjp" mistake="Only the first output is weighed, u[0] times the first row of J; the others are left out." outputs="uJ"
def vjp(f, x, u, h=1e-5):
    J = jacobian_central(f, x, h)
    total = 0.0
    for i in range(len(u)):
        total = total + u[i] * J[i]
        return total

# %% wrong="2 missing under the difference" of="vjp" mistake="The weighed difference is divided by h, and the points are 2h apart: every entry is doubled." outputs="uJ"
def vjp(f, x, u, h=1e-5):
    x = np.array(x, float)
    weighed = lambda p: np.dot(u, f(p))
    out = []
    for e in h * np.eye(len(x)):
        out.append((weighed(x + e) - weighed(x - e)) / h)
    return np.array(out)

# %% right="einsum" of="vjp"
def vjp(f, x, u, h=1e-5):
    return np.einsum("i,ij->j", np.asarray(u, float), jacobian_central(f, x, h))

# %% right="rows added one at a time" of="vjp"
def vjp(f, x, u, h=1e-5):
    total = np.zeros(len(x))
    for weight, row in zip(u, jacobian_central(f, x, h)):
        total += weight * np.asarray(row)
    return total

# %% wrong="times the squared length of v" of="hvp" mistake="The product is multiplied by v . v once more; the step along v already holds the length of v." outputs="Hv" source="PennyLaneAI/pennylane#1436"
def hvp(grad, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    change = grad(x + h * v) - grad(x - h * v)
    return change / (2 * h) * (v @ v)

# %% wrong="v multiplied in once more" of="hvp" mistake="The result is multiplied by v entry by entry; v is in it already, as the direction of the step." outputs="Hv"
def hvp(grad, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    slope = (grad(x + h * v) - grad(x - h * v)) / (2 * h)
    return slope * v

# %% wrong="points not around x" of="hvp" mistake="The two points are x and x + 2hv: the difference is central around x + hv, not around x." outputs="Hv"
def hvp(grad, x, v, h=1e-5):
    x, v = np.array(x, float), np.array(v, float)
    return (grad(x + 2 * h * v) - grad(x)) / (2 * h)

# %% wrong="x and v exchanged" of="hvp" mistake="x and v have changed places: this is the Hessian at v times x." outputs="Hv"
def hvp(grad, x, v, h=1e-5):
    return jvp(grad, v, x, h)

# %% right="from the points to the slope" of="hvp"
def hvp(grad, x, v, h=1e-5):
    x, step = np.asarray(x, float), np.multiply(h, v)
    ends = [np.asarray(grad(x + side * step)) * side for side in (1, -1)]
    return sum(ends) / (2 * h)

# %% wrong="table with the opposite sign" of="softmax_jacobian" mistake="The whole Jacobian has the wrong sign: outer(p, p) - diag(p)." outputs="J"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    p = np.exp(z - z.max())
    p /= p.sum()
    return np.outer(p, p) - np.diag(p)

# %% wrong="diagonal without its square" of="softmax_jacobian" mistake="The diagonal is p_i in place of p_i (1 - p_i); the other entries are right." outputs="J"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    e = np.exp(z - np.max(z))
    p = e / np.sum(e)
    J = -np.outer(p, p)
    for i in range(len(p)):
        J[i, i] = p[i]
    return J

# %% wrong="factor of the row missing" of="softmax_jacobian" mistake="In p_i (delta_ij - p_j) the factor p_i of the row is missing." outputs="J"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    e = np.exp(z - z.max())
    p = e / e.sum()
    K = len(p)
    return np.array([[(i == j) - p[j] for j in range(K)] for i in range(K)])

# %% wrong="sum in the denominator not squared" of="softmax_jacobian" mistake="In the quotient rule the denominator is the sum of the exponentials, in place of its square." outputs="J"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    e = np.exp(z - z.max())
    total = e.sum()
    top = np.diag(e) * total - np.outer(e, e)
    return top / total

# %% right="quotient rule" of="softmax_jacobian"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    e = np.exp(z - z.max())
    total = e.sum()
    return (np.diag(e) * total - e[:, None] * e) / total**2

# %% right="where on the identity" of="softmax_jacobian"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    log_p = z - np.logaddexp.reduce(z)
    p = np.exp(log_p)
    same = np.eye(len(p), dtype=bool)
    return np.where(same, p * (1 - p), -np.exp(log_p + log_p[:, None]))

# %% wrong="plain mean in place of the weighed one" of="softmax_vjp" mistake="From U its plain mean over the classes is subtracted; the mean has to be weighed with p." outputs="dZ"
def softmax_vjp(Z, U):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return P * (U - U.mean(axis=1, keepdims=True))

# %% wrong="mean subtracted without p" of="softmax_vjp" mistake="The weighed mean is subtracted after U was multiplied by p, and is not multiplied by p itself." outputs="dZ"
def softmax_vjp(Z, U):
    shifted = np.exp(Z - np.max(Z, axis=1)[:, None])
    P = shifted / np.sum(shifted, axis=1)[:, None]
    UP = U * P
    return UP - UP.sum(axis=1, keepdims=True)

# %% wrong="softmax taken twice" of="softmax_vjp" mistake="The probabilities are put through softmax once more before they are used." outputs="dZ"
def row_softmax(A):
    E = np.exp(A - A.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)

def softmax_vjp(Z, U):
    P = row_softmax(Z)
    Q = row_softmax(P)
    worth = (U * Q).sum(axis=1, keepdims=True)
    return Q * (U - worth)

# %% right="one Jacobian for each row by einsum" of="softmax_vjp"
def softmax_vjp(Z, U):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    J = np.einsum("ij,jk->ijk", P, np.eye(P.shape[1])) - np.einsum("ij,ik->ijk", P, P)
    return np.einsum("ij,ijk->ik", U, J)

# %% right="plain lists" of="softmax_vjp"
import math

def softmax_vjp(Z, U):
    result = []
    for z, u in zip(Z.tolist(), U.tolist()):
        e = [math.exp(t - max(z)) for t in z]
        p = [t / math.fsum(e) for t in e]
        # differences of pairs: sum over k of p_k (u_j - u_k)
        result.append([p[j] * math.fsum(p[k] * (u[j] - u[k]) for k in range(len(p))) for j in range(len(p))])
    return np.array(result)

# %% wrong="bias from the gradient of the weights" of="linear_backward" mistake="db is made by adding up the rows of dW, so the inputs are in it; it is the sum of dY over the samples." outputs="db" source="rust0258/Deeplearning.ai-Natural-Language-Processing-Specialization#62"
def linear_backward(X, W, b, dY):
    dW = np.dot(X.T, dY)
    db = np.sum(dW, axis=0)
    dX = np.dot(dY, W.T)
    return dX, dW, db

# %% wrong="mean over the outputs in dX" of="linear_backward" mistake="In dX the outputs are averaged where their contributions have to be added." outputs="dX"
def linear_backward(X, W, b, dY):
    paths = dY[:, None, :] * W[None, :, :]  # (m, D, K)
    return paths.mean(axis=2), X.T @ dY, dY.sum(axis=0)

# %% wrong="whole product added for each sample" of="linear_backward" mistake="In the loop over the samples the product of the whole batch is added each time: dW is m times too large." outputs="dW"
def linear_backward(X, W, b, dY):
    dW = np.zeros(W.shape)
    for _ in range(len(X)):
        dW += X.T @ dY
    return dY @ W.T, dW, dY.sum(axis=0)

# %% wrong="first sample left out" of="linear_backward" mistake="The loop for dW starts at the second sample; the first one is left out." outputs="dW"
def linear_backward(X, W, b, dY):
    m = X.shape[0]
    dX = np.array([W @ dY[i] for i in range(m)])
    dW = np.zeros(W.shape)
    for i in range(1, m):
        dW = dW + np.outer(X[i], dY[i])
    db = sum(dY[i] for i in range(m))
    return dX, dW, db

# %% wrong="mean over the batch and a bias for one sample" of="linear_backward" mistakes="2" mistake="dW is divided by the number of samples, which the upstream holds already, and db is taken from the first sample alone." outputs="dW, db"
def linear_backward(X, W, b, dY):
    m, K = dY.shape
    dW = X.T @ dY / m
    db = dY[0]
    dX = dY @ W.T
    return dX, dW, db

# %% right="bias as a weight of the input 1" of="linear_backward"
def linear_backward(X, W, b, dY):
    longer = np.hstack([X, np.ones((len(X), 1))])
    both = longer.T @ dY
    return np.inner(dY, W), both[:-1], both[-1]

# %% right="output by output" of="linear_backward"
def linear_backward(X, W, b, dY):
    D, K = W.shape
    dX, dW, db = 0.0, np.empty((D, K)), np.empty(K)
    for k in range(K):
        g = dY[:, k]
        dX = dX + np.outer(g, W[:, k])
        dW[:, k] = g @ X
        db[k] = g.sum()
    return dX, dW, db

# %% wrong="mean over the stretched axes" of="unbroadcast" mistake="Over stretched axes the copies are averaged; they have to be added, as over the added axes." outputs="gradient"
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1 and g.shape[axis] > 1:
            g = g.mean(axis=axis, keepdims=True)
    return g

# %% wrong="mean over the added axes" of="unbroadcast" mistake="Over added axes the copies are averaged; they have to be added, as over the stretched axes." outputs="gradient"
def unbroadcast(g, shape):
    for _ in range(np.ndim(g) - len(shape)):
        g = np.mean(g, axis=0)
    stretched = tuple(i for i in range(len(shape)) if shape[i] == 1)
    return np.sum(g, axis=stretched, keepdims=True)

# %% wrong="one copy times the number of copies" of="unbroadcast" mistake="One copy's gradient is multiplied by the number of copies, as if all of them had the same; each has its own." outputs="gradient"
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g[0] * len(g)
    for axis, size in enumerate(shape):
        if size == 1:
            g = np.take(g, [0], axis=axis) * g.shape[axis]
    return g

# %% right="recursion over the axes" of="unbroadcast"
def unbroadcast(g, shape):
    if g.ndim > len(shape):
        return unbroadcast(np.add.reduce(g), shape)
    for axis in range(g.ndim):
        if shape[axis] != g.shape[axis]:
            return unbroadcast(np.add.reduce(g, axis=axis, keepdims=True), shape)
    return g

# %% right="every entry is sent home" of="unbroadcast"
def unbroadcast(g, shape):
    home = np.zeros(shape)
    for index in np.ndindex(g.shape):
        index_home = index[g.ndim - len(shape) :]
        index_home = tuple(0 if size == 1 else i for i, size in zip(index_home, shape))
        home[index_home] += g[index]
    return home
