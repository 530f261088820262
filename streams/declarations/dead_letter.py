"""The dead letter: a message that could not be screened, with its reason and its bytes. The value of
`customs.dead-letters`; the contract is `schemas/dead-letter.schema.json`."""

import base64
import hashlib
from typing import Literal

from msgspec import Struct

from streams.declarations.errors import DeadLetterReason, Unscreenable
from streams.errors import UserError

Stage = Literal["intake", "identity", "screening", "patterns"]
"""The agent that could do nothing with it."""

KEPT_OF_TOO_LARGE = 64 * 1024
"""Bytes kept of a message over the size limit: enough to see what it is and who sent it."""


MAX_KEPT = 5_500_000
"""Bytes of the largest message kept whole: in base64, with what else a dead letter says, it still is a Kafka record of
8 MiB. One that Kafka refuses would stop every worker in turn."""


class Source(Struct, rename="camel", frozen=True, kw_only=True):
    """The Kafka record it was."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    """milliseconds since 1970"""
    key: str | None = None
    """base64"""
    format: str | None = None
    """the record's `format` header"""

    @property
    def id(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


class DeadLetter(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    id: str
    """topic/partition/offset of the source record: the same message is the same dead letter"""
    reason: DeadLetterReason
    detail: str
    stage: Stage
    source: Source
    size: int
    """bytes of the whole message"""
    sha256: str
    """of the whole message, hex"""
    payload: str
    """base64 of the message, or of its first 64 KiB where it was too large"""
    code: str
    """version of Torugart"""
    complete: bool = True
    schema_version: str = "1.0"

    def message(self) -> bytes:
        """The original bytes.

        Raises UserError where they were not kept whole.
        """
        if not self.complete:
            raise UserError(
                f"{self.id} was {self.size} bytes; only the first {KEPT_OF_TOO_LARGE} were kept: "
                f"take it from its source, {self.source.topic} partition {self.source.partition} "
                f"offset {self.source.offset}, or from whoever sent it"
            )
        return base64.b64decode(self.payload)


def dead_letter(
    data: bytes | None, error: Unscreenable, source: Source, stage: Stage, code: str
) -> DeadLetter:
    """The dead letter for `data`, refused with `error`. `code` is the version of Torugart."""
    data = data or b""
    complete = error.reason != "TOO_LARGE" and len(data) <= MAX_KEPT
    return DeadLetter(
        id=source.id,
        reason=error.reason,
        detail=error.detail,
        stage=stage,
        source=source,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        payload=base64.b64encode(data if complete else data[:KEPT_OF_TOO_LARGE]).decode("ascii"),
        complete=complete,
        code=code,
    )
