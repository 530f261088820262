"""Identity on the published UK samples: real references, with all that is inconsistent about them."""

import random
from datetime import UTC, datetime

from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Original
from streams.declarations.formats import adapters
from streams.lifecycle.identity import Desk
from tests.data import data

RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)
MAX_BYTES = 4 * 1024 * 1024


def test_in_any_order_each_sample_goes_to_the_declaration_of_its_own_scenario_or_waits() -> None:
    """Those that wait name references that no sample declaration has. None is given to another scenario's."""
    samples = data("declarations", "hmrc_cds", "samples")
    messages: list[tuple[str, Original | Event]] = []
    scenario: dict[str, str] = {}
    for path in sorted(samples.rglob("*.xml")):
        name = path.relative_to(samples)
        try:
            message = adapters.read(path.read_bytes(), received=RECEIVED, max_bytes=MAX_BYTES)
        except Unscreenable:
            continue
        if isinstance(message, Original):
            scenario[message.version.envelope.declaration_key] = name.parts[0]
        if isinstance(message, Original | Event):
            messages.append((str(name), message))
    ends = set()
    for seed in range(10):
        random.Random(seed).shuffle(messages)
        desk: Desk[str] = Desk()
        found: set[tuple[str, str]] = set()
        for tag, message in messages:
            released = (
                desk.claim(message.version) if isinstance(message, Original) else desk.seek(message, tag)
            )
            found |= {(key, name) for key, _, name in released}
        ends.add(frozenset(found))
        waiting = {tag for _, tag in desk.waiting()}
        events = {tag for tag, message in messages if isinstance(message, Event)}
        assert waiting | {name for _, name in found} == events and len(waiting) + len(found) == len(events)
    assert len(ends) == 1
    (end,) = ends
    assert [(key, name) for key, name in end if not name.startswith(f"{scenario[key]}/")] == []
    assert len(end) >= 140
