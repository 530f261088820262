"""A verdict judged again: nothing differs where nothing changed; what changed is named, and what others found stays."""

from itertools import islice
from pathlib import Path

import pytest

from streams.assessment.judged_again import judged_again
from streams.assessment.screening import Rulebook, screen
from streams.goods.own_lists import own_list
from streams.lifecycle.life import LifeVersion
from streams.simulation.run import Plan, simulate
from tests.assessment.cases import index, rulebook, verdict_on
from tests.factory import declaration, item, party

pytestmark = pytest.mark.G06

DEFAULT = Path(__file__).parents[2] / "streams" / "assessment" / "rulesets" / "default-2026-11.toml"


def test_the_same_tables_make_no_difference() -> None:
    plan = Plan(first=(2022, 3), months=12, per_month=900, rate=200)
    for one in islice(simulate(plan), 400):
        made = screen(one.version, index(), rulebook())
        again = judged_again(LifeVersion(one.version), made, rulebook())
        assert not again.any and not again.tables, again


def test_a_list_that_came_is_named_with_what_it_finds() -> None:
    version = declaration()
    made = verdict_on(version)
    new = rulebook().with_lists([own_list("order", "code,countries\n6109,KG\n", "1" * 64, "order.csv")])
    again = judged_again(LifeVersion(version), made, new)
    assert (again.before.lane, again.after.lane) == ("GREEN", "RED")
    assert [one.code for one in again.added] == ["goods.barred"] and not again.gone
    assert again.tables == {"goods/order": ("", "file#" + "1" * 12)}


def test_what_the_watchlists_found_stays() -> None:
    version = declaration(parties=(party("CONSIGNEE", "OSOO KARGOLAYN", country="KG"),))
    made = verdict_on(version)
    assert made.lane == "RED"
    again = judged_again(LifeVersion(version), made, rulebook())
    assert not again.any


def test_a_finding_that_is_gone_is_named() -> None:
    version = declaration(
        regime="EXPORT",
        country_of_dispatch="DE",
        country_of_destination="RU",
        goods_items=(item(1, "845910", "unit heads"),),
    )
    made = verdict_on(version)
    none = Rulebook.load(jurisdictions=("none",))
    again = judged_again(LifeVersion(version), made, none)
    assert [one.code for one in again.gone] == ["goods.barred"]
    assert again.before.lane == "RED" and again.after.lane != "RED"


def test_another_ruleset_weighs_the_same_findings(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(DEFAULT.read_text().replace("points = 18\n", "points = 40\n"), encoding="utf-8")
    version = declaration(goods_items=(item(1, "854231", "processors"),))
    made = verdict_on(version)
    again = judged_again(LifeVersion(version), made, Rulebook.load(ruleset=mine))
    assert not again.added and not again.gone and again.after.score > again.before.score
    assert "ruleset" in again.tables
