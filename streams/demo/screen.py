"""What a person sees of the demo: steps, a progress line, each alert as it is raised, the totals.

On a terminal with colours and a live line; elsewhere plain text, so that a log of it reads well. Everything shown is made
of values by pure functions (`alert_lines`, `totals_lines`); `Screen` only puts them on the console.
"""

from datetime import date
from types import TracebackType

from rich.console import Console, Group
from rich.panel import Panel
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from streams.backtest.judgement import Row
from streams.cases.alert import Alert
from streams.cases.wording import TREATMENT
from streams.demo.totals import ALERTING, STOPPING, CorridorNews, Totals
from streams.findings import Finding, Lane
from streams.patterns.episode_alert import CorridorAlert
from streams.settings import Settings
from streams.simulation.scenario import tables
from streams.text import visible, visible_in

COLOURS: dict[Lane, str] = {"RED": "red", "YELLOW": "yellow", "BLUE": "blue", "GREEN": "green"}
RATES = (
    "{task.fields[published]:,} published · {task.completed:,.0f} screened · {task.fields[alerts]} alerts · "
    "{task.fields[rate]:,.0f}/s"
)
"""`3,120 published · 2,900 screened · 31 alerts · 1,450/s`"""
SHOWN_FINDINGS = 3
SHOWN_CLEARINGS = 2
COUNTRIES = {"KG": "Kyrgyzstan", "KZ": "Kazakhstan", "DE": "Germany"}
PRESS = "July 2023"
"""First reports that this project has read: Eastern Herald, 19 July 2023; The Defense Post, 21 July 2023 (docs/corridors.md)."""


def alert_title(alert: Alert) -> str:
    """`RED 85 · examine goods and documents · 22KG81830335355224`"""
    if alert.status == "CLOSED":
        return f"CLOSED · was {alert.highest_lane} · {_number(alert)}"
    return f"{alert.lane} {alert.score:.0f} · {TREATMENT[alert.lane]} · {_number(alert)}"


def alert_lines(alert: Alert) -> list[str]:
    """The alert in a few lines: who sends what to whom, when and which way, why, what would clear it. Whole, with all
    parties and what could not be checked, it is `streams.cases.wording.render_alert`."""
    way = " - ".join(alert.screened.route)
    lines = [alert.headline, f"{alert.event_date_time:%d %b %Y}" + (f" · {way}" if way else "")]
    shown = _worst(alert)
    for finding in shown[:SHOWN_FINDINGS]:
        lines.append(f"+{finding.points:.0f}  {finding.evidence}")
    if len(shown) > SHOWN_FINDINGS:
        lines.append(f"     and {_count(len(shown) - SHOWN_FINDINGS, 'more finding')}")
    for clearing in alert.what_would_clear[:SHOWN_CLEARINGS]:
        lines.append(f"Clears: {clearing}")
    return lines


def corridor_title(news: CorridorNews) -> str:
    """`CORRIDOR raised in April 2022 · YELLOW · integrated circuits (HS 854239) from Germany to Kyrgyzstan`"""
    alert = news.alert
    state = {
        "RAISED": f"raised in {_month(alert.opened)}",
        "CLOSED": f"over by {_month(alert.closed or alert.last)}",
        "WITHDRAWN": "withdrawn",
    }[news.what]
    return f"CORRIDOR {state} · {alert.lane} · {_corridor(alert)}"


def _corridor(alert: CorridorAlert) -> str:
    names = {good.hs6: good.name for good in tables.exports().good}
    goods = f"{names[alert.good]} (HS {alert.good})" if alert.good in names else f"HS {alert.good}"
    origin, to = (COUNTRIES.get(code, code) for code in (alert.origin, alert.destination))
    return f"{goods} from {origin} to {to}"


def _month(month: str) -> str:
    """`April 2022` of `2022-04`."""
    return f"{date.fromisoformat(month + '-01'):%B %Y}"


def corridor_totals(alerts: tuple[CorridorAlert, ...]) -> list[str]:
    """Which trades stood out and since when, and the first of them in one sentence with its figures."""
    if not alerts:
        return ["Corridors  0 alerts"]
    first = alerts[0]
    lines = [
        f"Corridors  {_count(len(alerts), 'alert')}, the first with {_month(first.opened)}: {_corridor(first)}; "
        f"the press wrote of it in {PRESS}",
        f"  {first.headline}",
    ]
    return lines + [f"  {_month(one.opened)}: {_corridor(one)}, {_times(one)}" for one in alerts]


def _times(alert: CorridorAlert) -> str:
    if alert.episode == "NEW_FIRMS":
        return f"{alert.value:.0f} new firms"
    if not alert.baseline:
        return f"EUR {alert.value:,.0f} that month, never seen before"
    return f"EUR {alert.value:,.0f} that month, {alert.value / alert.baseline:.0f} times the usual"


def _worst(alert: Alert) -> list[Finding]:
    """The open findings that carry points, heaviest first."""
    findings = [each.finding for each in alert.findings if each.status == "OPEN" and each.finding.points > 0]
    return sorted(findings, key=lambda finding: (-finding.points, finding.key))


def _number(alert: Alert) -> str:
    return alert.declaration_key.rpartition("|")[2]


