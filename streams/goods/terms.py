"""Words and phrases looked for in a description, in any of the languages of the trade.

A text is folded first: one case (Turkish İ and ı are i), no accents, look-alike letters put right, traditional Chinese characters
as simplified ones. Both sides of every comparison are folded, so that a table may be written as its language is spelt.

A term is consecutive words. A word that ends in * is the beginning of a word: Russian, Turkish, Kazakh and Kyrgyz say case and
number at the end, and no stemmer is well kept for the last two. One that begins with * is the end of a word, one with * at both
ends may stand in its midst, for German, which writes compounds as one. # is a digit, for part numbers. Chinese and Japanese are
written without spaces: a term in them is looked for anywhere.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Generic, TypeVar

from msgspec import Struct

from streams import tables
from streams.names.normalise import normalise

KEYED = 4
"""Letters by which beginnings of words are filed: enough to leave two or three to be tried."""
WORDS_REMEMBERED = 50_000
"""Words of which the terms are remembered: new descriptions are mostly made of words met before."""
ENDING = 2
"""Letters of the longest ending of a German noun: '-lagern', '-geräte'."""
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SPACED_RUN = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff]{2,}")
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_OTHER_LETTERS = re.compile(r"[\u0370-\u052f]")
"""Greek and Cyrillic, whose letters can be taken for Latin ones."""
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

T = TypeVar("T")


class Word(Struct, frozen=True):
    """A word of a folded text and where it stands."""

    text: str
    start: int
    end: int


class Place(Struct, frozen=True):
    """Where a term stands in a folded text."""

    start: int
    end: int


class _Han(tables.Sourced, frozen=True):
    traditional: str
    simplified: str


@cache
def _han() -> dict[int, int]:
    table = tables.load("streams.goods", "tables/han.toml", _Han)
    return {
        ord(old): ord(new) for old, new in zip(table.traditional, table.simplified, strict=True) if old != new
    }


def fold(text: str) -> str:
    """The text as it is compared. Never raises."""
    if text.isascii():
        return text.lower()
    if _OTHER_LETTERS.search(text) and _LATIN.search(text):
        text = normalise(text).repaired
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_LETTERS)
    if _UNSPACED.search(plain):
        plain = plain.translate(_han())
    # Hangul was taken apart with the accents; some letters only show their capital's form once they are.
    return unicodedata.normalize("NFC", plain.casefold())


def words_of(folded: str) -> list[Word]:
    return [Word(found.group(), found.start(), found.end()) for found in _WORD.finditer(folded)]


def spellings(term: str) -> set[str]:
    """A term as it is compared, with umlauts written as two letters too."""
    lowered = unicodedata.normalize("NFC", term.casefold())
    return {fold(term), fold(lowered.translate(_UMLAUTS))}


class Terms(Generic[T]):
    """Terms, each standing for something, filed so that a text costs a few look-ups a word, however many terms there are."""

    def __init__(self, terms: Iterable[tuple[str, T]]) -> None:
        self._whole: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        self._beginning: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        self._within: dict[str, list[tuple[str, bool, T]]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}
        for term, meaning in terms:
            for spelling in spellings(term):
                self._file(spelling, meaning)
        self._of_word = lru_cache(maxsize=WORDS_REMEMBERED)(self._look_up)

    def _file(self, term: str, meaning: T) -> None:
        if _UNSPACED.search(term) or term.startswith("*"):
            bare = term.strip("*")
            anywhere = term.endswith("*") or not term.startswith("*")
            self._within.setdefault(bare[:2], []).append((bare, anywhere, meaning))
            return
        parts = tuple(term.split())
        for part in parts:
            if "#" in part:
                shape = re.escape(part.rstrip("*")).replace(r"\#", r"\d")
                self._patterns[part] = re.compile(shape + ("" if part.endswith("*") else r"\Z"))
        first = parts[0]
        literal = re.split(r"[*#]", first)[0]
        filed = self._whole if literal == first else self._beginning
        key = first if literal == first else literal[:KEYED]
        filed.setdefault(key, []).append((parts, meaning))

    def find(self, words: list[Word]) -> Iterator[tuple[T, Place]]:
        """(what it stands for, where) of each term in the words of a folded text."""
        for number, word in enumerate(words):
            alone, begun = self._of_word(word.text)
            start = word.start
            for meaning, first, last in alone:
                yield meaning, Place(start + first, start + last)
            for parts, meaning in begun:
                if self._matches(parts, words, number):
                    yield meaning, _place(parts, words, number)

    def _look_up(self, text: str) -> tuple[list[tuple[T, int, int]], list[tuple[tuple[str, ...], T]]]:
        """Of a word: (what it stands for alone, from where, to where) and the longer terms that may begin with it."""
        filed = [*self._whole.get(text, ())]
        for length in range(2, min(KEYED, len(text)) + 1):
            filed += self._beginning.get(text[:length], ())
        alone = [
            (meaning, 0, _known(parts[0], text))
            for parts, meaning in filed
            if len(parts) == 1 and self._fits(parts[0], text)
        ]
        begun = [
            (parts, meaning) for parts, meaning in filed if len(parts) > 1 and self._fits(parts[0], text)
        ]
        for at, sign in enumerate(text):
            for key in dict.fromkeys((sign, text[at : at + 2])):
                for term, anywhere, meaning in self._within.get(key, ()):
                    if text.startswith(term, at) and (anywhere or len(text) - at - len(term) <= ENDING):
                        alone.append((meaning, at, at + len(term)))
        runs = _SPACED_RUN.findall(text) if _UNSPACED.search(text) else ()
        for run in runs:
            # 'FPGA开发板' is one word only because nobody set a blank.
            within, at = self._of_word(run)[0], text.index(run)
            alone += ((meaning, at + first, at + last) for meaning, first, last in within)
        return alone, begun

    def _matches(self, parts: tuple[str, ...], words: list[Word], place: int) -> bool:
        if place + len(parts) > len(words):
            return False
        return all(self._fits(part, words[place + n].text) for n, part in enumerate(parts))

    def _fits(self, part: str, word: str) -> bool:
        pattern = self._patterns.get(part)
        if pattern is not None:
            return pattern.match(word) is not None
        return word.startswith(part[:-1]) if part.endswith("*") else word == part


def _place(parts: tuple[str, ...], words: list[Word], first: int) -> Place:
    """Of a beginning of a word only that much: what a compound goes on with may be another term."""
    last = words[first + len(parts) - 1]
    return Place(words[first].start, last.start + _known(parts[-1], last.text))


def _known(part: str, word: str) -> int:
    """Letters of a word that a part of a term names."""
    return len(part) - 1 if part.endswith("*") and "#" not in part else len(word)


def whole(place: Place, words: Iterable[Word]) -> Place:
    """A place to the end of its last word, as it is shown; of words written without spaces the term alone."""
    for word in words:
        if word.start < place.end <= word.end and not _UNSPACED.search(word.text):
            return Place(place.start, word.end)
    return place
