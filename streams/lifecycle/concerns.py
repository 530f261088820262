"""Which differences between two versions are of concern, and which look like an honest correction (changes.toml says why)."""

import re
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, Literal, NamedTuple

from msgspec import Struct
from rapidfuzz.distance import OSA

from streams import tables
from streams.declarations.model import Declaration, Party
from streams.parties.identifiers import compact
from streams.parties.roles import TOLD
from streams.text import without_accents

Concern = Literal["CONSIGNEE", "DESTINATION", "ROUTING", "COMMODITY", "VALUE"]
"""What R14 watches."""

MAX_WORD = 60
MAX_PAIRS = 2500
"""Words are looked at for typing errors up to this length and in so many pairs: a text of a megabyte must not stop the stream."""


class FieldDifference(NamedTuple):
    """One field that differs: values as in the model, None for one that is not there."""

    path: str
    before: Any
    after: Any
    party: tuple[Party, Party] | None = None
    """the party it is in, before and after"""
    currencies: tuple[str | None, str | None] = (None, None)
    """of a statistical value, before and after"""


class _WatchedFields(Struct, frozen=True, forbid_unknown_fields=True):
    concern: Concern
    paths: tuple[str, ...]
    compare: Literal["presence", "name", "words", "code", "tariff", "amount"]
    reason: str
    both: bool = False


class _Honest(Struct, frozen=True, forbid_unknown_fields=True):
    amount: float
    amount_reason: str
    word: float
    word_reason: str


class _LegalForms(Struct, frozen=True, forbid_unknown_fields=True):
    words: tuple[str, ...]
    reason: str


class _ConcernsFile(Struct, frozen=True, forbid_unknown_fields=True):
    date: str
    honest: _Honest
    watch: tuple[_WatchedFields, ...]
    legal_forms: _LegalForms


class _Table(NamedTuple):
    watches: dict[str, _WatchedFields]
    """path with * for the number of an item, and without the count of a role -> what is watched there"""
    legal_forms: frozenset[str]
    amount: Decimal
    word: float


@cache
def _table() -> _Table:
    file = tables.load("streams.lifecycle", "changes.toml", _ConcernsFile)
    return _Table(
        watches={
            path.replace("[party]", f"[{role}]"): watch
            for watch in file.watch
            for path in watch.paths
            for role in (TOLD if "[party]" in path else ("",))
        },
        legal_forms=frozenset(file.legal_forms.words),
        amount=Decimal(str(file.honest.amount)),
        word=file.honest.word,
    )


_NUMBERED = re.compile(r"\[\d+(#\d+)?\]")
_COUNTED = re.compile(r"#\d+\]")


class Stated:
    """What one version says anywhere of receivers and destinations, gathered once."""

    def __init__(self, declaration: Declaration) -> None:
        self._declaration = declaration

    @cached_property
    def destinations(self) -> frozenset[str | None]:
        items = self._declaration.goods_items
        return frozenset(
            (self._declaration.country_of_destination, *(item.country_of_destination for item in items))
        )

    @cached_property
    def _receivers(self) -> frozenset[tuple[str, str]]:
        """(number, ""), and (how it is numbered: "" or "any", name)."""
        parties = (party for party in self._declaration.parties if party.role in TOLD)
        return frozenset(
            pair
            for party in parties
            for number, name in (_number_and_name(party),)
            for pair in (((number, ""), ("any", name)) if number else (("", name),))
        )

    def receives(self, party: Party) -> bool:
        """Whether it is a receiver here, in whatever role: by its number, by its name where one of the two has no number."""
        number, name = _number_and_name(party)
        known = self._receivers
        if number:
            return (number, "") in known or (name != "" and ("", name) in known)
        return name != "" and (("", name) in known or ("any", name) in known)


def concern_of(one: FieldDifference, before: Stated, after: Stated) -> Concern | None:
    """What a difference between these two is a concern of; None for a correction and for all that is not watched."""
    watch = _table().watches.get(_COUNTED.sub("]", _NUMBERED.sub("[*]", one.path)))
    if watch is None or (watch.both and (one.before is None or one.after is None)):
        return None
    if watch.compare == "presence":
        if isinstance(one.after, Party) and before.receives(one.after):
            return None
        if isinstance(one.before, Party) and after.receives(one.before):
            return None
    elif watch.compare == "amount":
        amounts = [abs(Decimal(value)) for value in (one.before, one.after)]
        apart = abs(Decimal(one.before) - Decimal(one.after))
        if apart <= _table().amount * max(amounts):
            return None
    elif watch.compare == "name":
        if (one.party is not None and _same_number(*one.party)) or _alike(one.before or "", one.after or ""):
            return None
    elif watch.compare == "words":
        if _within(one.before, one.after) or _within(one.after, one.before):
            return None
    elif _same_code(one, watch, before, after):
        return None
    return watch.concern


def _same_code(one: FieldDifference, watch: _WatchedFields, before: Stated, after: Stated) -> bool:
    old, new = _code(one.before), _code(one.after)
    if old == new:
        return True
    if watch.compare == "tariff":
        return old.startswith(new) or new.startswith(old)
    # Said of every item instead of the whole, or the other way round.
    if watch.concern == "DESTINATION" and "ountryOfDestination" in one.path:
        return (one.before is None and one.after in before.destinations) or (
            one.after is None and one.before in after.destinations
        )
    return False


def who(party: Party) -> str:
    """A party's number, else its name, as it is written by everybody."""
    number, name = _number_and_name(party)
    return number or name


def _number_and_name(party: Party) -> tuple[str, str]:
    return _code(party.identification_number), " ".join(_words(party.name or party.name_original_script))


def _same_number(one: Party, other: Party) -> bool:
    number = _code(one.identification_number)
    return bool(number) and number == _code(other.identification_number)


def _code(value: Any) -> str:
    return compact(",".join(value) if isinstance(value, tuple) else value or "")


def _words(text: str | None) -> list[str]:
    """Lower case, without accents and punctuation."""
    return re.findall(r"\w+", without_accents(text or "").casefold())


def _alike(one: str, other: str) -> bool:
    """Whether one is the other mistyped: word by word, since in a long name one short word may make another firm."""
    table = _table()
    old, new = ([word for word in _words(text) if word not in table.legal_forms] for text in (one, other))
    if not old or not new:
        return _words(one) == _words(other)
    if sorted(old) == sorted(new) or "".join(old) == "".join(new):
        return True
    return len(old) == len(new) and all(_mistyped(a, b, table.word) for a, b in zip(old, new, strict=True))


def _within(one: str, other: str) -> bool:
    """Whether the other has every word of the one, mistyped perhaps."""
    there = set(_words(other))
    left = [word for word in _words(one) if word not in there]
    if len(left) * len(there) > MAX_PAIRS:
        return False
    return all(any(_mistyped(word, near, _table().word) for near in there) for word in left)


def _mistyped(one: str, other: str, least: float) -> bool:
    if one == other:
        return True
    if max(len(one), len(other)) > MAX_WORD:
        return False
    digits = [[character for character in word if character.isdigit()] for word in (one, other)]
    return digits[0] == digits[1] and OSA.normalized_similarity(one, other) >= least
