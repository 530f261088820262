"""Zip archives that `zipfile` cannot read, made of good ones."""

import re
import struct
from collections.abc import Callable
from typing import Literal

Header = Literal["flags", "method"]
_HEADS = {b"PK\x03\x04": {"flags": 6, "method": 8}, b"PK\x01\x02": {"flags": 8, "method": 10}}
"""Where a file's own head and its line in the directory say them."""


def _with(data: bytes, field: Header, value: int) -> bytes:
    made = bytearray(data)
    for head, places in _HEADS.items():
        for found in re.finditer(re.escape(head), data):
            struct.pack_into("<H", made, found.start() + places[field], value)
    return bytes(made)


UNREADABLE: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("compression", lambda data: _with(data, "method", 97)),
    ("password", lambda data: _with(data, "flags", 1)),
)
"""What messages say of each, and how one is made: a compression that nobody knows, a password."""
