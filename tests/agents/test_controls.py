"""Control lists that are published while a worker runs: screened by from then on, and never half."""

import asyncio
import logging

import pytest

from streams.agents.controls import ControlWatcher
from streams.assessment.screening import Rulebook, screen
from streams.goods.control_editions import encode, record_key
from streams.settings import Settings
from streams.watchlists.index import WatchlistIndex
from tests.control_editions import own_edition
from tests.factory import declaration

pytestmark = pytest.mark.G06


def _record(edition: str, text: str, hour: int) -> tuple[bytes, bytes]:
    made = own_edition(edition, text, hour)
    return record_key(made.list, made.edition), encode(made)


def _lane(watcher: ControlWatcher) -> str:
    return screen(declaration(), WatchlistIndex.build([]), watcher.rulebook).lane


def test_a_list_is_screened_by_from_its_edition_on(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        watcher = ControlWatcher(Settings(), Rulebook.load())
        await watcher.use_newest()
        assert watcher.ready.is_set() and _lane(watcher) == "GREEN"
        watcher.feed(*_record("1", "code,countries\n6109,KG\n6110,KG\n6111,KG\n", 1))
        await watcher.use_newest()
        assert _lane(watcher) == "RED"
        assert "goods/own" in watcher.rulebook.tables
        in_use = watcher.rulebook
        with caplog.at_level(logging.ERROR):
            watcher.feed(*_record("2", "code,countries\nshirts,KG\n", 2))
            await watcher.use_newest()
            await watcher.use_newest()
        assert watcher.rulebook is in_use
        assert caplog.text.count("control list own|2 is refused") == 1
        watcher.feed(*_record("3", "code,countries\n6110,KG\n6111,KG\n6112,KG\n", 3))
        await watcher.use_newest()
        assert _lane(watcher) == "GREEN"

    asyncio.run(run())


def test_a_list_that_is_taken_back_stays_in_use() -> None:
    async def run() -> None:
        watcher = ControlWatcher(Settings(), Rulebook.load())
        key, value = _record("1", "code,countries\n6109,KG\n", 1)
        watcher.feed(key, value)
        await watcher.use_newest()
        watcher.feed(key, None)
        await watcher.use_newest()
        assert _lane(watcher) == "RED"

    asyncio.run(run())


def test_a_list_in_place_of_one_of_its_name_and_the_bundled_ones_stay() -> None:
    base = Rulebook.load()

    async def run() -> None:
        watcher = ControlWatcher(Settings(), base)
        watcher.feed(*_record("1", "code,ecn\n610910,1A001\n", 1))
        await watcher.use_newest()
        names = [one.header.name for one in watcher.rulebook.controls.lists]
        assert names == [*(one.header.name for one in base.controls.lists), "own"]
        assert watcher.rulebook.high_priority is base.high_priority
        assert watcher.rulebook.controls.prohibitions.versions == base.controls.prohibitions.versions

    asyncio.run(run())
