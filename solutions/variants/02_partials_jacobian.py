# ---
# jupyter:
#   course: {}
# ---

# %% [markdown]
# Answers to lesson 2 as learners write them: right ones in other styles, and wrong ones. The tests
# accept every right one and reject every wrong one; the sample class is made from them.

# %% right="array" of="partials_xyz"
def partials_xyz(x, y, z):
    return np.array([2 * x * y, x * x + z**3, y * 3 * z**2])

# %% right="list_with_names" of="partials_xyz"
def partials_xyz(x, y, z):
    df_dx = y * 2 * x
    df_dy = x**2 * 1 + 1 * z**3
    df_dz = y * 3 * z**2
    return [df_dx, df_dy, df_dz]

# %% wrong="treats y as if it moved too" of="partials_xyz"
def partials_xyz(x, y, z):
    return 2 * x * 1, 2 * x + 3 * z**2, 3 * z**2

# %% wrong="constant factor dropped" of="partials_xyz"
def partials_xyz(x, y, z):
    return 2 * x, x**2 + z**3, 3 * z**2

# %% wrong="constant term kept" of="partials_xyz"
def partials_xyz(x, y, z):
    return 2 * x * y + y * z**3, x**2 + z**3, x**2 * y + 3 * y * z**2

# %% wrong="second path toward y forgotten" of="partials_xyz"
def partials_xyz(x, y, z):
    return 2 * x * y, x**2, 3 * y * z**2

# %% wrong="order z y x" of="partials_xyz"
def partials_xyz(x, y, z):
    return 3 * y * z**2, x**2 + z**3, 2 * x * y

# %% wrong="exponent kept" of="partials_xyz"
def partials_xyz(x, y, z):
    return 2 * x * y, x**2 + z**3, 3 * y * z**3

# %% wrong="sum of the partials" of="partials_xyz"
def partials_xyz(x, y, z):
    return 2 * x * y + x**2 + z**3 + 3 * y * z**2

# %% wrong="prints in place of returning" of="partials_xyz"
def partials_xyz(x, y, z):
    print(2 * x * y, x**2 + z**3, 3 * y * z**2)

# %% right="array_step" of="descent_step"
def descent_step(x, y, lr):
    point = np.array([x, y], float)
    return point - lr * 2 * point

# %% right="factor" of="descent_step"
def descent_step(x, y, lr):
    keep = 1 - 2 * lr
    return keep * x, keep * y

# %% wrong="uphill" of="descent_step"
def descent_step(x, y, lr):
    return x + lr * 2 * x, y + lr * 2 * y

# %% wrong="factor 2 of the square missing" of="descent_step"
def descent_step(x, y, lr):
    return x - lr * x, y - lr * y

# %% wrong="returns the step and not the point" of="descent_step"
def descent_step(x, y, lr):
    return -lr * 2 * x, -lr * 2 * y

# %% wrong="learning rate ignored" of="descent_step"
def descent_step(x, y, lr):
    return x - 0.1 * 2 * x, y - 0.1 * 2 * y

# %% wrong="returns the step upward" of="descent_step"
def descent_step(x, y, lr):
    return 2 * x * lr, 2 * y * lr

# %% wrong="unit direction" of="descent_step"
def descent_step(x, y, lr):
    length = np.hypot(2 * x, 2 * y)
    return x - lr * 2 * x / length, y - lr * 2 * y / length

# %% wrong="second entry from the first" of="descent_step"
def descent_step(x, y, lr):
    return x - lr * 2 * x, y - lr * 2 * x

# %% wrong="remembers the visible points" of="descent_step"
def descent_step(x, y, lr):
    return (2.4, 3.2) if x == 3 else (-0.6, 0.2)

# %% right="filled_columns" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    n = x.size
    m = np.size(f(x))
    J = np.zeros((m, n))
    for j in range(n):
        x_plus, x_minus = x.copy(), x.copy()
        x_plus[j] += h
        x_minus[j] -= h
        J[:, j] = (np.asarray(f(x_plus)) - np.asarray(f(x_minus))) / (2 * h)
    return J

# %% right="rows_of_the_transpose" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    steps = h * np.eye(len(x))
    return np.array([np.ravel(f(x + s)) - np.ravel(f(x - s)) for s in steps]).T / (2 * h)

