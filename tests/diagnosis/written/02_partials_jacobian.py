# %% [markdown]
# Lesson 2: answers for the tests of the diagnosis, wrong and right. None of them is handed out.

# %% wrong="factor 3 of the cube missing" of="partials_xyz" key="exponent-not-multiplied" mistake="The partial derivative toward z lacks the factor 3 of z^3." outputs="dz"
def partials_xyz(x, y, z):
    dx = 2 * x * y
    dy = x**2 + z**3
    dz = y * z**2
    return dx, dy, dz

# %% wrong="terms multiplied in place of added" of="partials_xyz" key="paths-multiplied" mistake="Toward y, the slopes x^2 and z^3 of the two terms are multiplied; they are added." outputs="dy"
def partials_xyz(x, y, z):
    return np.array([2 * x * y, x**2 * z**3, 3 * z**2 * y])

# %% wrong="y and z exchanged" of="partials_xyz" key="results-exchanged" mistake="The derivatives toward y and z have changed places." outputs="dy, dz"
def partials_xyz(x, y, z):
    toward = {"x": 2 * x * y, "z": 3 * y * z**2, "y": x**2 + z**3}
    return tuple(toward.values())

# %% right="complex step" of="partials_xyz"
def partials_xyz(x, y, z):
    def f(x, y, z):
        return x**2 * y + y * z**3

    i = 1e-20j
    return f(x + i, y, z).imag / 1e-20, f(x, y + i, z).imag / 1e-20, f(x, y, z + i).imag / 1e-20

# %% wrong="rate squared" of="descent_step" key="step-rate-squared" mistake="The learning rate is multiplied in twice." outputs="x, y"
def descent_step(x, y, lr):
    step_x, step_y = lr * 2 * x, lr * 2 * y
    return x - lr * step_x, y - lr * step_y

# %% wrong="partials added to one number" of="descent_step" key="step-sum-of-slopes" mistake="Both coordinates move by the sum 2x + 2y; each has a partial derivative of its own." outputs="x, y"
def descent_step(x, y, lr):
    slope = 2 * x + 2 * y
    return x - lr * slope, y - lr * slope

# %% wrong="y climbs" of="descent_step" key="step-second-uphill" mistake="The step of y goes uphill: its sign is wrong, while x descends." outputs="y"
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

# %% wrong="table of the inputs' type" of="jacobian_central" key="difference-whole-results" mistake="The table for the differences has the dtype of x: at whole numbers they are cut off to 0, and so are the slopes." outputs="J" source="oreilly-japan/deep-learning-from-scratch#51"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x)
    m = np.size(f(x.astype(float)))
    changes = np.zeros((m, x.size), dtype=x.dtype)
    for j in range(x.size):
        e = np.zeros(x.size)
        e[j] = h
        changes[:, j] = np.ravel(f(x + e)) - np.ravel(f(x - e))
    return changes / (2 * h)

# %% wrong="steps of 2h divided by 2h" of="jacobian_central" key="difference-points-too-far" mistake="The points are 4h apart, x + 2h and x - 2h, and the difference is divided by 2h." outputs="J"
def jacobian_central(f, x, h=1e-5):
    x = np.array(x, float)
    columns = []
    for e in np.eye(len(x)):
        ahead = np.atleast_1d(f(x + 2 * h * e))
        behind = np.atleast_1d(f(x - 2 * h * e))
        columns.append((ahead - behind) / (2 * h))
    return np.array(columns).T

# %% wrong="entry left behind" of="jacobian_central" key="difference-not-put-back" mistake="After its column an entry stays at x - h: it is not put back before the next one moves." outputs="J"
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

# %% wrong="step scaled, division not" of="jacobian_central" key="difference-step-by-size-not-divided" mistake="Each entry moves by h times its own size, but the difference is divided by 2h." outputs="J"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    cols = []
    for j in range(len(x)):
        step = np.zeros_like(x)
        step[j] = h * abs(x[j])
        cols.append((np.ravel(f(x + step)) - np.ravel(f(x - step))) / (2 * h))
    return np.column_stack(cols)

# %% wrong="reshaped in place of transposed" of="jacobian_central" key="difference-reshaped" mistake="The slopes are collected column by column and then reshaped to (m, n), which mixes the entries: they have to be transposed." outputs="J"
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

# %% wrong="direction reversed end to end" of="jvp" key="difference-direction-reversed" mistake="The entries of v are used in reverse order, so each input moves with another one's share." outputs="Jv" source="brianguenter/FastDifferentiation.jl#2"
def jvp(f, x, v, h=1e-5):
    x = np.asarray(x, float)
    v = np.asarray(v, float)
    step = h * v[::-1]
    return (f(x + step) - f(x - step)) / (2 * h)

# %% wrong="divided by the length of v" of="jvp" key="difference-divided-by-length" mistake="The result is divided by the length of v as well: that is the slope along a unit vector, not J v." outputs="Jv"
def jvp(f, x, v, h=1e-5):
    x, v = np.array(x, float), np.array(v, float)
    ahead, behind = f(x + h * v), f(x - h * v)
    distance = np.linalg.norm(2 * h * v)
    return (ahead - behind) / distance

