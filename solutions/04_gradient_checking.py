# ---
# jupyter:
#   course:
#     minutes: 200
#     objectives:
#     - compute the numerical gradient of an array by central differences
#     - derive the step with the smallest error from truncation and rounding
#     - judge the difference of two gradients by relative error and noise floor
#     - compute exact derivatives by the complex step, and tell what breaks it
#     - tell a kink from curvature by the slopes on both sides
#     - check every gradient of a network, entry by entry and along random directions
#     - name the bug behind a curve of error against the step
#     title: Gradient checking
# ---

# %% [markdown]
# # Lesson 4: Gradient checking
#
# A wrong gradient raises no exception. The network still trains, only worse, and you search for days
# in the wrong place. A gradient check compares your formula with slopes that are measured from values
# of the loss. It takes ten lines, and it finds nearly every bug of the lessons before. But those ten
# lines can be wrong as well: a careless check rejects right code and accepts wrong code. In this
# lesson you build a check that you can trust, and you learn what no check can see.
#
# The lesson is long. A good place for a break is the end of section 5. Parts with the mark
# *(may be skipped at first reading)* are not needed for the exercises.

# %% [markdown]
# ## Before you start: four things you should know
#
# These are for practice and are not graded. Run the first cell, and each cell below a question. Decide
# on an answer, then choose it: you are told why it is right or wrong.

# %% given="setup"
import numpy as np

from course_utils import (
    Mismatch,
    call,
    check_choice,
    check_choices,
    check_derivative,
    check_equal,
    check_gradient,
    check_value,
    grade_choice,
    grade_choices,
    numerical_gradient,
    self_check,
)
from course_utils.checks.cases import Checker, Difference
from course_utils.checks.explain import explained
from course_utils.checks.guard import as_number
from course_utils.diagnosis.detection import detection
from course_utils.figures import new_figure, show
from course_utils.figures.kink import kink
from course_utils.figures.step_size import step_size
from course_utils.figures.tolerance_map import tolerance_map
from course_utils.nn import xor

# %% [markdown] recall="1"
# **1.** One neuron, $z = \mathbf w\cdot\mathbf x + b$, $a = \sigma(z)$, $L = (a - y)^2$. Its `dw` and
# `db` are both half of the true values, wherever you try them. Where do you look?
#
# - In the line that multiplies by $\mathbf x$. :: No. That link belongs to `dw` alone. A mistake there
#   would leave `db` right.
# - In a link that both share, such as $dL/da$. :: Yes. A factor that is the same everywhere comes from
#   a shared link, and $dL/da = 2(a - y)$ without its 2 gives one half.
# - In the sigmoid's slope, since it is at most 0.25. :: No. A wrong slope of the sigmoid would give a
#   ratio that changes with $z$. Here it is one half at any $z$.

# %% [markdown] recall="2"
# **2.** A loss $L$ is one number and has $n = 10^6$ parameters. What does one vector-Jacobian product,
# which is one backward pass, give?
#
# - The slope of $L$ along one direction. :: No. That is the Jacobian-vector product. It pushes one
#   direction forward.
# - One entry of the gradient, so that $10^6$ passes are needed. :: No. That is what finite differences
#   do: each entry needs its own evaluations.
# - The whole gradient. :: Yes. The Jacobian of $L$ has one row, and $u J$ with $u = 1$ is that row.

# %% [markdown] recall="3"
# **3.** $Y = XW + b$ with $X$ of shape $(m, D)$, and $dY$ of shape $(m, K)$ is given. What is $db$?
#
# - The sum of $dY$ over the samples, shape $(K,)$. :: Yes. Every sample uses the same $b$, so there
#   are $m$ paths from each entry of $b$ to the loss, and paths add.
# - $dY$ itself, shape $(m, K)$. :: No. A gradient has the shape of its variable, and $b$ has shape
#   $(K,)$.
# - The mean of $dY$ over the samples, shape $(K,)$. :: No. The $1/m$ of a mean loss is already in
#   $dY$. Taking the mean again makes `db` too small by a factor $m$.

# %% [markdown] recall="4"
# **4.** In a graph, $y = x \cdot x$ with $x = 3$. The backward pass writes `x.grad = ...` where it
# needs `+=`. What does it leave in `x.grad`?
#
# - 3. :: Yes. Each of the two paths contributes $3$. The second one overwrites the first, and
#   half of the true 6 is left.
# - 6. :: No. That is the true derivative $2x$. It needs the sum of both paths.
# - 9. :: No. That is the value of $y$. Contributions of paths are added, never multiplied.

# %% [markdown]
# ## 1. Three differences
#
# You can only evaluate $f$. Three quotients estimate its slope at $x$, for a small step $h > 0$:
#
# $$\underbrace{\frac{f(x+h) - f(x)}{h}}_{\text{forward}}, \qquad
# \underbrace{\frac{f(x) - f(x-h)}{h}}_{\text{backward}}, \qquad
# \underbrace{\frac{f(x+h) - f(x-h)}{2h}}_{\text{central}} .$$
#
# How wrong are they? Write down Taylor's formula with its remainder, to both sides of $x$. Here $\xi$
# and $\eta$ are points that we do not know, between $x$ and $x + h$, and between $x - h$ and $x$:
#
# $$f(x+h) = f(x) + h f'(x) + \frac{h^2}{2} f''(x) + \frac{h^3}{6} f'''(\xi),$$
#
# $$f(x-h) = f(x) - h f'(x) + \frac{h^2}{2} f''(x) - \frac{h^3}{6} f'''(\eta).$$
#
# Take $f(x)$ to the left in the first line, and divide by $h$. The **forward** difference is
# $f'(x) + \frac h2 f''(x) + \dots$: its error shrinks in proportion to $h$. We write $O(h)$ and call
# it of **first order**. The **backward** difference is $f'(x) - \frac h2 f''(x) + \dots$: the same
# size, the other sign.
#
# Now subtract the second line from the first. The terms with $f(x)$ and with $f''(x)$ cancel:
#
# $$\frac{f(x+h) - f(x-h)}{2h} = f'(x) + \frac{h^2}{6}\cdot\frac{f'''(\xi) + f'''(\eta)}{2} .$$
#
# The error of the **central** difference is about $\frac{h^2}{6} f'''(x)$. It is $O(h^2)$, of
# **second order**: a step ten times smaller makes it a hundred times smaller. This part of the error,
# which comes from cutting off Taylor's series, is called the **truncation error**.
#
# ### A worked example
#
# Take $f(x) = x \ln(x + e^{-x})$ at $x = 1.5$. It is a product, and one factor is a chain with the
# inner value $x + e^{-x}$, so
#
# $$f'(x) = \ln(x + e^{-x}) + x \cdot \frac{1 - e^{-x}}{x + e^{-x}} .$$
#
# **Predict before you run:** at $h = 0.1$ the forward difference is off by about $0.04$. By how much
# is it off at $h = 0.001$? And the central one, if it starts at $0.0007$?


# %%
def f(x):
    return x * np.log(x + np.exp(-x))


def slope_of_f(x):
    return np.log(x + np.exp(-x)) + x * (1 - np.exp(-x)) / (x + np.exp(-x))


x = 1.5
true = slope_of_f(x)
print(f"f'(1.5) = {true:.8f}")
print(f"{'h':>7} {'forward':>10} {'backward':>10} {'central':>10}   (error of each)")
for h in (1e-1, 1e-2, 1e-3):
    forward = (f(x + h) - f(x)) / h - true
    backward = (f(x) - f(x - h)) / h - true
    central = (f(x + h) - f(x - h)) / (2 * h) - true
    print(f"{h:7.0e} {forward:10.1e} {backward:10.1e} {central:10.1e}")

# %% [markdown]
# A step ten times smaller makes the one-sided errors ten times smaller, and the central error a
# hundred times. The central difference needs two evaluations for each slope. The forward one can
# share $f(x)$ among all entries of a gradient, which is cheaper, but what it saves in time it loses in
# digits. We use central differences from here on.

# %% [markdown]
# ## 2. Rounding, and the best step
#
# You may think that a smaller step is always better. In exact arithmetic it is. In floating point it
# is not.
#
# A float64 holds about 16 digits. The gap between 1 and the next larger number is
# $\varepsilon = 2.2 \cdot 10^{-16}$, in numpy `np.finfo(float).eps`. A computed value of $f$ is off by
# about $\varepsilon\,|f|$: every operation rounds its result, and the relative error of one rounding
# is at most $\varepsilon/2$.
#
# For a tiny $h$ the values $f(x+h)$ and $f(x-h)$ have most digits in common. The subtraction cancels
# those and keeps the rounding errors, and the division by $2h$ makes them large. Two errors of size
# $\varepsilon |f|$, divided by $2h$, are at worst
#
# $$\frac{\varepsilon |f| + \varepsilon |f|}{2h} = \frac{\varepsilon |f|}{h} .$$
#
# This is the **rounding error** of a central difference. It grows as $h$ shrinks.


# %% given="error_model"
eps = np.finfo(float).eps


def error_model(h, eps, f, f3):
    """Return what a central difference with the step h errs by, at about the worst.

    f, f3: value and third derivative at the point. eps: relative error of a value of f.
    """
    rounding = eps * abs(f) / h
    truncation = h**2 * abs(f3) / 6
    return rounding + truncation


def lowest(E, low=1e-12, high=1e3):
    """Return the h between low and high where E(h) is smallest, by narrowing an interval."""
    a, b = np.log(low), np.log(high)
    for _ in range(200):
        left, right = a + (b - a) / 3, b - (b - a) / 3
        if E(np.exp(left)) < E(np.exp(right)):
            b = right
        else:
            a = left
    return float(np.exp((a + b) / 2))


# %%
print(f"f'(1.5) = {true:.8f}")
marks = [0, 1e-8, 1e-4, 1]  # the last digits of an error differ from machine to machine
print(f"{'h':>7}   {'error of the central difference':>32}")
for h in (1e-1, 1e-3, 1e-6, 1e-10, 1e-15):
    error = abs((f(x + h) - f(x - h)) / (2 * h) - true)
    upper = next(i for i, mark in enumerate(marks) if error < mark)
    low = f"{marks[upper - 1]:.0e} to" if upper > 1 else "below"
    print(f"{h:7.0e}   {low + f' {marks[upper]:.0e}':>32}")

# %% [markdown]
# The table has only five rows. **Predict:** which step between $10^{-3}$ and $10^{-10}$ has the
# smallest error, and about how small is it? Then run the next cell, and move $h$ with the mouse or with
# the arrow keys.

# %% drawing="error_against_h"
step_size((f, slope_of_f, "x ln(x + e⁻ˣ)"), x=1.5, h=0.1)

# %% [markdown]
# Read the figure from right to left. First truncation rules, and the central error falls along a line
# of slope 2. Then rounding takes over, and the error rises along a ragged line of slope $-1$. The step
# at the bottom of this V is the one that we want. Choose the forward difference as well: its line has
# slope 1, and the bottom of its V lies higher and further to the left.
#
# ### The best step, derived
#
# Let $E(h)$ be the sum of both errors, with $f$ and $f'''$ taken at the point $x$:
#
# $$E(h) = \frac{\varepsilon |f|}{h} + \frac{h^2 |f'''|}{6} .$$
#
# At its minimum the slope of $E$ is zero:
#
# $$E'(h) = -\frac{\varepsilon |f|}{h^2} + \frac{h |f'''|}{3} = 0
# \qquad\Longrightarrow\qquad h^3 = \frac{3\,\varepsilon\,|f|}{|f'''|} .$$
#
# It is a minimum, since $E''(h) = 2\varepsilon|f|/h^3 + |f'''|/3$ is positive. So
#
# $$h_{\text{best}} = \left(\frac{3\,\varepsilon\,|f|}{|f'''|}\right)^{1/3} .$$
#
# For our $f$ at $1.5$ the values are $f = 0.816$ and $f''' = -0.403$, which gives $h_{\text{best}} =
# 1.1 \cdot 10^{-5}$, the step that the figure marks. The next cell finds the minimum of $E$ by search,
# without the formula. Its $f'''$ is measured as well, by a difference with a large step.

# %%
k = 0.01
f3 = (f(x + 2 * k) - 2 * f(x + k) + 2 * f(x - k) - f(x - 2 * k)) / (2 * k**3)
found = lowest(lambda h: error_model(h, eps, f(x), f3))
print(f"f = {f(x):.3f}   third derivative = {f3:.3f}   E is lowest at h = {found:.1e}")

# %% [markdown]
# In the table above, $10^{-6}$ has the smallest error. You may conclude that $10^{-6}$ is the best
# step, but it is only the best **of that grid of five**: $10^{-5}$ was not in it. And for another
# ratio of $|f|$ and $|f'''|$ the best step is another.
#
# When you know nothing about $f$, take $|f|$ and $|f'''|$ of one size. The cube root of $\varepsilon$
# is $6 \cdot 10^{-6}$, so a step near $10^{-5}$ is a good first choice, and the error it leaves is
# about $10^{-11}$ to $10^{-10}$. For a forward difference the same argument gives
# $h = 2\sqrt{\varepsilon |f| / |f''|}$, near $10^{-8}$, and an error near $10^{-8}$.
#
# One rule for all exercises of this lesson: a function of yours may use its arguments, `np`, your other
# functions, and what the locked cells define, such as `eps`. Other cells define names too, `h`, `w` or
# `x`. Do not rely on these: when your work is graded they may hold something else, or nothing.

# %% [markdown] exercise="best_h" objective=2
# ### Exercise: the best step
#
# Write `best_h(eps, f, f3)`. It returns the step $h$ at which $E(h)$ is smallest, a number.
#
# - `eps`: the relative error of a value of $f$. It is an argument, since it is
#   $2.2 \cdot 10^{-16}$ in float64 but $1.2 \cdot 10^{-7}$ in float32.
# - `f`, `f3`: the value and the third derivative of the function at the point, two numbers. They may
#   be negative. Neither is 0.
#
# The hidden tests try other values of all three, of either sign. They compare with a minimum of
# `error_model` that is found by search, to six digits.


# %% answer="best_h"
def best_h(eps, f, f3):
    """Return the step with the smallest error of a central difference, a number."""
    ### BEGIN SOLUTION
    return (3 * eps * abs(f) / abs(f3)) ** (1 / 3)
    ### END SOLUTION


