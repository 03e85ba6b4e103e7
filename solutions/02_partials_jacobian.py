# ---
# jupyter:
#   course:
#     minutes: 180
#     objectives:
#     - compute partial derivatives and collect them in a gradient
#     - prove which way a function rises fastest, and take a descent step
#     - measure the Jacobian of a map by central differences, for any input and output
#     - tell apart the products J v and u J by their shapes, and count what they cost
#     - derive the Jacobian of softmax, and multiply by it without forming it
#     - derive the backward pass of a linear layer with indices, and check it with shapes
#     - undo a broadcast on the way back by summing
#     title: Partial derivatives and the Jacobian
# ---

# %% [markdown]
# # Lesson 2: Partial derivatives and the Jacobian
#
# A loss depends on thousands of weights at once, and a layer turns many numbers into many others.
# The derivative of such a map is a table of slopes. Written out, the table is far too large.
# Backpropagation works because it never writes it out: it multiplies by it. This lesson builds the
# table, shows what multiplying by it costs, and derives three products by hand that are used in
# many networks: those of softmax, of a linear layer, and of a bias that is added to every row.

# %% [markdown]
# ## Before you start: four things you should know
#
# These are for practice and are not graded. Run the first cell, and each cell below a question. Decide
# on an answer, then choose it: you are told why it is right or wrong.

# %% given="setup"
import numpy as np

from course_utils import (
    Mismatch,
    NotWritten,
    call,
    check_choice,
    check_equal,
    check_gradient,
    check_jacobian,
    check_order,
    check_value,
    grade_choice,
    numerical_gradient,
    oracles,
    part,
    run_order,
    self_check,
)
from course_utils.checks.cases import Difference, Gradients, Probe, Step
from course_utils.figures import new_figure, show
from course_utils.figures.contour import contour
from course_utils.figures.shape_board import TASKS, shape_board
from course_utils.figures.unit_square import unit_square

# %% [markdown] recall="1"
# **1.** A function has the slope $f'(2) = -3$. You stand at $x = 2$ and want a smaller value of $f$.
# Where do you go?
#
# - A little to the left, since the slope is negative. :: No. A negative slope says that $f$ falls
#   when $x$ grows. To the left of 2 the function is higher.
# - A little to the right. :: Yes. For a small $h > 0$ the value changes by about $-3h$. The way down
#   is against the sign of the slope.
# - To the right, by 3. :: No. The slope is a rate of change, not a distance. It says nothing about
#   how far the function keeps falling.

# %% [markdown] recall="2"
# **2.** For $f(x) = x^2$ at $x = 3$ with $h = 0.1$, the forward difference $(f(3.1) - f(3))/0.1$ is
# $6.1$. What is the central difference $(f(3.1) - f(2.9))/0.2$?
#
# - 6.1 as well. :: No. You may think that both measure the same slope, but the forward difference
#   belongs to the interval from 3 to 3.1, which lies to the right of 3.
# - 6.05, half as wrong. :: No. The gain is larger than that. The two points lie evenly about 3, and
#   the errors of the two halves cancel.
# - 6 exactly. :: Yes. $(9.61 - 8.41)/0.2 = 6$. For a parabola the central difference is exact, and
#   for other smooth functions its error shrinks with $h^2$.

# %% [markdown] recall="3"
# **3.** A variable $x$ is used in three places on the way to $L$. How do the three contributions to
# $dL/dx$ combine?
#
# - They are multiplied. :: No. Rates are multiplied along one path. Here there are three paths.
# - They are added. :: Yes. Along a path multiply, over all paths add. Every sum in this lesson comes
#   from this rule.
# - Only the shortest path counts. :: No. When $x$ moves, all three places move, and each of them
#   reaches $L$.

# %% [markdown] recall="4"
# **4.** You differentiate $e^{\sin x}$ at $x = 2$. Where is the derivative of the exponential taken?
#
# - At $\sin 2$. :: Yes. That is the inner value, which enters the exponential. The other factor is
#   $\cos 2$.
# - At $2$. :: No. You may think that everything is taken at $x$, but 2 enters the sine. The
#   exponential never sees it.
# - At $\cos 2$. :: No. $\cos 2$ is the derivative of the inner function. It is a factor of the
#   answer and not the place where the outer derivative is taken.

# %% [markdown]
# ## 1. Partial derivatives and the gradient
#
# Take a function of two numbers, $f(x, y) = x^2 + y^2$. Hold $y$ fixed at 4 and let only $x$ move.
# What is left is a function of one number, $x^2 + 16$, and you know its derivative: $2x$. This is
# the **partial derivative** of $f$ toward $x$:
#
# $$\frac{\partial f}{\partial x}(x, y) = \lim_{h \to 0} \frac{f(x + h,\, y) - f(x, y)}{h} .$$
#
# The rule follows from the definition: **treat every other variable as a constant, and differentiate
# as you always did.** For our function
#
# $$\frac{\partial f}{\partial x} = 2x, \qquad \frac{\partial f}{\partial y} = 2y .$$
#
# The **gradient** collects all partial derivatives in the order of the variables:
#
# $$\nabla f = \left(\frac{\partial f}{\partial x},\; \frac{\partial f}{\partial y}\right) = (2x,\, 2y),
# \qquad \nabla f(3, 4) = (6, 8).$$
#
# The gradient has one entry for each variable. So it has the shape of its variable: if $x$ is an
# array of shape $(n,)$, the gradient has shape $(n,)$; if $W$ is a matrix, so is its gradient.
#
# ### A worked example
#
# Let $f(x, y, z) = x y^2 + \sin(yz)$. One row for each variable:
#
# | let move | hold fixed | first term | second term | partial derivative |
# |---|---|---|---|---|
# | $x$ | $y, z$ | $x$ times the constant $y^2$ | a constant | $y^2$ |
# | $y$ | $x, z$ | the constant $x$ times $y^2$ | inner value $yz$, inner slope $z$ | $2xy + z\cos(yz)$ |
# | $z$ | $x, y$ | a constant | inner value $yz$, inner slope $y$ | $y\cos(yz)$ |
#
# In the second row $y$ is used twice, in two terms. Two paths, so two contributions are added.
# **Predict before you run:** which of the three are 0 at $y = 0$, whatever $x$ and $z$ are?


# %%
def worked(p):
    x, y, z = p
    return x * y**2 + np.sin(y * z)


def worked_gradient(p):
    x, y, z = p
    return np.array([y**2, 2 * x * y + z * np.cos(y * z), y * np.cos(y * z)])


for p in [(1.5, -0.5, 2.0), (1.5, 0.0, 2.0)]:
    by_rule, measured = worked_gradient(p), numerical_gradient(worked, p)
    agree = np.abs(by_rule - measured).max() < 1e-8
    print(f"at {p}: gradient {np.round(by_rule, 4) + 0.0}, agrees with differences: {agree}")

# %% [markdown]
# At $y = 0$ the partial derivatives toward $x$ and toward $z$ are both 0. The one toward $y$ is not:
# $z \cos 0 = z$ remains.

# %% [markdown] exercise="partials_xyz" objective=1
# ### Exercise: three partial derivatives
#
# Write `partials_xyz(x, y, z)`. For three numbers it returns three numbers: the partial derivatives
# of
#
# $$f(x, y, z) = x^2 y + y z^3$$
#
# toward $x$, toward $y$ and toward $z$, in this order.


# %% answer="partials_xyz"
def partials_xyz(x, y, z):
    """Return three numbers: the partial derivatives of x^2 y + y z^3 toward x, y and z."""
    ### BEGIN SOLUTION
    return 2 * x * y, x**2 + z**3, 3 * y * z**2
    ### END SOLUTION


# %% [markdown] hints="partials_xyz"
# 1. Take one variable at a time. In each term ask whether this variable is in it at all.
# 2. A variable that is held fixed is a constant. A constant factor stays, and a term without the
#    moving variable has the derivative 0.
# 3. The line has the shape `return ..., ... + ..., ...`: only $y$ is in both terms.


# %% check="partials_xyz" points=2
def partials_probe(number):
    """Return your derivatives at another point, for the diagnosis of wrong ones."""
    point = np.random.default_rng(600 + number).normal(size=3).tolist()
    found = dict(zip("xyz", call(partials_xyz, *point), strict=True))
    at = dict(zip("xyz", point, strict=True))
    return Probe(lambda x, y, z: x**2 * y + y * z**3, at, {}, found)


for point in [(1.5, -0.7, 2.0), (-0.6, 1.3, 0.4)]:
    check_gradient(
        lambda p: p[0] ** 2 * p[1] + p[1] * p[2] ** 3,
        lambda p: [part(partials_xyz, i, of=3)(*p.tolist()) for i in range(3)],
        np.array(point),
        name=f"partials_xyz{point}",
        look="Entries [0], [1] and [2] of the table are the derivatives toward x, y and z.",
        case=Gradients(partials_probe),
    )
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(11)
for point in [*rng.uniform(-2, 2, (4, 3)), np.array([2, 3, -1])]:
    check_gradient(
        lambda p: p[0] ** 2 * p[1] + p[1] * p[2] ** 3,
        lambda p: [part(partials_xyz, i, of=3)(*p.tolist()) for i in range(3)],
        point,
        name=f"partials_xyz at {np.round(point, 3).tolist()}",
        case=Gradients(partials_probe),
    )
### END HIDDEN TESTS

# %% [markdown]
# ## 2. The direction of steepest ascent
#
# A partial derivative is the slope along one axis. But you may walk in any direction. Take
# $f(x, y) = x^2 + 4y^2$ at the point $(1.5, 0.5)$. Its partial derivatives are $2x$ and $8y$: the slope
# is 3 along the x axis, at 0 degrees, and 4 along the y axis, at 90 degrees. **Predict:** can the slope
# be larger than 4 in some direction between? And does the steepest way up lead straight away from the
# minimum at $(0, 0)$?

# %% drawing="contour"
contour(lambda x, y: x**2 + 4 * y**2, "x² + 4y²", x=1.5, y=0.5, angle=0.0, shown=False)

# %% [markdown]
# Turn the direction, the dashed arrow, and leave the gradient hidden. Find the direction with the
# largest slope, and note its angle and its slope. Find the directions with a slope near 0, and look how
# they lie to the contour line nearby.
#
# Now the reason. Let $x$ be a point of shape $(n,)$ and $v$ a direction of shape $(n,)$ with length 1.
# At time $t$ you are at $x + tv$, so entry $j$ moves at the rate $v_j$. There are $n$ paths from $t$ to
# $f$, one through each entry. Along a path multiply, over all paths add:
#
# $$\frac{d}{dt} f(x + tv)\Big|_{t=0} = \sum_{j=1}^{n} \frac{\partial f}{\partial x_j}\, v_j
# = \nabla f(x) \cdot v , \qquad (n,)\cdot(n,) = \text{a number}.$$
#
# This is the **directional derivative** of $f$ at $x$ along $v$. (It holds where the partial
# derivatives are continuous, which is true of everything in this lesson.)
#
# In which direction is it largest? In this section write $g = \nabla f(x)$ for short. The square of
# a length is never negative, and $v \cdot v = 1$, so
#
# $$0 \;\le\; |g - (g \cdot v)\,v|^2 \;=\; |g|^2 - 2\,(g \cdot v)^2 + (g \cdot v)^2
# \;=\; |g|^2 - (g \cdot v)^2 .$$
#
# Hence $-|g| \le g \cdot v \le |g|$. This is the inequality of Cauchy and Schwarz. The ends are
# reached only where the square is 0, that is for $g = (g \cdot v)\,v$: then $v$ is parallel to $g$.
# So, for $g \ne 0$:
#
# - The slope is largest along $v = g/|g|$, and it is $|g|$ there. **The gradient points in the
#   direction of steepest ascent, and its length is the slope in that direction.**
# - The slope is smallest along $v = -g/|g|$, and it is $-|g|$ there: **steepest descent is the
#   opposite direction.**
# - The slope is 0 at right angles to $g$: along a contour line the value does not change.

# %% [markdown]
# Go back to the figure and show the gradient. At $(1.5, 0.5)$ it is $(3, 4)$, with the length
# $\sqrt{3^2 + 4^2} = 5$, and that is the largest slope. It points at about 53 degrees, where
# $\tan 53° \approx 4/3$. Straight away from the minimum would be 18 degrees, where
# $\tan 18° \approx 1/3$. Set the direction to 53, then to 143 and to $-37$, at right angles to it, and
# to $-127$, against it. The slopes are about $5$, $0$, $0$ and $-5$. Then move the point along a contour
# line: the gradient stays at a right angle to it.
#
# You may think that the steepest way down leads straight to the minimum, but a gradient knows only
# the place where it is taken. The next figure has the same function, at another point.

# %% drawing="contours"
xs, ys = np.meshgrid(np.linspace(-3.2, 3.6, 200), np.linspace(-2, 2.4, 200))
figure, axis = new_figure(width=6.4, height=4)
levels = [1, 3, 8, 15]
contours = axis.contour(xs, ys, xs**2 + 4 * ys**2, levels=levels, colors="#5f6368", linewidths=1)
axis.clabel(contours, fmt="%g", fontsize=9)
start = np.array([2.0, 1.0])
downhill = -np.array([2 * start[0], 8 * start[1]])
end = start + 0.17 * downhill
axis.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "lw": 2.5, "color": "#0b5fa5"})
axis.plot(*np.transpose([start, [0, 0]]), "--", color="#b3261e")
axis.plot(*start, "o", color="black", ms=7)
axis.plot(0, 0, "*", color="black", ms=13)
axis.text(0, -0.2, "minimum", fontsize=10, ha="center", va="top")
axis.text(2.12, 1.02, "(2, 1)", fontsize=10)
axis.text(1.84, -0.1, "against\nthe\ngradient", color="#0b5fa5", fontsize=9)
axis.text(0.2, 1.02, "to the minimum", color="#b3261e", fontsize=10)
axis.set(xlabel="x", ylabel="y", aspect="equal")
axis.grid(visible=False)
show(
    figure,
    alt="Elliptic contour lines of x squared plus 4 y squared. From the point (2, 1) a solid arrow "
    "against the gradient leaves at a right angle to the contour line and passes to the right of "
    "the minimum. A dashed line from the same point leads to the minimum itself.",
)

