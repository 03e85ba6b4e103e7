# ---
# jupyter:
#   course:
#     title: Start here
#     minutes: 5
#     objectives: []
# ---

# %% [markdown]
# # Gradients by Hand
#
# In this course you compute derivatives yourself, from a single function to a whole network, and
# learn to find the mistake when one is wrong.
#
# | lesson | time |
# |---|---|
# | [1. The chain rule](01_chain_rule.ipynb) | 75 minutes |
#
# ## How a lesson works
#
# Run the cells from top to bottom with Shift+Enter. In an exercise, replace the line
# `raise NotImplementedError(...)` by your code and run the cell. Then run the check below it. A
# check that finds nothing wrong says nothing. A check that finds a mistake says what is wrong and
# shows your numbers beside the true ones.
#
# The checks hold no answers. They find the true derivative from values of the function, which is a
# technique that you will learn in lesson 4.
#
# Each exercise has three folded hints: where to look, which rule to use, and the shape of the line.
# Open them one at a time.
#
# ## Try it
#
# The next cell claims that the derivative of $x^3$ is $3x$. Run it, read what it says, mend the
# claim, and run it again.

# %% raises="Mismatch"
from course_utils import check_derivative

check_derivative(lambda x: x**3, lambda x: 3 * x, [0.5, 2.0])
