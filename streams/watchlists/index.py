"""Everything screening asks of the watchlists, in one object that is built once and swapped whole."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from streams import tables
from streams.declarations.model import Party
from streams.names.index import DEFAULT_THRESHOLD, NameIndex
from streams.parties.addresses import Place, address_words, house_key, place_of
from streams.parties.emails import email_key
from streams.parties.identifiers import compact, identifier_key
from streams.parties.telephones import phone_tails
from streams.watchlists.edition import Edition
from streams.watchlists.entry import ListEdition, WatchlistEntry
from streams.watchlists.readers import ListFile


class WatchlistIndex:
    """Names, numbers and contacts of every entry of every list. Never changed after `build`."""

    def __init__(
        self, entries: tuple[WatchlistEntry, ...], editions: tuple[ListEdition, ...], threshold: float
    ) -> None:
        self.entries = entries
        self.editions = editions
        self.threshold = threshold
        """name score from which a party is a hit"""
        self.names = NameIndex.build(entries)
        self.vessel_entries = tuple(entry for entry in entries if entry.type == "vessel")
        self.vessels = NameIndex.build(self.vessel_entries)
        self.identifiers = _by_key(entries, lambda entry: map(identifier_key, entry.identifiers))
        self.phones = _by_key(entries, _phone_tails)
        """by what `phone_tails` gives of each number, as one of each country of its entry"""
        self.emails = _by_key(entries, lambda entry: map(email_key, entry.emails))
        self.places = _places(entries)
        """country and numbers of a house -> entry and place, of each address that tells a house"""
        self.tails = _tails(entries)
        self.met: dict[Party, Any] = {}
        """What parties met (`match_party`): none but it writes here."""
        self._addresses: dict[int, tuple[frozenset[str], ...]] = {}

    @classmethod
    def build(
        cls, editions: Iterable[Edition | ListFile], *, threshold: float | None = None
    ) -> "WatchlistIndex":
        """Indexes all entries of the editions; about 6 s and 200 MB for 57,000 names. `threshold` None: the matcher's
        measured default."""
        stamps: list[ListEdition] = []
        entries: list[WatchlistEntry] = []
        for edition in editions:
            stamps.append(
                ListEdition(
                    list=edition.list,
                    edition=edition.edition,
                    entries=len(edition.entries),
                    sha256=edition.sha256,
                )
            )
            entries.extend(edition.entries)
        stamps.sort(key=lambda stamp: stamp.list)
        return cls(tuple(entries), tuple(stamps), DEFAULT_THRESHOLD if threshold is None else threshold)

    @property
    def has_contacts(self) -> bool:
        """Whether any entry has a telephone, an e-mail or a house, by which others can be seen to have the same."""
        return bool(self.phones or self.emails or self.places)

    def addresses(self, number: int) -> tuple[frozenset[str], ...]:
        """Telling words of each address of an entry, worked out when first asked for."""
        known = self._addresses.get(number)
        if known is None:
            known = tuple(address_words(text) for text in self.entries[number].addresses)
            self._addresses[number] = known
        return known


def _by_key(
    entries: tuple[WatchlistEntry, ...], keys_of: Callable[[WatchlistEntry], Iterable[str | None]]
) -> Mapping[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for number, entry in enumerate(entries):
        for key in keys_of(entry):
            if key is not None and number not in found.get(key, ()):
                found[key] = (*found.get(key, ()), number)
    return found


def _phone_tails(entry: WatchlistEntry) -> Iterator[str]:
    for text in entry.phones:
        for country in entry.countries or (None,):
            yield from sorted(phone_tails(text, country))


def _places(entries: tuple[WatchlistEntry, ...]) -> Mapping[str, tuple[tuple[int, Place], ...]]:
    found: dict[str, tuple[tuple[int, Place], ...]] = {}
    for number, entry in enumerate(entries):
        for text in entry.addresses:
            place = place_of(text)
            if place is None:
                continue
            for country in entry.countries:
                key = house_key(country, place)
                found[key] = (*found.get(key, ()), (number, place))
    return found


def _tails(entries: tuple[WatchlistEntry, ...]) -> Mapping[str, tuple[int, ...]]:
    """Aircraft by registration, which official lists give as name, alias or identifier."""
    found: dict[str, tuple[int, ...]] = {}
    for number, entry in enumerate(entries):
        if entry.type == "aircraft":
            for text in {compact(text) for text in (*entry.names, *entry.weak_names, *entry.identifiers)}:
                if len(text) >= 4:
                    found[text] = (*found.get(text, ()), number)
    return found


@cache
def _titles() -> tuple[dict[str, str], dict[str, str]]:
    table = tables.load("streams.watchlists", "titles.toml", dict[str, Any])
    return table["titles"], table["programmes"]


def list_title(entry: WatchlistEntry) -> str:
    """How a sentence calls the list an entry is on."""
    titles, programmes = _titles()
    titled = next((name for name in entry.programmes if name in programmes), None)
    return programmes[titled] if titled else titles.get(entry.list, f"the list {entry.list}")


def other_programmes(entry: WatchlistEntry) -> tuple[str, ...]:
    """The programmes that `list_title` does not say already."""
    _, programmes = _titles()
    return tuple(name for name in entry.programmes if name not in programmes)
