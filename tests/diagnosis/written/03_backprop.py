# %% [markdown]
# Lesson 3: answers for the tests of the diagnosis, wrong and right. None of them is handed out.

# %% wrong="hyperbolic cosine not squared" of="Value" key="activation-cosh-not-squared" mistake="The local slope of tanh is 1 / cosh x: the square of the cosine is missing." outputs="tanh.local"
import math

class Value:
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
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        grown = math.exp(self.data)
        return Value(grown, (self,), "exp", (grown,))

    def tanh(self):
        slope = 1 / math.cosh(self.data)
        return Value(math.tanh(self.data), (self,), "tanh", (slope,))

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
    return number if isinstance(number, Value) else Value(number)

# %% wrong="a value times itself has one slope" of="Value" key="" mistake="x.mul(x) keeps only one of its two places: the second use of x adds nothing to its slope." outputs="mul.local" source="NervanaSystems/neon#169"
class Value:
    def __init__(self, data, parents=(), op="", local=()):
        self.data = float(data)
        self.grad = 0.0
        self.parents = tuple(parents)
        self.op = op
        self.local = tuple(local)

    def __repr__(self):
        return f"Value({self.data:g})"

    def add(self, other):
        return Value(self.data + other.data, (self, other), "+", (1, 1))

    def mul(self, other):
        if other is self:
            return Value(self.data**2, (self,), "*", (self.data,))
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        out = Value(np.exp(self.data), (self,), "exp")
        out.local = (out.data,)
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,), "tanh")
        out.local = (1 - out.data**2,)
        return out

    def relu(self):
        out = Value(np.maximum(0, self.data), (self,), "relu")
        out.local = (float(out.data > 0),)
        return out

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
    return number if isinstance(number, Value) else Value(number)

# %% wrong="same slope toward both factors" of="Value" key="another-factor" mistake="In a product both local slopes are the second factor; toward the second parent it is the first factor." outputs="mul.local"
class Value:
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
        return Value(self.data * other.data, (self, other), "*", (other.data, other.data))

    def exp(self):
        return Value(np.exp(self.data), (self,), "exp", (np.exp(self.data),))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t**2,))

    def relu(self):
        positive = self.data > 0
        return Value(self.data if positive else 0.0, (self,), "relu", (float(positive),))

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
    return number if isinstance(number, Value) else Value(number)

# %% wrong="sign as the slope of relu" of="Value" key="activation-sign-in-place-of-mask" mistake="The local slope of relu is the sign of x: for negative x it is 0, not -1." outputs="relu.local"
class Value:
    def __init__(self, data, parents=(), op="", local=()):
        self.data = float(data)
        self.grad = 0.0
        self.parents = tuple(parents)
        self.op = op
        self.local = tuple(local)

    def __repr__(self):
        return f"Value({self.data:g})"

    def add(self, other):
        total = self.data + other.data
        return Value(total, parents=(self, other), op="+", local=(1.0, 1.0))

    def mul(self, other):
        product = self.data * other.data
        return Value(product, parents=(self, other), op="*", local=(other.data, self.data))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, parents=(self,), op="exp", local=(e,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, parents=(self,), op="tanh", local=((1 + t) * (1 - t),))

    def relu(self):
        return Value(max(0, self.data), parents=(self,), op="relu", local=(np.sign(self.data),))

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
    return number if isinstance(number, Value) else Value(number)

# %% wrong="reciprocal as the slope of exp" of="Value" key="slope-of-another-function" mistake="The local slope of exp is taken as that of the logarithm, 1/x; it is e^x again." outputs="exp.local"
class Value:
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
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        return Value(np.exp(self.data), (self,), "exp", (1 / self.data,))

    def tanh(self):
        return Value(np.tanh(self.data), (self,), "tanh", (1 - np.tanh(self.data) ** 2,))

    def relu(self):
        return Value(max(0.0, self.data), (self,), "relu", (1.0 * (self.data > 0),))

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
    return number if isinstance(number, Value) else Value(number)

# %% right="one helper for all curves" of="Value"
class Value:
    def __init__(self, data, parents=(), op="", local=()):
        self.data = float(data)
        self.grad = 0.0
        self.parents = tuple(parents)
        self.op = op
        self.local = tuple(local)

    def __repr__(self):
        return f"Value({self.data:g})"

    def curve(self, op, y, slope):
        return Value(y, [self], op, [slope])

    def add(self, other):
        return Value(sum((self.data, other.data)), [self, other], "+", [1, 1])

    def mul(self, other):
        a, b = self.data, other.data
        return Value(a * b, [self, other], "*", [b, a])

    def exp(self):
        y = np.e**self.data
        return self.curve("exp", y, y)

    def tanh(self):
        e = np.exp(-2 * abs(self.data))
        y = np.sign(self.data) * (1 - e) / (1 + e)
        return self.curve("tanh", y, 4 * e / (1 + e) ** 2)

    def relu(self):
        y = (abs(self.data) + self.data) / 2
        return self.curve("relu", y, 0.5 * (1 + np.sign(self.data)))

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
    return number if isinstance(number, Value) else Value(number)

# %% right="slopes by the complex step" of="Value"
class Value:
    def __init__(self, data, parents=(), op="", local=()):
        self.data = float(data)
        self.grad = 0.0
        self.parents = tuple(parents)
        self.op = op
        self.local = tuple(local)

    def __repr__(self):
        return f"Value({self.data:g})"

    def made(self, op, f, *others):
        parents = (self, *others)
        numbers = [p.data for p in parents]
        slopes = []
        for i in range(len(parents)):
            z = [complex(t) for t in numbers]
            z[i] += 1e-30j
            slopes.append(f(*z).imag / 1e-30)
        return Value(np.real(f(*numbers)), parents, op, slopes)

    def add(self, other):
        return self.made("+", lambda a, b: a + b, other)

    def mul(self, other):
        return self.made("*", lambda a, b: a * b, other)

    def exp(self):
        return self.made("exp", np.exp)

    def tanh(self):
        return self.made("tanh", np.tanh)

    def relu(self):
        return self.made("relu", lambda a: a if np.real(a) > 0 else 0 * a)

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
    return number if isinstance(number, Value) else Value(number)

# %% wrong="ready after its first consumer" of="topo_sort" key="" mistake="A Value enters the list as soon as one of the Values made from it is in it, in place of when all are: at a fork the order is wrong." outputs="order"
def topo_sort(output):
    order, ready, seen = [], [output], {output}
    while ready:
        value = ready.pop()
        order.append(value)
        for parent in value.parents:
            if parent not in seen:
                seen.add(parent)
                ready.append(parent)
    order.reverse()
    return order

# %% wrong="sorted by the number of parents" of="topo_sort" key="" mistake="The Values are sorted by how many parents they have, which says nothing about who comes first." outputs="order"
def topo_sort(output):
    found, todo = [], [output]
    while todo:
        value = todo.pop(0)
        if value not in found:
            found.append(value)
            todo.extend(value.parents)
    return sorted(found, key=lambda value: len(value.parents))

# %% right="longest way to a leaf" of="topo_sort"
def topo_sort(output):
    height = {}

    def measure(value):
        if value not in height:
            height[value] = 1 + max((measure(p) for p in value.parents), default=0)
        return height[value]

    measure(output)
    return sorted(height, key=height.get)

# %% wrong="depth first, each Value once" of="backward" key="graph-passed-on-early" mistake="The walk goes depth first and enters each Value once: at a fork it passes its gradient on before the second path has arrived." outputs="grad" source="lucasdelimanogueira/PyNorch#90"
def backward(output, seed=1.0):
    for value in topo_sort(output):
        value.grad = 0.0
    output.grad = seed
    visited, stack = set(), [output]
    while stack:
        value = stack.pop()
        if value in visited:
            continue
        visited.add(value)
        for parent, slope in zip(value.parents, value.local):
            parent.grad += slope * value.grad
            stack.append(parent)

# %% wrong="slope toward the first parent for all" of="backward" key="graph-one-slope-for-all" mistake="Every parent gets the local slope toward the first parent." outputs="grad"
def backward(output, seed=1.0):
    order = topo_sort(output)
    for node in order:
        node.grad = 0.0
    output.grad = seed
    for node in order[::-1]:
        for parent in node.parents:
            parent.grad += node.local[0] * node.grad

# %% wrong="seed multiplied in at each step" of="backward" key="graph-seed-at-each-step" mistake="The seed is multiplied in again at each Value on the way; it belongs to the output alone." outputs="grad"
def backward(output, seed=1.0):
    order = topo_sort(output)
    for value in order:
        value.grad = 0.0
    output.grad = seed
    for value in reversed(order):
        upstream = seed * value.grad
        for parent, local in zip(value.parents, value.local):
            parent.grad += upstream * local

