"""`torugart topics create|check|repartition`."""

import re
from typing import Annotated

import msgspec
import typer
from msgspec.structs import replace

from streams.agents.moved import carriers
from streams.cli.common import emit, fail, note, say
from streams.kafka.admin import check_topics, create_topics
from streams.kafka.repartition import repartition
from streams.settings import PREFIX, Settings
from streams.text import Block, visible

app = typer.Typer(
    help="Make and check the topics, and change their number of partitions.", no_args_is_help=True
)


@app.command()
def create() -> None:
    """Make the topics that are missing; existing ones are left as they are."""
    for name in create_topics(Settings.from_env()):
        say(name)


@app.command()
def check() -> None:
    """Say what is wrong with the topics and what to do; exit 2 where something is."""
    problems = check_topics(Settings.from_env())
    if problems:
        fail(Block("\n".join(map(visible, problems))))


@app.command("repartition")
def repartition_command(
    to: Annotated[
        int, typer.Option("--to", metavar="N", min=1, max=1000, help="The new TORUGART_PARTITIONS.")
    ],
    prefix: Annotated[
        str, typer.Option("--prefix", help="Of the new topics; else the old one and pN, `customs.p16.`.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read everything, say what would be moved, and write nothing.")
    ] = False,
) -> None:
    """Move state, alerts, verdicts, dead letters and lists to new topics with N partitions, and prove that they hold the same.

    Producers and workers must be stopped, and everything worked off. The old topics stay as they are."""
    settings = Settings.from_env()
    target = new_settings(settings, to, prefix)
    total = {"records": 0, "setAside": 0}
    for moved in repartition(settings, target, carriers(settings, target), note, dry_run=dry_run):
        emit(msgspec.to_builtins(moved))
        total["records"] += moved.records
        total["setAside"] += moved.set_aside
    changed = {"PARTITIONS": str(to), "TOPIC_PREFIX": target.topic_prefix}
    emit(
        total | {"equal": not dry_run, "settings": {PREFIX + name: value for name, value in changed.items()}}
    )


def new_settings(settings: Settings, to: int, prefix: str) -> Settings:
    """The settings after a move to so many partitions. Ends the command where these are the old ones, or the prefix is none."""
    if to == settings.partitions:
        fail(f"{PREFIX}PARTITIONS is {to} already")
    new = prefix or re.sub(r"p[0-9]+\.$", "", settings.topic_prefix) + f"p{to}."
    if new == settings.topic_prefix:
        fail(f"--prefix {new} is that of the old topics")
    if not re.fullmatch(r"[a-zA-Z0-9._-]*", new):
        fail(f"--prefix {new!r}: letters, digits, dots, underscores and hyphens")
    return replace(settings, partitions=to, topic_prefix=new)
