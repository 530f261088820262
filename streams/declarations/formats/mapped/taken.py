"""What of a message no path of its map takes. It is known from the map which places are taken; a message is gone through once."""

from collections.abc import Iterable
from typing import Any

from streams.declarations.field_values import untouched
from streams.declarations.formats.mapped.field_paths import TEXT, Path
from streams.declarations.formats.mapped.sources import Conditions

Step = tuple[str, Conditions | None]
"""A name, and what must stand in the element that it leads to."""
Place = tuple[Step, ...]
"""Steps from the top of a message; lists are gone through."""
Taken = Place


def within(here: Place, path: Path | None, conditions: Conditions | None) -> Place:
    """The place of the elements that a path leads to, from those at `here`."""
    place = here if path is None else _reached(here, path)
    if conditions is None or not place:
        return place
    return (*place[:-1], (place[-1][0], conditions))


def takes(path: Path, conditions: Conditions | None, here: Place) -> Iterable[Taken]:
    """The places that a path takes. `conditions`: what must stand beside its end."""
    place = _reached(here, path)
    if conditions is None:
        return [place]
    if conditions.own:
        own = within(place, None, conditions)
        return [own, *(_reached(own, one) for one in conditions.paths())]
    holder = within(place[:-1], None, conditions)
    beside = [_reached(holder, one) for one in conditions.paths()]
    return [(*holder, place[-1]), *beside]


def _reached(here: Place, path: Path) -> Place:
    base = () if path.from_root else here[: len(here) - path.ups]
    return (*base, *((name, None) for name in path.names if not name.isdecimal()))


class _Node:
    __slots__ = ("children", "guarded", "taken")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.guarded: list[tuple[Conditions, _Node]] = []
        """what is taken only where the element has these"""
        self.taken = False

    def child(self, step: Step) -> "_Node":
        name, conditions = step
        node = self.children.setdefault(name, _Node())
        if conditions is None:
            return node
        for known, inner in node.guarded:
            if known is conditions:
                return inner
        inner = _Node()
        node.guarded.append((conditions, inner))
        return inner


class TakenPlaces:
    """All places that a map takes."""

    def __init__(self, taken: Iterable[Taken], ignored: Iterable[str] = ()) -> None:
        """`ignored`: paths that are looked at and of no use; `*.name`: wherever it stands."""
        self._root = _Node()
        self._names = frozenset(one[2:] for one in ignored if one.startswith("*."))
        places = [Path(one) for one in ignored if not one.startswith("*.")]
        for place in (*taken, *(_reached((), one) for one in places)):
            node = self._root
            for step in place:
                node = node.child(step)
            node.taken = True

    @property
    def names(self) -> frozenset[str]:
        """The names at the top of a message that are taken."""
        return frozenset(self._root.children)

    def left_over(self, message: Any) -> Any:
        """What is left of a message, in its shape; None where nothing is."""
        return self._left(message, [self._root])

    def _left(self, value: Any, nodes: list[_Node]) -> Any:
        if isinstance(value, list):
            kept = [one for one in (self._left(each, nodes) for each in value) if one is not None]
            return kept or None
        active = list(nodes)
        for node in nodes:
            active += [inner for conditions, inner in node.guarded if conditions.hold(value)]
        taken = any(node.taken for node in active)
        if not isinstance(value, dict):
            return None if taken else _kept(value)
        if taken and TEXT not in value:
            return None
        left: dict[str, Any] = {}
        for name, inner in value.items():
            if name in self._names or (taken and name == TEXT):
                continue
            below = [node.children[name] for node in active if name in node.children]
            rest = self._left(inner, below)
            if rest is not None:
                left[name] = rest
        return left or None


def _kept(value: Any) -> Any:
    return None if value is None or (isinstance(value, str) and not value.strip()) else untouched(value)


def paths(left: Any, path: str = "") -> Iterable[tuple[str, Any]]:
    """Each value that is left, by its path, lists without their positions."""
    if isinstance(left, dict):
        for name, inner in left.items():
            yield from paths(inner, f"{path}.{name}" if path else name)
    elif isinstance(left, list):
        for inner in left:
            yield from paths(inner, path)
    else:
        yield path, left
