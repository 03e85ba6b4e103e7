"""The backward pass through any graph, one node a step."""

from itertools import pairwise

import traitlets

from course_utils.figures import graph as reading
from course_utils.figures import graph_layout, graph_passes
from course_utils.figures.base import MovingFigure
from course_utils.figures.static import GREY, RED, new_figure

ROOM = 13  # signs that fit into a box
SHOWN = 4  # contributions of one sum that are written out
# By whether it overwrites, and whether it is depth first.
PASSES = {(False, False): "right", (True, False): "=", (False, True): "deep", (True, True): "deep="}
CALLED = {
    "right": "the backward pass",
    "=": "a backward pass with = instead of +=",
    "deep": "a backward pass that is depth first",
    "deep=": "a backward pass that is depth first, with = instead of +=",
}


class GraphStepper(MovingFigure):
    """See `graph_stepper`. Moved by the learner: step, overwrite, depth_first and predict.

    predictions: {node's name: gradient}, the first that was typed for each node of the right pass.
    """

    step = traitlets.Int(0, min=0).tag(sync=True)
    overwrite = traitlets.Bool(False).tag(sync=True)
    depth_first = traitlets.Bool(False).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    predictions = traitlets.Dict().tag(sync=True)
    predicted = traitlets.Float(None, allow_none=True).tag(sync=True)  # the last one typed

    def _steps(self):
        """Return the steps that are done."""
        steps = self.data["passes"][PASSES[self.overwrite, self.depth_first]]["steps"]
        return steps[: self.step]

    def still(self):
        figure, axis = new_figure(height=6.4 * self.data["height"] / graph_layout.WIDTH)
        axis.set(xlim=(0, graph_layout.WIDTH), ylim=(self.data["height"], 0))
        axis.axis("off")
        steps = self._steps()
        now = {tuple(use) for use in steps[-1]["uses"]} if steps else set()
        for edge in self.data["edges"]:
            hot = (edge["to"], edge["place"]) in now
            axis.plot(*_curve(edge["points"]), color=RED if hot else GREY, lw=3 if hot else 1.2)
            x, y = edge["points"][-1]
            box = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
            axis.text(x, y - 9, edge["text"], ha="center", va="center", fontsize=8, bbox=box)
        grads = {step["node"]: step for step in steps}
        for i, node in enumerate(self.data["nodes"]):
            _draw_box(axis, node, grads.get(i), bool(steps) and steps[-1]["node"] == i)
        return figure

    def alt(self):
        nodes, passes = self.data["nodes"], self.data["passes"]
        chosen = passes[PASSES[self.overwrite, self.depth_first]]
        grads = {step["node"]: step["text"] for step in self._steps()}
        told = [f"{nodes[i]['name']}.grad = {text}" for i, text in grads.items()][-8:]
        return (
            f"A graph of {len(nodes)} nodes that computes {nodes[-1]['name']} = "
            f"{nodes[-1]['text']}, after step {len(self._steps())} of {len(chosen['steps'])} of "
            f"{chosen['called']}" + (f": {', '.join(told)}." if told else ".")
        )


def graph_stepper(output, names=None, *, title="The backward pass, one node a step"):
    """Return a figure of the graph that leads to `output`: the learner steps through the way back.

    output: an object with `data` (a number), `parents` (a tuple of such objects), `op` (a word) and
    `local` (a tuple: the derivative toward each parent), as a Value of lesson 3. None is changed.
    names: what the nodes are called: {"x": x, "y": y}, or (node, name) pairs, or {id(node): name}.
    A node without a name there is called by its `label` or `name`, if it has one.
    Raises ValueError, which names the node: for a cycle, a missing attribute, more than 60 nodes,
    or `local` of another length than `parents`.

    >>> from types import SimpleNamespace as Node
    >>> x = Node(data=3.0, parents=(), op="", local=())
    >>> y = Node(data=9.0, parents=(x, x), op="*", local=(3.0, 3.0))
    >>> figure = graph_stepper(y, {"x": x, "y": y})
    >>> figure.step = 2
    >>> figure.alt()[-29:]
    'pass: y.grad = 1, x.grad = 6.'
    """
    graph = reading.read(output, names)
    drawn = graph_layout.layout(graph)
    uses = graph.uses()
    for i, node in enumerate(drawn["nodes"]):
        op = graph.ops[i]
        name = _cut(graph.names[i], ROOM - 2 - min(len(op), 5) if op else ROOM)
        node |= {
            "name": graph.names[i],
            "label": name,
            "op": _cut(op, ROOM - 1 - len(name)) if op else "",
            "text": short(graph.data[i]),
            "fork": len(uses[i]) > 1,
        }
    for edge in drawn["edges"]:
        slope = graph.local[edge["to"]][edge["place"]]
        edge |= {"text": f"×{short(slope, 5)}", "points": [list(p) for p in edge["points"]]}
    return GraphStepper(title=title, data={**drawn, "passes": _passes(graph, drawn)})


