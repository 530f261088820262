"""Follows `customs.control-lists` and keeps the rulebook that screening uses: the worker's own, with what is published in it."""

import asyncio
import logging
from datetime import UTC, datetime

from streams.assessment.screening import Rulebook
from streams.goods.control_editions import ControlEditions, ReadEdition
from streams.kafka import topics
from streams.kafka.editions import EditionTopic
from streams.settings import Settings

log = logging.getLogger(__name__)


class ControlWatcher:
    """`rulebook` is swapped whole: a declaration is screened by one set of lists or another. `ready` tells when what was
    published before is known."""

    def __init__(self, settings: Settings, rulebook: Rulebook) -> None:
        self._settings = settings
        self._base = self.rulebook = rulebook
        self._editions = ControlEditions(loss=settings.list_loss, clock=lambda: datetime.now(UTC))
        self._in_use: dict[str, ReadEdition] = {}
        self._refused: set[bytes] = set()
        self._told = True
        """whether something came since the lists were judged"""
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Follows the topic for ever."""
        await EditionTopic(self._settings, topics.CONTROL_LISTS.name).follow(self.feed, self.use_newest)

    def feed(self, key: bytes, value: bytes | None) -> None:
        """Takes one record of the topic."""
        self._editions.feed(key, value)
        self._told = True

    async def use_newest(self) -> None:
        """Screens by what may be used from here on."""
        if not self._told:
            return
        self._told = False
        refused = self._editions.refused()
        for key in refused.keys() - self._refused:
            reasons = "; ".join(refused[key])
            log.error(
                "control list %s is refused, the last good one stays in use: %s",
                key.decode(errors="replace"),
                reasons,
            )
        self._refused = set(refused)
        # A list that was in use and is gone stays in use: nobody said that it ended.
        chosen = self._in_use | self._editions.in_use()
        if {name: one.record for name, one in chosen.items()} != {
            name: one.record for name, one in self._in_use.items()
        }:
            self.rulebook = await asyncio.to_thread(
                self._base.with_lists, [one.list for one in chosen.values()]
            )
            for name, one in chosen.items():
                log.info("control list %s edition %s: %d codes", name, one.record.edition, one.facts.entries)
            self._in_use = chosen
        self.ready.set()
