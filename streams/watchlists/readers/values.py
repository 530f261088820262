"""Texts of list files into values: entities resolved, several in one text taken apart, dates in one form."""

import html
import re
from collections.abc import Iterable
from datetime import datetime
from html.entities import name2codepoint

_ENTITY = re.compile(r"&(#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,8});")
_ENTITIES = {name for name, code in name2codepoint.items() if code < 0x100 or 0x2010 <= code <= 0x203A}
_ENTITIES |= {"apos"}
"""Letters and punctuation: `&and;` and the like would put a sign of logic between two names."""

_MARKER = re.compile(r"(?:(?<=[\s,;.])|^)\(?([a-z]|[0-9]{1,2})\)\s*", re.IGNORECASE)
_LONE_MARKER = re.compile(r"^\(?(?:a|1)\)\s+")
_LABELS = ("abcdefghijklmnopqrstuvwxyz", tuple(str(number) for number in range(1, 100)))

_DAY_FIRST = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\s.*)?$")
_ISO = re.compile(r"^(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:[T\s].*|Z|[+-]\d\d:\d\d)?$")
_FORMS = {
    "%d %b %Y": "%Y-%m-%d",
    "%d %B %Y": "%Y-%m-%d",
    "%d-%b-%Y": "%Y-%m-%d",
    "%b %Y": "%Y-%m",
    "%B %Y": "%Y-%m",
}
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")


def plain(text: str) -> str:
    """The text with HTML's entities resolved, also where they were escaped twice (`&amp;#39;`)."""
    for _ in range(3):
        if "&" not in text:
            break
        resolved = _ENTITY.sub(_resolved, text)
        if resolved == text:
            break
        text = resolved
    return text


def _resolved(found: re.Match[str]) -> str:
    name = found.group(1)
    return html.unescape(found.group()) if name[0] == "#" or name in _ENTITIES else found.group()


def unique(texts: Iterable[str | None]) -> tuple[str, ...]:
    """Texts without surrounding or doubled space, each once, in order, empty ones left out; what publishers number within one
    text, "a) ... b) ...", is taken apart."""
    squeezed = (" ".join(one.split()) for text in texts if text for one in numbered(text))
    return tuple(dict.fromkeys(text for text in squeezed if text))


def numbered(text: str) -> list[str]:
    """The parts of "a) one b) two" or "(1) one (2) two"; the text itself where it is not numbered from its start on."""
    if ")" not in text:
        return [text]
    text = text.strip()
    found = list(_MARKER.finditer(text))
    for labels in _LABELS:
        markers: list[re.Match[str]] = []
        for marker in found:
            if len(markers) < len(labels) and marker.group(1).lower() == labels[len(markers)]:
                markers.append(marker)
        if markers and not markers[0].start():
            break
    else:
        return [text]
    if len(markers) == 1:
        return [_LONE_MARKER.sub("", text)]
    ends = [*(marker.start() for marker in markers[1:]), len(text)]
    return [text[marker.end() : end].strip(" ,;") for marker, end in zip(markers, ends, strict=True)]


def iso_date(text: str | None) -> str:
    """A date as its publisher wrote it, day before month, as YYYY-MM-DD, YYYY-MM or YYYY; of a longer text the years in it,
    joined by `/`; else the text itself. `dd/mm/1975` and `00/00/1975` are the year."""
    text = " ".join((text or "").split()).replace("dd/mm/", "").replace("00/00/", "").rstrip(".")
    iso = _ISO.match(text)
    if iso:
        return iso.group(1)
    day_first = _DAY_FIRST.match(text)
    if day_first:
        day, month, year = day_first.groups()
        return f"{year}-{int(month):02}-{int(day):02}" if int(month) <= 12 and int(day) else year
    for form, written in _FORMS.items():
        try:
            return datetime.strptime(text, form).strftime(written)
        except ValueError:
            continue
    return "/".join(dict.fromkeys(_YEAR.findall(text))) or text
