"""The distinct words of an index, and those similar to a word nobody has seen, without a scan.

Each word leaves keys: itself with one letter left out, its first seven letters with up to two left out (SymSpell), its
consonants, and those with one left out. A query word leaves the same keys; what shares one is compared letter by letter.
Keys are 64-bit numbers (hash, word number) in one sorted array: 8 bytes each where a dictionary would take a hundred.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain

from rapidfuzz.distance import OSA

from streams.names.pairs import GLUED_LEAST
from streams.names.similar import (
    MAX_EDITS,
    MIN_SIMILARITY,
    Word,
    consonants,
    heard_likeness,
    misheard,
    skeleton,
    sound,
    typed_likeness,
    word,
)

MAX_CANDIDATES = 1200
"""Words compared letter by letter for one unseen word (about 0.3 us each); beyond it the search is marked degraded."""

MAX_SIMILAR = 48
"""Similar words kept of one word, the best first."""

SHORTEST_GLUED = 5
"""Letters from which a word may be two listed ones glued."""

CACHED_WORDS = 100_000
"""Words whose similar ones are remembered; about 300 bytes each."""

_PREFIX = 7
_ID_BITS = 22
_HASH_MASK = (1 << (63 - _ID_BITS)) - 1
_ID_MASK = (1 << _ID_BITS) - 1
_BUCKET_BITS = 22
_BUCKET_SHIFT = 63 - _BUCKET_BITS
_HASH_SHIFT = _BUCKET_SHIFT - _ID_BITS


class Vocabulary:
    def __init__(self) -> None:
        # Tuples, here and in the index: of what the garbage collector need not look at, it need not look at a tuple either. Lists
        # of this size would stop a worker for a tenth of a second now and then.
        self.words: tuple[str, ...] = ()
        self.number: dict[str, int] = {}
        self.whole = 0
        """number of words that are not two glued"""
        self._keys = array("q")
        self._buckets = array("i")
        self._compared: tuple[Word, ...] = ()
        self._sorted: tuple[tuple[str, int], ...] = ()
        self._cache: dict[str, tuple[tuple[tuple[int, float], ...], bool]] = {}

    def add(self, word: str) -> int:
        """The word's number; a new one where it is new. Before `freeze` only."""
        number = self.number.get(word)
        if number is None:
            number = len(self.number)
            if number > _ID_MASK:
                raise ValueError(f"more than {_ID_MASK} distinct words")
            self.number[word] = number
        return number

    def freeze(self, whole: int) -> None:
        """Makes the key array. Words numbered from `whole` on are two words glued: found whole or by sound only."""
        self.whole = whole
        self.words = tuple(self.number)
        keys: list[int] = []
        for number, text in enumerate(self.words):
            glued = "=" + sound(text)
            for left in chain((glued,), _sound_keys(text), _typing_keys(text) if number < whole else ()):
                keys.append((hash(left) & _HASH_MASK) << _ID_BITS | number)
        keys.sort()
        self._keys = array("q", keys)
        # Where each bucket of keys begins: a look-up is one step instead of twenty of a binary search.
        buckets = array("i", bytes(4 * ((1 << _BUCKET_BITS) + 1)))
        for key in keys:
            buckets[(key >> _BUCKET_SHIFT) + 1] += 1
        for bucket in range(1, len(buckets)):
            buckets[bucket] += buckets[bucket - 1]
        self._buckets = buckets
        self._compared = tuple(word(text) for text in self.words)
        self._sorted = tuple(
            sorted((text, number) for number, text in enumerate(self.words[:whole]) if len(text) > 4)
        )

    def forget(self) -> None:
        self._cache.clear()

    def similar(self, text: str) -> tuple[tuple[tuple[int, float], ...], bool]:
        """(word number, likeness) of words like this one, the best first, and whether the bound on work was met."""
        known = self._cache.get(text)
        if known is not None:
            return known
        words, compared = self.words, self._compared
        sounding, met_bound = self._candidates(_sound_keys(text))
        typed, degraded = self._candidates(_typing_keys(text))
        degraded |= met_bound
        if len(text) < SHORTEST_GLUED:
            whole = self.whole
            sounding = {number for number in sounding if number < whole}
        declared, distance = word(text), OSA.distance
        likenesses: dict[int, float] = {}
        for number in typed | sounding:
            other = words[number]
            edits = distance(text, other, score_cutoff=MAX_EDITS)
            if edits <= MAX_EDITS:
                likenesses[number] = typed_likeness(text, other, edits) if edits else 1.0
        for number in sounding:
            likeness = heard_likeness(declared, compared[number])
            if likeness > likenesses.get(number, 0.0):
                likenesses[number] = likeness
        alike = [item for item in likenesses.items() if item[1] >= MIN_SIMILARITY]
        alike.sort(key=lambda item: (-item[1], item[0]))
        result = (tuple(alike[:MAX_SIMILAR]), degraded)
        if len(self._cache) >= CACHED_WORDS:
            self._cache.clear()
        self._cache[text] = result
        return result

    def similar_glued(self, text: str) -> list[tuple[int, float]]:
        """Those that are this word or sound like it: for two declared words read as one."""
        heard = sound(text)
        found, _ = self._candidates(iter(("=" + heard,)))
        return [
            (number, 1.0 if self.words[number] == text else GLUED_LEAST)
            for number in found
            if self._compared[number].sound == heard
        ]

    def begun_by(self, beginning: str, limit: int = 24) -> list[int]:
        """Words that begin so, for a word cut off at a field's width."""
        place = bisect_left(self._sorted, (beginning, -1))
        found: list[int] = []
        for text, number in self._sorted[place : place + limit]:
            if not text.startswith(beginning):
                break
            if text != beginning:
                found.append(number)
        return found

    def _candidates(self, keys: Iterator[str]) -> tuple[set[int], bool]:
        table, buckets = self._keys, self._buckets
        found: set[int] = set()
        for key in keys:
            hashed = hash(key) & _HASH_MASK
            bucket = hashed >> _HASH_SHIFT
            for entry in table[buckets[bucket] : buckets[bucket + 1]]:
                if entry >> _ID_BITS == hashed:
                    found.add(entry & _ID_MASK)
            if len(found) > MAX_CANDIDATES:
                return found, True
        return found, False


def _typing_keys(word: str) -> Iterator[str]:
    """Keys that a word shares with words one edit away; from eight letters on also with those two or three away."""
    length = len(word)
    yield "w" + word
    if length <= 3 or word.isdigit():
        return
    if length <= _PREFIX:
        for place in range(length):
            yield "w" + word[:place] + word[place + 1 :]
    if length >= _PREFIX:
        start = word[:_PREFIX]
        yield "p" + start
        for first in range(_PREFIX):
            once = start[:first] + start[first + 1 :]
            yield "p" + once
            if length > _PREFIX:
                for second in range(first, _PREFIX - 1):
                    yield "p" + once[:second] + once[second + 1 :]


def _sound_keys(word: str) -> Iterator[str]:
    bones = skeleton(word)
    if len(bones) >= 2:
        yield "s" + bones
    if len(word) >= 4:
        yield "h" + misheard(word)
    written = consonants(word)
    if len(written) >= 3 and written != bones:
        yield "v" + written