# %% [markdown]
# The arrow leaves at a right angle to the contour line and misses the minimum. That is why descent
# takes many small steps, with a new gradient at each.
#
# ### A descent step
#
# **Gradient descent** moves against the gradient, by a **learning rate** $\text{lr} > 0$:
#
# $$x_{\text{new}} = x - \text{lr} \cdot \nabla f(x), \qquad (n,) = (n,) - (n,).$$
#
# Along the step the slope is $-|\nabla f|$, and the step has the length $\text{lr}\,|\nabla f|$. Slope
# times distance: for a small $\text{lr}$ the value changes by about $-\text{lr}\,|\nabla f|^2$, so it
# falls.
#
# For $f = x^2 + y^2$ at $(3, 4)$ with $\text{lr} = 0.1$ the new point is
# $(3 - 0.1 \cdot 6,\; 4 - 0.1 \cdot 8) = (2.4, 3.2)$. The value falls from $25$ to
# $5.76 + 10.24 = 16$.
#
# You may read that the gradient tells "the direction and magnitude of the updates", but that is only
# half true. Its direction is the one of steepest ascent, and the step goes the other way. Its length
# is a slope: a change of $f$ per unit of distance. It is not a distance. The step is
# $\text{lr}$ times as long as the gradient, and $\text{lr}$ is our choice.
#
# **Predict before you run:** what happens for a step of the gradient's own length, $\text{lr} = 1$?

# %%
start = np.array([3.0, 4.0])
slope = 2 * start
for lr in (0.1, 0.5, 1.0, 1.1):
    new = start - lr * slope
    print(f"lr = {lr}:  (3, 4) -> ({new[0]:4.1f}, {new[1]:4.1f})   f: 25 -> {new @ new:.0f}")

# %% [markdown]
# With $\text{lr} = 1$ the step jumps over the minimum to the opposite point, and nothing is gained.
# With $1.1$ the value grows. For this function $\text{lr} = 0.5$ happens to hit the minimum at once.

# %% [markdown] exercise="descent_step" objective=2
# ### Exercise: a descent step
#
# Write `descent_step(x, y, lr)`. It takes the numbers $x$ and $y$ and a learning rate, and returns
# the point after one step of gradient descent on $x^2 + y^2$, as two numbers.


# %% answer="descent_step"
def descent_step(x, y, lr):
    """Return two numbers: the point (x, y) after one descent step on x^2 + y^2."""
    ### BEGIN SOLUTION
    return x - lr * 2 * x, y - lr * 2 * y
    ### END SOLUTION


# %% [markdown] hints="descent_step"
# 1. Look at the worked step from $(3, 4)$ to $(2.4, 3.2)$. Which number of yours differs?
# 2. The gradient points up, and a step down goes against it. Its length is `lr` times the
#    gradient's.
# 3. Two numbers of the same shape, each `old - lr * partial_derivative`.

# %% check="descent_step" points=1
for x, y, lr, new in [(3, 4, 0.1, (2.4, 3.2)), (-1.5, 0.5, 0.3, (-0.6, 0.2))]:
    yours = [part(descent_step, i, of=2)(x, y, lr) for i in range(2)]
    moved = call(lambda new, old: np.ravel(new) - old, yours, [x, y], name="descent_step")
    name, true = f"descent_step({x}, {y}, {lr})", np.subtract(new, [x, y])
    if moved.shape == (2,) and np.allclose(np.abs(np.add(moved, [x, y])), np.abs(true)):
        raise Mismatch(f"{name}: is the step alone: return the point to which it leads.")
    check_value(
        moved,
        true,
        name=f"{name}, the movement from the old point to the new one",
        case=Step(lambda p: (p**2).sum(), lambda p, lr: call(descent_step, *p, lr)),
    )
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(12)
for x, y, lr in [(-0.7, 1.9, 0.2), (1.2, -2.0, 1.1), (2, 5, 1), (*rng.uniform(0.1, 0.9, 3),)]:
    gradient = oracles.true_gradient(lambda p: (p**2).sum(), [x, y]).value
    yours = [part(descent_step, i, of=2)(x, y, lr) for i in range(2)]
    movement = call(lambda new, old: np.ravel(new) - old, yours, [x, y], name="descent_step")
    name = f"descent_step({x:.3g}, {y:.3g}, {lr:.3g}), the movement"
    case = Step(lambda p: (p**2).sum(), lambda p, lr: call(descent_step, *p, lr))
    check_value(movement, -lr * gradient, name=name, case=case)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. The Jacobian
#
# A layer has many outputs. Let $f$ take $n$ numbers to $m$ numbers, written
# $f: \mathbb R^n \to \mathbb R^m$. Each output $f_i$ has a partial derivative toward each input
# $x_j$. Their table is the **Jacobian** of $f$ at $x$:
#
# $$J_{ij} = \frac{\partial f_i}{\partial x_j}, \qquad J \text{ of shape } (m, n):
# \text{ a row for each output, a column for each input.}$$
#
# In code this is `J[i, j]`. Read it in two ways. **Row** $i$ is the gradient of output $i$.
# **Column** $j$ says how all outputs move when input $j$ alone moves.
#
# As an example take $f(x_1, x_2) = (x_1^2 + x_2,\; x_1 x_2)$:
#
# $$J = \begin{pmatrix} 2x_1 & 1 \\ x_2 & x_1 \end{pmatrix}, \qquad
# \text{at } (1, 2): \quad \begin{pmatrix} 2 & 1 \\ 2 & 1 \end{pmatrix}.$$
#
# For a small movement $\delta$ of the input, the output moves by about $J\delta$:
#
# $$f(x + \delta) \;\approx\; f(x) + J\,\delta, \qquad (m,) \approx (m,) + (m, n)(n,) .$$
#
# So close to a point, every smooth map is nearly a matrix. The figure shows it for the example. A
# square of inputs has its lower left corner at $(2, 1)$, where
# $J = \begin{pmatrix} 4 & 1 \\ 1 & 2 \end{pmatrix}$. Beside it is its image under $f$, and the
# parallelogram that $J$ makes of the square: its sides are the columns of $J$. The figure writes
# $x, y$ for $x_1, x_2$. **Predict:** what happens to the gap between the two shapes when the square is
# made smaller?


# %% given="plane_map"
def plane_map(x):
    """Return the two numbers (x_1^2 + x_2, x_1 x_2) for the two numbers in x."""
    return np.array([x[0] ** 2 + x[1], x[0] * x[1]])


# %% drawing="square"
unit_square(plane_map, "(x² + y, xy)", low=0.0, high=2.0, x=2.0, y=1.0, size=1.0)

# %% [markdown]
# Make the square smaller, step by step. The image is magnified as the square shrinks, so that you see
# its shape: the curved sides become straight and close in on the parallelogram. A derivative is about
# small steps. The line below the figure tells by how much areas grow: near the point by the size of
# the determinant of $J$. Then put the corner at $(1, 2)$, where
# $J = \begin{pmatrix} 2 & 1 \\ 2 & 1 \end{pmatrix}$. The two columns point the same way there, and the
# parallelogram is flat.
#
# Two conventions to watch:
#
# - Some books and papers store the table the other way round, with a row for each *input*. This
#   course never does.
# - A function with a single output has a Jacobian of shape $(1, n)$, a matrix of one row. Its
#   gradient has the same entries and the shape $(n,)$. The checks of this course are lenient here:
#   where $(n,)$ is asked, they accept a row $(1, n)$ or a column $(n, 1)$ of the right numbers. numpy
#   is not: later code may broadcast such an array to something else. Section 8 shows how.
#
# ### The Jacobian by differences
#
# Each column of $J$ needs one input moved: $x \pm h e_j$, where $e_j$ has a 1 at place $j$ and
# zeros elsewhere. The **forward difference** compares $f(x + h e_j)$ with $f(x)$. The **central
# difference** takes one step to each side:
#
# $$\text{column } j \;\approx\; \frac{f(x + h e_j) - f(x - h e_j)}{2h}, \qquad (m,) .$$


# %%
point, h = np.array([1.0, 2.0]), 1e-5
true = np.array([[2.0, 1.0], [2.0, 1.0]])
for j, step in enumerate([np.array([h, 0.0]), np.array([0.0, h])]):
    forward = (plane_map(point + step) - plane_map(point)) / h
    central = (plane_map(point + step) - plane_map(point - step)) / (2 * h)
    for kind, column in [("forward", forward), ("central", central)]:
        error = np.abs(column - true[:, j]).max()
        shown = f"{error:.0e}" if error > 1e-9 else "below 1e-9"
        print(f"column {j}, {kind}: {column[0]:.6f} {column[1]:.6f}   error {shown}")

# %% [markdown]
# In column 0 the forward difference gives $2.00001$ where the slope is 2. That is no rounding error.
# For $x_1^2$ the difference is
#
# $$\frac{(x_1 + h)^2 - x_1^2}{h} = 2x_1 + h, \qquad\text{and}\qquad
# \frac{(x_1 + h)^2 - (x_1 - h)^2}{2h} = 2x_1 .$$
#
# The forward error is $h$ itself. In the central difference the two errors cancel, and what is left
# here is rounding. The price is small: with $f(x)$ computed once, forward differences take $n + 1$
# evaluations of $f$ for the whole table, and central ones take $2n$. (Lesson 4 measures the errors.)
#
# A second trap makes no noise at all. Suppose that the point is given as whole numbers, and that the
# code moves one entry of a copy in place. **Predict:** what is the copy after the step?

# %%
whole = np.array([1, 2])
to_the_right, to_the_left = whole.copy(), whole.copy()
to_the_right[0] += 1e-5
to_the_left[0] -= 1e-5
print("after += 1e-5:", to_the_right, "  after -= 1e-5:", to_the_left)

# %% [markdown]
# An array of whole numbers stores whole numbers: what is written into one entry is cut off, without
# a warning. (Only if all of it is moved at once, as in `whole += 1e-5`, numpy stops with an error.) The
# step to the right is lost, and the step to the left becomes a step of 1. A forward
# difference that is made in this way returns a Jacobian of zeros. A central one returns
# $(f(1, 2) - f(0, 2)) / 0.00002$ in its first column, which is $(50000, 100000)$. The cure is one
# line at the top of the function:
#
# ```python
# x = np.asarray(x, float)
# ```
#
# It also turns a list into an array. It does not copy an array that is float already. So never write
# into the `x` that came in: make a moved copy for each step. The same goes for results: an array for
# slopes must not be made by `np.zeros_like(x)` where `x` may hold whole numbers.

# %% [markdown] exercise="jacobian_central" objective=3
# ### Exercise: the Jacobian by central differences
#
# Write `jacobian_central(f, x, h=1e-5)`.
#
# - `x` has shape $(n,)$. It may be an array or a list, and may hold whole numbers. It must not be
#   changed.
# - `f` is to be called with a float array of shape $(n,)$. It returns an array of shape $(m,)$, or a
#   list of $m$ numbers, or one number. One number counts as $m = 1$.
# - `h` is the distance from $x$ to each of the two points of a difference.
#
# Return the Jacobian at $x$ by central differences, an array of shape $(m, n)$. For an `f` that
# returns one number this is $(1, n)$.


# %% answer="jacobian_central"
def jacobian_central(f, x, h=1e-5):
    """Return the Jacobian (m, n) of f at x by central differences. x: shape (n,)."""
    ### BEGIN SOLUTION
    x = np.asarray(x, float)
    columns = []
    for j in range(len(x)):
        step = np.zeros(len(x))
        step[j] = h
        right, left = (np.atleast_1d(np.asarray(f(p), float)) for p in (x + step, x - step))
        columns.append((right - left) / (2 * h))
    return np.stack(columns, axis=1)
    ### END SOLUTION


# %% [markdown] hints="jacobian_central"
# 1. Print `J.shape` for a map with $m \ne n$ first. Then print the point at which `f` is called:
#    does exactly one entry move, by exactly `h`, in both directions?
# 2. One input moved gives one column: all outputs at once. What `f` returns may be a list or a
#    number, and `np.atleast_1d` makes an array with one axis of either.
# 3. A loop over `j` in which a column of shape `(m,)` has the shape
#    `(f(x + step) - f(x - step)) / ...`. The columns go side by side, not below each other.


# %% given="maps"
def counted(f, calls):
    """Return a function that does what f does, and adds each input to the list `calls`."""

    def watched(x):
        calls.append(np.array(x, float))
        return f(x)

    return watched


def where_called(calls, x, steps):
    """Return where to look: was f called at x + step and at x - step for each of the steps?"""
    points = [np.asarray(x, float) + sign * step for step in steps for sign in (1, -1)]
    same = lambda p, q: p.shape == q.shape and np.allclose(p, q, rtol=0, atol=1e-9)
    if calls and all(same(p, np.asarray(x, float)) for p in calls):
        twice = " Are two of your names the same array?" if len(calls) > 1 else ""
        return f"f was called at x only: nothing had moved.{twice}"
    for point in points:
        if not any(same(p, point) for p in calls):
            digits = ", ".join(f"{number:.8g}" for number in point)
            return f"f was not called at ({digits}), where a central difference needs it."
    return "f was called at the right points. How is the result made of what it returned?"


