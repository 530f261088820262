"""Fourth stage: two analysed names to one score.

`choose` pairs their words, each once; `evidence` says in numbers what met, what was altered and what is missing; `weigh` makes
the score of it, by weights fitted to what tells altered names from near-misses (defaults.toml). Used with the index, where a
word's rarity is measured, and without it (`compare`).
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from math import exp, log
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct
from rapidfuzz.distance import OSA

from streams.names.align import CUT_AT_WORD, CUT_LENGTH, Pair, choose, resembling
from streams.names.analyse import Analysed, is_patronymic


class Evidence(NamedTuple):
    """What speaks for and against two names being one. Shares and weights: 0 is nothing, 1 a whole rare word or all of a name."""

    met: float
    """logarithm of the weight of what met"""
    few_letters: float
    """1 where telling words of four letters met or none, 0 from fourteen on"""
    altered: float
    """share of what met that is spelt otherwise"""
    altered_words: float
    """telling words spelt otherwise, each by how much"""
    known_words: float
    """of these, the share that are other listed words, so no slips of a pen"""
    dropped: float
    """share of the listed name that is missing from the declared one"""
    dropped_weight: float
    dropped_end: float
    """weight of the listed name's first or last word where it is missing: those are left out less often than middle ones"""
    added: float
    """share of the declared name that is not in the listed one"""
    added_weight: float
    replaced: float
    """share missing on both sides: a word in another's place"""
    replaced_weight: float
    replaced_common: float
    """common words in each other's place: Shipping for Trading"""
    number: float
    """1 where a number stands in another's place"""
    cut: float
    """share of the listed name missing where the declared name is its beginning"""
    unlike: float
    """where words are left over on both sides: how much the names differ letter by letter, at most 0.4"""
    nearly_same: float
    """1 where the two names are the same letters or no word of either is left over, less for each letter typed otherwise"""
    initials: float
    """words met by their first letter only"""
    order: float
    legal: float
    """1 where the legal forms differ, 0.3 where only one has one"""


class Figures(Struct, frozen=True, kw_only=True):
    """`[score]` of defaults.toml."""

    patronymic: float
    not_the_same: float
    aside: float
    by_sound: float
    uncorroborated: float
    country_agrees: float
    country_differs: float
    type_differs: float
    spread: float
    base: float
    weights: dict[str, float]


class Scored(Struct, frozen=True):
    score: float
    pairs: tuple[Pair, ...]
    needs_corroboration: bool
    """One word, few letters: the score is capped unless something else agrees."""
    evidence: Evidence | None = None


class Defaults(Struct, frozen=True):
    threshold: float
    band: float
    score: Figures
    version: str


@cache
def defaults() -> Defaults:
    table = tomllib.loads(Path(__file__).with_name("defaults.toml").read_text(encoding="utf-8"))
    weights = table["weights"]
    if set(weights) != set(Evidence._fields):
        raise ValueError(f"defaults.toml weighs {sorted(weights)}, not {sorted(Evidence._fields)}")
    return Defaults(
        table["threshold"]["value"],
        table["similar"]["band"],
        Figures(**table["score"], weights=weights),
        table["version"],
    )


@cache
def _weights() -> tuple[float, ...]:
    return tuple(defaults().score.weights[field] for field in Evidence._fields)


