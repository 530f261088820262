"""Second stage: what each word of a name is (legal form, common word, title, initial), and how much it says."""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, structs
from rapidfuzz.distance import OSA
from rigour.names import extract_org_types, remove_org_types

from streams.names.normalise import Normalised, normalise
from streams.names.similar import skeleton

NameType = Literal["person", "organization", "vessel", "aircraft", "unknown"]

PATRONYMIC = "patronymic"


class Analysed(Struct, frozen=True):
    """A name ready for index and score."""

    tokens: tuple[str, ...]
    """Significant and common words in order, without legal forms."""
    factors: tuple[float, ...]
    """For each, how much it says beside an ordinary word of the same rarity (1.0)."""
    legal: frozenset[str]
    """Classes of the legal forms found: llc, jsc, sole ..."""
    ideographs: str
    """The name's Chinese characters, where it has any: two names in them are compared by them, not by their sound."""
    evasion: tuple[str, ...] = ()
    degraded: bool = False
    placeholder: bool = False
    """No party at all: TO ORDER, UNKNOWN ..."""


class Words(Struct, frozen=True):
    """The word tables, normalised."""

    factors: dict[str, float]
    near: dict[str, str]
    """A long word of the tables with one letter left out -> the word: a misspelt "Limitd" says as little as "Limited"."""
    patronymic: tuple[str, ...]
    placeholders: frozenset[tuple[str, ...]]
    join: "re.Pattern[str]"
    address: frozenset[str]
    legal: dict[str, list[tuple[tuple[str, ...], str]]]
    """first word -> (all words, class), longest first"""
    legal_sounds: dict[str, list[tuple[tuple[str, ...], str]]]
    spelling: dict[str, str]
    """spelling in another language or number -> the common word"""
    chinese: "re.Pattern[str]"
    chinese_words: dict[str, str]
    number: float
    initial: float


@cache
def words() -> Words:
    folder = Path(__file__).parent
    table = tomllib.loads((folder / "words.toml").read_text(encoding="utf-8"))
    weights: dict[str, float] = table["weights"]
    factors: dict[str, float] = {}
    for kind in ("place", "common", "particle", "title"):
        factors.update(dict.fromkeys(table[kind]["words"].split(), weights[kind]))
    legal: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    sounds: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for form in tomllib.loads((folder / "legal_forms.toml").read_text(encoding="utf-8"))["form"]:
        for name in form["names"]:
            tokens = normalise(name).tokens
            _add(legal, tokens, form["class"])
            for token in tokens if len(tokens) > 1 else ():
                if len(token) > 3:
                    factors.setdefault(token, weights["legal"])
            if len(tokens) > 1 and sum(map(len, tokens)) > 12:
                _add(sounds, tuple(skeleton(token) for token in tokens), form["class"])
    near: dict[str, str] = {}
    for word, factor in factors.items():
        if len(word) >= _LONG and factor > weights["title"]:
            near[word] = word
            near.update({word[:at] + word[at + 1 :]: word for at in range(len(word))})
    joins = sorted(table["join"]["patterns"], key=len, reverse=True)
    return Words(
        factors=factors,
        near=near,
        patronymic=tuple(table["patronymic"]["endings"]),
        placeholders=frozenset(normalise(name).tokens for name in table["placeholder"]["names"]),
        join=re.compile(
            r"(?<!\w)(?:" + "|".join(re.escape(p) for p in joins) + r")(?!\w)[.:]?|[;|\n\r]", re.IGNORECASE
        ),
        address=frozenset(table["address"]["words"].split()),
        legal=legal,
        legal_sounds=sounds,
        spelling={
            spelling: word for word, spellings in table["spelling"].items() for spelling in spellings.split()
        },
        chinese=re.compile("|".join(sorted(map(re.escape, table["chinese"]), key=len, reverse=True))),
        chinese_words=table["chinese"],
        number=weights["number"],
        initial=weights["initial"],
    )


def _add(
    table: dict[str, list[tuple[tuple[str, ...], str]]], tokens: tuple[str, ...], form_class: str
) -> None:
    if tokens:
        forms = table.setdefault(tokens[0], [])
        forms.append((tokens, form_class))
        forms.sort(key=lambda form: len(form[0]), reverse=True)


def analyse(name: str, type: NameType = "unknown") -> Analysed:
    """Analyses one name. `type` person keeps words that would be legal forms of a firm. Never raises."""
    table = words()
    plain = normalise(name)
    ideographs = "" if plain.repaired.isascii() else "".join(_IDEOGRAPH.findall(plain.repaired))
    if len(ideographs) > 3 and type != "person":
        translated = normalise(
            table.chinese.sub(lambda met: f" {table.chinese_words[met.group()]} ", plain.repaired)
        )
        plain = structs.replace(plain, tokens=translated.tokens, repaired=translated.repaired)
    if plain.tokens in table.placeholders:
        return Analysed((), (), frozenset(), "", plain.evasion, plain.degraded, True)
    legal = frozenset[str]()
    tokens = plain.tokens
    if type != "person":
        tokens, legal = _without_legal_forms(plain)
    spelling = table.spelling
    tokens = tuple(spelling.get(token, token) for token in tokens)
    return Analysed(
        tokens=tokens,
        factors=tuple(word_factor(token) for token in tokens),
        legal=legal,
        ideographs=ideographs,
        evasion=plain.evasion,
        degraded=plain.degraded,
    )


