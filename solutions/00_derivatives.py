# ---
# jupyter:
#   course:
#     minutes: 100
#     objectives:
#     - say what a derivative tells, and how it is measured from values of the function
#     - differentiate sums, products and quotients
#     - differentiate a curve that is given by an equation in x and y
#     - derive the slopes of sigmoid, tanh and ReLU, and compute them without overflow
#     - tell a minimum from a maximum, also where the second derivative is 0
#     - bound changes with the mean value theorem, and find safe learning rates
#     title: Derivatives
# ---

# %% [markdown]
# # Lesson 0: Derivatives
#
# A **network** is a function with many numbers in it that can be set. Its **loss** says how wrong its
# results are, as one number. In **training** the numbers of the network are changed, step by step, so
# that the loss falls. For each of them one must know: if this number grows a little, does the loss
# rise or fall, and how fast? The answer is a derivative. This lesson goes once through what you have
# learned about derivatives before, and keeps what the rest of the course is built on. From the first
# page on you will check formulas against measured slopes.

# %% [markdown]
# ## What you bring along
#
# You need no calculus beyond a first course. You should know what a function and its graph are, and
# have seen the derivatives in this table:
#
# | function | derivative at $x$ | for |
# |---|---|---|
# | a constant $k$ | $0$ | all $x$ |
# | $x^n$ with $n = 1, 2, 3, \dots$ | $n\,x^{n-1}$ | all $x$ |
# | $\sqrt x$ | $\dfrac{1}{2\sqrt x}$ | $x > 0$ |
# | $e^x$ | $e^x$ | all $x$ |
# | $\ln x$ | $\dfrac1x$ | $x > 0$ |
# | $\sin x$ | $\cos x$ | all $x$ |
# | $\cos x$ | $-\sin x$ | all $x$ |
#
# In Python you should be able to write a function, and to compute with numpy arrays. An operation
# such as `x**2` acts on each entry of an array by itself.
#
# The chain rule is not needed yet. It is lesson 1.
#
# The time at the top is meant without the proofs that are marked "at first reading you may skip".
#
# Below each exercise there are hints and checks. A check tries your code at a few points, and says
# "Passed." or what is wrong. Passed means right at these points; the grading tries others. More about
# this, and about handing in, is in [the start notebook](start.ipynb).

# %% given="setup"
import warnings

import numpy as np

from course_utils import (
    Mismatch,
    call,
    check_avoids,
    check_choice,
    check_derivative,
    check_equal,
    check_gradient,
    check_value,
    grade_choice,
    numerical_derivative,
    part,
)
from course_utils.checks.cases import Implicit
from course_utils.figures import new_figure, show
from course_utils.figures.activations import activations as activation_curves
from course_utils.figures.secant import secant

# %% [markdown]
# ## 1. From the secant to the tangent
#
# How fast does $f(x) = x^2$ grow at $x = 3$? Take a step $h$ to the right and compare. The function
# rises from $f(3) = 9$ to $f(3 + h)$. The rise, divided by the step, is the slope of a **secant**,
# the straight line through the two points of the graph:
#
# $$\frac{f(3 + h) - f(3)}{h} = \frac{9 + 6h + h^2 - 9}{h} = 6 + h .$$
#
# **Predict before you run the next cell:** what is the slope of the secant for $h = 0.01$?

# %%
print("step h   rise of x^2   slope of the secant")
for step in (1, 0.1, 0.01):
    rise = (3 + step) ** 2 - 3**2
    print(f"{step:6}   {rise:11.4f}   {rise / step:19.4f}")

# %% drawing="secants"
secant(np.square, "x²", x=3.0, h=2.0, low=1.0, high=5.0)

# %% [markdown]
# Leave $x$ at 3. Move the step $h$ toward 0, with the mouse or with the arrow keys, and watch the
# slope of the secant. Then choose the central difference, which steps to both sides of $x$, and do it
# again. For $x^2$ it gives 6 with every step. Why stepping to both sides is better, you will see in
# "Measuring a slope".

# %% [markdown]
# As the step shrinks, the second point moves toward the first. The secants turn into the
# **tangent**, and their slopes $6 + h$ approach 6. This limit is the **derivative** of $f$ at $x$:
#
# $$f'(x) = \lim_{h \to 0} \frac{f(x + h) - f(x)}{h} .$$
#
# We also write $\frac{df}{dx}$ for it, and call its value at a point the **slope** there. So
# $f'(3) = 6$. For any $x$ the same computation gives $2x + h$, and $f'(x) = 2x$.
#
# Read $f'(3) = 6$ as a **rate of change**: for small $h$, a step from 3 to $3 + h$ raises the
# function by about $6h$. The table shows it. For $h = 0.01$ the rise is $0.0601$, and $6h$ is
# $0.06$.
#
# You may think that 6 is the height of the graph, but the height at 3 is 9. A step of 1 does not raise
# the function by 6 either. It raises it by 7, since on the way the slope itself grows. The derivative
# describes small steps.
#
# ### Measuring a slope
#
# Sometimes there is no formula for $f'$, or you do not trust the one you have. Then you can measure.
# The secant to the right is a **forward difference**. A better way steps to both sides. The
# **central difference** is the change from $x - h$ to $x + h$, divided by the distance $2h$ between
# these two points:
#
# $$\frac{f(x + h) - f(x - h)}{2h} .$$
#
# Take $f(x) = x^3$ at $x = 2$. The true slope is $3 \cdot 2^2 = 12$. Multiplying out, we get
#
# $$\text{forward:}\quad \frac{(2 + h)^3 - 8}{h} = 12 + 6h + h^2, \qquad\qquad
# \text{central:}\quad \frac{(2 + h)^3 - (2 - h)^3}{2h} = 12 + h^2 .$$
#
# The term $6h$ has cancelled. For $h = 0.01$ the forward difference is wrong by $0.0601$, the
# central difference by $0.0001$.

# %%
print("step h   forward   central")
for step in (1, 0.1, 0.01):
    forward = ((2 + step) ** 3 - 2**3) / step
    central = ((2 + step) ** 3 - (2 - step) ** 3) / (2 * step)
    print(f"{step:6}   {forward:7.4f}   {central:7.4f}")

print(f"numerical_derivative: {numerical_derivative(lambda x: x**3, 2.0):.6f}")

# %% [markdown]
# The course's function `numerical_derivative(f, x)` is a central difference with a step that suits
# $x$. The checks of your derivatives work in the same spirit: they know no formula, and find the slope
# from values of the function. How small the step should be, and why not as small as possible, is
# the subject of lesson 4.

# %% [markdown]
# ## 2. The rules
#
# Most functions are put together from those in the first table. Three rules give their derivatives.
# Let $u$ and $v$ be functions of $x$ with the derivatives $u'$ and $v'$, all taken at the same $x$,
# and let $k$ be a constant.
#
# | rule | function | derivative at $x$ |
# |---|---|---|
# | sum and constant factor | $u + k\,v$ | $u' + k\,v'$ |
# | product | $u\,v$ | $u'\,v + u\,v'$ |
# | quotient | $\dfrac{u}{v}$, where $v \neq 0$ | $\dfrac{u'\,v - u\,v'}{v^2}$ |
#
# You may think that a product is differentiated factor by factor, but for $x \cdot x$ that would
# give $1 \cdot 1 = 1$, and the derivative of $x^2$ is $2x$.
#
# ### Why they are true
#
# At first reading you may skip this part.
#
# The first rule follows from the definition, since both limits can be taken by themselves. For the
# **product**, move $x$ by a small $h$. Then $u$ moves by some $\Delta u$, $v$ by some $\Delta v$,
# and the product by
#
# $$(u + \Delta u)(v + \Delta v) - u\,v = v\,\Delta u + u\,\Delta v + \Delta u\,\Delta v .$$
#
# Divide by $h$ and let $h \to 0$. The first two terms become $u'v$ and $u\,v'$. In the last one
# $\Delta v = \frac{\Delta v}{h}\,h \to v' \cdot 0 = 0$, so it becomes
# $\frac{\Delta u}{h}\,\Delta v \to u' \cdot 0 = 0$.
#
# The **quotient** moves by
#
# $$\frac{u + \Delta u}{v + \Delta v} - \frac uv
# = \frac{v\,\Delta u - u\,\Delta v}{v\,(v + \Delta v)} .$$
#
# Divide by $h$ and let $h \to 0$ again. The numerator becomes $u'v - u\,v'$, and the denominator
# $v \cdot v$, as $\Delta v \to 0$. The minus sign belongs to the term with $v'$: between positive
# numbers, a growing denominator makes the quotient fall.
#
# ### A worked example
#
# Two functions, a product and a quotient:
#
# $$p(x) = x^2 \ln x \quad (x > 0), \qquad\qquad r(x) = \frac{x}{x^2 + 1} .$$
#
# The code follows the steps that you would take on paper: name the parts, differentiate each part,
# put them together by the rule.


