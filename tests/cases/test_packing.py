"""What a state keeps, packed and read again: also what earlier releases packed, and what nobody of ours did."""

import contextlib
import zlib
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zstandard import ZstdCompressor

from streams.cases import packing
from streams.cases.packing import NEWEST, Kind, pack, unpack
from streams.declarations.errors import NewerRelease
from streams.declarations.unpacking import MAX_RECORD, Unpackable
from tests.declarations.strategies import STEADY

KINDS = pytest.mark.parametrize("kind", get_args(Kind))
MIB = 1024 * 1024


@KINDS
@STEADY
@given(text=st.binary(max_size=2_000))
def test_what_is_packed_is_read_the_same(kind: Kind, text: bytes) -> None:
    assert unpack(kind, pack(kind, text)) == text


@KINDS
def test_what_zlib_packed_by_the_first_dictionaries_is_read(kind: Kind) -> None:
    text = b'{"declarationKey":"kg|1"}' * 20
    packer = zlib.compressobj(3, zdict=packing._dictionary(kind, 1))
    assert unpack(kind, b"\x01" + packer.compress(text) + packer.flush()) == text


@KINDS
@STEADY
@given(broken=st.binary(min_size=1, max_size=200))
def test_no_bytes_raise_anything_else(kind: Kind, broken: bytes) -> None:
    for number in (1, NEWEST):
        with contextlib.suppress(Unpackable):
            unpack(kind, bytes([number]) + broken)


@KINDS
def test_a_frame_that_says_more_than_a_record_or_not_how_much_is_refused(kind: Kind) -> None:
    packer = ZstdCompressor().compressobj(size=MAX_RECORD + MIB)
    block = b"x" * MIB
    bomb = b"".join(packer.compress(block) for _ in range(MAX_RECORD // MIB + 1)) + packer.flush()
    with pytest.raises(Unpackable, match="more than"):
        unpack(kind, bytes([NEWEST]) + bomb)
    unsized = ZstdCompressor(write_content_size=False).compress(block)
    with pytest.raises(Unpackable):
        unpack(kind, bytes([NEWEST]) + unsized)


@KINDS
def test_a_dictionary_to_come_is_a_newer_release_s(kind: Kind) -> None:
    with pytest.raises(NewerRelease):
        unpack(kind, bytes([NEWEST + 1]) + pack(kind, b"{}")[1:])
