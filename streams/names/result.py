"""What a search gives back."""

from msgspec import Struct

from streams.names.corroborate import Agreement


class NameHit(Struct, frozen=True, kw_only=True):
    """One listed entry that a name met, by its best name."""

    list: str
    entry: str
    name: str
    """the listed name that was met, as published"""
    score: float
    explanation: str
    primary: str
    """the entry's first name"""
    type: str
    country: Agreement
    """whether the country given is among the entry's"""
    weak: bool = False
    """the name met is one its publisher calls weak"""
    number: int = 0
    """the entry's place among those the index was built of"""


class NameSearch(Struct, frozen=True, kw_only=True):
    hits: tuple[NameHit, ...] = ()
    """best first, one an entry"""
    more: int = 0
    """entries at or above the threshold beyond `limit`"""
    degraded: bool = False
    evasion: tuple[str, ...] = ()
    placeholder: bool = False
    """no party at all, such as TO ORDER"""
    readable: bool = True
    """False where no word is left to compare: an empty name, punctuation only"""