# %%
def p_prime(x):
    x = np.asarray(x, float)  # a number, a list or an array, also of whole numbers
    # name the parts of the product
    u, v = x**2, np.log(x)
    # differentiate each part, at x
    du, dv = 2 * x, 1 / x
    # put them together by the product rule
    return du * v + u * dv


def r_prime(x):
    x = np.asarray(x, float)
    # name the parts of the quotient
    u, v = x, x**2 + 1
    # differentiate each part, at x
    du, dv = 1, 2 * x
    # put them together by the quotient rule
    return (du * v - u * dv) / v**2


points = [0.5, 1, 2, 3.5]
print("p_prime:", p_prime(points).round(4))
print("r_prime:", r_prime(points).round(4))
check_derivative(lambda x: x**2 * np.log(x), p_prime, points)
check_derivative(lambda x: x / (x**2 + 1), r_prime, points)
print("Both agree with the measured slopes.")

# %% [markdown]
# The first line of each function makes an array of floats from whatever comes in: a number, a list,
# or an array. It also protects you from whole numbers. An array of whole numbers cannot hold
# fractions, and numpy refuses to raise it to a negative whole power such as `x**-1`. The line stands
# in the next three exercises for you. Keep it.

# %% [markdown] exercise="f_prime" objective=2
# ### Exercise: a polynomial
#
# Write `f_prime(x)`, the derivative of
#
# $$f(x) = 3x^4 - 2x^2 + 7x - 1 .$$
#
# `x` is a number, or a list or an array of shape `(n,)`, and may hold whole numbers. The result has
# the shape of `x`: for an array, entry number $i$ is the slope at entry number $i$ of `x`.
#
# Here and below, find a formula by the rules and do not call `numerical_derivative`. A measured slope
# is never quite exact, and each one takes two values of the function.


# %% answer="f_prime"
def f_prime(x):
    """Return the derivative of 3x^4 - 2x^2 + 7x - 1 at x. x: a number or (n,). Result: alike."""
    x = np.asarray(x, float)
    ### BEGIN SOLUTION
    return 12 * x**3 - 4 * x + 7
    ### END SOLUTION


# %% [markdown] hints="f_prime"
# 1. Take the four terms of the sum one at a time. What does each contribute, the last one too?
# 2. The rule for sums and constant factors, and $n\,x^{n-1}$ for a power $x^n$.
# 3. One line: `return ... * x**3 - ... * x + ...`.

# %% check="f_prime" points=1
check_derivative(lambda x: 3 * x**4 - 2 * x**2 + 7 * x - 1, f_prime, [-1.5, 0.5, 2.0])
for given, kind in [(np.array([-2, 3, 5]), "the array [-2, 3, 5]"), ([1, -4], "the list [1, -4]")]:
    check_gradient(
        lambda x: np.sum(3 * x**4 - 2 * x**2 + 7 * x - 1),
        call(f_prime, given),
        given,
        name=f"f_prime of {kind}",
    )
### BEGIN HIDDEN TESTS
scattered = np.random.default_rng(101).uniform(-3, 3, 7)
check_derivative(lambda x: 3 * x**4 - 2 * x**2 + 7 * x - 1, f_prime, scattered)
for given, kind in [(scattered, "an array"), ([4, -3, 0, 6], "a list"), (3, "the number 3")]:
    check_gradient(
        lambda x: np.sum(3 * x**4 - 2 * x**2 + 7 * x - 1),
        call(f_prime, given),
        given,
        name=f"f_prime of {kind}",
    )
### END HIDDEN TESTS

# %% [markdown] exercise="g_prime" objective=2
# ### Exercise: a product
#
# Write `g_prime(x)`, the derivative of
#
# $$g(x) = \sqrt x \; e^x \qquad \text{for } x > 0 .$$
#
# `x` and the result are as in `f_prime`.


# %% answer="g_prime"
def g_prime(x):
    """Return the derivative of sqrt(x) exp(x) at x > 0. x: a number or (n,). Result: alike."""
    x = np.asarray(x, float)
    ### BEGIN SOLUTION
    return np.exp(x) / (2 * np.sqrt(x)) + np.sqrt(x) * np.exp(x)
    ### END SOLUTION


# %% [markdown] hints="g_prime"
# 1. Compare with `p_prime` above, line by line. What are `u` and `v` here?
# 2. The product rule: each factor is differentiated once, the other stays, and the two terms are
#    added. The slope of $\sqrt x$ stands in the first table.
# 3. With `u, v` and `du, dv` the last line has the shape `return du * ... + u * ...`.

# %% check="g_prime" points=1
look = "Is each term as the product rule says? And mind that Python reads 1/2*a as (1/2)*a."
check_derivative(lambda x: np.sqrt(x) * np.exp(x), g_prime, [0.5, 2.0, 3.5], look=look)
for given, kind in [(np.array([1, 2, 4]), "the array [1, 2, 4]"), ([2, 6], "the list [2, 6]")]:
    check_gradient(
        lambda x: np.sum(np.sqrt(x) * np.exp(x)),
        call(g_prime, given),
        given,
        name=f"g_prime of {kind}",
    )
### BEGIN HIDDEN TESTS
scattered = np.random.default_rng(102).uniform(0.2, 4, 6)
check_derivative(lambda x: np.sqrt(x) * np.exp(x), g_prime, scattered)
for given, kind in [(scattered, "an array"), ([5, 1, 3], "a list"), (2, "the number 2")]:
    check_gradient(
        lambda x: np.sum(np.sqrt(x) * np.exp(x)),
        call(g_prime, given),
        given,
        name=f"g_prime of {kind}",
    )
### END HIDDEN TESTS

# %% [markdown] exercise="h_prime" objective=2
# ### Exercise: a quotient
#
# Write `h_prime(x)`, the derivative of
#
# $$h(x) = \frac{x^2 + 1}{x - 1} \qquad \text{for } x \neq 1 .$$
#
# Here $h$ is the name of a function, not a step. `x` and the result are as in `f_prime`.


# %% answer="h_prime"
def h_prime(x):
    """Return the derivative of (x^2 + 1)/(x - 1) at x != 1. x: a number or (n,). Result: alike."""
    x = np.asarray(x, float)
    ### BEGIN SOLUTION
    return (2 * x * (x - 1) - (x**2 + 1)) / (x - 1) ** 2
    ### END SOLUTION


# %% [markdown] hints="h_prime"
# 1. Compare with `r_prime` above. Look at the order of the two terms in the numerator, and at the
#    brackets around the whole numerator.
# 2. The quotient rule. The term in which the denominator is differentiated has the minus sign.
# 3. With `u, v` and `du, dv` the last line has the shape `return (... - ...) / ...**2`.

# %% check="h_prime" points=1
look = "Is each term as the quotient rule says? Is all that is subtracted in brackets?"
check_derivative(lambda x: (x**2 + 1) / (x - 1), h_prime, [0.5, 2.0, 3.5], look=look)
for given, kind in [(np.array([-2, 3, 6]), "the array [-2, 3, 6]"), ([0, 4], "the list [0, 4]")]:
    check_gradient(
        lambda x: np.sum((x**2 + 1) / (x - 1)),
        call(h_prime, given),
        given,
        name=f"h_prime of {kind}",
    )
### BEGIN HIDDEN TESTS
scattered = np.random.default_rng(103).uniform(1.3, 5, 6) * [1, -1, 1, -1, 1, 1]
check_derivative(lambda x: (x**2 + 1) / (x - 1), h_prime, scattered)
for given, kind in [(scattered, "an array"), ([5, -1, 3, 0], "a list"), (4, "the number 4")]:
    check_gradient(
        lambda x: np.sum((x**2 + 1) / (x - 1)),
        call(h_prime, given),
        given,
        name=f"h_prime of {kind}",
    )
