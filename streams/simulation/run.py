"""Months of trade in order of event time, ordinary and planted, from one seed."""

import heapq
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from random import Random

from msgspec import Struct, field
from msgspec.structs import replace

from streams.declarations.labels import Label
from streams.errors import UserError
from streams.simulation.days import Month, month_number
from streams.simulation.firms import Firm, Registry
from streams.simulation.lives import Fate, Life, relodged_at
from streams.simulation.orders import Order, Simulated
from streams.simulation.patterns_over_time import past_of_a_sleeper
from streams.simulation.planting import Case, Kit
from streams.simulation.population import Population
from streams.simulation.tables import Tables
from streams.simulation.traders import Market, Triple
from streams.simulation.typologies import TYPOLOGIES
from streams.simulation.writing import Writer

RATE = 6.0
"""Cases of each typology to 100,000 declarations of the months in which they are planted."""
SLEEP = 14
"""Months of silence, at least, before a firm of DORMANT wakes up."""
PAST = {"DORMANT": SLEEP + 2, "SURGE": 3, "OLD_FIRM_NEW_GOODS": 2}
"""Months that must have gone before the first case of a typology."""


class Plan(Struct, frozen=True, kw_only=True):
    """What to simulate. Raises UserError where it cannot be done."""

    months: int = 30
    per_month: int = 50_000
    """declarations lodged in each month, planted ones among them; amendments and cancellations come on top"""
    first: tuple[int, int] = (2021, 1)
    """year and month"""
    seed: int = 1
    rate: float = RATE
    rates: Mapping[str, float] = field(default_factory=dict)
    """of typologies that have a rate of their own"""
    plant_months: int = 6
    """the last ones, in which cases begin"""
    offices: tuple[str, ...] = ("KG", "KZ")
    """administrations"""

    def __post_init__(self) -> None:
        if self.months < 1 or self.per_month < 1:
            raise UserError("a simulation takes at least one month and one declaration a month")
        if not 1 <= self.plant_months <= self.months:
            raise UserError(f"the months to plant in are 1 to {self.months} here")
        if not self.offices or not set(self.offices) <= {"KG", "KZ"}:
            raise UserError("the administrations are KG and KZ")
        if not 1 <= self.first[1] <= 12:
            raise UserError(f"no month {self.first[1]}")
        if unknown := set(self.rates) - set(TYPOLOGIES):
            raise UserError(
                f"no typology {', '.join(sorted(unknown))}; there are {', '.join(sorted(TYPOLOGIES))}"
            )
        if not 1990 <= self.first[0] <= 2099 - self.months // 12:
            raise UserError("the months simulated lie between 1990 and 2099")
        if not all(math.isfinite(rate) for rate in (self.rate, *self.rates.values())):
            raise UserError("a rate is a finite number")
        if min([self.rate, *self.rates.values()]) < 0:
            raise UserError("a rate cannot be below 0")

    def cases(self, typology: str) -> int:
        """How many cases of it are planted: none where the months before are too few for it (`PAST`)."""
        if self.months - self.plant_months < PAST.get(typology, 0):
            return 0
        rate = self.rates.get(typology, self.rate)
        return round(rate * self.per_month * self.plant_months / 100_000)


def simulate(plan: Plan) -> Iterator[Simulated[Label]]:
    """Every version in order of event time. The same plan gives the same versions."""
    return _Simulation(plan).run()


