"""Lists that vanish or lie about their time do not stop a worker, nor drop out of its screening."""

import asyncio
import logging
from pathlib import Path

import msgspec
import pytest
from prometheus_client import generate_latest

from streams.agents import watchlists
from streams.agents.watchlists import ListWatcher
from streams.metrics import Metrics
from streams.settings import Settings
from streams.watchlists.assembler import EditionAssembler
from streams.watchlists.edition import Removal, edition_records, removal_record
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


def test_a_list_that_was_removed_goes_out_of_use_and_an_edition_published_later_comes_in(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def run() -> None:
        metrics = Metrics(process=False)
        watcher = ListWatcher(Settings(), metrics)
        for key, value in (*_records("one"), *_records("two")):
            watcher._assembler.feed(key, value)
        await watcher._use_newest()
        end = Removal(list="two", removed="2026-07-02T00:00:00.000+00:00", reason="it is part of one now")
        watcher._assembler.feed(*removal_record(end))
        for key in watcher._assembler.keys("two"):
            watcher._assembler.feed(key, None)
        with caplog.at_level(logging.WARNING):
            await watcher._use_newest()
        assert watcher.index is not None and {one.list for one in watcher.index.editions} == {"one"}
        assert "two is no longer in use: it was removed; it is part of one now" in caplog.text
        assert b'torugart_list_entries{list="two"}' not in generate_latest(metrics.registry)
        for key, value in edition_records(_list("two"), published="2026-07-03T00:00:00.000+00:00"):
            watcher._assembler.feed(key, value)
        await watcher._use_newest()
        assert {one.list for one in watcher.index.editions} == {"one", "two"}

    asyncio.run(run())


def test_editions_of_which_no_index_can_be_made_stop_nobody(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        watcher = ListWatcher(Settings(), Metrics(process=False))
        for record in _records("one"):
            watcher._assembler.feed(*record)
        await watcher._use_newest()
        in_use = watcher.index
        monkeypatch.setattr(watchlists, "build_index", lambda *_: [][0])
        for record in _records("two"):
            watcher._assembler.feed(*record)
        await watcher._use_newest()
        await watcher._use_newest()
        assert watcher.index is in_use and watcher.ready.is_set()
        assert caplog.text.count("no index can be built") == 1
        monkeypatch.undo()
        for record in _records("three"):
            watcher._assembler.feed(*record)
        await watcher._use_newest()
        assert watcher.index is not None and len(watcher.index.editions) == 3

    asyncio.run(run())


@pytest.mark.parametrize("field", [b'"unknown":' + b"[" * 100_000, b'"list":' + b"[" * 100_000, b"\xff"])
def test_a_manifest_nested_too_deep_is_a_fault_and_stops_nobody(field: bytes) -> None:
    assembler = EditionAssembler()
    assembler.feed(b"one|e|manifest", b"{" + field)
    assert "cannot be read" in assembler.faults()["one"]
    for key, value in (*_records("one"), (b"\xff|\xfe", b"x"), (b"", b"{}"), (b"one|e|0", b"[" * 100_000)):
        assembler.feed(key, value)
    assert set(assembler.complete()) == {"one"}


@pytest.mark.parametrize("published", ["yesterday", "2026-07-01T00:00:00", "2026-13-01T00:00:00+00:00"])
def test_a_manifest_published_at_no_time_is_a_fault_and_not_an_edition(published: str) -> None:
    assembler = EditionAssembler()
    *chunks, (key, manifest) = _records("one")
    for record in chunks:
        assembler.feed(*record)
    assembler.feed(key, msgspec.json.encode(msgspec.json.decode(manifest) | {"published": published}))
    assert assembler.complete() == {}
    assert "published at no time" in assembler.faults()["one"]
