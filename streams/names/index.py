"""Third stage: an index over every name of a watchlist, and the search that runs all stages.

A search looks only at names that share one of the declared name's telling words (or a word similar to it): a name that
shares none of them cannot reach a score worth reporting. Work per name is bounded; where a bound was met the result says
`degraded`, so that a skipped comparison is never silent.
"""

from array import array
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from heapq import nlargest
from itertools import pairwise
from math import log

from msgspec import Struct, structs

from streams.names.analyse import Analysed, NameType, analyse, parts_of_field
from streams.names.corroborate import Agreement, corroborated, country_agreement, types_differ
from streams.names.explain import explain
from streams.names.listed import Listed
from streams.names.pairs import (
    CUT_LIKENESS,
    GLUED_LEAST,
    GLUED_LIKENESS,
    discounted,
    initials,
    may_be_cut_off,
    telling_words,
)
from streams.names.result import NameHit, NameSearch
from streams.names.score import Pair, Scored, defaults, score
from streams.names.vocabulary import Vocabulary

DEFAULT_THRESHOLD = defaults().threshold
"""Measured; the reason is in defaults.toml."""

CACHED_NAMES = 50_000
"""Results remembered; a worker sees the same few thousand parties again and again. About 1 KB each."""

MAX_POSTINGS = 20_000
"""Listed names counted for one declared name before it is given up as too common (about 0.1 us each)."""

MAX_SCORED = 40
"""Listed names scored in full for one declared name, the most promising first (about 10 us each)."""

_UNSEEN_WEIGHT = 0.9
"""Weight of a word that is on no list: about that of a word listed five times."""


class _Name(Struct, frozen=True):
    text: str
    entry: int
    weak: bool
    analysed: Analysed
    numbers: tuple[int, ...]
    """word numbers"""
    whole: bool
    """False for a listed name without what it has in brackets"""
    glued: tuple[int, ...]
    """numbers of each two neighbours written as one"""
    total: float = 0.0


