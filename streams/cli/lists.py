"""`torugart lists load|fetch|owned|status|history|show|diff|remove|prune`."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, TypeVar

import msgspec
import typer

from streams.cli.common import emit, fail, note
from streams.cli.list_fetch import fetch_list
from streams.cli.list_files import read_and_say, say_left_out
from streams.errors import UserError
from streams.kafka.editions import PROGRAM
from streams.kafka.watchlist_publisher import (
    prune,
    publish_edition,
    published_editions,
    remove_list,
)
from streams.settings import Settings
from streams.text import listed
from streams.watchlists.assembler import EditionAssembler
from streams.watchlists.differences import differences
from streams.watchlists.edition import Edition, as_earlier
from streams.watchlists.holdings import owned_entries, read_holdings
from streams.watchlists.readers import ListFile

app = typer.Typer(help="Publish watchlists to the workers and see what they use.", no_args_is_help=True)

One = TypeVar("One")

Accept = Annotated[
    str | None,
    typer.Option(
        metavar="REASON", help="Load what would be refused, and why; it is recorded with the edition."
    ),
]


@app.command()
def load(
    paths: Annotated[list[Path], typer.Argument(help="List files; the format is recognised.")],
    name: Annotated[
        str | None, typer.Option(help="Name of the list, where the file's own will not do.")
    ] = None,
    edition: Annotated[str | None, typer.Option(help="Edition, where the file names none.")] = None,
    accept: Accept = None,
) -> None:
    """Publish list files as editions; workers swap to them as soon as the last chunk is there. One that is refused keeps none of
    the others back."""
    settings = Settings.from_env()

    def publish(path: Path) -> None:
        file = read_and_say(path, edition=edition, name=name, accept=accept)
        _emit_loaded(file, publish_edition(settings, file, accept=accept))

    _each(paths, "files", publish)


@app.command()
def fetch(
    names: Annotated[
        list[str] | None, typer.Argument(help="Lists of TORUGART_LIST_ADDRESSES; all where none is named.")
    ] = None,
    accept: Accept = None,
) -> None:
    """Get lists from their publishers and publish what has changed. Faults that pass are tried again; a file is taken whole, with
    the checksum that its publisher gives, or not at all."""
    settings = Settings.from_env()
    sources = settings.list_sources()
    for name in names or ():
        if name not in sources:
            fail(f"TORUGART_LIST_ADDRESSES has no {name}; it has {listed(sources) or 'nothing'}")
    if not sources:
        fail("TORUGART_LIST_ADDRESSES is empty: NAME=https://..., comma-separated")
    in_use = published_editions(settings).complete()

    def fetch_one(name: str) -> None:
        known = in_use.get(name)
        # Another version of the program may read more of the same file.
        before = known.fetched if known is not None and known.loaded_by == PROGRAM else ()
        with TemporaryDirectory(prefix="torugart-") as folder:
            got = fetch_list(name, sources[name], Path(folder), before, timeout=settings.fetch_timeout)
            if got is None:
                assert known is not None
                said = {"list": name, "edition": known.edition, "entries": len(known.entries)}
                emit(said | {"published": False, "unchanged": True})
                return
            path, fetched = got
            file = read_and_say(path, name=name, accept=accept)
        _emit_loaded(file, publish_edition(settings, file, accept=accept, fetched=fetched))

    _each(names or sorted(sources), "lists", fetch_one)


@app.command()
def owned(
    path: Annotated[
        Path, typer.Argument(help="Who owns whom: CSV with owner, owned, share; or FollowTheMoney.")
    ],
    name: Annotated[str, typer.Option(help="Name of the list that is made.")] = "owned",
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the holdings; today.")
    ] = None,
    accept: Accept = None,
) -> None:
    """Publish the firms that listed parties own to 50 percent or more, alone or together and through other firms, as a
    list of its own; each with its owners. Run it after lists or holdings changed."""
    settings = Settings.from_env()
    in_use = [one for one in published_editions(settings).complete().values() if one.list != name]
    day = (as_of or datetime.now(UTC)).date().isoformat()
    found = read_holdings(path)
    listed_parties = (entry for edition in in_use for entry in edition.entries)
    entries = owned_entries(name, found, listed_parties, day)
    said_by = ", ".join(f"{one.list}@{one.edition}" for one in in_use)
    notes = [f"owned on {day} by parties of {said_by}"]
    if found.unknown:
        notes.append(f"{found.unknown} of {len(found.holdings)} holdings tell no share and count for nothing")
    say_left_out(path, notes, found.rejected)
    if not entries:
        fail(f"{path} has no firm that parties of {said_by or 'a list in use'} own on {day}")
    digest = hashlib.sha256(path.read_bytes() + "".join(one.sha256 for one in in_use).encode()).hexdigest()
    file = ListFile(
        list=name,
        edition=day,
        sha256=digest,
        format="ownership",
        entries=entries,
        rejected=tuple(found.rejected),
        notes=tuple(notes),
        source=path.name,
    )
    _emit_loaded(file, publish_edition(settings, file, accept=accept))


@app.command()
def status() -> None:
    """One line for each list: the edition in use, its size, what was noted or accepted, and its age in days; and one for each
    edition that is refused or cannot be read, and each list that was removed, with why."""
    assembler = published_editions(Settings.from_env())
    for edition in assembler.complete().values():
        emit(
            {
                "list": edition.list,
                "edition": edition.edition,
                "entries": len(edition.entries),
                "sha256": edition.sha256,
                "published": edition.published,
                **({"addresses": [one.address for one in edition.fetched]} if edition.fetched else {}),
                **({"notes": list(edition.notes)} if edition.notes else {}),
                **({"accepted": edition.accepted} if edition.accepted else {}),
                "ageDays": age_days(edition),
            }
        )
    for (name, refused), reasons in assembler.refused().items():
        emit({"list": name, "refused": refused, "reasons": list(reasons)})
    for name, fault in assembler.faults().items():
        emit({"list": name, "fault": fault})
    for name, end in assembler.removed().items():
        emit({"list": name, "removed": end.removed, "reason": end.reason})


@app.command()
def history(
    name: Annotated[str | None, typer.Argument(help="One list; all where none is named.")] = None,
) -> None:
    """The editions that were in use, oldest first and up to fifty a list, with what was accepted; the last is in use."""
    for edition in _chosen(published_editions(Settings.from_env()), name):
        for one in (*edition.earlier, as_earlier(edition)):
            emit({"list": edition.list, **msgspec.to_builtins(one)})


@app.command()
def show(entry: Annotated[str, typer.Argument(help="Id of an entry, or LIST/ID.")]) -> None:
    """All that the lists in use have of an entry; one line for each list that has one of that id."""
    found = False
    for edition in published_editions(Settings.from_env()).complete().values():
        for one in edition.entries:
            if entry in (one.id, f"{one.list}/{one.id}"):
                emit({"edition": edition.edition, **msgspec.to_builtins(one)})
                found = True
    if not found:
        fail(f"no list in use has an entry {entry}")


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A file, a list in use, or LIST@EDITION.")],
    after: Annotated[
        str | None,
        typer.Argument(metavar="B", help="The same; without it, A against what was in use before."),
    ] = None,
) -> None:
    """What B has that A has not: one line with the counts, then one for each entry that is new, changed or gone."""
    old, new = _two(before) if after is None else (_edition(before), _edition(after))
    changes = list(differences(old.entries, new.entries))
    counts = {kind: sum(one.change == kind for one in changes) for kind in ("ADDED", "CHANGED", "REMOVED")}
    emit(
        {
            "from": f"{old.list}@{old.edition}",
            "to": f"{new.list}@{new.edition}",
            **{kind.lower(): count for kind, count in counts.items()},
            "same": len(new.entries) - counts["ADDED"] - counts["CHANGED"],
        }
    )
    for change in changes:
        emit(msgspec.to_builtins(change))


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="The list.")],
    reason: Annotated[str, typer.Option(help="Why; it is recorded.")],
) -> None:
    """Take a list out of use in every worker. One that is required, or the only one, stays."""
    remove_list(Settings.from_env(), name, reason)
    emit({"list": name, "removed": True, "reason": reason})


@app.command("prune")
def prune_command() -> None:
    """Remove what no worker uses: editions refused, replaced, or begun and not gone on with for an hour."""
    for name, records in prune(Settings.from_env()).items():
        emit({"list": name, "recordsRemoved": records})


def age_days(edition: Edition) -> float:
    """Days since the edition was published to the topic."""
    if not edition.published:
        return 0.0
    return round((datetime.now(UTC) - datetime.fromisoformat(edition.published)).total_seconds() / 86400, 1)


def _each(ones: Sequence[One], called: str, publish: Callable[[One], None]) -> None:
    """Each of them, also behind one that is refused."""
    refused = 0
    for one in ones:
        try:
            publish(one)
        except UserError as error:
            if len(ones) == 1:
                raise
            note(f"{error}")
            refused += 1
    if refused:
        fail(
            f"{refused} of {len(ones)} {called} were refused, for the reasons above; the others are published"
        )


def _emit_loaded(file: ListFile, sent: int) -> None:
    emit(
        {
            "list": file.list,
            "edition": file.edition,
            "entries": len(file.entries),
            "rejected": len(file.rejected),
            "published": sent > 0,
        }
    )


def _chosen(assembler: EditionAssembler, name: str | None) -> Iterable[Edition]:
    in_use = assembler.complete()
    if name is None:
        return in_use.values()
    if name not in in_use:
        fail(f"no list {name} is in use; there are {listed(in_use) or 'none'}")
    return (in_use[name],)


def _kept(assembler: EditionAssembler, name: str) -> tuple[Edition, ...]:
    """Editions of a list that the topic still has, oldest first."""
    kept = assembler.editions(name)
    if not kept:
        fail(
            f"{name} is neither a file nor a list in use; there are {listed(assembler.complete()) or 'none'}"
        )
    return kept


def _two(name: str) -> tuple[Edition, Edition]:
    """The edition in use and the one before it."""
    kept = _kept(published_editions(Settings.from_env()), name)
    if len(kept) == 1:
        fail(f"no edition of {name} before the one in use is kept; name a file or LIST@EDITION as B")
    return kept[-2], kept[-1]


def _edition(said: str) -> Edition | ListFile:
    if Path(said).exists():
        return read_and_say(Path(said))
    name, _, edition = said.partition("@")
    kept = _kept(published_editions(Settings.from_env()), name)
    if not edition:
        return kept[-1]
    found = next((one for one in kept if one.edition == edition), None)
    if found is None:
        fail(f"edition {edition} of {name} is not kept; there are {listed(one.edition for one in kept)}")
    return found
