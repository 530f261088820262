"""Paths of a field map into a message, through lists too: a path that meets a list of several values says so, and whoever builds
a list of the declaration takes one entry for each element (see `field_plans`)."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from streams.declarations.errors import Unscreenable
from streams.declarations.field_values import ABSENT

_STEP = re.compile(r"\[([0-9]+)\]")

Where = tuple[str, ...]
"""Names down to a list; from the top of the message they begin with $."""


class Scope(NamedTuple):
    """A place in the message."""

    value: Any
    path: str
    """for error messages"""
    chosen: dict[Where, int]
    """of lists that paths run through, the element that is meant"""
    known: dict[tuple[int, int], Any]
    """by path and list, what was found in it: a list that every item asks is looked through once a message"""

    def within(self, value: Any, path: str) -> "Scope":
        """That of an element: of the lists chosen so far those from the top of the message stay chosen."""
        chosen = {where: one for where, one in self.chosen.items() if where[0] == "$"}
        return Scope(value, path, chosen, self.known)


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
        self.names = [name for name in (names[1:] if self.from_root else names) if name]
        self.label = given if isinstance(given, str) else ".".join(given)

    def find(self, root: Any, scope: Scope) -> Any:
        """The value; ABSENT where there is none. Of a list on the way or at the end of it the element that was chosen, else the
        one value that all its elements have. Raises ListMet where they have several."""
        start = root if self.from_root else scope.value
        value = self._straight(start)
        return self._down(start, 0, scope) if isinstance(value, list) else value

    def _straight(self, value: Any) -> Any:
        """The value, as long as no list is met: then that list."""
        if isinstance(value, list):
            return value
        for name in self.names:
            if not isinstance(value, dict):
                return ABSENT
            value = value.get(name, ABSENT)
            if isinstance(value, list):
                return value
        return ABSENT if _blank(value) else value

    def every(self, root: Any, scope: Scope) -> Any:
        """All values, through all lists that none is chosen of, as a list; the value itself where no list is met; else ABSENT."""
        start = root if self.from_root else scope.value
        value = self._straight(start)
        if not isinstance(value, list):
            return value
        met = list(self._all(start, 0, scope, ""))
        if not met:
            return ABSENT
        return met[0][0] if len(met) == 1 and not met[0][1] else [value for value, _ in met]

    def elements(self, root: Any, scope: Scope) -> Iterator[tuple[Any, str]]:
        """Each element of the list, or lists, that it leads to, with its place; one that is no list is one element."""
        start = root if self.from_root else scope.value
        for value, within in self._all(start, 0, scope, "", blanks=True):
            yield value, self.place(scope.path, within)

    def place(self, scope: str, within: str = "") -> str:
        """For error messages: the path from the top of the message."""
        steps = within or ".".join(self.names)
        return (
            (steps or "$") if self.from_root or not scope else ".".join(one for one in (scope, steps) if one)
        )

    def _where(self, at: int, scope: Scope) -> Where:
        names = tuple(self.names[:at])
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
                return ABSENT if _blank(value) else value
            if not isinstance(value, dict):
                return ABSENT
            value, at = value.get(self.names[at], ABSENT), at + 1

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

    def _all(
        self, value: Any, at: int, scope: Scope, path: str, blanks: bool = False
    ) -> Iterator[tuple[Any, str]]:
        """Every value below, with its place where a list was met on the way; blank elements of a list only with `blanks`."""
        where = self._where(at, scope)
        if isinstance(value, list) and not (at < len(self.names) and self.names[at].isdecimal()):
            if where in scope.chosen:
                yield from self._step(value[scope.chosen[where]], at, scope, path, blanks)
                return
            for index, one in enumerate(value):
                below = f"{path or '.'.join(self.names[:at])}[{index}]"
                yield from self._step(one, at, scope, below, blanks)
        else:
            yield from self._step(value, at, scope, path, blanks)

    def _step(self, value: Any, at: int, scope: Scope, path: str, blanks: bool) -> Iterator[tuple[Any, str]]:
        if at == len(self.names):
            if not _blank(value) or (blanks and path):
                yield value, path
            return
        name = self.names[at]
        below = f"{path}.{name}" if path else ""
        if isinstance(value, dict) and name in value:
            yield from self._all(value[name], at + 1, scope, below, blanks)
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            yield from self._all(value[int(name)], at + 1, scope, below, blanks)


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
