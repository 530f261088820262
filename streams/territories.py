"""Countries: what a name or a code that somebody writes stands for, as ISO 3166-1 alpha-2.

Two readers, since two kinds of text come. `country_code` is for addresses and lists of parties, where a part of a country is as
good as the country. `statistics_country` is for trade statistics, where a sum over countries, a part of one or a guess would be
counted as somebody's trade: it reads what the offices' tables, ISO 3166 and the general names agree on, and else says why not.
"""

import gettext
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any, Literal

import pycountry
from msgspec import Struct
from rigour.territories import lookup_territory

from streams import tables
from streams.text import without_accents

LONGEST = 200
"""Characters of a name; Eurostat's label of the European Union of changing members has some 600 and is known by its beginning."""
CODE_LETTERS = 3
"""Up to which a word is a code, to be known exactly: a name of two or three letters is another office's code as often."""
USER_ASSIGNED = frozenset({"XK", "XI"})
"""Codes that customs and statistics use and ISO 3166 leaves to users: Kosovo, Northern Ireland."""

Why = Literal["country", "union", "sum", "former", "ambiguous", "unknown"]


class CountryReading(Struct, frozen=True):
    """What a text in trade statistics stands for."""

    why: Why
    """`union`: the European Union, which as a reporter sums its members; `sum`: several countries or none in particular;
    `former`: a state that no longer is; `ambiguous`: what is known of it disagrees"""
    code: str | None = None
    """ISO 3166-1 alpha-2, or XI or XK; None for all but one country"""


class _Office(Struct, frozen=True, forbid_unknown_fields=True):
    office: str
    source: str
    sums: tuple[str, ...]
    country: dict[str, str]


class _Sums(Struct, frozen=True, forbid_unknown_fields=True):
    begin: tuple[str, ...]
    end: tuple[str, ...]
    union: frozenset[str]
    union_begin: tuple[str, ...]


class _Former(Struct, frozen=True, forbid_unknown_fields=True):
    names: tuple[str, ...]
    codes: tuple[str, ...]
    begin: tuple[str, ...]


class _TerritoriesFile(Struct, frozen=True, forbid_unknown_fields=True):
    version: str
    as_of: str
    ignored: frozenset[str]
    remarks: tuple[str, ...]
    ambiguous: tuple[str, ...]
    languages: tuple[str, ...]
    words: dict[str, str]
    sums: _Sums
    former: _Former
    office: tuple[_Office, ...]


_SUM, _FORMER, _UNION = CountryReading("sum"), CountryReading("former"), CountryReading("union")
_UNKNOWN, _AMBIGUOUS = CountryReading("unknown"), CountryReading("ambiguous")
_ENDED = re.compile(r"\(\s*\.\.\.\s*\d{4}\s*\)|\(\s*(?:before|until|to|-)\s*\d{4}\s*\)$", re.IGNORECASE)
"""A state that ended: Comtrade's "Sudan (...2011)"."""
_REMARK = re.compile(r"\s*[(\[]([^()\[\]]*(?:\([^()]*\)[^()]*)*)[)\]]\s*")


@lru_cache(maxsize=20_000)
def statistics_country(text: str) -> CountryReading:
    """What the reporter or partner of a line of trade statistics is, given as a name, an ISO 3166 code of two or three letters, a
    number (UN M49, with Comtrade's deviations) or a code of the offices' own; or a code and its label together."""
    text = " ".join(text.split())
    if not text:
        return _UNKNOWN
    if _ENDED.search(text):
        return _FORMER
    table, plain = _tables(), _plain(text)
    number = re.fullmatch(r"0*(\d{1,4})(?:\.0+)?", text)
    if number:
        return _number(number[1])
    known = table.exact.get(text.upper()) or table.named.get(_key(plain))
    if known is None:
        known = _group(plain)
    if known is not None:
        return known
    if len(text) <= CODE_LETTERS and text.isascii():
        return _code(text.upper())
    if len(text) > LONGEST:
        return _UNKNOWN
    return _parts(text) or _name(text, plain)


