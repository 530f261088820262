"""Declarations to measure with, in three mixes, without end and the same from one seed.

`trade`: four party names in five were seen before, the oldest most often; one to twelve items; 4 declarations in a hundred have
high-priority goods. `parcels`: one item, ordinary goods, each to a private person never seen before. `harsh`: half of the names
were never seen, and four declarations in five have high-priority goods to one country, so that a few corridors know every firm.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

import msgspec

from streams import tables

Mix = Literal["trade", "parcels", "harsh"]
MIXES: tuple[Mix, ...] = get_args(Mix)
Part = dict[str, Any]

NEW_NAMES = 0.2
"""Of the names of `trade`."""
PRIORITY_SHARE = 0.04
"""Of the declarations of `trade`."""
KNOWN_NAMES = 2_000
"""Size of the pool that half of the names of `harsh` are drawn from: the regular traders of a customs office."""
START = datetime(2026, 6, 15, 10, tzinfo=UTC)


class Table(tables.Sourced, frozen=True, kw_only=True):
    """What declarations are made of."""

    syllables: str
    words: str
    forms: list[str]
    ordinary: list[tuple[str, str]]
    priority: list[tuple[str, str]]
    harsh: list[tuple[str, str]]
    origins: list[tuple[str, str, str]]
    destinations: list[tuple[str, str, str]]
    homes: list[tuple[str, str, str]]


TABLE = tables.load(__package__, "traffic.toml", Table)
SYLLABLES, WORDS = TABLE.syllables.split(), TABLE.words.split()


def messages(mix: Mix, seed: int) -> Iterator[tuple[bytes, bytes]]:
    """(key, canonical JSON); another seed gives other keys and other new names."""
    declared = {"trade": _trade, "parcels": _parcels, "harsh": _harsh}[mix](random.Random(seed))
    for number, declaration in enumerate(declared):
        key = f"bench|{seed}|{number}"
        at = START + timedelta(seconds=0 if mix == "harsh" else number)
        envelope = {"declarationKey": key, "versionNumber": 1, "eventType": "LODGED"}
        envelope["eventDateTime"] = at.isoformat().replace("+00:00", "Z")
        yield key.encode(), msgspec.json.encode({"envelope": envelope, "declaration": declaration})


class _Parties:
    """Those of one role."""

    def __init__(self, rng: random.Random, role: str, places: list[tuple[str, str, str]]) -> None:
        self._rng, self._role, self._places = rng, role, places
        self._seen: list[Part] = []

    def draw(self, new: float) -> Part:
        """One never seen before with that probability, else one that was: the oldest as often as the newer half together."""
        if not self._seen or self._rng.random() < new:
            self._seen.append(self.make(_name(self._rng)))
            return self._seen[-1]
        return self._seen[int(len(self._seen) ** self._rng.random()) - 1]

    def make(self, name: str) -> Part:
        country, city, prefix = self._rng.choice(self._places)
        street = f"{_word(self._rng)} {self._rng.randint(1, 200)}"
        phone = f"{prefix}{self._rng.randrange(10**8, 10**9)}"
        return _party(self._role, name, country, city, street) | {"phone": phone}


def _trade(rng: random.Random) -> Iterator[Part]:
    roles = {"EXPORTER": TABLE.origins, "CONSIGNEE": TABLE.destinations, "DECLARANT": TABLE.destinations}
    known = [_Parties(rng, role, places) for role, places in roles.items()]
    while True:
        parties = [one.draw(NEW_NAMES) for one in known]
        goods = rng.choices(TABLE.ordinary, k=min(1 + int(rng.expovariate(0.5)), 12))
        if rng.random() < PRIORITY_SHARE:
            goods[0] = rng.choice(TABLE.priority)
        yield _declaration("IMPORT", ["KZ"], parties, _items(rng, goods))


def _parcels(rng: random.Random) -> Iterator[Part]:
    sellers, posts = (
        _Parties(rng, "EXPORTER", TABLE.origins),
        _Parties(rng, "DECLARANT", TABLE.homes),
    )
    persons = _Parties(rng, "CONSIGNEE", TABLE.homes)
    while True:
        person = persons.make(f"{_word(rng)} {_word(rng)}") | {"typeOfPerson": "1"}
        items = _items(rng, [rng.choice(TABLE.ordinary)], most_value=150)
        yield _declaration("IMPORT", [], [sellers.draw(0.01), person, posts.draw(0.001)], items)


def _harsh(rng: random.Random) -> Iterator[Part]:
    pool = random.Random(0)
    known = [_name(pool) for _ in range(KNOWN_NAMES)]
    while True:
        names = [rng.choice(known) if rng.random() < 0.5 else _name(rng) for _ in range(3)]
        roles = zip(("EXPORTER", "CONSIGNEE", "DECLARANT"), names, ("DE", "KZ", "DE"), strict=True)
        parties = [_party(role, name, country, "Town", "Street 1") for role, name, country in roles]
        yield _declaration("EXPORT", ["PL", "KZ"], parties, _items(rng, rng.sample(TABLE.harsh, 3)))


def _word(rng: random.Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))).capitalize()


def _name(rng: random.Random) -> str:
    words = [_word(rng) for _ in range(rng.randint(1, 2))]
    return " ".join([*words, rng.choice(WORDS), rng.choice(TABLE.forms)]).strip()


def _party(role: str, name: str, country: str, city: str, street: str) -> Part:
    return {"role": role, "name": name, "address": {"country": country, "city": city, "lines": [street]}}


def _items(rng: random.Random, goods: list[tuple[str, str]], most_value: int = 90_000) -> list[Part]:
    return [
        {
            "goodsItemNumber": number,
            "commodityCode": {"hs6": code, "hsVersion": "2022"},
            "descriptionOfGoods": text,
            "countryOfOrigin": rng.choice(("DE", "CN", "PL")),
            "netMassKg": str(rng.randint(1, most_value // 18)),
            "statisticalValue": str(rng.randint(100, most_value)),
        }
        for number, (code, text) in enumerate(goods, 1)
    ]


def _declaration(regime: str, routing: list[str], parties: list[Part], items: list[Part]) -> Part:
    return {
        "regime": regime,
        "countryOfExport": parties[0]["address"]["country"],
        "countryOfDestination": parties[1]["address"]["country"],
        "countriesOfRouting": [{"sequenceNumber": n, "country": c} for n, c in enumerate(routing, 1)],
        "parties": parties,
        "goodsItems": items,
    }
