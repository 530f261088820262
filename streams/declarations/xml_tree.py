"""XML read safely into a light tree that knows what of it has been used."""

import io
from collections import Counter
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, InputSource

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from streams.declarations.encodings import xml_text
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Tree

MAX_DEPTH = 30
"""Levels. Customs declarations have under 15; what is kept of them as JSON has at most twice as many."""
MAX_ELEMENTS = 300_000
"""A declaration of 999 items with 300 elements each. 4 MiB could hold a million, at 100 bytes of memory each."""
MAX_NAME = 500
"""Characters of an element's or a namespace's name. They are repeated in every error and in what is kept."""

NUMBER = "SequenceNumeric"
"""Says which one of several an element is; kept with what is left over of it, never for itself."""

_NO_CHILDREN: "list[Node]" = []
"""Shared by all that have none, which are most; never appended to."""


class Node:
    """An element: local name, namespace, attributes, text and children.

    `taken` is set where its text has been used: whatever was never taken is left over, and kept (see `left_over`).
    """

    __slots__ = ("attributes", "children", "name", "namespace", "taken", "text")

    def __init__(self, name: str, namespace: str, attributes: dict[str, str] | None) -> None:
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.text = ""
        self.children = _NO_CHILDREN
        self.taken = False

    def first(self, *path: str) -> "Node | None":
        """The first element down a path of local names."""
        node = self
        for name in path:
            found = next((child for child in node.children if child.name == name), None)
            if found is None:
                return None
            node = found
        return node

    def all(self, name: str) -> "list[Node]":
        return [child for child in self.children if child.name == name]

    def take(self) -> str | None:
        """The text, marked as used; None where it is blank."""
        self.taken = True
        return self.text.strip() or None

    def take_attribute(self, name: str) -> str | None:
        """An attribute, marked as used."""
        return self.attributes.pop(name, "").strip() or None if self.attributes else None


class _Builder(ContentHandler):
    # Namespaces are resolved here: expat, told to do it, repeats the whole name for every element and attribute,
    # and a long one times many is a way to bring a worker down.

    def __init__(self) -> None:
        super().__init__()
        self.root: Node | None = None
        self._open: list[Node] = []
        self._texts: list[list[str]] = []
        self._scopes: list[dict[str, str]] = []
        self._count = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self._count += 1
        if self._count > MAX_ELEMENTS:
            raise Unscreenable("SCHEMA_VIOLATION", f"more than {MAX_ELEMENTS} XML elements")
        if len(self._open) >= MAX_DEPTH:
            raise Unscreenable("NOT_XML", f"nested deeper than {MAX_DEPTH} levels")
        scope, attributes = _attributes(dict(attrs)) if len(attrs) else ({}, None)
        self._scopes.append(scope)
        prefix, _, local = name.rpartition(":")
        if len(local) > MAX_NAME:
            raise Unscreenable("NOT_XML", f"an element name longer than {MAX_NAME} characters")
        node = Node(local, self._namespace(prefix), attributes)
        if self._open:
            parent = self._open[-1]
            if parent.children is _NO_CHILDREN:
                parent.children = []
            parent.children.append(node)
        else:
            self.root = node
        self._open.append(node)
        self._texts.append([])

    def endElement(self, name: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())
        self._scopes.pop()

    def characters(self, content: str) -> None:
        if self._texts:
            self._texts[-1].append(content)

    def close(self) -> Node | None:
        """The root; the builder lets go of it. Parser and builder refer to each other, and stay until they are collected."""
        root, self.root = self.root, None
        self._open, self._texts = [], []
        return root

    def _namespace(self, prefix: str) -> str:
        for scope in reversed(self._scopes):
            if prefix in scope:
                return scope[prefix]
        return ""


def _attributes(given: dict[str, str]) -> tuple[dict[str, str], dict[str, str] | None]:
    """Namespaces declared on an element, and its own plain attributes. Those with a prefix (xsi:...) are about the
    document, not the declaration."""
    scope = {}
    plain = {}
    for name, value in given.items():
        if name == "xmlns" or name.startswith("xmlns:"):
            scope[name[6:]] = value[:MAX_NAME]
        elif ":" not in name and len(name) <= MAX_NAME:
            plain[name] = value
    return scope, plain or None


