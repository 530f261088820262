"""The tables of figures that stand beside the detectors."""

import tomllib
from importlib import resources
from typing import TypeVar

import msgspec

Table = TypeVar("Table")


def read_table(name: str, form: type[Table]) -> Table:
    """The table `name`.toml. Raises msgspec.ValidationError for one with a missing, unknown or mistyped figure."""
    text = resources.files("streams.patterns").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), form)  # dates are texts in our tables
