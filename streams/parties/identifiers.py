"""Registered numbers of parties and vehicles, in the form they are compared in."""

import re

from streams.names.placeholders import placeholders

MIN_IDENTIFIER = 7
"""Letters and digits from which a number alone identifies somebody. Shorter ones (old passports, national serials) are
given to many: they count only where the country agrees."""

MIN_SHORT_IDENTIFIER = 5

_LABEL = re.compile(r"^(?:IMO|MMSI|INN|OGRN|TIN|VAT|EORI|BIN|IIN)(?=\d)")


def compact(text: str) -> str:
    """Upper-case letters and digits, without what only formats them: an aircraft's EP-GOM is EPGOM."""
    return "".join(character for character in text.upper() if character.isalnum())


def identifier_key(text: str) -> str | None:
    """Compact, without a label such as IMO; None for what has too few digits to identify."""
    key = _LABEL.sub("", compact(text))
    digits = sum(character.isdigit() for character in key)
    if len(key) < MIN_SHORT_IDENTIFIER or digits < 4 or len(set(key)) < 3:
        return None
    return key


def identifier_keys(text: str) -> list[str]:
    """The keys of a declared number: itself, and its digits where a two-letter country code opens it (EORI, VAT)."""
    key = identifier_key(text)
    if key is None or placeholders().no_number(text):
        return []
    bare = key[2:]
    return [key, bare] if key[:2].isalpha() and bare.isdigit() and len(bare) >= MIN_IDENTIFIER else [key]
