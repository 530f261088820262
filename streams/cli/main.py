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
    controls,
    corridors,
    dead_letters,
    demo,
    doctor,
    formats,
    lists,
    names,
    publish,
    rescreen,
    screen,
    simulate,
    topics,
    worker,
)
from streams.cli.common import EXIT_BAD_INPUT, EXIT_BUG, EXIT_INTERRUPTED
from streams.errors import UserError
from streams.kafka import causes as kafka_causes
from streams.logs import show_visibly
from streams.settings import Settings
from streams.text import Block, visible

log = logging.getLogger(__name__)

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
app.command()(rescreen.rescreen)
app.command()(names.names)
app.command()(compare.compare)
app.command()(corridors.corridors)
app.command()(doctor.doctor)
app.command()(formats.convert)
app.command()(backtest.backtest)
app.command("simulate")(simulate.simulate_command)
app.add_typer(topics.app, name="topics")
app.add_typer(lists.app, name="lists")
app.add_typer(controls.app, name="controls")
app.add_typer(alerts.app, name="alerts")
app.add_typer(formats.app, name="formats")
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
    """Entry point: exit 2 with one line on stderr for whatever the user can mend, exit 1 with a traceback for a bug."""
    # What a client says of a failure, again and again, is said once below, with its cause. A worker sets up its own logging.
    for client in ("kafka", "aiokafka"):
        logging.getLogger(client).setLevel(logging.CRITICAL)
    show_visibly()
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except typer.Abort:
        sys.exit(EXIT_INTERRUPTED)
    except Exception as error:
        line = _to_mend(error)
        if line is None:
            log.critical(
                "torugart: a bug of ours, not of your making; please report it with this", exc_info=True
            )
            sys.exit(EXIT_BUG)
        print(f"torugart: {visible(line)}", file=sys.stderr)
        sys.exit(EXIT_BAD_INPUT)


def _to_mend(error: Exception) -> str | None:
    """What the user is to mend, in one line (or a Block); None where it is not for him."""
    match error:
        case UserError():
            said = error.args[0] if error.args else None
            return said if isinstance(said, Block) else str(error)
        case TyperException():
            return error.format_message() or "a command is missing; --help shows them"
        case KafkaError():
            return kafka_causes.sentence(error, Settings.from_env())
        case OSError():  # a full disk, a file without rights: what the system refuses is no bug of ours
            refused = error.strerror or str(error) or repr(error)
            return f"{error.filename}: {refused}" if error.filename is not None else refused
    return None
