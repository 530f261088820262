"""Whom a party of a declaration meets on the watchlists: by number, by name, by telephone, e-mail or address. Looked up once a
party; rules R01 and R02 say what it means."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from streams.declarations.model import Address, Party
from streams.names.analyse import NameType
from streams.names.corroborate import country_agreement
from streams.names.figures import defaults
from streams.names.result import NameHit, NameSearch
from streams.parties.addresses import (
    Place,
    Same,
    address_words,
    addresses_agree,
    declared_place,
    house_key,
    joined,
    same_place,
    written,
)
from streams.parties.emails import email_key
from streams.parties.identifiers import MIN_IDENTIFIER, identifier_keys
from streams.parties.telephones import phone_tails
from streams.watchlists.index import WatchlistIndex

MAX_HITS = 25
"""Entries looked at for one name, so that "how many more" is counted up to here."""

MAX_REMEMBERED = 5_000
"""Parties whose matches an index keeps, the newest: some 2 KB each."""

_TYPES: dict[str, NameType] = {"1": "person", "2": "organization", "3": "organization"}
"""typeOfPerson, DE 13 xx: 1 natural person, 2 legal person, 3 association of persons."""


class NameMatch(Struct, frozen=True):
    """A listed name that a name of the party met."""

    name: str
    field: str
    """of the party: name, nameOriginalScript or contactName"""
    hit: NameHit
    at_address: bool


class ContactMatch(Struct, frozen=True):
    """A listed party's contact that the party gives."""

    entry: int
    contact: str
    """phone, email or address"""
    declared: str
    same: Same | None = None
    """of an address: the same room or only the same house"""


class Evasion(Struct, frozen=True):
    """A name written to mislead a computer."""

    field: str
    name: str
    found: tuple[str, ...]


class _Given(NamedTuple):
    """The contacts of a party, as they are compared."""

    tails: frozenset[str]
    """of its telephone, see `phone_tails`"""
    email: str | None
    place: Place | None


class PartyMatches(Struct, frozen=True):
    """All that one party met. Entries are numbers of the index."""

    index: int
    """of the party in the declaration"""
    party: Party
    identified: tuple[tuple[int, str], ...]
    """entry and the declared number, one an entry"""
    names: tuple[NameMatch, ...]
    """at or above the threshold, best first"""
    similar: tuple[NameMatch, ...]
    """below it with a country or address in common, best first; none where a name is above it"""
    contacts: tuple[ContactMatch, ...]
    evasions: tuple[Evasion, ...]
    uncompared: tuple[str, ...]
    """fields too long or too common to compare in full"""
    anonymous: bool
    """nothing of it could be compared: no readable name, and it met nobody by number or contact"""
    gives_contact: bool


def match_party(number: int, party: Party, index: WatchlistIndex) -> PartyMatches:
    """Looks a party up, or remembers what it met: most parties of a stream were in it before, declared in the same words. Never
    raises for a party of a decoded declaration."""
    met = index.met.get(party)
    if met is None:
        if len(index.met) >= MAX_REMEMBERED:
            del index.met[next(iter(index.met))]
        met = index.met[party] = _look_up(number, party, index)
    return met if met.index == number else replace(met, index=number)


