"""`torugart demo` from start to end: broker, topics, list, worker, trade in, alerts out, totals, and everything stopped."""

import contextlib
import os
import secrets
import signal
import sys
import time
from collections.abc import Iterator, Sequence, Set

import msgspec
from kafka import TopicPartition
from msgspec.structs import replace

from streams.assessment.verdict import Verdict
from streams.cases.alert import Alert
from streams.child import free_port
from streams.declarations.dead_letter import DeadLetter
from streams.demo.screen import Screen
from streams.demo.totals import Tally
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.admin import create_topics
from streams.kafka.embedded import embedded_broker
from streams.kafka.sending import end
from streams.kafka.watchlist_publisher import publish_edition
from streams.patterns.episode_alert import KEY_PREFIX
from streams.patterns.episode_alert import decode as decode_corridor
from streams.settings import PREFIX, Settings
from streams.simulation.scenario.declarations import Version, declarations
from streams.simulation.scenario.tables import WATCHLIST
from streams.text import Block, visible
from streams.watchlists.readers import read_list
from streams.worker_process import Worker, WorkerFailed, worker_process

LIST_NAME = "demo-watchlist"
PARTITIONS = 1
"""So that declarations are taken in one order and every run tells the same. With more of them, those of one month meet the
detectors with a memory in another order each time, and an alert or two on ordinary trade come or go."""
ANSWER_WAIT_SECONDS = 60.0
"""A replay of two years is no reason to answer before the detectors have: on a busy machine they are behind by more than the
default, and by then the stream is months past the declaration."""
EMBEDDED_SESSION_SECONDS = 2.0
"""The embedded broker lets a group wait half the session time before its first assignment."""
CHUNK = 200
"""Messages published between two looks at the answers."""
AHEAD = 3 * CHUNK
"""Messages published and not answered: so that what is shown is of the months that are published."""
SHOWN_REAL = 3
"""Alerts on real exports that are shown: there are hundreds, much alike, and the corridor's own alert says it better."""
STALL_SECONDS = 120.0
QUIET_SECONDS = 2.0
"""After the last verdict alerts may still be on their way; this long without one and there are none."""


class DemoStalled(Exception):
    """Answers stopped coming; the message says how many are missing and what the worker last wrote."""


