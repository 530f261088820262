"""Months as whole numbers (year x 12 + month - 1): buckets are keyed by them and differences are plain."""

from datetime import date

Month = int
"""months since the year 0"""


def month_of(day: date) -> Month:
    return day.year * 12 + day.month - 1


def month_text(month: Month) -> str:
    """2022-07"""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def parse_month(text: str) -> Month:
    """2022-07 or 202207. Raises ValueError for anything else, a year or a quarter too."""
    digits = text.strip().replace("-", "", 1)
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()) or not 1 <= int(digits[4:]) <= 12:
        raise ValueError(f"{text!r} is no month such as 2022-07")
    return int(digits[:4]) * 12 + int(digits[4:]) - 1


def first_day(month: Month) -> date:
    return date(month // 12, month % 12 + 1, 1)
