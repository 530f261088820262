"""`torugart doctor`: looks at settings, broker, topics, lists and rules, and says what is wrong."""

from collections.abc import Callable
from contextlib import closing

import typer
from kafka.errors import KafkaError

from streams.cli.common import say
from streams.cli.lists import age_days
from streams.cli.worker import load_formats, load_rulebook
from streams.errors import UserError
from streams.kafka import causes as kafka_causes
from streams.kafka import clients as kafka_clients
from streams.kafka.admin import check_topics
from streams.kafka.watchlist_publisher import published_editions
from streams.settings import Settings

STALE_DAYS = 7
"""A list older than this is worth a look: OFAC and the UN publish several times a month."""


def _settings() -> tuple[list[str], str]:
    settings = Settings.from_env()
    settings.password()
    return [], f"{settings.security_protocol} {settings.brokers}, group {settings.group}"


def _broker() -> tuple[list[str], str]:
    with closing(kafka_clients.admin(Settings.from_env())) as client:
        brokers = client.describe_cluster()["brokers"]
    problems = [kafka_causes.reach_problem(broker["host"], broker["port"]) for broker in brokers]
    return [one for one in problems if one], f"{len(brokers)} broker(s) answer"


def _topics() -> tuple[list[str], str]:
    return check_topics(Settings.from_env()), "topics are as they must be"


def _lists() -> tuple[list[str], str]:
    settings = Settings.from_env()
    editions = published_editions(settings).complete()
    if not editions:
        return ["no watchlist is published: workers wait; run `torugart lists load FILE`"], ""
    missing = sorted(settings.required_list_names - set(editions))
    problems = [f"required list {name} is not published: workers wait" for name in missing]
    for edition in editions.values():
        if (age := age_days(edition)) > STALE_DAYS:
            problems.append(
                f"list {edition.list} was published {age:.0f} days ago: is there a newer edition?"
            )
    return problems, ", ".join(f"{e.list} {e.edition} ({len(e.entries)})" for e in editions.values())


def _rules() -> tuple[list[str], str]:
    settings = Settings.from_env()
    rulebook = load_rulebook(settings)
    load_formats(settings)
    known = f", register {rulebook.registry.version}" if rulebook.registry is not None else ""
    return [], f"ruleset {rulebook.ruleset.id}{known}, exchange rates to {rulebook.rates.until}"


CHECKS: dict[str, Callable[[], tuple[list[str], str]]] = {
    "settings": _settings,
    "rules": _rules,
    "broker": _broker,
    "topics": _topics,
    "lists": _lists,
}


def doctor() -> None:
    """Check settings, rules, broker, topics and lists; exit 2 where something is wrong."""
    wrong = 0
    for name, check in CHECKS.items():
        try:
            problems, summary = check()
        except KafkaError as error:
            problems, summary = [kafka_causes.sentence(error, Settings.from_env())], ""
        except (UserError, OSError) as error:
            problems, summary = [str(error) or repr(error)], ""
        for problem in problems:
            say(f"WRONG  {name}: {problem}")
        if not problems:
            say(f"ok     {name}: {summary}")
        wrong += len(problems)
        if problems and name in ("settings", "broker"):
            break  # what follows would fail for the same reason
    if wrong:
        raise typer.Exit(2)
