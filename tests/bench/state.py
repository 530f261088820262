"""Bytes of state that a declaration, a version and an event take: `.venv/bin/python -m tests.bench.state`.

Counted on the state values themselves, as Kafka keeps them and a worker holds them; docs/performance.md has the figures.
"""

import statistics
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from streams.cases import declaration_record
from streams.cases.steps import RecordPosition
from streams.cases.stored import DeclarationRecord, encode_record
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Original
from streams.declarations.formats.adapters import read
from streams.declarations.model import DeclarationVersion
from streams.simulation.scenario.declarations import declarations as demo_declarations
from tests.data import PROJECT
from tests.folded import Folded
from tests.lives import Image, Life, lives, original

ORIGIN = "customs.versions/0/0"
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
Message = tuple[datetime, bytes]


def main() -> None:
    """Prints a line for each kind of declaration."""
    tool = Folded()
    samples = PROJECT.parent / "shared" / "data" / "declarations" / "hmrc_cds" / "samples"
    real = [[(START, path.read_bytes())] for path in sorted(samples.rglob("*.xml"))]
    _say(
        "UK trade test originals, one version each", [size for one in real if (size := _bytes(tool, one)[0])]
    )
    made = list(lives(2000, START, uk=1.0))
    _say("made UK lives", [_bytes(tool, one.messages)[0] for one in made])
    _say("  a version more (amendment and grant)", _growth(tool, made))
    _say("  a notice more", _notice(tool, made))
    full = list(lives(2000, START, uk=0.0))
    _say("made canonical lives", [_bytes(tool, one.messages)[0] for one in full])
    _say("  a version more", _growth(tool, full))
    goods = ("610910", "870899", "854231", "848210", "392690", "040690")
    demo: dict[str, DeclarationRecord] = {}
    for one in demo_declarations():
        key = one.version.envelope.declaration_key
        said = declaration_record.add_version(
            demo.get(key, DeclarationRecord()), one.version, None, RecordPosition(ORIGIN), tool.assessors
        )
        demo[key] = said.case
    values = [encode_record(state) for state in demo.values()]
    _say("the demo's declarations, up to two versions each", [len(value) for value in values])
    _say(
        "  in memory, with key and place in the dictionary",
        [sys.getsizeof(v) + sys.getsizeof(k.encode()) + 104 for k, v in zip(demo, values, strict=True)],
    )
    large = Image("Alma Textile 12 LLC", {n: goods[n % len(goods)] for n in range(1, 1000)})
    _say("999 items, one version", [_bytes(tool, [(START, original("L1", "GB1", large))])[0]])


def _bytes(tool: Folded, messages: Iterable[Message]) -> tuple[int, DeclarationRecord]:
    state = DeclarationRecord()
    for at, data in messages:
        state = _add(tool, state, at, data)
    return (len(encode_record(state)) if state.images else 0), state


def _add(tool: Folded, state: DeclarationRecord, at: datetime, data: bytes) -> DeclarationRecord:
    try:
        said = read(data, received=at, max_bytes=2**23)
    except Unscreenable:
        return state
    if isinstance(said, Event):
        return declaration_record.add_event(state, said, RecordPosition(ORIGIN), tool.assessors).case
    if isinstance(said, Original):
        return declaration_record.add_version(
            state, said.version, said.source, RecordPosition(ORIGIN), tool.assessors
        ).case
    if isinstance(said, DeclarationVersion):
        return declaration_record.add_version(state, said, None, RecordPosition(ORIGIN), tool.assessors).case
    return state


def _growth(tool: Folded, made: Sequence[Life]) -> list[int]:
    """Bytes a version beyond the first, of the lives that have some."""
    grown = []
    for life in made:
        if len(life.versions) > 1:
            whole, first = _bytes(tool, life.messages)[0], _bytes(tool, life.messages[:1])[0]
            grown.append((whole - first) // (len(life.versions) - 1))
    return grown


def _notice(tool: Folded, made: Sequence[Life]) -> list[int]:
    """Bytes the acceptance takes, the second message of each UK life."""
    return [_bytes(tool, life.messages[:2])[0] - _bytes(tool, life.messages[:1])[0] for life in made]


def _say(what: str, sizes: Sequence[int]) -> None:
    if sizes:
        ordered = sorted(sizes)
        print(
            f"{what:45} n {len(sizes):5}  median {statistics.median(sizes):8.0f}  mean {statistics.mean(sizes):8.0f}  "
            f"p99 {ordered[int(len(ordered) * 0.99)]:8}  largest {ordered[-1]:8}"
        )


if __name__ == "__main__":
    main()
