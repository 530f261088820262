"""R02 by contact: a party of another name that gives a listed party's telephone, e-mail, room or house."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from streams.declarations.model import Address, Party
from streams.findings import Finding, NotEvaluable
from streams.watchlists.contact import address_words, email_key, phone_key
from streams.watchlists.index import WatchlistIndex, house_key, list_title
from streams.watchlists.places import Place, Same, place_of, same_place
from streams.watchlists.wording import Declared, inputs, reference, short

SAME_HOUSE = 0.7
"""Strength of the same house where either names no room: small houses have one firm, large ones many."""

MAX_SHOWN = 5
"""Parties without contacts that are named."""


def contact_findings(
    who: Declared, index: WatchlistIndex, met: AbstractSet[int], similar: AbstractSet[int]
) -> list[tuple[int, Finding]]:
    """(number of the entry, finding), one an entry. Of those `met` by name or number nothing more is said; an address in common
    with one of a `similar` name is said there."""
    party = who.party
    found: dict[int, Finding] = {}
    phone = phone_key(party.phone) if party.phone else None
    email = email_key(party.email) if party.email else None
    for kind, what, declared, numbers in (
        ("phone", "telephone number", party.phone, index.phones.get(phone, ()) if phone else ()),
        ("email", "e-mail address", party.email, index.emails.get(email, ()) if email else ()),
    ):
        for number in numbers:
            if number in met or number in found:
                continue
            entry = index.entries[number]
            found[number] = Finding(
                key=who.key("R02", "contact", f"{entry.list}/{entry.id}"),
                rule="R02",
                code="list.contact",
                subject=who.subject,
                evidence=f'{who.said()} gives the {what} {short(declared or "")}, which is that of "{entry.names[0]}" on '
                f"{list_title(entry)} ({reference(entry)}).",
                cleared_by=f"Proof that the {what} has passed to another holder since the listing.",
                inputs=inputs(entry) | {"contact": kind},
            )
    return [*found.items(), *_address_findings(who, index, met | similar | found.keys())]


def _address_findings(
    who: Declared, index: WatchlistIndex, met: AbstractSet[int]
) -> Iterator[tuple[int, Finding]]:
    """Of listed parties in the same room, then of those in the same house."""
    address = who.party.address
    place = _place(address)
    if place is None or address is None or who.country is None:
        return
    city = address_words(address.city or "")
    found: dict[int, Same] = {}
    for number, listed in index.places.get(house_key(who.country, place), ()):
        same = same_place(place, listed, city)
        if same is not None and number not in met:
            found[number] = "room" if "room" in (same, found.get(number)) else "house"
    for number, same in sorted(found.items(), key=lambda pair: (pair[1] != "room", pair[0])):
        entry = index.entries[number]
        where = "the address" if same == "room" else "the house"
        yield (
            number,
            Finding(
                key=who.key("R02", "address", f"{entry.list}/{entry.id}"),
                rule="R02",
                code="list.address",
                subject=who.subject,
                evidence=f'{who.said()} gives {where} {short(_written(address))}, which is that of "{entry.names[0]}" on '
                f"{list_title(entry)} ({reference(entry)}).",
                cleared_by="Who else has rooms there, and what the party has to do with the listed one, shown by the register.",
                strength=1.0 if same == "room" else SAME_HOUSE,
                inputs=inputs(entry) | {"contact": "address", "same": same},
            ),
        )


def _written(address: Address) -> str:
    return ", ".join(part for part in (*address.lines, address.city) if part)


def _place(address: Address | None) -> Place | None:
    """None where the address names no street."""
    if address is None or not any(any(sign.isdigit() for sign in line) for line in address.lines):
        return None
    return place_of(_joined(address))


def without_contacts(parties: Sequence[Party], index: WatchlistIndex) -> list[NotEvaluable]:
    """What R02 cannot tell: whose contacts they are, of parties that give none, or of any where the lists have none."""
    if not index.has_contacts:
        return [NotEvaluable(rule="R02", missing=("watchlists[].phones, emails, addresses",))]
    silent = [number for number, party in enumerate(parties) if not _gives_contact(party)]
    if not silent:
        return []
    shown = ", ".join(map(str, silent[:MAX_SHOWN])) + (", ..." if len(silent) > MAX_SHOWN else "")
    return [NotEvaluable(rule="R02", missing=(f"declaration.parties[{shown}].phone, email, address.lines",))]


def _gives_contact(party: Party) -> bool:
    return bool(
        (party.phone and phone_key(party.phone))
        or (party.email and email_key(party.email))
        or _place(party.address)
    )


def declared_words(address: Address | None) -> frozenset[str]:
    if address is None:
        return frozenset()
    return address_words(_joined(address))


def _joined(address: Address) -> str:
    return " ".join((*address.lines, address.city or "", address.postcode or "", address.region or ""))
