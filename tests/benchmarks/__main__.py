"""Run every benchmark; write build/bench.json, and the table of docs/benchmarks.md."""

import importlib
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks import Row

MODULES = ["core", "oracles", "tape", "checks", "diagnosis", "figures", "grading"]
HEAD = """# Benchmarks

Written by `make bench`. Ours and the peers are measured in alternation in one run, on one BLAS
thread; the numbers are medians. A peer that is not installed is missing (`make peers` installs all
of them). They depend on the machine; the ratios less so.

| what | unit | ours | peers | mark | holds |
|---|---|---|---|---|---|
"""


def main():
    """Run each module in a process of its own, so that none works in what another left behind."""
    rows = []
    for name in MODULES:
        command = [sys.executable, "-m", "tests.benchmarks", name]
        for line in subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines():
            rows.append(Row(**json.loads(line)))
            print(_line(rows[-1]), flush=True)
    for folder in ("build", "docs"):
        Path(folder).mkdir(exist_ok=True)
    Path("build/bench.json").write_text(json.dumps([asdict(r) for r in rows], indent=1) + "\n")
    Path("docs/benchmarks.md").write_text(HEAD + "\n".join(map(_line, rows)) + "\n")
    print("wrote build/bench.json and docs/benchmarks.md")


def run(name):
    """Print the rows of one module, a line of JSON each."""
    for row in importlib.import_module(f"tests.benchmarks.{name}").rows():
        print(json.dumps(asdict(row), default=float), flush=True)


def _line(row):
    peers = "; ".join(f"{name}: {_number(value)}" for name, value in row.peers.items())
    holds = {True: "yes", False: "**no**", None: ""}[row.holds]
    cells = [row.name, row.unit, _number(row.ours), peers, row.mark, holds]
    return f"| {' | '.join(cells)} |"


def _number(value):
    return "missing" if value is None else f"{value:.3g}"


run(sys.argv[1]) if sys.argv[1:] else main()