### END HIDDEN TESTS

# %% [markdown]
# ### Your three derivatives, beside measured slopes
#
# The next cell puts your values beside central differences. At $x = 1$ the function $h$ is not
# defined, so it has no slope there.


# %% given="yours"
def yours(slope, *at, digits=4):
    """Return the learner's slope as text; a gap where there is no number yet."""
    try:
        return f"{float(call(slope, *at)):.{digits}f}"
    except (Mismatch, TypeError):
        return "no number yet"


functions = [
    ("f", lambda x: 3 * x**4 - 2 * x**2 + 7 * x - 1, f_prime),
    ("g", lambda x: np.sqrt(x) * np.exp(x), g_prime),
    ("h", lambda x: (x**2 + 1) / (x - 1), h_prime),
]
print("function     x    your formula   central difference")
for name, function, slope in functions:
    for x in (0.5, 1.0, 2.0, 3.5):
        if name == "h" and x == 1.0:
            print(f"{name:>8} {x:5}   {'not defined':>13}   {'not defined':>18}")
        else:
            measured = numerical_derivative(function, x)
            print(f"{name:>8} {x:5}   {yours(slope, x):>13}   {measured:18.4f}")

# %% [markdown]
# ## 3. A curve given by an equation
#
# Some curves are not the graph of a function. On the circle $x^2 + y^2 = 25$ there are two points with
# $x = 3$, namely $(3, 4)$ and $(3, -4)$. Still, the curve has a tangent at each of them. To find its
# slope we need not solve for $y$.
#
# Near a point of the circle with $y \neq 0$, the curve is the graph of a function of $x$, with some
# slope $y'$ that we do not know yet. The equation holds all along the curve. So both sides, as
# functions of $x$, are equal, and their derivatives are equal too. This is **implicit
# differentiation**. The product rule gives the derivative of $y^2$:
#
# $$\frac{d}{dx}\,y^2 = \frac{d}{dx}\,(y \cdot y) = y'\,y + y\,y' = 2y\,y' .$$
#
# You may think that it is $2y$, but that is the rate at which $y^2$ changes with $y$. Here $x$
# moves, and $y$ follows at the rate $y'$.
#
# ### A worked example: the circle
#
# | step | what | here |
# |---|---|---|
# | differentiate both sides | with respect to $x$, at a point $(x, y)$ of the curve | $2x + 2y\,y' = 0$ |
# | solve for $y'$ | possible where $y \neq 0$ | $y' = -x/y$ |
# | put the point in | both coordinates | at $(3, 4)$: $-0.75$; at $(3, -4)$: $0.75$ |
#
# The slope depends on both coordinates. The number $x$ alone does not say which of the two points is
# meant.

# %%
upper = numerical_derivative(lambda x: np.sqrt(25 - x**2), 3.0)
lower = numerical_derivative(lambda x: -np.sqrt(25 - x**2), 3.0)
print(f"measured on the upper half: {upper:.6f}, on the lower half: {lower:.6f}")

# %% [markdown] exercise="ellipse_slope" objective=3
# ### Exercise: the slope of an ellipse
#
# Write `ellipse_slope(x, y)`. It takes the coordinates of a point, two numbers, on the ellipse
#
# $$\frac{x^2}{4} + \frac{y^2}{9} = 1$$
#
# with $y \neq 0$, and returns the slope $dy/dx$ of the ellipse there, a number. The point can lie on
# the upper or on the lower half.


# %% answer="ellipse_slope"
def ellipse_slope(x, y):
    """Return the slope dy/dx, a number, of x^2/4 + y^2/9 = 1 at its point (x, y), y != 0."""
    ### BEGIN SOLUTION
    return -9 * x / (4 * y)
    ### END SOLUTION


# %% [markdown] hints="ellipse_slope"
# 1. Start on paper, with the equation. The derivative of its right side is 0. Which term of the left
#    side brings in $y'$?
# 2. The derivative of $y^2$ with respect to $x$ is $2y\,y'$. The constant factors $\frac14$ and
#    $\frac19$ stay.
# 3. You get an equation of the shape $a\,x + b\,y\,y' = 0$ with two numbers $a$ and $b$. Solve it
#    for $y'$.

# %% check="ellipse_slope" points=1
on_ellipse = [
    (x, s * np.sqrt(1 - x**2 / 4)) for x, s in [(0.5, 3), (1.1, -3), (-1.3, 3), (0.8, -3)]
]
ellipse = Implicit(lambda x, y: x**2 / 4 + y**2 / 9, ellipse_slope, on_ellipse)
look = "Put one point into your line on paper. Python reads a/4*y as (a/4)*y."
check_derivative(
    lambda x: 3 * np.sqrt(1 - x**2 / 4),
    lambda x: call(ellipse_slope, x, 3 * np.sqrt(1 - x**2 / 4)),
    [0.5, 1.0, -1.5],
    name="ellipse_slope on the upper half",
    look=look,
    case=ellipse,
)
check_derivative(
    lambda x: -3 * np.sqrt(1 - x**2 / 4),
    lambda x: call(ellipse_slope, x, -3 * np.sqrt(1 - x**2 / 4)),
    [0.5, -1.2],
    name="ellipse_slope on the lower half",
    look=look,
    case=ellipse,
)
### BEGIN HIDDEN TESTS
places = np.random.default_rng(104).uniform(-1.9, 1.9, 8)
for sign, half in [(3, "upper"), (-3, "lower")]:
    check_derivative(
        lambda x, sign=sign: sign * np.sqrt(1 - x**2 / 4),
        lambda x, sign=sign: call(ellipse_slope, x, sign * np.sqrt(1 - x**2 / 4)),
        places,
        name=f"ellipse_slope on the {half} half",
        case=ellipse,
    )
    check_value(call(ellipse_slope, 0, sign), 0, name=f"ellipse_slope(0, {sign})")
### END HIDDEN TESTS

# %% [markdown]
# For this ellipse one can also solve for $y$. The upper half is $y = 3\sqrt{1 - x^2/4}$. The next
# cell measures its slope and puts yours beside it. At $x = 1$ the height is $y = 3\sqrt3/2$.

# %%
print("   x        y    your slope   central difference")
for x in (0.5, 1.0, 1.5):
    y = 3 * np.sqrt(1 - x**2 / 4)
    measured = numerical_derivative(lambda x: 3 * np.sqrt(1 - x**2 / 4), x)
    slope = yours(ellipse_slope, x, y, digits=6)
    print(f"{x:4} {y:8.4f} {slope:>13}   {measured:18.6f}")

# %% drawing="ellipse"
angle = np.linspace(0, 2 * np.pi, 200)
figure, axis = new_figure(width=4.6, height=4.2)
axis.plot(2 * np.cos(angle), 3 * np.sin(angle), "-", lw=2.5, label="ellipse")
run = np.array([-0.9, 0.9])
tangents = [(1, 3 * np.sqrt(3) / 2, -np.sqrt(3) / 2, "--", "tangent at x = 1: slope -0.866")]
tangents += [(0, 3, 0, ":", "horizontal tangents"), (0, -3, 0, ":", None)]
for x, y, slope, style, label in tangents:
    color = "C1" if x else "C2"
    axis.plot(x + run, y + slope * run, style, color=color, lw=2.5, label=label)
    axis.plot(x, y, "o", color="black", ms=6)
axis.set(xlabel="x", ylabel="y", xlim=(-3.6, 3.6), ylim=(-3.8, 5.2), aspect="equal")
axis.legend(loc="upper center", fontsize=9)
show(
    figure,
    alt="An ellipse that reaches from x = -2 to 2 and from y = -3 to 3. The tangent at the upper "
    "point with x = 1 falls to the right. At the top and at the bottom the tangents are horizontal.",
)

# %% [markdown]
# The tangent is horizontal where $y' = 0$. That is at $x = 0$, so at the two points $(0, 3)$ and
# $(0, -3)$. At $(2, 0)$ and $(-2, 0)$ the tangent is vertical. There $y'$ does not exist, and the
# formula would divide by 0.

