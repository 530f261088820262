"""requirements.lock pins what pyproject.toml asks for, and names no place to download from."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.test_pythons import SUPPORTED

ROOT = Path(__file__).resolve().parents[2]
LINES = [
    line
    for line in (ROOT / "requirements.lock").read_text().splitlines()
    if line and not line.startswith("#")
]
PINNED = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in LINES)}


def asked_for() -> list[str]:
    """What it runs with, is tested with, and is built by: a build fetches nothing either."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = table["project"]
    return [
        *table["build-system"]["requires"],
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]


def test_every_line_is_one_exact_version() -> None:
    assert [line for line in LINES if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []


@pytest.mark.parametrize("line", asked_for())
def test_what_is_asked_for_is_pinned_within_its_bounds(line: str) -> None:
    wanted = Requirement(line)
    assert wanted.specifier.contains(PINNED[canonicalize_name(wanted.name)]), "make lock"


@pytest.mark.parametrize("line", asked_for())
def test_runtime_dependencies_have_a_lower_bound(line: str) -> None:
    assert any(part.operator in ("==", ">=", "~=") for part in Requirement(line).specifier)


def needed(python: str) -> set[str]:
    """Names of all that this project and what it needs ask for under this Python, by what is installed here."""
    found: set[tuple[str, str]] = set()
    ahead = [Requirement(line) for line in asked_for()]
    while ahead:
        wanted = ahead.pop()
        for extra in ("", *wanted.extras):
            if (name := canonicalize_name(wanted.name), extra) in found:
                continue
            found.add((name, extra))
            environment = {"python_version": python, "python_full_version": f"{python}.0", "extra": extra}
            for part in map(Requirement, (metadata.requires(name) if name in PINNED else None) or []):
                if part.marker is None or part.marker.evaluate(environment):
                    ahead.append(part)
    return {name for name, _ in found}


@pytest.mark.parametrize("python", SUPPORTED)
def test_every_supported_python_finds_what_it_needs(python: str) -> None:
    """The lock is made under one Python; another may ask for a package that this one has built in."""
    assert needed(python) - set(PINNED) == set()
