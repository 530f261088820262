"""Country names as publishers write them, to ISO 3166-1 alpha-2."""

import re
from functools import lru_cache

import pycountry
from rigour.territories import lookup_territory

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
