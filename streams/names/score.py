"""Fourth stage: two analysed names to one score.

`choose` pairs their words, each once; `evidence` says in numbers what met, what was altered and what is missing; `weigh` makes
the score of it, by weights (defaults.toml) and by joint weights of two amounts where a sum alone misjudges
(joint_weights.toml), both fitted to what tells altered names from near-misses. Used with the index, where a word's rarity is
measured, and without it (`compare`).
"""

from collections.abc import Sequence
from functools import cache
from math import exp
from operator import mul
from typing import Any

from msgspec import Struct

from streams import tables
from streams.names.align import Pair, choose, resembling
from streams.names.analyse import Analysed
from streams.names.evidence import COMMON, Evidence, evidence
from streams.names.figures import defaults


class Scored(Struct, frozen=True):
    score: float
    pairs: tuple[Pair, ...]
    needs_corroboration: bool
    """One word, few letters: the score is capped unless something else agrees."""
    evidence: Evidence | None = None


@cache
def _weights() -> tuple[float, ...]:
    weights = defaults().score.weights
    if set(weights) != set(Evidence._fields):
        raise ValueError(f"defaults.toml weighs {sorted(weights)}, not {sorted(Evidence._fields)}")
    return tuple(weights[field] for field in Evidence._fields)


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
    if bool(declared.ideographs) != bool(listed.ideographs):
        # Many Chinese characters share a sound: a short name met by sound alone is a namesake more often than not.
        value = min(value, figures.by_sound)
        slight = (
            max(len(declared.ideographs), len(listed.ideographs)) <= 3 or found.added + found.dropped > 0.02
        )
    return Scored(value, tuple(chosen), slight, found)


def weigh(found: Evidence) -> float:
    """The score of the evidence, between 0 and `not_the_same`; seldom the same for different evidence."""
    figures = defaults().score
    total = figures.base + sum(map(mul, _weights(), found))
    if total > _HOPELESS:
        for field, at, below, at_below, low, high, above, at_above, low_above, high_above in _joint_weights():
            if found[field] < at:
                total += low if found[below] < at_below else high
            else:
                total += low_above if found[above] < at_above else high_above
    return figures.not_the_same / (1.0 + exp(-total / figures.spread))


_HOPELESS = -3.0
"""Sum that no joint weights lift to a hit."""

JointWeight = tuple[int, float, int, float, float, float, int, float, float, float]
"""Field and bound; for a value below it, another field and bound and what is added below and above that one; the same for a
value above."""


@cache
def _joint_weights() -> tuple[JointWeight, ...]:
    table = tables.load("streams.names", "joint_weights.toml", dict[str, Any])
    number = {field: place for place, field in enumerate(Evidence._fields)}
    return tuple(
        (number[a], at, number[b], at_b, low_b, high_b, number[c], at_c, low_c, high_c)
        for a, at, b, at_b, low_b, high_b, c, at_c, low_c, high_c in table["weights"]
    )


def _shared(a: str, b: str) -> float:
    """Two names in Chinese characters that sound alike are two names: from 0.6 (none shared) to 1."""
    common = len(set(a) & set(b))
    return 0.6 + 0.4 * (2 * common / (len(set(a)) + len(set(b))))