# %% wrong="signs of v lost" of="jvp" key="difference-direction-absolute" mistake="The step uses the sizes of v's entries without their signs." outputs="Jv"
def jvp(f, x, v, h=1e-5):
    x = np.asarray(x, float)
    size = np.abs(np.asarray(v, float)) * h
    return (f(x + size) - f(x - size)) / (2 * h)

# %% right="two points in an array" of="jvp"
def jvp(f, x, v, h=1e-5):
    points = np.asarray(x, float) + np.outer([h, -h], np.asarray(v, float))
    right, left = map(f, points)
    return np.subtract(right, left) / h * 0.5

# %% wrong="one array under two names" of="vjp" key="difference-nothing-moved" mistake="Both shifted points are one and the same array, so the difference is 0 in every entry." outputs="uJ" source="JuliaDiff/FiniteDiff.jl#39"
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

# %% wrong="first output only" of="vjp" key="difference-first-output-only" mistake="Only the first output is weighed, u[0] times the first row of J; the others are left out." outputs="uJ"
def vjp(f, x, u, h=1e-5):
    J = jacobian_central(f, x, h)
    total = 0.0
    for i in range(len(u)):
        total = total + u[i] * J[i]
        return total

# %% wrong="2 missing under the difference" of="vjp" key="difference-not-halved" mistake="The weighed difference is divided by h, and the points are 2h apart: every entry is doubled." outputs="uJ"
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

