"""The pinned versions can be installed by the oldest Python that the course names."""

from importlib.metadata import distributions, metadata

from packaging.specifiers import SpecifierSet


def test_no_installed_package_needs_a_newer_python_than_the_course():
    lowest = metadata("gradients-by-hand")["Requires-Python"].removeprefix(">=") + ".0"
    too_new = {
        f"{d.name}=={d.version}": needed
        for d in distributions()
        if (needed := d.metadata.get("Requires-Python")) and lowest not in SpecifierSet(needed)
    }
    assert not too_new, f"make pins with Python {lowest}: {too_new}"
