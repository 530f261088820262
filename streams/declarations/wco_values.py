"""Values out of WCO elements: taken, repaired where that leaves no doubt, refused by name where it does not."""

import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from streams.declarations import repair
from streams.declarations.xml_tree import Node

T = TypeVar("T")

MAP: dict[str, Any] = tomllib.loads(Path(__file__).with_name("wco_dm.toml").read_text(encoding="utf-8"))
"""wco_dm.toml: which element is what."""

SOURCE_SYSTEM = "uk.cds"


class Invalid(Exception):
    """A value that cannot be used, and where it stands."""

    def __init__(self, node: Node, problem: str) -> None:
        super().__init__(problem)
        self.node = node
        self.problem = problem


def value(node: Node | None, convert: Callable[[str], T]) -> T | None:
    """The converted text of an element; None where it is absent or blank. Raises Invalid."""
    given = node.take() if node is not None else None
    if node is None or given is None:
        return None
    try:
        return convert(given)
    except ValueError as error:
        raise Invalid(node, str(error)) from None


def text(parent: Node, *path: str) -> str | None:
    return value(parent.first(*path), repair.text)


def country(parent: Node, *path: str) -> str | None:
    return value(parent.first(*path), repair.country)


def decimal(parent: Node, *path: str) -> str | None:
    return value(parent.first(*path), repair.decimal)


def whole(parent: Node, *path: str) -> int | None:
    return value(parent.first(*path), repair.whole)


def unit(parent: Node, *path: str) -> str | None:
    """The unitCode of an element that is not blank."""
    node = parent.first(*path)
    return node.take_attribute("unitCode") if node is not None and node.text.strip() else None


def amount(parent: Node, *path: str) -> tuple[str | None, str | None]:
    """An amount and its currency."""
    node = parent.first(*path)
    number = value(node, repair.decimal)
    if node is None or number is None:
        return None, None
    given = node.take_attribute("currencyID")
    try:
        return number, repair.currency(given) if given else None
    except ValueError as error:
        raise Invalid(node, f"currencyID: {error}") from None


def mass(parent: Node, *path: str) -> str | None:
    """A mass in kilograms."""
    node = parent.first(*path)
    number = value(node, repair.decimal)
    if node is None or number is None:
        return None
    code = (node.take_attribute("unitCode") or "KGM").upper()
    if code not in MAP["weights"]:
        raise Invalid(node, f"unitCode: a mass is given in {', '.join(MAP['weights'])}")
    return (
        number
        if code == "KGM"
        else repair.decimal(format(Decimal(number) * Decimal(MAP["weights"][code]), "f"))
    )


def moment(parent: Node, name: str) -> str | None:
    """A date and time in UTC, ISO 8601; it may stand in the element or in the DateTimeString within."""
    node = parent.first(name)
    if node is None:
        return None
    inner = next(iter(node.children), node)
    inner.take_attribute("formatCode")
    given = value(inner, repair.time)
    return given.isoformat() if given else None
