"""First stage: any string to lower-case ASCII words, with a mark for every trick found on the way."""

import re
import unicodedata
from functools import cache
from typing import Any

from msgspec import Struct
from rigour.text.translit import ascii_text

from streams import tables

MAX_CHARS = 512
"""A party's name in a declaration has at most 70 characters (UCC Annex B an..70; 512 in the loosest national format seen);
the rest of a longer field is not read and the result is marked degraded."""

MAX_TOKENS = 32
"""Words considered of one name; the longest name on the 2026 US list has 29."""


def leaves_vowels_out(text: str) -> bool:
    """Whether the text is in a script that writes few vowels: Arabic, Hebrew."""
    return not text.isascii() and _FEW_VOWELS.search(text) is not None


_FEW_VOWELS = re.compile("[\u05d0-\u05ea\u0620-\u06ff]")


class Normalised(Struct, frozen=True):
    tokens: tuple[str, ...]
    """Lower-case ASCII words (words of a script that cannot be transliterated stay as they are)."""
    repaired: str
    """The text with invisible characters and look-alike letters put right, in its own script and case."""
    evasion: tuple[str, ...] = ()
    """In words, each invisible character or look-alike letter found: nobody types those by accident."""
    degraded: bool = False
    """The name was longer than is read."""


APOSTROPHES = re.compile("['`\u00b4\u2018\u2019\u201b\u02bb\u02bc\u02b9\u02ba\u2032\u02bf\u02be]")
LATIN_ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_ANY_WORD = re.compile(r"[^\W_]+")
_WORD = re.compile(r"\w+")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_JOINER_SCRIPTS = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\ufb50-\ufdff\ufe70-\ufefe]"
)
_DIRECTION_MARKS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d")
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u3164\uffa0\u17b4\u17b5\u180b\u180c\u180d\u180e\u2800")


_ARABIC = re.compile("[\u0600-\u06ff]")
_ARTICLE = re.compile(r"\b\u0627\u0644(?!\u0644\u0627?\u0647)(?=\w{3})")
_LONG_U = re.compile(r"(?<=[bcdfghjklmnpqrstvxz])w(?=[bcdfghjklmnpqrstvxz]|\b)")
_LONG_I = re.compile(r"(?<=[bcdfghjklmnpqrstvxz])y(?=[bcdfghjklmnpqrstvxz]|\b)")


