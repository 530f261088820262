"""Verdicts and alerts in words that an officer can read aloud."""

from collections.abc import Iterable, Iterator

from streams.assessment.verdict import Screened, ScreenedParty, Verdict
from streams.cases.alert import Alert, AlertFinding
from streams.declarations.model import PartyRole
from streams.declarations.reading import Repaired, Unreadable
from streams.findings import Finding, Lane, NotEvaluable
from streams.lifecycle.changes import Change
from streams.lifecycle.life import Moment
from streams.lifecycle.requests import REQUESTS
from streams.parties.roles import ADDRESSEES, SENDERS
from streams.rules.catalogue import in_short
from streams.text import ELLIPSIS, in_words, joined, shorten, visible, visible_in

TREATMENT: dict[Lane, str] = {
    "RED": "examine goods and documents",
    "YELLOW": "examine documents",
    "BLUE": "release, audit afterwards",
    "GREEN": "release",
}
SHOWN_ITEMS = 3
SHOWN_GOODS = 60
SHOWN_NAME = 80
SHOWN_VALUE = 80
SHOWN_REASON = 120
SHOWN_CHANGES = 12

SHOWN_REASONS = 4

LATE = "; what came in late about it or earlier ones is only in the whole alert"
"""What cannot be told by a version: a control that was announced before it and heard of after it makes findings of it worse."""


def headline(verdict: Verdict, ending: str | None = None) -> str:
    """One sentence: who sends what from where to whom and where, and why it is looked at.

    `ending` is what became of it, such as 'closed by version 4'. What only a request says is said so.
    """
    screened = verdict.screened
    sender, receiver = _party(screened, SENDERS), _party(screened, ADDRESSEES)
    where = f" from {screened.route[0]} to {screened.route[-1]}" if len(screened.route) > 1 else ""
    who = _name(sender)
    sentence = (
        f"{who[:1].upper()}{who[1:]} sends {_goods(screened, verdict.findings)}{where} for {_name(receiver)}"
    )
    reasons = _reasons(verdict.findings)
    if ending is not None:
        return f"{sentence}: {ending}; was {', '.join(reasons) or verdict.lane}."
    if not verdict.in_force:
        sentence = f"As asked for and not decided, {sentence[:1].lower() if sender is None else sentence[:1]}{sentence[1:]}"
    return f"{sentence}: {', '.join(reasons)}." if reasons else f"{sentence}."


def render_alert(alert: Alert, since: int | None = None) -> str:
    """The whole alert as plain text, line by line: lane, headline, parties, goods, way, why, what happened, what would clear it,
    what could not be checked, and what it was decided with.

    With `since`, only what an officer who looked at that version has not seen: findings that are new or closed, and what
    happened after it.
    """
    alert = visible_in(alert)
    if since is not None:
        return "\n".join((*_head(alert), "", *_news(alert, since)))
    screened = alert.screened
    lines = [
        *_head(alert),
        "",
        "Parties",
        *(f"  {in_words(party.role)}: {_described(party)}" for party in screened.parties),
        "Goods",
        *_items(screened),
    ]
    if screened.route:
        lines.append(f"Way: {' - '.join(screened.route)}")
    if screened.transport:
        lines.append(f"Transport: {', '.join(screened.transport[:6])}")
    lines += ["Why", *(_open(life) for life in alert.findings if life.status == "OPEN")]
    lines += _section("No longer so", (_closed(life) for life in alert.findings if life.status == "CLOSED"))
    lines += _section("What happened", timeline_lines(alert.timeline))
    lines += _loose_ends(alert)
    lines += _section("What would clear it", (f"  {text}" for text in alert.what_would_clear))
    lines += _section("What could not be read", _unread(alert.unreadable))
    lines += _section("Read otherwise than written", _repaired(alert.repaired))
    lines += _section("What could not be checked", _unchecked(alert.not_evaluable))
    lists = ", ".join(f"{one.list} {one.edition}" for one in alert.versions.lists) or "none"
    lines.append(f"Decided by ruleset {alert.versions.ruleset}, code {alert.versions.code}; lists: {lists}")
    return "\n".join(lines)


