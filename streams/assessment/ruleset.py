"""The ruleset: how much each finding weighs, what findings mean together, which score is which lane, and why.

A ruleset is a TOML file (rulesets/default-2026-11.toml is the bundled one). Every figure in it carries its reason, which
goes into the verdict.
"""

import hashlib
import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from streams.errors import UserError
from streams.findings import LANES, Finding, Lane

DEFAULT = "default-2026-11.toml"

Reason = Annotated[str, Meta(min_length=10)]
Points = Annotated[float, Meta(ge=-100, le=100)]


class RulesetError(UserError):
    """A ruleset that cannot be used; the message is one clear sentence."""


class LaneFrom(Struct, frozen=True, forbid_unknown_fields=True, rename={"points": "from"}):
    """The lowest score of a lane."""

    lane: Lane
    points: Points
    reason: Reason


class Weight(Struct, frozen=True, forbid_unknown_fields=True):
    """Points of a finding code at strength 1."""

    code: str
    points: Points
    reason: Reason


class _Combination(Struct, frozen=True, forbid_unknown_fields=True):
    id: Annotated[str, Meta(pattern=r"^C\d{2}$")]
    all: Annotated[tuple[str, ...], Meta(min_length=2)]
    points: Points
    evidence: Reason
    reason: Reason


class _Relief(Struct, frozen=True, forbid_unknown_fields=True):
    has: str
    lane_at_most: Lane
    unless: tuple[str, ...]
    reason: Reason


class _RulesetFile(Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    version: Annotated[str, Meta(min_length=1)]
    date: str
    lane: tuple[LaneFrom, ...]
    weight: Annotated[tuple[Weight, ...], Meta(min_length=1)]
    groups: dict[str, tuple[str, ...]] = {}
    combination: tuple[_Combination, ...] = ()
    relief: tuple[_Relief, ...] = ()


class Member(Struct, frozen=True):
    """Codes of which one is asked for, each with the strength it needs."""

    written: str
    codes: tuple[tuple[str, float], ...]

    def met_by(self, strongest: dict[str, Finding]) -> Finding | None:
        """The strongest finding that meets it."""
        best: Finding | None = None
        for code, needed in self.codes:
            finding = strongest.get(code)
            if (
                finding is not None
                and finding.strength >= needed
                and (best is None or finding.strength > best.strength)
            ):
                best = finding
        return best


class Combination(Struct, frozen=True):
    """Findings that say more together."""

    id: str
    members: tuple[Member, ...]
    points: float
    evidence: str
    reason: str


class Relief(Struct, frozen=True):
    """A finding that caps the lane, unless others speak against it."""

    has: Member
    lane_at_most: Lane
    unless: frozenset[str]
    reason: str


class Ruleset(Struct, frozen=True, kw_only=True):
    """A ruleset that has been checked."""

    id: str
    """name@version#first 12 hex digits of the SHA-256 of its text"""
    lanes: tuple[LaneFrom, ...]
    """highest first"""
    weights: dict[str, Weight]
    combinations: tuple[Combination, ...]
    reliefs: tuple[Relief, ...]
    groups: dict[str, tuple[str, ...]]
    """as written, for the documents"""

    def lane(self, score: float) -> Lane:
        for lane in self.lanes:
            if score >= lane.points:
                return lane.lane
        return "GREEN"


def load_ruleset(path: Path | None = None) -> Ruleset:
    """The ruleset of a file; the bundled one without.

    Raises RulesetError for a file that cannot be read, has unknown keys, lacks a reason, names a code twice or names one
    that has no weight.
    """
    where = str(path) if path else DEFAULT
    try:
        data = path.read_bytes() if path else _bundled()
        file = msgspec.convert(tomllib.loads(data.decode()), _RulesetFile)
    except OSError as error:
        raise RulesetError(f"ruleset {where} cannot be read: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RulesetError(f"ruleset {where} is not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise RulesetError(f"ruleset {where}: {error}") from None
    weights = {weight.code: weight for weight in file.weight}
    _unique(where, "weight", [weight.code for weight in file.weight])
    _unique(where, "combination", [joint.id for joint in file.combination])
    _unique(where, "lane", [lane.lane for lane in file.lane])
    lanes = _lanes(where, file.lane)
    groups = {name: _member(where, name, members, weights, {}) for name, members in file.groups.items()}
    if both := sorted(set(groups) & set(weights)):
        raise RulesetError(f"ruleset {where}: {both[0]} is both a group and a code")

    def member(written: str) -> Member:
        return _member(where, written, (written,), weights, groups)

    return Ruleset(
        id=f"{file.name}@{file.version}#{hashlib.sha256(data).hexdigest()[:12]}",
        lanes=lanes,
        weights=weights,
        combinations=tuple(
            Combination(joint.id, tuple(map(member, joint.all)), joint.points, joint.evidence, joint.reason)
            for joint in file.combination
        ),
        reliefs=tuple(
            Relief(
                member(relief.has),
                relief.lane_at_most,
                frozenset(code for written in relief.unless for code, _ in member(written).codes),
                relief.reason,
            )
            for relief in file.relief
        ),
        groups=file.groups,
    )


def _bundled() -> bytes:
    return resources.files("streams.assessment").joinpath("rulesets", DEFAULT).read_bytes()


def _unique(where: str, what: str, names: list[Any]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise RulesetError(f"ruleset {where}: {what} {name} is given twice")


def _lanes(where: str, lanes: tuple[LaneFrom, ...]) -> tuple[LaneFrom, ...]:
    ordered = tuple(sorted(lanes, key=lambda lane: -lane.points))
    if tuple(lane.lane for lane in ordered) != tuple(lane for lane in LANES if lane != "GREEN"):
        raise RulesetError(
            f"ruleset {where}: lanes must be RED, YELLOW and BLUE, each from a lower score than the one before"
        )
    if len({lane.points for lane in ordered}) != len(ordered) or ordered[-1].points <= 0:
        raise RulesetError(f"ruleset {where}: lanes must begin at different scores above 0")
    return ordered


def _member(
    where: str,
    written: str,
    parts: tuple[str, ...],
    weights: dict[str, Weight],
    groups: dict[str, Member],
) -> Member:
    codes: dict[str, float] = {}
    for part in parts:
        name, sign, bound = part.partition(">=")
        try:
            needed = float(bound) if sign else 0.0
        except ValueError:
            raise RulesetError(f"ruleset {where}: {part!r} asks for a strength that is no number") from None
        if name in groups:
            for code, least in groups[name].codes:
                codes[code] = max(needed, least)
        elif name in weights:
            codes[name] = needed
        else:
            raise RulesetError(f"ruleset {where}: {name!r} is neither a code with a weight nor a group")
    return Member(written, tuple(codes.items()))