def parse(data: bytes) -> Node:
    """The root element.

    Raises Unscreenable: NOT_XML (broken, nested too deep, or not in the encoding declared), NOT_UTF8, FORBIDDEN_XML (a DOCTYPE
    or entity), SCHEMA_VIOLATION (too many elements).
    """
    text = xml_text(data)
    unindented = text.lstrip()
    source = InputSource()
    # Text, for which the encoding that it declares does not count any more.
    source.setCharacterStream(io.StringIO(unindented if unindented.startswith("<?xml") else text))
    builder = _Builder()
    try:
        defusedxml.sax.parse(source, builder, forbid_dtd=True)
    except DefusedXmlException:
        raise Unscreenable("FORBIDDEN_XML", "a DOCTYPE or an entity: neither is allowed here") from None
    except SAXParseException as error:
        raise Unscreenable(
            "NOT_XML",
            f"line {error.getLineNumber()}, column {error.getColumnNumber()}: {error.getMessage()[:100]}",
        ) from None
    except (ValueError, LookupError):
        raise Unscreenable("NOT_XML", "in an encoding that cannot be read") from None
    finally:
        root = builder.close()
    if root is None:
        raise Unscreenable("NOT_XML", "no element")
    return root


def tree(node: Node) -> Tree:
    """An element as a plain value: what the adapters use of it. The node's own marks of what is taken are left out."""
    return Tree(
        node.name, node.text.strip(), dict(node.attributes or {}), tuple(tree(one) for one in node.children)
    )


def node(given: Tree) -> Node:
    """An element again, none of it taken; its namespace is not known any more."""
    made = Node(given.name, "", dict(given.attributes) or None)
    made.text = given.text
    if given.children:
        made.children = [node(one) for one in given.children]
    return made


def path_to(root: Node, wanted: Node) -> str:
    """Where an element stands, such as `GoodsShipment/GovernmentAgencyGoodsItem[2]/Origin`; the root is not named."""
    stack = [(root, "")]
    while stack:
        node, path = stack.pop()
        if node is wanted:
            return path or root.name
        counts = Counter(child.name for child in node.children)
        seen: Counter[str] = Counter()
        for child in node.children:
            seen[child.name] += 1
            number = f"[{seen[child.name]}]" if counts[child.name] > 1 else ""
            stack.append((child, f"{path}/{child.name}{number}".lstrip("/")))
    return wanted.name


def left_over(node: Node) -> dict[str, Any] | str | None:
    """What of an element was never taken, as nested JSON; None where nothing was.

    An element of plain values is kept whole when one of them is left over, and a numbered one with its number: alone,
    a value would mean little.
    """
    if not node.children:
        return _leaf(node, only_untaken=True)
    plain = [child for child in node.children if not child.children]
    nested = [child for child in node.children if child.children]
    untaken = any(_leaf(child, only_untaken=True) is not None for child in plain)
    kept: dict[str, Any] = {}
    if untaken and not nested:
        for child in plain:
            _add(kept, child.name, _leaf(child, only_untaken=False))
        return kept
    for child in node.children:
        _add(kept, child.name, left_over(child))
    if not node.taken and node.text.strip():
        kept["#text"] = node.text.strip()
    if kept:
        number = node.first(NUMBER)
        if number is not None:
            kept.setdefault(NUMBER, number.text.strip())
    return kept or None


def _leaf(node: Node, only_untaken: bool) -> dict[str, Any] | str | None:
    if only_untaken and node.name == NUMBER:
        return None
    text = "" if only_untaken and node.taken else node.text.strip()
    if node.attributes:
        return {"#text": node.text.strip()} | {f"@{name}": value for name, value in node.attributes.items()}
    return text or None


def _add(kept: dict[str, Any], name: str, value: dict[str, Any] | str | None) -> None:
    if value is None:
        return
    if name not in kept:
        kept[name] = value
    elif isinstance(kept[name], list):
        kept[name].append(value)
    else:
        kept[name] = [kept[name], value]
