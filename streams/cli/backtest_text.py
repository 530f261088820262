"""The report of `torugart backtest` as tables."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from streams.backtest.report import Both, ChangedAlert, Report, Totals
from streams.text import visible

WIDTH = 120
"""Characters of a line that nobody sees on a terminal."""
MOST = 20
"""Alerts gained, lost or moved that are shown of each; the JSON lines have all."""


def show(report: Report, console: Console | None = None) -> None:
    """Prints it; a line is as wide as the terminal."""
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    for line in _head(report.totals):
        console.print(Text(visible(line)), soft_wrap=True)
    labelled = report.totals.labelled is not None
    marks = ("of them labelled",) if labelled else ()
    console.print(
        _table(
            ("lane", "declarations", *marks),
            ((row.lane, row.declarations, *_given(row.labelled)) for row in report.lanes),
        )
    )
    console.print(
        _table(
            ("rule", "alerts that name it", *marks),
            ((row.rule, row.alerts, *_given(row.labelled)) for row in report.rules),
        )
    )
    if report.typologies:
        console.print(
            _table(
                ("typology", "cases", "found", "declarations", "alerted"),
                (
                    (row.typology, row.cases, row.found, row.declarations, row.alerted)
                    for row in report.typologies
                ),
            )
        )
    for name, changes in (("Gained", report.gained), ("Lost", report.lost), ("Moved", report.moved)):
        if changes:
            _show_changes(console, name, changes, labelled)


def _head(totals: Totals) -> Iterable[str]:
    yield f"before  {totals.rulesets.before}"
    yield f"after   {totals.rulesets.after}"
    yield ""
    period = (
        f", lodged {totals.first:%Y-%m-%d} to {totals.last:%Y-%m-%d}" if totals.first and totals.last else ""
    )
    past = f"; {totals.past:,} before are a past" if totals.past else ""
    yield f"Judged       {totals.declarations:,} declarations{period}{past}"
    alerts, rate = totals.alerts, totals.per_thousand
    yield f"Alerts       {alerts.before:,} -> {alerts.after:,}; in 1,000: {rate.before:g} -> {rate.after:g}"
    told = totals.labelled
    of = [f" ({count:,} labelled)" for count in (told.gained, told.lost, told.moved)] if told else [""] * 3
    yield f"             {totals.gained:,} gained{of[0]}, {totals.lost:,} lost{of[1]}, {totals.moved:,} in another lane{of[2]}"
    if told is not None:
        yield f"Precision    {_shares(told.precision)}"
        yield f"Recall       {_shares(told.recall)} of {told.cases:,} cases"
        yield f"             {_shares(told.recall_by_declaration)} of {told.declarations:,} labelled declarations"


def _show_changes(console: Console, name: str, changes: Sequence[ChangedAlert], labelled: bool) -> None:
    table = Table(
        box=SIMPLE_HEAD, title=f"{name}: {len(changes):,}", title_justify="left", title_style="bold"
    )
    for head in ("declaration", "version", "before", "after", "why", *(("case",) if labelled else ())):
        table.add_column(head, overflow="fold")
    for one in changes[:MOST]:
        case = (Text(visible(one.label.case) if one.label is not None else ""),)
        table.add_row(
            Text(visible(one.declaration_key)),
            str(one.version_number),
            f"{one.before.lane} {one.before.score:g}",
            f"{one.after.lane} {one.after.score:g}",
            Text(visible(_why(one))),
            *(case if labelled else ()),
        )
    console.print(table)
    if len(changes) > MOST:
        console.print(f"  and {len(changes) - MOST:,} more, less grave; without --text all are listed\n")


def _why(one: ChangedAlert) -> str:
    """`R06 29 -> 20, C02 0 -> 25; lanes begin elsewhere`"""
    points = ", ".join(
        f"{each.rule} {each.points.before:g} -> {each.points.after:g}" for each in one.differences
    )
    words = {"LANES": "lanes begin elsewhere", "RELIEF": "a licence counts otherwise"}
    return "; ".join([*([points] if points else []), *(words[each] for each in one.because if each in words)])


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str | int | Both[int], ...]]) -> Table:
    table = Table(box=SIMPLE_HEAD)
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number else "left")
    for row in rows:
        table.add_row(*(_cell(cell) for cell in row))
    return table


def _cell(value: str | int | Both[int]) -> Text:
    """As a text: a string in a table's cell would be read for markup, as [red]."""
    if isinstance(value, Both):
        return Text(f"{value.before:,} -> {value.after:,}")
    return Text(visible(value) if isinstance(value, str) else f"{value:,}")


def _given(value: Both[int] | None) -> tuple[Both[int], ...]:
    return (value,) if value is not None else ()


def _shares(both: Both[float | None]) -> str:
    return " -> ".join(f"{each:.3f}" if each is not None else "-" for each in (both.before, both.after))
