"""The names that one field of a declaration may hold."""

import re

from msgspec import Struct

from streams.names.normalise import normalise, tokens_of
from streams.names.placeholders import placeholders
from streams.names.places import places
from streams.names.tables import words
from streams.names.wording import with_initials

LONGEST_WITH_INITIALS = 40
"""Characters of a surname with initials."""


class Part(Struct, frozen=True):
    """A name that a field may hold."""

    text: str
    aside: bool = False
    """only what stands in brackets, or all but that: less than the name as it was given"""
    person: bool = False
    """a reading that only a person's name has"""


def parts_of_field(text: str) -> list[Part]:
    """The names a field may hold: the whole, what stands on either side of C/O and the like, without brackets, and
    without a glued address. The whole comes first; at most six."""
    table = words()
    parts = [Part(text)]
    if table.join.search(text):
        parts += [Part(part) for part in table.join.split(text)]
    if "(" in text:
        # A place between brackets tells this name from another: it is not left out.
        inside = [part for part in re.findall(r"\(([^()]*)\)", text) if not places().whole(tokens_of(part))]
        if inside:
            parts.append(Part(re.sub(r"\([^()]*\)", " ", text), True))
        parts += [Part(part, True) for part in inside if len(part) >= 4]
    parts += [Part(name, part.aside) for part in list(parts) for name in _before_address(part.text)]
    named: dict[str, Part] = {}
    for part in parts:
        clean = part.text.strip(" ,.-/:")
        if clean:
            named.setdefault(clean, Part(clean, part.aside))
    return list(named.values())[:6]


def names_of_field(text: str) -> list[Part]:
    """The names that a declared text holds, as `parts_of_field`. Of "to the order of X" that is X, where it names somebody; where
    the text names nobody it stands alone."""
    written = text if text.isascii() else normalise(text).repaired
    names = placeholders().read(written).names
    if not names:
        return parts_of_field(text)[:1]
    if names[0] == written:
        return (
            parts_of_field(text)
            + _with_initials(text)
            + [part for name in names[1:] for part in parts_of_field(name)]
        )
    return [part for name in names for part in parts_of_field(name)]


def _with_initials(text: str) -> list[Part]:
    """The name with its initials taken apart, where it may be one without full stops."""
    if len(text) > LONGEST_WITH_INITIALS or len(text.split()) != 2:
        return []
    plain = normalise(text)
    read = with_initials(plain.tokens, plain.repaired)
    return [Part(" ".join(read), person=True)] if read != plain.tokens else []


_COMMA = re.compile(r"[,;]")
_ADDRESS_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_words = _ADDRESS_WORD.findall


def _before_address(text: str) -> list[str]:
    """What stands before the address in a text, as far as two readings tell: before a comma behind which an address is written,
    and of that what stands before an address word or a number that opens an address. Empty where there is no address."""
    found: list[str] = []
    text = text[:300]
    for comma in _COMMA.finditer(text):
        behind = _words(_COMMA.split(text[comma.end() :], 1)[0].casefold())
        if behind and (behind[0][0].isdigit() or not words().address.isdisjoint(behind)):
            text = text[: comma.start()]
            found.append(text)
            break
    within = _before_address_word(text)
    if within is not None:
        found.append(within)
    return found


def _before_address_word(text: str) -> str | None:
    table = words()
    starts: list[int] = []
    opened: int | None = None
    for place, match in enumerate(_ADDRESS_WORD.finditer(text)):
        word = match.group().casefold()
        starts.append(match.start())
        if place < 2:
            continue
        if word in table.address:
            behind = _words(text[match.end() :].casefold())
            if behind and table.legal_single.issuperset(behind):
                continue  # Silk Road Limited
            if opened is not None:
                return text[:opened]
            # The name of the street stands before it, and the name of the firm is still two words.
            return text[: starts[-2] if place > 2 and word in table.behind_street else match.start()]
        if opened is None and word[0].isdigit():
            if place > 2:
                opened = match.start()
            elif not table.address.isdisjoint(_words(text[match.end() :].casefold())):
                return text[: match.start()]
    return None
