"""Declarations in one line, for tests: sensible defaults, every field open to change.

declaration(countries_of_routing=route("CN", "KZ", "KG"), goods_items=(item(hs6="901310"),))
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from streams.declarations.model import (
    Address,
    CommodityCode,
    Declaration,
    DeclarationVersion,
    Envelope,
    GoodsItem,
    Party,
    RoutingCountry,
)

EVENT_TIME = datetime(2022, 6, 15, 10, 0, tzinfo=UTC)

ENVELOPE_FIELDS = frozenset(Envelope.__struct_fields__)


def party(
    role: str = "CONSIGNEE",
    name: str | None = "Ala-Too Trade OsOO",
    *,
    country: str | None = None,
    city: str | None = None,
    **changes: Any,
) -> Party:
    """A party; `country` and `city` make its address."""
    address = Address(city=city, country=country) if country or city else None
    return Party(**{"role": role, "name": name, "address": address} | changes)


def item(
    number: int = 1, hs6: str = "610910", description: str = "cotton T-shirts", **changes: Any
) -> GoodsItem:
    """A goods item of Chinese origin; `hs_version`, `full` and `additional_codes` go to its commodity code."""
    code = {name: changes.pop(name) for name in CommodityCode.__struct_fields__ if name in changes}
    defaults = {
        "goods_item_number": number,
        "commodity_code": CommodityCode(**{"hs6": hs6, "hs_version": "2022"} | code),
        "description_of_goods": description,
        "country_of_origin": "CN",
        "net_mass_kg": "100",
        "statistical_value": "5000",
        "statistical_value_currency": "USD",
    }
    return GoodsItem(**defaults | changes)


def route(*countries: str) -> tuple[RoutingCountry, ...]:
    return tuple(RoutingCountry(sequence_number=n, country=c) for n, c in enumerate(countries, 1))


def declaration(**changes: Any) -> DeclarationVersion:
    """Version 1 of an import from China into Kyrgyzstan with one item. Fields of the envelope and of the declaration
    are given alike: `declaration(version_number=2, country_of_destination="KZ")`."""
    envelope: dict[str, Any] = {
        "declaration_key": "test|1",
        "version_number": 1,
        "event_type": "LODGED",
        "event_date_time": EVENT_TIME,
    }
    body: dict[str, Any] = {
        "regime": "IMPORT",
        "parties": (
            party("EXPORTER", "Kashgar Golden Camel Textile Co., Ltd", country="CN", city="Kashgar"),
            party("CONSIGNEE", "Ala-Too Trade OsOO", country="KG", city="Bishkek"),
        ),
        "goods_items": (item(),),
        "country_of_dispatch": "CN",
        "country_of_destination": "KG",
    }
    for name, value in changes.items():
        (envelope if name in ENVELOPE_FIELDS else body)[name] = value
    return DeclarationVersion(envelope=Envelope(**envelope), declaration=Declaration(**body))


def encoded(**changes: Any) -> bytes:
    """The same as canonical JSON."""
    return msgspec.json.encode(declaration(**changes))
