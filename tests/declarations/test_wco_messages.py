"""Requests and notices of UK CDS: what they say, and that nothing but Unscreenable leaves the reader."""

import random
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, EventKind, Ignored, Message, Original
from streams.declarations.formats.adapters import read
from streams.declarations.formats.wco.values import MAP
from tests.data import PROJECT
from tests.declarations.strategies import STEADY
from tests.declarations.test_wco_dm import LIMIT, fixture
from tests.examples import tried

RECEIVED = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 25, tzinfo=UTC)


def message(data: bytes, received: datetime = RECEIVED) -> Message:
    return read(data, received=received, max_bytes=LIMIT)


def event(data: bytes, received: datetime = RECEIVED) -> Event:
    found = message(data, received)
    assert isinstance(found, Event)
    return found


def refused(data: bytes) -> Unscreenable:
    with pytest.raises(Unscreenable) as error:
        message(data)
    return error.value


def notice(
    code: str,
    inside: str = "",
    issued: str = "20260310095057Z",
    declaration: str = "<FunctionalReferenceID>L-1</FunctionalReferenceID><ID>26GB1</ID><VersionID>1</VersionID>",
    after: str = "",
) -> bytes:
    time = f'<IssueDateTime><DateTimeString formatCode="304">{issued}</DateTimeString></IssueDateTime>'
    return (
        '<MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">'
        f'<Response xmlns="urn:wco:datamodel:WCO:RES-DMS:2"><FunctionCode>{code}</FunctionCode>{time if issued else ""}'
        f"{inside}<Declaration>{declaration}</Declaration>{after}</Response></MetaData>"
    ).encode()


def request(kind: str, inside: str = "", references: str = "") -> bytes:
    references = references or "<FunctionalReferenceID>L-2</FunctionalReferenceID><ID>26GB1</ID>"
    return (
        '<Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"><FunctionCode>13</FunctionCode>'
        f"{references}<TypeCode>{kind}</TypeCode>{inside}</Declaration>"
    ).encode()


REASONS = (
    "<AdditionalInformation><StatementDescription>a duplicate</StatementDescription>"
    "<StatementTypeCode>AES</StatementTypeCode></AdditionalInformation>"
    "<Amendment><ChangeReasonCode>1</ChangeReasonCode></Amendment>"
)


def test_every_code_of_the_table_is_read_as_it_says() -> None:
    kinds = set()
    for code, known in MAP["notices"].items():
        if isinstance(known, dict):
            found = message(notice(code))
            if "kind" in known:
                assert isinstance(found, Event)
                assert (found.kind, found.source_message_type) == (known["kind"], known["name"])
                kinds.add(found.kind)
            else:
                assert found == Ignored(known["name"])
    asked = {event(request(kind)).kind for kind in MAP["requests"]}
    assert kinds | asked <= set(get_args(EventKind))
    assert set(get_args(EventKind)) - kinds - asked == {"REQUEST_GRANTED", "REQUEST_DENIED", "NOT_RELEASED"}


@pytest.mark.parametrize(
    ("status", "kind"),
    [("39", "REQUEST_GRANTED"), ("41", "REQUEST_DENIED"), ("", "RECEIVED"), ("77", "RECEIVED")],
)
def test_a_decision_is_told_by_its_status(status: str, kind: str) -> None:
    assert event(notice("11", f"<Status><NameCode>{status}</NameCode></Status>")).kind == kind


def test_what_a_notice_says() -> None:
    given = event(
        notice("10", "<AdditionalInformation><StatementCode>3</StatementCode></AdditionalInformation>")
    )
    assert given == Event(
        id=given.id,
        kind="INVALIDATED",
        at=datetime(2026, 3, 10, 9, 50, 57, tzinfo=UTC),
        source_system="uk.cds",
        source_message_type="DMSINV",
        LRN="L-1",
        MRN="26GB1",
        version_number=1,
        reason_code="3",
    )


