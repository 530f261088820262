"""Reads the watchlist editions of `customs.watchlists` and keeps the index that screening uses.

A group-less consumer in every worker. The index is built in a thread and swapped whole: a declaration is screened
with one set of complete editions or another, never with a mixture.
"""

import asyncio
import gc
import logging
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from streams.kafka import topics
from streams.kafka.editions import EditionTopic
from streams.metrics import Metrics
from streams.settings import Settings
from streams.watchlists.assembler import EditionAssembler
from streams.watchlists.edition import Edition
from streams.watchlists.index import WatchlistIndex
from streams.watchlists.readers import ListFile

log = logging.getLogger(__name__)


class ListWatcher:
    """`index` is None until every required list has its first complete edition; `ready` tells when."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._assembler = EditionAssembler(loss=settings.list_loss, clock=lambda: datetime.now(UTC))
        self._refused: dict[tuple[str, str], tuple[str, ...]] = {}
        self._in_use: tuple[Any, ...] | None = None
        self._waiting_said = False
        self._editions: dict[str, Edition] = {}
        self._lost: set[str] = set()
        self._topic = EditionTopic(settings, topics.WATCHLISTS.name)
        self.index: WatchlistIndex | None = None
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Follows the topic for ever."""
        await self._topic.follow(self._assembler.feed, self._use_newest)

    async def ask(self) -> None:
        """As `EditionTopic.ask`."""
        await self._topic.ask()

    async def _use_newest(self) -> None:
        editions = self._with_those_lost(self._assembler.complete())
        self._say_refused()
        missing = self._settings.required_list_names - set(editions)
        signature = tuple(sorted((e.list, e.edition, e.sha256) for e in editions.values()))
        if signature == self._in_use:
            return
        if not editions or missing:
            self._say_waiting(missing)
            return
        started = time.monotonic()
        self._in_use = signature  # also where it fails: it would fail again
        try:
            index = await asyncio.to_thread(
                build_index, tuple(editions.values()), self._settings.name_threshold
            )
        except Exception as error:
            # Anybody may publish an edition whose every record is well formed: it must not stop every worker in turn.
            newest = ", ".join(f"{one.list} {one.edition}" for one in editions.values())
            log.error("no index can be built of %s: %s; what was in use stays", newest, type(error).__name__)
            log.debug("the index in full", exc_info=True)
            return
        self.index = index
        seconds = time.monotonic() - started
        self._forget_ended(editions)
        self._editions = editions
        self._metrics.index_build.set(seconds)
        for edition in editions.values():
            self._metrics.list_entries.labels(edition.list).set(len(edition.entries))
            names = sum(len(entry.names) + len(entry.weak_names) for entry in edition.entries)
            self._metrics.list_names.labels(edition.list).set(names)
            self._metrics.list_refusals.labels(edition.list)  # from 0 on: a first refusal is an increase
            if edition.published:
                published = datetime.fromisoformat(edition.published).timestamp()
                self._metrics.list_published.labels(edition.list).set(published)
            log.info("list %s edition %s: %d entries", edition.list, edition.edition, len(edition.entries))
        log.info("name index swapped, built in %.1f s", seconds)
        self.ready.set()

    def _with_those_lost(self, complete: dict[str, Edition]) -> dict[str, Edition]:
        """A list that was in use and has no complete edition any more stays in use, unless somebody said that it ended."""
        ended = self._assembler.removed()
        kept = {name: edition for name, edition in self._editions.items() if name not in ended}
        for name in kept.keys() - complete.keys() - self._lost:
            log.error(
                "list %s has no complete edition any more; its last one stays in use: load it again", name
            )
            self._lost.add(name)
        self._lost -= complete.keys()
        return kept | complete

    def _forget_ended(self, editions: dict[str, Edition]) -> None:
        for name in self._editions.keys() - editions.keys():
            log.warning(
                "list %s is no longer in use: it was removed; %s",
                name,
                self._assembler.removed()[name].reason,
            )
            for gauge in (
                self._metrics.list_entries,
                self._metrics.list_names,
                self._metrics.list_published,
            ):
                gauge.remove(name)

    def _say_refused(self) -> None:
        refused = self._assembler.refused()
        for name, edition in refused.keys() - self._refused.keys():
            reasons = "; ".join(refused[name, edition])
            log.error(
                "list %s edition %s is refused, the last good one stays in use: %s", name, edition, reasons
            )
            self._metrics.list_refusals.labels(name).inc()
        self._refused = refused

    def _say_waiting(self, missing: frozenset[str]) -> None:
        if not self._waiting_said:
            wanted = ", ".join(sorted(missing)) or "any watchlist"
            log.warning("nothing is screened before %s is loaded: run `torugart lists load FILE`", wanted)
            self._waiting_said = True


def build_index(editions: Iterable[Edition | ListFile], threshold: float | None) -> WatchlistIndex:
    """The index, kept out of the garbage collector's rounds: walking its millions of objects again and again made the
    slowest search 25 times slower (219 ms for 8.6 ms on the 2026 US list)."""
    index = WatchlistIndex.build(editions, threshold=threshold)
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    return index
