"""A table to start from, made of one message: its places, each beside the field of the contract that its name suggests."""

import json
import re
from collections.abc import Iterator
from typing import Any

from streams import tables
from streams.declarations import canonical
from streams.declarations.errors import Unscreenable
from streams.declarations.formats.mapped import rows
from streams.declarations.formats.mapped.xml_values import plain_values
from streams.declarations.soap import carried
from streams.declarations.xml_tree import parse

MAX_PLACES = 400
MAX_LEVELS = 12


class _Hints(tables.Sourced, frozen=True):
    """Words of names -> field of the contract, the first that fits."""

    declaration: tuple[tuple[str, str], ...]
    party: tuple[tuple[str, str], ...]
    item: tuple[tuple[str, str], ...]


_HINTS = tables.load("streams.declarations.formats", "draft.toml", _Hints)


def draft(data: bytes) -> str:
    """The text of a table. Raises UserError never; what cannot be read gives one that says why in its first line."""
    try:
        kind, root, message = _read(data)
    except Unscreenable as error:
        return f"# This message cannot be read: {error}\n"
    lines = [
        "# Made of one message: check every line, then `torugart formats try FILE --table THIS`.",
        "",
        "[format]",
    ]
    lines += [f'reads = "{kind}"', 'title = ""', 'source = ""', 'as_of = ""', "", "[recognise]"]
    if root:
        lines += [f"root = {json.dumps(root)}"]
    elif kind == "json":
        lines += [f"fields = {json.dumps(list(message)[:3])}"]
    else:
        lines += [f"fields = {json.dumps(list(message[0])[:4])}"]
    places = list(_places(message))[:MAX_PLACES]
    lists = sorted({place[: place.index("[]")] for place in places if "[]" in place}, key=len)
    items = next((one for one in lists if re.search(r"item|line|good|tovar|kalem", one, re.IGNORECASE)), None)
    if kind == "rows":
        items = ""
    lines += ["", "[envelope]", 'declarationKey = ""   # the same for every version of one declaration']
    lines += ["", "[declaration]", 'regime = { const = "IMPORT" }   # or a path, with table = "regimes"']
    own = [place for place in places if items is None or not place.startswith(f"{items}[]")]
    lines += _suggested(own, _HINTS.declaration, "")
    lines += [
        "",
        "[[parties]]   # one table a party",
        'role = "CONSIGNEE"',
        *_suggested(own, _HINTS.party, ""),
    ]
    within = [place[len(f"{items}[].") :] for place in places if items and place.startswith(f"{items}[].")]
    lines += ["", "[items]", f'each = "{items or "."}"']
    lines += _suggested(own if kind == "rows" else within, _HINTS.item, "")
    lines += ["", "# Every place in the message:", *(f"#   {place}" for place in places)]
    return "\n".join(lines)


def _read(data: bytes) -> tuple[str, str, Any]:
    start = data.lstrip()[:1]
    if start == b"<":
        root = carried(parse(data))
        return "xml", root.name, plain_values(root)
    if start in (b"{", b"["):
        message = canonical.plain_json(data)
        return "json", "", message[0] if isinstance(message, list) and message else message
    text = rows.text_of(data)
    head = max(rows.heads(text), key=lambda one: len(one.columns), default=None)
    if head is None:
        raise Unscreenable("UNKNOWN_FORMAT", "neither JSON nor XML nor a table with the names of its columns")
    return "rows", "", rows.rows(text, head, {})[:1] or [dict.fromkeys(head.columns, "")]


def _places(value: Any, path: str = "", level: int = 0) -> Iterator[str]:
    """Every place with a value, lists marked []."""
    if level > MAX_LEVELS:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _places(inner, f"{path}.{name}" if path else str(name), level + 1)
    elif isinstance(value, list):
        seen = set()
        for inner in value[:5]:
            for place in _places(inner, f"{path}[]" if path else "", level + 1):
                if place not in seen:
                    seen.add(place)
                    yield place
    elif path:
        yield path


def _suggested(places: list[str], hints: tuple[tuple[str, str], ...], prefix: str) -> Iterator[str]:
    """Lines for the places whose last names say what they are."""
    given = set()
    for place in places:
        words = place.replace("[]", "").lower()
        for pattern, field in hints:
            if field not in given and re.search(pattern, words):
                given.add(field)
                yield f"{prefix}{field} = {json.dumps(place.replace('[]', ''), ensure_ascii=False)}"
                break
