"""The registry: which format a message is, what is always checked, and that nothing but Unscreenable leaves."""

import codecs
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from streams.declarations import canonical
from streams.declarations.errors import DeadLetterReason, Unscreenable
from streams.declarations.formats.adapters import Formats, load_field_map
from tests.declarations.strategies import JSON, STEADY
from tests.declarations.versions import read
from tests.examples import tried
from tests.factory import declaration, encoded, item, party, route
from tests.integration.hostile import hostile

RECEIVED = datetime(2026, 11, 23, 12, tzinfo=UTC)
LIMIT = 4 * 1024 * 1024
FIXTURES = Path(__file__).parent / "fixtures"
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
FORMATS_READ = Formats(load_field_map(EXAMPLES / "field-map.toml"))
IMPORT = (FIXTURES / "import.xml").read_bytes()
MESSAGE = (EXAMPLES / "message.json").read_bytes()


def reason(data: bytes | None, format: str = "auto", limit: int = LIMIT) -> str | None:
    """Why it is refused; None where it is read. Any other exception fails the test."""
    try:
        read(data, format=format, received=RECEIVED, max_bytes=limit, formats=FORMATS_READ)
    except Unscreenable as error:
        assert error.reason in get_args(DeadLetterReason)
        assert error.detail
        assert len(error.detail) <= 500
        error.detail.encode()
        return error.reason
    return None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (None, "UNSUPPORTED_MESSAGE"),
        (b"", "EMPTY"),
        (b" \r\n\t", "EMPTY"),
        (codecs.BOM_UTF8, "EMPTY"),
        (codecs.BOM_UTF16_LE, "EMPTY"),
        (b"x" * (LIMIT + 1), "TOO_LARGE"),
        (encoded(), None),
        (b" \n" + encoded(), None),
        (codecs.BOM_UTF8 + encoded(), None),
        (codecs.BOM_UTF8 + b"\n " + encoded(), None),
        (encoded().decode().encode("utf-16"), "NOT_UTF8"),
        (b"[" + encoded() + b"]", None),
        (b"42", "UNKNOWN_FORMAT"),
        (b"id;name\n1;x", "UNKNOWN_FORMAT"),
        (b"\xff\x00\x01", "UNKNOWN_FORMAT"),
        (IMPORT, None),
        (codecs.BOM_UTF8 + IMPORT, None),
        (codecs.BOM_UTF8 + b"\n" + IMPORT, None),
        (IMPORT.decode().replace("UTF-8", "UTF-16").encode("utf-16"), None),
    ],
)
def test_auto(data: bytes | None, expected: str | None) -> None:
    assert reason(data) == expected


def test_a_named_format_is_not_guessed() -> None:
    assert reason(IMPORT, "canonical") == "NOT_JSON"
    assert reason(encoded(), "wco-dm") == "NOT_XML"
    assert reason(MESSAGE, "mapped") is None
    assert reason(MESSAGE, "canonical") == "SCHEMA_VIOLATION"
    assert reason(MESSAGE) is None  # a map is given, and it is none of the contract's


def test_a_wrong_setting_is_no_fault_of_the_message() -> None:
    with pytest.raises(ValueError, match="canonical, wco-dm, mapped"):
        read(encoded(), format="edifact", received=RECEIVED, max_bytes=LIMIT)
    with pytest.raises(ValueError, match="field map"):
        read(MESSAGE, format="mapped", received=RECEIVED, max_bytes=LIMIT)


def test_the_hash_is_always_our_own() -> None:
    version = read(encoded(payload_hash="f" * 64), received=RECEIVED, max_bytes=LIMIT)
    assert version.envelope.payload_hash == canonical.payload_hash(declaration())


def test_what_the_sender_left_open_is_filled_and_the_rest_kept() -> None:
    envelope = read(encoded(), received=RECEIVED, max_bytes=LIMIT).envelope
    assert (envelope.source_message_type, envelope.ingest_date_time) == ("canonical", RECEIVED)
    sent = datetime(2022, 1, 1, tzinfo=UTC)
    given_ones = encoded(source_message_type="CC515C", ingest_date_time=sent)
    envelope = read(given_ones, received=RECEIVED, max_bytes=LIMIT).envelope
    assert (envelope.source_message_type, envelope.ingest_date_time) == ("CC515C", sent)


