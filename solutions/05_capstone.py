# ---
# jupyter:
#   course:
#     minutes: 180
#     objectives:
#     - derive the backward pass of a net with a skip, with the shape of every line
#     - write that backward pass, with cross-entropy and a penalty on the weights
#     - decide from values of the loss whether a gradient is right, at kinks too
#     - rate a checker by the bugs it catches and the right gradients it accepts
#     - measure the ratio of a wrong gradient to the true one for each parameter
#     - trace such ratios back to the lines that cause them, and repair those
#     - explain why a falling loss does not prove a gradient right
#     title: Capstone
# ---

# %% [markdown]
# # Lesson 5: Capstone
#
# In this lesson nothing is half written for you. You derive and code the backward pass of a new
# network. You build a checker that decides whether a gradient is right, and it is graded by the bugs
# that it catches. Then you audit a classifier whose training works well enough to hide three bugs.
# Nothing here needs your earlier notebooks. The three parts do not need one another either, so you
# can take them on three days: run the first two cells, then go on at the beginning of a part.

# %% [markdown]
# ## Before you start: four things you should know
#
# These are for practice and are not graded. Run the first two cells, and each cell below a question.
# Decide on an answer, then choose it: you are told why it is right or wrong. (The second cell holds
# `softmax` and `cross_entropy`, and a helper of the tests.)

# %% given="setup"
from collections import namedtuple

import numpy as np

from course_utils import (
    Mismatch,
    NotWritten,
    call,
    check_gradient,
    numerical_gradient,
    self_check,
)
from course_utils.checks.cases import Checker, Gradients, Probe
from course_utils.checks.explain import explained
from course_utils.diagnosis.families import mutants, same
from course_utils.diagnosis.trace import Trace, backward
from course_utils.figures import new_figure, show
from course_utils.nn import digits, glorot_normal, he_normal, one_hot, show_digits, show_training
from course_utils.oracles import tape


