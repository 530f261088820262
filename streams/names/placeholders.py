"""Texts that stand where a name or a number should and say that there is none: "TO ORDER", "nil", "без номера".

One table, `placeholders.toml`, for all that asks. Plain text in, plain values out; nothing here raises for any string.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from msgspec import Struct

from streams import tables
from streams.text import without_accents

MAX_CHARS = 512
"""A party's name has at most 70 characters in the EU's messages (UCC Annex B, an..70); what lies beyond this is not read."""

_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff](?:[^\W_\u3040-\u30ff\u3400-\u9fff]|[\u0300-\u036f])*"
)
_NOUGHT = re.compile(r"x+|х+|0+")
"""Letters and noughts typed to fill a field; in both alphabets"""


_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d"})
"""Letters that Unicode does not take apart into a plain one and its mark."""


class PlaceholderReading(Struct, frozen=True):
    """What a text says of a party."""

    names: tuple[str, ...]
    """the names in it, as written, the first the likeliest; empty where it names nobody"""
    opaque: bool = False
    """whether it says that whoever gets the goods is not named: a placeholder, or to somebody's order"""

    @property
    def nobody(self) -> bool:
        return not self.names


class _Names(Struct, frozen=True, forbid_unknown_fields=True):
    nobody: tuple[str, ...]
    first: tuple[str, ...]
    opening: tuple[str, ...]
    filler: tuple[str, ...]


class _Order(Struct, frozen=True, forbid_unknown_fields=True):
    before: tuple[str, ...]
    after: tuple[str, ...]
    either: tuple[str, ...]
    common: tuple[str, ...]


class _Numbers(Struct, frozen=True, forbid_unknown_fields=True):
    alone: tuple[str, ...]
    none: tuple[str, ...]
    filler: tuple[str, ...]


class _PlaceholdersFile(tables.Sourced, frozen=True):
    names: _Names
    order: _Order
    numbers: _Numbers


