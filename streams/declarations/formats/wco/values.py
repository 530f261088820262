"""Values out of WCO elements: taken, and repaired where that leaves no doubt. What cannot be read is passed on as it was written:
the canonical reader, through which every version goes, leaves it out and says so."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from streams import tables
from streams.declarations import repair
from streams.declarations.reading import Reading
from streams.declarations.xml_tree import Node

MAP = tables.load("streams.declarations.formats.wco", "document.toml", dict[str, Any])
"""document.toml: which element is what."""

SOURCE_SYSTEM = "uk.cds"


class Invalid(Exception):
    """A value without which a message cannot be used, and where it stands."""

    def __init__(self, node: Node, problem: str) -> None:
        super().__init__(problem)
        self.node = node
        self.problem = problem


def value(node: Node | None, convert: Callable[[str], Any]) -> Any:
    """The converted text of an element, or the text where it cannot be converted with certainty; None where it is absent or
    blank."""
    given = node.take() if node is not None else None
    return None if given is None else _made(given, convert)


def _made(given: str, convert: Callable[[str], Any]) -> Any:
    try:
        made = convert(given)
    except ValueError:
        return given
    return given if isinstance(made, Reading) else made


def text(parent: Node, *path: str) -> str | None:
    found: str | None = value(parent.first(*path), repair.text)
    return found


def country(parent: Node, *path: str) -> Any:
    return value(parent.first(*path), repair.country)


def decimal(parent: Node, *path: str) -> Any:
    return value(parent.first(*path), repair.decimal)


def whole(parent: Node, *path: str) -> Any:
    return value(parent.first(*path), repair.whole)


def unit(parent: Node, *path: str) -> str | None:
    """The unitCode of an element that is not blank."""
    node = parent.first(*path)
    return node.take_attribute("unitCode") if node is not None and node.text.strip() else None


def amount(parent: Node, *path: str) -> tuple[Any, Any]:
    """An amount and its currency."""
    node = parent.first(*path)
    number = value(node, repair.decimal)
    if node is None or number is None:
        return None, None
    given = node.take_attribute("currencyID")
    return number, _made(given, repair.currency) if given else None


def mass(parent: Node, *path: str) -> Any:
    """A mass in kilograms; in a unit that is not known, as it was written with that unit."""
    node = parent.first(*path)
    number = value(node, repair.decimal)
    if node is None or number is None:
        return None
    code = (node.take_attribute("unitCode") or "KGM").upper()
    if code == "KGM":
        return number
    factor = MAP["weights"].get(code)
    try:
        return repair.decimal(format(Decimal(number) * Decimal(factor or "NaN"), "f"))
    except (ValueError, ArithmeticError):
        return f"{number} {code}"


def moment(parent: Node, name: str) -> Any:
    """A date and time in UTC, ISO 8601; it may stand in the element or in the DateTimeString within."""
    node = parent.first(name)
    if node is None:
        return None
    inner = next(iter(node.children), node)
    inner.take_attribute("formatCode")
    return value(inner, lambda given: repair.time(given).isoformat())
