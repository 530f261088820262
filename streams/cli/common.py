"""What every command shares: JSON Lines on stdout, one clear line on stderr and exit 2 for what the user can mend."""

import sys
from collections import Counter
from typing import Any, NoReturn

import orjson
import typer

from streams.errors import UserError
from streams.text import visible, visible_in, visible_json

EXIT_BUG = 1
EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130


class UsageError(UserError):
    """Bad usage or bad input; the message is one clear line."""


def fail(message: str) -> NoReturn:
    """Ends the command with exit code 2 and `message` on stderr."""
    raise UsageError(message)


def emit(value: Any) -> None:
    """One JSON line on stdout."""
    try:
        line = orjson.dumps(value)
    except TypeError:  # a file's name that is no text
        line = orjson.dumps(visible_in(value))
    emit_bytes(line)


def emit_bytes(line: bytes, *, newline: bool = True) -> None:
    """One line of JSON on stdout, at once, with escapes for what would act on a terminal; without `newline` bytes as they are."""
    sys.stdout.buffer.write(visible_json(line) + b"\n" if newline else line)
    sys.stdout.buffer.flush()


def note(message: str) -> None:
    """A remark on stderr that does not end the command."""
    print(f"torugart: {visible(message)}", file=sys.stderr)


def note_passed_over(endings: Counter[str]) -> None:
    """Tells which files of folders were passed over, where any were."""
    if endings:
        note(f"{endings.total()} files that are no messages passed over: {counted(endings)}")


def counted(found: Counter[str]) -> str:
    """What was found how often, the most first."""
    return ", ".join(f"{name} {count:,}" for name, count in found.most_common())


def say(text: str) -> None:
    """A text for a person on stdout; several lines where it is a `Block`."""
    typer.echo(visible(text))