def _number(digits: str) -> CountryReading:
    known = _tables().exact.get(digits)
    if known is not None:
        return known
    country = pycountry.countries.get(numeric=digits.zfill(3))
    return CountryReading("country", country.alpha_2) if country is not None else _UNKNOWN


def _code(text: str) -> CountryReading:
    countries = pycountry.countries
    country = countries.get(alpha_2=text) if len(text) == 2 else countries.get(alpha_3=text)
    return CountryReading("country", country.alpha_2) if country is not None else _UNKNOWN


def _group(plain: str) -> CountryReading | None:
    """Of several countries or none, by how the text begins or ends."""
    file = _file()
    if plain in file.sums.union or plain.startswith(file.sums.union_begin):
        return _UNION
    if plain.startswith(file.sums.begin) or plain.endswith(tuple(f" {end}" for end in file.sums.end)):
        return _SUM
    return _FORMER if plain.startswith(file.former.begin) else None


def _parts(text: str) -> CountryReading | None:
    """Of a code and its label ("KG:Kyrgyzstan") or a name with a remark in brackets. None where the text is neither."""
    coded = re.fullmatch(r"([A-Z]\w{1,9}|\d{1,3})\s*[-:|]\s+(.+)|([A-Z]\w{1,9}|\d{1,3})[:|](.+)", text)
    if coded:
        code, label = statistics_country(coded[1] or coded[3]), statistics_country(coded[2] or coded[4])
        if code.why != "unknown":
            return _agreed([code, label])
    remark = _REMARK.search(text)
    if remark is None:
        return None
    rest = f"{text[: remark.start()]} {text[remark.end() :]}".strip(" ,-")
    inside = remark[1]
    whole = _name(text, _plain(text))
    if whole.why != "unknown" or not rest:
        return whole
    if "->" in inside or _plain(inside).startswith(_file().remarks):
        return statistics_country(rest)
    return _agreed([statistics_country(rest), statistics_country(inside)])


def _name(text: str, plain: str) -> CountryReading:
    """Of a country's name: as ISO 3166 has it, or as all that is known of other names agrees."""
    standard = _tables().standard.get(_key(plain))
    if standard is not None:
        return CountryReading("country", standard)
    first, _, last = (part.strip() for part in text.partition(","))
    spellings = {text, plain, f"{last} {first}", _plain(f"{last} {first}")} if last else {text, plain}
    found = {code for spelling in spellings if (code := _general(spelling))}
    if len(found) == 1:
        return CountryReading("country", found.pop())
    if found:
        return _AMBIGUOUS
    if _key(plain) in _tables().historic:
        return _FORMER
    translated = _translated().get(_key(plain))
    return CountryReading("country", translated) if translated is not None else _UNKNOWN


def _agreed(readings: Iterable[CountryReading]) -> CountryReading:
    """What several texts for the same thing say together."""
    found = set(readings)
    return found.pop() if len(found) == 1 else _UNKNOWN if _UNKNOWN in found else _AMBIGUOUS


def _general(name: str) -> str | None:
    """The country of a name in any language, by rigour; None for a city, a part of a country or a state of the past."""
    if len(name) <= CODE_LETTERS and name.isascii():
        return None
    territory = lookup_territory(name)
    if territory is None or territory.is_historical:
        return None
    spelled = _plain(name)
    if any(_plain(place) == spelled for place in territory.places):
        return None
    code = str(territory.code).upper()
    return code if code in USER_ASSIGNED or pycountry.countries.get(alpha_2=code) is not None else None


class _Tables(Struct, frozen=True):
    exact: dict[str, CountryReading]
    """as written, in capitals; numbers without leading zeros"""
    named: dict[tuple[str, ...], CountryReading]
    """by words, of our own table"""
    standard: dict[tuple[str, ...], str]
    """by words, of ISO 3166"""
    historic: frozenset[tuple[str, ...]]


def _file() -> _TerritoriesFile:
    return tables.load("streams", "territories.toml", _TerritoriesFile)


