"""The flow of the gradient: its norms, its verdicts, and what it refuses."""

import numpy as np
import pytest

from course_utils.figures.gradient_flow import DEPTHS, SCALES, WORDS, gradient_flow, verdict
from course_utils.oracles import tape

ACTS = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
}


def words(activation, init, depth):
    return gradient_flow(activation, init, depth, units=50).alt().rpartition("it ")[2]


@pytest.mark.parametrize("activation", ACTS)
@pytest.mark.parametrize("init", SCALES)
def test_the_norms_are_those_of_the_gradients_that_the_tape_finds(activation, init):
    act, units, samples, depth = ACTS[activation], 4, 3, 5
    figure = gradient_flow(activation, init, depth, units=units, samples=samples, seed=8)
    rng = np.random.default_rng(8)
    A = rng.normal(size=(samples, units))
    Ws = [rng.normal(size=(units, units)) * SCALES[init] / 2 for _ in range(max(DEPTHS))]
    end = rng.normal(size=(samples, units)) / samples
    gradients, activations = figure._norms()
    for k, W in enumerate(Ws[:depth]):
        Z = A @ W
        A = act(Z)

        def rest(Z, k=k):
            out = act(Z)
            for W in Ws[k + 1 : depth]:
                out = act(out @ W)
            return np.sum(end * out)

        dZ = tape.value_and_grad(rest)(Z)[1]
        assert gradients[k] == pytest.approx(np.linalg.norm(dZ), rel=1e-10)
        assert activations[k] == pytest.approx(np.linalg.norm(A), rel=1e-12)


def test_sigmoids_vanish_at_any_of_the_starts_from_ten_layers_on():
    for init in SCALES:
        assert {words("sigmoid", init, depth) for depth in (10, 20, 30)} == {"vanishes."}


def test_he_keeps_relu_level_where_smaller_weights_vanish_and_larger_ones_explode():
    found = [words("relu", init, 20) for init in ("small", "glorot", "he", "large")]
    assert found == ["vanishes.", "vanishes.", "keeps its size.", "explodes."]


def test_glorot_keeps_tanh_within_the_limit():
    assert {words("tanh", "glorot", depth) for depth in DEPTHS} == {"keeps its size."}


def test_the_verdict_changes_at_a_factor_of_ten():
    assert [verdict(r) for r in (0.099, 0.1, 10, 10.1)] == [
        "vanishes",
        "keeps its size",
        "keeps its size",
        "explodes",
    ]


def test_a_choice_in_the_browser_reaches_the_words():
    figure = gradient_flow()
    move = {
        "method": "update",
        "state": {"activation": "relu", "init": "he", "depth": "10"},
        "buffer_paths": [],
    }
    figure._handle_msg({"content": {"data": move}, "buffers": []})
    assert figure.alt().startswith(
        "The norms of gradients and activations by layer, on a logarithmic axis: 10 layers, relu, "
        f"weights {WORDS['he']}."
    )


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"activation": "gelu"}, "activation is 'gelu', needed one of"),
        ({"init": "zeros"}, "init is 'zeros'"),
        ({"depth": 7}, "depth is 7, needed one of"),
        ({"units": 0}, "units is 0, needed a whole number"),
        ({"samples": 2.5}, "samples is 2.5"),
    ],
)
def test_what_is_not_offered_is_refused(bad, message):
    with pytest.raises(ValueError, match=message):
        gradient_flow(**bad)
