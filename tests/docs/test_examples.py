"""Every console block of README and docs is run, page by page and in order, against the embedded broker.

A command ending in ` &` runs on beside the others and is stopped by its pid. Shown output is compared (`...` stands for
anything). A command whose output is not as shown is run again for a while: what it shows may still be on its way.
"""

import contextlib
import doctest
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.child import free_port
from streams.kafka.embedded import embedded_broker
from tests.docs.blocks import Command, commands
from tests.docs.generate import ROOT, pages
from tests.processes import PATIENCE

STARTS_WITHIN = 1.0
"""Seconds in which a command in the background shows that it cannot start."""
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A folder that looks like the checkout, the program on PATH, and a broker of its own."""
    for entry in ROOT.iterdir():
        if not entry.name.startswith("."):
            (tmp_path / entry.name).symlink_to(entry)
    with embedded_broker() as broker:
        yield {
            **{name: value for name, value in os.environ.items() if not name.startswith("TORUGART_")},
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "TORUGART_BROKERS": broker.bootstrap,
            "TORUGART_SESSION_TIMEOUT": "2",
            "TORUGART_WEB_HOST": "127.0.0.1",
            "TORUGART_WEB_PORT": str(free_port()),
            "COLUMNS": "120",
        }


class Session:
    """Runs the commands of one page."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment
        self.background: list[tuple[subprocess.Popen[bytes], Path]] = []

    def run(self, command: Command) -> None:
        if command.text.endswith(" &"):
            self._start(command)
            return
        deadline = time.monotonic() + PATIENCE
        while True:
            said, code = self._once(command.text)
            fits = code == 0 and (
                not command.shown or doctest.OutputChecker().check_output(command.shown, said, FLAGS)
            )
            if fits:
                return
            if not command.shown or time.monotonic() > deadline:
                pytest.fail(
                    f"line {command.line}: {command.text}\nexit code {code}, shown:\n{command.shown}\nsaid:\n{said}\n"
                    + "\n".join(log.read_text(errors="replace")[-3000:] for _, log in self.background)
                )
            time.sleep(1)

    def _once(self, text: str) -> tuple[str, int]:
        done = subprocess.run(
            ["bash", "-c", text],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            stdin=subprocess.DEVNULL,
        )
        return done.stdout + done.stderr, done.returncode

    def _start(self, command: Command) -> None:
        log = self.folder / f"background-{len(self.background)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                ["bash", "-c", "exec " + command.text.removesuffix(" &")],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        self.background.append((process, log))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STARTS_WITHIN)
            pytest.fail(f"line {command.line}: {command.text} ended at once:\n{log.read_text()}")

    def stop(self) -> None:
        for process, _ in reversed(self.background):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


PAGES = [path for path in pages() if commands(path)]


@pytest.mark.integration
@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_page_does_what_it_says(path: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    session = Session(tmp_path, environment)
    try:
        for command in commands(path):
            session.run(command)
    finally:
        session.stop()


def test_there_are_pages_to_run() -> None:
    assert ROOT / "README.md" in PAGES
