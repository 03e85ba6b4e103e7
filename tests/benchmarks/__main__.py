"""Run every benchmark, print a table, and write build/bench.json."""

import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks import core

MODULES = [core]


def main():
    rows = [row for module in MODULES for row in module.rows()]
    table = Table("what", "unit", "ours", "peers", "mark", "holds")
    for row in rows:
        peers = ", ".join(
            f"{name} {'missing' if value is None else f'{value:.3g}'}"
            for name, value in row.peers.items()
        )
        holds = {True: "yes", False: "no", None: ""}[row.holds]
        table.add_row(row.name, row.unit, f"{row.ours:.3g}", peers, row.mark, holds)
    Console().print(table)
    path = Path("build/bench.json")
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", "utf-8")
    print(f"wrote {path}")


main()