def score(
    declared: Analysed,
    listed: Analysed,
    declared_weights: Sequence[float],
    listed_weights: Sequence[float],
    pairs: list[Pair],
    known: int = 0,
) -> Scored:
    """Scores the pairs chosen. 1.0 only for the same name; `needs_corroboration` says that the name alone is too little.

    `known`: bit set of the declared words that are themselves words of the list.
    """
    figures = defaults().score
    chosen = choose(pairs)
    chosen += resembling(declared, listed, listed_weights, chosen)
    if not chosen:
        return Scored(0.0, (), False)
    found = evidence(declared, listed, declared_weights, listed_weights, chosen, known)
    value = weigh(found)
    same_signs = declared.ideographs == listed.ideographs or not (declared.ideographs and listed.ideographs)
    same = declared.tokens == listed.tokens and same_signs
    if same and declared.legal == listed.legal and not (declared.evasion or listed.evasion):
        value = 1.0
    if declared.ideographs and listed.ideographs:
        value *= _shared(declared.ideographs, listed.ideographs)
    slight = False
    if bool(declared.ideographs) != bool(listed.ideographs):
        # Many Chinese characters share a sound: a short name met by sound alone is a namesake more often than not.
        value = min(value, figures.by_sound)
        slight = (
            max(len(declared.ideographs), len(listed.ideographs)) <= 3 or found.added + found.dropped > 0.02
        )
    return Scored(value, tuple(chosen), slight, found)


def weigh(found: Evidence) -> float:
    """The score of the evidence, between 0 and `not_the_same`; never the same for different evidence."""
    figures = defaults().score
    total = figures.base
    for weight, amount in zip(_weights(), found, strict=True):
        total += weight * amount
    return figures.not_the_same / (1.0 + exp(-total / figures.spread))


def evidence(
    declared: Analysed,
    listed: Analysed,
    declared_weights: Sequence[float],
    listed_weights: Sequence[float],
    chosen: Sequence[Pair],
    known: int = 0,
) -> Evidence:
    """What the chosen pairs and the words left over say."""
    patronymic = defaults().score.patronymic
    met = paired = altered_words = known_words = initials = 0.0
    letters = 0
    declared_mask = listed_mask = 0
    for pair in chosen:
        met += pair.weight * pair.likeness
        paired += pair.weight
        declared_mask |= pair.declared_mask
        listed_mask |= pair.listed_mask
        if pair.how == "initial":
            initials += 1.0
            continue
        if pair.weight >= _TELLING:
            letters += sum(
                len(token) for place, token in enumerate(listed.tokens) if pair.listed_mask >> place & 1
            )
            if pair.likeness < _SPELT_ALIKE:
                altered_words += 1.0 - pair.likeness
                if known & pair.declared_mask:
                    known_words += 1.0 - pair.likeness
    added = added_common = added_said = 0.0
    added_number = dropped_number = telling_left = False
    for place, token in enumerate(declared.tokens):
        if not declared_mask >> place & 1:
            weight = declared_weights[place]
            if is_patronymic(token):
                weight *= patronymic
            elif declared.factors[place] > _COMMON[0]:
                telling_left = True
            added += weight
            if declared.factors[place] > _COMMON[0]:
                added_said += weight
            added_common += _COMMON[0] < declared.factors[place] < _COMMON[1]
            added_number |= not token.isalpha()
    dropped = dropped_common = dropped_end = dropped_said = 0.0
    ends = (0, len(listed.tokens) - 1)
    for place, token in enumerate(listed.tokens):
        if not listed_mask >> place & 1:
            weight = listed_weights[place]
            if place in ends:
                dropped_end = max(dropped_end, weight)
            if is_patronymic(token):
                weight *= patronymic
            elif listed.factors[place] > _COMMON[0]:
                telling_left = True
            dropped += weight
            if listed.factors[place] > _COMMON[0]:
                dropped_said += weight
            dropped_common += _COMMON[0] < listed.factors[place] < _COMMON[1]
            dropped_number |= not token.isalpha()
    cut = 0.0
    if _is_cut(declared, listed):
        cut, dropped, dropped_end, added = dropped / (paired + dropped) + 0.01, 0.0, 0.0, 0.0
    # A title here and a patronymic there are no word in another's place.
    replaced = 0.0 if cut else min(added_said, dropped_said)
    whole = paired + 1e-9
    altered = 1.0 - met / whole
    nearly_same = 1.0 if cut else _nearly_same(declared, listed)
    if not replaced:
        over = added + dropped
        if not over or (letters >= _ENOUGH_LETTERS and over < _NOTHING):
            nearly_same = max(nearly_same, 1.0 - 2.0 * altered - 1.5 * altered_words)
        elif letters >= _FEW_LETTERS and not telling_left:
            # Short of a patronymic or a title, or with one more.
            nearly_same = max(nearly_same, 0.8 - 2.0 * altered - 1.5 * altered_words)
    return Evidence(
        met=log(0.1 + met),
        few_letters=max(0.0, min(1.0, (14 - letters) / 10)),
        altered=altered,
        altered_words=altered_words,
        known_words=known_words,
        dropped=dropped / (whole + dropped),
        dropped_weight=min(dropped, 2.0),
        dropped_end=dropped_end,
        added=added / (whole + added),
        added_weight=min(added, 2.0),
        replaced=replaced / (whole + replaced),
        replaced_weight=min(replaced, 1.0),
        replaced_common=min(added_common, dropped_common, 2.0),
        number=1.0 if added_number and dropped_number else 0.0,
        cut=cut,
        unlike=_unlike(declared, listed) if replaced else 0.0,
        nearly_same=nearly_same,
        initials=initials,
        order=_order(chosen),
        legal=_legal(declared, listed),
    )


