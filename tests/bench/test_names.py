"""The bench of names: what it alters is altered, and what it calls a near-miss is on no list."""

import random
from pathlib import Path

import pytest

from streams.bench.names import clean, writing
from streams.bench.names.alterations import HELD_OUT, TUNED, Alteration, altered
from streams.bench.names.measure import Case, Score, share, threshold_at
from streams.bench.names.strangers import HELD_OUT_FIRMS, NEAR_FIRMS, Maker, clean_firms, near_misses, telling
from streams.names.analyse import analyse

FIRMS = [
    "LIMITED LIABILITY COMPANY SEVERNAYA ZVEZDA 7",
    "Kargolayn Trading Company",
    "Ostrov Shipping and Logistics LLC",
    "Bereg Al-Mansouri Group 12",
    "Volna Machine Factory",
]


@pytest.mark.parametrize("classes", [TUNED, HELD_OUT])
def test_altered_names_differ_and_come_out_the_same_from_one_seed(classes: dict[str, Alteration]) -> None:
    once = altered(FIRMS, classes, 5, seed=1)
    assert once == altered(FIRMS, classes, 5, seed=1)
    assert {label for label, _, _ in once} >= {"typing error", "order", "dropped word", "invisible"}
    assert all(name != changed and name in FIRMS for _, name, changed in once)


@pytest.mark.parametrize("makers", [NEAR_FIRMS, HELD_OUT_FIRMS])
def test_near_miss_is_no_listed_name(makers: dict[str, Maker]) -> None:
    made = near_misses(FIRMS, clean_firms(FIRMS, 20, 1, FIRMS), makers, 5, 1, FIRMS)
    assert made
    assert not {name for _, name in made} & set(FIRMS)


def test_legal_forms_and_common_words_are_not_telling() -> None:
    assert telling("LIMITED LIABILITY COMPANY SEVERNAYA ZVEZDA") == [3, 4]
    assert telling("Kargolayn Trading LLC") == [0]


def test_threshold_lets_no_more_than_the_rate_through() -> None:
    random_ = random.Random(2)
    near = [Score(Case("person", "near", str(n)), random_.random()) for n in range(500)]
    assert share(near, threshold_at(near, 0.05)) == pytest.approx(0.05)
    assert share(near, threshold_at(near, 0.02)) == pytest.approx(0.02)


@pytest.mark.parametrize("which", ["tuned", "other"])
def test_ways_of_writing_leave_the_name_in_it(which: str) -> None:
    """A place, an office or an address is written round a firm's name; a person's is abbreviated or transcribed."""
    around = altered(FIRMS, {"city": writing.firms(which)["city after name"]}, 5, seed=1)
    assert around and all(name in changed for _, name, changed in around)
    people = ["Arkadiy Romanovich ZHDANOVSKIY", "Sergei KHRUSHCHEV"]
    said = {label for label, _, _ in altered(people, writing.persons(which), 5, seed=1)}
    assert said == {"initials undotted", "sole trader", "German"}


def test_real_firms_that_alert_are_counted_by_country_and_by_what_differs(tmp_path: Path) -> None:
    firms = tmp_path / "firms.csv"
    rows = ["Kargolain LLC,KG,no", "Kargolayn Trading LLC,KG,no", "Ostrov Fish,FI,no", "Kargolayn,KG,yes"]
    firms.write_text("legal_name,country,exact_name_on_us_list_2026\n" + "\n".join(rows))
    names = clean.read_clean(firms)
    assert [name.name for name in names] == ["Kargolain LLC", "Kargolayn Trading LLC", "Ostrov Fish"]
    makers = tmp_path / "pci.ids"
    makers.write_text("# makers\n0010  Allied Telesis\n\t8139  Network card\n10ee  Xilinx\n")
    assert [name.name for name in clean.read_clean(makers)] == ["Allied Telesis", "Xilinx"]
    assert clean.same_telling_words(analyse("Kargo Layn Trading LLC"), analyse("OOO Kargolayn"))
    assert not clean.same_telling_words(analyse("Kargolain LLC"), analyse("OOO Kargolayn"))
    found = [clean.CleanAlert(names[0], "OOO Kargolayn", 0.9, "", True)]
    assert clean.table(names, found)[0].endswith("333.3 in 1,000 alert, 333.3 for another word that tells")
