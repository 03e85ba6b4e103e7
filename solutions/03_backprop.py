# ---
# jupyter:
#   course:
#     minutes: 240
#     objectives:
#     - draw a computation as a graph, and write down the local derivative of each operation
#     - send gradients back through a graph in the right order, and add them at forks
#     - derive the gradients of the common losses, and compute them from logits without
#       overflow
#     - derive and program the backward pass of a network, with a shape on every line
#     - explain vanishing and exploding gradients, and send gradients through a skip
#       connection and a normalisation
#     - train a small network, and tell a wrong gradient from a training that is stuck
#     title: Graphs and backpropagation
# ---

# %% [markdown]
# # Lesson 3: Graphs and backpropagation
#
# A network with a million weights has a million partial derivatives. Measuring them one by one
# would take two million evaluations of the network. Backpropagation finds all of them in one pass,
# at about the price of a few evaluations. In this lesson you build it twice: first as a small
# engine for single numbers, in about thirty lines, and then by hand for layers of arrays. You will
# see that it is the chain rule of lesson 1, done in a good order.
#
# This is the longest lesson. Take it in three sittings: the engine (sections 1 to 3), layers of
# arrays (4 to 6), and deep networks and training (7 to 10). Parts that you may skip at first reading
# say so. Nothing later needs them. The time above is without them; they take some 50 minutes more.

# %% [markdown]
# ## Before you start: four things you should know
#
# These are for practice and are not graded. Run the first cell, and each cell below a question. Decide
# on an answer, then choose it: you are told why it is right or wrong.

# %% given="setup"
from types import SimpleNamespace

import numpy as np

from course_utils import (
    Mismatch,
    NotWritten,
    call,
    check_backward,
    check_choice,
    check_equal,
    check_gradient,
    check_value,
    grade_choice,
    numerical_gradient,
    part,
    self_check,
)
from course_utils.checks.cases import Gradients, Graph, Probe, Values
from course_utils.checks.guard import as_array
from course_utils.figures import new_figure, show
from course_utils.figures.gradient_flow import gradient_flow
from course_utils.figures.graph_stepper import graph_stepper
from course_utils.figures.xor_training import xor_training
from course_utils.nn import glorot_normal, one_hot, show_training, two_moons, xor
from course_utils.oracles import tape

# %% [markdown] recall="1"
# **1.** (Lesson 0) Let $t = \tanh z$. What is the slope of $\tanh$ at $z$, written with $t$?
#
# - $t\,(1 - t)$ :: No. That is the form for the sigmoid: $\sigma' = \sigma(1 - \sigma)$. At $z = 0$
#   it would give slope 0 for $\tanh$, which is steepest there.
# - $1 - t$ :: No. The square is missing. At $z = 0$ both forms give 1, so that point does not show
#   the mistake; at large negative $z$ this one gives 2, where the curve is flat.
# - $1 - t^2$ :: Yes. It takes the value that leaves $\tanh$, which the forward pass has already
#   computed.

# %% [markdown] recall="2"
# **2.** (Lesson 1) $x = 2$ is used twice: $u = x^2$ and $v = 3x$, and then $p = u + v$. What is
# $dp/dx$?
#
# - $4 + 3 = 7$ :: Yes. There are two paths from $x$ to $p$, and contributions of paths are added.
# - $4 \cdot 3 = 12$ :: No. You may think that all slopes are multiplied, but slopes are multiplied
#   along one path. These are two paths.
# - $3$, since $v$ is computed last :: No. Both $u$ and $v$ move when $x$ moves, and both movements
#   reach $p$.

# %% [markdown] recall="3"
# **3.** (Lesson 2) $Y = XW + b$ with $X$ of shape $(m, D)$, $W$ of shape $(D, K)$ and $b$ of shape
# $(K,)$. The gradient $dY$ has shape $(m, K)$. What is $db$?
#
# - $dY$ :: No. Its shape is $(m, K)$, and a gradient has the shape of its variable, which is
#   $(K,)$.
# - The sum of $dY$ over the samples :: Yes. Every sample uses the same $b$, so $b$ is a fork with
#   $m$ paths, and their contributions are added.
# - The mean of $dY$ over the samples :: No. You may think of the mean in the loss, but that $1/m$
#   is already inside $dY$.

# %% [markdown] recall="4"
# **4.** (Lesson 2) $f$ takes $n = 1000$ numbers and returns one. Which is the cheap way to its
# whole gradient?
#
# - One product $u J$ of a row with the Jacobian, with $u = 1$ :: Yes. $J$ has one row, and $uJ$ is
#   that row: the gradient, in one product.
# - One product $J v$ of the Jacobian with a column :: No. That gives the slope along one direction
#   $v$: one number. The whole gradient would take 1000 of them.
# - Both cost the same :: No. $Jv$ gives one combination of the columns, $uJ$ one combination of the
#   rows. With 1000 columns and one row the difference is a factor of 1000.

# %% [markdown]
# ## 1. A computation is a graph
#
# Take $f = (x + y)\,z$. A computer does not evaluate it in one stroke. It does two operations, and
# gives the result of the first one a name:
#
# $$a = x + y, \qquad f = a \cdot z .$$
#
# Draw a box for every value, and an arrow from each value to the ones that are computed from it.
# This is the **computational graph**. The values that an operation takes are the **parents** of its
# result: the parents of $f$ are $a$ and $z$. The values without parents, here $x$, $y$ and $z$, are
# the **leaves**. The last value is the **output**.
#
# Put $x = 2$, $y = 3$, $z = 4$ at the leaves. Going forward along the arrows gives $a = 5$ and
# $f = 20$.
#
# How fast does the result of one operation change with one of its parents, while the other parents
# stay fixed? This is the **local derivative** toward that parent. For the sum $a = x + y$ both are 1.
# For the product $f = a\,z$ the local derivative toward $a$ is $z = 4$, and the one toward $z$ is
# $a = 5$. Each is taken at the values that enter the operation.
#
# The **gradient** of a value is the derivative of the *output* $f$ toward it. We find the gradients
# from the end. $f$ toward itself has the derivative 1. This is the **seed** of the way back.
#
# The figure below shows the graph, with the output at the bottom. In a box stand the name, the
# operation and the value. Each line leads from a parent down to the result; at its lower end stands
# the local derivative, as a factor. **Predict:** switch on "predict each step", and type each gradient
# before it is shown.


# %% given="node"
def node(data, parents=(), op="", local=()):
    """Return a value of a graph, for the pictures: a number that knows how it was computed."""
    return SimpleNamespace(data=float(data), parents=tuple(parents), op=op, local=tuple(local))


# %% drawing="graph"
x, y, z = node(2), node(3), node(4)
a = node(5, parents=(x, y), op="+", local=(1, 1))
f = node(20, parents=(a, z), op="*", local=(4, 5))
graph_stepper(
    f, {"x": x, "y": y, "z": z, "a": a, "f": f}, title="The way back through f = (x + y) z"
)

# %% [markdown]
# In words:
#
# - $a$ has one arrow, to $f$. So its gradient is $4 \cdot 1 = 4$. In the same way $z$ gets
#   $5 \cdot 1 = 5$.
# - $x$ has one arrow, to $a$. A step of $x$ moves $a$ at the rate 1, and $a$ moves $f$ at the
#   rate 4. So the gradient of $x$ is $1 \cdot 4 = 4$, and that of $y$ too.
#
# **Predict before you run the next cell:** with $z = -1$ in place of 4, which gradients change?

# %%
for z in (4.0, -1.0):
    f = lambda leaves: (leaves[0] + leaves[1]) * leaves[2]
    gradient = numerical_gradient(f, np.array([2.0, 3.0, z]))
    print(f"z = {z:4}:   f = {5 * z:5}   gradients of x, y, z: {np.round(gradient, 6)}")

# %% [markdown]
# ## 2. Local derivative times upstream
#
# The step that we repeated is always the same. A value has a gradient, which has come to it from
# the output. It passes to each of its parents
#
# $$\text{local derivative toward this parent} \;\times\; \text{its own gradient}.$$
#
# The second factor is called the **upstream** gradient. Nothing else is needed: the operation knows
# its local derivatives from the forward pass, and it need not know what comes after it. That is why
# a graph of any size can be handled by a program that knows five operations.
#
# In this and the next section you write that program. Its only data structure is a class `Value`. A
# Value holds
#
# | attribute | what |
# |---|---|
# | `data` | the number, found by going forward |
# | `parents` | the Values that it was computed from, in order |
# | `op` | a word for the operation, for drawings |
# | `local` | the local derivative toward each parent, in the order of the parents |
# | `grad` | the gradient, 0 until a backward pass has set it |
#
# Leaves have no parents and no local derivatives.

# %% [markdown] exercise="Value" objective=1
# ### Exercise: five operations
#
# Complete the class `Value`. The constructor, the way it is printed, and the operators `+`, `-` and
# `*` are written. The operators turn a plain number into a Value and then call your methods. Write
# the bodies of the five methods. Each returns a new `Value` and changes none of its operands.
#
# | method | `data` of the result | `parents` | `op` |
# |---|---|---|---|
# | `x.add(y)` | $x + y$ | `(x, y)` | `"+"` |
# | `x.mul(y)` | $x\,y$ | `(x, y)` | `"*"` |
# | `x.exp()` | $e^x$ | `(x,)` | `"exp"` |
# | `x.tanh()` | $\tanh x$ | `(x,)` | `"tanh"` |
# | `x.relu()` | $\max(0, x)$ | `(x,)` | `"relu"` |
#
# The operands `y` of `add` and `mul` are Values. In `x.mul(x)` the same Value is both operands;
# then it stands twice among the parents, with a local derivative for each place; in `x.add(x)` too.
# At $x = 0$ ReLU has no derivative. Take the slope 0 there, by convention; the checks accept any slope
# from 0 to 1.
#
# You find the local derivatives; there is one for each parent.


# %% answer="Value"
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
        ### BEGIN SOLUTION
        return Value(self.data + other.data, (self, other), "+", (1.0, 1.0))
        ### END SOLUTION

    def mul(self, other):
        """Return self * other, a Value with two parents."""
        ### BEGIN SOLUTION
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))
        ### END SOLUTION

    def exp(self):
        """Return e to the power self, a Value with one parent."""
        ### BEGIN SOLUTION
        e = np.exp(self.data)
        return Value(e, (self,), "exp", (e,))
        ### END SOLUTION

    def tanh(self):
        """Return the hyperbolic tangent of self, a Value with one parent."""
        ### BEGIN SOLUTION
        t = np.tanh(self.data)
        return Value(t, (self,), "tanh", (1 - t**2,))
        ### END SOLUTION

    def relu(self):
        """Return the larger one of 0 and self, a Value with one parent."""
        ### BEGIN SOLUTION
        return Value(max(0.0, self.data), (self,), "relu", (float(self.data > 0),))
        ### END SOLUTION

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


# %% [markdown] hints="Value"
# 1. Write one method, and run the checks. They compare `local` with slopes that are measured from
#    the values. If a check names `local`, look only at the last argument of your `Value(...)`.
# 2. A sum moves as fast as either operand. The slope of a product toward one factor is the other
#    factor. The slopes of $e^x$ and $\tanh x$ can be written with the value that you have just
#    computed.
# 3. Every method ends in a line of the shape
#    `return Value(result, (self, ...), "word", (slope, ...))`, with as many slopes as parents. One
#    parent makes the tuple `(self,)`, with a comma.


# %% given="check_node"
def explained(mismatch, name):
    """Return the mismatch, in plainer words if the method stopped in a typical way."""
    if isinstance(mismatch.__cause__, RecursionError):
        return Mismatch(
            f"{name}: an operator or a function of numpy got a Value and called this method again, "
            "without end: is .data missing?"
        )
    if "not iterable" in str(mismatch.__cause__):
        return Mismatch(
            f"{name}: the parents and the slopes are tuples; a tuple with one entry needs a comma, "
            "as in (self,)."
        )
    return mismatch


def check_node(method, f, *numbers, op, name):
    """Return quietly if `method` makes the Value of `f` at these numbers, with its local slopes."""
    operands = [Value(number) for number in numbers]
    try:
        made = call(method, *operands, name=name)
    except Mismatch as mismatch:
        raise explained(mismatch, name) from None
    if not isinstance(made, Value):
        raise Mismatch(f"{name}: returned {made!r}, needed a Value: does it end in Value(...)?")
    check_value(made.data, f(np.array(numbers)), name=f"{name}, its data")
    check_equal(len(made.parents), len(operands), name=f"{name}, the number of its parents")
    for parent, operand in zip(made.parents, operands, strict=True):
        if parent is not operand:
            raise Mismatch(f"{name}: its parents must be the operands themselves, in order.")
    slopes = lambda p: list(call(method, *(Value(number) for number in p)).local)
    check_gradient(f, slopes, np.array(numbers), name=f"{name}, its local")
    check_equal(made.op, op, name=f"{name}, its op")
    for operand, number in zip(operands, numbers, strict=True):
        check_value(operand.data, number, name=f"{name}: the data of an operand afterwards")
        check_value(operand.grad, 0, name=f"{name}: the grad of an operand afterwards")


# %% check="Value" part="sums" points=1
check_node(lambda x, y: x.add(y), lambda p: p[0] + p[1], 2.0, 3.5, op="+", name="add at (2, 3.5)")
check_node(lambda x, y: x.mul(y), lambda p: p[0] * p[1], 2.0, 3.5, op="*", name="mul at (2, 3.5)")
three = Value(3.0)
square = call(lambda: three.mul(three), name="x.mul(x) at 3")
check_value(list(square.local), [3, 3], name="x.mul(x) at 3, its local")
double = call(lambda: three.add(three), name="x.add(x) at 3")
check_equal(len(double.parents), 2, name="x.add(x) at 3: the number of its parents")
check_value(list(double.local), [1, 1], name="x.add(x) at 3, its local")
check_value(call(lambda: 2 * three - 1, name="2 * x - 1 at x = 3").data, 5, name="2 * x - 1 at 3")
### BEGIN HIDDEN TESTS
for one, two in [(-1.5, 0.25), (0.0, -4.0), (7.0, 7.0)]:
    for f, op, act in [
        (lambda p: p[0] + p[1], "+", lambda x, y: x.add(y)),
        (lambda p: p[0] * p[1], "*", lambda x, y: x.mul(y)),
    ]:
        check_node(act, f, one, two, op=op, name=f"operation {op} at ({one:g}, {two:g})")
minus = call(lambda: 5 - Value(1.5) * Value(-2.0) - Value(4.0), name="5 - x * y - z")
check_value(minus.data, 4.0, name="5 - x * y - z at (1.5, -2, 4)")
twice = Value(-0.5)
sum_of_two = call(lambda: twice.add(twice), name="x.add(x) at -0.5")
check_equal(len(sum_of_two.parents), 2, name="x.add(x): the number of its parents")
check_value(list(sum_of_two.local), [1, 1], name="x.add(x) at -0.5, its local")
### END HIDDEN TESTS

# %% check="Value" part="curves" points=1
check_node(lambda x: x.exp(), lambda p: np.exp(p[0]), 0.7, op="exp", name="exp at 0.7")
check_node(lambda x: x.tanh(), lambda p: np.tanh(p[0]), 0.7, op="tanh", name="tanh at 0.7")
### BEGIN HIDDEN TESTS
for x in (-2.0, -0.4, 0.0, 1.3):
    check_node(lambda x: x.exp(), lambda p: np.exp(p[0]), x, op="exp", name=f"exp at {x:g}")
    check_node(lambda x: x.tanh(), lambda p: np.tanh(p[0]), x, op="tanh", name=f"tanh at {x:g}")
### END HIDDEN TESTS

# %% check="Value" part="relu" points=1
for x in (-1.5, 2.5):
    check_node(
        lambda x: x.relu(), lambda p: np.maximum(p[0], 0), x, op="relu", name=f"relu at {x:g}"
    )
