"""Goods that a law bars from going to a country, or from coming from it: versioned tables of a jurisdiction, with the date of the
text. Nothing here is the law of today: the text's date stands in all that is said of it."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from msgspec import Struct

from streams import tables
from streams.declarations.model import CommodityCode
from streams.errors import UserError
from streams.goods.hs import Editions, editions
from streams.money.rates import Rates, bundled_rates

Direction = Literal["export", "import"]
BUNDLED = ("eu_833_2014", "eu_765_2006", "us_746")
OLD = "2017"
"""The edition of codes that a text of 2022 may still have."""
NO_VIEW = "none"
"""The jurisdiction by which nothing is barred."""
PARTIAL = "ex"


class JurisdictionError(UserError):
    """A jurisdiction that no list is of; the message is one clear sentence."""


class EmptyAct(Struct, frozen=True, forbid_unknown_fields=True):
    """An act whose codes are not at hand."""

    jurisdiction: str
    act: str
    why: str


class _JurisdictionsFile(tables.Sourced, frozen=True):
    empty: tuple[EmptyAct, ...]


class Measure(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One annex of an act: what it bars, whither or whence, and since when."""

    annex: str
    says: str
    """what the goods are, in a few words"""
    direction: Direction
    countries: frozenset[str]
    since: date
    until: date = date.max
    """the last day"""
    article: str = ""
    piece_kg: tuple[float, float] | None = None
    """how light and how heavy one piece may be; for goods barred by the value of a piece"""


class ProhibitionHeader(tables.Sourced, frozen=True):
    """What a list says of itself: the TOML file beside its CSV. `as_of` is the date of the text."""

    name: str
    title: str
    jurisdiction: str
    territory: str
    """the customs union, or the country, whose exporters are bound"""
    law_of: str
    """the same in words: 'the European Union'"""
    act: str
    hs_edition: str
    nomenclatures: frozenset[str]
    """in which a code means the same as here beyond six digits"""
    bars: dict[Direction, str]
    """'may not be exported from ... to'"""
    measure: dict[str, Measure]
    celex: str = ""
    follows_origin: bool = False
    """whether goods made in the territory are bound wherever they are sent from"""
    own: bool = False
    """the user's own list, by which all that is screened is bound"""


class BarredCode(Struct, frozen=True):
    """One code of a measure."""

    code: str
    measure: Measure
    key: str
    """of the measure within its list"""
    partial: bool = False
    """the list says "ex": only some goods of the code"""
    above_eur: Decimal | None = None
    """barred where a piece is worth more"""

    @property
    def level(self) -> str:
        """'HS6', 'CN8', 'ex CN8' ..."""
        digits = len(self.code)
        return f"{'ex ' if self.partial else ''}{'HS' if digits <= 6 else 'CN'}{digits}"


class Barring(Struct, frozen=True):
    """How a declared code meets a list."""

    list: "ProhibitionList"
    barred: BarredCode
    finer: bool
    """the list names only some goods below the declared code"""
    converted: tuple[str, ...]
    """what the declared code may be in the list's edition, where it had to be converted"""
    uncertain: bool
    """not all of what the code may be is on the list"""
    edition: str
    assumed: bool
    into: str = ""
    """the edition of `converted`"""

    @property
    def whole(self) -> bool:
        """Whether every good of the declared code is meant."""
        return not (self.barred.partial or self.finer or self.uncertain)


class ProhibitionList:
    """One act's list, ready to be asked. Never changed."""

    def __init__(self, header: ProhibitionHeader, entries: Iterable[BarredCode], version: str) -> None:
        self.header = header
        self.entries = tuple(entries)
        self.version = version
        self._by_code: dict[str, list[BarredCode]] = {}
        self._below: dict[str, list[BarredCode]] = {}
        for entry in self.entries:
            self._by_code.setdefault(entry.code, []).append(entry)
            for length in range(6, len(entry.code), 2):
                self._below.setdefault(entry.code[:length], []).append(entry)
        self._lengths = tuple(sorted({len(code) for code in self._by_code}, reverse=True))

    def match(self, code: str) -> dict[str, tuple[BarredCode, bool]]:
        """By measure the code that `code` (digits, as declared) begins with, the longest; else one that is finer (True)."""
        found: dict[str, tuple[BarredCode, bool]] = {}
        for length in self._lengths:
            for entry in self._by_code.get(code[:length], ()) if length <= len(code) else ():
                found.setdefault(entry.key, (entry, False))
        for entry in self._below.get(code, ()):
            found.setdefault(entry.key, (entry, True))
        return found


