"""By what a firm is met again."""

from streams.declarations.model import Party
from streams.names.normalise import normalise
from streams.names.placeholders import placeholders
from streams.parties.addresses import city_key
from streams.parties.identifiers import compact


def firm_key(party: Party, name: str | None = None) -> str | None:
    """The key by which a firm is met again; None for placeholders and the nameless. `name`: its `firm_name`, where that is known.

    Without a number it is the normalised name with country and city: two firms of one name in one city are taken for one.
    """
    declared = party.identification_number or ""
    if (number := compact(declared)) and not placeholders().no_number(declared):
        return f"id:{number}"
    words = normalise(firm_name(party) if name is None else name).tokens
    if not words:
        return None
    country = (party.address and party.address.country) or ""
    return f"nm:{' '.join(sorted(words))}|{country}|{city_key(party.address)}"


def firm_name(party: Party) -> str:
    """The first of the party's names that is no placeholder, as written; empty where there is none."""
    written = (name for name in (party.name, party.name_original_script) if name)
    return next((name for name in written if not placeholders().read(normalise(name).repaired).opaque), "")