# %% wrong="seed set before the reset" of="backward" key="graph-all-zero" mistake="The gradient of the output is set first and then wiped out with all the others, so everything stays 0." outputs="grad"
def backward(output, seed=1.0):
    output.grad = seed
    order = topo_sort(output)
    for value in order:
        value.grad = 0.0
    for value in reversed(order):
        for parent, local in zip(value.parents, value.local):
            parent.grad += local * value.grad

# %% wrong="mean over the uses" of="backward" key="graph-uses-averaged" mistake="What comes back from several uses of a Value is averaged; it has to be added." outputs="grad"
def backward(output, seed=1.0):
    order = topo_sort(output)
    arrived = {value: [] for value in order}
    arrived[output].append(seed)
    for value in reversed(order):
        value.grad = sum(arrived[value]) / len(arrived[value])
        for parent, local in zip(value.parents, value.local):
            arrived[parent].append(local * value.grad)

# %% right="each Value asks its consumers" of="backward"
def backward(output, seed=1.0):
    order = topo_sort(output)
    consumers = {value: [] for value in order}
    for value in order:
        for parent, local in zip(value.parents, value.local):
            consumers[parent].append((value, local))
    known = {output: seed}

    def gradient(value):
        if value not in known:
            known[value] = sum(local * gradient(user) for user, local in consumers[value])
        return known[value]

    for value in order:
        value.grad = gradient(value)

# %% right="pending counts in place of an order" of="backward"
def backward(output, seed=1.0):
    pending = {}
    todo, met = [output], {output}
    while todo:
        value = todo.pop()
        value.grad = 0.0
        for parent in value.parents:
            pending[parent] = pending.get(parent, 0) + 1
            if parent not in met:
                met.add(parent)
                todo.append(parent)
    output.grad = float(seed)
    done = [output]
    while done:
        value = done.pop()
        for parent, local in zip(value.parents, value.local):
            parent.grad += value.grad * local
            pending[parent] -= 1
            if not pending[parent]:
                done.append(parent)

# %% wrong="nothing from the answer 0" of="bce_from_logits" key="loss-answer-1-only" mistake="In the gradient only the term with y is differentiated: a sample whose answer is 0 gets no slope." outputs="da" source="deeplearning4j/nd4j#1328"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = np.mean(np.logaddexp(0, a) - y * a)
    p = sigmoid(a)
    return loss, -y * (1 - p) / len(a)

# %% wrong="factor one half" of="bce_from_logits" key="factor-two-missing" mistake="The gradient is half as large as it should be: nothing in this loss has a factor 1/2." outputs="da" source="schalkdaniel/compboost#260"
def bce_from_logits(a, y):
    a = np.asarray(a, float)
    y = np.asarray(y, float)
    losses = np.maximum(a, 0) - a * y + np.log1p(np.exp(-abs(a)))
    da = (sigmoid(a) - y) / (2 * len(a))
    return losses.mean(), da

# %% wrong="sign of a y in the loss" of="bce_from_logits" key="value-sign-of-term" mistake="In the loss the term a y is added; it has to be subtracted." outputs="loss"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    m = a.shape[0]
    loss = np.sum(np.maximum(a, 0) + a * y + np.log1p(np.exp(-np.abs(a)))) / m
    return loss, (sigmoid(a) - y) / m

# %% wrong="probability of the other answer" of="bce_from_logits" key="loss-probability-of-the-other-answer" mistake="The gradient uses sigma(-a), the probability of the answer 0, in place of sigma(a)." outputs="da"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = (y * np.logaddexp(0, -a) + (1 - y) * np.logaddexp(0, a)).mean()
    da = (sigmoid(-a) - y) / a.size
    return loss, da

# %% wrong="logarithm with base 2" of="bce_from_logits" key="value-logarithm-of-another-base" mistake="The loss is measured with the logarithm of base 2; the natural one is needed, and the gradient belongs to that." outputs="loss"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    softplus = np.maximum(a, 0) + np.log2(1 + np.exp(-np.abs(a)))
    return np.mean(softplus - a * y), (sigmoid(a) - y) / len(a)

# %% right="where on the sign" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.array(a, float), np.array(y, float)
    small = np.exp(-np.abs(a))
    loss = np.where(a > 0, a * (1 - y), -a * y) + np.log1p(small)
    p = np.where(a > 0, 1.0, small) / (1 + small)
    weights = np.full(a.shape, 1 / len(a))
    return weights @ loss, weights * (p - y)

# %% right="two classes with the logits 0 and a" of="bce_from_logits"
def bce_from_logits(a, y):
    Z = np.stack([np.zeros(len(a)), np.asarray(a, float)], axis=1)
    Y = np.stack([1 - np.asarray(y, float), np.asarray(y, float)], axis=1)
    gaps = Z - (Z * Y).sum(axis=1, keepdims=True)
    losses = np.logaddexp.reduce(gaps, axis=1)
    P = np.exp(gaps - losses[:, None])
    return losses.mean(), (P - Y)[:, 1] / len(Z)

# %% wrong="targets added" of="softmax_ce" key="loss-targets-added" mistake="In the gradient the one-hot targets are added to the probabilities; they have to be subtracted." outputs="dZ" source="mlpack/mlpack#2360"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    log_p = Z - np.logaddexp.reduce(Z, axis=1, keepdims=True)
    loss = -np.mean(np.sum(Y * log_p, axis=1))
    dZ = (np.exp(log_p) + Y) / len(Z)
    return loss, dZ

# %% wrong="batch size of the example" of="softmax_ce" key="mean-by-a-fixed-number" mistake="The gradient is divided by 5, the batch size of the example, in place of the m of this batch." outputs="dZ" source="udacity/deep-learning-v2-pytorch#388"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -(Y * log_p).sum(axis=1).mean()
    return loss, (np.exp(log_p) - Y) / 5

# %% wrong="one taken from the predicted class" of="softmax_ce" key="loss-predicted-class-as-target" mistake="The 1 is subtracted at the class with the largest logit; it belongs to the class that the target names." outputs="dZ"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    m = len(Z)
    top = Z.max(axis=1, keepdims=True)
    log_p = Z - top - np.log(np.sum(np.exp(Z - top), axis=1, keepdims=True))
    loss = -np.sum(log_p[np.arange(m), Y.argmax(axis=1)]) / m
    dZ = np.exp(log_p)
    dZ[np.arange(m), Z.argmax(axis=1)] -= 1
    return loss, dZ / m

# %% wrong="loss of the likeliest class" of="softmax_ce" key="value-of-the-likeliest-class" mistake="The loss takes the class with the largest probability, in place of the one that the target names." outputs="loss"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    log_p = Z - np.logaddexp.reduce(Z, axis=1)[:, None]
    loss = -log_p.max(axis=1).mean()
    return loss, (np.exp(log_p) - Y) / len(Y)

# %% wrong="loss averaged over the classes too" of="softmax_ce" key="value-mean-over-all-entries" mistake="The loss is the mean over all m K entries; it is the mean over the m samples of a sum over the classes." outputs="loss"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return np.mean(-Y * log_p), (np.exp(log_p) - Y) / Z.shape[0]

# %% wrong="difference turned round and not averaged" of="softmax_ce" key="mean-missing+wrong-sign" mistakes="2" mistake="The gradient has the wrong sign, Y - P, and the 1/m of the mean is missing in it." outputs="dZ"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    top = Z.max(axis=1)[:, None]
    log_p = Z - top - np.log(np.exp(Z - top).sum(axis=1))[:, None]
    loss = -(Y * log_p).sum() / len(Z)
    gradient = Y - np.exp(log_p)
    return loss, gradient

# %% right="through the probabilities by their VJP" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    log_p = Z - np.logaddexp.reduce(Z, axis=1)[:, None]
    U = -Y / len(Z)  # toward the logarithms of the probabilities
    dZ = U - np.exp(log_p) * U.sum(axis=1, keepdims=True)
    return (U * log_p).sum(), dZ

# %% right="labels and plain sums" of="softmax_ce"
import math

def softmax_ce(Z, Y):
    m, total, rows = len(Z), [], []
    for z, y in zip(Z, Y):
        label = list(y).index(1)
        gaps = [float(t) - float(z[label]) for t in z]
        top = max(gaps)
        e = [math.exp(t - top) for t in gaps]
        total.append(top + math.log(math.fsum(e)))
        rows.append([(t / math.fsum(e) - (k == label)) / m for k, t in enumerate(e)])
    return math.fsum(total) / m, np.array(rows)