def timeline_lines(moments: Iterable[Moment]) -> Iterator[str]:
    """A line for everything that happened: when, what, which version, whether in force, why; below it what it changed, a concern
    marked by !."""
    for moment in moments:
        about = [in_words(moment.kind)]
        if moment.version_number is not None:
            about.append(f"version {moment.version_number}{_standing(moment)}")
        if moment.reference:
            about.append(f"reference {moment.reference}")
        if moment.reason:
            about.append(f"reason: {shorten(moment.reason, SHOWN_REASON)}")
        yield f"  {moment.at:%Y-%m-%d %H:%M}  {', '.join(about)}"
        # What is of concern first: a list that is cut must not lose it.
        changes = sorted(moment.changes, key=lambda change: change.concern is None)
        for change in changes[:SHOWN_CHANGES]:
            mark = "!" if change.concern else " "
            concern = f"  [{in_words(change.concern)}]" if change.concern else ""
            yield f"      {mark} {_change(change)}{concern}"
        if len(changes) > SHOWN_CHANGES:
            yield f"        and {len(changes) - SHOWN_CHANGES} more"


def _standing(moment: Moment) -> str:
    if moment.in_force:
        return ", in force"
    return ", asked for only" if moment.kind in REQUESTS else ""


def _change(change: Change) -> str:
    path = change.path.removeprefix("declaration.")
    if change.path == "declaration":
        return change.after or ""
    before, after = (
        shorten(text, SHOWN_VALUE) if text is not None else "(none)" for text in (change.before, change.after)
    )
    return f"{path}: {before} -> {after}"


def _news(alert: Alert, since: int) -> Iterator[str]:
    fresh = [life for life in alert.findings if life.status == "OPEN" and life.since_version > since]
    gone = [
        life for life in alert.findings if life.status == "CLOSED" and (life.closed_by_version or 0) > since
    ]
    known = max((n for n, one in enumerate(alert.timeline) if _is_version(one, since)), default=-1)
    later = alert.timeline[known + 1 :]
    if not (fresh or gone or later):
        yield f"Nothing since version {since}{LATE}"
        return
    yield f"Since version {since}"
    yield from _section("New findings", map(_open, fresh))
    yield from _section("No longer so", map(_closed, gone))
    yield from _section("What happened", timeline_lines(later))
    yield from _loose_ends(alert)


def _section(title: str, lines: Iterable[str]) -> list[str]:
    """Lines under their title; nothing where there are none."""
    shown = list(lines)
    return [title, *shown] if shown else []


def _is_version(moment: Moment, number: int) -> bool:
    """Whether this is where a version came to be; notices speak of versions too."""
    return moment.version_number is not None and moment.version_number <= number and moment.in_force


def _head(alert: Alert) -> tuple[str, ...]:
    standing = f", {in_words(alert.declaration_status)}" if alert.declaration_status else ""
    return (
        _title(alert),
        alert.headline,
        f"Declaration {alert.declaration_key}, version {alert.version_number}{standing}, "
        f"{in_words(alert.regime)}, {alert.event_date_time:%Y-%m-%d %H:%M} UTC",
    )


def _title(alert: Alert) -> str:
    if alert.status != "OPEN":
        standing = f", {in_words(alert.declaration_status)}" if alert.declaration_status else ""
        return f"{alert.status}{standing} (was {alert.highest_lane}) alert {alert.alert_id}"
    return f"{alert.lane} {alert.score:.0f} of 100: {TREATMENT[alert.lane]} (alert {alert.alert_id})"


def _loose_ends(alert: Alert) -> list[str]:
    lines = []
    if alert.open_requests:
        lines.append(
            f"Asked for and not decided: {', '.join(name or '(no reference)' for name in alert.open_requests)}"
        )
    if alert.gaps:
        lines.append(f"Versions never seen: {', '.join(map(str, alert.gaps))}")
    return lines