def bend(x):
    """Return four numbers for three."""
    return np.array(
        [np.exp(2 * x[0]) * x[1], np.sin(x[1] * x[2]), x[0] * x[2] ** 2, x[1] ** 3 + x[0]]
    )


def squeeze(x):
    """Return two numbers for any number of them."""
    weights = np.cos(np.arange(len(x)))
    return np.array([np.sum(weights * x**2), np.exp(np.sum(weights * x) / 2)])


# %% check="jacobian_central" part="square" points=1
# A central difference has an error of its own, so that six digits are asked for here.
point, calls = np.array([1.0, 2.0]), []
yours = call(jacobian_central, counted(plane_map, calls), point)
check_jacobian(
    plane_map,
    yours,
    point,
    name="jacobian_central of (x_1^2 + x_2, x_1 x_2) at (1, 2)",
    rtol=1e-6,
    look=where_called(calls, point, 1e-5 * np.eye(2)),
    case=Difference("jacobian", jacobian_central),
)
check_value(
    call(jacobian_central, lambda x: x**3, np.array([2.0, 1.0]), 0.5),
    [[12.25, 0.0], [0.0, 3.25]],
    name="jacobian_central of (x_1^3, x_2^3) at (2, 1) with h = 0.5",
    look="With such a large h the result is not the slope: it is the central difference itself.",
    case=Difference("jacobian", jacobian_central),
)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(21)
for n in (2, 3, 5):
    A, x = rng.normal(size=(n, n)), rng.uniform(0.3, 1.2, n)
    warp = lambda x, A=A: np.exp(x @ A)
    name = f"jacobian_central of a map from {n} to {n} numbers"
    check_jacobian(
        warp,
        call(jacobian_central, warp, x),
        x,
        name=name,
        rtol=1e-6,
        case=Difference("jacobian", jacobian_central),
    )
### END HIDDEN TESTS

# %% check="jacobian_central" part="rectangular" points=1
for f, point in [(bend, [0.3, -0.8, 1.2]), (squeeze, [0.4, 1.1, -0.6, 0.9, 1.5])]:
    point = np.array(point)
    check_jacobian(
        f,
        call(jacobian_central, f, point),
        point,
        name=f"jacobian_central of a map from {len(point)} to {len(f(point))} numbers",
        rtol=1e-6,
        case=Difference("jacobian", jacobian_central),
    )
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(22)
for n, m in [(1, 4), (6, 2), (3, 7)]:
    A, x = rng.normal(size=(n, m)), rng.uniform(0.3, 1.2, n)
    warp = lambda x, A=A: np.exp(x @ A)
    name = f"jacobian_central of a map from {n} to {m} numbers"
    check_jacobian(
        warp,
        call(jacobian_central, warp, x),
        x,
        name=name,
        rtol=1e-6,
        case=Difference("jacobian", jacobian_central),
    )
### END HIDDEN TESTS

# %% check="jacobian_central" part="integers" points=1
for f, whole in [(plane_map, np.array([1, 2])), (squeeze, [1, -1, 2])]:
    check_jacobian(
        lambda x, f=f: f(x),
        call(jacobian_central, f, whole),
        whole,
        name=f"jacobian_central at the whole numbers {list(map(int, whole))}",
        rtol=1e-6,
        look="If the check above passes: into which array is the moved entry written, and what can "
        "that array hold?",
        case=Difference("jacobian", jacobian_central),
    )
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(23)
for whole in (rng.integers(-2, 3, 3), rng.integers(1, 4, 6).tolist(), np.array([2, 1, 1], "int32")):
    f = bend if len(whole) == 3 else squeeze
    name = f"jacobian_central at the whole numbers {np.array(whole).tolist()}"
    check_jacobian(
        f,
        call(jacobian_central, f, whole),
        whole,
        name=name,
        rtol=1e-6,
        case=Difference("jacobian", jacobian_central),
    )
### END HIDDEN TESTS

# %% check="jacobian_central" part="scalar" points=1
point = np.array([0.5, -1.5, 0.8, 1.1])
for what, f in [
    ("one number", lambda x: float(squeeze(x)[1])),
    ("a list of two numbers", lambda x: [float(number) for number in squeeze(x)]),
]:
    check_jacobian(
        f,
        call(jacobian_central, f, point),
        point,
        name=f"jacobian_central of a function that returns {what}",
        rtol=1e-6,
        case=Difference("jacobian", jacobian_central),
    )
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(24)
for n in (1, 3, 5):
    x = rng.uniform(0.5, 1.5, n)
    for f in (
        lambda x: np.exp(x.sum()),
        lambda x: [np.exp(x.sum())],
        lambda x: list(np.exp(2 * x)),
    ):
        name = f"jacobian_central of a function of {n} numbers that returns a number or a list"
        check_jacobian(
            f,
            call(jacobian_central, f, x),
            x,
            name=name,
            rtol=1e-6,
            case=Difference("jacobian", jacobian_central),
        )
### END HIDDEN TESTS

# %% [markdown]
# ## 4. The chain rule is a product of Jacobians
#
# In this section $g$ is a map, and no longer a gradient. Let $g: \mathbb R^n \to \mathbb R^k$ and
# $f: \mathbb R^k \to \mathbb R^m$, and write $u = g(x)$ for the inner value, of shape $(k,)$. From
# input $x_j$ to output $f_i$ there are $k$ paths, one through each entry of $u$. Along a path
# multiply, over all paths add:
#
# $$\frac{\partial f_i}{\partial x_j} = \sum_{l=1}^{k} \frac{\partial f_i}{\partial u_l}\cdot
# \frac{\partial u_l}{\partial x_j} .$$
#
# A sum over the index in the middle is a matrix product. So the whole chain rule is
#
# $$J_{f \circ g}(x) = J_f(u)\; J_g(x), \qquad u = g(x), \qquad (m, k)(k, n) = (m, n).$$
#
# In words: **the outer Jacobian, taken at the inner value, times the inner Jacobian, taken at $x$.**
# For single numbers the order of the factors did not matter. For matrices it does: the outer one
# stands on the left. The shapes in the middle, $k$ and $k$, must meet.
#
# ### A worked example
#
# $$u = g(x) = (x_1 x_2,\; \sin x_1,\; x_2^2), \qquad f(u) = (u_1 + u_2 u_3,\; u_1^2) .$$

# %%
x = np.array([0.5, 2.0])


def inner(x):  # (2,) -> (3,)
    return np.array([x[0] * x[1], np.sin(x[0]), x[1] ** 2])


def outer(u):  # (3,) -> (2,)
    return np.array([u[0] + u[1] * u[2], u[0] ** 2])


# forward: the inner value
u = inner(x)

# each Jacobian at what enters its function: a row for each output, a column for each input
J_inner = np.array([[x[1], x[0]], [np.cos(x[0]), 0.0], [0.0, 2 * x[1]]])  # (3, 2), at x
J_outer = np.array([[1.0, u[2], u[1]], [2 * u[0], 0.0, 0.0]])  # (2, 3), at u

# the outer one stands on the left
J = J_outer @ J_inner  # (2, 3)(3, 2) = (2, 2)
measured = oracles.jacobian(lambda x: outer(inner(x)), x)
print(np.round(J, 4))
print("agrees with the measured Jacobian:", np.abs(J - measured).max() < 1e-8)
print("the product in the other order has the shape", (J_inner @ J_outer).shape)

# %% [markdown]
# The product in the other order can be computed, since 2 meets 2. It is not the derivative of
# anything here. That a product runs does not show that it is right.
#
# On the board below, put the Jacobians of a longer chain in order. **Predict** the order first. Then
# choose the other task, with two square Jacobians: what can the shapes tell you there?

# %% drawing="chain"
shape_board([task for task in TASKS if "Jacobians" in task["name"]])

# %% [markdown]
# In the chain only one order fits. Where all Jacobians are square, every order and every transpose
# fits, and shapes decide nothing. The chain rule decides: the outer one stands on the left.

# %% [markdown]
# ## 5. Two products with a Jacobian, and what they cost
#
# A network is a chain $f = f_3 \circ f_2 \circ f_1$ with many links, so its Jacobian is a product
# $J_3 J_2 J_1$. Hardly anybody needs this matrix itself. What is needed is one of two products with
# a vector:
#
# | product | name | vector | result | it answers |
# |---|---|---|---|---|
# | $J v$ | **JVP**, Jacobian-vector product | $v$ $(n,)$ | $(m, n)(n,) = (m,)$ | inputs move along $v$: how do all outputs move? |
# | $u J$ | **VJP**, vector-Jacobian product | $u$ $(m,)$ | $(m,)(m, n) = (n,)$ | $u_i$ is the worth of output $i$: what is each input worth? |
#
# Here a vector on the right of a matrix is a column, and one on the left is a row; both are stored
# with shape $(n,)$ or $(m,)$. In numpy they are `J @ v` and `u @ J`. Books that have only columns
# write $J^{\mathsf T} u$ for $u J$; that is the same numbers.
#
# The letter $u$ has a new meaning from here on. In section 4 it was the inner value; now it is a vector
# with one worth for each output. It is called the **upstream gradient**, or cotangent. If a loss
# $L$ is computed from $y = f(x)$ and $u_i = \partial L/\partial y_i$, then
#
# $$(uJ)_j = \sum_{i=1}^{m} \frac{\partial L}{\partial y_i}\cdot\frac{\partial y_i}{\partial x_j}
# = \frac{\partial L}{\partial x_j} .$$
#
# So **a VJP turns the gradient toward the outputs of a link into the gradient toward its inputs.**
#
# ### Without the matrix
#
# Two links that stand in many networks show how a product with $J$ is found without $J$:
#
# | link | Jacobian | $Jv$ | $uJ$ |
# |---|---|---|---|
# | $y = \tanh x$, entry by entry, $(n,)$ | diagonal, $\tanh'(x_j)$ at $[j, j]$: $(n, n)$ | $\tanh'(x) \odot v$ | $u \odot \tanh'(x)$ |
# | $y = xW$, with $W$ $(n, m)$ | $J_{ij} = W_{ji}$, so $J = W^{\mathsf T}$: $(m, n)$ | $vW$ | $uW^{\mathsf T}$ |
#
# The sign $\odot$ is the product entry by entry. For a chain the products are taken link by link. A
# JVP starts at the input and goes forward; a VJP starts at the output and goes back:
#
# $$Jv = J_3\,(J_2\,(J_1 v)), \qquad\qquad uJ = ((u J_3)\, J_2)\, J_1 .$$
#
# There is never more than a vector in flight. Each Jacobian is taken at the value that entered its
# link: $J_1$ at $x$, $J_2$ at $f_1(x)$, and $J_3$ at $f_2(f_1(x))$. A JVP can go along with the
# forward pass. A VJP comes after it, so these values must be kept.
#
# ### What it costs
#
# Let three links take 1000 parameters to 500, then to 200 numbers, then to one loss. Suppose that
# the three Jacobians are there as matrices. A product of shapes $(a, b)$ and $(b, c)$ takes
# $a\,b\,c$ multiplications. **Predict:** which of the two products gives more for its price?

# %%
n, k1, k2, m = 1000, 500, 200, 1  # J_1 (500, 1000), J_2 (200, 500), J_3 (1, 200)
one_jvp = k1 * n + k2 * k1 + m * k2
one_vjp = m * k2 + k2 * k1 + k1 * n
print(f"one J v:                   {one_jvp:>11,} multiplications, 1 slope")
print(f"one u J:                   {one_vjp:>11,} multiplications, {n} slopes")
print(f"all slopes by J v:         {n * one_jvp:>11,} multiplications, {n} slopes")
print(f"J_2 J_1 first, then J_3:   {k2 * k1 * n + m * k2 * n:>11,} multiplications, {n} slopes")
print(f"central differences:       {2 * n:>11,} evaluations of f, {n} slopes")

# %% [markdown]
# One $Jv$ and one $uJ$ cost the same. But there is one loss and there are many parameters. $Jv$
# says how the one loss moves along one direction. With $u = 1$, $uJ$ is the loss's whole gradient.
# **That is why backpropagation is made of VJPs: one pass back gives the slopes toward all
# parameters of one loss.** With one input and many outputs it would be the other way round.
#
# You may think that backpropagation is a different derivative from the one in your calculus book,
# but it is the same product of Jacobians. Only the order in which it is multiplied out is chosen
# well.
#
# ### What differences can do
#
# If only values of $f$ are to be had, one of the two products is cheap. Along the line $x + tv$ the
# output moves at the rate $Jv$, so
#
# $$Jv \;\approx\; \frac{f(x + hv) - f(x - hv)}{2h}, \qquad (m,),$$
#
# with **two evaluations of $f$, however large $n$ is**. For $uJ$ there is no such line. It is the
# gradient of the number $u \cdot f(x)$, and by differences that takes $2n$ evaluations.
#
# ### The dot-product test
#
# For any $u$ and $v$,
#
# $$u \cdot (Jv) = (uJ) \cdot v ,$$
#
# since both are the sum of all $u_i J_{ij} v_j$. So a VJP that you have derived can be tested
# against a JVP with random $u$ and $v$, and the matrix is never formed. The next cell does it for
# $y = \tanh(xW)$, with the products of the table above.

# %%
rng = np.random.default_rng(5)
W = rng.normal(size=(4, 3))
x, v, u = rng.normal(size=4), rng.normal(size=4), rng.normal(size=3)
z = x @ W  # (3,), what enters tanh
slope = 1 - np.tanh(z) ** 2

Jv = slope * (v @ W)  # forward: first the matrix, then tanh. (3,)
uJ = (u * slope) @ W.T  # back: first tanh, then the matrix. (4,)
no_slope = u @ W.T  # a mistake: tanh was forgotten
print(f"u . (J v) = {u @ Jv:.6f}")
print(f"(u J) . v = {uJ @ v:.6f}")
print(f"with the slope of tanh forgotten: {no_slope @ v:.6f}")

