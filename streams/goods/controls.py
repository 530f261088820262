"""Which control lists an item is on, across editions of the Harmonized System."""

from datetime import date
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from streams.declarations.model import CommodityCode, GoodsItem
from streams.goods.control_list import ControlList, Entry
from streams.goods.control_numbers import ControlNumbers, control_numbers
from streams.goods.descriptions import Lexicon, Mention, lexicon
from streams.goods.documents import ClearingDocuments, clearing_documents
from streams.goods.hs import Editions, editions
from streams.goods.prohibitions import Prohibitions, bundled_prohibitions

CERTAIN = 0.9
"""Strength from which a description counts as naming a good, not as mentioning it."""


class Hit(Struct, frozen=True):
    """An item on a control list."""

    list: ControlList
    entry: Entry
    strength: float
    partial: bool
    edition: str
    assumed: bool
    converted: tuple[str, ...] = ()
    """what the declared code is called in the list's edition, where it had to be converted"""
    said: str = ""
    """words of the description that decided it"""


class ControlBook:
    """Every control list in use with what is needed to apply them. Made once; answers by code are remembered."""

    def __init__(
        self,
        lists: tuple[ControlList, ...],
        hs: Editions | None = None,
        words: Lexicon | None = None,
        documents: ClearingDocuments | None = None,
        prohibitions: Prohibitions | None = None,
        numbers: ControlNumbers | None = None,
    ) -> None:
        self.lists = lists
        self.hs = hs or editions()
        self.lexicon = words or lexicon()
        self.documents = documents or clearing_documents()
        self.prohibitions = prohibitions or Prohibitions(bundled_prohibitions(), hs=self.hs)
        self.numbers = numbers or control_numbers()
        self._described = tuple(
            listed for listed in lists if listed.header.described_as and listed.header.described_under
        )
        self.dated_rules = frozenset(one.header.rule for one in lists if one.header.hs_edition != "any")
        """rules whose lists are of one edition of the HS"""
        self._by_code = lru_cache(maxsize=50_000)(self._look_up)

    @property
    def versions(self) -> dict[str, str]:
        """name -> version of every table in use."""
        return {
            **{f"goods/{listed.header.name}": listed.version for listed in self.lists},
            **self.prohibitions.versions,
            "goods/hs-editions": self.hs.version,
            "goods/control-numbers": self.numbers.version,
            "goods/lexicon": self.lexicon.version,
            "goods/clearing-documents": self.documents.version,
        }

    def lacks(self, code: CommodityCode, day: date) -> str:
        """What is not at hand to compare a declared code with the lists, in words; empty where it can be compared."""
        return self.hs.lacks(code.hs6, self.hs.declared_in(code.hs6, code.hs_version, day)[0])

    def hits(self, item: GoodsItem, mentions: tuple[Mention, ...], day: date) -> tuple[Hit, ...]:
        """The lists the item is on, none where it has no code; a telling description makes a case stronger."""
        code = item.commodity_code
        if code is None:
            return ()
        edition, assumed = self.hs.declared_in(code.hs6, code.hs_version, day)
        hits = self._by_code(code.full or code.hs6, code.hs6, edition, assumed)
        if not mentions:
            return hits
        described = self._by_description(code.hs6, edition, assumed, mentions)
        return tuple(_strengthened(hit, mentions, code.hs6) for hit in hits) + described

    def _by_description(
        self, hs6: str, edition: str, assumed: bool, mentions: tuple[Mention, ...]
    ) -> tuple[Hit, ...]:
        found = []
        for listed in self._described:
            head = listed.header
            if edition != head.described_edition or not hs6.startswith(head.described_under):
                continue
            for mention in mentions:
                if mention.group.name == head.described_as and mention.strength >= CERTAIN:
                    entry = next(iter(listed.entries.values()))
                    found.append(
                        Hit(listed, entry, mention.strength, True, edition, assumed, said=mention.words)
                    )
        return tuple(found)

    def _look_up(self, full: str, hs6: str, edition: str, assumed: bool) -> tuple[Hit, ...]:
        found = []
        for listed in self.lists:
            codes = self.hs.convert(hs6, edition, listed.header.hs_edition)
            if codes == (hs6,):
                match = listed.match(full) or listed.match(hs6)
                if match is not None:
                    found.append(
                        Hit(
                            listed, match.entry, listed.strength(match.entry), match.partial, edition, assumed
                        )
                    )
                continue
            matches = [match for code in codes if (match := listed.match(code)) is not None]
            if matches:
                best = max(matches, key=lambda match: listed.strength(match.entry))
                # Where the old code was split, only some of its goods are meant: as many as codes are listed.
                share = len(matches) / len(codes)
                partial = share < 1 or best.partial
                found.append(
                    Hit(
                        listed,
                        best.entry,
                        listed.strength(best.entry) * share,
                        partial,
                        edition,
                        assumed,
                        codes,
                    )
                )
        return tuple(found)


def _strengthened(hit: Hit, mentions: tuple[Mention, ...], hs6: str) -> Hit:
    """A listed code that holds harmless goods too (9013.10 has periscopes) counts in full where the description names the
    good of concern."""
    for mention in mentions:
        if mention.strength > hit.strength and mention.group.at_home(hs6):
            return replace(hit, strength=mention.strength, said=mention.words)
    return hit
