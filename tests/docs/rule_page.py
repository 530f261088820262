"""docs/rules.md, made from the catalogue and the ruleset."""

from collections.abc import Iterable

from streams.assessment.ruleset import Ruleset
from streams.rules.catalogue import RuleInWords, catalogue


def documentation(ruleset: Ruleset) -> str:
    """The text of docs/rules.md below its first line."""
    return "".join(
        (
            _HEAD.format(ruleset=ruleset.id.partition("#")[0]),
            "## Lanes\n\n",
            _table(
                ("lane", "from score", "why there"),
                ((lane.lane, f"{lane.points:g}", lane.reason) for lane in ruleset.lanes),
            ),
            "\n## Rules\n",
            *(_rule(rule, ruleset) for rule in catalogue()),
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


def _rule(rule: RuleInWords, ruleset: Ruleset) -> str:
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
