"""Who trades in a month: old firms, new ones, firms that come once, projects; and how often each declares."""

from datetime import datetime, timedelta
from random import Random

from streams.simulation.days import Month
from streams.simulation.tables import Sector
from streams.simulation.traders import Market, Tie, Trader, lifetime

FIRMS = 0.125
"""Traders in business, to a declaration a month: a mean of eight declarations a month each."""
BIRTHS = 0.0045
"""New traders a month, to a declaration a month"""
ONCE = 0.0045
"""Firms a month that declare once and never again, to a declaration a month; with those of the rest that happen to come
once they are about a third of all importers."""
KAZAKH = 0.62
"""of traders where both administrations are simulated"""
PROJECTS = 0.00002
"""One-off large projects a month, to a declaration a month"""
WAVES = 1.3
"""New ordinary trades a month: several firms begin to buy a good in a country, whatever the volume"""
PRIORITY_WAVES = 0.12
"""of these are high-priority goods"""
SELLS_ON = 0.05
"""of importers: part of what they buy goes to a neighbour, honestly"""
ROLL_OUTS = 0.00001
"""a month, to a declaration a month: an honest old taker of high-priority goods buys several times as much for a while"""
HONEST_TAKERS = ("assembly", "mines", "airline", "telecom", "workshops", "laboratories", "energy")


class Population:
    """Everybody in business, from month to month."""

    def __init__(
        self, rng: Random, market: Market, offices: tuple[str, ...], volume: int, start: datetime
    ) -> None:
        self.rng = rng
        self.market = market
        self.offices = offices
        self.volume = volume
        self._start = start
        self.traders: list[Trader] = []
        for sector in self.market.tables.usual:
            for _ in range(max(2, round(FIRMS * volume * sector.share / sector.size**0.5))):
                born = start - timedelta(days=rng.uniform(1, 3000))
                trader = self._trader(sector, born, start + lifetime(rng))
                for _ in range(int(rng.expovariate(0.45))):
                    trader.ties.append(market.tie(trader))
                self._join(trader)

    def office(self) -> str:
        """An administration, by its share of the trade."""
        if len(self.offices) == 1:
            return self.offices[0]
        return "KZ" if self.rng.random() < KAZAKH else "KG"

    def draws(self, month: Month, count: int) -> list[tuple[datetime, Trader]]:
        """Who declares when: `count` declarations of a month, in order of time. Firms are born and end on the way."""
        rng = self.rng
        self.traders = [one for one in self.traders if one.ends > month.start]
        fresh, drawn = self._births(month)
        del drawn[count:]
        for trader in fresh:
            self._join(trader)
        self._project(month)
        self._roll_out(month)
        self._waves()
        weights = self._weights(month)
        for trader in rng.choices(self.traders, weights, k=count - len(drawn)):
            at = month.moment(rng, trader.born)
            drawn.append((at, trader))
        drawn.sort(key=lambda one: one[0])
        return drawn

    def _trader(self, sector: Sector, born: datetime, ends: datetime, weight: float | None = None) -> Trader:
        return self.market.trader(self.office(), sector, born, ends, weight)

    def _join(self, trader: Trader) -> None:
        self.traders.append(trader)
        if trader.sector.regime == "IMPORT" and self.rng.random() < SELLS_ON:
            self.traders.append(self.market.selling_on(trader))

    def _births(self, month: Month) -> tuple[list[Trader], list[tuple[datetime, Trader]]]:
        rng = self.rng
        fresh, once = [], []
        for sector in self.market.tables.usual:
            for _ in range(self._some(BIRTHS * self.volume * sector.share / sector.size**0.5)):
                born = month.moment(rng)
                fresh.append(self._trader(sector, born, born + lifetime(rng)))
            for _ in range(self._some(ONCE * self.volume * sector.share)):
                at = month.moment(rng)
                once.append((at, self._trader(sector, at, at, 0.0)))
        rng.shuffle(once)
        return fresh, once

    def _weights(self, month: Month) -> list[float]:
        """Each trader's, so that lines of business keep their shares apart from seasons."""
        length = month.days * 86_400
        sums: dict[str, float] = {}
        for one in self.traders:
            sums[one.sector.name] = sums.get(one.sector.name, 0.0) + one.weight
        years = (month.start - self._start) / timedelta(days=365.25)
        weights = []
        for one in self.traders:
            sector = one.sector
            alive = (min(one.ends, month.end) - max(one.born, month.start)).total_seconds() / length
            lasting = sector.share * one.weight / sums[sector.name]
            share = one.weight / self.volume if sector.name == "project" else lasting
            weights.append(share * sector.season[month.month - 1] * sector.growth**years * max(alive, 0.0))
        return weights

    def _project(self, month: Month) -> None:
        """A plant is built: dozens of consignments of machinery within some months, then nothing more."""
        rng = self.rng
        for _ in range(self._some(PROJECTS * self.volume)):
            born = month.moment(rng)
            ends = born + timedelta(days=rng.uniform(50, 200))
            trader = self._trader(self.market.tables.sector["project"], born, ends, rng.uniform(6, 40))
            trader.scale = rng.uniform(1.5, 6.0)
            trader.ties += [self.market.tie(trader) for _ in range(rng.randrange(2, 7))]
            self.traders.append(trader)

    def _roll_out(self, month: Month) -> None:
        """A network is extended, a mine opened: more of the same from the same, for some months."""
        rng = self.rng
        for _ in range(self._some(ROLL_OUTS * self.volume)):
            takers = [one for one in self.traders if one.sector.name in HONEST_TAKERS]
            if not takers:
                return
            old = rng.choice(takers)
            begins = month.moment(rng)
            ends = begins + timedelta(days=rng.uniform(40, 150))
            more = self.market.again(old, begins, ends, old.weight * rng.uniform(2, 5))
            self.traders.append(more)

    def _waves(self) -> None:
        """Firms of a line of business find a new country to buy a good in."""
        rng, market = self.rng, self.market
        for _ in range(self._some(WAVES)):
            wanted = rng.random() < PRIORITY_WAVES
            sector = rng.choice(market.tables.imports)
            goods = [good for good in sector.goods.things if good.priority is wanted]
            takers = [one for one in self.traders if one.sector is sector]
            if not goods or not takers:
                continue
            good = rng.choice(goods)
            country = rng.choice(
                [*market.tables.groups["EU"], *market.tables.groups["SEA"], "CN", "TR", "US"]
            )
            for taker in rng.sample(takers, min(len(takers), rng.randrange(2, 8))):
                if not market.free(good, country, taker.office):
                    continue
                seller = market.registry.known(country, sector.name)
                taker.ties.append(Tie(seller, country, taker.office, country, (good,)))

    def _some(self, mean: float) -> int:
        """A whole number with that mean."""
        whole = int(mean)
        return whole + (self.rng.random() < mean - whole)