measured = (np.tanh((x + 1e-5 * v) @ W) - np.tanh((x - 1e-5 * v) @ W)) / 2e-5
print("J v agrees with a difference:", np.abs(Jv - measured).max() < 1e-8)

# %% [markdown]
# The last line matters. The dot-product test compares two of your own formulas, so it cannot see a
# mistake that stands in both. A difference knows nothing of formulas.

# %% [markdown] exercise="jvp" objective=4
# ### Exercise: a Jacobian times a vector
#
# Write `jvp(f, x, v, h=1e-5)`. `f` takes an array of shape $(n,)$ and returns an array of shape
# $(m,)$. `x` and `v` have shape $(n,)$; they may be lists and may hold whole numbers. Return $Jv$
# of shape $(m,)$ by a central difference along $v$. Evaluate `f` **exactly twice**, at $x + hv$ and
# at $x - hv$. A test counts.


# %% answer="jvp"
def jvp(f, x, v, h=1e-5):
    """Return J v, of shape (m,), with two evaluations of f. x, v: shape (n,)."""
    ### BEGIN SOLUTION
    x, v = np.asarray(x, float), np.asarray(v, float)
    return (f(x + h * v) - f(x - h * v)) / (2 * h)
    ### END SOLUTION


# %% [markdown] hints="jvp"
# 1. Count the calls of `f` in your code. If there is a loop over the entries of `x`, you compute the
#    whole Jacobian.
# 2. Moving $x$ along $v$ makes $f$ a function of one number $t$. Its slope at $t = 0$ is $Jv$.
# 3. After both inputs are made float arrays, one line has the shape `(f(...) - f(...)) / ...`.


# %% check="jvp" points=2
for f, x, v in [
    (bend, [0.3, -0.8, 1.2], [1.5, -0.5, 2.0]),
    (squeeze, [0.4, 1.1, -0.6, 0.9, 1.5], [0.7, -1.2, 0.5, 2.0, -0.3]),
]:
    x, v, calls = np.array(x), np.array(v), []
    sizes = f"for a map from {len(x)} to {len(f(x))} numbers"
    yours = call(jvp, counted(f, calls), x, v)
    look = where_called(calls, x, [1e-5 * v])
    check_value(
        yours,
        oracles.jvp(f, x, v),
        name=f"jvp {sizes}",
        rtol=1e-6,
        look=look,
        case=Difference("jvp", jvp),
    )
    check_equal(len(calls), 2, name=f"the number of evaluations of f in jvp, {sizes}")
cubes = lambda x: x**3
check_value(
    call(jvp, cubes, [2, 1], [1, -3], 0.5),
    [12.25, -15.75],
    name="jvp of (x_1^3, x_2^3) at x = [2, 1] along v = [1, -3] with h = 0.5",
    look="With such a large h the result is not J v: it is the central difference itself.",
    case=Difference("jvp", jvp),
)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(41)
for n, m in [(2, 2), (6, 3), (3, 5), (40, 2), (1, 4)]:
    A, x, v, calls = rng.normal(size=(n, m)) / n, rng.normal(size=n), rng.normal(size=n), []
    warp = lambda x, A=A: np.exp(x @ A)
    yours = call(jvp, counted(warp, calls), x, v)
    check_value(
        yours,
        oracles.jvp(warp, x, v),
        name=f"jvp with n = {n}, m = {m}",
        rtol=1e-6,
        case=Difference("jvp", jvp),
    )
    check_equal(len(calls), 2, name=f"the number of evaluations of f in jvp with n = {n}")
whole, direction = np.array([1, -1, 2]), np.array([2, 1, -1])
yours = call(jvp, bend, whole, direction)
check_value(
    yours,
    oracles.jvp(bend, whole, direction),
    name="jvp at whole numbers",
    rtol=1e-6,
    case=Difference("jvp", jvp),
)
yours = call(jvp, bend, whole.tolist(), direction.tolist())
check_value(
    yours,
    oracles.jvp(bend, whole, direction),
    name="jvp of lists",
    rtol=1e-6,
    case=Difference("jvp", jvp),
)
### END HIDDEN TESTS

# %% [markdown] exercise="vjp" objective=4
# ### Exercise: a vector times a Jacobian
#
# Write `vjp(f, x, u, h=1e-5)`. `f` takes an array of shape $(n,)$ and returns an array of shape
# $(m,)$. `x` has shape $(n,)$, `u` has shape $(m,)$; both may be lists and may hold whole numbers.
# Return $uJ$ of shape $(n,)$, by central differences with the step $h$. You may use what you have
# written already.


# %% answer="vjp"
def vjp(f, x, u, h=1e-5):
    """Return u J, of shape (n,), by central differences. x: shape (n,). u: shape (m,)."""
    ### BEGIN SOLUTION
    return np.asarray(u, float) @ jacobian_central(f, x, h)
    ### END SOLUTION


# %% [markdown] hints="vjp"
# 1. Compare the shape of your result with that of `x`. They must be equal, also where $m \ne n$.
# 2. $uJ$ is a sum over the outputs. It is also the gradient of the number $u \cdot f(x)$.
# 3. With the Jacobian in hand it is one product, `... @ ...`, in which the shapes $(m,)$ and
#    $(m, n)$ meet at $m$.

# %% check="vjp" points=1
for f, x, u in [
    (bend, [0.3, -0.8, 1.2], [1.5, -0.5, 2.0, 0.8]),
    (squeeze, [0.4, 1.1, -0.6, 0.9, 1.5], [-0.7, 1.6]),
]:
    x, u = np.array(x), np.array(u)
    sizes = f"for a map from {len(x)} to {len(u)} numbers"
    yours = call(vjp, f, x, u)
    check_gradient(
        lambda x, f=f, u=u: u @ f(x),
        yours,
        x,
        name=f"vjp {sizes}",
        rtol=1e-6,
        case=Difference("vjp", vjp),
    )
    v = np.linspace(-1, 2, len(x))
    check_value(
        np.ravel(yours) @ v,
        u @ oracles.jvp(f, x, v),
        name=f"(u J) . v {sizes}",
        rtol=1e-6,
        case=Difference("vjp", vjp),
    )
check_value(
    call(vjp, lambda x: x**3, [2, 1], [1, -3], 0.5),
    [12.25, -9.75],
    name="vjp of (x_1^3, x_2^3) at x = [2, 1] with u = [1, -3] and h = 0.5",
    look="With such a large h the result is not u J: it is made of the central differences themselves.",
    case=Difference("vjp", vjp),
)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(42)
for n, m in [(3, 3), (6, 3), (2, 5), (5, 1), (1, 4)]:
    A, x, u = rng.normal(size=(n, m)) / n, rng.normal(size=n), rng.normal(size=m)
    weighed = lambda x, A=A, u=u: u @ np.exp(x @ A)
    yours = call(vjp, lambda x, A=A: np.exp(x @ A), x, u)
    check_gradient(
        weighed, yours, x, name=f"vjp with n = {n}, m = {m}", rtol=1e-6, case=Difference("vjp", vjp)
    )
whole, weights = np.array([1, -1, 2]), np.array([2, -1, 1, 3])
for x, u in [(whole, weights), (whole.tolist(), weights.tolist())]:
    check_gradient(
        lambda x: weights @ bend(x),
        call(vjp, bend, x, u),
        whole,
        name="vjp at [1, -1, 2]",
        rtol=1e-6,
        case=Difference("vjp", vjp),
    )
### END HIDDEN TESTS

# %% [markdown]
# ### The derivative of a gradient
#
# Let $s$ be a function of $n$ numbers with one number as its value. Its gradient is itself a map,
# $\nabla s: \mathbb R^n \to \mathbb R^n$. The Jacobian of that map holds all second derivatives and
# is called the **Hessian** $H$ of $s$:
#
# $$H_{ij} = \frac{\partial}{\partial x_j}\frac{\partial s}{\partial x_i}, \qquad (n, n), \qquad
# \text{and } H_{ij} = H_{ji} \text{ where the second derivatives are continuous.}$$
#
# It says how the gradient changes along the way:
# $\nabla s(x + \delta) \approx \nabla s(x) + H\delta$.
#
# For $s = x^2 y$ the gradient is $(2xy,\, x^2)$, and
#
# $$H = \begin{pmatrix} 2y & 2x \\ 2x & 0 \end{pmatrix}; \qquad \text{at } (1, 2) \text{ and for }
# v = (1, 1): \quad H v = \begin{pmatrix} 4 & 2 \\ 2 & 0 \end{pmatrix}\begin{pmatrix} 1 \\ 1 \end{pmatrix}
# = \begin{pmatrix} 6 \\ 2 \end{pmatrix}.$$
#
# For a million parameters $H$ has $10^{12}$ entries: 8000 gigabytes in float64. But $Hv$ is a JVP,
# that of the map $\nabla s$. A central difference gives it with two evaluations of the gradient.

# %% [markdown] exercise="hvp" objective=4
# ### Exercise: a Hessian times a vector
#
# Write `hvp(grad, x, v, h=1e-5)`. `grad` is the gradient of some function: it takes an array of
# shape $(n,)$ and returns one of shape $(n,)$. `x` and `v` have shape $(n,)$; they may be lists and
# may hold whole numbers. Return $Hv$ of shape $(n,)$ by a central difference, with **exactly two
# evaluations** of `grad`, at the points $x \pm hv$. A test counts.


# %% answer="hvp"
def hvp(grad, x, v, h=1e-5):
    """Return H v, of shape (n,), with two evaluations of grad. x, v: shape (n,)."""
    ### BEGIN SOLUTION
    return jvp(grad, x, v, h)
    ### END SOLUTION


# %% [markdown] hints="hvp"
# 1. Ask of which map $H$ is the Jacobian. Have you written a function for such a product already?
# 2. $Hv$ is the rate at which the gradient changes along $v$. Nothing else has to be differentiated.
# 3. One line. It has the shape of a central difference of `grad`, or it is one call.


# %% given="gradients"
def valley_gradient(x):
    """Return the gradient of x_1^2 x_2 + exp(x_2 x_3) + x_3^4, shape (3,)."""
    e = np.exp(x[1] * x[2])
    return np.array([2 * x[0] * x[1], x[0] ** 2 + x[2] * e, x[1] * e + 4 * x[2] ** 3])


# %% check="hvp" points=2
for x, v in [([1.0, 0.5, -0.8], [1.0, -2.0, 0.5]), ([0.4, -1.2, 0.9], [-0.5, 1.0, 1.5])]:
    x, v, calls = np.array(x), np.array(v), []
    yours = call(hvp, counted(valley_gradient, calls), x, v)
    true = oracles.jacobian(valley_gradient, x) @ v
    look = where_called(calls, x, [1e-5 * v]).replace("f was", "grad was")
    check_value(
        yours,
        true,
        name=f"hvp at x = {x.tolist()}",
        rtol=1e-6,
        look=look,
        case=Difference("hvp", hvp),
    )
    check_equal(len(calls), 2, name="the number of evaluations of grad in one call of hvp")
check_value(
    call(hvp, lambda x: x**3, [2, 1], [1, -2], 0.5),
    [12.25, -8.0],
    name="hvp with the lists x = [2, 1] and v = [1, -2], h = 0.5 and the gradient (x_1^3, x_2^3)",
    look="With such a large h the result is not H v: it is the central difference itself.",
    case=Difference("hvp", hvp),
)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(43)
for n in (1, 2, 5, 30):
    A, x, v, calls = rng.normal(size=(n, n)), rng.normal(size=n) / n, rng.normal(size=n), []
    steep = lambda x, A=A: np.exp(A @ x) @ A
    yours = call(hvp, counted(steep, calls), x, v)
    check_value(
        yours,
        A.T @ (np.exp(A @ x) * (A @ v)),
        name=f"hvp with n = {n}",
        rtol=1e-6,
        case=Difference("hvp", hvp),
    )
    check_equal(len(calls), 2, name=f"the number of evaluations of grad in hvp with n = {n}")
whole, direction = np.array([2, 1, -1]), np.array([1, -2, 3])
true = oracles.jacobian(valley_gradient, whole) @ direction
for x, v in [(whole, direction), (whole.tolist(), direction.tolist())]:
    check_value(
        call(hvp, valley_gradient, x, v),
        true,
        name="hvp at [2, 1, -1]",
        rtol=1e-6,
        case=Difference("hvp", hvp),
    )
cubic = lambda x: x**3
yours = call(hvp, cubic, np.array([2.0, 1.0]), np.array([1.0, -3.0]), 0.5)
check_value(yours, [12.25, -15.75], name="hvp with h = 0.5", case=Difference("hvp", hvp))
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Softmax
#
# A classifier with $K$ classes computes $K$ numbers $z$, the **logits**, and turns them into
# probabilities:
#
# $$p_i = \frac{e^{z_i}}{S}, \qquad S = \sum_{l=1}^{K} e^{z_l}, \qquad z, p \text{ of shape } (K,).$$
#
# All $p_i$ are positive and their sum is 1. Every output depends on every input, since all logits
# are in $S$.
#
# ### Its Jacobian, derived
#
# Differentiate $p_i$ toward $z_j$ by the quotient rule. The denominator has the derivative
# $\partial S/\partial z_j = e^{z_j}$, for every $j$. The numerator $e^{z_i}$ has the derivative
# $e^{z_i}$ if $j = i$, and 0 otherwise.
#
# $$j = i: \quad \frac{\partial p_i}{\partial z_i} = \frac{e^{z_i} S - e^{z_i} e^{z_i}}{S^2}
# = \frac{e^{z_i}}{S} - \frac{e^{z_i}}{S}\cdot\frac{e^{z_i}}{S} = p_i - p_i^2 ,$$
#
# $$j \ne i: \quad \frac{\partial p_i}{\partial z_j} = \frac{0 \cdot S - e^{z_i} e^{z_j}}{S^2}
# = -p_i\, p_j .$$
#
# Both cases in one line: $J_{ij} = p_i\,(\delta_{ij} - p_j)$, where $\delta_{ij}$ is 1 for $i = j$
# and 0 otherwise. As a matrix,
#
# $$J = \operatorname{diag}(p) - p\, p^{\mathsf T}, \qquad (K, K) = (K, K) - (K, 1)(1, K).$$
#
# Here $\operatorname{diag}(p)$ has $p$ on its diagonal and zeros elsewhere, and $p\,p^{\mathsf T}$
# has the entries $p_i p_j$. In numpy, `p @ p` of two arrays $(K,)$ is a number; the table of all
# products is `np.outer(p, p)`.
#
# You may think that the derivative of softmax is $p(1 - p)$, as for the sigmoid, but that is only
# the diagonal. Raise one logit, and its probability rises at the expense of all the others.


