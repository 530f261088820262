"""docs/controls.md, made from the tables of goods under control."""

from collections import Counter
from collections.abc import Iterable

from streams.goods.control_list import bundled, column_names
from streams.goods.prohibitions import ProhibitionList, bundled_prohibitions, empty_acts


def documentation() -> str:
    """The text of docs/controls.md below its first line."""
    return "".join(
        (
            _HEAD,
            _table(("list", "version", "date of the text", "codes", "rule", "source"), _control_rows()),
            _BARRED,
            *(_prohibitions(one) for one in bundled_prohibitions()),
            _MISSING,
            _table(
                ("jurisdiction", "act", "why it is empty"),
                ((one.jurisdiction, one.act, one.why) for one in empty_acts()),
            ),
            _OWN,
            _table(("column", "other names", "what", "absent"), _columns()),
        )
    )


_HEAD = """# Goods under control

Three kinds of tables, each with its source and the date of its text. **None is the law of today:** every finding names the date.

## Goods of concern (G01 to G04)

Sought after or licensed wherever they go; a factor by itself, RED to an embargoed destination (C03).

"""

_BARRED = """
## Goods barred by law (G06)

What a law bars from going to a country, or from coming from it: RED by itself, with annex and date of the text named.

- `TORUGART_JURISDICTION` names the country's own view: `EU`, `US`, several with commas, `none`. What is screened is then
  taken to be bound by it. Empty: all lists count; of trade that neither leaves the law's territory nor (US) was made in it
  the finding says "may be".
- "May be" also where the list has "ex" before a code, is finer than the declared code, or the code is of another edition of
  the HS and not all that it became is listed. Digits after the sixth are compared only where they mean the same.
- Codes of HS 2017 and HS 2022 are converted. Of HS 2012 (read as 2017), of HS 2028 (announced) and of a code that its edition
  does not have it is said that they cannot be compared (NOT_EVALUABLE).
- Bans on import count for goods that come into the law's territory from the country or were made there, never on exports.
- Luxury goods count where a piece is worth more than the annex says, in euro by the month's rate: by the pieces declared,
  else by net mass and how light and heavy such a piece may be; where neither decides, or no value is declared, that is said
  (NOT_EVALUABLE).
- Papers are read with their codes ([those of the UK samples](uk-papers.md)); a control list number wherever it stands (G07).
- What an item costs, in processor time beside decoding the same declaration in the same run (canonical JSON, 60 to 80
  microseconds an item): G06 and G07 with the reading of numbers and editions 6, all rules on goods and descriptions 15 to 17.
- An item is judged by its own destination, else by the declaration's, else by the consignee's country.

"""

_MISSING = """
### What is empty

These lists could not be had with their codes and a source. Load them as lists of your own. Where `TORUGART_JURISDICTION` names
one of which there is no list at all (`UK`, `JP`), every declaration says so (G06 NOT_EVALUABLE).

"""

_OWN = """
## Lists of your own

`TORUGART_CONTROL_LISTS` takes CSV files (`NAME=FILE.csv`; comma, semicolon or tab; UTF-8). A file **without** a column of
countries says "check" (G04). **With** one its codes are barred (G06), whatever `TORUGART_JURISDICTION` says. Such a list is
one act of one date: jurisdiction, act, date and edition are the same in every line.

While workers run, `torugart controls load FILE.csv` publishes such a file as an edition to `customs.control-lists` (the list
is named after the file, or by `--name`); every worker screens by it from then on, and verdicts name it. It is judged as a
watchlist is: an edition that lost more than `TORUGART_LIST_LOSS` of its codes or a whole annex, or is dated before the one in
use or in the future, is refused, by the command with its figures and again by every worker; the last good one stays.
`--accept REASON` loads it all the same and is recorded. `torugart controls status` tells what is in use and what was refused.
A list may not have a bundled list's name; one that is taken off the topic stays in use until workers start anew.

## The past judged again

When a control list, a conversion table or the ruleset has changed, `torugart rescreen` judges the retained declarations again
(those in the state of the workers, `TORUGART_LIFE_DAYS` long): the newest version in force of each, by the tables of this
installation and the lists published. A line for each whose findings, score or lane would be others, with what is added and gone
and which tables are others; on standard error how many are higher and lower. What the watchlists and the detectors found stays.
It sends nothing to the stream, and workers may run meanwhile. `--since 2026-01-31` leaves out what was quiet before, `--all`
tells of every one.

"""


def _control_rows() -> Iterable[tuple[str, ...]]:
    for one in bundled():
        head = one.header
        yield (
            f"{head.name}: {head.title}",
            head.version,
            head.as_of,
            str(len(one.entries)),
            head.rule,
            head.source,
        )


def _prohibitions(one: ProhibitionList) -> str:
    head = one.header
    counts = Counter(entry.key for entry in one.entries)
    partial = Counter(entry.key for entry in one.entries if entry.partial)
    rows = [
        (
            measure.annex,
            measure.says,
            measure.direction,
            ", ".join(sorted(measure.countries)),
            measure.since.isoformat(),
            str(counts[key]),
            str(partial[key]),
            ", ".join(
                sorted(
                    {f"{entry.above_eur:,}" for entry in one.entries if entry.key == key and entry.above_eur}
                )
            ),
        )
        for key, measure in head.measure.items()
    ]
    return (
        f"### {head.title}\n\n`{head.name}`, {head.jurisdiction}, text of **{head.as_of}**, {len(one.entries):,} codes of HS "
        f"{head.hs_edition}. {head.source}.\n\n"
        + _table(
            ("annex", "goods", "direction", "countries", "since", "codes", "of them ex", "above euro"), rows
        )
        + "\n"
    )


def _columns() -> Iterable[tuple[str, ...]]:
    names = column_names()
    said = {
        "code": ("digits, 2, 4, 6, 8 or 10; blanks, dots and 'ex' before it allowed", "refused"),
        "countries": (
            "ISO 3166-1 alpha-2, blanks between: whither, or for imports whence",
            "the list says 'check'",
        ),
        "direction": ("`export` or `import`", "`export`"),
        "jurisdiction": (
            "whose law it is; `UK` is GB, `EU` the Union",
            "the list's name; its imports are any",
        ),
        "act": ("as findings name it", "the list's name"),
        "annex": ("as findings name it", "the list's name"),
        "text_date": ("date of the text, as findings name it", "'no date given'"),
        "valid_from": ("YYYY-MM-DD", "always"),
        "valid_to": ("YYYY-MM-DD, the last day", "always"),
        "above_eur": ("barred where a piece is worth more", "at any value"),
        "hs_edition": (
            "`2017`, `2022`: codes of others are converted",
            "the declaration's own: nothing is converted",
        ),
        "label": ("dual-use number and the like (lists that say 'check')", "none"),
        "tier": ("shown (lists that say 'check')", "none"),
        "description": ("what the goods are", "none"),
    }
    for column, (what, absent) in said.items():
        first, *others = getattr(names, column)
        yield f"`{first}`", ", ".join(f"`{other}`" for other in others), what, absent


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(text.replace("|", r"\|") for text in line) + " |\n" for line in lines)
