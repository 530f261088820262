"""Rules asked one by one, as screening asks them."""

from streams.assessment.scoring import distinct
from streams.declarations.model import DeclarationVersion
from streams.destinations.atlas import atlas
from streams.findings import Finding, NotEvaluable
from streams.goods.control_list import bundled
from streams.goods.controls import ControlBook
from streams.lifecycle.life import LifeVersion
from streams.rules import RULES
from streams.rules.screened_version import ScreenedVersion
from streams.watchlists.index import WatchlistIndex

ON_WATCHLISTS = ("R01", "R02", "R30")
"""The rules on watchlists."""


def judged(
    one: DeclarationVersion | LifeVersion,
    *rules: str,
    index: WatchlistIndex | None = None,
    book: ControlBook | None = None,
) -> tuple[list[Finding], list[NotEvaluable]]:
    """What the rules named say of a version, and what they lacked."""
    life = one if isinstance(one, LifeVersion) else LifeVersion(one)
    looked_up = ScreenedVersion(
        life, index or WatchlistIndex.build([]), book or ControlBook(bundled()), atlas()
    )
    said = [said for rule in RULES if rule.id in rules for said in rule.judge(looked_up)]
    return (
        list(distinct([one for one in said if isinstance(one, Finding)])),
        [one for one in said if isinstance(one, NotEvaluable)],
    )
