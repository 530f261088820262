"""The real files of the trial data: as many entries as their publishers say, and the table of docs/lists.md."""

import os
from pathlib import Path

import pytest

from streams.watchlists.readers import UnreadableList, read_list
from tests.data import data
from tests.docs.generate import table
from tests.docs.lists_page import FILES, HEAD, row, trial

PAGE = Path(__file__).parents[2] / "docs" / "lists.md"
START, END = "<!-- real lists: made by tests/watchlists/test_real_lists.py -->\n", "<!-- end -->"

PUBLISHED = {
    # Lines of the file that begin with a number; `Record_Count`; elements; rows less those with the id of another.
    "ofac_2021/sdn.csv": (8976, 0),
    "ofac_2023/sdn.csv": (11443, 0),
    "ofac_nonsdn_2025/cons_prim.csv": (442, 0),
    "ofac_nonsdn_2025/consolidated.xml": (443, 0),
    "us_csl_sample/csl.csv": (4226, 7),
    "us_csl_2026_names/us_csl_2026.targets.simple.csv": (25844, 208),
    "us_csl_2026_names/sdn_names_addresses_rejoined.csv": (19143, 0),
    "un_2026_02/consolidated.xml": (1003, 0),
    "un_2026_08/consolidated.xml": (1011, 0),
    "canada_2025/sema.xml": (4759, 0),
    "uk_2025/uk_sanctions_list.ods": (5302, 2),
}
"""Rows, and how many of them repeat an entry or have no name."""

LEFT_OUT = {
    "us_csl_sample/csl.csv": 1,  # cut
    "uk_2025/uk_sanctions_list.ods": 2,  # BEL0174 and RUS1467 have no name in it
}


@pytest.mark.parametrize("path", FILES)
def test_every_real_list_has_the_entries_its_publisher_counts(path: str) -> None:
    file = trial(path)
    rows, not_new = PUBLISHED[path]
    assert len(file.entries) == rows - not_new
    assert len({entry.id for entry in file.entries}) == len(file.entries)
    assert len(file.rejected) == LEFT_OUT.get(path, 0)


def test_one_list_is_the_same_as_csv_and_as_xml() -> None:
    """Names, countries, birth dates, programmes of all 442 entries; 26182 stands in the XML only."""
    table_, xml = (
        {entry.id: entry for entry in trial(f"ofac_nonsdn_2025/{name}").entries}
        for name in ("cons_prim.csv", "consolidated.xml")
    )
    assert xml.keys() - table_.keys() == {"26182"} and not table_.keys() - xml.keys()
    for field, others in {
        "names": 5,
        "weak_names": 2,
        "programmes": 12,
        "countries": 0,
        "birth_dates": 0,
        "type": 0,
    }.items():
        differ = [id for id in table_ if set(getattr(table_[id], field)) != set(getattr(xml[id], field))]
        assert len(differ) == others, (field, differ)


def test_the_sample_cut_short_is_refused_unless_it_is_accepted() -> None:
    with pytest.raises(UnreadableList, match=r"\(line 4233\): it was cut short"):
        read_list(data("lists", "us_csl_sample", "csl.csv"))


def test_the_table_of_the_page_is_what_was_read() -> None:
    made = table(HEAD, [row(path, trial(path)) for path in FILES])
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    written, end, after = rest.partition(END)
    if os.environ.get("TORUGART_WRITE"):
        PAGE.write_text(before + START + made + END + after, encoding="utf-8")
    else:
        assert end and written == made, "TORUGART_WRITE=1 pytest tests/watchlists/test_real_lists.py"
