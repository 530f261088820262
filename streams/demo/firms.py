"""Invented firms: names, numbers, addresses and telephones, drawn from `data/firms.toml` with a given generator."""

from random import Random

import msgspec
from msgspec import Struct

from streams.declarations.model import Address, Party, PartyRole
from streams.demo.tables import Country, Firms

POOL = {"KG": 64, "KZ": 60, "CN": 60, "DE": 60, "UZ": 44, "PL": 40, "TR": 36}
"""Firms of a country, and DEFAULT_POOL of any other: some hundreds in all."""
DEFAULT_POOL = 14
FORWARDERS = 4


class Firm(Struct, frozen=True):
    name: str
    country: str
    native: str | None
    """the name in its own script"""
    number: str
    number_type: str
    address: Address
    phone: str
    contact: str

    def party(self, role: PartyRole, *, native: bool = False, contact: bool = False) -> Party:
        """This firm in a role; `native` names it in its own script, with the Latin name left out, as a local
        declarant would."""
        use_native = native and self.native is not None
        return Party(
            role=role,
            name=self.native if use_native else self.name,
            name_original_script=self.native if not use_native and self.country == "CN" else None,
            identification_number=self.number,
            identification_type=self.number_type,
            address=self.address,
            phone=self.phone if contact else None,
            contact_name=self.contact if contact else None,
        )


class FirmBook:
    """The firms of every country and its forwarders. The first of a country trade most, as in life."""

    def __init__(self, rng: Random, material: Firms) -> None:
        self._rng = rng
        self._material = material
        self._taken: set[str] = set()
        self._firms: dict[str, list[Firm]] = {}
        self._forwarders: dict[str, list[Firm]] = {}
        taken = self._taken
        for code, country in material.countries.items():
            namesakes = [one.name for one in material.namesakes if one.country == code]
            self._forwarders[code] = _draw(rng, code, country, country.forwarders, FORWARDERS, taken)
            lines = country.lines + country.traders
            firms = _draw(rng, code, country, lines, POOL.get(code, DEFAULT_POOL), taken)
            firms += [
                _firm(rng, code, country, name, None, *rng.choice(country.cities)) for name in namesakes
            ]
            rng.shuffle(firms)
            self._firms[code] = firms
        for one in material.namesake_people:
            firms = self._firms["KG"]
            place = rng.randrange(len(firms))
            firms[place] = msgspec.structs.replace(firms[place], contact=one.name)

    def firm(self, country: str) -> Firm:
        return _one(self._rng, self._firms[country])

    def forwarder(self, country: str) -> Firm:
        return _one(self._rng, self._forwarders[country])

    def newcomers(self, rng: Random, country: str, count: int) -> list[Firm]:
        """Firms that have traded nothing so far and are not drawn by `firm`; fewer where the country's words are used up."""
        words = self._material.countries[country]
        return _draw(rng, country, words, words.lines + words.traders, count, self._taken)

    def all(self) -> list[Firm]:
        return [firm for book in (self._firms, self._forwarders) for firms in book.values() for firm in firms]


def _one(rng: Random, firms: list[Firm]) -> Firm:
    return rng.choices(firms, weights=[1 / (rank + 3) for rank in range(len(firms))])[0]


def _draw(
    rng: Random, code: str, country: Country, lines: tuple[str, ...], count: int, taken: set[str]
) -> list[Firm]:
    """Up to `count` firms with names not taken; fewer where a country's words are used up."""
    found: list[Firm] = []
    for _ in range(count * 8):
        if len(found) == count:
            break
        stem, line = rng.randrange(len(country.stems)), rng.randrange(len(lines))
        city, postcode = rng.choice(country.cities)
        name = rng.choice(country.patterns).format(stem=country.stems[stem], line=lines[line], city=city)
        if name in taken:
            continue
        taken.add(name)
        native = None
        if country.patterns_native and lines[line] in country.lines:
            native = rng.choice(country.patterns_native).format(
                stem=country.stems_native[stem],
                line=country.lines_native[country.lines.index(lines[line])],
            )
        found.append(_firm(rng, code, country, name, native, city, postcode))
    return found


def _firm(
    rng: Random, code: str, country: Country, name: str, native: str | None, city: str, postcode: str
) -> Firm:
    return Firm(
        name=name,
        country=code,
        native=native,
        number=digits(rng, country.id_format),
        number_type=country.id_type,
        address=Address(
            lines=(f"{rng.choice(country.streets)} {rng.randrange(1, 190)}",),
            city=city,
            postcode=postcode or None,
            country=code,
        ),
        phone=f"{rng.choice(country.phone)}{digits(rng, ' ### ###')}",
        contact=rng.choice(country.people),
    )


def digits(rng: Random, pattern: str) -> str:
    """The pattern with a random digit for each #."""
    return "".join(str(rng.randrange(10)) if letter == "#" else letter for letter in pattern)
