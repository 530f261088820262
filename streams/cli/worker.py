"""`torugart worker`: reads declarations, sends verdicts and alerts, until it is stopped."""

import logging
import sys
from pathlib import Path

import faust

from streams.app import Runtime
from streams.assessment.screening import Rulebook
from streams.cli.common import fail
from streams.declarations.adapters import load_field_map
from streams.metrics import Metrics
from streams.settings import Settings
from streams.topic_admin import check_topics


def load_rulebook(settings: Settings) -> Rulebook:
    """The rules this installation screens by.

    Raises ValueError (RulesetError among them) with one clear sentence.
    """
    own = dict(part.split("=", 1) for part in settings.control_lists.split(",") if part)
    return Rulebook.load(
        ruleset=Path(settings.ruleset) if settings.ruleset else None,
        control_lists={name: Path(path) for name, path in own.items()},
    )


def worker() -> None:
    """Run one worker. Settings come from TORUGART_* variables (docs/settings.md). Start more to share the load."""
    settings = Settings.from_env()
    problems = check_topics(settings)
    if problems:
        fail("this worker does not start:\n  " + "\n  ".join(problems))
    field_map = load_field_map(Path(settings.field_map)) if settings.field_map else None
    runtime = Runtime(settings, load_rulebook(settings), field_map, Metrics())
    logging.getLogger("aiokafka").setLevel(logging.ERROR if settings.log_level != "debug" else logging.DEBUG)
    service = faust.Worker(
        runtime.app, loglevel=settings.log_level, quiet=True, redirect_stdouts=False, console_port=None
    )
    sys.exit(service.execute_from_commandline())
