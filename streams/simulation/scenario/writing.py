"""One declaration of the scenario from its lane, goods and firms: parties, items, documents, vehicles, offices."""

from datetime import datetime
from random import Random
from typing import Literal

from msgspec.structs import replace
from stdnum import imo, iso6346

from streams.declarations.model import (
    CommodityCode,
    CustomsOffice,
    DeclarationVersion,
    Document,
    GoodsItem,
    Package,
    Party,
    PartyRole,
    TransportEquipment,
    TransportMeans,
)
from streams.simulation.firms import Firm, digits
from streams.simulation.scenario.firms import FirmBook, party
from streams.simulation.scenario.tables import Firms, Lane, PlannedItem, TradedGood, Vessel
from streams.simulation.writing import IDENTIFICATION, TRANSPORT_DOCUMENT, draft, lodged

EU = frozenset({"DE", "PL", "LT", "LV", "IT", "NL", "FR"})
EAEU_SIDE = frozenset({"KG", "KZ", "UZ", "TJ", "RU", "BY", "AM"})
Border = Literal["EXIT", "DEPARTURE", "FIRST_ENTRY"]
BORDER_OFFICE: dict[str, Border] = {"EXPORT": "EXIT", "TRANSIT": "DEPARTURE"}
SELF_EXEMPTED = frozenset({"842139", "842230", "848180", "841381", "850231"})
"""goods for which careful exporters add Y901, 'not dual-use', although nobody asked"""