def _open(life: AlertFinding) -> str:
    finding = life.finding
    points = f"{finding.points:+.0f}" if finding.points else " ·"
    since = f" (since version {life.since_version})" if life.since_version > 1 else ""
    if not life.in_force:
        since = f" (if version {life.since_version} is granted)"
    return f"  {points:>4}  {finding.evidence}{since} [{finding.rule}]"


def _closed(life: AlertFinding) -> str:
    asked = "" if life.in_force else ", asked for only"
    return (
        f"  (versions {life.since_version} to before {life.closed_by_version}{asked}) {life.finding.evidence}"
    )


def _unchecked(missing: Iterable[NotEvaluable]) -> Iterator[str]:
    """A line for each thing that was lacking, with all rules that lacked it; the want of a past is one."""
    young: dict[str, str | None] = {}
    lacking: dict[tuple[str, bool, str], dict[str, None]] = {}
    for one in once(missing):
        if one.cause == "PAST":
            young[one.rule] = one.until
            continue
        about = f" for {one.subject.label}" if one.subject is not None and one.subject.label else ""
        unread = [path for path in one.unreadable if path not in one.missing]
        also = f"; could not be read: {', '.join(unread)}" if unread else ""
        what = f"{', '.join(one.missing)}{also}"
        lacking.setdefault((about, one.missing == one.unreadable, what), {})[one.rule] = None
    for (about, declared, what), rules in lacking.items():
        verb = "could not read" if declared else "lacks" if len(rules) == 1 else "lack"
        yield f"  {joined(rules)}{about}: {verb} {what}"
    if young:
        months = [until for until in young.values() if until is not None]
        when = f": until {max(months)}" if len(months) == len(young) else ""
        many = "1 rule needs" if len(young) == 1 else f"{len(young)} rules need"
        yield f"  {many} more months of trade{when} ({', '.join(sorted(young))})"


def once(missing: Iterable[NotEvaluable]) -> tuple[NotEvaluable, ...]:
    """Each rule once for each thing that it lacked; for want of a past once in all, until the last of its months."""
    kept: dict[object, NotEvaluable] = {}
    for one in missing:
        key = (one.rule, one.cause) if one.cause is not None else one
        known = kept.get(key)
        if known is None or (known.until and (one.until is None or one.until > known.until)):
            kept[key] = one
    return tuple(kept.values())


def _unread(values: Iterable[Unreadable]) -> Iterator[str]:
    for one in values:
        said = f" ('{one.text}')" if one.text else ""
        yield f"  {one.path.removeprefix('declaration.')}: {one.reason}{said}{_times(one.count)}"


def _repaired(values: Iterable[Repaired]) -> Iterator[str]:
    for one in values:
        said = f"'{one.before}' as {one.to}, since " if one.to else ""
        yield f"  {one.path.removeprefix('declaration.')}: {said}{one.why}{_times(one.count)}"


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""


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
    text = shorten(item.description or "goods", SHOWN_GOODS)
    code = f" (HS {item.hs6})" if item.hs6 else ""
    more = len(screened.items) - 1
    return f"{text}{code}" + (f" and {more} more item{'s' if more > 1 else ''}" if more else "")


def _party(screened: Screened, roles: tuple[PartyRole, ...]) -> ScreenedParty | None:
    for role in roles:
        for party in screened.parties:
            if party.role == role:
                return party
    return None


def _name(party: ScreenedParty | None) -> str:
    if party is None:
        return "somebody not named"
    name = party.name or party.id or "somebody not named"
    name = visible(name)
    return name if len(name) <= SHOWN_NAME else name[: SHOWN_NAME - 1] + ELLIPSIS


def _described(party: ScreenedParty) -> str:
    details = ", ".join(part for part in (party.id, party.country) if part)
    return f"{party.name or '(no name)'}" + (f" ({details})" if details else "")
