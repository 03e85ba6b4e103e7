# ---
# jupyter:
#   course:
#     minutes: 5
#     objectives: []
#     title: Start here
# ---

# %% [markdown]
# # Gradients by Hand
#
# A network learns by following the gradient of its loss. Libraries compute that gradient for you. In
# this course you compute it yourself: first for a single function, then for a neuron, then for whole
# networks. You also learn how to find out that a gradient is wrong, and which mistake is in it.
#
# ## The map
#
# | lesson | what you can do afterwards | minutes | points |
# |---|---|---|---|
# | [0. Derivatives](00_derivatives.ipynb) | differentiate by the rules, and say what the result means | 100 | 14 |
# | [1. The chain rule](01_chain_rule.ipynb) | differentiate any chain and any fork | 100 | 28 |
# | [2. Partial derivatives and the Jacobian](02_partials_jacobian.ipynb) | go back through a layer, with every shape right | 180 | 35 |
# | [3. Graphs and backpropagation](03_backprop.ipynb) | write an engine that differentiates, and train a network with your own gradients | 240 | 42 |
# | [4. Gradient checking](04_gradient_checking.ipynb) | test a gradient, and read a mistake from its error | 200 | 33 |
# | [5. Capstone](05_capstone.ipynb) | differentiate a deep net, build a checker that is hard to fool, and repair a broken one | 180 | 30 |
#
# Each lesson builds on those before it. Lesson 0 is a refresher: if its quiz is easy for you, begin
# with lesson 1. You need Python with numpy, and a first course in calculus.
#
# The next cell shows how far you are: run it whenever you come back. It counts the checks that pass
# on this machine, which is not your grade. A question of a quiz counts as answered, right or not.

# %% changes="progress"
from course_utils import show_progress

show_progress()

# %% [markdown]
# ## How a lesson works
#
# Run the cells from top to bottom with Shift+Enter. In an exercise, replace the line
# `raise NotImplementedError(...)` with your code and run the cell. Then run the checks below it. A
# check that finds nothing wrong says "Passed." and no more. A check that finds a mistake says what is
# wrong, and shows your numbers beside the true ones.
#
# The derivative checks hold no answers. They find the true derivative from values of the function
# alone. You can check your own work in the same way, and in lesson 4 you build such a check.
#
# Where a lesson asks you to predict something, decide before you run the cell. A wrong prediction
# teaches more than none.
#
# ## When you are stuck
#
# 1. Read the first sentence of the check's message. It names the value that is wrong and says how it
#    differs: by a constant factor, by its sign, by its shape, or in some entries only.
# 2. Open the hints below the exercise one at a time. The first says where to look, the second which
#    rule to use, the third what the line looks like. None of them is the answer.
# 3. Make the case smaller. Take one sample, one input and one unit, and compute the gradient on paper.
# 4. Print the shapes. A gradient has the shape of its variable, and most matrix products have only
#    one order in which the shapes fit.
# 5. If a name "does not exist", a cell above has not been run: use *Run* and then *Run All Above
#    Selected Cell*. If nothing makes sense any more, use *Kernel* and then *Restart Kernel and Run Up to
#    Selected Cell*. Your text is kept.
#
# ## Handing in
#
# Save the notebook and hand it in as your lecturer asks. The grading tries your functions at more
# points than the checks that you see. Afterwards you get a feedback page: your notebook with the
# points of each exercise, and what was wrong where something was. Quiz answers are explained there
# too, each choice by itself.
#
# ## Try it
#
# The next cell claims that the derivative of $x^3$ is $3x$. Run it, read what it says, correct the
# claim, and run it again.

# %% raises="Mismatch"
from course_utils import check_derivative

check_derivative(lambda x: x**3, lambda x: 3 * x, [0.5, 2.0])