# %% wrong="times the squared length of v" of="hvp" key="difference-times-length" mistake="The product is multiplied by v . v once more; the step along v already holds the length of v." outputs="Hv" source="PennyLaneAI/pennylane#1436"
def hvp(grad, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    change = grad(x + h * v) - grad(x - h * v)
    return change / (2 * h) * (v @ v)

# %% wrong="v multiplied in once more" of="hvp" key="difference-times-v-again" mistake="The result is multiplied by v entry by entry; v is in it already, as the direction of the step." outputs="Hv"
def hvp(grad, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    slope = (grad(x + h * v) - grad(x - h * v)) / (2 * h)
    return slope * v

# %% wrong="points not around x" of="hvp" key="difference-around-another-point" mistake="The two points are x and x + 2hv: the difference is central around x + hv, not around x." outputs="Hv"
def hvp(grad, x, v, h=1e-5):
    x, v = np.array(x, float), np.array(v, float)
    return (grad(x + 2 * h * v) - grad(x)) / (2 * h)

# %% wrong="x and v exchanged" of="hvp" key="difference-x-and-v-exchanged" mistake="x and v have changed places: this is the Hessian at v times x." outputs="Hv"
def hvp(grad, x, v, h=1e-5):
    return jvp(grad, v, x, h)

# %% right="from the points to the slope" of="hvp"
def hvp(grad, x, v, h=1e-5):
    x, step = np.asarray(x, float), np.multiply(h, v)
    ends = [np.asarray(grad(x + side * step)) * side for side in (1, -1)]
    return sum(ends) / (2 * h)

# %% wrong="table with the opposite sign" of="softmax_jacobian" key="wrong-sign" mistake="The whole Jacobian has the wrong sign: outer(p, p) - diag(p)." outputs="J"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    p = np.exp(z - z.max())
    p /= p.sum()
    return np.outer(p, p) - np.diag(p)

# %% wrong="diagonal without its square" of="softmax_jacobian" key="softmax-p-alone-on-the-diagonal" mistake="The diagonal is p_i in place of p_i (1 - p_i); the other entries are right." outputs="J"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    e = np.exp(z - np.max(z))
    p = e / np.sum(e)
    J = -np.outer(p, p)
    for i in range(len(p)):
        J[i, i] = p[i]
    return J

# %% wrong="factor of the row missing" of="softmax_jacobian" key="softmax-slope-of-the-logarithm" mistake="In p_i (delta_ij - p_j) the factor p_i of the row is missing." outputs="J"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    e = np.exp(z - z.max())
    p = e / e.sum()
    K = len(p)
    return np.array([[(i == j) - p[j] for j in range(K)] for i in range(K)])

# %% wrong="sum in the denominator not squared" of="softmax_jacobian" key="quotient-denominator-not-squared" mistake="In the quotient rule the denominator is the sum of the exponentials, in place of its square." outputs="J"
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

# %% wrong="plain mean in place of the weighed one" of="softmax_vjp" key="softmax-plain-average" mistake="From U its plain mean over the classes is subtracted; the mean has to be weighed with p." outputs="dZ"
def softmax_vjp(Z, U):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return P * (U - U.mean(axis=1, keepdims=True))

# %% wrong="mean subtracted without p" of="softmax_vjp" key="softmax-p-missing-on-the-average" mistake="The weighed mean is subtracted after U was multiplied by p, and is not multiplied by p itself." outputs="dZ"
def softmax_vjp(Z, U):
    shifted = np.exp(Z - np.max(Z, axis=1)[:, None])
    P = shifted / np.sum(shifted, axis=1)[:, None]
    UP = U * P
    return UP - UP.sum(axis=1, keepdims=True)

# %% wrong="softmax taken twice" of="softmax_vjp" key="softmax-taken-twice" mistake="The probabilities are put through softmax once more before they are used." outputs="dZ"
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

# %% wrong="bias from the gradient of the weights" of="linear_backward" key="bias-from-the-weights" mistake="db is made by adding up the rows of dW, so the inputs are in it; it is the sum of dY over the samples." outputs="db" source="rust0258/Deeplearning.ai-Natural-Language-Processing-Specialization#62"
def linear_backward(X, W, b, dY):
    dW = np.dot(X.T, dY)
    db = np.sum(dW, axis=0)
    dX = np.dot(dY, W.T)
    return dX, dW, db

# %% wrong="mean over the outputs in dX" of="linear_backward" key="way-back-averaged" mistake="In dX the outputs are averaged where their contributions have to be added." outputs="dX"
def linear_backward(X, W, b, dY):
    paths = dY[:, None, :] * W[None, :, :]  # (m, D, K)
    return paths.mean(axis=2), X.T @ dY, dY.sum(axis=0)

# %% wrong="whole product added for each sample" of="linear_backward" key="counted-for-each-sample" mistake="In the loop over the samples the product of the whole batch is added each time: dW is m times too large." outputs="dW"
def linear_backward(X, W, b, dY):
    dW = np.zeros(W.shape)
    for _ in range(len(X)):
        dW += X.T @ dY
    return dY @ W.T, dW, dY.sum(axis=0)

# %% wrong="first sample left out" of="linear_backward" key="weights-sample-dropped" mistake="The loop for dW starts at the second sample; the first one is left out." outputs="dW"
def linear_backward(X, W, b, dY):
    m = X.shape[0]
    dX = np.array([W @ dY[i] for i in range(m)])
    dW = np.zeros(W.shape)
    for i in range(1, m):
        dW = dW + np.outer(X[i], dY[i])
    db = sum(dY[i] for i in range(m))
    return dX, dW, db

# %% wrong="mean over the batch and a bias for one sample" of="linear_backward" key="bias-one-sample+weights-averaged" mistakes="2" mistake="dW is divided by the number of samples, which the upstream holds already, and db is taken from the first sample alone." outputs="dW, db"
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

# %% wrong="mean over the stretched axes" of="unbroadcast" key="copies-averaged" mistake="Over stretched axes the copies are averaged; they have to be added, as over the added axes." outputs="gradient"
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1 and g.shape[axis] > 1:
            g = g.mean(axis=axis, keepdims=True)
    return g

# %% wrong="mean over the added axes" of="unbroadcast" key="copies-averaged" mistake="Over added axes the copies are averaged; they have to be added, as over the stretched axes." outputs="gradient"
def unbroadcast(g, shape):
    for _ in range(np.ndim(g) - len(shape)):
        g = np.mean(g, axis=0)
    stretched = tuple(i for i in range(len(shape)) if shape[i] == 1)
    return np.sum(g, axis=stretched, keepdims=True)

# %% wrong="one copy times the number of copies" of="unbroadcast" key="copies-one-repeated" mistake="One copy's gradient is multiplied by the number of copies, as if all of them had the same; each has its own." outputs="gradient"
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

# %% wrong="constant factor y dropped" of="partials_xyz" key="factor-missing" mistake="y is held fixed in y z^3, but a constant factor stays: the slope toward z is 3 y z^2." outputs="the third number, toward z"
def partials_xyz(x, y, z):
    """Return three numbers: the partial derivatives of x^2 y + y z^3 toward x, y and z."""
    df_dx = 2 * x * y
    df_dy = x**2 + z**3
    df_dz = 3 * z**2
    return df_dx, df_dy, df_dz

# %% wrong="second use of y overlooked" of="partials_xyz" key="path-missing" mistake="y stands in both terms, so the slope toward y has two contributions, and z^3 is missing." outputs="the second number, toward y: one term is missing"
def partials_xyz(x, y, z):
    return (2 * x * y, x * x, y * 3 * z * z)

# %% wrong="gradient divided by its length" of="descent_step" key="step-of-length-one" mistake="The gradient is scaled to length 1, so every step has the length lr; the step is lr times the gradient as it is." outputs="both numbers: the length of the step"
def descent_step(x, y, lr):
    """Return two numbers: the point (x, y) after one descent step on x^2 + y^2."""
    p = np.array([x, y], float)
    g = 2 * p
    g = g / np.linalg.norm(g)
    p = p - lr * g
    return p[0], p[1]

# %% wrong="copied line still says x" of="descent_step" key="step-second-from-new-first" mistake="The line for y was copied from the line for x and still takes the slope toward x, which has already moved besides." outputs="the second number"
def descent_step(x, y, lr):
    x = x - lr * 2 * x
    y = y - lr * 2 * x
    return x, y

# %% wrong="value of f in place of its gradient" of="descent_step" key="step-value-for-slope" mistake="The value x^2 + y^2 is subtracted from both coordinates; a step needs the partial derivatives 2x and 2y." outputs="both numbers"
def descent_step(x, y, lr):
    f = x**2 + y**2
    return x - lr * f, y - lr * f

# %% wrong="a row for each input" of="jacobian_central" key="difference-transposed" mistake="The differences of input j are put into row j, so the table has a row for each input; here a row belongs to an output." outputs="the whole table: it is transposed"
def jacobian_central(f, x, h=1e-5):
    """Return the Jacobian (m, n) of f at x by central differences. x: shape (n,)."""
    x = np.asarray(x, float)
    rows = []
    for e in np.eye(len(x)):
        difference = np.subtract(f(x + h * e), f(x - h * e)) / (2 * h)
        rows.append(np.atleast_1d(difference))
    return np.array(rows)

# %% wrong="steps of h/2 to each side" of="jacobian_central" key="difference-steps-of-another-size" mistake="The points are x + h/2 and x - h/2, divided by h: a central difference, but with half of the step that h stands for." outputs="every entry: the two points of each difference"
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

# %% wrong="copies of whole numbers are moved" of="jacobian_central" key="difference-whole-numbers" mistake="A copy of an array of whole numbers cannot hold x + h, so the step is cut off; the copy must be of type float." outputs="all entries where x holds whole numbers"
def jacobian_central(f, x, h=1e-5):
    """Return the Jacobian (m, n) of f at x by central differences. x: shape (n,)."""
    columns = []
    for j in range(len(x)):
        plus, minus = np.array(x), np.array(x)
        plus[j] += h
        minus[j] -= h
        columns.append((np.atleast_1d(f(plus)) - np.atleast_1d(f(minus))) / (2 * h))
    return np.column_stack(columns)

# %% wrong="moved entry is not put back" of="jacobian_central" key="difference-not-put-back" mistake="One working copy is used for all inputs, and after an input has been moved it stays at x - h while the next column is measured." outputs="all columns after the first"
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

# %% wrong="divided by the length of v again" of="jvp" key="difference-divided-by-length" mistake="J v is the rate along v itself, so one divides by 2h only; dividing by the length of v as well gives the slope per unit of distance." outputs="the whole result: too small by the factor |v|"
def jvp(f, x, v, h=1e-5):
    """Return J v, of shape (m,), with two evaluations of f. x, v: shape (n,)."""
    x, v = np.asarray(x, float), np.asarray(v, float)
    ahead, behind = f(x + h * v), f(x - h * v)
    return (ahead - behind) / (2 * h * np.linalg.norm(v))

# %% wrong="brackets around 2h missing" of="jvp" key="difference-precedence" mistake="Python reads / 2 * h as (... / 2) * h, so the difference is multiplied by h and not divided by it." outputs="the whole result: the division at the end"
def jvp(f, x, v, h=1e-5):
    x = np.array(x, dtype=float)
    v = np.array(v, dtype=float)
    return (f(x + v * h) - f(x - v * h)) / 2 * h

# %% wrong="upstream u is not used" of="vjp" key="difference-upstream-ignored" mistake="The differences of all outputs are added up with weight 1; each output must be weighted with its u before the sum." outputs="the sum over the outputs: the weights u are missing"
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

# %% wrong="all inputs moved at once" of="vjp" key="difference-all-at-once" mistake="x + h moves all inputs together, so every entry is the sum of the whole gradient; only input j may move for entry j." outputs="every entry: all hold one number, the sum of the right ones"
def vjp(f, x, u, h=1e-5):
    x = np.array(x, float)
    score = lambda p: np.dot(u, f(p))
    out = []
    for j in range(x.size):
        step = h
        out.append((score(x + step) - score(x - step)) / (2 * h))
    return np.array(out)

# %% wrong="divided by h squared" of="hvp" key="difference-h-squared" mistake="h squared belongs to a second difference of the function itself; here gradients are subtracted, so it is a first difference and is divided by 2h." outputs="the whole result: the division at the end"
def hvp(grad, x, v, h=1e-5):
    """Return H v, of shape (n,), with two evaluations of grad. x, v: shape (n,)."""
    x = np.asarray(x, float)
    v = np.asarray(v, float)
    g_plus = grad(x + h * v)
    g_minus = grad(x - h * v)
    return (g_plus - g_minus) / h**2

# %% wrong="v multiplied in afterwards, entry by entry" of="hvp" key="difference-all-alike-times-v" mistake="x is moved along (1, ..., 1) and the result multiplied by v entry by entry; H v is a matrix times a vector, and x must be moved along v." outputs="the direction of the step, so every entry of H v"
def hvp(grad, x, v, h=1e-5):
    x, v = np.array(x, float), np.array(v, float)
    change = grad(x + h) - grad(x - h)
    return change / (2 * h) * v

# %% wrong="inner product in place of the outer one" of="softmax_jacobian" key="softmax-inner-product-for-table" mistake="p @ p.T of two arrays (K,) is one number, the sum of squares; the table of all products is np.outer(p, p)." outputs="all entries: the table of products p_i p_j"
def softmax_jacobian(z):
    """Return the Jacobian (K, K) of softmax at z, without overflow. z: shape (K,)."""
    z = np.asarray(z, float)
    p = np.exp(z - z.max())
    p = p / p.sum()
    return np.diag(p) - p @ p.T

# %% wrong="factor p_i left out" of="softmax_jacobian" key="softmax-slope-of-the-logarithm" mistake="delta_ij - p_j is the slope of ln p_i; for p_i itself it must still be multiplied by p_i." outputs="every row i: it lacks the factor p_i"
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

# %% wrong="softmax treated like a sigmoid" of="softmax_jacobian" key="softmax-diagonal-only" mistake="p (1 - p) is only the diagonal; every probability also falls when another logit rises." outputs="all entries off the diagonal: 0 in place of -p_i p_j"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    p = np.exp(z - max(z))
    p /= p.sum()
    J = np.diag(p * (1 - p))
    return J

# %% wrong="one average for the whole batch" of="softmax_vjp" key="softmax-average-over-the-whole-batch" mistake="The sum runs over all rows of the batch, but each row is a softmax of its own and has its own number u . p." outputs="all rows as soon as there are several: the number u . p"
def softmax_vjp(Z, U):
    """Return (m, K): row i is U[i] times the Jacobian of softmax at Z[i]. Z, U: shape (m, K)."""
    Z = np.asarray(Z, float)
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return P * (U - np.sum(U * P))

# %% wrong="plain mean of u in place of the weighted one" of="softmax_vjp" key="softmax-plain-average" mistake="The number to subtract is the average of u weighted by the probabilities, the sum of u p; a plain mean over the classes is another number." outputs="what is subtracted from U in each row"
def softmax_vjp(Z, U):
    Z, U = np.array(Z, float), np.array(U, float)
    result = np.zeros_like(Z)
    for i, (z, u) in enumerate(zip(Z, U)):
        p = np.exp(z - z.max())
        p = p / p.sum()
        average = u.mean()
        result[i] = p * (u - average)
    return result

# %% wrong="einsum sums over the inputs" of="softmax_vjp" key="softmax-rows-added-up" mistake="The einsum keeps the index of the outputs and sums each row of J, which gives 0; for u J the sum runs over the outputs j, and the index k of the inputs stays." outputs="all entries: they are 0 but for rounding"
def softmax_vjp(Z, U):
    Z = np.asarray(Z, float)
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    J = np.einsum("ij,jk->ijk", P, np.eye(P.shape[1])) - np.einsum("ij,ik->ijk", P, P)
    return np.einsum("ij,ijk->ij", U, J)

# %% wrong="assigned in place of added up" of="linear_backward" key="weights-one-sample" mistake="The loop over the samples overwrites dW each time; all samples use the same weights, so their contributions must be added." outputs="dW only: it holds the last sample alone"
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

# %% wrong="inverse in place of the transpose" of="linear_backward" key="way-back-inverse" mistake="Going back through Y = X W is taken as undoing it with an inverse of W; a gradient goes back through the transpose of W." outputs="dX only"
def linear_backward(X, W, b, dY):
    back = np.linalg.pinv(W)
    dX = dY @ back
    dW = X.T @ dY
    db = dY.sum(axis=0)
    return dX, dW, db

# %% wrong="mean over the samples for the bias" of="linear_backward" key="bias-averaged" mistake="b is added in every row, so the rows of dY are summed; a mean over the batch is already in dY if the loss has one." outputs="db only: too small by the factor m"
def linear_backward(X, W, b, dY):
    dX = np.einsum("ik,jk->ij", dY, W)
    dW = np.einsum("ij,ik->jk", X, dY)
    db = np.einsum("ik->k", dY) / len(dY)
    return dX, dW, db

# %% wrong="db along the wrong axis" of="linear_backward" key="bias-wrong-axis" mistake="axis=1 adds up the outputs of each sample and leaves m numbers; the samples must be added up, along axis 0, which leaves K." outputs="db only: it has an entry for each sample"
def linear_backward(X, W, b, dY):
    dX = dY @ np.transpose(W)
    dW = np.transpose(X) @ dY
    db = np.sum(dY, axis=1)
    return [dX, dW, db]

# %% wrong="stretched axes cut up by reshape" of="unbroadcast" key="copies-cut-by-a-reshape" mistake="The reshape into blocks of the operand's shape sums the added axes rightly, but over a stretched axis it mixes entries of different rows, since it only cuts memory into pieces." outputs="axes that were stretched from 1"
def unbroadcast(g, shape):
    """Return the gradient of an operand of `shape` that was broadcast to the shape of g."""
    blocks = np.reshape(g, (-1,) + tuple(shape))
    return blocks.sum(axis=0)

# %% wrong="mean over the copies" of="unbroadcast" key="copies-averaged" mistake="The added axes are averaged, but each copy is a path of its own and contributions are added." outputs="added axes only: the result is too small by the number of copies"
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g.mean(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            g = g.sum(axis=axis, keepdims=True)
    return g

# %% wrong="one copy taken in place of all" of="unbroadcast" key="copies-one-only" mistake="Only the first entry along a stretched axis is kept; the operand was used in all of them, and their gradients must be summed." outputs="stretched axes: only the first copy counts"
def unbroadcast(g, shape):
    added = g.ndim - len(shape)
    g = g.sum(axis=tuple(range(added)))
    for axis in range(len(shape)):
        if shape[axis] == 1 and g.shape[axis] > 1:
            g = np.take(g, [0], axis=axis)
    return g

# %% wrong="surplus axes summed at the right end" of="unbroadcast" key="" mistake="Shapes are aligned at their right ends, so the added axes are the first ones; here the last ones are summed away." outputs="added axes: the shape of the result"
def unbroadcast(g, shape):
    g = np.asarray(g)
    while np.ndim(g) > len(shape):
        g = np.sum(g, axis=-1)
    for i, n in enumerate(shape):
        if n == 1:
            g = np.sum(g, axis=i, keepdims=True)
    return g

# %% wrong="constant factors dropped" of="partials_xyz" key="factor-missing+factor-missing" mistake="Drops the variable that is held fixed when it is a factor: 2x instead of 2xy, and 3z^2 instead of 3yz^2." outputs="x, z"
def partials_xyz(x, y, z):
    """Return three numbers: the partial derivatives of x^2 y + y z^3 toward x, y and z."""
    # y is a constant here and constants vanish
    fx = 2.0 * x
    fy = x**2 + z**3
    fz = 3.0 * z**2
    return fx, fy, fz

# %% wrong="second term differentiated toward z" of="partials_xyz" key="unknown" mistake="In the partial toward y, differentiates the second term toward z (3 y z^2) instead of toward y (z^3)." outputs="y"
def partials_xyz(x, y, z):
    d_x = 2 * x * y
    d_y = x**2 + y * 3 * z**2
    d_z = y * 3 * z**2
    return d_x, d_y, d_z

# %% wrong="uphill step" of="descent_step" key="step-uphill" mistake="Adds the gradient instead of subtracting it: the step goes uphill." outputs="x, y"
def descent_step(x, y, lr):
    """Return two numbers: the point (x, y) after one descent step on x^2 + y^2."""
    p = np.array([x, y], float)
    grad = 2 * p
    p += lr * grad  # go where the gradient points
    return p[0], p[1]

# %% wrong="step of length lr" of="descent_step" key="step-of-length-one" mistake="Divides the gradient by its length, so that the step is lr long instead of lr times as long as the gradient." outputs="x, y"
def descent_step(x, y, lr):
    gx, gy = 2 * x, 2 * y
    # the gradient is only a direction, how far we go is lr
    norm = np.sqrt(gx**2 + gy**2) + 1e-12
    return x - lr * gx / norm, y - lr * gy / norm

# %% wrong="divides by 2 and multiplies by h" of="jacobian_central" key="difference-precedence" mistake="Writes / 2 * h without brackets, which divides by 2 and then multiplies by h." outputs="result"
def jacobian_central(f, x, h=1e-5):
    """Return the Jacobian (m, n) of f at x by central differences. x: shape (n,)."""
    x = np.array(x, float)
    cols = []
    for j in range(len(x)):
        e = np.zeros(len(x))
        e[j] = h
        diff = np.atleast_1d(f(x + e)) - np.atleast_1d(f(x - e))
        cols.append(diff / 2 * h)
    return np.array(cols).T

# %% wrong="moved entries not put back" of="jacobian_central" key="difference-accumulating" mistake="Makes the two moved copies once, before the loop, so that earlier entries stay moved and column j holds the sum of the columns up to j." outputs="every column but the first"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    n = x.size
    xp, xm = x.copy(), x.copy()
    m = np.size(f(x.copy()))
    J = np.empty((m, n))
    for j in range(n):
        xp[j] += h
        xm[j] -= h
        J[:, j] = (np.array(f(xp)) - np.array(f(xm))) / (2 * h)
    return J

# %% wrong="direction made to length 1" of="jvp" key="difference-direction-normalised" mistake="Scales v to length 1 first, so that the result is the slope along the direction of v and lacks the factor |v|." outputs="result"
def jvp(f, x, v, h=1e-5):
    """Return J v, of shape (m,), with two evaluations of f. x, v: shape (n,)."""
    x = np.asarray(x, float)
    v = np.asarray(v, float)
    v = v / (np.linalg.norm(v) + 1e-15)  # directional derivative needs a unit vector
    right = np.asarray(f(x + h * v))
    left = np.asarray(f(x - h * v))
    return (right - left) / (2 * h)

# %% wrong="mean over the outputs" of="vjp" key="difference-mean-over-outputs" mistake="Averages over the outputs instead of adding: the result is uJ divided by the number of outputs m." outputs="result"
def vjp(f, x, u, h=1e-5):
    """Return u J, of shape (n,), by central differences. x: shape (n,). u: shape (m,)."""
    x, u = np.array(x, float), np.array(u, float)
    g = np.zeros(len(x))
    for j in range(len(x)):
        a, b = x.copy(), x.copy()
        a[j] = a[j] + h
        b[j] = b[j] - h
        col = (np.asarray(f(a)) - np.asarray(f(b))) / (2 * h)
        g[j] = np.mean(u * col)  # worth of input j = average worth of the outputs
    return g

# %% wrong="multiplied by v again" of="hvp" key="difference-times-v-again" mistake="Multiplies the difference along v by v once more, entry by entry, although the movement along v already contains it." outputs="result"
def hvp(grad, x, v, h=1e-5):
    """Return H v, of shape (n,), with two evaluations of grad. x, v: shape (n,)."""
    x = np.asarray(x, float)
    v = np.asarray(v, float)
    Hess = (np.asarray(grad(x + h * v)) - np.asarray(grad(x - h * v))) / (2 * h)
    return Hess * v  # H times v

# %% wrong="divided by h squared, in other words" of="hvp" key="difference-h-squared" mistake="Divides the central difference of the gradient by h squared, half remembered from the formula of the second derivative, instead of by 2h." outputs="result"
def hvp(grad, x, v, h=1e-5):
    x, v = np.array(x, float), np.array(v, float)
    gp = np.array(grad(x + h * v))
    gm = np.array(grad(x - h * v))
    # Hessian is a second derivative -> h^2
    return (gp - gm) / h**2

# %% wrong="softmax Jacobian is diagonal" of="softmax_jacobian" key="softmax-diagonal-only" mistake="Takes softmax for an entrywise function like the sigmoid: p(1-p) on the diagonal and zeros beside it." outputs="the entries off the diagonal"
def softmax_jacobian(z):
    """Return the Jacobian (K, K) of softmax at z, without overflow. z: shape (K,)."""
    z = np.asarray(z, float)
    e = np.exp(z - np.max(z))
    p = e / np.sum(e)
    # same derivative as sigmoid, each output has its own
    return np.diag(p * (1 - p))

# %% wrong="plus beside the diagonal" of="softmax_jacobian" key="result-in-absolute-size" mistake="Loses the minus sign beside the diagonal: p_i p_j instead of -p_i p_j." outputs="the entries off the diagonal"
def softmax_jacobian(z):
    z = np.array(z, float)
    z = z - z.max()
    p = np.exp(z) / np.exp(z).sum()
    K = len(p)
    J = np.zeros((K, K))
    for i in range(K):
        for j in range(K):
            if i == j:
                J[i, j] = p[i] * (1 - p[i])
            else:
                J[i, j] = p[i] * p[j]
    return J

# %% wrong="one u.p for the whole batch" of="softmax_vjp" key="softmax-average-over-the-whole-batch" mistake="Sums U * P over the whole batch, so that one number is subtracted from all rows instead of each row's own u.p." outputs="result for two rows or more"
def softmax_vjp(Z, U):
    """Return (m, K): row i is U[i] times the Jacobian of softmax at Z[i]. Z, U: shape (m, K)."""
    Z = np.asarray(Z, float)
    U = np.asarray(U, float)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    dot = np.sum(U * P)  # u . p is a number
    return P * (U - dot)

# %% wrong="plain mean of u in place of u.p" of="softmax_vjp" key="softmax-plain-average" mistake="Subtracts the plain mean of u over the classes instead of the mean weighted by the probabilities, u.p." outputs="result"
def softmax_vjp(Z, U):
    Z, U = np.array(Z, float), np.array(U, float)
    out = np.zeros(Z.shape)
    for i in range(len(Z)):
        e = np.exp(Z[i] - Z[i].max())
        p = e / e.sum()
        avg = U[i].mean()  # average worth of the outputs
        out[i] = p * (U[i] - avg)
    return out

# %% wrong="mean of dY for the bias" of="linear_backward" key="bias-averaged" mistake="Averages dY over the samples for db instead of adding it up: a factor 1/m too many." outputs="db"
def linear_backward(X, W, b, dY):
    """Return dX (m, D), dW (D, K) and db (K,), given dY (m, K) of Y = X W + b."""
    dX = np.dot(dY, np.transpose(W))
    dW = np.dot(np.transpose(X), dY)
    db = np.mean(dY, axis=0)  # one bias for the whole batch -> average
    return dX, dW, db

# %% wrong="sums over samples before the product" of="linear_backward" key="weights-outer-of-means" mistake="Adds up X and dY over the samples first and takes the outer product of the two sums, which mixes different samples, instead of the sum of the outer products." outputs="dW"
def linear_backward(X, W, b, dY):
    X, W, dY = np.asarray(X, float), np.asarray(W, float), np.asarray(dY, float)
    dX = np.einsum("ik,jk->ij", dY, W)
    db = np.einsum("ik->k", dY)
    # sum over the batch i, then input times upstream
    dW = np.einsum("ij,lk->jk", X, dY)
    return dX, dW, db

# %% wrong="backward as the inverse of the layer" of="linear_backward" key="unknown" mistake="Takes going back for undoing the layer: subtracts b from dY and multiplies by the pseudo-inverse of W, instead of multiplying dY by the transpose of W." outputs="dX"
def linear_backward(X, W, b, dY):
    # Y = XW + b  =>  X = (Y - b) W^-1, so go back the same way
    W_inv = np.linalg.pinv(np.asarray(W, float))
    dX = (dY - b) @ W_inv
    dW = np.asarray(X).T @ dY
    db = np.sum(dY, 0)
    return dX, dW, db

# %% wrong="mean over stretched axes" of="unbroadcast" key="copies-averaged" mistake="Takes the mean over the axes that were stretched from 1 instead of the sum." outputs="result where an axis was stretched"
def unbroadcast(g, shape):
    """Return the gradient of an operand of `shape` that was broadcast to the shape of g."""
    g = np.asarray(g, float)
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for ax, n in enumerate(shape):
        if n == 1:
            # it is one number that was used for all, so one average number comes back
            g = g.mean(axis=ax, keepdims=True)
    return g

# %% wrong="other term kept" of="partials_xyz" key="terms-without-it-kept" mistake="A term that does not hold the variable is kept as a constant instead of being dropped: y z^3 toward x and x^2 y toward z." outputs="toward x and toward z"
def partials_xyz(x, y, z):
    # the others are constants, so they stay as they are
    fx = 2 * x * y + y * z**3
    fy = x**2 + z**3
    fz = x**2 * y + 3 * y * z**2
    return fx, fy, fz

# %% wrong="step of length lr, in other words" of="descent_step" key="step-of-length-one" mistake="The gradient is scaled to length 1 before the step, so the step always has the length lr." outputs="both"
def descent_step(x, y, lr):
    g = np.array([2.0 * x, 2.0 * y])
    length = np.hypot(*g)
    if length > 0:
        g = g / length  # only the direction of steepest descent counts
    new = np.array([x, y]) - lr * g
    return new[0], new[1]

# %% wrong="entries not put back" of="jacobian_central" key="difference-accumulating" mistake="The moved copies are made once before the loop and no entry is put back, so column j holds the sum of the first j columns." outputs="all columns but the first"
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

# %% wrong="step scaled, divisor not" of="jacobian_central" key="difference-step-by-size-not-divided" mistake="Each entry moves by a step scaled with its size, but the difference is still divided by 2h, so column j is too large by 1 + |x_j|." outputs="all columns with x_j not 0"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    J = []
    for j in range(x.size):
        e = np.zeros(x.size)
        e[j] = h * (1 + abs(x[j]))  # bigger numbers need bigger steps
        J.append((np.ravel(f(x + e)) - np.ravel(f(x - e))) / (2 * h))
    return np.array(J).T

# %% wrong="v made a unit vector" of="jvp" key="difference-direction-normalised" mistake="v is scaled to length 1 as in a directional derivative, so the result is J v divided by the length of v." outputs="all"
def jvp(f, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    n = np.linalg.norm(v)
    if n > 0:
        v = v / n  # a direction has length 1
    plus, minus = f(x + h * v), f(x - h * v)
    return (np.asarray(plus) - np.asarray(minus)) / (2 * h)

# %% wrong="mean over the outputs, in other words" of="vjp" key="difference-mean-over-outputs" mistake="The outputs weighted with u are averaged and not summed, so u J is too small by the factor m." outputs="all"
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

# %% wrong="v multiplied at the end" of="hvp" key="difference-all-alike-times-v" mistake="All entries of x are moved by h alike and the difference is multiplied entry by entry with v, which is (H 1) * v and not H v." outputs="all"
def hvp(grad, x, v, h=1e-5):
    x = np.asarray(x, float)
    v = np.asarray(v, float)
    # derivative of the gradient, then times v
    d = (np.asarray(grad(x + h)) - np.asarray(grad(x - h))) / (2 * h)
    return d * v

# %% wrong="square twice on the diagonal" of="softmax_jacobian" key="softmax-own-part-twice" mistake="The diagonal p(1 - p) is added on top of -p p^T, so p^2 is subtracted twice on the diagonal." outputs="diagonal"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    e = np.exp(z - z.max())
    p = e / e.sum()
    J = -np.outer(p, p)
    J += np.diag(p * (1 - p))  # i == j
    return J

# %% wrong="Jacobian of the log" of="softmax_jacobian" key="softmax-slope-of-the-logarithm" mistake="delta_ij - p_j is returned, the Jacobian of log softmax; the factor p_i of each row is missing." outputs="all"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    p = np.exp(z - np.max(z))
    p /= np.sum(p)
    k = len(z)
    return np.array([[(1.0 if i == j else 0.0) - p[j] for j in range(k)] for i in range(k)])

# %% wrong="sum without the weights" of="softmax_vjp" key="softmax-p-missing-in-the-average" mistake="The plain sum of a row of U is subtracted where the sum weighted with P belongs." outputs="all"
def softmax_vjp(Z, U):
    Z, U = np.asarray(Z, float), np.asarray(U, float)
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return P * (U - U.sum(axis=1, keepdims=True))

# %% wrong="one sum for the whole batch" of="softmax_vjp" key="softmax-average-over-the-whole-batch" mistake="The product of U and P is summed over all rows together, so each row subtracts what belongs to the others as well." outputs="all with more than one row"
def softmax_vjp(Z, U):
    Z = np.array(Z, float)
    U = np.array(U, float)
    E = np.exp(Z - Z.max(1)[:, None])
    P = E / E.sum(1)[:, None]
    dot = np.einsum("ij,ij->", U, P)
    return P * U - P * dot

# %% wrong="last sample wins" of="linear_backward" key="weights-one-sample" mistake="In the loop over the samples dW is overwritten and not added up, so only the last sample counts in it; dX and db are right." outputs="dW"
def linear_backward(X, W, b, dY):
    dX = np.zeros(X.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for i in range(len(X)):
        dX[i] = np.dot(W, dY[i])
        dW = np.outer(X[i], dY[i])
        db += dY[i]
    return dX, dW, db

# %% wrong="mean in dW only" of="linear_backward" key="weights-averaged" mistake="dW is divided by the number of samples, though dY already holds any mean; dX and db are right." outputs="dW"
def linear_backward(X, W, b, dY):
    m = X.shape[0]
    dW = np.dot(X.T, dY) / m
    db = np.sum(dY, axis=0)
    dX = np.dot(dY, W.T)
    return dX, dW, db

# %% wrong="first copy taken" of="unbroadcast" key="copies-one-only" mistake="Along a stretched axis the gradient of the first copy is taken instead of the sum over the copies; added axes on the left are summed rightly." outputs="shapes with a stretched axis"
def unbroadcast(g, shape):
    g = np.asarray(g, float)
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for ax, n in enumerate(shape):
        if n == 1:
            g = np.take(g, [0], axis=ax)  # undo the copying: they all come from the same number
    return g
