# ---
# jupyter:
#   course:
#     minutes: 100
#     objectives:
#     - split a composed function into its links, and name the outer and the inner one
#     - apply the chain rule with the outer derivative taken at the inner value
#     - differentiate a chain of any depth from the values of its forward pass
#     - add the contributions of all paths where a variable is used more than once
#     - derive the gradients of one neuron with respect to its weights and its bias
#     - explain with a number why a long product of small derivatives vanishes
#     title: The chain rule
# ---

# %% [markdown]
# # Lesson 1: The chain rule
#
# A neural network is a long composition: each layer is applied to the result of the layer before.
# To train it, we need to know how the loss at the end changes when a weight at the start changes.
# One rule answers that. It fits on one line, and nearly every wrong gradient that you will ever
# write breaks it in one of a few ways. This lesson is about the rule and about those ways.

# %% [markdown]
# ## Before you start: four things you should know
#
# These are for practice and are not graded. Run the first cell, and each cell below a question. Decide
# on an answer, then choose it: you are told why it is right or wrong.

# %% given="setup"
import numpy as np

from course_utils import (
    call,
    check_choice,
    check_derivative,
    check_gradient,
    check_order,
    check_value,
    check_visited,
    grade_choice,
    numerical_derivative,
    numerical_gradient,
    part,
    run_order,
    self_check,
)
from course_utils.checks.cases import Derivative, Gradients, Power, Probe
from course_utils.figures.fork_paths import fork_paths
from course_utils.figures.number_lines import number_lines
from course_utils.figures.vanishing import vanishing

# %% [markdown] recall="1"
# **1.** The derivative of $x^2$ at $x = 3$ is 6. What does that say?
#
# - The function has the value 6 at $x = 3$. :: No. The value there is $3^2 = 9$. A derivative is a
#   rate of change, not a value.
# - A small step $h$ to the right of 3 raises the function by about $6h$. :: Yes. For $h = 0.01$ the
#   rise is $3.01^2 - 9 = 0.0601$, and $6h = 0.06$.
# - A step of 1 to the right of 3 raises the function by exactly 6. :: No. The rise is
#   $4^2 - 3^2 = 7$. The derivative describes small steps; over a large one the slope itself changes.

# %% [markdown] recall="2"
# **2.** What is the derivative of $x^2 e^x$?
#
# - $2x\, e^x$ :: No. You may think that a product is differentiated factor by factor, but for
#   $x \cdot x$ that would give $1 \cdot 1 = 1$, and the derivative of $x^2$ is $2x$.
# - $2x\, e^x + x^2 e^x$ :: Yes, by the product rule: each factor is differentiated once, the
#   other stays, and the two terms are added. In this lesson you will see why they are added.
# - $2x\, e^x - x^2 e^x$ :: No. The minus sign belongs to the quotient rule. The derivative of $e^x$
#   is $+e^x$.

# %% [markdown] recall="3"
# **3.** The sigmoid is $\sigma(z) = 1 / (1 + e^{-z})$. Where is its derivative largest, and how large?
#
# - At $z = 0$, where it is 1. :: No. A largest slope of 1 belongs to $\tanh$. The sigmoid
#   rises more gently.
# - At large $z$, where it is nearly 1. :: No. There the value is nearly 1, and the curve is flat: the
#   derivative is nearly 0.
# - At $z = 0$, where it is 0.25. :: Yes. $\sigma'(z) = \sigma(z)\,(1 - \sigma(z))$, and
#   $0.5 \cdot 0.5 = 0.25$ is the largest value that such a product can have.

# %% [markdown] recall="4"
# **4.** How do you find $f'(x)$ when you can only evaluate $f$?
#
# - By $f(x + h) - f(x - h)$ for a small $h$. :: Nearly. That is a change, not a rate: it must be
#   divided by the distance $2h$ between the two points.
# - By $(f(x + h) - f(x - h)) / (2h)$ for a small $h$. :: Yes. This is the central difference.
#   The checks in this course compare your formulas with derivatives that are found from values of
#   the function alone.
# - It cannot be done without a formula. :: No. It can be done, to about ten digits. A formula is
#   faster and more exact, but a wrong formula is worse than none; so this course always checks.

# %% [markdown]
# ## 1. Rates multiply
#
# Take the function $y = (2x + 1)^2$. To compute it you do two things, one after the other:
#
# $$u = 2x + 1, \qquad\text{then}\qquad y = u^2 .$$
#
# The first step is the **inner** function, the second the **outer** one. We call each step a
# **link** of the chain, and $u$ the **inner value**.
#
# Start at $x = 1$. Then $u = 3$ and $y = 9$. Now move $x$ a little, by $0.01$. The inner link
# doubles every change of $x$, so $u$ moves by $0.02$. The outer link multiplies every small change
# of $u$ by its own slope, $2u = 6$, so $y$ moves by about $6 \cdot 0.02 = 0.12$. From $x$ to $y$ the
# change was multiplied by $2$ and then by $6$: by $12$ in all.

# %% drawing="rates"
number_lines([(lambda x: 2 * x + 1, "u = 2x + 1"), (lambda u: u**2, "y = u²")], x=1.0)

# %% [markdown]
# In the picture the bar around $x = 1$ is $0.2$ wide. The inner link makes it twice as wide. The
# outer link makes the result about six times as wide again. The width of the last bar, divided by
# the width of the first, is the rate of the whole chain. Make the first bar narrower: the widths
# change, and the rates do not. Then move $x$, with the mouse or with the arrow keys.
#
# At another $x$ the rates are others. **Predict before you run the next cell:** what is the central
# difference of $(2x + 1)^2$ at $x = 2$?

# %%
print(f"{numerical_derivative(lambda x: (2 * x + 1) ** 2, 2.0):.6f}")

