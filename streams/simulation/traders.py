"""Firms that declare again and again, with what they trade and with whom; they are born, change and end."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from streams.declarations.model import Party
from streams.errors import UserError
from streams.simulation.firms import Firm, Registry
from streams.simulation.orders import Line, Order
from streams.simulation.tables import Good, Sector, Tables, Way

Triple = tuple[str, str, str]
"""HS6 of 2022, a country it comes from (origin or dispatch), destination"""

NEW_TIE = 0.03
"""of a trader's declarations are with a supplier or buyer it did not have"""
TIES = 14
MOVES = 0.003
"""of declarations are the first from a new address"""
ODD_PARTNER = 0.02
"""of new ties are with a country where the line of business has no usual partners"""
FOREIGN_ORIGIN = 0.13
"""of ties: the goods come from a third country"""
SOLD_ON_PRIORITY = 0.15
"""of the high-priority goods an importer has are among what it honestly sells on"""
FORWARDER_TAKES, TO_ORDER, ODD_ROAD = 0.006, 0.002, 0.002
"""of ordinary declarations: the forwarder stands as consignee; "to order"; a country of the road is wrong"""
AVOIDED = frozenset({"RU", "BY", "IR"})
NOT_AVOIDED = 0.03
"""of honest high-priority goods whose usual road leads through these: the rest goes round them"""
BY_COURIER = 0.03
"""of importers buy in small consignments only"""
HUBS = ("AE", "HK", "TR", "LT", "GE")
"""Countries that mostly sell what others made."""
MAKERS = ("CN", "DE", "KR", "JP", "US", "TR", "IT", "VN")


class Tie(Struct, frozen=True, eq=False):
    """A regular business relation."""

    partner: Firm
    dispatch: str
    destination: str
    origin: str
    goods: tuple[Good, ...]


class Trader(Struct, eq=False):
    """A firm in one line of business."""

    firm: Firm
    sector: Sector
    office: str
    """the administration it declares to"""
    weight: float
    born: datetime
    ends: datetime
    count: int = 0
    """of declarations so far"""
    ties: list[Tie] = []
    broker: Firm | None = None
    planted: bool = False
    """whether a planted case has used it: another one takes another"""
    scale: float = 1.0
    """of its consignments, against the usual one"""


