"""One declaration of the scenario from its lane, goods and firms: parties, items, documents, vehicles, offices."""

from datetime import UTC, datetime, timedelta
from random import Random

import msgspec
from msgspec import Struct

from streams.declarations.model import (
    CommodityCode,
    CustomsOffice,
    Declaration,
    DeclarationVersion,
    Document,
    Envelope,
    GoodsItem,
    Package,
    Party,
    PartyRole,
    RoutingCountry,
    TransportEquipment,
    TransportMeans,
)
from streams.demo.firms import Firm, FirmBook, digits
from streams.demo.tables import Firms, Good, Lane, Vessel

EU = frozenset({"DE", "PL", "LT", "LV", "IT", "NL", "FR"})
EAEU_SIDE = frozenset({"KG", "KZ", "UZ", "TJ", "RU", "BY", "AM"})
TRANSPORT_DOCUMENT = {"1": "N705", "2": "N720", "3": "N730", "4": "N740"}
"""bill of lading, rail consignment note, CMR, air waybill"""
SELF_EXEMPTED = frozenset({"842139", "842230", "848180", "841381", "850231"})
"""goods for which careful exporters add Y901, 'not dual-use', although nobody asked"""


class Line(Struct, frozen=True):
    """One item before it is written down: what, how much, at which price (euro a kilogram)."""

    hs6: str
    text: str
    origin: str
    kg: float
    eur_per_kg: float
    units: int | None
    pack: str
    packs: int
    documents: tuple[Document, ...] = ()


