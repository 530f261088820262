"""Days and hours at which declarations are lodged."""

from bisect import bisect
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

HOLIDAYS = {(1, 1), (1, 2), (1, 7), (3, 8), (3, 21), (3, 22), (3, 23), (5, 1), (5, 9), (12, 16), (12, 31)}
"""Month and day of holidays that both countries or one of them keep."""
WEEKDAYS = (1.1, 1.1, 1.05, 1.05, 1.05, 0.45, 0.15)
HOLIDAY = 0.15
LOCAL = timedelta(hours=6)
"""of the administrations' clocks from UTC"""


class Month:
    """A calendar month by its number since the year 0: `year * 12 + month - 1`."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.year, self.month = number // 12, number % 12 + 1
        self.start = datetime(self.year, self.month, 1, tzinfo=UTC)
        self.days = monthrange(self.year, self.month)[1]
        self.end = self.start + timedelta(days=self.days)
        weights = [_weight(self.start + timedelta(days=day)) for day in range(self.days)]
        self._upto = list(accumulate(weights))

    def moment(self, rng: Random, earliest: datetime | None = None) -> datetime:
        """A time in the month at which offices work; not before `earliest`."""
        low = 0.0
        if earliest is not None and earliest > self.start:
            day = (earliest - self.start).days
            low = self._upto[day] if day < self.days - 1 else self._upto[-2]
        day = bisect(self._upto, low + rng.random() * (self._upto[-1] - low))
        return at_work(rng, self.start + timedelta(days=min(day, self.days - 1)))


def at_work(rng: Random, day: datetime) -> datetime:
    """A time of that day: mostly in office hours, 9 to 18 by the local clock."""
    hours = rng.gauss(13.5, 2.3) if rng.random() < 0.93 else rng.uniform(0, 24)
    seconds = int((hours % 24) * 3600 - LOCAL.total_seconds()) % 86_400
    return day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(seconds=seconds)


def working_hour(rng: Random, month: str) -> datetime:
    """A working hour (UTC) of a day of the month, such as `2021-01`, seldom a Sunday."""
    start = datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
    for _ in range(4):
        at = start + timedelta(
            days=rng.randrange(28),
            hours=rng.randrange(5, 18),
            minutes=rng.randrange(60),
            seconds=rng.randrange(60),
        )
        if at.weekday() < 6:
            break
    return at


def month_number(year: int, month: int) -> int:
    return year * 12 + month - 1


def _weight(day: datetime) -> float:
    return HOLIDAY if (day.month, day.day) in HOLIDAYS else WEEKDAYS[day.weekday()]
