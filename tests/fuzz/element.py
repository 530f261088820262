"""An XML element that can be written wrong: the mutations work on it, and nothing of it is checked."""

from collections.abc import Iterator
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr


class Element:
    """Name, text, attributes and children, all of them open to change. `raw` stands in place of everything else."""

    __slots__ = ("attributes", "children", "name", "raw", "text")

    def __init__(self, name: str, text: str = "", children: "list[Element] | None" = None) -> None:
        self.name = name
        self.text = text
        self.attributes: dict[str, str] = {}
        self.children: list[Element] = children or []
        self.raw: str | None = None

    def copy(self) -> "Element":
        made = Element(self.name, self.text, [child.copy() for child in self.children])
        made.attributes = dict(self.attributes)
        made.raw = self.raw
        return made

    def walk(self) -> "Iterator[Element]":
        """Itself and everything below."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack += element.children

    def written(self, out: list[str], prefix: str = "") -> None:
        """Appends its XML. Recursive: what is nested deep is put into `raw`."""
        if self.raw is not None:
            out.append(self.raw)
            return
        attributes = "".join(f" {name}={quoteattr(value)}" for name, value in self.attributes.items())
        out.append(f"<{prefix}{self.name}{attributes}>{escape(self.text)}")
        for child in self.children:
            child.written(out, prefix)
        out.append(f"</{prefix}{self.name}>")


def parse(data: bytes) -> Element:
    """A trusted document; namespaces, comments and indentation are left behind."""
    return _taken(ElementTree.fromstring(data))


def _taken(given: ElementTree.Element) -> Element:
    made = Element(
        given.tag.rpartition("}")[2], (given.text or "").strip(), [_taken(child) for child in given]
    )
    made.attributes = {name: value for name, value in given.attrib.items() if not name.startswith("{")}
    return made