class Writer:
    """Writes declarations with one generator, so that the same seed gives the same scenario."""

    def __init__(self, rng: Random, book: FirmBook, material: Firms) -> None:
        self._rng = rng
        self._book = book
        self._material = material

    def lines(self, lane: Lane, goods: list[Good], at: datetime) -> tuple[Line, ...]:
        """The items of an ordinary declaration on a lane."""
        room = (0.3 if lane.mode == "4" else 1.0) / len(goods)
        return tuple(self._line(lane, good, at, room) for good in goods)

    def _line(self, lane: Lane, good: Good, at: datetime, room: float) -> Line:
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
        return Line(
            hs6=good.hs6_2017 if at.year < 2022 else good.hs6,
            text=rng.choice(good.ru if lane.language == "ru" else good.en),
            origin=self._origin(lane),
            kg=kg,
            eur_per_kg=good.eur_per_kg * rng.lognormvariate(0.0, 0.2),
            units=units,
            pack=good.pack,
            packs=max(1, round(kg / good.pack_kg)),
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
        lines: tuple[Line, ...],
        parties: tuple[Party, ...] = (),
        vessel: Vessel | None = None,
    ) -> DeclarationVersion:
        """The first version. `parties` take the place of those of the same role, or join them."""
        rng = self._rng
        declared_in = lane.office_lodged[:2]
        number = f"{at:%y}{declared_in}{digits(rng, '##############')}"
        exporter = self._book.firm(lane.dispatch)
        currency = self._material.countries[lane.dispatch].currency
        items = tuple(self._item(lane, n, line, currency, at) for n, line in enumerate(lines, start=1))
        container = lane.mode in ("1", "2") or (lane.mode == "3" and rng.random() < 0.1)
        return DeclarationVersion(
            envelope=Envelope(
                declaration_key=f"demo.{declared_in.lower()}|{number}",
                version_number=1,
                event_type="LODGED",
                event_date_time=at,
                source_system=f"demo.{declared_in.lower()}",
            ),
            declaration=Declaration(
                regime=lane.regime,
                MRN=number,
                LRN=f"L-{digits(rng, '########')}",
                declaration_type={"EXPORT": "EX", "IMPORT": "IM", "TRANSIT": "T1"}.get(lane.regime),
                additional_declaration_type="A" if lane.regime in ("EXPORT", "IMPORT") else None,
                acceptance_date_time=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                customs_offices=self._offices(lane),
                country_of_dispatch=lane.dispatch,
                country_of_export=lane.dispatch,
                country_of_destination=lane.destination,
                countries_of_routing=tuple(
                    RoutingCountry(sequence_number=n, country=country)
                    for n, country in enumerate((lane.dispatch, *lane.via, lane.destination), start=1)
                ),
                nature_of_transaction="11",
                invoice_currency=currency,
                total_amount_invoiced=f"{sum(float(item.item_amount_invoiced or 0) for item in items):.2f}",
                container_indicator=container,
                mode_of_transport_at_border=lane.mode,
                parties=_replace(self._parties(lane, exporter), parties),
                goods_items=items,
                transport_means=self._means(lane, vessel),
                transport_equipment=(self._equipment(),) if container else (),
                transport_documents=(
                    Document(type=TRANSPORT_DOCUMENT[lane.mode], reference_number=digits(rng, "########")),
                ),
                documents=(
                    Document(type="N380", reference_number=f"INV-{at.year}-{digits(rng, '####')}"),
                    *(
                        (Document(type="N271", reference_number=digits(rng, "####")),)
                        if rng.random() < 0.4
                        else ()
                    ),
                ),
                total_gross_mass_kg=f"{sum(float(item.gross_mass_kg or 0) for item in items):.3f}",
                total_packages=sum(line.packs for line in lines),
            ),
        )

    def _parties(self, lane: Lane, exporter: Firm) -> tuple[Party, ...]:
        rng = self._rng
        consignee = self._book.firm(lane.destination)
        local = lane.language == "ru"
        importing = lane.regime == "IMPORT"
        consignee_role: PartyRole = "IMPORTER" if importing and lane.destination in EU else "CONSIGNEE"
        parties = [
            exporter.party("CONSIGNOR" if importing or lane.regime == "TRANSIT" else "EXPORTER"),
            consignee.party(consignee_role, native=local and rng.random() < 0.6, contact=rng.random() < 0.6),
        ]
        filer = lane.office_lodged[:2]
        forwarder = self._book.forwarder(filer)
        how = rng.random()
        if how < 0.55:
            parties.append(forwarder.party("DECLARANT"))
        elif how < 0.8:
            parties.append((consignee if importing else exporter).party("DECLARANT"))
            parties.append(forwarder.party("REPRESENTATIVE"))
        if lane.mode == "3" and rng.random() < 0.5:
            parties.append(
                self._book.forwarder(rng.choice((lane.dispatch, lane.destination))).party("CARRIER")
            )
        if lane.mode in ("1", "2") and rng.random() < 0.4:
            parties.append(consignee.party("NOTIFY_PARTY"))
        return tuple(parties)

    def _item(self, lane: Lane, number: int, line: Line, currency: str, at: datetime) -> GoodsItem:
        euro = line.kg * line.eur_per_kg
        amount = euro * self._material.euro[currency]
        declared_in_eu = lane.office_lodged[:2] in EU
        statistical = "EUR" if declared_in_eu else "USD"
        code = CommodityCode(
            hs6=line.hs6,
            full=line.hs6 + ("00" if declared_in_eu else "0000"),
            nomenclature="CN" if declared_in_eu else "TNVED" if lane.destination in EAEU_SIDE else "NATIONAL",
            hs_version="2017" if at.year < 2022 else "2022",
        )
        procedure = {"EXPORT": "10", "IMPORT": "40"}.get(lane.regime)
        return GoodsItem(
            goods_item_number=number,
            commodity_code=code,
            description_of_goods=line.text,
            requested_procedure=procedure,
            previous_procedure="00" if procedure else None,
            country_of_origin=line.origin,
            net_mass_kg=f"{line.kg:.3f}",
            gross_mass_kg=f"{line.kg * 1.06:.3f}",
            supplementary_units=str(line.units) if line.units else None,
            supplementary_unit_code="NAR" if line.units else None,
            item_amount_invoiced=f"{amount:.2f}",
            statistical_value=f"{euro * self._material.euro[statistical]:.2f}",
            statistical_value_currency=statistical,
            packages=(Package(type=line.pack, number=line.packs, shipping_marks="N/M"),),
            documents=line.documents,
        )

    def _offices(self, lane: Lane) -> tuple[CustomsOffice, ...]:
        lodged = CustomsOffice(role="LODGEMENT", reference_number=lane.office_lodged)
        if lane.regime == "EXPORT":
            return (lodged, CustomsOffice(role="EXIT", reference_number=lane.office_border))
        if lane.regime == "TRANSIT":
            return (lodged, CustomsOffice(role="DEPARTURE", reference_number=lane.office_border))
        return (lodged, CustomsOffice(role="FIRST_ENTRY", reference_number=lane.office_border))

    def _means(self, lane: Lane, vessel: Vessel | None) -> tuple[TransportMeans, ...]:
        rng = self._rng
        if lane.mode == "1":
            ship = vessel or Vessel(name=rng.choice(self._material.transport.vessels), imo=imo_number(rng))
            return (
                TransportMeans(
                    role="ACTIVE_BORDER",
                    type_of_identification="10",
                    identification_number=ship.imo,
                    imo_number=ship.imo,
                    name=ship.name,
                    nationality=rng.choice(self._material.transport.flags),
                ),
            )
        if lane.mode == "2":
            return (
                TransportMeans(
                    role="DEPARTURE",
                    type_of_identification="20",
                    identification_number=digits(rng, "########"),
                ),
            )
        if lane.mode == "4":
            flight = rng.choice(self._material.transport.airlines) + digits(rng, "####")
            return (
                TransportMeans(
                    role="ACTIVE_BORDER", type_of_identification="40", identification_number=flight
                ),
            )
        nationality = rng.choice((lane.dispatch, lane.destination))
        plate = "".join(rng.choices("ABCEHKMOPTX", k=3)) + digits(rng, " ####")
        return (
            TransportMeans(
                role="ACTIVE_BORDER",
                type_of_identification="30",
                identification_number=plate,
                nationality=nationality,
            ),
        )

    def _equipment(self) -> TransportEquipment:
        owner = self._rng.choice(self._material.transport.container_owners)
        serial = digits(self._rng, "######")
        return TransportEquipment(
            container_identification_number=owner + serial + container_check_digit(owner + serial),
            seals=(digits(self._rng, "########"),),
        )


