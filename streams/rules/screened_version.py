"""What rules judge: one version of a declaration with everything that is looked up of it, each thing once."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from streams.declarations.model import Declaration
from streams.destinations.atlas import Atlas
from streams.destinations.countries import Circle, Embargo
from streams.destinations.journey import Journey, journey
from streams.goods.controls import ControlBook
from streams.goods.lines import GoodsRead
from streams.lifecycle.life import LifeVersion
from streams.patterns.contract import Service
from streams.watchlists.index import WatchlistIndex
from streams.watchlists.matches import PartyMatches, match_party

MAX_PARTIES = 500
"""Parties of one declaration that are looked up on the watchlists; the rest is reported as not evaluated."""


class ScreenedVersion:
    """`life` is what the declaration's life adds to the version, `services` the contacts that very many firms have."""

    def __init__(
        self,
        life: LifeVersion,
        watchlists: WatchlistIndex,
        controls: ControlBook,
        atlas: Atlas,
        services: Sequence[Service] = (),
    ) -> None:
        self.version = life.version
        self._life = life
        self.asked_beyond = False
        """whether a rule has asked for more than the version itself says"""
        self.watchlists = watchlists
        self.controls = controls
        self.atlas = atlas
        self._services = services

    @property
    def life(self) -> LifeVersion:
        self.asked_beyond = True
        return self._life

    @property
    def declaration(self) -> Declaration:
        return self.version.declaration

    @cached_property
    def day(self) -> date:
        """Of the event: embargoes and lists count from their own days on."""
        return self.version.envelope.event_date_time.date()

    @cached_property
    def trip(self) -> Journey:
        return journey(self.version)

    @cached_property
    def matches(self) -> tuple[PartyMatches, ...]:
        """Of the first MAX_PARTIES parties."""
        parties = self.declaration.parties[:MAX_PARTIES]
        return tuple(match_party(number, party, self.watchlists) for number, party in enumerate(parties))

    def served_by(self, contact: str, party: int) -> str | None:
        """How many firms have a contact of a party, in words, where they are so many that it says little of one: a forwarder's,
        an accountant's."""
        self.asked_beyond = True
        return next(
            (one.firms for one in self._services if (one.party, one.contact) == (party, contact)), None
        )

    @cached_property
    def goods(self) -> GoodsRead:
        return GoodsRead(self.version, self.controls)

    @property
    def controlled(self) -> frozenset[int]:
        """Numbers of the items on a control list: goods of concern."""
        return self.goods.controlled

    def circle(self, country: str) -> Circle | None:
        """The circle of diversion destinations that a country is in on the day."""
        return self.atlas.countries.diversion(country, self.day)

    @cached_property
    def embargoes(self) -> Mapping[str, Embargo]:
        """Those that count on the day, by country."""
        return self.atlas.countries.embargoed(self.day)
