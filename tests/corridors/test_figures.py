"""The detector's table and its arithmetic."""

import math
import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.corridors.months import month_text, parse_month
from streams.corridors.settings import settings
from streams.corridors.significance import count_tail, incomplete_beta, student_bound


def test_every_figure_states_its_reason() -> None:
    text = resources.files("streams.corridors").joinpath("settings.toml").read_text()
    figures = [line for line in text.splitlines() if re.match(r"\w+ = [\d.]", line)]
    assert len(figures) > 20
    assert [line for line in figures if not re.search(r"# \S.{8}", line)] == []
    assert settings().source and "#" in settings().version


@pytest.mark.parametrize(
    ("significance", "freedom", "bound"),
    [(0.01, 23, 2.4999), (0.01, 11, 2.7181), (0.025, 10, 2.2281), (0.001, 5, 5.8934), (0.05, 1, 6.3138)],
)
def test_student_bounds_are_those_of_the_printed_tables(
    significance: float, freedom: int, bound: float
) -> None:
    assert student_bound(significance, freedom) == pytest.approx(bound, abs=1e-4)


@given(st.floats(0.001, 0.999), st.integers(1, 40), st.integers(1, 40))
def test_the_beta_function_is_the_binomial_tail(x: float, a: int, b: int) -> None:
    n = a + b - 1
    tail = sum(math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))
    assert incomplete_beta(x, a, b) == pytest.approx(tail, abs=1e-10)


def test_counts_are_judged_by_a_rate_that_is_known_only_so_well() -> None:
    assert count_tail(0, [2, 3]) == 1
    assert count_tail(10, [2] * 12) < count_tail(10, [2] * 3)
    assert count_tail(10, [2] * 12) < 0.001 < count_tail(6, [2] * 12)
    assert count_tail(10, [0, 0, 12, 0, 0, 0, 9, 0, 0, 0, 3, 0]) > 0.01


@given(st.integers(1900 * 12, 2100 * 12))
def test_months_are_written_and_read(month: int) -> None:
    assert parse_month(month_text(month)) == month
    assert parse_month(month_text(month).replace("-", "")) == month


@pytest.mark.parametrize(
    "text", ["", "2022", "2022-00", "2022-13", "2022-1", "22-01-01", "٢٠٢٢-٠١", "2022-0-1", "202252"]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no month"):
        parse_month(text)