# %% right="entry_by_entry_in_lists" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    def values(p):
        y = f(np.array(p))
        return list(y) if np.ndim(y) else [y]

    x = [float(t) for t in x]
    J = []
    for i in range(len(values(x))):
        row = []
        for j in range(len(x)):
            p, q = list(x), list(x)
            p[j], q[j] = x[j] + h, x[j] - h
            row.append((values(p)[i] - values(q)[i]) / (2 * h))
        J.append(row)
    return J

# %% right="broadcast_steps" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    flat = lambda p: np.array(f(p), float).reshape(-1)
    points = np.array(x, float) + h * np.identity(len(x))
    mirrored = np.array(x, float) - h * np.identity(len(x))
    return np.column_stack([(flat(p) - flat(q)) / (p - q).sum() for p, q in zip(points, mirrored)])

# %% wrong="forward difference" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    fx = np.atleast_1d(f(x))
    J = np.zeros((len(fx), len(x)))
    for j in range(len(x)):
        moved = x.copy()
        moved[j] += h
        J[:, j] = (np.atleast_1d(f(moved)) - fx) / h
    return J

# %% wrong="transposed" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    steps = h * np.eye(len(x))
    return np.array([np.atleast_1d(f(x + s)) - np.atleast_1d(f(x - s)) for s in steps]) / (2 * h)

# %% wrong="divides by h" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    steps = h * np.eye(len(x))
    return np.array([np.ravel(f(x + s)) - np.ravel(f(x - s)) for s in steps]).T / h

# %% wrong="divides by 2 and multiplies by h" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    steps = h * np.eye(len(x))
    return np.array([np.ravel(f(x + s)) - np.ravel(f(x - s)) for s in steps]).T / 2 * h

# %% wrong="whole numbers cut off" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.array(x)
    m = np.size(f(x))
    J = np.zeros((m, len(x)))
    for j in range(len(x)):
        x_plus, x_minus = x.copy(), x.copy()
        x_plus[j] += h
        x_minus[j] -= h
        J[:, j] = (np.asarray(f(x_plus)) - np.asarray(f(x_minus))) / (2 * h)
    return J

# %% wrong="moves the input in place" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    columns = []
    for j in range(len(x)):
        x[j] += h
        right = np.atleast_1d(f(x))
        x[j] -= 2 * h
        left = np.atleast_1d(f(x))
        columns.append((right - left) / (2 * h))
    return np.stack(columns, axis=1)

# %% wrong="same copy for all entries" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    right, left, columns = x.copy(), x.copy(), []
    for j in range(len(x)):
        right[j] += h
        left[j] -= h
        columns.append((np.atleast_1d(f(right)) - np.atleast_1d(f(left))) / (2 * h))
    return np.stack(columns, axis=1)

# %% wrong="two names for one array" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.array(x, float)
    columns = []
    for j in range(len(x)):
        a = x
        b = x
        a[j] += h
        b[j] -= h
        columns.append((np.atleast_1d(f(a)) - np.atleast_1d(f(b))) / (2 * h))
    return np.stack(columns, axis=1)

# %% wrong="all entries moved at once" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    column = (np.atleast_1d(f(x + h)) - np.atleast_1d(f(x - h))) / (2 * h)
    return np.tile(column[:, None], (1, len(x)))

# %% wrong="square only" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    n = len(x)
    J = np.zeros((n, n))
    for j in range(n):
        step = h * np.eye(n)[j]
        J[:, j] = (np.asarray(f(x + step)) - np.asarray(f(x - step))) / (2 * h)
    return J

# %% wrong="a list of outputs is not subtracted" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    steps = h * np.eye(len(x))
    return np.atleast_2d(np.array([(f(x + s) - f(x - s)) / (2 * h) for s in steps]).T)

# %% wrong="one row without its axis" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    steps = h * np.eye(len(x))
    return np.array([np.asarray(f(x + s)) - np.asarray(f(x - s)) for s in steps]).T / (2 * h)

# %% wrong="own step in place of h" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    h = 1e-6
    x = np.asarray(x, float)
    steps = h * np.eye(len(x))
    return np.array([np.ravel(f(x + s)) - np.ravel(f(x - s)) for s in steps]).T / (2 * h)

# %% wrong="returns inside the loop" of="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    x = np.asarray(x, float)
    m = np.size(f(x))
    J = np.zeros((m, len(x)))
    for j in range(len(x)):
        step = h * np.eye(len(x))[j]
        J[:, j] = (np.ravel(f(x + step)) - np.ravel(f(x - step))) / (2 * h)
        return J

