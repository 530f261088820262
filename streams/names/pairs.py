"""Which words of two names may meet, where no index is needed to know it."""

from collections.abc import Sequence
from itertools import pairwise

from streams.names.align import Pair
from streams.names.analyse import Analysed, is_patronymic
from streams.names.figures import defaults
from streams.names.similar import similarity, unwritten, word

CUT_LIKENESS = 0.88
"""A last word of four letters or more that begins a listed word: cut off at a field's width."""

CUT_LENGTH = 18
"""Characters from which a name may have been cut off; the narrowest name fields in use hold 35, some registers 20, of which
the last may be spaces."""

GLUED_LIKENESS = 0.98
"""Two words written as one, or one as two, alike to the letter or the sound (at least GLUED_LEAST)."""

GLUED_LEAST = 0.95

LEAST_SHARE = 0.3
"""Share of a declared name's weight that any candidate must meet."""


def discounted(name: Analysed, weights: Sequence[float]) -> list[float]:
    """Weights of a name's words, in which patronymics, which are often left out, count less."""
    patronymic = defaults().score.patronymic
    return [
        weight * patronymic if is_patronymic(token) or name.second >> place & 1 else weight
        for place, (weight, token) in enumerate(zip(weights, name.tokens, strict=True))
    ]


def telling_words(own: Sequence[float]) -> int:
    """Bit set of the heaviest words: a listed name that meets none of them meets less than LEAST_SHARE of the name."""
    rest = sum(own)
    needed = rest * LEAST_SHARE
    mask = 0
    for place in sorted(range(len(own)), key=own.__getitem__, reverse=True):
        mask |= 1 << place
        rest -= own[place]
        if rest < needed:
            break
    return mask


def initials(
    declared: Analysed, weights: Sequence[float], listed: Analysed, listed_weights: Sequence[float]
) -> list[Pair]:
    pairs: list[Pair] = []
    if not (declared.has_initials or listed.has_initials):
        return pairs
    for place, token in enumerate(declared.tokens):
        if len(token) == 1 and not token.isdigit():
            for other, word in enumerate(listed.tokens):
                if len(word) > 1 and word[0] == token:
                    weight = listed_weights[other] * 0.5
                    pairs.append(Pair(weight * 0.85, 1 << place, 1 << other, weight, 0.85, "initial"))
    for other, word in enumerate(listed.tokens):
        if len(word) == 1 and not word.isdigit() and listed.factors[other] >= 0.3:
            for place, token in enumerate(declared.tokens):
                if len(token) > 1 and token[0] == word:
                    weight = weights[place] * 0.5
                    pairs.append(Pair(weight * 0.85, 1 << place, 1 << other, weight, 0.85, "initial"))
    return pairs


def may_be_cut_off(name: Analysed) -> bool:
    """Whether the last word may be the beginning of a longer one."""
    tokens = name.tokens
    last = tokens[-1]
    long = sum(map(len, tokens)) + len(tokens) >= CUT_LENGTH
    return long and len(tokens) > 1 and len(last) >= 4 and not last.isdigit()


def all_pairs(
    declared: Analysed, listed: Analysed, declared_weights: Sequence[float], listed_weights: Sequence[float]
) -> list[Pair]:
    """Every meeting of two names' words, found by comparing each with each."""
    pairs: list[Pair] = []
    ours, theirs = [word(token) for token in declared.tokens], [word(token) for token in listed.tokens]
    last = len(ours) - 1
    for place, our_word in enumerate(ours):
        for other, their_word in enumerate(theirs):
            likeness = similarity(our_word, their_word)
            if declared.few_vowels or listed.few_vowels:
                likeness = unwritten(likeness)
            how = "same" if likeness == 1.0 else "similar"
            may_be_cut = place == last and may_be_cut_off(declared)
            if may_be_cut and likeness < CUT_LIKENESS and their_word.text.startswith(our_word.text):
                likeness, how = CUT_LIKENESS, "cut"
            if likeness:
                weight = listed_weights[other]
                pairs.append(Pair(weight * likeness, 1 << place, 1 << other, weight, likeness, how))
    pairs += _glued(declared.tokens, listed.tokens, listed_weights, listed_side=False)
    pairs += _glued(listed.tokens, declared.tokens, listed_weights, listed_side=True)
    return pairs + initials(declared, declared_weights, listed, listed_weights)


def _glued(
    two_words: Sequence[str], one_word: Sequence[str], listed_weights: Sequence[float], *, listed_side: bool
) -> list[Pair]:
    pairs: list[Pair] = []
    for place, (first, second) in enumerate(pairwise(two_words)):
        for other, single in enumerate(one_word):
            if len(first) + len(second) > 4 and abs(len(first) + len(second) - len(single)) <= 2:
                likeness = similarity(word(first + second), word(single))
                if likeness >= GLUED_LEAST:
                    likeness *= GLUED_LIKENESS
                    if listed_side:
                        weight = listed_weights[place] + listed_weights[place + 1]
                        pairs.append(
                            Pair(weight * likeness, 1 << other, 3 << place, weight, likeness, "glued")
                        )
                    else:
                        weight = listed_weights[other]
                        pairs.append(
                            Pair(weight * likeness, 3 << place, 1 << other, weight, likeness, "glued")
                        )
    return pairs
