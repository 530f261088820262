"""Why a message could not be screened: the typed reasons of the dead-letter topic."""

from typing import Literal

DeadLetterReason = Literal[
    "EMPTY",  # no bytes at all, or only blanks; a null value is a tombstone, which is ignored
    "TOO_LARGE",  # over the size limit; only hash, size and the first 64 KiB are kept
    "NOT_UTF8",  # bytes that are not UTF-8 where text was expected
    "NOT_JSON",  # broken JSON, or nested too deep to read
    "NOT_XML",  # broken XML, or not in the encoding that it declares
    "FORBIDDEN_XML",  # a DOCTYPE, an entity: never needed by customs data, always a risk
    "UNKNOWN_FORMAT",  # none of the formats the intake reads; the detail names a frame or a compression
    "UNKNOWN_SCHEMA_VERSION",  # canonical JSON of a version this code does not know
    "UNSUPPORTED_MESSAGE",  # well formed, but a message type that this release does not take
    "SCHEMA_VIOLATION",  # a field is missing, of the wrong type or out of its range
    "VERSION_CONFLICT",  # the same version of a declaration with another content
    "BASE_MISSING",  # an amendment, cancellation or notice whose declaration did not come in time
    "UNREADABLE_STATE",  # a record of a state topic that cannot be read: done without, as if its key had no state
    "NEWER_STATE",  # the same, because a newer release wrote it
    "INTERNAL_ERROR",  # our own fault: a bug; resend after the release that mends it
]


class NewerRelease(ValueError):
    """Something kept was written by a newer release than this; the message says so in one line."""


class Unscreenable(Exception):
    """A message that cannot be screened. `reason` is the type, `detail` one plain sentence for the one who mends it.

    `detail` may name fields and positions but not party names: it is logged.
    """

    def __init__(self, reason: DeadLetterReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: DeadLetterReason = reason
        self.detail = detail[:500]
