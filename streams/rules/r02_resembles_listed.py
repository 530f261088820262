"""R02: a party resembles a listed one: a name just below the threshold, a contact or address in common, a name written to
mislead a computer."""

from collections.abc import Iterator

from streams.findings import FULL, Finding, NotEvaluable
from streams.rules.figures import figure
from streams.rules.listed import Declared, capped, inputs, reference, short
from streams.rules.r01_listed_party import name_finding
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion
from streams.watchlists.index import WatchlistIndex, list_title
from streams.watchlists.matches import ContactMatch, Evasion, PartyMatches

SAME = {"room": figure("R02", "same_room"), "house": figure("R02", "same_house")}
OF_SERVICE = figure("R02", "of_service")
MAX_SHOWN = 5
"""Parties without contacts that are named."""
CONTACTS = {"phone": "telephone number", "email": "e-mail address"}


def judge(screened: ScreenedVersion) -> Judged:
    """Findings a party and entry. NOT_EVALUABLE where parties give no contact, or the lists have none."""
    index = screened.watchlists
    if not index.entries:
        return  # said by R01
    for met in screened.matches:
        if not (met.evasions or met.similar or met.contacts):
            continue
        who = Declared(met.index, met.party)
        for evasion in met.evasions:
            yield _evasion(who, evasion)
        yield from capped([name_finding(SIMILAR, who, one, index) for one in met.similar])
        yield from capped([_contact(who, one, screened) for one in met.contacts])
    yield from _silent(screened.matches, index)


def _contact(who: Declared, met: ContactMatch, screened: ScreenedVersion) -> Finding:
    entry = screened.watchlists.entries[met.entry]
    what = CONTACTS.get(met.contact, "")
    kind, case = (ADDRESS, "address") if met.same else (CONTACT, "contact")
    strength = SAME[met.same] if met.same else FULL
    many = screened.served_by(met.contact, who.number)
    return kind.finding(
        who.key("R02", case, f"{entry.list}/{entry.id}"),
        who.subject,
        strength=strength if many is None else round(strength * OF_SERVICE, 3),
        inputs=inputs(entry) | {"contact": met.contact} | ({"same": met.same} if met.same else {}),
        cleared_by=kind.cleared_by.format(what=what),
        party=who.said(),
        what=what or ("the address" if met.same == "room" else "the house"),
        declared=short(met.declared),
        listed=entry.names[0],
        list=list_title(entry),
        reference=reference(entry),
        many=""
        if many is None
        else f" So do {many}: it seems to be the contact of somebody who serves them.",
    )


def _evasion(who: Declared, evasion: Evasion) -> Finding:
    return EVASION.finding(
        who.key("R02", "evasion", evasion.field),
        who.subject,
        inputs={"field": evasion.field, "found": list(evasion.found)},
        party=who.said(evasion.name, evasion.field),
        found=" and ".join(evasion.found),
    )


def _silent(matches: tuple[PartyMatches, ...], index: WatchlistIndex) -> Iterator[NotEvaluable]:
    """What cannot be told: whose contacts they are, of parties that give none, or of any where the lists have none."""
    if not index.has_contacts:
        yield NotEvaluable(rule="R02", missing=("watchlists[].phones, emails, addresses",))
        return
    silent = [str(met.index) for met in matches if not met.gives_contact]
    if silent:
        shown = ", ".join(silent[:MAX_SHOWN]) + (", ..." if len(silent) > MAX_SHOWN else "")
        yield NotEvaluable(rule="R02", missing=(f"declaration.parties[{shown}].phone, email, address.lines",))


SIMILAR = FindingKind(
    code="list.similar",
    sentence='{party} is similar to "{name}"{alias} on {list} ({reference}): {beside}.',
)
CONTACT = FindingKind(
    code="list.contact",
    sentence='{party} gives the {what} {declared}, which is that of "{listed}" on {list} ({reference}).{many}',
    cleared_by="Proof that the {what} has passed to another holder since the listing.",
)
ADDRESS = FindingKind(
    code="list.address",
    sentence='{party} gives {what} {declared}, which is that of "{listed}" on {list} ({reference}).{many}',
    cleared_by="Who else has rooms there, and what the party has to do with the listed one, shown by the register.",
)
EVASION = FindingKind(
    code="names.evasion",
    sentence="{party} is written with {found}. Nobody types these by accident; they keep a computer from reading the name.",
    cleared_by="The same name typed anew from a document, and an explanation of where the characters came from.",
)
RULE = Rule("R02", judge, (SIMILAR, CONTACT, ADDRESS, EVASION))
