"""Finds the real public files that some tests try things on. They are no part of the project (see CONTRIBUTING)."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


def data(*parts: str) -> Path:
    """The file or folder below TORUGART_DATA (default `../shared/data` beside the project); skips the test where it
    is absent."""
    root = Path(os.environ.get("TORUGART_DATA") or PROJECT.parent / "shared" / "data")
    path = root.joinpath(*parts)
    if not path.exists():
        pytest.skip(
            f"needs {'/'.join(parts)} of the trial data: set TORUGART_DATA to its folder (looked in {root})"
        )
    return path
