"""Trade statistics in the stream: an edition whole or not at all, the newest for good, exact over repetition and dead workers."""

import random
from datetime import UTC, datetime, timedelta
from functools import cache

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.agents.patterns import looked_at
from streams.agents.statistics import IN_USE, LINE, edition_records
from streams.cases.declaration_record import Assessors
from streams.corridors.months import parse_month
from streams.corridors.state import CENTS
from streams.kafka import topics
from streams.patterns.statistics import StatisticsEdition, StatisticsInMemory, StatisticsLine, read_edition
from tests.agents.world import World
from tests.examples import tried
from tests.folded import Folded

JANUARY_2020, MAY_2022 = parse_month("2020-01"), parse_month("2022-05")
START = datetime(2022, 6, 1, 8, tzinfo=UTC)
ALERT = b"corridor|901310|DE|KG|NEW_TRADE|2022-06"


@cache
def folded() -> Folded:
    return Folded()


def edition(number: int, *traded: str, value: int = 60_000, kilograms: int = 0) -> StatisticsInMemory:
    """Germany to Kyrgyzstan and Kazakhstan; of `traded` goods every month the same value and mass, of the rest nothing."""
    goods = dict.fromkeys(("901310", "854231", "848210"), JANUARY_2020)
    head = StatisticsEdition(
        number, f"S{number}", JANUARY_2020, MAY_2022, frozenset({"DE"}), frozenset({"KG", "KZ"}), goods
    )
    months = MAY_2022 - JANUARY_2020 + 1
    masses = (kilograms * 1000,) * months if kilograms else ()
    line = StatisticsLine(JANUARY_2020, (value * CENTS,) * months, masses)
    return StatisticsInMemory(head, [(f"{good}|DE|{to}", line) for good in traded for to in ("KG", "KZ")])


def declared(number: int, at: datetime) -> bytes:
    goods = {
        "goodsItemNumber": 1,
        "commodityCode": {"hs6": "901310", "hsVersion": "2022"},
        "descriptionOfGoods": "telescopic sights",
        "countryOfOrigin": "DE",
        "statisticalValue": "30000",
    }
    return msgspec.json.encode(
        {
            "envelope": {
                "declarationKey": f"test|{number}",
                "versionNumber": 1,
                "eventType": "LODGED",
                "eventDateTime": at,
            },
            "declaration": {
                "regime": "EXPORT",
                "countryOfDestination": "KG",
                "parties": [{"role": "CONSIGNEE", "name": f"Firm {number}", "address": {"country": "KG"}}],
                "goodsItems": [goods],
            },
        }
    )


def world(chance: random.Random) -> World:
    watch = folded().watch
    return World(chance, Assessors(folded().screen, watch), watch.book)


def load(there: World, statistics: StatisticsInMemory, *, whole: bool = True, shuffle: bool = False) -> None:
    lines, heads = edition_records(statistics, there.settings.partitions)
    if shuffle:
        lines = lines * 2
        random.Random(1).shuffle(lines)
    for one in (lines if whole else lines[1:]) + heads:
        assert one.partition is not None and one.value is not None
        there.observe(one.partition, one.key, one.value, START)


def lodge(there: World, count: int = 8) -> None:
    days = [START + timedelta(days=8 * number) for number in range(count)]
    there.publish([(at, declared(number, at)) for number, at in enumerate(days)])


def in_use(there: World) -> list[str]:
    """The source of what each partition uses, and of the lines that it keeps."""
    kept = [
        (record.partition, key, value)
        for record in there.records(topics.PATTERN_STATE)
        for key, value in [(record.key, record.value)]
    ]
    newest = {(partition, key): value for partition, key, value in kept}
    heads = [read_edition(value[1:]).source for (_, key), value in newest.items() if key == IN_USE and value]
    lines = {
        f"S{key.split(b'|')[1].decode()}"
        for (_, key), value in newest.items()
        if value is not None and key.startswith(LINE)
    }
    return sorted(heads) + sorted(lines)