# %% right="lists_of_two" of="jacobian_shapes"
jacobian_shapes = {
    "J of f": [3, 5], "J v": [3], "u J": [5], "J of g after f": [2, 5], "J of s": [1, 5],
    "gradient of s": [5], "H v": [5], "dy/dx": [2, 4], "dy/dw": [2, 8], "dY/dw": [14, 8],
    "dW": [4, 2], "db": [2], "dX": [7, 4],
}

# %% right="measured" of="jacobian_shapes"
jacobian_shapes = dict(zip(
    ["J of f", "J v", "u J", "J of g after f", "J of s", "gradient of s", "H v", "dy/dx", "dy/dw", "dY/dw", "dW", "db", "dX"],
    [np.ones((3, 5)).shape, (np.ones((3, 5)) @ np.ones(5)).shape, (np.ones(3) @ np.ones((3, 5))).shape,
     (np.ones((2, 3)) @ np.ones((3, 5))).shape, (1, 5), (5,), (np.ones((5, 5)) @ np.ones(5)).shape,
     (2, 4), (2, 4 * 2), (7 * 2, 4 * 2), (4, 2), (2,), (7, 4)],
))

# %% wrong="rows are inputs" of="jacobian_shapes"
jacobian_shapes = {
    "J of f": (5, 3), "J v": (3,), "u J": (5,), "J of g after f": (5, 2), "J of s": (5, 1),
    "gradient of s": (5,), "H v": (5,), "dy/dx": (4, 2), "dy/dw": (8, 2), "dY/dw": (8, 14),
    "dW": (4, 2), "db": (2,), "dX": (7, 4),
}

# %% wrong="only u J wrong" of="jacobian_shapes"
jacobian_shapes = {
    "J of f": (3, 5), "J v": (3,), "u J": (3,), "J of g after f": (2, 5), "J of s": (1, 5),
    "gradient of s": (5,), "H v": (5,), "dy/dx": (2, 4), "dy/dw": (2, 8), "dY/dw": (14, 8),
    "dW": (4, 2), "db": (2,), "dX": (7, 4),
}

# %% wrong="batch kept as an axis" of="jacobian_shapes"
jacobian_shapes = {
    "J of f": (3, 5), "J v": (3,), "u J": (5,), "J of g after f": (2, 5), "J of s": (1, 5),
    "gradient of s": (5,), "H v": (5,), "dy/dx": (2, 4), "dy/dw": (2, 8), "dY/dw": (7, 2, 8),
    "dW": (4, 2), "db": (2,), "dX": (7, 4),
}

# %% wrong="dW of the flat weights" of="jacobian_shapes"
jacobian_shapes = {
    "J of f": (3, 5), "J v": (3,), "u J": (5,), "J of g after f": (2, 5), "J of s": (1, 5),
    "gradient of s": (5,), "H v": (5,), "dy/dx": (2, 4), "dy/dw": (2, 8), "dY/dw": (14, 8),
    "dW": (1, 8), "db": (2,), "dX": (7, 4),
}

# %% wrong="J v and u J confused" of="jacobian_shapes"
jacobian_shapes = {
    "J of f": (3, 5), "J v": (5,), "u J": (3,), "J of g after f": (2, 5), "J of s": (1, 5),
    "gradient of s": (5,), "H v": (5,), "dy/dx": (2, 4), "dy/dw": (2, 8), "dY/dw": (14, 8),
    "dW": (4, 2), "db": (2,), "dX": (7, 4),
}

# %% wrong="Hessian in place of its product" of="jacobian_shapes"
jacobian_shapes = {
    "J of f": (3, 5), "J v": (3,), "u J": (5,), "J of g after f": (2, 5), "J of s": (1, 5),
    "gradient of s": (5,), "H v": (5, 5), "dy/dx": (2, 4), "dy/dw": (2, 8), "dY/dw": (14, 8),
    "dW": (4, 2), "db": (2,), "dX": (7, 4),
}

# %% wrong="gradient not summed over the batch" of="jacobian_shapes"
jacobian_shapes = {
    "J of f": (3, 5), "J v": (3,), "u J": (5,), "J of g after f": (2, 5), "J of s": (1, 5),
    "gradient of s": (5,), "H v": (5,), "dy/dx": (2, 4), "dy/dw": (2, 8), "dY/dw": (14, 8),
    "dW": (4, 2), "db": (7, 2), "dX": (4,),
}

