"""Import, then re-export of the same good by the same firm (R19): what comes in for somebody else.

What went out is matched with what came in, first in first out. The state is the legs themselves, added up by day: the matching is
made anew whenever it is asked for, so that an amendment of any leg leaves no trace of what was matched before.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct, field

from streams.findings import Finding, Subject
from streams.patterns.contract import Advice, Contribution, short_key
from streams.patterns.days import day_of
from streams.patterns.listing import ListedDetector
from streams.patterns.lots import Lot, LotAmount, lots, nearness
from streams.patterns.tables import Figures
from streams.patterns.trade import DeclaredTrade, TradingFirm
from streams.patterns.windows import ConcernDetector, WindowedState, grown
from streams.text import in_words

SENDER = "declaration.parties[EXPORTER]"
QUANTITIES = ("declaration.goodsItems[].netMassKg", "declaration.goodsItems[].quantity")
EXHAUSTED = 1e-9
"""Of a leg: what is left of one that is used up, by rounding."""


class ReexportFigures(Figures, frozen=True):
    window_days: int
    late_days: int
    least_matched: float
    least_passed: float
    full_passed: float
    of_least: float
    close: float
    codes: tuple[str, ...]
    into: tuple[str, ...]
    out: tuple[str, ...]

    @property
    def reach_days(self) -> int:
        """Legs that count: those of the window, and those that what went out in it could have used up."""
        return 2 * self.window_days

    @property
    def kept_periods(self) -> int:
        return self.reach_days + self.late_days


class ReexportQuestion(Struct, frozen=True, array_like=True):
    """A firm sends goods out to a country of concern."""

    role: str
    index: int
    name: str
    """of the firm"""
    goods: str
    """in words"""
    numbers: tuple[int, ...]
    nearness: float
    """0..1, of the destination"""
    nobody: bool = False
    """whether no sender is named"""

    @property
    def subject(self) -> Subject:
        return Subject(kind="PARTY", index=self.index, label=f"{in_words(self.role)} {self.name}")


class ReexportPart(Struct, frozen=True, array_like=True):
    """A leg: a firm got or sent a good."""

    day: int
    """event day, since 1970"""
    out: bool
    country: str
    """where it came from, or where it goes; empty where not declared"""
    amount: LotAmount
    ask: ReexportQuestion | None = None


Sums = list[int]
"""[legs, thousandths of a unit, grams]"""


class ReexportState(WindowedState, frozen=True, array_like=True):
    """What a firm got and sent of one good, of 270 days: 35 bytes with one leg, 31 more for each day, country and unit."""

    into: dict[str, Sums] = field(default_factory=dict)
    """day|country|unit|measures -> legs added up; see `_key`"""
    out: dict[str, Sums] = field(default_factory=dict)


class _Leg(NamedTuple):
    day: int
    key: str
    country: str
    amount: LotAmount


class Matched(NamedTuple):
    """A leg out, matched."""

    share: float
    """of it, 0..1, that came in within the window"""
    passed: float
    """of what came in within the window, 0..1, that has gone out again, with it"""
    since: int
    """day of the first leg that it used; 0 where none"""
    incomparable: bool
    """whether something came in whose amount cannot be compared"""


class Reexport(ConcernDetector[ReexportState, ReexportPart, ReexportFigures, ReexportQuestion]):
    """Every firm that takes or sends goods that are followed has a key for each; who sends to a country of concern asks."""

    name = "reexport"
    rules = ("R19",)
    part_type = ReexportPart
    state_type = ReexportState

    def contributions(self, trade: DeclaredTrade) -> Iterable[Contribution]:
        if trade.cancelled:
            return
        seen: set[str] = set()
        for lot in lots(trade, self._figures.codes):
            for key, part in self._legs(trade, lot):
                if key not in seen:  # who sends to himself parts with the goods
                    seen.add(key)
                    yield Contribution(short_key(key), part, part.ask is not None)

    def answers(
        self, state: ReexportState, part: ReexportPart, ask: ReexportQuestion, known: int
    ) -> Iterator[Advice]:
        if ask.nobody:
            yield self.blind(ask, SENDER)
            return
        table, found = self._figures, self._match(state, part)
        if found.share and not part.country:
            yield self.blind(ask, "declaration.countryOfDestination")
        elif found.share >= table.least_matched:
            if found.passed >= table.least_passed:
                yield self._finding(part, ask, found)
        elif found.incomparable:
            yield self.blind(ask, *QUANTITIES)
        else:
            yield from self.young(ask, table.window_days, known, part.day)

    def counted(self, state: ReexportState, part: ReexportPart, sign: int) -> ReexportState:
        if part.ask is not None and part.ask.nobody:
            return state
        legs = state.out if part.out else state.into
        key = _key(part)
        if sign < 0 and key not in legs:
            return state  # forgotten
        count, number, grams = legs.get(key, [0, 0, 0])
        sums = [count + sign, number + sign * part.amount.units, grams + sign * part.amount.grams]
        kept = {**legs, key: sums}
        if not sums[0]:
            del kept[key]
        into, out = (state.into, kept) if part.out else (kept, state.out)
        return ReexportState(state.edge, into, out)

    def since(self, state: ReexportState, edge: int) -> ReexportState:
        return ReexportState(edge, _since(edge, state.into), _since(edge, state.out))

    def _legs(self, trade: DeclaredTrade, lot: Lot) -> Iterator[tuple[str, ReexportPart]]:
        near = 0.0
        if trade.regime in self._figures.out:
            country = trade.destination or ""
            near = nearness(self._gravity, country, trade.day, self._figures.close) if country else 1.0
            for firm in trade.senders:
                ask = _ask(firm, lot, near) if near else None
                yield f"{lot.hs6}|{firm.key}", ReexportPart(trade.day, True, country, lot.amount, ask)
            if near and not trade.senders:
                ask = ReexportQuestion("EXPORTER", 0, "", lot.words, lot.numbers, near, True)
                yield (
                    f"{lot.hs6}|nobody|{trade.declaration}",
                    ReexportPart(trade.day, True, country, lot.amount, ask),
                )
        if trade.regime in self._figures.into:
            for firm in trade.takers:
                yield (
                    f"{lot.hs6}|{firm.key}",
                    ReexportPart(trade.day, False, trade.dispatch or "", lot.amount),
                )

    def _match(self, state: ReexportState, part: ReexportPart) -> Matched:
        """Lets all that went out before use up what had come in, in order of their days, and then the leg that asks."""
        first = part.day - self._figures.reach_days
        into = [leg for leg in _ordered(state.into) if first <= leg.day <= part.day]
        left = dict.fromkeys((leg.key for leg in into), 1.0)
        # What bears the same day cannot be put in order: two legs out of one day find the same goods.
        for leg in _ordered(state.out):
            if first <= leg.day < part.day:
                self._use(leg, into, left)
        since, share, incomparable = self._use(_Leg(part.day, "", part.country, part.amount), into, left)
        came, stayed = 0.0, 0.0
        for leg in self._within(part.day, part.country, into):
            measures = leg.amount.against(part.amount)
            if measures is not None:
                came += measures[0] / measures[1]
                stayed += left[leg.key] * measures[0] / measures[1]
        return Matched(share, (came - stayed) / came if came else 0.0, since, incomparable)

    def _use(self, leg: _Leg, into: list[_Leg], left: dict[str, float]) -> tuple[int, float, bool]:
        """Takes from `left` what a leg out uses up. Returns the day of the first one it used, the share of it that was there,
        and whether one could not be compared."""
        since, wanted, incomparable = 0, 1.0, False
        for one in self._within(leg.day, leg.country, into):
            measures = one.amount.against(leg.amount)
            if measures is None:
                incomparable = True
                continue
            there, needed = measures
            used = min(left[one.key] * there, wanted * needed)
            if used <= 0:
                continue
            left[one.key] = max(left[one.key] - used / there, 0.0)
            wanted -= used / needed
            since = since or one.day
            if wanted <= EXHAUSTED:
                break
        return since, 1.0 - max(wanted, 0.0), incomparable

    def _within(self, day: int, country: str, into: list[_Leg]) -> Iterator[_Leg]:
        """What came in within the window before a day; what goes back where it came from is a return, no re-export."""
        for leg in into:
            if day - self._figures.window_days <= leg.day <= day and (not country or leg.country != country):
                yield leg

    def _finding(self, part: ReexportPart, ask: ReexportQuestion, found: Matched) -> Finding:
        table = self._figures
        strength = grown(found.passed, table.least_passed, table.full_passed, table.of_least)
        since = day_of(found.since).isoformat()
        return self.finding(
            ask,
            f"{ask.index}/{ask.numbers[0]}",
            code="reexport.matched",
            evidence=f"{ask.subject.opening} sends {part.amount.text} of {ask.goods} to {part.country}; it got "
            f"{found.share:.0%} of that since {since}, {_ago(part.day - found.since)}. Of all it got in {table.window_days} "
            f"days, {found.passed:.0%} has gone out again.",
            cleared_by="Who ordered the goods before they came in, and what the buyer uses them for, shown by orders and papers; "
            "or stock and works of the firm's own.",
            strength=strength * ask.nearness,
            inputs={
                "destination": part.country,
                "matched": round(found.share, 3),
                "passedOn": round(found.passed, 3),
                "since": since,
                "days": table.window_days,
                "items": list(ask.numbers[:20]),
            },
        )


def _ask(firm: TradingFirm, lot: Lot, near: float) -> ReexportQuestion:
    name = firm.name or firm.key.partition(":")[2]
    return ReexportQuestion(firm.role, firm.index, name, lot.words, lot.numbers, near)


def _ago(days: int) -> str:
    return "on the same day" if not days else f"{days} day{'s' if days > 1 else ''} before"


def _key(part: ReexportPart) -> str:
    """Legs under one key are alike in all that matching looks at, but their amounts, and have the same measures: a sum in which
    one mass is missing would be none."""
    amount = part.amount
    measures = ("u" if amount.units else "") + ("m" if amount.grams else "")
    return f"{part.day}|{part.country}|{amount.unit}|{measures}"


def _ordered(legs: dict[str, Sums]) -> list[_Leg]:
    found = []
    for key, (_, number, grams) in legs.items():
        day, country, unit, _ = key.split("|")
        found.append(_Leg(int(day), key, country, LotAmount(unit, number, grams)))
    return sorted(found, key=lambda leg: (leg.day, leg.key))


def _since(edge: int, legs: dict[str, Sums]) -> dict[str, Sums]:
    return {key: sums for key, sums in legs.items() if int(key.partition("|")[0]) >= edge}


DETECTOR = ListedDetector(5, Reexport, lambda facts: Reexport(facts.gravity, ReexportFigures.bundled()))