kink = call(lambda: Value(0.0).relu(), name="relu at 0")
check_value(kink.data, 0, name="relu at 0, its data")
slope = part(lambda: list(kink.local), 0, of=1, name="relu at 0, its local")()
if not 0 <= slope <= 1:
    raise Mismatch(f"relu at 0, its local: is {slope:g}, needed a slope from 0 to 1.")
### BEGIN HIDDEN TESTS
for x in (-30.0, -0.2, 0.3, 12.0):
    check_node(
        lambda x: x.relu(), lambda p: (abs(p[0]) + p[0]) / 2, x, op="relu", name=f"relu at {x:g}"
    )
flat = call(lambda: Value(0.0).relu(), name="relu at 0")
check_value(flat.data, 0, name="relu at 0, its data")
check_equal(bool(0 <= flat.local[0] <= 1), True, name="relu at 0: its local is from 0 to 1")
### END HIDDEN TESTS

# %% [markdown]
# ### All paths, the slow way
#
# Lesson 1 ended in one sentence: along a path multiply, over all paths add. That is already a
# program for the gradient of any Value. The function `link` makes a Value that is a weighted sum of
# others, so that we have graphs to try it on; the local derivatives of a weighted sum are its
# weights.


# %% given="paths"
def link(parents, weights):
    """Return the Value that is the sum of weight times parent; its local slopes are the weights."""
    total = sum(weight * parent.data for parent, weight in zip(parents, weights, strict=True))
    return Value(total, parents, "weighted sum", weights)


def sum_over_paths(output, start):
    """Return the derivative of `output` toward `start`: over all paths, the product of `local`."""
    if output is start:
        return 1.0
    steps = zip(output.parents, output.local, strict=True)
    return sum(slope * sum_over_paths(parent, start) for parent, slope in steps)


def doublings(n):
    """Return n + 1 Values: the first one is 1, and each other is the one before plus itself."""
    values = [Value(1.0)]
    for _ in range(n):
        values.append(link([values[-1], values[-1]], [1.0, 1.0]))
    return values


for n in (2, 5, 10, 15):
    values = doublings(n)
    slope = sum_over_paths(values[-1], values[0])
    print(f"n = {n:2}   last value {values[-1].data:7g}   derivative {slope:7g}   paths {2**n:6}")

# %% [markdown]
# The derivatives are right: each doubling multiplies by 2. But a graph of $n + 1$ values has $2^n$
# paths here, and this program walks along every one of them. For $n = 60$ it would not end in a
# hundred years. Real networks are as bad: with 100 units in each of 10 layers there are about
# $100^{10}$ paths.
#
# The remedy is in the picture of section 1. Nobody walked along paths there. Every arrow was used
# **once**, because $a$ collected its whole gradient before it passed anything on.

# %% [markdown]
# ## 3. In which order
#
# A value may have several **consumers**: values that were computed from it. Each of them sends a
# contribution. The value adds them up, and passes the sum on. It must not pass anything on before
# the last contribution is in.
#
# Here is the smallest graph in which the order matters:
#
# $$a = 1, \qquad b = a + a, \qquad c = b + b .$$
#
# As $c = 4a$, the gradient of $a$ is 4. Step through the way back in the figure. Then switch on
# "= instead of +=", which lets each contribution overwrite the one before. Then, in its place, switch
# on "depth first": whenever a contribution comes, a value passes on at once all that it has.
# **Predict** each time which gradient $a$ will have at the end.

# %% drawing="doublings"
a = node(1)
b = node(2, parents=(a, a), op="+", local=(1, 1))
c = node(4, parents=(b, b), op="+", local=(1, 1))
graph_stepper(c, {"a": a, "b": b, "c": c}, title="Two forks: b = a + a, c = b + b")

# %% [markdown]
# Three careless programs, and the right one:
#
# | program | gradient of $b$ | gradient of $a$ |
# |---|---|---|
# | writes `=` where it needs `+=` | 1: the second arrow overwrites the first | 1 |
# | passes the gradient of $b$ on each time something arrives | 1, then 2 | $1 + 1 + 2 + 2 = 6$ |
# | adds both contributions to $b$, and then passes $b$ on once for each arrow | 2 | $2 + 2 + 2 + 2 = 8$ |
# | waits until $b$ is complete, passes on once | 2 | $2 + 2 = 4$ |
#
# You may think that a value can pass on each contribution at once, as it comes. If it passes on
# only what is new, the result is right, but then the program walks along all paths again. If it
# passes on all that it has, early contributions count twice.
#
# So the values must be put into an order in which every value comes after its parents. Such an
# order is called **topological**. Going *backward* through it, every value comes after all its
# consumers: its gradient is complete when its turn comes.
#
# To find the order, start at the output. Before a value is put into the list, see that its parents
# are in the list; before they are, their parents; and so on. Skip what is in the list already.

# %% [markdown] exercise="topo_sort" objective=2
# ### Exercise: a topological order
#
# Write `topo_sort(output)`. It returns a list of all Values that lead to `output`, `output` itself
# included. Each stands in the list once, and every Value comes after all its parents. Values that
# do not lead to `output` are not in the list.
#
# There may be several such orders; each is accepted. A second call on the same graph must work as
# well as the first. Graphs are at most 200 Values deep, so a function that calls itself is fine.
# Values can be put into a `set`; two Values with equal `data` are still two. Your function is also
# tried on a graph with $2^{60}$ paths, so it cannot walk along each path.


# %% answer="topo_sort"
def topo_sort(output):
    """Return the list of all Values that lead to `output`, parents before what is made from them."""
    ### BEGIN SOLUTION
    order, seen = [], set()

    def visit(value):
        if value in seen:
            return
        seen.add(value)
        for parent in value.parents:
            visit(parent)
        order.append(value)

    visit(output)
    return order
    ### END SOLUTION


# %% [markdown] hints="topo_sort"
# 1. Take $a$; $b = a + a$; $c = b + b$ on paper. In which order does your program meet them, and
#    when does each enter the list?
# 2. A Value may enter the list only after its parents have. Keep a set of the Values that have been
#    visited, so that nothing is visited a second time.
# 3. An inner function that visits one Value, and calls itself for others. What must be done before
#    that, and what after? The list and the set are made anew in every call.


# %% given="check_sorted"
def check_sorted(order, graph, name):
    """Return quietly if `order` lists every Value of `graph` once, each after its parents."""
    if order is None:
        raise Mismatch(f"{name}: is None: is the return missing?")
    if not isinstance(order, list | tuple):
        raise Mismatch(f"{name}: is a {type(order).__name__}, needed a list of Values.")
    place = {}
    for value in order:
        if not isinstance(value, Value):
            raise Mismatch(f"{name}: holds {value!r}, needed Values only.")
        if value in place:
            raise Mismatch(f"{name}: holds {value} more than once.")
        place[value] = len(place)
    for value in graph:
        if value not in place:
            raise Mismatch(f"{name}: lacks {value}, which leads to the output.")
    for value in order:
        if value not in graph:
            raise Mismatch(f"{name}: holds {value}, which does not lead to the output.")
        for parent in value.parents:
            if place[parent] > place[value]:
                raise Mismatch(f"{name}: {value} comes before its parent {parent}.")


# %% check="topo_sort" part="order" points=2
chain = [Value(3.0)]
for weight in (2.0, 5.0, -1.0):
    chain.append(link(chain[-1:], [weight]))
for _ in range(2):  # the second call must do as well as the first
    check_sorted(call(topo_sort, chain[-1]), chain, "topo_sort of a chain of four")
check_sorted(call(topo_sort, chain[1]), chain[:2], "topo_sort of the chain's second Value")
x, y, z = Value(2.0), Value(3.0), Value(4.0)
a = link([x, y], [1.0, 1.0])
f = link([z, a], [5.0, 4.0])
check_sorted(call(topo_sort, f), [x, y, z, a, f], "topo_sort of a graph with three leaves")
### BEGIN HIDDEN TESTS
leaf = Value(8.0)
check_sorted(call(topo_sort, leaf), [leaf], "topo_sort of a leaf")
long = [Value(0.5)]
for _ in range(190):
    long.append(link(long[-1:], [1.01]))
check_sorted(call(topo_sort, long[-1]), long, "topo_sort of a chain of 191")
check_sorted(call(topo_sort, long[40]), long[:41], "topo_sort of the start of a chain")
### END HIDDEN TESTS

# %% check="topo_sort" part="forks" points=1
values = doublings(2)
check_sorted(call(topo_sort, values[-1]), values, "topo_sort of a; b = a + a; c = b + b")
a = Value(1.0)
b, c = link([a], [2.0]), link([a], [3.0])
d = link([b, c], [5.0, 7.0])
e = link([b, d], [1.0, 1.0])  # b has three consumers: d, e and g
g = link([e, b], [1.0, 10.0])
forks = "topo_sort of g, where a = 1, b = 2a, c = 3a, d = 5b + 7c, e = b + d, g = e + 10b"
check_sorted(call(topo_sort, g), [a, b, c, d, e, g], forks)
p, q = Value(2.0), Value(2.0)
s, t = link([p], [3.0]), link([q], [3.0])
u = link([s, t], [1.0, 4.0])
equals = "topo_sort of u, where p = 2, q = 2, s = 3p, t = 3q, u = s + 4t"
check_sorted(call(topo_sort, u), [p, q, s, t, u], equals)
values = doublings(60)
check_sorted(call(topo_sort, values[-1]), values, "topo_sort of 60 doublings")
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(303)
for size in (6, 12, 25):
    grown = [Value(rng.normal()) for _ in range(3)]
    for _ in range(size):
        chosen = [grown[i] for i in rng.integers(len(grown), size=rng.integers(1, 4))]
        grown.append(link(chosen, rng.normal(size=len(chosen))))
    above, todo = [], [grown[-1]]
    for value in todo:
        if value not in above:
            above.append(value)
            todo.extend(value.parents)
    check_sorted(call(topo_sort, grown[-1]), above, f"topo_sort of a random graph of {len(above)}")
equal = [Value(2.0), Value(2.0)]
both = link(equal, [1.0, 1.0])
check_sorted(call(topo_sort, both), [*equal, both], "topo_sort of two leaves with equal data")
### END HIDDEN TESTS

# %% [markdown] exercise="backward" objective=2
# ### Exercise: the backward pass
#
# Write `backward(output, seed=1.0)`. It sets the `grad` of every Value that leads to `output`, and
# of `output` itself, to `seed` times the derivative of `output` toward that Value. So `output.grad`
# becomes `seed`. It returns nothing.
#
# What was in `grad` before does not matter: a second call gives the same gradients again, and a
# call on another output of the same graph gives those of that output. You may use your `topo_sort`.
# It is tried on graphs with up to $2^{60}$ paths.


# %% answer="backward"
def backward(output, seed=1.0):
    """Set `grad` of every Value that leads to `output` to seed times the slope toward it."""
    ### BEGIN SOLUTION
    order = topo_sort(output)
    for value in order:
        value.grad = 0.0
    output.grad = seed
    for value in reversed(order):
        for parent, local in zip(value.parents, value.local, strict=True):
            parent.grad += local * value.grad
    ### END SOLUTION


# %% [markdown] hints="backward"
# 1. Try $a$; $b = a + a$; $c = b + b$, where the gradient of $a$ is 4. If you get 1, 6 or 8, find
#    your program in the table above. If only the second call is wrong, look at what it starts from.
# 2. Three steps: set all gradients to 0; give the output its seed; go through the topological order
#    from the end, and let each Value send to every parent local derivative times own gradient.
# 3. The inner line has the shape `parent.grad += ... * ...`, inside a loop over the parents and
#    their local derivatives together.


# %% given="check_grads"
def check_grads(graph, output, seed, when, look=""):
    """Return quietly if each Value of the dict `graph` has seed times the sum over all its paths."""
    for name, value in reversed(graph.items()):
        true = seed * sum_over_paths(output, value)
        case = Graph(backward, Value, link)
        check_value(value.grad, true, name=f"{when}: the grad of {name}", look=look, case=case)


# %% check="backward" part="chain" points=1
a = Value(2.0)
b = link([a], [3.0])
c = link([b], [-4.0])
call(backward, c)
check_grads({"a": a, "b": b, "c": c}, c, 1.0, "after backward(c) on b = 3a, c = -4b")
call(backward, c, 2.5)
check_grads({"a": a, "b": b, "c": c}, c, 2.5, "after backward(c, 2.5) on b = 3a, c = -4b")
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(31)
for depth, start in [(1, 1.0), (4, -0.3), (9, 7.0)]:
    row = {"v0": Value(rng.normal())}
    for i in range(depth):
        row[f"v{i + 1}"] = link([row[f"v{i}"]], rng.normal(size=1))
    end = row[f"v{depth}"]
    call(backward, end, start)
    check_grads(row, end, start, f"a chain of {depth + 1}, seed {start:g}")
lonely = Value(5.0)
call(backward, lonely, -2.0)
check_value(lonely.grad, -2.0, name="the grad of a leaf after backward(leaf, -2)")
### END HIDDEN TESTS

# %% check="backward" part="forks" points=2
values = doublings(2)
call(backward, values[-1])
named = dict(zip("abc", values, strict=True))
look = "The table above says which programs make the grad of a 1, 6 or 8."
check_grads(named, values[-1], 1.0, "a; b = a + a; c = b + b", look)
a = Value(1.0)
b, c = link([a], [2.0]), link([a], [3.0])
d = link([b, c], [5.0, 7.0])
e = link([d, b], [1.0, 10.0])  # b is used by d and by e
call(backward, e)
diamond = {"a": a, "b": b, "c": c, "d": d, "e": e}
check_grads(diamond, e, 1.0, "b = 2a, c = 3a, d = 5b + 7c, e = d + 10b")
e = link([b, d], [10.0, 1.0])  # the same, with the parents the other way round
call(backward, e)
diamond["e"] = e
check_grads(diamond, e, 1.0, "b = 2a, c = 3a, d = 5b + 7c, e = 10b + d")
p, q = Value(2.0), Value(2.0)
s, t = link([p], [3.0]), link([q], [3.0])
u = link([s, t], [1.0, 4.0])
call(backward, u)
alike = {"p": p, "q": q, "s": s, "t": t, "u": u}
check_grads(alike, u, 1.0, "p = 2, q = 2, s = 3p, t = 3q, u = s + 4t")
values = doublings(60)
call(backward, values[-1])
check_value(values[0].grad, 2.0**60, name="60 doublings: the grad of the first Value")
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(32)
for size, start in [(4, 1.0), (8, 0.5), (13, -3.0)]:
    grown = [Value(rng.normal()) for _ in range(2)]
    for _ in range(size):
        chosen = [grown[i] for i in rng.integers(len(grown), size=rng.integers(1, 4))]
        chosen.insert(rng.integers(len(chosen) + 1), grown[-1])  # in any order
        grown.append(link(chosen, rng.normal(size=len(chosen))))
    call(backward, grown[-1], start)
    named = {f"v{i}": value for i, value in enumerate(grown[1:])}
    check_grads(named, grown[-1], start, f"a random graph of {size + 2}, seed {start:g}")
### END HIDDEN TESTS

# %% check="backward" part="again" points=1
a = Value(1.5)
b = link([a, a], [2.0, 5.0])
c = link([b, a], [-1.0, 3.0])
twice = {"a": a, "b": b, "c": c}
for number in ("first", "second", "third"):
    call(backward, c)
    check_grads(twice, c, 1.0, f"after the {number} call of backward(c)")