# %% given="shared"
def softmax(Z):
    """Return the softmax of each row of Z (m, K), without overflow."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def cross_entropy(Z, Y):
    """Return the mean over the rows of the cross-entropy of softmax(Z) and the one-hot Y."""
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(Y * log_P).sum() / len(Y)


def gradients_of(name, f, arguments, needed):
    """Return the dict that the function f, called `name`, returns; it must hold the keys `needed`."""
    found = call(f, *arguments, name=name)
    look = f"Needed: a dict with the keys {', '.join(arguments[0])}."
    if found is None:
        raise Mismatch(f"{name}: returned None: is the line with return missing?", look=look)
    if not isinstance(found, dict):
        raise Mismatch(f"{name}: returned a {type(found).__name__}, needed a dict.", look=look)
    missing = [key for key in needed if key not in found]
    if missing:
        keys = ", ".join(map(str, found)) or "none"
        raise Mismatch(
            f"{name}: the dict that it returned has no {' and no '.join(missing)}; "
            f"its keys: {keys}.",
            look=look,
        )
    return found


# %% [markdown] recall="1"
# **1.** From lesson 1: $s = a + f(a)$ for a number $a$. What is $ds/da$?
#
# - $f'(a)$ :: No. That is the contribution of the path through $f$ alone. The variable $a$ also reaches
#   $s$ directly.
# - $1 + f'(a)$ :: Yes. There are two paths from $a$ to $s$, with the rates $1$ and $f'(a)$, and over
#   all paths contributions are added.
# - $a + f'(a)$ :: No. You may think that the direct path contributes $a$ itself, but what it
#   contributes is its rate: if $a$ grows by 1, so does this term.

# %% [markdown] recall="2"
# **2.** From lesson 2: $Y = XW + b$ with $X$ of shape $(7, 5)$ and $W$ of shape $(5, 3)$. The gradient
# $dY$ is known. What is $db$?
#
# - `dY` itself, since $\partial Y/\partial b = 1$. :: No. `dY` has shape $(7, 3)$ and $b$ has shape
#   $(3,)$. A gradient has the shape of its variable.
# - `dY.mean(axis=0)`, since the loss is a mean. :: No. If the loss is a mean over the batch, its
#   factor $1/m$ is already inside $dY$. A mean here would divide by $m$ once more.
# - `dY.sum(axis=0)` :: Yes. All seven samples use the same $b$: seven paths, so their contributions
#   are added.

# %% [markdown] recall="3"
# **3.** From lesson 3: $P$ is the softmax of the logits $Z$, and the loss is the cross-entropy with
# one-hot targets $Y$, mean over $m$ samples. What is $dZ$?
#
# - $(P - Y)/m$ :: Yes. The Jacobian of softmax and the derivative of the logarithm combine to
#   $P - Y$, and the mean gives each sample the factor $1/m$.
# - $P - Y$ :: No. That belongs to the sum of the losses of all samples. With it, all gradients of
#   the mean come out $m$ times too large.
# - $(P - Y) \odot P \odot (1 - P) / m$ :: No. You may think that the softmax needs its own derivative
#   here, but it is already contained in $P - Y$.

# %% [markdown] recall="4"
# **4.** From lesson 4: a check accepts a gradient if no entry is further than $10^{-5}$ from a central
# difference. The loss is so small that all true entries are near $10^{-7}$. What happens?
#
# - The check rejects the right gradient, since central differences are too inexact. :: No. The
#   difference to the right gradient is far below $10^{-5}$, so the right gradient is accepted.
# - The check works as for any other loss. :: No. A fixed threshold means something only
#   beside the size of the gradient.
# - The check accepts a gradient of zeros. :: Yes. Its error is near $10^{-7}$ in each entry, which is
#   below the threshold, though the whole gradient is missing.

# %% [markdown]
# ## 1. A deep net with a skip
#
# The first part is a network of three layers for a batch of $m$ samples with $D$ inputs, $H$ hidden
# units and $K$ classes. A **skip connection** goes around the second layer:
#
# $$\begin{aligned}
# Z_1 &= X W_1 + b_1, & A_1 &= \mathrm{relu}(Z_1), \\
# Z_2 &= A_1 W_2 + b_2, & A_2 &= \mathrm{relu}(Z_2), \\
# S &= A_1 + A_2, & Z_3 &= S W_3 + b_3 .
# \end{aligned}$$
#
# The rows of $Z_3$ are logits. With $P = \mathrm{softmax}(Z_3)$, row by row, and one-hot targets $Y$
# of shape $(m, K)$ the loss is
#
# $$L = -\frac1m \sum_{i=1}^{m} \sum_{k=1}^{K} Y_{ik} \ln P_{ik}
# \;+\; \frac{\lambda}{2}\Bigl(\lVert W_1\rVert^2 + \lVert W_2\rVert^2 + \lVert W_3\rVert^2\Bigr),$$
#
# where $\lVert W\rVert^2$ is the sum of the squares of all entries of $W$, and $\lambda \ge 0$, called
# `lam` in the code, says how strong this **penalty** is. The biases are not penalised.
#
# For the sum $A_1 + A_2$ both must have the same shape $(m, H)$. So $W_2$ is square, $(H, H)$, and a
# wrong transpose of $W_2$ gives no error about shapes. It gives wrong numbers.

# %% drawing="graph"
places = {
    "X": (0, 0), "Z1": (1.3, 0), "A1": (2.6, 0), "Z2": (3.9, 0), "A2": (5.2, 0),
    "S": (6.5, 0), "Z3": (7.8, 0), "L": (9.1, 0),
}  # fmt: skip
figure, axis = new_figure(width=7.4, height=2.3)
axis.set(xlim=(-0.5, 9.6), ylim=(-1.35, 1.35))
axis.axis("off")
for x, _ in list(places.values())[:-1]:
    axis.annotate("", (x + 0.9, 0), (x + 0.4, 0), arrowprops={"arrowstyle": "->", "lw": 1.6})
skip = {"arrowstyle": "->", "lw": 1.6, "ls": "--", "connectionstyle": "arc3,rad=-0.35"}
axis.annotate("", (6.4, 0.3), (2.7, 0.3), arrowprops=skip)
axis.text(4.55, 1.12, "skip", ha="center", va="center", style="italic")
for name, (x, y) in places.items():
    box = {"boxstyle": "round,pad=0.35", "fc": "white", "ec": "black"}
    axis.text(x, y, name, ha="center", va="center", bbox=box)
for name, parents in [("Z1", "W1, b1"), ("Z2", "W2, b2"), ("Z3", "W3, b3")]:
    x = places[name][0]
    axis.annotate("", (x, -0.4), (x, -0.85), arrowprops={"arrowstyle": "->", "lw": 1.2})
    axis.text(x, -1.1, parents, ha="center", va="center")
show(
    figure,
    alt="The graph of the network: X, Z1, A1, Z2, A2, S, Z3 and L in a row, joined by arrows. A dashed "
    "arrow, the skip, leads from A1 around Z2 and A2 to S. W1 and b1 enter at Z1, W2 and b2 at Z2, "
    "W3 and b3 at Z3.",
)

# %% [markdown]
# ### A worked example: the skip for one number
#
# Before the matrices, take the skip for numbers $a$, $w$ and $b$:
#
# $$z = w a + b, \qquad s = a + \mathrm{relu}(z) .$$
#
# | step | what | here, at $a = 2$, $w = 0.5$ |
# |---|---|---|
# | count the paths | from $a$ to $s$ | two: directly, and through $z$ |
# | rate along each path | multiply | $1$, and $\mathrm{relu}'(z) \cdot w$, taken at $z = wa + b$ |
# | all paths together | add | $\frac{ds}{da} = 1 + \mathrm{relu}'(z)\, w$ |
# | put the values in | $b = 1$, so $z = 2 > 0$ | $1 + 1 \cdot 0.5 = 1.5$ |
# | | $b = -3$, so $z = -2 < 0$ | $1 + 0 \cdot 0.5 = 1$ |
#
# In the last row the unit is off, and yet the slope is not 0: the skip carries it. That is one reason
# why very deep networks have skips.

# %%
for b in (1.0, -3.0):
    slope = 1 + (0.5 * 2.0 + b > 0) * 0.5
    numeric = numerical_gradient(lambda a: a + max(0.5 * a + b, 0.0), 2.0)
    print(
        f"b = {b:4}: two paths give {slope}, agrees with a difference: {abs(slope - numeric) < 1e-8}"
    )

# %% [markdown]
# ### The given forward pass
#
# `deep_forward` returns the logits and a **cache**: a dict with the values that you need on the way
# back. `deep_loss` computes the loss. You may use `softmax`, which stands in the second cell of the
# lesson.


# %% given="deep"
def deep_forward(params, X):
    """Return the logits Z3 (m, K) and the cache, a dict with Z1, A1, Z2, A2, S, Z3."""
    Z1 = X @ params["W1"] + params["b1"]
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ params["W2"] + params["b2"]
    A2 = np.maximum(Z2, 0)
    S = A1 + A2
    Z3 = S @ params["W3"] + params["b3"]
    return Z3, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2, "S": S, "Z3": Z3}


def deep_loss(params, X, Y, lam):
    """Return the mean cross-entropy plus lam / 2 times the sum of squares of W1, W2, W3."""
    Z3, _ = deep_forward(params, X)
    squares = sum((params[name] ** 2).sum() for name in ("W1", "W2", "W3"))
    return cross_entropy(Z3, Y) + lam / 2 * squares


def deep_net(seed, m, D, H, K):
    """Return params, X (m, D) and Y (m, K) one-hot: numbers of size 1, and no bias is 0."""
    rng = np.random.default_rng(seed)
    shapes = {"W1": (D, H), "b1": H, "W2": (H, H), "b2": H, "W3": (H, K), "b3": K}
    params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    return params, rng.normal(size=(m, D)), one_hot(rng.integers(K, size=m), K)


params, X, Y = deep_net(seed=44, m=7, D=5, H=4, K=3)
_, cache = deep_forward(params, X)
for name, value in (params | cache).items():
    print(f"{name:>2} {value.shape}", end="   ")
print(
    f"\nloss with lam = 0: {deep_loss(params, X, Y, 0):.4f}, lam = 0.1: {deep_loss(params, X, Y, 0.1):.4f}"
)

# %% [markdown]
# ### On paper first
#
# Copy this table and fill the blanks before you write any code. It goes from the loss back to the
# first layer. Every row gets a shape, a formula, and the values of the forward pass that the formula
# uses.
#
# | quantity | shape | formula | uses from the forward pass |
# |---|---|---|---|
# | $dZ_3$ | $(m, K)$ | ______ | ______ |
# | $dW_3$, $db_3$ | ______ | ______ | ______ |
# | $dS$ | ______ | ______ | ______ |
# | $dA_2$ | ______ | ______ | ______ |
# | $dZ_2$ | ______ | ______ | ______ |
# | $dW_2$, $db_2$ | ______ | ______ | ______ |
# | $dA_1$ | ______ | ______ | ______ |
# | $dZ_1$ | ______ | ______ | ______ |
# | $dW_1$, $db_1$ | ______ | ______ | ______ |
#
# One row needs two terms. Mark it: which arrows of the graph do the two terms come back along? Then
# ask where the penalty enters: which rows get another term if $\lambda > 0$?
#
# How do you learn whether the table is right? A gradient has the shape of its variable, and the cell
# above prints those: with $m = 7$, $D = 5$, $H = 4$, $K = 3$ your column of shapes must say the same.
# The formulas are tried by the four tests of the exercise below, in the order of the table. The first
# two rows decide `last`, the next four `middle`, the last three `first`, and the rows with a term for
# the penalty decide `penalty`. So code each row as it stands on your paper. If a test fails, correct
# the paper first.

# %% [markdown] exercise="deep_backward" objective=2
# ### Exercise: the backward pass of the deep net
#
# Write `deep_backward(params, X, Y, lam, cache)`.
#
# - `params` is a dict with `W1` $(D, H)$, `b1` $(H,)$, `W2` $(H, H)$, `b2` $(H,)$, `W3` $(H, K)$ and
#   `b3` $(K,)$. `X` has shape $(m, D)$ and may hold whole numbers; `Y` is one-hot, $(m, K)$.
# - `lam` is a number, at least 0.
# - `cache` is what `deep_forward(params, X)` returned as its second value.
#
# Return a dict with the same six keys: the gradient of `deep_loss` toward each parameter, in the shape
# of the parameter. (The tests let pass what holds the same numbers: a list, or a single row
# $(1, H)$ for a bias.) Change none of the arguments. At 0 the slope of ReLU counts as 0; the tests
# leave out entries that depend on this choice.
#
# The tests follow the way back. `last` looks at $W_3$ and $b_3$ only, `middle` at $W_2$ and $b_2$,
# `first` at $W_1$ and $b_1$, all three with `lam` = 0. So you can write one layer at a time and leave
# the other keys out of the dict until then. `penalty` looks at all six with `lam` > 0. Hidden tests use
# other seeds and sizes.


# %% answer="deep_backward"
def deep_backward(params, X, Y, lam, cache):
    """Return a dict with the keys of params: the gradient of deep_loss toward each parameter."""
    ### BEGIN SOLUTION
    m = len(X)
    dZ3 = (softmax(cache["Z3"]) - Y) / m
    dS = dZ3 @ params["W3"].T
    dZ2 = dS * (cache["Z2"] > 0)
    dA1 = dS + dZ2 @ params["W2"].T
    dZ1 = dA1 * (cache["Z1"] > 0)
    return {
        "W1": X.T @ dZ1 + lam * params["W1"],
        "b1": dZ1.sum(axis=0),
        "W2": cache["A1"].T @ dZ2 + lam * params["W2"],
        "b2": dZ2.sum(axis=0),
        "W3": cache["S"].T @ dZ3 + lam * params["W3"],
        "b3": dZ3.sum(axis=0),
    }
    ### END SOLUTION


# %% [markdown] hints="deep_backward"
# 1. Run the four checks from the top. The first one that fails names the layer; what lies between the
#    last right gradient and the first wrong one holds the mistake. For `W1` and `b1`, look at the graph
#    and count the arrows that leave `A1`.
# 2. For a layer $Z = AW + b$ you need $dW$, $db$ and $dA$ from $dZ$; the shapes leave one way to
#    multiply each, except for the square $W_2$. Through ReLU the gradient passes where the
#    pre-activation is positive. Where arrows part on the way forward, gradients add on the way back.
# 3. Each layer has the same three lines: `dZ = dA * (... > 0)`, `dW = ....T @ dZ`, and
#    `db = dZ.sum(axis=...)`. The row with two terms has the shape `dA1 = ... + ... @ ...`.


# %% given="deep_check"
def deep_case(lam):
    """Return how the diagnosis of wrong gradients tries yours on other nets."""

    def probe(number):
        params, X, Y = deep_net(440 + number, *[(7, 5, 4, 3), (6, 3, 5, 4), (9, 4, 7, 2)][number])
        loss = lambda *v: deep_loss(dict(zip(params, v, strict=False)), *v[-2:], lam)
        _, cache = deep_forward(params, X)
        found = call(deep_backward, params, X, Y, lam, cache)
        return Probe(loss, params, {"X": X, "Y": Y}, found)

    return Gradients(probe)


def check_deep(names, seed, sizes, lam=0.0, whole=False, look=""):
    """Compare deep_backward's gradients for the parameters `names` with measured ones."""
    params, X, Y = deep_net(seed, *sizes)
    X = np.round(2 * X).astype(int) if whole else X
    _, cache = deep_forward(params, X)
    found = gradients_of("deep_backward", deep_backward, (params, X, Y, lam, cache), names)
    for name in names:
        check_gradient(
            lambda value: deep_loss(params | {name: value}, X, Y, lam),
            found[name],
            params[name],
            name=f"d{name} with lam = {lam:g}",
            look=look,
            case=deep_case(lam),
        )


