"""The version in a message, for tests of what is read from full declarations."""

from typing import Any

from streams.declarations.errors import Unscreenable
from streams.declarations.events import Original
from streams.declarations.formats import adapters
from streams.declarations.model import DeclarationVersion


def read(data: bytes | None, **options: Any) -> DeclarationVersion:
    """Raises Unscreenable as the intake does, and UNSUPPORTED_MESSAGE for an event, or what says nothing of a declaration."""
    message = adapters.read(data, **options)
    if isinstance(message, Original):
        return message.version
    if not isinstance(message, DeclarationVersion):
        raise Unscreenable("UNSUPPORTED_MESSAGE", f"no version: {type(message).__name__}")
    return message
