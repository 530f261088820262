"""Exchange rates: right for a month, nothing for what is not known, a user's own before the bundled ones."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.money.rates import RatesError, bundled_rates, load_rates

RATES = bundled_rates()


@pytest.mark.parametrize(
    ("currency", "day", "per_euro", "within"),
    [
        ("EUR", date(1900, 1, 1), "1", 0),
        ("USD", date(2022, 9, 30), "0.9904", 0.001),  # European Central Bank, mean of September 2022
        ("usd ", date(2022, 9, 1), "0.9904", 0.001),
        ("GBP", date(2016, 7, 15), "0.84106", 0.001),
        ("KGS", date(2023, 4, 4), "96.1", 0.005),
        ("RUB", date(2022, 2, 1), "88.891", 0.001),
        ("RUR", date(2022, 2, 1), "88.891", 0.001),
        ("AED", date(2022, 9, 1), "3.6373", 0.001),
        ("BGN", date(2026, 5, 1), "1.95583", 0.0001),
        ("CNH", date(2023, 1, 1), "7.3", 0.01),
    ],
)
def test_units_for_a_euro(currency: str, day: date, per_euro: str, within: float) -> None:
    assert RATES.per_euro(currency, day) == pytest.approx(Decimal(per_euro), rel=Decimal(str(within)))


@pytest.mark.parametrize("currency", [None, "", "XTS", "XAU", "EURO", "840"])
def test_an_unknown_currency_is_never_one_to_one(currency: str | None) -> None:
    assert RATES.in_euro(Decimal(1000), currency, date(2023, 4, 4)) is None


def test_a_month_before_the_table_has_no_rate() -> None:
    assert RATES.in_euro(Decimal(1000), "USD", date(1995, 1, 1)) is None


def test_the_last_rate_stands_for_a_stated_time() -> None:
    last = date(RATES.last // 12, RATES.last % 12 + 1, 1)
    months = RATES.last + RATES.stale_months
    assert RATES.per_euro("USD", date(months // 12, months % 12 + 1, 1)) == RATES.per_euro("USD", last)
    months += 1
    assert RATES.per_euro("USD", date(months // 12, months % 12 + 1, 1)) is None


def test_currencies_of_the_trade_are_there() -> None:
    named = "USD GBP CNY CHF JPY TRY PLN CZK KRW KZT KGS AMD GEL UZS AED HKD AZN BYN RUB INR".split()
    assert [one for one in named if RATES.per_euro(one, date(2023, 6, 1)) is None] == []


@settings(derandomize=True)
@given(
    st.dates(date(2012, 1, 1), date(2026, 10, 31)),
    st.sampled_from(["USD", "TRY", "JPY", "GBP", "CNY"]),
    st.decimals(0, 10**9, places=2),
)
def test_amounts_scale(day: date, currency: str, amount: Decimal) -> None:
    euro = RATES.in_euro(amount, currency, day)
    assert euro is not None and euro >= 0
    assert RATES.in_euro(2 * amount, currency, day) == pytest.approx(2 * euro)


def test_the_currency_of_a_statistical_value_is_that_of_its_customs() -> None:
    day = date(2022, 6, 1)
    known = {
        country: RATES.statistical_currency(country, day)
        for country in ("DE", "GB", "KG", "PL", "HR", "CN", None)
    }
    assert known == {"DE": "EUR", "GB": "GBP", "KG": "USD", "PL": "PLN", "HR": "HRK", "CN": None, None: None}
    assert RATES.statistical_currency("HR", date(2023, 1, 1)) == "EUR"


def own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_of_the_users_own_comes_first_and_is_named(tmp_path: Path) -> None:
    rates = load_rates(own(tmp_path, "month;currency;per_eur\n2023-04;KGS;100\n2023-04;XBT;0.00004\n"))
    assert rates.per_euro("KGS", date(2023, 4, 30)) == 100
    assert rates.per_euro("XBT", date(2023, 4, 30)) == Decimal("0.00004")
    assert rates.per_euro("USD", date(2023, 4, 30)) == RATES.per_euro("USD", date(2023, 4, 30))
    assert rates.version.startswith("own.csv#") and rates.version.endswith(RATES.version)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("month,currency\n2023-04,KGS\n", "no column per_eur"),
        ("month,currency,per_eur\n2023,KGS,1\n", "line 2: month '2023' is not YYYY-MM"),
        ("month,currency,per_eur\n2023-04,KG,1\n", "line 2: currency 'KG'"),
        ("month,currency,per_eur\n2023-04,KGS,0\n", "line 2: per_eur '0'"),
        ("month,currency,per_eur\n2023-04,KGS,nan\n", "line 2: per_eur 'nan'"),
        ("month,currency,per_eur\n", "have no line"),
        ("", "no column"),
    ],
)
def test_a_table_that_is_none_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RatesError, match=said) as refused:
        load_rates(own(tmp_path, text))
    assert "\n" not in str(refused.value)


def test_a_table_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(RatesError, match="cannot be read"):
        load_rates(tmp_path / "absent.csv")
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"month,currency,per_eur\n\xff\xfe")
    with pytest.raises(RatesError, match="not UTF-8"):
        load_rates(binary)
