"""The tables of figures that stand beside the detectors."""

from typing import Self

from msgspec import Struct

from streams import tables


class FigureTable(Struct, frozen=True, forbid_unknown_fields=True):
    """A table within one: a missing, unknown or mistyped figure is refused."""


class Figures(tables.Sourced, frozen=True):
    """The figures of one detector: the table of the same name as its file, which gives the reason for each."""

    @classmethod
    def bundled(cls) -> Self:
        """Those beside the code. Raises as `tables.load` does."""
        return tables.load("streams.patterns", f"{cls.__module__.rpartition('.')[2]}.toml", cls)
