"""Why Kafka cannot be used, in one line that names the cause and the setting: clients say "Unable to bootstrap" of everything.

`connection_problem` asks each step itself, as a client would, when a client has failed: the name, the port, TLS, the protocol,
user and password. No line holds a password.
"""

import contextlib
import socket
import ssl
import struct
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from kafka.net.sasl import get_sasl_mechanism

from streams.kafka import clients as kafka_clients
from streams.settings import Settings, SettingsError

STEP_SECONDS = 5.0
"""For each of connect, handshake and answer: a broker takes milliseconds, one under load a second."""
MAX_ANSWER = 1024 * 1024
"""Bytes: an answer asked for here takes some hundreds; a larger size means that it is not Kafka that answers."""

API_VERSIONS, SASL_HANDSHAKE, SASL_AUTHENTICATE = (18, 0), (17, 1), (36, 0)
"""Key and version of requests in the Kafka protocol (kafka.apache.org/protocol): the oldest that Kafka 4 still answers."""
UNSUPPORTED_MECHANISM = 33
"""Error code of the same."""


class _Problem(Exception):
    """The cause, as one line."""


def sentence(error: BaseException, settings: Settings) -> str:
    """What an error of a Kafka client means, for the one who mends it. Raises nothing."""
    name = type(error).__name__
    if name in _CONNECTION:
        problem = connection_problem(settings)
        if problem is not None:
            return problem
    said = (
        str(error).removeprefix(f"{name}: ").removeprefix(f"[Error {getattr(error, 'errno', '')}] {name}: ")
    )
    said = said.split("Request '")[0].strip() or "the broker does not say which"
    user = f"user {settings.sasl_username}" if settings.sasl_username else "this client"
    meaning = {
        "InvalidTimestampError": f"Kafka refuses the time of a record: this machine's clock says "
        f"{datetime.fromtimestamp(time.time(), UTC):%Y-%m-%d %H:%M} UTC; set the clocks of clients and brokers right",
        "TopicAuthorizationFailedError": f"{user} lacks a right on a topic ({said}): {GRANT}",
        "GroupAuthorizationFailedError": f"{user} lacks the right READ on group {settings.group}: {GRANT}",
        "TransactionalIdAuthorizationFailed": f"{user} lacks the right WRITE on transactional ids that begin with "
        f"{settings.group}: {GRANT}",
        "ClusterAuthorizationFailedError": f"{user} lacks a right on the cluster ({said}): {GRANT}",
        "UnknownTopicOrPartitionError": f"a topic does not exist ({said}): run `torugart topics create`",
        "KafkaTimeoutError": f"Kafka did not answer in time: {said}",
        "PolicyViolationError": f"a policy of the brokers forbids it: {said}",
        "InvalidReplicationFactorError": f"TORUGART_REPLICATION={settings.replication}: {said}",
        "NotEnoughReplicasError": "Kafka has too few replicas in sync for a topic (min.insync.replicas): are all brokers up?",
    }.get(name)
    if meaning is None and name.endswith("SizeTooLargeError"):
        meaning = f"a record is larger than its topic or this client takes: {said}"
    return " ".join((meaning or f"Kafka: {name}: {said}").split())


GRANT = "grant it with kafka-acls.sh (docs/operations.md, Rights)"
_CONNECTION = frozenset(
    {
        "KafkaConnectionError", "KafkaTimeoutError", "NoBrokersAvailable", "NodeNotReadyError", "BrokerNotAvailableError",
        "RequestTimedOutError", "SaslAuthenticationFailedError", "UnsupportedSaslMechanismError", "IllegalSaslStateError",
        "AuthenticationFailedError", "AuthenticationMethodNotSupported", "SecurityDisabledError", "KafkaUnavailableError",
        "UnrecognizedBrokerVersion", "StaleMetadata", "BootstrapConnectionError", "KafkaConfigurationError",
    }
)  # fmt: skip
"""Errors, by name (kafka-python and aiokafka have one of a name each), behind which another cause may stand."""


