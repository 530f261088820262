"""Street addresses as places: the same house, the same room in it, or not told."""

from functools import cache, lru_cache
from typing import Literal

from msgspec import Struct

from streams import tables
from streams.names.normalise import normalise
from streams.names.tables import words

POSTCODE_DIGITS = 5
"""Digits from which a number is a postcode and no house."""
MOST_OF = 0.6
"""Share of the shorter address's words that both must have."""
LEAST_STREET = 3
"""Letters of a street's name."""

Same = Literal["room", "house"]


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """`contact.toml`"""

    version: str
    as_of: str
    source: str
    units: str
    boxes: str
    shared: tuple[str, ...]
    no_numbers: tuple[str, ...]
    no_emails: tuple[str, ...]


def table() -> Table:
    """Raises msgspec.ValidationError for a table with a missing, unknown or mistyped field."""
    return tables.load("streams.watchlists", "contact.toml", Table)


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


@lru_cache(maxsize=20_000)
def place_of(text: str) -> Place | None:
    """None where no house is told: a city alone, a P.O. box."""
    units, boxes = _words()
    tokens = normalise(text).tokens
    joined = f" {' '.join(tokens)} "
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
        elif sum(sign.isdigit() for sign in token) < POSTCODE_DIGITS:
            numbers.add(token)
        # "office no 5" is office 5.
        before = before if token in ("no", "n") else token
    if not numbers or not said:
        return None
    shared = any(f" {phrase} " in joined for phrase in table().shared)
    return Place(frozenset(said), frozenset(numbers), frozenset(rooms), shared)


def same_place(declared: Place, listed: Place, city: frozenset[str]) -> Same | None:
    """Whether two addresses of one country are the same room, or the same house where either names no room. `city`: words of
    the declared city. None where it is another house, another room, or a house that very many share."""
    ours, theirs = declared.words, listed.words
    common = ours & theirs
    street = any(len(word) >= LEAST_STREET for word in common - city)
    if declared.numbers != listed.numbers or not street or not city or not city <= theirs:
        return None
    if len(common) < MOST_OF * min(len(ours), len(theirs)):
        return None
    if declared.units and listed.units:
        return "room" if declared.units == listed.units else None
    return None if declared.shared or listed.shared else "house"


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(table().units.split()), frozenset(table().boxes.split())


def is_no_number(digits: str) -> bool:
    """Whether a telephone number is one that stands for none."""
    return len(set(digits)) <= 2 or digits in table().no_numbers


def is_no_email(address: str) -> bool:
    """Whether an e-mail address is one that stands for none."""
    name, _, domain = address.partition("@")
    return name in table().no_emails or domain.partition(".")[0] in table().no_emails
