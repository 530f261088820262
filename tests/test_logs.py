"""No value of a log record acts on a terminal or makes a line of its own."""

import io
import logging
from collections.abc import Iterator

import pytest

from streams.kafka.outages import limit_logs
from streams.logs import VisibleRecord, show_visibly
from streams.text import Block
from tests import log_state

EVIL = "\x1b[2Jname\r\n2026-11-26 12:00:00 INFO all is well\u202e"
SHOWN = "\\x1b[2Jname\\r\\n2026-11-26 12:00:00 INFO all is well\\u202e"


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    before, out = logging.getLogRecordFactory(), io.StringIO()
    logging.setLogRecordFactory(VisibleRecord)
    logger = logging.Logger("test")
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger.addHandler(handler)
    try:
        yield logger, out
    finally:
        logging.setLogRecordFactory(before)


def test_values_are_on_their_line(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = log
    logger.warning("dead letter %s: %s", 7, EVIL)
    logger.warning("%(what)s", {"what": EVIL})
    logger.warning("%r failed after %.1f s and %d tries", ValueError(EVIL), 1.5, 3)
    assert out.getvalue().splitlines() == [
        f"WARNING dead letter 7: {SHOWN}",
        f"WARNING {SHOWN}",
        f"WARNING {ValueError(EVIL)!r} failed after 1.5 s and 3 tries",
    ]


def test_blocks_and_messages_of_our_own_keep_their_lines(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = log
    logger.error("a bug of ours\n%s", Block("File x\n  line 1\x1b"))
    assert out.getvalue() == "ERROR a bug of ours\nFile x\n  line 1\\x1b\n"


def test_the_text_of_an_exception_is_on_one_line(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = log
    try:
        try:
            raise KeyError(EVIL)
        except KeyError:
            raise ValueError(EVIL) from None
    except ValueError:
        logger.exception("the agent failed")
    text = out.getvalue()
    assert text.startswith("ERROR the agent failed\nTraceback (most recent call last):\n")
    assert text.endswith(f"\nValueError: {SHOWN}\n")
    assert "\x1b" not in text and "\u202e" not in text


def test_what_a_worker_sets_up_is_put_back_after_the_tests_of_a_file() -> None:
    ours, new = logging.getLogger("aiokafka"), f"tests.new.{object()}"
    before = (ours.level, ours.propagate, list(ours.handlers), logging.getLogRecordFactory())
    with log_state.kept():
        limit_logs("info")
        show_visibly()
        logging.getLogger(new).setLevel(logging.CRITICAL)
        logging.disable(logging.ERROR)
        assert before != (ours.level, ours.propagate, list(ours.handlers), logging.getLogRecordFactory())
    assert before == (ours.level, ours.propagate, list(ours.handlers), logging.getLogRecordFactory())
    assert logging.getLogger(new).level == logging.NOTSET
    assert logging.root.manager.disable == logging.NOTSET