# %% wrong="brackets without a comma" of="jacobian_shapes"
jacobian_shapes = {
    "J of f": (3, 5), "J v": (3), "u J": (5), "J of g after f": (2, 5), "J of s": (1, 5),
    "gradient of s": (5), "H v": (5), "dy/dx": (2, 4), "dy/dw": (2, 8), "dY/dw": (14, 8),
    "dW": (4, 2), "db": (2), "dX": (7, 4),
}

# %% wrong="a scalar function has no Jacobian" of="jacobian_shapes"
jacobian_shapes = {
    "J of f": (3, 5), "J v": (3,), "u J": (5,), "J of g after f": (2, 5), "J of s": (),
    "gradient of s": (1, 5), "H v": (5,), "dy/dx": (2, 4), "dy/dw": (2, 8), "dY/dw": (14, 8),
    "dW": (4, 2), "db": (2,), "dX": (7, 4),
}

# %% wrong="names left out" of="jacobian_shapes"
jacobian_shapes = {"J of f": (3, 5), "J v": (3,), "u J": (5,)}

# %% right="through_a_line" of="jvp"
def jvp(f, x, v, h=1e-5):
    x = np.array(x, float)
    v = np.array(v, float)
    along = lambda t: np.asarray(f(x + t * v))
    return (along(h) - along(-h)) / h / 2

# %% right="list" of="jvp"
def jvp(f, x, v, h=1e-5):
    right = [a + h * b for a, b in zip(x, v)]
    left = [a - h * b for a, b in zip(x, v)]
    y, z = f(np.array(right, float)), f(np.array(left, float))
    return [(p - q) / (2 * h) for p, q in zip(y, z)]

# %% wrong="whole Jacobian" of="jvp"
def jvp(f, x, v, h=1e-5):
    return jacobian_central(f, x, h) @ np.asarray(v, float)

