"""`make fuzz`: many cases through the intake, and a table of what became of them.

python -m tests.fuzz --count 100000 --seed 1
python -m tests.fuzz --case 1/notice/4711      one of them again, with its traceback
python -m tests.fuzz --kafka                   through real Kafka and a worker, asking for its health
"""

import argparse
import logging
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from streams.cli.worker import keep_memory_steady
from tests.fuzz import kafka
from tests.fuzz.cases import CLASSES, Case, class_of, make, real_messages
from tests.fuzz.harness import LIMIT, Fault, Harness, Result, TooSlow, settled

KEPT = Path(__file__).resolve().parents[2] / ".cache" / "fuzz"
WARM = 5_000
"""Cases after which caches are filled and all code has run: memory is counted from there."""
GROWTH = 48 * 1024 * 1024
"""Bytes that the process may have grown by at the end, over those after the warm-up (docs/hardening.md)."""
PEAK = 384 * 1024 * 1024
"""Bytes that the intake may take while it reads one message."""
SPACE = 3 * 1024**3
"""Bytes of address space of the process: what takes more fails here, and not on the machine."""
MAX_FAULTS = 20

KINDS = ("accepted", "event", "ignored")


class Tally:
    """What became of the cases of one class."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.after: Counter[str] = Counter()
        self.slowest = 0.0
        self.then = 0.0
        self.peak = 0

    def add(self, result: Result) -> None:
        self.outcomes[result.outcome] += 1
        self.after.update(result.after)
        self.slowest = max(self.slowest, result.seconds)
        self.then = max(self.then, result.then)
        self.peak = max(self.peak, result.peak)


def attempt(harness: Harness, name: str, seed: int, index: int) -> tuple[Case, Result | None, str]:
    """The case, what became of it, and the fault where there is one."""
    case = make(name, seed, index)
    try:
        return case, harness.run(case, Random(f"{seed}/{name}/{index}/after")), ""
    except (Exception, TooSlow) as error:
        what = f"{type(error).__name__}: {error}"
        if isinstance(error, TooSlow):
            what = f"took over {LIMIT:.0f} seconds of processor time"
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        return case, None, what if isinstance(error, Fault) else f"{what} at {where}"


def keep(case: Case, name: str, seed: int, index: int) -> Path:
    """Writes the bytes of a case that found a fault."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{seed}-{name.replace(' ', '_')}-{index}.bin"
    path.write_bytes(case.value or b"")
    return path


def one(harness: Harness, where: str) -> int:
    seed, name, index = where.split("/")
    case = make(name, int(seed), int(index))
    path = keep(case, name, int(seed), int(index))
    print(f"{path}: {len(case.value or b'')} bytes, headers {case.headers}, at {case.timestamp}")
    logging.getLogger("streams").setLevel(logging.DEBUG)  # tells what the guard caught, with its traceback
    print(harness.run(case, Random(f"{seed}/{name}/{index}/after")))
    return 0


def rows(tallies: dict[str, Tally]) -> Iterator[tuple[str, ...]]:
    yield ("class", "cases", *KINDS, "dead letters by reason", "slowest ms", "then ms", "peak MiB")
    total = Tally()
    for name in CLASSES:
        if name in tallies:
            tally = tallies[name]
            total.outcomes.update(tally.outcomes)
            total.after.update(tally.after)
            total.slowest, total.then = max(total.slowest, tally.slowest), max(total.then, tally.then)
            total.peak = max(total.peak, tally.peak)
            yield row(name, tally)
    yield row("all", total)


def row(name: str, tally: Tally) -> tuple[str, ...]:
    dead = [f"{reason} {n:,}" for reason, n in tally.outcomes.most_common() if reason not in KINDS]
    counts = [f"{tally.outcomes[kind]:,}" for kind in KINDS]
    return (
        name,
        f"{tally.outcomes.total():,}",
        *counts,
        ", ".join(dead),
        f"{tally.slowest * 1000:,.0f}",
        f"{tally.then * 1000:,.0f}",
        f"{tally.peak / 2**20:,.0f}",
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", default="")
    parser.add_argument("--kafka", action="store_true")
    given = parser.parse_args()
    if given.kafka:
        return kafka.run(given.count, given.seed)
    resource.setrlimit(resource.RLIMIT_AS, (SPACE, SPACE))
    keep_memory_steady()  # as the worker does
    harness = Harness(peaks=True)
    if given.case:
        return one(harness, given.case)
    print(f"seed {given.seed}, {given.count:,} cases, {real_messages():,} real messages at hand", flush=True)
    tallies: dict[str, Tally] = {}
    faults: list[str] = []
    warm, started = 0, time.monotonic()
    for index in range(given.count):
        if index == min(WARM, given.count // 2):
            warm = settled()
        name = class_of(index)
        case, result, fault = attempt(harness, name, given.seed, index)
        if result is not None:
            tallies.setdefault(name, Tally()).add(result)
            if result.peak > PEAK:
                fault = f"took {result.peak / 2**20:.0f} MiB; {PEAK // 2**20} are allowed"
        if fault:
            path = keep(case, name, given.seed, index)
            faults.append(f"{given.seed}/{name}/{index}: {fault}\n    {path}")
            print(f"FAULT {faults[-1]}", flush=True)
            if len(faults) >= MAX_FAULTS:
                break
        if index and index % 10_000 == 0:
            print(f"{index:,} cases, {settled() / 2**20:.0f} MiB", file=sys.stderr, flush=True)
    seconds = time.monotonic() - started
    growth = settled() - warm
    for line in rows(tallies):
        print("| " + " | ".join(line) + " |")
        if line[0] == "class":
            print("|" + "---|" * len(line))
    after: Counter[str] = Counter()
    for tally in tallies.values():
        after.update(tally.after)
    print("afterwards: " + ", ".join(f"{what} {n:,}" for what, n in sorted(after.items())))
    print(
        f"{seconds:,.0f} seconds; memory {warm / 2**20:.0f} MiB after the warm-up, {growth / 2**20:+.1f} MiB at the end"
    )
    if growth > GROWTH:
        faults.append(f"the process grew by {growth / 2**20:.0f} MiB; {GROWTH // 2**20} are allowed")
        print(f"FAULT {faults[-1]}")
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
