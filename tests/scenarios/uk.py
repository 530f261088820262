"""The trade test scenarios of UK HMRC, played one by one: what is in docs/uk-scenarios.md, and what its test compares.

`make docs` writes the page where the data is present, and leaves it as it is where it is absent.

The publisher mixed messages of different test runs: references in one folder often belong to several declarations. So each
folder is played with the references of its own declaration put into all its messages; what the messages say is left as
it is.
"""

import re
import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from msgspec.structs import replace

from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, Ignored, Message, Original
from streams.declarations.formats import adapters
from streams.lifecycle.life import DeclarationLife, KnownVersion, fold
from tests.data import data

PAGE = Path(__file__).resolve().parents[2] / "docs" / "uk-scenarios.md"
SAMPLES = ("declarations", "hmrc_cds", "samples")
LIMIT = 4 * 1024 * 1024
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
MRN = "26GB000000000000A0"
"""Put into all messages of a scenario; no customs office gave it."""


class Ends(msgspec.Struct, forbid_unknown_fields=True):
    """How scenarios end, from uk.toml."""

    says: str
    status: str = "LODGED"
    scenarios: tuple[str, ...] = ()
    versions: int = 1
    """in force"""
    items: int = 0
    """more or fewer than the declaration had"""
    gaps: tuple[int, ...] = ()
    amended: tuple[str, ...] = ()
    supplied: str | None = None


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    source: str
    as_of: str
    ends: tuple[Ends, ...]


class File(NamedTuple):
    name: str
    message: Message | None
    """None where it cannot be read"""
    refused: str | None = None


class Scenario(NamedTuple):
    """One folder. `elsewhere` are unnumbered notices of another declaration: how it may end otherwise."""

    name: str
    files: tuple[File, ...]
    originals: tuple[tuple[str, Original], ...]
    events: tuple[Event, ...]
    elsewhere: tuple[Event, ...]
    expected: Ends


class Played(NamedTuple):
    scenario: Scenario
    file: str
    original: Original
    life: DeclarationLife


def expectations() -> dict[str, Ends]:
    table = msgspec.convert(
        tomllib.loads(Path(__file__).with_name("uk.toml").read_text(encoding="utf-8")), _Table
    )
    return {name: ends for ends in table.ends for name in ends.scenarios}


def scenarios(samples: Path) -> list[Scenario]:
    """Every folder below the published samples, in the order of their names."""
    ends = expectations()
    return [
        _scenario(folder, ends.get(folder.name) or Ends("no message tells of anything after it was sent"))
        for folder in sorted(samples.iterdir())
        if folder.is_dir()
    ]


def _scenario(folder: Path, expected: Ends) -> Scenario:
    paths = [path for path in folder.rglob("*") if path.suffix.lower() == ".xml"]
    files = tuple(_read(path) for path in sorted(paths, key=_order))
    originals = tuple((one.name, one.message) for one in files if isinstance(one.message, Original))
    events = [(one.name, one.message) for one in files if isinstance(one.message, Event)]
    elsewhere = tuple(event for name, event in events if re.match("DMS", name))
    return Scenario(
        folder.name,
        files,
        originals,
        _in_order([event for _, event in events if event not in elsewhere]),
        elsewhere,
        expected,
    )


def _read(path: Path) -> File:
    try:
        return File(path.name, adapters.read(path.read_bytes(), received=BEGAN, max_bytes=LIMIT))
    except Unscreenable as error:
        return File(path.name, None, error.reason)


def _order(path: Path) -> tuple[int, str]:
    """Numbered as published: `Step2_...`, `03_DMSREQ`, `..._(Step_5)`; what has no number comes first."""
    number = re.match(r"(\d+)[._ ]", path.name) or re.search(r"step_?(\d+)", path.name, re.IGNORECASE)
    return (int(number[1]) if number else 0, path.name)


def _in_order(events: list[Event]) -> tuple[Event, ...]:
    """Each message once, requests before the notices that answer them.

    Notices of one test run go by customs' own times, mixed ones by their numbers. A request was sent before the DMSRCV that
    comes right before its DMSREQ; a presentation before the acceptance; what nobody answers comes last.
    """
    once = list({event.id: event for event in events}.values())
    notices = [event for event in once if event.timed]
    if len({event.MRN for event in notices}) == 1:
        notices.sort(key=lambda event: event.at)
    asked = [event for event in once if event.kind in ("AMENDMENT_REQUESTED", "INVALIDATION_REQUESTED")]
    presented = [event for event in once if event.kind == "PRESENTATION_NOTIFIED"]
    asked.sort(key=lambda event: event.kind == "INVALIDATION_REQUESTED")
    order: list[Event] = []
    for index, notice in enumerate(notices):
        answers = [later.kind for later in notices[index + 1 : index + 2]]
        if asked and notice.kind == "RECEIVED" and answers == ["REQUEST_GRANTED"]:
            order.append(asked.pop(0))
        if notice.kind == "ACCEPTED":
            order += presented
            presented = []
        order.append(notice)
    return (*order, *presented, *asked)


