"""Second stage: what each word of a name is (legal form, common word, title, initial), and how much it says."""

import re
from functools import lru_cache
from typing import Literal

from msgspec import Struct, structs

from streams.names.bare import Bare, bare
from streams.names.normalise import leaves_vowels_out, normalise
from streams.names.placeholders import placeholders
from streams.names.similar import skeleton
from streams.names.tables import word_factor, words
from streams.names.wording import firm_words, person_word, second_surname, with_initials

NameType = Literal["person", "organization", "vessel", "aircraft", "unknown"]


class Analysed(Struct, frozen=True, gc=False):
    """A name ready for index and score."""

    tokens: tuple[str, ...]
    """Significant and common words in order, without legal forms."""
    factors: tuple[float, ...]
    """For each, how much it says beside an ordinary word of the same rarity (1.0)."""
    legal: frozenset[str]
    """Classes of the legal forms found: llc, jsc, sole ..."""
    letters: str
    """Every word, legal forms too, written as one."""
    sorted_letters: str
    """The significant and common words in alphabetical order, written as one."""
    consonants: str
    """Of the words in alphabetical order, the consonants as they sound."""
    ideographs: str
    """The name's Chinese characters, where it has any: two names in them are compared by them, not by their sound."""
    has_initials: bool = False
    few_vowels: bool = False
    """from a script that leaves most vowels out"""
    evasion: tuple[str, ...] = ()
    degraded: bool = False
    placeholder: bool = False
    """No party at all: TO ORDER, UNKNOWN ..."""
    places: tuple[str, ...] = ()
    """Cities ("KG:bishkek") and countries ("KG") that stand beside the name: no words of it."""
    sole: bool = False
    """A sole trader: a firm that is a person."""
    second: int = 0
    """Bit set of the second of two family names, which is often left out: MADURO MOROS."""


def analyse(name: str, type: NameType = "unknown") -> Analysed:
    """Analyses one name. `type` person keeps words that would be legal forms of a firm. Never raises."""
    table = words()
    plain = normalise(_MESSRS.sub("", name) if "/" in name else name)
    ideographs = "" if plain.repaired.isascii() else "".join(_IDEOGRAPH.findall(plain.repaired))
    if len(ideographs) > 3 and type != "person":
        translated = normalise(
            table.chinese.sub(lambda met: f" {table.chinese_words[met.group()]} ", plain.repaired)
        )
        plain = structs.replace(plain, tokens=translated.tokens, repaired=translated.repaired)
    if not plain.repaired.isascii() and _INITIAL.search(plain.repaired):
        read = _INITIAL.sub(lambda met: table.initial_letters.get(met[1], met[1]), plain.repaired)
        plain = structs.replace(plain, tokens=normalise(read).tokens)
    few_vowels = leaves_vowels_out(name)
    if few_vowels and type != "person":
        parts = [table.arabic_words.get(word, word) for word in plain.repaired.split()]
        translated = normalise(" ".join(parts))
        plain = structs.replace(plain, tokens=translated.tokens, repaired=translated.repaired)
    if plain.tokens and placeholders().read(plain.repaired).nobody:
        return Analysed(
            (), (), frozenset(), "", "", "", "", False, False, plain.evasion, plain.degraded, True
        )
    if type == "person":
        found = Bare(plain.tokens, letters="".join(plain.tokens))
    else:
        found = bare(plain)
        if found.sole:
            found = found._replace(tokens=with_initials(found.tokens, plain.repaired))
    a_person = type == "person" or found.sole
    tokens = found.tokens if a_person else firm_words(found.tokens, plain.repaired)
    # What leaves vowels out looks like other transcriptions: Husein, hsin.
    if (a_person or (type == "unknown" and not found.legal)) and not few_vowels:
        tokens = tuple(map(person_word, tokens))
    if not table.spelling.keys().isdisjoint(tokens):
        tokens = tuple([table.spelling.get(token, token) for token in tokens])
    in_order = sorted(tokens)
    return Analysed(
        tokens=tokens,
        factors=tuple(map(word_factor, tokens)),
        legal=_one_of(found.legal),
        letters=found.letters,
        sorted_letters="".join(in_order),
        consonants="".join(map(skeleton, in_order)),
        ideographs=ideographs,
        has_initials=1 in map(len, tokens),
        few_vowels=few_vowels,
        evasion=plain.evasion,
        degraded=plain.degraded,
        places=found.places,
        sole=found.sole,
        second=second_surname(tokens, plain.repaired) if a_person and len(tokens) > 2 else 0,
    )


@lru_cache(maxsize=1 << 10)
def _one_of(legal: frozenset[str]) -> frozenset[str]:
    """One object for equal sets: 50,000 of them would keep the garbage collector busy for a tenth of a second."""
    return legal


_MESSRS = re.compile(r"^\s*M\s?/\s?S\b\.?", re.IGNORECASE)

_INITIAL = re.compile(r"(?<!\w)([\u0401-\u042f])(?=\.|\s*$)")

_IDEOGRAPH = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f]")


@lru_cache(maxsize=1 << 15)
def is_patronymic(token: str) -> bool:
    return len(token) >= 7 and token.endswith(words().patronymic)


@lru_cache(maxsize=1 << 15)
def father(token: str) -> str:
    """A patronymic without its ending, which says nothing: Nikolaevich and Igorevich are the sons of two men."""
    return min((token.removesuffix(ending) for ending in words().patronymic), key=len)
