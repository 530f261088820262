"""Lists that vanish or lie about their time do not stop a worker, nor drop out of its screening."""

import asyncio
import logging
from pathlib import Path

import msgspec
import pytest

from streams.agents.watchlists import ListWatcher
from streams.metrics import Metrics
from streams.settings import Settings
from streams.watchlists.edition import EditionAssembler, edition_records
from streams.watchlists.readers import ListFile, read_list

FIXTURE = Path(__file__).parents[1] / "integration" / "fixtures" / "watchlist.targets.simple.csv"


def _list(name: str) -> ListFile:
    return read_list(FIXTURE, name=name)


def _records(name: str) -> list[tuple[bytes, bytes]]:
    return list(edition_records(_list(name), chunk_entries=2, published="2026-07-01T00:00:00+00:00"))


def test_a_list_that_lost_a_chunk_stays_in_use(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        watcher = ListWatcher(Settings(), Metrics(process=False))
        for key, value in (*_records("one"), *_records("two")):
            watcher._assembler.feed(key, value)
        await watcher._use_newest()
        assert watcher.index is not None and len(watcher.index.editions) == 2
        for key, _ in _records("two"):
            watcher._assembler.feed(key, None)
        assert set(watcher._assembler.complete()) == {"one"}
        with caplog.at_level(logging.ERROR):
            await watcher._use_newest()
        assert {edition.list for edition in watcher.index.editions} == {"one", "two"}
        assert "list two has no complete edition any more" in caplog.text

    asyncio.run(run())


@pytest.mark.parametrize("published", ["yesterday", "2026-07-01T00:00:00", "2026-13-01T00:00:00+00:00"])
def test_a_manifest_published_at_no_time_is_a_fault_and_not_an_edition(published: str) -> None:
    assembler = EditionAssembler()
    *chunks, (key, manifest) = _records("one")
    for record in chunks:
        assembler.feed(*record)
    assembler.feed(key, msgspec.json.encode(msgspec.json.decode(manifest) | {"published": published}))
    assert assembler.complete() == {}
    assert "published at no time" in assembler.faults()["one"]
