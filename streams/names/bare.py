"""What a firm's name says beside the name itself, taken off its ends: legal forms, places, "branch of", "sole trader"."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from streams.names.legal import (
    as_forms,
    form_at_end,
    form_at_start,
    form_within,
    form_word,
    join_letters,
    may_be_rigours,
    ordinary,
    rigour_forms,
)
from streams.names.normalise import MAX_TOKENS, Normalised, tokens_of
from streams.names.places import places
from streams.names.tables import FormRows, word_factor, words

_SEPARATOR = re.compile(
    r"[,;|()\[\]{}<>\"\u00ab\u00bb\u201c\u201d\u201e\uff08\uff09\uff0c\u3001]|\s[-\u2013\u2014/]+\s"
)
_HYPHENED = re.compile(r"[^\W_]-(?:company|co|kompani)\b", re.IGNORECASE)

TELLING = 0.6
"""Factor from which a word says who a firm is."""


PARTICLE = 0.25
"""Factor up to which a word says nothing."""


class Bare(NamedTuple):
    """A name without what stands about it."""

    tokens: tuple[str, ...]
    legal: frozenset[str] = frozenset()
    """classes of its legal forms"""
    places: tuple[str, ...] = ()
    """"KG:bishkek", or a country alone: "KG" """
    sole: bool = False
    """a sole trader: the name is a person's"""
    letters: str = ""
    """the name and its legal forms, written as one"""


def bare(plain: Normalised) -> Bare:
    """Takes forms, places and words about branches off the ends of a name; what is left still says who it is."""
    tokens, breaks = _with_breaks(plain)
    if not tokens:
        return Bare(())
    if tokens[0] in words().sole_first and (person := _sole_trader(plain.tokens)) is not None:
        return person
    hyphened = "-" in plain.repaired and _HYPHENED.search(plain.repaired) is not None
    first = _Stripping(tokens, breaks, plain.repaired, hyphened).run()
    if not all(map(ordinary, tokens)):
        put_right, originals = as_forms(tokens)
        again = _Stripping(put_right, frozenset(), plain.repaired, hyphened).run()
        if again.legal and sum(map(len, again.tokens)) < sum(map(len, first.tokens)):
            left = tuple(originals.get(token, token) for token in again.tokens)
            return again._replace(tokens=left, letters=first.letters)
    return first


def _sole_trader(tokens: tuple[str, ...]) -> Bare | None:
    """The person whom a sole trader's name names; None where it is no such name."""
    form = form_at_start(tokens)
    if form is None or form.kind != "sole":
        return None
    rest, named = tokens[form.words :], tuple[str, ...]()
    place = places().at_end(rest, apart=False)
    if place is not None and len(rest) > place[0] + 1:
        rest, named = rest[: -place[0]], (place[1],)
    table = words()
    a_person = all(
        not TELLING > word_factor(token) > PARTICLE and not (len(token) > 2 and token in table.legal_single)
        for token in rest
    )
    if not (1 < len(rest) < 6 and a_person and _tells(rest)):
        return None
    return Bare(rest, places=named, sole=True, letters="".join(rest))


def _with_breaks(plain: Normalised) -> tuple[list[str], frozenset[int]]:
    """The words, and the places before which a comma, a bracket or the like stands."""
    segments = _SEPARATOR.split(plain.repaired)
    if len(segments) == 1:
        return join_letters(plain.tokens), frozenset()
    tokens: list[str] = []
    breaks: set[int] = set()
    for segment in segments:
        found = join_letters(tokens_of(segment))
        if found:
            breaks.add(len(tokens))
            tokens += found
    return (tokens[:MAX_TOKENS], frozenset(breaks)) if tokens else (list(plain.tokens), frozenset())


