"""Means of transport and containers of a WCO declaration."""

from streams.declarations import repair
from streams.declarations.formats.wco.values import MAP, country, text
from streams.declarations.model import GoodsItem, TransportEquipment, TransportMeans
from streams.declarations.xml_tree import Node


def mode(parent: Node, element: str) -> str | None:
    return text(parent, element, "ModeCode")


def means(*levels: Node) -> tuple[TransportMeans, ...]:
    """Every vessel, aircraft or vehicle that is identified or of which the nationality is known."""
    found = []
    for level in levels:
        for element, role in MAP["transport_roles"].items():
            for node in level.all(element):
                nationality = country(node, "RegistrationNationalityCode")
                identification, kind = text(node, "ID"), text(node, "IdentificationTypeCode")
                name = text(node, "Name")
                if not (nationality or identification or name):
                    continue
                found.append(
                    TransportMeans(
                        role=role,
                        type_of_identification=kind,
                        identification_number=identification,
                        name=name or (identification if kind in MAP["vessel_names"]["codes"] else None),
                        imo_number=_imo(identification) if kind in MAP["imo_numbers"]["codes"] else None,
                        nationality=nationality,
                    )
                )
    return tuple(found)


def _imo(identification: str | None) -> str | None:
    """The seven digits of `IMO 9074729`; None where it is not an IMO number."""
    try:
        return repair.imo_number(identification or "")
    except ValueError:
        return None


def equipment(
    consignment: Node, goods: list[Node], items: tuple[GoodsItem, ...]
) -> tuple[TransportEquipment, ...]:
    """Containers with their seals and the items in them."""
    inside: dict[str, list[int]] = {}
    for node, item in zip(goods, items, strict=True):
        commodity = node.first("Commodity")
        for one in commodity.all("TransportEquipment") if commodity is not None else ():
            if container := text(one, "ID"):
                inside.setdefault(container, []).append(item.goods_item_number)
    found = []
    for one in consignment.all("TransportEquipment"):
        container = text(one, "ID")
        seals = tuple(seal for node in one.all("Seal") if (seal := text(node, "ID")))
        if container or seals:
            found.append(
                TransportEquipment(
                    container_identification_number=container,
                    seals=seals,
                    goods_item_numbers=tuple(inside.pop(container or "", ())),
                )
            )
    return tuple(found) + tuple(
        TransportEquipment(container_identification_number=container, goods_item_numbers=tuple(numbers))
        for container, numbers in inside.items()
    )
