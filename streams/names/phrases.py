"""Words and phrases looked for in free text without a regular expression for each.

A phrase is consecutive words; a word ending in * is the beginning of a word. Chinese and Japanese are written without
spaces, so a phrase in them is looked for anywhere.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

_words = re.compile(r"[^\W_]+").findall
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")

T = TypeVar("T")


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case, without punctuation."""
    return _words(text.casefold())


class Phrases(Generic[T]):
    """Phrases, each standing for something. Filed by the first two letters of their first word."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._spaced: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        self._unspaced: list[tuple[str, T]] = []
        for phrase, meaning in phrases:
            if _UNSPACED.search(phrase):
                self._unspaced.append((phrase.casefold().rstrip("*"), meaning))
            else:
                parts = tuple(phrase.casefold().split())
                self._spaced.setdefault(parts[0][:2], []).append((parts, meaning))

    def find(self, text: str, words: list[str]) -> Iterator[tuple[T, int, str]]:
        """(what it stands for, place of its first word or -1, the words as written) of each phrase in a text. `words` are
        those of the text."""
        for place, word in enumerate(words):
            for parts, meaning in self._spaced.get(word[:2], ()):
                if matches(parts, words, place):
                    yield meaning, place, " ".join(words[place : place + len(parts)])
        if self._unspaced and not text.isascii():
            lowered = text.casefold()
            for phrase, meaning in self._unspaced:
                if phrase in lowered:
                    yield meaning, -1, phrase


def matches(parts: tuple[str, ...], words: list[str], place: int) -> bool:
    """Whether the phrase stands at a place."""
    if place + len(parts) > len(words):
        return False
    return all(
        words[place + n].startswith(part[:-1]) if part.endswith("*") else words[place + n] == part
        for n, part in enumerate(parts)
    )
