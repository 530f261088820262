"""The canonical declaration: what every adapter produces and everything else reads.

The contract is `schemas/declaration.schema.json`; a test holds the two together. The required core is small
(key, version, event, time; regime, parties, goods items): a source that knows more says more, and a rule that lacks
what it needs reports NOT_EVALUABLE. Amounts, masses and quantities are decimal strings, never floats: money is exact.
Field numbers below are those of EU UCC Delegated Act Annex B (Del. Reg. (EU) 2021/234).
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

SUPPORTED_SCHEMA_VERSIONS = frozenset({"0.1", "1.0"})
"""0.1 is the draft that the first pipelines were built against; 1.0 only adds to it."""

# `$` alone would let a line break pass behind the last character in Python, and "KG\n" is in no country table. The
# schemas leave `(?!\n)` out: in JSON Schema's own dialect `$` is the end, and not every dialect knows look-ahead.
Country = Annotated[
    str, Meta(pattern=r"^[A-Z]{2}$(?!\n)", description="ISO 3166-1 alpha-2, or a customs code such as XI")
]
Decimal = Annotated[
    str,
    Meta(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,20})?$(?!\n)", description="decimal number as a string"),
]
Hs6 = Annotated[str, Meta(pattern=r"^[0-9]{6}$(?!\n)", description="Harmonized System code at six digits")]

EventType = Literal[
    "LODGED",
    "PRESENTED",
    "AMENDMENT_REQUESTED",
    "AMENDED",
    "INVALIDATION_REQUESTED",
    "INVALIDATED",
    "REJECTED",
    "CONTROL_NOTIFIED",
    "RELEASED",
    "NOT_RELEASED",
    "EXITED",
]
Regime = Literal[
    "IMPORT", "EXPORT", "REEXPORT", "TRANSIT", "ENTRY_SUMMARY", "EXIT_SUMMARY", "INTRA_UNION_MOVEMENT"
]
PartyRole = Literal[
    "EXPORTER",
    "CONSIGNOR",
    "CONSIGNEE",
    "IMPORTER",
    "DECLARANT",
    "REPRESENTATIVE",
    "CARRIER",
    "NOTIFY_PARTY",
    "BUYER",
    "SELLER",
    "ULTIMATE_CONSIGNEE",
    "INTERMEDIATE_CONSIGNEE",
    "FREIGHT_FORWARDER",
    "MANUFACTURER",
    "SUPPLY_CHAIN_ACTOR",
    "HOLDER_OF_TRANSIT_PROCEDURE",
    "FINANCIAL",
    "END_USER",
]
OfficeRole = Literal[
    "LODGEMENT",
    "EXPORT",
    "EXIT",
    "IMPORT",
    "FIRST_ENTRY",
    "DEPARTURE",
    "TRANSIT",
    "DESTINATION",
    "PRESENTATION",
    "SUPERVISING",
]


class _Part(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    """Base of every part: camelCase on the wire, absent means not declared, never changed in place.

    Each part says `frozen=True` again: type checkers do not inherit it."""


class Address(_Part, frozen=True):
    lines: tuple[str, ...] = ()
    city: str | None = None
    postcode: str | None = None
    region: str | None = None
    country: Country | None = None


class Registry(_Part, frozen=True):
    """What a company register says of a party: an enrichment joined by the pipeline, never from the declaration."""

    incorporation_date: str | None = None
    status_date: str | None = None
    activity_codes: tuple[str, ...] = ()
    source: str | None = None
    as_of: str | None = None


class Party(_Part, frozen=True):
    """Anyone named in any role. A name or an identification number is required.

    Raises ValueError (reported by the decoder as a schema violation) where both are absent.
    """

    role: PartyRole
    name: str | None = None
    name_original_script: str | None = None
    identification_number: str | None = None
    identification_type: str | None = None
    """EORI, TCUI, TIN, EIN, VAT, REG_NO, PASSPORT or OTHER; free, since registers differ."""
    goods_item_numbers: tuple[int, ...] = ()
    """The items this party belongs to; empty means all."""
    representative_status: str | None = None
    supply_chain_actor_role: str | None = None
    ultimate_consignee_type: str | None = None
    type_of_person: str | None = None
    address: Address | None = None
    phone: str | None = None
    email: str | None = None
    contact_name: str | None = None
    registry: Registry | None = None

    def __post_init__(self) -> None:
        if not (self.name or self.identification_number or self.name_original_script):
            raise ValueError("a party needs a name or an identificationNumber")


class CustomsOffice(_Part, frozen=True):
    role: OfficeRole
    reference_number: str


class RoutingCountry(_Part, frozen=True):
    sequence_number: int
    country: Country


class TransportMeans(_Part, frozen=True):
    """A vessel, aircraft, train or vehicle. `type_of_identification` is DE 19 05 / 19 08: 10 IMO number, 11 vessel
    name, 30 road plate, 40 flight, 41 aircraft registration."""

    role: Literal["DEPARTURE", "ARRIVAL", "ACTIVE_BORDER"] | None = None
    type_of_identification: str | None = None
    identification_number: str | None = None
    name: str | None = None
    imo_number: Annotated[str, Meta(pattern=r"^[0-9]{7}$(?!\n)")] | None = None
    nationality: Country | None = None
    conveyance_reference_number: str | None = None


class TransportEquipment(_Part, frozen=True):
    container_identification_number: str | None = None
    seals: tuple[str, ...] = ()
    goods_item_numbers: tuple[int, ...] = ()


class Document(_Part, frozen=True):
    """A document, authorisation or reference. `type` is the full code, such as X002, Y901, N380, 9104."""

    type: str
    kind: str | None = None
    reference_number: str | None = None
    status_code: str | None = None
    issuing_authority: str | None = None
    validity_date: str | None = None
    write_off_quantity: str | None = None
    write_off_unit: str | None = None
    write_off_amount: str | None = None
    name: str | None = None


class CommodityCode(_Part, frozen=True):
    """A tariff code. `hs_version` is the edition of the Harmonized System it was declared in; where it is absent the
    edition in force at the event time is assumed, and said so."""

    hs6: Hs6
    full: Annotated[str, Meta(pattern=r"^[0-9]{6,12}$(?!\n)")] | None = None
    nomenclature: str | None = None
    hs_version: Literal["2012", "2017", "2022", "2028"] | None = None
    additional_codes: tuple[str, ...] = ()
    cus_code: str | None = None

    def __post_init__(self) -> None:
        if self.full is not None and not self.full.startswith(self.hs6):
            raise ValueError("full must start with hs6")


class Package(_Part, frozen=True):
    type: str | None = None
    number: int | None = None
    shipping_marks: str | None = None


class ExportControl(_Part, frozen=True):
    """Export-control fields of the US EEI (15 CFR 30.6) and of the EU control list number."""

    ECCN: str | None = field(default=None, name="ECCN")
    ECN_EU: str | None = field(default=None, name="ECN_EU")
    license_code: str | None = None
    license_number: str | None = None
    license_value: str | None = None
    export_information_code: str | None = None
    domestic_foreign_indicator: str | None = None
    ddtc_category: str | None = None


class GoodsItem(_Part, frozen=True):
    goods_item_number: Annotated[int, Meta(ge=1, le=99999)]
    commodity_code: CommodityCode | None
    """Required, but null where the source lawfully declares none (simplified declarations, entries in the declarant's
    records): a rule on goods then reports NOT_EVALUABLE."""
    description_of_goods: Annotated[str, Meta(min_length=1)] | None
    """Required; null as above."""
    commercial_description: str | None = None
    brand: str | None = None
    model: str | None = None
    part_numbers: tuple[str, ...] = ()
    requested_procedure: str | None = None
    previous_procedure: str | None = None
    additional_procedures: tuple[str, ...] = ()
    country_of_origin: Country | None = None
    country_of_preferential_origin: Country | None = None
    country_of_destination: Country | None = None
    country_of_dispatch: Country | None = None
    net_mass_kg: Decimal | None = None
    gross_mass_kg: Decimal | None = None
    supplementary_units: Decimal | None = None
    supplementary_unit_code: str | None = None
    quantity: Decimal | None = None
    quantity_unit: str | None = None
    item_amount_invoiced: Decimal | None = None
    statistical_value: Decimal | None = None
    statistical_value_currency: str | None = None
    customs_value: Decimal | None = None
    valuation_method: str | None = None
    packages: tuple[Package, ...] = ()
    UCR: str | None = field(default=None, name="UCR")
    documents: tuple[Document, ...] = ()
    previous_documents: tuple[Document, ...] = ()
    export_control: ExportControl | None = None
    dangerous_goods_UN: str | None = field(default=None, name="dangerousGoodsUN")


class NationalRegistration(_Part, frozen=True):
    office_code: str | None = None
    year: str | None = None
    serial: str | None = None
    number: str | None = None
    date: str | None = None


class DeliveryTerms(_Part, frozen=True):
    incoterm: str | None = None
    place: str | None = None
    country: Country | None = None


class AdditionalInformation(_Part, frozen=True):
    code: str | None = None
    text: str | None = None
    goods_item_numbers: tuple[int, ...] = ()
    """The items it was stated for; empty means all."""


class Authorisation(_Part, frozen=True):
    type: str | None = None
    reference_number: str | None = None
    holder_identification_number: str | None = None


class Declaration(_Part, frozen=True):
    """The content of one version of a declaration: who, what, from where, by which road, to where."""

    regime: Regime
    parties: Annotated[tuple[Party, ...], Meta(min_length=1)]
    goods_items: Annotated[tuple[GoodsItem, ...], Meta(min_length=1)]
    MRN: str | None = field(default=None, name="MRN")
    LRN: str | None = field(default=None, name="LRN")
    UCR: str | None = field(default=None, name="UCR")
    ITN: str | None = field(default=None, name="ITN")
    national_registration: NationalRegistration | None = None
    dataset: str | None = None
    declaration_type: str | None = None
    additional_declaration_type: str | None = None
    acceptance_date_time: str | None = None
    customs_offices: tuple[CustomsOffice, ...] = ()
    country_of_dispatch: Country | None = None
    country_of_export: Country | None = None
    country_of_destination: Country | None = None
    trading_country: Country | None = None
    country_of_first_destination: Country | None = None
    countries_of_routing: tuple[RoutingCountry, ...] = ()
    place_of_loading: str | None = None
    place_of_unloading: str | None = None
    place_of_delivery: str | None = None
    location_of_goods: str | None = None
    delivery_terms: DeliveryTerms | None = None
    nature_of_transaction: str | None = None
    invoice_currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)")] | None = None
    total_amount_invoiced: Decimal | None = None
    exchange_rate: str | None = None
    method_of_payment: str | None = None
    terms_of_payment: str | None = None
    related_party_indicator: bool | None = None
    routed_export_indicator: bool | None = None
    container_indicator: bool | None = None
    mode_of_transport_at_border: str | None = None
    inland_mode_of_transport: str | None = None
    transport_means: tuple[TransportMeans, ...] = ()
    transport_equipment: tuple[TransportEquipment, ...] = ()
    transport_documents: tuple[Document, ...] = ()
    previous_documents: tuple[Document, ...] = ()
    documents: tuple[Document, ...] = ()
    additional_information: tuple[AdditionalInformation, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()
    total_gross_mass_kg: Decimal | None = None
    total_packages: int | None = None
    national_extensions: dict[str, Any] | None = None
    """Whatever else the source said, kept untouched."""


class Envelope(_Part, frozen=True):
    """Which declaration, which version, what happened and when.

    `event_date_time` is the legal time (acceptance, registration, decision) and drives every time-based rule;
    wall-clock time is the Kafka record's own timestamp.
    """

    declaration_key: Annotated[str, Meta(min_length=1, max_length=200)]
    version_number: Annotated[int, Meta(ge=1, le=1_000_000)]
    event_type: EventType
    event_date_time: Annotated[datetime, Meta(tz=True)]
    schema_version: str = "1.0"
    message_id: str | None = None
    function_code: str | None = None
    source_system: str | None = None
    source_message_type: str | None = None
    source_offset: str | None = None
    payload_hash: str | None = None
    """SHA-256 (hex) of the canonical content: see `streams.declarations.canonical.payload_hash`."""
    raw_payload_ref: str | None = None
    supersedes_version: int | None = None
    changed_paths: tuple[str, ...] = ()
    change_reason_code: str | None = None
    change_reason_text: str | None = None
    ingest_date_time: Annotated[datetime, Meta(tz=True)] | None = None
    test_indicator: bool | None = None
    trace_id: str | None = None
    replay_of: str | None = None


class DeclarationVersion(_Part, frozen=True):
    """One version of one declaration in full: the value of `customs.declarations` (canonical) and `customs.versions`."""

    envelope: Envelope
    declaration: Declaration
