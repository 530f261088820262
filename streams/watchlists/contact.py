"""Identification numbers, telephone numbers, e-mail and street addresses, in the form they are compared in."""

import re

from streams.names.normalise import normalise
from streams.names.placeholders import placeholders
from streams.names.tables import words
from streams.watchlists.places import is_no_email, is_no_number

MIN_IDENTIFIER = 7
"""Letters and digits from which a number alone identifies somebody. Shorter ones (old passports, national serials) are
given to many: they count only where the country agrees."""

MIN_SHORT_IDENTIFIER = 5

PHONE_DIGITS = 9
"""Last digits of a telephone number that are compared: the subscriber with area, whatever the international prefix."""

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_LABEL = re.compile(r"^(?:IMO|MMSI|INN|OGRN|TIN|VAT|EORI|BIN|IIN)(?=\d)")


def identifier_key(text: str) -> str | None:
    """Upper-case letters and digits only, without a label such as IMO; None for what has too few digits to identify."""
    key = _LABEL.sub("", _NOT_ALPHANUMERIC.sub("", text).upper())
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


def phone_key(text: str) -> str | None:
    """The last nine digits, or None where there are fewer or they are none that anybody has."""
    digits = re.sub(r"\D", "", text)
    last = digits[-PHONE_DIGITS:]
    return last if len(last) == PHONE_DIGITS and not is_no_number(last) else None


def email_key(text: str) -> str | None:
    key = text.strip().casefold()
    return key if "@" in key and "." in key.rpartition("@")[2] and not is_no_email(key) else None


def address_words(text: str) -> frozenset[str]:
    """Telling words and numbers of an address."""
    return frozenset(token for token in normalise(text).tokens if token not in words().address)


def addresses_agree(declared: frozenset[str], listed: frozenset[str], country_words: frozenset[str]) -> bool:
    """Whether two addresses are the same place: at least three telling words in common, one of them a number, and these
    most of the shorter address. The country's own name does not count."""
    ours, theirs = declared - country_words, listed - country_words
    common = ours & theirs
    numbers = any(any(character.isdigit() for character in word) for word in common)
    return len(common) >= 3 and numbers and len(common) >= 0.6 * min(len(ours), len(theirs))
