"""Whether an edition may follow the one in use: the same judgement in `torugart lists load` and in every worker."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec import Struct

from streams import tables
from streams.text import listed, shorten
from streams.watchlists.entry import WatchlistEntry

DEFAULT_LOSS = 0.1
"""Share of entries, or of names, that an edition may have fewer than the one in use."""


class _FiguresFile(tables.Sourced, frozen=True):
    """`guards.toml`"""

    lost_entries: int
    programme_share: float
    programme_entries: int
    ids_in_common: float
    repeated_names: float
    repeated_entries: int
    ahead_hours: int


_FIGURES = tables.load("streams.watchlists", "guards.toml", _FiguresFile)


class EditionFacts(Struct, frozen=True):
    """What of an edition is compared with the next."""

    edition: str
    publisher: str
    """first part of its format: `ofac`, `eu`, `opensanctions`; empty where that is not known"""
    entries: int
    names: int
    repeated: int
    """entries whose first name is another's too"""
    programmes: dict[str, int]
    """entries of each"""
    ids: frozenset[str]


def facts_of(edition: str, format: str, entries: Iterable[WatchlistEntry]) -> EditionFacts:
    """The facts of an edition; one pass over its entries."""
    entries = tuple(entries)
    first = Counter(entry.names[0].casefold() for entry in entries if entry.names)
    return EditionFacts(
        edition=edition,
        publisher=format.partition("-")[0],
        entries=len(entries),
        names=sum(len(entry.names) + len(entry.weak_names) for entry in entries),
        repeated=len(entries) - len(first),
        programmes=dict(Counter(programme for entry in entries for programme in set(entry.programmes))),
        ids=frozenset(entry.id for entry in entries),
    )


def refusals(
    new: EditionFacts, in_use: EditionFacts | None, *, today: date | None = None, loss: float = DEFAULT_LOSS
) -> tuple[str, ...]:
    """Why `new` may not follow `in_use`, each with its figures; empty where it may. Without `today` no date is in the future."""
    found = [*_of_itself(new, today)]
    if in_use is not None:
        found += _against(new, in_use, loss)
    return tuple(found)


def is_ahead(published: datetime, now: datetime) -> bool:
    """Whether something was published so far after `now` that no clock is so wrong."""
    return published > now + timedelta(hours=_FIGURES.ahead_hours)


def _of_itself(new: EditionFacts, today: date | None) -> Iterable[str]:
    dated = _date(new.edition)
    if today is not None and dated is not None and dated > today + timedelta(hours=_FIGURES.ahead_hours):
        yield f"it is dated {dated}, in the future (today is {today})"
    if new.repeated >= _FIGURES.repeated_entries and new.repeated > new.entries * _FIGURES.repeated_names:
        yield f"{new.repeated} of {new.entries} entries have the name of another entry"


def _against(new: EditionFacts, in_use: EditionFacts, loss: float) -> Iterable[str]:
    if new.publisher != in_use.publisher and new.publisher and in_use.publisher:
        yield f"the name is used by a list of another source ({in_use.publisher}; this one is {new.publisher})"
    dated, before = _date(new.edition), _date(in_use.edition)
    if dated is not None and before is not None and dated < before:
        yield f"it is dated {dated}, before the edition in use ({before})"
    for what, count, had in (("entries", new.entries, in_use.entries), ("names", new.names, in_use.names)):
        few = _FIGURES.lost_entries * had / in_use.entries  # as many names as so many entries have
        if had - count > max(had * loss, few):
            yield f"{count:,} {what} where the edition in use has {had:,} ({(count - had) / had:+.0%})"
    gone = {
        programme: count
        for programme, count in in_use.programmes.items()
        if programme not in new.programmes
        and count >= max(in_use.entries * _FIGURES.programme_share, _FIGURES.programme_entries)
    }
    if gone:
        named = (
            f"{shorten(name, 60)} ({gone[name]:,})"
            for name in sorted(gone, key=gone.__getitem__, reverse=True)
        )
        yield f"no entry any more of {listed(named)}"
    common = len(new.ids & in_use.ids)
    if common < len(in_use.ids) * _FIGURES.ids_in_common:
        yield f"{common:,} of the {len(in_use.ids):,} ids in use are in it"


def _date(edition: str) -> date | None:
    try:
        return date.fromisoformat(edition[:10])
    except ValueError:
        return None