def play(scenario: Scenario, supplied: bool = True) -> list[Played]:
    """The life of each declaration of a folder; the events are those of the last one."""
    lives = []
    for index, (file, original) in enumerate(scenario.originals):
        own = scenario.events if index == len(scenario.originals) - 1 else ()
        lives.append(
            Played(scenario, file, original, life(original, own, scenario.expected.supplied, supplied))
        )
    return lives


def life(
    original: Original, events: tuple[Event, ...], supplies: str | None = None, supplied: bool = True
) -> DeclarationLife:
    """The fold of a declaration and the events given, which get its references and times in their order."""
    reference = original.version.declaration.LRN
    bound = [
        replace(event, LRN=reference, MRN=MRN, at=BEGAN + timedelta(minutes=number))
        for number, event in enumerate(events, 1)
    ]
    if supplies and supplied:
        requests = [
            event for event in bound if event.delta is not None or event.kind == "INVALIDATION_REQUESTED"
        ]
        bound += [
            replace(event, id=f"supplied {number}", kind="REQUEST_GRANTED", at=event.at, delta=None)
            for number, event in enumerate(requests)
        ]
    known = KnownVersion(1, "LODGED", BEGAN, original.version, original.source)
    return fold([known], bound)


def amended(one: DeclarationLife) -> list[str]:
    """Paths of everything that changed from version to version, in order."""
    return [
        change.path.removeprefix("declaration.")
        for version in one.versions
        if version.in_force
        for change in version.changes
    ]


# --- the page


def page(found: list[Scenario]) -> str:
    lines = [row for scenario in found for row in _rows(scenario)]
    counts = counted(found)
    total = sum(counts.values())
    quiet = sum(bool(one.originals) and not one.events for one in found)
    return (
        "<!-- made by `make docs` from tests/scenarios/uk.py, where the data is present; do not edit -->\n"
        "# UK CDS scenarios\n\n"
        "UK HMRC publishes messages for trade tests of its declaration service, in folders of one scenario each. All are read,\n"
        "and every scenario is played through `streams/lifecycle/life.py`. How each must end stands in\n"
        "`tests/scenarios/uk.toml`, taken from its step list, notifications and file names.\n\n"
        "Messages of one folder often come from different test runs. So the references of the folder's declaration are put into\n"
        "all of them, and times in the order of the published numbers; what they say is left as it is. Where customs' answer to\n"
        "a request is not among the files, it is supplied, and the last column says so. A gap is a version that customs speaks\n"
        "of and no message makes.\n\n"
        f"{total} messages: "
        + ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items()))
        + ".\n\n"
        f"In {quiet} more folders are only declarations, which end as LODGED, and messages that do not touch them;\n"
        "one has notices of many declarations and no declaration. Items and parties are those of the first and of the last\n"
        "version in force.\n\n"
        "| scenario | messages in order | ends | versions | gaps | items | parties | amended | read from |\n"
        "|---|---|---|---|---|---|---|---|---|\n" + "".join(lines)
    )


def counted(found: list[Scenario]) -> Counter[str]:
    """How many messages were read as what."""
    counts: Counter[str] = Counter()
    for scenario in found:
        for file in scenario.files:
            counts[_called(file)] += 1
    return counts


def _called(file: File) -> str:
    match file.message:
        case None:
            return f"dead letter {file.refused}"
        case Ignored():
            return f"ignored ({file.message.kind})"
        case Event():
            return f"{file.message.source_message_type}"
        case _:
            return "original"


def _happens(scenario: Scenario) -> bool:
    return bool(scenario.originals) and bool(scenario.events)


def _rows(scenario: Scenario) -> list[str]:
    if not _happens(scenario):
        return []
    last = play(scenario)[-1]
    rows = [_row(scenario.name, scenario.events, last.life, scenario.expected)]
    for event in scenario.elsewhere:
        other = Ends("an unnumbered notice of another declaration: how it may end otherwise")
        rows.append(_row(scenario.name, (event,), life(last.original, (event,)), other))
    return rows


def _row(name: str, events: tuple[Event, ...], one: DeclarationLife, expected: Ends) -> str:
    versions = [version.version.declaration for version in one.versions if version.in_force]
    first, final = versions[0], versions[-1]
    cells = (
        name,
        " ".join(event.source_message_type for event in events),
        one.summary.status,
        str(len(versions)),
        ", ".join(map(str, one.summary.gaps)),
        _moved(len(first.goods_items), len(final.goods_items)),
        _moved(len(first.parties), len(final.parties)),
        ", ".join(f"`{path}`" for path in amended(one)),
        expected.says + (f"; supplied: {expected.supplied}" if expected.supplied else ""),
    )
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |\n"


def _moved(before: int, after: int) -> str:
    return str(before) if before == after else f"{before} to {after}"


def made() -> dict[Path, str]:
    """Path -> text of the page; nothing where the data is absent."""
    try:
        return {PAGE: page(scenarios(data(*SAMPLES)))}
    except pytest.skip.Exception:
        return {}
