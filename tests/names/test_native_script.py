"""Firms of the corridor in the scripts of their own papers, found on the US list by their Latin names; and back."""

import tomllib
from pathlib import Path

import pytest

from streams.names import NameIndex
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.readers import ListFile

pytestmark = pytest.mark.load  # the whole US list is read and indexed

RENDERINGS: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("native_script.toml").read_text(encoding="utf-8")
)["renderings"]


def test_nearly_every_rendering_is_found(us_index: NameIndex) -> None:
    missed = [
        name
        for entry, names in RENDERINGS.items()
        for name in names
        if entry not in {hit.entry for hit in us_index.search(name).hits}
    ]
    print(f"{len(missed)} of {sum(map(len, RENDERINGS.values()))} missed: {missed}")
    assert len(missed) <= 3, missed


def test_latin_names_are_found_on_a_list_in_their_own_script(us_list: ListFile) -> None:
    index = NameIndex.build(
        WatchlistEntry(list="own", id=entry, names=tuple(names)) for entry, names in RENDERINGS.items()
    )
    listed = {entry.id: entry for entry in us_list.entries}
    missed = [
        listed[entry].names[0]
        for entry in RENDERINGS
        if not any(hit.entry == entry for name in listed[entry].names for hit in index.search(name).hits)
    ]
    print(f"{len(missed)} of {len(RENDERINGS)} missed: {missed}")
    assert len(missed) <= 1, missed


LISTED = {
    "dahua": ("Zhejiang Dahua Technology Co., Ltd.", "浙江大华技术股份有限公司"),
    "huaqiang": ("Shenzhen Huaqiang Electronics Trading", "深圳华强电子贸易有限公司"),
    "mansouri": ("Al Mansouri General Trading LLC", "المنصوري للتجارة العامة"),
    "ararat": ("Ararat Import Export LLC", "Արարատ Իմպորտ Էքսպորտ ՍՊԸ"),
    "kolkheti": ("Kolkheti Logistics LLC", "შპს კოლხეთი ლოჯისტიქს"),
}


@pytest.mark.parametrize("entry", LISTED)
def test_either_writing_finds_the_other(entry: str) -> None:
    latin, native = LISTED[entry]
    for listed, declared in ((latin, native), (native, latin)):
        index = NameIndex.build([WatchlistEntry(list="own", id=entry, names=(listed,))])
        hits = index.search(declared, threshold=0).hits
        print(entry, hits[0].score, hits[0].explanation)
        assert hits[0].score >= 0.8