# %% [markdown] hints="best_h"
# 1. Look at the derivation above. Which of the three numbers come in with their size only?
# 2. Set the slope of $E$ to zero and solve for $h$. A root with a fraction as exponent needs
#    parentheses around the fraction.
# 3. One line, of the shape `return (... / ...) ** (...)`.


# %% given="step"
def check_step(best, eps, f, f3):
    """Compare a step with the minimum of error_model that is found by search."""
    name = f"best_h{(eps, f, f3)}"
    step = call(best, eps, f, f3, name=name)
    if np.iscomplexobj(step):
        raise Mismatch(
            f"{name}: is a complex number, needed a step, which is real.",
            look="Which of the numbers is negative here, and what is its root?",
        )
    check_value(
        step,
        lowest(lambda h: error_model(h, eps, f, f3)),
        name=name,
        rtol=1e-6,
        look="Follow the derivation: E'(h) = 0, solved for h.",
        case=Checker("best_h", best),
    )


# %% check="best_h" points=2
check_step(best_h, 2.2e-16, 0.816, -0.403)
check_step(best_h, 1.2e-7, -3.0, 0.05)
### BEGIN HIDDEN TESTS
for given in [(2.2e-16, -40.0, 7.0), (1e-12, 0.3, 900.0), (1.1e-16, -2.5, -0.6), (1e-7, 1.0, 12.0)]:
    check_step(best_h, *given)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. The numerical gradient of an array
#
# The loss of a network is one number, and it depends on arrays: weight matrices and bias vectors.
# Let $x$ be such an array, of any shape. Its gradient has the same shape. The entry at index $i$ is a
# central difference in which **only this entry** moves:
#
# $$g_i = \frac{f(x + h\,e_i) - f(x - h\,e_i)}{2h},$$
#
# where $e_i$ has the shape of $x$, with a 1 at index $i$ and 0 elsewhere. Check it by hand on
# $f(\mathbf w) = \lVert \mathbf w \rVert^2 = \sum_i w_i^2$ at $\mathbf w = (1, 2, 3)$. The true
# gradient is $2\mathbf w = (2, 4, 6)$, and
# $((1 + h)^2 - (1 - h)^2)/(2h) = 4h/(2h) = 2$ at any $h$: the third derivative is zero, so nothing is
# truncated.
#
# The loop is short. Three traps lie in it.
#
# **Trap 1: whole numbers.** Here is the loop as you find it in many places.


# %% given="web_loop"
def loop_of_the_web(f, x, h=1e-5):
    grad = np.zeros_like(x)
    for i in range(x.size):
        x_plus, x_minus = x.copy(), x.copy()
        x_plus.flat[i] += h
        x_minus.flat[i] -= h
        grad.flat[i] = (f(x_plus) - f(x_minus)) / (2 * h)
    return grad


def norm_squared(w):
    return (w**2).sum()


print("float:", loop_of_the_web(norm_squared, np.array([1.0, 2.0, 3.0])).round(6))
print("int:  ", loop_of_the_web(norm_squared, np.array([1, 2, 3])))

# %% [markdown]
# With whole numbers the answer is too large by factors from $25\,000$ to $42\,000$, and nothing warns.
# An array of dtype int can hold whole numbers only. So $1 + 10^{-5}$ is cut off to $1$, and $1 -
# 10^{-5}$ to $0$: one side does not move, the other moves by a whole unit. `zeros_like` makes the
# result an int array as well, and cuts off its fractions. The cure is the first line of every
# numerical gradient: make a float copy.
#
# **Trap 2: putting the entry back.** Moving an entry of the array itself is tempting: `x[i] += h`, then
# `x[i] -= 2 * h`, then `x[i] += h`. You may think that this restores it.

# %%
w = np.arange(1, 1001) / 1000
moved = w.copy()
moved += 1e-5
moved -= 2e-5
moved += 1e-5
print(f"{(moved != w).sum()} of 1000 entries have changed; by less than 1e-15: ", end="")
print(np.abs(moved - w).max() < 1e-15)

# %% [markdown]
# Each of the three steps rounds. The change is tiny, but the check has altered the network that it was
# to check, and it does so every time. If an exception stops the loop in the middle, the entry stays
# moved by a whole $h$. So work on a copy. In the copy, keep the old value and write it back:
# `old = x[i]`, and at the end `x[i] = old`. An assignment does not round.
#
# **Trap 3: one step for all sizes.** Near $x = 10^6$ the gap between two floats is
# $1.2 \cdot 10^{-10}$. A step of $10^{-5}$ is rounded to a multiple of that gap, which may change it
# by several parts in a million. And if $f$ varies on the scale of its argument, the difference of the
# two values is tiny too, and rounding hides it. The step must grow with the entry. A common choice is
#
# $$h_i = \varepsilon^{1/3} \cdot \max(1, |x_i|) .$$
#
# Why not $\varepsilon^{1/3} |x_i|$ alone? For an entry that is 0 that step is 0, and
# $0/0$ is not a slope.

# %% [markdown] exercise="numeric_grad" objective=1
# ### Exercise: the numerical gradient
#
# Write `numeric_grad(f, x, h=None)`. It returns the gradient of `f` at `x` by central differences.
#
# - `f` takes a float array of the shape of `x` and returns one number.
# - `x` is an array of any shape $(n,)$, $(D, K)$ or with more axes. It may hold whole numbers, and it
#   may be a list. The result has its shape, in floats.
# - `h` is the step for every entry. With `h=None` each entry gets a step by its own size.
# - `x` itself stays as it was, also while `f` runs.
#
# Write the loop yourself. (`numerical_gradient`, which the checks and later sections use, does the same
# job. Calling it here would teach you nothing.)
#
# The hidden tests try: `h` given, also a large one, where the value of the formula is known exactly;
# arrays with one, two and three axes; whole numbers and lists; entries of size $10^6$ beside entries
# of size 1 and 0. They look at every array that `f` is called with: it must differ from `x` in one
# entry at most, and the others must be equal to the last bit.


# %% answer="numeric_grad"
def numeric_grad(f, x, h=None):
    """Return the gradient of f at x by central differences, in x's shape.

    f: takes an array of x's shape, returns a number. x: array of any shape.
    h: the step; None picks one for each entry by its size.
    """
    ### BEGIN SOLUTION
    moved = np.array(x, float)
    g = np.zeros(moved.shape)
    for i in np.ndindex(moved.shape):
        old = moved[i]
        step = eps ** (1 / 3) * max(1.0, abs(old)) if h is None else h
        moved[i] = old + step
        above = f(moved.copy())
        moved[i] = old - step
        below = f(moved.copy())
        moved[i] = old
        g[i] = (above - below) / (2 * step)
    return g
    ### END SOLUTION


# %% [markdown] hints="numeric_grad"
# 1. Look at the first line of your function: is it a float copy? Then look at the last line of the
#    loop: is the entry exactly what it was?
# 2. The central difference, one entry at a time. `np.ndindex(x.shape)` gives every index of an array
#    of any shape, and `x[index]` reads and writes that entry.
# 3. The line in the loop has the shape `g[i] = (... - ...) / (2 * step)`. The parentheses at the end
#    matter: `/ 2 * step` divides by 2 and then multiplies.

# %% check="numeric_grad" part="formula" points=1
w = np.array([1.0, -2.0, 3.0])
# For the sum of x^3 the central difference is 3 x^2 + h^2 exactly, so a large step shows the formula.
check_value(
    call(numeric_grad, lambda x: (x**3).sum(), w, 0.5),
    3 * w**2 + 0.5**2,
    name="numeric_grad of the sum of x^3, with h = 0.5",
    case=Difference("gradient", numeric_grad),
)
check_gradient(
    norm_squared,
    call(numeric_grad, norm_squared, w),
    w,
    name="numeric_grad of ||w||^2",
    rtol=1e-6,
    case=Difference("gradient", numeric_grad),
)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(401)
for step in (0.25, 1e-2):
    point = rng.normal(size=4)
    check_value(
        call(numeric_grad, lambda x: (x**3).sum() + x[0] * x[1], point, step),
        3 * point**2 + step**2 + [point[1], point[0], 0, 0],
        name=f"numeric_grad of a sum of x^3 and a product, with h = {step}",
        rtol=1e-8,
        case=Difference("gradient", numeric_grad),
    )
point = rng.normal(size=5)
check_gradient(
    lambda x: np.sin(x).prod(),
    call(numeric_grad, lambda x: np.sin(x).prod(), point),
    point,
    name="numeric_grad of a product of sines",
    rtol=1e-6,
    case=Difference("gradient", numeric_grad),
)
### END HIDDEN TESTS

# %% check="numeric_grad" part="shapes" points=1
C = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])
check_value(
    call(numeric_grad, lambda W: (C * W**2).sum(), np.full((2, 3), 0.5)),
    C,
    name="numeric_grad at an array of shape (2, 3)",
    rtol=1e-6,
    case=Difference("gradient", numeric_grad),
)
check_value(
    call(numeric_grad, lambda w: norm_squared(w) / 4, np.array([1, 2, 3])),
    [0.5, 1.0, 1.5],
    name="numeric_grad of ||w||^2 / 4 at the whole numbers [1, 2, 3]",
    rtol=1e-6,
    case=Difference("gradient", numeric_grad),
)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(402)
for shape in [(1,), (4, 1), (3, 2, 2)]:
    weights, point = rng.normal(size=shape), rng.normal(size=shape)
    check_gradient(
        lambda x, c=weights: (c * np.exp(x)).sum(),
        call(numeric_grad, lambda x, c=weights: (c * np.exp(x)).sum(), point),
        point,
        name=f"numeric_grad at an array of shape {shape}",
        rtol=1e-6,
        case=Difference("gradient", numeric_grad),
    )
check_value(
    call(numeric_grad, lambda W: (W**3).sum(), np.array([[2, -1], [0, 3]]), 0.01),
    np.array([[12, 3], [0, 27]]) + 0.01**2,
    name="numeric_grad at whole numbers of shape (2, 2)",
    rtol=1e-6,
    case=Difference("gradient", numeric_grad),
)
check_value(
    call(numeric_grad, norm_squared, [0.5, -1.5]),
    [1, -3],
    name="numeric_grad at a list",
    rtol=1e-6,
    case=Difference("gradient", numeric_grad),
)
### END HIDDEN TESTS


# %% given="watch"
def check_places(gradient, x, h, name):
    """Look at every array that f is called with: is only one entry moved, by h or by -h?"""
    seen, given, untouched = [], x.copy(), []

    def watching(y):
        seen.append(np.array(y, float))
        untouched.append(np.array_equal(given, x))
        return float(np.sum(y))

    call(lambda: gradient(watching, given, h), name=name)
    if not all(untouched):
        raise Mismatch(f"{name}: moves the entries of x itself while f runs: work on a copy.")
    for y in seen:
        if y.shape != np.shape(x):
            raise Mismatch(f"{name}: f was called with shape {y.shape}, needed {np.shape(x)}.")
        moved = int((y != x).sum())
        if moved > 1:
            raise Mismatch(
                f"{name}: f was called with an array that differs from x in {moved} entries. "
                "Only one may move at a time, and the others must be equal to the last bit."
            )
        if not np.all(np.abs(y - x) <= 1.001 * h):
            raise Mismatch(f"{name}: an entry was moved by {np.abs(y - x).max():.3g}; h is {h:g}.")


# %% check="numeric_grad" part="restored" points=1
check_places(numeric_grad, np.arange(1, 13) / 7, 1e-3, name="numeric_grad at 12 entries")
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(403)
check_places(numeric_grad, rng.normal(size=(3, 5)), 1e-4, name="numeric_grad at shape (3, 5)")
check_places(numeric_grad, rng.normal(size=(2, 2, 4)) * 30, 1e-6, name="numeric_grad at 16 entries")
### END HIDDEN TESTS

# %% check="numeric_grad" part="scale" points=1
place = np.array([0.5, -0.25, 0.75])
check_gradient(
    lambda x: np.sin(x).sum(),
    call(numeric_grad, lambda x: np.sin(x).sum(), place),
    place,
    name="numeric_grad at entries 0.5, -0.25, 0.75",
    rtol=1e-6,
    case=Difference("gradient", numeric_grad),
)
scales = np.array([1e6, 1.0, 3e5, 1.0])
place = np.array([2e6, 0.5, -3e5, 0.0])
check_gradient(
    lambda x: np.sin(x / scales).sum(),
    call(numeric_grad, lambda x: np.sin(x / scales).sum(), place),
    place,
    name="numeric_grad at entries 2e6, 0.5, -3e5, 0",
    rtol=1e-6,
    look="Does each entry get a step by its own size, and 0 a step that is not 0?",
    case=Difference("gradient", numeric_grad),
)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(404)
scales = 10.0 ** rng.integers(0, 7, size=(3, 3))
for place in (scales * rng.uniform(0.2, 2, size=(3, 3)), np.zeros((3, 3)), scales.astype(int)):
    check_gradient(
        lambda x: np.tanh(x / scales).sum(),
        call(numeric_grad, lambda x: np.tanh(x / scales).sum(), place),
        place,
        name="numeric_grad at entries of many sizes",
        rtol=1e-6,
        look="Does each entry get a step by its own size, and 0 a step that is not 0?",
        case=Difference("gradient", numeric_grad),
    )
### END HIDDEN TESTS

# %% [markdown]
# ## 4. How different is different
#
# You have your gradient $a$ (from **analytic**) and the numerical one $n$. They never agree to all
# digits. When do you call $a$ wrong?
#
# A popular rule is absolute: wrong if $\lVert a - n \rVert \ge 10^{-5}$. Here
# $\lVert a \rVert = \sqrt{\sum_i a_i^2}$ is the length of an array, over all entries whatever its
# shape. Where the norm of the true gradient is below $10^{-5}$, that rule accepts a gradient of zeros.

# %%
n = np.array([1.3e-6, -2.1e-6, 0.7e-6])  # the true gradient, of scale 1e-6
a = np.zeros(3)  # somebody forgot to compute it
print(
    f"absolute difference: {np.linalg.norm(a - n):.1e}, below 1e-5: {np.linalg.norm(a - n) < 1e-5}"
)
relative = np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n))
print(f"relative error:      {relative:.1f}")

