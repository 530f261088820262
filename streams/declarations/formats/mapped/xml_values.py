"""XML as plain values, as a map reads them: an element is an object of what it holds, by local names; one that stands several
times is a list; one without children is its text. Attributes are `@name`; the text beside them is `#text`."""

from typing import Any

from streams.declarations.formats.mapped.field_paths import TEXT
from streams.declarations.xml_tree import Node


def plain_values(node: Node) -> Any:
    """The values of an element."""
    if not node.children and not node.attributes:
        return node.text.strip(" \t\r\n")
    made: dict[str, Any] = {f"@{name}": value for name, value in (node.attributes or {}).items()}
    several: set[str] = set()
    for child in node.children:
        name, value = child.name, plain_values(child)
        if name not in made:
            made[name] = value
        elif name in several:
            made[name].append(value)
        else:
            several.add(name)
            made[name] = [made[name], value]
    text = node.text.strip()
    if text:
        made[TEXT] = text
    return made


def without(value: Any, absent: frozenset[str], empty: str | None) -> Any:
    """Without the values that say that there is nothing: texts such as `-`, and elements that hold only an empty `empty`."""
    if isinstance(value, dict):
        if (
            empty is not None
            and value.get(empty) == ""
            and all(name[:1] == "@" for name in value if name != empty)
        ):
            return {name: one for name, one in value.items() if name != empty} or None
        return {name: without(one, absent, empty) for name, one in value.items()}
    if isinstance(value, list):
        return [without(one, absent, empty) for one in value]
    return None if isinstance(value, str) and value.strip() in absent else value
