# %% wrong="constant keeps its value" of="f_prime" lesson="00_derivatives" mistake="Keeps the constant -1 in the derivative, as if a constant were carried over unchanged instead of having slope 0." outputs="result"
def f_prime(x):
    """Return the derivative of 3x^4 - 2x^2 + 7x - 1 at x. x: a number or (n,). Result: alike."""
    x = np.asarray(x, float)
    # there is no x in the last term so nothing happens to it
    return 12 * x**3 - 4 * x + 7 - 1


# %% wrong="multiplies by the new exponent" of="f_prime" lesson="00_derivatives" mistake="Lowers the exponent first and then multiplies by the lowered exponent n-1 instead of by n." outputs="result"
def f_prime(x):
    x = np.asarray(x, float)
    coef = {4: 3.0, 2: -2.0, 1: 7.0}  # exponent: coefficient, the -1 drops out
    res = 0 * x
    for n, c in coef.items():
        n = n - 1  # exponent goes down by one
        res = res + c * n * x**n  # ... and comes to the front
    return res


# %% wrong="product factor by factor" of="g_prime" lesson="00_derivatives" mistake="Differentiates the product factor by factor and multiplies the two slopes, instead of using the product rule." outputs="result"
def g_prime(x):
    """Return the derivative of sqrt(x) exp(x) at x > 0. x: a number or (n,). Result: alike."""
    x = np.asarray(x, float)
    d_sqrt = 0.5 / np.sqrt(x)
    d_exp = np.exp(x)  # e^x stays e^x
    return d_sqrt * d_exp


# %% wrong="power rule on e^x" of="g_prime" lesson="00_derivatives" mistake="Applies the power rule to the exponential: takes x e^(x-1) for the derivative of e^x." outputs="result"
def g_prime(x):
    x = np.asarray(x, float)
    u = x ** 0.5
    du = 0.5 * x ** -0.5
    v = np.exp(x)
    dv = x * np.exp(x - 1)  # exponent to the front, then minus one
    return du * v + u * dv


# %% wrong="quotient numerator without brackets" of="h_prime" lesson="00_derivatives" mistake="Subtracts x^2 + 1 without brackets in the numerator of the quotient rule, so the 1 gets the wrong sign." outputs="result"
def h_prime(x):
    """Return the derivative of (x^2 + 1)/(x - 1) at x != 1. x: a number or (n,). Result: alike."""
    x = np.asarray(x, float)
    # (u'v - uv') / v^2  with u = x^2 + 1, v = x - 1, v' = 1
    top = 2 * x * (x - 1) - x**2 + 1
    return top / (x - 1) ** 2


# %% wrong="u prime over v prime" of="h_prime" lesson="00_derivatives" mistake="Divides the derivative of the numerator by the derivative of the denominator instead of using the quotient rule." outputs="result"
def h_prime(x):
    x = np.asarray(x, float)
    du = 2 * x  # top
    dv = np.ones_like(x)  # bottom, x - 1 has slope 1
    return du / dv


# %% wrong="solved for the upper half only" of="ellipse_slope" lesson="00_derivatives" mistake="Solves for y with the positive root and differentiates that, so the y given is ignored and the sign is wrong on the lower half." outputs="result on the lower half"
def ellipse_slope(x, y):
    """Return the slope dy/dx, a number, of x^2/4 + y^2/9 = 1 at its point (x, y), y != 0."""
    # y = 3 sqrt(1 - x^2/4), so I don't even need y
    r = np.sqrt(1 - x**2 / 4)
    return 3 * (-x / 4) / r


# %% wrong="4 and 9 exchanged" of="ellipse_slope" lesson="00_derivatives" mistake="Exchanges the two denominators when solving for the slope: gets -4x/(9y) instead of -9x/(4y)." outputs="result"
def ellipse_slope(x, y):
    # 2x/4 + 2y/9 * y' = 0   ->   y' = - (4 x) / (9 y)
    return -(4.0 * x) / (9.0 * y)


# %% wrong="slope of sigmoid taken at the activation" of="activation_derivative" lesson="00_derivatives" mistake="Takes the slope of the sigmoid at the activation: applies the sigmoid a second time to s before forming s(1-s)." outputs="result for sigmoid"
def activation_derivative(z, kind):
    """Return phi'(z) in z's shape; kind is "sigmoid", "tanh" or "relu"."""
    z = np.asarray(z, float)

    def sig(t):
        return 0.5 + 0.5 * np.tanh(0.5 * t)

    if kind == "sigmoid":
        a = sig(z)
        # derivative = sig(a) * (1 - sig(a))
        return sig(a) * (1 - sig(a))
    if kind == "tanh":
        return 1 - np.tanh(z) ** 2
    return np.where(z > 0, 1.0, 0.0)


