"""Every list and every text of the declaration, found in the model itself: a new field is tried without being named here."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

from streams.declarations.model import DeclarationVersion

Path = tuple[str, ...]


class Field(NamedTuple):
    """`path` in JSON from the version, with `0` for an entry of a list."""

    path: Path
    limit: int | None
    kind: inspect.Type
    """of an entry, where it is a list"""

    @property
    def name(self) -> str:
        return ".".join(self.path)


def _plain(kind: inspect.Type) -> inspect.Type:
    while isinstance(kind, inspect.Metadata | inspect.UnionType):
        if isinstance(kind, inspect.Metadata):
            kind = kind.type
        else:
            kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    return kind


def _walk(kind: inspect.Type, path: Path) -> Iterator[tuple[Path, inspect.Type]]:
    kind = _plain(kind)
    yield path, kind
    if isinstance(kind, inspect.StructType):
        for field in kind.fields:
            yield from _walk(field.type, (*path, field.encode_name))
    elif isinstance(kind, inspect.VarTupleType):
        yield from _walk(kind.item_type, (*path, "0"))


ALL = tuple(_walk(inspect.type_info(DeclarationVersion), ()))
LISTS = tuple(
    Field(path, kind.max_length, _plain(kind.item_type))
    for path, kind in ALL
    if isinstance(kind, inspect.VarTupleType)
)
TEXTS = tuple(
    Field(path, kind.max_length, kind)
    for path, kind in ALL
    if isinstance(kind, inspect.StrType) and kind.pattern is None
)


def with_value(version: DeclarationVersion, path: Path, value: Any) -> bytes:
    """The version as canonical JSON with a field set, and what must stand around it made."""
    whole = msgspec.to_builtins(version)
    kinds = dict(ALL)
    at: Any = whole
    for depth, name in enumerate(path[:-1], 1):
        key: Any = int(name) if name == "0" else name
        missing = (name not in at or at[name] is None) if isinstance(at, dict) else len(at) <= int(name)
        if missing:
            made = entry(kinds[path[:depth]])
            if isinstance(at, dict):
                at[name] = made
            else:
                at.append(made)
        at = at[key]
    if isinstance(at, dict):
        at[path[-1]] = value
    elif at:
        at[0] = value
    else:
        at.append(value)
    return msgspec.json.encode(whole)


def entry(kind: inspect.Type, number: int = 1) -> Any:
    """A value of a type; `number` tells it from others where it can."""
    kind = _plain(kind)
    match kind:
        case inspect.StructType():
            made = {one.encode_name: entry(one.type, number) for one in kind.fields if one.required}
            if kind.cls.__name__ == "Party":
                made["name"] = f"Clean Firm {number} GmbH"
            return made
        case inspect.VarTupleType():
            return []
        case inspect.LiteralType(values=values):
            return values[0]
        case inspect.IntType():
            return number
        case inspect.StrType(pattern=str(pattern)):
            return _OF_PATTERN.get(pattern.split("$")[0], "854231")
        case inspect.StrType():
            return f"A{number}"
    raise AssertionError(kind)


_OF_PATTERN = {"^[A-Z]{2}": "KZ", "^[0-9]{7}": "9074729"}
