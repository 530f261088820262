"""Days as detectors keep them: a number since 1970-01-01."""

from datetime import date, timedelta

EPOCH = date(1970, 1, 1)
LAST_DAY = (date.max - EPOCH).days
"""That a date can be given of."""


def day_of(day: int) -> date:
    """The date of a day since 1970."""
    return EPOCH + timedelta(days=day)


def week_of(day: int) -> int:
    """Weeks since that of Monday, 29 December 1969."""
    return (day + 3) // 7


def monday(week: int) -> int:
    """The first day of a week, since 1970."""
    return 7 * week - 3