class NameIndex:
    """Never changed after `build`; safe to read from several threads."""

    def __init__(self) -> None:
        self.entries: tuple[Listed, ...] = ()
        self.names: list[_Name] = []
        self._vocabulary = Vocabulary()
        self._weights = array("d")
        self._starts = array("l")
        self._postings = array("l")
        self._cache: OrderedDict[tuple[str, str | None, str | None, float, int], NameSearch] = OrderedDict()

    @classmethod
    def build(cls, entries: Iterable[Listed]) -> "NameIndex":
        """Indexes every name, alias and original-script name of every entry."""
        index = cls()
        # Loads what reads other scripts (0.2 s once), so that no search has to.
        analyse("\u534e\u4e3a \u0645 \uae40")
        index.entries = tuple(entries)
        drafts: list[tuple[str, int, bool, Analysed, bool]] = []
        vocabulary = index._vocabulary
        for number, entry in enumerate(index.entries):
            seen: set[tuple[tuple[str, ...], frozenset[str], str]] = set()
            for weak, texts in ((False, entry.names), (True, entry.weak_names)):
                for text in texts:
                    for place, part in enumerate(_listed_parts(text)):
                        analysed = analyse(part, entry.type)
                        identity = (analysed.tokens, analysed.legal, analysed.ideographs)
                        if analysed.tokens and identity not in seen:
                            seen.add(identity)
                            drafts.append((text, number, weak, analysed, place == 0))
        for _, _, _, analysed, _ in drafts:
            for token in analysed.tokens:
                vocabulary.add(token)
        whole = len(vocabulary.words)
        for text, number, weak, analysed, whole_name in drafts:
            tokens = analysed.tokens
            glued = tuple(
                vocabulary.add(first + second) if len(first) + len(second) > 4 else -1
                for first, second in pairwise(tokens)
            )
            numbers = tuple(vocabulary.number[token] for token in tokens)
            index.names.append(_Name(text, number, weak, analysed, numbers, whole_name, glued))
        vocabulary.freeze(whole)
        index._weigh()
        return index

    def _weigh(self) -> None:
        size = len(self._vocabulary.words)
        holders: list[list[int]] = [[] for _ in range(size)]
        entries = array("l", bytes(8 * size))
        last = array("l", [-1]) * size
        for place, name in enumerate(self.names):
            for number in {*name.numbers, *name.glued}:
                if number < 0:
                    continue
                holders[number].append(place)
                if last[number] != name.entry:
                    last[number] = name.entry
                    entries[number] += 1
        every = log(1 + len(self.entries)) or 1.0
        # The square root keeps a frequent surname from weighing next to nothing beside a rare given name.
        self._weights = array(
            "d",
            (
                max(0.05, log((1 + len(self.entries)) / count) / every) ** 0.7 if count else 0.0
                for count in entries
            ),
        )
        self._starts = array("l", [0])
        for places in holders:
            self._postings.extend(places)
            self._starts.append(len(self._postings))
        for place, name in enumerate(self.names):
            total = discounted(name.analysed, self._listed_weights(name))
            self.names[place] = structs.replace(name, total=total)

    def _listed_weights(self, name: _Name) -> list[float]:
        weights = self._weights
        return [
            weights[number] * factor
            for number, factor in zip(name.numbers, name.analysed.factors, strict=True)
        ]

    def search(
        self,
        name: str,
        *,
        type: NameType | None = None,
        country: str | None = None,
        threshold: float | None = None,
        limit: int = 5,
    ) -> NameSearch:
        """The entries whose names come nearest, best first, at or above the threshold.

        `type` and `country` (alpha-2) of the party, where known, corroborate. Threshold 0 gives the best candidates
        whatever their score. Never raises for any string.
        """
        wanted = DEFAULT_THRESHOLD if threshold is None else threshold
        key = (name, type, country, wanted, limit)
        known = self._cache.get(key)
        if known is not None:
            return known
        found = self._search(name, type, country, wanted, limit)
        if len(self._cache) >= CACHED_NAMES:
            with suppress(KeyError):  # emptied by another thread
                self._cache.popitem(last=False)
        self._cache[key] = found
        return found

    def _search(
        self, text: str, type: NameType | None, country: str | None, threshold: float, limit: int
    ) -> NameSearch:
        best: dict[int, tuple[float, Analysed, _Name, Scored, Agreement]] = {}
        evasion: tuple[str, ...] = ()
        degraded = placeholder = readable = False
        figures = defaults().score
        for position, part in enumerate(parts_of_field(text[:2000])):
            analysed = analyse(part, type or "unknown")
            if position == 0:
                evasion, placeholder = analysed.evasion, analysed.placeholder
            degraded |= analysed.degraded
            if not analysed.tokens:
                continue
            readable = True
            scored, met_bound = self._score_all(analysed, threshold)
            degraded |= met_bound
            for place, result in scored:
                name = self.names[place]
                entry = self.entries[name.entry]
                agreement = country_agreement(country, entry.countries)
                value = corroborated(
                    result.score,
                    country=agreement,
                    types=types_differ(type, entry.type),
                    slight=result.needs_corroboration,
                    weak=name.weak,
                    figures=figures,
                )
                if position or not name.whole:
                    value = min(value, figures.not_the_same)
                kept = best.get(name.entry)
                if value >= threshold and (kept is None or value > kept[0]):
                    best[name.entry] = (value, analysed, name, result, agreement)
        degraded |= len(text) > 2000
        ranked = nlargest(limit, best.items(), key=lambda item: (item[1][0], -item[0]))
        return NameSearch(
            hits=tuple(self._hit(*found) for _, found in ranked),
            more=len(best) - len(ranked),
            degraded=degraded,
            evasion=evasion,
            placeholder=placeholder,
            readable=readable,
        )

    def _hit(
        self, value: float, declared: Analysed, name: _Name, result: Scored, agreement: Agreement
    ) -> NameHit:
        entry = self.entries[name.entry]
        return NameHit(
            list=entry.list,
            entry=entry.id,
            name=name.text,
            score=round(value, 4),
            explanation=explain(declared, name.analysed, result.pairs),
            primary=entry.names[0],
            type=entry.type,
            country=agreement,
            weak=name.weak,
            number=name.entry,
        )

    def _score_all(self, declared: Analysed, threshold: float) -> tuple[list[tuple[int, Scored]], bool]:
        meetings, weights, degraded = self._meetings(declared)
        places, met_bound = self._candidates(declared, meetings, weights, threshold)
        return [
            (place, self._score(declared, weights, meetings, self.names[place])) for place in places
        ], degraded or met_bound

    def _meetings(
        self, declared: Analysed
    ) -> tuple[dict[int, list[tuple[int, float, str]]], list[float], bool]:
        """word number -> (declared places, likeness, how) for every listed word a declared word can meet."""
        vocabulary = self._vocabulary
        meetings: dict[int, list[tuple[int, float, str]]] = {}
        weights: list[float] = []
        degraded = False
        tokens = declared.tokens
        # Syllables of Chinese characters are exact; another syllable is another character.
        least = 0.95 if declared.ideographs else 0.0
        for place, token in enumerate(tokens):
            alike, met_bound = vocabulary.similar(token)
            degraded |= met_bound
            for number, likeness in alike:
                if likeness < least:
                    break
                how = "same" if likeness == 1.0 else "similar"
                meetings.setdefault(number, []).append((1 << place, likeness, how))
            own = vocabulary.number.get(token)
            if own is not None and self._weights[own]:
                weight = self._weights[own]
            elif alike:
                weight = max(self._weights[number] for number, _ in alike[:4])
            else:
                weight = _UNSEEN_WEIGHT
            weights.append(weight * declared.factors[place])
        last = len(tokens) - 1
        if may_be_cut_off(declared):
            for number in vocabulary.begun_by(tokens[last]):
                meetings.setdefault(number, []).append((1 << last, CUT_LIKENESS, "cut"))
        for place in range(last):
            if len(tokens[place]) + len(tokens[place + 1]) > 4:
                for number, likeness in vocabulary.similar_glued(tokens[place] + tokens[place + 1]):
                    meetings.setdefault(number, []).append((3 << place, likeness * GLUED_LIKENESS, "glued"))
        return meetings, weights, degraded

    def _candidates(
        self,
        declared: Analysed,
        meetings: dict[int, list[tuple[int, float, str]]],
        weights: list[float],
        threshold: float,
    ) -> tuple[list[int], bool]:
        """Places of the names worth scoring, the most promising first."""
        heavy = telling_words(declared, weights, threshold)
        telling: list[tuple[float, int]] = []
        worth: dict[int, float] = {}
        for number, met in meetings.items():
            likeness = max(likeness for _, likeness, _ in met)
            worth[number] = likeness * self._weights[number]
            if any(mask & heavy for mask, _, _ in met):
                telling.append((likeness, number))
        telling.sort(reverse=True)
        starts, postings = self._starts, self._postings
        found: set[int] = set()
        degraded = False
        for _, number in telling:
            start, end = starts[number], starts[number + 1]
            if len(found) + end - start > MAX_POSTINGS:
                degraded = True
                continue
            found.update(postings[start:end])
        total = discounted(declared, weights)
        names = self.names
        # The rough score knows nothing of initials.
        floor = threshold * (0.75 if all(len(token) > 1 for token in declared.tokens) else 0.5)
        ranked: list[tuple[float, int]] = []
        get = worth.get
        for place in found:
            name = names[place]
            shared = 0.0
            for number in name.numbers:
                shared += get(number, 0.0)
            for number in name.glued:
                shared += get(number, 0.0)
            rough = 2 * shared / (total + name.total)
            if rough >= floor:
                ranked.append((rough, place))
        return [place for _, place in nlargest(MAX_SCORED, ranked)], degraded

    def _score(
        self,
        declared: Analysed,
        weights: list[float],
        meetings: dict[int, list[tuple[int, float, str]]],
        name: _Name,
    ) -> Scored:
        listed_weights = self._listed_weights(name)
        pairs: list[Pair] = []
        for place, number in enumerate(name.numbers):
            for mask, likeness, how in meetings.get(number, ()):
                weight = listed_weights[place]
                pairs.append(Pair(weight * likeness, mask, 1 << place, weight, likeness, how))
        for place, number in enumerate(name.glued):
            for mask, likeness, how in meetings.get(number, ()) if number >= 0 else ():
                # Two words against two words are two pairs; and glued words must be alike to the letter or the sound.
                if how in ("same", "similar") and likeness >= GLUED_LEAST:
                    weight = listed_weights[place] + listed_weights[place + 1]
                    likeness *= GLUED_LIKENESS
                    pairs.append(Pair(weight * likeness, mask, 3 << place, weight, likeness, "glued"))
        pairs += initials(declared, weights, name.analysed, listed_weights)
        return score(declared, name.analysed, weights, listed_weights, pairs)


def _listed_parts(text: str) -> list[str]:
    """A listed name, and it without an abbreviation in brackets."""
    parts = parts_of_field(text) if "(" in text else [text]
    return parts[:2]
