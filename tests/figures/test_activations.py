"""The figure of the activations and their slopes."""

import numpy as np
import pytest
import traitlets

from course_utils.figures.activations import activations


def curve(kind, name):
    return np.array(activations().data["curves"][kind][name])


ZS = np.array(activations().data["zs"])
SLOPES = {
    "sigmoid": 1 / (4 * np.cosh(ZS / 2) ** 2),
    "tanh": 1 / np.cosh(ZS) ** 2,
    "relu": np.heaviside(ZS, 0),
}


@pytest.mark.parametrize("kind", SLOPES)
def test_every_slope_is_the_closed_form(kind):
    assert curve(kind, "slope") == pytest.approx(SLOPES[kind], rel=1e-13)


def test_the_peak_of_the_sigmoids_slope_stands_on_the_grid():
    slope = curve("sigmoid", "slope")
    assert slope.max() == 0.25 and ZS[slope.argmax()] == 0


def test_relu_has_the_slope_0_at_0():
    assert curve("relu", "slope")[ZS == 0] == 0


def test_a_move_in_the_browser_is_seen_in_the_words():
    figure = activations(z=2.0)
    move = {"method": "update", "state": {"z": 0.0, "kind": "tanh"}, "buffer_paths": []}
    figure._handle_msg({"content": {"data": move}, "buffers": []})
    assert figure.alt().endswith("There tanh is 0 and its slope is 1.")


@pytest.mark.parametrize("bad", [{"z": 6}, {"kind": "softplus"}])
def test_a_z_or_a_kind_beside_the_figure_is_refused(bad):
    with pytest.raises(ValueError, match="outside: choose|choose one of 'sigmoid', 'tanh', 'relu'"):
        activations(**bad)
    with pytest.raises(traitlets.TraitError):
        activations().kind = "softplus"