@pytest.mark.parametrize(
    ("issued", "hour"), [("20260310095057Z", 9), ("20260310095057+01", 8), ("20260310095057", 9)]
)
def test_times_are_utc_unless_they_say_otherwise(issued: str, hour: int) -> None:
    given = event(notice("01", issued=issued))
    assert (given.at.hour, given.timed) == (hour, True)


def test_a_notice_without_a_time_has_that_of_its_receipt() -> None:
    given = event(notice("01", issued=""))
    assert (given.at, given.timed) == (RECEIVED, False)


def test_what_a_request_says() -> None:
    given = event(request("INV", "<Submitter><ID>GB1</ID></Submitter>" + REASONS))
    assert given == Event(
        id=given.id,
        kind="INVALIDATION_REQUESTED",
        at=RECEIVED,
        timed=False,
        source_system="uk.cds",
        source_message_type="INV",
        LRN="L-2",
        MRN="26GB1",
        submitter="GB1",
        reason_code="1",
        reason_text="a duplicate",
    )
    assert event(request("GPR", "<Declarant><ID>GB2</ID></Declarant>")).submitter == "GB2"


def test_an_amendment_carries_its_declaration_element() -> None:
    delta = event(request("COR", REASONS + "<TotalPackageQuantity>5</TotalPackageQuantity>")).delta
    assert delta is not None
    assert delta.name == "Declaration"
    assert [one.name for one in delta.children][-1] == "TotalPackageQuantity"


def test_customs_own_amendment_is_its_pointers_and_the_second_declaration() -> None:
    inside = "<Amendment><ChangeReasonCode>16</ChangeReasonCode></Amendment>"
    after = "<Declaration><FunctionCode>9</FunctionCode><TotalPackageQuantity>5</TotalPackageQuantity></Declaration>"
    given = event(notice("07", inside, after=after))
    assert (given.kind, given.LRN, given.version_number, given.reason_code) == ("AMENDED", "L-1", 1, "16")
    assert given.delta is not None
    assert [one.name for one in given.delta.children] == ["Amendment", "FunctionCode", "TotalPackageQuantity"]


def test_the_same_message_has_one_id_whenever_it_comes() -> None:
    for data in (notice("01"), request("COR", REASONS)):
        assert event(data).id == event(data, LATER).id
        assert re.fullmatch(r"[0-9a-f]{32}", event(data).id)
    ids = {
        event(notice(code, issued=at)).id
        for code in ("01", "02")
        for at in ("20260310095057Z", "20260310095058Z")
    }
    assert len(ids) == 4
    assert event(request("COR")).id != event(request("COR", REASONS)).id


def test_white_space_and_comments_change_no_id() -> None:
    data = notice("01")
    assert event(data.replace(b"><", b">\n  <!-- said --> <")).id == event(data).id


@pytest.mark.parametrize(
    ("data", "reason", "what"),
    [
        (
            notice("01", declaration="<VersionID>1</VersionID>"),
            "SCHEMA_VIOLATION",
            "neither FunctionalReferenceID",
        ),
        (
            notice("01").replace(b"Declaration>", b"Other>"),
            "SCHEMA_VIOLATION",
            "neither FunctionalReferenceID",
        ),
        (notice("01", issued="yesterday"), "SCHEMA_VIOLATION", "IssueDateTime/DateTimeString: not a date"),
        (
            notice("01", declaration="<ID>M</ID><VersionID>x</VersionID>"),
            "SCHEMA_VIOLATION",
            "Declaration/VersionID",
        ),
        (
            notice("01", declaration="<ID>M</ID><VersionID>0</VersionID>"),
            "SCHEMA_VIOLATION",
            "Declaration/VersionID",
        ),
        (notice("01", declaration=f"<ID>{'M' * 101}</ID>"), "SCHEMA_VIOLATION", "ID is over 100"),
        (request("COR", references="<Exporter/>"), "SCHEMA_VIOLATION", "neither FunctionalReferenceID"),
        (request("XYZ"), "UNSUPPORTED_MESSAGE", "TypeCode XYZ"),
        (notice("99"), "UNSUPPORTED_MESSAGE", "Response 99"),
        (notice("source"), "UNSUPPORTED_MESSAGE", "Response source"),
        (notice("01")[:-5], "NOT_XML", "line 1"),
    ],
)
def test_what_cannot_be_read_is_named(data: bytes, reason: str, what: str) -> None:
    error = refused(data)
    assert error.reason == reason
    assert what in error.detail