call(backward, b)
check_grads({"a": a, "b": b}, b, 1.0, "after backward(c) and then backward(b)")
### BEGIN HIDDEN TESTS
leaf = Value(-0.4)
left, right = link([leaf], [3.0]), link([leaf, leaf], [1.0, 4.0])
top = link([left, right, left], [2.0, -6.0, 0.5])
for start in (1.0, 1.0, -2.0, 0.0, 4.0):
    call(backward, top, start)
    tried = {"leaf": leaf, "left": left, "right": right, "top": top}
    check_grads(tried, top, start, f"several calls, the last with seed {start:g}")
call(backward, right, 3.0)
check_grads({"leaf": leaf, "right": right}, right, 3.0, "a call on another output")
### END HIDDEN TESTS

# %% [markdown]
# ### Your engine at work
#
# The next cell computes $f = (x + y)\,z$ and one neuron, $h = \tanh(wx + b)$ at $x = 2$, with your
# class, and compares the gradients with central differences. It needs your five methods, `topo_sort`
# and `backward`.

# %%
try:
    x, y, z = Value(2), Value(3), Value(4)
    f = call(lambda: (x + y) * z, name="(x + y) * z with your operations")
    call(backward, f)
    print(f"f = {f.data:g}   gradients of x, y, z: {x.grad:g}, {y.grad:g}, {z.grad:g}")

    w, b = Value(0.5), Value(-0.3)
    neuron = call(lambda: (w * 2 + b).tanh(), name="tanh(2w + b) with your operations")
    call(backward, neuron)
    measured = numerical_gradient(lambda p: np.tanh(p[0] * 2 + p[1]), np.array([0.5, -0.3]))
    print(f"neuron: gradients of w and b: {w.grad:.6f}, {b.grad:.6f}")
    print(f"central differences:          {measured[0]:.6f}, {measured[1]:.6f}")
except NotWritten:
    print("Run this cell again when Value, topo_sort and backward are written.")
except Mismatch as mismatch:
    print(mismatch)

# %% [markdown]
# And here is a neuron with a loss, $L = e \cdot e$ with the error $e = h - y$ and $y = 1$, as a graph
# of your own Values. The figure reads their `data`, `parents`, `op` and `local`, and nothing else.
# **Predict** each gradient, and before that: which of the values have the same gradient? Then change
# the numbers or the operations in `own_graph`, and run both cells again.


# %%
def own_graph():
    """Return the figure of one neuron with its loss, made of your Values."""
    w, x, b, minus_y = Value(0.5), Value(2), Value(-0.3), Value(-1)
    wx = call(lambda: w * x, name="w * x with your operations")
    z = call(lambda: wx + b, name="w * x + b with your operations")
    h = call(lambda: z.tanh(), name="tanh(w * x + b) with your operations")
    e = call(lambda: h + minus_y, name="h - y with your operations")
    L = call(lambda: e * e, name="e * e with your operations")
    names = {"w": w, "x": x, "b": b, "wx": wx, "z": z, "h": h, "-y": minus_y, "e": e, "L": L}
    return graph_stepper(L, names, title="One neuron with a loss, made of your Values")


# %% drawing="own_graph"
def own_graph_or_one_by_hand():
    """Return the figure of own_graph, or say why that cannot be and return another one."""
    try:
        return own_graph()
    except (Mismatch, ValueError) as told:
        print(told)
    u, v = node(3), node(-2)
    square = node(9, parents=(u, u), op="*", local=(3, 3))
    total = node(7, parents=(square, v), op="+", local=(1, 1))
    names = {"u": u, "v": v, "u u": square, "p": total}
    return graph_stepper(total, names, title="Made by hand, until your Values work: p = u u + v")


own_graph_or_one_by_hand()

# %% [markdown]
# ### Forward, cache, backward
#
# Look at what your `backward` read. It read `local`, and `local` was computed in the forward pass,
# from values that were known then. So there are three parts in every program of this kind:
#
# 1. **Forward:** compute the values, from the leaves to the output.
# 2. **Cache:** keep what the local derivatives need.
# 3. **Backward:** go through the operations in reverse order, each time local derivative times
#    upstream.
#
# What must be kept depends on the operation. A product needs both its operands. $\tanh$ needs its
# own result. ReLU needs one bit: whether its input was positive. A sum needs nothing.
#
# You may think that the cache is there to save time. It does, but first of all it says **where**
# the derivatives are taken. A local derivative without its place is not a number.
#
# The price is memory: every intermediate value must be kept until the backward pass has used it. In
# return, one backward pass gives the derivatives toward *all* leaves. Going forward with
# derivatives, as with $Jv$ in lesson 2, would need one pass for every leaf.
#
# **A good place to pause.** The engine stands. What follows does the same with arrays.

# %% [markdown]
# ## 4. From numbers to arrays: one derivation in full
#
# A network of real size has millions of values. To make an object for each would be slow. So we
# take whole arrays as values, and whole layers as operations. The rules stay the same: forward,
# cache, backward, local times upstream, contributions added. Only "local derivative times upstream"
# becomes the product $uJ$ of lesson 2, and nobody forms the Jacobian.
#
# Here is a network for yes-or-no questions, with $D$ inputs, $H$ hidden units and one output. A
# **unit** is a neuron of lesson 1: a weighted sum of its inputs, plus a bias, and an activation. It
# has a column of $W$ and an entry of $b$. The network gets $m$ samples at once, a **batch**. Each row
# of $X$ is a sample. $Y$ holds the answers, 0 or 1.
#
# | forward | shape |
# |---|---|
# | $Z_1 = X W_1 + b_1$ | $(m, D)(D, H) + (H,) = (m, H)$ |
# | $A_1 = \mathrm{relu}(Z_1)$ | $(m, H)$ |
# | $Z_2 = A_1 W_2 + b_2$ | $(m, H)(H, 1) + (1,) = (m, 1)$ |
# | $A_2 = \sigma(Z_2)$ | $(m, 1)$ |
# | $L = -\frac1m \sum \bigl(Y \ln A_2 + (1 - Y)\ln(1 - A_2)\bigr)$ | a number |
#
# $A_2$ is the probability that the network gives to "yes". The loss is the **binary
# cross-entropy**, BCE: minus the logarithm of the probability given to the true answer, averaged
# over the samples. $Z_2$, which becomes a probability through $\sigma$, is called a **logit**.
#
# Now backward, from the end. Write $dA$ for $\partial L/\partial A$; it has the shape of $A$. The
# product $\odot$ is taken entry by entry.
#
# **The loss.** $L$ depends on each entry $a$ of $A_2$, with its answer $y$, through one term of the
# sum:
#
# $$\frac{\partial L}{\partial a} = -\frac1m\left(\frac{y}{a} - \frac{1 - y}{1 - a}\right)
# = \frac1m\cdot\frac{a - y}{a\,(1 - a)} .$$
#
# **The sigmoid.** Its slope at the logit is $\sigma'(z) = \sigma(z)(1 - \sigma(z)) = a\,(1 - a)$.
# That is the denominator above, and it cancels:
#
# $$\frac{\partial L}{\partial z} = \frac1m\cdot\frac{a - y}{a\,(1 - a)}\cdot a\,(1 - a)
# = \frac{a - y}{m}, \qquad\text{so}\qquad dZ_2 = \frac{A_2 - Y}{m}, \quad (m, 1) .$$
#
# What goes back is the error of the prediction, divided by the number of samples. Many texts write
# $dZ_2 = A_2 - Y$. That belongs to a loss that is *summed* over the batch. With a mean, the $1/m$
# must appear once: here, and not again in the weights below.
#
# **The second layer.** This is the linear layer of lesson 2, with the input $A_1$ and the upstream
# $dZ_2$:
#
# $$dW_2 = A_1^{\mathsf T}\, dZ_2, \quad (H, m)(m, 1) = (H, 1); \qquad
# db_2 = \sum_{\text{samples}} dZ_2, \quad (1,); \qquad
# dA_1 = dZ_2\, W_2^{\mathsf T}, \quad (m, 1)(1, H) = (m, H).$$
#
# **ReLU.** The place is $Z_1$, the values that enter the activation: the **pre-activations**. Where
# one is positive, the unit is **alive** on this sample, and the slope is 1. Elsewhere the unit is
# **dead**, and the slope is 0 (at 0 too, by convention):
#
# $$dZ_1 = dA_1 \odot \mathrm{relu}'(Z_1), \quad (m, H).$$
#
# **The first layer**, with the input $X$ and the upstream $dZ_1$:
#
# $$dW_1 = X^{\mathsf T}\, dZ_1, \quad (D, m)(m, H) = (D, H); \qquad
# db_1 = \sum_{\text{samples}} dZ_1, \quad (H,).$$
#
# The two lines for a layer are the same lines. Only the input and the upstream have changed. In
# full, the gradient of the first weights is
#
# $$dW_1 = X^{\mathsf T} \left[ \left( \tfrac1m (A_2 - Y)\, W_2^{\mathsf T} \right) \odot
# \mathrm{relu}'(Z_1) \right].$$
#
# You may see this written as five factors in a row, without order and transposes. The shapes show
# that only this order fits.


# %% given="sigmoid"
def sigmoid(z):
    """Return 1 / (1 + exp(-z)) without overflow, for a number or an array."""
    return 0.5 * (1 + np.tanh(z / 2))


# %%
def yes_no_loss(net, X, Y):
    """Return the mean binary cross-entropy of the network above. net: dict of W1, b1, W2, b2."""
    A1 = np.maximum(X @ net["W1"] + net["b1"], 0)
    A2 = sigmoid(A1 @ net["W2"] + net["b2"])
    return -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / len(X)


def yes_no_backward(net, X, Y):
    """Return the gradients of yes_no_loss, a dict with the keys of `net`."""
    # forward, and keep what the local derivatives need
    Z1 = X @ net["W1"] + net["b1"]  # (m, H)
    A1 = np.maximum(Z1, 0)  # (m, H)
    A2 = sigmoid(A1 @ net["W2"] + net["b2"])  # (m, 1)

    # loss and sigmoid together
    dZ2 = (A2 - Y) / len(X)  # (m, 1)

    # second layer
    dW2, db2 = A1.T @ dZ2, dZ2.sum(axis=0)  # (H, 1), (1,)
    dA1 = dZ2 @ net["W2"].T  # (m, H)

    # ReLU, at the pre-activation
    dZ1 = dA1 * (Z1 > 0)  # (m, H)

    # first layer
    dW1, db1 = X.T @ dZ1, dZ1.sum(axis=0)  # (D, H), (H,)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


rng = np.random.default_rng(1)
m, D, H = 7, 5, 4
X, Y = rng.normal(size=(m, D)), rng.integers(0, 2, size=(m, 1))
net = {"W1": (D, H), "b1": (H,), "W2": (H, 1), "b2": (1,)}
net = {key: rng.normal(size=shape) for key, shape in net.items()}
for key, gradient in yes_no_backward(net, X, Y).items():
    check_gradient(lambda v, key=key: yes_no_loss({**net, key: v}, X, Y), gradient, net[key])
    print(f"d{key}: shape {gradient.shape!s:7} agrees with the slopes of the loss")

# %% [markdown]
# The function `check_gradient` compares every entry with the true slope of the loss, found from
# values of `yes_no_loss` alone, and stops if one differs. This is a **gradient check**. You will
# check your own networks in the same way. (A function looks up a name when it is called. `key=key`
# in the `lambda` keeps the key that the loop has now.)
#
# ### A repair that changes the loss
#
# You may skip this part at first reading.
#
# If $A_2$ rounds to 0 or to 1, then $\ln 0$ appears. A common repair is to write
# `np.log(p + 1e-8)`. You may think that so small a number cannot matter. But the derivative of
# $\ln(p + \varepsilon)$ is $1/(p + \varepsilon)$, so the $p$ in $p(1 - p)$ no longer cancels. For
# $y = 1$ the gradient of the loss that was coded is
#
# $$-\frac{p\,(1 - p)}{p + \varepsilon} = \frac{p}{p + \varepsilon}\,(p - 1),$$
#
# where the backward pass says $p - 1$. The cell prints how far the two are apart.

# %%
eps = 1e-8
for z in (0.0, -15.0, -18.4):
    p = np.exp(z) / (1 + np.exp(z))
    print(f"z = {z:5}   p = {p:.2e}   share of the gradient that is lost: {eps / (p + eps):.1e}")

# %% [markdown]
# At $z = 0$ a share of 2e-8 is lost, at $-15$ 3 %, and at $-18.4$ one half. It is worst where the
# network is confident and wrong, which is where it has most to learn. And a gradient check of
# correct code against this loss reports an error. Section 5 has the right repair.

# %% [markdown]
# ## 5. The gradients of the losses
#
# Let $P$ of shape $(m, K)$ be the predictions and $Y$ of the same shape the targets. In this course
# a loss is the **mean over the samples of a sum over the outputs**. Two examples below have one
# sample and the loss $\frac12(\hat y - y)^2$, as many texts do; they say so.
#
# | loss | value | gradient toward $P$, $(m, K)$ |
# |---|---|---|
# | squared error, MSE | $\frac1m \sum (P - Y)^2$ | $dP = \frac2m (P - Y)$ |
# | cross-entropy, CE | $-\frac1m \sum Y \ln P$ | $dP = -\frac1m\, Y / P$ |
# | binary cross-entropy | $-\frac1m \sum \bigl(Y \ln P + (1 - Y)\ln(1 - P)\bigr)$ | $dP = \frac1m\,(P - Y) / \bigl(P(1 - P)\bigr)$ |
#
# Other texts divide the squared error by $mK$, the number of entries, or put $\frac12$ before it.
# Then the constant in the gradient changes too. Always look at the loss first.
#
# ### Softmax and cross-entropy
#
# For one sample with logits $z_1, \dots, z_K$ let $p = \mathrm{softmax}(z)$, and let $y$ be
# **one-hot**: 1 at the true class, 0 elsewhere. In lesson 2 you found the Jacobian of softmax,
# $\partial p_j/\partial z_k = p_j(\delta_{jk} - p_k)$, where $\delta_{jk}$ is 1 for $j = k$ and 0
# otherwise. The logit $z_k$ changes *all* $p_j$: a fork with $K$ paths. Add them:
#
# $$\frac{\partial \ell}{\partial z_k} = \sum_{j} \underbrace{-\frac{y_j}{p_j}}_{\text{loss}}
# \cdot \underbrace{p_j(\delta_{jk} - p_k)}_{\text{softmax}}
# = -y_k + p_k \sum_j y_j = p_k - y_k ,$$
#
# since the $y_j$ add up to 1. For a batch with the mean loss, $dZ = \frac1m (P - Y)$. You may think
# that only the logit of the true class gets a gradient, since only its probability stands in the
# loss. But all logits stand in that probability.
#
# ### Work on logits, not on probabilities
#
# Take one logit $a$ with the answer $y$. (In section 4 the letter $a$ was an entry of $A_2$, after
# the sigmoid. From here on it is the logit, before the sigmoid.) The binary cross-entropy of
# $\sigma(a)$ can be written without any probability:
#
# $$\ell(a, y) = \max(a, 0) - a\,y + \ln\bigl(1 + e^{-|a|}\bigr), \qquad
# \frac{\partial \ell}{\partial a} = \sigma(a) - y .$$
#
# You may skip the reason at first reading. *Why:* $-\ln\sigma(a) = \ln(1 + e^{-a})$ and
# $-\ln(1 - \sigma(a)) = \ln(1 + e^{a}) = a + \ln(1 + e^{-a})$. So
# $\ell = y\ln(1 + e^{-a}) + (1 - y)\bigl(a + \ln(1 + e^{-a})\bigr) = \ln(1 + e^{-a}) + (1 - y)\,a$.
# For negative $a$ the exponential could overflow; there replace $\ln(1 + e^{-a})$ by
# $-a + \ln(1 + e^{a})$, which is the same. Both cases together are the formula. Its exponential is
# never larger than 1, so nothing overflows, and no logarithm is ever taken of 0. *The slope:*
# $\ln(1 + e^{-a})$ has the derivative $-e^{-a}/(1 + e^{-a}) = \sigma(a) - 1$; add $1 - y$.

