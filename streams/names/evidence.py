"""What two names whose words are paired say for and against being one, in numbers.

The weights of these amounts are in defaults.toml, the joint ones that correct their sum in joint_weights.toml; `score` adds
them up.
"""

from collections.abc import Sequence
from math import log
from typing import NamedTuple

from rapidfuzz.distance import OSA

from streams.names.align import CUT_AT_WORD, CUT_LENGTH, Pair
from streams.names.analyse import Analysed, is_patronymic
from streams.names.figures import defaults
from streams.names.places import city_word, place_agreement
from streams.names.tables import words


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
    worst: float
    """how little alike the least alike telling words are that met"""
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
    added_known: float
    """weight of those words added that are other listed words, so no slips of a pen"""
    replaced_weight: float
    """weight missing on both sides: a word in another's place"""
    replaced_common: float
    """common words in each other's place: Shipping for Trading"""
    number: float
    """1 where a number stands in another's place"""
    cut: float
    """share of the listed name missing where the declared name is its beginning"""
    unlike: float
    """where words are left over on both sides: how much the names differ letter by letter, at most 0.5"""
    differ: float
    """the same, whatever is left over"""
    bones: float
    """how much the names differ in their consonants, at most 0.5"""
    nearly_same: float
    """1 where the two names are the same letters or no word of either is left over, less for each letter typed otherwise"""
    initials: float
    """words met by their first letter only"""
    order: float
    legal: float
    """1 where the legal forms differ, 0.3 where only one has one"""
    pieces: float
    """pieces of legal forms without their like on the other side, three at most"""
    place_differs: float
    """1 where the two names say other places: Bank of China (Hong Kong), (Singapore)"""
    place_alone: float
    """1 where only one name says a place"""


class _Left(NamedTuple):
    """What the words of one name say that met none of the other."""

    weight: float = 0.0
    known: float = 0.0
    """weight of those that are listed words"""
    said: float = 0.0
    """weight without particles, titles and pieces of legal forms"""
    end: float = 0.0
    """the heavier of the first and last word"""
    common: int = 0
    pieces: int = 0
    number: bool = False
    telling: bool = False


_NOTHING_LEFT = _Left()


def _left(name: Analysed, weights: Sequence[float], met: int, known: int, places: Sequence[str]) -> _Left:
    """`places` of the other name: the city that it says behind a comma is no word missing from it."""
    cities = {city_word(place) for place in places} if places else ()
    tokens = name.tokens
    last = len(tokens) - 1
    if met == (2 << last) - 1:
        return _NOTHING_LEFT
    patronymic, form = defaults().score.patronymic, words().form
    weight = known_weight = said = end = 0.0
    common = pieces = 0
    number = telling = False
    for place, token in enumerate(tokens):
        if met >> place & 1 or token in cities:
            continue
        own, factor = weights[place], name.factors[place]
        if place in (0, last) and own > end:
            end = own
        if is_patronymic(token) or name.second >> place & 1:
            own *= patronymic
        elif factor > COMMON[0]:
            telling = True
        weight += own
        if known >> place & 1:
            known_weight += own
        if factor > COMMON[0]:
            said += own
            common += factor < COMMON[1]
        pieces += factor == form
        number |= not token.isalpha()
    return _Left(weight, known_weight, said, end, common, pieces, number, telling)