def test_an_mrn_alone_is_enough() -> None:
    assert event(notice("01", declaration="<ID>26GB1</ID>")).LRN is None


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<inventoryLinkingMovementRequest/>", "inventory linking"),
        (b'<n:InventoryLinkingImportsValidateMovementResponse xmlns:n="x"/>', "inventory linking"),
        (
            b"<p:DeclarationFullResponse xmlns:p='x'><Declaration/></p:DeclarationFullResponse>",
            "DIS response",
        ),
    ],
)
def test_messages_of_no_use_are_named_and_not_refused(data: bytes, kind: str) -> None:
    assert message(data) == Ignored(kind)


def test_a_very_long_reason_is_cut() -> None:
    texts = "".join(
        f"<AdditionalInformation><StatementDescription>{n} {'x' * 200}</StatementDescription></AdditionalInformation>"
        for n in range(50)
    )
    assert len(event(request("COR", texts)).reason_text or "") == 500


def test_the_page_names_every_message() -> None:
    page = (PROJECT / "docs" / "connecting.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ((?:`[A-Z]+` ?)+)\| (?:Response|FunctionCode) ([0-9 ]+) \|", page, re.MULTILINE)
    said = {
        name: code
        for names, codes in rows
        for name, code in zip(re.findall("[A-Z]+", names), codes.split() * 9, strict=False)
    }
    notices = {one["name"]: code for code, one in MAP["notices"].items() if isinstance(one, dict)}
    assert said == notices | dict.fromkeys(MAP["requests"], "13")


AMENDMENT = request(
    "COR",
    REASONS.replace(
        "</Amendment>",
        "<Pointer><SequenceNumeric>1</SequenceNumeric><DocumentSectionCode>42A</DocumentSectionCode><TagID>146</TagID>"
        "</Pointer></Amendment>",
    )
    + "<TotalPackageQuantity>5</TotalPackageQuantity>",
)
SENT = (fixture("import.xml"), AMENDMENT, request("INV", REASONS), notice("07", REASONS), notice("11"))


@settings(STEADY, max_examples=tried(400))
@given(
    st.sampled_from(SENT),
    st.randoms(use_true_random=False),
    st.lists(st.text(max_size=8), min_size=1, max_size=4),
)
def test_mutated_messages_raise_nothing_else(data: bytes, rng: random.Random, values: list[str]) -> None:
    """Elements cut out, doubled, renamed, and given other texts."""
    parts = re.split(r"(<[^>]+>)", data.decode())
    for value in values:
        place = rng.randrange(len(parts))
        match rng.randrange(4):
            case 0:
                del parts[place]
            case 1:
                parts.insert(place, rng.choice(parts))
            case 2:
                parts[place] = rng.choice(parts)
            case _:
                parts[place] = value.replace("&", "&amp;").replace("<", "&lt;")
        if not parts:
            return
    try:
        found = message("".join(parts).encode("utf-8", "replace"))
    except Unscreenable as error:
        assert error.detail
    else:
        assert isinstance(found, Event | Original | Ignored)


@settings(STEADY, max_examples=tried(300))
@given(
    st.sampled_from(SENT),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), st.binary(max_size=12)), max_size=4),
)
def test_mutated_bytes_raise_nothing_else(data: bytes, cuts: list[tuple[float, int, bytes]]) -> None:
    for where, length, instead in cuts:
        start = int(where * len(data))
        data = data[:start] + instead + data[start + length :]
    try:
        message(data)
    except Unscreenable as error:
        assert error.detail


def test_the_fixtures_are_messages() -> None:
    assert Path(__file__).with_name("fixtures").joinpath("amendment.xml").exists()
    assert event(fixture("amendment.xml")).kind == "AMENDMENT_REQUESTED"
    assert event(fixture("notification.xml")).kind == "ACCEPTED"
