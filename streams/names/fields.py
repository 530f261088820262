"""The names that one field of a declaration may hold."""

import re

from msgspec import Struct

from streams.names.normalise import normalise, tokens_of
from streams.names.placeholders import placeholders
from streams.names.places import places
from streams.names.tables import words


class Part(Struct, frozen=True):
    """A name that a field may hold."""

    text: str
    aside: bool = False
    """only what stands in brackets, or all but that: less than the name as it was given"""


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
    parts += [
        Part(name, part.aside) for part in list(parts) if (name := _before_address(part.text)) is not None
    ]
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
        return parts_of_field(text) + [part for name in names[1:] for part in parts_of_field(name)]
    return [part for name in names for part in parts_of_field(name)]


_ADDRESS_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def _before_address(text: str) -> str | None:
    """The text before its address: before a comma behind which a number or an address word stands, or before an address word or a
    number that opens an address, where at least two words stand before it."""
    address = words().address
    opened: int | None = None
    for before, match in enumerate(_ADDRESS_WORD.finditer(text[:300])):
        word = match.group().casefold()
        begins = text[: match.start()].rstrip()[-1:] in (",", ";")
        if begins and before and (word[0].isdigit() or word in address):
            return text[: match.start()]
        if before < 2:
            continue
        if word in address:
            return text[: match.start() if opened is None else opened]
        if opened is None and word[0].isdigit():
            opened = match.start()
    return None
