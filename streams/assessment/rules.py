"""The rules in words: what each looks for and needs, and docs/rules.md, which is made from this and the ruleset."""

from collections.abc import Iterable
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct

from streams.assessment.ruleset import Ruleset, load_ruleset


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """One finding code of a rule, with how a headline says it."""

    code: str
    short: str


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """One rule. `source`: who published the red flag or the table behind it."""

    id: str
    title: str
    meaning: str
    needs: str
    clears: str
    source: str
    cases: tuple[Case, ...]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    rule: tuple[Rule, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule this version has."""
    data = resources.files("streams.assessment").joinpath("rules.toml").read_bytes()
    return msgspec.toml.decode(data, type=_File).rule


@cache
def in_short() -> dict[str, str]:
    """finding code -> a few words for a headline."""
    return {case.code: case.short for rule in rules() for case in rule.cases}


def documentation(ruleset: Ruleset | None = None) -> str:
    """The text of docs/rules.md below its first line."""
    ruleset = ruleset or load_ruleset()
    return "".join(
        (
            _HEAD.format(ruleset=ruleset.id.partition("#")[0]),
            "## Lanes\n\n",
            _table(
                ("lane", "from score", "why there"),
                ((lane.lane, f"{lane.points:g}", lane.reason) for lane in ruleset.lanes),
            ),
            "\n## Rules\n",
            *(_rule(rule, ruleset) for rule in rules()),
            "\n## Combinations\n\nWhat findings say together. A combination adds its points once.\n\n",
            _table(
                ("id", "together", "points", "what it says", "why"),
                (
                    (
                        one.id,
                        " and ".join(f"`{member.written}`" for member in one.members),
                        f"{one.points:+g}",
                        one.evidence,
                        one.reason,
                    )
                    for one in ruleset.combinations
                ),
            ),
            "\nGroups of codes in them, `>=` being the strength asked for:\n\n",
            _table(
                ("group", "codes"),
                ((name, ", ".join(f"`{part}`" for part in parts)) for name, parts in ruleset.groups.items()),
            ),
            "\n## What a licence does\n\n",
            _table(
                ("with", "the lane is at most", "unless there is", "why"),
                (
                    (
                        f"`{relief.has.written}`",
                        relief.lane_at_most,
                        ", ".join(f"`{code}`" for code in sorted(relief.unless)),
                        relief.reason,
                    )
                    for relief in ruleset.reliefs
                ),
            ),
        )
    )


_HEAD = """# Rules

What Torugart looks for in one declaration, by the bundled ruleset {ruleset}. A finding has a *strength* from 0 to 1 (a name
score, a tier); its points are the weight times the strength. Of several findings with one code the strongest counts. The sum
is the score, and the score proposes a lane. A ruleset of your own (`TORUGART_RULESET`) starts as a copy of
`streams/assessment/rulesets/default-2026-11.toml`; every figure in it must state its reason.

A rule that lacks what it needs reports NOT_EVALUABLE with the paths that were absent: absent is not clear.

"""


def _rule(rule: Rule, ruleset: Ruleset) -> str:
    rows = []
    for case in rule.cases:
        weight = ruleset.weights[case.code]
        rows.append((f"`{case.code}`", f"{weight.points:+g}" if weight.points else "0", weight.reason))
    return (
        f"\n### {rule.id}: {rule.title}\n\n{rule.meaning}\n\n"
        f"- Needs: {rule.needs}\n- Clears it: {rule.clears}\n- Source: {rule.source}\n\n"
        + _table(("code", "weight", "why this weight"), rows)
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |\n" for line in lines)
