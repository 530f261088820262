"""Fields of the contract that allow a few words: what happened, which regime, which role."""

from typing import Literal

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
    "UNKNOWN",  # declared in a role that cannot be read: screened under all list rules, and as a receiver
]
OfficeRole = Literal[
    "LODGEMENT",
    "EXPORT",
    "EXIT",
    "IMPORT",
    "FIRST_ENTRY",
    "DEPARTURE",
    "TRANSIT",
    "EXIT_FOR_TRANSIT",
    "DESTINATION",
    "PRESENTATION",
    "SUPERVISING",
]
