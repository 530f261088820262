"""Makes the dictionaries of streams/cases/packing.py: `.venv/bin/python -m tests.bench.dictionaries NUMBER`.

They hold what our own made declarations say, with the names of the elements of the WCO Data Model: no real data.
"""

import random
import sys
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from streams.cases import declaration_record
from streams.cases.declaration_record import Assessors
from streams.cases.packing import unpack
from streams.cases.steps import RecordPosition
from streams.cases.stored import DeclarationRecord, decode_record
from streams.declarations.events import Event, Original
from streams.declarations.formats.adapters import read
from streams.declarations.formats.wco.values import MAP
from streams.declarations.model import DeclarationVersion
from streams.kafka import topics
from tests.agents.world import World
from tests.data import PROJECT
from tests.folded import Folded
from tests.fuzz import seeds
from tests.integration.traffic import declarations
from tests.lives import lives

FOLDER = PROJECT / "streams" / "assessment" / "dictionaries"
WINDOW = 28_000
"""zlib looks 32 KiB back: what a text says itself must find room, too."""
ASKING_WINDOW = 8_000
"""These are packed most often, and a dictionary takes its time to be read."""
NEWS = 300
"""Bytes a text must still take, packed with the dictionary so far, to be put into it."""
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def main(number: str) -> None:
    """Writes image-NUMBER.dict, verdict-NUMBER.dict and asking-NUMBER.dict."""
    images, verdicts = _texts()
    names = sorted({*MAP["sections"].values(), *MAP["tags"]})
    elements = "".join(f'["{name}","",{{}},[["' for name in names).encode()
    _write(FOLDER / f"image-{number}.dict", elements + _distinct(images, WINDOW - len(elements)))
    _write(FOLDER / f"verdict-{number}.dict", _distinct(verdicts, WINDOW))
    _write(FOLDER / f"asking-{number}.dict", _distinct(_askings(), ASKING_WINDOW))


def _texts() -> tuple[list[bytes], list[bytes]]:
    tool, images, verdicts = Folded(), [], []
    messages = [message for life in lives(40, START) for message in life.messages]
    messages.append((START, (PROJECT / "docs" / "examples" / "declaration.json").read_bytes()))
    messages.append((START, seeds.original(3).encode()))
    for at, data in messages:
        said = read(data, received=at, max_bytes=2**20)
        if isinstance(said, Event):
            made = declaration_record.add_event(
                DeclarationRecord(), said, RecordPosition("customs.versions/0/0"), tool.assessors
            ).case
            images += [unpack("event", told.body) for told in made.told]
            continue
        assert isinstance(said, Original | DeclarationVersion)
        version, source = (said.version, said.source) if isinstance(said, Original) else (said, None)
        made = declaration_record.add_version(
            DeclarationRecord(), version, source, RecordPosition("customs.versions/0/0"), tool.assessors
        ).case
        images += [unpack("image", image.body) for image in made.images]
        verdicts += [answer.json() for answer in made.answers]
    return images, verdicts


def _askings() -> list[bytes]:
    tool, chance = Folded(), random.Random(1)
    watch = tool.watch
    world = World(chance, Assessors(tool.screen, watch), watch.book)
    messages = [(START, data) for _, data in declarations(40, versions=0.2)]
    world.publish(messages + [message for life in lives(10, START) for message in life.messages])
    world.run(0.0)
    histories = map(decode_record, world.latest(topics.STATE).values())
    return [unpack("asking", one.asking) for one in histories if one.asking]


def _distinct(texts: Iterable[bytes], size: int) -> bytes:
    """Texts that say something the ones before do not; the last ones first, which are the most like real ones."""
    made = b""
    for text in reversed(list(texts)):
        packer = zlib.compressobj(9, zdict=made) if made else zlib.compressobj(9)
        if len(packer.compress(text) + packer.flush()) > NEWS:
            made = text + made
    return made[-size:]


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        raise SystemExit(f"{path.name} exists: states in use were packed with it. Take the next number.")
    path.write_bytes(content)
    print(path.name, len(content), "bytes")


if __name__ == "__main__":
    main(sys.argv[1])
