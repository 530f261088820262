"""Every setting, typed, in one place. Each is read from the environment as TORUGART_<NAME>.

docs/settings.md is made from the descriptions here (`make docs`).
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import asdict

from streams.errors import UserError

PREFIX = "TORUGART_"

Text = Annotated[str, Meta(min_length=1)]


class SettingsError(UserError):
    """A setting that cannot be used; the message is one line that names it."""


class Settings(Struct, frozen=True, kw_only=True):
    """What an installation may choose. `Settings.from_env()` reads and checks it."""

    brokers: Annotated[Text, Meta(description="Kafka bootstrap servers, host:port, comma-separated")] = (
        "localhost:9092"
    )
    group: Annotated[Text, Meta(description="consumer group; also the name of the Faust app")] = "torugart"
    topic_prefix: Annotated[
        str, Meta(pattern=r"^[a-zA-Z0-9._-]*$(?!\n)", description="prefix of every topic")
    ] = "customs."
    partitions: Annotated[
        int,
        Meta(
            ge=1,
            le=1000,
            description="partitions of the internal topics and of their state; `torugart topics repartition` changes it",
        ),
    ] = 8
    replication: Annotated[
        int, Meta(ge=1, le=9, description="replication factor of topics that are created; 3 in production")
    ] = 1
    security_protocol: Annotated[
        Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"], Meta(description="how to talk to Kafka")
    ] = "PLAINTEXT"
    ssl_cafile: Annotated[
        str,
        Meta(
            description="CA certificates (PEM) that the brokers' certificates are checked against; empty: the system's"
        ),
    ] = ""
    ssl_certfile: Annotated[
        str, Meta(description="client certificate (PEM), where the brokers ask for one")
    ] = ""
    ssl_keyfile: Annotated[str, Meta(description="key of the client certificate (PEM)")] = ""
    sasl_mechanism: Annotated[
        Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"], Meta(description="SASL mechanism")
    ] = "SCRAM-SHA-512"
    sasl_username: Annotated[str, Meta(description="SASL user")] = ""
    sasl_password: Annotated[str, Meta(description="SASL password; better given as a file")] = ""
    sasl_password_file: Annotated[str, Meta(description="file whose first line is the SASL password")] = ""
    session_timeout: Annotated[
        float,
        Meta(
            ge=1,
            description="seconds without a heartbeat after which a worker's partitions go to another; Kafka's default minimum "
            "is 6",
        ),
    ] = 10.0
    commit_interval: Annotated[
        float,
        Meta(
            gt=0,
            description="seconds between offset commits; where there is a fence, they ride in its transactions",
        ),
    ] = 1.0
    fence: Annotated[
        Literal["auto", "on", "off"],
        Meta(
            description="whether what a worker sends goes in Kafka transactions, so that nothing counts which it sends after it "
            "has lost a partition; auto: where the brokers have transactions. on: a worker does not start without"
        ),
    ] = "auto"
    batch_size: Annotated[
        int,
        Meta(
            ge=1,
            le=5000,
            description="records of one partition handled and acknowledged together; duplicates after a crash grow with it",
        ),
    ] = 200
    format: Annotated[
        Text,
        Meta(
            description="format of customs.declarations where a record has no `format` header: auto, canonical, wco-dm, mapped, "
            "or the name of a table (`torugart formats list`)"
        ),
    ] = "auto"
    field_map: Annotated[
        str,
        Meta(description="TOML file that maps your own JSON fields (format `mapped`, docs/connecting.md)"),
    ] = ""
    formats: Annotated[
        str,
        Meta(
            description="folder of format tables of your own, NAME.toml or NAME/format.toml (docs/formats.md), which are "
            "looked at before those of the program"
        ),
    ] = ""
    max_declaration_bytes: Annotated[
        int,
        Meta(
            ge=1024,
            le=5_500_000,
            description="larger messages become dead letters, of which hash, size and the first 64 KiB are kept",
        ),
    ] = 4 * 1024 * 1024
    base_wait: Annotated[
        float,
        Meta(
            ge=0,
            description="seconds after which an amendment or notice without its declaration is a dead letter BASE_MISSING; it "
            "is still taken up if the declaration comes later",
        ),
    ] = 86_400.0
    patterns: Annotated[
        Literal["on", "off"],
        Meta(
            description="whether trade is remembered and detectors are asked; off: rules that need a memory are silent"
        ),
    ] = "on"
    answer_wait: Annotated[
        float,
        Meta(
            ge=0,
            description="seconds for which a verdict waits for what the detectors with a memory say; what they have not said "
            "by then is not evaluable, and still taken up when it comes",
        ),
    ] = 5.0
    life_days: Annotated[
        int,
        Meta(
            ge=1,
            le=36_500,
            description="days of event time for which a declaration is remembered after the last thing that was said about "
            "it; what is said later has lost its base. 120: customs may invalidate up to 90 days after release",
        ),
    ] = 120
    tick_seconds: Annotated[
        float,
        Meta(ge=0.1, description="seconds between the ticks by which waiting and remembering come to an end"),
    ] = 60.0
    send_timeout: Annotated[
        float,
        Meta(
            gt=0,
            description="seconds for which a command that sends (publish, lists load, baselines load, dead-letters resend) "
            "waits with nothing arriving before it gives up; brokers that restart one by one take less",
        ),
    ] = 60.0
    state_dir: Annotated[
        str,
        Meta(
            description="directory of this worker alone, where its state is on disk and from which it starts again; what is lost "
            "of it is read back from Kafka. Empty: all state is in memory"
        ),
    ] = ""
    state_memory: Annotated[
        int,
        Meta(
            ge=8,
            le=1_048_576,
            description="MiB of memory for the state on disk: its cache, and what is not written yet, of all partitions together",
        ),
    ] = 128
    ruleset: Annotated[str, Meta(description="TOML file of the ruleset; empty: the bundled default")] = ""
    control_lists: Annotated[
        str, Meta(description="own CN/HS control lists, NAME=FILE.csv, comma-separated")
    ] = ""
    jurisdiction: Annotated[
        str,
        Meta(
            description="whose laws bar goods here (G06), as the country's own view: EU, US, UK, JP, comma-separated; what is "
            "screened is then taken to be bound by them. Empty: all that are known, of trade that they bind or may; none: no "
            "such list"
        ),
    ] = ""
    watched_lists: Annotated[
        str,
        Meta(
            description="control lists, besides the high-priority one, whose goods' trade is remembered by corridor (R05, "
            "R08): names of TORUGART_CONTROL_LISTS, `drones`, `arms`, or `luxury` (R31), comma-separated"
        ),
    ] = ""
    registry: Annotated[
        str,
        Meta(
            description="company register, by which R09 knows when a firm was incorporated: CSV file with the columns "
            "country, number, incorporated (YYYY-MM-DD) and name, read at start"
        ),
    ] = ""
    exchange_rates: Annotated[
        str,
        Meta(
            description="exchange rates of your own, before the bundled ones: CSV file with the columns month (YYYY-MM), "
            "currency and per_eur (units for a euro), read at start"
        ),
    ] = ""
    required_lists: Annotated[
        str,
        Meta(
            description="watchlists that must be loaded before anything is screened, comma-separated; empty: any one"
        ),
    ] = ""
    list_loss: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="share of entries, or of names, that a watchlist's edition may have fewer than the one in use; one that "
            "lost more is refused, by `lists load` and by every worker: set it alike for all",
        ),
    ] = 0.1
    list_addresses: Annotated[
        str,
        Meta(
            description="where `torugart lists fetch` gets lists from: NAME=ADDRESS, comma-separated (a comma in an address "
            "is %2C); files that belong to one (OFAC's ALT.CSV and ADD.CSV, a .sha256) behind it, separated by blanks"
        ),
    ] = ""
    fetch_timeout: Annotated[
        float,
        Meta(
            gt=0,
            description="seconds for which `torugart lists fetch` waits for a publisher with nothing arriving; a file may take "
            "thirty times as long",
        ),
    ] = 60.0
    name_threshold: Annotated[
        Annotated[float, Meta(ge=0, le=1)] | None,
        Meta(
            description="name score from which a party is a list hit; empty: the matcher's measured default"
        ),
    ] = None
    outage_seconds: Annotated[
        float,
        Meta(
            gt=0,
            description="seconds for which fetches, commits or deliveries may fail before /health/ready says 503; a broker "
            "that restarts takes less",
        ),
    ] = 15.0
    web_host: Annotated[
        Text,
        Meta(
            description="address of /metrics, /health/live and /health/ready; the image and the manifests set 0.0.0.0, so "
            "that probes and Prometheus reach it"
        ),
    ] = "127.0.0.1"
    web_port: Annotated[int, Meta(ge=0, le=65535, description="port of the same; 0 turns them off")] = 6066
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Meta(description="log level; party names are logged at debug only"),
    ] = "info"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Reads TORUGART_* variables.

        Raises SettingsError for a value out of range and for a TORUGART_ variable that no setting has.
        """
        environ = os.environ if environ is None else environ
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in environ.items()
            if name.startswith(PREFIX) and name not in FOREIGN_VARIABLES and value != ""
        }
        known = set(cls.__struct_fields__)
        for name in given:
            if name not in known:
                raise SettingsError(f"{PREFIX}{name.upper()} is not a setting; see docs/settings.md")
        try:
            settings = msgspec.convert(given, cls, strict=False)
        except msgspec.ValidationError as error:
            raise SettingsError(f"{PREFIX}* : {_readable(error)}") from None
        return settings

    def environment(self) -> dict[str, str]:
        """These settings as TORUGART_* variables, which `from_env` reads as the same."""
        given = {name: value for name, value in asdict(self).items() if value not in (None, "")}
        return {PREFIX + name.upper(): str(value) for name, value in given.items()}

    def topic(self, name: str) -> str:
        """Full name of a topic of `streams.kafka.topics`."""
        return self.topic_prefix + name

    def password(self) -> str:
        """The SASL password, from its file where one is given.

        Raises SettingsError where the file cannot be read.
        """
        if not self.sasl_password_file:
            return self.sasl_password
        try:
            return Path(self.sasl_password_file).read_text(encoding="utf-8").splitlines()[0]
        except (OSError, IndexError) as error:
            raise SettingsError(f"TORUGART_SASL_PASSWORD_FILE cannot be read: {error}") from None

    def control_list_files(self) -> dict[str, Path]:
        """The user's own control lists by name.

        Raises SettingsError where one is not NAME=FILE.
        """
        files = {}
        for part in filter(None, (part.strip() for part in self.control_lists.split(","))):
            name, equals, path = part.partition("=")
            if not (name and equals and path):
                raise SettingsError(f"TORUGART_CONTROL_LISTS: {part!r} is not NAME=FILE.csv")
            files[name] = Path(path)
        return files

    def list_sources(self) -> dict[str, tuple[str, ...]]:
        """Addresses of the files of each list to be fetched.

        Raises SettingsError where one is not NAME=ADDRESS, or no address on the web.
        """
        found = {}
        for part in filter(None, (part.strip() for part in self.list_addresses.split(","))):
            name, _, rest = part.partition("=")
            addresses = tuple(rest.split())
            if not name or not addresses or not all(re.match("https?://[^/]", one) for one in addresses):
                raise SettingsError(f"TORUGART_LIST_ADDRESSES: {part!r} is not NAME=https://...")
            found[name] = addresses
        return found

    @property
    def watched_list_names(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.watched_lists.split(",") if part.strip())

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.jurisdiction.split(",") if part.strip())

    @property
    def required_list_names(self) -> frozenset[str]:
        return frozenset(part.strip() for part in self.required_lists.split(",") if part.strip())


FOREIGN_VARIABLES = frozenset({"TORUGART_DATA", "TORUGART_TEST_BROKER", "TORUGART_KAFKA_HOME"})
"""Variables of the tests and of `make kafka`: not settings of the program."""


def _readable(error: msgspec.ValidationError) -> str:
    text = str(error)
    for name in Settings.__struct_fields__:
        text = text.replace(f"`$.{name}`", f"{PREFIX}{name.upper()}")
    return text


def documentation() -> list[tuple[str, str, str]]:
    """(variable, default, meaning) of every setting, for docs/settings.md."""
    kind = msgspec.inspect.type_info(Settings)
    assert isinstance(kind, msgspec.inspect.StructType)
    rows = []
    for setting in kind.fields:
        assert isinstance(setting.type, msgspec.inspect.Metadata), f"{setting.name} has no description"
        meaning = (setting.type.extra_json_schema or {})["description"]
        default = "" if setting.default is None else str(setting.default)
        rows.append((PREFIX + setting.name.upper(), default, meaning))
    return rows