# %%
print("    a   y   loss       sigma(a) - y   measured     agree to 1e-8")
for a, y in [(-2.0, 0.0), (-0.4, 1.0), (1.7, 1.0), (3.0, 0.0)]:
    loss = lambda a, y=y: np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a)))
    slope, measured = sigmoid(a) - y, numerical_gradient(loss, a)
    agree = abs(slope - measured) < 1e-8
    print(f"{a:5} {y:3}   {loss(a):.6f}   {slope:12.6f}   {measured:9.6f}   {agree!s:>8}")

# %% [markdown]
# `np.log1p(t)` is $\ln(1 + t)$, exact also where $t$ is so small that $1 + t$ rounds to 1.
#
# For softmax the same repair is to take out the largest logit. With $M = \max_k z_k$,
#
# $$\ln \sum_k e^{z_k} = M + \ln \sum_k e^{z_k - M}, \qquad
# \ln p_k = z_k - \ln \sum_j e^{z_j} .$$
#
# The largest exponent on the right is 0, so nothing overflows, and the sum is at least 1, so its
# logarithm is safe. To compute $\ln p_k$ from the logits is safe; to compute $p_k$ first and
# take its logarithm is not, because $p_k$ may round to 0.

# %% [markdown] exercise="bce_from_logits" objective=3
# ### Exercise: binary cross-entropy from logits
#
# Write `bce_from_logits(a, y)`. `a` and `y` have shape `(m,)`: `m` logits, and their answers,
# numbers from 0 to 1. It returns two things: the **mean** loss over the `m` samples, a number, and
# its gradient `da` with respect to `a`, of shape `(m,)`.
#
# Lists and whole numbers must do as input. It is for your function to make arrays of them, with
# `np.asarray(a, float)`: the given `sigmoid` takes no lists. No numpy warning may appear, however
# large `a` is; it is tried with logits up to 1e5 in size. You may use `sigmoid`.


# %% answer="bce_from_logits"
def bce_from_logits(a, y):
    """Return (loss, da): the mean binary cross-entropy and its gradient. a, y, da: shape (m,)."""
    ### BEGIN SOLUTION
    a, y = np.asarray(a, float), np.asarray(y, float)
    losses = np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a)))
    return losses.mean(), (sigmoid(a) - y) / len(a)
    ### END SOLUTION


# %% [markdown] hints="bce_from_logits"
# 1. Check the loss first: is it one number, and the mean? Then compare the constant of your
#    gradient with the constant of the loss.
# 2. Use the formula with $|a|$ for the loss. The derivative of a mean of $m$ terms toward one of
#    them carries the factor $1/m$.
# 3. One line makes an array of `m` losses, with `np.maximum`, `np.log1p` and `np.abs`. The next one
#    returns two things: a mean, and an array divided by a count.


# %% given="plain_bce"
def plain_bce(a, y):
    """Return the mean binary cross-entropy by way of probabilities; only for moderate logits."""
    p = sigmoid(a)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


logits = np.array([-2.0, -0.4, 1.7, 3.0, 0.8])
answers = np.array([0.0, 1.0, 1.0, 0.0, 0.3])


def bce_sample(number):
    """Return other logits and answers, for the diagnosis of wrong results."""
    rng = np.random.default_rng(510 + number)
    return {"a": rng.normal(scale=2, size=5 + number), "y": rng.uniform(size=5 + number)}


def bce_probe(number):
    """Return your gradient for other logits."""
    a, y = bce_sample(number).values()
    found = {"a": part(bce_from_logits, 1, of=2)(a, y)}
    return Probe(plain_bce, {"a": a}, {"y": y}, found)


def direct_bce(a, y):
    """Return the mean of the losses in the table above."""
    return np.mean(np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a))))


bce_value = Values(direct_bce, part(bce_from_logits, 0, of=2), bce_sample)

# %% check="bce_from_logits" part="loss" points=1
loss = part(bce_from_logits, 0, of=2)(logits, answers)
look = "If only the eighth digit differs: is there a small constant inside a logarithm?"
check_value(loss, plain_bce(logits, answers), name="the loss", look=look, case=bce_value)
given_lists = part(bce_from_logits, 0, of=2, name="bce_from_logits, given two lists")
loss = given_lists([3, -1, 0, 2, -2], [0, 0, 1, 1, 1])
true = plain_bce(np.array([3.0, -1, 0, 2, -2]), np.array([0.0, 0, 1, 1, 1]))
check_value(loss, true, name="the loss of two lists of whole numbers", look=look)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(51)
for m in (1, 2, 7, 20):
    a, y = rng.normal(scale=3, size=m), rng.uniform(size=m)
    loss = part(bce_from_logits, 0, of=2)(a, y)
    check_value(loss, plain_bce(a, y), name=f"the loss of {m} samples", case=bce_value)
loss = part(bce_from_logits, 0, of=2)([2, -1, 3], [1, 0, 0])
check_value(
    loss, plain_bce(np.array([2.0, -1, 3]), np.array([1.0, 0, 0])), name="the loss of lists"
)
### END HIDDEN TESTS

# %% check="bce_from_logits" part="gradient" points=1
da = part(bce_from_logits, 1, of=2)(logits, answers)
check_gradient(lambda a: plain_bce(a, answers), da, logits, name="da", case=Gradients(bce_probe))
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(52)
for m in (1, 2, 7, 20):
    a, y = rng.normal(scale=3, size=m), rng.uniform(size=m)
    da = part(bce_from_logits, 1, of=2)(a, y)
    true, name = (lambda a, y=y: plain_bce(a, y)), f"da of {m} samples"
    check_gradient(true, da, a, name=name, case=Gradients(bce_probe))
a = np.array([2, -1, 0, 3, -2])
da = part(bce_from_logits, 1, of=2)(a, np.array([1, 0, 1, 0, 1]))
check_gradient(lambda a: plain_bce(a, np.array([1, 0, 1, 0, 1])), da, a, name="da of whole numbers")
### END HIDDEN TESTS


# %% check="bce_from_logits" part="extremes" points=1
def quietly(i):
    """Return the function that gives result number i, and lets no warning of numpy pass."""
    quiet = lambda a, y: call(bce_from_logits, a, y, name="bce_from_logits", quiet=True)
    return part(quiet, i, of=2, name="bce_from_logits")


# Two sure and right answers cost nothing, two sure and wrong ones 1000 each: 500 in the mean.
extreme, right = np.array([1000.0, -1000.0, 1000.0, -1000.0]), np.array([1.0, 0.0, 0.0, 1.0])
check_value(quietly(0)(extreme, right), 500, name="the loss at logits of +-1000")
da = quietly(1)(extreme, right)
check_value(da, [0, 0, 0.25, -0.25], name="da at logits of +-1000")
### BEGIN HIDDEN TESTS
a, y = np.array([-800.0, 35.0, -35.0, 0.0, 1e5]), np.array([0.0, 0.0, 1.0, 1.0, 0.5])
value, slope = tape.value_and_grad(lambda a: np.sum(np.logaddexp(0, a) - a * y) / 5)(a)
check_value(quietly(0)(a, y), value, name="the loss of large logits")
check_value(quietly(1)(a, y), slope, name="da of large logits", rtol=1e-8)
small = quietly(0)(np.array([40.0]), np.array([1.0]))
check_value(small, np.exp(-40.0), name="the loss at a = 40, y = 1", rtol=1e-6)
### END HIDDEN TESTS

# %% [markdown] exercise="softmax_ce" objective=3
# ### Exercise: softmax and cross-entropy
#
# Write `softmax_ce(Z, Y)`. `Z` has shape `(m, K)`: a row of logits for each sample. `Y` has the
# same shape, and each row is one-hot. It returns the **mean** cross-entropy of the softmax of the
# rows, a number, and its gradient `dZ` of shape `(m, K)`.
#
# Whole numbers and lists must do as input; again your function makes arrays of them. No numpy warning
# may appear, however large `Z` is; it is tried with logits up to 1e5 in size. The function `softmax`
# is given. It takes arrays only.