# %% [markdown]
# ## 4. Activations and their slopes
#
# A network is put together from small parts, its **units**. Each unit computes a number $z$, its
# **pre-activation**, and hands on $\phi(z)$. The function $\phi$ is called the **activation**. Three
# are common:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}, \qquad
# \tanh z = \frac{e^z - e^{-z}}{e^z + e^{-z}}, \qquad
# \mathrm{relu}(z) = \max(0, z).$$
#
# The first one, $\sigma$, is the **sigmoid**. It rises from 0 to 1, $\tanh$ from $-1$ to 1. To train
# a network we need their slopes, taken at the pre-activation $z$.
#
# ### The sigmoid
#
# First the derivative of $e^{-z}$. It is $1/e^z$, a quotient with $u = 1$ and $v = e^z$. So its
# derivative at $z$ is
#
# $$\frac{0 \cdot e^z - 1 \cdot e^z}{(e^z)^2} = -\frac{1}{e^z} = -e^{-z} .$$
#
# Now the sigmoid itself: $u = 1$ and $v = 1 + e^{-z}$, so $u' = 0$ and $v' = -e^{-z}$. The quotient
# rule gives
#
# $$\sigma'(z) = \frac{0 \cdot (1 + e^{-z}) - 1 \cdot (-e^{-z})}{(1 + e^{-z})^2}
# = \frac{e^{-z}}{(1 + e^{-z})^2}
# = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}} .$$
#
# The first factor is $\sigma(z)$. The second one is $1 - \sigma(z)$, since
# $1 - \frac{1}{1 + e^{-z}} = \frac{1 + e^{-z} - 1}{1 + e^{-z}}$. Hence
#
# $$\sigma'(z) = \sigma(z)\,\bigl(1 - \sigma(z)\bigr) .$$
#
# Only values of $\sigma$ at $z$ stand on the right. For $z = 2$, $\sigma(2)$ is about $0.8808$, and
# the slope is about $0.8808 \cdot 0.1192$, or $0.1050$. You may think that the activation $0.8808$
# goes into $\sigma'$, but $\sigma'$ takes the pre-activation 2. The slope of the sigmoid at $0.8808$
# is another number, about $0.2072$.
#
# How large can the slope be? Write $s = \sigma(z)$. Then
#
# $$s(1 - s) = \tfrac14 - \bigl(s - \tfrac12\bigr)^2 \;\le\; \tfrac14 .$$
#
# The largest slope of the sigmoid is $0.25$. It is reached where $s = \frac12$, so at $z = 0$. Where
# the value is large, the slope is not: for large $z$ the curve is flat, as $s$ is nearly 1, and
# $1 - s$ is nearly 0.
#
# ### The other two
#
# For $\tanh z = u/v$ with $u = e^z - e^{-z}$ and $v = e^z + e^{-z}$ we have $u' = v$ and
# $v' = u$. So
#
# $$\tanh' z = \frac{v \cdot v - u \cdot u}{v^2} = 1 - \Bigl(\frac uv\Bigr)^2 = 1 - \tanh^2 z .$$
#
# Its largest value is 1. It is reached where $\tanh z = 0$, so at $z = 0$.
#
# ReLU is $z$ for $z > 0$ and 0 for $z < 0$. So its slope is 1 for $z > 0$ and 0 for $z < 0$. At
# $z = 0$ there is a **kink**: secants to the right have slope 1, secants to the left have slope 0,
# and there is no derivative. A program needs some number. In this course the slope of ReLU at 0 is 0,
# by convention.
#
# **Predict before you run:** what does a central difference say at the kink?

# %% given="activations"
activations = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(0.0, z),
}
print("measured slopes")
print("    z   sigmoid      tanh      relu")
for z in (-2.0, -1.0, 0.0, 1.0, 2.0):
    slopes = [numerical_derivative(phi, z) for phi in activations.values()]
    print(f"{z:5}" + "".join(f"{slope:10.4f}" for slope in slopes))

# %% [markdown]
# At the kink the central difference is $0.5$, the mean of the two one-sided slopes 0 and 1. It is
# neither of them, and it is no derivative. By convention we write 0 there. Everywhere else the
# table agrees with the formulas. At $z = 0$ you find the largest values, $0.25$ and $1$.

# %% drawing="curves"
activation_curves(z=2.0, kind="sigmoid")

# %% [markdown]
# Above is an activation, below it its slope. Move $z$, and choose each activation in turn. Where is
# the slope of the sigmoid largest, and what happens to it for large $z$? What does the figure say of
# ReLU at 0? The next picture shows the three slopes together.

# %% drawing="slopes"
line = np.linspace(-5, 5, 200)  # an even number of points, so that none sits on the kink
figure, axis = new_figure(width=6.4, height=3.4)
for label, style in [("sigmoid", "-"), ("tanh", "--")]:
    slope = numerical_derivative(activations[label], line)
    axis.plot(line, slope, style, lw=2.5, label=f"slope of {label}")
for side, label in [(line < 0, "slope of relu"), (line > 0, None)]:
    slope = numerical_derivative(activations["relu"], line[side])
    axis.plot(line[side], slope, ":", color="C2", lw=3, label=label)
axis.plot(0, 0, "o", color="C2", ms=6)
axis.plot(0, 1, "o", color="C2", ms=6, markerfacecolor=axis.get_facecolor())
axis.axhline(0.25, color="black", lw=0.8)
axis.text(-4.9, 0.27, "0.25", va="bottom")
axis.set(xlabel="pre-activation z", ylabel="slope", ylim=(-0.05, 1.1))
axis.legend(loc="upper left", bbox_to_anchor=(0.0, 0.95))
show(
    figure,
    alt="Slopes of three activations. That of the sigmoid is a low bump with its peak 0.25 at 0. "
    "That of tanh is a narrower bump with its peak 1 at 0. That of relu is 0 on the left and 1 on "
    "the right; at 0 a full dot marks the value 0 that it is given, and an open dot the 1 that it is "
    "not.",
)

# %% [markdown]
# ### A formula can be right and still overflow
#
# The largest float64 is about $1.8 \cdot 10^{308}$, and $e^{710}$ is larger. So for $z = -1000$ the
# formula $1/(1 + e^{-z})$ asks for a number that float64 cannot hold. numpy warns and computes with
# infinity. Here $1/\infty = 0$ comes out right. The form $e^z/(1 + e^z)$ is mathematically the same,
# but at $z = 1000$ it becomes $\infty/\infty$, which is `nan`, not a number.
#
# Each of the two forms is safe on one side. So it seems enough to choose:

# %%
z = np.array([-1000.0, 0.0, 1000.0])
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    chosen = np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))
print("values:", chosen)
for message in sorted({str(warning.message) for warning in caught}):
    print("numpy warns:", message)

# %% [markdown]
# The values are right, and still there are warnings. `np.where` does not compute each branch only
# where it is chosen. It is an ordinary function: both branches are computed for **all** entries
# before it begins to choose. The overflow happens in the branch that is thrown away.
#
# A warning that is always there hides the one that matters. There are two ways out. Compute each
# branch only at the entries that need it. Or hand to `np.exp` only numbers that are at most 0: its
# result then lies between 0 and 1.

# %% [markdown] exercise="stable_sigmoid" objective=4
# ### Exercise: a sigmoid that never overflows
#
# Write `stable_sigmoid(z)`. It returns $\sigma(z)$ in the shape of `z`, without a warning of numpy
# for any `z`.
#
# `z` is a number, a list, or an array of any shape, and may hold whole numbers. The numbers can be as
# large as $\pm 1000$ and beyond. (An error below $10^{-16}$ is no error at such `z`: near $z = -1000$
# both 0 and $10^{-200}$ are right.)
#
# Do not switch the warning off, with `np.errstate` for example: the overflow would still be there. The
# exercise is to compute without one.


# %% answer="stable_sigmoid"
def stable_sigmoid(z):
    """Return 1 / (1 + exp(-z)) in z's shape, without a warning for any z, however large."""
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(np.asarray(z, float)))  # between 0 and 1, for either sign of z
    return np.where(np.asarray(z) >= 0, 1 / (1 + small), small / (1 + small))
    ### END SOLUTION


# %% [markdown] hints="stable_sigmoid"
# 1. Look at what goes into `np.exp`. For which `z` is it positive and large?
# 2. $e^{-|z|}$ never exceeds 1. Use $\sigma(z) = 1/(1 + e^{-z})$ for $z \ge 0$ and
#    $\sigma(z) = e^z/(1 + e^z)$ for $z < 0$, and write both with $e^{-|z|}$.
# 3. Three lines: `z = np.asarray(...)`, as a list cannot be compared with 0; then `e = np.exp(...)`
#    with an argument that is never positive; then `return np.where(..., ..., ...)`, where `z` itself
#    stands only in the condition.

