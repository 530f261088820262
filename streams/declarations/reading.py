"""What of a message could not be read, and what was read after a repair: told in the verdict, never passed over in silence."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct, field
from msgspec.structs import replace

from streams.declarations import limits

Kind = Literal[
    "code",  # a tariff code
    "country",
    "currency",
    "date",
    "decimal",
    "number",  # a count, a sequence number
    "role",
    "choice",  # one of a few words
    "flag",
    "text",
    "part",  # a whole section, or one entry of a list
]
"""What a value was to be. The label of the metrics: no path and no text is one."""

SHOWN_TEXT = 80
"""Characters of a value that are shown."""
SHOWN_EACH = 5
"""Values of one field that are told one by one; further ones are counted in one line, so that 999 items do not make 999."""

MAX_PLACES = 300
"""Fields of which something is told. The contract has fewer; a sender that makes paths up must not make an alert of megabytes."""
MAX_PATH = 200
"""Characters of a path or a reason that a sender gives."""
OTHERS = "declaration"
"""Path of what is told of further fields."""

_INDEX = re.compile(r"\[[0-9]+\]")
_encode = msgspec.json.Encoder(order="deterministic").encode


_Short = Annotated[str, Meta(max_length=limits.SHORT)]


class _Part(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    pass


class Unreadable(_Part, frozen=True):
    """A declared value that could not be read: it counts as absent, and the rest is screened."""

    path: _Short
    """such as declaration.goodsItems[0].netMassKg, positions from 0; [] where it stands for several"""
    kind: Kind
    reason: _Short
    """in words, without the value"""
    text: _Short = ""
    """the value, made harmless and shortened to 80 characters; empty where it stands for several"""
    count: int = 1
    """how many values it stands for"""
    digest: _Short | None = None
    """first 16 hex digits of the SHA-256 of the value, or of all of them, where `text` does not give it whole"""


class Repaired(_Part, frozen=True):
    """A declared value that was read as another one, because only one reading was left."""

    path: _Short
    kind: Kind
    before: _Short = field(default="", name="from")
    """as it was declared, made harmless and shortened to 80 characters"""
    to: _Short = ""
    why: _Short = ""
    count: int = 1


class Reading(NamedTuple):
    """A value that a converter repaired, and why it may."""

    value: str
    why: str


def general(path: str) -> str:
    """A path without positions: declaration.goodsItems[].netMassKg."""
    return _INDEX.sub("[]", path)


def harmless(text: str, most: int = SHOWN_TEXT) -> str:
    """On one line, what is invisible or commands a terminal made visible (\\x1b, \\u202e), at most so many characters."""
    line = " ".join(text[: 4 * most].split())
    seen = "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in line)
    return seen if len(seen) <= most and len(text) <= 4 * most else seen[: most - 1] + "…"


def _text(value: Any) -> str:
    """A value of JSON as it may have been written."""
    return str(value) if isinstance(value, str | Decimal) else _encode(value).decode()


class Notes:
    """Gathers what is told of one message. Its size is bounded: a few values of each field, the rest counted."""

    def __init__(self, unreadable: Iterable[Unreadable] = (), repaired: Iterable[Repaired] = ()) -> None:
        """With what the sender says that it could not read itself; only as much of it as of what is found here."""
        self._unreadable: list[Unreadable] = []
        self._repaired: list[Repaired] = []
        self._many: dict[str, Unreadable] = {}
        self._more: dict[str, Repaired] = {}
        self._told: Counter[tuple[str, str]] = Counter()
        self._places = 0
        for one in unreadable:
            text, reason = harmless(one.text), harmless(one.reason, MAX_PATH)
            self._add(replace(one, path=one.path[:MAX_PATH], text=text, reason=reason), one.text)
        for other in repaired:
            before, to, why = harmless(other.before), harmless(other.to), harmless(other.why, MAX_PATH)
            self._mend(replace(other, path=other.path[:MAX_PATH], before=before, to=to, why=why))

    def unreadable(self, path: str, kind: Kind, reason: str, value: Any) -> None:
        """Notes a value that is left out. `value` is anything that JSON holds."""
        whole = _text(value)
        text = harmless(whole)
        digest = None if text == whole else hashlib.sha256(whole.encode()).hexdigest()[:16]
        self._add(Unreadable(path=path, kind=kind, reason=reason, text=text, digest=digest), whole)

    def repaired(self, path: str, kind: Kind, before: Any, to: Any, why: str) -> None:
        """Notes a value that was read as another."""
        given, made = harmless(_text(before)), harmless(_text(to))
        self._mend(Repaired(path=path, kind=kind, before=given, to=made, why=why))

    @property
    def unread(self) -> tuple[Unreadable, ...]:
        """In the order in which they were met; what is not told one by one last, counted by field."""
        return (*self._unreadable, *self._many.values())

    @property
    def mended(self) -> tuple[Repaired, ...]:
        return (*self._repaired, *self._more.values())

    def _place(self, what: str, path: str) -> tuple[str, bool]:
        """The field of a path, and whether one more of it is told for itself."""
        place = general(path)
        if (what, place) not in self._told:
            self._places += 1
        if self._places > MAX_PLACES:
            return OTHERS, False
        self._told[what, place] += 1
        return place, self._told[what, place] <= SHOWN_EACH

    def _add(self, one: Unreadable, whole: str) -> None:
        place, shown = self._place("unreadable", one.path)
        if one.count > 1 and place not in self._many:
            self._many[place] = replace(one, path=place)
            return
        if shown:
            self._unreadable.append(one)
            return
        first = self._many.get(place) or Unreadable(
            path=place, kind=one.kind, reason=f"{one.reason}, and the like", count=0
        )
        digest = hashlib.sha256(_encode((first.digest, one.path, whole, one.digest))).hexdigest()[:16]
        self._many[place] = replace(first, count=first.count + one.count, digest=digest)

    def _mend(self, one: Repaired) -> None:
        place, shown = self._place("repaired", one.path)
        if one.count > 1 and place not in self._more:
            self._more[place] = replace(one, path=place)
        elif shown:
            self._repaired.append(one)
        else:
            first = self._more.get(place) or Repaired(
                path=place, kind=one.kind, why=f"{one.why}, and the like", count=0
            )
            self._more[place] = replace(first, count=first.count + one.count)
