"""Who owns whom, from a table of one's own or from FollowTheMoney, and the entries of firms that listed parties own."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from streams.parties.identifiers import MIN_IDENTIFIER, identifier_key
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.ownership import Holding, owned_by, picture
from streams.watchlists.readers import ListSource, Rejected
from streams.watchlists.readers.draft import Draft, Drafts
from streams.watchlists.readers.opensanctions_ftm import ENTITIES, FIELDS, TABLE, Entity
from streams.watchlists.readers.values import iso_date, plain

COLUMNS = frozenset({"owner", "owned", "share"})
"""Those that a table must have; more may be owner_id, owned_id, owned_country, since, until."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


class Holdings(Struct):
    """All that a file says."""

    parties: Drafts = field(default_factory=Drafts)
    holdings: list[Holding] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def unknown(self) -> int:
        """Holdings of which no share is told."""
        return sum(one.percent is None for one in self.holdings)


def read_holdings(path: Path) -> Holdings:
    """Holdings of a table (CSV, ODS, XLSX) with COLUMNS, or of FollowTheMoney, a line an entity.

    Raises UnreadableList with one sentence for anything else, and for a file without a holding.
    """
    source = ListSource(path)
    found = Holdings()
    if source.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        _read_ftm(source, found)
    elif source.columns >= COLUMNS:
        _read_table(source, found)
    else:
        raise source.unreadable(
            "holds no holdings: a table of them has the columns owner, owned and share, in percent"
        )
    if not found.holdings:
        raise source.unreadable("holds no holding that can be read")
    return found


def owned_entries(
    name: str, found: Holdings, entries: Iterable[WatchlistEntry], day: str
) -> tuple[WatchlistEntry, ...]:
    """Firms of the holdings that parties of `entries` own on a day (YYYY-MM-DD) by the 50 % rule, as entries of the list `name`,
    each with its owners. An owner is known by the id of its entry, by its number or by its whole name; the tree says how."""
    listed = _Listed(entries)
    met = {draft.id: how for draft in found.parties if (how := listed.meets(draft)) is not None}
    owned = owned_by(met, found.holdings, day)
    names = {draft.id: _called(draft) for draft in found.parties}
    names |= {key: f"{names[key]} ({entry.list}/{entry.id}, {how})" for key, (entry, how) in met.items()}
    made = []
    for draft in found.parties:
        if draft.id not in owned:
            continue
        ends = (met[key][0] for key in owned[draft.id].listed)
        draft.programmes = [programme for entry in ends for programme in entry.programmes]
        entry = draft.entry(name)
        if isinstance(entry, Rejected):
            found.rejected.append(entry)
        else:
            made.append(replace(entry, owned=picture(draft.id, owned, names)))
    return tuple(made)


class _Listed:
    """Listed parties by what holdings may know them by."""

    def __init__(self, entries: Iterable[WatchlistEntry]) -> None:
        self._by_id: dict[str, WatchlistEntry] = {}
        self._by_number: dict[str, WatchlistEntry] = {}
        self._by_name: dict[str, WatchlistEntry] = {}
        for entry in entries:
            if entry.owned:
                continue  # follows from holdings itself
            self._by_id.setdefault(f"{entry.list}/{entry.id}", entry)
            if not entry.id.isdecimal():  # a register's number of another party may be the same
                self._by_id.setdefault(entry.id, entry)
            for number in entry.identifiers:
                if (key := identifier_key(number)) is not None and len(key) >= MIN_IDENTIFIER:
                    self._by_number.setdefault(key, entry)
            for key in filter(None, map(_name_key, entry.names)):
                self._by_name.setdefault(key, entry)

    def meets(self, party: Draft) -> tuple[WatchlistEntry, str] | None:
        for by, how, keys in (
            (self._by_id, "by its id", [party.id, *party.identifiers, *party.names]),
            (self._by_number, "by its number", [identifier_key(one) or "" for one in party.identifiers]),
            (self._by_name, "by its name", [_name_key(one) for one in party.names]),
        ):
            entry = next((by[key] for key in keys if key in by), None)
            if entry is not None:
                return entry, how
        return None


def _read_table(source: ListSource, found: Holdings) -> None:
    rows = [
        (line, {column: cell.strip() for column, cell in row.items()})
        for line, row in source.rows(found.rejected)
    ]
    ids: dict[str, str] = {}
    for _, row in rows:
        for side in ("owner", "owned"):
            if row.get(f"{side}_id"):
                ids.setdefault(_name_key(row[side]), row[f"{side}_id"])
    for line, row in rows:
        if not row["owner"] or not row["owned"]:
            found.rejected.append(Rejected(line, "no owner, or nobody owned"))
            continue
        owner, owned = (_taken(found, row, side, ids, line) for side in ("owner", "owned"))
        owned.countries.append(row.get("owned_country", ""))
        since, until = iso_date(row.get("since")), iso_date(row.get("until"))
        percent = _percent(row["share"])
        found.holdings.append(
            Holding(owner=owner.id, owned=owned.id, percent=percent, since=since, until=until)
        )


def _taken(found: Holdings, row: Mapping[str, str], side: str, ids: Mapping[str, str], line: int) -> Draft:
    name = row[side]
    number = row.get(f"{side}_id") or ids.get(_name_key(name), "")
    draft = found.parties.of(number or _name_key(name), line)
    draft.names.append(name)
    draft.identifiers.append(number)
    draft.type = "organization" if side == "owned" else draft.type
    return draft


def _read_ftm(source: ListSource, found: Holdings) -> None:
    for line, text in enumerate(source.lines(), start=1):
        if not text.strip():
            continue
        try:
            entity = ENTITIES.decode(text)
        except (msgspec.MsgspecError, RecursionError) as error:
            found.rejected.append(Rejected(line, f"no entity of FollowTheMoney in JSON: {error}"))
            continue
        if entity.schema == "Ownership":
            _take_ownership(entity, found)
        elif (kind := TABLE.types.get(entity.schema.lower())) is not None:
            draft = found.parties.of(entity.id, line)
            draft.type = "organization" if kind == "unknown" else kind
            for name, values in entity.properties.items():
                if name in FIELDS:
                    getattr(draft, FIELDS[name]).extend(plain(one) for one in values if isinstance(one, str))


def _take_ownership(entity: Entity, found: Holdings) -> None:
    def texts(name: str) -> list[str]:
        return [str(one) for one in entity.properties.get(name, ())]

    percents = [percent for text in texts("percentage") if (percent := _percent(text)) is not None]
    since, until = (iso_date(next(iter(texts(name)), "")) for name in ("startDate", "endDate"))
    for owner in texts("owner"):
        for owned in texts("asset"):
            found.holdings.append(
                Holding(
                    owner=owner, owned=owned, percent=max(percents, default=None), since=since, until=until
                )
            )


def _percent(text: str) -> float | None:
    """The share in percent; of a range ('50-75') its lower end. None where none is told, or more than all."""
    number = _NUMBER.search(text)
    if number is None or "/" in text:
        return None
    percent = float(number.group().replace(",", "."))
    return percent if percent <= 100 else None


def _called(party: Draft) -> str:
    return next(iter(party.names), party.id)


def _name_key(name: str) -> str:
    """Its words in any order, without what stands between them."""
    return " ".join(sorted(re.findall(r"\w+", name.casefold())))