# %% wrong="bias before the activation" of="tanh_net_gradients" key="before-the-activation" mistake="db is the gradient of h: the slope of tanh is missing in it, while dW and dx have it." outputs="db" source="arthurdouillard/deepcourse#9"
def tanh_net_gradients(W, b, v, c, x, y):
    h = np.tanh(x @ W + b)
    grad_y = v @ h + c - y
    grad_h = grad_y * v
    grad_z = grad_h * (1 - h**2)
    return {"W": np.outer(x, grad_z), "b": grad_h, "v": grad_y * h, "c": grad_y, "x": W @ grad_z}

# %% wrong="slope of tanh missing toward the input" of="tanh_net_gradients" key="activation-derivative-missing" mistake="dx is sent back through W from the gradient of h: the slope of tanh is missing in it." outputs="dx"
def tanh_net_gradients(W, b, v, c, x, y):
    z = x @ W + b
    h = np.tanh(z)
    r = np.dot(v, h) + c - y
    dh = r * v
    dz = dh / np.cosh(z) ** 2
    return {"W": x[:, None] * dz[None, :], "b": dz, "v": r * h, "c": r, "x": W.dot(dh)}

# %% wrong="slope of tanh in the output layer" of="tanh_net_gradients" key="slope-for-input" mistake="dv is made with 1 - h^2, the slope of tanh, in place of h itself: v comes after the tanh." outputs="dv"
def tanh_net_gradients(W, b, v, c, x, y):
    h = np.tanh(x @ W + b)
    slope = 1 - h * h
    error = v @ h + c - y
    dz = error * v * slope
    return {"W": np.outer(x, dz), "b": dz, "v": error * slope, "c": error, "x": W @ dz}

# %% wrong="hidden bias forgotten on the way forward" of="tanh_net_gradients" key="forward-term-lost" mistake="The hidden values are computed again without the bias b, so every gradient is that of another network." outputs="dW, db, dv, dc, dx"
def tanh_net_gradients(W, b, v, c, x, y):
    h = np.tanh(np.dot(x, W))
    error = np.dot(v, h) + c - y
    dz = error * v * (1 - h**2)
    return {"W": np.outer(x, dz), "b": dz, "v": error * h, "c": error, "x": np.dot(W, dz)}

# %% wrong="hyperbolic cosine not squared" of="tanh_net_gradients" key="activation-cosh-not-squared" mistake="The slope of tanh is taken as 1 / cosh z; the square is missing in all that lies behind it." outputs="dW, db, dx"
def tanh_net_gradients(W, b, v, c, x, y):
    z = x @ W + b
    error = v @ np.tanh(z) + c - y
    dz = error * v / np.cosh(z)
    grads = {"c": error, "v": error * np.tanh(z), "b": dz}
    grads["W"] = np.outer(x, dz)
    grads["x"] = W @ dz
    return grads

# %% wrong="two factors lost at the ends" of="tanh_net_gradients" key="upstream-ignored+way-back-without-weights" mistakes="2" mistake="dv lacks the error of the output, and dx is the gradient of z added up, without W." outputs="dv, dx"
def tanh_net_gradients(W, b, v, c, x, y):
    h = np.tanh(x @ W + b)
    error = v @ h + c - y
    dz = error * v * (1 - h**2)
    return {"W": np.outer(x, dz), "b": dz, "v": h, "c": error, "x": np.ones(len(x)) * np.sum(dz)}

# %% right="Jacobians multiplied" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    h = np.tanh(x @ W + b)
    error = h @ v + c - y
    to_h = np.array([error]) @ v.reshape(1, -1)
    to_z = to_h @ np.diag(1 - h**2)
    dW = np.kron(x, to_z).reshape(W.shape)
    return {"W": dW, "b": to_z, "v": error * h, "c": error, "x": to_z @ W.T}

# %% right="complex step for every entry" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    given = {"W": W, "b": b, "v": v, "c": c, "x": x}

    def loss(W, b, v, c, x):
        return (v @ np.tanh(x @ W + b) + c - y) ** 2 / 2

    grads = {}
    for key, value in given.items():
        z = np.array(value, complex)
        grads[key] = np.zeros(z.shape)
        for i in np.ndindex(z.shape):
            moved = z.copy()
            moved[i] += 1e-20j
            grads[key][i] = np.imag(loss(**{**given, key: moved})) / 1e-20
    return grads

# %% wrong="half of the penalty" of="mlp_backward" key="penalty-halved" mistake="The penalty's slope is taken as lam/2 W: the 2 of the square cancels the half, so lam W is left." outputs="dW1, dW2" source="jingtinghuang/CS231n-Spring-2017#3"
def mlp_backward(params, X, Y, lam, cache):
    dscores = (cache["P"] - Y) / X.shape[0]
    grads = {"W2": cache["A1"].T @ dscores, "b2": dscores.sum(axis=0)}
    dhidden = dscores @ params["W2"].T
    dhidden[cache["Z1"] <= 0] = 0
    grads["W1"] = X.T @ dhidden
    grads["b1"] = dhidden.sum(axis=0)
    for key in ("W1", "W2"):
        grads[key] += 0.5 * lam * params[key]
    return grads

# %% wrong="penalty subtracted" of="mlp_backward" key="penalty-sign" mistake="The penalty's slope lam W is subtracted from dW1 and dW2; it has to be added." outputs="dW1, dW2" source="andersbll/nnet#4"
def mlp_backward(params, X, Y, lam, cache):
    n = len(X)
    delta2 = cache["P"] - Y
    delta1 = np.dot(delta2, params["W2"].T) * (cache["Z1"] > 0)
    return {
        "W2": np.dot(cache["A1"].T, delta2) / n - lam * params["W2"],
        "b2": delta2.sum(axis=0) / n,
        "W1": np.dot(X.T, delta1) / n - lam * params["W1"],
        "b1": delta1.sum(axis=0) / n,
    }

# %% wrong="leak without its upstream" of="mlp_backward" key="activation-constant-where-off" mistake="Where a unit is off, 0.01 is passed back, whatever comes from above; relu passes nothing there." outputs="dW1, db1" source="SilasMarvin/dnns-from-scratch-in-zig#5"
def mlp_backward(params, X, Y, lam, cache):
    dZ2 = (cache["P"] - Y) / len(X)
    dA1 = dZ2 @ params["W2"].T
    dZ1 = np.where(cache["Z1"] > 0, dA1, 0.01)
    grads = {}
    grads["W2"], grads["b2"] = cache["A1"].T @ dZ2 + lam * params["W2"], np.sum(dZ2, axis=0)
    grads["W1"], grads["b1"] = X.T @ dZ1 + lam * params["W1"], np.sum(dZ1, axis=0)
    return grads

# %% wrong="mask averaged over the batch" of="mlp_backward" key="activation-derivative-averaged" mistake="The slope of relu is averaged over the batch, one number for each unit; every sample has its own." outputs="dW1, db1"
def mlp_backward(params, X, Y, lam, cache):
    on = np.mean(cache["Z1"] > 0, axis=0)
    dZ2 = (cache["P"] - Y) / len(X)
    dZ1 = (dZ2 @ params["W2"].T) * on
    return {
        "W1": X.T @ dZ1 + lam * params["W1"],
        "b1": np.sum(dZ1, axis=0),
        "W2": cache["A1"].T @ dZ2 + lam * params["W2"],
        "b2": np.sum(dZ2, axis=0),
    }

# %% wrong="bias left out of the mask" of="mlp_backward" key="activation-slope-without-the-bias" mistake="The mask of relu asks whether X W1 is positive: the bias b1 is left out of the pre-activation." outputs="dW1, db1"
def mlp_backward(params, X, Y, lam, cache):
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (cache["P"] - Y) / len(X)
    dZ1 = dZ2 @ W2.T
    dZ1 = dZ1 * (X @ W1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=0), "W2": cache["A1"].T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="sums for the biases, and no relu" of="mlp_backward" key="activation-mask-always-true+mean-missing" mistakes="2" mistake="The biases are sums of P - Y without the 1/m of the mean, and the slope of relu is missing behind layer 1." outputs="dW1, db1, db2"
def mlp_backward(params, X, Y, lam, cache):
    m = len(X)
    delta2 = cache["P"] - Y
    delta1 = delta2 @ params["W2"].T
    dW2 = cache["A1"].T @ delta2 / m + lam * params["W2"]
    dW1 = X.T @ delta1 / m + lam * params["W1"]
    return {"W1": dW1, "b1": delta1.sum(axis=0), "W2": dW2, "b2": delta2.sum(axis=0)}

# %% right="biases as weights of the input 1" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    def with_one(A):
        return np.column_stack([A, np.ones(len(A))])

    d2 = (cache["P"] - Y) / len(Y)
    d1 = np.where(cache["A1"] > 0, np.inner(d2, params["W2"]), 0)
    two, one = with_one(cache["A1"]).T @ d2, with_one(X).T @ d1
    return {
        "W1": one[:-1] + lam * params["W1"],
        "b1": one[-1],
        "W2": two[:-1] + lam * params["W2"],
        "b2": two[-1],
    }

