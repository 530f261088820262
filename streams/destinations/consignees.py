"""What a consignee's name gives away: nobody named, or a trade that receives for others."""

from functools import cache, lru_cache
from typing import Any

from msgspec import Struct

from streams import tables
from streams.names.normalise import normalise
from streams.names.phrases import Phrases, words_of
from streams.names.placeholders import placeholders


class Consignee(Struct, frozen=True):
    """What a name says."""

    placeholder: bool = False
    """it names nobody who receives: 'TO ORDER', 'TO THE ORDER OF SOME BANK'"""
    behind: str = ""
    """to whose order, where somebody is named"""
    trade: str = ""
    """'bank', 'forwarder or logistics firm' ...; empty for others"""
    word: str = ""


class Consignees:
    """The table of trades, ready to be asked; `streams.names.placeholders` reads placeholders. Answers are remembered."""

    def __init__(self, trades: list[tuple[str, str]], version: str) -> None:
        self.version = version
        self._trades = Phrases(trades)
        self.read = lru_cache(maxsize=20_000)(self._read)

    def _read(self, name: str) -> Consignee:
        reading = placeholders().read(name if name.isascii() else normalise(name).repaired)
        if reading.opaque:
            return Consignee(placeholder=True, behind=reading.names[-1] if reading.names else "")
        words = words_of(name)
        for trade, _, word in self._trades.find(name, words):
            return Consignee(trade=trade, word=word)
        return Consignee()


@cache
def consignees() -> Consignees:
    """The bundled table."""
    where = "streams.destinations", "tables/consignees.toml"
    file = tables.load(*where, dict[str, Any])
    trades = [(word, trade["name"]) for trade in file["trade"] for word in trade["words"]]
    version = tables.version(file["version"], *where)
    return Consignees(trades, version)
