"""`torugart worker`: reads declarations, sends verdicts and alerts, until it is stopped."""

import asyncio
import ctypes
import logging
import sys
from pathlib import Path

import faust

from streams.app import Runtime
from streams.assessment.screening import Rulebook
from streams.cli.common import fail
from streams.declarations.formats.adapters import Formats, load_field_map, of_folder
from streams.kafka.admin import check_topics
from streams.kafka.causes import port_problem, sentence
from streams.kafka.fence import fenced
from streams.kafka.outages import limit_logs
from streams.metrics import Metrics
from streams.settings import Settings, SettingsError

log = logging.getLogger(__name__)

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Of glibc's malloc.h."""


def load_rulebook(
    settings: Settings, registry: Path | None = None, exchange_rates: Path | None = None
) -> Rulebook:
    """The rules this installation screens by. `registry` and `exchange_rates`: in place of those of the settings.

    Raises UserError (RulesetError among them) with one clear sentence.
    """
    return Rulebook.load(
        ruleset=Path(settings.ruleset) if settings.ruleset else None,
        control_lists=settings.control_list_files(),
        watched=settings.watched_list_names,
        registry=registry or (Path(settings.registry) if settings.registry else None),
        rates=exchange_rates or (Path(settings.exchange_rates) if settings.exchange_rates else None),
        jurisdictions=settings.jurisdictions,
    )


def load_formats(settings: Settings, field_map: Path | None = None) -> Formats:
    """What is read besides the formats of the program. `field_map`: in place of that of the settings.

    Raises SettingsError where the format is `mapped` and no map is, or is none that is known; UserError for a table that cannot
    work.
    """
    chosen = field_map or (Path(settings.field_map) if settings.field_map else None)
    if chosen is None and settings.format == "mapped":
        raise SettingsError("TORUGART_FORMAT=mapped needs TORUGART_FIELD_MAP, the table of your fields")
    maps = load_field_map(chosen) if chosen else None
    own = of_folder(Path(settings.formats)) if settings.formats else ()
    formats = Formats(maps, own=own)
    if settings.format not in ("auto", *formats.names):
        raise SettingsError(f"TORUGART_FORMAT={settings.format}: known are auto, {', '.join(formats.names)}")
    return formats


def keep_memory_steady() -> None:
    """Asks glibc to give large blocks back to the system (mallopt 3: M_MMAP_THRESHOLD and its kin).

    Left alone, it raises the threshold to the largest block it has freed: some 5 MB messages then leave holes of 90 MB in
    the heap for good. Elsewhere than on glibc nothing is done.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        for option, value in (
            (M_MMAP_THRESHOLD, 256 * 1024),
            (M_TRIM_THRESHOLD, 128 * 1024),
            (M_ARENA_MAX, 2),
        ):
            mallopt(option, value)


def worker() -> None:
    """Run one worker. Settings come from TORUGART_* variables (docs/settings.md). Start more to share the load."""
    keep_memory_steady()
    settings = Settings.from_env()
    problems = check_topics(settings)
    if problems:
        fail("this worker does not start: " + "; ".join(problems))
    if settings.web_port and (closed := port_problem(settings.web_host, settings.web_port)):
        fail(f"this worker does not start: {closed}")
    rulebook, formats = load_rulebook(settings), load_formats(settings)
    runtime = Runtime(settings, rulebook, formats, Metrics(), asyncio.run(fenced(settings)))
    limit_logs(settings.log_level)
    service = faust.Worker(
        runtime.app, loglevel=settings.log_level, quiet=True, redirect_stdouts=False, console_port=None
    )
    try:
        service.execute_from_commandline()
    finally:
        if (
            service.crash_reason is not None
        ):  # Faust says it somewhere above a hundred lines of its own stopping
            log.critical("the worker stopped: %s", sentence(service.crash_reason, settings))