class Prohibitions:
    """The lists of the jurisdictions in view. Made once; answers by code are remembered."""

    def __init__(
        self,
        lists: Iterable[ProhibitionList],
        views: Iterable[str] = (),
        hs: Editions | None = None,
        rates: Rates | None = None,
    ) -> None:
        """`views`: the office's own jurisdictions, where they were named: all it sees is then bound by them."""
        self.lists = tuple(lists)
        self.views = frozenset(views)
        self.own_view = bool(self.views)
        self.without_list = tuple(
            sorted(self.views - {NO_VIEW} - {one.header.jurisdiction for one in self.lists})
        )
        """jurisdictions of its own of which no list is at hand"""
        self.rates = rates or bundled_rates()
        self._hs = hs or editions()
        measures = [measure for one in self.lists for measure in one.header.measure.values()]
        self.countries: Mapping[Direction, frozenset[str]] = {
            direction: frozenset(
                country
                for measure in measures
                if measure.direction == direction
                for country in measure.countries
            )
            for direction in ("export", "import")
        }
        """whither exports, and whence imports, are barred by any of them on any day"""
        self._by_code = lru_cache(maxsize=50_000)(self._look_up)

    def with_lists(self, lists: Iterable[ProhibitionList], without: Iterable[str] = ()) -> "Prohibitions":
        """The same with further lists, and without those of some names."""
        gone = frozenset(without)
        kept = (one for one in self.lists if one.header.name not in gone)
        return Prohibitions((*kept, *lists), self.views, self._hs, self.rates)

    @property
    def versions(self) -> dict[str, str]:
        """name -> version of every list."""
        return {f"goods/{one.header.name}": one.version for one in self.lists}

    def found(self, code: CommodityCode, day: date) -> tuple[Barring, ...]:
        """Every measure that a declared code is under, whatever its direction, country and days."""
        edition, assumed = self._hs.declared_in(code.hs6, code.hs_version, day)
        return self._by_code(code.full or code.hs6, code.hs6, code.nomenclature, edition, assumed)

    def _look_up(
        self, full: str, hs6: str, nomenclature: str | None, edition: str, assumed: bool
    ) -> tuple[Barring, ...]:
        return tuple(
            made
            for one in self.lists
            for made in self._on(
                one,
                full if nomenclature is None or nomenclature in one.header.nomenclatures else hs6,
                hs6,
                edition,
                assumed,
            )
        )

    def _on(
        self, one: ProhibitionList, full: str, hs6: str, edition: str, assumed: bool
    ) -> Iterator[Barring]:
        wanted = one.header.hs_edition
        codes = self._hs.convert(hs6, edition, wanted)
        as_written = one.match(full) if codes == (hs6,) or not self._hs.has(hs6, wanted) else {}
        for barred, finer in as_written.values():
            yield Barring(one, barred, finer, (), False, edition, assumed)
        if codes != (hs6,):
            yield from self._carried(one, codes, wanted, as_written, edition, assumed)
        elif old := self._hs.gone_before(hs6, wanted):
            # The text has a code that its own edition no longer had.
            yield from self._carried(one, old, OLD, as_written, edition, assumed)

    def _carried(
        self,
        one: ProhibitionList,
        codes: tuple[str, ...],
        into: str,
        known: Iterable[str],
        edition: str,
        assumed: bool,
    ) -> Iterator[Barring]:
        """A code as what it is called in another edition: uncertain where not all of that is listed."""
        met = [one.match(code) for code in codes]
        for key in dict.fromkeys(key for found in met for key in found if key not in known):
            under = [found[key] for found in met if key in found]
            barred, finer = min(under, key=lambda pair: (pair[1], pair[0].partial))
            # Above six digits a list says the same in every edition, or what it says cannot be compared.
            if into == OLD and len(barred.code) < len(codes[0]):
                continue
            yield Barring(one, barred, finer, codes, len(under) < len(codes), edition, assumed, into)


def bundled_prohibitions() -> tuple[ProhibitionList, ...]:
    """The lists that come with Torugart."""
    return tuple(_bundled(name) for name in BUNDLED)


def empty_acts() -> tuple[EmptyAct, ...]:
    """What is known to bar goods and has no codes here."""
    return tables.load("streams.goods", "tables/jurisdictions.toml", _JurisdictionsFile).empty


def in_view(
    lists: Iterable[ProhibitionList], own: Iterable[ProhibitionList], jurisdictions: Iterable[str]
) -> tuple[ProhibitionList, ...]:
    """The lists of these jurisdictions, all where none is named and none for `none`; and the user's own, whichever they are of.

    Raises JurisdictionError for one that neither a list nor an act without its codes is of.
    """
    lists, own, wanted = tuple(lists), tuple(own), frozenset(jurisdictions)
    if not wanted:
        return (*lists, *own)
    known = {one.header.jurisdiction for one in (*lists, *own)} | {one.jurisdiction for one in empty_acts()}
    for name in sorted(wanted - known - {NO_VIEW}):
        raise JurisdictionError(f"no jurisdiction {name!r}: {', '.join(sorted(known))} are known")
    return (*(one for one in lists if one.header.jurisdiction in wanted), *own)


@cache
def _bundled(name: str) -> ProhibitionList:
    where = "streams.goods", f"tables/{name}.toml", f"tables/{name}.csv"
    header = tables.load(where[0], where[1], ProhibitionHeader)
    rows = csv.DictReader(tables.text(where[0], where[2]).splitlines())
    entries = [
        BarredCode(
            code=row["code"],
            measure=header.measure[row["measure"]],
            key=row["measure"],
            partial=row["scope"] == PARTIAL,
            above_eur=Decimal(row["above_eur"]) if row["above_eur"] else None,
        )
        for row in rows
    ]
    return ProhibitionList(header, entries, tables.version(header.version, *where))