# %% [markdown]
# ## 2. The rule, and the place where each derivative is taken
#
# For $y = f(g(x))$ write $u = g(x)$ for the inner value. The **chain rule** says
#
# $$\frac{dy}{dx} \;=\; \frac{dy}{du} \cdot \frac{du}{dx} \;=\; f'(u)\cdot g'(x),
# \qquad u = g(x).$$
#
# In words: **the outer derivative, taken at the inner value, times the inner derivative, taken at
# $x$.**
#
# The words "at the inner value" are the heart of the rule. The outer function never sees $x$; it is
# handed $u$. So its slope must be taken at $u$. For our example $f(u) = u^2$ has $f'(u) = 2u$, and so
#
# $$\frac{dy}{dx} = 2u \cdot 2 = 2(2x + 1)\cdot 2 = 4(2x + 1).$$
#
# At $x = 1$ that is $12$, as in the picture. Had we put $x$ into the outer derivative, we would have
# found $2x \cdot 2 = 4$.
#
# ### Why it is true
#
# You may skip this part at first reading. Move $x$ by a small $h$. The inner value moves by $k = g(x + h) - g(x)$. As $g$ is differentiable,
# $k = (g'(x) + \varepsilon)\,h$, where $\varepsilon \to 0$ as $h \to 0$. In the same way, the
# outer value moves by $(f'(u) + \delta)\,k$, where $\delta \to 0$ as $k \to 0$,
# and $\delta = 0$ where $k = 0$. Together,
#
# $$\frac{f(g(x+h)) - f(g(x))}{h} = (f'(u) + \delta)\,(g'(x) + \varepsilon)
# \;\longrightarrow\; f'(u)\,g'(x) \quad\text{as } h \to 0,$$
#
# since $k \to 0$ with $h$, and both small terms with it.
#
# ### A worked example
#
# Differentiate $y = (2x + 3)^2$ at $x = 2$.
#
# | step | what | here |
# |---|---|---|
# | name the links | inner, outer | $u = 2x + 3$, $\;y = u^2$ |
# | go forward | the value that enters each link | $x = 2$, $\;u = 7$ |
# | differentiate each link | with respect to what enters it | $\frac{du}{dx} = 2$, $\;\frac{dy}{du} = 2u$ |
# | put the values in | each derivative at what enters its link | $2$, and $2 \cdot 7 = 14$ |
# | multiply | | $14 \cdot 2 = 28$ |
#
# The next cell compares the rule with central differences for two functions. The second one is
# $\sin(x^2)$: the inner value is $x^2$, so the rule gives $\cos(x^2) \cdot 2x$.

# %%
rows = [
    ("(2x + 1)^2", lambda x: (2 * x + 1) ** 2, lambda x: 4 * (2 * x + 1), [0, 1, -0.5, 2.5]),
    ("sin(x^2)", lambda x: np.sin(x**2), lambda x: np.cos(x**2) * 2 * x, [0.5, 1, 2]),
]
print(f"{'function':>11} {'x':>5} {'chain rule':>12} {'central diff.':>14}   agree to 1e-8")
for name, f, rule, points in rows:
    for x in points:
        numeric = numerical_derivative(f, x)
        agree = abs(rule(x) - numeric) < 1e-8
        print(f"{name:>11} {x:5} {rule(x):12.6f} {round(numeric, 6) + 0.0:14.6f}   {agree}")

# %% [markdown]
# They agree to about eight decimal places. They do not agree to sixteen: a central
# difference has an error of its own. Lesson 4 is about the size of that error.

# %% [markdown] exercise="chain_four" objective=2
# ### Exercise: four chains
#
# Write `chain_four(x)`. For a number $x$ with $0 < x < \pi/2$ it returns the derivatives of these
# four functions at $x$, in this order:
#
# $$\sin(x^3), \qquad \ln(\cos x), \qquad e^{-x^2/2}, \qquad (1 + x^2)^{10}.$$
#
# Before you write any code, name the outer and the inner function of each on paper. For the first
# one the inner value is $u = x^3$ and the outer function is $\sin u$.


# %% answer="chain_four"
def chain_four(x):
    """Return four numbers: the derivatives of sin(x^3), ln(cos x), exp(-x^2/2), (1 + x^2)^10."""
    ### BEGIN SOLUTION
    return (
        np.cos(x**3) * 3 * x**2,
        -np.sin(x) / np.cos(x),
        np.exp(-(x**2) / 2) * -x,
        10 * (1 + x**2) ** 9 * 2 * x,
    )
    ### END SOLUTION


# %% [markdown] hints="chain_four"
# 1. Take one function at a time and run its check alone. For each, look at two places: what stands
#    inside the outer derivative, and what it is multiplied by.
# 2. The chain rule: outer derivative at the inner value, times the inner derivative. The outer
#    derivatives that you need are those of $\sin u$, $\ln u$, $e^u$ and $u^{10}$.
# 3. Each line has the shape `outer_derivative(inner(x)) * inner_derivative(x)`, where
#    `inner(x)` is written out in full.

# %% check="chain_four" part="sin" points=1
check_derivative(lambda x: np.sin(x**3), part(chain_four, 0, of=4), [0.6, 1.2])
### BEGIN HIDDEN TESTS
check_derivative(
    lambda x: np.sin(x**3),
    part(chain_four, 0, of=4),
    np.random.default_rng(11).uniform(0.1, 1.5, 6),
)
### END HIDDEN TESTS

# %% check="chain_four" part="log" points=1
check_derivative(lambda x: np.log(np.cos(x)), part(chain_four, 1, of=4), [0.6, 1.2])
### BEGIN HIDDEN TESTS
check_derivative(
    lambda x: np.log(np.cos(x)),
    part(chain_four, 1, of=4),
    np.random.default_rng(12).uniform(0.1, 1.5, 6),
)
### END HIDDEN TESTS

