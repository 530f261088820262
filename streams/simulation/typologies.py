"""The bad cases that can be planted, by name."""

from collections.abc import Callable

from streams.simulation import patterns_in_one as single
from streams.simulation import patterns_over_time as lasting
from streams.simulation.orders import Order
from streams.simulation.planting import Case, Kit

TYPOLOGIES: dict[str, Callable[[Kit, Case], list[Order]]] = {
    "NEW_CORRIDOR": lasting.new_corridor,
    "SURGE": lasting.surge,
    "NEW_FIRMS": lasting.new_firms,
    "NEW_FIRM_CHPL": lasting.new_firm_chpl,
    "OLD_FIRM_NEW_GOODS": lasting.old_firm_new_goods,
    "DORMANT": lasting.dormant,
    "SHARED_CONTACT": lasting.shared_contact,
    "MANY_SUPPLIERS": lasting.many_suppliers,
    "REEXPORT": lasting.reexport,
    "SPLIT": lasting.split,
    "RELODGED": single.relodged,
    "LATE_CONSIGNEE_CHANGE": single.late_consignee_change,
    "CIRCUITOUS_ROUTE": single.circuitous_route,
    "TRANSIT_RU": single.transit_ru,
    "OPAQUE_END_USER": single.opaque_end_user,
    "PHONE_MISMATCH": single.phone_mismatch,
}