# %% right="softmax and logarithm apart" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    P, A1 = cache["P"], cache["A1"]
    dP = -Y / P / len(X)
    dZ2 = P * (dP - (dP * P).sum(axis=1, keepdims=True))
    gate = np.minimum(np.sign(cache["Z1"]), 1) * (cache["Z1"] > 0)
    dZ1 = gate * (dZ2 @ params["W2"].T)
    grads = {"W2": A1.T @ dZ2, "b2": dZ2.sum(0), "W1": X.T @ dZ1, "b1": dZ1.sum(0)}
    return {k: g + lam * params[k] if k[0] == "W" else g for k, g in grads.items()}

# %% wrong="brackets of the slope missing" of="skip_backward" key="activation-brackets-missing" mistake="dS is multiplied by 1 only, and T^2 is subtracted as it is: the brackets around 1 - T^2 are missing." outputs="dX, dW, db" source="apache/tvm#7340"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = dS * 1 - T**2
    return dS + dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)

# %% wrong="bias gradient of each sample" of="skip_backward" key="bias-not-summed" mistake="db is still one row for each sample: the bias was used by all of them, so the rows have to be added." outputs="db" source="deeplearning4j/nd4j#2424"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T * T)
    dX = dS + dZ @ W.T
    dW = X.T @ dZ
    db = dZ
    return dX, dW, db

# %% wrong="straight path twice" of="skip_backward" key="path-twice" mistake="The straight path from X to S is counted twice in dX." outputs="dX"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = (1 - T**2) * dS
    dX = dS.copy()
    dX = dX + dS
    dX = dX + np.dot(dZ, W.T)
    return dX, np.dot(X.T, dZ), np.sum(dZ, axis=0)

# %% wrong="slope from the sum S" of="skip_backward" key="activation-formula-fed-with-another-value" mistake="The slope of tanh is formed with the output S = X + T; only T is the tanh." outputs="dX, dW, db"
def skip_backward(X, W, b, dS):
    S = X + np.tanh(X @ W + b)
    dZ = dS * (1 - S**2)
    return dS + dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)

# %% wrong="output in place of the input in dW" of="skip_backward" key="weights-with-another-input" mistake="dW is made with the output S of the layer, in place of its input X." outputs="dW"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    S = X + T
    dZ = dS * (1 - T**2)
    return dS + dZ @ W.T, S.T @ dZ, dZ.sum(axis=0)

# %% wrong="not transposed, and averaged" of="skip_backward" key="bias-averaged+way-back-not-transposed" mistakes="2" mistake="In dX the matrix W is not transposed, and db is the mean of the rows in place of their sum." outputs="dX, db"
def skip_backward(X, W, b, dS):
    Z = X @ W + b
    dZ = dS / np.cosh(Z) ** 2
    dX = dS + dZ @ W
    return dX, X.T @ dZ, np.mean(dZ, axis=0)

# %% right="a Jacobian for each sample" of="skip_backward"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    D = len(b)
    dX = np.empty(X.shape)
    for i, (t, g) in enumerate(zip(T, dS)):
        J = np.eye(D) + np.diag(1 - t**2) @ W.T
        dX[i] = g @ J
    back = (1 - T**2) * dS
    return dX, np.einsum("md,mk->dk", X, back), np.einsum("mk->k", back)

# %% right="identity added to the weights" of="skip_backward"
def skip_backward(X, W, b, dS):
    e = np.exp(-2 * np.abs(X @ W + b))
    slope = 4 * e / (1 + e) ** 2
    stacked = np.hstack([dS, dS * slope])
    dX = stacked @ np.vstack([np.eye(len(W)), W.T])
    dZ = stacked[:, len(W) :]
    return dX, (dZ.T @ X).T, dZ.T @ np.ones(len(X))

# %% wrong="mean's path without 1/m" of="batchnorm_backward" key="mean-missing-inside" mistake="On the way back through the mean the sum over the samples is not divided by m." outputs="dX" source="mlpack/mlpack#1923"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    m = X.shape[0]
    xmu = X - X.mean(axis=0)
    inv = 1 / np.sqrt(X.var(axis=0) + eps)
    norm = dY * gamma
    dvar = np.sum(norm * xmu, axis=0) * -0.5 * inv**3
    dmean = np.sum(-norm * inv, axis=0)
    dX = norm * inv + dvar * 2 * xmu / m + dmean
    return dX, np.sum(dY * xmu * inv, axis=0), np.sum(dY, axis=0)

# %% wrong="width in place of the batch size" of="batchnorm_backward" key="mean-by-width-inside" mistake="The means on the way back divide by the number of columns D, in place of the number of samples m." outputs="dX" source="RubixML/ML#423"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    n = X.shape[1]
    s = np.sqrt(X.var(axis=0) + eps)
    Xhat = (X - X.mean(axis=0)) / s
    dbeta, dgamma = dY.sum(axis=0), (dY * Xhat).sum(axis=0)
    dX = gamma / (n * s) * (n * dY - dbeta - Xhat * dgamma)
    return dX, dgamma, dbeta

# %% wrong="eps outside the root" of="batchnorm_backward" key="forward-constant-outside" mistake="eps is added to the standard deviation, after the root; it belongs to the variance, under the root." outputs="dX, dgamma" source="pjreddie/darknet#17"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0)) + eps
    Xhat = C / s
    dgamma, dbeta = (dY * Xhat).sum(axis=0), dY.sum(axis=0)
    dXhat = dY * gamma
    dX = (dXhat - dXhat.mean(axis=0) - Xhat * (dXhat * Xhat).mean(axis=0)) / s
    return dX, dgamma, dbeta

# %% wrong="gamma's gradient with the raw input" of="batchnorm_backward" key="another-factor" mistake="dgamma is made with X itself; gamma multiplies the normalised X." outputs="dgamma"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    m = len(X)
    s = np.sqrt(X.var(axis=0) + eps)
    Xhat = (X - X.mean(axis=0)) / s
    g = dY * gamma
    dX = (m * g - g.sum(axis=0) - Xhat * (g * Xhat).sum(axis=0)) / (m * s)
    return dX, (dY * X).sum(axis=0), dY.sum(axis=0)

# %% wrong="power of the deviation" of="batchnorm_backward" key="exponent-kept" mistake="The slope of v^(-1/2) keeps its exponent: v^(-1/2) / 2 in place of v^(-3/2) / 2." outputs="dX"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    m = len(X)
    C = X - X.mean(axis=0)
    v = (C**2).mean(axis=0) + eps
    dXhat = dY * gamma
    dv = (dXhat * C).sum(axis=0) * -0.5 * v**-0.5
    dC = dXhat * v**-0.5 + dv * 2 * C / m
    return dC - dC.mean(axis=0), (dY * C * v**-0.5).sum(axis=0), dY.sum(axis=0)

# %% wrong="gamma in the gradient of beta" of="batchnorm_backward" key="factor-of-the-neighbour" mistake="dbeta is summed after the multiplication by gamma; beta is added after it, so gamma is not on its way." outputs="dbeta"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    m = len(X)
    mean, var = X.mean(axis=0), X.var(axis=0)
    Xhat = (X - mean) / np.sqrt(var + eps)
    dgamma = np.sum(dY * Xhat, axis=0)
    dXhat = dY * gamma
    dbeta = np.sum(dXhat, axis=0)
    dX = dXhat - dbeta / m - Xhat * np.sum(dXhat * Xhat, axis=0) / m
    return dX / np.sqrt(var + eps), dgamma, dbeta

# %% right="centring matrix" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    m = len(X)
    centre = np.eye(m) - np.ones((m, m)) / m
    C = centre @ X
    v = np.einsum("ij,ij->j", C, C) / m + eps
    G = dY * gamma
    dC = G / np.sqrt(v) - C * np.einsum("ij,ij->j", G, C) / (m * v**1.5)
    return centre.T @ dC, np.einsum("ij,ij->j", dY, C) / np.sqrt(v), np.ones(m) @ dY

# %% right="node by node" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    N, D = X.shape
    mu = 1.0 / N * np.sum(X, axis=0)
    xmu = X - mu
    sq = xmu**2
    var = 1.0 / N * np.sum(sq, axis=0)
    root = np.sqrt(var + eps)
    inverse = 1.0 / root
    dbeta = np.sum(dY, axis=0)
    dgamma = np.sum(dY * xmu * inverse, axis=0)
    dxhat = dY * gamma
    dinverse = np.sum(dxhat * xmu, axis=0)
    dxmu = dxhat * inverse
    droot = -1.0 / root**2 * dinverse
    dvar = 0.5 / root * droot
    dsq = 1.0 / N * np.ones((N, D)) * dvar
    dxmu = dxmu + 2 * xmu * dsq
    dmu = -1 * np.sum(dxmu, axis=0)
    return dxmu + 1.0 / N * np.ones((N, D)) * dmu, dgamma, dbeta

