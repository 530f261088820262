"""A tariff code as it was declared: whole, or with a digit lost or added on its way where the tariff leaves one reading, or not
to be read. Which codes there are is in tariff.csv."""

import csv
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from streams import tables

_SPREADSHEET = re.compile(r"([0-9]{5,14})\.0+")
_CHAPTER = re.compile(r"[0-9]{4,14}")

NOT_A_CODE = "not a tariff code of 6 to 12 digits"


class Code(NamedTuple):
    """The digits of a code, of an even number; and, where they are not those declared, why."""

    digits: str
    why: str | None = None


class _Tariff(NamedTuple):
    codes: frozenset[str]
    headings: frozenset[str]
    least: int
    most: int
    filled_up: int
    own_chapters: frozenset[str]


def _loaded() -> _Tariff:
    head = tables.load("streams.declarations", "tariff.toml", dict[str, Any])["digits"]
    rows = list(csv.DictReader(tables.text("streams.declarations", "tariff.csv").splitlines()))
    return _Tariff(
        codes=frozenset(
            row["heading"] + end
            for row in rows
            for end in (*row["hs2022"].split(), *row["hs2017_only"].split())
        ),
        headings=frozenset(row["heading"] for row in rows),
        least=head["least"],
        most=head["most"],
        filled_up=head["filled_up"],
        own_chapters=frozenset(head["own_chapters"]),
    )


_TARIFF = _loaded()
CODES = _TARIFF.codes
"""Every code of six digits of the editions in tariff.csv."""


def read(raw: str) -> Code:
    """The code that was meant. Dots and spaces of print are no part of it. Raises ValueError, with the problem in words, where
    the digits are none, or may mean two codes."""
    given = raw.strip()
    decimal = _SPREADSHEET.fullmatch(given)
    digits = decimal[1] if decimal else re.sub(r"[\s.]", "", given)
    if not _CHAPTER.fullmatch(digits) or len(digits) < _TARIFF.least - 1:
        raise ValueError(NOT_A_CODE)
    if len(digits) > _TARIFF.most:
        if len(digits) > _TARIFF.filled_up or digits[_TARIFF.most :].strip("0"):
            raise ValueError(NOT_A_CODE)
        return _mended(digits, [(digits[: _TARIFF.most], "zeros were added at its end")])
    if len(digits) % 2 == 0 and digits[:6] in _TARIFF.codes:
        return Code(digits, "a spreadsheet made a number of it") if decimal else Code(digits)
    return _mended(digits, list(_readings(digits)))


def is_whole(digits: str) -> bool:
    """Whether a code of digits alone is read as it stands."""
    if len(digits) % 2 == 0 and digits[:6] in _TARIFF.codes and len(digits) <= _TARIFF.most:
        return True
    try:
        return read(digits) == Code(digits)
    except ValueError:
        return False


def _mended(digits: str, readings: list[tuple[str, str]]) -> Code:
    fit = [
        (code, why)
        for code, why in readings
        if len(code) % 2 == 0 and _TARIFF.least <= len(code) <= _TARIFF.most and code[:6] in _TARIFF.codes
    ]
    if len({code[:6] for code, _ in fit}) == 1:
        common = _common([code for code, _ in fit])
        return Code(common[: len(common) // 2 * 2], f"{fit[0][1]}: the tariff leaves no other reading")
    if len(fit) > 1:
        raise ValueError(
            "a digit of the tariff code was lost or added, and the tariff has two codes that it may be"
        )
    if len(digits) % 2 or len(digits) > _TARIFF.most:
        raise ValueError(
            "a digit of the tariff code was lost or added, and the tariff has no code that it may be"
        )
    padded = digits[4:6] == "00" and (digits[:4] in _TARIFF.headings or digits[2:4] == "00")
    if digits.startswith("00") or (padded and digits[:2] not in _TARIFF.own_chapters):
        raise ValueError("a heading of the tariff filled up with zeros, not a subheading")
    return Code(digits)  # of an edition that is not in the table, or of a chapter of one country's own


def _common(codes: list[str]) -> str:
    """How all of them begin."""
    first, last = min(codes), max(codes)
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[:same]


def _readings(digits: str) -> Iterator[tuple[str, str]]:
    """What was meant by digits that are no code of the tariff, and what then happened to them."""
    if digits.startswith("00"):
        rest = digits.lstrip("0")
        yield from ((code, "zeros were added in front") for code in (rest, f"0{rest}"))
    if len(digits) % 2:
        yield f"0{digits}", "it lost the zero in front"
        if digits.startswith("0"):
            yield digits[1:], "a zero was added in front"
        if digits.endswith("0"):
            yield digits[:-1], "a zero was added at its end"
        yield f"{digits}0", "it lost a zero at its end"
    elif digits[:4] not in _TARIFF.headings and (digits.endswith("0") or len(digits) == 6):
        yield f"0{digits[:-1]}", "it lost the zero in front and was filled up or cut to its length"
