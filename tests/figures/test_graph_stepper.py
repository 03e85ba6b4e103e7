"""The graph stepper: its gradients, its failing passes, its layout, and what it refuses."""

from itertools import combinations
from types import SimpleNamespace as Node

import numpy as np
import pytest

from course_utils.figures.graph_stepper import graph_stepper, short
from course_utils.oracles import tape
from tests.figures.examples import Value, first_graph, small_net, two_forks


def last(figure, way="right"):
    """Return the gradient of each node by its name, after the whole pass."""
    nodes = figure.data["nodes"]
    return {nodes[s["node"]]["name"]: s["grad"] for s in figure.data["passes"][way]["steps"]}


def said(figure, way):
    return [step["say"] for step in figure.data["passes"][way]["steps"]]


def boxes(figure):
    """Return left, right, top, bottom of every box."""
    return [
        (n["x"] - n["w"] / 2, n["x"] + n["w"] / 2, n["y"], n["y"] + n["h"])
        for n in figure.data["nodes"]
    ]


def test_the_gradients_are_those_of_the_tape():
    output, names = small_net(units=3)
    leaves = {name: node.data for name, node in names.items()}

    def loss(v):
        hidden = [
            np.tanh(v["x1"] * v[f"w{h}"] + v["x2"] * v[f"u{h}"] + v[f"b{h}"]) * v[f"v{h}"]
            for h in (1, 2, 3)
        ]
        return (v["c"] + hidden[0] + hidden[1] + hidden[2] - 1) ** 2

    true = tape.value_and_grad(loss)(leaves)[1]
    found = last(graph_stepper(output, names))
    assert {name: found[name] for name in true} == pytest.approx(true, rel=1e-12)


def test_the_first_graph_has_gradients_4_4_5():
    found = last(graph_stepper(*first_graph()))
    assert (found["x"], found["y"], found["z"], found["q"]) == (4, 4, 5, 4)


def test_every_node_comes_once_and_after_all_that_use_it():
    figure = graph_stepper(*small_net())
    order = [step["node"] for step in figure.data["passes"]["right"]["steps"]]
    assert sorted(order) == list(range(len(figure.data["nodes"])))
    for edge in figure.data["edges"]:
        assert order.index(edge["to"]) < order.index(edge["from"])


def test_depth_first_gives_6_where_4_is_right_and_overwriting_1():
    figure = graph_stepper(*two_forks())
    assert [last(figure, way)["a"] for way in ("right", "deep", "=", "deep=")] == [4, 6, 1, 1]
    assert figure.data["passes"]["deep"]["end"] == " Done. Wrong: a (6, right is 4)."
    assert said(figure, "=")[-1].endswith("1 lost, a.grad = 1. Right would be 4.")


def test_depth_first_is_right_without_forks():
    figure = graph_stepper(*first_graph())
    assert figure.data["passes"]["deep"]["end"] == " Done: all gradients are right."


def test_the_sum_at_a_fork_is_told_as_a_sum_of_products():
    assert said(graph_stepper(*two_forks()), "right")[-1] == (
        "a is used 2 times, so 2 contributions add: a.grad = 2 × 1 + 2 × 1 = 2 + 2 = 4."
    )


def test_a_pass_along_too_many_paths_is_cut_off_and_its_length_told():
    v = Value(1)
    for _ in range(40):
        v = v + v
    deep = graph_stepper(v).data["passes"]["deep"]
    assert len(deep["steps"]) == 200
    assert f"{2**41 - 1:,} steps, and the right pass takes 41." in deep["end"]


def ladder(n):
    v = Value(1)
    for _ in range(n - 1):
        v = v.tanh()
    return v


def wide():
    """Return a sum of sums, of 34 leaves, and of 10 parents each."""
    parts = []
    for _ in range(3):
        leaves = tuple(Value(k) for k in range(10))
        parts.append(Value(45, leaves, "sum", (-0.00123,) * 10))
    return Value(135, tuple(parts) * 2, "sum", (1e-9,) * 6)


def reused():
    """Return a graph in which one leaf is used at every level."""
    x, v = Value(0.5), Value(1)
    for _ in range(25):
        v = v * x + x
    return v


