"""Findings to points, points to a lane, by the ruleset."""

import math
from collections.abc import Iterable, Sequence

from msgspec import Struct, structs

from streams.assessment.ruleset import Combination, Ruleset
from streams.findings import LANES, Finding, Lane, Subject

HIGHEST_SCORE = 100.0
_TOGETHER = Subject(kind="DECLARATION", label="together")
COUNTED_ONCE = "counted once: a stronger finding of this kind has the points"
NO_WEIGHT = "this ruleset gives it no weight"
_TOGETHER_CODE = "combination."


class Assessment(Struct, frozen=True):
    """Findings with their points, combinations among them, heaviest first; the score and the lane."""

    findings: tuple[Finding, ...]
    score: float
    lane: Lane


def distinct(findings: Sequence[Finding]) -> Sequence[Finding]:
    """The findings, the second with one key (two items that bear one number) under a key of its own."""
    if len({finding.key for finding in findings}) == len(findings):
        return findings
    seen: dict[str, int] = {}
    made = []
    for finding in findings:
        count = seen[finding.key] = seen.get(finding.key, 0) + 1
        made.append(finding if count == 1 else structs.replace(finding, key=f"{finding.key}#{count}"))
    return made


def assess(findings: Sequence[Finding], ruleset: Ruleset) -> Assessment:
    """Weighs findings. The order in which they come does not matter."""
    if not findings:
        return Assessment((), 0.0, "GREEN")
    strongest: dict[str, Finding] = {}
    for finding in findings:
        known = strongest.get(finding.code)
        if known is None or (finding.strength, known.key) > (known.strength, finding.key):
            strongest[finding.code] = finding
    weighed = [_weighed(finding, strongest, ruleset) for finding in findings]
    weighed += [made for rule in ruleset.combinations if (made := _combined(rule, strongest)) is not None]
    total = total_of(weighed)
    lane = _relieved(ruleset.lane(total), weighed, strongest, ruleset)
    weighed.sort(key=_heaviest_first)
    return Assessment(tuple(weighed), round(min(max(total, 0.0), HIGHEST_SCORE), 1), lane)


def again(findings: Sequence[Finding], ruleset: Ruleset) -> Assessment:
    """Weighs the findings of a verdict by another ruleset, or by its own once more: what they mean together is found anew.

    A ruleset has no say in which findings there are, so that the answer is what screening by it would have given.
    """
    return assess([finding for finding in findings if not finding.code.startswith(_TOGETHER_CODE)], ruleset)


def total_of(findings: Iterable[Finding]) -> float:
    """The sum of their points. Rounded, since a sum of floats depends on their order: 49.99999999999999 is no 50, from which a
    lane may begin."""
    return round(math.fsum(finding.points for finding in findings), 6)


def _heaviest_first(finding: Finding) -> tuple[float, str]:
    return -finding.points, finding.key


def _weighed(finding: Finding, strongest: dict[str, Finding], ruleset: Ruleset) -> Finding:
    weight = ruleset.weights.get(finding.code)
    if weight is None:
        return structs.replace(finding, points=0.0, weight_reason=NO_WEIGHT)
    if strongest[finding.code] is not finding:
        return structs.replace(finding, points=0.0, weight_reason=COUNTED_ONCE)
    return structs.replace(
        finding, points=round(weight.points * finding.strength, 1), weight_reason=weight.reason
    )


def _combined(combination: Combination, strongest: dict[str, Finding]) -> Finding | None:
    met = []
    for member in combination.members:
        finding = member.met_by(strongest)
        if finding is None:
            return None
        met.append(finding)
    return Finding(
        key=f"combination|{combination.id}",
        rule=combination.id,
        code=f"{_TOGETHER_CODE}{combination.id}",
        subject=_TOGETHER,
        evidence=combination.evidence,
        points=combination.points,
        weight_reason=combination.reason,
        inputs={"together": [finding.key for finding in met]},
    )


def _relieved(lane: Lane, weighed: list[Finding], strongest: dict[str, Finding], ruleset: Ruleset) -> Lane:
    """The lane after relief. What would be RED or YELLOW without the relieving finding is never less than its cap: relief
    lowers a case, it does not hide one."""
    for relief in ruleset.reliefs:
        finding = relief.has.met_by(strongest)
        if finding is None or not relief.unless.isdisjoint(strongest):
            continue
        without = ruleset.lane(total_of(other for other in weighed if other.code != finding.code))
        if LANES.index(without) < LANES.index(relief.lane_at_most):
            return relief.lane_at_most
    return lane