def short(value, room=8):
    """Return a number in at most `room` signs where that can be, with up to four digits.

    >>> short(-0.41997434), short(1 / 3, 6), short(-1.234e-5, 7), short(1000000.0, 6)
    ('−0.42', '0.3333', '−1.2e−5', '1e6')
    """
    for digits in (6, 4, 3, 2, 1) if value == round(value) else (4, 3, 2, 1):
        mantissa, power = f"{value:.{digits - 1}e}".split("e")
        if "." in mantissa:
            mantissa = mantissa.rstrip("0").rstrip(".")
        texts = [f"{value:.{digits}g}", f"{mantissa}e{int(power)}"]
        text = next((text for text in texts if len(text) <= room and "e" not in text), texts[1])
        if len(text) <= room:
            break
    return text.replace("-", "−") if value else "0"


def written(value):
    """Return a number as it stands in a sentence, with all four digits."""
    return short(value, 12)


def _cut(text, room):
    return text if len(text) <= room else f"{text[: max(1, room - 1)]}…"


def _passes(graph, drawn):
    """Return all four passes, each with its steps, told in words."""
    # Row by row from the output: so all uses of a node come before it.
    places = [(-node["y"], node["x"]) for node in drawn["nodes"]]
    order = sorted(range(len(places)), key=places.__getitem__)
    true = {step["node"]: step["grad"] for step in graph_passes.ordered(graph, order)}
    found = {}
    for (overwrite, deep), name in PASSES.items():
        if deep:
            steps, count = graph_passes.depth_first(graph, keep=not overwrite)
        else:
            steps = graph_passes.ordered(graph, order, keep=not overwrite)
            count = len(steps)
        for step in steps:
            if not abs(step["grad"]) < 1e300:
                called = graph.names[step["node"]]
                raise ValueError(f"node {called!r}: its gradient is too large: take smaller inputs")
        found[name] = {
            "called": CALLED[name],
            "steps": list(_told(graph, steps, true, overwrite, deep)),
            "end": _end(graph, steps, count, true),
        }
    return found


def _told(graph, steps, true, overwrite, deep):
    """Yield the steps as the browser needs them: plain numbers, and texts to be shown."""
    reached = [0] * len(graph.names)
    for step in steps:
        i = step["node"]
        reached[i] += 1
        wrong = not _near(step["grad"], true[i])
        if deep:
            say = _reach(graph, step, reached[i], overwrite)
        else:
            say = _collect(graph, step, overwrite)
            say += f" Right would be {written(true[i])}." if wrong else ""
        yield {
            "node": i,
            "uses": [list(use) for use in step["uses"]],
            "local": [graph.local[child][k] for child, k in step["uses"]],
            "parts": step["parts"],
            "grad": step["grad"],
            "text": short(step["grad"]),
            "sum": _sum(step["parts"], overwrite),
            "wrong": wrong,
            "say": say,
        }


def _near(one, two):
    return abs(one - two) <= 1e-9 * max(abs(one), abs(two))


def _sum(parts, overwrite):
    """Return what stands in the box above the gradient: [added, crossed out], as texts."""
    if len(parts) < 2:
        return ["", ""]
    for room in (7, 6, 5, 4):
        terms = [short(part, room) for part in parts]
        text = " ".join(terms[:-1]) if overwrite else " + ".join(terms)
        if len(text) <= ROOM:
            return ["", text] if overwrite else [text, ""]
    return ["", f"{len(parts) - 1} lost"] if overwrite else [f"sum of {len(parts)}:", ""]


def _joined(terms, sign=" + "):
    """Return a sum as it is written; of many terms only the first ones."""
    more = f"{sign}… ({len(terms)} terms)" if len(terms) > SHOWN + 1 else ""
    return sign.join(terms[: SHOWN if more else None]) + more


