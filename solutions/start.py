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
# In this course you compute derivatives yourself, from a single function to a whole network, and
# learn to find the mistake when one is wrong.
#
# | lesson | time |
# |---|---|
# | [1. The chain rule](01_chain_rule.ipynb) | 100 minutes |
#
# ## How a lesson works
#
# Run the cells from top to bottom with Shift+Enter. In an exercise, replace the line
# `raise NotImplementedError(...)` with your code and run the cell. Then run the check below it. A
# check that finds nothing wrong says nothing. A check that finds a mistake says what is wrong and
# shows your numbers beside the true ones.
#
# The derivative checks hold no answers. They find the true derivative from values of the function
# alone. You can check your own work in the same way.
#
# Each exercise has three folded hints: where to look, which rule to use, and the shape of the line.
# Open them one at a time.
#
# ## Handing in
#
# Save the notebook and hand it in as your lecturer asks. The grading tries your functions at more
# points than the checks that you see. Afterwards you get a feedback page: your notebook with the
# points of each exercise, and what was wrong where something was.
#
# ## Try it
#
# The next cell claims that the derivative of $x^3$ is $3x$. Run it, read what it says, correct the
# claim, and run it again.

# %% raises="Mismatch"
from course_utils import check_derivative

check_derivative(lambda x: x**3, lambda x: 3 * x, [0.5, 2.0])