# %% [markdown]
# The **relative error** compares the difference with the size of both:
#
# $$\frac{\lVert a - n \rVert}{\lVert a \rVert + \lVert n \rVert} .$$
#
# It is always between 0 and 1. It is 1 when one of the two is zero and the other is not, and also when
# $a = -n$, the wrong sign. If $a = 2n$ it is $1/3$. It does not change when both are multiplied by the
# same factor, so it means the same at every scale.
#
# When both are zero the fraction is $0/0$. In numpy that is `nan`, with a warning, and `nan` is
# treacherous: `nan > 1e-5` is False, and `nan < 1e-5` is False too. A check that says "wrong if the
# error is above the tolerance" then passes, one that says "right if it is below" then fails, and
# neither has looked. Two zero gradients agree, so the relative error is defined as 0 there.
#
# Many sources add a small number such as $10^{-8}$ to the denominator. That avoids the $0/0$, but
# at scale $10^{-9}$ the added number rules, and the relative error becomes an absolute one.

# %% [markdown] exercise="relative_error" objective=3
# ### Exercise: relative error
#
# Write `relative_error(a, n)`. `a` and `n` are two arrays of one shape, or two numbers. Lists and whole
# numbers are allowed. Return $\lVert a - n \rVert / (\lVert a \rVert + \lVert n \rVert)$, one number,
# and 0 where all entries of both are 0, without a warning.
#
# The hidden tests also try matrices and arrays with three axes, numbers of either sign, and the same
# arrays multiplied by factors from $10^{-100}$ to $10^{100}$: the result must not change.


# %% answer="relative_error"
def relative_error(a, n):
    """Return ||a - n|| / (||a|| + ||n||), a number; 0 where both are 0."""
    ### BEGIN SOLUTION
    a, n = np.asarray(a, float), np.asarray(n, float)
    size = np.sqrt((a**2).sum()) + np.sqrt((n**2).sum())
    return float(np.sqrt(((a - n) ** 2).sum()) / size) if size > 0 else 0.0
    ### END SOLUTION


# %% [markdown] hints="relative_error"
# 1. Look at the denominator first. What is it when both arrays are zero, and what happens then?
# 2. The length of an array is the root of the sum of squares over all entries. `np.linalg.norm` gives
#    it for an array of any shape, and for a number.
# 3. Compute the denominator, return 0 if it is 0, and else `norm of the difference / denominator`.

# %% check="relative_error" part="value" points=1
tried = Checker("relative_error", relative_error)
for first, second, value in [
    ([3.0, 0.0], [0.0, 4.0], 5 / 7),
    (2.0, -1.0, 1.0),
    ([[1, 0], [0, 1]], [[1, 0], [0, -1]], np.sqrt(0.5)),
]:
    name = f"relative_error({first}, {second})"
    check_value(call(relative_error, first, second, name=name), value, name=name, case=tried)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(411)
for shape in [(1,), (5,), (3, 4), (2, 3, 2)]:
    direction = rng.normal(size=shape)
    for factor in (1.5, -0.25, 1 + 1e-6):
        check_value(
            call(relative_error, factor * direction, direction),
            abs(factor - 1) / (abs(factor) + 1),
            name=f"relative_error of {factor} g and g, of shape {shape}",
            rtol=1e-7,
            case=tried,
        )
check_value(
    call(relative_error, [0, 3, 4], [0, 0, 4]),
    3 / 9,
    name="relative_error of two lists",
    case=tried,
)
check_value(call(relative_error, -0.5, 0.5), 1, name="relative_error(-0.5, 0.5)", case=tried)
check_value(
    call(relative_error, np.eye(2), np.eye(2)),
    0,
    name="relative_error of equal matrices",
    case=tried,
)
### END HIDDEN TESTS

# %% check="relative_error" part="zeros" points=1
tried = Checker("relative_error", relative_error)
for words, first, second, value in [
    ("of two zero arrays", np.zeros(3), np.zeros(3), 0),
    ("of zeros and ones", np.zeros(3), np.ones(3), 1),
]:
    name = f"relative_error {words}"
    check_value(
        call(relative_error, first, second, name=name, quiet=True), value, name=name, case=tried
    )
### BEGIN HIDDEN TESTS
for words, first, second, value in [
    ("of the numbers 0 and 0", 0, 0.0, 0),
    ("of the numbers -2 and 0", -2.0, 0, 1),
    ("of two zero matrices", np.zeros((2, 3)), np.zeros((2, 3)), 0),
    ("of [0, 1] and [0, 3]", np.array([0.0, 1.0]), np.array([0.0, 3.0]), 0.5),
]:
    name = f"relative_error {words}"
    check_value(
        call(relative_error, first, second, name=name, quiet=True), value, name=name, case=tried
    )
### END HIDDEN TESTS

# %% check="relative_error" part="scale" points=1
tried = Checker("relative_error", relative_error)
for factor in (1.0, 1e-9):
    check_value(
        call(relative_error, factor * np.array([1.0, 2.0]), factor * np.array([3.0, 6.0])),
        0.5,
        name=f"relative_error of {factor:g} [1, 2] and {factor:g} [3, 6]",
        case=tried,
    )
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(412)
first, second = rng.normal(size=(2, 6))
for factor in (1e-100, 1e-30, 1e30, 1e100):
    check_value(
        call(relative_error, factor * first, factor * second, quiet=True),
        call(relative_error, first, second),
        name=f"relative_error of both arrays multiplied by {factor:g}",
        rtol=1e-9,
        case=tried,
    )
### END HIDDEN TESTS

# %% [markdown]
# ### The noise floor
#
# The relative error alone is still not enough. Batch normalisation (lesson 3) takes the outputs of a
# unit for all samples of the batch, subtracts their mean, and divides by their spread. A bias that is
# added just before it shifts all samples alike, is subtracted again, and has no effect on the loss. Its
# true gradient is 0. The numerical one is not.


# %% given="normalising"
def loss_after_normalising(bias):
    z = np.array([0.3, -1.1, 0.7, 2.2, 0.1]) + bias
    z = z - z.mean()
    return ((z * z - 1) ** 2).mean()


# %%
h = 1e-5
numeric = (loss_after_normalising(0.4 + h) - loss_after_normalising(0.4 - h)) / (2 * h)
floor = 100 * eps * max(1, abs(loss_after_normalising(0.4))) / h
print(f"the loss is {loss_after_normalising(0.4):.3f}, the true gradient 0")
print(f"numerical gradient below 1e-9: {abs(numeric) < 1e-9}; is it exactly 0: {numeric == 0}")
print(f"noise floor: {floor:.1e}")

# %% [markdown]
# What the difference returns here is rounding, nothing else. The right answer $a = 0$ has relative
# error 1 against it. By the estimate of section 2, a numerical slope is uncertain by about
# $\varepsilon |L| / h$, where $L$ is the loss. A difference below that says nothing. So the check
# needs a **noise floor**, and some slack, since a loss is the sum of many rounded terms. This lesson
# advises, for one entry,
#
# $$|a - n| \;\le\; 10^{-5} \max(|a|, |n|) + \frac{100\,\varepsilon \max(1, |L|)}{h}
# \qquad\text{counts as right.}$$
#
# The 1 in $\max(1, |L|)$ is there because a small loss can be computed from numbers that are not
# small. A cross-entropy, the loss of lesson 3 that is $-\ln p$ of the true class, is $10^{-9}$ where
# the logits, the numbers that enter the softmax, differ by about 20, and it has their noise. With $h =
# 10^{-5}$ the floor is $2 \cdot 10^{-9}$ as long as $|L| \le 1$. A gradient of scale $10^{-6}$ that is
# wrong by a factor is far above it.
#
# The first term is relative **for each entry**. Over a whole array, $\lVert a - n \rVert$ is
# dominated by large entries: if one entry is $10^{-4}$ where it should be $2 \cdot 10^{-4}$, and the
# array has the norm 10, then the relative error of the array is $5 \cdot 10^{-6}$ and the bug
# passes.
#
# ### Shorter numbers
#
# *(May be skipped at first reading.)* All of this was float64. In float32, $\varepsilon$ is $1.2 \cdot
# 10^{-7}$, and the best step is near $10^{-2}$. **Predict:** what does a step of $10^{-8}$ give there?

# %%
x32 = np.float32(1.5)
for h in (1e-2, 1e-5, 1e-8):
    difference = f(x32 + np.float32(h)) - f(x32 - np.float32(h))
    error = abs(float(difference) / (2 * h) - true)
    print(f"float32, h = {h:.0e}: error below 1e-3: {error < 1e-3}; slope is 0: {difference == 0}")

# %% [markdown]
# At $h = 10^{-8}$ both arguments round to $1.5$ itself. Always check in float64, also when you train
# in float32. And look for stray float32: one array of that type in the middle of a forward pass is
# enough to limit its whole precision. In the figure of section 2 you can choose float32: the V moves up
# and to the right.

# %% [markdown]
# ## 5. The complex step
#
# Rounding hurts because two nearly equal values are subtracted. There is a way around the subtraction.
# Move $x$ not to the side but into the complex plane, by $ih$ with $i^2 = -1$, and write down Taylor's
# formula:
#
# $$f(x + ih) = f(x) + ih f'(x) - \frac{h^2}{2} f''(x) - \frac{i h^3}{6} f'''(x) + \dots$$
#
# The slope stands alone in the imaginary part. Divide that by $h$:
#
# $$\frac{\operatorname{Im} f(x + ih)}{h} = f'(x) - \frac{h^2}{6} f'''(x) + \dots$$
#
# Nothing is subtracted, so nothing cancels, and $h$ may be as small as $10^{-20}$. Then $h^2$ is
# $10^{-40}$, and the truncation error disappears among the 16 digits. The derivative is exact, to
# rounding. Choose the complex step in the figure of section 2: there is no V. The next cell takes
# $g(x) = e^x / (\sin^3 x + \cos^3 x)$ at $1.5$, an example that was used when the method was made
# known (Squire and Trapp, 1998).


# %% given="example"
def g(x):
    return np.exp(x) / (np.sin(x) ** 3 + np.cos(x) ** 3)


exact = 3.622033700716326  # computed with 30 digits
print(f"{'h':>8}   {'complex step within 1e-13':>26} {'central within 1e-13':>22}")
for h in (1e-2, 1e-5, 1e-8, 1e-20):
    complex_slope = g(1.5 + 1j * h).imag / h
    central = (g(1.5 + h) - g(1.5 - h)) / (2 * h)
    within = [bool(abs(slope / exact - 1) < 1e-13) for slope in (complex_slope, central)]
    print(f"{h:8.0e}   {within[0]!s:>26} {within[1]!s:>22}")

# %% [markdown]
# For an array, do the same for each entry: add $ih$ to one entry of a complex copy, take the imaginary
# part of the value over $h$, and put the entry back.
#
# ### What breaks it
#
# The formula needs an $f$ that is given by a power series, and code that carries complex numbers
# through. `+ - * /`, powers, `exp`, `sin`, `tanh`, `@`, sums and means do. These do not:
#
# - `abs` returns the length of a complex number, which is real. The imaginary part is gone, silently.
#   `np.linalg.norm`, `np.std` and `np.var` return real numbers in the same way. For the norm write
#   `np.sqrt((x**2).sum())`.
# - Comparisons, `max`, `sort`: Python refuses to compare complex numbers, with a TypeError. numpy
#   compares them by their real parts first. So `np.maximum(x, 0)` happens to give the right
#   slope where `x` is not 0.
# - `float(...)`, `math.exp(...)`, an assignment into a float array, `.astype(float)`: Python's own
#   complex numbers raise a TypeError. With numpy's the imaginary part is dropped, and all you get is a
#   warning.
# - `.conj()`, and the conjugate transpose: they turn the sign of the imaginary part.

# %%
broken = [
    ("abs(x)", lambda x: np.abs(x), -1.0),
    ("sqrt(x**2)", lambda x: np.sqrt(x**2), -1.0),
    ("norm([x, 1])", lambda x: np.linalg.norm(np.array([x, 1.0])), 3 / np.sqrt(10)),
    ("sqrt(x**2 + 1)", lambda x: np.sqrt(x**2 + 1), 3 / np.sqrt(10)),
]
print(f"{'function':>15} {'at':>4} {'complex step':>13} {'true slope':>11}")
for name, function, slope in broken:
    place = -2.0 if "1" not in name else 3.0
    found = np.imag(function(place + 1e-20j)) / 1e-20
    print(f"{name:>15} {place:4.0f} {found + 0.0:13.4f} {slope:11.4f}")

# %% [markdown]
# The first and the third line are silently wrong. So the complex step is for functions that you know,
# or for which a central difference has confirmed it once. The checks of this course do just that.

# %% [markdown] exercise="complex_step" objective=4
# ### Exercise: the complex step
#
# Write `complex_step(f, x)`. It returns the gradient of `f` at `x`, in the shape of `x`, as real
# numbers.
#
# - `x` is a number, or an array or list of shape $(n,)$. It may hold whole numbers.
# - `f` takes a number where `x` is a number, and an array of shape $(n,)$ where it is an array. It also
#   takes complex values, and returns one number.
#
# The hidden tests try both, also $n = 1$ and whole numbers. They ask for twelve digits, also where the
# slope itself is as small as $10^{-10}$; choose $h$ accordingly.


# %% answer="complex_step"
def complex_step(f, x):
    """Return the gradient of f at x, a number or an array (n,), in x's shape and exact to rounding."""
    ### BEGIN SOLUTION
    h = 1e-20
    if np.ndim(x) == 0:
        return np.imag(f(x + 1j * h)) / h
    z = np.array(x, dtype=complex)
    gradient = np.zeros(len(z))
    for k in range(len(z)):
        real = z[k]
        z[k] = real + 1j * h
        gradient[k] = np.imag(f(z.copy())) / h
        z[k] = real
    return gradient
    ### END SOLUTION


# %% [markdown] hints="complex_step"
# 1. Begin with a number. Then look at the dtype of the array that you add $ih$ to, and at how many of
#    its entries have an imaginary part when `f` is called.
# 2. The slope is the imaginary part of the value, divided by $h$. In Python $i$ is written `1j`, and
#    `np.array(x, complex)` is a complex copy. `np.ndim(x)` is 0 for a number.
# 3. For a number: `(...).imag / h`. For an array: a loop over its entries with the line
#    `gradient[k] = (...).imag / h`, and the entry put back after it.

