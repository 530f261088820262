"""A party and a list entry that meet in declaration after declaration: one open question, and not a new one each day.

A broker in a listed firm's house is met by every declaration that he lodges. How often the two met before is told with the
finding; it changes neither its points nor the lane.
"""

from collections.abc import Iterable
from itertools import islice

from msgspec import Struct, field

from streams.declarations.model import Party
from streams.findings import Finding
from streams.parties.identity import firm_key
from streams.patterns.contract import Contribution, PatternAdvice, Repeat, short_key
from streams.patterns.listing import ListedDetector
from streams.patterns.tables import Figures
from streams.patterns.trade import DeclaredTrade, Met
from streams.patterns.windows import Counts, WindowedDetector, WindowedState, with_count


class RepeatFigures(Figures, frozen=True):
    kept_days: int
    kept_pairs: int

    @property
    def kept_periods(self) -> int:
        return self.kept_days


class RepeatPart(Struct, frozen=True, array_like=True):
    """A declaration in which the two met."""

    day: int
    """event day, since 1970"""
    parties: tuple[int, ...]
    """indexes in the declaration: one firm may be named in several roles"""
    list: str
    entry: str


class RepeatState(WindowedState, frozen=True, array_like=True):
    """A party and an entry: 10 bytes with one declaration, 4 more a day; at most 3 kB."""

    days: Counts = field(default_factory=dict)


def met(findings: Iterable[Finding], parties: tuple[Party, ...]) -> tuple[Met, ...]:
    """The pairs that findings of watchlists are about, of parties that can be met again."""
    pairs: dict[Met, None] = {}
    for finding in findings:
        index, entry = finding.subject.index, finding.inputs.get("entry")
        if finding.subject.kind != "PARTY" or index is None or entry is None:
            continue
        firm = firm_key(parties[index])
        if firm is not None:
            pairs[Met(firm, index, finding.inputs["list"], entry)] = None
    return tuple(pairs)


class Repeated(WindowedDetector[RepeatState, RepeatPart, RepeatFigures]):
    """Every declaration that has such a finding contributes and asks. One that is cancelled is taken back."""

    name = "repeated"
    rules = ()
    """none that could not be evaluated: without an answer the finding stands without the count"""
    part_type = RepeatPart
    state_type = RepeatState

    def contributions(self, trade: DeclaredTrade) -> Iterable[Contribution]:
        if trade.cancelled:
            return
        pairs: dict[tuple[str, str, str], list[int]] = {}
        for hit in trade.met:
            pairs.setdefault((hit.firm, hit.list, hit.entry), []).append(hit.party)
        for (firm, name, entry), parties in islice(pairs.items(), self._figures.kept_pairs):
            key = short_key(f"{name}|{entry}|{firm}")
            yield Contribution(key, RepeatPart(trade.day, tuple(parties), name, entry))

    def tell(self, state: RepeatState, part: RepeatPart, began: int) -> PatternAdvice:
        before = sum(count for day, count in state.days.items() if day <= part.day)
        if not before:
            return PatternAdvice()
        return PatternAdvice(
            repeats=tuple(Repeat(party, part.list, part.entry, before) for party in part.parties)
        )

    def counted(self, state: RepeatState, part: RepeatPart, sign: int) -> RepeatState:
        return RepeatState(state.edge, with_count(state.days, part.day, sign))


DETECTOR = ListedDetector(8, Repeated, lambda facts: Repeated(RepeatFigures.bundled()))
