"""What one version of a declaration in force says of trade: the plain facts that detectors with a memory work on."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from msgspec import Struct

from streams.declarations.model import DeclarationVersion, GoodsItem, Party, PartyRole, TransportMeans
from streams.declarations.regimes import OUTWARD
from streams.destinations.journey import journey
from streams.goods.worth import VALUE, Worth, worth
from streams.money.rates import Rates, bundled_rates
from streams.once import kept_with
from streams.parties.addresses import street_key
from streams.parties.emails import email_key
from streams.parties.identity import firm_key, firm_name
from streams.parties.roles import SENDERS, TAKERS
from streams.parties.telephones import former_phone_key, phone_key

MAX_FIRMS = 50
"""Firms that send, and firms that take, of one declaration that are remembered and asked about: each is three questions to the
detectors and as many answers. Ordinary declarations have three firms, consolidated ones some tens."""


class TradingFirm(Struct, frozen=True, array_like=True):
    """A party as far as it can be met again."""

    key: str
    """registered number, else normalised name, country and city; see `firm_key`"""
    role: str
    """as declared: EXPORTER, CONSIGNEE ..."""
    index: int
    """of the party in the declaration"""
    name: str
    country: str | None
    address: str | None
    """see `street_key`"""
    phone: str | None
    """see `phone_key`"""
    email: str | None
    """see `email_key`"""
    incorporated: str | None
    """ISO date from a register, where an enrichment gives it"""
    former_phone: str | None = None
    """see `former_phone_key`"""


class TradedGood(Struct, frozen=True, array_like=True):
    """An item as far as it is counted."""

    number: int
    hs6: str
    """in HS 2022, where the correlation is one to one; else as declared"""
    tier: str | None
    """of the Common High Priority List, such as '1' or '3.B'; None where it is not on it"""
    watched: str | None
    """name of the list by which its corridors are remembered; None where they are not"""
    origin: str | None
    value: float | None
    """statistical value, else the item amount invoiced; in euro"""
    mass: float | None
    """net kilograms"""
    quantity: float | None
    """in supplementary units, else in the quantity unit"""
    unit: str | None
    """of `quantity`"""
    declared: float | None = None
    """`value` as declared ..."""
    currency: str | None = None
    """... and in which currency; also where there is no rate for it"""
    lacks: str = VALUE
    """why `value` is None"""

    @property
    def unrated(self) -> bool:
        """Whether a value is declared that cannot be told in euro."""
        return self.value is None and self.lacks != VALUE


class Met(Struct, frozen=True, array_like=True):
    """A party that met an entry of a watchlist."""

    firm: str
    """its key, see `firm_key`"""
    party: int
    """index in the declaration"""
    list: str
    entry: str


class DeclaredTrade(Struct, frozen=True, array_like=True, dict=True):
    """One version in force, or nothing where the declaration is cancelled: then its goods and firms count for nothing."""

    declaration: str
    """declarationKey"""
    at: datetime
    """event time of the declaration's first version: an amendment does not move a trade to another month"""
    regime: str
    dispatch: str | None
    destination: str | None
    senders: tuple[TradingFirm, ...]
    takers: tuple[TradingFirm, ...]
    goods: tuple[TradedGood, ...]
    cancelled: bool = False
    met: tuple[Met, ...] = ()
    means: tuple[TransportMeans, ...] = ()
    """of transport, as declared"""

    @property
    def day(self) -> int:
        """Days since 1970-01-01."""
        return int(self.at.timestamp() // 86_400)


Tier = Callable[[str], str | None]
"""HS6 -> tier of the Common High Priority List, or None."""
Watched = Callable[[str, str], str | None]
"""HS6 of HS 2022 and as declared -> name of the list by which it is watched, or None."""
Correlate = Callable[[str, str | None, date], str]
"""(HS6, HS edition, day) -> HS6 of HS 2022."""


Founded = Callable[[Party], str | None]
"""Party -> ISO date of its incorporation, by a register."""


@kept_with
def trade_of(
    version: DeclarationVersion,
    tier: Tier,
    correlate: Correlate,
    first_at: datetime | None = None,
    founded: Founded = lambda _: None,
    watched: Watched = lambda *_: None,
    rates: Rates | None = None,
) -> DeclaredTrade:
    """The trade that a version declares. `first_at` is the event time of the declaration's first version, by whose month amounts
    are told in euro. `founded` tells what the declaration does not bring itself."""
    declaration, envelope = version.declaration, version.envelope
    at = first_at or envelope.event_date_time
    trip = journey(version)
    rates = rates or bundled_rates()
    destination = trip.destinations[0] if trip.destinations else None
    outward = declaration.regime in OUTWARD
    # A currency that was declared and could not be read is not the one that the law has for none.
    misread = any(one.path.endswith(".statisticalValueCurrency") for one in version.unreadable)

    def worth_of(item: GoodsItem) -> Worth:
        customs = (trip.dispatch or item.country_of_origin) if outward else destination
        customs = None if misread else customs
        return worth(item, declaration.invoice_currency, customs, at.date(), rates)

    return DeclaredTrade(
        declaration=envelope.declaration_key,
        at=at,
        regime=declaration.regime,
        dispatch=trip.dispatch,
        destination=destination,
        senders=_firms(declaration.parties, SENDERS, founded),
        takers=_firms(declaration.parties, TAKERS, founded),
        goods=tuple(
            _good(item, tier, correlate, at.date(), watched, worth_of(item))
            for item in declaration.goods_items
            if item.commodity_code
        ),
        cancelled=envelope.event_type in ("INVALIDATED", "REJECTED"),
        means=declaration.transport_means,
    )


def left_out(version: DeclarationVersion) -> bool:
    """Whether the version may have more firms than are remembered, by its parties in the roles that count."""
    roles = [party.role for party in version.declaration.parties]
    return any(sum(role in group for role in roles) > MAX_FIRMS for group in (SENDERS, TAKERS))


def _firms(
    parties: Sequence[Party], roles: tuple[PartyRole, ...], founded: Founded
) -> tuple[TradingFirm, ...]:
    """Those of the first parties in these roles that can be met again."""
    chosen = islice(((index, party) for index, party in enumerate(parties) if party.role in roles), MAX_FIRMS)
    return tuple(firm for index, party in chosen if (firm := firm_of(index, party, founded)) is not None)


def firm_of(index: int, party: Party, founded: Founded = lambda _: None) -> TradingFirm | None:
    """A party as a firm, or None where it cannot be met again."""
    marks = _marks(party)
    if marks is None:
        return None
    return TradingFirm(
        key=marks.key,
        role=party.role,
        index=index,
        name=marks.name,
        country=party.address.country if party.address else None,
        address=marks.address,
        phone=marks.phone,
        email=marks.email,
        incorporated=(party.registry.incorporation_date if party.registry else None)
        or (founded(party) if party.role in TAKERS else None),
        former_phone=marks.former_phone,
    )


class _Marks(NamedTuple):
    """By what a party is met again."""

    key: str
    name: str
    address: str | None
    phone: str | None
    email: str | None
    former_phone: str | None


@lru_cache(maxsize=5_000)
def _marks(party: Party) -> _Marks | None:
    """Remembered: most parties of a stream were in it before, declared in the same words."""
    name = firm_name(party)
    key = firm_key(party, name)
    if key is None:
        return None
    country = party.address.country if party.address else None
    return _Marks(
        key,
        name,
        street_key(party.address),
        phone_key(party.phone, country),
        email_key(party.email),
        former_phone_key(party.phone),
    )


def _good(
    item: GoodsItem, tier: Tier, correlate: Correlate, day: date, watched: Watched, worth: Worth
) -> TradedGood:
    code = item.commodity_code
    declared = code.hs6 if code is not None else ""
    hs6 = correlate(declared, code.hs_version, day) if code is not None else ""
    units = item.supplementary_units if item.supplementary_units is not None else item.quantity
    unit = item.supplementary_unit_code if item.supplementary_units is not None else item.quantity_unit
    return TradedGood(
        number=item.goods_item_number,
        hs6=hs6,
        tier=tier(hs6),
        watched=watched(hs6, declared),
        origin=item.country_of_origin,
        value=None if worth.euro is None else float(worth.euro),
        mass=None if item.net_mass_kg is None else float(item.net_mass_kg),
        quantity=None if units is None else float(units),
        unit=unit if units is not None else None,
        declared=None if worth.declared is None else float(worth.declared.amount),
        currency=None if worth.declared is None else worth.declared.currency,
        lacks=worth.lacks or VALUE,
    )