# %% given="softmax"
def softmax(Z):
    """Return the softmax of each row of Z (m, K), without overflow."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# %% answer="softmax_ce"
def softmax_ce(Z, Y):
    """Return (loss, dZ): the mean cross-entropy of softmax(Z), and its gradient. Z, Y, dZ: (m, K)."""
    ### BEGIN SOLUTION
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(Y * log_p) / len(Z), (np.exp(log_p) - Y) / len(Z)
    ### END SOLUTION


# %% [markdown] hints="softmax_ce"
# 1. Make the loss right for moderate logits, then for large ones. In the gradient look at every
#    entry of a row, not only at the true class.
# 2. $\ln p_k$ is a logit minus the logarithm of a sum of exponentials, with the largest logit of
#    *its row* taken out. Sums are over `axis=1`, means over the `m` rows.
# 3. First the logits of each row, shifted; `keepdims=True` keeps the shape `(m, 1)`. Then an array of
#    all $\ln p_k$. The loss picks from it with `Y`; the gradient needs its exponentials.


# %% given="plain_ce"
def plain_ce(Z, Y):
    """Return the mean cross-entropy by way of probabilities; only for moderate logits."""
    return -np.sum(Y * np.log(softmax(Z))) / len(Z)


scores = np.array([[0.5, -1, 2], [1.5, 0, -0.5], [-2, 0.3, 0.1], [0, 1, 3], [1, 1.2, -0.7]])
classes = one_hot([2, 1, 0, 2, 0], 3)


def ce_sample(number):
    """Return other logits and one-hot rows, for the diagnosis of wrong results."""
    rng = np.random.default_rng(530 + number)
    m, K = 5 + number, 3 + number
    return {"Z": rng.normal(size=(m, K)), "Y": one_hot(rng.integers(K, size=m), K)}


def ce_probe(number):
    """Return your gradient for other logits."""
    Z, Y = ce_sample(number).values()
    return Probe(plain_ce, {"Z": Z}, {"Y": Y}, {"Z": part(softmax_ce, 1, of=2)(Z, Y)})


ce_value = Values(plain_ce, part(softmax_ce, 0, of=2), ce_sample)

# %% check="softmax_ce" part="loss" points=1
loss = part(softmax_ce, 0, of=2)(scores, classes)
look = "If only the eighth digit differs: is there a small constant inside a logarithm?"
check_value(loss, plain_ce(scores, classes), name="the loss", look=look, case=ce_value)
given_lists = part(softmax_ce, 0, of=2, name="softmax_ce, given two lists of lists")
loss = given_lists([[2, 0, -1], [1, 3, 1]], [[0, 0, 1], [1, 0, 0]])
true = plain_ce(np.array([[2.0, 0, -1], [1, 3, 1]]), np.array([[0, 0, 1], [1, 0, 0]]))
check_value(loss, true, name="the loss of two lists of lists", look=look)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(53)
for m, K in [(1, 2), (7, 3), (4, 6)]:
    Z, Y = rng.normal(scale=2, size=(m, K)), one_hot(rng.integers(K, size=m), K)
    loss = part(softmax_ce, 0, of=2)(Z, Y)
    true = -np.sum(Y * tape.log_softmax(Z)) / m
    check_value(loss, true, name=f"the loss of {m} samples with {K} classes", case=ce_value)
loss = part(softmax_ce, 0, of=2)([[1, 2, 4], [0, -1, 3]], [[0, 1, 0], [1, 0, 0]])
true = plain_ce(np.array([[1.0, 2, 4], [0, -1, 3]]), np.array([[0, 1, 0], [1, 0, 0]]))
check_value(loss, true, name="the loss of lists")
### END HIDDEN TESTS

# %% check="softmax_ce" part="gradient" points=2
dZ = part(softmax_ce, 1, of=2)(scores, classes)
check_gradient(lambda Z: plain_ce(Z, classes), dZ, scores, name="dZ", case=Gradients(ce_probe))
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(54)
for m, K in [(1, 2), (7, 3), (4, 6)]:
    Z, Y = rng.normal(scale=2, size=(m, K)), one_hot(rng.integers(K, size=m), K)
    dZ = part(softmax_ce, 1, of=2)(Z, Y)
    true = lambda Z, Y=Y: plain_ce(Z, Y)
    name = f"dZ of {m} samples with {K} classes"
    check_gradient(true, dZ, Z, name=name, case=Gradients(ce_probe))
Z, Y = np.array([[3, 0, -1, 2], [1, 5, 0, 0]]), np.array([[1, 0, 0, 0], [0, 0, 0, 1]])
dZ = part(softmax_ce, 1, of=2)(Z, Y)
check_gradient(lambda Z: plain_ce(Z, Y), dZ, Z, name="dZ of whole numbers")
### END HIDDEN TESTS


# %% check="softmax_ce" part="extremes" points=1
def quietly(i):
    """Return the function that gives result number i, and lets no warning of numpy pass."""

    def quiet(Z, Y):
        try:
            return call(softmax_ce, Z, Y, name="softmax_ce", quiet=True)
        except Mismatch as mismatch:
            if "divide by zero" not in mismatch.sentence:
                raise
            look = (
                "A probability, or a sum of exponentials, has become 0: which logit was taken out?"
            )
            raise Mismatch(mismatch.sentence, look=look) from None

    return part(quiet, i, of=2, name="softmax_ce")


# The first sample is surely right and costs nothing; the second is surely wrong and costs 4000.
far, true_class = np.array([[2000.0, 0, -500], [-3000, -1000, -5000]]), one_hot([0, 2], 3)
check_value(quietly(0)(far, true_class), 2000, name="the loss at large logits")
dZ = quietly(1)(far, true_class)
check_value(dZ, [[0, 0, 0], [0, 0.5, -0.5]], name="dZ at large logits")
### BEGIN HIDDEN TESTS
Z = np.array([[1000.0, 1000, 999], [-1000, -1001, -1003], [0, 800, -800], [1e5, 0, 0], [3, 2, 700]])
Y = one_hot([1, 2, 0, 0, 1], 3)
value, slope = tape.value_and_grad(lambda Z: -np.sum(Y * tape.log_softmax(Z)) / 5)(Z)
check_value(quietly(0)(Z, Y), value, name="the loss of large logits")
found = quietly(1)(Z, Y)
check_value(np.round(found, 12), np.round(slope, 12), name="dZ of large logits", rtol=1e-9)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Two layers by hand
#
# You have seen one backward pass written out in full. Now the same work three times, with fewer and
# fewer lines given. First read; then fill in, with pencil and paper; then write. You may skip the
# part to fill in at first reading, up to the exercise; read only how the penalty comes in.
#
# ### Fill in: two layers of sigmoids
#
# The hidden layer and the output are sigmoids, and the loss is the squared error, with a penalty on
# the weights:
#
# $$A_1 = \sigma(X W_1 + b_1), \quad (m, H); \qquad A_2 = \sigma(A_1 W_2 + b_2), \quad (m, K);$$
# $$L = \frac1m \sum (A_2 - Y)^2 + \frac\lambda2 \left( \sum W_1^2 + \sum W_2^2 \right).$$
#
# The last term is called **L2 penalty** or weight decay. $\lambda \ge 0$ says how strong it is. It
# is a second path from $W$ to $L$, straight, without a detour through the data. So it *adds*
# $\lambda W$ to $dW$. Two things go wrong here. The penalty has no $1/m$, because it is no mean
# over samples. And the biases are not in it, so nothing is added to $db$.
#
# Take paper and complete the lines with dots. Each is like a line of section 4; only the slope of
# the activation and the penalty are new.
#
# | line | shape |
# |---|---|
# | $dA_2 = \frac2m (A_2 - Y)$ | $(m, K)$ |
# | $dZ_2 = dA_2 \odot A_2 \odot (1 - A_2)$ | $(m, K)$ |
# | $dW_2 = A_1^{\mathsf T}\, dZ_2 + \dots$ | $(H, K)$ |
# | $db_2 = \dots$ | $(K,)$ |
# | $dA_1 = \dots$ | $(m, H)$ |
# | $dZ_1 = dA_1 \odot \dots$ | $(m, H)$ |
# | $dW_1 = \dots$ | $(D, H)$ |
# | $db_1 = \dots$ | $(H,)$ |
#
# <details>
# <summary>The completed lines</summary>
#
# $dW_2 = A_1^{\mathsf T} dZ_2 + \lambda W_2$; $db_2 = \sum_{\text{samples}} dZ_2$;
# $dA_1 = dZ_2 W_2^{\mathsf T}$; $dZ_1 = dA_1 \odot A_1 \odot (1 - A_1)$;
# $dW_1 = X^{\mathsf T} dZ_1 + \lambda W_1$; $db_1 = \sum_{\text{samples}} dZ_1$.
#
# </details>
#
# Here the sigmoid's slope did not cancel, because the loss is another one. A common slip is
# $db_1 = dZ_1$, without the sum. With one sample that is right. With a batch it has the shape
# $(m, H)$: a row for each sample, where $(H,)$ is needed.
#
# The next cell is folded, since it holds the completed lines as a program. Run it when your table is
# complete, and open it to compare.


# %% drawing="two_sigmoids"
def two_sigmoids_loss(net, X, Y, lam):
    A1 = sigmoid(X @ net["W1"] + net["b1"])
    A2 = sigmoid(A1 @ net["W2"] + net["b2"])
    penalty = lam / 2 * (np.sum(net["W1"] ** 2) + np.sum(net["W2"] ** 2))
    return np.sum((A2 - Y) ** 2) / len(X) + penalty


def two_sigmoids_backward(net, X, Y, lam):
    # forward
    A1 = sigmoid(X @ net["W1"] + net["b1"])  # (m, H)
    A2 = sigmoid(A1 @ net["W2"] + net["b2"])  # (m, K)

    # loss, then the sigmoid on top of it
    dA2 = 2 / len(X) * (A2 - Y)  # (m, K)
    dZ2 = dA2 * A2 * (1 - A2)  # (m, K)

    # second layer, and its penalty
    dW2 = A1.T @ dZ2 + lam * net["W2"]  # (H, K)
    db2 = dZ2.sum(axis=0)  # (K,)

    # back through the weights and the sigmoid below
    dZ1 = (dZ2 @ net["W2"].T) * A1 * (1 - A1)  # (m, H)

    # first layer, and its penalty
    dW1 = X.T @ dZ1 + lam * net["W1"]  # (D, H)
    db1 = dZ1.sum(axis=0)  # (H,)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


rng = np.random.default_rng(2)
m, D, H, K = 7, 5, 4, 3
X, Y = rng.normal(size=(m, D)), rng.uniform(size=(m, K))
net = {"W1": (D, H), "b1": (H,), "W2": (H, K), "b2": (K,)}
net = {key: rng.normal(size=shape) for key, shape in net.items()}
for key, gradient in two_sigmoids_backward(net, X, Y, 0.1).items():
    loss = lambda v, key=key: two_sigmoids_loss({**net, key: v}, X, Y, 0.1)
    check_gradient(loss, gradient, net[key], name=f"d{key}")
    print(f"d{key}: shape {gradient.shape!s:7} agrees with the slopes of the loss")

# %% [markdown] exercise="tanh_net_gradients" objective=4
# ### Exercise: a tanh network with one sample
#
# One sample $x$ of shape $(D,)$ goes through $H$ tanh units to one number:
#
# $$z = xW + b, \quad (H,); \qquad h = \tanh(z), \quad (H,); \qquad \hat y = v \cdot h + c;
# \qquad L = \tfrac12 (\hat y - y)^2 .$$
#
# $W$ has shape $(D, H)$, $b$ and $v$ have shape $(H,)$, and $c$, $\hat y$ and the target $y$ are
# numbers. Where samples are columns, you will see $Wx$ with a $W$ of shape $(H, D)$. Here rows are
# samples, as everywhere in this course, so $W$ is the transpose of that one. There is one sample, so
# the loss has no mean; it has the factor $\frac12$.
#
# Write `tanh_net_gradients(W, b, v, c, x, y)`. It returns a dict with the keys `"W"`, `"b"`, `"v"`,
# `"c"` and `"x"`: the gradients of $L$, each with the shape of its variable. The input is a
# variable too: its gradient is what a layer before this one would get as upstream.
#
# About shapes: here and below the checks let a gradient of shape $(1, H)$ or $(H, 1)$ pass for
# $(H,)$. But a step with such a gradient changes the shape of the bias itself. So make it $(H,)$.


# %% answer="tanh_net_gradients"
def tanh_net_gradients(W, b, v, c, x, y):
    """Return a dict: the gradients of (v . tanh(x W + b) + c - y)^2 / 2 toward W, b, v, c, x."""
    ### BEGIN SOLUTION
    h = np.tanh(x @ W + b)
    error = v @ h + c - y
    dz = error * v * (1 - h**2)
    return {"W": np.outer(x, dz), "b": dz, "v": error * h, "c": error, "x": W @ dz}
    ### END SOLUTION


# %% [markdown] hints="tanh_net_gradients"
# 1. Go forward and keep `h`. Begin with the gradient of $\hat y$; the factor $\frac12$ belongs to
#    it. `"W"`, `"b"` and `"x"` share one quantity: if all three are wrong, look there.
# 2. $\partial L/\partial z = \partial L/\partial h \odot \tanh'(z)$, and $\tanh'(z) = 1 - h^2$.
#    Then $z_j = \sum_i x_i W_{ij} + b_j$: what is its derivative toward $W_{ij}$, $b_j$, $x_i$?
# 3. Lines of the shape `error = ...`, `dz = error * ... * ...`, and a dict. For `"W"` use
#    `np.outer(..., ...)`, with the shape `(D, H)`.


# %% given="tanh_net"
def tanh_net_loss(W, b, v, c, x, y):
    """Return the loss of the tanh network. W: (D, H). b, v: (H,). x: (D,). c, y: numbers."""
    return (v @ np.tanh(x @ W + b) + c - y) ** 2 / 2


def entry(gradients, key, name):
    """Return `gradients[key]`; a result that is no dict, or lacks the key, is told."""
    if not isinstance(gradients, dict):
        raise Mismatch(f"{name}: returned {type(gradients).__name__}, needed a dict.")
    if key not in gradients:
        raise Mismatch(
            f"{name}: its dict has no key {key!r}; it has {sorted(map(str, gradients))}."
        )
    return gradients[key]


LOOK_TANH = {
    "v": "It is made from the gradient of the output and from h.",
    "c": "It is the gradient of the output.",
    "b": "It is the gradient of z: the way from the output through v and through tanh.",
    "W": "db is right, so the gradient of z is: look at how x comes in, and at the shape.",
    "x": "db is right, so the gradient of z is: look at how W comes in.",
}


def tanh_probe(number):
    """Return your gradients of another network, for the diagnosis of wrong ones."""
    rng, (D, H) = np.random.default_rng(560 + number), [(2, 3), (4, 3), (5, 6)][number]
    shapes = {"W": (D, H), "b": (H,), "v": (H,), "c": (), "x": (D,)}
    wanted = {key: rng.normal(size=shape) for key, shape in shapes.items()}
    return Probe(
        tanh_net_loss, wanted, {"y": 0.35}, call(tanh_net_gradients, *wanted.values(), 0.35)
    )


def check_tanh_net(arguments, keys):
    """Return quietly if the gradients toward `keys` are right. arguments: dict W, b, v, c, x, y."""
    found = call(tanh_net_gradients, *arguments.values())
    for key in keys:
        gradient = entry(found, key, "tanh_net_gradients")
        loss = lambda value, key=key: tanh_net_loss(**{**arguments, key: value})
        check_gradient(
            loss,
            gradient,
            arguments[key],
            name=f"d{key}",
            look=LOOK_TANH[key],
            case=Gradients(tanh_probe),
        )


tanh_net = {
    "W": np.array([[0.4, 0.1, -0.5], [-0.2, 0.3, 0.2]]),
    "b": np.array([0.1, -0.2, 0.05]),
    "v": np.array([0.7, -0.4, 0.2]),
    "c": -0.1,
    "x": np.array([1.2, -0.7]),
    "y": 0.35,
}
print(f"loss of the tanh network: {tanh_net_loss(**tanh_net):.6f}")

# %% check="tanh_net_gradients" part="output" points=1
check_tanh_net(tanh_net, ["v", "c"])
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(61)
for D, H in [(1, 1), (4, 3), (2, 6)]:
    shapes = {"W": (D, H), "b": (H,), "v": (H,), "c": (), "x": (D,), "y": ()}
    check_tanh_net({key: rng.normal(size=shape) for key, shape in shapes.items()}, ["v", "c"])
### END HIDDEN TESTS

# %% check="tanh_net_gradients" part="hidden" points=2
check_tanh_net(tanh_net, ["b", "W", "x"])
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(62)
for D, H in [(1, 1), (4, 3), (3, 3), (2, 6)]:
    shapes = {"W": (D, H), "b": (H,), "v": (H,), "c": (), "x": (D,), "y": ()}
    check_tanh_net({key: rng.normal(size=shape) for key, shape in shapes.items()}, ["b", "W", "x"])
### END HIDDEN TESTS

# %% [markdown] exercise="mlp_backward" objective=4
# ### Exercise: the backward pass of a network for classes
#
# This is the network that you will meet most often: ReLU in the middle, softmax and cross-entropy
# at the end, an L2 penalty on the weights. An MLP, for multi-layer perceptron, is a network of such
# layers.
#
# $$Z_1 = X W_1 + b_1, \qquad A_1 = \mathrm{relu}(Z_1), \qquad Z_2 = A_1 W_2 + b_2, \qquad
# P = \mathrm{softmax}(Z_2),$$
# $$L = -\frac1m \sum Y \ln P + \frac\lambda2\left(\sum W_1^2 + \sum W_2^2\right).$$
#
# | array | shape |
# |---|---|
# | $X$; $Y$, one-hot | $(m, D)$; $(m, K)$ |
# | $W_1$, $b_1$, $W_2$, $b_2$ | $(D, H)$, $(H,)$, $(H, K)$, $(K,)$ |
# | $Z_1$, $A_1$; $Z_2$, $P$ | $(m, H)$; $(m, K)$ |
#
# The forward pass is given: `mlp_forward(params, X)` returns the cache, a dict with the keys
# `"Z1"`, `"A1"`, `"Z2"` and `"P"`. Write `mlp_backward(params, X, Y, lam, cache)`. It returns a
# dict with the keys of `params`: the gradients of $L$, each with the shape of its parameter. `lam`
# is $\lambda$, and may be 0.


# %% given="mlp"
def mlp_forward(params, X):
    """Return the cache: a dict of Z1, A1 (m, H) and Z2, P (m, K)."""
    Z1 = X @ params["W1"] + params["b1"]
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ params["W2"] + params["b2"]
    return {"Z1": Z1, "A1": A1, "Z2": Z2, "P": softmax(Z2)}


def mlp_loss(params, X, Y, lam):
    """Return the mean cross-entropy plus lam/2 times the sum of squares of W1 and W2."""
    penalty = lam / 2 * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
    return -np.sum(Y * np.log(mlp_forward(params, X)["P"])) / len(X) + penalty


def an_mlp(seed, m=7, D=5, H=4, K=3):
    """Return random params, X and Y of these sizes; no bias is 0."""
    rng = np.random.default_rng(seed)
    shapes = {"W1": (D, H), "b1": (H,), "W2": (H, K), "b2": (K,)}
    params = {key: rng.normal(size=shape) for key, shape in shapes.items()}
    return params, rng.normal(size=(m, D)), one_hot(rng.integers(K, size=m), K)


params, X, Y = an_mlp(0)
for key, array in mlp_forward(params, X).items():
    print(f"{key}: {array.shape}")
print(f"loss without and with a penalty: {mlp_loss(params, X, Y, 0):.4f}", end="")
print(f", {mlp_loss(params, X, Y, 0.1):.4f}")


# %% answer="mlp_backward"
def mlp_backward(params, X, Y, lam, cache):
    """Return a dict with the keys of params: the gradients of mlp_loss(params, X, Y, lam)."""
    ### BEGIN SOLUTION
    dZ2 = (cache["P"] - Y) / len(X)
    dZ1 = dZ2 @ params["W2"].T * (cache["Z1"] > 0)
    return {
        "W1": X.T @ dZ1 + lam * params["W1"],
        "b1": dZ1.sum(axis=0),
        "W2": cache["A1"].T @ dZ2 + lam * params["W2"],
        "b2": dZ2.sum(axis=0),
    }
    ### END SOLUTION


# %% [markdown] hints="mlp_backward"
# 1. Work from the end, and run the checks in order: output, hidden, penalty. A wrong `dZ2` makes
#    all four gradients wrong. If only `W1` and `b1` are wrong, look at the two steps between the
#    layers.
# 2. Softmax and cross-entropy together have the short gradient of section 5. Each layer has two
#    lines. Between them stand the weights and the slope of ReLU. The penalty is one more path, for
#    weights only.
# 3. Shapes decide the transposes: `dW2` must be `(H, K)` from `(m, H)` and `(m, K)`. The lines have
#    the shapes `dZ2 = (...) / len(X)`, `dW = ....T @ ... + lam * ...`, `db = ....sum(axis=0)`.


# %% given="check_mlp"
def mlp_gradients(params, X, Y, lam):
    """Return what mlp_backward makes of the cache of a forward pass."""
    return call(mlp_backward, params, X, Y, lam, mlp_forward(params, X))


LOOK_MLP = {
    "b2": "It is made from dZ2 alone.",
    "W2": "db2 is right: look at what dZ2 is multiplied with.",
    "b1": "It is made from dZ1. If db2 is right, look at the two steps from dZ2 to dZ1.",
    "W1": "db1 is right: look at what dZ1 is multiplied with.",
}


def mlp_case(lam):
    """Return how the diagnosis of wrong gradients tries yours on other networks."""

    def probe(number):
        params, X, Y = an_mlp(580 + number, *[(7, 5, 4, 3), (6, 3, 5, 4), (9, 4, 7, 2)][number])
        loss = lambda W1, b1, W2, b2, X, Y: mlp_loss(
            {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, X, Y, lam
        )
        return Probe(loss, params, {"X": X, "Y": Y}, mlp_gradients(params, X, Y, lam))

    return Gradients(probe)


def check_mlp(params, X, Y, keys, lam=0.0):
    """Return quietly if the gradients toward `keys` are right."""
    found = mlp_gradients(params, X, Y, lam)
    for key in keys:
        loss = lambda value, key=key: mlp_loss({**params, key: value}, X, Y, lam)
        gradient = entry(found, key, "mlp_backward")
        check_gradient(
            loss,
            gradient,
            params[key],
            name=f"d{key}, lam = {lam:g}",
            look=LOOK_MLP[key],
            case=mlp_case(lam),
        )


def check_penalty(params, X, Y, lam):
    """Return quietly if lam changes the gradients as the penalty's slope does."""
    without, found = mlp_gradients(params, X, Y, 0.0), mlp_gradients(params, X, Y, lam)
    for key, value in params.items():
        change = as_array(entry(found, key, "mlp_backward"), value.shape, f"d{key}")
        change = change - as_array(entry(without, key, "mlp_backward"), value.shape, f"d{key}")
        name = f"what lam = {lam:g} changes in d{key}"
        if key.startswith("b"):
            check_value(np.round(change, 12), np.zeros(value.shape), name=name, case=mlp_case(lam))
        else:
            penalty = lambda W: lam / 2 * np.sum(W**2)
            check_gradient(penalty, change, value, name=name, rtol=1e-7, case=mlp_case(lam))


