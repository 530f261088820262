"""Third stage, the names worth comparing: which listed words the words of a declared name meet, and which listed names hold
enough of those to be compared in full. Work is bounded; where a bound was met the answer says so.
"""

from array import array
from bisect import bisect_left
from math import log
from typing import NamedTuple

from msgspec import Struct
from rapidfuzz import process
from rapidfuzz.distance import Indel

from streams.names.align import CUT_LENGTH, Pair
from streams.names.analyse import Analysed, word_factor
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

ENOUGH = 0.45
"""The same from which two names are compared in full, whatever their letters."""

LETTERS, LETTERS_FOR_WORDS = 1.1, 1.8
"""With less, the letters must be alike, so much and so much less for the weight that has met. Measured (both halves of
the bench): passes 0.6 of the pairs, and all but 1 in 1,000 of those that score 0.8 or more."""

BESIDE_THE_BEST = 0.5
"""Names with less than this part of what the best has are not compared: the best is a hit, or nothing is."""

BESIDE_WITH_INITIALS = 0.3
"""The same where the declared name has initials: what they stand for is not counted before the comparison."""

LEAST_ROUGH = 0.15
"""Below this part no letters are looked at."""

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


class Meetings(NamedTuple):
    """What the words of a declared name meet on the list."""

    by_word: dict[int, list[tuple[int, float, str]]]
    """word number -> (declared places, likeness, how)"""
    weights: list[float]
    """of the declared words"""
    known_words: int
    """bit set of the declared words that are on the list as they stand"""
    degraded: bool


class Candidates:
    """The names of an index by their words. Never changed after it is made."""

    def __init__(self, names: tuple[IndexedName, ...], vocabulary: Vocabulary, entries: int) -> None:
        self._names = names
        self._vocabulary = vocabulary
        self._weights = array("d")
        self._postings: tuple[tuple[int, ...], ...] = ()
        """word number -> places of the names that hold it"""
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
        meetings: dict[int, list[tuple[int, float, str]]] = {}
        weights: list[float] = []
        degraded = False
        known_words = 0
        tokens = declared.tokens
        # Syllables of Chinese characters are exact; another syllable is another character.
        least = 0.95 if declared.ideographs else 0.0
        for place, token in enumerate(tokens):
            alike, met_bound = vocabulary.similar(token)
            degraded |= met_bound
            bit = 1 << place
            for number, likeness in alike:
                if likeness < least:
                    break
                if declared.few_vowels:
                    likeness = unwritten(likeness)
                met = (bit, likeness, "same" if likeness == 1.0 else "similar")
                if number in meetings:
                    meetings[number].append(met)
                else:
                    meetings[number] = [met]
            own = vocabulary.number.get(token)
            if own is not None and own < vocabulary.whole:
                weights.append(self._weights[own])
                known_words |= bit
            elif alike:
                weights.append(
                    min(declared.factors[place], max(self._weights[number] for number, _ in alike[:4]))
                )
            else:
                weights.append(_UNSEEN_WEIGHT * declared.factors[place])
        last = len(tokens) - 1
        if may_be_cut_off(declared):
            for number in vocabulary.begun_by(tokens[last]):
                meetings.setdefault(number, []).append((1 << last, CUT_LIKENESS, "cut"))
        for place in range(last):
            if len(tokens[place]) + len(tokens[place + 1]) > 4:
                for number, likeness in vocabulary.similar_glued(tokens[place] + tokens[place + 1]):
                    meetings.setdefault(number, []).append((3 << place, likeness * GLUED_LIKENESS, "glued"))
        return Meetings(meetings, weights, known_words, degraded)

    def worth_comparing(
        self, declared: Analysed, meetings: Meetings, threshold: float
    ) -> tuple[list[int], bool]:
        """Places of the names worth scoring, the most promising first."""
        own = discounted(declared, meetings.weights)
        total = sum(own)
        heavy = telling_words(own)
        telling: list[tuple[float, int]] = []
        for number, met in meetings.by_word.items():
            if len(met) == 1:
                mask, likeness, _ = met[0]
            else:
                mask, likeness = 0, 0.0
                for other_mask, other, _ in met:
                    mask |= other_mask
                    likeness = max(likeness, other)
            if mask & heavy:
                telling.append((likeness, number))
        telling.sort(reverse=True)
        weights, totals, postings = self._weights, self._totals, self._postings
        shared: dict[int, float] = {}
        get = shared.get
        degraded = False
        looked_at = 0
        for likeness, number in telling:
            looked_at += len(postings[number])
            if looked_at > MAX_POSTINGS:
                degraded = True
                break
            worth = likeness * weights[number]
            for place in postings[number]:
                shared[place] = get(place, 0.0) + worth
        # No listed name weighs less than what has met of it, so those below fall short whatever they weigh.
        floor = total * LEAST_ROUGH / (1.0 - LEAST_ROUGH)
        ranked = [(met / (total + totals[place]), place) for place, met in shared.items() if met >= floor]
        if not ranked:
            return self._beginning_so(declared.letters, set()), degraded
        asked = threshold >= LEAST_ROUGH
        beside = BESIDE_WITH_INITIALS if declared.has_initials else BESIDE_THE_BEST
        least = max(max(ranked)[0] * beside, LEAST_ROUGH) if asked else 0.0
        ranked = sorted((item for item in ranked if item[0] >= least), reverse=True)[:MAX_SCORED]
        best = self._promising(declared, ranked) if asked else [place for _, place in ranked]
        return [*self._beginning_so(declared.letters, set(best)), *best], degraded

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
        pairs: list[Pair] = []
        for place, number in enumerate(name.numbers):
            for mask, likeness, how in meetings.by_word.get(number, ()):
                weight = listed_weights[place]
                pairs.append(Pair(weight * likeness, mask, 1 << place, weight, likeness, how))
        for place, number in enumerate(name.glued):
            for mask, likeness, how in meetings.by_word.get(number, ()) if number >= 0 else ():
                # Two words against two words are two pairs; and glued words must be alike to the letter or the sound.
                if how in ("same", "similar") and likeness >= GLUED_LEAST:
                    weight = listed_weights[place] + listed_weights[place + 1]
                    likeness *= GLUED_LIKENESS
                    pairs.append(Pair(weight * likeness, mask, 3 << place, weight, likeness, "glued"))
        return pairs + initials(declared, meetings.weights, name.analysed, listed_weights)
