"""How alike two words are: letters (edits), sound (transliteration variants) and consonants (dropped vowels)."""

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

MIN_SIMILARITY = 0.6
"""Below this two words are different words."""

_VOWELS = frozenset("aeiou")

# Spellings of one sound in the romanisations of Russian, Arabic, Turkic and Persian names, longest first. Capital letters
# stand for one sound that Latin writes with several letters.
_SOUNDS: tuple[tuple[str, str], ...] = (
    ("shch", "S"),
    ("sch", "S"),
    ("tsh", "C"),
    ("tch", "C"),
    ("dzh", "J"),
    ("dsch", "J"),
    ("sh", "S"),
    ("ch", "C"),
    ("zh", "J"),
    ("dj", "J"),
    ("kh", "h"),
    ("gh", "g"),
    ("ph", "f"),
    ("th", "t"),
    ("dh", "d"),
    ("ts", "z"),
    ("tz", "z"),
    ("ck", "k"),
    ("ks", "x"),
    ("kv", "q"),
    ("qu", "q"),
    ("ee", "i"),
    ("oo", "u"),
    ("ou", "u"),
    ("iy", "i"),
    ("yi", "i"),
    ("ij", "i"),
    ("ii", "i"),
    ("ia", "a"),
    ("ya", "a"),
    ("ja", "a"),
    ("iu", "u"),
    ("yu", "u"),
    ("ju", "u"),
    ("ye", "e"),
    ("je", "e"),
    ("yo", "o"),
    ("jo", "o"),
)
_SOUND = re.compile("|".join(pattern for pattern, _ in _SOUNDS))
_SOUND_OF = dict(_SOUNDS)
_LETTERS = str.maketrans({"q": "k", "c": "k", "w": "v", "y": "i", "j": "J"})
_DOUBLED = re.compile(r"(.)\1+")
_OCR = str.maketrans({"0": "o", "1": "l", "5": "s", "8": "b"})


@lru_cache(maxsize=1 << 17)
def sound(token: str) -> str:
    """The word with one spelling for each sound and no doubled letters."""
    if any(character.isdigit() for character in token) and not token.isdigit() and len(token) > 3:
        token = token.translate(_OCR)
    text = _SOUND.sub(lambda match: _SOUND_OF[match.group()], token)
    text = _DOUBLED.sub(r"\1", text.translate(_LETTERS))
    if len(text) > 3 and text.endswith("h"):
        text = text[:-1]
    return text


@lru_cache(maxsize=1 << 17)
def skeleton(token: str) -> str:
    """The consonants of `sound`, with `a` for a vowel it opens with."""
    text = sound(token)
    if not text:
        return ""
    consonants = "".join(character for character in text if character not in _VOWELS)
    consonants = _DOUBLED.sub(r"\1", consonants)
    return "a" + consonants if text[0] in _VOWELS else consonants


_EDIT_BUDGET = (0, 0, 0, 0, 1, 1, 2, 2, 2, 2)
"""Edits at which two words may still be one, by the length of the longer: none in short words, where an edit makes another
name (Li, Lu), up to three in words of ten letters and more."""


class Word(NamedTuple):
    """A word with what is compared of it, worked out once."""

    text: str
    sound: str
    bones: str
    number: bool
    length: int


def word(text: str) -> Word:
    return Word(text, sound(text), skeleton(text), text.isdigit(), len(text))


def similarity(first: Word, second: Word) -> float:
    """0..1; 0 where two words are different words. 1 only for the same word."""
    a, sound_a, bones_a, number_a, length_a = first
    b, sound_b, bones_b, number_b, length_b = second
    if a == b:
        return 1.0
    if number_a or number_b:
        return 0.0
    if sound_a == sound_b and length_a > 1 and length_b > 1:
        # In words of two or three letters one letter is much of the name: Wei and Vei, Ali and Aly.
        return 0.97 if length_a > 3 and length_b > 3 else 0.85
    shorter, longer = (length_a, length_b) if length_a < length_b else (length_b, length_a)
    best = 0.0
    budget = _EDIT_BUDGET[longer] if longer < 10 else 3
    if budget and longer - shorter <= budget and shorter >= 3:
        edits = OSA.distance(a, b, score_cutoff=budget)
        # Another first letter makes another word of a short one (Wang, Kang, Pang), or with more edits (Jillian, William).
        if edits <= budget and (a[0] == b[0] or (longer > 5 and edits == 1)):
            best = 1.0 - edits * (1.0 if a[0] == b[0] else 1.15) / (longer + 0.5)
    if bones_a == bones_b and shorter >= 2:
        by_sound = _by_sound(sound_a, sound_b, bones_a, shorter)
        if by_sound > best:
            best = by_sound
    return best if best >= MIN_SIMILARITY else 0.0


def _by_sound(sound_a: str, sound_b: str, bones: str, shorter: int) -> float:
    """Likeness of two words with the same consonants."""
    if len(bones) < 2:
        return 0.0
    unwritten = 0.0
    if len(bones) >= 3 and _is_abridged(sound_a, sound_b):
        # Some vowels left unwritten, as in Arabic and Persian, and the others the same.
        unwritten = 0.86 if len(bones) >= 4 else 0.8
    changes = OSA.distance(sound_a, sound_b)
    if len(bones) == 2 and (changes > 1 or shorter < 4):
        return unwritten
    # Few consonants say little: Hasan and Husein are two names.
    if len(bones) == 3 and changes > (2 if shorter >= 6 else 1):
        return unwritten
    return max(unwritten, 0.95 - 0.42 * changes / max(len(sound_a), len(sound_b)))


def _is_abridged(first: str, second: str) -> bool:
    """Whether the shorter is the longer with letters left out."""
    shorter, longer = (first, second) if len(first) < len(second) else (second, first)
    letters = iter(longer)
    return len(shorter) < len(longer) and all(letter in letters for letter in shorter)
