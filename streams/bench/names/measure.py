"""Recall by class at a given alert rate of near-misses, alert rates at the default threshold, and time beside two baselines."""

import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from rapidfuzz import fuzz, process

from streams.bench.names.alterations import HELD_OUT, TUNED, altered
from streams.bench.names.strangers import (
    HELD_OUT_FIRMS,
    HELD_OUT_PERSONS,
    NEAR_FIRMS,
    NEAR_PERSONS,
    clean_firms,
    near_misses,
)
from streams.bench.names.writing import firms as writing_of_firms
from streams.bench.names.writing import persons as writing_of_persons
from streams.names.analyse import analyse
from streams.names.index import NameIndex
from streams.names.listed import Listed

KINDS = ("person", "organization")


class Case(Struct, frozen=True):
    kind: str
    label: str
    """class of alteration, or kind of near-miss"""
    name: str
    """as it arrives"""
    of: str = ""
    """the listed name it was made of"""


class Material(Struct, frozen=True):
    altered: list[Case]
    near: list[Case]
    clean: list[Case]
    holders: dict[str, frozenset[int]]
    """listed name -> places of the entries that bear it"""


class Score(Struct, frozen=True):
    case: Case
    score: float
    """of the entry meant, for an altered name; else of the best entry; 0 where none was found"""
    met: str = ""


def material(
    entries: Sequence[Listed],
    strangers: Sequence[str],
    *,
    held_out: bool,
    per_class: int,
    seed: int,
    near_per_kind: int = 500,
    clean: int = 5000,
    share: Callable[[int], bool] = lambda number: True,
) -> Material:
    """Cases made of the entries for which `share` holds. `strangers`: persons on no list; a sample is screened."""
    holders: dict[str, set[int]] = {}
    names: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for number, entry in enumerate(entries):
        for name in entry.names:
            holders.setdefault(name, set()).add(number)
            kind = kind_of(entry.type, name)
            if kind in names and share(number) and len(name) > 8 and len(name.split()) > 1:
                names[kind].append(name)
    classes = HELD_OUT if held_out else TUNED
    which = "other" if held_out else "tuned"
    writing = {"person": writing_of_persons(which), "organization": writing_of_firms(which)}
    near = {
        "person": HELD_OUT_PERSONS if held_out else NEAR_PERSONS,
        "organization": HELD_OUT_FIRMS if held_out else NEAR_FIRMS,
    }
    firms = clean_firms(names["organization"], 2000, seed, holders)
    others = {
        "person": [name for name in strangers if name.isascii()] or names["person"],
        "organization": firms,
    }
    random_ = random.Random(seed)
    strange = [
        Case("person", "clean", name) for name in random_.sample(strangers, min(len(strangers), clean))
    ]
    strange += [Case("organization", "clean", name) for name in firms]
    return Material(
        altered=[
            Case(kind, label, name, of)
            for kind in KINDS
            for label, of, name in altered(names[kind], classes | writing[kind], per_class, seed)
        ],
        near=[
            Case(kind, label, name)
            for kind in KINDS
            for label, name in near_misses(
                names[kind], others[kind], near[kind], near_per_kind, seed, holders
            )
        ],
        clean=strange,
        holders={name: frozenset(numbers) for name, numbers in holders.items()},
    )


def kind_of(type: str, name: str) -> str:
    """What the list says, else organization where a legal form or a common word says so, else unknown."""
    if type != "unknown":
        return type
    analysed = analyse(name)
    says = analysed.legal or any(0.3 < factor < 0.5 for factor in analysed.factors)
    return "organization" if says else "unknown"


def scores(index: NameIndex, made: Material, threshold: float = 0.0) -> dict[str, list[Score]]:
    """`altered`, `near`, `clean` -> the score of each case."""
    found: dict[str, list[Score]] = {"altered": [], "near": [], "clean": []}
    for case in made.altered:
        hits = index.search(case.name, threshold=threshold, limit=10).hits
        right = next((hit for hit in hits if hit.number in made.holders[case.of]), None)
        found["altered"].append(Score(case, right.score if right else 0.0, right.name if right else ""))
    for group, cases in (("near", made.near), ("clean", made.clean)):
        for case in cases:
            hits = index.search(case.name, threshold=threshold, limit=1).hits
            found[group].append(Score(case, hits[0].score, hits[0].name) if hits else Score(case, 0.0))
    return found


