"""What a consignee's name gives away: nobody named, or a trade that receives for others."""

import hashlib
import tomllib
from functools import cache, lru_cache
from importlib import resources

from msgspec import Struct

from streams.assessment.phrases import Phrases, matches, words_of


class Consignee(Struct, frozen=True):
    """What a name says."""

    placeholder: bool = False
    """it names nobody: 'TO ORDER'"""
    trade: str = ""
    """'bank', 'forwarder or logistics firm' ...; empty for others"""
    word: str = ""


class Consignees:
    """The table of placeholders and trades, ready to be asked. Answers are remembered: consignees repeat."""

    def __init__(self, placeholders: list[str], trades: list[tuple[str, str]], version: str) -> None:
        self.version = version
        self._placeholders = [_placeholder(name) for name in placeholders]
        self._trades = Phrases(trades)
        self.read = lru_cache(maxsize=20_000)(self._read)

    def _read(self, name: str) -> Consignee:
        words = words_of(name)
        for parts, open_end in self._placeholders:
            if (open_end or len(words) == len(parts)) and matches(parts, words, 0):
                return Consignee(placeholder=True)
        for trade, _, word in self._trades.find(name, words):
            return Consignee(trade=trade, word=word)
        return Consignee()


def _placeholder(name: str) -> tuple[tuple[str, ...], bool]:
    """(words, whether more may follow)."""
    parts = tuple(name.casefold().split())
    if parts[-1].endswith("*"):
        return (*parts[:-1], parts[-1][:-1]), True
    return parts, False


@cache
def consignees() -> Consignees:
    """The bundled table."""
    data = resources.files("streams.destinations").joinpath("tables", "consignees.toml").read_bytes()
    file = tomllib.loads(data.decode())
    trades = [(word, trade["name"]) for trade in file["trade"] for word in trade["words"]]
    version = f"{file['version']}#{hashlib.sha256(data).hexdigest()[:12]}"
    return Consignees(file["placeholder"]["names"], trades, version)
