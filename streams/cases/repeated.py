"""Which party met which list entry in how many declarations: a table made of alerts."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from streams.assessment.verdict import ScreenedParty
from streams.cases.alert import Alert, AlertFinding
from streams.declarations.model import Address, Party
from streams.parties.identity import firm_key


class RepeatedHit(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    """A party and a list entry: one open question."""

    list: str
    entry: str
    party: str
    """its name, as declared last"""
    id: str | None = None
    country: str | None = None
    declarations: int
    """whose alerts have it, or, where alerts of earlier ones are gone, one more than `repeats` of the finding says"""
    open: int
    """of those whose alert is open and has it still"""
    first: datetime
    """event time of the first declaration that is still there ..."""
    last: datetime
    """... and of the last"""
    newest: str
    """declarationKey of the last"""


class _Seen(Struct, frozen=True):
    """One declaration's part of a pair."""

    pair: RepeatedHit
    repeats: int


Key = tuple[str, str, str]
"""list, entry, party"""


class RepeatedHits:
    """Takes alerts in any number; of one declaration the newest counts. Keeps only what the table needs."""

    def __init__(self) -> None:
        self._known: dict[str, dict[Key, _Seen]] = {}

    def take(self, key: str, alert: Alert | None) -> None:
        """The newest alert of a declaration; None where it was withdrawn."""
        self._known.pop(key, None)
        if alert is None:
            return
        found = {
            name: seen for life in alert.findings if (made := _seen(alert, life)) for name, seen in [made]
        }
        if found:
            self._known[key] = found

    def table(self, least: int = 2) -> Iterator[RepeatedHit]:
        """The pairs of at least so many declarations, most first."""
        by_pair: dict[Key, list[_Seen]] = defaultdict(list)
        for found in self._known.values():
            for key, seen in found.items():
                by_pair[key].append(seen)
        rows = (_row(seen) for seen in by_pair.values())
        yield from sorted(
            (row for row in rows if row.declarations >= least),
            key=lambda row: (-row.declarations, row.list, row.entry, row.party),
        )


def in_words(pair: RepeatedHit) -> str:
    """One line: how often, who, what, since when."""
    who = f"{pair.party} ({', '.join(part for part in (pair.id, pair.country) if part)})"
    return (
        f"{pair.declarations:>6,}  {who.removesuffix(' ()')}: {pair.list} entry {pair.entry}, {pair.open:,} open, "
        f"{pair.first:%Y-%m-%d} to {pair.last:%Y-%m-%d}, last on {pair.newest}"
    )


def _seen(alert: Alert, life: AlertFinding) -> tuple[Key, _Seen] | None:
    finding = life.finding
    name, entry = finding.inputs.get("list"), finding.inputs.get("entry")
    if finding.subject.kind != "PARTY" or name is None or entry is None:
        return None
    who = _party(alert, life)
    pair = RepeatedHit(
        list=name,
        entry=entry,
        party=who.name or who.id or "",
        id=who.id,
        country=who.country,
        declarations=1,
        open=int(alert.status == "OPEN" and life.status == "OPEN"),
        first=alert.event_date_time,
        last=alert.event_date_time,
        newest=alert.declaration_key,
    )
    return (name, entry, _met_again(who)), _Seen(pair, finding.repeats)


def _party(alert: Alert, life: AlertFinding) -> ScreenedParty:
    """As the alert shows it; by its label alone where that of the newest version at its place is another."""
    subject = life.finding.subject
    role, _, name = subject.label.partition(" ")
    parties = alert.screened.parties
    if subject.index is not None and subject.index < len(parties):
        shown = parties[subject.index]
        if shown.role == role and (shown.name or "").startswith(name.removesuffix("...")):
            return shown
    return ScreenedParty(role=role, name=name or None)


def _met_again(who: ScreenedParty) -> str:
    """By what a party is met again: as detectors do, but for the city, which an alert does not tell."""
    if not (who.name or who.id):
        return ""
    found = firm_key(
        Party(
            role="CONSIGNEE",
            name=who.name,
            identification_number=who.id,
            address=Address(country=who.country) if who.country else None,
        )
    )
    return found if found is not None else (who.name or "")


def _row(seen: list[_Seen]) -> RepeatedHit:
    newest = max(seen, key=lambda one: (one.pair.last, one.pair.newest)).pair
    return replace(
        newest,
        declarations=max(len(seen), 1 + max(one.repeats for one in seen)),
        open=sum(one.pair.open for one in seen),
        first=min(one.pair.first for one in seen),
    )
