"""Every message that UK HMRC publishes for trade tests, as it is, through the stream: the same as through `torugart screen`.

Without the detectors that remember trade, and without forgetting: both begin with the time of whatever a partition saw first,
and some of these messages are years older than the others.
"""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from streams.assessment.screening import Rulebook
from streams.cases.stored import decode_record
from streams.cli.screen import Screening, engine
from streams.declarations.dead_letter import DeadLetter
from streams.declarations.events import Event
from streams.declarations.formats.adapters import read
from streams.kafka import topics
from streams.message_files import FileMessage
from streams.settings import Settings
from streams.watchlists.index import WatchlistIndex
from streams.watchlists.readers import read_list
from tests.data import data
from tests.folded import told
from tests.integration.brokers import Broker
from tests.integration.stream import WATCHLIST, running
from tests.lives import now


def _event_id(message: bytes | None) -> str:
    """Of what waits: copies that differ only in when they were received are one."""
    event = read(message, received=now(), max_bytes=2**24)
    assert isinstance(event, Event)
    return event.id


FOREVER: dict[str, Any] = {"patterns": "off", "life_days": 36_500}


def test_all_577_files_end_as_without_a_stream(
    broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    samples = data("declarations", "hmrc_cds", "samples")
    files = sorted(path for path in samples.rglob("*") if path.suffix.lower() == ".xml")
    messages = [(now() + timedelta(seconds=n), path.read_bytes()) for n, path in enumerate(files)]
    without_a_broker = engine(
        Settings(**FOREVER), WatchlistIndex.build([read_list(WATCHLIST)]), Rulebook.load()
    )
    screening = Screening(without_a_broker)
    lines = [
        line
        for number, (at, body) in enumerate(messages)
        for line in screening.take(FileMessage("file", number, body), at)
    ]
    waiting = len({_event_id(message.data) for message in screening.waiting()})
    lines += screening.end()
    assert len(lines) == len(files) == 577
    expected = {
        b"%s@%d" % (key, answer.number): answer.json()
        for key, state in without_a_broker.screening.items(0)
        for answer in decode_record(state).answers
    }
    assert {"NOT_XML", "BASE_MISSING"} == {line.reason for line in lines if isinstance(line, DeadLetter)}
    with running(broker, unique("uk"), tmp_path, **FOREVER, base_wait=10.0, tick_seconds=1.0) as stream:
        worker = stream.start_worker()
        worker.wait_ready()
        stream.publish((None, body, int(at.timestamp() * 1000)) for at, body in messages)
        stream.wait_for(topics.VERDICTS, len(expected))
        stream.wait_for(topics.DEAD_LETTERS, waiting + 1)
        stream.wait_committed()
        verdicts = stream.latest(topics.VERDICTS)
        assert {key for key in expected if told(verdicts.get(key)) != told(expected[key])} == set()
        letters = [msgspec.json.decode(value) for value in stream.latest(topics.DEAD_LETTERS).values()]
        # On a busy machine some are found after all, and of two copies each is given up; 577 messages come within the wait else.
        found_late = re.search(r'routed_total\{how="late"\} (\d+)', worker.get("/metrics").decode())
        late = int(found_late[1]) if found_late else 0
        lost = {(one["reason"], one["payload"]) for one in letters}
        assert Counter(reason for reason, _ in lost) == {"NOT_XML": 1, "BASE_MISSING": waiting + late}
