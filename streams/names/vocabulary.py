"""The distinct words of an index, and those similar to a word nobody has seen, without a scan.

Each word leaves keys: its first seven letters with up to two left out (SymSpell), its consonants, and what is misheard of it. A
query word leaves the same keys; what shares one is compared letter by letter.
Keys are 64-bit numbers (hash, word number) in one sorted array: 8 bytes each where a dictionary would take a hundred.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from rapidfuzz.distance import OSA

from streams.names.pairs import GLUED_LEAST
from streams.names.similar import (
    MIN_SIMILARITY,
    MISREAD,
    VOWELS,
    Word,
    edits_allowed,
    heard_likeness,
    mended,
    sound_of_glued,
    typed_likeness,
    word,
)

MAX_CANDIDATES = 1200
"""Words compared letter by letter for one unseen word (about 0.3 us each); beyond it the search is marked degraded."""

MAX_SIMILAR = 48
"""Similar words kept of one word, the best first."""

LEAST_OF_LISTED = 0.75
"""Likeness from which a listed word may be a slip for another listed word."""

SHORTEST_GLUED = 5
"""Letters from which a word may be two listed ones glued."""

CACHED_WORDS = 100_000
"""Words whose similar ones are remembered; about 300 bytes each."""

_PREFIX = 7
_ID_BITS = 22
_ID_MASK = (1 << _ID_BITS) - 1
_HASH_BITS = 63 - _ID_BITS
_HASH_MASK = (1 << _HASH_BITS) - 1
_MOST_BUCKET_BITS = 22
"""16 MB of buckets, for lists with a million keys; a shorter list has fewer, some two a key."""


Alike = tuple[tuple[tuple[int, float], ...], bool]
"""(word number, likeness) of similar words, the best first, and whether the bound on work was met"""


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
        self._bucket_shift = 0
        self._compared: tuple[Word, ...] = ()
        self._sorted: tuple[tuple[str, int], ...] = ()
        self._alike: tuple[Alike, ...] = ()
        """of each word that is not two glued, those similar to it"""
        self._cache: dict[str, Alike] = {}

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
        self._compared = tuple(word(text) for text in self.words)
        keys: list[int] = []
        for number, compared in enumerate(self._compared):
            typing = _typing_keys(compared.text) if number < whole else ()
            for left in ("=" + compared.sound, *_sound_keys(compared), *typing):
                keys.append((hash(left) & _HASH_MASK) << _ID_BITS | number)
        keys.sort()
        self._keys = array("q", keys)
        # Where each bucket of keys begins: a look-up is one step instead of twenty of a binary search.
        bits = min(_MOST_BUCKET_BITS, len(keys).bit_length() + 1)
        self._bucket_shift, key_shift = _HASH_BITS - bits, _HASH_BITS + _ID_BITS - bits
        sizes = array("i", bytes(4 * ((1 << bits) + 1)))
        for key in keys:
            sizes[(key >> key_shift) + 1] += 1
        self._buckets = array("i", accumulate(sizes))
        self._sorted = tuple(
            sorted((text, number) for number, text in enumerate(self.words[:whole]) if len(text) > 4)
        )
        # Two words of three in a declared name are on the list: a second of building spares each search a third of its time.
        alike = map(self._similar, self._compared[:whole])
        self._alike = tuple(
            (tuple(item for item in items if item[1] >= LEAST_OF_LISTED), degraded)
            for items, degraded in alike
        )

    def forget(self) -> None:
        self._cache.clear()

    def similar(self, text: str) -> Alike:
        """Words like this one."""
        own = self.number.get(text, self.whole)
        if own < self.whole:
            return self._alike[own]
        known = self._cache.get(text)
        if known is not None:
            return known
        found = self._similar(word(text))
        if len(self._cache) >= CACHED_WORDS:
            self._cache.clear()
        self._cache[text] = found
        return found

    def _similar(self, declared: Word) -> Alike:
        compared, text = self._compared, declared.text
        sounding, met_bound = self._candidates(_sound_keys(declared))
        typed, degraded = self._candidates(_typing_keys(text))
        degraded |= met_bound
        if len(text) < SHORTEST_GLUED:
            whole = self.whole
            sounding = {number for number in sounding if number < whole}
        distance = OSA.distance
        likenesses: dict[int, float] = {}
        length = declared.length
        for number in typed | sounding:
            other = compared[number]
            longer = length if length > other.length else other.length
            most = edits_allowed(longer)
            # Most words that share a key are further apart than any two that may be one.
            if 2 * longer - length - other.length <= most:
                edits = distance(text, other.text, score_cutoff=most)
                if edits <= most:
                    likenesses[number] = typed_likeness(declared, other, edits) if edits else 1.0
        for number in sounding:
            likeness = heard_likeness(declared, compared[number])
            if likeness > likenesses.get(number, 0.0):
                likenesses[number] = likeness
        if not declared.plain and (misread := mended(text)):
            for number, likeness in self.similar(misread)[0] if self._alike else ():
                if compared[number].plain:
                    likenesses[number] = max(likenesses.get(number, 0.0), likeness * MISREAD)
        alike = [item for item in likenesses.items() if item[1] >= MIN_SIMILARITY]
        alike.sort(key=lambda item: (-item[1], item[0]))
        return tuple(alike[:MAX_SIMILAR]), degraded

    def similar_glued(self, first: str, second: str) -> list[tuple[int, float]]:
        """Those that are these two declared words read as one, or sound like it."""
        heard = sound_of_glued(first, second)
        hashed = hash("=" + heard) & _HASH_MASK
        bucket = hashed >> self._bucket_shift
        start, end = self._buckets[bucket], self._buckets[bucket + 1]
        if start == end:  # as good as always
            return []
        text = first + second
        return [
            (number, 1.0 if self.words[number] == text else GLUED_LEAST)
            for number in {key & _ID_MASK for key in self._keys[start:end] if key >> _ID_BITS == hashed}
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

    def _candidates(self, keys: Sequence[str]) -> tuple[set[int], bool]:
        table, buckets, shift = self._keys, self._buckets, self._bucket_shift
        found: set[int] = set()
        for key in keys:
            hashed = hash(key) & _HASH_MASK
            bucket = hashed >> shift
            start, end = buckets[bucket], buckets[bucket + 1]
            if start == end:  # most are empty
                continue
            for entry in table[start:end]:
                if entry >> _ID_BITS == hashed:
                    found.add(entry & _ID_MASK)
            if len(found) > MAX_CANDIDATES:
                return found, True
        return found, False


def _typing_keys(word: str) -> Sequence[str]:
    """Keys that a word shares with words one edit away; from eight letters on also with those two or three away, which
    have the first letter in common."""
    length = len(word)
    if length <= 3 or word.isdigit():
        return (word,)
    start = word[:_PREFIX]
    once = [start[:place] + start[place + 1 :] for place in range(len(start))]
    if length <= _PREFIX:
        return (word, *once)
    twice = {left[:place] + left[place + 1 :] for first, left in enumerate(once) for place in _SECOND[first]}
    return (start, *once, *twice)


_SECOND = tuple(range(max(first, 1), _PREFIX - 1) if first else range(0) for first in range(_PREFIX))
"""Places of the second letter left out, for each place of the first: each two once, and never the first letter."""


def _sound_keys(word: Word) -> Sequence[str]:
    keys: list[str] = []
    bones, heard, written = word.bones, word.sound, word.written
    if len(bones) > 2:
        keys.append("s" + bones)
    elif len(bones) == 2:
        # Many words share two consonants; of these, words are alike that differ in one vowel at most.
        keys.append("2" + heard)
        keys += {"2" + heard[:at] + heard[at + 1 :] for at, letter in enumerate(heard) if letter in VOWELS}
    if word.length >= 4:
        keys.append("h" + word.heard)
    if len(written) >= 3 and written != bones:
        keys.append("v" + written)
    return keys