# %% wrong="tanh squared read as tanh of the square" of="activation_derivative" lesson="00_derivatives" mistake="Reads tanh^2 z as tanh(z^2) in the slope of tanh." outputs="result for tanh"
def activation_derivative(z, kind):
    z = np.asarray(z, float)
    if kind == "relu":
        d = (z > 0) * 1.0
    elif kind == "tanh":
        d = 1 - np.tanh(z**2)  # 1 - tanh^2 z
    else:
        e = np.exp(-np.abs(z))  # the bump is symmetric
        d = e / (1 + e) ** 2
    return d


# %% wrong="inner derivative of ln(cos x) forgotten" of="chain_four" lesson="01_chain_rule" mistake="Forgets the inner derivative -sin x in ln(cos x) and returns 1/cos x." outputs="ln(cos x)"
def chain_four(x):
    """Return four numbers: the derivatives of sin(x^3), ln(cos x), exp(-x^2/2), (1 + x^2)^10."""
    d1 = np.cos(x**3) * 3 * x**2
    d2 = 1 / np.cos(x)  # ln u -> 1/u, u = cos x
    d3 = -x * np.exp(-x**2 / 2)
    d4 = 10 * (1 + x**2) ** 9 * 2 * x
    return d1, d2, d3, d4


# %% wrong="exponent to the front of e" of="chain_four" lesson="01_chain_rule" mistake="Treats exp(-x^2/2) as a power: brings the exponent to the front and lowers it by 1, instead of exp times the slope of the exponent." outputs="exp(-x^2/2)"
def chain_four(x):
    a = np.cos(x ** 3) * (3 * x ** 2)
    b = -np.sin(x) / np.cos(x)
    k = -x ** 2 / 2
    c = k * np.exp(k - 1)  # n * e^(n-1)
    u = 1 + x * x
    d = 10 * u ** 9 * (2 * x)
    return [a, b, c, d]


# %% wrong="inner derivative put inside the outer one" of="chain_four" lesson="01_chain_rule" mistake="Puts the inner derivative into the outer derivative, f'(g'(x)), for the power: 10 (2x)^9 instead of 10 (1+x^2)^9 times 2x." outputs="(1 + x^2)^10"
def chain_four(x):
    first = 3 * x**2 * np.cos(x**3)
    second = -np.tan(x)
    third = np.exp(-0.5 * x**2) * (-x)
    # outer: 10 u^9, inner: 2x, outer taken at the inner derivative
    du = 2 * x
    fourth = 10 * du**9
    return first, second, third, fourth


# %% wrong="every slope at x" of="compose_derivative" lesson="01_chain_rule" mistake="Takes every link's slope at the starting x instead of at the value that enters that link." outputs="result for two links or more"
def compose_derivative(fs, dfs, x):
    """Return the derivative at the number x of applying fs[0], then fs[1], ..."""
    prod = 1.0
    for df in dfs:
        prod = prod * df(x)  # rates multiply
    return prod


# %% wrong="slope taken after the link" of="compose_derivative" lesson="01_chain_rule" mistake="Moves the value forward before taking the slope, so each slope is taken at what leaves its link instead of at what enters it." outputs="result"
def compose_derivative(fs, dfs, x):
    val = x
    d = 1.0
    for i in range(len(fs)):
        val = fs[i](val)  # forward
        d *= dfs[i](val)  # backward
    return d


# %% wrong="chain read from the outside in" of="compose_derivative" lesson="01_chain_rule" mistake="Takes fs[0] for the outermost function and applies the list from its end, so the slopes belong to the chain in reversed order." outputs="result for two links or more"
def compose_derivative(fs, dfs, x):
    # fs[0](fs[1](fs[2](x))) : the last one is the inner one, start there
    u = x
    total = 1.0
    for f, df in zip(fs[::-1], dfs[::-1]):
        total *= df(u)
        u = f(u)
    return total