# %% check="mlp_backward" part="output" points=2
check_mlp(*an_mlp(0), ["b2", "W2"])
### BEGIN HIDDEN TESTS
for seed in (71, 72):
    check_mlp(*an_mlp(seed), ["b2", "W2"])
check_mlp(*an_mlp(73, m=2, D=3, H=6, K=4), ["b2", "W2"])
check_mlp(*an_mlp(74, m=5, D=3, H=3, K=3), ["b2", "W2"], lam=0.7)
### END HIDDEN TESTS

# %% check="mlp_backward" part="hidden" points=3
check_mlp(*an_mlp(0), ["b1", "W1"])
### BEGIN HIDDEN TESTS
for seed in (71, 72):
    check_mlp(*an_mlp(seed), ["b1", "W1"])
check_mlp(*an_mlp(73, m=2, D=3, H=6, K=4), ["b1", "W1"])
check_mlp(*an_mlp(74, m=5, D=3, H=3, K=3), ["b1", "W1"], lam=0.7)
check_mlp(*an_mlp(75, m=1, D=2, H=5, K=3), ["b1", "W1"])
### END HIDDEN TESTS

# %% check="mlp_backward" part="penalty" points=2
check_penalty(*an_mlp(0), lam=0.3)
### BEGIN HIDDEN TESTS
check_penalty(*an_mlp(76), lam=1.7)
check_penalty(*an_mlp(77, m=3, D=4, H=2, K=6), lam=0.05)
### END HIDDEN TESTS

# %% [markdown]
# ### Three layers, and any number
#
# With a third layer nothing new is needed. Let $A_0 = X$, and for the layers $k = 1, 2, 3$
#
# $$Z_k = A_{k-1} W_k + b_k, \qquad A_k = \phi(Z_k) \quad (k = 1, 2),$$
#
# with an activation $\phi$ in the hidden layers, and logits $Z_3$ at the end. The layer $k$ has
# $H_k$ units. Start from $dZ_3$, which the loss gives. Then go down:
#
# | line | shape |
# |---|---|
# | $dZ_3 = \frac1m (P - Y)$ | $(m, K)$ |
# | $dW_3 = A_2^{\mathsf T}\, dZ_3$, $\quad db_3 = \sum_{\text{samples}} dZ_3$ | $(H_2, K)$, $\;(K,)$ |
# | $dZ_2 = (dZ_3\, W_3^{\mathsf T}) \odot \phi'(Z_2)$ | $(m, H_2)$ |
# | $dW_2 = A_1^{\mathsf T}\, dZ_2$, $\quad db_2 = \sum_{\text{samples}} dZ_2$ | $(H_1, H_2)$, $\;(H_2,)$ |
# | $dZ_1 = (dZ_2\, W_2^{\mathsf T}) \odot \phi'(Z_1)$ | $(m, H_1)$ |
# | $dW_1 = X^{\mathsf T}\, dZ_1$, $\quad db_1 = \sum_{\text{samples}} dZ_1$ | $(D, H_1)$, $\;(H_1,)$ |
#
# The lines repeat. A loop over the layers from the last to the first does any depth. The class
# `Network` is such a loop, with tanh in the hidden layers, one yes-or-no answer at the end, and the
# loss of section 5, computed from logits. (`np.logaddexp(0, z)` is $\ln(1 + e^z)$ without
# overflow.)


# %% given="network"
class Network:
    """Hidden layers of tanh, then one logit. params: dict of W1, b1, W2, b2, ..."""

    def __init__(self, params):
        self.params = dict(params)
        self.depth = len(self.params) // 2

    def forward(self, X):
        """Return the activations of all layers, X first, and the logits last."""
        values = [X]
        for k in range(1, self.depth + 1):
            Z = values[-1] @ self.params[f"W{k}"] + self.params[f"b{k}"]
            values.append(np.tanh(Z) if k < self.depth else Z)
        return values

    def loss(self, X, Y):
        """Return the mean binary cross-entropy."""
        Z = self.forward(X)[-1]
        return np.sum(np.logaddexp(0, Z) - Y * Z) / len(X)

    def gradients(self, X, Y):
        """Return a dict with the keys of params: the gradients of the loss."""
        *values, logits = self.forward(X)
        dZ = (sigmoid(logits) - Y) / len(X)
        found = {}
        for k in range(self.depth, 0, -1):
            A = values[k - 1]
            found[f"W{k}"], found[f"b{k}"] = A.T @ dZ, dZ.sum(axis=0)
            if k > 1:  # A is tanh of the layer before, so its slope is 1 - A^2
                dZ = (dZ @ self.params[f"W{k}"].T) * (1 - A**2)
        return found


def random_params(sizes, rng):
    """Return W1, b1, W2, ... for layers of these sizes, with weights of a size that suits tanh."""
    params = {}
    for k in range(1, len(sizes)):
        D, K = sizes[k - 1], sizes[k]
        params[f"W{k}"], params[f"b{k}"] = glorot_normal(rng, D, K), rng.normal(scale=0.5, size=K)
    return params


# %%
rng = np.random.default_rng(3)
X, Y = two_moons(rng, 7)
deep = Network(random_params([2, 5, 4, 1], rng))
for key, gradient in deep.gradients(X, Y).items():
    loss = lambda v, key=key: Network({**deep.params, key: v}).loss(X, Y)
    check_gradient(loss, gradient, deep.params[key], name=f"d{key}")
    print(f"d{key}: shape {gradient.shape!s:7} agrees with the slopes of the loss")

# %% [markdown]
# This cell is the gradient check of a whole network: every entry of every parameter, biases too.
# Put such a cell below each backward pass that you write. Lesson 4 is about what it can see and
# what it cannot.
#
# **A good place to pause.** You can now write the backward pass of any stack of layers.

# %% [markdown]
# ## 7. Deep networks: a product of Jacobians
#
# Look at what happens to $dZ_k$ on its way down, from one layer to the one below:
#
# $$dZ_{k-1} = \bigl(dZ_k\, W_k^{\mathsf T}\bigr) \odot \phi'(Z_{k-1}) .$$
#
# For each sample this is a product with a Jacobian: the matrix $W_k^{\mathsf T}$, its columns
# scaled by the slopes $\phi'$. After $n$ layers, the gradient has been multiplied by $n$ Jacobians.
# If each of them makes it shorter by a factor of $0.9$, then after 50 layers
# $0.9^{50} \approx 0.005$ of it is left. If each makes it longer by $1.1$, it has grown by
# $1.1^{50} \approx 117$. The first is a **vanishing** gradient, the second an **exploding** one.
#
# You may read that exploding gradients come from an "accumulation" of gradients. But the sums at
# forks are right, and without them the gradient would be wrong. What explodes is the product. You
# may also read that every layer computes its gradient for itself, with no regard to the others.
# That holds for the *local* derivatives only. The gradient of a layer depends on all layers above
# it, and through its place on all layers below.
#
# The figure sends a random gradient back through 30 layers of 50 units, and shows
# $\lVert dZ_k \rVert$, the root of the sum of squares of all entries, for every layer $k$. The standard
# deviation of the weights is a number $s$ divided by $\sqrt{50}$; all biases are 0. Two choices have
# names, after those who proposed them: $s = 1$ is that of **Glorot** (for layers of equal size), and
# $s = \sqrt 2$ that of **He**.
#
# **Predict** before you touch it: for which of sigmoid, tanh and relu does the gradient keep its size
# with $s = 1$? And for which $s$ does relu keep it? Then try the four sizes with each activation.

# %% drawing="flow"
gradient_flow("sigmoid", "glorot", 30)

# %% [markdown]
# Read the picture from right to left, as the gradient travels. With sigmoids and $s = 1$ the gradient
# loses about three quarters of its size at every layer: the slope of a sigmoid is at most $0.25$. With
# ReLU and He's choice $s = \sqrt 2$ the norm stays about the same: half of the slopes are 0, the
# other half 1, and $s^2 = 2$ makes up for the half that is lost. With $s = 2$ each layer is too
# large by $\sqrt 2$ on the average, and the gradient explodes. One and the same network can do
# either; it depends on the Jacobians.
#
# | remedy | what it does |
# |---|---|
# | starting weights of the right size (Glorot, He) | each Jacobian keeps the length, at the start |
# | ReLU | the slope is 1 where a unit is alive, and not a part of 1 |
# | skip connections | each Jacobian is $I + J$: a straight path along which nothing shrinks |
# | normalisation | keeps pre-activations at a moderate size, away from the flat parts |
# | clipping | shortens a gradient that is too long; does nothing for one that vanishes |
#
# **Clipping** takes all gradients of the network together as one long vector $g$. If its norm is
# above a limit $c$, it multiplies $g$ by $c / \lVert g \rVert$; the direction stays. It is done
# after the backward pass and before the step. It is no part of the gradient: a gradient check with
# clipping on will fail, and should.


# %%
def clipped(gradients, limit):
    """Return the gradients, a dict, all scaled by one factor so that their joint norm is <= limit."""
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients.values()))
    return {key: g * min(1, limit / norm) for key, g in gradients.items()}


example = {"W": np.array([[3.0, 0.0]]), "b": np.array([-4.0])}
print(
    "norm 5, limit 1: ", {key: np.round(g, 6).tolist() for key, g in clipped(example, 1.0).items()}
)
print("norm 5, limit 10:", {key: g.tolist() for key, g in clipped(example, 10.0).items()})

# %% [markdown]
# ### A skip connection is a fork
#
# A **skip connection** adds the input of a layer to its output: $S = X + F(X)$. The input is used
# twice, so two contributions are added:
#
# $$dX = \underbrace{dS}_{\text{straight path}} + \underbrace{(\text{what comes back through } F)}_{\text{other path}} .$$
#
# In terms of Jacobians it is $I + J_F$. Even if $J_F$ is tiny, the gradient arrives undiminished
# along the straight path. Nothing on that path is multiplied by a slope: you may think that $dS$
# passes the activation first, but the activation lies inside $F$, and the straight path goes around
# it.

# %% [markdown] exercise="skip_backward" objective=5
# ### Exercise: back through a skip connection
#
# A layer with a skip connection computes
#
# $$S = X + \tanh(X W + b),$$
#
# with $X$ and $S$ of shape $(m, D)$, $W$ of shape $(D, D)$ and $b$ of shape $(D,)$. Write
# `skip_backward(X, W, b, dS)`. `dS` is the upstream gradient, of shape $(m, D)$. Return `dX`, `dW`
# and `db`, in this order, each with the shape of its variable. There is no $1/m$ here: if the loss
# is a mean, `dS` already holds it.


# %% answer="skip_backward"
def skip_backward(X, W, b, dS):
    """Return (dX, dW, db) for S = X + tanh(X W + b). X, dS: (m, D). W: (D, D). b: (D,)."""
    ### BEGIN SOLUTION
    dZ = dS * (1 - np.tanh(X @ W + b) ** 2)
    return dS + dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)
    ### END SOLUTION


# %% [markdown] hints="skip_backward"
# 1. Which of the three results are wrong? `dW` and `db` depend on one path only; `dX` on both.
# 2. With $Z = XW + b$, $dZ$ is the upstream times $\tanh'(Z)$. Then a linear layer as before. The
#    two paths to $X$ are added.
# 3. A line `dZ = dS * ...`. Then three results: a sum of two terms, one of them a product of
#    matrices; a product of matrices; a sum over the samples.


# %% given="last_first"
def check_last_first(f, backward, inputs, looks, name, seed=0):
    """Return quietly if `backward` is right; its last gradient, which is the easiest, is told first.

    looks: for each gradient, by name and in order, what to say if it is the first that is wrong.
    """

    def turned(*arguments):
        """Call `backward` with the inputs in their order; return its gradients, the last one first."""
        *others, upstream = arguments
        found = call(backward, *others[::-1], upstream, name=name)
        return [part(lambda: found, i, len(looks), name=name)() for i in range(len(looks))][::-1]

    forward = lambda *arguments: f(*arguments[::-1])
    try:
        check_backward(forward, turned, inputs[::-1], names=[*looks][::-1], seed=seed)
    except NotWritten:
        raise
    except Mismatch as mismatch:
        look = looks.get(mismatch.sentence.partition(":")[0], "")
        mismatch.look = " ".join(filter(None, [mismatch.look, look]))
        raise


LOOK_SKIP = {
    "dX": "So the gradient of Z = X W + b is right. Which two paths lead from X to S, how are they "
    "joined, and what stands on the one through Z?",
    "dW": "db is right, so the gradient of Z = X W + b is: look at what it is multiplied with.",
    "db": "It is made from the gradient of Z = X W + b, and comes third.",
}

# %% check="skip_backward" points=2
rng = np.random.default_rng(81)
X, W, b = rng.normal(size=(5, 3)), rng.normal(size=(3, 3)), rng.normal(size=3)
skip = lambda X, W, b: X + np.tanh(X @ W + b)
check_last_first(skip, skip_backward, [X, W, b], LOOK_SKIP, "skip_backward")
### BEGIN HIDDEN TESTS
for m, D in [(7, 4), (2, 6), (1, 2), (6, 1)]:
    arrays = [rng.normal(size=shape) for shape in [(m, D), (D, D), (D,)]]
    check_last_first(skip, skip_backward, arrays, LOOK_SKIP, "skip_backward", seed=m)
### END HIDDEN TESTS

# %% [markdown]
# ### A normalisation, step by step
#
# You may skip this part and its exercise at first reading: it is the hardest of the lesson, and
# takes about half an hour.
#
# **Batch normalisation** brings each column of its input to mean 0 and variance 1 over the batch,
# and then gives the network a scale $\gamma$ and a shift $\beta$ of its own. As a graph, column by
# column:
#
# $$C = X - \text{mean}(X), \qquad v = \text{mean}(C^2), \qquad s = \sqrt{v + \varepsilon}, \qquad
# \hat X = C / s, \qquad Y = \gamma \odot \hat X + \beta .$$
#
# $X$, $C$, $\hat X$ and $Y$ have shape $(m, D)$; $v$, $s$, $\gamma$ and $\beta$ have shape $(D,)$.
# (Here $v$ is the variance and $s$ the deviation of a column; the $v$ of section 6 and the $s$ above
# are others.)
# Means are over the samples, and $\varepsilon$ is a small constant that keeps $s$ away from 0. The
# mean in $v$ divides by $m$, not by $m - 1$.
#
# Here a sample's output depends on *all* samples of the batch. So the backward pass has two forks.
# The first we do here, the second is yours.
#
# **Back through $C = X - \text{mean}(X)$.** In one column, $C_i = X_i - \frac1m \sum_j X_j$. So
# $X_k$ is used in every $C_i$: directly in $C_k$, with slope 1, and through the mean in all of
# them, with slope $-\frac1m$. Add over all paths:
#
# $$dX_k = dC_k - \frac1m \sum_i dC_i, \qquad\text{that is}\qquad dX = dC - \text{mean}(dC) .$$
#
# The gradient is centred, as the value was.
#
# **Back through $\hat X = C / s$.** $C$ is used twice: directly in the quotient, and in $v$, which
# makes $s$. The number $s$ of a column is used by all $m$ samples.

# %%
C_like = np.array([[1.0, 20.0], [2.0, -5.0], [6.0, 0.0]])
check_backward(lambda X: X - X.mean(axis=0), lambda X, dC: dC - dC.mean(axis=0), [C_like])
print("back through the centring: agrees with the slopes, for a random upstream")

