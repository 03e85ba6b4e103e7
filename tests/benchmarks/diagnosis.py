"""How long a learner waits for the name of a mistake: every failing check of the lessons' sets."""

from tests.benchmarks import Row
from tests.diagnosis.learners import verdicts


def rows():
    """Yield the Rows of this module."""
    ms = sorted(1e3 * seconds for seconds in verdicts()[1])
    for name, place, most in (("median", 0.5, 100), ("99th percentile", 0.99, 1500)):
        took = ms[int(place * len(ms))]
        mark = f"at most {most} ms"
        yield Row(f"naming a mistake, {name} of {len(ms)}", "ms", took, {}, mark, took <= most)