# %% wrong="slopes of the factors multiplied" of="fork_derivative" lesson="01_chain_rule" mistake="Multiplies the slopes of all factors instead of adding one term per path." outputs="p, q"
def fork_derivative(x):
    """Return two numbers: dp/dx and dq/dx at the number x."""
    du = 3 * x**2
    dv = -np.sin(x)
    dw = -np.exp(-x)
    # chain rule = multiply the derivatives
    return du * dv, du * dv * dw


# %% wrong="minus of e^(-x) lost" of="fork_derivative" lesson="01_chain_rule" mistake="Takes e^(-x) for its own derivative, without the minus sign of the inner slope." outputs="q"
def fork_derivative(x):
    u, v, w = x**3, np.cos(x), np.exp(-x)
    du, dv = 3 * x**2, -np.sin(x)
    dw = w  # e-function is its own derivative
    dp = du * v + u * dv
    dq = dp * w + u * v * dw
    return dp, dq


# %% wrong="cross-entropy shortcut for a squared error" of="neuron_gradients" lesson="01_chain_rule" mistake="Uses the delta a - y, which belongs to sigmoid with cross-entropy, for the squared error: the factor 2 and the slope of the sigmoid are missing." outputs="dw, db"
def neuron_gradients(w, b, x, y):
    """Return (dw, db) of neuron_loss. w, x: shape (D,). b, y: numbers. dw: (D,). db: a number."""
    a = sigmoid(np.dot(w, x) + b)
    delta = a - y  # error of the neuron
    return delta * np.asarray(x), delta


# %% wrong="bias skips the sigmoid" of="neuron_gradients" lesson="01_chain_rule" mistake="Leaves the slope of the sigmoid out of db, as if the bias were added after the activation." outputs="db"
def neuron_gradients(w, b, x, y):
    z = np.sum(w * x) + b
    a = sigmoid(z)
    dLda = 2 * (a - y)
    dw = np.zeros(len(w))
    for i in range(len(w)):
        dw[i] = dLda * a * (1 - a) * x[i]
    db = dLda * 1  # dz/db = 1 so only the loss part is left
    return dw, db


# %% wrong="dz times w" of="neuron_gradients" lesson="01_chain_rule" mistake="Multiplies by the weights instead of by the inputs: takes the derivative of w x toward x, not toward w." outputs="dw"
def neuron_gradients(w, b, x, y):
    z = w @ x + b
    s = sigmoid(z)
    ds = s - s**2
    dz = (s - y) * 2 * ds
    dw = dz * w  # each weight gets its share
    db = dz
    return dw, db


# %% wrong="activation fed on to the next one" of="vanishing_product" lesson="01_chain_rule" mistake="Sends the activation into the next activation, so the n slopes are taken at different places instead of all at z." outputs="result for sigmoid and tanh, n of 2 or more"
def vanishing_product(z, n, kind):
    """Return phi'(z) to the power n; kind is "sigmoid", "tanh" or "relu"."""
    p = 1.0
    for _ in range(n):
        if kind == "sigmoid":
            s = sigmoid(z)
            p *= s * (1 - s)
            z = s  # goes into the next layer
        elif kind == "tanh":
            t = np.tanh(z)
            p *= 1 - t**2
            z = t
        else:
            p *= 1.0 if z > 0 else 0.0
            z = max(z, 0)
    return p


# %% wrong="constant factors dropped" of="partials_xyz" lesson="02_partials_jacobian" mistake="Drops the variable that is held fixed when it is a factor: 2x instead of 2xy, and 3z^2 instead of 3yz^2." outputs="x, z"
def partials_xyz(x, y, z):
    """Return three numbers: the partial derivatives of x^2 y + y z^3 toward x, y and z."""
    # y is a constant here and constants vanish
    fx = 2.0 * x
    fy = x**2 + z**3
    fz = 3.0 * z**2
    return fx, fy, fz


# %% wrong="second term differentiated toward z" of="partials_xyz" lesson="02_partials_jacobian" mistake="In the partial toward y, differentiates the second term toward z (3 y z^2) instead of toward y (z^3)." outputs="y"
def partials_xyz(x, y, z):
    d_x = 2 * x * y
    d_y = x**2 + y * 3 * z**2
    d_z = y * 3 * z**2
    return d_x, d_y, d_z


# %% wrong="uphill step" of="descent_step" lesson="02_partials_jacobian" mistake="Adds the gradient instead of subtracting it: the step goes uphill." outputs="x, y"
def descent_step(x, y, lr):
    """Return two numbers: the point (x, y) after one descent step on x^2 + y^2."""
    p = np.array([x, y], float)
    grad = 2 * p
    p += lr * grad  # go where the gradient points
    return p[0], p[1]


