"""Repairs that leave no doubt, and refusals of those that would."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.declarations import repair
from tests.declarations.strategies import STEADY


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("48200.10", "48200.10"),
        ("-1.5", "-1.5"),
        (" 289 ", "289"),
        ("+7", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1,5", "1.5"),
        ("1,50", "1.50"),
        ("1,2345", "1.2345"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234\u00a0567", "1234567"),
        ("1'234.50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1.234", "1.234"),
        ("1E3", "1000"),
        ("241.58000000000004", "241.58000000000004"),
        ("0.1000000000000000055511151231257827", "0.10000000000000000555"),
    ],
)
def test_decimals(raw: str, expected: str) -> None:
    assert repair.decimal(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "1,500",
        "12 34",
        "1,2,3",
        "abc",
        "",
        "NaN",
        "Infinity",
        "1e99",
        "9" * 19,
        "9" * 5000,
        "١٢",
        "1..2",
        "--1",
        "1.5 kg",
    ],
)
def test_no_decimals(raw: str) -> None:
    with pytest.raises(ValueError, match="number") as refused:
        repair.decimal(raw)
    assert not raw or raw not in str(refused.value)


@settings(STEADY)
@given(st.decimals(-(10**17), 10**17, places=6, allow_nan=False))
def test_every_plain_decimal_stays(number: object) -> None:
    assert repair.decimal(str(number)) in (str(number), format(number, "f"))


@settings(STEADY)
@given(st.text())
def test_nothing_but_value_errors(raw: str) -> None:
    for one in (
        repair.decimal,
        repair.whole,
        repair.country,
        repair.currency,
        repair.tariff_code,
        repair.time,
    ):
        try:
            one(raw)
        except ValueError as error:
            assert str(error).startswith(("not a", "a number too long"))  # never the value itself


@pytest.mark.parametrize(("raw", "expected"), [("10", 10), ("10.00", 10), (" 7 ", 7)])
def test_counts(raw: str, expected: int) -> None:
    assert repair.whole(raw) == expected


@pytest.mark.parametrize("raw", ["1.5", "-1", "ten"])
def test_no_counts(raw: str) -> None:
    with pytest.raises(ValueError, match="number"):
        repair.whole(raw)


@pytest.mark.parametrize("raw", ["gb", " GB ", "Gb"])
def test_countries(raw: str) -> None:
    assert repair.country(raw) == "GB"


@pytest.mark.parametrize("raw", ["GBR", "G", "ГБ", "1A", "ⅯⅭ"])
def test_no_countries(raw: str) -> None:
    with pytest.raises(ValueError, match="two letters"):
        repair.country(raw)


@pytest.mark.parametrize(
    ("raw", "expected"), [("9013.10.00.00", "9013100000"), ("8471 30", "847130"), ("610910", "610910")]
)
def test_tariff_codes(raw: str, expected: str) -> None:
    assert repair.tariff_code(raw) == expected


@pytest.mark.parametrize("raw", ["8471", "84713O", "٨٤٧١٣٠", "1234567890123"])
def test_no_tariff_codes(raw: str) -> None:
    with pytest.raises(ValueError, match="tariff code"):
        repair.tariff_code(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("20221114143931+01", datetime(2022, 11, 14, 13, 39, 31, tzinfo=UTC)),
        ("20221114143931-0530", datetime(2022, 11, 14, 20, 9, 31, tzinfo=UTC)),
        ("20221114143931Z", datetime(2022, 11, 14, 14, 39, 31, tzinfo=UTC)),
        ("202211141439", datetime(2022, 11, 14, 14, 39, tzinfo=UTC)),
        ("20221114", datetime(2022, 11, 14, tzinfo=UTC)),
        ("2022-11-14", datetime(2022, 11, 14, tzinfo=UTC)),
        ("2022-11-14T14:39:31.5+06:00", datetime(2022, 11, 14, 8, 39, 31, 500000, tzinfo=UTC)),
        ("14.11.2022", datetime(2022, 11, 14, tzinfo=UTC)),
        ("14.11.2022 09:30", datetime(2022, 11, 14, 9, 30, tzinfo=UTC)),
    ],
)
def test_times(raw: str, expected: datetime) -> None:
    assert repair.time(raw) == expected
    assert repair.time(raw).tzinfo is UTC


@pytest.mark.parametrize(
    "raw", ["20220230", "14/11/2022", "now", "99991231235959-23", "20221114143931+99", "2022", "13.13.2022"]
)
def test_no_times(raw: str) -> None:
    with pytest.raises(ValueError, match="not a date and time"):
        repair.time(raw)