# %% check="chain_four" part="exp" points=1
check_derivative(lambda x: np.exp(-(x**2) / 2), part(chain_four, 2, of=4), [0.6, 1.2])
### BEGIN HIDDEN TESTS
check_derivative(
    lambda x: np.exp(-(x**2) / 2),
    part(chain_four, 2, of=4),
    np.random.default_rng(13).uniform(0.1, 1.5, 6),
)
### END HIDDEN TESTS

# %% check="chain_four" part="power" points=1
check_derivative(lambda x: (1 + x**2) ** 10, part(chain_four, 3, of=4), [0.6, 1.2])
### BEGIN HIDDEN TESTS
check_derivative(
    lambda x: (1 + x**2) ** 10,
    part(chain_four, 3, of=4),
    np.random.default_rng(14).uniform(0.1, 1.5, 6),
)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Longer chains
#
# Nothing new happens when a chain has more than two links. Take
#
# $$z = x^2, \qquad y = \sin z, \qquad L = y^2 .$$
#
# Read from the end: $L$ changes with $y$, $y$ with $z$, and $z$ with $x$. So
#
# $$\frac{dL}{dx} = \frac{dL}{dy}\cdot\frac{dy}{dz}\cdot\frac{dz}{dx}
# = 2y \cdot \cos z \cdot 2x .$$
#
# Each factor is a **local derivative**: the derivative of one link, with respect to what enters that
# link, at the value that enters it. There are as many factors as links. None may be left out, and
# none may be taken at another link's value.
#
# That tells you how to organise the work. First go **forward** and write down every value. Then
# collect the local derivatives. Without the forward values you would not know where to take them.


# %%
def three_links(x):
    # forward: every value, in order
    z = x**2
    y = np.sin(z)
    L = y**2
    print(f"forward:   z = {z:.4f}   y = {y:.4f}   L = {L:.4f}")

    # one local derivative for each link, at the value that enters the link
    dL_dy = 2 * y
    dy_dz = np.cos(z)
    dz_dx = 2 * x
    print(f"local:     dL/dy = {dL_dy:.4f}   dy/dz = {dy_dz:.4f}   dz/dx = {dz_dx:.4f}")

    # along the chain they are multiplied
    return dL_dy * dy_dz * dz_dx


print(f"product:   {three_links(0.8):.6f}")
print(f"numerical: {numerical_derivative(lambda x: np.sin(x**2) ** 2, 0.8):.6f}")

# %% drawing="three_links"
number_lines(
    [(lambda x: x**2, "z = x²"), (np.sin, "y = sin z"), (lambda y: y**2, "L = y²")],
    x=0.8,
    width=0.1,
)

# %% [markdown]
# Move $x$ beyond $1.25$, where $z = x^2$ passes $\pi/2$. The slope of the sine changes its sign, and
# the whole product with it. Put in functions of your own: each pair is a function and its label.
#
# The same for three functions without names: for $y = f(g(h(x)))$,
#
# $$\frac{dy}{dx} = f'\bigl(g(h(x))\bigr)\cdot g'\bigl(h(x)\bigr)\cdot h'(x).$$
#
# This is still a function of one variable. It has three links, not three variables.

# %% [markdown] exercise="line_order" objective=3
# ### Exercise: put the lines in order
#
# Five of the lines below compute $dL/dx$ of
#
# $$z = x^3, \qquad y = \cos z, \qquad L = e^{y}$$
#
# for a given `x`. The other lines are wrong and must be left out. Put the right five into an order
# that works. Your answer is a list of letters.

# %% given="lines"
lines = {
    "A": "dL_dz = dL_dy * -np.sin(z)",
    "B": "dL_dx = dL_dz + 3 * x**2",
    "C": "z = x**3",
    "D": "dL_dz = dL_dy * -np.sin(x)",
    "E": "dL_dy = np.exp(y)",
    "F": "dL_dx = dL_dz * 3 * x**2",
    "G": "y = np.cos(z)",
    "H": "dL_dy = np.exp(x)",
}
for letter, line in lines.items():
    print(f"{letter}:  {line}")

# %% answer="line_order"
line_order = None  # a list of letters, such as ["A", "B"]
### BEGIN SOLUTION
line_order = ["C", "G", "E", "A", "F"]
### END SOLUTION

# %% [markdown] hints="line_order"
# 1. Begin with the lines that need nothing but `x`. Which values does each other line need?
# 2. Forward first, then backward. In each backward line ask at which value the local derivative is
#    taken, and whether rates along a chain are multiplied or added.
# 3. Two lines go forward. Three go backward: `dL_dy`, then `dL_dz`, then `dL_dx`.

# %% check="line_order" points=1
check_order("line_order", line_order, lines, given={"x": 0.7}, result="dL_dx")
check_derivative(
    lambda x: np.exp(np.cos(x**3)),
    lambda x: run_order("line_order", line_order, lines, {"x": x}, "dL_dx"),
    [0.7, 1.3],
    name="the dL_dx of your lines",
)
check_value(len(line_order), 5, name="the number of your lines")
### BEGIN HIDDEN TESTS
check_derivative(
    lambda x: np.exp(np.cos(x**3)),
    lambda x: run_order("line_order", line_order, lines, {"x": x}, "dL_dx"),
    np.random.default_rng(15).uniform(-1.5, 1.5, 4),
    name="the dL_dx of your lines",
)
### END HIDDEN TESTS

# %% [markdown] exercise="compose_derivative" objective=3
# ### Exercise: a chain of any depth
#
# Write `compose_derivative(fs, dfs, x)`.
#
# - `fs` is a list of functions of one number. They are applied in the order of the list: `fs[0]`
#   first, its result goes into `fs[1]`, and so on.
# - `dfs` is a list of the same length. `dfs[i]` is the derivative of `fs[i]`.
# - `x` is the number that enters the first function.
#
# Return the derivative of the whole chain at `x`, a number. A chain with no links returns `x`
# itself; its derivative is 1.
#
# The function `compose` goes forward for you, so that you can see what is meant.


