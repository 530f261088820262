"""The answers given for one declaration: what makes a version seen twice get the same answer.

A history is the state of one declaration. The alert is always made anew from all its verdicts, so that neither the
order in which versions arrived nor a crash leaves a trace in it.
"""

import zlib
from collections.abc import Callable

import msgspec
from msgspec import Struct

from streams.assessment.alerts import alert_of, decode_verdict
from streams.assessment.alerts import encode as _encode_json
from streams.assessment.model import Alert, Verdict
from streams.declarations.errors import Unscreenable

MAX_ANSWERS = 100
"""Versions kept of one declaration: the newest. Real ones have a handful; a runaway source must not grow a state value
over the broker's message limit."""


class Answer(Struct, frozen=True, array_like=True):
    """One version's answer."""

    version: int
    payload_hash: str
    origin: str
    """topic/partition/offset in customs.versions where it was first seen"""
    verdict: bytes
    """zlib of the verdict's JSON"""


class History(Struct, frozen=True, array_like=True):
    """All answers kept of one declaration, by ascending version."""

    answers: tuple[Answer, ...] = ()


class Step(Struct, frozen=True):
    """What one version leads to."""

    history: History
    answer: Answer
    verdict: bytes
    """the verdict's JSON"""
    fresh: Verdict | None
    """the verdict, where this version had not been answered before"""
    alert: Alert | None


encode_json = _encode_json
"""JSON of a verdict or an alert, the same bytes for the same value."""

_decode_history = msgspec.msgpack.Decoder(History).decode
_encode_history = msgspec.msgpack.Encoder().encode


def decode(data: bytes | None) -> History:
    """The history of a state value; None is one that knows nothing.

    Raises msgspec.MsgspecError for bytes that are no history.
    """
    return History() if data is None else _decode_history(data)


def encode(history: History) -> bytes:
    """The state value. Copied to its size: msgspec leaves its result in a buffer half as large again, for as long as a
    state holds it."""
    return bytes(bytearray(_encode_history(history)))


def answer(
    history: History, version: int, payload_hash: str, origin: str, screen: Callable[[], Verdict]
) -> Step:
    """Answers one version: from the history where it holds the same content, else by calling `screen`.

    Raises Unscreenable VERSION_CONFLICT where it holds this version with another content.
    """
    known = next((a for a in history.answers if a.version == version), None)
    if known is not None:
        if known.payload_hash != payload_hash:
            raise Unscreenable(
                "VERSION_CONFLICT",
                f"version {version} of this declaration was screened before with other content (first seen at "
                f"{known.origin}); send the change as a higher version",
            )
        return Step(history, known, zlib.decompress(known.verdict), None, _alert(history))
    fresh = screen()
    body = encode_json(fresh)
    new = Answer(version, payload_hash, origin, zlib.compress(body, 1))
    answers = sorted((*history.answers, new), key=lambda a: a.version)[-MAX_ANSWERS:]
    updated = History(tuple(answers))
    alert = alert_of((fresh,)) if len(answers) == 1 else _alert(updated)
    return Step(updated, new, body, fresh, alert)


def _alert(history: History) -> Alert | None:
    return alert_of(decode_verdict(zlib.decompress(a.verdict)) for a in history.answers)
