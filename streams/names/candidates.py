"""Third stage, the names worth comparing: which listed words the words of a declared name meet, and which listed names hold
enough of those to be compared in full. Work is bounded; where a bound was met the answer says so.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from math import log
from typing import NamedTuple

from msgspec import Struct
from rapidfuzz import process
from rapidfuzz.distance import Indel

from streams.names.align import CUT_LENGTH, Pair
from streams.names.analyse import Analysed
from streams.names.meetings import Meeting, Meetings
from streams.names.pairs import (
    CUT_LIKENESS,
    GLUED_LEAST,
    GLUED_LIKENESS,
    discounted,
    initials,
    may_be_cut_off,
    telling_words,
)
from streams.names.similar import unwritten
from streams.names.tables import word_factor
from streams.names.vocabulary import Vocabulary

MAX_POSTINGS = 20_000
"""Listed names counted for one declared name before it is given up as too common (about 0.1 us each)."""

MAX_SCORED = 40
"""Listed names scored in full for one declared name, the most promising first (about 10 us each)."""

MAX_BEGINNINGS = 24
"""Listed names looked at of those that begin as the declared name does."""

ROUGH = 0.25
"""Part of the weight of two names together (half is all) from which a listed name with initials is compared; a declared one
with initials always is: its letters are not alike."""

ENOUGH = 0.48
"""The same from which two names are compared in full, whatever their letters."""

LETTERS, LETTERS_FOR_WORDS = 1.15, 1.5
"""With less, the letters must be alike, so much and so much less for the weight that has met. Measured on 20,274 pairs of both
halves of the bench and of clean parties: of those that shared a word, 4 in 100 of the clean are compared in full, and 2 of 1,466
are lost that score 0.5 or more, none of those that are hits."""

BESIDE_THE_BEST = 0.5
"""Names with less than this part of what the best has are not compared: the best is a hit, or nothing is."""

BESIDE_WITH_INITIALS = 0.3
"""The same where the declared name has initials: what they stand for is not counted before the comparison."""

LEAST_ROUGH = 0.15
"""Below this part no letters are looked at."""

REMEMBERED_REACH = 100_000
"""Names reached that are remembered of words searched before, all words together: some 10 MB."""

_UNSEEN_WEIGHT = 0.9
"""Weight of a word that is on no list: about that of a word listed five times."""


class IndexedName(Struct, frozen=True, gc=False):
    """A listed name as the index holds it."""

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


class _Reach(NamedTuple):
    """The listed names that a word reaches."""

    most: float
    """the highest worth among them"""
    worth: dict[int, float]
    """place of a name -> weight of what the word meets in it"""
    looked_at: int


def _names_reached(reach: _Reach) -> int:
    return len(reach.worth)


class Candidates:
    """The names of an index by their words. Never changed after it is made."""

    def __init__(self, names: tuple[IndexedName, ...], vocabulary: Vocabulary, entries: int) -> None:
        self._names = names
        self._vocabulary = vocabulary
        self._weights = array("d")
        self._postings: tuple[tuple[int, ...], ...] = ()
        """word number -> places of the names that hold it"""
        self._reaches: dict[str, _Reach] = {}
        self._remembered = 0
        self._weigh(entries)
        self._totals = array(
            "d", (sum(discounted(name.analysed, self.listed_weights(name))) for name in names)
        )
        # What is read before a name is compared, side by side: following its objects takes longer than the comparison.
        self._letters = tuple(
            (name.analysed.sorted_letters, name.analysed.letters, name.analysed.has_initials)
            for name in names
        )
        self._beginnings = tuple(sorted((name.analysed.letters, place) for place, name in enumerate(names)))

    def _weigh(self, every_entry: int) -> None:
        size = len(self._vocabulary.words)
        holders: list[list[int]] = [[] for _ in range(size)]
        entries = array("l", bytes(8 * size))
        last = array("l", [-1]) * size
        for place, name in enumerate(self._names):
            for number in {*name.numbers, *name.glued}:
                if number < 0:
                    continue
                holders[number].append(place)
                if last[number] != name.entry:
                    last[number] = name.entry
                    entries[number] += 1
        every = log(1 + every_entry) or 1.0
        # The square root keeps a frequent surname from weighing next to nothing beside a rare given name.
        self._weights = array(
            "d",
            (
                max(0.05, log((1 + every_entry) / count) / every) ** 0.7 * word_factor(word) if count else 0.0
                for word, count in zip(self._vocabulary.words, entries, strict=True)
            ),
        )
        self._postings = tuple(map(tuple, holders))

    def listed_weights(self, name: IndexedName) -> list[float]:
        weights = self._weights
        return [weights[number] for number in name.numbers]

    def meetings(self, declared: Analysed) -> Meetings:
        """Which listed words each word of the name is, or resembles."""
        vocabulary = self._vocabulary
        weights: list[float] = []
        every: list[Sequence[tuple[int, float]]] = []
        degraded = False
        known_words = 0
        tokens = declared.tokens
        plain = not (declared.ideographs or declared.few_vowels)
        for place, token in enumerate(tokens):
            alike, met_bound = vocabulary.similar(token)
            degraded |= met_bound
            own = vocabulary.number.get(token)
            if own is not None and own < vocabulary.whole:
                weights.append(self._weights[own])
                known_words |= 1 << place
            elif alike:
                weights.append(
                    min(declared.factors[place], max(self._weights[number] for number, _ in alike[:4]))
                )
            else:
                weights.append(_UNSEEN_WEIGHT * declared.factors[place])
            if declared.ideographs:
                # Syllables of Chinese characters are exact; another syllable is another character.
                alike = tuple(item for item in alike if item[1] >= 0.95)
            if declared.few_vowels:
                alike = tuple((number, unwritten(likeness)) for number, likeness in alike)
            every.append(alike)
        others: list[tuple[int, Meeting]] = []
        last = len(tokens) - 1
        if may_be_cut_off(declared):
            others += [
                (number, (1 << last, CUT_LIKENESS, "cut")) for number in vocabulary.begun_by(tokens[last])
            ]
        for place in range(last):
            if len(tokens[place]) + len(tokens[place + 1]) > 4:
                for number, likeness in vocabulary.similar_glued(tokens[place], tokens[place + 1]):
                    others.append((number, (3 << place, likeness * GLUED_LIKENESS, "glued")))
        return Meetings(every, weights, known_words, plain, degraded, others)

    def worth_comparing(
        self, declared: Analysed, meetings: Meetings, threshold: float
    ) -> tuple[list[int], bool]:
        """Places of the names worth scoring, the most promising first."""
        own = discounted(declared, meetings.weights)
        total = sum(own)
        met, degraded = self._met(declared, meetings, telling_words(own), total)
        # No listed name weighs less than what has met of it, so those below fall short whatever they weigh.
        floor = total * LEAST_ROUGH / (1.0 - LEAST_ROUGH)
        totals = self._totals
        ranked = [(worth / (total + totals[place]), place) for place, worth in met.items() if worth >= floor]
        if not ranked:
            return self._beginning_so(declared.letters, set()), degraded
        asked = threshold >= LEAST_ROUGH
        beside = BESIDE_WITH_INITIALS if declared.has_initials else BESIDE_THE_BEST
        if asked:
            least = max(max(ranked)[0] * beside, LEAST_ROUGH)
            ranked = [item for item in ranked if item[0] >= least]
        ranked.sort(reverse=True)
        del ranked[MAX_SCORED:]
        best = self._promising(declared, ranked) if asked else [place for _, place in ranked]
        return [*self._beginning_so(declared.letters, set(best)), *best], degraded

    def _met(
        self, declared: Analysed, meetings: Meetings, heavy: int, total: float
    ) -> tuple[dict[int, float], bool]:
        """Place of a name -> weight of what the heavy words meet in it, of all that may be worth comparing."""
        reaches = [
            self._reach(token, meetings.alike[place], meetings.plain)
            for place, token in enumerate(declared.tokens)
            if heavy >> place & 1 and meetings.alike[place]
        ]
        for number, (mask, likeness, _) in meetings.others:
            if mask & heavy:
                reaches.append(self._reach_of([(number, likeness)]))
        if len(reaches) == 1:
            return reaches[0].worth, reaches[0].looked_at > MAX_POSTINGS
        reaches.sort(key=_names_reached)
        left = sum(reach.most for reach in reaches)
        floor = total * LEAST_ROUGH / (1.0 - LEAST_ROUGH)
        met: dict[int, float] = {}
        get = met.get
        looked_at = 0
        for reach in reaches:
            if left < floor:
                # What is met by this and the rest alone falls short.
                worth = reach.worth.get
                for place in met:
                    met[place] += worth(place, 0.0)
            elif met:
                for place, worth_there in reach.worth.items():
                    met[place] = get(place, 0.0) + worth_there
            else:
                met = reach.worth.copy()
                get = met.get
            left -= reach.most
            looked_at += reach.looked_at
            if looked_at > MAX_POSTINGS:
                return met, True
        return met, False

    def _reach(self, token: str, alike: Sequence[tuple[int, float]], plain: bool) -> _Reach:
        if not plain:
            return self._reach_of(alike)
        known = self._reaches.get(token)
        if known is None:
            known = self._reach_of(alike)
            self._remembered += len(known.worth)
            if self._remembered > REMEMBERED_REACH:
                self._reaches, self._remembered = {}, len(known.worth)
            self._reaches[token] = known
        return known

    def _reach_of(self, alike: Sequence[tuple[int, float]]) -> _Reach:
        weights, postings = self._weights, self._postings
        worth: dict[int, float] = {}
        get = worth.get
        most = 0.0
        looked_at = 0
        for number, likeness in alike:
            looked_at += len(postings[number])
            if looked_at > MAX_POSTINGS:
                break
            here = likeness * weights[number]
            if here > most:
                most = here
            for place in postings[number]:
                worth[place] = get(place, 0.0) + here
        return _Reach(max(most, max(worth.values(), default=0.0)), worth, looked_at)

    def forget(self) -> None:
        """Empties what is remembered of words searched before, for a measurement."""
        self._reaches, self._remembered = {}, 0

    def _promising(self, declared: Analysed, ranked: list[tuple[float, int]]) -> list[int]:
        """Those whose full comparison may end well: the less weight has met, the more alike the letters must be."""
        sorted_letters, letters, has_initials = (
            declared.sorted_letters,
            declared.letters,
            declared.has_initials,
        )
        alike, known = Indel.normalized_similarity, self._letters
        found: list[int] = []
        for rough, place in ranked:
            if rough < ENOUGH:
                their_sorted, theirs, their_initials = known[place]
                if not (has_initials or (their_initials and rough >= ROUGH)):
                    least = LETTERS - LETTERS_FOR_WORDS * rough
                    if not (
                        alike(sorted_letters, their_sorted, score_cutoff=least)
                        or alike(letters, theirs, score_cutoff=least)
                    ):
                        continue
            found.append(place)
        return found

    def _beginning_so(self, letters: str, known: set[int]) -> list[int]:
        """Names that the declared one is the beginning of, or that are it with other spaces."""
        place = bisect_left(self._beginnings, (letters, -1))
        found: list[int] = []
        for text, name in self._beginnings[place : place + MAX_BEGINNINGS]:
            if not text.startswith(letters) or (len(letters) < CUT_LENGTH and text != letters):
                break
            if name not in known:
                found.append(name)
        return found

    def nearest(self, declared: Analysed) -> list[tuple[int, float]]:
        """The names most alike by their letters, best first, with how alike (0..1): a scan of all, some 10 ms."""
        found = process.extract(
            declared.letters,
            [letters for letters, _ in self._beginnings],
            scorer=Indel.normalized_similarity,
            limit=MAX_SCORED,
        )
        return [(self._beginnings[at][1], alike) for _, alike, at in found]

    def pairs(self, declared: Analysed, meetings: Meetings, name: IndexedName) -> list[Pair]:
        """Every meeting of the declared name's words with this listed name's."""
        listed_weights = self.listed_weights(name)
        met_by = meetings.by_word()
        pairs: list[Pair] = []
        for place, number in enumerate(name.numbers):
            for mask, likeness, how in met_by.get(number, ()):
                weight = listed_weights[place]
                pairs.append(Pair(weight * likeness, mask, 1 << place, weight, likeness, how))
        for place, number in enumerate(name.glued):
            for mask, likeness, how in met_by.get(number, ()) if number >= 0 else ():
                # Two words against two words are two pairs; and glued words must be alike to the letter or the sound.
                if how in ("same", "similar") and likeness >= GLUED_LEAST:
                    weight = listed_weights[place] + listed_weights[place + 1]
                    likeness *= GLUED_LIKENESS
                    pairs.append(Pair(weight * likeness, mask, 3 << place, weight, likeness, "glued"))
        return pairs + initials(declared, meetings.weights, name.analysed, listed_weights)
