"""Where the nodes and edges of a graph stand: in rows, with the output at the bottom.

An edge that passes a row has a narrow place of its own in it, so that it runs between the boxes.
"""

from itertools import pairwise

WIDTH, BOX, GAP = 560, 104, 8  # of the drawing, of a node's box, and between two boxes
PORT, EDGE = 54, 10  # between two edges that enter a box, and beside one that passes
HIGH, FORK_HIGH, BETWEEN = 52, 68, 48  # of a box, of one whose gradient is a sum, between rows


def rows_of(graph):
    """Return for each node the row it stands in, 0 for the output: as low as those that use it let
    it, and no more in a row than there is room for."""
    uses, row, filled = graph.uses(), [0] * len(graph.names), {}
    for i in reversed(range(len(row))):
        row[i] = max((row[child] + 1 for child, _ in uses[i]), default=0)
        while filled.get(row[i], 0) + _width(graph, i) + GAP > WIDTH:
            row[i] += 1
        filled[row[i]] = filled.get(row[i], 0) + _width(graph, i) + GAP
    return row


def _width(graph, i):
    return max(BOX, PORT * len(graph.parents[i]))


def layout(graph):
    """Return {"nodes": boxes, "edges": curves, "height"}: where everything stands."""
    row, uses = rows_of(graph), graph.uses()
    stations, near = _stations(graph, row)
    x = _columns(graph, stations, near)
    fork = [len(u) > 1 for u in uses]
    tops, y = {}, 6
    for r in reversed(range(len(stations))):
        tops[r] = y
        y += FORK_HIGH if any(fork[i] for i in stations[r] if isinstance(i, int)) else HIGH
        y += BETWEEN
    nodes = [
        {
            "x": round(x[i], 1),
            "y": tops[row[i]],
            "w": _width(graph, i),
            "h": FORK_HIGH if fork[i] else HIGH,
        }
        for i in range(len(row))
    ]
    edges = []
    for (child, k), entry in _entries(graph, row, x).items():
        i = graph.parents[child][k]
        leaves = sorted(uses[i], key=lambda use: x[_chain(graph, row, *use)[1]])
        step = min(2 * EDGE, BOX / len(leaves))
        start = x[i] + _shift(leaves.index((child, k)), len(leaves), step)
        points = [(start, nodes[i]["y"] + nodes[i]["h"])]
        for station in _chain(graph, row, child, k)[1:-1]:
            r = station[2]
            points += [(x[station], tops[r]), (x[station], tops[r - 1] - BETWEEN)]
        points.append((entry, tops[row[child]]))
        edges.append({"from": i, "to": child, "place": k, "points": points})
    return {"nodes": nodes, "edges": edges, "height": y - BETWEEN + 6}


def _entries(graph, row, x):
    """Return {(child, k): x}: where each edge enters its box, from left to right as they come."""
    found = {}
    for child, parents in enumerate(graph.parents):
        coming = [x[_chain(graph, row, child, k)[-2]] for k in range(len(parents))]
        for rank, k in enumerate(sorted(range(len(parents)), key=coming.__getitem__)):
            found[child, k] = x[child] + _shift(rank, len(parents), PORT)
    return found


def _shift(rank, count, step):
    """Return how far the place `rank` of `count` stands from their middle."""
    return (rank - (count - 1) / 2) * step


def _chain(graph, row, child, k):
    """Return the stations of an edge from parent to child: both boxes, and the rows between."""
    parent = graph.parents[child][k]
    passed = [(child, k, r) for r in reversed(range(row[child] + 1, row[parent]))]
    return [parent, *passed, child]


def _stations(graph, row):
    """Return what stands in each row, boxes and passing edges, and who is joined to whom."""
    stations = [[] for _ in range(max(row) + 1)]
    near = {i: [] for i in range(len(row))}
    for i in reversed(range(len(row))):
        stations[row[i]].append(i)
    for child, parents in enumerate(graph.parents):
        for k in range(len(parents)):
            chain = _chain(graph, row, child, k)
            for station in chain[1:-1]:
                stations[station[2]].append(station)
            for one, two in pairwise(chain):
                # A little to the side, so that parents stand in their order where they can.
                shift = _shift(k, len(parents), PORT) if two == child else 0
                near.setdefault(one, []).append((two, shift))
                near.setdefault(two, []).append((one, 0))
    return stations, near


def _columns(graph, stations, near):
    """Return {station: x}: each near the mean of those it is joined to, none upon another."""
    x = {}
    for sweep in range(12):
        for row in stations if sweep % 2 == 0 else reversed(stations):
            want = {}
            for s in row:
                known = [x[t] + shift for t, shift in near[s] if t in x]
                want[s] = sum(known) / len(known) if known else WIDTH / 2
            row.sort(key=want.get)
            widths = _widths(graph, row)
            x |= dict(zip(row, _spread([want[s] for s in row], widths), strict=True))
    return x


def _widths(graph, row):
    """Return the widths of the stations of a row; what is no box gives way where room is scarce."""
    boxes = [_width(graph, s) if isinstance(s, int) else 0 for s in row]
    rest = [GAP if box else EDGE for box in boxes]
    squeeze = min(1, (WIDTH - sum(boxes)) / sum(rest))
    return [box + squeeze * free for box, free in zip(boxes, rest, strict=True)]


def _spread(want, widths):
    """Return places of things of these widths, in order, near `want`, within the drawing."""
    low, places = 0, []
    for at, width in zip(want, widths, strict=True):
        places.append(max(at, low + width / 2))
        low = places[-1] + width / 2
    high = WIDTH
    for i in reversed(range(len(places))):
        places[i] = min(places[i], high - widths[i] / 2)
        high = places[i] - widths[i] / 2
    # What was pushed to the right goes back, as far as the mean of all is kept.
    shift = sum(want) / len(want) - sum(places) / len(places)
    free = [places[0] - widths[0] / 2, WIDTH - places[-1] - widths[-1] / 2]
    shift = max(-free[0], min(free[1], shift))
    return [p + shift for p in places]
