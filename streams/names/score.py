"""Fourth stage: two analysed names to one score.

`choose` pairs their words, each once; `evidence` says in amounts what met, what was altered and what is missing; `weigh` adds
up what each amount weighs (weights.toml, fitted by `torugart bench fit-names` to what tells altered names from near-misses and
from real firms). More of what speaks against never raises a score. Used with the index, where a word's rarity is measured, and
without it (`compare`).
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from math import exp
from typing import NamedTuple

from msgspec import Struct

from streams import tables
from streams.names.align import Pair, choose, resembling
from streams.names.analyse import Analysed
from streams.names.evidence import COMMON, FOR, Evidence, evidence, is_firm
from streams.names.figures import defaults


class Scored(Struct, frozen=True):
    score: float
    pairs: tuple[Pair, ...]
    needs_corroboration: bool
    """One word, few letters: the score is capped unless something else agrees."""
    evidence: Evidence | None = None
    firm: bool = False
    """whether a legal form or a common word says that it is no person"""


class Weighed(NamedTuple):
    """What an amount adds to the sum, by its size; between two sizes in proportion."""

    at: tuple[float, ...]
    """ascending, the first 0"""
    add: tuple[float, ...]
    """the first 0; rising where the amount speaks for one party, falling where it speaks against"""

    def of(self, size: float) -> float:
        at, add = self.at, self.add
        if size >= at[-1]:
            return add[-1]
        above = bisect_right(at, size)
        low = at[above - 1]
        return add[above - 1] + (add[above] - add[above - 1]) * (size - low) / (at[above] - low)


class _WeightsFile(tables.Sourced, frozen=True):
    base: float
    at: dict[str, tuple[float, ...]]
    add: dict[str, tuple[float, ...]]


class Weights(NamedTuple):
    base: float
    amounts: tuple[Weighed, ...]


@cache
def weights() -> Weights:
    """Of weights.toml, in the order of `Evidence`. Raises ValueError where it weighs other amounts, or one with a wrong sign."""
    file = tables.load("streams.names", "weights.toml", _WeightsFile)
    if set(file.at) != set(Evidence._fields) or set(file.add) != set(Evidence._fields):
        raise ValueError(f"weights.toml weighs {sorted(file.at)}, not {sorted(Evidence._fields)}")
    amounts = tuple(Weighed(file.at[field], file.add[field]) for field in Evidence._fields)
    for field, (at, add) in zip(Evidence._fields, amounts, strict=True):
        in_order = sorted(add, reverse=field not in FOR) == list(add)
        if not in_order or len(at) != len(add) or sorted(set(at)) != list(at) or (at[0], add[0]) != (0, 0):
            raise ValueError(f"weights.toml: {field} must begin at 0 and go one way")
    return Weights(file.base, amounts)


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
    same = same and declared.places == listed.places
    if same and declared.legal == listed.legal and not (declared.evasion or listed.evasion):
        value = 1.0
    if declared.ideographs and listed.ideographs:
        value *= _shared(declared.ideographs, listed.ideographs)
    # Common words alone, such as "General Trading", are a name that many have.
    slight = max(declared.factors) < COMMON[1] and found.added + found.dropped > 0.0
    # A coined word one letter away, and a word that many firms have with something left over, say too little by themselves.
    slight |= found.nothing_tells > 0.0 and found.added + found.dropped + found.cut > 0.0
    # Nor does a word of few letters with another legal form behind it (NEC Corp., JSC NEC).
    if found.legal == 1.0 and len(declared.tokens) == len(listed.tokens) == 1:
        slight |= len(listed.tokens[0]) <= figures.short or found.everyday > 0.0
    # Nor does the same name in another place: Bank of China (Hong Kong), (Singapore).
    slight |= found.place_differs > 0.0
    slight |= found.lone >= figures.coined or found.everyday == 1.0
    if bool(declared.ideographs) != bool(listed.ideographs):
        # Many Chinese characters share a sound: a short name met by sound alone is a namesake more often than not.
        value = min(value, figures.by_sound)
        slight = (
            max(len(declared.ideographs), len(listed.ideographs)) <= 3 or found.added + found.dropped > 0.02
        )
    firm = is_firm(declared) or is_firm(listed)
    return Scored(value, tuple(chosen), slight, found, firm)


def weigh(found: Evidence) -> float:
    """The score of the evidence, between 0 and `not_the_same`; seldom the same for different evidence."""
    figures = defaults().score
    total, amounts = weights()
    for size, weighed in zip(found, amounts, strict=True):
        if size > 0.0:
            total += weighed.of(size)
    return figures.not_the_same / (1.0 + exp(-total / figures.spread))


def _shared(a: str, b: str) -> float:
    """Two names in Chinese characters that sound alike are two names: from 0.6 (none shared) to 1."""
    common = len(set(a) & set(b))
    return 0.6 + 0.4 * (2 * common / (len(set(a)) + len(set(b))))