# %% check="deep_backward" part="last" points=3
check_deep(
    ["W3", "b3"], seed=44, sizes=(7, 5, 4, 3), look="Only dZ3 and the input of layer 3 enter here."
)
### BEGIN HIDDEN TESTS
for number, dimensions in enumerate([(6, 3, 5, 4), (9, 4, 7, 2), (5, 2, 3, 6)]):
    check_deep(["W3", "b3"], 50 + number, dimensions, whole=number == 2)
### END HIDDEN TESTS

# %% check="deep_backward" part="middle" points=3
check_deep(
    ["W2", "b2"],
    seed=44,
    sizes=(7, 5, 4, 3),
    look="If W3 and b3 are right, the mistake lies between dZ3 and dZ2, or in how dZ2 is used.",
)
### BEGIN HIDDEN TESTS
for number, dimensions in enumerate([(6, 3, 5, 4), (9, 4, 7, 2), (5, 2, 3, 6)]):
    check_deep(["W2", "b2"], 160 + number, dimensions, whole=number == 2)
### END HIDDEN TESTS

# %% check="deep_backward" part="first" points=4
check_deep(
    ["W1", "b1"],
    seed=44,
    sizes=(7, 5, 4, 3),
    look="If W2 and b2 are right, the mistake lies between dS, dZ2 and dZ1. Three things to look at: "
    "is dS still what it was, which way round does W2 enter, and how many arrows leave A1?",
)
### BEGIN HIDDEN TESTS
for number, dimensions in enumerate([(6, 3, 5, 4), (9, 4, 7, 2), (5, 2, 3, 6)]):
    check_deep(["W1", "b1"], 70 + number, dimensions, whole=number == 2)
### END HIDDEN TESTS

# %% check="deep_backward" part="penalty" points=2
check_deep(
    ["b3", "W3", "b2", "W2", "b1", "W1"],
    seed=44,
    sizes=(7, 5, 4, 3),
    lam=0.3,
    look="If it is right with lam = 0, differentiate the penalty alone: toward a weight, toward a bias.",
)
### BEGIN HIDDEN TESTS
for number, dimensions in enumerate([(6, 3, 5, 4), (9, 4, 7, 2), (5, 2, 3, 6)]):
    check_deep(["W1", "b1", "W2", "b2", "W3", "b3"], 180 + number, dimensions, lam=0.2 + number)
### END HIDDEN TESTS

# %% [markdown]
# The first three tests use $\lambda = 0$ for a reason. With a penalty the gradient of a weight is a sum
# of two parts, and a factor that is missing in one of them no longer shows as a plain ratio. Check
# without the penalty first, then switch it on.
#
# ## 2. A checker, graded by what it catches
#
# You have been checked by this course many times. Now you build the judge: a function that is handed a
# loss, the parameters and a claimed gradient, and says whether the gradient is right.
#
# How good is a judge? It can fail in two ways. It can **accept a wrong gradient**: then you trust a bug.
# And it can **reject a right one**: then you hunt for a bug that is not there. A judge who accepts
# everything never makes the second mistake, and a judge who rejects everything never makes the
# first. So both must be counted, on gradients of which you know whether they are right.
#
# ### Planted bugs
#
# For that we need many wrong gradients of the kind that people write. The next cell builds small networks
# with two layers, by the rules of a good test case: 7 samples, 6 inputs, 5 hidden units and 4 classes,
# all different; no bias is zero (unless a case is about just that); weights of size 1. That makes 59
# parameters.
#
# The function `planted` runs the right backward pass of such a network with one mistake in it. It knows
# about sixty **families** of mistakes, such as "bias: forgotten" or "W updated before the backward
# pass", and each can be made at several places. It draws some families with the seed, and one place
# for each. A mistake that changes no entry by more than a thousandth of the largest one is left out.
#
# You need not read this cell. You only need to know what a `case` offers: `case.loss`, a function of a
# dict of parameters; `case.params`; `case.grads`, the claimed gradient; and `case.what`, which says in
# words what is the matter with it.


# %% given="nets"
Case = namedtuple("Case", "what loss params grads")  # grads: a claimed gradient


