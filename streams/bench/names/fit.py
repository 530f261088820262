"""The weights of the matcher, anew: cases made of a list, of invented persons and of real firms, and a regression on what the
matcher says of each. `make fit-names`; the same input gives the same file.

Only the ways of altering that are called `tuned`, of one half of the list, and one half of the real firms are fitted on: the
others judge.
"""

import random
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from streams.bench.names.alterations import TUNED
from streams.bench.names.clean import CleanName
from streams.bench.names.coined import coined_firms
from streams.bench.names.logistic import fit
from streams.bench.names.measure import material
from streams.names.evidence import FOR, INTERACTIONS, Evidence
from streams.names.index import NameIndex

SHARES = (0.0, 0.06, 0.15, 0.3, 0.5)
KNOTS: dict[str, tuple[float, ...]] = {
    "met": (0.0, 1.0, 1.6, 2.0, 2.3, 2.6, 2.9, 3.3),
    "nearly_same": (0.0, 0.3, 0.6, 0.8, 1.0),
    "few_letters": (0.0, 0.3, 0.6, 1.0),
    "altered": (0.0, 0.03, 0.08, 0.15, 0.3),
    "altered_words": (0.0, 0.05, 0.12, 0.2, 0.4, 0.8),
    "worst": (0.0, 0.06, 0.12, 0.2, 0.3, 0.5),
    "known_words": (0.0, 0.05, 0.15, 0.3),
    "dropped_weight": (0.0, 0.1, 0.3, 0.6, 0.9, 1.3),
    "dropped_end": (0.0, 0.2, 0.5, 0.9),
    "added_weight": (0.0, 0.1, 0.3, 0.6, 0.9, 1.3),
    "added_known": (0.0, 0.1, 0.3, 0.6, 0.9),
    "replaced_weight": (0.0, 0.1, 0.3, 0.6, 1.0),
    "replaced_common": (0.0, 1.0, 2.0),
    "number": (0.0, 1.0),
    "place_differs": (0.0, 1.0),
    "place_alone": (0.0, 1.0),
    "order": (0.0, 1.0),
    "legal": (0.0, 0.3, 1.0),
    "lone": (0.0, 0.25, 0.5, 0.75, 1.0),
    "lone_altered": (0.0, 0.04, 0.1, 0.2, 0.35),
    "lone_firm": (0.0, 0.25, 0.5, 0.75, 1.0),
    "nothing_tells": (0.0, 1.0),
    "everyday": (0.0, 0.5, 1.0),
    "altered_left": (0.0, 0.1, 0.3),
}
"""Sizes at which the weight of an amount may turn; `SHARES` for those that are not named."""

LEAST = {"legal": -1.0, "number": -5.0, "place_differs": -6.0, "place_alone": -0.3}
"""Of these no step adds less, in the score's sum: altered names seldom change them, near-misses always do, and a fit would take
that for a law. A firm writes its legal form as the country has it."""

SCALE = 2.0
"""Weights are written so many times as large as the regression has them."""

RIVALS = 2
"""Listed names of each case that must not be found, the likest first."""

HOPELESS = 0.9
"""Shares of two names that are missing on the other side, together, from which no weights make a hit: not fitted on."""

WORTH = {"altered": 1.0, "near": 0.9, "person": 0.5, "firm": 0.7, "coined": 0.7, "invented": 0.1}
"""What each kind of case counts in the fit, all its cases together."""


class FitCase(NamedTuple):
    kind: str
    """of `WORTH`"""
    name: str
    found: bool
    """whether it must be"""
    evidence: Evidence
    """of it and a listed name"""


