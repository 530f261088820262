"""Files of trade statistics, told apart by their header: Eurostat Comext, UN Comtrade, plain CSV."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import Literal

from msgspec import Struct

from streams.baselines.breakdowns import Breakdowns, Key, Parts, StatisticsAmount, WrongLine
from streams.baselines.columns import Columns, Flow, Measure
from streams.baselines.figures import MixedFigures, Sign, decimal_sign, read_figure
from streams.baselines.layouts import StatisticsError, read_header, table
from streams.baselines.periods import read_month
from streams.corridors.months import Month, first_day, month_text
from streams.corridors.state import CENTS, GRAMS
from streams.money.rates import bundled_rates
from streams.territories import CountryReading, Why, statistics_country

__all__ = ["EUROPE", "Flow", "LeftOut", "Reason", "StatisticsError", "StatisticsFile", "StatisticsRow"]

EUROPE = "EU"
"""The reporter that sums the members of the European Union."""
MAX_VALUE = 1e15
"""Currency units in one line; more is no trade of this world, and would not fit the state."""
SAMPLED = 2_000
"""Lines by which a file's decimal sign is told: figures such as 1.234 alone do not tell it."""
KILOGRAMS = 100
"""Of Eurostat's quantities in 100 kg."""

Reason = Literal[
    "no country known here",
    "codes or names that contradict each other",
    "a state of the past",
    "no single country",
    "another flow",
    "part of a whole that is there",
    "a sum of other lines",
    "a sum over goods or a secret code",
    "another measure",
    "no figure",
    "the same as another line",
]
_NO_COUNTRY: dict[Why, Reason] = {
    "unknown": "no country known here",
    "ambiguous": "codes or names that contradict each other",
    "former": "a state of the past",
    "sum": "no single country",
    "union": "no single country",
}


class StatisticsRow(Struct, frozen=True):
    """One line: so much of a good, from where to where, in a month."""

    origin: str
    """ISO 3166 alpha-2; EU where the reporter is the Union as a whole"""
    destination: str
    hs6: str
    edition: str | None
    """of the Harmonized System, where the file says it"""
    month: Month
    value: int
    """in cents of euro"""
    mass: int
    """in grams; 0 where the file has none"""


class _Skip(Exception):
    """A line that is left out."""

    def __init__(self, reason: Reason, name: str = "") -> None:
        super().__init__(reason)
        self.reason, self.name = reason, name


class LeftOut:
    """Lines that were not used, and what stood in them."""

    def __init__(self) -> None:
        self.lines: Counter[Reason] = Counter()
        self.names: dict[Reason, Counter[str]] = {}
        """what named no country, or which other flow it was"""

    def add(self, reason: Reason, name: str = "", lines: int = 1) -> None:
        if lines:
            self.lines[reason] += lines
        if name:
            self.names.setdefault(reason, Counter())[name] += lines


class _Line(Struct, frozen=True):
    """What a line says, before it is known whether it counts."""

    key: Key
    parts: Parts
    ends: tuple[str, str]
    hs6: str
    edition: str | None
    month: Month
    amount: StatisticsAmount

    def row(self, amount: StatisticsAmount) -> StatisticsRow:
        return StatisticsRow(*self.ends, self.hs6, self.edition, self.month, amount.value, amount.mass)


