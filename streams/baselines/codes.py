"""Which good a declared code is, whatever edition of the Harmonized System it was declared in."""

from collections.abc import Set
from datetime import date
from functools import lru_cache
from pathlib import Path

from streams.corridors.months import Month, first_day, month_of
from streams.goods.control_list import (
    BUNDLED,
    LUXURY,
    ControlList,
    ControlListError,
    Match,
    bundled,
    load_control_list,
    luxury,
)
from streams.goods.hs import Editions, editions

EDITION = "2022"
"""Corridors are named by the code of this edition."""
EVERYTHING = "all"


class Tracked:
    """The goods to watch. A code that was split stands for each of its successors, so that the history of each is rather too
    high than too low: a recoding alone never looks like a new trade, and never like more of an old one."""

    def __init__(self, controls: tuple[ControlList, ...] | None, hs: Editions | None = None) -> None:
        """`controls` None: every good."""
        self.controls = controls
        self.hs = hs or editions()
        self._of = lru_cache(maxsize=100_000)(self._look_up)

    @property
    def name(self) -> str:
        if self.controls is None:
            return EVERYTHING
        return ",".join(f"{one.header.name}@{one.version}" for one in self.controls)

    def of(self, hs6: str, month: Month, edition: str | None = None) -> tuple[str, ...]:
        """The watched goods (HS 2022) that a declared code may be; none for what is not watched.

        Without an edition it is the one in force in that month, unless the code exists only in the other.
        """
        return self._of(hs6, edition, first_day(month))

    def _look_up(self, hs6: str, edition: str | None, day: date) -> tuple[str, ...]:
        declared, _ = self.hs.declared_in(hs6, edition, day)
        codes = self.hs.convert(hs6, declared, EDITION)
        if self.controls is None:
            return codes
        return tuple(one for one in codes if self.watches(one))

    def watches(self, code: str) -> bool:
        """Whether a good (HS 2022) is on these lists."""
        return self.controls is None or self._match(code) is not None

    def _match(self, code: str) -> Match | None:
        met = (one.match(code) for one in self.controls or ())
        return next((match for match in met if match is not None), None)

    def known_since(self, code: str, start: Month, covered: Set[str]) -> Month:
        """The first month of which statistics say anything of a good: their own first one, or that of the edition that made
        the code where its predecessors are missing from them (`covered`: all codes that occur in them)."""
        if code not in self.hs.new_in_2022 or set(self.hs.to_2017.get(code, ())) <= covered:
            return start
        made = next(day for day, edition in self.hs.in_force if edition == EDITION)
        return max(start, month_of(made))

    def words(self, code: str) -> str:
        """A few words for a code, as its list describes it; empty where nothing is known."""
        match = self._match(code)
        text = match.entry.description if match is not None else ""
        text = text.split(";")[0].split("(")[0].strip().rstrip(",")
        return text if len(text) <= 70 else text[:70].rpartition(" ")[0].rstrip(",") + " ..."


def tracked(names: str) -> Tracked:
    """By the names of bundled control lists or the paths of lists of the user's own, comma-separated; or `all`.

    Raises ControlListError for a list that cannot be used and for a name that is none.
    """
    if names == EVERYTHING:
        return Tracked(None)
    return Tracked(tuple(_list(name.strip()) for name in names.split(",")))


def _list(name: str) -> ControlList:
    for one in (*bundled(), luxury()):
        if one.header.name == name:
            return one
    if not Path(name).is_file():
        raise ControlListError(
            f"no control list {name!r}: {', '.join(BUNDLED)}, {LUXURY}, {EVERYTHING} or a file"
        )
    return load_control_list(Path(name))