# %% check="complex_step" part="number" points=1
check_derivative(
    g,
    lambda x: call(complex_step, g, x),
    [0.5, 1.5],
    name="complex_step of g",
    case=Difference("complex", complex_step),
)
check_value(
    call(complex_step, lambda x: x**3 + 2 * x, 2),
    14,
    name="complex_step of x^3 + 2x at the number 2",
    case=Difference("complex", complex_step),
)
### BEGIN HIDDEN TESTS
for function in (np.tanh, lambda x: np.exp(-(x**2)) * np.cos(3 * x), lambda x: 1 / (1 + x**4)):
    check_derivative(
        function,
        lambda x, function=function: call(complex_step, function, x),
        np.random.default_rng(421).uniform(-2, 2, 5),
        name="complex_step of a function of one number",
        case=Difference("complex", complex_step),
    )
### END HIDDEN TESTS

# %% check="complex_step" part="vector" points=1
check_gradient(
    lambda w: np.sin(w[0]) * w[1] ** 2 + np.exp(w[2]),
    call(
        complex_step, lambda w: np.sin(w[0]) * w[1] ** 2 + np.exp(w[2]), np.array([0.5, -2.0, 1.0])
    ),
    np.array([0.5, -2.0, 1.0]),
    name="complex_step of sin(w0) w1^2 + exp(w2)",
    case=Difference("complex", complex_step),
)
check_value(
    call(complex_step, lambda w: norm_squared(w) / 4, np.array([1, 2, 3])),
    [0.5, 1.0, 1.5],
    name="complex_step of ||w||^2 / 4 at the whole numbers [1, 2, 3]",
    case=Difference("complex", complex_step),
)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(422)
for size in (1, 2, 7):
    M, point = rng.normal(size=(4, size)), rng.normal(size=size)
    check_gradient(
        lambda x, M=M: (np.tanh(M @ x) ** 2).sum(),
        call(complex_step, lambda x, M=M: (np.tanh(M @ x) ** 2).sum(), point),
        point,
        name=f"complex_step at an array of shape ({size},)",
        case=Difference("complex", complex_step),
    )
check_value(
    call(complex_step, lambda x: x[0] ** 2 * x[1], [3, -1]),
    [-6, 9],
    name="complex_step at the list [3, -1]",
    case=Difference("complex", complex_step),
)
check_gradient(
    lambda x: np.sin(x).prod(),
    call(complex_step, lambda x: np.sin(x).prod(), np.array([2, -1, 4])),
    np.array([2, -1, 4]),
    name="complex_step at the whole numbers [2, -1, 4]",
    case=Difference("complex", complex_step),
)
### END HIDDEN TESTS

# %% check="complex_step" part="exact" points=1
for words, function, place, slope in [
    ("g at 1.5", g, 1.5, exact),
    ("x^3 at 1e-5", lambda x: x**3, 1e-5, 3e-10),
    ("the sum of x^3 at [1e-5, 2]", lambda x: (x**3).sum(), np.array([1e-5, 2.0]), [3e-10, 12.0]),
]:
    check_value(
        call(complex_step, function, place),
        slope,
        name=f"complex_step of {words}, to 12 digits",
        rtol=1e-12,
        look="How small is h?",
        case=Difference("complex", complex_step),
    )
### BEGIN HIDDEN TESTS
check_value(
    call(complex_step, lambda x: x**5, -1e-3),
    5e-12,
    name="complex_step of x^5 at -1e-3, to 12 digits",
    rtol=1e-12,
    look="How small is h?",
    case=Difference("complex", complex_step),
)
check_value(
    call(complex_step, lambda x: (x**4).sum(), np.array([1e-3, 2.0])),
    [4e-9, 32.0],
    name="complex_step of the sum of x^4 at [1e-3, 2]",
    rtol=1e-12,
    look="How small is h?",
    case=Difference("complex", complex_step),
)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Kinks
#
# ReLU is not differentiable at 0: the slope to the left is 0, the slope to the right is 1. Such a place
# is called a **kink**. A central difference across a kink gives something in between. Let the kink be
# at distance $d < h$ from $x$, to its left, and let the slope change there from 0 to 1. The true
# slope at $x$ is 1. The interval from $x - h$ to $x + h$ has length $2h$, and on $h + d$ of it the
# function rises, so the central difference is $(h + d)/(2h)$. Its error is
#
# $$1 - \frac{h + d}{2h} = \frac12\left(1 - \frac dh\right).$$
#
# **Predict:** $x = 0.2$ and $h = 0.5$. What does the central difference of ReLU give, and how large is
# its error? Then run the next cell and move $x$ from $0.7$ to $0.2$.

# %% drawing="beside_the_kink"
kink(x=0.7, h=0.5)

# %% [markdown]
# The difference is $0.7/1 = 0.7$, and the error $0.3$. The lower picture shows the error at every $x$:
# there is none until the kink is closer than $h$. A smaller $h$ makes the bad region smaller, but on
# the kink itself, where $d = 0$, the error is one half, whatever $h$ is. (There the true slope is 0,
# by convention.) The code is right, and the check says it is wrong.
#
# You may think that a computed number never lands exactly on 0. But think of XOR: one of its four
# inputs is $(0, 0)$, and biases usually start at 0. Then $z = 0$ in every hidden unit, for that sample.

# %%
X, Y = xor()
rng = np.random.default_rng(0)
W1, W2, b2 = rng.normal(size=(2, 3)), rng.normal(size=(3, 1)), 0.5


def relu_loss(b1):
    return ((np.maximum(X @ W1 + b1, 0) @ W2 + b2 - Y) ** 2).mean()


def relu_loss_gradient(b1):  # correct, with slope 0 at the kink
    Z1 = X @ W1 + b1
    dP = 2 / len(X) * (np.maximum(Z1, 0) @ W2 + b2 - Y)
    return np.where(Z1 > 0, dP @ W2.T, 0.0).sum(axis=0)


for words, b1 in [("zero biases:  ", np.zeros(3)), ("random biases:", rng.normal(size=3))]:
    a, n = relu_loss_gradient(b1), loop_of_the_web(relu_loss, b1)
    relative = np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n))
    print(f"{words} relative error of db1 {relative:.2f}")

# %% [markdown]
# The same correct code fails with zero biases and passes with random ones. So the first rule is:
# **check at a point where biases are not zero.** The second is: let the check find out whether an
# entry sits on a kink, and leave that entry out.
#
# ### Telling a kink from curvature
#
# Take the slopes of both sides, and their difference, the **gap**. It may have either sign:
#
# $$\text{gap}(h) = \frac{f(x+h) - f(x)}{h} - \frac{f(x) - f(x-h)}{h} .$$
#
# If $f$ is smooth, the lines of section 1 show that the gap is $h f''(x)$ plus terms in $h^3$. It
# is not zero, and if the curvature $f''$ is large it may be large. But it **shrinks with $h$**: half
# the step, half the gap. At a kink the slope jumps by some $J$. The gap is then about $J$, and it stays
# $J$ however small $h$ gets.
#
# With a kink at distance $d < h$ from $x$ the gap is $J\,(1 - d/h)$. As you halve $h$ this shrinks
# too, and once $h$ is below $d$ it is gone. So to find every kink within $h$, compare two **larger**
# steps, $2h$ and $4h$:
#
# | what is there | gap at $4h$ | gap at $2h$ | their ratio |
# |---|---|---|---|
# | curvature only | $4h f''$ | $2h f''$ | 2 |
# | a kink at $x$ | $J$ | $J$ | 1 |
# | a kink at distance $d \le h$ | $J\,(1 - \frac{d}{4h})$ | $J\,(1 - \frac{d}{2h})$ | from 1 to 1.5 |
#
# For $d = h$ the ratio is $\frac{3}{4} : \frac{1}{2} = 1.5$, which is the largest. So a ratio of the
# sizes, $|\text{gap}(4h)|$ to $|\text{gap}(2h)|$, below $1.75$ means a kink. There is one exception. If
# $f$ is nearly straight, the gap consists of rounding errors, and the ratio of two rounding errors can
# be anything. Where $|\text{gap}(2h)|$ is below the noise, say below
# $100\,\varepsilon \max(1, |f(x)|) / h$, there is no kink.

# %% drawing="gaps"
steps = np.logspace(-6, -2, 33)


def relu_and_parabola(x):
    return np.maximum(x, 0) + x**2


figure, axis = new_figure(width=6.4, height=3.6)
curves = [
    ("a kink at x", relu_and_parabola, 0.0, "o-"),
    ("a kink at distance d = 1e-4", relu_and_parabola, 1e-4, "s-"),
    ("curvature only: 10 x²", lambda x: 10 * x**2, 0.3, "^-"),
]
for label, function, place, style in curves:
    rise, fall = (
        function(place + steps) - function(place),
        function(place) - function(place - steps),
    )
    axis.loglog(steps, np.abs(rise - fall) / steps, style, ms=4, lw=1.5, label=label)
axis.axvline(1e-4, color="black", lw=0.8, ls="--")
axis.text(9e-5, 2, "h = d", ha="right", fontsize=9)
axis.set(xlabel="step h", ylabel="gap between both slopes", ylim=(1e-6, 20))
axis.legend(loc="lower right")
show(
    figure,
    alt="Gap between right and left slope against the step, on logarithmic axes. With a kink at x the "
    "gap stays at 1. With a kink at distance 1e-4 it is near 1 for larger steps, drops steeply at h = "
    "1e-4, and follows a straight line of slope 1 below. With curvature only, it falls along a "
    "straight line of slope 1.",
)

# %% [markdown]
# Level means a kink (circles), a slope of 1 means curvature (triangles). The function of the squares
# has both, $x^2$ and a kink at distance $d$. Left of $h = d$ no point is beyond the kink, and the gap
# is $2h$, that of $x^2$. Right of it the jump comes in: $1 - d/h$ rises quickly, and is level from
# about $10d$ on.

# %% [markdown] exercise="kink_guard" objective=5
# ### Exercise: the kink guard
#
# Write `kink_guard(f, x, h=1e-5)`. `f` takes a float array $(n,)$ and returns a number; `x` has shape
# $(n,)$. Return $n$ truth values, a list or an array: the one for entry $i$ is True where `f` has a
# kink within `h` of `x` along entry $i$, that is, when only $x_i$ moves.
#
# The hidden tests try: kinks on `x` and up to $0.9h$ from it, to either side; kinks more than $10h$
# away, which do not count (in between they try nothing); kinks where slopes are as small as
# $10^{-6}$, and weak ones, where a slope jumps by a twentieth of itself; strong curvature, with
# $f''$ up to $10^5$; straight functions with large values, where rounding alone makes a gap; and `h`
# from $10^{-6}$ to $10^{-3}$. In all of these the recipe above decides.


# %% answer="kink_guard"
def kink_guard(f, x, h=1e-5):
    """Return n truth values: whether f has a kink within h of x, shape (n,), along each entry."""
    ### BEGIN SOLUTION
    place = np.array(x, float)
    middle = f(place.copy())
    noise = 100 * eps * max(1, abs(middle)) / h
    kinks = []
    for i in range(len(place)):
        gaps = []
        for step in (2 * h, 4 * h):
            right, left = place.copy(), place.copy()
            right[i] += step
            left[i] -= step
            gaps.append(abs((f(right) - middle) / step - (middle - f(left)) / step))
        kinks.append(bool(gaps[0] > noise and gaps[1] < 1.75 * gaps[0]))
    return kinks
    ### END SOLUTION


# %% [markdown] hints="kink_guard"
# 1. Look at one entry, and compute its gap for two steps. Print both for a kink and for a parabola.
# 2. If the gap of the doubled step is about twice as large, it is curvature. If it is about as large,
#    it is a kink. If the gap is below the noise, it is nothing.
# 3. For each entry a line of the shape `near > noise and far < ... * near`, with the size of the gap for
#    the smaller and for the larger step.


# %% check="kink_guard" part="kinks" points=2
def bent(x):
    return np.maximum(x[0], 0) + x[1] ** 2 - np.abs(x[2] - 1)


tried = Checker("kink_guard", kink_guard)
check_equal(
    call(kink_guard, bent, np.array([0.0, 0.7, 1.0])),
    [True, False, True],
    name="kink_guard with kinks on entries 0 and 2",
    case=tried,
)
check_equal(
    call(kink_guard, bent, np.array([9e-6, 0.7, 1 - 4e-6])),
    [True, False, True],
    name="kink_guard with kinks at distances 0.9h and 0.4h of entries 0 and 2",
    look="Are your steps so much larger than h that a kink within h lies well inside them?",
    case=tried,
)
check_equal(
    call(kink_guard, lambda x: 1e-6 * bent(x), np.array([3e-4, 0.7, 1.0])),
    [False, False, True],
    name="kink_guard of slopes of size 1e-6, with a kink at entry 2",
    case=tried,
)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(431)
for h in (1e-3, 1e-5, 1e-6):
    for size in (1, 4, 6):
        corner, slope, curvature = rng.normal(size=(3, size))
        jump = rng.choice([-1, 1], size) * rng.uniform(0.5, 2, size)
        away = rng.choice([0, 0.3, -0.3, 0.6, -0.9, 0.9, 20, -20, 300], size)

        def crooked(x, c=corner, s=slope, q=curvature, j=jump):
            return (s * x + q * (x - c) ** 2 + j * np.maximum(x - c, 0)).sum()

        check_equal(
            call(kink_guard, crooked, corner + away * h, h),
            (np.abs(away) < 1).tolist(),
            name=f"kink_guard with h = {h:g} and kinks at distances {away.tolist()} times h",
            case=tried,
        )
weak = call(kink_guard, lambda x: (x + 0.05 * np.maximum(x, 0)).sum() + x[1] ** 2, [0.0, 8e-6, 1.0])
check_equal(
    weak, [True, True, False], name="kink_guard of slopes that jump from 1 to 1.05", case=tried
)
tiny = call(kink_guard, lambda x: 1e-6 * (np.abs(x) + x**2).sum(), [0.0, -5e-6, 0.3])
check_equal(tiny, [True, True, False], name="kink_guard of slopes of size 1e-6", case=tried)
steep = call(kink_guard, lambda x: 1e4 * x[0] ** 2 + np.abs(x[1]), np.array([0.2, 0.0]))
check_equal(steep, [False, True], name="kink_guard of strong curvature beside a kink", case=tried)
### END HIDDEN TESTS

# %% check="kink_guard" part="smooth" points=1
tried = Checker("kink_guard", kink_guard)
smooth = np.array([0.3, -0.8, 1.1])
for words, function in [
    ("a strong parabola", lambda x: 1e4 * (x**2).sum()),
    ("a parabola that opens downward", lambda x: -20 * (x**2).sum()),
]:
    check_equal(
        call(kink_guard, function, smooth), [False] * 3, name=f"kink_guard of {words}", case=tried
    )