def small_net(seed, act, lam=0.1, change=None):
    """Return the Trace of a net with two layers; change(X, params) alters its numbers first."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(7, 6))
    params = {"W1": rng.normal(size=(6, 5)), "b1": rng.normal(size=5)}
    params |= {"W2": rng.normal(size=(5, 4)), "b2": rng.normal(size=4)}
    if change:
        change(X, params)
    trace = Trace()
    trace.given("X", X)
    W1, b1, W2, b2 = (trace.param(name, value) for name, value in params.items())
    Z1 = trace.affine("Z1", "X", W1, b1)
    f = {"tanh": np.tanh, "relu": lambda z: z * (z > 0)}[act]
    A1 = trace.elementwise("A1", f, Z1, act=act)
    Z2 = trace.affine("Z2", A1, W2, b2)
    Y = trace.given("Y", one_hot(rng.integers(4, size=7), 4))
    loss = trace.loss("L", cross_entropy, Z2, Y, mean=True, squash="softmax")
    if lam:
        R = trace.penalty("R", lambda V, W: lam / 2 * ((V**2).sum() + (W**2).sum()), W1, W2)
        trace.merge("total", lambda L, R: L + R, loss, R)
    return trace


def case_of(what, trace, scale=1.0, plus=0.0, grads=None):
    """Return a Case: its loss is scale * (that of the trace) + plus; grads: by default the right ones."""
    data = {node.name: node.value for node in trace.of_kind("given")}
    steps = [node for node in trace.nodes.values() if node.parents]

    def loss(params):
        now = data | params
        for node in steps:
            now[node.name] = node.compute(*map(now.get, node.parents))
        return scale * float(now[trace.output]) + plus

    params = {name: trace.value(name) for name in trace.params}
    grads = backward(trace) if grads is None else grads
    return Case(what, loss, params, {name: scale * g for name, g in grads.items()})


def planted(trace, count, seed, scale=1.0):
    """Return `count` Cases with wrong gradients: mistakes of different families, drawn with the seed."""
    true, families = backward(trace), {}
    for mutant in mutants(trace):
        if not same(mutant.gradients, true, rtol=1e-3):
            families.setdefault(mutant.family, []).append(mutant)
    rng = np.random.default_rng(seed)
    drawn = rng.permutation(list(families))[:count]
    bugs = [families[name][rng.integers(len(families[name]))] for name in drawn]
    return [case_of(bug.name, trace, scale, grads=bug.gradients) for bug in bugs]


example = small_net(seed=0, act="tanh")
every_family = planted(example, 99, seed=0)
print(f"{len(every_family)} families of mistakes show on this net. Eight of them:")
for case in every_family[:8]:
    print("  ", case.what)

# %% [markdown]
# ### Right gradients that look wrong
#
# The right gradients are chosen to be awkward. Some come from networks with ReLU in which a
# pre-activation is **on a kink**, that is, exactly 0. There the loss has one slope to the left and
# another to the right. In others a pre-activation is $10^{-7}$. There the slope is a single number, but
# the two ends of your step lie on different sides of the kink.
#
# **Predict before you look:** what does a central difference give at a kink: the left slope, the right
# slope, or something else?


# %% given="right_ones"
def on_kink(X, params):
    """Make one pre-activation exactly 0."""
    params["b1"][2] = -(X @ params["W1"])[0, 2]


def near_kink(X, params):
    """Make one pre-activation 1e-7."""
    params["b1"][2] = 1e-7 - (X @ params["W1"])[0, 2]


def like_xor(X, params):
    """An input of zeros, and hidden biases of zero: all its pre-activations are 0."""
    X[0], params["b1"][:] = 0.0, 0.0


def dead_unit(X, params):
    """Make all pre-activations of one unit very negative."""
    params["b1"][1] = -60.0


def dead_layer(X, params):
    """Make all pre-activations very negative."""
    params["b1"][:] = -60.0


def ten_right(seed):
    """Return ten Cases with right gradients, ordinary and awkward ones."""
    relu = {"seed": seed, "act": "relu"}
    return [
        case_of("a tanh net", small_net(seed, "tanh")),
        case_of("a relu net", small_net(**relu)),
        case_of("a relu net in which a pre-activation is 0", small_net(**relu, change=on_kink)),
        case_of(
            "a relu net in which a pre-activation is 1e-7", small_net(**relu, change=near_kink)
        ),
        case_of("a relu net with an input of zeros and b1 = 0", small_net(**relu, change=like_xor)),
        case_of("a relu net with a dead unit", small_net(**relu, lam=0, change=dead_unit)),
        case_of(
            "a relu net whose hidden units are all dead",
            small_net(**relu, lam=0, change=dead_layer),
        ),
        case_of("a tanh net whose loss is multiplied by 1e-6", small_net(seed, "tanh"), scale=1e-6),
        case_of("a relu net whose loss is multiplied by 1e6", small_net(**relu), scale=1e6),
        case_of("a tanh net to whose loss 1000 is added", small_net(seed, "tanh"), plus=1000.0),
    ]


# %% drawing="kink"
def draw_kink():
    kinked = ten_right(99)[2]
    start = kinked.params["b1"]

    def along(t):
        return kinked.loss(kinked.params | {"b1": start + t * np.eye(5)[2]})

    ts = np.linspace(-0.4, 0.4, 161)
    small = 1e-6
    left, right = (along(0) - along(-small)) / small, (along(small) - along(0)) / small
    central = (left + right) / 2
    figure, axis = new_figure(width=6.4, height=3.6)
    axis.plot(ts, [along(t) for t in ts], lw=3, label="loss")
    axis.plot(ts, along(0) + left * ts, "--", label=f"left slope {left:.3f}")
    axis.plot(ts, along(0) + right * ts, ":", label=f"right slope {right:.3f}")
    axis.plot(ts, along(0) + central * ts, "-.", label=f"central difference {central:.3f}")
    axis.plot([0], [along(0)], "o", color="black", ms=6)
    axis.set(xlabel="change of b1[2]", ylabel="loss")
    axis.legend(fontsize=9)
    show(
        figure,
        alt="The loss along one bias. At the kink, marked by a dot, it bends. A dashed line follows it "
        "to the left of the dot, a dotted one to the right. The line of the central difference lies "
        "between the two and follows the loss on neither side.",
    )


draw_kink()

# %% [markdown]
# The central difference gives the mean of the two slopes. The right gradient, with slope 0 of ReLU
# at 0, is the slope on one side. So a central difference contradicts a right gradient here, however
# small the step. You may think that a smaller step cures it, but at the kink itself it never does.
# How far the two slopes lie apart differs from entry to entry: it can be half of the largest entry of the
# array, or less than a thousandth of it.
#
# ### A checker that you may meet
#
# Here is a checker in a style that is often seen. It compares all entries of the weights with central
# differences. `tally` counts what it does with right and with wrong gradients, and names the right ones
# that it rejects. An answer that stops with an error counts as a rejection in this table.
#
# **Predict before you run:** how many of ten right gradients will it accept? And of 41 wrong ones,
# how many will it reject, for an ordinary loss, and for one multiplied by $10^{-6}$?


# %% given="popular"
def popular_check(loss, params, grads):
    """Compare the gradients of the weights with central differences, with a fixed threshold."""
    for name in ("W1", "W2"):
        numeric = numerical_gradient(lambda W: loss(params | {name: W}), params[name])
        if np.abs(numeric - grads[name]).max() > 1e-5:
            return False
    return True


def tally(check):
    """Print how many right gradients a checker accepts, and how many wrong ones it rejects."""

    def accepted(case):
        try:
            return bool(check(case.loss, dict(case.params), dict(case.grads)))
        except NotImplementedError:
            raise
        except Exception:
            return False

    tanh, relu = small_net(4, "tanh"), small_net(4, "relu")
    rows = [
        ("right gradients accepted", ten_right(4), True),
        ("wrong ones rejected, tanh", planted(tanh, 41, seed=1), False),
        ("wrong ones rejected, relu", planted(relu, 41, seed=2), False),
        ("wrong ones rejected, loss times 1e-6", planted(tanh, 41, seed=3, scale=1e-6), False),
    ]
    for what, cases, wanted in rows:
        judged = [accepted(case) for case in cases]
        print(f"{what:<37} {judged.count(wanted):2} of {len(cases)}")
        if wanted:
            rejected = [i for i, verdict in enumerate(judged) if not verdict]
            print(
                "".join(f"  rejected: ten_right(4)[{i}], {cases[i].what}\n" for i in rejected),
                end="",
            )


tally(popular_check)

# %% [markdown]
# Compare with your prediction. The mistakes that it lets through at ordinary size are nearly all in the
# biases: it never looks at one. One more, for relu, gives `nan`, and `nan > 1e-5` is `False`. At the
# scale $10^{-6}$ the threshold is larger than the error of nearly every bug, so hardly anything is
# rejected. And three right gradients are rejected: two at kinks, and one at the scale $10^6$, where
# rounding and truncation alone exceed the threshold.

# %% [markdown] exercise="is_right" objective=3
# ### Exercise: your checker
#
# Write `is_right(loss, params, grads)`.
#
# - `params` is a dict of float arrays, of one or two axes.
# - `loss` is a function. Called with a dict like `params`, it returns a number. The same input gives the
#   same number on each call.
# - `grads` is a dict of arrays: the claimed gradient toward each parameter.
#
# Return `True` if all of `grads` is right, and `False` if anything in it is wrong. Change neither
# `params` nor `grads`. Use nothing but values of `loss`. You may take over your own functions from
# lesson 4 or write new ones, but nothing of `course_utils`: the judgement is to be yours. Your code may
# call `loss` a few hundred times.
#
# **Right, and to be accepted.** The ten kinds of `ten_right`:
#
# - two ordinary nets, one with tanh and one with ReLU;
# - three ReLU nets with kinks: one pre-activation is 0, or $10^{-7}$, or a whole sample of zeros meets
#   hidden biases of 0;
# - two nets in which a unit or the whole hidden layer is dead, so that the gradient is zero for some
#   entries or for a whole parameter;
# - three losses of another size: multiplied by $10^{-6}$ or by $10^6$, or with 1000 added, so that the
#   rounding error is larger.
#
# On a kink the right gradient is the slope to one side. Closer to a kink than your step, it is the
# slope on the side on which the point lies. So do not hold a central difference against a claim there.
# Whether you skip such an entry or still refute what lies outside of both slopes is left to you. All
# other entries of the same array count as ever.
#
# **Wrong, and to be rejected.** The bugs of `planted`, with tanh and with relu, at ordinary scale and at
# $10^{-6}$. Every one of them changes some entry by at least a thousandth of the largest entry of its
# array. Some give an array of a wrong shape, or `nan`: return `False` for them, do not stop with an
# error. The same holds for a `grads` in which a parameter is missing. A gradient is wrong even if a
# single entry of it is wrong, by half a percent of the largest entry of its array or more, or if two
# entries are exchanged. Only a few wrong nets have a kink, and in those it is an entry off the kink that
# is wrong.
#
# **How it is graded.** Every test cell holds right *and* wrong gradients, so a checker that always gives
# the same answer earns nothing.
#
# | cell | right gradients | wrong gradients |
# |---|---|---|
# | `accepts` | accepts all ten kinds | rejects a gradient with the wrong sign, twice as large, or zero |
# | `most` | accepts two ordinary ones | rejects at least 30 of 41 bugs |
# | `all` | accepts four, awkward ones among them | rejects at least 38 of 41 bugs, for relu and at $10^{-6}$; rejects all with a missing parameter, `nan`, a transposed array, or wrong single entries, also in a net with a kink |
#
# You see all ten kinds at three seeds, and smaller samples of the wrong gradients; the hidden tests use
# other seeds.


# %% answer="is_right"
def is_right(loss, params, grads):
    """Return True if every gradient in grads is right, else False. All three as described above."""
    ### BEGIN SOLUTION
    here = loss(params)
    for name, x in params.items():
        g = np.asarray(grads.get(name, np.nan), float)
        if g.shape != x.shape or not np.isfinite(g).all():
            return False
        # At a kink the two slopes differ; elsewhere they enclose the derivative closely.
        left, right = np.empty_like(x), np.empty_like(x)
        for entry, at in np.ndenumerate(x):
            h = 1e-6 * max(1.0, abs(at))
            for there, slopes in ((at - h, left), (at + h, right)):
                stepped = np.array(x)
                stepped[entry] = there
                slopes[entry] = (loss({**params, name: stepped}) - here) / (there - at)
        noise = 10 * np.finfo(float).eps * abs(here) / 1e-6
        slack = 1e-5 * np.abs([left, right]).max() + noise
        low, high = np.minimum(left, right) - slack, np.maximum(left, right) + slack
        if (g < low).any() or (g > high).any():
            return False
    return True
    ### END SOLUTION


# %% [markdown] hints="is_right"
# 1. Decide in this order: is there a gradient for each parameter, of the right shape, without `nan`?
#    Only then compare numbers. When a test fails, read which gradient it names: a right one that you
#    reject is about kinks, zeros or rounding; a wrong one that you accept is about what you do not look at,
#    or about a tolerance that is too wide for its scale.
# 2. Judge errors relative to the largest entry of the array (of which one: the claim, or the
#    measurement?), plus a floor for rounding of about 10 eps |loss| / h. At a kink the slopes to the
#    left and to the right differ, and the central difference misses both by half of the gap. Some kinks
#    are weak, and the gap is small. If you test for kinks, the test must not be coarser than your
#    tolerance: a kink that it overlooks must be one that the tolerance forgives. Guard 0/0.
# 3. One loop over names, in it one over entries. For each entry the values of the loss at `x[i] - h` and
#    `x[i] + h`, with the one at `params`, give `left` and `right`; the comparison has the shape
#    `abs(g - ...) <= rtol * largest + floor`, with an exception for kinks.


# %% given="judge"
def says(check, case):
    """Return a checker's answer on a case: True or False, and nothing else is let through."""
    answer = call(check, case.loss, case.params, case.grads, name=f'is_right, given "{case.what}"')
    if answer is None:
        raise Mismatch("is_right: is None: is the return missing?")
    if not isinstance(answer, bool | np.bool_):
        raise Mismatch(f"is_right: returned {answer!r}; needed True or False.")
    return bool(answer)


