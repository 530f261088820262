"""What one edition has that another has not."""

import msgspec

from streams.watchlists.differences import EntryChange, FieldChange, differences
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.readers import read_list
from tests.data import data

ALPHA = WatchlistEntry(list="x", id="1", names=("Alpha", "Alfa"), countries=("KG",), listed_on="2025-01-01")
BETA = WatchlistEntry(list="x", id="2", names=("Beta",))


def test_new_changed_and_gone_entries_with_what_changed() -> None:
    changed = msgspec.structs.replace(
        ALPHA, names=("Alpha", "Альфа"), listed_on=None, addresses=("1 Test Lane",)
    )
    gamma = WatchlistEntry(list="x", id="3", names=(), weak_names=("Gamma",))
    assert list(differences((ALPHA, BETA), (gamma, changed))) == [
        EntryChange(change="ADDED", entry="3", name="Gamma"),
        EntryChange(
            change="CHANGED",
            entry="1",
            name="Alpha",
            fields={
                "names": FieldChange(gone=("Alfa",), new=("Альфа",)),
                "addresses": FieldChange(new=("1 Test Lane",)),
                "listed_on": FieldChange(gone=("2025-01-01",)),
            },
        ),
        EntryChange(change="REMOVED", entry="2", name="Beta"),
    ]


def test_another_order_or_another_name_of_the_list_is_no_change() -> None:
    turned = msgspec.structs.replace(ALPHA, names=("Alfa", "Alpha"), list="y")
    assert list(differences((ALPHA, BETA), (BETA, turned))) == []


def test_what_the_un_changed_in_half_a_year_adds_up() -> None:
    old, new = (
        read_list(data("lists", folder, "consolidated.xml")).entries
        for folder in ("un_2026_02", "un_2026_08")
    )
    changes = list(differences(old, new))
    added, removed = ({one.entry for one in changes if one.change == kind} for kind in ("ADDED", "REMOVED"))
    assert added == {entry.id for entry in new} - {entry.id for entry in old}
    assert removed == {entry.id for entry in old} - {entry.id for entry in new}
    assert len(old) + len(added) - len(removed) == len(new)
    back = {one.entry for one in differences(new, old) if one.change == "CHANGED"}
    assert back == {one.entry for one in changes if one.change == "CHANGED"} != set()