for place in np.arange(1, 31).reshape(10, 3) / 7:
    check_equal(
        call(kink_guard, lambda x: 1000 + np.sum(np.array([3.0, -2.0, 0.7]) * x), place),
        [False] * 3,
        name=f"kink_guard of a straight function near 1000, at {place.round(2).tolist()}",
        look="Here every gap is rounding. What do you compare it with?",
        case=tried,
    )
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(432)
for function in (
    lambda x: 5e4 * (x**2).sum(),
    lambda x: np.exp(20 * x).sum(),
    lambda x: 3e3 + (np.pi * x).sum(),
    lambda x: np.sin(100 * x).prod(),
    lambda x: np.log(np.exp(x).sum()),
    lambda x: 7.0,
):
    for h in (1e-5, 1e-6):
        check_equal(
            call(kink_guard, function, rng.uniform(0.2, 0.5, 5), h),
            [False] * 5,
            name=f"kink_guard of a smooth function, with h = {h:g}",
            case=tried,
        )
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Random directions
#
# A network with a million parameters needs two million evaluations for its numerical gradient. There
# is a cheaper question. Along a direction $v$, of the shape of $x$, the function $t \mapsto f(x + t v)$
# is a function of one number. Its slope at $t = 0$ is, by the chain rule,
#
# $$\sum_i \frac{\partial f}{\partial x_i} v_i = g \cdot v,$$
#
# where $g$ is the gradient of $f$ at $x$ and the dot stands for the sum over all entries. The
# slope costs two evaluations, whatever the size of $x$ is:
#
# $$g \cdot v \;\approx\; \frac{f(x + h v) - f(x - h v)}{2h} .$$
#
# If $g$ is wrong, then for a random $v$ the two sides differ, except by a rare accident. So draw $v$
# at random, from a normal distribution. You may think that $v = (1, \dots, 1)$ would do. But then two
# errors of opposite sign cancel, and that is no rare accident: the errors of a softmax layer's logits
# often sum to zero.
#
# One direction says **whether** something is wrong, not **where**. If it is wrong, ask for each
# parameter array by itself, then entry by entry. And a single wrong entry among a million changes
# $g \cdot v$ very little: for small networks look at every entry.
#
# ### The dot-product test
#
# *(May be skipped at first reading.)* A layer with many outputs has a Jacobian $J$. Its forward rule
# gives $J v$, its backward rule gives $u J$, as in lesson 2. Both must belong to the same $J$. So for
# random $u$ and $v$ the numbers $u \cdot (J v)$ and $(u J) \cdot v$ must be equal. This tests a
# backward pass by itself, without any loss, and its upstream $u$ is random. A backward pass that
# ignores its upstream cannot pass.


# %%
def layer(X, W):
    return np.tanh(X @ W)


def layer_backward(X, W, dY):
    return X.T @ (dY * (1 - np.tanh(X @ W) ** 2))


rng = np.random.default_rng(1)
X, W, v = rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
u = rng.normal(size=(5, 3))
h = 1e-5
Jv = (layer(X, W + h * v) - layer(X, W - h * v)) / (2 * h)
print(
    "with the upstream u:  agree to 1e-8:",
    abs((u * Jv).sum() - (layer_backward(X, W, u) * v).sum()) < 1e-8,
)
ignoring = layer_backward(X, W, np.ones_like(u))
print("with upstream ignored: agree to 1e-8:", abs((u * Jv).sum() - (ignoring * v).sum()) < 1e-8)

# %% [markdown] exercise="direction_check" objective=6
# ### Exercise: one random direction
#
# Write `direction_check(f, g, x, rng)`. `f` takes an array of the shape of `x` and returns a number;
# `x` has any shape; `g` is the claimed gradient at `x`, in that shape; `rng` is a numpy Generator.
#
# Draw `v` of the shape of `x` from `rng`, each entry from a normal distribution around 0. Compute
# $p = g \cdot v$ and $s$, the slope of `f` along `v`, by a central difference with a step near
# $10^{-5}$. Return the relative difference $|p - s| / (|p| + |s|)$, a number, and 0 where both are 0.
#
# The hidden tests try vectors, matrices and three axes; right gradients, for which the result must be
# below $10^{-6}$; gradients that are wrong by a factor $c$, for which it is $|c - 1| / (|c| + 1)$
# whatever $v$ is; a single wrong entry; errors that sum to zero; and a constant `f`. They count the
# evaluations of `f`: at most four. And they see whether `v` comes from `rng`: equal seeds give equal
# results, and other seeds others.


# %% answer="direction_check"
def direction_check(f, g, x, rng):
    """Return the relative difference of g . v and the slope of f along a random v."""
    ### BEGIN SOLUTION
    x, h = np.asarray(x, float), 1e-5
    v = rng.normal(size=x.shape)
    claimed = (np.asarray(g) * v).sum()
    slope = (f(x + h * v) - f(x - h * v)) / (2 * h)
    size = abs(claimed) + abs(slope)
    return abs(claimed - slope) / size if size > 0 else 0.0
    ### END SOLUTION


# %% [markdown] hints="direction_check"
# 1. Look at the shape of `v`, and at where `v` comes from. Then compare both numbers, `p` and `s`, for
#    a gradient that you know, such as that of $\lVert w \rVert^2$.
# 2. Moving $x$ by $h v$ changes $f$ by about $h\, g \cdot v$. The sum over all entries of a product of
#    two arrays is `(a * b).sum()`.
# 3. `slope = (f(... + ...) - f(... - ...)) / ...`, and the relative difference as in section 4.


# %% given="within"
def check_within(yours, low, high, name, look="", case=None):
    """Say so if a number of yours is not between low and high."""
    number = as_number(yours, name)
    if not low <= number <= high:
        wrong = Mismatch(
            f"{name}: is {number:.3g}, needed between {low:g} and {high:g}.", look=look
        )
        raise explained(wrong, case)


def check_directions(check, g, x, name):
    """Look at the steps from x at which f = ||x||^2 is evaluated: how many, what shape and signs?"""
    steps = []

    def watching(y):
        steps.append(np.array(y, float) - x if np.shape(y) == x.shape else np.shape(y))
        return float(np.sum(np.square(y)))

    call(check, watching, g, x, np.random.default_rng(0), name=name)
    for step in steps:
        if isinstance(step, tuple):
            raise Mismatch(f"{name}: f was called with shape {step}, needed {x.shape}.")
    check_within(len(steps), 2, 4, f"{name}, its evaluations of f")
    if not any((step > 0).any() and (step < 0).any() for step in steps):
        raise Mismatch(
            f"{name}: no step from x has entries of both signs.",
            look="A normal distribution around 0 has numbers of either sign.",
        )


# %% check="direction_check" points=2
tried = Checker("direction_check", direction_check)
w = np.array([1.0, 2.0, 3.0])
table = np.arange(1, 25).reshape(4, 6) / 8
for words, place in [("a vector", w), ("a matrix", table)]:
    name = f"direction_check of the true gradient of ||x||^2 at {words}"
    found = call(
        direction_check, norm_squared, 2 * place, place, np.random.default_rng(0), name=name
    )
    check_within(found, 0, 1e-6, name, case=tried)
check_directions(direction_check, 2 * table, table, "direction_check at a matrix")
for factor, value in [(2, 1 / 3), (-1, 1), (0, 1)]:
    check_value(
        call(direction_check, norm_squared, factor * 2 * w, w, np.random.default_rng(0)),
        value,
        name=f"direction_check of {factor} times the true gradient",
        rtol=1e-6,
        case=tried,
    )
for seed in range(5):
    check_within(
        call(direction_check, norm_squared, 2 * w + [1, 0, 0], w, np.random.default_rng(seed)),
        1e-4,
        1,
        name=f"direction_check of a gradient with one wrong entry, seed {seed}",
        look="Does every entry of x move?",
        case=tried,
    )
name = "direction_check of a constant f with a zero gradient"
check_value(
    call(direction_check, lambda y: 3.0, np.zeros(3), w, np.random.default_rng(0), name=name, quiet=True),
    0,
    name=name,
)  # fmt: skip
crooked = 2 * w + [1.0, -2.0, 1.0]  # the errors sum to zero
found = [
    call(direction_check, norm_squared, crooked, w, np.random.default_rng(s)) for s in range(4)
]
check_within(
    max(as_number(value, "direction_check") for value in found),
    1e-3,
    1,
    name="direction_check of a gradient with errors 1, -2, 1, the largest for four seeds",
    look="Can these errors cancel along each of your directions?",
    case=tried,
)
off = 2 * table + table**2
found = [
    call(direction_check, norm_squared, off, table, np.random.default_rng(s)) for s in (1, 1, 2)
]
look = "Does every random number come from rng?"
check_equal(found[0] == found[1], True, name="whether equal seeds give equal results", look=look)
check_equal(found[0] == found[2], False, name="whether another seed gives the same", look=look)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(441)
for shape in [(6,), (3, 4), (2, 3, 2)]:
    place, weights = rng.normal(size=shape), rng.uniform(0.5, 2, size=shape)
    right = weights * np.cos(place)

    def waves(y, c=weights):
        return (c * np.sin(y)).sum()

    for factor in (1.0, 0.5, 3.0, -0.2):
        value = call(direction_check, waves, factor * right, place, np.random.default_rng(5))
        check_within(
            value,
            abs(factor - 1) / (abs(factor) + 1) - 1e-6,
            abs(factor - 1) / (abs(factor) + 1) + 1e-6,
            name=f"direction_check of {factor} times the gradient, shape {shape}",
            case=tried,
        )
    for entry in np.ndindex(shape):
        off = right.copy()
        off[entry] += 1.0
        most = max(
            as_number(
                call(direction_check, waves, off, place, np.random.default_rng(s)), "the result"
            )
            for s in range(5)
        )
        check_within(most, 1e-3, 1, name=f"direction_check of a gradient wrong at {entry}")
still = call(
    direction_check,
    lambda y: -1.0,
    np.zeros((2, 2)),
    np.ones((2, 2)),
    np.random.default_rng(9),
    quiet=True,
)
check_value(still, 0, name="direction_check of a constant f with a zero matrix")
check_within(
    call(
        direction_check, norm_squared, np.array([2, 4]), np.array([1, 2]), np.random.default_rng(3)
    ),
    0,
    1e-6,
    name="direction_check of a right gradient at whole numbers",
)
### END HIDDEN TESTS

# %% [markdown]
# ## 8. What a check cannot see
#
# A check compares the gradient with the loss that it is given, at one point, on one batch. What does
# not show there stays hidden.
#
# - **A wrong loss.** If the forward pass forgets to divide by $m$, and the backward pass forgets it
#   too, they agree. The check proves that the gradient belongs to the coded loss. It does not
#   prove that this is the loss that you meant.
# - **Randomness.** Dropout switches off other units at every call, so $f(x + h)$ and $f(x - h)$ belong
#   to two different networks, and dividing by $2h$ makes that difference enormous. Switch dropout off,
#   or fix its seed within the loss. But then its backward pass is checked for that mask only.
# - **A poor fixture.** The **fixture** is the point and the data at which you check. With one sample,
#   a sum over the batch and its last row are the same thing. With zero biases, leaving out the bias
#   changes nothing. With an upstream gradient of ones, a backward pass that ignores its upstream is
#   right. A square $W$ can be transposed without an error of shape.
#
# The next cell plants three bugs into the backward pass of one layer, $Y = \tanh(XW + b)$. It tries
# each bug on four fixtures. **Predict:** which fixture hides which bug?


# %%
def tanh_layer(X, W, b):
    return np.tanh(X @ W + b)


def backward_of_layer(X, W, b, dY, bug=None):
    Z = X @ W if bug == "bias left out" else X @ W + b
    upstream = np.ones_like(dY) if bug == "upstream ignored" else dY
    dZ = upstream * (1 - np.tanh(Z) ** 2)
    db = dZ[-1] if bug == "last sample only" else dZ.sum(axis=0)
    return X.T @ dZ, db


def passes(bug, m, zero_biases=False, upstream_of_ones=False):
    rng = np.random.default_rng(2)
    X, W = rng.normal(size=(m, 4)), rng.normal(size=(4, 3))
    b = np.zeros(3) if zero_biases else rng.normal(size=3)
    dY = np.ones((m, 3)) if upstream_of_ones else rng.normal(size=(m, 3))
    dW, db = backward_of_layer(X, W, b, dY, bug)
    true_dW = numerical_gradient(lambda W: (dY * tanh_layer(X, W, b)).sum(), W)
    true_db = numerical_gradient(lambda b: (dY * tanh_layer(X, W, b)).sum(), b)
    return np.allclose(dW, true_dW, atol=1e-8) and np.allclose(db, true_db, atol=1e-8)


fixtures = {
    "m = 1": {"m": 1},
    "zero biases": {"m": 5, "zero_biases": True},
    "ones upstream": {"m": 5, "upstream_of_ones": True},
    "fixture rule": {"m": 5},
}
print(" " * 18 + "".join(f"{name:>15}" for name in fixtures))
for bug in (None, "last sample only", "bias left out", "upstream ignored"):
    row = ["PASS" if passes(bug, **how) else "FAIL" for how in fixtures.values()]
    print(f"{bug or 'no bug':>18}" + "".join(f"{word:>15}" for word in row))

# %% [markdown]
# Each of the first three fixtures lets one bug pass. Only the last one catches all three. So the course
# follows the **fixture rule**:
#
# > At least 5 samples. All dimensions different. Biases not zero. An upstream gradient that is not 1.
# > Weights of size about 1. If the loss has a penalty, $\lambda/2$ times the sum of the squares of all
# > weights as in lesson 3, once with $\lambda = 0$ and once with $\lambda > 0$.
#
# Why weights of size 1? With weights of $10^{-4}$ nearly all gradients are tiny, and rounding is a far
# larger part of them. The numbers that enter a ReLU are tiny too, so that a step easily crosses its
# kink. And why both values of $\lambda$?
# With $\lambda = 0$ the penalty is not checked, and with $\lambda > 0$ alone a mistake of the penalty
# and one of the network are mixed.
#
# The next figure plants 26 bugs, one at a time, into the backward pass of a network: affine, ReLU,
# affine, softmax cross-entropy, and a penalty with $\lambda = 10^{-4}$. The whole is checked array by
# array, with the relative error alone. The good fixture keeps the rule, and each of the other five
# breaks it in one thing. **Predict:** which of the five lets most bugs pass at the tolerance $10^{-5}$?

