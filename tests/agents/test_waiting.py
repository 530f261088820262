"""Verdicts that wait for detectors: time passes for all of a partition in one record."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import msgspec

from streams import topics
from streams.agents.delivery import Outgoing
from streams.agents.screening import TICK, Clocks, life_ends, screening_handler
from streams.agents.state import PartitionedState
from streams.assessment.history import Office
from streams.assessment.model import Verdict
from streams.declarations.life import LifeVersion
from streams.metrics import Metrics
from streams.patterns.contract import Told
from streams.settings import Settings
from tests.folded import Folded
from tests.lives import lives

START = datetime(2024, 3, 2, 8, 0, tzinfo=UTC)
SETTINGS = Settings(partitions=1)


def _record(value: bytes, key: bytes | None, seconds: int, offset: int) -> Any:
    return SimpleNamespace(
        topic=SETTINGS.topic(topics.VERSIONS.name),
        partition=0,
        offset=offset,
        key=key,
        value=value,
        headers=[],
        timestamp=int(START.timestamp() + seconds) * 1000,
    )


def _values(topic: topics.Topic, records: list[Outgoing]) -> list[bytes | None]:
    return [record.value for record in records if record.topic == SETTINGS.topic(topic.name)]


def test_a_declaration_that_cannot_be_answered_keeps_no_other_waiting() -> None:
    first, broken, last = lives(3, START, uk=0.0, longest=1)
    folded, metrics = Folded(), Metrics(process=False)

    def assess(life: LifeVersion, advice: Told) -> Verdict:
        if life.version.envelope.declaration_key == broken.key:
            raise RuntimeError("a bug")
        return folded.screen(life, advice)

    state = PartitionedState(SETTINGS, "states", metrics, deadline_of=life_ends(SETTINGS), resolution=86_400)
    state._take(0, {}, 1)
    handle = screening_handler(SETTINGS, state, Office(assess, folded.watch), metrics, Clocks(state))
    for offset, life in enumerate((first, broken, last)):
        ((_, value),) = life.messages
        assert not _values(topics.VERDICTS, handle(_record(value, life.key.encode(), 0, offset)))
    out = handle(_record(TICK, b"tick", 60, 3))
    answered = [
        msgspec.json.decode(value)["declarationKey"] for value in _values(topics.VERDICTS, out) if value
    ]
    assert sorted(answered) == sorted([first.key, last.key])
    assert len(_values(topics.STATE, out)) == 2
    assert len(_values(topics.DEAD_LETTERS, out)) == 1
    assert not _values(topics.DEAD_LETTERS, handle(_record(TICK, b"tick", 61, 4))), "said once"
