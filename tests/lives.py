"""Declarations with a life, as real systems send them, and what must have become of them: for property, crash and load
tests. The outcome is told by the generator, which knows what it meant, and not by the code under test. Each has an exporter
of its own, so that detectors have nothing to tell one of another."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import msgspec

from tests.integration.traffic import FIRST, FORMS, GOODS, LISTED, SECOND

NAMESPACE = 'xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"'
STEP = timedelta(minutes=1)


@dataclass(frozen=True)
class Image:
    """What a version says, as far as lives change it."""

    consignee: str
    items: dict[int, str]
    """item number -> HS subheading"""


@dataclass
class Life:
    """The messages of one declaration in the order in which they were sent, each with its time, and their outcome."""

    key: str
    messages: list[tuple[datetime, bytes]] = field(default_factory=list)
    versions: dict[int, tuple[bool, Image]] = field(default_factory=dict)
    """version number -> in force, image; requests still open come last"""
    status: str = "LODGED"
    gaps: tuple[int, ...] = ()


def lives(count: int, start: datetime, seed: int = 1, longest: int = 6, uk: float = 0.5) -> Iterator[Life]:
    """`count` lives of 1 to `longest` versions that begin at `start`; a share `uk` are WCO documents and deltas, the rest
    full canonical versions."""
    rng = random.Random(seed)
    for number in range(count):
        make = _uk if rng.random() < uk else _canonical
        yield make(
            rng, f"{seed}-{number:06d}", start + timedelta(seconds=number % 3600), rng.randint(1, longest)
        )


def now() -> datetime:
    """A start that leaves all times of a life in the past, on a whole second as notices have it."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(hours=6)


def _firm(rng: random.Random) -> str:
    if rng.random() < 0.05:
        return rng.choice(LISTED)
    return f"{rng.choice(FIRST)} {rng.choice(SECOND)} {rng.randrange(1000)} {rng.choice(FORMS)}"


def _image(rng: random.Random) -> Image:
    return Image(_firm(rng), {n: rng.choice(GOODS)[0] for n in range(1, rng.randint(1, 4) + 1)})


def _changed(rng: random.Random, image: Image) -> tuple[str, Image]:
    """A change, and what it makes of an image."""
    kind = rng.choice(("consignee", "add", "delete", "code"))
    items = dict(image.items)
    if kind == "delete" and len(items) > 1:
        del items[rng.choice(sorted(items))]
        return kind, replace(image, items=items)
    if kind == "add":
        items[max(items) + 1] = rng.choice(GOODS)[0]
        return kind, replace(image, items=items)
    if kind == "code":
        number = rng.choice(sorted(items))
        items[number] = rng.choice([code for code, _ in GOODS if code != items[number]])
        return kind, replace(image, items=items)
    return "consignee", replace(image, consignee=_firm(rng))


# Full canonical versions.


def _canonical(rng: random.Random, name: str, at: datetime, versions: int) -> Life:
    life = Life(key=f"test|lives|{name}")
    image = _image(rng)
    lost = rng.randrange(2, versions) if versions > 2 and rng.random() < 0.1 else None
    ends = rng.random() < 0.1
    for number in range(1, versions + 1):
        event = "LODGED" if number == 1 else "INVALIDATED" if ends and number == versions else "AMENDED"
        if event == "AMENDED":
            _, image = _changed(rng, image)
        if number == lost:
            life.gaps = (number,)
        else:
            life.messages.append((at, _canonical_message(life.key, number, event, at, image)))
            life.versions[number] = (True, image)
            life.status = "INVALIDATED" if event == "INVALIDATED" else life.status
        at += STEP
    return life


def _canonical_message(key: str, number: int, event: str, at: datetime, image: Image) -> bytes:
    goods = dict(GOODS)
    return msgspec.json.encode(
        {
            "envelope": {
                "declarationKey": key,
                "versionNumber": number,
                "eventType": event,
                "eventDateTime": at,
            },
            "declaration": {
                "regime": "EXPORT",
                "countryOfExport": "DE",
                "countryOfDestination": "KG",
                "parties": [
                    {"role": "EXPORTER", "name": f"Leipzig Tools {key} GmbH", "address": {"country": "DE"}},
                    {"role": "CONSIGNEE", "name": image.consignee, "address": {"country": "KG"}},
                ],
                "goodsItems": [
                    {
                        "goodsItemNumber": n,
                        "commodityCode": {"hs6": code, "hsVersion": "2022"},
                        "descriptionOfGoods": goods[code],
                        "netMassKg": "12",
                    }
                    for n, code in image.items.items()
                ],
            },
        }
    )


# WCO documents: an original, requests for amendments as deltas, and what customs says to them.


