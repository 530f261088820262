"""What the goods of a declaration cost to judge, beside decoding the same declaration in the same run."""

from datetime import UTC, datetime
from itertools import islice

import pytest

from streams.assessment.screening import Rulebook
from streams.declarations import canonical
from streams.declarations.formats.adapters import read
from streams.declarations.model import DeclarationVersion
from streams.lifecycle.life import LifeVersion
from streams.rules import RULES
from streams.rules.screened_version import ScreenedVersion
from streams.simulation.run import Plan, simulate
from streams.watchlists.index import WatchlistIndex
from tests.effort import processor_seconds

pytestmark = pytest.mark.G06

ON_GOODS = ("G01", "G02", "G03", "G04", "G05", "G06", "G07", "R23", "R24")
MOST = 1.0
"""Of what decoding costs, five times what was measured (docs/controls.md)."""


def test_goods_cost_less_than_decoding() -> None:
    plan = Plan(first=(2022, 3), months=12, per_month=900, rate=200)
    encoded = [canonical.encode(one.version) for one in islice(simulate(plan), 600)]
    rulebook, index = Rulebook.load(), WatchlistIndex.build([])
    versions: list[DeclarationVersion] = []

    def decode() -> None:
        versions.clear()
        for data in encoded:
            message = read(data, received=datetime(2026, 1, 1, tzinfo=UTC), max_bytes=1 << 22)
            assert isinstance(message, DeclarationVersion)
            versions.append(message)

    rules = [rule for rule in RULES if rule.id in ON_GOODS]

    def judge() -> None:
        for looked_up in waiting.pop():
            for rule in rules:
                for _ in rule.judge(looked_up):
                    pass

    decoding = processor_seconds(decode, runs=3)
    waiting = [
        [ScreenedVersion(LifeVersion(one), index, rulebook.controls, rulebook.atlas) for one in versions]
        for _ in range(4)
    ]
    for some in waiting:
        for one in some:
            _ = one.trip, one.embargoes  # other rules need them as well
    judge()  # texts and codes are remembered from the first declarations on
    assert processor_seconds(judge, runs=3) < MOST * decoding