def threshold_at(near: Iterable[Score], rate: float) -> float:
    """The least threshold at which no more than this share of the near-misses alerts."""
    values = sorted((score.score for score in near), reverse=True)
    allowed = int(rate * len(values))
    return values[allowed] + 1e-9 if allowed < len(values) else 0.0


def share(found: Iterable[Score], threshold: float) -> float:
    values = [score.score >= threshold for score in found]
    return sum(values) / len(values) if values else float("nan")


def table(found: dict[str, list[Score]], default: float) -> list[str]:
    """Lines to print: recall by class and kind of party at three thresholds, alert rates, near-misses by kind."""
    near = found["near"]
    points = [threshold_at(near, 0.05), threshold_at(near, 0.02), default]
    heads = ["5 % near", "2 % near", "default"]
    lines = [
        f"{'class':<20}" + "".join(f" | {head:^17}" for head in heads),
        f"{'':<20}" + " | person    firm  " * 3,
    ]
    altered = found["altered"]
    labels = list(dict.fromkeys(score.case.label for score in altered))
    for label in [*labels, "all"]:
        line = f"{label:<20}"
        for point in points:
            shares = [share(_of(altered, kind, None if label == "all" else label), point) for kind in KINDS]
            line += " |" + "".join(f" {each:7.3f}" if each == each else "       -" for each in shares) + " "
        lines.append(line)
    means = [statistics.mean(share(_of(altered, None, label), point) for label in labels) for point in points]
    for kind in KINDS:
        of_kind = [label for label in labels if _of(altered, kind, label)]
        each = [
            statistics.mean(share(_of(altered, kind, label), point) for label in of_kind) for point in points
        ]
        lines.append(f"{'mean, ' + kind:<20}" + "".join(f" | {mean:>15.3f}  " for mean in each))
    lines.append(f"{'mean of classes':<20}" + "".join(f" | {mean:>15.3f}  " for mean in means))
    lines.append(f"{'threshold':<20}" + "".join(f" | {point:>15.3f}  " for point in points))
    for group in ("near", "clean"):
        labels = list(dict.fromkeys(score.case.label for score in found[group]))
        for kind, label in itertools.product(KINDS, labels):
            if not (of := _of(found[group], kind, label)):
                continue
            rates = "".join(f" | {share(of, point):>15.4f}  " for point in points)
            lines.append(f"{label[:13]:<13} {kind[:6]:<6}{rates}")
    return lines


def _of(found: Iterable[Score], kind: str | None, label: str | None) -> list[Score]:
    """Those of one kind of party and one class, None being any."""
    return [one for one in found if kind in (None, one.case.kind) and label in (None, one.case.label)]


def loss(index: NameIndex, made: Material, threshold: float, sample: int = 200) -> tuple[int, int]:
    """(found by a scan, of these not found by the index): names of which every listed name is scored, against the search."""
    found = lost = 0
    for case in random.Random(1).sample(made.altered, min(sample, len(made.altered))):
        if index.scan(case.name, threshold, made.holders[case.of]):
            found += 1
            hits = index.search(case.name, threshold=threshold, limit=100).hits
            lost += not any(hit.number in made.holders[case.of] for hit in hits)
    return found, lost


def timings(index: NameIndex, names: Sequence[str], slow: int = 20) -> dict[str, float]:
    """Seconds of CPU a name: never seen before, seen before, and by two baselines over every listed name. `index` must not have
    seen the names."""
    index.forget()
    times = sorted(_seconds(index.search, [name]) for name in names)
    choices = [name.text for name in index.names]
    return {
        "a new name, mean": statistics.mean(times),
        "a new name, median": times[len(times) // 2],
        "a new name, 99 of 100": times[int(len(times) * 0.99)],
        "a name seen before": _seconds(index.search, names),
        "process.extract(WRatio)": _seconds(
            lambda name: process.extract(name, choices, scorer=fuzz.WRatio, limit=5), names[:slow]
        ),
        "a scan by our own score": _seconds(lambda name: index.scan(name, 0.8), names[:3]),
    }


def _seconds(work: Callable[[str], object], names: Sequence[str]) -> float:
    """Of CPU, for a name."""
    started = time.process_time()
    for name in names:
        work(name)
    return (time.process_time() - started) / len(names)
