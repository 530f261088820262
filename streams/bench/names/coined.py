"""Invented makers of this trade: most bear one coined word, which by chance comes near another that is listed."""

import random

from streams import tables


class _Pieces(tables.Sourced, frozen=True):
    beginnings: str
    endings: str
    after: str


def coined_firms(count: int, seed: int) -> list[str]:
    """So many different names: a coined word of four to ten letters, and often a common word or a legal form behind it."""
    random_ = random.Random(seed)
    pieces = tables.load("streams.bench.names", "coined.toml", _Pieces)
    beginnings, endings = pieces.beginnings.split(), pieces.endings.split()
    behind = [text.rstrip("\n") for text in pieces.after.split("|")]
    made: dict[str, None] = {}
    while len(made) < count:
        word = _word(random_, beginnings, endings)
        if 3 <= len(word) <= 10:
            written = random_.choice((word.title(), word.upper(), word.title()))
            made[f"{written}{random_.choice(behind)}"] = None
    return list(made)


def _word(random_: random.Random, beginnings: list[str], endings: list[str]) -> str:
    chance = random_.random()
    if chance < 0.1:  # letters only: NEC, AMP, ITM
        return "".join(random_.choice("abcdefghiklmnoprstuvwx") for _ in range(random_.choice((3, 3, 4))))
    if chance < 0.25:  # syllables: Kenaro, Tamiko
        return "".join(
            random_.choice("bdfgklmnprstvz") + random_.choice("aeiou") for _ in range(random_.choice((2, 3)))
        ) + random_.choice(("", "", "n", "s", "x"))
    return random_.choice(beginnings) + random_.choice(endings)