class Market:
    """Makes traders and their orders. `reserved` trades never happen in ordinary trade."""

    def __init__(self, rng: Random, tables: Tables, registry: Registry, reserved: set[Triple]) -> None:
        self.rng = rng
        self.tables = tables
        self.registry = registry
        self.reserved = reserved

    def free(self, good: Good, country: str, destination: str) -> bool:
        """Whether ordinary trade may have the good come from that country to that destination."""
        return (good.hs6, country, destination) not in self.reserved

    def trader(
        self,
        office: str,
        sector: Sector,
        born: datetime,
        ends: datetime,
        weight: float | None = None,
    ) -> Trader:
        """A new firm in business. Its weight, where none is given, is drawn: a few trade much, most little."""
        rng = self.rng
        drawn = sector.size * min(rng.paretovariate(1.25), 60.0) if weight is None else weight
        firm = self.registry.new(office)
        made = Trader(firm, sector, office, drawn, born, ends)
        made.scale = rng.lognormvariate(-0.1, 0.5)
        if sector.regime == "IMPORT" and rng.random() < BY_COURIER:
            made.scale *= rng.uniform(0.005, 0.06)
        if rng.random() < 0.7:
            made.broker = self.broker(office)
            if rng.random() < 0.015:
                # A small firm without an office: its mail and calls go to its forwarder.
                address, phone = made.broker.address, made.broker.phone
                made.firm = replace(made.firm, address=address, phone=phone, tells_phone=True)
        made.ties.append(self.tie(made))
        return made

    def again(self, old: Trader, begins: datetime, ends: datetime, weight: float) -> Trader:
        """The same firm with the same business, besides what it does already."""
        return replace(old, weight=weight, born=begins, ends=ends, planted=False, scale=old.scale * 1.5)

    def selling_on(self, importer: Trader) -> Trader:
        """The same firm as a seller of part of what it imports: within the customs union, or to another neighbour."""
        rng = self.rng
        sector = self.tables.sector["union" if rng.random() < 0.5 else "reexport"]
        made = Trader(
            importer.firm,
            sector,
            importer.office,
            importer.weight * 0.25,
            importer.born + timedelta(days=rng.uniform(5, 90)),
            importer.ends,
        )
        made.broker, made.scale = importer.broker, importer.scale * 0.5
        for _ in range(rng.randrange(1, 4)):
            tie = self.tie(made)
            while tie.dispatch != made.office:
                tie = self.tie(made)
            bought = rng.choice(importer.ties)
            goods = tuple(
                good for good in bought.goods if not good.priority or rng.random() < SOLD_ON_PRIORITY
            )
            if goods:
                tie = Tie(tie.partner, tie.dispatch, tie.destination, bought.origin, goods)
            made.ties.append(tie)
        return made

    def broker(self, office: str) -> Firm:
        """A customs broker or forwarder of an administration."""
        return self.registry.one_of(office, 90, ("Broker", "Forwarding", "Customs Service"))

    def tie(self, trader: Trader) -> Tie:
        """A new relation for a trader, in its line of business."""
        rng, sector = self.rng, trader.sector
        for _ in range(300):
            if trader.sector.regime == "TRANSIT":
                dispatch, destination = sector.partners.pick(rng).split("-")
                other = dispatch
                if not any(
                    trader.office in self.tables.way(rng, dispatch, destination).via for _ in range(3)
                ):
                    continue
            else:
                other = self._country(sector)
                while other == trader.office:
                    other = self._country(sector)
                outward = trader.sector.regime != "IMPORT"
                if trader.sector.regime == "INTRA_UNION_MOVEMENT":
                    outward = rng.random() < 0.6
                dispatch, destination = (trader.office, other) if outward else (other, trader.office)
            picked = {sector.goods.pick(rng) for _ in range(1 + int(rng.expovariate(0.5)))}
            origin = self.origin(dispatch)
            allowed = tuple(
                good
                for good in sorted(picked, key=lambda good: good.hs6)
                if self.free(good, origin, destination) and self.free(good, dispatch, destination)
            )
            if allowed:
                break
        else:
            raise UserError(
                "every trade of a line of business is reserved: ask for fewer cases of NEW_CORRIDOR"
            )
        return Tie(self.registry.known(other, sector.name), dispatch, destination, origin, allowed)

    def origin(self, dispatch: str) -> str:
        """Where goods sent from a country were made."""
        rng = self.rng
        if dispatch in HUBS and rng.random() < 0.5:
            return "CN"
        return rng.choice(MAKERS) if rng.random() < FOREIGN_ORIGIN else dispatch

    def _country(self, sector: Sector) -> str:
        rng = self.rng
        if rng.random() < ODD_PARTNER and sector.name not in ("union", "fuel"):
            code: str = rng.choice(
                [*self.tables.groups["EU"], *self.tables.groups["SEA"], "CN", "TR", "US", "AE"]
            )
            return code
        return sector.partners.pick(rng)

    def order(self, trader: Trader, at: datetime) -> Order:
        """The trader's next consignment."""
        rng = self.rng
        trader.count += 1
        if rng.random() < NEW_TIE:
            if len(trader.ties) >= TIES:
                trader.ties.pop(rng.randrange(len(trader.ties)))
            trader.ties.append(self.tie(trader))
        if rng.random() < MOVES:
            trader.firm = self.registry.moved(trader.firm)
        tie = trader.ties[int(len(trader.ties) * rng.random() ** 1.7)]
        number = min(len(tie.goods), 1 + int(rng.expovariate(1.1)))
        goods = tie.goods if number == len(tie.goods) else rng.sample(tie.goods, number)
        way = self.way(tie.dispatch, tie.destination, goods)
        if trader.sector.regime == "TRANSIT":
            for _ in range(8):
                if trader.office in way.via:
                    break
                way = self.way(tie.dispatch, tie.destination, goods)
        outward = tie.dispatch == trader.office
        transit = trader.sector.regime == "TRANSIT"
        taker = trader.firm if not outward else tie.partner
        if transit:
            taker = self.registry.known(tie.destination, "transit", 0.1)
        via, chance = way.via, rng.random()
        parties: tuple[Party, ...] = ()
        if chance < ODD_ROAD:
            via = (*via, rng.choice(("TR", "AE", "PL", "MN", "IR")))
        elif trader.sector.regime == "IMPORT" and (chance := chance - ODD_ROAD) < FORWARDER_TAKES + TO_ORDER:
            if chance < FORWARDER_TAKES:
                taker = self.broker(trader.office)
            else:
                parties = (Party(role="CONSIGNEE", name="TO ORDER"),)
        return Order(
            at=at,
            regime=trader.sector.regime,
            office_country=trader.office,
            sender=tie.partner if transit or not outward else trader.firm,
            taker=taker,
            dispatch=tie.dispatch,
            destination=tie.destination,
            mode=way.mode,
            via=via,
            lines=tuple(self.line(good, tie.origin, trader.scale / number**0.5) for good in goods),
            broker=trader.firm if transit else trader.broker,
            parties=parties,
        )

    def way(self, dispatch: str, destination: str, goods: Sequence[Good]) -> Way:
        """A usual road; for high-priority goods mostly one that avoids embargoed countries."""
        way = self.tables.way(self.rng, dispatch, destination)
        if not any(good.priority for good in goods) or self.rng.random() < NOT_AVOIDED:
            return way
        for _ in range(12):
            if AVOIDED.isdisjoint(way.via):
                break
            way = self.tables.way(self.rng, dispatch, destination)
        return way

    def line(self, good: Good, origin: str | None, scale: float = 1.0, spread: float = 0.6) -> Line:
        """An item of a usual size times `scale`."""
        rng = self.rng
        usd = good.value * scale * rng.lognormvariate(0.0, spread)
        price = good.usd * rng.lognormvariate(0.0, 0.15)
        units = max(1, round(usd / price))
        return Line(good, origin, units, units * price)


def lifetime(rng: Random) -> timedelta:
    """How long a firm stays in business."""
    return timedelta(days=20 + rng.expovariate(1 / 820))