# %% drawing="survivors"
tolerance_map(detection(), exponent=-5)

# %% [markdown]
# At $10^{-5}$ two bugs survive on the good fixture, and nine with one sample. Each of the others hides
# something of its own: zero biases hide a penalty on a bias, an upstream of 1 hides that the upstream
# of the loss is ignored. Now stay with the good fixture and move the tolerance. At $10^{-1}$ seven
# bugs survive, such as the slope of a leaky ReLU. At $10^{-10}$ right code is rejected, too: the
# tolerance is below the noise. With parameters of size $10^{-4}$ that happens at $10^{-3}$ already,
# since one step crosses a kink.

# %% [markdown]
# ## 9. A whole network
#
# A network has several arrays. Keep them in a dict, such as
# `{"W1": ..., "b1": ..., "W2": ..., "b2": ...}`. The loss takes that dict and returns a number. To
# check the gradient of one array, let that array move and keep the others:
#
# ```python
# lambda W1: loss({**params, "W1": W1})
# ```
#
# `{**params, "W1": W1}` is a new dict with all entries of `params`, and another array under `"W1"`. The
# network itself stays as it is. Do this for **every** name, biases included. A famous way to miss a bug
# is to check the weights only.


# %% given="network"
def net_loss(params, X, Y, lam=0.0):
    """Return the loss of a two-layer tanh network: mean over samples, plus lam/2 of the weights' squares.

    params: dict of W1 (D, H), b1 (H,), W2 (H, K), b2 (K,). X: (m, D). Y: (m, K).
    """
    A1 = np.tanh(X @ params["W1"] + params["b1"])
    P = A1 @ params["W2"] + params["b2"]
    squares = (params["W1"] ** 2).sum() + (params["W2"] ** 2).sum()
    return ((P - Y) ** 2).sum() / len(X) + lam / 2 * squares


def net_gradients(params, X, Y, lam=0.0):
    """Return the gradients of net_loss, a dict with the keys of params."""
    A1 = np.tanh(X @ params["W1"] + params["b1"])
    dP = 2 / len(X) * (A1 @ params["W2"] + params["b2"] - Y)
    dZ1 = (dP @ params["W2"].T) * (1 - A1**2)
    return {
        "W1": X.T @ dZ1 + lam * params["W1"],
        "b1": dZ1.sum(axis=0),
        "W2": A1.T @ dP + lam * params["W2"],
        "b2": dP.sum(axis=0),
    }


def net_fixture(seed, m=5, D=4, H=3, K=2):
    """Return params, X and Y that keep the fixture rule."""
    rng = np.random.default_rng(seed)
    params = {
        "W1": rng.normal(size=(D, H)),
        "b1": rng.normal(size=H),
        "W2": rng.normal(size=(H, K)),
        "b2": rng.normal(size=K),
    }
    return params, rng.normal(size=(m, D)), rng.normal(size=(m, K))


# %%
def report(loss, params, grads):
    """Print PASS or FAIL for each array, as computed, and return the number of FAILs."""
    fails = 0
    for name, array in params.items():
        numeric = numerical_gradient(lambda moved, name=name: loss({**params, name: moved}), array)
        size = np.linalg.norm(grads[name]) + np.linalg.norm(numeric)
        error = np.linalg.norm(grads[name] - numeric) / size if size else 0.0
        verdict = "PASS" if error < 1e-7 else "FAIL"
        shown = f"{error:.2f}" if verdict == "FAIL" else "below 1e-7"
        print(f"{verdict}  {name}  shape {array.shape!s:<7} relative error {shown}")
        fails += verdict == "FAIL"
    return fails


params, X, Y = net_fixture(3)
grads = net_gradients(params, X, Y, lam=0.1)
print("fails:", report(lambda p: net_loss(p, X, Y, lam=0.1), params, grads))
grads["b1"] = grads["b1"] / len(X)  # the mean over the batch, taken twice
print("fails:", report(lambda p: net_loss(p, X, Y, lam=0.1), params, grads))

# %% [markdown]
# Look at how the words PASS and FAIL come about. They are computed from the error, entry after entry of
# the dict, and so is the number of FAILs. A line such as `print("Gradients are correct!")` at the end
# of a cell proves nothing; it is printed whatever came out.
#
# ### Adding it to your own network
#
# *(May be skipped at first reading.)* Most networks are classes, and their parameters are attributes.
# Three things are needed: a way to get the parameters as a dict, a loss that depends on nothing but
# such a dict and the data, and a backward pass that returns a dict with the same keys. Build a **new**
# network from the moved parameters. Then nothing has to be put back.


# %%
class Network:
    def __init__(self, params):
        self.params = params

    def loss(self, X, Y):
        return net_loss(self.params, X, Y)

    def gradients(self, X, Y):
        return net_gradients(self.params, X, Y)


mine = Network(net_fixture(4)[0])
print("fails:", report(lambda p: Network(p).loss(X, Y), mine.params, mine.gradients(X, Y)))

# %% [markdown]
# Put such a check into your project as a test, on a tiny network, and run it whenever the backward pass
# has changed. Do not run it during training. It is slow, and the training data do not keep the
# fixture rule.
#
# ### What a checker must decide
#
# `report` is good enough to look at. To be trusted alone it would need all that you have learned: it
# takes the norm over a whole array, has no noise floor, and knows nothing of kinks. A checker goes
# through these questions, in this order:
#
# 1. **Is there a gradient, and does it fit?** Is the name there, is the shape that of the parameter, are
#    all entries finite? `nan` compares as False with everything, so a test of the form "wrong if the
#    difference exceeds the tolerance" lets it pass. And `inf <= 1e-5 * inf` is True.
# 2. **Is the entry on a kink?** Then it does not count. Only this entry: the others of the array are
#    still judged.
# 3. **Is the difference within the tolerance?** For each entry by itself:
#    $10^{-5}\max(|a|, |n|)$ plus the noise floor $100\,\varepsilon\max(1, |L|)/h$, with $h = 10^{-5}$.


# %% given="one_array"
def of_one_array(loss, params, name):
    """Return the loss as a function of one array, given flat as (n,); the others stay."""
    shape = np.shape(params[name])
    return lambda flat: loss({**params, name: np.reshape(flat, shape)})


# %% [markdown] exercise="grad_check" objective=6
# ### Exercise: a checker to trust
#
# Write `grad_check(loss, params, grads)`. `loss` takes a dict like `params` and returns a number.
# `params` and `grads` are dicts of arrays, of any shapes. Return the **sorted list of the names whose
# gradient is wrong**, and an empty list where all are right. You may use your `numeric_grad` and
# `kink_guard`: run their cells first. `kink_guard` takes an array $(n,)$. `x.ravel()` makes one of any
# array, and `of_one_array(loss, params, name)` from the cell above is the loss as a function of it.
#
# - A name of `params` that is missing in `grads` is wrong; so is a shape that does not fit, even
#   `(3, 1)` for `(3,)`; so is a gradient with `nan` or `inf`. `grads` has no names that `params` lacks.
# - The entries of an array are judged one by one. In the hidden tests a wrong gradient has at least one
#   entry that is off by at least 1%, and by at least $10^{-7}\max(1, |L|)$, which is far above the noise
#   floor. It may be a small entry among large ones. Entries that are not wrong agree with the true ones
#   to $10^{-8}$ of their size.
# - A gradient that is zero where the true one is zero is right, even where the numerical one is noise,
#   up to the floor. The loss may be as large as 1000.
# - Where $|L|$ is about 1 or less, gradients may be of scale $10^{-6}$. Doubled ones, or zeros in place
#   of them, are wrong.
# - An entry with a kink at a distance of at most $0.9 \cdot 10^{-5}$ does not count, whatever stands
#   there. Its neighbours do.
# - Parameters may hold whole numbers. `params`, `grads` and all arrays in them stay as they were.


# %% answer="grad_check"
def grad_check(loss, params, grads):
    """Return the sorted list of the names whose gradient is wrong; entries on a kink do not count."""
    ### BEGIN SOLUTION
    h = 1e-5
    params = {name: np.array(array, float) for name, array in params.items()}
    floor = 100 * eps * max(1, abs(loss(params))) / h
    wrong = []
    for name, array in params.items():
        if name not in grads or np.shape(grads[name]) != array.shape:
            wrong.append(name)
            continue
        alone = of_one_array(loss, params, name)
        claimed = np.asarray(grads[name], float).ravel()
        numeric = numeric_grad(alone, array.ravel(), h)
        kinks = np.array(kink_guard(alone, array.ravel(), h), bool)
        allowed = 1e-5 * np.maximum(abs(claimed), abs(numeric)) + floor
        near = np.isfinite(claimed) & (abs(claimed - numeric) <= allowed)
        if not (near | kinks).all():
            wrong.append(name)
    return sorted(wrong)
    ### END SOLUTION


# %% [markdown] hints="grad_check"
# 1. Take the three questions above one by one, for one name. Which of them does the failing check ask?
#    Print the claimed and the numerical gradient side by side.
# 2. Fit first, then kinks, then the tolerance, for each entry. An array of truth values for "close
#    enough", joined by `|` with one for "on a kink", has to be true everywhere. `np.all` tells.
#    (`|` needs arrays: `np.array(...)` makes one of a list.)
# 3. A loop over `params`, in it a line of the shape `close = abs(a - n) <= ... * np.maximum(...) + floor`
#    and one of the shape `if not np.all(close | ...): wrong.append(name)`.


# %% given="found"
def check_found(check, loss, params, grads, names, words, look=""):
    """Compare what grad_check finds with the names that are wrong; words: the case, for the message."""
    name = f"grad_check {words}"
    found = call(check, loss, params, grads, name=name)
    missed = isinstance(found, list) and any(each not in found for each in names)
    verdict = "accepted" if missed else "rejected"
    case = Checker("grad_check", check, f"{verdict}: {words}")
    check_equal(found, names, name=name, look=look, case=case)


# %% check="grad_check" part="right" points=1
for seed, lam in [(11, 0.0), (12, 0.1)]:
    params, X, Y = net_fixture(seed)

    def loss(p, X=X, Y=Y, lam=lam):
        return net_loss(p, X, Y, lam)

    right = net_gradients(params, X, Y, lam)
    check_found(grad_check, loss, params, right, [], f"of true gradients, with lam = {lam}")
shift = {"bias": np.array([0.4, 1.7, 2.9, 0.55]), "w": np.array([1.5])}
check_found(
    grad_check,
    lambda p: 3 * p["w"][0] + sum(loss_after_normalising(b) for b in p["bias"]),
    shift,
    {"bias": np.zeros(4), "w": np.array([3.0])},
    [],
    "of a zero gradient that is true, where the numerical one is noise",
    look="Does your tolerance have a noise floor?",
)
check_found(
    grad_check,
    lambda p: 1000 + np.tanh(p["v"]).sum(),
    {"v": np.array([0.3, -0.9])},
    {"v": 1 / np.cosh([0.3, -0.9]) ** 2},
    [],
    "of true gradients, where the loss is 1000",
    look="Does your noise floor grow with the loss?",
)


def circle(p):  # 1000, whatever the angles are; 10000 comes in and is taken away again
    angle = np.sum(p["angles"] * np.arange(1, 25) / 12)
    return 10000 * (np.sin(angle) ** 2 + np.cos(angle) ** 2) - 9000


check_found(
    grad_check,
    circle,
    {"angles": np.arange(24) / 9},
    {"angles": np.zeros(24)},
    [],
    "of a zero gradient that is true, where the loss is 1000",
    look="Does your noise floor grow with the loss, and has it some slack?",
)
### BEGIN HIDDEN TESTS
for seed, m, D, H, K in [(13, 6, 5, 4, 3), (14, 7, 3, 2, 1)]:
    params, X, Y = net_fixture(seed, m, D, H, K)
    for lam in (0.0, 0.3):

        def loss(p, X=X, Y=Y, lam=lam):
            return net_loss(p, X, Y, lam)

        right = net_gradients(params, X, Y, lam)
        words = f"of true gradients, with m = {m}, D = {D}, H = {H}, K = {K}"
        check_found(grad_check, loss, params, right, [], words)
whole = {"W": np.array([[1, -2], [3, 0]]), "b": np.array([2, 1, -1])}
check_found(
    grad_check,
    lambda p: (p["W"] ** 2).sum() + (p["b"] ** 3).sum(),
    whole,
    {"W": np.array([[2, -4], [6, 0]]), "b": np.array([12, 3, 3])},
    [],
    "at whole numbers",
)
check_found(
    grad_check,
    lambda p: np.sin(p["v"]).sum() - 900 + 0 * p["unused"].sum(),
    {"v": np.array([0.4, -1.2, 2.0]), "unused": np.ones((2, 2))},
    {"v": np.cos([0.4, -1.2, 2.0]), "unused": np.zeros((2, 2))},
    [],
    "of true gradients, where the loss is about -900",
    look="Does your noise floor grow with the loss?",
)
for start in (0.1, 0.7, 3.3):
    turns = start + np.arange(30).reshape(5, 6) / 40

    def no_slope(p):
        turn = (p["turns"] * np.arange(30).reshape(5, 6) / 7).sum()
        return 7000 - 8000 * (np.cos(turn) ** 2 + np.sin(turn) ** 2)

    check_found(
        grad_check,
        no_slope,
        {"turns": turns},
        {"turns": np.zeros((5, 6))},
        [],
        "of a zero gradient that is true, where the loss is -1000",
        look="Does your noise floor grow with the loss, and has it some slack?",
    )
### END HIDDEN TESTS

# %% check="grad_check" part="wrong" points=2
params, X, Y = net_fixture(15)
right = net_gradients(params, X, Y)
one_entry = right["W1"].copy()
one_entry[-1, -1] *= 1.01
holed = right["b2"].copy()
holed[0] = np.nan
planted = {
    "db1 halved": ({"b1": right["b1"] / 2}, ["b1"]),
    "dW2 with the wrong sign and db1 zero": ({"W2": -right["W2"], "b1": np.zeros(3)}, ["W2", "b1"]),
    "one entry of dW1 off by 1%": ({"W1": one_entry}, ["W1"]),
    "dW1 transposed": ({"W1": right["W1"].T}, ["W1"]),
    "db1 of shape (3, 1)": ({"b1": right["b1"][:, None]}, ["b1"]),
    "a nan in db2": ({"b2": holed}, ["b2"]),
    "inf in dW2": ({"W2": right["W2"] * np.inf}, ["W2"]),
}
for words, (change, names) in planted.items():
    grads = {**right, **change}
    check_found(grad_check, lambda p: net_loss(p, X, Y), params, grads, names, f"with {words}")
