"""Compression of what a state keeps, against dictionaries of what such texts always say: half of what zlib alone leaves.

The first byte of a packed value is the number of its dictionaries. They are files that never change once released: a
state written with them must be read for years. New ones get a new number (tests/bench/dictionaries.py makes them).
"""

import zlib
from functools import cache
from importlib import resources
from typing import Literal

from streams.declarations.errors import NewerRelease
from streams.declarations.unpacking import Unpackable, inflate

Kind = Literal["image", "event", "verdict", "asking"]

NEWEST = 1
LEVEL = 3
"""zlib's: 4 makes nothing smaller, 1 is hardly faster."""


def pack(kind: Kind, text: bytes) -> bytes:
    """`text`, packed by the newest dictionary of its kind."""
    packer = zlib.compressobj(LEVEL, zdict=_dictionary(kind, NEWEST))
    return bytes([NEWEST]) + packer.compress(text) + packer.flush()


def unpack(kind: Kind, packed: bytes) -> bytes:
    """What was packed.

    Raises NewerRelease for a dictionary this release has not, and Unpackable, a ValueError like it, for broken bytes and for
    such as say more than MAX_RECORD: a foreign record in a topic of ours must not take a worker's memory.
    """
    if not packed:
        raise Unpackable("nothing, where packed bytes are expected")
    return inflate(packed[1:], dictionary=_dictionary(kind, packed[0]))


@cache
def _dictionary(kind: Kind, number: int) -> bytes:
    # An event says what an image says.
    name = f"{'image' if kind == 'event' else kind}-{number}.dict"
    try:
        return resources.files("streams.cases").joinpath("dictionaries", name).read_bytes()
    except FileNotFoundError:
        if number < NEWEST:
            raise ValueError(f"a state was packed with {name}, which there never was") from None
        raise NewerRelease(
            f"a state was packed with {name}, which this release has not: it was written by a newer one"
        ) from None
