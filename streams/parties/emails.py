"""E-mail addresses, in the form they are compared in."""

from streams import tables


class _EmailTable(tables.Sourced, frozen=True):
    none: frozenset[str]


def email_key(text: str | None) -> str | None:
    """In lower case; None for what is no address, or one that stands for none."""
    key = (text or "").strip().lower()
    name, _, domain = key.rpartition("@")
    if not name or "." not in domain:
        return None
    none = tables.load("streams.parties", "emails.toml", _EmailTable).none
    return None if name in none or domain.partition(".")[0] in none else key
