"""What a fold must not depend on."""

from datetime import timedelta
from itertools import permutations

import pytest
from msgspec.structs import replace

from streams.declarations.events import Event, EventKind
from streams.lifecycle.life import KnownVersion, Summary, _told_of, fold
from tests.factory import EVENT_TIME, declaration


@pytest.mark.parametrize("event_type", ["LODGED", "PRESENTED"])
def test_a_declaration_that_came_in_after_its_notices_is_what_they_say(event_type: str) -> None:
    """An original that names no time has that of its receipt, which may be later than customs' answer to it."""
    first = KnownVersion(1, event_type, EVENT_TIME + timedelta(seconds=5), declaration(event_type=event_type))
    notice = Event(
        id="a" * 32, kind="ACCEPTED", at=EVENT_TIME, source_system="uk.cds", source_message_type="DMSACC"
    )
    assert fold([first], [notice]).summary.status == "ACCEPTED"


def said(id: str, kind: EventKind, minutes: int, lrn: str | None = None) -> Event:
    return Event(
        id=id * 32,
        kind=kind,
        at=EVENT_TIME + timedelta(minutes=minutes),
        source_system="uk.cds",
        source_message_type="DMS",
        LRN=lrn,
    )


def summary(*events: Event) -> Summary:
    """Of a declaration with the LRN L-1."""
    known = KnownVersion(1, "LODGED", EVENT_TIME, declaration(LRN="L-1"))
    summaries = [fold([known], order).summary for order in permutations(events)]
    assert all(one == summaries[0] for one in summaries)
    return summaries[0]


def test_a_second_answer_to_one_request_is_none_to_another() -> None:
    """Customs may send an answer twice, with another time of issue: that is another message."""
    asked = said("a", "AMENDMENT_REQUESTED", 1, "R-1"), said("b", "AMENDMENT_REQUESTED", 2, "R-2")
    answers = said("c", "REQUEST_GRANTED", 3, "R-1"), said("d", "REQUEST_GRANTED", 4, "R-1")
    assert summary(*asked, *answers).open_requests == ("R-2",)


def test_an_answer_to_a_request_that_has_not_come_is_none_to_another() -> None:
    asked = said("a", "AMENDMENT_REQUESTED", 1, "R-1")
    assert summary(asked, said("b", "REQUEST_GRANTED", 2, "R-2")).open_requests == ("R-1",)


@pytest.mark.parametrize("lrn", [None, "L-1"])
def test_an_answer_that_names_no_request_is_to_the_oldest(lrn: str | None) -> None:
    asked = said("a", "AMENDMENT_REQUESTED", 1, "R-1"), said("b", "AMENDMENT_REQUESTED", 2, "R-2")
    assert summary(*asked, said("c", "REQUEST_DENIED", 3, lrn)).open_requests == ("R-2",)


def test_a_refused_request_does_not_end_the_declaration_where_its_acceptance_was_never_seen() -> None:
    asked, refused = said("a", "AMENDMENT_REQUESTED", 1, "R-1"), said("b", "REJECTED", 2, "R-1")
    assert summary(asked, refused).status == "LODGED"
    assert summary(asked, refused).open_requests == ()


def test_a_refused_request_that_was_never_seen_does_not_end_an_accepted_declaration() -> None:
    accepted, refused = said("a", "ACCEPTED", 1, "L-1"), said("b", "REJECTED", 2, "R-1")
    assert summary(accepted, refused).status == "ACCEPTED"


def test_a_refused_declaration_is_rejected() -> None:
    assert summary(said("a", "REJECTED", 1, "L-1")).status == "REJECTED"


@pytest.mark.parametrize(("came_in", "asked"), [(2, 2), (60, 4)])
def test_a_request_that_came_in_late_was_made_before_its_answer(came_in: int, asked: int) -> None:
    """Its own time is that of its receipt, which a backlog puts after whatever customs said meanwhile."""
    request = replace(said("a", "AMENDMENT_REQUESTED", came_in, "R-1"), timed=False)
    answer, control = said("b", "REQUEST_GRANTED", 4, "R-1"), said("c", "CONTROL_NOTIFIED", 30)
    timeline = summary(request, answer, control).timeline
    assert [moment.kind for moment in timeline] == [
        "LODGED",
        "AMENDMENT_REQUESTED",
        "REQUEST_GRANTED",
        "CONTROL_NOTIFIED",
    ]
    assert timeline[1].at == EVENT_TIME + timedelta(minutes=asked)


@pytest.mark.parametrize("event_type", ["LODGED", "PRESENTED", "AMENDED", "INVALIDATED", "RELEASED"])
@pytest.mark.parametrize("number", [1, 2])
def test_one_version_alone_is_told_as_any_life(event_type: str, number: int) -> None:
    """Most declarations are one version that was lodged: their life is told by a short way."""
    version = declaration(event_type=event_type, version_number=number)
    one = KnownVersion(number, event_type, version.envelope.event_date_time, version)
    assert fold([one], []) == _told_of([one], [])
