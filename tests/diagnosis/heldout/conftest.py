"""The answers here are read as text, by ../test_held_out.py; they are no modules."""

collect_ignore_glob = ["*.py"]