# %% [markdown] exercise="batchnorm_backward" objective=5
# ### Exercise: back through a batch normalisation
#
# Write `batchnorm_backward(X, gamma, beta, dY, eps=1e-5)` for the $Y$ above, with `eps` for
# $\varepsilon$. `X` and the upstream `dY` have shape `(m, D)`; `gamma` and `beta` have shape
# `(D,)`. Return `dX`, `dgamma` and `dbeta`, in this order. It is tried with other values of `eps`
# too.


# %% answer="batchnorm_backward"
def batchnorm_backward(X, gamma, beta, dY, eps=1e-5):
    """Return (dX, dgamma, dbeta). X, dY: (m, D). gamma, beta: (D,). Means are over the rows."""
    ### BEGIN SOLUTION
    C = X - X.mean(axis=0)
    s = np.sqrt((C**2).mean(axis=0) + eps)
    dgamma, dbeta = (dY * C / s).sum(axis=0), dY.sum(axis=0)
    dXhat = dY * gamma
    ds = -(dXhat * C).sum(axis=0) / s**2
    dv = ds / (2 * s)
    dC = dXhat / s + dv * 2 * C / len(X)
    return dC - dC.mean(axis=0), dgamma, dbeta
    ### END SOLUTION


# %% [markdown] hints="batchnorm_backward"
# 1. `dgamma` and `dbeta` need only $\hat X$ and `dY`; make them right first. If only `dX` is wrong,
#    count the uses of $C$, and look whether every sum over the samples is there.
# 2. Go back in the order $\hat X$, $s$, $v$, $C$, $X$. A value of shape `(D,)` that is used by all
#    samples gets a sum over the samples. $\hat X = C s^{-1}$, so the slope toward $s$ is $-C/s^2$;
#    the root has the slope $1/(2s)$; the mean of squares has the slope $2C/m$.
# 3. Five lines: `dXhat`, `(m, D)`; `ds` and `dv`, `(D,)`; `dC`, `(m, D)`, a sum of two terms; and then
#    the centring that was derived above.

# %% check="batchnorm_backward" points=2
rng = np.random.default_rng(82)


def batchnorm(X, gamma, beta, eps=1e-5):
    C = X - X.mean(axis=0)
    v = (C**2).mean(axis=0)
    s = np.sqrt(v + eps)
    Xhat = C / s
    return gamma * Xhat + beta


arrays = [rng.normal(size=shape) * 2 + 0.5 for shape in [(5, 3), (3,), (3,)]]
LOOK_NORM = {
    "dX": "Is there a term for every use of C, and for the mean?",
    "dgamma": "It is made from dY and the normalised X. Is that one made as in the text, with eps, "
    "and with a mean over m?",
    "dbeta": "It is made from dY alone, and comes third.",
}
wide = lambda X, gamma, beta: batchnorm(X, gamma, beta, 0.5)
loose = lambda X, gamma, beta, dY: batchnorm_backward(X, gamma, beta, dY, 0.5)
wide_looks = {f"{key}, with eps = 0.5": look for key, look in LOOK_NORM.items()}
check_last_first(wide, loose, arrays, wide_looks, "batchnorm_backward with eps = 0.5")
check_last_first(batchnorm, batchnorm_backward, arrays, LOOK_NORM, "batchnorm_backward")
### BEGIN HIDDEN TESTS
for m, D in [(7, 4), (3, 5), (12, 1)]:
    arrays = [rng.normal(size=shape) * 3 - 1 for shape in [(m, D), (D,), (D,)]]
    check_last_first(batchnorm, batchnorm_backward, arrays, LOOK_NORM, "batchnorm_backward", seed=m)
### END HIDDEN TESTS

# %% [markdown]
# ## 8. Training
#
# With gradients in hand, training is short: start somewhere, and repeat *parameter minus rate times
# gradient*. The gradient points in the direction of steepest *ascent*; the step goes the other way,
# and its length is set by the rate.
#
# ### Two numbers in a row
#
# The smallest network with two layers has one unit in each, and one sample:
#
# $$a_1 = \sigma(w_1 x + b_1), \qquad a_2 = \sigma(w_2 a_1 + b_2), \qquad L = \tfrac12 (a_2 - y)^2 .$$
#
# Take $x = 1.5$ and $y = 0.7$, and start at $w_1 = 0.5$, $b_1 = -0.3$, $w_2 = 1.2$, $b_2 = 0.1$. We
# run 200 steps with rate 0.5, from there and from a second start, where only $w_2 = -1.2$ and
# $b_2 = -3$ differ. At the second start the error is large. **Predict** the shape of its loss curve:
# does it fall fastest at the beginning, where the error is largest?


# %%
def train_scalar(w1, b1, w2, b2, x=1.5, y=0.7, rate=0.5, steps=200):
    """Return the losses before each step of gradient descent and after the last."""
    losses = []
    for _ in range(steps + 1):
        a1 = sigmoid(w1 * x + b1)
        a2 = sigmoid(w2 * a1 + b2)
        losses.append((a2 - y) ** 2 / 2)
        dz2 = (a2 - y) * a2 * (1 - a2)
        dz1 = dz2 * w2 * a1 * (1 - a1)
        # all four gradients are known before any parameter moves
        w1, b1, w2, b2 = w1 - rate * dz1 * x, b1 - rate * dz1, w2 - rate * dz2 * a1, b2 - rate * dz2
    return losses


near_start, far_start = (0.5, -0.3, 1.2, 0.1), (0.5, -0.3, -1.2, -3.0)
print(f"first start: loss {train_scalar(*near_start)[0]:.1e}")
far = train_scalar(*far_start)
for step in (0, 50, 100, 200):
    print(f"second start, step {step:3}: loss {far[step]:.5f}")

# %% drawing="scalar_training"
show_training(
    {"w2 = -1.2, b2 = -3": far},
    log=False,
    alt="The loss against the step. It starts at 0.229 and falls slowly for about 60 steps, then "
    "drops steeply between steps 75 and 125, and is nearly 0 at step 175.",
)

# %% [markdown]
# The first start has a loss of 4.7e-6: it is fitted before the training begins, and its curve would
# show nothing. The second does not fall fastest at the beginning. There $a_2 \approx 0.02$: the
# output is nearly 0 where $0.7$ is wanted. The error is large, but the gradient carries the factor
# $a_2(1 - a_2) \approx 0.02$, and so the steps are small. A loss curve that hardly falls need not
# mean that the gradient is wrong. Here a sigmoid is **saturated**. With cross-entropy in place of
# the squared error this factor cancels, as you saw in section 4; that is a good reason to prefer
# it.

# %% [markdown] exercise="train_xor" objective=6
# ### Exercise: train a network on XOR
#
# XOR is 1 if exactly one of two inputs is 1. `xor()` returns its four samples, `X` of shape
# `(4, 2)` and `Y` of shape `(4, 1)`. The network has 2 inputs, 8 tanh units and one output.
# `xor_start(seed)` returns the parameters to start from, a dict that `Network` takes.
#
# Write `train_xor(seed)`. Starting from `xor_start(seed)`, it does 500 steps of gradient descent
# with rate 1 on all four samples together. It returns the list of 501 losses: before each step, and
# after the last one. You may use `Network`, its `loss` and its `gradients`; the parameters are in
# its `params`.
#
# We take tanh and not ReLU, for two reasons. Its loss has no kinks, so that every right program
# finds the same losses. And you will see below what ReLU does here. The check does not ask the loss
# to become small.


# %% given="xor_start"
def xor_start(seed):
    """Return fresh params of a network with 2 inputs, 8 hidden units and 1 output."""
    return random_params([2, 8, 1], np.random.default_rng(seed))


print({key: array.shape for key, array in xor_start(0).items()})


# %% answer="train_xor"
def train_xor(seed):
    """Return the list of 501 losses of 500 steps of gradient descent on XOR, with rate 1."""
    ### BEGIN SOLUTION
    X, Y = xor()
    network = Network(xor_start(seed))
    losses = [network.loss(X, Y)]
    for _ in range(500):
        gradients = network.gradients(X, Y)
        for key in gradients:
            network.params[key] = network.params[key] - gradients[key]
        losses.append(network.loss(X, Y))
    return losses
    ### END SOLUTION


# %% [markdown] hints="train_xor"
# 1. Look at the first entries. The first loss is that of the untrained network; the second comes
#    after one step. Count the entries: 501.
# 2. In each step compute all gradients first, at the present parameters. Then move every parameter
#    against its gradient.
# 3. A loop of three parts: note the loss; ask the network for all gradients, once; give each entry of
#    `network.params` its new value. One more loss after the loop.

# %% check="train_xor" points=1
X, Y = xor()
losses = as_array(call(train_xor, 0), (501,), "train_xor(0)")
first = Network(xor_start(0))
check_value(losses[0], first.loss(X, Y), name="train_xor(0), the loss before the first step")
moved = {key: first.params[key] - first.gradients(X, Y)[key] for key in first.params}
called = "train_xor(0), the loss after one step"
if losses[1] == losses[0]:
    raise Mismatch(f"{called}: is the one before it, unchanged: do the params of the network move?")
if losses[1] > losses[0]:
    raise Mismatch(f"{called}: has risen: which way does the step go?")
look = "Is the rate 1? Are all gradients known before the first parameter moves?"
check_value(losses[1], Network(moved).loss(X, Y), name=called, look=look)
other = as_array(call(train_xor, 5), (501,), "train_xor(5)")
called = "train_xor(5), the loss before the first step"
check_value(other[0], Network(xor_start(5)).loss(X, Y), name=called, look="Is the seed used?")
check_value(
    losses[-1],
    0.003770047,
    name="train_xor(0), the last loss",
    rtol=1e-5,
    look="The loss after one step is right: what is different in the second step?",
)
### BEGIN HIDDEN TESTS
slopes_of = tape.value_and_grad(lambda params: Network(params).loss(X, Y))
for seed, steps in [(1, 20), (7, 20), (12, 20), (123, 500)]:
    params, expected = xor_start(seed), []
    for _ in range(steps):
        value, slopes = slopes_of(params)
        expected.append(value)
        params = {key: params[key] - slopes[key] for key in params}
    found = as_array(call(train_xor, seed), (501,), f"train_xor({seed})")
    check_value(found[:steps], expected, name=f"train_xor({seed}), its first losses", rtol=1e-6)
### END HIDDEN TESTS

# %% [markdown]
# ### One seed proves nothing
#
# A network that learns from one start need not learn from the next. (The seed of the random numbers
# has only its name in common with the seed of a backward pass.) Here is a network with ReLU units,
# to be trained while you look. All weights are normal with standard deviation $0.5$, and all biases
# 0 at the start. It trains with the gradients of your own `mlp_backward`, as soon as that is
# written. That function wants two or more classes; but one logit $z$ is as good as the two logits $0$ and $z$,
# since the softmax of $(0, z)$ is $(1 - \sigma(z), \sigma(z))$.


# %% given="xor_gradients"
def xor_gradients(params, X, Y):
    """Return the gradients of a network with one logit z, by mlp_backward for the logits 0 and z."""
    W2 = np.hstack([np.zeros_like(params["W2"]), params["W2"]])
    two = {**params, "W2": W2, "b2": np.append(0, params["b2"])}
    found = mlp_gradients(two, X, np.hstack([1 - Y, Y]), 0.0)
    found = {key: np.asarray(entry(found, key, "mlp_backward")) for key in params}
    return {**found, "W2": found["W2"][:, 1:], "b2": found["b2"][..., 1:]}


def your_gradients():
    """Return xor_gradients, or None where mlp_backward is not written yet."""
    try:
        mlp_gradients(*an_mlp(0), 0.0)
    except NotWritten:
        print("Trained with gradients of the course, until your mlp_backward is written.")
        return None
    except Mismatch:
        pass  # the figure tells what is wrong
    return xor_gradients


# %% drawing="xor_training"
xor_training(your_gradients(), seed=1)

# %% [markdown]
# Press start, and watch the line on which the output is one half. Then take **seed 0**, and start
# again. Both runs have the same code, the same rate and right gradients. With seed 0 one sample is
# learned, and the other three share one output.
#
# **Predict:** with 4 units in place of 8, how many of the seeds 0 to 9 get stuck? Try some of them.
# Below the picture stands how many units are alive where the training ends.
#
# <details>
# <summary>The answer</summary>
#
# Four: the seeds 3, 5, 7 and 8.
#
# </details>
#
# (If your `mlp_backward` takes $\mathrm{relu}'(0) = 1$ in place of 0, your figure differs: then seed 0
# learns. Why a slope at a single point matters here is told below.)
#
# The next cell trains 200 networks of 2, 8 and 1 units, side by side, from the same starts as the
# figure, and 200 with tanh in place of ReLU. **Predict** how many of the 200 ReLU networks end with a
# loss above $0.1$.


# %%
def train_many(act, slope, seeds=200, steps=500, rate=1.0):
    """Return the last losses (seeds,), and the hidden values (seeds, 4, 8), of many networks on XOR."""
    rngs = [np.random.default_rng(seed) for seed in range(seeds)]
    W1 = np.stack([rng.normal(size=(2, 8)) / 2 for rng in rngs])
    W2 = np.stack([rng.normal(size=(8, 1)) / 2 for rng in rngs])
    b1, b2 = np.zeros((seeds, 1, 8)), np.zeros((seeds, 1, 1))
    X, Y = xor()
    for step in range(steps + 1):
        Z1 = X @ W1 + b1
        A1 = act(Z1)
        Z2 = A1 @ W2 + b2
        if step == steps:
            return np.mean(np.logaddexp(0, Z2) - Y * Z2, axis=(1, 2)), A1
        dZ2 = (sigmoid(Z2) - Y) / len(X)
        dZ1 = dZ2 @ W2.swapaxes(1, 2) * slope(Z1)
        W2, b2 = W2 - rate * A1.swapaxes(1, 2) @ dZ2, b2 - rate * dZ2.sum(axis=1, keepdims=True)
        W1, b1 = W1 - rate * X.T @ dZ1, b1 - rate * dZ1.sum(axis=1, keepdims=True)


many, hidden = train_many(lambda z: np.maximum(z, 0), lambda z: z > 0)
smooth, _ = train_many(np.tanh, lambda z: 1 - np.tanh(z) ** 2)
print(f"relu: {(many > 0.1).sum()} of 200 end above 0.1")
print(f"tanh: {(smooth > 0.1).sum()} of 200 end above 0.1")

# %% drawing="xor_seeds"
figure, axis = new_figure(width=6.6, height=3.5)
places = np.arange(1, 201)
axis.semilogy(places, np.sort(many), "o", ms=3.5, label="relu")
axis.semilogy(places, np.sort(smooth), "-", lw=2, label="tanh")
for level, text in [(np.log(2) / 2, "½ ln 2"), (np.log(2), "ln 2")]:
    axis.axhline(level, color="black", lw=0.8, ls="--")
    axis.text(1, level * 1.06, text, ha="left", va="bottom", fontsize=9)
axis.set(
    xlabel="networks, sorted by their last loss", ylabel="loss after 500 steps", ylim=(1e-3, 1.3)
)
axis.legend(loc="center left")
show(
    figure,
    alt="The last losses of 200 ReLU networks and of 200 tanh networks, sorted, on a logarithmic axis. "
    "Most are below 0.005. The last 16 of the ReLU networks jump to levels between 0.35 and 0.69; none "
    "of the tanh networks does.",
)

# %% [markdown]
# The stuck networks do not end just anywhere. They sit on a few levels. At $\ln 2 \approx 0.69$ the
# network says "50 %" to everything. At half of that, two samples are right and two get 50 %. At
# $0.48$ one sample is right and the other three share one output. More steps do not help: the
# gradient there is nearly 0. Here is the reason. Count, for every sample, the hidden units that are
# alive on it.

# %%
stuck = many > 0.1
blind = (hidden == 0).all(axis=2)  # no unit is alive on this sample
is_one = xor()[1].ravel() == 1
both = (blind & is_one).any(axis=1) & (blind & ~is_one).any(axis=1)
print(f"stuck networks that are blind for a sample of each answer: {(both & stuck).sum()} of 16")
print(f"the same among the networks that learned:                  {(both & ~stuck).sum()} of 184")

