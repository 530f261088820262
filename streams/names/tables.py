"""The word tables of this folder (TOML), normalised: common words, legal forms, titles, places, spellings."""

import re
from functools import cache
from typing import Any

from msgspec import Struct

from streams import tables
from streams.names.normalise import normalise
from streams.names.similar import consonants, skeleton, sound

LONG = 7
"""Letters from which a word one edit away from a common word is taken for it: shorter ones are names too often."""


class Words(Struct, frozen=True):
    """The word tables, normalised."""

    factors: dict[str, float]
    near: dict[str, str]
    """A long word of the tables with one letter left out -> the word: a misspelt "Limitd" says as little as "Limited"."""
    patronymic: tuple[str, ...]
    join: "re.Pattern[str]"
    address: frozenset[str]
    no_forms: "re.Pattern[str]"
    """words that rigour takes for legal forms, and that are names"""
    legal: dict[str, list[tuple[tuple[str, ...], str]]]
    """first word -> (all words, class), longest first"""
    legal_sounds: dict[str, list[tuple[tuple[str, ...], str]]]
    legal_words: frozenset[str]
    """words of legal forms of five letters and more"""
    legal_near: dict[str, str]
    """such a word with one letter left out, or without its vowels -> the word"""
    legal_heard: dict[str, str]
    """the sound of such a word -> the word"""
    legal_ends: tuple[str, ...]
    """legal forms that are no syllable (ltd, gmbh), so that a word that ends so is two glued"""
    spelling: dict[str, str]
    """spelling in another language or number -> the common word"""
    chinese: "re.Pattern[str]"
    chinese_words: dict[str, str]
    arabic_words: dict[str, str]
    number: float
    initial: float
    form: float


@cache
def words() -> Words:
    table = tables.load("streams.names", "words.toml", dict[str, Any])
    weights: dict[str, float] = table["weights"]
    factors: dict[str, float] = {}
    for kind in ("place", "common", "form", "particle", "title"):
        factors.update(dict.fromkeys(table[kind]["words"].split(), weights[kind]))
    legal: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    sounds: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for form in tables.load("streams.names", "legal_forms.toml", dict[str, Any])["form"]:
        for name in form["names"]:
            tokens = normalise(name).tokens
            _add(legal, tokens, form["class"])
            for token in tokens if len(tokens) > 1 else ():
                if len(token) > 3:
                    factors.setdefault(token, weights["form"])
            if len(tokens) > 1 and sum(map(len, tokens)) > 12:
                _add(sounds, tuple(skeleton(token) for token in tokens), form["class"])
    near: dict[str, str] = {}
    for word, factor in factors.items():
        if len(word) >= LONG and factor > weights["title"]:
            near[word] = word
            near.update({word[:at] + word[at + 1 :]: word for at in range(len(word))})
    forms = {word for rows in legal.values() for form, _ in rows for word in form}
    legal_words = frozenset(word for word in forms if len(word) >= 5 and word.isalpha())
    legal_near: dict[str, str] = {}
    # Sorted, so that every process takes a slip for the same word; a word itself goes before what others are short of a letter.
    for word in sorted(legal_words):
        legal_near.update({word[:at] + word[at + 1 :]: word for at in range(len(word))})
    legal_near |= {consonants(word): word for word in sorted(legal_words)} | {w: w for w in legal_words}
    joins = sorted(table["join"]["patterns"], key=len, reverse=True)
    return Words(
        factors=factors,
        near=near,
        patronymic=tuple(table["patronymic"]["endings"]),
        join=re.compile(
            r"(?<!\w)(?:" + "|".join(re.escape(p) for p in joins) + r")(?!\w)[.:]?|[;|\n\r]", re.IGNORECASE
        ),
        address=frozenset(table["address"]["words"].split()),
        no_forms=re.compile(r"\b(?:" + "|".join(table["legal"]["names"].split()) + r")\b"),
        legal=legal,
        legal_sounds=sounds,
        legal_words=legal_words,
        legal_near=legal_near,
        legal_heard={sound(word): word for word in sorted(legal_words) if len(word) >= 6},
        legal_ends=tuple(
            form[0]
            for rows in legal.values()
            for form, _ in rows
            if len(form) == 1 and len(form[0]) >= 3 and form[0].isalpha() and not set(form[0]) & set("aeiouy")
        ),
        spelling={
            spelling: word for word, spellings in table["spelling"].items() for spelling in spellings.split()
        },
        chinese=re.compile("|".join(sorted(map(re.escape, table["chinese"]), key=len, reverse=True))),
        chinese_words=table["chinese"],
        arabic_words=table["arabic"],
        number=weights["number"],
        initial=weights["initial"],
        form=weights["form"],
    )


def _add(
    table: dict[str, list[tuple[tuple[str, ...], str]]], tokens: tuple[str, ...], form_class: str
) -> None:
    if tokens:
        forms = table.setdefault(tokens[0], [])
        forms.append((tokens, form_class))
        forms.sort(key=lambda form: len(form[0]), reverse=True)
