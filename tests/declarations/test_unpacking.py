"""A few bytes that say a gigabyte take no memory: state values, packed messages, users' files."""

import contextlib
import gzip
import io
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.cases.packing import Kind, pack, unpack
from streams.cli.baselines import read_baseline_file
from streams.cli.common import UsageError
from streams.declarations.unpacking import MAX_LINE, MAX_RECORD, Unpackable, bounded_lines, inflate
from streams.errors import UserError
from streams.message_files import read_paths
from tests.declarations.strategies import STEADY

MIB = 1024 * 1024


def bomb(size: int, packer: "zlib._Compress") -> bytes:
    """`size` letters, without ever holding them."""
    block = b"x" * MIB
    return b"".join(packer.compress(block) for _ in range(size // MIB)) + packer.flush()


def peak(call: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def gigabyte() -> bytes:
    return bomb(1024 * MIB, zlib.compressobj(9))


def test_a_bomb_is_refused_and_takes_no_memory(gigabyte: bytes) -> None:
    assert len(gigabyte) < 2 * MIB

    def explode() -> None:
        with pytest.raises(Unpackable, match=f"more than {MAX_RECORD} bytes"):
            inflate(gigabyte)

    assert peak(explode) < 3 * MAX_RECORD


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_packed_state_that_is_a_bomb_is_refused(kind: Kind, gigabyte: bytes) -> None:
    with pytest.raises(ValueError, match="more than"):
        unpack(kind, b"\x01" + gigabyte)


@pytest.mark.parametrize("kind", get_args(Kind))
@given(st.binary(max_size=300))
@STEADY
def test_broken_packed_bytes_are_a_value_error(kind: Kind, data: bytes) -> None:
    """So that a state value of them can be set aside."""
    with contextlib.suppress(ValueError):
        unpack(kind, data)
    assert unpack(kind, pack(kind, data)) == data


@given(st.binary(max_size=3000), st.integers(0, 3000))
@STEADY
def test_what_was_packed_comes_back_up_to_the_limit(data: bytes, limit: int) -> None:
    packed = zlib.compress(data)
    if len(data) <= limit:
        assert inflate(packed, limit) == data
    else:
        with pytest.raises(Unpackable, match="more than"):
            inflate(packed, limit)


def test_what_is_cut_short_is_refused() -> None:
    packed = zlib.compress(b"declaration" * 100)
    for length in range(len(packed)):
        with pytest.raises(Unpackable):
            inflate(packed[:length])


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(bomb(MAX_LINE + 8 * MIB, zlib.compressobj(9, wbits=31)))

    def explode() -> None:
        with pytest.raises(UserError, match="line 1 is longer than"):
            list(read_paths([path]))

    assert peak(explode) < 3 * MAX_LINE
    document = path.rename(tmp_path / "bomb.xml.gz")
    with pytest.raises(UserError, match="a document of more than"):
        list(read_paths([document]))
    with pytest.raises(UsageError, match="line 1 is longer than"):
        read_baseline_file(document)


def test_lines_are_those_of_the_file() -> None:
    text = b"a\n\nb\r\nc"
    assert list(bounded_lines(io.BytesIO(text), "x", 3)) == [b"a\n", b"\n", b"b\r\n", b"c"]
    with pytest.raises(Unpackable, match="x: line 3 is longer than 2 bytes"):
        list(bounded_lines(io.BytesIO(text), "x", 2))


def test_a_file_of_one_binary_record_is_one_message(tmp_path: Path) -> None:
    """A schema registry's frame with the id 10, which is a line end."""
    record = b"\0" + (10).to_bytes(4) + b'{"a": 1}'
    path = tmp_path / "record.bin"
    for content in (record, gzip.compress(record)):
        path.write_bytes(content)
        assert [message.data for message in read_paths([path])] == [record]
