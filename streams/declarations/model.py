"""The canonical declaration: what every adapter produces and everything else reads.

The contract is `schemas/declaration.schema.json`; a test holds the two together. The required core is small
(key, version, event, time; regime, parties, goods items): a source that knows more says more, and a rule that lacks
what it needs reports NOT_EVALUABLE. Amounts, masses and quantities are decimal strings, never floats: money is exact.
Field numbers below are those of EU UCC Delegated Act Annex B (Del. Reg. (EU) 2021/234).
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from streams.declarations import limits
from streams.declarations.choices import EventType as EventType
from streams.declarations.choices import OfficeRole as OfficeRole
from streams.declarations.choices import PartyRole as PartyRole
from streams.declarations.choices import Regime as Regime
from streams.declarations.reading import Repaired, Unreadable

SUPPORTED_SCHEMA_VERSIONS = frozenset({"0.1", "1.0"})
"""0.1 is the draft that the first pipelines were built against; 1.0 only adds to it."""

# `$` alone would let a line break pass behind the last character in Python, and "KG\n" is in no country table. The
# schemas leave `(?!\n)` out: in JSON Schema's own dialect `$` is the end, and not every dialect knows look-ahead.
# `kind` says what a field holds to who reads a pipeline's own values (`field_values`).
Country = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z]{2}$(?!\n)",
        description="ISO 3166-1 alpha-2, or a customs code such as XI",
        extra={"kind": "country"},
    ),
]
Decimal = Annotated[
    str,
    Meta(
        pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,20})?$(?!\n)",
        description="decimal number as a string",
        extra={"kind": "decimal"},
    ),
]
Hs6 = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{6}$(?!\n)",
        description="Harmonized System code at six digits",
        extra={"kind": "code"},
    ),
]
Short = Annotated[str, Meta(max_length=limits.SHORT)]
Name = Annotated[str, Meta(max_length=limits.NAME)]
Text = Annotated[str, Meta(max_length=limits.TEXT)]
ItemNumbers = Annotated[tuple[int, ...], Meta(max_length=limits.ITEMS)]
Codes = Annotated[tuple[Short, ...], Meta(max_length=limits.FEW)]

# Free texts in the contract, so that what was written before can still be read; what they hold that is none of these is
# unreadable all the same (`lenient`).
Day = Annotated[str, Meta(max_length=limits.SHORT, extra={"kind": "date"})]
Figure = Annotated[str, Meta(max_length=limits.SHORT, extra={"kind": "decimal"})]
CurrencyCode = Annotated[str, Meta(max_length=limits.SHORT, extra={"kind": "currency"})]


class _Part(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    """Base of every part: camelCase on the wire, absent means not declared, never changed in place.

    Each part says `frozen=True` again: type checkers do not inherit it."""


class Address(_Part, frozen=True):
    lines: Annotated[tuple[Name, ...], Meta(max_length=limits.FEW)] = ()
    city: Name | None = None
    postcode: Short | None = None
    region: Name | None = None
    country: Country | None = None


class RegisterEntry(_Part, frozen=True):
    """What a company register says of a party: an enrichment joined by the pipeline, never from the declaration."""

    incorporation_date: Short | None = None
    status_date: Short | None = None
    activity_codes: Codes = ()
    source: Name | None = None
    as_of: Short | None = None


class Party(_Part, frozen=True):
    """Anyone named in any role. A name or an identification number is required.

    Raises ValueError (reported by the decoder as a schema violation) where both are absent.
    """

    role: PartyRole
    name: Name | None = None
    name_original_script: Name | None = None
    identification_number: Short | None = None
    identification_type: Short | None = None
    """EORI, TCUI, TIN, EIN, VAT, REG_NO, PASSPORT or OTHER; free, since registers differ."""
    goods_item_numbers: ItemNumbers = ()
    """The items this party belongs to; empty means all."""
    representative_status: Short | None = None
    supply_chain_actor_role: Short | None = None
    ultimate_consignee_type: Short | None = None
    type_of_person: Short | None = None
    address: Address | None = None
    phone: Name | None = None
    email: Name | None = None
    contact_name: Name | None = None
    registry: RegisterEntry | None = None
    other_identification_numbers: Codes = ()
    """further ones, of other registers: a tax number beside one of the economic operator"""

    def __post_init__(self) -> None:
        if not (self.name or self.identification_number or self.name_original_script):
            raise ValueError("a party needs a name or an identificationNumber")


class CustomsOffice(_Part, frozen=True):
    role: OfficeRole
    reference_number: Short
    sequence_number: int | None = None
    """the order in which offices of transit are passed"""
    arrival_date_time: Day | None = None
    """estimated"""


class RoutingCountry(_Part, frozen=True):
    sequence_number: int
    country: Country


class TransportMeans(_Part, frozen=True):
    """A vessel, aircraft, train or vehicle. `type_of_identification` is DE 19 05 / 19 08: 10 IMO number, 11 vessel
    name, 30 road plate, 40 flight, 41 aircraft registration."""

    role: Literal["DEPARTURE", "ARRIVAL", "ACTIVE_BORDER"] | None = None
    type_of_identification: Short | None = None
    identification_number: Short | None = None
    name: Name | None = None
    imo_number: Annotated[str, Meta(pattern=r"^[0-9]{7}$(?!\n)", extra={"kind": "imo"})] | None = None
    nationality: Country | None = None
    conveyance_reference_number: Short | None = None


class TransportEquipment(_Part, frozen=True):
    container_identification_number: Short | None = None
    seals: Codes = ()
    goods_item_numbers: ItemNumbers = ()


class Document(_Part, frozen=True):
    """A document, authorisation or reference. `type` is the full code, such as X002, Y901, N380, 9104."""

    type: Short
    kind: Short | None = None
    reference_number: Short | None = None
    status_code: Short | None = None
    issuing_authority: Name | None = None
    validity_date: Day | None = None
    write_off_quantity: Figure | None = None
    write_off_unit: Short | None = None
    write_off_amount: Figure | None = None
    name: Name | None = None


class CommodityCode(_Part, frozen=True):
    """A tariff code. `hs_version` is the edition of the Harmonized System it was declared in; where it is absent the
    edition in force at the event time is assumed, and said so."""

    hs6: Hs6
    full: Annotated[str, Meta(pattern=r"^[0-9]{6,12}$(?!\n)", extra={"kind": "code"})] | None = None
    nomenclature: Short | None = None
    hs_version: Literal["2012", "2017", "2022", "2028"] | None = None
    additional_codes: Codes = ()
    cus_code: Short | None = None

    def __post_init__(self) -> None:
        if self.full is not None and not self.full.startswith(self.hs6):
            raise ValueError("full must start with hs6")


class Package(_Part, frozen=True):
    type: Short | None = None
    number: int | None = None
    shipping_marks: Text | None = None


class ExportControl(_Part, frozen=True):
    """Export-control fields of the US EEI (15 CFR 30.6) and of the EU control list number."""

    ECCN: Short | None = field(default=None, name="ECCN")
    ECN_EU: Short | None = field(default=None, name="ECN_EU")
    license_code: Short | None = None
    license_number: Short | None = None
    license_value: Short | None = None
    export_information_code: Short | None = None
    domestic_foreign_indicator: Short | None = None
    ddtc_category: Short | None = None


class GoodsItem(_Part, frozen=True):
    goods_item_number: Annotated[int, Meta(ge=1, le=99999)]
    commodity_code: CommodityCode | None
    """Required, but null where the source lawfully declares none (simplified declarations, entries in the declarant's
    records): a rule on goods then reports NOT_EVALUABLE."""
    description_of_goods: Annotated[str, Meta(min_length=1, max_length=limits.TEXT)] | None
    """Required; null as above."""
    commercial_description: Text | None = None
    brand: Name | None = None
    model: Name | None = None
    part_numbers: Codes = ()
    requested_procedure: Short | None = None
    previous_procedure: Short | None = None
    additional_procedures: Codes = ()
    country_of_origin: Country | None = None
    country_of_preferential_origin: Country | None = None
    country_of_destination: Country | None = None
    country_of_dispatch: Country | None = None
    net_mass_kg: Decimal | None = None
    gross_mass_kg: Decimal | None = None
    supplementary_units: Decimal | None = None
    supplementary_unit_code: Short | None = None
    quantity: Decimal | None = None
    quantity_unit: Short | None = None
    item_amount_invoiced: Decimal | None = None
    statistical_value: Decimal | None = None
    statistical_value_currency: CurrencyCode | None = None
    customs_value: Decimal | None = None
    valuation_method: Short | None = None
    packages: Annotated[tuple[Package, ...], Meta(max_length=limits.FEW)] = ()
    UCR: Short | None = field(default=None, name="UCR")
    documents: Annotated[tuple[Document, ...], Meta(max_length=limits.MANY)] = ()
    previous_documents: Annotated[tuple[Document, ...], Meta(max_length=limits.MANY)] = ()
    export_control: ExportControl | None = None
    dangerous_goods_UN: Short | None = field(default=None, name="dangerousGoodsUN")


class NationalRegistration(_Part, frozen=True):
    office_code: Short | None = None
    year: Short | None = None
    serial: Short | None = None
    number: Short | None = None
    date: Day | None = None


class DeliveryTerms(_Part, frozen=True):
    incoterm: Short | None = None
    place: Name | None = None
    country: Country | None = None


class AdditionalInformation(_Part, frozen=True):
    code: Short | None = None
    text: Text | None = None
    goods_item_numbers: ItemNumbers = ()
    """The items it was stated for; empty means all."""


class Authorisation(_Part, frozen=True):
    type: Short | None = None
    reference_number: Short | None = None
    holder_identification_number: Short | None = None


class Declaration(_Part, frozen=True):
    """The content of one version of a declaration: who, what, from where, by which road, to where."""

    regime: Regime
    parties: Annotated[tuple[Party, ...], Meta(min_length=1, max_length=limits.PARTIES)]
    goods_items: Annotated[tuple[GoodsItem, ...], Meta(min_length=1, max_length=limits.ITEMS)]
    MRN: Short | None = field(default=None, name="MRN")
    LRN: Short | None = field(default=None, name="LRN")
    UCR: Short | None = field(default=None, name="UCR")
    ITN: Short | None = field(default=None, name="ITN")
    national_registration: NationalRegistration | None = None
    dataset: Short | None = None
    declaration_type: Short | None = None
    additional_declaration_type: Short | None = None
    acceptance_date_time: Day | None = None
    customs_offices: Annotated[tuple[CustomsOffice, ...], Meta(max_length=limits.FEW)] = ()
    country_of_dispatch: Country | None = None
    country_of_export: Country | None = None
    country_of_destination: Country | None = None
    trading_country: Country | None = None
    country_of_first_destination: Country | None = None
    countries_of_routing: Annotated[tuple[RoutingCountry, ...], Meta(max_length=limits.FEW)] = ()
    place_of_loading: Name | None = None
    place_of_unloading: Name | None = None
    place_of_delivery: Name | None = None
    location_of_goods: Name | None = None
    delivery_terms: DeliveryTerms | None = None
    nature_of_transaction: Short | None = None
    invoice_currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)", extra={"kind": "currency"})] | None = (
        None
    )
    total_amount_invoiced: Decimal | None = None
    exchange_rate: Figure | None = None
    method_of_payment: Short | None = None
    terms_of_payment: Name | None = None
    related_party_indicator: bool | None = None
    routed_export_indicator: bool | None = None
    container_indicator: bool | None = None
    mode_of_transport_at_border: Short | None = None
    inland_mode_of_transport: Short | None = None
    transport_means: Annotated[tuple[TransportMeans, ...], Meta(max_length=limits.FEW)] = ()
    transport_equipment: Annotated[tuple[TransportEquipment, ...], Meta(max_length=limits.MANY)] = ()
    transport_documents: Annotated[tuple[Document, ...], Meta(max_length=limits.MANY)] = ()
    previous_documents: Annotated[tuple[Document, ...], Meta(max_length=limits.MANY)] = ()
    documents: Annotated[tuple[Document, ...], Meta(max_length=limits.MANY)] = ()
    additional_information: Annotated[
        tuple[AdditionalInformation, ...], Meta(max_length=limits.STATEMENTS)
    ] = ()
    authorisations: Annotated[tuple[Authorisation, ...], Meta(max_length=limits.FEW)] = ()
    total_gross_mass_kg: Decimal | None = None
    total_packages: int | None = None
    security: Short | None = None
    """DE 11 07: 0 none, 1 entry, 2 exit, 3 both"""
    specific_circumstance: Short | None = None
    """DE 11 04"""
    binding_itinerary: bool | None = None
    """DE 16 13"""
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
    message_id: Short | None = None
    function_code: Short | None = None
    source_system: Short | None = None
    source_message_type: Short | None = None
    source_offset: Short | None = None
    payload_hash: Short | None = None
    """SHA-256 (hex) of the canonical content: see `streams.declarations.canonical.payload_hash`."""
    raw_payload_ref: Short | None = None
    supersedes_version: int | None = None
    changed_paths: Annotated[tuple[Text, ...], Meta(max_length=limits.STATEMENTS)] = ()
    change_reason_code: Short | None = None
    change_reason_text: Text | None = None
    ingest_date_time: Annotated[datetime, Meta(tz=True)] | None = None
    test_indicator: bool | None = None
    trace_id: Short | None = None
    replay_of: Short | None = None
    version_counted: bool | None = None
    """Whether the source gives its versions no numbers: what has other content than the newest is the next one, as it comes."""


class DeclarationVersion(_Part, frozen=True, dict=True):
    """One version of one declaration in full: the value of `customs.declarations` (canonical) and `customs.versions`."""

    envelope: Envelope
    declaration: Declaration
    unreadable: Annotated[tuple[Unreadable, ...], Meta(max_length=limits.MANY)] = ()
    """values that were declared and could not be read; a pipeline that writes canonical JSON may name its own"""
    repaired: Annotated[tuple[Repaired, ...], Meta(max_length=limits.MANY)] = ()
    """values that were read as another than was written"""