def test_reading_again_gives_the_same() -> None:
    """A crash makes the intake read a record twice: every byte of what it sends must be the same."""
    for data, format in ((encoded(), "canonical"), (IMPORT, "wco-dm"), (MESSAGE, "mapped")):
        first, second = (
            canonical.encode(
                read(data, format=format, received=RECEIVED, max_bytes=LIMIT, formats=FORMATS_READ)
            )
            for _ in range(2)
        )
        assert first == second


def test_what_every_adapter_makes_is_canonical() -> None:
    for data, format in ((IMPORT, "wco-dm"), (MESSAGE, "mapped")):
        version = read(data, format=format, received=RECEIVED, max_bytes=LIMIT, formats=FORMATS_READ)
        again = read(canonical.encode(version), received=RECEIVED, max_bytes=LIMIT)
        assert again == version


def test_hostile_messages() -> None:
    for kind, data in hostile(300, large_ones=1):
        assert reason(data) is not None, kind


@settings(STEADY)
@given(st.binary(), st.sampled_from(["auto", *FORMATS_READ.names]))
@example(b"<?xml version='1.0' encoding='utf-7'?><a>+ADw-</a>", "auto")
@example(b"<?xml version='1.0' encoding='idna'?><a/>", "auto")
@example(b"<?xml version='1.0' encoding='base64'?><a/>", "auto")
@example(b"<?xml version='1.0' encoding='\xff'?><a/>", "auto")
@example(b"\0<", "auto")
def test_any_bytes(data: bytes, format: str) -> None:
    reason(data, format)


@settings(STEADY)
@given(JSON, st.sampled_from(["canonical", "mapped"]))
def test_any_json(value: Any, format: str) -> None:
    assert reason(json.dumps(value).encode(), format) is not None


RICH = json.loads(
    encoded(
        parties=(party("EXPORTER", "A", country="CN"), party(identification_number="1", phone="+996")),
        goods_items=(item(1, full="61091000"), item(2, "901310")),
        countries_of_routing=route("CN", "KZ", "KG"),
        national_extensions={"a": {"b": [1, 2.5]}},
    )
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a JSON value."""
    if not isinstance(value, dict | list):
        return []
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    return [(value, key) for key in keys] + [inner for key in keys for inner in places(value[key])]


@settings(STEADY, max_examples=tried(200))
@given(
    st.sampled_from(["canonical", "mapped"]),
    st.randoms(use_true_random=False),
    st.lists(JSON, min_size=1, max_size=3),
)
def test_mutated_json(format: str, rng: random.Random, values: list[Any]) -> None:
    message = json.loads(json.dumps(RICH) if format == "canonical" else MESSAGE)
    for value in values:
        container, key = rng.choice(places(message) or [({}, "x")])
        if rng.random() < 0.2 and isinstance(container, dict):
            container.pop(key, None)
        else:
            container[key] = value
    reason(json.dumps(message).encode(), format)


@settings(STEADY, max_examples=tried(300))
@given(
    st.sampled_from([(IMPORT, "wco-dm"), (json.dumps(RICH).encode(), "canonical"), (MESSAGE, "mapped")]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), st.binary(max_size=12)), min_size=1, max_size=4),
)
def test_mutated_bytes(sent: tuple[bytes, str], cuts: list[tuple[float, int, bytes]]) -> None:
    data, format = sent
    for where, length, instead in cuts:
        start = int(where * len(data))
        data = data[:start] + instead + data[start + length :]
    reason(data, format)


@settings(STEADY, max_examples=tried(300))
@given(st.randoms(use_true_random=False), st.lists(st.text(max_size=12), min_size=1, max_size=3))
def test_mutated_xml_values(rng: random.Random, values: list[str]) -> None:
    text = IMPORT.decode()
    for value in values:
        spots = [index for index, letter in enumerate(text) if letter == ">"]
        start = rng.choice(spots) + 1
        end = text.find("<", start)
        if end < 0:
            continue
        safe = value.replace("&", "&amp;").replace("<", "&lt;")
        text = text[:start] + safe + text[end:]
    reason(text.encode("utf-8", "replace"), "wco-dm")
