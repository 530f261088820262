"""What the goods items of a declaration are: on which lists, with which licence, described as what. Read once, for every rule on
goods."""

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from streams.declarations.model import DeclarationVersion, GoodsItem
from streams.goods.control_numbers import Declared
from streams.goods.controls import ControlBook, Hit
from streams.goods.descriptions import Mention, Reading
from streams.goods.documents import Licence

SOUGHT = frozenset({"high_priority", "drone", "arms"})
"""Kinds of lists whose goods are sought after by name: there everyday words are out of place, and words of concern are not."""
WORTH_SAYING = 0.4
"""Strength from which words of concern under a harmless code are told: 'cable for drones' is not."""


class GoodsLine(Struct, frozen=True):
    """One item on one control list, with what is presented for it."""

    item: GoodsItem
    hit: Hit
    licence: Licence


class GoodsRead:
    """The items of one version."""

    def __init__(self, version: DeclarationVersion, book: ControlBook) -> None:
        self.listed: dict[tuple[str, str], list[GoodsLine]] = {}
        """(list, state of the licence) -> items on it"""
        self.misplaced: dict[str, list[tuple[GoodsItem, Mention]]] = {}
        """group of goods -> items whose words name it under a code where such goods do not belong: goods of concern under a
        harmless code, everyday goods under a high-priority one"""
        self.vague: list[GoodsItem] = []
        """high-priority items described by words that say nothing"""
        self.numbered: list[tuple[GoodsItem, Declared]] = []
        """items with the control list numbers that they name"""
        self.incomparable: list[str] = []
        """what is not at hand to compare tariff codes with the lists, in words, each once: an edition of the HS"""
        self.uncoded = self.undescribed = False
        """whether an item has no code, no description"""
        declaration = version.declaration
        day = version.envelope.event_date_time.date()
        for item in declaration.goods_items:
            code = item.commodity_code
            self.uncoded = self.uncoded or code is None
            if code is not None and (lack := book.lacks(code, day)) and lack not in self.incomparable:
                self.incomparable.append(lack)
            self.undescribed = self.undescribed or item.description_of_goods is None
            declared = book.numbers.declared(item, declaration.additional_information)
            if declared.numbers or declared.unread:
                self.numbered.append((item, declared))
            readings = _read(item, book)
            hits = book.hits(item, tuple(mention for reading in readings for mention in reading.telling), day)
            sought = any(hit.list.header.kind in SOUGHT for hit in hits)
            for mention in _misplaced(readings, code.hs6 if code else "", sought):
                self.misplaced.setdefault(mention.group.filed, []).append((item, mention))
            says_nothing = bool(readings) and all(reading.vague for reading in readings)
            for hit in hits:
                head = hit.list.header
                licence = book.documents.presented(item, declaration.documents, head.kind, day)
                self.listed.setdefault((head.name, licence.state), []).append(GoodsLine(item, hit, licence))
                if says_nothing and head.kind == "high_priority":
                    self.vague.append(item)

    @property
    def lines(self) -> list[GoodsLine]:
        return [line for lines in self.listed.values() for line in lines]

    @cached_property
    def controlled(self) -> frozenset[int]:
        """Numbers of the items on a control list, by their tariff code or by a control list number that they name."""
        named = (
            item.goods_item_number
            for item, declared in self.numbered
            if not all(one.mass_market for one in declared.numbers)
        )
        return frozenset((*(line.item.goods_item_number for line in self.lines), *named))


def _read(item: GoodsItem, book: ControlBook) -> tuple[Reading, ...]:
    texts = (item.description_of_goods, item.commercial_description)
    return tuple(book.lexicon.read(text) for text in texts if text)


def _misplaced(readings: tuple[Reading, ...], code: str, sought: bool) -> Iterator[Mention]:
    """Each group once. Everyday words accuse a high-priority code only where no other description says otherwise."""
    if sought:
        innocent = [reading.innocent(code) for reading in readings if not reading.vague]
        if innocent and innocent[0] is not None and all(innocent):
            yield innocent[0]
        return
    found: dict[str, Mention] = {}
    for reading in readings:
        for mention in reading.misplaced(code):
            known = found.get(mention.group.filed)
            if known is None or known.strength < mention.strength:
                found[mention.group.filed] = mention
    yield from (mention for mention in found.values() if mention.strength >= WORTH_SAYING)
