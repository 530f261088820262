"""What evidence adds up to: more of what speaks against two names being one never raises the score."""

import random
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.bench.names import fit, logistic
from streams.bench.names.coined import coined_firms
from streams.names import NameIndex, compare
from streams.names.evidence import FOR, INTERACTIONS, Evidence, everyday
from streams.names.figures import defaults
from streams.names.score import Weighed, weigh, weights
from streams.watchlists.entry import WatchlistEntry
from tests.examples import tried

amounts = st.tuples(*(st.floats(0, 3) for _ in Evidence._fields)).map(lambda sizes: Evidence(*sizes))


@settings(max_examples=tried(1000))
@given(amounts, st.sampled_from(Evidence._fields), st.floats(0, 2))
def test_more_evidence_against_never_raises_the_score(found: Evidence, field: str, more: float) -> None:
    before = weigh(found)
    after = weigh(found._replace(**{field: getattr(found, field) + more}))
    assert after >= before if field in FOR else after <= before
    assert 0 <= after <= defaults().score.not_the_same


def test_there_are_few_interactions() -> None:
    assert len(INTERACTIONS) <= 20
    assert len(weights().amounts) == len(Evidence._fields)


def test_an_amount_weighs_in_proportion_between_two_sizes_and_no_more_beyond_the_last() -> None:
    weighed = Weighed((0.0, 0.5, 1.0), (0.0, -1.0, -3.0))
    assert [weighed.of(size) for size in (0.0, 0.25, 0.5, 0.75, 1.0, 9.0)] == [0, -0.5, -1, -2, -3, -3]


def test_a_regression_keeps_the_bounds_it_is_given_and_comes_out_the_same() -> None:
    random_ = random.Random(4)
    labels = [random_.random() < 0.5 for _ in range(400)]
    helps = [label + random_.gauss(0, 0.5) for label in labels]
    noise = [random_.gauss(0, 1) for _ in labels]
    wrong = [-value for value in helps]
    columns = [helps, noise, wrong]
    bounds = [(0.0, inf), (-inf, 0.0), (0.0, inf)]
    base, found = logistic.fit(columns, labels, [1.0] * 400, bounds, rounds=200)
    assert found[0] > 1 and found[1] <= 0 and found[2] == 0
    assert (base, found) == logistic.fit(columns, labels, [1.0] * 400, bounds, rounds=200)
    assert logistic.fit([helps], labels, [1.0] * 400, [(0.0, 0.5)], rounds=200)[1] == pytest.approx([0.5])


def test_a_fit_of_the_same_names_gives_the_same_file() -> None:
    words = ("OSTROV", "BEREG", "VOLNA", "SKALA", "KARGOLAYN", "ZARYADYE", "METALLIST", "PODSHIPNIK")
    firms = [f"{one} {other} TRADING LLC" for one in words for other in words if one != other]
    persons = ["Arkadiy Romanovich ZHDANOVSKIY", "Sergei KHRUSHCHEV", "Lyudmila Borisovna NARUSHEVA"]
    entries = [WatchlistEntry(list="t", id=name, names=(name,), type="organization") for name in firms]
    entries += [WatchlistEntry(list="t", id=name, names=(name,), type="person") for name in persons * 2]
    index = NameIndex.build(entries)
    strangers = ["Maria Gomez", "Ivan Petrov", "Ostrov Volkov"]
    made = [fit.fitted(fit.cases(index, strangers, [], 2, seed=1), rounds=20) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0].count("\n") > 2 * len(Evidence._fields)


@pytest.mark.parametrize(
    ("declared", "listed"),
    [
        ("Vexal GmbH", "LLC VEXIL"),
        ("Rodex Inc", "RADEX"),
        ("Tenor, Inc.", "OOO TENUR"),
        ("Vidma Electronics FZE", "Vidra Electronic"),
        ("Horizon-Company LLC", "JSC Horizon Stal"),
    ],
)
def test_one_short_or_everyday_word_is_no_hit_by_itself(declared: str, listed: str) -> None:
    assert compare(declared, listed).score < defaults().threshold


def test_a_coined_word_one_letter_away_is_a_hit_where_the_country_agrees() -> None:
    entry = WatchlistEntry(list="t", id="1", names=("LLC VEXIL",), type="organization", countries=("KG",))
    filler = [
        WatchlistEntry(list="t", id=f"f{n}", names=(f"{word} LLC",), type="organization")
        for n, word in enumerate(coined_firms(200, seed=3))
    ]
    index = NameIndex.build([entry, *filler])
    assert not [hit for hit in index.search("Vexyl GmbH").hits if hit.entry == "1"]
    assert not [hit for hit in index.search("Vexyl GmbH", country="DE").hits if hit.entry == "1"]
    assert [hit for hit in index.search("Vexyl GmbH", country="KG").hits if hit.entry == "1"]


def test_everyday_words_are_words() -> None:
    assert {"horizon", "green", "start"} <= everyday()
    assert all(word.isalpha() and word == word.lower() for word in everyday())
