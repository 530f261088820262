"""R30: vessels, aircraft and containers against the watchlists."""

from collections.abc import Iterator

from streams.declarations.model import Declaration, TransportMeans
from streams.findings import Finding, NotEvaluable, Subject
from streams.watchlists.contact import identifier_key
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.index import WatchlistIndex, list_title, tail_key

IMO_NUMBER, VESSEL_NAME, FLIGHT, AIRCRAFT = "10", "11", "40", "41"
"""Type of identification, DE 19 05 / 19 08 (UCC Delegated Act Annex B)."""

MAX_MEANS = 200
"""Conveyances and containers of one declaration that are screened; the rest is reported as not evaluated."""


def conveyance_hits(
    declaration: Declaration, index: WatchlistIndex
) -> tuple[list[Finding], list[NotEvaluable]]:
    """Findings on vessels, aircraft and containers; R30 is not evaluable where none is declared."""
    means, equipment = declaration.transport_means, declaration.transport_equipment
    if not means and not equipment:
        missing = ("declaration.transportMeans", "declaration.transportEquipment")
        return [], [NotEvaluable(rule="R30", missing=missing)]
    findings: list[Finding] = []
    for place, conveyance in enumerate(means[:MAX_MEANS]):
        findings += _of_means(place, conveyance, index)
    for place, container in enumerate(equipment[:MAX_MEANS]):
        number = container.container_identification_number
        if number:
            subject = Subject(kind="TRANSPORT", index=len(means) + place, label=f"container {number[:20]}")
            for entry in _identified(number, index):
                findings.append(
                    _finding(
                        "list.container",
                        subject,
                        f"The container {number[:20]} is named with",
                        entry,
                        "number",
                    )
                )
    blind = []
    if max(len(means), len(equipment)) > MAX_MEANS:
        blind.append(NotEvaluable(rule="R30", missing=(f"declaration.transportMeans[{MAX_MEANS}:]",)))
    return findings, blind


def _of_means(place: int, means: TransportMeans, index: WatchlistIndex) -> Iterator[Finding]:
    kind = means.type_of_identification
    number = means.identification_number
    label = means.name or means.imo_number or number or "conveyance"
    subject = Subject(kind="TRANSPORT", index=place, label=f"conveyance {label[:60]}")
    met: set[tuple[str, str]] = set()
    for declared in (means.imo_number, number):
        for entry in _identified(declared, index) if declared else ():
            if (entry.list, entry.id) not in met:
                met.add((entry.list, entry.id))
                said = f"The conveyance {label[:60]} has the number {declared} of"
                yield _finding("list.vessel", subject, said, entry, "number")
    if number and kind in (None, AIRCRAFT):
        for entry_number in index.tails.get(tail_key(number), ()):
            entry = index.entries[entry_number]
            if (entry.list, entry.id) not in met:
                met.add((entry.list, entry.id))
                yield _finding(
                    "list.vessel",
                    subject,
                    f"The aircraft {number[:20]} has the registration of",
                    entry,
                    "number",
                )
    name = means.name or (number if kind == VESSEL_NAME else None)
    if name and kind not in (FLIGHT, AIRCRAFT):
        search = index.vessels.search(
            name, type="vessel", country=means.nationality, threshold=index.threshold, limit=3
        )
        for hit in search.hits:
            entry = index.vessel_entries[hit.number]
            if (entry.list, entry.id) in met or _other_imo(means, entry):
                continue
            said = f'The vessel "{name[:60]}"' + (f" ({means.nationality})" if means.nationality else "")
            explanation = hit.explanation[:1].lower() + hit.explanation[1:].rstrip(".")
            yield _finding(
                "list.vessel",
                subject,
                f"{said} bears the name of",
                entry,
                "name",
                score=hit.score,
                because=f": {explanation}",
            )


def _other_imo(means: TransportMeans, entry: WatchlistEntry) -> bool:
    """An IMO number stays with the hull for life: another one is another ship, whatever its name."""
    declared = means.imo_number
    listed = [number for number in entry.identifiers if len(number) == 7 and number.isdigit()]
    return bool(declared and listed and declared not in listed)


def _identified(number: str, index: WatchlistIndex) -> Iterator[WatchlistEntry]:
    key = identifier_key(number)
    if key is not None and len(key) >= 7:
        for entry_number in index.identifiers.get(key, ()):
            yield index.entries[entry_number]


def _finding(
    code: str,
    subject: Subject,
    said: str,
    entry: WatchlistEntry,
    by: str,
    *,
    score: float = 1.0,
    because: str = "",
) -> Finding:
    programmes = f", {'; '.join(entry.programmes[:2])}" if entry.programmes else ""
    return Finding(
        key=f"R30/{code.rpartition('.')[2]}/{subject.index}/{entry.list}/{entry.id}",
        rule="R30",
        code=code,
        subject=subject,
        evidence=f'{said} "{entry.names[0]}" on {list_title(entry)} (entry {entry.id}{programmes}){because}.',
        cleared_by="The IMO number, registration or container number read from the conveyance itself, where it differs."
        if by == "number"
        else "An IMO number that differs from the listed vessel's: it stays with the hull for life.",
        strength=score,
        inputs={
            "list": entry.list,
            "entry": entry.id,
            "programmes": list(entry.programmes),
            "by": by,
            "score": score,
        },
    )