class _Stripping:
    """Of one name, from both ends until nothing more comes off."""

    def __init__(self, tokens: Sequence[str], breaks: frozenset[int], text: str, hyphened: bool) -> None:
        self._left = list(tokens)
        self._broken = [False] * len(tokens)
        """of each word left, whether a comma or the like stands before it"""
        for at in breaks:
            if at < len(tokens):
                self._broken[at] = True
        self._text = text
        self._forms: FormRows | None = None
        """what rigour finds, asked for where a word may be one of its forms"""
        self._hyphened = hyphened
        self._legal: list[str] = []
        self._places: list[str] = []
        self._front: list[str] = []
        self._back: list[str] = []
        """words of forms taken off: letters of the name all the same, unlike places"""

    def run(self) -> Bare:
        if True in self._broken[1:]:
            self._brackets()
        self._end()
        while may_begin(self._left[0]) and (self._form_before() or self._branch_before()):
            pass
        if self._front:
            self._end()  # what would have left nothing before
        while self._form_within():
            pass
        return Bare(
            tuple(self._left),
            frozenset(self._legal),
            tuple(dict.fromkeys(self._places)) if self._places else (),
            letters="".join(self._front + self._left + self._back),
        )

    def _end(self) -> None:
        while True:
            last = self._left[-1]
            unknown = not self._legal and last not in words().legal_last
            if self._forms is None and (unknown or may_be_rigours(last)):
                self._forms = rigour_forms(self._text)
            form, place, branch = may_end(last)
            form = form or bool(self._forms and last in self._forms)
            if not (
                (form and self._form_behind())
                or (place and self._place_behind())
                or (branch and self._branch_behind())
            ):
                return

    def _brackets(self) -> None:
        """Segments within the name that are places, as in Bank of China (Hong Kong) Limited."""
        starts = [at for at, broken in enumerate(self._broken) if broken and at]
        for start, end in reversed(list(pairwise(starts))):
            if end - start <= 5:
                found = places().whole(self._left[start:end])
                if found and _names([*self._left[:start], *self._left[end:]]):
                    self._places += found
                    del self._left[start:end], self._broken[start:end]

    def _form_behind(self) -> bool:
        left = self._left
        form = form_at_end(left, self._forms or {}) if len(left) > 1 else None
        if form is None or form.kind == "sole":
            return False
        beside = words().beside_form
        stop = len(left) - form.words
        if self._hyphened and form.words > 1 and left[stop] in beside:
            stop += 1  # Start-Company LLC
        if form.doubtful and not _tells(left[:stop]):
            return False
        if left[stop - 1] in beside and not self._hyphened and _tells(left[: stop - 1]):
            stop -= 1
        self._back = left[stop:] + self._back
        self._cut_end(stop)
        self._legal.append(form.kind)
        return True

    def _form_before(self) -> bool:
        left = self._left
        form = form_at_start(left) if len(left) > 1 else None
        if form is None or form.kind == "sole":
            return False
        start = form.words
        if form.doubtful and not _tells(left[start:]):
            return False
        if left[start] in words().beside_form and not self._hyphened and _tells(left[start + 1 :]):
            start += 1
        self._front += left[:start]
        self._cut_start(start)
        self._legal.append(form.kind)
        return True

    def _form_within(self) -> bool:
        left = self._left
        if words().legal_within.keys().isdisjoint(left) and not self._forms:
            return False
        met = form_within(left, self._forms or {}) if len(left) > 1 else None
        if met is None or self._hyphened:
            return False
        at, form = met
        rest = [*left[:at], *left[at + form.words :]]
        if not _tells(rest):
            return False
        self._back = left[at : at + form.words] + self._back
        del left[at : at + form.words], self._broken[at : at + form.words]
        self._legal.append(form.kind)
        return True

    def _place_behind(self) -> bool:
        left, table = self._left, places()
        found = table.at_end(left, apart=True)
        if found is None:
            return False
        stop = len(left) - found[0]
        apart = self._broken[stop] or (stop > 1 and form_at_end(left[:stop], self._forms or {}) is not None)
        if not apart:
            found = table.at_end(left, apart=False)
            if found is None:
                return False
            stop = len(left) - found[0]
        rest = left[:stop]
        # Without a comma it may be the name's own: what is left must be a name by itself.
        if not (_names(rest) if apart else len(rest) > 1 and _tells(rest)):
            return False
        self._places.append(found[1])
        self._cut_end(stop)
        return True

    def _branch_behind(self) -> bool:
        left, phrases = self._left, words().branch_behind
        if self._legal:
            return False  # Olive Branch LLC
        for size in (3, 2, 1):
            if len(left) > size and tuple(left[-size:]) in phrases:
                rest = left[:-size]
                sure = size > 1 or self._broken[-size] or self._places  # branch in Almaty
                if _names(rest) if sure else len(rest) > 1 and _tells(rest):
                    self._cut_end(len(rest))
                    return True
        return False

    def _branch_before(self) -> bool:
        left, phrases = self._left, words().branch_before
        for size in (4, 3, 2, 1):
            if len(left) > size and tuple(left[:size]) in phrases and _names(left[size:]):
                self._cut_start(size)
                return True
        return False

    def _cut_end(self, stop: int) -> None:
        del self._left[stop:], self._broken[stop:]

    def _cut_start(self, start: int) -> None:
        del self._left[:start], self._broken[:start]


@lru_cache(maxsize=1 << 15)
def may_end(token: str) -> tuple[bool, bool, bool]:
    """Whether a legal form, a place, or words about a branch end with this word."""
    table = words()
    form = token in table.legal_last or form_word(token) is not None
    return form, token in places().last, token in table.branch_last


@lru_cache(maxsize=1 << 15)
def may_begin(token: str) -> bool:
    """Whether anything that is taken off the beginning of a name begins with this word."""
    return token in words().firsts or form_word(token) is not None


def _factor(token: str) -> float:
    return word_factor(words().spelling.get(token, token))


def _tells(tokens: Sequence[str]) -> bool:
    """Whether the words say who somebody is: one that is no common word, no particle, no place and no initial."""
    forms = words().legal_single
    telling = [
        len(token)
        for token in tokens
        if len(token) > 1 and token not in forms and _factor(token) >= TELLING and not token.isdigit()
    ]
    return sum(telling) > 2


def _names(tokens: Sequence[str]) -> bool:
    """Whether the words may be a name where a comma or a bracket says so: Bank of China."""
    forms = words().legal_single
    return _tells(tokens) or sum(token not in forms and _factor(token) > PARTICLE for token in tokens) > 1
