"""The numbers of the US lists by their headings: which identify a party, which are its telephone or address, which are notes."""

from streams import tables
from streams.watchlists.readers.draft import Draft


class _IdsFile(tables.Sourced, frozen=True):
    """`ofac_ids.toml`"""

    notes: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]


_TABLE = tables.load("streams.watchlists.readers", "ofac_ids.toml", _IdsFile)


def add_id(draft: Draft, heading: str, value: str) -> None:
    """Puts what stands under a heading ('Tax ID No.', 'Gender') where it belongs. A number has a digit in it, or is a BIC."""
    heading = heading.strip().lower()
    if not value.strip():
        return
    if heading.startswith(_TABLE.emails):
        draft.emails.append(value)
    elif heading.startswith(_TABLE.phones):
        draft.phones.append(value)
    elif heading.startswith(_TABLE.notes) or not (any(map(str.isdigit, value)) or "swift" in heading):
        draft.remarks.append(f"{heading.rstrip(': -').capitalize()}: {value}")
    else:
        draft.identifiers.append(value)