# %% wrong="step of length lr" of="descent_step" lesson="02_partials_jacobian" mistake="Divides the gradient by its length, so that the step is lr long instead of lr times as long as the gradient." outputs="x, y"
def descent_step(x, y, lr):
    gx, gy = 2 * x, 2 * y
    # the gradient is only a direction, how far we go is lr
    norm = np.sqrt(gx**2 + gy**2) + 1e-12
    return x - lr * gx / norm, y - lr * gy / norm


# %% wrong="divides by 2 and multiplies by h" of="jacobian_central" lesson="02_partials_jacobian" mistake="Writes / 2 * h without brackets, which divides by 2 and then multiplies by h." outputs="result"
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


# %% wrong="moved entries not put back" of="jacobian_central" lesson="02_partials_jacobian" mistake="Makes the two moved copies once, before the loop, so that earlier entries stay moved and column j holds the sum of the columns up to j." outputs="every column but the first"
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


# %% wrong="direction made to length 1" of="jvp" lesson="02_partials_jacobian" mistake="Scales v to length 1 first, so that the result is the slope along the direction of v and lacks the factor |v|." outputs="result"
def jvp(f, x, v, h=1e-5):
    """Return J v, of shape (m,), with two evaluations of f. x, v: shape (n,)."""
    x = np.asarray(x, float)
    v = np.asarray(v, float)
    v = v / (np.linalg.norm(v) + 1e-15)  # directional derivative needs a unit vector
    right = np.asarray(f(x + h * v))
    left = np.asarray(f(x - h * v))
    return (right - left) / (2 * h)


# %% wrong="mean over the outputs" of="vjp" lesson="02_partials_jacobian" mistake="Averages over the outputs instead of adding: the result is uJ divided by the number of outputs m." outputs="result"
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


# %% wrong="multiplied by v again" of="hvp" lesson="02_partials_jacobian" mistake="Multiplies the difference along v by v once more, entry by entry, although the movement along v already contains it." outputs="result"
def hvp(grad, x, v, h=1e-5):
    """Return H v, of shape (n,), with two evaluations of grad. x, v: shape (n,)."""
    x = np.asarray(x, float)
    v = np.asarray(v, float)
    Hess = (np.asarray(grad(x + h * v)) - np.asarray(grad(x - h * v))) / (2 * h)
    return Hess * v  # H times v


# %% wrong="divided by h squared" of="hvp" lesson="02_partials_jacobian" mistake="Divides the central difference of the gradient by h squared, half remembered from the formula of the second derivative, instead of by 2h." outputs="result"
def hvp(grad, x, v, h=1e-5):
    x, v = np.array(x, float), np.array(v, float)
    gp = np.array(grad(x + h * v))
    gm = np.array(grad(x - h * v))
    # Hessian is a second derivative -> h^2
    return (gp - gm) / h**2


# %% wrong="softmax Jacobian is diagonal" of="softmax_jacobian" lesson="02_partials_jacobian" mistake="Takes softmax for an entrywise function like the sigmoid: p(1-p) on the diagonal and zeros beside it." outputs="the entries off the diagonal"
def softmax_jacobian(z):
    """Return the Jacobian (K, K) of softmax at z, without overflow. z: shape (K,)."""
    z = np.asarray(z, float)
    e = np.exp(z - np.max(z))
    p = e / np.sum(e)
    # same derivative as sigmoid, each output has its own
    return np.diag(p * (1 - p))


# %% wrong="plus beside the diagonal" of="softmax_jacobian" lesson="02_partials_jacobian" mistake="Loses the minus sign beside the diagonal: p_i p_j instead of -p_i p_j." outputs="the entries off the diagonal"
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


# %% wrong="one u.p for the whole batch" of="softmax_vjp" lesson="02_partials_jacobian" mistake="Sums U * P over the whole batch, so that one number is subtracted from all rows instead of each row's own u.p." outputs="result for two rows or more"
def softmax_vjp(Z, U):
    """Return (m, K): row i is U[i] times the Jacobian of softmax at Z[i]. Z, U: shape (m, K)."""
    Z = np.asarray(Z, float)
    U = np.asarray(U, float)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    dot = np.sum(U * P)  # u . p is a number
    return P * (U - dot)


