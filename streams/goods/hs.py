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

_OTHER = {"2017": "2022", "2022": "2017"}


class Editions(Struct, frozen=True, kw_only=True):
    """Dates of entry into force and the conversion between 2017 and 2022."""

    version: str
    in_force: tuple[tuple[date, str], ...]
    """newest first"""
    to_2022: dict[str, tuple[str, ...]]
    to_2017: dict[str, tuple[str, ...]]
    new_in_2022: frozenset[str]
    codes: dict[str, frozenset[str]]
    """edition -> its codes, where they are known"""
    said: dict[str, str]
    """edition -> what is not at hand of it, in words"""

    def at(self, day: date) -> str:
        """The edition in force on a day; the oldest known one before that."""
        for start, edition in self.in_force:
            if day >= start:
                return edition
        return self.in_force[-1][1]

    def declared_in(self, hs6: str, edition: str | None, day: date) -> tuple[str, bool]:
        """(edition, assumed): as declared, else the one in force that day; the other one of 2017 and 2022 where only that has the
        code: countries take a new edition up late, and pipelines write the number of one edition beside the code of another.
        """
        wanted = edition or self.at(day)
        other = _OTHER.get(wanted)
        if other is not None and hs6 not in self.codes[wanted] and hs6 in self.codes[other]:
            return other, True
        return wanted, edition is None

    def has(self, hs6: str, edition: str) -> bool:
        """Whether an edition has a code; true of an edition whose codes are not known."""
        return edition not in self.codes or hs6 in self.codes[edition]

    def gone_before(self, hs6: str, edition: str) -> tuple[str, ...]:
        """What a code of HS 2022 was called in HS 2017, of codes that HS 2022 no longer has: a text may still have them."""
        if edition != "2022":
            return ()
        return tuple(old for old in self.to_2017.get(hs6, ()) if old not in self.codes["2022"])

    def lacks(self, hs6: str, edition: str) -> str:
        """What is not at hand to compare a code of an edition, in words; empty where it can be compared. A code that its edition
        does not have is another's, or mistyped: it stands on no list for certain."""
        said = self.said.get(edition, "")
        known = self.codes.get(edition)
        if said or known is None or hs6 in known:
            return said
        return f"an edition of the HS that has the code {hs6}: HS {edition} does not"

    def convert(self, hs6: str, declared: str, wanted: str) -> tuple[str, ...]:
        """What the code may be in the wanted edition: itself where nothing changed (or no table is known), several where
        it was split."""
        if declared == wanted or wanted == "any":
            return (hs6,)
        # HS 2012 to 2017 is not in the table: those codes are read as 2017, which `lacks` says.
        if wanted == "2022" and declared in ("2012", "2017"):
            return self.to_2022.get(hs6, (hs6,))
        if wanted in ("2012", "2017") and declared == "2022":
            return self.to_2017.get(hs6, (hs6,))
        return (hs6,)


@cache
def editions() -> Editions:
    """The bundled tables."""
    package, head = "streams.goods", "tables/hs_editions.toml"
    body, known = "tables/hs2017_hs2022.csv", "tables/hs2022_codes.csv"
    header = tables.load(package, head, dict[str, Any])
    rows = csv.DictReader(tables.text(package, body).splitlines())
    pairs = [(row["hs2017"], row["hs2022"]) for row in rows]
    now = _codes(tables.text(package, known))
    forward: dict[str, list[str]] = {}
    back: dict[str, list[str]] = {}
    for old, new in pairs:
        forward.setdefault(old, []).append(new)
        back.setdefault(new, []).append(old)
    gone = frozenset(old for old, new in forward.items() if old not in new)
    new_codes = frozenset(new for new, old in back.items() if new not in old)
    return Editions(
        version=tables.version(header["version"], package, head, body, known),
        in_force=tuple(
            sorted(
                ((date.fromisoformat(start), edition) for edition, start in header["in_force"].items()),
                reverse=True,
            )
        ),
        to_2022={old: _same_heading(old, new) for old, new in forward.items()},
        to_2017={new: _same_heading(new, old) for new, old in back.items()},
        new_in_2022=new_codes,
        codes={"2022": now, "2017": (now - new_codes) | gone},
        said=header["said"],
    )


def _codes(text: str) -> frozenset[str]:
    rows = csv.DictReader(text.splitlines())
    return frozenset(row["heading"] + end for row in rows for end in row["subheadings"].split())


def _same_heading(code: str, others: list[str]) -> tuple[str, ...]:
    """Where some successors stay in the code's own heading, the trade does too: HS 2017 cameras (852580) also fed the drones
    of 8806, and a list of drones must not flag every camera."""
    near = [other for other in others if other[:4] == code[:4]]
    return tuple(near or others)