# %% given="compose"
def compose(fs, x):
    """Apply the functions of the list `fs` to x, the first one first."""
    for f in fs:
        x = f(x)
    return x


def check_chain(chain, slopes, points, name):
    """Check compose_derivative on one chain, whose slopes it is given."""
    chained = lambda x: compose(chain, x)
    yours = lambda x: call(compose_derivative, chain, slopes, x, name=name)
    case = Derivative(chained, yours, tuple(points), links=True)
    check_derivative(chained, yours, points, name=name, case=case)


print(compose([lambda x: x**2, np.sin], 2.0), "is sin(2**2) =", np.sin(2.0**2))


# %% answer="compose_derivative"
def compose_derivative(fs, dfs, x):
    """Return the derivative at the number x of applying fs[0], then fs[1], ..."""
    ### BEGIN SOLUTION
    slope = 1.0
    for f, df in zip(fs, dfs, strict=True):
        slope *= df(x)
        x = f(x)
    return slope
    ### END SOLUTION


# %% [markdown] hints="compose_derivative"
# 1. Look at which value each `dfs[i]` is called with. Only the first one is called with `x` itself.
# 2. Every link contributes one factor, and factors along a chain are multiplied. The value that
#    enters a link is what the link before it returned.
# 3. One loop over both lists is enough. It carries two things along: the value so far, and the
#    product so far, which starts at 1.

# %% check="compose_derivative" part="short" points=2
squared_sine = [lambda u: np.sin(u), lambda u: u**2]
its_slopes = [lambda u: np.cos(u), lambda u: 2 * u]
check_chain(squared_sine, its_slopes, [0.4, 1.3], "compose_derivative of sin, then square")
### BEGIN HIDDEN TESTS
steep = [lambda u: 3 * u - 2, lambda u: np.exp(-u)]
steep_slopes = [lambda u: 3.0, lambda u: -np.exp(-u)]
for chain, slopes in [(steep, steep_slopes), (steep[::-1], steep_slopes[::-1])]:
    name = "compose_derivative of a chain of two links"
    check_chain(chain, slopes, [-0.7, 0.2, 1.9], name)
### END HIDDEN TESTS

# %% check="compose_derivative" part="depth" points=2
three = [lambda u: u**2, np.sin, np.exp]
three_slopes = [lambda u: 2 * u, np.cos, np.exp]
for depth in (0, 1, 3):
    chain = f"compose_derivative of a chain of {depth} links"
    check_chain(three[:depth], three_slopes[:depth], [0.4, 1.3], chain)
### BEGIN HIDDEN TESTS
pool = [
    (np.sin, np.cos),
    (np.tanh, lambda u: 1 - np.tanh(u) ** 2),
    (lambda u: u**2 + 1, lambda u: 2 * u),
    (lambda u: np.exp(-(u**2)), lambda u: -2 * u * np.exp(-(u**2))),
    (lambda u: 1 - 2 * u, lambda u: -2.0),
]
rng = np.random.default_rng(21)
for depth in (1, 2, 4, 5, 6):
    chosen = [pool[i] for i in rng.integers(len(pool), size=depth)]
    fs, dfs = [f for f, _ in chosen], [df for _, df in chosen]
    chain = f"compose_derivative of a chain of {depth} links"
    check_chain(fs, dfs, rng.uniform(0.2, 1.5, 3), chain)
### END HIDDEN TESTS

# %% check="compose_derivative" part="places" points=1
visits = [[], []]  # the numbers with which dfs[0] and dfs[1] are called
watched = [lambda u: visits[0].append(u) or 4.0, lambda u: visits[1].append(u) or np.exp(u)]
call(compose_derivative, [lambda u: 4 * u, np.exp], watched, 0.5)
check_visited(visits[0], 0.5, name="dfs[0] of the chain 4u, then exp, at x = 0.5")
check_visited(visits[1], 2.0, name="dfs[1] of the chain 4u, then exp, at x = 0.5")
### BEGIN HIDDEN TESTS
doubling = [lambda u: 2 * u] * 4
visits = [[] for _ in range(4)]
slopes = [lambda u, i=i: visits[i].append(u) or 2.0 for i in range(4)]
call(compose_derivative, doubling, slopes, 1.5)
for i in range(4):
    check_visited(visits[i], 1.5 * 2**i, name=f"dfs[{i}] of a chain of four")
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Forks add
#
# So far each value was used once. Now let $x$ be used twice:
#
# $$u = x^2, \qquad v = \sin x, \qquad p = u \cdot v .$$
#
# A variable that is used more than once is called a **fork**. Here there are two **paths** from $x$
# to $p$: one through $u$, one through $v$. Move $x$ by a small $h$. Then $u$ moves by some
# $\Delta u$, and $v$ by some $\Delta v$. The product moves by
#
# $$(u + \Delta u)(v + \Delta v) - uv = v\,\Delta u + u\,\Delta v + \Delta u\,\Delta v .$$
#
# Each movement makes its own contribution, and the contributions are added. The last term is of size
# $h^2$: divided by $h$ it still vanishes as $h \to 0$. What remains is
#
# $$\frac{dp}{dx} = \underbrace{\frac{\partial p}{\partial u}\cdot\frac{du}{dx}}_{\text{path through } u}
# + \underbrace{\frac{\partial p}{\partial v}\cdot\frac{dv}{dx}}_{\text{path through } v} .$$
#
# The curly $\partial$ says: the other input of $p$ is held fixed while this one moves. Lesson 2 is
# about such partial derivatives. For a product it is simple: the derivative with respect to one factor is the
# product of the others. So $\partial p/\partial u = v$ and $\partial p/\partial v = u$, and a product
# $u\,v\,w$ has $vw$, $uw$ and $uv$.
#
# **Along a path, multiply. Over all paths, add.** That is the whole chain rule, for networks of any
# shape. The product rule is its smallest case.