# %% wrong="plain mean of u in place of u.p" of="softmax_vjp" lesson="02_partials_jacobian" mistake="Subtracts the plain mean of u over the classes instead of the mean weighted by the probabilities, u.p." outputs="result"
def softmax_vjp(Z, U):
    Z, U = np.array(Z, float), np.array(U, float)
    out = np.zeros(Z.shape)
    for i in range(len(Z)):
        e = np.exp(Z[i] - Z[i].max())
        p = e / e.sum()
        avg = U[i].mean()  # average worth of the outputs
        out[i] = p * (U[i] - avg)
    return out


# %% wrong="mean of dY for the bias" of="linear_backward" lesson="02_partials_jacobian" mistake="Averages dY over the samples for db instead of adding it up: a factor 1/m too many." outputs="db"
def linear_backward(X, W, b, dY):
    """Return dX (m, D), dW (D, K) and db (K,), given dY (m, K) of Y = X W + b."""
    dX = np.dot(dY, np.transpose(W))
    dW = np.dot(np.transpose(X), dY)
    db = np.mean(dY, axis=0)  # one bias for the whole batch -> average
    return dX, dW, db


# %% wrong="sums over samples before the product" of="linear_backward" lesson="02_partials_jacobian" mistake="Adds up X and dY over the samples first and takes the outer product of the two sums, which mixes different samples, instead of the sum of the outer products." outputs="dW"
def linear_backward(X, W, b, dY):
    X, W, dY = np.asarray(X, float), np.asarray(W, float), np.asarray(dY, float)
    dX = np.einsum("ik,jk->ij", dY, W)
    db = np.einsum("ik->k", dY)
    # sum over the batch i, then input times upstream
    dW = np.einsum("ij,lk->jk", X, dY)
    return dX, dW, db


# %% wrong="backward as the inverse of the layer" of="linear_backward" lesson="02_partials_jacobian" mistake="Takes going back for undoing the layer: subtracts b from dY and multiplies by the pseudo-inverse of W, instead of multiplying dY by the transpose of W." outputs="dX"
def linear_backward(X, W, b, dY):
    # Y = XW + b  =>  X = (Y - b) W^-1, so go back the same way
    W_inv = np.linalg.pinv(np.asarray(W, float))
    dX = (dY - b) @ W_inv
    dW = np.asarray(X).T @ dY
    db = np.sum(dY, 0)
    return dX, dW, db


# %% wrong="mean over stretched axes" of="unbroadcast" lesson="02_partials_jacobian" mistake="Takes the mean over the axes that were stretched from 1 instead of the sum." outputs="result where an axis was stretched"
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


# %% wrong="each factor gets itself" of="Value" lesson="03_backprop" mistake="Exchanges the two local derivatives of the product: each factor gets its own value instead of the other factor." outputs="local of mul"
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
        # parents and slopes in the same order: self, other
        return Value(self.data * other.data, (self, other), "*", (self.data, other.data))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t * t,))

    def relu(self):
        return Value(max(0.0, self.data), (self,), "relu", (1.0 if self.data > 0 else 0.0,))

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


# %% wrong="slope of tanh written with its input" of="Value" lesson="03_backprop" mistake="Puts the input into 1 - t^2 where the output of tanh belongs: 1 - x^2." outputs="local of tanh"
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
        s = self.data + other.data
        return Value(s, [self, other], "+", [1, 1])

    def mul(self, other):
        x, y = self.data, other.data
        return Value(x * y, [self, other], "*", [y, x])

    def exp(self):
        return Value(np.exp(self.data), (self,), "exp", (np.exp(self.data),))

    def tanh(self):
        x = self.data
        slope = 1 - x**2
        return Value(np.tanh(x), (self,), "tanh", (slope,))

    def relu(self):
        on = float(self.data > 0)
        return Value(self.data * on, (self,), "relu", (on,))

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


# %% wrong="= in place of +=" of="backward" lesson="03_backprop" mistake="Overwrites a parent's gradient with each contribution instead of adding them up at a fork." outputs="grad of values with more than one consumer, and of all before them"
def backward(output, seed=1.0):
    """Set `grad` of every Value that leads to `output` to seed times the slope toward it."""
    order, seen = [], set()

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
    output.grad = float(seed)
    for v in order[::-1]:
        for p, loc in zip(v.parents, v.local):
            p.grad = loc * v.grad  # local times upstream


