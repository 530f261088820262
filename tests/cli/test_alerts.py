"""`torugart alerts show`: the newest state of one alert, what is new since a version, and what was withdrawn."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest

from streams.assessment.screening import screen
from streams.cases.alerts import alert_id, alert_of, encode
from streams.kafka import clients as kafka_clients
from streams.kafka import topics
from streams.kafka.admin import create_topics
from streams.lifecycle.life import KnownVersion, fold
from tests.assessment.cases import index, rulebook
from tests.factory import EVENT_TIME, declaration, party
from tests.integration import brokers
from tests.integration.brokers import Broker
from tests.processes import PATIENCE

pytestmark = pytest.mark.integration

LISTED = (party("CONSIGNEE", "OSOO KARGOLAYN", country="KG"),)
KEY = "test|1"


def _alert(*parties: tuple) -> bytes:
    known = []
    for number, given in enumerate(parties, 1):
        at = EVENT_TIME + timedelta(hours=number)
        kind = "AMENDED" if number > 1 else "LODGED"
        version = declaration(version_number=number, event_type=kind, event_date_time=at, parties=given)
        known.append(KnownVersion(number, kind, at, version))
    life = fold(known, ())
    alert = alert_of([screen(one.version, index(), rulebook(), one) for one in life.versions], life.summary)
    assert alert is not None
    return encode(alert)


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    """With an alert that was updated, and one that was withdrawn."""
    with brokers.embedded() as running:
        settings = running.settings()
        create_topics(settings)
        producer = kafka_clients.producer(settings)
        name = settings.topic(topics.ALERTS.name)
        again = (party("CONSIGNEE", "OSOO KARGOLAYN", country="KG", phone="+996 312 555013"),)
        for key, value in (
            (KEY, _alert(LISTED)),
            ("test|2", _alert(LISTED)),
            (KEY, _alert(LISTED, again)),
            ("test|2", None),
        ):
            producer.send(name, key=key.encode(), value=value).get(PATIENCE)
        producer.close()
        yield running


def _show(broker: Broker, *arguments: str) -> subprocess.CompletedProcess[str]:
    return _alerts(broker, "show", *arguments)


def _alerts(broker: Broker, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "streams", "alerts", *arguments],
        env=os.environ | broker.environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize("key", [KEY, alert_id(KEY)], ids=["by declaration", "by alert"])
def test_the_timeline_with_its_differences(broker: Broker, key: str) -> None:
    done = _show(broker, key)
    assert done.returncode == 0, done.stderr
    assert "  2022-06-15 11:00  lodged, version 1, in force\n" in done.stdout
    assert "parties[CONSIGNEE].phone: (none) -> +996 312 555013\n" in done.stdout


def test_only_what_is_new_since_a_version(broker: Broker) -> None:
    done = _show(broker, KEY, "--since", "1")
    assert (
        "amended, version 2" in done.stdout
        and "lodged, version 1" not in done.stdout
        and "Parties" not in done.stdout
    )
    assert "Nothing since version 2" in _show(broker, KEY, "--since", "2").stdout


def test_json_is_the_whole_alert(broker: Broker) -> None:
    assert '"timeline":[' in _show(broker, KEY, "--json").stdout
    assert _show(broker, KEY, "--json", "--since", "1").returncode == 2


def test_an_alert_that_was_withdrawn_is_said_to_be(broker: Broker) -> None:
    done = _show(broker, "test|2")
    assert done.returncode == 2 and "was withdrawn" in done.stderr


def test_an_alert_that_never_was(broker: Broker) -> None:
    done = _show(broker, "test|3")
    assert done.returncode == 2 and "no alert for test|3" in done.stderr


def test_pairs_that_met_are_a_table(broker: Broker) -> None:
    """The alert of the second declaration was withdrawn."""
    (line,) = _alerts(broker, "repeated", "--least", "1").stdout.splitlines()
    pair = msgspec.json.decode(line)
    assert (pair["party"], pair["entry"], pair["declarations"], pair["open"]) == (
        "OSOO KARGOLAYN",
        "E-1",
        1,
        1,
    )
    assert _alerts(broker, "repeated").stdout == ""
    assert (
        "     1  OSOO KARGOLAYN (KG): test-list entry E-1"
        in _alerts(broker, "repeated", "--least", "1", "--text").stdout
    )
