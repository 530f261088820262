"""Who receives the goods: nobody named, a trade that receives for others, a telephone in another country (R12, R25, R26)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from streams.declarations.model import Party
from streams.destinations.atlas import Atlas
from streams.destinations.journey import CONSIGNEES, Journey, Receiver
from streams.destinations.places import party_subject
from streams.findings import Finding, NotEvaluable, Subject

NAMED_BEHIND = 0.5
"""Strength of 'to order' where a notify party, buyer or end user is named: usual in sea trade."""
THREE_COUNTRIES = 0.4
PAYER_ELSEWHERE = 0.4
RESELLER = 0.5
"""Strength of an ultimate consignee that the exporter calls a reseller, or of no known kind: ordinary for chips, and not who
uses them."""
KINDS = {"R": "a reseller", "O": "of another or unknown kind"}
"""ultimate consignee types of the US Electronic Export Information that name no user"""
ORDINARY_PHONE = 0.4
"""Strength of a telephone of a country that is not embargoed: firms have offices."""
SERVICE_ROLES = ("CARRIER", "REPRESENTATIVE", "FREIGHT_FORWARDER", "HOLDER_OF_TRANSIT_PROCEDURE")
SAME_FIRM = 0.8
CLEARS_RECEIVER = "The contract and an end-user statement that name who buys and uses the goods."


def receiver_findings(
    trip: Journey,
    parties: Sequence[Party],
    day: date,
    controlled: Collection[int],
    atlas: Atlas,
    missing: list[NotEvaluable],
) -> list[Finding]:
    """R12, R25, R26. What cannot be told is added to `missing`."""
    found = list(_phones(trip, day, atlas, missing))
    consignees = [one for one in trip.receivers if one.party.role in CONSIGNEES]
    if consignees:
        found += _service_firm(consignees, parties, atlas)
        found += _placeholder(consignees, trip, atlas)
    else:
        missing.append(NotEvaluable(rule="R12", missing=("declaration.parties[CONSIGNEE]",)))
        found += _nobody(trip, controlled, missing)
    if controlled:
        found += _three_countries(trip)
        found += _payer(trip)
        found += _reseller(trip)
    return found


def _phones(trip: Journey, day: date, atlas: Atlas, missing: list[NotEvaluable]) -> Iterator[Finding]:
    told = False
    embargoes = atlas.countries.embargoed(day)
    for receiver in trip.receivers:
        if not receiver.party.phone or receiver.country is None:
            continue
        countries = atlas.phones.countries(receiver.party.phone)
        told = told or bool(countries)
        if not countries or receiver.country in countries:
            continue
        subject = party_subject(receiver)
        barred = sorted(country for country in countries if country in embargoes)
        named = barred[0] if barred else "/".join(sorted(countries)[:3])
        yield Finding(
            key=f"party.phone_country|{receiver.index}",
            rule="R25",
            code="party.phone_country",
            subject=subject,
            evidence=f"The {subject.label} is in {receiver.country}, but its telephone {receiver.party.phone} is a number "
            f"of {named}.",
            cleared_by="A telephone of the consignee's own country that is answered, or a reason for the other one.",
            # A shared prefix (+7, +1) may well be the innocent country's.
            strength=1.0 if barred and len(countries) == len(barred) else ORDINARY_PHONE,
            inputs={"partyCountry": receiver.country, "phoneCountries": sorted(countries)[:5]},
        )
    if not told:
        missing.append(NotEvaluable(rule="R25", missing=("declaration.parties[CONSIGNEE].phone",)))


def _first_named(trip: Journey, atlas: Atlas) -> Party | None:
    """The first who receives and whose name is one."""
    named = (one.party for one in trip.receivers if one.party.name)
    return next((party for party in named if not atlas.consignees.read(party.name or "").placeholder), None)


def _placeholder(consignees: Sequence[Receiver], trip: Journey, atlas: Atlas) -> Iterator[Finding]:
    unnamed = [
        (receiver, written)
        for receiver in consignees
        if (written := [name for name in (receiver.party.name, receiver.party.name_original_script) if name])
        and all(atlas.consignees.read(name).placeholder for name in written)
    ]
    behind = _first_named(trip, atlas) if unnamed else None
    for receiver, written in unnamed:
        party = receiver.party
        name = written[0]
        order = atlas.consignees.read(name).behind
        meaning = (
            f"to the order of '{order}', which does not say who receives" if order else "which names nobody"
        )
        said = (
            f"; {behind.role.replace('_', ' ').lower()} is {behind.name}"
            if behind
            else ", and nobody else is named"
        )
        yield Finding(
            key=f"party.opaque_end_user|{receiver.index}",
            rule="R26",
            code="party.opaque_end_user",
            subject=party_subject(receiver),
            evidence=f"The {party.role.replace('_', ' ').lower()} is '{name}', {meaning}{said}.",
            cleared_by=CLEARS_RECEIVER,
            strength=NAMED_BEHIND if behind else 1.0,
            inputs={"name": name, "namedBehind": bool(behind)},
        )


def _nobody(trip: Journey, controlled: Collection[int], missing: list[NotEvaluable]) -> Iterator[Finding]:
    if not controlled:
        missing.append(NotEvaluable(rule="R26", missing=("declaration.parties[CONSIGNEE]",)))
        return
    yield Finding(
        key="party.opaque_end_user|none",
        rule="R26",
        code="party.opaque_end_user",
        subject=Subject(kind="DECLARATION", label="receiver"),
        evidence="Goods of concern are declared without a consignee, importer or end user.",
        cleared_by=CLEARS_RECEIVER,
        strength=NAMED_BEHIND if trip.receivers else 1.0,
        inputs={"namedBehind": bool(trip.receivers)},
    )


def _three_countries(trip: Journey) -> Iterator[Finding]:
    by_role = {one.party.role: one.country for one in trip.receivers if one.country}
    named = [by_role[role] for role in ("CONSIGNEE", "BUYER", "NOTIFY_PARTY") if role in by_role]
    if len(named) == 3 and len(set(named)) == 3:
        yield Finding(
            key="party.opaque_end_user|countries",
            rule="R26",
            code="party.opaque_end_user",
            subject=Subject(kind="DECLARATION", label="receivers"),
            evidence=f"Goods of concern whose consignee, buyer and notify party are in three countries: {', '.join(named)}.",
            cleared_by=CLEARS_RECEIVER,
            strength=THREE_COUNTRIES,
            inputs={"countries": named},
        )


def _payer(trip: Journey) -> Iterator[Finding]:
    """Somebody pays from a country that has no part in the deal."""
    parts = {trip.dispatch, *trip.destinations}
    parts |= {one.country for one in trip.receivers if one.party.role in (*CONSIGNEES, "BUYER")}
    for receiver in trip.receivers:
        if receiver.party.role != "FINANCIAL" or receiver.country is None or receiver.country in parts:
            continue
        subject = party_subject(receiver)
        yield Finding(
            key=f"party.opaque_end_user|payer|{receiver.index}",
            rule="R26",
            code="party.opaque_end_user",
            subject=subject,
            evidence=f"Goods of concern are paid for from {receiver.country}, where neither seller, buyer nor consignee is.",
            cleared_by="The payment order and the reason why somebody else pays.",
            strength=PAYER_ELSEWHERE,
            inputs={"payerCountry": receiver.country},
        )


def _reseller(trip: Journey) -> Iterator[Finding]:
    if any(one.party.role == "END_USER" for one in trip.receivers):
        return
    for receiver in trip.receivers:
        kind = KINDS.get(receiver.party.ultimate_consignee_type or "")
        if kind is None:
            continue
        subject = party_subject(receiver)
        yield Finding(
            key=f"party.forwarder|type|{receiver.index}",
            rule="R12",
            code="party.forwarder",
            subject=subject,
            evidence=f"The exporter declares the {subject.label} as {kind}: who uses the goods is not named.",
            cleared_by=CLEARS_RECEIVER,
            strength=RESELLER,
            inputs={"ultimateConsigneeType": str(receiver.party.ultimate_consignee_type)},
        )


def _service_firm(
    consignees: Sequence[Receiver], parties: Sequence[Party], atlas: Atlas
) -> Iterator[Finding]:
    if any(one.party.role in ("ULTIMATE_CONSIGNEE", "END_USER") for one in consignees):
        return  # who gets the goods in the end is named, so that a forwarder may stand in between
    services = _Services(parties)
    for receiver in consignees:
        party = receiver.party
        name = party.name or party.name_original_script or ""
        subject = party_subject(receiver)
        same = services.same(party)
        read = atlas.consignees.read(name)
        if same is not None:
            role = same.role.replace("_", " ").lower()
            evidence, strength = (
                f"{subject.label} is also the {role}: a firm that moves goods for others.",
                SAME_FIRM,
            )
        elif read.trade:
            evidence = (
                f"{subject.label} is by its name a {read.trade} ('{read.word}'): it receives for others."
            )
            strength = 1.0
        else:
            continue
        yield Finding(
            key=f"party.forwarder|{receiver.index}",
            rule="R12",
            code="party.forwarder",
            subject=subject,
            evidence=evidence,
            cleared_by=CLEARS_RECEIVER,
            strength=strength,
            inputs={"trade": read.trade or "same firm", "word": read.word},
        )


class _Services:
    """The parties that serve others, each found at once: every consignee is looked up among them.

    Two are one firm by their numbers where both have one, else by their names.
    """

    def __init__(self, parties: Sequence[Party]) -> None:
        self._serving = [party for party in parties if party.role in SERVICE_ROLES]
        self._numbers: dict[str, int] = {}
        self._names: dict[str, int] = {}
        self._unnumbered: dict[str, int] = {}
        for place, party in enumerate(self._serving):
            if party.identification_number:
                self._numbers.setdefault(party.identification_number, place)
            if party.name:
                self._names.setdefault(party.name.casefold(), place)
                if not party.identification_number:
                    self._unnumbered.setdefault(party.name.casefold(), place)

    def same(self, party: Party) -> Party | None:
        """The first that is the same firm."""
        name = party.name.casefold() if party.name else None
        if party.identification_number:
            found = [self._numbers.get(party.identification_number), self._unnumbered.get(name or "")]
        else:
            found = [self._names.get(name or "")]
        places = [place for place in found if place is not None]
        return self._serving[min(places)] if places else None
