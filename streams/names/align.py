"""Which words of two names are paired: each once, the best meetings first, and then what is left over by mere resemblance."""

from collections.abc import Sequence
from typing import NamedTuple

from streams.names.analyse import Analysed, father, is_patronymic
from streams.names.similar import resemblance

CUT_LENGTH = 10
"""Letters from which a name may have been cut off within a word."""

CUT_AT_WORD = 15
"""The same between words: the narrowest name fields in use hold 35 characters, some registers 20, with spaces."""


class Pair(NamedTuple):
    """A possible meeting of neighbouring declared words with neighbouring listed words. Masks are bit sets of places."""

    gain: float
    declared_mask: int
    listed_mask: int
    weight: float
    likeness: float
    how: str
    """same, similar, initial, cut, glued"""


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


def resembling(
    declared: Analysed, listed: Analysed, listed_weights: Sequence[float], chosen: Sequence[Pair]
) -> list[Pair]:
    """Pairs of the words left over on both sides: the most alike, then all of them read as one."""
    declared_mask = listed_mask = 0
    for pair in chosen:
        declared_mask |= pair.declared_mask
        listed_mask |= pair.listed_mask
    ours = [place for place in range(len(declared.tokens)) if not declared_mask >> place & 1]
    theirs = [place for place in range(len(listed.tokens)) if not listed_mask >> place & 1]
    if not ours or not theirs or len(ours) * len(theirs) > 30:
        return []
    found: list[Pair] = []
    last = len(declared.tokens) - 1
    for place in ours:
        for other in theirs:
            one, two = declared.tokens[place], listed.tokens[other]
            cut = (
                place == last
                and len(one) >= 2
                and two.startswith(one)
                and len(declared.letters) >= CUT_AT_WORD
            )
            if is_patronymic(one) and is_patronymic(two):
                likeness = resemblance(father(one), father(two))
            else:
                likeness = 0.8 if cut else resemblance(one, two)
            if likeness:
                weight = listed_weights[other]
                found.append(
                    Pair(
                        weight * likeness,
                        1 << place,
                        1 << other,
                        weight,
                        likeness,
                        "cut" if cut else "similar",
                    )
                )
    found = choose(found)
    for pair in found:
        declared_mask |= pair.declared_mask
        listed_mask |= pair.listed_mask
    ours = [place for place in ours if not declared_mask >> place & 1]
    theirs = [place for place in theirs if not listed_mask >> place & 1]
    if ours and theirs and len(ours) + len(theirs) > 2:
        one = "".join(declared.tokens[place] for place in ours)
        two = "".join(listed.tokens[place] for place in theirs)
        likeness = resemblance(one, two)
        if likeness:
            weight = sum(listed_weights[place] for place in theirs)
            found.append(
                Pair(
                    weight * likeness,
                    sum(1 << place for place in ours),
                    sum(1 << place for place in theirs),
                    weight,
                    likeness,
                    "glued",
                )
            )
    return found
