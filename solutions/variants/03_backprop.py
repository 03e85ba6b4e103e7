# ---
# jupyter:
#   course: {}
# ---

# %% [markdown]
# Answers to lesson 3 as learners write them: right ones in other styles, and wrong ones. The tests
# accept every right one and reject every wrong one; the sample class is made from them.

# %% right="math_and_lists" of="Value"
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
        out = Value(self.data + other.data)
        out.parents = [self, other]
        out.op = "+"
        out.local = [1.0, 1.0]
        return out

    def mul(self, other):
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        return Value(math.exp(self.data), [self], "exp", [math.exp(self.data)])

    def tanh(self):
        slope = 1 / math.cosh(self.data) ** 2
        return Value(math.tanh(self.data), [self], "tanh", [slope])

    def relu(self):
        return Value(max(self.data, 0.0), (self,), "relu", (1.0 if self.data > 0 else 0.0,))

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

# %% right="relu_slope_one_at_zero" of="Value"
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
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        e = np.exp(2 * self.data)
        t = (e - 1) / (e + 1)
        return Value(t, (self,), "tanh", ((1 - t) * (1 + t),))

    def relu(self):
        return Value(np.maximum(0, self.data), (self,), "relu", (float(self.data >= 0),))

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

# %% wrong="local slopes of the product swapped" of="Value"
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
        return Value(self.data * other.data, (self, other), "*", (self.data, other.data))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t * t,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), "relu", (1.0 if self.data > 0 else 0.0,))

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

# %% wrong="product has slopes 1" of="Value"
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
        return Value(self.data * other.data, (self, other), "*", (1.0, 1.0))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t * t,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), "relu", (1.0 if self.data > 0 else 0.0,))

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

# %% wrong="slopes of a sum are the operands" of="Value"
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
        return Value(self.data + other.data, (self, other), "+", (self.data, other.data))

    def mul(self, other):
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t * t,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), "relu", (1.0 if self.data > 0 else 0.0,))

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

# %% wrong="square of tanh forgotten" of="Value"
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
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), "relu", (1.0 if self.data > 0 else 0.0,))

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

# %% wrong="tanh formula fed with the input" of="Value"
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
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        return Value(np.tanh(self.data), (self,), "tanh", (1 - self.data**2,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), "relu", (1.0 if self.data > 0 else 0.0,))

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

# %% wrong="exponent rule of powers for exp" of="Value"
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
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        return Value(np.exp(self.data), (self,), "exp", (self.data * np.exp(self.data - 1),))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t * t,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), "relu", (1.0 if self.data > 0 else 0.0,))

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

# %% wrong="exp has its input as slope" of="Value"
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
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        return Value(np.exp(self.data), (self,), "exp", (self.data,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t * t,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), "relu", (1.0 if self.data > 0 else 0.0,))

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

# %% wrong="relu passes everything back" of="Value"
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
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t * t,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), "relu", (1.0,))

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

# %% wrong="relu mask of the output with >=" of="Value"
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
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t * t,))

    def relu(self):
        out = max(self.data, 0.0)
        return Value(out, (self,), "relu", (float(out >= 0),))

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

# %% wrong="leaky slope" of="Value"
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
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t * t,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), "relu", (1.0 if self.data > 0 else 0.01,))

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

# %% wrong="returns a number" of="Value"
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
        return self.data + other.data

    def mul(self, other):
        return self.data * other.data

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t * t,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), "relu", (1.0 if self.data > 0 else 0.0,))

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

# %% wrong="second parent forgotten" of="Value"
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
        return Value(self.data + other.data, (self,), "+", (1.0,))

    def mul(self, other):
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t * t,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), "relu", (1.0 if self.data > 0 else 0.0,))

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

# %% wrong="changes itself in place" of="Value"
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
        self.data += other.data
        self.parents, self.op, self.local = (self, other), "+", (1.0, 1.0)
        return self

    def mul(self, other):
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t * t,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), "relu", (1.0 if self.data > 0 else 0.0,))

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

# %% wrong="copies of the operands as parents" of="Value"
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
        return Value(self.data * other.data, (Value(self.data), Value(other.data)), "*", (other.data, self.data))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t * t,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), "relu", (1.0 if self.data > 0 else 0.0,))

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

# %% wrong="data forgotten in the sum" of="Value"
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
        return Value(self.data + other, (self, other), "+", (1, 1))

    def mul(self, other):
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        e = np.exp(2 * self.data)
        t = (e - 1) / (e + 1)
        return Value(t, (self,), "tanh", ((1 - t) * (1 + t),))

    def relu(self):
        return Value(np.maximum(0, self.data), (self,), "relu", (float(self.data >= 0),))

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

# %% wrong="any slope at the kink" of="Value"
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
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))

    def tanh(self):
        e = np.exp(2 * self.data)
        t = (e - 1) / (e + 1)
        return Value(t, (self,), "tanh", ((1 - t) * (1 + t),))

    def relu(self):
        return Value(np.maximum(0, self.data), (self,), "relu", (float(self.data > 0) if self.data else 5.0,))

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

