"""An entry while its parts come together, from the rows or elements a publisher spreads it over."""

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from streams.territories import country_codes
from streams.watchlists.entry import EntryType, WatchlistEntry
from streams.watchlists.readers.base import ListReading
from streams.watchlists.readers.source import ListSource, Rejected
from streams.watchlists.readers.values import unique


class Draft(Struct):
    """Fields as in WatchlistEntry; add to them in any order, empty texts too."""

    id: str
    line: int = 0
    """of the row or the element it began with"""
    type: EntryType = "unknown"
    primary: str = ""
    """the name that comes first, where it is not the first added to `names`"""
    names: list[str] = field(default_factory=list)
    weak_names: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    birth_dates: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    programmes: list[str] = field(default_factory=list)
    listed_on: str = ""
    remarks: list[str] = field(default_factory=list)

    def entry(self, list_name: str) -> WatchlistEntry | Rejected:
        """What came together; Rejected where no name did. Where the publisher has weak names only, the first is its name."""
        names = unique([self.primary, *self.names])
        weak = tuple(name for name in unique(self.weak_names) if name not in names)
        if not names:
            names, weak = weak[:1], weak[1:]
        if not names:
            return Rejected(self.line, f"entry {self.id} has no name")
        return WatchlistEntry(
            list=list_name,
            id=self.id,
            names=names,
            weak_names=weak,
            type=self.type,
            countries=country_codes(list(unique(self.countries))),
            addresses=unique(self.addresses),
            identifiers=unique(self.identifiers),
            birth_dates=unique(self.birth_dates),
            phones=unique(self.phones),
            emails=unique(self.emails),
            programmes=unique(self.programmes),
            listed_on=self.listed_on or None,
            remarks="; ".join(unique(self.remarks)) or None,
        )


class Drafts:
    """Drafts by id, in the order they first came."""

    def __init__(self) -> None:
        self._by_id: dict[str, Draft] = {}

    def __iter__(self) -> Iterator[Draft]:
        return iter(self._by_id.values())

    def of(self, id: str, line: int) -> Draft:
        """The draft of an id, new where it has none yet."""
        draft = self._by_id.get(id)
        if draft is None:
            draft = self._by_id[id] = Draft(id, line)
        return draft


def reading_of(
    source: ListSource,
    list_name: str,
    edition: str | None,
    drafts: Iterable[Draft],
    rejected: list[Rejected] | None = None,
    *,
    doubts: Iterable[str] = (),
) -> ListReading:
    """The reading of a file whose entries are all drafts. `rejected` is what its rows put aside; `doubts` is looked at last."""
    entries: list[WatchlistEntry] = []
    rejected = [] if rejected is None else rejected
    for draft in drafts:
        made = draft.entry(list_name)
        if isinstance(made, Rejected):
            rejected.append(made)
        else:
            entries.append(made)
    return ListReading(
        list=list_name,
        edition=edition or None,
        entries=tuple(entries),
        rejected=tuple(rejected),
        notes=tuple(source.notes),
        doubts=tuple(doubt for doubt in (source.cut, *doubts) if doubt),
    )