_IDEOGRAPH = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f]")


@lru_cache(maxsize=1 << 16)
def word_factor(token: str) -> float:
    """How much a word says beside its rarity: from the tables, else by its shape."""
    table = words()
    factor = table.factors.get(token)
    if factor is not None:
        return factor
    if len(token) == 1:
        return table.initial
    if token.isdigit():
        return table.number
    if len(token) >= _LONG:
        near = table.near.get(token)
        for at in range(len(token)):
            near = near or table.near.get(token[:at] + token[at + 1 :])
        if near is not None and OSA.distance(token, near, score_cutoff=1) <= 1:
            return table.factors[near]
    return 1.0


_LONG = 7
"""Letters from which a word one edit away from a common word is taken for it: shorter ones are names too often."""


@lru_cache(maxsize=1 << 16)
def is_patronymic(token: str) -> bool:
    return len(token) >= 7 and token.endswith(words().patronymic)


def _without_legal_forms(plain: Normalised) -> tuple[tuple[str, ...], frozenset[str]]:
    legal: set[str] = set()
    tokens = plain.tokens
    folded = " ".join(plain.repaired.casefold().split())
    found = extract_org_types(folded, generic=True)
    if found:
        rest = normalise(remove_org_types(folded, " ")).tokens
        if rest:
            tokens = rest
            legal.update(_RIGOUR_CLASSES.get(form, form) for _, form in found)
    tokens, more = _strip_own_forms(tokens)
    legal |= more
    if legal:
        # What is left of "Company Limited", "Co Ltd" and "Kompaniya OOO" says nothing more.
        rest = tuple(token for token in tokens if token not in _BESIDE_A_FORM)
        tokens = rest or tokens
    return tokens, frozenset(legal)


_BESIDE_A_FORM = frozenset({"company", "co", "kompaniya", "kompani", "firma"})


_RIGOUR_CLASSES = {"ltd": "llc", "coltd": "llc", "plc": "jsc", "corp": "corp", "inc": "corp"}
"""rigour's generic forms that mean the same in trade: a limited company."""


def _strip_own_forms(tokens: tuple[str, ...]) -> tuple[tuple[str, ...], set[str]]:
    table = words()
    kept: list[str] = []
    legal: set[str] = set()
    tokens = _join_letters(tokens)
    sounds = tuple(skeleton(token) for token in tokens) if len(tokens) > 2 else ()
    position = 0
    while position < len(tokens):
        form = _form_at(table.legal, tokens, position) or (
            _form_at(table.legal_sounds, sounds, position) if sounds else None
        )
        if form is None:
            kept.append(tokens[position])
            position += 1
        else:
            legal.add(form[1])
            position += len(form[0])
    return (tuple(kept), legal) if kept else (tokens, set())


def _form_at(
    table: dict[str, list[tuple[tuple[str, ...], str]]], tokens: tuple[str, ...], position: int
) -> tuple[tuple[str, ...], str] | None:
    for form in table.get(tokens[position], ()):
        if tokens[position : position + len(form[0])] == form[0]:
            return form
    return None


def _join_letters(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """`l l c` (from L.L.C.) is one word where it makes a legal form; other letters stay initials."""
    if not any(len(token) == 1 for token in tokens):
        return tokens
    legal = words().legal
    joined: list[str] = []
    position = 0
    while position < len(tokens):
        end = position
        while end < len(tokens) and len(tokens[end]) == 1:
            end += 1
        run = "".join(tokens[position:end])
        if end - position > 1 and any(form == (run,) for form, _ in legal.get(run, ())):
            joined.append(run)
            position = end
        else:
            joined.append(tokens[position])
            position += 1
    return tuple(joined)


def parts_of_field(text: str) -> list[str]:
    """The names a field may hold: the whole, what stands on either side of C/O and the like, without brackets, and
    without a glued address. The whole comes first; at most six."""
    table = words()
    parts = [text]
    if table.join.search(text):
        parts += table.join.split(text)
    if "(" in text:
        parts.append(re.sub(r"\([^()]*\)", " ", text))
        parts += re.findall(r"\(([^()]{4,})\)", text)
    for part in list(parts):
        name = _before_address(part)
        if name:
            parts.append(name)
    clean = (part.strip(" ,.-/:") for part in parts)
    return [part for part in dict.fromkeys(clean) if part][:6]


_ADDRESS_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def _before_address(text: str) -> str | None:
    """The text before its first address word or house number, where at least two words stand before it."""
    address = words().address
    for before, match in enumerate(_ADDRESS_WORD.finditer(text[:300])):
        word = match.group().casefold()
        if before >= 2 and (word in address or (word[0].isdigit() and before >= 3)):
            return text[: match.start()]
    return None


def table_versions() -> dict[str, Any]:
    """`as_of` of each table, for the versions a verdict names."""
    folder = Path(__file__).parent
    return {
        file.stem: tomllib.loads(file.read_text(encoding="utf-8"))["as_of"]
        for file in sorted(folder.glob("*.toml"))
    }
