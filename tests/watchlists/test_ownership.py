"""The 50 % rule: in the aggregate, through chains and circles, as of a day; and the owned firm as a hit with its owners."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.holdings import owned_entries, read_holdings
from streams.watchlists.ownership import Holding, owned_by, picture
from streams.watchlists.readers import UnreadableList
from tests.examples import tried
from tests.watchlists import files

DAY = "2026-06-15"


def holdings(*said: str) -> list[Holding]:
    """`owner 40 owned`, with a period behind it (`2024..2025-03`)."""
    found = []
    for line in said:
        owner, percent, owned, *period = line.split()
        since, _, until = "".join(period).partition("..")
        share = None if percent == "?" else float(percent)
        found.append(Holding(owner=owner, owned=owned, percent=share, since=since, until=until))
    return found


@pytest.mark.parametrize(
    ("said", "owned"),
    [
        (["L 50 a"], {"a": 50}),
        (["L 49.9 a"], {}),
        (["L 30 a", "M 20 a"], {"a": 50}),  # together
        (["L 30 a", "x 70 a"], {}),  # x is not listed
        (["L 60 a", "a 50 b", "b 100 c"], {"a": 60, "b": 50, "c": 100}),  # a chain is not multiplied out
        (["L 40 a", "a 100 b"], {}),
        (["L 60 a", "a 25 b", "M 25 b"], {"a": 60, "b": 50}),
        (["a 100 b", "b 100 a"], {}),  # a circle that nobody listed holds
        (["L 30 a", "b 30 a", "a 60 b"], {}),  # nor holds enough of
        (["L 50 a", "b 30 a", "a 60 b"], {"a": 50, "b": 60}),
        (["L 100 M"], {}),  # listed itself
        (["L ? a"], {}),
        (["L 30 a", "L 30 a"], {}),  # two reports of the same
        (["L 70 a", "M 70 a"], {"a": 100}),
        (["L 60 a ..2026-06"], {"a": 60}),
        (["L 60 a ..2026-06-14"], {}),
        (["L 60 a 2026-06-15.."], {"a": 60}),
        (["L 60 a 2027.."], {}),
        (["L 60 a 2020..2025", "N 60 a 2026.."], {}),  # sold to somebody who is not listed
        (["L 33.3 a", "M 16.7 a"], {"a": 50}),
    ],
)  # fmt: skip
def test_fifty_percent(said: list[str], owned: dict[str, float]) -> None:
    found = owned_by(["L", "M"], holdings(*said), DAY)
    assert {firm: one.percent for firm, one in found.items()} == owned


_KEYS = st.sampled_from("LMabcde")


@settings(max_examples=tried(300), deadline=None)
@given(
    st.lists(st.builds(Holding, owner=_KEYS, owned=_KEYS, percent=st.sampled_from([10.0, 25.0, 50.0, None])))
)
def test_whoever_is_owned_is_held_by_listed_or_owned_ones_and_nobody_is_forgotten(
    given_: list[Holding],
) -> None:
    found = owned_by("LM", given_, DAY)
    assert found == owned_by("ML", given_[::-1], DAY)
    blocked = {"L", "M"} | found.keys()
    for firm in set("abcde"):
        shares: dict[str, float] = {}
        for one in given_:
            if one.owned == firm != one.owner and one.owner in blocked and one.percent:
                shares[one.owner] = max(shares.get(one.owner, 0), one.percent)
        assert (sum(shares.values()) >= 50) is (firm in found)
    for firm, one in found.items():
        assert set(one.listed) <= {"L", "M"} and one.listed
        assert all(line for line in picture(firm, found, {}))


def test_the_picture_is_a_tree_of_owners() -> None:
    found = owned_by(["L", "M"], holdings("L 40 z", "b 20 z", "a 60 b", "M 75 a", "L 5 b"), DAY)
    assert picture("z", found, {"z": "Zavod", "L": "Alpha (x/1)", "M": "Ivan (x/2)", "b": "Beta AG"}) == (
        "Zavod: 60 % held by listed parties",
        "├─ 40 % Alpha (x/1)",
        "└─ 20 % Beta AG",
        "   ├─ 60 % a",
        "   │  └─ 75 % Ivan (x/2)",
        "   └─ 5 % Alpha (x/1)",
    )


LISTED = (
    WatchlistEntry(list="x", id="1", names=("Alpha Holding",), identifiers=("7701234567",), programmes=("P1",)),
    WatchlistEntry(list="x", id="2", names=("IVANENKO, Pavel",), type="person", programmes=("P2",)),
    WatchlistEntry(list="x", id="NK-3", names=("Gamma",)),
)  # fmt: skip

TABLE = """\
owner,owner_id,owned,owned_id,owned_country,share,since,until
Alfa Kholding,7701234567,Zavod OOO,1027700000000,Russia,"40,0 %",,
Pavel Ivanenko,,Beta AG,,CH,75-100,2020,
Beta AG,,Zavod OOO,,,20,,
x/NK-3,,Delta,,KG,51,,2026-06-14
Somebody,,Epsilon,,,unknown,,
"""


def test_owners_of_a_table_are_known_by_number_name_or_entry(tmp_path: Path) -> None:
    found = read_holdings(files.write(tmp_path, "owners.csv", TABLE))
    assert found.unknown == 1 and found.rejected == []
    zavod, beta = owned_entries("owned", found, LISTED, DAY)
    assert zavod == WatchlistEntry(
        list="owned",
        id="1027700000000",
        names=("Zavod OOO",),
        type="organization",
        countries=("RU",),
        identifiers=("1027700000000",),
        programmes=("P1", "P2"),
        owned=(
            "Zavod OOO: 60 % held by listed parties",
            "├─ 40 % Alfa Kholding (x/1, by its number)",
            "└─ 20 % Beta AG",
            "   └─ 75 % Pavel Ivanenko (x/2, by its name)",
        ),
    )
    assert (beta.names, beta.countries) == (("Beta AG",), ("CH",))
    assert [one.names[0] for one in owned_entries("owned", found, LISTED, "2026-06-14")][2:] == ["Delta"]


def test_owners_in_follow_the_money(tmp_path: Path) -> None:
    lines = [
        {"id": "NK-3", "schema": "Company", "properties": {"name": ["Gamma Group"]}},
        {"id": "o1", "schema": "Ownership", "properties": {
            "owner": ["NK-3"], "asset": ["NK-9"], "percentage": ["51.5"], "startDate": ["2024-02"]}},
        {"id": "NK-9", "schema": "Company", "properties": {
            "name": ["Theta LLC"], "alias": ["Тета"], "jurisdiction": ["kg"], "registrationNumber": ["123456-3301"]}},
        {"id": "a1", "schema": "Address", "properties": {"full": ["Nowhere"]}},
    ]  # fmt: skip
    path = files.write(tmp_path, "graph.ftm.json", "\n".join(map(json.dumps, lines)) + "\n{torn")
    found = read_holdings(path)
    assert [row.line for row in found.rejected] == [5]
    (theta,) = owned_entries("owned", found, LISTED, DAY)
    assert (theta.names, theta.countries, theta.identifiers) == (
        ("Theta LLC", "Тета"),
        ("KG",),
        ("123456-3301",),
    )
    assert theta.owned[1] == "└─ 51.5 % Gamma Group (x/NK-3, by its id)"
    assert owned_entries("owned", found, LISTED, "2024-01-31") == ()


def test_what_holds_no_holdings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableList, match="has the columns owner, owned and share"):
        read_holdings(files.write(tmp_path, "list.csv", "id,name\n1,Alpha\n"))
    with pytest.raises(UnreadableList, match="no holding that can be read"):
        read_holdings(files.write(tmp_path, "owners.csv", "owner,owned,share\n,Alpha,50\n"))


def test_firms_that_follow_from_holdings_are_no_listed_owners(tmp_path: Path) -> None:
    found = read_holdings(files.write(tmp_path, "owners.csv", "owner,owned,share\nAlpha Holding,Beta,100\n"))
    made = owned_entries("owned", found, LISTED, DAY)
    later = read_holdings(files.write(tmp_path, "later.csv", "owner,owned,share\nBeta,Zeta,100\n"))
    assert owned_entries("owned", later, (*LISTED, *made), DAY) == ()
