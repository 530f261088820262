"""What a file is that no reader knows, in half a sentence: most often an error page, or the right table with other columns."""

import re

import msgspec

from streams.text import visible
from streams.watchlists.readers.source import ListSource

_MAGIC = (
    (b"%PDF", "is a PDF document, not a list"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel or Word file: save it as .xlsx or CSV"),
    (b"PK\x03\x04", "is a zip archive that holds no list"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive: unpack it"),
    (b"Rar!", "is a RAR archive: unpack it"),
    (b"BZh", "is a bzip2 archive: unpack it"),
    (b"\xfd7zXZ\x00", "is an xz archive: unpack it"),
    (b"\x28\xb5\x2f\xfd", "is a zstd archive: unpack it"),
    (b"{\\rtf", "is a text document (RTF), not a list"),
)
_HTML = re.compile(
    rb"\A\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_TITLE = re.compile(rb"<(?:title|h1)[^>]*>(.*?)</", re.IGNORECASE | re.DOTALL)
_SAID = ("message", "error", "error_description", "detail", "title", "status")
_SHOWN = 80
_COLUMNS_SHOWN = 12


def what_it_is(source: ListSource) -> str:
    """Begins with a verb. Never raises."""
    head = source.head
    if source.is_sheet:
        return _table(source)
    for magic, what in _MAGIC:
        if head.startswith(magic):
            return what
    if _HTML.match(head):
        title = _TITLE.search(head)
        said = f" ({_short(title.group(1).decode('utf-8', 'replace'))!r})" if title else ""
        return f"is an HTML page{said}, not a list: the publisher's address has changed, or asks for a login"
    if head.lstrip()[:1] in (b"{", b"["):
        return _json(source)
    if source.root:
        return f"is XML of another kind: its root element is <{_short(source.root)}>"
    return _table(source)


def _table(source: ListSource) -> str:
    header = source.header
    if header is not None and len(header.columns) > 1 and all(header.columns[:2]):
        columns = [_short(column) for column in header.columns[:_COLUMNS_SHOWN]]
        more = f" and {len(header.columns) - len(columns)} more" if len(header.columns) > len(columns) else ""
        separated = (
            "" if header.delimiter == "," or source.is_sheet else f", separated by {header.delimiter!r}"
        )
        missing = "" if "name" in header.columns else "no column 'name'; "
        return f"is in no known list format: {missing}its columns are {', '.join(columns)}{more}{separated}"
    return "is in no known list format"


def _json(source: ListSource) -> str:
    try:
        value = msgspec.json.decode(source.path.read_bytes())
    except (msgspec.DecodeError, RecursionError):
        return "begins like JSON and is not complete, it may have been cut short, or is no list"
    if isinstance(value, dict):
        said = next((value[key] for key in _SAID if value.get(key)), None)
        if said is not None:
            return f"is a JSON message and not a list: {_short(str(said))!r}"
        return f"is JSON of another kind: its keys are {', '.join(map(_short, list(value)[:_COLUMNS_SHOWN]))}"
    return "is JSON of another kind"


def _short(text: str) -> str:
    return visible(" ".join(text.split()))[:_SHOWN]