def test_a_fresh_stream_raises_what_an_empty_one_is_silent_about() -> None:
    empty, informed = world(random.Random(1)), world(random.Random(1))
    load(informed, edition(1, "854231"))
    informed.run()
    assert not informed.latest(topics.ALERTS), "statistics alone raise none"
    for there in (empty, informed):
        lodge(there)
        there.run()
    assert not [key for key in empty.latest(topics.ALERTS) if key.startswith(b"corridor|")]
    assert ALERT in informed.latest(topics.ALERTS)
    assert in_use(informed) == ["S1"] * 3 + ["S1"]


def test_what_was_usual_is_no_new_trade() -> None:
    there = world(random.Random(1))
    load(there, edition(1, "901310"))
    there.run()
    lodge(there)
    there.run()
    assert not [key for key in there.latest(topics.ALERTS) if key.startswith(b"corridor|")]


def test_the_newest_edition_counts_and_of_the_one_before_nothing_is_left() -> None:
    there = world(random.Random(1))
    for statistics in (edition(1, "901310", "854231"), edition(2, "854231"), edition(1, "901310", "854231")):
        load(there, statistics)
        there.run()
    assert in_use(there) == ["S2"] * 3 + ["S2"]
    lodge(there)
    there.run()
    assert ALERT in there.latest(topics.ALERTS)


def test_an_edition_that_lacks_a_line_is_not_used() -> None:
    there = world(random.Random(1))
    load(there, edition(1, "901310"))
    load(there, edition(2, "901310", "854231"), whole=False)
    there.run()
    # Only in the partition that lacks it.
    assert sorted(in_use(there)[:3]) == ["S1", "S2", "S2"]


def test_what_is_no_statistics_is_a_dead_letter() -> None:
    there = world(random.Random(1))
    for key, value in ((LINE + b"x|854231|DE|KG", b""), (LINE + b"7|854231|DE|KG", b"nonsense")):
        there.observe(0, key, value, START)
    there.run()
    assert len(there.records(topics.DEAD_LETTERS)) == 2
    assert in_use(there) == []


@pytest.mark.parametrize("value", [b"19500", b"!\x93"])
def test_neither_the_first_day_nor_statistics_are_ever_looked_at(value: bytes) -> None:
    assert looked_at(value) is None


@settings(max_examples=tried(40), deadline=None)
@given(seed=st.integers(0, 2**32), kill=st.sampled_from([0, 0.05]), twice=st.booleans())
def test_any_repetition_any_death(seed: int, kill: float, twice: bool) -> None:
    """Editions while declarations flow: in the end the newest counts, and the alerts are those of a stream that had it from
    the start and saw each declaration once."""
    chance = random.Random(seed)
    there, quiet = world(chance), world(random.Random(1))
    load(quiet, edition(2, "854231"))
    quiet.run()
    for one in (there, quiet):
        lodge(one, 1)  # by which a partition knows when the stream began
        one.run(kill if one is there else 0)
    load(there, edition(1, "901310", "854231"), shuffle=True)
    if chance.random() < 0.5:
        there.run(kill)
    load(there, edition(2, "854231"), shuffle=True)
    if twice:
        load(there, edition(2, "854231"))
        load(there, edition(1, "901310", "854231"))
    for one in (there, quiet):
        lodge(one)
        one.run(kill if one is there else 0)
    # What an observation told before the newest edition is said anew by the next one of its corridor.
    last = START + timedelta(days=70)
    for one in (there, quiet):
        one.publish([(last, declared(100, last))])
        one.run(kill if one is there else 0)
    assert in_use(there) == ["S2"] * 3 + ["S2"]
    assert there.latest(topics.ALERTS).get(ALERT) == quiet.latest(topics.ALERTS)[ALERT]


def test_statistics_with_masses_judge_the_first_price_of_a_stream() -> None:
    there = world(random.Random(1))
    load(there, edition(1, "901310", value=60_000, kilograms=100), shuffle=True)
    there.run()
    there.publish(
        [(START, declared(1, START).replace(b'"statisticalValue"', b'"netMassKg":"0.5","statisticalValue"'))]
    )
    there.run()
    (verdict,) = [msgspec.json.decode(record.value) for record in there.records(topics.VERDICTS)]
    (finding,) = [one for one in verdict["findings"] if one["rule"] == "R21"]
    assert finding["inputs"] | {"usual": 600} == finding["inputs"] | {
        "source": "S1",
        "months": 29,
        "usual": 600,
    }
