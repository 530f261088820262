"""Writes an order down as a declaration, with the gaps and slips of ordinary ones."""

from datetime import datetime
from random import Random
from typing import Any

from msgspec.structs import replace

from streams.declarations.model import (
    Address,
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
from streams.simulation.firms import Firm, Registry, fill, mistyped
from streams.simulation.orders import Journey, Line, Order
from streams.simulation.tables import Tables

MISTYPED = 0.006
"""of names"""
NUMBER_LEFT_OUT = 0.04
"""of parties that have a number"""
MISSING = 0.05
"""of each optional field that is usually there"""
TRANSPORT_DOCUMENT = {"1": "N705", "2": "N720", "3": "N730", "4": "N740"}
"""By mode: bill of lading, rail consignment note, CMR, air waybill."""
IDENTIFICATION = {"1": "11", "2": "20", "3": "30", "4": "40"}
"""By mode, what a means of transport is identified by (DE 19 05): name of the vessel, wagon, plate, flight."""
SENDER: dict[str, PartyRole] = {"EXPORT": "EXPORTER", "REEXPORT": "EXPORTER"}
TYPES = {"EXPORT": "EX", "REEXPORT": "EX", "IMPORT": "IM", "TRANSIT": "T1"}
GROUPAGE = 0.008
"""of imports with several lines: they are for several consignees"""


def draft(
    journey: Journey, number: str, at: datetime, currency: str, items: tuple[GoodsItem, ...]
) -> Declaration:
    """What a careful declarant writes of a journey and its items; parties, vehicles and papers are still to come."""
    gross = sum(float(item.gross_mass_kg or 0) for item in items)
    invoiced = sum(float(item.item_amount_invoiced or 0) for item in items)
    road = (journey.dispatch, *journey.via, journey.destination)
    return Declaration(
        regime=journey.regime,
        MRN=number,
        declaration_type=TYPES.get(journey.regime),
        acceptance_date_time=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        country_of_dispatch=journey.dispatch,
        country_of_export=journey.dispatch,
        country_of_destination=journey.destination,
        countries_of_routing=tuple(
            RoutingCountry(sequence_number=n, country=country) for n, country in enumerate(road, start=1)
        ),
        nature_of_transaction="11",
        invoice_currency=currency,
        total_amount_invoiced=f"{invoiced:.2f}",
        mode_of_transport_at_border=journey.mode,
        parties=(),
        goods_items=items,
        total_gross_mass_kg=f"{gross:.3f}",
        total_packages=sum(package.number or 0 for item in items for package in item.packages),
    )


def lodged(
    source: str, at: datetime, declaration: Declaration, message: str | None = None
) -> DeclarationVersion:
    """The first version of a declaration as a source sends it; its key is the source's name for it and the MRN."""
    return DeclarationVersion(
        envelope=Envelope(
            declaration_key=f"{source}|{declaration.MRN}",
            version_number=1,
            event_type="LODGED",
            event_date_time=at,
            source_system=source,
            message_id=message,
        ),
        declaration=declaration,
    )


class Writer:
    """Numbers declarations and writes them."""

    def __init__(self, rng: Random, tables: Tables, registry: Registry) -> None:
        self._rng = rng
        self._tables = tables
        self._registry = registry
        self._written = 0

    def write(self, order: Order) -> DeclarationVersion:
        """The first version."""
        rng = self._rng
        self._written += 1
        home, at = order.office_country, order.at
        mrn = f"{at:%y}{home}{self._written:013d}{rng.randrange(10)}"
        currency = order.invoice or self._currency(order)
        items = tuple(self._item(order, n, line, currency) for n, line in enumerate(order.lines, start=1))
        container = order.mode in ("1", "2") or (order.mode == "3" and rng.random() < 0.1)
        gaps: dict[str, Any] = {}
        if not order.via or rng.random() < MISSING:
            gaps["countries_of_routing"] = ()
        reference, offices = f"L{rng.randrange(10**9):09d}", self._offices(order)
        for name in ("country_of_export", "nature_of_transaction", "total_amount_invoiced"):
            if rng.random() < MISSING:
                gaps[name] = None
        declaration = replace(
            draft(order, mrn, at, currency, items),
            LRN=reference,
            additional_declaration_type="A" if order.regime != "INTRA_UNION_MOVEMENT" else None,
            customs_offices=offices,
            container_indicator=container,
            parties=self._parties(order, len(items)),
            transport_means=(self._means(order),),
            transport_equipment=(self._container(),) if container else (),
            transport_documents=(
                Document(type=TRANSPORT_DOCUMENT[order.mode], reference_number=str(rng.randrange(10**8))),
            ),
            documents=(Document(type="N380", reference_number=f"INV-{at.year}-{rng.randrange(10**5)}"),),
            **gaps,
        )
        return lodged(f"sim.{home.lower()}", at, declaration, f"{mrn}-1")

    def _container(self) -> TransportEquipment:
        owner = self._rng.choice(("TKLU", "QMSU", "ZZHU"))
        return TransportEquipment(container_identification_number=f"{owner}{self._rng.randrange(10**7):07d}")

    def party(self, firm: Firm, role: PartyRole, items: tuple[int, ...] = ()) -> Party:
        """The firm as its declarant writes it: now and then mistyped, without its number, in its own script."""
        rng = self._rng
        chance = rng.random()
        name = mistyped(rng, firm.name) if chance < MISTYPED else firm.name
        native = firm.native if firm.native and chance > 0.6 else None
        numbered = firm.number is not None and rng.random() >= NUMBER_LEFT_OUT
        contact = firm.tells_phone is (rng.random() < 0.93)
        return Party(
            role=role,
            name=native if native and chance > 0.8 else name,
            name_original_script=native if native and chance <= 0.8 else None,
            identification_number=firm.number if numbered else None,
            identification_type=firm.number_type if numbered else None,
            goods_item_numbers=items,
            address=Address(
                lines=firm.address.lines if rng.random() >= MISSING else (),
                city=firm.address.city,
                postcode=firm.address.postcode if chance < 0.5 else None,
                country=firm.country,
            ),
            phone=firm.phone if contact else None,
            email=firm.email if contact and chance < 0.5 else None,
        )

    def carrier(self, country: str) -> Firm:
        """One of the hauliers of a country."""
        return self._registry.one_of(country, 40, ("Trans",))

    def _parties(self, order: Order, items: int) -> tuple[Party, ...]:
        rng = self._rng
        parties = [self.party(order.sender, SENDER.get(order.regime, "CONSIGNOR"))]
        given = {party.role for party in order.parties}
        groupage = (
            order.regime == "IMPORT" and items > 1 and order.planted is None and rng.random() < GROUPAGE * 4
        )
        if "CONSIGNEE" in given:
            pass
        elif groupage:
            parties.append(self.party(order.taker, "CONSIGNEE", (1,)))
            parties += [
                self.party(self._registry.known(order.destination, "groupage"), "CONSIGNEE", (n,))
                for n in range(2, items + 1)
            ]
        else:
            parties.append(self.party(order.taker, "CONSIGNEE"))
        local = order.taker if order.regime == "IMPORT" else order.sender
        if groupage and order.broker is not None:
            parties.append(self.party(order.broker, "FREIGHT_FORWARDER"))
        if order.regime == "TRANSIT":
            parties.append(
                self.party(order.broker or self.carrier(order.office_country), "HOLDER_OF_TRANSIT_PROCEDURE")
            )
        elif order.broker is not None:
            parties.append(self.party(order.broker, "DECLARANT"))
        elif "CONSIGNEE" not in given:
            parties.append(self.party(local, "DECLARANT"))
        if order.mode == "3" and rng.random() < 0.4:
            country = order.office_country if rng.random() < 0.6 else order.dispatch
            parties.append(self.party(self.carrier(country), "CARRIER"))
        if order.regime == "IMPORT" and order.planted is None and rng.random() < 0.06:
            parties.append(self.party(order.taker, "BUYER"))
        parties += order.parties
        return tuple(parties)

    def _item(self, order: Order, number: int, line: Line, currency: str) -> GoodsItem:
        rng = self._rng
        good, year = line.good, order.at.year
        code = good.declared(year)
        net = line.units * good.kg
        amount = line.usd * self._tables.rate(currency)
        pieces = good.kg != 1
        return GoodsItem(
            goods_item_number=number,
            commodity_code=CommodityCode(
                hs6=code,
                full=f"{code}0000" if rng.random() < 0.7 else None,
                nomenclature="TNVED",
                hs_version="2022" if year >= 2022 else "2017",
            ),
            description_of_goods=rng.choice(good.texts),
            requested_procedure="40" if order.regime == "IMPORT" else None,
            country_of_origin=line.origin if order.regime == "IMPORT" or rng.random() < 0.9 else None,
            net_mass_kg=f"{net:.3f}" if rng.random() >= MISSING / 2 else None,
            gross_mass_kg=f"{net * 1.06 + 0.2:.3f}",
            supplementary_units=str(line.units) if pieces and rng.random() >= MISSING else None,
            supplementary_unit_code="PCE" if pieces else None,
            item_amount_invoiced=f"{amount:.2f}",
            statistical_value=f"{line.usd:.2f}" if rng.random() >= MISSING / 2 else None,
            statistical_value_currency="USD",
            packages=(Package(type="CT", number=1 + int(net / 20)),),
        )

    def _currency(self, order: Order) -> str:
        if order.regime == "INTRA_UNION_MOVEMENT":
            return "RUB"
        own = self._tables.countries[order.dispatch].currency
        return own if own in ("EUR", "CNY", "AED") and self._rng.random() < 0.6 else "USD"

    def _offices(self, order: Order) -> tuple[CustomsOffice, ...]:
        rng = self._rng
        own = rng.choice(self._tables.countries[order.office_country].offices)
        made = [CustomsOffice(role="LODGEMENT", reference_number=own)]
        if order.exit_office:
            made.append(CustomsOffice(role="EXIT", reference_number=order.exit_office))
        return tuple(made)

    def _means(self, order: Order) -> TransportMeans:
        rng = self._rng
        pattern, nationality = {"4": "ZZ###"}.get(order.mode, "########"), None
        if order.mode == "3":
            nationality = order.office_country if rng.random() < 0.5 else order.dispatch
            pattern = f"{nationality} ### ####"
        number = fill(rng, pattern)
        if nationality is not None and rng.random() < MISSING:
            nationality = None
        return TransportMeans(
            role="ACTIVE_BORDER",
            type_of_identification=IDENTIFICATION[order.mode],
            identification_number=number,
            nationality=nationality,
        )
