"""The user's own control lists: what is to be checked, and what a law bars that no bundled list has."""

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from msgspec import Struct

from streams import tables
from streams.goods.control_list import (
    BUNDLED,
    LUXURY,
    ControlList,
    ControlListError,
    cell,
    column_names,
    first,
    read_code,
    read_control_list,
    rows_of,
)
from streams.goods.prohibitions import (
    BarredCode,
    Direction,
    Measure,
    ProhibitionHeader,
    ProhibitionList,
    bundled_prohibitions,
)

TERRITORIES = {"UK": "GB"}
"""Jurisdictions that are not named as their country or customs union is."""
EDITIONS = ("any", "2012", "2017", "2022", "2028")
UNDATED = "no date given"
_RESERVED = frozenset({LUXURY, *BUNDLED, *(one.header.name for one in bundled_prohibitions())})


class OwnLists(Struct, frozen=True):
    """Lists of the user's own by what they say."""

    controls: tuple[ControlList, ...] = ()
    """'check'"""
    prohibitions: tuple[ProhibitionList, ...] = ()


def load_own_lists(files: Mapping[str, Path]) -> OwnLists:
    """Lists by name and file: with a column of countries a prohibition list, without one a control list.

    Raises ControlListError with one clear sentence.
    """
    read = [own_list(name, *_text(path), str(path)) for name, path in files.items()]
    return OwnLists(
        controls=tuple(one for one in read if isinstance(one, ControlList)),
        prohibitions=tuple(one for one in read if isinstance(one, ProhibitionList)),
    )


def own_list(name: str, text: str, digest: str, where: str) -> ControlList | ProhibitionList:
    """One list. `digest`: of the text, for its version; `where`: its file, for messages.

    Raises ControlListError, also for the name of a bundled list.
    """
    if name in _RESERVED:
        raise ControlListError(
            f"control list {where}: {name!r} is the name of a bundled list; give it another"
        )
    try:
        _, columns = rows_of(text)
    except csv.Error as error:
        raise ControlListError(f"control list {where} is no CSV file: {error}") from None
    if first(columns, column_names().countries) is None:
        return read_control_list(name, text, digest, where)
    try:
        return _prohibitions(name, text, digest, where)
    except csv.Error as error:
        raise ControlListError(f"control list {where} is no CSV file: {error}") from None


def _text(path: Path) -> tuple[str, str]:
    return tables.own_text(path, "control list", ControlListError)


def _prohibitions(name: str, text: str, digest: str, where: str) -> ProhibitionList:
    reader, columns = rows_of(text)
    names = column_names()
    code_column = first(columns, names.code)
    if code_column is None:
        raise ControlListError(f"control list {where} has no column of codes; name it `code`")
    facts: tuple[str, ...] | None = None
    measures: dict[str, Measure] = {}
    entries: list[BarredCode] = []
    for row in reader:
        line = f"control list {where}, line {reader.line_num}"

        def said(which: tuple[str, ...], row: dict[str, Any] = row) -> str:
            return cell(row, first(columns, which))

        told = tuple(
            said(which) for which in (names.jurisdiction, names.act, names.text_date, names.hs_edition)
        )
        if facts is not None and told != facts:
            raise ControlListError(
                f"{line}: another jurisdiction, act, date or edition than before; make it a list of its own"
            )
        facts = told
        code, partial = read_code(row[code_column] or "", where, reader.line_num)
        measure = Measure(
            annex=said(names.annex) or f"list {name}",
            says=said(names.description) or "goods of the list",
            direction=_direction(said(names.direction), line),
            countries=_countries(said(names.countries), line),
            since=_day(said(names.valid_from), date.min, line),
            until=_day(said(names.valid_to), date.max, line),
        )
        key = "|".join(
            (
                measure.annex,
                measure.direction,
                ",".join(sorted(measure.countries)),
                str(measure.since),
                str(measure.until),
            )
        )
        known = measures.setdefault(key, measure)
        entries.append(BarredCode(code, known, key, partial, _amount(said(names.above_eur), line)))
    if facts is None:
        raise ControlListError(f"control list {where} has no lines")
    jurisdiction, act, as_of, edition = facts
    if (edition or "any") not in EDITIONS:
        raise ControlListError(
            f"control list {where}: HS edition {edition[:20]!r} is none of {', '.join(EDITIONS)}"
        )
    header = ProhibitionHeader(
        name=name,
        title=name,
        source=Path(where).name,
        as_of=as_of or UNDATED,
        version="file",
        jurisdiction=jurisdiction or name,
        territory=TERRITORIES.get(jurisdiction, jurisdiction),
        law_of=jurisdiction or f"list {name}",
        act=act or f"the user's list {name}",
        hs_edition=edition or "any",
        nomenclatures=frozenset({"HS", "CN", "TARIC", "TNVED", "HTS", "NATIONAL"}),
        bars={"export": "may not be exported to", "import": "may not be imported from"},
        measure=measures,
        own=True,
    )
    return ProhibitionList(header, entries, f"file#{digest[:12]}")


def _direction(text: str, line: str) -> Direction:
    match text.lower() or "export":
        case "export":
            return "export"
        case "import":
            return "import"
    raise ControlListError(f"{line}: direction {text[:20]!r} is neither export nor import")


def _countries(text: str, line: str) -> frozenset[str]:
    codes = text.upper().replace("|", " ").replace("/", " ").replace(",", " ").split()
    if not codes or any(len(code) != 2 or not (code.isascii() and code.isalpha()) for code in codes):
        raise ControlListError(
            f"{line}: countries {text[:40]!r} are no ISO codes of two letters, blanks between"
        )
    return frozenset(codes)


def _day(text: str, default: date, line: str) -> date:
    try:
        return date.fromisoformat(text) if text else default
    except ValueError:
        raise ControlListError(f"{line}: {text[:20]!r} is no date YYYY-MM-DD") from None


def _amount(text: str, line: str) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise ControlListError(f"{line}: value {text[:20]!r} is no amount in euro")
    return amount