@cache
def _tables() -> _Tables:
    """Raises ValueError for a table that says two things of one name, or knows a country that is none."""
    exact: dict[str, CountryReading] = {}
    named: dict[tuple[str, ...], CountryReading] = {}
    for text, reading in _entries():
        known = [exact.setdefault(text.upper(), reading)]
        if len(text) > CODE_LETTERS or not text.isascii():
            known.append(named.setdefault(_key(_plain(text)), reading))
        if known.count(reading) < len(known):
            raise ValueError(f"territories.toml says two things of {text!r}")
    return _Tables(exact, named, _standard(), frozenset(_historic()))


def _entries() -> Iterator[tuple[str, CountryReading]]:
    file = _file()
    for office in file.office:
        for text, code in office.country.items():
            if code not in USER_ASSIGNED and pycountry.countries.get(alpha_2=code) is None:
                raise ValueError(f"territories.toml gives {text!r} the country {code!r}, which is none")
            yield text, CountryReading("country", code)
        for text in office.sums:
            yield text, _SUM
    for text in (*file.former.names, *file.former.codes):
        yield text, _FORMER
    for text in file.sums.union:
        yield text, _UNION
    for text in file.ambiguous:
        yield text, _AMBIGUOUS


def _standard() -> dict[tuple[str, ...], str]:
    """Names of ISO 3166 that are one country's, whatever the order of their words."""
    return _one_each((name, country.alpha_2) for country in pycountry.countries for name in _names(country))


@cache
def _translated() -> dict[tuple[str, ...], str]:
    """The same in other languages; a second's work, for names that nobody else knows."""
    catalogues = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language])
        for language in _file().languages
    ]
    return _one_each(
        (catalogue.gettext(name), country.alpha_2)
        for country in pycountry.countries
        for name in _names(country)
        for catalogue in catalogues
    )


def _names(country: Any) -> list[str]:
    kinds = ("name", "official_name", "common_name")
    return [name for kind in kinds if (name := getattr(country, kind, ""))]


def _one_each(names: Iterable[tuple[str, str]]) -> dict[tuple[str, ...], str]:
    """By words, without those of two countries."""
    found: dict[tuple[str, ...], set[str]] = {}
    for name, code in names:
        found.setdefault(_key(_plain(name)), set()).add(code)
    return {key: codes.pop() for key, codes in found.items() if len(codes) == 1}


def _historic() -> Iterator[tuple[str, ...]]:
    for country in pycountry.historic_countries:
        for name in filter(None, (country.name, getattr(country, "official_name", ""))):
            yield _key(_plain(name))


def _plain(text: str) -> str:
    """Without accents, case and punctuation, abbreviations spelled out."""
    bare = re.sub(r"['’`´ʼ*]", "", without_accents(text).casefold()).replace("&", " and ")
    words = _file().words
    return " ".join(words.get(word, word) for word in re.findall(r"[^\W_]+", bare))


def _key(plain: str) -> tuple[str, ...]:
    """The words of a name that tell it from others, in a fixed order."""
    ignored = _file().ignored
    return tuple(sorted(word for word in plain.split() if word not in ignored))


_SUBDIVISION_SUFFIX = re.compile(r"^(?:region|district|city of|state of)\s*:?\s*", re.IGNORECASE)


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """The alpha-2 code for a country's name, alpha-2 or alpha-3 code, or None where it names no country.

    A part of a country gives the country ("England" is GB); "Crimea, Ukraine" is read by its last part.
    """
    text = " ".join(text.split()).strip(" .,;()")
    if len(text) < 2 or len(text) > 80:
        return None
    for candidate in (text, _SUBDIVISION_SUFFIX.sub("", text), text.rpartition(",")[2].strip()):
        code = _lookup(candidate) if candidate else None
        if code:
            return code
    return None


def country_codes(texts: list[str]) -> tuple[str, ...]:
    """Codes of all texts that name a country, in order, each once."""
    return tuple(dict.fromkeys(code for text in texts if (code := country_code(text))))


def _lookup(text: str) -> str | None:
    territory = lookup_territory(text)
    if territory is not None:
        code = (territory.ftm_country or territory.code).upper()
        if len(code) == 2 and code.isalpha():
            return code
        if territory.parent is not None:
            return str(territory.parent.code[:2].upper())
    country = pycountry.countries.get(name=text) or pycountry.countries.get(alpha_3=text.upper())
    return str(country.alpha_2) if country is not None else None
