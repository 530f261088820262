"""An edition that may not follow the one in use is refused with its figures, by every reader; the last good one stays."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from streams.watchlists.assembler import EditionAssembler
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.guards import EditionFacts, facts_of, refusals
from streams.watchlists.readers import ListFile, read_list
from tests.data import data
from tests.watchlists.test_edition import Record, records

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def entries(
    count: int, *, first: int = 0, name: str = "Firm {}", programmes: int = 4
) -> tuple[WatchlistEntry, ...]:
    return tuple(
        WatchlistEntry(
            list="x", id=f"{n}", names=(name.format(n), f"Alias {n}"), programmes=(f"P{n % programmes}",)
        )
        for n in range(first, first + count)
    )


def facts(*listed: WatchlistEntry, edition: str = "2026-11-25", format: str = "un-xml") -> EditionFacts:
    return facts_of(edition, format, listed)


IN_USE = facts(*entries(1000))


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (facts(*entries(600)), "600 entries where the edition in use has 1,000 (-40%)"),
        (
            facts(*(msgspec.structs.replace(one, names=one.names[:1]) for one in entries(1000))),
            "1,000 names where the edition in use has 2,000 (-50%)",
        ),
        (facts(*entries(1000, programmes=3)), "no entry any more of P3 (250)"),
        (facts(*entries(1000, first=700)), "300 of the 1,000 ids in use are in it"),
        (facts(*entries(1000, name="N/A")), "999 of 1000 entries have the name of another entry"),
        (facts(*entries(1000), edition="2099-01-01"), "it is dated 2099-01-01, in the future (today is 2026-11-26)"),
        (facts(*entries(1000), edition="2026-11-01"), "it is dated 2026-11-01, before the edition in use (2026-11-25)"),
        (facts(*entries(1000), format="ofac-csv"), "a list of another source (un; this one is ofac)"),
    ],
)  # fmt: skip
def test_each_fault_is_refused_with_its_figure(new: EditionFacts, said: str) -> None:
    assert any(said in reason for reason in refusals(new, IN_USE, today=NOW.date()))


@pytest.mark.parametrize(
    "new",
    [
        IN_USE,
        facts(*entries(1200), edition="2026-11-26"),
        facts(*entries(901)),
        facts(*entries(1000), edition="0a1b2c3d4e5f"),
        facts(*(one for one in entries(1000) if one.id != "3" or one.programmes != ("P3",))),
    ],
)
def test_an_honest_edition_is_taken(new: EditionFacts) -> None:
    assert refusals(new, IN_USE, today=NOW.date()) == ()


def test_a_small_list_of_ones_own_may_lose_two() -> None:
    assert refusals(facts(*entries(4)), facts(*entries(6))) == ()
    assert refusals(facts(*entries(3)), facts(*entries(6)))


def test_the_first_edition_is_judged_by_itself() -> None:
    assert refusals(facts(*entries(5)), None, today=NOW.date()) == ()
    assert refusals(facts(*entries(5, name="-")), None, today=NOW.date())


def test_the_share_may_be_set() -> None:
    assert refusals(facts(*entries(600)), IN_USE, loss=0.5) == ()


@pytest.mark.parametrize(
    ("before", "after", "refused"),
    [
        ("un_2026_02/consolidated.xml", "un_2026_08/consolidated.xml", ()),
        (
            "ofac_2021/sdn.csv",
            "ofac_2023/sdn.csv",
            # The set of 2023 has no file of aliases.
            ("14,213 names where the edition in use has 23,318 (-39%)",),
        ),
        (
            "un_2026_08/consolidated.xml",
            "un_2026_02/consolidated.xml",
            ("it is dated 2026-02-27, before the edition in use (2026-08-01)",),
        ),
    ],
)  # fmt: skip
def test_real_updates(before: str, after: str, refused: tuple[str, ...]) -> None:
    old, new = (read_list(data("lists", *path.split("/"))) for path in (before, after))
    found = refusals(
        facts_of(new.edition, new.format, new.entries),
        facts_of(old.edition, old.format, old.entries),
        today=date(2026, 11, 26),
    )
    assert found == refused


# --- in whoever reads the topic


def file(count: int, edition: str, *, first: int = 0, accepted: str = "") -> ListFile:
    return ListFile(
        list="x",
        edition=edition,
        sha256=f"{edition}/{count}/{first}".ljust(64, "0"),
        format="un-xml",
        entries=entries(count, first=first),
        accepted=accepted,
    )


def assembled(*streams: list[Record]) -> EditionAssembler:
    assembler = EditionAssembler(clock=lambda: NOW)
    for stream in streams:
        for key, value in stream:
            assembler.feed(key, value)
    return assembler


GOOD = records(file(40, "2026-11-01"), "2026-11-01T00:00:00+00:00")
TORN = records(file(20, "2026-11-02"), "2026-11-02T00:00:00+00:00")
NEXT = records(file(41, "2026-11-03"), "2026-11-03T00:00:00+00:00")


def test_the_last_good_edition_stays_in_use_and_why_is_told() -> None:
    assembler = assembled(GOOD, TORN)
    assert assembler.complete()["x"].edition == "2026-11-01"
    assert list(assembler.refused()) == [("x", "2026-11-02")]
    assert "20 entries where the edition in use has 40 (-50%)" in assembler.refused()["x", "2026-11-02"]
    for key, value in NEXT:
        assembler.feed(key, value)
    assert assembler.complete()["x"].edition == "2026-11-03"
    assert assembler.refused() == {}


def test_what_was_refused_is_removed_with_the_next_so_that_no_worker_begins_with_it() -> None:
    stream = [*GOOD, *TORN, *NEXT]
    removed = set(assembled(stream).superseded("x"))
    assert {key.split(b"|")[1] for key in removed} == {b"2026-11-02"}
    later = assembled([(key, value) for key, value in stream if key not in removed])
    assert later.complete()["x"].edition == "2026-11-03" and later.refused() == {}


def test_many_refused_editions_do_not_push_out_the_good_one() -> None:
    torn = [
        records(file(20, f"2026-11-{day:02}", first=day), f"2026-11-{day:02}T00:00:00+00:00")
        for day in range(2, 9)
    ]
    assert assembled(GOOD, *torn).complete()["x"].edition == "2026-11-01"


def test_what_was_accepted_with_a_reason_is_taken() -> None:
    torn = records(
        file(20, "2026-11-02", accepted="halved; accepted: the other half ended"), "2026-11-02T00:00:00+00:00"
    )
    taken = assembled(GOOD, torn).complete()["x"]
    assert (taken.edition, taken.accepted) == ("2026-11-02", "halved; accepted: the other half ended")


@pytest.mark.parametrize("edition", ["2099-01-01", "2026-11-03"])
def test_a_forged_edition_of_2099_does_not_block_the_next_honest_one(edition: str) -> None:
    forged = records(file(40, edition, first=1), "2099-01-01T00:00:00+00:00")
    assembler = assembled(GOOD, forged)
    assert assembler.complete()["x"].edition == "2026-11-01"
    assert "published at 2099-01-01" in assembler.faults()["x"]
    for key, value in NEXT:
        assembler.feed(key, value)
    assert assembler.complete()["x"].edition == "2026-11-03"
    assert assembler.faults() == {}
    if edition != "2026-11-03":
        assert b"x|2099-01-01|manifest" in assembler.superseded("x")


@pytest.mark.parametrize("cut", range(1, len(TORN)))
def test_a_publisher_killed_on_the_way_leaves_the_edition_in_use(cut: int) -> None:
    assembler = assembled(GOOD, NEXT[:cut])
    assert assembler.complete()["x"].edition == "2026-11-01"
