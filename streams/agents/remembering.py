"""The three agents that remember, each with its state: wired once, for a worker and for whoever runs their handlers without a
broker."""

from streams.agents import identity, patterns, screening
from streams.agents.ahead import Ahead
from streams.agents.identity import deadline_of, identity_handler
from streams.agents.loop import Handler
from streams.agents.patterns import looked_at, patterns_handler
from streams.agents.screening import Clocks, life_ends, screening_handler
from streams.cases.declaration_record import Assessors
from streams.cases.stored import times_of
from streams.kafka import topics
from streams.kafka.disk import Disk
from streams.kafka.state import PartitionedState
from streams.metrics import Metrics
from streams.patterns.memory import Book
from streams.settings import Settings

DAY_SECONDS = 86_400.0
"""How exactly the ends of lives and of what patterns remember are kept, which are counted in days."""


class Remembering:
    """Identity, screening and patterns."""

    def __init__(
        self,
        settings: Settings,
        assessors: Assessors,
        book: Book,
        metrics: Metrics,
        disk: Disk | None = None,
    ) -> None:
        """`disk`: where the states are kept; in memory without."""
        self.screening = PartitionedState(
            settings,
            settings.topic(topics.STATE.name),
            metrics,
            deadline_of=life_ends(settings),
            resolution=DAY_SECONDS,
            checked=screening.checked(settings),
            read=screening.read_whole,
            times_of=times_of,
            disk=disk,
        )
        self.identity = PartitionedState(
            settings,
            settings.topic(topics.REFERENCE_STATE.name),
            metrics,
            name="identity",
            deadline_of=deadline_of(settings),
            checked=identity.checked(settings),
            read=identity.read_whole,
            disk=disk,
        )
        self.patterns = PartitionedState(
            settings,
            settings.topic(topics.PATTERN_STATE.name),
            metrics,
            name="patterns",
            deadline_of=looked_at,
            resolution=DAY_SECONDS,
            checked=patterns.checked(settings),
            read=patterns.read_whole(book),
            disk=disk,
        )
        self.clocks = Clocks(self.screening)
        self.ahead = Ahead(assessors.looks)
        references, versions, observations = (
            settings.topic(topic.name) for topic in (topics.REFERENCES, topics.VERSIONS, topics.OBSERVATIONS)
        )
        self.states = {
            references: self.identity,
            versions: self.screening,
            observations: self.patterns,
        }
        """topic that is read -> what is remembered of it"""
        self.handlers: dict[str, Handler] = {
            references: identity_handler(settings, self.identity, metrics),
            versions: screening_handler(
                settings, self.screening, assessors, metrics, self.clocks, self.ahead
            ),
            observations: patterns_handler(settings, self.patterns, book, metrics),
        }
