"""Identity on the published UK samples: real references, with all that is inconsistent about them."""

import random
from datetime import UTC, datetime

import pytest

from streams.assessment.screening import Rulebook
from streams.cli.screen import engine
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Original
from streams.declarations.formats import adapters
from streams.kafka import topics
from streams.settings import Settings
from streams.watchlists.index import WatchlistIndex
from tests.data import data

RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)
MAX_BYTES = 4 * 1024 * 1024
FOREVER = Settings(patterns="off", life_days=36_500)
"""Some of these messages are years older than the others."""


@pytest.mark.load
def test_in_any_order_each_sample_goes_to_the_declaration_of_its_own_scenario_or_waits() -> None:
    """Those that wait name references that no sample declaration has. None is given to another scenario's."""
    samples = data("declarations", "hmrc_cds", "samples")
    messages: list[tuple[str, bytes]] = []
    scenario: dict[str, str] = {}
    events = set()
    for path in sorted(samples.rglob("*.xml")):
        name = str(path.relative_to(samples))
        body = path.read_bytes()
        try:
            message = adapters.read(body, received=RECEIVED, max_bytes=MAX_BYTES)
        except Unscreenable:
            continue
        messages.append((name, body))
        if isinstance(message, Original):
            scenario[message.version.envelope.declaration_key] = name.partition("/")[0]
        if isinstance(message, Event):
            events.add(name)
    index, rulebook = WatchlistIndex.build([]), Rulebook.load()
    ends = set()
    for seed in range(3):
        random.Random(seed).shuffle(messages)
        stream = engine(FOREVER, index, rulebook)
        versions = stream.settings.topic(topics.VERSIONS.name)
        found: set[tuple[str, str]] = set()
        for _, body in messages:
            for handled in stream.take(body, int(RECEIVED.timestamp() * 1000)):
                name, _ = messages[handled.message]
                if handled.record.topic == versions and name in events:
                    found.add((handled.record.key.decode(), name))
        ends.add(frozenset(found))
    assert len(ends) == 1
    (end,) = ends
    assert {name for _, name in end} <= events
    assert [(key, name) for key, name in end if not name.startswith(f"{scenario[key]}/")] == []
    assert len(end) >= 140
