"""Trade statistics before the stream: judged as one corridor, no month twice, nothing made of months that are not known."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st
from msgspec.structs import replace

from streams.corridors.episodes import Episode, advance, episodes, informed
from streams.corridors.months import month_text, parse_month
from streams.corridors.settings import settings
from streams.corridors.state import CENTS, Bucket, Corridor, Past, new_corridor
from tests.examples import tried

START = parse_month("2020-01")
FIGURES = settings()


def buckets(values: Mapping[int, float]) -> dict[int, Bucket]:
    return {month: Bucket(round(value * CENTS)) for month, value in values.items() if value}


def past(values: Mapping[int, float], last: int, since: int = START) -> Past:
    return Past(since, last, buckets({month: value for month, value in values.items() if month <= last}), "S")


def own(values: Mapping[int, float], since: int) -> Corridor:
    made = new_corridor(since)
    made.months = buckets({month: value for month, value in values.items() if month >= since})
    return made


def series(*values: float, start: int = START) -> dict[int, float]:
    return dict(enumerate(values, start))


def told(corridor: Corridor, complete: int) -> list[tuple[str, str, str]]:
    return [
        (one.kind, month_text(one.start), month_text(one.opened))
        for one in episodes(corridor, FIGURES, complete)
    ]


STEADY = tuple(20_000 + 1_000 * (month % 5) for month in range(36))
STREAM = START + 36


def test_a_fresh_stream_knows_what_is_usual() -> None:
    values = series(*STEADY, 90_000, 120_000)
    without = own(values, STREAM)
    assert told(without, STREAM + 1) == []
    known = informed(without, past(values, STREAM - 1), STREAM, FIGURES)
    assert told(known, STREAM + 1) == [("SURGE", "2023-01", "2023-02")]


def test_the_innocent_twin_goes_on_as_it_was() -> None:
    values = series(*STEADY, 22_000, 24_000)
    known = informed(own(values, STREAM), past(values, STREAM - 1), STREAM, FIGURES)
    assert told(known, STREAM + 1) == []


def test_a_trade_that_statistics_never_saw_is_new() -> None:
    values = series(*[0] * 36, 40_000, 30_000)
    known = informed(own(values, STREAM), past({}, STREAM - 1), STREAM, FIGURES)
    assert told(known, STREAM + 1) == [("NEW_TRADE", "2023-01", "2023-02")]
    [one] = episodes(known, FIGURES, STREAM + 1)
    assert one.history_months == 36


@pytest.mark.parametrize("covered", [STREAM - 1, STREAM, STREAM + 1])
def test_months_of_the_stream_that_statistics_cover_too_count_once(covered: int) -> None:
    values = series(*STEADY, 90_000, 120_000)
    [one] = episodes(
        informed(own(values, STREAM), past(values, covered), STREAM, FIGURES), FIGURES, STREAM + 1
    )
    assert one.total == 210_000


def test_a_month_that_the_stream_saw_only_the_end_of_is_that_of_the_statistics() -> None:
    values = series(*STEADY, 90_000, 120_000)
    partial = own(values | {STREAM - 1: 1_500.0}, STREAM - 1)
    known = informed(partial, past(values, STREAM - 1), STREAM, FIGURES)
    assert known.months[STREAM - 1].value == STEADY[-1] * CENTS


def test_months_between_are_no_part_of_the_usual() -> None:
    values = series(*STEADY[:-6], *[0] * 5, 3_000, 120_000, 150_000)
    known = informed(own(values, STREAM - 1), past(values, STREAM - 7), STREAM, FIGURES)
    assert known.gap == range(STREAM - 6, STREAM)
    [one] = episodes(known, FIGURES, STREAM + 1)
    assert (one.kind, one.history_months) == ("SURGE", 24)
    assert one.usual == pytest.approx(22_000, rel=0.05)


def test_what_is_seen_in_a_month_between_was_traded() -> None:
    values = series(*[0] * 34, 0, 30_000, 40_000)
    known = informed(own(values, STREAM - 1), past({}, STREAM - 3), STREAM, FIGURES)
    assert told(known, STREAM) == [("NEW_TRADE", "2022-12", "2023-01")]


def test_what_is_not_seen_in_months_between_does_not_end_an_episode() -> None:
    values = series(*STEADY[:-6], 90_000, 90_000, 0, 0, 0, 0, 90_000)
    known = informed(own(values, STREAM), past(values, STREAM - 5), STREAM, FIGURES)
    assert len(known.gap) == 4
    [one] = episodes(known, FIGURES, STREAM)
    assert (one.outcome, month_text(one.last)) == ("OPEN", "2023-01")


def test_statistics_of_long_ago_say_nothing() -> None:
    values = series(*STEADY, 90_000, 120_000)
    fresh = own(values, STREAM)
    assert informed(fresh, past(values, STREAM - 8), STREAM, FIGURES) is fresh
    assert informed(fresh, past(values, STREAM + 9, since=STREAM), STREAM, FIGURES) is fresh


def test_two_years_must_be_known_of_a_new_trade_without_the_months_between() -> None:
    values = series(*[0] * 36, 40_000, 30_000)
    young = past({}, STREAM - 3, since=STREAM - 25)
    assert told(informed(own(values, STREAM), young, STREAM, FIGURES), STREAM + 1) == []
    older = replace(young, since=STREAM - 26)
    assert told(informed(own(values, STREAM), older, STREAM, FIGURES), STREAM + 1) != []


amounts = st.one_of(st.just(0.0), st.floats(0, 200_000), st.floats(15_000, 25_000))


@given(st.lists(amounts, min_size=30, max_size=80), st.integers(14, 60), st.integers(0, 20))
@tries(max_examples=tried(300), deadline=None)
def test_statistics_and_stream_are_judged_as_one_corridor(
    values: list[float], split: int, overlap: int
) -> None:
    """Wherever the stream begins, and whether or not its edge has moved since."""
    whole = series(*values)
    last = START + len(values) - 1
    begins = min(START + split, last)
    stream = own(whole, begins)
    before = past(whole, min(begins - 1 + overlap, last))
    undivided = Corridor(START, START, buckets(whole))

    def known(edge: int) -> list[Episode]:
        final = [
            one for one in episodes(undivided, FIGURES, last) if one.closed is None or one.closed >= edge
        ]
        return [told_of(one) for one in final]

    def together() -> list[Episode]:
        return [told_of(one) for one in episodes(informed(stream, before, begins, FIGURES), FIGURES, last)]

    assert together() == known(begins)
    advance(stream, FIGURES, last)
    if begins > stream.edge - FIGURES.kept_months:
        assert together() == known(stream.edge)
    else:
        assert together() == [told_of(one) for one in episodes(stream, FIGURES, last)]


def told_of(one: Episode) -> Episode:
    """Two years without a good are enough; how many more are known is less once the stream's own months suffice."""
    return replace(one, history_months=min(one.history_months, 24))