def _look_up(number: int, party: Party, index: WatchlistIndex) -> PartyMatches:
    country = party.address.country if party.address else None
    identified: dict[int, str] = {}
    for entry, declared in _identifier_hits(party, country, index):
        identified.setdefault(entry, declared)
    best: dict[int, NameMatch] = {}
    evasions: list[Evasion] = []
    uncompared: list[str] = []
    named = False
    screened: set[str] = set()
    for field, name, kind in _names(party):
        if name in screened:
            continue
        screened.add(name)
        search = index.names.search(
            name,
            type=kind,
            country=country,
            # Below the threshold only a country or an address in common counts, so without an address there is no band.
            threshold=max(0.0, index.threshold - (defaults().band if party.address else 0.0)),
            limit=MAX_HITS,
        )
        if search.evasion:
            evasions.append(Evasion(field, name, tuple(search.evasion)))
        if search.degraded:
            uncompared.append(field)
        if search.placeholder or not search.readable:
            continue
        named = named or field != "contactName"
        for found in _met_by(party, name, field, search, index):
            kept = best.get(found.hit.number)
            if found.hit.number not in identified and (kept is None or found.hit.score > kept.hit.score):
                best[found.hit.number] = found
    sure = {entry for entry, found in best.items() if found.hit.score >= index.threshold}
    similar = best.keys() - sure
    given = _Given(phone_tails(party.phone, country), email_key(party.email), declared_place(party.address))
    contacts = tuple(_contacts(party, country, given, index, identified.keys() | sure, similar))
    # A listed party's telephone says more than a name like its own.
    similar -= {contact.entry for contact in contacts}
    return PartyMatches(
        index=number,
        party=party,
        identified=tuple(identified.items()),
        names=_best_first(best, sure),
        similar=() if sure else _best_first(best, similar),
        contacts=contacts,
        evasions=tuple(evasions),
        uncompared=tuple(uncompared),
        anonymous=not (named or identified or best or contacts),
        gives_contact=any(given),
    )


def _best_first(met: dict[int, NameMatch], entries: AbstractSet[int]) -> tuple[NameMatch, ...]:
    return tuple(
        sorted((met[entry] for entry in entries), key=lambda match: (-match.hit.score, match.hit.number))
    )


def _names(party: Party) -> Iterator[tuple[str, str, NameType]]:
    kind = _TYPES.get(party.type_of_person or "", "unknown")
    if party.name:
        yield "name", party.name, kind
    if party.name_original_script:
        yield "nameOriginalScript", party.name_original_script, kind
    if party.contact_name:
        yield "contactName", party.contact_name, "person"


def _identifier_hits(party: Party, country: str | None, index: WatchlistIndex) -> Iterator[tuple[int, str]]:
    for declared in (party.identification_number, *party.other_identification_numbers):
        for key in identifier_keys(declared) if declared else ():
            for number in index.identifiers.get(key, ()):
                agrees = country_agreement(country, index.entries[number].countries) == "agrees"
                if len(key) >= MIN_IDENTIFIER or agrees:
                    yield number, declared or ""


def _met_by(
    party: Party, name: str, field: str, search: NameSearch, index: WatchlistIndex
) -> Iterator[NameMatch]:
    """What counts of a search: below the threshold only with a country or an address in common."""
    if not search.hits:
        return
    address = address_words(joined(party.address)) if party.address else frozenset()
    for hit in search.hits:
        at_address = any(addresses_agree(address, other) for other in index.addresses(hit.number))
        if hit.score >= index.threshold or at_address or hit.country == "agrees":
            yield NameMatch(name, field, hit, at_address)


def _contacts(
    party: Party,
    country: str | None,
    given: _Given,
    index: WatchlistIndex,
    met: AbstractSet[int],
    similar: AbstractSet[int],
) -> Iterator[ContactMatch]:
    """One an entry. Of those `met` by name or number nothing more is said; an address in common with one of a `similar` name
    is said there."""
    told: set[int] = set()
    for contact, declared, keys, listed in (
        ("phone", party.phone, sorted(given.tails), index.phones),
        ("email", party.email, [given.email] if given.email else [], index.emails),
    ):
        for entry in (number for key in keys for number in listed.get(key, ())):
            if entry not in met and entry not in told:
                told.add(entry)
                yield ContactMatch(entry, contact, declared or "")
    yield from _at_address(party.address, given.place, country, index, met | similar | told)


def _at_address(
    address: Address | None,
    place: Place | None,
    country: str | None,
    index: WatchlistIndex,
    met: AbstractSet[int],
) -> Iterator[ContactMatch]:
    """Of listed parties in the same room, then of those in the same house."""
    if place is None or address is None or country is None:
        return
    found: dict[int, Same] = {}
    here = index.places.get(house_key(country, place), ())
    city = address_words(address.city or "") if here else frozenset()
    for entry, listed in here:
        same = same_place(place, listed, city)
        if same is not None and entry not in met:
            found[entry] = "room" if "room" in (same, found.get(entry)) else "house"
    for entry, same in sorted(found.items(), key=lambda pair: (pair[1] != "room", pair[0])):
        yield ContactMatch(entry, "address", written(address), same)
