"""Where a file's columns stand, and what the cells of a line say by the table of its source."""

import re
from typing import Literal

from streams.baselines.breakdowns import Parts
from streams.baselines.layouts import StatisticsError, StatisticsHeader

Flow = Literal["export", "import"]
Measure = Literal["value and mass", "value", "mass", "mass in 100 kg"]

_LABELLED = re.compile(r"(\d[\d. ]*)(?:\s*[-:|–]\s*|\s+)\D.*")
"""A code with its words behind it: "854231 - Electronic integrated circuits"."""


class Columns:
    """Of one file. Raises StatisticsError where one is missing that is needed."""

    def __init__(self, head: StatisticsHeader, name: str, flow: Flow) -> None:
        source = head.source
        self._source = source
        self._name = name
        self._head = head
        self.reporter, self.partner = head.all_of(source.reporter), head.all_of(source.partner)
        self.code, self.period, self.value = (
            self._need(names) for names in (source.code, source.period, source.value)
        )
        self.mass, self.mass_100kg = head.have(source.mass), head.have(source.mass_100kg)
        self.edition, self.flow = head.have(source.edition), head.have(source.flow)
        flows = source.flows
        wanted, parts = (
            (flows.export, flows.export_parts) if flow == "export" else (flows.import_, flows.import_parts)
        )
        self._flows = {text.upper(): "" for text in wanted} | {text.upper(): text for text in parts}
        self._totals = [
            (head.columns[column], {value.upper() for value in values})
            for column, values in source.totals.items()
            if column in head.columns
        ]
        self.sums = [
            (head.columns[column], {value.upper() for value in values})
            for column, values in source.sums.items()
            if column in head.columns
        ]
        kept = [column for column in source.totals if column in head.columns]
        self.breaking: tuple[str, ...] = ("flow", *kept) if source.totals or parts else ()
        """columns that break a whole down, in the order of `parts`; none where each line is a whole"""
        self.nested = [place for place, column in enumerate(self.breaking) if column in source.nested]
        self._long = head.have(source.long.column) if source.long is not None else None
        column = next(name for name, place in head.columns.items() if place == self.code)
        self._padded = {"cn8": 8, "hs6": 6}.get(column, 0)
        optional = (self.mass, self.mass_100kg, self.edition, self.flow, self._long)
        needed = (*self.reporter, *self.partner, self.code, self.period, self.value)
        self.last = max(*needed, *(place for place in optional if place is not None))
        """place of the last column that a line must have"""

    def _need(self, names: tuple[str, ...]) -> int:
        place = self._head.have(names)
        if place is None:
            raise StatisticsError(f"{self._name} ({self._source.title}) has no column {' or '.join(names)}")
        return place

    def whole_or_part(self, cells: list[str]) -> str | None:
        """Of the flow that is wanted: "" for the whole, or the name of a part; None for another flow."""
        return "" if self.flow is None else self._flows.get(plain(cells, self.flow))

    def is_sum(self, cells: list[str]) -> bool:
        """Whether the line sums others of the file."""
        return any(plain(cells, place) in values for place, values in self.sums)

    def parts(self, cells: list[str]) -> Parts:
        """By which values of the other columns the line breaks a whole down."""
        return tuple(
            "" if (value := plain(cells, place)) in wholes else value for place, wholes in self._totals
        )

    def measure(self, cells: list[str]) -> Measure | None:
        """What the figure of the line measures; None for what is not looked at."""
        if self._long is None or self._source.long is None:
            return "value and mass"
        name, known = " ".join(cells[self._long].split()).upper(), self._source.long
        named: tuple[tuple[Measure, tuple[str, ...]], ...] = (
            ("value", known.value),
            ("mass", known.mass),
            ("mass in 100 kg", known.mass_100kg),
        )
        return next((measure for measure, names in named if name in {one.upper() for one in names}), None)

    def names(self, cells: list[str]) -> tuple[str, str]:
        """Reporter and partner as the line writes them."""
        who, whom = ("|".join(cells[place].strip() for place in end) for end in (self.reporter, self.partner))
        return who, whom

    def digits(self, cells: list[str]) -> str | None:
        """The code of the goods, with a leading zero that a spreadsheet took; None for a sum over codes or a secret one."""
        text = cells[self.code].strip()
        if len(text) == 8 and text.isascii() and text.isdigit() and self._source.digits in (0, 8):
            return text
        labelled = None if text.isdigit() else _LABELLED.fullmatch(text)
        digits = (labelled[1] if labelled else text).strip().replace(" ", "").replace(".", "")
        padded, source = self._padded, self._source
        if not padded and self.edition is not None and cells[self.edition].strip().upper().startswith("H"):
            padded = source.digits
        if padded and len(digits) == padded - 1:
            digits = "0" + digits
        known = len(digits) in (6, 8, 10) and digits.isascii() and digits.isdigit()
        return digits if known and (not source.digits or len(digits) == source.digits) else None


def plain(cells: list[str], place: int) -> str:
    """A cell in capitals, without the ".0" of a table that took its codes for numbers; empty where the line ends before."""
    return cells[place].strip().upper().removesuffix(".0") if place < len(cells) else ""