# %% right="with_a_stack_of_pairs" of="topo_sort"
def topo_sort(output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        value, ready = stack.pop()
        if ready:
            order.append(value)
        elif value not in seen:
            seen.add(value)
            stack.append((value, True))
            stack.extend((parent, False) for parent in value.parents)
    return order

# %% right="counts_the_consumers" of="topo_sort"
def topo_sort(output):
    consumers, todo = {output: 0}, [output]
    while todo:
        for parent in todo.pop().parents:
            if parent not in consumers:
                consumers[parent] = 0
                todo.append(parent)
            consumers[parent] += 1
    ready, order = [output], []
    while ready:
        value = ready.pop()
        order.append(value)
        for parent in value.parents:
            consumers[parent] -= 1
            if consumers[parent] == 0:
                ready.append(parent)
    return order[::-1]

# %% right="dict_as_ordered_set" of="topo_sort"
def visit(value, order):
    for parent in value.parents:
        if parent not in order:
            visit(parent, order)
    order[value] = True

def topo_sort(output):
    order = {}
    visit(output, order)
    return list(order)

# %% wrong="the value before its parents" of="topo_sort"
def topo_sort(output):
    order, seen = [], set()
    def visit(value):
        if value not in seen:
            seen.add(value)
            order.append(value)
            for parent in value.parents:
                visit(parent)
    visit(output)
    return order

# %% wrong="depth first, reversed at the end" of="topo_sort"
def topo_sort(output):
    order, seen = [], set()
    def visit(value):
        if value not in seen:
            seen.add(value)
            order.append(value)
            for parent in value.parents:
                visit(parent)
    visit(output)
    return order[::-1]

# %% wrong="no memory of what was visited" of="topo_sort"
def topo_sort(output):
    order = []
    for parent in output.parents:
        order += topo_sort(parent)
    return order + [output]

# %% wrong="breadth first, reversed" of="topo_sort"
def topo_sort(output):
    order = [output]
    for value in order:
        for parent in value.parents:
            if parent not in order:
                order.append(parent)
    return order[::-1]

# %% wrong="the output is left out" of="topo_sort"
def topo_sort(output):
    order, seen = [], set()
    def visit(value):
        for parent in value.parents:
            if parent not in seen:
                seen.add(parent)
                visit(parent)
                order.append(parent)
    visit(output)
    return order

# %% wrong="first parent only" of="topo_sort"
def topo_sort(output):
    order = []
    value = output
    while value.parents:
        order.append(value)
        value = value.parents[0]
    return [value, *order[::-1]]

# %% wrong="leaves left out" of="topo_sort"
def topo_sort(output):
    order, seen = [], set()
    def visit(value):
        if value in seen or not value.parents:
            return
        seen.add(value)
        for parent in value.parents:
            visit(parent)
        order.append(value)
    visit(output)
    return order

# %% wrong="set shared by all calls" of="topo_sort"
seen_already = set()

def topo_sort(output):
    order = []
    def visit(value):
        if value in seen_already:
            return
        seen_already.add(value)
        for parent in value.parents:
            visit(parent)
        order.append(value)
    visit(output)
    return order

# %% wrong="list as default argument" of="topo_sort"
def topo_sort(output, order=[]):
    for parent in output.parents:
        if parent not in order:
            topo_sort(parent, order)
    order.append(output)
    return order

# %% wrong="sorted by data" of="topo_sort"
def topo_sort(output):
    found, todo = {output}, [output]
    while todo:
        for parent in todo.pop().parents:
            if parent not in found:
                found.add(parent)
                todo.append(parent)
    return sorted(found, key=lambda value: value.data)

# %% wrong="returns a set" of="topo_sort"
def topo_sort(output):
    found, todo = {output}, [output]
    while todo:
        for parent in todo.pop().parents:
            if parent not in found:
                found.add(parent)
                todo.append(parent)
    return found

# %% wrong="inner call not made, None comes back" of="topo_sort"
def topo_sort(output):
    order, seen = [], set()
    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)
    visit(output)

# %% wrong="told apart by their data" of="topo_sort"
def topo_sort(output):
    order, seen = [], set()
    def visit(value):
        if value.data not in seen:
            seen.add(value.data)
            for parent in value.parents:
                visit(parent)
            order.append(value)
    visit(output)
    return order

# %% right="indices_and_own_order" of="backward"
def backward(output, seed=1.0):
    order = []
    def visit(value, seen):
        if id(value) not in seen:
            seen.add(id(value))
            for parent in value.parents:
                visit(parent, seen)
            order.append(value)
    visit(output, set())
    for value in order:
        value.grad = 0.0
    output.grad += seed
    while order:
        value = order.pop()
        for i in range(len(value.parents)):
            value.parents[i].grad = value.parents[i].grad + value.local[i] * value.grad

# %% right="collects_in_a_dict_first" of="backward"
def backward(output, seed=1.0):
    order = topo_sort(output)
    total = {value: 0.0 for value in order}
    total[output] = seed
    for value in order[::-1]:
        for parent, slope in zip(value.parents, value.local):
            total[parent] += slope * total[value]
    for value, grad in total.items():
        value.grad = grad
    return total

# %% wrong="overwrites in place of adding" of="backward"
def backward(output, seed=1.0):
    order = topo_sort(output)
    for value in order:
        value.grad = 0.0
    output.grad = seed
    for value in reversed(order):
        for parent, local in zip(value.parents, value.local):
            parent.grad = local * value.grad

# %% wrong="seed ignored" of="backward"
def backward(output, seed=1.0):
    order = topo_sort(output)
    for value in order:
        value.grad = 0.0
    output.grad = 1.0
    for value in reversed(order):
        for parent, local in zip(value.parents, value.local):
            parent.grad += local * value.grad

# %% wrong="upstream ignored" of="backward"
def backward(output, seed=1.0):
    order = topo_sort(output)
    for value in order:
        value.grad = 0.0
    output.grad = seed
    for value in reversed(order):
        for parent, local in zip(value.parents, value.local):
            parent.grad += local

# %% wrong="local derivative ignored" of="backward"
def backward(output, seed=1.0):
    order = topo_sort(output)
    for value in order:
        value.grad = 0.0
    output.grad = seed
    for value in reversed(order):
        for parent, local in zip(value.parents, value.local):
            parent.grad += value.grad

# %% wrong="forward through the order" of="backward"
def backward(output, seed=1.0):
    order = topo_sort(output)
    for value in order:
        value.grad = 0.0
    output.grad = seed
    for value in order:
        for parent, local in zip(value.parents, value.local):
            parent.grad += local * value.grad

# %% wrong="data in place of the local derivative" of="backward"
def backward(output, seed=1.0):
    order = topo_sort(output)
    for value in order:
        value.grad = 0.0
    output.grad = seed
    for value in reversed(order):
        for parent, local in zip(value.parents, value.local):
            parent.grad += parent.data * value.grad

