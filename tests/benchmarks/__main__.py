"""Run every benchmark; write build/bench.json, and the table of docs/benchmarks.md."""

import importlib
import json
from dataclasses import asdict
from pathlib import Path

MODULES = ["core", "oracles", "tape", "checks"]
HEAD = """# Benchmarks

Written by `make bench`. Ours and the peers are measured in alternation in one run, on one BLAS
thread; the numbers are medians. A peer that is not installed is missing (`make peers` installs all
of them). They depend on the machine; the ratios less so.

| what | unit | ours | peers | mark | holds |
|---|---|---|---|---|---|
"""


def main():
    rows = []
    for name in MODULES:
        for row in importlib.import_module(f"tests.benchmarks.{name}").rows():
            print(_line(row), flush=True)
            rows.append(row)
    for folder in ("build", "docs"):
        Path(folder).mkdir(exist_ok=True)
    Path("build/bench.json").write_text(json.dumps([asdict(r) for r in rows], indent=1) + "\n")
    Path("docs/benchmarks.md").write_text(HEAD + "\n".join(map(_line, rows)) + "\n")
    print("wrote build/bench.json and docs/benchmarks.md")


def _line(row):
    peers = "; ".join(f"{name}: {_number(value)}" for name, value in row.peers.items())
    holds = {True: "yes", False: "**no**", None: ""}[row.holds]
    cells = [row.name, row.unit, _number(row.ours), peers, row.mark, holds]
    return f"| {' | '.join(cells)} |"


def _number(value):
    return "missing" if value is None else f"{value:.3g}"


main()
