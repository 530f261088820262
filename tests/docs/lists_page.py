"""What stands in the lists of the trial data, as docs/lists.md tells it."""

from collections import Counter
from pathlib import Path

from streams.watchlists.readers import ListFile, read_list
from tests.data import data

FILES = {
    "ofac_2021/sdn.csv": "",
    "ofac_2023/sdn.csv": "",
    "ofac_nonsdn_2025/cons_prim.csv": "",
    "ofac_nonsdn_2025/consolidated.xml": "",
    "us_csl_sample/csl.csv": "a sample, cut short in its last row",
    "us_csl_2026_names/us_csl_2026.targets.simple.csv": "",
    "us_csl_2026_names/sdn_names_addresses_rejoined.csv": "",
    "un_2026_02/consolidated.xml": "",
    "un_2026_08/consolidated.xml": "",
    "canada_2025/sema.xml": "",
    "uk_2025/uk_sanctions_list.ods": "",
}
"""Each, with why what would refuse it is accepted."""

HEAD = ("file", "format", "list", "edition", "entries", "rows left out", "names", "addresses", "identifiers")


def trial(path: str) -> ListFile:
    """The list at a path below the folder of lists."""
    return read_list(data("lists", *Path(path).parts), accept=FILES[path] or None)


def row(path: str, file: ListFile) -> tuple[str, ...]:
    """Its line of the table."""
    counted: Counter[str] = Counter()
    for entry in file.entries:
        counted["names"] += len(entry.names) + len(entry.weak_names)
        counted["addresses"] += len(entry.addresses)
        counted["identifiers"] += len(entry.identifiers)
    edition = file.edition if file.edition[:2] == "20" else ""
    figures = (len(file.entries), len(file.rejected), *(counted[name] for name in HEAD[-3:]))
    return (path, file.format, file.list, edition, *(f"{figure:,}" for figure in figures))