# %% wrong="sum in place of product" of="backward"
def backward(output, seed=1.0):
    order = topo_sort(output)
    for value in order:
        value.grad = 0.0
    output.grad = seed
    for value in reversed(order):
        for parent, local in zip(value.parents, value.local):
            parent.grad += local + value.grad

# %% wrong="product at the fork" of="backward"
def backward(output, seed=1.0):
    order = topo_sort(output)
    for value in order:
        value.grad = 0.0
    output.grad = seed
    for value in reversed(order):
        for parent, local in zip(value.parents, value.local):
            parent.grad = (parent.grad or 1.0) * local * value.grad

# %% wrong="output without a gradient" of="backward"
def backward(output, seed=1.0):
    order = topo_sort(output)
    for value in order:
        value.grad = 0.0
    output.grad = seed
    for value in reversed(order[:-1]):
        for parent, local in zip(value.parents, value.local):
            parent.grad += local * value.grad

# %% wrong="gradients not reset" of="backward"
def backward(output, seed=1.0):
    output.grad = seed
    for value in reversed(topo_sort(output)):
        for parent, local in zip(value.parents, value.local):
            parent.grad += local * value.grad

# %% wrong="only the leaves are reset" of="backward"
def backward(output, seed=1.0):
    order = topo_sort(output)
    for value in order:
        if not value.parents:
            value.grad = 0.0
    output.grad = seed
    for value in reversed(order):
        for parent, local in zip(value.parents, value.local):
            parent.grad += local * value.grad

# %% wrong="passes on when it is first reached" of="backward"
def backward(output, seed=1.0):
    for value in topo_sort(output):
        value.grad = 0.0
    output.grad = seed
    visited = set()

    def walk(value):
        if value in visited:
            return
        visited.add(value)
        for parent, local in zip(value.parents, value.local):
            parent.grad += local * value.grad
        for parent in value.parents:
            walk(parent)

    walk(output)

# %% wrong="depth first, passes on each time it is reached" of="backward"
def backward(output, seed=1.0):
    for value in topo_sort(output):
        value.grad = 0.0
    output.grad = seed
    def push(value, depth=0):
        if depth > 8:
            return
        for parent, local in zip(value.parents, value.local):
            parent.grad += local * value.grad
            push(parent, depth + 1)
    push(output)

# %% wrong="breadth first, passes on once for each arrow" of="backward"
def backward(output, seed=1.0):
    for value in topo_sort(output):
        value.grad = 0.0
    output.grad = seed
    queue = [output]
    for value in queue[:]:
        for parent, local in zip(value.parents, value.local):
            parent.grad += local * value.grad
            queue.append(parent)
    for value in queue[1:200]:
        for parent, local in zip(value.parents, value.local):
            parent.grad += local * value.grad
            queue.append(parent)

# %% wrong="seed added to every value" of="backward"
def backward(output, seed=1.0):
    order = topo_sort(output)
    for value in order:
        value.grad = seed
    for value in reversed(order):
        for parent, local in zip(value.parents, value.local):
            parent.grad += local * value.grad

# %% wrong="returns gradients and sets none" of="backward"
def backward(output, seed=1.0):
    order = topo_sort(output)
    total = {value: 0.0 for value in order}
    total[output] = seed
    for value in order[::-1]:
        for parent, slope in zip(value.parents, value.local):
            total[parent] += slope * total[value]
    return total

# %% wrong="each parent once" of="backward"
def backward(output, seed=1.0):
    order = topo_sort(output)
    for value in order:
        value.grad = 0.0
    output.grad = seed
    for value in reversed(order):
        for parent in set(value.parents):
            parent.grad += value.local[value.parents.index(parent)] * value.grad

# %% wrong="adds path by path" of="backward" endless="call"
def backward(output, seed=1.0):
    for value in topo_sort(output):
        value.grad = 0.0
    def push(value, amount):
        value.grad += amount
        for parent, local in zip(value.parents, value.local):
            push(parent, local * amount)
    push(output, seed)

# %% right="logaddexp" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.array(a, float), np.array(y, float)
    m = a.size
    loss = np.sum(y * np.logaddexp(0, -a) + (1 - y) * np.logaddexp(0, a)) / m
    return loss, (0.5 * (1 + np.tanh(a / 2)) - y) / m

# %% right="loop_over_samples" of="bce_from_logits"
import math

def bce_from_logits(a, y):
    total, da = 0.0, []
    for one, answer in zip(a, y):
        e = math.exp(-abs(one))
        total += max(one, 0) - one * answer + math.log1p(e)
        p = 1 / (1 + e) if one >= 0 else e / (1 + e)
        da.append((p - answer) / len(a))
    return [total / len(a), da]

# %% wrong="mean in the loss, not in the gradient" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = np.mean(np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a))))
    return loss, sigmoid(a) - y

# %% wrong="sum in the loss" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = np.sum(np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a))))
    return loss, (sigmoid(a) - y) / len(a)

# %% wrong="sign of the gradient" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = np.mean(np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a))))
    return loss, (y - sigmoid(a)) / len(a)

# %% wrong="sigmoid derivative left in" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = np.mean(np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a))))
    return loss, (sigmoid(a) - y) * sigmoid(a) * (1 - sigmoid(a)) / len(a)

# %% wrong="gradient toward the probability" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = np.mean(np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a))))
    return loss, (sigmoid(a) - y) / (sigmoid(a) * (1 - sigmoid(a))) / len(a)

# %% wrong="logarithm of probabilities" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = -np.mean(y * np.log(sigmoid(a)) + (1 - y) * np.log(1 - sigmoid(a)))
    return loss, (sigmoid(a) - y) / len(a)

# %% wrong="1e-8 inside the logarithm" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = -np.mean(y * np.log(sigmoid(a) + 1e-8) + (1 - y) * np.log(1 - sigmoid(a) + 1e-8))
    return loss, (sigmoid(a) - y) / len(a)

# %% wrong="probabilities clipped" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    p = np.clip(sigmoid(a), 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), (p - y) / len(a)