# %% check="stable_sigmoid" points=1
tame = np.array([[-3.0, -0.5, 0.0], [2.0, 4.0, -6.0]])
check_value(
    call(stable_sigmoid, tame, quiet=True),
    1 / (1 + np.exp(-tame)),
    name="stable_sigmoid of an array (2, 3)",
)
for given, kind in [
    (np.array([-2, 1, 3]), "the array [-2, 1, 3] of whole numbers"),
    ([1, -2], "the list [1, -2]"),
    (0.5, "the number 0.5"),
]:
    check_value(
        call(stable_sigmoid, given, quiet=True, name=f"stable_sigmoid of {kind}"),
        1 / (1 + np.exp(-np.asarray(given))),
        name=f"stable_sigmoid of {kind}",
    )
name = "stable_sigmoid([-1000, 3, 1000])"
check_value(
    call(stable_sigmoid, np.array([-1000.0, 3.0, 1000.0]), quiet=True, name=name),
    [0, 1 / (1 + np.exp(-3)), 1],
    name=name,
    atol=1e-16,  # so that 0 and 1e-200 count as the same
    look="At -1000 an error of 1e-16 or more is an error.",
)
check_avoids(
    stable_sigmoid,
    ["errstate", "seterr", "simplefilter", "filterwarnings"],
    because="hides a warning; there must be none to hide.",
)
### BEGIN HIDDEN TESTS
block = np.random.default_rng(105).normal(scale=3, size=(4, 3))
for given, kind in [
    (block, "an array (4, 3)"),
    ([-2, 0, 1, 5], "a list"),
    (block[0, 0], "a number"),
]:
    check_value(
        call(stable_sigmoid, given, quiet=True),
        1 / (1 + np.exp(-np.asarray(given))),
        name=f"stable_sigmoid of {kind}",
    )
for large in (-1000.0, 1000, -710.5, 745, 1e6, -(10**6)):
    name = f"stable_sigmoid({large:g})"
    check_value(
        call(stable_sigmoid, large, quiet=True, name=name), large > 0, name=name, atol=1e-16
    )
### END HIDDEN TESTS

# %% [markdown] exercise="activation_derivative" objective=4
# ### Exercise: the slope of an activation
#
# Write `activation_derivative(z, kind)`. It returns $\phi'(z)$, the slope of an activation at the
# pre-activation `z`, in the shape of `z`. `kind` is `"sigmoid"`, `"tanh"` or `"relu"`. `z` is as in
# `stable_sigmoid`, and again numpy must not warn for any `z`, with no warning switched off. The
# slope of ReLU at 0 is 0. The result consists of numbers, not of `True` and `False`. For large $|z|$
# an error below $10^{-16}$ is no error.
#
# You may call your `stable_sigmoid`.


# %% answer="activation_derivative"
def activation_derivative(z, kind):
    """Return phi'(z) in z's shape; kind is "sigmoid", "tanh" or "relu"."""
    ### BEGIN SOLUTION
    z = np.asarray(z, float)
    if kind == "sigmoid":
        s = stable_sigmoid(z)
        return s * (1 - s)
    if kind == "tanh":
        return 1 - np.tanh(z) ** 2
    return np.where(z > 0, 1.0, 0.0)
    ### END SOLUTION


# %% [markdown] hints="activation_derivative"
# 1. Make one kind right after the other. The message of the check names the kind. For a kind that has
#    no branch yet, your function returns `None`, and the message says "is None".
# 2. $\sigma(z)(1 - \sigma(z))$, $1 - \tanh^2 z$, and for ReLU 1 where $z > 0$ and 0 elsewhere.
#    `np.tanh` never overflows.
# 3. First `z = np.asarray(...)`, then an `if` for each kind. For the sigmoid, compute `s` from `z`
#    once; the next line has the shape `return s * ...`. For ReLU, compare `z` with 0 and turn the
#    truth values into floats.

# %% check="activation_derivative" part="kinds" points=1
mixed = np.array([[-2, 1], [3, -1], [2, -3]])
for kind, phi in activations.items():
    check_derivative(
        phi,
        lambda z, kind=kind: call(activation_derivative, z, kind),
        [-1.0, 0.5, 2.0],
        name=f'activation_derivative(z, "{kind}")',
    )
    for given, what in [(mixed, "whole numbers of shape (3, 2)"), ([1, -2], "the list [1, -2]")]:
        check_gradient(
            lambda z, phi=phi: np.sum(phi(z)),
            call(activation_derivative, given, kind),
            given,
            name=f'activation_derivative of {what}, "{kind}"',
        )
check_value(call(activation_derivative, 0.0, "relu"), 0, name='activation_derivative(0.0, "relu")')
### BEGIN HIDDEN TESTS
spread = np.random.default_rng(106).normal(scale=2, size=(2, 5))
for kind, phi in activations.items():
    for given, what in [(spread, "an array (2, 5)"), ([-2, 1, 4], "a list"), (2, "the number 2")]:
        check_gradient(
            lambda z, phi=phi: np.sum(phi(z)),
            call(activation_derivative, given, kind),
            given,
            name=f'activation_derivative of {what}, "{kind}"',
        )
check_value(
    call(activation_derivative, np.array([0, 2, 0, -1, 5]), "relu"),
    [0, 1, 0, 0, 1],
    name='activation_derivative([0, 2, 0, -1, 5], "relu")',
)
### END HIDDEN TESTS

# %% check="activation_derivative" part="extremes" points=1
for kind, true in [("sigmoid", [0, 0]), ("tanh", [0, 0]), ("relu", [0, 1])]:
    name = f'activation_derivative([-1000, 1000], "{kind}")'
    steep = call(activation_derivative, np.array([-1000.0, 1000.0]), kind, quiet=True, name=name)
    check_value(steep, true, name=name, atol=1e-16)  # so that 0 and 1e-200 count as the same
### BEGIN HIDDEN TESTS
for kind in activations:
    for large in (-1000, 1000.0, 711, -746.0, 1e5):
        name = f'activation_derivative({large:g}, "{kind}")'
        far = call(activation_derivative, large, kind, quiet=True, name=name)
        check_value(far, kind == "relu" and large > 0, name=name, atol=1e-16)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Minima and maxima
#
# Training looks for a place at which the loss is small. A function $f$ has a **minimum** at $c$ if no
# point close to $c$ has a smaller value, and a **maximum** if none has a larger one. (This is also
# called a local minimum. Far away there may be smaller values.)
#
# Let $f$ have a derivative everywhere. At a minimum inside an interval the tangent is horizontal:
# were it to rise or fall there, a small step downhill would lead lower. So one looks among the
# **critical points**, the points $c$ with $f'(c) = 0$. Not each of them is a minimum or a maximum.
# Two tests tell.
#
# The **first-derivative test** looks at the sign of $f'$ close to $c$, on both sides:
#
# | $f'$ left of $c$ | $f'$ right of $c$ | so at $c$ there is |
# |---|---|---|
# | negative: falling | positive: rising | a minimum |
# | positive: rising | negative: falling | a maximum |
# | the same sign on both sides | | neither |
#
# The **second-derivative test** looks at $c$ itself. Let $f''$ be the derivative of $f'$. If
# $f''(c) > 0$, then $f'$ rises through 0, from negative to positive, and there is a minimum at $c$. If
# $f''(c) < 0$, there is a maximum. If $f''(c) = 0$, the test is **inconclusive**: it says nothing.
#
# ### A worked example
#
# Take $f(x) = (x - 1)^4 = x^4 - 4x^3 + 6x^2 - 4x + 1$. The sum rule gives
#
# $$f'(x) = 4x^3 - 12x^2 + 12x - 4 = 4(x - 1)^3, \qquad
# f''(x) = 12x^2 - 24x + 12 = 12(x - 1)^2 .$$
#
# The only critical point is $x = 1$. There $f''(1) = 0$, so the second-derivative test is
# inconclusive. You may think that $f''(c) = 0$ means "neither", but look at the signs of $f'$:
# $f'(0.5) = -0.5$ and $f'(1.5) = 0.5$. The function falls before 1 and rises after it. So it has a
# minimum at $x = 1$.