def _is_cut(declared: Analysed, listed: Analysed) -> bool:
    """Whether the declared name is the beginning of the listed one, cut off at the width of a field."""
    length = len(declared.letters)
    if not CUT_LENGTH <= length < len(listed.letters) or not listed.letters.startswith(declared.letters):
        return False
    return length >= CUT_AT_WORD or declared.tokens[-1] not in listed.tokens


_NOTHING = 0.2
"""Weight left over that is no word to speak of: particles, titles."""

_ENOUGH_LETTERS = 10
_FEW_LETTERS = 6

_TELLING = 0.3
_SPELT_ALIKE = 0.96
_COMMON = (0.19, 0.6)
"""Factors between which a word is a common one or a place."""


def _unlike(declared: Analysed, listed: Analysed) -> float:
    """0 for the same letters, in this order or with the words sorted; 0.4 and more is 0.4."""
    alike = max(
        OSA.normalized_similarity(declared.letters, listed.letters, score_cutoff=0.6),
        OSA.normalized_similarity(declared.sorted_letters, listed.sorted_letters, score_cutoff=0.6),
    )
    return min(0.4, 1.0 - alike)


def _nearly_same(declared: Analysed, listed: Analysed) -> float:
    """1 for the same letters, less for each slip; consonants alone count for two thirds."""
    most = min(4.0, len(listed.letters) / 4)
    slips = OSA.distance(declared.letters, listed.letters, score_cutoff=3)
    if slips:
        slips = min(slips, OSA.distance(declared.sorted_letters, listed.sorted_letters, score_cutoff=3))
    nearly = 1.0 - slips / most
    if nearly < _BY_CONSONANTS and len(listed.consonants) >= 5:
        most = min(4.0, len(listed.consonants) / 4)
        slips = OSA.distance(declared.consonants, listed.consonants, score_cutoff=3)
        nearly = max(nearly, _BY_CONSONANTS * (1.0 - slips / most))
    return max(0.0, nearly)


_BY_CONSONANTS = 0.7


def _order(chosen: Sequence[Pair]) -> float:
    places = [pair.listed_mask for pair in sorted(chosen, key=lambda pair: pair.declared_mask)]
    return 0.0 if places == sorted(places) else 1.0


def _legal(declared: Analysed, listed: Analysed) -> float:
    if declared.legal == listed.legal:
        return 0.0
    if declared.legal and listed.legal:
        return 0.0 if declared.legal & listed.legal else 1.0
    return 0.3


def _shared(a: str, b: str) -> float:
    """Two names in Chinese characters that sound alike are two names: from 0.6 (none shared) to 1."""
    common = len(set(a) & set(b))
    return 0.6 + 0.4 * (2 * common / (len(set(a)) + len(set(b))))
