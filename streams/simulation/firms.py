"""Invented firms: names, numbers, addresses, telephones. Nobody that exists is meant."""

from collections.abc import Sequence
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from streams.declarations.model import Address
from streams.simulation.tables import Country, Tables, Weighted

CENTRE_SHARE = 0.04
"""of firms in a city that has business centres"""
NO_NUMBER = 0.03
"""of firms in countries with a register: private persons, foreigners"""

FOREIGN_PHONE = 0.012
"""of firms in these countries: run from abroad, or their owner kept his number"""
ABROAD = ("RU", "TR", "CN", "UZ", "AE", "KR")


class Firm(Struct, frozen=True, eq=False, kw_only=True):
    """Who trades; compared by identity."""

    name: str
    native: str = ""
    """in its own script, or empty"""
    country: str
    number: str | None
    number_type: str | None
    address: Address
    phone: str
    email: str = ""
    contact: str = ""
    """who answers there"""
    tells_phone: bool = False
    """whether its declarations usually give telephone and e-mail"""


class Registry:
    """Makes firms, each with a name of its own as far as chance allows."""

    def __init__(self, rng: Random, tables: Tables) -> None:
        self._rng = rng
        self._tables = tables
        self._forms = {
            code: Weighted(((latin, native), weight) for latin, native, weight in country.forms)
            for code, country in tables.countries.items()
        }
        self._pools: dict[tuple[str, str], list[Firm]] = {}

    def new(self, code: str, word: str | None = None) -> Firm:
        """A firm that was not there before. `word` ends its name instead of one of the country's."""
        rng = self._rng
        country = self._tables.countries[code]
        style = self._tables.styles[country.style]
        parts = [rng.choice(style.syllables) for _ in range(4 if rng.random() < 0.2 else 3)]
        stem, own = ("".join(letters).capitalize() for letters in zip(*parts, strict=True))
        ending, own_ending = (word, word) if word else rng.choice(style.words)
        form, own_form = self._forms[code].pick(rng)
        before = country.style in ("turkic", "slavic")
        name = f'{form} "{stem} {ending}"' if before else f"{stem} {ending} {form}"
        kind, pattern = country.number or (None, "")
        numbered = kind is not None and rng.random() >= (NO_NUMBER if country.offices else 0.4)
        lines, city = self._address(country)
        return Firm(
            name=name,
            native=f"{own_form} «{own} {own_ending}»" if own else "",
            country=code,
            number=fill(rng, pattern) if numbered else None,
            number_type=kind if numbered else None,
            address=Address(
                lines=lines,
                city=city,
                postcode=fill(rng, "7#####" if country.offices else "#####"),
                country=code,
            ),
            phone=self._phone(country),
            email=f"{rng.choice(('info', 'office', 'sales', 'import'))}@{stem.lower()}{rng.randrange(100)}.example",
            tells_phone=rng.random() < (0.5 if country.offices else 0.15),
        )

    def known(self, code: str, trade: str, fresh: float = 0.3) -> Firm:
        """A firm of that trade in that country: one that is known there, the older the likelier, or a new one."""
        rng = self._rng
        pool = self._pools.setdefault((code, trade), [])
        if not pool or rng.random() < fresh:
            pool.append(self.new(code))
            return pool[-1]
        return pool[int(len(pool) * rng.random() ** 2)]

    def one_of(self, code: str, most: int, words: Sequence[str]) -> Firm:
        """One of up to so many firms of a country whose names end with one of these words, the first the busiest."""
        rng = self._rng
        pool = self._pools.setdefault((code, words[0]), [])
        if len(pool) < most:
            pool.append(self.new(code, rng.choice(words) if len(words) > 1 else words[0]))
        return pool[int(len(pool) * rng.random() ** 2)]

    def moved(self, firm: Firm) -> Firm:
        """The firm at a new address; half the time with a new telephone."""
        rng = self._rng
        country = self._tables.countries[firm.country]
        lines, city = self._address(country)
        phone = self._phone(country) if rng.random() < 0.5 else firm.phone
        return replace(firm, address=replace(firm.address, lines=lines, city=city), phone=phone)

    def _phone(self, country: Country) -> str:
        rng = self._rng
        if country.offices and rng.random() < FOREIGN_PHONE:
            country = self._tables.countries[rng.choice(ABROAD)]
        return fill(rng, rng.choice(country.phones))

    def _address(self, country: Country) -> tuple[tuple[str, ...], str]:
        rng = self._rng
        city = rng.choice(country.cities)
        if country.offices and rng.random() < CENTRE_SHARE:
            centres = [one for one in self._tables.centres if one.city == city]
            if centres:
                line = rng.choice(centres).lines
                return ((f"{line}, office {rng.randrange(100, 900)}" if rng.random() < 0.8 else line),), city
        street = rng.choice(self._tables.styles[country.style].streets)
        line = f"{street} {rng.randrange(1, 280)}"
        if rng.random() < 0.35:
            line += f", office {rng.randrange(1, 120)}"
        return (line,), city


def fill(rng: Random, pattern: str) -> str:
    """The pattern with a digit for each #, all drawn at once."""
    count = pattern.count("#")
    if not count:
        return pattern
    figures = iter(f"{rng.randrange(10**count):0{count}d}")
    return "".join(next(figures) if letter == "#" else letter for letter in pattern)


def digits(rng: Random, pattern: str) -> str:
    """The pattern with a digit for each #, drawn one by one."""
    return "".join(str(rng.randrange(10)) if letter == "#" else letter for letter in pattern)


def mistyped(rng: Random, name: str) -> str:
    """The name with one slip of the hand: two letters swapped, one left out, one twice."""
    spots = [spot for spot in range(1, len(name) - 1) if name[spot].isalpha() and name[spot + 1].isalpha()]
    if not spots:
        return name
    spot = rng.choice(spots)
    how = rng.random()
    if how < 0.4:
        return name[:spot] + name[spot + 1] + name[spot] + name[spot + 2 :]
    if how < 0.7:
        return name[:spot] + name[spot + 1 :]
    return name[:spot] + name[spot] + name[spot:]
