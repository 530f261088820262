"""Which messages a format knows, and what each of them is: a version of a declaration, something that happened to one, or of no
use here. Checked when the table is loaded (ValueError, with the field)."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase, translate
from typing import Any, NamedTuple, get_args

from streams.declarations.errors import Unscreenable
from streams.declarations.events import EventKind
from streams.declarations.field_values import ABSENT
from streams.declarations.formats.mapped.field_paths import ListMet, Path, Scope
from streams.declarations.formats.mapped.sources import Conditions, Source, Values
from streams.declarations.xml_tree import Node

VERSION, IGNORED = "VERSION", "IGNORED"
KINDS = (VERSION, IGNORED, *get_args(EventKind))

EVENT_FIELDS = ("LRN", "MRN", "at", "submitter", "version", "reasonCode", "reasonText", "sourceSystem")

WRAPPERS = 4
"""Levels of XML within which the element of a message may stand."""
MAX_BESIDE = 20
"""Elements of one such level."""


class MessageKind(NamedTuple):
    """A message of a format."""

    root: str
    """pattern of the name of its XML element, such as CC515?; empty: any"""
    conditions: Conditions | None
    kind: str
    """VERSION, IGNORED, or an EventKind"""
    name: str
    """as its makers call it; empty: by its root"""
    whole: bool
    """whether it holds the declaration as it is to be, which takes effect when the request is granted"""
    fields: dict[str, Source]


def message_kind(table: dict[str, Any], number: int, values: Values) -> MessageKind:
    """One [[message]] of a format."""
    here = f"message[{number}]"
    unknown = table.keys() - {"root", "where", "kind", "name", "whole", *EVENT_FIELDS}
    if unknown:
        raise ValueError(f"{here}.{min(unknown)}: there is no such field")
    kind = table.get("kind", VERSION)
    if kind not in KINDS:
        raise ValueError(f"{here}.kind: one of {', '.join(KINDS)}")
    whole = table.get("whole", False)
    if whole and kind not in ("AMENDMENT_REQUESTED", "AMENDED"):
        raise ValueError(f"{here}.whole: only what is AMENDMENT_REQUESTED or AMENDED holds a declaration")
    fields = {name: Source(table[name], f"{here}.{name}", values) for name in EVENT_FIELDS if name in table}
    if kind not in (VERSION, IGNORED) and not fields.keys() & {"LRN", "MRN"}:
        raise ValueError(f"{here}: give LRN or MRN, by which it finds its declaration")
    return MessageKind(
        root=str(table.get("root", "")),
        conditions=Conditions(table["where"], f"{here}.where") if "where" in table else None,
        kind=kind,
        name=str(table.get("name", "")),
        whole=bool(whole),
        fields=fields,
    )


class Recognition:
    """What tells a format by its content."""

    def __init__(self, table: dict[str, Any], messages: tuple[MessageKind, ...]) -> None:
        unknown = table.keys() - {"root", "namespace", "fields", "where"}
        if unknown:
            raise ValueError(f"recognise.{min(unknown)}: there is no such field")
        for name in ("root", "namespace"):
            given = table.get(name, [])
            if not (isinstance(given, str) or _are_texts(given)):
                raise ValueError(f"recognise.{name} takes a text or a list of texts")
        fields = table.get("fields", [])
        if not (isinstance(fields, list) and all(isinstance(one, str) or _are_texts(one) for one in fields)):
            raise ValueError(
                "recognise.fields takes a list of paths; of several of which one must be there, a list"
            )
        roots = (*_texts(table.get("root", [])), *(one.root for one in messages if one.root))
        self._root = re.compile("|".join(map(translate, roots))).fullmatch if roots else None
        self._namespaces = _texts(table.get("namespace", []))
        self.fields = tuple(_texts(one) for one in fields)
        self._paths = [[Path(one) for one in several] for several in self.fields]
        where = table.get("where")
        self._conditions = Conditions(where, "recognise.where") if where is not None else None

    def __bool__(self) -> bool:
        return bool(self._root or self.fields or self._conditions)

    def element(self, root: Node) -> Node | None:
        """The element of a message of this format in an XML document."""
        if self._root is None:
            return None
        level = [root]
        for _ in range(WRAPPERS + 1):
            for one in level:
                if self._root(one.name) and self._is_ours(one):
                    return one
            level = [child for one in level for child in one.children]
            if len(level) > MAX_BESIDE:
                break  # no wrapper holds so many
        return None

    def _is_ours(self, element: Node) -> bool:
        return not self._namespaces or not element.namespace or element.namespace.startswith(self._namespaces)

    def columns(self, names: Iterable[str]) -> bool:
        """Whether a table with these columns is of this format."""
        known = {name.casefold() for name in names}
        return bool(self.fields) and all(any(one.casefold() in known for one in some) for some in self.fields)

    def fits(self, message: Any) -> bool:
        """Whether a message, as plain values, has what this format has."""
        scope = Scope(message, "", {}, {})
        try:
            if any(all(path.every(message, scope) is ABSENT for path in some) for some in self._paths):
                return False
            return self._conditions.hold(message) if self._conditions is not None else bool(self._paths)
        except (ListMet, Unscreenable, ValueError):
            return False


def kind_of(messages: tuple[MessageKind, ...], root: str, message: Any) -> MessageKind:
    """Which message it is. Raises Unscreenable UNSUPPORTED_MESSAGE where the format does not know it."""
    for one in messages:
        if one.root and not fnmatchcase(root, one.root):
            continue
        if one.conditions is None or one.conditions.hold(message):
            return one
    raise Unscreenable(
        "UNSUPPORTED_MESSAGE", f"a message that this format does not know{f': <{root[:60]}>' if root else ''}"
    )


def _are_texts(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(one, str) for one in given)


def _texts(given: str | list[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
