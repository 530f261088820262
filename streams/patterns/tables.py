"""The tables of figures that stand beside the detectors."""

from typing import TypeVar

from streams import tables

Table = TypeVar("Table")


def read_table(name: str, form: type[Table]) -> Table:
    """The table `name`.toml. Raises msgspec.ValidationError for one with a missing, unknown or mistyped figure."""
    return tables.load("streams.patterns", f"{name}.toml", form)
