"""Envelopes are taken off before a format is recognised, whatever stands in them; what is unpacked is bounded; and what cannot
be taken off is named."""

import base64
import gzip
import json
import re
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard

from streams.declarations import canonical
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Ignored
from streams.declarations.formats.adapters import NONE, Formats, load_field_map, read_all, split
from streams.declarations.model import DeclarationVersion
from tests.declarations import versions
from tests.factory import encoded

RECEIVED = datetime(2026, 11, 26, tzinfo=UTC)
LIMIT = 4 * 1024 * 1024
XML = (Path(__file__).parent / "fixtures" / "export.xml").read_bytes()
JSON = encoded()
WRAPPED: dict[str, bytes] = {"json": JSON, "xml": XML}


def read(
    data: bytes, format: str = "auto", formats: Formats = NONE, limit: int = LIMIT
) -> DeclarationVersion:
    return versions.read(data, format=format, received=RECEIVED, max_bytes=limit, formats=formats)


def refusal(data: bytes, limit: int = LIMIT) -> Unscreenable:
    with pytest.raises(Unscreenable) as error:
        read(data, limit=limit)
    return error.value


def connect(inner: bytes) -> bytes:
    return json.dumps({"schema": {"type": "string"}, "payload": inner.decode()}).encode()


def connect_object(inner: bytes) -> bytes:
    if inner[:1] != b"{":
        return connect(inner)
    return b'{"schema": {"type": "struct", "fields": []}, "payload": ' + inner + b"}"


def connect_bytes(inner: bytes) -> bytes:
    return json.dumps({"schema": {"type": "bytes"}, "payload": base64.b64encode(inner).decode()}).encode()


def cloud_event(inner: bytes) -> bytes:
    data: Any = msgspec.Raw(inner) if inner[:1] == b"{" else inner.decode()
    return msgspec.json.encode({"id": "1", "source": "/s", "specversion": "1.0", "type": "t", "data": data})


def cloud_event_base64(inner: bytes) -> bytes:
    return json.dumps({"specversion": "1.0", "data_base64": base64.b64encode(inner).decode()}).encode()


def debezium(inner: bytes) -> bytes:
    after: Any = msgspec.Raw(inner) if inner[:1] == b"{" else inner.decode()
    return msgspec.json.encode({"before": None, "after": after, "source": {"db": "x"}, "op": "c"})


def raw_deflate(inner: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(inner) + packer.flush()


def registry(inner: bytes) -> bytes:
    return b"\0\0\0\0\x11" + inner if inner[:1] == b"{" else inner


def soap(inner: bytes) -> bytes:
    if inner[:1] != b"<":
        return inner
    body = re.sub(rb"<\?.*?\?>|<!--.*?-->", b"", inner, flags=re.DOTALL)
    return (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header/><s:Body><send>'
        + body
        + b"</send></s:Body></s:Envelope>"
    )


def soap_text(inner: bytes) -> bytes:
    if inner[:1] != b"<":
        return inner
    text = inner.decode().replace("&", "&amp;").replace("<", "&lt;")
    return f'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><put><content>{text}</content></put></e:Body></e:Envelope>'.encode()


def soap_base64(inner: bytes) -> bytes:
    if inner[:1] != b"<":
        return inner
    text = base64.encodebytes(inner).decode()
    return f'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><put>{text}</put></e:Body></e:Envelope>'.encode()


ENVELOPES: list[Callable[[bytes], bytes]] = [
    gzip.compress,
    zlib.compress,
    lambda data: zlib.compress(data, 0),
    zstandard.compress,
    zstandard.ZstdCompressor(write_content_size=False).compress,
    raw_deflate,
    connect,
    connect_object,
    connect_bytes,
    cloud_event,
    cloud_event_base64,
    debezium,
    registry,
    soap,
    soap_text,
    soap_base64,
    lambda data: b"\xef\xbb\xbf \n" + connect(data),
    lambda data: gzip.compress(cloud_event(connect_object(debezium(soap(data))))),
    lambda data: registry(connect_object(debezium(data))),
]


@pytest.mark.parametrize("wrap", ENVELOPES)
@pytest.mark.parametrize("name", WRAPPED)
def test_what_an_envelope_carries_is_read_as_if_it_stood_alone(
    wrap: Callable[[bytes], bytes], name: str
) -> None:
    assert canonical.encode(read(wrap(WRAPPED[name]))) == canonical.encode(read(WRAPPED[name]))


@pytest.mark.parametrize("wrap", ENVELOPES)
def test_also_where_the_format_is_named(wrap: Callable[[bytes], bytes]) -> None:
    assert read(wrap(JSON), "canonical") == read(JSON, "canonical")
    assert read(wrap(XML), "wco-dm") == read(XML, "wco-dm")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"before": {"x": 1}, "after": None, "op": "d"}, "debezium delete"),
        ({"schema": {}, "payload": {"before": {"x": 1}, "after": None, "op": "d"}}, "debezium delete"),
        ({"before": None, "after": None, "op": "t"}, "debezium truncate"),
        ({"envelope": {}, "__deleted": "true"}, "debezium delete"),
        ({"x": 1, "__deleted": True}, "debezium delete"),
        ({"schema": None, "payload": None}, "tombstone"),
    ],
)
def test_a_delete_says_nothing_of_a_declaration(data: Any, kind: str) -> None:
    sent = json.dumps(data).encode()
    assert read_all(sent, received=RECEIVED, max_bytes=LIMIT) == [Ignored(kind)]


