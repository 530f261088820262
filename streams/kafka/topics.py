"""Each topic: name, key, value, partitions, cleanup policy, in one table; made and checked by `torugart topics`."""

from typing import Literal

from msgspec import Struct

from streams.settings import Settings

Cleanup = Literal["delete", "compact"]
Right = Literal["READ", "WRITE"]
"""Operations of Kafka's ACLs."""

MAX_MESSAGE_BYTES = 8 * 1024 * 1024
"""Broker limit for every topic: a declaration of 4 MiB still fits as a dead letter in base64 (5.4 MiB), and an over-large
one of up to 8 MiB reaches the intake, which keeps its hash, instead of failing in the producer's hands."""

DAY_MS = 24 * 3600 * 1000


class Topic(Struct, frozen=True, kw_only=True):
    name: str
    key: str
    value: str
    partitions: Literal["any", "internal", "one"] = "internal"
    """`any`: as the pipeline likes; `internal`: exactly TORUGART_PARTITIONS; `one`: total order is needed"""
    cleanup: Cleanup = "delete"
    rights: tuple[Right, ...] = ("READ", "WRITE")
    """what a worker does with it"""
    days: int = 7
    """kept, where the cleanup is to delete"""

    @property
    def retention_days(self) -> int | None:
        """None: for ever."""
        return self.days if self.cleanup == "delete" else None

    def count(self, settings: Settings) -> int:
        return 1 if self.partitions == "one" else settings.partitions

    def config(self) -> dict[str, str]:
        config = {"cleanup.policy": self.cleanup, "max.message.bytes": str(MAX_MESSAGE_BYTES)}
        if self.retention_days is not None:
            config["retention.ms"] = str(self.retention_days * DAY_MS)
        return config


DECLARATIONS = Topic(
    name="declarations",
    key="any",
    value="a declaration in any format the intake reads",
    partitions="any",
    rights=("READ",),
)
VERSIONS = Topic(
    name="versions",
    key="declarationKey",
    value="a version as canonical JSON (schemas/declaration.schema.json), perhaps with its source document, or an event",
)
REFERENCES = Topic(
    name="references",
    key="lrn|system|LRN or mrn|system|MRN",
    value="what is said or asked about a reference (internal, MessagePack)",
)
VERDICTS = Topic(
    name="verdicts",
    key="declarationKey@versionNumber",
    value="verdict (schemas/verdict.schema.json)",
    rights=("WRITE",),
    days=90,
)
ALERTS = Topic(
    name="alerts",
    key="declarationKey",
    value="alert (schemas/alert.schema.json); the newest record of a key holds the whole alert",
    cleanup="compact",
    rights=("WRITE",),
)
DEAD_LETTERS = Topic(
    name="dead-letters",
    key="source topic/partition/offset",
    value="dead letter (schemas/dead-letter.schema.json)",
    partitions="any",
    rights=("WRITE",),
    days=90,
)
WATCHLISTS = Topic(
    name="watchlists",
    key="list|edition|chunk",
    value="chunk of a watchlist edition, its manifest last",
    partitions="one",
    cleanup="compact",
    rights=("READ",),
)
CONTROL_LISTS = Topic(
    name="control-lists",
    key="list|edition",
    value="an edition of a control list of your own (`torugart controls load`)",
    partitions="one",
    cleanup="compact",
    rights=("READ",),
)
STATE = Topic(
    name="screening-state",
    key="declarationKey",
    value="answers given for this declaration (internal, MessagePack)",
    cleanup="compact",
)
REFERENCE_STATE = Topic(
    name="reference-state",
    key="lrn|system|LRN or mrn|system|MRN",
    value="whose reference it is, and what waits for that to be known (internal, MessagePack)",
    cleanup="compact",
)

OBSERVATIONS = Topic(
    name="observations",
    key="detector|what it tracks",
    value="a declaration's contribution to it has changed, or trade statistics (internal, MessagePack)",
)
PATTERN_STATE = Topic(
    name="pattern-state",
    key="detector|what it tracks",
    value="what is remembered of it, or statistics say (internal, MessagePack)",
    cleanup="compact",
)

TOPICS: tuple[Topic, ...] = (
    DECLARATIONS,
    REFERENCES,
    VERSIONS,
    VERDICTS,
    ALERTS,
    DEAD_LETTERS,
    WATCHLISTS,
    CONTROL_LISTS,
    STATE,
    REFERENCE_STATE,
    OBSERVATIONS,
    PATTERN_STATE,
)

STATES = (STATE, REFERENCE_STATE, PATTERN_STATE)
"""What workers remember, and read back."""