class StatisticsFile:
    """Reads one file's lines; afterwards says what it left out and what it summed.

    Raises StatisticsError for a header of no known kind, a period that is no month, a value or mass that is none or may be two,
    a month without a rate of exchange, two figures of the same. Left out are lines of no single country or one that nobody
    knows, and of a code of fewer than six digits (sums, confidential trade). A trade is counted once: see `Breakdowns`.
    """

    def __init__(self, lines: Iterable[str], name: str, flow: Flow = "export") -> None:
        self._lines = iter(lines)
        self._name = name
        self._flow = flow
        self._head = read_header(self._lines, name)
        self.source = self._head.source
        self._columns = Columns(self._head, name, flow)
        self.left_out = LeftOut()
        self.used = 0
        """lines that count"""
        self.summed: Counter[str] = Counter()
        """columns that broke down -> months of a corridor for which only parts were there, whose sum was taken"""
        self._decimal: Sign | None = None
        self._seen: set[int] = set()
        self._editions: dict[tuple[str, Month], str] = {}
        self._levels: dict[str, int] = {}

    def rows(self) -> Iterator[StatisticsRow]:
        """All lines of the wanted flow that can be used, in the file's order; sums of parts last."""
        breakdowns = Breakdowns(self._columns.nested)
        first: dict[Key, _Line] = {}
        reached = self._head.lines
        try:
            for number, cells in self._cells():
                reached = number
                try:
                    line = self._read(cells)
                except _Skip as skipped:
                    self.left_out.add(skipped.reason, skipped.name)
                    continue
                if any(line.parts):
                    breakdowns.part(line.key, line.parts, line.amount)
                    first.setdefault(line.key, line)
                elif not self._columns.breaking or breakdowns.whole(line.key, line.amount):
                    self.used += 1
                    yield line.row(line.amount)
        except (csv.Error, WrongLine) as error:
            raise StatisticsError(f"{self._name}, line {reached}: {error}") from None
        for key, parts, amount in breakdowns.sums():
            self.used += 1
            names = zip(self._columns.breaking, parts, strict=True)
            self.summed[" and ".join(name for name, part in names if part)] += 1
            yield first[key].row(amount)
        self.left_out.add("part of a whole that is there", lines=breakdowns.left)
        self.left_out.add("the same as another line", lines=breakdowns.copies)

    def _cells(self) -> Iterator[tuple[int, list[str]]]:
        """The lines that are not blank, with their numbers; by the first of them the decimal sign is told."""
        reader = csv.reader(self._lines, delimiter=self._head.delimiter)
        numbered = ((reader.line_num + self._head.lines, cells) for cells in reader if cells)
        sample = list(islice(numbered, SAMPLED))
        columns = self._columns
        places = [place for place in (columns.value, columns.mass, columns.mass_100kg) if place is not None]
        figures = (cells[place] for _, cells in sample for place in places if place < len(cells))
        try:
            self._decimal = decimal_sign(figures, None if self._head.delimiter in ";|" else ".")
        except MixedFigures as error:
            raise StatisticsError(f"{self._name}: {error}") from None
        return chain(sample, numbered)

    def _read(self, cells: list[str]) -> _Line:
        """What a line says. Raises _Skip where it is left out, WrongLine."""
        columns = self._columns
        if len(cells) <= columns.last:
            raise WrongLine(f"{len(cells)} columns, too few")
        flow, measure, digits = columns.whole_or_part(cells), columns.measure(cells), columns.digits(cells)
        if flow is None:
            raise _Skip("another flow", cells[columns.flow or 0].strip())
        if columns.sums and columns.is_sum(cells):
            raise _Skip("a sum of other lines")
        if measure is None:
            raise _Skip("another measure")
        if digits is None:
            raise _Skip("a sum over goods or a secret code")
        reporter, partner = (self._country(cells, places) for places in (columns.reporter, columns.partner))
        if partner == EUROPE:  # a sum over partners; over reporters it may be all that there is
            raise _Skip("no single country", cells[columns.partner[0]].strip())
        try:
            month = read_month(cells[columns.period])
        except ValueError as error:
            raise WrongLine(f"period {error}") from None
        amount = self._amount(cells, measure, month)
        if amount is None:
            raise _Skip("no figure")
        if not self.source.repeats and self._is_copy(cells):
            raise _Skip("the same as another line")
        edition = cells[columns.edition].strip() if columns.edition is not None else ""
        self._one_level(digits)
        key: Key = ()
        parts: Parts = ()
        if columns.breaking:
            who, whom = columns.names(cells)
            self._one_edition(who, edition, month)
            key, parts = (who, whom, digits, str(month), measure), (flow, *columns.parts(cells))
        return _Line(
            key=key,
            parts=parts,
            ends=(reporter, partner) if self._flow == "export" else (partner, reporter),
            hs6=digits[:6],
            edition=_edition(edition),
            month=month,
            amount=amount,
        )

    def _country(self, cells: list[str], places: tuple[int, ...]) -> str:
        """By its codes and name, where a file has several: none may say another. Raises _Skip for no country."""
        texts = tuple([cells[place] for place in places])
        reading = _together(texts)
        if reading.code is not None:
            return reading.code
        if reading.why == "union" and places == self._columns.reporter:
            return EUROPE
        raise _Skip(
            _NO_COUNTRY[reading.why], " = ".join(text for text in map(str.strip, texts) if text) or "(empty)"
        )

    def _amount(self, cells: list[str], measure: Measure, month: Month) -> StatisticsAmount | None:
        columns = self._columns
        figure = self._figure(cells[columns.value], "value" if "value" in measure else "mass")
        if figure is None:
            return None
        if measure == "mass":
            return StatisticsAmount(0, round(figure * GRAMS))
        if measure == "mass in 100 kg":
            return StatisticsAmount(0, round(figure * KILOGRAMS * GRAMS))
        rate = 1.0 if self.source.currency == "EUR" else _dollars_per_euro(month)
        mass = 0.0
        for place, unit in ((columns.mass_100kg, KILOGRAMS), (columns.mass, 1)):
            if place is not None:
                mass = (self._figure(cells[place], "mass") or 0.0) * unit
        return StatisticsAmount(round(figure * CENTS / rate), round(mass * GRAMS))

    def _figure(self, text: str, what: str) -> float | None:
        try:
            figure = read_figure(text, self._decimal)
        except ValueError as error:
            raise WrongLine(f"{what} {error}") from None
        if figure is not None and figure > MAX_VALUE:
            raise WrongLine(f"{what} {text!r} is no amount")
        return figure

    def _is_copy(self, cells: list[str]) -> bool:
        known = len(self._seen)
        self._seen.add(hash(tuple(cells)))
        return len(self._seen) == known

    def _one_edition(self, reporter: str, edition: str, month: Month) -> None:
        """The same trade in two editions would be counted twice."""
        if edition:
            known = self._editions.setdefault((reporter, month), edition)
            if known != edition:
                raise WrongLine(
                    f"{month_text(month)} of {reporter} is there in two editions, {known} and {edition}: keep one"
                )

    def _one_level(self, digits: str) -> None:
        """The same trade by a code and by a finer one would be counted twice."""
        length = self._levels.setdefault(digits[:6], len(digits))
        if length != len(digits):
            raise WrongLine(
                f"{digits[:6]} is there with {length} digits and with {len(digits)}: "
                "one may be the sum of the other, keep one"
            )


@lru_cache(maxsize=20_000)
def _together(texts: tuple[str, ...]) -> CountryReading:
    """What a country's codes and its name say, those left aside that nobody knows."""
    readings = [statistics_country(text) for text in texts if text.strip()]
    known = {reading for reading in readings if reading.why != "unknown"}
    if len(known) == 1:
        return known.pop()
    return CountryReading("ambiguous" if known else "unknown")


@lru_cache(maxsize=4096)
def _dollars_per_euro(month: Month) -> float:
    rate = bundled_rates().per_euro("USD", first_day(month))
    if rate is None:
        raise WrongLine(
            f"no rate of exchange for {month_text(month)} in streams/money; convert the file to euro and load it as plain CSV"
        )
    return float(rate)


@lru_cache(maxsize=64)
def _edition(text: str) -> str | None:
    return table().editions.get(text, text if text in ("2012", "2017", "2022") else None)
