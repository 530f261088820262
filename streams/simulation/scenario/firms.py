"""The scenario's firms: names, numbers, addresses and telephones, drawn from `data/firms.toml` with a given generator."""

from random import Random

from msgspec.structs import replace

from streams.declarations.model import Address, Party, PartyRole
from streams.simulation.firms import Firm, digits
from streams.simulation.scenario.tables import CountryWords, Firms

POOL = {"KG": 64, "KZ": 60, "CN": 60, "DE": 60, "UZ": 44, "PL": 40, "TR": 36}
"""Firms of a country, and DEFAULT_POOL of any other: some hundreds in all."""
DEFAULT_POOL = 14
FORWARDERS = 4


def party(firm: Firm, role: PartyRole, *, native: bool = False, contact: bool = False) -> Party:
    """The firm in a role; `native` names it in its own script, with the Latin name left out, as a local declarant would."""
    use_native = native and bool(firm.native)
    return Party(
        role=role,
        name=firm.native if use_native else firm.name,
        name_original_script=firm.native or None if not use_native and firm.country == "CN" else None,
        identification_number=firm.number,
        identification_type=firm.number_type,
        address=firm.address,
        phone=firm.phone if contact else None,
        contact_name=firm.contact if contact else None,
    )


class FirmBook:
    """The firms of every country and its forwarders. The first of a country trade most, as in life."""

    def __init__(self, rng: Random, material: Firms) -> None:
        self._rng = rng
        self._material = material
        self._taken: set[str] = set()
        self._firms: dict[str, list[Firm]] = {}
        self._forwarders: dict[str, list[Firm]] = {}
        for code, words in material.countries.items():
            self._forwarders[code] = self._draw(rng, code, words.forwarders, FORWARDERS)
            firms = self._draw(rng, code, words.lines + words.traders, POOL.get(code, DEFAULT_POOL))
            for one in material.namesakes:
                if one.country == code:
                    firms.append(_firm(rng, code, words, one.name, "", *rng.choice(words.cities)))
            rng.shuffle(firms)
            self._firms[code] = firms
        for one in material.namesake_people:
            firms = self._firms["KG"]
            place = rng.randrange(len(firms))
            firms[place] = replace(firms[place], contact=one.name)

    def firm(self, country: str) -> Firm:
        return self._one(self._firms[country])

    def forwarder(self, country: str) -> Firm:
        return self._one(self._forwarders[country])

    def newcomers(self, rng: Random, country: str, count: int) -> list[Firm]:
        """Firms that have traded nothing so far and are not drawn by `firm`; fewer where the country's words are used up."""
        words = self._material.countries[country]
        return self._draw(rng, country, words.lines + words.traders, count)

    def _one(self, firms: list[Firm]) -> Firm:
        return self._rng.choices(firms, weights=[1 / (rank + 3) for rank in range(len(firms))])[0]

    def _draw(self, rng: Random, code: str, lines: tuple[str, ...], count: int) -> list[Firm]:
        """Up to `count` firms with names not taken; fewer where a country's words are used up."""
        words = self._material.countries[code]
        found: list[Firm] = []
        for _ in range(count * 8):
            if len(found) == count:
                break
            stem, line = rng.randrange(len(words.stems)), rng.choice(lines)
            city, postcode = rng.choice(words.cities)
            name = rng.choice(words.patterns).format(stem=words.stems[stem], line=line, city=city)
            if name in self._taken:
                continue
            self._taken.add(name)
            native = ""
            if words.patterns_native and line in words.lines:
                native = rng.choice(words.patterns_native).format(
                    stem=words.stems_native[stem], line=words.lines_native[words.lines.index(line)]
                )
            found.append(_firm(rng, code, words, name, native, city, postcode))
        return found


def _firm(
    rng: Random, code: str, words: CountryWords, name: str, native: str, city: str, postcode: str
) -> Firm:
    return Firm(
        name=name,
        native=native,
        country=code,
        number=digits(rng, words.id_format),
        number_type=words.id_type,
        address=Address(
            lines=(f"{rng.choice(words.streets)} {rng.randrange(1, 190)}",),
            city=city,
            postcode=postcode or None,
            country=code,
        ),
        phone=f"{rng.choice(words.phone)}{digits(rng, ' ### ###')}",
        contact=rng.choice(words.people),
    )
