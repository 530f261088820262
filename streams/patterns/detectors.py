"""The detectors, a file each, found by their file: `DETECTORS` lists them; and how screening knows them.

To add one: a file here with a `DETECTOR`, a table of its figures with the same name, its rules in the catalogue, their weights
in the ruleset, a test.
"""

import pkgutil
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from importlib import import_module

from msgspec.structs import replace

from streams import patterns
from streams.declarations.model import DeclarationVersion
from streams.destinations.atlas import Atlas
from streams.findings import Finding
from streams.goods.control_list import ControlList
from streams.goods.hs import Editions, editions
from streams.lifecycle.life import LifeVersion
from streams.money.rates import Rates, bundled_rates
from streams.once import kept_with
from streams.parties.register import CompanyRegister
from streams.patterns.gravity import Gravity, GravityFigures
from streams.patterns.listing import DetectorFacts, ListedDetector
from streams.patterns.memory import Book, StoredContribution, parts_of
from streams.patterns.repeated import met
from streams.patterns.trade import DeclaredTrade, Founded, trade_of

EDITION = "2022"
"""Goods are remembered by the code of this edition of the Harmonized System."""


Hits = Callable[[DeclarationVersion], Iterable[Finding]]
"""Version -> findings of the watchlists."""


def nobody_met(_: DeclarationVersion) -> Iterable[Finding]:
    """Where there are no watchlists."""
    return ()


class DetectorSet:
    """What a declaration contributes, and to whom."""

    def __init__(
        self,
        book: Book,
        high_priority: ControlList,
        registry: CompanyRegister | None = None,
        watched: tuple[ControlList, ...] = (),
        rates: Rates | None = None,
        hits: Hits = nobody_met,
    ) -> None:
        self._hits = hits
        self.book = book
        self._rates = rates or bundled_rates()
        self._watched = (high_priority, *watched)
        self._founded: Founded = registry.founded if registry is not None else lambda _: None
        self._list = high_priority
        self._hs: Editions = editions()
        self._correlate = lru_cache(maxsize=100_000)(self._in_edition)

    def parts(
        self, version: LifeVersion, first: LifeVersion, cancelled: bool
    ) -> dict[str, StoredContribution]:
        """Key -> what a version contributes. `first` is the first version known, whose time the trade bears."""
        at = first.version.envelope.event_date_time
        trade = trade_of(
            version.version, self._tier, self._correlate, at, self._founded, self._watched_by, self._rates
        )
        found = met(self._hits(version.version), version.version.declaration.parties)
        if found or cancelled:
            trade = replace(trade, cancelled=trade.cancelled or cancelled, met=found)
        return _parts(trade, self.book)

    def look(self, version: DeclarationVersion) -> None:
        """Finds out what the first version of a declaration contributes, which is kept with it."""
        alone = LifeVersion(version)
        self.parts(alone, alone, cancelled=False)

    def rules(self, key: str) -> tuple[str, ...]:
        """The rules that a key can tell of. Raises KeyError for a detector that this release has not."""
        return self.book.detector(key).rules

    def _tier(self, hs6: str) -> str | None:
        match = self._list.match(hs6)
        return match.entry.tier if match is not None else None

    def _watched_by(self, hs6: str, declared: str) -> str | None:
        """A list of the user's own has the edition that he declares in."""
        for goods in self._watched:
            code = declared if goods.header.hs_edition == "any" else hs6
            if goods.match(code) is not None:
                return goods.header.name
        return None

    def _in_edition(self, hs6: str, edition: str | None, day: date) -> str:
        """As declared where it was split: a guess would make a trade of a good that nobody traded."""
        declared, _ = self._hs.declared_in(hs6, edition, day)
        codes = self._hs.convert(hs6, declared, EDITION)
        return codes[0] if len(codes) == 1 else hs6


@kept_with
def _parts(trade: DeclaredTrade, book: Book) -> dict[str, StoredContribution]:
    return parts_of(trade, book.detectors)


def detector_set(
    high_priority: ControlList,
    atlas: Atlas,
    registry: CompanyRegister | None = None,
    watched: tuple[ControlList, ...] = (),
    rates: Rates | None = None,
    hits: Hits = nobody_met,
) -> DetectorSet:
    """The detectors that a worker has. `watched`: further lists whose goods' corridors are remembered. `rates`: by which amounts
    are told in euro; the bundled ones without them. `hits`: what a declaration meets on the watchlists in use."""
    weights = Gravity(atlas.countries, high_priority.header.strength, GravityFigures.bundled())
    facts = DetectorFacts(atlas, weights, watched, rates)
    book = Book([listed.make(facts) for listed in DETECTORS])
    return DetectorSet(book, high_priority, registry, watched, rates, hits)


def _found() -> tuple[ListedDetector, ...]:
    modules = [
        import_module(f"{patterns.__name__}.{found.name}")
        for found in pkgutil.iter_modules(patterns.__path__)
        if not __name__.endswith(f".{found.name}")
    ]
    listed = [module.DETECTOR for module in modules if hasattr(module, "DETECTOR")]
    return tuple(sorted(listed, key=lambda detector: detector.place))


DETECTORS = _found()
"""Every detector, in its place."""
