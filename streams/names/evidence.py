"""What two names whose words are paired say for and against being one, in numbers.

Each amount is 0 where there is nothing of it; its weight by its size is in weights.toml, and `score` adds the weights up. The
last amounts (`INTERACTIONS`) are two things that say more together than each for itself.
"""

from collections.abc import Sequence
from functools import cache
from math import log
from typing import NamedTuple

from rapidfuzz.distance import OSA

from streams import tables
from streams.names.align import CUT_AT_WORD, CUT_LENGTH, Pair
from streams.names.analyse import Analysed, is_patronymic
from streams.names.figures import defaults
from streams.names.places import city_word, place_agreement


class Evidence(NamedTuple):
    """Amounts: shares and weights, where 0 is nothing and 1 a whole rare word or all of a name."""

    met: float
    """grows with the weight of what met: the logarithm of 1 and ten times it"""
    nearly_same: float
    """1 where the two names are the same letters or no word of either is left over, less for each letter typed otherwise"""
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
    order: float
    legal: float
    """1 where the legal forms differ, 0.3 where only one has one"""
    place_differs: float
    """1 where the two names say other places: Bank of China (Hong Kong), (Singapore)"""
    place_alone: float
    """1 where only one name says a place"""
    lone: float
    """where one word tells and it is spelt otherwise: how short it is, 1 for four letters, 0 from twelve on"""
    lone_altered: float
    """the same: how much otherwise"""
    lone_firm: float
    """`lone`, of firms"""
    nothing_tells: float
    """1 where only common words and initials met"""
    everyday: float
    """where one word tells, and many firms have it: 1, and half where the rest is the same"""
    altered_left: float
    """what is spelt otherwise where something is left over as well"""


INTERACTIONS = Evidence._fields[Evidence._fields.index("lone") :]
"""At most twenty: each has a reason that can be said in a line."""

FOR = ("met", "nearly_same")
"""Amounts that speak for one party; all others speak against."""


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
    patronymic = defaults().score.patronymic
    weight = known_weight = said = end = 0.0
    common = 0
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
        number |= not token.isalpha()
    return _Left(weight, known_weight, said, end, common, number, telling)


def evidence(
    declared: Analysed,
    listed: Analysed,
    declared_weights: Sequence[float],
    listed_weights: Sequence[float],
    chosen: Sequence[Pair],
    known: int = 0,
) -> Evidence:
    """What the chosen pairs and the words left over say."""
    met = paired = altered_words = worst = known_words = 0.0
    letters = telling = sure = 0
    declared_mask = listed_mask = 0
    lone: Pair | None = None
    for pair in chosen:
        _, ours, theirs, weight, likeness, how = pair
        met += weight * likeness
        paired += weight
        declared_mask |= ours
        listed_mask |= theirs
        if how == "initial":
            continue
        if _tells(listed, theirs):
            telling += 1
            if likeness >= _EXACT:
                sure += 1
            if lone is None or weight * likeness > lone.weight * lone.likeness:
                lone = pair
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
    over = added + dropped
    if not replaced:
        if not over or (letters >= _ENOUGH_LETTERS and over < _NOTHING):
            nearly_same = max(nearly_same, 1.0 - 2.0 * altered - 1.5 * altered_words)
        elif letters >= _FEW_LETTERS and not (more.telling or less.telling):
            # Short of a patronymic or a title, or with one more.
            nearly_same = max(nearly_same, 0.8 - 2.0 * altered - 1.5 * altered_words)
    if not over and (declared.few_vowels or listed.few_vowels):
        # Every word has met: what a script leaves unwritten makes no other name.
        differ, bones = min(differ, _UNWRITTEN), min(bones, _UNWRITTEN)
    firm = is_firm(declared) or is_firm(listed)
    short = _shortness(declared, listed, lone) if lone is not None and telling == 1 and not sure else 0.0
    order = _order(chosen)
    share_added, share_dropped = added / (whole + added), dropped / (whole + dropped)
    return Evidence(
        met=log(1.0 + 10.0 * met),
        nearly_same=nearly_same,
        few_letters=max(0.0, min(1.0, (14 - letters) / 10)),
        altered=altered,
        altered_words=altered_words,
        worst=worst,
        known_words=known_words,
        dropped=share_dropped,
        dropped_weight=min(dropped, 2.0),
        dropped_end=dropped_end,
        added=share_added,
        added_weight=min(added, 2.0),
        added_known=0.0 if cut else min(more.known, 2.0),
        replaced_weight=min(replaced, 1.0),
        replaced_common=min(more.common, less.common, 2.0),
        number=1.0 if more.number and less.number else 0.0,
        cut=cut,
        unlike=differ if replaced else 0.0,
        differ=differ,
        bones=bones,
        order=order,
        legal=_legal(declared, listed),
        place_differs=float(place_agreement(declared.places, listed.places) == "differs"),
        place_alone=float(bool(declared.places) != bool(listed.places)),
        lone=short,
        lone_altered=1.0 - lone.likeness if short and lone is not None else 0.0,
        lone_firm=short if firm else 0.0,
        nothing_tells=0.0 if telling else 1.0,
        everyday=_everyday(listed, lone, over) if telling == 1 and firm else 0.0,
        altered_left=min(altered_words, over, 1.0),
    )


def is_firm(name: Analysed) -> bool:
    """Whether a legal form or a common word says that it is no person's name."""
    return bool(name.legal) or any(
        COMMON[0] < factor < _PLACE and len(token) > 1
        for token, factor in zip(name.tokens, name.factors, strict=True)
    )


def _tells(name: Analysed, mask: int) -> bool:
    """Whether one of these words tells who is meant."""
    return any(
        mask >> place & 1 and factor >= COMMON[1] and len(name.tokens[place]) > 1
        for place, factor in enumerate(name.factors)
    )


def _shortness(declared: Analysed, listed: Analysed, pair: Pair) -> float:
    length = min(letters_of(declared, pair.declared_mask), letters_of(listed, pair.listed_mask))
    return max(0.02, min(1.0, (12 - length) / 8))


def letters_of(name: Analysed, mask: int) -> int:
    """Letters of these words."""
    return sum(len(token) for place, token in enumerate(name.tokens) if mask >> place & 1)


def _everyday(listed: Analysed, lone: Pair | None, over: float) -> float:
    words_met = [token for place, token in enumerate(listed.tokens) if lone and lone.listed_mask >> place & 1]
    if not any(token in everyday() for token in words_met):
        return 0.0
    return 1.0 if over else 0.5


@cache
def everyday() -> frozenset[str]:
    """Words that many firms call themselves by."""
    return frozenset(tables.load("streams.names", "everyday.toml", _Everyday).words.split())


class _Everyday(tables.Sourced, frozen=True):
    words: str


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
_EXACT = 0.995
_PLACE = 0.5
_UNWRITTEN = 0.3
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
    """1 where words stand in another order; initials go before a name or behind it."""
    words_met = [pair for pair in chosen if pair.how != "initial"]
    places = [pair.listed_mask for pair in sorted(words_met, key=lambda pair: pair.declared_mask)]
    return 0.0 if places == sorted(places) else 1.0


def _legal(declared: Analysed, listed: Analysed) -> float:
    if declared.legal == listed.legal:
        return 0.0
    if declared.legal and listed.legal:
        return 0.0 if declared.legal & listed.legal else 1.0
    return 0.3
