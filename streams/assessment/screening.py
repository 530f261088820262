"""The whole pure core: one version of a declaration, the lists and the rules in, a verdict out."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from streams import __version__
from streams.assessment.late_changes import late_change_findings
from streams.assessment.ruleset import Ruleset, load_ruleset
from streams.assessment.scoring import assess, distinct
from streams.assessment.screened import screened
from streams.assessment.verdict import Verdict, Versions
from streams.declarations import canonical
from streams.declarations.model import DeclarationVersion
from streams.destinations.atlas import Atlas, atlas
from streams.destinations.findings import destination_findings
from streams.destinations.journey import Journey, journey
from streams.findings import Finding
from streams.goods.control_list import ControlList, ControlListError, bundled, load_control_list, luxury
from streams.goods.controls import ControlBook
from streams.goods.findings import goods_findings
from streams.lifecycle.life import LifeVersion
from streams.money.rates import Rates, bundled_rates, load_rates
from streams.patterns.contract import Told as Advice
from streams.patterns.registry import Registry, load_registry
from streams.rules.unread import with_unreadable
from streams.watchlists.entry import ListEdition
from streams.watchlists.hits import WatchlistIndex, list_hits

OF_SERVICE = 0.3
"""Strength left to a listed party's contact that a dozen firms have: below an audit by itself."""

CLOSE_CIRCLE = 0.6
"""Strength of a diversion circle from which a self-declared exemption is a red flag: Y901 on chips for China is routine."""


class Rulebook:
    """Everything a decision is made with but the watchlists: ruleset, control lists, country tables, their versions.

    Loaded once; never changed. Answers for codes, names and descriptions already met are remembered in it.
    """

    def __init__(
        self,
        ruleset: Ruleset,
        controls: ControlBook,
        places: Atlas,
        registry: Registry | None = None,
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
        self.tables |= {f"goods/{one.header.name}": one.version for one in watched}
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
    ) -> "Rulebook":
        """The bundled rules, or those of a ruleset file, with the user's own control lists (name -> CSV) added, and a company
        register. `watched`: names of those of these lists, or `luxury`, whose corridors are remembered. `rates`: exchange rates
        of the user's own.

        Raises ValueError (RulesetError, ControlListError, RegistryError, RatesError) with one clear sentence.
        """
        own = tuple(load_control_list(path, name) for name, path in (control_lists or {}).items())
        known = load_registry(registry) if registry is not None else None
        lists = {one.header.name: one for one in (luxury(), *bundled(), *own)}
        for name in watched:
            if name not in lists:
                raise ControlListError(
                    f"no control list {name!r} to be watched: {', '.join(lists)} are known"
                )
        chosen = tuple(lists[name] for name in watched)
        worth = load_rates(rates) if rates is not None else bundled_rates()
        return cls(load_ruleset(ruleset), ControlBook((*bundled(), *own)), atlas(), known, chosen, worth)

    @property
    def high_priority(self) -> ControlList:
        """The list of goods whose trade is remembered."""
        return next(one for one in self.controls.lists if one.header.name == "chpl")

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
    advice: Advice | None = None,
) -> Verdict:
    """The verdict on one version. The same version, lists and rules always give the same verdict.

    `life` is what the declaration's life adds to the version; without it the version stands alone. `advice` is what the
    detectors with a memory said of it. Raises nothing for a version that the canonical decoder let through.
    """
    life, advice = life or LifeVersion(version), advice or Advice()
    envelope = version.envelope
    trip = journey(version)
    findings, missing = list_hits(version, watchlists)
    repeats: dict[tuple[Any, ...], int] = {
        (one.party, one.list, one.entry): one.count for one in advice.repeats
    }
    findings = [_counted(_tempered(finding, advice), repeats) for finding in findings]
    goods, unread = goods_findings(version, rulebook.controls, _of_concern(version, trip, rulebook.atlas))
    places, untold = destination_findings(version, trip, _controlled(goods), rulebook.atlas)
    late, unknown = late_change_findings(life)
    assessment = assess(distinct((*findings, *goods, *places, *late, *advice.findings)), rulebook.ruleset)
    return Verdict(
        declaration_key=envelope.declaration_key,
        version_number=envelope.version_number,
        payload_hash=envelope.payload_hash or canonical.payload_hash(version),
        event_type=envelope.event_type,
        event_date_time=envelope.event_date_time,
        lane=assessment.lane,
        score=assessment.score,
        findings=assessment.findings,
        not_evaluable=with_unreadable(
            (*missing, *unread, *untold, *unknown, *advice.not_evaluable), version.unreadable
        ),
        screened=screened(version, trip),
        versions=rulebook.versions(watchlists.editions),
        outcome="CLEAR" if assessment.lane == "GREEN" else "REVIEW",
        regime=version.declaration.regime,
        changed_paths=envelope.changed_paths,
        in_force=life.in_force,
        unreadable=version.unreadable,
        repaired=version.repaired,
    )


def _counted(finding: Finding, repeats: Mapping[tuple[Any, ...], int]) -> Finding:
    """What the same party met before is one open question."""
    about = (finding.subject.index, finding.inputs.get("list"), finding.inputs.get("entry"))
    count = repeats.get(about)
    if count is None or finding.subject.kind != "PARTY":
        return finding
    many = "1 declaration" if count == 1 else f"{count:,} declarations"
    return replace(finding, repeats=count, evidence=f"{finding.evidence} As on {many} before.")


def _tempered(finding: Finding, advice: Advice) -> Finding:
    """A contact shared with a listed party says little where very many have it: a forwarder's, an accountant's."""
    if finding.code not in ("list.contact", "list.address"):
        return finding
    contact, index = finding.inputs["contact"], finding.subject.index
    many = next((one.firms for one in advice.services if (one.party, one.contact) == (index, contact)), None)
    if many is None:
        return finding
    return replace(
        finding,
        strength=round(finding.strength * OF_SERVICE, 3),
        evidence=f"{finding.evidence} So do {many}: it seems to be the contact of somebody who serves them.",
    )


def _of_concern(version: DeclarationVersion, trip: Journey, places: Atlas) -> frozenset[str]:
    """Destinations to which a self-declared exemption is a red flag: where goods are diverted, or embargoed."""
    day = version.envelope.event_date_time.date()
    embargoes = places.countries.embargoed(day)
    return frozenset(
        country
        for country in trip.destinations
        if country in embargoes
        or ((circle := places.countries.diversion(country, day)) and circle.strength >= CLOSE_CIRCLE)
    )


def _controlled(goods: list[Finding]) -> frozenset[int]:
    """Numbers of the items that are on a control list."""
    return frozenset(
        number for finding in goods if "list" in finding.inputs for number in finding.inputs["items"]
    )
