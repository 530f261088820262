#!/usr/bin/env python3
"""A real Apache Kafka node (KRaft, controller and broker in one) without Docker, for tests and load on one machine.

    node.py resolve                        Kafka and what it needs, by Maven, into a cache, once
    node.py start --data DIR [--port N]    a node in the background; says how to reach it, when it is ready
    node.py stop --data DIR                ends it
    node.py run --data DIR [--port N]      a node that ends when this command's standard input is closed

Only the Python standard library, Java 17 or newer, Maven (for `resolve`) and openssl (for SSL) are needed. Exit code 0,
or 2 with one line on standard error that says what is wrong. A node that was started on a data directory before is
started on it again with its records; ports and security are chosen anew each time, the SCRAM user only the first time.
"""

import argparse
import base64
import ctypes
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import configuration

HERE = Path(__file__).resolve().parent
POM = HERE / "pom.xml"
JAVA = 17
"""Kafka 4 brokers need Java 17 (KIP-1013)."""

RESOLVE_SECONDS = 600
START_SECONDS = 180
"""Some 3 s on an idle machine."""
STOP_SECONDS = 20
"""A clean stop takes about a second; a killed node checks its log segments at the next start."""

READY = "Kafka Server started"
JVM = (
    *("-server", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData"),
    *("-Djava.awt.headless=true", f"-Dlog4j2.configurationFile={HERE / 'log4j2.xml'}"),
)


class Unavailable(Exception):
    """Kafka cannot be had or started here; the message says why in one line."""


def home() -> Path:
    """Folder of the jars: one for each state of pom.xml, so that a change of it never meets old jars."""
    base = os.environ.get("TORUGART_KAFKA_HOME")
    if not base:
        cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        base = str(Path(cache) / "torugart" / "kafka")
    version = ElementTree.parse(POM).findtext(".//{*}kafka.version")  # noqa: S314 - our own file
    return Path(base) / f"{version}-{hashlib.sha256(POM.read_bytes()).hexdigest()[:8]}"


def resolve() -> Path:
    """Returns the folder of the jars, having filled it first where it was not there. Complete or absent, never half."""
    java()
    target = home()
    if target.is_dir():
        return target
    if not shutil.which("mvn"):
        raise Unavailable("Maven (mvn) is not installed, and Kafka is not in the cache")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".resolving-", dir=target.parent) as folder:
        jars = Path(folder) / "jars"
        command = ["mvn", "-B", "-ntp", "-q", "-f", str(POM), "dependency:copy-dependencies"]
        command += ["-DincludeScope=runtime", f"-DoutputDirectory={jars}"]
        try:
            done = subprocess.run(  # noqa: S603
                command, capture_output=True, text=True, timeout=RESOLVE_SECONDS, cwd=folder
            )
        except subprocess.TimeoutExpired:
            raise Unavailable(f"Maven did not resolve Kafka within {RESOLVE_SECONDS} s") from None
        if done.returncode != 0 or not any(jars.glob("kafka_*.jar")):
            raise Unavailable(f"Maven could not resolve Kafka: {_first_error(done.stdout + done.stderr)}")
        try:
            jars.rename(target)
        except OSError:
            # Another process was faster; both folders hold the same.
            if not target.is_dir():
                raise
    return target


def _first_error(output: str) -> str:
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).removeprefix("[ERROR] ") for line in output.splitlines()]
    return next((line[:300] for line in lines if line.strip()), "it said nothing")


def java() -> str:
    """Path of a Java that Kafka runs on: JAVA_HOME's, else the one on PATH."""
    own = os.environ.get("JAVA_HOME")
    binary = str(Path(own) / "bin" / "java") if own else shutil.which("java")
    if not binary or not os.access(binary, os.X_OK):
        raise Unavailable(f"Java {JAVA} or newer is not installed")
    said = subprocess.run([binary, "-version"], capture_output=True, text=True).stderr  # noqa: S603
    found = re.search(r'version "(\d+)', said)
    if not found or int(found.group(1)) < JAVA:
        raise Unavailable(
            f"Java {JAVA} or newer is needed and this is {said.splitlines()[0] if said else binary}"
        )
    return binary


def launch(
    options: argparse.Namespace, *, bound: bool
) -> tuple[subprocess.Popen[bytes], configuration.Client]:
    """Starts a node and returns when it is ready. `bound`: the node dies with this process, however that ends."""
    jars, binary, data = resolve(), java(), Path(options.data).resolve()
    data.mkdir(parents=True, exist_ok=True)
    if _running(data):
        raise Unavailable(f"a node is already running on {data}")
    try:
        config = configuration.make(
            data,
            port=options.port,
            protocol=options.security_protocol,
            mechanism=options.sasl_mechanism,
            overrides=dict(options.set),
        )
    except subprocess.CalledProcessError as error:
        raise Unavailable(f"openssl failed: {_first_error(error.stderr)}") from None
    except FileNotFoundError as error:
        raise Unavailable(f"{error.filename} is not installed") from None
    except OSError as error:
        raise Unavailable(f"port {options.port} cannot be used: {error.strerror}") from None
    properties, log = data / "server.properties", data / "server.log"
    config.write(properties)
    command = [binary, f"-Xmx{options.heap}", *JVM, f"-Dtorugart.kafka.log={log}", "-cp", f"{jars}/*"]
    _format(command, properties, config.scram, data)
    begin = log.stat().st_size if log.exists() else 0
    # The JVM itself writes here where it cannot start at all.
    with (data / "console.log").open("wb") as console:
        process = subprocess.Popen(  # noqa: S603
            [*command, "kafka.Kafka", str(properties)],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
            cwd=data,
            start_new_session=True,
            preexec_fn=_die_with_parent if bound else None,
        )
    (data / "pid").write_text(f"{process.pid}\n")
    try:
        _await_ready(process, log, begin, data)
    except BaseException:
        _end(process.pid)
        process.wait()
        (data / "pid").unlink(missing_ok=True)
        raise
    return process, config.client