def _factors(graph, step):
    """Return "upstream × local" for each use of a node."""
    slopes = (graph.local[child][k] for child, k in step["uses"])
    return [
        f"{written(up)} × {written(slope)}" for up, slope in zip(step["ups"], slopes, strict=True)
    ]


def _collect(graph, step, overwrite):
    """Return in words how a node gets its gradient when all its uses are done."""
    name, grad = graph.names[step["node"]], written(step["grad"])
    terms, factors = [written(part) for part in step["parts"]], _factors(graph, step)
    if not terms:
        return f"The way back starts at the output: {name}.grad = 1."
    if len(terms) == 1:
        child = graph.names[step["uses"][0][0]]
        return f"{name}.grad = {child}.grad × local derivative = {factors[0]} = {grad}."
    if overwrite:
        return (
            f"{name} is used {len(terms)} times. With = each contribution replaces the one before: "
            f"{_joined(terms[:-1], ', ')} lost, {name}.grad = {grad}."
        )
    return (
        f"{name} is used {len(terms)} times, so {len(terms)} contributions add: {name}.grad = "
        f"{_joined(factors)} = {_joined(terms)} = {grad}."
    )


def _reach(graph, step, reached, overwrite):
    """Return in words how a node gets a contribution in a pass that goes on at once."""
    name, grad = graph.names[step["node"]], written(step["grad"])
    terms, factors = [written(part) for part in step["parts"]], _factors(graph, step)
    if not terms:
        return f"The way back starts at the output: {name}.grad = 1."
    on = f" {grad} goes on at once." if graph.parents[step["node"]] else ""
    value = f"{name}.grad = {factors[0]} = {grad}."
    if reached == 1:
        return f"{name} is reached: {value}{on}"
    time = f"{name} is reached again (time {reached}): "
    if overwrite:
        return f"{time}{terms[-1]} replaces {terms[-2]}.{on}"
    on = f" All {grad} go on, also what went on before." if on else ""
    return f"{time}{factors[0]} more, {name}.grad = {_joined(terms)} = {grad}.{on}"


def _end(graph, steps, count, true):
    """Return in words what the whole pass has come to."""
    if count > len(steps):
        return (
            f" Here we stop: one step for each path would be {count:,} steps, and the right pass "
            f"takes {len(graph.names)}."
        )
    last = {step["node"]: step["grad"] for step in steps}
    wrong = [
        f"{graph.names[i]} ({written(grad)}, right is {written(true[i])})"
        for i, grad in last.items()
        if not _near(grad, true[i])
    ]
    if not wrong:
        return " Done: all gradients are right."
    more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    return f" Done. Wrong: {', '.join(wrong[:3])}{more}."


def _draw_box(axis, node, step, now):
    """Draw one node of the still picture, with its gradient if it has one."""
    from matplotlib.patches import FancyBboxPatch

    wide = node["w"]
    left, top = node["x"] - wide / 2, node["y"]
    color = RED if now else "black"
    box = FancyBboxPatch(
        (left + 3, top + 3),
        wide - 6,
        node["h"] - 6,
        boxstyle="round,pad=3",
        facecolor="white",
        edgecolor=color,
        lw=2.2 if now else 1,
        zorder=3,
        linestyle="--" if step and step["wrong"] else "-",
    )
    axis.add_patch(box)
    style = {"zorder": 4, "fontsize": 8, "va": "baseline", "parse_math": False}
    axis.text(left + 6, top + 15, node["label"], weight="bold", **style)
    axis.text(left + wide - 6, top + 15, node["op"], ha="right", **style)
    axis.text(left + 6, top + 30, f"data {node['text']}", **style)
    if step:
        added, lost = step["sum"]
        words = added or (f"({lost})" if lost else "")
        axis.text(left + 6, top + 45, words if node["fork"] else "", color=RED, **style)
        axis.text(left + 6, top + node["h"] - 7, f"grad {step['text']}", color=RED, **style)


def _curve(points):
    """Return xs and ys of an edge: bent between rows, straight beside them."""
    import numpy as np

    xs, ys, t = [], [], np.linspace(0, 1, 20)
    for (x0, y0), (x1, y1) in pairwise(points):
        xs.extend(x0 + (x1 - x0) * (3 * t**2 - 2 * t**3))
        ys.extend(y0 + (y1 - y0) * t)
    return xs, ys
