"""Typologies that one declaration shows, with its amendments and what was lodged in its place."""

from functools import partial

import msgspec

from streams.declarations.model import EventType, Party
from streams.simulation.firms import Firm, fill
from streams.simulation.lives import consigned_to
from streams.simulation.orders import Order, Step
from streams.simulation.planting import Case, Kit
from streams.simulation.tables import Way

BUYERS = ("assembly", "mines", "telecom", "workshops", "electronics", "laboratories", "energy", "machinery")
replace = msgspec.structs.replace


def _some_orders(kit: Kit, case: Case, taker: Firm | None = None, most: int = 3) -> list[Order]:
    """One to a few consignments of high-priority goods for one taker, likely a firm that trades such goods."""
    rng = kit.rng
    office = kit.hub()
    if taker is None:
        taker = kit.old(office, 3, BUYERS) if rng.random() < 0.6 else kit.taker(office)
    good = kit.good()
    dispatch = kit.seller_country(good, taker.country)
    times = kit.days(case, rng.randrange(1, most + 1), rng.uniform(5, 40))
    return [kit.order(case, at, taker, [good], dispatch, rng.uniform(0.5, 3)) for at in times]


def relodged(kit: Kit, case: Case) -> list[Order]:
    """Cancelled, and the same goods declared for another consignee."""
    rng = kit.rng
    made = []
    for order in _some_orders(kit, case, most=1):
        line = order.lines[0]
        units = max(1, round(line.units * rng.uniform(0.97, 1.03)))
        other = kit.registry.new(order.destination) if rng.random() < 0.6 else kit.old(order.destination)
        anew = replace(
            order,
            taker=other,
            lines=(replace(line, units=units, usd=line.usd * units / line.units), *order.lines[1:]),
            steps=(),
        )
        event: EventType = "INVALIDATED" if rng.random() < 0.85 else "REJECTED"
        late = max(case.days - 1, 0.2)
        step = Step(min(rng.uniform(0.1, 5), late / 3), event, None, anew, min(rng.uniform(0.1, 9), late / 3))
        made.append(replace(order, steps=(step,)))
    return made


def late_consignee_change(kit: Kit, case: Case) -> list[Order]:
    """The consignee becomes another one at the last moment: the goods are presented, or a control was announced."""
    rng = kit.rng
    made = []
    for order in _some_orders(kit, case, most=2):
        other = kit.registry.new(order.destination) if rng.random() < 0.6 else kit.old(order.destination)
        party = kit.writer.party(other, "CONSIGNEE")
        before: EventType = "CONTROL_NOTIFIED" if rng.random() < 0.6 else "PRESENTED"
        first = Step(rng.uniform(0.05, 2), before)
        change = Step(rng.uniform(0.02, 0.6), "AMENDED", partial(consigned_to, consignee=party))
        made.append(replace(order, steps=(first, change)))
    return made


def circuitous_route(kit: Kit, case: Case) -> list[Order]:
    """A road that makes no sense."""
    rng = kit.rng
    detour = rng.choice(kit.tables.detours)
    made = []
    for order in _some_orders(kit, case):
        dispatch = detour.dispatch
        if dispatch == "EU":
            dispatch = rng.choice(("DE", "PL", "LT", "IT", "NL", "CZ"))
        order = _sent_from(kit, case, order, dispatch)
        made.append(
            replace(
                order,
                mode=detour.mode,
                via=tuple(one for one in detour.via if one != dispatch),
                exit_office=detour.exit,
            )
        )
    return made


def transit_ru(kit: Kit, case: Case) -> list[Order]:
    """High-priority goods of the West on their way through Russia."""
    rng = kit.rng
    made = []
    for order in _some_orders(kit, case):
        dispatch = rng.choice(("DE", "PL", "LT", "IT", "NL", "CZ", "FI"))
        order = _sent_from(kit, case, order, dispatch)
        way = rng.choice((Way("3", ("PL", "BY", "RU")), Way("3", ("LV", "RU")), Way("2", ("PL", "BY", "RU"))))
        via = tuple(one for one in way.via if one != dispatch)
        if order.destination != "KZ":
            via = (*via, "KZ")
        order = replace(order, mode=way.mode, via=via)
        if rng.random() < 0.5:
            # Declared on the way, for a taker further on.
            further = rng.choice(("UZ", "TJ") if order.office_country == "KG" else ("UZ", "KG"))
            order = replace(
                order,
                regime="TRANSIT",
                destination=further,
                taker=kit.registry.new(further),
                via=(*order.via, order.office_country)
                if order.office_country != order.via[-1]
                else order.via,
            )
        made.append(order)
    return made


def opaque_end_user(kit: Kit, case: Case) -> list[Order]:
    """The declaration does not say who will have the goods: a forwarder, a bank, "to order"."""
    rng = kit.rng
    office = kit.hub()
    how = rng.choice(("forwarder", "bank", "order", "order of bank"))
    bank = kit.registry.new(office, "Bank")
    firm = (
        bank
        if how == "bank"
        else kit.registry.new(office, rng.choice(("Forwarding", "Logistics", "Cargo Express")))
    )
    name = {"order": "TO ORDER", "order of bank": f"TO THE ORDER OF {bank.name}"}.get(how)
    made = []
    for order in _some_orders(kit, case, firm):
        if name is not None:
            extra = [Party(role="CONSIGNEE", name=name)]
            if rng.random() < 0.5:
                extra.append(kit.writer.party(kit.market.broker(office), "NOTIFY_PARTY"))
            order = replace(order, parties=tuple(extra), broker=kit.market.broker(office))
        made.append(order)
    return made


def phone_mismatch(kit: Kit, case: Case) -> list[Order]:
    """The consignee's telephone is in another country, mostly the one the goods must not go to."""
    rng = kit.rng
    office = kit.hub()
    firm = kit.old(office, 3, BUYERS) if rng.random() < 0.5 else kit.registry.new(office)
    country = rng.choice(("RU", "RU", "RU", "BY", "IR"))
    pattern = "+7 9## #######" if country == "RU" else rng.choice(kit.tables.countries[country].phones)
    firm = replace(firm, phone=fill(rng, pattern), tells_phone=True)
    party = Party(
        role="NOTIFY_PARTY", name=firm.name, phone=firm.phone, identification_number=firm.number
    )  # said once more, as the first may leave it out
    return [replace(order, parties=(party,)) for order in _some_orders(kit, case, firm)]


def _sent_from(kit: Kit, case: Case, order: Order, dispatch: str) -> Order:
    """The same consignment from another country."""
    good = order.lines[0].good
    for _ in range(50):
        if kit.market.free(good, dispatch, order.destination):
            break
        good = kit.good()
    return kit.order(case, order.at, order.taker, [good], dispatch, 1.5, origin=dispatch)
