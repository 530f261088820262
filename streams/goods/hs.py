"""Editions of the Harmonized System: which one a code was declared in, and what it is called in another.

The 2022 edition renamed and split codes. Without the table, telescoping 2021 into 2022 invents new trade and a list of
2022 codes is blind to what was declared before.
"""

import csv
from datetime import date
from functools import cache
from typing import Any

from msgspec import Struct

from streams import tables


class Editions(Struct, frozen=True, kw_only=True):
    """Dates of entry into force and the conversion between 2017 and 2022."""

    version: str
    in_force: tuple[tuple[date, str], ...]
    """newest first"""
    to_2022: dict[str, tuple[str, ...]]
    to_2017: dict[str, tuple[str, ...]]
    gone_in_2022: frozenset[str]
    """codes of HS 2017 that HS 2022 no longer has"""
    new_in_2022: frozenset[str]

    def at(self, day: date) -> str:
        """The edition in force on a day; the oldest known one before that."""
        for start, edition in self.in_force:
            if day >= start:
                return edition
        return self.in_force[-1][1]

    def declared_in(self, hs6: str, edition: str | None, day: date) -> tuple[str, bool]:
        """(edition, assumed): as declared, else the one in force that day, unless the code exists only in the other one.

        Countries take a new edition up late, so a code that the edition in force no longer has is of the one before.
        """
        if edition is not None:
            return edition, False
        edition = self.at(day)
        if edition == "2022" and hs6 in self.gone_in_2022:
            return "2017", True
        if edition == "2017" and hs6 in self.new_in_2022:
            return "2022", True
        return edition, True

    def convert(self, hs6: str, declared: str, wanted: str) -> tuple[str, ...]:
        """What the code may be in the wanted edition: itself where nothing changed (or no table is known), several where
        it was split."""
        if declared == wanted or wanted == "any":
            return (hs6,)
        # HS 2012 to 2017 is not in the table: those codes are read as 2017.
        if wanted == "2022" and declared in ("2012", "2017"):
            return self.to_2022.get(hs6, (hs6,))
        if wanted in ("2012", "2017") and declared == "2022":
            return self.to_2017.get(hs6, (hs6,))
        return (hs6,)


@cache
def editions() -> Editions:
    """The bundled tables."""
    package, head, body = "streams.goods", "tables/hs_editions.toml", "tables/hs2017_hs2022.csv"
    header = tables.load(package, head, dict[str, Any])
    rows = csv.DictReader(tables.text(package, body).splitlines())
    pairs = [(row["hs2017"], row["hs2022"]) for row in rows]
    forward: dict[str, list[str]] = {}
    back: dict[str, list[str]] = {}
    for old, new in pairs:
        forward.setdefault(old, []).append(new)
        back.setdefault(new, []).append(old)
    return Editions(
        version=tables.version(header["version"], package, head, body),
        in_force=tuple(
            sorted(
                ((date.fromisoformat(start), edition) for edition, start in header["in_force"].items()),
                reverse=True,
            )
        ),
        to_2022={old: _same_heading(old, new) for old, new in forward.items()},
        to_2017={new: _same_heading(new, old) for new, old in back.items()},
        gone_in_2022=frozenset(old for old, new in forward.items() if old not in new),
        new_in_2022=frozenset(new for new, old in back.items() if new not in old),
    )


def _same_heading(code: str, others: list[str]) -> tuple[str, ...]:
    """Where some successors stay in the code's own heading, the trade does too: HS 2017 cameras (852580) also fed the drones
    of 8806, and a list of drones must not flag every camera."""
    near = [other for other in others if other[:4] == code[:4]]
    return tuple(near or others)
