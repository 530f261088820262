"""What one edition of a list has that another has not, entry by entry."""

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import fields

from streams.watchlists.entry import WatchlistEntry

COMPARED = tuple(field.name for field in fields(WatchlistEntry) if field.name not in ("list", "id"))


class FieldChange(Struct, frozen=True, omit_defaults=True):
    """Values of a field that are gone and that are new; their order is no change."""

    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


class EntryChange(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One entry that is in one of two editions only, or differs."""

    change: Literal["ADDED", "REMOVED", "CHANGED"]
    entry: str
    """its id"""
    name: str
    """its first name; of one that changed, the new one"""
    fields: dict[str, FieldChange] = {}
    """of one that changed"""


def differences(before: Iterable[WatchlistEntry], after: Iterable[WatchlistEntry]) -> Iterator[EntryChange]:
    """Every change from `before` to `after`: what is new and what changed in the order of `after`, then what is gone."""
    old = {entry.id: entry for entry in before}
    for entry in after:
        known = old.pop(entry.id, None)
        if known is None:
            yield EntryChange(change="ADDED", entry=entry.id, name=_name(entry))
        elif changed := _changed(known, entry):
            yield EntryChange(change="CHANGED", entry=entry.id, name=_name(entry), fields=changed)
    for entry in old.values():
        yield EntryChange(change="REMOVED", entry=entry.id, name=_name(entry))


def _name(entry: WatchlistEntry) -> str:
    return next(iter((*entry.names, *entry.weak_names)), "")


def _changed(before: WatchlistEntry, after: WatchlistEntry) -> dict[str, FieldChange]:
    found = {}
    for field in COMPARED:
        old, new = _values(before, field), _values(after, field)
        change = FieldChange(
            gone=tuple(one for one in old if one not in new), new=tuple(one for one in new if one not in old)
        )
        if change.gone or change.new:
            found[field] = change
    return found


def _values(entry: WatchlistEntry, field: str) -> tuple[str, ...]:
    value = getattr(entry, field)
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(value))
    return (value,) if value else ()