def totals_lines(totals: Totals) -> list[str]:
    """The result in plain sentences, the missed ones named."""
    alarms = totals.false_alarms
    by_lane = ", ".join(f"{totals.alerts[lane]} {lane}" for lane in ALERTING)
    lines = [
        f"Screened   {totals.screened:,} of {totals.published:,} messages ({totals.declarations:,} declarations) in "
        f"{totals.seconds:.1f} s: {totals.rate:,.0f} a second",
        f"Clear      {totals.clear:,} declarations",
        f"Alerts     {sum(totals.alerts.values())}: {by_lane}",
    ]
    if totals.first_alert is not None:
        lines[-1] += f"; the first {totals.first_alert:.1f} s after the start"
    if totals.dead_letters:
        lines.append(f"Not read   {totals.dead_letters} messages went to the dead letters")
    shown, hidden = totals.visible, totals.hidden
    lines.append(f"Planted    {_found(shown.total)} found that one declaration shows")
    lines += [f"  {_typology(row)}" for row in shown.rows]
    lines += [
        f"  missed: {label.typology} ({label.declaration_key}): {label.case}"
        for label in totals.missed
        if label.visible == "declaration"
    ]
    if hidden.rows:
        lines.append(f"Beyond     {_found(hidden.total)} found that only several declarations together show")
        lines += [f"  {_typology(row)}" for row in hidden.rows]
        lines += [f"  missed: {label.case}" for label in totals.missed if label.visible == "pattern"]
    if totals.real:
        by_year = " and ".join(f"{one.alerted} of {one.declarations} in {one.year}" for one in totals.real)
        lines.append(
            f"Real       alerts on {by_year} that carry real exports of the European Union (Eurostat; firms invented, all sent "
            "from Germany): nobody knows which were bad, so they are neither found nor false"
        )
    lines.append(
        f"False      {_count(sum(alarms.values()), 'alert')} on ordinary trade: "
        f"{totals.per_thousand():.1f} in 1,000 declarations, of which RED or YELLOW {totals.per_thousand(STOPPING):.1f}"
    )
    return lines + corridor_totals(totals.corridors)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _typology(row: Row) -> str:
    return f"{row.alerted}/{row.declarations}  {row.typology}"


def _found(total: Row) -> str:
    return f"{total.alerted} of {total.declarations}"


def next_lines(settings: Settings, metrics: str, *, keep: bool) -> list[str]:
    """What to do next, and where things are."""
    if not keep:
        return [
            f"Metrics were served at {metrics}; broker and worker are stopped.",
            "torugart demo --keep leaves them running, to look at alerts, verdicts and metrics.",
        ]
    variables = f"TORUGART_BROKERS={settings.brokers} TORUGART_TOPIC_PREFIX={settings.topic_prefix}"
    return [
        f"Metrics  {metrics}",
        f"Kafka    {settings.brokers}, topics {settings.topic_prefix}*",
        f"Alerts   {variables} torugart alerts tail",
        "Ctrl-C ends it all.",
    ]


class Screen:
    """Puts the demo on a console. Use as a context: on a terminal the progress line lives as long as it."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=False)
        self._live = self.console.is_terminal
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn(RATES),
            console=self.console,
            transient=True,
            disable=not self._live,
        )
        self._task = self._progress.add_task("starting", total=None, published=0, alerts=0, rate=0.0)

    def __enter__(self) -> "Screen":
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def step(self, text: str) -> None:
        """One line on what is done now."""
        self.console.print(Text(visible(text), style="dim"), soft_wrap=not self._live)

    def progress(self, *, published: int, total: int, screened: int, alerts: int, seconds: float) -> None:
        """Moves the progress line; nothing where there is no terminal."""
        rate = screened / seconds if seconds > 0 else 0.0
        self._progress.update(
            self._task,
            description="screening",
            total=total,
            completed=screened,
            published=published,
            alerts=alerts,
            rate=rate,
        )

    def alert(self, alert: Alert) -> None:
        """An alert as it is raised: a frame in the lane's colour, or plain lines; BLUE in one line."""
        alert = visible_in(alert)
        colour = COLOURS[alert.lane]
        if alert.lane not in STOPPING or alert.status == "CLOSED":
            title = alert_title(alert)
            self._print(Text.assemble((title, colour), f"  {alert.headline}"))
            return
        if not self._live:
            self._print(Text("\n".join([alert_title(alert), *(f"  {line}" for line in alert_lines(alert))])))
            return
        first, *rest = alert_lines(alert)
        body = Group(Text(first, style="bold"), *(Text(line) for line in rest))
        self.console.print(
            Panel(
                body,
                title=Text(alert_title(alert), style=f"bold {colour}"),
                title_align="left",
                border_style=colour,
            )
        )

    def corridor(self, news: CorridorNews) -> None:
        """A corridor's alert, with its sentence when it is raised."""
        news = visible_in(news)
        style = f"bold {COLOURS[news.alert.lane]}" if self._live else ""
        self._print(Text(corridor_title(news), style=style))
        if news.what == "RAISED":
            self._print(Text(f"  {news.alert.headline}"))

    def totals(self, totals: Totals, settings: Settings, metrics: str, *, keep: bool) -> None:
        self._print(Text())
        for line in totals_lines(totals):
            self._print(
                Text(visible(line), style="" if line.startswith(" ") else "bold" if self._live else "")
            )
        self._print(Text())
        for line in next_lines(settings, metrics, keep=keep):
            self._print(Text(line))

    def _print(self, text: Text) -> None:
        # Without a terminal a line is a line: wrapping is for whoever reads the log.
        self.console.print(text, soft_wrap=not self._live)