# %% [markdown]
# If all units are dead on a sample, its logit is $b_2$, whatever the sample is. Two such samples
# with different answers get the same output, and the best that $b_2$ can do is a compromise. And no
# gradient goes back through dead units: $\mathrm{relu}'$ is 0 there, so $W_1$ and $b_1$ get nothing
# from these samples, and only the other samples could bring a unit back to life. This explains 14
# of the 16 stuck networks. In one of the other two, every live unit is alive on all four samples.
# There the network is linear, and XOR is not. The last one is blind on $(0, 0)$, and on $(0, 1)$ it has
# a single live unit, with a pre-activation of 7e-4: for the two samples that is nearly one output too.
#
# There is one more trap in this start. With $b_1 = 0$ the sample $(0, 0)$ has pre-activation
# exactly 0 in all 8 units: it sits on the kink. The convention $\mathrm{relu}'(0) = 0$ decides what
# happens there. A plain central difference takes in both sides of the kink. At this start it would
# disagree with a correct $db_1$. (`check_gradient` notices a kink, and says that it skips the entry.)
# Lesson 4 returns to that.
#
# So: a backward pass that passes every check can still sit in a training that is stuck. And a loss
# that falls does not prove that the gradient is right. Two questions, two tests.

# %% [markdown]
# ## 9. The same in PyTorch
#
# You may skip this section if you do not use PyTorch.
#
# A framework such as PyTorch does what your engine does, with arrays. Every operation on a tensor
# adds a node to a graph, and `backward()` goes through it in reverse topological order. Take
# $y = x^2$, $z = 3y$ at $x = 2$: the gradient is $3 \cdot 2x = 12$.
#
# **Predict:** we call `backward()` again on a fresh graph of the same $z$, without touching
# `x.grad`. What does `x.grad` hold then?
#
# <details>
# <summary>The answer</summary>
#
# 24. PyTorch **adds** to `.grad` and does not reset it.
#
# </details>
#
# The cell below needs PyTorch only if you have it. If `import torch` works, the results are
# computed by PyTorch, now. If not, the ones that are stored in the cell are shown, which were
# computed in this way (version 2.13.0). The printed text is the same. Run `torch is None` in a cell
# of your own to see which case is yours. To install PyTorch, see https://pytorch.org.


# %% given="torch"
try:
    import torch
except ImportError:
    torch = None

torch_params, torch_X, torch_Y = an_mlp(8, m=6, D=3, H=4, K=2)
STORED = {
    "once": 12.0,
    "twice": 24.0,
    "loss": 3.98770011,
    "W1": [
        [-0.6089838, -0.22708333, 0.04280958, -0.92023056],
        [-0.30489061, 0.01793325, 0.02143282, 0.10155167],
        [0.29373496, 0.06050591, -0.02064861, -0.27806253],
    ],
    "b1": [0.24688891, 0.17697872, -0.01735549, 0.92934494],
    "W2": [
        [-1.52222834, 1.52222834],
        [-1.21569376, 1.21569376],
        [-0.7990944, 0.7990944],
        [-0.49824273, 0.49824273],
    ],
    "b2": [-0.54289956, 0.54289956],
    "norm": 3.52878709,
    "clipped": 0.49999986,
}


def ask_torch():
    """Return the results of PyTorch: gradients of 3 x^2, of our network, and its clipped norm."""
    x = torch.tensor(2.0, requires_grad=True)
    (3 * x**2).backward()
    once = float(x.grad)
    (3 * x**2).backward()
    results = {"once": once, "twice": float(x.grad)}

    leaves = {key: torch.tensor(v, requires_grad=True) for key, v in torch_params.items()}
    A1 = torch.relu(torch.tensor(torch_X) @ leaves["W1"] + leaves["b1"])
    logits = A1 @ leaves["W2"] + leaves["b2"]
    labels = torch.tensor(torch_Y.argmax(axis=1))
    loss = torch.nn.functional.cross_entropy(
        logits, labels
    )  # softmax inside; a mean over the batch
    loss.backward()
    results["loss"] = loss.item()
    for key, leaf in leaves.items():
        results[key] = leaf.grad.tolist()

    norm = torch.nn.utils.clip_grad_norm_(leaves.values(), max_norm=0.5)  # changes .grad in place
    after = sum((leaf.grad**2).sum() for leaf in leaves.values()) ** 0.5
    return {**results, "norm": norm.item(), "clipped": after.item()}


results = ask_torch() if torch else STORED
print(f"x.grad after backward: {results['once']:g}, after a second backward: {results['twice']:g}")
print(f"loss of the network:   {results['loss']:.6f}")
print(f"db2 of the network:    {np.round(results['b2'], 6)}")
print(
    f"norm of all gradients: {results['norm']:.5f}, after clip_grad_norm_: {results['clipped']:.5f}"
)

# %% [markdown]
# The second call gives 24: PyTorch adds to `.grad` and does not reset it. That is why every training
# loop in PyTorch has a line `optimizer.zero_grad()`. Your `backward` resets first. If that line is
# forgotten, the gradient of step 2 holds that of step 1 as well. A ratio of 2 at the second call, and
# of 3 at the third, with unchanged parameters, is the mark of this mistake.
#
# `clip_grad_norm_` scales all gradients by one factor, as our `clipped` does. (It divides by the
# norm plus 1e-6, so the result is a hair shorter than the limit.)
#
# And here are your own gradients beside those of PyTorch.

# %%
try:
    ours = mlp_gradients(torch_params, torch_X, torch_Y, 0.0)
    for key in torch_params:
        gradient = entry(ours, key, "mlp_backward")
        check_value(gradient, results[key], name=f"d{key}, beside PyTorch", rtol=1e-6)
        print(f"d{key}: yours and PyTorch's agree to six digits")
except NotWritten:
    print("Run this cell again when mlp_backward is written.")
except Mismatch as mismatch:
    print(mismatch)

# %% [markdown]
# Why learn it by hand, if one line does it all? Because that line gives the gradient of what you
# *wrote*. It cannot know that you meant a mean where you wrote a sum, that your logits went through
# softmax twice, or that half of your units are dead. To see that, you must know what the gradient
# should be.

# %% [markdown]
# ## 10. Quiz
#
# Each item is worth one point. Write your letter, in quotes, in place of `None`. The check below an
# answer only looks whether it is one of the letters. Whether it is right, and why, you read in the
# feedback that you get after grading.

# %% [markdown]
# ### Question 1
#
# Why does backpropagation keep the values of the forward pass?
#
# - **A** To use less memory.
# - **B** To start the next forward pass from them.
# - **C** To reuse the loss of the last step.
# - **D** To know where the local derivatives are taken.

# %% quiz="q1" points=1 objective=2
q1 = "D"
explain(
    A="Keeping values costs memory. It is the price of the method, not its aim.",
    B="The next forward pass has other parameters or other samples, so its values are computed anew.",
    C="The backward pass starts from the seed 1. The value of the loss is not used in it.",
    D="A local derivative is a number only at a place, and the place is a value of the forward pass.",
)

# %% [markdown]
# ### Question 2
#
# $p = x\,y + x$ at $x = 3$, $y = 4$. What is the gradient of $x$?
#
# - **A** 4
# - **B** 5
# - **C** 7
# - **D** 12

# %% quiz="q2" points=1 objective=1
q2 = "B"
explain(
    A="4 is the contribution through the product alone. x is used a second time, in the sum.",
    B="Through the product y = 4, and through the sum 1. Contributions are added.",
    C="You may have added x and y. The local derivative of the product toward x is y = 4; "
    "the one of the sum is 1.",
    D="12 is the value of x y. A gradient is a rate of change.",
)

# %% [markdown]
# ### Question 3
#
# A backward pass writes `parent.grad = local * value.grad`, with `=` where `+=` is needed. For
# which graphs is its result still right?
#
# - **A** Where no value is used more than once.
# - **B** Where there are no products.
# - **C** For none.
# - **D** Where all gradients are 0 at the start.

# %% quiz="q3" points=1 objective=2
q3 = "A"
explain(
    A="With one consumer there is one contribution, and setting and adding are the same. Such "
    "tests do not find the bug.",
    B="Products have nothing to do with it. a + a is a sum, and there the first contribution is lost.",
    C="On a chain it is right, since each value gets one contribution only. That is what makes the "
    "mistake hard to see.",
    D="Zeros at the start are what += needs. With = a second contribution replaces the first, "
    "whatever was there before.",
)

# %% [markdown]
# ### Question 4
#
# When may a value pass its gradient on to its parents?
#
# - **A** As soon as the first contribution has come.
# - **B** Each time that a contribution comes, with all that it has.
# - **C** When all its consumers have sent their contributions.
# - **D** When its parents have passed theirs on.

# %% quiz="q4" points=1 objective=2
q4 = "C"
explain(
    A="Later contributions would never reach the parents.",
    B="Then early contributions are passed on several times. For a; b = a + a; c = b + b that gives "
    "6 in place of 4.",
    C="Then its gradient is complete. A topological order, from the end, sees to it.",
    D="Gradients travel from the output to the leaves, so the parents come after it.",
)

# %% [markdown]
# ### Question 5
#
# A sigmoid output with a **mean** binary cross-entropy over $m$ samples. Someone computes
# $dZ_2 = \frac1m (A_2 - Y) \odot A_2 \odot (1 - A_2)$. What is wrong?
#
# - **A** The factor $\frac1m$ belongs to the weights only.
# - **B** Nothing: the sigmoid's slope must be there by the chain rule.
# - **C** The sigmoid's slope is there once too often: it has cancelled.
# - **D** The sign: it should be $Y - A_2$.

# %% quiz="q5" points=1 objective=3
q5 = "C"
explain(
    A="The 1/m comes from the mean in the loss, so it is in dZ2, and through it in all that "
    "is computed from dZ2.",
    B="You may think that each link must show up as a factor. It did, and it cancelled against the "
    "a(1 - a) in the denominator of the loss's own slope.",
    C="(A2 - Y)/m is already the gradient toward the logit. This version nearly vanishes where "
    "the network is confident and wrong.",
    D="Where the prediction is too large, a larger logit makes the loss larger. So the gradient is "
    "positive there, as A2 - Y is.",
)

# %% [markdown]
# ### Question 6
#
# In $Z = XW + b$ with $X$ of shape $(m, D)$ and $dZ$ of shape $(m, K)$: which is $dW$?
#
# - **A** $X^{\mathsf T}\, dZ$
# - **B** $dZ^{\mathsf T} X$
# - **C** $X\, dZ$
# - **D** $\frac1m X^{\mathsf T}\, dZ$

# %% quiz="q6" points=1 objective=4
q6 = "A"
explain(
    A="(D, m)(m, K) = (D, K), the shape of W.",
    B="That has shape (K, D): it is the transpose, right where samples are columns.",
    C="The shapes (m, D) and (m, K) do not fit.",
    D="You may think of the mean in the loss. That 1/m is in dZ already; here it would stand twice.",
)

# %% [markdown]
# ### Question 7
#
# Softmax with cross-entropy at the output. Someone computes the output's bias gradient as the sum
# over *all* entries of $dZ$. What comes out?
#
# - **A** 0, up to rounding, whatever the data are.
# - **B** The right gradient, times $K$.
# - **C** The right gradient, in another shape.
# - **D** The loss.

# %% quiz="q7" points=1 objective=4
q7 = "A"
explain(
    A="Each row of P adds up to 1, and so does each row of Y. So each row of dZ adds up to 0 on "
    "paper, and to a rounding error in a program.",
    B="The K bias gradients are different numbers; their sum is none of them times K.",
    C="The right gradient has K entries, one for each class. One number cannot hold them.",
    D="dZ holds slopes of the loss, not its value.",
)

# %% [markdown]
# ### Question 8
#
# $S = X + F(X)$. Someone computes $dX$ as what comes back through $F$ only. In which networks is
# nearly all of the gradient lost?
#
# - **A** In those where $F$ has a large Jacobian.
# - **B** In none: the sum has slope 1, and a factor of 1 changes nothing.
# - **C** In those with a small batch.
# - **D** In those where $F$ has a tiny Jacobian.

# %% quiz="q8" points=1 objective=5
q8 = "D"
explain(
    A="There the part through F is large, and it is kept. The missing dS is a smaller share of the whole.",
    B="The slope 1 belongs to a path of its own. Leave out that path, and its contribution 1 times dS is "
    "missing.",
    C="The missing term is dS, of the same relative size for every batch.",
    D="dX = dS + (a tiny part). Almost everything is missing, and the skip connection has lost its "
    "use.",
)

# %% [markdown]
# ### Question 9
#
# In a deep network the gradients of the first layers are 1e6 times as large as those of the last.
# What is the cause?
#
# - **A** Contributions at forks are added and not averaged.
# - **B** The gradient is a product of many Jacobians, each of which makes it longer.
# - **C** The learning rate is too large.
# - **D** The gradients were not reset between the steps.

# %% quiz="q9" points=1 objective=5
q9 = "B"
explain(
    A="You may have read of an accumulation. The sums at forks belong to the gradient; "
    "an average there would be wrong.",
    B="A factor of 1.6 per layer makes 1e6 in 30 layers. Smaller weights, normalisation or "
    "clipping help.",
    C="The rate stretches the step. The gradient at given parameters does not depend on it.",
    D="That would add the gradients of a few steps, in all layers alike. It makes no factor of 1e6 "
    "between layers.",
)

# %% [markdown]
# ### Question 10
#
# A ReLU network on XOR stays at a loss of 0.347 for thousands of steps. Its gradient check passes
# for every parameter. What is likely?
#
# - **A** The gradient check is wrong, since a right gradient always lowers the loss to 0.
# - **B** The rate should be made smaller.
# - **C** The mean over the batch is missing.
# - **D** All units are dead on some samples, and the gradient is right to be about 0.

# %% quiz="q10" points=1 objective=6
q10 = "D"
explain(
    A="A right gradient is the slope at the present place. It does not promise that a way to loss 0 "
    "leads from there.",
    B="With a gradient of about 0, no rate moves the parameters.",
    C="Then the check would have failed, by the constant ratio m.",
    D="0.347 is half of ln 2: two samples are right, and two of different answers get the same "
    "output, 50 %.",
)

# %% [markdown]
# ## Summary
#
# - A computation is a graph. Each operation knows its local derivatives, at the values that enter
#   it.
# - Backward: every value waits until its gradient is complete, and then sends *local derivative
#   times own gradient* to each parent. Contributions are added. The order is topological, from the
#   end.
# - With arrays the same: $dW = X^{\mathsf T} dZ$, $db = \sum dZ$, $dX = dZ\,W^{\mathsf T}$, and
#   $\odot\,\phi'(Z)$ at an activation. The shapes decide the transposes.
# - Sigmoid with BCE, and softmax with CE, have the gradient $\frac1m(P - Y)$ toward the logits. The
#   $1/m$ appears once. Compute losses from logits, and change no loss by an $\varepsilon$.
# - In deep networks the gradient is a product of Jacobians. It vanishes or explodes with them. Skip
#   connections add a path; normalisation makes the samples of a batch depend on one another.
# - A right gradient and a successful training are two things. Look at many seeds.
#
# ### What to review
#
# - Can you write down the local derivatives of your five operations without looking?
# - Can you say why $a$; $b = a + a$; $c = b + b$ gives 4, and which programs make it 1, 6 or 8?
# - Can you derive $dZ_2 = (A_2 - Y)/m$ on paper, and say where each factor went?
# - Can you write the backward pass of a two-layer network with the shape of every line?
#
# **Next:** lesson 4, where you build the tool that has checked you so far, and learn what it cannot
# see.
