"""Amendments of the WCO Data Model merged into the document they amend.

An amendment has pointers (DocumentSectionCode, SequenceNumeric, TagID) and the nodes that change. A pointer to a node
that the amendment gives changes or adds it; one to a node that it does not give deletes it. Nodes nothing points to are
merged too: what they state replaces what stood there. Goods items are found by their number, other elements that may
stand several times by their position, for which an empty element keeps the place.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from streams.declarations.errors import Unscreenable
from streams.declarations.events import Tree
from streams.declarations.formats.wco.values import MAP
from streams.declarations.xml_tree import MAX_DEPTH, NUMBER

ITEM = "GovernmentAgencyGoodsItem"

_SECTIONS: dict[str, str] = MAP["sections"]
_REPEATED = frozenset(MAP["repeated"]["elements"])
_TAGS = {tag: element for element, tags in MAP["tags"].items() for tag in tags}
_FRACTION = re.compile(r"[0-9]+\.[0-9]+")
_REQUEST_ONLY = frozenset(MAP["request_only"]["elements"])

Place = tuple[str, int]
"""Name of an element, and its number: of a goods item its own, of others that repeat their position, of the rest 1."""


class _Pointed:
    """What pointers say of one element: whether it is pointed to itself, which of its values, and what is below."""

    __slots__ = ("below", "given_as", "values", "whole")

    def __init__(self) -> None:
        self.whole = False
        self.values: set[str] = set()
        self.below: dict[tuple[str, int | None], _Pointed] = {}
        self.given_as = ""
        """the pointer as it was written, for whoever has to mend it"""


class _Statement(NamedTuple):
    """A place that a delta points to, and what it states there; None where it deletes it."""

    place: tuple[Place, ...]
    stated: Tree | None


def amend(base: Tree, delta: Tree) -> Tree:
    """The document after an amendment: `base` and `delta` are Declaration elements.

    Raises Unscreenable SCHEMA_VIOLATION, naming the pointer, for one that cannot be followed or that leads to something
    that neither document has.
    """
    return _merged(base, _content(delta), _pointers(delta))


def covers(delta: Tree, deltas: Sequence[Tree]) -> bool:
    """Whether everything that `delta` changes is changed to the same values by `deltas`, taken together.

    What it points to counts, or all it states where it has no pointers. Raises Unscreenable SCHEMA_VIOLATION.
    """
    others = [(_content(one), _pointers(one)) for one in deltas]
    child = _Children()
    return all(
        any(_says(content, pointed, statement, child) for content, pointed in others)
        for statement in _statements(_content(delta), _pointers(delta), child)
    )


def _content(delta: Tree) -> Tree:
    """A delta without what is about the request itself."""
    kept = tuple(
        child for child in delta.children if child.name not in _REQUEST_ONLY and not _is_reason(child)
    )
    return replace(delta, children=kept)


def _is_reason(child: Tree) -> bool:
    return child.name == "AdditionalInformation" and any(
        one.name == "StatementTypeCode" and one.text in MAP["request_only"]["statement_types"]
        for one in child.children
    )


def _pointers(delta: Tree) -> _Pointed:
    root = _Pointed()
    for amendment in delta.children:
        if amendment.name == "Amendment":
            steps = [_step(one) for one in amendment.children if one.name == "Pointer"]
            if steps:
                _follow(root, steps)
    return root


def _step(pointer: Tree) -> tuple[str, str, str]:
    """Section, number and tag."""
    texts = {child.name: child.text for child in pointer.children}
    return texts.get("DocumentSectionCode", ""), texts.get(NUMBER, ""), texts.get("TagID", "")


def _follow(root: _Pointed, steps: list[tuple[str, str, str]]) -> None:
    written = "/".join(
        section[:20] + (f"[{number[:20]}]" if number else "") + (f".{tag[:20]}" if tag else "")
        for section, number, tag in steps
    )[:200]
    if len(steps) > MAX_DEPTH:
        raise _unusable(written, f"it has {len(steps)} steps, and no document over {MAX_DEPTH} levels")
    if _SECTIONS.get(steps[0][0]) != "Declaration":
        raise _unusable(written, "it does not begin at the Declaration (42A)")
    at = root
    for section, number, _ in steps[1:]:
        name = _SECTIONS.get(section)
        if name is None:
            raise _unusable(written, f"section {section[:20]} is not known")
        if number and not (number.isascii() and number.isdigit() and 0 < len(number) <= 5):
            raise _unusable(written, "a SequenceNumeric that is no number")
        key = (name, int(number) if number else None) if name in _REPEATED else (name, 1)
        at = at.below.setdefault(key, _Pointed())
        at.given_as = at.given_as or written
    tag = steps[-1][2]
    at.given_as = written
    if tag:
        at.values.add(_TAGS.get(tag, f"TagID {tag[:20]}"))
    elif at is root:
        raise _unusable(written, "it points to the whole declaration")
    else:
        at.whole = True


def _unusable(pointer: str, problem: str) -> Unscreenable:
    return Unscreenable("SCHEMA_VIOLATION", f"Amendment pointer {pointer}: {problem}")


# --- merging


def _merged(base: Tree, given: Tree, pointed: _Pointed) -> Tree:
    """One element with what is given of it, and without what is pointed to and not given."""
    attributes = base.attributes | given.attributes
    if not base.children and not given.children and not pointed.values and not pointed.below:
        return Tree(base.name, given.text or base.text, attributes)
    children: list[Tree] = []
    old, new = _by_name(base), _by_name(given)
    below: dict[str, dict[int | None, _Pointed]] = {}
    for (name, number), one in pointed.below.items():
        below.setdefault(name, {})[number] = one
    for value in pointed.values:
        if value not in old and value not in new and not (value.startswith("TagID ") and given.children):
            raise _unusable(pointed.given_as, "what it points to is neither declared nor given")
    for name in [
        *old,
        *(name for name in new if name not in old),
        *(n for n in below if n not in old and n not in new),
    ]:
        before, after = old.get(name, []), new.get(name, [])
        if name in pointed.values:
            children += [one for one in after if not _is_blank(one)]
        else:
            children += _group(name, before, after, below.get(name, {}))
    return Tree(base.name, given.text or base.text, attributes, tuple(children))


def _by_name(tree: Tree) -> dict[str, list[Tree]]:
    found: dict[str, list[Tree]] = {}
    for child in tree.children:
        found.setdefault(child.name, []).append(child)
    return found


def _group(
    name: str, before: list[Tree], after: list[Tree], pointed: dict[int | None, _Pointed]
) -> list[Tree]:
    """All elements of one name in one parent, merged."""
    old, new = _numbered(name, before), _numbered(name, after)
    if name == ITEM and len({_item_number(one) for one in after}) < len(after):
        raise Unscreenable("SCHEMA_VIOLATION", f"Amendment: two {ITEM} with one SequenceNumeric, or none")
    places = _resolved(pointed, old, new)
    new = _in_order(old, new, places)
    kept: dict[int, Tree] = {}
    for number, one in old.items():
        given, said = new.get(number), places.get(number)
        if said is not None and said.whole:
            if given is not None and not _is_blank(given):
                kept[number] = given
        elif given is not None or said is not None:
            kept[number] = _merged(one, given or Tree(name), said or _Pointed())
        else:
            kept[number] = one
    for number, one in new.items():
        if number not in old and not _is_blank(one):
            kept[number] = one
    for number, said in places.items():
        if number not in old and (number not in new or _is_blank(new[number])):
            raise _unusable(said.given_as, "what it points to is neither declared nor given")
        if number not in old and not said.whole:
            _merged(Tree(name), new[number], said)  # that each of its values is given
    return [kept[number] for number in sorted(kept)] if name == ITEM else list(kept.values())


def _numbered(name: str, elements: list[Tree]) -> dict[int, Tree]:
    """Elements of one name by their number: a goods item by its own, others by position, and so items of which two have
    one number: that number says nothing, and neither may be lost."""
    numbers = list(range(1, len(elements) + 1))
    if name == ITEM:
        own = [_item_number(one) or position for position, one in enumerate(elements, 1)]
        numbers = own if len(set(own)) == len(own) else numbers
    return dict(zip(numbers, elements, strict=True))


def _item_number(item: Tree) -> int | None:
    given = next((child.text for child in item.children if child.name == NUMBER), "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 5 else None


def _resolved(
    pointed: dict[int | None, _Pointed], old: dict[int, Tree], new: dict[int, Tree]
) -> dict[int, _Pointed]:
    """What is pointed to, by number. A pointer without one is clear only where there is one element."""
    found: dict[int, _Pointed] = {}
    for number, said in pointed.items():
        if number is None:
            both = set(old) | set(new)
            if len(both) > 1:
                raise _unusable(said.given_as, "it needs a SequenceNumeric: there are several")
            number = next(iter(both), 1)
        found[number] = said
    return found


def _in_order(old: dict[int, Tree], new: dict[int, Tree], places: dict[int, _Pointed]) -> dict[int, Tree]:
    """What is given, by the numbers it is meant for.

    Some senders give only the elements they change, without the empty ones that keep the places. Where the places do not
    fit and there are as many elements as pointers, they are meant in that order, unless they only repeat what stands.
    """
    full = {number: one for number, one in new.items() if not _is_blank(one)}
    if not full or len(full) != len(places) or all(number in full for number in places):
        return new
    if all(number in old and _restates(old[number], one) for number, one in full.items()):
        return new
    return dict(zip(sorted(places), full.values(), strict=True))


def _is_blank(element: Tree) -> bool:
    return not element.text and all(_is_blank(child) for child in element.children)


# --- comparing


class _Children:
    """Elements by their place in a parent. Each parent is looked through once: an amendment may point to thousands of one
    name. It must not outlive the trees, which it knows by their id()."""

    def __init__(self) -> None:
        self._names: dict[int, dict[str, list[Tree]]] = {}
        self._numbers: dict[tuple[int, str], dict[int, Tree]] = {}

    def __call__(self, parent: Tree | None, step: Place) -> Tree | None:
        """The element that stands there; None where there is none, or a blank one that only keeps the place."""
        if parent is None:
            return None
        name, number = step
        names = self._names.get(id(parent))
        if names is None:
            names = self._names[id(parent)] = _by_name(parent)
        if name not in names:
            return None
        numbers = self._numbers.get((id(parent), name))
        if numbers is None:
            numbers = self._numbers[id(parent), name] = _numbered(name, names[name])
        found = numbers.get(number)
        return found if found is not None and not _is_blank(found) else None


def _statements(given: Tree, pointed: _Pointed, child: _Children) -> Iterator[_Statement]:
    if not pointed.values and not pointed.below:
        yield _Statement((), given)
    yield from _below((), given, pointed, child)


def _below(
    place: tuple[Place, ...], given: Tree | None, pointed: _Pointed, child: _Children
) -> Iterator[_Statement]:
    for value in sorted(pointed.values):
        yield _Statement((*place, (value, 1)), child(given, (value, 1)))
    for name, number in sorted(pointed.below, key=str):
        said = pointed.below[name, number]
        step = (name, number or 1)
        if said.whole:
            yield _Statement((*place, step), child(given, step))
        yield from _below((*place, step), child(given, step), said, child)


def _says(content: Tree, pointed: _Pointed, statement: _Statement, child: _Children) -> bool:
    """Whether a delta states the same, or deletes the same."""
    found: Tree | None = content
    for step in statement.place:
        found = child(found, step)
    if statement.stated is not None:
        return found is not None and _restates(found, statement.stated)
    return found is None and _points_to(pointed, statement.place)


def _points_to(pointed: _Pointed, place: tuple[Place, ...]) -> bool:
    at = pointed
    for name, number in place:
        if at.whole or name in at.values:
            return True
        found = at.below.get((name, number)) or (at.below.get((name, None)) if number == 1 else None)
        if found is None:
            return False
        at = found
    return at.whole


def _restates(whole: Tree, part: Tree) -> bool:
    """Whether every value of `part` stands in `whole`; numbers are equal however they are written."""
    if part.text and not _same(part.text, whole.text):
        return False
    if any(
        name in whole.attributes and whole.attributes[name] != value
        for name, value in part.attributes.items()
    ):
        return False
    old, new = _by_name(whole), _by_name(part)
    for name, elements in new.items():
        mine = _numbered(name, old.get(name, []))
        for number, one in _numbered(name, elements).items():
            if not _is_blank(one) and (number not in mine or not _restates(mine[number], one)):
                return False
    return True


def _same(first: str, second: str) -> bool:
    """Customs writes 998.0 for 998."""
    return first == second or _plain(first) == _plain(second)


def _plain(text: str) -> str:
    return text.rstrip("0").rstrip(".") if _FRACTION.fullmatch(text) else text