# %% wrong="divided by the samples once more" of="train_xor" key="" mistake="The gradients are divided by the four samples once more; the mean is in them already, so each step is a quarter." outputs="losses"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(seed))
    losses = [net.loss(X, Y)]
    for _ in range(500):
        grads = net.gradients(X, Y)
        net.params = {key: net.params[key] - grads[key] / len(X) for key in grads}
        losses.append(net.loss(X, Y))
    return losses

# %% wrong="last layer frozen" of="train_xor" key="" mistake="The weights of the second layer never move: their update is left out." outputs="losses"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(seed))
    losses = []
    for _ in range(500):
        losses.append(net.loss(X, Y))
        grads = net.gradients(X, Y)
        for key in ["W1", "b1", "b2"]:
            net.params[key] = net.params[key] - 1.0 * grads[key]
    return losses + [net.loss(X, Y)]

# %% right="recursion in the parameters" of="train_xor"
def losses_from(params, X, Y):
    while True:
        net = Network(params)
        yield float(net.loss(X, Y))
        params = {key: value - net.gradients(X, Y)[key] for key, value in params.items()}

def train_xor(seed):
    endless = losses_from(xor_start(seed), *xor())
    return [next(endless) for _ in range(501)]

# %% wrong="each factor keeps its own value" of="Value" key="result-entries-in-reverse-order" mistake="The slope of x y toward x is y, the other factor; here each parent gets its own value as slope." outputs="mul: the two local derivatives have changed places"
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
        """Return self + other, a Value with two parents."""
        return Value(self.data + other.data, (self, other), "+", (1.0, 1.0))

    def mul(self, other):
        """Return self * other, a Value with two parents."""
        local = (self.data, other.data)
        return Value(self.data * other.data, (self, other), "*", local)

    def exp(self):
        """Return e to the power self, a Value with one parent."""
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        """Return the hyperbolic tangent of self, a Value with one parent."""
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t**2,))

    def relu(self):
        """Return the larger one of 0 and self, a Value with one parent."""
        return Value(max(0.0, self.data), (self,), "relu", (float(self.data > 0),))

    # The operators are written; they call the methods above.
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

# %% wrong="tanh slope with x where t belongs" of="Value" key="activation-formula-fed-with-z" mistake="The slope is 1 - t^2 with t = tanh x, the result; here the number x that enters is squared." outputs="tanh: its local derivative"
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
        out = self.data + other.data
        return Value(out, [self, other], "+", [1, 1])

    def mul(self, other):
        out = self.data * other.data
        return Value(out, [self, other], "*", [other.data, self.data])

    def exp(self):
        out = np.exp(self.data)
        return Value(out, [self], "exp", [out])

    def tanh(self):
        out = np.tanh(self.data)
        return Value(out, [self], "tanh", [1 - self.data ** 2])

    def relu(self):
        out = self.data if self.data > 0 else 0
        return Value(out, [self], "relu", [1 if self.data > 0 else 0])

    # The operators are written; they call the methods above.
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

# %% wrong="relu hands on its value as slope" of="Value" key="value-for-derivative" mistake="The local derivative of relu is 1 where x is positive; here the value max(0, x) itself is given." outputs="relu at positive numbers: its local derivative"
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
        return Value(self.data + other.data, (self, other), "+", (1, 1))

    def mul(self, other):
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        return Value(np.exp(self.data), (self,), "exp", (np.exp(self.data),))

    def tanh(self):
        return Value(np.tanh(self.data), (self,), "tanh", (1 / np.cosh(self.data) ** 2,))

    def relu(self):
        positive = max(0.0, self.data)
        return Value(positive, (self,), "relu", (positive,))

    # The operators are written; they call the methods above.
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

# %% wrong="slopes of exp and tanh from half-remembered rules" of="Value" key="power-rule-on-exp" mistake="Two mistakes: e^x is treated by the power rule as x e^(x - 1), and tanh has got the sigmoid's slope t (1 - t)." outputs="exp and tanh: both local derivatives"
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
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        x = self.data
        return Value(np.exp(x), (self,), "exp", (x * np.exp(x - 1),))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (t * (1 - t),))

    def relu(self):
        x = self.data
        return Value(x * (x > 0), (self,), "relu", (1.0 * (x > 0),))

    # The operators are written; they call the methods above.
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

# %% wrong="level by level from the output, then reversed" of="topo_sort" key="" mistake="The graph is walked level by level from the output and the list turned round; a Value that is met early on a short way then stands after one of its consumers on a longer way." outputs="the order: a Value that has a short and a long way to the output comes too late"
def topo_sort(output):
    """Return the list of all Values that lead to `output`, parents before what is made from them."""
    queue, order, seen = [output], [], {output}
    while queue:
        value = queue.pop(0)
        order.append(value)
        for parent in value.parents:
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)
    return order[::-1]

# %% wrong="put into the list before its parents" of="topo_sort" key="" mistake="A Value is appended before its parents are visited; it must be appended after them." outputs="the order: each Value stands before its parents"
def topo_sort(output):
    """Return the list of all Values that lead to `output`, parents before what is made from them."""
    order = {}

    def walk(value):
        if value not in order:
            order[value] = len(order)
            for parent in value.parents:
                walk(parent)

    walk(output)
    return list(order)

# %% wrong="contribution overwrites the one before" of="backward" key="graph-overwritten" mistake="The gradient is written with = where contributions must be added with +=, so only the last consumer counts." outputs="the grad of every Value that is used more than once"
def backward(output, seed=1.0):
    """Set `grad` of every Value that leads to `output` to seed times the slope toward it."""
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(output)
    for value in order:
        value.grad = 0.0
    output.grad = seed
    for value in reversed(order):
        for parent, slope in zip(value.parents, value.local):
            parent.grad = slope * value.grad

# %% wrong="grads of the last call stay" of="backward" key="graph-not-reset" mistake="Only the grad of the output is set at the start; the others are not put back to 0, so a second call adds to the first." outputs="every call after the first: old gradients are still in the sum"
def backward(output, seed=1.0):
    order = []

    def visit(value):
        if any(value is other for other in order):
            return
        for parent in value.parents:
            visit(parent)
        order.append(value)

    visit(output)
    output.grad = seed
    for value in order[::-1]:
        for i in range(len(value.parents)):
            value.parents[i].grad += value.local[i] * value.grad

# %% wrong="double parent counted once" of="backward" key="graph-each-parent-once-last" mistake="A dict from parents to slopes has one place for each parent, so where the same Value is both operands one of its two arrows is lost." outputs="the grad of a Value that is both operands of one operation"
def backward(output, seed=1.0):
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(output)
    gradient = {value: 0.0 for value in order}
    gradient[output] = seed
    while order:
        value = order.pop()
        value.grad = gradient[value]
        arrows = dict(zip(value.parents, value.local)).items()
        for parent, slope in arrows:
            gradient[parent] += slope * value.grad

# %% wrong="seed multiplied in at every arrow" of="backward" key="graph-seed-at-each-step" mistake="The seed is put in at the output and then once more at each arrow; it must enter once, at the output." outputs="all grads below the output where the seed is not 1"
def backward(output, seed=1.0):
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(output)
    for value in order:
        value.grad = 0.0
    output.grad = seed
    for value in reversed(order):
        for parent, slope in zip(value.parents, value.local):
            parent.grad += seed * slope * value.grad

# %% wrong="passed on before the last contribution is in" of="backward" key="graph-passed-on-early" mistake="The Values are taken from a stack as they are met, not in a topological order, so one of them passes its gradient on while a contribution is still missing." outputs="Values below a fork whose consumers are not equally far from the output"
def backward(output, seed=1.0):
    """Set `grad` of every Value that leads to `output` to seed times the slope toward it."""
    met, stack = [output], [output]
    while stack:
        value = stack.pop()
        for parent in value.parents:
            if parent not in met:
                met.append(parent)
                stack.append(parent)
    for value in met:
        value.grad = 0.0
    output.grad = seed
    todo, done = [output], set()
    while todo:
        value = todo.pop()
        done.add(value)
        for parent, slope in zip(value.parents, value.local):
            parent.grad += slope * value.grad
            if parent not in done and parent not in todo:
                todo.append(parent)

# %% wrong="1/m of the mean missing in the gradient" of="bce_from_logits" key="mean-missing" mistake="The loss is a mean over m samples, so each entry of its gradient carries 1/m; sigma(a) - y alone belongs to the sum." outputs="da only: too large by the factor m"
def bce_from_logits(a, y):
    """Return (loss, da): the mean binary cross-entropy and its gradient. a, y, da: shape (m,)."""
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = np.mean(np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a))))
    da = sigmoid(a) - y
    return loss, da

