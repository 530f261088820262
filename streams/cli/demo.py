"""`torugart demo`: two years of invented trade, real exports among it, through a real stream, in under a minute."""

from typing import Annotated

import typer

from streams.demo.run import run_demo


def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave broker and worker running until Ctrl-C.")
    ] = False,
    brokers: Annotated[
        str | None,
        typer.Option(
            help="A Kafka of your own instead of the embedded one; topics of its own, deleted afterwards."
        ),
    ] = None,
) -> None:
    """Screen 4,581 declarations of 2021-2022 in which a few bad ones hide; needs neither Docker nor a Kafka.

    In six goods they add up to the real exports of the European Union to Kyrgyzstan and Kazakhstan:
    see when their corridors are told.
    """
    raise typer.Exit(run_demo(keep, brokers))