class _Phrases:
    """Sequences of words, filed by the first letter of their first word."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_letter: dict[str, list[tuple[str, ...]]] = {}
        for phrase in sorted(set(phrases)):
            parts = tuple(word for word, _, _ in _words(phrase, keep="*"))
            self._by_letter.setdefault(parts[0][0], []).append(parts)

    def at(self, words: list[str], place: int) -> Iterator[int]:
        """How many words each phrase has that stands at a place."""
        for parts in self._by_letter.get(words[place][0], ()):
            if place + len(parts) <= len(words) and all(
                word.startswith(part[:-1]) if part.endswith("*") else word == part
                for part, word in zip(parts, words[place : place + len(parts)], strict=True)
            ):
                yield len(parts)

    def glued(self) -> set[str]:
        """Each phrase of several words written as one."""
        rows = (parts for group in self._by_letter.values() for parts in group)
        return {"".join(parts) for parts in rows if not any(part.endswith("*") for part in parts)}


class Placeholders:
    """The table, ready to be asked. Answers are remembered: consignees repeat."""

    def __init__(self, file: _PlaceholdersFile, version: str) -> None:
        self.version = version
        self._nobody = _Phrases(file.names.nobody)
        self._first = _Phrases(file.names.first)
        self._opening = _Phrases(phrase.removesuffix("*") for phrase in file.names.opening)
        self._filler = _Phrases(file.names.filler)
        self._before, self._after = _Phrases(file.order.before), _Phrases(file.order.after)
        self._either = _Phrases(file.order.either)
        self._common = _Phrases((*file.order.common, *file.names.filler))
        self._no_number = _Phrases((*file.names.nobody, *file.names.first, *file.numbers.none))
        self._beside_number = _Phrases((*file.numbers.filler, *file.names.filler))
        self._alone = _Phrases(file.numbers.alone)
        self._glued = self._nobody.glued() | self._first.glued()
        self.read = lru_cache(maxsize=20_000)(self._read)
        self.no_number = lru_cache(maxsize=20_000)(self._is_no_number)

    def _read(self, text: str) -> PlaceholderReading:
        """What a text says of a party, a name as it is written."""
        found = list(_words(text[:MAX_CHARS]))
        words = [word for word, _, _ in found]
        if not words or self._says_nobody(words):
            return PlaceholderReading((), opaque=True)
        for start in (0, 1) if words[0] == "consigned" and len(words) > 1 else (0,):
            longest = max(self._before.at(words, start), default=0)
            if longest:
                rest = words[start + longest :]
                # "凭 X 指示": the phrase stands on both sides.
                cut = next(
                    (n for n in range(1, len(rest)) if len(rest) - n in set(self._after.at(rest, n))),
                    len(rest),
                )
                if self._covered(rest[:cut], self._common, self._common):
                    return PlaceholderReading((), opaque=True)
                end = found[start + longest + cut - 1][2] if cut < len(rest) else len(text)
                return PlaceholderReading((_clean(text[found[start + longest][1] : end]),), opaque=True)
        longest = max((*self._either.at(words, 0), *self._opening.at(words, 0)), default=0)
        if longest and longest < len(words):
            if self._covered(words[longest:], self._common, self._common):
                return PlaceholderReading((), opaque=True)
            return PlaceholderReading((text, _clean(text[found[longest][1] :])), opaque=True)
        for place in range(1, len(words)):
            if len(words) - place in set(self._after.at(words, place)):
                if self._covered(words[:place], self._common, self._common):
                    return PlaceholderReading((), opaque=True)
                return PlaceholderReading((_clean(text[: found[place - 1][2]]),), opaque=True)
        return PlaceholderReading((text,))

    def _says_nobody(self, words: list[str]) -> bool:
        if "".join(words) in self._glued or len(words) in self._opening.at(words, 0):
            return True
        return self._covered(words, self._nobody, self._filler, self._first)

    def _covered(
        self,
        words: list[str],
        telling: _Phrases,
        beside: _Phrases,
        first: _Phrases | None = None,
        noughts: bool = True,
    ) -> bool:
        """Whether phrases make up all the words, one of `telling` (or, with `noughts`, of noughts) among them. `first`: more of
        those, at the start."""
        # place -> whether something telling has been met on a way there
        reached: dict[int, bool] = {0: False}
        for place, word in enumerate(words):
            if place not in reached:
                continue
            told = reached[place]
            steps = [(length, True) for length in telling.at(words, place)]
            if place == 0 and first is not None:
                steps += [(length, True) for length in first.at(words, 0)]
            steps += [(length, told) for length in beside.at(words, place)]
            nought = _NOUGHT.fullmatch(word) is not None
            if word.isdigit() or nought:
                steps.append((1, told or (noughts and nought)))
            for length, tells in steps:
                reached[place + length] = reached.get(place + length, False) or tells or told
        return reached.get(len(words), False)

    def _is_no_number(self, text: str) -> bool:
        """Whether the number of a document or a registration is none: a placeholder, noughts, no letter and no digit."""
        words = [word for word, _, _ in _words(text[:MAX_CHARS])]
        if not words or "".join(words) in self._glued or len(words) in self._alone.at(words, 0):
            return True
        if any(True for _ in self._opening.at(words, 0)):
            return True
        digits = [sign for sign in "".join(words) if sign.isdigit()]
        if digits and all(unicodedata.digit(sign, 1) == 0 for sign in digits):
            return True
        return self._covered(words, self._no_number, self._beside_number, noughts=not digits)


def _words(text: str, keep: str = "") -> Iterator[tuple[str, int, int]]:
    """(word in lower case without accents, where it begins, where it ends). With `keep` a sign after a word belongs to it."""
    for met in _WORD.finditer(text):
        end = met.end()
        plain = unicodedata.normalize("NFKC", met.group()).casefold().translate(_LETTERS)
        word = without_accents(plain) or met.group()
        yield word + (keep if keep and text[end : end + 1] == keep else ""), met.start(), end


def _clean(text: str) -> str:
    return text.strip(" ,.-/:;")


@cache
def placeholders() -> Placeholders:
    """The bundled table. Raises msgspec.ValidationError for one with a missing or unknown key."""
    where = "streams.names", "placeholders.toml"
    file = tables.load(*where, _PlaceholdersFile)
    return Placeholders(file, tables.version(file.version, *where))