def must_accept(check, seeds, kinds=range(10)):
    """Raise a Mismatch if a checker rejects one of these kinds of ten_right(seed)."""
    tried = [(seed, kind, ten_right(seed)[kind]) for seed in seeds for kind in kinds]
    rejected = [
        f"ten_right({seed})[{kind}], {case.what}"
        for seed, kind, case in tried
        if not says(check, case)
    ]
    if not rejected:
        return
    place = rejected[0].split(",")[0]
    look = (
        f"Take case = {place} and print, entry by entry, your left, right and central differences "
    )
    look += "beside case.grads."
    if len(rejected) == len(tried):
        look = f"It rejected every one, the ordinary nets too: begin with {place}."
    more = f"; and {len(rejected) - 3} more" if len(rejected) > 3 else ""
    wrong = Mismatch(
        f"is_right: rejected {len(rejected)} of {len(tried)} right gradients: "
        f"{'; '.join(rejected[:3])}{more}.",
        look=look,
    )
    raise explained(wrong, Checker("is_right", check, f"rejected: {rejected[0]}"))


def must_reject(check, cases, least, of_what):
    """Raise a Mismatch if a checker rejects fewer than `least` of these wrong gradients."""
    accepted = [case.what for case in cases if says(check, case)]
    if len(cases) - len(accepted) < least:
        wrong = Mismatch(
            f"is_right: accepted {len(accepted)} of {len(cases)} wrong gradients of {of_what}, "
            f"among them: {'; '.join(accepted[:3])}.",
            look=f"At least {least} of these {len(cases)} are to be rejected.",
        )
        raise explained(wrong, Checker("is_right", check, f"accepted: {accepted[0]}"))


def gross(case):
    """Return the gradient of a case with the wrong sign, twice as large, and zero."""
    factors = {
        "wrong sign everywhere": -1.0,
        "twice as large everywhere": 2.0,
        "zero everywhere": 0.0,
    }
    return [
        case._replace(what=what, grads={name: c * g for name, g in case.grads.items()})
        for what, c in factors.items()
    ]


def broken(case, seed):
    """Return the gradient of a case with something missing, or wrong in one or two entries."""
    rng = np.random.default_rng(seed)
    g = case.grads
    name = ["W1", "b1", "W2", "b2"][rng.integers(4)]
    one, two, hole = (g[name].copy().ravel() for _ in range(3))
    place = rng.integers(one.size)
    one[place] += 0.1 * np.abs(one).max()
    two[[two.argmin(), two.argmax()]] = two.max(), two.min()
    hole[place] = np.nan
    shape = g[name].shape
    return [
        case._replace(what=f"{name}: one entry wrong", grads=g | {name: one.reshape(shape)}),
        case._replace(what=f"{name}: two entries exchanged", grads=g | {name: two.reshape(shape)}),
        case._replace(what=f"{name}: an entry is nan", grads=g | {name: hole.reshape(shape)}),
        case._replace(what=f"{name}: missing", grads={n: v for n, v in g.items() if n != name}),
        case._replace(what="W1: transposed", grads=g | {"W1": g["W1"].T}),
    ]