# %% drawing="panels"
line = np.linspace(-1, 3, 201)
panels = [
    ("f(x) = (x - 1)⁴", (line - 1) ** 4, "smallest at x = 1"),
    ("f'(x) = 4(x - 1)³", 4 * (line - 1) ** 3, "from - to + at x = 1"),
    ("f''(x) = 12(x - 1)²", 12 * (line - 1) ** 2, "0 at x = 1"),
]
figure, axes = new_figure(columns=3, width=9.0, height=3.2)
for axis, (title, values, note) in zip(axes, panels, strict=True):
    axis.plot(line, values, "-")
    axis.axhline(0, color="black", lw=0.8)
    axis.axvline(1, color="black", lw=1, ls="--")
    axis.plot(1, 0, "o", color="black", ms=6)
    axis.set(title=title, xlabel=f"x\n{note}", xlim=(-1, 3), xticks=[-1, 0, 1, 2, 3])
show(
    figure,
    alt="Three panels over x from -1 to 3. f is a bowl with its lowest point 0 at x = 1 and the "
    "height 16 at both ends. f' rises from -32 to 32 and goes through 0 at x = 1. f'' is 48 at both "
    "ends, and touches 0 at x = 1 without becoming negative.",
)

# %% [markdown]
# On an interval with ends, the largest or smallest value can also lie at an end, where $f'$ need not
# be 0. So one compares the values at all critical points and at both ends. (Where $f$ has points
# without a derivative, they are compared too: $|x|$ is smallest at its kink.) Here on $[-1, 3]$:

# %%
for x, what in [(-1, "left end"), (1, "critical point"), (3, "right end")]:
    print(f"f({x:2}) = {(x - 1) ** 4:2}   {what}")

# %% [markdown]
# The smallest value is 0, at $x = 1$. The largest is 16, and both ends have it.
#
# Three functions show that $f''(c) = 0$ leaves everything open. For $x^4$, $-x^4$ and $x^3$ both $f'$
# and $f''$ are 0 at $c = 0$. The first has a minimum there, the second a maximum, the third neither.

# %% [markdown] exercise="classify_critical" objective=5
# ### Exercise: minimum, maximum or neither
#
# Write `classify_critical(df, c)`. `df` is the derivative of some function: a Python function that
# takes a number and returns a number. At the number `c` it is 0, and it is 0 nowhere else within 0.1
# of `c`. Return one of the words `"minimum"`, `"maximum"` and `"neither"`: what the function has
# at `c`.
#
# Only the sign of `df` counts. Its size may be tiny. Further away than 0.1 there may be other
# critical points.


# %% answer="classify_critical"
def classify_critical(df, c):
    """Return "minimum", "maximum" or "neither". df: derivative, function of a number; df(c) = 0."""
    ### BEGIN SOLUTION
    left, right = df(c - 0.05), df(c + 0.05)
    if left < 0 < right:
        return "minimum"
    if left > 0 > right:
        return "maximum"
    return "neither"
    ### END SOLUTION


# %% [markdown] hints="classify_critical"
# 1. Look at `df` at two points: where must they lie, so that no other critical point is between
#    them and `c`?
# 2. The first-derivative test. The second derivative may be 0 here, and then it says nothing.
# 3. One line `left, right = df(...), df(...)`, then an `if` for each row of the table.

# %% check="classify_critical" points=1
critical_points = [
    ("4(x - 1)^3", lambda x: 4 * (x - 1) ** 3, 1.0, "minimum"),
    ("-2(x + 3)", lambda x: -2 * (x + 3), -3.0, "maximum"),
    ("(x - 2)^2", lambda x: (x - 2) ** 2, 2.0, "neither"),
    ("-x^4", lambda x: -(x**4), 0.0, "neither"),
    ("x(x - 0.15)(x + 0.2)", lambda x: x * (x - 0.15) * (x + 0.2), 0.0, "maximum"),
    ("0.000001 (x - 5)^3", lambda x: 1e-6 * (x - 5) ** 3, 5.0, "minimum"),
]


def check_kind(shown, df, c, true):
    kind = call(classify_critical, df, c)
    is_word = isinstance(kind, str) and kind in ("minimum", "maximum", "neither")
    look = "Which sign has df a little to the left of c, and which a little to the right?"
    if not is_word:
        look = "The three words are 'minimum', 'maximum' and 'neither', spelled like this."
    check_equal(kind, true, name=f"classify_critical with df(x) = {shown} at c = {c:g}", look=look)


for shown, df, c, true in critical_points:
    check_kind(shown, df, c, true)
### BEGIN HIDDEN TESTS
more_points = [
    ("-7(x - 4)^5", lambda x: -7 * (x - 4) ** 5, 4, "maximum"),
    ("cos x", np.cos, np.pi / 2, "maximum"),
    ("sin x", np.sin, 0.0, "minimum"),
    ("1e-9 (x + 1)^4", lambda x: 1e-9 * (x + 1) ** 4, -1.0, "neither"),
    ("-(x - 1)^2 (x + 8)", lambda x: -((x - 1) ** 2) * (x + 8), 1.0, "neither"),
    ("-1e-9 (x - 0.5)^3", lambda x: -1e-9 * (x - 0.5) ** 3, 0.5, "maximum"),
    ("(x - 3)(3.12 - x)(x - 2.88)", lambda x: (x - 3) * (3.12 - x) * (x - 2.88), 3, "minimum"),
    ("exp(x) - 1", lambda x: np.exp(x) - 1, 0.0, "minimum"),
]
for shown, df, c, true in more_points:
    check_kind(shown, df, c, true)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. The mean value theorem, and how large a step may be
#
# You drive 120 km in two hours. Then at some moment your speed was exactly 60 km per hour: it cannot
# have been below 60 all the time, nor above. This is the **mean value theorem**. If $f$ is continuous
# on $[a, b]$ with $a < b$, and has a derivative at every point between, then there is at least one
# $c$ with
#
# $$f'(c) = \frac{f(b) - f(a)}{b - a}, \qquad a < c < b .$$
#
# The slope of the secant from $a$ to $b$ is a slope of the function itself, taken at some point $c$
# strictly between. The theorem does not say where.
#
# ### A worked example
#
# Take $f(x) = x^3 - x$ on $[-2, 2]$.
#
# | step | what | here |
# |---|---|---|
# | the slope of the secant | from the values at both ends | $\frac{6 - (-6)}{4} = 3$ |
# | the slope at $c$ | by the rules | $f'(c) = 3c^2 - 1$ |
# | set them equal | and solve for $c$ | $c^2 = \frac43$, so $c = \pm\frac{2}{\sqrt3}$, about $\pm 1.1547$ |
# | keep what lies between | $-2 < c < 2$ | both |


# %% given="cubic"
def cubic(x):
    """Return x^3 - x."""
    return x**3 - x


# %% drawing="mean_value"
line = np.linspace(-2.2, 2.2, 200)
figure, axis = new_figure(width=6.4, height=3.8)
axis.plot(line, cubic(line), "-", lw=2.5, label="x³ - x")
axis.plot([-2, 2], [-6, 6], "--", label="secant from -2 to 2: slope 3")
for c, label in [(-2 / np.sqrt(3), "tangents of slope 3"), (2 / np.sqrt(3), None)]:
    near = np.array([c - 0.8, c + 0.8])
    axis.plot(near, cubic(c) + 3 * (near - c), ":", color="C2", lw=3, label=label)
    axis.plot(c, cubic(c), "o", color="black", ms=6)
    offset = (-70, 8) if c < 0 else (8, -14)
    axis.annotate(f"c = {c:.4f}", (c, cubic(c)), offset, textcoords="offset points")
axis.set(xlabel="x", ylabel="y")
axis.legend()
show(
    figure,
    alt="The graph of x³ - x with its secant from x = -2 to x = 2. At c = -1.1547 and at c = 1.1547 "
    "the tangents are parallel to the secant.",
)

# %% [markdown] exercise="mvt_points" objective=6
# ### Exercise: the points of the mean value theorem
#
# Write `mvt_points(a, b)` for $f(x) = x^3 - x$ and two numbers $a < b$. Return every $c$ with
# $a < c < b$ at which $f'(c)$ is the slope of the secant from $a$ to $b$. The result is a list or an
# array, in rising order. It has one or two entries. An end of the interval does not count: for
# $a = -1$, $b = 2$ the equation has the solutions $-1$ and $1$, and only $1$ is returned. (For some
# other intervals rounding moves such a root a little inward, and `<` lets it through. You need not
# guard against that: in the checks, an end is a solution only where float64 finds it exactly.)


