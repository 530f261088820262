"""Names what a message is wrapped or packed in, where that is neither JSON nor XML: whoever sends it can then mend it."""

from msgspec import Struct

from streams import tables
from streams.declarations.encodings import wide
from streams.declarations.errors import Unscreenable

REGISTRY = 5
"""Bytes that a schema registry's serializer writes before the value: magic byte 0 and the id of the schema, four bytes, the
highest first (Confluent wire format). Apicurio's older ones write eight bytes of id, which begin with zeros."""


class _Frame(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    begins: str
    """its first bytes, hexadecimal"""
    advice: str
    source: str
    least: int = 0
    """bytes that it has at least"""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    as_of: str
    frame: tuple[_Frame, ...]


_FRAMES = tuple(
    (bytes.fromhex(frame.begins), frame)
    for frame in tables.load("streams.declarations", "frames.toml", _File).frame
)


def refuse_framed(data: bytes) -> None:
    """Lets text pass. Looks at the first bytes alone.

    Raises Unscreenable UNKNOWN_FORMAT for a message in a frame that is known: a schema registry's, a compression, a container.
    """
    if data[:1] in (b"{", b"<"):
        return
    if data[:1] == b"\0" and len(data) >= REGISTRY and any(data) and wide(data) is None:
        number = int.from_bytes(data[1:REGISTRY])
        raise Unscreenable(
            "UNKNOWN_FORMAT",
            f"a frame of a schema registry (magic byte 0, schema id {number}): send the plain value (JSON or XML), without the "
            "serializer of the registry",
        )
    for begins, one in _FRAMES:
        if data.startswith(begins) and len(data) >= one.least:
            raise Unscreenable("UNKNOWN_FORMAT", f"{one.name}: {one.advice}")


def unknown(data: bytes) -> Unscreenable:
    """For a message that begins neither as JSON nor as XML, and is in no frame that is known."""
    start = data[:64]
    if any(byte < 0x20 and byte not in b"\t\n\r\f" for byte in start):
        what = "binary, such as Protobuf or Avro without a frame"
    else:
        what = "it begins neither as JSON ({) nor as XML (<)"
    return Unscreenable("UNKNOWN_FORMAT", what)
