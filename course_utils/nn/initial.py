"""Weights to start from."""

import numpy as np


def he_normal(rng, D, K):
    """Return W (D, K) of variance 2 / D: keeps the size of signals through ReLU layers.

    Source: He et al., Delving deep into rectifiers, 2015.
    """
    return rng.normal(size=(D, K)) * np.sqrt(2 / D)


def glorot_normal(rng, D, K):
    """Return W (D, K) of variance 2 / (D + K): for layers with tanh or sigmoid.

    Source: Glorot and Bengio, Understanding the difficulty of training deep networks, 2010.
    """
    return rng.normal(size=(D, K)) * np.sqrt(2 / (D + K))
