"""R01: a party, in any role, is on a list: by its number or by a name."""

from collections.abc import Iterator

from streams.findings import Finding, NotEvaluable
from streams.names.result import NameHit
from streams.rules.listed import Declared, capped, inputs, reference, short
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import MAX_PARTIES, ScreenedVersion
from streams.text import joined
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.index import WatchlistIndex, list_title
from streams.watchlists.matches import NameMatch

SHOWN_COUNTRIES = 4


def judge(screened: ScreenedVersion) -> Judged:
    """Findings a party and entry. NOT_EVALUABLE without a list, for a party without a name that can be compared, and for
    names that were not compared in full."""
    index = screened.watchlists
    if not index.entries:
        yield NotEvaluable(rule="R01", missing=("watchlists",))
        return
    for met in screened.matches:
        if not (met.identified or met.names or met.uncompared or met.anonymous):
            continue
        who = Declared(met.index, met.party)
        yield from capped(
            [_identified(who, number, index.entries[entry]) for entry, number in met.identified]
        )
        yield from capped([name_finding(NAME, who, one, index) for one in met.names])
        path = f"declaration.parties[{met.index}]"
        for field in met.uncompared:
            missing = (f"{path}.{field} (too long or too common to compare in full)",)
            yield NotEvaluable(rule="R01", missing=missing, subject=who.subject)
        if met.anonymous:
            yield NotEvaluable(rule="R01", missing=(f"{path}.name",), subject=who.subject)
    if len(screened.declaration.parties) > MAX_PARTIES:
        yield NotEvaluable(rule="R01", missing=(f"declaration.parties[{MAX_PARTIES}:]",))


def _identified(who: Declared, number: str, entry: WatchlistEntry) -> Finding:
    return IDENTIFIER.finding(
        who.key("R01", "identifier", f"{entry.list}/{entry.id}"),
        who.subject,
        inputs=inputs(entry) | {"identifier": short(number)},
        party=who.said(),
        number=short(number),
        listed=entry.names[0],
        list=list_title(entry),
        reference=reference(entry),
    )


def name_finding(kind: FindingKind, who: Declared, met: NameMatch, index: WatchlistIndex) -> Finding:
    """A finding on a name, as strong as its score; of R02 below the threshold."""
    hit, entry = met.hit, index.entries[met.hit.number]
    return kind.finding(
        who.key(kind.rule, "name", f"{entry.list}/{entry.id}"),
        who.subject,
        strength=hit.score,
        inputs=inputs(entry)
        | {
            "score": hit.score,
            "threshold": index.threshold,
            "declaredName": short(met.name),
            "listedName": hit.name,
            "country": hit.country,
            "address": "agrees" if met.at_address else "unknown",
        },
        cleared_by=_clears(entry),
        party=who.said(met.name, met.field),
        name=short(hit.name),
        alias="" if hit.name == hit.primary else f', an alias of "{short(hit.primary)}"',
        list=list_title(entry),
        reference=reference(entry),
        beside="; ".join(_beside(hit, entry, met.at_address)),
    )


def _beside(hit: NameHit, entry: WatchlistEntry, at_address: bool) -> Iterator[str]:
    """What stands beside the name, for and against."""
    yield hit.explanation[:1].lower() + hit.explanation[1:].rstrip(".")
    if hit.country == "differs":
        yield f"the country differs ({', '.join(entry.countries[:SHOWN_COUNTRIES])} on the list)"
    if at_address:
        yield "the address agrees"
    if hit.weak:
        yield "the publisher calls this alias weak"


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
    compared = f" Compare {joined(facts)} with the listed one's." if facts else ""
    return f"A registration document or passport that shows another party than the listed one.{compared}"


IDENTIFIER = FindingKind(
    code="list.identifier",
    sentence='{party} has the identification number {number}, which is that of "{listed}" on {list} ({reference}).',
    cleared_by="A registration document that shows the number to be another party's, or the listing ended.",
)
NAME = FindingKind(
    code="list.name",
    sentence='{party} matches "{name}"{alias} on {list} ({reference}): {beside}.',
)
RULE = Rule("R01", judge, (IDENTIFIER, NAME))
