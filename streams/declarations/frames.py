"""Names what a message is wrapped or packed in, where that is neither JSON nor XML: whoever sends it can then mend it."""

from msgspec import Struct

from streams import tables
from streams.declarations.errors import Unscreenable


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

    Raises Unscreenable UNKNOWN_FORMAT for a message in a frame that is known: a compression, a container, a serializer.
    """
    if data[:1] in (b"{", b"<"):
        return
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
