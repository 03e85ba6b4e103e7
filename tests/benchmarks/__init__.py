"""Speed against peers: measured in alternation in one run, told as medians and ratios."""

import statistics
import time
from dataclasses import dataclass, field


@dataclass
class Row:
    """One thing measured.

    ours, peers: medians in `unit`, the peers by name; None for a peer that is not installed.
    mark: what was promised, in words. holds: whether ours keeps it, or None where no peer is there.
    """

    name: str
    unit: str
    ours: float
    peers: dict = field(default_factory=dict)
    mark: str = ""
    holds: bool | None = None


def alternate(runs, repeats):
    """Call the functions `{name: run}` in turn, `repeats` times; return their median seconds.

    In turn, so that a machine that slows down slows all of them.
    """
    times = {name: [] for name in runs}
    for run in runs.values():
        run()
    for _ in range(repeats):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}