def _replace(ordinary: tuple[Party, ...], special: tuple[Party, ...]) -> tuple[Party, ...]:
    """The special parties in place of those of their role. A planted exporter or consignor is one and the same place,
    as are consignee and importer, and a forwarder's."""
    same = {"CONSIGNOR": "EXPORTER", "IMPORTER": "CONSIGNEE"}
    places = {same.get(party.role, party.role) for party in special}
    kept = tuple(party for party in ordinary if same.get(party.role, party.role) not in places)
    return special + kept


def moment(rng: Random, month: str) -> datetime:
    """A working hour of a day of the month, seldom a Sunday."""
    start = datetime.fromisoformat(f"{month}-01T00:00:00").replace(tzinfo=UTC)
    for _ in range(4):
        at = start + timedelta(
            days=rng.randrange(28),
            hours=rng.randrange(5, 18),
            minutes=rng.randrange(60),
            seconds=rng.randrange(60),
        )
        if at.weekday() < 6:
            break
    return at


def imo_number(rng: Random) -> str:
    """A well-formed IMO number: six digits and their check digit (IMO Resolution A.1117(30))."""
    six = digits(rng, "90####")
    return six + str(
        sum(int(figure) * weight for figure, weight in zip(six, range(7, 1, -1), strict=True)) % 10
    )


def container_check_digit(ten: str) -> str:
    """Check digit of a container number without it (ISO 6346)."""
    values = {}
    value = 10
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        if value % 11 == 0:
            value += 1
        values[letter] = value
        value += 1
    total = sum((values[sign] if sign in values else int(sign)) * 2**place for place, sign in enumerate(ten))
    return str(total % 11 % 10)


def with_changes(
    version: DeclarationVersion, at: datetime, declaration: Declaration, *paths: str
) -> DeclarationVersion:
    """The next version: a full image that replaces `version`."""
    return DeclarationVersion(
        envelope=msgspec.structs.replace(
            version.envelope,
            version_number=version.envelope.version_number + 1,
            supersedes_version=version.envelope.version_number,
            event_type="AMENDED",
            event_date_time=at,
            changed_paths=paths,
        ),
        declaration=declaration,
    )
