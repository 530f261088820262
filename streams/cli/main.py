"""`torugart`: the command line. One file a command; here they are put together and their errors made plain."""

import logging
import sys

import typer
from kafka.errors import KafkaError
from typer.exceptions import TyperException

from streams import __version__
from streams.cli import (
    alerts,
    backtest,
    baselines,
    bench,
    compare,
    corridors,
    dead_letters,
    demo,
    doctor,
    lists,
    names,
    publish,
    screen,
    simulate,
    topics,
    worker,
)
from streams.cli.common import EXIT_BAD_INPUT, EXIT_INTERRUPTED, UsageError
from streams.kafka import causes as kafka_causes
from streams.kafka.embedded import EmbeddedBrokerError
from streams.kafka.sending import NotArrived
from streams.logs import show_visibly
from streams.settings import Settings, SettingsError
from streams.text import Block, visible

app = typer.Typer(
    help="Torugart screens customs declarations while they flow through Kafka.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(worker.worker)
app.command()(demo.demo)
app.command()(publish.publish)
app.command()(screen.screen)
app.command()(names.names)
app.command()(compare.compare)
app.command()(corridors.corridors)
app.command()(doctor.doctor)
app.command()(backtest.backtest)
app.command("simulate")(simulate.simulate_command)
app.add_typer(topics.app, name="topics")
app.add_typer(lists.app, name="lists")
app.add_typer(alerts.app, name="alerts")
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(baselines.app, name="baselines")
app.add_typer(bench.app, name="bench")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"torugart {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Torugart screens customs declarations while they flow through Kafka."""


def main() -> None:
    """Entry point: exit 2 with one line on stderr for whatever the user can mend."""
    # What a client says of a failure, again and again, is said once below, with its cause. A worker sets up its own logging.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    show_visibly()
    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        sys.exit(EXIT_INTERRUPTED)
    except TyperException as error:
        _fail(error.format_message() or "a command is missing; --help shows them")
    except (
        UsageError,
        SettingsError,
        EmbeddedBrokerError,
        NotArrived,
        ValueError,
        LookupError,
        OSError,
    ) as error:
        told = error.args[0] if error.args else None
        _fail(told if isinstance(told, Block) else str(error) or repr(error))
    except KafkaError as error:
        _fail(kafka_causes.sentence(error, Settings.from_env()))
    else:
        sys.exit(code or 0)


def _fail(line: str) -> None:
    print(f"torugart: {visible(line)}", file=sys.stderr)
    sys.exit(EXIT_BAD_INPUT)
