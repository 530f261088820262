"""An index over every name of a watchlist, and the search that runs all stages.

A search looks only at names that share one of the declared name's telling words (or a word similar to it): a name that
shares none of them cannot reach a score worth reporting. Work per name is bounded; where a bound was met the result says
`degraded`, so that a skipped comparison is never silent.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable
from contextlib import suppress
from heapq import nlargest
from itertools import pairwise

from streams.names.analyse import Analysed, NameType, analyse
from streams.names.candidates import Candidates, IndexedName
from streams.names.corroborate import Agreement, corroborated, country_agreement, types_differ
from streams.names.explain import explain
from streams.names.fields import names_of_field, parts_of_field
from streams.names.figures import defaults
from streams.names.listed import Listed
from streams.names.meetings import Meetings
from streams.names.pairs import all_pairs
from streams.names.places import countries_of
from streams.names.result import NameHit, NameSearch
from streams.names.score import Scored, score
from streams.names.similar import forget
from streams.names.vocabulary import Vocabulary

DEFAULT_THRESHOLD = defaults().threshold
"""Measured; the reason is in defaults.toml."""

CACHED_NAMES = 50_000
"""Results remembered; a worker sees the same few thousand parties again and again. About 1 KB each."""

NO_WORD_MET = 0.05
"""Highest score of names no word of which meets; they rank by their letters."""


LEAST_OF_A_FIT = 0.2
"""Threshold for which names are compared of which the weights are fitted: far below any that is used."""


class NameIndex:
    """Never changed after `build`; safe to read from several threads."""

    def __init__(self) -> None:
        self.entries: tuple[Listed, ...] = ()
        self.names: tuple[IndexedName, ...] = ()
        self._vocabulary = Vocabulary()
        self._candidates = Candidates((), self._vocabulary, 0)
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
        whole = len(vocabulary.number)
        names: list[IndexedName] = []
        for text, number, weak, analysed, whole_name in drafts:
            tokens = analysed.tokens
            glued = tuple(
                vocabulary.add(first + second) if len(first) + len(second) > 4 else -1
                for first, second in pairwise(tokens)
            )
            numbers = tuple(vocabulary.number[token] for token in tokens)
            names.append(IndexedName(text, number, weak, analysed, numbers, whole_name, glued))
        index.names = tuple(names)
        vocabulary.freeze(whole)
        index._candidates = Candidates(index.names, vocabulary, len(index.entries))
        forget()
        return index

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

    def scan(self, name: str, threshold: float, entries: Collection[int] | None = None) -> bool:
        """Whether a listed name (of these entries) scores so, every one compared word by word: what the search is measured
        by. Without country or kind."""
        analysed = analyse(name)
        if not analysed.tokens:
            return False
        meetings = self._candidates.meetings(analysed)
        weights, known = meetings.weights, meetings.known_words
        for listed in self.names:
            if entries is None or listed.entry in entries:
                theirs = self._candidates.listed_weights(listed)
                pairs = all_pairs(analysed, listed.analysed, weights, theirs)
                found = score(analysed, listed.analysed, weights, theirs, pairs, known)
                value = corroborated(
                    found.score,
                    firm=found.firm,
                    country="unknown",
                    types=False,
                    slight=found.needs_corroboration,
                    weak=listed.weak,
                    figures=defaults().score,
                )
                if value >= threshold:
                    return True
        return False

    def compared(self, name: str, type: NameType | None = None) -> list[tuple[IndexedName, Scored]]:
        """The listed names that a search compares in full, with their scores before country and kind: for a fit."""
        analysed = analyse(name, type or "unknown")
        if not analysed.tokens:
            return []
        scored, _ = self._score_all(analysed, LEAST_OF_A_FIT)
        return [(self.names[place], found) for place, found in scored]

    def forget(self) -> None:
        """Empties what is remembered of names and words searched before, for a measurement."""
        self._cache.clear()
        self._vocabulary.forget()
        self._candidates.forget()

    def _search(
        self, text: str, type: NameType | None, country: str | None, threshold: float, limit: int
    ) -> NameSearch:
        best: dict[int, tuple[float, Analysed, IndexedName, Scored, Agreement]] = {}
        evasion: tuple[str, ...] = ()
        degraded = placeholder = readable = False
        figures = defaults().score
        for position, part in enumerate(names_of_field(text[:2000])):
            analysed = analyse(part.text, "person" if part.person else type or "unknown")
            if position == 0:
                evasion, placeholder = analysed.evasion, analysed.placeholder
            degraded |= analysed.degraded
            if not analysed.tokens:
                continue
            readable = True
            # A sole trader is a person; the city in a name says the country where nothing else does.
            kind = "person" if analysed.sole or part.person else type
            said = countries_of(analysed.places)
            where = country or (min(said) if len(said) == 1 else None)
            scored, met_bound = self._score_all(analysed, threshold)
            degraded |= met_bound
            for place, result in scored:
                name = self.names[place]
                entry = self.entries[name.entry]
                if part.person and entry.type != "person":
                    continue
                agreement = country_agreement(where, entry.countries)
                value = corroborated(
                    result.score,
                    firm=result.firm,
                    country=agreement,
                    types=types_differ(kind, entry.type),
                    slight=result.needs_corroboration,
                    weak=name.weak,
                    figures=figures,
                )
                if part.aside:
                    value *= figures.aside
                elif position or not name.whole:
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
        self, value: float, declared: Analysed, name: IndexedName, result: Scored, agreement: Agreement
    ) -> NameHit:
        entry = self.entries[name.entry]
        return NameHit(
            list=entry.list,
            entry=entry.id,
            name=name.text,
            score=round(value, 4),
            explanation=explain(declared, name.analysed, result.pairs, agreement),
            primary=entry.names[0],
            type=entry.type,
            country=agreement,
            weak=name.weak,
            number=name.entry,
        )

    def _score_all(self, declared: Analysed, threshold: float) -> tuple[list[tuple[int, Scored]], bool]:
        candidates = self._candidates
        meetings = candidates.meetings(declared)
        places, met_bound = candidates.worth_comparing(declared, meetings, threshold)
        scored = [(place, self._compare(declared, meetings, place)) for place in places]
        if not scored and threshold <= 0.0:
            # No word resembles a listed one, and the best candidates are asked for all the same.
            for place, alike in candidates.nearest(declared):
                result = self._compare(declared, meetings, place)
                scored.append((place, result if result.pairs else Scored(NO_WORD_MET * alike, (), False)))
        return scored, meetings.degraded or met_bound

    def _compare(self, declared: Analysed, meetings: Meetings, place: int) -> Scored:
        name = self.names[place]
        return score(
            declared,
            name.analysed,
            meetings.weights,
            self._candidates.listed_weights(name),
            self._candidates.pairs(declared, meetings, name),
            meetings.known_words,
        )


def _listed_parts(text: str) -> list[str]:
    """A listed name, and it without an abbreviation in brackets."""
    return [part.text for part in parts_of_field(text)[:2]] if "(" in text else [text]