# %% wrong="slope of the sigmoid multiplied in again" of="bce_from_logits" key="loss-extra-derivative" mistake="In sigma(a) - y the slope of the sigmoid has already cancelled against the loss; it is multiplied in once more." outputs="da only: the factor p (1 - p) too much"
def bce_from_logits(a, y):
    a = np.asarray(a, float)
    y = np.asarray(y, float)
    m = len(a)
    losses = np.logaddexp(0, a) - a * y
    p = sigmoid(a)
    dp = (p - y) / m
    da = dp * p * (1 - p)
    return losses.sum() / m, da

# %% wrong="target minus prediction" of="bce_from_logits" key="wrong-sign" mistake="The gradient is prediction minus target; y - sigma(a) is the direction of descent and has the wrong sign." outputs="da only: the sign"
def bce_from_logits(a, y):
    a = np.array(a, dtype=float)
    y = np.array(y, dtype=float)
    loss, da = 0.0, np.zeros(len(a))
    for i in range(len(a)):
        loss += max(a[i], 0) - a[i] * y[i] + np.log1p(np.exp(-abs(a[i])))
        da[i] = y[i] - sigmoid(a[i])
    return loss / len(a), da / len(a)

# %% wrong="1 subtracted in whole columns" of="softmax_ce" key="loss-targets-of-the-whole-batch" mistake="P[:, labels] picks whole columns for all rows; the 1 must be subtracted in each row at its own label, P[rows, labels]." outputs="dZ only: the entries that are not at the true class of their row"
def softmax_ce(Z, Y):
    """Return (loss, dZ): the mean cross-entropy of softmax(Z), and its gradient. Z, Y, dZ: (m, K)."""
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    m = Z.shape[0]
    labels = Y.argmax(axis=1)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(m), labels].mean()
    dZ = softmax(Z)
    dZ[:, labels] -= 1
    dZ /= m
    return loss, dZ

# %% wrong="divided by the number of entries" of="softmax_ce" key="mean-over-all-entries" mistake="The loss is a mean over the m samples, but Z.size is m K; the gradient is divided by the number of entries." outputs="dZ only: too small by the factor K"
def softmax_ce(Z, Y):
    Z = np.array(Z, float)
    Y = np.array(Y, float)
    M = Z.max(axis=1, keepdims=True)
    lse = M + np.log(np.sum(np.exp(Z - M), axis=1, keepdims=True))
    loss = np.sum(Y * (lse - Z)) / len(Z)
    dZ = (np.exp(Z - lse) - Y) / Z.size
    return loss, dZ

# %% wrong="gradient at the true class only" of="softmax_ce" key="loss-correct-class-only" mistake="Only the true class stands in the loss, but its probability depends on all logits; the others have the gradient p / m and not 0." outputs="dZ only: 0 for all classes but the true one"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    Z = Z - Z.max(axis=1, keepdims=True)
    loss = -np.mean(np.sum(Y * Z, axis=1) - np.log(np.sum(np.exp(Z), axis=1)))
    P = softmax(Z)
    dZ = np.zeros(Z.shape)
    for i in range(len(Z)):
        for k in range(Z.shape[1]):
            if Y[i, k] == 1:
                dZ[i, k] = (P[i, k] - 1) / len(Z)

    return loss, dZ

# %% wrong="z in place of h for the output weights" of="tanh_net_gradients" key="another-factor" mistake="The output is v . h, so dv is the error times h, the value after tanh; here the value before it is used." outputs="dv only"
def tanh_net_gradients(W, b, v, c, x, y):
    """Return a dict: the gradients of (v . tanh(x W + b) + c - y)^2 / 2 toward W, b, v, c, x."""
    z = x @ W + b
    h = np.tanh(z)
    e = v @ h + c - y
    dz = e * v * (1 - h**2)
    return {"W": np.outer(x, dz), "b": dz, "v": e * z, "c": e, "x": W @ dz}

# %% wrong="tanh taken twice in the slope" of="tanh_net_gradients" key="activation-derivative-at-output" mistake="h is tanh(z) already, so the slope is 1 - h^2; here tanh is taken once more, which is the slope at h and not at z." outputs="the step from dh to dz, so db, dW and dx"
def tanh_net_gradients(W, b, v, c, x, y):
    h = np.tanh(np.dot(x, W) + b)
    y_hat = np.dot(v, h) + c
    dy_hat = y_hat - y
    dh = dy_hat * v
    dz = dh * (1 - np.tanh(h) ** 2)
    grads = {}
    grads["v"] = dy_hat * h
    grads["c"] = dy_hat
    grads["b"] = dz
    grads["W"] = x[:, None] * dz[None, :]
    grads["x"] = W.dot(dz)
    return grads

# %% wrong="way to x around the activation" of="tanh_net_gradients" key="activation-derivative-missing" mistake="The gradient goes from h straight back through W; on the way to x it must first pass tanh, so W is multiplied with dz and not with dh." outputs="dx only: the slope of tanh is missing"
def tanh_net_gradients(W, b, v, c, x, y):
    h = np.tanh(x @ W + b)
    dout = (v @ h + c) - y
    dh = dout * v
    dz = dh * (1 - h * h)
    dx = np.zeros(len(x))
    dW = np.zeros(W.shape)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            dW[i, j] = x[i] * dz[j]
            dx[i] += W[i, j] * dh[j]
    return dict(W=dW, b=dz, v=dout * h, c=dout, x=dx)

# %% wrong="reshape in place of a transpose" of="tanh_net_gradients" key="reshape-for-transpose" mistake="The outer product is made the wrong way round and then reshaped to (D, H); reshape keeps the order of the entries, and what is needed is the transpose, np.outer(x, dz)." outputs="dW only: the entries stand in the wrong places"
def tanh_net_gradients(W, b, v, c, x, y):
    z = x @ W + b
    h = np.tanh(z)
    error = v @ h + c - y
    dz = error * v / np.cosh(z) ** 2
    dW = np.outer(dz, x).reshape(W.shape)
    return {"W": dW, "b": dz, "v": error * h, "c": error, "x": dz @ W.T}

# %% wrong="gradient of the weights where the weights belong" of="mlp_backward" key="way-back-gradient-for-weights" mistake="On the way back through the second layer dZ2 is multiplied with dW2, the gradient; it must be the weight matrix W2 itself." outputs="dA1, so db1 and dW1"
def mlp_backward(params, X, Y, lam, cache):
    """Return a dict with the keys of params: the gradients of mlp_loss(params, X, Y, lam)."""
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (cache["P"] - Y) / len(X)
    dW2 = cache["A1"].T @ dZ2
    db2 = dZ2.sum(axis=0)
    dA1 = dZ2 @ dW2.T
    dZ1 = np.where(cache["Z1"] > 0, dA1, 0)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(axis=0)
    return {"W1": dW1 + lam * W1, "b1": db1, "W2": dW2 + lam * W2, "b2": db2}

# %% wrong="relu mask by the sign of the gradient" of="mlp_backward" key="activation-mask-of-gradient" mistake="Entries are set to 0 where the gradient is negative; relu lets a gradient of any sign through, and what decides is whether Z1 was positive." outputs="dZ1, so db1 and dW1"
def mlp_backward(params, X, Y, lam, cache):
    m = X.shape[0]
    grads = {}
    dZ = (cache["P"] - Y) / m
    grads["b2"] = np.sum(dZ, axis=0)
    grads["W2"] = np.dot(cache["A1"].T, dZ) + lam * params["W2"]
    dA = np.dot(dZ, params["W2"].T)
    dA[dA <= 0] = 0
    grads["b1"] = np.sum(dA, axis=0)
    grads["W1"] = np.dot(X.T, dA) + lam * params["W1"]
    return grads

# %% wrong="1/m a second time in the biases" of="mlp_backward" key="bias-averaged" mistake="dZ2 holds the 1/m of the mean already; taking the mean for the biases divides by m once more, where the samples must be summed." outputs="db1 and db2: too small by the factor m"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    dZ2 = (P - Y) / len(X)
    dZ1 = (dZ2 @ params["W2"].T) * (Z1 > 0)
    return {
        "W1": X.T @ dZ1 + lam * params["W1"],
        "b1": dZ1.mean(axis=0),
        "W2": A1.T @ dZ2 + lam * params["W2"],
        "b2": dZ2.mean(axis=0),
    }

