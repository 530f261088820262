"""Declarations for load and crash tests: many, varied, the same for the same seed; some of them hits."""

import random
from collections.abc import Iterator

import msgspec

FIRST = (
    "Alma Nurlan Aigul Sergei Marta Jonas Chen Yusuf Gulnara Pavel Lina Azamat Irina Tomas Wei Elif".split()
)
SECOND = "Textile Dairy Timber Motors Paper Ceramic Garden Valley Hardware Toys Kitchen Fabric Marble Cotton".split()
FORMS = ("LLC", "OsOO", "GmbH", "Sp. z o.o.", "Co., Ltd", "TOO", "UAB")
GOODS = (
    ("610910", "cotton T-shirts"),
    ("870899", "parts of motor vehicles"),
    ("854231", "processors and controllers"),
    ("848210", "ball bearings"),
    ("901310", "telescopic sights for rifles"),
    ("392690", "plastic household articles"),
    ("040690", "cheese"),
)
LISTED = ("OsOO Severny Most", "Звезда Оптика Трейдинг ООО", "Shenzhen Xinghe Precision Bearing Co Ltd")
ROUTES = (("LT", "BY", "RU", "KG"), ("PL", "DE"), ("CN", "KG"), (), ("CN", "KZ", "RU", "PL"))


def declarations(count: int, seed: int = 1, versions: float = 0.1) -> Iterator[tuple[bytes, bytes]]:
    """(key, canonical JSON) of `count` declarations; a share `versions` of them has a second version, right behind."""
    rng = random.Random(seed)
    for number in range(count):
        body = _declaration(rng)
        key = f"test|{seed}|{number:07d}"
        yield key.encode(), _message(key, 1, "LODGED", body)
        if rng.random() < versions:
            body["parties"][1]["name"] = rng.choice(LISTED) if rng.random() < 0.3 else _firm(rng)
            yield key.encode(), _message(key, 2, "AMENDED", body)


def _message(key: str, version: int, event: str, body: object) -> bytes:
    envelope = {
        "declarationKey": key,
        "versionNumber": version,
        "eventType": event,
        "eventDateTime": "2022-06-15T10:00:00Z",
    }
    return msgspec.json.encode({"envelope": envelope, "declaration": body})


def _firm(rng: random.Random) -> str:
    return f"{rng.choice(FIRST)} {rng.choice(SECOND)} {rng.randrange(1000)} {rng.choice(FORMS)}"


def _declaration(rng: random.Random) -> dict[str, list[dict[str, object]]]:
    listed = rng.random() < 0.02
    route = rng.choice(ROUTES)
    goods = [rng.choice(GOODS) for _ in range(rng.randint(1, 4))]
    declaration = {
        "regime": rng.choice(("IMPORT", "EXPORT", "TRANSIT")),
        "countryOfDispatch": rng.choice(("DE", "CN", "PL")),
        "countryOfDestination": rng.choice(("KG", "KZ", "DE", "PL")),
        "countriesOfRouting": [{"sequenceNumber": n, "country": c} for n, c in enumerate(route, 1)],
        "parties": [
            {"role": "EXPORTER", "name": _firm(rng), "address": {"country": "DE", "city": "Leipzig"}},
            {
                "role": "CONSIGNEE",
                "name": rng.choice(LISTED) if listed else _firm(rng),
                "address": {"country": "KG", "city": "Bishkek"},
            },
            {"role": "DECLARANT", "identificationNumber": f"KG{rng.randrange(10**9):09d}"},
        ],
        "goodsItems": [
            {
                "goodsItemNumber": n,
                "commodityCode": {"hs6": code, "hsVersion": "2022"},
                "descriptionOfGoods": text,
                "countryOfOrigin": rng.choice(("DE", "CN", "TR")),
                "netMassKg": str(rng.randint(1, 5000)),
                "statisticalValue": str(rng.randint(100, 90000)),
            }
            for n, (code, text) in enumerate(goods, 1)
        ],
    }
    return declaration  # type: ignore[return-value]
