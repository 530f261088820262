"""Registered numbers of parties and vehicles, in the form they are compared in."""

from streams import tables
from streams.names.placeholders import placeholders


class _IdentifierTable(tables.Sourced, frozen=True):
    labels: tuple[str, ...]
    alone: int
    with_country: int
    digits: int
    distinct: int


_TABLE = tables.load("streams.parties", "identifiers.toml", _IdentifierTable)
MIN_IDENTIFIER = _TABLE.alone
"""Letters and digits from which a number identifies by itself; a shorter one counts only where the country agrees."""


def compact(text: str) -> str:
    """Upper-case letters and digits, without what only formats them: an aircraft's EP-GOM is EPGOM."""
    return "".join(character for character in text.upper() if character.isalnum())


def identifier_key(text: str) -> str | None:
    """Compact, without a label such as IMO; None for what has too few digits to identify."""
    key = compact(text)
    label = next((label for label in _TABLE.labels if key.startswith(label)), "")
    if key[len(label) :][:1].isdecimal():
        key = key[len(label) :]
    digits = sum(character.isdigit() for character in key)
    few = len(key) < _TABLE.with_country or digits < _TABLE.digits or len(set(key)) < _TABLE.distinct
    return None if few else key


def identifier_keys(text: str) -> list[str]:
    """The keys of a declared number: itself, and its digits where a two-letter country code opens it (EORI, VAT)."""
    key = identifier_key(text)
    if key is None or placeholders().no_number(text):
        return []
    bare = key[2:]
    return [key, bare] if key[:2].isalpha() and bare.isdigit() and len(bare) >= MIN_IDENTIFIER else [key]
