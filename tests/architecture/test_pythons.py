"""Every place that says which Pythons are supported says the same."""

import re
import tomllib
from pathlib import Path

from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
SUPPORTED = [
    f"3.{minor}" for minor in range(30) if SpecifierSet(PROJECT["requires-python"]).contains(f"3.{minor}.0")
]
FIRST, LAST = SUPPORTED[0], SUPPORTED[-1]


def test_current_pythons_are_supported() -> None:
    """Debian 12 brings 3.11, Ubuntu 24.04 brings 3.12, Debian 13 brings 3.13, what follows them 3.14."""
    assert {"3.11", "3.12", "3.13", "3.14"} <= set(SUPPORTED)


def test_classifiers_name_them() -> None:
    prefix = "Programming Language :: Python :: "
    named = [line.removeprefix(prefix) for line in PROJECT["classifiers"] if line.startswith(prefix)]
    assert named == SUPPORTED


def test_make_looks_for_them() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert re.findall(r"\bpython(3\.\d+)\b", makefile) == SUPPORTED
    bounds = re.findall(r"\((\d), (\d+)\)", makefile)
    assert [f"{major}.{minor}" for major, minor in bounds] == [FIRST, f"3.{int(LAST[2:]) + 1}"]
    assert f"please install Python {FIRST} to {LAST}" in makefile


def test_readme_says_them() -> None:
    assert f"Python {FIRST} to {LAST} on Linux" in (ROOT / "README.md").read_text()


def test_image_is_of_one_of_them() -> None:
    bases = re.findall(r"^FROM python:(3\.\d+)-", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE)
    assert bases and set(bases) <= set(SUPPORTED)
