"""What the goods items of a declaration are: on which lists, with which licence, described as what. Read once, for every rule on
goods."""

from functools import cached_property

from msgspec import Struct

from streams.declarations.model import DeclarationVersion, GoodsItem
from streams.goods.control_numbers import Declared
from streams.goods.controls import ControlBook, Hit
from streams.goods.descriptions import Mention
from streams.goods.documents import Licence

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
        """group of goods of concern -> items whose words name it under a code that is on no list"""
        self.vague: list[GoodsItem] = []
        """high-priority items described by words that say nothing"""
        self.numbered: list[tuple[GoodsItem, Declared]] = []
        """items with the control list numbers that they name"""
        self.uncoded = self.undescribed = False
        """whether an item has no code, no description"""
        declaration = version.declaration
        day = version.envelope.event_date_time.date()
        for item in declaration.goods_items:
            code = item.commodity_code
            self.uncoded = self.uncoded or code is None
            self.undescribed = self.undescribed or item.description_of_goods is None
            declared = book.numbers.declared(item, declaration.additional_information)
            if declared.numbers or declared.unread:
                self.numbered.append((item, declared))
            mentions, says_nothing = _read(item, book)
            hits = book.hits(item, mentions, day)
            if not hits:
                for mention in mentions:
                    if mention.strength >= WORTH_SAYING and not (code and mention.group.at_home(code.hs6)):
                        self.misplaced.setdefault(mention.group.name, []).append((item, mention))
                continue
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


def _read(item: GoodsItem, book: ControlBook) -> tuple[tuple[Mention, ...], bool]:
    mentions, vague = book.lexicon.read(item.description_of_goods or "")
    if item.commercial_description:
        more, also = book.lexicon.read(item.commercial_description)
        return mentions + more, vague and also
    return mentions, vague
