"""The invented trade of the samples: what a release has read (`before`), and what the next one is sent (`after`). Plain values
and nothing of the program, so that the code of any release can run it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.lives import Life, lives

Message = tuple[datetime, bytes]

CHIPS = ("854231", "processors and controllers", 60_000)
SIGHTS = ("901310", "telescopic sights", 30_000)
BEARINGS = ("848210", "ball bearings", 20_000)
SHIRTS = ("610910", "cotton T-shirts", 5_000)

OLD_FIRM, STRANGER, CLEAR = "Tulpar Electronics OsOO", "Barskoon Devices OsOO", "Ala-Too Trade OsOO"
LISTED = "OsOO Severny Most"
SHARED = "+996 555 123456"
SHARERS = ("Manas Electronics OsOO", "Jibek Optics OsOO", "Naryn Devices OsOO")
OTHER_CONTACTS = (
    ("Altyn Dala TOO", "KZ", "8 (701) 765-43-21"),
    ("Silk Gate Trading LLC", "AE", "00971 50 123 45 67"),
    ("Marmara Parts Ltd", "TR", "0 532 765 43 21"),
    ("Ararat Components LLC", "AM", "+374 91 234567"),
    ("Chorsu Savdo MCHJ", "UZ", "998901234567"),
)
"""Telephones as they are written in several countries: what a release keeps them under must still be found."""
AMENDED, CLEARED = "test|amended", "test|cleared"
"""Two declarations that the next release amends: the first gets a listed consignee, the second loses his."""


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(hour=9, tzinfo=UTC)


def declared(
    key: str,
    on: str,
    consignee: str,
    goods: tuple[str, str, int] = CHIPS,
    *,
    phone: str | None = None,
    country: str = "KG",
    version: int = 1,
    event: str = "",
) -> Message:
    """A version of an export from Germany, as canonical JSON."""
    at = day(on)
    item: dict[str, Any] = {
        "goodsItemNumber": 1,
        "commodityCode": {"hs6": goods[0], "hsVersion": "2022"},
        "descriptionOfGoods": goods[1],
        "countryOfOrigin": "DE",
        "netMassKg": "100",
        "statisticalValue": str(goods[2]),
        "statisticalValueCurrency": "EUR",
    }
    taker: dict[str, Any] = {"role": "CONSIGNEE", "name": consignee, "address": {"country": country}}
    body = {
        "envelope": {
            "declarationKey": key,
            "versionNumber": version,
            "eventType": event or ("LODGED" if version == 1 else "AMENDED"),
            "eventDateTime": at.isoformat(),
        },
        "declaration": {
            "regime": "EXPORT",
            "countryOfDispatch": "DE",
            "countryOfDestination": country,
            "parties": [
                {"role": "EXPORTER", "name": "Leipzig Werkzeuge GmbH", "address": {"country": "DE"}},
                taker | ({"phone": phone} if phone else {}),
            ],
            "goodsItems": [item],
        },
    }
    return at, json.dumps(body).encode()


def before() -> list[Message]:
    """What the release of the samples has read, without the lives."""
    said = [declared("test|first", "2020-01-10", OLD_FIRM, SHIRTS)]
    for on in ("2021-03-01", "2021-09-01", "2022-03-01"):
        said.append(declared(f"test|old|{on}", on, OLD_FIRM))
    for number, month in enumerate(("2022-03", "2022-04", "2022-05")):
        said.append(declared(f"test|sights|{number}", f"{month}-20", OLD_FIRM, SIGHTS))
    for name in SHARERS:
        said.append(declared(f"test|{name}", "2022-05-21", name, phone=SHARED))
    for name, country, phone in OTHER_CONTACTS:
        said.append(declared(f"test|{name}", "2022-05-22", name, country=country, phone=phone))
    for number in range(3):
        said.append(
            declared(f"test|split|{number}", f"2022-06-0{number + 1}", "Karakol Parts OsOO", BEARINGS)
        )
    said.append(declared("test|withdrawn", "2022-06-06", "Kerben Import OsOO"))
    said.append(
        declared("test|withdrawn", "2022-06-07", "Kerben Import OsOO", version=2, event="INVALIDATED")
    )
    said.append(declared(AMENDED, "2022-06-08", CLEAR, SHIRTS))
    said.append(declared(CLEARED, "2022-06-08", LISTED, SHIRTS))
    said.append((day("2022-06-09"), b'{"envelope": {"declarationKey": "test|broken"'))
    said.append((day("2022-06-09"), b"neither JSON nor XML"))
    return said


def sample_lives() -> list[Life]:
    """Declarations whose messages come to one release in part, and to the next one."""
    return list(lives(10, day("2022-06-10"), seed=5, longest=4, uk=0.8))


def divided(life: Life, number: int) -> tuple[list[Message], list[Message]]:
    """The messages of a life before and after: mostly the first half; of every fourth all but the first, which are kept
    waiting for it."""
    messages = life.messages
    if number % 4 == 3:
        return messages[1:], messages[:1]
    half = (len(messages) + 1) // 2
    return messages[:half], messages[half:]


def later(on: str, days: int) -> str:
    return (day(on) + timedelta(days=days)).date().isoformat()
