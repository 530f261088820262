"""Makes the dictionaries of streams/cases/packing.py: `.venv/bin/python -m tests.bench.dictionaries NUMBER`.

They are trained on what our own invented declarations say, and on made messages of the WCO Data Model: no real data.
"""

import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources
from itertools import islice
from pathlib import Path

from zstandard import train_dictionary

from streams.assessment.screening import Rulebook
from streams.cases.packing import LEVEL, unpack
from streams.cases.stored import decode_record
from streams.cli.screen import engine
from streams.declarations import canonical
from streams.settings import Settings
from streams.simulation.run import Plan, simulate
from streams.watchlists.index import WatchlistIndex
from streams.watchlists.readers import read_list
from tests.data import PROJECT
from tests.fuzz import seeds
from tests.integration.stream import WATCHLIST
from tests.integration.traffic import declarations
from tests.lives import lives

FOLDER = Path(str(resources.files("streams.cases"))) / "dictionaries"
SIZES = {"image": 48 * 1024, "verdict": 32 * 1024, "asking": 12 * 1024}
"""Bytes. Twice as much saves a fiftieth of what is packed."""
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SIMULATED = 3_000


def main(number: str) -> None:
    """Writes image-NUMBER.dict, verdict-NUMBER.dict and asking-NUMBER.dict."""
    texts = _texts()
    for kind, size in SIZES.items():
        path = FOLDER / f"{kind}-{number}.dict"
        if path.exists():
            raise SystemExit(f"{path.name} exists: states in use were packed with it. Take the next number.")
        samples = texts[kind]
        random.Random(1).shuffle(samples)
        made = train_dictionary(size, samples, level=LEVEL, threads=1).as_bytes()
        path.write_bytes(made)
        print(path.name, len(made), "bytes, of", len(samples), "texts")


def _texts() -> dict[str, list[bytes]]:
    """Kind -> texts that a stream of these messages keeps."""
    stream = engine(Settings(), WatchlistIndex.build([read_list(WATCHLIST)]), Rulebook.load())
    for at, message in _messages():
        for _ in stream.take(message, int(at.timestamp() * 1000)):
            pass
    texts: dict[str, list[bytes]] = defaultdict(list)
    for _, value in stream.screening.items(0):
        record = decode_record(value)
        texts["image"] += [unpack("image", image.body) for image in record.images if image.body]
        texts["image"] += [unpack("event", event.body) for event in record.told]
        texts["verdict"] += [answer.json() for answer in record.answers]
        texts["asking"] += [unpack("asking", record.asking)] if record.asking else []
    return texts


def _messages() -> Iterator[tuple[datetime, bytes]]:
    fixtures = PROJECT / "tests" / "declarations" / "fixtures"
    for path in sorted(fixtures.glob("*.xml")):
        yield START, path.read_bytes()
    yield START, (PROJECT / "docs" / "examples" / "declaration.json").read_bytes()
    for count in range(1, 40):
        yield START, seeds.original(count % 7 + 1).replace("FUZZ", f"F{count:03d}").encode()
    for life in lives(150, START):
        yield from life.messages
    for _, message in declarations(300, versions=0.2):
        yield START, message
    trade = simulate(Plan(months=2, per_month=SIMULATED, plant_months=1))
    for one in islice(trade, SIMULATED):
        yield one.version.envelope.event_date_time, canonical.encode(one.version)


if __name__ == "__main__":
    main(sys.argv[1])