def cases(
    index: NameIndex, strangers: Sequence[str], firms: Sequence[CleanName], per_class: int, seed: int
) -> list[FitCase]:
    """Names that must be found and names that must not, each with what the matcher says of it and the listed names it is
    compared with."""
    made = material(
        index.entries,
        strangers,
        held_out=False,
        per_class=per_class,
        seed=seed,
        near_per_kind=per_class * 6,
        clean=per_class * 50,
        share=lambda number: number % 2 == 0,
    )
    found: list[FitCase] = []
    for case in made.altered:
        if case.label not in TUNED:
            continue  # how it is written is for the analysis to see through, not for weights to forgive
        of = made.holders[case.of]
        met = [
            each.evidence for name, each in index.compared(case.name) if name.entry in of and each.evidence
        ]
        found += [FitCase("altered", case.name, True, best) for best in sorted(met, key=_unlike)[:1]]
    others = [("near", case.name) for case in made.near]
    others += [("person" if case.kind == "person" else "invented", case.name) for case in made.clean]
    others += [("firm", firm.name) for firm in firms]
    others += [("coined", name) for name in coined_firms(per_class * 60, seed)]
    for kind, text in others:
        met = [each.evidence for _, each in index.compared(text) if each.evidence]
        near = [evidence for evidence in met if evidence.dropped + evidence.added < HOPELESS]
        found += [FitCase(kind, text, False, rival) for rival in sorted(near, key=_unlike)[:RIVALS]]
    return found


def _unlike(found: Evidence) -> float:
    """How unlike two names are at a glance: by this, not by a score, the rivals are chosen, so that a fit does not depend on the
    weights that it replaces."""
    return 2.0 * (found.dropped + found.added) + 4.0 * found.differ - found.met - found.nearly_same


def knots(field: str) -> tuple[float, ...]:
    return KNOTS.get(field, SHARES)


def fitted(found: Iterable[FitCase], rounds: int) -> str:
    """The text of weights.toml."""
    rows = list(found)
    counts = {kind: sum(row.kind == kind for row in rows) for kind in WORTH}
    importance = [WORTH[row.kind] / counts[row.kind] for row in rows]
    columns: list[list[float]] = []
    bounds: list[tuple[float, float]] = []
    for place, field in enumerate(Evidence._fields):
        sizes = [row.evidence[place] for row in rows]
        at = knots(field)
        for low, high in pairwise(at):
            columns.append([min(1.0, max(0.0, (size - low) / (high - low))) for size in sizes])
            least = LEAST.get(field, -inf) / SCALE
            bounds.append((0.0, inf) if field in FOR else (least, 0.0))
    base, weights = fit(columns, [row.found for row in rows], importance, bounds, rounds)
    return _written(base, weights)


def _written(base: float, weights: Sequence[float]) -> str:
    lines = [
        "# What each amount of evidence (evidence.py) adds to a score's sum, by its size: `at` these sizes `add` so much,",
        "# between two in proportion. Made by `make fit-names`; not to be changed by hand.",
        'source = "logistic regression with given signs: altered names of the 2026 US list against near-misses of it, '
        'invented persons, real firms (GLEIF) and invented makers; docs/names.md"',
        'as_of = "2026-11-26"',
        f"base = {base * SCALE:.3f}",
    ]
    at_lines, add_lines, place = ["", "[at]"], ["", "[add]"], 0
    for field in Evidence._fields:
        at = knots(field)
        total, added = 0.0, ["0"]
        for weight in weights[place : place + len(at) - 1]:
            total += weight * SCALE
            added.append(f"{total:.3f}" if round(total, 3) else "0")
        place += len(at) - 1
        remark = "  # two together" if field in INTERACTIONS else ""
        at_lines.append(f"{field} = [{', '.join(f'{size:g}' for size in at)}]{remark}")
        add_lines.append(f"{field} = [{', '.join(added)}]")
    return "\n".join([*lines, *at_lines, *add_lines, ""])


def half(firms: Sequence[CleanName], seed: int) -> list[CleanName]:
    """The real firms that are fitted on; the others judge."""
    return random.Random(seed).sample(sorted(firms, key=lambda firm: firm.name), len(firms) // 2)
