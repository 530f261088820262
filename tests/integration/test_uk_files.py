"""Every message that UK HMRC publishes for trade tests, as it is, through the stream: the same as through `torugart screen`."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec

from streams import topics
from streams.assessment import history
from streams.assessment.screening import Rulebook
from streams.cli.screen import Screener
from streams.declarations.dead_letter import DeadLetter
from streams.message_files import FileMessage
from streams.settings import Settings
from streams.watchlists.hits import WatchlistIndex
from streams.watchlists.readers import read_list
from tests.data import data
from tests.integration.brokers import Broker
from tests.integration.stream import WATCHLIST, running
from tests.lives import now

ENDS_WITHIN = 120


def test_all_577_files_end_as_without_a_stream(
    broker: Broker, tmp_path: Path, unique: Callable[[str], str]
) -> None:
    samples = data("declarations", "hmrc_cds", "samples")
    files = sorted(path for path in samples.rglob("*") if path.suffix.lower() == ".xml")
    messages = [(now() + timedelta(seconds=n), path.read_bytes()) for n, path in enumerate(files)]
    screener = Screener(
        Settings(), WatchlistIndex.build([read_list(WATCHLIST)]), Rulebook.load(), None, "auto"
    )
    lines = [
        line
        for number, (at, body) in enumerate(messages)
        for line in screener.take(FileMessage("file", number, body), at)
    ]
    waiting = len({event.id for event, _ in screener.waiting()})
    lines += screener.end()
    assert len(lines) == len(files) == 577
    expected = {
        f"{key}@{answer.number}".encode(): answer.json()
        for key, state in screener.histories.items()
        for answer in history.decode(state).answers
    }
    # One that waits and comes again is the same message, and one dead letter.
    refused = Counter({"NOT_XML": 1, "BASE_MISSING": waiting})
    assert refused.keys() == {line.reason for line in lines if isinstance(line, DeadLetter)}
    with running(broker, unique("uk"), tmp_path, base_wait=5.0, tick_seconds=1.0) as stream:
        stream.start_worker().wait_ready()
        stream.publish((None, body, int(at.timestamp() * 1000)) for at, body in messages)
        stream.wait_for(topics.VERDICTS, len(expected), ENDS_WITHIN)
        stream.wait_for(topics.DEAD_LETTERS, refused.total(), ENDS_WITHIN)
        stream.wait_committed()
        verdicts = stream.latest(topics.VERDICTS)
        assert {key for key in expected if verdicts.get(key) != expected[key]} == set()
        letters = stream.latest(topics.DEAD_LETTERS).values()
        assert Counter(msgspec.json.decode(value)["reason"] for value in letters) == refused
