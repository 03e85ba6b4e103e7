"""The network of the XOR figure: two inputs, some ReLU units, one output; no learner's answer."""

import numpy as np

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])
SHAPES = {
    "W1": lambda H: (2, H),
    "b1": lambda H: (H,),
    "W2": lambda H: (H, 1),
    "b2": lambda H: (1,),
}


def start(seed, hidden):
    """Return params: weights are normal with standard deviation 0.5, biases 0, as in the lesson."""
    rng = np.random.default_rng(seed)
    return {
        name: rng.normal(size=shape(hidden)) / 2 if name[0] == "W" else np.zeros(shape(hidden))
        for name, shape in SHAPES.items()
    }


def logits(params, inputs):
    """Return the output (m, 1) before the sigmoid, and the pre-activations (m, H)."""
    Z1 = inputs @ params["W1"] + params["b1"]
    # Not np.maximum: the slope at 0 shall be 0, and at the start (0, 0) is on the kink.
    return Z1 * (Z1 > 0) @ params["W2"] + params["b2"], Z1


def loss(params, inputs, targets):
    """Return the binary cross-entropy, mean over the samples, from logits."""
    Z2, _ = logits(params, inputs)
    return np.mean(np.logaddexp(0, Z2) - targets * Z2)


def tape_gradients(params, inputs, targets):
    """Return the gradients of `loss`, a dict like params, as the tape finds them."""
    from course_utils.oracles import tape

    return tape.value_and_grad(lambda p: loss(p, inputs, targets))(params)[1]


def sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


def checked(gradients, params):
    """Return what a learner's function gave, as arrays; ValueError says what is not as needed."""
    if not isinstance(gradients, dict):
        raise ValueError(
            f"your gradients are a {type(gradients).__name__}, needed a dict with the keys "
            "of params"
        )
    found = {}
    for name, value in params.items():
        if name not in gradients:
            raise ValueError(f"your gradients have no key {name!r}")
        try:
            found[name] = np.asarray(gradients[name], float)
        except (TypeError, ValueError):
            raise ValueError(f"your gradient of {name} is no array of numbers") from None
        if found[name].shape != value.shape:
            raise ValueError(
                f"your gradient of {name} has shape {found[name].shape}, {name} has {value.shape}"
            )
        if not np.isfinite(found[name]).all():
            raise ValueError(f"your gradient of {name} has an entry that is nan or infinite")
    return found