@pytest.mark.parametrize(
    ("data", "reason", "said"),
    [
        (gzip.compress(b" " * (LIMIT + 1), mtime=0), "TOO_LARGE", "gzip of more than"),
        (zlib.compress(b" " * (LIMIT + 1)), "TOO_LARGE", "zlib of more than"),
        (zstandard.compress(b" " * (LIMIT + 1)), "TOO_LARGE", "zstd of more than"),
        (zstandard.compress(XML)[:-9], "UNKNOWN_FORMAT", "zstd that is"),
        (zstandard.compress(XML)[:9] + b"x" * 99, "UNKNOWN_FORMAT", "zstd that is"),
        (gzip.compress(b"", mtime=0), "EMPTY", "no content"),
        (
            gzip.compress(gzip.compress(b"nothing known", mtime=0), mtime=0),
            "UNKNOWN_FORMAT",
            "neither as JSON",
        ),
        (gzip.compress(b"%PDF-1.7", mtime=0), "UNKNOWN_FORMAT", "PDF"),
        (b'{"specversion": "1.0", "type": "t"}', "UNSUPPORTED_MESSAGE", "without data"),
        (b'{"specversion": "1.0", "data": null}', "UNSUPPORTED_MESSAGE", "without data"),
        (b'{"specversion": "1.0", "data_base64": "%%"}', "UNKNOWN_FORMAT", "not base64"),
        (b'{"schema": {"type": "bytes"}, "payload": "%%"}', "UNKNOWN_FORMAT", "not base64"),
        (b"[]", "SCHEMA_VIOLATION", "without a declaration"),
        (b"[[[[[" + JSON + b"]]]]]", "UNSUPPORTED_MESSAGE", "arrays in one another"),
        (b"[1,2]", "SCHEMA_VIOLATION", "Expected `object`"),
        (b"[" + b"{}," * 10_000 + b"{}]", "TOO_LARGE", "10000 declarations"),
        (
            soap(b"<?xml version='1.0'?>").replace(b"<send></send>", b""),
            "UNSUPPORTED_MESSAGE",
            "nothing in its Body",
        ),
        (
            soap(b"<?xml?>").replace(b"<send>", b"<s:Fault>").replace(b"</send>", b"</s:Fault>"),
            "UNSUPPORTED_MESSAGE",
            "SOAP fault",
        ),
        (soap(b"<?xml?>").replace(b"</send>", b"</send><a/>"), "UNSUPPORTED_MESSAGE", "2 messages"),
    ],
)
def test_what_cannot_be_taken_off_is_named(data: bytes, reason: str, said: str) -> None:
    error = refusal(data)
    assert (error.reason, said in error.detail) == (reason, True), error


def test_envelopes_in_one_another_have_an_end() -> None:
    data = JSON
    for _ in range(9):
        data = gzip.compress(data)
    assert "envelopes in one another" in refusal(data).detail


def test_a_declaration_that_only_mentions_an_envelope_is_in_none() -> None:
    version = json.loads(encoded())
    version["declaration"]["nationalExtensions"] = {"payload": {"after": 1, "op": "d"}, "specversion": 2}
    turned = json.dumps(dict(reversed(version.items()))).encode()
    assert read(turned).declaration.national_extensions == version["declaration"]["nationalExtensions"]


def test_a_field_map_that_reads_the_envelope_itself_still_does(tmp_path: Path) -> None:
    """Maps were written before envelopes were taken off."""
    file = tmp_path / "map.toml"
    file.write_text(
        """
        [envelope]
        declarationKey = "payload.after.id"
        [declaration]
        regime = "IMPORT"
        [[parties]]
        role = "CONSIGNEE"
        name = "payload.after.to"
        [items]
        hs6 = "payload.after.hs"
        description = "payload.after.goods"
        """
    )
    row = {"id": "1", "to": "Example OsOO", "hs": "901310", "goods": "sights"}
    sent = json.dumps({"schema": {}, "payload": {"before": None, "after": row, "op": "c"}}).encode()
    assert read(sent, "mapped", Formats(load_field_map(file))).declaration.parties[0].name == "Example OsOO"


def test_an_array_is_read_one_by_one() -> None:
    broken = b'{"envelope": 1}'
    data = b"[" + b",".join([JSON, connect_object(JSON), broken, debezium(JSON)]) + b"]"
    said = read_all(data, received=RECEIVED, max_bytes=LIMIT)
    assert [type(one).__name__ for one in said] == [
        "DeclarationVersion",
        "DeclarationVersion",
        "Unscreenable",
        "DeclarationVersion",
    ]
    assert said[0] == said[1] == said[3] == read(JSON)
    assert len(split(data, max_bytes=LIMIT)) == 4
    assert split(JSON, max_bytes=LIMIT) == [JSON]
    assert split(b"\x1f\x8b broken", max_bytes=LIMIT) == [b"\x1f\x8b broken"]
