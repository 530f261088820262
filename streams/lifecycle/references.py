"""References: the LRN or MRN by which an event names its declaration, and what is said from and to one of them."""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event
from streams.declarations.model import DeclarationVersion
from streams.lifecycle.requests import REQUESTS
from streams.parties.roles import DECLARING

MAX_REFERENCE = 200
"""Characters of an LRN, an MRN or an identification; real ones have at most 35. A longer one is nobody's."""


class Seek(Struct, frozen=True, array_like=True, tag=True):
    """An event looks for its declaration."""

    id: str
    payload: bytes
    """what is routed, opaque here"""
    submitter: str | None = None
    other: str | None = None
    """the second reference, where the event names two"""
    notice: bool = False
    """whether customs says it: the MRN it names is the declaration's own then"""
    at: float = 0.0
    """time of the event, Unix seconds: of two copies, which differ only in when they were received, the earlier counts"""


class Claim(Struct, frozen=True, array_like=True, tag=True):
    """A declaration is filed under `key`, and this is a reference of it."""

    key: str
    submitters: tuple[str, ...] = ()
    """identifications of who may send requests for it; empty where none is known"""
    other: str | None = None
    """its MRN's reference, where it is known to have one"""


class Release(Struct, frozen=True, array_like=True, tag=True):
    """The declaration of this key is forgotten."""

    key: str


class OwnerQuestion(Struct, frozen=True, array_like=True, tag="Ask"):
    """The reference `back` holds the event `id` and wants to know whose it is."""

    id: str
    back: str
    submitter: str | None = None


class OwnerAnswer(Struct, frozen=True, array_like=True, tag="Found"):
    """The answer to an Ask."""

    id: str
    key: str


class OwnerQuestionDropped(Struct, frozen=True, array_like=True, tag="Drop"):
    """The Ask of `back` for `id` needs no answer any more."""

    id: str
    back: str


class Tick(Struct, frozen=True, array_like=True, tag=True):
    """Time went on."""


Message = Seek | Claim | Release | OwnerQuestion | OwnerAnswer | OwnerQuestionDropped | Tick


class RoutedMessage(NamedTuple):
    """A message for another reference."""

    reference: str
    message: Message


def references(event: Event) -> tuple[str, str | None]:
    """The references of an event: the first, where it looks for its declaration, and the second, if it has one.

    Raises Unscreenable SCHEMA_VIOLATION where it names none that a declaration can have.
    """
    named = list(_references(event.source_system, event.LRN, event.MRN))
    if not named:
        raise Unscreenable(
            "SCHEMA_VIOLATION",
            f"neither LRN nor MRN of up to {MAX_REFERENCE} characters names its declaration",
        )
    return named[0], named[1] if len(named) > 1 else None


def seek(event: Event, payload: bytes) -> tuple[str, Seek]:
    """The first reference of an event, and what is said to it. Raises as `references` does."""
    first, other = references(event)
    return first, Seek(
        event.id, payload, event.submitter, other, event.kind not in REQUESTS, event.at.timestamp()
    )


def claims(version: DeclarationVersion) -> Iterator[tuple[str, Claim]]:
    """The references of a full version and the claim on each."""
    envelope, declaration = version.envelope, version.declaration
    lrn, mrn = (
        next(_references(envelope.source_system, *pair), None)
        for pair in ((declaration.LRN, None), (None, declaration.MRN))
    )
    submitters = tuple(
        dict.fromkeys(
            party.identification_number
            for party in declaration.parties
            if party.role in DECLARING
            and party.identification_number
            and len(party.identification_number) <= MAX_REFERENCE
        )
    )
    if lrn is not None:
        yield lrn, Claim(envelope.declaration_key, submitters, mrn)
    if mrn is not None:
        yield mrn, Claim(envelope.declaration_key, submitters)


def _references(system: str | None, lrn: str | None, mrn: str | None) -> Iterator[str]:
    for kind, reference in (("lrn", lrn), ("mrn", mrn)):
        if reference and len(reference) <= MAX_REFERENCE:
            yield f"{kind}|{system or ''}|{reference}"
