"""All that detectors remember, in one dictionary: what the partitions of the patterns agent hold together, counted by the core
alone."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from streams.corridors.firms import FirmCounts
from streams.corridors.state import Past
from streams.patterns.memory import Answered, Book, Observation, look_again


class LedgerFirms:
    """The records of one key's firms."""

    def __init__(self) -> None:
        self.records: dict[int, bytes] = {}
        self.counts = FirmCounts()

    def get(self, firm: int) -> bytes | None:
        return self.records.get(firm)

    def put(self, firm: int, value: bytes) -> None:
        self.records[firm] = value


class Ledger:
    """Observations in, answers out."""

    def __init__(
        self,
        book: Book,
        began: int | None = None,
        past: Callable[[str], Past | None] = lambda _: None,
    ) -> None:
        """`past`: what statistics say of the time before, by key."""
        self._book = book
        self._past = past
        self._values: dict[str, bytes] = {}
        self.firms: dict[str, LedgerFirms] = defaultdict(LedgerFirms)
        """key -> the records of its firms"""
        self._began = began
        self.alerts: dict[str, bytes | None] = {}
        """key -> the alert of a corridor as it was said last"""

    def observe(self, changes: Iterable[Observation]) -> list[Answered]:
        """Applies the changes of one declaration, and returns what it is told."""
        answers = []
        for change in changes:
            if self._began is None:
                self._began = change.day
            past = self._past(change.key)
            done = self._book.apply(
                self._values.get(change.key), change, self._began, past, self.firms[change.key]
            )
            if done.remembered is not None:
                self._values[change.key] = done.remembered
            self.alerts |= done.alerts
            if done.answer is not None:
                answers.append(done.answer)
        return answers

    def reach(self, day: int) -> None:
        """Lets time pass for keys that nobody spoke of, up to a day since 1970."""
        for key, value in list(self._values.items()):
            if look_again(value) > day:
                continue
            done = self._book.forget(key, value, day, self._began or day, self._past(key), self.firms[key])
            self.alerts |= done.alerts
            if done.remembered is None:
                del self._values[key]
            else:
                self._values[key] = done.remembered

    @property
    def values(self) -> Mapping[str, bytes]:
        """Key -> its state."""
        return self._values