# %% drawing="paths"
fork_paths(x=2.5)

# %% [markdown]
# Predict the slope of $p$ before it is shown. It is measured from values of $p$ alone, and it is where
# the two bars, put end to end, lead to. Neither path alone explains it. Then move $x$: the paths can
# pull in one direction or against each other.

# %% [markdown] exercise="fork_derivative" objective=4
# ### Exercise: two forks
#
# Write `fork_derivative(x)`. For a number $x$ it returns two numbers, the derivatives at $x$ of
#
# $$p = u\,v, \qquad\text{and}\qquad q = u\,v\,w, \qquad\text{with}\quad
# u = x^3,\; v = \cos x,\; w = e^{-x}.$$
#
# In $q$ the variable $x$ is used three times, so there are three paths.


# %% answer="fork_derivative"
def fork_derivative(x):
    """Return two numbers: dp/dx and dq/dx at the number x."""
    ### BEGIN SOLUTION
    u, v, w = x**3, np.cos(x), np.exp(-x)
    du, dv, dw = 3 * x**2, -np.sin(x), -np.exp(-x)
    return du * v + u * dv, du * v * w + u * dv * w + u * v * dw
    ### END SOLUTION


# %% [markdown] hints="fork_derivative"
# 1. Draw the paths from $x$ to $p$ and to $q$, and count them. Does your code have one term for each?
# 2. Along a path, multiply the local derivatives. Over all paths, add. The local derivative of a
#    product with respect to one factor is the product of the other factors.
# 3. Compute `u, v, w` and their slopes `du, dv, dw` first. Then $dp/dx$ is a sum of two products,
#    and $dq/dx$ a sum of three products of three.

# %% check="fork_derivative" part="two_paths" points=2
check_derivative(lambda x: x**3 * np.cos(x), part(fork_derivative, 0, of=2), [0.7, 1.6])
### BEGIN HIDDEN TESTS
check_derivative(
    lambda x: x**3 * np.cos(x),
    part(fork_derivative, 0, of=2),
    np.random.default_rng(31).uniform(-2, 2, 6),
)
### END HIDDEN TESTS

# %% check="fork_derivative" part="three_paths" points=2
check_derivative(
    lambda x: x**3 * np.cos(x) * np.exp(-x), part(fork_derivative, 1, of=2), [0.7, 1.6]
)
### BEGIN HIDDEN TESTS
check_derivative(
    lambda x: x**3 * np.cos(x) * np.exp(-x),
    part(fork_derivative, 1, of=2),
    np.random.default_rng(32).uniform(-2, 2, 6),
)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. One neuron
#
# A neuron takes several inputs $x_1, \dots, x_D$, weighs them, adds a bias, and squeezes the result:
#
# $$z = \sum_{i=1}^{D} w_i x_i + b, \qquad a = \sigma(z), \qquad L = (a - y)^2 .$$
#
# Here $\mathbf w$ and $\mathbf x$ have shape $(D,)$, and $b$, $z$, $a$, the target $y$ and the loss
# $L$ are numbers. The value $z$ is called the **pre-activation** and $a$ the **activation**.
#
# Training changes $\mathbf w$ and $b$, so we want $\partial L/\partial w_i$ for every $i$, and
# $\partial L/\partial b$. From each parameter to the loss there is one path, with three links:
#
# $$\frac{\partial L}{\partial w_i} = \frac{dL}{da}\cdot\frac{da}{dz}\cdot\frac{\partial z}{\partial w_i},
# \qquad
# \frac{\partial L}{\partial b} = \frac{dL}{da}\cdot\frac{da}{dz}\cdot\frac{\partial z}{\partial b} .$$
#
# | link | local derivative | taken at |
# |---|---|---|
# | $L = (a - y)^2$ | $2(a - y)$ | the activation $a$ |
# | $a = \sigma(z)$ | $\sigma'(z) = \sigma(z)(1 - \sigma(z))$ | the pre-activation $z$ |
# | $z = \sum_i w_i x_i + b$ | $x_i$ with respect to $w_i$; $1$ with respect to $b$ | |
#
# The first two factors are the same for all parameters. They are computed once and used $D + 1$
# times. That saving, made at every layer, is what backpropagation consists of.
#
# Three remarks will save you time later. A gradient has the shape of its variable:
# $\partial L/\partial \mathbf w$ has shape $(D,)$, like $\mathbf w$. Next, $\sigma'$ takes the
# pre-activation: $\sigma'(a)$ is a different number. And if all gradients are wrong by one and the same
# factor, the mistake is in a link that they share. Compare that factor with the local derivatives: it
# shows which one is missing, or is there too often.


# %% given="neuron"
def sigmoid(z):
    """Return 1 / (1 + exp(-z)) without overflow, for a number or an array."""
    return 0.5 * (1 + np.tanh(z / 2))


def neuron_loss(w, b, x, y):
    """Return the squared error of one neuron. w, x: shape (D,). b, y: numbers."""
    return (sigmoid(w @ x + b) - y) ** 2


example = {"w": np.array([0.5, -1.0, 0.25]), "b": 0.3, "x": np.array([1.0, 2.0, -1.5]), "y": 1.0}
print(f"z = {example['w'] @ example['x'] + example['b']:.4f}")
print(f"L = {neuron_loss(**example):.4f}")

# %% [markdown] exercise="neuron_gradients" objective=5
# ### Exercise: the gradients of one neuron
#
# Write `neuron_gradients(w, b, x, y)`. It returns `dw` of shape `(D,)` and the number `db`: the
# gradients of `neuron_loss` with respect to `w` and `b`. You may use `sigmoid`.


# %% answer="neuron_gradients"
def neuron_gradients(w, b, x, y):
    """Return (dw, db) of neuron_loss. w, x: shape (D,). b, y: numbers. dw: (D,). db: a number."""
    ### BEGIN SOLUTION
    z = w @ x + b
    a = sigmoid(z)
    dz = 2 * (a - y) * a * (1 - a)
    return dz * x, dz
    ### END SOLUTION


