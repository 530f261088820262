"""requirements.lock pins what pyproject.toml asks for, and names no place to download from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LINES = [
    line
    for line in (ROOT / "requirements.lock").read_text().splitlines()
    if line and not line.startswith("#")
]
PINNED = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in LINES)}


def asked_for() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [
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
