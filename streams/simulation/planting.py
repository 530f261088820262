"""What the typologies are made of: goods, firms, days and consignments of a planted case."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from msgspec import Struct

from streams.errors import UserError
from streams.simulation.days import at_work
from streams.simulation.firms import Firm
from streams.simulation.orders import Order, Planted
from streams.simulation.population import Population
from streams.simulation.tables import Good
from streams.simulation.traders import Trader, Triple
from streams.simulation.writing import Writer


class Case(Struct, frozen=True):
    """One case to be planted."""

    name: str
    typology: str
    start: datetime
    days: float
    """until the end of the simulation: it must fit"""
    trade: Triple | None = None
    """NEW_CORRIDOR: the trade kept free for it"""
    firm: Firm | None = None
    """DORMANT: the firm that has traded and fallen silent"""


class Known(Struct):
    """What ordinary trade of a good on a corridor has been."""

    count: int = 0
    usd: float = 0.0
    takers: list[Firm] = []


class Kit:
    """Help for making the orders of one case after another."""

    def __init__(self, rng: Random, population: Population, writer: Writer) -> None:
        self.rng = rng
        self.population = population
        self.writer = writer
        self.market = population.market
        self.tables = self.market.tables
        self.registry = self.market.registry
        self.traded: dict[tuple[Good, str, str], Known] = {}
        """ordinary imports of high-priority goods by good, dispatch and destination"""
        self.months = 0
        """of ordinary trade so far"""

    def remember(self, order: Order) -> None:
        """Takes note of ordinary trade."""
        if order.regime != "IMPORT":
            return
        for line in order.lines:
            if line.good.priority:
                known = self.traded.setdefault((line.good, order.dispatch, order.destination), Known())
                known.count += 1
                known.usd += line.usd
                if len(known.takers) < 8:
                    known.takers.append(order.taker)

    def hub(self) -> str:
        return self.population.office()

    def good(self) -> Good:
        """A high-priority good, any of them."""
        return self.rng.choice(self.tables.priority)

    def seller_country(self, good: Good, destination: str) -> str:
        """Where it is sent from; never by a trade that is kept free."""
        for _ in range(100):
            country = self.tables.sellers.pick(self.rng)
            if self.market.free(good, country, destination):
                return country
        raise UserError(f"every trade of {good.hs6} is kept free: ask for fewer cases of NEW_CORRIDOR")

    def seller(self, country: str) -> Firm:
        return self.registry.known(country, "electronics", 0.5)

    def old(self, office: str, trades: int = 3, sectors: Sequence[str] = ()) -> Firm:
        """An importer with a past of at least that many declarations (as far as there is one), not used by another case."""
        fitting = [
            one
            for one in self.population.traders
            if one.office == office and one.sector.regime == "IMPORT" and not one.planted
        ]
        if not fitting:
            return self.registry.new(office)
        best = [one for one in fitting if one.count >= trades and (not sectors or one.sector.name in sectors)]
        chosen: Trader = self.rng.choice(best or fitting)
        chosen.planted = True
        return chosen.firm

    def taker(self, office: str) -> Firm:
        """Anybody: an honest-looking old importer or a new firm."""
        if self.rng.random() < 0.65:
            return self.old(office)
        return self.registry.new(office)

    def days(self, case: Case, count: int, span: float) -> list[datetime]:
        """Times of that many consignments within a span of days from the case's start."""
        span = min(span, case.days - 1)
        spread = sorted(self.rng.uniform(0, span) for _ in range(count))
        return [max(at_work(self.rng, case.start + timedelta(days=day)), case.start) for day in spread]

    def order(
        self,
        case: Case,
        at: datetime,
        taker: Firm,
        goods: Sequence[Good],
        dispatch: str,
        scale: float = 1.0,
        *,
        sender: Firm | None = None,
        spread: float = 0.7,
        origin: str | None = None,
    ) -> Order:
        """A consignment of the case. Further lines now and then are ordinary goods."""
        rng = self.rng
        office = taker.country
        made_in = origin or self._origin(goods, dispatch, office)
        lines = [self.market.line(good, made_in, scale, spread) for good in goods]
        if rng.random() < 0.2:
            lines.append(self.market.line(self.tables.goods["392690"], made_in, 0.3))
        way = self.market.way(dispatch, office, goods)
        return Order(
            at=at,
            regime="IMPORT",
            office_country=office,
            sender=sender or self.seller(dispatch),
            taker=taker,
            dispatch=dispatch,
            destination=office,
            mode=way.mode,
            via=way.via,
            lines=tuple(lines),
            broker=self.market.broker(office) if rng.random() < 0.7 else None,
            planted=Planted(case.typology, case.name),
        )

    def _origin(self, goods: Sequence[Good], dispatch: str, destination: str) -> str:
        for _ in range(20):
            made_in = self.market.origin(dispatch)
            if all(self.market.free(good, made_in, destination) for good in goods):
                return made_in
        return dispatch
