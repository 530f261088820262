"""A verdict judged again by other tables and another ruleset: what the watchlists and the detectors found stays, all other rules
are asked anew."""

from msgspec import Struct

from streams.assessment.scoring import assess, distinct
from streams.assessment.screening import Rulebook
from streams.assessment.verdict import Verdict
from streams.findings import Finding, Lane
from streams.lifecycle.life import LifeVersion
from streams.rules import RULES
from streams.rules.screened_version import ScreenedVersion
from streams.watchlists.index import WatchlistIndex

ON_WATCHLISTS = frozenset({"R01", "R02", "R30"})
"""Rules that need the watchlists; what they found of a retained declaration stays."""
_NO_LISTS = WatchlistIndex.build([])


class ToldFinding(Struct, frozen=True):
    """A finding as the difference names it."""

    key: str
    code: str
    evidence: str


class Weighed(Struct, frozen=True):
    """Score and lane."""

    lane: Lane
    score: float


class Difference(Struct, frozen=True, kw_only=True, rename="camel"):
    """What another judgement of one version would say."""

    declaration_key: str
    version_number: int
    before: Weighed
    after: Weighed
    added: tuple[ToldFinding, ...]
    gone: tuple[ToldFinding, ...]
    tables: dict[str, tuple[str, str]]
    """tables and `ruleset` that are another than the verdict names, and both versions"""

    @property
    def any(self) -> bool:
        """Whether findings, score or lane differ."""
        return bool(self.added or self.gone) or self.before != self.after


def judged_again(life: LifeVersion, verdict: Verdict, rulebook: Rulebook) -> Difference:
    """The difference that the tables and the ruleset of a rulebook make to a verdict on a version."""
    looked_up = ScreenedVersion(life, _NO_LISTS, rulebook.controls, rulebook.atlas)
    anew = [rule for rule in RULES if rule.id not in ON_WATCHLISTS]
    asked = {rule.id for rule in anew}
    stays = [
        finding
        for finding in verdict.findings
        if finding.rule not in asked and not finding.code.startswith("combination.")
    ]
    found = [said for rule in anew for said in rule.judge(looked_up) if isinstance(said, Finding)]
    after = assess(distinct((*found, *stays)), rulebook.ruleset)
    had = {finding.key: finding for finding in verdict.findings}
    has = {finding.key: finding for finding in after.findings}
    return Difference(
        declaration_key=verdict.declaration_key,
        version_number=verdict.version_number,
        before=Weighed(verdict.lane, verdict.score),
        after=Weighed(after.lane, after.score),
        added=tuple(_told(one) for key, one in has.items() if key not in had),
        gone=tuple(_told(one) for key, one in had.items() if key not in has),
        tables=_others(verdict, rulebook),
    )


def _told(finding: Finding) -> ToldFinding:
    return ToldFinding(finding.key, finding.code, finding.evidence)


def _others(verdict: Verdict, rulebook: Rulebook) -> dict[str, tuple[str, str]]:
    before = verdict.versions.tables | {"ruleset": verdict.versions.ruleset}
    after = rulebook.tables | {"ruleset": rulebook.ruleset.id}
    names = sorted(before.keys() | after.keys())
    return {
        name: (before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name) != after.get(name)
    }
