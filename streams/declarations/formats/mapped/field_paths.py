"""Paths of a field map into a message, through lists too: a path that meets a list of several values says so, and whoever builds
a list of the declaration takes one entry for each element (see `field_plans`).

`$.a` begins at the top of the message, `^.a` in what the element stands in, `^.^.a` one level further out, `.` is the element."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from streams.declarations.errors import Unscreenable
from streams.declarations.field_values import ABSENT

_STEP = re.compile(r"\[([0-9]+)\]")

Where = tuple[str, ...]
"""Names down to a list; from the top of the message they begin with $."""

FIRST = "0"
"""Of a list, its first; what is no list is the first of itself, as an XML element that stands once."""
TEXT = "#text"
"""Name of the text of an XML element that has attributes as well."""


class Scope(NamedTuple):
    """A place in the message."""

    value: Any
    path: str
    """for error messages"""
    chosen: dict[Where, int]
    """of lists that paths run through, the element that is meant"""
    known: dict[tuple[int, int], Any]
    """by path and list, what was found in it: a list that every item asks is looked through once a message"""
    parents: tuple[Any, ...] = ()
    """what it stands in, the nearest last"""

    def within(self, value: Any, path: str, parents: tuple[Any, ...]) -> "Scope":
        """That of an element: of the lists chosen so far those from the top of the message stay chosen."""
        chosen = {where: one for where, one in self.chosen.items() if where[0] == "$"}
        return Scope(value, path, chosen, self.known, parents)


class ListMet(Exception):
    """A path runs through, or ends in, a list with several values, of which none was chosen."""

    def __init__(self, where: Where, length: int, place: str) -> None:
        super().__init__(place)
        self.where = where
        self.length = length
        self.place = place
        self.target = ""

    def refusal(self) -> Unscreenable:
        """For a field that takes one value: a fault of the map, which was written for one."""
        return Unscreenable(
            "SCHEMA_VIOLATION",
            f"{self.place}: a list of {self.length} with different values, where {self.target} takes one: change the map",
        )


class Path:
    """A path into the message."""

    def __init__(self, given: str | list[str]) -> None:
        names = _STEP.sub(r".\1", given).split(".") if isinstance(given, str) else list(given)
        self.from_root = bool(names) and names[0] == "$"
        self.ups = 0
        """levels out of the element"""
        while self.ups < len(names) and names[self.ups] == "^":
            self.ups += 1
        self.names = [name for name in names[1 if self.from_root else self.ups :] if name]
        self.label = given if isinstance(given, str) else ".".join(given)

    def find(self, root: Any, scope: Scope) -> Any:
        """The value; ABSENT where there is none. Of a list on the way or at the end of it the element that was chosen, else the
        one value that all its elements have. Raises ListMet where they have several."""
        start = self._start(root, scope)
        value = self._straight(start)
        return self._down(start, 0, scope) if isinstance(value, list) else value

    def _start(self, root: Any, scope: Scope) -> Any:
        if self.from_root:
            return root
        if self.ups:
            return scope.parents[-self.ups] if self.ups <= len(scope.parents) else ABSENT
        return scope.value

    def _straight(self, value: Any) -> Any:
        """The value, as long as no list is met: then that list."""
        if isinstance(value, list):
            return value
        for name in self.names:
            if not isinstance(value, dict):
                return ABSENT
            if name == FIRST and name not in value:
                continue
            value = value.get(name, ABSENT)
            if isinstance(value, list):
                return value
        return _told(value)

    def every(self, root: Any, scope: Scope) -> Any:
        """All values, through all lists that none is chosen of, as a list; the value itself where no list is met; else ABSENT."""
        start = self._start(root, scope)
        value = self._straight(start)
        if not isinstance(value, list):
            return value
        met = list(self._all(start, 0, scope, ""))
        if not met:
            return ABSENT
        return met[0][0] if len(met) == 1 and not met[0][1] else [value for value, _ in met]

    def elements(self, root: Any, scope: Scope) -> Iterator[Scope]:
        """Each element of the list, or lists, that it leads to, with its place; one that is no list is one element."""
        outer = () if self.from_root else scope.parents[: len(scope.parents) - self.ups]
        for value, within, parents in self._each(self._start(root, scope), 0, scope, "", outer):
            yield scope.within(value, self.place(scope.path, within), parents)

    def _each(
        self, value: Any, at: int, scope: Scope, path: str, parents: tuple[Any, ...]
    ) -> Iterator[tuple[Any, str, tuple[Any, ...]]]:
        if isinstance(value, list) and not (at < len(self.names) and self.names[at].isdecimal()):
            chosen = scope.chosen.get(self._where(at, scope))
            for index, one in enumerate(value):
                if chosen is None:
                    below = f"{path or '.'.join(self.names[:at])}[{index}]"
                    yield from self._each_in(one, at, scope, below, parents)
                elif index == chosen:
                    yield from self._each_in(one, at, scope, path, parents)
        else:
            yield from self._each_in(value, at, scope, path, parents)

    def _each_in(
        self, value: Any, at: int, scope: Scope, path: str, parents: tuple[Any, ...]
    ) -> Iterator[tuple[Any, str, tuple[Any, ...]]]:
        if at == len(self.names):
            if value is not ABSENT and (path or not _blank(value)):
                yield value, path, parents
            return
        name = self.names[at]
        below = f"{path}.{name}" if path else ""
        if isinstance(value, dict) and name in value:
            yield from self._each(value[name], at + 1, scope, below, (*parents, value))
        elif isinstance(value, dict) and name == FIRST:
            yield from self._each_in(value, at + 1, scope, path, parents)
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            yield from self._each(value[int(name)], at + 1, scope, below, parents)

    def place(self, scope: str, within: str = "") -> str:
        """For error messages: the path from the top of the message."""
        steps = within or ".".join(self.names)
        return (
            (steps or "$") if self.from_root or not scope else ".".join(one for one in (scope, steps) if one)
        )

    def _where(self, at: int, scope: Scope) -> Where:
        names = tuple(self.names[:at])
        if self.ups:
            return ("^" * self.ups, *names)
        return ("$", *names) if self.from_root or not scope.path else (".", *names)

    def _down(self, value: Any, at: int, scope: Scope) -> Any:
        while True:
            if isinstance(value, list):
                if at < len(self.names) and self.names[at].isdecimal():
                    index, at = int(self.names[at]), at + 1
                    value = value[index] if index < len(value) else ABSENT
                    continue
                where = self._where(at, scope)
                if where not in scope.chosen:
                    return self._only(value, at, scope, where)
                value = value[scope.chosen[where]]
                if isinstance(value, list):
                    return value  # a list of lists, which no field takes
            if at == len(self.names):
                return _told(value)
            if not isinstance(value, dict):
                return ABSENT
            name, at = self.names[at], at + 1
            if name != FIRST or name in value:
                value = value.get(name, ABSENT)

    def _only(self, values: list[Any], at: int, scope: Scope, where: Where) -> Any:
        key = (id(self), id(values))
        if key in scope.known:
            return scope.known[key]
        first: Any = ABSENT
        for value, _ in self._all(values, at, scope, ""):
            if first is ABSENT:
                first = value
            elif value != first:
                raise ListMet(where, len(values), self.place(scope.path, ".".join(self.names[:at])))
        scope.known[key] = first
        return first

    def _all(self, value: Any, at: int, scope: Scope, path: str) -> Iterator[tuple[Any, str]]:
        """Every value below that is not blank, with its place where a list was met on the way."""
        where = self._where(at, scope)
        if isinstance(value, list) and not (at < len(self.names) and self.names[at].isdecimal()):
            if where in scope.chosen:
                yield from self._step(value[scope.chosen[where]], at, scope, path)
                return
            for index, one in enumerate(value):
                below = f"{path or '.'.join(self.names[:at])}[{index}]"
                yield from self._step(one, at, scope, below)
        else:
            yield from self._step(value, at, scope, path)

    def _step(self, value: Any, at: int, scope: Scope, path: str) -> Iterator[tuple[Any, str]]:
        if at == len(self.names):
            told = _told(value)
            if told is not ABSENT:
                yield told, path
            return
        name = self.names[at]
        below = f"{path}.{name}" if path else ""
        if isinstance(value, dict) and name in value:
            yield from self._all(value[name], at + 1, scope, below)
        elif isinstance(value, dict) and name == FIRST:
            yield from self._step(value, at + 1, scope, path)
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            yield from self._all(value[int(name)], at + 1, scope, below)


def _told(value: Any) -> Any:
    """What a value says: of an XML element with attributes its text; ABSENT where it is blank."""
    if isinstance(value, dict):
        if TEXT in value:
            value = value[TEXT]
        elif value and all(name[:1] == "@" for name in value):
            return ABSENT  # attributes alone say what the text would be
    return ABSENT if _blank(value) else value


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
