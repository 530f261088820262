"""Fourth stage: two analysed names to one score, by pairing their words.

A word pairs once. What pairs counts by the rarity of the listed word times likeness; a significant word left over on
either side costs. `pair_up` and `score` are used with the index (rarity measured) and without it (`compare`).
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from streams.names.analyse import Analysed, is_patronymic


class Pair(NamedTuple):
    """A possible meeting of neighbouring declared words with neighbouring listed words. Masks are bit sets of places."""

    gain: float
    declared_mask: int
    listed_mask: int
    weight: float
    likeness: float
    how: str
    """same, similar, initial, cut, glued"""


class Figures(Struct, frozen=True, kw_only=True):
    """`[score]` of defaults.toml."""

    missing_from_list: float
    missing_from_declaration: float
    patronymic: float
    order: float
    legal_differs: float
    legal_one_sided: float
    not_the_same: float
    by_sound: float
    uncorroborated: float
    country_agrees: float
    country_differs: float
    type_differs: float


class Scored(Struct, frozen=True):
    score: float
    pairs: tuple[Pair, ...]
    needs_corroboration: bool
    """One word, few letters: the score is capped unless something else agrees."""


class Defaults(Struct, frozen=True):
    threshold: float
    band: float
    score: Figures
    version: str


@cache
def defaults() -> Defaults:
    table = tomllib.loads(Path(__file__).with_name("defaults.toml").read_text(encoding="utf-8"))
    return Defaults(
        table["threshold"]["value"], table["similar"]["band"], Figures(**table["score"]), table["version"]
    )


def choose(pairs: list[Pair]) -> list[Pair]:
    """The pairs that count: best first, each word once."""
    pairs.sort(reverse=True)
    chosen: list[Pair] = []
    declared = listed = 0
    for pair in pairs:
        if not (pair.declared_mask & declared or pair.listed_mask & listed):
            chosen.append(pair)
            declared |= pair.declared_mask
            listed |= pair.listed_mask
    return chosen


def score(
    declared: Analysed,
    listed: Analysed,
    declared_weights: Sequence[float],
    listed_weights: Sequence[float],
    pairs: list[Pair],
    figures: Figures | None = None,
) -> Scored:
    """Scores the pairs chosen. 1.0 only for the same name; `needs_corroboration` says that the name alone is too little."""
    figures = figures or defaults().score
    chosen = choose(pairs)
    met = paired = 0.0
    declared_mask = listed_mask = 0
    for pair in chosen:
        met += pair.weight * pair.likeness
        paired += pair.weight
        declared_mask |= pair.declared_mask
        listed_mask |= pair.listed_mask
    if not chosen or not paired:
        return Scored(0.0, (), False)
    over = _left_over(declared, declared_weights, declared_mask, figures) * figures.missing_from_list
    under = _left_over(listed, listed_weights, listed_mask, figures) * figures.missing_from_declaration
    value = met / (paired + over + under)
    if (
        declared.tokens == listed.tokens
        and declared.legal == listed.legal
        and not (declared.evasion or listed.evasion)
    ):
        same_signs = declared.ideographs == listed.ideographs or not (
            declared.ideographs and listed.ideographs
        )
        if same_signs:
            value = 1.0
    else:
        value *= _order_factor(chosen, figures) * _legal_factor(declared, listed, figures)
        value = min(value, figures.not_the_same)
    if declared.ideographs and listed.ideographs:
        value *= _shared(declared.ideographs, listed.ideographs)
    rest = (over + under) / (paired + over + under)
    if bool(declared.ideographs) != bool(listed.ideographs):
        # Many Chinese characters share a sound: a short name met by sound alone is a namesake more often than not.
        value = min(value, figures.by_sound)
        slight = max(len(declared.ideographs), len(listed.ideographs)) <= 3 or rest > 0.02
    else:
        same_name = declared.tokens == listed.tokens and max(listed.factors) >= 0.5
        slight = not same_name and _says_little(listed, chosen, rest)
    return Scored(value, tuple(chosen), slight)


def _says_little(listed: Analysed, chosen: list[Pair], rest: float) -> bool:
    """Whether so little met that many unrelated names would meet as much: one word, two short syllables, common words.

    The same words in full are enough except for a word of three letters; a long rare word may be misspelt.
    """
    telling = [
        (sum(len(token) for place, token in enumerate(listed.tokens) if pair.listed_mask >> place & 1), pair)
        for pair in chosen
        if pair.how != "initial"
        and any(
            factor >= 0.5 and pair.listed_mask >> place & 1 for place, factor in enumerate(listed.factors)
        )
    ]
    exact = all(pair.likeness == 1.0 for pair in chosen)
    letters = sum(length for length, _ in telling)
    if len(telling) >= 2:
        near = sum(pair.likeness < 0.95 for _, pair in telling)
        return letters <= 10 and (rest > 0.1 or near == len(telling) or (near > 0 and letters <= 8))
    if rest > 0.15:
        return True
    if not telling:
        return len(chosen) < 2 or not (exact or len(chosen) > 2)
    length, pair = telling[0]
    if pair.likeness == 1.0:
        return length <= 3 and len(chosen) < 2
    if pair.likeness >= 0.95:
        return length < 6
    return length < 7 or pair.likeness < 0.8 or pair.weight < 0.75


def _left_over(name: Analysed, weights: Sequence[float], mask: int, figures: Figures) -> float:
    total = 0.0
    for place, weight in enumerate(weights):
        if not mask >> place & 1:
            total += weight * figures.patronymic if is_patronymic(name.tokens[place]) else weight
    return total


def _order_factor(chosen: list[Pair], figures: Figures) -> float:
    places = [pair.listed_mask for pair in sorted(chosen, key=lambda pair: pair.declared_mask)]
    return 1.0 if places == sorted(places) else figures.order


def _legal_factor(declared: Analysed, listed: Analysed, figures: Figures) -> float:
    if declared.legal == listed.legal:
        return 1.0
    if declared.legal and listed.legal:
        return 1.0 if declared.legal & listed.legal else figures.legal_differs
    return figures.legal_one_sided


def _shared(a: str, b: str) -> float:
    """Two names in Chinese characters that sound alike are two names: from 0.6 (none shared) to 1."""
    common = len(set(a) & set(b))
    return 0.6 + 0.4 * (2 * common / (len(set(a)) + len(set(b))))