missing = {name: right[name] for name in ("W2", "W1", "b2")}
words = "where grads has no b1"
check_found(grad_check, lambda p: net_loss(p, X, Y), params, missing, ["b1"], words)
check_found(
    grad_check,
    lambda p: 5 * p["w"][0] + 1e-4 * p["w"][1],
    {"w": np.array([0.3, 0.8])},
    {"w": np.array([5.0, 2e-4])},
    ["w"],
    "with one small entry beside a large one doubled",
    look="Are entries judged one by one?",
)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(451)
for seed, m, D, H, K in [(16, 6, 5, 4, 3), (17, 8, 2, 5, 3)]:
    params, X, Y = net_fixture(seed, m, D, H, K)
    lam = float(seed == 17) * 0.2
    right = net_gradients(params, X, Y, lam)

    def loss(p, X=X, Y=Y, lam=lam):
        return net_loss(p, X, Y, lam)

    for name in sorted(right):
        for entry in (0, -1, int(rng.integers(right[name].size))):
            off = right[name].copy()
            off.flat[entry] *= rng.choice([1.01, 0.9, -1, 2])
            words = f"with one entry of d{name} off"
            check_found(grad_check, loss, params, {**right, name: off}, [name], words)
        for factor in (m, 1 / m, 0):
            grads = {**right, name: factor * right[name]}
            words = f"with d{name} times {factor:.3g}"
            check_found(grad_check, loss, params, grads, [name], words)
    scaled = {name: 2 * gradient for name, gradient in right.items()}
    check_found(grad_check, loss, params, scaled, sorted(params), "with all gradients doubled")
    check_found(grad_check, loss, params, {}, sorted(params), "of no gradients")
    grads = {**right, "W1": right["W1"].sum(), "b2": right["b2"] * np.inf}
    words = "with a number for dW1 and inf in db2"
    check_found(grad_check, loss, params, grads, ["W1", "b2"], words)
if lam:
    unpenalised = net_gradients(params, X, Y, 0.0)
    check_found(grad_check, loss, params, unpenalised, ["W1", "W2"], "without the penalty")
### END HIDDEN TESTS

# %% check="grad_check" part="small" points=1
params, X, Y = net_fixture(18)
right = {name: 1e-6 * gradient for name, gradient in net_gradients(params, X, Y).items()}
for words, change, names in [
    ("that are true", {}, []),
    ("with db2 all zero", {"b2": np.zeros(2)}, ["b2"]),
    ("with dW1 doubled", {"W1": 2 * right["W1"]}, ["W1"]),
]:
    check_found(
        grad_check,
        lambda p: 1e-6 * net_loss(p, X, Y),
        params,
        {**right, **change},
        names,
        f"of gradients of scale 1e-6 {words}",
        look="Is your tolerance relative, with a floor well below 1e-6?",
    )
### BEGIN HIDDEN TESTS
small = {"u": np.array([0.3, -0.7, 1.2]), "v": np.array([0.5, -0.4])}


def nearly_flat(p):
    return 1 + 1e-6 * (np.sin(p["u"]).sum() + 2 * np.tanh(p["v"]).sum())


slopes = {"u": 1e-6 * np.cos(small["u"]), "v": 2e-6 / np.cosh(small["v"]) ** 2}
for change, names in [
    ({}, []),
    ({"u": np.zeros(3)}, ["u"]),
    ({"v": np.zeros(2)}, ["v"]),
    ({"u": 2 * slopes["u"], "v": -slopes["v"]}, ["u", "v"]),
    ({"v": slopes["v"] * [1, 2]}, ["v"]),
]:
    words = "of gradients of scale 1e-6 of a loss near 1"
    check_found(grad_check, nearly_flat, small, {**slopes, **change}, names, words)
params, X, Y = net_fixture(19, 6, 3, 4, 2)
right = {name: 1e-6 * gradient for name, gradient in net_gradients(params, X, Y).items()}
for name in sorted(right):
    grads = {**right, name: 0 * right[name]}
    words = f"of scale 1e-6 with d{name} all zero"
    check_found(grad_check, lambda p: 1e-6 * net_loss(p, X, Y), params, grads, [name], words)
### END HIDDEN TESTS


# %% check="grad_check" part="kinks" points=2
def hinges(p):  # kinks where w is 0, and where b is 1
    return 2 * np.maximum(p["w"], 0).sum() + np.abs(p["b"] - 1).sum()


at = {"w": np.array([0.0, 0.6, 4e-6]), "b": np.array([0.2, 1 - 9e-6])}
for words, dw, db, names in [
    ("correct gradients, slope 0 on the kink", [0.0, 2.0, 2.0], [-1.0, -1.0], []),
    ("correct gradients, slope 2 on the kink", [2.0, 2.0, 2.0], [-1.0, -1.0], []),
    ("dw wrong beside the kinks", [0.0, 1.0, 2.0], [-1.0, -1.0], ["w"]),
    ("db wrong beside the kink", [0.0, 2.0, 2.0], [1.0, -1.0], ["b"]),
]:
    check_found(
        grad_check,
        hinges,
        at,
        {"w": np.array(dw), "b": np.array(db)},
        names,
        f"with kinks: {words}",
        look="Is the guard asked for each entry, and only that entry left out?",
    )


### BEGIN HIDDEN TESTS
def relu_net(p, X, Y):
    A1 = np.maximum(X @ p["W1"] + p["b1"], 0)
    return ((A1 @ p["W2"] + p["b2"] - Y) ** 2).sum() / len(X)


def its_gradients(p, X, Y, at_zero):
    Z1 = X @ p["W1"] + p["b1"]
    A1 = np.maximum(Z1, 0)
    dP = 2 / len(X) * (A1 @ p["W2"] + p["b2"] - Y)
    dZ1 = dP @ p["W2"].T * (Z1 > 0) + dP @ p["W2"].T * (Z1 == 0) * at_zero
    return {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dP, "b2": dP.sum(axis=0)}


for seed in (21, 22, 23):
    params, X, Y = net_fixture(seed, 6, 3, 4, 2)
    X[2] = 0.0
    X[4] = 0.0
    for bias, at_zero in [([0.0, 5e-6, -9e-6, 0.8], 0.0), ([0.0, 0.5, 0.0, -0.8], 1.0)]:
        params["b1"] = np.array(bias)
        right = its_gradients(params, X, Y, at_zero)

        def loss(p, X=X, Y=Y):
            return relu_net(p, X, Y)

        words = "of a ReLU net with kinks at its biases"
        check_found(grad_check, loss, params, right, [], words)
        off = right["b1"].copy()
        off[3] += 0.1
        words = "of a ReLU net with a wrong entry beside kinks"
        check_found(grad_check, loss, params, {**right, "b1": off}, ["b1"], words)
        off[3] -= 0.1
        off[0] = 7.0
        words = "of a ReLU net with an entry on a kink that is anything"
        check_found(grad_check, loss, params, {**right, "b1": off}, [], words)
        grads = {**right, "W1": right["W1"] / 6, "b2": -right["b2"]}
        words = "of a ReLU net with dW1 and db2 wrong"
        check_found(grad_check, loss, params, grads, ["W1", "b2"], words)
### END HIDDEN TESTS


# %% [markdown]
# ## 10. Reading a bug from its curve
#
# A check says FAIL. Is the gradient wrong, or the check? Vary $h$. The way in which the error changes
# with $h$ is a fingerprint. Look at two numbers for an entry: the **ratio**, numerical over claimed
# slope, and the **error** $|n - a|/|a|$, which is the distance of the ratio from 1. "Slope 2" means
# slope 2 on logarithmic axes: the error falls a hundredfold when $h$ falls tenfold.
#
# | what you see as $h$ shrinks from 0.1 | what it is |
# |---|---|
# | slope 2 down to $10^{-9}$ or below, then slope $-1$ | sound: truncation, then rounding |
# | slope 1 in every entry | a one-sided difference |
# | slope 1 in all entries but the first one visited, if the entries act on each other | an entry that is not put back after its step |
# | level; the ratio is the same in every entry, such as 0.5 | the claimed gradient is wrong by a factor; or, where the ratio is 2, the difference is divided by $h$ in place of $2h$ |
# | the ratio falls with $h^2$ | `/ 2 * h` in place of `/ (2 * h)` |
# | level, another ratio in each entry; the numerical slopes themselves are all equal | all entries are moved at once: each slope is the sum of the gradient |
# | the ratio is 0 for every $h$ | both shifted arrays are one and the same array |
# | the ratio grows tenfold at each step, with irregular digits and signs | the loss is random |
# | the ratio grows tenfold at each step, with the same digits | whole numbers: the step is cut off |
# | slope 2, but it ends near $10^{-5}$, at $h$ between $10^{-2}$ and $10^{-3}$; then slope $-1$ | float32 |
# | level for large $h$, then a sudden drop, in some entries | a kink near the point: $\frac12(1 - \frac dh)$ of the jump |
#
# Three of these lines deserve a second look. With whole numbers it is the central difference whose
# ratio grows: one of the two points moves by 1. A forward difference gives 0 there, as $x + h$ is cut
# off to $x$. In the line of `/ 2 * h` the **error** is level: the ratio tends to 0, so the error tends
# to 1. You see the bug in the ratio. And when all entries move at once, the numerical slope is $g_0 +
# g_1 + \dots$ for every entry.
#
# Below, each item is one check of a loss with three parameters at its own point. Its code is not shown.
# You see the claimed gradient and, for entries 0 and 2, the ratio and the error for ten steps. In the
# table and in the pictures below it, $h$ shrinks from left to right. The pictures show the size of the
# ratio only between $0.001$ and $1000$: what lies beyond is drawn at the edge.

# %% given="curves"
measured = """
item 1: claimed gradient 7.37 in entry 0, 3.25 in entry 2
  ratio 0      0.984     0.339     -0.54     -28.6      -386  2.02e+03  2.96e+04 -2.73e+05 -2.94e+06   1.4e+07
  error 0    1.6e-02   6.6e-01   1.5e+00   3.0e+01   3.9e+02   2.0e+03   3.0e+04   2.7e+05   2.9e+06   1.4e+07
  ratio 2      0.902      1.04      4.73       105       212  9.01e+03 -1.12e+05 -8.25e+05 -6.02e+06  7.13e+07
  error 2    9.8e-02   4.1e-02   3.7e+00   1.0e+02   2.1e+02   9.0e+03   1.1e+05   8.2e+05   6.0e+06   7.1e+07
item 2: claimed gradient -0.88 in entry 0, 1.58 in entry 2
  ratio 0      0.716     0.973     0.997         1         1         1         1         1         1         1
  error 0    2.8e-01   2.7e-02   2.7e-03   2.7e-04   2.7e-05   2.7e-06   2.7e-07   1.8e-08   8.3e-08   1.9e-06
  ratio 2       1.06      1.01         1         1         1         1         1         1         1         1
  error 2    6.1e-02   6.8e-03   6.8e-04   6.8e-05   6.8e-06   6.8e-07   6.9e-08   1.7e-09   3.0e-08   3.0e-08
item 3: claimed gradient 6.83 in entry 0, 2.72 in entry 2
  ratio 0       0.71     0.716     0.795         1         1         1         1         1         1         1
  error 0    2.9e-01   2.8e-01   2.0e-01   1.5e-09   1.0e-11   3.4e-11   4.9e-10   4.7e-09   3.1e-08   1.5e-07
  ratio 2       1.01         1         1         1         1         1         1         1         1         1
  error 2    8.8e-03   8.8e-05   8.8e-07   8.8e-09   9.5e-11   7.7e-11   9.9e-10   3.1e-09   1.2e-07   2.8e-07
item 4: claimed gradient 6.26 in entry 0, 4.29 in entry 2
  ratio 0      0.502       0.5       0.5       0.5       0.5       0.5       0.5       0.5       0.5       0.5
  error 0    5.0e-01   5.0e-01   5.0e-01   5.0e-01   5.0e-01   5.0e-01   5.0e-01   5.0e-01   5.0e-01   5.0e-01
  ratio 2      0.503       0.5       0.5       0.5       0.5       0.5       0.5       0.5       0.5       0.5
  error 2    5.0e-01   5.0e-01   5.0e-01   5.0e-01   5.0e-01   5.0e-01   5.0e-01   5.0e-01   5.0e-01   5.0e-01
item 5: claimed gradient 4.28 in entry 0, 3.06 in entry 2
  ratio 0       0.01    0.0001     1e-06     1e-08     1e-10     1e-12     1e-14     1e-16     1e-18     1e-20
  error 0    9.9e-01   1.0e+00   1.0e+00   1.0e+00   1.0e+00   1.0e+00   1.0e+00   1.0e+00   1.0e+00   1.0e+00
  ratio 2     0.0101    0.0001     1e-06     1e-08     1e-10     1e-12     1e-14     1e-16     1e-18     1e-20
  error 2    9.9e-01   1.0e+00   1.0e+00   1.0e+00   1.0e+00   1.0e+00   1.0e+00   1.0e+00   1.0e+00   1.0e+00
item 6: claimed gradient 2.82 in entry 0, -0.168 in entry 2
  ratio 0          1         1         1         1         1         1         1         1         1         1
  error 0    3.5e-03   3.5e-05   3.5e-07   3.5e-09   3.7e-11   1.3e-10   4.6e-10   7.8e-09   8.3e-08   7.5e-08
  ratio 2       1.11         1         1         1         1         1         1         1         1         1
  error 2    1.1e-01   1.1e-03   1.1e-05   1.1e-07   9.9e-10   8.0e-10   3.2e-09   1.7e-08   3.5e-07   7.0e-06
item 7: claimed gradient 0.77 in entry 0, 2.77 in entry 2
  ratio 0       9.04      8.99      8.99      8.99      8.99      8.99      8.99      8.99      8.99      8.99
  error 0    8.0e+00   8.0e+00   8.0e+00   8.0e+00   8.0e+00   8.0e+00   8.0e+00   8.0e+00   8.0e+00   8.0e+00
  ratio 2       2.51       2.5       2.5       2.5       2.5       2.5       2.5       2.5       2.5       2.5
  error 2    1.5e+00   1.5e+00   1.5e+00   1.5e+00   1.5e+00   1.5e+00   1.5e+00   1.5e+00   1.5e+00   1.5e+00
item 8: claimed gradient 4.73 in entry 0, 5.54 in entry 2
  ratio 0          1         1         1         1     0.998      1.01     0.504      5.04         0         0
  error 0    2.1e-03   2.2e-05   4.7e-05   4.6e-04   2.0e-03   8.1e-03   5.0e-01   4.0e+00   1.0e+00   1.0e+00
  ratio 2          1         1         1     0.999     0.993      1.03      0.86         0         0         0
  error 2    4.7e-03   4.6e-05   9.5e-06   5.7e-04   6.6e-03   3.2e-02   1.4e-01   1.0e+00   1.0e+00   1.0e+00
"""
print(" " * 10 + "".join(f"{10.0**-k:10.0e}" for k in range(1, 11)), end="")
print(measured)