# %% answer="mvt_points"
def mvt_points(a, b):
    """Return the list of all c, a < c < b, at which x^3 - x has the slope of its secant."""
    ### BEGIN SOLUTION
    secant = (cubic(b) - cubic(a)) / (b - a)
    root = np.sqrt((secant + 1) / 3)
    return [c for c in (-root, root) if a < c < b]
    ### END SOLUTION


# %% [markdown] hints="mvt_points"
# 1. Follow the table of the worked example, row by row. Which of its rows uses `a` and `b`?
# 2. Set $3c^2 - 1$ equal to the slope of the secant. A square has two roots. Then keep those that lie
#    between.
# 3. Three lines: the slope of the secant, the positive root `np.sqrt(...)`, and a list
#    `[c for c in ... if ...]`.


# %% check="mvt_points" points=1
def check_points(a, b, count):
    name = f"mvt_points({a:g}, {b:g})"
    secant = (cubic(b) - cubic(a)) / (b - a)
    found = call(mvt_points, a, b, name=name)
    found = found.tolist() if isinstance(found, np.ndarray) else found
    if isinstance(found, list | tuple) and len(found) != count:
        shown = ", ".join(str(c) for c in found)
        needed = "one point" if count == 1 else "two points"
        raise Mismatch(f"{name}: is [{shown}], needed {needed} between {a:g} and {b:g}.")
    points = [part(mvt_points, i, of=count, name=name)(a, b) for i in range(count)]
    for number, c in enumerate(points, 1):
        slope = call(numerical_derivative, cubic, c, name=name)
        check_value(slope, secant, name=f"{name}, the slope at your point {number}", rtol=1e-6)
        if not a < c < b:
            raise Mismatch(f"{name}: your point {c} does not lie between {a:g} and {b:g}.")
    if count == 2 and not points[0] < points[1]:
        shown = f"{points[0]} and then {points[1]}"
        raise Mismatch(f"{name}: is {shown}; needed each point once, in rising order.")


check_points(-2, 2, 2)
check_points(-1.5, 0.3, 1)
check_points(0, 3, 1)
check_points(-1, 2, 1)
### BEGIN HIDDEN TESTS
for a, b, count in [(-3, 3, 2), (-2.5, 2.0, 2), (-4, -1, 1), (1, 2.5, 1), (-2, 1, 1), (-3, 2, 2)]:
    check_points(a, b, count)
check_points(-0.5, 3.1, 1)
check_points(-2.9, 0, 1)
### END HIDDEN TESTS

# %% [markdown]
# ### From a bound on the slope to a bound on the change
#
# Suppose that every slope of $f$ between two points has at most the size $K$: $|f'(c)| \le K$. By
# the mean value theorem, $f(b) - f(a) = f'(c)\,(b - a)$ for some such $c$. Therefore
#
# $$|f(a) - f(b)| \le K\,|a - b| .$$
#
# A function with this property, for all $a$ and $b$ of an interval, is called **Lipschitz** with
# constant $K$ there. Two examples:
#
# **(a)** For all $a$ and $b$, $\;|\sin a - \sin b| \le |a - b|$. *Proof.* For $a = b$ both sides are
# 0. Otherwise let $a < b$; the other case is the same with the names exchanged. The theorem gives
# $\sin b - \sin a = \cos(c)\,(b - a)$ with some $c$ between, and $|\cos c| \le 1$. $\square$ Trying
# twenty pairs $a, b$ on a computer would be no proof: it could miss the pair that breaks the claim.
#
# **(b)** For all $x, y > 0$, $\;|\ln x - \ln y| \le \dfrac{|x - y|}{\min(x, y)}$. *Proof*, which at
# first reading you may skip. Again let $x < y$. The slope of $\ln$ at $c$ is $1/c$, so
# $\ln y - \ln x = \frac1c\,(y - x)$ with $x < c < y$. As $c > x = \min(x, y)$, we have
# $\frac1c < \frac{1}{\min(x, y)}$. $\square$
#
# ### The same for the slope itself
#
# The slope $f'$ is a function too, and its derivative is $f''$. The bound on the change, for $f'$ in
# place of $f$, reads:
#
# > If $|f''| \le L$ on an interval, then $|f'(a) - f'(b)| \le L\,|a - b|$ for all $a, b$ in it.
#
# So the slope is Lipschitz with constant $L$, and $L$ says how fast the slope can change. For
# $f(x) = x^2$ we have $f'' = 2$ everywhere, so $L = 2$. No smaller number will do, since $|2a - 2b|$
# is exactly $2\,|a - b|$.
#
# ### How large a step may be
#
# **Gradient descent** lowers a function by steps against its slope. With a **learning rate**
# $\eta > 0$, one step goes from $x$ to
#
# $$x_{\text{new}} = x - \eta\, f'(x), \qquad \text{the slope taken at the present } x .$$
#
# The slope describes small steps. Over a large one it changes, and the function may rise again. The
# constant $L$ says how soon. If $|f''| \le L$ everywhere, then
#
# $$f(x_{\text{new}}) \le f(x) - \frac{\eta}{2}\, f'(x)^2 \qquad\text{for}\quad \eta \le \frac1L .$$
#
# With such a rate no step raises the function, and each step from a point with $f'(x) \ne 0$ lowers
# it. If $|f''| \le L$ holds only on an interval, this is true for the steps that begin and end in it.
#
# *Proof*, which at first reading you may skip. First we show that for every step $d$
#
# $$f(x + d) \le f(x) + f'(x)\,d + \frac L2\,d^2 .$$
#
# Let $g(t) = f(x) + f'(x)\,t + \frac L2\,t^2 - f(x + t)$, where $x$ is fixed. The derivative of
# $f(x + t)$ with respect to $t$ is $f'(x + t)$, since a shifted graph has the same secants. So
# $g(0) = 0$ and $g'(t) = f'(x) + L\,t - f'(x + t)$. As $f'$ changes by at most $L\,|t|$, we have
# $g'(t) \ge 0$ for $t > 0$ and $g'(t) \le 0$ for $t < 0$. By the mean value theorem
# $g(d) = g(d) - g(0) = g'(c)\,d$ with $c$ between 0 and $d$. Both factors have the same sign, or
# $g'(c) = 0$. So $g(d) \ge 0$, as claimed. Now take $d = -\eta\,f'(x)$. The right side becomes
# $f(x) - \eta\,\bigl(1 - \frac{L\eta}{2}\bigr)\,f'(x)^2$. For $\eta \le 1/L$ the bracket is at least
# $\frac12$. $\square$
#
# For $x^2$ this says: rates up to $1/L = 0.5$ are safe. **Predict before you run:** with which of the
# five rates $0.1$, $0.5$, $0.9$, $1$ and $1.1$ does $x$ come closer to 0 with every step, or reach it?

# %%
print("rate    x at the start and after each of five steps on x^2")
for rate in (0.1, 0.5, 0.9, 1.0, 1.1):
    x, path = 3.0, [3.0]
    for _ in range(5):
        x = x - rate * 2 * x
        path.append(x)
    print(f"{rate:4}  " + "".join(f"{value:8.2f}" for value in path))

# %% [markdown]
# With $0.1$, $0.5$ and $0.9$. One step multiplies $x$ by $1 - 2\eta$. With $\eta = 0.1$ that is
# $0.8$, and $x$ comes closer from one side. With $\eta = 1/L = 0.5$ the first step arrives. With
# $0.9$ the factor is $-0.8$: each step overshoots to the other side, and comes closer as fast as
# with $0.1$. With $1$ it jumps back and forth forever, and with $1.1$ it runs away. So
# $\eta \le 1/L$ is a promise, not a border. Some larger rates work too, but for no larger rate is
# the formula above sure to hold.

