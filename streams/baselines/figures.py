"""Figures of trade statistics as their offices print them: thousands set apart, decimal commas, flags, signs for none."""

import re
from collections.abc import Iterable
from typing import Literal

from streams import tables

Sign = Literal[".", ","]


class _File(tables.Sourced, frozen=True):
    """`figures.toml`"""

    missing: frozenset[str]
    flags: str


_TABLE = tables.load("streams.baselines", "figures.toml", _File)
MISSING = _TABLE.missing
"""What stands where there is no figure."""
_FLAGS = re.compile(rf"(?<=[\d:])\s*(?:\({_TABLE.flags}\)|{_TABLE.flags})$")
"""Behind a figure, alone or in pairs."""
_SPACED = re.compile(r"\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?:[.,]\d+)?")
_SPACES = re.compile(r"[ \u00a0\u2009\u202f'’]")
_GROUPED = {sign: re.compile(rf"\d{{1,3}}(?:\{sign}\d{{3}})+") for sign in (".", ",")}
_EXPONENT = re.compile(r"\d+(?:\.\d+)?e[+-]?\d{1,3}")


class MixedFigures(ValueError):
    """Some figures have a decimal point and others a decimal comma."""


def read_figure(text: str, decimal: Sign | None) -> float | None:
    """The figure; None for a sign that there is none. `decimal`: the sign that the file is known to set before decimals.

    Raises ValueError for what is no figure, and for one that may be two, such as 1.234 in a file of neither kind.
    """
    if text.isascii() and text.isdigit():
        return float(text)
    body = text.strip().lower()
    if body in MISSING:
        return None
    if _EXPONENT.fullmatch(body):
        return float(body)
    body = _FLAGS.sub("", body).strip()
    if body in MISSING:
        return None
    if _SPACED.fullmatch(body):
        body = _SPACES.sub("", body)
    whole, sign, rest = _split(body)
    if sign is None:
        if rest:
            raise ValueError(f"{text[:40]!r} is no amount")
        return float(whole)
    thousands = _GROUPED[sign].fullmatch(body) is not None
    if thousands and rest != "" and body.count(sign) == 1 and not body.startswith("0"):
        if decimal is None:
            raise ValueError(f"{text[:40]!r} is no amount: it may be {whole}{rest} or {whole}.{rest}")
        return float(f"{whole}.{rest}") if sign == decimal else float(whole + rest)
    if body.count(sign) > 1:
        if not thousands:
            raise ValueError(f"{text[:40]!r} is no amount")
        return float(body.replace(sign, ""))
    if decimal is not None and sign != decimal:
        raise ValueError(f"{text[:40]!r} is no amount: other lines have {decimal!r} before decimals")
    return float(f"{whole}.{rest}")


def _split(body: str) -> tuple[str, Sign | None, str]:
    """Whole part without thousands' signs, the sign before what may be decimals, and these. Raises ValueError for no figure."""
    dot, comma = body.rfind("."), body.rfind(",")
    if dot < 0 and comma < 0:
        return (body, None, "") if body.isascii() and body.isdigit() else ("", None, body or "?")
    sign: Sign = "." if dot > comma else ","
    other: Sign = "," if sign == "." else "."
    whole, _, rest = body.rpartition(sign)
    if other in whole:
        if not _GROUPED[other].fullmatch(whole):
            return "", None, body
        whole = whole.replace(other, "")
    elif sign in whole:
        return whole, sign, rest
    if not (whole + rest).isascii() or not (whole + rest).isdigit():
        return "", None, body
    return whole or "0", sign, rest or "0"


def decimal_sign(texts: Iterable[str], default: Sign | None) -> Sign | None:
    """The sign before decimals by the figures that leave no doubt; `default` where none does.

    Raises MixedFigures where some say one and some the other.
    """
    told: set[Sign] = set()
    for text in texts:
        body = _SPACES.sub("", text.strip())
        dots, commas = body.count("."), body.count(",")
        if not re.fullmatch(r"[\d.,]+", body) or not dots + commas:
            continue
        sign: Sign = "." if body.rfind(".") > body.rfind(",") else ","
        if dots and commas:
            told.add(sign)
        elif dots + commas > 1:
            told.add("," if sign == "." else ".")
        elif body.startswith("0") or not _GROUPED[sign].fullmatch(body):
            told.add(sign)
    if len(told) > 1:
        raise MixedFigures("some figures have a decimal point and others a decimal comma")
    return told.pop() if told else default
