"""`torugart worker`: reads declarations, sends verdicts and alerts, until it is stopped."""

import logging
from pathlib import Path

import faust

from streams.app import Runtime
from streams.assessment.screening import Rulebook
from streams.cli.common import fail
from streams.declarations.adapters import FieldMap, load_field_map
from streams.metrics import Metrics
from streams.settings import Settings, SettingsError
from streams.topic_admin import check_topics

log = logging.getLogger(__name__)


def load_rulebook(settings: Settings) -> Rulebook:
    """The rules this installation screens by.

    Raises ValueError (RulesetError among them) with one clear sentence.
    """
    return Rulebook.load(
        ruleset=Path(settings.ruleset) if settings.ruleset else None,
        control_lists=settings.control_list_files(),
    )


def load_maps(settings: Settings, path: Path | None = None) -> FieldMap | None:
    """The field map of the format `mapped`, where one is given.

    Raises SettingsError where that format is the setting and no map is.
    """
    chosen = path or (Path(settings.field_map) if settings.field_map else None)
    if chosen is None and settings.format == "mapped":
        raise SettingsError("TORUGART_FORMAT=mapped needs TORUGART_FIELD_MAP, the table of your fields")
    return load_field_map(chosen) if chosen else None


def worker() -> None:
    """Run one worker. Settings come from TORUGART_* variables (docs/settings.md). Start more to share the load."""
    settings = Settings.from_env()
    problems = check_topics(settings)
    if problems:
        fail("this worker does not start:\n  " + "\n  ".join(problems))
    runtime = Runtime(settings, load_rulebook(settings), load_maps(settings), Metrics())
    logging.getLogger("aiokafka").setLevel(logging.ERROR if settings.log_level != "debug" else logging.DEBUG)
    service = faust.Worker(
        runtime.app, loglevel=settings.log_level, quiet=True, redirect_stdouts=False, console_port=None
    )
    try:
        service.execute_from_commandline()
    finally:
        if (
            service.crash_reason is not None
        ):  # Faust says it somewhere above a hundred lines of its own stopping
            log.critical("the worker stopped: %r", service.crash_reason)
