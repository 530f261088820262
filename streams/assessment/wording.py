"""Verdicts and alerts in words that an officer can read aloud."""

from collections.abc import Iterable

from streams.assessment.model import (
    Alert,
    AlertFinding,
    Finding,
    Lane,
    NotEvaluable,
    Screened,
    ScreenedParty,
    Verdict,
)
from streams.assessment.rules import in_short

TREATMENT: dict[Lane, str] = {
    "RED": "examine goods and documents",
    "YELLOW": "examine documents",
    "BLUE": "release, audit afterwards",
    "GREEN": "release",
}
SENDERS = ("EXPORTER", "CONSIGNOR", "SELLER")
RECEIVERS = ("CONSIGNEE", "ULTIMATE_CONSIGNEE", "IMPORTER", "END_USER", "BUYER")
SHOWN_ITEMS = 3
SHOWN_GOODS = 60
SHOWN_NAME = 80

SHOWN_REASONS = 4


def headline(verdict: Verdict, closed_by: int | None = None) -> str:
    """One sentence: who sends what from where to whom and where, and why it is looked at."""
    screened = verdict.screened
    sender, receiver = _party(screened, SENDERS), _party(screened, RECEIVERS)
    where = f" from {screened.route[0]} to {screened.route[-1]}" if len(screened.route) > 1 else ""
    who = _name(sender)
    sentence = (
        f"{who[:1].upper()}{who[1:]} sends {_goods(screened, verdict.findings)}{where} for {_name(receiver)}"
    )
    reasons = _reasons(verdict.findings)
    if closed_by is not None:
        return f"{sentence}: closed by version {closed_by}; was {', '.join(reasons) or verdict.lane}."
    return f"{sentence}: {', '.join(reasons)}." if reasons else f"{sentence}."


def render_alert(alert: Alert) -> str:
    """The whole alert as plain text, line by line: lane, headline, parties, goods, way, why, what would clear it, what could
    not be checked, and what it was decided with."""
    screened = alert.screened
    lines = [
        _title(alert),
        alert.headline,
        f"Declaration {alert.declaration_key}, version {alert.version_number}, {alert.regime.lower().replace('_', ' ')}, "
        f"{alert.event_date_time:%Y-%m-%d %H:%M} UTC",
        "",
        "Parties",
        *(f"  {_role(party.role)}: {_described(party)}" for party in screened.parties),
        "Goods",
        *_items(screened),
    ]
    if screened.route:
        lines.append(f"Way: {' - '.join(screened.route)}")
    if screened.transport:
        lines.append(f"Transport: {', '.join(screened.transport[:6])}")
    lines += ["Why", *_open(alert.findings)]
    closed = [life for life in alert.findings if life.status == "CLOSED"]
    if closed:
        lines += [
            "No longer so",
            *(
                f"  (versions {life.since_version} to before {life.closed_by_version}) {life.finding.evidence}"
                for life in closed
            ),
        ]
    if alert.what_would_clear:
        lines += ["What would clear it", *(f"  {text}" for text in alert.what_would_clear)]
    if alert.not_evaluable:
        lines += ["What could not be checked", *_unchecked(alert.not_evaluable)]
    lists = ", ".join(f"{one.list} {one.edition}" for one in alert.versions.lists) or "none"
    lines.append(f"Decided by ruleset {alert.versions.ruleset}, code {alert.versions.code}; lists: {lists}")
    return "\n".join(lines)


def _title(alert: Alert) -> str:
    if alert.status == "CLOSED":
        return f"CLOSED (was {alert.highest_lane}) alert {alert.alert_id}"
    return f"{alert.lane} {alert.score:.0f} of 100: {TREATMENT[alert.lane]} (alert {alert.alert_id})"


def _open(lives: Iterable[AlertFinding]) -> Iterable[str]:
    for life in lives:
        if life.status != "OPEN":
            continue
        finding = life.finding
        points = f"{finding.points:+.0f}" if finding.points else " ·"
        since = f" (since version {life.since_version})" if life.since_version > 1 else ""
        yield f"  {points:>4}  {finding.evidence}{since} [{finding.rule}]"


def _unchecked(missing: Iterable[NotEvaluable]) -> Iterable[str]:
    said: dict[str, None] = {}
    for one in missing:
        about = f" for {one.subject.label}" if one.subject is not None and one.subject.label else ""
        said[f"  {one.rule}{about}: lacks {', '.join(one.missing)}"] = None
    return said


def _items(screened: Screened) -> Iterable[str]:
    for item in screened.items[:SHOWN_ITEMS]:
        code = f"HS {item.hs6}" if item.hs6 else "no tariff code"
        origin = f", origin {item.origin}" if item.origin else ""
        yield f"  item {item.number}: {code}{origin} {item.description or ''}".rstrip()
    more = len(screened.items) - SHOWN_ITEMS
    if more > 0:
        yield f"  and {more} more"


def _reasons(findings: Iterable[Finding]) -> list[str]:
    """The heaviest reasons, each once. Combinations repeat what their members say."""
    said = in_short()
    weighty = sorted(
        (f for f in findings if f.points > 0 and f.code in said), key=lambda f: (-f.points, f.key)
    )
    return list(dict.fromkeys(said[finding.code] for finding in weighty))[:SHOWN_REASONS]


def _goods(screened: Screened, findings: Iterable[Finding]) -> str:
    """The item that the goods findings are about, else the first."""
    told = {
        number
        for finding in findings
        if finding.code.startswith("goods.") and finding.points > 0
        for number in finding.inputs.get("items", ())[:1]
    }
    item = next((item for item in screened.items if item.number in told), screened.items[0])
    text = " ".join((item.description or "goods").split())
    text = text if len(text) <= SHOWN_GOODS else text[: SHOWN_GOODS - 1] + "…"
    code = f" (HS {item.hs6})" if item.hs6 else ""
    more = len(screened.items) - 1
    return f"{text}{code}" + (f" and {more} more item{'s' if more > 1 else ''}" if more else "")


def _party(screened: Screened, roles: tuple[str, ...]) -> ScreenedParty | None:
    for role in roles:
        for party in screened.parties:
            if party.role == role:
                return party
    return None


def _name(party: ScreenedParty | None) -> str:
    if party is None:
        return "somebody not named"
    name = party.name or party.id or "somebody not named"
    return name if len(name) <= SHOWN_NAME else name[: SHOWN_NAME - 1] + "…"


def _described(party: ScreenedParty) -> str:
    details = ", ".join(part for part in (party.id, party.country) if part)
    return f"{party.name or '(no name)'}" + (f" ({details})" if details else "")


def _role(role: str) -> str:
    return role.replace("_", " ").lower()
