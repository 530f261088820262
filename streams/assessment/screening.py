"""The whole pure core: one version of a declaration, the lists and the rules in, a verdict out."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from streams import __version__
from streams.assessment.ruleset import Ruleset, load_ruleset
from streams.assessment.scoring import assess, distinct
from streams.assessment.screened import screened
from streams.assessment.verdict import Verdict, Versions
from streams.declarations import canonical
from streams.declarations.model import DeclarationVersion
from streams.destinations.atlas import Atlas, atlas
from streams.findings import Finding, NotEvaluable
from streams.goods.control_list import ControlList, ControlListError, bundled, luxury
from streams.goods.controls import ControlBook
from streams.goods.own_lists import load_own_lists
from streams.goods.prohibitions import ProhibitionList, Prohibitions, bundled_prohibitions, in_view
from streams.lifecycle.life import LifeVersion
from streams.money.rates import Rates, bundled_rates, load_rates
from streams.once import kept_with
from streams.parties.register import CompanyRegister, load_registry
from streams.patterns.contract import PatternAdvice
from streams.rules import RULES
from streams.rules.rule import Rule
from streams.rules.screened_version import ScreenedVersion
from streams.rules.unread import with_unreadable
from streams.watchlists.entry import ListEdition
from streams.watchlists.index import WatchlistIndex

ABOUT_PARTIES = ("R01", "R02")
"""Rules on the watchlists whose findings are about a party."""


class Rulebook:
    """Everything a decision is made with but the watchlists: ruleset, control lists, country tables, their versions.

    Loaded once; never changed. Answers for codes, names and descriptions already met are remembered in it.
    """

    def __init__(
        self,
        ruleset: Ruleset,
        controls: ControlBook,
        places: Atlas,
        registry: CompanyRegister | None = None,
        watched: tuple[ControlList, ...] = (),
        rates: Rates | None = None,
    ) -> None:
        self.ruleset = ruleset
        self.controls = controls
        self.atlas = places
        self.registry = registry
        """when firms were incorporated, where a register is given"""
        self.watched = watched
        """lists besides the high-priority one whose goods' trade is remembered by corridor"""
        self.rates = rates or bundled_rates()
        """by which amounts are told in euro"""
        self.tables = controls.versions | places.versions | {"money/rates": self.rates.version}
        self.tables |= {f"goods/{goods.header.name}": goods.version for goods in watched}
        if registry is not None:
            self.tables |= {"registry": registry.version}
        self._stamped: tuple[tuple[ListEdition, ...], Versions] | None = None

    @classmethod
    def load(
        cls,
        ruleset: Path | None = None,
        control_lists: Mapping[str, Path] | None = None,
        registry: Path | None = None,
        watched: Iterable[str] = (),
        rates: Path | None = None,
        jurisdictions: Iterable[str] = (),
    ) -> "Rulebook":
        """The bundled rules, or those of a ruleset file, with the user's own control lists (name -> CSV) added, and a company
        register. `watched`: names of those of these lists, or `luxury`, whose corridors are remembered. `rates`: exchange rates
        of the user's own. `jurisdictions`: whose laws bar goods here; all that are known where none is named.

        Raises UserError (RulesetError, ControlListError, JurisdictionError, RegistryError, RatesError) with one clear sentence.
        """
        given = load_own_lists(control_lists or {})
        own = given.controls
        known = load_registry(registry) if registry is not None else None
        lists = {goods.header.name: goods for goods in (luxury(), *bundled(), *own)}
        for name in watched:
            if name not in lists:
                raise ControlListError(
                    f"no control list {name!r} to be watched: {', '.join(lists)} are known"
                )
        chosen = tuple(lists[name] for name in watched)
        worth = load_rates(rates) if rates is not None else bundled_rates()
        views = tuple(jurisdictions)
        barred = Prohibitions(
            in_view(bundled_prohibitions(), given.prohibitions, views), views=views, rates=worth
        )
        controls = ControlBook((*bundled(), *own), prohibitions=barred)
        return cls(load_ruleset(ruleset), controls, atlas(), known, chosen, worth)

    def with_lists(self, lists: Iterable[ControlList | ProhibitionList]) -> "Rulebook":
        """The same with further lists of the user's own, each in place of one of its name. Corridors remembered stay."""
        added = {one.header.name: one for one in lists}
        checked = [one for one in added.values() if isinstance(one, ControlList)]
        barring = [one for one in added.values() if isinstance(one, ProhibitionList)]
        before = self.controls
        controls = ControlBook(
            (*(one for one in before.lists if one.header.name not in added), *checked),
            before.hs,
            before.lexicon,
            before.documents,
            before.prohibitions.with_lists(barring, without=added),
            before.numbers,
        )
        return Rulebook(self.ruleset, controls, self.atlas, self.registry, self.watched, self.rates)

    @property
    def high_priority(self) -> ControlList:
        """The list of goods whose trade is remembered."""
        return next(goods for goods in self.controls.lists if goods.header.name == "chpl")

    def versions(self, editions: tuple[ListEdition, ...]) -> Versions:
        """What a verdict names; made anew only when the lists change."""
        stamped = self._stamped
        if stamped is None or stamped[0] is not editions:
            stamped = (
                editions,
                Versions(code=__version__, ruleset=self.ruleset.id, tables=self.tables, lists=editions),
            )
            self._stamped = stamped
        return stamped[1]