# %% wrong="log of 1 + exp overflows" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = np.mean(np.log(1 + np.exp(a)) - a * y)
    return loss, (sigmoid(a) - y) / len(a)

# %% wrong="absolute value forgotten" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = np.mean(np.maximum(a, 0) - a * y + np.log1p(np.exp(-a)))
    return loss, (sigmoid(a) - y) / len(a)

# %% wrong="a in place of max(a, 0)" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = np.mean(a - a * y + np.log1p(np.exp(-np.abs(a))))
    return loss, (sigmoid(a) - y) / len(a)

# %% wrong="answers rounded to 0 or 1" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = np.mean(np.where(y > 0.5, np.logaddexp(0, -a), np.logaddexp(0, a)))
    return loss, (sigmoid(a) - (y > 0.5)) / len(a)

# %% wrong="losses, not their mean" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a)))
    return loss, (sigmoid(a) - y) / len(a)

# %% wrong="gradient averaged to a number" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = np.mean(np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a))))
    return loss, np.mean(sigmoid(a) - y)

# %% wrong="1/m twice" of="bce_from_logits"
def bce_from_logits(a, y):
    a, y = np.asarray(a, float), np.asarray(y, float)
    loss = np.mean(np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a))))
    return loss, (sigmoid(a) - y) / len(a) ** 2

# %% wrong="arrays only" of="bce_from_logits"
def bce_from_logits(a, y):
    losses = np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a)))
    return losses.mean(), (sigmoid(a) - y) / len(a)

# %% right="logsumexp_by_columns" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.array(Z, float).T, np.array(Y, float).T
    top = Z.max(axis=0)
    log_sum = top + np.log(np.sum(np.exp(Z - top), axis=0))
    loss = np.mean(log_sum - np.sum(Z * Y, axis=0))
    return loss, ((np.exp(Z - log_sum) - Y) / Z.shape[1]).T

# %% right="row_by_row" of="softmax_ce"
def softmax_ce(Z, Y):
    loss, rows = 0.0, []
    for z, y in zip(np.asarray(Z, float), np.asarray(Y, float)):
        z = z - max(z)
        label = int(np.argmax(y))
        log_sum = np.log(np.exp(z).sum())
        loss += (log_sum - z[label]) / len(Z)
        p = np.exp(z - log_sum)
        p[label] -= 1
        rows.append(p / len(Z))
    return loss, np.stack(rows)

# %% wrong="mean over the batch missing in the gradient" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    loss = -np.sum(Y * log_p) / len(Z)
    return loss, p - Y

# %% wrong="mean over all entries" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    loss = -np.mean(Y * log_p)
    return loss, (p - Y) / Z.size

# %% wrong="correct class only" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    loss = -np.sum(Y * log_p) / len(Z)
    return loss, (p - Y) * Y / len(Z)

# %% wrong="targets forgotten" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    loss = -np.sum(Y * log_p) / len(Z)
    return loss, p / len(Z)

# %% wrong="sign" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    loss = -np.sum(Y * log_p) / len(Z)
    return loss, (Y - p) / len(Z)

# %% wrong="extra derivative of softmax" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    loss = -np.sum(Y * log_p) / len(Z)
    return loss, (p - Y) * p * (1 - p) / len(Z)

# %% wrong="slope toward the probability" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    loss = -np.sum(Y * log_p) / len(Z)
    return loss, -Y / p / len(Z)

# %% wrong="sum in place of mean" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    loss = -np.sum(Y * log_p)
    return loss, (p - Y) / len(Z)

# %% wrong="log of softmax" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    loss = -np.sum(Y * np.log(softmax(Z))) / len(Z)
    return loss, (p - Y) / len(Z)

# %% wrong="largest logit of the whole batch taken out" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max()
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    loss = -np.sum(Y * log_p) / len(Z)
    return loss, (p - Y) / len(Z)

# %% wrong="sum over the wrong axis" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
    p = np.exp(log_p)
    loss = -np.sum(Y * log_p) / len(Z)
    return loss, (p - Y) / len(Z)

# %% wrong="no shift" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    loss = -np.sum(Y * log_p) / len(Z)
    return loss, (p - Y) / len(Z)

# %% wrong="loss of each sample" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    loss = -np.sum(Y * log_p, axis=1)
    return loss, (p - Y) / len(Z)

# %% wrong="shifts Z in place" of="softmax_ce"
def softmax_ce(Z, Y):
    Z -= Z.max(axis=1, keepdims=True)
    log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    return -np.sum(Y * log_p) / len(Z), (np.exp(log_p) - Y) / len(Z)

# %% wrong="binary cross-entropy in place of cross-entropy" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    loss = -np.sum(Y * log_p + (1 - Y) * np.log1p(-p)) / len(Z)
    return loss, (p - Y) / len(Z)

# %% wrong="largest logit taken out and not put back" of="softmax_ce"
def softmax_ce(Z, Y):
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    M = Z.max(axis=1, keepdims=True)
    log_p = Z - np.log(np.exp(Z - M).sum(axis=1, keepdims=True))
    return -np.sum(Y * log_p) / len(Z), (softmax(Z) - Y) / len(Z)

# %% wrong="arrays only" of="softmax_ce"
def softmax_ce(Z, Y):
    R = Z - Z.max(axis=1, keepdims=True)
    log_p = R - np.log(np.exp(R).sum(axis=1, keepdims=True))
    return -np.sum(Y * log_p) / len(Z), (np.exp(log_p) - Y) / len(Z)

# %% right="loops" of="tanh_net_gradients"
import math

def tanh_net_gradients(W, b, v, c, x, y):
    D, H = len(x), len(v)
    h = [math.tanh(b[j] + sum(x[i] * W[i][j] for i in range(D))) for j in range(H)]
    error = sum(v[j] * h[j] for j in range(H)) + c - y
    da = [error * v[j] * (1 - h[j] ** 2) for j in range(H)]
    dW = [[x[i] * da[j] for j in range(H)] for i in range(D)]
    dx = [sum(W[i][j] * da[j] for j in range(H)) for i in range(D)]
    return {"W": dW, "b": da, "v": [error * hj for hj in h], "c": error, "x": dx}

