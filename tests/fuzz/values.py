"""Texts and numbers that parsers stumble over, and sizes."""

import math
from random import Random

DATES = (
    "20240230 20241301 00000000 20240301256199Z 99991231235959+14 00010101000000-14 20240301101500+99 2024-02-30T10:00:00Z "
    "2024-03-01T25:00:00Z 0001-01-01T00:00:00+23:59 9999-12-31T23:59:59-23:59 2024-03-01 2024-03-01T10:00:00 "
    "-2024-03-01T10:00:00Z 2024-03-01T10:00:00+24:00 2024-W10-5 24:00 20240301101500 20240301 31.12.2024 30.02.2024 "
    "99999999999999999999 1709287200 2024-06-30T23:59:60Z 2024-03-01T10:00:00.123456789123Z 0000-00-00T00:00:00Z"
).split()

NUMBERS = (
    "0 -0 -1 1 2 99999 100000 2147483648 9223372036854775807 9223372036854775808 -9223372036854775809 1e400 -1e400 1e-400 "
    "1E99 1e-99 0.1 .5 5. 1,5 1,500 1.234,50 1'000 NaN nan Infinity -inf +7 0x10 1_000 ١٢٣ １２３ ½ ² 00001 1e1000000000 "
    "123456789012345678901234567890 0.000000000000000000000000000000000000001"
).split()

ODD = (
    "",
    " ",
    "\n\t\r",
    "\u0000",
    "\ufeff",
    "\ufffe\uffff",
    "\u202eRTL\u202c",
    "\u200b\u200d\u2060",
    "é" + "\u0301" * 500,
    "İıſßŉǰΐﬃ",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0010ffff",
    "\ud800",
    "\udfff\ud800",
    "\x01\x08\x1b[31m",
    "\x85\u2028\u2029",
    "ООО Ромашка",
    "شركة",
    "株式会社",
    "kg",
    "KG\n",
    "GBR",
    "../../etc/passwd",
    "${jndi:ldap://x}",
    "%s%n{0}{x!r}",
    "<a>&amp;</a>",
    "]]>",
    "null",
    "true",
    "9",
    "13",
    "COR",
    "INV",
    "uk.cds|a|b",
    "|" * 50,
    "a" * 201,
    "A1" * 40_000,
)


def text(rng: Random) -> str:
    """A text that is trouble somewhere."""
    chosen = rng.randrange(8)
    if chosen < 2:
        return rng.choice(DATES)
    if chosen < 4:
        return rng.choice(NUMBERS)
    if chosen < 7:
        return rng.choice(ODD)
    return "".join(chr(rng.choice(BLOCKS) + rng.randrange(128)) for _ in range(size(rng, 60)))


BLOCKS = (0x20, 0x80, 0x300, 0x400, 0x600, 0x900, 0x4E00, 0xAC00, 0xD800, 0xFB00, 0xFE00, 0x1D400, 0x1F600)
"""Where blocks of 128 characters begin: scripts, combining marks, surrogates, presentation forms, emoji."""


def size(rng: Random, most: int) -> int:
    """1 to `most`, as often between 10 and 100 as between 1,000 and 10,000."""
    return int(math.exp(rng.uniform(0, math.log(most))))


def encode(text: str) -> bytes:
    """UTF-8; lone surrogates become the bytes that they would be, which no UTF-8 reader takes."""
    return text.encode("utf-8", "surrogatepass")
