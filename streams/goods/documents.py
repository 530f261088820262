"""Licences and exemption codes: what the declaration presents for a controlled good, and how far that goes.

A licence lowers a case to an audit, it never deletes it; a trader's own exemption code clears nothing.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal

from msgspec import Struct

from streams import tables
from streams.declarations.model import Document, GoodsItem
from streams.goods.control_list import Kind
from streams.names.placeholders import placeholders

State = Literal["VALID_LICENCE", "SELF_EXEMPTION", "MISSING"]
SHOWN = 40
"""Characters of a text in place of a number that are shown."""
KILOGRAMS = frozenset({"KGM", "KG", "KGS"})


class ClearingDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """A document code that bears on kinds of controls."""

    code: str
    effect: Literal["grants", "exempts"]
    kinds: tuple[Kind, ...]
    meaning: str
    source: str
    confirmed: bool


class _UsEei(Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    exempting_license_codes: tuple[str, ...]


class _DocumentsFile(tables.Sourced, frozen=True):
    not_held: frozenset[str]
    not_held_source: str
    document: tuple[ClearingDocument, ...]
    us_eei: _UsEei


class Licence(Struct, frozen=True):
    """What is presented for one item and one kind of control."""

    state: State
    says: str = ""
    """in words, for the evidence; empty where nothing was presented"""
    covered: bool = False
    """quantities are given and the licence's suffices"""
    codes: tuple[str, ...] = ()


_MISSING = Licence("MISSING")


class ClearingDocuments:
    """The table of document codes, ready to be asked."""

    def __init__(self, file: _DocumentsFile, version: str) -> None:
        self.version = version
        self.documents = file.document
        self._not_held = file.not_held
        self._exempting = frozenset(file.us_eei.exempting_license_codes)
        self._by_code = {document.code: document for document in file.document}

    def names(self, kind: Kind) -> str:
        """Codes that grant for this kind, in words: 'X002, 9104'."""
        return ", ".join(d.code for d in self.documents if d.effect == "grants" and kind in d.kinds)

    def presented(self, item: GoodsItem, shared: Sequence[Document], kind: Kind, day: date) -> Licence:
        """What the item (its own documents, then those of the declaration) presents for a control of this kind."""
        doubts: list[str] = []
        exemptions: list[str] = []
        for document in (*item.documents, *shared):
            known = self._by_code.get(document.type)
            if known is None or kind not in known.kinds:
                continue
            if known.effect == "exempts":
                exemptions.append(known.code)
                continue
            doubt, covered = self._judge(document, item, day)
            if not doubt:
                sufficient = " and its quantity suffices" if covered else ""
                says = f"licence {known.code} no. {document.reference_number} is presented{sufficient}"
                return Licence("VALID_LICENCE", says, covered, (known.code,))
            doubts.append(f"{known.code} does not count: {doubt}")
        control = item.export_control
        if control is not None:
            number = control.license_number
            if number and not placeholders().no_number(number):
                return Licence("VALID_LICENCE", f"licence no. {number} is presented", False, ("EEI",))
            if number:
                doubts.append(f"the licence number '{number[:SHOWN]}' is none")
            if control.license_code in self._exempting:
                exemptions.append(str(control.license_code))
        if exemptions:
            codes = tuple(dict.fromkeys(exemptions))
            says = f"the trader's own exemption code {', '.join(codes)} is declared, which clears nothing by itself"
            return Licence("SELF_EXEMPTION", says, codes=codes)
        return Licence("MISSING", "; ".join(doubts)) if doubts else _MISSING

    def _judge(self, document: Document, item: GoodsItem, day: date) -> tuple[str, bool]:
        """(why a licence does not count, or nothing; whether its quantity was seen to suffice)."""
        if not document.reference_number:
            return "it has no number", False
        if placeholders().no_number(document.reference_number):
            return f"its number '{document.reference_number[:SHOWN]}' is none", False
        if document.status_code in self._not_held:
            return f"status {document.status_code} says that it is not held", False
        if document.validity_date and (until := _day(document.validity_date)) and until < day:
            return f"it expired on {until.isoformat()}", False
        written, declared = _number(document.write_off_quantity), _declared(item, document.write_off_unit)
        if written is None or declared is None:
            return "", False
        if written < declared:
            return f"it writes off {written}, {declared} are declared", False
        return "", True


def _declared(item: GoodsItem, unit: str | None) -> Decimal | None:
    if unit is None:
        return None
    if unit == item.supplementary_unit_code:
        return _number(item.supplementary_units)
    if unit == item.quantity_unit:
        return _number(item.quantity)
    return _number(item.net_mass_kg) if unit in KILOGRAMS else None


def _number(text: str | None) -> Decimal | None:
    try:
        number = Decimal(text) if text else None
    except ArithmeticError:  # the field of a document is free text
        return None
    return number if number is not None and number.is_finite() else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


@cache
def clearing_documents() -> ClearingDocuments:
    """The bundled table."""
    where = "streams.goods", "tables/clearing_documents.toml"
    file = tables.load(*where, _DocumentsFile)
    return ClearingDocuments(file, tables.version(file.version, *where))
