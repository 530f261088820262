"""The ways in which a declaration writes a party otherwise than a list does, without a letter being wrong: a place behind the
name, an abbreviation, initials, a sole trader, another country's transcription. Of writing.toml, by use.
"""

import re

from msgspec import Struct

from streams import tables
from streams.bench.names.alterations import Alteration, Random, spellings


class _Ways(Struct, frozen=True):
    cities: list[str]
    addresses: list[str]
    traders: list[str]
    offices: list[str]
    short: list[str]
    turkish: list[str]
    common: list[str]
    german: list[str]


class _File(tables.Sourced, frozen=True):
    otherwise_read: str
    tuned: _Ways
    other: _Ways


def _file() -> _File:
    return tables.load("streams.bench.names", "writing.toml", _File)


def ways(which: str) -> _Ways:
    return _file().tuned if which == "tuned" else _file().other


def firms(which: str) -> dict[str, Alteration]:
    """Of firms."""
    table = ways(which)
    return {
        "city after name": _around(table.cities),
        "address glued": _around(table.addresses),
        "Hong Kong short": _abbreviated(table.short),
        "Turkish short": _abbreviated(table.turkish, every=True),
        "common short": _abbreviated(table.common, every=True),
        "branch": _around(table.offices),
    }


def persons(which: str) -> dict[str, Alteration]:
    """Of persons."""
    table = ways(which)
    return {
        "initials undotted": _initials_undotted,
        "sole trader": _sole_trader(table.traders),
        "German": _transcribed(table.german),
    }


def _around(templates: list[str]) -> Alteration:
    def alter(random_: Random, name: str) -> str | None:
        # A listed name that has a place of its own is written as it is.
        return random_.choice(templates) % name if "%" not in name and len(name) < 60 else None

    return alter


def _abbreviated(pairs: list[str], every: bool = False) -> Alteration:
    """One abbreviation of those that fit, or all."""
    table = [pair.split(">") for pair in pairs]

    def alter(random_: Random, name: str) -> str | None:
        changed = name
        for long, short in table if every else random_.sample(table, len(table)):
            written = re.sub(rf"\b{long}\b", short, changed, flags=re.IGNORECASE)
            if written != changed and not every:
                return written
            changed = written
        return changed if changed != name else None

    return alter


def _family_and_given(name: str) -> tuple[str, list[str]] | None:
    """The family name, which OFAC writes in capitals, and the others."""
    words = name.split()
    capital = [word for word in words if word.isupper() and len(word) > 3]
    if not 2 <= len(words) <= 3 or len(capital) != 1 or not all(word.isalpha() for word in words):
        return None
    given = [word for word in words if word is not capital[0]]
    return (capital[0], given) if all(len(word) > 1 for word in given) else None


def _initials_undotted(random_: Random, name: str) -> str | None:
    """ROTENBERG AR: two given names at the least, one initial says too little."""
    found = _family_and_given(name)
    if found is None or len(found[1]) < 2 or len(found[0]) < 5:
        return None
    letters = "".join(word[0] for word in found[1])
    if letters.lower() in _file().otherwise_read.split():
        return None
    return random_.choice((f"{found[0]} {letters}", f"{letters} {found[0]}"))


def _cyrillic(text: str) -> str:
    lower = text.lower()
    for row in spellings()["cyrillic"]["letters"]:
        latin, letter = row.split(" ")
        lower = lower.replace(latin, letter)
    return lower.title()


def _sole_trader(templates: list[str]) -> Alteration:
    def alter(random_: Random, name: str) -> str | None:
        found = _family_and_given(name)
        if found is None or len(found[1]) < 2 or len(found[0]) < 5 or not _RUSSIAN.search(found[0]):
            return None
        family, given = found
        letters = [word[0].upper() for word in given]
        cyrillic = [_cyrillic(word)[0] for word in given]
        return random_.choice(templates).format(
            name=f"{family.title()} {' '.join(given)}",
            family=family.title(),
            initials="".join(f"{letter}." for letter in letters),
            name_cyrillic=_cyrillic(f"{family} {' '.join(given)}"),
            family_cyrillic=_cyrillic(family),
            initials_cyrillic="".join(f"{letter}." for letter in cyrillic),
            initials_dotted_cyrillic=" ".join(f"{letter}." for letter in cyrillic),
        )

    return alter


_RUSSIAN = re.compile(r"(?:ov|ev|in|sky|skiy|skii|enko|ova|eva|ina|ich|uk)$", re.IGNORECASE)


def _transcribed(pairs: list[str]) -> Alteration:
    """A Russian name as German papers write it: two letters at least come out otherwise."""
    table = dict(pair.split(" ") for pair in pairs)
    pattern = re.compile("|".join(sorted(table, key=len, reverse=True)), re.IGNORECASE)

    def alter(random_: Random, name: str) -> str | None:
        found = _family_and_given(name)
        if found is None or not _RUSSIAN.search(found[0]):
            return None
        changed, count = pattern.subn(lambda met: table[met.group().lower()], name.lower())
        return changed.title() if count > 1 else None

    return alter
