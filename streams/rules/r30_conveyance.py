"""R30: a vessel, aircraft or container is on a list."""

from collections.abc import Iterator

from streams.declarations.model import TransportMeans
from streams.findings import Finding, NotEvaluable, Subject
from streams.parties.identifiers import compact, identifier_key
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.index import WatchlistIndex, list_title

IMO_NUMBER, VESSEL_NAME, FLIGHT, AIRCRAFT = "10", "11", "40", "41"
"""Type of identification, DE 19 05 / 19 08 (UCC Delegated Act Annex B)."""

MAX_MEANS = 200
"""Conveyances and containers of one declaration that are screened; the rest is reported as not evaluated."""
MAX_NAMES = 3
"""Listed vessels of one name that are told."""


def judge(screened: ScreenedVersion) -> Judged:
    """Findings a conveyance and entry. NOT_EVALUABLE where none is declared, and for those beyond MAX_MEANS."""
    index = screened.watchlists
    if not index.entries:
        return  # said by R01
    means, equipment = screened.declaration.transport_means, screened.declaration.transport_equipment
    if not means and not equipment:
        yield NotEvaluable(
            rule="R30", missing=("declaration.transportMeans", "declaration.transportEquipment")
        )
        return
    for place, conveyance in enumerate(means[:MAX_MEANS]):
        yield from _of_means(place, conveyance, index)
    for place, container in enumerate(equipment[:MAX_MEANS]):
        number = container.container_identification_number
        if number:
            subject = Subject(kind="TRANSPORT", index=len(means) + place, label=f"container {number[:20]}")
            for entry in _identified(number, index):
                yield _finding(CONTAINER, subject, entry, number=number[:20])
    if max(len(means), len(equipment)) > MAX_MEANS:
        yield NotEvaluable(rule="R30", missing=(f"declaration.transportMeans[{MAX_MEANS}:]",))


def _of_means(place: int, means: TransportMeans, index: WatchlistIndex) -> Iterator[Finding]:
    kind, number = means.type_of_identification, means.identification_number
    label = means.name or means.imo_number or number or "conveyance"
    subject = Subject(kind="TRANSPORT", index=place, label=f"conveyance {label[:60]}")
    met: set[tuple[str, str]] = set()
    for declared in (means.imo_number, number):
        for entry in _identified(declared, index) if declared else ():
            if (entry.list, entry.id) not in met:
                met.add((entry.list, entry.id))
                yield _finding(NUMBERED, subject, entry, conveyance=label[:60], number=declared)
    if number and kind in (None, AIRCRAFT):
        for entry_number in index.tails.get(compact(number), ()):
            entry = index.entries[entry_number]
            if (entry.list, entry.id) not in met:
                met.add((entry.list, entry.id))
                yield _finding(REGISTERED, subject, entry, number=number[:20])
    name = means.name or (number if kind == VESSEL_NAME else None)
    if not name or kind in (FLIGHT, AIRCRAFT):
        return
    search = index.vessels.search(
        name, type="vessel", country=means.nationality, threshold=index.threshold, limit=MAX_NAMES
    )
    for hit in search.hits:
        entry = index.vessel_entries[hit.number]
        if (entry.list, entry.id) in met or _other_imo(means, entry):
            continue
        yield _finding(
            NAMED,
            subject,
            entry,
            by="name",
            score=hit.score,
            name=name[:60],
            nationality=f" ({means.nationality})" if means.nationality else "",
            because=hit.explanation[:1].lower() + hit.explanation[1:].rstrip("."),
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
    kind: FindingKind,
    subject: Subject,
    entry: WatchlistEntry,
    *,
    by: str = "number",
    score: float = 1.0,
    **parameters: str | None,
) -> Finding:
    programmes = f", {'; '.join(entry.programmes[:2])}" if entry.programmes else ""
    return kind.finding(
        f"R30/{kind.code.rpartition('.')[2]}/{subject.index}/{entry.list}/{entry.id}",
        subject,
        strength=score,
        inputs={
            "list": entry.list,
            "entry": entry.id,
            "programmes": list(entry.programmes),
            "by": by,
            "score": score,
        },
        listed=f'"{entry.names[0]}" on {list_title(entry)} (entry {entry.id}{programmes})',
        **parameters,
    )


READ = "The IMO number, registration or container number read from the conveyance itself, where it differs."
CONTAINER = FindingKind(
    code="list.container",
    sentence="The container {number} is named with {listed}.",
    cleared_by=READ,
)
NUMBERED = FindingKind(
    code="list.vessel",
    sentence="The conveyance {conveyance} has the number {number} of {listed}.",
    cleared_by=READ,
)
REGISTERED = FindingKind(
    code="list.vessel",
    sentence="The aircraft {number} has the registration of {listed}.",
    cleared_by=READ,
)
NAMED = FindingKind(
    code="list.vessel",
    sentence='The vessel "{name}"{nationality} bears the name of {listed}: {because}.',
    cleared_by="An IMO number that differs from the listed vessel's: it stays with the hull for life.",
)
RULE = Rule("R30", judge, (CONTAINER, NUMBERED, REGISTERED, NAMED))
