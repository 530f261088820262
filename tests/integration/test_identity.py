"""Events on a broker: they wait for their declaration, over a worker's death, and past their dead letter."""

from collections.abc import Callable
from pathlib import Path

from streams.kafka import topics
from tests.integration.brokers import Broker
from tests.integration.stream import decode, running

Unique = Callable[[str], str]

FIXTURES = Path(__file__).parents[1] / "declarations" / "fixtures"
AMENDMENT, ORIGINAL = ((FIXTURES / name).read_bytes() for name in ("amendment.xml", "export.xml"))
KEY = b"uk.cds|GB427000000002|EXP 7"
ACCEPTED = b"""<MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">
<Response xmlns="urn:wco:datamodel:WCO:RES-DMS:2"><FunctionCode>01</FunctionCode>
<IssueDateTime><DateTimeString formatCode="304">20220615100000Z</DateTimeString></IssueDateTime>
<Declaration><FunctionalReferenceID>EXP 7</FunctionalReferenceID><ID>22GB000000000000AB</ID>
<VersionID>1</VersionID></Declaration></Response></MetaData>"""


def test_an_amendment_waits_for_its_declaration_over_a_workers_death_and_past_its_dead_letter(
    broker: Broker, tmp_path: Path, unique: Unique
) -> None:
    with running(broker, unique("early"), tmp_path, base_wait=3.0, tick_seconds=0.5) as stream:
        worker = stream.start_worker()
        worker.wait_ready()
        stream.publish([(None, AMENDMENT)])
        stream.wait_for(topics.REFERENCE_STATE, 2)  # held by its LRN, asked for of its MRN
        worker.kill()
        worker = stream.start_worker()
        stream.wait_for(topics.DEAD_LETTERS, 1)
        (letter,) = (decode(value) for value in stream.latest(topics.DEAD_LETTERS).values())
        assert (letter["reason"], letter["stage"]) == ("BASE_MISSING", "identity")
        assert letter["source"]["topic"] == stream.settings.topic(topics.DECLARATIONS.name)

        stream.publish([(None, ACCEPTED), (None, ORIGINAL)])
        stream.wait_for(topics.VERSIONS, 1, check=lambda record: b"AMENDMENT_REQUESTED" in record.value)
        told = [record for record in stream.records(topics.VERSIONS) if b'"event":' in record.value]
        assert {record.key for record in told} == {KEY}
        assert {decode(record.value)["event"]["kind"] for record in told} == {
            "ACCEPTED",
            "AMENDMENT_REQUESTED",
        }
        assert len(stream.records(topics.DEAD_LETTERS)) == len(stream.latest(topics.DEAD_LETTERS)) == 1
        metrics = worker.get("/metrics").decode()
        assert 'torugart_events_routed_total{how="late"} 1.0' in metrics
        assert 'torugart_state_keys{state="identity"}' in metrics
