"""Typologies that only several declarations show. Each function makes the consignments of one case.

Figures vary widely, on purpose: nothing here is set to what a detector might take for its limit.
"""

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from streams.simulation.firms import Firm
from streams.simulation.orders import Line, Order
from streams.simulation.planting import Case, Kit
from streams.simulation.tables import Good

CHIPS = ("854231", "854232", "854233", "854239")


def new_corridor(kit: Kit, case: Case) -> list[Order]:
    """A good that was never traded between two countries is, and soon by several firms."""
    rng = kit.rng
    assert case.trade is not None
    code, dispatch, office = case.trade
    good = kit.tables.goods[code]
    takers = [
        kit.registry.new(office) if rng.random() < 0.6 else kit.old(office)
        for _ in range(rng.randrange(3, 8))
    ]
    whose = takers + [rng.choice(takers) for _ in range(rng.randrange(1, 12))]
    size = rng.lognormvariate(0.5, 0.6)
    times = kit.days(case, len(whose), rng.uniform(20, 100))
    return [
        kit.order(case, at, taker, [good], dispatch, size, origin=dispatch)
        for at, taker in zip(times, whose, strict=True)
    ]


def surge(kit: Kit, case: Case) -> list[Order]:
    """An old trade in a high-priority good becomes many times what it was, by old takers and new ones.

    Nothing where no such good was traded before on any corridor."""
    rng = kit.rng
    months = max(kit.months, 1)
    small = [one for one in kit.traded.items() if one[1].count >= 3 and one[1].count <= 8 * months]
    if not small:
        return []
    (good, dispatch, office), known = rng.choice(small)
    monthly = known.usd / months
    span = rng.uniform(20, 85)
    usd = max(monthly, good.value / 4) * rng.uniform(3, 14) * max(span / 30, 1)
    count = min(40, max(5, round(usd / good.value / rng.uniform(0.7, 2.5))))
    takers = [rng.choice(known.takers), kit.old(office)]
    takers += [kit.registry.new(office) for _ in range(rng.randrange(1, 6))]
    scale = usd / count / good.value
    return [
        kit.order(case, at, rng.choice(takers), [good], dispatch, scale, spread=0.4)
        for at in kit.days(case, count, span)
    ]


def new_firms(kit: Kit, case: Case) -> list[Order]:
    """Within weeks a number of firms nobody knew begin to import chips."""
    rng = kit.rng
    office = kit.hub()
    goods = [kit.tables.goods[code] for code in rng.sample(CHIPS, rng.randrange(1, 4))]
    firms = [kit.registry.new(office) for _ in range(rng.randrange(5, 14))]
    whose = firms + [rng.choice(firms) for _ in range(rng.randrange(0, 9))]
    made = []
    for at, firm in zip(kit.days(case, len(whose), rng.uniform(12, 40)), whose, strict=True):
        good = rng.choice(goods)
        made.append(kit.order(case, at, firm, [good], kit.seller_country(good, office), rng.uniform(0.5, 3)))
    return made


def new_firm_chpl(kit: Kit, case: Case) -> list[Order]:
    """The first that is heard of a firm is high-priority goods."""
    office = kit.hub()
    return _begins(kit, case, kit.registry.new(office), kit.rng.randrange(1, 7))


def old_firm_new_goods(kit: Kit, case: Case) -> list[Order]:
    """A firm that traded clothes or food turns to high-priority goods."""
    sectors = ("clothing", "sewing", "household", "food", "building", "chemistry")
    return _begins(kit, case, kit.old(kit.hub(), 5, sectors), kit.rng.randrange(2, 9))


def dormant(kit: Kit, case: Case) -> list[Order]:
    """A firm that was silent for more than a year wakes up with high-priority goods."""
    assert case.firm is not None
    return _begins(kit, case, case.firm, kit.rng.randrange(2, 7))


def _begins(kit: Kit, case: Case, firm: Firm, count: int) -> list[Order]:
    rng = kit.rng
    goods = [kit.good() for _ in range(rng.randrange(1, 4))]
    dispatch = kit.seller_country(goods[0], firm.country)
    size = rng.uniform(0.5, 4)
    made = []
    for at in kit.days(case, count, rng.uniform(10, 70)):
        if rng.random() < 0.25:
            dispatch = kit.seller_country(goods[0], firm.country)
        good = rng.choice(goods)
        if not kit.market.free(good, dispatch, firm.country):
            good = goods[0]
        made.append(kit.order(case, at, firm, [good], dispatch, size))
    return made


def past_of_a_sleeper(kit: Kit, firm: Firm, start: datetime, days: float) -> list[Order]:
    """Ordinary trade of a firm long before it wakes up again."""
    rng = kit.rng
    sector = kit.tables.imports[rng.randrange(5)]
    until = start + timedelta(days=days)
    trader = kit.market.trader(firm.country, sector, start, until, 0.0)
    trader.firm = firm
    made = []
    for _ in range(rng.randrange(3, 10)):
        order = kit.market.order(trader, start + timedelta(days=rng.uniform(0, days)))
        trader.firm = firm
        made.append(order)
    return sorted(made, key=lambda order: order.at)


