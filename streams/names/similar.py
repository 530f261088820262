"""How alike two words are: letters (edits), sound (transliteration variants) and consonants (dropped vowels)."""

import re
from functools import lru_cache

from msgspec import Struct
from rapidfuzz.distance import OSA

from streams import tables

MIN_SIMILARITY = 0.6
"""Below this two words are different words."""

VOWELS = frozenset("aeiou")
_NO_VOWELS = str.maketrans("", "", "aeiou")


class _Sounds(tables.Sourced, frozen=True):
    """`sounds.toml`: each from letters to letters."""

    spelt: dict[str, str]
    letters: dict[str, str]
    voiceless: dict[str, str]
    misread: dict[str, str]


_TABLE = tables.load("streams.names", "sounds.toml", _Sounds)
_SOUND_OF = _TABLE.spelt


def _any_sound() -> "re.Pattern[str]":
    """A pattern of all of them, by first letter: half the time of one after another."""
    ends: dict[str, list[str]] = {}
    for pattern in _SOUND_OF:
        ends.setdefault(pattern[0], []).append(pattern[1:])
    return re.compile("|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in ends.items()))


_SOUND = _any_sound()
_LETTERS = str.maketrans(_TABLE.letters)
_DOUBLED = re.compile(r"(.)\1+")
_DOUBLED_CONSONANT = re.compile(r"([^aeiou])\1+")


def _sound_of(found: "re.Match[str]") -> str:
    return _SOUND_OF[found[0]]


@lru_cache(maxsize=1 << 17)
def sound(token: str) -> str:
    """The word with one spelling for each sound and no doubled letters."""
    # Few words have doubled letters: looking costs less than replacing nothing.
    text = _DOUBLED_CONSONANT.sub(r"\1", token) if _DOUBLED.search(token) else token
    text = _SOUND.sub(_sound_of, text).translate(_LETTERS)
    if _DOUBLED.search(text):
        text = _DOUBLED.sub(r"\1", text)
    if len(text) > 3 and text.endswith("h"):
        text = text[:-1]
    return text


_ACROSS = frozenset(pattern[at : at + 2] for pattern in _SOUND_OF for at in range(len(pattern) - 1))
"""Two letters that one sound may be written across, where two words are read as one."""


def sound_of_glued(first: str, second: str) -> str:
    """`sound(first + second)`, of what is remembered of each word where no sound lies across the seam: a third of the time."""
    heard, heard_too = sound(first), sound(second)
    last, opening = first[-1], second[0]
    if last == "h" or last == opening or heard[-1:] == heard_too[:1] or last + opening in _ACROSS:
        return sound(first + second)
    if len(second) < 2 or heard_too[-1:] == "h":
        # A closing h is left out of long words only: what is kept of the second word may go with the first before it.
        return sound(first + second)
    return heard + heard_too


@lru_cache(maxsize=1 << 17)
def skeleton(token: str) -> str:
    """The consonants of `sound`, with `a` for a vowel it opens with."""
    text = sound(token)
    if not text:
        return ""
    bones = text.translate(_NO_VOWELS)
    if _DOUBLED.search(bones):
        bones = _DOUBLED.sub(r"\1", bones)
    return "a" + bones if text[0] in VOWELS else bones


_VOICELESS = str.maketrans(_TABLE.voiceless)


@lru_cache(maxsize=1 << 17)
def voiceless(token: str) -> str:
    """The consonants of `skeleton` without the difference of voice, in which words are misheard: b, p; d, t; z, s."""
    return _DOUBLED.sub(r"\1", skeleton(token).translate(_VOICELESS))


def misheard(token: str) -> str:
    """`sound` without the difference of voice."""
    return sound(token).translate(_VOICELESS)


@lru_cache(maxsize=1 << 17)
def consonants(token: str) -> str:
    """The word's letters without vowels, as it is written by who leaves them out."""
    return token[:1] + token[1:].translate(_NO_VOWELS)


MAX_EDITS = 3


def forget() -> None:
    """Empties what is remembered of words: after an index is built, caches of every listed word serve nobody, and the
    garbage collector walks through each."""
    for remembered in (sound, skeleton, voiceless, consonants):
        remembered.cache_clear()


_EDIT_BUDGET = (0, 0, 0, 0, 1, 1, 2, 2, 2, 2)
"""Edits at which two words may still be one, by the length of the longer: none in short words, where an edit makes another
name (Li, Lu), up to three in words of ten letters and more."""


def unwritten(likeness: float) -> float:
    """Likeness of two words one of which comes from a script that writes few vowels: half of what differs is innocent."""
    return (1.0 + likeness) / 2.0 if SAME_CONSONANTS <= likeness < 1.0 else likeness


SAME_CONSONANTS = 0.8


class Word(Struct, frozen=True, gc=False):
    """A word with what is compared of it, worked out once."""

    text: str
    sound: str
    bones: str
    heard: str
    """the sound without the difference of voice"""
    written: str
    """without vowels"""
    number: bool
    plain: bool
    """letters only"""
    length: int


def word(text: str) -> Word:
    heard = sound(text)
    return Word(
        text,
        heard,
        skeleton(text),
        misheard(text),
        consonants(text),
        text.isdigit(),
        text.isalpha(),
        len(text),
    )


def edits_allowed(length: int) -> int:
    """Edits at which two words may still be one, the longer of so many letters."""
    return _EDIT_BUDGET[length] if length < 10 else MAX_EDITS


def typed_likeness(first: Word, second: Word, edits: int) -> float:
    """Likeness of two words so many edits apart; 0 where that is too many, or they differ in their numbers."""
    length_a, length_b = first.length, second.length
    longer, shorter = (length_a, length_b) if length_a > length_b else (length_b, length_a)
    if edits > edits_allowed(longer) or shorter < 3:
        return 0.0
    a, b = first.text, second.text
    same_start = a[0] == b[0]
    # Another first letter makes another word of a short one (Wang, Kang, Pang), or with more edits (Jillian, William).
    if not same_start and (longer <= 5 or edits > 1):
        return 0.0
    if not (first.plain and second.plain) and (first.number or second.number or _numbers_differ(a, b)):
        return 0.0
    return 1.0 - edits * (1.0 if same_start else 1.15) / (longer + 0.5)


def similarity(first: Word, second: Word) -> float:
    """0..1; 0 where two words are different words. 1 only for the same word."""
    if first.text == second.text:
        return 1.0
    if first.plain != second.plain and (misread := mended((second if first.plain else first).text)):
        return similarity(word(misread), first if first.plain else second) * MISREAD
    edits = OSA.distance(first.text, second.text, score_cutoff=MAX_EDITS)
    best = max(typed_likeness(first, second, edits), heard_likeness(first, second))
    return best if best >= MIN_SIMILARITY else 0.0


MISREAD = 0.97
"""Likeness of a word to itself with digits in the place of letters."""


def mended(text: str) -> str:
    """The word with letters for the digits that a reader of print took them for; empty where it is no such word."""
    digits = sum(letter.isdigit() for letter in text)
    if not digits or len(text) < 3 or 2 * digits > len(text):
        return ""
    around = f" {text} "
    return "".join(
        # I between consonants, l beside a vowel.
        ("l" if around[at] in VOWELS or around[at + 2] in VOWELS else "i")
        if letter == "1"
        else _TABLE.misread.get(letter, letter)
        for at, letter in enumerate(text)
    )


def heard_likeness(first: Word, second: Word) -> float:
    """Likeness of two words by their sound and by their consonants, 0..0.97."""
    a, b = first.text, second.text
    if not (first.plain and second.plain) and (first.number or second.number or _numbers_differ(a, b)):
        return 0.0
    length_a, length_b = first.length, second.length
    shorter = length_a if length_a < length_b else length_b
    if first.sound == second.sound:
        if shorter < 2:
            return 0.0
        # In words of two or three letters one letter is much of the name: Wei and Vei, Ali and Aly.
        return 0.97 if shorter > 3 and abs(length_a - length_b) < 3 else 0.85
    best = 0.0
    if shorter >= 3 and length_a != length_b and (a == second.written or b == first.written):
        best = 0.9 if shorter >= 4 else 0.8
    elif shorter >= 4 and first.heard == second.heard:
        # Heard wrongly: b for p, z for s.
        best = 0.8
    if first.bones == second.bones and shorter >= 2:
        return max(best, _by_sound(first.sound, second.sound, first.bones, shorter))
    return best


_DIGITS = re.compile(r"\d+")


def _numbers_differ(a: str, b: str) -> bool:
    """5th and 6th, a1 and a2: words that are told apart by their numbers."""
    if a.isalpha() or b.isalpha():
        return False
    return _DIGITS.findall(a) != _DIGITS.findall(b)


def _by_sound(sound_a: str, sound_b: str, bones: str, shorter: int) -> float:
    """Likeness of two words with the same consonants."""
    consonants = len(bones)
    if consonants < 2:
        return 0.0
    length_a, length_b = len(sound_a), len(sound_b)
    changes = OSA.distance(sound_a, sound_b)
    unwritten = 0.0
    if consonants >= 3 and length_a != length_b and changes == abs(length_a - length_b):
        # One is the other with vowels left unwritten, as in Arabic and Persian, and the others the same.
        unwritten = 0.86 if consonants >= 4 else 0.8
    if consonants == 2 and (changes > 1 or shorter < 4):
        return unwritten
    # Few consonants say little: Hasan and Husein are two names.
    if consonants == 3 and changes > (2 if shorter >= 6 else 1):
        return unwritten
    return max(unwritten, 0.95 - 0.42 * changes / max(length_a, length_b))


def resemblance(a: str, b: str) -> float:
    """0..1: how alike two words are where everything else of two names has met; 0 below half of the letters."""
    if min(len(a), len(b)) < 3 or a.isdigit() or b.isdigit() or _numbers_differ(a, b):
        return 0.0
    if len(a) == len(b) == 3 and a[0] != b[0]:
        return 0.0
    alike = OSA.normalized_similarity(a, b, score_cutoff=0.55)
    return 2.0 * alike - 1.0 if alike else 0.0
