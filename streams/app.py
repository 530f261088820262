"""Builds the Faust app from settings: topics, agents, watchlist reader, web views."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from streams import __version__
from streams.agents.ahead import TICK as WAITING_TICK
from streams.agents.controls import ControlWatcher
from streams.agents.identity import TICK
from streams.agents.intake import intake_handler
from streams.agents.loop import run_agent
from streams.agents.remembering import Remembering
from streams.agents.runs import TICK_KEY, RunMerger, gathered
from streams.agents.screening import observe_latency
from streams.agents.watchlists import ListWatcher
from streams.assessment.screening import Rulebook, list_findings, looks, screen
from streams.assessment.verdict import Verdict
from streams.cases.declaration_record import Assessors
from streams.declarations.formats.adapters import Formats
from streams.declarations.model import DeclarationVersion
from streams.findings import Finding
from streams.kafka import outages, topics
from streams.kafka.admin import changelogs
from streams.kafka.causes import sentence
from streams.kafka.delivery import Delivery, stop_without_commit
from streams.kafka.disk import open_disk
from streams.kafka.faust_app import new_faust_app, raw_topic
from streams.kafka.fence import Fence, FencedDelivery, say
from streams.kafka.following import follow
from streams.kafka.state import PartitionedState
from streams.lifecycle.life import LifeVersion
from streams.metrics import Metrics
from streams.patterns.contract import PatternAdvice
from streams.patterns.detectors import detector_set
from streams.settings import Settings
from streams.watchlists.index import WatchlistIndex

log = logging.getLogger(__name__)

T = TypeVar("T")


LAG_SECONDS = 5.0
"""How often the ends of the partitions are asked for."""

TURN_SECONDS = 1.0
"""How often the event loop notes that it turns."""
STUCK_SECONDS = 60.0
"""Without a turn after which the worker is not alive: the heaviest record within the bounds takes a few seconds."""


class Runtime:
    """One worker: the Faust app and what its agents share."""

    def __init__(
        self,
        settings: Settings,
        rulebook: Rulebook,
        formats: Formats,
        metrics: Metrics,
        fenced: bool,
    ) -> None:
        """`fenced`: what it sends goes in transactions (`streams.kafka.fence.fenced`)."""
        self.settings = settings
        self.metrics = metrics
        self.watcher = ListWatcher(settings, metrics)
        self.controls = ControlWatcher(settings, rulebook)
        self._versions, self._references, self._observations = (
            settings.topic(topic.name) for topic in (topics.VERSIONS, topics.REFERENCES, topics.OBSERVATIONS)
        )
        self.watch = detector_set(
            rulebook.high_priority,
            rulebook.atlas,
            rulebook.registry,
            rulebook.watched,
            rulebook.rates,
            self._hits,
        )
        self.memory = Remembering(
            settings,
            self._assessors(),
            self.watch.book,
            metrics,
            open_disk(settings, changelogs),
        )
        self.app = new_faust_app(settings)
        if fenced:
            self.app.fence = Fence(settings, metrics, self.app.troubles)
            self.app.on_before_shutdown.connect(self._on_shutdown)
        self._joined = False
        self._turned = time.monotonic()
        self._loop: asyncio.AbstractEventLoop | None = None
        metrics.build_info.labels(__version__, rulebook.ruleset.id).set(1)
        self._add_agents(formats)
        self._add_views()
        self.app.on_partitions_assigned.connect(self._on_assigned)
        self.app.on_partitions_revoked.connect(self._on_revoked)

    def _add_agents(self, formats: Formats) -> None:
        app, settings, metrics = self.app, self.settings, self.metrics
        intake = intake_handler(settings, formats, metrics)
        handlers, memory = self.memory.handlers, self.memory
        merger = RunMerger(settings)
        self._deliveries = {
            agent: self._delivery(agent) for agent in ("intake", "identity", "screening", "patterns")
        }

        async def intake_agent(stream: Any) -> None:
            await run_agent(
                stream, "intake", intake, self._deliveries["intake"], metrics, merger, stateless=True
            )

        async def identity_agent(stream: Any) -> None:
            await run_agent(
                stream,
                "identity",
                handlers[self._references],
                self._deliveries["identity"],
                metrics,
                merger,
                prepare=partial(self._own, memory.identity),
            )

        async def screening_agent(stream: Any) -> None:
            await run_agent(
                stream,
                "screening",
                handlers[self._versions],
                self._deliveries["screening"],
                metrics,
                merger,
                prepare=self._prepare,
                gather=gathered,
                ahead=memory.ahead.look,
                delivered=partial(observe_latency, metrics=metrics),
            )

        async def patterns_agent(stream: Any) -> None:
            await run_agent(
                stream,
                "patterns",
                handlers[self._observations],
                self._deliveries["patterns"],
                metrics,
                merger,
                prepare=partial(self._own, memory.patterns),
            )

        async def say_fence() -> None:
            say(app.fence is not None)

        async def watchlists() -> None:
            await _go_on("watchlists", self.watcher.run())

        async def control_lists() -> None:
            await _go_on("control lists", self.controls.run())

        async def following() -> None:
            await _go_on("state", follow(settings, memory.states.values()))

        declarations = raw_topic(app, settings.topic(topics.DECLARATIONS.name))
        references = raw_topic(app, self._references)
        versions = raw_topic(app, self._versions)
        app.agent(declarations, name="intake")(intake_agent)
        app.agent(references, name="identity")(identity_agent)
        app.agent(versions, name="screening")(screening_agent)
        app.agent(raw_topic(app, self._observations), name="patterns")(patterns_agent)
        app.task(say_fence)
        app.task(watchlists)
        app.task(control_lists)
        app.task(self._screen_once_ready)
        if settings.state_dir:
            app.task(following)
        app.timer(TURN_SECONDS)(self._turn)
        app.timer(LAG_SECONDS)(self._refresh_ends)
        app.timer(settings.tick_seconds)(self._tick)
        app.timer(max(0.1, settings.answer_wait / 4))(self._tick_waiting)

    def _delivery(self, agent: str) -> Delivery:
        app, metrics = self.app, self.metrics
        if app.fence is not None:
            return FencedDelivery(app, agent, metrics, app.fence)
        return Delivery(app, agent, metrics, app.troubles, partial(sentence, settings=self.settings))

    def _assessors(self) -> Assessors:
        alone = looks(self._index, lambda: self.controls.rulebook)
        if self.settings.patterns == "on":
            return Assessors(self._screen, self.watch, (*alone, self.watch.look))
        return Assessors(self._screen, looks=alone)

    def _screen(self, life: LifeVersion, advice: PatternAdvice) -> Verdict:
        return screen(life.version, self._index(), self.controls.rulebook, life, advice)

    def _hits(self, version: DeclarationVersion) -> list[Finding]:
        return list_findings(version, self._index(), self.controls.rulebook)

    def _index(self) -> WatchlistIndex:
        index = self.watcher.index
        if index is None:  # `_prepare` waits for it
            raise RuntimeError("no watchlist index")
        return index

    async def _prepare(self, event: Any) -> None:
        """Before a run is screened: lists are there, and the state of its partition is ours and complete."""
        await self._ready_to_screen()
        await self._own(self.memory.screening, event)

    async def _ready_to_screen(self) -> None:
        await self.watcher.ready.wait()
        await self.controls.ready.wait()

    async def _own(self, state: PartitionedState, event: Any) -> None:
        if self.app.fence is not None and self.app.fence.torn(event.message.tp):
            state.forget(event.message.partition)
        if not state.owns(event.message.partition):
            await state.recover(event.message.partition, lambda: self.app.consumer_generation_id)

    async def _on_assigned(self, app: Any, assigned: set[Any], **_: Any) -> None:
        self._joined = True
        self.metrics.rebalances.inc()
        for topic, state in self.memory.states.items():
            # Each topic on its own: nobody promises that one worker gets the same partitions of both.
            state.assigned({tp.partition for tp in assigned if tp.topic == topic}, app.consumer_generation_id)
        if not (self.watcher.ready.is_set() and self.controls.ready.is_set()):
            app.consumer.pause_partitions(self._to_screen(assigned))

    def _to_screen(self, partitions: Iterable[Any]) -> set[Any]:
        return {tp for tp in partitions if tp.topic == self._versions}

    async def _screen_once_ready(self) -> None:
        """Fetches nothing to be screened before there are lists: one loop fetches for all agents, and would wait as well."""
        await self._ready_to_screen()
        self.app.consumer.resume_partitions(self._to_screen(self._assignment()))

    async def _on_revoked(self, app: Any, revoked: set[Any], **_: Any) -> None:
        """What is on its way arrives before another worker reads our state back."""
        for delivery in self._deliveries.values():
            await delivery.settled()

    async def _on_shutdown(self, app: Any, **_: Any) -> None:
        await self.app.fence.close()

    async def _tick(self) -> None:
        """Tells the time to the references of every partition of ours, on the one way that changes them."""
        try:
            for tp in self._assignment():
                if tp.topic == self._references:
                    await self.app.producer.send(tp.topic, TICK_KEY, TICK, tp.partition, None, None)
        except Exception as error:  # a broker away: the next tick tells the time as well
            outages.log.warning("a tick could not be sent: %r", error)

    async def _tick_waiting(self) -> None:
        """Tells the time to partitions in which a verdict waits for answers."""
        try:
            for tp in self._assignment():
                if tp.topic == self._versions and self.memory.clocks.waits(tp.partition):
                    await self.app.producer.send(tp.topic, TICK_KEY, WAITING_TICK, tp.partition, None, None)
        except Exception as error:
            outages.log.warning("a tick could not be sent: %r", error)

    def _add_views(self) -> None:
        """Pages, answered in a thread of their own: a probe does not wait for the record in hand. What belongs to the event
        loop is asked there."""
        app, metrics = self.app, self.metrics

        @app.page("/metrics")
        async def metrics_view(web: Any, request: Any) -> Any:
            await self._on_loop(self._refresh_gauges)
            return web.bytes(generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

        @app.page("/health/live")
        async def live_view(web: Any, request: Any) -> Any:
            live = time.monotonic() - self._turned < STUCK_SECONDS
            return web.json({"live": live}, status=200 if live else 503)

        @app.page("/health/ready")
        async def ready_view(web: Any, request: Any) -> Any:
            waiting = await self._on_loop(self._waiting_for)
            return web.json({"ready": not waiting, "waitingFor": waiting}, status=503 if waiting else 200)

    async def _turn(self) -> None:
        self._loop, self._turned = asyncio.get_running_loop(), time.monotonic()

    async def _on_loop(self, ask: Callable[[], T]) -> T:
        """What `ask` returns on the worker's own event loop; at once while that has not begun."""
        loop = self._loop
        if loop is None:
            return ask()

        async def asked() -> T:
            return ask()

        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asked(), loop))

    async def _refresh_ends(self) -> None:
        try:
            with self.app.troubles.doing("fetches"):
                await self.watcher.ask()
                await self.app.consumer.refresh_ends()
        except Exception as error:  # a broker away, a rebalance: the next round asks again
            outages.log.warning("the ends of the partitions could not be asked: %r", error)

    def _waiting_for(self) -> list[str]:
        waiting = [] if self.watcher.ready.is_set() else ["a complete edition of the watchlists"]
        waiting += [] if self.controls.ready.is_set() else ["the control lists published"]
        if not self._joined:  # one that has joined and got none is a spare, and ready
            waiting.append("partitions")
        waiting += self.app.troubles.lasting(self.settings.outage_seconds)
        return waiting

    def _assignment(self) -> Any:
        try:
            return self.app.consumer.assignment()
        except Exception:  # the consumer thread has not started yet
            return ()

    def _refresh_gauges(self) -> None:
        self.metrics.ready.set(0 if self._waiting_for() else 1)
        for state in self.memory.states.values():
            state.report()
        self.metrics.lag.clear()
        if self._assignment():
            for tp, lag in self.app.consumer.lag().items():
                self.metrics.lag.labels(tp.topic, str(tp.partition)).set(lag)


async def _go_on(what: str, reading: Awaitable[None]) -> None:
    """Reads for as long as the worker lives. Where that fails it stops before it commits: what it said from then on would rest
    on what was."""
    try:
        await reading
    except Exception as error:
        log.exception("reading of %s failed", what)
        stop_without_commit(f"{what}: {error!r}")