# %% wrong="forward difference" of="jvp"
def jvp(f, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    return (f(x + h * v) - f(x)) / h

# %% wrong="divides by h" of="jvp"
def jvp(f, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    return (f(x + h * v) - f(x - h * v)) / h

# %% wrong="direction scaled to length 1" of="jvp"
def jvp(f, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    v = v / np.linalg.norm(v)
    return (f(x + h * v) - f(x - h * v)) / (2 * h)

# %% wrong="step h forgotten in the points" of="jvp"
def jvp(f, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    return (f(x + v) - f(x - v)) / (2 * h)

# %% wrong="three evaluations" of="jvp"
def jvp(f, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    J_v = np.zeros(len(f(x)))
    J_v[:] = (f(x + h * v) - f(x - h * v)) / (2 * h)
    return J_v

# %% wrong="direction ignored" of="jvp"
def jvp(f, x, v, h=1e-5):
    x = np.asarray(x, float)
    return (f(x + h) - f(x - h)) / (2 * h)

# %% wrong="lists repeated" of="jvp"
def jvp(f, x, v, h=1e-5):
    return (f(x + h * v) - f(x - h * v)) / (2 * h)

# %% wrong="changes x in place" of="jvp"
def jvp(f, x, v, h=1e-5):
    x = np.asarray(x, float)
    v = np.asarray(v, float)
    x += h * v
    right = f(x)
    x -= 2 * h * v
    return (right - f(x)) / (2 * h)

# %% right="gradient_of_a_number" of="vjp"
def vjp(f, x, u, h=1e-5):
    x, u = np.array(x, float), np.array(u, float)
    result = np.empty(x.size)
    for j in range(x.size):
        step = np.zeros(x.size)
        step[j] = h
        result[j] = (u @ f(x + step) - u @ f(x - step)) / (2 * h)
    return result

# %% right="transposed_product" of="vjp"
def vjp(f, x, u, h=1e-5):
    return jacobian_central(f, x, h).T @ np.array(u, float)

# %% right="n_jvps" of="vjp"
def vjp(f, x, u, h=1e-5):
    return [np.dot(u, jvp(f, x, e, h)) for e in np.eye(len(x))]

# %% wrong="J times u" of="vjp"
def vjp(f, x, u, h=1e-5):
    return jacobian_central(f, x, h) @ np.asarray(u, float)

# %% wrong="rows weighted and not summed" of="vjp"
def vjp(f, x, u, h=1e-5):
    return np.asarray(u, float)[:, None] * jacobian_central(f, x, h)

# %% wrong="summed over the wrong axis" of="vjp"
def vjp(f, x, u, h=1e-5):
    return (np.asarray(u, float)[:, None] * jacobian_central(f, x, h)).sum(axis=1)

# %% wrong="upstream ignored" of="vjp"
def vjp(f, x, u, h=1e-5):
    return jacobian_central(f, x, h).sum(axis=0)

# %% wrong="mean over the outputs" of="vjp"
def vjp(f, x, u, h=1e-5):
    return np.asarray(u, float) @ jacobian_central(f, x, h) / len(u)

# %% wrong="step h ignored" of="vjp"
def vjp(f, x, u, h=1e-5):
    return np.asarray(u, float) @ jacobian_central(f, x)

# %% wrong="along u" of="vjp"
def vjp(f, x, u, h=1e-5):
    return jvp(f, x, u, h)

# %% right="outer_without_diag" of="softmax_jacobian"
def softmax_jacobian(z):
    z = np.array(z, float) - np.max(z)
    p = np.exp(z) / np.sum(np.exp(z))
    return p[:, None] * (np.eye(len(p)) - p[None, :])

# %% right="two_loops" of="softmax_jacobian"
def softmax_jacobian(z):
    top = max(z)
    e = [np.exp(float(t) - float(top)) for t in z]
    p = [t / sum(e) for t in e]
    K = len(p)
    return [[p[i] * (1 - p[i]) if i == j else -p[i] * p[j] for j in range(K)] for i in range(K)]

# %% wrong="diagonal only" of="softmax_jacobian"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    e = np.exp(z - z.max())
    p = e / e.sum()
    return np.diag(p * (1 - p))

# %% wrong="p (1 - p) as a vector" of="softmax_jacobian"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    e = np.exp(z - z.max())
    p = e / e.sum()
    return p * (1 - p)

# %% wrong="number in place of the table of products" of="softmax_jacobian"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    e = np.exp(z - z.max())
    p = e / e.sum()
    return np.diag(p) - p @ p

# %% wrong="p in every row in place of the diagonal" of="softmax_jacobian"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    e = np.exp(z - z.max())
    p = e / e.sum()
    return p - np.outer(p, p)

# %% wrong="plus in place of minus" of="softmax_jacobian"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    e = np.exp(z - z.max())
    p = e / e.sum()
    return np.diag(p) + np.outer(p, p)

# %% wrong="fractions cut off" of="softmax_jacobian"
def softmax_jacobian(z):
    z = np.asarray(z)
    e = np.exp(z - z.max())
    p = np.zeros_like(z)
    p[:] = e / e.sum()
    return np.diag(p) - np.outer(p, p)

# %% wrong="measured and not from the formula" of="softmax_jacobian"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    def softmax(z):
        e = np.exp(z - z.max())
        return e / e.sum()
    steps = 1e-5 * np.eye(len(z))
    return np.stack([(softmax(z + s) - softmax(z - s)) / 2e-5 for s in steps], axis=1)

# %% wrong="overflows" of="softmax_jacobian"
def softmax_jacobian(z):
    e = np.exp(np.asarray(z, float))
    p = e / e.sum()
    return np.diag(p) - np.outer(p, p)

# %% wrong="clipped logits" of="softmax_jacobian"
def softmax_jacobian(z):
    e = np.exp(np.clip(np.asarray(z, float), -500, 500))
    p = e / e.sum()
    return np.diag(p) - np.outer(p, p)

# %% wrong="diagonal of logits" of="softmax_jacobian"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    return np.diag(z) - np.outer(z, z)

# %% wrong="maximum taken from the input in place" of="softmax_jacobian"
def softmax_jacobian(z):
    z = np.asarray(z, float)
    z -= z.max()
    p = np.exp(z) / np.exp(z).sum()
    return np.diag(p) - np.outer(p, p)

# %% right="row_by_row" of="softmax_vjp"
def softmax_vjp(Z, U):
    return np.array([u @ softmax_jacobian(z) for z, u in zip(Z, U)])

# %% right="einsum" of="softmax_vjp"
def softmax_vjp(Z, U):
    E = np.exp(Z - np.max(Z, axis=-1)[:, None])
    P = E / np.sum(E, axis=-1)[:, None]
    worth = np.einsum("ik,ik->i", P, U)
    return U * P - P * worth.reshape(-1, 1)

# %% right="one_maximum_for_each_row_by_transposes" of="softmax_vjp"
def softmax_vjp(Z, U):
    E = np.exp((Z.T - Z.max(axis=1)).T)
    P = (E.T / E.sum(axis=1)).T
    return (P.T * (U.T - (U * P).sum(axis=1))).T

# %% wrong="diagonal only" of="softmax_vjp"
def softmax_vjp(Z, U):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return U * P * (1 - P)

# %% wrong="average over the whole batch" of="softmax_vjp"
def softmax_vjp(Z, U):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return P * (U - (U * P).sum())

# %% wrong="softmax over the whole batch" of="softmax_vjp"
def softmax_vjp(Z, U):
    E = np.exp(Z - Z.max())
    P = E / E.sum()
    return P * (U - (U * P).sum(axis=1, keepdims=True))

# %% wrong="sum over the wrong axis" of="softmax_vjp"
def softmax_vjp(Z, U):
    E = np.exp(Z - Z.max(axis=0))
    P = E / E.sum(axis=0)
    return P * (U - (U * P).sum(axis=0))

# %% wrong="fractions cut off" of="softmax_vjp"
def softmax_vjp(Z, U):
    out = np.zeros_like(Z)
    for i in range(len(Z)):
        e = np.exp(Z[i] - Z[i].max())
        p = e / e.sum()
        out[i] = p * (U[i] - U[i] @ p)
    return out

# %% wrong="one maximum for all rows" of="softmax_vjp"
def softmax_vjp(Z, U):
    E = np.exp(Z - Z.max())
    P = E / E.sum(axis=1, keepdims=True)
    return P * (U - (U * P).sum(axis=1, keepdims=True))

# %% wrong="p forgotten in the average" of="softmax_vjp"
def softmax_vjp(Z, U):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return P * (U - U.sum(axis=1, keepdims=True))

# %% wrong="average not subtracted" of="softmax_vjp"
def softmax_vjp(Z, U):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return P * U

# %% wrong="Z taken for probabilities" of="softmax_vjp"
def softmax_vjp(Z, U):
    return Z * (U - (U * Z).sum(axis=1, keepdims=True))

# %% wrong="p minus u, as after cross-entropy" of="softmax_vjp"
def softmax_vjp(Z, U):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True) - U

# %% wrong="keepdims forgotten" of="softmax_vjp"
def softmax_vjp(Z, U):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return P * (U - (U * P).sum(axis=1))

# %% right="einsum" of="linear_backward"
def linear_backward(X, W, b, dY):
    dX = np.einsum("ik,dk->id", dY, W)
    dW = np.einsum("id,ik->dk", X, dY)
    return dX, dW, np.einsum("ik->k", dY)

# %% right="sample_by_sample" of="linear_backward"
def linear_backward(X, W, b, dY):
    dW, db, dX = np.zeros(W.shape), np.zeros(b.shape), []
    for x, dy in zip(X, dY):
        dW += np.outer(x, dy)
        db += dy
        dX.append(W @ dy)
    return [np.array(dX), dW, db]

# %% right="ones_for_the_bias" of="linear_backward"
def linear_backward(X, W, b, dY):
    return np.dot(dY, np.transpose(W)), (dY.T @ X).T, np.ones((1, len(dY))) @ dY

# %% wrong="dW transposed" of="linear_backward"
def linear_backward(X, W, b, dY):
    return dY @ W.T, dY.T @ X, dY.sum(axis=0)

# %% wrong="W not transposed" of="linear_backward"
def linear_backward(X, W, b, dY):
    return dY @ W, X.T @ dY, dY.sum(axis=0)

# %% wrong="W reshaped in place of transposed" of="linear_backward"
def linear_backward(X, W, b, dY):
    return dY @ W.reshape(W.shape[::-1]), X.T @ dY, dY.sum(axis=0)

# %% wrong="bias not summed" of="linear_backward"
def linear_backward(X, W, b, dY):
    return dY @ W.T, X.T @ dY, dY

# %% wrong="bias summed over the outputs" of="linear_backward"
def linear_backward(X, W, b, dY):
    return dY @ W.T, X.T @ dY, dY.sum(axis=1)

# %% wrong="bias summed over everything" of="linear_backward"
def linear_backward(X, W, b, dY):
    return dY @ W.T, X.T @ dY, np.full(b.shape, dY.sum())

# %% wrong="mean for the bias" of="linear_backward"
def linear_backward(X, W, b, dY):
    return dY @ W.T, X.T @ dY, dY.mean(axis=0)

# %% wrong="divided by m once more" of="linear_backward"
def linear_backward(X, W, b, dY):
    m = len(X)
    return dY @ W.T, X.T @ dY / m, dY.sum(axis=0) / m

# %% wrong="upstream ignored" of="linear_backward"
def linear_backward(X, W, b, dY):
    ones = np.ones_like(dY)
    return ones @ W.T, X.T @ ones, ones.sum(axis=0)

# %% wrong="last sample only" of="linear_backward"
def linear_backward(X, W, b, dY):
    for x, dy in zip(X, dY):
        dW = np.outer(x, dy)
    return dY @ W.T, dW, dY.sum(axis=0)

# %% wrong="outer product of means" of="linear_backward"
def linear_backward(X, W, b, dY):
    return dY @ W.T, np.outer(X.mean(axis=0), dY.mean(axis=0)) * len(X), dY.sum(axis=0)

# %% wrong="order dW dX db" of="linear_backward"
def linear_backward(X, W, b, dY):
    return X.T @ dY, dY @ W.T, dY.sum(axis=0)

# %% wrong="fractions cut off" of="linear_backward"
def linear_backward(X, W, b, dY):
    dX, dW, db = np.zeros_like(X), np.zeros_like(W), np.zeros_like(b)
    dX[:] = dY @ W.T
    dW[:] = X.T @ dY
    db[:] = dY.sum(axis=0)
    return dX, dW, db

# %% wrong="fractions of dX cut off" of="linear_backward"
def linear_backward(X, W, b, dY):
    dX = np.zeros_like(X)
    for i in range(len(X)):
        dX[i] = W @ dY[i]
    return dX, X.T @ dY, dY.sum(axis=0)

# %% wrong="fractions of db cut off" of="linear_backward"
def linear_backward(X, W, b, dY):
    db = np.zeros_like(b)
    for k in range(len(b)):
        db[k] = dY[:, k].sum()
    return dY @ W.T, X.T @ dY, db

# %% wrong="adds the bias to dX" of="linear_backward"
def linear_backward(X, W, b, dY):
    return (dY + b) @ W.T, X.T @ dY, dY.sum(axis=0)

# %% right="other_order" of="backward_order"
backward_order = ["I", "D", "F", "L", "J", "E", "A"]

# %% right="as_a_word" of="backward_order"
backward_order = "idfleja"

# %% wrong="sum over the wrong axis" of="backward_order"
backward_order = ["I", "D", "F", "L", "A", "E", "C"]

# %% wrong="wrong transpose" of="backward_order"
backward_order = ["I", "D", "F", "L", "H", "E", "J"]

# %% wrong="product in the wrong order" of="backward_order"
backward_order = ["I", "D", "F", "L", "A", "K", "J"]

# %% wrong="softmax derivative at its output" of="backward_order"
backward_order = ["I", "D", "F", "B", "A", "E", "J"]

# %% wrong="diagonal of softmax only" of="backward_order"
backward_order = ["I", "D", "F", "G", "A", "E", "J"]

# %% wrong="factor of the square" of="backward_order"
backward_order = ["I", "D", "M", "L", "A", "E", "J"]

# %% wrong="mean for the bias" of="backward_order"
backward_order = ["I", "D", "F", "L", "A", "E", "N"]

# %% wrong="backward before forward" of="backward_order"
backward_order = ["A", "E", "J", "L", "F", "D", "I"]

# %% wrong="one line too many" of="backward_order"
backward_order = ["I", "D", "F", "B", "L", "A", "E", "J"]

# %% right="loops" of="unbroadcast"
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            g = g.sum(axis=axis, keepdims=True)
    return g

# %% right="padded_and_reshaped" of="unbroadcast"
def unbroadcast(g, shape):
    padded = (1,) * (g.ndim - len(shape)) + tuple(shape)
    axes = tuple(i for i in range(g.ndim) if padded[i] != g.shape[i])
    return np.sum(g, axis=axes).reshape(shape)

# %% right="from_the_right" of="unbroadcast"
def unbroadcast(g, shape):
    for axis in range(1, len(shape) + 1):
        if shape[-axis] == 1:
            g = g.sum(axis=-axis, keepdims=True)
    return g.reshape((-1, *shape)).sum(axis=0)

# %% wrong="mean in place of sum" of="unbroadcast"
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g.mean(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            g = g.mean(axis=axis, keepdims=True)
    return g

# %% wrong="keepdims forgotten" of="unbroadcast"
def unbroadcast(g, shape):
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1))

# %% wrong="leading axes only" of="unbroadcast"
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    return g

# %% wrong="stretched axes only" of="unbroadcast"
def unbroadcast(g, shape):
    for axis, size in enumerate(shape):
        if size == 1:
            g = g.sum(axis=axis, keepdims=True)
    return g

# %% wrong="trailing axes summed" of="unbroadcast"
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=-1)
    for axis, size in enumerate(shape):
        if size == 1:
            g = g.sum(axis=axis, keepdims=True)
    return g

# %% wrong="first copy kept" of="unbroadcast"
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g[0]
    for axis, size in enumerate(shape):
        if size == 1:
            g = np.take(g, [0], axis=axis)
    return g

# %% wrong="batch axis only" of="unbroadcast"
def unbroadcast(g, shape):
    return g.sum(axis=0)

# %% wrong="everything summed and spread" of="unbroadcast"
def unbroadcast(g, shape):
    return np.full(shape, g.sum())

# %% wrong="only one stretched axis" of="unbroadcast"
def unbroadcast(g, shape):
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    if 1 in shape:
        g = g.sum(axis=list(shape).index(1), keepdims=True)
    return g

# %% wrong="axes numbered before the added ones are gone" of="unbroadcast"
def unbroadcast(g, shape):
    added = g.ndim - len(shape)
    stretched = tuple(i for i, size in enumerate(shape) if size == 1)
    return g.sum(axis=stretched, keepdims=True).sum(axis=tuple(range(added)))

# %% wrong="number where an array is needed" of="unbroadcast"
def unbroadcast(g, shape):
    return g.sum()

# %% right="written_out" of="hvp"
def hvp(grad, x, v, h=1e-5):
    x = np.array(x, float)
    step = h * np.array(v, float)
    return (grad(x + step) - grad(x - step)) / (h + h)

# %% right="list_in_list_out" of="hvp"
def hvp(grad, x, v, h=1e-5):
    x, v = np.asarray(x, dtype=float), np.asarray(v, dtype=float)
    ahead, behind = grad(x + h * v), grad(x - h * v)
    return [(a - b) / (2 * h) for a, b in zip(ahead, behind)]

# %% wrong="gradient times v" of="hvp"
def hvp(grad, x, v, h=1e-5):
    return np.asarray(grad(np.asarray(x, float))) * np.asarray(v, float)

# %% wrong="whole Hessian" of="hvp"
def hvp(grad, x, v, h=1e-5):
    return jacobian_central(grad, x, h) @ np.asarray(v, float)

# %% wrong="forward difference" of="hvp"
def hvp(grad, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    return (grad(x + h * v) - grad(x)) / h

# %% wrong="second difference of the gradient" of="hvp"
def hvp(grad, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    return (grad(x + h * v) - 2 * grad(x) + grad(x - h * v)) / h**2

# %% wrong="lists repeated" of="hvp"
def hvp(grad, x, v, h=1e-5):
    return (grad(x + h * v) - grad(x - h * v)) / (2 * h)

# %% wrong="step divided away twice" of="hvp"
def hvp(grad, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    return (grad(x + h * v) - grad(x - h * v)) / (4 * h)

# %% wrong="diagonal of the Hessian" of="hvp"
def hvp(grad, x, v, h=1e-5):
    return np.diag(jacobian_central(grad, x, h)) * np.asarray(v, float)

# %% wrong="v times H times v" of="hvp"
def hvp(grad, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    return v @ (grad(x + h * v) - grad(x - h * v)) / (2 * h)

# %% wrong="moved along all axes" of="hvp"
def hvp(grad, x, v, h=1e-5):
    x, v = np.asarray(x, float), np.asarray(v, float)
    return (grad(x + h) - grad(x - h)) / (2 * h) * v
