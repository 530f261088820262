"""Parties of a WCO declaration: every one, at whatever level it stands."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from streams.declarations import repair
from streams.declarations.formats.wco.goods import number
from streams.declarations.formats.wco.values import MAP, country, text, value
from streams.declarations.model import Address, Party
from streams.declarations.xml_tree import Node

EORI = re.compile(r"[A-Z]{2}[A-Z0-9]{1,15}")
ITEMS = ("GovernmentAgencyGoodsItem", "ConsignmentItem")


def parties(declaration: Node, item_numbers: dict[int, int]) -> tuple[Party, ...]:
    """Everyone named in any role. `item_numbers` gives the number of a goods item by the id() of its element.

    An agent that is only a function code says how the declarant represents: that goes to the declarant. A party of
    which there is neither name nor identification is left over.
    """
    found = [
        party(node, role, () if item is None else (item,))
        for node, role, item in _named(declaration, item_numbers, None)
    ]
    agent = declaration.first("Agent")
    if agent is not None and not _is_named(agent):
        for index, one in enumerate(found):
            if one.role == "DECLARANT":
                found[index] = replace(one, representative_status=text(agent, "FunctionCode"))
                break
    return tuple(found)


def _named(
    node: Node, item_numbers: dict[int, int], item: int | None
) -> Iterator[tuple[Node, str, int | None]]:
    for child in node.children:
        if child.name in MAP["party_roles"] and _is_named(child):
            yield child, MAP["party_roles"][child.name], item
        elif child.name == "AdditionalDocument":
            continue  # its Submitter is the authority that issued it
        elif child.children:
            within = item
            if child.name in ITEMS:
                within = item_numbers.get(id(child)) or number(child)
            yield from _named(child, item_numbers, within)


def _is_named(node: Node) -> bool:
    return any((one := node.first(name)) is not None and one.text.strip() for name in ("Name", "ID"))


def party(node: Node, role: str, items: tuple[int, ...]) -> Party:
    """One party; its element has a name or an identification."""
    identification = text(node, "ID")
    phone, email = _contacts(node)
    kind = None
    if node.name == "DomesticDutyTaxParty":
        kind = "VAT"
    elif identification and EORI.fullmatch(identification):
        kind = "EORI"
    return Party(
        role=role,  # type: ignore[arg-type]  # one of the table's roles, which a test holds to the model
        name=text(node, "Name"),
        identification_number=identification,
        identification_type=kind,
        goods_item_numbers=items,
        representative_status=text(node, "FunctionCode") if role == "REPRESENTATIVE" else None,
        supply_chain_actor_role=text(node, "RoleCode"),
        address=_address(node.first("Address")),
        phone=phone,
        email=email,
        contact_name=text(node, "Contact", "Name"),
    )


def _address(node: Node | None) -> Address | None:
    if node is None:
        return None
    address = Address(
        lines=tuple(line for one in node.all("Line") if (line := value(one, repair.text))),
        city=text(node, "CityName"),
        postcode=text(node, "PostcodeID"),
        region=text(node, "CountrySubDivisionName") or text(node, "CountrySubDivisionCode"),
        country=country(node, "CountryCode"),
    )
    return address if address != Address() else None


def _contacts(node: Node) -> tuple[str | None, str | None]:
    """Telephone and e-mail: the first of each, whatever the type code says of an address with an @."""
    phone = email = None
    for one in node.all("Communication"):
        given = (one.first("ID") or one).text
        kind = (one.first("TypeCode") or Node("", "", None)).text.strip().upper()
        if "@" in given and email is None:
            email = text(one, "ID")
        elif "@" not in given and kind in ("TE", "AL", "") and phone is None:
            phone = text(one, "ID")
        else:
            continue
        text(one, "TypeCode")
    return phone, email