def connection_problem(settings: Settings) -> str | None:
    """Why none of TORUGART_BROKERS can be used; None where one of them can. Takes up to some 20 s a broker."""
    try:
        context = kafka_clients.tls_context(settings)
        password = settings.password()
    except SettingsError as error:
        return str(error)
    problems: list[str] = []
    for broker in settings.brokers.split(","):
        try:
            _try(broker.strip(), settings, context, password)
        except _Problem as problem:
            problems.append(str(problem))
        else:
            return None
    return "; ".join(dict.fromkeys(problems))


def port_problem(host: str, port: int) -> str | None:
    """Why the worker's web port cannot be opened; None where it can."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(address)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        return f"port {port} of {host} cannot be opened: {why}; set TORUGART_WEB_PORT (0: none) or TORUGART_WEB_HOST"
    return None


def reach_problem(host: str, port: int) -> str | None:
    """Why a broker cannot be connected to at the address that it gives itself; None where it can."""
    try:
        with _connected(host, port, f"{host}:{port}"):
            return None
    except _Problem as problem:
        return f"the brokers say that one of them is at {host}:{port} (advertised.listeners): {problem}"


def _address(broker: str) -> tuple[str, int]:
    try:
        host, _, port = kafka_clients.checked_address(broker).rpartition(":")
    except SettingsError as error:
        raise _Problem(str(error)) from None
    return host.strip("[]"), int(port)


def _try(broker: str, settings: Settings, context: ssl.SSLContext | None, password: str) -> None:
    """Raises _Problem where a client with these settings cannot use the broker."""
    host, port = _address(broker)
    with _connected(host, port, broker) as raw:
        if context is None:
            _expect_kafka(raw, host, port, broker)
            _authenticate(raw, broker, settings, password)
            return
        with _secured(raw, context, host, port, broker) as secure:
            _expect_kafka(secure, host, port, broker)
            _authenticate(secure, broker, settings, password)


@contextlib.contextmanager
def _connected(host: str, port: int, broker: str) -> Iterator[socket.socket]:
    try:
        raw = socket.create_connection((host, port), timeout=STEP_SECONDS)
    except socket.gaierror:
        raise _Problem(f"{broker}: the host {host} is not known: is TORUGART_BROKERS right?") from None
    except ConnectionRefusedError:
        raise _Problem(
            f"{broker}: nothing listens on port {port}: does Kafka run, and is TORUGART_BROKERS right?"
        ) from None
    except TimeoutError:
        raise _Problem(
            f"{broker} does not answer within {STEP_SECONDS:g} s: a firewall, or a wrong address?"
        ) from None
    except (OSError, UnicodeError) as error:
        raise _Problem(f"{broker} cannot be reached: {getattr(error, 'strerror', None) or error}") from None
    with raw:
        yield raw


@contextlib.contextmanager
def _secured(
    raw: socket.socket, context: ssl.SSLContext, host: str, port: int, broker: str
) -> Iterator[ssl.SSLSocket]:
    try:
        secure = context.wrap_socket(raw, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message.rstrip(".")
        if "expired" in why or "not yet valid" in why:
            mend = "is this machine's clock right?"
        elif "mismatch" in why:
            mend = "TORUGART_BROKERS must name the broker as its certificate does"
        else:
            mend = "TORUGART_SSL_CAFILE names the CA that is"
        raise _Problem(f"{broker}: its certificate is not trusted: {why}; {mend}") from None
    except OSError as error:
        if _speaks_plain(host, port):
            raise _Problem(
                f"{broker} speaks no TLS, and TORUGART_SECURITY_PROTOCOL asks for it: is it the right port?"
            ) from None
        raise _Problem(f"{broker}: no TLS connection: {_reason(error)}") from None
    with secure:
        yield secure


def _expect_kafka(connection: socket.socket, host: str, port: int, broker: str) -> None:
    try:
        _ask(connection, API_VERSIONS, b"")
    except OSError as error:
        if isinstance(connection, ssl.SSLSocket):
            raise _Problem(
                f"{broker} ends the TLS connection: {_reason(error)}; where it wants a client certificate, "
                "TORUGART_SSL_CERTFILE and TORUGART_SSL_KEYFILE name one"
            ) from None
        if _speaks_tls(host, port):
            raise _Problem(
                f"{broker} speaks TLS, and TORUGART_SECURITY_PROTOCOL asks for none: set it to SSL or SASL_SSL"
            ) from None
        raise _Problem(f"{broker} does not speak the Kafka protocol: {_reason(error)}") from None


def _authenticate(connection: socket.socket, broker: str, settings: Settings, password: str) -> None:
    wanted = settings.security_protocol.startswith("SASL")
    mechanism = settings.sasl_mechanism if wanted else "-"
    try:
        answer = _ask(connection, SASL_HANDSHAKE, _text(mechanism))
        (code,) = struct.unpack_from(">h", answer)
        if not wanted:
            if code == UNSUPPORTED_MECHANISM:
                raise _Problem(
                    f"{broker} asks for a user and password, and TORUGART_SECURITY_PROTOCOL for none: set it to SASL_PLAINTEXT "
                    "or SASL_SSL"
                )
            return
        if code == UNSUPPORTED_MECHANISM:
            offered = ", ".join(_texts(answer[2:])) or "none"
            raise _Problem(
                f"{broker} does not offer the SASL mechanism {mechanism} (TORUGART_SASL_MECHANISM); it offers {offered}"
            )
        if code:
            raise _Problem(
                f"{broker} knows no users, and TORUGART_SECURITY_PROTOCOL asks for one: PLAINTEXT or SSL?"
            )
        _log_in(connection, broker, settings, password)
    except (OSError, struct.error) as error:
        if wanted:
            raise _Problem(
                f"{broker} ended the connection while {settings.sasl_username} logged in: {_reason(error)}"
            ) from None


def _log_in(connection: socket.socket, broker: str, settings: Settings, password: str) -> None:
    refused = _Problem(
        f"{broker}: wrong user or password for {settings.sasl_username or 'an empty TORUGART_SASL_USERNAME'} "
        "(TORUGART_SASL_USERNAME, TORUGART_SASL_PASSWORD_FILE)"
    )
    client: Any = get_sasl_mechanism(settings.sasl_mechanism)(
        sasl_mechanism=settings.sasl_mechanism,
        sasl_plain_username=settings.sasl_username,
        sasl_plain_password=password,
        security_protocol=settings.security_protocol,
    )
    while not client.is_done():
        token = client.auth_bytes()
        answer = _ask(connection, SASL_AUTHENTICATE, struct.pack(">i", len(token)) + token)
        code, size = struct.unpack_from(">hh", answer)
        if code:
            raise refused
        at = 4 + max(0, size)
        (length,) = struct.unpack_from(">i", answer, at)
        try:
            client.receive(answer[at + 4 : at + 4 + max(0, length)])
        except Exception:  # whatever a client makes of an answer that is none
            raise refused from None


def _ask(connection: socket.socket, api: tuple[int, int], body: bytes) -> bytes:
    """The body of the broker's answer to a request. Raises OSError where it gives none."""
    request = struct.pack(">hhi", *api, 1) + _text("torugart") + body
    connection.sendall(struct.pack(">i", len(request)) + request)
    (size,) = struct.unpack(">i", _exactly(connection, 4))
    if not 4 <= size <= MAX_ANSWER:
        raise OSError("its answer is none of Kafka's")
    return _exactly(connection, size)[4:]


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise OSError("it closed the connection")
        data += more
    return data


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">h", len(data)) + data


def _texts(data: bytes) -> Iterator[str]:
    (count,) = struct.unpack_from(">i", data)
    at = 4
    for _ in range(max(0, min(count, 100))):
        (size,) = struct.unpack_from(">h", data, at)
        yield data[at + 2 : at + 2 + size].decode("ascii", "replace")
        at += 2 + size


def _speaks_plain(host: str, port: int) -> bool:
    with contextlib.suppress(OSError, _Problem), _connected(host, port, host) as raw:
        _ask(raw, API_VERSIONS, b"")
        return True
    return False


def _speaks_tls(host: str, port: int) -> bool:
    anyone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
    with contextlib.suppress(OSError, _Problem), _connected(host, port, host) as raw, anyone.wrap_socket(raw):
        return True
    return False


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {STEP_SECONDS:g} s"
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
