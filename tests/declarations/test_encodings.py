"""Bytes win over what a message says of its encoding, and what reads in two ways is refused: no name is read as other letters."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.declarations import canonical
from streams.declarations.encodings import spoilt, xml_text
from streams.declarations.errors import Unscreenable
from tests.declarations.strategies import STEADY
from tests.declarations.test_adapters import LIMIT, RECEIVED
from tests.declarations.test_wco_dm import fixture
from tests.declarations.versions import read
from tests.factory import declaration, party

NAME = "Изобретённая Торговля ОсОО"
CYRILLIC = fixture("export.xml").decode()
ONE_BYTE = "windows-1251 windows-1250 windows-1252 ISO-8859-1 iso-8859-2 ISO-8859-5 koi8-r KOI8-U IBM866 kz-1048".split()


def declared(encoding: str, text: str = CYRILLIC) -> str:
    return text.replace('encoding="UTF-8"', f'encoding="{encoding}"')


def names(data: bytes) -> list[str | None]:
    version = read(data, received=RECEIVED, max_bytes=LIMIT)
    return [one.name for one in version.declaration.parties]


def refusal(data: bytes) -> str:
    with pytest.raises(Unscreenable) as refused:
        read(data, received=RECEIVED, max_bytes=LIMIT)
    return refused.value.reason


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("claim", [*ONE_BYTE, "UTF-16", "utf-16le", "UTF-32", "us-ascii", "cp-1251"])
def test_utf_8_wins_over_what_is_declared(claim: str, mark: bytes) -> None:
    assert NAME in names(mark + declared(claim).encode())


@pytest.mark.parametrize("claim", ["UTF-8", "windows-1251", "ISO-8859-1", "UTF-16", "UTF-16BE"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_so_do_the_wide_encodings(claim: str, encoding: str) -> None:
    assert NAME in names(declared(claim).encode(encoding))


@pytest.mark.parametrize(
    "claim", ["windows-1251", "WINDOWS-1251", "iso-8859-5", "koi8-r", "ibm866", "GB18030"]
)
def test_a_true_declaration_counts(claim: str) -> None:
    text = declared(claim)
    assert NAME in names(text.encode(codecs.lookup(claim).name))
    assert NAME in names(text.replace('"', "'").encode(codecs.lookup(claim).name))


@pytest.mark.parametrize(
    ("encoding", "claim", "reason"),
    [
        ("cp1251", "UTF-8", "NOT_UTF8"),
        ("koi8-r", "UTF-8", "NOT_UTF8"),
        ("cp1251", "UTF-16", "NOT_XML"),
        ("cp1251", "ISO-8859-1", "NOT_XML"),
        ("koi8-r", "windows-1252", "NOT_XML"),
        ("cp1251", "ISO-8859-15", "NOT_XML"),
        ("cp866", "iso-8859-5", "NOT_XML"),
        ("cp1251", "klingon", "NOT_XML"),
        ("cp1251", "shift_jis", "NOT_XML"),
    ],
)
def test_what_contradicts_itself_is_refused(encoding: str, claim: str, reason: str) -> None:
    assert refusal(declared(claim).encode(encoding)) == reason


def test_a_mark_of_utf_8_before_another_encoding_is_refused() -> None:
    assert refusal(codecs.BOM_UTF8 + declared("windows-1251").encode("cp1251")) == "NOT_UTF8"


def test_chinese_that_reads_as_utf_8_as_well_is_refused() -> None:
    text = declared("GB18030").replace(NAME, "\u5927\u6d77")
    assert xml_text(text.encode("gb18030")) == text
    with pytest.raises(Unscreenable, match="not certain"):
        xml_text(
            b'<?xml version="1.0" encoding="gbk"?><a>'
            + "\u0440\u0430\u0431\u043e\u0442\u0430".encode()
            + b"</a>"
        )


def test_western_text_is_read_as_declared() -> None:
    for claim in ("ISO-8859-1", "windows-1252", "ISO-8859-15"):
        text = declared(claim).replace(NAME, "Société Générale Éclairée Ångström Þórðarson")
        text = "".join(one if ord(one) < 256 else "x" for one in text)
        assert "Société Générale Éclairée Ångström Þórðarson" in names(text.encode("latin-1"))


def test_windows_1252_declared_as_iso_8859_1_is_read_as_browsers_do() -> None:
    text = declared("ISO-8859-1").replace(NAME, "Žižkov’s Lights")
    assert "Žižkov’s Lights" in names(
        "".join(c if ord(c) < 128 or c in "Žž’" else "x" for c in text).encode("cp1252")
    )


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "latin-1", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("format", ["auto", "canonical"])
def test_json_in_another_encoding_is_refused(encoding: str, format: str) -> None:
    text = canonical.encode(
        declaration(parties=(party(name="Ямщик" if encoding != "latin-1" else "Müller"),))
    ).decode()
    with pytest.raises(Unscreenable) as refused:
        read(text.encode(encoding), format=format, received=RECEIVED, max_bytes=LIMIT)
    assert refused.value.reason == "NOT_UTF8"


@pytest.mark.parametrize("taken_for", ["cp1251", "cp1252", "latin-1"])
@pytest.mark.parametrize("name", ["Звезда Оптика", "НПО ДАЛЬ", "深圳市光学", "Ελληνική Ναυτιλία"])
def test_a_name_encoded_twice_is_refused(name: str, taken_for: str) -> None:
    twice = name.encode().decode(taken_for, "replace")
    if taken_for == "cp1251" and name[0] not in "ЗН":
        return  # told of Cyrillic alone
    assert spoilt(twice)
    assert refusal(canonical.encode(declaration(parties=(party(name=twice),)))) == "NOT_UTF8"
    assert refusal(CYRILLIC.replace(NAME, twice).encode()) == "NOT_UTF8"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Müller & Söhne",
            "МІЛІЦІЯ ВІКІПЕДІЇ",
            "Ђорђе Ћирић ЉУЉА",
            "ÀÉÎÕÜ Éditions",
            "Ã©",
            "Ñandú",
            "ÆØÅ",
            "Şirketi",
        ),
        *("Ôtô Việt Nam Đà Nẵng", "ҚАЗАҚСТАН", "深圳市", "ЁЁЁ", "РІСІ", "Søren Ærø", "Łódź", "№ 5 «Ромашка»"),
    ],
)
def test_real_names_are_not_taken_for_such(name: str) -> None:
    assert not spoilt(name)


@given(st.text(st.characters(min_codepoint=0x410, max_codepoint=0x44F), min_size=4, max_size=40))
@STEADY
def test_every_cyrillic_name_encoded_twice_is_told(name: str) -> None:
    assert spoilt(name.encode().decode("latin-1"))
    assert not spoilt(name)


@given(st.binary(max_size=200), st.sampled_from(["", *ONE_BYTE, "gbk", "utf-16", "x"]))
@STEADY
def test_any_bytes_are_text_or_refused(data: bytes, claim: str) -> None:
    head = f'<?xml version="1.0" encoding="{claim}"?>'.encode() if claim else b""
    try:
        text = xml_text(head + data)
    except Unscreenable as error:
        assert error.reason in ("NOT_XML", "NOT_UTF8")
    else:
        assert "\ufffd" not in text or b"\xef\xbf\xbd" in data or claim in ("gbk", "utf-16")
