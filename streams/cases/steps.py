"""One message to the record of a declaration: where it stands, and what it leads to."""

from msgspec import Struct

from streams.assessment.verdict import Verdict
from streams.cases.alert import Alert
from streams.cases.stored import DeclarationRecord, StoredVerdict
from streams.lifecycle.life import DeclarationLife
from streams.patterns.memory import Observation


class RecordPosition(Struct, frozen=True):
    """Where and when a message stands in customs.versions."""

    origin: str
    """topic/partition/offset"""
    time: float = 0.0
    """of its record, Unix seconds: from then on detectors' answers are waited for"""
    clock: float = 0.0
    """event time that the stream had reached, Unix seconds: a declaration of long ago that is lodged now is news now"""

    @property
    def place(self) -> tuple[int, int]:
        """Partition and offset."""
        _, partition, offset = self.origin.rsplit("/", 2)
        return int(partition), int(offset)


class CaseUpdate(Struct, frozen=True):
    """What one message leads to."""

    case: DeclarationRecord
    grown: bool
    """whether it said anything new"""
    life: DeclarationLife
    answers: tuple[StoredVerdict, ...] = ()
    """to be sent: those with another substance than before; of a record seen before, those that it led to, and of a version
    seen before its own"""
    json: dict[int, bytes] = {}
    """of those that were made anew, as JSON: version -> what is packed in `answers`"""
    fresh: tuple[Verdict, ...] = ()
    """the verdicts in `answers` that were made anew ..."""
    updated: tuple[Verdict, ...] = ()
    """... and those of them whose version had one already"""
    alert: Alert | None = None
    """to be sent: where its substance is new or another than before, or where the record that led to it was seen before"""
    raised: bool = False
    """whether there was no alert before"""
    withdrawn: bool = False
    """whether an alert that was raised has no ground any more, because the request it was about was denied"""
    own: StoredVerdict | None = None
    """the answer for the version in the message, where it holds one"""
    observations: tuple[Observation, ...] = ()
    """to be sent to the detectors"""
