"""A computational graph, read from the objects that a learner made.

Any objects will do that have `data`, `parents`, `op` and `local`. They are read and never changed.
"""

from itertools import count
from typing import NamedTuple

MOST_NODES, MOST_PARENTS = 60, 10  # as many as can be read


class Graph(NamedTuple):
    """Nodes in an order in which parents come before those made from them; the last is the output.

    names, ops: str; data: float; parents: tuples of places; local: tuples of floats.
    """

    names: list
    ops: list
    data: list
    parents: list
    local: list

    def uses(self):
        """Return for each node where it is used: (consumer, place among its parents) pairs."""
        found = [[] for _ in self.names]
        for child, parents in enumerate(self.parents):
            for k, parent in enumerate(parents):
                found[parent].append((child, k))
        return found


def read(output, names=None):
    """Return the Graph that leads to `output`; ValueError names the node that is not as needed."""
    given = _given_names(names)
    nodes = _collect(output, given)
    place = {id(node): i for i, node in enumerate(nodes)}
    if lost := [name for key, (_, name) in given.items() if key not in place]:
        raise ValueError(
            f"names: {lost[0]!r} does not lead to the output: leave it out, or pass the output "
            "that was computed from it"
        )
    return Graph(
        _names(nodes, given),
        [str(node.op) for node in nodes],
        [_number(node.data, "data", node, given) for node in nodes],
        [tuple(place[id(p)] for p in node.parents) for node in nodes],
        [tuple(_number(v, "local", node, given) for v in node.local) for node in nodes],
    )


def _given_names(names):
    """Return {id: (node, name)} of names in any of the three forms."""
    if names is None:
        return {}
    pairs = names.items() if isinstance(names, dict) else names
    found = {}
    for one, two in pairs:
        node, name = (two, one) if isinstance(names, dict) and isinstance(one, str) else (one, two)
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"names: {name!r} is no name: give each node a string, such as 'x'")
        found[node if isinstance(node, int) else id(node)] = node, name
    return found


def _called(node, given=None):
    """Return how a message calls a node."""
    name = (given or {}).get(id(node), (None, None))[1] or _own_name(node)
    if name:
        return f"node {name!r}"
    op, data = getattr(node, "op", ""), getattr(node, "data", None)
    made = f"made by {op!r} " if isinstance(op, str) and op else ""
    return f"the node {made}with data {data!r}"


def _own_name(node):
    words = (getattr(node, name, None) for name in ("label", "name"))
    return next((w.strip() for w in words if isinstance(w, str) and w.strip()), None)


def _collect(output, given):
    """Return all nodes that lead to `output`, parents first; ValueError where one is not sound."""
    done, nodes = set(), []
    path = [(output, iter(_parents(output, None, given)))]
    on_path = {id(output): output}
    while path:
        node, rest = path[-1]
        parent = next(rest, None)
        if parent is None:
            path.pop()
            del on_path[id(node)]
            done.add(id(node))
            nodes.append(node)
        elif id(parent) in on_path:
            raise ValueError(
                f"{_called(parent, given)} leads back to itself: a graph of a computation has no "
                "cycle. Let every operation return a new node, and change no node's parents later"
            )
        elif id(parent) not in done:
            if len(done) + len(path) >= MOST_NODES:
                raise ValueError(
                    f"{_called(output, given)} is computed from more than {MOST_NODES} nodes: they "
                    "cannot be read in one picture. Pass a smaller output: one of its parents, or "
                    "the same computation with fewer numbers"
                )
            on_path[id(parent)] = parent
            path.append((parent, iter(_parents(parent, node, given))))
    return nodes


def _parents(node, child, given):
    """Return the parents of a node that has all it must have."""
    called = _called(node, given)
    if child is not None and isinstance(node, int | float):
        raise ValueError(
            f"{_called(child, given)} has the plain number {node!r} among its parents: turn it "
            "into a node of your class first"
        )
    for name in ("data", "parents", "op", "local"):
        if not hasattr(node, name):
            raise ValueError(
                f"{called} is of type {type(node).__name__} and has no attribute {name!r}: a node "
                "needs data, parents, op and local"
            )
    if not isinstance(node.parents, tuple | list):
        raise ValueError(
            f"{called}: parents is a {type(node.parents).__name__}, needed a tuple of nodes, in "
            "order: for one parent write (x,), with a comma"
        )
    if not hasattr(node.local, "__len__") or len(node.local) != len(node.parents):
        slopes = len(node.local) if hasattr(node.local, "__len__") else "no"
        raise ValueError(
            f"{called}: has {len(node.parents)} parents and {slopes} local derivatives, needed one "
            "for each parent, in the same order"
        )
    if len(node.parents) > MOST_PARENTS:
        raise ValueError(
            f"{called}: has {len(node.parents)} parents, the picture has room for {MOST_PARENTS}: "
            "compute it in several steps"
        )
    return node.parents


def _number(value, what, node, given):
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(
            f"{_called(node, given)}: {what} is {value!r}, needed a number"
            + (" for each parent" if what == "local" else "")
        ) from None
    if not abs(number) < 1e300:
        raise ValueError(f"{_called(node, given)}: {what} is {number}: choose other inputs")
    return number


def _names(nodes, given):
    """Return a name for each node, no name twice."""
    own = [given.get(id(node), (None, None))[1] or _own_name(node) for node in nodes]
    free = (f"v{n}" for n in count(1) if f"v{n}" not in own)
    names = []
    for name in own:
        first = name = name or next(free)
        number = 1
        while name in names:
            number += 1
            name = f"{first} ({number})"
        names.append(name)
    return names
