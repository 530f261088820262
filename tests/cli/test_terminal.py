"""What each command shows of a hostile text: nothing acts on the terminal, and no line is somebody else's."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from streams.assessment.screening import screen
from streams.cases.alerts import alert_of, encode
from streams.cli.backtest_text import _cell
from streams.declarations.canonical import encode as encode_declaration
from streams.declarations.dead_letter import Source, dead_letter
from streams.declarations.errors import Unscreenable
from streams.demo.screen import Screen
from streams.demo.totals import CorridorNews
from streams.kafka import topics
from streams.kafka.admin import create_topics
from streams.kafka.sending import sending
from streams.lifecycle.life import KnownVersion, fold
from streams.patterns.episode_alert import KEY_PREFIX
from tests.assessment.cases import index, rulebook
from tests.commands import torugart
from tests.demo.factories import alert, corridor, finding
from tests.factory import EVENT_TIME, declaration, item, party
from tests.integration import brokers
from tests.integration.brokers import Broker
from tests.integration.stream import Worker
from tests.processes import PATIENCE
from tests.test_text import acts

EVIL = "\x1b[2J\x1b]0;owned\x07\x1b[31mEVIL\r\nLane: GREEN \u202egnp\u2066\x9b1m\u200b [red]x[/red]"
FORGED = "Lane: GREEN"
ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "docs" / "examples" / "own-list.csv"


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "streams", *arguments],
        env=os.environ | environment,
        capture_output=True,
        timeout=PATIENCE,
    )


def check(output: bytes, shown: str = "\\x1b[2J") -> str:
    """The text of an output in which nothing acts."""
    text = output.decode()
    assert acts(text.replace("\n", "")) == []
    assert not any(line.lstrip().startswith(FORGED) for line in text.splitlines())
    assert shown in text
    return text


def _hostile() -> bytes:
    version = declaration(
        parties=(party("EXPORTER", EVIL), party("CONSIGNEE", f"OSOO KARGOLAYN {EVIL}", country="KG")),
        goods_items=(item(description_of_goods=EVIL),),
    )
    [one] = fold([KnownVersion(1, "LODGED", EVENT_TIME, version)], ()).versions
    made = alert_of(
        [screen(one.version, index(), rulebook(), one)],
        fold([KnownVersion(1, "LODGED", EVENT_TIME, version)], ()).summary,
    )
    return encode(made) if made is not None else encode(alert("x", headline=EVIL))


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    with brokers.embedded() as running:
        settings = running.settings()
        create_topics(settings)
        source = Source(topic="t", partition=0, offset=1, timestamp=0, key=None)
        letter = dead_letter(b"{}", Unscreenable("SCHEMA_VIOLATION", EVIL), source, "intake", "test")
        news = corridor(headline=EVIL)
        with sending(settings) as producer:
            for topic, key, value in (
                (topics.ALERTS, "test|1", _hostile()),
                (topics.ALERTS, f"{KEY_PREFIX}x", msgspec.json.encode(news)),
                (topics.DEAD_LETTERS, letter.id, msgspec.json.encode(letter)),
            ):
                producer.send(settings.topic(topic.name), key=key.encode(), value=value)
        yield running


@pytest.mark.integration
@pytest.mark.parametrize(
    "command",
    [
        ["alerts", "tail", "--no-follow", "--text"],
        ["alerts", "tail", "--no-follow"],
        ["alerts", "show", "test|1"],
        ["dead-letters", "list"],
        ["dead-letters", "show", "t/0/1"],
    ],
    ids=lambda command: " ".join(command),
)
def test_commands_that_read_topics(broker: Broker, command: list[str]) -> None:
    done = process(*command, **broker.environment())
    assert done.returncode == 0, done.stderr
    json_lines = ("--text" not in command and command[1] != "show") or command[0] == "dead-letters"
    check(done.stdout, "\\u001b[2J" if json_lines else "\\x1b[2J")


@pytest.mark.integration
def test_the_log_of_a_worker(broker: Broker, tmp_path: Path) -> None:
    """It names the list that it waits for."""
    evil = EVIL.replace("\r\n", "\n").replace(",", "")
    environment = {name: str(value) for name, value in broker.environment(group="evil").items()}
    worker = Worker(environment | {"TORUGART_REQUIRED_LISTS": evil}, tmp_path / "log")
    try:
        deadline = time.monotonic() + PATIENCE
        while b"nothing is screened before" not in worker.log.read_bytes() and time.monotonic() < deadline:
            time.sleep(0.2)
    finally:
        worker.stop()
    check(worker.log.read_bytes())


def test_screen_writes_data_that_acts_on_no_terminal() -> None:
    version = declaration(
        parties=(party("EXPORTER", "A GmbH"), party("CONSIGNEE", f"Example Trade OsOO {EVIL}", country="KG"))
    )
    done = torugart("screen", "--list", str(LIST), stdin=encode_declaration(version) + b"\n")
    assert done.returncode == 0, done.stderr
    text = check(done.stdout, "\\u001b[2J")
    assert len(text.splitlines()) == 1
    assert any(EVIL in str(one["name"]) for one in msgspec.json.decode(text)["screened"]["parties"])


@pytest.mark.parametrize(
    "command",
    [
        ["screen", "--list", f"{EVIL}.csv"],
        ["screen", "--format", EVIL],
        ["corridors", "--trade", f"{EVIL}.csv"],
        ["lists", "load", f"{EVIL}.csv"],
        ["publish", f"{EVIL}.json"],
        ["backtest", "--before", f"{EVIL}.toml", "--after", f"{EVIL}.toml", "--verdicts", f"{EVIL}.jsonl"],
        [EVIL],
    ],
    ids=["screen", "format", "corridors", "lists", "publish", "backtest", "unknown-command"],
)
def test_error_lines(command: list[str]) -> None:
    done = torugart(*command)
    assert (done.returncode, done.stdout) == (2, b"")
    assert len(check(done.stderr, "x1b[2J").splitlines()) == 1


def test_doctor() -> None:
    done = torugart("doctor", TORUGART_RULESET=f"/nowhere/{EVIL}.toml")
    assert done.returncode == 2
    check(done.stdout, "x1b[2J")


def test_the_screen_of_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Screen()
    shown.alert(alert("demo.de|1", headline=EVIL, findings=[finding(60, EVIL)], what_would_clear=(EVIL,)))
    shown.alert(alert("demo.de|2", "BLUE", headline=EVIL))
    shown.corridor(CorridorNews("RAISED", corridor(headline=EVIL)))
    shown.step(EVIL)
    text = check(capsys.readouterr().out.encode())
    assert text.count("[red]x[/red]") == 6, "markup is shown, not interpreted"


def test_cells_of_a_table_are_no_markup() -> None:
    assert _cell("[red]x[/red]\x1b").plain == "[red]x[/red]\\x1b"
