"""What logging is for the whole process, put back after a module of tests: a worker's set-up and the fuzzer's silence would
otherwise hold for every test that runs after them, and one that reads the log would fail by the order of the files."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


def _loggers() -> list[logging.Logger]:
    known = logging.Logger.manager.loggerDict.values()
    return [logging.getLogger(), *(one for one in known if isinstance(one, logging.Logger))]


@contextmanager
def kept() -> Iterator[None]:
    """Levels, handlers, filters and ways of every logger are afterwards as before, and so are the records' class and what is
    disabled. A logger that is new is afterwards as a new one."""
    factory, disabled = logging.getLogRecordFactory(), logging.root.manager.disable
    before = {
        one: (one.level, one.propagate, one.disabled, list(one.handlers), list(one.filters))
        for one in _loggers()
    }
    try:
        yield
    finally:
        logging.setLogRecordFactory(factory)
        logging.disable(disabled)
        for one in _loggers():
            level, one.propagate, one.disabled, handlers, filters = before.get(
                one, (logging.NOTSET, True, False, [], [])
            )
            one.setLevel(level)
            one.handlers, one.filters = list(handlers), list(filters)
