"""Places that stand in a firm's name: which words are a city or a country, and whether two names name the same."""

import csv
import io
from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from typing import Literal

from msgspec import Struct

from streams import tables
from streams.names.normalise import normalise

MOST_WORDS = 6
"""Words of the longest place, "dubai international financial centre" with what stands about it."""

PlaceAgreement = Literal["agrees", "differs", "unknown"]


class _PlacesFile(tables.Sourced, frozen=True):
    city_states: frozenset[str]
    before: tuple[str, ...]
    behind: tuple[str, ...]
    joined_by: frozenset[str]
    spellings: dict[str, str]
    codes: dict[str, str]
    short: dict[str, str]


class Places(Struct, frozen=True):
    """The gazetteer, ready to be asked. A place is "KG:bishkek", a country "KG"."""

    named: dict[tuple[str, ...], str]
    sure: frozenset[tuple[str, ...]]
    """of these, what is a place where no comma or bracket says so"""
    codes: dict[str, str]
    cities: dict[tuple[str, ...], str]
    """spellings of sure cities -> the one word for the city"""
    first: frozenset[str]
    """their first words"""
    last: frozenset[str]
    """words that a place may end with"""
    before: frozenset[tuple[str, ...]]
    behind: frozenset[tuple[str, ...]]
    joined_by: frozenset[str]
    city_states: frozenset[str]

    def at_end(self, tokens: Sequence[str], *, apart: bool) -> tuple[int, str] | None:
        """How many of the last words are a place, with what stands about it, and which. `apart`: a comma, a bracket or a legal
        form says that they are no part of the name; then it is a place whatever else it may be."""
        if not tokens or tokens[-1] not in self.last:
            return None
        size = len(tokens)
        end = size
        for words in (2, 1):
            if end > words and tuple(tokens[end - words : end]) in self.behind:
                end -= words
                break
        ends = (size, end) if end < size else (size,)
        for stop in ends:
            for start in range(max(0, stop - MOST_WORDS), stop):
                words_ = tuple(tokens[start:stop])
                found = self.named.get(words_)
                if found is None and apart and stop - start == 1:
                    found = self.codes.get(words_[0])
                if found is None or not (apart or words_ in self.sure):
                    continue
                opened = start
                while start and (
                    tuple(tokens[max(0, start - 2) : start]) in self.before
                    or (tokens[start - 1],) in self.before
                ):
                    start -= 1 if (tokens[start - 1],) in self.before else 2
                if start == opened and start and not apart and tokens[start - 1] in self.joined_by:
                    return None
                return size - start, found
        return None

    def whole(self, tokens: Sequence[str]) -> tuple[str, ...]:
        """The places that these words are, all of them; empty where a word is none."""
        found: list[str] = []
        rest = tuple(tokens)
        while rest:
            place = self.at_end(rest, apart=True)
            if place is None:
                return ()
            found.append(place[1])
            rest = rest[: len(rest) - place[0]]
        return tuple(found)

    def read(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """The words of a firm's name with each city in one word and one spelling, short forms too."""
        if self.first.isdisjoint(tokens):
            return tokens
        found: list[str] = []
        at = 0
        while at < len(tokens):
            for size in (3, 2, 1):
                city = self.cities.get(tokens[at : at + size]) if at + size <= len(tokens) else None
                if city is not None and size < len(tokens):
                    found.append(city)
                    at += size
                    break
            else:
                found.append(tokens[at])
                at += 1
        return tuple(found)


@cache
def places() -> Places:
    """The bundled table."""
    file = tables.load("streams.names", "places.toml", _PlacesFile)
    named: dict[tuple[str, ...], str] = {}
    sure: set[tuple[str, ...]] = set()
    for row in csv.DictReader(io.StringIO(tables.text("streams.names", "places.csv"))):
        place = f"{row['country']}:{row['city']}" if row["city"] else row["country"]
        for spelling in row["spellings"].split(";"):
            words = tuple(spelling.split())
            named[words] = place
            if row["sure"] == "1":
                sure.add(words)
    for spelling, place in file.spellings.items():
        words = normalise(spelling).tokens
        named[words] = place
        sure.add(words)
    cities = {words: city_word(named[words]) for words in sure if ":" in named[words]}
    cities |= {tuple(spelling.split()): city_word(place) for spelling, place in file.short.items()}
    # A city that is spelt as it is read needs no reading.
    cities = {words: city for words, city in cities.items() if words != (city,)}
    before = frozenset(tuple(text.split()) for text in file.before)
    behind = frozenset(tuple(text.split()) for text in file.behind)
    return Places(
        named=named,
        sure=frozenset(sure),
        codes=file.codes,
        cities=cities,
        first=frozenset(words[0] for words in cities),
        last=frozenset(words[-1] for words in (*named, *behind)) | file.codes.keys(),
        before=before,
        behind=behind,
        joined_by=file.joined_by,
        city_states=file.city_states,
    )


@lru_cache(maxsize=1 << 12)
def city_word(place: str) -> str:
    """One word for a place, however it is spelt and in however many words."""
    return place.rpartition(":")[2].replace(" ", "").lower()


def countries_of(named: Collection[str]) -> frozenset[str]:
    return frozenset(place[:2] for place in named)


def place_agreement(declared: Collection[str], listed: Collection[str]) -> PlaceAgreement:
    """Whether the places in two names are one: the same city, or a city and its country."""
    if not declared or not listed:
        return "unknown"
    shared = countries_of(declared) & countries_of(listed)
    if not shared:
        return "differs"
    ours, theirs = ({place for place in side if ":" in place} for side in (declared, listed))
    if not ours or not theirs or ours & theirs or shared & places().city_states:
        return "agrees"
    return "differs"