# %% drawing="eight_curves"
figure, axes = new_figure(columns=4, rows=4, width=9.6, height=8.4)
rows = [line.split() for line in measured.strip().splitlines()]
powers = 10.0 ** -np.arange(1, 11)
for item in range(1, 9):
    upper, column = 2 * ((item - 1) // 4), (item - 1) % 4
    above, below = axes[upper, column], axes[upper + 1, column]
    start = 5 * (item - 1)
    for axis, shift, low, high in [(above, 2, 1e-12, 1e9), (below, 1, 1e-3, 1e3)]:
        for entry, style, line in [(0, "o-", start + shift), (2, "s--", start + shift + 2)]:
            values = np.clip(np.abs(np.array(rows[line][2:], float)), low, high)
            axis.loglog(powers, values, style, ms=3.5, lw=1.2, label=f"entry {entry}")
        axis.set(xlim=(0.3, 3e-11), xticks=[1e-1, 1e-5, 1e-9])
    above.set(title=f"item {item}", ylim=(3e-13, 1e10), yticks=[1e-12, 1e-6, 1, 1e6])
    below.set(ylim=(5e-4, 2e3), yticks=[1e-3, 1, 1e3], xlabel="step h" if item > 4 else "")
    if column == 0:
        above.set_ylabel("error")
        below.set_ylabel("size of the ratio")
axes[0, 1].legend(loc="upper right", fontsize=9)
show(
    figure,
    alt="Sixteen small panels on logarithmic axes: for each of the items 1 to 8 the error of entries 0 "
    "and 2 against the step, and below it the size of the ratio, cut off at 0.001 and at 1000. They "
    "show the numbers that are printed in the table above.",
)

# %% [markdown] exercise="named_bugs" objective=7
# ### Exercise: name the bug
#
# For each of the eight items choose what is behind it:
#
# - **A** Nothing is wrong: central differences, and a right gradient.
# - **B** The difference is divided by writing `/ 2 * h`.
# - **C** The differences are one-sided.
# - **D** The claimed gradient is wrong by a constant factor.
# - **E** The loss draws new random numbers at every call.
# - **F** The loss is computed in float32.
# - **G** The loss has a kink near the point.
# - **H** All entries are moved at once.
# - **I** The parameters are whole numbers, so steps are cut off.
# - **J** Both shifted arrays are one and the same array.
# - **K** An entry is not put back after its step, and the entries are visited in their order.
#
# Each letter fits one item at most, and three fit none. Your answer is a list of eight letters, for
# items 1 to 8 in this order. The two checks below look only at its form. The first earns its point if
# items 1 to 4 are right, the second if items 5 to 8 are. Which letters are right, and why, you read in
# the feedback.

# %% answer="named_bugs"
named_bugs = None  # a list of eight letters, for items 1 to 8
### BEGIN SOLUTION
named_bugs = ["E", "C", "G", "D", "B", "A", "H", "F"]
### END SOLUTION

# %% [markdown] hints="named_bugs"
# 1. Look at the rows of errors first: do they fall, stay or grow, and by which factor from one step to
#    the next? Then see whether both entries do the same.
# 2. A falling branch with a factor of 100 is second order, with a factor of 10 first order. Where errors
#    stay level, the rows of ratios tell more. Ratio times claimed gradient is the numerical slope.
# 3. Begin with the letters whose mark cannot be mistaken, and cross them out. Then compare the
#    remaining items with the remaining lines of the table, two at a time.

# %% check="named_bugs" part="first" points=1
check_choices("named_bugs", named_bugs, "ABCDEFGHIJK", 8)
### BEGIN HIDDEN TESTS
grade_choices(
    "named_bugs",
    named_bugs,
    {1: "E", 2: "C", 3: "G", 4: "D"},
    {
        1: "The ratio grows about tenfold at each step, with irregular digits and signs, so two calls "
        "of the loss differ by a random amount. With whole numbers the digits would repeat.",
        2: "The error falls tenfold at each step in both entries: first order. Had entries not been put "
        "back, entry 0, which is visited first, would show second order.",
        3: "Entry 0 is level at 0.29 and drops suddenly between 1e-3 and 1e-4; entry 2 is sound. The "
        "interval reaches across a kink along entry 0 as long as h exceeds its distance.",
        4: "The ratio is 0.5 in both entries for every step but the largest. A numerical slope that does "
        "not depend on h is right, so the claimed gradient is twice the true one.",
    },
)
### END HIDDEN TESTS

# %% check="named_bugs" part="second" points=1
check_choices("named_bugs", named_bugs, "ABCDEFGHIJK", 8)
### BEGIN HIDDEN TESTS
grade_choices(
    "named_bugs",
    named_bugs,
    {5: "B", 6: "A", 7: "H", 8: "F"},
    {
        5: "The ratio is h squared. It is not 0, as it would be with one array in both places.",
        6: "Slope 2, then slope -1, with a bottom near 1e-9 or below. Entry 2 has a small slope, which "
        "makes its relative errors larger, and is sound as well.",
        7: "The ratios are level and differ: 8.99 and 2.5. Times the claimed gradient both give 6.92, "
        "which is the sum of the three entries.",
        8: "It falls with slope 2 only as far as about 1e-5, and then rises tenfold at each step. "
        "At the smallest steps the arguments are equal in float32, and the ratio is 0.",
    },
)
### END HIDDEN TESTS

# %% [markdown]
# ## 11. Quiz
#
# Each item is worth one point. Write your letter, in quotes, in place of `None`. The check below an
# answer only looks whether it is one of the letters. Whether it is right, and why, you read in the
# feedback that you get after grading.

# %% [markdown]
# ### Question 1
#
# A central difference with $h = 0.01$ is off by $4 \cdot 10^{-5}$. By about how much is it off with
# $h = 0.001$?
#
# - **A** $4 \cdot 10^{-6}$
# - **B** $4 \cdot 10^{-7}$
# - **C** $4 \cdot 10^{-8}$
# - **D** It is then exact.

# %% quiz="q1" points=1 objective=1
q1 = "B"
explain(
    A="A tenfold gain would be first order, as of a forward difference. The terms with f'' cancel here.",
    B="The error is about h^2 f'''/6, so a tenth of the step gives a hundredth of the error.",
    C="A thousandfold gain would be third order. In a central difference only the terms with f'' cancel.",
    D="It is exact for parabolas, where f''' = 0. But then it would not have been off before.",
)

# %% [markdown]
# ### Question 2
#
# The step of a central difference is reduced from $10^{-7}$ to $10^{-10}$, in float64. What happens?
#
# - **A** The slope becomes more exact, since the truncation error gets smaller.
# - **B** Nothing changes, since both are below the best step.
# - **C** The slope becomes exactly 0.
# - **D** The error grows about a thousandfold, since rounding errors are divided by a smaller number.

# %% quiz="q2" points=1 objective=2
q2 = "D"
explain(
    A="The truncation error does get smaller, but it was already far below the rounding error.",
    B="Below the best step the error is not level. It is about eps |f| / h and grows as h shrinks.",
    C="That happens once x + h rounds to x, for x near 1 below about 1e-16.",
    D="The rounding error is about eps |f| / h, and h became a thousand times smaller.",
)

# %% [markdown]
# ### Question 3
#
# The true gradient has three entries of size $10^{-6}$. Somebody claims zeros, and checks with "right
# if $\lVert a - n\rVert < 10^{-5}$". What does the check say, and what is the relative error?
#
# - **A** It says right; the relative error is 1.
# - **B** It says wrong; the relative error is 1.
# - **C** It says right; the relative error is 0.
# - **D** It says right; the relative error is 0/0.

# %% quiz="q3" points=1 objective=3
q3 = "A"
explain(
    A="The difference is as small as the gradient itself, and relative to it, it is everything.",
    B="The difference is about 1e-6, which is below 1e-5, so this check is content.",
    C="The relative error is 0 only if both are equal. Here ||a - n|| and the denominator are both ||n||.",
    D="The denominator is ||a|| + ||n||, and n is not zero. 0/0 needs both to vanish.",
)

# %% [markdown]
# ### Question 4
#
# The true gradient of a bias is 0. The numerical one is $3 \cdot 10^{-12}$, and the code says 0. The
# loss is near 1, and $h = 10^{-5}$. What should the check say?
#
# - **A** Wrong: the relative error is 1.
# - **B** Nothing: the relative error is `nan`.
# - **C** Right: the difference is below the noise floor.
# - **D** Right: a bias need not be checked.

# %% quiz="q4" points=1 objective=3
q4 = "C"
explain(
    A="The relative error is 1, but both numbers are zero as far as a difference can tell. Rounding "
    "alone makes differences of about eps / h = 2e-11.",
    B="nan would need both to be exactly 0. Here the numerical one is not.",
    C="eps |L| / h is about 2e-11, and the difference is smaller than that.",
    D="Biases have to be checked like weights. A bias gradient that is not summed is a common bug.",
)

# %% [markdown]
# ### Question 5
#
# A loss contains `np.linalg.norm(w)`. Somebody takes its gradient by the complex step. What comes out?
#
# - **A** A wrong gradient, without an error message.
# - **B** A TypeError.
# - **C** The gradient, exact to rounding.
# - **D** The gradient, with an error of order $h^2$ that is visible.

# %% quiz="q5" points=1 objective=4
q5 = "A"
explain(
    A="norm takes the absolute values of the complex entries. The imaginary part, which would hold the "
    "slope, is gone.",
    B="An exception would be better. numpy defines norm for complex arrays, and gives a real number.",
    C="It would be so for np.sqrt((w**2).sum()). norm uses abs, which does not extend as a power series.",
    D="With h = 1e-20 the truncation error is invisible. The trouble is the absolute value.",
)

# %% [markdown]
# ### Question 6
#
# At $h = 10^{-4}$ the right and the left slope differ by $0.2$. At $h = 5 \cdot 10^{-5}$ they differ by
# $0.1$, and at $2.5 \cdot 10^{-5}$ by $0.05$. What is at this point?
#
# - **A** A kink, since the slopes differ by far more than rounding.
# - **B** A kink at a distance of $10^{-4}$.
# - **C** Noise.
# - **D** Strong curvature.

# %% quiz="q6" points=1 objective=5
q6 = "D"
explain(
    A="The size of the gap does not decide. At a kink it would stay as h is halved.",
    B="Then the gap would be 0 for every h up to 1e-4.",
    C="Noise grows as h shrinks, and it does not halve so regularly.",
    D="The gap halves with the step, so it is h f'', with f'' = 2000.",
)

# %% [markdown]
# ### Question 7
#
# You check $db$ of a layer with a single sample, $m = 1$. Which bug cannot show?
#
# - **A** The sign of $db$ is wrong.
# - **B** The activation's slope is missing in $db$.
# - **C** $db$ is the mean over the batch in place of the sum.
# - **D** $db$ is always zero.

# %% quiz="q7" points=1 objective=6
q7 = "C"
explain(
    A="A wrong sign shows with any number of samples, unless the gradient is zero.",
    B="A missing factor shows with one sample as well, as the slope of an activation is hardly ever 1.",
    C="The mean and the sum of one number are equal.",
    D="A zero gradient shows as soon as the true one is not zero.",
)

# %% [markdown]
# ### Question 8
#
# A check with $h = 10^{-5}$ gives the relative error $0.33$ in every array. With $h = 10^{-4}$ and
# $10^{-6}$ it is $0.33$ again. What is the most likely cause?
#
# - **A** The step is too large.
# - **B** The gradient is off by a factor of 2.
# - **C** The loss is random.
# - **D** The loss is computed in float32.

# %% quiz="q8" points=1 objective=7
q8 = "B"
explain(
    A="Then the error would fall as h shrinks, by a hundred for each factor of ten.",
    B="The error does not depend on h, so the numerical slope is right. |2 - 1| / (2 + 1) = 1/3.",
    C="The error of a random loss grows tenfold when h falls tenfold.",
    D="In float32 the error below h = 1e-2 grows as h shrinks. It would not stay.",
)

# %% [markdown]
# ## Summary
#
# - A central difference errs by about $h^2 |f'''| / 6$ through truncation and $\varepsilon |f| / h$
#   through rounding. The best step is $(3 \varepsilon |f| / |f'''|)^{1/3}$, often near $10^{-5}$.
# - Work on a float copy, move one entry at a time, and let the step grow with the entry.
# - Compare relatively, entry by entry, above a noise floor of some $\varepsilon\,|L|/h$.
# - The complex step is exact where nothing takes absolute values, compares or drops imaginary parts.
# - At a kink both slopes differ by an amount that does not shrink with $h$. Such entries do not count.
# - One random direction tells whether a gradient is wrong, for two evaluations.
# - A check sees only what its fixture shows: several samples, different dimensions, biases that are not
#   zero, an upstream that is not 1, no randomness.
# - Error against $h$ tells the bugs of the gradient from those of the checker.
#
# ### What to review
#
# - Can you derive the best step without looking, and say what each of its three ingredients does?
# - Can you name two gradients that a check on relative error alone misjudges?
# - Can you write down the fixture rule, with one bug for each part of it that would slip through
#   otherwise?
#
# ### Where this comes from
#
# The complex step: Squire and Trapp, *Using complex variables to estimate derivatives of real
# functions*, SIAM Review 40 (1998).
#
# **Next:** the capstone. You write the backward pass of a deeper network, build a checker that is
# graded by the bugs it catches, and repair a training loop that somebody else has broken.
