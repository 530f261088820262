"""XML that means harm is refused in time and memory; XML in another encoding is read."""

import pytest

from tests.declarations.test_wco_dm import LIMIT, fixture, read_xml, refusal
from tests.effort import processor_seconds

BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Declaration>&b;</Declaration>'
FULL = LIMIT - 1000

HOSTILE = {
    "entity bomb": (BOMB, "FORBIDDEN_XML"),
    "external entity": (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "FORBIDDEN_XML"),
    "external DTD": (b'<!DOCTYPE x SYSTEM "http://x.example/x.dtd"><x/>', "FORBIDDEN_XML"),
    "parameter entity": (b'<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///x"> %p;]><x/>', "FORBIDDEN_XML"),
    "undefined entity": (b"<Declaration>&nobody;</Declaration>", "NOT_XML"),
    "broken": (b"<Declaration><a></Declaration>", "NOT_XML"),
    "only a declaration": (b'<?xml version="1.0"?>', "NOT_XML"),
    "NUL": (b"<Declaration>\0</Declaration>", "NOT_XML"),
    "lone surrogate": (b"<Declaration>&#xD800;</Declaration>", "NOT_XML"),
    "unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><a/>', "NOT_XML"),
    "UTF-7": (b'<?xml version="1.0" encoding="UTF-7"?>+ADw-a/+AD4-', "NOT_XML"),
    "10,000 levels": (b"<a>" * 10_000 + b"</a>" * 10_000, "NOT_XML"),
    "4 MB of levels": (b"<a>" * (FULL // 3), "NOT_XML"),
    "4 MB of elements": (b"<a>" + b"<a/>" * (FULL // 4 - 5) + b"</a>", "SCHEMA_VIOLATION"),
    "a name of 4 MB": (b"<" + b"a" * FULL + b"/>", "NOT_XML"),
    "a long namespace a million times": (
        b'<a xmlns="' + b"n" * (FULL // 2) + b'">' + b"<b/>" * 250_000 + b"</a>",
        "UNSUPPORTED_MESSAGE",
    ),
    "a long namespace on many attributes": (
        b'<a xmlns:p="'
        + b"n" * (FULL // 2)
        + b'" '
        + b" ".join(b'p:a%d=""' % n for n in range(FULL // 40))
        + b"/>",
        "UNSUPPORTED_MESSAGE",
    ),
    "4 MB of comments in a text": (b"<a>" + b"x<!---->" * (FULL // 8 - 2) + b"</a>", "UNSUPPORTED_MESSAGE"),
    "4 MB of namespaces": (
        b"<a " + b" ".join(b'xmlns:p%d="n"' % n for n in range(FULL // 20)) + b"/>",
        "UNSUPPORTED_MESSAGE",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_xml_is_refused_in_time(kind: str) -> None:
    content, reason = HOSTILE[kind]
    assert len(content) <= LIMIT
    assert refusal(content).reason == reason
    assert processor_seconds(lambda: refusal(content)) < 10


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1251", "koi8-r"]
)
def test_encodings(encoding: str) -> None:
    declared = "UTF-16" if encoding.startswith("utf-16") else encoding.removesuffix("-sig")
    text = fixture("export.xml").decode().replace('encoding="UTF-8"', f'encoding="{declared}"')
    names = [party.name for party in read_xml(text.encode(encoding)).declaration.parties]
    assert "Изобретённая Торговля ОсОО" in names


def test_space_before_the_document_is_forgiven() -> None:
    assert read_xml(b"\r\n  " + fixture("import.xml")) == read_xml(fixture("import.xml"))