class _Simulation:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rng = Random(plan.seed)
        self.tables = Tables()
        first = month_number(*plan.first)
        self.months = [Month(number) for number in range(first, first + plan.months)]
        self.end = self.months[-1].end
        registry = Registry(self.rng, self.tables)
        free = self._kept_free()
        self.market = Market(self.rng, self.tables, registry, set(free))
        self.writer = Writer(self.rng, self.tables, registry)
        self.population = Population(
            self.rng, self.market, plan.offices, plan.per_month, self.months[0].start
        )
        self.kit = Kit(self.rng, self.population, self.writer)
        self.fate = Fate(self.rng, self.writer, registry)
        self._waiting: list[tuple[float, int, Order | Life]] = []
        self._pushed = 0
        self._orders: Counter[int] = Counter()
        """planted consignments and pasts by month"""
        self._anew = 0
        """lodged anew and not yet made up for: an ordinary declaration less for each"""
        self.cases = self._cases(free)

    def run(self) -> Iterator[Simulated[Label]]:
        for month in self.months:
            while self.cases and self.cases[0].start < month.end:
                case = self.cases.pop(0)
                for order in TYPOLOGIES[case.typology](self.kit, case):
                    self._plan(order)
            count = max(0, self.plan.per_month - self._orders.pop(month.number, 0))
            for at, trader in self.population.draws(month, count):
                yield from self._until(at.timestamp())
                if self._anew:
                    self._anew -= 1
                    continue
                order = self.market.order(trader, at)
                self.kit.remember(order)
                yield self._lodge(order)
            self.kit.months += 1
            yield from self._until(month.end.timestamp() - 1e-3)

    def _until(self, time: float) -> Iterator[Simulated[Label]]:
        """What is waiting and due by then."""
        while self._waiting and self._waiting[0][0] <= time:
            _, _, thing = heapq.heappop(self._waiting)
            if isinstance(thing, Order):
                yield self._lodge(thing)
                continue
            step, at = thing.steps[0], thing.at
            said, anew = thing.take_step()
            yield said
            if anew is not None:
                again = relodged_at(self.rng, step, at)
                self._push(again.timestamp(), replace(anew, at=again))
                if again < self.end:
                    self._anew += 1
            if thing.steps:
                self._schedule(thing)

    def _lodge(self, order: Order) -> Simulated[Label]:
        version = self.writer.write(order)
        planted = order.planted
        if planted is not None:
            label = Label(version.envelope.declaration_key, planted.typology, planted.case)
            life = Life(version, label, list(order.steps or ()))
        elif order.steps is not None:
            life = Life(version, None, list(order.steps))
        else:
            life = self.fate.life(order, version)
        if life.steps:
            self._schedule(life)
        return Simulated(life.version, life.label)

    def _schedule(self, life: Life) -> None:
        life.set_time(self.rng)
        self._push(life.at.timestamp(), life)

    def _plan(self, order: Order) -> None:
        """An order known beforehand; it takes the place of an ordinary one of its month."""
        if order.at < self.end:
            self._orders[month_number(order.at.year, order.at.month)] += 1
            self._push(order.at.timestamp(), order)

    def _push(self, time: float, thing: Order | Life) -> None:
        self._pushed += 1
        heapq.heappush(self._waiting, (time, self._pushed, thing))

    def _kept_free(self) -> list[Triple]:
        """The trades that no one has before a case of NEW_CORRIDOR begins with it."""
        wanted = self.plan.cases("NEW_CORRIDOR")
        every = [
            (good.hs6, country, office)
            for good in self.tables.priority
            for country in self.tables.sellers.things
            for office in self.plan.offices
            if country != "CN" or self.rng.random() < 0.2
        ]
        if wanted > len(every) // 4:
            raise UserError(f"{wanted} cases of NEW_CORRIDOR: at most {len(every) // 4} can be planted")
        return self.rng.sample(every, wanted)

    def _cases(self, free: list[Triple]) -> list[Case]:
        rng = self.rng
        window = self.months[-self.plan.plant_months].start
        length = (self.end - window) / timedelta(days=1)
        made = []
        for typology in TYPOLOGIES:
            for number in range(self.plan.cases(typology)):
                day = rng.uniform(0, length - min(30.0, length / 2))
                made.append(
                    Case(
                        name=f"{typology}-{number + 1}",
                        typology=typology,
                        start=window + timedelta(days=day),
                        days=length - day,
                        trade=free[number] if typology == "NEW_CORRIDOR" else None,
                        firm=self._sleeper(day) if typology == "DORMANT" else None,
                    )
                )
        return sorted(made, key=lambda case: case.start)

    def _sleeper(self, wakes: float) -> Firm:
        """A firm with a past that ended long before the case, and that past planned."""
        firm = self.market.registry.new(self.population.office())
        start = self.months[0].start
        window = self.months[-self.plan.plant_months].start
        room = (window - start) / timedelta(days=1) + wakes - SLEEP * 31
        for order in past_of_a_sleeper(self.kit, firm, start, self.rng.uniform(0.5, 1) * room):
            self._plan(order)
        return firm