# %% [markdown] hints="neuron_gradients"
# 1. Go forward first: `z`, then `a`. Then compute $\partial L/\partial z$ before you think of `w`.
#    If `dw` and `db` are wrong by the same factor, the mistake is in what they share.
# 2. Three factors along the path. The activation's derivative is $\sigma(z)(1 - \sigma(z))$, and
#    $\sigma(z)$ is the `a` that you already have.
# 3. With `dz` for $\partial L/\partial z$, the last two lines have the shape `dw = dz * ...` and
#    `db = dz * ...`.


# %% given="neuron_probe"
def neuron_probe(number):
    """Return your gradients of another neuron, for the diagnosis of wrong ones."""
    rng = np.random.default_rng(200 + number)
    w, b, x, y = rng.normal(size=3 + number), rng.normal(), rng.normal(size=3 + number), 0.3
    found = call(neuron_gradients, w, b, x, y)
    return Probe(neuron_loss, {"w": w, "b": b}, {"x": x, "y": y}, {"w": found[0], "b": found[1]})


# %% check="neuron_gradients" part="w" points=2
dw = part(neuron_gradients, 0, of=2)(*example.values())
check_gradient(
    lambda w: neuron_loss(w, example["b"], example["x"], example["y"]),
    dw,
    example["w"],
    name="dw",
    case=Gradients(neuron_probe),
)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(41)
for size in (1, 2, 5):
    w, x, b, y = rng.normal(size=size), rng.normal(size=size), rng.normal(), rng.uniform()
    dw = part(neuron_gradients, 0, of=2)(w, b, x, y)
    check_gradient(
        lambda w, b=b, x=x, y=y: neuron_loss(w, b, x, y),
        dw,
        w,
        name=f"dw for {size} inputs",
        case=Gradients(neuron_probe),
    )
### END HIDDEN TESTS

# %% check="neuron_gradients" part="b" points=2
db = part(neuron_gradients, 1, of=2)(*example.values())
check_gradient(
    lambda b: neuron_loss(example["w"], b, example["x"], example["y"]),
    db,
    example["b"],
    name="db",
    case=Gradients(neuron_probe),
)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(42)
for size in (1, 2, 5):
    w, x, b, y = rng.normal(size=size), rng.normal(size=size), rng.normal(), rng.uniform()
    db = part(neuron_gradients, 1, of=2)(w, b, x, y)
    check_gradient(
        lambda b, w=w, x=x, y=y: neuron_loss(w, b, x, y),
        db,
        b,
        name=f"db for {size} inputs",
        case=Gradients(neuron_probe),
    )
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Products vanish
#
# Let $n$ activations follow one another, with weights and biases between them. Each activation
# contributes its slope $\phi'(z)$ as a factor. To see what such a product does, suppose that the same
# pre-activation $z$ enters all of them. Then the factors are equal, and their product is
# $\phi'(z)^n$.
#
# Three activations $\phi$ are common, and these are their slopes:
#
# | activation | slope |
# |---|---|
# | sigmoid $\sigma(z)$ | $\sigma(z)\,(1 - \sigma(z))$, at most $0.25$ |
# | $\tanh z$ | $1 - \tanh^2 z$, at most $1$ |
# | $\mathrm{relu}(z) = \max(0, z)$ | $1$ for $z > 0$, $0$ for $z < 0$ |
#
# **Predict:** for the sigmoid at $z = 2$ the factor is about $0.1$. How large is the product of 20?

# %%
factor = numerical_derivative(sigmoid, 2.0)
for n in (1, 5, 10, 20):
    print(f"n = {n:2}   product of the slopes at z = 2: {factor**n:.2e}")

# %% drawing="products"
vanishing(n=20, z=2.0, kind="sigmoid")

# %% [markdown]
# On the logarithmic axis the product falls along a straight line: every activation shrinks it by the
# same factor. Move $z$ and $n$, and compare the three activations. The gradient of a weight in the
# first layer of a deep network contains this product. If an update is below the line that says "too
# small to raise 1", adding it to a weight of 1 that is stored as a 32-bit number changes nothing. So the first layers of a deep sigmoid network hardly learn. This is the **vanishing
# gradient**. ReLU has slope 1 for positive inputs, so its product does not shrink there.
#
# In a real network the weights are factors of the product as well. Large ones can make it grow without
# bound: the **exploding gradient**. Lesson 3 returns to both.

# %% [markdown] exercise="vanishing_product" objective=6
# ### Exercise: the product of the slopes
#
# Write `vanishing_product(z, n, kind)`. It returns $\phi'(z)^n$, the product of $n$ equal slopes of an
# activation $\phi$. `z` is a number, `n` a whole number that is at least 0, and `kind` one of
# `"sigmoid"`, `"tanh"` and `"relu"`. At $z = 0$ ReLU has no derivative; its slope there is taken as 0,
# by convention. An empty product, for $n = 0$, is 1.


# %% answer="vanishing_product"
def vanishing_product(z, n, kind):
    """Return phi'(z) to the power n; kind is "sigmoid", "tanh" or "relu"."""
    ### BEGIN SOLUTION
    if kind == "sigmoid":
        slope = sigmoid(z) * (1 - sigmoid(z))
    elif kind == "tanh":
        slope = 1 - np.tanh(z) ** 2
    else:
        slope = float(z > 0)
    return slope**n
    ### END SOLUTION


# %% [markdown] hints="vanishing_product"
# 1. First make the slope of each kind right, which is the case `n = 1`. Then look at the power.
# 2. The three slopes stand in the table above. All of them take the pre-activation `z`.
# 3. Choose `slope` by an `if` with three cases; the last line has the shape `return slope ** ...`.

