"""Street addresses: by their words, and as places: the same house, the same room in it, or not told."""

from functools import cache, lru_cache
from typing import Literal

from msgspec import Struct

from streams import tables
from streams.declarations.model import Address
from streams.names.normalise import normalise
from streams.names.tables import words

Same = Literal["room", "house"]


class _AddressTable(tables.Sourced, frozen=True):
    units: str
    boxes: str
    between: str
    shared: tuple[str, ...]
    postcode_digits: int
    most_of: float
    least_common: int
    least_street: int


def _table() -> _AddressTable:
    return tables.load("streams.parties", "addresses.toml", _AddressTable)


def street_key(address: Address | None) -> str | None:
    """The normalised words of lines and city, in order, by which addresses are counted; None where there is no line."""
    if address is None or not any(line.strip() for line in address.lines):
        return None
    return " ".join(normalise(f"{' '.join(address.lines)} {address.city or ''}").tokens) or None


def city_key(address: Address | None) -> str:
    """The normalised words of the city; empty where there is none."""
    return " ".join(normalise(address.city).tokens) if address and address.city else ""


def written(address: Address) -> str:
    """Lines and city, as a sentence shows them."""
    return ", ".join(part for part in (*address.lines, address.city) if part)


def joined(address: Address) -> str:
    """All that is written but the country."""
    return " ".join((*address.lines, address.city or "", address.postcode or "", address.region or ""))


def address_words(text: str) -> frozenset[str]:
    """Telling words and numbers of an address."""
    return frozenset(token for token in normalise(text).tokens if token not in words().address)


def addresses_agree(declared: frozenset[str], listed: frozenset[str]) -> bool:
    """Whether two addresses are the same place: enough telling words in common, one of them a number, and these most of the
    shorter address."""
    table, common = _table(), declared & listed
    numbers = any(any(character.isdigit() for character in word) for word in common)
    most = len(common) >= table.most_of * min(len(declared), len(listed))
    return len(common) >= table.least_common and numbers and most


class Place(Struct, frozen=True, gc=False):
    """What is told apart in an address."""

    words: frozenset[str]
    """street, city, region and country; not 'street' itself"""
    numbers: frozenset[str]
    """of street and house"""
    units: frozenset[str]
    """of the room, floor or flat"""
    shared: bool
    """whether it is one that very many have, such as a business centre"""


def declared_place(address: Address | None) -> Place | None:
    """None where the address names no street."""
    if address is None or not any(any(sign.isdigit() for sign in line) for line in address.lines):
        return None
    return place_of(joined(address))


@lru_cache(maxsize=20_000)
def place_of(text: str) -> Place | None:
    """None where no house is told: a city alone, a P.O. box."""
    units, boxes, between = _words()
    tokens = normalise(text).tokens
    spaced = f" {' '.join(tokens)} "
    said: set[str] = set()
    numbers: set[str] = set()
    rooms: set[str] = set()
    before = ""
    for token in tokens:
        if not any(sign.isdigit() for sign in token):
            if token not in words().address:
                said.add(token)
        elif before in boxes:
            pass
        elif before in units:
            rooms.add(token)
        elif sum(sign.isdigit() for sign in token) < _table().postcode_digits:
            numbers.add(token)
        before = before if token in between else token
    if not numbers or not said:
        return None
    shared = any(f" {phrase} " in spaced for phrase in _table().shared)
    return Place(frozenset(said), frozenset(numbers), frozenset(rooms), shared)


def house_key(country: str, place: Place) -> str:
    """By which places are looked up: those of one house in one country, and some others of the same numbers."""
    return f"{country} {' '.join(sorted(place.numbers))}"


def same_place(declared: Place, listed: Place, city: frozenset[str]) -> Same | None:
    """Whether two addresses of one country are the same room, or the same house where either names no room. `city`: words of
    the declared city. None where it is another house, another room, or a house that very many share."""
    ours, theirs = declared.words, listed.words
    common = ours & theirs
    street = any(len(word) >= _table().least_street for word in common - city)
    if declared.numbers != listed.numbers or not street or not city or not city <= theirs:
        return None
    if len(common) < _table().most_of * min(len(ours), len(theirs)):
        return None
    if declared.units and listed.units:
        return "room" if declared.units == listed.units else None
    return None if declared.shared or listed.shared else "house"


@cache
def _words() -> tuple[frozenset[str], ...]:
    """Units, boxes, between."""
    table = _table()
    return tuple(frozenset(text.split()) for text in (table.units, table.boxes, table.between))
