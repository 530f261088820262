"""Who in a declaration is what to the trade: groups of the roles that parties are declared in.

Every group that a rule, a detector or a sentence asks about is here. Where only the first is taken, the order counts and is said.
"""

from streams.declarations.model import PartyRole

SENDERS: tuple[PartyRole, ...] = ("EXPORTER", "CONSIGNOR", "SELLER")
"""Who sends; a sentence names the first there is."""
SUPPLIERS: tuple[PartyRole, ...] = ("EXPORTER", "SELLER", "CONSIGNOR")
"""The same, as the one that supplies is looked for: who sells before who only hands over."""

CONSIGNEES: tuple[PartyRole, ...] = ("CONSIGNEE", "IMPORTER", "ULTIMATE_CONSIGNEE", "END_USER")
"""Who gets the goods."""
FINAL: tuple[PartyRole, ...] = ("ULTIMATE_CONSIGNEE", "END_USER")
"""Who gets them in the end."""
DIRECT_RECEIVERS: tuple[PartyRole, ...] = (*CONSIGNEES, "BUYER")
"""Who gets or buys them."""
ADDRESSEES: tuple[PartyRole, ...] = ("CONSIGNEE", "ULTIMATE_CONSIGNEE", "IMPORTER", "END_USER", "BUYER")
"""The same; a sentence names the first there is."""
TAKERS: tuple[PartyRole, ...] = (*DIRECT_RECEIVERS, "INTERMEDIATE_CONSIGNEE")
"""Who gets, buys or receives them on the way: firms whose trade is remembered."""
TOLD: tuple[PartyRole, ...] = (*TAKERS, "NOTIFY_PARTY")
"""All who get the goods, order them or are told of their arrival; an importer receives abroad as at home."""
RECEIVERS: tuple[PartyRole, ...] = (*TOLD, "FINANCIAL", "UNKNOWN")
"""Roles for whose sake goods move: carriers, forwarders and agents of any country serve anybody. A role that could not be read
may be one."""

DECLARING: tuple[PartyRole, ...] = ("DECLARANT", "REPRESENTATIVE")
"""Who lodges the declaration."""
SERVING: tuple[PartyRole, ...] = (
    "CARRIER",
    "REPRESENTATIVE",
    "FREIGHT_FORWARDER",
    "HOLDER_OF_TRANSIT_PROCEDURE",
)
"""Who moves goods for others."""