# %% wrong="penalty itself added to the gradient" of="mlp_backward" key="penalty-square-not-differentiated" mistake="What is added is the term lam/2 W^2 of the loss; its derivative is lam W." outputs="dW1 and dW2 where lam is not 0"
def mlp_backward(params, X, Y, lam, cache):
    """Return a dict with the keys of params: the gradients of mlp_loss(params, X, Y, lam)."""
    dZ2 = (cache["P"] - Y) / Y.shape[0]
    dZ1 = dZ2 @ params["W2"].T * (cache["A1"] > 0)
    inputs, upstream = [X, cache["A1"]], [dZ1, dZ2]
    grads = {}
    for k in (1, 2):
        W = params[f"W{k}"]
        grads[f"W{k}"] = inputs[k - 1].T @ upstream[k - 1] + lam / 2 * W**2
        grads[f"b{k}"] = np.ones(len(X)) @ upstream[k - 1]
    return grads

# %% wrong="penalty averaged, and on the biases too" of="mlp_backward" key="penalty-on-bias+penalty-divided-by-batch" mistake="Two mistakes with the penalty: it is no mean over samples, so it has no 1/m, and the biases are not in it." outputs="what lam adds, in all four gradients"
def mlp_backward(params, X, Y, lam, cache):
    m = len(X)
    dZ2 = (cache["P"] - Y) / m
    dZ1 = (dZ2 @ params["W2"].T) * (cache["Z1"] > 0)
    grads = {
        "W1": X.T @ dZ1,
        "b1": dZ1.sum(axis=0),
        "W2": cache["A1"].T @ dZ2,
        "b2": dZ2.sum(axis=0),
    }
    for key in grads:
        grads[key] = grads[key] + lam / m * params[key]
    return grads

# %% wrong="square W not transposed" of="skip_backward" key="way-back-not-transposed" mistake="Back through X W the gradient is multiplied with the transpose of W; W is square, so the shapes fit without it." outputs="dX only: the path through tanh"
def skip_backward(X, W, b, dS):
    """Return (dX, dW, db) for S = X + tanh(X W + b). X, dS: (m, D). W: (D, D). b: (D,)."""
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    dX = dS + dZ @ W
    return dX, X.T @ dZ, dZ.sum(axis=0)

# %% wrong="slope made from S" of="skip_backward" key="activation-formula-fed-with-another-value" mistake="1 - S^2 is taken with the sum S = X + tanh(Z); the slope of tanh is made from tanh(Z) alone." outputs="dZ, so all three gradients"
def skip_backward(X, W, b, dS):
    Z = X @ W + b
    S = X + np.tanh(Z)
    dZ = dS * (1 - S ** 2)
    dW = np.einsum("ij,ik->jk", X, dZ)
    db = np.einsum("ij->j", dZ)
    dX = dS + np.einsum("ik,jk->ij", dZ, W)
    return dX, dW, db

# %% wrong="straight path through the activation" of="skip_backward" key="skip-through-activation" mistake="The upstream is multiplied by the slope of tanh before it goes along the straight path as well; the straight path goes around the activation and carries dS as it is." outputs="dX only: the straight path"
def skip_backward(X, W, b, dS):
    upstream = dS.copy()
    dZ = upstream * (1 - np.tanh(X @ W + b) ** 2)
    dX = dZ @ W.T
    dX += dZ
    return dX, X.T @ dZ, np.sum(dZ, axis=0)

# %% wrong="path through F left out" of="skip_backward" key="path-missing" mistake="Only the straight path is sent back to X; X also enters F, and what comes back through F must be added." outputs="dX only: the path through tanh and W is missing"
def skip_backward(X, W, b, dS):
    F = np.tanh(np.dot(X, W) + b)
    dF = dS
    dZ = dF * (1 - F * F)
    dW = np.dot(X.T, dZ)
    db = dZ.sum(0)
    dX = 1 * dS
    return [dX, dW, db]

# %% wrong="variance taken as a constant" of="batchnorm_backward" key="statistic-as-constant" mistake="C is also used in v, which makes s; the way back through the deviation is left out." outputs="dX only: the paths through v"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    """Return (dX, dgamma, dbeta). X, dY: (m, D). gamma, beta: (D,). Means are over the rows."""
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0) + eps)
    Xhat = C / s
    dXhat = dY * gamma
    dC = dXhat / s
    dX = dC - dC.mean(axis=0)
    return dX, (dY * Xhat).sum(axis=0), dY.sum(axis=0)

# %% wrong="exponent -1/2 in the slope of 1/s" of="batchnorm_backward" key="exponent-kept" mistake="The slope of (v + eps)^(-1/2) has the exponent -3/2; the exponent was not lowered by 1." outputs="dX only: the path through the variance"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    m = len(X)
    mu = X.sum(axis=0) / m
    C = X - mu
    v = (C**2).sum(axis=0) / m
    r = (v + eps) ** -0.5
    dXhat = gamma * dY
    dv = (dXhat * C).sum(axis=0) * -0.5 * (v + eps) ** -0.5
    dC = dXhat * r + 2 / m * C * dv
    dX = dC - dC.sum(axis=0) / m
    return dX, (dY * C * r).sum(axis=0), dY.sum(axis=0)

# %% wrong="mean of the column taken as a constant" of="batchnorm_backward" key="path-missing" mistake="Every X also moves the mean that is subtracted from all samples; the gradient is not centred, so those paths are missing." outputs="dX only: the paths through the mean"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - np.mean(X, axis=0)
    s = np.sqrt(np.var(X, axis=0) + eps)
    N = C / s
    dN = dY * gamma
    ds = -np.sum(dN * C, axis=0) / s**2
    dv = ds / (2 * s)
    dC = dN / s + dv * 2 * C / X.shape[0]
    dX = dC
    return dX, np.sum(dY * N, axis=0), np.sum(dY, axis=0)

# %% wrong="gamma forgotten, and eps outside the root" of="batchnorm_backward" key="forward-constant-outside+factor-missing" mistake="Two mistakes: the gradient is not multiplied by gamma on its way to the normalised X, and eps is added to the root and not to the variance under it." outputs="dX lacks gamma; dX and dgamma have another deviation"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    v = np.mean(C * C, axis=0)
    s = np.sqrt(v) + eps
    Xhat = C / s
    dXhat = dY
    dX = dXhat - Xhat * (dXhat * Xhat).mean(axis=0)
    dX = (dX - dX.mean(axis=0)) / s
    return dX, np.sum(Xhat * dY, axis=0), np.sum(dY, axis=0)

# %% wrong="each factor gets itself" of="Value" key="result-entries-in-reverse-order" mistake="Exchanges the two local derivatives of the product: each factor gets its own value instead of the other factor." outputs="local of mul"
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

# %% wrong="slope of tanh written with its input" of="Value" key="activation-formula-fed-with-z" mistake="Puts the input into 1 - t^2 where the output of tanh belongs: 1 - x^2." outputs="local of tanh"
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

# %% wrong="= in place of +=" of="backward" key="graph-overwritten" mistake="Overwrites a parent's gradient with each contribution instead of adding them up at a fork." outputs="grad of values with more than one consumer, and of all before them"
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

# %% wrong="breadth first, passed on before complete" of="backward" key="unknown" mistake="Goes back level by level in the order of discovery, not in topological order, so a value passes its gradient on before the contribution of a later consumer has come." outputs="grad of values before a fork whose consumers lie at different depths"
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

# %% wrong="slope of the sigmoid a second time" of="bce_from_logits" key="loss-extra-derivative" mistake="Multiplies p - y by p(1-p) once more, although this slope has already cancelled in the gradient toward the logit." outputs="da"
def bce_from_logits(a, y):
    """Return (loss, da): the mean binary cross-entropy and its gradient. a, y, da: shape (m,)."""
    a, y = np.asarray(a, float), np.asarray(y, float)
    losses = np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a)))
    p = sigmoid(a)
    dp = (p - y) / len(a)
    da = dp * p * (1 - p)  # back through the sigmoid
    return losses.mean(), da

# %% wrong="a lost from the term a y" of="bce_from_logits" key="value-factor-lost" mistake="Leaves the logit out of the term a y in the loss: subtracts y alone." outputs="loss"
def bce_from_logits(a, y):
    a = np.array(a, dtype=float)
    y = np.array(y, dtype=float)
    m = a.shape[0]
    L = 0.0
    for i in range(m):
        L += max(a[i], 0.0) - y[i] + np.log1p(np.exp(-abs(a[i])))
    return L / m, (sigmoid(a) - y) / m

# %% wrong="gradient for the true class only" of="softmax_ce" key="loss-correct-class-only" mistake="Sends a gradient to the logit of the true class only, as if the other logits were not in its probability." outputs="dZ"
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

