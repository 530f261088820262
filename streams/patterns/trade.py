"""What one version of a declaration in force says of trade: the plain facts that detectors with a memory work on."""

from collections.abc import Callable
from datetime import date, datetime

from msgspec import Struct

from streams.declarations.model import DeclarationVersion, GoodsItem, Party
from streams.destinations.journey import journey
from streams.names.normalise import normalise
from streams.parties.placeholders import placeholders

SENDERS = ("EXPORTER", "CONSIGNOR", "SELLER")
TAKERS = ("CONSIGNEE", "IMPORTER", "ULTIMATE_CONSIGNEE", "END_USER", "BUYER", "INTERMEDIATE_CONSIGNEE")


class Firm(Struct, frozen=True, array_like=True):
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
    """normalised words of the address in order, for sharing; None where there is no street"""
    phone: str | None
    """digits"""
    email: str | None
    """lower case"""
    incorporated: str | None
    """ISO date from a register, where an enrichment gives it"""
    registered: bool
    """whether the key is a registered number"""


class Good(Struct, frozen=True, array_like=True):
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
    """statistical value, else the item amount invoiced; in the currency of the administration"""
    mass: float | None
    """net kilograms"""
    quantity: float | None
    """in supplementary units, else in the quantity unit"""
    unit: str | None
    """of `quantity`"""


class Trade(Struct, frozen=True, array_like=True):
    """One version in force, or nothing where the declaration is cancelled: then its goods and firms count for nothing."""

    declaration: str
    """declarationKey"""
    at: datetime
    """event time of the declaration's first version: an amendment does not move a trade to another month"""
    regime: str
    dispatch: str | None
    destination: str | None
    senders: tuple[Firm, ...]
    takers: tuple[Firm, ...]
    goods: tuple[Good, ...]
    cancelled: bool = False

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


def trade_of(
    version: DeclarationVersion,
    tier: Tier,
    correlate: Correlate,
    first_at: datetime | None = None,
    founded: Founded = lambda _: None,
    watched: Watched = lambda *_: None,
) -> Trade:
    """The trade that a version declares. `first_at` is the event time of the declaration's first version. `founded` tells what
    the declaration does not bring itself."""
    declaration, envelope = version.declaration, version.envelope
    at = first_at or envelope.event_date_time
    trip = journey(version)
    firms = [
        (party.role, firm)
        for index, party in enumerate(declaration.parties)
        if (firm := firm_of(index, party, founded)) is not None
    ]
    return Trade(
        declaration=envelope.declaration_key,
        at=at,
        regime=declaration.regime,
        dispatch=trip.dispatch,
        destination=trip.destinations[0] if trip.destinations else None,
        senders=tuple(firm for role, firm in firms if role in SENDERS),
        takers=tuple(firm for role, firm in firms if role in TAKERS),
        goods=tuple(
            _good(item, tier, correlate, at.date(), watched)
            for item in declaration.goods_items
            if item.commodity_code
        ),
        cancelled=envelope.event_type in ("INVALIDATED", "REJECTED"),
    )


def firm_key(party: Party) -> tuple[str, bool] | None:
    """The key by which a firm is met again, and whether it is a registered number; None for placeholders and the nameless.

    Without a number it is the normalised name with country and city: two firms of one name in one city are taken for one.
    """
    declared = party.identification_number or ""
    if (number := _compact(declared)) and not placeholders().no_number(declared):
        return f"id:{number}", True
    words = normalise(_name(party)).tokens
    if not words:
        return None
    address = party.address
    city = " ".join(normalise(address.city).tokens) if address and address.city else ""
    return f"nm:{' '.join(sorted(words))}|{(address and address.country) or ''}|{city}", False


def firm_of(index: int, party: Party, founded: Founded = lambda _: None) -> Firm | None:
    """A party as a firm, or None where it cannot be met again."""
    found = firm_key(party)
    if found is None:
        return None
    key, registered = found
    address = party.address
    lines = " ".join(address.lines) if address else ""
    words = normalise(f"{lines} {(address and address.city) or ''}").tokens if lines.strip() else ()
    return Firm(
        key=key,
        role=party.role,
        index=index,
        name=_name(party),
        country=address.country if address else None,
        address=" ".join(words) or None,
        phone=_digits(party.phone),
        email=party.email.strip().lower() if party.email else None,
        incorporated=(party.registry.incorporation_date if party.registry else None)
        or (founded(party) if party.role in TAKERS else None),
        registered=registered,
    )


def _name(party: Party) -> str:
    """The first of the party's names that is no placeholder, as written; empty where there is none."""
    written = (name for name in (party.name, party.name_original_script) if name)
    return next((name for name in written if not placeholders().read(normalise(name).repaired).opaque), "")


def _good(item: GoodsItem, tier: Tier, correlate: Correlate, day: date, watched: Watched) -> Good:
    code = item.commodity_code
    declared = code.hs6 if code is not None else ""
    hs6 = correlate(declared, code.hs_version, day) if code is not None else ""
    value = item.statistical_value if item.statistical_value is not None else item.item_amount_invoiced
    units = item.supplementary_units if item.supplementary_units is not None else item.quantity
    unit = item.supplementary_unit_code if item.supplementary_units is not None else item.quantity_unit
    return Good(
        number=item.goods_item_number,
        hs6=hs6,
        tier=tier(hs6),
        watched=watched(hs6, declared),
        origin=item.country_of_origin,
        value=None if value is None else float(value),
        mass=None if item.net_mass_kg is None else float(item.net_mass_kg),
        quantity=None if units is None else float(units),
        unit=unit if units is not None else None,
    )


def _compact(text: str) -> str:
    return "".join(character for character in text.upper() if character.isalnum())


def _digits(text: str | None) -> str | None:
    digits = "".join(character for character in text or "" if character.isdigit())
    return digits if len(digits) >= 7 else None
