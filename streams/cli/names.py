"""`torugart names`: names on stdin against list files, one JSON line each."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import typer
from msgspec import Meta, Struct

from streams.cli.common import emit, fail
from streams.cli.list_files import read_and_say
from streams.names import DEFAULT_THRESHOLD, NameHit, NameIndex
from streams.territories import country_code
from streams.watchlists.entry import WatchlistEntry

MAX_LINE = 1_000_000
"""Characters; a longer line is no name."""


class NameQuery(Struct, frozen=True):
    """One line of input."""

    id: str | Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] | float | None = None
    name: str | None = None
    type: Literal["person", "organization", "vessel", "aircraft", "unknown"] | None = None
    country: Annotated[str, Meta(max_length=100)] | None = None


def names(
    lists: Annotated[
        list[Path] | None,
        typer.Option("--list", metavar="PATH", help="List file of any known format; may be repeated."),
    ] = None,
    threshold: Annotated[
        float,
        typer.Option(
            "--threshold",
            help="Score (0..1) from which an entry is a hit; 0: the best candidates whatever their score.",
        ),
    ] = DEFAULT_THRESHOLD,
    limit: Annotated[int, typer.Option("--limit", help="Hits given for one name.")] = 5,
) -> None:
    """Looks up names: JSON lines {"id","name","type"?,"country"?} on stdin, {"id","hits":[...]} on stdout."""
    if not lists:
        fail("names needs a list to look in: --list PATH")
    if not 0 <= threshold <= 1:
        fail(f"--threshold must lie between 0 and 1, not {threshold}")
    if not 1 <= limit <= 1000:
        fail(f"--limit must lie between 1 and 1000, not {limit}")
    index = NameIndex.build(entry for path in lists for entry in _entries(path))
    decoder = msgspec.json.Decoder(NameQuery)
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE:
            fail(f"line {number} of the input is longer than {MAX_LINE} bytes")
        try:
            query = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            reason = " ".join(str(error).split())
            fail(f"line {number} of the input is not a name query: {reason}")
        found = index.search(
            query.name or "",
            type=query.type,
            country=country_code(query.country) if query.country else None,
            threshold=threshold,
            limit=limit,
        )
        answer: dict[str, object] = {"id": query.id, "hits": [_hit(hit) for hit in found.hits]}
        if found.more:
            answer["more"] = found.more
        if found.evasion:
            answer["evasion"] = list(found.evasion)
        if found.degraded:
            answer["degraded"] = True
        emit(answer)


def _entries(path: Path) -> tuple[WatchlistEntry, ...]:
    return read_and_say(path).entries


def _hit(hit: NameHit) -> dict[str, object]:
    return {
        "list": hit.list,
        "entry": hit.entry,
        "name": hit.name,
        "score": hit.score,
        "explanation": hit.explanation,
        "primary": hit.primary,
        "type": hit.type,
        "countryAgreement": hit.country,
        "weak": hit.weak,
    }