class LaneWriter:
    """Writes declarations with one generator, so that the same seed gives the same scenario."""

    def __init__(self, rng: Random, book: FirmBook, material: Firms) -> None:
        self._rng = rng
        self._book = book
        self._material = material

    def items(self, lane: Lane, goods: list[TradedGood], at: datetime) -> tuple[PlannedItem, ...]:
        """The items of an ordinary declaration on a lane."""
        room = (0.3 if lane.mode == "4" else 1.0) / len(goods)
        return tuple(self._planned(lane, good, at, room) for good in goods)

    def _planned(self, lane: Lane, good: TradedGood, at: datetime, room: float) -> PlannedItem:
        rng = self._rng
        kg = good.line_kg * room * rng.lognormvariate(-0.1, 0.3)
        units = None
        if good.unit_kg is not None:
            units = max(1, round(kg / good.unit_kg))
            kg = units * good.unit_kg
        documents: list[Document] = []
        if lane.mix == "factory":
            documents.append(self._licence(lane, kg, at))
        elif lane.dispatch in EU and good.hs6 in SELF_EXEMPTED and rng.random() < 0.5:
            documents.append(Document(type="Y901", kind="ADDITIONAL_REFERENCE"))
        return PlannedItem(
            hs6=good.declared(at.year),
            text=rng.choice(good.texts[lane.language]),
            origin=self._origin(lane),
            kg=kg,
            eur_per_kg=good.eur_per_kg * rng.lognormvariate(0.0, 0.2),
            units=units,
            pack=good.pack,
            pack_kg=good.pack_kg,
            documents=tuple(documents),
        )

    def _origin(self, lane: Lane) -> str:
        if lane.mix == "cars":
            return self._rng.choice(("JP", "DE", "KR"))
        if lane.dispatch in EU and self._rng.random() < 0.25:
            return self._rng.choice(("CN", "IT", "CZ", "FR", "US"))
        return "CN" if lane.dispatch in ("HK", "AE") else lane.dispatch

    def _licence(self, lane: Lane, kg: float, at: datetime) -> Document:
        return Document(
            type="X002",
            kind="SUPPORTING_DOCUMENT",
            reference_number=f"{lane.dispatch}{at.year}{digits(self._rng, '#######')}",
            status_code="AC",
            issuing_authority="Federal export control office",
            validity_date=f"{at.year + 1}-12-31",
            write_off_quantity=f"{kg * 1.5:.3f}",
            write_off_unit="KGM",
        )

    def version(
        self,
        lane: Lane,
        at: datetime,
        planned: tuple[PlannedItem, ...],
        parties: tuple[Party, ...] = (),
        vessel: Vessel | None = None,
    ) -> DeclarationVersion:
        """The first version. `parties` take the place of those of the same role, or join them."""
        rng = self._rng
        declared_in = lane.office_lodged[:2]
        number = f"{at:%y}{declared_in}{digits(rng, '##############')}"
        exporter = self._book.firm(lane.dispatch)
        currency = self._material.countries[lane.dispatch].currency
        items = tuple(self._item(lane, n, each, currency, at) for n, each in enumerate(planned, start=1))
        container = lane.mode in ("1", "2") or (lane.mode == "3" and rng.random() < 0.1)
        declaration = replace(
            draft(lane, number, at, currency, items),
            LRN=f"L-{digits(rng, '########')}",
            additional_declaration_type="A" if lane.regime in ("EXPORT", "IMPORT") else None,
            customs_offices=self._offices(lane),
            container_indicator=container,
            parties=_in_place(self._parties(lane, exporter), parties),
            transport_means=(self._means(lane, vessel),),
            transport_equipment=(self._equipment(),) if container else (),
            transport_documents=(
                Document(type=TRANSPORT_DOCUMENT[lane.mode], reference_number=digits(rng, "########")),
            ),
            documents=self._documents(at),
        )
        return lodged(f"demo.{declared_in.lower()}", at, declaration)

    def _documents(self, at: datetime) -> tuple[Document, ...]:
        rng = self._rng
        invoice = Document(type="N380", reference_number=f"INV-{at.year}-{digits(rng, '####')}")
        if rng.random() < 0.4:
            return invoice, Document(type="N271", reference_number=digits(rng, "####"))
        return (invoice,)

    def _parties(self, lane: Lane, exporter: Firm) -> tuple[Party, ...]:
        rng = self._rng
        consignee = self._book.firm(lane.destination)
        local = lane.language == "ru"
        importing = lane.regime == "IMPORT"
        consignee_role: PartyRole = "IMPORTER" if importing and lane.destination in EU else "CONSIGNEE"
        parties = [
            party(exporter, "CONSIGNOR" if importing or lane.regime == "TRANSIT" else "EXPORTER"),
            party(consignee, consignee_role, native=local and rng.random() < 0.6, contact=rng.random() < 0.6),
        ]
        forwarder = self._book.forwarder(lane.office_lodged[:2])
        how = rng.random()
        if how < 0.55:
            parties.append(party(forwarder, "DECLARANT"))
        elif how < 0.8:
            parties.append(party(consignee if importing else exporter, "DECLARANT"))
            parties.append(party(forwarder, "REPRESENTATIVE"))
        if lane.mode == "3" and rng.random() < 0.5:
            carrier = self._book.forwarder(rng.choice((lane.dispatch, lane.destination)))
            parties.append(party(carrier, "CARRIER"))
        if lane.mode in ("1", "2") and rng.random() < 0.4:
            parties.append(party(consignee, "NOTIFY_PARTY"))
        return tuple(parties)

    def _item(self, lane: Lane, number: int, planned: PlannedItem, currency: str, at: datetime) -> GoodsItem:
        euro = planned.kg * planned.eur_per_kg
        amount = euro * self._material.euro[currency]
        declared_in_eu = lane.office_lodged[:2] in EU
        statistical = "EUR" if declared_in_eu else "USD"
        code = CommodityCode(
            hs6=planned.hs6,
            full=planned.hs6 + ("00" if declared_in_eu else "0000"),
            nomenclature="CN" if declared_in_eu else "TNVED" if lane.destination in EAEU_SIDE else "NATIONAL",
            hs_version="2017" if at.year < 2022 else "2022",
        )
        procedure = {"EXPORT": "10", "IMPORT": "40"}.get(lane.regime)
        return GoodsItem(
            goods_item_number=number,
            commodity_code=code,
            description_of_goods=planned.text,
            requested_procedure=procedure,
            previous_procedure="00" if procedure else None,
            country_of_origin=planned.origin,
            net_mass_kg=f"{planned.kg:.3f}",
            gross_mass_kg=f"{planned.kg * 1.06:.3f}",
            supplementary_units=str(planned.units) if planned.units else None,
            supplementary_unit_code="NAR" if planned.units else None,
            item_amount_invoiced=f"{amount:.2f}",
            statistical_value=f"{euro * self._material.euro[statistical]:.2f}",
            statistical_value_currency=statistical,
            packages=(Package(type=planned.pack, number=planned.packs, shipping_marks="N/M"),),
            documents=planned.documents,
        )

    def _offices(self, lane: Lane) -> tuple[CustomsOffice, ...]:
        border = BORDER_OFFICE.get(lane.regime, "FIRST_ENTRY")
        return (
            CustomsOffice(role="LODGEMENT", reference_number=lane.office_lodged),
            CustomsOffice(role=border, reference_number=lane.office_border),
        )

    def _means(self, lane: Lane, vessel: Vessel | None) -> TransportMeans:
        rng, transport = self._rng, self._material.transport
        kind = IDENTIFICATION[lane.mode]
        if lane.mode == "1":
            ship = vessel or Vessel(name=rng.choice(transport.vessels), imo=imo_number(rng))
            return TransportMeans(
                role="ACTIVE_BORDER",
                type_of_identification="10",
                identification_number=ship.imo,
                imo_number=ship.imo,
                name=ship.name,
                nationality=rng.choice(transport.flags),
            )
        if lane.mode == "2":
            wagon = digits(rng, "########")
            return TransportMeans(role="DEPARTURE", type_of_identification=kind, identification_number=wagon)
        nationality = None
        if lane.mode == "4":
            number = rng.choice(transport.airlines) + digits(rng, "####")
        else:
            nationality = rng.choice((lane.dispatch, lane.destination))
            number = "".join(rng.choices("ABCEHKMOPTX", k=3)) + digits(rng, " ####")
        return TransportMeans(
            role="ACTIVE_BORDER",
            type_of_identification=kind,
            identification_number=number,
            nationality=nationality,
        )

    def _equipment(self) -> TransportEquipment:
        owner = self._rng.choice(self._material.transport.container_owners)
        serial = digits(self._rng, "######")
        return TransportEquipment(
            container_identification_number=owner + serial + iso6346.calc_check_digit(owner + serial),
            seals=(digits(self._rng, "########"),),
        )


def _in_place(ordinary: tuple[Party, ...], special: tuple[Party, ...]) -> tuple[Party, ...]:
    """The special parties in place of those of their role. A planted exporter or consignor is one and the same place,
    as are consignee and importer, and a forwarder's."""
    same = {"CONSIGNOR": "EXPORTER", "IMPORTER": "CONSIGNEE"}
    places = {same.get(party.role, party.role) for party in special}
    kept = tuple(party for party in ordinary if same.get(party.role, party.role) not in places)
    return special + kept


def imo_number(rng: Random) -> str:
    """A well-formed IMO number: six digits and their check digit (IMO Resolution A.1117(30))."""
    six = digits(rng, "90####")
    return six + imo.calc_check_digit(six)
