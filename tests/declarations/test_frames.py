"""What a message is wrapped in is named, and a null value is a tombstone."""

import bz2
import gzip
import zlib
from datetime import UTC, datetime

import pytest

from streams.declarations.errors import Unscreenable
from streams.declarations.events import Ignored
from streams.declarations.formats.adapters import NONE, read
from tests.declarations.test_adapters import FORMATS_READ, LIMIT, RECEIVED, reason
from tests.factory import encoded

VALUE = encoded()
REGISTRY = "schema registry"


def refused(data: bytes, format: str = "auto") -> Unscreenable:
    with pytest.raises(Unscreenable) as error:
        read(data, format=format, received=RECEIVED, max_bytes=LIMIT, formats=FORMATS_READ)
    return error.value


@pytest.mark.parametrize(
    "number", [0, 1, 2, 9, 10, 13, 32, 60, 91, 123, 255, 256, 8192, 2570, 100_041, 2**31 - 1]
)
@pytest.mark.parametrize("value", [b"<a/>", b"\x02\x06abc", b"\x00\x0c\x00", b" ", b"\n{}"])
@pytest.mark.parametrize("format", ["auto", *NONE.names])
def test_a_frame_of_a_schema_registry_is_named_with_its_schema(
    number: int, value: bytes, format: str
) -> None:
    error = refused(b"\0" + number.to_bytes(4) + value, format)
    assert error.reason == "UNKNOWN_FORMAT"
    assert REGISTRY in error.detail
    assert f"schema id {number})" in error.detail


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (gzip.compress(VALUE, mtime=0)[:-9], "gzip that is cut short"),
        (gzip.compress(VALUE, mtime=0)[:9] + b"x" * 90, "gzip that is broken"),
        (gzip.compress(VALUE, mtime=0) + b"x", "gzip with other bytes behind it"),
        (zlib.compress(VALUE)[:-1], "zlib that is cut short"),
        (zlib.compress(VALUE, 9) + b"x", "zlib with"),
        (b"\x28\xb5\x2f\xfd\x20\x05", "zstd"),
        (bz2.compress(VALUE), "bzip2"),
        (b"PK\x03\x04\x14\x00", "zip"),
        (b"Obj\x01\x04\x16avro.schema", "Avro container"),
        (b"\xc3\x01" + b"12345678" + b"\x02", "Avro"),
        (b"\x03\x00" + b"u" * 16 + VALUE, "Glue schema registry"),
        (b"\x03\x05" + b"u" * 16 + zlib.compress(VALUE), "Glue schema registry"),
        (b"\xac\xed\x00\x05t\x00\x03abc", "Java"),
        (b"\x0a\x05hello\x12\x03abc", "Protobuf"),
        (b"\x30\x82\x01\x0a\x06\x09", "signed"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_what_packs_a_message_is_named(data: bytes, name: str) -> None:
    error = refused(data)
    assert error.reason == "UNKNOWN_FORMAT"
    assert name in error.detail


def test_nothing_is_taken_for_a_frame_that_is_text() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><a/>'
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32-be", "utf-32-le"):
        assert reason(text.encode(encoding)) == "UNSUPPORTED_MESSAGE"
        assert reason(VALUE.decode().encode(encoding)) == "NOT_UTF8"
    assert reason(b"\0" * 9) == "EMPTY"
    assert reason(b"") == "EMPTY"


@pytest.mark.parametrize("format", ["auto", *NONE.names])
def test_a_null_value_is_a_tombstone(format: str) -> None:
    received = datetime(2026, 11, 26, tzinfo=UTC)
    said = read(None, format=format, received=received, max_bytes=LIMIT, formats=FORMATS_READ)
    assert said == Ignored("tombstone")
