"""`torugart simulate`: months of invented, labelled customs trade."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
import typer

from streams.cli.common import fail
from streams.declarations.canonical import encode
from streams.simulation.run import RATE, Plan, simulate

_encode_label = msgspec.json.Encoder().encode


def simulate_command(
    months: Annotated[int, typer.Option(min=1, help="Months of trade.")] = 30,
    per_month: Annotated[
        int, typer.Option(min=1, help="Declarations lodged a month; amendments come on top.")
    ] = 50_000,
    first: Annotated[str, typer.Option("--from", metavar="YYYY-MM", help="The first month.")] = "2021-01",
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    rate: Annotated[
        list[str] | None,
        typer.Option(
            metavar="N|TYPOLOGY=N",
            help=f"Cases of each typology, or of one, to 100,000 declarations of the months planted in ({RATE:g}); 0 for none.",
        ),
    ] = None,
    plant_months: Annotated[
        int,
        typer.Option(
            min=1, help="The last months, in which cases begin; what is before is a past without any."
        ),
    ] = 6,
    office: Annotated[list[str] | None, typer.Option(help="Administrations; without one KG and KZ.")] = None,
    labels: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="JSON lines: declarationKey, typology and case of what is planted."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Instead of standard output.")] = None,
) -> None:
    """Write months of invented customs trade as canonical JSON lines, with known bad cases in it."""
    plan = _plan(
        months, per_month, first, seed, rate or [], min(plant_months, months), office or ["KG", "KZ"]
    )
    with _to(out, sys.stdout.buffer) as declarations, _to(labels, None) as told:
        for one in simulate(plan):
            if declarations is not None:
                declarations.write(encode(one.version) + b"\n")
            if told is not None and one.label is not None and one.version.envelope.version_number == 1:
                told.write(_encode_label(one.label) + b"\n")


def _plan(
    months: int,
    per_month: int,
    first: str,
    seed: int,
    rates: list[str],
    plant_months: int,
    offices: list[str],
) -> Plan:
    began = re.fullmatch(r"([0-9]{4})-([0-9]{2})", first)
    if began is None:
        fail(f"--from is a month such as 2021-01, not {first}")
    general, own = RATE, {}
    for text in rates:
        name, _, figure = text.rpartition("=")
        try:
            value = float(figure)
        except ValueError:
            fail(f"--rate is a number, or TYPOLOGY=number, not {text}")
        if name:
            own[name] = value
        else:
            general = value
    return Plan(
        months=months,
        per_month=per_month,
        first=(int(began[1]), int(began[2])),
        seed=seed,
        rate=general,
        rates=own,
        plant_months=plant_months,
        offices=tuple(dict.fromkeys(offices)),
    )


@contextmanager
def _to(path: Path | None, otherwise: BinaryIO | None) -> Iterator[BinaryIO | None]:
    if path is None:
        yield otherwise
        if otherwise is not None:
            otherwise.flush()
        return
    with path.open("wb") as file:
        yield file