# %% [markdown] exercise="lipschitz_constant" objective=6
# ### Exercise: a Lipschitz constant of the slope
#
# Write `lipschitz_constant(d2f, a, b)`. It estimates the constant $L$ of the slope $f'$ on $[a, b]$.
# `d2f` is the second derivative $f''$: a Python function that takes an array and returns an array of
# the same shape. Return the largest size $|f''(x)|$ at 1001 equally spaced points of $[a, b]$, both
# ends included. The result is a number.
#
# The size of a number is its absolute value. (Between the points $|f''|$ could be a little larger. So
# the number is a good estimate of $L$, and not a proof. And it speaks of $[a, b]$ only: a rate that it
# allows is safe for steps that stay in $[a, b]$.)


# %% answer="lipschitz_constant"
def lipschitz_constant(d2f, a, b):
    """Return the largest |d2f|, a number, on 1001 equally spaced points of [a, b]."""
    ### BEGIN SOLUTION
    return np.abs(d2f(np.linspace(a, b, 1001))).max()
    ### END SOLUTION


# %% [markdown] hints="lipschitz_constant"
# 1. Look at the points first: how many are there, and are both ends among them?
# 2. A slope that falls fast is as dangerous as one that rises fast. Only the size of $f''$ counts.
# 3. Two lines: `points = np.linspace(...)` with three arguments, then `return np.max(...)`.

# %% check="lipschitz_constant" points=1
second_derivatives = [
    ("2", lambda x: 2 + 0 * x, -1, 3, 2),
    ("12(x - 1)^2", lambda x: 12 * (x - 1) ** 2, -1, 2.5, 48),
    ("6x", lambda x: 6 * x, -4, 3, 24),
    ("x^3", lambda x: x**3, -1, 2, 8),
    ("5 exp(-(x - 3.33)^2)", lambda x: 5 * np.exp(-((x - 3.33) ** 2)), 0, 10, 5),
]
for shown, d2f, a, b, true in second_derivatives:
    check_value(
        call(lipschitz_constant, d2f, a, b),
        true,
        name=f"lipschitz_constant of f'' = {shown} on [{a:g}, {b:g}]",
        look="Needed is the largest size at 1001 points, both ends included.",
    )
### BEGIN HIDDEN TESTS
more_derivatives = [
    ("-sin x", lambda x: -np.sin(x), 0, np.pi, 1),
    ("exp(-x)", lambda x: np.exp(-x), -1.5, 2, np.exp(1.5)),
    ("x - 7", lambda x: x - 7, -2, 8, 9),
    ("-4 exp(-50 (x + 0.46)^2)", lambda x: -4 * np.exp(-50 * (x + 0.46) ** 2), -3, 1, 4),
    ("0.001 x^2", lambda x: 0.001 * x**2, -0.5, 0.3, 0.00025),
]
for shown, d2f, a, b, true in more_derivatives:
    check_value(
        call(lipschitz_constant, d2f, a, b),
        true,
        name=f"lipschitz_constant of f'' = {shown} on [{a:g}, {b:g}]",
    )
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Quiz
#
# Each item is worth one point. Write your letter, in quotes, in place of `None`. The check below an
# answer only looks whether it is one of the letters. Whether it is right, and why, you read in the
# feedback that you get after grading.

# %% [markdown]
# ### Question 1
#
# For some function, $f'(2) = -3$. About how much is $f(2.01) - f(2)$?
#
# - **A** $-0.03$
# - **B** $-3$
# - **C** $0.03$
# - **D** It cannot be said without $f(2)$.

# %% quiz="q1" points=1 objective=1
q1 = "A"
explain(
    A="The slope times the step: -3 * 0.01.",
    B="-3 is the rate, the change for each unit of x. The step here is a hundredth of a unit.",
    C="The size fits, but the slope is negative: a step to the right lowers the function.",
    D="A change is asked for, not the value. The slope gives changes, whatever the height from "
    "which they start.",
)

# %% [markdown]
# ### Question 2
#
# What is the derivative of $\dfrac{x}{x + 1}$ for $x \neq -1$?
#
# - **A** $1$
# - **B** $\dfrac{1}{(x + 1)^2}$
# - **C** $\dfrac{-1}{(x + 1)^2}$
# - **D** $\dfrac{2x + 1}{(x + 1)^2}$

# %% quiz="q2" points=1 objective=2
q2 = "B"
explain(
    A="This divides the slope of x by the slope of x + 1. A quotient is not differentiated part by "
    "part: the graph of x/(x + 1) is no straight line.",
    B="u'v - uv' = 1 * (x + 1) - x * 1 = 1, divided by the square of the denominator.",
    C="This has the two terms of the numerator in the wrong order: u v' - u' v in place of "
    "u' v - u v'.",
    D="This adds the two terms of the numerator, as in the product rule. In the quotient rule they "
    "are subtracted.",
)

# %% [markdown]
# ### Question 3
#
# At some point, $f'(c) = 0$ and $f''(c) = 0$. What does the function have at $c$?
#
# - **A** A minimum.
# - **B** Neither a minimum nor a maximum.
# - **C** A maximum or a minimum, but it is open which.
# - **D** This alone does not tell.

# %% quiz="q3" points=1 objective=5
q3 = "D"
explain(
    A="For (x - 1)^4 this is so, but -(x - 1)^4 has the same two zeros at 1, and a maximum there.",
    B="You may think so because of x^3, but x^4 has a minimum at 0 and the same two zeros.",
    C="x^3 has neither at 0, and yet both of its derivatives are 0 there.",
    D="The second-derivative test is inconclusive. The signs of f' on both sides of c decide.",
)

# %% [markdown]
# ### Question 4
#
# A loss has $|f''(x)| \le 8$ everywhere. Which is the largest of these learning rates at which every
# step of gradient descent is sure not to raise it, by the rule $\eta \le 1/L$?
#
# - **A** $8$
# - **B** $1$
# - **C** $0.1$
# - **D** $0.01$

# %% quiz="q4" points=1 objective=6
q4 = "C"
explain(
    A="8 is the bound L itself. The faster the slope can change, the smaller the step must be: the "
    "rate goes with 1/L.",
    B="1 is far above 1/8. On 4x^2, whose second derivative is 8, one step at rate 1 leads from x "
    "to -7x.",
    C="1/L is 0.125, and 0.1 is the largest rate in the list that does not exceed it.",
    D="0.01 is safe, but it is not the largest: 0.1 is also below 1/8, and ten times as fast.",
)

# %% [markdown]
# ## Summary
#
# - A derivative is a rate of change: a small step $h$ changes $f$ by about $f'(x)\,h$. It can be
#   measured by a central difference, $(f(x + h) - f(x - h)) / (2h)$.
# - Sums are differentiated term by term. Products and quotients are not: $(uv)' = u'v + uv'$, and
#   $(u/v)' = (u'v - uv')/v^2$.
# - On a curve given by an equation, $y$ moves with $x$: the derivative of $y^2$ is $2y\,y'$.
# - $\sigma' = \sigma(1 - \sigma)$ is at most $0.25$, $\tanh' = 1 - \tanh^2$ is at most 1, and the
#   slope of ReLU is 0 or 1.
# - Where $f'(c) = 0$, the signs of $f'$ on both sides decide. $f''(c) = 0$ decides nothing.
# - If $|f''| \le L$, the slope changes by at most $L$ times the distance, and learning rates up to
#   $1/L$ are safe.
#
# ### What to review
#
# - Can you say what $f'(3) = 6$ means, without the word "derivative"?
# - Can you derive $\sigma'$ from the quotient rule on an empty page?
# - Can you say when the second-derivative test is inconclusive, and what you do then?
# - Can you prove $|\sin a - \sin b| \le |a - b|$ in two lines?
# - Can you show for $x^3$ that a central difference is closer to the slope than a forward difference?
#
# ### Where to read more
#
# - J. Stewart, *Calculus: Early Transcendentals*, 8th edition. Chapter 3 has the rules and implicit
#   differentiation, chapter 4 extrema and the mean value theorem.
# - I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning* (2016). Chapter 6 is about networks,
#   their activations, and backpropagation.
# - D. Rumelhart, G. Hinton and R. Williams, *Learning representations by back-propagating errors*,
#   Nature, 1986.
# - K. He, X. Zhang, S. Ren and J. Sun, *Delving deep into rectifiers*, 2015. On networks with ReLU.
# - D. Kingma and J. Ba, *Adam: a method for stochastic optimization*, 2015. On choosing steps while
#   training.
#
# **Next:** lesson 1, where functions are applied one after the other, and their slopes are
# multiplied.
