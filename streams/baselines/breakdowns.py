"""Lines that break others down: a whole is counted once, by its own line where there is one, else by the sum of its parts.

Comtrade gives the same trade as a whole and again by customs procedure, mode of transport, second partner and kind of export.
A file may hold all of it, the whole alone, or one of the breakdowns alone.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

Parts = tuple[str, ...]
"""The value of each column that breaks down; empty where the line is the whole in that respect"""
Key = tuple[str, ...]
"""All else that names the line: reporter, partner, code, period"""


class StatisticsAmount(Struct, frozen=True):
    """In cents and grams."""

    value: int
    mass: int


class WrongLine(ValueError):
    """A line for which a file cannot be used; the message says why. Who reads the file adds where it stands."""


class Breakdowns:
    """Sets the lines of one file against each other. Memory grows with the keys of the file."""

    def __init__(self, nested: Iterable[int]) -> None:
        """`nested`: places in `Parts` of values that break each other down, as 2100 breaks down 2000."""
        self._nested = frozenset(nested)
        self._wholes: dict[Key, StatisticsAmount] = {}
        self._parts: dict[Key, dict[Parts, StatisticsAmount]] = {}
        self.copies = 0
        """lines that said again what another had said"""
        self.left = 0
        """parts of a whole that is there, or of another breakdown"""

    def whole(self, key: Key, amount: StatisticsAmount) -> bool:
        """Takes in a line that breaks nothing down; whether it counts. Raises WrongLine for one that says another
        figure than a line before."""
        known = self._wholes.setdefault(key, amount)
        if known is amount:
            return True
        self._same(known, amount)
        return False

    def part(self, key: Key, parts: Parts, amount: StatisticsAmount) -> None:
        """Takes in a line that is part of a whole. Raises as `whole` does."""
        lines = self._parts.setdefault(key, {})
        known = lines.setdefault(parts, amount)
        if known is not amount:
            self._same(known, amount)

    def _same(self, known: StatisticsAmount, other: StatisticsAmount) -> None:
        if known != other:
            raise WrongLine("another line says another figure of the same")
        self.copies += 1

    def sums(self) -> Iterator[tuple[Key, Parts, StatisticsAmount]]:
        """After the last line: each whole that only its parts tell, with the values that one of them had. Where it is broken down
        several ways, by the one with the fewest columns, of these by that which sums to most; by the first column, the kind of
        flow, only where no other way is there: re-exports alone are not all exports."""
        for key, lines in self._parts.items():
            if key in self._wholes:
                self.left += len(lines)
                continue
            ways: dict[tuple[bool, ...], list[Parts]] = {}
            for parts in lines:
                ways.setdefault(tuple(map(bool, parts)), []).append(parts)
            best = min(
                (
                    (way[0], sum(way), -sum(lines[one].value for one in chosen), way, chosen)
                    for way, members in ways.items()
                    if (chosen := self._outermost(members))
                ),
                key=lambda choice: choice[:4],
            )[4]
            self.left += len(lines) - len(best)
            yield (
                key,
                best[0],
                StatisticsAmount(sum(lines[one].value for one in best), sum(lines[one].mass for one in best)),
            )

    def _outermost(self, members: list[Parts]) -> list[Parts]:
        """Without parts of parts that are there."""
        if not self._nested or len(members) == 1:
            return members
        known = set(members)
        return [one for one in members if not any(outer in known for outer in self._outer(one))]

    def _outer(self, parts: Parts) -> Iterator[Parts]:
        for place in self._nested:
            digits = parts[place].rstrip("0")
            for kept in range(1, len(digits)):
                code = digits[:kept].ljust(len(parts[place]), "0")
                yield (*parts[:place], code, *parts[place + 1 :])
