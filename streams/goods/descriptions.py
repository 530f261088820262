"""Descriptions read with a small lexicon: words of concern under a harmless code, and words that say nothing."""

from functools import cache, lru_cache

from msgspec import Struct

from streams import tables
from streams.names.phrases import Phrases, words_of

ASIDE_FACTOR = 0.3
"""What is left of a term after 'for' or 'with': 'battery for drones' is a battery."""
MAX_READ = 2000
"""Characters of a description that are read; real ones end long before."""


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of goods that words give away."""

    name: str
    says: str
    strength: float
    belongs: tuple[str, ...]
    terms: tuple[str, ...]

    def at_home(self, code: str) -> bool:
        return code.startswith(self.belongs)


class _LexiconFile(tables.Sourced, frozen=True):
    aside: tuple[str, ...]
    vague: tuple[str, ...]
    group: tuple[Group, ...]


class Mention(Struct, frozen=True):
    """A group that a description names."""

    group: Group
    words: str
    strength: float


class Lexicon:
    """The lexicon, ready to read descriptions with. Answers are remembered: descriptions repeat."""

    def __init__(self, file: _LexiconFile, version: str) -> None:
        self.version = version
        self._aside = frozenset(file.aside)
        self._vague = frozenset(file.vague)
        self._terms = Phrases((term, group) for group in file.group for term in group.terms)
        self.read = lru_cache(maxsize=20_000)(self._read)

    def _read(self, text: str) -> tuple[tuple[Mention, ...], bool]:
        """(groups named, each once at its strongest; whether the text says nothing)."""
        text = text[:MAX_READ]
        words = words_of(text)
        found: dict[str, Mention] = {}
        for group, place, said in self._terms.find(text, words):
            factor = ASIDE_FACTOR if place > 0 and words[place - 1] in self._aside else 1.0
            _keep(found, Mention(group, said, group.strength * factor))
        vague = bool(words) and all(word in self._vague for word in words if not word.isdigit())
        return tuple(found.values()), vague


def _keep(found: dict[str, Mention], mention: Mention) -> None:
    known = found.get(mention.group.name)
    if known is None or known.strength < mention.strength:
        found[mention.group.name] = mention


@cache
def lexicon() -> Lexicon:
    """The bundled lexicon."""
    where = "streams.goods", "tables/lexicon.toml"
    file = tables.load(*where, _LexiconFile)
    return Lexicon(file, tables.version(file.version, *where))