# %% given="softmax"
def naive_softmax(Z):
    """Return softmax along the last axis; for moderate numbers only."""
    return np.exp(Z) / np.exp(Z).sum(axis=-1, keepdims=True)


z = np.array([1.0, 2.0, 0.0, 0.5])
print("p =", np.round(naive_softmax(z), 4))
J = oracles.jacobian(naive_softmax, z)
print("J, measured:")
print(np.round(J, 4))
print("each row and each column adds up to 0:", np.abs([J.sum(axis=0), J.sum(axis=1)]).max() < 1e-9)

# %% drawing="softmax"
logits = np.array([1.0, 2.0, 0.0, 0.5])
raised = logits + np.array([0.5, 0, 0, 0])
change = naive_softmax(raised) - naive_softmax(logits)
figure, axis = new_figure(width=6.4, height=3)
bars = axis.bar(range(1, 5), change, color=["#0b5fa5"] + ["#b3261e"] * 3, width=0.6)
for bar, value in zip(bars, change, strict=True):
    bar.set_hatch("//" if value > 0 else "")
    low = value < 0
    place = value - 0.006 if low else value + 0.004
    axis.text(bar.get_x() + 0.3, place, f"{value:+.3f}", ha="center", va="top" if low else "bottom")
axis.axhline(0, color="black", lw=0.8)
axis.set(xticks=range(1, 5), xlabel="class", ylabel="change of the probability")
axis.set(ylim=(-0.1, 0.13))
show(
    figure,
    alt="Four bars: the changes of four probabilities when the first logit is raised by one half. The "
    "first probability rises by about 0.1, and the other three fall, the second one most.",
)

# %% [markdown]
# The figure shows what happens when the first logit alone is raised by 0.5. The four changes add up
# to 0, since the probabilities add up to 1 before and after. So every column of $J$ adds up to 0.
#
# Every row does too. For any number $c$,
#
# $$\frac{e^{z_i - c}}{\sum_l e^{z_l - c}} = \frac{e^{-c}\, e^{z_i}}{e^{-c} \sum_l e^{z_l}} = p_i .$$
#
# So adding the same number to all logits changes nothing: along $v = (1, \dots, 1)$ the outputs do not
# move, and $Jv = 0$. Entry $i$ of this $Jv$ is the sum of row $i$ of $J$.
#
# The same fact saves us from an overflow. In float64, $e^{1000}$ overflows to
# infinity, and infinity divided by itself is `nan`:

# %%
with np.errstate(all="ignore"):
    print(naive_softmax(np.array([1000.0, 0.0, -1000.0])))

# %% [markdown]
# With $c = \max_l z_l$ the largest exponent is 0, and no exponential can overflow. One that is too
# small to be stored becomes 0, which is harmless.

# %% [markdown] exercise="softmax_jacobian" objective=5
# ### Exercise: the Jacobian of softmax
#
# Write `softmax_jacobian(z)`. `z` has shape $(K,)$; it may be a list and may hold whole numbers.
# Return the Jacobian of softmax at `z`, of shape $(K, K)$, from the formula. It must be right for
# numbers of any size, such as $\pm 1000$, without a warning from numpy.


# %% answer="softmax_jacobian"
def softmax_jacobian(z):
    """Return the Jacobian (K, K) of softmax at z, without overflow. z: shape (K,)."""
    ### BEGIN SOLUTION
    z = np.asarray(z, float)
    e = np.exp(z - z.max())
    p = e / e.sum()
    return np.diag(p) - np.outer(p, p)
    ### END SOLUTION


# %% [markdown] hints="softmax_jacobian"
# 1. Compute `p` first and look at it: is its sum 1, also for $z = (1000, 0, -1000)$? Then look at
#    one entry on the diagonal and one beside it.
# 2. The Jacobian is one matrix minus another: $\operatorname{diag}(p)$, and the table of all
#    products $p_i p_j$. Subtract the largest logit before you take exponentials.
# 3. The last line has the shape `return ... - ...`, with two arrays of shape $(K, K)$ that are both made
#    of `p` alone.

# %% check="softmax_jacobian" part="values" points=1
for z in [[0.5, -1.0, 2.0, 0.1], [1.2, 0.3, -0.4, 0.8, -2.0]]:
    check_jacobian(
        naive_softmax,
        lambda z: call(softmax_jacobian, z),
        np.array(z),
        name=f"softmax_jacobian({z})",
        look="Each row and each column of the Jacobian adds up to 0. Do yours?",
    )
for whole in [np.array([2, -1, 0, 3]), [1, 0, -2]]:
    check_jacobian(
        naive_softmax,
        call(softmax_jacobian, whole),
        whole,
        name=f"softmax_jacobian of the whole numbers {list(map(int, whole))}",
        look="If the numbers above passed: can the array into which you write hold fractions?",
    )
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(51)
for K in (2, 3, 7):
    z = rng.normal(size=K)
    check_jacobian(
        naive_softmax,
        lambda z: call(softmax_jacobian, z),
        z,
        name=f"softmax_jacobian for {K} classes",
    )
for z in (np.array([2, 0, -1]), [1, 3, 0, 2]):
    name = f"softmax_jacobian of the whole numbers {np.array(z).tolist()}"
    check_jacobian(naive_softmax, call(softmax_jacobian, z), z, name=name)
### END HIDDEN TESTS

# %% check="softmax_jacobian" part="extremes" points=1
check_value(
    call(softmax_jacobian, np.array([1000.0, -1000.0, 1000.0]), quiet=True),
    [[0.25, 0, -0.25], [0, 0, 0], [-0.25, 0, 0.25]],
    name="softmax_jacobian([1000, -1000, 1000])",
    look="Here the probabilities are 1/2, 0 and 1/2.",
)
### BEGIN HIDDEN TESTS
z = np.array([0.5, -1.0, 2.0, 0.1])
true = oracles.jacobian(naive_softmax, z)
for shift in (1000.0, -1000.0, 1e6):
    yours = call(softmax_jacobian, z + shift, quiet=True)
    check_value(yours, true, name=f"softmax_jacobian of logits near {shift:g}", rtol=1e-8)
yours = call(softmax_jacobian, np.array([0.0, 1000.0, -1000.0, 3.0]), quiet=True)
check_value(yours, np.zeros((4, 4)), name="softmax_jacobian([0, 1000, -1000, 3])")
### END HIDDEN TESTS

# %% [markdown]
# ### Its VJP, without the matrix
#
# On the way back we need $uJ$ for an upstream gradient $u$ of shape $(K,)$. Put the entries in:
#
# $$(uJ)_j = \sum_{i=1}^{K} u_i\, p_i\,(\delta_{ij} - p_j) = u_j\, p_j - p_j \sum_{i=1}^{K} u_i\, p_i
# = p_j \Bigl(u_j - \sum_{i=1}^{K} u_i\, p_i\Bigr).$$
#
# As arrays,
#
# $$uJ = p \odot (u - u \cdot p), \qquad (K,) = (K,) \odot \bigl((K,) - \text{a number}\bigr).$$
#
# Read it aloud: the number $u \cdot p$ is the average worth of the outputs, weighted by their
# probabilities. A logit is worth raising if its output is worth more than that average. The entries
# of $uJ$ add up to 0, since every row of $J$ does.
#
# The matrix has $K^2$ entries. The formula needs about $2K$ multiplications. For $K = 50\,000$ words
# that is 100 thousand in place of 2.5 billion.
#
# From here on, $m$ is no longer the number of outputs: it counts the samples of a batch. A batch
# has one row for each sample, and **each row is a softmax of its own**. So the number $u \cdot p$
# is a different one for each row: a column of shape $(m, 1)$.

# %% [markdown] exercise="softmax_vjp" objective=5
# ### Exercise: back through softmax
#
# Write `softmax_vjp(Z, U)`. `Z` holds logits and `U` upstream gradients, both of shape $(m, K)$.
# Row $i$ of the result, of shape $(m, K)$ too, is `U[i]` times the Jacobian of softmax at `Z[i]`.
# No Jacobian has to be formed, and no loop over rows is needed. Logits may be of any size, as
# before, and both arrays may hold whole numbers.


# %% answer="softmax_vjp"
def softmax_vjp(Z, U):
    """Return (m, K): row i is U[i] times the Jacobian of softmax at Z[i]. Z, U: shape (m, K)."""
    ### BEGIN SOLUTION
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return P * (U - (U * P).sum(axis=1, keepdims=True))
    ### END SOLUTION


# %% [markdown] hints="softmax_vjp"
# 1. Make it right for one row first, which is the first check. Then look at every `max` and `sum`:
#    over which axis does it go?
# 2. The formula for one row is $p \odot (u - u \cdot p)$. Along the classes means `axis=1`, and
#    `keepdims=True` leaves a column $(m, 1)$ that can be taken from each row.
# 3. After `P`, the last line has the shape `return P * (U - ...)`, where `...` is a column $(m, 1)$.


# %% given="softmax_probe"
def softmax_probe(number):
    """Return your products for other rows, for the diagnosis of wrong ones."""
    rng = np.random.default_rng(400 + number)
    Z, U = rng.normal(size=(2, 4 + number, 3 + 2 * number))
    return Probe(naive_softmax, {"Z": Z}, {}, {"Z": call(softmax_vjp, Z, U)}, U)


# %% check="softmax_vjp" part="values" points=1
Z, U = np.array([[0.5, -1.0, 2.0, 0.1]]), np.array([[1.0, -2.0, 0.5, 3.0]])
check_gradient(
    lambda Z: (U * naive_softmax(Z)).sum(),
    lambda Z: call(softmax_vjp, Z, U),
    Z,
    name="softmax_vjp for one row",
    case=Gradients(softmax_probe),
    look="The entries of each row of the result add up to 0. Do yours?",
)
Z, U = np.array([[2, -1, 0]]), np.array([[1, 3, -2]])
check_gradient(
    lambda Z: (U * naive_softmax(Z)).sum(),
    call(softmax_vjp, Z, U),
    Z,
    name="softmax_vjp for one row of whole numbers",
    look="If the row above passed: can the array into which you write hold fractions?",
)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(52)
for K in (2, 3, 6):
    Z, U = rng.normal(size=(1, K)), rng.normal(size=(1, K))
    weighed = lambda Z, U=U: (U * naive_softmax(Z)).sum()
    name = f"softmax_vjp for one row of {K}"
    yours = call(softmax_vjp, Z, U)
    check_gradient(weighed, yours, Z, name=name, case=Gradients(softmax_probe))
Z, U = np.array([[1, 0, -2]]), np.array([[3, -1, 2]])
check_gradient(
    lambda Z: (U * naive_softmax(Z)).sum(),
    call(softmax_vjp, Z, U),
    Z,
    name="whole numbers in Z and U",
)
### END HIDDEN TESTS

# %% check="softmax_vjp" part="rows" points=1
rng = np.random.default_rng(3)
Z, U = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
check_gradient(
    lambda Z: (U * naive_softmax(Z)).sum(),
    call(softmax_vjp, Z, U),
    Z,
    name="softmax_vjp for five rows",
    case=Gradients(softmax_probe),
    look="If one row alone is right: does each max and each sum go along the classes of one row?",
)
far = Z + np.array([[1000.0], [-1000.0], [0.0], [500.0], [-2.0]])  # a shift of its own for each row
shifted = "softmax_vjp for rows whose logits lie near 1000, -1000, 0, 500 and -2"
check_value(
    call(softmax_vjp, far, U, quiet=True, name=shifted),
    oracles.vjp(naive_softmax, Z, U),
    name=shifted,
    rtol=1e-8,
    look="Each row has a largest logit of its own.",
)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(53)
for m, K in [(7, 4), (3, 3), (6, 2), (2, 9)]:
    Z, U = 2 * rng.normal(size=(m, K)), rng.normal(size=(m, K)) + 1
    weighed = lambda Z, U=U: (U * naive_softmax(Z)).sum()
    name = f"softmax_vjp for {m} rows of {K}"
    yours = call(softmax_vjp, Z, U)
    check_gradient(weighed, yours, Z, name=name, case=Gradients(softmax_probe))
Z, U = np.array([[1000, 0], [-1000, -1000], [0, 1000]]), np.array([[3, 1], [2, 4], [1, 5]])
yours = call(softmax_vjp, Z, U, quiet=True)
check_value(yours, [[0, 0], [-0.5, 0.5], [0, 0]], name="softmax_vjp of logits 1000, 0 and -1000")
### END HIDDEN TESTS