# %% wrong="breadth first, passed on before complete" of="backward" lesson="03_backprop" mistake="Goes back level by level in the order of discovery, not in topological order, so a value passes its gradient on before the contribution of a later consumer has come." outputs="grad of values before a fork whose consumers lie at different depths"
def backward(output, seed=1.0):
    # first find everything, layer by layer from the output
    queue = [output]
    for v in queue:
        for p in v.parents:
            if not any(p is q for q in queue):
                queue.append(p)
    for v in queue:
        v.grad = 0.0
    output.grad = float(seed)
    # the queue already is output first, leaves last
    for v in queue:
        for k in range(len(v.parents)):
            v.parents[k].grad += v.local[k] * v.grad


# %% wrong="slope of the sigmoid a second time" of="bce_from_logits" lesson="03_backprop" mistake="Multiplies p - y by p(1-p) once more, although this slope has already cancelled in the gradient toward the logit." outputs="da"
def bce_from_logits(a, y):
    """Return (loss, da): the mean binary cross-entropy and its gradient. a, y, da: shape (m,)."""
    a, y = np.asarray(a, float), np.asarray(y, float)
    losses = np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a)))
    p = sigmoid(a)
    dp = (p - y) / len(a)
    da = dp * p * (1 - p)  # back through the sigmoid
    return losses.mean(), da


# %% wrong="a lost from the term a y" of="bce_from_logits" lesson="03_backprop" mistake="Leaves the logit out of the term a y in the loss: subtracts y alone." outputs="loss"
def bce_from_logits(a, y):
    a = np.array(a, dtype=float)
    y = np.array(y, dtype=float)
    m = a.shape[0]
    L = 0.0
    for i in range(m):
        L += max(a[i], 0.0) - y[i] + np.log1p(np.exp(-abs(a[i])))
    return L / m, (sigmoid(a) - y) / m


# %% wrong="gradient for the true class only" of="softmax_ce" lesson="03_backprop" mistake="Sends a gradient to the logit of the true class only, as if the other logits were not in its probability." outputs="dZ"
def softmax_ce(Z, Y):
    """Return (loss, dZ): the mean cross-entropy of softmax(Z), and its gradient. Z, Y, dZ: (m, K)."""
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    m = len(Z)
    S = Z - Z.max(axis=1, keepdims=True)
    logp = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    loss = -(Y * logp).sum() / m
    P = np.exp(logp)
    dZ = Y * (P - 1) / m  # only the true class is in the loss
    return loss, dZ


# %% wrong="mean over all entries" of="softmax_ce" lesson="03_backprop" mistake="Takes the mean over all m K entries instead of over the m samples: loss and gradient are both K times too small." outputs="loss, dZ"
def softmax_ce(Z, Y):
    Z = np.array(Z, float)
    Y = np.array(Y, float)
    Zs = Z - np.max(Z, axis=1)[:, None]
    lse = np.log(np.sum(np.exp(Zs), axis=1))[:, None]
    ce = -Y * (Zs - lse)
    return np.mean(ce), (softmax(Z) - Y) / Z.size


# %% wrong="slope of tanh taken at h" of="tanh_net_gradients" lesson="03_backprop" mistake="Takes the slope of tanh at the activation h, 1 - tanh(h)^2, instead of at the pre-activation z." outputs="W, b, x"
def tanh_net_gradients(W, b, v, c, x, y):
    """Return a dict: the gradients of (v . tanh(x W + b) + c - y)^2 / 2 toward W, b, v, c, x."""
    z = x @ W + b
    h = np.tanh(z)
    e = h @ v + c - y
    dh = e * v
    dz = dh * (1 - np.tanh(h) ** 2)
    return {"W": np.outer(x, dz), "b": dz, "v": e * h, "c": e, "x": W @ dz}


# %% wrong="factor 2, and z in place of h" of="tanh_net_gradients" lesson="03_backprop" mistake="Two slips: takes 2(yhat - y) although the loss has the factor 1/2, and takes z instead of h in the gradient toward v." outputs="W, b, v, c, x"
def tanh_net_gradients(W, b, v, c, x, y):
    D, H = np.shape(W)
    z = np.dot(x, W) + b
    h = np.tanh(z)
    yhat = np.dot(v, h) + c
    g = 2 * (yhat - y)  # derivative of the square
    dv = g * z
    dc = g
    db = g * v * (1 - h * h)
    dW = np.zeros((D, H))
    dx = np.zeros(D)
    for i in range(D):
        for j in range(H):
            dW[i, j] = db[j] * x[i]
            dx[i] += db[j] * W[i, j]
    return dict(W=dW, b=db, v=dv, c=dc, x=dx)


