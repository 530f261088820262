"""Declarations to measure with: three parties and three goods items each, half of the party names never seen before."""

import random
from collections.abc import Iterator

import msgspec

SYLLABLES = "ka ro mi ten sha lin dor vel nur bek tash gul zan pet ov ska mar ina tur kho".split()  # noqa: SIM905
WORDS = "Trade Textile Optics Logistics Machinery Agro Motors Electronic Build Service Import Metal".split()  # noqa: SIM905
FORMS = ("LLC", "OsOO", "GmbH", "Co., Ltd", "TOO", "Sp. z o.o.", "")
GOODS = (
    ("610910", "cotton T-shirts"),
    ("870899", "parts of motor vehicles"),
    ("854231", "processors and controllers"),
    ("848210", "ball bearings"),
    ("392690", "plastic household articles"),
    ("040690", "cheese"),
)
KNOWN_NAMES = 2_000
"""Size of the pool that the other half of the names is drawn from: the regular traders of a customs office."""


def _name(rng: random.Random) -> str:
    words = [
        "".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))).capitalize() for _ in range(rng.randint(1, 2))
    ]
    return " ".join([*words, rng.choice(WORDS), rng.choice(FORMS)]).strip()


def declarations(count: int, seed: int) -> Iterator[tuple[bytes, bytes]]:
    """(key, canonical JSON) of `count` declarations; another seed gives other keys and other new names."""
    pool = random.Random(0)
    known = [_name(pool) for _ in range(KNOWN_NAMES)]
    rng = random.Random(seed)
    for number in range(count):
        key = f"bench|{seed}|{number}"
        names = [rng.choice(known) if rng.random() < 0.5 else _name(rng) for _ in range(3)]
        yield key.encode(), msgspec.json.encode(_message(rng, key, names))


def _message(rng: random.Random, key: str, names: list[str]) -> dict[str, object]:
    parties = [
        {"role": role, "name": name, "address": {"country": country, "city": "Town", "lines": ["Street 1"]}}
        for role, name, country in zip(
            ("EXPORTER", "CONSIGNEE", "DECLARANT"), names, ("DE", "KZ", "DE"), strict=True
        )
    ]
    items = [
        {
            "goodsItemNumber": number,
            "commodityCode": {"hs6": code, "hsVersion": "2022"},
            "descriptionOfGoods": text,
            "countryOfOrigin": rng.choice(("DE", "CN", "PL")),
            "netMassKg": str(rng.randint(1, 5000)),
            "statisticalValue": str(rng.randint(100, 90000)),
        }
        for number, (code, text) in enumerate(rng.sample(GOODS, 3), 1)
    ]
    return {
        "envelope": {
            "declarationKey": key,
            "versionNumber": 1,
            "eventType": "LODGED",
            "eventDateTime": "2026-06-15T10:00:00Z",
        },
        "declaration": {
            "regime": "EXPORT",
            "countryOfExport": "DE",
            "countryOfDestination": "KZ",
            "countriesOfRouting": [
                {"sequenceNumber": n, "country": c} for n, c in enumerate(("PL", "KZ"), 1)
            ],
            "parties": parties,
            "goodsItems": items,
        },
    }