# %% [markdown]
# ## 7. The linear layer
#
# A linear layer takes a batch of $m$ samples with $D$ numbers each to $m$ rows with $K$ numbers
# each:
#
# $$Y = XW + b, \qquad (m, K) = (m, D)(D, K) + (K,) .$$
#
# The bias $b$ is added to every row. Entry by entry,
#
# $$Y_{il} = \sum_{j=1}^{D} X_{ij}\, W_{jl} + b_l .$$
#
# From $Y$ a loss $L$ is computed. From here on, $dY$ is one name: the gradient of $L$ toward $Y$, so
# $dY_{il} = \partial L/\partial Y_{il}$, and it has the shape of $Y$. The names $dX$, $dW$ and $db$ are
# made in the same way. The upstream gradient $dY$, of shape $(m, K)$, has arrived. We want $dX$, $dW$
# and $db$. This is one VJP, with three results.
#
# ### Toward the weights, derived with indices
#
# The weight $W_{jk}$ reaches $L$ through entries of $Y$. Sum over all of them:
#
# $$dW_{jk} = \sum_{i=1}^{m} \sum_{l=1}^{K} dY_{il}\, \frac{\partial Y_{il}}{\partial W_{jk}}, \qquad
# \frac{\partial Y_{il}}{\partial W_{jk}} = X_{ij} \text{ if } l = k, \text{ else } 0 .$$
#
# Of the sum over $l$ only $l = k$ remains. What is left is a matrix product, with a transpose
# because the index $i$ that is summed over must stand in the middle:
#
# $$dW_{jk} = \sum_{i=1}^{m} X_{ij}\; dY_{ik} = \sum_{i=1}^{m} (X^{\mathsf T})_{ji}\; dY_{ik}, \qquad
# dW = X^{\mathsf T}\, dY, \qquad (D, K) = (D, m)(m, K).$$
#
# The sum over $i$ runs over the samples: all of them use the same weight, which is a fork with $m$
# paths.
#
# The other two are left to you. For each, ask the same question: through which entries of $Y$ does this
# number reach $L$, and with which slope?
#
# ### Checked with shapes
#
# Take 4 samples with 3 numbers each, and 2 outputs: $X$ $(4, 3)$, $W$ $(3, 2)$, $b$ $(2,)$ and $dY$
# $(4, 2)$.
#
# | gradient | must have the shape | formula | shapes |
# |---|---|---|---|
# | $dW$ | $(3, 2)$ | $X^{\mathsf T}\, dY$ | $(3, 4)(4, 2)$ |
# | $dX$ | $(4, 3)$ | a product of $dY$ and $W$ | ? |
# | $db$ | $(2,)$ | made of $dY$ alone | $(4, 2) \to (2,)$ |
#
# With three different sizes there is only one way to multiply $X$ and $dY$ that gives $(3, 2)$. The
# board has the factors of $dX$, of $dW$, and of a weight that is followed by a second layer.
# **Predict** which factors must be transposed, then try it.

# %% drawing="board"
shape_board([task for task in TASKS if "linear" in task["name"]])

# %% [markdown]
# That is a good way to remember the formulas. It is no proof. For the first weights of two layers the
# shapes allow more than one product. Where $m = D = K$, every wrong transpose fits too, and shapes say
# nothing about a missing factor. **Never test a layer with square matrices only.**
#
# ### Why not by the Jacobian
#
# The Jacobian of all entries of $Y$ toward all entries of $W$ has $mK$ rows and $DK$ columns. For a
# batch of 64 and a layer from 784 to 128 numbers:

# %%
samples, inputs, outputs = 64, 784, 128
entries = (samples * outputs) * (inputs * outputs)
forward = samples * inputs * outputs
back = samples * outputs * inputs + inputs * samples * outputs
print(f"entries of the Jacobian: {entries:>13,}, {entries * 8 / 1e9:.1f} gigabytes")
print(f"entries of dW:           {inputs * outputs:>13,}")
print(f"multiplications forward: {forward:>13,}")
print(f"multiplications back:    {back:>13,}, for dX and dW together")

# %% [markdown]
# The backward pass of a linear layer takes twice the multiplications of its forward pass, whatever
# the sizes. Nearly all entries of the Jacobian are 0, and the VJP never touches them.


# %% given="linear"
def linear(X, W, b):
    """Return Y = X W + b, of shape (m, K)."""
    return X @ W + b


