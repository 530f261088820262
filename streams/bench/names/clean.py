"""Real firms and persons that are on no list: how many in 1,000 alert, by country and script, and for how many of them it is
another word that tells. The files are the user's (`torugart bench names --clean`), never part of the project.
"""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from streams.names.analyse import Analysed, NameType, analyse
from streams.names.index import NameIndex

COLUMNS = ("legal_name", "full_name", "name")
"""Where a CSV has the name; the first of these that it has."""

FLAG = "exact_name_on_us_list"
"""A column that begins so says `yes` where a listed party has the same name; such rows are left out."""

LEAST = 200
"""Names of a country or script from which its rate is told: of fewer, one alert is half a per cent."""

TELLS = 0.6
"""Factor above which a word tells one party from another: no common word, place, title or legal form."""


class CleanName(Struct, frozen=True):
    name: str
    country: str = ""
    script: str = "LATIN"


class CleanAlert(Struct, frozen=True):
    clean: CleanName
    listed: str
    score: float
    explanation: str
    other_word: bool
    """whether a word that tells is another, or is missing on one side"""


def read_clean(path: Path) -> list[CleanName]:
    """Names of a CSV with one of `COLUMNS`, or of a table of manufacturers as pci.ids and usb.ids are, or pnp.ids.

    Raises ValueError for a file that is none of these, or not UTF-8.
    """
    if path.suffix == ".ids":
        text = path.read_text(encoding="utf-8", errors="replace")
        found = dict.fromkeys(met[1].strip() for met in _MAKER.finditer(text))
        return [CleanName(name, script=script_of(name)) for name in found]
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        given = rows.fieldnames or ()
        column = next((name for name in COLUMNS if name in given), None)
        if column is None:
            raise ValueError(f"{path} has no column {', '.join(COLUMNS)}")
        flag = next((name for name in given if name.startswith(FLAG)), None)
        return [
            CleanName(row[column], row.get("country") or "", script_of(row[column]))
            for row in rows
            if row[column] and (flag is None or row[flag] != "yes")
        ]


_MAKER = re.compile(r"^(?:[0-9a-f]{4}  |[A-Z]{3}\t)(.+)$", re.MULTILINE)


def script_of(text: str) -> str:
    """The script of most of its letters, as Unicode calls it: LATIN, CYRILLIC, CJK, ARABIC."""
    found = Counter(
        unicodedata.name(letter, "?").split(" ", 1)[0].split("-")[0] for letter in text if letter.isalpha()
    )
    return found.most_common(1)[0][0] if found else "NONE"


def alerts(index: NameIndex, names: Iterable[CleanName], type: NameType | None = None) -> list[CleanAlert]:
    """Those that alert at the default threshold, with what they are taken for."""
    found: list[CleanAlert] = []
    for clean in names:
        hits = index.search(clean.name, type=type, limit=1).hits
        if hits:
            other = not same_telling_words(analyse(clean.name), analyse(hits[0].name))
            found.append(CleanAlert(clean, hits[0].name, hits[0].score, hits[0].explanation, other))
    return found


def same_telling_words(first: Analysed, second: Analysed) -> bool:
    """Whether two names are alike in every word that tells, in any order and with any spaces between."""
    one, two = _telling(first), _telling(second)
    return one == two or "".join(one) == "".join(two) or first.letters == second.letters


def _telling(name: Analysed) -> list[str]:
    return sorted(token for token, factor in zip(name.tokens, name.factors, strict=True) if factor >= TELLS)


def table(names: Sequence[CleanName], found: Sequence[CleanAlert]) -> list[str]:
    """Lines to print: the rates of all, then by country and by script side by side, the highest first."""
    of_all = len(names) or 1
    other = [alert for alert in found if alert.other_word]
    lines = [
        f"{len(names)} names: {1000 * len(found) / of_all:.1f} in 1,000 alert,"
        f" {1000 * len(other) / of_all:.1f} for another word that tells"
    ]
    for what, key in (("country", _country), ("script", _script)):
        groups = Counter(map(key, names))
        hit = Counter(key(alert.clean) for alert in found)
        hit_other = Counter(key(alert.clean) for alert in other)
        rates = sorted(
            ((1000 * hit[group] / size, group) for group, size in groups.items() if size >= LEAST and group),
            reverse=True,
        )
        lines += [
            f"  {what} {group or '?':<10} {groups[group]:>6} names {rate:>7.1f} alert"
            f" {1000 * hit_other[group] / groups[group]:>7.1f} other word"
            for rate, group in rates
        ]
    return lines


def _country(clean: CleanName) -> str:
    return clean.country


def _script(clean: CleanName) -> str:
    return clean.script