def screen(
    version: DeclarationVersion,
    watchlists: WatchlistIndex,
    rulebook: Rulebook,
    life: LifeVersion | None = None,
    advice: PatternAdvice | None = None,
) -> Verdict:
    """The verdict on one version. The same version, lists and rules always give the same verdict.

    `life` is what the declaration's life adds to the version; without it the version stands alone. `advice` is what the
    detectors with a memory said of it. Raises nothing for a version that the canonical decoder let through.
    """
    life, advice = life or LifeVersion(version), advice or PatternAdvice()
    envelope = version.envelope
    looked_up = ScreenedVersion(life, watchlists, rulebook.controls, rulebook.atlas, advice.services)
    said: list[Finding | NotEvaluable] = []
    for rule, alone in zip(RULES, _judged_alone(version, watchlists, rulebook), strict=True):
        said += rule.judge(looked_up) if alone is None else alone
    repeats = {(repeat.party, repeat.list, repeat.entry): repeat.count for repeat in advice.repeats}
    findings = [_counted(result, repeats) for result in said if isinstance(result, Finding)]
    missing = [result for result in said if isinstance(result, NotEvaluable)]
    assessment = assess(distinct((*findings, *advice.findings)), rulebook.ruleset)
    return Verdict(
        declaration_key=envelope.declaration_key,
        version_number=envelope.version_number,
        payload_hash=envelope.payload_hash or canonical.payload_hash(version),
        event_type=envelope.event_type,
        event_date_time=envelope.event_date_time,
        lane=assessment.lane,
        score=assessment.score,
        findings=assessment.findings,
        not_evaluable=with_unreadable((*missing, *advice.not_evaluable), version.unreadable),
        screened=screened(version),
        versions=rulebook.versions(watchlists.editions),
        outcome="CLEAR" if assessment.lane == "GREEN" else "REVIEW",
        regime=version.declaration.regime,
        changed_paths=envelope.changed_paths,
        in_force=life.in_force,
        unreadable=version.unreadable,
        repaired=version.repaired,
    )


def list_findings(
    version: DeclarationVersion, watchlists: WatchlistIndex, rulebook: Rulebook
) -> list[Finding]:
    """What the parties of a version meet on the watchlists, as far as the version alone tells."""
    said = _about_parties(version, watchlists, rulebook).values()
    return [result for results, _ in said for result in results if isinstance(result, Finding)]


Look = Callable[[DeclarationVersion], object]
"""Finds out something of a version that is kept with it. Pure."""


def looks(watchlists: Callable[[], WatchlistIndex], rulebook: Callable[[], Rulebook]) -> tuple[Look, ...]:
    """What `screen` and `list_findings` find out by themselves; it may be found out before, of many versions one thing after the
    other. Lists and rulebook are those in use when it is."""
    return (
        lambda version: _about_parties(version, watchlists(), rulebook()),
        lambda version: _judged_alone(version, watchlists(), rulebook()),
        screened,
    )


Alone = tuple[tuple[Finding | NotEvaluable, ...], bool]
"""What a rule says of a version alone, and whether it would have looked beyond it."""


@kept_with
def _about_parties(
    version: DeclarationVersion, watchlists: WatchlistIndex, rulebook: Rulebook
) -> dict[str, Alone]:
    """What the rules on the watchlists say of a version's parties. The detectors are told of it before the version is judged."""
    looked_up = ScreenedVersion(LifeVersion(version), watchlists, rulebook.controls, rulebook.atlas)
    return {rule.id: _alone(rule, looked_up) for rule in RULES if rule.id in ABOUT_PARTIES}


@kept_with
def _judged_alone(
    version: DeclarationVersion, watchlists: WatchlistIndex, rulebook: Rulebook
) -> tuple[tuple[Finding | NotEvaluable, ...] | None, ...]:
    """What each of the rules says of a version, whatever its life and the detectors add; None where it would ask for that."""
    looked_up = ScreenedVersion(LifeVersion(version), watchlists, rulebook.controls, rulebook.atlas)
    known = _about_parties(version, watchlists, rulebook)
    each = (known.get(rule.id) or _alone(rule, looked_up) for rule in RULES)
    return tuple(None if beyond else said for said, beyond in each)


def _alone(rule: Rule, looked_up: ScreenedVersion) -> Alone:
    looked_up.asked_beyond = False
    return tuple(rule.judge(looked_up)), looked_up.asked_beyond


def _counted(finding: Finding, repeats: Mapping[tuple[int, str, str], int]) -> Finding:
    """What the same party met before is one open question."""
    index, entry = finding.subject.index, finding.inputs.get("entry")
    if not repeats or finding.subject.kind != "PARTY" or index is None or entry is None:
        return finding
    count = repeats.get((index, finding.inputs["list"], entry))
    if count is None:
        return finding
    many = "1 declaration" if count == 1 else f"{count:,} declarations"
    return replace(finding, repeats=count, evidence=f"{finding.evidence} As on {many} before.")