GRAPHS = {
    "first": lambda: first_graph()[0],
    "net": lambda: small_net()[0],
    "forks": lambda: two_forks()[0],
    "ladder": lambda: ladder(60),
    "wide": wide,
    "reused": reused,
    "leaf": lambda: Value(3),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_no_box_covers_another_and_all_lie_within_the_drawing(name):
    found = boxes(figure := graph_stepper(GRAPHS[name]()))
    for left, right, top, bottom in found:
        assert left >= -0.06 and right <= 560.06
        assert top >= 0 and bottom <= figure.data["height"]
    for one, two in combinations(found, 2):
        apart = one[1] <= two[0] + 0.2 or two[1] <= one[0] + 0.2
        assert apart or one[3] < two[2] or two[3] < one[2]


@pytest.mark.parametrize("name", GRAPHS)
def test_every_edge_goes_down_from_its_parent_to_a_place_of_its_own(name):
    figure = graph_stepper(GRAPHS[name]())
    ends = [tuple(edge["points"][-1]) for edge in figure.data["edges"]]
    assert len(set(ends)) == len(ends)
    for edge in figure.data["edges"]:
        heights = [y for _, y in edge["points"]]
        assert heights == sorted(heights)
        start, end = figure.data["nodes"][edge["from"]], figure.data["nodes"][edge["to"]]
        assert heights[0] == start["y"] + start["h"] and heights[-1] == end["y"]
        for node, (x, _) in ((start, edge["points"][0]), (end, edge["points"][-1])):
            assert abs(x - node["x"]) <= node["w"] / 2


def test_a_name_is_given_by_identity_in_three_ways_or_by_the_node_itself():
    x, y = Value(2), Value(2)
    z = x * y
    z.label = "loss"
    for names in (
        {"left": x, "right": y},
        [(x, "left"), (y, "right")],
        {id(x): "left", id(y): "right"},
    ):
        nodes = graph_stepper(z, names).data["nodes"]
        assert [node["name"] for node in nodes] == ["left", "right", "loss"]


def test_nodes_without_a_name_get_names_that_nobody_else_has():
    x, y = Value(1), Value(2)
    x.name = y.name = "v1"
    nodes = graph_stepper(x + y).data["nodes"]
    assert [node["name"] for node in nodes] == ["v1", "v1 (2)", "v2"]


def test_the_nodes_are_not_changed():
    output, names = two_forks()
    before = {name: dict(vars(node)) for name, node in names.items()}
    figure = graph_stepper(output, names)
    figure.step = 3
    figure._repr_mimebundle_()
    assert {name: vars(node) for name, node in names.items()} == before


def cycle():
    x = Value(1)
    y = x + x
    x.parents, x.local = (y,), (1.0,)
    return y, {"x": x, "y": y}


def forgotten():
    x = Node(data=1.0, parents=(), op="")
    return Value(1, (x,), "+", (1.0,)), {"x": x}


BAD = {
    "cycle": (cycle, "node 'y' leads back to itself.* return a new node"),
    "attribute": (forgotten, "node 'x' is of type SimpleNamespace and has no attribute 'local'"),
    "many": (lambda: (ladder(61), None), "'tanh' .*more than 60 nodes.*smaller output"),
    "slopes": (
        lambda: ((y := Value(1, (Value(1),), "exp", (1.0, 2.0))), {"y": y}),
        "node 'y': has 1 parents and 2 local derivatives, needed one for each parent",
    ),
    "number": (lambda: (Value(3, (2.0,), "*", (1.0,)), None), "'\\*' .*plain number 2.0"),
    "set": (lambda: (Node(data=1, parents=set(), op="", local=()), None), "parents is a set"),
    "array": (
        lambda: (Node(data=np.ones(2), parents=(), op="", local=()), None),
        "needed a number",
    ),
    "nan": (lambda: (Node(data=np.nan, parents=(), op="", local=()), None), "data is nan"),
    "local": (lambda: (Value(1, (Value(1),), "+", (None,)), None), "local is None"),
    "names": (lambda: (Value(1), {"w": Value(1)}), "'w' does not lead to the output"),
    "word": (lambda: ((v := Value(1)), [(v, 3)]), "3 is no name"),
    "parents": (
        lambda: (Value(1, [Value(1)] * 11, "sum", [1.0] * 11), None),
        "11 parents, the picture has room for 10",
    ),
    "size": (
        lambda: (Value(1, (Value(1, (Value(1),), "", (1e200,)),), "", (1e200,)), None),
        "its gradient is too large",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_such_graph_is_refused_with_the_node_and_the_cure(case):
    make, words = BAD[case]
    with pytest.raises(ValueError, match=words):
        graph_stepper(*make())


def test_a_step_in_the_browser_reaches_the_words_and_the_picture():
    figure = graph_stepper(*two_forks())
    before = figure._repr_mimebundle_()[0]["image/svg+xml"]
    move = {"method": "update", "state": {"step": 3, "depth_first": False}, "buffer_paths": []}
    figure._handle_msg({"content": {"data": move}, "buffers": []})
    assert figure.alt().endswith("of the backward pass: c.grad = 1, b.grad = 2, a.grad = 4.")
    assert figure._repr_mimebundle_()[0]["image/svg+xml"] != before


@pytest.mark.parametrize(
    "value", [0.0, 1.0, -1.0, 123456.0, -0.00012345, 1e-300, -9.99999e12, 1 / 3]
)
@pytest.mark.parametrize("room", [5, 7, 8, 9])
def test_a_short_number_fits_and_is_true_to_the_digits_shown(value, room):
    text = short(value, room)
    assert len(text) <= max(room, 6)
    assert float(text.replace("−", "-")) == pytest.approx(value, rel=0.5 if room < 7 else 0.06)


def test_a_power_of_ten_is_written_without_idle_zeros():
    assert [short(v) for v in (2e-9, 1e6, 1234567.0, -2.46e-12)] == [
        "2e−9",
        "1e6",
        "1.235e6",
        "−2.5e−12",
    ]


def test_the_products_in_a_sentence_come_to_the_result_within_their_digits():
    figure = graph_stepper(*small_net())
    for say in said(figure, "right"):
        if "local derivative = " in say:
            product, result = say.removesuffix(".").rsplit("local derivative = ")[1].split(" = ")
            up, slope = (float(v.replace("−", "-")) for v in product.split(" × "))
            assert up * slope == pytest.approx(float(result.replace("−", "-")), rel=2e-3)
