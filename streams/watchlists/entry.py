"""The watchlist entry: one listed person, firm, vessel or aircraft, whatever official format it came from."""

from typing import Literal

from msgspec import Struct

from streams.findings import ContractPart

EntryType = Literal["person", "organization", "vessel", "aircraft", "unknown"]


class WatchlistEntry(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True, gc=False):
    """One entry as published. The contract is `schemas/watchlist-entry.schema.json`.

    `list` and `id` identify it (the publisher's own id, stable across editions); `names` holds the primary name
    first, then every alias and original-script name, as published: each is indexed.
    """

    list: str
    id: str
    names: tuple[str, ...]
    type: EntryType = "unknown"
    weak_names: tuple[str, ...] = ()
    """Aliases the publisher itself calls weak ("low quality"): indexed, but never enough alone."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2, of address, nationality, registration or flag."""
    addresses: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    """Registration, tax and passport numbers, IMO and MMSI, as published; compared without punctuation."""
    birth_dates: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    """Sanctions programme or legal basis, such as RUSSIA-EO14024 or 'Entity List (EL)'."""
    listed_on: str | None = None
    remarks: str | None = None
    owned: tuple[str, ...] = ()
    """Of a firm that listed parties own: its owners with their shares, as a tree of one line each."""


class ListEdition(ContractPart, frozen=True):
    list: str
    edition: str
    """Date or version as the publisher or loader named it."""
    entries: int
    sha256: str
