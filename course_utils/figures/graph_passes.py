"""The backward pass through a graph, right and in two ways that fail, as steps to be looked at.

A step says that one node's gradient is written. It is a dict: "node"; "uses", (consumer, place
among its parents) pairs; for each of them "ups", the gradient that came from there, and "parts",
the contribution; "grad", what is written.
"""

MOST_STEPS = 200  # of a pass that goes along every path


def ordered(graph, order, keep=True):
    """Return the steps of a pass in `order`, in which each node is reached once.

    order: places of nodes, each after all that use it.
    keep: add the contributions (+=); otherwise the last one overwrites those before it (=).
    """
    arrived, steps = [[] for _ in order], []
    for i in order:
        uses, ups, parts = ([arrival[n] for arrival in arrived[i]] for n in range(3))
        grad = (sum(parts) if keep else parts[-1]) if parts else 1.0
        steps.append({"node": i, "uses": uses, "ups": ups, "parts": parts, "grad": grad})
        for k, (parent, slope) in enumerate(zip(graph.parents[i], graph.local[i], strict=True)):
            arrived[parent].append(((i, k), grad, grad * slope))
    return steps


def depth_first(graph, keep=True):
    """Return the steps of a pass that goes on from a node whenever it is reached, and their number.

    Each node is reached along every path; of more than MOST_STEPS steps only the first are given.
    In "parts" stands all that has arrived so far, in "uses" and "ups" the last arrival only.
    """
    output = len(graph.names) - 1
    steps = [{"node": output, "uses": [], "ups": [], "parts": [], "grad": 1.0}]
    arrived = [[] for _ in graph.names]

    def visit(i, grad):
        for k, (parent, slope) in enumerate(zip(graph.parents[i], graph.local[i], strict=True)):
            if len(steps) >= MOST_STEPS:
                return
            arrived[parent].append(grad * slope)
            parts = list(arrived[parent])
            step = {"node": parent, "uses": [(i, k)], "ups": [grad], "parts": parts}
            steps.append(step | {"grad": sum(parts) if keep else parts[-1]})
            visit(parent, steps[-1]["grad"])

    visit(output, 1.0)
    return steps, sum(paths(graph))


def paths(graph):
    """Return the number of paths from each node to the output."""
    found = [0] * len(graph.names)
    found[-1] = 1
    for i in reversed(range(len(found))):
        for parent in graph.parents[i]:
            found[parent] += found[i]
    return found