def _uk(rng: random.Random, name: str, at: datetime, versions: int) -> Life:
    number = int(name.rpartition("-")[2])
    lrn, mrn, declarant = f"L{name}", f"22GB{number:014d}", f"GB{rng.randrange(40):012d}"
    life = Life(key=f"uk.cds|{declarant}|{lrn}")
    image = _image(rng)
    version = 1
    life.versions[1] = (True, image)

    def send(message: bytes) -> None:
        nonlocal at
        life.messages.append((at, message))
        at += STEP

    def notice(code: str, reference: str = lrn, extra: str = "", delta: str = "") -> None:
        send(_notice(code, at, reference, mrn, version, extra, delta))

    send(original(lrn, declarant, image))
    notice("01")
    life.status = "ACCEPTED"
    if rng.random() < 0.3:
        notice("05")
        life.status = "UNDER_CONTROL"
    pending: list[Image] = []
    for request in range(1, versions):
        # Of its own from the second on: two that say the same under one reference are one message sent twice.
        reference = lrn if request == 1 and rng.random() < 0.5 else f"{lrn}A{request}"
        kind, wanted = _changed(rng, pending[-1] if pending else image)
        pointers, nodes = _delta(kind, pending[-1] if pending else image, wanted)
        send(_request("COR", reference, mrn, pointers, nodes))
        outcome = rng.random()
        if pending or (outcome < 0.1 and request == versions - 1):
            pending.append(wanted)
        elif outcome < 0.25:
            notice("11", reference, extra="<Status><NameCode>41</NameCode></Status>")
        else:
            if outcome < 0.8:
                notice("11", reference, extra="<Status><NameCode>39</NameCode></Status>")
                version += 1
            if outcome > 0.6:
                version += outcome >= 0.8
                notice("07", lrn, extra=pointers, delta=f"<Declaration>{nodes}</Declaration>")
            image = wanted
            life.versions[version] = (True, image)
    for more, wanted in enumerate(pending, 1):
        life.versions[version + more] = (False, wanted)
    end = rng.random()
    if end < 0.1:
        send(_request("INV", f"{lrn}C", mrn, "", ""))
        notice("11", f"{lrn}C", extra="<Status><NameCode>39</NameCode></Status>")
        notice("10")
        life.status = "INVALIDATED"
    elif end < 0.6:
        notice("09")
        life.status = "RELEASED"
    return life


def original(lrn: str, declarant: str, image: Image) -> bytes:
    """A WCO original that says `image`."""
    items = "".join(_item(n, code) for n, code in image.items.items())
    return (
        f"<MetaData><Declaration {NAMESPACE}><FunctionCode>9</FunctionCode>"
        f"<FunctionalReferenceID>{lrn}</FunctionalReferenceID><TypeCode>EXA</TypeCode>"
        f"<Declarant><ID>{declarant}</ID></Declarant><Exporter><Name>Leeds Tools {lrn} Ltd</Name></Exporter>"
        f"<GoodsShipment>{_consignee(image.consignee)}<Destination><CountryCode>KG</CountryCode></Destination>"
        f"<ExportCountry><ID>GB</ID></ExportCountry>{items}</GoodsShipment></Declaration></MetaData>"
    ).encode()


def _consignee(name: str) -> str:
    return (
        f"<Consignee><Name>{name}</Name><Address><CityName>Bishkek</CityName><CountryCode>KG</CountryCode>"
        "</Address></Consignee>"
    )


def _item(number: int, code: str) -> str:
    return (
        f"<GovernmentAgencyGoodsItem><SequenceNumeric>{number}</SequenceNumeric>{_commodity(code)}"
        "</GovernmentAgencyGoodsItem>"
    )


def _commodity(code: str) -> str:
    return (
        f"<Commodity><Description>{dict(GOODS)[code]}</Description><Classification><ID>{code}00</ID>"
        "<IdentificationTypeCode>TSP</IdentificationTypeCode></Classification></Commodity>"
    )


def _delta(kind: str, before: Image, after: Image) -> tuple[str, str]:
    """Amendment elements, and the nodes of what they change."""
    if kind == "consignee":
        return _amendment(
            ("67A", 1), ("27A", 1)
        ), f"<GoodsShipment>{_consignee(after.consignee)}</GoodsShipment>"
    if kind == "delete":
        (gone,) = before.items.keys() - after.items.keys()
        return _amendment(("67A", 1), ("68A", gone)), ""
    (number,) = (n for n, code in after.items.items() if before.items.get(n) != code)
    path = [("67A", 1), ("68A", number)] + ([("23A", 1)] if kind == "code" else [])
    return _amendment(*path), f"<GoodsShipment>{_item(number, after.items[number])}</GoodsShipment>"


def _amendment(*path: tuple[str, int]) -> str:
    pointers = "".join(
        f"<Pointer><SequenceNumeric>{number}</SequenceNumeric><DocumentSectionCode>{code}</DocumentSectionCode></Pointer>"
        for code, number in (("42A", 1), *path)
    )
    return f"<Amendment><ChangeReasonCode>21</ChangeReasonCode>{pointers}</Amendment>"


def _request(kind: str, lrn: str, mrn: str, pointers: str, nodes: str) -> bytes:
    return (
        f"<MetaData><Declaration {NAMESPACE}><FunctionCode>13</FunctionCode>"
        f"<FunctionalReferenceID>{lrn}</FunctionalReferenceID><ID>{mrn}</ID><TypeCode>{kind}</TypeCode>"
        f"{pointers}{nodes}</Declaration></MetaData>"
    ).encode()


def _notice(code: str, at: datetime, lrn: str, mrn: str, version: int, extra: str, delta: str) -> bytes:
    return (
        f"<MetaData><Response {NAMESPACE}><FunctionCode>{code}</FunctionCode><IssueDateTime>"
        f'<DateTimeString formatCode="304">{at:%Y%m%d%H%M%S}Z</DateTimeString></IssueDateTime>{extra}'
        f"<Declaration><FunctionalReferenceID>{lrn}</FunctionalReferenceID><ID>{mrn}</ID>"
        f"<VersionID>{version}</VersionID></Declaration>{delta}</Response></MetaData>"
    ).encode()
