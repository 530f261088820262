"""The free text at the end of an OFAC row, into fields: '; '-separated parts, each opened by a label."""

import re
from datetime import datetime
from typing import Any

from msgspec import Struct

from streams import tables
from streams.territories import country_codes
from streams.watchlists.readers.values import unique

_TABLE = tables.load("streams.watchlists.readers", "ofac_remarks.toml", dict[str, Any])

_ALIAS = re.compile(r"""^(?:alt\. )?[afn]\.k\.a\.?,? ?['"](.+?)['"]\.?$""", re.IGNORECASE)
_COUNTRY_IN_BRACKETS = re.compile(r"\s*\([^()]*\)")
_DATES = re.compile(r"\s+(?:issued|expires|Issued|Expires|Date of Issue)\b.*$")
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")


class Remarks(Struct, frozen=True):
    weak_names: tuple[str, ...]
    """OFAC puts the aliases it calls weak into the remarks, in quotation marks."""
    identifiers: tuple[str, ...]
    birth_dates: tuple[str, ...]
    countries: tuple[str, ...]
    phones: tuple[str, ...]
    emails: tuple[str, ...]


def parse_remarks(text: str) -> Remarks:
    """Reads what it knows; all of the text stays in the entry's `remarks`. Never raises."""
    aliases: list[str] = []
    found: dict[str, list[str]] = {
        "identifiers": [],
        "birth": [],
        "countries": [],
        "phones": [],
        "emails": [],
    }
    for part in text.split(";"):
        part = part.strip().rstrip(".").strip()
        alias = _ALIAS.match(part)
        if alias:
            aliases.append(alias.group(1))
            continue
        part = part.removeprefix("alt. ")
        label = _LABEL.match(part)
        if label:
            found[_KIND[label.group(1).casefold()]].append(part[label.end() :].strip())
    return Remarks(
        weak_names=unique(aliases),
        identifiers=unique(_identifier(text) for text in found["identifiers"]),
        birth_dates=unique(_date(text) for text in found["birth"]),
        countries=country_codes(found["countries"]),
        phones=unique(_COUNTRY_IN_BRACKETS.sub("", text) or text for text in found["phones"]),
        emails=unique(found["emails"]),
    )


def _identifier(text: str) -> str | None:
    text = _DATES.sub("", _COUNTRY_IN_BRACKETS.sub("", text)).strip(" :.,")
    # A label without a number ("Passport (Iran)") identifies nobody.
    return text if any(character.isdigit() for character in text) else None


def _date(text: str) -> str:
    for form in ("%d %b %Y", "%b %Y", "%Y"):
        try:
            date = datetime.strptime(text, form)
        except ValueError:
            continue
        return date.strftime({"%d %b %Y": "%Y-%m-%d", "%b %Y": "%Y-%m", "%Y": "%Y"}[form])
    years = _YEAR.findall(text)
    return "/".join(dict.fromkeys(years)) if years else text


_KIND = {
    label.casefold(): kind
    for kind in ("identifiers", "countries", "phones", "emails", "birth")
    for label in _TABLE[kind]
}
_LABEL = re.compile(
    "(" + "|".join(re.escape(label) for label in sorted(_KIND, key=len, reverse=True)) + r")(?![\w])[ :]*",
    re.IGNORECASE,
)
