"""A TCP proxy between one worker and a broker, which holds what the worker sends and lets it go when it is told to.

The broker advertises the proxy's address on a listener of its own, so that a worker that begins there stays there.
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from streams.child import free_port

HOST = "127.0.0.1"
PRODUCE = 0
"""Number of the request in the Kafka protocol"""
SIZE = struct.Struct(">i")
REQUEST = struct.Struct(">hhi")
"""API key, version, correlation id"""


def listeners(client: int, controller: int, internal: int, proxied: int, proxy: int) -> dict[str, str]:
    """Properties of a broker with a second listener for clients, on the port `proxied`, which it says is the port `proxy`."""
    return {
        "controller.quorum.voters": f"1@{HOST}:{controller}",
        "listeners": f"CLIENT://{HOST}:{client},PROXIED://{HOST}:{proxied},INTERNAL://{HOST}:{internal},"
        f"CONTROLLER://{HOST}:{controller}",
        "advertised.listeners": f"CLIENT://{HOST}:{client},PROXIED://{HOST}:{proxy},INTERNAL://{HOST}:{internal}",
        "listener.security.protocol.map": "CLIENT:PLAINTEXT,PROXIED:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
    }


@dataclass
class Ports:
    """Free ports for a broker and its proxy."""

    client: int = field(default_factory=free_port)
    controller: int = field(default_factory=free_port)
    internal: int = field(default_factory=free_port)
    proxied: int = field(default_factory=free_port)
    proxy: int = field(default_factory=free_port)

    def properties(self) -> Mapping[str, str]:
        return listeners(self.client, self.controller, self.internal, self.proxied, self.proxy)


class Proxy:
    """Passes everything on, but for produce requests while it holds them; notes how the broker answers those."""

    def __init__(self, port: int, target: int) -> None:
        self.address = f"{HOST}:{port}"
        self._target = target
        self._open = threading.Event()
        self._open.set()
        self._lock = threading.Lock()
        self._held: set[tuple[int, int]] = set()
        self._ticks: set[tuple[int, int]] = set()
        self._answers: list[int] = []
        self._server = socket.create_server((HOST, port))
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self) -> None:
        """From now on no produce request passes."""
        with self._lock:
            self._held.clear()
            self._ticks.clear()
            self._answers = []
        self._open.clear()

    def release(self) -> None:
        """Lets go what was held, byte for byte, in its connections' order."""
        self._open.set()

    @property
    def held(self) -> int:
        """Produce requests that were held since `hold`, but for those outside of transactions."""
        with self._lock:
            return len(self._held) + len(self._answers)

    @property
    def answers(self) -> list[int]:
        """Error codes with which the broker answered those that were held and let go."""
        with self._lock:
            return list(self._answers)

    @property
    def ticks(self) -> int:
        """Produce requests outside of transactions that were held. A worker that is fenced sends nothing so but the time."""
        with self._lock:
            return len(self._ticks)

    def close(self) -> None:
        self._open.set()
        for one in (self._server, *self._sockets):
            with contextlib.suppress(OSError):
                one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            for number in range(1_000_000):
                worker, _ = self._server.accept()
                broker = socket.create_connection((HOST, self._target))
                self._sockets += [worker, broker]
                for pump in (self._requests, self._responses):
                    threading.Thread(target=pump, args=(number, worker, broker), daemon=True).start()

    def _requests(self, number: int, worker: socket.socket, broker: socket.socket) -> None:
        with contextlib.suppress(OSError):
            for frame in _frames(worker):
                kind, _, correlation = REQUEST.unpack_from(frame, SIZE.size)
                if kind == PRODUCE and not self._open.is_set():
                    with self._lock:
                        (self._held if _transactional(frame) else self._ticks).add((number, correlation))
                    self._open.wait()
                broker.sendall(frame)
        # What a worker's end means reaches the broker when all that it sent has.
        with contextlib.suppress(OSError):
            broker.shutdown(socket.SHUT_WR)

    def _responses(self, number: int, worker: socket.socket, broker: socket.socket) -> None:
        alive = True
        with contextlib.suppress(OSError):
            for frame in _frames(broker):
                (correlation,) = SIZE.unpack_from(frame, SIZE.size)
                with self._lock:
                    if (number, correlation) in self._held:
                        self._held.discard((number, correlation))
                        self._answers += _error_codes(frame[2 * SIZE.size :])
                if alive:
                    try:
                        worker.sendall(frame)
                    except OSError:
                        alive = False  # its broker's answers still count
        with contextlib.suppress(OSError):
            worker.close()


def _frames(source: socket.socket) -> Iterator[bytes]:
    """Messages of the Kafka protocol with their sizes, until the connection ends."""
    while True:
        head = _exactly(source, SIZE.size)
        if head is None:
            return
        body = _exactly(source, SIZE.unpack(head)[0])
        if body is None:
            return
        yield head + body


def _exactly(source: socket.socket, count: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < count:
        part = source.recv(count - len(parts))
        if not part:
            return None
        parts += part
    return bytes(parts)


def _transactional(request: bytes) -> bool:
    """Whether a produce request has a transactional id. Versions 3 to 8, which aiokafka speaks."""
    (client,) = struct.unpack_from(">h", request, SIZE.size + REQUEST.size)
    (length,) = struct.unpack_from(">h", request, SIZE.size + REQUEST.size + 2 + max(client, 0))
    return bool(length > 0)


def _error_codes(body: bytes) -> list[int]:
    """One for a request: of the first of its partitions. Versions before 9, which aiokafka speaks."""
    (length,) = struct.unpack_from(">h", body, 4)
    (code,) = struct.unpack_from(">h", body, 4 + 2 + length + 4 + 4)
    return [int(code)]


@contextlib.contextmanager
def proxy(ports: Ports) -> Iterator[Proxy]:
    one = Proxy(ports.proxy, ports.proxied)
    try:
        yield one
    finally:
        one.close()
