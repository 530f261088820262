"""Australia's consolidated list (DFAT) as XLSX: a row a name; `12` is a party, `12a` another name of it.

Source: https://www.dfat.gov.au/international-relations/security/sanctions/consolidated-list
"""

import re

from streams.watchlists.entry import EntryType
from streams.watchlists.readers.base import ListReading, Reader
from streams.watchlists.readers.draft import Draft, Drafts, reading_of
from streams.watchlists.readers.source import ListSource, Rejected
from streams.watchlists.readers.values import iso_date, numbered

LIST_NAME = "au-dfat"
_NAME = "name of individual or entity"
_REFERENCE = re.compile(r"^\s*(\d+)\s*[a-z]*\s*$", re.IGNORECASE)
_TYPES: dict[str, EntryType] = {"individual": "person", "entity": "organization", "vessel": "vessel"}


class AustraliaDfat(Reader):
    format = "australia-dfat-xlsx"

    def recognises(self, source: ListSource) -> bool:
        return source.columns >= {"reference", _NAME}

    def reading(self, source: ListSource) -> ListReading:
        rejected: list[Rejected] = []
        drafts = Drafts()
        newest = ""
        for line, row in source.rows(rejected):
            reference = _REFERENCE.match(row["reference"])
            if reference is None:
                rejected.append(Rejected(line, f"reference {row['reference'][:20]!r} is no number"))
                continue
            newest = max(newest, iso_date(row.get("control date")))
            _add(drafts.of(reference.group(1), line), row)
        return reading_of(source, LIST_NAME, newest, drafts, rejected)


def _add(draft: Draft, row: dict[str, str]) -> None:
    def parts(column: str) -> list[str]:
        return [one for part in numbered(row.get(column, "")) for one in re.split(r"[;\n]", part)]

    kind = row.get("name type", "").lower()
    if kind.startswith("primary") and not draft.primary:
        draft.primary = row[_NAME]
    weak = row.get("alias strength", "").lower() in ("weak", "low")
    (draft.weak_names if weak else draft.names).append(row[_NAME])
    draft.type = _TYPES.get(row.get("type", "").strip().lower(), draft.type)
    draft.countries += parts("citizenship")
    draft.addresses += parts("address")
    draft.identifiers.append(row.get("imo number", ""))
    draft.birth_dates += [iso_date(one) for one in parts("date of birth")]
    draft.programmes.append(row.get("committees", ""))
    draft.listed_on = min(filter(None, (draft.listed_on, iso_date(row.get("control date")))), default="")
    draft.remarks += [row.get("additional information", ""), row.get("listing information", "")]


READERS = (AustraliaDfat(),)