def _format(command: list[str], properties: Path, scram: str | None, data: Path) -> None:
    tool = [*command, "kafka.tools.StorageTool"]
    cluster = data / "cluster"
    if not cluster.exists():
        # Kafka's form of a UUID. The tool would take one that begins with a dash for an option.
        identity = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        cluster.write_text(identity.replace("-", "A"))
    arguments = ["--cluster-id", cluster.read_text(), "--config", str(properties)]
    arguments += ["--ignore-formatted"] + (["--add-scram", scram] if scram else [])
    done = subprocess.run([*tool, "format", *arguments], capture_output=True, text=True)  # noqa: S603
    if done.returncode != 0:
        raise Unavailable(f"the storage could not be formatted: {_first_error(done.stderr + done.stdout)}")


def _die_with_parent() -> None:
    # PR_SET_PDEATHSIG, SIGKILL. This process has one thread, so preexec_fn is safe here.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _await_ready(process: subprocess.Popen[bytes], log: Path, begin: int, data: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if log.exists():
            with log.open("rb") as lines:
                lines.seek(begin)
                if READY.encode() in lines.read():
                    return
        if process.poll() is not None:
            said = (log.read_text(errors="replace")[begin:] if log.exists() else "").splitlines()
            errors = [line for line in said if " ERROR " in line or " FATAL " in line]
            console = (data / "console.log").read_text(errors="replace").splitlines()
            raise Unavailable(
                f"the node ended while starting: {[*errors, *console, 'see ' + str(log)][0][:300]}"
            )
        time.sleep(0.05)
    raise Unavailable(f"the node was not ready within {START_SECONDS} s; see {log}")


def _running(data: Path) -> int | None:
    """Pid of the node on this data directory, or None. A pid that now belongs to another program does not count."""
    try:
        pid = int((data / "pid").read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    return pid if str(data / "server.properties").encode() in command else None


def _end(pid: int) -> None:
    """Asks a process to stop and waits; kills it where it does not."""
    for number, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, STOP_SECONDS)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not _alive(pid):
                return
            time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def start(options: argparse.Namespace) -> None:
    process, client = launch(options, bound=False)
    print(json.dumps({**client.as_settings(), "pid": process.pid}), flush=True)


def run(options: argparse.Namespace) -> None:
    """As `start`, then waits for the end of standard input (or SIGTERM, Ctrl-C) and stops the node."""
    # Registered before the launch, so that a node half started is stopped as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    process, client = launch(options, bound=True)
    try:
        print(json.dumps({**client.as_settings(), "pid": process.pid}), flush=True)
        sys.stdin.buffer.read()
    except KeyboardInterrupt:
        pass
    finally:
        _end(process.pid)
        process.wait()
        (Path(options.data).resolve() / "pid").unlink(missing_ok=True)


def stop(options: argparse.Namespace) -> None:
    data = Path(options.data).resolve()
    pid = _running(data)
    if pid is None:
        raise Unavailable(f"no node is running on {data}")
    _end(pid)
    (data / "pid").unlink(missing_ok=True)


def _property(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE")
    return key, value


def main() -> int:
    parser = argparse.ArgumentParser(description="A real Apache Kafka node without Docker.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("resolve", help="fetch Kafka into the cache, once")
    for name in ("start", "run"):
        command = commands.add_parser(name)
        command.add_argument("--data", required=True, help="data directory")
        command.add_argument(
            "--port", type=int, default=9092, help="clients' port; 0: a free one (default: 9092)"
        )
        command.add_argument("--security-protocol", choices=configuration.PROTOCOLS, default="PLAINTEXT")
        command.add_argument("--sasl-mechanism", choices=configuration.MECHANISMS, default="SCRAM-SHA-512")
        command.add_argument("--heap", default="512m", help="Java heap (default: 512m)")
        command.add_argument("--set", type=_property, action="append", default=[], metavar="KEY=VALUE",
                             help="a broker property; may be repeated")  # fmt: skip
    commands.add_parser("stop").add_argument("--data", required=True)
    options = parser.parse_args()
    try:
        if options.command == "resolve":
            print(resolve())
        else:
            {"start": start, "run": run, "stop": stop}[options.command](options)
    except Unavailable as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
