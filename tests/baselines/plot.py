"""The plot of docs/corridors.md: `python -m tests.baselines.plot TRADE.csv.gz docs/images/corridors-kg.svg`."""

import sys
from collections.abc import Iterator
from pathlib import Path

from streams.baselines.trade import CorridorKey, Trade
from streams.cli.baselines import read_statistics
from streams.corridors.episodes import Episode, episodes
from streams.corridors.months import Month, month_text, parse_month
from streams.corridors.settings import settings
from streams.corridors.state import CENTS, Corridor

GOODS = {
    "854239": "integrated circuits, other (854239)",
    "901310": "telescopic sights (901310)",
    "847180": "units of data-processing machines (847180)",
    "880730": "aircraft and drone parts (880730)",
}
FIRST, LAST = parse_month("2020-01"), parse_month("2023-08")
WAR, LISTED = parse_month("2022-02"), parse_month("2023-07")
WIDTH, PANEL, LEFT, TOP, GAP = 900, 118, 70, 64, 34
INK, SOFT, BAR, LOUD, PAPER = "#24292f", "#6e7781", "#9aa7b4", "#c2410c", "#ffffff"
STEP = (WIDTH - LEFT - 20) / (LAST - FIRST + 1)


def x(month: Month) -> float:
    return LEFT + (month - FIRST) * STEP


def text(
    at: float, down: float, words: str, *, colour: str = INK, size: int = 12, anchor: str = "start"
) -> str:
    return f'<text x="{at:.1f}" y="{down:.1f}" fill="{colour}" font-size="{size}" text-anchor="{anchor}">{words}</text>'


def line(x1: float, y1: float, x2: float, y2: float, colour: str, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{dashes}/>'


def panel(
    down: float, title: str, corridor: Corridor, found: tuple[Episode, ...], last: Month
) -> Iterator[str]:
    values = {month: bucket.value / CENTS / 1000 for month, bucket in corridor.months.items()}
    top = max(values.values())
    base = down + PANEL
    loud = {month for one in found for month in range(one.start, one.last + 1)}
    yield text(LEFT, down - 8, title, size=13)
    yield text(LEFT - 8, down + 10, f"{top:,.0f}", colour=SOFT, size=11, anchor="end")
    yield text(LEFT - 8, base, "0", colour=SOFT, size=11, anchor="end")
    yield line(LEFT, base, WIDTH - 20, base, SOFT)
    for month, value in sorted(values.items()):
        height = value / top * (PANEL - 4)
        colour = LOUD if month in loud else BAR
        yield (
            f'<rect x="{x(month) + 1:.1f}" y="{base - height:.1f}" width="{STEP - 2:.1f}" height="{height:.1f}" '
            f'fill="{colour}"><title>{month_text(month)}: {value:,.0f} thousand EUR</title></rect>'
        )
    for one in found:
        level = base - one.level / 1000 / top * (PANEL - 4)
        yield line(x(one.start - 12), level, x(last + 1), level, LOUD, "4 3")
        at = x(one.opened) + STEP / 2
        yield f'<path d="M {at:.1f} {base + 3:.1f} l -6 10 h 12 z" fill="{LOUD}"/>'
        words = (
            f"alert {month_text(one.opened)}: {one.mean / one.usual:.0f} times the usual"
            if one.usual
            else "new trade"
        )
        yield text(at + 10, base + 13, words, colour=LOUD, size=11)


def draw(trade: Trade) -> str:
    corridors = dict(trade.corridors(by_origin=False))
    height = TOP + len(GOODS) * (PANEL + GAP) + 34
    foot = height - 42
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="system-ui, sans-serif" role="img">',
        "<title>Monthly exports of the European Union to Kyrgyzstan, and the corridor alerts</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        text(LEFT, 22, "Exports of the European Union to Kyrgyzstan, thousand EUR a month", size=15),
    ]
    for month, words in ((WAR, "24 February 2022"), (LISTED, "OFAC lists Kyrgyz firms, 20 July 2023")):
        at = x(month) + STEP * 0.75
        parts.append(line(at, 46, at, foot, SOFT, "2 3"))
        parts.append(text(at, 41, words, colour=SOFT, size=11, anchor="end"))
    parts.append(text(x(trade.last + 1) + 4, TOP + 60, "not in the file", colour=SOFT, size=11))
    for place, (hs6, title) in enumerate(GOODS.items()):
        corridor = corridors[CorridorKey(hs6, "*", "KG")]
        found = episodes(corridor, settings(), trade.last)
        parts += panel(TOP + 16 + place * (PANEL + GAP), title, corridor, found, trade.last)
    for year in range(2020, 2024):
        parts.append(text(x(year * 12), foot + 18, str(year), colour=SOFT, size=11))
    parts.append(
        text(
            LEFT,
            height - 6,
            "Data: Eurostat (Comext), 27 member states. Dashed: from where a month stands out.",
            colour=SOFT,
            size=11,
        )
    )
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.write_text(draw(read_statistics([source], "chpl")[0]), encoding="utf-8")
