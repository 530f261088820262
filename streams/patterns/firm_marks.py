"""A firm in 64 bits, by which it is met again under another number or another spelling of its name."""

from functools import lru_cache

from streams.names.analyse import analyse
from streams.names.similar import skeleton
from streams.patterns.trade import TradingFirm
from streams.patterns.windows import hashed


def mark(firm: TradingFirm, telling: float = 0.0) -> int:
    """Hash of its key, 32 bits, and of the sound of its name, 32 bits; of those words that tell so much, where any does."""
    return hashed(firm.key) << 32 | hashed(_sound(firm.name, telling) or firm.key)


def marks(firm: int) -> set[int]:
    """The two parts of a mark: firms with either in common are one, spelt otherwise or of one group."""
    return {firm >> 32 << 32, firm & 0xFFFFFFFF}


@lru_cache(maxsize=100_000)
def _sound(name: str, telling: float) -> str:
    """The consonants of a name without its legal form, so that OsOO Alatoo Treyd is Ala-Too Trade."""
    found = analyse(name)
    chosen = [word for word, factor in zip(found.tokens, found.factors, strict=True) if factor >= telling]
    return skeleton("".join(chosen or found.tokens))