# %% right="columns_and_rows" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    row = np.reshape(x, (1, -1))
    A = row @ W + b
    H = np.tanh(A)
    error = float(H[0] @ v) + c - y
    dA = error * np.reshape(v, (1, -1)) / np.cosh(A) ** 2
    return dict(W=row.T @ dA, b=dA.sum(axis=0), v=(error * H)[0], c=error, x=dA @ W.T)

# %% wrong="activation derivative missing" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    a = x @ W + b
    h = np.tanh(a)
    error = v @ h + c - y
    da = error * v
    return {"W": np.outer(x, da), "b": da, "v": error * h, "c": error, "x": W @ da}

# %% wrong="derivative of tanh at the activation" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    a = x @ W + b
    h = np.tanh(a)
    error = v @ h + c - y
    da = error * v * (1 - np.tanh(h) ** 2)
    return {"W": np.outer(x, da), "b": da, "v": error * h, "c": error, "x": W @ da}

# %% wrong="square forgotten" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    a = x @ W + b
    h = np.tanh(a)
    error = v @ h + c - y
    da = error * v * (1 - h)
    return {"W": np.outer(x, da), "b": da, "v": error * h, "c": error, "x": W @ da}

# %% wrong="derivative of the sigmoid" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    a = x @ W + b
    h = np.tanh(a)
    error = v @ h + c - y
    da = error * v * h * (1 - h)
    return {"W": np.outer(x, da), "b": da, "v": error * h, "c": error, "x": W @ da}

# %% wrong="outer product the wrong way round" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    a = x @ W + b
    h = np.tanh(a)
    error = v @ h + c - y
    da = error * v * (1 - h**2)
    return {"W": np.outer(da, x), "b": da, "v": error * h, "c": error, "x": W @ da}

# %% wrong="factor 2 too many" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    a = x @ W + b
    h = np.tanh(a)
    error = 2 * (v @ h + c - y)
    da = error * v * (1 - h**2)
    return {"W": np.outer(x, da), "b": da, "v": error * h, "c": error, "x": W @ da}

# %% wrong="sign of the error, wrong way" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    a = x @ W + b
    h = np.tanh(a)
    error = y - (v @ h + c)
    da = error * v * (1 - h**2)
    return {"W": np.outer(x, da), "b": da, "v": error * h, "c": error, "x": W @ da}

# %% wrong="v skipped on the way back" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    a = x @ W + b
    h = np.tanh(a)
    error = v @ h + c - y
    da = error * (1 - h**2)
    return {"W": np.outer(x, da), "b": da, "v": error * h, "c": error, "x": W @ da}

# %% wrong="c forgotten in the forward pass" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    a = x @ W + b
    h = np.tanh(a)
    error = v @ h - y
    da = error * v * (1 - h**2)
    return {"W": np.outer(x, da), "b": da, "v": error * h, "c": error, "x": W @ da}

# %% wrong="gradient of v with a in place of h" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    a = x @ W + b
    h = np.tanh(a)
    error = v @ h + c - y
    da = error * v * (1 - h**2)
    return {"W": np.outer(x, da), "b": da, "v": error * a, "c": error, "x": W @ da}

# %% wrong="gradient of c is 1" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    a = x @ W + b
    h = np.tanh(a)
    error = v @ h + c - y
    da = error * v * (1 - h**2)
    return {"W": np.outer(x, da), "b": da, "v": error * h, "c": 1.0, "x": W @ da}

# %% wrong="gradient of x without W" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    a = x @ W + b
    h = np.tanh(a)
    error = v @ h + c - y
    da = error * v * (1 - h**2)
    return {"W": np.outer(x, da), "b": da, "v": error * h, "c": error, "x": np.full(len(x), da.sum())}

# %% wrong="x in place of its gradient's W" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    a = x @ W + b
    h = np.tanh(a)
    error = v @ h + c - y
    da = error * v * (1 - h**2)
    return {"W": np.outer(x, da), "b": da, "v": error * h, "c": error, "x": x * (W @ da)}

# %% wrong="keys with d" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    a = x @ W + b
    h = np.tanh(a)
    error = v @ h + c - y
    da = error * v * (1 - h**2)
    return {"dW": np.outer(x, da), "db": da, "dv": error * h, "dc": error, "dx": W @ da}

# %% wrong="tuple in place of dict" of="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    h = np.tanh(x @ W + b)
    error = v @ h + c - y
    da = error * v * (1 - h**2)
    return np.outer(x, da), da, error * h, error, W @ da

# %% right="step_by_step_without_cache" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    W1, b1, W2, b2 = (params[key] for key in ["W1", "b1", "W2", "b2"])
    Z1 = X @ W1 + b1
    A1 = Z1 * (Z1 > 0)
    E = np.exp(A1 @ W2 + b2)
    P = E / E.sum(axis=1)[:, None]
    m = X.shape[0]
    dZ2 = P - Y
    dW2 = A1.T @ dZ2 / m + lam * W2
    db2 = np.mean(dZ2, axis=0)
    dZ1 = (dZ2 @ W2.T) * np.where(Z1 > 0, 1.0, 0.0)
    dW1 = X.T @ dZ1 / m + lam * W1
    db1 = np.mean(dZ1, axis=0)
    return {"b2": db2, "W2": dW2, "b1": db1, "W1": dW1}

# %% right="sample_by_sample" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    grads = {key: np.zeros_like(value) for key, value in params.items()}
    for x, y, z1, a1, p in zip(X, Y, cache["Z1"], cache["A1"], cache["P"]):
        dz2 = (p - y) / len(X)
        dz1 = params["W2"] @ dz2
        dz1[z1 <= 0] = 0
        grads["W2"] += np.outer(a1, dz2)
        grads["b2"] += dz2
        grads["W1"] += np.outer(x, dz1)
        grads["b1"] += dz1
    for key in ["W1", "W2"]:
        grads[key] += lam * params[key]
    return grads