def off(g, name, place, share):
    """Return grads g with entry number `place` of g[name] off by a share of its largest entry."""
    changed = g[name].copy()
    changed.flat[place] += share * np.abs(changed).max()
    return g | {name: changed}


def subtle(case, seed):
    """Return the gradient of a case with one entry of one parameter wrong by half a percent."""
    rng = np.random.default_rng(seed)
    places = {name: rng.integers(g.size) for name, g in case.grads.items()}
    return [
        case._replace(
            what=f"{name}: one entry wrong by 0.5% of the largest one",
            grads=off(case.grads, name, place, 0.005),
        )
        for name, place in places.items()
    ]


def beside_a_kink(seed):
    """Return gradients of a net in which unit 2 is on a kink; wrong in one entry of another unit."""
    case = ten_right(seed)[2]
    row, unit = seed % 6, [0, 1, 3, 4][seed % 4]
    return [
        case._replace(
            what=f"{name}: one entry wrong, and a kink at others",
            grads=off(case.grads, name, place, 0.1),
        )
        for name, place in (("W1", 5 * row + unit), ("b1", unit))
    ]


# %% check="is_right" part="accepts" points=4
must_accept(is_right, seeds=[4, 7, 21])
must_reject(is_right, gross(ten_right(5)[0]), 3, "a tanh net")
### BEGIN HIDDEN TESTS
must_accept(is_right, seeds=[31, 109])
for number in (31, 109):
    must_reject(is_right, gross(ten_right(number)[0]), 3, "a net with tanh")
    must_reject(is_right, gross(ten_right(number)[1]), 3, "a net with relu")
### END HIDDEN TESTS

# %% check="is_right" part="most" points=4
must_accept(is_right, seeds=[6], kinds=[0, 1])
must_reject(is_right, planted(small_net(6, "tanh"), 14, seed=6), 11, "a tanh net")
### BEGIN HIDDEN TESTS
must_accept(is_right, seeds=[33], kinds=[0, 1])
must_reject(is_right, planted(small_net(33, "tanh"), 41, seed=33), 30, "a net with tanh")
### END HIDDEN TESTS

# %% check="is_right" part="all" points=4
must_accept(is_right, seeds=[7], kinds=[0, 1, 3, 7])
must_reject(is_right, planted(small_net(7, "relu"), 14, seed=7), 13, "a relu net")
must_reject(
    is_right, planted(small_net(7, "tanh"), 14, seed=8, scale=1e-6), 13, "a loss times 1e-6"
)
must_reject(is_right, broken(ten_right(7)[1], seed=7), 5, "a relu net")
must_reject(is_right, subtle(ten_right(7)[0], seed=7), 4, "a tanh net")
must_reject(is_right, beside_a_kink(7), 2, "a relu net with a kink")
### BEGIN HIDDEN TESTS
must_accept(is_right, seeds=[34], kinds=[0, 1, 2, 7])
must_reject(is_right, planted(small_net(34, "relu"), 41, seed=34), 38, "a net with relu")
tiny_bugs = planted(small_net(35, "tanh"), 41, seed=35, scale=1e-6)
must_reject(is_right, tiny_bugs, 38, "a net with tanh, its loss times 1e-6")
for number in range(36, 42):
    must_reject(is_right, broken(ten_right(number)[number % 2], number), 5, "a further net")
for number in (42, 43):
    must_reject(is_right, subtle(ten_right(number)[number % 2], number), 4, "a further net")
    must_reject(is_right, beside_a_kink(number), 2, "a further net with a kink")
### END HIDDEN TESTS

# %% [markdown]
# The next cell puts your own checker into the table from above. It is not graded, but the first row
# shows ten gradients that the cell `accepts` tries too: with fewer than 10 of 10 you lose its points.

# %%
try:
    tally(is_right)
except NotImplementedError:
    print("Write is_right first; then run this cell again.")

# %% [markdown]
# A checker is a measuring instrument, and this is how instruments are tested: with known samples, good
# ones and bad ones. Keep yours. It works on any model whose loss you can call, as long as the model is
# small enough: it needs two values of the loss for each entry of the parameters, and one more.
#
# ## 3. Audit of a digit classifier
#
# The last part is a case as you may find it at work. Somebody has trained a classifier of small
# pictures. The loss fell, so nobody asked questions. You are asked to look at the gradient.
#
# The pictures have 9 by 9 pixels. Each shows a digit at a random place, with noise.

# %% given="pictures"
pictures, labels = digits(np.random.default_rng(0), 2000)
test_pictures, test_labels = digits(np.random.default_rng(1), 500)
targets = one_hot(labels, 10)
print(f"pictures {pictures.shape}, targets {targets.shape}, for the test {test_pictures.shape}")

# %% drawing="digits"
chosen = [int(np.flatnonzero(labels == k)[n]) for n in (0, 1) for k in range(10)]
show_digits(
    pictures[chosen],
    [str(labels[i]) for i in chosen],
    alt="Twenty noisy pictures of 9 by 9 pixels, two of each digit from 0 to 9, at different places.",
)

# %% [markdown]
# ### The classifier
#
# It has 81 inputs, a layer of 60 units with ReLU, a layer of 24 units with tanh and **dropout**, and 10
# outputs without any squashing. The loss is a squared error:
#
# $$\begin{aligned}
# Z_1 &= X W_1 + b_1, & A_1 &= \mathrm{relu}(Z_1), \\
# Z_2 &= A_1 W_2 + b_2, & A_2 &= \tanh(Z_2), \\
# D_2 &= A_2 \odot M / q, & P &= D_2 W_3 + b_3,
# \end{aligned}
# \qquad
# L = \frac1m \sum_{\text{samples}} \sum_{\text{outputs}} (P - Y)^2 .$$
#
# Dropout multiplies $A_2$, entry by entry, with a **mask** $M$ of zeros and ones. An entry of $M$ is 1
# with the probability $q$, the keep probability, here $0.8$. The division by $q$ makes up for the
# entries that are lost: on average the signal keeps its size. For each training step a new mask is
# drawn. The mask and $q$ are in the cache, under `mask` and `keep`. With a fixed mask the loss is an
# ordinary function of the parameters, the same on every call, and its gradient can be measured.


# %% given="classifier"
def audit_forward(params, X, mask, keep):
    """Return the outputs P (m, K) and the cache: Z1, A1, Z2, A2, D2, P, mask and keep."""
    Z1 = X @ params["W1"] + params["b1"]
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ params["W2"] + params["b2"]
    A2 = np.tanh(Z2)
    D2 = A2 * mask / keep
    P = D2 @ params["W3"] + params["b3"]
    cache = {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2, "D2": D2, "P": P}
    return P, cache | {"mask": mask, "keep": keep}


def audit_loss(params, X, Y, mask, keep):
    """Return the mean over the samples of the sum over the outputs of (P - Y)^2."""
    P, _ = audit_forward(params, X, mask, keep)
    return ((P - Y) ** 2).sum() / len(X)


def backward_with_bugs(params, X, Y, cache):
    """Return a dict of gradients. Three mistakes are planted here."""
    m = len(X)
    dP = (cache["P"] - Y) / m
    dD2 = dP @ params["W3"].T
    dA2 = dD2 * cache["mask"]
    dZ2 = dA2 * (1 - cache["A2"] ** 2)
    dA1 = dZ2 @ params["W2"].T
    dZ1 = dA1 * (cache["A1"] >= 0)
    return {
        "W1": X.T @ dZ1,
        "b1": dZ1.sum(axis=0),
        "W2": cache["A1"].T @ dZ2,
        "b2": dZ2.sum(axis=0),
        "W3": cache["D2"].T @ dP,
        "b3": dP.sum(axis=0),
    }


