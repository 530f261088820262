"""SOAP taken off an XML message: what its Body carries, as elements or as a text that is XML itself."""

import base64
import binascii

from streams.declarations.errors import Unscreenable
from streams.declarations.xml_tree import Node, parse

NAMESPACES = frozenset(
    {"http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"}
)
"""SOAP 1.1 and 1.2, of W3C."""

WRAPPERS = 4
"""Levels of a Body within which a text may hold the message: send/request/message/content."""


def carried(root: Node) -> Node:
    """The message in a SOAP envelope; any other element as it is.

    Raises Unscreenable UNSUPPORTED_MESSAGE for a Body that is empty or holds a fault, and as `parse` does for a text in it.
    """
    if root.name != "Envelope" or root.namespace not in NAMESPACES:
        return root
    body = next((one for one in root.children if one.name == "Body"), None)
    if body is None or not (body.children or body.text.strip()):
        raise Unscreenable("UNSUPPORTED_MESSAGE", "a SOAP envelope with nothing in its Body")
    if any(one.name == "Fault" and one.namespace in NAMESPACES for one in body.children):
        raise Unscreenable("UNSUPPORTED_MESSAGE", "a SOAP fault, not a declaration")
    text = _text_of(body)
    if text is not None:
        return parse(text)
    if len(body.children) != 1:
        raise Unscreenable("UNSUPPORTED_MESSAGE", f"{len(body.children)} messages in one SOAP Body")
    return body.children[0]


def _text_of(body: Node) -> bytes | None:
    """The one text in a Body that is XML, as it stands or in base64."""
    level = [body]
    for _ in range(WRAPPERS + 1):
        if len(level) > 20:
            return None
        for one in level:
            text = one.text.strip()
            if one.children or not text:
                continue
            if text.startswith("<"):
                return text.encode()
            if text.startswith("P") and (inner := _decoded(text)) is not None:
                return inner
        level = [child for one in level for child in one.children]
    return None


def _decoded(text: str) -> bytes | None:
    """Base64 of XML: `<` in the first byte makes it begin with P."""
    try:
        inner = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return inner if inner[:1] == b"<" and b">" in inner else None
