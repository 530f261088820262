"""What README and docs name is there: files, links, settings, metrics, topics, commands, options, make targets."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import typer

from streams import metrics, settings
from streams.cli.main import app
from streams.declarations.errors import DeadLetterReason
from streams.declarations.formats.adapters import NONE
from streams.kafka import topics
from tests.docs.blocks import blocks, commands
from tests.docs.generate import EXAMPLE_BLOCK, ROOT, made, pages

PAGES = pages()
IDS = [str(path.relative_to(ROOT)) for path in PAGES]

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(#[^)\s]*)?\)")
SETTING = re.compile(r"\bTORUGART_[A-Z][A-Z_]*\b")
METRIC = re.compile(r"\btorugart_[a-z_]+\b")
TOPIC = re.compile(r"\bcustoms\.([a-z-]+)\b")
PATH = re.compile(r"`((?:streams|docs|schemas|deploy|tests|\.ci)/[\w./-]*)`")
INLINE = re.compile(r"`(?:\$ )?((?:torugart|make) [^`]+)`")
COMING = {"observations", "findings", "decisions"}
"""Topics of DESIGN that docs may name before their agents are there."""


@pytest.mark.parametrize("path", sorted(made()), ids=lambda path: str(path.relative_to(ROOT)))
def test_made_parts_are_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == made()[path], "make docs"


@pytest.mark.parametrize("path", PAGES, ids=IDS)
def test_links_lead_somewhere(path: Path) -> None:
    targets = [m[1] for m in LINK.finditer(path.read_text(encoding="utf-8"))]
    missing = [t for t in targets if "://" not in t and not (path.parent / t).exists()]
    assert missing == []


@pytest.mark.parametrize("path", PAGES, ids=IDS)
def test_named_files_exist(path: Path) -> None:
    named = {m[1] for m in PATH.finditer(path.read_text(encoding="utf-8"))}
    assert {name for name in named if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize("path", PAGES, ids=IDS)
def test_named_settings_metrics_and_topics_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    known = {name for name, _, _ in settings.documentation()} | settings.FOREIGN_VARIABLES
    assert {name for name in SETTING.findall(text) if name.rstrip("_") not in known} <= {"TORUGART_"}
    series = {name for name, _, _, _ in metrics.documentation()}
    told = {re.sub(r"_(bucket|sum|count)$", "", name) for name in METRIC.findall(text)}
    assert {name for name in told if name not in series and not name.startswith("torugart_process_")} == set()
    assert set(TOPIC.findall(text)) <= {topic.name for topic in topics.TOPICS} | COMING


@pytest.mark.parametrize("path", PAGES, ids=IDS)
def test_json_comes_from_a_schema(path: Path) -> None:
    """Hand-written JSON rots; `<!-- example: NAME -->` above a block fills it."""
    text = path.read_text(encoding="utf-8")
    assert text.count("```json") == sum(found[2] == "json" for found in EXAMPLE_BLOCK.findall(text))
    for block in blocks(path):
        if block.language == "json":
            json.loads(block.text)


@pytest.mark.parametrize("path", PAGES, ids=IDS)
def test_named_commands_and_options_exist(path: Path) -> None:
    assert [f"{line}: {wrong}" for line in command_lines(path) if (wrong := fault(line))] == []


def command_lines(path: Path) -> Iterator[str]:
    """Every command line that a page names: in console and sh blocks and in `code` that begins with a command."""
    for command in commands(path):
        yield from re.split(r"\n|&&", command.text)
    for block in blocks(path):
        if block.language == "sh":
            yield from re.split(r"\n|&&", block.text)
    prose = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for found in INLINE.finditer(prose):
        # `lists load|status` names two commands.
        line, *others = found[1].split("|") if "'" not in found[1] else [found[1]]
        yield line
        yield from (" ".join([*line.split(" ")[:-1], other]) for other in others)


def fault(line: str) -> str:
    """What is wrong with a command line; empty where nothing is."""
    words = shlex.split(line, comments=True)
    while words and re.match(r"[A-Z_]+=", words[0]):
        words = words[1:]
    if not words:
        return ""
    program, *rest = words
    if program == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        unknown = [w for w in rest if "=" not in w and not w.startswith("-") and w not in targets]
        return f"no target {unknown[0]}" if unknown else ""
    if program.rpartition("/")[2] != "torugart":
        return ""
    command = typer.main.get_command(app)
    while rest and (inner := getattr(command, "commands", None)) is not None:
        if rest[0].startswith("-"):
            break
        if rest[0] not in inner:
            return f"no command {rest[0]}"
        command, rest = inner[rest[0]], rest[1:]
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    given = {word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
    unknown = sorted(given - known - {"--help", "-h"})
    return f"no option {unknown[0]}" if unknown else ""


def test_every_format_and_every_reason_is_explained() -> None:
    connecting = (ROOT / "docs" / "connecting.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z-]+)` \|", connecting, re.MULTILINE)) == {*NONE.names, "auto"}
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = "".join(line for line in operations.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`([A-Z][A-Z0-9_]+)`", rows)) - {"TORUGART_FORMAT"} == set(
        get_args(DeadLetterReason)
    )


def test_every_page_is_in_the_index() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = {(ROOT / m[1]).resolve() for m in LINK.finditer(readme)}
    own = {path for path in PAGES if path.parent == ROOT / "docs"} | {
        ROOT / "docs" / "decisions" / "README.md"
    }
    assert {path for path in own if path.resolve() not in listed} == set()


def test_faults_are_seen() -> None:
    assert fault("make nothing") and fault("torugart nothing") and fault("torugart alerts tail --nothing")
    assert not fault("X=1 torugart alerts tail --no-follow  # comment")
