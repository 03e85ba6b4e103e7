"""Random smooth functions written in numpy, for oracles to be held against each other."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st


class Expression(NamedTuple):
    """A function of an array, and the text that it was made from (it shows when a test fails)."""

    text: str
    f: object

    def __call__(self, x):
        return self.f(x)

    def __repr__(self):
        return self.text


LEAVES = ["x", "x[0]", "x[-1]", "x[::-1]", "np.sum(x)", "np.mean(x)", "0.5", "-1.25", "2"]
# Bounded or gently growing, so that a few of them on top of each other stay in range.
WRAPPED = [
    "np.sin({})", "np.cos({})", "np.tanh({})", "np.exp(np.sin({}))", "np.log(2 + np.cos({}))",
    "np.sqrt(1 + ({})**2)", "np.arctan({})", "1 / (1 + np.exp(-np.tanh({})))", "-({})",
    "np.log1p(np.tanh({})**2)", "({})**2 / 4", "np.sum({}) / 3", "np.roll(x * ({}), 1)",
]  # fmt: skip
JOINED = [
    "({}) + ({})", "({}) - ({})", "({}) * ({})", "({}) / (2 + np.sin({}))",
    "np.dot(x * ({}), x + ({}))", "np.where(x > 10, {}, {})",
    "np.concatenate([x * ({}), x + ({})])[1 : 1 + len(x)]",
]  # fmt: skip

texts = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.builds(str.format, st.sampled_from(WRAPPED), inner),
        st.builds(str.format, st.sampled_from(JOINED), inner, inner),
    ),
    max_leaves=6,
)
points = st.lists(st.floats(-2, 2).map(lambda t: round(t, 3)), min_size=2, max_size=5).map(np.array)


@st.composite
def expressions(draw):
    """Draw (f, x): a scalar-valued function of an array, smooth at the point x."""
    text = f"np.sum(np.tanh(({draw(texts)}) / 4) * (1 + x))"
    return Expression(text, eval(f"lambda x: {text}", {"np": np})), draw(points)