def start_weights(rng, D, H1, H2, K):
    """Return params for D inputs, H1 and H2 hidden units and K outputs; no bias is 0."""
    weights = {"W1": he_normal(rng, D, H1), "W2": glorot_normal(rng, H1, H2)}
    weights["W3"] = glorot_normal(rng, H2, K)
    return weights | {f"b{i}": rng.normal(scale=0.1, size=n) for i, n in [(1, H1), (2, H2), (3, K)]}


def train(gradient, steps=1500, rate=0.1, keep=0.8):
    """Return the trained params and the list of losses, from batches of 50 pictures."""
    rng = np.random.default_rng(2)
    params, losses = start_weights(rng, 81, 60, 24, 10), []
    for _ in range(steps):
        rows = rng.integers(len(pictures), size=50)
        X, Y = pictures[rows], targets[rows]
        mask = (rng.random((50, 24)) < keep).astype(float)
        P, cache = audit_forward(params, X, mask, keep)
        losses.append(((P - Y) ** 2).sum() / 50)
        slopes = gradient(params, X, Y, cache)
        params = {name: params[name] - rate * slopes[name] for name in params}
    return params, losses


def report(name, params, losses):
    """Print the losses of a training, and how many test pictures are classified rightly."""
    P, _ = audit_forward(params, test_pictures, 1.0, 1.0)  # no dropout after training
    rate = (P.argmax(axis=1) == test_labels).mean()
    first, last = losses[0], np.mean(losses[-100:])
    print(f"{name:>16}: loss {first:.1f} at the start, {last:.1f} at the end; {rate:.0%} right")


buggy_params, buggy_losses = train(backward_with_bugs)
report("with the bugs", buggy_params, buggy_losses)

# %% [markdown]
# The loss falls from 6 to below 1, and the classifier is right for more than half of the pictures,
# where guessing would be right for one in ten. You may think that this could not happen with a wrong
# gradient. But to make the loss fall, a step needs only to point downhill *roughly*. Half a gradient
# points downhill too. And where the gradient of some layers is right up to a positive factor, a small
# step of those layers alone lowers the loss, however wrong the gradient of the others is.
#
# **Predict before you run the next cell:** with the right gradient, and everything else the same, how
# many of the test pictures will be classified rightly? The gradient comes from an oracle here: it
# records the operations of the forward pass and goes back along them.


# %% given="oracle_gradient"
def oracle_gradient(params, X, Y, cache):
    return tape.grad(lambda p: audit_loss(p, X, Y, cache["mask"], cache["keep"]), params)


# %%
true_params, true_losses = train(oracle_gradient)
report("with the bugs", buggy_params, buggy_losses)
report("without bugs", true_params, true_losses)

# %% [markdown]
# Is the difference one of size or of direction? The steps of the buggy training may only have been too
# short. The next cell tries both: it halves the right gradient, and it doubles the wrong one.

# %%
for name, gradient, factor in [
    ("right, halved", oracle_gradient, 0.5),
    ("wrong, doubled", backward_with_bugs, 2.0),
]:

    def scaled(*batch, gradient=gradient, factor=factor):
        return {key: factor * g for key, g in gradient(*batch).items()}

    report(name, *train(scaled))

# %% [markdown]
# Shorter steps cost something: part of the difference is one of size. But longer steps hardly help the
# wrong gradient. What it suffers from is its direction.

# %% drawing="training"
window = np.ones(50) / 50
show_training(
    {
        "with the bugs": np.convolve(buggy_losses, window, "valid"),
        "without bugs": np.convolve(true_losses, window, "valid"),
    },
    alt="Two training curves, averaged over 50 steps, on a logarithmic axis. Both fall. The one with "
    "the bugs flattens out early, near 0.7; the one without bugs falls on, to below 0.4.",
)

# %% [markdown]
# The upper curve is the one with the bugs. Looked at alone, it is a success. Only beside the lower one
# does it look like what it is. In a real project there is no lower curve: nobody knows how well the
# right gradient would have done.
# **A falling loss proves nothing about the gradient.** Only a check of the gradient does.

# %% [markdown] exercise="bug_ratios" objective=5
# ### Exercise: measure the ratios
#
# Before you mend code, measure. For each of the six parameters compare the planted gradient with the
# true one, and find out whether a single number $r$ explains all its entries:
#
# $$\text{planted gradient} = r \cdot \text{true gradient}.$$
#
# `audit_case` gives you one batch with a fixed mask. The true gradient you measure by
# `numerical_gradient(f, x)`, where `f` takes one parameter and returns the loss, or by your own
# function from lesson 4.
#
# Answer with a dict `bug_ratios` from each parameter's name to its number $r$, or to the string
# `"not one number"` where no single number fits. A number must be right to within 1%. The visible part
# of the test tries four of the six names, the hidden part all six.
#
# Dividing entry by entry needs care: some true entries are 0 or tiny, for instance where the mask or
# ReLU blocks every path. Look at the entries that are not small. Or take the best number for all
# entries together and see what is left over: with $p$ for the planted and $t$ for the true gradient,
# the sum of squares $\sum (p - r t)^2$ is smallest for $r = \sum p\,t \,/ \sum t^2$. If one number
# explains the gradient, nothing is left over but the error of the measurement.


# %% given="audit_case"
def audit_case(seed, m=50, sizes=(81, 60, 24, 10), keep=0.8):
    """Return params, X, Y and the cache of one batch with a fixed mask."""
    rng = np.random.default_rng(seed)
    D, H1, H2, K = sizes
    params = start_weights(rng, D, H1, H2, K)
    X, its_labels = rng.normal(size=(m, D)), rng.integers(K, size=m)
    if D == 81:
        X, its_labels = digits(rng, m)
    Y = one_hot(its_labels, K)
    mask = (rng.random((m, H2)) < keep).astype(float)
    _, cache = audit_forward(params, X, mask, keep)
    return params, X, Y, cache


params, X, Y, cache = audit_case(seed=1)
wrong = backward_with_bugs(params, X, Y, cache)


def loss_of_b3(b3):
    return audit_loss(params | {"b3": b3}, X, Y, cache["mask"], cache["keep"])


print("planted, b3:", wrong["b3"][:4].round(4))
print("true,    b3:", numerical_gradient(loss_of_b3, params["b3"])[:4].round(4))

# %% answer="bug_ratios"
bug_ratios = None  # {"W1": ..., "b1": ..., "W2": ..., "b2": ..., "W3": ..., "b3": ...}
### BEGIN SOLUTION
bug_ratios = {
    "W1": "not one number",
    "b1": "not one number",
    "W2": 0.4,
    "b2": 0.4,
    "W3": 0.5,
    "b3": 0.5,
}
### END SOLUTION

# %% [markdown] hints="bug_ratios"
# 1. Begin with `b3`, which the cell above has measured for you, and go from the loss toward the input,
#    layer by layer. A bug in a line that is passed on, such as `dZ` or `dA`, shows in all gradients that
#    are computed from it, those nearer to the input; never in those nearer to the loss. A bug in a line
#    that is not passed on, of a weight or a bias, shows in this one gradient.
# 2. A factor that is missing in a line that is passed on multiplies all that is computed from it. So two
#    such factors multiply each other. A mask that is wrong changes some entries and not others: no
#    single number can explain that.
# 3. For each name: `t = numerical_gradient(lambda v: audit_loss(params | {name: v}, ...), params[name])`,
#    then `r = (p * t).sum() / ...`, then look at `np.abs(p - r * t).max()` beside `np.abs(p).max()`.


