"""Wrong answers that are read as text and set aside: the diagnosis is measured on them, never tuned."""

collect_ignore_glob = ["*.py"]
