"""What a message can be besides a full version: something that happened to a declaration that is known by a reference.

Amendments come as deltas, cancellations as a reference and a reason, notices as a code. None of them is a declaration,
and each finds its declaration by its LRN or MRN (see `identity`). What they do to it is told by `life`.
"""

from datetime import datetime
from typing import Literal

from msgspec import UNSET, Raw, Struct, UnsetType, field

from streams.declarations.model import Declaration, DeclarationVersion, Envelope
from streams.declarations.reading import Repaired, Unreadable

EventKind = Literal[
    "RECEIVED",  # pre-lodged, or a request has come in
    "ACCEPTED",  # the declaration has legal effect from here on
    "REJECTED",  # the declaration, or a request to change it, was refused
    "CONTROL_NOTIFIED",  # an examination was announced: from here on a change is a red flag (R14)
    "DOCUMENTS_REQUESTED",
    "QUERIED",
    "PRESENTATION_NOTIFIED",  # the goods are there
    "AMENDMENT_REQUESTED",  # takes effect when it is granted, not before
    "INVALIDATION_REQUESTED",
    "REQUEST_GRANTED",
    "REQUEST_DENIED",
    "AMENDED",  # customs' own statement of a new version, with what it changed
    "INVALIDATED",
    "RELEASED",
    "NOT_RELEASED",
    "CLEARED",
    "EXITED",
]


class Tree(Struct, array_like=True, frozen=True, omit_defaults=True):
    """An XML element without its namespace and comments: what a delta is applied to, and what it is."""

    name: str
    text: str = ""
    attributes: dict[str, str] = {}
    children: "tuple[Tree, ...]" = ()


class Event(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    """One message about a declaration, whole."""

    id: str
    """first 32 hex digits of the SHA-256 of what it says, times of receipt apart: the same message sent twice has one id"""
    kind: EventKind
    at: datetime
    """when customs says it happened; the time of receipt where the message tells none"""
    timed: bool = True
    """whether `at` is the message's own"""
    source_system: str
    source_message_type: str
    """as its makers call it: DMSCTL, COR"""
    LRN: str | None = field(default=None, name="LRN")
    """the reference in the message: the declaration's own, or that of the request it is or answers"""
    MRN: str | None = field(default=None, name="MRN")
    submitter: str | None = None
    """identification of who sent a request"""
    version_number: int | None = None
    """the version customs speaks of"""
    reason_code: str | None = None
    reason_text: str | None = None
    delta: Tree | None = None
    """the Declaration element of an amendment: pointers, and the nodes they change"""


class Original(Struct, frozen=True):
    """A full version together with the document it was read from, on which later deltas build."""

    version: DeclarationVersion
    source: Tree


class Ignored(Struct, frozen=True):
    """A well-formed message that says nothing a screener needs."""

    kind: str
    """as its makers call it: DMSTAX"""


Message = DeclarationVersion | Original | Event | Ignored


class VersionsRecord(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    """A record of customs.versions: a version (with its source document where deltas may follow), or an event of a
    declaration whose key is known, or what a detector told the declaration, or nothing: a tick, which only says that time
    went on."""

    envelope: Envelope | None = None
    declaration: Declaration | None = None
    source: Tree | None = None
    event: Event | None = None
    answer: Raw | UnsetType = UNSET
    """a streams.patterns.memory.Answered, of which this layer knows nothing"""
    unreadable: tuple[Unreadable, ...] = ()
    repaired: tuple[Repaired, ...] = ()

    @classmethod
    def of(cls, version: DeclarationVersion, source: Tree | None = None) -> "VersionsRecord":
        """The record of a version."""
        return cls(
            envelope=version.envelope,
            declaration=version.declaration,
            source=source,
            unreadable=version.unreadable,
            repaired=version.repaired,
        )

    @property
    def version(self) -> DeclarationVersion | None:
        """The version that it holds, where it holds one."""
        if self.envelope is None or self.declaration is None:
            return None
        return DeclarationVersion(self.envelope, self.declaration, self.unreadable, self.repaired)
