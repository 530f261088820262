"""The word tables of this folder (TOML), normalised: common words, legal forms, titles, places, spellings."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from msgspec import Struct
from rapidfuzz.distance import OSA

from streams import tables
from streams.names.normalise import normalise
from streams.names.similar import consonants, skeleton, sound

FormRows = dict[str, list[tuple[tuple[str, ...], str]]]
"""First or last word -> (all words of a legal form, its class), longest first"""

SHORT_FORM = 3
"""Letters up to which a form may as well be a word or the initials of the name, and goes only where the rest says who it is."""

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
    no_forms: frozenset[str]
    """words that rigour takes for legal forms, and that are names"""
    legal_first: FormRows
    """forms that stand in front of a name, by their first word"""
    legal_last: FormRows
    """all forms, by their last word"""
    legal_within: FormRows
    """forms that are nothing else wherever they stand, by their first word"""
    legal_single: frozenset[str]
    """forms of one word"""
    sole_first: frozenset[str]
    """first words of what a sole trader's name begins with"""
    legal_sets: dict[frozenset[str], str]
    """consonants of the words of a form of two words or more -> its class"""
    legal_bones: dict[str, str]
    """such a word without its vowels, or its consonants -> its consonants"""
    form_particles: frozenset[str]
    sure_forms: frozenset[str]
    """forms of three letters and fewer that are no word and no initials"""
    beside_form: frozenset[str]
    branch_before: frozenset[tuple[str, ...]]
    branch_behind: frozenset[tuple[str, ...]]
    firsts: frozenset[str]
    """first words of legal forms in front and of words about branches"""
    branch_last: frozenset[str]
    """last words of words about branches"""
    legal_words: frozenset[str]
    """words of legal forms of five letters and more"""
    legal_heads: frozenset[str]
    """beginnings of such words"""
    legal_near: dict[str, str]
    """such a word with one letter left out, or without its vowels -> the word"""
    legal_heard: dict[str, str]
    """the sound of such a word -> the word"""
    legal_ends: tuple[str, ...]
    """legal forms that are no syllable (ltd, gmbh), so that a word that ends so is two glued"""
    spelling: dict[str, str]
    """spelling in another language or number -> the common word"""
    phrases: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]
    """first word -> words in a row and what they are read as"""
    turkish: dict[str, str]
    turkish_signs: frozenset[str]
    turkish_letters: "re.Pattern[str]"
    """letters, and legal forms of Turkey alone"""
    numbers: dict[str, str]
    nicknames: dict[str, str]
    wade_giles: dict[str, str]
    german: "re.Pattern[str]"
    """signs that a word is written in German letters"""
    german_letters: "re.Pattern[str]"
    german_letter: dict[str, str]
    german_endings: dict[str, str]
    behind_street: frozenset[str]
    surname_endings: tuple[str, ...]
    no_initials: frozenset[str]
    """titles and particles before any surname"""
    chinese_syllables: "re.Pattern[str]"
    short_names: frozenset[str]
    """names of two letters, so no initials"""
    initial_letters: dict[str, str]
    """letter with a full stop -> the Latin letter that names of it begin with, where it is written with two"""
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
    firsts, lasts = FormRows(), FormRows()
    sets: dict[frozenset[str], str] = {}
    spelled_out: set[str] = set()
    particles = frozenset(table["legal"]["particles"].split())
    for form in tables.load("streams.names", "legal_forms.toml", dict[str, Any])["form"]:
        for name in form["names"]:
            tokens = normalise(name).tokens
            _add(lasts, tokens[-1], tokens, form["class"])
            if form.get("start"):
                _add(firsts, tokens[0], tokens, form["class"])
            for token in tokens if len(tokens) > 1 else ():
                if len(token) > 3:
                    factors.setdefault(token, weights["form"])
            bones = frozenset(skeleton(token) for token in tokens if token not in particles)
            if len(bones) > 1 and all(len(token) > 3 for token in tokens if token not in particles):
                sets[bones] = form["class"]
                spelled_out.update(token for token in tokens if token not in particles)
    near: dict[str, str] = {}
    for word, factor in factors.items():
        if len(word) >= LONG and factor > weights["title"]:
            near[word] = word
            near.update({word[:at] + word[at + 1 :]: word for at in range(len(word))})
    rows = [row for rows in lasts.values() for row in rows]
    forms = {word for form, _ in rows for word in form}
    single = frozenset(form[0] for form, _ in rows if len(form) == 1)
    legal_words = frozenset(word for word in forms if len(word) >= 5 and word.isalpha())
    legal_near: dict[str, str] = {}
    # Sorted, so that every process takes a slip for the same word; a word itself goes before what others are short of a letter.
    for word in sorted(legal_words):
        legal_near.update({word[:at] + word[at + 1 :]: word for at in range(len(word))})
    legal_near |= {consonants(word): word for word in sorted(legal_words)} | {w: w for w in legal_words}
    sure = frozenset(table["legal"]["sure"].split())
    within = FormRows()
    for form, kind in dict.fromkeys(rows):
        if (
            kind != "sole"
            and form[0] not in particles
            and (sum(map(len, form)) > SHORT_FORM or form[0] in sure)
        ):
            _add(within, form[0], form, kind)
    before, behind = (_phrases(table["branch"][where]) for where in ("before", "behind"))
    joins = sorted(table["join"]["patterns"], key=len, reverse=True)
    return Words(
        factors=factors,
        near=near,
        patronymic=tuple(table["patronymic"]["endings"]),
        join=re.compile(
            r"(?<!\w)(?:" + "|".join(re.escape(p) for p in joins) + r")(?!\w)[.:]?|[;|\n\r]", re.IGNORECASE
        ),
        address=frozenset(table["address"]["words"].split()),
        no_forms=frozenset(table["legal"]["names"].split()),
        legal_first=firsts,
        legal_last=lasts,
        legal_within=within,
        legal_single=single,
        sole_first=frozenset(
            first for first, forms in firsts.items() if any(kind == "sole" for _, kind in forms)
        ),
        legal_sets=sets,
        legal_bones={
            short(token): skeleton(token) for short in (consonants, skeleton) for token in sorted(spelled_out)
        },
        form_particles=particles,
        sure_forms=sure,
        beside_form=frozenset(table["legal"]["beside"].split()),
        branch_before=before,
        branch_behind=behind,
        firsts=frozenset(firsts) | {phrase[0] for phrase in before},
        branch_last=frozenset(phrase[-1] for phrase in behind),
        legal_words=legal_words,
        legal_heads=frozenset(word[:at] for word in legal_words for at in range(2, len(word) - 1)),
        legal_near=legal_near,
        legal_heard={sound(word): word for word in sorted(legal_words) if len(word) >= 6},
        legal_ends=tuple(
            word
            for word in sorted(single)
            if len(word) >= 3 and word.isalpha() and not set(word) & set("aeiouy")
        ),
        spelling={
            spelling: word for word, spellings in table["spelling"].items() for spelling in spellings.split()
        },
        phrases=_replacements(table["phrases"]),
        turkish=table["turkish"]["short"],
        turkish_signs=frozenset(table["turkish"]["signs"].split()),
        turkish_letters=re.compile(table["turkish"]["letters"]),
        numbers=table["numbers"],
        nicknames=table["nicknames"],
        wade_giles=table["wade_giles"],
        german=re.compile(table["german"]["signs"]),
        german_letters=re.compile(
            "(?<=[aeiouy])s(?=[aeiouy])|" + "|".join(letters for letters, _ in table["german"]["letters"])
        ),
        german_letter=dict(table["german"]["letters"]) | {"s": "z"},
        german_endings=table["german"]["endings"],
        behind_street=frozenset(table["address"]["behind_street"].split()),
        surname_endings=tuple(table["surname"]["endings"]),
        no_initials=frozenset(table["surname"]["never"].split()),
        chinese_syllables=re.compile(table["surname"]["syllables"]),
        short_names=frozenset(table["surname"]["short"].split()),
        initial_letters=table["surname"]["letters"],
        chinese=re.compile("|".join(sorted(map(re.escape, table["chinese"]), key=len, reverse=True))),
        chinese_words=table["chinese"],
        arabic_words=table["arabic"],
        number=weights["number"],
        initial=weights["initial"],
        form=weights["form"],
    )


def _add(table: FormRows, key: str, tokens: tuple[str, ...], form_class: str) -> None:
    forms = table.setdefault(key, [])
    forms.append((tokens, form_class))
    forms.sort(key=lambda form: len(form[0]), reverse=True)


def _phrases(texts: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(normalise(text).tokens for text in texts)


def _replacements(table: dict[str, str]) -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    found: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for text, read in sorted(table.items(), key=lambda item: -len(item[0])):
        parts = normalise(text).tokens
        found.setdefault(parts[0], []).append((parts, tuple(read.split())))
    return found


@lru_cache(maxsize=1 << 15)
def word_factor(token: str) -> float:
    """How much a word says beside its rarity: from the tables, else by its shape."""
    table = words()
    factor = table.factors.get(token)
    if factor is not None:
        return factor
    if len(token) == 1:
        return table.initial
    if token.isdigit():
        return table.number
    if len(token) >= LONG:
        near = table.near.get(token)
        for at in range(len(token)):
            near = near or table.near.get(token[:at] + token[at + 1 :])
        if near is not None and OSA.distance(token, near, score_cutoff=1) <= 1:
            return table.factors[near]
    return 1.0