# %% check="vanishing_product" points=2
for kind, act in [("sigmoid", sigmoid), ("tanh", np.tanh), ("relu", lambda z: np.maximum(z, 0))]:
    check_derivative(
        act,
        lambda z, kind=kind: call(vanishing_product, z, 1, kind),
        [-1.0, 0.5, 2.0],
        name=f'vanishing_product(z, 1, "{kind}")',
    )
    for z, n in [(2.0, 5), (0.5, 0)]:
        check_value(
            call(vanishing_product, z, n, kind),
            numerical_derivative(act, z) ** n,
            name=f'vanishing_product({z:g}, {n}, "{kind}")',
            rtol=1e-7,
            case=Power(
                act, lambda z, n, k=kind: call(vanishing_product, z, n, k), (-1.0, 0.5, 2.0)
            ),
        )
check_value(call(vanishing_product, 0.0, 1, "relu"), 0, name='vanishing_product(0, 1, "relu")')
### BEGIN HIDDEN TESTS
slope_of = {
    "sigmoid": lambda z: 1 / (4 * np.cosh(z / 2) ** 2),
    "tanh": lambda z: 1 / np.cosh(z) ** 2,
    "relu": lambda z: 1.0 if z > 0 else 0.0,
}
for kind, slope in slope_of.items():
    for z, n in [(2.0, 20), (-1.5, 3), (0.3, 1), (0.0, 2), (1.2, 0), (-0.4, 0)]:
        check_value(
            call(vanishing_product, z, n, kind),
            slope(z) ** n,
            name=f'vanishing_product({z:g}, {n}, "{kind}")',
        )
### END HIDDEN TESTS

# %% [markdown]
# ## 7. A look ahead: the same rule for a whole layer
#
# This section shows where the course is going. Here is a network of two layers, with $D$ inputs, $H$
# hidden units and $K$ outputs, for a batch of $m$ samples. Each row of $X$ is a sample. The square is
# taken entry by entry.
#
# $$Z_1 = X W_1 + b_1, \qquad A_1 = \tanh(Z_1), \qquad P = A_1 W_2 + b_2, \qquad
# L = \frac1m \sum_{\text{samples}} \sum_{\text{outputs}} (P - Y)^2 .$$
#
# The path from $W_1$ to $L$ has four links. With matrices the order of the factors and the
# transposes matter, and the shapes show which order is right:
#
# | quantity | formula | shape |
# |---|---|---|
# | $dP = \partial L/\partial P$ | $\frac{2}{m}(P - Y)$ | $(m, K)$ |
# | $dA_1$ | $dP\; W_2^{\mathsf T}$ | $(m, K)(K, H) = (m, H)$ |
# | $dZ_1$ | $dA_1 \odot \tanh'(Z_1)$ | $(m, H)$, entry by entry |
# | $dW_1$ | $X^{\mathsf T}\, dZ_1$ | $(D, m)(m, H) = (D, H)$ |
#
# You need not be able to derive this yet: lessons 2 and 3 are about it. Notice what you know
# already. One factor for each link. Each taken at the value that entered its link. And the sum over
# the samples inside $X^{\mathsf T} dZ_1$ is a fork: every sample uses the same weights, and
# contributions of all paths are added.

# %%
rng = np.random.default_rng(0)
m, D, H, K = 5, 4, 3, 2
X, Y = rng.normal(size=(m, D)), rng.normal(size=(m, K))
W1, b1 = rng.normal(size=(D, H)), rng.normal(size=H)
W2, b2 = rng.normal(size=(H, K)), rng.normal(size=K)


def two_layer_loss(W1):
    P = np.tanh(X @ W1 + b1) @ W2 + b2
    return ((P - Y) ** 2).sum() / m


Z1 = X @ W1 + b1
P = np.tanh(Z1) @ W2 + b2
dP = 2 / m * (P - Y)
dA1 = dP @ W2.T
dZ1 = dA1 * (1 - np.tanh(Z1) ** 2)
dW1 = X.T @ dZ1
check_gradient(two_layer_loss, dW1, W1, name="dW1")
gap = np.abs(dW1 - numerical_gradient(two_layer_loss, W1)).max()
print(f"shape of dW1: {dW1.shape}; agrees with central differences to 1e-8: {gap < 1e-8}")

# %% [markdown]
# ## 8. Quiz
#
# Each item is worth one point. Write your letter, in quotes, in place of `None`. The check below an
# answer only looks whether it is one of the letters. Whether it is right, and why, you read in the
# feedback that you get after grading.

# %% [markdown]
# ### Question 1
#
# For $y = f(g(x))$, what is $dy/dx$?
#
# - **A** $f'(g(x)) + g'(x)$
# - **B** $f'(x) \cdot g'(x)$
# - **C** $f'(g(x)) \cdot g'(x)$
# - **D** $f'(g(x)) \,/\, g'(x)$

# %% quiz="q1" points=1 objective=2
q1 = "C"
explain(
    A="You may think that two effects are added. They are added where there are two paths; here "
    "there is one path with two links, and along a path rates multiply.",
    B="You may think that both derivatives are taken at x, but the outer function never sees x. It "
    "is handed g(x), so its derivative must be taken there.",
    C="The outer derivative is taken at the inner value, and multiplied by the inner derivative.",
    D="A quotient would say that a faster inner link slows the result down. A faster inner link "
    "makes the whole chain faster.",
)

# %% [markdown]
# ### Question 2
#
# What is the derivative of $y = (3x + 2)^3$?
#
# - **A** $3(3x + 2)^2$
# - **B** $9(3x + 2)^2$
# - **C** $27x^2$
# - **D** $9(3x + 2)^3$

# %% quiz="q2" points=1 objective=1
q2 = "B"
explain(
    A="This is the outer derivative alone. The inner function 3x + 2 changes three times as fast as "
    "x, so a factor 3 is missing.",
    B="The outer derivative 3u^2 at u = 3x + 2, times the inner derivative 3.",
    C="This takes the outer derivative 3u^2 at u = 3x and loses the 2. The inner value is 3x + 2.",
    D="The outer derivative of u^3 is 3u^2: the exponent drops by one.",
)

