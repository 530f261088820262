"""`torugart dead-letters list|show|resend`."""

import base64
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from streams.cli.common import emit, emit_bytes, fail, note
from streams.declarations.dead_letter import DeadLetter
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.sending import sending
from streams.settings import Settings

app = typer.Typer(help="What could not be screened, and sending it again.", no_args_is_help=True)

_decode = msgspec.json.Decoder(DeadLetter).decode

RESENT_HEADER = "resent"
"""The dead letter's id, on a record that was sent again."""


def _letters(settings: Settings) -> dict[str, tuple[DeadLetter, bytes, Any]]:
    """id -> (dead letter, its bytes, its record), duplicates of one message folded."""
    found = {}
    for record in kafka_clients.read_to_end(settings, settings.topic(topics.DEAD_LETTERS.name)):
        try:
            letter = _decode(record.value or b"")
        except (msgspec.MsgspecError, ValueError, RecursionError):
            note(f"no dead letter of Torugart's: {record.topic}/{record.partition}/{record.offset}")
            continue
        found[letter.id] = (letter, record.value, record)
    return found


def _one(settings: Settings, id: str) -> tuple[DeadLetter, bytes]:
    found = _letters(settings).get(id)
    if found is None:
        fail(f"no dead letter {id}; `torugart dead-letters list` shows their ids")
    letter, data, _ = found
    return letter, data


@app.command("list")
def list_(
    reason: Annotated[str | None, typer.Option(help="Only this reason.")] = None,
) -> None:
    """One line for each dead letter: id, reason, detail, size."""
    for letter, _, record in _letters(Settings.from_env()).values():
        if reason is None or letter.reason == reason:
            emit(
                {
                    "id": letter.id,
                    "reason": letter.reason,
                    "detail": letter.detail,
                    "stage": letter.stage,
                    "size": letter.size,
                    "complete": letter.complete,
                    "writtenMs": record.timestamp,
                }
            )


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="topic/partition/offset, as `list` shows it.")],
    payload: Annotated[
        bool, typer.Option("--payload", help="Only the original bytes, as they came.")
    ] = False,
) -> None:
    """Print a dead letter, or the message itself."""
    letter, data = _one(Settings.from_env(), id)
    if payload:
        emit_bytes(base64.b64decode(letter.payload), newline=False)
    else:
        emit_bytes(data)


@app.command()
def resend(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids; none with --reason.")] = None,
    reason: Annotated[str | None, typer.Option(help="All dead letters of this reason.")] = None,
    file: Annotated[
        Path | None, typer.Option(help="Send this repaired message instead (one id).", exists=True)
    ] = None,
) -> None:
    """Send dead letters to the declarations topic again, with their key and format; those of screening, which are
    versions and events already, to the topic they came from, as are values of a state (stop the workers first)."""
    settings = Settings.from_env()
    letters = _letters(settings)
    chosen = list(ids or [])
    if bool(chosen) == (reason is not None):
        fail("give ids or --reason")
    if reason is not None:
        chosen = [id for id, (letter, _, _) in letters.items() if letter.reason == reason]
    if file is not None and len(chosen) != 1:
        fail("--file repairs one dead letter: give its id")
    if unknown := [id for id in chosen if id not in letters]:
        fail(f"no dead letter {unknown[0]}; `torugart dead-letters list` shows their ids")
    bodies = {id: file.read_bytes() if file else letters[id][0].message() for id in chosen}
    for id in bodies:
        if _of_state(letters[id][0]) and letters[id][0].source.key is None:
            fail(f"{id} has no key: no state can be put back without")
    own = {settings.topic(topic.name) for topic in topics.TOPICS}
    for id in bodies:
        if _to_its_topic(letters[id][0], file) and (topic := letters[id][0].source.topic) not in own:
            fail(
                f"{id} is of the topics before `torugart topics repartition`, and {topic} is not read any more: send the "
                "declaration again"
            )
    with sending(settings) as kafka:
        for id, body in bodies.items():
            letter = letters[id][0]
            source = letter.source
            state = _of_state(letter)
            again = _to_its_topic(letter, file)
            # What screening refused is what the intake made of a message; repaired, it says itself what it is.
            format = "auto" if letter.stage == "screening" and not state else source.format
            headers = [(RESENT_HEADER, id.encode())]
            if format and (state or not again):
                headers.append(("format", format.encode()))
            kafka.send(
                source.topic if again else settings.topic(topics.DECLARATIONS.name),
                body,
                base64.b64decode(source.key) if source.key else None,
                headers=headers,
                partition=source.partition if again else None,
            )
    emit({"resent": len(bodies)})


def _of_state(letter: DeadLetter) -> bool:
    """Whether it holds a value of a state, not a message."""
    return letter.reason in ("UNREADABLE_STATE", "NEWER_STATE")


def _to_its_topic(letter: DeadLetter, file: Path | None) -> bool:
    """Whether it goes to the topic that it came from, not to the declarations."""
    return _of_state(letter) or (letter.stage == "screening" and file is None)
