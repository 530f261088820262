"""What is logged, by us and by every library, as a terminal or a log file may show it.

A dead letter's detail, an exception's text or a header of a record is somebody else's: a line feed in it would be a line of the
log that nobody wrote, an escape sequence would act on the terminal of whoever reads it. Records are made so that no handler can
show either.
"""

import logging
import traceback
from collections.abc import Mapping
from typing import Any

from streams.text import Block, visible


class VisibleRecord(logging.LogRecord):
    """A record whose values are made visible before they are put into its message. Line feeds stay in the message's own words
    and in values that are a `Block`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[1] is not None:
            self.exc_text = _traceback(self.exc_info[1])

    def getMessage(self) -> str:
        message = str(self.msg)
        if isinstance(self.args, Mapping):
            message = message % {key: _shown(value) for key, value in self.args.items()}
        elif self.args:
            message = message % tuple(_shown(value) for value in self.args)
        return visible(Block(message))


class _Shown:
    """A value of a message, whatever its conversion."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __str__(self) -> str:
        value = self._value
        return visible(value if isinstance(value, str) else str(value))

    def __repr__(self) -> str:
        return visible(repr(self._value))


def _shown(value: object) -> object:
    """Numbers stay what they are, for %d and %.1f."""
    return value if isinstance(value, (int, float)) else _Shown(value)


def _traceback(error: BaseException) -> str:
    """As Python prints it, with the texts of exceptions on one line each."""
    lines = []
    for part in traceback.TracebackException.from_exception(error).format():
        ours = part.startswith((" ", "\n", "Traceback"))
        lines.append(visible(Block(part.rstrip("\n"))) if ours else visible(part.rstrip("\n")))
    return "\n".join(lines)


def show_visibly() -> None:
    """Makes every record from here on a visible one. Called once, before anything is logged."""
    logging.setLogRecordFactory(VisibleRecord)