# %% [markdown]
# ### Question 3
#
# A neuron with one input is $a = \sigma(wx + b)$. What is $\partial a/\partial b$?
#
# - **A** $\sigma'(wx + b) \cdot x$
# - **B** $\sigma'(b)$
# - **C** $1$
# - **D** $\sigma'(wx + b)$

# %% quiz="q3" points=1 objective=5
q3 = "D"
explain(
    A="This is the derivative with respect to w. With respect to b the inner function wx + b "
    "has slope 1, not x.",
    B="You may think that only b matters because only b moves, but the sigmoid is handed wx + b, and "
    "its slope must be taken there.",
    C="1 is the inner derivative alone. The sigmoid's own slope is missing.",
    D="The sigmoid's slope at the pre-activation, times the inner slope with respect to b, "
    "which is 1.",
)

# %% [markdown]
# ### Question 4
#
# You differentiate $\sin(x^2)$ at $x = 3$. At which value do you take the cosine?
#
# - **A** at 9
# - **B** at 3
# - **C** at 6
# - **D** at $\sin 9$

# %% quiz="q4" points=1 objective=2
q4 = "A"
explain(
    A="The value that enters the sine is 3^2 = 9.",
    B="3 is what enters the square, not the sine. This is the commonest mistake with the chain rule.",
    C="6 is the inner derivative 2x at x = 3. It is a factor of the answer, not the place where the "
    "cosine is taken.",
    D="sin 9 is what leaves the sine. A local derivative is taken at what enters its link.",
)

# %% [markdown]
# ### Question 5
#
# $p = u \cdot v$, where $u$ and $v$ both depend on $x$. How do the two paths from $x$ to $p$ combine?
#
# - **A** Their contributions are multiplied.
# - **B** The larger contribution counts.
# - **C** Their contributions are added.
# - **D** The contribution that is computed last counts.

# %% quiz="q5" points=1 objective=4
q5 = "C"
explain(
    A="You may think so because p is a product. Rates multiply along one path; contributions of "
    "different paths are added, whatever the paths lead through.",
    B="Both inputs of p move when x moves, and both movements reach p.",
    C="Along a path multiply, over all paths add.",
    D="That is what a program does that writes = where it needs +=. You will meet this bug in "
    "lesson 3.",
)

# %% [markdown]
# ### Question 6
#
# For $y = f(g(h(x)))$ you have $h' = 2$ at $x$, $g' = 3$ at $h(x)$, and $f' = 5$ at $g(h(x))$. What
# is $dy/dx$ at this $x$?
#
# - **A** 10
# - **B** 30
# - **C** 5
# - **D** It cannot be known without the formulas of the three functions.

# %% quiz="q6" points=1 objective=3
q6 = "B"
explain(
    A="10 is the sum of the three slopes. Along a path they are multiplied.",
    B="2 * 3 * 5, each slope taken at the value that enters its link.",
    C="5 is the slope of the last link alone. The other two stretch the change before it arrives.",
    D="The local slopes are enough. That is why backpropagation can store numbers in place of "
    "formulas.",
)

# %% [markdown]
# ### Question 7
#
# The slopes of ten sigmoids are multiplied. Which is the smallest of these numbers that the product
# can never exceed?
#
# - **A** $1$
# - **B** $0.25$
# - **C** $2.5$
# - **D** $0.25^{10}$, which is about $10^{-6}$

# %% quiz="q7" points=1 objective=6
q7 = "D"
explain(
    A="The product never exceeds 1, but there is a smaller bound: each slope is at most 0.25.",
    B="0.25 bounds a single slope. Each further factor is at most 0.25 too.",
    C="2.5 is ten times 0.25. The slopes of a chain are multiplied, not added.",
    D="Each of the ten factors is at most 0.25, and 0.25 to the power 10 is 9.5e-7.",
)

# %% [markdown]
# ### Question 8
#
# A neuron with the loss $L = (a - y)^2$ gives $a = 0.9$ where $y = 0$. One of its inputs is
# $x_2 = -1$. What is the sign of $\partial L/\partial w_2$?
#
# - **A** Negative: a larger $w_2$ lowers $z$, then $a$, then the loss.
# - **B** Positive: the output is too large, so all its gradients are positive.
# - **C** Zero: the output is saturated.
# - **D** It depends on the sign of $w_2$.

# %% quiz="q8" points=1 objective=5
q8 = "A"
explain(
    A="The three factors are 2(a - y) > 0, the sigmoid's slope > 0, and x_2 < 0.",
    B="The first two factors are positive, but the slope of z with respect to w_2 is x_2 = -1.",
    C="At a = 0.9 the slope a(1 - a) is 0.09: small, and not zero.",
    D="w_2 enters the gradient only through z. The slope of z with respect to w_2 is x_2, not w_2.",
)

# %% [markdown]
# ## Summary
#
# - A composed function is a chain of links. Each link has a local derivative, taken at the value
#   that **enters** the link.
# - Along a path, multiply. Over all paths, add.
# - Go forward first and keep the values: they say where the local derivatives are taken.
# - In one neuron, $\partial L/\partial z$ is shared by all parameters. A gradient has the shape of
#   its variable.
# - A long product of slopes well below 1 vanishes. The sigmoid's slope is never above 0.25.
#
# ### What to review
#
# - Can you differentiate a chain of three links without looking anything up, and say for each factor
#   where it is taken?
# - Can you say, for a fork, how many terms the derivative has before you compute any of them?
# - Can you tell which factor is missing when a gradient is wrong by the same factor everywhere?
#
# **Next:** lesson 2, where functions have several inputs and several outputs, and the derivative
# becomes a matrix.
