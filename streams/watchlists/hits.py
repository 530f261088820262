"""List hits: every party in every role, every conveyance and container, against the watchlists.

Rules R01 (a party on a list), R02 (similar to a listed party, or sharing its contact) and R30 (a listed conveyance);
docs/rules.md. One finding per (party, entry); absent data is said, not passed over.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from msgspec import structs

from streams.declarations.model import DeclarationVersion, Party
from streams.findings import Finding, NotEvaluable
from streams.names.analyse import NameType
from streams.names.corroborate import country_agreement
from streams.names.figures import defaults
from streams.names.result import NameHit, NameSearch
from streams.watchlists.contact import (
    MIN_IDENTIFIER,
    addresses_agree,
    identifier_keys,
)
from streams.watchlists.contact_hits import contact_findings, declared_words, without_contacts
from streams.watchlists.conveyances import conveyance_hits
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.index import WatchlistIndex, list_title
from streams.watchlists.wording import Declared, capped, inputs, reference, short

__all__ = ["WatchlistIndex", "list_hits"]

MAX_HITS = 25
"""Entries looked at for one name, so that "how many more" is counted up to here."""

MAX_PARTIES = 500
"""Parties of one declaration that are screened; the rest is reported as not evaluated."""

_TYPES: dict[str, NameType] = {"1": "person", "2": "organization", "3": "organization"}
"""typeOfPerson, DE 13 xx: 1 natural person, 2 legal person, 3 association of persons."""


def list_hits(version: DeclarationVersion, index: WatchlistIndex) -> tuple[list[Finding], list[NotEvaluable]]:
    """Findings without points, and what could not be looked at. Never raises for a decoded declaration."""
    findings: list[Finding] = []
    blind: list[NotEvaluable] = []
    if not index.entries:
        return [], [NotEvaluable(rule="R01", missing=("watchlists",))]
    parties = version.declaration.parties
    for number, party in enumerate(parties[:MAX_PARTIES]):
        found, missing = _party(number, party, index)
        findings += found
        blind += missing
    if len(parties) > MAX_PARTIES:
        blind.append(NotEvaluable(rule="R01", missing=(f"declaration.parties[{MAX_PARTIES}:]",)))
    blind += without_contacts(parties[:MAX_PARTIES], index)
    found, missing = conveyance_hits(version.declaration, index)
    return _distinct(findings + found), blind + missing


def _distinct(findings: list[Finding]) -> list[Finding]:
    """Gives the second finding with one key (two consignees that met one entry) a key of its own."""
    seen: dict[str, int] = {}
    made: list[Finding] = []
    for finding in findings:
        count = seen[finding.key] = seen.get(finding.key, 0) + 1
        made.append(finding if count == 1 else structs.replace(finding, key=f"{finding.key}#{count}"))
    return made


def _party(number: int, party: Party, index: WatchlistIndex) -> tuple[list[Finding], list[NotEvaluable]]:
    who = Declared(number, party)
    blind: list[NotEvaluable] = []
    numbered: dict[int, Finding] = {}
    for entry_number, declared in _identifier_hits(party, who, index):
        if entry_number not in numbered:
            numbered[entry_number] = _identifier_finding(who, declared, index.entries[entry_number])
    findings = capped(list(numbered.values()))
    best: dict[int, _Met] = {}
    named = False
    screened: set[str] = set()
    for field, name, kind in _names(party):
        if name in screened:
            continue
        screened.add(name)
        search = index.names.search(
            name,
            type=kind,
            country=who.country,
            # Below the threshold only a country or an address in common counts, so without an address there is no band.
            threshold=max(0.0, index.threshold - (defaults().band if party.address else 0.0)),
            limit=MAX_HITS,
        )
        path = f"declaration.parties[{number}].{field}"
        if search.evasion:
            findings.append(_evasion_finding(who, field, name, search))
        if search.degraded:
            blind.append(_blind(who, f"{path} (too long or too common to compare in full)"))
        if search.placeholder or not search.readable:
            continue
        named = named or field != "contactName"
        for found in _met_by(who, name, field, search, index):
            kept = best.get(found.hit.number)
            if found.hit.number not in numbered and (kept is None or found.hit.score > kept.hit.score):
                best[found.hit.number] = found
    sure = {entry for entry, found in best.items() if found.hit.score >= index.threshold}
    similar = best.keys() - sure
    contacts = contact_findings(who, index, numbered.keys() | sure, similar)
    # A listed party's telephone says more than a name like its own.
    similar -= {entry for entry, _ in contacts}
    names = _best_first(best, sure) if sure else _best_first(best, similar)
    findings += capped([_name_finding(who, one, index) for one in names])
    findings += capped([one for _, one in contacts])
    if not (named or numbered or best or contacts):
        blind.append(_blind(who, f"declaration.parties[{number}].name"))
    return findings, blind


def _blind(who: Declared, path: str) -> NotEvaluable:
    return NotEvaluable(rule="R01", missing=(path,), subject=who.subject)


def _names(party: Party) -> Iterator[tuple[str, str, NameType]]:
    kind = _TYPES.get(party.type_of_person or "", "unknown")
    if party.name:
        yield "name", party.name, kind
    if party.name_original_script:
        yield "nameOriginalScript", party.name_original_script, kind
    if party.contact_name:
        yield "contactName", party.contact_name, "person"


def _identifier_hits(party: Party, who: Declared, index: WatchlistIndex) -> Iterator[tuple[int, str]]:
    declared = party.identification_number
    for key in identifier_keys(declared) if declared else ():
        for number in index.identifiers.get(key, ()):
            agrees = country_agreement(who.country, index.entries[number].countries) == "agrees"
            if len(key) >= MIN_IDENTIFIER or agrees:
                yield number, declared or ""


def _identifier_finding(who: Declared, declared: str, entry: WatchlistEntry) -> Finding:
    return Finding(
        key=who.key("R01", "identifier", f"{entry.list}/{entry.id}"),
        rule="R01",
        code="list.identifier",
        subject=who.subject,
        evidence=f"{who.said()} has the identification number {short(declared)}, which is that of "
        f'"{entry.names[0]}" on {list_title(entry)} ({reference(entry)}).',
        cleared_by="A registration document that shows the number to be another party's, or the listing ended.",
        inputs=inputs(entry) | {"identifier": short(declared)},
    )


class _Met(NamedTuple):
    """A listed name that a name of the party met."""

    name: str
    field: str
    hit: NameHit
    at_address: bool


def _met_by(
    who: Declared, name: str, field: str, search: NameSearch, index: WatchlistIndex
) -> Iterator[_Met]:
    """What counts of a search: below the threshold only with a country or an address in common."""
    address = declared_words(who.party.address)
    for hit in search.hits:
        at_address = any(
            addresses_agree(address, other, frozenset()) for other in index.addresses(hit.number)
        )
        if hit.score >= index.threshold or at_address or hit.country == "agrees":
            yield _Met(name, field, hit, at_address)


def _best_first(met: dict[int, _Met], entries: Collection[int]) -> list[_Met]:
    return sorted((met[entry] for entry in entries), key=lambda one: (-one.hit.score, one.hit.number))


def _name_finding(who: Declared, met: _Met, index: WatchlistIndex) -> Finding:
    name, field, hit, at_address = met
    entry = index.entries[hit.number]
    sure = hit.score >= index.threshold
    rule, code, verb = ("R01", "list.name", "matches") if sure else ("R02", "list.similar", "is similar to")
    also = "" if hit.name == hit.primary else f', an alias of "{short(hit.primary)}"'
    beside = [hit.explanation[:1].lower() + hit.explanation[1:].rstrip(".")]
    if hit.country == "agrees":
        beside.append("the country agrees")
    elif hit.country == "differs":
        beside.append(f"the country differs ({', '.join(entry.countries[:4])} on the list)")
    if at_address:
        beside.append("the address agrees")
    if hit.weak:
        beside.append("the publisher calls this alias weak")
    return Finding(
        key=who.key(rule, "name", f"{entry.list}/{entry.id}"),
        rule=rule,
        code=code,
        subject=who.subject,
        evidence=f'{who.said(name, field)} {verb} "{short(hit.name)}"{also} on {list_title(entry)} '
        f"({reference(entry)}): {'; '.join(beside)}.",
        cleared_by=_clears(entry),
        strength=hit.score,
        inputs=inputs(entry)
        | {
            "score": hit.score,
            "threshold": index.threshold,
            "declaredName": short(name),
            "listedName": hit.name,
            "country": hit.country,
            "address": "agrees" if at_address else "unknown",
        },
    )


def _evasion_finding(who: Declared, field: str, name: str, search: NameSearch) -> Finding:
    return Finding(
        key=who.key("R02", "evasion", field),
        rule="R02",
        code="names.evasion",
        subject=who.subject,
        evidence=f"{who.said(name, field)} is written with {' and '.join(search.evasion)}. Nobody types these by accident; they "
        "keep a computer from reading the name.",
        cleared_by="The same name typed anew from a document, and an explanation of where the characters came from.",
        inputs={"field": field, "found": list(search.evasion)},
    )


def _clears(entry: WatchlistEntry) -> str:
    facts = [
        what
        for what, known in (
            ("identification or registration number", bool(entry.identifiers)),
            ("date of birth", bool(entry.birth_dates)),
            ("address", bool(entry.addresses)),
        )
        if known
    ]
    compared = f" Compare {_and(facts)} with the listed one's." if facts else ""
    return f"A registration document or passport that shows another party than the listed one.{compared}"


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
