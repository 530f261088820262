"""Unpacking with a limit: a few bytes can say a gigabyte, in a user's file and in a record that somebody else wrote."""

import zlib
from collections.abc import Iterator
from typing import IO, AnyStr

MAX_RECORD = 64 * 1024 * 1024
"""Bytes of one value of a state, or of one message within a record of ours, unpacked. A message has 4 MiB unless a setting says
otherwise, its version as JSON a few times as much, and no record of ours more than the broker takes of it packed."""

MAX_LINE = 64 * 1024 * 1024
"""Bytes of one line, or of one document, in a file: far above the largest declaration and the longest row of any statistics."""


class Unpackable(ValueError):
    """Packed bytes that are broken, or that say more than the limit. The message names the limit and repeats no content."""


def inflate(packed: bytes, limit: int = MAX_RECORD, dictionary: bytes = b"") -> bytes:
    """The bytes that zlib packed. Takes no more memory than twice `limit`.

    Raises Unpackable where they are broken, cut short, or more than `limit`.
    """
    unpacker = zlib.decompressobj(zdict=dictionary)
    try:
        data = unpacker.decompress(packed, limit)
        if not unpacker.eof:
            data += unpacker.decompress(unpacker.unconsumed_tail, 1)
    except zlib.error as error:
        raise Unpackable(f"packed bytes that are broken: {error}") from None
    if len(data) > limit:
        raise Unpackable(f"packed bytes that say more than {limit} bytes")
    if not unpacker.eof:
        raise Unpackable("packed bytes that are cut short")
    return data


def bounded_lines(stream: IO[AnyStr], name: str, limit: int = MAX_LINE) -> Iterator[AnyStr]:
    """The lines of a file, with their ends. Raises Unpackable, naming file and line, for one longer than `limit` bytes, or
    characters where the file is read as text."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit:
            raise Unpackable(f"{name}: line {number} is longer than {limit} bytes")
        yield line
