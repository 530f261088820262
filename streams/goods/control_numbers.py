"""Numbers of export control lists (ECCN, dual-use, military) that a declaration names, wherever it names them."""

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from msgspec import Struct

from streams import tables
from streams.declarations.model import AdditionalInformation, Document, GoodsItem

MAX_READ = 2000
"""Characters of a text that are read."""
IN_GROUP, ELSEWHERE, MASS_MARKET = 1.0, 0.5, 0.2
"""Strength of a number for a country that its reasons are about, for another, and of mass-market goods."""
ANTI_TERRORISM_ALONE = frozenset({"AT"})
UNILATERAL = "9"
"""Third sign of the numbers that the United States control by themselves, such as 5A992: for few countries."""


class _Scheme(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    form: str
    source: str


class _Category(Struct, frozen=True, forbid_unknown_fields=True):
    digit: str
    says: str
    chapters: frozenset[str]


class _Always(Struct, frozen=True, forbid_unknown_fields=True):
    countries: frozenset[str]
    source: str


class _Media(Struct, frozen=True, forbid_unknown_fields=True):
    groups: frozenset[str]
    chapters: frozenset[str]


class _NumbersFile(tables.Sourced, frozen=True):
    act: str
    words: tuple[str, ...]
    none: frozenset[str]
    end_use: tuple[str, ...]
    scheme: tuple[_Scheme, ...]
    reason: dict[str, tuple[str, ...]]
    always: _Always
    group: dict[str, frozenset[str]]
    category: tuple[_Category, ...]
    product_group: dict[str, str]
    media: _Media


class ControlNumber(Struct, frozen=True):
    """A number as it was declared."""

    number: str
    """'3A001', without what stands below it"""
    written: str
    """'3A001.a.2'"""
    scheme: str
    where: str
    """what named it: 'ECCN', 'additional code', 'description' ..."""
    reasons: frozenset[str] | None
    """for which it is controlled; None where the list at hand has no such number"""

    @property
    def mass_market(self) -> bool:
        """Whether it is about the few embargoed countries alone."""
        return self.reasons is not None and (
            self.reasons == ANTI_TERRORISM_ALONE or self.number[2] == UNILATERAL
        )


class Declared(Struct, frozen=True):
    """What an item says of control lists."""

    numbers: tuple[ControlNumber, ...] = ()
    unread: tuple[str, ...] = ()
    """what stands in a field for such numbers and is none"""


_NOTHING = Declared()


class ControlNumbers:
    """The table, ready to be asked. Texts that were met are remembered."""

    def __init__(self, file: _NumbersFile, reasons: dict[str, frozenset[str]], version: str) -> None:
        self.version, self.as_of, self.act = version, file.as_of, file.act
        self.reasons = reasons
        self._file = file
        self._forms = [
            (scheme.name, re.compile(f"({scheme.form})(?:[. ]?[A-Z0-9]+)*")) for scheme in file.scheme
        ]
        self._categories = {category.digit: category for category in file.category}
        forms = "|".join(scheme.form for scheme in file.scheme)
        words = "|".join(re.escape(word) for word in file.words)
        self._said = re.compile(
            rf"\b(?:{words})\b[\s:.#=№-]*(?:NO\b|NR\b)?[\s:.#=№-]*((?:{forms})(?:\.[A-Z0-9]+)*)\b"
        )
        self._worded = re.compile("|".join(re.escape(word) for word in file.end_use), re.IGNORECASE)
        self._in_text = lru_cache(maxsize=20_000)(self._find)

    def declared(self, item: GoodsItem, statements: Iterable[AdditionalInformation] = ()) -> Declared:
        """Every number that an item names, once each: in its fields, its additional codes, its documents, its description, and in
        statements of the declaration (those of all items among them)."""
        code, control = item.commodity_code, item.export_control
        found: dict[str, ControlNumber] = {}
        unread: list[str] = []
        if control is not None:
            for field, text in (("ECCN", control.ECCN), ("EU control number", control.ECN_EU)):
                if text and not self._field(text, field, found):
                    unread.append(text)
        for additional in code.additional_codes if code is not None else ():
            self._field(additional, "additional code", found)
        for document in item.documents:
            for text in (document.reference_number, document.name):
                if text:
                    self._field(text, f"document {document.type}", found)
                    self._text(text, f"document {document.type}", found)
        self._text(item.description_of_goods, "description", found)
        self._text(item.commercial_description, "description", found)
        for statement in statements:
            if not statement.goods_item_numbers or item.goods_item_number in statement.goods_item_numbers:
                self._text(statement.text, "statement", found)
        return Declared(tuple(found.values()), tuple(unread)) if found or unread else _NOTHING

    def end_use(self, documents: Iterable[Document]) -> Document | None:
        """A document that by its name says who uses the goods."""
        return next((one for one in documents if one.name and self._worded.search(one.name)), None)

    def says(self, number: ControlNumber) -> str:
        """'electronics, equipment; controlled for NS, RS, AT'."""
        category = self._categories.get(number.number[:1])
        said = number.scheme
        if category is not None:
            said = f"{category.says}, {self._file.product_group.get(number.number[1], '')}"
        if number.reasons is None:
            return f"{said}; not on the list at hand"
        return f"{said}; controlled for {', '.join(sorted(number.reasons))}" if number.reasons else said

    def strength(self, number: ControlNumber, destinations: Iterable[str]) -> tuple[float, str]:
        """(0..1, the country and group that its reasons are about, or nothing)."""
        destinations, reasons = tuple(destinations), number.reasons
        for country in destinations:
            if country in self._file.always.countries:
                return IN_GROUP, f"for {country} every number of the list needs a licence"
        if number.mass_market:
            return MASS_MARKET, ""
        for reason in sorted(reasons or ()):
            for group in self._file.reason.get(reason, ()):
                for country in destinations:
                    if country in self._file.group[group]:
                        return IN_GROUP, f"{country} is in country group {group}, which {reason} is about"
        return ELSEWHERE, ""

    def fits(self, number: ControlNumber, hs6: str) -> bool:
        """Whether goods of the number's category may have a tariff code at all; true where the number has no category."""
        category = self._categories.get(number.number[:1])
        if category is None:
            return True
        media = self._file.media
        chapters = media.chapters if number.number[1] in media.groups else category.chapters
        return hs6[:2] in chapters

    def _field(self, text: str, where: str, found: dict[str, ControlNumber]) -> bool:
        """Whether a text that is a number, or says that there is none, was read."""
        written = " ".join(text.upper().split())
        if written in self._file.none:
            return True
        for name, form in self._forms:
            met = form.fullmatch(written)
            if met is not None:
                self._keep(met[1], written, name, where, found)
                return True
        return False

    def _text(self, text: str | None, where: str, found: dict[str, ControlNumber]) -> None:
        if text:
            for written in self._in_text(text[:MAX_READ]):
                self._field(written, where, found)

    def _find(self, text: str) -> tuple[str, ...]:
        return tuple(met[1] for met in self._said.finditer(text.upper()))

    def _keep(
        self, number: str, written: str, scheme: str, where: str, found: dict[str, ControlNumber]
    ) -> None:
        number = number.replace(" ", "")
        found.setdefault(number, ControlNumber(number, written, scheme, where, self.reasons.get(number)))


@cache
def control_numbers() -> ControlNumbers:
    """The bundled table."""
    where = "streams.goods", "tables/control_numbers.toml", "tables/us_ccl.csv"
    file = tables.load(where[0], where[1], _NumbersFile)
    return ControlNumbers(
        file, dict(_reasons(tables.text(where[0], where[2]))), tables.version(file.version, *where)
    )


def _reasons(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    for row in csv.DictReader(text.splitlines()):
        yield row["number"], frozenset(row["reasons"].split())