def shared_contact(kit: Kit, case: Case) -> list[Order]:
    """Several new firms that have a telephone, an address or an e-mail address in common."""
    rng = kit.rng
    office = kit.hub()
    firms = [kit.registry.new(office) for _ in range(rng.randrange(3, 7))]
    first = firms[0]
    how = rng.choice(("phone", "address", "both", "email"))
    shared: dict[str, Any] = {"tells_phone": True}
    if how != "address":
        shared["phone"] = first.phone
    if how == "email":
        shared["email"] = first.email
    alike = [replace(firm, **shared) for firm in firms]
    if how in ("address", "both"):
        lines, city = first.address.lines, first.address.city
        alike = [replace(firm, address=replace(firm.address, lines=lines, city=city)) for firm in alike]
    whose = alike + [rng.choice(alike) for _ in range(rng.randrange(1, 7))]
    made = []
    for at, firm in zip(kit.days(case, len(whose), rng.uniform(20, 85)), whose, strict=True):
        good = kit.good()
        made.append(
            kit.order(case, at, firm, [good], kit.seller_country(good, office), rng.uniform(0.4, 2.5))
        )
    return made


def many_suppliers(kit: Kit, case: Case) -> list[Order]:
    """One consignee buys the same good from one seller after another."""
    rng = kit.rng
    office = kit.hub()
    firm = kit.old(office) if rng.random() < 0.5 else kit.registry.new(office)
    good = kit.good()
    countries = [kit.seller_country(good, office) for _ in range(rng.randrange(1, 4))]
    count = rng.randrange(6, 17)
    made = []
    for at in kit.days(case, count, rng.uniform(20, 85)):
        dispatch = rng.choice(countries)
        made.append(
            kit.order(
                case, at, firm, [good], dispatch, rng.uniform(0.4, 1.5), sender=kit.registry.new(dispatch)
            )
        )
    return made


def reexport(kit: Kit, case: Case) -> list[Order]:
    """Goods are imported, and as much of them leaves for Russia within weeks."""
    rng = kit.rng
    office = kit.hub()
    firm = kit.taker(office)
    buyer = kit.registry.new("RU")
    good = kit.good()
    dispatch = kit.seller_country(good, office)
    count = rng.randrange(1, 5)
    made: list[Order] = []
    for at in kit.days(case, count, min(rng.uniform(5, 60), case.days * 0.5)):
        came = kit.order(case, at, firm, [good], dispatch, rng.uniform(0.6, 3))
        made.append(came)
        share = rng.uniform(0.92, 1.0) if rng.random() < 0.75 else rng.uniform(0.55, 0.92)
        left = (case.start + timedelta(days=case.days) - at) / timedelta(days=1) - 1
        if left < 2:
            continue
        leaves = at + timedelta(days=min(rng.uniform(4, 50), left))
        line = came.lines[0]
        units = max(1, round(line.units * share))
        gone = Line(line.good, line.origin, units, units * line.usd / line.units * rng.uniform(1.1, 1.8))
        made.append(
            replace(
                came,
                at=leaves,
                regime="INTRA_UNION_MOVEMENT",
                sender=firm,
                taker=buyer,
                dispatch=office,
                destination="RU",
                mode="3",
                via=("KZ",) if office == "KG" else (),
                lines=(gone,),
            )
        )
    return made


LIMITS = (("EUR", 150.0), ("EUR", 1000.0), ("USD", 2500.0))
"""Below which less is asked of a consignment: EU Delegated Regulation 2015/2446, Articles 135, 137 and 143a (EUR 150 and
EUR 1,000); US 15 CFR 30.37 (a) (USD 2,500)."""


def split(kit: Kit, case: Case) -> list[Order]:
    """What would be one consignment goes as many, each below a limit."""
    rng = kit.rng
    office = kit.hub()
    currency, limit = rng.choice(LIMITS)
    goods = [good for good in kit.tables.priority if good.usd < limit / 4]
    good: Good = rng.choice(goods)
    for _ in range(50):
        dispatch = rng.choice(("US",) if currency == "USD" else ("DE", "PL", "LT", "IT", "NL", "CZ"))
        if kit.market.free(good, dispatch, office):
            break
        good = rng.choice(goods)
    firm, seller = kit.taker(office), kit.seller(dispatch)
    low = rng.choice((0.5, 0.8, 0.9))
    made = []
    for at in kit.days(case, rng.randrange(6, 25), rng.uniform(3, 32)):
        usd = limit / kit.tables.rate(currency) * rng.uniform(low, 0.99)
        order = kit.order(case, at, firm, [good], dispatch, sender=seller)
        line = Line(good, order.lines[0].origin, max(1, int(usd / good.usd)), usd)
        made.append(replace(order, lines=(line,), invoice=currency))
    return made