def layer_example(seed, m, D, K):
    """Return random X (m, D), W (D, K), b (K,) and an upstream gradient dY (m, K)."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in [(m, D), (D, K), (K,), (m, K)]]


# %% [markdown] exercise="linear_backward" objective=6
# ### Exercise: back through a linear layer
#
# Write `linear_backward(X, W, b, dY)`, with $X$ $(m, D)$, $W$ $(D, K)$, $b$ $(K,)$ and the upstream
# gradient $dY$ $(m, K)$ of $Y = XW + b$. Return three arrays in this order: `dX` $(m, D)$,
# `dW` $(D, K)$ and `db` $(K,)$. `X`, `W` and `b` may hold whole numbers while `dY` does not.


# %% answer="linear_backward"
def linear_backward(X, W, b, dY):
    """Return dX (m, D), dW (D, K) and db (K,), given dY (m, K) of Y = X W + b."""
    ### BEGIN SOLUTION
    return dY @ W.T, X.T @ dY, dY.sum(axis=0)
    ### END SOLUTION


# %% [markdown] hints="linear_backward"
# 1. Print the three shapes beside those of `X`, `W` and `b`. Then ask of each result which index is
#    summed over.
# 2. `dX` needs `W`, `dW` needs `X`, and `db` needs neither. In each product the index that is summed
#    over stands in the middle, which is what the transposes are for. An entry of `b` has $m$ paths.
# 3. Two lines with `@` and one `.T` each, and one line that adds up what came back to each output.


# %% given="linear_probe"
def linear_probe(number):
    """Return your gradients of another layer, for the diagnosis of wrong ones."""
    sizes = [{"m": 5, "D": 4, "K": 3}, {"m": 7, "D": 2, "K": 5}, {"m": 6, "D": 5, "K": 4}]
    if number < 0:  # where the shapes did not fit: with equal ones nothing stops
        sizes = [{"m": 4, "D": 4, "K": 4}]
    X, W, b, dY = layer_example(500 + number, **sizes[number])
    found = dict(zip("XWb", call(linear_backward, X, W, b, dY), strict=True))
    return Probe(linear, {"X": X, "W": W, "b": b}, {}, found, dY)


# %% check="linear_backward" part="X" points=1
X, W, b, dY = layer_example(61, m=5, D=4, K=3)
dX = part(linear_backward, 0, of=3, case=Gradients(linear_probe))(X, W, b, dY)
check_gradient(
    lambda X: (dY * linear(X, W, b)).sum(), dX, X, name="dX", case=Gradients(linear_probe)
)
whole_X, whole_W = np.arange(20).reshape(5, 4) - 6, np.arange(12).reshape(4, 3) - 5
dX = part(linear_backward, 0, of=3, case=Gradients(linear_probe))(whole_X, whole_W, b, dY)
check_gradient(
    lambda X: (dY * linear(X, whole_W, b)).sum(),
    dX,
    whole_X,
    name="dX where X and W hold whole numbers",
    case=Gradients(linear_probe),
)
### BEGIN HIDDEN TESTS
for seed, (m, D, K) in enumerate([(7, 2, 5), (3, 3, 3), (1, 4, 2), (6, 5, 1)], 610):
    X, W, b, dY = layer_example(seed, m, D, K)
    dX = part(linear_backward, 0, of=3, case=Gradients(linear_probe))(X, W, b, dY)
    weighed = lambda X, W=W, b=b, dY=dY: (dY * linear(X, W, b)).sum()
    check_gradient(
        weighed, dX, X, name=f"dX with m = {m}, D = {D}, K = {K}", case=Gradients(linear_probe)
    )
### END HIDDEN TESTS

# %% check="linear_backward" part="W" points=2
X, W, b, dY = layer_example(62, m=5, D=4, K=3)
dW = part(linear_backward, 1, of=3, case=Gradients(linear_probe))(X, W, b, dY)
check_gradient(
    lambda W: (dY * linear(X, W, b)).sum(), dW, W, name="dW", case=Gradients(linear_probe)
)
whole_X, whole_W = np.arange(20).reshape(5, 4) - 7, np.arange(12).reshape(4, 3) - 4
dW = part(linear_backward, 1, of=3, case=Gradients(linear_probe))(whole_X, whole_W, b, dY)
check_gradient(
    lambda W: (dY * linear(whole_X, W, b)).sum(),
    dW,
    whole_W,
    name="dW where X and W hold whole numbers",
    case=Gradients(linear_probe),
)
### BEGIN HIDDEN TESTS
for seed, (m, D, K) in enumerate([(7, 2, 5), (3, 3, 3), (1, 4, 2), (6, 5, 1)], 620):
    X, W, b, dY = layer_example(seed, m, D, K)
    for kind, (A, B, c) in [
        ("", (X, W, b)),
        (" of whole numbers", [np.int64(3 * a) for a in (X, W, b)]),
    ]:
        dW = part(linear_backward, 1, of=3, case=Gradients(linear_probe))(A, B, c, dY)
        weighed = lambda W, A=A, c=c, dY=dY: (dY * linear(A, W, c)).sum()
        check_gradient(
            weighed,
            dW,
            B,
            name=f"dW{kind} with m = {m}, D = {D}, K = {K}",
            case=Gradients(linear_probe),
        )
### END HIDDEN TESTS

# %% check="linear_backward" part="b" points=2
X, W, b, dY = layer_example(63, m=5, D=4, K=3)
db = part(linear_backward, 2, of=3, case=Gradients(linear_probe))(X, W, b, dY)
check_gradient(
    lambda b: (dY * linear(X, W, b)).sum(), db, b, name="db", case=Gradients(linear_probe)
)
whole_b = np.array([2, -1, 3])
db = part(linear_backward, 2, of=3, case=Gradients(linear_probe))(X, W, whole_b, dY)
check_gradient(
    lambda b: (dY * linear(X, W, b)).sum(),
    db,
    whole_b,
    name="db where b holds whole numbers",
    case=Gradients(linear_probe),
)
### BEGIN HIDDEN TESTS
for seed, (m, D, K) in enumerate([(7, 2, 5), (3, 3, 3), (1, 4, 2), (6, 5, 1)], 630):
    X, W, b, dY = layer_example(seed, m, D, K)
    for kind, (A, B, c) in [
        ("", (X, W, b)),
        (" of whole numbers", [np.int64(3 * a) for a in (X, W, b)]),
    ]:
        db = part(linear_backward, 2, of=3, case=Gradients(linear_probe))(A, B, c, dY)
        weighed = lambda b, A=A, B=B, dY=dY: (dY * linear(A, B, b)).sum()
        check_gradient(
            weighed,
            db,
            c,
            name=f"db{kind} with m = {m}, D = {D}, K = {K}",
            case=Gradients(linear_probe),
        )
### END HIDDEN TESTS

# %% [markdown]
# ### The other two, derived
#
# Compare with what you have found.
#
# **Toward $X$.** The input $X_{ij}$ is used in row $i$ only, in all $K$ outputs of that row, with
# the slopes $\partial Y_{il}/\partial X_{ij} = W_{jl}$:
#
# $$dX_{ij} = \sum_{l=1}^{K} dY_{il}\; W_{jl} = \sum_{l=1}^{K} dY_{il}\; (W^{\mathsf T})_{lj}, \qquad
# dX = dY\, W^{\mathsf T}, \qquad (m, D) = (m, K)(K, D).$$
#
# **Toward $b$.** The bias $b_k$ is added once in every row, with slope 1. So $m$ paths lead from it
# to $L$. Add the rows of $dY$ up, along axis 0:
#
# $$db_k = \sum_{i=1}^{m} dY_{ik}, \qquad (K,) = \text{the rows of } (m, K) \text{, added up}.$$
#
# It is a sum and not a mean. Where a loss is a mean over the batch, its factor $1/m$ is already in
# $dY$. Dividing once more would make $db$ too small by the factor $m$.

# %% [markdown] exercise="jacobian_shapes" objective=4
# ### Exercise: which shape
#
# Give the shape of each of the following. Your answer is a dict from the name in the left column, as
# text, to a tuple of whole numbers. A tuple with one entry is written `(5,)`, with a comma.
#
# There are three maps, as in sections 4 and 5: $f: \mathbb R^5 \to \mathbb R^3$,
# $\;g: \mathbb R^3 \to \mathbb R^2$, and $s: \mathbb R^5 \to \mathbb R$ with one number as its value.
# And there is a linear layer: one sample $x$ of shape $(4,)$ gives $y = xW + b$ with $W$ of shape
# $(4, 2)$ and $b$ of shape $(2,)$. A batch $X$ of 7 samples gives $Y = XW + b$, from which a loss $L$,
# a number, is computed. Let $w$ stand for $W$ flattened to $(8,)$.
#
# | name | what |
# |---|---|
# | `"J of f"` | the Jacobian of $f$ |
# | `"J v"` | the Jacobian of $f$ times a vector $v$ that fits |
# | `"u J"` | a vector $u$ that fits, times the Jacobian of $f$ |
# | `"J of g after f"` | the Jacobian of $g \circ f$: first $f$, then $g$ |
# | `"J of s"` | the Jacobian of $s$ |
# | `"gradient of s"` | the gradient of $s$ |
# | `"H v"` | the Hessian of $s$ times a vector $v$ that fits |
# | `"dy/dx"` | the Jacobian of $y$ toward the sample $x$ |
# | `"dy/dw"` | the Jacobian of $y$ toward $w$, for one sample |
# | `"dY/dw"` | the Jacobian of $Y$, flattened to $(14,)$, toward $w$ |
# | `"dW"` | the gradient of $L$ toward $W$ |
# | `"db"` | the gradient of $L$ toward $b$ |
# | `"dX"` | the gradient of $L$ toward $X$ |


# %% given="shapes"
shape_names = ["J of f", "J v", "u J", "J of g after f", "J of s", "gradient of s", "H v"]
shape_names += ["dy/dx", "dy/dw", "dY/dw", "dW", "db", "dX"]


def check_shapes(yours, measured):
    """Return quietly if `yours` has the shapes of the dict `measured`."""
    for name, shape in measured.items():
        if list(yours[name]) != list(shape):
            raise Mismatch(
                f'"{name}": the shape {tuple(yours[name])} is not right.',
                look="A Jacobian has a row for each output. A gradient has the shape of its variable.",
            )


# %% answer="jacobian_shapes"
jacobian_shapes = None  # a dict, such as {"J of f": (1, 2), "J v": (3,)}
### BEGIN SOLUTION
jacobian_shapes = {
    "J of f": (3, 5),
    "J v": (3,),
    "u J": (5,),
    "J of g after f": (2, 5),
    "J of s": (1, 5),
    "gradient of s": (5,),
    "H v": (5,),
    "dy/dx": (2, 4),
    "dy/dw": (2, 8),
    "dY/dw": (14, 8),
    "dW": (4, 2),
    "db": (2,),
    "dX": (7, 4),
}
### END SOLUTION

# %% [markdown] hints="jacobian_shapes"
# 1. For each name, say first what goes in and what comes out, and how many numbers each of them has.
# 2. A Jacobian has a row for each output and a column for each input. A gradient has the shape of
#    its variable. In a product the numbers in the middle meet and disappear.
# 3. Five of the thirteen have one number, with a comma; the others have two.

# %% check="jacobian_shapes" points=1
# The shapes are found here by measuring maps of the same sizes.
if jacobian_shapes is None:
    raise NotWritten("jacobian_shapes: not written yet: put your dict in place of None.")
if not isinstance(jacobian_shapes, dict):
    raise Mismatch("jacobian_shapes: needed a dict from names to shapes.")
for name in shape_names:
    if name not in jacobian_shapes:
        raise Mismatch(f'jacobian_shapes: the name "{name}" is missing.')
    if not isinstance(jacobian_shapes[name], tuple | list):
        raise Mismatch(
            f'"{name}": {jacobian_shapes[name]!r} is no tuple.',
            look="A tuple with one entry has a comma: (5,). Without the comma it is a number.",
        )
f, g, s = (lambda x: x[:3] * x[2:]), (lambda u: u[:2] * u[1:]), (lambda x: x[0] * x[1] ** 2)
sample, weights, seven = np.arange(1.0, 5.0), np.arange(8.0), np.outer(np.arange(7.0), np.ones(4))
measured = {
    "J of f": oracles.jacobian(f, np.ones(5)).shape,
    "J v": oracles.jvp(f, np.ones(5), np.ones(5)).shape,
    "u J": numerical_gradient(lambda x: f(x).sum(), np.ones(5)).shape,
    "J of g after f": oracles.jacobian(lambda x: g(f(x)), np.ones(5)).shape,
    "J of s": oracles.jacobian(s, np.ones(5)).shape,
    "gradient of s": numerical_gradient(s, np.ones(5)).shape,
    "H v": oracles.hvp(s, np.ones(5), np.arange(5.0)).shape,
    "dy/dx": oracles.jacobian(lambda x: x @ weights.reshape(4, 2), np.ones(4)).shape,
    "dy/dw": oracles.jacobian(lambda w: sample @ w.reshape(4, 2), weights).shape,
    "dY/dw": oracles.jacobian(lambda w: (seven @ w.reshape(4, 2)).ravel(), weights).shape,
    "dW": numerical_gradient(lambda W: (seven @ W).sum(), np.ones((4, 2))).shape,
    "db": numerical_gradient(lambda b: (seven[:, :2] + b).sum(), np.ones(2)).shape,
    "dX": numerical_gradient(lambda X: (X @ weights.reshape(4, 2)).sum(), np.ones((7, 4))).shape,
}
check_shapes(jacobian_shapes, measured)
### BEGIN HIDDEN TESTS
batch, uneven = np.ones((7, 4)), np.array([1.0, -2.0])
measured = {
    "u J": oracles.vjp(f, np.ones(5), np.ones(3)).shape,
    "H v": oracles.hvp(s, np.ones(5), np.ones(5)).shape,
    "dy/dx": oracles.jacobian(lambda x: x @ weights.reshape(4, 2), sample).shape,
    "dY/dw": oracles.jacobian(lambda w: (batch @ w.reshape(4, 2)).ravel(), weights).shape,
    "dW": numerical_gradient(lambda W: (batch @ W).sum(), np.ones((4, 2))).shape,
    "db": numerical_gradient(lambda b: (batch[:, :2] + b).sum(), uneven).shape,
}
check_shapes(jacobian_shapes, measured)
### END HIDDEN TESTS

# %% [markdown] exercise="backward_order" objective=6
# ### Exercise: put the lines in order
#
# Seven of the lines below compute the gradients `dX`, `dW` and `db` of a linear layer with softmax
# on top:
#
# $$Z = XW + b, \qquad P = \operatorname{softmax}(Z) \text{ for each row}, \qquad
# L = \tfrac12 \sum_{i,k} R_{ik}\, P_{ik}^2 ,$$
#
# where $R$, of shape $(m, K)$, holds given weights. The other lines are wrong and must be left out.
# The lines may use `X`, `W`, `b`, `R`, the function `softmax(Z)`, and `softmax_vjp(Z, U)` as the
# exercise above describes it. Your answer is a list of letters in an order that works.

# %% given="backward_lines"
backward_lines = {
    "A": "dW = X.T @ dZ",
    "B": "dZ = softmax_vjp(P, dP)",
    "C": "db = dZ.sum(axis=1)",
    "D": "P = softmax(Z)",
    "E": "dX = dZ @ W.T",
    "F": "dP = R * P",
    "G": "dZ = dP * P * (1 - P)",
    "H": "dW = dZ.T @ X",
    "I": "Z = X @ W + b",
    "J": "db = dZ.sum(axis=0)",
    "K": "dX = W.T @ dZ",
    "L": "dZ = softmax_vjp(Z, dP)",
    "M": "dP = R * P**2",
    "N": "db = dZ.mean(axis=0)",
}
for letter, line in backward_lines.items():
    print(f"{letter}:  {line}")


def softmax_layer(X, W, b, R):
    """Return the loss of the linear layer with softmax on top, a number."""
    return (R * naive_softmax(linear(X, W, b)) ** 2).sum() / 2


def order_example(seed, m, D, K):
    """Return what the lines start from: random X, W, b and R, and the two functions."""
    X, W, b, R = layer_example(seed, m, D, K)
    functions = {
        "softmax": naive_softmax,
        "softmax_vjp": lambda Z, U: oracles.vjp(naive_softmax, Z, U),
    }
    return {"X": X, "W": W, "b": b, "R": R, **functions}


# %% answer="backward_order"
backward_order = None  # a list of letters, such as ["A", "B"]
### BEGIN SOLUTION
backward_order = ["I", "D", "F", "L", "A", "E", "J"]
### END SOLUTION

# %% [markdown] hints="backward_order"
# 1. Two lines go forward. After them, follow the gradient back: toward `P`, toward `Z`, and then
#    toward the three inputs of the layer.
# 2. Each local derivative is taken at what enters its link. Each gradient has the shape of its
#    variable: `X` is $(m, D)$, `W` is $(D, K)$, `b` is $(K,)$ and `Z` is $(m, K)$.
# 3. The order is `Z`, `P`, `dP`, `dZ`, and then `dX`, `dW` and `db` in any order. For each of these
#    names choose one line.

# %% check="backward_order" points=1
start = order_example(71, m=5, D=4, K=3)
X, W, b, R = (start[name] for name in "XWbR")
Z = linear(X, W, b)
check_order("backward_order", backward_order, backward_lines, start, "dX")
for name, f, at in [
    ("dP", lambda P: (R * P**2).sum() / 2, naive_softmax(Z)),
    ("dZ", lambda Z: (R * naive_softmax(Z) ** 2).sum() / 2, Z),
    ("dX", lambda X: softmax_layer(X, W, b, R), X),
    ("dW", lambda W: softmax_layer(X, W, b, R), W),
    ("db", lambda b: softmax_layer(X, W, b, R), b),
]:
    yours = run_order("backward_order", backward_order, backward_lines, start, name)
    check_gradient(f, yours, at, name=f"the {name} of your lines", rtol=1e-8)
check_equal(len(backward_order), 7, name="the number of your lines")
### BEGIN HIDDEN TESTS
start = order_example(72, m=3, D=2, K=6)
X, W, b, R = (start[name] for name in "XWbR")
for name, f, at in [
    ("dX", lambda X: softmax_layer(X, W, b, R), X),
    ("dW", lambda W: softmax_layer(X, W, b, R), W),
    ("db", lambda b: softmax_layer(X, W, b, R), b),
]:
    yours = run_order("backward_order", backward_order, backward_lines, start, name)
    check_gradient(f, yours, at, name=f"the {name} of your lines, for another batch", rtol=1e-8)
### END HIDDEN TESTS

# %% [markdown]
# ## 8. Broadcasting, and its reverse
#
# Adding $b$ of shape $(K,)$ to a matrix $(m, K)$ made $m$ copies of it, one for each row. numpy
# does so silently and calls it **broadcasting**. Its rules are two:
#
# 1. Shapes are aligned at their right ends. An operand with fewer axes gets new ones **on the
#    left**.
# 2. An axis of size 1 is **stretched** to the size of the other operand: its one entry is used for
#    all.
#
# On the way back, look at what happened to one entry: it was used in several places. That is a
# fork, and contributions add. So **what was copied on the way forward is summed on the way back**,
# and the result has the shape that the operand had:
#
# 1. Sum over the axes that were added on the left. They disappear.
# 2. Sum over each axis that was stretched from 1. It stays, with size 1: `keepdims=True`.
#
# In the table, and in the exercise below, $g$ is the upstream gradient: that of the broadcast result.
#
# | shape of the operand | shape of the result and of $g$ | sum over | gradient |
# |---|---|---|---|
# | $(3,)$ | $(4, 3)$ | axis 0, which was added | $(3,)$ |
# | $(4, 1)$ | $(4, 3)$ | axis 1, which was stretched | $(4, 1)$ |
# | $(1, 3)$ | $(4, 3)$ | axis 0, which was stretched | $(1, 3)$ |
# | $()$, a number | $(4, 3)$ | both, which were added | $()$ |
# | $(4, 1)$ | $(2, 4, 3)$ | axis 0, added; axis 2, stretched | $(4, 1)$ |

# %% drawing="broadcast"
bias = np.array([0.5, -1.0, 2.0])
upstream = np.array([[1, 2, 0], [3, -1, 1], [0, 2, 2], [1, 1, -1]])
tables = [
    ("forward: b is copied into each row", bias[None], "b", np.tile(bias, (4, 1)), "copies"),
    ("back: the rows of dY are added up", upstream, "dY", upstream.sum(axis=0)[None], "db"),
]
figure, axes = new_figure(columns=2, width=7, height=3.6)
for axis, (title, above, its_name, below, other_name) in zip(axes, tables, strict=True):
    axis.set(xlim=(-1.3, 3.2), ylim=(-7, 0.4), title=title, xticks=[], yticks=[])
    axis.grid(visible=False)
    axis.spines[:].set_visible(False)
    for table, top, name in [(above, 0, its_name), (below, len(above) + 1, other_name)]:
        axis.text(-0.15, -top - len(table) / 2, name, ha="right", va="center", style="italic")
        for (i, j), number in np.ndenumerate(table):
            axis.text(j + 0.5, -top - i - 0.5, f"{number:g}", ha="center", va="center")
        for i in range(len(table) + 1):
            axis.plot([0, 3], [-top - i, -top - i], color="#5f6368", lw=1)
        for j in range(4):
            axis.plot([j, j], [-top, -top - len(table)], color="#5f6368", lw=1)
    for j in range(3):
        ends = (j + 0.5, -len(above) - 0.95), (j + 0.5, -len(above) - 0.05)
        axis.annotate("", *ends, arrowprops={"arrowstyle": "-|>", "lw": 1.5, "color": "#0b5fa5"})
show(
    figure,
    alt="Left: a row of three numbers b, and below it four copies of that row. Right: four rows of "
    "three numbers dY, and below them one row db with the sum of each column: 5, 4 and 2.",
)

# %% [markdown]
# Forward, each entry of $b$ goes to four places. Back, its four contributions are added: the rows of
# $dY$ are added up, along axis 0. The bias in `linear_backward` is this rule.
#
# You may think that a gradient of the wrong shape will raise an error sooner or later, but
# broadcasting hides it: with a `db` of shape $(m, K)$ the line `b = b - lr * db` runs, and the bias
# silently becomes a matrix. A column $(K, 1)$ does the same harm: $(K,) - (K, 1)$ gives $(K, K)$. The
# checks of this course accept such a column in place of $(K,)$, and your own code pays for it. So look
# at `db.shape` yourself.
#
# The same rule holds for every operation that broadcasts. For a product $S = X \odot c$ with $X$
# $(m, D)$ and $c$ $(D,)$, first take the local derivative in the broadcast shape, $dS \odot X$ of
# shape $(m, D)$, and then sum to the shape of $c$:

# %%
rng = np.random.default_rng(8)
X, c, dS = rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=(5, 3))

# local times upstream, in the shape of the result: (5, 3)
full = dS * X

# back to the shape of c: the axis of the samples was added, so it is summed away
dc = full.sum(axis=0)
gap = np.abs(dc - numerical_gradient(lambda c: (dS * (X * c)).sum(), c)).max()
print(f"shape of dc: {dc.shape}; agrees with central differences to 1e-8: {gap < 1e-8}")

# %% [markdown] exercise="unbroadcast" objective=7
# ### Exercise: undo a broadcast
#
# Write `unbroadcast(g, shape)`. An operand of shape `shape`, a tuple, was broadcast to the shape of
# `g`, and `g` is the gradient of the broadcast result. Return the gradient of the operand, of shape
# `shape`.
#
# - Any number of axes may have been added on the left, also all of them: then `shape` is `()`.
# - Any axes of size 1 may have been stretched, also several at once. An axis of size 1 may also
#   have met an axis of size 1, and then nothing was copied.
# - If nothing was copied at all, the result has the same entries as `g`.


# %% answer="unbroadcast"
def unbroadcast(g, shape):
    """Return the gradient of an operand of `shape` that was broadcast to the shape of g."""
    ### BEGIN SOLUTION
    added = g.ndim - len(shape)
    g = g.sum(axis=tuple(range(added)))
    stretched = tuple(i for i, size in enumerate(shape) if size == 1)
    return g.sum(axis=stretched, keepdims=True)
    ### END SOLUTION


# %% [markdown] hints="unbroadcast"
# 1. Print `g.shape` and `shape` below each other, aligned at the right. Mark every axis in which
#    they differ, and say of each whether it was added or stretched.
# 2. What was copied is summed. Added axes disappear; stretched ones stay with size 1. Deal with the
#    added axes first: then the axes of `g` and of `shape` have the same numbers.
# 3. Two steps: `g.sum(axis=...)` for the `g.ndim - len(shape)` axes on the left, then
#    `g.sum(axis=..., keepdims=True)` for those with `shape[i] == 1`.


# %% given="axes"
def check_unbroadcast(rng, unbroadcast, wide, shape):
    """Check the gradient of a random operand of `shape` that is broadcast to `wide`."""
    g, operand = rng.normal(size=wide), rng.normal(size=shape)
    name = f"unbroadcast from {wide} to {shape}"
    yours = call(unbroadcast, g, shape, name=name)
    if isinstance(yours, np.ndarray) and yours.size != operand.size:
        left = "an axis of copies is still there"
        more = left if yours.size > operand.size else "an axis that was not copied is gone"
        raise Mismatch(f"{name}: shape {yours.shape}, needed {shape}: {more}.")

    def probe(number):
        g = np.random.default_rng(600 + number).normal(size=wide)
        found = {"a": call(unbroadcast, g, shape)}
        return Probe(lambda a: a + np.zeros(wide), {"a": operand}, {}, found, g)

    check_gradient(
        lambda a: (g * (a + np.zeros(wide))).sum(), yours, operand, name=name, case=Gradients(probe)
    )


# %% check="unbroadcast" part="leading" points=1
rng = np.random.default_rng(81)
for shape in [(3,), (4, 3), ()]:
    check_unbroadcast(rng, unbroadcast, (5, 4, 3), shape)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(82)
for wide, shape in [((6, 2), (2,)), ((2, 3, 4, 5), (4, 5)), ((7,), ()), ((5, 2), (5, 2))]:
    g, operand = rng.normal(size=wide), rng.normal(size=shape)
    weighed = lambda a, g=g: (g * (a + np.zeros(g.shape))).sum()
    yours = call(unbroadcast, g, shape)
    check_gradient(weighed, yours, operand, name=f"unbroadcast from {wide} to {shape}")
### END HIDDEN TESTS

# %% check="unbroadcast" part="ones" points=2
rng = np.random.default_rng(83)
for wide, shape in [((5, 3), (5, 1)), ((5, 3), (1, 3)), ((5, 4, 3), (1, 4, 1)), ((5, 1), (5, 1))]:
    check_unbroadcast(rng, unbroadcast, wide, shape)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(84)
for wide, shape in [((2, 6), (1, 1)), ((3, 4, 5), (3, 1, 5)), ((4, 1, 3), (1, 1, 3)), ((6,), (1,))]:
    g, operand = rng.normal(size=wide), rng.normal(size=shape)
    weighed = lambda a, g=g: (g * (a + np.zeros(g.shape))).sum()
    yours = call(unbroadcast, g, shape)
    check_gradient(weighed, yours, operand, name=f"unbroadcast from {wide} to {shape}")
### END HIDDEN TESTS

# %% check="unbroadcast" part="both" points=1
rng = np.random.default_rng(85)
for wide, shape in [((2, 4, 3), (4, 1)), ((2, 5, 4, 3), (1, 3))]:
    check_unbroadcast(rng, unbroadcast, wide, shape)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(86)
for wide, shape in [
    ((5, 2, 6), (1, 1)),
    ((3, 3, 3), (3, 1)),
    ((2, 3, 4, 5), (3, 1, 5)),
    ((4, 2), (1,)),
]:
    g, operand = rng.normal(size=wide), rng.normal(size=shape)
    weighed = lambda a, g=g: (g * (a + np.zeros(g.shape))).sum()
    yours = call(unbroadcast, g, shape)
    check_gradient(weighed, yours, operand, name=f"unbroadcast from {wide} to {shape}")
### END HIDDEN TESTS

# %% [markdown]
# ## 9. Quiz
#
# Each item is worth one point. Write your letter, in quotes, in place of `None`. The check below an
# answer only looks whether it is one of the letters. Whether it is right, and why, you read in the
# feedback that you get after grading.

# %% [markdown]
# ### Question 1
#
# At some point the gradient of $f$ is $(3, -4)$. Along which direction of length 1 does $f$ rise
# fastest, and how steep is it there?
#
# - **A** along $(0, -1)$, with slope 4
# - **B** along $(-0.6, 0.8)$, with slope 5
# - **C** along $(0.6, -0.8)$, with slope 5
# - **D** along $(0.6, -0.8)$, with slope $-1$

# %% quiz="q1" points=1 objective=2
q1 = "C"
explain(
    A="You may think that the entry of largest size wins, but walking along one axis wastes the slope "
    "along the other. Along (0, -1) the slope is 4, and along the gradient it is 5.",
    B="This is against the gradient: the direction of steepest descent, with slope -5.",
    C="The gradient divided by its length 5. The slope there is the length.",
    D="The direction is right. The slope along it is not the sum of the entries, but the length: "
    "3 * 0.6 + 4 * 0.8 = 5.",
)

# %% [markdown]
# ### Question 2
#
# For $f(x, y) = x^3 y^2$, what is $\partial f/\partial y$?
#
# - **A** $2 x^3 y$
# - **B** $6 x^2 y$
# - **C** $3 x^2 y^2$
# - **D** $2y$

# %% quiz="q2" points=1 objective=1
q2 = "A"
explain(
    A="The factor x^3 is held fixed and stays; y^2 becomes 2y.",
    B="Here both factors were differentiated. Only y moves, so x^3 is a constant factor.",
    C="This is the partial derivative toward x, with y held fixed.",
    D="You may think that a variable which is held fixed drops out. A constant term drops out; a "
    "constant factor stays.",
)

# %% [markdown]
# ### Question 3
#
# A map takes 6 numbers to 2. What is the shape of its Jacobian in this course, and what is a row of
# it?
#
# - **A** $(6, 2)$; a row says how both outputs move with one input.
# - **B** $(6, 2)$; a row is the gradient of one output.
# - **C** $(2, 2)$; only as many inputs as outputs matter.
# - **D** $(2, 6)$; a row is the gradient of one output.

# %% quiz="q3" points=1 objective=3
q3 = "D"
explain(
    A="This is the transposed table, which some books use. Here J[i, j] is the derivative of output i "
    "toward input j.",
    B="A gradient of one output has 6 entries, one for each input. A row of a (6, 2) table has 2.",
    C="Every output may depend on every input, so there are 2 * 6 slopes. A Jacobian need not be "
    "square.",
    D="A row for each output, a column for each input.",
)

# %% [markdown]
# ### Question 4
#
# Why does gradient descent subtract the gradient, and not add it?
#
# - **A** It is a convention; with a plus sign it would work as well.
# - **B** The gradient points to where the loss rises fastest, and we want it to fall.
# - **C** The gradients of a loss are negative, so that subtracting them makes the weights larger.
# - **D** Subtracting keeps the weights small.

# %% quiz="q4" points=1 objective=2
q4 = "B"
explain(
    A="With a plus sign and a small rate each step raises the loss: by about lr times the gradient's "
    "squared length.",
    B="Along -g the slope is -|g|, the smallest that any direction has.",
    C="The entries of a gradient have either sign. Whatever it is, the step goes against it.",
    D="A step may make a weight larger: it does so wherever that entry of the gradient is negative.",
)

# %% [markdown]
# ### Question 5
#
# What does the gradient of the loss tell a training step?
#
# - **A** The weights at which the loss is smallest, and so the place where training should end.
# - **B** The exact step to take: its direction is the gradient's, and so is its length.
# - **C** How good the predictions are at the moment.
# - **D** Which way the loss rises fastest here, and how steeply.

# %% quiz="q5" points=1 objective=2
q5 = "D"
explain(
    A="A gradient knows only the place where it is taken. Against it, you do not even head for the "
    "minimum in general.",
    B="You may have read that it gives the direction and magnitude of the update, but its length is a "
    "slope and not a distance. On x^2 + y^2, a step of the gradient's own length gains nothing.",
    C="That is told by the loss itself. A large loss can have a gradient near 0.",
    D="The step is -lr times the gradient: it goes the opposite way, and lr, which we choose, scales it.",
)

# %% [markdown]
# ### Question 6
#
# A loss has a million parameters. Why is its gradient found by a pass of VJPs, and not of JVPs?
#
# - **A** One VJP gives all slopes; one JVP gives the slope along one direction.
# - **B** One JVP takes a million times as many multiplications as one VJP does.
# - **C** A JVP is only an approximation, and a VJP is exact.
# - **D** A JVP needs the Jacobian as a matrix, and a VJP does not.

# %% quiz="q6" points=1 objective=4
q6 = "A"
explain(
    A="With one output there is one row of J to be found, and u J with u = 1 gives a row.",
    B="One JVP and one VJP cost about the same. The difference is in what they tell.",
    C="Both are exact if they are computed from formulas, and both are approximate if they are computed "
    "from differences.",
    D="Neither needs the matrix. Both are taken link by link, with a vector in flight.",
)

# %% [markdown]
# ### Question 7
#
# The upstream gradient of a softmax is $u = (5, 5, 5)$. What is $uJ$, the gradient toward the
# logits?
#
# - **A** $5p$
# - **B** $(0, 0, 0)$
# - **C** $5\,p \odot (1 - p)$
# - **D** $(5, 5, 5)$

# %% quiz="q7" points=1 objective=5
q7 = "B"
explain(
    A="This multiplies by p and forgets to subtract the average worth u . p, which is 5 here.",
    B="If all outputs are worth the same, moving probability from one to another gains nothing: "
    "p * (5 - 5) = 0.",
    C="You may think that the derivative of softmax is p(1 - p), but that is only the diagonal of its "
    "Jacobian. The other entries cancel it here.",
    D="This ignores the softmax. Its outputs always add up to 1, so they cannot all rise.",
)

# %% [markdown]
# ### Question 8
#
# In $S = X + c$ the array $X$ has shape $(4, 3)$ and $c$ has shape $(4, 1)$. The upstream gradient
# $dS$ has shape $(4, 3)$. What is $dc$?
#
# - **A** the mean of $dS$ along axis 1, as shape $(4, 1)$
# - **B** the sum of $dS$ along axis 0, as shape $(3,)$
# - **C** the sum of $dS$ along axis 1, as shape $(4, 1)$
# - **D** the first column of $dS$, as shape $(4, 1)$

# %% quiz="q8" points=1 objective=7
q8 = "C"
explain(
    A="Contributions of several paths are added, not averaged. A mean makes dc too small by the factor 3.",
    B="That would be the gradient of something of shape (3,). A gradient has the shape of its variable, "
    "and c was stretched along axis 1.",
    C="Each entry of c was used three times in its row, so three contributions are added.",
    D="This keeps one of three paths from each entry of c. The other two copies reach the loss as well.",
)

# %% [markdown]
# ## Summary
#
# - A partial derivative holds all other variables fixed. The gradient collects them, in the shape
#   of the variable.
# - The gradient points in the direction of steepest ascent, and its length is the slope there. A
#   descent step is $-\text{lr} \cdot \nabla f$, and $\text{lr}$ is our choice.
# - The Jacobian has a row for each output and a column for each input. The chain rule multiplies
#   Jacobians, the outer one on the left, taken at the inner value.
# - $Jv$ moves forward, $uJ$ moves back. For one loss and many parameters, one $uJ$ gives everything.
# - Softmax: $J = \operatorname{diag}(p) - p\,p^{\mathsf T}$ and $uJ = p \odot (u - u \cdot p)$, row
#   by row.
# - Linear layer: $dX = dY\,W^{\mathsf T}$, $\;dW = X^{\mathsf T} dY$, and for $db$ the rows of
#   $dY$ are added up, along axis 0.
# - What was copied forward is summed on the way back.
#
# ### What to review
#
# - Can you give the shapes of $J$, $Jv$ and $uJ$ for a map from 10 to 4 numbers without looking
#   anything up?
# - Can you derive $dW = X^{\mathsf T} dY$ from the entries of $Y$, and say what is summed over and
#   why?
# - Can you say what the dot-product test finds, and what it cannot find?
# - Can you name, for an operand of shape $(1, 3)$ in a result of shape $(2, 4, 3)$, the axes to sum
#   over?
#
# **Next:** lesson 3, where these products are joined into backpropagation through whole networks.
