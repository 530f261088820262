"""Statistics summed by corridor: one name for a good across editions, and a file that gives back what was put in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.baselines.codes import EDITION, tracked
from streams.baselines.file import BaselineError, read_baseline, read_header, write_baseline
from streams.baselines.readers import StatisticsRow
from streams.baselines.trade import CorridorKey, Trade
from streams.corridors.episodes import episodes
from streams.corridors.months import parse_month
from streams.corridors.settings import settings
from streams.corridors.state import Corridor
from streams.errors import UserError

JANUARY_2020 = parse_month("2020-01")
JANUARY_2022 = parse_month("2022-01")


def row(
    hs6: str, month: int, value: int = 5_000_000, origin: str = "DE", destination: str = "KG"
) -> StatisticsRow:
    return StatisticsRow(origin, destination, hs6, None, month, value, 0)


def corridors(
    rows: list[StatisticsRow], controls: str = "chpl", *, by_origin: bool = False
) -> dict[CorridorKey, Corridor]:
    trade = Trade(tracked(controls))
    trade.add(rows)
    return dict(trade.corridors(by_origin=by_origin))


def alerts(rows: list[StatisticsRow], controls: str = "chpl") -> list[str]:
    last = max(one.month for one in rows)
    found = corridors(rows, controls)
    return [one.kind for corridor in found.values() for one in episodes(corridor, settings(), last)]


# (code of 2017, its successor on the list)
RECODED = [
    ("880330", "880730"),
    ("854890", "854800"),
    ("852580", "852589"),
    ("854140", "854149"),
    ("854150", "854151"),
    ("854150", "854159"),
]


@pytest.mark.parametrize(("old", "new"), RECODED)
def test_the_recoding_of_2022_is_neither_a_new_trade_nor_a_surge(old: str, new: str) -> None:
    rows = [
        row(old if month < JANUARY_2022 else new, month) for month in range(JANUARY_2020, JANUARY_2022 + 12)
    ]
    [corridor] = [one for key, one in corridors(rows).items() if key.hs6 == new]
    assert sorted(corridor.months) == list(range(JANUARY_2020, JANUARY_2022 + 12))
    assert alerts(rows) == []


def test_a_true_surge_across_the_recoding_is_seen() -> None:
    rows = [row("880330", month, 1_000_000) for month in range(JANUARY_2020, JANUARY_2022)]
    rows += [row("880730", month, 20_000_000) for month in range(JANUARY_2022, JANUARY_2022 + 3)]
    assert alerts(rows) == ["SURGE"]


def test_a_country_that_takes_the_edition_up_late_trades_the_same_good() -> None:
    rows = [row("880330", month) for month in range(JANUARY_2020, JANUARY_2022 + 6)]
    rows += [row("880730", month) for month in range(JANUARY_2022 + 6, JANUARY_2022 + 12)]
    assert alerts(rows) == []


def test_a_new_code_whose_predecessor_is_missing_from_the_file_has_no_past_to_speak_of() -> None:
    other = [row("901310", month) for month in range(JANUARY_2020, JANUARY_2022 + 12)]
    rows = [*other, *[row("854151", month) for month in range(JANUARY_2022, JANUARY_2022 + 12)]]
    assert alerts(rows) == []
    assert corridors(rows)[CorridorKey("854151", "*", "KG")].since == JANUARY_2022


def test_a_code_that_many_countries_begin_in_one_january_is_recoded_too() -> None:
    other = [row("901310", month) for month in range(JANUARY_2020, JANUARY_2022 + 4)]
    begun = [row("730439", month) for month in range(JANUARY_2022, JANUARY_2022 + 4)]
    many = [row("730439", JANUARY_2022 + m, origin=origin) for m in range(4) for origin in ("AT", "FR", "IT")]
    assert "NEW_TRADE" in alerts([*other, *begun], "all")
    assert "NEW_TRADE" not in alerts([*other, *many], "all")


def test_reporters_are_summed_or_kept_apart() -> None:
    rows = [row("901310", JANUARY_2020, 100), row("901310", JANUARY_2020, 23, origin="AT")]
    assert corridors(rows)[CorridorKey("901310", "*", "KG")].months[JANUARY_2020].value == 123
    assert [key.origin for key in corridors(rows, by_origin=True)] == ["AT", "DE"]


def test_the_union_is_not_counted_beside_its_members() -> None:
    union = row("901310", JANUARY_2020, 500, origin="EU")
    assert corridors([union])[CorridorKey("901310", "*", "KG")].months[JANUARY_2020].value == 500
    both = corridors([union, row("901310", JANUARY_2020, 100)])
    assert both[CorridorKey("901310", "*", "KG")].months[JANUARY_2020].value == 100


def test_goods_off_the_list_are_not_watched() -> None:
    assert corridors([row("010121", JANUARY_2020)]) == {}
    assert len(corridors([row("010121", JANUARY_2020)], "all")) == 1


def test_an_unknown_control_list_is_named() -> None:
    with pytest.raises(UserError, match="no control list 'nope'"):
        tracked("nope")


lines = st.lists(
    st.builds(
        StatisticsRow,
        st.sampled_from(["DE", "AT"]),
        st.sampled_from(["KG", "KZ"]),
        st.sampled_from(["901310", "854239", "854150", "854151", "880330"]),
        st.none(),
        st.integers(JANUARY_2020, JANUARY_2022 + 10),
        st.integers(0, 10**9),
        st.integers(0, 10**7),
    ),
    min_size=1,
    max_size=40,
)


@given(lines)
def test_a_baseline_file_gives_back_what_was_written(rows: list[StatisticsRow]) -> None:
    trade = Trade(tracked("chpl"))
    trade.add(rows)
    head, *body = write_baseline(trade, "Eurostat Comext", "export", EDITION)
    header = read_header(head)
    assert (header.source, header.currency, header.hs_edition) == ("Eurostat Comext", "EUR", "2022")
    assert list(read_baseline(header, body)) == [(key, one) for key, one in trade.corridors() if one.months]


@pytest.mark.parametrize("data", [b"", b"{}", b'{"format":"x"}', b"[1]"])
def test_what_is_no_baseline_is_refused(data: bytes) -> None:
    with pytest.raises(BaselineError):
        read_header(data)


def test_another_version_of_the_format_is_refused() -> None:
    trade = Trade(tracked("chpl"))
    trade.add([row("901310", JANUARY_2020)])
    head, *_ = write_baseline(trade, "x", "export", EDITION)
    with pytest.raises(BaselineError, match="format torugart-baseline 2"):
        read_header(head.replace(b'"version":1', b'"version":2'))
