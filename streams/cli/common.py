"""What every command shares: JSON Lines on stdout, one clear line on stderr and exit 2 for what the user can mend."""

import sys
from typing import Any, NoReturn

import orjson

EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130


class UsageError(Exception):
    """Bad usage or bad input; the message is one clear line."""


def fail(message: str) -> NoReturn:
    """Ends the command with exit code 2 and `message` on stderr."""
    raise UsageError(message)


def emit(value: Any) -> None:
    """One JSON line on stdout."""
    emit_bytes(orjson.dumps(value))


def emit_bytes(line: bytes, *, newline: bool = True) -> None:
    """One line of bytes on stdout, at once."""
    sys.stdout.buffer.write(line + b"\n" if newline else line)
    sys.stdout.buffer.flush()


def note(message: str) -> None:
    """A remark on stderr that does not end the command."""
    print(f"torugart: {message}", file=sys.stderr)
