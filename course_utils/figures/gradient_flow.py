"""The size of the gradient in every layer of a deep network."""

import numpy as np
import traitlets

from course_utils.figures.base import MovingFigure
from course_utils.figures.static import BLUE, RED, new_figure

SCALES = {"small": 0.5, "glorot": 1.0, "he": np.sqrt(2), "large": 2.0}  # times 1 / sqrt(units)
WORDS = {
    "small": "small, s = 0.5",
    "glorot": "Glorot, s = 1",
    "he": "He, s = √2",
    "large": "large, s = 2",
}
DEPTHS = (5, 10, 20, 30)
LIMIT = 10  # by which the first and the last layer may differ
ACTIVATIONS = {
    "sigmoid": (lambda z: (1 + np.tanh(z / 2)) / 2, lambda z, a: a * (1 - a)),
    "tanh": (np.tanh, lambda z, a: 1 - a**2),
    "relu": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0).astype(float)),
}


class GradientFlow(MovingFigure):
    """See `gradient_flow`. Moved by the learner: activation, init and depth."""

    activation = traitlets.Enum(list(ACTIVATIONS), "sigmoid").tag(sync=True)
    init = traitlets.Enum(list(SCALES), "glorot").tag(sync=True)
    depth = traitlets.Enum([str(depth) for depth in DEPTHS], "30").tag(sync=True)

    def _norms(self):
        """Return the norms of the gradients and of the activations, layer by layer."""
        found = self.data["norms"][f"{self.activation} {self.init}"]
        return found["gradients"][self.depth], found["activations"][: int(self.depth)]

    def still(self):
        figure, axis = new_figure()
        gradients, activations = self._norms()
        layers = range(1, len(gradients) + 1)
        axis.semilogy(layers, gradients, "s-", ms=4, color=RED, label="gradient, dZ")
        axis.semilogy(layers, activations, "o--", ms=3, color=BLUE, label="activations, A")
        axis.set(xlabel="layer (the loss is at the right)", ylabel="norm")
        for limit in (LIMIT, 1 / LIMIT):
            axis.axhline(gradients[-1] * limit, color="black", ls=":", lw=1)
        low, high = axis.get_ylim()
        axis.set_ylim(min(low, 1e-4), max(high, 1e3))
        axis.legend()
        return figure

    def alt(self):
        ratio = self._norms()[0][0] / self._norms()[0][-1]
        return (
            f"The norms of gradients and activations by layer, on a logarithmic axis: {self.depth} "
            f"layers, {self.activation}, weights {WORDS[self.init]}. The gradient of the first "
            f"layer, divided by that of the last, is {ratio:.2g}: it {verdict(ratio)}."
        )


def verdict(ratio):
    """Return in a word what becomes of a gradient whose first norm is `ratio` times the last."""
    if ratio < 1 / LIMIT:
        return "vanishes"
    return "explodes" if ratio > LIMIT else "keeps its size"


def gradient_flow(activation="sigmoid", init="glorot", depth=30, *, units=50, samples=40, seed=0):
    """Return a figure of the norm of dZ in every layer of a deep net, and of its activations.

    The learner chooses the activation ("sigmoid", "tanh", "relu"), the size of the weights
    ("small", "glorot", "he", "large") and the depth (5, 10, 20 or 30 layers). The net has `units`
    units in each layer and `samples` inputs; inputs, weights and the gradient at the end are normal
    numbers of np.random.default_rng(seed); biases are 0. Raises ValueError for what is not offered.

    >>> gradient_flow("relu", "large", 20).alt()[-12:]
    'it explodes.'
    """
    known = {"activation": list(ACTIVATIONS), "init": list(SCALES), "depth": list(DEPTHS)}
    for name, given in (("activation", activation), ("init", init), ("depth", depth)):
        if given not in known[name]:
            raise ValueError(f"{name} is {given!r}, needed one of {known[name]}")
    for name, given in (("units", units), ("samples", samples)):
        if not isinstance(given, int) or not 1 <= given <= 200:
            raise ValueError(f"{name} is {given!r}, needed a whole number from 1 to 200")
    norms = {
        f"{act} {start}": _flow(act, scale, units, samples, seed)
        for act in ACTIVATIONS
        for start, scale in SCALES.items()
    }
    data = {"norms": norms, "words": WORDS, "limit": LIMIT, "units": units}
    return GradientFlow(
        title="The gradient on its way through a deep network",
        data=data,
        activation=activation,
        init=init,
        depth=str(depth),
    )


def _flow(activation, scale, units, samples, seed):
    """Return the norms of A of all layers, and for each depth those of dZ."""
    act, slope = ACTIVATIONS[activation]
    rng = np.random.default_rng(seed)
    A, layers = rng.normal(size=(samples, units)), []
    for _ in range(max(DEPTHS)):
        W = rng.normal(size=(units, units)) * scale / np.sqrt(units)
        Z = A @ W
        A = act(Z)
        layers.append((W, slope(Z, A), np.linalg.norm(A)))
    end = rng.normal(size=(samples, units)) / samples
    gradients = {str(depth): _backward(layers[:depth], end) for depth in DEPTHS}
    return {"gradients": gradients, "activations": [float(norm) for _, _, norm in layers]}


def _backward(layers, dA):
    """Return the norm of dZ of each layer, the first one first."""
    norms = []
    for W, slopes, _ in reversed(layers):
        dZ = dA * slopes
        norms.append(float(np.linalg.norm(dZ)))
        dA = dZ @ W.T
    return norms[::-1]