class _Letters(dict[int, str]):
    """Letter by letter to Latin, asked of rigour once a letter: whole words cost it 0.2 ms each. Letters of scripts in
    which a letter alone says little (Arabic, Hangul, Indian scripts) stay, for ICU to read in their word."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        latin = letter
        if not letter.isascii():
            single = code < 0x0590 or 0x10A0 <= code <= 0x10FF or 0x1C80 <= code <= 0x1FFF
            if single:
                latin = "".join(part for part in ascii_text(letter) if part.isalnum() or part == " ")
            elif 0x3400 <= code <= 0x9FFF:
                # Each character is a syllable, a word of its own until the index joins them.
                latin = f" {ascii_text(letter)} "
        self[code] = latin
        return latin


_LETTERS = _Letters()
# The Arabic letter ain has no Latin one, and ICU leaves a mark that would glue or split words; hamza is not written.
_LETTERS.update({0x0639: "a", 0x0621: "", 0x02BF: "", 0x02BE: ""})


def normalise(name: str) -> Normalised:
    """Normalises one name. Never raises; its own output (the words joined by spaces) comes back unchanged."""
    degraded = len(name) > MAX_CHARS
    text = name[:MAX_CHARS]
    evasion: tuple[str, ...] = ()
    if text.isascii():
        repaired = text
    else:
        repaired, evasion = _repair(text)
    tokens = tokens_of(repaired)
    if len(tokens) > MAX_TOKENS:
        tokens, degraded = tokens[:MAX_TOKENS], True
    return Normalised(tuple(tokens), repaired, evasion, degraded)


def tokens_of(repaired: str) -> list[str]:
    """The words of a text whose letters are put right, such as a part of what `normalise` gives."""
    if repaired.isascii():
        return _ASCII_WORD.findall(repaired.lower().replace("&", " and ").replace("'", "").replace("`", ""))
    return _ASCII_WORD.findall(_ascii(repaired).lower().replace("&", " and ")) or _ANY_WORD.findall(
        repaired.casefold()
    )


def _ascii(text: str) -> str:
    text = APOSTROPHES.sub("", text)
    if text.isascii():
        return text
    # Compatibility forms split the Armenian ligature of "ev" into letters that read "ew".
    # Abdallah is one name, and the ligature of God's name has a vowel that is not written.
    text = text.replace(
        "\u0639\u0628\u062f \u0627\u0644\u0644\u0647", "\u0639\u0628\u062f\u0627\u0644\u0644\u0647"
    )
    text = text.replace("\u0627\u0644\u0644\u0647", "\u0627\u0644\u0644\u0627\u0647")
    letters = text.replace("\u0565\u0582", "ev").translate(_LETTERS)
    if letters.isascii():
        return letters
    arabic = _ARABIC.search(letters) is not None
    if arabic:
        letters = _ARTICLE.sub("\u0627\u0644 ", letters)
    # '?' stands for what ICU cannot write in ASCII.
    latin = APOSTROPHES.sub("", ascii_text(letters)).replace("?", "")
    if arabic:
        # Between consonants these two letters are the long vowels.
        latin = _LONG_I.sub("i", _LONG_U.sub("u", latin))
    return latin


def _repair(text: str) -> tuple[str, tuple[str, ...]]:
    # Half a surrogate pair is no text: JSON can carry it, ICU cannot.
    text = text.encode("utf-8", "ignore").decode("utf-8")
    evasion: list[str] = []
    visible, invisible = _strip_invisible(text)
    if invisible:
        names = ", ".join(f"U+{ord(character):04X}" for character in dict.fromkeys(invisible))
        evasion.append(f"invisible characters ({names})")
    composed = unicodedata.normalize("NFKC", visible)
    if any(0x1D400 <= ord(character) <= 0x1D7FF for character in visible):
        evasion.append("mathematical letters in place of ordinary ones")
    repaired, swapped = _repair_look_alikes(composed)
    if swapped:
        evasion.append(
            "look-alike letters of another script in " + ", ".join(f"'{word}'" for word in swapped[:3])
        )
    # The repair may put together what composes again ("е" + breve).
    return unicodedata.normalize("NFKC", repaired), tuple(evasion)


def _strip_invisible(text: str) -> tuple[str, list[str]]:
    kept: list[str] = []
    found: list[str] = []
    right_to_left = _RIGHT_TO_LEFT.search(text) is not None
    joined = _JOINER_SCRIPTS.search(text) is not None
    for position, character in enumerate(text):
        if character.isascii():
            kept.append(character if character.isprintable() else " ")
            continue
        category = unicodedata.category(character)
        selector = 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF
        if category == "Cf" or character in _BLANK_LETTERS or selector:
            # Part of the spelling in Persian, Arabic and Indian scripts; a byte-order mark opens a file.
            innocent = (
                (character in _JOINERS and joined)
                or (character in _DIRECTION_MARKS and right_to_left)
                or (character == "\ufeff" and position == 0)
                or selector
            )
            if not innocent:
                found.append(character)
            continue
        kept.append(" " if category in ("Cc", "Zs", "Zl", "Zp") else character)
    return "".join(kept), found


@cache
def _tables() -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    table = tables.load("streams.names", "confusables.toml", dict[str, Any])
    latin: dict[str, str] = table["latin"]
    cyrillic = {to: letter for letter, to in reversed(latin.items()) if "\u0400" <= letter <= "\u052f"}
    return latin, cyrillic, frozenset(table["innocent"]["words"])


def _repair_look_alikes(text: str) -> tuple[str, list[str]]:
    latin, cyrillic, innocent = _tables()
    if not any(character in latin for character in text):
        return text, []
    words = _WORD.findall(text)
    latin_words = sum(_is_latin(word) for word in words)
    # Where one word mixes alphabets, another wholly of twins is no word of the other alphabet either.
    mixed = any(not _is_latin(word) and any(map(_is_latin, word)) for word in words)
    swapped: list[str] = []

    def repair(match: re.Match[str]) -> str:
        word = match.group()
        if word.isascii():
            return word
        letters = [character for character in word if character.isalpha()]
        plain = [character for character in letters if _is_latin(character)]
        foreign = [character for character in letters if not _is_latin(character)]
        if not foreign:
            return word
        to_latin = all(character in latin for character in foreign)
        to_cyrillic = all(character in cyrillic for character in plain) and all(
            "\u0400" <= character <= "\u052f" for character in foreign
        )
        if plain and (to_latin or to_cyrillic):
            swapped.append(word)
            table = latin if to_latin and (len(foreign) <= len(plain) or not to_cyrillic) else cyrillic
            return "".join(table.get(character, character) for character in word)
        twins = all(character in latin for character in letters)
        alone = len(letters) >= 3 and latin_words and latin_words == len(words) - 1
        if twins and (alone or mixed) and word.casefold() not in innocent:
            swapped.append(word)
            return "".join(latin.get(character, character) for character in word)
        return word

    return _WORD.sub(repair, text), swapped


def _is_latin(word: str) -> bool:
    return all(
        character.isascii() or unicodedata.name(character, "").startswith("LATIN") for character in word
    )
