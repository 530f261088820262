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
    letters = strong = near = 0
    exact = True
    for pair in chosen:
        met += pair.weight * pair.likeness
        paired += pair.weight
        declared_mask |= pair.declared_mask
        listed_mask |= pair.listed_mask
        if pair.likeness < 1.0:
            exact = False
            near += pair.likeness < 0.95
    if not chosen or not paired:
        return Scored(0.0, (), False)
    for place, token in enumerate(listed.tokens):
        if listed_mask >> place & 1 and listed.factors[place] >= 0.5:
            letters += len(token)
            strong += 1
    over = _left_over(declared, declared_weights, declared_mask, figures) * figures.missing_from_list
    under = _left_over(listed, listed_weights, listed_mask, figures) * figures.missing_from_declaration
    value = met / (paired + over + under)
    if declared.tokens == listed.tokens and declared.legal == listed.legal and not declared.evasion:
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
    # One word, or two short syllables: such names are shared by many, so a near miss says little.
    rest = over + under > 0.02
    if bool(declared.ideographs) != bool(listed.ideographs):
        # Many Chinese characters share a sound: a short name met by sound alone is a namesake more often than not.
        value = min(value, figures.by_sound)
        slight = max(len(declared.ideographs), len(listed.ideographs)) <= 3 or rest
    elif strong <= 1:
        slight = letters <= 3 or rest or not (exact or (near == 0 and letters >= 6))
    else:
        slight = letters <= 10 and (rest or near > 0)
    return Scored(value, tuple(chosen), slight)


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
