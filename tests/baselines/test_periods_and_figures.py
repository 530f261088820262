"""Months and figures as statistics print them: what is taken, and what is refused rather than guessed."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.baselines.figures import MixedFigures, Sign, decimal_sign, read_figure
from streams.baselines.periods import read_month
from streams.corridors.months import month_text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2022-05",
            "202205",
            "2022M05",
            "2022M5",
            "2022-M05",
            "2022/05",
            "2022-05-01",
            "20220501",
            "05/2022",
        ),
        *("5/2022", "05.2022", "01.05.2022", "May 2022", "may-2022", "2022 May", "MAY, 2022", "Mai 2022"),
        *(
            "mai 2022",
            "mayo 2022",
            "maj 2022",
            "Май 2022",
            "Mayıs 2022",
            "2022年5月",
            " 2022-05 ",
            "2022-05-01T00:00:00",
        ),
    ],
)
def test_months(text: str) -> None:
    assert month_text(read_month(text)) == "2022-05"


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("Aug. 2024", "2024-08"),
        ("März 2023", "2023-03"),
        ("févr. 2023", "2023-02"),
        ("Sept. 2020", "2020-09"),
    ],
)
def test_months_in_words(text: str, month: str) -> None:
    assert month_text(read_month(text)) == month


@pytest.mark.parametrize(
    ("text", "what"),
    [
        *(
            (text, "a year")
            for text in ("2022", "2022.0", "2022-00", "202200", "202252", "2022A", "2021/2022")
        ),
        *((text, "a quarter") for text in ("2022Q1", "2022-Q1", "Q1 2022", "2022K4", "1. Quarter 2022")),
        *((text, "a half-year") for text in ("2022S1", "2022H2")),
        *((text, "a day") for text in ("2022-05-17", "17.05.2022")),
        *((text, "more than a month") for text in ("Jan.-Dec. 2022", "2022-01 - 2022-12")),
        ("2022-W05", "a week"),
    ],
)
def test_other_periods_are_refused_by_name(text: str, what: str) -> None:
    with pytest.raises(ValueError, match=f"is no month but {what}"):
        read_month(text)


@pytest.mark.parametrize(
    "text", ["", "May", "2022-13", "13/2022", "May-22", "listopad 2022", "0001-05", "2022-5x", "Total"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no month such as 2022-07"):
        read_month(text)


@given(st.integers(1960 * 12, 2100 * 12 + 11))
def test_each_month_is_read_as_it_is_written(month: int) -> None:
    year, number = divmod(month, 12)
    for text in (
        f"{year}-{number + 1:02}",
        f"{year}M{number + 1}",
        f"{number + 1}/{year}",
        f"{year}{number + 1:02}",
    ):
        assert read_month(text) == month


@pytest.mark.parametrize(
    ("text", "decimal", "figure"),
    [
        ("1234.5", ".", 1234.5),
        ("1,234.5", ".", 1234.5),
        ("1.234,5", ",", 1234.5),
        ("1.234.567,5", ",", 1234567.5),
        ("1 234 567", ".", 1234567),
        ("1\u00a0234,5", ",", 1234.5),
        ("1'234.5", ".", 1234.5),
        ("1,234", ".", 1234),
        ("1,234", ",", 1.234),
        ("1.234", ".", 1.234),
        ("1.234", ",", 1234),
        ("1,234,567", None, 1234567),
        ("12.5", None, 12.5),
        ("0.125", None, 0.125),
        ("1234.567", None, 1234.567),
        ("1.5e+06", ".", 1_500_000),
        ("1234.5 e", ".", 1234.5),
        ("1234.5e", ".", 1234.5),
        ("1234 (p)", ".", 1234),
        (".5", ".", 0.5),
        *((text, ".", None) for text in ("", " ", ":", ": c", "..", "-", "n/a", "x")),
    ],
)
def test_figures(text: str, decimal: Sign | None, figure: float | None) -> None:
    assert read_figure(text, decimal) == figure


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        *(
            (text, ".")
            for text in (
                "much",
                "nan",
                "inf",
                "-5",
                "5k",
                "12 mn",
                "5 bn",
                "EUR 5",
                "1,23,4",
                "1.2.3",
                "0x10",
                "١٢",
            )
        ),
        ("1.234", None),
        ("1,234", None),
        ("1,5", "."),
        ("1.5", ","),
    ],
)
def test_what_is_no_figure_or_may_be_two_is_refused(text: str, decimal: Sign | None) -> None:
    with pytest.raises(ValueError, match="is no amount"):
        read_figure(text, decimal)


def test_the_decimal_sign_is_told_by_figures_that_leave_no_doubt() -> None:
    assert decimal_sign(["1.234", "5,5"], None) == ","
    assert decimal_sign(["1.234", "5.5"], None) == "."
    assert decimal_sign(["1.234", "7"], None) is None
    assert decimal_sign(["1.234,5"], ".") == ","
    assert decimal_sign(["1,234,567"], None) == "."
    with pytest.raises(MixedFigures):
        decimal_sign(["1.5", "1,5"], ".")


@given(st.text(max_size=20), st.sampled_from([".", ",", None]))
def test_any_text_is_a_figure_or_refused(text: str, decimal: Sign | None) -> None:
    with contextlib.suppress(ValueError):
        figure = read_figure(text, decimal)
        assert figure is None or 0 <= figure < float("inf") or len(text) > 15


@given(st.floats(0, 1e9).map(lambda number: round(number, 2)))
def test_both_ways_of_printing_are_read_alike(number: float) -> None:
    english = f"{number:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert read_figure(english, ".") == read_figure(german, ",") == number