# %% right="einsum_and_mask_of_the_activation" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    dZ2 = (softmax(cache["Z2"]) - Y) / Y.shape[0]
    dZ1 = np.einsum("mk,hk->mh", dZ2, params["W2"]) * (cache["A1"] > 0)
    grads = {"b1": dZ1.sum(0, keepdims=True), "b2": dZ2.sum(0, keepdims=True)}
    grads["W1"] = np.einsum("md,mh->dh", X, dZ1) + lam * params["W1"]
    grads["W2"] = np.einsum("mh,mk->hk", cache["A1"], dZ2) + lam * params["W2"]
    return grads

# %% wrong="1/m missing" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = P - Y
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="1/m twice, once in the weights" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 / len(X) + lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 / len(X) + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="mean over all entries of P" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / P.size
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="relu mask with >= on the activation" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (A1 >= 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="relu derivative missing" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="mask of the gradient" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (dA1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="activation in place of its mask" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * A1
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="tanh derivative for relu" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (1 - A1**2)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="bias not summed over the batch" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1, "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2}

# %% wrong="bias summed over the wrong axis" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=1), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=1)}

# %% wrong="bias summed over everything" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": np.full(dZ1.shape[1], dZ1.sum()), "W2": A1.T @ dZ2 + lam * W2, "b2": np.full(dZ2.shape[1], dZ2.sum())}

# %% wrong="bias averaged over the batch" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.mean(axis=0), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.mean(axis=0)}

# %% wrong="bias before the activation" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dA1.sum(axis=0), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="weight gradients transposed" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": dZ1.T @ X + lam * W1.T, "b1": dZ1.sum(axis=0), "W2": dZ2.T @ A1 + lam * W2.T, "b2": dZ2.sum(axis=0)}

# %% wrong="penalty omitted" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2, "b2": dZ2.sum(axis=0)}

# %% wrong="penalty doubled" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + 2 * lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 + 2 * lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="penalty divided by the batch" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam / len(X) * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 + lam / len(X) * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="penalty on the biases" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=0) + lam * params["b1"], "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0) + lam * params["b2"]}

# %% wrong="penalty of the second layer forgotten" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2, "b2": dZ2.sum(axis=0)}

# %% wrong="Z1 in place of A1" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=0), "W2": Z1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="updates W2 before it is used" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    dZ2 = (cache["P"] - Y) / len(X)
    dW2 = cache["A1"].T @ dZ2 + lam * params["W2"]
    params["W2"] -= 0.1 * dW2
    dZ1 = dZ2 @ params["W2"].T * (cache["Z1"] > 0)
    dW1 = X.T @ dZ1 + lam * params["W1"]
    return {"W1": dW1, "b1": dZ1.sum(axis=0), "W2": dW2, "b2": dZ2.sum(axis=0)}

# %% wrong="step of a copy of W2 on the way back" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ (W2 - 0.01 * A1.T @ dZ2).T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="extra softmax derivative" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) * P * (1 - P) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="W2 skipped on the way back" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = np.repeat(dZ2.sum(axis=1, keepdims=True), len(W2), axis=1)
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="last sample only" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": np.outer(X[-1], dZ1[-1]) + lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="outer product of sums" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": np.outer(X.sum(axis=0), dZ1.sum(axis=0)) + lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="sign, wrong way round" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (Y - P) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="clipping left on" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    dZ2 = (cache["P"] - Y) / len(X)
    dZ1 = dZ2 @ params["W2"].T * (cache["Z1"] > 0)
    grads = {"W1": X.T @ dZ1 + lam * params["W1"], "b1": dZ1.sum(axis=0)}
    grads |= {"W2": cache["A1"].T @ dZ2 + lam * params["W2"], "b2": dZ2.sum(axis=0)}
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {key: g / max(1.0, norm) for key, g in grads.items()}

# %% wrong="b1 left out" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": X.T @ dZ1 + lam * W1, "W2": A1.T @ dZ2 + lam * W2, "b2": dZ2.sum(axis=0)}

# %% wrong="one sample assumed" of="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    Z1, A1, P = cache["Z1"], cache["A1"], cache["P"]
    W1, W2 = params["W1"], params["W2"]
    dZ2 = (P - Y) / len(X)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    return {"W1": np.outer(X.mean(axis=0), dZ1.mean(axis=0)) + lam * W1, "b1": dZ1.sum(axis=0), "W2": np.outer(A1.mean(axis=0), dZ2.mean(axis=0)) + lam * W2, "b2": dZ2.sum(axis=0)}

# %% right="two_paths_named" of="skip_backward"
def skip_backward(X, W, b, dS):
    T = np.tanh(np.dot(X, W) + b)
    dT = dS
    dZ = dT * (1 - T) * (1 + T)
    straight, through = dS.copy(), np.dot(dZ, np.transpose(W))
    return [straight + through, np.dot(X.T, dZ), np.ones(len(X)) @ dZ]

# %% right="row_by_row_with_lists" of="skip_backward"
def skip_backward(X, W, b, dS):
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(b.shape)
    for i in range(len(X)):
        dz = dS[i] / np.cosh(X[i] @ W + b) ** 2
        dX[i] = dS[i] + W @ dz
        dW += np.outer(X[i], dz)
        db += dz
    return dX, dW, db

# %% wrong="straight path forgotten" of="skip_backward"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)

# %% wrong="only the straight path" of="skip_backward"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    return dS, X.T @ dZ, dZ.sum(axis=0)

# %% wrong="skip routed through the activation" of="skip_backward"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    return dZ + dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)

# %% wrong="paths multiplied" of="skip_backward"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    return dS * (dZ @ W.T), X.T @ dZ, dZ.sum(axis=0)

# %% wrong="upstream ignored in dZ" of="skip_backward"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = 1 - T**2
    return dS + dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)

# %% wrong="1 in place of the straight upstream" of="skip_backward"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    return 1 + dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)

# %% wrong="W not transposed" of="skip_backward"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    return dS + dZ @ W, X.T @ dZ, dZ.sum(axis=0)

# %% wrong="sum over the wrong axis in db" of="skip_backward"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    return dS + dZ @ W.T, X.T @ dZ, dZ.sum(axis=1)

# %% wrong="mean over the batch" of="skip_backward"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    return dS + dZ @ W.T, X.T @ dZ / len(X), dZ.mean(axis=0)

# %% wrong="skip path in dW" of="skip_backward"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    return dS + dZ @ W.T, X.T @ (dS + dZ), dZ.sum(axis=0)

# %% wrong="dict returned" of="skip_backward"
def skip_backward(X, W, b, dS):
    T = np.tanh(X @ W + b)
    dZ = dS * (1 - T**2)
    return {"X": dS + dZ @ W.T, "W": X.T @ dZ}

# %% wrong="adds into dS in place" of="skip_backward"
def skip_backward(X, W, b, dS):
    dZ = dS * (1 - np.tanh(X @ W + b) ** 2)
    dS += dZ @ W.T
    return dS, X.T @ dZ, dZ.sum(axis=0)

# %% right="short_formula" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    s = np.sqrt(X.var(axis=0) + eps)
    Xhat = (X - X.mean(axis=0)) / s
    dgamma, dbeta = np.sum(dY * Xhat, axis=0), np.sum(dY, axis=0)
    dX = gamma / s * (dY - dbeta / len(X) - Xhat * dgamma / len(X))
    return dX, dgamma, dbeta

# %% right="column_by_column" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    m, D = X.shape
    dX, dgamma = np.empty((m, D)), np.empty(D)
    for j in range(D):
        C = X[:, j] - X[:, j].mean()
        s = (C @ C / m + eps) ** 0.5
        J = (np.eye(m) - 1 / m) / s - np.outer(C, C) / (m * s**3)
        dX[:, j] = gamma[j] * (J @ dY[:, j])
        dgamma[j] = dY[:, j] @ C / s
    return dX, dgamma, dY.sum(axis=0)

# %% wrong="mean and deviation taken as constants" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0) + eps)
    dXhat = dY * gamma
    ds = -(dXhat * C).sum(axis=0) / s**2
    dC = dXhat / s
    return dC, (dY * C / s).sum(axis=0), dY.sum(axis=0)

# %% wrong="deviation taken as a constant" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0) + eps)
    dXhat = dY * gamma
    ds = -(dXhat * C).sum(axis=0) / s**2
    dC = dXhat / s
    return dC - dC.mean(axis=0), (dY * C / s).sum(axis=0), dY.sum(axis=0)

# %% wrong="centring forgotten" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0) + eps)
    dXhat = dY * gamma
    ds = -(dXhat * C).sum(axis=0) / s**2
    dC = dXhat / s + ds * C / s / len(X)
    return dC, (dY * C / s).sum(axis=0), dY.sum(axis=0)

# %% wrong="gamma missing" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0) + eps)
    dXhat = dY
    ds = -(dXhat * C).sum(axis=0) / s**2
    dC = dXhat / s + ds * C / s / len(X)
    return dC - dC.mean(axis=0), (dY * C / s).sum(axis=0), dY.sum(axis=0)

# %% wrong="not summed over the samples" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0) + eps)
    dXhat = dY * gamma
    ds = -(dXhat * C) / s**2
    dC = dXhat / s + ds * C / s / len(X)
    return dC - dC.mean(axis=0), (dY * C / s).sum(axis=0), dY.sum(axis=0)

# %% wrong="factor m missing in the variance" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0) + eps)
    dXhat = dY * gamma
    ds = -(dXhat * C).sum(axis=0) / s**2
    dC = dXhat / s + ds * C / s
    return dC - dC.mean(axis=0), (dY * C / s).sum(axis=0), dY.sum(axis=0)

# %% wrong="sign of the slope toward s" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0) + eps)
    dXhat = dY * gamma
    ds = (dXhat * C).sum(axis=0) / s**2
    dC = dXhat / s + ds * C / s / len(X)
    return dC - dC.mean(axis=0), (dY * C / s).sum(axis=0), dY.sum(axis=0)

# %% wrong="dgamma with C in place of its quotient" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0) + eps)
    dXhat = dY * gamma
    ds = -(dXhat * C).sum(axis=0) / s**2
    dC = dXhat / s + ds * C / s / len(X)
    return dC - dC.mean(axis=0), (dY * C).sum(axis=0), dY.sum(axis=0)

# %% wrong="dgamma and dbeta averaged" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0) + eps)
    dXhat = dY * gamma
    ds = -(dXhat * C).sum(axis=0) / s**2
    dC = dXhat / s + ds * C / s / len(X)
    return dC - dC.mean(axis=0), (dY * C / s).mean(axis=0), dY.mean(axis=0)

# %% wrong="dbeta not summed" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0) + eps)
    dXhat = dY * gamma
    ds = -(dXhat * C).sum(axis=0) / s**2
    dC = dXhat / s + ds * C / s / len(X)
    return dC - dC.mean(axis=0), (dY * C / s).sum(axis=0), dY

# %% wrong="eps forgotten" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0))
    dXhat = dY * gamma
    ds = -(dXhat * C).sum(axis=0) / s**2
    dC = dXhat / s + ds * C / s / len(X)
    return dC - dC.mean(axis=0), (dY * C / s).sum(axis=0), dY.sum(axis=0)

# %% wrong="eps fixed at its default" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0) + 1e-5)
    dXhat = dY * gamma
    ds = -(dXhat * C).sum(axis=0) / s**2
    dC = dXhat / s + ds * C / s / len(X)
    return dC - dC.mean(axis=0), (dY * C / s).sum(axis=0), dY.sum(axis=0)

# %% wrong="variance divided by m - 1" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).sum(axis=0) / (len(X) - 1) + eps)
    dXhat = dY * gamma
    ds = -(dXhat * C).sum(axis=0) / s**2
    dC = dXhat / s + ds * C / s / len(X)
    return dC - dC.mean(axis=0), (dY * C / s).sum(axis=0), dY.sum(axis=0)

# %% wrong="statistics of the rows" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=1, keepdims=True)
    s = np.sqrt((C**2).mean(axis=0) + eps)
    dXhat = dY * gamma
    ds = -(dXhat * C).sum(axis=0) / s**2
    dC = dXhat / s + ds * C / s / len(X)
    return dC - dC.mean(axis=0), (dY * C / s).sum(axis=0), dY.sum(axis=0)

# %% wrong="order of the results" of="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0) + eps)
    dXhat = dY * gamma
    ds = -(dXhat * C).sum(axis=0) / s**2
    dC = dXhat / s + ds * C / s / len(X)
    return dY.sum(axis=0), (dY * C / s).sum(axis=0), dC - dC.mean(axis=0)

# %% right="own_copies_and_in_place" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network({key: value.copy() for key, value in xor_start(seed).items()})
    losses = []
    for step in range(501):
        losses.append(float(net.loss(X, Y)))
        if step == 500:
            break
        grads = net.gradients(X, Y)
        for key, value in net.params.items():
            value -= 1.0 * grads[key]
    return losses

# %% right="new_network_each_step" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    params, losses = xor_start(seed), np.zeros(501)
    for t in range(501):
        net = Network(params)
        losses[t] = net.loss(X, Y)
        params = {key: params[key] - grad for key, grad in net.gradients(X, Y).items()}
    return losses

# %% wrong="climbs in place of descending" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(seed))
    losses = [net.loss(X, Y)]
    for _ in range(500):
        grads = net.gradients(X, Y)
        for key in grads:
            net.params[key] = net.params[key] + grads[key]
        losses.append(net.loss(X, Y))
    return losses

# %% wrong="rate 0.1" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(seed))
    losses = [net.loss(X, Y)]
    for _ in range(500):
        grads = net.gradients(X, Y)
        for key in grads:
            net.params[key] = net.params[key] - 0.1 * grads[key]
        losses.append(net.loss(X, Y))
    return losses

# %% wrong="500 losses, none after the last step" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(seed))
    losses = []
    for _ in range(500):
        losses.append(net.loss(X, Y))
        grads = net.gradients(X, Y)
        for key in grads:
            net.params[key] = net.params[key] - grads[key]
    return losses

# %% wrong="loss only after each step" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(seed))
    losses = []
    for _ in range(501):
        grads = net.gradients(X, Y)
        for key in grads:
            net.params[key] = net.params[key] - grads[key]
        losses.append(net.loss(X, Y))
    return losses

# %% wrong="gradients computed once" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(seed))
    losses = [net.loss(X, Y)]
    grads = net.gradients(X, Y)
    for _ in range(500):
        for key in grads:
            net.params[key] = net.params[key] - grads[key]
        losses.append(net.loss(X, Y))
    return losses

# %% wrong="gradients computed anew after each parameter" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(seed))
    losses = [net.loss(X, Y)]
    for _ in range(500):
        grads = net.gradients(X, Y)
        for key in grads:
            net.params[key] = net.params[key] - net.gradients(X, Y)[key]
        losses.append(net.loss(X, Y))
    return losses

# %% wrong="gradients add up over the steps" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(seed))
    losses, total = [net.loss(X, Y)], {key: 0.0 for key in net.params}
    for _ in range(500):
        grads = net.gradients(X, Y)
        for key in grads:
            total[key] = total[key] + grads[key]
            net.params[key] = net.params[key] - total[key]
        losses.append(net.loss(X, Y))
    return losses

# %% wrong="biases not trained" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(seed))
    losses = [net.loss(X, Y)]
    for _ in range(500):
        grads = net.gradients(X, Y)
        for key in ("W1", "W2"):
            net.params[key] = net.params[key] - grads[key]
        losses.append(net.loss(X, Y))
    return losses

# %% wrong="seed ignored, always 0" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(0))
    losses = [net.loss(X, Y)]
    for _ in range(500):
        grads = net.gradients(X, Y)
        for key in grads:
            net.params[key] = net.params[key] - grads[key]
        losses.append(net.loss(X, Y))
    return losses

# %% wrong="one sample at a time" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(seed))
    losses = [net.loss(X, Y)]
    for t in range(500):
        i = t % 4
        grads = net.gradients(X[i : i + 1], Y[i : i + 1])
        for key in grads:
            net.params[key] = net.params[key] - grads[key]
        losses.append(net.loss(X, Y))
    return losses

# %% wrong="local name is changed, not the parameter" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(seed))
    losses = [net.loss(X, Y)]
    for _ in range(500):
        grads = net.gradients(X, Y)
        for key in grads:
            param = net.params[key]
            param = param - grads[key]
        losses.append(net.loss(X, Y))
    return losses

# %% wrong="last loss only" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(seed))
    losses = [net.loss(X, Y)]
    for _ in range(500):
        grads = net.gradients(X, Y)
        for key in grads:
            net.params[key] = net.params[key] - grads[key]
        losses.append(net.loss(X, Y))
    return losses[-1]

# %% wrong="losses are printed" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(seed))
    losses = [net.loss(X, Y)]
    for _ in range(500):
        grads = net.gradients(X, Y)
        for key in grads:
            net.params[key] = net.params[key] - grads[key]
        losses.append(net.loss(X, Y))
    print(losses)

# %% wrong="params taken in place of losses" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network(xor_start(seed))
    losses = [net.loss(X, Y)]
    for _ in range(500):
        grads = net.gradients(X, Y)
        for key in grads:
            net.params[key] = net.params[key] - grads[key]
        losses.append(net.loss(X, Y))
    return net.params

# %% wrong="starts from other random numbers" of="train_xor"
def train_xor(seed):
    X, Y = xor()
    net = Network(random_params([2, 8, 1], np.random.default_rng(seed + 1)))
    losses = [net.loss(X, Y)]
    for _ in range(500):
        grads = net.gradients(X, Y)
        for key in grads:
            net.params[key] = net.params[key] - grads[key]
        losses.append(net.loss(X, Y))
    return losses
