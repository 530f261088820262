"""Compression of what a state keeps, against dictionaries of what such texts always say: a third of what packing without them
leaves, and an eighth of the time.

The first byte of a packed value is the number of its dictionaries. They are files that never change once released: a
state written with them must be read for years. New ones get a new number (tests/bench/dictionaries.py makes them). Number 1 is
zlib's, those after it zstd's.
"""

from functools import cache
from importlib import resources
from typing import Literal

from zstandard import ZstdCompressionDict, ZstdCompressor, ZstdDecompressor, ZstdError, frame_content_size

from streams.declarations.errors import NewerRelease
from streams.declarations.unpacking import MAX_RECORD, Unpackable, inflate

Kind = Literal["image", "event", "verdict", "asking"]

NEWEST = 2
LEVEL = 1
"""zstd's: 3 makes a twentieth less, and takes twice the time."""
_NUMBER = bytes([NEWEST])


def pack(kind: Kind, text: bytes) -> bytes:
    """`text`, packed by the newest dictionary of its kind."""
    return _NUMBER + _packer(kind).compress(text)


def unpack(kind: Kind, packed: bytes) -> bytes:
    """What was packed.

    Raises NewerRelease for a dictionary this release has not, and Unpackable, a ValueError like it, for broken bytes and for
    such as say more than MAX_RECORD: a foreign record in a topic of ours must not take a worker's memory.
    """
    if not packed:
        raise Unpackable("nothing, where packed bytes are expected")
    if packed[0] == 1:
        return inflate(packed[1:], dictionary=_dictionary(kind, 1))
    unpacker = _unpacker(kind, packed[0])
    frame = packed[1:]
    try:
        if not 0 <= frame_content_size(frame) <= MAX_RECORD:
            raise Unpackable(f"packed bytes that say more than {MAX_RECORD} bytes")
        return unpacker.decompress(frame, allow_extra_data=False)
    except ZstdError as error:
        raise Unpackable(f"packed bytes that are broken: {error}") from None


@cache
def _packer(kind: Kind) -> ZstdCompressor:
    dictionary = ZstdCompressionDict(_dictionary(kind, NEWEST))
    dictionary.precompute_compress(level=LEVEL)
    return ZstdCompressor(dict_data=dictionary, level=LEVEL)


@cache
def _unpacker(kind: Kind, number: int) -> ZstdDecompressor:
    return ZstdDecompressor(dict_data=ZstdCompressionDict(_dictionary(kind, number)))


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