def evidence(
    declared: Analysed,
    listed: Analysed,
    declared_weights: Sequence[float],
    listed_weights: Sequence[float],
    chosen: Sequence[Pair],
    known: int = 0,
) -> Evidence:
    """What the chosen pairs and the words left over say."""
    met = paired = altered_words = worst = known_words = initials = 0.0
    letters = 0
    declared_mask = listed_mask = 0
    for _, ours, theirs, weight, likeness, how in chosen:
        met += weight * likeness
        paired += weight
        declared_mask |= ours
        listed_mask |= theirs
        if how == "initial":
            initials += 1.0
            continue
        if weight >= _TELLING:
            letters += sum([len(token) for place, token in enumerate(listed.tokens) if theirs >> place & 1])
            if likeness < _SPELT_ALIKE:
                altered_words += 1.0 - likeness
                worst = max(worst, 1.0 - likeness)
                if known & ours:
                    known_words += 1.0 - likeness
    more = _left(declared, declared_weights, declared_mask, known, listed.places)
    less = _left(listed, listed_weights, listed_mask, 0, declared.places)
    added, dropped, dropped_end = more.weight, less.weight, less.end
    cut = 0.0
    if _is_cut(declared, listed):
        cut, dropped, dropped_end, added = dropped / (paired + dropped) + 0.01, 0.0, 0.0, 0.0
    # A title here and a patronymic there are no word in another's place.
    replaced = 0.0 if cut else min(more.said, less.said)
    whole = paired or 1.0
    altered = round(1.0 - met / whole, 6) if paired else 0.0
    differ, bones, nearly_same = (0.0, 0.0, 1.0) if cut else _slips(declared, listed)
    if not replaced:
        over = added + dropped
        if not over or (letters >= _ENOUGH_LETTERS and over < _NOTHING):
            nearly_same = max(nearly_same, 1.0 - 2.0 * altered - 1.5 * altered_words)
        elif letters >= _FEW_LETTERS and not (more.telling or less.telling):
            # Short of a patronymic or a title, or with one more.
            nearly_same = max(nearly_same, 0.8 - 2.0 * altered - 1.5 * altered_words)
    return Evidence(
        met=log(0.1 + met),
        few_letters=max(0.0, min(1.0, (14 - letters) / 10)),
        altered=altered,
        altered_words=altered_words,
        worst=worst,
        known_words=known_words,
        dropped=dropped / (whole + dropped),
        dropped_weight=min(dropped, 2.0),
        dropped_end=dropped_end,
        added=added / (whole + added),
        added_weight=min(added, 2.0),
        added_known=0.0 if cut else min(more.known, 2.0),
        replaced_weight=min(replaced, 1.0),
        replaced_common=min(more.common, less.common, 2.0),
        number=1.0 if more.number and less.number else 0.0,
        cut=cut,
        unlike=differ if replaced else 0.0,
        differ=differ,
        bones=bones,
        nearly_same=nearly_same,
        initials=initials,
        order=_order(chosen),
        legal=_legal(declared, listed),
        pieces=min(more.pieces + less.pieces, 3.0),
        place_differs=float(place_agreement(declared.places, listed.places) == "differs"),
        place_alone=float(bool(declared.places) != bool(listed.places)),
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
COMMON = (0.19, 0.6)
"""Factors between which a word is a common one or a place."""


def _slips(declared: Analysed, listed: Analysed) -> tuple[float, float, float]:
    """How much the letters differ, as given or with the words sorted (0..0.5), how much the consonants do, and how nearly
    the names are the same: 1 for the same letters, less for each slip; consonants alone count for two thirds."""
    longest = max(len(declared.letters), len(listed.letters))
    half = (longest + 1) // 2
    slips = OSA.distance(declared.letters, listed.letters, score_cutoff=half)
    if slips:
        slips = min(slips, OSA.distance(declared.sorted_letters, listed.sorted_letters, score_cutoff=half))
    nearly = 1.0 - slips / min(4.0, len(listed.letters) / 4) if slips <= 3 else 0.0
    bones = 0.0
    if slips:
        length = max(len(declared.consonants), len(listed.consonants))
        wrong = OSA.distance(declared.consonants, listed.consonants, score_cutoff=(length + 1) // 2)
        bones = min(0.5, wrong / (length or 1))
        if nearly < _BY_CONSONANTS and len(listed.consonants) >= 5:
            nearly = max(nearly, _BY_CONSONANTS * (1.0 - wrong / min(4.0, len(listed.consonants) / 4)))
    return min(0.5, slips / longest), bones, max(0.0, nearly)


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