# %% given="ratio_check"
def check_ratio(name, seed):
    """Compare one entry of bug_ratios with the planted and the true gradient of a batch."""
    if bug_ratios is None:
        raise NotWritten("bug_ratios: not written yet: put your dict in place of None.")
    if not isinstance(bug_ratios, dict) or name not in bug_ratios:
        raise Mismatch(f"bug_ratios: has no entry for {name}; needed a dict with six names.")
    claim = bug_ratios[name]
    params, X, Y, cache = audit_case(seed)
    p, t = (f(params, X, Y, cache)[name] for f in (backward_with_bugs, oracle_gradient))
    left_over = lambda r: np.abs(p - r * t).max() / np.abs(p).max()
    fits = left_over((p * t).sum() / (t * t).sum()) < 1e-6
    if isinstance(claim, str):
        if claim.strip().lower() != "not one number":
            raise Mismatch(
                f'bug_ratios, {name}: is {claim!r}; needed a number or "not one number".'
            )
        if fits:
            raise Mismatch(f"bug_ratios, {name}: here one number explains every entry: measure it.")
        return
    claim = np.asarray(claim)
    if claim.shape != () or claim.dtype.kind not in "iuf":
        raise Mismatch(f'bug_ratios, {name}: is no number; needed one, or "not one number".')
    if not left_over(claim) < 0.01:
        inverse = claim != 0 and left_over(1 / claim) < 0.01
        raise Mismatch(
            f"bug_ratios, {name}: {claim:g} times the true gradient misses the planted one by up to "
            f"{left_over(claim):.0%} of its largest entry.",
            look="That is true / planted; needed planted / true."
            if inverse
            else "Compare planted and true entry by entry: does one number hold for all of them?",
        )


# %% check="bug_ratios" points=2
for name in ("b3", "W3", "W2", "W1"):
    check_ratio(name, seed=1)
### BEGIN HIDDEN TESTS
for name in ("W1", "b1", "W2", "b2", "W3", "b3"):
    check_ratio(name, seed=91)
### END HIDDEN TESTS

# %% [markdown] exercise="fixed_backward" objective=6
# ### Exercise: repair the backward pass
#
# Write `fixed_backward(params, X, Y, cache)`: it takes the same as `backward_with_bugs` and returns a dict
# with the same six keys, with the right gradients of `audit_loss` for the mask and the keep probability
# in the cache. Let your ratios lead you: each of the three mistakes is one line. Change none of
# the arguments.
#
# The keep probability is not always 0.8 in the tests, and the sizes vary. The cell `output` looks at $W_3$
# and $b_3$, the cell `hidden` at the other four.


# %% answer="fixed_backward"
def fixed_backward(params, X, Y, cache):
    """Return a dict with the keys of params: the right gradients of audit_loss."""
    ### BEGIN SOLUTION
    m = len(X)
    dP = 2 * (cache["P"] - Y) / m
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
    ### END SOLUTION


# %% [markdown] hints="fixed_backward"
# 1. Copy the planted function and compare it with the forward pass, line by line, from the end. Which
#    factor do the gradients of the last layer lack? Which further factor is lacking from layer 2 on?
# 2. Each line of the way back is the local derivative of one line of the forward pass, times what comes
#    from beyond. A constant factor of the forward line is a factor of its derivative. ReLU's output is
#    never negative, so ask what a comparison of it with 0 can tell.
# 3. Three lines change, and each keeps its first factor: `dP = (cache["P"] - Y) * ...`,
#    `dA2 = dD2 * ...`, and `dZ1 = dA1 * (...)`.


# %% given="fixed_check"
def fixed_case(keep):
    """Return how the diagnosis of wrong gradients tries yours on other nets."""

    def probe(number):
        sizes = [(6, 5, 4, 3), (4, 7, 3, 2), (5, 8, 6, 3)][number]
        params, X, Y, cache = audit_case(900 + number, m=7 + number, sizes=sizes, keep=keep)
        loss = lambda *v: audit_loss(dict(zip(params, v, strict=False)), *v[-3:], keep)
        found = call(fixed_backward, params, X, Y, cache)
        return Probe(loss, params, {"X": X, "Y": Y, "mask": cache["mask"]}, found)

    return Gradients(probe)


def check_fixed(names, seed, look="", **shape):
    """Compare fixed_backward's gradients for the parameters `names` with measured ones."""
    params, X, Y, cache = audit_case(seed, **shape)
    found = gradients_of("fixed_backward", fixed_backward, (params, X, Y, cache), names)
    for name in names:
        check_gradient(
            lambda value: audit_loss(params | {name: value}, X, Y, cache["mask"], cache["keep"]),
            found[name],
            params[name],
            name=f"d{name} with keep = {cache['keep']}",
            look=look,
            case=fixed_case(cache["keep"]),
        )


# %% check="fixed_backward" part="output" points=1
check_fixed(["W3", "b3"], seed=1, look="Only dP and D2 enter here. Differentiate (P - Y)^2.")
### BEGIN HIDDEN TESTS
check_fixed(["W3", "b3"], 92, m=7, sizes=(6, 5, 4, 3), keep=0.6)
check_fixed(["W3", "b3"], 93, m=9, sizes=(4, 7, 3, 2), keep=0.5)
### END HIDDEN TESTS

# %% check="fixed_backward" part="hidden" points=3
check_fixed(
    ["W2", "b2", "W1", "b1"],
    seed=2,
    m=7,
    sizes=(6, 5, 4, 3),
    keep=0.7,
    look="The first name that is wrong tells the layer; compare its lines with the forward pass.",
)
### BEGIN HIDDEN TESTS
check_fixed(["W2", "b2", "W1", "b1"], 94, m=8, sizes=(5, 7, 6, 3), keep=0.6)
check_fixed(["W2", "b2", "W1", "b1"], 95, m=9, sizes=(4, 8, 3, 2), keep=0.5)
check_fixed(["W2", "b2", "W1", "b1"], 96, keep=0.9)
### END HIDDEN TESTS

# %% [markdown]
# Now train with your own gradient. It should do what the oracle's did.

# %%
try:
    own_params, own_losses = train(fixed_backward)
    report("your own", own_params, own_losses)
    report("without bugs", true_params, true_losses)
except NotImplementedError:
    print("Write fixed_backward first; then run this cell again.")

# %% [markdown]
# ## Summary
#
# - A skip is a fork: the value before it reaches the loss along two paths, and on the way back two
#   contributions are added.
# - Check with $\lambda = 0$ first, so that a missing factor shows as a plain ratio. Then switch the
#   penalty on.
# - A checker has two ways to fail. Count both, on gradients of which you know whether they are right.
# - A sound checker looks at shapes and `nan` first, then at every entry of every parameter, biases too. It
#   judges errors relative to the gradient, with a floor for rounding, and at a kink it does not hold a
#   central difference against a claim.
# - A wrong gradient can train a network. A falling loss proves nothing about the gradient.
# - Ratios by parameter tell where a bug sits. A constant factor in a line that is passed on, of `dZ` or
#   `dA`, shows in its layer and in all layers nearer to the input; in the line of a `dW` or `db` it shows
#   there alone. A wrong mask shows as no single ratio.
#
# ### What to review
#
# - Can you write the table of section 1 again, with all shapes, on an empty sheet? If the row with two terms
#   gave you trouble, go back to forks in lesson 1 and to graphs in lesson 3.
# - Can you say for each part of your checker which planted bug would get through without it? If not,
#   review relative error, noise floor and kinks in lesson 4.
# - Given that all gradients of layers 1 to 3 are 0.5 times the true ones and those of layer 4 are right, can
#   you say between which two values the bug lies? If not, review the way back through a linear layer in
#   lesson 2.
#
# **Next:** this was the last lesson. Take your checker along: run it on the next backward pass that you
# write, before you train with it.