# %% wrong="ReLU mask from the gradient" of="mlp_backward" lesson="03_backprop" mistake="Applies ReLU to the gradient on the way back: keeps what is positive in dA1, instead of what has a positive pre-activation Z1." outputs="W1, b1"
def mlp_backward(params, X, Y, lam, cache):
    """Return a dict with the keys of params: the gradients of mlp_loss(params, X, Y, lam)."""
    m = X.shape[0]
    dZ2 = (cache["P"] - Y) / m
    dW2 = cache["A1"].T @ dZ2 + lam * params["W2"]
    db2 = dZ2.sum(0)
    dA1 = dZ2 @ params["W2"].T
    dZ1 = np.maximum(dA1, 0)  # relu backward
    dW1 = X.T @ dZ1 + lam * params["W1"]
    db1 = dZ1.sum(0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


# %% wrong="1/m at the weights but not at the biases" of="mlp_backward" lesson="03_backprop" mistake="Divides by m in the lines of the weights but not in those of the biases, so that the bias gradients are sums over the batch, m times too large." outputs="b1, b2"
def mlp_backward(params, X, Y, lam, cache):
    m = len(X)
    W1, W2 = params["W1"], params["W2"]
    delta2 = cache["P"] - Y
    delta1 = np.dot(delta2, W2.T)
    delta1 = delta1 * np.where(cache["Z1"] > 0, 1, 0)
    grads = {}
    grads["W2"] = np.dot(cache["A1"].T, delta2) / m + lam * W2
    grads["b2"] = np.sum(delta2, axis=0)
    grads["W1"] = np.dot(np.asarray(X).T, delta1) / m + lam * W1
    grads["b1"] = np.sum(delta1, axis=0)
    return grads


# %% wrong="straight path forgotten" of="skip_backward" lesson="03_backprop" mistake="Goes back through the layer only and forgets the contribution dS of the straight path to X." outputs="dX"
def skip_backward(X, W, b, dS):
    """Return (dX, dW, db) for S = X + tanh(X W + b). X, dS: (m, D). W: (D, D). b: (D,)."""
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    dX = dZ @ W.T
    dW = X.T @ dZ
    db = dZ.sum(axis=0)
    return dX, dW, db


# %% wrong="matrix before the slope of tanh" of="skip_backward" lesson="03_backprop" mistake="Goes back through the weights first and multiplies by the slope of tanh afterwards, in the order of the forward pass, on the way to X." outputs="dX"
def skip_backward(X, W, b, dS):
    S = np.tanh(np.dot(X, W) + b)
    slope = 1 - S * S
    # straight path + path through the layer: first W, then tanh, as in the forward pass
    dX = dS + np.dot(dS, W.T) * slope
    dW = np.einsum("ij,ik->jk", X, dS * slope)
    db = np.einsum("ik,ik->k", dS, slope)
    return dX, dW, db


# %% wrong="mean and variance as constants" of="batchnorm_backward" lesson="03_backprop" mistake="Treats the mean and the deviation of a column as constants: only the direct path gamma/s remains in dX." outputs="dX"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    """Return (dX, dgamma, dbeta). X, dY: (m, D). gamma, beta: (D,). Means are over the rows."""
    mu = X.mean(axis=0)
    s = np.sqrt(X.var(axis=0) + eps)
    Xhat = (X - mu) / s
    dgamma = (dY * Xhat).sum(axis=0)
    dbeta = dY.sum(axis=0)
    dX = dY * gamma / s  # Y = gamma * (X - mu)/s + beta is linear in X
    return dX, dgamma, dbeta


# %% wrong="centring forgotten on the way back" of="batchnorm_backward" lesson="03_backprop" mistake="Stops at the gradient of the centred C and returns it as dX: the path through the mean of X is missing." outputs="dX"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    m = len(X)
    C = X - np.mean(X, 0)
    v = np.mean(C**2, 0)
    s = np.sqrt(v + eps)
    dXhat = dY * gamma
    ds = np.sum(dXhat * -C / s**2, 0)
    dv = ds / (2 * s)
    dC = dXhat / s + dv * 2 * C / m
    dX = dC  # X - mean, slope 1
    return dX, np.sum(dY * C / s, 0), np.sum(dY, 0)


# %% wrong="own step, common divisor" of="numeric_grad" lesson="04_gradient_checking" mistake="With h=None moves each entry by a step of its own size but divides by the common base step, so the slope of an entry larger than 1 is too large by the factor |x|." outputs="entries above 1 in size, where h is None"
def numeric_grad(f, x, h=None):
    """Return the gradient of f at x by central differences, in x's shape.

    f: takes an array of x's shape, returns a number. x: array of any shape.
    h: the step; None picks one for each entry by its size.
    """
    x = np.array(x, float)
    g = np.zeros(x.shape)
    base = 2.2e-16 ** (1 / 3) if h is None else h
    for i in np.ndindex(x.shape):
        step = base
        if h is None:
            step = base * max(1.0, abs(x[i]))
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        g[i] = (f(up) - f(down)) / (2 * base)
    return g


# %% wrong="formula of the second derivative" of="numeric_grad" lesson="04_gradient_checking" mistake="Uses the three-point formula of the second derivative, (f(x+h) - 2 f(x) + f(x-h)) / h^2, in place of the central difference of the slope." outputs="result"
def numeric_grad(f, x, h=None):
    x = np.array(x, dtype=float)
    out = np.empty_like(x)
    f0 = f(x.copy())
    for i in np.ndindex(*x.shape):
        hi = h if h is not None else 6e-6 * max(1, abs(x[i]))
        old = x[i]
        x[i] = old + hi
        f1 = f(x.copy())
        x[i] = old - hi
        f2 = f(x.copy())
        x[i] = old
        # central: right, twice the middle, left
        out[i] = (f1 - 2 * f0 + f2) / hi**2
    return out


# %% wrong="size of the imaginary part" of="complex_step" lesson="04_gradient_checking" mistake="Takes the absolute value of the imaginary part, so the sign of a falling slope is lost." outputs="result where the slope is negative"
def complex_step(f, x):
    """Return the gradient of f at x, a number or an array (n,), in x's shape and exact to rounding."""
    h = 1e-30
    if np.ndim(x) == 0:
        return np.abs(np.imag(f(x + 1j * h))) / h  # how far did it move
    x = np.array(x, complex)
    g = np.zeros(len(x))
    for k in range(len(x)):
        keep = x[k]
        x[k] = keep + 1j * h
        g[k] = np.abs(np.imag(f(x))) / h
        x[k] = keep
    return g


# %% wrong="all entries moved at once" of="complex_step" lesson="04_gradient_checking" mistake="Adds ih to all entries of the array at once, so that every entry of the result is the sum of all partial derivatives." outputs="result for arrays of two entries or more"
def complex_step(f, x):
    h = 1e-20
    if np.ndim(x) == 0:
        return f(x + h * 1j).imag / h
    z = np.asarray(x, float) + h * 1j
    g = np.empty(len(z))
    for k in range(len(z)):
        g[k] = np.imag(f(z)) / h
    return g


# %% wrong="gradient shared out at the sum" of="deep_backward" lesson="05_capstone" mistake="Splits the gradient at the sum S = A1 + A2: gives each branch half of dS instead of all of it." outputs="W1, b1, W2, b2"
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


# %% wrong="dS masked in place" of="deep_backward" lesson="05_capstone" mistake="Sets the dead entries of dZ2 to 0 in an array that is dS itself, so the straight path to A1 is masked by ReLU of layer 2 as well." outputs="W1, b1"
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


# %% wrong="W2 not transposed" of="deep_backward" lesson="05_capstone" mistake="Goes back through the square W2 without the transpose." outputs="W1, b1"
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


# %% wrong="skip forgotten, and penalty counted double" of="deep_backward" lesson="05_capstone" mistake="Two mistakes: the straight path from S to A1 is missing, and the penalty gives 2 lam W, as if the loss had no factor 1/2." outputs="W1, b1, and W2, W3 with a penalty"
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


# %% wrong="multiplies by keep" of="fixed_backward" lesson="05_capstone" mistake="Multiplies by the keep probability on the way back through dropout instead of dividing by it." outputs="W1, b1, W2, b2"
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


# %% wrong="factor 2 at the last layer only" of="fixed_backward" lesson="05_capstone" mistake="Repairs the missing factor 2 in the lines of W3 and b3 instead of in dP, so that the gradients of layers 1 and 2 are still half as large as they should be." outputs="W1, b1, W2, b2"
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
