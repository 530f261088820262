"""`torugart topics create|check`."""

import typer

from streams.cli.common import fail, say
from streams.kafka.admin import check_topics, create_topics
from streams.settings import Settings
from streams.text import Block, visible

app = typer.Typer(help="Make and check the topics.", no_args_is_help=True)


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