def run_demo(keep: bool = False, brokers: str | None = None) -> int:
    """Runs the demo on an embedded broker, or on `brokers` under topics of its own; returns the exit code.

    With `keep`, everything stays up until Ctrl-C. Raises EmbeddedBrokerError where there is no embedded broker for this
    platform, KafkaError where `brokers` cannot be used.
    """
    screen = Screen()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_stopping_on_sigterm())
        try:
            with screen:
                started = time.monotonic()
                settings = stack.enter_context(_broker(screen, brokers))
                worker = stack.enter_context(_prepared(screen, settings))
                trade = list(declarations())
                worker.wait_until_ready()
                tally, seconds, first_alert = _screened(screen, settings, worker, trade, started)
            known = [one.label for one in trade if one.label is not None]
            result = tally.totals(known, published=len(trade), seconds=seconds, first_alert=first_alert)
            screen.totals(result, settings, worker.metrics, keep=keep)
            if keep:
                worker.wait()
        except (DemoStalled, WorkerFailed) as error:
            print(f"torugart: {visible(Block(str(error)))}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            screen.step("Stopping.")
            return 0 if keep else 130
    return 0


@contextlib.contextmanager
def _broker(screen: Screen, brokers: str | None) -> Iterator[Settings]:
    """A broker and the demo's settings for it.

    On a broker of the user's own, topics and group get a prefix of this run, and are removed at the end.
    """
    settings = replace(
        Settings.from_env(_security_variables() if brokers else {}),
        partitions=PARTITIONS,
        answer_wait=ANSWER_WAIT_SECONDS,
        web_port=free_port(),
        log_level="warning",
    )
    if not brokers:
        with embedded_broker() as broker:
            screen.step(f"Broker   embedded, on {broker.bootstrap}")
            yield replace(settings, brokers=broker.bootstrap, session_timeout=EMBEDDED_SESSION_SECONDS)
        return
    run = f"torugart-demo-{secrets.token_hex(3)}"
    settings = replace(settings, brokers=brokers, topic_prefix=f"{run}.", group=run)
    screen.step(f"Broker   {brokers}, under topics {settings.topic_prefix}*, which are deleted at the end")
    try:
        yield settings
    finally:
        with contextlib.closing(kafka_clients.admin(settings)) as client:
            client.delete_topics([settings.topic(topic.name) for topic in topics.TOPICS])


def _security_variables() -> dict[str, str]:
    """How to reach a broker of the user's own: everything else of his settings is for his real stream."""
    names = ("SECURITY_PROTOCOL", "REPLICATION")
    return {
        name: value
        for name, value in os.environ.items()
        if name.removeprefix(PREFIX) in names or name.startswith((f"{PREFIX}SSL_", f"{PREFIX}SASL_"))
    }


@contextlib.contextmanager
def _prepared(screen: Screen, settings: Settings) -> Iterator[Worker]:
    """Topics made, the bundled list published, a worker starting."""
    create_topics(settings)
    with worker_process(settings) as worker:
        file = read_list(WATCHLIST, name=LIST_NAME)
        publish_edition(settings, file)
        screen.step(f"List     {len(file.entries)} real entries, edition {file.edition} (US lists, UN)")
        screen.step(f"Worker   pid {worker.pid}, metrics at {worker.metrics}")
        yield worker


def _screened(
    screen: Screen,
    settings: Settings,
    worker: Worker,
    trade: Sequence[Version],
    started: float,
) -> tuple[Tally, float, float | None]:
    """Publishes the trade while it reads the answers; returns them, the seconds it took, and when the first alert came."""
    encoder = msgspec.json.Encoder()
    messages = [(one.key.encode(), encoder.encode(one.version)) for one in trade]
    topic = settings.topic(topics.DECLARATIONS.name)
    producer = kafka_clients.producer(settings)
    answers = _Answers(
        settings,
        screen,
        {one.key for one in trade if one.label and one.label.visible == "real"},
        started,
    )
    tally = answers.tally
    screen.step(f"Trade    {len(messages):,} messages of 2021-2022, ordinary but for a few")
    began = last = time.monotonic()
    published = 0
    try:
        while published < len(messages) or tally.answered < len(messages):
            if published - tally.answered < AHEAD:
                for key, value in messages[published : published + CHUNK]:
                    producer.send(topic, key=key, value=value)
                published = min(len(messages), published + CHUNK)
            before = tally.answered
            answers.read(wait_ms=20 if published < len(messages) else 200)
            now = time.monotonic()
            last = now if tally.answered > before else last
            screen.progress(
                published=published,
                total=len(messages),
                screened=tally.answered,
                alerts=tally.raised,
                seconds=now - began,
            )
            worker.check()
            if now - last > STALL_SECONDS:
                raise DemoStalled(_stall(len(messages) - tally.answered, worker))
        answers.rest()
        return tally, last - began, answers.first_alert
    finally:
        end(producer)
        answers.close()


_verdicts = msgspec.json.Decoder(Verdict)
_alerts = msgspec.json.Decoder(Alert)
_dead_letters = msgspec.json.Decoder(DeadLetter)


class _Answers:
    """Reads what the worker answers, counts it, and shows what is news."""

    def __init__(self, settings: Settings, screen: Screen, real: Set[str], started: float) -> None:
        self.tally = Tally()
        self.first_alert: float | None = None
        """seconds after `started`"""
        self._screen, self._real, self._started = screen, real, started
        self._shown_real = 0
        names = [settings.topic(one.name) for one in (topics.VERDICTS, topics.ALERTS, topics.DEAD_LETTERS)]
        self._verdicts, self._alerts, _ = names
        self._client = kafka_clients.consumer(settings)
        # Every partition, from its beginning.
        partitions = [
            TopicPartition(name, number)
            for name in names
            for number in sorted(self._client.partitions_for_topic(name) or ())
        ]
        self._client.assign(partitions)
        self._client.seek_to_beginning(*partitions)

    def close(self) -> None:
        self._client.close()

    def read(self, wait_ms: int) -> bool:
        """What came by now goes into the tally; returns whether there was news."""
        news = False
        for partition, records in self._client.poll(timeout_ms=wait_ms, max_records=CHUNK).items():
            for record in records:
                if partition.topic == self._alerts:
                    news |= self._alert((record.key or b"").decode(), record.value)
                elif record.value is None:
                    continue
                elif partition.topic == self._verdicts:
                    self.tally.verdict(_verdicts.decode(record.value))
                else:
                    self.tally.dead_letter(_dead_letters.decode(record.value).id)
        return news

    def rest(self) -> None:
        """What is still on its way after the last verdict."""
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < QUIET_SECONDS:
            if self.read(wait_ms=100):
                quiet_since = time.monotonic()

    def _alert(self, key: str, value: bytes | None) -> bool:
        if key.startswith(KEY_PREFIX):
            news = self.tally.corridor(key, decode_corridor(value) if value is not None else None)
            if news is not None:
                self._screen.corridor(news)
            return news is not None
        if value is None:
            return False
        alert = _alerts.decode(value)
        if not self.tally.alert(alert):
            return False
        self.first_alert = self.first_alert or time.monotonic() - self._started
        self._show(alert)
        return True

    def _show(self, alert: Alert) -> None:
        if alert.declaration_key in self._real:
            self._shown_real += 1
            if self._shown_real > SHOWN_REAL:
                return
        self._screen.alert(alert)
        if self._shown_real == SHOWN_REAL and alert.declaration_key in self._real:
            self._screen.step("Further alerts on real exports are counted, not shown: there are hundreds.")


def _stall(missing: int, worker: Worker) -> str:
    return (
        f"no answer for {STALL_SECONDS:.0f} s and {missing} messages have none; the worker's last words:\n"
        f"{worker.last_words()}"
    )


@contextlib.contextmanager
def _stopping_on_sigterm() -> Iterator[None]:
    """Lets SIGTERM end the demo as Ctrl-C does, so that no worker is left behind."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