# %% wrong="mean over all entries" of="softmax_ce" key="value-mean-over-all-entries" mistake="Takes the mean over all m K entries instead of over the m samples: loss and gradient are both K times too small." outputs="loss, dZ"
def softmax_ce(Z, Y):
    Z = np.array(Z, float)
    Y = np.array(Y, float)
    Zs = Z - np.max(Z, axis=1)[:, None]
    lse = np.log(np.sum(np.exp(Zs), axis=1))[:, None]
    ce = -Y * (Zs - lse)
    return np.mean(ce), (softmax(Z) - Y) / Z.size

# %% wrong="slope of tanh taken at h" of="tanh_net_gradients" key="activation-derivative-at-output" mistake="Takes the slope of tanh at the activation h, 1 - tanh(h)^2, instead of at the pre-activation z." outputs="W, b, x"
def tanh_net_gradients(W, b, v, c, x, y):
    """Return a dict: the gradients of (v . tanh(x W + b) + c - y)^2 / 2 toward W, b, v, c, x."""
    z = x @ W + b
    h = np.tanh(z)
    e = h @ v + c - y
    dh = e * v
    dz = dh * (1 - np.tanh(h) ** 2)
    return {"W": np.outer(x, dz), "b": dz, "v": e * h, "c": e, "x": W @ dz}

# %% wrong="factor 2, and z in place of h" of="tanh_net_gradients" key="constant-factor-lost+another-factor" mistake="Two slips: takes 2(yhat - y) although the loss has the factor 1/2, and takes z instead of h in the gradient toward v." outputs="W, b, v, c, x"
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

# %% wrong="ReLU mask from the gradient" of="mlp_backward" key="activation-mask-of-gradient" mistake="Applies ReLU to the gradient on the way back: keeps what is positive in dA1, instead of what has a positive pre-activation Z1." outputs="W1, b1"
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

# %% wrong="1/m at the weights but not at the biases" of="mlp_backward" key="mean-missing" mistake="Divides by m in the lines of the weights but not in those of the biases, so that the bias gradients are sums over the batch, m times too large." outputs="b1, b2"
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

# %% wrong="straight path forgotten" of="skip_backward" key="path-missing" mistake="Goes back through the layer only and forgets the contribution dS of the straight path to X." outputs="dX"
def skip_backward(X, W, b, dS):
    """Return (dX, dW, db) for S = X + tanh(X W + b). X, dS: (m, D). W: (D, D). b: (D,)."""
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    dX = dZ @ W.T
    dW = X.T @ dZ
    db = dZ.sum(axis=0)
    return dX, dW, db

# %% wrong="matrix before the slope of tanh" of="skip_backward" key="unknown" mistake="Goes back through the weights first and multiplies by the slope of tanh afterwards, in the order of the forward pass, on the way to X." outputs="dX"
def skip_backward(X, W, b, dS):
    S = np.tanh(np.dot(X, W) + b)
    slope = 1 - S * S
    # straight path + path through the layer: first W, then tanh, as in the forward pass
    dX = dS + np.dot(dS, W.T) * slope
    dW = np.einsum("ij,ik->jk", X, dS * slope)
    db = np.einsum("ik,ik->k", dS, slope)
    return dX, dW, db

# %% wrong="mean and variance as constants" of="batchnorm_backward" key="statistics-as-constants" mistake="Treats the mean and the deviation of a column as constants: only the direct path gamma/s remains in dX." outputs="dX"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    """Return (dX, dgamma, dbeta). X, dY: (m, D). gamma, beta: (D,). Means are over the rows."""
    mu = X.mean(axis=0)
    s = np.sqrt(X.var(axis=0) + eps)
    Xhat = (X - mu) / s
    dgamma = (dY * Xhat).sum(axis=0)
    dbeta = dY.sum(axis=0)
    dX = dY * gamma / s  # Y = gamma * (X - mu)/s + beta is linear in X
    return dX, dgamma, dbeta

# %% wrong="centring forgotten on the way back" of="batchnorm_backward" key="path-missing" mistake="Stops at the gradient of the centred C and returns it as dX: the path through the mean of X is missing." outputs="dX"
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

# %% wrong="sigmoid slope once more" of="bce_from_logits" key="loss-extra-derivative" mistake="p - y is already the slope toward the logit, yet it is multiplied by the sigmoid slope p(1 - p) again; the loss is right." outputs="da"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    m = len(a)
    loss = np.sum(np.logaddexp(0, a) - a * y) / m
    p = sigmoid(a)
    dp = (p - y) / m
    da = dp * p * (1 - p)  # back through the sigmoid
    return loss, da

# %% wrong="zero answers left out" of="bce_from_logits" key="value-answer-1-only" mistake="Only the term y ln p is used, as for classes with one-hot answers; the term (1 - y) ln(1 - p) is missing in the loss and in the gradient." outputs="both"
def bce_from_logits(a, y):
    a = np.asarray(a, float)
    y = np.asarray(y, float)
    # cross-entropy is -sum y ln p, and -ln sigmoid(a) = ln(1 + e^-a)
    loss = np.mean(y * np.logaddexp(0, -a))
    da = y * (sigmoid(a) - 1) / a.size
    return loss, da

# %% wrong="mean over the classes too" of="softmax_ce" key="value-mean-over-all-entries" mistake="np.mean averages over all m K entries, so the loss is too small by the factor K; the gradient is right." outputs="loss"
def softmax_ce(Z, Y):
    Z = np.asarray(Z, float)
    Y = np.asarray(Y, float)
    S = Z - Z.max(axis=1, keepdims=True)
    logP = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    loss = -np.mean(Y * logP)
    dZ = (softmax(Z) - Y) / len(Z)
    return loss, dZ

# %% wrong="only the right class" of="softmax_ce" key="loss-correct-class-only" mistake="The gradient is set only at the logit of the right class, P - 1, and 0 at the others, whose logits also enter the sum of softmax; the loss is right." outputs="dZ"
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

# %% wrong="input gradient past the tanh" of="tanh_net_gradients" key="activation-derivative-missing" mistake="The gradient of x is made from the gradient of h and not of z, so the slope of tanh is missing in it; the other four are right." outputs="x"
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

# %% wrong="biases left out going forward" of="tanh_net_gradients" key="unknown" mistake="The forward pass is recomputed without b and c, as constants fall away in a derivative, so all values that the slopes are taken at are wrong." outputs="all"
def tanh_net_gradients(W, b, v, c, x, y):
    # b and c are constants, they drop out when we derive
    h = np.tanh(x @ W)
    delta = v @ h - y
    dz = delta * v * (1 - h**2)
    return {"W": np.outer(x, dz), "b": dz, "v": delta * h, "c": delta, "x": W @ dz}

# %% wrong="biases penalised as well" of="mlp_backward" key="penalty-on-bias" mistake="lam times the parameter is added for all four parameters, but the penalty holds only the weights." outputs="b1 and b2 for lam > 0"
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

# %% wrong="relu of the gradient" of="mlp_backward" key="activation-mask-of-gradient" mistake="On the way back relu is applied to the gradient, which cuts negative gradients off, where the mask Z1 > 0 of the forward pass belongs." outputs="W1 and b1"
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

# %% wrong="transpose forgotten" of="skip_backward" key="way-back-not-transposed" mistake="dZ is multiplied with W in place of its transpose, which the square W lets pass; dW and db are right." outputs="dX"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    dX = dS + dZ @ W
    return dX, X.T @ dZ, dZ.sum(axis=0)

# %% wrong="tanh slope from S" of="skip_backward" key="activation-formula-fed-with-another-value" mistake="The slope of tanh is computed as 1 - S^2 from the output of the whole layer, which also holds X, and not from the tanh alone." outputs="all"
def skip_backward(X, W, b, dS):
    S = X + np.tanh(np.dot(X, W) + b)
    dZ = dS * (1 - S**2)  # tanh' = 1 - output^2
    dW = np.dot(X.T, dZ)
    db = np.ones(len(X)) @ dZ
    dX = dS + np.dot(dZ, W.T)
    return dX, dW, db

# %% wrong="variance taken as constant" of="batchnorm_backward" key="statistic-as-constant" mistake="The path through the mean is there, but the standard deviation is treated as a constant, so its path is missing in dX; dgamma and dbeta are right." outputs="dX"
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

# %% wrong="gamma against the raw input" of="batchnorm_backward" key="another-factor" mistake="dgamma sums dY times X where it should be dY times the normalised input; dX and dbeta are right." outputs="dgamma"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    m, D = X.shape
    inv = (X.var(axis=0) + eps) ** -0.5
    xhat = (X - X.mean(axis=0)) * inv
    dxhat = dY * gamma
    dX = inv / m * (m * dxhat - dxhat.sum(0) - xhat * (dxhat * xhat).sum(0))
    dgamma = np.einsum("md,md->d", dY, X)
    dbeta = np.einsum("md->d", dY)
    return dX, dgamma, dbeta
